//! A device of a measurement on a real store and a real connection over loopback: what the program's host does, without
//! a school.

use crate::Failure;
use muster_core::document::fact::Fact;
use muster_core::id::{DocumentId, SeatId};
use muster_core::replica::records::{Change, Records as _};
use muster_core::replica::{Context, Replica};
use muster_core::sync::conversation::Conversation;
use muster_core::time::Moment;
use muster_net::{Discovery, Event, Node, Options, SessionId};
use muster_storage::RedbStore;
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;
use zeroize::Zeroizing;

/// One device: its records, its connection to the other, what came.
#[derive(Debug)]
pub struct Side {
    /// Its records.
    pub replica: Replica<RedbStore>,
    /// Its network.
    pub node: Node,
    events: Receiver<Event>,
    session: Option<(SessionId, Conversation)>,
    now: Moment,
}

impl Side {
    /// Starts the network of a device.
    ///
    /// # Errors
    /// When there is no loopback.
    pub fn new(replica: Replica<RedbStore>, now: Moment) -> Result<Self, Failure> {
        let (tell, events) = sync_channel(256);
        let options = Options {
            secret_key: Zeroizing::new(*replica.device_secrets().sign.seed()),
            bind: vec!["127.0.0.1:0".parse()?],
            discovery: Discovery::Off,
            auto_dial: false,
        };
        let node = Node::start(options, move |event| drop(tell.send(event)))?;
        Ok(Self { replica, node, events, session: None, now })
    }

    /// Says what there is to say.
    ///
    /// # Errors
    /// When the records fail, or the other takes nothing.
    pub fn push(&mut self) -> Result<(), Failure> {
        let Some((session, conversation)) = &mut self.session else { return Ok(()) };
        while let Some(frame) = conversation.next(&mut self.replica)? {
            self.node.send(*session, frame)?;
        }
        Ok(())
    }

    /// Takes the next event, and does all that follows; `false` when none came for long.
    ///
    /// # Errors
    /// When a session ends badly: then the measurement would mean nothing.
    pub fn step(&mut self, wait: Duration) -> Result<bool, Failure> {
        let Ok(event) = self.events.recv_timeout(wait) else { return Ok(false) };
        let mut random = rand::rng();
        let mut context = Context { now: self.now, random: &mut random };
        match event {
            Event::Connected { session, peer, .. } => {
                let conversation = Conversation::start(&mut self.replica, peer, self.now);
                self.session = Some((session, conversation));
            }
            Event::Frame { session, bytes } => {
                if let Some((_, conversation)) = self.session.as_mut().filter(|(open, _)| *open == session) {
                    conversation.receive(&mut self.replica, &bytes, &mut context)?;
                }
                while self.replica.work(&mut context)?.1 {}
            }
            Event::Closed { session, .. } => self.session = self.session.take().filter(|(open, _)| *open != session),
            _ => {}
        }
        self.push()?;
        Ok(true)
    }

    /// Whether there is a session.
    pub fn is_connected(&self) -> bool {
        self.session.is_some()
    }

    /// Whether both held the same when they last compared.
    pub fn is_same(&self) -> bool {
        self.session.as_ref().is_some_and(|(_, conversation)| conversation.is_same())
    }

    /// Writes one fact of some forty bytes, as a mark of a roll call has, under the device's own seat.
    ///
    /// # Errors
    /// When the records refuse.
    pub fn mark(&mut self, document: &DocumentId, number: usize) -> Result<(), Failure> {
        let mut random = rand::rng();
        let context = Context { now: self.now, random: &mut random };
        let byte = u8::try_from(number % 256)?;
        let fact = Fact { kind: 503, supersedes: vec![], value: vec![byte; 40] };
        let seat = self.replica.device_seat();
        let mut writer = self.replica.writer(seat, context).ok_or("no seat")?;
        writer.write(vec![Change { document: document.clone(), facts: vec![fact] }])?;
        Ok(())
    }

    /// How many facts of a document are applied here.
    ///
    /// # Errors
    /// When the records fail.
    pub fn facts(&mut self, seat: SeatId, document: &DocumentId) -> Result<usize, Failure> {
        let mut random = rand::rng();
        let context = Context { now: self.now, random: &mut random };
        let mut writer = self.replica.writer(seat, context).ok_or("no seat")?;
        Ok(writer.facts(document)?.map_or(0, |facts| facts.len()))
    }
}

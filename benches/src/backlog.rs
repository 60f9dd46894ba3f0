//! A device that wrote registers for weeks, and others that hold nothing yet and take them over from it.
//!
//! A third of the entries have thirty facts, the rest one that supersedes an earlier one; an act each. Everything is on
//! one thread and comes from a seed; frames go from one conversation to the other by hand, and what they weigh is counted.

use crate::Failure;
use crate::school::World;
use muster_core::authority::capability::{Capability, Right, Which};
use muster_core::document::fact::{Fact, FactRef};
use muster_core::id::{DocumentId, PlaceId, Section};
use muster_core::keys::bundle::Opened;
use muster_core::replica::Replica;
use muster_core::replica::records::{Change, Records as _};
use muster_core::replica::store::{MemoryStore, Store};
use muster_core::sync::conversation::Conversation;
use muster_core::time::Moment;
use muster_school::areas;
use muster_school::calendar::{Day, moment};
use std::time::{Duration, Instant};

/// Entries of a document: a group's of one week.
pub const ENTRIES_A_DOCUMENT: usize = 25;

/// When a receiver applies what it took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Apply {
    /// It has no key.
    Never,
    /// After each frame, as a connected device does.
    EachFrame,
    /// When all has come.
    AtTheEnd,
}

/// How much there is to take over.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Groups, each with a document a week.
    pub groups: u16,
    /// Weeks.
    pub weeks: u16,
}

/// What taking over took.
#[derive(Clone, Copy, Debug, Default)]
pub struct Handed {
    /// The receiver's time alone.
    pub took: Duration,
    /// Bytes of frames to the receiver, and back.
    pub bytes: (usize, usize),
    /// Frames, both ways.
    pub frames: usize,
    /// Turns of the conversation: how often one side waited for the other.
    pub turns: usize,
}

/// The device that wrote, with its head signed in.
#[derive(Debug)]
pub struct Backlog {
    /// Clock and randomness.
    pub world: World,
    /// Who wrote it all.
    pub author: Replica<MemoryStore>,
    /// Who lets others in.
    pub head: Opened,
    /// Where it was written.
    pub section: Section,
    /// How many entries there are.
    pub entries: usize,
    last: Vec<Option<FactRef>>,
    weeks: u16,
}

impl Backlog {
    /// Writes it all.
    ///
    /// # Errors
    /// When the records refuse.
    pub fn write(size: Size) -> Result<Self, Failure> {
        let day = Day::parse("2026-11-23")?;
        let mut world = World::at(moment(day, 8 * 60));
        let (author, head) = world.found(MemoryStore::default(), rights(true))?;
        let section = areas::section(areas::ROLL, PlaceId([7; 16]), day.year());
        let mut written = Self { world, author, head, section, entries: 0, last: Vec::new(), weeks: 0 };
        written.go_on(size)?;
        Ok(written)
    }

    /// Writes some weeks more.
    ///
    /// # Errors
    /// When the records refuse.
    pub fn go_on(&mut self, Size { groups, weeks }: Size) -> Result<(), Failure> {
        for _ in 0..weeks {
            self.last = vec![None; usize::from(groups)];
            for _ in 0..ENTRIES_A_DOCUMENT {
                for group in 0..groups {
                    self.act(group)?;
                }
            }
            self.weeks += 1;
        }
        Ok(())
    }

    /// One act more, to a group's document of this week.
    ///
    /// # Errors
    /// When the records refuse.
    pub fn act(&mut self, group: u16) -> Result<(), Failure> {
        let key = [self.weeks.to_be_bytes(), group.to_be_bytes()].concat();
        let document = DocumentId { section: self.section, kind: 1, key };
        let known = self.last.get_mut(usize::from(group)).ok_or("no such group")?;
        let many = self.entries.is_multiple_of(3);
        let supersedes = known.filter(|_| !many).into_iter().collect::<Vec<_>>();
        let fact = |at: u8| Fact { kind: 1, supersedes: supersedes.clone(), value: vec![at; 20] };
        let facts = (0..if many { 30 } else { 1 }).map(fact).collect();
        let seat = self.author.device_seat();
        let context = self.world.context();
        let mut writer = self.author.writer(seat, context).ok_or("no seat")?;
        *known = writer.write(vec![Change { document, facts }])?.fact(0, 0);
        self.world.now_ms -= 999; // The whole of it stays within one day, and so under one epoch.
        self.entries += 1;
        Ok(())
    }

    /// A device that is let in and holds nothing yet, with keys or without.
    ///
    /// # Errors
    /// When a store fails.
    pub fn newcomer<S: Store>(&mut self, store: S, keys: bool) -> Result<Replica<S>, Failure> {
        let receiver = self.world.let_in(&mut self.author, &self.head, store, rights(keys))?;
        // The author wraps its keys to the newcomer now, so that this is not counted as the newcomer's work.
        while self.author.work(&mut self.world.context())?.1 {}
        Ok(receiver)
    }

    /// Hands over all that the receiver lacks. The author's time is not counted.
    ///
    /// # Errors
    /// When the receiver does not end up with everything, or reads what it should not.
    pub fn hand_over<S: Store>(&mut self, receiver: &mut Replica<S>, apply: Apply) -> Result<Handed, Failure> {
        let mut handed = self.deliver(receiver, apply)?;
        let mut context = self.world.context();
        let began = Instant::now();
        while receiver.work(&mut context)?.1 {}
        handed.took += began.elapsed();
        let readable = receiver.readable_facts(&self.section)?.len();
        if (readable == 0) != (apply == Apply::Never) {
            return Err("the receiver reads what it should not, or not what it should".into());
        }
        Ok(handed)
    }

    /// As [`Backlog::hand_over`], but what is not applied after each frame is left unapplied.
    ///
    /// # Errors
    /// When the receiver does not end up with everything.
    pub fn deliver<S: Store>(&mut self, receiver: &mut Replica<S>, apply: Apply) -> Result<Handed, Failure> {
        let now = Moment::utc(self.world.now_ms);
        let mut here = Conversation::start(&mut self.author, receiver.device(), now);
        let mut there = Conversation::start(receiver, self.author.device(), now);
        let mut handed = Handed::default();
        loop {
            let (before, mut said) = (handed.frames, false);
            while let Some(frame) = here.next(&mut self.author)? {
                let mut context = self.world.context();
                let began = Instant::now();
                there.receive(receiver, &frame, &mut context)?;
                while apply == Apply::EachFrame && receiver.work(&mut context)?.1 {}
                handed.took += began.elapsed();
                handed.bytes.0 += frame.len();
                (handed.frames, said) = (handed.frames + 1, true);
            }
            handed.turns += usize::from(std::mem::take(&mut said));
            while let Some(frame) = there.next(receiver)? {
                here.receive(&mut self.author, &frame, &mut self.world.context())?;
                handed.bytes.1 += frame.len();
                (handed.frames, said) = (handed.frames + 1, true);
            }
            handed.turns += usize::from(said);
            if handed.frames == before {
                break;
            }
        }
        if here.is_same() { Ok(handed) } else { Err("the receiver does not hold everything".into()) }
    }
}

/// A device's rights: to hold everything, and with keys to read and write the area that is measured.
fn rights(keys: bool) -> Vec<Capability> {
    let one = |right, area| Capability { right, area, place: Which::Any };
    let mut given = vec![one(Right::Hold, Which::Any)];
    if keys {
        given.extend([one(Right::Read, Which::One(areas::ROLL)), one(Right::Write, Which::One(areas::ROLL))]);
        given.sort_unstable();
    }
    given
}

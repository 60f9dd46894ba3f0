//! The host: one thread that owns a device's records, with the network beside it.
//!
//! Everything that changes or reads records is a job for this thread, one at a time: what a person asks, a frame
//! from a peer, a tick. What a person asks goes first, however much the network brings. So nothing is locked and
//! nothing waits on anything but the disk. After each job the host
//! pushes what became new, catches up documents in small steps, and keeps the fire list file fresh.
//!
//! Not here: what frames mean (`muster-core`), who dials (`muster-net`).

mod asks;
mod backups;
mod clocks;
mod invite;
mod peers;
mod pump;
mod trouble;
mod twice;

pub use backups::BackupState;
pub use invite::InviteState;
pub use peers::PeerState;

use crate::clock::Clock;
use crate::device::Device;
use crate::limits;
use anyhow::Context as _;
use asks::Asks;
use muster_core::sync::carry::take::CarriedIn;
use muster_core::sync::conversation::Conversation;
use muster_net::{CloseReason, Discovery, Event, Node, Options, SessionId};
use muster_school::calendar::{self, Local};
use muster_school::facts::access::Refusal;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use zeroize::Zeroizing;

type Work = Box<dyn FnOnce(&mut Host) + Send>;

enum Job {
    Net(Event),
    /// Something was asked.
    Asked,
    Stop,
}

/// How the host reaches other devices.
#[derive(Clone, Debug, Default)]
pub struct Reach {
    /// Where to listen; empty for every interface.
    pub bind: Vec<SocketAddr>,
    /// Whether to look for devices on the local network.
    pub discover: bool,
    /// Whether to have a network at all.
    pub offline: bool,
}

/// Called on the host's thread after something changed.
pub type Watcher = Box<dyn FnMut(&mut Host) + Send>;

/// A session with an enrolled device.
struct Session {
    conversation: Conversation,
    waiting: Option<Vec<u8>>,
    since: Instant,
    dialled: bool,
}

/// See the module.
pub struct Host {
    /// The records.
    pub device: Device,
    node: Option<Node>,
    sessions: BTreeMap<SessionId, Session>,
    joins: BTreeMap<SessionId, invite::Joining>,
    invite: InviteState,
    invitation: Option<invite::Open>,
    reached: BTreeMap<muster_core::id::DeviceId, PeerState>,
    came_from: BTreeMap<muster_core::id::DeviceId, twice::Twice>,
    /// Whose living connection ended because another of the same device came, until that one is told of.
    overtaken: BTreeMap<muster_core::id::DeviceId, peers::Taken>,
    alone_since_ms: Option<i64>,
    in_step_ms: Option<i64>,
    moved: bool,
    fire_due: bool,
    fire_kept: Instant,
    acknowledged_kept: Instant,
    acknowledged_due: bool,
    known_due: bool,
    last_seen: Local,
    /// The minute in which it was last looked whether registers are to be printed.
    looked_to_print: Option<Local>,
    /// The minute in which it was last looked whether a backup or a drill is due.
    looked_to_back_up: Option<Local>,
    backing: backups::Backing,
    /// What became of backups and drills, in words, and whether somebody has to do something.
    backup_news: Vec<(String, bool)>,
    /// What the last rehearsal of a restore found.
    rehearsed: Vec<String>,
    /// The minute in which it was last looked whether this device is to say what it holds.
    looked_to_say: Option<Local>,
    told: Instant,
    watcher: Option<Watcher>,
    trouble: trouble::Trouble,
    ended: Option<Refusal>,
    /// A screen could not be filled: when that is tried again.
    fill_again: Option<Instant>,
}

impl std::fmt::Debug for Host {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "host of {:?}, {} sessions", self.device.replica.device(), self.sessions.len())
    }
}

/// A handle to a running host. Dropping it stops the host.
#[derive(Debug)]
pub struct Handle {
    jobs: SyncSender<Job>,
    asks: Arc<Asks>,
    thread: Option<JoinHandle<()>>,
}

impl Handle {
    /// Starts a host for a device.
    ///
    /// # Errors
    /// When the network cannot be opened.
    pub fn start(device: Device, reach: &Reach) -> anyhow::Result<Self> {
        let mut device = device;
        // Before anything is heard: what others write today may shut what is held of earlier days.
        if !device.replica.is_wiped()
            && let Err(error) = device.carry_lists()
        {
            tracing::warn!("the lists of who is expected were not carried on: {error}");
        }
        let (jobs, queue) = sync_channel(limits::JOBS);
        let node = if reach.offline { None } else { Some(start_node(&device, reach, jobs.clone())?) };
        let host_now = device.clock.now();
        let now = host_now.utc_ms;
        let mut host = Host {
            device,
            node,
            sessions: BTreeMap::new(),
            joins: BTreeMap::new(),
            invite: InviteState::None,
            invitation: None,
            reached: BTreeMap::new(),
            came_from: BTreeMap::new(),
            overtaken: BTreeMap::new(),
            alone_since_ms: Some(now),
            in_step_ms: None,
            moved: true,
            fire_due: false,
            fire_kept: Instant::now(),
            acknowledged_kept: Instant::now(),
            acknowledged_due: false,
            known_due: false,
            last_seen: calendar::local(host_now),
            looked_to_print: None,
            looked_to_back_up: None,
            backing: backups::Backing::default(),
            backup_news: Vec::new(),
            rehearsed: Vec::new(),
            looked_to_say: None,
            told: Instant::now(),
            watcher: None,
            trouble: trouble::Trouble::default(),
            ended: None,
            fill_again: None,
        };
        host.heard_of_authority();
        let asks = Arc::new(Asks::default());
        let open = asks.open();
        let thread =
            std::thread::Builder::new().name("muster-host".to_owned()).spawn(move || host.run(&queue, &open))?;
        Ok(Self { jobs, asks, thread: Some(thread) })
    }

    /// Does something on the host's thread and waits for the answer.
    ///
    /// # Errors
    /// When the host has stopped.
    pub fn call<T: Send + 'static>(&self, work: impl FnOnce(&mut Host) -> T + Send + 'static) -> anyhow::Result<T> {
        let (answer, wait) = sync_channel(1);
        self.post(move |host| {
            let _ = answer.send(work(host));
        })?;
        wait.recv().context("the records have been closed")
    }

    /// Does something on the host's thread, some time, and never waits. It goes before what the network brought.
    ///
    /// # Errors
    /// When the host has stopped or is too busy.
    pub fn post(&self, work: impl FnOnce(&mut Host) + Send + 'static) -> anyhow::Result<()> {
        self.asks.put(Box::new(work))?;
        // A full queue means that the host is awake and will look.
        let _ = self.jobs.try_send(Job::Asked);
        Ok(())
    }

    /// Stops the host: says good-bye to peers and closes the records.
    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        let _ = self.jobs.send(Job::Stop);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.end();
    }
}

fn start_node(device: &Device, reach: &Reach, jobs: SyncSender<Job>) -> anyhow::Result<Node> {
    let options = Options {
        secret_key: Zeroizing::new(*device.replica.device_secrets().sign.seed()),
        bind: reach.bind.clone(),
        discovery: if reach.discover { Discovery::LocalNetwork } else { Discovery::Off },
        auto_dial: true,
    };
    // A full queue makes the network wait, and the network makes the peer wait.
    let node = Node::start(options, move |event| drop(jobs.send(Job::Net(event))))?;
    Ok(node)
}

impl Host {
    fn run(&mut self, queue: &Receiver<Job>, asks: &asks::Open) {
        let mut ticked = Instant::now();
        // Before anybody is met: whoever is met for a moment takes it along to devices that this one never meets.
        self.say_what_is_held();
        // A device that was started again in the middle of one.
        self.hurry_while_people_are_called();
        loop {
            let more = self.settle();
            // By the clock and not by silence: a host that is asked or told something all the time ticks, too.
            if ticked.elapsed() >= limits::TICK {
                ticked = Instant::now();
                self.tick();
            }
            if let Some(work) = asks.next() {
                self.serve(work);
                continue;
            }
            let wait = match (more, self.moved) {
                (true, _) => Duration::ZERO,
                (false, true) => limits::SCREEN_EVERY,
                (false, false) => limits::TICK,
            };
            match queue.recv_timeout(wait) {
                Ok(Job::Net(event)) => self.on_event(event),
                Ok(Job::Asked) | Err(RecvTimeoutError::Timeout) => {}
                Ok(Job::Stop) | Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        while let Some(work) = asks.next() {
            work(self);
        }
        self.end_drill();
        self.close();
    }

    fn serve(&mut self, work: Work) {
        let before = self.entries();
        work(self);
        self.moved = true;
        self.fire_due |= self.entries() != before;
    }

    /// What time it is here.
    pub fn clock(&self) -> Clock {
        self.device.clock
    }

    /// Asks to be called after each change.
    pub fn watch(&mut self, watcher: Watcher) {
        self.watcher = Some(watcher);
        self.moved = true;
    }

    /// Asks to be called again soon: the watcher has not finished.
    pub(crate) fn watch_on(&mut self) {
        self.moved = true;
    }

    /// A screen could not be filled, since the records cannot be read just now: that is tried again soon, whether or not
    /// anything else happens.
    pub(crate) fn fill_again_soon(&mut self) {
        self.fill_again = Some(Instant::now() + limits::FILL_AGAIN);
    }

    /// What went wrong behind the scenes, in words for the screen, once.
    pub fn take_problem(&mut self) -> Option<String> {
        self.trouble.take()
    }

    pub(crate) fn trouble(&mut self, error: &anyhow::Error) {
        if self.trouble.met(error, Instant::now()) {
            tracing::warn!("the records refused: {error}");
            self.moved = true;
        }
    }

    fn tick(&mut self) {
        self.end_what_is_over();
        self.end_stale_invitation();
        self.watch_the_clock();
        self.print_at_set_times();
        self.mind_backups();
        self.say_what_is_held();
        self.moved |= self.device.write_openings_down();
        if self.fill_again.take_if(|at| *at <= Instant::now()).is_some() {
            self.device.replica.recover();
            self.moved = true;
        }
        if self.acknowledged_due && self.acknowledged_kept.elapsed() >= limits::ACKNOWLEDGEMENTS_EVERY {
            self.acknowledged_due = false;
            self.acknowledged_kept = Instant::now();
            if let Err(error) = self.device.replica.keep_acknowledgements() {
                self.trouble(&error.into());
            }
        }
    }

    /// Signs out whoever's time is over.
    pub(crate) fn end_what_is_over(&mut self) {
        match self.device.end_what_is_over() {
            Ok(None) => {}
            Ok(Some(why)) => {
                self.ended = Some(why);
                self.moved = true;
            }
            Err(error) => self.trouble(&error),
        }
    }

    /// Once a minute: the fire list whoever is there, registers while somebody is signed in, since they can be read then.
    fn print_at_set_times(&mut self) {
        let now = calendar::local(self.device.clock.now());
        if self.looked_to_print == Some(now) {
            return;
        }
        self.looked_to_print = Some(now);
        if let Err(error) = self.device.print_what_is_due(now) {
            self.trouble(&error);
        }
    }

    /// Once a minute: whether this device is to say again what it holds, and whether something is to be erased.
    fn say_what_is_held(&mut self) {
        let now = calendar::local(self.device.clock.now());
        if self.looked_to_say == Some(now) {
            return;
        }
        self.looked_to_say = Some(now);
        if let Err(error) = self.device.say_what_is_held() {
            self.trouble(&error);
        }
        match self.device.tend_erasures() {
            Ok(erased) => (self.moved, self.known_due) = (self.moved | erased, self.known_due | erased),
            Err(error) => self.trouble(&error),
        }
    }

    /// Why a sign-in has ended by itself, once.
    pub fn take_ended(&mut self) -> Option<Refusal> {
        self.ended.take()
    }

    /// A new minute is on the screen, a new half of the day changes who is certain, and a new day needs its list of
    /// who is expected.
    fn watch_the_clock(&mut self) {
        let now = calendar::local(self.device.clock.now());
        if now == self.last_seen {
            return;
        }
        let new_day = now.day != self.last_seen.day;
        self.last_seen = now;
        (self.moved, self.fire_due) = (true, true);
        if new_day && let Err(error) = self.device.carry_lists() {
            self.trouble(&error);
        }
        if new_day
            && self.device.opened.is_some()
            && let Some(site) = self.device.site()
            && let Err(error) = self.device.write_expected(site)
        {
            self.trouble(&error);
        }
    }

    fn close(&mut self) {
        // Signed out before the last frames go: others hear of it.
        if let Err(error) = self.device.sign_out() {
            tracing::warn!("the sign-out was not written down: {error}");
        }
        if self.fire_due {
            let _ = self.device.keep_fire_list();
        }
        let _ = self.device.replica.keep_acknowledgements();
        // Whoever is connected is heard from until now, however quiet it was.
        let connected: Vec<_> = self.sessions.values().map(|session| session.conversation.peer()).collect();
        connected.into_iter().for_each(|peer| self.heard(peer));
        let _ = self.device.keep_local();
        self.push_frames();
        if let Some(node) = self.node.take() {
            // What is queued is delivered first: the last word of a catch-up tells the other side that it is one.
            for session in self.sessions.keys() {
                node.close(*session, CloseReason::Done);
            }
            node.stop();
        }
    }
}

impl Host {
    /// Takes what somebody carried here: see [`Device::carry_in`].
    ///
    /// # Errors
    /// As that.
    pub fn carry_in(&mut self, from: &std::path::Path) -> anyhow::Result<Vec<(std::path::PathBuf, CarriedIn)>> {
        let heads = self.device.replica.authority_heads();
        let done = self.device.carry_in(from);
        if heads != self.device.replica.authority_heads() {
            self.heard_of_authority();
        }
        done
    }

    /// How many entries are held.
    pub fn entries(&self) -> u64 {
        self.device.replica.logs().values().map(muster_core::replica::LogState::length).sum()
    }
}

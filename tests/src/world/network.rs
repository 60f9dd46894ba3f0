//! What lies between the devices: connections that are cut, and frames that are lost, repeated and mixed up.
//!
//! A frame that comes twice, too early or not at all may break its session. It never breaks a replica, and a new
//! session puts everything right: that is what the oracles look at after [`School::heal`].

use super::device::Device;
use super::{Faults, School};
use crate::disk::Disk;
use muster_core::replica::records::RecordsError;
use muster_core::replica::store::StoreError;
use muster_core::replica::{Context, Replica};
use muster_core::sync::conversation::{Conversation, Fault};
use rand::RngExt as _;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Frames after which two devices are said to talk without end.
const FRAMES_MOST: usize = 200_000;

/// Two devices, by place, the lower first.
pub(crate) type Pair = (usize, usize);

#[derive(Debug)]
pub(crate) struct Session {
    ends: [Conversation; 2],
    /// Frames on their way to each end.
    wires: [VecDeque<Vec<u8>>; 2],
    /// Its frames were tampered with: anything may be asked of it but harm.
    tainted: bool,
}

#[derive(Debug, Default)]
pub(crate) struct Network {
    cut: BTreeSet<Pair>,
    sessions: BTreeMap<Pair, Session>,
    pub(crate) faults: Faults,
}

impl School {
    /// Cuts a device off from every other.
    pub fn cut_off(&mut self, name: &str) {
        let device = self.index(name);
        for other in (0..self.devices.len()).filter(|other| *other != device) {
            self.cut((device.min(other), device.max(other)));
        }
        self.tell(|_| format!("{name} is cut off"));
    }

    /// Cuts the connection between two devices.
    pub fn cut_between(&mut self, one: &str, other: &str) {
        let (one, other) = (self.index(one), self.index(other));
        self.cut((one.min(other), one.max(other)));
        self.tell(|school| format!("{} and {} are cut off", school.devices[one].name, school.devices[other].name));
    }

    /// Connects a device to every other again; sessions begin when frames move.
    pub fn reconnect(&mut self, name: &str) {
        let device = self.index(name);
        self.network.cut.retain(|(low, high)| *low != device && *high != device);
        self.tell(|_| format!("{name} is connected again"));
    }

    pub(crate) fn cut(&mut self, pair: Pair) {
        self.network.faults.cuts += usize::from(self.network.cut.insert(pair));
        self.network.sessions.remove(&pair);
    }

    pub(crate) fn uncut(&mut self, pair: Pair) {
        self.network.cut.remove(&pair);
    }

    pub(crate) fn is_cut(&self, pair: Pair) -> bool {
        self.network.cut.contains(&pair)
    }

    /// A session ends with all that is under way in it; the devices will begin another.
    pub(crate) fn lose_session(&mut self, pair: Pair) {
        self.network.faults.lost += usize::from(self.network.sessions.remove(&pair).is_some());
    }

    /// A device loses its memory and opens what its disk holds. Nobody is signed in afterwards.
    pub fn restart(&mut self, name: &str) {
        let device = self.index(name);
        self.restart_device(device);
        self.tell(|_| format!("{name} restarts"));
    }

    pub(crate) fn end_sessions(&mut self, device: usize) {
        self.network.sessions.retain(|(low, high), _| *low != device && *high != device);
    }

    pub(crate) fn restart_device(&mut self, device: usize) {
        self.end_sessions(device);
        self.network.faults.restarts += 1;
        self.devices[device].restart();
    }

    /// After so many more writes the disk of a device is full.
    pub fn fills_the_disk(&mut self, name: &str, writes: u32) {
        let device = self.index(name);
        self.network.faults.full += 1;
        self.devices[device].hands.left.set(Some(writes));
        self.tell(|_| format!("the disk of {name} takes {writes} more writes"));
    }

    /// There is room again.
    pub fn frees_the_disk(&mut self, name: &str) {
        let device = self.index(name);
        self.devices[device].hands.left.set(None);
        self.tell(|_| format!("there is room on the disk of {name}"));
    }

    pub(crate) fn pairs(&self) -> Vec<Pair> {
        let count = self.devices.len();
        (0..count).flat_map(|low| (low + 1..count).map(move |high| (low, high))).collect()
    }

    fn may_talk(&self, (low, high): Pair) -> bool {
        let (one, other) = (&self.devices[low], &self.devices[high]);
        // A copy and its original would be one end of a connection each, and both ends the same.
        one.id != other.id
            && !self.is_cut((low, high))
            && one.knows(other.id)
            && other.knows(one.id)
            && !one.is_full()
            && !other.is_full()
    }

    pub(crate) fn open_sessions(&mut self) {
        self.pairs().into_iter().for_each(|pair| self.open_session(pair));
    }

    fn open_session(&mut self, pair: Pair) {
        if !self.network.sessions.contains_key(&pair) && self.may_talk(pair) {
            let (low, high) = pair;
            let (now_low, now_high) = (self.moment(low), self.moment(high));
            let (id_low, id_high) = (self.devices[low].id, self.devices[high].id);
            let ends = [
                Conversation::start(self.devices[low].replica(), id_high, now_low),
                Conversation::start(self.devices[high].replica(), id_low, now_high),
            ];
            let session = Session { ends, wires: [VecDeque::new(), VecDeque::new()], tainted: false };
            self.network.sessions.insert(pair, session);
        }
    }

    /// Takes what one end has to say and puts it on the wire; `false` when it has nothing to say.
    pub(crate) fn speak(&mut self, pair: Pair, end: usize) -> bool {
        let Some(session) = self.network.sessions.get_mut(&pair) else { return false };
        let device = if end == 0 { pair.0 } else { pair.1 };
        match session.ends[end].next(self.devices[device].replica()) {
            Ok(Some(frame)) => {
                session.wires[1 - end].push_back(frame);
                true
            }
            Ok(None) => false,
            Err(error) => panic!("{} cannot read its own disk: {error}", self.devices[device].name),
        }
    }

    /// Hands the next frame to one end; `false` when there is none.
    pub(crate) fn hear(&mut self, pair: Pair, end: usize) -> bool {
        let device = if end == 0 { pair.0 } else { pair.1 };
        let now = self.moment(device);
        let Some(session) = self.network.sessions.get_mut(&pair) else { return false };
        let Some(frame) = session.wires[end].pop_front() else { return false };
        let Device { replica, name, hands, .. } = &mut self.devices[device];
        let mut context = Context { now, random: &mut self.random };
        match session.ends[end].receive(replica.as_mut().unwrap(), &frame, &mut context) {
            Ok(received) => {
                let suspicious = received.refused.iter().find(|(problem, _)| problem.is_suspicious());
                assert!(session.tainted || suspicious.is_none(), "{name} takes an honest device for {suspicious:?}");
            }
            Err(fault) => {
                let full = (hands.left.get() == Some(0) || hands.is_off())
                    && matches!(fault, Fault::Records(RecordsError::Store(StoreError::Full)));
                assert!(session.tainted || full, "an honest session of {name} broke: {fault}");
                self.network.sessions.remove(&pair);
                self.network.faults.broken += 1;
            }
        }
        true
    }

    /// The frame that would come next comes twice.
    pub(crate) fn repeat_frame(&mut self, pair: Pair, end: usize) {
        if let Some(session) = self.network.sessions.get_mut(&pair)
            && let Some(frame) = session.wires[end].front().cloned()
        {
            let at = self.random.random_range(1..=session.wires[end].len());
            session.wires[end].insert(at, frame);
            session.tainted = true;
            self.network.faults.repeated += 1;
        }
    }

    /// Two frames under way change places.
    pub(crate) fn mix_frames(&mut self, pair: Pair, end: usize) {
        if let Some(session) = self.network.sessions.get_mut(&pair)
            && session.wires[end].len() > 1
        {
            let other = self.random.random_range(1..session.wires[end].len());
            session.wires[end].swap(0, other);
            session.tainted = true;
            self.network.faults.mixed += 1;
        }
    }

    /// One device does what it has put off.
    pub(crate) fn work(&mut self, device: usize) -> bool {
        let now = self.moment(device);
        let context = &mut Context { now, random: &mut self.random };
        let done = self.devices[device].replica.as_mut().unwrap().work(context);
        let more = self.unless_full(device, done).is_some_and(|(_, more)| more);
        self.take_new_seat(device);
        more
    }

    /// Whoever is signed in where a device began anew signs in again, as the program has them do.
    fn take_new_seat(&mut self, device: usize) {
        let at = &mut self.devices[device];
        if at.signed_in.is_some_and(|seat| at.shown().is_past(&seat)) {
            at.lock();
            self.sign_in(device);
        }
    }

    pub(crate) fn sign_in(&mut self, device: usize) {
        let now = self.moment(device);
        self.devices[device].sign_in(&mut Context { now, random: &mut self.random });
    }

    /// Lets everybody who is connected talk, and work, until nobody has anything left to say or do. Then all who
    /// are connected hold the same, and know it.
    pub fn settle(&mut self) {
        let mut frames = 0;
        loop {
            let mut quiet = self.power_returns().is_empty();
            self.open_sessions();
            for pair in self.pairs() {
                for end in [0, 1] {
                    while self.speak(pair, end) {
                        (quiet, frames) = (false, frames + 1);
                    }
                    while self.hear(pair, 1 - end) {
                        quiet = false;
                    }
                }
            }
            for device in 0..self.devices.len() {
                while self.work(device) {
                    quiet = false;
                }
                quiet &= !self.gives_a_sign(device);
            }
            assert!(frames < FRAMES_MOST, "the devices talk without end");
            if quiet && !self.begin_tainted_anew() {
                break;
            }
        }
        self.all_connected_are_the_same();
    }

    /// Lets two devices talk, and nobody else, until they have nothing left to say.
    pub fn talks(&mut self, one: &str, other: &str) {
        let (one, other) = (self.index(one), self.index(other));
        let pair = (one.min(other), one.max(other));
        self.open_sessions();
        let mut quiet = false;
        while !std::mem::replace(&mut quiet, true) {
            for end in [0, 1] {
                while self.speak(pair, end) {
                    quiet = false;
                }
                while self.hear(pair, 1 - end) {
                    quiet = false;
                }
            }
        }
    }

    /// Two devices talk until they have nothing left to say, if they can, and do what they put off. With `harm`, what
    /// is under way comes twice or in another order first.
    pub(crate) fn meet(&mut self, pair: Pair, harm: bool) {
        self.open_session(pair);
        if harm {
            for end in [0, 1] {
                for _ in 0..8 {
                    self.speak(pair, end);
                }
                if end == 0 { self.repeat_frame(pair, 1) } else { self.mix_frames(pair, 0) }
            }
        }
        let mut quiet = false;
        while !std::mem::replace(&mut quiet, true) {
            for end in [0, 1] {
                while self.speak(pair, end) {
                    quiet = false;
                }
                while self.hear(pair, 1 - end) {
                    quiet = false;
                }
            }
        }
        if self.network.sessions.get(&pair).is_some_and(|session| session.tainted) {
            self.network.sessions.remove(&pair);
        }
        for device in [pair.0, pair.1] {
            while self.work(device) {}
            self.gives_a_sign(device);
        }
        self.power_returns();
    }

    /// Every connection is there and every disk has room: who is connected can talk.
    pub(crate) fn mend(&mut self) {
        self.power_stays();
        self.network.cut.clear();
        for device in &mut self.devices {
            device.hands.left.set(None);
            device.skew_ms = 0;
        }
    }

    /// Sessions whose frames were tampered with end here, as a transport would end them.
    fn begin_tainted_anew(&mut self) -> bool {
        let before = self.network.sessions.len();
        self.network.sessions.retain(|_, session| !session.tainted);
        before != self.network.sessions.len()
    }

    fn all_connected_are_the_same(&mut self) {
        let pairs: Vec<Pair> = self.network.sessions.keys().copied().collect();
        // One that was taken out is told of that, and of nothing more.
        // What rotted and nobody in reach has whole is told by being different.
        let is_whole = |device: &Device| !device.gone && device.shown().damaged_here() == 0;
        let of_school = |pair: &Pair| is_whole(&self.devices[pair.0]) && is_whole(&self.devices[pair.1]);
        for (low, high) in pairs.into_iter().filter(of_school).collect::<Vec<_>>() {
            let (id_low, id_high) = (self.devices[low].id, self.devices[high].id);
            let one = self.devices[low].replica().root_digest(&id_high);
            let other = self.devices[high].replica().root_digest(&id_low);
            let names = (&self.devices[low].name, &self.devices[high].name);
            let lengths = || self.different_logs(low, high);
            assert!(one == other, "{names:?} have nothing left to say and hold different things: {}", lengths());
        }
    }

    fn different_logs(&self, low: usize, high: usize) -> String {
        let (one, other) = (self.devices[low].shown().logs(), self.devices[high].shown().logs());
        let all: BTreeSet<_> = one.keys().chain(other.keys()).collect();
        let different = all.into_iter().filter(|log| one.get(log) != other.get(log)).map(|log| {
            let section = one.get(log).or(other.get(log)).map(|state| state.descriptor.section);
            let length = |logs: &BTreeMap<_, muster_core::replica::LogState>| logs.get(log).map_or(0, |at| at.length());
            format!("{section:?}: {} and {} entries", length(one), length(other))
        });
        let told: Vec<_> = different.collect();
        if told.is_empty() { self.different_records(low, high) } else { told.join("; ") }
    }

    /// Sealed records that one of two devices lacks, by section.
    fn different_records(&self, low: usize, high: usize) -> String {
        let (one, other) = (self.devices[low].shown(), self.devices[high].shown());
        let of_logs = one.logs().values().chain(other.logs().values()).map(|state| state.descriptor.section);
        let of_signs = one.checkpoints().chain(other.checkpoints()).map(|(section, _)| section);
        let sections: BTreeSet<_> = of_logs.chain(of_signs).collect();
        let lacks = |of: &Replica<Disk>, than: &Replica<Disk>, section| {
            let there: Vec<_> = than.sealed_records(section).collect();
            let more = of.sealed_records(section).filter(|record| !there.contains(record));
            more.map(|record| format!("{record:?}").chars().take(200).collect::<String>()).collect::<Vec<_>>()
        };
        let told = sections.iter().map(|section| (section, lacks(one, other, section), lacks(other, one, section)));
        let told = told.filter(|(_, left, right)| !left.is_empty() || !right.is_empty());
        format!("the logs are equal; sealed records: {:?}", told.collect::<Vec<_>>())
    }

    /// Every fault ends: all are connected, no disk is full, every clock is right, and whatever rotted is found. Then all
    /// settle.
    pub fn heal(&mut self) {
        self.mend();
        self.all_look_over();
        self.tell(|_| "everything is well again".to_owned());
        self.settle();
    }
}

//! A school day at random: people do what they do, and everything goes wrong that may.

use super::School;
use super::at::{At, Done, entry};
use muster_core::replica::records::RecordsError;
use muster_core::replica::store::StoreError;
use muster_school::calendar::{Half, Session};
use muster_school::codes::Code;
use muster_school::facts::roll::Way;
use muster_school::facts::roll_call::{Kind, Statement};
use muster_school::ids::{PupilId, Who};
use muster_school::office::{CallKey, OfficeError, Undo};
use rand::RngExt as _;

/// Codes that teachers use at random, beside the one for present.
const CODES: [&str; 8] = ["N", "L7", "L15", "I", "M", "V", "U40", "O"];

impl School {
    /// So many things happen, one after the other, each at a device of the site: acts of people, pieces of
    /// conversations, faults. What is acknowledged is in the ledger.
    pub fn wander(&mut self, steps: usize) {
        let mut undos: Vec<(usize, Undo)> = Vec::new();
        for _ in 0..steps {
            let here = self.on_site();
            let device = here[self.below(here.len())];
            let pass = self.below(240) as i64;
            self.now_ms += pass * 1_000;
            self.power_returns();
            match self.below(100) {
                0..=15 => self.marks_at_random(device, &mut undos),
                16 => self.writes_newer(device),
                17 => self.backs_up(device, 3),
                18..=23 => self.changes_a_mark(device, &mut undos),
                24..=27 => self.signs_at_random(device),
                28..=31 => self.begins_or_ends(device),
                32..=55 => self.calls_at_random(device, &mut undos),
                56..=58 => self.takes_back(&mut undos),
                59..=61 => self.comes_and_goes(device),
                62..=82 => self.chatters(),
                83..=86 => self.cuts_or_connects(),
                87..=94 => self.something_breaks(device),
                95 | 96 => self.settle(),
                _ => self.time_jumps(device),
            }
        }
    }

    pub(crate) fn below(&mut self, most: usize) -> usize {
        self.random.random_range(0..most.max(1))
    }

    pub(crate) fn any_pupil(&mut self) -> PupilId {
        let at = self.below(self.pupils.len());
        *self.pupils.values().nth(at).expect("there are pupils")
    }

    fn any_session(&mut self, device: usize) -> Session {
        let now = At { school: self, device }.session();
        if self.below(5) == 0 { now.before() } else { now }
    }

    fn any_code(&mut self, half: Half) -> String {
        match self.below(14) {
            at if at < CODES.len() => CODES[at].to_owned(),
            _ => Code::present(half).to_string(),
        }
    }

    fn any_call(&mut self) -> Option<CallKey> {
        let at = self.below(self.calls.len());
        self.calls.get(at).copied()
    }

    fn marks_at_random(&mut self, device: usize, undos: &mut Vec<(usize, Undo)>) {
        let groups: Vec<_> = self.groups.values().copied().collect();
        let group = groups[self.below(groups.len())];
        let session = self.any_session(device);
        if self.below(4) == 0 {
            let done = At { school: self, device }.try_remaining(group, session);
            undos.extend(self.allow(device, done).flatten().map(|undo| (device, undo)));
            return;
        }
        let mut entries = Vec::new();
        for _ in 0..=self.below(5) {
            let (pupil, code) = (self.any_pupil(), self.any_code(session.half));
            entries.retain(|one: &muster_school::office::MarkEntry| one.pupil != pupil);
            entries.push(entry(pupil, &code));
        }
        let told: Vec<_> = entries.iter().map(|one| (self.forename(one.pupil), one.code.as_str())).collect();
        let sentence = format!("{} {told:?}", session.long());
        let finish = self.below(3) == 0;
        let done = At { school: self, device }.try_marks(&sentence, group, session, &entries, finish);
        undos.extend(self.allow(device, done).flatten().map(|undo| (device, undo)));
    }

    fn changes_a_mark(&mut self, device: usize, undos: &mut Vec<(usize, Undo)>) {
        let (pupil, session) = (self.any_pupil(), self.any_session(device));
        let code = entry(pupil, &self.any_code(session.half));
        let which = self.below(5);
        let mut at = At { school: self, device };
        let done = match which {
            0 => at.try_amend(pupil, session, None, None, "Marked in error"),
            1 | 2 => at.try_settle_mark(pupil, session),
            _ => at.try_amend(pupil, session, Some(&code.code), code.minutes, "Telephone call"),
        };
        undos.extend(self.allow(device, done).flatten().map(|undo| (device, undo)));
    }

    fn signs_at_random(&mut self, device: usize) {
        let who = Who::Pupil(self.any_pupil());
        let which = self.below(5);
        let mut at = At { school: self, device };
        let done = match which {
            0 => at.try_sign(who, Way::In),
            1 | 2 => at.try_sign(who, Way::Out),
            3 => at.try_visit(),
            _ => at.try_visit_ends(),
        };
        self.allow(device, done);
    }

    fn begins_or_ends(&mut self, device: usize) {
        let (which, call) = (self.below(5), self.any_call());
        let mut at = At { school: self, device };
        let done = match (which, call) {
            (0, _) => at.try_expected(),
            (1, Some(call)) => at.try_end(call),
            (_, Some(call)) => at.try_join(call),
            (_, None) => at.try_start(Kind::Real),
        };
        self.allow(device, done);
    }

    fn calls_at_random(&mut self, device: usize, undos: &mut Vec<(usize, Undo)>) {
        let Some(call) = self.any_call() else {
            let done = At { school: self, device }.try_start(Kind::Drill);
            self.allow(device, done);
            return;
        };
        // A few people only, so that two devices often speak of the same one.
        let at = self.below(5);
        let who = Who::Pupil(*self.pupils.values().nth(at).expect("there are pupils"));
        let says = [Statement::Found, Statement::NotFound, Statement::NotHere, Statement::AtRefuge][self.below(4)];
        let which = self.below(12);
        let mut at = At { school: self, device };
        let done = match which {
            0 => at.try_stranger(call).map(|()| None),
            1..=3 => at.try_settles(call, who, says).map(|()| None),
            _ => at.try_says(call, who, says).map(Some),
        };
        undos.extend(self.allow(device, done).flatten().map(|undo| (device, undo)));
    }

    fn takes_back(&mut self, undos: &mut Vec<(usize, Undo)>) {
        let Some((device, undo)) = undos.pop() else { return };
        let done = At { school: self, device }.try_undo(&undo);
        self.allow(device, done);
    }

    pub(crate) fn comes_and_goes(&mut self, device: usize) {
        if self.devices[device].signed_in.is_some() {
            At { school: self, device }.locks();
        } else {
            At { school: self, device }.signs_in();
        }
    }

    /// Pieces of some conversations, in no good order.
    pub(crate) fn chatters(&mut self) {
        self.open_sessions();
        let pairs = self.pairs();
        for _ in 0..self.below(60) {
            let pair = pairs[self.below(pairs.len())];
            let end = self.below(2);
            if self.below(2) == 0 {
                self.speak(pair, end);
            } else {
                self.hear(pair, end);
            }
        }
        let device = self.below(self.devices.len());
        self.work(device);
        self.looks_over(device);
        self.gives_a_sign(device);
    }

    fn cuts_or_connects(&mut self) {
        let pairs = self.pairs();
        let pair = pairs[self.below(pairs.len())];
        if self.is_cut(pair) {
            self.uncut(pair);
        } else {
            self.cut(pair);
        }
        let now = if self.is_cut(pair) { "are cut off" } else { "are connected" };
        self.tell(|school| format!("{} and {} {now}", school.devices[pair.0].name, school.devices[pair.1].name));
    }

    fn something_breaks(&mut self, device: usize) {
        let pairs = self.pairs();
        let pair = pairs[self.below(pairs.len())];
        let end = self.below(2);
        match self.below(9) {
            0 => self.restart_at_random(device),
            6 => self.power_will_go(device),
            7 | 8 => self.rots_at_random(device),
            1 => self.lose_session(pair),
            which @ 2..=4 => {
                // Much has been said and nothing heard yet.
                self.open_sessions();
                for _ in 0..8 {
                    self.speak(pair, 1 - end);
                }
                if which == 2 { self.repeat_frame(pair, end) } else { self.mix_frames(pair, end) }
            }
            _ => {
                let full = self.devices[device].hands.left.get().is_none();
                let left = full.then(|| u32::try_from(self.random.random_range(0..6)).unwrap_or(0));
                self.devices[device].hands.left.set(left);
                self.network.faults.full += usize::from(full);
                let name = self.devices[device].name.clone();
                self.tell(|_| format!("the disk of {name} takes {left:?} more writes"));
            }
        }
    }

    pub(crate) fn restart_at_random(&mut self, device: usize) {
        let name = self.devices[device].name.clone();
        self.tell(|_| format!("{name} restarts"));
        if self.devices[device].is_full() {
            self.devices[device].hands.left.set(None);
        }
        self.restart_device(device);
        if self.below(3) > 0 {
            self.sign_in(device);
        }
    }

    fn time_jumps(&mut self, device: usize) {
        match self.below(4) {
            0 => self.next_day(),
            1 => self.devices[device].skew_ms = 0,
            _ => {
                let minutes = self.random.random_range(-3_000..3_000);
                let name = self.devices[device].name.clone();
                self.network.faults.clocks += 1;
                self.clock_wrong_by(&name, minutes);
            }
        }
    }

    /// What may be refused, and what never.
    pub(crate) fn allow<T>(&mut self, device: usize, done: Done<T>) -> Option<T> {
        let name = &self.devices[device].name;
        match done {
            Ok(done) => Some(done),
            Err(OfficeError::Records(RecordsError::Store(StoreError::Full))) => {
                assert!(self.devices[device].is_full(), "{name} says that its disk is full, and it is not");
                None
            }
            Err(OfficeError::Records(RecordsError::NotAllowed(_))) => None,
            Err(OfficeError::Records(error)) => panic!("{name}: {error}"),
            Err(OfficeError::Fact(error)) => panic!("{name}: {error}"),
            Err(_) => None,
        }
    }
}

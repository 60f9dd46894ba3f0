//! Two terms of registers: whoever takes them takes them, on time or late, together or apart, and everything goes
//! wrong that may. Spring and summer of 2027: the clocks go forward in between.

use super::Faults;
use super::School;
use super::at::{At, Done, entry};
use muster_school::calendar::{self, Day, Half, Session};
use muster_school::codes::Code;
use muster_school::ids::{GroupId, PupilId};
use muster_school::office::{Taken, Undo};
use muster_school::roles::Role;
use rand::seq::IndexedRandom as _;

/// The surname of every child on no list, searched for where it must not be.
pub(crate) const UNLISTED: &str = "Trevanion";
/// Codes that people use at random, beside the one for present. The last is on the newer list only.
const CODES: [&str; 9] = ["N", "L7", "L15", "I", "M", "V", "U40", "O", NEWER];
/// A code of the newer list.
pub(crate) const NEWER: &str = "HB";
const REASONS: [&str; 3] = ["Telephone call", "Letter from home", "Marked in error"];

/// How busy two terms are.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Of a hundred registers that are due, about so many are taken.
    pub taken_of_100: usize,
    /// Pairs of devices that meet after a session, if they can.
    pub meetings: usize,
}

/// The days of both terms, and the day from which the newer list of codes counts.
pub(crate) struct Terms {
    pub(crate) spring: (Day, Day),
    pub(crate) summer: (Day, Day),
}

pub(crate) fn terms() -> Terms {
    let day = |month, day| Day::new(2027, month, day).expect("a day of 2027");
    Terms { spring: (day(1, 4), day(4, 1)), summer: (day(4, 19), day(7, 21)) }
}

/// Where somebody strong sits, by place among the devices.
pub(crate) const OFFICE: usize = 0;
pub(crate) const ADMIN: usize = 1;
const LEAD: usize = 2;

impl School {
    /// A school of so many devices, at least five: the head's, an administrator's, a site lead's, and teachers'.
    pub fn for_terms(seed: u64, devices: usize) -> Self {
        let mut school = Self::of(seed, &["office"]);
        for number in 1..devices {
            // Each meets the office alone: what twenty say to each other of each one who joins is another test's.
            for (low, high) in (0..number).flat_map(|low| (low + 1..=number).map(move |high| (low, high))) {
                if (low, high) == (OFFICE, number) { school.uncut((low, high)) } else { school.cut((low, high)) }
            }
            match number {
                ADMIN => school.joins_as("admin", Role::Administrator),
                LEAD => school.joins_as("lead", Role::SiteLead),
                _ => school.joins(&format!("class-{number}")),
            }
        }
        school.mend();
        school.everybody_meets_the_office();
        school.network.faults = Faults::default();
        school
    }

    pub(crate) fn everybody_meets_the_office(&mut self) {
        // Twice: the first to come hear of the last in the second round.
        for device in (1..self.devices.len()).chain(1..self.devices.len()) {
            self.meet((OFFICE, device), false);
        }
    }

    /// Two terms, day by day.
    pub fn two_terms(&mut self, pace: Pace) {
        self.sets_the_calendar();
        let Terms { spring, summer } = terms();
        let mut undos = Vec::new();
        let mut day = spring.0;
        while day <= summer.1 {
            if !day.is_weekend() {
                self.goes_to(day, 8 * 60 + 30);
                self.says_of_today(day);
                if self.paper.year.is_school_day(day) {
                    self.school_day(day, pace, &mut undos);
                }
            }
            day = day.plus(1);
        }
    }

    pub(crate) fn goes_to(&mut self, day: Day, minute: u16) {
        let at = calendar::moment(day, minute).utc_ms;
        self.now_ms = self.now_ms.max(at);
        self.tell(|_| format!("{}, {}", day.long(), calendar::clock(minute)));
    }

    fn school_day(&mut self, day: Day, pace: Pace, undos: &mut Vec<(usize, Undo)>) {
        if self.below(4) == 0 {
            self.falls_apart();
        }
        for half in [Half::Am, Half::Pm] {
            self.goes_to(day, if half == Half::Am { 8 * 60 + 45 } else { 12 * 60 + 57 });
            let groups: Vec<GroupId> = self.groups.values().copied().collect();
            for (place, group) in groups.into_iter().enumerate() {
                if self.below(100) < pace.taken_of_100 {
                    let device = if self.below(5) == 0 { self.anywhere() } else { 3 + place };
                    self.takes(device, group, undos);
                    if self.below(4) == 0 {
                        let other = self.anywhere();
                        self.takes(other, group, undos);
                    }
                }
            }
            if self.below(40) == 0 {
                let whole_site = GroupId(self.site.0);
                self.takes(LEAD, whole_site, undos);
                self.paper.whole_sites += 1;
            }
            self.now_ms += self.below(50) as i64 * 60_000;
            if self.below(4) == 0 {
                self.changes(undos);
            }
            if self.below(70) == 0 {
                self.somebody_on_no_list();
            }
            if self.below(4) == 0 {
                self.goes_wrong();
            }
            for _ in 0..pace.meetings {
                let (one, other) = (self.anywhere(), self.anywhere());
                let harm = self.below(12) == 0;
                if one != other {
                    self.meet((one.min(other), one.max(other)), harm);
                }
            }
        }
    }

    pub(crate) fn anywhere(&mut self) -> usize {
        self.below(self.devices.len())
    }

    /// The device's own idea of the session, or now and then the one before.
    fn session_at(&mut self, device: usize) -> Session {
        let now = At { school: self, device }.session();
        if self.below(10) == 0 { now.before() } else { now }
    }

    fn takes(&mut self, device: usize, which: GroupId, undos: &mut Vec<(usize, Undo)>) {
        self.sign_in(device);
        while self.work(device) {}
        let session = self.session_at(device);
        let groups: Vec<GroupId> = match self.groups.values().any(|group| *group == which) {
            true => vec![which],
            false => self.groups.values().copied().collect(),
        };
        let members: Vec<PupilId> = self.office(device, |office| {
            let of = |group: &GroupId| office.known().members(*group, session.day);
            groups.iter().flat_map(of).map(|pupil| pupil.id).collect()
        });
        let some = self.below(3) == 0;
        let mut entries = Vec::new();
        for pupil in members {
            if !some || self.below(3) == 0 {
                let code = self.any_code_of(session.half);
                entries.push(entry(pupil, &code));
            }
        }
        let finish = self.below(3) == 0;
        let done = At { school: self, device }.takes(which, session, &entries, finish);
        self.keeps(device, done, undos);
        if some {
            let done = At { school: self, device }.present(which, session);
            self.keeps(device, done, undos);
        }
    }

    fn keeps(&mut self, device: usize, done: Done<Taken>, undos: &mut Vec<(usize, Undo)>) {
        let undo = self.notes(device, done).and_then(|taken| taken.undo);
        undos.extend(undo.map(|undo| (device, undo)));
        if undos.len() > 6 {
            undos.remove(0);
        }
    }

    fn any_code_of(&mut self, half: Half) -> String {
        match self.below(24) {
            at if at < CODES.len() => CODES[at].to_owned(),
            _ => Code::present(half).to_string(),
        }
    }

    /// Somebody changes something at a device where they are signed in: amends, settles, clears or takes back.
    fn changes(&mut self, undos: &mut Vec<(usize, Undo)>) {
        let device = self.anywhere();
        self.sign_in(device);
        while self.work(device) {}
        let mut session = self.session_at(device);
        for _ in 0..self.below(12) {
            session = session.before();
        }
        let pupil = self.any_pupil();
        let code = self.any_code_of(session.half);
        let one = entry(pupil, &code);
        let reason = *REASONS.choose(&mut self.random).expect("there are reasons");
        let done = match self.below(8) {
            0 => At { school: self, device }.amends_mark(pupil, session, None, None, reason),
            1 => At { school: self, device }.clears(pupil, session),
            2 | 3 => return self.settles_two(device, undos),
            4 => return self.takes_back_marks(undos),
            _ => At { school: self, device }.amends_mark(pupil, session, Some(&one.code), one.minutes, reason),
        };
        self.keeps(device, done, undos);
    }

    /// Looks for two marks that differ, in the last two weeks, and chooses one.
    fn settles_two(&mut self, device: usize, undos: &mut Vec<(usize, Undo)>) {
        let mut session = At { school: self, device }.session();
        for _ in 0..40 {
            let board = self.board_of(device, session);
            if let Some(pupil) = board.conflicts(session).first().copied() {
                let standing = board.current(pupil, session).standing;
                let chosen = &standing[self.below(standing.len())];
                let done = At { school: self, device }.chooses(pupil, session, chosen);
                self.paper.settled += usize::from(done.is_ok());
                return self.keeps(device, done, undos);
            }
            session = session.before();
        }
    }

    fn takes_back_marks(&mut self, undos: &mut Vec<(usize, Undo)>) {
        let Some((device, undo)) = undos.pop() else { return };
        self.sign_in(device);
        let done = At { school: self, device }.undoes(&undo);
        self.paper.undone += usize::from(done.is_ok());
        self.notes(device, done);
    }

    /// A child on no list turns up where no other device is to be heard, and is marked there at once.
    fn somebody_on_no_list(&mut self) {
        let device = self.anywhere();
        self.sign_in(device);
        while self.work(device) {}
        let at = self.below(2);
        let group = *self.groups.values().nth(at).expect("two groups");
        let name = format!("Nia {UNLISTED}");
        let done = self.act(device, "writes down a child on no list", |office| {
            Ok((Vec::new(), office.add_unlisted(group, &name, "Came with an aunt")?))
        });
        let Some(child) = self.notes(device, done) else { return };
        self.paper.unlisted.insert(child, None);
        let session = At { school: self, device }.session();
        let present = Code::present(session.half).to_string();
        let done = At { school: self, device }.takes(group, session, &[entry(child, &present)], false);
        self.notes(device, done);
    }

    /// The devices fall into islands that cannot hear each other, or all come together again.
    fn falls_apart(&mut self) {
        let islands = 1 + self.below(4);
        let place: Vec<usize> = (0..self.devices.len()).map(|_| self.below(islands)).collect();
        for (low, high) in self.pairs() {
            if place[low] == place[high] { self.uncut((low, high)) } else { self.cut((low, high)) }
        }
        self.tell(|school| {
            let named = |island| {
                let own = school.devices.iter().zip(&place).filter(move |(_, at)| **at == island);
                own.map(|(device, _)| device.name.as_str()).collect::<Vec<_>>().join(" ")
            };
            format!("the devices are apart: {}", (0..islands).map(named).collect::<Vec<_>>().join(" | "))
        });
    }

    fn goes_wrong(&mut self) {
        self.power_returns();
        let device = self.anywhere();
        let name = self.devices[device].name.clone();
        match self.below(11) {
            7 => self.power_will_go(device),
            8 | 9 => self.rots_at_random(device),
            10 => self.is_backed_up_or_restored(device),
            0 => self.restart_at_random(device),
            1 => self.comes_and_goes(device),
            2 => {
                let full = self.devices[device].hands.left.get().is_none();
                let left = full.then(|| u32::try_from(self.below(6)).unwrap_or(0));
                self.devices[device].hands.left.set(left);
                self.network.faults.full += usize::from(full);
                self.tell(|_| format!("the disk of {name} takes {left:?} more writes"));
            }
            3 => self.devices[device].skew_ms = 0,
            4 => {
                let pairs = self.pairs();
                let pair = pairs[self.below(pairs.len())];
                self.lose_session(pair);
            }
            _ => {
                let minutes = self.below(6_000) as i64 - 3_000;
                self.network.faults.clocks += 1;
                self.clock_wrong_by(&name, minutes);
            }
        }
    }
}

//! A whole school outside, and ten marshals with a device each who hear each other only now and then: what each says
//! is written down here as it is acknowledged, and in the end every device that lives is held against that.
//!
//! Nothing is looked up in the records to know what must show: only what was said, by whom, and what they had before
//! them when they settled something.

use super::Faults;
use super::School;
use super::network::Pair;
use super::set_up::PUPILS;
use crate::reference::{self, Word};
use muster_core::document::fact::FactRef;
use muster_core::id::SeatId;
use muster_core::replica::records::Records as _;
use muster_core::replica::records::RecordsError;
use muster_core::replica::store::StoreError;
use muster_school::calendar::Day;
use muster_school::facts::pupil::Identity;
use muster_school::facts::roll_call::{Kind, Statement};
use muster_school::fire::call::{self, Call, Standing};
use muster_school::fire::code;
use muster_school::ids::Who;
use muster_school::office::{NewPupil, OfficeError};
use std::collections::{BTreeMap, BTreeSet};

const OFFICE: usize = 0;
const DAY_MINUTES: i64 = 24 * 60;

/// What one marshal said, as it was acknowledged.
#[derive(Clone, Debug)]
struct Act {
    device: usize,
    word: Word,
    marshal: String,
}

/// How many of what happened, so that a test can see that it was worth its name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Happened {
    /// Words acknowledged.
    pub acts: usize,
    /// Words refused because a disk was full.
    pub refused: usize,
    /// Devices that died for good.
    pub died: usize,
    /// Words of those that nobody had heard.
    pub unheard: usize,
    /// People of whom words stand that disagree.
    pub check: usize,
    /// People reported missing whom nobody answered for.
    pub missing: usize,
    /// What went wrong on purpose.
    pub faults: Faults,
}

/// A roll call going on. See the module.
#[derive(Debug)]
pub struct Evacuation {
    pub(super) school: School,
    everybody: Vec<Who>,
    acts: Vec<Act>,
    dead: BTreeSet<usize>,
    refused: usize,
}

impl Evacuation {
    /// So many marshals, each with a device, and so many pupils. All have met, everybody is called, and the call goes on
    /// on every device when all are cut off from each other.
    pub fn begins(seed: u64, marshals: usize, people: usize) -> Self {
        let mut school = School::of(seed, &["office"]);
        school.enrols_pupils(people);
        for number in 1..marshals {
            for pair in (0..number).flat_map(|low| (low + 1..=number).map(move |high| (low, high))) {
                if pair == (OFFICE, number) { school.uncut(pair) } else { school.cut(pair) }
            }
            school.joins(&format!("marshal-{number}"));
        }
        school.mend();
        school.everybody_meets_the_office();
        school.network.faults = Faults::default();
        school.clock("10:15");
        // One clock is a day ahead, one a day behind, before anybody starts.
        school.clock_wrong_by("marshal-1", DAY_MINUTES);
        school.clock_wrong_by("marshal-2", -DAY_MINUTES);
        school.at("office").starts(Kind::Real);
        school.everybody_meets_the_office();
        for device in 0..marshals {
            let call = school.call();
            // Some marshals are signed in, most devices are as they lay in the cupboard.
            if device % 3 != 0 {
                school.devices[device].lock();
            }
            super::At { school: &mut school, device }.try_join(call).unwrap();
        }
        school.everybody_meets_the_office();
        let call = school.call();
        let listed = school.call_of(OFFICE, call).expect("the call is held");
        let everybody: Vec<Who> = listed.people.iter().map(|one| one.who).collect();
        assert!(everybody.len() >= people, "{} are called of {people}", everybody.len());
        Self { school, everybody, acts: Vec::new(), dead: BTreeSet::new(), refused: 0 }
    }

    /// So many things happen: words of marshals, meetings of those who hear each other now, faults.
    pub fn goes_on(&mut self, steps: usize) {
        let deaths = [steps / 3, steps / 2];
        let crashes = [steps / 4, steps * 2 / 3];
        self.scatter();
        for step in 0..steps {
            let device = self.any_living();
            self.school.now_ms += self.school.below(20_000) as i64;
            if step % (steps / 6).max(1) == 0 {
                self.scatter();
            }
            if deaths.contains(&step) {
                self.dies(device);
                continue;
            }
            if crashes.contains(&step) {
                self.school.restart_at_random(device);
            }
            if step == steps / 5 {
                let name = self.school.devices[device].name.clone();
                self.school.fills_the_disk(&name, 3);
            }
            match self.school.below(20) {
                0..=15 => self.says(device),
                16 => self.settles(device),
                17 => self.adds_somebody(device),
                _ => self.two_meet(),
            }
        }
    }

    /// Who is alive meets again, and everything that must hold is looked at.
    pub fn ends_well(mut self) -> Happened {
        self.one_meeting_is_enough();
        let heard_before: BTreeSet<FactRef> = self
            .living()
            .into_iter()
            .flat_map(|device| self.facts_of(device).keys().copied().collect::<Vec<_>>())
            .collect();
        self.school.mend();
        for dead in self.dead.clone() {
            self.cut_from_all(dead);
        }
        self.school.settle();
        let living = self.living();
        let call = self.school.call();
        let shown: Vec<Call> =
            living.iter().map(|device| self.school.call_of(*device, call).expect("the call is held")).collect();
        let codes: Vec<String> = living.iter().map(|device| self.code_of(*device)).collect();
        for ((device, one), code) in living.iter().zip(&shown).zip(&codes) {
            let name = &self.school.devices[*device].name;
            assert!(*one == shown[0] && *code == codes[0], "{name} shows another list");
        }
        let held = self.facts_of(living[0]);
        let is_dead = |act: &&Act| self.dead.contains(&act.device);
        for act in &self.acts {
            let must = !is_dead(&act) || heard_before.contains(&act.word.name);
            let (device, word) = (&self.school.devices[act.device].name, &act.word);
            assert_eq!(held.contains_key(&word.name), must, "acknowledged on {device}: {word:?}");
        }
        let heard: Vec<&Act> = self.acts.iter().filter(|act| held.contains_key(&act.word.name)).collect();
        self.each_has_its_author(&shown[0], &heard);
        let words: Vec<Word> = heard.iter().map(|act| act.word.clone()).collect();
        for person in &shown[0].people {
            let expected = reference::standing(&words, person.who);
            assert_eq!(person.standing, expected, "{:?}: {:?}", person.who, person.said);
        }
        let missing = self.nobody_missing_is_found_by_silence(&shown[0], &words);
        for device in living {
            self.school.chain_holds(device);
        }
        self.school.no_name_is_in_the_clear();
        let unheard = self.acts.len() - heard.len();
        self.its_certificate_verifies(&shown[0]);
        Happened {
            acts: self.acts.len(),
            refused: self.refused,
            died: self.dead.len(),
            unheard,
            check: shown[0].people.iter().filter(|one| one.standing == Standing::Check).count(),
            missing,
            faults: self.school.network.faults,
        }
    }

    pub(super) fn living(&self) -> Vec<usize> {
        (0..self.school.devices.len()).filter(|device| !self.dead.contains(device)).collect()
    }

    fn any_living(&mut self) -> usize {
        let living = self.living();
        living[self.school.below(living.len())]
    }

    /// Who hears whom is another matter now: some few groups, and somebody alone.
    fn scatter(&mut self) {
        let groups: Vec<usize> = (0..self.school.devices.len()).map(|_| self.school.below(5)).collect();
        for (low, high) in self.school.pairs() {
            let apart = groups[low] != groups[high] || self.dead.contains(&low) || self.dead.contains(&high);
            if apart { self.school.cut((low, high)) } else { self.school.uncut((low, high)) }
        }
        self.school.tell(|_| format!("who hears whom: {groups:?}"));
    }

    fn cut_from_all(&mut self, device: usize) {
        let others = (0..self.school.devices.len()).filter(|other| *other != device);
        others
            .collect::<Vec<_>>()
            .into_iter()
            .for_each(|other| self.school.cut((device.min(other), device.max(other))));
    }

    /// Its battery is empty, and nobody charges it.
    fn dies(&mut self, device: usize) {
        // The office and somebody else are left to tell it.
        if device != OFFICE && self.living().len() > 2 {
            self.dead.insert(device);
            self.cut_from_all(device);
            self.school.tell(|school| format!("{} dies", school.devices[device].name));
        }
    }

    fn pairs_in_reach(&self) -> Vec<Pair> {
        self.school.pairs().into_iter().filter(|pair| !self.school.is_cut(*pair)).collect()
    }

    fn two_meet(&mut self) {
        let pairs = self.pairs_in_reach();
        if !pairs.is_empty() {
            let pair = pairs[self.school.below(pairs.len())];
            let harm = self.school.below(4) == 0;
            self.school.meet(pair, harm);
        }
    }

    /// Mostly of a few people whom several marshals look for, else of anybody.
    fn whom(&mut self) -> Who {
        let most = if self.school.below(3) == 0 { 12 } else { self.everybody.len() };
        self.everybody[self.school.below(most)]
    }

    fn says(&mut self, device: usize) {
        let (call, who, seat) = (self.school.call(), self.whom(), self.school.devices[device].seat());
        let says = match self.school.below(10) {
            0..=5 => Statement::Found,
            6 | 7 => Statement::NotFound,
            8 => Statement::AtRefuge,
            _ => Statement::NotHere,
        };
        let marshal = format!("M. {device}");
        let claimed = marshal.clone();
        let sentence = format!("{who:?} is {says:?}");
        let done = self.school.act(device, &sentence, |office| {
            let (written, _) = office.sight(call, who, says, "Playground", &claimed)?;
            let held = office.records().facts(&call.document())?.ok_or(OfficeError::Unknown("roll call"))?;
            Ok((vec![written], call::own_words(&held, seat, who)))
        });
        // What this seat said of them before is answered by itself.
        let own = self.acts.iter().filter(|act| act.word.seat == seat && act.word.who == who);
        let names: Vec<FactRef> = own.map(|act| act.word.name).collect();
        if let Some(stands) = self.allow(device, done) {
            let [name] = stands.as_slice() else { panic!("one word of this seat stands, not {stands:?}") };
            let word = Word { name: *name, who, seat, says: Some(says), settles: false, names };
            self.acts.push(Act { device, word, marshal });
        }
    }

    /// Somebody looks at those who show as *check* on their screen, and says what holds.
    fn settles(&mut self, device: usize) {
        let call = self.school.call();
        let Some(seen) = self.school.call_of(device, call) else { return };
        let Some(check) = seen.people.iter().find(|one| one.standing == Standing::Check) else { return };
        let says = if self.school.below(2) == 0 { Statement::Found } else { Statement::NotFound };
        let names: Vec<FactRef> = check.said.iter().map(|said| said.name).collect();
        let (who, seat, marshal) = (check.who, self.school.devices[device].seat(), format!("M. {device}"));
        let (among, claimed) = (names.clone(), marshal.clone());
        let done = self.school.act(device, &format!("settles {who:?} as {says:?}"), |office| {
            let (written, _) = office.settle_among(call, who, says, "looked again", &claimed, Some(&among))?;
            let held = office.records().facts(&call.document())?.ok_or(OfficeError::Unknown("roll call"))?;
            let own = held.iter().filter(|one| written.entries.contains(&one.name.entry));
            let name = own.filter(|one| !one.fact.supersedes.is_empty()).map(|one| one.name).last();
            Ok((vec![written], name.expect("the settlement names what it settles")))
        });
        if let Some(name) = self.allow(device, done) {
            let word = Word { name, who, seat, says: Some(says), settles: true, names };
            self.acts.push(Act { device, word, marshal });
        }
    }

    /// Somebody on no list stands at the assembly point: found by being added.
    fn adds_somebody(&mut self, device: usize) {
        let (call, seat, marshal) = (self.school.call(), self.school.devices[device].seat(), format!("M. {device}"));
        let claimed = marshal.clone();
        let done = self.school.act(device, "adds somebody nobody knows", |office| {
            let who = office.add_stranger(call, "Man in a green coat", &claimed)?;
            let held = office.records().facts(&call.document())?.ok_or(OfficeError::Unknown("roll call"))?;
            Ok((Vec::new(), (who, call::own_words(&held, seat, who))))
        });
        if let Some((who, stands)) = self.allow(device, done) {
            let [name] = stands.as_slice() else { panic!("who is added is found, not {stands:?}") };
            let word = Word { name: *name, who, seat, says: Some(Statement::Found), settles: false, names: Vec::new() };
            self.acts.push(Act { device, word, marshal });
        }
    }

    fn allow<T>(&mut self, device: usize, done: Result<T, OfficeError>) -> Option<T> {
        let full = matches!(done, Err(OfficeError::Records(RecordsError::Store(StoreError::Full))));
        self.refused += usize::from(full);
        self.school.allow(device, done)
    }

    /// Every fact of the call that a device holds, with its seat.
    fn facts_of(&mut self, device: usize) -> BTreeMap<FactRef, SeatId> {
        let call = self.school.call();
        let held = self.school.office(device, |office| office.records().facts(&call.document()).unwrap());
        held.iter().flat_map(|held| held.iter().map(|one| (one.name, one.origin.seat)).collect::<Vec<_>>()).collect()
    }

    fn code_of(&mut self, device: usize) -> String {
        let call = self.school.call();
        self.school.office(device, |office| code::code(office.records().facts(&call.document()).unwrap().as_deref()))
    }

    /// Two who were apart meet once, in one session, and show the same.
    fn one_meeting_is_enough(&mut self) {
        let living: Vec<usize> = self
            .living()
            .into_iter()
            .filter(|device| self.school.devices[*device].hands.left.get().is_none())
            .collect();
        let apart = living.iter().flat_map(|low| living.iter().map(move |high| (*low, *high)));
        let pairs: Vec<Pair> = apart.filter(|(low, high)| low < high && self.school.is_cut((*low, *high))).collect();
        for pair in pairs.into_iter().take(3) {
            self.school.uncut(pair);
            self.school.meet(pair, false);
            let codes = (self.code_of(pair.0), self.code_of(pair.1));
            let lengths = || (self.school.devices[pair.0].name.clone(), self.school.devices[pair.1].name.clone());
            assert_eq!(codes.0, codes.1, "one meeting was not enough for {:?}", lengths());
        }
    }

    fn each_has_its_author(&self, shown: &Call, heard: &[&Act]) {
        let by_name: BTreeMap<FactRef, &&Act> = heard.iter().map(|act| (act.word.name, act)).collect();
        for said in shown.people.iter().flat_map(|person| &person.said) {
            let act = by_name.get(&said.name).unwrap_or_else(|| panic!("nobody said {said:?}"));
            assert_eq!((said.origin.seat, Some(said.says)), (act.word.seat, act.word.says));
            assert_eq!(said.marshal, act.marshal);
        }
    }

    /// Gives how many are reported missing by somebody whom nobody has answered.
    fn nobody_missing_is_found_by_silence(&self, shown: &Call, words: &[Word]) -> usize {
        let answers = |report: &Word, other: &Word| {
            let by_itself = !other.settles && other.seat == report.seat;
            other.names.contains(&report.name) && (other.settles || by_itself)
        };
        let reports = words.iter().filter(|word| word.says == Some(Statement::NotFound));
        let unanswered: Vec<&Word> =
            reports.filter(|report| !words.iter().any(|other| answers(report, other))).collect();
        for report in &unanswered {
            let standing = shown.person(report.who).map(|person| person.standing);
            assert!(
                matches!(standing, Some(Standing::NotFound | Standing::Check)),
                "{:?} was reported missing, nobody answered, and it shows {standing:?}",
                report.who
            );
        }
        unanswered.len()
    }
}

impl School {
    /// Pupils until there are so many, some to a class, and the list of who is expected.
    fn enrols_pupils(&mut self, people: usize) {
        let classes: Vec<_> = (0..people.div_ceil(30))
            .map(|number| {
                let site = self.site;
                self.office(OFFICE, |office| office.add_group(site, &format!("C{number}"), None).unwrap())
            })
            .collect();
        for number in PUPILS.len()..people {
            let (site, group) = (self.site, classes[number % classes.len()]);
            let name = format!("Pupil{number:03}");
            let new = NewPupil {
                identity: Identity {
                    admission_no: format!("{:05}", 10_000 + number),
                    upn: String::new(),
                    surname: format!("Overbury{number:03}"),
                    forename: name.clone(),
                    preferred: name.clone(),
                    sex: String::new(),
                    born: Day::new(2017, 3, 4),
                },
                site,
                group: Some(group),
                year: "4".to_owned(),
                starting: Day::new(2026, 9, 1),
                medical: Vec::new(),
                evacuation: None,
            };
            let pupil = self.office(OFFICE, |office| office.add_pupil(&new).unwrap());
            self.pupils.insert(name, pupil);
        }
        let site = self.site;
        self.office(OFFICE, |office| office.write_expected(site)).unwrap();
    }
}

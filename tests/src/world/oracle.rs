//! What must hold once everything is well again and everybody has talked.

use super::School;
use super::set_up::{PUPILS, TEACHERS};
use super::terms::UNLISTED;
use super::views::Everything;
use crate::reference;
use muster_core::id::{DeviceId, EntryHash, SeatId, Section};
use muster_school::areas;
use muster_school::calendar::Session;
use muster_school::facts::documents;
use muster_school::fire::call::{self, Standing};
use muster_school::ids::Who;
use muster_school::roles::Role;
use std::collections::{BTreeMap, BTreeSet};

impl School {
    /// Everything ends well, and then: all devices of the site hold the same logs and show the same; everybody who
    /// may read the same reads the same; every acknowledged act is there; nobody reported missing was found by
    /// silence; no name stands in the clear on any disk; no device claims more copies than there are; the slow
    /// reference says the same; each device says all of it again after a restart, and worked out anew; whatever rotted is
    /// back; and nobody is suspected who did nothing.
    pub fn agrees(&mut self) {
        self.heal();
        self.all_are_upgraded();
        self.settle();
        self.copies_are_true();
        (0..self.devices.len()).for_each(|device| self.sign_in(device));
        self.settle();
        self.what_waits_is_adopted();
        self.nothing_is_damaged();
        self.nobody_is_suspected();
        self.only_what_was_copied_has_forked();
        self.authority_is_the_same();
        self.logs_are_the_same();
        let read = self.documents_are_the_same();
        self.nothing_acknowledged_is_lost(&read);
        self.views_are_the_same();
        self.nobody_missing_was_found_by_silence();
        self.reference_says_the_same(&read);
        self.nobody_is_left_off_the_fire_list(&read);
        self.copies_are_true();
        self.every_chain_holds();
        self.no_name_is_in_the_clear();
        self.no_key_is_in_the_clear();
        self.other_sites_hold_nothing_of_this_one();
        self.the_same_after_a_restart();
    }

    /// The devices of the school's first site.
    pub(crate) fn here(&self) -> Vec<usize> {
        self.on_site().into_iter().filter(|device| !self.devices[*device].gone).collect()
    }

    /// As [`School::here`], with those that were taken out of the school and are still about.
    pub(crate) fn on_site(&self) -> Vec<usize> {
        (0..self.devices.len()).filter(|device| self.devices[*device].site == self.site).collect()
    }

    pub(crate) fn authority_is_the_same(&self) {
        let states: BTreeMap<&str, [u8; 32]> =
            self.devices.iter().map(|device| (device.name.as_str(), device.shown().view().state_hash())).collect();
        let different: BTreeSet<_> = states.values().collect();
        assert_eq!(different.len(), 1, "all know the same of who may do what: {states:?}");
    }

    pub(crate) fn logs_are_the_same(&self) {
        let held = |device: usize| {
            let logs = self.devices[device].shown().logs();
            logs.iter()
                .filter(|(_, state)| self.is_of_here(&state.descriptor.section))
                .map(|(id, state)| (*id, state.heads.clone()))
                .collect::<BTreeMap<_, _>>()
        };
        let first = held(0);
        for device in self.here() {
            let (name, logs) = (&self.devices[device].name, held(device));
            assert!(logs == first, "{name} holds {} logs, office {} or others", logs.len(), first.len());
        }
    }

    pub(super) fn is_of_here(&self, section: &Section) -> bool {
        section.compartment.place == self.site || section.compartment.place == muster_core::id::PlaceId::ZERO
    }

    /// Gives what the head reads.
    pub(crate) fn documents_are_the_same(&mut self) -> Everything {
        let head_seat = self.devices[0].seat();
        let head = self.everything(0, head_seat);
        let mut by_role: BTreeMap<Role, (String, Everything)> = BTreeMap::new();
        let mut locked: Option<(String, Everything)> = None;
        for device in self.here() {
            let name = self.devices[device].name.clone();
            let own = self.devices[device].shown().device_seat();
            let rolls = self.everything(device, own);
            if let Some((other, expected)) = &locked {
                assert_same(other, expected, &name, &rolls);
            }
            locked.get_or_insert((name.clone(), rolls));
            if device == 0 {
                continue;
            }
            let seat = self.devices[device].seat();
            let read = self.everything(device, seat);
            let by_head = head.iter().filter(|(document, _)| read.contains_key(document));
            let by_head: Everything = by_head.map(|(document, facts)| (document.clone(), facts.clone())).collect();
            assert_same("the head", &by_head, &name, &read);
            let role = self.devices[device].role;
            if let Some((other, expected)) = by_role.get(&role) {
                assert_same(other, expected, &name, &read);
            }
            by_role.entry(role).or_insert((name, read));
        }
        head
    }

    pub(crate) fn nothing_acknowledged_is_lost(&self, read: &Everything) {
        let applied: BTreeSet<EntryHash> =
            read.values().flat_map(|facts| facts.iter()).map(|held| held.name.entry).collect();
        let lost: Vec<_> =
            self.ledger.entries().iter().filter(|(entry, _)| !applied.contains(entry)).map(|(_, told)| told).collect();
        assert!(lost.is_empty(), "{} acknowledged entries are lost: {lost:?}", lost.len());
    }

    fn views_are_the_same(&mut self) {
        let here = self.here();
        let lists: Vec<_> = here.iter().map(|device| self.fire_list_of(*device)).collect();
        for (device, list) in here.iter().zip(&lists) {
            assert_eq!(list.as_ref().map(strip), lists[0].as_ref().map(strip), "{}", self.devices[*device].name);
        }
        for key in self.calls.clone() {
            let calls: Vec<_> = here.iter().map(|device| self.call_of(*device, key)).collect();
            assert!(calls[0].is_some(), "the roll call is held");
            for (device, call) in here.iter().zip(&calls) {
                assert_eq!(call, &calls[0], "{} shows another roll call", self.devices[*device].name);
            }
        }
        for session in self.sessions() {
            let boards: Vec<_> = here.iter().map(|device| self.board_of(*device, session)).collect();
            for (name, pupil) in self.pupils.clone() {
                for (device, board) in here.iter().zip(&boards) {
                    let device = &self.devices[*device].name;
                    let (shown, expected) = (board.current(pupil, session), boards[0].current(pupil, session));
                    assert_eq!(shown, expected, "{device} shows another mark of {name}");
                }
            }
        }
    }

    /// The sessions of the days so far.
    fn sessions(&self) -> Vec<Session> {
        let first = muster_school::calendar::Day::new(2026, 11, 23).unwrap();
        let days = (0..).map(|more| first.plus(more)).take_while(|day| *day <= self.today());
        days.flat_map(|day| [Session::am(day), Session::pm(day)]).collect()
    }

    fn nobody_missing_was_found_by_silence(&mut self) {
        for report in self.ledger.reports.clone().into_iter().filter(|report| !report.answered) {
            let call = self.call_of(0, report.call).expect("the roll call is held");
            let standing = call.person(report.who).map(|person| person.standing);
            assert!(
                matches!(standing, Some(Standing::NotFound | Standing::Check)),
                "nobody answered \"{}\", and it shows {standing:?}",
                report.sentence
            );
        }
    }

    fn reference_says_the_same(&mut self, read: &Everything) {
        for key in self.calls.clone() {
            let Some(facts) = read.get(&key.document()) else { panic!("the roll call is held") };
            let shown: BTreeMap<_, _> = call::evaluate(facts)
                .map(|call| call.people.into_iter().map(|one| (one.who, one.standing)).collect())
                .unwrap_or_default();
            assert_eq!(shown, reference::roll_call(facts), "the reference calls otherwise");
        }
        let registers: Vec<_> = read.iter().filter(|(document, _)| document.kind == documents::REGISTER).collect();
        for session in self.sessions() {
            let board = self.board_of(0, session);
            for (name, pupil) in self.pupils.clone() {
                let expected = reference::mark(&registers, &[pupil], session);
                let current = board.current(pupil, session);
                let shown = reference::Mark {
                    shown: current.shown().map(|one| (one.name, one.code(), one.minutes())),
                    standing: current.standing.iter().map(|one| one.name).collect(),
                    conflict: current.is_conflict(),
                };
                assert_eq!(shown, expected, "{name}, {}: the reference shows otherwise", session.long());
            }
        }
    }

    /// Off the list to call is only somebody of whom somebody said that they are away, and nobody that they are here.
    fn nobody_is_left_off_the_fire_list(&mut self, read: &Everything) {
        let list = self.fire_list_of(0).expect("a list is held");
        let called: BTreeSet<Who> = list.to_call().map(|person| person.who).collect();
        let roll = read.get(&documents::roll(self.site, self.today()));
        let away = roll.map_or_else(BTreeSet::new, |roll| reference::perhaps_away(roll));
        let registers: Vec<_> = read.iter().filter(|(document, _)| document.kind == documents::REGISTER).collect();
        let session = Session { day: self.today(), half: list.half };
        for (name, pupil) in self.pupils.clone() {
            let line = list.people.iter().find(|person| person.who == Who::Pupil(pupil)).map(|person| &person.line);
            let is_called = called.contains(&Who::Pupil(pupil));
            assert!(is_called || away.contains(&pupil), "{name} is not called, and nobody said away: {line:?}");
            let torn = reference::is_torn(&registers, pupil, session);
            assert!(is_called || !torn, "{name} is not called, and two marks differ: {line:?}");
        }
    }

    /// On n devices is never said of something that is on fewer.
    pub(crate) fn copies_are_true(&self) {
        for (place, device) in self.devices.iter().enumerate() {
            for (log, state) in device.shown().logs() {
                let length = state.length();
                for sequence in [0, length / 2, length.saturating_sub(1)] {
                    let holds = |other: &super::Device| {
                        other.shown().logs().get(log).is_some_and(|state| state.length() > sequence)
                    };
                    let others = self.devices.iter().enumerate().filter(|(other, _)| *other != place);
                    let held = others.filter(|(_, other)| holds(other)).count();
                    let claimed = device.shown().copies(log, sequence) as usize;
                    assert!(claimed <= held, "{} says on {claimed} devices of what is on {held}", device.name);
                }
            }
        }
    }

    fn every_chain_holds(&self) {
        (0..self.devices.len()).for_each(|device| self.chain_holds(device));
    }

    pub(crate) fn chain_holds(&self, device: usize) {
        let device = &self.devices[device];
        let verified = device.shown().verify(&mut |_, _| {}).unwrap();
        assert_eq!(verified.findings, Vec::<String>::new(), "on {}", device.name);
    }

    pub(crate) fn no_name_is_in_the_clear(&self) {
        let names = PUPILS.iter().map(|(_, _, surname)| *surname);
        let names: Vec<_> =
            names.chain(TEACHERS.iter().map(|(_, surname)| *surname)).chain(["Plumberstone", UNLISTED]).collect();
        for device in &self.devices {
            device.hands.each_bytes(|bytes| {
                let text = String::from_utf8_lossy(bytes);
                let found = names.iter().find(|name| text.contains(**name));
                assert!(found.is_none(), "{found:?} stands in the clear on {}", device.name);
            });
        }
    }

    /// A device's own secret is on no other device's disk. Looked at in some worlds: it takes long.
    fn no_key_is_in_the_clear(&self) {
        for of in self.devices.iter().filter(|_| self.seed().is_multiple_of(10)) {
            let secrets = of.shown().device_secrets();
            let (sign, local, agree) = (secrets.sign.seed(), &secrets.local, secrets.agree.seed());
            let secrets: [&[u8; 32]; 3] = [&sign, local.expose(), agree.expose()];
            for device in self.devices.iter().filter(|device| device.id != of.id) {
                device.hands.each_bytes(|bytes| {
                    let found = bytes.windows(32).any(|some| secrets.iter().any(|secret| some == *secret));
                    assert!(!found, "a secret of {} is on the disk of {}", of.name, device.name);
                });
            }
        }
    }

    fn other_sites_hold_nothing_of_this_one(&self) {
        for device in self.devices.iter().filter(|device| device.site != self.site) {
            let logs = device.shown().logs().values();
            let held: Vec<_> = logs.filter(|state| state.descriptor.section.compartment.place == self.site).collect();
            assert!(held.is_empty(), "{} holds {} logs of a site it is not of", device.name, held.len());
        }
    }

    fn the_same_after_a_restart(&mut self) {
        let all = (0..self.devices.len()).filter(|device| !self.devices[*device].gone);
        all.collect::<Vec<_>>().into_iter().for_each(|device| self.same_after_a_restart(device));
        self.settle();
    }

    pub(crate) fn same_after_a_restart(&mut self, device: usize) {
        let name = self.devices[device].name.clone();
        let seat = self.devices[device].seat();
        let before = self.everything(device, seat);
        self.restart_device(device);
        self.sign_in(device);
        while self.work(device) {}
        let after = self.everything(device, seat);
        assert_same(&name, &before, &format!("{name} after a restart"), &after);
        let sections: BTreeSet<Section> =
            self.devices[device].shown().logs().values().map(|state| state.descriptor.section).collect();
        for section in sections.iter().filter(|section| section.compartment.area != areas::AUTHORITY) {
            self.devices[device].replica().rebuild(section).unwrap();
        }
        while self.work(device) {}
        let anew = self.everything(device, seat);
        let waiting: Vec<_> =
            sections.iter().flat_map(|section| self.devices[device].shown().waiting(section).unwrap()).collect();
        assert_same(&name, &before, &format!("{name} worked out anew ({waiting:?} wait)"), &anew);
    }

    /// Who wrote, by device, for tests that look beneath.
    pub fn device_of(&self, seat: &SeatId) -> Option<DeviceId> {
        self.devices[0].shown().view().author(seat).map(|author| author.device)
    }
}

/// A list without what depends on the device that shows it.
fn strip(list: &muster_school::fire::presence::FireList) -> muster_school::fire::presence::FireList {
    let mut list = list.clone();
    list.now.minute = 0;
    list
}

fn assert_same(one: &str, expected: &Everything, other: &str, found: &Everything) {
    let documents: BTreeSet<_> = expected.keys().chain(found.keys()).collect();
    for document in documents {
        let (left, right) = (expected.get(document), found.get(document));
        let count = |facts: Option<&std::sync::Arc<muster_core::document::fact::Facts>>| facts.map(|facts| facts.len());
        assert!(
            left == right,
            "{one} and {other} read document {document:?} differently: {:?} and {:?} facts",
            count(left),
            count(right)
        );
    }
}

//! What the head and the administrator say in two terms, in the office: terms, days out of the ordinary, cover, moves,
//! who a child is, and a newer list of codes. All of it is on paper too.

use super::School;
use super::at::{At, entry};
use super::terms::{ADMIN, NEWER, OFFICE, Terms, terms};
use crate::reference::year::Said;
use muster_school::calendar::{Day, Session};
use muster_school::codes::Codes;
use muster_school::facts::calendar::{Begun, Special, Term, Unusual};
use muster_school::facts::school::Closure;
use muster_school::ids::{GroupId, PupilId};
use muster_school::office::OfficeError;

impl School {
    /// The head sets both terms, a half-term holiday, and who takes which register.
    pub(crate) fn sets_the_calendar(&mut self) {
        let Terms { spring, summer } = terms();
        self.goes_to(spring.0.plus(-4), 10 * 60);
        for (name, (first, last)) in [("Spring", spring), ("Summer", summer)] {
            let term = Term { site: None, first, last, name: name.to_owned() };
            self.act(OFFICE, "sets a term", |office| Ok((vec![office.set_term(term)?], ()))).unwrap();
            self.paper.year.says(Said::Term, first, last);
        }
        let half_term = (spring.0.plus(42), spring.0.plus(46));
        let closure = Closure { site: None, first: half_term.0, last: half_term.1, label: "Half term".to_owned() };
        self.act(OFFICE, "sets half term", |office| Ok((vec![office.close(closure)?], ()))).unwrap();
        self.paper.year.says(Said::Closed, half_term.0, half_term.1);
        let groups: Vec<GroupId> = self.groups.values().copied().collect();
        for (place, group) in groups.into_iter().enumerate() {
            let taker = self.devices[3 + place].person.expect("a teacher is there");
            self.act(OFFICE, "says whose register it is", |office| Ok((vec![office.set_taker(group, taker)?], ())))
                .unwrap();
        }
        self.everybody_meets_the_office();
    }

    /// What the head and the administrator say in the morning: days out of the ordinary, moves, cover, matches, and
    /// on the first day of summer a newer list of codes, read in on one device.
    pub(crate) fn says_of_today(&mut self, day: Day) {
        let Terms { spring, summer } = terms();
        for device in [OFFICE, ADMIN] {
            self.power_returns();
            self.devices[device].hands.power_returns();
            self.devices[device].hands.left.set(None);
            self.devices[device].skew_ms = 0;
            self.sign_in(device);
            while self.work(device) {}
        }
        let into = |from: Day| day.0 - from.0;
        match (into(spring.0), into(summer.0)) {
            (0, _) | (_, 35) => self.special(day, Unusual::Training, Said::Training),
            (36, _) | (_, 51) => self.special(day, Unusual::Lost, Said::Lost),
            (_, 1) => {
                self.special(day, Unusual::Training, Said::Training);
                self.act(OFFICE, "calls it off", |office| Ok((vec![office.call_off(None, day, Begun::Special)?], ())))
                    .unwrap();
                self.paper.year.says(Said::CalledOff, day, day);
            }
            (_, 0) => self.reads_a_newer_list(day),
            _ => {}
        }
        if self.below(20) == 0 {
            let (pupil, to) = (self.any_pupil(), self.below(2));
            let group = *self.groups.values().nth(to).expect("two groups");
            match self.act(OFFICE, "moves a pupil", |office| Ok((vec![office.place_pupil(pupil, group, day)?], ()))) {
                Ok(()) => _ = self.paper.planned(pupil).classes.insert(day, group),
                // There is nothing to write of who is in that class already.
                Err(OfficeError::Nothing(_)) => {}
                Err(error) => panic!("{error}"),
            }
        }
        if self.below(15) == 0 {
            let place = self.below(2);
            let group = *self.groups.values().nth(place).expect("two groups");
            let other = self.anywhere();
            let person = self.devices[other].person;
            let cover = (day, day.plus(2));
            self.act(ADMIN, "sets cover", |office| Ok((vec![office.set_cover(group, cover, person)?], ()))).unwrap();
        }
        if self.below(6) == 0 {
            self.matches_a_child();
        }
        self.plans_something(day);
    }

    fn special(&mut self, day: Day, what: Unusual, said: Said) {
        let lost = what == Unusual::Lost;
        let special = Special { site: None, first: day, last: day, what, label: String::new() };
        self.act(OFFICE, "says what the day is", |office| Ok((vec![office.set_special(special)?], ()))).unwrap();
        self.paper.year.says(said, day, day);
        let group = self.group("4B");
        let session = Session::am(day);
        if lost {
            let taken = At { school: self, device: OFFICE }.present(group, session).unwrap();
            assert_eq!(taken.marked, 0, "on a lost day everybody is filled in already");
        } else {
            let pupil = self.any_pupil();
            let refused = At { school: self, device: OFFICE }.takes(group, session, &[entry(pupil, "/")], false);
            assert!(matches!(refused, Err(OfficeError::ClosedDay(..))), "{refused:?}");
        }
    }

    fn reads_a_newer_list(&mut self, day: Day) {
        let list = format!(
            "code,meaning,short,class,on_site,valid_from\n{NEWER},Learning at the hub,At the hub,approved_educational_activity,no,{}\n",
            day.iso()
        );
        let rows = Codes::read(&list).unwrap();
        let new = self.office(ADMIN, |office| office.read_codes(rows)).unwrap();
        assert_eq!(new, 1);
        self.tell(|_| "admin reads in a newer list of codes".to_owned());
    }

    /// The office finds out who a child is, once it has heard of them.
    fn matches_a_child(&mut self) {
        let waiting: Vec<PupilId> =
            self.paper.unlisted.iter().filter(|(_, to)| to.is_none()).map(|(child, _)| *child).collect();
        let heard = self.office(OFFICE, |office| {
            waiting.into_iter().find(|child| office.known().pupil(*child).is_some_and(|one| one.provisional.is_some()))
        });
        let Some(child) = heard else { return };
        let pupil = self.any_pupil();
        self.act(OFFICE, "matches a child", |office| Ok((vec![office.match_pupil(child, Some(pupil))?], ()))).unwrap();
        self.paper.unlisted.insert(child, Some(pupil));
    }
}

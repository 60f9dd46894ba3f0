//! What the office plans for pupils in two terms: absences, days at another school, another class; and whom it called
//! about an absence. All of it is on paper too, and at the end every device says the same.

use super::School;
use super::terms::OFFICE;
use muster_school::calendar::Day;
use muster_school::codes::Code;
use muster_school::facts::called::{Called, Outcome};
use muster_school::facts::pupil::Timetable;
use muster_school::ids::{GroupId, PupilId};
use std::collections::BTreeMap;

/// Of one pupil.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Planned {
    /// Absences that are planned and were not called off: by first day, the last, and the code.
    pub(crate) plans: BTreeMap<Day, (Day, Code)>,
    /// Agreed timetables: by first day, the last.
    pub(crate) timetables: BTreeMap<Day, Day>,
    /// Days of absence about which somebody was called.
    pub(crate) calls: Vec<Day>,
    /// The class from a day on, where it was changed.
    pub(crate) classes: BTreeMap<Day, GroupId>,
}

impl School {
    /// In turn an absence is planned, one is called off, a timetable is agreed, and a parent is called. By the day alone,
    /// so that what else happens in a seed stays as it is.
    pub(crate) fn plans_something(&mut self, day: Day) {
        let turn = usize::try_from(day.0).expect("a day of 2027");
        let pupils: Vec<PupilId> = self.pupils.values().copied().collect();
        let pupil = pupils[turn * 7 % pupils.len()];
        let code = |text| Code::new(text).expect("a code");
        match turn % 5 {
            0 | 1 => {
                let (text, last) = (["M", "R", "C"][turn % 3], day.plus(2));
                let plan = |office: &mut super::WorldOffice<'_, '_>| {
                    Ok((vec![office.plan(pupil, (day, last), None, text, "A letter")?], ()))
                };
                self.act(OFFICE, "plans an absence", plan).unwrap();
                self.paper.planned(pupil).plans.insert(day, (last, code(text)));
            }
            2 => {
                let Some(first) = self.paper.planned(pupil).plans.keys().next_back().copied() else { return };
                let off =
                    |office: &mut super::WorldOffice<'_, '_>| Ok((vec![office.call_off_plan(pupil, first, None)?], ()));
                self.act(OFFICE, "calls a planned absence off", off).unwrap();
                self.paper.planned(pupil).plans.remove(&first);
            }
            3 => {
                let last = day.plus(27);
                let table = Timetable {
                    first: day,
                    last,
                    review: None,
                    off: vec![4, 5],
                    code: Some(code("D")),
                    agreed: Some(day),
                    note: "Wednesdays at Hill School".to_owned(),
                };
                let agree =
                    |office: &mut super::WorldOffice<'_, '_>| Ok((vec![office.set_timetable(pupil, table)?], ()));
                self.act(OFFICE, "agrees a timetable", agree).unwrap();
                self.paper.planned(pupil).timetables.insert(day, last);
            }
            _ => {
                let call = Called {
                    about: day,
                    day,
                    minute: 9 * 60 + 40,
                    whom: "Grace, mother".to_owned(),
                    outcome: Outcome::LeftMessage,
                    words: String::new(),
                    code: None,
                };
                let log = |office: &mut super::WorldOffice<'_, '_>| Ok((vec![office.log_call(pupil, call, None)?], ()));
                self.act(OFFICE, "logs a call", log).unwrap();
                self.paper.planned(pupil).calls.push(day);
            }
        }
    }

    /// A device says of every pupil what was planned, agreed and called, and in which class they are.
    pub(crate) fn plans_are_as_on_paper(&mut self, device: usize) {
        let name = self.devices[device].name.clone();
        let expected = self.paper.plans.clone();
        let pupils: Vec<PupilId> = expected.keys().copied().collect();
        let found: BTreeMap<PupilId, Planned> = self.office(device, |office| {
            let of = |id: &PupilId| {
                let pupil = office.known().pupil(*id).expect("every pupil is known");
                let stands = pupil.plans.iter().filter_map(|plan| Some((plan.first, (plan.last, plan.code?))));
                let agreed = pupil.timetables.iter().filter(|table| table.code.is_some());
                let mut calls: Vec<Day> = pupil.calls.iter().map(|call| call.about).collect();
                calls.sort_unstable();
                let changed = expected[id].classes.keys();
                let planned = Planned {
                    plans: stands.collect(),
                    timetables: agreed.map(|table| (table.first, table.last)).collect(),
                    calls,
                    classes: changed.filter_map(|day| Some((*day, pupil.group_on(*day)?))).collect(),
                };
                (*id, planned)
            };
            pupils.iter().map(of).collect()
        });
        assert_eq!(found, expected, "{name}: plans, timetables, calls or classes are other ones");
    }
}

//! The same morning later on: a roll call with everything in it, a silent one, and a fire list with care lines open.

use super::{call, fire, report, trips};
use muster_school::view::EventId;
use muster_school::view::call::{CallRow, CallView, PointCount, Urgency};
use muster_school::view::fire::{Care, ElsewhereRow, EventKind, FireView, Phone, RunningCall};
use muster_school::view::status::Status;

fn open_care(by_pin: bool) -> Care {
    Care::Open { words: "Care details were opened with the marshal’s PIN at 09:18".into(), by_pin }
}

fn elsewhere() -> Vec<ElsewhereRow> {
    let row = |number, name: &str, group: &str, line: &str| ElsewhereRow {
        person: super::subject(number),
        name: name.into(),
        group: group.into(),
        line: line.into(),
    };
    vec![
        row(500, "Ferreira, Ines", "7B", "At Meadow since 09:02"),
        row(501, "Lindqvist, Maya", "Staff", "At Meadow since 08:40"),
    ]
}

fn phones() -> Vec<Phone> {
    vec![Phone { whose: "Ruth Adeyemi, host".into(), number: "07700 900321".into() }]
}

/// The fire register with care lines, trips and people at another site.
pub(crate) fn fire_full() -> FireView {
    let mut view = FireView { care: open_care(true), trips: trips(), elsewhere: elsewhere(), ..fire() };
    for row in &mut view.rows {
        match row.name.as_str() {
            "Green, Tyler" => {
                row.care = vec!["Epilepsy: rescue medicine in the office".into(), "May hide from the alarm".into()];
            }
            "Abbott, Carol" => row.phones = phones(),
            _ => {}
        }
    }
    view
}

/// A roll call half an hour on: somebody waits for help, somebody is not here, one is not found for long, another roll
/// call was started apart, a trip is overdue.
pub(crate) fn call_full() -> CallView {
    let mut view = call();
    view.trips = trips();
    view.elsewhere = elsewhere();
    view.heard_since = vec![ElsewhereRow {
        person: super::subject(510),
        name: "Walsh, Peter".into(),
        group: "Contractor".into(),
        line: "Signed in 09:19, Acme Lifts".into(),
    }];
    view.joinable = vec![RunningCall {
        event: EventId([6; 16]),
        kind: EventKind::Drill,
        kind_words: String::new(),
        words: "Drill, started 09:18 by Tom Okafor".into(),
    }];
    for row in &mut view.rows {
        match row.name.as_str() {
            "Green, Tyler" => {
                (row.urgency, row.waiting) = (Urgency::High, "Not found for 11 minutes".into());
            }
            "Iqbal, Hamza" => row.hint = "Signed out 09:15, heard after the start".into(),
            "Dunn, Kayleigh" => {
                (row.urgency, row.waiting) = (Urgency::Raised, "Not found for 6 minutes".into());
            }
            "Abdi, Yusuf" => {
                (row.at_refuge, row.place) = (true, "North stair".into());
                row.said = "At a refuge point by T. Okafor 09:18, North stair".into();
                row.help = vec!["Evac chair, two adults".into()];
            }
            "Byrne, Ada" => {
                (row.not_here, row.place) = (true, String::new());
                row.said = "Not here today by H. Marsh 09:19: mother, by telephone".into();
            }
            _ => {}
        }
    }
    view
}

/// The same with care lines and numbers.
pub(crate) fn call_care() -> CallView {
    let mut view = CallView { care: open_care(true), ..call_full() };
    let change = |row: &mut CallRow| match row.name.as_str() {
        "Green, Tyler" => {
            row.care = vec!["Epilepsy: rescue medicine in the office".into(), "May hide from the alarm".into()];
        }
        "Davies, Rhys" => row.care = vec!["One-to-one: S. Reid".into()],
        "Abbott, Carol" => (row.phones, row.duties) = (phones(), vec!["First aid".into()]),
        _ => {}
    };
    view.rows.iter_mut().for_each(change);
    view
}

/// A lockdown: silent and dim.
pub(crate) fn call_silent() -> CallView {
    CallView { kind: EventKind::Lockdown, silent: true, undo: None, ..call() }
}

/// At the very start, before the marshal said where they stand.
pub(crate) fn call_fresh() -> CallView {
    let mut view =
        CallView { here: String::new(), to_check: 0, found: 0, to_find: 10, total: 10, undo: None, ..call() };
    for row in &mut view.rows {
        row.status = Status::ToFind;
        (row.said, row.looked, row.place) = Default::default();
        row.marks = Vec::new();
        (row.urgency, row.waiting) = Default::default();
    }
    let none = |name: &str| PointCount { name: name.into(), found: 0, at_refuge: 0 };
    view.points = vec![none("Front car park"), none("Playing field gate")];
    view
}

/// The roll call after its end.
pub(crate) fn call_over() -> CallView {
    CallView { report: Some(report()), ..call() }
}

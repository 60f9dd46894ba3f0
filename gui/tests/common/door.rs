//! The same invented morning at the reception, on the wall, and the drills that were.

use super::{as_of, now, subject};
use muster_core::id::PlaceId;
use muster_school::view::EventId;
use muster_school::view::call::{CallReport, ReportAction, ReportAnswers, ReportMark};
use muster_school::view::display::{DisplayCall, DisplayView};
use muster_school::view::drills::{DrillRow, DrillTerm, DrillsView};
use muster_school::view::fire::EventKind;
use muster_school::view::reception::{
    Badge, Choice, Collector, ComerKind, DoorLine, Found, HereRow, MovedRow, PupilAtDesk, ReceptionView, SiteChoice,
    TripId, TripRow,
};

fn choice(number: usize, name: &str) -> Choice {
    Choice { person: subject(number), name: name.into() }
}

pub(crate) fn trips() -> Vec<TripRow> {
    vec![
        TripRow {
            trip: TripId([1; 16]),
            title: "Swimming".into(),
            leader: "R. Adeyemi".into(),
            phone: "07700 900321".into(),
            line: "Out 08:30, due back 09:00, 16 minutes ago".into(),
            people: vec!["Abdi, Yusuf".into(), "Ahmed, Safiya".into(), "Barker, Lewis".into()],
            overdue: true,
            back: false,
        },
        TripRow {
            trip: TripId([2; 16]),
            title: "Library".into(),
            leader: "T. Okafor".into(),
            phone: String::new(),
            line: "Out 09:05, back 11:30".into(),
            people: vec!["Nwosu, Chidi".into()],
            overdue: false,
            back: false,
        },
    ]
}

/// The reception with an office at work at it.
pub(crate) fn reception() -> ReceptionView {
    ReceptionView {
        site: "Harbour site".into(),
        now: "09:16".into(),
        kiosk: false,
        kinds: ComerKind::ALL.to_vec(),
        staff: vec![choice(1, "Adeyemi, Ruth"), choice(2, "Marsh, Helen"), choice(3, "Okafor, Tom")],
        found: vec![Found {
            person: subject(301),
            kind: ComerKind::Pupil,
            name: "Byrne, Ada".into(),
            group: "Beech".into(),
            line: "Present, Register Beech, 08:53".into(),
            here: true,
        }],
        typed: "byr".into(),
        pupil: None,
        here: vec![
            HereRow {
                person: subject(203),
                kind: ComerKind::Visitor,
                name: "Abbott, Carol".into(),
                line: "Signed in 08:41, seeing R. Adeyemi. Badge 14".into(),
                badge: true,
            },
            HereRow {
                person: subject(204),
                kind: ComerKind::Contractor,
                name: "Pike, Stan".into(),
                line: "Signed in 08:55, Acme Lifts, working in the plant room. Vehicle AB12 CDE".into(),
                badge: true,
            },
        ],
        to_match: vec![DoorLine {
            person: subject(400),
            words: "Signed in at the kiosk 09:11 as Rhys D, 4B".into(),
            candidates: vec![choice(303, "Davies, Rhys, Beech"), choice(310, "Dunn, Rhys, 4B")],
        }],
        moved: vec![MovedRow {
            person: subject(320),
            name: "Quayle, Ethan".into(),
            line: "From Meadow 09:02, not seen yet".into(),
            arriving: true,
        }],
        trips: trips(),
        sites: vec![SiteChoice { site: PlaceId([9; 16]), name: "Meadow".into() }],
        said: Some("Carol Abbott is signed in: 08:41".into()),
        badge: Some(Badge {
            person: subject(203),
            name: "Carol Abbott".into(),
            kind: "Visitor".into(),
            about: "Educational psychology. Seeing R. Adeyemi".into(),
            number: "14".into(),
            when: "Monday 23 November 2026, 08:41".into(),
        }),
    }
}

/// The same with a pupil at the desk, whom somebody is barred from collecting.
pub(crate) fn reception_with_pupil() -> ReceptionView {
    ReceptionView {
        pupil: Some(PupilAtDesk {
            pupil: subject(301),
            name: "Ada Byrne".into(),
            group: "Beech, Year 10".into(),
            line: "Present, Register Beech, 08:53".into(),
            here: true,
            barred: vec!["Dan Byrne must not collect Ada: court order. Ask the safeguarding lead".into()],
            collectors: vec![
                Collector { name: "Grace Byrne".into(), relationship: "Mother".into() },
                Collector { name: "Joan Hale".into(), relationship: "Grandmother".into() },
            ],
            unread: String::new(),
        }),
        ..reception()
    }
}

/// A kiosk at the door: a form, and nobody's name.
pub(crate) fn kiosk() -> ReceptionView {
    ReceptionView {
        site: "Harbour site".into(),
        now: "09:16".into(),
        kiosk: true,
        kinds: ComerKind::ALL.to_vec(),
        said: Some("Thank you, Carol. You are signed in: 09:16".into()),
        ..ReceptionView::default()
    }
}

pub(crate) fn display() -> DisplayView {
    DisplayView {
        site: "Harbour site".into(),
        now: "09:16".into(),
        day: "Monday 23 November".into(),
        on_site: 431,
        pupils: 318,
        staff: 104,
        visitors: 9,
        must_call: 17,
        on_trips: 4,
        trips_overdue: 1,
        as_of: as_of(),
        closed: String::new(),
        call: None,
    }
}

/// The same while a drill runs.
pub(crate) fn display_in_call() -> DisplayView {
    DisplayView {
        call: Some(DisplayCall {
            kind: EventKind::Drill,
            words: "Drill, started 09:17, 4 minutes ago".into(),
            to_find: 19,
            found: 412,
            total: 431,
            silent: false,
            code: "daring elephant".into(),
        }),
        ..display()
    }
}

/// The report of a drill that is over.
pub(crate) fn report() -> CallReport {
    let mark = |name: &str, outcome: &str, words: &str| ReportMark {
        name: name.into(),
        group: "Beech".into(),
        outcome: outcome.into(),
        words: words.into(),
    };
    let time = |what: &str, at: &str| (what.to_owned(), at.to_owned());
    CallReport {
        event: EventId([5; 16]),
        title: "Drill, Monday 23 November 2026, 09:17 to 09:31, Harbour site".into(),
        lines: vec!["Found 430 of 431.".into(), "Marshals: H. Marsh, T. Okafor.".into()],
        ended: "Ended by Helen Marsh at 09:31".into(),
        never_found: vec!["Tyler Green".into()],
        times: vec![
            time("Alarm", "09:17"),
            time("Building clear", "09:24"),
            time("All accounted for", ""),
            time("All clear", "09:31"),
        ],
        outcome: "Not everybody was accounted for".into(),
        settled: vec![
            "Hassan, Leila, Beech: Found by T. Okafor 09:19. Not found by H. Marsh 09:20, yard. Settled as found by H. Marsh 09:22".into(),
        ],
        marks: vec![
            mark("Byrne, Ada", "Found", "Found by T. Okafor 09:18, Front car park"),
            mark("Green, Tyler", "Not found", "Not found by H. Marsh 09:20, yard"),
        ],
        opened: vec!["Hall tablet, nobody signed in, 09:16".into()],
        written: ReportAnswers {
            weather: "Rain".into(),
            exits: "Hall, north".into(),
            problems: "The hall door stuck".into(),
            actions: vec![ReportAction {
                what: "Mend the hall door".into(),
                owner: "Site manager".into(),
                due: "4 December".into(),
            }],
            learned: "Beech leaves by the kitchen".into(),
        },
        signed: vec!["Signed by Helen Marsh, Monday 23 November 2026 10:12".into()],
        may_write: true,
    }
}

pub(crate) fn drills() -> DrillsView {
    let row = |number: u8, kind, when: &str, outcome: &str, learned: &str, signed: &str| DrillRow {
        event: EventId([number; 16]),
        kind,
        when: when.into(),
        outcome: outcome.into(),
        learned: learned.into(),
        signed: signed.into(),
    };
    DrillsView {
        site: "Harbour site".into(),
        next: "A drill was held this term, on Monday 23 November. The next is due by Thursday 1 April 2027".into(),
        overdue: false,
        terms: vec![
            DrillTerm {
                name: "Autumn term 2026".into(),
                summary: "1 drill".into(),
                missed: false,
                rows: vec![
                    row(
                        5,
                        EventKind::Drill,
                        "Monday 23 November 2026, 09:17",
                        "1 never found",
                        "Beech leaves by the kitchen",
                        "Signed by Helen Marsh, 23 November",
                    ),
                    row(
                        6,
                        EventKind::Real,
                        "Tuesday 6 October 2026, 11:40",
                        "Everybody accounted for after 9 minutes",
                        "",
                        "",
                    ),
                ],
            },
            DrillTerm { name: "Summer term 2026".into(), summary: "No drill".into(), missed: true, rows: Vec::new() },
        ],
        report: None,
        as_of: now(),
    }
}

//! The calendar of the invented school.

use super::people::HARBOUR;
use muster_core::id::PersonId;
use muster_school::calendar::Day;
use muster_school::facts::calendar::Begun;
use muster_school::ids::GroupId;
use muster_school::view::calendar::{CalendarAct, CalendarRow, CalendarView};
use muster_school::view::hours::{HoursRow, HoursView, LeaveRow};
use muster_school::view::pupils::{Ask, Form};

fn row(what: &str, when: &str, place: &str, number: i32) -> CalendarRow {
    let call_off = Some(CalendarAct::CallOff { site: None, first: Day(20_000 + number), what: Begun::Closure });
    CalendarRow { what: what.into(), when: when.into(), place: place.into(), call_off }
}

fn hours() -> HoursView {
    let row = |site, name: &str, words: &str| HoursRow {
        site,
        name: name.into(),
        words: words.into(),
        days: 0b001_1111,
        from: "07:00".into(),
        to: "18:30".into(),
    };
    HoursView {
        sites: vec![
            row(None, "Every site", "Monday to Friday, 07:00 to 18:30"),
            row(Some(HARBOUR), "Harbour site", "As every site"),
        ],
        leaves: vec![LeaveRow {
            id: [1; 16],
            whose: "Priya Nair".into(),
            when: "Tuesday 24 November 22:00 to Wednesday 25 November 01:00, and again on Tuesdays until Friday 18 December".into(),
            why: "Locks up".into(),
        }],
        people: vec![(PersonId([2; 16]), "Helen Marsh".into()), (PersonId([3; 16]), "Tom Okafor".into())],
        code: "A code that was given holds for 15 minutes.".into(),
        minutes: Some(15),
        may_change: true,
        problem: None,
    }
}

/// What is asked about printing at set times.
pub(crate) fn printing_form() -> Form {
    let line = |key, label: &str, hint: &str, value: &str| Ask::Line {
        key,
        label: label.into(),
        hint: hint.into(),
        value: value.into(),
    };
    Form {
        number: 1,
        title: "Printing at set times".into(),
        asks: vec![
            Ask::Words("At these times every device that has a folder writes the fire list and today’s registers into it, as PDF. The fire list needs nobody there; the registers need somebody signed in. Files are not encrypted: choose a folder that only the office opens, or one that prints what it is given.".into()),
            line("times", "Times", "09:35, 13:30; nothing for never", "09:35, 13:30"),
            Ask::Tick { key: "here", label: "Only at Harbour".into(), on: false },
            line("folder", "Folder", "Of this device; nothing for none", ""),
            Ask::Words("The folder is Office laptop’s own; each device that prints needs one.".into()),
        ],
        done: "Save".into(),
        ..Form::default()
    }
}

pub(crate) fn calendar() -> CalendarView {
    let times = |three: [&str; 3]| three.map(str::to_owned);
    CalendarView {
        form: None,
        clashes: Vec::new(),
        site: Some(HARBOUR),
        site_name: "Harbour site".into(),
        today: "Monday 23 November is a school day.".into(),
        rows: vec![
            row("Training day", "Tuesday 1 September", "Every site", 0),
            row("Term: Autumn", "Wednesday 2 September to Friday 18 December", "Every site", 1),
            row("Closed: Half term", "Monday 26 October to Friday 30 October", "Every site", 2),
            row("Unexpectedly closed: Boiler failed", "Thursday 12 November", "Harbour site", 3),
            row("Cover: Tom Okafor takes Beech", "Monday 23 November to Tuesday 24 November", "Harbour site", 4),
            row("Term: Spring", "Monday 4 January to Friday 26 March", "Every site", 5),
        ],
        times: [times(["08:50", "09:20", "09:30"]), times(["13:00", "13:30", "13:30"])],
        groups: vec![(GroupId([4; 16]), "4B".into()), (GroupId([5; 16]), "Beech".into())],
        staff: vec![(PersonId([2; 16]), "Helen Marsh".into()), (PersonId([3; 16]), "Tom Okafor".into())],
        own_times: false,
        may_change: true,
        problem: None,
        hours: hours(),
    }
}

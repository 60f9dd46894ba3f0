//! The same invented morning: attendance in figures, and what is owed.

use super::{key, subject};
use muster_school::view::attendance::{
    AttendanceChoices, AttendanceFilter, AttendanceLine, AttendanceView, By, CountLine, WeekBar,
};
use muster_school::view::duties::{CallLine, NumberLine, ToDoLine, ToDoPart, ToDoView};
use muster_school::view::status::Status;
use muster_school::view::today::Link;

pub(crate) fn attendance() -> AttendanceView {
    let count =
        |status, words: &str, count, share: &str| CountLine { status, words: words.into(), count, share: share.into() };
    let week = |week: &str, attended, authorised, unauthorised, share: &str| WeekBar {
        week: week.into(),
        attended,
        authorised,
        unauthorised,
        share: share.into(),
    };
    let line = |name: &str, about: &str, attendance: &str, counts: [u32; 5], note: &str| AttendanceLine {
        name: name.into(),
        about: about.into(),
        attendance: attendance.into(),
        authorised: counts[0],
        unauthorised: counts[1],
        late: counts[2],
        after_close: counts[3],
        unfilled: counts[4],
        kept_back: false,
        note: note.into(),
        opens: Some(AttendanceFilter { group: Some(0), by: By::Pupil, ..AttendanceFilter::default() }),
    };
    AttendanceView {
        problem: String::new(),
        title: "Whole school, 1 September to 23 November 2026".into(),
        summary: "Attendance 93.7 %, 1780 of 1900 sessions".into(),
        published: String::new(),
        reading: String::new(),
        not_counted: String::new(),
        filter: AttendanceFilter::default(),
        choices: AttendanceChoices {
            periods: vec!["This school year".into(), "Autumn term".into(), "This week".into(), "Last week".into()],
            sites: vec!["Harbour".into(), "Hillside".into()],
            groups: vec!["4B".into(), "7B".into(), "Beech".into()],
            pupil: String::new(),
        },
        counts: vec![
            count(Some(Status::Present), "Attended", 1_780, "93.7 %"),
            count(Some(Status::AbsentAuthorised), "Absent with leave", 84, "4.4 %"),
            count(Some(Status::AbsentUnauthorised), "Absent without leave", 36, "1.9 %"),
            count(Some(Status::Late), "Late, before the close", 41, "2.2 %"),
            count(Some(Status::Late), "Late, after the close", 9, "0.5 %"),
            count(None, "Possible sessions", 1_900, ""),
            count(Some(Status::NotMarked), "Without a mark", 14, ""),
            count(Some(Status::Check), "Two marks to settle", 1, ""),
        ],
        weeks: vec![
            week("2 November", 594, 26, 10, "94.3 %, 594 of 630"),
            week("9 November", 590, 30, 10, "93.7 %, 590 of 630"),
            week("16 November", 596, 28, 16, "93.1 %, 596 of 640"),
        ],
        lines_are: "Class".into(),
        lines: vec![
            line("4B", "Harbour", "95.1 %, 580 of 610", [20, 10, 12, 2, 0], ""),
            line("7B", "Harbour", "92.5 %, 600 of 649", [33, 16, 21, 5, 14], "1 to settle"),
            line("Beech", "Hillside", "93.6 %, 600 of 641", [31, 10, 8, 2, 0], ""),
        ],
    }
}

pub(crate) fn to_do() -> ToDoView {
    let line = |status, name: &str, about: &str, detail: &str| ToDoLine {
        status: Some(status),
        name: name.into(),
        about: about.into(),
        detail: detail.into(),
        link: Some(Link::Register(key())),
    };
    let part =
        |title: &str, rule: &str, calls, lines| ToDoPart { title: title.into(), rule: rule.into(), lines, calls };
    let call = |number, name: &str, group: &str, numbers, barred, calls| CallLine {
        pupil: subject(number),
        name: name.into(),
        group: group.into(),
        sessions: "Morning".into(),
        numbers,
        barred,
        no_number: String::new(),
        calls,
    };
    let number = |whom: &str, number: &str| NumberLine { whom: whom.into(), number: number.into() };
    ToDoView {
        may: Vec::new(),
        title: "Harbour, Monday 23 November, 09:41".into(),
        reading: String::new(),
        parts: vec![
            part(
                "registers with marks missing",
                "Every pupil on the admission register gets a mark in each session.",
                false,
                vec![
                    line(Status::NotMarked, "7B", "Joanna Pike", "Mon 23 Nov am, due 09:30: no mark"),
                    line(Status::NotMarked, "Beech", "Helen Marsh", "Fri 20 Nov pm, due 13:30: 2 of 19 not marked"),
                ],
            ),
            part(
                "absent today without a reason",
                "A parent is reached on the first day of an absence that nobody has explained.",
                true,
                vec![
                    line(Status::AbsentUnauthorised, "Byrne, Ada", "4B", "morning, no reason yet"),
                    line(Status::AbsentUnauthorised, "Fraser, Isla", "4B", "morning, no reason yet"),
                ],
            ),
            part("pupils ill for 15 days", "The authority is told of a pupil of compulsory school age.", false, vec![]),
        ],
        calls: vec![
            call(
                1,
                "Byrne, Ada",
                "4B",
                vec![number("Grace Byrne, mother", "07700 900456"), number("Ivy Byrne, aunt", "07700 900789")],
                vec!["Do not call Dan Byrne: non-molestation order, from Wednesday 2 September, with no end".into()],
                vec!["09:38 Grace Byrne, mother: no answer".into()],
            ),
            call(2, "Fraser, Isla", "4B", vec![number("Ross Fraser, father", "07700 900111")], vec![], vec![]),
        ],
        outcomes: ["Reached", "Message left", "No answer", "Wrong number"].map(str::to_owned).to_vec(),
        codes: [("I", "Ill"), ("M", "Medical appointment"), ("O", "Absent without leave")]
            .map(|(code, words)| (code.to_owned(), words.to_owned()))
            .to_vec(),
    }
}

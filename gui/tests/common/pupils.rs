//! Pupils of the invented school.

use muster_school::view::SubjectId;
use muster_school::view::pupils::{Ask, Block, Doing, Form, PupilDetail, PupilLine, PupilsView, WeekStrip};
use muster_school::view::status::Status;

fn line(number: u8, initials: &str, name: &str, group: &str, born: &str, note: &str) -> PupilLine {
    PupilLine {
        pupil: SubjectId([number; 16]),
        initials: initials.into(),
        name: name.into(),
        group: group.into(),
        born: born.into(),
        note: note.into(),
    }
}

fn block(head: &str, words: &[&str], facts: &[(&str, &str)]) -> Block {
    Block {
        head: head.into(),
        words: words.iter().map(|&words| words.into()).collect(),
        facts: facts.iter().map(|&(what, of)| (what.into(), of.into())).collect(),
    }
}

/// The list, with two returns due.
pub(crate) fn pupils() -> PupilsView {
    PupilsView {
        summary: "214 pupils on the register.".into(),
        rows: vec![
            line(1, "AB", "Byrne, Ada", "Beech, Year 10", "4 March 2011", ""),
            line(2, "RD", "Davies, Rhys", "Beech, Year 11", "4 March 2011", ""),
            line(3, "AP", "Patel, Arun", "Beech, Year 10", "2 May 2012", "Same name as another"),
            line(4, "AP", "Patel, Arun", "Beech, Year 11", "9 July 2011", "Same name as another"),
            line(5, "TG", "Green, Tyler", "Rowan, Year 7", "", "Starts 30 November 2026"),
            line(6, "ZK", "Kaur, Zoë", "Rowan, Year 7", "1 June 2015", "Deleted after 20 November 2026"),
        ],
        more: 12,
        due: vec![
            "Deletion return: Zoë Kaur, by Friday 20 November, overdue, to Hertfordshire".into(),
            "New pupil return: Mina Oyelaran, by Saturday 28 November, to Hertfordshire".into(),
        ],
        may: vec![Doing::Admit, Doing::Extract, Doing::Returns, Doing::Authority],
        ..PupilsView::default()
    }
}

fn week(label: &str, codes: [&str; 10]) -> WeekStrip {
    WeekStrip {
        label: label.into(),
        cells: codes.iter().map(|&code| (code.into(), Status::Present)).collect(),
        spoken: format!("{label}: Monday morning Present, Tuesday morning Late"),
    }
}

/// One pupil in full.
pub(crate) fn pupil() -> PupilsView {
    let detail = PupilDetail {
        pupil: SubjectId([2; 16]),
        name: "Rhys Davies".into(),
        under: "Legal name Rhys Owain Davies. Beech, Year 11. Born 4 March 2011, aged 15".into(),
        now: "Present, this morning".into(),
        warnings: vec!["Missing in the admission register: an emergency number for Mr Gethin Davies.".into()],
        left: vec![
            block("To leave the building", &["Evac chair, two adults"], &[]),
            block("Medical and diet", &[], &[("Epilepsy", "Buccal midazolam in the Beech red bag. Then ring 999")]),
            block(
                "Admission register",
                &[],
                &[
                    ("Full name", "Rhys Owain Davies"),
                    ("Starting day", "2023-09-01, as agreed"),
                    ("Last school", "Fenby Primary, Mill Lane"),
                    ("Placing authority", "919 Hertfordshire; has an EHC plan"),
                    ("Address", "Confidential: ask the office or the safeguarding lead"),
                ],
            ),
            block("Restricted", &["Safeguarding is restricted: ask the safeguarding lead."], &[]),
        ],
        right: vec![
            block(
                "Contacts, in the order to ring",
                &[],
                &[
                    ("1 Marie Davies", "Mother. 07700 900142. May collect"),
                    (
                        "2 Gethin Davies",
                        "Father. DO NOT CALL: Non-molestation order from 2 September 2026 until further order",
                    ),
                ],
            ),
            block(
                "Orders",
                &[],
                &[(
                    "Non-molestation order from 2 September 2026 until further order",
                    "Gethin Davies: not to be called, must not collect. Paper seen 2/9",
                )],
            ),
        ],
        weeks: vec![
            week("Week of 9 November 2026", ["/", "\\", "L", "\\", "/", "\\", "/", "\\", "/", "I"]),
            week("Week of 16 November 2026", ["I", "I", "/", "\\", "C1", "C1", "/", "\\", "/", "\\"]),
            week("Week of 23 November 2026", ["/", "", "", "", "", "", "", "", "", ""]),
        ],
        may: vec![
            Doing::Plan,
            Doing::Timetable,
            Doing::Amend,
            Doing::Contact,
            Doing::Order,
            Doing::Address,
            Doing::Delete,
        ],
        history: Vec::new(),
    };
    PupilsView { detail: Some(detail), ..pupils() }
}

/// The history of an entry.
pub(crate) fn pupil_history() -> PupilsView {
    let mut view = pupil();
    if let Some(detail) = &mut view.detail {
        detail.history = vec![block(
            "23 November 2026 10:05: Helen Marsh, Site lead",
            &["Reason: Deed poll seen"],
            &[("Surname", "was Davis, now Davies")],
        )];
    }
    view
}

/// The form of somebody to call.
pub(crate) fn contact_form() -> PupilsView {
    use muster_school::show::ask::{choice, line, tick};
    let homes = ["Not known", "With the pupil", "At the second address", "At another address"];
    let form = Form {
        number: 7,
        draft: "Contact/02020202020202020202020202020202/new".into(),
        title: "A new contact of Rhys Davies".into(),
        asks: vec![
            line("title", "Title", "", ""),
            line("forename", "Forename", "", ""),
            line("surname", "Surname", "", ""),
            line("relationship", "Relationship", "Grandmother", ""),
            line("place", "Place in the order to ring", "1 is called first", "3"),
            tick("responsible", "Has parental responsibility", false),
            line("number 1", "Telephone", "The first to call", ""),
            choice("home", "Lives", homes.map(str::to_owned).to_vec(), Some(0)),
        ],
        done: "Add the contact".into(),
        problem: String::new(),
    };
    PupilsView { form: Some(form), ..pupil() }
}

/// A form that is open, with a problem.
pub(crate) fn pupil_form() -> PupilsView {
    let text = |key, label: &str, hint: &str, value: &str| Ask::Line {
        key,
        label: label.into(),
        hint: hint.into(),
        value: value.into(),
    };
    let form = Form {
        number: 1,
        draft: "Delete/02020202020202020202020202020202/new".into(),
        title: "Delete Rhys Davies from the admission register".into(),
        asks: vec![
            Ask::Words("A name is deleted only on a ground of regulation 9, never for a day that is over.".into()),
            Ask::Choice {
                key: "ground",
                label: "Ground".into(),
                items: vec!["b: Registered at another school".into(), "j: Has died".into()],
                chosen: None,
            },
            text("words", "What shows it", "The letter and its date", ""),
            Ask::Head("Where the ground asks for it".into()),
            Ask::Tick { key: "looked", label: "Both made reasonable enquiry".into(), on: false },
        ],
        done: "Delete the name".into(),
        problem: "Hertfordshire placed this pupil here".into(),
    };
    PupilsView { form: Some(form), ..pupil() }
}

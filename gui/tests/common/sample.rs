//! An invented school on an invented morning: Monday 23 November, 09:14, at Harbour site. For tests and pictures.

mod calendar;
mod concerns;
mod door;
mod duties;
mod event;
mod fire;
mod people;
mod pupils;
mod records;

#[allow(unused_imports)]
pub(crate) use calendar::{calendar, printing_form};
#[allow(unused_imports)] // Not every example shows every screen.
pub(crate) use concerns::{add_concern, concerns};
#[allow(unused_imports)]
pub(crate) use door::{display, display_in_call, drills, kiosk, reception, reception_with_pupil, report, trips};
#[allow(unused_imports)]
pub(crate) use duties::{attendance, to_do};
#[allow(unused_imports)]
pub(crate) use event::{call_care, call_fresh, call_full, call_over, call_silent, fire_full};
#[allow(unused_imports)]
pub(crate) use fire::{call, fire};
#[allow(unused_imports)]
pub(crate) use people::{HARBOUR, people, roles};
#[allow(unused_imports)]
pub(crate) use pupils::{contact_form, pupil, pupil_form, pupil_history, pupils};
#[allow(unused_imports)]
pub(crate) use records::{audit, devices, lost, receiving, shut, waiting};

use muster_core::document::fact::FactRef;
use muster_core::id::{EntryHash, PersonId};
use muster_school::view::lock::{LockView, PersonChoice};
use muster_school::view::register::{CodeLine, MarkVersion, MarkView, PastMark, RegisterRow, RegisterView, Step};
use muster_school::view::status::Status;
use muster_school::view::today::{Link, RegisterLine, RegistersView, TodayPanel, TodayRow, TodayView};
use muster_school::view::{AsOf, FrameView, GroupId, RegisterKey, SubjectId, SyncChip, Tally};

/// A fact's name, made from a number.
pub(crate) fn fact(number: u8) -> FactRef {
    FactRef { entry: EntryHash([number; 32]), index: 0 }
}

fn subject(number: usize) -> SubjectId {
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&(number as u64).to_be_bytes());
    SubjectId(bytes)
}

pub(crate) fn as_of() -> AsOf {
    AsOf {
        at: "09:14".into(),
        from: "heard from office and hall tablet".into(),
        gaps: "7B has sent no register".into(),
        stale: false,
    }
}

pub(crate) fn now() -> AsOf {
    AsOf { at: "09:14".into(), ..AsOf::default() }
}

pub(crate) fn frame(device: &str, person: Option<&str>, words: &str, shared: bool) -> FrameView {
    FrameView {
        school: "Alder Fen School".into(),
        site: "Harbour site".into(),
        device: device.into(),
        raised: None,
        person: person.map(str::to_owned),
        sync: SyncChip { words: words.into(), shared },
        now: "09:16".into(),
        concern_only: false,
        registers_left: 3,
        devices_attention: 1,
        running: Vec::new(),
        carried: String::new(),
        kiosk: false,
        warning: None,
    }
}

pub(crate) fn office() -> FrameView {
    frame("Office laptop", Some("Ruth Adeyemi"), "Up to date 09:14", true)
}

pub(crate) fn hall() -> FrameView {
    frame("Hall tablet", None, "Alone since 09:14", false)
}

pub(crate) fn lock() -> LockView {
    let person = |number: u8, name: &str, activated| PersonChoice {
        person: Some(PersonId([number; 16])),
        name: name.into(),
        activated,
        wait_secs: 0,
    };
    LockView {
        for_concern: false,
        pin: None,
        people: vec![person(1, "Helen Marsh", true), person(2, "Priya Nair", false), person(3, "Ruth Adeyemi", true)],
        last: Some(PersonId([1; 16])),
        note: "Locked at 09:12 after 10 minutes without input.".into(),
        problem: None,
        waiting: None,
        fire: Some(as_of()),
    }
}

/// After wrong passphrases of Helen Marsh, who waits.
pub(crate) fn lock_waiting(wait_secs: u32) -> LockView {
    let mut view = lock();
    view.people.iter_mut().take(1).for_each(|one| one.wait_secs = wait_secs);
    view
}

pub(crate) fn key() -> RegisterKey {
    RegisterKey { group: GroupId([7; 16]), date: jiff::civil::date(2026, 11, 23), afternoon: false }
}

fn code(code: &str, words: &str, status: Option<Status>, common: bool) -> CodeLine {
    CodeLine {
        code: code.into(),
        words: words.into(),
        status,
        complete: true,
        grows: false,
        needs: String::new(),
        minutes: false,
        note: false,
        common,
        rule: String::new(),
    }
}

pub(crate) fn codes() -> Vec<CodeLine> {
    use Status::{AbsentAuthorised as Authorised, AbsentUnauthorised as Unauthorised, Late, OffSite, Present};
    let start = |letter: &str, needs: &str, complete: bool| CodeLine {
        complete,
        grows: true,
        needs: needs.into(),
        status: complete.then_some(Authorised),
        ..code(letter, if complete { "Exceptional leave" } else { "then a number" }, None, false)
    };
    vec![
        code("/", "Present", Some(Present), true),
        CodeLine { minutes: true, ..code("L", "Late", Some(Late), true) },
        code("I", "Ill", Some(Authorised), true),
        code("M", "Medical", Some(Authorised), true),
        code("N", "No reason yet", Some(Unauthorised), true),
        code("V", "School visit", Some(OffSite), true),
        start("C", "", true),
        code("C1", "Performance", Some(Authorised), false),
        code("C2", "Part-time timetable", Some(Authorised), false),
        start("J", "J needs a number: J1", false),
        code("J1", "Interview", Some(Authorised), false),
        start("Y", "Y needs a number: Y1 to Y7", false),
        code("Y1", "No transport", Some(Status::NotMarked), false),
        CodeLine { note: true, ..code("Y7", "Other unavoidable cause", Some(Status::NotMarked), false) },
        code("G", "Holiday not granted", Some(Unauthorised), false),
        code("O", "Other, unauthorised", Some(Unauthorised), false),
    ]
}

fn mark(code: &str, words: &str, status: Status, at: &str) -> MarkView {
    MarkView {
        code: code.into(),
        words: words.into(),
        status,
        minutes: None,
        note: String::new(),
        planned: at == "planned",
        at: at.into(),
        by: "Helen Marsh".into(),
        amended_from: None,
    }
}

fn present(at: &str) -> Option<MarkView> {
    Some(mark("/", "Present", Status::Present, at))
}

fn past(codes: &str) -> Vec<PastMark> {
    let status = |letter| match letter {
        '/' => Status::Present,
        'L' => Status::Late,
        'I' | 'M' => Status::AbsentAuthorised,
        'V' => Status::OffSite,
        _ => Status::AbsentUnauthorised,
    };
    codes
        .chars()
        .map(|letter| PastMark { code: letter.to_string(), status: status(letter), session: "Friday".into() })
        .collect()
}

/// A class with a bit of everything.
pub(crate) fn register() -> RegisterView {
    use Status::{AbsentAuthorised, AbsentUnauthorised, Late, OffSite};
    let medical = Some(mark("M", "Medical appointment", AbsentAuthorised, "planned"));
    let late = Some(MarkView { minutes: Some(12), ..mark("L", "Late", Late, "09:13") });
    let ill = Some(MarkView { note: "Hospital".into(), ..mark("I", "Ill", AbsentAuthorised, "08:54") });
    let unknown = Some(mark("N", "No reason yet", AbsentUnauthorised, "08:54"));
    let visit = Some(mark("V", "Educational visit", OffSite, "planned"));
    type Line = (&'static str, &'static str, &'static str, &'static str, Option<MarkView>, bool);
    let table: Vec<Line> = vec![
        ("Abdi, Yusuf", "", "", "/////", present("08:52"), false),
        ("Ahmed, Safiya", "", "Nut allergy", "//L//", present("08:52"), false),
        ("Barker, Lewis", "", "", "/////", present("08:52"), false),
        ("Byrne, Ada", "", "Seizure plan", "/I///", present("08:53"), false),
        ("Chaudhry, Imran", "", "", "/////", medical, false),
        ("Clarke, Poppy", "", "", "L/L/L", late, true),
        ("Davies, Rhys", "", "Evac chair", "/////", present("08:53"), false),
        ("Evans-Cole, Noah", "", "", "/////", present("08:53"), false),
        ("Fernandes, Mia", "", "", "///I/", ill, false),
        ("Green, Tyler", "", "", "/N//O", unknown, false),
        ("Hassan, Leila", "", "", "/////", present("09:13"), false),
        ("Jankowski, Kuba", "", "", "/////", None, false),
        ("Kaur, Simran", "", "", "/////", None, false),
        ("McGrath, Finn", "", "Nut allergy", "//V//", visit, false),
        ("Murphy, Aoife", "", "", "/////", None, false),
        ("Okoro, Daniel", "", "", "/////", None, false),
        ("Patel, Arun", "Year 10", "Same name", "/L///", present("09:13"), true),
        ("Patel, Arun", "Year 11", "Same name", "/////", present("09:13"), true),
        ("Whitfield, Grace", "", "Evac chair", "/////", None, false),
    ];
    let rows = table
        .into_iter()
        .enumerate()
        .map(|(number, (name, apart, flag, before, mark, unsynced))| RegisterRow {
            pupil: subject(number + 1),
            name: name.into(),
            spoken: spoken(name),
            apart: apart.into(),
            flags: if flag.is_empty() { Vec::new() } else { vec![flag.into()] },
            past: past(before),
            versions: if name == "Hassan, Leila" { versions() } else { Vec::new() },
            shown: if name == "Hassan, Leila" { vec![fact(1), fact(2)] } else { Vec::new() },
            note: mark.as_ref().map(|mark| mark.note.clone()).unwrap_or_default(),
            mark,
            unsynced,
            ..RegisterRow::default()
        })
        .collect();
    RegisterView {
        key: key(),
        title: "Beech, Years 10 and 11".into(),
        group: "Beech".into(),
        session: "Monday 23 November, morning. Open until 09:20, 6 minutes left.".into(),
        others: "Tom Okafor is marking too.".into(),
        column: "This morning".into(),
        rows,
        codes: codes(),
        present_code: "/".into(),
        absent_code: "N".into(),
        minutes_late: 14,
        tallies: tallies(),
        blanks: 5,
        saved: "Saved on this device. 3 marks not yet on another.".into(),
        may_mark: true,
        may_put_right: true,
        before: Some(friday()),
        ..RegisterView::default()
    }
}

fn tallies() -> Vec<Tally> {
    let tally = |status, words: &str, count| Tally { status: Some(status), words: words.into(), count };
    vec![
        tally(Status::Present, "Present", 8),
        tally(Status::Late, "Late", 1),
        tally(Status::AbsentAuthorised, "Absent, authorised", 2),
        tally(Status::AbsentUnauthorised, "No reason yet", 1),
        tally(Status::OffSite, "Off site", 1),
        tally(Status::Check, "To settle", 1),
        tally(Status::NotMarked, "Not yet marked", 5),
    ]
}

fn versions() -> Vec<MarkVersion> {
    let version = |number, code: &str, minutes, status, words: &str| MarkVersion {
        fact: fact(number),
        code: code.into(),
        minutes,
        status,
        words: words.into(),
    };
    vec![
        version(1, "/", None, Status::Present, "present by Helen Marsh 09:13"),
        version(2, "L", Some(20), Status::Late, "late by Tom Okafor 09:12"),
    ]
}

fn spoken(name: &str) -> String {
    match name.split_once(", ") {
        Some((last, first)) => format!("{first} {last}"),
        None => name.into(),
    }
}

/// A register that is closed, in which each change asks for a reason.
pub(crate) fn closed(mut view: RegisterView) -> RegisterView {
    view.needs_reason = true;
    view.rows.iter_mut().for_each(|row| row.needs_reason = true);
    view
}

/// A class of `count` with nothing marked.
pub(crate) fn blank_class(count: usize) -> RegisterView {
    let rows = (0..count)
        .map(|number| RegisterRow {
            pupil: subject(number + 1),
            name: format!("Pupil, {number:02}"),
            spoken: format!("{number:02} Pupil"),
            ..RegisterRow::default()
        })
        .collect();
    RegisterView { rows, blanks: count as u32, tallies: Vec::new(), ..register() }
}

/// A class on a tablet.
pub(crate) fn touch_register() -> RegisterView {
    use Status::{AbsentAuthorised, AbsentUnauthorised, Late, OffSite};
    let table: Vec<(&str, &str, Option<MarkView>)> = vec![
        ("Osei, Amelia", "", present("08:52")),
        ("Thornton, Ben", "", present("08:52")),
        ("Nwosu, Chidi", "", Some(MarkView { minutes: Some(9), ..mark("L", "Late", Late, "08:59") })),
        ("Hart, Ellie-Mae", "Seizure plan", None),
        ("Siddiqui, Farah", "", Some(mark("M", "Medical", AbsentAuthorised, "planned"))),
        ("Lindley, George", "Nut allergy", present("08:52")),
        ("Iqbal, Hamza", "", None),
        ("Fraser, Isla", "", Some(mark("N", "No reason yet", AbsentUnauthorised, "08:54"))),
        ("Nowak, Jakub", "Evac chair", present("08:53")),
        ("Dunn, Kayleigh", "", Some(mark("V", "Visit", OffSite, "planned"))),
        ("Vasquez, Leo", "", present("08:53")),
        ("Holt, Maisie", "", None),
    ];
    let rows = table
        .into_iter()
        .enumerate()
        .map(|(number, (name, flag, mark))| RegisterRow {
            pupil: subject(number + 100),
            name: name.into(),
            spoken: spoken(name),
            flags: if flag.is_empty() { Vec::new() } else { vec![flag.into()] },
            mark,
            ..RegisterRow::default()
        })
        .collect();
    RegisterView {
        title: "4B".into(),
        group: "4B".into(),
        session: "Monday morning. Open until 09:20, 6 minutes left".into(),
        others: String::new(),
        rows,
        blanks: 3,
        saved: "9 of 12 marked. On 3 devices".into(),
        ..register()
    }
}

pub(crate) fn today() -> TodayView {
    let row = |status, name: &str, group: &str, detail: &str| TodayRow {
        status: Some(status),
        name: name.into(),
        group: group.into(),
        detail: detail.into(),
        ..TodayRow::default()
    };
    let count =
        |status, name: &str, count| TodayRow { status, name: name.into(), count: Some(count), ..TodayRow::default() };
    let dash = Status::NotMarked;
    let cross = Status::AbsentUnauthorised;
    let link = |status, name: &str, detail: &str| TodayRow {
        status,
        link: Some(Link::Devices),
        ..row(dash, name, "", detail)
    };
    TodayView {
        day: "Monday 23 November".into(),
        greeting: "Morning session. Good morning, Ruth.".into(),
        to_do: vec![
            TodayPanel {
                count: 3,
                title: "registers not taken".into(),
                link: Some(Link::Registers),
                as_of: now(),
                rows: vec![
                    row(dash, "7B", "Joanna Pike", "Nothing sent today"),
                    row(dash, "Willow", "Marcus Bell", "Begun 09:04, 2 of 8"),
                    row(dash, "Beech", "Helen Marsh", "14 of 19, marking now"),
                ],
                note: "22 of 25 taken. Registers close at 09:20, in 6 minutes.".into(),
            },
            TodayPanel {
                count: 5,
                title: "absent without a reason".into(),
                link: Some(Link::Registers),
                as_of: now(),
                rows: vec![
                    row(cross, "Fraser, Isla", "4B", "First day"),
                    row(cross, "Green, Tyler", "Beech", "Third day"),
                    row(cross, "Lowe, Jasmine", "Rowan", "First day"),
                    row(cross, "Mensah, Kofi", "6A", "Second day"),
                    row(cross, "Webb, Charlie", "3C", "Called 09:05"),
                ],
                note: "Next: ring home in this order. Oldest absence to replace: Green, by Wednesday.".into(),
            },
            TodayPanel {
                count: 6,
                title: "late arrivals".into(),
                link: Some(Link::Registers),
                as_of: now(),
                rows: vec![
                    row(Status::Late, "Bashir, Zayn", "6A", "09:11, 21 minutes"),
                    row(Status::Late, "Clarke, Poppy", "Beech", "09:02, 12 minutes"),
                    row(Status::Late, "Nwosu, Chidi", "4B", "08:59, 9 minutes"),
                ],
                note: "3 more, before 08:59".into(),
            },
        ],
        to_watch: vec![
            TodayPanel {
                count: 414,
                title: "on site now".into(),
                link: Some(Link::Fire),
                as_of: now(),
                rows: vec![
                    count(None, "Pupils", 301),
                    count(None, "Staff", 104),
                    count(None, "Visitors", 9),
                    count(Some(Status::MustCall), "Must also be called", 17),
                    count(Some(Status::OffSite), "Off site with staff", 11),
                ],
                note: "Heard from office and hall tablet; 7B has sent no register.".into(),
            },
            TodayPanel {
                count: 1,
                title: "alert for me".into(),
                link: Some(Link::Devices),
                as_of: now(),
                rows: vec![link(Some(Status::Check), "Two marks to settle, Beech", "09:13")],
                note: String::new(),
            },
            TodayPanel {
                count: 1,
                title: "device not heard from".into(),
                link: Some(Link::Devices),
                as_of: now(),
                rows: vec![row(Status::Unsynced, "7B tablet", "", "Friday 15:22")],
                note: "It may hold changes nobody else has. 8 of 9 heard from today.".into(),
            },
        ],
    }
}

#[allow(dead_code)]
pub(crate) fn own() -> muster_school::view::lock::OwnView {
    muster_school::view::lock::OwnView {
        pin: Some("until 13:05".into()),
        suggested: "calm otter lantern velvet tundra".into(),
        ..Default::default()
    }
}

fn friday() -> Step {
    let date = jiff::civil::date(2026, 11, 20);
    let key = RegisterKey { date, afternoon: true, ..key() };
    Step { key, words: "Friday 20 November, afternoon".into() }
}

pub(crate) fn registers() -> RegistersView {
    let line = |number: u8, group: &str, teacher: &str, state: &str, status, own| RegisterLine {
        key: RegisterKey { group: GroupId([number; 16]), ..key() },
        group: group.into(),
        teacher: teacher.into(),
        state: state.into(),
        status: Some(status),
        own,
    };
    RegistersView {
        may: Vec::new(),
        session: "Monday 23 November, morning".into(),
        summary: "22 of 25 taken. Registers close at 09:20, in 6 minutes.".into(),
        as_of: now(),
        before: Some(friday()),
        after: None,
        rows: vec![
            line(7, "Beech", "Helen Marsh", "14 of 19, marking now", Status::NotMarked, true),
            line(8, "7B", "Joanna Pike", "Nothing sent today", Status::NotMarked, false),
            line(9, "Willow", "Marcus Bell", "Begun 09:04, 2 of 8", Status::NotMarked, false),
            line(10, "4B", "Priya Nair", "Finished 09:02", Status::Present, false),
        ],
    }
}

pub(crate) fn set_up() -> muster_school::view::step_up::StepUpView {
    use muster_school::view::step_up::{Shown, StepUpView};
    let shown = |text: &str| Shown::new(text.to_owned().into());
    let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    StepUpView::SetUp {
        why: "To let a device in, show that it is you.".into(),
        uri: shown(&format!(
            "otpauth://totp/Alder%20Fen%20School:Ruth%20Adeyemi?secret={secret}&issuer=Alder%20Fen%20School"
        )),
        groups: shown("GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"),
        problem: None,
    }
}

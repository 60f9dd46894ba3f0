//! The same invented morning: the fire register and a drill.

use super::{as_of, fact, spoken, subject};
use muster_school::fire::places::{REFUGES, ROOMS};
use muster_school::view::call::{CallRow, CallTime, CallView, MissingPlace, Moment, PointCount, Urgency};
use muster_school::view::fire::{Care, EventKind, FireRow, FireView, Letters};
use muster_school::view::status::Status;
use muster_school::view::{AsOf, EventId};

pub(crate) fn letters() -> Vec<Letters> {
    [('A', 'C'), ('D', 'F'), ('G', 'J'), ('K', 'M'), ('N', 'R'), ('S', 'Z')]
        .map(|(from, to)| Letters { from, to })
        .to_vec()
}

pub(crate) fn classes() -> Vec<String> {
    ["4B", "7B", "Beech", "Staff", "Visitor"].map(str::to_owned).to_vec()
}

pub(crate) fn fire() -> FireView {
    use Status::{MustCall, Present};
    let table = [
        ("Dunn, Kayleigh", "4B", MustCall, "Visit planned, not confirmed", ""),
        ("Green, Tyler", "Beech", MustCall, "No reason yet, mark N, Register Beech, 08:54", ""),
        ("Quayle, Ethan", "7B", MustCall, "No register today. Present on Friday, Register 7B", "Frame"),
        ("Abbott, Carol", "Visitor", Present, "Signed in 08:41, seeing R. Adeyemi", ""),
        ("Abdi, Yusuf", "Beech", Present, "Present, Register Beech, 08:52", ""),
        ("Adeyemi, Ruth", "Staff", Present, "Signed in 07:48", ""),
        ("Ahmed, Safiya", "Beech", Present, "Present, Register Beech, 08:52", ""),
        ("Barker, Lewis", "Beech", Present, "Present, Register Beech, 08:52", ""),
        ("Whitfield, Grace", "Beech", Present, "Present, Register Beech, 08:54", "Evac chair, two adults"),
    ];
    let rows = table
        .into_iter()
        .enumerate()
        .map(|(number, (name, group, status, evidence, help))| FireRow {
            person: subject(number + 200),
            name: name.into(),
            group: group.into(),
            status,
            evidence: evidence.into(),
            help: if help.is_empty() { Vec::new() } else { vec![help.into()] },
            letter: name.chars().next().unwrap_or('A'),
            duties: if name == "Adeyemi, Ruth" { vec!["Fire marshal".into(), "First aid".into()] } else { Vec::new() },
            care: Vec::new(),
            phones: Vec::new(),
        })
        .collect();
    FireView {
        site: "Harbour site".into(),
        as_of: as_of(),
        to_call: 431,
        pupils: 318,
        staff: 104,
        visitors: 9,
        must_call: 17,
        rows,
        classes: classes(),
        letters: letters(),
        running: Vec::new(),
        opened: "Opened 09:16 from the lock screen. This opening is in the audit. Care details need a sign-in or the marshal’s PIN.".into(),
        places: Vec::new(),
        trips: Vec::new(),
        elsewhere: Vec::new(),
        closed: String::new(),
        care: Care::AskPin { problem: None, wait_secs: 0 },
        prints_into: String::new(),
        no_start: String::new(),
    }
}

pub(crate) fn call() -> CallView {
    use Status::{Check, Found, NotFound, ToFind};
    let table = [
        ("Hassan, Leila", "Beech", Check, "Present, Register Beech, 09:13", ""),
        ("Green, Tyler", "Beech", NotFound, "No reason yet, mark N, Register Beech, 08:54", ""),
        ("Abbott, Carol", "Visitor", ToFind, "Signed in 08:41, seeing R. Adeyemi", ""),
        ("Davies, Rhys", "Beech", ToFind, "Present, Register Beech, 08:53", "Evac chair, two adults"),
        ("Dunn, Kayleigh", "4B", ToFind, "Visit planned, not confirmed", ""),
        ("Iqbal, Hamza", "4B", ToFind, "Not yet marked. Present on Friday, Register 4B", ""),
        ("Nwosu, Chidi", "4B", ToFind, "Late, Register 4B, 08:59", ""),
        ("Webb, Charlie", "4B", ToFind, "Present, Register 4B, 08:52", ""),
        ("Abdi, Yusuf", "Beech", Found, "Present, Register Beech, 08:52", ""),
        ("Byrne, Ada", "Beech", Found, "Present, Register Beech, 08:53", ""),
    ];
    let rows = table
        .into_iter()
        .enumerate()
        .map(|(number, (name, group, status, evidence, help))| CallRow {
            person: subject(number + 300),
            name: name.into(),
            spoken: spoken(name),
            group: group.into(),
            status,
            evidence: evidence.into(),
            said: match status {
                Check => "Found by T. Okafor 09:19. Not found by H. Marsh 09:20".into(),
                Found => "Found by T. Okafor 09:18".into(),
                _ => String::new(),
            },
            looked: if status == NotFound { "yard".into() } else { String::new() },
            help: if help.is_empty() { Vec::new() } else { vec![help.into()] },
            marks: if status == Check { vec![fact(11), fact(12)] } else { Vec::new() },
            letter: name.chars().next().unwrap_or('A'),
            urgency: if status == NotFound { Urgency::Raised } else { Urgency::Calm },
            waiting: if status == NotFound { "Not found for 4 minutes".into() } else { String::new() },
            place: if status == Found { "Front car park".into() } else { String::new() },
            at_refuge: false,
            not_here: false,
            hint: String::new(),
            duties: Vec::new(),
            care: Vec::new(),
            phones: Vec::new(),
        })
        .collect();
    CallView {
        event: EventId([5; 16]),
        kind: EventKind::Drill,
        started: "started 09:17, 4 minutes ago".into(),
        as_of: AsOf { at: "09:21".into(), ..as_of() },
        to_find: 19,
        to_check: 1,
        found: 412,
        total: 431,
        rows,
        classes: classes(),
        letters: letters(),
        places: ROOMS.map(str::to_owned).to_vec(),
        refuges: REFUGES.map(str::to_owned).to_vec(),
        spread: "Marks on 3 devices at 09:21.".into(),
        shared: true,
        marshals: "H. Marsh, T. Okafor, R. Adeyemi, S. Reid (claimed)".into(),
        undo: Some("Found Yusuf Abdi".into()),
        report: None,
        missing: vec![MissingPlace {
            place: "Register Beech".into(),
            people: vec!["Tyler Green, Beech. No reason yet, mark N, Register Beech, 08:54. Looked for: yard".into()],
        }],
        code: "daring elephant".into(),
        minutes: 4,
        points: vec![
            PointCount { name: "Front car park".into(), found: 301, at_refuge: 0 },
            PointCount { name: "Playing field gate".into(), found: 108, at_refuge: 1 },
            PointCount { name: String::new(), found: 3, at_refuge: 0 },
        ],
        here: "Front car park".into(),
        times: vec![
            CallTime { moment: Moment::Alarm, at: "09:17, by H. Marsh".into(), may_set: false },
            CallTime { moment: Moment::BuildingClear, at: String::new(), may_set: true },
            CallTime { moment: Moment::AllAccounted, at: String::new(), may_set: false },
            CallTime { moment: Moment::AllClear, at: String::new(), may_set: true },
        ],
        joinable: Vec::new(),
        joined: Vec::new(),
        trips: Vec::new(),
        elsewhere: Vec::new(),
        care: Care::AskPin { problem: None, wait_secs: 0 },
        silent: false,
        heard_since: Vec::new(),
    }
}

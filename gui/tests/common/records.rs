//! The same invented morning: the audit and the devices.

use super::{key, now};
use muster_core::authority::reduction::EntryName;
use muster_core::id::{DeviceId, EntryHash, LogId, PersonId, PlaceId};
use muster_school::ids::PupilId;
use muster_school::roles::DeviceKind;
use muster_school::view::Span;
use muster_school::view::audit::{AuditChoices, AuditDetail, AuditFilter, AuditRow, AuditView, ProofLine};
use muster_school::view::backups::{BackupsView, RequestLine};
use muster_school::view::devices::{DeviceRow, DevicesView, JoinPart, JoinView, SettleLine, SiteChoice, SpreadLine};
use muster_school::view::erasure::{ErasureLine, ErasuresView, FoundFile, HoldLine, Stage};
use muster_school::view::lost::{HeldLine, Kept, LostView, ShutView, WaitingLine};
use muster_school::view::status::Status;
use muster_school::view::today::Link;

fn monday() -> muster_school::calendar::Day {
    muster_school::calendar::Day::parse("2026-11-23").expect("a day of the calendar")
}

pub(crate) fn audit() -> AuditView {
    let mut number = 0;
    let mut row = |time: &str, who: &str, what: &[Span], device: &str, proof: &str| {
        number += 1;
        AuditRow {
            entry: EntryHash([number; 32]),
            time: time.into(),
            who: who.into(),
            what: what.to_vec(),
            device: device.into(),
            proof: proof.into(),
            attention: proof.contains("removed"),
        }
    };
    let (p, s) = (|text: &str| Span::plain(text), |text: &str| Span::strong(text));
    let checked = "Signature checked";
    let rows = vec![
        row(
            "09:14",
            "Helen Marsh",
            &[p("marked "), s("Arun Patel, Year 11"), p(" present, Beech, Monday morning")],
            "Beech laptop",
            checked,
        ),
        row(
            "09:13",
            "Helen Marsh",
            &[p("marked "), s("Leila Hassan"), p(" present, Beech. Tom Okafor had marked late")],
            "Beech laptop",
            checked,
        ),
        row(
            "09:12",
            "Tom Okafor",
            &[p("marked "), s("Leila Hassan"), p(" late, 20 minutes, Beech")],
            "Hall tablet",
            checked,
        ),
        row(
            "09:01",
            "Ruth Adeyemi",
            &[p("signed in visitor "), s("Carol Abbott"), p(", badge 14")],
            "Office laptop",
            checked,
        ),
        row(
            "08:58",
            "Joanna Pike",
            &[p("changed "), s("Isla Fraser"), p(", Friday afternoon: N to I. Reason: “mother rang”")],
            "7B tablet",
            "Signature checked, arrived late",
        ),
        row(
            "08:57",
            "Old office laptop",
            &[p("sent 2 changes after its removal; they wait, unused")],
            "Old office laptop",
            "From a removed device",
        ),
        row("08:55", "Office laptop", &[p("was alone since 08:31, then sent 12 changes")], "Office laptop", checked),
        row(
            "08:31",
            "Nobody signed in",
            &[p("opened the fire register and closed it, 40 seconds")],
            "Hall tablet",
            "Signed by the device only",
        ),
        row(
            "08:02",
            "Dev Malhotra",
            &[p("removed device "), s("Old office laptop"), p(". It keeps what it held on 20 November")],
            "Office laptop",
            checked,
        ),
        row("07:48", "Ruth Adeyemi", &[p("signed in")], "Office laptop", checked),
    ];
    let proof = |answer: &str, words: &str| ProofLine { answer: answer.into(), words: words.into() };
    AuditView {
        summary: "214 entries today. 211 checked, 1 arrived late, 2 from a removed device".into(),
        filter: AuditFilter { day: Some(monday()), ..AuditFilter::default() },
        choices: AuditChoices {
            people: ["Helen Marsh", "Tom Okafor", "Ruth Adeyemi"]
                .into_iter()
                .zip(1..)
                .map(|(name, at)| (PersonId([at; 16]), name.to_owned()))
                .collect(),
            devices: ["Beech laptop", "Hall tablet", "Office laptop"]
                .into_iter()
                .zip(1..)
                .map(|(name, at)| (DeviceId([at; 32]), name.to_owned()))
                .collect(),
            days: vec![(monday(), "Monday 23 November".into()), (monday().plus(-3), "Friday 20 November".into())],
        },
        rows,
        more: 204,
        detail: Some(AuditDetail {
            entry: EntryHash([2; 32]),
            sentence: vec![
                p("Helen Marsh marked Leila Hassan "),
                s("present"),
                p(", Beech, Monday 23 November, morning."),
            ],
            warning: Some(vec![
                p("It disagrees with Tom Okafor’s mark of 09:12, "),
                s("late, 20 minutes"),
                p(". Both are kept. Present shows until somebody settles it."),
            ]),
            proven: vec![
                proof("Yes", "Signed by Helen Marsh on Beech laptop"),
                proof("Yes", "Nothing before it is missing or changed"),
                proof("Yes", "Held by 3 devices"),
                proof("Not yet", "in a checkpoint; the next is due at 12:00"),
            ],
            clock: "The time is the Beech laptop’s own clock, 2 seconds ahead of this one.".into(),
            link: Some(("Open the register".into(), Link::Register(key()))),
        }),
        erasures: erasures(),
    }
}

pub(crate) fn devices() -> DevicesView {
    let mut number = 0;
    let mut row = |name: &str, status, heard: &str, lacks: &str, we_lack: &str, path: &str, clock: &str| {
        number += 1;
        DeviceRow {
            device: DeviceId([number; 32]),
            name: name.into(),
            status,
            heard: heard.into(),
            lacks: lacks.into(),
            we_lack: we_lack.into(),
            path: path.into(),
            clock: clock.into(),
            attention: we_lack == "unknown",
        }
    };
    let (on, off, check) = (Status::Synced, Status::Unsynced, Status::Check);
    let rows = vec![
        row("Beech laptop", on, "09:14", "nothing", "nothing", "This network", "2 s ahead"),
        row("4B tablet", on, "09:14", "nothing", "nothing", "This network", "same"),
        row("Hall tablet", on, "09:14", "nothing", "nothing", "This network", "same"),
        row("Kitchen tablet", on, "09:10", "4 changes", "nothing", "This network", "same"),
        row("Mill Lane office", on, "09:13", "nothing", "nothing", "Typed address", "same"),
        row("Minibus tablet", check, "08:31", "41 changes", "unknown", "Was on this network", "6 min behind"),
        row("7B tablet", off, "Friday 15:22", "388 changes", "unknown", "Not reached", "unknown"),
    ];
    let spread = |words: &str, count| SpreadLine { words: words.into(), count };
    DevicesView {
        sites: [(1, "Harbour"), (2, "Hill")]
            .map(|(number, name)| SiteChoice { site: PlaceId([number; 16]), name: name.into() })
            .to_vec(),
        summary: "Up to date 09:14. 8 of 9 other devices heard from today.".into(),
        warning: Some(vec![
            Span::strong("7B tablet not heard from since Friday 15:22."),
            Span::plain(" It may hold changes nobody else has. Switch it on near another device."),
        ]),
        rows,
        to_settle: vec![SettleLine {
            what: "Leila Hassan, this morning".into(),
            between: "Present by H. Marsh, late by T. Okafor".into(),
            link: Link::Register(key()),
        }],
        spread: vec![
            spread("On 3 devices or more", 1204),
            spread("On 2 devices", 31),
            spread("Only on this device", 0),
        ],
        spread_note: "1,235 changes since midnight. A change is safe against one lost device once it is on 2.".into(),
        as_of: now(),
        backups: BackupsView {
            age: "Backup proven 3 days ago".into(),
            lines: vec!["Last backup: Sunday 22 November 2026 18:00, 48,204 entries, into /media/backup.".into()],
            folder: "/media/backup".into(),
            may_set: true,
            requests: vec![RequestLine {
                id: [9; 16],
                what: "Asked: The marks of 4B (Friday at noon)".into(),
                story: vec!["Asked by Tom Okafor, 08:50".into()],
                stage: None,
            }],
            ..BackupsView::default()
        },
        may_invite: true,
        lost: None,
        waiting: Vec::new(),
        invite: None,
        support: "muster 0.1.0, 9 devices, 1235 changes".into(),
    }
}

/// The tablet of 7B, which Tunde Okafor has signed in on.
/// A device that was let in a moment ago, half way.
pub(crate) fn receiving() -> JoinView {
    let part = |what: &str, came: &str, here| JoinPart { what: what.into(), came: came.into(), here };
    JoinView::Receiving {
        words: "Let in. Receiving what this device may hold: 1800 changes to come".into(),
        parts: vec![
            part("Who may do what", "34 changes", true),
            part("Who is in the building: the fire list", "120 changes", true),
            part("The school’s own page and registers", "310 changes", false),
            part("Everything else", "nothing yet", false),
        ],
    }
}

pub(crate) fn lost(kept: Kept) -> LostView {
    let line = |what: &str, from: &str, count: &str, known: &str| HeldLine {
        what: what.into(),
        from: from.into(),
        count: count.into(),
        known: known.into(),
    };
    let held = kept != Kept::Fine;
    LostView {
        device: DeviceId([7; 32]),
        name: "7B tablet".into(),
        kept,
        since: if held { "Held back 09:14 by Helen Marsh: it is lost.".into() } else { String::new() },
        heard: "Friday 20 November 15:22".into(),
        about: vec![
            "Tablet or class laptop, of Oak Lane.".into(),
            "Let in Wednesday 2 September 08:12 by Helen Marsh.".into(),
        ],
        is: Some((DeviceKind::Tablet, vec![PlaceId([1; 16])])),
        holds: vec![
            line("School", "", "1 record", "all of it"),
            line("On-site lists", "Oak Lane; 2026/27", "58 records", "all of it"),
            line("Registers", "Oak Lane; 2026/27", "212 records", "at least 180 of 212 entries"),
            line("Pupils", "Oak Lane", "412 records", "all of it"),
            line("Care", "Oak Lane", "61 records", "all of it"),
            line("Record of use", "Oak Lane; 2026/27", "58 records", "all of it"),
        ],
        people: vec!["Tunde Okafor".into()],
        still: vec![
            "With nobody signed in: the rolls of Friday 20 November.".into(),
            "All that Tunde Okafor could read there until now, if whoever has it knows or guesses their passphrase."
                .into(),
        ],
        never: vec![
            "Any other record it holds: those are sealed, and nothing on it opens them.".into(),
            "Whatever is written once Tunde Okafor has signed in on another device, which gives new keys.".into(),
        ],
        outstanding: if held { vec!["Tunde Okafor".into()] } else { Vec::new() },
        until_then: if held {
            "It reads nothing that is written once Tunde Okafor has signed in on another device.".into()
        } else {
            String::new()
        },
        may_act: true,
    }
}

pub(crate) fn waiting() -> Vec<WaitingLine> {
    let line = |when: &str, place: u64, says: &str| WaitingLine {
        who: "Tunde Okafor on 7B tablet".into(),
        when: when.into(),
        of: "Registers, Oak Lane".into(),
        why: "Not heard of before its device was held back or taken out".into(),
        says: vec![says.into()],
        entry: Some(EntryName { log: LogId([7; 32]), sequence: place, hash: EntryHash([7; 32]) }),
    };
    vec![
        line("Friday 20 November 15:25", 1, "marked Leila Hassan late, 20 minutes, 7B, Friday 20 November, afternoon"),
        line("Friday 20 November 15:26", 2, "marked 12 pupils present, 7B, Friday 20 November, afternoon"),
    ]
}

pub(crate) fn shut() -> ShutView {
    ShutView {
        title: "This device was taken out of the school by the office.".into(),
        words: vec![
            "That was on Monday 23 November at 09:14. Bring it back.".into(),
            "Nothing on it opens any more: everybody’s keys and the fire list are gone. Use another device.".into(),
            "2 changes were made here that no other device is known to have. Keep this device on near another one of the school: it hands them over.".into(),
        ],
        device: "7B tablet, Harbour Primary".into(),
    }
}

/// An order that waits, one that was carried out, and a hold.
pub(crate) fn erasures() -> ErasuresView {
    let line = |id, what: &str, stage, state: &str, story: &[&str]| ErasureLine {
        id: EntryHash([id; 32]),
        what: what.into(),
        whose: None,
        stage,
        state: state.into(),
        story: story.iter().map(|words| (*words).to_owned()).collect(),
        may_sign: stage == Stage::Unsigned,
        may_undo: stage == Stage::Unsigned,
    };
    let unsigned = [
        "Kept for as long as it is to be, and reviewed (UK GDPR Article 5(1)(e)).",
        "Asked for by the retention review of May.",
        "Ordered by Ruth Adeyemi, Friday 20 November 2026 15:10.",
    ];
    let destroyed = [
        "Entered by mistake: there was never a ground to hold it (UK GDPR Article 17(1)(d)).",
        "Ordered by Helen Marsh, Monday 9 November 2026 09:00.",
        "Not confirmed by Hall tablet, last heard from 3 days ago.",
    ];
    ErasuresView {
        orders: vec![
            line(
                4,
                "212 weeks of attendance registers, entered in 2019",
                Stage::Unsigned,
                "Waits for a second person to sign it",
                &unsigned,
            ),
            line(
                5,
                "The file of a pupil born in 2016: 3 records",
                Stage::Destroyed,
                "Destroyed; 2 of 3 devices have confirmed it",
                &destroyed,
            ),
        ],
        holds: vec![HoldLine {
            id: EntryHash([6; 32]),
            what: "The file of a pupil born in 2009: 4 records, for a public inquiry".into(),
            whose: Some(
                "Omar Reed, admission number 000417, born Tuesday 3 March 2009, Harbour, on roll until Friday 18 July 2025"
                    .into(),
            ),
            story: vec!["Held by Helen Marsh, Monday 2 November 2026 11:30".into()],
            may_lift: true,
        }],
        may_order: true,
        found: Some(FoundFile {
            typed: "Hassan".into(),
            pupil: PupilId([8; 16]),
            whose: "Leila Hassan, admission number 000512, born Monday 12 May 2014, Harbour, on the roll".into(),
        }),
        site: Some((PlaceId([1; 16]), "Harbour".into())),
    }
}

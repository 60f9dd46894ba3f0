//! Marks that differ, and marks that change while somebody looks: nothing is settled or replaced unseen.

use super::*;
use crate::facts::called::{Called, Outcome};
use crate::office::OfficeError;
use crate::register::current::Current;
use crate::show;

fn current(desk: &mut Desk, pupil: PupilId, session: Session) -> Current {
    desk.office().board(session).unwrap().current(pupil, session)
}

fn codes(desk: &mut Desk, pupil: PupilId, session: Session) -> Vec<String> {
    let mut codes: Vec<_> = current(desk, pupil, session)
        .standing
        .iter()
        .map(|one| one.code().map_or("-".to_owned(), |code| code.to_string()))
        .collect();
    codes.sort();
    codes
}

/// Helen marks Ada one thing, Tom another, and the office hears both.
fn differ(first: MarkEntry, second: MarkEntry) -> Small {
    let mut small = small();
    let mut tablet = small.desk.another(2, Some(TOM));
    small.desk.at(clock(9, 0)).office().take(small.beech, morning(), &[first], false).unwrap();
    tablet.at(clock(9, 1)).office().take(small.beech, morning(), &[second], false).unwrap();
    small.desk.hear(&tablet);
    small
}

fn ada() -> PupilId {
    small().pupils[0]
}

fn call(about: Day) -> Called {
    Called {
        about,
        day: about,
        minute: clock(13, 20),
        whom: "Grace Byrne, mother".to_owned(),
        outcome: Outcome::Reached,
        words: "Has a cold".to_owned(),
        code: None,
    }
}

#[test]
fn whoever_comes_after_the_register_closed_is_never_entered_as_late_by_an_amendment() {
    let Small { mut desk, beech, pupils, .. } = small();
    desk.at(clock(8, 55)).office().take(beech, morning(), &[entry(pupils[0], "N")], false).unwrap();
    desk.at(clock(10, 30));
    let mut amend =
        |code, minutes| desk.office().amend(pupils[0], morning(), (Some(code), Some(minutes)), "arrived", None);
    assert!(amend("L", 100).unwrap_err().to_string().contains("closed at 09:20"));
    assert!(amend("U", 5).unwrap_err().to_string().contains("open until 09:20"));
    assert!(amend("L", 20).is_ok() && amend("U", 100).is_ok());
    let first =
        desk.office().take(beech, morning(), &[MarkEntry { minutes: Some(100), ..entry(pupils[1], "U") }], false);
    assert!(first.is_ok(), "a first mark after the close asks for no reason");
    let key = show::register_key(beech, morning());
    let rows = show::register(&mut desk.records, &mut desk.known, &key).unwrap().rows;
    let asks: Vec<_> = rows.iter().map(|row| row.needs_reason).collect();
    assert_eq!(asks, [true, true, false, false, false], "only a mark that is there is changed");
}

#[test]
fn a_call_settles_no_contradiction_that_nobody_saw() {
    let Small { mut desk, beech, pupils, .. } = differ(entry(ada(), "N"), late(ada(), 25));
    desk.at(clock(13, 5)).office().take(beech, afternoon(), &[entry(pupils[0], "N")], false).unwrap();
    let refused = desk.office().log_call(pupils[0], call(monday()), Some("I")).unwrap_err();
    assert!(matches!(refused, OfficeError::Unsettled), "{refused}");
    assert_eq!(codes(&mut desk, pupils[0], morning()), ["L", "N"]);
    assert_eq!(codes(&mut desk, pupils[0], afternoon()), ["N"], "nothing of it was written");
    desk.office().log_call(pupils[0], call(monday()), None).unwrap();
    let chosen = current(&mut desk, pupils[0], morning()).standing[0].name;
    let among = shown_to(&mut desk, pupils[0], morning());
    desk.office().settle_mark(pupils[0], morning(), chosen, &among).unwrap();
    desk.office().log_call(pupils[0], call(monday()), Some("I")).unwrap();
    assert_eq!(codes(&mut desk, pupils[0], afternoon()), ["I"]);
}

#[test]
fn a_settlement_is_not_undone_into_a_mark_that_nobody_chose() {
    let Small { mut desk, pupils, .. } = differ(entry(ada(), "/"), entry(ada(), "N"));
    let among = shown_to(&mut desk, pupils[0], morning());
    let chosen = current(&mut desk, pupils[0], morning()).standing[0].clone();
    let settled = desk.office().settle_mark(pupils[0], morning(), chosen.name, &among).unwrap();
    let refused = desk.office().undo(&settled.undo.unwrap()).unwrap_err().to_string();
    assert!(refused.contains("two marks differed there"), "{refused}");
    assert_eq!(current(&mut desk, pupils[0], morning()).code(), chosen.code());
}

#[test]
fn a_plain_code_replaces_neither_two_marks_that_differ_nor_what_the_office_amended() {
    let Small { mut desk, beech, pupils, .. } = differ(entry(ada(), "/"), entry(ada(), "N"));
    let key = show::register_key(beech, morning());
    let seen = shown_to(&mut desk, pupils[0], morning());
    for among in [None, Some(seen)] {
        let mark = MarkEntry { among: among.clone(), ..entry(pupils[0], "I") };
        let refused = desk.office().take(beech, morning(), &[mark], false);
        assert!(matches!(refused, Err(OfficeError::Unsettled)));
        assert!(matches!(desk.office().clear(pupils[0], morning(), among.as_deref()), Err(OfficeError::Unsettled)));
    }
    assert_eq!(codes(&mut desk, pupils[0], morning()), ["/", "N"]);

    desk.office().take(beech, morning(), &[entry(pupils[1], "N")], false).unwrap();
    desk.at(clock(9, 5)).office().amend(pupils[1], morning(), (Some("M"), None), "Mother rang", None).unwrap();
    desk.at(clock(9, 10));
    let refused = desk.office().take(beech, morning(), &[entry(pupils[1], "/")], false);
    assert!(matches!(refused, Err(OfficeError::NeedsReason)));
    assert!(matches!(desk.office().clear(pupils[1], morning(), None), Err(OfficeError::NeedsReason)));
    let row = &show::register(&mut desk.records, &mut desk.known, &key).unwrap().rows[1];
    assert!(row.needs_reason, "the screen asks why, though the register is open");
    desk.office().amend(pupils[1], morning(), (None, None), "Marked in error", None).unwrap();
    desk.office().mark_remaining_present(beech, morning()).unwrap();
    assert_eq!(codes(&mut desk, pupils[1], morning()), ["-"], "withdrawn for a reason, and not given back unseen");
}

#[test]
fn an_act_replaces_only_what_its_author_was_shown() {
    let Small { mut desk, beech, pupils, .. } = small();
    let mut tablet = desk.another(2, Some(TOM));
    desk.at(clock(9, 0))
        .office()
        .take(beech, morning(), &[entry(pupils[0], "N"), entry(pupils[1], "N")], false)
        .unwrap();
    let seen = |desk: &mut Desk, pupil| shown_to(desk, pupil, morning());
    let (ada, leila) = (seen(&mut desk, pupils[0]), seen(&mut desk, pupils[1]));
    tablet
        .at(clock(9, 2))
        .office()
        .take(beech, morning(), &[late(pupils[0], 20), late(pupils[1], 22), late(pupils[2], 3)], false)
        .unwrap();
    desk.hear(&tablet);
    desk.at(clock(9, 4)).office().amend(pupils[0], morning(), (Some("I"), None), "Mother rang", Some(&ada)).unwrap();
    assert_eq!(codes(&mut desk, pupils[0], morning()), ["I", "L"], "the tablet's mark came unseen, and both are shown");
    let unseen = |pupil, code, among| MarkEntry { among: Some(among), ..entry(pupil, code) };
    desk.office()
        .take(beech, morning(), &[unseen(pupils[1], "M", leila), unseen(pupils[2], "/", Vec::new())], false)
        .unwrap();
    assert_eq!(codes(&mut desk, pupils[1], morning()), ["L", "M"]);
    assert_eq!(codes(&mut desk, pupils[2], morning()), ["/", "L"]);
    let gone = seen(&mut desk, pupils[3]);
    assert!(desk.office().clear(pupils[3], morning(), Some(&gone)).is_err(), "there is nothing to take back");
}

#[test]
fn two_marks_are_settled_whatever_the_calendar_and_the_roll_say_by_now() {
    use crate::facts::school::Closure;
    let Small { mut desk, pupils, .. } = differ(entry(ada(), "/"), entry(ada(), "N"));
    let closure = Closure { site: None, first: monday(), last: monday(), label: "Burst main".to_owned() };
    desk.office().close(closure).unwrap();
    let among = shown_to(&mut desk, pupils[0], morning());
    let chosen = current(&mut desk, pupils[0], morning()).standing[0].name;
    desk.office().settle_mark(pupils[0], morning(), chosen, &among).unwrap();
    assert!(!current(&mut desk, pupils[0], morning()).is_conflict());
    let none = desk.office().amend(pupils[0], morning(), (None, None), "The school was closed", None);
    assert!(none.is_ok(), "what should not be there is taken back: {none:?}");
    let other = desk.office().amend(pupils[0], morning(), (Some("/"), None), "Was here", None);
    assert!(matches!(other, Err(OfficeError::ClosedDay(..))));
}

#[test]
fn nobody_is_present_in_an_afternoon_that_has_not_begun() {
    let Small { mut desk, beech, pupils, .. } = small();
    desk.at(clock(9, 5));
    assert!(matches!(desk.office().mark_remaining_present(beech, afternoon()), Err(OfficeError::NotBegun(_))));
    let early = desk.office().amend(pupils[0], afternoon(), (Some("\\"), None), "Always here", None);
    assert!(matches!(early, Err(OfficeError::NotBegun(_))));
    desk.office().take(beech, afternoon(), &[entry(pupils[0], "M")], false).unwrap();
    assert!(desk.at(clock(12, 45)).office().mark_remaining_present(beech, afternoon()).is_ok());
}

#[test]
fn a_comment_made_before_the_mark_is_shown_and_never_replaced_unseen() {
    let Small { mut desk, beech, pupils, .. } = small();
    let row = |desk: &mut Desk| {
        let key = show::register_key(beech, morning());
        show::register(&mut desk.records, &mut desk.known, &key).unwrap().rows.remove(0)
    };
    desk.at(clock(8, 50)).office().comment(pupils[0], morning(), "Taxi, here by ten", Some(&[])).unwrap();
    let before = row(&mut desk);
    assert_eq!((before.note.as_str(), before.mark), ("Taxi, here by ten", None));
    let noted = MarkEntry { note: Some("Coach broke down".to_owned()), ..entry(pupils[0], "Y7") };
    desk.at(clock(8, 55)).office().take(beech, morning(), &[noted], false).unwrap();
    assert_eq!(row(&mut desk).note, "Taxi, here by ten; Coach broke down", "a code's note stands beside it");
    desk.office().comment(pupils[0], morning(), "No kit", Some(&before.notes)).unwrap();
    let after = row(&mut desk);
    assert_eq!(after.note, "Coach broke down; No kit");
    assert!(after.history.iter().any(|line| line == "08:50 Helen Marsh, Teacher noted: Taxi, here by ten"));
}

#[test]
fn a_contradiction_of_last_friday_stands_in_to_do_with_a_way_to_its_register() {
    use crate::view::today::Link;
    let Small { mut desk, site, beech, pupils, .. } = small();
    let friday = Session::pm(monday().plus(-3));
    let mut tablet = desk.another(2, Some(TOM));
    for (device, code) in [(&mut desk, "N"), (&mut tablet, "\\")] {
        device.records.set_clock(friday.day, clock(13, 5));
        device.office().take(beech, friday, &[entry(pupils[0], code)], false).unwrap();
    }
    desk.at(clock(8, 40)).hear(&tablet);
    let view = show::duties::to_do(&mut desk.records, &mut desk.known, Some(site), usize::MAX, &[]).unwrap();
    let part = view.parts.iter().find(|part| part.title == "session with two marks that differ").unwrap();
    let link = Link::Settle(show::register_key(beech, friday), pupils[0].into());
    assert_eq!((part.lines[0].name.as_str(), part.lines[0].link), ("Byrne, Ada", Some(link)));
    assert_eq!(part.lines[0].detail, "Fri 20 Nov pm: two marks differ, choose which stands");

    // From this morning's register it is one step back, and one forward again.
    let of = |desk: &mut Desk, session| {
        show::register(&mut desk.records, &mut desk.known, &show::register_key(beech, session)).unwrap()
    };
    let today = of(&mut desk, morning());
    let past: Vec<_> = today.rows[0].past.iter().map(|past| past.status).collect();
    assert_eq!(past.last(), Some(&crate::view::status::Status::Check), "it is not shown as if it were settled");
    let step = today.before.unwrap();
    assert_eq!((step.key, step.words.as_str()), (show::register_key(beech, friday), "Friday 20 November, afternoon"));
    assert_eq!(of(&mut desk, friday).after.unwrap().key, show::register_key(beech, morning()));
    assert_eq!(of(&mut desk, afternoon()).after, None, "tomorrow has not come");
    let list = show::registers_in(&mut desk.records, &mut desk.known, site, &step.key).unwrap();
    assert_eq!((list.rows[0].key, list.session.as_str()), (step.key, "Friday 20 November, afternoon"));
    assert!(list.rows.iter().any(|row| row.state == "Nothing sent"), "{:?}", list.rows);
}

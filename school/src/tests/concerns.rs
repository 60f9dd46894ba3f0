//! Concerns: added in one act, told to whom they concern, read only when opened, marked as read by an act of its own.

use super::*;
use crate::show::{self, OpenedConcerns};
use crate::view::concern::{ConcernState, ConcernsView, NewConcern};
use muster_core::id::DocumentId;

fn typed(pupil: PupilId) -> NewConcern {
    NewConcern {
        pupils: vec![pupil.into()],
        day: "23/11/2026".into(),
        time: "08:15".into(),
        words: "“Nobody was home\r\nagain,” she said.\t".into(),
        category: "Neglect".into(),
        kind: "Supervision".into(),
        ..NewConcern::default()
    }
}

fn view(desk: &mut Desk, me: PersonId, opened: Option<&OpenedConcerns>) -> ConcernsView {
    show::concerns(&mut desk.records, &desk.known, Some(me), opened).unwrap()
}

/// Tom has added a concern about Ada Byrne.
fn added(small: &mut Small) -> DocumentId {
    small.desk.records.sign_in(TOM);
    let new = typed(small.pupils[0]);
    small.desk.office().add_concern(small.site, &new).unwrap()
}

#[test]
fn a_concern_keeps_the_words_as_they_were_typed_and_when_it_was_seen() {
    let mut small = small();
    let concern = added(&mut small);
    small.desk.office().read_concern(&concern).unwrap();
    let view = view(&mut small.desk, TOM, Some(&OpenedConcerns::Concern(concern)));
    let file = view.file.unwrap();
    let first = &file.entries[0];
    assert_eq!(first.words, "“Nobody was home\nagain,” she said.");
    assert_eq!((first.who.as_str(), first.did.as_str()), ("Tom Okafor", "opened this concern"));
    let fact = |what: &str| first.facts.iter().find(|(one, _)| one == what).map(|(_, of)| of.as_str());
    assert_eq!(fact("About"), Some("Ada Byrne, Beech"));
    assert_eq!(fact("Seen or said"), Some("Monday 23 November 08:15"));
    assert_eq!(fact("Category"), Some("Neglect: Supervision"));
}

#[test]
fn the_list_names_no_child_and_says_no_detail() {
    let mut small = small();
    added(&mut small);
    let mut view = view(&mut small.desk, HELEN, None);
    assert_eq!((view.rows.len(), view.summary.as_str()), (1, "1 concern that you can read, 1 to read."));
    assert_eq!(view.rows[0].by, "Tom Okafor");
    view.pupils = Default::default();
    let told = format!("{view:?}");
    for detail in ["Ada", "Byrne", "Beech", "Neglect", "home"] {
        assert!(!told.contains(detail), "{detail}: {told}");
    }
    assert!(!format!("{:?}", typed(small.pupils[0])).contains("home"), "nor does a line of debugging");
}

#[test]
fn only_marking_as_read_takes_a_concern_off_what_waits_and_something_added_puts_it_back() {
    let mut small = small();
    let concern = added(&mut small);
    let state = |small: &mut Small| view(&mut small.desk, HELEN, None).rows[0].state;
    small.desk.records.sign_in(HELEN);
    let early = small.desk.office().mark_concern_read(&concern).unwrap_err();
    assert!(early.to_string().contains("open the concern first"), "{early}");
    small.desk.office().read_concern(&concern).unwrap();
    assert_eq!(state(&mut small), ConcernState::ToRead, "opening is not reading");
    small.desk.office().mark_concern_read(&concern).unwrap();
    assert_eq!(state(&mut small), ConcernState::Read);
    small.desk.office().act_on_concern(&concern, "Rang her mother.").unwrap();
    assert_eq!(state(&mut small), ConcernState::Read, "one’s own words are not news");
    small.desk.records.sign_in(TOM);
    assert_eq!(view(&mut small.desk, TOM, None).rows[0].state, ConcernState::Added);
    small.desk.office().add_to_concern(&concern, "She came in without breakfast.").unwrap();
    assert_eq!(state(&mut small), ConcernState::Added);
    let me = Some(HELEN);
    assert_eq!(show::concerns_to_read(&mut small.desk.records, me).unwrap(), 1);
}

#[test]
fn a_file_tells_who_opened_it_acted_and_marked_it_and_nothing_goes_from_it() {
    let mut small = small();
    let concern = added(&mut small);
    small.desk.records.sign_in(HELEN);
    let mut office = small.desk.office();
    office.read_concern(&concern).unwrap();
    office.act_on_concern(&concern, "Rang her mother.").unwrap();
    office.mark_concern_read(&concern).unwrap();
    let file = view(&mut small.desk, HELEN, Some(&OpenedConcerns::Concern(concern))).file.unwrap();
    let told: Vec<String> = file.entries.iter().map(|entry| format!("{} {}", entry.who, entry.did)).collect();
    assert_eq!(
        told,
        [
            "Tom Okafor opened this concern",
            "Helen Marsh opened it to read",
            "Helen Marsh took action",
            "Helen Marsh marked it as read"
        ]
    );
    assert!(file.marked.unwrap().starts_with("You marked this as read: 08:30"));
}

#[test]
fn a_chronology_holds_all_about_one_pupil_and_nothing_about_others_and_is_read_in_each() {
    let mut small = small();
    let first = added(&mut small);
    let (ada, leila) = (small.pupils[0], small.pupils[1]);
    let both = NewConcern { pupils: vec![ada.into(), leila.into()], words: "They fought.".into(), ..typed(ada) };
    let second = small.desk.office().add_concern(small.site, &both).unwrap();
    let other = NewConcern { words: "Only about Leila.".into(), ..typed(leila) };
    let other = small.desk.office().add_concern(small.site, &other).unwrap();
    small.desk.records.sign_in(HELEN);
    let found = small.desk.office().open_chronology(ada).unwrap();
    assert_eq!(found.len(), 2);
    assert!(found.contains(&first) && found.contains(&second) && !found.contains(&other));
    let opened = OpenedConcerns::Chronology(ada, found);
    let file = view(&mut small.desk, HELEN, Some(&opened)).file.unwrap();
    assert_eq!(file.title, "Chronology of Ada Byrne");
    let words: Vec<&str> = file.entries.iter().map(|entry| entry.words.as_str()).filter(|w| !w.is_empty()).collect();
    assert_eq!(words.len(), 2);
    assert!(words.iter().all(|words| !words.contains("Only about Leila")));
    assert_eq!(file.entries.iter().filter(|entry| entry.did == "opened it to read").count(), 2, "an entry in each");
}

#[test]
fn what_cannot_be_is_refused_with_words_that_say_what_would_be_right_and_nothing_is_written() {
    let mut small = small();
    small.desk.records.sign_in(TOM);
    let good = typed(small.pupils[0]);
    let wrong = [
        (NewConcern { pupils: Vec::new(), ..good.clone() }, "say whom it is about"),
        (NewConcern { day: "yesterday".into(), ..good.clone() }, "write the day as 23/11/2026"),
        (NewConcern { time: "25:00".into(), ..good.clone() }, "write the time as 09:14"),
        (NewConcern { time: "23:59".into(), ..good.clone() }, "that time has not come yet"),
        (NewConcern { kind: String::new(), ..good.clone() }, "choose a category, and its kind"),
        (NewConcern { words: " \n ".into(), ..good.clone() }, "cannot be"),
        (NewConcern { words: "a".repeat(crate::limits::ACCOUNT_CHARS + 1), ..good.clone() }, "shorten the text"),
    ];
    let before = small.desk.records.acts();
    for (new, said) in wrong {
        let refused = small.desk.office().add_concern(small.site, &new).unwrap_err().to_string();
        assert!(refused.contains(said), "{refused}");
    }
    assert_eq!(small.desk.records.acts(), before);
    let somebody = NewConcern { pupils: Vec::new(), about: "A visitor".into(), ..good };
    small.desk.office().add_concern(small.site, &somebody).unwrap();
}

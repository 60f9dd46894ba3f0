//! After a roll call: its report, and the drills that were.

use super::*;
use crate::facts::roll_call::{Action, Kind, Learned, Statement};
use crate::ids::Who;
use crate::show;

fn learned(words: &str) -> Learned {
    let action = Action {
        what: "Mend the hall door".to_owned(),
        owner: "Site manager".to_owned(),
        due: Day::parse("2026-12-04").ok(),
    };
    Learned {
        weather: "Rain".to_owned(),
        exits: "Hall, north".to_owned(),
        problems: "The door stuck".to_owned(),
        actions: vec![action],
        learned: words.to_owned(),
    }
}

#[test]
fn the_report_says_who_marked_whom_who_opened_the_list_and_who_was_never_found() {
    let Small { mut desk, site, pupils, .. } = small();
    let opened = crate::facts::access::Event::OpenedFire { locked: true };
    desk.at(clock(9, 16)).office().note_access(site, opened).unwrap();
    let key = desk.at(clock(9, 17)).office().start_call(site, Kind::Drill).unwrap();
    desk.at(clock(9, 19)).office().sight(key, Who::Pupil(pupils[0]), Statement::Found, "Front car park", "").unwrap();
    desk.at(clock(9, 31)).office().end_call(key, "").unwrap();
    let report = show::call(&mut desk.records, Some(&desk.known), key, None).unwrap().report.unwrap();
    assert_eq!(report.title, "Drill, Monday 23 November 2026, 09:17 to 09:31, Harbour");
    assert_eq!(report.opened, ["Helen Marsh, 09:16"]);
    assert_eq!(report.outcome, "7 never accounted for");
    assert_eq!(report.never_found.len(), 7);
    let ada = report.marks.iter().find(|mark| mark.name == "Byrne, Ada").unwrap();
    assert_eq!((ada.outcome.as_str(), ada.words.as_str()), ("Found", "Found by H. Marsh 09:19, Front car park"));
    assert_eq!(report.times[3], ("All clear".to_owned(), "09:31".to_owned()));
    assert!(report.may_write);
}

#[test]
fn the_report_says_who_said_different_things_of_whom_who_settled_it_and_when() {
    let Small { mut desk, site, pupils, .. } = small();
    let key = desk.at(clock(9, 17)).office().start_call(site, Kind::Drill).unwrap();
    let leila = Who::Pupil(pupils[1]);
    let mut tablet = desk.another(2, None);
    tablet.at(clock(9, 18)).office().sight(key, leila, Statement::Found, "Front car park", "Sam Reid").unwrap();
    desk.at(clock(9, 20)).office().sight(key, leila, Statement::NotFound, "Toilets", "").unwrap();
    desk.hear(&tablet);
    let (_, undo) = desk.at(clock(9, 21)).office().settle(key, leila, Statement::NotFound, "", "").unwrap();
    desk.office().undo(&undo).unwrap();
    desk.at(clock(9, 22)).office().settle(key, leila, Statement::Found, "", "").unwrap();
    // One word alone, settled by a slip, is no contradiction.
    let ada = Who::Pupil(pupils[0]);
    desk.office().sight(key, ada, Statement::Found, "", "").unwrap();
    desk.office().settle(key, ada, Statement::Found, "", "").unwrap();
    desk.at(clock(9, 31)).office().end_call(key, "").unwrap();
    let report = show::call(&mut desk.records, Some(&desk.known), key, None).unwrap().report.unwrap();
    let [settled] = report.settled.as_slice() else { panic!("{:?}", report.settled) };
    for words in [
        "Found by Sam Reid (claimed) 09:18, Front car park. Not found by H. Marsh 09:20, Toilets. ",
        "Settled as found by H. Marsh 09:22",
    ] {
        assert!(settled.contains(words), "{settled}");
    }
    assert!(!settled.contains("09:21"), "what was taken back settled nothing: {settled}");
    let table = crate::extract::call(&report, "Harbour", key.day);
    assert!(table.notes.iter().any(|note| note.contains(settled.as_str())), "{:?}", table.notes);
}

#[test]
fn what_was_learned_is_written_and_signed_by_name_and_a_later_change_shows() {
    let Small { mut desk, site, .. } = small();
    let key = desk.at(clock(9, 17)).office().start_call(site, Kind::Drill).unwrap();
    assert!(desk.office().sign_report(key).is_err(), "it still runs");
    desk.at(clock(9, 31)).office().end_call(key, "").unwrap();
    desk.office().write_report(key, learned("Beech leaves by the kitchen")).unwrap();
    desk.at(clock(10, 12)).office().sign_report(key).unwrap();
    let report = |desk: &mut Desk| show::call(&mut desk.records, Some(&desk.known), key, None).unwrap().report.unwrap();
    let signed = report(&mut desk);
    assert_eq!(signed.signed, ["Signed by Helen Marsh, Monday 23 November 2026 10:12"]);
    assert_eq!(signed.written.actions[0].due, "Friday 4 December 2026");
    desk.at(clock(10, 30)).office().write_report(key, learned("And Rowan by the hall")).unwrap();
    let changed = report(&mut desk);
    assert_eq!(changed.written.learned, "And Rowan by the hall");
    assert!(changed.signed[0].ends_with("before the last change"), "{}", changed.signed[0]);
}

#[test]
fn drills_stand_under_their_term_and_the_next_one_has_a_day() {
    let Small { mut desk, site, .. } = small();
    let view = show::drills(&mut desk.records, &desk.known, site, None).unwrap();
    assert!(view.next.contains("enter the terms"), "{}", view.next);
    for (name, first, last) in
        [("Autumn term", "2026-09-02", "2026-12-18"), ("Spring term", "2027-01-04", "2027-04-01")]
    {
        let (first, last) = (Day::parse(first).unwrap(), Day::parse(last).unwrap());
        let term = crate::facts::calendar::Term { site: None, first, last, name: name.to_owned() };
        desk.office().set_term(term).unwrap();
    }
    let view = show::drills(&mut desk.records, &desk.known, site, None).unwrap();
    assert_eq!(view.next, "The next drill is due by Friday 18 December 2026");
    let key = desk.at(clock(9, 17)).office().start_call(site, Kind::Drill).unwrap();
    desk.at(clock(9, 31)).office().end_call(key, "").unwrap();
    desk.office().write_report(key, learned("Beech leaves by the kitchen")).unwrap();
    let view = show::drills(&mut desk.records, &desk.known, site, Some(key.event.into())).unwrap();
    assert_eq!(
        view.next,
        "A drill was held this term, on Monday 23 November. The next is due by Thursday 1 April 2027"
    );
    assert_eq!(view.terms[0].name, "Autumn term 2026");
    assert_eq!((view.terms[0].summary.as_str(), view.terms[0].rows.len()), ("1 drill", 1));
    assert_eq!(view.terms[0].rows[0].learned, "Beech leaves by the kitchen");
    assert_eq!(view.report.unwrap().event, key.event.into());
}

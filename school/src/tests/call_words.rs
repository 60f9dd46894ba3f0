//! Words about somebody in a roll call: called back, of older and newer lists, of clocks that differ.

use super::*;
use crate::facts::roll::Way;
use crate::facts::roll_call::{Kind, Statement};
use crate::fire::call::Standing;
use crate::ids::Who;
use crate::office::{CallKey, NewVisit};
use crate::show;
use crate::view::call::{CallRow, Urgency};

fn standing(desk: &mut Desk, key: CallKey, who: Who) -> Standing {
    desk.office().call(key).unwrap().person(who).unwrap().standing
}

fn row(desk: &mut Desk, key: CallKey, who: Who) -> CallRow {
    let view = show::call(&mut desk.records, Some(&desk.known), key, None).unwrap();
    view.rows.into_iter().find(|row| row.person == who.into()).unwrap()
}

#[test]
fn somebody_whom_another_marshal_found_is_called_back_and_is_to_check() {
    let Small { mut desk, site, pupils, .. } = small();
    let (ada, leila) = (Who::Pupil(pupils[0]), Who::Pupil(pupils[1]));
    let mut tablet = desk.another(2, Some(TOM));
    let key = desk.at(clock(9, 17)).office().start_call(site, Kind::Drill).unwrap();
    tablet.hear(&desk);
    tablet.at(clock(9, 18)).office().sight(key, ada, Statement::Found, "", "").unwrap();
    desk.at(clock(9, 19)).hear(&tablet);
    let (_, undo) = desk.office().call_back(key, ada, "").unwrap();
    assert_eq!(standing(&mut desk, key, ada), Standing::Check, "the wrong twin was ticked");
    desk.office().undo(&undo).unwrap();
    assert_eq!(standing(&mut desk, key, ada), Standing::Found);
    // One's own word is taken back, and comes back with undo.
    desk.office().sight(key, leila, Statement::Found, "Front car park", "Sam Reid").unwrap();
    let (_, undo) = desk.office().call_back(key, leila, "").unwrap();
    assert_eq!(standing(&mut desk, key, leila), Standing::ToFind);
    assert!(desk.office().call_back(key, leila, "").is_err(), "they are looked for already");
    desk.office().undo(&undo).unwrap();
    assert_eq!(row(&mut desk, key, leila).place, "Front car park");
    // A settlement called back leaves nobody found by what it had answered.
    tablet.hear(&desk);
    tablet.at(clock(9, 20)).office().sight(key, leila, Statement::NotFound, "yard", "").unwrap();
    desk.hear(&tablet);
    desk.at(clock(9, 21)).office().settle(key, leila, Statement::Found, "", "").unwrap();
    desk.office().call_back(key, leila, "").unwrap();
    assert!(matches!(standing(&mut desk, key, leila), Standing::Check | Standing::NotFound));
}

#[test]
fn a_tablet_that_was_off_since_the_day_before_takes_no_fresher_word_from_the_list() {
    let Small { mut desk, site, beech, pupils, tyler, .. } = small();
    let ada = Who::Pupil(pupils[0]);
    desk.at(clock(8, 50)).office().take(beech, morning(), &[entry(pupils[0], "/")], false).unwrap();
    let mut stale = desk.another(2, Some(TOM));
    desk.records.set_clock(monday().plus(1), clock(9, 2));
    let tuesday = Session::am(monday().plus(1));
    desk.office().take(beech, tuesday, &[entry(pupils[0], "/")], false).unwrap();
    desk.records.set_clock(monday().plus(1), clock(9, 17));
    let key = desk.office().start_call(site, Kind::Real).unwrap();
    stale.records.merge_some(&desk.records, |hash| {
        desk.records.entries().get(hash).is_some_and(|entry| entry.document == key.document())
    });
    stale.records.set_clock(monday().plus(1), clock(9, 18));
    stale.office().join_call(key).unwrap();
    desk.hear(&stale);
    let call = desk.office().call(key).unwrap();
    assert_eq!(call.person(ada).unwrap().listed.line, "Present, Register Beech, 09:02");
    assert_eq!(call.person(Who::Pupil(tyler)).unwrap().listed.help, ["Evac chair, two adults"]);
    let places: Vec<_> = show::call(&mut desk.records, None, key, None).unwrap().missing;
    let at = places.iter().find(|place| place.people.iter().any(|one| one.starts_with("Ada Byrne"))).unwrap();
    assert_eq!(at.place, "Register Beech");
}

#[test]
fn of_several_lists_a_name_and_help_that_any_of_them_knows_are_shown_and_a_doubt_of_the_same_day_is_added() {
    use crate::facts::roll_call::{CallFact, Listed, Snapshot};
    use crate::facts::{Value as _, documents};
    use crate::fire::NAMELESS;
    use muster_core::replica::records::{Change, Records as _};
    let Small { mut desk, site, tyler, .. } = small();
    let key = desk.at(clock(9, 17)).office().start_call(site, Kind::Drill).unwrap();
    let who = Who::Pupil(tyler);
    let mut says = |as_of: u16, surname: &str, line: &str, help: &[&str], certain| {
        let as_of_ms = crate::calendar::moment(monday(), clock(9, as_of)).utc_ms;
        let help = help.iter().map(|one| (*one).to_owned()).collect();
        let (surname, line) = (surname.to_owned(), line.to_owned());
        let listed = Listed { who, surname, forename: "Tyler".into(), group: "Rowan".into(), line, help, certain };
        let snapshot = Snapshot { as_of_ms, gaps: String::new(), part: 9, people: vec![listed] };
        let facts = vec![CallFact::from(snapshot).fact().unwrap()];
        let document = documents::roll_call(key.site, key.day, key.event);
        desk.records.write(vec![Change { document, facts }]).unwrap();
    };
    says(30, NAMELESS, "Present, Register Rowan, 09:30", &[], true);
    says(20, "Green", "Two marks differ", &["Crutches"], false);
    let listed = desk.office().call(key).unwrap().person(who).unwrap().listed.clone();
    assert_eq!(listed.surname, "Green");
    assert!(listed.line.starts_with("Present, Register Rowan, 09:30. On another list: "), "{}", listed.line);
    assert!(listed.help.contains(&"Crutches".to_owned()) && listed.help.len() == 2, "{:?}", listed.help);
}

#[test]
fn everybody_is_accounted_for_when_nothing_spoke_against_it_any_more() {
    let Small { mut desk, site, pupils, tyler, .. } = small();
    let key = desk.at(clock(9, 0)).office().start_call(site, Kind::Drill).unwrap();
    let mut tablet = desk.another(2, Some(TOM));
    let ada = Who::Pupil(pupils[0]);
    let all = pupils.iter().copied().chain([tyler]).map(Who::Pupil).chain([HELEN, TOM].map(Who::Staff));
    desk.at(clock(9, 5));
    for who in all {
        desk.office().sight(key, who, Statement::Found, "", "").unwrap();
    }
    tablet.at(clock(9, 10)).office().sight(key, ada, Statement::NotFound, "", "").unwrap();
    tablet.at(clock(9, 30)).office().sight(key, ada, Statement::Found, "", "").unwrap();
    // Said once more, it is no later.
    desk.hear(&tablet);
    desk.at(clock(9, 40)).office().sight(key, ada, Statement::Found, "hall", "").unwrap();
    assert_eq!(desk.office().call(key).unwrap().minutes_to_all(), Some(30));
}

#[test]
fn a_roll_call_begun_by_a_clock_a_day_wrong_hints_at_nothing_of_another_day_and_shows_who_came_since() {
    for days in [-1, 1] {
        let Small { mut desk, site, pupils, .. } = small();
        let ada = Who::Pupil(pupils[0]);
        desk.records.set_clock(monday().plus(-1), clock(15, 10));
        desk.office().sign(site, ada, Way::Out, "").unwrap();
        desk.at(clock(8, 50)).office().write_expected(site).unwrap();
        let mut starter = desk.another(2, Some(TOM));
        starter.records.set_clock(monday().plus(days), clock(9, 17));
        let key = starter.office().start_call(site, Kind::Real).unwrap();
        desk.hear(&starter);
        desk.at(clock(9, 18)).office().join_call(key).unwrap();
        let carol = NewVisit { name: "Carol Abbott".to_owned(), ..NewVisit::default() };
        desk.office().visitor_in(site, &carol).unwrap();
        desk.office().sign(site, Who::Pupil(pupils[1]), Way::In, "").unwrap();
        assert_eq!(row(&mut desk, key, ada).hint, "", "yesterday’s sign-out");
        let view = show::call(&mut desk.records, Some(&desk.known), key, None).unwrap();
        assert_eq!(view.heard_since.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["Abbott, Carol"]);
    }
}

#[test]
fn minutes_between_clocks_that_differ_are_not_given_as_certain_and_nobody_looks_calm() {
    for days in [-1, 1] {
        let Small { mut desk, site, pupils, tyler, .. } = small();
        let mut starter = desk.another(2, Some(TOM));
        starter.records.set_clock(monday().plus(days), clock(9, 17));
        let key = starter.office().start_call(site, Kind::Drill).unwrap();
        desk.hear(&starter);
        desk.at(clock(9, 18)).office().join_call(key).unwrap();
        desk.at(clock(9, 25));
        let ada = row(&mut desk, key, Who::Pupil(pupils[0]));
        assert_eq!((ada.urgency, ada.waiting.as_str()), (Urgency::High, "Not found"), "{days}");
        let view = show::call(&mut desk.records, Some(&desk.known), key, None).unwrap();
        assert!(view.started.contains("clocks of the devices differ"), "{}", view.started);
        for who in pupils.iter().copied().chain([tyler]).map(Who::Pupil).chain([HELEN, TOM].map(Who::Staff)) {
            desk.office().sight(key, who, Statement::Found, "", "").unwrap();
        }
        desk.office().end_call(key, "").unwrap();
        let view = show::call(&mut desk.records, Some(&desk.known), key, None).unwrap();
        let outcome = view.report.unwrap().outcome;
        assert!(outcome.starts_with("Everybody accounted for. The clocks of the devices differ"), "{outcome}");
    }
}

#[test]
fn whoever_waits_at_a_refuge_stands_among_those_whom_the_fire_service_must_bring_out() {
    let Small { mut desk, site, tyler, .. } = small();
    let stan = NewVisit { name: "Stan Pike".to_owned(), working: "plant room".to_owned(), ..NewVisit::default() };
    desk.at(clock(8, 55)).office().visitor_in(site, &stan).unwrap();
    let key = desk.at(clock(9, 17)).office().start_call(site, Kind::Real).unwrap();
    desk.office().sight(key, Who::Pupil(tyler), Statement::AtRefuge, "Stair B", "").unwrap();
    let view = show::call(&mut desk.records, None, key, None).unwrap();
    assert_eq!(view.missing[0].place, "To be brought out from a refuge point: Stair B");
    assert!(view.missing[0].people[0].starts_with("Tyler Green"));
    let plant = view.missing.iter().find(|place| place.place == "plant room").expect("by the judge’s own line");
    assert!(plant.people[0].starts_with("Stan Pike"));
}

#[test]
fn somebody_added_by_mistake_is_gone_again_unless_anybody_else_spoke_of_them() {
    use crate::office::Undo;
    let Small { mut desk, site, .. } = small();
    let key = desk.at(clock(9, 17)).office().start_call(site, Kind::Drill).unwrap();
    let twice = desk.office().add_stranger(key, "Plumber", "").unwrap();
    let plumber = desk.office().add_stranger(key, "Plumber", "").unwrap();
    assert_eq!(desk.office().call(key).unwrap().counts().total, 10);
    desk.office().undo(&Undo::Stranger { call: key, who: twice }).unwrap();
    assert!(desk.office().call(key).unwrap().person(twice).is_none());
    let mut tablet = desk.another(2, Some(TOM));
    assert!(tablet.office().undo(&Undo::Stranger { call: key, who: plumber }).is_err(), "another marshal added them");
    tablet.at(clock(9, 18)).office().sight(key, plumber, Statement::NotFound, "", "").unwrap();
    desk.office().undo(&Undo::Stranger { call: key, who: plumber }).unwrap();
    desk.hear(&tablet);
    assert_eq!(standing(&mut desk, key, plumber), Standing::NotFound, "somebody looks for them");
}

#[test]
fn somebody_put_right_on_the_next_morning_takes_no_minutes_off_the_report() {
    let Small { mut desk, site, pupils, tyler, .. } = small();
    let key = desk.at(clock(9, 0)).office().start_call(site, Kind::Drill).unwrap();
    let ada = Who::Pupil(pupils[0]);
    for who in pupils.iter().copied().chain([tyler]).map(Who::Pupil).chain([HELEN, TOM].map(Who::Staff)) {
        desk.at(clock(9, 4)).office().sight(key, who, Statement::Found, "", "").unwrap();
    }
    desk.records.set_clock(monday().plus(1), clock(8, 30));
    desk.office().sight(key, ada, Statement::Found, "It was the playing field", "").unwrap();
    desk.office().end_call(key, "").unwrap();
    let view = show::call(&mut desk.records, Some(&desk.known), key, None).unwrap();
    assert_eq!(view.report.unwrap().outcome, "Everybody accounted for after 4 minutes");
}

#[test]
fn a_roll_call_that_was_left_running_shows_no_sign_out_of_a_later_day_as_heard_since() {
    let Small { mut desk, site, pupils, .. } = small();
    let ada = Who::Pupil(pupils[0]);
    let key = desk.at(clock(14, 0)).office().start_call(site, Kind::Drill).unwrap();
    desk.records.set_clock(monday().plus(3), clock(8, 30));
    desk.office().write_expected(site).unwrap();
    desk.records.set_clock(monday().plus(3), clock(15, 10));
    desk.office().sign(site, ada, Way::Out, "").unwrap();
    assert_eq!(row(&mut desk, key, ada).hint, "");
}

#[test]
fn a_doubt_of_the_day_stands_beside_a_surer_line_by_a_clock_that_is_a_day_ahead() {
    let Small { mut desk, site, beech, pupils, .. } = small();
    let ada = Who::Pupil(pupils[0]);
    let mut ahead = desk.another(2, Some(TOM));
    // One device alone says that Ada is in the room, by a clock that is a day ahead.
    ahead.records.set_clock(monday().plus(1), clock(8, 50));
    ahead.office().take(beech, Session::am(monday().plus(1)), &[entry(pupils[0], "/")], false).unwrap();
    let key = desk.at(clock(9, 17)).office().start_call(site, Kind::Real).unwrap();
    ahead.records.merge_from(&desk.records);
    ahead.records.set_clock(monday().plus(1), clock(9, 18));
    ahead.office().join_call(key).unwrap();
    desk.hear(&ahead);
    let listed = desk.office().call(key).unwrap().person(ada).unwrap().listed.clone();
    assert!(listed.line.contains("On another list: "), "{}", listed.line);
    assert!(!listed.certain);
}

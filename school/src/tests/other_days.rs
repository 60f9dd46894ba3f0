//! Who is on the list by the page of another day, and who is on it because nobody signed in.

use super::*;
use crate::facts::roll::Way;
use crate::facts::visits::ComerKind;
use crate::fire::presence::{self, FireList, State};
use crate::ids::Who;
use crate::office::{NewTrip, NewVisit};
use crate::show;

fn list(desk: &mut Desk, site: PlaceId) -> FireList {
    presence::list(&mut desk.records, site).unwrap().unwrap()
}

fn line(list: &FireList, who: Who) -> Option<(State, String)> {
    list.people.iter().find(|one| one.who == who).map(|one| (one.state, one.line.clone()))
}

fn says(state: State, line: &str) -> Option<(State, String)> {
    Some((state, line.to_owned()))
}

fn carol() -> NewVisit {
    NewVisit { name: "Carol Abbott".to_owned(), typed: true, ..NewVisit::default() }
}

/// A door whose clock is days off, that everybody hears.
fn door(desk: &Desk, days: i32) -> Desk {
    let mut door = desk.another(5, Some(HELEN));
    door.records.set_clock(monday().plus(days), clock(9, 41));
    door
}

#[test]
fn whoever_signed_in_at_a_door_whose_clock_is_a_day_wrong_is_called_by_everybody() {
    for (days, words) in [
        (1, "Signed in 09:41 by a clock that says Tuesday 24 November"),
        (-1, "Signed in Sunday 09:41, not signed out"),
    ] {
        let Small { mut desk, site, beech, pupils, .. } = small();
        // Most staff sign in here as a rule: somebody who did not is not here.
        for day in [monday().plus(-3), monday()] {
            desk.records.set_clock(day, clock(8, 0));
            desk.office().write_expected(site).unwrap();
            for staff in [HELEN, TOM].into_iter().take(if day == monday() { 1 } else { 2 }) {
                desk.office().sign(site, Who::Staff(staff), Way::In, "").unwrap();
                desk.office().sign(site, Who::Staff(staff), Way::Out, "").unwrap();
            }
        }
        desk.at(clock(8, 55)).office().take(beech, morning(), &[entry(pupils[0], "/")], false).unwrap();
        // One clock alone, against two that agree.
        let mut tablet = desk.another(2, Some(HELEN));
        tablet.at(clock(8, 56)).office().take(beech, morning(), &[entry(pupils[1], "/")], false).unwrap();
        desk.hear(&tablet);
        let mut door = door(&desk, days);
        let visit = door.office().visitor_in(site, &carol()).unwrap();
        door.office().sign(site, Who::Staff(TOM), Way::In, "").unwrap();
        desk.hear(&door);
        desk.at(clock(9, 45));
        let now = list(&mut desk, site);
        assert_eq!(line(&now, Who::Visitor(visit)), says(State::MustCall, words));
        let (state, said) = line(&now, Who::Staff(TOM)).unwrap();
        assert_eq!(state, State::MustCall, "{said}");
        let key = desk.office().start_call(site, crate::facts::roll_call::Kind::Real).unwrap();
        assert!(desk.office().call(key).unwrap().person(Who::Visitor(visit)).is_some());
    }
}

#[test]
fn a_visitor_who_stayed_over_midnight_is_called_until_somebody_signs_them_out() {
    let Small { mut desk, site, .. } = small();
    desk.at(clock(21, 0));
    let visit = desk.office().visitor_in(site, &carol()).unwrap();
    let stan = desk.office().visitor_in(site, &NewVisit { name: "Stan Pike".to_owned(), ..carol() }).unwrap();
    let gone = desk.office().visitor_in(site, &NewVisit { name: "Ann Gone".to_owned(), ..carol() }).unwrap();
    desk.at(clock(21, 5)).office().visitor_out(site, gone).unwrap();
    let tuesday = monday().plus(1);
    desk.records.set_clock(tuesday, clock(6, 30));
    assert_eq!(line(&list(&mut desk, site), Who::Visitor(visit)), says(State::MustCall, "Signed in Monday 21:00"));
    desk.office().write_expected(site).unwrap();
    let now = list(&mut desk, site);
    assert_eq!(line(&now, Who::Visitor(visit)), says(State::MustCall, "Signed in Monday 21:00, not signed out"));
    assert_eq!(line(&now, Who::Visitor(gone)), None);
    let view = show::reception(&mut desk.records, &desk.known, site, "", None, None).unwrap();
    assert!(view.here.iter().any(|row| row.name == "Abbott, Carol"), "they can be signed out: {:?}", view.here);
    desk.office().visitor_out(site, visit).unwrap();
    desk.office().typed_out(site, ComerKind::Visitor, "stan pike", "").unwrap();
    let now = list(&mut desk, site);
    assert_eq!((line(&now, Who::Visitor(visit)), line(&now, Who::Visitor(stan))), (None, None));
    assert!(now.unmatched.is_empty(), "{:?}", now.unmatched);
}

#[test]
fn staff_who_signed_in_in_the_evening_are_called_after_midnight() {
    let Small { mut desk, site, .. } = small();
    for staff in [HELEN, TOM] {
        desk.at(clock(21, 0)).office().sign(site, Who::Staff(staff), Way::In, "").unwrap();
    }
    desk.at(clock(21, 30)).office().sign(site, Who::Staff(HELEN), Way::Out, "").unwrap();
    desk.records.set_clock(monday().plus(1), clock(0, 10));
    let stays = "Signed in Monday 21:00, not signed out";
    assert_eq!(line(&list(&mut desk, site), Who::Staff(TOM)), says(State::MustCall, stays));
    // A third comes, so that most have signed in on both days.
    let ann = PersonId([0xA3; 16]);
    desk.records.set_clock(monday().plus(1), clock(6, 30));
    desk.office().add_person(Some(ann), &person("Ann", "Reid", vec![site])).unwrap();
    desk.office().write_expected(site).unwrap();
    for staff in [HELEN, ann] {
        desk.office().sign(site, Who::Staff(staff), Way::In, "").unwrap();
    }
    let (state, said) = line(&list(&mut desk, site), Who::Staff(TOM)).unwrap();
    assert!(state == State::MustCall && said.starts_with(stays), "{said}");
    desk.office().sign(site, Who::Staff(TOM), Way::Out, "").unwrap();
    assert_eq!(line(&list(&mut desk, site), Who::Staff(TOM)).unwrap().0, State::Away, "and can be signed out");
}

#[test]
fn staff_are_off_the_list_for_not_signing_in_only_where_most_do_today_and_did_before() {
    let Small { mut desk, site, .. } = small();
    let ann = PersonId([0xA3; 16]);
    desk.office().add_person(Some(ann), &person("Ann", "Reid", vec![site])).unwrap();
    let come = |desk: &mut Desk, staff: &[PersonId]| {
        desk.office().write_expected(site).unwrap();
        for one in staff {
            desk.office().sign(site, Who::Staff(*one), Way::In, "").unwrap();
            desk.office().sign(site, Who::Staff(*one), Way::Out, "").unwrap();
        }
        line(&list(desk, site), Who::Staff(ann)).unwrap()
    };
    let like_most = (State::MustCall, "Not signed in, and not everybody signs in here".to_owned());
    desk.at(clock(8, 0));
    assert_eq!(come(&mut desk, &[HELEN]), like_most, "one of three says nothing of the others");
    assert_eq!(come(&mut desk, &[TOM]), like_most, "nor do two, where nobody signed in on the day before");
    desk.records.set_clock(monday().plus(1), clock(7, 0));
    assert_eq!(come(&mut desk, &[HELEN]), like_most, "the day has begun");
    assert_eq!(come(&mut desk, &[TOM]), (State::Away, "Not signed in".to_owned()));
}

#[test]
fn fridays_list_on_monday_leaves_out_a_visitor_who_went_and_a_trip_that_is_over() {
    let Small { mut desk, site, pupils, .. } = small();
    desk.at(clock(8, 41));
    let went = desk.office().visitor_in(site, &carol()).unwrap();
    let stays = desk.office().visitor_in(site, &NewVisit { name: "Stan Pike".to_owned(), ..carol() }).unwrap();
    let swim = NewTrip {
        title: "Swimming".to_owned(),
        leader: Some(TOM),
        phone: String::new(),
        due: clock(12, 15),
        until: None,
        people: vec![Who::Pupil(pupils[0])],
    };
    desk.office().trip_out(site, &swim).unwrap();
    desk.at(clock(10, 0)).office().visitor_out(site, went).unwrap();
    desk.records.set_clock(monday().plus(3), clock(9, 0));
    let old = list(&mut desk, site);
    assert_eq!(line(&old, Who::Visitor(went)), says(State::Away, "Signed out 10:00"));
    assert_eq!(line(&old, Who::Visitor(stays)), says(State::MustCall, "Signed in Monday 08:41"));
    assert_eq!(line(&old, Who::Pupil(pupils[0])).unwrap().0, State::MustCall);
    assert!(old.trips.is_empty(), "{:?}", old.trips);
}

#[test]
fn whoever_came_by_a_fast_clock_after_they_went_is_called_though_a_name_was_typed_at_the_kiosk() {
    let Small { mut desk, site, .. } = small();
    let stan = NewVisit { name: "Stan Pike".to_owned(), ..carol() };
    let mut kiosk = desk.another(4, None);
    kiosk.at(clock(8, 10)).office().typed_out(site, ComerKind::Visitor, "Stan Pike", "").unwrap();
    let mut fast = door(&desk, 1);
    let came = fast.office().visitor_in(site, &stan).unwrap();
    desk.hear(&kiosk);
    desk.hear(&fast);
    desk.at(clock(9, 45));
    assert_eq!(line(&list(&mut desk, site), Who::Visitor(came)).unwrap().0, State::MustCall);
    // Of yesterday's visits the one is closed that is of the kind that was typed.
    let Small { mut desk, site, .. } = small();
    let plumber = NewVisit { name: "Stan Pike".to_owned(), kind: ComerKind::Contractor, ..carol() };
    desk.at(clock(20, 0));
    let stays = desk.office().visitor_in(site, &plumber).unwrap();
    desk.records.set_clock(monday().plus(1), clock(8, 0));
    desk.office().write_expected(site).unwrap();
    desk.office().typed_out(site, ComerKind::Visitor, "Stan Pike", "").unwrap();
    assert_eq!(line(&list(&mut desk, site), Who::Visitor(stays)).unwrap().0, State::MustCall);
    desk.office().typed_out(site, ComerKind::Contractor, "Stan Pike", "").unwrap();
    assert_eq!(line(&list(&mut desk, site), Who::Visitor(stays)), None);
}

#[test]
fn a_visit_that_ended_before_it_began_is_called_on_the_day_after_too() {
    let Small { mut desk, site, .. } = small();
    desk.at(clock(21, 0));
    let visit = desk.office().visitor_in(site, &carol()).unwrap();
    let mut slow = desk.another(5, Some(TOM));
    slow.at(clock(20, 30)).office().visitor_out(site, visit).unwrap();
    desk.hear(&slow);
    desk.records.set_clock(monday().plus(1), clock(6, 30));
    desk.office().write_expected(site).unwrap();
    let torn = says(State::MustCall, "Signed out 20:30 before signing in Monday 21:00");
    assert_eq!(line(&list(&mut desk, site), Who::Visitor(visit)), torn);
    desk.office().visitor_out(site, visit).unwrap();
    assert_eq!(line(&list(&mut desk, site), Who::Visitor(visit)), None);
}

#[test]
fn a_tablet_whose_clock_is_a_day_behind_shows_the_trip_with_its_leader_apart() {
    let Small { mut desk, site, beech, pupils, .. } = small();
    let swim = NewTrip {
        title: "Swimming".to_owned(),
        leader: Some(TOM),
        phone: String::new(),
        due: clock(12, 15),
        until: None,
        people: vec![Who::Pupil(pupils[0])],
    };
    desk.at(clock(8, 50)).office().take(beech, morning(), &[entry(pupils[0], "/")], false).unwrap();
    desk.at(clock(9, 0)).office().trip_out(site, &swim).unwrap();
    let mut behind = desk.another(6, None);
    behind.records.set_clock(monday().plus(-1), clock(9, 30));
    let held = list(&mut behind, site);
    assert_eq!((held.day, held.trips.len()), (monday(), 1), "{}", held.gaps());
    assert_eq!(held.trips[0].leader_name, "T. Okafor");
}

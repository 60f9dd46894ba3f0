//! Movements between sites and trips: on the list of the site where somebody is, flagged at the other.

use super::*;
use crate::areas;
use crate::facts::roll::Way;
use crate::fire::presence::{self, FireList, State};
use crate::ids::Who;
use crate::office::NewTrip;
use crate::show;

fn list(desk: &mut Desk, site: PlaceId) -> FireList {
    presence::list(&mut desk.records, site).unwrap().unwrap()
}

fn of(list: &FireList, who: Who) -> (State, String) {
    let one = list.people.iter().find(|one| one.who == who).unwrap();
    (one.state, one.line.clone())
}

/// A second site, with its own list of the day.
fn two_sites() -> (Small, PlaceId) {
    let mut small = small();
    let meadow = small.desk.office().add_site("S2", "Meadow", &["Lawn"]).unwrap();
    small.desk.office().write_expected(meadow).unwrap();
    (small, meadow)
}

#[test]
fn a_pupil_at_another_site_is_on_the_receiving_list_with_help_and_flagged_at_home() {
    let (Small { mut desk, site, rowan, tyler, .. }, meadow) = two_sites();
    desk.at(clock(8, 55)).office().take(rowan, morning(), &[entry(tyler, "/")], true).unwrap();
    desk.at(clock(10, 5)).office().send_to(site, meadow, &[Who::Pupil(tyler)], "pottery").unwrap();
    desk.at(clock(10, 20));
    let home = list(&mut desk, site);
    assert_eq!(of(&home, Who::Pupil(tyler)), (State::Elsewhere, "At Meadow since 10:05".to_owned()));
    assert!(!home.to_call().any(|one| one.who == Who::Pupil(tyler)));
    let there = list(&mut desk, meadow);
    assert_eq!(
        of(&there, Who::Pupil(tyler)),
        (State::MustCall, "From Harbour 10:05, not seen here yet".to_owned()),
        "until somebody has seen them there, nothing is certain"
    );
    let listed = there.people.iter().find(|one| one.who == Who::Pupil(tyler)).unwrap();
    assert_eq!((listed.listed().as_str(), listed.group.as_str()), ("Green, Tyler", "Rowan"));
    assert_eq!(listed.help, ["Evac chair, two adults"]);
    desk.at(clock(10, 25)).office().sign(meadow, Who::Pupil(tyler), Way::In, "").unwrap();
    assert_eq!(of(&list(&mut desk, meadow), Who::Pupil(tyler)).0, State::OnSite);
    let view = show::fire(&mut desk.records, site, "").unwrap();
    assert_eq!(view.elsewhere.iter().map(|row| row.line.as_str()).collect::<Vec<_>>(), ["At Meadow since 10:05"]);
}

#[test]
fn whoever_comes_back_is_on_the_list_at_home_again() {
    let (Small { mut desk, site, tyler, .. }, meadow) = two_sites();
    let tyler = Who::Pupil(tyler);
    desk.at(clock(10, 5)).office().send_to(site, meadow, &[tyler], "").unwrap();
    desk.at(clock(10, 25)).office().sign(meadow, tyler, Way::In, "").unwrap();
    desk.at(clock(11, 40)).office().send_to(meadow, site, &[tyler], "").unwrap();
    desk.at(clock(11, 45));
    assert_eq!(of(&list(&mut desk, site), tyler), (State::MustCall, "From Meadow 11:40, not seen here yet".to_owned()));
    assert_eq!(of(&list(&mut desk, meadow), tyler).0, State::Elsewhere);
    desk.at(clock(11, 50)).office().sign(site, tyler, Way::In, "").unwrap();
    assert_eq!(of(&list(&mut desk, site), tyler).0, State::OnSite);
}

#[test]
fn a_movement_with_a_clock_that_is_not_right_takes_nobody_off_the_list() {
    let (Small { mut desk, site, tyler, .. }, meadow) = two_sites();
    desk.at(clock(15, 5)).office().send_to(site, meadow, &[Who::Pupil(tyler)], "").unwrap();
    desk.at(clock(10, 6));
    assert_eq!(of(&list(&mut desk, site), Who::Pupil(tyler)).0, State::MustCall);
}

#[test]
fn nobody_is_sent_where_this_sign_in_may_not_write_and_then_nothing_is_written() {
    let (Small { mut desk, site, tyler, .. }, meadow) = two_sites();
    let before = desk.records.acts();
    desk.records.fail_after(Some(0));
    assert!(desk.office().send_to(site, meadow, &[Who::Pupil(tyler)], "").is_err());
    assert_eq!(desk.records.acts(), before);
    assert!(desk.office().send_to(site, site, &[Who::Pupil(tyler)], "").is_err());
}

fn swimming(pupils: &[PupilId]) -> NewTrip {
    NewTrip {
        title: "Swimming".to_owned(),
        leader: Some(TOM),
        phone: "07700 900321".to_owned(),
        due: clock(12, 15),
        until: None,
        people: pupils.iter().map(|id| Who::Pupil(*id)).collect(),
    }
}

#[test]
fn a_trip_stands_apart_with_leader_and_return_and_is_never_in_the_number_to_find() {
    let Small { mut desk, site, beech, pupils, .. } = small();
    let marks: Vec<_> = pupils.iter().map(|id| entry(*id, "/")).collect();
    desk.at(clock(8, 55)).office().take(beech, morning(), &marks, true).unwrap();
    let before = list(&mut desk, site).to_call().count();
    desk.at(clock(10, 5)).office().trip_out(site, &swimming(&pupils[..2])).unwrap();
    desk.at(clock(10, 6));
    let held = list(&mut desk, site);
    assert_eq!(held.to_call().count(), before - 3, "two pupils and their leader");
    assert_eq!(of(&held, Who::Pupil(pupils[0])).1, "Swimming with T. Okafor since 10:05, due back 12:15");
    let view = show::fire(&mut desk.records, site, "").unwrap();
    assert_eq!(view.trips.len(), 1);
    assert_eq!(view.trips[0].line, "Out 10:05, back 12:15");
    assert_eq!(view.trips[0].people, ["Byrne, Ada", "Hassan, Leila", "Okafor, Tom"]);
    assert_eq!(view.trips[0].phone, "", "no number is shown to a device with nobody signed in");
    let key = desk.office().start_call(site, crate::facts::roll_call::Kind::Drill).unwrap();
    let call = desk.office().call(key).unwrap();
    assert!(call.person(Who::Pupil(pupils[0])).is_none());
    let wall = show::display(&mut desk.records, site).unwrap();
    assert_eq!((wall.on_trips, wall.trips_overdue, wall.call.is_some()), (3, 0, true));
}

#[test]
fn an_overdue_trip_is_flagged_and_still_is_not_to_be_found_here() {
    let Small { mut desk, site, pupils, .. } = small();
    desk.at(clock(10, 5)).office().trip_out(site, &swimming(&pupils[..2])).unwrap();
    desk.at(clock(12, 35));
    let view = show::fire(&mut desk.records, site, "").unwrap();
    assert!(view.trips[0].overdue);
    assert_eq!(view.trips[0].line, "Out 10:05, due back 12:15, 20 minutes ago");
    assert!(!view.rows.iter().any(|row| row.person == Who::Pupil(pupils[0]).into()));
}

#[test]
fn back_from_a_trip_they_are_here_and_a_mark_made_while_it_was_out_is_a_contradiction() {
    let Small { mut desk, site, beech, pupils, .. } = small();
    let trip = desk.at(clock(10, 5)).office().trip_out(site, &swimming(&pupils[..2])).unwrap();
    desk.at(clock(10, 30)).office().take(beech, morning(), &[entry(pupils[0], "/")], false).unwrap();
    let (state, line) = of(&list(&mut desk, site), Who::Pupil(pupils[0]));
    assert_eq!(state, State::MustCall, "{line}");
    assert!(line.contains("Out with Swimming since 10:05"), "{line}");
    desk.at(clock(12, 20)).office().trip_back(site, trip).unwrap();
    assert_eq!(
        of(&list(&mut desk, site), Who::Pupil(pupils[1])),
        (State::OnSite, "Back 12:20 from Swimming".to_owned())
    );
    assert!(desk.office().trip_back(site, trip).is_err(), "once is enough");
    let view = show::fire(&mut desk.records, site, "").unwrap();
    assert!(view.trips[0].back && !view.trips[0].overdue);
}

#[test]
fn a_trip_and_a_movement_open_with_nobody_signed_in() {
    let (Small { mut desk, site, pupils, tyler, .. }, meadow) = two_sites();
    desk.at(clock(10, 5)).office().trip_out(site, &swimming(&pupils[..2])).unwrap();
    desk.office().send_to(site, meadow, &[Who::Pupil(tyler)], "").unwrap();
    let mut tablet = desk.another(2, None);
    tablet.known = Known::default();
    tablet.records.lock([areas::ROLL]);
    tablet.at(clock(10, 6));
    let view = show::fire(&mut tablet.records, site, "").unwrap();
    assert_eq!((view.trips.len(), view.elsewhere.len()), (1, 1));
}

#[test]
fn on_a_closed_day_no_group_is_missing_and_pupils_are_not_expected() {
    let Small { mut desk, site, pupils, .. } = small();
    desk.records.set_clock(Day::parse("2026-11-28").unwrap(), clock(10, 0));
    desk.office().write_expected(site).unwrap();
    let held = list(&mut desk, site);
    assert_eq!((held.missing.len(), held.closed.as_str()), (0, "weekend"));
    assert_eq!(of(&held, Who::Pupil(pupils[0])), (State::Away, "Not expected: weekend".to_owned()));
    desk.office().sign(site, Who::Pupil(pupils[0]), Way::In, "club").unwrap();
    assert_eq!(of(&list(&mut desk, site), Who::Pupil(pupils[0])).0, State::OnSite, "whoever comes all the same is");
}

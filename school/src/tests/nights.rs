//! Trips that last over nights, and people who did not sign out before they set out.

use super::*;
use crate::facts::roll::Way;
use crate::fire::presence::{self, FireList, State};
use crate::ids::Who;
use crate::office::NewTrip;
use crate::show;

fn list(desk: &mut Desk, site: PlaceId) -> FireList {
    presence::list(&mut desk.records, site).unwrap().unwrap()
}

fn of(list: &FireList, who: Who) -> (State, String) {
    list.people.iter().find(|one| one.who == who).map(|one| (one.state, one.line.clone())).unwrap()
}

fn ski(pupils: &[PupilId], until: i32) -> NewTrip {
    NewTrip {
        title: "Ski week".to_owned(),
        leader: Some(TOM),
        phone: "07700 900321".to_owned(),
        due: clock(15, 0),
        until: Some(monday().plus(until)),
        people: pupils.iter().map(|id| Who::Pupil(*id)).collect(),
    }
}

/// A day has begun: somebody signed in on a device.
fn begins(desk: &mut Desk, site: PlaceId, day: i32, minute: u16) {
    desk.records.set_clock(monday().plus(day), minute);
    desk.office().write_expected(site).unwrap();
}

#[test]
fn whoever_is_on_a_trip_over_nights_is_called_on_no_day_of_it_and_everybody_on_the_day_after() {
    let Small { mut desk, site, pupils, .. } = small();
    let ada = Who::Pupil(pupils[0]);
    desk.at(clock(8, 0)).office().sign(site, Who::Staff(TOM), Way::In, "").unwrap();
    let parent = crate::office::NewVisit { name: "Carol Abbott".to_owned(), ..Default::default() };
    let carol = Who::Visitor(desk.at(clock(8, 30)).office().visitor_in(site, &parent).unwrap());
    let mut goes = ski(&pupils[..2], 3);
    goes.people.push(carol);
    let trip = desk.at(clock(9, 0)).office().trip_out(site, &goes).unwrap();
    let on_monday = "Ski week with T. Okafor since 09:00, due back Thursday 15:00";
    assert_eq!(of(&list(&mut desk, site), ada), (State::OnTrip, on_monday.to_owned()));
    for day in 1..=3 {
        begins(&mut desk, site, day, clock(8, 40));
        // A tablet at which nobody is signed in reads the roll alone.
        let mut tablet = desk.another(2, None);
        tablet.known = Known::default();
        tablet.records.lock([crate::areas::ROLL]);
        let held = list(&mut tablet, site);
        let due = if day == 3 { "15:00" } else { "Thursday 15:00" };
        let line = format!("Ski week with T. Okafor since Monday 09:00, due back {due}");
        assert_eq!(of(&held, ada), (State::OnTrip, line.clone()), "day {day}");
        assert_eq!(of(&held, Who::Staff(TOM)), (State::OnTrip, line), "who signed in on Monday and did not sign out");
        assert_eq!(of(&held, Who::Pupil(pupils[2])).0, State::MustCall, "who stayed is called");
        let view = show::fire(&mut tablet.records, site, "").unwrap();
        assert_eq!(view.trips[0].line, format!("Out Monday 09:00, back {due}"));
        assert!(!view.trips[0].overdue);
        assert!(view.trips[0].people.contains(&"Carol Abbott".to_owned()), "{:?}", view.trips[0].people);
        assert!(!held.to_call().any(|one| one.who == carol), "a parent who helps and did not sign out");
    }
    begins(&mut desk, site, 3, clock(15, 20));
    let view = show::fire(&mut desk.records, site, "").unwrap();
    assert_eq!(view.trips[0].line, "Out Monday 09:00, due back 15:00, 20 minutes ago");
    let mut late = desk.another(3, Some(HELEN));
    begins(&mut late, site, 4, clock(8, 40));
    assert_eq!(of(&list(&mut late, site), ada).0, State::MustCall, "nobody said that they are back");
    desk.records.set_clock(monday().plus(3), clock(15, 25));
    desk.office().trip_back(site, trip).unwrap();
    assert_eq!(of(&list(&mut desk, site), ada), (State::OnSite, "Back 15:25 from Ski week".to_owned()));
    assert!(desk.office().trip_back(site, trip).is_err(), "once is enough");
    begins(&mut desk, site, 4, clock(8, 40));
    assert!(list(&mut desk, site).trips.is_empty());
}

#[test]
fn whoever_came_back_early_from_a_trip_over_nights_is_called_from_then_on() {
    let Small { mut desk, site, beech, pupils, .. } = small();
    let (ada, leila, kuba) = (Who::Pupil(pupils[0]), Who::Pupil(pupils[1]), Who::Pupil(pupils[2]));
    desk.at(clock(9, 0)).office().trip_out(site, &ski(&pupils[..3], 4)).unwrap();
    begins(&mut desk, site, 1, clock(8, 50));
    let tuesday = Session::am(monday().plus(1));
    desk.office().take(beech, tuesday, &[entry(pupils[0], "/"), entry(pupils[2], "V")], false).unwrap();
    let (state, line) = of(&list(&mut desk, site), ada);
    assert!(state == State::MustCall && line.contains("Out with Ski week since Monday 09:00"), "{line}");
    assert_eq!(of(&list(&mut desk, site), kuba).0, State::OnTrip, "the register says so, too");
    desk.records.set_clock(monday().plus(1), clock(14, 0));
    desk.office().sign(site, leila, Way::In, "ill, fetched by car").unwrap();
    begins(&mut desk, site, 2, clock(8, 40));
    let held = list(&mut desk, site);
    assert_eq!(
        [of(&held, ada).0, of(&held, leila).0, of(&held, kuba).0],
        [State::MustCall, State::MustCall, State::OnTrip]
    );
    assert_eq!(held.trips[0].people, ["Jankowski, Kuba", "Okafor, Tom"]);
}

#[test]
fn a_trip_over_nights_is_due_on_a_later_day_and_within_four_weeks() {
    let Small { mut desk, site, pupils, .. } = small();
    desk.at(clock(16, 0));
    assert!(desk.office().trip_out(site, &ski(&pupils, 0)).is_err(), "it would be back before it left");
    assert!(desk.office().trip_out(site, &ski(&pupils, -1)).is_err());
    assert!(desk.office().trip_out(site, &ski(&pupils, 29)).is_err());
    desk.office().trip_out(site, &ski(&pupils, 28)).unwrap();
    let (state, line) = of(&list(&mut desk, site), Who::Pupil(pupils[0]));
    assert_eq!(state, State::OnTrip);
    assert!(line.ends_with("due back Monday 21 December 15:00"), "{line}");
    let told = crate::story::tell(&mut desk.records, &mut desk.known, &crate::story::Wanted::default()).unwrap();
    assert_eq!(told[0].text(), "sent Ski week out from Harbour with 6 people, due back Monday 21 December 15:00");
}

#[test]
fn whoever_forgot_to_sign_out_yesterday_is_not_looked_for_here_while_they_are_on_a_trip_or_at_another_site() {
    let Small { mut desk, site, pupils, .. } = small();
    let meadow = desk.office().add_site("S2", "Meadow", &["Gate"]).unwrap();
    for staff in [HELEN, TOM] {
        desk.at(clock(8, 0)).office().sign(site, Who::Staff(staff), Way::In, "").unwrap();
    }
    begins(&mut desk, site, 1, clock(8, 30));
    let swim = NewTrip { title: "Swimming".to_owned(), until: None, ..ski(&pupils[..1], 1) };
    desk.records.set_clock(monday().plus(1), clock(10, 5));
    desk.office().trip_out(site, &swim).unwrap();
    desk.office().send_to(site, meadow, &[Who::Staff(HELEN)], "").unwrap();
    let held = list(&mut desk, site);
    assert_eq!(of(&held, Who::Staff(TOM)).0, State::OnTrip);
    assert_eq!(of(&held, Who::Staff(HELEN)).0, State::Elsewhere);
    // A sign-in later than they set out may be by a door whose clock is a day behind: they may be back.
    let mut door = desk.another(5, Some(TOM));
    door.records.set_clock(monday(), clock(11, 0));
    door.office().sign(site, Who::Staff(TOM), Way::In, "").unwrap();
    desk.hear(&door);
    assert_eq!(of(&list(&mut desk, site), Who::Staff(TOM)).0, State::MustCall);
}

//! School hours and leave: in hours, by leave, and never in the way of what is always open.

use super::*;
use crate::calendar::moment;
use crate::facts::policy::{Hours, Repeat, Whose};
use crate::facts::school::Closure;
use crate::hours::{Permit, permit};
use crate::office::OfficeError;
use crate::story::{self, Wanted};

const EVENING: u16 = 20 * 60;
const CLOSES: u16 = 18 * 60 + 30;

fn of(desk: &Desk, site: PlaceId, day: Day, minute: u16) -> Permit {
    permit(desk.known.school(), site, TOM, moment(day, minute))
}

fn with_hours() -> (Desk, PlaceId) {
    let Small { mut desk, site, .. } = small();
    desk.office().set_hours(Hours::DEFAULT).unwrap();
    (desk, site)
}

#[test]
fn a_school_that_has_set_no_hours_lets_everybody_in_at_any_time() {
    let Small { mut desk, site, .. } = small();
    assert_eq!(of(&desk, site, monday(), 3 * 60), Permit::Always);
    desk.office().set_hours(Hours::DEFAULT).unwrap();
    assert_eq!(of(&desk, site, monday(), 3 * 60), Permit::Not);
    desk.office().set_hours(Hours { in_force: false, ..Hours::DEFAULT }).unwrap();
    assert_eq!(of(&desk, site, monday(), 3 * 60), Permit::Always, "and lifted again");
}

#[test]
fn in_hours_the_records_are_open_until_they_close_and_not_a_minute_longer() {
    let (desk, site) = with_hours();
    let until = moment(monday(), CLOSES);
    assert_eq!(of(&desk, site, monday(), 7 * 60), Permit::Hours { until });
    assert_eq!(of(&desk, site, monday(), CLOSES - 1), Permit::Hours { until });
    assert_eq!(of(&desk, site, monday(), CLOSES), Permit::Not);
    assert_eq!(of(&desk, site, monday(), 7 * 60 - 1), Permit::Not);
    assert_eq!(of(&desk, site, monday().plus(5), 10 * 60), Permit::Not, "a Saturday");
}

#[test]
fn a_site_with_hours_of_its_own_keeps_those() {
    let (mut desk, site) = with_hours();
    desk.office().set_hours(Hours { site: Some(site), closes: 16 * 60, ..Hours::DEFAULT }).unwrap();
    assert_eq!(of(&desk, site, monday(), 17 * 60), Permit::Not);
    assert!(matches!(of(&desk, PlaceId([9; 16]), monday(), 17 * 60), Permit::Hours { .. }));
}

#[test]
fn a_day_on_which_the_site_is_closed_has_no_hours() {
    let (mut desk, site) = with_hours();
    let closure = Closure { site: Some(site), first: monday(), last: monday(), label: "Training day".to_owned() };
    desk.office().close(closure).unwrap();
    assert_eq!(of(&desk, site, monday(), 10 * 60), Permit::Not);
    assert!(matches!(of(&desk, site, monday().plus(1), 10 * 60), Permit::Hours { .. }));
}

#[test]
fn leave_given_beforehand_opens_the_evening_for_the_person_it_names_and_for_nobody_else() {
    let (mut desk, site) = with_hours();
    let (from, to) = (moment(monday(), CLOSES), moment(monday(), 22 * 60));
    desk.office().give_leave(&[Whose::Person(TOM)], from, to, None, "Trip to the coast").unwrap();
    assert_eq!(of(&desk, site, monday(), EVENING), Permit::Leave { until: to });
    assert_eq!(permit(desk.known.school(), site, HELEN, moment(monday(), EVENING)), Permit::Not);
    assert_eq!(of(&desk, site, monday(), 22 * 60), Permit::Not);
    assert_eq!(of(&desk, site, monday(), 17 * 60), Permit::Hours { until: to }, "hours run on into leave");
}

#[test]
fn leave_for_everybody_at_a_site_is_a_parents_evening() {
    let (mut desk, site) = with_hours();
    let (from, to) = (moment(monday(), CLOSES), moment(monday(), 21 * 60));
    desk.office().give_leave(&[Whose::Everybody(Some(site))], from, to, None, "Parents’ evening").unwrap();
    assert_eq!(of(&desk, site, monday(), EVENING), Permit::Leave { until: to });
    assert_eq!(of(&desk, PlaceId([9; 16]), monday(), EVENING), Permit::Not, "not at another site");
}

#[test]
fn leave_that_was_taken_back_opens_nothing() {
    let (mut desk, site) = with_hours();
    let (from, to) = (moment(monday(), CLOSES), moment(monday(), 22 * 60));
    let ids = desk.office().give_leave(&[Whose::Person(TOM)], from, to, None, "On call").unwrap();
    desk.office().take_leave_back(ids[0]).unwrap();
    assert_eq!(of(&desk, site, monday(), EVENING), Permit::Not);
}

#[test]
fn leave_without_a_reason_or_for_a_time_that_is_over_is_not_given() {
    let (mut desk, _) = with_hours();
    let tom = [Whose::Person(TOM)];
    let (from, to) = (moment(monday(), CLOSES), moment(monday(), 22 * 60));
    assert!(matches!(desk.office().give_leave(&tom, from, to, None, "  "), Err(OfficeError::EmptyReason)));
    assert!(desk.office().give_leave(&tom, to, from, None, "On call").is_err());
    let yesterday = monday().plus(-1);
    let over = (moment(yesterday, 600), moment(yesterday, 700));
    assert!(
        desk.office().give_leave(&tom, over.0, over.1, None, "On call").is_err(),
        "given beforehand, or not at all"
    );
}

#[test]
fn the_audit_tells_who_gave_leave_to_whom_and_why() {
    let (mut desk, _) = with_hours();
    let (from, to) = (moment(monday(), CLOSES), moment(monday(), 22 * 60));
    desk.office().give_leave(&[Whose::Person(TOM)], from, to, None, "Trip to the coast").unwrap();
    let told = story::tell(&mut desk.records, &mut desk.known, &Wanted::default()).unwrap();
    let said: Vec<String> = told.iter().map(story::Told::text).collect();
    let wanted = "gave leave outside hours to Tom Okafor, Monday 23 November 18:30 to Monday 23 November 22:00: Trip to the coast";
    assert!(said.iter().any(|line| line == wanted), "{said:?}");
    assert!(said.iter().any(|line| line == "set school hours from 07:00 to 18:30"), "{said:?}");
}

#[test]
fn leave_that_comes_again_opens_the_evenings_it_names_until_its_last_day_and_summer_time_moves_none() {
    let (mut desk, site) = with_hours();
    // The caretaker, on Tuesdays and Fridays, past midnight; from summer time into winter time and back.
    let (from, to) = (moment(monday().plus(1), 22 * 60), moment(monday().plus(2), 60));
    let last = Day::parse("2027-06-30").unwrap();
    let repeat = Some(Repeat { days: 0b001_0010, last });
    let ids = desk.office().give_leave(&[Whose::Person(TOM)], from, to, repeat, "Locks up").unwrap();
    let late = |desk: &Desk, day: Day| of(desk, site, day, 23 * 60);
    let tuesday = monday().plus(1);
    assert_eq!(late(&desk, tuesday), Permit::Leave { until: to });
    assert_eq!(of(&desk, site, tuesday.plus(1), 30), Permit::Leave { until: to }, "past midnight");
    assert_eq!(of(&desk, site, tuesday.plus(1), 60), Permit::Not);
    assert_eq!(late(&desk, tuesday.plus(1)), Permit::Not, "not on a Wednesday");
    assert_eq!(late(&desk, tuesday.plus(-7)), Permit::Not, "nor before it began");
    let friday = tuesday.plus(3);
    assert_eq!(late(&desk, friday), Permit::Leave { until: moment(friday.plus(1), 60) });
    let in_june = Day::parse("2027-06-29").unwrap();
    assert_eq!(in_june.weekday_word(), "Tuesday");
    assert_eq!(of(&desk, site, in_june, 22 * 60 - 1), Permit::Not, "at ten by the clock on the wall, in June too");
    assert_eq!(of(&desk, site, in_june, 22 * 60), Permit::Leave { until: moment(in_june.plus(1), 60) });
    assert_eq!(late(&desk, Day::parse("2027-07-02").unwrap()), Permit::Not, "a Friday after the last day");
    assert_eq!(permit(desk.known.school(), site, HELEN, moment(tuesday, 23 * 60)), Permit::Not);
    let told = story::tell(&mut desk.records, &mut desk.known, &Wanted::default()).unwrap();
    let wanted = "and again on Tuesdays and Fridays until Wednesday 30 June";
    assert!(told.iter().any(|one| one.text().contains(wanted)), "{:?}", told[0].text());
    desk.office().take_leave_back(ids[0]).unwrap();
    assert_eq!(late(&desk, friday), Permit::Not, "taken back for good");
}

#[test]
fn leave_that_comes_again_on_no_day_or_lasts_longer_than_one_is_not_given() {
    let (mut desk, _) = with_hours();
    let (from, to) = (moment(monday(), CLOSES), moment(monday(), 22 * 60));
    let tom = [Whose::Person(TOM)];
    let repeat = |days| Some(Repeat { days, last: monday().plus(30) });
    assert!(desk.office().give_leave(&tom, from, to, repeat(0), "On call").is_err());
    assert!(desk.office().give_leave(&tom, from, moment(monday().plus(2), 0), repeat(1), "On call").is_err());
    let over = Some(Repeat { days: 1, last: monday().plus(-1) });
    assert!(desk.office().give_leave(&tom, from, to, over, "On call").is_err());
}

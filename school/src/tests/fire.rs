//! Who is believed on site.

use super::*;
use crate::areas;
use crate::facts::access::Event;
use crate::facts::roll::Way;
use crate::fire::presence::{self, FireList, State};
use crate::ids::Who;
use crate::office::NewVisit;
use crate::show;

fn list(desk: &mut Desk, site: PlaceId) -> FireList {
    presence::list(&mut desk.records, site).unwrap().unwrap()
}

fn of(list: &FireList, who: Who) -> (State, String) {
    let one = list.people.iter().find(|one| one.who == who).unwrap();
    (one.state, one.line.clone())
}

fn pupil(list: &FireList, id: PupilId) -> (State, String) {
    of(list, Who::Pupil(id))
}

fn says(state: State, line: &str) -> (State, String) {
    (state, line.to_owned())
}

#[test]
fn a_locked_device_shows_the_fire_list_with_nothing_but_the_roll() {
    let Small { mut desk, site, beech, pupils, .. } = small();
    desk.at(clock(8, 55)).office().take(beech, morning(), &[entry(pupils[0], "/"), late(pupils[1], 4)], false).unwrap();
    let mut tablet = desk.another(2, None);
    tablet.known = Known::default();
    tablet.records.lock([areas::ROLL]);
    tablet.at(clock(8, 56));
    let view = show::fire(&mut tablet.records, site, "Opened 08:56 from the lock screen.").unwrap();
    assert_eq!(view.site, "Harbour site");
    assert_eq!(view.as_of.at, "08:55");
    assert_eq!(view.as_of.from, "heard from Office laptop");
    assert_eq!(view.as_of.gaps, "Rowan has sent no register");
    assert_eq!((view.to_call, view.pupils, view.staff, view.must_call), (8, 6, 2, 5));
    let lines: Vec<_> = view.rows.iter().map(|row| format!("{}: {}", row.name, row.evidence)).collect();
    assert_eq!(lines[0], "Green, Tyler: No register yet");
    assert_eq!(view.rows[0].help, ["Evac chair, two adults"]);
    assert!(lines.contains(&"Byrne, Ada: Present, Register Beech, 08:55".to_owned()), "{lines:?}");
    assert!(lines.contains(&"Hassan, Leila: Late, 4 minutes, Register Beech, 08:55".to_owned()), "{lines:?}");
    assert!(lines.contains(&"Jankowski, Kuba: Not yet marked".to_owned()), "{lines:?}");
    assert!(lines.contains(&"Marsh, Helen: Took a register 08:55".to_owned()), "{lines:?}");
    assert!(lines.contains(&"Okafor, Tom: No staff sign-in today".to_owned()), "{lines:?}");
}

#[test]
fn presence_follows_the_body_and_not_the_statistics() {
    let Small { mut desk, site, beech, pupils, .. } = small();
    let marks = [
        MarkEntry { minutes: Some(40), ..entry(pupils[0], "U") },
        entry(pupils[1], "V"),
        entry(pupils[2], "N"),
        entry(pupils[3], "I"),
        entry(pupils[4], "/"),
    ];
    desk.at(clock(9, 31)).office().take(beech, morning(), &marks, true).unwrap();
    let list = list(&mut desk, site);
    assert_eq!(pupil(&list, pupils[0]), says(State::OnSite, "Late, 40 minutes, Register Beech, 09:31"));
    assert_eq!(pupil(&list, pupils[1]), says(State::OffSite, "Off site, Register Beech, 09:31"));
    assert_eq!(pupil(&list, pupils[2]), says(State::MustCall, "No reason yet, mark N, Register Beech, 09:31"));
    assert_eq!(pupil(&list, pupils[3]), says(State::Away, "Away, Register Beech, 09:31"));
    assert_eq!(pupil(&list, pupils[4]).0, State::OnSite);
}

#[test]
fn the_morning_carries_over_until_the_afternoon_register_is_taken() {
    let Small { mut desk, site, beech, pupils, .. } = small();
    desk.at(clock(8, 55));
    desk.office().take(beech, morning(), &[entry(pupils[0], "/"), entry(pupils[1], "I")], false).unwrap();
    desk.at(clock(13, 5));
    let before = list(&mut desk, site);
    assert_eq!(pupil(&before, pupils[0]).0, State::OnSite);
    assert_eq!(pupil(&before, pupils[1]).0, State::MustCall, "absent in the morning: nobody knows of the afternoon");
    assert_eq!(before.missing, ["Beech", "Rowan"]);
    desk.office().take(beech, afternoon(), &[entry(pupils[0], "M")], false).unwrap();
    assert_eq!(pupil(&list(&mut desk, site), pupils[0]).0, State::Away);
}

#[test]
fn a_sign_out_after_the_mark_takes_somebody_off_the_list_and_a_contradiction_puts_them_on() {
    let Small { mut desk, site, beech, pupils, .. } = small();
    desk.at(clock(8, 55));
    desk.office().take(beech, morning(), &[entry(pupils[0], "/"), entry(pupils[1], "/")], false).unwrap();
    desk.at(clock(11, 0)).office().sign(site, Who::Pupil(pupils[0]), Way::Out, "dentist").unwrap();
    desk.at(clock(11, 1));
    assert_eq!(pupil(&list(&mut desk, site), pupils[0]), says(State::Away, "Signed out 11:00, dentist"));
    desk.at(clock(12, 10)).office().sign(site, Who::Pupil(pupils[0]), Way::In, "").unwrap();
    assert_eq!(pupil(&list(&mut desk, site), pupils[0]), says(State::OnSite, "Signed in 12:10"));
    desk.at(clock(13, 5)).office().take(beech, afternoon(), &[entry(pupils[0], "I")], false).unwrap();
    let (state, line) = pupil(&list(&mut desk, site), pupils[0]);
    assert_eq!(state, State::MustCall, "signed in, then marked away: {line}");
    let mut gate = desk.another(2, Some(TOM));
    gate.at(clock(13, 6)).office().sign(site, Who::Pupil(pupils[1]), Way::Out, "").unwrap();
    desk.at(clock(13, 6)).office().sign(site, Who::Pupil(pupils[1]), Way::In, "").unwrap();
    desk.hear(&gate);
    assert_eq!(pupil(&list(&mut desk, site), pupils[1]).0, State::MustCall, "in and out at one minute");
}

#[test]
fn two_marks_that_differ_mean_that_the_pupil_must_be_called() {
    let Small { mut desk, site, beech, pupils, .. } = small();
    desk.at(clock(8, 55));
    let mut tablet = desk.another(2, Some(TOM));
    desk.office().take(beech, morning(), &[entry(pupils[0], "/")], false).unwrap();
    tablet.office().take(beech, morning(), &[entry(pupils[0], "I")], false).unwrap();
    desk.hear(&tablet);
    let (state, line) = pupil(&list(&mut desk, site), pupils[0]);
    assert_eq!(state, State::MustCall);
    assert!(line.starts_with("Two marks differ"), "{line}");
    let both = super::shown_to(&mut desk, pupils[0], morning());
    desk.office().amend(pupils[0], morning(), (Some("/"), None), "seen in class", Some(&both)).unwrap();
    assert_eq!(pupil(&list(&mut desk, site), pupils[0]).0, State::OnSite, "settled, in the roll too");
}

#[test]
fn a_correction_replaces_the_evidence_of_its_own_pupil_alone() {
    let Small { mut desk, site, beech, pupils, .. } = small();
    desk.at(clock(8, 55));
    let all: Vec<_> = pupils.iter().map(|pupil| entry(*pupil, "/")).collect();
    desk.office().take(beech, morning(), &all, true).unwrap();
    desk.at(clock(8, 58)).office().take(beech, morning(), &[entry(pupils[2], "I")], false).unwrap();
    let list = list(&mut desk, site);
    let states: Vec<_> = pupils.iter().map(|id| pupil(&list, *id).0).collect();
    assert_eq!(states, [State::OnSite, State::OnSite, State::Away, State::OnSite, State::OnSite]);
    assert_eq!(list.missing, ["Rowan"]);
}

#[test]
fn evidence_by_a_clock_that_runs_ahead_is_not_believed() {
    let Small { mut desk, site, beech, pupils, .. } = small();
    desk.at(clock(8, 55));
    let mut fast = desk.another(2, Some(TOM));
    fast.at(clock(11, 55)).office().take(beech, morning(), &[entry(pupils[0], "/")], false).unwrap();
    desk.hear(&fast);
    let (state, line) = pupil(&list(&mut desk, site), pupils[0]);
    assert_eq!(state, State::MustCall);
    assert!(line.contains("clock that is not right"), "{line}");
}

#[test]
fn a_device_off_since_friday_opens_mondays_list_with_fridays_age_in_words() {
    let Small { mut desk, site, beech, pupils, .. } = small();
    desk.at(clock(8, 55)).office().take(beech, morning(), &[entry(pupils[0], "/")], false).unwrap();
    let tuesday = monday().plus(1);
    desk.records.set_clock(tuesday, clock(9, 0));
    let view = show::fire(&mut desk.records, site, "").unwrap();
    assert_eq!(view.as_of.at, "Monday 08:55");
    assert_eq!(view.as_of.gaps, "the newest list held is of Monday 23 November");
    assert!(view.as_of.stale);
    assert_eq!(view.to_call, 8, "everybody expected must be called");
    assert!(view.rows.iter().any(|row| row.evidence == "Present on Monday, Register Beech"));
    desk.office().write_expected(site).unwrap();
    let view = show::fire(&mut desk.records, site, "").unwrap();
    let ada = view.rows.iter().find(|row| row.name == "Byrne, Ada").unwrap();
    assert_eq!(ada.evidence, "No register yet. Present on Monday, Register Beech");
}

#[test]
fn visitors_and_staff_stand_on_the_list_while_they_are_signed_in() {
    let Small { mut desk, site, .. } = small();
    desk.at(clock(8, 41));
    let carol =
        NewVisit { name: "Carol Abbott".to_owned(), host: Some(HELEN), badge: "14".to_owned(), ..NewVisit::default() };
    let visit = desk.office().visitor_in(site, &carol).unwrap();
    desk.office().sign(site, Who::Staff(HELEN), Way::In, "").unwrap();
    let now = list(&mut desk, site);
    assert_eq!(of(&now, Who::Visitor(visit)), says(State::OnSite, "Signed in 08:41, seeing H. Marsh. Badge 14"));
    assert_eq!(of(&now, Who::Staff(HELEN)), says(State::OnSite, "Signed in 08:41"));
    assert_eq!(of(&now, Who::Staff(TOM)), says(State::MustCall, "Not signed in, and not everybody signs in here"));
    desk.at(clock(10, 0)).office().visitor_out(site, visit).unwrap();
    assert_eq!(of(&list(&mut desk, site), Who::Visitor(visit)).0, State::Away);
}

#[test]
fn whoever_used_a_device_here_today_is_called_though_they_did_not_sign_in_at_the_door() {
    let Small { mut desk, site, .. } = small();
    desk.at(clock(8, 41)).office().sign(site, Who::Staff(TOM), Way::In, "").unwrap();
    let called = says(State::MustCall, "Not signed in, and not everybody signs in here");
    assert_eq!(of(&list(&mut desk, site), Who::Staff(HELEN)), called);
    desk.at(clock(8, 50)).office().note_access(site, Event::SignedIn).unwrap();
    let called = says(State::MustCall, "Not signed in at the door. On a device here 08:50");
    assert_eq!(of(&list(&mut desk, site), Who::Staff(HELEN)), called);
    desk.at(clock(8, 52)).office().sign(site, Who::Staff(HELEN), Way::Out, "").unwrap();
    assert_eq!(of(&list(&mut desk, site), Who::Staff(HELEN)).0, State::Away, "what was said at the door counts");
}

#[test]
fn a_planned_visit_that_nobody_confirmed_must_be_called_and_amending_yesterday_is_no_evidence_of_today() {
    let Small { mut desk, site, beech, pupils, .. } = small();
    desk.at(clock(8, 40)).office().plan(pupils[0], (monday(), monday()), None, "V", "").unwrap();
    assert!(desk.office().write_expected(site).unwrap().is_some());
    assert_eq!(desk.office().write_expected(site).unwrap(), None, "nothing changed since");
    assert_eq!(pupil(&list(&mut desk, site), pupils[0]), says(State::MustCall, "Visit planned, not confirmed"));
    let friday = Session::am(monday().plus(-3));
    desk.office().take(beech, friday, &[entry(pupils[1], "/")], false).unwrap();
    assert_eq!(pupil(&list(&mut desk, site), pupils[1]), says(State::MustCall, "No register yet"));
}

#[test]
fn a_saved_list_opens_with_nothing_else_and_says_how_old_it_is() {
    use crate::calendar::{Local, moment};
    use crate::fire::saved;
    let Small { mut desk, site, beech, pupils, .. } = small();
    let marks = [entry(pupils[0], "/"), entry(pupils[1], "I"), entry(pupils[2], "V")];
    desk.at(clock(8, 55)).office().take(beech, morning(), &marks, false).unwrap();
    let made = list(&mut desk, site);
    let bytes = saved::encode(&made).unwrap();
    let held = saved::decode(&bytes).unwrap();
    assert_eq!(held, made);
    let at = |minute| Local { day: monday(), minute };
    assert_eq!(saved::reopen(held.clone(), at(clock(9, 30))).people, made.people);
    let noon = saved::reopen(held.clone(), at(clock(13, 5)));
    assert_eq!(pupil(&noon, pupils[0]).0, State::OnSite, "the morning carries over");
    assert_eq!(pupil(&noon, pupils[1]).0, State::MustCall);
    let tuesday = Local { day: monday().plus(1), minute: clock(9, 0) };
    let old = saved::reopen(held, tuesday);
    assert_eq!(pupil(&old, pupils[1]), says(State::MustCall, "Away, Register Beech, 08:55 on Monday 23 November"));
    let view = show::fire_of_saved(&old, moment(tuesday.day, tuesday.minute), "");
    assert_eq!((view.as_of.at.as_str(), view.to_call), ("Monday 08:55", 8));
    for cut in 0..bytes.len() {
        assert!(saved::decode(&bytes[..cut]).is_err());
    }
}

#[test]
fn somebody_who_may_not_read_pupils_never_takes_anybody_off_the_fire_list() {
    let Small { mut desk, site, tyler, .. } = small();
    let mut technician = desk.another(2, Some(TOM));
    technician.known = Known::default();
    technician.records.lock([areas::ROLL, areas::SCHOOL]);
    technician.records.sign_in(TOM);
    technician.at(clock(8, 40)).office().write_expected(site).unwrap();
    desk.hear(&technician);
    let list = list(&mut desk, site);
    assert_eq!(list.to_call().count(), 8);
    let held = list.people.iter().find(|one| one.who == Who::Pupil(tyler)).unwrap();
    assert_eq!(held.help, ["Evac chair, two adults"]);
}

#[test]
fn a_device_whose_clock_is_a_day_behind_shows_the_later_list_it_holds_and_says_so() {
    let Small { mut desk, site, beech, pupils, .. } = small();
    desk.at(clock(8, 55)).office().take(beech, morning(), &[entry(pupils[0], "/")], false).unwrap();
    let mut behind = desk.another(2, Some(TOM));
    behind.at(clock(9, 5));
    let tuesday = monday().plus(1);
    desk.records.set_clock(tuesday, clock(8, 50));
    desk.office().write_expected(site).unwrap();
    desk.office().visitor_in(site, &NewVisit { name: "Carol Abbott".to_owned(), ..NewVisit::default() }).unwrap();
    behind.hear(&desk);
    let view = show::fire(&mut behind.records, site, "").unwrap();
    assert!(view.as_of.gaps.contains("Tuesday 24 November") && view.as_of.gaps.contains("set the clock"), "{view:?}");
    assert!(view.as_of.gaps.contains("Monday 23 November"), "{}", view.as_of.gaps);
    assert!(view.rows.iter().any(|row| row.name == "Abbott, Carol"), "who came on Tuesday is called");
    assert!(view.rows.iter().all(|row| row.status == crate::view::status::Status::MustCall));
    let key = behind.office().start_call(site, crate::facts::roll_call::Kind::Real).unwrap();
    assert_eq!(behind.office().call(key).unwrap().people.len(), view.rows.len(), "and so is a roll call from it");
}

#[test]
fn one_clock_that_is_a_day_ahead_takes_nobodys_list_of_today_away() {
    let Small { mut desk, site, beech, pupils, .. } = small();
    let (mut tablet, mut ahead) = (desk.another(2, Some(TOM)), desk.another(3, Some(TOM)));
    ahead.records.set_clock(monday().plus(1), clock(8, 40));
    ahead.office().write_expected(site).unwrap();
    tablet.at(clock(8, 55)).office().take(beech, morning(), &[entry(pupils[0], "/")], false).unwrap();
    desk.hear(&tablet);
    desk.hear(&ahead);
    let view = show::fire(&mut desk.at(clock(9, 0)).records, site, "").unwrap();
    assert_eq!(view.as_of.at, "08:55");
    assert!(!view.as_of.gaps.contains("clock"), "{}", view.as_of.gaps);
}

#[test]
fn a_wall_shows_numbers_the_code_of_the_roll_call_and_nobodys_name() {
    let Small { mut desk, site, beech, pupils, .. } = small();
    desk.at(clock(8, 55)).office().take(beech, morning(), &[entry(pupils[0], "/")], false).unwrap();
    let visit = NewVisit { name: "Carol Abbott".to_owned(), ..NewVisit::default() };
    desk.office().visitor_in(site, &visit).unwrap();
    let key = desk.office().start_call(site, crate::facts::roll_call::Kind::Drill).unwrap();
    let names: Vec<(String, String)> =
        list(&mut desk, site).people.iter().map(|one| (one.surname.clone(), one.forename.clone())).collect();
    let view = show::display(&mut desk.records, site).unwrap();
    let call = view.call.clone().expect("the roll call");
    let on_tablet = show::call(&mut desk.records, None, key, None).unwrap();
    assert_eq!(call.code, on_tablet.code, "wall and tablet can be compared");
    assert_eq!((call.to_find, call.total), (on_tablet.to_find, on_tablet.total));
    assert_eq!((view.on_site, view.visitors), (on_tablet.total, 1));
    let shown = format!("{view:?}");
    assert!(names.len() > 5);
    for (surname, forename) in names {
        assert!(!shown.contains(&surname), "{surname}: {shown}");
        assert!(forename.is_empty() || !shown.contains(&forename), "{forename}: {shown}");
    }
}

//! Terms, training days, days lost and opened, cover, and a newer list of codes.

use super::{HELEN, Small, TOM, afternoon, clock, entry, monday, morning, small};
use crate::calendar::{Day, Session};
use crate::codes::Codes;
use crate::facts::calendar::{Begun, Special, Term, Unusual};
use crate::facts::school::{Closure, HalfTimes, Times};
use crate::known::DayKind;
use crate::show;
use crate::view::register::RegisterView;

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn term(site: Option<muster_core::id::PlaceId>, first: &str, last: &str) -> Term {
    Term { site, first: day(first), last: day(last), name: "Autumn".to_owned() }
}

fn special(site: Option<muster_core::id::PlaceId>, on: Day, what: Unusual, label: &str) -> Special {
    Special { site, first: on, last: on, what, label: label.to_owned() }
}

#[test]
fn outside_its_terms_a_site_is_on_holiday_and_a_site_may_have_terms_of_its_own() {
    let Small { mut desk, site, .. } = small();
    let other = desk.office().add_site("S2", "Meadow", &[]).unwrap();
    desk.office().set_term(term(None, "2026-09-02", "2026-12-18")).unwrap();
    desk.office().set_term(term(Some(other), "2026-09-03", "2026-12-17")).unwrap();
    let school = desk.known.school();
    assert_eq!(school.closed(site, day("2026-09-01")), Some("school holiday"));
    assert_eq!((school.closed(site, day("2026-09-02")), school.closed(site, day("2026-12-18"))), (None, None));
    assert_eq!(school.closed(other, day("2026-09-02")), Some("school holiday"));
    assert_eq!(school.closed(site, day("2025-11-24")), None, "a year without terms is open on weekdays");
    let overlap = desk.office().set_term(term(None, "2026-12-01", "2026-12-22")).unwrap_err().to_string();
    assert!(overlap.contains("another term has some of these days"));
    assert!(desk.office().set_term(term(None, "2027-02-02", "2027-01-01")).is_err());
    desk.office().call_off(Some(other), day("2026-09-03"), Begun::Term).unwrap();
    assert_eq!(desk.known.school().closed(other, day("2026-09-02")), None, "the school's terms hold again");
}

#[test]
fn a_days_nearer_word_holds_and_what_is_called_off_is_as_if_never_said() {
    let Small { mut desk, site, beech, rowan, .. } = small();
    desk.office()
        .close(Closure { site: None, first: monday(), last: monday().plus(4), label: "Half term".to_owned() })
        .unwrap();
    assert_eq!(desk.known.school().closed(site, monday()), Some("Half term"));
    desk.office().set_special(special(Some(site), monday(), Unusual::OpenTo(vec![rowan]), "Exams")).unwrap();
    let school = desk.known.school();
    assert_eq!((school.closed(site, monday()), school.closed_to(site, rowan, monday())), (None, None));
    assert_eq!(school.closed_to(site, beech, monday()), Some("Exams"));
    desk.office().set_special(special(None, monday().plus(5), Unusual::Open, "Open day")).unwrap();
    desk.office().set_special(special(None, monday().plus(1), Unusual::Training, "")).unwrap();
    let school = desk.known.school();
    assert_eq!(school.day(site, monday().plus(5)), DayKind::Open, "a Saturday");
    assert_eq!(school.day(site, monday().plus(1)), DayKind::Training("training day"));
    desk.office().call_off(Some(site), monday(), Begun::Special).unwrap();
    desk.office().call_off(None, monday(), Begun::Closure).unwrap();
    assert_eq!(desk.known.school().closed(site, monday()), None);
    assert!(desk.office().call_off(None, monday(), Begun::Closure).is_err(), "there is nothing left to call off");
}

#[test]
fn school_days_are_counted_by_the_sites_own_calendar() {
    let Small { mut desk, site, .. } = small();
    desk.office().set_special(special(Some(site), monday().plus(-3), Unusual::Training, "")).unwrap();
    let school = desk.known.school();
    assert_eq!(school.school_days(site, monday().plus(-7), monday()), 4, "Tuesday to Thursday, and Monday");
    assert_eq!(school.school_days_back(site, monday(), 1), Some(monday().plus(-4)));
}

#[test]
fn a_day_lost_unexpectedly_fills_registers_with_y4_that_somebody_confirms() {
    let Small { mut desk, site, beech, .. } = small();
    desk.at(clock(8, 55)).office().set_special(special(Some(site), monday(), Unusual::Lost, "Boiler failed")).unwrap();
    let key = show::register_key(beech, morning());
    let seen: RegisterView = show::register(&mut desk.records, &mut desk.known, &key).unwrap();
    let marks: Vec<_> =
        seen.rows.iter().map(|row| row.mark.as_ref().map(|mark| (mark.code.as_str(), mark.planned))).collect();
    assert!(marks.iter().all(|mark| *mark == Some(("Y4", true))), "{marks:?}");
    assert_eq!(seen.blanks, 0);
}

#[test]
fn cover_set_beforehand_makes_the_register_somebodys_own_for_those_days() {
    let Small { mut desk, site, beech, .. } = small();
    desk.office().set_cover(beech, (monday(), monday().plus(1)), Some(TOM)).unwrap();
    let school = desk.known.school();
    assert_eq!((school.taker_on(beech, monday()), school.taker_on(beech, monday().plus(2))), (Some(TOM), Some(HELEN)));
    let mut tablet = desk.another(2, Some(TOM));
    tablet.at(clock(8, 55));
    let list = show::registers(&mut tablet.records, &mut tablet.known, site).unwrap();
    let line = list.rows.iter().find(|row| row.group == "Beech").unwrap();
    assert_eq!((line.own, line.teacher.as_str()), (true, "Tom Okafor"));
    desk.office().set_cover(beech, (monday(), monday().plus(1)), None).unwrap();
    assert_eq!(desk.known.school().taker_on(beech, monday()), Some(HELEN));
}

#[test]
fn next_years_list_of_codes_is_read_in_from_a_file_and_counts_from_its_day() {
    let Small { mut desk, beech, pupils, .. } = small();
    let list = "code,meaning,short,class,on_site,valid_from,notes\nW2,Work placement of a new kind,Placement,approved_educational_activity,no,2026-11-24,\"Write down where, and who supervises\"\n";
    let rows = Codes::read(list).unwrap();
    assert_eq!(desk.office().read_codes(rows.clone()).unwrap(), 1);
    assert_eq!(desk.office().read_codes(rows).unwrap(), 0, "again changes nothing");
    let tuesday = monday().plus(1);
    desk.at(clock(13, 5));
    assert!(desk.office().take(beech, afternoon(), &[entry(pupils[0], "W2")], false).is_err());
    desk.records.set_clock(tuesday, clock(9, 0));
    desk.office().take(beech, Session::am(tuesday), &[entry(pupils[0], "W2")], false).unwrap();
    let key = show::register_key(beech, Session::am(tuesday));
    let seen = show::register(&mut desk.records, &mut desk.known, &key).unwrap();
    assert_eq!(seen.rows[0].mark.as_ref().unwrap().words, "Placement");
    let line = seen.codes.iter().find(|line| line.code == "W2" && line.complete).unwrap();
    assert_eq!(line.rule, "Write down where, and who supervises");
    // The same list without its rules takes none away, and one with another rule says it from then on.
    assert_eq!(
        desk.office()
            .read_codes(Codes::read(&list.replace("\"Write down where, and who supervises\"", "")).unwrap())
            .unwrap(),
        0
    );
    assert_eq!(
        desk.office().read_codes(Codes::read(&list.replace("Write down where", "Say where")).unwrap()).unwrap(),
        1
    );
    let seen = show::register(&mut desk.records, &mut desk.known, &key).unwrap();
    let line = seen.codes.iter().find(|line| line.code == "W2").unwrap();
    assert_eq!(line.rule, "Say where, and who supervises");
}

#[test]
fn a_register_open_longer_than_thirty_minutes_is_refused() {
    let Small { mut desk, site, .. } = small();
    let am = HalfTimes { start: clock(8, 50), close: clock(9, 21), deadline: clock(9, 30) };
    let times = Times { site: Some(site), am, ..Times::DEFAULT };
    assert!(desk.office().set_times(times).is_err());
    let am = HalfTimes { close: clock(9, 20), ..am };
    desk.office().set_times(Times { am, ..times }).unwrap();
    assert_eq!(desk.known.school().half_times(site, crate::calendar::Half::Am), am);
}

#[test]
fn a_past_register_closed_by_the_times_of_its_own_day() {
    let Small { mut desk, site, beech, pupils, .. } = small();
    let friday = monday().plus(-3);
    desk.records.set_clock(friday, clock(9, 5));
    desk.office().take(beech, Session::am(friday), &[entry(pupils[0], "N")], false).unwrap();
    // From Monday on the register is open for twenty minutes only.
    let am = HalfTimes { start: clock(8, 50), close: clock(9, 10), deadline: clock(9, 30) };
    desk.at(clock(8, 0)).office().set_times(Times { site: None, am, ..Times::DEFAULT }).unwrap();
    desk.records.set_clock(monday().plus(1), clock(8, 0));
    let twenty = HalfTimes { close: clock(9, 15), ..am };
    desk.office().set_times(Times { site: Some(site), am: twenty, ..Times::DEFAULT }).unwrap();
    let close = |on: Day| desk.known.school().times_of(site, Session::am(on)).close;
    assert_eq!([monday(), monday().plus(1), monday().plus(9)].map(close), [clock(9, 10), clock(9, 15), clock(9, 15)]);
    assert_eq!(close(friday), clock(9, 10), "the school had not begun here: the first that was set");
    let mut late = |on: Day, minutes| {
        desk.office().amend(pupils[0], Session::am(on), (Some("L"), Some(minutes)), "Seen at the gate", None).map(drop)
    };
    assert!(late(monday(), 22).is_err(), "Monday's register was closed by then");
    late(monday(), 19).unwrap();
    late(monday().plus(1), 22).unwrap();
}

#[test]
fn the_night_on_which_the_clock_changes_moves_no_session() {
    let Small { mut desk, beech, pupils, .. } = small();
    // Summer time ends on 25 October 2026 and begins on 28 March 2027.
    for date in ["2026-10-23", "2026-10-26", "2027-03-26", "2027-03-30"] {
        let session = Session::am(day(date));
        desk.records.set_clock(session.day, clock(9, 5));
        desk.office().take(beech, session, &[entry(pupils[0], "/")], false).unwrap();
        let key = show::register_key(beech, session);
        let seen = show::register(&mut desk.records, &mut desk.known, &key).unwrap();
        assert_eq!(seen.rows[0].mark.as_ref().unwrap().at, "09:05", "{date}");
        assert!(seen.session.contains("Open until 09:20, 15 minutes left"), "{date}: {}", seen.session);
    }
}

#[test]
fn calling_off_a_training_day_leaves_the_term_that_begins_on_it() {
    let Small { mut desk, site, .. } = small();
    let first = day("2026-09-01");
    desk.office().set_term(term(None, "2026-09-01", "2026-12-18")).unwrap();
    desk.office().set_special(special(None, first, Unusual::Training, "INSET")).unwrap();
    let rows = show::calendar(&desk.records, &desk.known, site).rows;
    let row = rows.iter().find(|row| row.what == "Training day: INSET").unwrap();
    desk.office().change_calendar(row.call_off.as_ref().unwrap()).unwrap();
    let school = desk.known.school();
    assert_eq!((school.day(site, first), school.closed(site, first.plus(1))), (DayKind::Open, None));
    assert_eq!(school.closed(site, day("2026-12-21")), Some("school holiday"), "the term stands");
}

#[test]
fn a_term_that_begins_in_august_is_of_the_year_that_follows() {
    let Small { mut desk, site, .. } = small();
    desk.office().set_term(term(None, "2027-08-31", "2027-12-17")).unwrap();
    let school = desk.known.school();
    assert_eq!(school.closed(site, day("2027-06-14")), None, "of the year before nothing is said");
    for (first, last) in [("2028-01-04", "2028-03-31"), ("2028-04-17", "2028-07-21")] {
        desk.office().set_term(term(None, first, last)).unwrap();
    }
    let school = desk.known.school();
    for open in ["2027-08-31", "2027-09-01", "2027-12-17", "2028-02-01"] {
        assert_eq!(school.closed(site, day(open)), None, "{open}");
    }
    assert_eq!(school.closed(site, day("2027-12-20")), Some("school holiday"));
    desk.office().set_term(term(None, "2027-04-19", "2027-07-20")).unwrap();
    let school = desk.known.school();
    assert_eq!(
        (school.closed(site, day("2027-08-30")), school.closed(site, day("2027-08-31"))),
        (Some("school holiday"), None)
    );
}

#[test]
fn days_that_were_lost_are_no_school_days_and_a_weekend_within_them_stays_one() {
    let Small { mut desk, site, .. } = small();
    let lost = Special { last: day("2027-01-19"), ..special(Some(site), day("2027-01-14"), Unusual::Lost, "Boiler") };
    desk.office().set_special(lost).unwrap();
    let school = desk.known.school();
    assert_eq!(school.day(site, day("2027-01-16")), DayKind::Weekend);
    assert_eq!(school.day(site, day("2027-01-18")), DayKind::Lost("Boiler"), "its registers are due, with Y4");
    let ended = day("2027-01-08");
    assert_eq!(
        (school.school_days(site, ended, day("2027-01-27")), school.school_days(site, ended, day("2027-01-28"))),
        (9, 10)
    );
    let one = special(Some(site), day("2027-01-23"), Unusual::Lost, "Open day called off");
    desk.office().set_special(one).unwrap();
    assert_eq!(
        desk.known.school().day(site, day("2027-01-23")),
        DayKind::Lost("Open day called off"),
        "said of that one day"
    );
}

#[test]
fn a_register_that_is_open_longer_in_one_session_than_in_the_other_is_remarked_on() {
    use crate::facts::school::{HalfTimes, Times};
    let mut small = small();
    let said = |small: &Small| show::calendar(&small.desk.records, &small.desk.known, small.site).today;
    assert!(!said(&small).contains("minutes"), "{}", said(&small));
    let pm = HalfTimes { start: clock(13, 0), close: clock(13, 10), deadline: clock(13, 30) };
    small.desk.office().set_times(Times { pm, ..Times::DEFAULT }).unwrap();
    assert!(said(&small).contains("30 minutes in the morning and 10 in the afternoon"), "{}", said(&small));
}

#[test]
fn a_term_that_two_people_apart_set_differently_is_shown_with_both_until_somebody_sets_it_again() {
    let mut small = small();
    let (site, first) = (small.site, day("2027-01-04"));
    let mut apart = small.desk.another(9, Some(TOM));
    let term = |last: &str, name: &str| Term { site: None, first, last: day(last), name: name.into() };
    small.desk.office().set_term(term("2027-03-24", "Spring")).unwrap();
    apart.office().set_term(term("2027-03-31", "Spring term")).unwrap();
    assert!(show::calendar(&small.desk.records, &small.desk.known, site).clashes.is_empty());
    small.desk.hear(&apart);
    apart.hear(&small.desk);
    for desk in [&small.desk, &apart] {
        let said = show::calendar(&desk.records, &desk.known, site).clashes.join("\n");
        assert!(said.contains("the term from Monday 4 January"), "{said}");
        assert!(said.contains("Helen Marsh") && said.contains("to Wednesday 24 March"), "{said}");
        assert!(said.contains("Tom Okafor") && said.contains("to Wednesday 31 March"), "{said}");
    }
    apart.office().set_term(term("2027-03-24", "Spring")).unwrap();
    small.desk.hear(&apart);
    let view = show::calendar(&small.desk.records, &small.desk.known, site);
    assert!(view.clashes.is_empty(), "{:?}", view.clashes);
    assert!(view.rows.iter().any(|row| row.what == "Term: Spring"));
}

#[test]
fn terms_of_people_apart_that_share_days_are_said_until_one_is_called_off() {
    let mut small = small();
    let site = small.site;
    let mut apart = small.desk.another(9, Some(TOM));
    let term = |first: &str, last: &str, name: &str| Term {
        site: None,
        first: day(first),
        last: day(last),
        name: name.into(),
    };
    small.desk.office().set_term(term("2027-01-04", "2027-03-24", "Spring")).unwrap();
    apart.office().set_term(term("2027-01-11", "2027-03-31", "Lent")).unwrap();
    small.desk.hear(&apart);
    let said = show::calendar(&small.desk.records, &small.desk.known, site).clashes.join("\n");
    assert!(said.contains("Two terms share days: Spring") && said.contains("Lent"), "{said}");
    small.desk.office().set_term(term("2027-01-11", "2027-03-31", "")).unwrap();
    assert!(show::calendar(&small.desk.records, &small.desk.known, site).clashes.is_empty());
}

//! What is owed, each by its rule.

// long because: one list of duties, each tried on the same small school.

use super::*;
use crate::codes::Code;
use crate::duties::{Duty, Item, Kind, calling, duties, period};
use crate::facts::called::{Called, Outcome};
use crate::facts::custody::{Home, Order, OrderKind};
use crate::facts::documents;
use crate::facts::family::{Contact, FamilyFact};
use crate::facts::pupil::PupilFact;
use crate::facts::register::{Imported, Mark, RegisterFact};

use crate::facts::school::Closure;
use crate::facts::{Value as _, pupil};
use crate::fire::presence::{self, State};
use crate::ids::Who;
use crate::show;
use muster_core::replica::records::Change;

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

/// Marks a pupil of a group on whole days, as a register that was brought in.
fn mark(small: &mut Small, who: usize, days: &[Day], codes: [&str; 2]) {
    for day in days {
        let facts = codes.iter().zip([Session::am(*day), Session::pm(*day)]).map(|(code, session)| {
            let code = Code::new(code).unwrap();
            let mark = Mark { pupil: small.pupils[who], session: session.in_week(), code, minutes: None };
            RegisterFact::from(Imported(mark)).fact().unwrap()
        });
        let document = documents::register(small.site, small.beech, *day);
        let facts = facts.collect();
        small.desk.records.write(vec![Change { document, facts }]).unwrap();
    }
}

/// The last so many school days before Monday 23 November, the first first.
fn days_before(many: i32) -> Vec<Day> {
    let mut days: Vec<Day> = (1..100).map(|back| monday().plus(-back)).filter(|day| !day.is_weekend()).collect();
    days.truncate(usize::try_from(many).unwrap());
    days.reverse();
    days
}

fn owed(small: &mut Small) -> Vec<Duty> {
    let Desk { records, known } = &mut small.desk;
    known.refresh(records).unwrap();
    let now = crate::calendar::local(records.now());
    assert_eq!(known.read_ledger(records, period(now), usize::MAX).unwrap(), 0);
    duties(known, Some(small.site), now)
}

fn of(small: &mut Small, kind: Kind) -> Vec<Item> {
    owed(small).into_iter().find(|duty| duty.kind == kind).unwrap().items
}

fn details(small: &mut Small, kind: Kind) -> Vec<String> {
    of(small, kind).into_iter().map(|item| item.detail).collect()
}

fn born(small: &mut Small, who: usize, on: &str) {
    let held = small.desk.known.pupil(small.pupils[who]).unwrap().clone();
    let identity = pupil::Identity { born: Some(day(on)), ..held.identity.clone() };
    let fact = PupilFact::from(identity).replacing(held.replaced_by(crate::known::PupilAbout::Identity)).unwrap();
    let document = documents::pupil(small.site, small.pupils[who]);
    small.desk.records.write(vec![Change { document, facts: vec![fact] }]).unwrap();
}

#[test]
fn a_register_is_owed_by_who_takes_it_once_its_deadline_has_passed() {
    let mut small = small();
    small.desk.at(clock(8, 55));
    let (beech, pupils) = (small.beech, small.pupils.clone());
    small.desk.office().take(beech, morning(), &[entry(pupils[0], "/"), entry(pupils[1], "/")], false).unwrap();
    assert!(of(&mut small, Kind::Register).is_empty(), "the deadline is 09:30");
    small.desk.at(clock(9, 30));
    let items = of(&mut small, Kind::Register);
    let told: Vec<_> = items.iter().map(|item| (item.owed_by.as_str(), item.detail.as_str())).collect();
    assert_eq!(
        told,
        [
            ("Tom Okafor", "Mon 23 Nov am, due 09:30: no mark"),
            ("Helen Marsh", "Mon 23 Nov am, due 09:30: 3 of 5 not marked"),
        ]
    );
    assert_eq!(items[1].session, morning(), "the line leads to the gap");
    small.desk.office().mark_remaining_present(beech, morning()).unwrap();
    assert_eq!(of(&mut small, Kind::Register).len(), 1);
}

#[test]
fn gaps_of_past_days_are_owed_from_the_first_register_kept_here_on() {
    let mut small = small();
    let days = days_before(3);
    mark(&mut small, 0, &days[1..2], ["/", "\\"]);
    small.desk.at(clock(8, 30));
    let lines = details(&mut small, Kind::Register);
    assert_eq!(lines.len(), 8, "two sessions of two days, in two classes: {lines:?}");
    assert!(lines[0].starts_with("Fri 20 Nov pm"), "the latest first");
    assert!(lines.iter().any(|line| line == "Thu 19 Nov am, due 09:30: 4 of 5 not marked"));
}

#[test]
fn in_a_later_year_registers_are_owed_from_its_first_day_whoever_took_none_that_day() {
    let mut small = small();
    let years_ago = pupil::OnRoll { starting: Some(day("2025-09-01")), last: None };
    for id in small.pupils.clone() {
        let held = small.desk.known.pupil(id).unwrap().clone();
        let fact =
            PupilFact::from(years_ago.clone()).replacing(held.replaced_by(crate::known::PupilAbout::OnRoll)).unwrap();
        let document = documents::pupil(small.site, held.id);
        small.desk.records.write(vec![Change { document, facts: vec![fact] }]).unwrap();
    }
    mark(&mut small, 0, &[day("2026-02-03")], ["/", "\\"]);
    small.desk.records.set_clock(day("2026-09-03"), clock(8, 30));
    let owed = details(&mut small, Kind::Register);
    assert!(owed.iter().any(|line| line == "Tue 1 Sep am, due 09:30: no mark"), "{owed:?}");
    assert_eq!(owed.len(), 8, "two sessions of two days, in two classes: {owed:?}");
}

#[test]
fn once_terms_are_set_registers_are_owed_from_the_day_the_school_began_here() {
    use crate::facts::calendar::Term;
    let mut small = small();
    let term = Term { site: None, first: day("2026-09-01"), last: day("2026-12-18"), name: "Autumn".to_owned() };
    small.desk.office().set_term(term).unwrap();
    let thursday = monday().plus(3);
    mark(&mut small, 0, &[thursday], ["/", "\\"]);
    small.desk.records.set_clock(thursday, clock(20, 0));
    let owed = details(&mut small, Kind::Register);
    assert!(owed.iter().any(|line| line == "Mon 23 Nov am, due 09:30: no mark"), "{owed:?}");
    assert!(!owed.iter().any(|line| line.contains("20 Nov")), "nothing was kept here before: {owed:?}");
}

#[test]
fn n_stands_for_five_school_days_of_the_site_and_no_longer() {
    let mut small = small();
    let days = days_before(8);
    mark(&mut small, 0, &days, ["N", "\\"]);
    let lines = details(&mut small, Kind::NoReason);
    assert_eq!(
        lines,
        [
            "Wed 11 Nov am: 8 school days old",
            "Thu 12 Nov am: 7 school days old",
            "Fri 13 Nov am: 6 school days old",
            "Mon 16 Nov am: today is the last day",
        ]
    );
    let closure = Closure { site: None, first: days[6], last: days[6], label: "Occasional day".into() };
    small.desk.office().close(closure).unwrap();
    assert_eq!(details(&mut small, Kind::NoReason).len(), 3, "an occasional day is no school day");
}

#[test]
fn an_n_of_july_is_still_to_be_replaced_in_september() {
    use crate::facts::calendar::Term;
    let mut small = small();
    let held = small.desk.known.pupil(small.pupils[0]).unwrap().clone();
    let on_roll = pupil::OnRoll { starting: Some(day("2025-09-01")), last: None };
    let fact = PupilFact::from(on_roll).replacing(held.replaced_by(crate::known::PupilAbout::OnRoll)).unwrap();
    let document = documents::pupil(small.site, held.id);
    small.desk.records.write(vec![Change { document, facts: vec![fact] }]).unwrap();
    for (first, last) in [("2026-04-13", "2026-07-22"), ("2026-09-01", "2026-12-18")] {
        let term = Term { site: None, first: day(first), last: day(last), name: first.to_owned() };
        small.desk.office().set_term(term).unwrap();
    }
    mark(&mut small, 0, &[day("2026-07-17")], ["N", "\\"]);
    small.desk.records.set_clock(day("2026-09-01"), clock(10, 0));
    assert!(details(&mut small, Kind::NoReason).is_empty(), "four school days");
    small.desk.records.set_clock(day("2026-09-02"), clock(10, 0));
    assert_eq!(details(&mut small, Kind::NoReason), ["Fri 17 Jul am: today is the last day"]);
    small.desk.records.set_clock(day("2026-09-03"), clock(10, 0));
    assert_eq!(details(&mut small, Kind::NoReason), ["Fri 17 Jul am: 6 school days old"]);
}

#[test]
fn illness_is_told_at_fifteen_days_of_a_pupil_of_compulsory_age() {
    let mut small = small();
    born(&mut small, 0, "2012-03-01");
    born(&mut small, 1, "2008-03-01");
    let days = days_before(16);
    for who in [0, 1] {
        mark(&mut small, who, &days[..9], ["I", "I"]);
        mark(&mut small, who, &days[9..10], ["/", "I"]);
        mark(&mut small, who, &days[10..15], ["I", "I"]);
    }
    assert!(details(&mut small, Kind::Sickness).is_empty(), "29 sessions are 14 days and a half");
    for who in [0, 1] {
        mark(&mut small, who, &days[15..], ["I", "\\"]);
    }
    let items = of(&mut small, Kind::Sickness);
    assert_eq!(items.len(), 1, "the other is past compulsory age");
    assert_eq!(items[0].detail, "15 days, 30 sessions, ill this year; longest in a row 9 days");
}

#[test]
fn a_return_is_due_five_days_after_a_new_pupil_starts_and_stays_until_it_was_sent() {
    use crate::facts::pupil::OnRoll;
    use crate::facts::returns::{ReturnKind, Sent};
    use crate::facts::school::SchoolFact;
    let mut small = small();
    let (kuba, starting) = (small.pupils[2], day("2026-11-16"));
    let held = small.desk.known.pupil(kuba).unwrap().clone();
    let fact = PupilFact::from(OnRoll { starting: Some(starting), last: None });
    let fact = fact.replacing(held.replaced_by(crate::known::PupilAbout::OnRoll)).unwrap();
    let document = documents::pupil(small.site, kuba);
    small.desk.records.write(vec![Change { document, facts: vec![fact] }]).unwrap();
    assert_eq!(
        details(&mut small, Kind::Return),
        ["New pupil return, Mon 16 Nov; due Sat 21 Nov, late; the authority is not set"]
    );
    let sent = Sent { pupil: kuba, kind: ReturnKind::NewPupil, about: starting, day: monday(), to: "Council".into() };
    let facts = vec![SchoolFact::from(sent).fact().unwrap()];
    small.desk.records.write(vec![Change { document: documents::school(), facts }]).unwrap();
    assert!(details(&mut small, Kind::Return).is_empty());
}

#[test]
fn ten_school_days_running_without_leave_are_told_and_a_day_with_leave_breaks_them() {
    let mut small = small();
    let days = days_before(12);
    mark(&mut small, 0, &days[..10], ["O", "G"]);
    mark(&mut small, 1, &days[..5], ["O", "O"]);
    mark(&mut small, 1, &days[5..6], ["M", "O"]);
    mark(&mut small, 1, &days[6..], ["O", "O"]);
    mark(&mut small, 2, &days[..4], ["U", "X"]);
    let lines = details(&mut small, Kind::Running);
    assert_eq!(lines, ["10 school days running, Thu 5 Nov to Wed 18 Nov"]);
    assert_eq!(of(&mut small, Kind::Running)[0].pupil, Some(small.pupils[0]));
    let watched = details(&mut small, Kind::TenInTen);
    assert_eq!(watched, ["20 sessions since Mon 21 Sep", "23 sessions since Mon 21 Sep"], "four U are not ten");
}

#[test]
fn persistent_and_severe_compare_whole_numbers_and_say_where_a_plan_was_agreed() {
    let mut small = small();
    let days = days_before(10);
    mark(&mut small, 0, &days[..9], ["/", "\\"]);
    mark(&mut small, 0, &days[9..], ["I", "I"]);
    mark(&mut small, 1, &days, ["/", "C2"]);
    mark(&mut small, 2, &days[..9], ["/", "\\"]);
    mark(&mut small, 2, &days[9..], ["I", "\\"]);
    mark(&mut small, 3, &days, ["X", "X"]);
    assert_eq!(details(&mut small, Kind::Persistent), ["absent 10.0 %, 2 of 20"]);
    assert_eq!(
        details(&mut small, Kind::Severe),
        ["absent 50.0 %, 10 of 20; agreed plan: 10 sessions of a part-time timetable"]
    );
}

#[test]
fn whoever_does_not_attend_regularly_is_told_of_where_the_authority_asks() {
    use crate::extract::sendings;
    use crate::facts::returns::ReturnKind;
    let mut small = small();
    let days = days_before(10);
    mark(&mut small, 0, &days[..8], ["/", "\\"]);
    mark(&mut small, 0, &days[8..], ["O", "O"]);
    mark(&mut small, 1, &days, ["/", "\\"]);
    let now = crate::calendar::local(small.desk.records.now());
    let Desk { records, known } = &mut small.desk;
    known.refresh(records).unwrap();
    assert!(sendings(records, known, ReturnKind::Attendance, false, now).unwrap().is_empty(), "nobody is due");
    let asked = sendings(records, known, ReturnKind::Attendance, true, now).unwrap();
    let [one] = asked.as_slice() else { panic!("{asked:?}") };
    assert_eq!(one.told, [(small.pupils[0], monday())]);
    assert_eq!((one.table.rows.len(), one.table.people), (4, 1), "the sessions missed, and nobody else's");
    assert!(one.table.notes[0].contains("absent 20.0 %, 4 of 20 this year"), "{:?}", one.table.notes);
    assert!(one.table.what.contains("not attending regularly"), "{}", one.table.what);
}

fn family(small: &mut Small, who: usize) {
    let contact = |priority, forename: &str, mobile: &str| Contact {
        id: Contact::listed(priority),
        priority,
        title: String::new(),
        forename: forename.into(),
        surname: "Byrne".into(),
        relationship: "Parent".into(),
        responsible: true,
        numbers: vec![mobile.into()],
        email: String::new(),
        home: Home::Unknown,
        lives_with: false,
        court_order: false,
        ended: None,
    };
    let order = Order {
        id: [1; 16],
        kind: OrderKind::NonMolestation,
        words: "Seen 2 September".into(),
        from: day("2026-09-02"),
        to: None,
        bars: vec!["Dan Byrne".into()],
        calling: true,
        collecting: true,
        withdrawn: false,
    };
    let facts = vec![
        FamilyFact::from(contact(1, "Dan", "07700 900123")).fact().unwrap(),
        FamilyFact::from(contact(2, "Grace", "07700 900456")).fact().unwrap(),
        FamilyFact::from(order).fact().unwrap(),
    ];
    let document = documents::family(small.site, small.pupils[who]);
    small.desk.records.write(vec![Change { document, facts }]).unwrap();
}

fn call(whom: &str, outcome: Outcome) -> Called {
    Called { about: monday(), day: monday(), minute: 581, whom: whom.into(), outcome, words: String::new(), code: None }
}

#[test]
fn whoever_an_order_bars_is_never_among_the_numbers_and_that_is_said_without_one() {
    let mut small = small();
    family(&mut small, 0);
    small.desk.at(clock(8, 55));
    let (beech, ada) = (small.beech, small.pupils[0]);
    small.desk.office().take(beech, morning(), &[entry(ada, "N")], false).unwrap();
    small.desk.at(clock(9, 41));
    let Desk { records, known } = &mut small.desk;
    let view = show::duties::to_do(records, known, Some(small.site), usize::MAX, &[]).unwrap();
    let [line] = view.calls.as_slice() else { panic!("{:?}", view.calls) };
    assert_eq!((line.name.as_str(), line.sessions.as_str()), ("Byrne, Ada", "Morning"));
    let numbers: Vec<_> = line.numbers.iter().map(|one| (one.whom.as_str(), one.number.as_str())).collect();
    assert_eq!(numbers, [("Grace Byrne, parent", "07700 900456")]);
    assert!(line.barred[0].starts_with("Do not call Dan Byrne: "), "{:?}", line.barred);
    assert!(!format!("{view:?}").contains("900123"), "the number is nowhere");
}

#[test]
fn a_call_is_logged_and_its_reason_entered_in_one_act() {
    let mut small = small();
    small.desk.at(clock(8, 55));
    let (beech, ada) = (small.beech, small.pupils[0]);
    small.desk.office().take(beech, morning(), &[entry(ada, "N")], false).unwrap();
    small.desk.at(clock(9, 41));
    small.desk.office().log_call(ada, call("Grace Byrne, mother", Outcome::NoAnswer), None).unwrap();
    assert_eq!(of(&mut small, Kind::Call).len(), 1, "nobody answered: it is still to be called");
    let acts = small.desk.records.acts();
    let reached = Called { words: "Sick in the night".into(), ..call("Grace Byrne, mother", Outcome::Reached) };
    small.desk.office().log_call(ada, reached, Some("I")).unwrap();
    assert_eq!(small.desk.records.acts(), acts + 1);
    assert!(of(&mut small, Kind::Call).is_empty());
    let current = small.desk.office().board(morning()).unwrap().current(ada, morning());
    assert_eq!(current.code().unwrap().as_str(), "I");
    let calls = calling::calls(&small.desk.known, ada, monday());
    let told: Vec<_> = calls.iter().map(show::duties::called).collect();
    assert_eq!(
        told,
        ["09:41 Grace Byrne, mother: no answer", "09:41 Grace Byrne, mother: reached. Sick in the night; entered as I",]
    );
    let again = small.desk.office().log_call(ada, call("Grace Byrne", Outcome::Reached), Some("M"));
    assert!(again.unwrap_err().to_string().contains("no mark of that day is N any more"));
    let nobody = small.desk.office().log_call(ada, call(" ", Outcome::Reached), None);
    assert!(nobody.is_err(), "a call is to somebody");
}

#[test]
fn every_duty_says_its_rule_in_words() {
    let mut small = small();
    for duty in owed(&mut small) {
        assert!(duty.kind.rule().ends_with('.') && duty.kind.rule().len() > 60, "{:?}", duty.kind);
        assert!(!duty.kind.title(1).is_empty());
    }
}

#[test]
fn the_weekly_review_sets_this_week_beside_last_week_and_the_year() {
    let mut small = small();
    let days = days_before(10);
    mark(&mut small, 0, &days[..5], ["/", "\\"]);
    mark(&mut small, 0, &days[5..], ["/", "O"]);
    mark(&mut small, 1, &days, ["/", "\\"]);
    let Desk { records, known } = &mut small.desk;
    known.refresh(records).unwrap();
    let friday = day("2026-11-20");
    assert_eq!(known.read_ledger(records, crate::review::period(friday), usize::MAX).unwrap(), 0);
    let review = crate::review::review(known, friday, crate::calendar::local(records.now()));
    assert_eq!(review.title, "Weekly attendance review, 16 to 20 November 2026");
    let whole = &review.parts[0];
    assert_eq!(whole.week.attendance().to_string(), "75.0 %, 15 of 20");
    assert_eq!(whole.before.attendance().to_string(), "100.0 %, 20 of 20");
    assert_eq!((whole.change().as_str(), whole.year.attendance().part), ("−25.0", 35));
    assert_eq!(review.parts.len(), 1, "there is one site");
    let [ada] = review.pupils.as_slice() else { panic!("{:?}", review.pupils) };
    assert_eq!((ada.name.as_str(), ada.about.as_str(), ada.note().as_str()), ("Byrne, Ada", "Beech", "persistent"));
    assert!(review.notes[0].contains("have no mark and are in no figure"), "{:?}", review.notes);
}

#[test]
fn a_screen_of_figures_narrows_from_the_school_to_a_class_to_a_pupil() {
    use crate::view::attendance::{AttendanceFilter, By};
    let mut small = small();
    let days = days_before(5);
    mark(&mut small, 0, &days, ["/", "O"]);
    mark(&mut small, 1, &days, ["L", "\\"]);
    let ada = small.pupils[0];
    let Desk { records, known } = &mut small.desk;
    known.refresh(records).unwrap();
    let mut show =
        |filter: &AttendanceFilter, most| show::attendance::attendance(records, known, filter, most).unwrap();
    let first = AttendanceFilter::default();
    assert_eq!(show(&first, 0).reading, "One register is still to be read: these figures are not all");
    let whole = show(&first, 100);
    assert_eq!((whole.reading.as_str(), whole.summary.as_str()), ("", "Attendance 75.0 %, 15 of 20 sessions"));
    assert_eq!(whole.weeks.iter().map(|week| week.attended).sum::<u32>(), 15, "the chart's numbers are the table's");
    let beech = whole.lines.iter().find(|line| line.name == "Beech").unwrap();
    assert_eq!((beech.unauthorised, beech.late, beech.note.as_str()), (5, 5, ""), "a class is not persistent");
    let class = show(beech.opens.as_ref().unwrap(), 100);
    let line = class.lines.iter().find(|line| line.name == "Byrne, Ada").unwrap();
    assert_eq!((line.attendance.as_str(), line.note.as_str()), ("50.0 %, 5 of 10", "severe"));
    let alone = show(line.opens.as_ref().unwrap(), 100);
    assert_eq!(alone.filter.pupil, Some(ada.into()));
    let codes: Vec<_> = alone.lines.iter().map(|line| (line.name.as_str(), line.attendance.as_str())).collect();
    assert_eq!(codes, [("/", "5 marks"), ("O", "5 marks")]);
    let persistent = show(&AttendanceFilter { by: By::Persistent, ..first }, 100);
    assert_eq!(persistent.lines.len(), 1);
}

#[test]
fn what_was_marked_of_a_child_on_no_list_counts_for_the_pupil_they_turned_out_to_be() {
    use crate::facts::pupil::{Matched, Provisional};
    use crate::figures::{Cut, Period, count};
    use crate::ids::PupilId;
    let mut small = small();
    let days = days_before(2);
    mark(&mut small, 0, &days, ["/", "\\"]);
    let stranger = PupilId([0x77; 16]);
    let provisional = PupilFact::from(Provisional { words: "Says she starts today".into() }).fact().unwrap();
    let document = documents::pupil(small.site, stranger);
    small.desk.records.write(vec![Change { document: document.clone(), facts: vec![provisional] }]).unwrap();
    let session = Session::am(days[0]);
    let seen = Mark { pupil: stranger, session: session.in_week(), code: Code::PRESENT_AM, minutes: None };
    let facts = vec![RegisterFact::from(seen).fact().unwrap()];
    let register = documents::register(small.site, small.beech, days[0]);
    small.desk.records.write(vec![Change { document: register, facts }]).unwrap();
    let attended = |small: &mut Small| {
        owed(small);
        let now = crate::calendar::local(small.desk.records.now());
        let period = Period { from: days[0], to: days[1] };
        let by = count(&small.desk.known, period, Cut::default(), now).by_pupil();
        (by.contains_key(&stranger), by[&small.pupils[1]].attended)
    };
    assert_eq!(attended(&mut small), (false, 0), "nobody knows yet who that is");
    let matched = PupilFact::from(Matched { to: Some(small.pupils[1]) }).fact().unwrap();
    small.desk.records.write(vec![Change { document, facts: vec![matched] }]).unwrap();
    assert_eq!(attended(&mut small), (false, 1));
}

#[test]
fn a_boarder_without_a_mark_is_no_gap_and_one_with_a_mark_counts_as_anybody() {
    let mut small = small();
    let leila = small.pupils[1];
    mark(&mut small, 0, &days_before(3), ["/", "\\"]);
    let gaps = |small: &mut Small| details(small, Kind::Register).join("; ");
    assert!(gaps(&mut small).contains("4 of 5 not marked"), "{}", gaps(&mut small));
    let boards = crate::facts::admission::Entry {
        middle: String::new(),
        other_names: String::new(),
        boarder: true,
        starting: crate::facts::admission::Starting::Agreed,
    };
    let change = crate::office::EntryChange { entry: Some(boards), ..Default::default() };
    small.desk.office().amend_entry(leila, &change, "").unwrap();
    let told = gaps(&mut small);
    assert!(told.contains("3 of 4 not marked"), "{told}");
    let counted = |small: &Small| {
        let now = crate::calendar::local(small.desk.records.now());
        let cut = crate::figures::Cut { pupil: Some(leila), ..Default::default() };
        crate::figures::count(&small.desk.known, period(now), cut, now).total()
    };
    assert_eq!(counted(&small).unfilled, 0, "the law asks for no mark");
    mark(&mut small, 1, &days_before(1), ["I", "I"]);
    owed(&mut small);
    assert_eq!((counted(&small).authorised, counted(&small).possible()), (2, 2));
}

#[test]
fn a_run_that_was_told_hides_no_later_one_and_what_is_told_is_noted_once() {
    use crate::extract::sendings;
    use crate::facts::returns::ReturnKind;
    let mut small = small();
    let days = days_before(40);
    mark(&mut small, 0, &days[..20], ["O", "O"]);
    mark(&mut small, 0, &days[20..28], ["/", "\\"]);
    mark(&mut small, 0, &days[28..], ["G", "G"]);
    let both = details(&mut small, Kind::Running);
    assert_eq!(both.len(), 1, "one line for a pupil");
    assert!(
        both[0].starts_with("12 school days running, ") && both[0].contains("; and 20 school days running"),
        "{both:?}"
    );
    let ada = small.pupils[0];
    small.desk.office().return_sent(ada, ReturnKind::Attendance, days[0], "Hertfordshire").unwrap();
    let later = details(&mut small, Kind::Running);
    assert!(later[0].starts_with("12 school days running") && !later[0].contains("; and"), "{later:?}");
    let Desk { records, known } = &mut small.desk;
    let now = crate::calendar::local(records.now());
    let files = sendings(records, known, ReturnKind::Attendance, false, now).unwrap();
    assert_eq!((files.len(), files[0].told.as_slice()), (1, [(ada, days[28])].as_slice()));
    assert_eq!(files[0].table.rows.len(), 64, "every session missed this year");
    small.desk.office().returns_sent(ReturnKind::Attendance, &files[0].told, "Hertfordshire").unwrap();
    assert_eq!(details(&mut small, Kind::Running), Vec::<String>::new());
}

#[test]
fn a_pupil_who_will_miss_fifteen_days_by_what_is_planned_is_told_of_before_and_once() {
    use crate::extract::sendings;
    use crate::facts::returns::ReturnKind;
    let mut small = small();
    let days = days_before(9);
    mark(&mut small, 1, &days, ["I", "I"]);
    assert_eq!(details(&mut small, Kind::Sickness), Vec::<String>::new(), "nine days");
    let leila = small.pupils[1];
    let until = day("2026-11-30");
    small.desk.office().plan(leila, (monday(), until), None, "I", "Operation").unwrap();
    let lines = details(&mut small, Kind::Sickness);
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].ends_with("; 6 days more of illness are planned, to Mon 30 Nov"), "{lines:?}");
    let Desk { records, known } = &mut small.desk;
    let now = crate::calendar::local(records.now());
    let files = sendings(records, known, ReturnKind::Sickness, false, now).unwrap();
    assert!(
        files[0].table.notes.iter().any(|note| note.contains("LeilaHassan10: 6 days more")),
        "{:?}",
        files[0].table.notes
    );
    small.desk.office().returns_sent(ReturnKind::Sickness, &files[0].told, "Hertfordshire").unwrap();
    assert_eq!(details(&mut small, Kind::Sickness), Vec::<String>::new());
}

#[test]
fn a_pupil_without_a_class_is_a_duty_until_a_class_is_chosen() {
    use crate::extract;
    let mut small = small();
    mark(&mut small, 1, &[monday()], ["/", "\\"]);
    let ada = small.pupils[0];
    let none = pupil::Placing { group: None, year: "10".into(), from: monday() };
    let fact = PupilFact::from(none).fact().unwrap();
    let document = documents::pupil(small.site, ada);
    small.desk.records.write(vec![Change { document, facts: vec![fact] }]).unwrap();
    let items = of(&mut small, Kind::NoClass);
    assert_eq!(items.iter().map(|item| item.pupil).collect::<Vec<_>>(), [Some(ada)]);
    let Desk { records, known } = &mut small.desk;
    let table = extract::register(records, known, (monday(), monday()), None, None).unwrap();
    assert!(table.notes.contains(&"1 pupil is in no class, and is not in it".to_owned()), "{:?}", table.notes);
    // In a fire they are called all the same.
    let fire = |small: &mut Small| {
        small.desk.known.refresh(&mut small.desk.records).unwrap();
        small.desk.office().write_expected(small.site).unwrap();
        let list = presence::list(&mut small.desk.records, small.site).unwrap().unwrap();
        let ada = list.people.into_iter().find(|one| one.who == Who::Pupil(ada)).unwrap();
        (ada.state, ada.group)
    };
    assert_eq!(fire(&mut small), (State::MustCall, "In no class".to_owned()));
    let (rowan, tuesday) = (small.rowan, monday().plus(1));
    small.desk.office().change_class(ada, rowan, "11", monday()).unwrap();
    assert_eq!(of(&mut small, Kind::NoClass), Vec::new());
    let held = small.desk.known.pupil(ada).unwrap();
    assert_eq!((held.group_on(tuesday), held.year_on(tuesday)), (Some(rowan), "11"));
    assert!(small.desk.office().change_class(ada, rowan, "", tuesday).is_err(), "there already");
}

#[test]
fn a_part_time_timetable_is_a_duty_from_its_review_day_until_another_is_agreed() {
    use crate::facts::pupil::Timetable;
    let mut small = small();
    let ada = small.pupils[0];
    let table = |review: &str| Timetable {
        first: day("2026-11-02"),
        last: day("2026-12-18"),
        review: Some(day(review)),
        off: vec![9],
        code: Code::new("C2"),
        agreed: Some(day("2026-10-30")),
        note: "Pathway".into(),
    };
    small.desk.office().set_timetable(ada, table("2026-11-24")).unwrap();
    assert_eq!(details(&mut small, Kind::Timetable), Vec::<String>::new(), "not before its day");
    small.desk.records.set_clock(day("2026-11-24"), clock(9, 0));
    let lines = details(&mut small, Kind::Timetable);
    assert_eq!(lines, ["C2, to be looked at on Tue 24 Nov: agree when next, or end it"]);
    small.desk.office().set_timetable(ada, table("2026-12-16")).unwrap();
    assert_eq!(details(&mut small, Kind::Timetable), Vec::<String>::new());
    small.desk.records.set_clock(day("2026-12-14"), clock(9, 0));
    assert_eq!(
        details(&mut small, Kind::Timetable),
        ["C2 ends on Fri 18 Dec: after that every session is due"],
        "in the week before it ends"
    );
}

#[test]
fn a_review_of_more_sites_than_fit_says_which_are_not_on_it_by_themselves() {
    let mut small = small();
    for number in 2..=10 {
        let site = small.desk.office().add_site(&format!("S{number}"), &format!("Site {number}"), &[]).unwrap();
        let group = small.desk.office().add_group(site, "Oak", None).unwrap();
        let who = crate::office::NewPupil {
            identity: pupil::Identity {
                admission_no: format!("new{number}"),
                upn: String::new(),
                surname: format!("Of{number}"),
                forename: "Ada".into(),
                preferred: "Ada".into(),
                sex: String::new(),
                born: None,
            },
            site,
            group: Some(group),
            year: "7".into(),
            starting: Some(monday()),
            medical: Vec::new(),
            evacuation: None,
        };
        let id = small.desk.office().add_pupil(&who).unwrap();
        small.desk.at(clock(9, 0)).office().take(group, morning(), &[entry(id, "/")], false).unwrap();
    }
    mark(&mut small, 0, &[monday()], ["/", "\\"]);
    owed(&mut small);
    let now = crate::calendar::local(muster_core::replica::records::Records::now(&small.desk.records));
    let known = &mut small.desk.known;
    known.read_ledger(&mut small.desk.records, crate::review::period(now.day), usize::MAX).unwrap();
    let review = crate::review::review(known, now.day, now);
    assert_eq!(review.parts.len(), 9, "the school and eight sites");
    let said = review.notes.iter().find(|note| note.starts_with("8 sites fit on this page")).unwrap();
    let missing = (2..=10).filter(|number| said.contains(&format!("Site {number}"))).count();
    assert!(missing + usize::from(said.contains("Harbour")) == 2, "{said}");
}

#[test]
fn a_gap_of_the_autumn_is_still_owed_in_the_spring() {
    use crate::facts::calendar::Term;
    let mut small = small();
    for (name, first, last) in [("Autumn", "2026-09-02", "2026-12-18"), ("Spring", "2027-01-04", "2027-03-26")] {
        let term = Term { site: None, first: day(first), last: day(last), name: name.to_owned() };
        small.desk.office().set_term(term).unwrap();
    }
    mark(&mut small, 0, &[day("2026-12-16"), day("2027-01-04")], ["/", "\\"]);
    small.desk.records.set_clock(day("2027-01-04"), clock(8, 0));
    let december = details(&mut small, Kind::Register).iter().filter(|line| line.contains("Dec")).count();
    assert!(december >= 4, "17 and 18 December, both halves");
}

#[test]
fn a_school_that_has_set_no_term_is_told_so_first_and_where_to_set_one() {
    let mut small = small();
    let said = details(&mut small, Kind::NoTerm);
    assert_eq!(said, ["no term is set, so that every weekday counts as a school day: set the terms"]);
    let Desk { records, known } = &mut small.desk;
    let view = show::duties::to_do(records, known, Some(small.site), usize::MAX, &[]).unwrap();
    assert_eq!(
        (view.parts[0].title.as_str(), view.parts[0].lines[0].name.as_str()),
        ("site without terms this school year", "Harbour")
    );
    assert_eq!(view.parts[0].lines[0].link, Some(crate::view::today::Link::Calendar));
    assert_eq!(view.parts[1].title, "absent today without a reason", "then what cannot wait");
    let term = crate::facts::calendar::Term {
        site: None,
        name: "Autumn".into(),
        first: day("2026-09-02"),
        last: day("2026-12-18"),
    };
    small.desk.office().set_term(term).unwrap();
    assert_eq!(details(&mut small, Kind::NoTerm), Vec::<String>::new());
}

#[test]
fn the_weekly_review_is_due_on_friday_until_somebody_has_written_it() {
    let mut small = small();
    let ada = small.pupils[0];
    super::published::holds(&mut small.desk, HELEN, Role::SeniorLeader, &[]);
    small.desk.at(clock(8, 55)).office().take(small.beech, morning(), &[entry(ada, "/")], false).unwrap();
    let due = |small: &mut Small, days: i32| {
        small.desk.records.set_clock(monday().plus(days), clock(9, 0));
        let now = crate::calendar::local(small.desk.records.now());
        small.desk.known.read_ledger(&mut small.desk.records, duties::period(now), usize::MAX).unwrap();
        let all = duties::duties(&small.desk.known, None, now);
        let of = all.into_iter().find(|duty| duty.kind == Kind::WeeklyReview).unwrap();
        of.items.into_iter().map(|item| item.detail).collect::<Vec<_>>()
    };
    assert!(due(&mut small, 3).is_empty(), "not before Friday, and the week before has no register here");
    let line = ["of the week to Friday 27 November: written under Attendance"];
    assert_eq!(due(&mut small, 4), line);
    assert_eq!(due(&mut small, 7), line, "on Monday it is still to be written");
    small.desk.office().reviewed_week(monday().plus(4)).unwrap().unwrap();
    assert!(due(&mut small, 4).is_empty() && due(&mut small, 7).is_empty());
    assert!(small.desk.office().reviewed_week(monday()).unwrap().is_none(), "once is enough");
    assert!(due(&mut small, 11).is_empty(), "a week without a register has no review");
}

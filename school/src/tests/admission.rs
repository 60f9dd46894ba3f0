//! The admission register: from starting day to deletion.

use super::*;
use crate::admission::{Evidence, Refused, entry as fields, history};
use crate::codes::Code;
use crate::facts::admission::{Consent, Entry, Ground, LastSchool, NextSchool, Placement, Starting};
use crate::facts::custody::{Home, Parent};
use crate::facts::family::{Address, FamilyFact};
use crate::facts::returns::{Authority, ReturnKind};
use crate::facts::school::Closure;
use crate::office::{EntryChange, OfficeError};

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn said(words: &str) -> Evidence {
    Evidence { words: words.to_owned(), agreed_by: "Helen Marsh, head".to_owned(), ..Evidence::default() }
}

fn identity(forename: &str, surname: &str, number: &str, born: &str) -> Identity {
    Identity {
        admission_no: number.to_owned(),
        upn: String::new(),
        surname: surname.to_owned(),
        forename: forename.to_owned(),
        preferred: forename.to_owned(),
        sex: "F".to_owned(),
        born: Some(day(born)),
    }
}

fn mina(small: &Small, starting: &str) -> NewPupil {
    NewPupil {
        identity: identity("Mina", "Oyelaran", "0412", "2015-03-02"),
        site: small.site,
        group: Some(small.beech),
        year: "6".to_owned(),
        starting: Some(day(starting)),
        medical: Vec::new(),
        evacuation: None,
    }
}

fn address(line: &str) -> Address {
    Address { line: line.to_owned(), town: "Fenby".to_owned(), postcode: "AB1 2CD".to_owned() }
}

fn parent(id: u8, name: &str, lives_with: bool) -> FamilyFact {
    Parent {
        id: [id; 16],
        title: "Ms".to_owned(),
        forenames: name.to_owned(),
        surname: "Oyelaran".to_owned(),
        relationship: "Mother".to_owned(),
        home: Home::WithPupil,
        lives_with,
        numbers: vec!["07700 900111".to_owned()],
        withdrawn: false,
    }
    .into()
}

fn whole() -> EntryChange {
    EntryChange {
        entry: Some(Entry {
            middle: "Jane".to_owned(),
            other_names: String::new(),
            boarder: false,
            starting: Starting::Agreed,
        }),
        last_school: Some(LastSchool { name: "Fenby Primary".to_owned(), address: "Mill Lane".to_owned() }),
        placement: Some(placed(true)),
        family: vec![address("3 Mill Lane").into(), parent(1, "Folake", true), parent(2, "Ade", false)],
        ..EntryChange::default()
    }
}

fn placed(arranged: bool) -> Placement {
    Placement { number: "919".to_owned(), name: "Hertfordshire".to_owned(), arranged, plan: true }
}

fn refused(answer: Result<muster_core::replica::records::Written, OfficeError>) -> Refused {
    match answer.unwrap_err() {
        OfficeError::Deletion(why) => why,
        other => panic!("{other}"),
    }
}

#[test]
fn a_name_goes_on_from_the_starting_day_and_a_child_who_does_not_turn_up_is_n() {
    let mut small = small();
    let new = mina(&small, "2026-11-23");
    let id = small.desk.office().admit(&new, &whole()).unwrap();
    assert!(small.desk.known.members(small.beech, monday()).iter().any(|pupil| pupil.id == id), "a mark is due");
    assert!(small.desk.known.members(small.beech, day("2026-11-20")).iter().all(|pupil| pupil.id != id));
    let beech = small.beech;
    small.desk.at(clock(9, 0));
    let mut office = small.desk.office();
    assert!(office.take(beech, morning(), &[entry(id, "Z")], false).is_err(), "a prospective pupil no longer");
    office.take(beech, morning(), &[entry(id, "N")], false).unwrap();
    assert_eq!(office.board(morning()).unwrap().current(id, morning()).code(), Code::new("N"));
}

#[test]
fn what_an_entry_lacks_is_told_in_words_until_it_is_whole() {
    let mut small = small();
    let new = mina(&small, "2026-11-23");
    let id = small.desk.office().admit(&new, &EntryChange::default()).unwrap();
    let lacking = |small: &mut Small| {
        let family = small.desk.known.family(&mut small.desk.records, id).unwrap().unwrap_or_default();
        fields::missing(small.desk.known.pupil(id).unwrap(), Some(&family))
    };
    let missing = lacking(&mut small);
    assert!(missing.contains(&"last school, or that there was none".to_owned()), "{missing:?}");
    assert!(missing.contains(&"the full name of every known parent".to_owned()));
    small.desk.office().amend_entry(id, &whole(), "").unwrap();
    assert_eq!(lacking(&mut small), Vec::<String>::new(), "what was blank needs no reason");
    let shown = fields::of_pupil(small.desk.known.pupil(id).unwrap());
    assert!(shown.contains(&("Full name", "Mina Jane Oyelaran".to_owned())));
    assert!(shown.contains(&("Starting day", "2026-11-23, as agreed".to_owned())));
}

#[test]
fn an_amendment_keeps_the_original_with_reason_time_and_name() {
    let mut small = small();
    let new = mina(&small, "2026-11-23");
    let id = small.desk.office().admit(&new, &whole()).unwrap();
    let change = EntryChange {
        identity: Some(identity("Mina", "Oyelaran-Hall", "0412", "2015-03-02")),
        family: vec![address("9 High Street").into()],
        ..EntryChange::default()
    };
    assert!(matches!(small.desk.office().amend_entry(id, &change, " "), Err(OfficeError::EmptyReason)));
    small.desk.at(clock(10, 5));
    small.desk.office().amend_entry(id, &change, "Deed poll seen").unwrap();
    let again = small.desk.office().amend_entry(id, &change, "Deed poll seen");
    assert!(matches!(again, Err(OfficeError::Nothing(_))));
    let pupil = small.desk.known.pupil(id).unwrap().clone();
    assert_eq!(pupil.identity.surname, "Oyelaran-Hall");
    let told = history::of(&mut small.desk.records, &pupil).unwrap();
    let newest = &told[0];
    assert_eq!((newest.reason.as_str(), told.len()), ("Deed poll seen", 2));
    let changed: Vec<_> =
        newest.changed.iter().map(|one| (one.field.as_str(), one.original.as_str(), one.amended.as_str())).collect();
    assert_eq!(
        changed,
        [
            ("Surname", "Oyelaran", "Oyelaran-Hall"),
            ("Address", "3 Mill Lane, Fenby, AB1 2CD", "9 High Street, Fenby, AB1 2CD"),
        ]
    );
    assert_eq!(small.desk.records.author(&newest.origin.seat).unwrap().person, Some(HELEN));
}

#[test]
fn a_pupil_placed_by_an_authority_is_not_deleted_for_home_education_without_its_consent() {
    let mut small = small();
    let ada = small.pupils[0];
    let mut office = small.desk.office();
    let letter = said("Letter of Ms Byrne of 20 November");
    let first = refused(office.delete_name(ada, monday(), Ground::EducatedAtHome, &letter));
    assert_eq!(first, Refused::PlacementUnknown, "it is asked for, not assumed");
    let enter = |arranged| EntryChange { placement: Some(placed(arranged)), ..EntryChange::default() };
    office.amend_entry(ada, &enter(true), "").unwrap();
    let trap = refused(office.delete_name(ada, monday(), Ground::EducatedAtHome, &letter));
    assert_eq!(trap, Refused::Consent("Hertfordshire".to_owned()));
    let consent = Some(Consent { by: "A. Shah, letter".to_owned(), day: day("2026-11-20") });
    office.delete_name(ada, monday(), Ground::EducatedAtHome, &Evidence { consent, ..letter }).unwrap();
    let pupil = small.desk.known.pupil(ada).unwrap();
    assert!(pupil.is_on_roll(monday()) && !pupil.is_on_roll(day("2026-11-24")));
}

#[test]
fn no_name_is_deleted_for_a_day_that_is_over_without_words_or_before_it_stands() {
    let mut small = small();
    let ada = small.pupils[0];
    let mut office = small.desk.office();
    let friday = day("2026-11-20");
    let late = refused(office.delete_name(ada, friday, Ground::Died, &said("Told by the family")));
    assert_eq!(late, Refused::Retrospective("Monday 23 November".to_owned()));
    assert_eq!(refused(office.delete_name(ada, monday(), Ground::Died, &said(" "))), Refused::NoWords);
    let nobody = Evidence { words: "Told".to_owned(), ..Evidence::default() };
    assert_eq!(refused(office.delete_name(ada, monday(), Ground::Died, &nobody)), Refused::NobodyAgreed);
    assert_eq!(refused(office.delete_name(ada, monday(), Ground::FeesUnpaid, &said("x"))), Refused::NotHere);
    let school = refused(office.delete_name(ada, monday(), Ground::AnotherSchool, &said("x")));
    assert_eq!(school, Refused::NoSchool);
    let new = NewPupil { starting: Some(day("2027-01-05")), ..mina(&small, "2027-01-05") };
    let mut office = small.desk.office();
    let mina = office.admit(&new, &whole()).unwrap();
    assert_eq!(refused(office.delete_name(mina, monday(), Ground::CeasedHere, &said("x"))), Refused::NotYet);
}

#[test]
fn a_pupil_of_compulsory_age_does_not_leave_as_one_past_it() {
    let mut small = small();
    let mut office = small.desk.office();
    let ada = office.known().pupil(small.pupils[0]).unwrap().clone();
    assert_eq!(refused(office.delete_name(ada.id, monday(), Ground::PastAge, &said("Leaving"))), Refused::NoBirth);
    let born = |text| Identity { born: Some(day(text)), ..ada.identity.clone() };
    let change = EntryChange { identity: Some(born("2011-01-04")), ..EntryChange::default() };
    office.amend_entry(ada.id, &change, "Certificate seen").unwrap();
    let still = refused(office.delete_name(ada.id, monday(), Ground::PastAge, &said("Leaving")));
    assert_eq!(still, Refused::StillCompulsory("Friday 25 June 2027".to_owned()));
    office.delete_name(ada.id, day("2027-06-25"), Ground::PastAge, &said("Leaving")).unwrap();
}

#[test]
fn twenty_school_days_of_absence_are_counted_in_the_register_and_a_holiday_is_no_school_day() {
    let mut small = small();
    let (ada, beech) = (small.pupils[0], small.beech);
    let half_term =
        Closure { site: None, first: day("2026-11-09"), last: day("2026-11-13"), label: "Half term".to_owned() };
    small.desk.office().close(half_term).unwrap();
    let mut marked = 0;
    for back in (1..=38).rev() {
        let on = monday().plus(-back);
        if small.desk.known.school().closed(small.site, on).is_some() {
            continue;
        }
        marked += 1;
        small.desk.records.set_clock(on, clock(15, 0));
        let code = if marked == 3 { "I" } else { "O" };
        small.desk.office().take(beech, Session::am(on), &[entry(ada, code)], false).unwrap();
        small.desk.office().take(beech, Session::pm(on), &[entry(ada, "O")], false).unwrap();
    }
    small.desk.at(clock(9, 0));
    let (looked_for, no_good_reason) = (true, true);
    let evidence = Evidence { looked_for, no_good_reason, ..said("Visits of 3 and 10 November") };
    let mut office = small.desk.office();
    let running = marked - 3;
    let short = refused(office.delete_name(ada, monday(), Ground::AbsentTwenty, &evidence));
    assert_eq!(short, Refused::NotTwenty(running), "an illness began it anew");
    // A week more.
    for on in (0..5).map(|ahead| monday().plus(ahead)) {
        small.desk.records.set_clock(on, clock(15, 0));
        for session in [Session::am(on), Session::pm(on)] {
            small.desk.office().take(beech, session, &[entry(ada, "O")], false).unwrap();
        }
    }
    let mut office = small.desk.office();
    let today = monday().plus(4);
    let unasked = Evidence { looked_for: false, ..evidence.clone() };
    assert_eq!(refused(office.delete_name(ada, today, Ground::AbsentTwenty, &unasked)), Refused::NotLookedFor);
    office.delete_name(ada, today, Ground::AbsentTwenty, &evidence).unwrap();
    let held = small.desk.known.pupil(ada).unwrap().deleted.clone().unwrap();
    assert!(held.words.contains("school days running"), "{}", held.words);
}

#[test]
fn days_that_were_lost_break_no_run_of_absence_and_two_marks_that_differ_end_it() {
    use crate::facts::calendar::{Special, Unusual};
    let mut small = small();
    let (ada, beech, site) = (small.pupils[0], small.beech, small.site);
    let days: Vec<Day> = (0..12).map(|ahead| monday().plus(ahead)).filter(|day| !day.is_weekend()).collect();
    let lost = Special { site: None, first: days[4], last: days[5], what: Unusual::Lost, label: "Snow".to_owned() };
    small.desk.office().set_special(lost).unwrap();
    let mut tablet = small.desk.another(2, Some(TOM));
    for on in days.iter().filter(|on| !days[4..6].contains(on)) {
        small.desk.records.set_clock(*on, clock(15, 0));
        for session in [Session::am(*on), Session::pm(*on)] {
            small.desk.office().take(beech, session, &[entry(ada, "G")], false).unwrap();
        }
    }
    let last = *days.last().unwrap();
    assert_eq!(small.desk.office().absent_running(ada, site, last).unwrap(), 8, "Friday and Monday were lost");
    tablet.records.set_clock(days[1], clock(8, 55));
    tablet.office().take(beech, Session::am(days[1]), &[entry(ada, "/")], false).unwrap();
    small.desk.hear(&tablet);
    assert_eq!(small.desk.office().absent_running(ada, site, last).unwrap(), 6, "nobody has settled the second day");
}

#[test]
fn a_name_deleted_here_and_its_starting_day_amended_elsewhere_is_off_the_register() {
    let mut small = small();
    let ada = small.pupils[0];
    let mut others: Vec<Desk> = (2..8).map(|seed| small.desk.another(seed, Some(TOM))).collect();
    let mut office = small.desk.office();
    office.delete_name(ada, monday(), Ground::CeasedHere, &said("Notice of 12 October")).unwrap();
    for (other, first) in others.iter_mut().zip(1..) {
        // Which of two words shows is chance: one of several tries shows the other.
        let starting = Some(day("2026-09-01").plus(first));
        other.office().amend_entry(ada, &EntryChange { starting, ..EntryChange::default() }, "First day seen").unwrap();
        let mut here = small.desk.another(20, Some(HELEN));
        here.hear(other);
        let held = here.known.pupil(ada).unwrap();
        assert!(held.deleted.is_some() && !held.is_on_roll(monday().plus(1)), "{:?}", held.on_roll);
    }
}

#[test]
fn ten_school_days_after_leave_must_be_over_before_a_name_goes() {
    let mut small = small();
    let ada = small.pupils[0];
    let mut office = small.desk.office();
    let evidence = |ended: &str| Evidence {
        leave_ended: Some(day(ended)),
        looked_for: true,
        no_good_reason: true,
        ..said("Not back from leave")
    };
    let none = refused(office.delete_name(ada, monday(), Ground::NotBackFromLeave, &said("x")));
    assert_eq!(none, Refused::NoLeave);
    let soon = refused(office.delete_name(ada, monday(), Ground::NotBackFromLeave, &evidence("2026-11-10")));
    assert_eq!(soon, Refused::TooSoon(9));
    office.delete_name(ada, monday(), Ground::NotBackFromLeave, &evidence("2026-11-09")).unwrap();
}

#[test]
fn a_deletion_by_mistake_is_put_right_and_stays_in_the_history() {
    let mut small = small();
    let ada = small.pupils[0];
    let next = NextSchool { name: "Dale High".to_owned(), address: String::new(), from: Some(day("2026-11-30")) };
    let mut office = small.desk.office();
    office.amend_entry(ada, &EntryChange { next_school: Some(next), ..EntryChange::default() }, "").unwrap();
    office.delete_name(ada, monday(), Ground::AnotherSchool, &said("Confirmed by Dale High")).unwrap();
    assert_eq!(refused(office.delete_name(ada, monday(), Ground::Died, &said("x"))), Refused::Already);
    office.restore_name(ada, "Helen Marsh, head", "The wrong Ada").unwrap();
    let pupil = small.desk.known.pupil(ada).unwrap().clone();
    assert!(pupil.deleted.is_none() && pupil.is_on_roll(day("2026-12-01")));
    let told = history::of(&mut small.desk.records, &pupil).unwrap();
    let back = &told[0];
    assert_eq!(back.reason, "The wrong Ada");
    assert!(back.changed.iter().any(|one| one.field == "Deleted after" && one.original == "2026-11-23"), "{back:?}");
}

#[test]
fn returns_are_due_five_days_after_the_start_and_no_later_than_a_deletion_until_they_are_sent() {
    let mut small = small();
    let new = mina(&small, "2026-11-23");
    let mut office = small.desk.office();
    office
        .set_authority(Authority {
            site: None,
            number: "919".to_owned(),
            name: "Hertfordshire".to_owned(),
            returns_to: "returns@example.gov.uk".to_owned(),
        })
        .unwrap();
    let mina = office.admit(&new, &whole()).unwrap();
    let gone = small.pupils[0];
    office.delete_name(gone, monday(), Ground::CeasedHere, &said("Notice of 2 November")).unwrap();
    let due = office.returns_due();
    let told: Vec<_> = due.iter().map(|one| (one.pupil, one.name(), one.deadline.iso())).collect();
    assert_eq!(
        told,
        [(gone, "Deletion return", "2026-11-23".to_owned()), (mina, "New pupil return", "2026-11-28".to_owned())]
    );
    assert_eq!(due[0].to.as_ref().map(|to| to.name.as_str()), Some("Hertfordshire"));
    assert!(!due[1].is_late(day("2026-11-28")) && due[1].is_late(day("2026-11-29")));
    office.return_sent(gone, ReturnKind::Deletion, monday(), "returns@example.gov.uk").unwrap();
    assert_eq!(office.returns_due().len(), 1);
    assert!(office.return_sent(mina, ReturnKind::NewPupil, monday(), " ").is_err());
}

#[test]
fn the_same_child_is_not_admitted_twice() {
    let mut small = small();
    let new = mina(&small, "2026-11-23");
    let mut office = small.desk.office();
    office.admit(&new, &EntryChange::default()).unwrap();
    let number = office.admit(&new, &EntryChange::default()).unwrap_err().to_string();
    assert_eq!(number, "Mina Oyelaran is on the register already with this admission number: look there first");
    let other = NewPupil { identity: identity("MINA", "oyelaran", "0999", "2015-03-02"), ..new.clone() };
    assert!(matches!(office.admit(&other, &EntryChange::default()), Err(OfficeError::LikeAnother(..))));
    let twin = NewPupil { identity: identity("Mara", "Oyelaran", "0413", "2015-03-02"), ..new };
    office.admit(&twin, &EntryChange::default()).unwrap();
}

#[test]
fn a_pupil_who_left_and_comes_back_is_admitted_again_and_the_time_away_is_none_on_roll() {
    let mut small = small();
    let new = NewPupil {
        identity: Identity { upn: "B801200005001".to_owned(), ..mina(&small, "2026-11-23").identity },
        ..mina(&small, "2026-11-23")
    };
    let mut office = small.desk.office();
    let first = office.admit(&new, &EntryChange::default()).unwrap();
    office.delete_name(first, monday(), Ground::CeasedHere, &said("Notice of 2 November")).unwrap();
    let on = |starting: &str| NewPupil { starting: Some(day(starting)), ..new.clone() };
    let overlap = office.admit(&on("2026-11-23"), &EntryChange::default()).unwrap_err();
    assert!(matches!(overlap, OfficeError::LikeAnother(..)), "not while the name stands: {overlap}");
    let again = office.admit(&on("2027-09-02"), &EntryChange::default()).unwrap();
    let known = &small.desk.known;
    let here = |on: Day| known.members(small.beech, on).iter().filter(|one| one.identity.surname == "Oyelaran").count();
    assert_eq!([monday(), day("2027-03-01"), day("2027-09-02")].map(here), [1, 0, 1]);
    assert_ne!(first, again);
    small.desk.records.set_clock(day("2027-09-10"), clock(9, 0));
    let mut office = small.desk.office();
    assert!(office.returns_due().iter().any(|due| due.pupil == again && due.about == day("2027-09-02")));
    let back = office.restore_name(first, "Helen Marsh, head", "By mistake");
    assert!(matches!(back, Err(OfficeError::LikeAnother(..))), "nobody stands there twice");
}

#[test]
fn boarders_leave_on_no_ground_of_distance_and_two_schools_need_the_other_named() {
    let mut small = small();
    let ada = small.pupils[0];
    let boards = Entry { boarder: true, ..whole().entry.unwrap() };
    let mut office = small.desk.office();
    office.amend_entry(ada, &EntryChange { entry: Some(boards), ..EntryChange::default() }, "").unwrap();
    assert_eq!(refused(office.delete_name(ada, monday(), Ground::Moved, &said("Letter"))), Refused::Boarder);
    assert_eq!(refused(office.delete_name(ada, monday(), Ground::DualEnded, &said("Letter"))), Refused::NoSchool);
}

fn starts(on: &str) -> EntryChange {
    EntryChange { starting: Some(day(on)), ..EntryChange::default() }
}

#[test]
fn no_name_that_stands_is_taken_off_by_another_starting_day() {
    let mut small = small();
    let (ada, beech) = (small.pupils[0], small.beech);
    small.desk.records.set_clock(day("2026-10-05"), clock(9, 0));
    small.desk.office().take(beech, Session::am(day("2026-10-05")), &[entry(ada, "/")], false).unwrap();
    let mut office = small.desk.at(clock(9, 0)).office();
    for later in ["2026-11-24", "2030-09-01"] {
        let why = refused(office.amend_entry(ada, &starts(later), "She comes later"));
        assert_eq!(why, Refused::Stands("Monday 23 November".to_owned()), "{later}");
        assert!(why.to_string().contains("on a ground only"), "{why}");
    }
    let marked = refused(office.amend_entry(ada, &starts("2026-10-06"), "The letter says so"));
    assert_eq!(marked, Refused::HasMark("Monday 5 October".to_owned()));
    assert!(small.desk.known.pupil(ada).unwrap().is_on_roll(day("2026-10-05")), "nothing was written");
    small.desk.office().amend_entry(ada, &starts("2026-10-05"), "First day seen").unwrap();
    small.desk.office().amend_entry(ada, &starts("2024-09-02"), "She came two years ago").unwrap();
}

#[test]
fn a_starting_day_that_has_not_come_is_moved_and_one_never_entered_is_not_entered_after_a_mark() {
    let mut small = small();
    let new = mina(&small, "2027-01-05");
    let mina = small.desk.office().admit(&new, &EntryChange::default()).unwrap();
    small.desk.office().amend_entry(mina, &starts("2027-02-22"), "She moves house first").unwrap();
    // An export said nothing of the starting day.
    let ada = small.desk.known.pupil(small.pupils[0]).unwrap().clone();
    let unknown = crate::facts::pupil::OnRoll { starting: None, last: None };
    let fact = crate::facts::pupil::PupilFact::from(unknown);
    let fact = crate::facts::Value::replacing(&fact, ada.replaced_by(crate::known::PupilAbout::OnRoll)).unwrap();
    let document = crate::facts::documents::pupil(small.site, ada.id);
    small.desk.records.write(vec![muster_core::replica::records::Change { document, facts: vec![fact] }]).unwrap();
    small.desk.records.set_clock(day("2026-09-10"), clock(9, 0));
    small.desk.known.refresh(&mut small.desk.records).unwrap();
    small.desk.office().take(small.beech, Session::am(day("2026-09-10")), &[entry(ada.id, "/")], false).unwrap();
    small.desk.at(clock(9, 0));
    let marked = refused(small.desk.office().amend_entry(ada.id, &starts("2026-09-11"), "Entered"));
    assert_eq!(marked, Refused::HasMark("Thursday 10 September".to_owned()));
    small.desk.office().amend_entry(ada.id, &starts("2026-09-10"), "Entered").unwrap();
}

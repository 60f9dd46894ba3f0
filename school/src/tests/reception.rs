//! The reception and the kiosk.

use super::*;
use crate::areas;
use crate::facts::care::{FireNote, Medical};
use crate::facts::custody::{Home, Order, OrderKind};
use crate::facts::family::{Contact, FamilyFact};
use crate::facts::fire::FireDuty;
use crate::facts::visits::ComerKind;
use crate::facts::{Value as _, documents};
use crate::fire::care::CareBook;
use crate::fire::presence::{self, FireList, State};
use crate::ids::Who;
use crate::office::{EarlyLeaver, NewVisit};
use crate::show;
use crate::view::fire::Care;
use muster_core::replica::records::{Change, Records as _};

fn list(desk: &mut Desk, site: PlaceId) -> FireList {
    presence::list(&mut desk.records, site).unwrap().unwrap()
}

fn of(list: &FireList, who: Who) -> (State, String) {
    let one = list.people.iter().find(|one| one.who == who).unwrap();
    (one.state, one.line.clone())
}

fn typed(kind: ComerKind, name: &str, class: &str) -> NewVisit {
    NewVisit { kind, name: name.to_owned(), organisation: class.to_owned(), typed: true, ..NewVisit::default() }
}

#[test]
fn a_contractor_stands_on_the_list_with_firm_place_and_vehicle() {
    let Small { mut desk, site, .. } = small();
    let stan = NewVisit {
        kind: ComerKind::Contractor,
        name: "Stan Pike".to_owned(),
        organisation: "Acme Lifts".to_owned(),
        host: Some(HELEN),
        vehicle: "AB12 CDE".to_owned(),
        working: "plant room".to_owned(),
        ..NewVisit::default()
    };
    let visit = desk.at(clock(8, 55)).office().visitor_in(site, &stan).unwrap();
    let held = list(&mut desk, site);
    let one = held.people.iter().find(|one| one.who == Who::Visitor(visit)).unwrap();
    assert_eq!(one.group, "Contractor");
    assert_eq!(one.line, "Signed in 08:55, seeing H. Marsh, Acme Lifts, working: plant room. Vehicle AB12 CDE");
}

#[test]
fn a_whole_name_typed_at_the_kiosk_is_that_person_where_it_is_unique() {
    let Small { mut desk, site, pupils, .. } = small();
    desk.at(clock(9, 41)).office().visitor_in(site, &typed(ComerKind::Pupil, "ADA BYRNE", "beech")).unwrap();
    let held = list(&mut desk, site);
    assert_eq!(of(&held, Who::Pupil(pupils[0])), (State::OnSite, "Signed in 09:41, at the kiosk".to_owned()));
    assert!(!held.people.iter().any(|one| matches!(one.who, Who::Visitor(_))), "no second line");
}

#[test]
fn a_typed_name_that_fits_two_or_nobody_is_a_line_to_be_called_until_somebody_says_who_it_is() {
    let Small { mut desk, site, pupils, .. } = small();
    desk.at(clock(9, 41));
    let two = desk.office().visitor_in(site, &typed(ComerKind::Pupil, "Arun Patel", "Beech")).unwrap();
    let half = desk.office().visitor_in(site, &typed(ComerKind::Pupil, "Leila H", "Beech")).unwrap();
    let held = list(&mut desk, site);
    assert_eq!(
        of(&held, Who::Visitor(half)),
        (State::MustCall, "Signed in at the kiosk 09:41 as Leila H, Beech".to_owned())
    );
    assert_eq!(of(&held, Who::Visitor(two)).0, State::MustCall);
    let view = show::reception(&mut desk.records, &desk.known, site, "", None, None).unwrap();
    assert_eq!(view.to_match.len(), 2);
    let line = view.to_match.iter().find(|line| line.words.contains("Leila H")).unwrap();
    assert!(line.candidates.iter().any(|one| one.person == Who::Pupil(pupils[1]).into()), "{:?}", line.candidates);
    desk.office().match_line(site, half, Who::Pupil(pupils[1])).unwrap();
    let held = list(&mut desk, site);
    assert_eq!(of(&held, Who::Pupil(pupils[1])).0, State::OnSite);
    assert!(!held.people.iter().any(|one| one.who == Who::Visitor(half)));
}

#[test]
fn a_visitor_leaves_by_their_name_and_a_pupil_does_not() {
    let Small { mut desk, site, beech, pupils, .. } = small();
    desk.at(clock(8, 55)).office().take(beech, morning(), &[entry(pupils[0], "/")], false).unwrap();
    let carol = NewVisit { name: "Carol Abbott".to_owned(), typed: true, ..NewVisit::default() };
    let visit = desk.at(clock(9, 0)).office().visitor_in(site, &carol).unwrap();
    desk.at(clock(9, 30)).office().typed_out(site, ComerKind::Visitor, "carol abbott", "").unwrap();
    desk.office().typed_out(site, ComerKind::Pupil, "Ada Byrne", "Beech").unwrap();
    desk.office().typed_out(site, ComerKind::Visitor, "Nobody Here", "").unwrap();
    let held = list(&mut desk, site);
    assert_eq!(of(&held, Who::Visitor(visit)), (State::Away, "Signed out 09:30".to_owned()));
    let (state, line) = of(&held, Who::Pupil(pupils[0]));
    assert_eq!(state, State::MustCall, "a pupil’s sign-out needs a member of staff: {line}");
    assert!(line.ends_with("Signed out at the kiosk 09:30 as Ada Byrne, Beech, not confirmed"), "{line}");
    assert_eq!(held.unmatched, ["Signed out at the kiosk 09:30 as Nobody Here"]);
}

#[test]
fn a_kiosk_writes_with_no_list_and_reads_nothing_back() {
    let Small { desk, site, .. } = small();
    let mut kiosk = Desk { records: crate::testing::MemoryRecords::new(9), known: Known::default() };
    kiosk.at(clock(9, 41)).office().visitor_in(site, &typed(ComerKind::Pupil, "Ada Byrne", "Beech")).unwrap();
    kiosk.office().typed_out(site, ComerKind::Visitor, "Carol Abbott", "").unwrap();
    assert!(kiosk.records.entries().values().all(|entry| entry.document.kind == documents::VISITS));
    let mut office = desk;
    office.at(clock(9, 42)).hear(&kiosk);
    assert_eq!(list(&mut office, site).people.iter().filter(|one| one.line.contains("at the kiosk")).count(), 1);
}

/// Ada's family: her mother, and her father, whom an order bars.
fn with_family(desk: &mut Desk, site: PlaceId, ada: PupilId) {
    let contact = |priority, forename: &str, relationship: &str| Contact {
        id: Contact::listed(priority),
        priority,
        title: String::new(),
        forename: forename.to_owned(),
        surname: "Byrne".to_owned(),
        relationship: relationship.to_owned(),
        responsible: true,
        numbers: vec!["07700 900123".to_owned()],
        email: String::new(),
        home: Home::Unknown,
        lives_with: false,
        court_order: false,
        ended: None,
    };
    let order = Order {
        id: [1; 16],
        kind: OrderKind::NonMolestation,
        words: "Seen 2/9".to_owned(),
        from: Day::parse("2026-09-02").unwrap(),
        to: None,
        bars: vec!["Daniel Byrne".to_owned()],
        calling: true,
        collecting: true,
        withdrawn: false,
    };
    let facts = [
        FamilyFact::from(contact(1, "Grace", "Mother")),
        FamilyFact::from(contact(2, "Dan", "Father")),
        FamilyFact::from(order),
    ];
    let facts = facts.iter().map(|fact| fact.fact().unwrap()).collect();
    desk.records.write(vec![Change { document: documents::family(site, ada), facts }]).unwrap();
    desk.known.refresh(&mut desk.records).unwrap();
}

#[test]
fn a_pupil_leaves_early_with_whom_the_family_named_and_staff_released_and_barred_people_stand_out() {
    let Small { mut desk, site, pupils, .. } = small();
    let ada = pupils[0];
    with_family(&mut desk, site, ada);
    desk.at(clock(11, 0));
    let view = show::reception(&mut desk.records, &desk.known, site, "", Some(ada), None).unwrap();
    let at_desk = view.pupil.unwrap();
    assert_eq!(at_desk.barred, ["Dan Byrne must not collect Ada: court order"]);
    assert_eq!(at_desk.collectors.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["Grace Byrne"]);
    let how = |by: &str, despite| EarlyLeaver {
        by: by.to_owned(),
        released_by: Some(TOM),
        note: "dentist".to_owned(),
        despite,
    };
    let refused = desk.office().leave_early(site, ada, &how("Dan Byrne", false)).unwrap_err().to_string();
    assert!(refused.contains("must not collect") && refused.contains("safeguarding lead"), "{refused}");
    let refused = desk.office().leave_early(site, ada, &how("Somebody Else", false)).unwrap_err().to_string();
    assert!(refused.contains("nobody whom the family named"), "{refused}");
    let nobody = EarlyLeaver { released_by: None, ..how("Grace Byrne", false) };
    assert!(desk.office().leave_early(site, ada, &nobody).is_err(), "a member of staff lets them go");
    desk.office().leave_early(site, ada, &how("Grace Byrne", false)).unwrap();
    assert_eq!(of(&list(&mut desk, site), Who::Pupil(ada)), (State::Away, "Signed out 11:00, dentist".to_owned()));
    let kept = &desk.known.pupil(ada).unwrap().collections;
    assert_eq!((kept.len(), kept[0].by.as_str(), kept[0].released_by), (1, "Grace Byrne", TOM));
    assert_eq!(kept[0].despite, "");
    let roll = desk.records.facts(&documents::roll(site, monday())).unwrap().unwrap();
    let in_roll = roll.iter().any(|held| held.fact.value.windows(5).any(|bytes| bytes == b"Grace"));
    assert!(!in_roll, "who collects a pupil is not for a device with nobody signed in");
}

#[test]
fn who_let_a_pupil_go_despite_a_bar_is_kept_with_what_they_saw() {
    let Small { mut desk, site, pupils, .. } = small();
    with_family(&mut desk, site, pupils[0]);
    let how = EarlyLeaver { by: "Dan Byrne".to_owned(), released_by: Some(TOM), note: String::new(), despite: true };
    desk.office().leave_early(site, pupils[0], &how).unwrap();
    let kept = &desk.known.pupil(pupils[0]).unwrap().collections;
    assert!(kept[0].despite.contains("must not collect"), "{}", kept[0].despite);
}

#[test]
fn a_late_pupil_is_on_site_and_the_mark_is_untouched() {
    let Small { mut desk, site, beech, pupils, .. } = small();
    desk.at(clock(9, 0)).office().take(beech, morning(), &[entry(pupils[0], "N")], true).unwrap();
    desk.at(clock(10, 12)).office().came_late(site, pupils[0], "bus").unwrap();
    let (state, line) = of(&list(&mut desk, site), Who::Pupil(pupils[0]));
    assert_eq!((state, line.as_str()), (State::OnSite, "Signed in 10:12, came late, bus"));
    let current = desk.known.board(&mut desk.records, monday()).unwrap().current(pupils[0], morning());
    assert_eq!(current.shown().unwrap().code().unwrap().to_string(), "N");
}

#[test]
fn marshals_and_first_aiders_are_marked_on_a_device_with_nobody_signed_in() {
    let Small { mut desk, site, .. } = small();
    let duty = FireDuty { person: TOM, marshal: true, first_aid: true, phone: "07700 900456".to_owned() };
    desk.office().set_fire_duty(duty).unwrap();
    desk.office().write_expected(site).unwrap();
    assert_eq!(desk.office().write_expected(site).unwrap(), None, "and is written once");
    let mut tablet = desk.another(2, None);
    tablet.known = Known::default();
    tablet.records.lock([areas::ROLL]);
    let view = show::fire(&mut tablet.records, site, "").unwrap();
    let tom = view.rows.iter().find(|row| row.name == "Okafor, Tom").unwrap();
    assert_eq!(tom.duties, ["Fire marshal", "First aid"]);
    assert!(tom.phones.is_empty());
    let roll = tablet.records.facts(&documents::roll(site, monday())).unwrap().unwrap();
    assert!(
        !roll.iter().any(|held| held.fact.value.windows(6).any(|bytes| bytes == b"900456")),
        "no number in the roll"
    );
}

#[test]
fn care_lines_and_numbers_come_with_the_book_and_are_nowhere_in_the_list_without_it() {
    let Small { mut desk, site, pupils, .. } = small();
    let leila = pupils[1];
    let epilepsy = Medical { condition: "Epilepsy".to_owned(), action: "rescue medicine in the office".to_owned() };
    let fact = crate::facts::care::CareFact::from(epilepsy).fact().unwrap();
    desk.records.write(vec![Change { document: documents::care(site, leila), facts: vec![fact] }]).unwrap();
    desk.known.refresh(&mut desk.records).unwrap();
    let note = FireNote { one_to_one: "S. Reid".to_owned(), may_hide: true, may_abscond: true };
    desk.office().set_fire_note(leila, note).unwrap();
    let duty = FireDuty { person: TOM, marshal: false, first_aid: false, phone: "07700 900456".to_owned() };
    desk.office().set_fire_duty(duty).unwrap();
    desk.office().write_expected(site).unwrap();
    let book = desk.office().care_book(site).unwrap();
    let book = CareBook::decode(&book.encode().unwrap()).unwrap();
    let mut tablet = desk.another(2, None);
    tablet.records.lock([areas::ROLL]);
    let open = Care::Open { words: String::new(), by_pin: true };
    let view = show::fire_with(&mut tablet.records, site, "", open, Some(&book)).unwrap();
    let row = view.rows.iter().find(|row| row.name == "Hassan, Leila").unwrap();
    assert_eq!(
        row.care,
        ["Epilepsy: rescue medicine in the office", "One-to-one: S. Reid", "May hide from the alarm", "May run away"]
    );
    let tom = view.rows.iter().find(|row| row.name == "Okafor, Tom").unwrap();
    assert_eq!(tom.phones.iter().map(|one| one.number.as_str()).collect::<Vec<_>>(), ["07700 900456"]);
    let without = show::fire(&mut tablet.records, site, "").unwrap();
    assert!(without.rows.iter().all(|row| row.care.is_empty() && row.phones.is_empty()));
    assert!(!format!("{:?}", list(&mut tablet, site)).contains("Epilepsy"));
}

#[test]
fn where_to_look_and_where_to_wait_are_the_schools_own_places_on_a_locked_device_or_plain_words() {
    let Small { mut desk, site, .. } = small();
    let key = desk.office().start_call(site, crate::facts::roll_call::Kind::Drill).unwrap();
    let places = |desk: &mut Desk| {
        let view = show::call(&mut desk.records, None, key, None).unwrap();
        (view.places, view.refuges)
    };
    let (rooms, refuges) = places(&mut desk);
    assert!(rooms.contains(&"Toilets".to_owned()) && refuges.contains(&"Stairs".to_owned()), "{rooms:?} {refuges:?}");
    assert!(!rooms.iter().chain(&refuges).any(|one| one == "Front car park"), "never an assembly point");
    let named = crate::facts::fire::SitePlaces {
        site,
        rooms: vec!["Art room".to_owned(), "  ".to_owned()],
        refuges: vec!["Stair B, first floor".to_owned()],
        meets: Vec::new(),
    };
    desk.office().set_site_places(named).unwrap();
    desk.office().write_expected(site).unwrap();
    assert_eq!(desk.office().write_expected(site).unwrap(), None, "and is written once");
    let mut tablet = desk.another(2, None);
    tablet.known = Known::default();
    tablet.records.lock([areas::ROLL]);
    assert_eq!(places(&mut tablet), (vec!["Art room".to_owned()], vec!["Stair B, first floor".to_owned()]));
}

#[test]
fn a_class_meets_at_a_point_of_its_own_and_a_locked_device_knows_it() {
    let Small { mut desk, site, beech: group, .. } = small();
    desk.office().set_points(site, vec!["Front car park".to_owned(), "Playing field gate".to_owned()]).unwrap();
    desk.office().set_meeting_point(group, "Playing field gate").unwrap();
    desk.office().write_expected(site).unwrap();
    let name = desk.known.school().groups[&group].name.clone();
    let mut tablet = desk.another(2, None);
    tablet.known = Known::default();
    tablet.records.lock([areas::ROLL]);
    let held = list(&mut tablet, site);
    assert_eq!(held.meets.get(&name).map(String::as_str), Some("Playing field gate"), "{:?}", held.meets);
    assert_eq!(held.points, ["Front car park", "Playing field gate"]);
    desk.office().set_meeting_point(group, "").unwrap();
    desk.office().write_expected(site).unwrap();
    assert!(list(&mut desk, site).meets.is_empty());
}

//! Erasure of a document: ordered, undone, held back, carried out on every device, and nothing of it comes back.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

#[path = "erasure/finality.rs"]
mod finality;
#[path = "erasure/unheard.rs"]
mod unheard;
#[path = "common/world.rs"]
mod world;
use muster_core::authority::erasures::Second;
use muster_core::keys::record::Record;
use muster_core::limits::{ERASED_AFTER_MS, ERASED_ALONE};
use muster_core::replica::Order;
use muster_core::replica::records::RecordsError;
use muster_core::replica::store::{Batch, Store as _, Table};
use world::*;

const OFFICER: u8 = 41;
const TEACHER: u8 = 42;

fn file(key: &str) -> DocumentId {
    document(REGISTER, key)
}

fn case(key: &str) -> DocumentId {
    document(CASES, key)
}

/// An office with the head, and a hall with an administrator.
struct School {
    world: World,
    office: Device,
    head: Opened,
    hall: Device,
    officer: Opened,
}

fn school(seed: u64) -> School {
    let mut world = World::new(seed);
    let (mut office, head) = world.found();
    let mut hall = world.let_in(&mut office, &head);
    let officer = administrator(&mut world, (&mut office, &head), &mut hall, OFFICER);
    world.write(&mut office, Some(head.seat.seat), &file("Ada"), &["Ada's page"]);
    world.write(&mut office, Some(head.seat.seat), &file("Ben"), &["Ben's page"]);
    world.meet(&mut office, &mut hall);
    School { world, office, head, hall, officer }
}

fn administrator(world: &mut World, (office, head): (&mut Device, &Opened), on: &mut Device, name: u8) -> Opened {
    let words = words::random_words(6, &mut world.random);
    let all = |right| Capability { right, area: Which::One(REGISTER), place: Which::Any };
    let rights = [Right::Read, Right::Write, Right::Grant].map(all).to_vec();
    let by = head.seat.seat;
    office.grant_by_words(&by, PersonId([name; 16]), 2, rights, &words, Cost::TEST, &mut world.context()).unwrap();
    world.meet(office, on);
    on.activate(&words, &mut world.context()).unwrap()
}

impl School {
    fn erase(&mut self, documents: &[DocumentId]) -> Result<EntryHash, RecordsError> {
        let context = &mut self.world.context();
        let written = self.office.erase(&self.head.seat.seat, of(documents), context)?;
        Ok(written.entries[0])
    }

    fn meet(&mut self) {
        self.world.meet(&mut self.office, &mut self.hall);
    }

    fn pass_a_week(&mut self) {
        self.world.now += ERASED_AFTER_MS;
        work(&mut self.world, &mut self.office);
        work(&mut self.world, &mut self.hall);
    }

    fn reads(&mut self, document: &DocumentId) -> (Vec<String>, Vec<String>) {
        let office = self.world.read(&mut self.office, Some(self.head.seat.seat), document);
        (office, self.world.read(&mut self.hall, Some(self.officer.seat.seat), document))
    }
}

fn work(world: &mut World, device: &mut Device) {
    while device.work(&mut world.context()).unwrap().1 {}
}

fn secrets_named(device: &Device, document: &DocumentId) -> usize {
    let gone: Vec<SecretId> = device
        .erasures()
        .erasures
        .values()
        .flat_map(|one| &one.documents)
        .filter(|one| one.handle == device.handle_of(document))
        .flat_map(|one| one.secrets.clone())
        .collect();
    let records = device.sealed_records(&document.section);
    records
        .filter(|record| matches!(record, Record::Secret { id, .. } | Record::Case { id, .. } if gone.contains(id)))
        .count()
}

fn of(documents: &[DocumentId]) -> Order<'_> {
    Order { documents, ground: 1, changes: Vec::new() }
}

fn ada() -> Vec<String> {
    vec!["Ada's page".to_owned()]
}

#[test]
fn an_erased_document_is_there_for_seven_days_and_then_gone_on_every_device_and_others_stay() {
    let mut school = school(1);
    let erasure = school.erase(&[file("Ada")]).unwrap();
    school.meet();
    assert_eq!(school.reads(&file("Ada")), (ada(), ada()), "whoever needs it in these days has it");
    school.world.now += ERASED_AFTER_MS - 60_000;
    work(&mut school.world, &mut school.office);
    assert_eq!(school.reads(&file("Ada")).0, ada(), "not a minute too soon");
    school.pass_a_week();
    assert_eq!(school.reads(&file("Ada")), (vec![], vec![]));
    assert_eq!(school.reads(&file("Ben")).0, ["Ben's page"]);
    for device in [&school.office, &school.hall] {
        assert_eq!(secrets_named(device, &file("Ada")), 0, "its sealed secrets are gone from the file of keys");
        assert!(device.verify(&mut |_, _| {}).unwrap().is_sound());
    }
    school.meet();
    let progress = school.office.erasure_progress(&erasure).unwrap();
    assert!(progress.awaited.is_empty(), "{:?}", progress.awaited);
    assert_eq!(progress.done.len(), 2, "each device has said so");
    assert_eq!(school.hall.erasure_progress(&erasure).unwrap().done, progress.done);
}

#[test]
fn what_a_disk_still_has_of_an_erased_document_opens_with_no_key_that_is_left() {
    let mut school = school(2);
    school.reads(&file("Ada"));
    let before = school.office.store().clone();
    school.erase(&[file("Ada")]).unwrap();
    school.pass_a_week();
    // As if the pages that held the rows had not been used again.
    let mut store = school.office.store().clone();
    let mut batch = Batch::default();
    for table in [Table::Documents, Table::Kept] {
        for (key, value) in before.range(table, &[], None, usize::MAX).unwrap() {
            batch.put(table, key, value);
        }
    }
    store.commit(batch).unwrap();
    let mut found = Replica::open(store, &RULES).unwrap();
    found.sign_in(&school.head);
    let context = school.world.context();
    let mut writer = found.writer(school.head.seat.seat, context).unwrap();
    assert!(writer.facts(&file("Ada")).unwrap().is_none(), "the row opens with nothing");
    assert!(writer.facts(&file("Ben")).unwrap().is_some());
}

#[test]
fn a_device_that_was_away_with_the_key_brings_nothing_back_and_erases_as_soon_as_it_hears() {
    let mut school = school(3);
    let mut away = school.world.let_in(&mut school.office, &school.head);
    school.world.meet(&mut school.office, &mut away);
    let erasure = school.erase(&[file("Ada")]).unwrap();
    school.meet();
    school.pass_a_week();
    school.meet();
    assert!(school.office.erasure_progress(&erasure).unwrap().awaited.contains(&away.device()));
    assert_eq!(away.erasures().erasures.len(), 0);
    // It never heard of it, and shows what it has.
    school.world.meet(&mut away, &mut school.office);
    assert_eq!(secrets_named(&school.office, &file("Ada")), 0, "an erased key that is sent again is refused");
    assert_eq!(secrets_named(&away, &file("Ada")), 0, "another device has done so: nobody waits again");
    school.world.meet(&mut away, &mut school.office);
    school.meet();
    assert_eq!(school.reads(&file("Ada")), (vec![], vec![]));
    assert!(school.office.erasure_progress(&erasure).unwrap().awaited.is_empty());
    // And the devices agree to the byte: nothing is offered again and again.
    let (office, hall) = (school.office.device(), school.hall.device());
    assert_eq!(school.office.root_digest(&hall), school.hall.root_digest(&office));
}

#[test]
fn a_device_put_back_to_before_an_erasure_erases_again_at_once() {
    let mut school = school(4);
    school.meet();
    let before = school.hall.store().clone();
    school.erase(&[file("Ada")]).unwrap();
    school.meet();
    school.pass_a_week();
    school.meet();
    let mut put_back = Replica::open(before, &RULES).unwrap();
    put_back.sign_in(&school.officer);
    assert_eq!(school.world.read(&mut put_back, Some(school.officer.seat.seat), &file("Ada")), ada());
    school.world.meet(&mut put_back, &mut school.office);
    assert_eq!(secrets_named(&put_back, &file("Ada")), 0, "it had said that it did so");
    assert_eq!(secrets_named(&school.office, &file("Ada")), 0);
}

#[test]
fn an_erasure_that_is_undone_in_its_seven_days_takes_nothing() {
    let mut school = school(5);
    let erasure = school.erase(&[file("Ada")]).unwrap();
    school.meet();
    let mut new = school.world.let_in(&mut school.office, &school.head);
    school.world.meet(&mut school.office, &mut new);
    assert_eq!(secrets_named(&new, &file("Ada")), 0, "while it stands its keys are given to nobody");
    let by = school.officer.seat.seat;
    school.hall.undo_erasure(&by, erasure, &mut school.world.context()).unwrap();
    school.meet();
    school.world.meet(&mut school.office, &mut new);
    school.pass_a_week();
    assert_eq!(school.reads(&file("Ada")), (ada(), ada()));
    assert_eq!(secrets_named(&new, &file("Ada")), 1, "and a new device is given them after all");
    let again = school.hall.undo_erasure(&by, erasure, &mut school.world.context());
    assert!(matches!(again, Err(RecordsError::NotAllowed(_))));
}

#[test]
fn what_was_carried_out_is_undone_by_nobody() {
    let mut school = school(6);
    let erasure = school.erase(&[file("Ada")]).unwrap();
    school.pass_a_week();
    let by = school.head.seat.seat;
    let late = school.office.undo_erasure(&by, erasure, &mut school.world.context());
    assert!(late.unwrap_err().to_string().contains("destroyed"));
}

#[test]
fn a_hold_beats_an_erasure_and_once_it_is_lifted_the_erasure_has_to_be_ordered_anew() {
    let mut school = school(7);
    let erasure = school.erase(&[file("Ada"), file("Ben")]).unwrap();
    // Placed in the hall by somebody who has not heard of the erasure.
    let (officer, head) = (school.officer.seat.seat, school.head.seat.seat);
    let context = &mut school.world.context();
    let hold = school.hall.hold(&officer, of(&[file("Ada")]), context).unwrap().entries[0];
    school.meet();
    school.pass_a_week();
    assert_eq!(school.reads(&file("Ada")), (ada(), ada()));
    assert_eq!(school.reads(&file("Ben")), (vec![], vec![]), "the hold is of one document");
    assert_eq!(school.office.erasures().erasures[&erasure].held.len(), 1);
    let refused = school.erase(&[file("Ada")]).unwrap_err();
    assert!(refused.to_string().contains("a hold keeps"), "{refused}");
    school.office.release(&head, hold, &mut school.world.context()).unwrap();
    school.meet();
    school.pass_a_week();
    assert_eq!(school.reads(&file("Ada")), (ada(), ada()), "lifting a hold destroys nothing");
    school.erase(&[file("Ada")]).unwrap();
    school.meet();
    school.pass_a_week();
    assert_eq!(school.reads(&file("Ada")), (vec![], vec![]));
}

#[test]
fn many_documents_are_erased_only_once_a_second_person_has_signed() {
    let mut school = school(8);
    let head = school.head.seat.seat;
    let many: Vec<DocumentId> = (0..=ERASED_ALONE).map(|number| file(&format!("pupil {number}"))).collect();
    for document in &many {
        school.world.write(&mut school.office, Some(head), document, &["a page"]);
    }
    let erasure = school.erase(&many).unwrap();
    school.meet();
    school.pass_a_week();
    assert_eq!(school.office.erasures().erasures[&erasure].second, Second::Awaited);
    assert_eq!(school.reads(&many[0]).0, ["a page"], "one person alone destroys not so much");
    let own = school.office.confirm_erasure(&head, erasure, &mut school.world.context());
    assert!(own.unwrap_err().to_string().contains("somebody else"));
    school.hall.confirm_erasure(&school.officer.seat.seat, erasure, &mut school.world.context()).unwrap();
    school.meet();
    assert_eq!(school.reads(&many[0]).1, ["a page"], "the seven days begin with the second signature");
    school.pass_a_week();
    assert_eq!(school.reads(&many[0]), (vec![], vec![]));
}

#[test]
fn little_by_little_one_person_alone_erases_no_more_than_at_once() {
    let mut school = school(9);
    let head = school.head.seat.seat;
    let all: Vec<DocumentId> = (0..=ERASED_ALONE).map(|number| file(&format!("pupil {number}"))).collect();
    for document in &all {
        school.world.write(&mut school.office, Some(head), document, &["a page"]);
        school.erase(std::slice::from_ref(document)).unwrap();
    }
    let awaited = school.office.erasures().erasures.values().filter(|one| one.second == Second::Awaited).count();
    assert_eq!(awaited, 1, "the last of them");
    school.pass_a_week();
    assert_eq!(all.iter().filter(|one| !school.world.read(&mut school.office, Some(head), one).is_empty()).count(), 1);
}

#[test]
fn whoever_lacks_the_right_erases_nothing_and_neither_does_an_act_that_claims_it() {
    let mut school = school(10);
    let rights = [(Right::Read, REGISTER), (Right::Write, REGISTER)];
    let teacher = school.world.person((&mut school.office, &school.head), &mut school.hall, TEACHER, &rights);
    let by = teacher.seat.seat;
    let refused = school.hall.erase(&by, of(&[file("Ada")]), &mut school.world.context());
    assert!(refused.unwrap_err().to_string().contains("your role"));
    let held = school.hall.hold(&by, of(&[file("Ada")]), &mut school.world.context());
    assert!(held.is_err());
    // An administrator of the registers has no say in cases.
    let head = school.head.seat.seat;
    school.world.write(&mut school.office, Some(head), &case("1"), &["a concern"]);
    school.meet();
    let of_cases = school.hall.erase(&school.officer.seat.seat, of(&[case("1")]), &mut school.world.context());
    assert!(of_cases.is_err());
    let erasure = school.erase(&[case("1")]).unwrap();
    school.meet();
    for refused in [
        school.hall.undo_erasure(&by, erasure, &mut school.world.context()),
        school.hall.undo_erasure(&school.officer.seat.seat, erasure, &mut school.world.context()),
    ] {
        assert!(refused.is_err());
    }
    school.pass_a_week();
    assert!(
        school.world.read(&mut school.office, Some(head), &case("1")).is_empty(),
        "a case is erased as all else is"
    );
    assert_eq!(secrets_named(&school.hall, &case("1")), 0);
}

#[test]
fn an_erasure_by_somebody_who_was_taken_out_before_does_nothing() {
    let mut school = school(11);
    let by = school.officer.seat.seat;
    let target = muster_core::authority::reduction::Target::Keys(
        school.officer.person.person,
        school.officer.person.sign.public(),
    );
    let reason = muster_core::authority::reduction::Reason::Left;
    school.office.remove(&school.head.seat.seat, target, reason, &mut school.world.context()).unwrap();
    school.hall.erase(&by, of(&[file("Ada")]), &mut school.world.context()).unwrap();
    school.meet();
    school.pass_a_week();
    school.meet();
    assert!(school.office.erasures().erasures.is_empty(), "it stands past the end of their line");
    assert_eq!(school.world.read(&mut school.office, Some(school.head.seat.seat), &file("Ada")), ada());
}

#[test]
fn what_is_written_in_the_seven_days_stays_and_is_listed_to_be_looked_at() {
    let mut school = school(12);
    let erasure = school.erase(&[file("Ada")]).unwrap();
    school.meet();
    let by = school.officer.seat.seat;
    school.world.write(&mut school.hall, Some(by), &file("Ada"), &["she is back"]);
    assert_eq!(school.reads(&file("Ada")).1, ["Ada's page", "she is back"]);
    school.meet();
    school.pass_a_week();
    let back = vec!["she is back".to_owned()];
    assert_eq!(school.reads(&file("Ada")), (back.clone(), back));
    assert_eq!(school.office.erasure_progress(&erasure).unwrap().written_on.len(), 1);
    school.erase(&[file("Ada")]).unwrap();
    school.meet();
    school.pass_a_week();
    assert_eq!(school.reads(&file("Ada")), (vec![], vec![]));
}

#[test]
fn what_is_written_in_the_seven_days_stays_on_a_tablet_that_nobody_was_signed_in_on_and_over_restarts() {
    let mut school = school(12);
    school.erase(&[file("Ada")]).unwrap();
    school.meet();
    let (head, officer) = (school.head.clone(), school.officer.clone());
    school.world.write(&mut school.hall, Some(officer.seat.seat), &file("Ada"), &["she is back"]);
    school.world.write(&mut school.hall, Some(officer.seat.seat), &file("Ben"), &["well"]);
    school.meet();
    for (device, seat) in [(&mut school.office, head.seat.seat), (&mut school.hall, officer.seat.seat)] {
        device.sign_out(&seat);
    }
    school.pass_a_week();
    assert_eq!((school.office.erased_times(), school.hall.erased_times()), (1, 1));
    for _ in 0..2 {
        school.hall = Replica::open(school.hall.store().clone(), &RULES).unwrap();
        work(&mut school.world, &mut school.hall);
        assert_eq!(school.hall.erased_times(), 0, "nothing is destroyed once more");
    }
    school.office.sign_in(&head);
    school.hall.sign_in(&officer);
    let back = vec!["she is back".to_owned()];
    assert_eq!(school.reads(&file("Ada")), (back.clone(), back));
    assert!(school.reads(&file("Ben")).1.contains(&"well".to_owned()));
}

#[test]
fn a_blind_device_lets_go_of_the_keys_and_says_so_too() {
    let mut school = school(13);
    let blind = vec![Capability { right: Right::Hold, area: Which::Any, place: Which::Any }];
    let mut blind = school.world.let_in_with(&mut school.office, &school.head, blind);
    school.world.meet(&mut school.office, &mut blind);
    let records = |device: &Device| device.sealed_records(&file("Ada").section).count();
    let before = records(&blind);
    let erasure = school.erase(&[file("Ada")]).unwrap();
    school.world.meet(&mut school.office, &mut blind);
    school.pass_a_week();
    work(&mut school.world, &mut blind);
    assert_eq!(records(&blind), before - 1);
    school.world.meet(&mut school.office, &mut blind);
    assert!(school.office.erasure_progress(&erasure).unwrap().done.contains_key(&blind.device()));
}

#[test]
fn a_back_dated_erasure_waits_seven_days_all_the_same() {
    let mut school = school(14);
    school.world.now -= 30 * 24 * 60 * 60 * 1_000;
    school.erase(&[file("Ada")]).unwrap();
    school.world.now += 30 * 24 * 60 * 60 * 1_000;
    school.meet();
    assert_eq!(school.reads(&file("Ada")).1, ada(), "the hall hears of it today");
    school.pass_a_week();
    assert_eq!(school.reads(&file("Ada")).1, Vec::<String>::new());
}

#[test]
fn acts_heard_in_any_order_in_any_parts_and_twice_come_to_the_same_on_every_device() {
    use rand::RngExt as _;
    for seed in 0..24 {
        let mut school = school(100 + seed);
        let third = school.world.let_in(&mut school.office, &school.head);
        let mut devices = [third, school.office, school.hall];
        let (world, head, officer) = (&mut school.world, &school.head, &school.officer);
        let names = ["Ada", "Ben"];
        for _ in 0..14 {
            let pick = |world: &mut World, most: usize| world.random.random_range(0..most);
            let (one, what, whose) = (1 + pick(world, 2), pick(world, 7), names[pick(world, 2)]);
            let by = if one == 1 { head.seat.seat } else { officer.seat.seat };
            let known: Vec<EntryHash> = devices[one].erasures().erasures.keys().copied().collect();
            let holds: Vec<EntryHash> = devices[one].erasures().holds.keys().copied().collect();
            let erasure = known.get(pick(world, 3)).copied();
            let hold = holds.get(pick(world, 2)).copied();
            let device = &mut devices[one];
            let mut context = world.context();
            // Some are refused, as when a hold keeps what is to go: then nothing was said.
            drop(match (what, erasure, hold) {
                (0 | 1, ..) => device.erase(&by, of(&[file(whose)]), &mut context),
                (2, Some(erasure), _) => device.undo_erasure(&by, erasure, &mut context),
                (3, ..) => device.hold(&by, of(&[file(whose)]), &mut context),
                (4, _, Some(hold)) => device.release(&by, hold, &mut context),
                (5, ..) => {
                    world.now += ERASED_AFTER_MS / 2;
                    work(world, device);
                    continue;
                }
                _ => {
                    let (left, right) = [(0, 1), (1, 2), (0, 2)][pick(world, 3)];
                    let [a, b] = devices.get_disjoint_mut([left, right]).unwrap();
                    world.meet(a, b);
                    continue;
                }
            });
        }
        for (left, right) in [(0, 1), (1, 2), (0, 2), (0, 1), (1, 2), (0, 2)] {
            let [a, b] = devices.get_disjoint_mut([left, right]).unwrap();
            world.meet(a, b);
        }
        let [third, office, hall] = &devices;
        assert_eq!(office.erasures(), hall.erasures(), "seed {seed}");
        assert_eq!(office.erasures(), third.erasures(), "seed {seed}");
        let afresh = Replica::open(office.store().clone(), &RULES).unwrap();
        assert_eq!(afresh.erasures(), office.erasures(), "and again after a restart");
    }
}

//! What was carried out stays so, whatever is heard later; and holds that are not walked round.

use super::world::*;
use super::*;
use muster_core::authority::erasure::{ErasureAct, Keyed};
use muster_core::authority::statement::Statement;
use muster_core::log::entry::Entry;
use muster_core::log::header::{Descriptor, Header, Kind};
use muster_core::log::seal::Seal;
use muster_core::replica::Segment;

/// What was ordered is destroyed in the office, the hall says something against it that the office has not heard, and
/// then they meet.
fn carried_out_in_the_office_while(school: &mut School, says: impl FnOnce(&mut School, EntryHash)) -> EntryHash {
    let erasure = school.erase(&[file("Ada")]).unwrap();
    school.meet();
    school.world.now += ERASED_AFTER_MS - 3_600_000;
    says(school, erasure);
    school.world.now += 2 * 3_600_000;
    work(&mut school.world, &mut school.office);
    assert_eq!(secrets_named(&school.office, &file("Ada")), 0);
    school.meet();
    erasure
}

/// Nobody has it any more, nobody is given it, and all agree, after a restart too.
fn is_gone_for_good(school: &mut School) {
    for _ in 0..2 {
        work(&mut school.world, &mut school.hall);
        school.meet();
    }
    let mut new = school.world.let_in(&mut school.office, &school.head);
    school.world.meet(&mut school.hall, &mut new);
    for device in [&school.office, &school.hall, &new] {
        assert_eq!(secrets_named(device, &file("Ada")), 0, "no key came back");
    }
    assert_eq!(school.reads(&file("Ada")), (vec![], vec![]));
    assert_eq!(school.office.erasures(), school.hall.erasures());
    let afresh = Replica::open(school.hall.store().clone(), &RULES).unwrap();
    assert_eq!(afresh.erasures(), school.hall.erasures());
}

#[test]
fn an_undo_that_nobody_had_heard_of_brings_back_nothing_that_was_destroyed_by_then() {
    let mut school = school(20);
    let by = school.officer.seat.seat;
    let erasure = carried_out_in_the_office_while(&mut school, |school, erasure| {
        school.hall.undo_erasure(&by, erasure, &mut school.world.context()).unwrap();
    });
    let known = &school.hall.erasures().erasures[&erasure];
    assert!(known.undone.is_some() && known.too_late.len() == 1, "it is said that it came too late: {known:?}");
    is_gone_for_good(&mut school);
}

#[test]
fn a_hold_that_nobody_had_heard_of_brings_back_nothing_that_was_destroyed_by_then() {
    let mut school = school(21);
    let by = school.officer.seat.seat;
    let erasure = carried_out_in_the_office_while(&mut school, |school, _| {
        school.hall.hold(&by, of(&[file("Ada")]), &mut school.world.context()).unwrap();
    });
    let known = &school.hall.erasures().erasures[&erasure];
    assert!(known.held.is_empty() && known.too_late.len() == 1, "{known:?}");
    is_gone_for_good(&mut school);
}

#[test]
fn an_earlier_order_that_comes_late_takes_nothing_back_of_what_one_person_might_erase_alone() {
    let mut school = school(22);
    let many: Vec<DocumentId> = (0..ERASED_ALONE).map(|number| file(&format!("pupil {number}"))).collect();
    let head = school.head.seat.seat;
    for document in &many {
        school.world.write(&mut school.office, Some(head), document, &["a page"]);
    }
    school.meet();
    let there = school.hall.take_seat(school.head.own(), &mut school.world.context()).unwrap();
    school.hall.sign_in(&there);
    work(&mut school.world, &mut school.hall);
    // The head orders twelve in the hall, which is then cut off, and one more in the office.
    let earlier = school.hall.erase(&there.seat.seat, of(&many), &mut school.world.context()).unwrap().entries[0];
    let later = school.erase(&[file("Ada")]).unwrap();
    school.world.now += ERASED_AFTER_MS;
    work(&mut school.world, &mut school.office);
    assert_eq!(secrets_named(&school.office, &file("Ada")), 0);
    school.meet();
    let known = &school.hall.erasures().erasures;
    assert_eq!(known[&earlier].second, Second::NotNeeded);
    assert_eq!((known[&later].second, known[&later].too_late.len()), (Second::Awaited, 1));
    // The hall has its own seven days.
    school.pass_a_week();
    is_gone_for_good(&mut school);
}

#[test]
fn an_undo_that_was_heard_in_time_stands_whatever_else_was_carried_out() {
    let mut school = school(23);
    let by = school.officer.seat.seat;
    let ada = school.erase(&[file("Ada")]).unwrap();
    school.erase(&[file("Ben")]).unwrap();
    school.meet();
    school.hall.undo_erasure(&by, ada, &mut school.world.context()).unwrap();
    school.meet();
    school.pass_a_week();
    school.meet();
    assert_eq!(school.reads(&file("Ada")), (super::ada(), super::ada()));
    assert_eq!(school.reads(&file("Ben")), (vec![], vec![]));
    assert!(school.office.erasures().erasures[&ada].too_late.is_empty());
}

#[test]
fn whoever_is_taken_out_takes_their_order_along_and_what_a_device_still_has_is_shown_again_everywhere() {
    let mut school = school(24);
    let erasure = school.hall.erase(&school.officer.seat.seat, of(&[file("Ada")]), &mut school.world.context());
    let erasure = erasure.unwrap().entries[0];
    let of_keys = muster_core::authority::reduction::Target::Keys(
        school.officer.person.person,
        school.officer.person.sign.public(),
    );
    // The office, which has not heard of the order, takes its author out; the hall carries it out.
    let reason = muster_core::authority::reduction::Reason::Left;
    school.office.remove(&school.head.seat.seat, of_keys, reason, &mut school.world.context()).unwrap();
    school.world.now += ERASED_AFTER_MS;
    work(&mut school.world, &mut school.hall);
    assert!(school.hall.has_carried_out(&erasure));
    school.hall = Replica::open(school.hall.store().clone(), &RULES).unwrap();
    school.meet();
    school.meet();
    assert!(school.office.erasures().erasures.is_empty());
    assert_eq!(secrets_of_ada(&school.hall), secrets_of_ada(&school.office), "its key came back");
    let there = school.hall.take_seat(school.head.own(), &mut school.world.context()).unwrap();
    school.hall.sign_in(&there);
    work(&mut school.world, &mut school.hall);
    assert_eq!(school.world.read(&mut school.hall, Some(there.seat.seat), &file("Ada")), super::ada());
}

fn secrets_of_ada(device: &Device) -> usize {
    device.sealed_records(&file("Ada").section).filter(|record| matches!(record, Record::Secret { .. })).count()
}

/// An act as a changed program says it, in the log of somebody who is signed in.
fn says(device: &mut Device, by: &Opened, at_ms: i64, act: ErasureAct) -> EntryHash {
    let descriptor = Descriptor { seat: by.seat.seat, section: Section::AUTHORITY };
    let log = descriptor.id(&device.school());
    let tip = device.logs().get(&log).map(|state| state.heads[0]);
    let holder = muster_core::authority::view::Holder::Person(by.person.person);
    let grant = *device.view().grants_of(&holder).min_by_key(|(_, grant)| grant.rank).unwrap().0;
    let header = Header {
        version: 1,
        suite: 1,
        kind: Kind::STATEMENT,
        log,
        sequence: tip.map_or(0, |tip| tip.length),
        previous: tip.map_or(EntryHash::ZERO, |tip| tip.hash),
        act: ActId([9; 16]),
        at: Moment::utc(at_ms),
        authority: device.authority_heads(),
        grant,
        epoch: EpochId::ZERO,
        body_length: 0,
        body_hash: [0; 32],
    };
    let entry = Entry::new(header, Statement::Erasure(act).encode());
    let name = entry.hash();
    let seal = Seal::make(&by.seat.sign, &log, entry.header().sequence + 1, &name);
    let taken = device.ingest(vec![Segment { descriptor, entries: vec![entry], seal }]).unwrap();
    assert!(taken.problems.is_empty(), "{:?}", taken.problems);
    name
}

#[test]
fn a_hold_is_not_walked_round_by_naming_what_it_keeps_under_the_name_of_another_document() {
    let mut school = school(25);
    let head = school.head.seat.seat;
    school.office.hold(&head, of(&[file("Ada")]), &mut school.world.context()).unwrap();
    school.meet();
    // What a changed program knows of it: its keys, and any name it likes.
    let order = school.erase(&[file("Ben")]).unwrap();
    let ben = school.office.erasures().erasures[&order].documents[0].clone();
    let held = school.office.erasures().holds.values().next().unwrap().documents[0].clone();
    let documents = vec![Keyed { secrets: held.secrets, ..ben }];
    let now = school.world.now;
    let (office, head) = (&mut school.office, &school.head);
    let forged = says(office, head, now, ErasureAct::Erase { documents, ground: 1, until_ms: now });
    let school = &mut school;
    school.world.meet(&mut school.office, &mut school.hall);
    school.pass_a_week();
    assert_eq!(
        school.hall.erasures().erasures[&forged].held.len(),
        1,
        "the hold keeps the keys, whatever they are called"
    );
    assert_eq!(school.reads(&file("Ada")).1, super::ada());
}

#[test]
fn an_order_on_a_role_that_had_ended_by_its_own_time_destroys_nothing() {
    let mut school = school(26);
    let until = school.world.now + 3_600_000;
    let rights = [(Right::Read, REGISTER), (Right::Write, REGISTER)];
    let leaver = school.world.person((&mut school.office, &school.head), &mut school.hall, 43, &rights);
    school.meet();
    let all = |right| Capability { right, area: Which::One(REGISTER), place: Which::Any };
    let capabilities = [Right::Read, Right::Write, Right::Grant].map(all).to_vec();
    let to = Grantee::Person { person: leaver.person.person, keys: leaver.person.public() };
    let grant = Grant { to, rank: 2, capabilities, until: Some(Moment::utc(until)) };
    school.office.grant(&school.head.seat.seat, grant, &mut school.world.context()).unwrap();
    school.meet();
    let in_time = school.hall.erase(&leaver.seat.seat, of(&[file("Ben")]), &mut school.world.context()).unwrap();
    let doomed = school.hall.erasures().erasures[&in_time.entries[0]].documents[0].clone();
    let by = school.officer.seat.seat;
    school.hall.undo_erasure(&by, in_time.entries[0], &mut school.world.context()).unwrap();
    let act = ErasureAct::Erase { documents: vec![doomed], ground: 1, until_ms: until };
    let late = says(&mut school.hall, &leaver, until + 1, act);
    school.meet();
    assert!(!school.office.erasures().erasures.contains_key(&late));
    school.pass_a_week();
    assert_eq!(school.reads(&file("Ben")).0, ["Ben's page"]);
}

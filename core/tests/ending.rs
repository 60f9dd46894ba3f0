//! A role that ends by itself beside one that goes on: what it gave is over to the hour, the rest is not.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

#[path = "common/world.rs"]
mod world;
use muster_core::authority::reduction::{Reason, Target};
use muster_core::replica::records::{Change, RecordsError, Written};
use world::*;

const HOUR_MS: i64 = 60 * 60 * 1_000;
const TEACHER: u8 = 1;

/// A teacher who writes the roll, and for an hour holds these rights besides.
fn acting_for_an_hour(seed: u64, rank: u8, more: Vec<Capability>) -> (World, Device, Opened, Device, Opened) {
    let mut world = World::new(seed);
    let (mut office, head) = world.found();
    let mut hall = world.let_in(&mut office, &head);
    let keeps = [(Right::Read, ROLL), (Right::Write, ROLL)];
    let teacher = world.person((&mut office, &head), &mut hall, TEACHER, &keeps);
    world.meet(&mut office, &mut hall);
    let to = Grantee::Person { person: teacher.person.person, keys: teacher.person.public() };
    let until = Some(Moment::utc(world.now + HOUR_MS));
    let grant = Grant { to, rank, capabilities: more, until };
    office.grant(&head.seat.seat, grant, &mut world.context()).unwrap();
    world.write(&mut office, Some(head.seat.seat), &register(), &["before"]);
    world.meet(&mut office, &mut hall);
    hall.sign_in(&teacher);
    (world, office, head, hall, teacher)
}

fn register() -> DocumentId {
    document(REGISTER, "4B week 48")
}

fn one(right: Right, area: Area) -> Capability {
    Capability { right, area: Which::One(area), place: Which::One(SITE) }
}

fn tries(world: &mut World, device: &mut Device, who: &Opened, document: &DocumentId) -> Result<Written, RecordsError> {
    let fact = Fact { kind: 1, supersedes: vec![], value: b"later".to_vec() };
    let mut writer = device.writer(who.seat.seat, world.context()).unwrap();
    writer.write(vec![Change { document: document.clone(), facts: vec![fact] }])
}

#[test]
fn whoever_took_a_register_over_until_three_reads_and_writes_it_until_three_and_the_roll_after() {
    let rights = vec![one(Right::Read, REGISTER), one(Right::Write, REGISTER)];
    let (mut world, mut office, head, mut hall, teacher) = acting_for_an_hour(1, 4, rights);
    let seat = Some(teacher.seat.seat);
    assert_eq!(world.read(&mut hall, seat, &register()), ["before"]);
    tries(&mut world, &mut hall, &teacher, &register()).unwrap();
    world.now += 2 * HOUR_MS;
    assert_eq!(world.read(&mut hall, seat, &register()), Vec::<String>::new(), "though the keys are there");
    assert!(matches!(tries(&mut world, &mut hall, &teacher, &register()), Err(RecordsError::NotAllowed(_))));
    tries(&mut world, &mut hall, &teacher, &document(ROLL, "today")).unwrap();
    world.meet(&mut hall, &mut office);
    // What was written in time stands everywhere.
    assert_eq!(world.read(&mut office, Some(head.seat.seat), &register()), ["before", "later"]);
}

#[test]
fn an_acting_administrator_lets_nobody_in_holds_nothing_back_and_gives_nothing_once_the_day_is_over() {
    let school_wide = |right| Capability { right, area: Which::Any, place: Which::Any };
    let rights = vec![school_wide(Right::Enrol), school_wide(Right::Grant), one(Right::Read, REGISTER)];
    let (mut world, office, _, mut hall, teacher) = acting_for_an_hour(2, 2, rights);
    let (by, gate) = (teacher.seat.seat, office.device());
    let to = || Grantee::Person { person: teacher.person.person, keys: teacher.person.public() };
    let gift = || Grant { to: to(), rank: 4, capabilities: vec![one(Right::Read, REGISTER)], until: None };
    hall.grant(&by, gift(), &mut world.context()).unwrap();
    world.now += 2 * HOUR_MS;
    let refused = |tried: Result<(), RecordsError>| assert!(matches!(tried, Err(RecordsError::NotAllowed(_))));
    refused(hall.grant(&by, Grant { rank: 3, ..gift() }, &mut world.context()).map(drop));
    refused(hall.suspend(&by, gate, Reason::Lost, &mut world.context()));
    refused(hall.remove(&by, Target::Device(gate), Reason::Lost, &mut world.context()).map(drop));
}

//! A person's keys on every device of the person's sites: how they get there, which of them count, who cannot touch
//! them.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

#[path = "common/world.rs"]
mod world;
use muster_core::authority::reduction::{Reason, Target};
use muster_core::authority::view::Holder;
use muster_core::codec;
use muster_core::crypto::sign::Signature;
use muster_core::crypto::wrap::Wrapped;
use muster_core::keys::bundle::Bundle;
use muster_core::keys::delivery::Delivery;
use muster_core::keys::record::Record;
use muster_core::replica::store::{Batch, Row, Store, StoreError, Table};
use muster_core::replica::{OpenError, Passphrase, SignInError};
use muster_core::sync::message::Message;
use proptest::prelude::*;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use world::*;

const TEACHER: PersonId = PersonId([9; 16]);
const OLD: Passphrase<'_> = Passphrase { text: "four quiet generated words", cost: Cost::TEST };
const NEW: Passphrase<'_> = Passphrase { text: "other words that nobody knows", cost: Cost::TEST };

fn at(right: Right, area: Which<Area>, place: PlaceId) -> Capability {
    Capability { right, area, place: Which::One(place) }
}

/// A device of the site, which may keep the keys of leads only if it is named for it.
fn rights(place: PlaceId, named: bool) -> Vec<Capability> {
    let mut given = vec![
        at(Right::Hold, Which::Any, place),
        at(Right::Hold, Which::Any, PlaceId::ZERO),
        at(Right::Read, Which::One(ROLL), place),
        at(Right::Write, Which::One(ROLL), place),
    ];
    given.extend(named.then_some(at(Right::KeepLeads, Which::Any, place)));
    given
}

fn register() -> DocumentId {
    document(REGISTER, "4B week 48")
}

/// An office that is named for leads, and two devices of the site that are not. Nobody but the head has keys.
fn school(seed: u64) -> (World, Device, Opened, Device, Device) {
    let mut world = World::new(seed);
    let (founding, head, device, _) = Founding::new(&mut world.random).unwrap();
    let mut given = device_rights();
    given.push(Capability { right: Right::KeepLeads, area: Which::Any, place: Which::Any });
    let founded = Replica::found_with(
        MemoryStore::default(),
        &founding,
        head,
        device,
        given,
        &RULES,
        Some(&OLD),
        &mut world.context(),
    );
    let founded = founded.unwrap();
    let (mut office, head) = (founded.replica, founded.head);
    let hall = world.let_in_with(&mut office, &head, rights(SITE, false));
    let gym = world.let_in_with(&mut office, &head, rights(SITE, false));
    (world, office, head, hall, gym)
}

/// Gives somebody of this rank their rights at the site, and has them take these up where the passphrase is chosen.
fn activate(world: &mut World, office: &mut Device, head: &Opened, rank: u8, on: &mut Device) -> Opened {
    let words = words::random_words(6, &mut world.random);
    let given = [Right::Read, Right::Write].map(|right| at(right, Which::One(REGISTER), SITE)).to_vec();
    let by = head.seat.seat;
    office.grant_by_words(&by, TEACHER, rank, given, &words, Cost::TEST, &mut world.context()).unwrap();
    world.meet(office, on);
    let opened = on.activate_with(&words, &OLD, &mut world.context()).unwrap();
    on.share_keys(&TEACHER, "Priya Blackthorne", &mut world.random).unwrap();
    settle(world, on);
    world.meet(on, office);
    opened
}

/// What a device does by itself.
fn settle(world: &mut World, device: &mut Device) {
    while device.work(&mut world.context()).unwrap().1 {}
}

fn sign_in(world: &mut World, device: &mut Device, passphrase: &Passphrase<'_>) -> Result<Opened, SignInError> {
    device.sign_in_with(TEACHER, passphrase.text, &mut world.context())
}

#[test]
fn a_teacher_signs_in_on_a_device_of_the_site_where_they_never_were() {
    let (mut world, mut office, head, mut hall, mut gym) = school(1);
    world.write(&mut office, Some(head.seat.seat), &register(), &["present"]);
    activate(&mut world, &mut office, &head, 4, &mut hall);
    assert!(matches!(sign_in(&mut world, &mut gym, &OLD), Err(SignInError::NoKeys)), "nothing has come yet");
    world.meet(&mut office, &mut gym);
    let here: Vec<(PersonId, String)> = gym.keys_here().map(|(person, name)| (person, name.to_owned())).collect();
    assert_eq!(here, [(TEACHER, "Priya Blackthorne".to_owned())], "the lock screen can name them");
    assert!(world.read(&mut gym, None, &register()).is_empty(), "the keys alone open nothing");
    assert!(sign_in(&mut world, &mut gym, &NEW).is_err(), "another passphrase opens nothing");
    let here = sign_in(&mut world, &mut gym, &OLD).unwrap();
    settle(&mut world, &mut gym);
    assert_eq!(world.read(&mut gym, Some(here.seat.seat), &register()), ["present"]);
    world.write(&mut gym, Some(here.seat.seat), &register(), &["late"]);
    world.meet(&mut gym, &mut office);
    assert_eq!(world.read(&mut office, Some(head.seat.seat), &register()), ["late", "present"]);
}

#[test]
fn a_device_let_in_later_is_given_the_keys_by_any_device_that_has_them_with_nobody_signed_in() {
    let (mut world, mut office, head, mut hall, mut gym) = school(2);
    let teacher = activate(&mut world, &mut office, &head, 4, &mut hall);
    world.meet(&mut office, &mut gym);
    hall.sign_out(&teacher.seat.seat);
    let mut new = world.let_in_with(&mut office, &head, rights(SITE, false));
    // The office is not there any more: the two tablets meet, and nobody is at either.
    world.meet(&mut office, &mut hall);
    world.meet(&mut hall, &mut new);
    sign_in(&mut world, &mut new, &OLD).unwrap();
}

#[test]
fn rights_given_anew_under_a_persons_name_lock_them_out_nowhere() {
    let (mut world, mut office, head, mut hall, mut gym) = school(20);
    let words = words::random_words(6, &mut world.random);
    activate(&mut world, &mut office, &head, 4, &mut hall);
    world.meet(&mut office, &mut gym);
    sign_in(&mut world, &mut gym, &OLD).unwrap();
    // Somebody who could not take the person's rights away gives them more, by words that somebody else takes up.
    let given = vec![at(Right::Read, Which::One(REGISTER), SITE)];
    let by = head.seat.seat;
    office.grant_by_words(&by, TEACHER, 4, given, &words, Cost::TEST, &mut world.context()).unwrap();
    world.meet(&mut office, &mut gym);
    gym.activate_with(&words, &NEW, &mut world.context()).unwrap();
    for _ in 0..2 {
        settle(&mut world, &mut gym);
        world.meet(&mut office, &mut gym);
        world.meet(&mut office, &mut hall);
    }
    let mut again = Replica::open(gym.into_store(), &RULES).unwrap();
    for device in [&mut hall, &mut again] {
        for passphrase in [&OLD, &NEW] {
            let opened = sign_in(&mut world, device, passphrase).unwrap();
            settle(&mut world, device);
            device.sign_out(&opened.seat.seat);
        }
        assert_eq!(device.keys_here().count(), 1, "one person on the lock screen");
    }
}

#[test]
fn keys_taken_away_by_somebody_who_had_no_right_open_again_and_those_taken_away_in_right_go_in_the_end() {
    let (mut world, mut office, head, mut hall, mut gym) = school(21);
    let teacher = activate(&mut world, &mut office, &head, 4, &mut hall);
    world.meet(&mut office, &mut gym);
    let everywhere = |right| Capability { right, area: Which::Any, place: Which::Any };
    let rights = [Right::Read, Right::Write, Right::Grant, Right::Enrol].map(everywhere).to_vec();
    let (officer, words, by) = (PersonId([5; 16]), words::random_words(6, &mut world.random), head.seat.seat);
    office.grant_by_words(&by, officer, 2, rights, &words, Cost::TEST, &mut world.context()).unwrap();
    let opened = office.activate(&words, &mut world.context()).unwrap();
    let mut before = Replica::open(office.store().clone(), &RULES).unwrap();
    let of = Target::Keys(TEACHER, teacher.person.sign.public());
    office.remove(&opened.seat.seat, of, Reason::Left, &mut world.context()).unwrap();
    world.meet(&mut office, &mut gym);
    assert!(matches!(sign_in(&mut world, &mut gym, &OLD), Err(SignInError::NoKeys)), "gone, as far as is known");
    // The head had removed the officer before: what the officer said then counts nowhere.
    before.sign_in(&head);
    let of = Target::Keys(officer, opened.person.sign.public());
    before.remove(&by, of, Reason::Left, &mut world.context()).unwrap();
    world.meet(&mut before, &mut gym);
    let back = sign_in(&mut world, &mut gym, &OLD).unwrap();
    gym.sign_out(&back.seat.seat);
    // Taken away by somebody who may, they are kept for a month, and then no more.
    world.meet(&mut gym, &mut hall);
    let of = Target::Keys(TEACHER, teacher.person.sign.public());
    // This office was set back, and has heard by now that it went on elsewhere.
    let head = before.take_seat(head.own(), &mut world.context()).unwrap();
    before.sign_in(&head);
    before.remove(&head.seat.seat, of, Reason::Left, &mut world.context()).unwrap();
    world.meet(&mut before, &mut gym);
    let name = format!("bundle-{TEACHER}");
    for (days, is_there) in [(0, true), (29, true), (30, false)] {
        world.now += days * 24 * 60 * 60 * 1_000;
        gym = Replica::open(gym.into_store(), &RULES).unwrap();
        gym.sign_out(&back.seat.seat);
        world.meet(&mut before, &mut gym);
        world.write(&mut gym, None, &document(ROLL, "day 1"), &["in"]);
        world.meet(&mut before, &mut gym);
        settle(&mut world, &mut gym);
        assert_eq!(gym.store().file(&name).unwrap().is_some(), is_there, "after {days} more days");
        world.now -= days * 24 * 60 * 60 * 1_000;
    }
}

#[test]
fn a_seat_made_at_the_first_sign_in_is_the_same_at_the_next_and_after_a_restart() {
    let (mut world, mut office, head, mut hall, mut gym) = school(3);
    activate(&mut world, &mut office, &head, 4, &mut hall);
    world.meet(&mut office, &mut gym);
    let first = sign_in(&mut world, &mut gym, &OLD).unwrap();
    gym.sign_out(&first.seat.seat);
    let mut gym = Replica::open(gym.into_store(), &RULES).unwrap();
    assert_eq!(sign_in(&mut world, &mut gym, &OLD).unwrap().seat.seat, first.seat.seat);
    let own = gym.view().seats.values().filter(|seat| seat.device == gym.device() && seat.person.is_some()).count();
    assert_eq!(own, 1);
}

#[test]
fn keys_of_leads_and_heads_go_only_to_devices_that_are_named_for_them() {
    let (mut world, mut office, head, mut hall, mut gym) = school(4);
    let mut named = world.let_in_with(&mut office, &head, rights(SITE, true));
    office.share_keys(&head.person.person, "Helen Marsh", &mut world.random).unwrap();
    settle(&mut world, &mut office);
    let words = words::random_words(6, &mut world.random);
    let given = vec![at(Right::Read, Which::One(REGISTER), SITE)];
    let by = head.seat.seat;
    office.grant_by_words(&by, TEACHER, 3, given, &words, Cost::TEST, &mut world.context()).unwrap();
    for device in [&mut hall, &mut gym, &mut named] {
        world.meet(&mut office, device);
    }
    let refused = hall.activate_with(&words, &OLD, &mut world.context()).unwrap_err().to_string();
    assert!(refused.contains("the words still work on such a device"), "{refused}");
    named.activate_with(&words, &OLD, &mut world.context()).unwrap();
    named.share_keys(&TEACHER, "Priya Blackthorne", &mut world.random).unwrap();
    settle(&mut world, &mut named);
    world.meet(&mut named, &mut office);
    world.meet(&mut office, &mut hall);
    assert!(hall.keys_here().next().is_none(), "a tablet of the site that nobody named");
    let at_office: Vec<PersonId> = office.keys_here().map(|(person, _)| person).collect();
    assert!(at_office.contains(&TEACHER) && at_office.contains(&head.person.person));
    let head_there = named.sign_in_with(head.person.person, OLD.text, &mut world.context());
    assert!(head_there.is_ok(), "the head's keys came there too");
}

#[test]
fn a_device_named_for_leads_later_is_given_their_keys_and_opens_them_no_more_once_it_is_not() {
    let (mut world, mut office, head, mut hall, _) = school(21);
    office.share_keys(&head.person.person, "Helen Marsh", &mut world.random).unwrap();
    settle(&mut world, &mut office);
    world.meet(&mut office, &mut hall);
    let of_hall = Holder::Device(hall.device());
    let held = |office: &Device| {
        let held = office.view().grants_of(&of_hall);
        held.map(|(id, standing)| (*id, standing.agree.unwrap())).collect::<Vec<_>>()
    };
    let as_tablet = held(&office);
    let head_opens = |world: &mut World, hall: &mut Device| {
        hall.open_with(head.person.person, OLD.text, &mut world.context()).is_ok()
    };
    assert!(!head_opens(&mut world, &mut hall), "a tablet that nobody named");
    let to = Grantee::Device { device: hall.device(), agree: as_tablet[0].1 };
    let named = Grant { to, rank: RANK_DEVICE, capabilities: rights(SITE, true), until: None };
    office.grant(&head.seat.seat, named, &mut world.context()).unwrap();
    settle(&mut world, &mut office);
    world.write(&mut hall, None, &document(ROLL, "day 1"), &["before it heard"]);
    world.meet(&mut office, &mut hall);
    assert!(head_opens(&mut world, &mut hall), "the head's keys came with the right");
    assert_eq!(world.read(&mut office, None, &document(ROLL, "day 1")), ["before it heard"], "and nothing waits");

    // Back to a tablet: what it was given later is taken, and its first grant stays.
    let later = held(&office).into_iter().map(|(id, _)| id).find(|id| as_tablet.iter().all(|(was, _)| was != id));
    let take = Target::Grant(later.unwrap());
    office.remove(&head.seat.seat, take, Reason::Changed, &mut world.context()).unwrap();
    world.meet(&mut office, &mut hall);
    assert!(!head_opens(&mut world, &mut hall), "the keys that lie there open no more");
    assert!(hall.keys_here().all(|(person, _)| person != head.person.person), "and its lock screen offers nobody them");
    world.write(&mut hall, None, &document(ROLL, "day 1"), &["after"]);
    world.meet(&mut office, &mut hall);
    assert_eq!(world.read(&mut office, None, &document(ROLL, "day 1")), ["after", "before it heard"], "it goes on");
    assert!(office.away(&hall.device()).is_none());
}

#[test]
fn a_device_of_another_site_gets_none_and_lets_nobody_in() {
    let (mut world, mut office, head, mut hall, _) = school(5);
    let mut other = world.let_in_with(&mut office, &head, rights(PlaceId([8; 16]), true));
    activate(&mut world, &mut office, &head, 4, &mut hall);
    world.meet(&mut office, &mut other);
    assert!(other.keys_here().next().is_none());
    let said = sign_in(&mut world, &mut other, &OLD).unwrap_err().to_string();
    assert!(said.contains("keys are not on this device"), "{said}");
}

#[test]
fn a_changed_passphrase_is_the_only_one_on_every_device_that_hears_of_it() {
    let (mut world, mut office, head, mut hall, mut gym) = school(6);
    activate(&mut world, &mut office, &head, 4, &mut hall);
    world.meet(&mut office, &mut gym);
    sign_in(&mut world, &mut gym, &OLD).unwrap();
    assert!(gym.change_passphrase(TEACHER, NEW.text, &NEW, &mut world.context()).is_err(), "the old one is asked for");
    gym.change_passphrase(TEACHER, OLD.text, &NEW, &mut world.context()).unwrap();
    settle(&mut world, &mut gym);
    world.meet(&mut gym, &mut office);
    world.meet(&mut office, &mut hall);
    for device in [&mut hall, &mut gym] {
        assert!(sign_in(&mut world, device, &OLD).is_err());
        sign_in(&mut world, device, &NEW).unwrap();
    }
    let old = office.sealed_bundles().filter(|delivery| delivery.named.version < 2).count();
    assert_eq!(old, 0, "and what was sealed under the old one is let go");
}

#[test]
fn a_second_factor_travels_with_the_keys() {
    let (mut world, mut office, head, mut hall, mut gym) = school(7);
    activate(&mut world, &mut office, &head, 4, &mut hall);
    let factor = muster_core::crypto::totp::Factor::random(&mut world.random);
    hall.set_second_factor(TEACHER, &OLD, Some(factor.clone()), &mut world.context()).unwrap();
    settle(&mut world, &mut hall);
    world.meet(&mut hall, &mut gym);
    let there = sign_in(&mut world, &mut gym, &OLD).unwrap();
    assert_eq!(there.second_factor.unwrap().bytes(), factor.bytes());
}

/// The deliveries of three bundles of one person to one device, and a device that has heard of everybody.
fn three_bundles(seed: u64) -> (World, Device, Vec<Record>) {
    let (mut world, mut office, head, mut hall, mut gym) = school(seed);
    let teacher = activate(&mut world, &mut office, &head, 4, &mut hall);
    let school = office.school();
    let to = (gym.device(), gym.device_secrets().public_agree());
    let by = hall.device_secrets().sign.clone();
    let mut made = Vec::new();
    // Two of one version, as two devices apart would make.
    for (version, passphrase) in [(7, &OLD), (8, &OLD), (8, &NEW)] {
        let own = teacher.own();
        let (text, cost) = (passphrase.text, passphrase.cost);
        let bundle = Bundle::seal(&own, &school, version, text, cost, &mut world.random).unwrap();
        let one = Delivery::make((&bundle, "Priya"), &school, (to.0, &to.1), &by, &mut world.random).unwrap();
        made.push(Record::Delivery(Box::new(one)));
    }
    world.meet(&mut hall, &mut gym);
    (world, gym, made)
}

/// Hands records to a device as a peer would.
fn hand(world: &mut World, device: &mut Device, from: DeviceId, records: Vec<Record>) {
    let mut talk = Conversation::start(device, from, Moment::utc(world.now));
    let frame = Message::Records(Section::AUTHORITY, records).encode();
    talk.receive(device, &frame, &mut world.context()).unwrap();
}

fn held(device: &Device) -> Vec<([u8; 32], u64)> {
    device.sealed_bundles().map(|one| (one.named.content, one.named.version)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn in_whatever_order_and_however_often_they_come_the_same_bundle_counts(
        order in proptest::collection::vec(0_usize..3, 0..8), between in any::<[bool; 8]>(),
    ) {
        let (mut world, mut gym, made) = three_bundles(8);
        let from = gym.view().devices().find(|one| *one != gym.device()).unwrap();
        let whole = [order, vec![0, 1, 2]].concat();
        for (place, which) in whole.into_iter().enumerate() {
            hand(&mut world, &mut gym, from, vec![made[which].clone()]);
            if between.get(place) == Some(&true) {
                settle(&mut world, &mut gym);
            }
        }
        settle(&mut world, &mut gym);
        let contents = made.iter().map(|record| match record {
            Record::Delivery(one) => (one.named.version, one.named.content),
            _ => unreachable!(),
        });
        let greatest = contents.max().unwrap();
        let mine = held(&gym);
        prop_assert_eq!(mine.first(), Some(&(greatest.1, 8)));
        prop_assert_eq!(mine.iter().filter(|one| one.1 == 8).count(), mine.len());
        // Which of the two passphrases of version 8 it is, is the same for everybody: that of the greater content.
        let opens = [&OLD, &NEW].map(|passphrase| sign_in(&mut world, &mut gym, passphrase).is_ok());
        prop_assert_eq!(opens.iter().filter(|one| **one).count(), 1);
    }
}

#[test]
fn nobody_else_can_replace_a_persons_keys() {
    let (mut world, mut office, head, mut hall, mut gym) = school(9);
    let teacher = activate(&mut world, &mut office, &head, 4, &mut hall);
    world.meet(&mut hall, &mut gym);
    let school = office.school();
    let to = (gym.device(), gym.device_secrets().public_agree());
    let by = hall.device_secrets().sign.clone();
    // The head has keys, a device and every right, and signs a bundle of the teacher's with them.
    let mut own = head.own();
    own.keys.person = TEACHER;
    let theirs = Bundle::seal(&own, &school, 99, NEW.text, NEW.cost, &mut world.random).unwrap();
    let one = Delivery::make((&theirs, "Priya"), &school, (to.0, &to.1), &by, &mut world.random).unwrap();
    // And one with the teacher's key in it, over which the teacher's signature does not hold.
    let real = Bundle::seal(&teacher.own(), &school, 2, NEW.text, NEW.cost, &mut world.random).unwrap();
    let mut forged = Delivery::make((&real, "Priya"), &school, (to.0, &to.1), &by, &mut world.random).unwrap();
    forged.named.version = 100;
    let from = office.device();
    for record in [one, forged] {
        hand(&mut world, &mut gym, from, vec![Record::Delivery(Box::new(record))]);
    }
    settle(&mut world, &mut gym);
    assert!(sign_in(&mut world, &mut gym, &NEW).is_err());
    sign_in(&mut world, &mut gym, &OLD).unwrap();
}

/// A delivery as it is written.
#[derive(serde::Serialize, serde::Deserialize)]
struct Written {
    named: muster_core::keys::bundle::Named,
    by_person: Signature,
    to: DeviceId,
    key: Wrapped,
    sealed: Vec<u8>,
    proof: [u8; 16],
    by: DeviceId,
    by_device: Signature,
}

/// The same in every word, to another device, with nothing true in it, signed by whoever sends it.
fn falsified(seen: &Delivery, to: DeviceId, by: &SignKey, school: &SchoolId) -> Delivery {
    let mut one: Written = codec::decode(&codec::encode(seen)).unwrap();
    (one.to, one.by) = (to, DeviceId(by.public().0));
    let said = (school, &one.named, &one.by_person, &one.to, &one.key, &one.sealed, &one.proof, &one.by);
    one.by_device = by.sign("bundle delivery 1", &codec::encode(&said));
    let made: Delivery = codec::decode(&codec::encode(&one)).unwrap();
    assert!(made.holds(school), "it looks sound to whoever does not hold the keys");
    made
}

#[test]
fn a_false_delivery_under_a_persons_name_keeps_nobody_from_getting_a_true_one() {
    let (mut world, mut office, head, mut hall, mut gym) = school(10);
    activate(&mut world, &mut office, &head, 4, &mut hall);
    // The gym's own delivery, which the office has seen go by, is copied with other contents for a new device.
    let mut new = world.let_in_with(&mut office, &head, rights(SITE, false));
    let seen = office.sealed_bundles().find(|one| one.to == gym.device()).unwrap().clone();
    let false_one = falsified(&seen, new.device(), &office.device_secrets().sign, &office.school());
    world.meet(&mut office, &mut hall);
    let office_id = office.device();
    for device in [&mut hall, &mut new] {
        hand(&mut world, device, office_id, vec![Record::Delivery(Box::new(false_one.clone()))]);
    }
    settle(&mut world, &mut hall);
    world.meet(&mut hall, &mut new);
    sign_in(&mut world, &mut new, &OLD).unwrap();
    world.meet(&mut hall, &mut gym);
    sign_in(&mut world, &mut gym, &OLD).unwrap();
}

/// A disk that fails from some write on, and keeps what it had.
#[derive(Clone, Default)]
struct Failing {
    inner: Rc<RefCell<MemoryStore>>,
    left: Rc<Cell<u32>>,
}

impl Failing {
    fn writes(&self) -> Result<(), StoreError> {
        let left = self.left.get().checked_sub(1).ok_or(StoreError::Full)?;
        self.left.set(left);
        Ok(())
    }
}

impl Store for Failing {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.inner.borrow().get(table, key)
    }
    fn range(&self, table: Table, from: &[u8], to: Option<&[u8]>, most: usize) -> Result<Vec<Row>, StoreError> {
        self.inner.borrow().range(table, from, to, most)
    }
    fn commit(&mut self, batch: Batch) -> Result<(), StoreError> {
        self.writes()?;
        self.inner.borrow_mut().commit(batch)
    }
    fn file(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.inner.borrow().file(name)
    }
    fn put_file(&mut self, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
        self.writes()?;
        self.inner.borrow_mut().put_file(name, bytes)
    }
    fn remove_file(&mut self, name: &str) -> Result<(), StoreError> {
        self.inner.borrow_mut().remove_file(name)
    }
}

#[test]
fn wherever_a_founding_is_cut_short_there_is_no_school_or_its_head_can_sign_in_and_go_on() {
    let (mut empty, mut went_on) = (0, 0);
    for writes in 0..40 {
        let mut world = World::new(20);
        let (founding, head, device, _) = Founding::new(&mut world.random).unwrap();
        let disk = Failing::default();
        disk.left.set(writes);
        let mut given = device_rights();
        given.push(Capability { right: Right::KeepLeads, area: Which::Any, place: Which::Any });
        let founded = Replica::found_with(
            disk.clone(),
            &founding,
            head,
            device,
            given.clone(),
            &RULES,
            Some(&OLD),
            &mut world.context(),
        );
        if founded.is_ok() {
            assert!(empty > 0 && went_on > 2, "cut short before and after there was a school");
            return;
        }
        drop(founded);
        disk.left.set(u32::MAX);
        let mut again = match Replica::open(disk, &RULES) {
            Err(OpenError::Empty) => {
                empty += 1;
                continue;
            }
            opened => opened.unwrap(),
        };
        went_on += 1;
        let head = again.sign_in_with(founding.head, OLD.text, &mut world.context()).unwrap();
        if again.is_unfinished() {
            again.finish_founding(&head, given, &mut world.context()).unwrap();
        }
        assert!(again.view().is_enrolled(&again.device()));
        let mut writer = again.writer(head.seat.seat, world.context()).unwrap();
        let fact = Fact { kind: 1, supersedes: vec![], value: b"present".to_vec() };
        writer.write(vec![Change { document: register(), facts: vec![fact] }]).unwrap();
    }
    panic!("a founding needs fewer writes than this");
}

#[test]
fn wherever_a_first_sign_in_is_cut_short_the_words_still_work_or_the_passphrase_does() {
    for writes in 0..40 {
        let (mut world, mut office, head, mut hall, _) = school(21);
        let words = words::random_words(6, &mut world.random);
        let given = vec![at(Right::Read, Which::One(REGISTER), SITE)];
        let by = head.seat.seat;
        office.grant_by_words(&by, TEACHER, 4, given, &words, Cost::TEST, &mut world.context()).unwrap();
        world.meet(&mut office, &mut hall);
        let disk = Failing { inner: Rc::new(RefCell::new(hall.into_store())), left: Rc::new(Cell::new(u32::MAX)) };
        let mut tablet = Replica::open(disk.clone(), &RULES).unwrap();
        disk.left.set(writes);
        let done = tablet.activate_with(&words, &OLD, &mut world.context()).is_ok();
        drop(tablet);
        disk.left.set(u32::MAX);
        let mut again = Replica::open(disk, &RULES).unwrap();
        let signed_in = again.sign_in_with(TEACHER, OLD.text, &mut world.context()).is_ok();
        assert!(signed_in || !done, "what was done is kept");
        assert!(signed_in || again.activate_with(&words, &OLD, &mut world.context()).is_ok(), "after {writes} writes");
        if done {
            return;
        }
    }
    panic!("a first sign-in needs fewer writes than this");
}

#[test]
fn a_copied_store_of_a_device_that_may_not_keep_somebodys_keys_opens_nothing_with_the_right_passphrase() {
    let (mut world, mut office, head, _, mut gym) = school(12);
    let mut named = world.let_in_with(&mut office, &head, rights(SITE, true));
    let holds = vec![Capability { right: Right::Hold, area: Which::Any, place: Which::Any }];
    let mut blind = world.let_in_with(&mut office, &head, holds);
    // A lead of the site, whose keys only a device that is named for leads may keep.
    activate(&mut world, &mut office, &head, 3, &mut named);
    for device in [&mut gym, &mut blind] {
        world.meet(&mut office, device);
    }
    for (what, device) in [("a blind device", blind), ("a class tablet", gym)] {
        assert!(device.sealed_bundles().next().is_some(), "{what} passes the keys on");
        let (school, agree) = (device.school(), device.device_secrets().agree.clone());
        for delivery in device.sealed_bundles() {
            assert!(delivery.open(&school, &agree).is_none(), "{what} opens none with its own key");
        }
        let mut copied = Replica::open(device.into_store(), &RULES).unwrap();
        assert!(matches!(sign_in(&mut world, &mut copied, &OLD), Err(SignInError::NoKeys)), "{what}");
        assert!(world.read(&mut copied, None, &register()).is_empty(), "{what}");
    }
}

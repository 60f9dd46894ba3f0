//! Records that were restored, copied or set back: nothing is lost, and no log gets a second writer.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

#[path = "common/world.rs"]
mod world;
use muster_core::authority::view::Holder;
use muster_core::replica::WhyAnew;
use muster_core::replica::store::{Batch, Row, Store, StoreError, Table};
use std::cell::Cell;
use std::rc::Rc;
use world::*;

fn forks(device: &Device) -> usize {
    device.logs().values().filter(|state| state.forked_at.is_some()).count()
}

#[test]
fn a_tablet_set_back_to_an_older_image_takes_what_it_lost_and_goes_on_under_a_new_seat_without_a_fork() {
    let (mut world, mut office, head, mut hall) = small_school(51);
    let roll = document(ROLL, "day 1");
    let image = hall.store().clone();
    world.write(&mut hall, None, &roll, &["written and lost"]);
    world.meet(&mut office, &mut hall);
    let before = hall.device_seat();

    let mut back = Replica::open(image, &RULES).unwrap();
    assert_eq!(back.device_seat(), before, "nothing says yet that it was set back");
    world.meet(&mut office, &mut back);
    assert_ne!(back.device_seat(), before);
    assert!(back.is_past(&before));
    assert_eq!(back.begun_anew().unwrap().1, WhyAnew::WentOnElsewhere);
    world.write(&mut back, None, &roll, &["written after"]);
    world.meet(&mut office, &mut back);
    for device in [&mut office, &mut back] {
        let seat = (device.device() != hall.device()).then_some(head.seat.seat);
        let shown = world.read(device, seat, &roll);
        assert!(shown.contains(&"written and lost".to_owned()) && shown.contains(&"written after".to_owned()));
        assert_eq!(forks(device), 0);
    }
    assert_eq!(back.view().grants_of(&Holder::Device(back.device())).count(), 1, "it is the same device");

    let seat = back.device_seat();
    let again = Replica::open(back.into_store(), &RULES).unwrap();
    assert_eq!(again.device_seat(), seat, "the new seat stays");
}

#[test]
fn whoever_was_signed_in_on_a_tablet_that_was_set_back_writes_nothing_more_from_their_old_seat() {
    let (mut world, mut office, head, mut hall) = small_school(52);
    let rights = [(Right::Read, REGISTER), (Right::Write, REGISTER)];
    let teacher = world.person((&mut office, &head), &mut hall, 3, &rights);
    let register = document(REGISTER, "4B week 48");
    world.write(&mut hall, Some(teacher.seat.seat), &register, &["before"]);
    world.meet(&mut office, &mut hall);
    let image = hall.store().clone();
    world.write(&mut hall, Some(teacher.seat.seat), &register, &["lost"]);
    world.meet(&mut office, &mut hall);

    let mut back = Replica::open(image, &RULES).unwrap();
    back.sign_in(&teacher);
    world.meet(&mut office, &mut back);
    let facts = vec![Fact { kind: 1, supersedes: vec![], value: b"from the old seat".to_vec() }];
    let mut writer = back.writer(teacher.seat.seat, world.context()).unwrap();
    assert!(writer.write(vec![Change { document: register.clone(), facts }]).is_err());
    let anew = back.take_seat(teacher.own(), &mut world.context()).unwrap();
    assert_ne!(anew.seat.seat, teacher.seat.seat);
    back.sign_out(&teacher.seat.seat);
    back.sign_in(&anew);
    world.write(&mut back, Some(anew.seat.seat), &register, &["after"]);
    world.meet(&mut office, &mut back);
    let shown = world.read(&mut office, Some(head.seat.seat), &register);
    assert!(["before", "lost", "after"].iter().all(|value| shown.contains(&(*value).to_owned())), "{shown:?}");
    assert_eq!(forks(&office) + forks(&back), 0);
}

#[test]
fn a_copy_that_is_known_to_be_one_begins_anew_before_it_writes_and_meets_the_others_without_a_fork() {
    let (mut world, mut office, head, mut hall) = small_school(53);
    let roll = document(ROLL, "day 1");
    let mut copy = Replica::open(hall.store().clone(), &RULES).unwrap();
    copy.new_incarnation(WhyAnew::Copied, &mut world.context()).unwrap();
    world.write(&mut hall, None, &roll, &["from the tablet"]);
    world.write(&mut copy, None, &roll, &["from the copy"]);
    world.meet(&mut office, &mut hall);
    world.meet(&mut office, &mut copy);
    world.meet(&mut office, &mut hall);
    let shown = world.read(&mut office, Some(head.seat.seat), &roll);
    assert!(shown.contains(&"from the tablet".to_owned()) && shown.contains(&"from the copy".to_owned()), "{shown:?}");
    assert_eq!(forks(&office) + forks(&hall) + forks(&copy), 0);
    let seat = copy.device_seat();
    world.meet(&mut office, &mut copy);
    assert_eq!(copy.device_seat(), seat, "what comes of its old seats afterwards begins nothing anew");
}

#[test]
fn a_copy_that_did_not_know_is_proven_at_the_first_meeting_and_both_go_on_under_new_seats() {
    let (mut world, mut office, head, mut hall) = small_school(54);
    let roll = document(ROLL, "day 1");
    let mut copy = Replica::open(hall.store().clone(), &RULES).unwrap();
    world.write(&mut hall, None, &roll, &["first tail"]);
    world.write(&mut copy, None, &roll, &["second tail"]);
    world.meet(&mut office, &mut hall);
    world.meet(&mut office, &mut copy);
    world.meet(&mut office, &mut hall);
    assert_eq!(forks(&office), 1);
    for (device, value) in [(&mut hall, "first goes on"), (&mut copy, "second goes on")] {
        assert!(device.begun_anew().is_some());
        world.write(device, None, &roll, &[value]);
        world.meet(&mut office, device);
    }
    let shown = world.read(&mut office, Some(head.seat.seat), &roll);
    assert!(shown.contains(&"first goes on".to_owned()) && shown.contains(&"second goes on".to_owned()), "{shown:?}");
    let waiting: Vec<_> = office.quarantined().unwrap().into_iter().map(|one| one.entry).collect();
    office.adopt(&head.seat.seat, &waiting, &mut world.context()).unwrap();
    let shown = world.read(&mut office, Some(head.seat.seat), &roll);
    assert!(shown.contains(&"first tail".to_owned()) && shown.contains(&"second tail".to_owned()), "{shown:?}");
}

#[test]
fn wherever_a_new_beginning_is_cut_short_no_old_seat_writes_again() {
    let (mut world, _, _, hall) = small_school(55);
    let before = hall.device_seat();
    for left in 0..8 {
        let store = Failing { memory: hall.store().clone(), left: Rc::new(Cell::new(left)) };
        let mut device = Replica::open(store, &RULES).unwrap();
        let done = device.new_incarnation(WhyAnew::Restored, &mut world.context()).is_ok();
        let store = device.into_store();
        store.left.set(u32::MAX);
        let mut again = Replica::open(store, &RULES).unwrap();
        while again.work(&mut world.context()).unwrap().1 {}
        let begun = again.device_seat() != before;
        assert!(begun || !done, "after {left} writes");
        assert_eq!(again.is_past(&before), begun, "after {left} writes");
        assert_eq!(again.device_seat() == before, !again.is_past(&before));
    }
}

#[test]
fn a_copy_on_a_full_disk_writes_nothing_from_the_old_seats_and_goes_on_as_a_new_writer_once_there_is_room() {
    let (mut world, mut office, _, hall) = small_school(56);
    let before = hall.device_seat();
    for writes in 0..3 {
        let left = Rc::new(Cell::new(writes));
        let mut copy = Replica::open(Failing { memory: hall.store().clone(), left: Rc::clone(&left) }, &RULES).unwrap();
        assert!(copy.new_incarnation(WhyAnew::Copied, &mut world.context()).is_err());
        // There is room again, and the same process goes on.
        left.set(u32::MAX);
        assert!(copy.is_past(&before), "after {writes} writes");
        let facts = vec![Fact { kind: 1, supersedes: vec![], value: b"from the old seat".to_vec() }];
        let change = Change { document: document(ROLL, "day 1"), facts };
        if let Some(mut writer) = copy.writer(before, world.context()) {
            assert!(writer.write(vec![change]).is_err(), "after {writes} writes");
        }
        while copy.work(&mut world.context()).unwrap().1 {}
        assert_ne!(copy.device_seat(), before);
        assert_eq!(copy.begun_anew().unwrap().1, WhyAnew::Copied);
        let mut again = Replica::open(copy.into_store().memory, &RULES).unwrap();
        assert!(again.is_past(&before) && !again.is_past(&again.device_seat()));
        world.write(&mut again, None, &document(ROLL, "day 1"), &["from the new one"]);
        world.meet(&mut office, &mut again);
        assert_eq!(forks(&office) + forks(&again), 0);
    }
}

/// A disk that fails after so many writes.
#[derive(Debug)]
struct Failing {
    memory: MemoryStore,
    left: Rc<Cell<u32>>,
}

impl Failing {
    fn spend(&mut self) -> Result<(), StoreError> {
        self.left.set(self.left.get().checked_sub(1).ok_or(StoreError::Full)?);
        Ok(())
    }
}

impl Store for Failing {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.memory.get(table, key)
    }

    fn range(&self, table: Table, from: &[u8], to: Option<&[u8]>, most: usize) -> Result<Vec<Row>, StoreError> {
        self.memory.range(table, from, to, most)
    }

    fn commit(&mut self, batch: Batch) -> Result<(), StoreError> {
        self.spend()?;
        self.memory.commit(batch)
    }

    fn file(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.memory.file(name)
    }

    fn put_file(&mut self, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
        self.spend()?;
        self.memory.put_file(name, bytes)
    }

    fn remove_file(&mut self, name: &str) -> Result<(), StoreError> {
        self.spend()?;
        self.memory.remove_file(name)
    }
}

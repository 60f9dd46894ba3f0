//! Daily keys on devices: the two latest days held, and no more, however devices meet and whatever their clocks say.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

#[path = "common/world.rs"]
mod world;
use muster_core::keys::epoch::EpochKind;
use muster_core::keys::record::{Record, Records as Sealed};
use muster_core::keys::ring::Ring;
use world::*;

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

fn roll(day: i64) -> DocumentId {
    document(ROLL, &format!("day {day}"))
}

/// The days that a device opens by itself, by all that it keeps: what a thief could open.
fn opens(device: &Device) -> Vec<i32> {
    let section = roll(1).section;
    let mut ring = Ring::new(device.school(), device.device_secrets().agree.clone());
    let mut sealed = Sealed::default();
    for record in device.sealed_records(&section) {
        sealed.insert(section, record.clone(), usize::MAX);
    }
    device.epochs().values().for_each(|info| ring.note(info));
    let epochs = device.epochs().values().filter(|info| info.section == section);
    let opened = epochs.filter(|info| ring.epoch(&section, &info.statement.epoch, &sealed).is_some());
    let mut days: Vec<i32> = opened
        .filter_map(|info| match info.statement.kind {
            EpochKind::Day(day) => Some(day),
            _ => None,
        })
        .collect();
    days.sort_unstable();
    days.dedup();
    days
}

fn today(world: &World) -> i32 {
    Moment::utc(world.now).civil_day()
}

/// An office with the head and a tablet in the hall, which meet every day for some days.
fn days(seed: u64, count: i64) -> (World, Device, Opened, Device) {
    let mut world = World::new(seed);
    let (mut office, head) = world.found();
    let mut hall = world.let_in(&mut office, &head);
    for day in 1..=count {
        world.now += DAY_MS;
        world.write(&mut office, None, &roll(day), &["in"]);
        world.meet(&mut office, &mut hall);
    }
    (world, office, head, hall)
}

#[test]
fn a_tablet_keeps_the_keys_of_two_days_and_opens_nothing_older_at_rest() {
    let (mut world, mut office, head, hall) = days(1, 5);
    let last = today(&world);
    assert_eq!((opens(&hall), opens(&office)), (vec![last - 1, last], vec![last - 1, last]));
    let mut hall = Replica::open(hall.into_store(), &RULES).unwrap();
    for day in 1..=5 {
        assert_eq!(world.read(&mut hall, None, &roll(day)).len(), usize::from(day >= 4), "day {day}");
    }
    // Persons keep every day: at the office, and on the tablet while they are signed in there.
    for day in 1..=5 {
        assert_eq!(world.read(&mut office, Some(head.seat.seat), &roll(day)), ["in"], "day {day}");
    }
    hall.sign_in(&head);
    assert_eq!(world.read(&mut hall, Some(head.seat.seat), &roll(1)), ["in"]);
    hall.sign_out(&head.seat.seat);
    assert!(world.read(&mut hall, None, &roll(1)).is_empty(), "and not after");
    assert_eq!(opens(&hall), [last - 1, last]);
}

#[test]
fn a_tablet_alone_for_a_month_still_opens_the_last_two_days_it_held() {
    let (mut world, _, _, hall) = days(2, 4);
    let last = today(&world);
    world.now += 30 * DAY_MS;
    let mut hall = Replica::open(hall.into_store(), &RULES).unwrap();
    while hall.work(&mut world.context()).unwrap().1 {}
    assert_eq!(opens(&hall), [last - 1, last]);
    assert_eq!(world.read(&mut hall, None, &roll(4)), ["in"]);
    // It writes, alone: that day is a day held.
    world.write(&mut hall, None, &roll(40), &["out"]);
    while hall.work(&mut world.context()).unwrap().1 {}
    assert_eq!(opens(&hall), [last, today(&world)]);
    assert_eq!(world.read(&mut hall, None, &roll(40)), ["out"]);
}

#[test]
fn a_clock_ahead_of_time_displaces_none() {
    let (mut world, mut office, _, mut hall) = days(3, 2);
    let last = today(&world);
    let now = world.now;
    world.now += 400 * DAY_MS;
    let ahead = today(&world);
    world.write(&mut office, None, &roll(400), &["from a clock that is wrong"]);
    world.now = now;
    world.meet(&mut office, &mut hall);
    assert_eq!(opens(&hall), [last - 1, last, ahead]);
    world.now += DAY_MS;
    world.write(&mut office, None, &roll(3), &["in"]);
    world.meet(&mut office, &mut hall);
    assert_eq!(opens(&hall), [last, last + 1, ahead], "days go by as before");
    assert_eq!(world.read(&mut hall, None, &roll(3)), ["in"]);
}

#[test]
fn a_device_whose_own_clock_was_ahead_opens_its_days_again_once_it_is_right() {
    let (mut world, mut office, _, mut hall) = days(4, 2);
    let now = world.now;
    for day in [400, 401, 402] {
        world.now = now + day * DAY_MS;
        world.write(&mut hall, None, &roll(day), &["alone"]);
        while hall.work(&mut world.context()).unwrap().1 {}
    }
    world.now = now + DAY_MS;
    world.write(&mut hall, None, &roll(3), &["from the hall"]);
    let mut hall = Replica::open(hall.into_store(), &RULES).unwrap();
    assert_eq!(world.read(&mut hall, None, &roll(3)), ["from the hall"]);
    world.meet(&mut office, &mut hall);
    world.now += DAY_MS;
    world.write(&mut office, None, &roll(4), &["in"]);
    world.meet(&mut office, &mut hall);
    assert_eq!(world.read(&mut hall, None, &roll(4)), ["in"]);
    assert_eq!(world.read(&mut office, None, &roll(3)), ["from the hall"]);
}

#[test]
fn what_a_tablet_dropped_comes_back_from_nobody_and_all_agree_on_what_they_hold() {
    let (mut world, mut office, head, mut hall) = days(5, 3);
    let mut far = world.let_in(&mut office, &head);
    world.meet(&mut office, &mut far);
    // The far device has heard of days that the others go on from.
    for day in 4..=6 {
        world.now += DAY_MS;
        world.write(&mut office, None, &roll(day), &["in"]);
        world.meet(&mut office, &mut hall);
    }
    let last = today(&world);
    world.meet(&mut far, &mut hall);
    world.meet(&mut far, &mut office);
    world.meet(&mut hall, &mut office);
    for device in [&office, &hall, &far] {
        assert_eq!(opens(device), [last - 1, last]);
    }
    assert_eq!(world.meet(&mut office, &mut hall), 2, "equal devices say hello and no more");
    assert_eq!(world.meet(&mut far, &mut hall), 2);
    let mine = hall.device_secrets().public_agree().recipient();
    let to_it = |record: &&Record| matches!(record, Record::Wrap { recipient, .. } if *recipient == mine);
    for device in [&office, &hall, &far] {
        assert_eq!(device.sealed_records(&roll(1).section).filter(to_it).count(), 2, "nobody keeps more for it");
    }
}

#[test]
fn in_one_roll_call_a_clock_a_day_ahead_and_one_a_day_behind_hide_nothing_from_each_other() {
    let (mut world, mut office, head, mut ahead) = days(8, 2);
    let mut behind = world.let_in(&mut office, &head);
    world.meet(&mut office, &mut behind);
    let now = world.now;
    let call = document(ROLL, "call");
    let skewed = [(&mut ahead, DAY_MS, "Ada found"), (&mut behind, -DAY_MS, "Ada not found")];
    for (device, skew, words) in skewed {
        world.now = now + skew;
        while device.work(&mut world.context()).unwrap().1 {}
        world.write(device, None, &call, &[words]);
    }
    world.now = now;
    world.write(&mut office, None, &call, &["Ben found"]);
    for _ in 0..2 {
        world.now = now + DAY_MS;
        world.meet(&mut ahead, &mut behind);
        world.now = now;
        world.meet(&mut behind, &mut office);
        world.meet(&mut office, &mut ahead);
    }
    for device in [&mut office, &mut ahead, &mut behind] {
        assert_eq!(world.read(device, None, &call), ["Ada found", "Ada not found", "Ben found"]);
    }
}

#[test]
fn nobody_says_for_another_device_that_it_dropped_its_days() {
    use muster_core::keys::record::Dropped;
    use muster_core::sync::message::Message;
    let (mut world, mut office, _, mut hall) = days(6, 2);
    let (section, school) = (roll(1).section, office.school());
    let of_office = office.device_secrets().public_agree().recipient();
    let thief = hall.device_secrets().clone();
    let forged = Dropped::make(&school, &section, &thief.sign, of_office, 9, i32::MAX);
    let elsewhere =
        Dropped::make(&school, &document(ROLL, "").section, &SignKey::random(&mut world.random), of_office, 9, 1);
    let before = opens(&office);
    for said in [forged, elsewhere] {
        let mut side = Conversation::start(&mut office, hall.device(), Moment::utc(world.now));
        let frame = Message::Records(section, vec![Record::Dropped(said)]).encode();
        assert_eq!(side.receive(&mut office, &frame, &mut world.context()).unwrap().new_records, 0);
    }
    assert_eq!(opens(&office), before);
    world.meet(&mut office, &mut hall);
}

#[test]
fn a_year_of_daily_keys_for_three_hundred_staff_on_two_devices_apart_fits_in_one_file() {
    use muster_core::crypto::wrap::RecipientId;
    use muster_core::keys::epoch::EpochKey;
    use muster_core::keys::record::{Record, Records};
    use muster_core::limits::{RECORDS_BYTES, RECORDS_BYTES_OF_OUR_OWN, RECORDS_OF_OUR_OWN, RECORDS_PER_SECTION};
    let mut random = ChaCha20Rng::seed_from_u64(18);
    let key = EpochKey::random(&mut random);
    let one = key.wrap_to(&AgreeKey::random(&mut random).public(), EpochId([1; 32]), &mut random).unwrap();
    let section = document(ROLL, "day 1").section;
    let (days, staff) = (195, 301);
    let count = days * staff * 2;
    assert!(count <= RECORDS_PER_SECTION - RECORDS_OF_OUR_OWN);
    assert!(count * one.bytes() <= RECORDS_BYTES - RECORDS_BYTES_OF_OUR_OWN);
    let Record::Wrap { epoch, wrapped, proof, .. } = one else { panic!("no wrap") };
    let mut records = Records::default();
    for number in 0..300_u32 {
        let recipient = RecipientId((u128::from(number)).to_be_bytes());
        records.insert(section, Record::Wrap { epoch, recipient, wrapped: wrapped.clone(), proof }, usize::MAX);
    }
    let (held, bytes) = records.size(&section);
    assert_eq!(held, 300);
    assert!(records.encode(&section).len() <= bytes + 16, "no file is larger than was reckoned");
    let ids: Vec<_> = records.section(&section).map(|(id, _)| *id).collect();
    ids.iter().for_each(|id| records.remove(&section, id));
    assert_eq!(records.size(&section), (0, 0));
}

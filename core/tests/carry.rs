//! Sync by hand: a file on a stick does what a connection does, one way.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

#[path = "common/world.rs"]
mod world;
use muster_core::authority::reduction::{Reason as Why, Target};
use muster_core::sync::carry::give::{CarriedOut, CarryOut};
use muster_core::sync::carry::held::Held;
use muster_core::sync::carry::take::{CarriedIn, CarryIn, Reason};
use muster_core::sync::carry::{Extent, Scope};
use rand::Rng as _;
use std::collections::BTreeMap;
use world::*;

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
const MARKER: &str = "zebraquark";

fn call() -> DocumentId {
    document(ROLL, "call 1")
}

fn roll_since(moment: i64) -> Scope {
    Scope::Areas(BTreeMap::from([(ROLL, Extent::Since(Moment::utc(moment)))]))
}

fn out_for(world: &mut World, device: &Device, scope: Scope, held: Option<Held>) -> (Vec<u8>, CarriedOut) {
    let mut file = CarryOut::start(device, scope, held, &mut world.context());
    let mut bytes = Vec::new();
    while let Some(more) = file.next(device).unwrap() {
        bytes.extend(more);
    }
    assert_eq!(file.done().bytes, bytes.len() as u64);
    (bytes, file.done())
}

fn out(world: &mut World, device: &Device) -> Vec<u8> {
    out_for(world, device, Scope::Everything, None).0
}

/// Takes a file, a piece at a time.
fn take(world: &mut World, device: &mut Device, file: &[u8]) -> CarriedIn {
    let mut taking = CarryIn::default();
    for piece in file.chunks(1_000) {
        taking.take(device, piece, &mut world.context()).unwrap();
    }
    let done = taking.end(device, &mut world.context()).unwrap();
    while device.work(&mut world.context()).unwrap().1 {}
    done
}

/// Office and hall with one day behind them, then apart; each has written in the same roll call since.
fn apart(seed: u64) -> (World, Device, Opened, Device) {
    let (mut world, mut office, head, mut hall) = small_school(seed);
    world.write(&mut office, None, &call(), &["Ada found"]);
    world.write(&mut hall, None, &call(), &["Ben not found"]);
    world.write(&mut hall, None, &call(), &["Cleo found"]);
    (world, office, head, hall)
}

#[test]
fn two_devices_that_never_meet_agree_once_a_file_was_carried_each_way() {
    let (mut world, mut office, _, mut hall) = apart(1);
    let from_hall = out(&mut world, &hall);
    let came = take(&mut world, &mut office, &from_hall);
    assert_eq!((came.entries, came.refused(), came.is_whole()), (2, 0, true), "{came:?}");
    assert_eq!(came.devices.iter().collect::<Vec<_>>(), [&hall.device()]);
    assert_eq!(world.read(&mut office, None, &call()), ["Ada found", "Ben not found", "Cleo found"]);
    let back = out(&mut world, &office);
    let came = take(&mut world, &mut hall, &back);
    assert_eq!((came.entries, came.refused()), (1, 0));
    assert_eq!(world.read(&mut hall, None, &call()), ["Ada found", "Ben not found", "Cleo found"]);
    assert_eq!(office.shared_heads(&hall.device()), hall.shared_heads(&office.device()));
    assert_eq!(world.meet(&mut office, &mut hall), 2, "a network has nothing more to say");
    assert_eq!(hall.only_here(), 0, "and the hall knows by the file that the office holds what it wrote");
}

#[test]
fn a_file_taken_twice_or_in_another_order_changes_nothing() {
    let (mut world, mut office, head, mut hall) = apart(2);
    let mut third = world.let_in(&mut office, &head);
    world.meet(&mut office, &mut third);
    let early = out(&mut world, &hall);
    world.write(&mut hall, None, &call(), &["Dev found"]);
    let late = out(&mut world, &hall);
    let first = take(&mut world, &mut office, &late);
    let again = take(&mut world, &mut office, &late);
    assert_eq!((again.entries, again.records, again.refused()), (0, 0, 0));
    assert_eq!(again.known, first.known + first.entries);
    assert_eq!(take(&mut world, &mut office, &early).entries, 0);
    take(&mut world, &mut third, &early);
    take(&mut world, &mut third, &late);
    assert_eq!(world.read(&mut third, None, &call()), ["Ada found", "Ben not found", "Cleo found", "Dev found"]);
    // Two files one behind the other are both taken.
    let mut fourth = world.let_in(&mut office, &head);
    let office_now = out(&mut world, &office);
    let came = take(&mut world, &mut fourth, &[late, office_now].concat());
    assert_eq!((came.from.len(), came.is_whole()), (2, true), "{came:?}");
    assert_eq!(world.read(&mut fourth, None, &call()).len(), 4);
}

#[test]
fn of_a_shortened_or_damaged_file_what_is_whole_is_taken_and_the_rest_is_said() {
    let (mut world, mut office, _, hall) = apart(3);
    let file = out(&mut world, &hall);
    let cut = take(&mut world, &mut office, &file[..file.len() - 40]);
    assert!(cut.is_shortened && !cut.is_whole() && cut.entries == 2, "{cut:?}");
    let (mut world, mut office, _, hall) = apart(3);
    let file = out(&mut world, &hall);
    for at in (0..file.len()).step_by(97) {
        let mut spoilt = file.clone();
        spoilt[at] ^= 0x20;
        let came = take(&mut world, &mut office, &spoilt);
        assert!(came.damaged == 1 && came.missing + usize::from(came.is_shortened) == 1, "byte {at}: {came:?}");
    }
    assert_eq!(world.read(&mut office, None, &call()).len(), 3, "each lacked another part of it");
}

#[test]
fn spoilt_files_bring_nobody_down_and_lose_nothing() {
    let (mut world, mut office, _, hall) = apart(4);
    let file = out(&mut world, &hall);
    let before = office.logs().len();
    let mut below = |most: usize| (world.random.next_u64() % most as u64) as usize;
    let mut spoilt: Vec<Vec<u8>> = vec![vec![], file[..7].to_vec(), b"\x8bMUSTER\n".repeat(4_000)];
    for _ in 0..300 {
        let mut bytes = file.clone();
        for _ in 0..1 + below(6) {
            let (at, end) = (below(bytes.len()), below(bytes.len()));
            match below(5) {
                0 => bytes[at] ^= 1 << below(8),
                1 => bytes.truncate(at.max(1)),
                2 => drop(bytes.splice(at..at, [0xff, 0xff, 0xff, 0xff])),
                3 => bytes.drain(at.min(end)..at.max(end)).for_each(drop),
                _ => {
                    let piece = bytes[at.min(end)..at.max(end)].to_vec();
                    bytes.splice(at..at, piece);
                }
            }
            if bytes.is_empty() {
                bytes.push(0);
            }
        }
        spoilt.push(bytes);
    }
    for bytes in spoilt {
        let came = take(&mut world, &mut office, &bytes);
        assert_eq!(came.refused.get(&Reason::Forged), None, "{came:?}");
        assert!(office.logs().len() >= before);
    }
    take(&mut world, &mut office, &file);
    assert_eq!(world.read(&mut office, None, &call()).len(), 3);
    assert!(office.verify(&mut |_, _| {}).unwrap().is_sound());
}

#[test]
fn a_file_of_another_school_or_of_a_device_that_nobody_let_in_gives_nothing() {
    let (mut world, mut office, _, _) = apart(5);
    let (mut elsewhere, other, _, _) = apart(55);
    let file = out(&mut elsewhere, &other);
    let came = take(&mut world, &mut office, &file);
    assert!(!came.is_ours() && came.of_another_school > 0 && came.entries == 0, "{came:?}");
    // A device that knows the school and was never let in.
    let founding = office.founding().clone();
    let secrets = DeviceSecrets::random(founding.school(), &mut world.random);
    let stranger = Replica::join(MemoryStore::default(), &founding, secrets, &RULES, &mut world.context()).unwrap();
    let entries = office.verify(&mut |_, _| {}).unwrap().entries;
    let file = out(&mut world, &stranger);
    let came = take(&mut world, &mut office, &file);
    assert!(!came.is_ours(), "{came:?}");
    assert!(office.verify(&mut |_, _| {}).unwrap().entries <= entries + 1, "its seat at most, as by any way");
}

#[test]
fn a_device_that_was_let_in_while_the_other_was_away_is_believed_because_the_file_proves_it() {
    let (mut world, mut office, head, mut hall) = apart(6);
    let mut new = world.let_in(&mut office, &head);
    world.meet(&mut office, &mut new);
    world.write(&mut new, None, &call(), &["Esme found"]);
    let file = out(&mut world, &new);
    let came = take(&mut world, &mut hall, &file);
    assert!(came.from.contains(&new.device()) && came.of_strangers == 0 && came.refused() == 0, "{came:?}");
    assert_eq!(world.read(&mut hall, None, &call()).len(), 4);
}

#[test]
fn a_file_for_a_device_that_said_what_it_holds_has_only_what_it_lacks() {
    let (mut world, office, _, mut hall) = apart(7);
    let from_hall = out(&mut world, &hall);
    let mut held = Held::default();
    from_hall.chunks(700).for_each(|piece| held.read(&office.school(), piece));
    assert_eq!(held.by(), Some(hall.device()));
    let (whole, all) = out_for(&mut world, &office, Scope::Everything, None);
    let (file, some) = out_for(&mut world, &office, Scope::Everything, Some(held));
    assert!(some.entries == 1 && all.entries > 8, "{some:?} of {all:?}");
    assert!(file.len() * 2 < whole.len(), "{} and {}", file.len(), whole.len());
    assert_eq!(take(&mut world, &mut hall, &file).entries, 1);
    assert_eq!(world.read(&mut hall, None, &call()).len(), 3);
}

#[test]
fn the_last_days_are_enough_for_whoever_had_the_days_before_and_to_others_it_is_said_what_is_missing() {
    let (mut world, mut office, head, mut hall) = apart(8);
    for day in 2..=20 {
        world.now += DAY_MS;
        world.write(&mut office, None, &document(ROLL, &format!("day {day}")), &["in", "and more"]);
        world.meet(&mut office, &mut hall);
    }
    let mut new = world.let_in(&mut office, &head);
    world.meet(&mut office, &mut hall);
    world.write(&mut office, None, &document(ROLL, "call 2"), &["Finn found"]);
    let since = world.now - 2 * DAY_MS;
    let (all, everything) = out_for(&mut world, &office, Scope::Everything, None);
    let (file, last) = out_for(&mut world, &office, roll_since(since), None);
    assert!(last.older > 15 && file.len() * 2 < all.len(), "{last:?} of {everything:?}");
    let came = take(&mut world, &mut hall, &file);
    assert_eq!((came.entries, came.refused()), (1, 0), "{came:?}");
    assert_eq!(world.read(&mut hall, None, &document(ROLL, "call 2")), ["Finn found"]);
    let came = take(&mut world, &mut new, &file);
    assert!(came.refused.get(&Reason::Gap).is_some_and(|gap| *gap > 0), "{came:?}");
    let came = take(&mut world, &mut new, &all);
    assert_eq!(came.refused(), 0, "{came:?}");
    assert_eq!(world.read(&mut new, None, &document(ROLL, "call 2")), ["Finn found"]);
}

#[test]
fn what_nobody_else_holds_is_carried_however_old_its_clock_says_it_is() {
    let (mut world, _, _, mut hall) = apart(9);
    let now = world.now;
    world.now -= 400 * DAY_MS;
    world.write(&mut hall, None, &document(ROLL, "call 2"), &["by a clock without a battery"]);
    world.now = now + DAY_MS;
    let (_, last) = out_for(&mut world, &hall, roll_since(now), None);
    assert!(last.entries >= 4, "{last:?}");
}

#[test]
fn no_file_holds_a_record_or_a_secret_in_clear_and_none_is_for_a_device_that_was_taken_out() {
    let (mut world, mut office, head, mut hall) = apart(10);
    let passphrase = "Correct-Horse-Battery-Staple-9";
    world.write(&mut office, None, &document(ROLL, &format!("{MARKER} roll")), &[&format!("{MARKER} is in")]);
    world.meet(&mut office, &mut hall);
    office.remove(&head.seat.seat, Target::Device(hall.device()), Why::Lost, &mut world.context()).unwrap();
    let file = out(&mut world, &office);
    let secrets = office.device_secrets();
    let hidden: [&[u8]; 5] = [
        MARKER.as_bytes(),
        passphrase.as_bytes(),
        &*secrets.sign.seed(),
        secrets.agree.seed().expose(),
        secrets.local.expose(),
    ];
    for secret in hidden {
        assert!(!file.windows(secret.len()).any(|window| window == secret));
    }
}

#[test]
fn a_kiosk_hands_over_what_it_wrote_and_takes_nothing_of_others() {
    let (mut world, mut office, head, _) = apart(11);
    let rights = vec![Capability { right: Right::Write, area: Which::One(ROLL), place: Which::One(SITE) }];
    let mut kiosk = world.let_in_with(&mut office, &head, rights);
    world.meet(&mut office, &mut kiosk);
    world.write(&mut kiosk, None, &document(ROLL, "visits"), &["a visitor"]);
    let file = out(&mut world, &kiosk);
    assert_eq!(take(&mut world, &mut office, &file).entries, 2, "the key of its day, and the visitor");
    assert_eq!(world.read(&mut office, None, &document(ROLL, "visits")), ["a visitor"]);
    let file = out(&mut world, &office);
    let came = take(&mut world, &mut kiosk, &file);
    assert!(came.entries == 0 && came.refused.contains_key(&Reason::NotHeld), "{came:?}");
    assert!(world.read(&mut kiosk, None, &call()).is_empty());
}

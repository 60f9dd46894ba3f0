//! What devices say they hold, who cosigns it, and what is noticed by it: a tail that is withheld, a device that comes
//! back with less, a copy.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

#[path = "checkpoints/parts.rs"]
mod parts;
#[path = "checkpoints/vouched.rs"]
mod vouched;
#[path = "common/world.rs"]
mod world;
use muster_core::authority::reduction::{Reason, Target};
use muster_core::checkpoint::{Checkpoint, CheckpointName, Cosigned, HeldSection};
use muster_core::keys::record::Record;
use muster_core::limits;
use muster_core::log::frontier::Head;
use muster_core::log::header::Descriptor;
use muster_core::replica::store::Store as _;
use muster_core::replica::{Alarm, WhyAnew};
use muster_core::sync::message::Message;
use rand::seq::SliceRandom as _;
use world::*;

const HOUR: i64 = 60 * 60 * 1_000;
const DAY: i64 = 24 * HOUR;
const ELSEWHERE: PlaceId = PlaceId([8; 16]);

fn say(world: &mut World, device: &mut Device) -> bool {
    device.checkpoint(&mut world.context()).unwrap()
}

fn wait(world: &mut World, ms: i64) {
    world.now += ms;
}

fn write(world: &mut World, device: &mut Device, what: &str) {
    let day = format!("day {}", world.now / DAY);
    world.write(device, None, &document(ROLL, &day), &[what]);
}

fn alarms(world: &World, device: &Device) -> Vec<Alarm> {
    device.alarms(Moment::utc(world.now))
}

/// A meeting after which the keys of past days are still being let go of.
fn speak(world: &mut World, left: &mut Device, right: &mut Device) {
    let mut a = Conversation::start(left, right.device(), Moment::utc(world.now));
    let mut b = Conversation::start(right, left.device(), Moment::utc(world.now));
    world.talk(left, &mut a, right, &mut b);
}

fn held_of(device: &Device) -> Vec<CheckpointName> {
    device.checkpoints().map(|(_, one)| one.name()).collect()
}

/// Frames go to and fro, but for those that `drops` says are lost.
fn meet_with_loss(world: &mut World, left: &mut Device, right: &mut Device, drops: impl Fn(&Message) -> bool) {
    let mut a = Conversation::start(left, right.device(), Moment::utc(world.now));
    let mut b = Conversation::start(right, left.device(), Moment::utc(world.now));
    for _ in 0..200 {
        while let Some(frame) = a.next(left).unwrap() {
            if !drops(&Message::decode(&frame).unwrap()) {
                b.receive(right, &frame, &mut world.context()).unwrap();
            }
        }
        while let Some(frame) = b.next(right).unwrap() {
            a.receive(left, &frame, &mut world.context()).unwrap();
        }
    }
}

/// What is said of the site that everything here is written at.
const PART: Section = Section::part(SITE);

/// What a device says itself in a part.
fn own_part(device: &Device, part: Section) -> Option<Checkpoint> {
    let mut own = device.checkpoints().filter(|(of, one)| *of == part && one.said.seat == device.device_seat());
    own.next().map(|(_, one)| one.clone())
}

fn own_checkpoint(device: &Device) -> Checkpoint {
    own_part(device, PART).unwrap()
}

/// Three devices of one school that have met.
fn three() -> (World, Device, Device, Device) {
    let (mut world, mut office, head, mut hall) = small_school(5);
    let mut gate = world.let_in(&mut office, &head);
    world.meet(&mut office, &mut gate);
    world.meet(&mut office, &mut hall);
    (world, office, hall, gate)
}

#[test]
fn each_device_says_daily_that_it_is_there_though_nothing_happened_and_at_most_hourly_otherwise() {
    let (mut world, mut office, _, _) = small_school(1);
    assert!(say(&mut world, &mut office), "a first one");
    assert!(!say(&mut world, &mut office));
    write(&mut world, &mut office, "in");
    assert!(!say(&mut world, &mut office), "not each time that somebody writes");
    wait(&mut world, HOUR);
    assert!(say(&mut world, &mut office));
    wait(&mut world, HOUR);
    assert!(!say(&mut world, &mut office), "nothing changed");
    wait(&mut world, DAY);
    assert!(say(&mut world, &mut office), "a sign of life");
    let parts: Vec<Section> = office.checkpoints().map(|(part, _)| part).collect();
    assert_eq!(parts, [PART, Section::CHECKPOINTS], "old ones go: one of the site is left, and one sign of life");
}

#[test]
fn devices_that_meet_cosign_each_other_and_an_act_is_counted_on_devices_that_never_met_its_own() {
    let (mut world, mut office, mut hall, mut gate) = three();
    write(&mut world, &mut office, "in");
    say(&mut world, &mut office);
    world.meet(&mut office, &mut hall);
    world.meet(&mut hall, &mut gate);
    let office_seat = office.device_seat();
    let section = document(ROLL, "").section;
    let log = Descriptor { seat: office_seat, section }.id(&office.school());
    let last = office.logs()[&log].length() - 1;
    assert_eq!(office.copies(&log, last), 1, "the hall tablet took it");
    say(&mut world, &mut gate);
    say(&mut world, &mut hall);
    world.meet(&mut gate, &mut hall);
    world.meet(&mut hall, &mut office);
    assert_eq!(office.copies(&log, last), 2, "and the gate tablet says that it holds it");
    assert!(office.cosigners(&office.device()).contains(&gate.device()));
    assert!(office.last_said(&gate.device()).is_some(), "heard from, though they did not meet");
    // Once all is said nobody says more: cosigning does not go round and round.
    for _ in 0..4 {
        wait(&mut world, HOUR);
        for device in [&mut office, &mut hall, &mut gate] {
            say(&mut world, device);
        }
        world.meet(&mut office, &mut hall);
        world.meet(&mut hall, &mut gate);
        world.meet(&mut office, &mut hall);
    }
    wait(&mut world, HOUR);
    let said = [&mut office, &mut hall, &mut gate].map(|device| say(&mut world, device));
    assert!(said.iter().filter(|said| **said).count() == 0 || world.now % DAY < 6 * HOUR, "{said:?}");
}

#[test]
fn checkpoints_heard_in_any_order_and_twice_leave_the_same_on_every_device() {
    let (mut world, mut office, mut hall, mut gate) = three();
    let mut said: Vec<(Section, Checkpoint)> = Vec::new();
    for _ in 0..4 {
        for device in [&mut office, &mut hall] {
            write(&mut world, device, "in");
            say(&mut world, device);
        }
        said.extend(office.checkpoints().map(|(part, one)| (part, one.clone())));
        said.extend(hall.checkpoints().map(|(part, one)| (part, one.clone())));
        world.meet(&mut office, &mut hall);
        wait(&mut world, 2 * HOUR);
    }
    let records: Vec<(Section, Record)> =
        said.into_iter().map(|(part, one)| (part, Record::Checkpoint(Box::new(one)))).collect();
    let gate_store = gate.store().clone();
    let mut ends = Vec::new();
    for seed in 0..12 {
        let mut gate = Replica::open(gate_store.clone(), &RULES).unwrap();
        let mut order = [records.clone(), records.clone()].concat();
        order.shuffle(&mut ChaCha20Rng::seed_from_u64(seed));
        let mut side = Conversation::start(&mut gate, office.device(), Moment::utc(world.now));
        for chunk in order.chunks(3) {
            for part in [PART, Section::CHECKPOINTS] {
                let some = chunk.iter().filter(|(of, _)| *of == part).map(|(_, one)| one.clone());
                let frame = Message::Records(part, some.collect()).encode();
                side.receive(&mut gate, &frame, &mut world.context()).unwrap();
            }
        }
        ends.push(held_of(&gate));
        assert!(gate.alarms(Moment::utc(world.now)).iter().all(|one| !matches!(one, Alarm::Copied { .. })));
    }
    assert_eq!(ends[0].len(), 4, "two of each");
    assert!(ends.iter().all(|end| *end == ends[0]));
    world.meet(&mut gate, &mut hall);
    assert_eq!(held_of(&gate), ends[0]);
}

#[test]
fn a_tail_that_a_device_in_between_keeps_to_itself_is_noticed_and_named() {
    let (mut world, mut office, mut hall, mut gate) = three();
    write(&mut world, &mut office, "in");
    say(&mut world, &mut office);
    world.meet(&mut office, &mut hall);
    say(&mut world, &mut hall);
    // The hall tablet passes on what the office says it wrote, and not the entries.
    let keeps = |message: &Message| matches!(message, Message::Batch(_));
    meet_with_loss(&mut world, &mut hall, &mut gate, keeps);
    assert_eq!(gate.lacking().len(), 1);
    assert_eq!(alarms(&world, &gate), vec![], "it may be on its way");
    for _ in 0..3 {
        wait(&mut world, DAY / 2);
        let others = |message: &Message| !matches!(message, Message::Hello { .. } | Message::Same(_));
        gate.checkpoint(&mut world.context()).unwrap();
        meet_with_loss(&mut world, &mut hall, &mut gate, others);
    }
    // Both were asked, and a day has passed.
    let mut sides = Conversation::start(&mut gate, hall.device(), Moment::utc(world.now));
    let hello = Message::Hello {
        version: muster_core::sync::message::VERSION,
        school: gate.school(),
        root: gate.root_digest(&hall.device()),
        authority: gate.authority_heads(),
        now: Moment::utc(world.now),
    };
    sides.receive(&mut gate, &hello.encode(), &mut world.context()).unwrap();
    let found = alarms(&world, &gate);
    let lacking = found.iter().find_map(|one| if let Alarm::Lacking(one) = one { Some(one.clone()) } else { None });
    let lacking = lacking.unwrap();
    assert_eq!((lacking.of, lacking.entries > 0), (office.device(), true));
    assert_eq!(lacking.holders, vec![hall.device()], "the one who holds it is named");
    let shorter = found.iter().any(
        |one| matches!(one, Alarm::Shortened { device, of, .. } if *device == hall.device() && *of == office.device()),
    );
    assert!(shorter, "it says that it holds what it does not show: {found:?}");
    // It survives a restart, and ends when the entries come.
    gate.keep_acknowledgements().unwrap();
    let mut gate = Replica::open(gate.into_store(), &RULES).unwrap();
    assert!(alarms(&world, &gate).iter().any(|one| matches!(one, Alarm::Lacking(_))));
    world.meet(&mut office, &mut gate);
    assert!(!alarms(&world, &gate).iter().any(|one| matches!(one, Alarm::Lacking(_))));
}

#[test]
fn a_device_that_was_away_for_weeks_raises_no_alarm_when_it_comes_back_late() {
    let (mut world, mut office, mut hall, mut gate) = three();
    for device in [&mut office, &mut hall, &mut gate] {
        say(&mut world, device);
    }
    world.meet(&mut office, &mut hall);
    world.meet(&mut office, &mut gate);
    for day in 0..20 {
        wait(&mut world, DAY);
        write(&mut world, &mut hall, "on a trip");
        say(&mut world, &mut hall);
        write(&mut world, &mut office, "at school");
        say(&mut world, &mut office);
        say(&mut world, &mut gate);
        world.meet(&mut office, &mut gate);
        assert_eq!(alarms(&world, &office), vec![], "day {day}");
    }
    for _ in 0..2 {
        speak(&mut world, &mut hall, &mut gate);
        speak(&mut world, &mut gate, &mut office);
        speak(&mut world, &mut hall, &mut office);
    }
    assert_eq!(held_of(&hall), held_of(&gate));
    assert_eq!(held_of(&hall), held_of(&office));
    for device in [&office, &hall, &gate] {
        assert_eq!(alarms(&world, device), vec![]);
        assert_eq!(device.lacking(), vec![]);
    }
}

#[test]
fn a_device_put_back_to_an_earlier_day_is_told_so_and_so_are_those_it_meets() {
    let (mut world, mut office, mut hall, _) = three();
    say(&mut world, &mut hall);
    let image = hall.store().clone();
    wait(&mut world, 2 * HOUR);
    write(&mut world, &mut hall, "after the backup");
    say(&mut world, &mut hall);
    world.meet(&mut hall, &mut office);
    wait(&mut world, HOUR);
    let mut back = Replica::open(image, &RULES).unwrap();
    world.meet(&mut back, &mut office);
    let mine = alarms(&world, &back);
    assert!(mine.iter().any(|one| matches!(one, Alarm::PutBack { .. })), "{mine:?}");
    let theirs = alarms(&world, &office);
    let shorter =
        |one: &Alarm| matches!(one, Alarm::Shortened { device, of, .. } if device == of && *device == hall.device());
    assert!(theirs.iter().any(shorter), "{theirs:?}");
    assert_eq!(
        back.readable_facts(&document(ROLL, "").section).unwrap().len(),
        hall.readable_facts(&document(ROLL, "").section).unwrap().len(),
        "it has all of it again"
    );
}

#[test]
fn a_device_that_begins_anew_while_it_is_connected_is_heard_at_once_under_its_new_seat() {
    let (mut world, mut office, _, mut hall) = small_school(6);
    let mut a = Conversation::start(&mut office, hall.device(), Moment::utc(world.now));
    let mut b = Conversation::start(&mut hall, office.device(), Moment::utc(world.now));
    world.talk(&mut office, &mut a, &mut hall, &mut b);
    hall.new_incarnation(WhyAnew::Copied, &mut world.context()).unwrap();
    say(&mut world, &mut hall);
    world.talk(&mut office, &mut a, &mut hall, &mut b);
    assert_eq!(held_of(&office), held_of(&hall), "its word went before its log, and was asked for again");
    assert!(a.is_same() && b.is_same());
}

#[test]
fn a_copied_tablet_is_told_of_by_its_signs_of_life_before_either_copy_writes() {
    let (mut world, mut office, mut hall, _) = three();
    say(&mut world, &mut hall);
    let mut copy = Replica::open(hall.store().clone(), &RULES).unwrap();
    wait(&mut world, DAY);
    say(&mut world, &mut hall);
    say(&mut world, &mut copy);
    world.meet(&mut hall, &mut office);
    assert_eq!(alarms(&world, &office), vec![]);
    world.meet(&mut copy, &mut office);
    let told = |found: &[Alarm], device| {
        found.iter().any(|one| matches!(one, Alarm::Copied { device: of, .. } if *of == device))
    };
    assert!(told(&alarms(&world, &office), hall.device()));
    assert!(office.logs().values().all(|state| state.forked_at.is_none()), "before there is a fork");
    // Days later, when the one of that number is long gone, too.
    let (mut world, mut office, mut hall, _) = three();
    say(&mut world, &mut hall);
    let mut copy = Replica::open(hall.store().clone(), &RULES).unwrap();
    wait(&mut world, DAY);
    say(&mut world, &mut copy);
    for _ in 0..9 {
        wait(&mut world, DAY);
        say(&mut world, &mut hall);
    }
    world.meet(&mut hall, &mut office);
    world.meet(&mut copy, &mut office);
    assert!(told(&alarms(&world, &office), hall.device()));
}

#[test]
fn nobody_speaks_for_another_device_and_a_false_word_or_a_flood_of_them_is_not_kept() {
    let (mut world, mut office, mut hall, gate) = three();
    say(&mut world, &mut hall);
    let life = Section::CHECKPOINTS;
    let (true_one, of_site) = (own_part(&hall, life).unwrap(), own_checkpoint(&hall));
    let mut said = true_one.said.clone();
    said.number = 9;
    let by_another = Checkpoint::make(&office.school(), &life, said.clone(), &gate.device_secrets().seat.sign);
    let of_another_school = Checkpoint::make(&SchoolId([9; 32]), &life, said.clone(), &hall.device_secrets().seat.sign);
    let mut too_long = said.clone();
    too_long.recent = vec![true_one.name(); limits::CHECKPOINT_RECENT + 1];
    let too_long = Checkpoint::make(&office.school(), &life, too_long, &hall.device_secrets().seat.sign);
    let mut stranger = said;
    stranger.seat = SeatId([7; 32]);
    let stranger = Checkpoint::make(&office.school(), &life, stranger, &hall.device_secrets().seat.sign);
    let mut side = Conversation::start(&mut office, gate.device(), Moment::utc(world.now));
    // Nor does what was said of one place pass for what was said of another, or to everybody.
    let mut of_another_place = of_site.said.clone();
    of_another_place.held[0].section.compartment.place = ELSEWHERE;
    let of_another_place =
        Checkpoint::make(&office.school(), &PART, of_another_place, &hall.device_secrets().seat.sign);
    let false_ones = [
        (life, by_another),
        (life, of_another_school),
        (life, too_long),
        (life, stranger),
        (life, of_site.clone()),
        (Section::part(ELSEWHERE), of_site),
        (PART, true_one),
        (PART, of_another_place),
    ];
    for (part, one) in false_ones {
        let frame = Message::Records(part, vec![Record::Checkpoint(Box::new(one))]).encode();
        side.receive(&mut office, &frame, &mut world.context()).unwrap();
    }
    assert_eq!(office.checkpoints().count(), 0);
    // A thousand of one device are one, and what a device keeps of it does not grow.
    let mut bytes = Vec::new();
    for number in 1..1_000 {
        wait(&mut world, DAY);
        say(&mut world, &mut hall);
        if number % 300 == 0 {
            world.meet(&mut hall, &mut office);
            bytes.push(office.sealed_records(&Section::CHECKPOINTS).map(Record::bytes).sum::<usize>());
        }
    }
    assert_eq!(office.checkpoints().count(), 2, "one of each part");
    assert!(bytes.iter().all(|held| held.abs_diff(bytes[0]) < 64), "{bytes:?}");
}

#[test]
fn checkpoints_cost_the_authority_nothing_and_are_not_written_on_a_device_that_was_taken_out() {
    let (mut world, mut office, head, mut hall) = small_school(3);
    say(&mut world, &mut office);
    let state = office.view().state_hash();
    let heads = office.authority_heads();
    wait(&mut world, DAY);
    say(&mut world, &mut office);
    assert_eq!((office.view().state_hash(), office.authority_heads()), (state, heads));
    let why = Reason::Lost;
    let target = Target::Device(hall.device());
    let gone = office.remove(&head.seat.seat, target, why, &mut world.context());
    assert!(gone.is_ok(), "{gone:?}");
    speak(&mut world, &mut office, &mut hall);
    wait(&mut world, DAY);
    assert!(!say(&mut world, &mut hall));
    assert!(office.verify(&mut |_, _| {}).unwrap().is_sound());
    assert!(office.store().file("keys-65535-00000000000000000000000000000000-00000").unwrap().is_some());
}

/// Rights of a device that may keep the roll alone.
fn roll_alone() -> Vec<Capability> {
    device_rights().into_iter().map(|right| Capability { area: Which::One(ROLL), ..right }).collect()
}

/// A device hears these of the site in one go, as if they came from another.
fn hear(world: &mut World, device: &mut Device, from: DeviceId, said: &[Checkpoint]) {
    let records = said.iter().map(|one| Record::Checkpoint(Box::new(one.clone()))).collect();
    let frame = Message::Records(PART, records).encode();
    let mut side = Conversation::start(device, from, Moment::utc(world.now));
    side.receive(device, &frame, &mut world.context()).unwrap();
}

#[test]
fn a_checkpoint_says_nothing_of_cases_nor_of_what_a_device_of_the_place_may_not_keep() {
    let (mut world, mut office, head, _) = small_school(7);
    let seat = Some(head.seat.seat);
    world.write(&mut office, seat, &document(CASES, "case 1"), &["a concern"]);
    say(&mut world, &mut office);
    let areas = |device: &Device| -> Vec<Area> {
        own_checkpoint(device).said.held.iter().map(|held| held.section.compartment.area).collect()
    };
    assert!(areas(&office).contains(&REGISTER) && areas(&office).contains(&ROLL));
    assert!(!areas(&office).contains(&CASES), "every device of the site would see who writes there");
    let (held, rest) = (own_checkpoint(&office).said.held, own_checkpoint(&office).said.rest);
    wait(&mut world, HOUR);
    world.write(&mut office, seat, &document(CASES, "case 1"), &["another"]);
    assert!(!say(&mut world, &mut office), "nor when");
    wait(&mut world, DAY);
    world.write(&mut office, seat, &document(CASES, "case 1"), &["a third"]);
    assert!(say(&mut world, &mut office), "a sign of life");
    assert_eq!((own_checkpoint(&office).said.held, own_checkpoint(&office).said.rest), (held, rest));
    // A device that keeps the roll alone comes: from then on nothing is said of registers.
    world.let_in_with(&mut office, &head, roll_alone());
    wait(&mut world, DAY);
    assert!(say(&mut world, &mut office));
    assert!(!areas(&office).contains(&REGISTER) && areas(&office).contains(&ROLL), "{:?}", areas(&office));
    wait(&mut world, HOUR);
    world.write(&mut office, seat, &document(REGISTER, "4B week 48"), &["present"]);
    assert!(!say(&mut world, &mut office));
}

#[test]
fn a_device_that_may_keep_a_part_alone_confirms_nothing() {
    let (mut world, mut office, head, mut hall) = small_school(8);
    say(&mut world, &mut office);
    let said = own_checkpoint(&office);
    let mut kiosk = world.let_in_with(&mut office, &head, roll_alone());
    world.meet(&mut office, &mut kiosk);
    world.meet(&mut office, &mut hall);
    say(&mut world, &mut kiosk);
    assert_eq!(own_checkpoint(&kiosk).said.cosigned, vec![], "it may not keep the registers that are named");
    // Nor is it counted where it says so all the same.
    let mut false_one = own_checkpoint(&kiosk).said;
    false_one.number += 1;
    false_one.cosigned = vec![Cosigned { seat: said.said.seat, number: said.said.number, name: said.name() }];
    let false_one = Checkpoint::make(&office.school(), &PART, false_one, &kiosk.device_secrets().seat.sign);
    hear(&mut world, &mut office, kiosk.device(), std::slice::from_ref(&false_one));
    assert!(office.checkpoints().any(|(_, one)| *one == false_one));
    assert_eq!(office.cosigners(&office.device()).len(), 0);
    say(&mut world, &mut hall);
    world.meet(&mut office, &mut hall);
    assert_eq!(office.cosigners(&office.device()), [hall.device()].into(), "the hall tablet holds them");
}

#[test]
fn a_device_with_many_seats_takes_no_more_memory_than_one_with_eight_and_the_newest_is_heard() {
    let (mut world, mut office, mut hall, _) = three();
    let log = LogId([9; 32]);
    let mut said = Vec::new();
    for _ in 0..24 {
        wait(&mut world, HOUR);
        hall.new_incarnation(WhyAnew::Restored, &mut world.context()).unwrap();
        say(&mut world, &mut hall);
        // It says that it wrote what nobody ever saw.
        let mut more = own_checkpoint(&hall).said;
        let head = Head { length: 9, hash: EntryHash([1; 32]) };
        more.held =
            vec![HeldSection { section: document(ROLL, "").section, digest: [1; 32], own: vec![(log, vec![head])] }];
        more.number += 1;
        said.push(Checkpoint::make(&hall.school(), &PART, more, &hall.device_secrets().seat.sign));
    }
    world.meet(&mut office, &mut hall);
    let (image, now) = (office.into_store(), world.now);
    let mut kept = Vec::new();
    for pieces in [24, 1, 5] {
        let mut office = Replica::open(image.clone(), &RULES).unwrap();
        world.now = now;
        for some in said.chunks(pieces) {
            hear(&mut world, &mut office, hall.device(), some);
        }
        assert_eq!(office.lacking().len(), limits::CHECKPOINT_SEATS);
        office.keep_acknowledgements().unwrap();
        kept.push(office.store().file("watch").unwrap().unwrap().len());
        assert!(office.checkpoints().any(|(_, one)| one.said.seat == hall.device_seat()));
    }
    let mut office = Replica::open(image, &RULES).unwrap();
    hear(&mut world, &mut office, hall.device(), &said[24 - limits::CHECKPOINT_SEATS..]);
    office.keep_acknowledgements().unwrap();
    let eight = office.store().file("watch").unwrap().unwrap().len();
    assert_eq!(kept, vec![eight; 3], "as if the older had never come");
}

#[test]
fn a_device_is_not_believed_to_hold_what_another_wrote_because_it_calls_it_its_own() {
    let (mut world, mut office, mut hall, _) = three();
    say(&mut world, &mut hall);
    write(&mut world, &mut office, "in");
    let section = document(ROLL, "").section;
    let log = Descriptor { seat: office.device_seat(), section }.id(&office.school());
    let last = office.logs()[&log].length() - 1;
    let mut false_one = own_checkpoint(&hall).said;
    false_one.number += 1;
    false_one.held =
        vec![HeldSection { section, digest: [1; 32], own: vec![(log, office.logs()[&log].heads.clone())] }];
    let false_one = Checkpoint::make(&office.school(), &PART, false_one, &hall.device_secrets().seat.sign);
    hear(&mut world, &mut office, hall.device(), std::slice::from_ref(&false_one));
    assert!(office.checkpoints().any(|(_, one)| *one == false_one));
    assert_eq!(office.copies(&log, last), 0);
}

#[test]
fn a_device_that_began_anew_nine_times_is_still_heard_by_all() {
    let (mut world, mut office, mut hall, _) = three();
    for beginning in 0..9 {
        // The earlier ones said more than the later ones will.
        for _ in 0..10 - beginning {
            say(&mut world, &mut hall);
            wait(&mut world, DAY);
        }
        world.meet(&mut office, &mut hall);
        assert_eq!(office.last_said(&hall.device()), hall.last_said(&hall.device()));
        assert!(held_of(&office).contains(&own_checkpoint(&hall).name()), "beginning {beginning}");
        assert_eq!(held_of(&office), held_of(&hall));
        hall.new_incarnation(WhyAnew::Restored, &mut world.context()).unwrap();
    }
    assert!(say(&mut world, &mut hall));
    assert!(!say(&mut world, &mut hall), "it is not due again at once");
    assert_eq!(alarms(&world, &office), vec![]);
}

#[test]
fn a_tablet_whose_clock_was_a_year_ahead_before_it_began_anew_is_no_copy() {
    let (mut world, mut office, mut hall, _) = three();
    say(&mut world, &mut hall);
    let today = world.now;
    wait(&mut world, 365 * DAY);
    say(&mut world, &mut hall);
    world.now = today + DAY;
    hall.new_incarnation(WhyAnew::Restored, &mut world.context()).unwrap();
    for _ in 0..3 {
        say(&mut world, &mut hall);
        world.meet(&mut office, &mut hall);
        let found = alarms(&world, &office);
        assert!(!found.iter().any(|one| matches!(one, Alarm::Copied { .. })), "{found:?}");
        wait(&mut world, DAY);
    }
}

#[test]
fn a_tablet_restored_from_before_its_clock_was_a_year_ahead_is_no_copy_though_it_knows_nothing_of_that_year() {
    let (mut world, mut office, mut hall, _) = three();
    say(&mut world, &mut hall);
    let image = hall.store().clone();
    let today = world.now;
    wait(&mut world, 365 * DAY);
    say(&mut world, &mut hall);
    world.meet(&mut hall, &mut office);
    world.now = today + 2 * DAY;
    let mut back = Replica::open(image, &RULES).unwrap();
    back.new_incarnation(WhyAnew::Restored, &mut world.context()).unwrap();
    for _ in 0..3 {
        say(&mut world, &mut back);
        say(&mut world, &mut office);
        world.meet(&mut office, &mut back);
        let found = alarms(&world, &office);
        assert!(!found.iter().any(|one| matches!(one, Alarm::Copied { .. })), "{found:?}");
        wait(&mut world, DAY);
    }
}

#[test]
fn an_alarm_that_is_found_again_after_a_term_is_said_across_a_restart() {
    let (mut world, mut office, hall, _) = three();
    office.note_twice(hall.device(), Moment::utc(world.now)).unwrap();
    wait(&mut world, 61 * DAY);
    assert_eq!(alarms(&world, &office), vec![]);
    office.note_twice(hall.device(), Moment::utc(world.now)).unwrap();
    let office = Replica::open(office.into_store(), &RULES).unwrap();
    assert_eq!(alarms(&world, &office).len(), 1);
}

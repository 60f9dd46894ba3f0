//! No secret and no record reaches a byte that somebody without the right can see: not a frame, not a store.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

#[path = "common/world.rs"]
mod world;
use muster_core::crypto::totp::Factor;
use muster_core::keys::epoch::{EpochKey, EpochKind};
use muster_core::keys::marshal::MarshalLock;
use muster_core::keys::record::Record;
use muster_core::replica::Passphrase;
use muster_core::replica::records::Circle;
use world::*;

/// Stands in every record of this test, and nowhere else.
const MARKER: &str = "zebraquark";
const PASSPHRASE: &str = "Correct-Horse-Battery-Staple-9";
const MARSHALS_PIN: &str = "904417662305";

/// Every frame that two devices say to each other, until both are quiet.
fn overheard(world: &mut World, left: &mut Device, right: &mut Device) -> Vec<Vec<u8>> {
    let mut a = Conversation::start(left, right.device(), Moment::utc(world.now));
    let mut b = Conversation::start(right, left.device(), Moment::utc(world.now));
    let mut frames = Vec::new();
    loop {
        let before = frames.len();
        while let Some(frame) = a.next(left).unwrap() {
            b.receive(right, &frame, &mut world.context()).unwrap();
            frames.push(frame);
        }
        while let Some(frame) = b.next(right).unwrap() {
            a.receive(left, &frame, &mut world.context()).unwrap();
            frames.push(frame);
        }
        assert!(frames.len() < 10_000, "two devices talk without end");
        if frames.len() == before {
            return frames;
        }
    }
}

fn holds(bytes: &[u8], secret: &[u8]) -> bool {
    bytes.windows(secret.len()).any(|window| window == secret)
}

/// The secrets of a device, which are nobody else's.
fn secrets_of(device: &Device) -> Vec<(&'static str, Vec<u8>)> {
    let secrets = device.device_secrets();
    vec![
        ("the device's signing key", secrets.sign.seed().to_vec()),
        ("the device's agreement key", secrets.agree.seed().expose().to_vec()),
        ("the device's local secret", secrets.local.expose().to_vec()),
        ("the device's seat key", secrets.seat.sign.seed().to_vec()),
    ]
}

/// The keys of every epoch that somebody's keys open on a device, and what follows from each.
fn secrets_of_epochs(device: &Device, agree: &AgreeKey) -> Vec<(&'static str, Vec<u8>)> {
    let school = device.school();
    let mut found = Vec::new();
    for info in device.epochs().values() {
        for record in device.sealed_records(&info.section) {
            let Record::Wrap { epoch, recipient, wrapped, .. } = record else { continue };
            if *epoch != info.statement.epoch || *recipient != agree.public().recipient() {
                continue;
            }
            let Some(key) = EpochKey::open(agree, &info.name(&school), recipient, wrapped) else { continue };
            found.push(("the key of an epoch's secrets", key.secrets().expose().to_vec()));
            found.push(("the key of an epoch's cases", key.cases().expose().to_vec()));
            if matches!(info.statement.kind, EpochKind::Leads(_)) {
                found.push(("the leads' key", key.leads().seed().expose().to_vec()));
            }
        }
    }
    found
}

fn secrets_of_person(opened: &Opened) -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("a person's signing key", opened.person.sign.seed().to_vec()),
        ("a person's agreement key", opened.person.agree.seed().expose().to_vec()),
        ("a seat's key", opened.seat.sign.seed().to_vec()),
    ]
}

#[test]
fn no_frame_and_no_store_holds_a_record_a_passphrase_or_a_key_in_clear() {
    let mut world = World::new(77);
    let (mut office, head) = world.found();
    let mut frames: Vec<Vec<u8>> = Vec::new();
    let mut hall = world.let_in(&mut office, &head);
    let blind_rights = vec![Capability { right: Right::Hold, area: Which::Any, place: Which::Any }];
    let mut blind = world.let_in_with(&mut office, &head, blind_rights);
    frames.extend(overheard(&mut world, &mut office, &mut hall));

    let words = words::random_words(6, &mut world.random);
    let rights = [Right::Read, Right::Write].map(|right| Capability {
        right,
        area: Which::One(REGISTER),
        place: Which::One(SITE),
    });
    let person = PersonId([3; 16]);
    office
        .grant_by_words(&head.seat.seat, person, 4, rights.to_vec(), &words, Cost::TEST, &mut world.context())
        .unwrap();
    let in_register = document(REGISTER, &format!("{MARKER} as a key"));
    let in_roll = document(ROLL, &format!("{MARKER} roll"));
    let case = document(CASES, &format!("{MARKER} case"));
    let first = Fact { kind: 1, supersedes: vec![], value: format!("{MARKER} has a bruise").into_bytes() };
    let circle = Circle { document: case.clone(), alerted: vec![], left_out: vec![] };
    let change = Change { document: case.clone(), facts: vec![first] };
    let context = world.context();
    office.writer(head.seat.seat, context).unwrap().write_cases(vec![circle], vec![change]).unwrap();
    // The care lines of the roll, which only the marshal's PIN opens, and the lock itself, lie where every device reads.
    let lock = MarshalLock::make(MARSHALS_PIN, Cost::TEST, &mut world.random).unwrap();
    let lock = Fact { kind: 2, supersedes: vec![], value: lock.encode() };
    let (own, context) = (office.device_seat(), world.context());
    let change = Change { document: document(ROLL, "lock"), facts: vec![lock] };
    office.writer(own, context).unwrap().write(vec![change]).unwrap();
    world.write(&mut office, Some(head.seat.seat), &in_register, &[&format!("{MARKER} was late")]);
    world.write(&mut office, None, &in_roll, &[&format!("{MARKER} is in")]);
    frames.extend(overheard(&mut world, &mut office, &mut hall));
    let kept = Passphrase { text: PASSPHRASE, cost: Cost::TEST };
    let teacher = hall.activate_with(&words, &kept, &mut world.context()).unwrap();
    let factor = Factor::random(&mut world.random);
    hall.set_second_factor(person, &kept, Some(factor.clone()), &mut world.context()).unwrap();
    // Their keys, and what the lock screen calls them, go to the other devices.
    hall.share_keys(&person, MARKER, &mut world.random).unwrap();
    while hall.work(&mut world.context()).unwrap().1 {}
    world.write(&mut hall, Some(teacher.seat.seat), &in_register, &[&format!("{MARKER} came after all")]);
    frames.extend(overheard(&mut world, &mut office, &mut hall));
    frames.extend(overheard(&mut world, &mut office, &mut blind));
    frames.extend(overheard(&mut world, &mut hall, &mut blind));
    assert!(world.read(&mut office, Some(head.seat.seat), &in_register).len() == 2, "it was all said");
    while office.work(&mut world.context()).unwrap().1 {}
    assert!(office.keys_here().any(|(of, name)| of == person && name == MARKER), "and the keys have come");

    let mut of_nobody_else: Vec<(&str, Vec<u8>)> = vec![
        ("a record", MARKER.into()),
        ("the passphrase", PASSPHRASE.into()),
        ("the one-time words", words.as_bytes().to_vec()),
        ("the second factor", factor.bytes().to_vec()),
        ("the second factor as it is typed", factor.groups().as_bytes().to_vec()),
        ("the marshal's PIN", MARSHALS_PIN.into()),
    ];
    frames.append(&mut world.overheard);
    of_nobody_else.extend(world.invited.iter().map(|words| ("the words of an invitation", words.as_bytes().to_vec())));
    of_nobody_else.extend(secrets_of_person(&head));
    of_nobody_else.extend(secrets_of_person(&teacher));
    for card in &world.cards {
        of_nobody_else.push(("a card's signing key", card.sign_key().seed().to_vec()));
        of_nobody_else.push(("a card's code", card.to_code().as_bytes().to_vec()));
        of_nobody_else.extend((1..=4).filter_map(|n| Some(("a card's line", card.line(n)?.as_bytes().to_vec()))));
    }
    let epochs = secrets_of_epochs(&office, &head.person.agree);
    assert!(epochs.iter().any(|(what, _)| *what == "the leads' key"), "the leads have a key of their own");
    assert!(epochs.len() > 4, "and each area has its own");
    of_nobody_else.extend(epochs);
    assert_eq!(world.read(&mut office, Some(head.seat.seat), &case).len(), 1, "a case was opened");
    assert!(world.read(&mut hall, Some(teacher.seat.seat), &case).is_empty());
    let of_devices: Vec<_> = [&office, &hall, &blind].into_iter().map(secrets_of).enumerate().collect();

    let all = of_devices.iter().flat_map(|(_, secrets)| secrets).chain(&of_nobody_else);
    for (what, secret) in all {
        assert!(frames.iter().all(|frame| !holds(frame, secret)), "{what} went over the wire");
    }
    for (at, device) in [&office, &hall, &blind].into_iter().enumerate() {
        for bytes in device.store().all_bytes() {
            let others = of_devices.iter().filter(|(of, _)| *of != at).flat_map(|(_, secrets)| secrets);
            for (what, secret) in of_nobody_else.iter().chain(others) {
                assert!(!holds(bytes, secret), "{what} lies in the store of device {at}");
            }
        }
    }
    assert!(frames.iter().any(|frame| holds(frame, b"hall tablet")), "the enrolment was overheard as well");
    // And the test can tell: what is sought is found where it must be.
    let own = &of_devices[0].1[0].1;
    assert!(office.store().all_bytes().any(|bytes| holds(bytes, own)), "a device keeps its own signing key");
}

#[test]
fn secrets_print_as_stars_wherever_they_stand() {
    let mut world = World::new(78);
    let (office, head) = world.found();
    let printed = format!("{head:?} {:?}", office.device_secrets());
    for (what, secret) in secrets_of(&office).into_iter().chain(secrets_of_person(&head)) {
        let hex: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
        let list = format!("{}, {}, {}", secret[0], secret[1], secret[2]);
        assert!(!printed.contains(&hex) && !printed.contains(&list), "{what} is printed: {printed}");
    }
    assert!(printed.contains("***"));
}

#[test]
fn the_same_text_sealed_twice_after_a_restore_is_never_sealed_alike() {
    // Nonces are random and no counter: a device that went on twice from one image repeats none.
    let mut world = World::new(79);
    let (mut office, head) = world.found();
    let register = document(REGISTER, "4B week 48");
    let image = office.store().clone();
    let mut bodies: Vec<Vec<u8>> = Vec::new();
    let mut again = Replica::open(image, &RULES).unwrap();
    again.sign_in(&head);
    for device in [&mut office, &mut again] {
        let before: std::collections::BTreeSet<Vec<u8>> = device.store().all_bytes().map(<[u8]>::to_vec).collect();
        world.write(device, Some(head.seat.seat), &register, &["the same mark"]);
        let fresh = device.store().all_bytes().filter(|bytes| !before.contains(*bytes) && bytes.len() > 64);
        bodies.extend(fresh.map(<[u8]>::to_vec));
    }
    assert!(bodies.len() >= 4);
    let (left, right) = bodies.split_at(bodies.len() / 2);
    for body in left {
        assert!(!right.contains(body), "the same bytes twice");
    }
}

//! A kiosk at the door: it writes the roll and reads nothing back, and nobody can use its keys to write or to hide.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

#[path = "common/world.rs"]
mod world;
use muster_core::authority::reduction::{Reason, Target};
use muster_core::authority::view::Ends;
use muster_core::codec;
use muster_core::crypto::wrap::RecipientId;
use muster_core::document::payload::{Payload, handle};
use muster_core::document::{body, fact};
use muster_core::keys::epoch::{EpochInfo, EpochKey, EpochKind, EpochStatement};
use muster_core::keys::record::{Record, Records as Sealed};
use muster_core::keys::ring::Ring;
use muster_core::log::entry::Entry;
use muster_core::log::header::{Descriptor, Header, Kind};
use muster_core::log::seal::Seal;
use muster_core::replica::store::{Store as _, Table};
use muster_core::replica::{Segment, Verdict};
use muster_core::sync::message::Message;
use world::*;

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
/// Written by a tablet: stands in no byte that a kiosk could make sense of.
const NAME: &str = "Quennellby";

fn roll() -> DocumentId {
    document(ROLL, "day 1")
}

fn kiosk_rights() -> Vec<Capability> {
    vec![Capability { right: Right::Write, area: Which::One(ROLL), place: Which::One(SITE) }]
}

/// An office with the head, a tablet in the hall, a kiosk at the door.
struct School {
    world: World,
    office: Device,
    head: Opened,
    hall: Device,
    kiosk: Device,
}

impl School {
    fn new(seed: u64) -> Self {
        let mut world = World::new(seed);
        let (mut office, head) = world.found();
        let mut hall = world.let_in(&mut office, &head);
        let mut kiosk = world.let_in_with(&mut office, &head, kiosk_rights());
        world.write(&mut office, None, &roll(), &[&format!("{NAME} of 4B is in")]);
        world.meet(&mut office, &mut hall);
        world.meet(&mut office, &mut kiosk);
        Self { world, office, head, hall, kiosk }
    }

    fn signs_in(&mut self, who: &str) {
        self.world.write(&mut self.kiosk, None, &roll(), &[who]);
    }

    fn all_meet(&mut self) {
        for _ in 0..2 {
            self.world.meet(&mut self.kiosk, &mut self.hall);
            self.world.meet(&mut self.hall, &mut self.office);
            self.world.meet(&mut self.office, &mut self.kiosk);
        }
    }
}

/// The epochs of the roll that a device opens by itself, by all that it keeps.
fn opens(device: &Device) -> Vec<EpochInfo> {
    let section = roll().section;
    let mut ring = Ring::new(device.school(), device.device_secrets().agree.clone());
    let sealed = kept(device);
    device.epochs().values().for_each(|info| ring.note(info));
    let all = device.epochs().values().filter(|info| info.section == section);
    all.filter(|info| ring.epoch(&section, &info.statement.epoch, &sealed).is_some()).cloned().collect()
}

fn kept(device: &Device) -> Sealed {
    let mut sealed = Sealed::default();
    for record in device.sealed_records(&roll().section) {
        sealed.insert(roll().section, record.clone(), usize::MAX);
    }
    sealed
}

fn post_of(device: &Device) -> EpochInfo {
    let posts = |info: &&EpochInfo| matches!(info.statement.kind, EpochKind::Post(_));
    device.epochs().values().find(posts).unwrap().clone()
}

fn entries_of(device: &Device, seat: SeatId) -> usize {
    let log = Descriptor { seat, section: roll().section }.id(&device.school());
    device.logs().get(&log).map_or(0, |state| state.length() as usize)
}

#[test]
fn what_a_kiosk_signs_in_reaches_every_reader_and_the_kiosk_reads_only_what_it_wrote_itself() {
    let mut school = School::new(1);
    school.signs_in("a visitor");
    school.world.meet(&mut school.kiosk, &mut school.hall);
    assert_eq!(school.world.read(&mut school.hall, None, &roll()), ["Quennellby of 4B is in", "a visitor"]);
    school.world.write(&mut school.hall, None, &roll(), &["Thistlewood of 4B is in"]);
    school.all_meet();
    let all = ["Quennellby of 4B is in", "Thistlewood of 4B is in", "a visitor"];
    assert_eq!(school.world.read(&mut school.office, None, &roll()), all, "the office hears of it by the tablet");
    assert_eq!(school.world.read(&mut school.kiosk, None, &roll()), ["a visitor"]);
    let mut kiosk = Replica::open(school.kiosk.into_store(), &RULES).unwrap();
    assert_eq!(school.world.read(&mut kiosk, None, &roll()), ["a visitor"], "after a restart too");
    school.world.write(&mut kiosk, None, &roll(), &["another visitor"]);
    assert!(school.world.meet(&mut kiosk, &mut school.office) < 16, "it is sent on with few words");
    assert_eq!(school.world.meet(&mut kiosk, &mut school.office), 2, "and equal devices say hello and no more");
    assert_eq!(school.world.read(&mut school.office, None, &roll()).len(), 4);
}

#[test]
fn a_kiosk_is_given_nobodys_entries_and_nobodys_keys_and_takes_none_that_are_pushed_on_it() {
    let mut school = School::new(2);
    school.signs_in("a visitor");
    school.all_meet();
    let own = school.kiosk.device_seat();
    let section = roll().section;
    for (log, state) in school.kiosk.logs() {
        let theirs = state.descriptor.section != Section::AUTHORITY && state.descriptor.seat != own;
        assert!(!theirs, "log {log:?} is another's");
    }
    assert_eq!(opens(&school.kiosk).iter().map(|info| info.by).collect::<Vec<_>>(), [own]);
    assert_eq!(opens(&school.hall).len(), 2, "a tablet opens the day's key and the kiosk's");
    let entries = segment_of(&school.office, school.office.device_seat());
    // A tablet with a changed program pushes all that it has.
    let before = school.kiosk.sealed_records(&section).count();
    let records: Vec<Record> = school.hall.sealed_records(&section).cloned().collect();
    let mut side = Conversation::start(&mut school.kiosk, school.hall.device(), Moment::utc(school.world.now));
    let frame = Message::Records(section, records).encode();
    side.receive(&mut school.kiosk, &frame, &mut school.world.context()).unwrap();
    let ours = opens(&school.kiosk);
    assert_eq!(ours.iter().map(|info| info.by).collect::<Vec<_>>(), [own]);
    let taken = school.kiosk.ingest(vec![entries]).unwrap();
    assert_eq!((taken.new_entries, taken.problems.len()), (0, 1));
    while school.kiosk.work(&mut school.world.context()).unwrap().1 {}
    assert_eq!(school.world.read(&mut school.kiosk, None, &roll()), ["a visitor"]);
    assert!(school.kiosk.sealed_records(&section).count() <= before + 8, "nothing but what is unknown to it");
}

/// All entries of a seat's log of the roll, as a device holds them.
fn segment_of(device: &Device, seat: SeatId) -> Segment {
    let descriptor = Descriptor { seat, section: roll().section };
    let log = descriptor.id(&device.school());
    let rows = device.store().range(Table::Entries, &log.0, None, usize::MAX).unwrap();
    let held = rows.iter().map(|(_, row)| Entry::decode(row).unwrap());
    let held: Vec<_> = held.filter(|(entry, _)| entry.header().log == log).collect();
    let seal = held.iter().rev().find_map(|(_, seal)| *seal).unwrap();
    Segment { descriptor, entries: held.into_iter().map(|(entry, _)| entry).collect(), seal }
}

/// The header of the next entry of a device's own log of the roll.
fn next(device: &Device, kind: Kind, right: Right) -> (Descriptor, Header) {
    let section = roll().section;
    let descriptor = Descriptor { seat: device.device_seat(), section };
    let log = descriptor.id(&device.school());
    let tip = device.logs().get(&log).map(|state| state.heads[0]);
    let header = Header {
        version: 1,
        suite: 1,
        kind,
        log,
        sequence: tip.map_or(0, |tip| tip.length),
        previous: tip.map_or(EntryHash::ZERO, |tip| tip.hash),
        act: ActId([1; 16]),
        at: Moment::utc(0),
        authority: device.authority_heads(),
        grant: device.view().may(&descriptor.seat, right, &section.compartment, Ends::Whenever).unwrap(),
        epoch: EpochId::ZERO,
        body_length: 0,
        body_hash: [0; 32],
    };
    (descriptor, header)
}

fn sealed(device: &Device, descriptor: Descriptor, entry: Entry) -> Segment {
    let key = &device.device_secrets().seat.sign;
    let seal = Seal::make(key, &entry.header().log, entry.header().sequence + 1, &entry.hash());
    Segment { descriptor, entries: vec![entry], seal }
}

#[test]
fn words_of_another_under_a_kiosks_key_say_nothing_anywhere() {
    let mut school = School::new(3);
    school.signs_in("a visitor");
    school.all_meet();
    // A tablet with a changed program opens the kiosk's key, as it must, and writes under it in its own log.
    let (section, post) = (roll().section, post_of(&school.hall));
    let mut ring = Ring::new(school.hall.school(), school.hall.device_secrets().agree.clone());
    let records = kept(&school.hall);
    school.hall.epochs().values().for_each(|info| ring.note(info));
    let key = ring.epoch(&section, &post.statement.epoch, &records).unwrap();
    ring.open_secrets(&section, &post.statement.epoch, &records);
    let secret = ring.secret_of(&section, &handle(&school.hall.school(), &roll())).unwrap().clone();
    let (descriptor, header) = next(&school.hall, Kind::FACTS, Right::Write);
    let header = Header { epoch: post.statement.epoch, ..header };
    let said = fact::Fact { kind: 1, supersedes: vec![], value: b"the visitor has left".to_vec() };
    let payload = Payload { kind: 1, key: roll().key, facts: vec![said] }.encode().unwrap();
    let body = body::seal(&header, &key, &secret, &payload, [7; 24]).unwrap();
    let forged = sealed(&school.hall, descriptor, Entry::new(header, body));
    assert!(school.office.ingest(vec![forged]).unwrap().problems.is_empty(), "it is kept, as any entry");
    while school.office.work(&mut school.world.context()).unwrap().1 {}
    let shown = school.world.read(&mut school.office, None, &roll());
    assert_eq!(shown, ["Quennellby of 4B is in", "a visitor"]);
    assert_eq!(school.office.waiting(&section).unwrap(), [Verdict::Unreadable]);
}

#[test]
fn readers_write_under_keys_and_secrets_of_their_own_and_never_under_what_a_kiosk_brought() {
    let mut school = School::new(4);
    let other = document(ROLL, "day 2");
    // The kiosk begins a document that nobody else has, and a reader goes on with it.
    school.world.write(&mut school.kiosk, None, &other, &["a visitor"]);
    school.all_meet();
    school.world.write(&mut school.hall, None, &other, &[&format!("{NAME} of 4B went home")]);
    school.all_meet();
    assert_eq!(school.world.read(&mut school.office, None, &other).len(), 2);
    assert_eq!(school.world.read(&mut school.kiosk, None, &other), ["a visitor"]);
    let post = post_of(&school.office).statement.epoch;
    let rows = school.office.store().range(Table::Entries, &[], None, usize::MAX).unwrap();
    let under: Vec<Header> = rows
        .iter()
        .map(|(_, row)| Entry::decode(row).unwrap().0.header().clone())
        .filter(|header| header.epoch == post)
        .collect();
    let own = Descriptor { seat: school.kiosk.device_seat(), section: roll().section }.id(&school.kiosk.school());
    assert!(!under.is_empty() && under.iter().all(|header| header.log == own));
    let secrets_under = |epoch: EpochId| {
        let of = |record: &Record| matches!(record, Record::Secret { epoch: under, .. } if *under == epoch);
        let section = roll().section;
        let all = school.office.sealed_records(&section).filter(|record| of(record));
        all.filter_map(|record| if let Record::Secret { id, .. } = record { Some(*id) } else { None })
            .collect::<Vec<_>>()
    };
    let brought = secrets_under(post);
    for info in school.office.epochs().values().filter(|info| info.statement.epoch != post) {
        assert!(
            secrets_under(info.statement.epoch).iter().all(|id| !brought.contains(id)),
            "the kiosk has that secret"
        );
    }
}

/// Announces a key of the roll's day by the kiosk, as it should not.
fn announced(school: &mut School, change: impl FnOnce(&mut EpochStatement, &Device)) -> EpochId {
    let section = roll().section;
    let (descriptor, header) = next(&school.kiosk, Kind::EPOCH, Right::Write);
    let key = EpochKey::random(&mut school.world.random);
    let day = Moment::utc(school.world.now).civil_day();
    let ends = muster_core::authority::view::Ends::Whenever;
    let mut recipients: Vec<RecipientId> =
        school.kiosk.view().readers(&section.compartment, KeyRule::Daily, ends).into_keys().collect();
    recipients.push(school.kiosk.device_secrets().public_agree().recipient());
    recipients.sort_unstable();
    let mut said = EpochStatement {
        epoch: EpochId::ZERO,
        key: key.commitment(&school.kiosk.school(), &section),
        kind: EpochKind::Post(day),
        supersedes: vec![],
        recipients,
    };
    change(&mut said, &school.kiosk);
    said.recipients.sort_unstable();
    let said = said.named(&school.kiosk.school(), &section, &descriptor.seat);
    let segment = sealed(&school.kiosk, descriptor, Entry::new(header, codec::encode(&said)));
    assert!(school.office.ingest(vec![segment]).unwrap().problems.is_empty());
    while school.office.work(&mut school.world.context()).unwrap().1 {}
    said.epoch
}

fn refused(device: &Device) -> Vec<EpochId> {
    let found = device.verify(&mut |_, _| {}).unwrap();
    assert!(found.findings.is_empty(), "{:?}", found.findings);
    found.epochs_refused.into_iter().map(|(epoch, _)| epoch).collect()
}

#[test]
fn a_kiosks_key_for_one_reader_less_or_one_more_or_for_all_to_write_under_is_refused() {
    let mut school = School::new(5);
    announced(&mut school, |_, _| {});
    assert!(refused(&school.office).is_empty(), "one for all readers and itself is as it must be");
    let mut school = School::new(5);
    let less = announced(&mut school, |said, _| {
        said.recipients.remove(0);
    });
    assert_eq!(refused(&school.office), [less]);
    let mut school = School::new(5);
    let more = announced(&mut school, |said, _| said.recipients.push(RecipientId([9; 16])));
    assert_eq!(refused(&school.office), [more]);
    let mut school = School::new(5);
    let without = announced(&mut school, |said, kiosk| {
        let own = kiosk.device_secrets().public_agree().recipient();
        said.recipients.retain(|recipient| *recipient != own);
    });
    assert_eq!(refused(&school.office), [without], "whoever minted one has it, and must be seen to");
    let mut school = School::new(5);
    let day = Moment::utc(school.world.now).civil_day();
    let whole = announced(&mut school, |said, _| said.kind = EpochKind::Day(day));
    assert_eq!(refused(&school.office), [whole]);
    school.world.write(&mut school.office, None, &roll(), &["under the day's own key"]);
    let rows = school.office.store().range(Table::Entries, &[], None, usize::MAX).unwrap();
    assert!(rows.iter().all(|(_, row)| Entry::decode(row).unwrap().0.header().epoch != whole));
}

#[test]
fn what_a_kiosk_writes_after_it_was_taken_out_waits_and_what_it_wrote_before_stays() {
    let mut school = School::new(6);
    school.signs_in("a visitor");
    school.all_meet();
    let days_before = opens(&school.hall).len();
    let of = Target::Device(school.kiosk.device());
    let head = school.head.seat.seat;
    school.office.remove(&head, of, Reason::Lost, &mut school.world.context()).unwrap();
    school.signs_in("a thief's word");
    let School { world, office, hall, kiosk, .. } = &mut school;
    let mut a = Conversation::start(office, kiosk.device(), Moment::utc(world.now));
    let mut b = Conversation::start(kiosk, office.device(), Moment::utc(world.now));
    world.talk(office, &mut a, kiosk, &mut b);
    assert_eq!(entries_of(office, kiosk.device_seat()), 3, "it handed over what it wrote");
    world.meet(office, hall);
    for device in [&mut *office, hall] {
        assert_eq!(world.read(device, None, &roll()), ["Quennellby of 4B is in", "a visitor"]);
    }
    world.write(hall, None, &roll(), &["Thistlewood of 4B is in"]);
    assert_eq!(opens(hall).len(), days_before, "it never had the day's key, so no other is owed");
    let mut writer = kiosk.writer(kiosk.device_seat(), world.context()).unwrap();
    let facts = vec![Fact { kind: 1, supersedes: vec![], value: b"more".to_vec() }];
    assert!(writer.write(vec![Change { document: roll(), facts }]).is_err(), "it knows that it was taken out");
}

#[test]
fn a_reader_who_comes_later_reads_what_the_kiosk_wrote_and_one_who_left_nothing_new() {
    let mut school = School::new(7);
    let rights = [(Right::Read, ROLL)];
    let School { world, office, head, hall, kiosk } = &mut school;
    let leaver = world.person((office, head), hall, 5, &rights);
    world.meet(office, kiosk);
    school.signs_in("a visitor");
    school.all_meet();
    let School { world, office, head, hall, kiosk } = &mut school;
    assert_eq!(world.read(hall, Some(leaver.seat.seat), &roll()).len(), 2);
    let first = post_of(kiosk).statement.epoch;
    let of = Target::Keys(leaver.person.person, leaver.person.sign.public());
    office.remove(&head.seat.seat, of, Reason::Left, &mut world.context()).unwrap();
    let newcomer = world.person((office, head), hall, 6, &rights);
    world.meet(office, kiosk);
    world.write(kiosk, None, &roll(), &["a visitor after that"]);
    school.all_meet();
    let School { world, office, hall, kiosk, .. } = &mut school;
    let posts = kiosk.epochs().values().filter(|info| matches!(info.statement.kind, EpochKind::Post(_)));
    assert_eq!(posts.count(), 2, "a key for those who read now");
    let theirs = leaver.person.agree.public().recipient();
    for device in [&*office, &*hall, &*kiosk] {
        let section = roll().section;
        let wrapped = device.sealed_records(&section).filter(
            |record| matches!(record, Record::Wrap { epoch, recipient, .. } if *recipient == theirs && *epoch != first),
        );
        let posts = wrapped.filter(|record| {
            let info = record.epoch().and_then(|epoch| device.epochs().get(&epoch));
            info.is_some_and(|info| matches!(info.statement.kind, EpochKind::Post(_)))
        });
        assert_eq!(posts.count(), 0, "the new one is not wrapped to whoever left");
    }
    assert_eq!(world.read(hall, Some(newcomer.seat.seat), &roll()).len(), 3);
}

#[test]
fn a_store_that_reads_nothing_passes_a_kiosks_words_on_and_a_second_kiosk_gets_none() {
    let mut school = School::new(8);
    let hold = vec![Capability { right: Right::Hold, area: Which::Any, place: Which::Any }];
    let School { world, office, head, hall, kiosk } = &mut school;
    let mut blind = world.let_in_with(office, head, hold);
    let mut second = world.let_in_with(office, head, kiosk_rights());
    world.meet(office, &mut blind);
    world.meet(office, &mut second);
    world.meet(&mut blind, kiosk);
    world.write(kiosk, None, &roll(), &["a visitor"]);
    world.meet(kiosk, &mut second);
    assert_eq!(entries_of(&second, kiosk.device_seat()), 0);
    assert!(second.sealed_records(&roll().section).next().is_none());
    world.meet(kiosk, &mut blind);
    world.meet(&mut blind, hall);
    assert_eq!(world.read(hall, None, &roll()).len(), 2);
    assert!(world.read(&mut blind, None, &roll()).is_empty());
}

#[test]
fn a_kiosk_keeps_the_keys_of_its_two_latest_days_and_everybody_agrees_on_what_is_held() {
    let mut school = School::new(9);
    for day in 0..5 {
        school.world.now += DAY_MS;
        school.signs_in(&format!("visitor {day}"));
        school.world.write(&mut school.hall, None, &roll(), &["in"]);
        school.all_meet();
    }
    let last = Moment::utc(school.world.now).civil_day();
    for device in [&school.kiosk, &school.hall] {
        let mut days: Vec<i32> = opens(device).iter().filter_map(|info| info.statement.kind.day()).collect();
        days.sort_unstable();
        days.dedup();
        assert_eq!(days, [last - 1, last]);
    }
    let School { world, office, hall, kiosk, head } = &mut school;
    assert_eq!(world.meet(kiosk, office), 2, "equal devices say hello and no more");
    assert_eq!(world.meet(kiosk, hall), 2);
    let visitors = world.read(office, Some(head.seat.seat), &roll());
    assert_eq!(visitors.iter().filter(|line| line.starts_with("visitor")).count(), 5, "persons keep every day");
}

#[test]
fn what_a_kiosk_signs_in_while_connected_is_pushed_at_once() {
    let mut school = School::new(10);
    let School { world, hall, kiosk, .. } = &mut school;
    let mut a = Conversation::start(hall, kiosk.device(), Moment::utc(world.now));
    let mut b = Conversation::start(kiosk, hall.device(), Moment::utc(world.now));
    world.talk(hall, &mut a, kiosk, &mut b);
    for number in 0..3 {
        world.write(kiosk, None, &roll(), &[&format!("visitor {number}")]);
        world.write(hall, None, &roll(), &[&format!("pupil {number}")]);
        world.talk(hall, &mut a, kiosk, &mut b);
    }
    assert_eq!(world.read(hall, None, &roll()).len(), 7);
    assert_eq!(world.read(kiosk, None, &roll()).len(), 3);
    assert!(a.is_same() && b.is_same());
}

#[test]
fn no_byte_that_a_kiosk_keeps_or_hears_opens_to_a_name_that_others_wrote() {
    let mut school = School::new(11);
    school.signs_in("a visitor");
    school.all_meet();
    let everything: Vec<u8> = [Table::Entries, Table::Documents, Table::Logs, Table::Epochs, Table::Waiting]
        .into_iter()
        .flat_map(|table| school.kiosk.store().range(table, &[], None, usize::MAX).unwrap())
        .flat_map(|(key, value)| [key, value].concat())
        .collect();
    assert!(!everything.windows(NAME.len()).any(|window| window == NAME.as_bytes()));
    // Nor do its keys open anything but its own: all that it could open, it shows.
    let facts = school.kiosk.readable_facts(&roll().section).unwrap();
    assert_eq!(facts.len(), 1);
    assert!(!facts.iter().any(|(_, _, fact)| fact.windows(NAME.len()).any(|window| window == NAME.as_bytes())));
}

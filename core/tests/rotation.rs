//! Which epoch is written under: rotation owed and paid, apart and together, and epochs minted for the wrong people.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

#[path = "common/world.rs"]
mod world;
use muster_core::authority::reduction::{Reason, Target};
use muster_core::authority::view::Ends;
use muster_core::codec;
use muster_core::crypto::wrap::{RecipientId, Wrapped};
use muster_core::keys::epoch::{EpochKey, EpochKind, EpochName, EpochStatement};
use muster_core::keys::record::{Record, Records as Sealed};
use muster_core::keys::ring::Ring;
use muster_core::log::entry::Entry;
use muster_core::log::header::{Descriptor, Header, Kind};
use muster_core::log::seal::Seal;
use muster_core::replica::Segment;
use muster_core::replica::store::{Store as _, Table};
use muster_core::sync::message::Message;
use world::*;

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// An office with the head, and a hall with a teacher and a supply teacher, both of whom read registers: the supply
/// teacher until tomorrow.
struct School {
    world: World,
    office: Device,
    head: Opened,
    hall: Device,
    teacher: Opened,
    supply: Opened,
    register: DocumentId,
}

impl School {
    fn new(seed: u64) -> Self {
        let mut world = World::new(seed);
        let (mut office, head) = world.found();
        let mut hall = world.let_in(&mut office, &head);
        let keeps = [(Right::Read, REGISTER), (Right::Write, REGISTER)];
        let teacher = world.person((&mut office, &head), &mut hall, 1, &keeps);
        let supply = world.person((&mut office, &head), &mut hall, 2, &[(Right::Write, ROLL)]);
        world.meet(&mut office, &mut hall);
        let until = Some(Moment::utc(world.now + DAY_MS));
        give(&mut world, &mut office, &head, &supply, until);
        let register = document(REGISTER, "4B week 48");
        world.write(&mut office, Some(head.seat.seat), &register, &["before"]);
        world.meet(&mut office, &mut hall);
        Self { world, office, head, hall, teacher, supply, register }
    }

    fn epochs(&self, device: &Device) -> usize {
        epochs_of(device, &self.register.section)
    }

    fn at_office(&mut self, text: &str) {
        self.world.write(&mut self.office, Some(self.head.seat.seat), &self.register, &[text]);
    }

    fn in_hall(&mut self, text: &str) {
        self.world.write(&mut self.hall, Some(self.teacher.seat.seat), &self.register, &[text]);
    }
}

fn epochs_of(device: &Device, section: &Section) -> usize {
    device.epochs().values().filter(|info| info.section == *section).count()
}

fn give(world: &mut World, office: &mut Device, head: &Opened, to: &Opened, until: Option<Moment>) {
    let capability = Capability { right: Right::Read, area: Which::One(REGISTER), place: Which::One(SITE) };
    let to = Grantee::Person { person: to.person.person, keys: to.person.public() };
    let grant = Grant { to, rank: 4, capabilities: vec![capability], until };
    office.grant(&head.seat.seat, grant, &mut world.context()).unwrap();
}

/// The epochs of a section that somebody's keys open in all that a device holds.
fn opened_by(device: &Device, who: &Opened, section: &Section, more: &[Record]) -> Vec<EpochId> {
    let mut ring = Ring::new(device.school(), who.person.agree.clone());
    let mut sealed = Sealed::default();
    for record in device.sealed_records(section).chain(more) {
        sealed.insert(*section, record.clone(), usize::MAX);
    }
    for info in device.epochs().values().filter(|info| info.section == *section) {
        ring.note(info);
        ring.takes_the_place(section, info.statement.epoch, &info.statement.supersedes);
    }
    let ids = device.epochs().values().filter(|info| info.section == *section).map(|info| info.statement.epoch);
    ids.filter(|epoch| ring.epoch(section, epoch, &sealed).is_some()).collect()
}

fn latest(device: &Device, section: &Section) -> EpochId {
    let of_section: Vec<_> = device.epochs().values().filter(|info| info.section == *section).collect();
    let newest = of_section
        .iter()
        .find(|info| !of_section.iter().any(|other| other.statement.supersedes.contains(&info.statement.epoch)));
    newest.unwrap().statement.epoch
}

#[test]
fn whoever_may_not_read_any_more_opens_nothing_written_after_and_what_came_before_stays_readable() {
    let mut school = School::new(1);
    let section = school.register.section;
    assert_eq!(opened_by(&school.office, &school.supply, &section, &[]).len(), 1);
    school.at_office("while the supply teacher is here");
    assert_eq!(school.epochs(&school.office), 1, "a right that will end is a right");
    school.world.now += 2 * DAY_MS;
    // Offline, in the act that writes.
    school.at_office("after");
    school.at_office("after that");
    assert_eq!(school.epochs(&school.office), 2, "one rotation, not one a register");
    let School { world, office, hall, .. } = &mut school;
    world.meet(office, hall);
    let new = latest(&school.office, &section);
    for device in [&school.office, &school.hall] {
        assert_eq!(opened_by(device, &school.supply, &section, &[]).len(), 1, "the old one only");
        assert!(!opened_by(device, &school.supply, &section, &[]).contains(&new));
        assert_eq!(opened_by(device, &school.teacher, &section, &[]).len(), 2);
    }
    let School { world, hall, teacher, register, .. } = &mut school;
    assert_eq!(world.read(hall, Some(teacher.seat.seat), register).len(), 4);
}

#[test]
fn a_new_key_never_goes_under_an_old_one_even_where_somebody_put_it_there() {
    let mut school = School::new(2);
    let section = school.register.section;
    let old = latest(&school.office, &section);
    school.world.now += 2 * DAY_MS;
    school.at_office("after");
    let new = latest(&school.office, &section);
    let key_of = |who: &Opened, epoch: &EpochId| {
        let mut ring = Ring::new(school.office.school(), who.person.agree.clone());
        let mut sealed = Sealed::default();
        for record in school.office.sealed_records(&section) {
            sealed.insert(section, record.clone(), usize::MAX);
        }
        school.office.epochs().values().for_each(|info| ring.note(info));
        ring.takes_the_place(&section, new, &[old]);
        ring.epoch(&section, epoch, &sealed).unwrap()
    };
    // Nothing of the office's own does.
    let under = |record: &Record| match record {
        Record::Older { epoch, older, .. } => Some((*epoch, *older)),
        _ => None,
    };
    let all: Vec<_> = school.office.sealed_records(&section).filter_map(under).collect();
    assert_eq!(all, [(new, old)], "the old under the new");
    // Somebody who has both seals the new under the old: no honest program opens it for the supply teacher.
    let (old_key, new_key) = (key_of(&school.head, &old), key_of(&school.head, &new));
    let hole = old_key.seal_older(&old, &new, &new_key, &mut school.world.random).unwrap();
    assert_eq!(opened_by(&school.office, &school.supply, &section, &[hole]), [old]);
}

#[test]
fn who_joins_after_a_rotation_is_given_the_new_key_alone_and_reads_the_history_by_it() {
    let mut school = School::new(3);
    school.world.now += 2 * DAY_MS;
    school.at_office("after");
    let School { world, office, head, hall, register, .. } = &mut school;
    let came = world.person((office, head), hall, 9, &[(Right::Read, REGISTER)]);
    world.meet(office, hall);
    assert_eq!(world.read(hall, Some(came.seat.seat), register), ["after", "before"]);
    let mine = came.person.agree.public().recipient();
    let to_me = |record: &&Record| matches!(record, Record::Wrap { recipient, .. } if *recipient == mine);
    assert_eq!(hall.sealed_records(&register.section).filter(to_me).count(), 1, "one wrap, for two epochs");
}

#[test]
fn rotations_made_apart_merge_and_both_devices_go_on_under_the_same_key() {
    let mut school = School::new(4);
    school.world.now += 2 * DAY_MS;
    school.at_office("at the office");
    school.in_hall("in the hall");
    let School { world, office, hall, .. } = &mut school;
    world.meet(office, hall);
    assert_eq!(school.epochs(&school.office), 3);
    school.at_office("after the meeting");
    school.in_hall("after the meeting too");
    assert_eq!(school.epochs(&school.office), 3, "no third rotation");
    let School { world, office, head, hall, register, teacher, .. } = &mut school;
    world.meet(office, hall);
    assert_eq!(world.read(office, Some(head.seat.seat), register).len(), 5);
    assert_eq!(world.read(hall, Some(teacher.seat.seat), register).len(), 5);
    // The next rotation takes the place of both.
    let came = world.person((office, head), hall, 9, &[(Right::Write, ROLL)]);
    world.meet(office, hall);
    give(world, office, head, &came, Some(Moment::utc(world.now + DAY_MS)));
    world.now += 2 * DAY_MS;
    let (seat, other) = (head.seat.seat, document(REGISTER, "other"));
    world.write(office, Some(seat), &other, &["x"]);
    let info = office.epochs()[&latest(office, &register.section)].clone();
    assert_eq!(info.statement.supersedes.len(), 2);
    world.meet(office, hall);
    assert_eq!(world.read(hall, Some(teacher.seat.seat), register).len(), 5);
}

#[test]
fn a_person_who_signs_in_for_the_first_time_makes_nobody_rotate() {
    let mut school = School::new(5);
    let School { world, office, head, hall, .. } = &mut school;
    for name in 11..15 {
        world.person((office, head), hall, name, &[(Right::Read, REGISTER), (Right::Write, REGISTER)]);
        world.meet(office, hall);
    }
    school.at_office("one more");
    school.in_hall("and another");
    assert_eq!(school.epochs(&school.office) + school.epochs(&school.hall), 2, "one on each");
}

/// An epoch that the teacher mints in the hall for whom they like, and a register written under it.
fn minted(
    school: &mut School,
    change: impl Fn(&mut EpochStatement, &Device),
    heads: FrontierId,
) -> (EpochKey, EpochId, Segment) {
    let who = school.teacher.clone();
    minted_by(school, &who, change, heads)
}

fn minted_by(
    school: &mut School,
    who: &Opened,
    change: impl Fn(&mut EpochStatement, &Device),
    heads: FrontierId,
) -> (EpochKey, EpochId, Segment) {
    let section = school.register.section;
    let log = Descriptor { seat: who.seat.seat, section };
    let id = log.id(&school.office.school());
    let grant = school.hall.view().may(&log.seat, Right::Read, &section.compartment, Ends::Whenever).unwrap();
    let key = EpochKey::random(&mut school.world.random);
    let readers = opened_readers(&school.hall, &section);
    let mut statement = announced(&key, &school.office, &section);
    statement.recipients = readers;
    change(&mut statement, &school.hall);
    let statement = statement.named(&school.office.school(), &section, &log.seat);
    let tip = school.hall.logs().get(&id).map(|state| state.heads[0]);
    let header = Header {
        version: 1,
        suite: 1,
        kind: Kind::EPOCH,
        log: id,
        sequence: tip.map_or(0, |tip| tip.length),
        previous: tip.map_or(EntryHash::ZERO, |tip| tip.hash),
        act: ActId([1; 16]),
        at: Moment::utc(school.world.now),
        authority: heads,
        grant,
        epoch: EpochId::ZERO,
        body_length: 0,
        body_hash: [0; 32],
    };
    let entry = Entry::new(header, codec::encode(&statement));
    let seal = Seal::make(&who.seat.sign, &id, entry.header().sequence + 1, &entry.hash());
    (key, statement.epoch, Segment { descriptor: log, entries: vec![entry], seal })
}

/// What announces a key for nobody, without a name.
fn announced(key: &EpochKey, device: &Device, section: &Section) -> EpochStatement {
    let commits = key.commitment(&device.school(), section);
    EpochStatement { epoch: EpochId::ZERO, key: commits, kind: EpochKind::Open, supersedes: vec![], recipients: vec![] }
}

#[test]
fn whoever_reads_until_a_day_mints_no_key_that_leaves_themselves_out_and_so_outlasts_them() {
    let mut school = School::new(20);
    let (section, supply) = (school.register.section, school.supply.clone());
    let heads = school.hall.authority_heads();
    let before = latest(&school.office, &section);
    let own = supply.person.agree.public().recipient();
    let (key, epoch, segment) = minted_by(
        &mut school,
        &supply,
        |statement, _| {
            statement.supersedes = vec![before];
            statement.recipients.retain(|recipient| *recipient != own);
        },
        heads,
    );
    assert!(school.hall.ingest(vec![segment]).unwrap().problems.is_empty());
    let School { world, office, hall, head, .. } = &mut school;
    world.meet(office, hall);
    let wrap = key.wrap_to(&head.person.agree.public(), epoch, &mut world.random).unwrap();
    let mut side = Conversation::start(office, hall.device(), Moment::utc(world.now));
    side.receive(office, &Message::Records(section, vec![wrap]).encode(), &mut world.context()).unwrap();
    let of = Target::Keys(supply.person.person, supply.person.sign.public());
    office.remove(&head.seat.seat, of, Reason::Left, &mut world.context()).unwrap();
    school.at_office("after they left");
    assert_eq!(written_under(&school.office, &epoch), 0);
}

fn written_under(device: &Device, epoch: &EpochId) -> usize {
    let rows = device.store().range(Table::Entries, &[], None, usize::MAX).unwrap();
    rows.iter().filter(|(_, row)| Entry::decode(row).unwrap().0.header().epoch == *epoch).count()
}

fn opened_readers(device: &Device, section: &Section) -> Vec<RecipientId> {
    let ends = muster_core::authority::view::Ends::Whenever;
    device.view().readers(&section.compartment, KeyRule::Yearly, ends).into_keys().collect()
}

type ForWhom<'a> = &'a dyn Fn(&mut EpochStatement, &Device);

#[test]
fn an_epoch_for_other_people_than_may_read_is_refused_and_the_check_of_everything_says_by_whom() {
    let right = |_: &mut EpochStatement, _: &Device| {};
    let one_less = |statement: &mut EpochStatement, _: &Device| {
        statement.recipients.remove(0);
    };
    let one_more = |statement: &mut EpochStatement, device: &Device| {
        statement.recipients.push(device.device_secrets().public_agree().recipient());
        statement.recipients.sort();
    };
    let cases: [(&str, bool, ForWhom<'_>); 3] =
        [("right", true, &right), ("one less", false, &one_less), ("one more", false, &one_more)];
    for (name, is_used, change) in cases {
        let mut school = School::new(6);
        let section = school.register.section;
        let heads = school.hall.authority_heads();
        let before = latest(&school.office, &section);
        let (key, epoch, segment) = minted(
            &mut school,
            |statement, device| {
                statement.supersedes = vec![before];
                change(statement, device);
            },
            heads,
        );
        assert!(school.hall.ingest(vec![segment]).unwrap().problems.is_empty());
        let head = school.head.person.agree.public();
        let School { world, office, hall, .. } = &mut school;
        world.meet(office, hall);
        let wrap = key.wrap_to(&head, epoch, &mut world.random).unwrap();
        let mut side = Conversation::start(office, hall.device(), Moment::utc(world.now));
        let frame = Message::Records(section, vec![wrap]).encode();
        side.receive(office, &frame, &mut world.context()).unwrap();
        assert_eq!(opened_by(&school.office, &school.head, &section, &[]).len(), 2, "{name}: it opens");
        school.at_office("after");
        assert_eq!(written_under(&school.office, &epoch), usize::from(is_used), "{name}");
        let found = school.office.verify(&mut |_, _| {}).unwrap();
        assert!(found.is_sound(), "{name}: {:?}", found.findings);
        let says = found.says().join("\n");
        assert_eq!(says.contains("for other people than could read"), !is_used, "{name}: {says}");
    }
}

#[test]
fn a_wrap_that_is_cut_short_or_of_another_epoch_or_filed_for_somebody_else_opens_nothing() {
    let mut school = School::new(7);
    let section = school.register.section;
    let id = school.office.school();
    let (teacher, supply) = (&school.teacher.person.agree, &school.supply.person.agree);
    let random = &mut school.world.random;
    let (key, other) = (EpochKey::random(random), EpochKey::random(random));
    let by = school.teacher.seat.seat;
    let [named, other_named] =
        [&key, &other].map(|key| announced(key, &school.office, &section).named(&id, &section, &by));
    let (epoch, other_epoch) = (named.epoch, other_named.epoch);
    let name = |epoch: &EpochId| {
        let statement = if *epoch == named.epoch { &named } else { &other_named };
        EpochName { school: &id, section: &section, epoch: *epoch, key: statement.key }
    };
    let Some(Record::Wrap { recipient, wrapped, proof, .. }) = key.wrap_to(&teacher.public(), epoch, random) else {
        panic!("no wrap")
    };
    let opens = |by: &AgreeKey, epoch: &EpochId, whose: &RecipientId, wrapped: &Wrapped| {
        EpochKey::open(by, &name(epoch), whose, wrapped).is_some()
    };
    assert!(opens(teacher, &epoch, &recipient, &wrapped));
    assert!(!opens(supply, &epoch, &recipient, &wrapped), "the wrong person");
    assert!(!opens(supply, &epoch, &supply.public().recipient(), &wrapped), "the wrong person, filed as theirs");
    assert!(!opens(teacher, &epoch, &supply.public().recipient(), &wrapped), "a swapped recipient");
    assert!(!opens(teacher, &other_epoch, &recipient, &wrapped), "another epoch");
    for length in 0..wrapped.sealed.len() {
        let short = Wrapped { sealed: wrapped.sealed[..length].to_vec(), ..wrapped.clone() };
        assert!(!opens(teacher, &epoch, &recipient, &short), "cut at {length}");
    }
    assert_eq!(key.wrap_proof(&recipient, &wrapped), proof);
    assert_ne!(key.wrap_proof(&supply.public().recipient(), &wrapped), proof, "a swapped recipient has no proof");
    assert_ne!(other.wrap_proof(&recipient, &wrapped), proof);
    let older = key.seal_older(&epoch, &other_epoch, &other, random).unwrap();
    let Record::Older { sealed, .. } = older else { panic!("no older") };
    let back = |newer: &EpochKey, at: &EpochId, older: &EpochId, sealed: &[u8]| {
        newer.open_older(at, &name(older), sealed).is_some()
    };
    assert!(back(&key, &epoch, &other_epoch, &sealed));
    assert!(!back(&other, &other_epoch, &epoch, &sealed) && !back(&key, &other_epoch, &epoch, &sealed));
    assert!(!back(&key, &epoch, &epoch, &sealed) && !back(&key, &epoch, &other_epoch, &sealed[1..]));
}

#[test]
fn a_false_wrap_in_a_strangers_name_makes_nobody_rotate() {
    let mut school = School::new(8);
    let section = school.register.section;
    let epoch = latest(&school.office, &section);
    let stranger = AgreeKey::random(&mut school.world.random).public();
    let wrap = EpochKey::random(&mut school.world.random).wrap_to(&stranger, epoch, &mut school.world.random).unwrap();
    let School { world, office, hall, .. } = &mut school;
    let mut side = Conversation::start(office, hall.device(), Moment::utc(world.now));
    let frame = Message::Records(section, vec![wrap]).encode();
    assert_eq!(side.receive(office, &frame, &mut world.context()).unwrap().new_records, 1);
    school.at_office("after");
    assert_eq!(school.epochs(&school.office), 1);
}

#[test]
fn a_removed_teacher_opens_nothing_new_and_a_tablet_held_back_no_roll_of_the_same_day_until_it_is_let_go_on() {
    let mut school = School::new(9);
    let section = school.register.section;
    let (head, teacher) = (school.head.clone(), school.teacher.clone());
    let keys = Target::Keys(teacher.person.person, teacher.person.sign.public());
    school.office.remove(&head.seat.seat, keys, Reason::Left, &mut school.world.context()).unwrap();
    school.at_office("after");
    assert_eq!(opened_by(&school.office, &teacher, &section, &[]).len(), 1);
    assert_eq!(opened_by(&school.office, &school.supply, &section, &[]).len(), 2);

    let (roll, tablet) = (document(ROLL, "today"), school.hall.device());
    let School { world, office, hall, .. } = &mut school;
    world.write(office, None, &roll, &["in"]);
    office.suspend(&head.seat.seat, tablet, Reason::Left, &mut world.context()).unwrap();
    world.write(office, None, &roll, &["out"]);
    let mut opens = Ring::new(office.school(), hall.device_secrets().agree.clone());
    let mut opened = |office: &Device| {
        let mut sealed = Sealed::default();
        for record in office.sealed_records(&roll.section) {
            sealed.insert(roll.section, record.clone(), usize::MAX);
        }
        office.epochs().values().for_each(|info| opens.note(info));
        sealed.epochs(&roll.section).iter().filter(|id| opens.epoch(&roll.section, id, &sealed).is_some()).count()
    };
    assert_eq!((epochs_of(office, &roll.section), opened(office)), (2, 1), "held back");
    office.lift(&head.seat.seat, tablet, &mut world.context()).unwrap();
    world.write(office, None, &roll, &["in again"]);
    assert_eq!((epochs_of(office, &roll.section), opened(office)), (2, 2), "let go on, under the same key");
}

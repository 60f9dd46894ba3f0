//! What somebody with a seat announces or sends that is not theirs to say: it gives nobody a key, takes none away, and
//! stops no device.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

#[path = "common/world.rs"]
mod world;
use muster_core::authority::seat::{SeatCertificate, SeatClaim};
use muster_core::authority::statement::Statement;
use muster_core::codec;
use muster_core::keys::epoch::{EpochInfo, EpochKind, EpochStatement};
use muster_core::keys::record::Record;
use muster_core::log::entry::Entry;
use muster_core::log::header::{Descriptor, Header, Kind};
use muster_core::log::seal::Seal;
use muster_core::replica::{Problem, Segment};
use world::*;

/// The first entries of a log, sealed.
fn segment(descriptor: Descriptor, entries: Vec<Entry>, key: &SignKey) -> Segment {
    let last = entries.last().unwrap();
    let seal = Seal::make(key, &last.header().log, last.header().sequence + 1, &last.hash());
    Segment { descriptor, entries, seal }
}

fn header(device: &Device, descriptor: &Descriptor, kind: Kind) -> Header {
    let log = descriptor.id(&device.school());
    let tip = device.logs().get(&log).map(|state| state.heads[0]);
    Header {
        version: 1,
        suite: 1,
        kind,
        log,
        sequence: tip.map_or(0, |tip| tip.length),
        previous: tip.map_or(EntryHash::ZERO, |tip| tip.hash),
        act: ActId([1; 16]),
        at: Moment::utc(0),
        authority: device.authority_heads(),
        grant: GrantId::ZERO,
        epoch: EpochId::ZERO,
        body_length: 0,
        body_hash: [0; 32],
    }
}

/// An announcement by a seat whose entry comes before another's by name.
fn announces(device: &Device, by: &Opened, statement: &EpochStatement, before: &EpochInfo) -> Segment {
    let descriptor = Descriptor { seat: by.seat.seat, section: before.section };
    let mut header = header(device, &descriptor, Kind::EPOCH);
    loop {
        let entry = Entry::new(header.clone(), codec::encode(statement));
        if entry.hash() < before.entry {
            return segment(descriptor, vec![entry], &by.seat.sign);
        }
        header.act.0[0] = header.act.0[0].wrapping_add(1);
        header.at.utc_ms += 1;
    }
}

fn kind_of(device: &Device, epoch: &EpochId) -> EpochKind {
    device.epochs()[epoch].statement.kind
}

#[test]
fn the_key_of_the_leads_announced_as_one_for_all_staff_is_given_to_no_staff() {
    let mut world = World::new(1);
    let (mut office, head) = world.found();
    let mut room = world.let_in(&mut office, &head);
    let assistant = world.person((&mut office, &head), &mut room, 21, &[(Right::Open, CASES)]);
    let lead = world.person((&mut office, &head), &mut room, 31, &[(Right::Read, CASES), (Right::Write, CASES)]);
    world.meet(&mut office, &mut room);
    let case = document(CASES, "case 1");
    world.write(&mut room, Some(lead.seat.seat), &case, &["a bruise"]);
    world.write(&mut room, Some(lead.seat.seat), &case, &["spoke to the parents"]);
    let leads = |info: &&EpochInfo| matches!(info.statement.kind, EpochKind::Leads(_));
    let info = room.epochs().values().find(leads).unwrap().clone();
    let epoch = info.statement.epoch;
    let recipients: Vec<_> = {
        let ends = muster_core::authority::view::Ends::Whenever;
        room.view().case_openers(&case.section.compartment, ends).into_keys().collect()
    };
    let false_cover =
        EpochStatement { kind: EpochKind::Cover, supersedes: vec![], recipients, ..info.statement.clone() };
    let said = announces(&room, &assistant, &false_cover, &info);
    assert!(room.ingest(vec![said]).unwrap().problems.is_empty(), "it is kept, as any entry");
    while room.work(&mut world.context()).unwrap().1 {}
    // What came was of a seat of this room: it began anew.
    let lead = room.take_seat(lead.own(), &mut world.context()).unwrap();
    room.sign_in(&lead);
    world.write(&mut room, Some(lead.seat.seat), &case, &["and to the doctor"]);
    world.meet(&mut room, &mut office);
    assert!(matches!(kind_of(&room, &epoch), EpochKind::Leads(_)));
    let theirs = assistant.person.agree.public().recipient();
    for device in [&room, &office] {
        let wrapped = device.sealed_records(&case.section).any(|record| {
            matches!(record, Record::Wrap { epoch: of, recipient, .. } if *of == epoch && *recipient == theirs)
        });
        assert!(!wrapped, "the assistant was given the key of the leads");
    }
}

#[test]
fn an_epoch_announced_again_elsewhere_or_with_nothing_before_it_keeps_no_newcomer_from_reading() {
    let mut world = World::new(2);
    let (mut office, head) = world.found();
    let mut hall = world.let_in(&mut office, &head);
    let outsider = world.person((&mut office, &head), &mut hall, 5, &[(Right::Write, ROLL)]);
    let register = document(REGISTER, "4B week 48");
    world.write(&mut office, Some(head.seat.seat), &register, &["present"]);
    world.meet(&mut office, &mut hall);
    let info = office.epochs().values().find(|info| info.section == register.section).unwrap().clone();
    let said = announces(&hall, &outsider, &info.statement, &info);
    let elsewhere = EpochInfo { section: document(ROLL, "").section, ..info.clone() };
    let elsewhere = announces(&hall, &outsider, &info.statement, &elsewhere);
    for device in [&mut office, &mut hall] {
        assert!(device.ingest(vec![said.clone(), elsewhere.clone()]).unwrap().problems.is_empty());
        assert_eq!(device.epochs()[&info.statement.epoch], info, "it stays what its minter said");
    }
    let writes = [(Right::Read, REGISTER), (Right::Write, REGISTER)];
    let teacher = world.person((&mut office, &head), &mut hall, 6, &writes);
    world.meet(&mut hall, &mut office);
    world.meet(&mut office, &mut hall);
    assert_eq!(world.read(&mut hall, Some(teacher.seat.seat), &register), ["present"]);
}

#[test]
fn an_entry_that_leaves_out_a_thousand_places_is_a_gap_even_in_one_batch_and_stops_nobody() {
    let mut world = World::new(3);
    let (mut office, head) = world.found();
    let mut hall = world.let_in(&mut office, &head);
    let mut third = world.let_in(&mut office, &head);
    world.meet(&mut office, &mut hall);
    world.meet(&mut office, &mut third);
    let roll = document(ROLL, "day 1");
    world.write(&mut office, None, &roll, &["in"]);
    let descriptor = Descriptor { seat: hall.device_seat(), section: roll.section };
    let first = Entry::new(header(&office, &descriptor, Kind::FACTS), vec![0; 8]);
    let far = Header { sequence: 1_000, previous: first.hash(), ..first.header().clone() };
    let far = Entry::new(far, vec![0; 8]);
    let key = &hall.device_secrets().seat.sign;
    let both = [first, far].map(|entry| segment(descriptor, vec![entry], key)).to_vec();
    let problems = office.ingest(both).unwrap().problems;
    assert_eq!(problems, [(descriptor, Problem::Gap(1_000))]);
    while office.work(&mut world.context()).unwrap().1 {}
    assert_eq!(world.read(&mut office, None, &roll), ["in"]);
    world.meet(&mut office, &mut third);
    assert_eq!(world.read(&mut third, None, &roll), ["in"], "and a third device still hears all of it");
    let last = Header { sequence: u64::MAX, ..header(&office, &descriptor, Kind::FACTS) };
    let last = segment_at_the_end(descriptor, Entry::new(last, vec![0; 8]), key);
    assert_eq!(office.ingest(vec![last]).unwrap().problems, [(descriptor, Problem::Forged)]);
}

fn segment_at_the_end(descriptor: Descriptor, entry: Entry, key: &SignKey) -> Segment {
    let seal = Seal::make(key, &entry.header().log, u64::MAX, &entry.hash());
    Segment { descriptor, entries: vec![entry], seal }
}

#[test]
fn seats_made_by_the_thousand_stop_at_a_limit_and_honest_devices_go_on_writing_and_meeting() {
    let mut world = World::new(4);
    let (mut office, head) = world.found();
    let mut hall = world.let_in(&mut office, &head);
    world.meet(&mut office, &mut hall);
    let school = office.school();
    let mut refused = 0;
    for batch in 0..9_u32 {
        let seats = (0..500_u32).map(|number| {
            let mut seed = [9; 32];
            seed[..4].copy_from_slice(&(batch * 500 + number).to_le_bytes());
            let key = SignKey::from_seed(&seed);
            let device = DeviceId(key.public().0);
            let claim = SeatClaim { school, device, person: None, key: key.public(), incarnation: [0; 16] };
            let descriptor = Descriptor { seat: claim.seat(), section: Section::AUTHORITY };
            let said = Statement::Seat(SeatCertificate::make(claim, &key, None));
            let entry = Entry::new(header(&office, &descriptor, Kind::STATEMENT), said.encode());
            segment(descriptor, vec![entry], &key)
        });
        let seats: Vec<Segment> = seats.collect();
        refused += office.ingest(seats).unwrap().problems.len();
    }
    let known = office.logs().values().filter(|state| state.descriptor.section == Section::AUTHORITY).count();
    assert!(known < muster_core::limits::AUTHORITY_LOGS && refused > 0, "{known} kept, {refused} refused");
    let roll = document(ROLL, "day 1");
    world.write(&mut office, None, &roll, &["in"]);
    let mut late = world.let_in(&mut office, &head);
    world.meet(&mut office, &mut late);
    assert_eq!(world.read(&mut late, None, &roll), ["in"]);
}

#[test]
fn whoever_has_a_heads_keys_lets_in_no_machine_of_their_own_and_gives_nobody_anything_from_it() {
    let mut world = World::new(5);
    let (mut office, head) = world.found();
    let mut hall = world.let_in(&mut office, &head);
    world.meet(&mut office, &mut hall);
    let machine = SignKey::random(&mut world.random);
    let device = DeviceId(machine.public().0);
    let (school, key) = (office.school(), SignKey::random(&mut world.random));
    let person = Some((head.person.person, head.person.sign.public()));
    let claim = SeatClaim { school, device, person, key: key.public(), incarnation: [0; 16] };
    let descriptor = Descriptor { seat: claim.seat(), section: Section::AUTHORITY };
    let seat = Statement::Seat(SeatCertificate::make(claim, &machine, Some(&head.person)));
    let first = Entry::new(header(&office, &descriptor, Kind::STATEMENT), seat.encode());
    let to = Grantee::Device { device, agree: AgreeKey::random(&mut world.random).public() };
    let grant = Statement::Grant(Grant { to, rank: RANK_DEVICE, capabilities: device_rights(), until: None });
    let on = office.founding().head_grant();
    let second = Header { sequence: 1, previous: first.hash(), grant: on, ..first.header().clone() };
    let second = Entry::new(Header { body_length: 0, ..second }, grant.encode());
    let said = segment(descriptor, vec![first, second], &key);
    for place in [&mut office, &mut hall] {
        assert!(place.ingest(vec![said.clone()]).unwrap().problems.is_empty(), "it is kept, as any entry");
        assert!(!place.view().was_enrolled(&device), "keys alone let a machine in");
    }
}

//! What an enrolled device with a valid seat can try. Each attempt changes nothing, kills nothing, and honest
//! records go on arriving.
// long because: one device that is taken over is set up once, and everything that it may try stands beside it.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

#[path = "common/library.rs"]
mod library;
#[path = "common/world.rs"]
mod world;
use library::automerge_change;
use muster_core::authority::reduction::{Reason, Target};
use muster_core::authority::view::Ends;
use muster_core::codec;
use muster_core::crypto::aead;
use muster_core::document::body;
use muster_core::document::fact::FactRef;
use muster_core::document::payload::{Payload, handle};
use muster_core::keys::epoch::{DocumentSecret, EpochKey, EpochKind, EpochStatement};
use muster_core::keys::record::Record;
use muster_core::log::entry::Entry;
use muster_core::log::frontier::{AuthorityFrontier, Head};
use muster_core::log::header::{Descriptor, Header, Kind};
use muster_core::log::seal::Seal;
use muster_core::replica::{Problem, Segment, Verdict};
use muster_core::sync::message::Message;
use world::*;

/// A device of the school that has been taken over: it has its seat's key, a key for the roll, and no manners.
struct Taken {
    world: World,
    office: Device,
    head: Opened,
    hall: Device,
    third: Device,
    log: Descriptor,
    header: Header,
    key: EpochKey,
    roll: DocumentId,
}

impl Taken {
    fn new(seed: u64) -> Self {
        let mut world = World::new(seed);
        let (mut office, head) = world.found();
        let mut hall = world.let_in(&mut office, &head);
        let mut third = world.let_in(&mut office, &head);
        world.meet(&mut office, &mut hall);
        world.meet(&mut office, &mut third);
        let roll = document(ROLL, "day 1");
        world.write(&mut hall, None, &roll, &["honest"]);
        world.meet(&mut hall, &mut office);
        world.meet(&mut office, &mut third);
        let log = Descriptor { seat: hall.device_seat(), section: roll.section };
        let tip = hall.logs()[&log.id(&hall.school())].heads[0];
        let grant = hall.view().may(&log.seat, Right::Write, &roll.section.compartment, Ends::Whenever).unwrap();
        let key = EpochKey::random(&mut world.random);
        let section = &roll.section;
        let commits = key.commitment(&office.school(), section);
        let kind = EpochKind::Open;
        let statement =
            EpochStatement { epoch: EpochId::ZERO, key: commits, kind, supersedes: vec![], recipients: vec![] };
        let statement = statement.named(&office.school(), section, &log.seat);
        let epoch = statement.epoch;
        let header = Header {
            version: 1,
            suite: 1,
            kind: Kind::FACTS,
            log: log.id(&office.school()),
            sequence: tip.length,
            previous: tip.hash,
            act: ActId([1; 16]),
            at: Moment::utc(0),
            authority: hall.authority_heads(),
            grant,
            epoch,
            body_length: 0,
            body_hash: [0; 32],
        };
        let mut taken = Self { world, office, head, hall, third, log, header, key, roll };
        // Its own epoch, announced and wrapped as it should be, so that what follows is opened by everybody.
        let entry = taken.entry(Kind::EPOCH, codec::encode(&statement));
        let wraps: Vec<Record> = [&taken.office, &taken.third]
            .map(|device| device.device_secrets().public_agree())
            .iter()
            .map(|agree| taken.key.wrap_to(agree, epoch, &mut taken.world.random).unwrap())
            .collect();
        taken.give_records(wraps);
        let segment = taken.sealed(vec![entry]);
        assert!(taken.give(vec![segment]).iter().all(Vec::is_empty));
        taken
    }

    fn entry(&mut self, kind: Kind, body: Vec<u8>) -> Entry {
        let entry = Entry::new(Header { kind, ..self.header.clone() }, body);
        self.header.sequence += 1;
        self.header.previous = entry.hash();
        entry
    }

    fn sealed(&self, entries: Vec<Entry>) -> Segment {
        let last = entries.last().unwrap();
        let key = &self.hall.device_secrets().seat.sign;
        let seal = Seal::make(key, &last.header().log, last.header().sequence + 1, &last.hash());
        Segment { descriptor: self.log, entries, seal }
    }

    /// An entry whose two layers are right and whose innermost bytes are these.
    fn with_payload(&mut self, payload: &[u8]) -> Segment {
        let secret = DocumentSecret::random(handle(&self.office.school(), &self.roll), &mut self.world.random);
        let record = secret.seal(self.header.epoch, &self.key, &mut self.world.random).unwrap();
        self.give_records(vec![record]);
        let nonce = aead::nonce(&mut self.world.random);
        let body = body::seal(&self.header, &self.key, &secret, payload, nonce).unwrap();
        let entry = self.entry(Kind::FACTS, body);
        self.sealed(vec![entry])
    }

    fn payload(&self, facts: Vec<Fact>) -> Payload {
        Payload { kind: self.roll.kind, key: self.roll.key.clone(), facts }
    }

    /// Tells the other two; says what each refused.
    fn give(&mut self, segments: Vec<Segment>) -> [Vec<Problem>; 2] {
        [&mut self.office, &mut self.third].map(|device| {
            let ingested = device.ingest(segments.clone()).unwrap();
            ingested.problems.into_iter().map(|(_, problem)| problem).collect()
        })
    }

    fn give_records(&mut self, records: Vec<Record>) {
        let section = self.roll.section;
        for device in [&mut self.office, &mut self.third] {
            let mut side = Conversation::start(device, self.hall.device(), Moment::utc(0));
            let frame = Message::Records(section, records.clone()).encode();
            side.receive(device, &frame, &mut self.world.context()).unwrap();
        }
    }

    /// Nothing of it shows, for the reason given if any, and honest devices go on.
    fn changes_nothing(mut self, reason: Option<Verdict>) {
        for device in [&mut self.office, &mut self.third] {
            while device.work(&mut self.world.context()).unwrap().1 {}
            assert_eq!(self.world.read(device, None, &self.roll), ["honest"]);
            let waiting = device.waiting(&self.roll.section).unwrap();
            assert_eq!(waiting.iter().copied().max(), reason, "{waiting:?}");
            assert!(device.verify(&mut |_, _| {}).unwrap().is_sound());
        }
        self.goes_on();
    }

    fn goes_on(&mut self) {
        self.world.write(&mut self.office, None, &self.roll, &["more"]);
        self.world.write(&mut self.third, None, &self.roll, &["other"]);
        self.world.meet(&mut self.office, &mut self.third);
        for device in [&mut self.office, &mut self.third] {
            assert_eq!(self.world.read(device, None, &self.roll), ["honest", "more", "other"]);
        }
        let store = std::mem::replace(&mut self.third, self.world.found().0).into_store();
        let mut again = Replica::open(store, &RULES).unwrap();
        assert_eq!(self.world.read(&mut again, None, &self.roll), ["honest", "more", "other"], "and after a restart");
        let mut late = self.world.let_in(&mut self.office, &self.head);
        self.world.meet(&mut self.office, &mut late);
        assert_eq!(self.world.read(&mut late, None, &self.roll), ["honest", "more", "other"], "and on a new device");
    }
}

fn fact(value: &[u8]) -> Fact {
    Fact { kind: 1, supersedes: vec![], value: value.to_vec() }
}

#[test]
fn a_stolen_actor_and_a_sequence_used_twice_divide_nobody() {
    let mut taken = Taken::new(1);
    let fork = taken.header.clone();
    let one = taken.payload(vec![fact(b"one")]).encode().unwrap();
    let left = taken.with_payload(&one);
    taken.header = fork;
    let two = taken.payload(vec![fact(b"two")]).encode().unwrap();
    let right = taken.with_payload(&two);
    // Each of the others sees a different one first.
    taken.office.ingest(vec![left.clone()]).unwrap();
    taken.third.ingest(vec![right.clone()]).unwrap();
    // The second time brings the keys that each wrapped for the other readers.
    taken.world.meet(&mut taken.office, &mut taken.third);
    taken.world.meet(&mut taken.office, &mut taken.third);
    assert_eq!(taken.office.root_digest(&taken.third.device()), taken.third.root_digest(&taken.office.device()));
    let log = taken.log.id(&taken.office.school());
    for device in [&taken.office, &taken.third] {
        assert_eq!(device.logs()[&log].heads.len(), 2, "both are kept");
    }
    taken.changes_nothing(Some(Verdict::Forked));
}

#[test]
fn a_change_of_the_library_with_a_stolen_actor_is_never_parsed() {
    let mut taken = Taken::new(2);
    for start in [1, 1, u64::from(u32::MAX) - 1] {
        let mut payload = vec![0];
        payload.extend(automerge_change(1, start));
        let segment = taken.with_payload(&payload);
        taken.give(vec![segment]);
    }
    taken.changes_nothing(Some(Verdict::Unreadable));
}

#[test]
fn a_counter_just_below_its_end_reaches_no_document() {
    let mut taken = Taken::new(3);
    for payload in [automerge_change(1, u64::from(u32::MAX) - 1), automerge_change(u64::from(u32::MAX), 1)] {
        let segment = taken.with_payload(&payload);
        taken.give(vec![segment]);
    }
    taken.changes_nothing(Some(Verdict::Unreadable));
}

#[test]
fn a_small_body_that_would_unpack_to_64_mebibytes_unpacks_to_nothing() {
    let mut taken = Taken::new(4);
    let bomb = zstd::bulk::compress(&vec![0_u8; 64 * 1024 * 1024], 19).unwrap();
    assert!(bomb.len() < 10_000);
    for declared in [0_u32, 1, 1_000, 256 * 1024, 256 * 1024 + 1, 64 * 1024 * 1024, u32::MAX] {
        let mut payload = vec![1];
        payload.extend(declared.to_le_bytes());
        payload.extend(&bomb);
        let segment = taken.with_payload(&payload);
        assert!(taken.give(vec![segment]).iter().all(Vec::is_empty), "kept, as any sealed entry is");
    }
    taken.changes_nothing(Some(Verdict::Unreadable));
}

#[test]
fn more_facts_than_an_entry_may_bring_bring_none() {
    let mut taken = Taken::new(5);
    let too_many = taken.payload(vec![fact(b""); 4_097]);
    let name = FactRef { entry: EntryHash([1; 32]), index: 0 };
    let too_deep = taken.payload(vec![Fact { kind: 1, supersedes: vec![name; 65], value: vec![] }]);
    let none = taken.payload(vec![]);
    let long_key = Payload { key: vec![0; 65], ..taken.payload(vec![fact(b"x")]) };
    for payload in [too_many, too_deep, none, long_key] {
        assert!(payload.encode().is_err());
        let mut bytes = vec![0];
        bytes.extend(codec::encode(&payload));
        let segment = taken.with_payload(&bytes);
        taken.give(vec![segment]);
    }
    // A count that lies, with nothing behind it.
    let segment = taken.with_payload(&[0, 1, 0, 0xff, 0xff, 0xff, 0xff, 0x0f]);
    taken.give(vec![segment]);
    taken.changes_nothing(Some(Verdict::Unreadable));
}

#[test]
fn malformed_bytes_of_every_length_are_unreadable_the_same_everywhere() {
    let mut taken = Taken::new(6);
    let good = taken.payload(vec![fact(b"value"), fact(b"other")]).encode().unwrap();
    let mut tried = vec![vec![], vec![2], vec![0], vec![1], vec![1, 0, 0, 0]];
    tried.extend((1..good.len()).map(|cut| good[..cut].to_vec()));
    let mut longer = good;
    longer.push(0);
    tried.push(longer);
    for payload in tried {
        let segment = taken.with_payload(&payload);
        taken.give(vec![segment]);
    }
    taken.changes_nothing(Some(Verdict::Unreadable));
}

#[test]
fn a_number_written_in_more_bytes_than_it_needs_is_not_the_one_legal_encoding() {
    let mut taken = Taken::new(7);
    let plain = codec::encode(&taken.payload(vec![fact(b"v")]));
    assert_eq!(plain[0], 1, "the kind");
    let mut payload = vec![0, 0x81, 0x00];
    payload.extend(&plain[1..]);
    let segment = taken.with_payload(&payload);
    taken.give(vec![segment]);
    taken.changes_nothing(Some(Verdict::Unreadable));
}

#[test]
fn an_entry_that_says_one_document_outside_and_another_inside_is_for_neither() {
    let mut taken = Taken::new(8);
    let other = Payload { key: b"day 2".to_vec(), ..taken.payload(vec![fact(b"x")]) }.encode().unwrap();
    let segment = taken.with_payload(&other);
    taken.give(vec![segment]);
    taken.changes_nothing(Some(Verdict::Unreadable));
}

#[test]
fn padding_that_hides_something_is_refused() {
    let mut taken = Taken::new(9);
    for extra in [1_usize, 16, 4_096] {
        let nonce = aead::nonce(&mut taken.world.random);
        let text = vec![0_u8; 36 + 52 + extra];
        let key = taken.key.outer(&taken.header.log, taken.header.sequence);
        let mut body = nonce.to_vec();
        body.extend(aead::seal(&key, &nonce, &taken.header.associated(), &text).unwrap());
        let entry = taken.entry(Kind::FACTS, body);
        let segment = taken.sealed(vec![entry]);
        taken.give(vec![segment]);
    }
    taken.changes_nothing(Some(Verdict::Unreadable));
}

#[test]
fn somebody_elses_body_copied_into_ones_own_log_does_not_open() {
    let mut taken = Taken::new(10);
    let log = taken.log.id(&taken.office.school());
    let honest: Vec<Vec<u8>> = taken.hall.store().all_bytes().map(<[u8]>::to_vec).collect();
    let copied = honest.iter().filter_map(|bytes| Entry::decode(bytes).ok()).map(|(entry, _)| entry);
    let mut copied = copied.filter(|entry| entry.header().log == log && entry.header().kind == Kind::FACTS);
    let copied = copied.next_back().unwrap();
    taken.header.epoch = copied.header().epoch;
    let entry = taken.entry(Kind::FACTS, copied.body().to_vec());
    let segment = taken.sealed(vec![entry]);
    taken.give(vec![segment]);
    taken.changes_nothing(Some(Verdict::Unreadable));
}

#[test]
fn an_inner_layer_copied_under_another_header_says_nothing() {
    let mut taken = Taken::new(20);
    let payload = taken.payload(vec![fact(b"somebody else's words")]).encode().unwrap();
    let secret = DocumentSecret::random(handle(&taken.office.school(), &taken.roll), &mut taken.world.random);
    let nonce = aead::nonce(&mut taken.world.random);
    let body = body::seal(&taken.header, &taken.key, &secret, &payload, nonce).unwrap();
    let outer = body::open_outer(&taken.header, &taken.key, &body).unwrap();
    assert_eq!(body::open_inner(&taken.header, &outer, &secret), Some(payload));
    let another = Header { sequence: taken.header.sequence + 1, ..taken.header.clone() };
    assert_eq!(body::open_inner(&another, &outer, &secret), None);
}

#[test]
fn branches_made_with_a_stolen_key_keep_the_honest_one_out_no_longer_than_until_somebody_names_it() {
    let mut taken = Taken::new(21);
    let fork = taken.header.clone();
    let honest = taken.payload(vec![fact(b"honest tail")]).encode().unwrap();
    let honest = taken.with_payload(&honest);
    assert!(taken.third.ingest(vec![honest.clone()]).unwrap().problems.is_empty());
    for branch in 0..8_u8 {
        taken.header = fork.clone();
        let forged = taken.payload(vec![fact(&[branch])]).encode().unwrap();
        let forged = taken.with_payload(&forged);
        assert!(taken.office.ingest(vec![forged]).unwrap().problems.is_empty());
    }
    let refused = taken.office.ingest(vec![honest]).unwrap().problems;
    assert!(matches!(refused[..], [(_, Problem::TooManyBranches)]), "{refused:?}");
    let hall = Target::Device(taken.hall.device());
    let removal = taken.third.removal_for_cards(hall, Reason::Lost).unwrap();
    let cards = taken.world.cards.clone();
    taken.third.by_cards([&cards[0], &cards[1]], &[removal], &mut taken.world.context()).unwrap();
    for _ in 0..2 {
        let (office, third) = (&mut taken.office, &mut taken.third);
        let mut a = Conversation::start(office, third.device(), Moment::utc(taken.world.now));
        let mut b = Conversation::start(third, office.device(), Moment::utc(taken.world.now));
        taken.world.talk(office, &mut a, third, &mut b);
    }
    for device in [&mut taken.office, &mut taken.third] {
        assert_eq!(taken.world.read(device, None, &taken.roll), ["honest", "honest tail"]);
    }
}

#[test]
fn whoever_asks_for_lists_without_listening_fills_no_memory() {
    let mut taken = Taken::new(22);
    let mut side = Conversation::start(&mut taken.office, taken.hall.device(), Moment::utc(0));
    let ask = Message::WantAuthority(taken.office.authority_heads()).encode();
    for _ in 0..3_000 {
        side.receive(&mut taken.office, &ask, &mut taken.world.context()).unwrap();
    }
    let mut frames = 0;
    while side.next(&mut taken.office).unwrap().is_some() {
        frames += 1;
    }
    assert!(frames < 4, "a list is sent once, however often it is asked for: {frames}");
    let mut other = Conversation::start(&mut taken.hall, taken.office.device(), Moment::utc(0));
    let hello = other.next(&mut taken.hall).unwrap().unwrap();
    side.receive(&mut taken.office, &hello, &mut taken.world.context()).unwrap();
    assert!(side.receive(&mut taken.office, &hello, &mut taken.world.context()).is_err(), "nobody begins twice");
}

#[test]
fn an_entry_sent_again_is_taken_once() {
    let mut taken = Taken::new(11);
    let payload = taken.payload(vec![fact(b"once")]).encode().unwrap();
    let segment = taken.with_payload(&payload);
    taken.give(vec![segment.clone()]);
    for _ in 0..3 {
        assert_eq!(taken.office.ingest(vec![segment.clone(), segment.clone()]).unwrap().new_entries, 0);
    }
    assert_eq!(taken.world.read(&mut taken.office, None, &taken.roll.clone()), ["honest", "once"]);
}

#[test]
fn an_entry_where_its_author_has_no_right_is_kept_and_not_shown() {
    let mut taken = Taken::new(12);
    let register = document(REGISTER, "4B");
    taken.world.write(&mut taken.office, Some(taken.head.seat.seat), &register, &["present"]);
    let descriptor = Descriptor { seat: taken.log.seat, section: register.section };
    let header = Header {
        log: descriptor.id(&taken.office.school()),
        sequence: 0,
        previous: EntryHash::ZERO,
        ..taken.header.clone()
    };
    for (kind, grant) in [
        (Kind::FACTS, header.grant),
        (Kind::EPOCH, header.grant),
        (Kind::FACTS, taken.office.founding().head_grant()),
        (Kind::FACTS, GrantId([9; 32])),
    ] {
        let entry = Entry::new(Header { kind, grant, ..header.clone() }, vec![1, 2, 3]);
        let seal = Seal::make(&taken.hall.device_secrets().seat.sign, &header.log, 1, &entry.hash());
        let mut office = Replica::open(taken.office.store().clone(), &RULES).unwrap();
        office.sign_in(&taken.head);
        office.ingest(vec![Segment { descriptor, entries: vec![entry], seal }]).unwrap();
        let seat = Some(taken.head.seat.seat);
        assert_eq!(taken.world.read(&mut office, seat, &register), ["present"]);
        assert_eq!(office.waiting(&register.section).unwrap(), [Verdict::NoRight]);
    }
    taken.changes_nothing(None);
}

#[test]
fn forged_seals_gaps_and_other_peoples_logs_are_refused_before_they_are_kept() {
    let mut taken = Taken::new(13);
    let start = taken.header.clone();
    let payload = taken.payload(vec![fact(b"x")]).encode().unwrap();
    let good = taken.with_payload(&payload);
    let entries = |device: &Device| device.verify(&mut |_, _| {}).unwrap().entries;
    let before = entries(&taken.office);

    let wrong_key = Seal::make(&taken.third.device_secrets().seat.sign, &start.log, 1, &start.previous);
    let forged = Segment { seal: wrong_key, ..good.clone() };
    assert_eq!(taken.give(vec![forged])[0], [Problem::Forged], "a seal by another key");
    let office_seat = taken.office.device_seat();
    let theirs = Segment { descriptor: Descriptor { seat: office_seat, ..taken.log }, ..good.clone() };
    assert_eq!(taken.give(vec![theirs])[0], [Problem::Forged], "somebody else's log");
    let unknown = Segment { descriptor: Descriptor { seat: SeatId([4; 32]), ..taken.log }, ..good.clone() };
    assert!(!taken.give(vec![unknown])[0].is_empty(), "nobody's log");

    taken.header = Header { sequence: start.sequence + 5, ..start.clone() };
    let gap = taken.with_payload(&payload);
    assert!(matches!(taken.give(vec![gap])[0][..], [Problem::Gap(_)]), "a gap");
    taken.header = start.clone();
    let empty = Segment { entries: vec![], ..good.clone() };
    assert_eq!(taken.give(vec![empty])[0], [Problem::Forged], "nothing at all");
    let large = taken.entry(Kind::FACTS, vec![0; 256 * 1024 + 1]);
    let large = taken.sealed(vec![large]);
    assert_eq!(taken.give(vec![large])[0], [Problem::Forged], "a body too long to pass on");
    taken.header = Header { authority: FrontierId([8; 32]), ..start };
    let nowhere = taken.with_payload(&payload);
    assert!(matches!(taken.give(vec![nowhere])[0][..], [Problem::UnknownHeads(_)]), "heads nobody knows");

    assert_eq!(entries(&taken.office), before);
    taken.changes_nothing(None);
}

#[test]
fn lists_beyond_every_limit_end_the_session_and_leave_nothing_behind() {
    let mut taken = Taken::new(14);
    let head = Head { length: 1, hash: EntryHash([1; 32]) };
    let one = |log: u8| (LogId([log; 32]), vec![head]);
    let unsorted = AuthorityFrontier(vec![one(2), one(1)]);
    let twice = AuthorityFrontier(vec![one(1), one(1)]);
    let branches = (0..17).map(|length| Head { length, ..head }).collect();
    let broad = AuthorityFrontier(vec![(LogId([1; 32]), branches)]);
    let rows = |device: &Device| device.store().all_bytes().count();
    let before = rows(&taken.office);
    for list in [unsorted, twice, broad] {
        let message = Message::Authority { id: list.id(), base: None, changed: list, more: false };
        assert!(taken.office_refuses(&[message]));
    }
    let (id, section) = (FrontierId([3; 32]), taken.roll.section);
    let many = AuthorityFrontier((0..5_000_u32).map(|log| (LogId(wide(log)), vec![head])).collect());
    let flood = Message::Authority { id, base: None, changed: AuthorityFrontier(many.0[..3_000].to_vec()), more: true };
    assert!(taken.office_refuses(&vec![flood; 8]), "a list of heads without end");
    let named = |name: u32| Message::Frontier {
        section: Section { year: Year(u16::try_from(name).unwrap()), ..section },
        logs: vec![],
        records: vec![[1; 8]; 16_000],
        more: true,
    };
    assert!(taken.office_refuses(&(0..9).map(named).collect::<Vec<_>>()), "unfinished lists of many sections");
    let long = Record::Secret { id: SecretId([1; 16]), epoch: EpochId([1; 32]), sealed: vec![0; 4_000] };
    assert!(taken.office_refuses(&[Message::Records(section, vec![long])]), "a sealed record that is no secret");
    let mut frame = vec![0; muster_core::limits::FRAME_BYTES + 1];
    frame[0] = 1;
    let mut side = Conversation::start(&mut taken.office, taken.hall.device(), Moment::utc(0));
    assert!(side.receive(&mut taken.office, &frame, &mut taken.world.context()).is_err(), "a frame too long");
    assert_eq!(rows(&taken.office), before, "nothing of it is kept");
    taken.changes_nothing(None);
}

#[test]
fn logs_begun_in_thousands_of_sections_stop_at_a_limit_and_the_honest_ones_go_on() {
    let mut taken = Taken::new(16);
    let mut refused = 0;
    for batch in 0..17_u16 {
        let segments = (0..500_u16).map(|number| {
            let section = Section { year: Year(3_000 + batch * 500 + number), ..taken.roll.section };
            let descriptor = Descriptor { section, ..taken.log };
            let log = descriptor.id(&taken.office.school());
            let header = Header { log, sequence: 0, previous: EntryHash::ZERO, ..taken.header.clone() };
            let entry = Entry::new(header, vec![0; 8]);
            let seal = Seal::make(&taken.hall.device_secrets().seat.sign, &log, 1, &entry.hash());
            Segment { descriptor, entries: vec![entry], seal }
        });
        let segments: Vec<Segment> = segments.collect();
        let problems = taken.office.ingest(segments).unwrap().problems;
        refused += problems.iter().filter(|(_, problem)| *problem == Problem::TooManyLogs).count();
    }
    assert!(refused > 0, "there is an end to it");
    let payload = taken.payload(vec![fact(b"in a section that is held")]).encode().unwrap();
    let segment = taken.with_payload(&payload);
    assert!(taken.give(vec![segment])[0].is_empty());
    taken.world.write(&mut taken.office, None, &taken.roll, &["more"]);
    let expected = ["honest", "in a section that is held", "more"];
    assert_eq!(taken.world.read(&mut taken.office, None, &taken.roll), expected);
}

#[test]
fn keys_of_years_that_nobody_has_begun_keep_nobody_from_beginning_one() {
    let mut taken = Taken::new(17);
    let mut refused = 0;
    for device in [&mut taken.office, &mut taken.third] {
        let mut side = Conversation::start(device, taken.hall.device(), Moment::utc(0));
        for number in 0..8_200_u16 {
            let section = Section { year: Year(3_000 + number), ..taken.roll.section };
            let nonsense = Record::Secret { id: SecretId([1; 16]), epoch: EpochId([1; 32]), sealed: vec![0; 48] };
            let frame = Message::Records(section, vec![nonsense]).encode();
            let received = side.receive(device, &frame, &mut taken.world.context()).unwrap();
            refused += usize::from(matches!(received.refused[..], [(Problem::TooManyKeys, _)]));
        }
    }
    assert!(refused > 0, "there is an end to it, and it is said");
    let mut next = taken.roll.clone();
    next.section.year = Year(2027);
    taken.world.write(&mut taken.office, None, &next, &["in September"]);
    // Entries bring their year with them, and its keys come after.
    taken.world.meet(&mut taken.office, &mut taken.third);
    for device in [taken.office, taken.third] {
        let mut device = Replica::open(device.into_store(), &RULES).unwrap();
        assert_eq!(taken.world.read(&mut device, None, &next), ["in September"]);
    }
}

#[test]
fn false_keys_filed_under_true_names_keep_nobody_from_reading() {
    let mut taken = Taken::new(15);
    let log = taken.log.id(&taken.office.school());
    let entries: Vec<Entry> =
        taken.office.store().all_bytes().filter_map(|row| Entry::decode(row).ok()).map(|(entry, _)| entry).collect();
    let honest = entries.iter().find(|entry| entry.header().log == log && entry.header().kind == Kind::FACTS).unwrap();
    let epoch = honest.header().epoch;
    // A wrap of the honest epoch for a device that is yet to come, made by somebody who only knows its name.
    let (sign, agree) = (SignKey::random(&mut taken.world.random), AgreeKey::random(&mut taken.world.random));
    let Some(Record::Wrap { recipient, wrapped, .. }) =
        EpochKey::random(&mut taken.world.random).wrap_to(&agree.public(), epoch, &mut taken.world.random)
    else {
        panic!("no wrap");
    };
    taken.give_records(vec![Record::Wrap { epoch, recipient, wrapped, proof: [0; 16] }]);
    let to = Grantee::Device { device: DeviceId(sign.public().0), agree: agree.public() };
    let grant = Grant { to, rank: RANK_DEVICE, capabilities: device_rights(), until: None };
    taken.office.grant(&taken.head.seat.seat, grant, &mut taken.world.context()).unwrap();
    let secrets = DeviceSecrets::with_keys(sign, agree, taken.office.school(), &mut taken.world.random);
    let founding = taken.office.founding().clone();
    let mut late =
        Replica::join(MemoryStore::default(), &founding, secrets, &RULES, &mut taken.world.context()).unwrap();
    taken.world.meet(&mut taken.office, &mut late);
    assert_eq!(taken.world.read(&mut late, None, &taken.roll.clone()), ["honest"]);
    taken.changes_nothing(None);
}

impl Taken {
    fn office_refuses(&mut self, messages: &[Message]) -> bool {
        let mut side = Conversation::start(&mut self.office, self.hall.device(), Moment::utc(0));
        messages.iter().any(|message| {
            side.receive(&mut self.office, &message.encode(), &mut self.world.context())
                .is_err_and(|fault| fault.is_suspicious())
        })
    }
}

fn wide(number: u32) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes[..4].copy_from_slice(&number.to_be_bytes());
    bytes
}

#[test]
fn a_mark_with_an_invented_past_or_a_date_to_come_takes_the_place_of_no_honest_one() {
    let mut taken = Taken::new(16);
    taken.header.at = Moment::utc(4_102_444_800_000);
    let invented = (0..16).map(|n| FactRef { entry: EntryHash(wide(n)), index: 0 }).collect();
    let inflated = Fact { kind: 1, supersedes: invented, value: b"mine".to_vec() };
    let payload = taken.payload(vec![inflated]).encode().unwrap();
    let segment = taken.with_payload(&payload);
    taken.give(vec![segment]);
    let roll = taken.roll.clone();
    for device in [&mut taken.office, &mut taken.third] {
        while device.work(&mut taken.world.context()).unwrap().1 {}
        let seat = device.device_seat();
        let held = device.writer(seat, taken.world.context()).unwrap().facts(&roll).unwrap().unwrap();
        let current: Vec<&[u8]> = held.current().map(|held| held.fact.value.as_slice()).collect();
        assert!(current.contains(&&b"honest"[..]), "it takes nobody's place: both stand, for a person to settle");
        assert!(held.iter().all(|one| held.depth(&one.name) == 0), "what nobody has counts for nothing");
    }
}

#[test]
fn a_ciphertext_made_for_two_keys_opens_under_the_one_that_was_announced_and_no_other() {
    let mut taken = Taken::new(17);
    // One reader is sent another key under the name of the epoch that both know of, and an entry sealed under it.
    let epoch = taken.header.epoch;
    let other = EpochKey::random(&mut taken.world.random);
    let wraps: Vec<Record> = [&taken.office, &taken.third]
        .map(|device| device.device_secrets().public_agree())
        .iter()
        .map(|agree| other.wrap_to(agree, epoch, &mut taken.world.random).unwrap())
        .collect();
    taken.give_records(wraps);
    taken.key = other;
    let payload = taken.payload(vec![fact(b"for one reader only")]).encode().unwrap();
    let segment = taken.with_payload(&payload);
    taken.give(vec![segment]);
    let shown: Vec<Vec<String>> = [&mut taken.office, &mut taken.third]
        .map(|device| {
            while device.work(&mut taken.world.context()).unwrap().1 {}
            taken.world.read(device, None, &taken.roll)
        })
        .to_vec();
    assert_eq!(shown, [["honest"], ["honest"]], "nobody reads it, so nobody reads something else than the others");
    taken.goes_on();
}

//! Every decoder, fed thousands of spoilt inputs from one seed: it answers with an error or a value, never with a
//! panic, and what it accepts it gives back byte for byte.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

#[path = "common/world.rs"]
mod world;
use muster_core::authority::statement::Statement;
use muster_core::codec;
use muster_core::crypto::aead;
use muster_core::document::payload::Payload;
use muster_core::keys::bundle::Bundle;
use muster_core::keys::case;
use muster_core::keys::delivery::Delivery;
use muster_core::keys::epoch::{DocumentSecret, EpochInfo, EpochKey, EpochStatement};
use muster_core::keys::record::{Dropped, Record, Records};
use muster_core::keys::recovery::Card;
use muster_core::log::entry::Entry;
use muster_core::log::frontier::AuthorityFrontier;
use muster_core::log::header::Header;
use muster_core::replica::store::{Store as _, Table};
use muster_core::sync::message::Message;
use rand::Rng as _;
use world::*;

const MUTANTS: usize = 3_000;

/// Flips, cuts, repeats, inserts and overwrites with numbers that matter.
fn mutant(good: &[u8], random: &mut ChaCha20Rng) -> Vec<u8> {
    let mut bytes = good.to_vec();
    let mut below = |most: usize| (random.next_u64() % most.max(1) as u64) as usize;
    for _ in 0..1 + below(3) {
        let at = below(bytes.len());
        match below(7) {
            0 | 1 if !bytes.is_empty() => bytes[at] ^= 1 << below(8),
            2 => bytes.truncate(at),
            3 => bytes.insert(at, [0x00, 0x7f, 0x80, 0xff][below(4)]),
            4 => drop(bytes.splice(at..at, [0xff, 0xff, 0xff, 0xff, 0x0f])),
            5 if !bytes.is_empty() => bytes[at] = below(256) as u8,
            _ => {
                let end = (at + below(64)).min(bytes.len());
                let piece = bytes[at..end].to_vec();
                bytes.splice(at..at, piece);
            }
        }
    }
    bytes
}

/// What decoding makes of some bytes: an error, or a value and, where there is one, its encoding.
type Decode<'a> = &'a mut dyn FnMut(&[u8]) -> Option<Option<Vec<u8>>>;

fn spoil(name: &str, good: &[Vec<u8>], decode: Decode<'_>) {
    let mut random = ChaCha20Rng::seed_from_u64(0xDEC0DE);
    assert!(!good.is_empty(), "{name}: no sample");
    let mut refused = 0;
    for good in good {
        assert!(decode(good).is_some(), "{name}: a good one");
        for _ in 0..MUTANTS / good.len().div_ceil(20_000).max(1) {
            let bytes = mutant(good, &mut random);
            match decode(&bytes) {
                None => refused += 1,
                Some(Some(again)) => assert_eq!(again, bytes, "{name}: two encodings of one thing"),
                Some(None) => {}
            }
        }
    }
    assert!(refused > 0, "{name}: everything is taken");
}

/// One of each length, so that a sample is not a thousand alike.
fn sample(all: impl Iterator<Item = Vec<u8>>) -> Vec<Vec<u8>> {
    let by_length: std::collections::BTreeMap<usize, Vec<u8>> = all.map(|one| (one.len(), one)).collect();
    by_length.into_values().take(12).collect()
}

#[test]
fn spoilt_entries_headers_statements_and_rows_never_bring_a_decoder_down() {
    let (_, office, _, _) = small_school(1);
    let rows = |table| office.store().range(table, &[], None, usize::MAX).unwrap().into_iter().map(|(_, value)| value);
    let entries: Vec<Entry> = rows(Table::Entries).map(|row| Entry::decode(&row).unwrap().0).collect();
    spoil("entry", &sample(rows(Table::Entries)), &mut |bytes| Entry::decode(bytes).ok().map(|_| None));
    spoil("header", &sample(entries.iter().map(|entry| entry.header().encode())), &mut |bytes| {
        Header::decode(bytes).ok().map(|header| Some(header.encode()))
    });
    let statements = entries.iter().filter(|entry| Statement::decode(entry.body()).is_ok());
    spoil("statement", &sample(statements.map(|entry| entry.body().to_vec())), &mut |bytes| {
        Statement::decode(bytes).ok().map(|statement| Some(statement.encode()))
    });
    let epochs = entries.iter().filter(|entry| codec::decode::<EpochStatement>(entry.body()).is_ok());
    spoil("epoch", &sample(epochs.map(|entry| entry.body().to_vec())), &mut |bytes| {
        codec::decode::<EpochStatement>(bytes).ok().map(|epoch| Some(codec::encode(&epoch)))
    });
    spoil("epoch row", &sample(rows(Table::Epochs)), &mut |bytes| {
        codec::decode::<EpochInfo>(bytes).ok().map(|info| Some(codec::encode(&info)))
    });
    let founding = office.founding();
    spoil("founding", &[codec::encode(founding)], &mut |bytes| {
        Founding::decode(bytes).ok().map(|founding| Some(codec::encode(&founding)))
    });
    let secrets = office.device_secrets().encode().to_vec();
    spoil("device", &[secrets], &mut |bytes| DeviceSecrets::decode(bytes).ok().map(|it| Some(it.encode().to_vec())));
}

#[test]
fn spoilt_payloads_never_bring_a_decoder_down() {
    let fact = |value: &str| Fact { kind: 1, supersedes: vec![], value: value.as_bytes().to_vec() };
    let short = Payload { kind: 1, key: b"key".to_vec(), facts: vec![fact("a")] };
    let long = Payload { kind: 1, key: b"key".to_vec(), facts: vec![fact("the same again"); 400] };
    let good: Vec<Vec<u8>> = [short, long].iter().map(|payload| payload.encode().unwrap()).collect();
    assert_eq!((good[0][0], good[1][0]), (0, 1), "one plain, one packed");
    spoil("payload", &good, &mut |bytes| {
        Payload::decode(bytes).ok().map(|payload| {
            assert!(codec::encode(&payload).len() <= muster_core::limits::PAYLOAD_BYTES);
            None
        })
    });
}

#[test]
fn spoilt_frames_never_bring_a_conversation_down() {
    let (mut world, mut office, head, _) = small_school(2);
    let mut late = world.let_in(&mut office, &head);
    // Every frame of a first meeting.
    let mut frames = Vec::new();
    let mut a = Conversation::start(&mut office, late.device(), Moment::utc(0));
    let mut b = Conversation::start(&mut late, office.device(), Moment::utc(0));
    loop {
        let before = frames.len();
        while let Some(frame) = a.next(&mut office).unwrap() {
            b.receive(&mut late, &frame, &mut world.context()).unwrap();
            frames.push(frame);
        }
        while let Some(frame) = b.next(&mut late).unwrap() {
            a.receive(&mut office, &frame, &mut world.context()).unwrap();
            frames.push(frame);
        }
        if frames.len() == before {
            break;
        }
    }
    let frames = sample(frames.into_iter());
    spoil("message", &frames, &mut |bytes| Message::decode(bytes).ok().map(|message| Some(message.encode())));
    let state = office.view().state_hash();
    let mut victim = Replica::open(office.into_store(), &RULES).unwrap();
    let mut random = ChaCha20Rng::seed_from_u64(3);
    for frame in &frames {
        for _ in 0..150 {
            let mut side = Conversation::start(&mut victim, late.device(), Moment::utc(0));
            let _ = side.receive(&mut victim, &mutant(frame, &mut random), &mut world.context());
            for _ in 0..3 {
                side.next(&mut victim).unwrap();
            }
        }
    }
    assert_eq!(victim.view().state_hash(), state);
    assert!(victim.verify(&mut |_, _| {}).unwrap().is_sound());
}

/// What is within a case's record, spoilt under a cover that holds.
fn spoil_case(record: &Record, cover: &EpochKey, from: &AgreeKey, to: &AgreeKey) {
    let Record::Case { id, epoch, sealed } = record else { panic!("not of a case") };
    let bound = [id.0.as_slice(), &epoch.0].concat();
    let inside = aead::open_framed(&cover.cases(), &bound, sealed).unwrap();
    let mut random = ChaCha20Rng::seed_from_u64(8);
    let common = to.in_common(&from.public());
    spoil("inside of a case", &[inside], &mut |bytes| {
        let sealed = aead::seal_framed(&cover.cases(), &bound, bytes, &mut random).unwrap();
        let (secret, about) = case::Covered::open(id, epoch, cover, &sealed)?.open_with(to, &to.public(), &common)?;
        assert_eq!((secret.id(), about.handle), (*id, secret.handle));
        Some(None)
    });
}

#[test]
fn spoilt_records_lists_cards_codes_and_bundles_never_bring_a_decoder_down() {
    let (mut world, office, head, _) = small_school(3);
    let section = document(ROLL, "").section;
    let key = muster_core::keys::epoch::EpochKey::random(&mut world.random);
    let epoch = EpochId(key.commitment(&office.school(), &section).0);
    let wrap = key.wrap_to(&office.device_secrets().public_agree(), epoch, &mut world.random).unwrap();
    let secret = DocumentSecret::random(Handle([1; 16]), &mut world.random);
    let (from, to) = (AgreeKey::random(&mut world.random), AgreeKey::random(&mut world.random));
    let left_out = [PersonId([3; 16])];
    let of_case = case::seal(&secret, (epoch, &key), &from, &[to.public()], &left_out, &mut world.random).unwrap();
    spoil_case(&of_case, &key, &from, &to);
    let dropped = Record::Dropped(Dropped::make(
        &office.school(),
        &section,
        &office.device_secrets().sign,
        office.device_secrets().public_agree().recipient(),
        1,
        20_000,
    ));
    let mut records = Records::default();
    records.insert(section, wrap.clone(), 10);
    records.insert(section, of_case.clone(), 10);
    let older = key.seal_older(&epoch, &EpochId([4; 32]), &key, &mut world.random).unwrap();
    spoil(
        "record",
        &[codec::encode(&wrap), codec::encode(&of_case), codec::encode(&older), codec::encode(&dropped)],
        &mut |bytes| codec::decode::<Record>(bytes).ok().map(|record| Some(codec::encode(&record))),
    );
    spoil("records", &[records.encode(&section)], &mut |bytes| {
        Records::default().decode(section, bytes).ok().map(|()| None)
    });
    let head_at = muster_core::log::frontier::Head { length: 3, hash: EntryHash([1; 32]) };
    let list = AuthorityFrontier((0..9).map(|log| (LogId([log; 32]), vec![head_at])).collect());
    spoil("list", &[codec::encode(&list)], &mut |bytes| {
        codec::decode::<AuthorityFrontier>(bytes).ok().map(|list| Some(codec::encode(&list)))
    });
    let (founding, _, _, cards) = Founding::new(&mut world.random).unwrap();
    spoil("card", &[cards[0].to_text().as_bytes().to_vec()], &mut |bytes| {
        let card = Card::from_text(std::str::from_utf8(bytes).ok()?).ok()?;
        let _ = muster_core::keys::recovery::recovery_key(&founding, &card, &cards[1]);
        Some(None)
    });
    let code = Code::new(office.device(), vec!["10.0.0.1:4433".into()], &mut world.random);
    spoil("code", &[code.to_text().as_bytes().to_vec()], &mut |bytes| {
        TypedCode::from_text(std::str::from_utf8(bytes).ok()?).ok().map(|_| None)
    });
    let (school, to) = (office.school(), office.device_secrets().clone());
    let words = "four quiet generated words";
    let sealed = Bundle::seal(&head.own(), &school, 1, words, Cost::TEST, &mut world.random).unwrap();
    spoil("bundle", &[codec::encode(&sealed)], &mut |bytes| {
        let bundle: Bundle = codec::decode(bytes).ok().filter(|bundle: &Bundle| bundle.holds(&school))?;
        bundle.open(words).ok().map(|_| Some(codec::encode(&bundle)))
    });
    let agree = (to.id(), &to.public_agree());
    let sent = Delivery::make((&sealed, "Helen Marsh"), &school, agree, &to.sign, &mut world.random).unwrap();
    spoil("delivery", &[codec::encode(&sent)], &mut |bytes| {
        let sent: Delivery = codec::decode(bytes).ok().filter(|sent: &Delivery| sent.holds(&school))?;
        sent.open(&school, &to.agree).map(|_| Some(codec::encode(&sent)))
    });
}

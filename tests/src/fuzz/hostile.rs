//! What an enrolled writer with a changed program can say: bytes are a script of entries that are rightly sealed, signed
//! and chained, and hold what no honest program writes. Two devices are given them in two orders.
//!
//! Whatever the script: neither is brought down, both come to the same rights, the same verdicts and the same documents,
//! and what honest people wrote is still read. In `core/tests/attacks.rs` are the attacks that
//! somebody thought of.

use super::invent::Inventor;
use super::samples::world::*;
use super::targets::NOW;
use super::{Outcome, Target};
use muster_core::authority::erasure::ErasureAct;
use muster_core::authority::grant::Registration;
use muster_core::authority::reduction::{Adoption, Lift, NewKeys, Removal, Suspension};
use muster_core::authority::statement::Statement;
use muster_core::authority::view::Ends;
use muster_core::codec;
use muster_core::crypto::aead;
use muster_core::document::body;
use muster_core::document::fact::FactRef;
use muster_core::document::payload::{Payload, handle};
use muster_core::keys::epoch::{DocumentSecret, EpochKey, EpochKind, EpochStatement};
use muster_core::keys::record::Record;
use muster_core::log::entry::Entry;
use muster_core::log::header::{Descriptor, Header, Kind};
use muster_core::log::seal::Seal;
use muster_core::replica::Segment;
use muster_core::sync::message::Message;
use rand::Rng as _;
use std::collections::BTreeMap;

/// Entries of one script at most.
const ENTRIES: usize = 24;
/// Documents that it writes to.
const DOCUMENTS: [&str; 3] = ["day 1", "day 2", "day 3"];

/// A school whose hall device was taken over, before it says anything.
struct Taken {
    stores: [MemoryStore; 2],
    hall: DeviceId,
    sign: SignKey,
    school: SchoolId,
    /// The next header of the roll's log, and of the authority log, of the hall's seat.
    headers: [Header; 2],
    logs: [Descriptor; 2],
    key: EpochKey,
    secrets: Vec<DocumentSecret>,
    /// What both need to open what is honest in form: given to each first, or last.
    records: Vec<Record>,
    epoch: Segment,
    /// Grants of the school.
    grants: Vec<GrantId>,
}

fn taken() -> Taken {
    let mut world = World::new(14);
    let (mut office, head) = world.found();
    let mut hall = world.let_in(&mut office, &head);
    let mut third = world.let_in(&mut office, &head);
    world.meet(&mut office, &mut hall);
    world.meet(&mut office, &mut third);
    let roll = document(ROLL, DOCUMENTS[0]);
    world.write(&mut hall, None, &roll, &["honest"]);
    world.write(&mut office, None, &roll, &["honest too"]);
    world.meet(&mut hall, &mut office);
    world.meet(&mut office, &mut third);
    let (school, seat) = (office.school(), hall.device_seat());
    let logs = [roll.section, Section::AUTHORITY].map(|section| Descriptor { seat, section });
    let grant = hall.view().may(&seat, Right::Write, &roll.section.compartment, Ends::Whenever).unwrap();
    let key = EpochKey::random(&mut world.random);
    let statement = EpochStatement {
        epoch: EpochId::ZERO,
        key: key.commitment(&school, &roll.section),
        kind: EpochKind::Open,
        supersedes: vec![],
        recipients: vec![],
    };
    let statement = statement.named(&school, &roll.section, &seat);
    let epoch = statement.epoch;
    let mut headers = logs.map(|log| {
        let tip = hall.logs()[&log.id(&school)].heads[0];
        Header {
            version: 1,
            suite: 1,
            kind: Kind::FACTS,
            log: log.id(&school),
            sequence: tip.length,
            previous: tip.hash,
            act: ActId([1; 16]),
            at: NOW,
            authority: hall.authority_heads(),
            grant,
            epoch,
            body_length: 0,
            body_hash: [0; 32],
        }
    });
    let secrets: Vec<DocumentSecret> = DOCUMENTS
        .iter()
        .map(|name| DocumentSecret::random(handle(&school, &document(ROLL, name)), &mut world.random))
        .collect();
    let mut records: Vec<Record> =
        secrets.iter().map(|secret| secret.seal(epoch, &key, &mut world.random).unwrap()).collect();
    for device in [&office, &third] {
        let agree = device.device_secrets().public_agree();
        records.push(key.wrap_to(&agree, epoch, &mut world.random).unwrap());
    }
    let sign = hall.device_secrets().seat.sign.clone();
    let announced = chained(&mut headers[0], Kind::EPOCH, codec::encode(&statement));
    let epoch = sealed(&sign, logs[0], vec![announced]);
    let said = office.statements().iter().filter(|(_, placed)| matches!(placed.statement, Statement::Grant(_)));
    let grants = said.map(|(name, _)| GrantId(name.0)).chain([office.founding().head_grant()]).collect();
    let hall = hall.device();
    let stores = [office.into_store(), third.into_store()];
    Taken { stores, hall, sign, school, headers, logs, key, secrets, records, epoch, grants }
}

fn chained(header: &mut Header, kind: Kind, body: Vec<u8>) -> Entry {
    let entry = Entry::new(Header { kind, ..header.clone() }, body);
    header.sequence += 1;
    header.previous = entry.hash();
    entry
}

fn sealed(sign: &SignKey, descriptor: Descriptor, entries: Vec<Entry>) -> Segment {
    let last = entries.last().unwrap();
    let seal = Seal::make(sign, &last.header().log, last.header().sequence + 1, &last.hash());
    Segment { descriptor, entries, seal }
}

/// Bytes as numbers and pieces, zeros once they are over.
struct Script<'a>(&'a [u8]);

impl<'a> Script<'a> {
    fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first
    }

    fn below(&mut self, most: usize) -> usize {
        usize::from(self.byte()) % most.max(1)
    }

    fn piece(&mut self) -> &'a [u8] {
        let length = self.below(48).min(self.0.len());
        let (piece, rest) = self.0.split_at(length);
        self.0 = rest;
        piece
    }

    /// A value of a type, made up from the next eight bytes.
    fn made<T: for<'de> serde::Deserialize<'de>>(&mut self) -> Option<T> {
        let seed = (0..8).fold(0, |seed: u64, _| seed << 8 | u64::from(self.byte()));
        let mut random = ChaCha20Rng::seed_from_u64(seed);
        (0..64).find_map(|_| T::deserialize(&mut Inventor(&mut random)).ok())
    }
}

impl Taken {
    /// What the script says, in pieces of a log each.
    fn said(&self, script: &mut Script<'_>) -> Vec<Segment> {
        let mut headers = self.headers.clone();
        let (mut segments, mut open): (Vec<Segment>, [Vec<Entry>; 2]) = (Vec::new(), [vec![], vec![]]);
        let mut names = vec![EntryHash([7; 32])];
        let mut random = ChaCha20Rng::seed_from_u64(15);
        for _ in 0..ENTRIES {
            if script.0.is_empty() {
                break;
            }
            let what = script.byte();
            match what % 8 {
                0..=2 => {
                    let entry = self.facts(script, &mut headers[0], &names, &mut random);
                    names.extend(entry.as_ref().map(Entry::hash));
                    open[0].extend(entry);
                }
                3 => {
                    // Inside of both layers anything at all.
                    let (at, text) = (script.below(DOCUMENTS.len()), script.piece());
                    let nonce = aead::nonce(&mut random);
                    let body = body::seal(&headers[0], &self.key, &self.secrets[at], text, nonce);
                    open[0].extend(body.map(|body| chained(&mut headers[0], Kind::FACTS, body)));
                }
                4 => {
                    let body = match script.made::<EpochStatement>() {
                        Some(made) if script.byte().is_multiple_of(2) => {
                            codec::encode(&made.named(&self.school, &self.logs[0].section, &self.logs[0].seat))
                        }
                        Some(made) => codec::encode(&made),
                        None => script.piece().to_vec(),
                    };
                    open[0].push(chained(&mut headers[0], Kind::EPOCH, body));
                }
                5 => {
                    let body = self.statement(script);
                    let grant = self.grants[script.below(self.grants.len())];
                    headers[1].grant = if script.byte().is_multiple_of(4) { GrantId::ZERO } else { grant };
                    open[1].push(chained(&mut headers[1], Kind::STATEMENT, body));
                }
                6 => {
                    // The next one says another time, act, grant or kind of epoch.
                    let header = &mut headers[usize::from(what >> 3) % 2];
                    match script.byte() % 5 {
                        0 => header.at.utc_ms += i64::from(script.byte()) << script.below(40),
                        1 => header.act = ActId([script.byte(); 16]),
                        2 => header.grant = self.grants[script.below(self.grants.len())],
                        3 => header.authority = FrontierId([script.byte(); 32]),
                        _ => {
                            let kind = Kind(script.byte());
                            let body = script.piece().to_vec();
                            let which = usize::from(header.log == self.headers[1].log);
                            open[which].push(chained(header, kind, body));
                        }
                    }
                }
                _ => self.close(&mut open, &mut segments),
            }
        }
        self.close(&mut open, &mut segments);
        segments
    }

    fn close(&self, open: &mut [Vec<Entry>; 2], segments: &mut Vec<Segment>) {
        for (entries, log) in open.iter_mut().zip(self.logs) {
            if !entries.is_empty() {
                segments.push(sealed(&self.sign, log, std::mem::take(entries)));
            }
        }
    }

    /// Facts that replace what was never there, what comes later, each other.
    fn facts(
        &self,
        script: &mut Script<'_>,
        header: &mut Header,
        names: &[EntryHash],
        random: &mut ChaCha20Rng,
    ) -> Option<Entry> {
        let at = script.below(DOCUMENTS.len());
        let facts = (0..script.below(4)).map(|_| {
            let supersedes = (0..script.below(4))
                .map(|_| FactRef { entry: names[script.below(names.len())], index: u16::from(script.byte() % 4) });
            let supersedes = supersedes.collect();
            Fact { kind: u16::from(script.byte()), supersedes, value: script.piece().to_vec() }
        });
        let facts = facts.collect();
        // Now and then it says one document outside and another inside.
        let named = DOCUMENTS[if script.byte().is_multiple_of(8) { script.below(DOCUMENTS.len()) } else { at }];
        let kind = if script.byte().is_multiple_of(8) { u16::from(script.byte()) } else { 1 };
        let payload = Payload { kind, key: named.as_bytes().to_vec(), facts };
        let text = payload.encode().ok()?;
        let body = body::seal(header, &self.key, &self.secrets[at], &text, aead::nonce(random))?;
        Some(chained(header, Kind::FACTS, body))
    }

    fn statement(&self, script: &mut Script<'_>) -> Vec<u8> {
        let statement = match script.byte() % 9 {
            0 => script.made().map(|made: Grant| Statement::Grant(made)),
            1 => script.made().map(|made: Registration| Statement::Registration(made)),
            2 => script.made().map(|made: Removal| Statement::Removal(made)),
            3 => script.made().map(|made: Suspension| Statement::Suspension(made)),
            4 => script.made().map(|made: Lift| Statement::Lift(made)),
            5 => script.made().map(|made: Adoption| Statement::Adoption(made)),
            6 => script.made().map(|made: NewKeys| Statement::NewKeys(made)),
            7 => script.made().map(|made: ErasureAct| Statement::Erasure(made)),
            _ => None,
        };
        // Of devices that are there: the one that was taken over itself, and nobody.
        let statement = match statement {
            Some(Statement::Suspension(said)) if script.byte().is_multiple_of(2) => {
                Some(Statement::Suspension(Suspension { device: self.hall, ..said }))
            }
            other => other,
        };
        statement.map_or_else(|| script.piece().to_vec(), |statement| statement.encode())
    }

    /// Gives it all to one device; `turned` is the other order.
    fn give(&self, which: usize, segments: &[Segment], turned: bool) -> Replica<MemoryStore> {
        let mut device = Replica::open(self.stores[which].clone(), &RULES).unwrap();
        let mut random = ChaCha20Rng::seed_from_u64(16);
        let frame = Message::Records(self.logs[0].section, self.records.clone()).encode();
        let records = |device: &mut Replica<MemoryStore>, random: &mut ChaCha20Rng| {
            let mut side = Conversation::start(device, self.hall, NOW);
            let _ = side.receive(device, &frame, &mut Context { now: NOW, random });
        };
        let mut all = vec![self.epoch.clone()];
        all.extend(segments.iter().cloned());
        if turned {
            // The keys last, and of the two logs the one that came first last.
            all.sort_by_key(|segment| segment.descriptor.section != Section::AUTHORITY);
            for segment in all {
                device.ingest(vec![segment.clone()]).unwrap();
                device.ingest(vec![segment]).unwrap();
            }
            settle(&mut device, &mut random);
            records(&mut device, &mut random);
        } else {
            records(&mut device, &mut random);
            all.sort_by_key(|segment| segment.descriptor.section == Section::AUTHORITY);
            for segment in all {
                device.ingest(vec![segment]).unwrap();
                settle(&mut device, &mut random);
            }
        }
        settle(&mut device, &mut random);
        device
    }
}

fn settle(device: &mut Replica<MemoryStore>, random: &mut ChaCha20Rng) {
    for _ in 0..64 {
        if !device.work(&mut Context { now: NOW, random }).unwrap().1 {
            return;
        }
    }
    panic!("a device does not come to an end of its work");
}

/// What a device shows of the roll: each document's facts, by name; and why the others wait.
fn shown(device: &mut Replica<MemoryStore>) -> (BTreeMap<String, Vec<String>>, Vec<u8>) {
    let (seat, mut random) = (device.device_seat(), ChaCha20Rng::seed_from_u64(17));
    let section = document(ROLL, "").section;
    let mut waiting: Vec<u8> = device.waiting(&section).unwrap().into_iter().map(|verdict| verdict as u8).collect();
    waiting.sort_unstable();
    let mut records = device.writer(seat, Context { now: NOW, random: &mut random }).unwrap();
    let documents = DOCUMENTS.map(|name| {
        let facts = records.facts(&document(ROLL, name)).unwrap();
        let facts = facts.iter().flat_map(|facts| facts.iter());
        (name.to_owned(), facts.map(|held| format!("{:?} {:?}", held.name, held.fact)).collect())
    });
    (documents.into(), waiting)
}

/// See the module.
pub(super) fn target() -> Target {
    let taken = taken();
    let mut random = ChaCha20Rng::seed_from_u64(18);
    let mut samples: Vec<Vec<u8>> = (0..24)
        .map(|_| {
            let mut script = vec![0; 200];
            random.fill_bytes(&mut script);
            script
        })
        .collect();
    // One of each act by itself, and facts that replace each other.
    samples.extend((0..8).map(|act| vec![act; 48]));
    samples.push([0, 0, 1, 0, 1, 3, b'x', b'y', b'z', 1, 1].repeat(6));
    let run = move |bytes: &[u8]| {
        let segments = taken.said(&mut Script(bytes));
        let (mut left, mut right) = (taken.give(0, &segments, false), taken.give(1, &segments, true));
        assert_eq!(left.view().state_hash(), right.view().state_hash(), "both come to the same rights");
        let (one, other) = (shown(&mut left), shown(&mut right));
        assert_eq!(one.0, other.0, "both come to the same documents");
        assert_eq!(one.1, other.1, "and for the same reasons the rest waits");
        let honest = &one.0[DOCUMENTS[0]];
        assert!(honest.len() >= 2, "what honest people wrote is read: {honest:?}");
        for device in [&left, &right] {
            // It may name what is not legal; it does not fail.
            device.verify(&mut |_, _| {}).unwrap();
        }
        Outcome::Taken(None)
    };
    Target { cost: 256, ..super::targets::target("hostile", samples, run) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_script_says_reaches_both_devices_and_its_facts_are_read_and_its_statements_held() {
        let taken = taken();
        let before = taken.give(0, &[], false).statements().len();
        // Two facts of one entry, the second of which replaces one that never was; then two statements.
        let facts = [0, 0, 2, 0, 1, 3, b'o', b'n', b'e', 1, 0, 0, 1, 3, b't', b'w', b'o', 1, 1];
        let statement = |seed: u8| [5, 4, 1, 2, 3, 4, 5, 6, 7, seed, 0, 1];
        let script = [&facts[..], &statement(1), &[7], &statement(2)].concat();
        let segments = taken.said(&mut Script(&script));
        assert_eq!(segments.len(), 3, "a piece of the roll's log and two of the other");
        for (which, turned) in [(0, false), (1, true)] {
            let mut device = taken.give(which, &segments, turned);
            let (documents, waiting) = shown(&mut device);
            assert_eq!(documents[DOCUMENTS[0]].len(), 4, "two honest facts and two of the script: {documents:?}");
            assert!(waiting.is_empty(), "{waiting:?}");
            assert_eq!(device.statements().len(), before + 2);
        }
        // Another's document inside than outside is for neither.
        let mut other = facts;
        other[1] = 1;
        let segments = taken.said(&mut Script(&[&other[..17], &[0, 0, 1]].concat()));
        let (documents, waiting) = shown(&mut taken.give(0, &segments, false));
        assert_eq!((documents[DOCUMENTS[0]].len(), waiting.len()), (2, 1), "{documents:?}");
    }
}

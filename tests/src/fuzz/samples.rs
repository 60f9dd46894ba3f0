//! Good bytes of every format, made by a small school from one seed: what is spoilt, and what is frozen.

#[path = "../../../core/tests/common/world.rs"]
pub(super) mod world;

use super::variants;
use muster_core::backup::BackupKey;
use muster_core::backup::form::HEAD;
use muster_core::backup::read::Archive;
use muster_core::backup::shelf::{MemoryShelf, Shelf as _};
use muster_core::backup::write::Run;
use muster_core::checkpoint::Checkpoint;
use muster_core::codec;
use muster_core::extract::Wanted;
use muster_core::keys::bundle::Bundle;
use muster_core::keys::case;
use muster_core::keys::delivery::Delivery;
use muster_core::keys::epoch::{DocumentSecret, EpochKey};
use muster_core::keys::marshal::MarshalLock;
use muster_core::keys::record::{Dropped, Record, Records};
use muster_core::log::entry::Entry;
use muster_core::log::frontier::{AuthorityFrontier, Head};
use muster_core::log::header::Kind;
use muster_core::replica::store::{Store as _, Table};
use muster_core::sync::carry::Scope;
use muster_core::sync::carry::give::CarryOut;
use std::collections::BTreeMap;
use world::*;

pub use world::{Device, REGISTER, ROLL as ROLL_AREA, RULES, SITE, World, document};

/// The passphrase of the bundle among the samples.
pub const WORDS: &str = "four quiet generated words";

/// A school, and the bytes of it.
pub struct Samples {
    /// Randomness and time.
    pub world: World,
    /// Its first device.
    pub office: Device,
    /// Another.
    pub hall: Device,
    /// Who founded it.
    pub head: Opened,
    /// A backup of the first, and what opens it.
    pub shelf: MemoryShelf,
    /// See `shelf`.
    pub backup_key: BackupKey,
    /// By format, good bytes, one of each length.
    pub good: BTreeMap<&'static str, Vec<Vec<u8>>>,
}

impl std::fmt::Debug for Samples {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "samples of {} formats", self.good.len())
    }
}

/// One of each length, so that they are not a thousand alike.
fn some(all: impl Iterator<Item = Vec<u8>>) -> Vec<Vec<u8>> {
    let by_length: BTreeMap<usize, Vec<u8>> = all.map(|one| (one.len(), one)).collect();
    by_length.into_values().take(12).collect()
}

/// Makes them.
pub fn samples() -> Samples {
    let (mut world, mut office, head, mut hall) = small_school(11);
    let mut good: BTreeMap<&'static str, Vec<Vec<u8>>> = BTreeMap::new();
    let rights = [(Right::Read, REGISTER), (Right::Write, REGISTER)];
    let teacher = world.person((&mut office, &head), &mut hall, 4, &rights);
    world.write(&mut hall, Some(teacher.seat.seat), &document(REGISTER, "5B week 48"), &["present"]);
    for device in [&mut office, &mut hall] {
        device.checkpoint(&mut world.context()).unwrap();
    }
    let frames = frames(&mut world, &mut office, &mut hall);
    good.insert("message", some(frames.into_iter()));
    let gone = muster_core::authority::reduction::Target::Device(hall.device());
    let mut other = Replica::open(office.store().clone(), &RULES).unwrap();
    other.sign_in(&head);
    let why = muster_core::authority::reduction::Reason::Lost;
    other.remove(&head.seat.seat, gone, why, &mut world.context()).unwrap();
    let rows = |device: &Device, table| -> Vec<Vec<u8>> {
        device.store().range(table, &[], None, usize::MAX).unwrap().into_iter().map(|(_, value)| value).collect()
    };
    let all = rows(&other, Table::Entries);
    let entries: Vec<Entry> = all.iter().map(|row| Entry::decode(row).unwrap().0).collect();
    let bodies =
        |kind| some(entries.iter().filter(move |one| one.header().kind == kind).map(|one| one.body().to_vec()));
    good.insert("statement", bodies(Kind::STATEMENT));
    good.insert("epoch", bodies(Kind::EPOCH));
    good.insert("header", some(entries.iter().map(|entry| entry.header().encode())));
    good.insert("entry", some(all.into_iter()));
    good.insert("log-state", some(rows(&office, Table::Logs).into_iter()));
    good.insert("epoch-row", some(rows(&office, Table::Epochs).into_iter()));
    good.insert("founding", vec![codec::encode(office.founding())]);
    good.insert("device-file", vec![office.device_secrets().encode().to_vec()]);
    let own = office.checkpoints().filter(|(_, one)| one.said.seat == office.device_seat());
    let said = own.map(|(_, one)| codec::encode::<Checkpoint>(one));
    good.insert("checkpoint", some(said));
    keys(&mut world, &office, &head, &mut good);
    let code = Code::new(office.device(), vec!["10.0.0.1:4433".into()], &mut world.random);
    good.insert("code", vec![code.to_text().as_bytes().to_vec(), code.words.as_bytes().to_vec()]);
    good.insert("join", world.overheard.clone());
    let fact = |value: &str| Fact { kind: 1, supersedes: vec![], value: value.as_bytes().to_vec() };
    let payload = |facts| muster_core::document::payload::Payload { kind: 1, key: b"key".to_vec(), facts };
    let short = payload(vec![fact("a")]).encode().unwrap();
    let long = payload(vec![fact("the same again"); 400]).encode().unwrap();
    good.insert("payload", vec![short, long]);
    good.insert("fact", vec![codec::encode(&fact("a register's mark"))]);
    let mut file = CarryOut::start(&office, Scope::Everything, None, &mut world.context());
    let mut carried = Vec::new();
    while let Some(more) = file.next(&office).unwrap() {
        carried.extend(more);
    }
    good.insert("carried", vec![carried]);
    let wanted = Wanted {
        what: "The register".to_owned(),
        to: "The authority".to_owned(),
        rows: 1,
        table: b"Class,Code\nBeech,L\n".to_vec(),
        ..Wanted::default()
    };
    let peer = |_: &DeviceId| ("Hall tablet".to_owned(), Some(Moment::utc(5)));
    let extract = office.extract(&head.seat.seat, wanted, Moment::utc(9), |_| true, peer).unwrap();
    good.insert("extract", vec![extract.encode()]);
    let sealed = office.device_secrets().seal_file("local", b"what this device remembers", &mut world.random).unwrap();
    good.insert("sealed-file", vec![sealed]);
    let (shelf, backup_key) = archive(&mut world, &office);
    variants::add(&mut good);
    Samples { world, office, hall, head, shelf, backup_key, good }
}

/// A backup of all that a device holds.
pub fn archive(world: &mut World, device: &Device) -> (MemoryShelf, BackupKey) {
    let key = BackupKey::random(&mut world.random);
    let head = key.head(device.founding(), device.device_secrets(), &mut world.random).unwrap();
    let mut shelf = MemoryShelf::default();
    shelf.put(HEAD, &head).unwrap();
    let inventory = Archive::open(&shelf, &key).unwrap().inventory().unwrap();
    let mut run = Run::begin(device, key.clone(), inventory).unwrap();
    let files = || Ok(device.store().file_names().map(str::to_owned).collect());
    while let Some(made) = run.next(device, &mut files.clone(), &mut world.context()).unwrap() {
        shelf.put(&made.name, &made.bytes).unwrap();
    }
    (shelf, key)
}

fn frames(world: &mut World, office: &mut Device, hall: &mut Device) -> Vec<Vec<u8>> {
    let mut frames = Vec::new();
    let mut a = Conversation::start(office, hall.device(), Moment::utc(0));
    let mut b = Conversation::start(hall, office.device(), Moment::utc(0));
    loop {
        let before = frames.len();
        while let Some(frame) = a.next(office).unwrap() {
            b.receive(hall, &frame, &mut world.context()).unwrap();
            frames.push(frame);
        }
        while let Some(frame) = b.next(hall).unwrap() {
            a.receive(office, &frame, &mut world.context()).unwrap();
            frames.push(frame);
        }
        if frames.len() == before {
            return frames;
        }
    }
}

fn keys(world: &mut World, office: &Device, head: &Opened, good: &mut BTreeMap<&'static str, Vec<Vec<u8>>>) {
    let section = document(ROLL, "").section;
    let (school, secrets) = (office.school(), office.device_secrets());
    let key = EpochKey::random(&mut world.random);
    let epoch = EpochId(key.commitment(&school, &section).0);
    let wrap = key.wrap_to(&secrets.public_agree(), epoch, &mut world.random).unwrap();
    let secret = DocumentSecret::random(Handle([1; 16]), &mut world.random);
    let of_document = secret.seal(epoch, &key, &mut world.random).unwrap();
    let (from, to) = (AgreeKey::random(&mut world.random), AgreeKey::random(&mut world.random));
    let left_out = [PersonId([3; 16])];
    let of_case = case::seal(&secret, (epoch, &key), &from, &[to.public()], &left_out, &mut world.random).unwrap();
    let recipient = secrets.public_agree().recipient();
    let dropped = Record::Dropped(Dropped::make(&school, &section, &secrets.sign, recipient, 1, 20_000));
    let older = key.seal_older(&epoch, &EpochId([4; 32]), &key, &mut world.random).unwrap();
    let bundle = Bundle::seal(&head.own(), &school, 1, WORDS, Cost::TEST, &mut world.random).unwrap();
    let agree = (secrets.id(), &secrets.public_agree());
    let sent = Delivery::make((&bundle, "Helen Marsh"), &school, agree, &secrets.sign, &mut world.random).unwrap();
    let mut records = Records::default();
    let mut all = vec![wrap, of_document, of_case, dropped, older];
    for record in &all {
        records.insert(section, record.clone(), 10);
    }
    all.push(Record::Delivery(Box::new(sent.clone())));
    all.extend(office.checkpoints().map(|(_, one)| Record::Checkpoint(Box::new(one.clone()))));
    good.insert("record", all.iter().map(codec::encode).collect());
    good.insert("key-file", vec![records.encode(&section)]);
    good.insert("bundle", vec![codec::encode(&bundle)]);
    good.insert("delivery", vec![codec::encode(&sent)]);
    let head_at = Head { length: 3, hash: EntryHash([1; 32]) };
    let list = AuthorityFrontier((0..9).map(|log| (LogId([log; 32]), vec![head_at])).collect());
    good.insert("frontier", vec![codec::encode(&list)]);
    good.insert("card", world.cards.iter().map(|card| card.to_text().as_bytes().to_vec()).collect());
    let lock = MarshalLock::make("739154", Cost::TEST, &mut world.random).unwrap();
    good.insert("marshal-lock", vec![lock.encode()]);
}

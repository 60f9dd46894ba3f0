//! What is inside of what is sealed, spoilt before it is sealed: a backup's lists and parts, a case, a document's secret,
//! the care lines behind a marshal's PIN; and the rows and files of a device's own disk.
//!
//! Whoever has the keys (an enrolled writer, a thief with a device's file and its stick) can seal what they like, so no
//! seal stands before these decoders.
//!
//! Not here: what the program itself keeps beside the records, sealed for its device alone (drafts, tries, settings).

use super::invent::Inventor;
use super::samples::{RULES, Samples};
use super::targets::{NOW, coded, taken, target};
use super::{Outcome, Target};
use muster_core::authority::cards::CardsStatement;
use muster_core::backup::BackupKey;
use muster_core::backup::form::{HEAD, Head, Manifest, manifest_name, part_name};
use muster_core::backup::read::Archive;
use muster_core::backup::shelf::MemoryShelf;
use muster_core::codec;
use muster_core::crypto::aead::{open_framed, seal_framed};
use muster_core::crypto::hash::plain;
use muster_core::crypto::secret::Secret;
use muster_core::crypto::wrap::AgreeKey;
use muster_core::id::{EpochId, Handle, PersonId, SecretId};
use muster_core::keys::case::{self, Covered};
use muster_core::keys::epoch::{DocumentSecret, EpochKey};
use muster_core::keys::record::Record;
use muster_core::replica::records::Records as _;
use muster_core::replica::store::{Batch, MemoryStore, Store as _, Table};
use muster_core::replica::{Context, Replica};
use muster_school::fire::care::CareBook;
use rand::SeedableRng as _;
use rand_chacha::ChaCha20Rng;
use serde::Deserialize as _;

/// All of them.
pub(super) fn all(made: &Samples) -> Vec<Target> {
    let mut all = backup(made);
    all.extend(sealed(made));
    all.push(disk(made));
    all
}

/// A stick in the hands of somebody who has the archive's key and the device's: its first file; its lists and parts,
/// sealed and signed again after they were spoilt.
fn backup(made: &Samples) -> Vec<Target> {
    let (shelf, key) = (made.shelf.clone(), made.backup_key.clone());
    let sign = made.office.device_secrets().sign.clone();
    let head = shelf.0[HEAD].clone();
    let part_key = key.key.derive("muster 1 backup part", &[&key.generation]);
    let list_key = key.key.derive("muster 1 backup manifest", &[&key.generation]);
    let good = Archive::open(&shelf, &key).unwrap().newest().unwrap().0.clone();
    let mut samples = Vec::new();
    for part in &good.parts {
        let number = u8::try_from(part.number).unwrap();
        let text = open_framed(&part_key, &part.number.to_le_bytes(), &shelf.0[&part_name(part.number)]).unwrap();
        samples.push([&[number], text.as_slice()].concat());
    }
    samples.push([&[u8::MAX], codec::encode(&good).as_slice()].concat());
    let run = move |bytes: &[u8]| {
        let Some((which, text)) = bytes.split_first() else { return Outcome::Refused };
        let (mut shelf, mut list) = (shelf.clone(), good.clone());
        let mut random = ChaCha20Rng::seed_from_u64(6);
        let mut said = codec::encode(&list);
        if *which == u8::MAX {
            said = text.to_vec();
        } else if let Some(part) = list.parts.iter_mut().find(|part| part.number == u32::from(*which)) {
            let sealed = seal_framed(&part_key, &part.number.to_le_bytes(), text, &mut random).unwrap();
            (part.bytes, part.hash) = (sealed.len() as u64, plain(&sealed));
            shelf.0.insert(part_name(part.number), sealed);
            said = codec::encode(&list);
        }
        let signature = sign.sign("backup manifest 1", &[key.generation.as_slice(), &said].concat());
        let text = codec::encode(&(said, signature));
        let sealed = seal_framed(&list_key, &good.run.to_le_bytes(), &text, &mut random).unwrap();
        shelf.0.insert(manifest_name(good.run), sealed);
        if unpacked(&shelf, &key) { Outcome::Taken(None) } else { Outcome::Refused }
    };
    vec![
        target("backup-head", vec![head], |bytes| taken(Head::decode(bytes).ok(), |_| None)),
        Target { cost: 64, ..target("backup", samples, run) },
    ]
}

/// Whether a school's records come out of it; what came out is opened and looked at whole.
fn unpacked(shelf: &MemoryShelf, key: &BackupKey) -> bool {
    let Ok(archive) = Archive::open(shelf, key) else { return false };
    let _ = archive.inventory();
    let Ok(entries) = archive.newest().map(|(newest, _): (&Manifest, bool)| newest.entries()) else { return false };
    let mut store = MemoryStore::default();
    let whole = archive.check(&mut |_, _| {}).is_ok() && archive.unpack(&mut store, &mut |_, _| {}).is_ok();
    let opened = Replica::open(store, &RULES).ok();
    whole && entries > 0 && opened.is_some_and(|replica| replica.verify(&mut |_, _| {}).is_ok())
}

/// What readers seal for each other.
fn sealed(made: &Samples) -> Vec<Target> {
    let mut random = ChaCha20Rng::seed_from_u64(7);
    let (key, epoch) = (EpochKey::random(&mut random), EpochId([9; 32]));
    let secret = DocumentSecret::random(Handle([1; 16]), &mut random);
    let (from, to) = (AgreeKey::random(&mut random), AgreeKey::random(&mut random));
    let left_out = [PersonId([3; 16])];
    let of_case = case::seal(&secret, (epoch, &key), &from, &[to.public()], &left_out, &mut random).unwrap();
    let of_document = secret.seal(epoch, &key, &mut random).unwrap();
    let id = secret.id();
    let associated = move |id: &SecretId| [id.0.as_slice(), epoch.0.as_slice()].concat();
    let inside = |record: Record, key: &Secret| match record {
        Record::Case { sealed, .. } | Record::Secret { sealed, .. } => {
            open_framed(key, &associated(&id), &sealed).unwrap()
        }
        _ => panic!("a record of another kind"),
    };
    let (case_text, secret_text) = (inside(of_case, &key.cases()), inside(of_document, &key.secrets()));
    let common = to.in_common(&from.public());
    let of_secret = key.clone();
    let mut random = ChaCha20Rng::seed_from_u64(8);
    let mut other = ChaCha20Rng::seed_from_u64(9);
    let cards = made.good.get("cards-statement").cloned().unwrap_or_default();
    vec![
        coded::<CardsStatement>("cards-statement", cards),
        target("care-lines", care(), |bytes| {
            taken(CareBook::decode(bytes), |book| {
                let _ = book.encode();
                None
            })
        }),
        Target {
            cost: 4,
            ..target("case-inside", vec![case_text], move |text| {
                let sealed = seal_framed(&key.cases(), &associated(&id), text, &mut random).unwrap();
                let covered = Covered::open(&id, &epoch, &key, &sealed);
                taken(covered, |covered| {
                    let _ = covered.open_with(&to, &to.public(), &common);
                    None
                })
            })
        },
        target("secret-inside", vec![secret_text], move |text| {
            let sealed = seal_framed(&of_secret.secrets(), &associated(&id), text, &mut other).unwrap();
            taken(DocumentSecret::open(&id, &epoch, &of_secret, &sealed), |_| None)
        }),
    ]
}

/// Books of care lines, made up.
fn care() -> Vec<Vec<u8>> {
    let mut random = ChaCha20Rng::seed_from_u64(10);
    let made = (0..8).filter_map(|_| CareBook::deserialize(&mut Inventor(&mut random)).ok()?.encode());
    made.collect()
}

/// A row or a small file of a device's own disk: which table (the files after the tables), which row, what stands there.
fn disk(made: &Samples) -> Target {
    let store = made.hall.store().clone();
    let rows: Vec<Vec<(Vec<u8>, Vec<u8>)>> =
        Table::ALL.iter().map(|table| store.range(*table, &[], None, usize::MAX).unwrap()).collect();
    let files: Vec<String> = store.file_names().map(str::to_owned).collect();
    let mut samples = Vec::new();
    for (table, rows) in rows.iter().enumerate() {
        for at in [0, rows.len() / 2].into_iter().filter(|at| *at < rows.len()) {
            let head = [u8::try_from(table).unwrap(), u8::try_from(at % 256).unwrap()];
            samples.push([&head, rows[at].1.as_slice()].concat());
        }
    }
    for (at, name) in files.iter().enumerate() {
        let head = [u8::try_from(Table::ALL.len()).unwrap(), u8::try_from(at).unwrap()];
        samples.push([&head, store.file(name).unwrap().unwrap().as_slice()].concat());
    }
    let mut random = ChaCha20Rng::seed_from_u64(11);
    let run = move |bytes: &[u8]| {
        let [which, at, value @ ..] = bytes else { return Outcome::Refused };
        let mut store = store.clone();
        match rows.get(usize::from(*which)) {
            Some(rows) if !rows.is_empty() => {
                let mut batch = Batch::default();
                let key = rows[usize::from(*at) % rows.len()].0.clone();
                batch.put(Table::ALL[usize::from(*which)], key, value);
                store.commit(batch).unwrap();
            }
            _ => store.put_file(&files[usize::from(*at) % files.len()], value).unwrap(),
        }
        let Ok(mut device) = Replica::open(store, &RULES) else { return Outcome::Refused };
        let _ = device.verify(&mut |_, _| {});
        let mut context = Context { now: NOW, random: &mut random };
        for _ in 0..8 {
            if !device.work(&mut context).is_ok_and(|(_, more)| more) {
                break;
            }
        }
        let _ = device.checkpoint(&mut context);
        let seat = device.device_seat();
        if let Some(mut records) = device.writer(seat, context) {
            for section in records.sections(super::samples::ROLL_AREA) {
                for document in records.documents(&section, 1).unwrap_or_default() {
                    let _ = records.facts(&document);
                }
            }
        }
        Outcome::Taken(None)
    };
    Target { cost: 128, ..target("own-disk", samples, run) }
}

//! Frozen bytes: what an earlier day's code wrote, read by today's and written again the same; a store of format 1 opened.
//!
//! The files are in `tests/frozen`. They are made once, by `cargo test -p muster-tests --test frozen -- --ignored`, which
//! leaves alone what is there: a format that changes gets a new number and a new file, and the old one stays.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

use muster_core::authority::statement::Statement;
use muster_core::checkpoint::Checkpoint;
use muster_core::codec;
use muster_core::document::fact::Fact;
use muster_core::document::payload::Payload;
use muster_core::extract::Extract;
use muster_core::founding::Founding;
use muster_core::keys::bundle::Bundle;
use muster_core::keys::delivery::Delivery;
use muster_core::keys::epoch::{EpochInfo, EpochStatement};
use muster_core::keys::marshal::MarshalLock;
use muster_core::keys::record::Record;
use muster_core::keys::recovery::Card;
use muster_core::log::entry::Entry;
use muster_core::log::frontier::AuthorityFrontier;
use muster_core::log::header::Header;
use muster_core::replica::{DeviceSecrets, LogState};
use muster_core::sync::message::Message;
use muster_tests::fuzz::samples::samples;
use muster_tests::power_cut::Writer;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::path::{Path, PathBuf};

/// Reads bytes and writes what they say again.
type Again = fn(&[u8]) -> Option<Vec<u8>>;

fn coded<T: Serialize + DeserializeOwned>(bytes: &[u8]) -> Option<Vec<u8>> {
    codec::decode::<T>(bytes).ok().map(|value| codec::encode(&value))
}

/// Each format by the name of its samples.
const FORMATS: [(&str, Again); 18] = [
    ("bundle", coded::<Bundle>),
    ("card", |bytes| {
        let card = Card::from_text(std::str::from_utf8(bytes).ok()?).ok()?;
        Some(card.to_text().as_bytes().to_vec())
    }),
    ("checkpoint", coded::<Checkpoint>),
    ("delivery", coded::<Delivery>),
    ("device-file", |bytes| DeviceSecrets::decode(bytes).ok().map(|device| device.encode().to_vec())),
    ("entry", |bytes| Entry::decode(bytes).ok().map(|(entry, seal)| entry.encode(seal))),
    ("epoch", coded::<EpochStatement>),
    ("epoch-row", coded::<EpochInfo>),
    ("extract", |bytes| Extract::decode(bytes).ok().filter(|one| one.verify().is_ok()).map(|one| one.encode())),
    ("fact", coded::<Fact>),
    ("founding", |bytes| Founding::decode(bytes).ok().map(|founding| codec::encode(&founding))),
    ("frontier", coded::<AuthorityFrontier>),
    ("header", |bytes| Header::decode(bytes).ok().map(|header| header.encode())),
    ("log-state", coded::<LogState>),
    ("marshal-lock", |bytes| MarshalLock::decode(bytes).map(|lock| lock.encode())),
    ("message", |bytes| Message::decode(bytes).ok().map(|message| message.encode())),
    ("record", coded::<Record>),
    ("statement", |bytes| Statement::decode(bytes).ok().map(|statement| statement.encode())),
];

fn frozen() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("frozen")
}

fn files(name: &str) -> Vec<PathBuf> {
    let prefix = format!("{name}.");
    let all = std::fs::read_dir(frozen()).unwrap().map(|file| file.unwrap().path());
    let of_format = |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().starts_with(&prefix);
    let mut files: Vec<PathBuf> = all.filter(of_format).collect();
    files.sort();
    files
}

#[test]
fn bytes_of_each_format_from_an_earlier_day_are_read_and_written_again_the_same() {
    for (name, again) in FORMATS {
        let files = files(name);
        assert!(!files.is_empty(), "{name}: no frozen bytes");
        for file in files {
            let bytes = std::fs::read(&file).unwrap();
            assert_eq!(again(&bytes).as_ref(), Some(&bytes), "{}", file.display());
        }
    }
    for file in files("payload") {
        let payload = Payload::decode(&std::fs::read(file).unwrap()).unwrap();
        assert_eq!(Payload::decode(&payload.encode().unwrap()).unwrap(), payload, "packed or not, it says the same");
    }
}

#[test]
fn a_store_of_format_1_opens_and_everything_in_it_holds() {
    let place = tempfile::tempdir().unwrap();
    unpacked(&std::fs::read(frozen().join("store-1.zst")).unwrap(), place.path());
    let mut writer = Writer::open(place.path());
    assert_eq!(writer.findings(), Vec::<String>::new());
    let before = writer.entries();
    assert!(before.len() > 20, "{} entries in documents", before.len());
    assert_eq!(writer.entries_anew(), before, "worked out from the logs anew");
    let written = writer.act();
    assert!(!written.is_empty() && writer.entries().len() > before.len(), "and it goes on");
}

/// A folder as one file: for each file its path, its length, its bytes; all of it compressed.
fn packed(folder: &Path) -> Vec<u8> {
    let mut all = Vec::new();
    for inside in ["", "files"] {
        for file in std::fs::read_dir(folder.join(inside)).unwrap().map(|file| file.unwrap().path()) {
            if file.is_file() && file.file_name().unwrap() != "lock" {
                let name = file.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                all.push((name, std::fs::read(&file).unwrap()));
            }
        }
    }
    all.sort();
    zstd::bulk::compress(&codec::encode(&all), 19).unwrap()
}

fn unpacked(bytes: &[u8], folder: &Path) {
    let all = zstd::bulk::decompress(bytes, 64 * 1024 * 1024).unwrap();
    let all: Vec<(String, Vec<u8>)> = codec::decode(&all).unwrap();
    std::fs::create_dir_all(folder.join("files")).unwrap();
    for (name, bytes) in all {
        std::fs::write(folder.join(name), bytes).unwrap();
    }
}

#[test]
#[ignore = "writes what is not there yet"]
fn freeze() {
    std::fs::create_dir_all(frozen()).unwrap();
    for (name, all) in samples().good {
        if FORMATS.iter().any(|(format, _)| *format == name) || name == "payload" {
            for (number, bytes) in all.into_iter().take(4).enumerate() {
                let file = frozen().join(format!("{name}.{number}"));
                if !file.exists() {
                    std::fs::write(file, bytes).unwrap();
                }
            }
        }
    }
    let store = frozen().join("store-1.zst");
    if !store.exists() {
        let place = tempfile::tempdir().unwrap();
        let mut writer = Writer::found(place.path());
        (0..24).for_each(|_| drop(writer.act()));
        drop(writer);
        std::fs::write(store, packed(place.path())).unwrap();
    }
}

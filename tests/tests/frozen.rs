//! Frozen bytes: what an earlier day's code wrote, read by today's and written again the same.
//!
//! The files are in `tests/frozen`. They are made once, by `cargo test -p muster-tests --test frozen -- --ignored`, which
//! leaves alone what is there: a format that changes gets a new number and a new file, and the old one stays. Whole
//! schools (a store, a backup, a carried file) and facts in words are in `frozen_school.rs`.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

use muster_core::authority::cards::CardsStatement;
use muster_core::authority::statement::Statement;
use muster_core::checkpoint::Checkpoint;
use muster_core::codec;
use muster_core::document::fact::Fact;
use muster_core::document::payload::Payload;
use muster_core::extract::Extract;
use muster_core::founding::Founding;
use muster_core::id::Section;
use muster_core::keys::bundle::Bundle;
use muster_core::keys::delivery::Delivery;
use muster_core::keys::epoch::{EpochInfo, EpochStatement};
use muster_core::keys::marshal::MarshalLock;
use muster_core::keys::record::{Record, Records};
use muster_core::keys::recovery::Card;
use muster_core::log::entry::Entry;
use muster_core::log::frontier::AuthorityFrontier;
use muster_core::log::header::Header;
use muster_core::replica::{DeviceSecrets, LogState};
use muster_core::sync::message::Message;
use muster_tests::fuzz::samples::samples;
use muster_tests::fuzz::variants;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Reads bytes and writes what they say again.
type Again = fn(&[u8]) -> Option<Vec<u8>>;

fn coded<T: Serialize + DeserializeOwned>(bytes: &[u8]) -> Option<Vec<u8>> {
    codec::decode::<T>(bytes).ok().map(|value| codec::encode(&value))
}

/// Each format by the name of its samples.
const FORMATS: [(&str, Again); 20] = [
    ("bundle", coded::<Bundle>),
    ("card", |bytes| {
        let card = Card::from_text(std::str::from_utf8(bytes).ok()?).ok()?;
        Some(card.to_text().as_bytes().to_vec())
    }),
    ("cards-statement", coded::<CardsStatement>),
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
    ("key-file", |bytes| {
        let mut records = Records::default();
        records.decode(Section::CHECKPOINTS, bytes).ok()?;
        Some(records.encode(&Section::CHECKPOINTS))
    }),
    ("log-state", coded::<LogState>),
    ("marshal-lock", |bytes| MarshalLock::decode(bytes).map(|lock| lock.encode())),
    ("message", |bytes| Message::decode(bytes).ok().map(|message| message.encode())),
    ("record", coded::<Record>),
    ("statement", |bytes| Statement::decode(bytes).ok().map(|statement| statement.encode())),
];

/// What is written with a tag: of these, one of each variant is frozen.
fn tagged() -> [(&'static str, Vec<Vec<u8>>); 3] {
    [("message", variants::messages()), ("record", variants::records()), ("statement", variants::statements())]
}

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
fn of_messages_records_and_statements_one_of_each_kind_is_frozen() {
    // Of a statement its number, and of an act about erasure which act; of the others the variant.
    let tag = |name: &str, bytes: &[u8]| match (name, Statement::decode(bytes)) {
        ("statement", Ok(Statement::Erasure(act))) => vec![10, codec::encode(&act)[0]],
        _ => vec![bytes[0]],
    };
    for (name, all) in tagged() {
        let wanted: BTreeSet<Vec<u8>> = all.iter().map(|bytes| tag(name, bytes)).collect();
        let there: BTreeSet<Vec<u8>> =
            files(name).iter().map(|file| tag(name, &std::fs::read(file).unwrap())).collect();
        let missing: Vec<_> = wanted.difference(&there).collect();
        assert!(missing.is_empty(), "{name}: nothing frozen of {missing:?}");
    }
}

#[test]
#[ignore = "writes what is not there yet"]
fn freeze() {
    std::fs::create_dir_all(frozen()).unwrap();
    for (name, all) in tagged() {
        for (number, bytes) in all.into_iter().enumerate() {
            let file = frozen().join(format!("{name}.of-each-{number:02}"));
            if !file.exists() {
                std::fs::write(file, bytes).unwrap();
            }
        }
    }
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
}

//! Keys and values of the store's tables: the one place that knows their bytes. `storage/FORMAT.md` describes
//! them for a reader of the file.

use crate::id::{Area, Compartment, DeviceId, EntryHash, Handle, LogId, PlaceId, Section, Year};

/// Meta: the version of everything below, four bytes little endian.
pub(crate) const META_FORMAT: &[u8] = b"format";
/// Meta: the founding object.
pub(crate) const META_FOUNDING: &[u8] = b"founding";
/// Meta: a hash of what was taken away when the documents were last judged by it.
pub(super) const META_JUDGED: &[u8] = b"judged";
/// Meta: which seats of this device are past.
pub(super) const META_INCARNATION: &[u8] = b"incarnation";
/// Meta: when this device heard of each erasure, and which secrets it destroyed.
pub(super) const META_ERASURES: &[u8] = b"erasures";
/// Meta: which entries are damaged here and are to be fetched anew.
pub(crate) const META_DAMAGED: &[u8] = b"damaged";
/// The format that this program writes.
pub(crate) const FORMAT: u32 = 1;

/// The file that lists the sections of which there is a file of sealed records.
pub(crate) const KEYS_FILE: &str = "keys";

/// The file of a section's sealed records.
pub(super) fn key_file(section: &Section) -> String {
    let Section { compartment: Compartment { area, place }, year } = section;
    format!("keys-{:05}-{place}-{:05}", area.0, year.0)
}

pub(super) const SECTION_BYTES: usize = 2 + 16 + 2;

pub(super) fn section(section: &Section) -> Vec<u8> {
    let mut key = section.compartment.area.0.to_be_bytes().to_vec();
    key.extend_from_slice(&section.compartment.place.0);
    key.extend_from_slice(&section.year.0.to_be_bytes());
    key
}

pub(super) fn read_section(key: &[u8]) -> Option<(Section, &[u8])> {
    let (area, rest) = key.split_first_chunk::<2>()?;
    let (place, rest) = rest.split_first_chunk::<16>()?;
    let (year, rest) = rest.split_first_chunk::<2>()?;
    let compartment = Compartment { area: Area(u16::from_be_bytes(*area)), place: PlaceId(*place) };
    Some((Section { compartment, year: Year(u16::from_be_bytes(*year)) }, rest))
}

pub(crate) fn entry(log: &LogId, sequence: u64, hash: &EntryHash) -> Vec<u8> {
    let mut key = entries_from(log, sequence);
    key.extend_from_slice(&hash.0);
    key
}

pub(crate) fn entries_from(log: &LogId, sequence: u64) -> Vec<u8> {
    let mut key = log.0.to_vec();
    key.extend_from_slice(&sequence.to_be_bytes());
    key
}

pub(super) fn document(in_section: &Section, handle: &Handle) -> Vec<u8> {
    let mut key = section(in_section);
    key.extend_from_slice(&handle.0);
    key
}

pub(super) fn watermark(in_section: &Section, log: &LogId) -> Vec<u8> {
    let mut key = section(in_section);
    key.extend_from_slice(&log.0);
    key
}

pub(super) fn waiting(in_section: &Section, log: &LogId, sequence: u64, hash: &EntryHash) -> Vec<u8> {
    let mut key = section(in_section);
    key.extend(entry(log, sequence, hash));
    key
}

pub(super) fn read_waiting(key: &[u8]) -> Option<(LogId, u64, EntryHash)> {
    read_entry(key.get(SECTION_BYTES..)?)
}

pub(crate) fn read_entry(key: &[u8]) -> Option<(LogId, u64, EntryHash)> {
    let (log, rest) = key.split_first_chunk::<32>()?;
    let (sequence, rest) = rest.split_first_chunk::<8>()?;
    Some((LogId(*log), u64::from_be_bytes(*sequence), EntryHash::from_slice(rest)?))
}

pub(super) fn acknowledged(device: &DeviceId, log: &LogId) -> Vec<u8> {
    [device.0.as_slice(), log.0.as_slice()].concat()
}

/// The least key above all that begin with `prefix`; `None` when there is none.
pub(crate) fn after(prefix: &[u8]) -> Option<Vec<u8>> {
    let mut end = prefix.to_vec();
    while let Some(last) = end.pop() {
        if last < u8::MAX {
            end.push(last + 1);
            return Some(end);
        }
    }
    None
}

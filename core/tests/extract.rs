//! A signed extract proves what it says to somebody who has none of the school's keys, and nothing more.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

#[path = "common/world.rs"]
mod world;
use muster_core::extract::{Broken, Extract, Standing, Wanted};
use muster_core::time::Moment;
use proptest::prelude::*;
use world::*;

fn made(office: &Device, officer: &Opened) -> Extract {
    let wanted = Wanted {
        what: "The register".to_owned(),
        to: "The authority".to_owned(),
        purpose: "Daily return".to_owned(),
        rows: 1,
        table: b"Class,Code\nBeech,L\n".to_vec(),
        ..Wanted::default()
    };
    let peer = |_: &_| ("Hall tablet".to_owned(), Some(Moment::utc(5)));
    office.extract(&officer.seat.seat, wanted, Moment::utc(9), |_| true, peer).unwrap()
}

#[test]
fn an_extract_holds_for_whoever_reads_it_and_names_how_far_each_device_had_been_heard() {
    let (_, office, officer, hall) = small_school(1);
    let extract = Extract::decode(&made(&office, &officer).encode()).unwrap();
    assert_eq!(extract.verify(), Ok(()));
    let own: Vec<bool> = extract.claim.sources.iter().map(|source| source.own).collect();
    assert_eq!(own.iter().filter(|own| **own).count(), 1, "{own:?}");
    assert_eq!(own.len(), 2, "the hall is in it, heard or not");
    let heads: usize = extract.claim.sources.iter().map(|source| source.heads.len()).sum();
    assert_eq!(heads, office.logs().len());
    assert_eq!(office.standing_of(&extract), Standing::Known);
    assert_eq!(hall.standing_of(&extract), Standing::Known);
    let (_, other, _, _) = small_school(2);
    assert_eq!(other.standing_of(&extract), Standing::OtherSchool);
}

#[test]
fn a_changed_mark_recipient_or_device_head_is_found() {
    let (_, office, officer, _) = small_school(1);
    let extract = made(&office, &officer);
    let mut table = extract.clone();
    table.table[12] = b'O';
    assert_eq!(table.verify(), Err(Broken::Table));
    let mut to = extract.clone();
    to.claim.to = "Somebody else".to_owned();
    assert_eq!(to.verify(), Err(Broken::Signature));
    let mut shorter = extract.clone();
    shorter.claim.sources.pop();
    assert_eq!(shorter.verify(), Err(Broken::Signature));
    let mut heard = extract.clone();
    heard.claim.sources.iter_mut().for_each(|source| source.heard = None);
    assert_eq!(heard.verify(), Err(Broken::Signature));
    let (_, other, head, _) = small_school(2);
    let mut stranger = made(&other, &head);
    stranger.claim.school = extract.claim.school;
    assert_eq!(stranger.verify(), Err(Broken::Certificate), "another school's key signs nothing for this one");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, max_shrink_iters: 0, ..ProptestConfig::default() })]

    #[test]
    fn no_changed_byte_of_the_file_goes_unnoticed(at in 0_usize..4_096, change in 1_u8..=255) {
        let (_, office, officer, _) = small_school(1);
        let mut bytes = made(&office, &officer).encode();
        let at = at % bytes.len();
        bytes[at] ^= change;
        prop_assert!(Extract::decode(&bytes).ok().is_none_or(|read| read.verify().is_err()));
    }

    #[test]
    fn no_bytes_make_the_reader_fail(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let mut file = b"muster extract 1\n".to_vec();
        file.extend(bytes);
        prop_assert!(Extract::decode(&file).ok().is_none_or(|read| read.verify().is_err()));
    }
}

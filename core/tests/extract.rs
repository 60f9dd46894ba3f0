//! A signed extract proves what it says to somebody who has none of the school's keys, and nothing more.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

#[path = "common/world.rs"]
mod world;
use muster_core::authority::reduction::{Reason, Target};
use muster_core::authority::statement::Statement;
use muster_core::extract::chain::{Chain, ChainLog, Proof, Proven};
use muster_core::extract::{Broken, Extract, Standing, Wanted};
use muster_core::log::entry::Entry;
use muster_core::log::header::Kind;
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
    let records = office.logs().values().filter(|log| log.descriptor.section != Section::AUTHORITY);
    assert_eq!(heads, records.count());
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

/// A school in which the office wrote, and a teacher on the hall's tablet.
fn with_teacher(seed: u64) -> (Device, Opened, Opened) {
    let (mut world, mut office, officer, mut hall) = small_school(seed);
    let rights = [(Right::Read, REGISTER), (Right::Write, REGISTER)];
    let tom = world.person((&mut office, &officer), &mut hall, 4, &rights);
    world.meet(&mut office, &mut hall);
    world.write(&mut hall, Some(tom.seat.seat), &document(REGISTER, "5B week 48"), &["present"]);
    world.meet(&mut office, &mut hall);
    (office, officer, tom)
}

/// Tampered with by somebody who has the maker's key: the extract's own signature holds again.
fn tampered(extract: &Extract, officer: &Opened, change: impl FnOnce(&mut Chain)) -> Proven {
    let mut extract = extract.clone();
    change(&mut extract.chain);
    assert_eq!(extract.verify(), Err(Broken::Chain), "without the key it is noticed at once");
    let extract = extract.signed_with(&officer.seat.sign);
    assert_eq!(extract.verify(), Ok(()));
    extract.proven()
}

fn says(bytes: &[u8]) -> Option<Statement> {
    let (entry, _) = Entry::decode(bytes).unwrap();
    (entry.header().kind == Kind::STATEMENT).then(|| Statement::decode(entry.body()).unwrap())
}

fn log_of(chain: &mut Chain, seat: SeatId) -> &mut ChainLog {
    chain.logs.iter_mut().find(|log| log.seat == seat).unwrap()
}

fn of(proven: &Proven, seat: SeatId) -> Vec<Proof> {
    proven.authors.iter().filter(|author| author.seat == seat).map(|author| author.proof).collect()
}

#[test]
fn the_chain_proves_from_the_founding_on_that_everybody_who_wrote_had_the_right() {
    let (office, officer, tom) = with_teacher(1);
    let extract = Extract::decode(&made(&office, &officer).encode()).unwrap();
    let proven = extract.proven();
    assert_eq!((proven.signer, proven.void, extract.unnamed()), (Proof::Proven, 0, 0));
    assert!(proven.authors.iter().all(|author| author.proof == Proof::Proven), "{:?}", proven.authors);
    let own = proven.authors.iter().find(|author| author.seat == tom.seat.seat).unwrap();
    assert_eq!(own.person, Some(tom.person.person));
}

#[test]
fn a_grant_that_is_missing_or_swapped_leaves_its_holder_unproven_and_nobody_else() {
    let (office, officer, tom) = with_teacher(1);
    let extract = made(&office, &officer);
    let (head, tom) = (officer.seat.seat, tom.seat.seat);
    // The whole log of whoever gave: nobody is proven who rests on it.
    let proven = tampered(&extract, &officer, |chain| chain.logs.retain(|log| log.seat != head));
    assert_eq!((proven.signer, of(&proven, tom)), (Proof::NoSeat, vec![Proof::NoRight]));
    // One grant cut out of the middle: the log does not hold any more.
    let proven = tampered(&extract, &officer, |chain| {
        let log = log_of(chain, head);
        let at = log.entries.iter().rposition(|bytes| matches!(says(bytes), Some(Statement::Grant(_)))).unwrap();
        log.entries.remove(at);
    });
    assert_eq!((proven.void, of(&proven, tom)), (1, vec![Proof::NoRight]));
    // Another school's grants in its place.
    let (other, other_head, _) = with_teacher(2);
    let theirs = made(&other, &other_head);
    let proven = tampered(&extract, &officer, |chain| {
        let mut swapped = theirs.chain.logs.iter().find(|log| log.seat == other_head.seat.seat).unwrap().clone();
        swapped.seat = head;
        *log_of(chain, head) = swapped;
    });
    assert_eq!((proven.void, proven.signer), (1, Proof::NoSeat));
    // A teacher's grant made wider: its hash, and so the seal, is another.
    let proven = tampered(&extract, &officer, |chain| {
        let log = log_of(chain, head);
        let at = log.entries.iter().rposition(|bytes| matches!(says(bytes), Some(Statement::Grant(_)))).unwrap();
        let (entry, _) = Entry::decode(&log.entries[at]).unwrap();
        let Some(Statement::Grant(mut grant)) = says(&log.entries[at]) else { panic!("a grant") };
        grant.rank -= 1;
        let wider = Entry::new(entry.header().clone(), Statement::Grant(grant).encode());
        log.entries[at] = wider.encode(None);
    });
    assert_eq!((proven.void, of(&proven, tom)), (1, vec![Proof::NoRight]));
}

#[test]
fn a_seat_without_its_certificate_is_nobody_and_an_end_that_was_not_sealed_proves_nothing() {
    let (office, officer, tom) = with_teacher(1);
    let extract = made(&office, &officer);
    let tom = tom.seat.seat;
    let proven = tampered(&extract, &officer, |chain| chain.logs.retain(|log| log.seat != tom));
    assert_eq!((of(&proven, tom), proven.signer), (vec![Proof::NoSeat], Proof::Proven));
    let proven = tampered(&extract, &officer, |chain| {
        let log = log_of(chain, tom);
        log.entries.remove(0);
    });
    assert_eq!((proven.void, of(&proven, tom)), (1, vec![Proof::NoSeat]));
    let proven = tampered(&extract, &officer, |chain| {
        let log = chain.authors.iter_mut().find(|log| log.descriptor.seat == tom).unwrap();
        log.head.length += 1;
    });
    assert_eq!(of(&proven, tom), [Proof::NotSealed]);
    let mut silent = extract.clone();
    silent.chain.authors.retain(|log| log.descriptor.seat != tom);
    assert_eq!(silent.unnamed(), extract.unnamed() + 1, "who wrote it is left out: that is told");
}

#[test]
fn a_chain_of_another_founding_proves_nobody_of_this_school() {
    let (office, officer, _) = with_teacher(1);
    let (other, other_head, _) = with_teacher(2);
    let theirs = made(&other, &other_head).chain;
    let proven = tampered(&made(&office, &officer), &officer, |chain| *chain = theirs);
    assert_eq!((proven.signer, proven.authors.len()), (Proof::NoSeat, 0));
}

#[test]
fn what_somebody_wrote_before_they_left_stays_proven() {
    let (mut office, officer, tom) = with_teacher(1);
    let mut world = World::new(9);
    world.now = 1_790_000_900_000;
    let keys = Target::Keys(tom.person.person, tom.person.public().sign);
    office.remove(&officer.seat.seat, keys, Reason::Left, &mut world.context()).unwrap();
    let proven = made(&office, &officer).proven();
    assert_eq!(of(&proven, tom.seat.seat), [Proof::Proven]);
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

//! What the recovery cards can do: one nothing, two everything, and it shows.

#![allow(clippy::unwrap_used, reason = "tests say what went wrong by panicking")]

mod common {
    pub mod world;
}

use common::world::*;
use muster_core::authority::grant::RANK_HEAD;
use muster_core::authority::reduction::{Reason, Target};
use muster_core::authority::statement::Statement;
use muster_core::keys::recovery::{Card, CardsError};
use muster_core::replica::records::Circle;
use muster_core::replica::store::{Store as _, Table};
use muster_core::replica::{RecoverError, by_words};
use muster_core::sync::rebuild::{Rebuild, RebuildError, rebuild};

const WORDS: &str = "abandon ability able about above absent";

/// A school with its cards, and an off-site device that keeps all and reads nothing.
struct School {
    world: World,
    office: Device,
    head: Opened,
    blind: Device,
    cards: [Card; 3],
}

fn school(seed: u64) -> School {
    let mut world = World::new(seed);
    let (founding, keys, device, cards) = Founding::new(&mut world.random).unwrap();
    let founded =
        Replica::found(MemoryStore::default(), &founding, keys, device, device_rights(), &RULES, &mut world.context());
    let founded = founded.unwrap();
    let (mut office, head) = (founded.replica, founded.head);
    let hold = vec![Capability { right: Right::Hold, area: Which::Any, place: Which::Any }];
    let mut blind = world.let_in_with(&mut office, &head, hold);
    for (at, values) in [&["present", "absent"][..], &["late"], &["here"]].into_iter().enumerate() {
        world.write(&mut office, Some(head.seat.seat), &register(at), values);
    }
    world.write(&mut office, None, &document(ROLL, "day 1"), &["in", "out"]);
    world.meet(&mut office, &mut blind);
    School { world, office, head, blind, cards }
}

fn register(at: usize) -> DocumentId {
    document(REGISTER, &format!("4B week {at}"))
}

fn new_head(school: SchoolId, person: PersonId) -> Statement {
    Statement::Grant(by_words(&school, person, RANK_HEAD, Capability::of_a_head(), WORDS, Cost::TEST).unwrap())
}

/// What a person who is signed in reads of everything there is.
fn all_read(world: &mut World, device: &mut Device, seat: SeatId) -> Vec<Vec<String>> {
    let mut all: Vec<Vec<String>> = (0..3).map(|at| world.read(device, Some(seat), &register(at))).collect();
    all.push(world.read(device, Some(seat), &document(ROLL, "day 1")));
    all
}

#[test]
fn a_blind_device_reads_nothing_and_two_cards_and_what_it_kept_give_the_whole_school_back() {
    let School { mut world, mut office, head, mut blind, cards } = school(1);
    let wanted = all_read(&mut world, &mut office, head.seat.seat);
    assert!(wanted.iter().all(|read| !read.is_empty()));
    assert_eq!(world.read(&mut blind, None, &register(0)), Vec::<String>::new());
    assert_eq!(blind.open_keys(), 0);
    let kept = blind.into_store();
    let kept_before: Vec<Vec<u8>> = kept.all_bytes().map(<[u8]>::to_vec).collect();
    // Every other device is gone.
    drop(office);
    let mut rebuilt = rebuilt(kept.clone(), [&cards[2], &cards[0]], Some(PersonId([9; 16])), &mut world).unwrap();
    assert_eq!(kept.all_bytes().map(<[u8]>::to_vec).collect::<Vec<_>>(), kept_before, "what was kept stays as it was");
    assert_eq!(rebuilt.open_keys(), 0, "the recovery key and all that it opened are forgotten");
    assert_eq!(
        world.read(&mut rebuilt, None, &register(0)),
        Vec::<String>::new(),
        "and nobody reads before signing in"
    );
    let opened = rebuilt.activate(WORDS, &mut world.context()).unwrap();
    while rebuilt.work(&mut world.context()).unwrap().1 {}
    assert_eq!(all_read(&mut world, &mut rebuilt, opened.seat.seat), wanted);
    // It is a working school: the head writes, lets a device in, and everybody agrees.
    world.write(&mut rebuilt, Some(opened.seat.seat), &register(7), &["after"]);
    let mut hall = world.let_in(&mut rebuilt, &opened);
    world.meet(&mut rebuilt, &mut hall);
    assert_eq!(world.read(&mut hall, None, &document(ROLL, "day 1")), wanted[3]);
    let found = rebuilt.verify(&mut |_, _| {}).unwrap();
    assert!(found.is_sound(), "{found:?}");
}

/// Rebuilt for a head who takes it up with [`WORDS`].
fn rebuilt(
    kept: MemoryStore,
    cards: [&Card; 2],
    head: Option<PersonId>,
    world: &mut World,
) -> Result<Device, RebuildError> {
    let plan = Rebuild { cards, capabilities: device_rights(), head, words: WORDS, cost: Cost::TEST };
    rebuild(|| Ok(MemoryStore::default()), kept, plan, &RULES, &mut world.context())
}

#[test]
fn the_head_who_lost_everything_goes_on_with_new_keys_in_a_rebuilt_school_and_the_old_ones_hold_nothing() {
    let School { mut world, mut office, head, blind, cards } = school(7);
    let wanted = all_read(&mut world, &mut office, head.seat.seat);
    let mut rebuilt = rebuilt(blind.into_store(), [&cards[0], &cards[1]], None, &mut world).unwrap();
    let opened = rebuilt.activate(WORDS, &mut world.context()).unwrap();
    assert_eq!(opened.person.person, head.person.person);
    while rebuilt.work(&mut world.context()).unwrap().1 {}
    assert_eq!(
        all_read(&mut world, &mut rebuilt, opened.seat.seat),
        wanted,
        "what was written with the old keys counts"
    );
    world.write(&mut rebuilt, Some(opened.seat.seat), &register(8), &["after"]);
    // The old device was not burned after all, and whoever has it goes on writing.
    world.write(&mut office, Some(head.seat.seat), &register(9), &["not the head"]);
    world.meet(&mut office, &mut rebuilt);
    assert_eq!(world.read(&mut rebuilt, Some(opened.seat.seat), &register(9)), Vec::<String>::new());
    assert_eq!(world.read(&mut office, Some(head.seat.seat), &register(8)), Vec::<String>::new());
}

/// Opens a case as the head, whom it is wrapped to singly where somebody is left out.
fn opens_case(world: &mut World, office: &mut Device, head: &Opened, case: &DocumentId, left_out: &[PersonId]) {
    let circle = Circle { document: case.clone(), alerted: vec![], left_out: left_out.to_vec() };
    let fact = Fact { kind: 1, supersedes: vec![], value: b"what was seen".to_vec() };
    let change = Change { document: case.clone(), facts: vec![fact] };
    let mut writer = office.writer(head.seat.seat, world.context()).unwrap();
    writer.write_cases(vec![circle], vec![change]).unwrap();
}

#[test]
fn a_rebuilt_schools_head_reads_the_cases_and_not_the_one_that_leaves_them_out() {
    let accused = PersonId([8; 16]);
    for (person, reads) in [(PersonId([9; 16]), true), (accused, false)] {
        let School { mut world, mut office, head, mut blind, cards } = school(8);
        let (case, allegation) = (document(CASES, "case"), document(CASES, "allegation"));
        opens_case(&mut world, &mut office, &head, &case, &[]);
        opens_case(&mut world, &mut office, &head, &allegation, &[accused]);
        world.meet(&mut office, &mut blind);
        let mut rebuilt = rebuilt(blind.into_store(), [&cards[0], &cards[1]], Some(person), &mut world).unwrap();
        let opened = rebuilt.activate(WORDS, &mut world.context()).unwrap();
        while rebuilt.work(&mut world.context()).unwrap().1 {}
        assert_eq!(world.read(&mut rebuilt, Some(opened.seat.seat), &case), ["what was seen"]);
        let read = world.read(&mut rebuilt, Some(opened.seat.seat), &allegation);
        assert_eq!(!read.is_empty(), reads, "{person:?} {read:?}");
    }
}

#[test]
fn a_school_is_not_rebuilt_with_one_card_another_schools_card_or_from_damaged_records() {
    let School { mut world, blind, cards, .. } = school(2);
    let (_, _, _, others) = Founding::new(&mut world.random).unwrap();
    let kept = blind.into_store();
    let error = rebuilt(kept.clone(), [&cards[1], &cards[1]], None, &mut world).unwrap_err();
    assert!(matches!(error, RebuildError::Cards(RecoverError::Cards(CardsError::Same(2)))), "{error:?}");
    let error = rebuilt(kept.clone(), [&cards[1], &others[0]], None, &mut world).unwrap_err();
    assert!(matches!(error, RebuildError::Cards(RecoverError::Cards(CardsError::OtherSchool(1)))), "{error:?}");
    let mut damaged = kept;
    let entries = damaged.range(Table::Entries, &[], None, usize::MAX).unwrap();
    let mut batch = muster_core::replica::store::Batch::default();
    for (key, mut value) in entries.into_iter().filter(|(_, value)| value.len() > 300) {
        *value.last_mut().unwrap() ^= 1;
        batch.put(Table::Entries, key, value);
    }
    assert!(!batch.is_empty());
    damaged.commit(batch).unwrap();
    assert!(rebuilt(damaged, [&cards[1], &cards[2]], None, &mut world).is_err(), "and not a school with holes");
}

#[test]
fn a_thief_with_one_card_can_do_nothing() {
    let School { mut world, mut office, head, cards, .. } = school(3);
    let before = office.view().state_hash();
    let school = office.school();
    let takes = office.removal_for_cards(Target::Keys(head.person.person, head.person.sign.public()), Reason::Unsaid);
    let says = [new_head(school, PersonId([9; 16])), takes.unwrap()];
    let error = office.by_cards([&cards[0], &cards[0]], &says, &mut world.context()).unwrap_err();
    assert!(error.to_string().contains("two different recovery cards"), "{error}");
    // A changed program says it all the same.
    let mut said = office.draft_for_cards(&says, &mut world.context());
    said.sign(&cards[0]);
    assert!(!said.holds(office.founding()));
    let error = office.wrap_by_cards([&cards[0], &cards[0]], &mut world.context()).unwrap_err();
    assert!(matches!(error, RecoverError::Cards(CardsError::Same(1))), "{error:?}");
    assert_eq!(office.view().state_hash(), before);
    assert!(office.activate(WORDS, &mut world.context()).is_err());
}

#[test]
fn two_cards_name_a_second_head_who_reads_everything_and_it_shows_that_cards_did_it() {
    let School { mut world, mut office, head, mut blind, cards } = school(4);
    let wanted = all_read(&mut world, &mut office, head.seat.seat);
    office.sign_out(&head.seat.seat);
    let says = [new_head(office.school(), PersonId([9; 16]))];
    office.by_cards([&cards[0], &cards[1]], &says, &mut world.context()).unwrap();
    office.wrap_by_cards([&cards[0], &cards[1]], &mut world.context()).unwrap();
    assert_eq!(world.read(&mut office, None, &register(0)), Vec::<String>::new(), "cards sign nobody in");
    let opened = office.activate(WORDS, &mut world.context()).unwrap();
    while office.work(&mut world.context()).unwrap().1 {}
    assert_eq!(all_read(&mut world, &mut office, opened.seat.seat), wanted);
    world.meet(&mut office, &mut blind);
    let seat = blind.device_seat();
    let stated = blind.writer(seat, world.context()).unwrap().stated();
    assert!(stated.iter().any(|stated| stated.by_cards), "every device shows it: {stated:?}");
}

#[test]
fn two_cards_remove_a_head_and_a_lost_device_and_their_word_is_everywhere_the_last() {
    let School { mut world, mut office, head, mut blind, cards } = school(5);
    let lost = world.let_in(&mut office, &head).device();
    world.meet(&mut office, &mut blind);
    let person = Target::Keys(head.person.person, head.person.sign.public());
    let says = [
        new_head(office.school(), PersonId([9; 16])),
        office.removal_for_cards(person, Reason::Left).unwrap(),
        office.removal_for_cards(Target::Device(lost), Reason::Lost).unwrap(),
    ];
    office.by_cards([&cards[1], &cards[2]], &says, &mut world.context()).unwrap();
    office.wrap_by_cards([&cards[1], &cards[2]], &mut world.context()).unwrap();
    assert!(!office.view().is_enrolled(&lost));
    let change = Change { document: register(0), facts: vec![Fact { kind: 1, supersedes: vec![], value: vec![1] }] };
    let refused = office.writer(head.seat.seat, world.context()).map(|mut writer| writer.write(vec![change]));
    assert!(refused.is_none_or(|written| written.is_err()), "the old head writes nothing more");
    let opened = office.activate(WORDS, &mut world.context()).unwrap();
    assert_eq!(world.read(&mut office, Some(opened.seat.seat), &register(0)), ["absent", "present"]);
    world.meet(&mut office, &mut blind);
    assert_eq!(office.view().state_hash(), blind.view().state_hash());
}

#[test]
fn a_rehearsal_says_which_keys_two_cards_open_and_leaves_nothing_behind() {
    let School { mut world, mut office, cards, mut blind, .. } = school(6);
    for device in [&mut office, &mut blind] {
        let before = (device.view().state_hash(), device.open_keys());
        let found = device.rehearse(&cards[0], &cards[2], &mut world.context()).unwrap();
        assert!(found.keys >= 2 && found.opened == found.keys && found.shut.is_empty(), "{found:?}");
        assert_eq!((device.view().state_hash(), device.open_keys()), before);
        let error = device.rehearse(&cards[0], &cards[0], &mut world.context()).unwrap_err();
        assert_eq!(error, CardsError::Same(1));
    }
}

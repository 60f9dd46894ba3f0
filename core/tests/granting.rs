//! What a grant may give, and that many statements cost no more than their number.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

#[path = "common/draft.rs"]
mod draft;
#[path = "common/world.rs"]
mod world;
use draft::*;
use muster_core::authority::evaluate::{allows, evaluate};
use muster_core::authority::statement::Statement;
use muster_core::authority::view::{Holder, Standing};
use muster_core::founding::PersonKeys;
use muster_core::log::frontier::Head;
use world::*;

#[test]
fn ten_thousand_statements_are_evaluated_by_passes_and_not_by_pairs() {
    // Not a timed test: how much work there is shows in how often a list of heads is looked into.
    struct Counting(std::cell::Cell<usize>);
    impl muster_core::authority::line::Logs for Counting {
        fn covers(&self, frontier: &FrontierId, log: &LogId, sequence: u64) -> bool {
            self.0.set(self.0.get() + 1);
            Straight.covers(frontier, log, sequence)
        }
        fn forked_at(&self, _: &LogId) -> Option<u64> {
            None
        }
        fn is_under(&self, entry: &muster_core::authority::reduction::EntryName, cut: &Head) -> bool {
            Straight.is_under(entry, cut)
        }
    }
    let mut counts = Vec::new();
    for officers in [20, 40] {
        let mut draft = Draft::new(8);
        let head = draft.head();
        for _ in 0..officers {
            let officer = draft.officer(head, 2, Draft::everything());
            for _ in 0..10 {
                draft.officer(officer, 4, vec![]);
            }
        }
        let counting = Counting(std::cell::Cell::new(0));
        let view = evaluate(&draft.founding, &draft.statements, &counting);
        // Each with a device of their own.
        assert_eq!(view.grants.len(), 1 + officers * 11 * 2);
        counts.push(counting.0.get());
    }
    assert!(counts[1] <= counts[0] * 2 + 8, "twice the school is twice the work: {counts:?}");
}

#[test]
fn an_officers_grant_is_refused_where_the_officer_may_not_give_and_nothing_is_written() {
    let mut world = World::new(4);
    let (mut office, head) = world.found();
    let words = words::random_words(6, &mut world.random);
    let rights =
        [Right::Read, Right::Grant].map(|right| Capability { right, area: Which::One(REGISTER), place: Which::Any });
    let person = PersonId([3; 16]);
    office
        .grant_by_words(&head.seat.seat, person, 2, rights.to_vec(), &words, Cost::TEST, &mut world.context())
        .unwrap();
    let officer = office.activate(&words, &mut world.context()).unwrap();
    let entries = office.logs().values().map(|log| log.length()).sum::<u64>();
    let to = || Grantee::Person { person: PersonId([4; 16]), keys: officer.person.public() };
    let read = |area| vec![Capability { right: Right::Read, area: Which::One(area), place: Which::Any }];
    for (rank, capabilities) in [(2, read(REGISTER)), (1, read(REGISTER)), (3, read(ROLL)), (5, read(REGISTER))] {
        let grant = Grant { to: to(), rank, capabilities, until: None };
        assert!(office.grant(&officer.seat.seat, grant, &mut world.context()).is_err());
    }
    assert_eq!(office.logs().values().map(|log| log.length()).sum::<u64>(), entries);
    let grant = Grant { to: to(), rank: 3, capabilities: read(REGISTER), until: None };
    office.grant(&officer.seat.seat, grant, &mut world.context()).unwrap();
}

#[test]
fn to_open_a_case_is_given_by_whoever_lets_people_in_at_that_place_and_what_is_in_it_is_not() {
    let (here, elsewhere, cases) = (PlaceId([1; 16]), PlaceId([2; 16]), Area(40));
    let at = |right, area, place| Capability { right, area: Which::One(area), place: Which::One(place) };
    let enrol = Capability { right: Right::Enrol, area: Which::Any, place: Which::One(here) };
    let capabilities = vec![at(Right::Grant, REGISTER, here), enrol];
    let officer = Standing::of(Holder::Person(PersonId::ZERO), 2, capabilities);
    let keys = PersonKeys::random(PersonId::ZERO, &mut ChaCha20Rng::seed_from_u64(1)).public();
    let gives = |capability| {
        let to = Grantee::Person { person: PersonId::ZERO, keys };
        allows(&officer, &Grant { to, rank: 3, capabilities: vec![capability], until: None })
    };
    assert!(gives(at(Right::Open, cases, here)) && !gives(at(Right::Open, cases, elsewhere)));
    for right in [Right::Read, Right::Write, Right::Grant] {
        assert!(!gives(at(right, cases, here)), "{right:?}");
    }
    assert!(gives(enrol), "whoever lets devices in may let a weaker person do it");
    assert!(!gives(Capability { place: Which::Any, ..enrol }));
}

#[test]
fn a_back_dated_grant_that_had_not_seen_what_it_stands_on_is_void() {
    let mut draft = Draft::new(5);
    let head = draft.head();
    let ann = draft.officer(head, 2, Draft::everything());
    let keys = PersonKeys::random(PersonId([2; 16]), &mut ChaCha20Rng::seed_from_u64(10));
    let to = Grantee::Person { person: keys.person, keys: keys.public() };
    for (seen, stands) in [(1_000_u64, true), (0, false)] {
        let grant = Grant { to: to.clone(), rank: 3, capabilities: vec![], until: None };
        let id = draft.say_seeing(ann.0, ann.1, Statement::Grant(grant), seen);
        assert_eq!(draft.view().grants.contains_key(&GrantId(id.0)), stands, "seen up to {seen}");
    }
}

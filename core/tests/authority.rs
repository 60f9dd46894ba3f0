//! Who may do what follows from the set of statements, and nobody gives what they may not give.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

#[path = "common/world.rs"]
mod world;
use muster_core::authority::evaluate::{Checked, Placed, allows, evaluate, evaluate_again};
use muster_core::authority::seat::{SeatCertificate, SeatClaim};
use muster_core::authority::statement::{Registration, Statement};
use muster_core::authority::view::{Holder, Standing, View};
use muster_core::founding::PersonKeys;
use proptest::prelude::*;
use std::collections::BTreeMap;
use world::*;

type Statements = BTreeMap<EntryHash, Placed>;

/// A random school's statements: some given in right, some not, in logs of several seats.
struct Draft {
    random: ChaCha20Rng,
    founding: Founding,
    statements: Statements,
    seats: Vec<(SeatId, LogId)>,
    grants: Vec<GrantId>,
    waiting: Vec<(GrantId, PersonId, SignKey)>,
    lengths: BTreeMap<LogId, u64>,
}

impl Draft {
    fn new(seed: u64) -> Self {
        let mut random = ChaCha20Rng::seed_from_u64(seed);
        let (founding, head, _) = Founding::new(&mut random).unwrap();
        let grants = vec![founding.head_grant()];
        let (statements, lengths) = (BTreeMap::new(), BTreeMap::new());
        let mut draft = Self { random, founding, statements, seats: vec![], grants, waiting: vec![], lengths };
        draft.seat(Some(&head), None);
        draft
    }

    fn below(&mut self, most: usize) -> usize {
        (self.random.next_u64() % most as u64) as usize
    }

    fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.random.fill_bytes(&mut bytes);
        bytes
    }

    fn place(&mut self, (seat, log): (SeatId, LogId), grant: GrantId, statement: Statement) -> GrantId {
        let length = self.lengths.entry(log).or_insert(0);
        let sequence = *length;
        *length += 1;
        let hash = EntryHash(self.bytes());
        // The name of the heads says how many entries of every log they cover: enough for a test.
        let seen: u64 = if self.below(8) == 0 { 0 } else { 1_000 };
        let mut authority = FrontierId::ZERO;
        authority.0[..8].copy_from_slice(&seen.to_le_bytes());
        self.statements.insert(
            hash,
            Placed { seat, log, sequence, act: (ActId::ZERO, Moment::utc(0)), grant, authority, statement },
        );
        GrantId(hash.0)
    }

    fn seat(&mut self, person: Option<&PersonKeys>, registration: Option<Registration>) {
        let device = SignKey::random(&mut self.random);
        let claim = SeatClaim {
            school: self.founding.school(),
            device: DeviceId(device.public().0),
            person: person.map(|keys| (keys.person, keys.sign.public())),
            key: SignKey::random(&mut self.random).public(),
            incarnation: self.bytes(),
        };
        let at = (claim.seat(), LogId(self.bytes()));
        self.seats.push(at);
        self.place(at, GrantId::ZERO, Statement::Seat(SeatCertificate::make(claim, &device, person)));
        if let Some(registration) = registration {
            self.place(at, registration.grant, Statement::Registration(registration));
        }
    }

    fn capabilities(&mut self) -> Vec<Capability> {
        let rights = [Right::Read, Right::Write, Right::Grant, Right::Enrol, Right::Hold];
        (0..1 + self.below(4))
            .map(|_| Capability {
                right: rights[self.below(5)],
                area: if self.below(3) == 0 { Which::Any } else { Which::One(Area(self.below(3) as u16)) },
                place: if self.below(3) == 0 { Which::Any } else { Which::One(PlaceId([self.below(3) as u8; 16])) },
            })
            .collect()
    }

    fn step(&mut self) {
        if self.below(3) == 0 && !self.waiting.is_empty() {
            let at = self.below(self.waiting.len());
            let (grant, person, activation) = self.waiting[at].clone();
            let keys = PersonKeys::random(person, &mut self.random);
            let registration = Registration::make(grant, keys.public(), &activation);
            self.seat(Some(&keys), Some(registration));
            return;
        }
        let (seat, given) = (self.below(self.seats.len()), self.below(self.grants.len()));
        let by = self.seats[seat];
        let stands_on = self.grants[given];
        let (rank, capabilities) = (self.below(7) as u8, self.capabilities());
        let person = PersonId(self.bytes());
        let activation = PersonKeys::random(person, &mut self.random);
        let to = match self.below(4) {
            0 => Grantee::Device { device: DeviceId(self.bytes()), agree: activation.agree.public() },
            1 => Grantee::Person {
                keys: activation.public(),
                person: self.waiting.first().map_or(person, |(_, known, _)| *known),
            },
            _ => Grantee::Activation { person, keys: activation.public(), salt: [0; 16], cost: Cost::TEST },
        };
        let is_activation = matches!(to, Grantee::Activation { .. });
        let id = self.place(by, stands_on, Statement::Grant(Grant { to, rank, capabilities, until: None }));
        self.grants.push(id);
        if is_activation {
            self.waiting.push((id, person, activation.sign));
        }
    }
}

fn covers(frontier: &FrontierId, _: &LogId, sequence: u64) -> bool {
    frontier.0.first_chunk::<8>().is_some_and(|seen| u64::from_le_bytes(*seen) > sequence)
}

fn view(draft: &Draft, statements: &Statements) -> View {
    evaluate(&draft.founding, statements, &covers)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, max_shrink_iters: 0, ..ProptestConfig::default() })]

    #[test]
    fn statements_heard_in_any_order_in_any_parts_and_twice_give_the_same_state(
        seed in any::<u64>(), steps in 5_usize..80,
    ) {
        let mut draft = Draft::new(seed);
        (0..steps).for_each(|_| draft.step());
        let whole = view(&draft, &draft.statements);
        let all: Vec<(EntryHash, Placed)> = draft.statements.clone().into_iter().collect();
        for _ in 0..4 {
            // Heard in parts, in another order, some twice, evaluated after each with what was checked before.
            let mut checked = Checked::default();
            let mut heard = Statements::new();
            let mut left = all.clone();
            while !left.is_empty() {
                for _ in 0..1 + draft.below(9) {
                    if left.is_empty() {
                        break;
                    }
                    let at = draft.below(left.len());
                    let one = if draft.below(4) == 0 { left[at].clone() } else { left.swap_remove(at) };
                    heard.insert(one.0, one.1);
                }
                let partly = evaluate_again(&draft.founding, &heard, &covers, &mut checked);
                prop_assert_eq!(partly, view(&draft, &heard));
            }
            let last = evaluate_again(&draft.founding, &heard, &covers, &mut checked);
            prop_assert_eq!(last.state_hash(), whole.state_hash());
        }
    }

    #[test]
    fn nobody_gives_what_they_may_not_give(seed in any::<u64>(), steps in 5_usize..120) {
        let mut draft = Draft::new(seed);
        (0..steps).for_each(|_| draft.step());
        let view = view(&draft, &draft.statements);
        for (id, standing) in &view.grants {
            let Some(placed) = draft.statements.get(&EntryHash(id.0)) else {
                prop_assert_eq!(*id, draft.founding.head_grant());
                continue;
            };
            let Statement::Grant(grant) = &placed.statement else { panic!("not a grant") };
            let author = &view.grants[&placed.grant];
            prop_assert!(author.rank < standing.rank, "always weaker");
            prop_assert!(allows(author, grant));
            prop_assert_eq!(view.holder(&placed.seat), Some(author.holder), "written by its holder");
            if let Some(at) = draft.statements.get(&EntryHash(placed.grant.0)) {
                prop_assert!(covers(&placed.authority, &at.log, at.sequence), "and seen before");
            }
        }
        let head = Holder::Person(draft.founding.head);
        prop_assert_eq!(view.rank(&head), Some(1), "the founding head stays");
        prop_assert_eq!(view.persons[&draft.founding.head], draft.founding.head_keys, "with the keys of the founding");
        prop_assert!(view.grants.values().all(|grant| grant.holder == head || grant.rank > 1), "and is the only one");
    }

    #[test]
    fn what_does_not_stand_changes_nothing_by_being_there(seed in any::<u64>(), steps in 5_usize..60) {
        let mut draft = Draft::new(seed);
        (0..steps).for_each(|_| draft.step());
        let whole = view(&draft, &draft.statements);
        let mut without = draft.statements.clone();
        without.retain(|hash, placed| {
            !matches!(placed.statement, Statement::Grant(_)) || whole.grants.contains_key(&GrantId(hash.0))
        });
        prop_assert_eq!(view(&draft, &without), whole);
    }
}

#[test]
fn a_back_dated_grant_that_had_not_seen_what_it_stands_on_is_void() {
    let mut draft = Draft::new(1);
    let (head, activation) =
        (draft.seats[0], PersonKeys::random(PersonId([1; 16]), &mut ChaCha20Rng::seed_from_u64(9)));
    let any = |right| Capability { right, area: Which::Any, place: Which::Any };
    let give = |to, rank| {
        Statement::Grant(Grant { to, rank, capabilities: vec![any(Right::Read), any(Right::Grant)], until: None })
    };
    let to =
        Grantee::Activation { person: PersonId([1; 16]), keys: activation.public(), salt: [0; 16], cost: Cost::TEST };
    let first = draft.place(head, draft.founding.head_grant(), give(to, 2));
    let keys = PersonKeys::random(PersonId([1; 16]), &mut ChaCha20Rng::seed_from_u64(10));
    draft.seat(Some(&keys), Some(Registration::make(first, keys.public(), &activation.sign)));
    let officer = *draft.seats.last().unwrap();
    let second =
        draft.place(officer, first, give(Grantee::Person { person: PersonId([2; 16]), keys: activation.public() }, 3));
    for (seen, stands) in [(1_000_u64, true), (0, false)] {
        let placed = draft.statements.get_mut(&EntryHash(second.0)).unwrap();
        placed.authority.0[..8].copy_from_slice(&seen.to_le_bytes());
        assert_eq!(view(&draft, &draft.statements).grants.contains_key(&second), stands, "seen up to {seen}");
    }
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
    let officer = Standing { holder: Holder::Person(PersonId::ZERO), rank: 2, capabilities, by: None, agree: None };
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

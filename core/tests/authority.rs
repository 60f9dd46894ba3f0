//! Who may do what follows from the set of statements, and nobody gives what they may not give.
// long because: every rule of who may do what is tried on one drafted school, and the properties beside the cases.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

#[path = "common/draft.rs"]
mod draft;
#[path = "common/world.rs"]
mod world;
use draft::*;
use muster_core::authority::evaluate::{Checked, Placed, Statements, allows, evaluate, evaluate_again, may_take};
use muster_core::authority::line::Logs as _;
use muster_core::authority::reduction::{Cuts, Lift, NewKeys, Reason, Removal, Suspension, Target};
use muster_core::authority::statement::Statement;
use muster_core::authority::view::{Holder, Standing, View};
use muster_core::founding::PersonKeys;
use muster_core::log::frontier::Head;
use proptest::prelude::*;
use world::*;

fn view(draft: &Draft, statements: &Statements) -> View {
    evaluate(&draft.founding, statements, &Straight)
}

fn drafted(seed: u64, steps: usize) -> Draft {
    stepped(Draft::new(seed), steps)
}

fn stepped(mut draft: Draft, steps: usize) -> Draft {
    (0..steps).for_each(|_| draft.step());
    draft
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, max_shrink_iters: 0, ..ProptestConfig::default() })]

    #[test]
    fn statements_heard_in_any_order_in_any_parts_and_twice_give_the_same_state(
        seed in any::<u64>(), steps in 5_usize..120,
    ) {
        let mut draft = drafted(seed, steps);
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
                let partly = evaluate_again(&draft.founding, &heard, &Straight, &mut checked);
                prop_assert_eq!(partly, view(&draft, &heard));
            }
            let last = evaluate_again(&draft.founding, &heard, &Straight, &mut checked);
            prop_assert_eq!(last.state_hash(), whole.state_hash());
        }
    }

    #[test]
    fn nobody_gives_what_they_may_not_give(seed in any::<u64>(), steps in 5_usize..120) {
        let draft = drafted(seed, steps);
        let view = view(&draft, &draft.statements);
        let by_cards = draft.said_by_cards();
        let is_of_nobody = |id: &GrantId| {
            *id == draft.founding.head_grant()
                || matches!(by_cards.get(&EntryHash(id.0)), Some(Statement::Grant(_)))
        };
        for (id, standing) in view.grants.iter().chain(&view.past) {
            let Some(placed) = draft.statements.get(&EntryHash(id.0)) else {
                prop_assert!(is_of_nobody(id));
                continue;
            };
            let Statement::Grant(grant) = &placed.statement else { panic!("not a grant") };
            let author = view.standing(&placed.grant).unwrap();
            prop_assert!(author.rank < standing.rank, "always weaker");
            prop_assert!(allows(author, grant));
            prop_assert!(view.is_held_by(author, &placed.seat), "written by its holder");
            if let Some((log, sequence)) = author.at {
                prop_assert!(Straight.covers(&placed.authority, &log, sequence), "and seen before");
            }
        }
        prop_assert!(view.grants.iter().all(|(id, grant)| is_of_nobody(id) || grant.rank > 1));
        prop_assert!(view.grants.keys().all(|id| !view.past.contains_key(id)));
    }

    #[test]
    fn the_founding_head_is_removed_by_nobody_but_the_cards_and_themselves(
        seed in any::<u64>(), steps in 5_usize..120,
    ) {
        let draft = drafted(seed, steps);
        let view = view(&draft, &draft.statements);
        let own = |placed: &Placed| placed.seat == draft.writers[0].seat
            || draft.writers.iter().any(|writer| writer.seat == placed.seat
                && writer.keys.as_ref().is_some_and(|keys| keys.person == draft.founding.head));
        let gave_up = draft.statements.values().any(|placed| {
            own(placed) && matches!(placed.statement, Statement::Removal(_) | Statement::NewKeys(_))
        });
        let taken = draft.said_by_cards().into_values().any(|said| matches!(said, Statement::Removal(_)));
        if !gave_up && !taken {
            let head = Holder::Person(draft.founding.head);
            prop_assert_eq!(view.rank(&head), Some(1), "the founding head stays");
            prop_assert_eq!(view.persons[&draft.founding.head], draft.founding.head_keys);
        }
    }

    #[test]
    fn nobody_can_remove_whoever_can_remove_them_however_long_the_way_round(
        seed in any::<u64>(), steps in 5_usize..120,
    ) {
        let draft = drafted(seed, steps);
        let view = view(&draft, &draft.statements);
        let all: Vec<&Standing> = view.grants.values().chain(view.past.values()).collect();
        for left in &all {
            for right in &all {
                // Every step goes to a weaker rank, so no way leads back.
                prop_assert!(!may_take(left, right) || left.rank < right.rank);
            }
        }
    }

    #[test]
    fn the_recovery_cards_always_win(seed in any::<u64>(), steps in 5_usize..120, which in 0_usize..3) {
        let mut draft = drafted(seed, steps);
        let target = draft.target();
        let (person, words) = (PersonId([7; 16]), PersonKeys::random(PersonId([7; 16]), &mut draft.random));
        let to = Grantee::Activation { person, keys: words.public(), salt: [0; 16], cost: Cost::TEST };
        let head = Grant { to, rank: 1, capabilities: Draft::everything(), until: None };
        let removal = Removal { of: target, reason: Reason::Left, cuts: Cuts::default() };
        draft.by_cards([which, (which + 1) % 3], &[Statement::Removal(removal), Statement::Grant(head)]);
        // Whatever anybody says before or after.
        (0..30).for_each(|_| draft.step());
        let view = draft.view();
        prop_assert_eq!(view.rank(&Holder::Person(person)), Some(1), "there is a new head");
        for (id, standing) in &view.grants {
            let hit = match target {
                Target::Grant(grant) => *id == grant,
                Target::Keys(person, key) => {
                    standing.holder == Holder::Person(person) && standing.keys.is_some_and(|keys| keys.sign == key)
                }
                Target::Device(device) => standing.holder == Holder::Device(device),
            };
            prop_assert!(!hit, "what the cards took away is gone");
        }
    }

    #[test]
    fn one_card_alone_says_nothing(seed in any::<u64>(), which in 0_usize..3) {
        let mut draft = drafted(seed, 10);
        let before = draft.view();
        let head = (draft.founding.head, draft.founding.head_keys.sign);
        let removal = Removal { of: Target::Keys(head.0, head.1), reason: Reason::Left, cuts: Cuts::default() };
        draft.by_cards([which, which], &[Statement::Removal(removal)]);
        prop_assert_eq!(draft.view(), before);
    }

    #[test]
    fn what_does_not_stand_changes_nothing_by_being_there(seed in any::<u64>(), steps in 5_usize..80) {
        let draft = stepped(Draft::with_devices_by_cards(seed), steps);
        let whole = view(&draft, &draft.statements);
        let mut without = draft.statements.clone();
        without.retain(|hash, placed| {
            !matches!(placed.statement, Statement::Grant(_)) || whole.standing(&GrantId(hash.0)).is_some()
        });
        prop_assert_eq!(view(&draft, &without), whole);
    }
}

/// A head, two administrators, and a teacher whom the first of them let in.
struct Office {
    draft: Draft,
    ann: (usize, GrantId),
    bob: (usize, GrantId),
    teacher: (usize, GrantId),
}

fn office() -> Office {
    let mut draft = Draft::new(5);
    let head = draft.head();
    let ann = draft.officer(head, 2, Draft::everything());
    let bob = draft.officer(head, 2, Draft::everything());
    let all = |right| Capability { right, area: Which::Any, place: Which::Any };
    let teacher = draft.officer(ann, 4, vec![all(Right::Read), all(Right::Write)]);
    Office { draft, ann, bob, teacher }
}

impl Office {
    fn keys(&self, (writer, _): (usize, GrantId)) -> Target {
        let keys = self.draft.writers[writer].keys.as_ref().unwrap();
        Target::Keys(keys.person, keys.sign.public())
    }

    /// Cuts that name every log as it is now.
    fn all_so_far(&self) -> Cuts {
        let mut cuts: std::collections::BTreeMap<LogId, Head> = std::collections::BTreeMap::new();
        for (hash, placed) in &self.draft.statements {
            let head = cuts.entry(placed.log).or_insert(Head { length: 0, hash: *hash });
            head.length = head.length.max(placed.sequence + 1);
        }
        Cuts(cuts.into_iter().collect())
    }

    fn remove(&mut self, (by, on): (usize, GrantId), of: Target, cuts: Cuts) -> EntryHash {
        let said = Statement::Removal(Removal { of, reason: Reason::Left, cuts });
        self.draft.say_seeing(by, on, said, 1_000)
    }

    fn suspend(&mut self, (by, on): (usize, GrantId), whose: (usize, GrantId), cuts: Cuts) {
        let device = self.draft.writers[whose.0].device;
        let said = Statement::Suspension(Suspension { device, reason: Reason::Lost, cuts });
        self.draft.say_seeing(by, on, said, 1_000);
    }

    fn holds(&self, (_, on): (usize, GrantId)) -> bool {
        self.draft.view().grants.contains_key(&on)
    }
}

#[test]
fn two_officers_removing_each_other_while_apart_both_stay_and_the_head_can_remove_either() {
    let mut office = office();
    let (ann, bob) = (office.ann, office.bob);
    let cuts = office.all_so_far();
    let (of_ann, of_bob) = (office.keys(ann), office.keys(bob));
    office.remove(ann, of_bob, cuts.clone());
    office.remove(bob, of_ann, cuts.clone());
    assert!(office.holds(ann) && office.holds(bob), "equals do not remove each other");
    office.remove(office.draft.head(), of_bob, cuts);
    assert!(office.holds(ann) && !office.holds(bob));
}

#[test]
fn two_officers_who_hold_each_others_devices_back_are_both_held_back_and_what_they_gave_before_stays() {
    let mut office = office();
    let (ann, bob) = (office.ann, office.bob);
    for who in [ann, bob] {
        let device = office.draft.writers[who.0].device;
        let to = Grantee::Device { device, agree: AgreeKey::random(&mut office.draft.random).public() };
        let all = |right| Capability { right, area: Which::Any, place: Which::Any };
        let grant = Grant { to, rank: RANK_DEVICE, capabilities: vec![all(Right::Hold)], until: None };
        let head = office.draft.head();
        office.draft.say_seeing(head.0, head.1, Statement::Grant(grant), 1_000);
    }
    let cuts = office.all_so_far();
    office.suspend(ann, bob, cuts.clone());
    office.suspend(bob, ann, cuts);
    let later = office.draft.officer(ann, 4, vec![]);
    let view = office.draft.view();
    assert_eq!(view.suspended.len(), 2, "both are held back");
    assert!(office.holds(office.teacher), "what Ann gave before stays");
    assert!(!office.holds(later), "what Ann gave after waits");
    assert!(office.holds(ann) && office.holds(bob), "nobody lost their place by it");
}

#[test]
fn nobody_lifts_what_somebody_stronger_held_back_and_nobody_lifts_a_removal() {
    let mut office = office();
    let (head, ann, bob) = (office.draft.head(), office.ann, office.bob);
    let device = office.draft.writers[bob.0].device;
    let to = Grantee::Device { device, agree: AgreeKey::random(&mut office.draft.random).public() };
    let all = |right| Capability { right, area: Which::Any, place: Which::Any };
    let grant = Grant { to, rank: RANK_DEVICE, capabilities: vec![all(Right::Hold)], until: None };
    office.draft.say_seeing(head.0, head.1, Statement::Grant(grant), 1_000);
    let cuts = office.all_so_far();
    let held = Statement::Suspension(Suspension { device, reason: Reason::Lost, cuts: cuts.clone() });
    let by_head = office.draft.say_seeing(head.0, head.1, held, 1_000);
    let removed = office.remove(head, Target::Device(device), cuts);
    let before = office.draft.view().device_cuts(&device).len();
    assert_eq!(before, 2);
    for (who, suspension) in [(ann, by_head), (ann, removed), (head, removed)] {
        office.draft.say_seeing(who.0, who.1, Statement::Lift(Lift { suspension }), 1_000);
        assert_eq!(office.draft.view().device_cuts(&device).len(), before, "both still stand");
    }
    office.draft.say_seeing(head.0, head.1, Statement::Lift(Lift { suspension: by_head }), 1_000);
    assert_eq!(office.draft.view().device_cuts(&device).len(), 1, "whoever said it lifts it");
}

#[test]
fn a_device_held_back_with_new_keys_is_let_go_on_by_nobody_of_the_same_rank_but_whoever_said_it() {
    use muster_core::authority::reduction::Lift;
    let mut office = office();
    let (head, ann, bob) = (office.draft.head(), office.ann, office.bob);
    let device = office.draft.writers[bob.0].device;
    let to = Grantee::Device { device, agree: AgreeKey::random(&mut office.draft.random).public() };
    let all = |right| Capability { right, area: Which::Any, place: Which::Any };
    let grant = Grant { to, rank: RANK_DEVICE, capabilities: vec![all(Right::Hold)], until: None };
    office.draft.say_seeing(head.0, head.1, Statement::Grant(grant), 1_000);
    // Ann's keys lay on a lost laptop; she has new ones, and says with them that Bob's device is lost.
    let old = office.draft.writers[ann.0].keys.clone().unwrap();
    let keys = PersonKeys::random(old.person, &mut office.draft.random);
    let (school, cuts) = (office.draft.founding.school(), office.all_so_far());
    let said = NewKeys::make(&school, old.person, &old.sign, (&keys.sign, keys.public()), cuts);
    office.draft.say_seeing(ann.0, ann.1, Statement::NewKeys(said), 1_000);
    let again = (office.draft.seat(Some(&keys), None), ann.1);
    let cuts = office.all_so_far();
    let held = Statement::Suspension(Suspension { device, reason: Reason::Lost, cuts });
    let suspension = office.draft.say_seeing(again.0, again.1, held, 1_000);
    assert!(office.draft.view().suspended.contains(&device));
    let lift = || Statement::Lift(Lift { suspension });
    office.draft.say_seeing(bob.0, bob.1, lift(), 1_000);
    assert!(office.draft.view().suspended.contains(&device), "whoever has it does not let it go on");
    office.draft.say_seeing(again.0, again.1, lift(), 1_000);
    assert!(!office.draft.view().suspended.contains(&device), "Ann does");
}

#[test]
fn a_removed_officers_back_dated_grants_are_void_and_earlier_ones_stay() {
    let mut office = office();
    let (ann, of_ann) = (office.ann, office.keys(office.ann));
    let cuts = office.all_so_far();
    // Written while apart, saying it had seen nothing of the removal: its time and heads prove nothing.
    let later = office.draft.officer(ann, 4, vec![]);
    assert!(office.holds(later));
    office.remove(office.draft.head(), of_ann, cuts);
    assert!(!office.holds(later) && office.holds(office.teacher) && !office.holds(ann));
    let hidden = office.draft.view().standing(&later.1).is_none();
    assert!(hidden, "it never stood");
}

#[test]
fn what_a_removed_officer_gave_past_the_cut_stands_once_somebody_above_adopts_it() {
    use muster_core::authority::reduction::{Adoption, EntryName};
    let mut office = office();
    let (ann, of_ann) = (office.ann, office.keys(office.ann));
    let cuts = office.all_so_far();
    let later = office.draft.officer(ann, 4, vec![]);
    office.remove(office.draft.head(), of_ann, cuts);
    let placed = &office.draft.statements[&EntryHash(later.1.0)];
    let entry = EntryName { log: placed.log, sequence: placed.sequence, hash: EntryHash(later.1.0) };
    let adopt = |office: &mut Office, (by, on): (usize, GrantId)| {
        let said = Statement::Adoption(Adoption { entries: vec![entry] });
        office.draft.say_seeing(by, on, said, 1_000);
    };
    let bob = office.bob;
    adopt(&mut office, bob);
    assert!(!office.holds(later), "an equal does not");
    let head = office.draft.head();
    adopt(&mut office, head);
    assert!(office.holds(later));
}

#[test]
fn a_removal_by_somebody_of_the_same_rank_or_weaker_takes_nothing() {
    let mut office = office();
    let cuts = office.all_so_far();
    let (of_ann, of_head) = (office.keys(office.ann), office.keys(office.draft.head()));
    office.remove(office.teacher, of_ann, cuts.clone());
    office.remove(office.bob, of_head, cuts);
    assert!(office.holds(office.ann) && office.holds(office.draft.head()));
}

#[test]
fn an_officer_gives_up_their_own_place_and_keeps_what_they_did() {
    let mut office = office();
    let (ann, of_ann) = (office.ann, office.keys(office.ann));
    let cuts = office.all_so_far();
    office.remove(ann, of_ann, cuts);
    assert!(!office.holds(ann) && office.holds(office.teacher) && office.holds(office.bob));
}

#[test]
fn of_two_cuts_the_lower_one_counts_in_whatever_order_they_are_heard() {
    let mut office = office();
    let (ann, of_ann) = (office.ann, office.keys(office.ann));
    let low = office.all_so_far();
    let between = office.draft.officer(ann, 4, vec![]);
    let high = office.all_so_far();
    let head = office.draft.head();
    office.remove(head, of_ann, high);
    assert!(office.holds(between));
    office.remove(head, of_ann, low);
    assert!(!office.holds(between));
}

#[test]
fn an_administrator_who_may_not_give_safeguarding_can_neither_give_it_nor_take_it_away() {
    let safeguarding = Area(9);
    let mut draft = Draft::new(6);
    let head = draft.head();
    let in_area = |right, area| Capability { right, area: Which::One(Area(area)), place: Which::Any };
    let admin = draft.officer(
        head,
        2,
        (1..9).flat_map(|area| [Right::Grant, Right::Enrol].map(|right| in_area(right, area))).collect(),
    );
    let lead =
        draft.officer(head, 3, vec![in_area(Right::Read, safeguarding.0), in_area(Right::Grant, safeguarding.0)]);
    let forged = draft.officer(admin, 3, vec![in_area(Right::Read, safeguarding.0)]);
    let opens = draft.officer(admin, 4, vec![in_area(Right::Open, safeguarding.0)]);
    let mut office = Office { draft, ann: admin, bob: lead, teacher: opens };
    assert!(!office.holds(forged) && office.holds(opens), "letting somebody open a case is not reading");
    let (of_lead, cuts) = (office.keys(lead), office.all_so_far());
    office.remove(admin, of_lead, cuts.clone());
    assert!(office.holds(lead));
    office.remove(office.draft.head(), of_lead, cuts);
    assert!(!office.holds(lead));
}

impl Office {
    /// Somebody goes on with new keys, named to end where all is now; says which seat they have then.
    fn renew(&mut self, (writer, on): (usize, GrantId)) -> (usize, GrantId) {
        let old = self.draft.writers[writer].keys.clone().unwrap();
        let keys = PersonKeys::random(old.person, &mut self.draft.random);
        let (cuts, school) = (self.all_so_far(), self.draft.founding.school());
        let said = NewKeys::make(&school, old.person, &old.sign, (&keys.sign, keys.public()), cuts);
        self.draft.say_seeing(writer, on, Statement::NewKeys(said), 1_000);
        (self.draft.seat(Some(&keys), None), on)
    }

    /// A seat that whoever has somebody's keys makes on a device of their own.
    fn stolen(&mut self, (writer, on): (usize, GrantId)) -> (usize, GrantId) {
        let keys = self.draft.writers[writer].keys.clone().unwrap();
        (self.draft.seat(Some(&keys), None), on)
    }

    /// Whether the keys of a seat are those that a grant names now.
    fn signs(&self, (writer, on): (usize, GrantId)) -> bool {
        let keys = self.draft.writers[writer].keys.as_ref().unwrap().public();
        self.draft.view().grants.get(&on).is_some_and(|standing| standing.keys == Some(keys))
    }

    fn let_in(&mut self, whose: (usize, GrantId)) -> DeviceId {
        let device = self.draft.writers[whose.0].device;
        self.draft.let_in(self.draft.head(), device);
        device
    }
}

#[test]
fn whoever_has_the_old_keys_takes_nothing_back_once_their_owner_has_new_ones() {
    let mut office = office();
    let (ann, bob) = (office.ann, office.bob);
    let device = office.let_in(bob);
    let anew = office.renew(ann);
    assert!(office.signs(anew));
    let held = Suspension { device, reason: Reason::Lost, cuts: office.all_so_far() };
    let held = office.draft.say_seeing(anew.0, anew.1, Statement::Suspension(held), 1_000);
    let thief = office.stolen(ann);
    let before = office.draft.view();
    let own = office.draft.writers[anew.0].device;
    for of in [Target::Grant(ann.1), office.keys(ann), office.keys(anew)] {
        office.remove(thief, of, Cuts::default());
        assert!(office.signs(anew), "{of:?}");
    }
    let lift = Statement::Lift(Lift { suspension: held });
    office.draft.say_seeing(thief.0, thief.1, lift, 1_000);
    for device in [own, office.draft.writers[0].device] {
        let said = Suspension { device, reason: Reason::Lost, cuts: Cuts::default() };
        office.draft.say_seeing(thief.0, thief.1, Statement::Suspension(said), 1_000);
    }
    let view = office.draft.view();
    assert_eq!((&view.grants, &view.suspended), (&before.grants, &before.suspended));
    assert!(view.device_cuts(&own).is_empty() && view.device_cuts(&office.draft.writers[0].device).is_empty());
}

#[test]
fn new_keys_said_on_a_device_after_an_equal_held_it_back_are_none() {
    let mut office = office();
    let (ann, bob) = (office.ann, office.bob);
    let cuts = office.all_so_far();
    let thief = office.renew(ann);
    assert!(office.signs(thief), "nobody knows better yet");
    office.suspend(bob, ann, cuts.clone());
    assert!(!office.signs(thief) && office.holds(ann), "Ann has the keys she had");
    // Nor does it help to have held Bob's device back with them.
    office.suspend(thief, bob, Cuts::default());
    assert!(office.draft.view().device_cuts(&office.draft.writers[bob.0].device).is_empty());
    // Whoever gave their place up has no new keys either.
    let cuts = office.all_so_far();
    office.remove(bob, Target::Grant(bob.1), cuts);
    office.renew(bob);
    assert!(!office.holds(bob));
}

#[test]
fn a_removal_by_somebody_who_cannot_take_the_device_is_lifted_by_whoever_stands_above() {
    let mut office = office();
    let head = office.draft.head();
    let here = |right| Capability { right, area: Which::Any, place: Which::One(PlaceId([1; 16])) };
    let site = office.draft.officer(head, 3, vec![here(Right::Grant), here(Right::Enrol)]);
    let device = office.let_in(office.ann);
    let cuts = office.all_so_far();
    let removal = office.remove(site, Target::Device(device), cuts);
    let view = office.draft.view();
    assert!(view.has_device(&device) && !view.is_enrolled(&device), "held back, and not taken out");
    let lift = Statement::Lift(Lift { suspension: removal });
    office.draft.say_seeing(site.0, site.1, lift.clone(), 1_000);
    assert!(!office.draft.view().is_enrolled(&device), "a removal is for good, for whoever said it");
    office.draft.say_seeing(head.0, head.1, lift, 1_000);
    assert!(office.draft.view().is_enrolled(&device));
}

#[test]
fn whoever_may_let_nobody_in_gives_no_grant_of_nothing_either() {
    let mut office = office();
    let (ann, teacher) = (office.ann, office.teacher);
    let device = DeviceId([7; 32]);
    let agree = AgreeKey::random(&mut office.draft.random).public();
    let nothing = |to| Statement::Grant(Grant { to, rank: RANK_DEVICE, capabilities: vec![], until: None });
    let blind = nothing(Grantee::Device { device, agree });
    office.draft.say_seeing(teacher.0, teacher.1, blind.clone(), 1_000);
    assert!(!office.draft.view().was_enrolled(&device), "not even to a device");
    office.draft.say_seeing(ann.0, ann.1, blind, 1_000);
    assert!(office.draft.view().is_enrolled(&device));
    let cuts = office.all_so_far();
    let lent = office.draft.view().grants.len();
    office.remove(teacher, Target::Device(device), cuts);
    assert_eq!(office.draft.view().grants.len(), lent, "nor takes one away");
}

#[test]
fn a_persons_keys_on_a_machine_that_nobody_let_in_say_nothing_and_on_one_let_in_by_anybody_who_may_they_do() {
    let mut office = office();
    let (ann, head) = (office.ann, office.draft.head());
    let keys = |office: &Office, writer: usize| office.draft.writers[writer].keys.clone().unwrap();
    // Whoever has the head's keys: lets their own machine in, makes officers, goes on with new keys, takes away.
    let machine = SignKey::random(&mut office.draft.random);
    let thief = office.draft.seat_on(&machine, Some(&keys(&office, 0)), None);
    let before = office.draft.view();
    let own = office.draft.let_in((thief, head.1), DeviceId(machine.public().0));
    let made = office.draft.officer((thief, head.1), 2, Draft::everything());
    office.renew((thief, head.1));
    let (of_ann, cuts) = (office.keys(ann), office.all_so_far());
    office.remove((thief, head.1), of_ann, cuts);
    let after = office.draft.view();
    assert!(!after.grants.contains_key(&GrantId(own.0)) && !office.holds(made) && office.holds(ann));
    assert_eq!((after.persons, after.past), (before.persons, before.past));
    // The head on a laptop that an administrator let in, from another that the administrator let in before.
    let second = office.draft.seat_let_in_by(ann, Some(&keys(&office, ann.0)), None);
    let laptop = office.draft.seat_let_in_by((second, ann.1), Some(&keys(&office, 0)), None);
    assert!({
        let made = office.draft.officer((laptop, head.1), 2, Draft::everything());
        office.holds(made)
    });
    // A teacher lets nobody in.
    let teacher = office.teacher;
    let tablet = office.draft.seat_let_in_by(teacher, Some(&keys(&office, 0)), None);
    let made = office.draft.officer((tablet, head.1), 2, Draft::everything());
    assert!(!office.holds(made));
    // Once somebody who may lets that machine in, what was said on it counts.
    let device = office.draft.writers[tablet].device;
    office.draft.let_in(ann, device);
    assert!(office.holds(made));
}

#[test]
fn past_the_end_of_a_lost_laptop_its_keys_let_no_other_machine_in_whoever_held_it_back() {
    for equal in [false, true] {
        let mut office = office();
        let (ann, bob, head) = (office.ann, office.bob, office.draft.head());
        let cuts = office.all_so_far();
        office.suspend(if equal { bob } else { head }, ann, cuts);
        let keys = office.draft.writers[ann.0].keys.clone().unwrap();
        let elsewhere = office.draft.seat_let_in_by(ann, Some(&keys), None);
        let made = office.draft.officer((elsewhere, ann.1), 3, Draft::everything());
        // An accomplice of a weaker rank, made up on the lost laptop too, lets in a third.
        let (helper, on) = office.draft.officer(ann, 3, Draft::everything());
        let third = office.draft.seat_let_in_by((helper, on), Some(&keys), None);
        let more = office.draft.officer((third, ann.1), 3, Draft::everything());
        assert!(!office.holds(made) && !office.holds(more) && office.holds(ann) && office.holds(office.teacher));
    }
}

#[test]
fn what_a_head_says_on_a_laptop_stands_though_it_takes_away_whoever_let_that_laptop_in() {
    let mut office = office();
    let (ann, head) = (office.ann, office.draft.head());
    let keys = office.draft.writers[0].keys.clone().unwrap();
    let laptop = office.draft.seat_let_in_by(ann, Some(&keys), None);
    let (of_ann, cuts) = (office.keys(ann), Cuts::default());
    office.remove((laptop, head.1), of_ann, cuts);
    assert!(!office.holds(ann), "what lets a device in for its head is not undone by what the head says on it");
}

#[test]
fn a_grant_that_was_taken_away_gives_nothing_to_whoever_sends_it_again() {
    let mut office = office();
    let (ann, teacher) = (office.ann, office.teacher);
    let said: Vec<_> = office.draft.statements.values().cloned().collect();
    let again = |wanted: fn(&Statement) -> bool| {
        let of_teacher = |placed: &&muster_core::authority::evaluate::Placed| match &placed.statement {
            Statement::Grant(grant) => grant.rank == 4,
            Statement::Registration(one) => one.grant == teacher.1,
            _ => false,
        };
        said.iter().filter(of_teacher).find(|placed| wanted(&placed.statement)).unwrap().statement.clone()
    };
    let grant = again(|said| matches!(said, Statement::Grant(_)));
    let registration = again(|said| matches!(said, Statement::Registration(_)));
    let (of_teacher, cuts) = (office.keys(teacher), office.all_so_far());
    office.remove(ann, of_teacher, cuts);
    assert!(!office.holds(teacher));
    // As they were said, in logs of the teacher's own and on every grant that there is.
    for on in [ann.1, teacher.1, office.draft.head().1] {
        office.draft.say_seeing(teacher.0, on, grant.clone(), 1_000);
        office.draft.say_seeing(teacher.0, on, registration.clone(), 1_000);
    }
    let view = office.draft.view();
    let keys = office.draft.writers[teacher.0].keys.as_ref().unwrap();
    assert!(!office.holds(teacher) && !view.persons.contains_key(&keys.person));
}

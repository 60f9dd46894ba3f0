//! A school whose logs fork: whatever is heard first, by whom and in which parts, every device comes to one state.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

#[path = "common/draft.rs"]
mod draft;
#[path = "common/world.rs"]
mod world;
use draft::*;
use muster_core::authority::evaluate::{Checked, Placed, Statements, evaluate, evaluate_again};
use muster_core::authority::line::Logs;
use muster_core::authority::reduction::{Cuts, EntryName, Reason, Target};
use muster_core::authority::statement::Statement;
use muster_core::authority::view::View;
use muster_core::log::frontier::Head;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use world::*;

/// Logs with forks, as somebody knows them who holds these statements and nothing else.
struct Forking<'a> {
    held: &'a Statements,
    forks: BTreeMap<LogId, u64>,
    lengths: BTreeMap<LogId, u64>,
}

impl<'a> Forking<'a> {
    fn of(held: &'a Statements) -> Self {
        let (mut places, mut forks, mut lengths) = (BTreeSet::new(), BTreeMap::new(), BTreeMap::new());
        for Placed { log, sequence, .. } in held.values() {
            if !places.insert((*log, *sequence)) {
                let fork = forks.entry(*log).or_insert(*sequence);
                *fork = (*sequence).min(*fork);
            }
            let length = lengths.entry(*log).or_insert(0);
            *length = (*length).max(sequence + 1);
        }
        Self { held, forks, lengths }
    }

    /// Whether the chain that ends with a cut holds an entry.
    fn is_on_the_way(&self, entry: &EntryName, cut: &Head) -> bool {
        let mut at = cut.hash;
        while let Some(placed) = self.held.get(&at).filter(|placed| placed.log == entry.log) {
            if at == entry.hash {
                return true;
            }
            at = placed.previous;
        }
        false
    }
}

impl Logs for Forking<'_> {
    fn covers(&self, frontier: &FrontierId, log: &LogId, sequence: u64) -> bool {
        Straight.covers(frontier, log, sequence)
    }

    fn forked_at(&self, log: &LogId) -> Option<u64> {
        self.forks.get(log).copied()
    }

    fn is_under(&self, entry: &EntryName, cut: &Head) -> bool {
        let length = self.lengths.get(&entry.log).copied().unwrap_or_default();
        entry.sequence < cut.length
            && match self.forked_at(&entry.log) {
                Some(fork) if entry.sequence < fork => true,
                None if length < cut.length => true,
                _ => self.is_on_the_way(entry, cut),
            }
    }
}

fn view(draft: &Draft, statements: &Statements) -> View {
    evaluate(&draft.founding, statements, &Forking::of(statements))
}

fn drafted(seed: u64, steps: usize) -> Draft {
    let mut draft = Draft::with_stolen_keys(seed);
    (0..steps).for_each(|_| draft.step());
    draft
}

/// Every place at which anybody says that a log ends, and every entry that anybody adopts.
fn chosen(draft: &Draft) -> (Vec<Cuts>, BTreeSet<EntryName>) {
    let (mut cuts, mut adopted) = (Vec::new(), BTreeSet::new());
    let said = draft.statements.values().map(|placed| placed.statement.clone());
    for statement in said.chain(draft.said_by_cards().into_values()) {
        match statement {
            Statement::Removal(removal) => cuts.push(removal.cuts),
            Statement::Suspension(suspension) => cuts.push(suspension.cuts),
            Statement::NewKeys(new) => cuts.push(new.cuts),
            Statement::Adoption(adoption) => adopted.extend(adoption.entries),
            _ => {}
        }
    }
    (cuts, adopted)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, max_shrink_iters: 0, ..ProptestConfig::default() })]

    #[test]
    fn forked_logs_heard_in_any_order_in_any_parts_and_twice_give_the_same_state(
        seed in any::<u64>(), steps in 5_usize..120,
    ) {
        let mut draft = drafted(seed, steps);
        let whole = view(&draft, &draft.statements);
        for _ in 0..4 {
            let (mut checked, mut heard) = (Checked::default(), Statements::new());
            let mut left: Vec<(EntryHash, Placed)> = draft.statements.clone().into_iter().collect();
            while !left.is_empty() {
                for _ in 0..1 + draft.below(9) {
                    // Of each branch what comes before has come before: a gap is never taken.
                    let is_next = |(_, placed): &(EntryHash, Placed)| {
                        placed.sequence == 0 || heard.contains_key(&placed.previous)
                    };
                    let next: Vec<usize> = (0..left.len()).filter(|at| is_next(&left[*at])).collect();
                    if next.is_empty() {
                        break;
                    }
                    let at = next[draft.below(next.len())];
                    let one = if draft.below(4) == 0 { left[at].clone() } else { left.swap_remove(at) };
                    heard.insert(one.0, one.1);
                }
                let partly = evaluate_again(&draft.founding, &heard, &Forking::of(&heard), &mut checked);
                prop_assert_eq!(partly, view(&draft, &heard), "what was checked before changes nothing");
            }
            prop_assert_eq!(view(&draft, &heard).state_hash(), whole.state_hash());
        }
    }

    #[test]
    fn past_a_fork_nothing_counts_that_nobody_chose(seed in any::<u64>(), steps in 5_usize..120) {
        let draft = drafted(seed, steps);
        let (view, logs) = (view(&draft, &draft.statements), Forking::of(&draft.statements));
        let (cuts, adopted) = chosen(&draft);
        for id in view.grants.keys().chain(view.past.keys()) {
            let Some(placed) = draft.statements.get(&EntryHash(id.0)) else { continue };
            if logs.forked_at(&placed.log).is_none_or(|fork| placed.sequence < fork) {
                continue;
            }
            let entry = EntryName { log: placed.log, sequence: placed.sequence, hash: EntryHash(id.0) };
            let named = cuts.iter().any(|cuts| logs.is_on_the_way(&entry, &cuts.of(&placed.log)));
            prop_assert!(named || adopted.contains(&entry), "{entry:?} stands past a fork");
        }
    }
}

#[test]
fn the_schools_that_are_drafted_do_fork_and_it_does_take_something_away() {
    let (mut forked, mut differ) = (0, 0);
    for seed in 0..40 {
        let draft = drafted(seed, 60);
        forked += usize::from(!Forking::of(&draft.statements).forks.is_empty());
        let straight = evaluate(&draft.founding, &draft.statements, &Straight);
        differ += usize::from(straight.state_hash() != view(&draft, &draft.statements).state_hash());
    }
    assert!(forked > 30 && differ > 20, "{forked} of 40 fork, in {differ} that matters");
}

/// Devices of one school that write apart, one of them a copy of another.
struct Apart {
    world: World,
    devices: Vec<(Device, Vec<Opened>)>,
}

impl Apart {
    fn below(&mut self, most: usize) -> usize {
        use rand::Rng as _;
        (self.world.random.next_u64() % most as u64) as usize
    }

    /// Office with the head, two tablets with an administrator each, and a copy of the first tablet.
    fn new(seed: u64) -> Self {
        let mut world = World::new(seed);
        let (mut office, head) = world.found();
        let mut devices = Vec::new();
        for name in [3_u8, 4] {
            let mut tablet = world.let_in(&mut office, &head);
            let words = words::random_words(6, &mut world.random);
            let (by, person) = (head.seat.seat, PersonId([name; 16]));
            let mut rights = Draft::everything();
            rights.push(Capability { right: Right::Hold, area: Which::Any, place: Which::Any });
            let mut context = world.context();
            office.grant_by_words(&by, person, 2, rights, &words, Cost::TEST, &mut context).unwrap();
            world.meet(&mut office, &mut tablet);
            let opened = tablet.activate(&words, &mut world.context()).unwrap();
            world.meet(&mut office, &mut tablet);
            devices.push((tablet, vec![opened]));
        }
        let (image, administrator) = (devices[0].0.store().clone(), devices[0].1[0].clone());
        let mut copy = Replica::open(image, &RULES).unwrap();
        copy.sign_in(&administrator);
        devices.push((copy, vec![administrator]));
        devices.push((office, vec![head]));
        Self { world, devices }
    }

    fn gives_somebody_a_role(&mut self, at: usize) {
        let (device, people) = &mut self.devices[at];
        let words = words::random_words(6, &mut self.world.random);
        let (by, person, rights) = (people[0].seat.seat, PersonId([at as u8 + 20; 16]), Draft::everything());
        let context = &mut self.world.context();
        device.grant_by_words(&by, person, 3, rights, &words, Cost::TEST, context).unwrap();
    }

    /// Somebody says something on their device; what they may not say is said by nobody.
    fn act(&mut self) {
        let at = self.below(self.devices.len());
        let (what, which, whom) = (self.below(6), self.below(1_000), self.below(self.devices.len()));
        let other = self.devices[whom].0.device();
        let (device, people) = &mut self.devices[at];
        let seat = people[which % people.len()].seat.seat;
        let context = &mut self.world.context();
        let _might = match what {
            0 | 1 => {
                let words = words::random_words(6, context.random);
                let person = PersonId([which as u8; 16]);
                let rights = Draft::everything();
                device.grant_by_words(&seat, person, 3, rights, &words, Cost::TEST, context).is_ok()
            }
            2 => device.suspend(&seat, other, Reason::Lost, context).is_ok(),
            3 => device.lift(&seat, other, context).is_ok(),
            4 => {
                let waiting = device.quarantined().unwrap();
                let entries: Vec<EntryName> = waiting.into_iter().map(|one| one.entry).collect();
                device.adopt(&seat, &entries, context).is_ok()
            }
            _ => {
                let mut targets: Vec<Target> = device.view().grants.keys().copied().map(Target::Grant).collect();
                targets.push(Target::Device(other));
                let target = targets.swap_remove(which % targets.len());
                device.remove(&seat, target, Reason::Left, context).is_ok()
            }
        };
    }

    /// Two meet, and part after so many frames.
    fn meet(&mut self, (left, right): (usize, usize), most: usize) {
        let [(a, _), (b, _)] = self.devices.get_disjoint_mut([left, right]).unwrap();
        let now = Moment::utc(self.world.now);
        let (mut to_b, mut to_a) = (Conversation::start(a, b.device(), now), Conversation::start(b, a.device(), now));
        for _ in 0..most {
            let (out, back) = (to_b.next(a).unwrap(), to_a.next(b).unwrap());
            if out.is_none() && back.is_none() {
                break;
            }
            // Whoever was taken out is told so, and the meeting ends.
            let heard = out.is_none_or(|frame| to_a.receive(b, &frame, &mut self.world.context()).is_ok());
            let told = back.is_none_or(|frame| to_b.receive(a, &frame, &mut self.world.context()).is_ok());
            if !heard || !told {
                break;
            }
        }
        for device in [a, b] {
            while device.work(&mut self.world.context()).unwrap().1 {}
        }
    }

    fn states(&self) -> BTreeSet<[u8; 32]> {
        self.devices.iter().map(|(device, _)| device.view().state_hash()).collect()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, max_shrink_iters: 0, ..ProptestConfig::default() })]

    #[test]
    fn devices_that_wrote_apart_one_a_copy_of_another_come_to_one_state_however_they_meet(seed in any::<u64>()) {
        let mut apart = Apart::new(seed);
        // The same seat, once here and once on the copy.
        apart.gives_somebody_a_role(0);
        apart.gives_somebody_a_role(2);
        for _ in 0..18 {
            apart.act();
            if apart.below(3) == 0 {
                let left = apart.below(4);
                let right = (left + 1 + apart.below(3)) % 4;
                let most = 1 + apart.below(12);
                apart.meet((left, right), most);
            }
        }
        let mut rounds = 0;
        while apart.states().len() > 1 || rounds == 0 {
            for left in 0..4 {
                for right in 0..left {
                    apart.meet((left, right), 10_000);
                }
            }
            rounds += 1;
            prop_assert!(rounds < 8, "they never agree: seed {}", seed);
        }
        let logs = |device: &Device| -> BTreeMap<LogId, Vec<Head>> {
            let authority = device.logs().iter().filter(|(_, state)| state.descriptor.section == Section::AUTHORITY);
            authority.map(|(log, state)| (*log, state.heads.clone())).collect()
        };
        let all = logs(&apart.devices[0].0);
        prop_assert!(all.values().any(|heads| heads.len() > 1), "a log has forked");
        for (device, _) in &apart.devices {
            prop_assert_eq!(&logs(device), &all, "each holds both branches");
            let again = Replica::open(device.store().clone(), &RULES).unwrap();
            prop_assert_eq!(again.view().state_hash(), device.view().state_hash(), "after a restart too");
        }
    }
}

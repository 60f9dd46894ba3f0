//! A person who has lost their passphrase: their keys are taken away, and one-time words bring what they held.
//!
//! Nobody learns the old passphrase, and what it opened opens nothing more. Whoever resets must be one who may give
//! all that the person holds, so an administrator who resets somebody gets nobody, themselves included, into what only
//! the head or a lead can let anybody into; it is said who can. The words can be read over the
//! telephone: they work on any device of the person's sites that has heard of them.

use super::Device;
use anyhow::bail;
use muster_core::authority::evaluate::{allows, may_take};
use muster_core::authority::grant::{Grant, Grantee};
use muster_core::authority::reduction::{Reason, Target};
use muster_core::authority::view::{Ends, Holder, Standing};
use muster_core::crypto::stretch::Cost;
use muster_core::crypto::words;
use muster_core::id::PersonId;
use muster_core::replica::Context;
use muster_school::roles::Role;
use muster_school::step_up::Guarded;
use zeroize::Zeroizing;

impl Device {
    /// Takes a person's keys away and makes one-time words that bring all they held.
    ///
    /// # Errors
    /// When a code must come first, the person has no keys, or whoever is signed in may not take or give all of it:
    /// nothing is changed then, and it is said what that is and who could.
    pub fn reset(&mut self, person: PersonId) -> anyhow::Result<Zeroizing<String>> {
        self.need(Guarded::Administer)?;
        if self.person() == Some(person) {
            bail!("these are your own keys: change your passphrase with `muster passphrase`, or ask another officer");
        }
        let view = self.replica.view();
        let Some(keys) = view.persons.get(&person).copied() else {
            bail!("this person has not signed in yet: make one-time words for them");
        };
        let seat = self.seat();
        let held: Vec<Standing> =
            view.grants_of(&Holder::Person(person)).map(|(_, standing)| standing.clone()).collect();
        let words = Zeroizing::new(words::random_words(words::ONE_TIME_WORDS, &mut rand::rng()));
        let to = self.replica.activation(person, &words, Cost::NORMAL)?;
        let could_all = |mine: &Standing| held.iter().all(|one| could(mine, one, &to));
        if !view.grants_of_seat(&seat, Ends::NotBy(self.clock.now())).any(|(_, mine)| could_all(mine)) {
            let what: Vec<String> = held.iter().map(role_words).collect();
            bail!(
                "your role may not take away and give again what this person holds ({}): ask {}",
                crate::fire_file::joined(&what),
                self.who_could(&held, &to)
            );
        }
        let mut random = rand::rng();
        let mut context = Context { now: self.clock.now(), random: &mut random };
        self.replica.remove(&seat, Target::Keys(person, keys.sign), Reason::Reset, &mut context)?;
        // A slip of before would open what the old keys opened.
        self.take_back_words(person)?;
        for standing in held.iter().filter(|standing| standing.keys.is_some()) {
            self.replica.grant(&seat, grant_like(standing, &to), &mut context)?;
        }
        self.catch_up()?;
        Ok(words)
    }

    /// Who could take and give all of this, by name.
    fn who_could(&self, held: &[Standing], to: &Grantee) -> String {
        let able = self.replica.view().grants.values().filter(|one| held.iter().all(|held| could(one, held, to)));
        let mut names: Vec<String> = able
            .filter_map(|one| match one.holder {
                Holder::Person(person) if one.keys.is_some() => Some(self.known.staff_name(person)),
                _ => None,
            })
            .collect();
        names.sort();
        names.dedup();
        if names.is_empty() { "whoever has the recovery cards".to_owned() } else { crate::fire_file::joined(&names) }
    }
}

/// Whether the holder of one grant may take another and give it again.
fn could(author: &Standing, held: &Standing, to: &Grantee) -> bool {
    may_take(author, held) && allows(author, &grant_like(held, to))
}

fn role_words(standing: &Standing) -> String {
    match Role::of(standing.rank, &standing.capabilities) {
        Some((role, ..)) => role.name().to_lowercase(),
        None => "rights of no one role".to_owned(),
    }
}

fn grant_like(standing: &Standing, to: &Grantee) -> Grant {
    let capabilities = standing.capabilities.to_vec();
    Grant { to: to.clone(), rank: standing.rank, capabilities, until: standing.until }
}

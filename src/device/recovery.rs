//! What two recovery cards do on this device: name a head, remove, free, and rebuild a school from what was kept.
//!
//! Nothing of a card stays here. Everything they say is a statement in the authority area, which every device shows.

use super::{Device, check_name, must_be_empty, passphrase};
use crate::clock::Clock;
use anyhow::bail;
use muster_core::authority::cards::CardsStatement;
use muster_core::authority::reduction::{Lift, Reason, Target};
use muster_core::authority::statement::Statement;
use muster_core::authority::view::Holder;
use muster_core::crypto::stretch::Cost;
use muster_core::crypto::words;
use muster_core::id::{DeviceId, PersonId};
use muster_core::keys::recovery::Card;
use muster_core::replica::Context;
use muster_core::sync::rebuild::{Rebuild, rebuild};
use muster_school::office::NewPerson;
use muster_school::{areas, roles};
use muster_storage::RedbStore;
use std::collections::BTreeSet;
use std::path::Path;
use zeroize::Zeroizing;

/// How a head is put into the staff directory, whose job and role are known.
pub(super) fn head_named(name: &str, staff_code: &str) -> NewPerson {
    let (forename, surname) = name.trim().split_once(' ').unwrap_or(("", name.trim()));
    NewPerson {
        staff_code: staff_code.to_owned(),
        title: String::new(),
        forename: forename.to_owned(),
        surname: surname.to_owned(),
        job: "Head".to_owned(),
        role: roles::Role::SeniorLeader,
        sites: Vec::new(),
        email: String::new(),
    }
}

fn one_time_words() -> Zeroizing<String> {
    Zeroizing::new(words::random_words(words::ONE_TIME_WORDS, &mut rand::rng()))
}

impl Device {
    /// Makes a person head with two cards; gives the one-time words.
    ///
    /// # Errors
    /// When they are not two of the school's cards, or the disk fails.
    pub fn head_by_cards(&mut self, cards: [&Card; 2], person: PersonId) -> anyhow::Result<Zeroizing<String>> {
        let made = one_time_words();
        let mut random = rand::rng();
        let mut context = Context { now: self.clock.now(), random: &mut random };
        self.replica.name_head(cards, person, (&made, Cost::NORMAL), &mut context)?;
        Ok(made)
    }

    /// What the cards are to say to make a person head, where they are not at one place; with the one-time words.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn head_for_cards(&self, person: PersonId) -> anyhow::Result<(Vec<Statement>, Zeroizing<String>)> {
        let made = one_time_words();
        Ok((self.replica.head_for_cards(person, &made, Cost::NORMAL)?, made))
    }

    /// What the cards are to say to take a person's keys and rights away.
    ///
    /// # Errors
    /// When the person holds nothing, or the disk fails.
    pub fn person_removed_by_cards(&self, person: PersonId) -> anyhow::Result<Vec<Statement>> {
        let held = self.replica.view().grants.iter().filter(|(_, grant)| grant.holder == Holder::Person(person));
        let of = |(id, grant): (&_, &muster_core::authority::view::Standing)| match grant.keys {
            Some(keys) => Target::Keys(person, keys.sign),
            None => Target::Grant(*id),
        };
        let targets: BTreeSet<Target> = held.map(of).collect();
        if targets.is_empty() {
            bail!("this person holds no rights in this school now: there is nothing to remove");
        }
        let says = targets.into_iter().map(|target| self.replica.removal_for_cards(target, Reason::Unsaid));
        Ok(says.collect::<Result<_, _>>()?)
    }

    /// What the cards are to say to take a device out of the school.
    ///
    /// # Errors
    /// When it is not of the school, or the disk fails.
    pub fn device_removed_by_cards(&self, device: DeviceId) -> anyhow::Result<Vec<Statement>> {
        Ok(vec![self.replica.removal_for_cards(Target::Device(device), Reason::Lost)?])
    }

    /// What the cards are to say to end every suspension of a device.
    ///
    /// # Errors
    /// When nobody holds it back.
    pub fn freed_by_cards(&self, device: DeviceId) -> anyhow::Result<Vec<Statement>> {
        let mut says = Vec::new();
        for (entry, placed) in self.replica.statements() {
            let mut add = |name, said: &Statement| {
                if matches!(said, Statement::Suspension(held) if held.device == device) {
                    says.push(Statement::Lift(Lift { suspension: name }));
                }
            };
            match &placed.statement {
                Statement::Cards(cards) => cards.says().for_each(|(name, said)| add(name, &said)),
                said => add(*entry, said),
            }
        }
        if says.is_empty() {
            bail!("nobody holds that device back: there is nothing to lift");
        }
        Ok(says)
    }

    /// What cards are to say, for them to sign.
    pub fn draft_for_cards(&self, says: &[Statement]) -> CardsStatement {
        let mut random = rand::rng();
        self.replica.draft_for_cards(says, &mut Context { now: self.clock.now(), random: &mut random })
    }

    /// Says what enough cards have signed.
    ///
    /// # Errors
    /// When they have not, or the disk fails.
    pub fn say_by_cards(&mut self, said: CardsStatement) -> anyhow::Result<()> {
        let mut random = rand::rng();
        Ok(self.replica.say_by_cards(said, &mut Context { now: self.clock.now(), random: &mut random })?)
    }

    /// Rebuilds a school in a folder from what another device kept, with two cards. The head is a person of this
    /// name, who is new to the school; or, with none, whoever founded it, who goes on with new keys. They are signed
    /// in.
    ///
    /// # Errors
    /// When a school is there already, a name or the passphrase will not do, the cards are not two of that school's,
    /// or what was kept is damaged.
    pub fn rebuild(
        folder: &Path,
        kept: &Path,
        cards: [&Card; 2],
        head: Option<&str>,
        device: &str,
        passphrase: &str,
        clock: Clock,
    ) -> anyhow::Result<Self> {
        check_name("this device", device)?;
        head.into_iter().try_for_each(|head| check_name("the head", head))?;
        passphrase::check(passphrase, &head.into_iter().collect::<Vec<_>>())?;
        must_be_empty(folder)?;
        if !RedbStore::exists(kept) {
            bail!("no device's records are in {}: name the folder that one kept, as it was", kept.display());
        }
        let kept = RedbStore::open(kept)?;
        let made = one_time_words();
        let person = head.map(|_| PersonId(rand::random()));
        let plan = Rebuild {
            cards,
            capabilities: roles::DeviceKind::Laptop.capabilities(&[]),
            head: person,
            words: &made,
            cost: Cost::NORMAL,
        };
        let mut random = rand::rng();
        let mut context = Context { now: clock.now(), random: &mut random };
        let replica = rebuild(|| RedbStore::create(folder), kept, plan, &areas::rules(), &mut context)?;
        let mut this = Self::over(replica, folder, clock);
        this.local.device = device.to_owned();
        this.keep_local()?;
        let person = this.activate(&made, passphrase)?;
        let device_id = this.replica.device();
        this.office(|office| Ok(office.name_device(device_id, device, None)?))?;
        this.put_head_in_directory(person, head.unwrap_or("Head"))?;
        Ok(this)
    }

    /// Puts a head whom the cards named into the staff directory, where they are not in it.
    ///
    /// # Errors
    /// When the name will not do, or the records refuse.
    pub fn put_head_in_directory(&mut self, person: PersonId, name: &str) -> anyhow::Result<()> {
        check_name("the head", name)?;
        self.refresh()?;
        if self.known.school().staff.contains_key(&person) {
            return Ok(());
        }
        let code = format!("HEAD-{person:?}");
        self.office(|office| Ok(office.add_person(Some(person), &head_named(name, &code)).map(drop)?))?;
        self.settle_in()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use muster_core::authority::grant::{Grant, Grantee, RANK_DEVICE};
    use muster_core::crypto::wrap::AgreeKey;

    #[test]
    fn two_cards_let_a_device_that_is_held_back_work_again_and_take_it_out_for_good() {
        let place = tempfile::tempdir().unwrap();
        let mut cards: Vec<Card> = Vec::new();
        let mut keep = |made: &[Card]| {
            cards = made.to_vec();
            Ok(())
        };
        let folder = place.path().join("office");
        let clock = Clock::starting_at(1_795_424_400_000);
        let passphrase = "five kind words for this";
        let mut office =
            Device::found(&folder, "Harbour Primary", "Helen Marsh", "Office", passphrase, clock, &mut keep).unwrap();
        let mut random = rand::rng();
        let tablet = DeviceId([7; 32]);
        let to = Grantee::Device { device: tablet, agree: AgreeKey::random(&mut random).public() };
        let grant =
            Grant { to, rank: RANK_DEVICE, capabilities: roles::DeviceKind::Blind.capabilities(&[]), until: None };
        let seat = office.seat();
        let mut context = Context { now: clock.now(), random: &mut random };
        office.replica.grant(&seat, grant, &mut context).unwrap();
        assert!(office.freed_by_cards(tablet).is_err(), "nobody holds it back");
        office.replica.suspend(&seat, tablet, Reason::Lost, &mut context).unwrap();
        assert!(!office.replica.view().is_enrolled(&tablet));
        let say = |office: &mut Device, says: &[Statement], by: [usize; 2]| {
            let mut said = office.draft_for_cards(says);
            by.iter().for_each(|card| said.sign(&cards[*card]));
            office.say_by_cards(said)
        };
        let freed = office.freed_by_cards(tablet).unwrap();
        assert!(say(&mut office, &freed, [0, 0]).is_err(), "one card frees nothing");
        assert!(!office.replica.view().is_enrolled(&tablet));
        say(&mut office, &freed, [0, 2]).unwrap();
        assert!(office.replica.view().is_enrolled(&tablet));
        let removed = office.device_removed_by_cards(tablet).unwrap();
        say(&mut office, &removed, [1, 2]).unwrap();
        assert!(!office.replica.view().is_enrolled(&tablet));
    }
}

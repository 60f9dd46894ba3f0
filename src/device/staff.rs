//! Giving roles, to somebody new with one-time words or to somebody who has keys already, and removing leavers.

use super::Device;
use anyhow::{Context as _, bail};
use muster_core::authority::grant::{Grant, Grantee};
use muster_core::authority::reduction::{Reason, Target};
use muster_core::authority::view::Holder;
use muster_core::crypto::stretch::Cost;
use muster_core::crypto::words;
use muster_core::id::{GrantId, PersonId};
use muster_core::replica::{Context, Replica};
use muster_core::time::Moment;
use muster_school::calendar::{self, Day};
use muster_school::office::NewPerson;
use muster_school::rights::{self, Standing};
use muster_school::step_up::Guarded;
use muster_school::view::people::RoleGiven;
use muster_storage::RedbStore;
use zeroize::Zeroizing;

/// What came of giving a role.
pub struct Given {
    /// To whom.
    pub person: PersonId,
    /// The one-time words, for somebody who has no keys yet.
    pub words: Option<Zeroizing<String>>,
}

impl Device {
    /// Gives somebody a role at some sites, until a day or until it is taken away. Whoever is not in the directory
    /// yet is added to it.
    ///
    /// # Errors
    /// When whoever is signed in may not give it there or must give a code first, a name or a day will not do, or the records refuse.
    pub fn give_role(&mut self, given: &RoleGiven) -> anyhow::Result<Given> {
        self.need(Guarded::Administer)?;
        let asked = last_moment(&given.last_day)?;
        let until = given.role.until(asked, self.clock.now())?;
        self.must_be_mine_to_give(given)?;
        let person = match given.person {
            Some(person) => person,
            None => self.office(|office| {
                let new = NewPerson {
                    staff_code: String::new(),
                    title: String::new(),
                    forename: given.forename.clone(),
                    surname: given.surname.clone(),
                    job: given.job.clone(),
                    role: given.role,
                    sites: given.sites.clone(),
                    email: String::new(),
                };
                Ok(office.add_person(None, &new)?)
            })?,
        };
        let capabilities = given.role.capabilities_with(&given.sites, &given.areas);
        let rank = given.role.rank();
        if let Some(keys) = self.replica.view().persons.get(&person).copied() {
            self.grant(Grant { to: Grantee::Person { person, keys }, rank, capabilities, until })?;
            return Ok(Given { person, words: None });
        }
        let made = Zeroizing::new(words::random_words(words::ONE_TIME_WORDS, &mut rand::rng()));
        let to = self.replica.activation(person, &made, Cost::NORMAL)?;
        self.grant(Grant { to, rank, capabilities, until })?;
        Ok(Given { person, words: Some(made) })
    }

    /// Takes away all that a person holds: they have left. What they wrote stays.
    ///
    /// # Errors
    /// When whoever is signed in may take nothing of it or must give a code first, this device does not keep all that the person may have
    /// written, or some of it is left because only somebody above may take it.
    pub fn remove_person(&mut self, person: PersonId) -> anyhow::Result<()> {
        self.need(Guarded::Administer)?;
        let seat = self.seat();
        let mut random = rand::rng();
        let mut context = Context { now: self.clock.now(), random: &mut random };
        let held = |replica: &Replica<RedbStore>| -> Vec<GrantId> {
            replica.view().grants_of(&Holder::Person(person)).map(|(id, _)| *id).collect()
        };
        if held(&self.replica).is_empty() {
            bail!("this person holds nothing that could be taken away");
        }
        if let Some(keys) = self.replica.view().persons.get(&person).copied() {
            self.replica.remove(&seat, Target::Keys(person, keys.sign), Reason::Left, &mut context)?;
        }
        // Words that nobody has used yet are no keys' rights.
        for grant in held(&self.replica) {
            self.replica.remove(&seat, Target::Grant(grant), Reason::Left, &mut context)?;
        }
        match held(&self.replica).len() {
            0 => Ok(()),
            1 => bail!("one role is left, which somebody above you gave: ask the head"),
            left => bail!("{left} roles are left, which somebody above you gave: ask the head"),
        }
    }

    /// Gives rights as whoever is signed in.
    pub(super) fn grant(&mut self, grant: Grant) -> anyhow::Result<()> {
        let seat = self.seat();
        let mut random = rand::rng();
        let mut context = Context { now: self.clock.now(), random: &mut random };
        self.replica.grant(&seat, grant, &mut context)?;
        Ok(())
    }

    /// Said before anything is written, so that nobody stands in the directory without a role.
    fn must_be_mine_to_give(&mut self, given: &RoleGiven) -> anyhow::Result<()> {
        let me = self.person().context("nobody is signed in: sign in first")?;
        let mine = self.with_records(|records, _| Ok(rights::of_persons(records)))?;
        let mut mine = mine.iter().filter(|(person, rights)| *person == me && rights.standing == Standing::Holds);
        if !mine.any(|(_, rights)| rights.may_give(given.role, &given.sites)) {
            bail!("your role may not give that one there: choose fewer sites, or ask the head or an administrator");
        }
        Ok(())
    }
}

/// The end of a day as somebody typed it, or a moment of school time as `2026-11-24T18:00`; `None` for nothing typed.
fn last_moment(typed: &str) -> anyhow::Result<Option<Moment>> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    if typed.contains('T') {
        return calendar::parse_moment(typed).map(Some).map_err(anyhow::Error::msg);
    }
    let day = Day::parse(typed).map_err(anyhow::Error::msg)?;
    Ok(Some(calendar::moment(day, 23 * 60 + 59)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use muster_core::authority::capability::Right;
    use muster_core::authority::view::Ends;
    use muster_core::id::{Compartment, PlaceId};
    use muster_school::areas::{CARE, LEARNING, PUPIL, REGISTER};
    use muster_school::roles::Role;
    use muster_school::show;
    use muster_school::view::people::AccountState;

    const PASSPHRASE: &str = "five kind words for this";

    fn school() -> (tempfile::TempDir, Device, PlaceId) {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path().join("records");
        let clock = Clock::starting_at(1_795_424_400_000);
        let mut device =
            Device::found(&at, "Alder Fen", "Anna Head", "Office", PASSPHRASE, clock, &mut |_| Ok(())).unwrap();
        let site = device.office(|office| Ok(office.add_site("S1", "Harbour", &["Gate"])?)).unwrap();
        (folder, device, site)
    }

    fn wanted(surname: &str, role: Role, site: PlaceId) -> RoleGiven {
        RoleGiven {
            person: None,
            forename: "Maya".to_owned(),
            surname: surname.to_owned(),
            job: String::new(),
            role,
            sites: vec![site],
            areas: Vec::new(),
            last_day: String::new(),
        }
    }

    fn state(device: &mut Device, person: PersonId) -> AccountState {
        let view = device.with_records(|records, known| Ok(show::people(records, known, None, None)?)).unwrap();
        view.rows.iter().find(|row| row.person == person).unwrap().state
    }

    #[test]
    fn somebody_brought_in_signs_in_with_the_words_and_a_leaver_removed_can_do_nothing_more() {
        let (_folder, mut device, site) = school();
        let head = device.person().unwrap();
        let given = device.give_role(&wanted("Lindqvist", Role::CoreStaff, site)).unwrap();
        assert_eq!(state(&mut device, given.person), AccountState::Invited);
        device.activate(&given.words.unwrap(), PASSPHRASE).unwrap();
        let holds = |device: &Device| {
            let register = Compartment { area: REGISTER, place: site };
            device.replica.view().has(&Holder::Person(given.person), Right::Write, &register, Ends::Whenever)
        };
        assert!(holds(&device));
        assert!(device.remove_person(head).is_err(), "a teacher removes nobody");
        device.sign_in(head, PASSPHRASE).unwrap();
        assert_eq!(state(&mut device, given.person), AccountState::Active);
        device.remove_person(given.person).unwrap();
        assert!(!holds(&device));
        assert_eq!(state(&mut device, given.person), AccountState::Removed);
        assert!(device.remove_person(given.person).is_err(), "there is nothing left to take");
    }

    #[test]
    fn earlier_one_time_words_open_nothing_once_new_ones_were_made_or_the_sign_in_was_reset() {
        let (_folder, mut device, site) = school();
        let head = device.person().unwrap();
        let given = device.give_role(&wanted("Reid", Role::Nurse, site)).unwrap();
        let found = given.words.unwrap();
        let again = device.one_time_words(given.person).unwrap();
        assert!(device.activate(&found, PASSPHRASE).is_err(), "the slip that was lost");
        device.sign_in(head, PASSPHRASE).unwrap();
        device.activate(&again, PASSPHRASE).unwrap();
        let may = |device: &Device, area| {
            let compartment = Compartment { area, place: site };
            device.replica.view().has(&Holder::Person(given.person), Right::Write, &compartment, Ends::Whenever)
        };
        assert!(may(&device, CARE), "the new words bring all that the old ones would have");
        device.sign_in(head, PASSPHRASE).unwrap();
        let to = device.replica.activation(given.person, &found, Cost::TEST).unwrap();
        let capabilities = Role::Nurse.capabilities(&[site]);
        device.grant(Grant { to, rank: 4, capabilities, until: None }).unwrap();
        let after = device.reset(given.person).unwrap();
        assert!(device.activate(&found, PASSPHRASE).is_err(), "a slip from before the reset");
        device.sign_in(head, PASSPHRASE).unwrap();
        device.activate(&after, PASSPHRASE).unwrap();
        assert!(may(&device, CARE));
    }

    #[test]
    fn words_that_nobody_used_stop_working_when_who_they_were_for_is_removed() {
        let (_folder, mut device, site) = school();
        let given = device.give_role(&wanted("Reid", Role::Nurse, site)).unwrap();
        device.remove_person(given.person).unwrap();
        assert!(device.activate(&given.words.unwrap(), PASSPHRASE).is_err());
    }

    #[test]
    fn a_role_beside_the_first_adds_to_it_and_a_day_pass_ends_with_the_day() {
        let (_folder, mut device, site) = school();
        let head = device.person().unwrap();
        let given = device.give_role(&wanted("Reid", Role::AgencyStaff, site)).unwrap();
        let holder = Holder::Person(given.person);
        let ends = device.replica.view().grants_of(&holder).next().unwrap().1.until.unwrap();
        assert_eq!(calendar::local(ends).day, calendar::local(device.clock.now()).day);
        device.activate(&given.words.unwrap(), PASSPHRASE).unwrap();
        device.sign_in(head, PASSPHRASE).unwrap();
        let more = RoleGiven { person: Some(given.person), ..wanted("", Role::Therapist, site) };
        assert!(device.give_role(&more).unwrap().words.is_none(), "who has keys needs no words");
        let may =
            |area| device.replica.view().has(&holder, Right::Write, &Compartment { area, place: site }, Ends::Whenever);
        assert!(may(LEARNING) && may(REGISTER) && may(PUPIL) && !may(CARE));
    }

    #[test]
    fn a_visitors_hour_as_it_is_typed_in_the_form_is_the_end_of_their_role() {
        let (_folder, mut device, site) = school();
        let given = RoleGiven { last_day: "23/11/2026T16:00".to_owned(), ..wanted("Upton", Role::Inspector, site) };
        let given = device.give_role(&RoleGiven { areas: vec![REGISTER], ..given }).unwrap();
        let ends = device.replica.view().grants_of(&Holder::Person(given.person)).next().unwrap().1.until.unwrap();
        let local = calendar::local(ends);
        assert_eq!((local.day.iso().as_str(), local.minute), ("2026-11-23", 16 * 60));
        let over = RoleGiven { last_day: "23/11/2026T08:00".to_owned(), ..wanted("Upton", Role::Inspector, site) };
        let refused = device.give_role(&over).err().unwrap().to_string();
        assert!(refused.contains("over"), "09:00 has come: {refused}");
    }

    #[test]
    fn a_visitor_without_a_last_day_or_a_role_that_is_not_ones_own_to_give_leaves_nothing_behind() {
        let (_folder, mut device, site) = school();
        let people = |device: &Device| device.known.school().staff.len();
        let before = people(&device);
        assert!(device.give_role(&wanted("Upton", Role::Inspector, site)).is_err());
        let wrong = RoleGiven { last_day: "soon".to_owned(), ..wanted("Upton", Role::Inspector, site) };
        assert!(device.give_role(&wrong).is_err());
        let given = device.give_role(&wanted("Marsh", Role::Administrator, site)).unwrap();
        device.activate(&given.words.unwrap(), PASSPHRASE).unwrap();
        let after = people(&device);
        assert!(device.give_role(&wanted("Ellis", Role::SafeguardingLead, site)).is_err());
        assert_eq!((after, people(&device)), (before + 1, before + 1));
    }
}

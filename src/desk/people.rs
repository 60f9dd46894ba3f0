//! The screens of staff and of roles: what is chosen, and the one-time words that were just made.

use super::clerk::Clerk;
use crate::host::Host;
use muster_core::id::PersonId;
use muster_school::facts::fire::FireDuty;
use muster_school::show;
use muster_school::view::people::{FireDutyForm, MadeWords, PeopleView, RoleGiven};
use muster_school::view::roles::{RolesChosen, RolesView};

/// See the module.
#[derive(Default)]
pub(super) struct People {
    account: Option<PersonId>,
    roles: Option<RolesChosen>,
    made: Option<MadeWords>,
}

impl People {
    pub(super) fn explain_account(&mut self, person: PersonId) {
        self.account = Some(person);
    }

    pub(super) fn explain_roles(&mut self, chosen: RolesChosen) {
        self.roles = Some(chosen);
    }

    /// Shows words once, on the screen of staff.
    pub(super) fn show_words(&mut self, host: &Host, person: PersonId, words: &str) {
        self.made = Some(MadeWords {
            name: host.device.known.staff_name(person),
            words: words.replace('-', " "),
            note: "They work once, on any device that has met this one since.".to_owned(),
        });
    }

    pub(super) fn words_seen(&mut self) {
        self.made = None;
    }

    pub(super) fn people(&self, host: &mut Host) -> anyhow::Result<PeopleView> {
        let me = host.device.person();
        let view = host.device.with_records(|records, known| Ok(show::people(records, known, me, self.account)?))?;
        Ok(PeopleView { made: self.made.clone(), ..view })
    }

    pub(super) fn roles(&self, host: &mut Host) -> anyhow::Result<RolesView> {
        host.device.with_records(|records, known| Ok(show::roles(records, known, self.roles)?))
    }
}

impl Clerk {
    pub(super) fn remove_person(&mut self, host: &mut Host, person: PersonId) -> anyhow::Result<()> {
        let name = host.device.known.staff_name(person);
        host.device.remove_person(person)?;
        self.warn_unguarded(host);
        self.notice(host, format!("{name} is removed. Every device that hears of it lets them in no more"), None);
        Ok(())
    }

    pub(super) fn set_fire_duty(
        &mut self,
        host: &mut Host,
        person: PersonId,
        duty: FireDutyForm,
    ) -> anyhow::Result<()> {
        let FireDutyForm { marshal, first_aid, phone } = duty;
        let duty = FireDuty { person, marshal, first_aid, phone };
        host.device.office(|office| Ok(office.set_fire_duty(duty).map(drop)?))?;
        // Today's roll says it to devices with nobody signed in.
        host.device.settle_in()?;
        self.notice(host, "Saved on this device. It stands on the fire list".to_owned(), None);
        Ok(())
    }

    pub(super) fn give_role(&mut self, host: &mut Host, given: &RoleGiven) -> anyhow::Result<()> {
        let done = host.device.give_role(given)?;
        self.warn_unguarded(host);
        self.people.explain_account(done.person);
        match &done.words {
            Some(words) => self.people.show_words(host, done.person, words),
            None => {
                let name = host.device.known.staff_name(done.person);
                self.notice(host, format!("{name} is {} too", given.role.name()), None);
            }
        }
        Ok(())
    }
}

//! How the records themselves may be used: school hours, leave to use them outside, for how long a code raises access.
//!
//! All of it is administration: a code comes first once the school uses second factors. Hours and leave are for
//! whoever gives leave. Not here: what the rules mean (`muster_school::hours`), who is asked for a code (`step_up`).

use super::Device;
use anyhow::bail;
use muster_core::time::Moment;
use muster_school::facts::policy::{Hours, Repeat, Whose};
use muster_school::roles::Role;
use muster_school::step_up::Guarded;

impl Device {
    /// Sets the hours of a site, or of every site; or lifts them.
    ///
    /// # Errors
    /// When whoever is signed in gives no leave or must give a code first, or the hours are none.
    pub fn set_hours(&mut self, hours: Hours) -> anyhow::Result<()> {
        self.must_give_leave()?;
        if hours.opens >= hours.closes {
            bail!("school hours must begin before they end: look at the two times");
        }
        self.office(|office| Ok(office.set_hours(hours).map(drop)?))
    }

    /// Gives leave to use the records outside school hours, once or on days of the week.
    ///
    /// # Errors
    /// When whoever is signed in gives no leave or must give a code first, or the leave will not do.
    pub fn give_leave(
        &mut self,
        whose: &[Whose],
        (from, to): (Moment, Moment),
        repeat: Option<Repeat>,
        why: &str,
    ) -> anyhow::Result<usize> {
        self.must_give_leave()?;
        self.office(|office| Ok(office.give_leave(whose, from, to, repeat, why)?.len()))
    }

    /// Takes leave back.
    ///
    /// # Errors
    /// When whoever is signed in gives no leave or must give a code first, or there is none of this name.
    pub fn take_leave_back(&mut self, id: [u8; 16]) -> anyhow::Result<()> {
        self.must_give_leave()?;
        self.office(|office| Ok(office.take_leave_back(id).map(drop)?))
    }

    /// Sets for how many minutes a code raises access, for everybody from now on.
    ///
    /// # Errors
    /// When whoever is signed in may not, must give a code first, or the minutes are none or too many.
    pub fn set_step_up(&mut self, minutes: u16) -> anyhow::Result<()> {
        self.need(Guarded::Administer)?;
        if self.known.school().step_up_minutes.is_none() {
            bail!(
                "nobody who runs this school has a second factor yet: set one up first, with `muster factor` or Ctrl+U"
            );
        }
        self.office(|office| Ok(office.set_step_up(minutes).map(drop)?))
    }

    /// Everybody who has a role now, to be given leave: whoever gets the role later needs leave of their own.
    ///
    /// # Errors
    /// When nobody has it, or the records cannot be read.
    pub fn with_role(&mut self, role: Role) -> anyhow::Result<Vec<Whose>> {
        let staff: Vec<_> = self.known.school().staff.keys().copied().collect();
        let mut whose = Vec::new();
        for person in staff {
            if self.role_of(person)? == Some(role) {
                whose.push(Whose::Person(person));
            }
        }
        if whose.is_empty() {
            bail!("nobody has the role {}", role.name());
        }
        Ok(whose)
    }

    fn must_give_leave(&mut self) -> anyhow::Result<()> {
        if !self.gives_leave()? {
            bail!("school hours and leave are for a senior leader to set and give");
        }
        self.need(Guarded::Administer)
    }
}

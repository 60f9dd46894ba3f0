//! Whether somebody may use the records now: a visitor's stated time, and school hours with the leave beside them.
//!
//! Asked at each sign-in, and again while somebody is signed in. The fire register and roll calls never ask; for a
//! concern somebody is let in outside school hours too, and can do nothing else then. All of it goes by this device's
//! clock.

use super::Device;
use muster_core::authority::view::Holder;
use muster_core::time::Moment;
use muster_school::calendar;
use muster_school::facts::access::{Event, OutOfHours, Refusal};
use muster_school::hours::{self, Permit};
use muster_school::roles::Role;

/// How somebody was let in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Admission {
    /// As everybody in school hours.
    #[default]
    Ordinary,
    /// As one who gives leave: hours never end their sign-in.
    GivesLeave,
    /// Outside school hours and without leave, to open a concern.
    ConcernOnly,
}

/// Somebody's passphrase is right, and they may not use the records now. Says until when, or what to do.
#[derive(Debug, thiserror::Error)]
#[error("{words}")]
pub struct NotNow {
    /// Why.
    pub refusal: Refusal,
    words: String,
}

impl Device {
    /// Whether whoever has just opened their keys may go on, and what of it is written down.
    ///
    /// # Errors
    /// [`NotNow`].
    pub(super) fn admit(&mut self, for_concern: bool) -> anyhow::Result<Option<Event>> {
        self.admission = Admission::Ordinary;
        let now = self.clock.now();
        if let Some(end) = self.visit_ends().filter(|end| end.utc_ms <= now.utc_ms) {
            let words = format!("your time with these records ended on {}: ask the school for more", spoken(end));
            return Err(NotNow { refusal: Refusal::Visit, words }.into());
        }
        let gives_leave = self.gives_leave()?;
        if gives_leave {
            self.admission = Admission::GivesLeave;
        }
        Ok(match self.permit() {
            Permit::Always | Permit::Hours { .. } => None,
            _ if gives_leave => Some(Event::OutOfHours(OutOfHours::GivesLeave)),
            Permit::Leave { .. } => Some(Event::OutOfHours(OutOfHours::Leave)),
            Permit::Not if for_concern => {
                self.admission = Admission::ConcernOnly;
                Some(Event::OutOfHours(OutOfHours::Concern))
            }
            Permit::Not => {
                let words = "outside school hours these records need leave that a senior leader gave beforehand; the fire register opens at any time, and so does a concern";
                return Err(NotNow { refusal: Refusal::Hours, words: words.to_owned() }.into());
            }
        })
    }

    /// Whether whoever is signed in may give leave: the head, and senior leaders. They themselves need none: at night
    /// somebody has to be able to give it, and each such sign-in is an entry.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub fn gives_leave(&mut self) -> anyhow::Result<bool> {
        let Some(person) = self.person() else { return Ok(false) };
        let head = self.replica.view().rank(&Holder::Person(person)) == Some(1);
        Ok(head || self.role_of(person)? == Some(Role::SeniorLeader))
    }

    /// When the sign-in ends by itself, and why; `None` while nothing ends it.
    pub fn sign_in_ends(&self) -> Option<(Moment, Refusal)> {
        let visit = self.visit_ends().map(|end| (end, Refusal::Visit));
        let hours = match (self.admission, self.permit()) {
            (Admission::Ordinary, Permit::Hours { until } | Permit::Leave { until }) => Some((until, Refusal::Hours)),
            (Admission::Ordinary, Permit::Not) => Some((self.clock.now(), Refusal::Hours)),
            _ => None,
        };
        visit.into_iter().chain(hours).min_by_key(|(end, _)| end.utc_ms)
    }

    /// Signs out whoever's time is over. Says why, if it was.
    ///
    /// # Errors
    /// When it cannot be written down; they are signed out all the same.
    pub fn end_what_is_over(&mut self) -> anyhow::Result<Option<Refusal>> {
        let now = self.clock.now();
        let over = self.opened.is_some().then(|| self.sign_in_ends()).flatten();
        let Some((_, refusal)) = over.filter(|(end, _)| end.utc_ms <= now.utc_ms) else { return Ok(None) };
        self.sign_out_as(Event::Ended(refusal))?;
        Ok(Some(refusal))
    }

    /// When the last of somebody's grants ends, where all of them do.
    fn visit_ends(&self) -> Option<Moment> {
        let holder = Holder::Person(self.person()?);
        let ends: Option<Vec<Moment>> = self.replica.view().grants_of(&holder).map(|(_, grant)| grant.until).collect();
        ends?.into_iter().max_by_key(|end| end.utc_ms)
    }

    fn permit(&self) -> Permit {
        let (Some(person), Some(site)) = (self.person(), self.site()) else { return Permit::Always };
        hours::permit(self.known.school(), site, person, self.clock.now())
    }
}

fn spoken(at: Moment) -> String {
    let local = calendar::local(at);
    format!("{} at {}", local.day.long(), calendar::clock(local.minute))
}

//! Policies: second factors, school hours, leave.

use super::{Office, OfficeError};
use crate::calendar;
use crate::facts::policy::{Hours, Leave, Repeat, StepUp, WeeklyLeave, Whose};
use crate::facts::school::SchoolFact;
use crate::known::About;
use muster_core::replica::records::{Records, Written};
use muster_core::time::Moment;

impl<R: Records> Office<'_, R> {
    /// From now on the school uses second factors, and a code raises access for so many minutes.
    ///
    /// # Errors
    /// When the minutes are none or too many, or the records refuse.
    pub fn set_step_up(&mut self, minutes: u16) -> Result<Written, OfficeError> {
        self.put_school(vec![(About::StepUp, StepUp { minutes }.into())])
    }

    /// Sets the hours of a site, or of every site; or lifts them.
    ///
    /// # Errors
    /// When they close before they open, or the records refuse.
    pub fn set_hours(&mut self, hours: Hours) -> Result<Written, OfficeError> {
        self.put_school(vec![(About::Hours(hours.site), hours.into())])
    }

    /// Gives leave to use the records outside school hours, once, or at the same times on days of the week. All of it is
    /// one act.
    ///
    /// # Errors
    /// When it is nobody's, gives no reason, ends before it begins or has ended already, comes again on no day or lasts
    /// longer than one, or the records refuse.
    pub fn give_leave(
        &mut self,
        whose: &[Whose],
        from: Moment,
        to: Moment,
        repeat: Option<Repeat>,
        why: &str,
    ) -> Result<Vec<[u8; 16]>, OfficeError> {
        if whose.is_empty() {
            return Err(OfficeError::Nothing("leave for nobody: say whose it is"));
        }
        if why.trim().is_empty() {
            return Err(OfficeError::EmptyReason);
        }
        let now = self.records.now();
        let ends = repeat.map_or(to.utc_ms, |repeat| calendar::moment(repeat.last.plus(1), 0).utc_ms);
        if to.utc_ms <= from.utc_ms || ends <= now.utc_ms || ends < from.utc_ms {
            return Err(OfficeError::Nothing("this leave would be over before it began: look at the two times"));
        }
        if repeat.is_some_and(|repeat| repeat.days == 0) {
            return Err(OfficeError::Nothing("leave that comes again on no day of the week: choose the days"));
        }
        if repeat.is_some() && to.utc_ms - from.utc_ms >= DAY_MS {
            return Err(OfficeError::Nothing("leave that comes again lasts less than a day: look at the two times"));
        }
        let mut names = Vec::new();
        let mut facts: Vec<(About, SchoolFact)> = Vec::new();
        for whose in whose {
            let id = self.random_id();
            let why = why.trim().to_owned();
            let (from_ms, to_ms) = (from.utc_ms, to.utc_ms);
            let leave = Leave { id, whose: *whose, from_ms, to_ms, why, taken_back: false };
            names.push(id);
            facts.push((About::Leave(id), said(leave, repeat)));
        }
        self.put_school(facts)?;
        Ok(names)
    }

    /// Takes leave back.
    ///
    /// # Errors
    /// When there is none of this name, or the records refuse.
    pub fn take_leave_back(&mut self, id: [u8; 16]) -> Result<Written, OfficeError> {
        let held = self.known.school().leaves.get(&id).cloned().ok_or(OfficeError::Unknown("leave"))?;
        let repeat = self.known.school().repeats.get(&id).copied();
        self.put_school(vec![(About::Leave(id), said(Leave { taken_back: true, ..held }, repeat))])
    }
}

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

fn said(leave: Leave, repeat: Option<Repeat>) -> SchoolFact {
    match repeat {
        Some(repeat) => WeeklyLeave { leave, repeat }.into(),
        None => leave.into(),
    }
}

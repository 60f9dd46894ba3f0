//! Calls about absences, and the reasons they give.

use super::{Office, OfficeError};
use crate::calendar::{Half, Session};
use crate::codes::Code;
use crate::facts::called::Called;
use crate::facts::pupil::PupilFact;
use crate::facts::{Value as _, documents};
use crate::ids::PupilId;
use muster_core::replica::records::{Change, Records, Written};

impl<R: Records> Office<'_, R> {
    /// Writes down a call about a pupil's absence, and enters the reason it gave, in one act: each mark `N` of that
    /// day is amended to the code, with the call as its reason.
    ///
    /// # Errors
    /// When nobody was called, the pupil is not known, two marks of that day differ, or the code cannot stand there. Nothing is written then.
    pub fn log_call(&mut self, pupil: PupilId, call: Called, code: Option<&str>) -> Result<Written, OfficeError> {
        let held = self.known.pupil(pupil).cloned().ok_or(OfficeError::Unknown("pupil"))?;
        if call.whom.trim().is_empty() {
            return Err(OfficeError::NoName);
        }
        let mut entered = None;
        let mut changes: Vec<Change> = Vec::new();
        if let Some(code) = code {
            let reason = format!("{}: {}", call.whom.trim(), call.outcome.words().to_lowercase());
            for half in [Half::Am, Half::Pm] {
                let session = Session { day: call.about, half };
                let current = self.board(session)?.current(pupil, session);
                if current.standing.iter().any(|version| version.code() == Some(Code::NO_REASON)) {
                    // Refused where another mark differs: a call settles nothing that nobody looked at.
                    changes.extend(self.amendment(pupil, session, (Some(code), None), &reason, None)?.0);
                    entered = Code::new(code.trim());
                }
            }
            if entered.is_none() {
                return Err(OfficeError::Nothing("no mark of that day is N any more: look at the register"));
            }
        }
        let call = Called { code: entered, ..call };
        let document = documents::pupil(held.site, pupil);
        changes.push(Change { document, facts: vec![PupilFact::from(call).fact()?] });
        Ok(self.records.write(merged(changes))?)
    }
}

/// Changes of one document as one.
fn merged(changes: Vec<Change>) -> Vec<Change> {
    let mut found: Vec<Change> = Vec::new();
    for change in changes {
        match found.iter_mut().find(|held| held.document == change.document) {
            Some(held) => held.facts.extend(change.facts),
            None => found.push(change),
        }
    }
    found
}

//! Changing marks: amending, settling two that differ, clearing, undoing.
//!
//! Each takes the place of what its author was shown and of nothing else: what came meanwhile stays, and where it
//! differs both are shown. Two marks that differ are settled by choosing one, or amended by somebody who saw both.

use super::marks::{Part, Wanted};
use super::registers::{Taken, before, check_on_roll};
use super::{Before, BeforeByGroup, Office, OfficeError, Undo};
use crate::calendar::Session;
use crate::codes;
use crate::facts::documents;
use crate::ids::{GroupId, PupilId};
use crate::register::current::{Board, Current, Version};
use muster_core::document::fact::FactRef;
use muster_core::id::ActId;
use muster_core::replica::records::{Change, Records, Written};
use std::collections::BTreeMap;

impl<R: Records> Office<'_, R> {
    /// Changes a mark after the register closed, or takes it back (`code` of `None`). The mark before stays, with
    /// its author. `among` are the marks that were shown to whoever amends; `None` means whatever stands, and is for
    /// marks that do not differ.
    ///
    /// # Errors
    /// When there is no reason, the mark cannot be, or two that differ stand there unseen.
    pub fn amend(
        &mut self,
        pupil: PupilId,
        session: Session,
        (code, minutes): (Option<&str>, Option<u16>),
        reason: &str,
        among: Option<&[FactRef]>,
    ) -> Result<Taken, OfficeError> {
        let (changes, before) = self.amendment(pupil, session, (code, minutes), reason, among)?;
        let written = self.records.write(changes)?;
        let undo = Undo::Marks { act: written.act, session, before };
        Ok(Taken { written: Some(written), marked: 1, undo: Some(undo) })
    }

    /// What [`Office::amend`] writes, and what stood before, for an act that writes more.
    pub(super) fn amendment(
        &mut self,
        pupil: PupilId,
        session: Session,
        (code, minutes): (Option<&str>, Option<u16>),
        reason: &str,
        among: Option<&[FactRef]>,
    ) -> Result<(Vec<Change>, BeforeByGroup), OfficeError> {
        let reason = reason.trim();
        if reason.is_empty() {
            return Err(OfficeError::EmptyReason);
        }
        let held = self.known.pupil(pupil).cloned().ok_or(OfficeError::Unknown("pupil"))?;
        let board = self.board(session)?;
        let seen = board.seen(pupil, session, among);
        if among.is_none() && seen.is_conflict() {
            return Err(OfficeError::Unsettled);
        }
        let group = self.group_for(pupil, session, &seen)?;
        let code = match code {
            // What should not be there is taken back whatever the day and the roll say now.
            None => None,
            Some(text) => {
                check_on_roll(&held, session.day)?;
                self.groups_in(group, session)?;
                let info = self.known.school().codes().resolve(text, session)?;
                // The words of an amendment are its reason: a code that asks for a text has one.
                codes::check_beside(info, minutes, Some(reason))?;
                self.check_times(info, minutes, self.site_of(group)?, session)?;
                codes::check_age(info, held.identity.born, session.day)?;
                Some(info.code)
            }
        };
        let wanted = Wanted { pupil, code, minutes, among: among.map(<[_]>::to_vec) };
        let part = Part { wanted: vec![wanted], ..Part::default() };
        let before = vec![(group, before(&board, session, &part.wanted))];
        Ok((self.mark_changes(session, &board, &BTreeMap::from([(group, part)]), Some(reason))?, before))
    }

    /// Settles marks that differ by choosing one of those that were shown: an amendment that replaces them. A mark that
    /// came meanwhile is not settled unseen. What stands already may be chosen whatever the calendar and the roll say
    /// now. It is not undone: nobody had chosen what stood before.
    ///
    /// # Errors
    /// When the chosen mark does not stand any more, or another came.
    pub fn settle_mark(
        &mut self,
        pupil: PupilId,
        session: Session,
        chosen: FactRef,
        among: &[FactRef],
    ) -> Result<Taken, OfficeError> {
        let board = self.board(session)?;
        let current = board.current(pupil, session);
        if current.standing.iter().any(|version| !among.contains(&version.name)) {
            return Err(OfficeError::Nothing("another mark came meanwhile: look again"));
        }
        let version = current
            .standing
            .iter()
            .find(|version| version.name == chosen)
            .ok_or(OfficeError::Nothing("this mark was changed meanwhile: look again"))?;
        let group = self.group_for(pupil, session, &current)?;
        let wanted = Wanted { pupil, code: version.code(), minutes: version.minutes(), among: Some(among.to_vec()) };
        let before = vec![(group, before(&board, session, std::slice::from_ref(&wanted)))];
        let parts = BTreeMap::from([(group, Part { wanted: vec![wanted], ..Part::default() })]);
        let written = self.write_marks(session, &board, &parts, Some("Two marks settled"))?;
        let undo = Undo::Marks { act: written.act, session, before };
        Ok(Taken { written: Some(written), marked: 1, undo: Some(undo) })
    }

    fn group_for(&self, pupil: PupilId, session: Session, current: &Current) -> Result<GroupId, OfficeError> {
        let marked = current.shown().or_else(|| current.standing.first());
        let in_document = marked.and_then(|version| documents::register_key(&version.document)).map(|(group, _)| group);
        let placed = || self.known.pupil(pupil).and_then(|held| held.group_on(session.day));
        in_document.or_else(placed).ok_or(OfficeError::Unknown("group of this pupil"))
    }

    /// Takes back one pupil's mark while the register is open. `among` are the marks that were shown; `None` means
    /// whatever stands.
    ///
    /// # Errors
    /// When the register is closed or the mark was amended: then a reason is asked for. When two marks differ, or
    /// nothing of what was shown stands any more. When the records refuse.
    pub fn clear(&mut self, pupil: PupilId, session: Session, among: Option<&[FactRef]>) -> Result<Taken, OfficeError> {
        let board = self.board(session)?;
        let seen = board.seen(pupil, session, among);
        if seen.is_conflict() {
            return Err(OfficeError::Unsettled);
        }
        if among.is_some() && !seen.standing.iter().any(|version| version.stands) {
            return Err(OfficeError::Nothing("this mark was changed meanwhile: look again"));
        }
        let group = self.group_for(pupil, session, &seen)?;
        if self.asks_why(&seen, self.site_of(group)?, session) {
            return Err(OfficeError::NeedsReason);
        }
        let wanted = vec![Wanted { pupil, code: None, minutes: None, among: among.map(<[_]>::to_vec) }];
        let before = vec![(group, before(&board, session, &wanted))];
        let parts = BTreeMap::from([(group, Part { wanted, ..Part::default() })]);
        let written = self.write_marks(session, &board, &parts, None)?;
        let undo = Undo::Marks { act: written.act, session, before };
        Ok(Taken { written: Some(written), marked: 1, undo: Some(undo) })
    }

    /// Takes the marks of an act back to what they were: plain while the register is open, as an amendment
    /// afterwards. A mark that somebody changed since is left as it is: it is not this act's any more.
    pub(super) fn undo_marks(
        &mut self,
        act: ActId,
        session: Session,
        before: &[(GroupId, Vec<Before>)],
    ) -> Result<Written, OfficeError> {
        if before.iter().all(|(_, before)| before.is_empty()) {
            return Err(OfficeError::Nothing(
                "two marks differed there: look at the register, and choose or amend there",
            ));
        }
        let board = self.board(session)?;
        let mut parts: BTreeMap<GroupId, Part> = BTreeMap::new();
        for (group, before) in before {
            let part = parts.entry(*group).or_default();
            let own = before.iter().filter(|(pupil, _)| {
                let standing = board.current(*pupil, session).standing;
                !standing.is_empty() && standing.iter().all(|version| version.origin.act == act)
            });
            part.wanted.extend(own.map(|(pupil, mark)| Wanted {
                pupil: *pupil,
                code: mark.map(|(code, _)| code),
                minutes: mark.and_then(|(_, minutes)| minutes),
                among: None,
            }));
        }
        parts.retain(|_, part| !part.is_empty());
        if parts.is_empty() {
            return Err(OfficeError::Nothing("changed since by somebody: look at the register and amend it there"));
        }
        self.take_back(session, &board, &parts)
    }

    /// Writes marks in place of what stands, as an amendment where the register is closed or something was amended.
    fn take_back(
        &mut self,
        session: Session,
        board: &Board,
        parts: &BTreeMap<GroupId, Part>,
    ) -> Result<Written, OfficeError> {
        let mut amends = false;
        for (group, part) in parts {
            amends |= self.is_closed(self.site_of(*group)?, session);
            for one in &part.wanted {
                amends |= board.current(one.pupil, session).shown().is_some_and(Version::is_amendment);
            }
        }
        self.write_marks(session, board, parts, amends.then_some("Undone"))
    }
}

//! What was acknowledged about registers, written down on paper: each mark with what its author could read, who
//! covered and finished, what was said of which days, which child was whom.

use super::{School, WorldOffice};
use crate::reference::sheet::{Row, Sheet};
use crate::reference::year::Year;
use crate::world::at::Done;
use crate::world::plans::Planned;
use muster_core::document::fact::FactRef;
use muster_core::id::{ActId, DocumentId, PersonId};
use muster_core::replica::records::Written;
use muster_school::calendar::Session;
use muster_school::codes::Code;
use muster_school::facts::register::{Amendment, RegisterFact};
use muster_school::ids::PupilId;
use muster_school::office::{OfficeError, Taken};
use muster_school::register::current::Version;
use std::collections::{BTreeMap, BTreeSet};

/// A register that was finished, or (with whose it is) covered, by an act.
pub(crate) type Beside = (DocumentId, Session, Option<PersonId>, ActId);

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Paper {
    pub(crate) sheet: Sheet,
    pub(crate) year: Year,
    /// Children on no list, and with whom they were matched.
    pub(crate) unlisted: BTreeMap<PupilId, Option<PupilId>>,
    pub(crate) beside: BTreeSet<Beside>,
    /// Acts that were refused, by what was said.
    pub(crate) refused: BTreeMap<String, usize>,
    /// Two marks that somebody settled.
    pub(crate) settled: usize,
    /// Acts that were taken back.
    pub(crate) undone: usize,
    /// Times that the site lead took the whole site.
    pub(crate) whole_sites: usize,
    /// What was planned for whom.
    pub(crate) plans: BTreeMap<PupilId, Planned>,
}

/// The marks that somebody asks for.
#[derive(Debug)]
pub(crate) enum Asked {
    /// These; no code takes a mark back.
    Marks(Vec<(PupilId, Option<Code>, Option<u16>)>),
    /// Whoever has no mark is present.
    Present,
}

/// As what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum As<'a> {
    /// Marks of an open register, or a first mark.
    Marks,
    /// Amendments, and why.
    Amendments(&'a str),
    /// What was before, by the rule of when it is asked.
    Undoing,
}

struct Held {
    versions: Vec<Version>,
    beside: Vec<Beside>,
}

impl Paper {
    /// What was planned for a pupil.
    pub(crate) fn planned(&mut self, pupil: PupilId) -> &mut Planned {
        self.plans.entry(pupil).or_default()
    }

    /// A pupil's ids: their own, and of the children who turned out to be them.
    pub(crate) fn whose(&self, pupil: PupilId) -> Vec<PupilId> {
        let same = self.unlisted.iter().filter(|(_, to)| **to == Some(pupil)).map(|(child, _)| *child);
        std::iter::once(pupil).chain(same).collect()
    }

    fn asked(&self, asked: &Asked, pupil: PupilId, session: Session) -> (Option<Code>, Option<u16>) {
        let Asked::Marks(marks) = asked else { return (Some(Code::present(session.half)), None) };
        let matched = self.unlisted.get(&pupil).copied().flatten();
        let own = marks.iter().find(|(of, ..)| *of == pupil);
        let found = own.or_else(|| marks.iter().find(|(of, ..)| Some(*of) == matched));
        let (_, code, minutes) = found.unwrap_or_else(|| panic!("{pupil:?} was marked, and nobody asked for it"));
        (*code, *minutes)
    }
}

impl School {
    /// One act about the marks of a session; when it is acknowledged, its marks are on paper.
    pub(crate) fn on_paper(
        &mut self,
        device: usize,
        sentence: &str,
        session: Session,
        (asked, manner): (&Asked, As<'_>),
        does: impl FnOnce(&mut WorldOffice<'_, '_>) -> Done<Taken>,
    ) -> Done<Taken> {
        while self.work(device) {}
        let (before, after, taken) = self.act(device, sentence, |office| {
            let before = held(office, session)?;
            let taken = does(office)?;
            let after = held(office, session)?;
            let written: Vec<Written> = taken.written.clone().into_iter().collect();
            Ok((written, (before, after, taken)))
        })?;
        let Some(act) = taken.written.as_ref().map(|written| written.act) else { return Ok(taken) };
        let new: Vec<_> = after.versions.into_iter().filter(|version| version.origin.act == act).collect();
        let name = self.devices[device].name.clone();
        assert!(taken.marked == 0 || !new.is_empty(), "{name}: {sentence}: acknowledged, and not in the register");
        self.paper.beside.extend(after.beside.into_iter().filter(|(.., of)| *of == act));
        for version in new {
            let (pupil, _) = version.fact.about().expect("a version is about somebody");
            let (code, minutes) = self.paper.asked(asked, pupil, session);
            let own = |other: &&Version| other.document == version.document && about(other) == Some(pupil);
            let seen: BTreeSet<FactRef> = before.versions.iter().filter(own).map(|other| other.name).collect();
            let reason = match (manner, &version.fact) {
                (As::Amendments(reason), _) => Some(reason.to_owned()),
                (As::Undoing, RegisterFact::Amendment(Amendment { reason, .. })) => Some(reason.clone()),
                (As::Marks | As::Undoing, _) => None,
            };
            let seat = self.devices[device].seat();
            let signed_in = self.devices[device].signed_in.is_some();
            self.paper.sheet.add(Row {
                name: version.name,
                document: version.document.clone(),
                pupil,
                session,
                code,
                minutes,
                reason,
                person: self.devices[device].person.filter(|_| signed_in),
                seat,
                at: self.moment(device),
                act,
                seen,
                told: format!("{name}: {sentence}"),
            });
        }
        Ok(taken)
    }

    /// Notes why something was refused, if it was.
    pub(crate) fn notes<T>(&mut self, device: usize, done: Done<T>) -> Option<T> {
        if let Err(error) = &done {
            let kind = match error {
                OfficeError::Records(error) => error.to_string(),
                OfficeError::Code(_) => "a code".to_owned(),
                OfficeError::ClosedDay(..) => "a closed day".to_owned(),
                OfficeError::Future(_) | OfficeError::NotBegun(_) => "a session to come".to_owned(),
                error => error.to_string(),
            };
            *self.paper.refused.entry(kind).or_default() += 1;
        }
        self.allow(device, done)
    }
}

fn about(version: &Version) -> Option<PupilId> {
    version.fact.about().map(|(pupil, _)| pupil)
}

fn held(office: &mut WorldOffice<'_, '_>, session: Session) -> Done<Held> {
    let board = office.board(session)?;
    let mut held = Held { versions: Vec::new(), beside: Vec::new() };
    for week in board.weeks() {
        let of_session = week.iter().filter(|((_, at), _)| *at == session);
        held.versions.extend(of_session.flat_map(|(_, versions)| versions.iter().cloned()));
        held.beside.extend(beside(week, session));
    }
    Ok(held)
}

/// Who finished and covered a session's register.
pub(crate) fn beside(week: &muster_school::register::current::WeekMarks, session: Session) -> Vec<Beside> {
    let of = |whose, act| (week.document.clone(), session, whose, act);
    let finished = week.finished(session).iter().map(|by| of(None, by.act));
    let covered = week.covered(session).iter().map(|(whose, by)| of(Some(*whose), by.act));
    finished.chain(covered).collect()
}

//! How marks become facts: in each register where a pupil has one, and as evidence in the roll of the day.
//!
//! Promises: whatever is written at once is one act; a mark replaces all that stood for that pupil and session and was
//! shown to whoever made it, in every register, and nothing else.

use super::{Office, OfficeError};
use crate::calendar::Session;
use crate::codes::{Class, Code, CodeInfo, OnSite};
use crate::facts::pupil::{Note, PupilFact};
use crate::facts::register::{Amendment, Cleared, Covered, Finished, Mark, RegisterFact};
use crate::facts::roll::{List, Marks, RollFact, Row, Seen};
use crate::facts::{Value, documents};
use crate::fire::presence;
use crate::ids::{GroupId, PupilId, Who};
use crate::register::current::Board;
use muster_core::document::fact::{Fact, FactRef};
use muster_core::id::{DocumentId, PersonId, PlaceId};
use muster_core::limits::SUPERSEDED_PER_FACT;
use muster_core::replica::records::{Change, Records, Written};
use std::collections::{BTreeMap, BTreeSet};

/// A code and minutes to show for a pupil; no code takes the mark back.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub(super) pupil: PupilId,
    pub(super) code: Option<Code>,
    pub(super) minutes: Option<u16>,
    /// The marks that were shown, in whose place it comes; `None` means whatever stands.
    pub(super) among: Option<Vec<FactRef>>,
}

/// What is written of one group.
#[derive(Debug, Default)]
pub(super) struct Part {
    pub(super) wanted: Vec<Wanted>,
    pub(super) notes: Vec<(PupilId, String)>,
    pub(super) finish: bool,
    /// Whose register it is, when somebody else begins to take it.
    pub(super) covers: Option<PersonId>,
}

impl Part {
    pub(super) fn is_empty(&self) -> bool {
        self.wanted.is_empty() && self.notes.is_empty() && !self.finish
    }
}

impl<R: Records> Office<'_, R> {
    /// Writes marks as one act.
    pub(super) fn write_marks(
        &mut self,
        session: Session,
        board: &Board,
        parts: &BTreeMap<GroupId, Part>,
        reason: Option<&str>,
    ) -> Result<Written, OfficeError> {
        let changes = self.mark_changes(session, board, parts, reason)?;
        Ok(self.records.write(changes)?)
    }

    /// Marks, with a reason as amendments, in every register where one of the pupils has a mark that stands, and the
    /// roll's evidence when the session is today's.
    pub(super) fn mark_changes(
        &mut self,
        session: Session,
        board: &Board,
        parts: &BTreeMap<GroupId, Part>,
        reason: Option<&str>,
    ) -> Result<Vec<Change>, OfficeError> {
        let mut changes: BTreeMap<DocumentId, Vec<Fact>> = BTreeMap::new();
        for (group, part) in parts {
            let own = documents::register(self.site_of(*group)?, *group, session.day);
            for one in &part.wanted {
                // A child who was matched meanwhile may have marks under another id: each is replaced as its own.
                let mut standing: BTreeMap<(DocumentId, PupilId), Vec<FactRef>> = BTreeMap::new();
                for version in board.seen(one.pupil, session, one.among.as_deref()).standing {
                    let whose = version.fact.about().map_or(one.pupil, |(pupil, _)| pupil);
                    standing.entry((version.document, whose)).or_default().push(version.name);
                }
                if one.code.is_some() || standing.is_empty() {
                    standing.entry((own.clone(), one.pupil)).or_default();
                }
                for ((document, pupil), mut replaced) in standing {
                    replaced.truncate(SUPERSEDED_PER_FACT);
                    let said = fact(pupil, (one.code, one.minutes), session, reason);
                    changes.entry(document).or_default().push(said.replacing(replaced)?);
                }
            }
            if let Some(instead_of) = part.covers {
                let covered = RegisterFact::from(Covered { session: session.in_week(), instead_of }).fact()?;
                changes.entry(own.clone()).or_default().push(covered);
            }
            if part.finish {
                let end = RegisterFact::from(Finished { session: session.in_week() }).fact()?;
                changes.entry(own).or_default().push(end);
            }
            for (pupil, text) in &part.notes {
                let Some(held) = self.known.pupil(*pupil) else { continue };
                // Beside what somebody commented, never in its place.
                if held.notes.get(&session).is_some_and(|notes| notes.iter().any(|note| note.text == *text)) {
                    continue;
                }
                let fact = PupilFact::from(Note { day: session.day, half: session.half, text: text.clone() }).fact()?;
                changes.entry(documents::pupil(held.site, *pupil)).or_default().push(fact);
            }
        }
        if session.day == self.now().day {
            for (group, part) in parts.iter().filter(|(_, part)| !part.wanted.is_empty()) {
                let site = self.site_of(*group)?;
                let complete = part.finish || self.would_complete(*group, session, board, &part.wanted);
                let facts = self.evidence(site, *group, session, &part.wanted, complete)?;
                changes.entry(documents::roll(site, session.day)).or_default().extend(facts);
            }
        }
        Ok(changes.into_iter().map(|(document, facts)| Change { document, facts }).collect())
    }

    fn seen(&self, one: &Wanted, session: Session) -> Seen {
        match one.code.and_then(|code| self.known.school().codes().ever(code, session.day)) {
            None => Seen::Cleared,
            Some(info) => seen_of(info, one.minutes),
        }
    }

    fn would_complete(&self, group: GroupId, session: Session, board: &Board, wanted: &[Wanted]) -> bool {
        let now: BTreeSet<_> = wanted.iter().filter(|one| one.code.is_some()).map(|one| one.pupil).collect();
        self.known
            .members(group, session.day)
            .iter()
            .all(|pupil| now.contains(&pupil.id) || board.current(pupil.id, session).shown().is_some())
    }

    /// Evidence for the roll: short when it is a first word about pupils of a list that stands, else by name.
    fn evidence(
        &mut self,
        site: PlaceId,
        group: GroupId,
        session: Session,
        wanted: &[Wanted],
        complete: bool,
    ) -> Result<Vec<Fact>, OfficeError> {
        let mut roll = presence::roll(self.records, site, session.day)?;
        if !roll.lists.keys().any(|(list, _)| matches!(list, List::Group(_))) {
            self.write_expected(site)?;
            roll = presence::roll(self.records, site, session.day)?;
        }
        let half = session.half;
        let seen: BTreeMap<PupilId, Seen> = wanted.iter().map(|one| (one.pupil, self.seen(one, session))).collect();
        let mut replaces: Vec<FactRef> =
            seen.keys().filter_map(|pupil| roll.marks.get(&(*pupil, half))).flatten().map(|mark| mark.name).collect();
        replaces.sort_unstable();
        replaces.dedup();
        let mut facts = Vec::new();
        let list = roll.lists.get(&(List::Group(group), 0)).and_then(|lists| lists.last());
        if let Some((name, list)) = list
            && replaces.is_empty()
            && seen.len() > 2
        {
            let row: Vec<Option<Seen>> = list
                .people
                .iter()
                .map(|person| match person.who {
                    Who::Pupil(pupil) => seen.get(&pupil).copied(),
                    _ => None,
                })
                .collect();
            if row.iter().flatten().count() == seen.len() {
                facts.push(RollFact::from(Row { list: *name, half, complete, seen: row }).fact()?);
                return Ok(facts);
            }
        }
        let strangers: Vec<Who> =
            seen.keys().map(|pupil| Who::Pupil(*pupil)).filter(|who| !roll.expected.contains_key(who)).collect();
        if let Some(fact) = self.added(&roll, &strangers)? {
            facts.push(fact);
        }
        let marks = Marks { group, half, complete, seen: seen.into_iter().collect(), replaces };
        facts.push(RollFact::from(marks).fact()?);
        Ok(facts)
    }
}

fn fact(
    pupil: PupilId,
    (code, minutes): (Option<Code>, Option<u16>),
    session: Session,
    reason: Option<&str>,
) -> RegisterFact {
    let place = session.in_week();
    match (reason, code) {
        (Some(reason), code) => Amendment { pupil, session: place, code, minutes, reason: reason.to_owned() }.into(),
        (None, Some(code)) => Mark { pupil, session: place, code, minutes }.into(),
        (None, None) => Cleared { pupil, session: place }.into(),
    }
}

/// What a code says about where the body is.
pub(crate) fn seen_of(info: &CodeInfo, minutes: Option<u16>) -> Seen {
    match (info.on_site, info.class) {
        (OnSite::Yes, _) => Seen::Present,
        (OnSite::Arrival, _) => Seen::Late(minutes.unwrap_or(0)),
        (OnSite::Unknown, _) => Seen::NoReason,
        (OnSite::No, Class::ApprovedActivity) => Seen::OffSite,
        (OnSite::No, _) => Seen::Away,
    }
}

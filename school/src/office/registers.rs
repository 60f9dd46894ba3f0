//! Taking registers, amending marks, settling two marks, undoing.

use super::{Before, Office, OfficeError, Undo};
use crate::calendar::{Day, Session};
use crate::codes::{self, Code, CodeInfo, OnSite};
use crate::facts::pupil::{Note, PupilFact};
use crate::facts::register::{Amendment, Cleared, Finished, Mark, RegisterFact};
use crate::facts::roll::{List, Marks, RollFact, Row, Seen};
use crate::facts::{Value, documents};
use crate::fire::presence;
use crate::ids::{GroupId, PupilId, Who};
use crate::known::{Pupil, PupilAbout};
use crate::register::current::{Board, Current};
use muster_core::document::fact::{Fact, FactRef};
use muster_core::id::{DocumentId, PlaceId};
use muster_core::limits::SUPERSEDED_PER_FACT;
use muster_core::replica::records::{Change, Records, Written};
use std::collections::{BTreeMap, BTreeSet};

/// A mark as somebody makes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkEntry {
    /// Whose.
    pub pupil: PupilId,
    /// The code as typed.
    pub code: String,
    /// Minutes late, for codes that have them.
    pub minutes: Option<u16>,
    /// A few words, kept in the pupil's own document.
    pub note: Option<String>,
}

/// What taking a register did.
#[derive(Clone, Debug, PartialEq)]
pub struct Taken {
    /// The act; `None` when everything stood like that already.
    pub written: Option<Written>,
    /// How many marks changed.
    pub marked: usize,
    /// Takes it back.
    pub undo: Option<Undo>,
}

/// A code and minutes to show for a pupil; no code takes the mark back.
#[derive(Clone, Copy, Debug)]
struct Wanted {
    pupil: PupilId,
    code: Option<Code>,
    minutes: Option<u16>,
}

impl<R: Records> Office<'_, R> {
    /// What shows in the week of a session, over all groups.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub fn board(&mut self, session: Session) -> Result<Board, OfficeError> {
        Ok(Board::new(self.known.registers_of_week(self.records, session.day)?))
    }

    fn site_of(&self, group: GroupId) -> Result<PlaceId, OfficeError> {
        self.known.school().groups.get(&group).map(|group| group.site).ok_or(OfficeError::Unknown("group"))
    }

    /// Whether the register of a session is closed: changes of marks are amendments.
    pub fn is_closed(&self, site: PlaceId, session: Session) -> bool {
        let now = self.now();
        let close = self.known.school().half_times(site, session.half).close;
        session.day < now.day || (session.day == now.day && now.minute >= close)
    }

    fn check_session(&self, site: PlaceId, group: GroupId, session: Session) -> Result<(), OfficeError> {
        if session.day > self.now().day {
            return Err(OfficeError::Future(session.long()));
        }
        match self.known.school().closed_to(site, group, session.day) {
            Some(why) => Err(OfficeError::ClosedDay(session.day.long(), why.to_owned())),
            None => Ok(()),
        }
    }

    /// Marks pupils of a group in a session. One submission is one act.
    ///
    /// A mark that stands like that already is left alone. A change of a mark after the register closed needs
    /// [`Office::amend`]; a first mark is taken late as it is.
    ///
    /// # Errors
    /// When any mark cannot be: then none is written.
    pub fn take(
        &mut self,
        group: GroupId,
        session: Session,
        entries: &[MarkEntry],
        finish: bool,
    ) -> Result<Taken, OfficeError> {
        let site = self.site_of(group)?;
        self.check_session(site, group, session)?;
        let board = self.board(session)?;
        let closed = self.is_closed(site, session);
        let mut wanted = Vec::new();
        let mut notes = Vec::new();
        for entry in entries {
            let pupil = self.known.pupil(entry.pupil).ok_or(OfficeError::Unknown("pupil"))?;
            check_on_roll(pupil, session.day)?;
            let info = self.known.school().codes().resolve(&entry.code, session)?;
            codes::check_beside(info, entry.minutes, entry.note.as_deref())?;
            codes::check_close(info, entry.minutes, self.known.school().half_times(site, session.half))?;
            codes::check_age(info, pupil.identity.born, session.day)?;
            if let Some(text) = entry.note.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
                notes.push((entry.pupil, text.to_owned()));
            }
            let current = board.current(entry.pupil, session);
            let same = current.shown().is_some_and(|shown| {
                shown.code() == Some(info.code) && shown.minutes() == entry.minutes && !current.is_conflict()
            });
            if same {
                continue;
            }
            if closed && current.shown().is_some() {
                return Err(OfficeError::NeedsReason);
            }
            wanted.push(Wanted { pupil: entry.pupil, code: Some(info.code), minutes: entry.minutes });
        }
        let before = before(&board, session, &wanted);
        let (marked, undo) = (wanted.len(), Undo::Marks { group, session, before });
        let already_finished =
            board.weeks().iter().any(|week| is_of(&week.document, group) && !week.finished(session).is_empty());
        if wanted.is_empty() && notes.is_empty() && (!finish || already_finished) {
            return Ok(Taken { written: None, marked: 0, undo: None });
        }
        let written = self.write_marks(group, session, &board, &wanted, None, finish && !already_finished, notes)?;
        Ok(Taken { written: Some(written), marked, undo: (marked > 0).then_some(undo) })
    }

    /// Marks everybody present who has neither a mark nor a plan, and says how many that were.
    ///
    /// # Errors
    /// As [`Office::take`].
    pub fn mark_remaining_present(&mut self, group: GroupId, session: Session) -> Result<Taken, OfficeError> {
        let board = self.board(session)?;
        let code = Code::present(session.half).to_string();
        let blanks: Vec<MarkEntry> = self
            .known
            .members(group, session.day)
            .into_iter()
            .filter(|pupil| {
                self.known.planned(pupil, session).is_none() && board.current(pupil.id, session).shown().is_none()
            })
            .map(|pupil| MarkEntry { pupil: pupil.id, code: code.clone(), minutes: None, note: None })
            .collect();
        self.take(group, session, &blanks, false)
    }

    /// Changes a mark after the register closed, or takes it back (`code` of `None`). The mark before stays, with
    /// its author.
    ///
    /// # Errors
    /// When there is no reason, or the mark cannot be.
    pub fn amend(
        &mut self,
        pupil: PupilId,
        session: Session,
        code: Option<&str>,
        minutes: Option<u16>,
        reason: &str,
    ) -> Result<Taken, OfficeError> {
        let reason = reason.trim();
        if reason.is_empty() {
            return Err(OfficeError::EmptyReason);
        }
        let held = self.known.pupil(pupil).cloned().ok_or(OfficeError::Unknown("pupil"))?;
        check_on_roll(&held, session.day)?;
        let code = match code {
            None => None,
            Some(text) => {
                let info = self.known.school().codes().resolve(text, session)?;
                // The words of an amendment are its reason: a code that asks for a text has one.
                codes::check_beside(info, minutes, Some(reason))?;
                codes::check_age(info, held.identity.born, session.day)?;
                Some(info.code)
            }
        };
        let board = self.board(session)?;
        let group = self.group_for(pupil, session, &board.current(pupil, session))?;
        self.check_session(self.site_of(group)?, group, session)?;
        let wanted = [Wanted { pupil, code, minutes }];
        let before = before(&board, session, &wanted);
        let written = self.write_marks(group, session, &board, &wanted, Some(reason), false, Vec::new())?;
        Ok(Taken { written: Some(written), marked: 1, undo: Some(Undo::Marks { group, session, before }) })
    }

    /// Settles marks that differ by choosing one of them: an amendment that replaces all that stand.
    ///
    /// # Errors
    /// When the chosen mark does not stand any more.
    pub fn settle_mark(&mut self, pupil: PupilId, session: Session, chosen: FactRef) -> Result<Taken, OfficeError> {
        let current = self.board(session)?.current(pupil, session);
        let version = current
            .standing
            .iter()
            .find(|version| version.name == chosen)
            .ok_or(OfficeError::Nothing("this mark was changed meanwhile: look again"))?;
        let code = version.code().map(|code| code.to_string());
        self.amend(pupil, session, code.as_deref(), version.minutes(), "Two marks settled")
    }

    fn group_for(&self, pupil: PupilId, session: Session, current: &Current) -> Result<GroupId, OfficeError> {
        let marked = current.shown().or_else(|| current.standing.first());
        let in_document = marked.and_then(|version| documents::register_key(&version.document)).map(|(group, _)| group);
        let placed = || self.known.pupil(pupil).and_then(|held| held.group_on(session.day));
        in_document.or_else(placed).ok_or(OfficeError::Unknown("group of this pupil"))
    }

    /// Takes marks back to what they were: plain while the register is open, as an amendment afterwards.
    pub(super) fn undo_marks(
        &mut self,
        group: GroupId,
        session: Session,
        before: &[Before],
    ) -> Result<Written, OfficeError> {
        let board = self.board(session)?;
        let wanted: Vec<_> = before
            .iter()
            .map(|(pupil, mark)| Wanted {
                pupil: *pupil,
                code: mark.map(|(code, _)| code),
                minutes: mark.and_then(|(_, minutes)| minutes),
            })
            .collect();
        let amended = wanted
            .iter()
            .any(|one| board.current(one.pupil, session).shown().is_some_and(|version| version.is_amendment()));
        let closed = self.is_closed(self.site_of(group)?, session);
        let reason = (closed || amended).then_some("Undone");
        self.write_marks(group, session, &board, &wanted, reason, false, Vec::new())
    }

    /// Writes marks, with a reason as amendments, in every register where one of the pupils has a mark that stands,
    /// and the roll's evidence when the session is today's.
    #[expect(clippy::too_many_arguments, reason = "one act has this many parts")]
    fn write_marks(
        &mut self,
        group: GroupId,
        session: Session,
        board: &Board,
        wanted: &[Wanted],
        reason: Option<&str>,
        finish: bool,
        notes: Vec<(PupilId, String)>,
    ) -> Result<Written, OfficeError> {
        let site = self.site_of(group)?;
        let own = documents::register(site, group, session.day);
        let mut changes: BTreeMap<DocumentId, Vec<Fact>> = BTreeMap::new();
        for one in wanted {
            let mut standing: BTreeMap<DocumentId, Vec<FactRef>> = BTreeMap::new();
            for version in board.current(one.pupil, session).standing {
                standing.entry(version.document).or_default().push(version.name);
            }
            if one.code.is_some() || standing.is_empty() {
                standing.entry(own.clone()).or_default();
            }
            for (document, mut replaced) in standing {
                replaced.truncate(SUPERSEDED_PER_FACT);
                changes.entry(document).or_default().push(fact(one, session, reason).replacing(replaced)?);
            }
        }
        if finish {
            let end = RegisterFact::from(Finished { session: session.in_week() }).fact()?;
            changes.entry(own).or_default().push(end);
        }
        for (pupil, text) in notes {
            let Some(held) = self.known.pupil(pupil) else { continue };
            let note = Note { day: session.day, half: session.half, text };
            let fact = PupilFact::from(note).replacing(held.replaced_by(PupilAbout::Note(session)))?;
            changes.entry(documents::pupil(held.site, pupil)).or_default().push(fact);
        }
        let mut changes: Vec<_> = changes.into_iter().map(|(document, facts)| Change { document, facts }).collect();
        if session.day == self.now().day && !wanted.is_empty() {
            let complete = finish || self.would_complete(group, session, board, wanted);
            let facts = self.evidence(site, group, session, wanted, complete)?;
            changes.push(Change { document: documents::roll(site, session.day), facts });
        }
        Ok(self.records.write(changes)?)
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

fn is_of(document: &DocumentId, group: GroupId) -> bool {
    documents::register_key(document).is_some_and(|(of, _)| of == group)
}

fn before(board: &Board, session: Session, wanted: &[Wanted]) -> Vec<Before> {
    wanted
        .iter()
        .map(|one| {
            let current = board.current(one.pupil, session);
            let mark = current.shown().and_then(|shown| Some((shown.code()?, shown.minutes())));
            (one.pupil, mark)
        })
        .collect()
}

fn fact(one: &Wanted, session: Session, reason: Option<&str>) -> RegisterFact {
    let (pupil, place, minutes) = (one.pupil, session.in_week(), one.minutes);
    match (reason, one.code) {
        (Some(reason), code) => Amendment { pupil, session: place, code, minutes, reason: reason.to_owned() }.into(),
        (None, Some(code)) => Mark { pupil, session: place, code, minutes }.into(),
        (None, None) => Cleared { pupil, session: place }.into(),
    }
}

fn check_on_roll(pupil: &Pupil, day: Day) -> Result<(), OfficeError> {
    match (pupil.on_roll.starting, pupil.on_roll.last) {
        (Some(starting), _) if day < starting => Err(OfficeError::NotYetOnRoll(starting.long())),
        (_, Some(last)) if last < day => Err(OfficeError::HasLeft(last.long())),
        _ => Ok(()),
    }
}

/// What a code says about where the body is.
pub(crate) fn seen_of(info: &CodeInfo, minutes: Option<u16>) -> Seen {
    match (info.on_site, info.class) {
        (OnSite::Yes, _) => Seen::Present,
        (OnSite::Arrival, _) => Seen::Late(minutes.unwrap_or(0)),
        (OnSite::Unknown, _) => Seen::NoReason,
        (OnSite::No, codes::Class::ApprovedActivity) => Seen::OffSite,
        (OnSite::No, _) => Seen::Away,
    }
}

//! Taking registers, and comments beside marks.
//!
//! Not here: changes of marks (see `amendments`), how marks become facts of registers and of the roll (see `marks`).

use super::marks::{Part, Wanted};
use super::{Before, Office, OfficeError, Undo};
use crate::areas;
use crate::calendar::{Day, Session};
use crate::codes::{self, Code, CodeInfo, OnSite};
use crate::facts::pupil::{Note, PupilFact};
use crate::facts::{Value, documents};
use crate::ids::{GroupId, PupilId};
use crate::known::{Known, Pupil, PupilAbout};
use crate::register::current::{Board, Current, Version};
use crate::rights::{self, Reach};
use muster_core::document::fact::FactRef;
use muster_core::id::{DocumentId, PersonId, PlaceId};
use muster_core::replica::records::{Records, Written};
use std::collections::BTreeMap;

/// How long before a session begins somebody may be marked as there: an hour, for whoever comes early.
const EARLY_MINUTES: u16 = 60;

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
    /// The marks that were shown to whoever makes this one: it takes their place and no other's. `None` means
    /// whatever stands.
    pub among: Option<Vec<FactRef>>,
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

impl<R: Records> Office<'_, R> {
    /// What shows in the week of a session, over all groups.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub fn board(&mut self, session: Session) -> Result<Board, OfficeError> {
        Ok(self.known.board(self.records, session.day)?)
    }

    pub(super) fn site_of(&self, group: GroupId) -> Result<PlaceId, OfficeError> {
        self.known.school().groups.get(&group).map(|group| group.site).ok_or(OfficeError::Unknown("group"))
    }

    /// Whether the register of a session is closed: changes of marks are amendments.
    pub fn is_closed(&self, site: PlaceId, session: Session) -> bool {
        let now = self.now();
        let close = self.known.school().times_of(site, session).close;
        session.day < now.day || (session.day == now.day && now.minute >= close)
    }

    /// Whether a change of what stands there asks for a reason: there is a mark and the register is closed, or the mark
    /// was amended.
    pub fn asks_why(&self, standing: &Current, site: PlaceId, session: Session) -> bool {
        standing.standing.iter().any(Version::is_amendment)
            || (standing.shown().is_some() && self.is_closed(site, session))
    }

    /// The groups whose registers are meant: one, or those of a site that have school on that day.
    pub(super) fn groups_in(&self, which: GroupId, session: Session) -> Result<Vec<GroupId>, OfficeError> {
        if session.day > self.now().day {
            return Err(OfficeError::Future(session.long()));
        }
        let school = self.known.school();
        let closed = |why: &str| OfficeError::ClosedDay(session.day.long(), why.to_owned());
        if let Some(group) = school.groups.get(&which) {
            return match school.closed_to(group.site, which, session.day) {
                Some(why) => Err(closed(why)),
                None => Ok(vec![which]),
            };
        }
        let site = PlaceId(which.0);
        if !school.sites.contains_key(&site) {
            return Err(OfficeError::Unknown("group"));
        }
        if let Some(why) = school.closed(site, session.day) {
            return Err(closed(why));
        }
        let groups = school.groups_of(site).into_iter().map(|group| group.id);
        Ok(groups.filter(|group| school.closed_to(site, *group, session.day).is_none()).collect())
    }

    /// Marks pupils in a session: of a group, or of a whole site where `which` holds the site's id. One submission is
    /// one act, whatever the number of groups.
    ///
    /// A mark that stands like that already is left alone. A change of a mark after the register closed, or of one
    /// that was amended, needs [`Office::amend`]; a first mark is taken late as it is. A mark that came unseen stays,
    /// and where it differs both are shown.
    ///
    /// # Errors
    /// When any mark cannot be, or two that differ stand there: then none is written.
    pub fn take(
        &mut self,
        which: GroupId,
        session: Session,
        entries: &[MarkEntry],
        finish: bool,
    ) -> Result<Taken, OfficeError> {
        let groups = self.groups_in(which, session)?;
        let board = self.board(session)?;
        let mut parts: BTreeMap<GroupId, Part> = BTreeMap::new();
        for entry in entries {
            let pupil = self.known.pupil(entry.pupil).ok_or(OfficeError::Unknown("pupil"))?;
            let own = pupil.group_on(session.day);
            let group = if groups == [which] { Some(which) } else { own.filter(|own| groups.contains(own)) };
            let group = group.ok_or(OfficeError::Unknown("group of this pupil at this site"))?;
            let info = self.check_entry(entry, pupil, self.site_of(group)?, session)?;
            let part = parts.entry(group).or_default();
            if let Some(text) = entry.note.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
                part.notes.push((entry.pupil, text.to_owned()));
            }
            let seen = board.seen(entry.pupil, session, entry.among.as_deref());
            if seen.is_conflict() {
                return Err(OfficeError::Unsettled);
            }
            let same = |shown: &Version| shown.code() == Some(info.code) && shown.minutes() == entry.minutes;
            if seen.shown().is_some_and(|shown| shown.stands && same(shown)) {
                continue;
            }
            if self.asks_why(&seen, self.site_of(group)?, session) {
                return Err(OfficeError::NeedsReason);
            }
            let (code, minutes, among) = (Some(info.code), entry.minutes, entry.among.clone());
            part.notes.extend(self.note_of_plan(entry, pupil, info.code, session).map(|text| (entry.pupil, text)));
            part.wanted.push(Wanted { pupil: entry.pupil, code, minutes, among });
        }
        if finish {
            let finished = |group| {
                board.weeks().iter().any(|week| is_of(&week.document, group) && !week.finished(session).is_empty())
            };
            for group in groups.iter().filter(|group| !finished(**group)) {
                if groups == [which] || !self.known.members(*group, session.day).is_empty() {
                    parts.entry(*group).or_default().finish = true;
                }
            }
        }
        parts.retain(|_, part| !part.is_empty());
        if parts.is_empty() {
            return Ok(Taken { written: None, marked: 0, undo: None });
        }
        for (group, part) in &mut parts {
            part.covers = self.covered(*group, session, &board);
        }
        let marked = parts.values().map(|part| part.wanted.len()).sum();
        let before = parts.iter().map(|(group, part)| (*group, before(&board, session, &part.wanted))).collect();
        let written = self.write_marks(session, &board, &parts, None)?;
        if parts.values().any(|part| !part.notes.is_empty()) {
            self.known.refresh(self.records)?;
        }
        let undo = (marked > 0).then_some(Undo::Marks { act: written.act, session, before });
        Ok(Taken { written: Some(written), marked, undo })
    }

    /// The words of the plan that a mark confirms: they stand beside the mark from then on, whatever becomes of the
    /// plan. None where something is noted already, or whoever marks writes nothing about pupils.
    fn note_of_plan(&self, entry: &MarkEntry, pupil: &Pupil, code: Code, session: Session) -> Option<String> {
        let given = entry.note.as_deref().is_some_and(|text| !text.trim().is_empty());
        if given || pupil.notes.contains_key(&session) {
            return None;
        }
        let me = self.records.author(&self.records.seat()).and_then(|author| author.person);
        let mine = rights::held_by(self.records, me);
        let writes = mine.is_empty() || mine.iter().any(|held| held.reach(areas::PUPIL) == Reach::Writes);
        let plan = pupil.plan(session).filter(|plan| writes && plan.code == code)?;
        Some(plan.note.trim().to_owned()).filter(|note| !note.is_empty())
    }

    fn check_entry(
        &self,
        entry: &MarkEntry,
        pupil: &Pupil,
        site: PlaceId,
        session: Session,
    ) -> Result<&CodeInfo, OfficeError> {
        check_on_roll(pupil, session.day)?;
        let info = self.known.school().codes().resolve(&entry.code, session)?;
        codes::check_beside(info, entry.minutes, entry.note.as_deref())?;
        self.check_times(info, entry.minutes, site, session)?;
        codes::check_age(info, pupil.identity.born, session.day)?;
        Ok(info)
    }

    /// A mark against the times of its session: late before the close or after it, and nobody present before it begins.
    pub(super) fn check_times(
        &self,
        info: &CodeInfo,
        minutes: Option<u16>,
        site: PlaceId,
        session: Session,
    ) -> Result<(), OfficeError> {
        let (times, now) = (self.known.school().times_of(site, session), self.now());
        let here = matches!(info.on_site, OnSite::Yes | OnSite::Arrival);
        if here && session.day == now.day && now.minute.saturating_add(EARLY_MINUTES) < times.start {
            return Err(OfficeError::NotBegun(session.long()));
        }
        Ok(codes::check_close(info, minutes, times)?)
    }

    /// Whose register it is, when somebody else takes it and has not said so in this session yet.
    fn covered(&self, group: GroupId, session: Session, board: &Board) -> Option<PersonId> {
        let seat = self.records.seat();
        let me = self.records.author(&seat).and_then(|author| author.person)?;
        let taker = self.known.school().owes(self.records, group, me)?;
        let mut own = board.weeks().iter().filter(|week| is_of(&week.document, group));
        let said = own.any(|week| week.covered(session).iter().any(|(of, by)| *of == taker && by.seat == seat));
        (!said).then_some(taker)
    }

    /// Marks everybody present who has neither a mark nor a plan, and says how many that were. Of whom no mark
    /// is due, a boarder or a child on no list, is left to whoever sees them.
    ///
    /// # Errors
    /// As [`Office::take`].
    pub fn mark_remaining_present(&mut self, which: GroupId, session: Session) -> Result<Taken, OfficeError> {
        let board = self.board(session)?;
        let code = Code::present(session.half).to_string();
        let blanks: Vec<MarkEntry> = self
            .groups_in(which, session)?
            .into_iter()
            .flat_map(|group| self.known.members(group, session.day))
            .filter(|pupil| {
                // A mark that somebody withdrew and said why is not given back unseen.
                let current = board.current(pupil.id, session);
                let withdrawn = current.standing.iter().any(Version::is_amendment);
                let blank = self.known.planned(pupil, session).is_none() && current.shown().is_none() && !withdrawn;
                blank && Known::is_mark_due(pupil)
            })
            .map(|pupil| MarkEntry { pupil: pupil.id, code: code.clone(), minutes: None, note: None, among: None })
            .collect();
        self.take(which, session, &blanks, false)
    }

    /// Minutes late from what was typed for a session: minutes, or a time of arrival.
    ///
    /// # Errors
    /// When it is neither, or before the session began.
    pub fn minutes_late(&self, which: GroupId, session: Session, typed: &str) -> Result<u16, OfficeError> {
        let site = self.site_of(which).unwrap_or(PlaceId(which.0));
        Ok(codes::arrival(typed, self.known.school().times_of(site, session))?)
    }

    /// Puts a comment beside whatever mark a pupil has in a session, in place of those of `among`: those that were
    /// shown, or with `None` whatever stands. It is kept in the pupil's own document.
    ///
    /// # Errors
    /// When it is empty, the pupil is not known, or whoever is signed in may not write about pupils.
    pub fn comment(
        &mut self,
        pupil: PupilId,
        session: Session,
        words: &str,
        among: Option<&[FactRef]>,
    ) -> Result<Written, OfficeError> {
        if words.trim().is_empty() {
            return Err(OfficeError::EmptyReason);
        }
        let held = self.known.pupil(pupil).cloned().ok_or(OfficeError::Unknown("pupil"))?;
        let note = Note { day: session.day, half: session.half, text: words.trim().to_owned() };
        let mut replaced = held.replaced_by(PupilAbout::Note(session));
        replaced.retain(|name| among.is_none_or(|among| among.contains(name)));
        let fact = PupilFact::from(note).replacing(replaced)?;
        let written = self.write_one(documents::pupil(held.site, pupil), vec![fact])?;
        self.known.refresh(self.records)?;
        Ok(written)
    }
}

fn is_of(document: &DocumentId, group: GroupId) -> bool {
    documents::register_key(document).is_some_and(|(of, _)| of == group)
}

/// What was shown of each, to put back. Where two marks differed there is nothing that anybody chose.
pub(super) fn before(board: &Board, session: Session, wanted: &[Wanted]) -> Vec<Before> {
    let seen = wanted.iter().map(|one| (one.pupil, board.seen(one.pupil, session, one.among.as_deref())));
    seen.filter(|(_, seen)| !seen.is_conflict())
        .map(|(pupil, seen)| (pupil, seen.shown().and_then(|shown| Some((shown.code()?, shown.minutes())))))
        .collect()
}

pub(super) fn check_on_roll(pupil: &Pupil, day: Day) -> Result<(), OfficeError> {
    match (pupil.on_roll.starting, pupil.on_roll.last) {
        (Some(starting), _) if day < starting => Err(OfficeError::NotYetOnRoll(starting.long())),
        (_, Some(last)) if last < day => Err(OfficeError::HasLeft(last.long())),
        _ => Ok(()),
    }
}

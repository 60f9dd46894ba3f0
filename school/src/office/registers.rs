//! Taking registers, amending marks, settling two marks, undoing.
//!
//! Not here: how marks become facts of registers and of the roll (see `marks`).

use super::marks::{Part, Wanted};
use super::{Before, BeforeByGroup, Office, OfficeError, Undo};
use crate::calendar::{Day, Session};
use crate::codes::{self, Code, CodeInfo};
use crate::facts::pupil::{Note, PupilFact};
use crate::facts::{Value, documents};
use crate::ids::{GroupId, PupilId};
use crate::known::{Pupil, PupilAbout};
use crate::register::current::{Board, Current, Version};
use muster_core::document::fact::FactRef;
use muster_core::id::{ActId, DocumentId, PersonId, PlaceId};
use muster_core::replica::records::{Change, Records, Written};
use std::collections::BTreeMap;

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
        let close = self.known.school().half_times(site, session.half).close;
        session.day < now.day || (session.day == now.day && now.minute >= close)
    }

    /// The groups whose registers are meant: one, or those of a site that have school on that day.
    fn groups_in(&self, which: GroupId, session: Session) -> Result<Vec<GroupId>, OfficeError> {
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
    /// A mark that stands like that already is left alone. A change of a mark after the register closed needs
    /// [`Office::amend`]; a first mark is taken late as it is.
    ///
    /// # Errors
    /// When any mark cannot be: then none is written.
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
            let current = board.current(entry.pupil, session);
            let same = current.shown().is_some_and(|shown| {
                shown.code() == Some(info.code) && shown.minutes() == entry.minutes && !current.is_conflict()
            });
            if same {
                continue;
            }
            if current.shown().is_some() && self.is_closed(self.site_of(group)?, session) {
                return Err(OfficeError::NeedsReason);
            }
            part.wanted.push(Wanted { pupil: entry.pupil, code: Some(info.code), minutes: entry.minutes });
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
        let undo = (marked > 0).then_some(Undo::Marks { act: written.act, session, before });
        Ok(Taken { written: Some(written), marked, undo })
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
        codes::check_close(info, entry.minutes, self.known.school().half_times(site, session.half))?;
        codes::check_age(info, pupil.identity.born, session.day)?;
        Ok(info)
    }

    /// Whose register it is, when somebody else takes it and has not said so in this session yet.
    fn covered(&self, group: GroupId, session: Session, board: &Board) -> Option<PersonId> {
        let seat = self.records.seat();
        let me = self.records.author(&seat).and_then(|author| author.person)?;
        let taker = self.known.school().takers.get(&group).copied().filter(|taker| *taker != me)?;
        let mut own = board.weeks().iter().filter(|week| is_of(&week.document, group));
        let said = own.any(|week| week.covered(session).iter().any(|(of, by)| *of == taker && by.seat == seat));
        (!said).then_some(taker)
    }

    /// Marks everybody present who has neither a mark nor a plan, and says how many that were.
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
                self.known.planned(pupil, session).is_none() && board.current(pupil.id, session).shown().is_none()
            })
            .map(|pupil| MarkEntry { pupil: pupil.id, code: code.clone(), minutes: None, note: None })
            .collect();
        self.take(which, session, &blanks, false)
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
        let (changes, before) = self.amendment(pupil, session, code, minutes, reason)?;
        let written = self.records.write(changes)?;
        let undo = Undo::Marks { act: written.act, session, before };
        Ok(Taken { written: Some(written), marked: 1, undo: Some(undo) })
    }

    /// What [`Office::amend`] writes, and what stood before, for an act that writes more.
    pub(super) fn amendment(
        &mut self,
        pupil: PupilId,
        session: Session,
        code: Option<&str>,
        minutes: Option<u16>,
        reason: &str,
    ) -> Result<(Vec<Change>, BeforeByGroup), OfficeError> {
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
        self.groups_in(group, session)?;
        let part = Part { wanted: vec![Wanted { pupil, code, minutes }], ..Part::default() };
        let before = vec![(group, before(&board, session, &part.wanted))];
        Ok((self.mark_changes(session, &board, &BTreeMap::from([(group, part)]), Some(reason))?, before))
    }

    /// Settles marks that differ by choosing one of those that were shown: an amendment that replaces them. A mark that
    /// came meanwhile is not settled unseen.
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
        let current = self.board(session)?.current(pupil, session);
        if current.standing.iter().any(|version| !among.contains(&version.name)) {
            return Err(OfficeError::Nothing("another mark came meanwhile: look again"));
        }
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

    /// Takes the marks of an act back to what they were: plain while the register is open, as an amendment
    /// afterwards. A mark that somebody changed since is left as it is: it is not this act's any more.
    pub(super) fn undo_marks(
        &mut self,
        act: ActId,
        session: Session,
        before: &[(GroupId, Vec<Before>)],
    ) -> Result<Written, OfficeError> {
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

    /// Minutes late from what was typed for a session: minutes, or a time of arrival.
    ///
    /// # Errors
    /// When it is neither, or before the session began.
    pub fn minutes_late(&self, which: GroupId, session: Session, typed: &str) -> Result<u16, OfficeError> {
        let site = self.site_of(which).unwrap_or(PlaceId(which.0));
        Ok(codes::arrival(typed, self.known.school().half_times(site, session.half))?)
    }

    /// Puts a comment beside whatever mark a pupil has in a session. It is kept in the pupil's own document.
    ///
    /// # Errors
    /// When it is empty, the pupil is not known, or whoever is signed in may not write about pupils.
    pub fn comment(&mut self, pupil: PupilId, session: Session, words: &str) -> Result<Written, OfficeError> {
        if words.trim().is_empty() {
            return Err(OfficeError::EmptyReason);
        }
        let held = self.known.pupil(pupil).cloned().ok_or(OfficeError::Unknown("pupil"))?;
        let note = Note { day: session.day, half: session.half, text: words.trim().to_owned() };
        let fact = PupilFact::from(note).replacing(held.replaced_by(PupilAbout::Note(session)))?;
        let written = self.write_one(documents::pupil(held.site, pupil), vec![fact])?;
        self.known.refresh(self.records)?;
        Ok(written)
    }

    /// Takes back one pupil's mark while the register is open.
    ///
    /// # Errors
    /// When the register is closed: then a reason is asked for. When the records refuse.
    pub fn clear(&mut self, pupil: PupilId, session: Session) -> Result<Taken, OfficeError> {
        let board = self.board(session)?;
        let group = self.group_for(pupil, session, &board.current(pupil, session))?;
        if self.is_closed(self.site_of(group)?, session) {
            return Err(OfficeError::NeedsReason);
        }
        let wanted = vec![Wanted { pupil, code: None, minutes: None }];
        let before = vec![(group, before(&board, session, &wanted))];
        let parts = BTreeMap::from([(group, Part { wanted, ..Part::default() })]);
        let written = self.take_back(session, &board, &parts)?;
        let undo = Undo::Marks { act: written.act, session, before };
        Ok(Taken { written: Some(written), marked: 1, undo: Some(undo) })
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

fn check_on_roll(pupil: &Pupil, day: Day) -> Result<(), OfficeError> {
    match (pupil.on_roll.starting, pupil.on_roll.last) {
        (Some(starting), _) if day < starting => Err(OfficeError::NotYetOnRoll(starting.long())),
        (_, Some(last)) if last < day => Err(OfficeError::HasLeft(last.long())),
        _ => Ok(()),
    }
}

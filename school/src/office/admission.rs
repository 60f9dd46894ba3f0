//! The admission register: admitting a pupil, amending an entry, deleting a name, and the returns that follow.
//!
//! Each is one act, over the pupil's document and the family's together. Nothing is overwritten: what replaces an
//! earlier word names it, and its reason stands in the same act.

use super::{NewPupil, Office, OfficeError};
use crate::admission::grounds::{self, Evidence};
use crate::admission::{returns, starting};
use crate::calendar::{Day, Session};
use crate::facts::admission::{Amended, Deleted, Entry, Ground, LastSchool, NextSchool, Placement, Restored};
use crate::facts::family::FamilyFact;
use crate::facts::pupil::{Identity, OnRoll, PupilFact};
use crate::facts::returns::{Authority, Fallback, Guide, ReturnKind, Sent};
use crate::facts::{self, Value, documents};
use crate::ids::PupilId;
use crate::known::{About, Pupil, PupilAbout, family};
use crate::names;
use crate::register::current::Board;
use muster_core::document::fact::Fact;
use muster_core::id::PlaceId;
use muster_core::replica::records::{Change, Records, Written};
use std::sync::Arc;

/// What is to be entered of a pupil: only what is given, and says something new, is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EntryChange {
    /// Names, sex, birth, numbers.
    pub identity: Option<Identity>,
    /// Middle names, other names, boarder or day, where the starting day comes from.
    pub entry: Option<Entry>,
    /// The starting day.
    pub starting: Option<Day>,
    /// The school before.
    pub last_school: Option<LastSchool>,
    /// The placing authority.
    pub placement: Option<Placement>,
    /// The school after.
    pub next_school: Option<NextSchool>,
    /// Addresses, parents, contacts, orders, a move.
    pub family: Vec<FamilyFact>,
}

impl<R: Records> Office<'_, R> {
    /// Admits a pupil. The name stands on the register from the beginning of the starting day, whether or not the
    /// pupil turns up: from then on a mark is due.
    ///
    /// # Errors
    /// When there is no name, the admission number or UPN is another pupil's, somebody of that name and birth is
    /// there already and has not left before, the site is not known, or the records refuse.
    pub fn admit(&mut self, new: &NewPupil, entry: &EntryChange) -> Result<PupilId, OfficeError> {
        let starting = new.starting.unwrap_or_else(|| self.now().day);
        self.check_unlike(&new.identity, None, starting)?;
        let id = PupilId(self.random_id());
        let mut changes = self.new_pupil(id, new)?;
        let pupil = [
            entry.entry.clone().map(PupilFact::from),
            entry.last_school.clone().map(PupilFact::from),
            entry.placement.clone().map(PupilFact::from),
            entry.next_school.clone().map(PupilFact::from),
        ];
        let facts: Result<Vec<Fact>, _> = pupil.into_iter().flatten().map(|fact| fact.fact()).collect();
        let document = documents::pupil(new.site, id);
        if let Some(change) = changes.iter_mut().find(|change| change.document == document) {
            change.facts.extend(facts?);
        }
        let family: Result<Vec<Fact>, _> = entry.family.iter().map(Value::fact).collect();
        let family = family?;
        if !family.is_empty() {
            changes.push(Change { document: documents::family(new.site, id), facts: family });
        }
        self.records.write(changes)?;
        self.known.refresh(self.records)?;
        Ok(id)
    }

    /// Amends an entry. What was not entered before needs no reason; what changes does. Where people apart said
    /// different things, no change and a reason keeps what shows.
    ///
    /// # Errors
    /// When nothing would change, the reason is missing, a number is another pupil's, another starting day would take a
    /// name off that stands, or the records refuse.
    pub fn amend_entry(&mut self, id: PupilId, to: &EntryChange, reason: &str) -> Result<Written, OfficeError> {
        let held = self.held(id)?;
        if let Some(identity) = &to.identity {
            if identity.surname.trim().is_empty() && identity.forename.trim().is_empty() {
                return Err(OfficeError::NoName);
            }
            let starting = to.starting.or(held.on_roll.starting).unwrap_or_else(|| self.now().day);
            self.check_unlike(identity, Some(id), starting)?;
        }
        if let Some(to) = to.starting.filter(|to| held.on_roll.starting != Some(*to)) {
            let today = self.now().day;
            starting::check(self.records, self.known, &held, to, today)??;
        }
        let mut facts = Vec::new();
        let mut put = |about: PupilAbout, same: bool, fact: PupilFact| -> Result<(), OfficeError> {
            if !same {
                facts.push(fact.replacing(held.replaced_by(about))?);
            }
            Ok(())
        };
        if let Some(to) = &to.identity {
            put(PupilAbout::Identity, held.identity == *to, to.clone().into())?;
        }
        if let Some(to) = &to.entry {
            put(PupilAbout::Entry, held.entry.as_ref() == Some(to), to.clone().into())?;
        }
        if let Some(to) = &to.last_school {
            put(PupilAbout::LastSchool, held.last_school.as_ref() == Some(to), to.clone().into())?;
        }
        if let Some(to) = &to.placement {
            put(PupilAbout::Placement, held.placement.as_ref() == Some(to), to.clone().into())?;
        }
        if let Some(to) = &to.next_school {
            put(PupilAbout::NextSchool, held.next_school.as_ref() == Some(to), to.clone().into())?;
        }
        if let Some(starting) = to.starting {
            let to = OnRoll { starting: Some(starting), last: held.on_roll.last };
            put(PupilAbout::OnRoll, held.on_roll == to, to.into())?;
        }
        let document = documents::family(held.site, id);
        let known = self.records.facts(&document)?;
        let family = known.as_deref().map(family::Family::from_facts).unwrap_or_default();
        let mut kept = Vec::new();
        for fact in &to.family {
            let Some(about) = family::About::of(fact) else { continue };
            let replaces = family.replaced_by(&about);
            let same = known.as_deref().is_some_and(|known| {
                facts::current::<FamilyFact>(known)
                    .any(|read| replaces.contains(&read.held.name) && read.value == *fact)
            });
            if !same {
                kept.push(fact.replacing(replaces)?);
            }
        }
        // A reason alone keeps what shows, where people apart had said different things.
        if facts.is_empty() && kept.is_empty() && !reason.trim().is_empty() {
            for (about, shown) in held.torn() {
                facts.push(shown.replacing(held.replaced_by(*about))?);
            }
            for (about, shown) in family.torn() {
                kept.push(shown.replacing(family.replaced_by(about))?);
            }
        }
        if facts.is_empty() && kept.is_empty() {
            return Err(OfficeError::Nothing("the entry says so already"));
        }
        let changes_something = facts.iter().chain(&kept).any(|fact| !fact.supersedes.is_empty());
        let reason = reason.trim();
        if changes_something && reason.is_empty() {
            return Err(OfficeError::EmptyReason);
        }
        if !reason.is_empty() {
            facts.push(PupilFact::from(Amended { reason: reason.to_owned() }).fact()?);
        }
        let changes = [(documents::pupil(held.site, id), facts), (document, kept)]
            .into_iter()
            .filter(|(_, facts)| !facts.is_empty())
            .map(|(document, facts)| Change { document, facts })
            .collect();
        let written = self.records.write(changes)?;
        self.known.refresh(self.records)?;
        Ok(written)
    }

    /// Deletes a name from the register at the end of a day, on a ground.
    ///
    /// # Errors
    /// When the ground's own conditions are not met, the day is over, or the records refuse.
    pub fn delete_name(
        &mut self,
        id: PupilId,
        day: Day,
        ground: Ground,
        said: &Evidence,
    ) -> Result<Written, OfficeError> {
        let held = self.held(id)?;
        let today = self.now().day;
        let site = self.known.site_on(&held, today);
        let absent_running = match ground {
            Ground::AbsentTwenty => self.absent_running(id, site, today)?,
            _ => 0,
        };
        let said = Evidence { absent_running, ..said.clone() };
        grounds::check(&held, self.known.school(), site, (today, day), ground, &said)?;
        let mut words = said.words.trim().to_owned();
        // What was looked up and confirmed stands in the entry, not only in the program that checked it.
        if let Some(ended) = said.leave_ended.filter(|_| ground == Ground::NotBackFromLeave) {
            words = format!("{words} (leave ended {}; the school and the authority looked for the pupil)", ended.iso());
        }
        if ground == Ground::AbsentTwenty {
            words = format!(
                "{words} ({absent_running} school days running up to {}; the school and the authority looked for the pupil)",
                today.iso()
            );
        }
        let deleted =
            Deleted { day, ground, words, consent: said.consent.clone(), agreed_by: said.agreed_by.trim().to_owned() };
        let on_roll = OnRoll { starting: held.on_roll.starting, last: Some(day) };
        let written = self.write_one(
            documents::pupil(held.site, id),
            vec![
                PupilFact::from(deleted).replacing(held.replaced_by(PupilAbout::Deletion))?,
                PupilFact::from(on_roll).replacing(held.replaced_by(PupilAbout::OnRoll))?,
            ],
        )?;
        self.known.refresh(self.records)?;
        Ok(written)
    }

    /// Puts a name back that was deleted by mistake. The mistake stays in the history.
    ///
    /// # Errors
    /// When the name is not deleted, reason or name of who agreed are missing, or the records refuse.
    pub fn restore_name(&mut self, id: PupilId, agreed_by: &str, reason: &str) -> Result<Written, OfficeError> {
        let held = self.held(id)?;
        // Who left before the records came here has a last day alone.
        if held.deleted.is_none() && (held.on_roll.last.is_none() || held.moved_to.is_some()) {
            return Err(OfficeError::Nothing("this name stands on the register"));
        }
        if reason.trim().is_empty() {
            return Err(OfficeError::EmptyReason);
        }
        if agreed_by.trim().is_empty() {
            return Err(grounds::Refused::NobodyAgreed.into());
        }
        // Who came back since then stands there under the new entry.
        self.check_unlike(&held.identity, Some(id), self.now().day)?;
        let on_roll = OnRoll { starting: held.on_roll.starting, last: None };
        let restored = Restored { agreed_by: agreed_by.trim().to_owned() };
        let written = self.write_one(
            documents::pupil(held.site, id),
            vec![
                PupilFact::from(restored).replacing(held.replaced_by(PupilAbout::Deletion))?,
                PupilFact::from(on_roll).replacing(held.replaced_by(PupilAbout::OnRoll))?,
                PupilFact::from(Amended { reason: reason.trim().to_owned() }).fact()?,
            ],
        )?;
        self.known.refresh(self.records)?;
        Ok(written)
    }

    /// How many school days of a site, up to a day, were all `G`, `N` or `O`: the run that ground i asks about. A
    /// session without a mark ends it, or with two that differ; so does more than a year of them. Days that were lost,
    /// or open to other groups only, are none of the pupil's.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub fn absent_running(&mut self, pupil: PupilId, site: PlaceId, until: Day) -> Result<usize, OfficeError> {
        let mut running = 0;
        let mut board: Option<(Day, Board)> = None;
        for back in 0..400 {
            let day = until.plus(-back);
            let group = self.known.pupil(pupil).and_then(|held| held.group_on(day));
            if !self.known.school().meets_for(site, group, day) {
                continue;
            }
            if board.as_ref().is_none_or(|(at, _)| at.week() != day.week() || at.year() != day.year()) {
                board = Some((day, self.board(Session::am(day))?));
            }
            let Some((_, marks)) = &board else { break };
            let absent = |session| {
                let current = marks.current(pupil, session);
                current
                    .code()
                    .filter(|_| !current.is_conflict())
                    .is_some_and(|code| matches!(code.as_str(), "G" | "N" | "O"))
            };
            let whole = absent(Session::am(day)) && absent(Session::pm(day));
            match whole {
                true => running += 1,
                // Today's register may not be taken yet.
                false if day == until => {}
                false => break,
            }
        }
        Ok(running)
    }

    /// Writes down that a return was sent, and to whom.
    ///
    /// # Errors
    /// When it is not said to whom, or the records refuse.
    pub fn return_sent(
        &mut self,
        pupil: PupilId,
        kind: ReturnKind,
        about: Day,
        to: &str,
    ) -> Result<Written, OfficeError> {
        if to.trim().is_empty() {
            return Err(OfficeError::Nothing("say to whom it was sent"));
        }
        let sent = Sent { pupil, kind, about, day: self.now().day, to: to.trim().to_owned() };
        self.put_school(vec![(About::Sent(pupil, kind, about), sent.into())])
    }

    /// Writes down that what a file tells of pupils was sent, and to whom: that alone, whatever is due by now.
    ///
    /// # Errors
    /// When it is not said to whom, or the records refuse; what was written down before stays.
    pub fn returns_sent(&mut self, kind: ReturnKind, told: &[(PupilId, Day)], to: &str) -> Result<(), OfficeError> {
        for (pupil, about) in told {
            self.return_sent(*pupil, kind, *about, to)?;
        }
        Ok(())
    }

    /// Sets the authority that gets the returns of a site, or of every site that has none of its own. One without a
    /// name takes the setting away.
    ///
    /// # Errors
    /// When the number is none, or the records refuse.
    pub fn set_authority(&mut self, authority: Authority) -> Result<Written, OfficeError> {
        self.put_school(vec![(About::Authority(authority.site), authority.into())])
    }

    /// Sets when the registers of a site are printed by themselves.
    ///
    /// # Errors
    /// When a time does not exist, or the records refuse.
    pub fn set_printing(&mut self, fallback: Fallback) -> Result<Written, OfficeError> {
        self.put_school(vec![(About::Fallback(fallback.site), fallback.into())])
    }

    /// Sets what a site adds to the help for taking the register.
    ///
    /// # Errors
    /// When a text is too long, or the records refuse.
    pub fn set_guide(&mut self, guide: Guide) -> Result<Written, OfficeError> {
        self.put_school(vec![(About::Guide(guide.site), guide.into())])
    }

    /// The returns that are due today.
    pub fn returns_due(&self) -> Vec<returns::ReturnDue> {
        returns::returns_due(self.known, self.now().day)
    }

    fn held(&self, id: PupilId) -> Result<Arc<Pupil>, OfficeError> {
        self.known.pupil(id).cloned().ok_or(OfficeError::Unknown("pupil"))
    }

    /// Whether nobody else of the register is this child. Whose name was deleted before the starting day is: a pupil
    /// who comes back is admitted anew.
    fn check_unlike(&self, identity: &Identity, own: Option<PupilId>, starting: Day) -> Result<(), OfficeError> {
        let left = |other: &Pupil| other.on_roll.last.is_some_and(|last| last < starting);
        let number = identity.admission_no.trim();
        let name = (names::fold(&identity.surname), names::fold(&identity.forename));
        for other in self.known.pupils().filter(|other| Some(other.id) != own && !left(other)) {
            let theirs = &other.identity;
            let why = if !number.is_empty() && number == theirs.admission_no {
                " with this admission number"
            } else if !identity.upn.is_empty() && identity.upn == theirs.upn {
                " with this UPN"
            } else if own.is_none()
                && identity.born.is_some()
                && identity.born == theirs.born
                && name == (names::fold(&theirs.surname), names::fold(&theirs.forename))
            {
                ", born on the same day"
            } else {
                continue;
            };
            return Err(OfficeError::LikeAnother(other.spoken(), why));
        }
        Ok(())
    }
}

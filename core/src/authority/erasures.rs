//! What follows from the acts about erasure: a function of the set of statements held, whatever their order.
//!
//! An erasure counts if its author might erase each of its documents; where it is of many, once a second person who
//! might has said so, too. One undo by anybody who might ends it. A hold beats it, unless its author had seen the hold
//! released. No order of arrival decides any of that, and no clock but those of the authors, whose orders of four
//! weeks are counted together by the times they claim. *When* a device destroys what it has: see the replica.

use super::capability::Right;
use super::erasure::{Doomed, ErasureAct};
use super::evaluate::{Placed, Statements};
use super::grant::RANK_LEAD;
use super::line::{At, Line, Logs};
use super::reduction::EntryName;
use super::statement::Statement;
use super::view::{Standing, View};
use crate::id::{ActId, Area, Compartment, DeviceId, EntryHash, Handle, LogId, PersonId, SecretId, Section};
use crate::keys::rule::{AreaRule, KeyRule};
use crate::limits;
use crate::time::Moment;
use std::collections::{BTreeMap, BTreeSet};

/// The weakest rank that erases: administrators and senior leaders. Where documents are read one by one, leads do.
pub const RANK_ERASES: u8 = 2;

/// Who said something, where and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Signed {
    /// What their clock said.
    pub at: Moment,
    /// The entry.
    pub entry: EntryHash,
    /// In which act: what it was called in words lies in the same.
    pub act: ActId,
    /// The person; `None` for a device by itself.
    pub person: Option<PersonId>,
    /// On which device.
    pub device: DeviceId,
}

/// Whether a second person must sign, and did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Second {
    /// It is of few documents.
    NotNeeded,
    /// Nobody has yet.
    Awaited,
    /// The first who did.
    By(Signed),
}

/// An erasure that its author might order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erasure {
    /// Who, where and when.
    pub by: Signed,
    /// What is to be erased.
    pub documents: Vec<Doomed>,
    /// On which ground: the embedder's number.
    pub ground: u16,
    /// Whether somebody else must say so, too.
    pub second: Second,
    /// Who ended it.
    pub undone: Option<Signed>,
    /// Those of its documents that a hold keeps.
    pub held: BTreeSet<(Section, Handle)>,
    /// The devices that have destroyed what they had, and when they said so.
    pub done: BTreeMap<DeviceId, Moment>,
}

impl Erasure {
    /// Whether it is to be carried out: signed by whoever must, and not undone.
    pub fn stands(&self) -> bool {
        self.undone.is_none() && self.second != Second::Awaited
    }

    /// Since when it is whole, as whoever made it so claims.
    pub fn whole_at(&self) -> Moment {
        match self.second {
            Second::By(second) if second.at.utc_ms > self.by.at.utc_ms => second.at,
            _ => self.by.at,
        }
    }

    /// The documents that no hold keeps.
    pub fn free(&self) -> impl Iterator<Item = &Doomed> {
        self.documents.iter().filter(|one| !self.held.contains(&(one.section, one.handle)))
    }

    /// The devices on which it was signed.
    pub fn signed_on(&self) -> BTreeSet<DeviceId> {
        let second = if let Second::By(second) = self.second { Some(second.device) } else { None };
        [self.by.device].into_iter().chain(second).collect()
    }
}

/// A hold that its author might place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    /// Who, where and when.
    pub by: Signed,
    /// What is held.
    pub documents: Vec<(Section, Handle)>,
    /// Why: the embedder's number.
    pub ground: u16,
    /// Who ended it.
    pub released: Option<Signed>,
}

/// All that follows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Erasures {
    /// By the entries that ordered them.
    pub erasures: BTreeMap<EntryHash, Erasure>,
    /// By the entries that placed them.
    pub holds: BTreeMap<EntryHash, Hold>,
    /// The secrets that no device sends or takes any more.
    gone: BTreeMap<Section, BTreeSet<SecretId>>,
}

/// An act that counts, as far as its author's line goes.
struct Voice<'a> {
    signed: Signed,
    standing: &'a Standing,
    placed: &'a Placed,
    act: &'a ErasureAct,
}

/// What an act is judged by.
#[derive(Clone, Copy)]
pub(crate) struct Ground<'a> {
    pub(crate) view: &'a View,
    pub(crate) logs: &'a dyn Logs,
    pub(crate) rules: &'a BTreeMap<Area, AreaRule>,
}

/// Whether whoever holds a grant may have documents of a compartment erased.
pub(crate) fn may_erase(standing: &Standing, compartment: &Compartment, rules: &BTreeMap<Area, AreaRule>) -> bool {
    let case = rules.get(&compartment.area).is_some_and(|rule| rule.keys == KeyRule::Case);
    let weakest = if case { RANK_LEAD } else { RANK_ERASES };
    standing.rank <= weakest && standing.gives(Right::Grant, compartment)
}

/// Whether whoever holds a grant may keep documents of a compartment from being erased.
pub(crate) fn may_hold_back(standing: &Standing, compartment: &Compartment) -> bool {
    standing.rank <= RANK_LEAD && standing.gives(Right::Grant, compartment)
}

impl Erasures {
    /// Works them out.
    pub(crate) fn of(statements: &Statements, ground: Ground<'_>) -> Self {
        let voices: Vec<Voice<'_>> = statements.iter().filter_map(|(name, placed)| ground.hear(name, placed)).collect();
        let mut found = Self::default();
        for voice in &voices {
            match voice.act {
                ErasureAct::Erase { documents, ground: why }
                    if voice.signed.person.is_some()
                        && documents.iter().all(|one| ground.erases(voice, &one.section)) =>
                {
                    let erasure = Erasure {
                        by: voice.signed,
                        documents: documents.clone(),
                        ground: *why,
                        second: Second::NotNeeded,
                        undone: None,
                        held: BTreeSet::new(),
                        done: BTreeMap::new(),
                    };
                    found.erasures.insert(voice.signed.entry, erasure);
                }
                ErasureAct::Hold { documents, ground: why }
                    if voice.signed.person.is_some()
                        && documents.iter().all(|(one, _)| may_hold_back(voice.standing, &one.compartment)) =>
                {
                    let (by, documents) = (voice.signed, documents.clone());
                    found.holds.insert(by.entry, Hold { by, documents, ground: *why, released: None });
                }
                _ => {}
            }
        }
        let mut releases: BTreeMap<EntryHash, Vec<(LogId, u64)>> = BTreeMap::new();
        for voice in &voices {
            found.answer(voice, ground, &mut releases);
        }
        found.ask_for_seconds(&voices, ground);
        found.hold_back(&voices, ground, &releases);
        for erasure in found.erasures.values().filter(|erasure| erasure.stands()) {
            for one in erasure.free() {
                found.gone.entry(one.section).or_default().extend(&one.secrets);
            }
        }
        found
    }

    /// What is said about an erasure or a hold, but for second signatures.
    fn answer(&mut self, voice: &Voice<'_>, ground: Ground<'_>, releases: &mut BTreeMap<EntryHash, Vec<(LogId, u64)>>) {
        let signed = voice.signed;
        match voice.act {
            ErasureAct::Undo { erasure } if signed.person.is_some() => {
                let Some(of) = self.erasures.get_mut(erasure) else { return };
                let own = of.by.person == signed.person;
                if own || of.documents.iter().any(|one| ground.erases(voice, &one.section)) {
                    of.undone = Some(of.undone.map_or(signed, |known| known.min(signed)));
                }
            }
            ErasureAct::Release { hold } if signed.person.is_some() => {
                let Some(of) = self.holds.get_mut(hold) else { return };
                let own = of.by.person == signed.person;
                if own || of.documents.iter().all(|(section, _)| ground.erases(voice, section)) {
                    of.released = Some(of.released.map_or(signed, |known| known.min(signed)));
                    releases.entry(*hold).or_default().push((voice.placed.log, voice.placed.sequence));
                }
            }
            ErasureAct::Done { erasures } if signed.person.is_none() => {
                for erasure in erasures {
                    if let Some(of) = self.erasures.get_mut(erasure) {
                        let known = of.done.entry(signed.device).or_insert(signed.at);
                        *known = (*known).min(signed.at);
                    }
                }
            }
            _ => {}
        }
    }

    /// Which erasures need a second person, and who that was. What one person orders alone is counted over four weeks.
    fn ask_for_seconds(&mut self, voices: &[Voice<'_>], ground: Ground<'_>) {
        let mut seconds: BTreeMap<EntryHash, Signed> = BTreeMap::new();
        for voice in voices {
            let ErasureAct::Confirm { erasure } = voice.act else { continue };
            let Some(of) = self.erasures.get(erasure) else { continue };
            let another = voice.signed.person.is_some() && voice.signed.person != of.by.person;
            if another && of.documents.iter().all(|one| ground.erases(voice, &one.section)) {
                let known = seconds.entry(*erasure).or_insert(voice.signed);
                *known = (*known).min(voice.signed);
            }
        }
        let mut alone: Vec<(Option<PersonId>, i64, EntryHash, usize)> = self
            .erasures
            .iter()
            .filter(|(name, one)| one.undone.is_none() && !seconds.contains_key(name))
            .map(|(name, one)| (one.by.person, one.by.at.utc_ms, *name, secrets_in(one)))
            .collect();
        alone.sort_unstable();
        for (name, one) in &mut self.erasures {
            if let Some(second) = seconds.get(name) {
                one.second = Second::By(*second);
                continue;
            }
            let at = one.by.at.utc_ms;
            let before = alone.iter().filter(|(person, then, other, _)| {
                *person == one.by.person
                    && (*then, *other) < (at, *name)
                    && at.saturating_sub(*then) < limits::ERASED_ALONE_WITHIN_MS
            });
            let all: usize = before.map(|(.., many)| many).sum::<usize>() + secrets_in(one);
            one.second = if all > limits::ERASED_ALONE { Second::Awaited } else { Second::NotNeeded };
        }
    }

    /// Which documents holds keep: one that was released before the erasure's author spoke keeps nothing.
    fn hold_back(
        &mut self,
        voices: &[Voice<'_>],
        ground: Ground<'_>,
        releases: &BTreeMap<EntryHash, Vec<(LogId, u64)>>,
    ) {
        for voice in voices {
            let Some(erasure) = self.erasures.get_mut(&voice.signed.entry) else { continue };
            let seen = |(log, at): &(LogId, u64)| {
                *log == voice.placed.log && *at < voice.placed.sequence
                    || ground.logs.covers(&voice.placed.authority, log, *at)
            };
            let holds = self.holds.iter().filter(|(name, _)| !releases.get(name).into_iter().flatten().any(seen));
            let kept: BTreeSet<(Section, Handle)> =
                holds.flat_map(|(_, hold)| hold.documents.iter().copied()).collect();
            let named = erasure.documents.iter().map(|one| (one.section, one.handle));
            erasure.held = named.filter(|one| kept.contains(one)).collect();
        }
    }

    /// Whether a secret is not to be sent, taken or written under any more.
    pub(crate) fn is_gone(&self, section: &Section, secret: &SecretId) -> bool {
        self.gone.get(section).is_some_and(|gone| gone.contains(secret))
    }

    /// The secrets of a section that are gone, if any.
    pub(crate) fn gone_of(&self, section: &Section) -> Option<&BTreeSet<SecretId>> {
        self.gone.get(section)
    }

    /// The sections of which something is gone here or in another, and not the same.
    pub(crate) fn differ_from(&self, other: &Self) -> BTreeSet<Section> {
        let sections = self.gone.keys().chain(other.gone.keys());
        sections.filter(|section| self.gone.get(section) != other.gone.get(section)).copied().collect()
    }
}

fn secrets_in(erasure: &Erasure) -> usize {
    erasure.documents.iter().map(|one| one.secrets.len()).sum()
}

impl Ground<'_> {
    fn hear<'a>(&'a self, name: &EntryHash, placed: &'a Placed) -> Option<Voice<'a>> {
        let Statement::Erasure(act) = &placed.statement else { return None };
        let standing = self.view.standing(&placed.grant)?;
        let author = self.view.author(&placed.seat)?;
        let seen = standing.at.is_none_or(|(log, sequence)| self.logs.covers(&placed.authority, &log, sequence));
        let holds = self.view.is_held_by(standing, &placed.seat) && self.view.was_enrolled(&author.device);
        let entry = EntryName { log: placed.log, sequence: placed.sequence, hash: *name };
        let at = At { entry, seat: placed.seat, compartment: Compartment::AUTHORITY };
        let counts = seen && holds && self.view.line(&at, standing, self.logs) == Line::Counts;
        let (act_id, moment) = placed.act;
        let signed = Signed { at: moment, entry: *name, act: act_id, person: author.person, device: author.device };
        counts.then_some(Voice { signed, standing, placed, act })
    }

    fn erases(&self, voice: &Voice<'_>, section: &Section) -> bool {
        may_erase(voice.standing, &section.compartment, self.rules)
    }
}

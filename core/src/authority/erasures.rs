//! What follows from the acts about erasure: a function of the set of statements held, whatever their order.
//!
//! An erasure counts if its author might erase each of its documents; where it is of many, once a second person who
//! might has said so, too. One undo by anybody who might ends it. A hold beats it, by the document's name or any of its
//! secrets, unless its author had seen the hold released. Once a device has said that it carried it out, nothing that
//! this device had not seen then changes that any more: see `carried`. No order of arrival decides any of that, and no
//! clock but those of the authors, whose orders of four weeks are counted together by the times they claim.
//!
//! Not here: *when* a device destroys what it has (the replica).

mod carried;
mod heard;

use super::capability::Right;
use super::erasure::{ErasureAct, Keyed};
use super::evaluate::{Placed, Statements};
use super::grant::RANK_LEAD;
use super::line::{At, Line, Logs};
use super::reduction::EntryName;
use super::statement::Statement;
use super::view::{Standing, View};
use crate::id::{ActId, Area, Compartment, DeviceId, EntryHash, Handle, PersonId, SecretId, Section};
use crate::keys::rule::{AreaRule, KeyRule};
use crate::limits;
use crate::time::Moment;
use heard::{Heard, Voice};
use std::collections::{BTreeMap, BTreeSet};

pub(crate) use heard::Order;

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
    pub documents: Vec<Keyed>,
    /// On which ground: the embedder's number.
    pub ground: u16,
    /// What was written after this, in milliseconds since 1970 UTC, its author did not know of.
    pub until_ms: i64,
    /// Whether somebody else must say so, too.
    pub second: Second,
    /// Who ended it.
    pub undone: Option<Signed>,
    /// Those of its documents that a hold keeps.
    pub held: BTreeSet<(Section, Handle)>,
    /// Those of its documents that a device destroyed before it could hear what speaks against it by now, an undo, a
    /// hold or an order of before: nothing brings them back.
    pub too_late: BTreeSet<(Section, Handle)>,
    /// The devices that keep such records and have destroyed what they had, and when they said so.
    pub done: BTreeMap<DeviceId, Moment>,
}

impl Erasure {
    /// Whether anything of it is to be carried out.
    pub fn stands(&self) -> bool {
        self.free().next().is_some()
    }

    /// Whether it is signed by whoever must, and not undone.
    fn is_whole(&self) -> bool {
        self.undone.is_none() && self.second != Second::Awaited
    }

    /// Since when it is whole, as whoever made it so claims.
    pub fn whole_at(&self) -> Moment {
        match self.second {
            Second::By(second) if second.at.utc_ms > self.by.at.utc_ms => second.at,
            _ => self.by.at,
        }
    }

    /// The documents that are to be destroyed: of one that stands those that no hold keeps, and of any those that were
    /// before anything spoke against it.
    pub fn free(&self) -> impl Iterator<Item = &Keyed> {
        let whole = self.is_whole();
        let goes = move |name| self.too_late.contains(&name) || whole && !self.held.contains(&name);
        self.documents.iter().filter(move |one| goes((one.section, one.handle)))
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
    pub documents: Vec<Keyed>,
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
    /// The secrets that no device sends or takes any more, and the orders that name them.
    gone: BTreeMap<Section, BTreeMap<SecretId, BTreeSet<Order>>>,
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
                ErasureAct::Erase { documents, ground: why, until_ms }
                    if voice.signed.person.is_some()
                        && documents.iter().all(|one| ground.erases(voice, &one.section)) =>
                {
                    let erasure = Erasure {
                        by: voice.signed,
                        documents: documents.clone(),
                        ground: *why,
                        until_ms: *until_ms,
                        second: Second::NotNeeded,
                        undone: None,
                        held: BTreeSet::new(),
                        too_late: BTreeSet::new(),
                        done: BTreeMap::new(),
                    };
                    found.erasures.insert(voice.signed.entry, erasure);
                }
                ErasureAct::Hold { documents, ground: why }
                    if voice.signed.person.is_some()
                        && documents.iter().all(|one| may_hold_back(voice.standing, &one.section.compartment)) =>
                {
                    let (by, documents) = (voice.signed, documents.clone());
                    found.holds.insert(by.entry, Hold { by, documents, ground: *why, released: None });
                }
                _ => {}
            }
        }
        let mut heard = found.gather(&voices, ground);
        for voice in &voices {
            found.answer(voice, ground, &mut heard);
        }
        found.ask_for_seconds(&heard);
        found.hold_back(&heard, ground);
        found.keep_carried_out(&heard, ground);
        found.gone = found.gather_gone(&heard);
        found
    }

    /// Orders and holds, by what finds them quickly.
    fn gather<'a>(&self, voices: &'a [Voice<'a>], ground: Ground<'_>) -> Heard<'a> {
        let mut heard = Heard::default();
        let counts = |name: &EntryHash| self.erasures.contains_key(name) || self.holds.contains_key(name);
        let said = voices.iter().filter(|voice| counts(&voice.signed.entry));
        heard.said = said.map(|voice| (voice.signed.entry, voice)).collect();
        for (name, one) in &self.erasures {
            heard.orders.entry(one.by.person).or_default().push((one.by.at.utc_ms, *name, secrets_in(one)));
        }
        heard.orders.values_mut().for_each(|of| of.sort_unstable());
        for (name, hold) in &self.holds {
            for one in &hold.documents {
                heard.of_document.entry((one.section, one.handle)).or_default().push(*name);
                for id in &one.secrets {
                    heard.of_secret.entry((one.section, *id)).or_default().push(*name);
                }
            }
        }
        let given = if self.erasures.is_empty() { BTreeMap::new() } else { ground.view.ever_given() };
        for voice in voices.iter().filter(|voice| voice.signed.person.is_none()) {
            let ErasureAct::Done { erasures } = voice.act else { continue };
            let grants = given.get(&voice.signed.device).map_or(&[][..], Vec::as_slice);
            for name in erasures {
                // What a device says that keeps nothing of the kind says nothing.
                if self.erasures.get(name).is_some_and(|one| keeps_any(grants, one)) {
                    heard.dones.entry(*name).or_default().push(voice);
                }
            }
        }
        heard
    }

    /// What is said about an erasure or a hold.
    fn answer<'a>(&mut self, voice: &'a Voice<'a>, ground: Ground<'_>, heard: &mut Heard<'a>) {
        let signed = voice.signed;
        match voice.act {
            ErasureAct::Undo { erasure } if signed.person.is_some() => {
                let Some(of) = self.erasures.get_mut(erasure) else { return };
                let own = of.by.person == signed.person;
                if own || of.documents.iter().any(|one| ground.erases(voice, &one.section)) {
                    of.undone = Some(of.undone.map_or(signed, |known| known.min(signed)));
                    heard.undos.entry(*erasure).or_default().push(voice);
                }
            }
            ErasureAct::Confirm { erasure } => {
                let Some(of) = self.erasures.get(erasure) else { return };
                let another = signed.person.is_some() && signed.person != of.by.person;
                if another && of.documents.iter().all(|one| ground.erases(voice, &one.section)) {
                    heard.confirms.entry(*erasure).or_default().push(voice);
                }
            }
            ErasureAct::Release { hold } if signed.person.is_some() => {
                let Some(of) = self.holds.get_mut(hold) else { return };
                let own = of.by.person == signed.person;
                if own || of.documents.iter().all(|one| ground.erases(voice, &one.section)) {
                    of.released = Some(of.released.map_or(signed, |known| known.min(signed)));
                    heard.releases.entry(*hold).or_default().push(voice);
                }
            }
            _ => {}
        }
    }

    /// Which erasures need a second person, and who that was. What one person orders alone is counted over four weeks:
    /// what was undone only where a device had carried it out before.
    fn ask_for_seconds(&mut self, heard: &Heard<'_>) {
        let went = |name: &EntryHash| {
            let undone = heard.undos.contains_key(name);
            !heard.confirms.contains_key(name) && (!undone || heard.dones.contains_key(name))
        };
        for (name, one) in &mut self.erasures {
            for done in Heard::all(&heard.dones, name) {
                let known = one.done.entry(done.signed.device).or_insert(done.signed.at);
                *known = (*known).min(done.signed.at);
            }
            one.second = match Heard::all(&heard.confirms, name).iter().map(|voice| voice.signed).min() {
                Some(second) => Second::By(second),
                None if heard.alone(name, one, went) > limits::ERASED_ALONE => Second::Awaited,
                None => Second::NotNeeded,
            };
        }
    }

    /// Which documents holds keep.
    fn hold_back(&mut self, heard: &Heard<'_>, ground: Ground<'_>) {
        if self.holds.is_empty() {
            return;
        }
        for (name, erasure) in &mut self.erasures {
            let kept = erasure.documents.iter().filter(|one| !heard.holds_against(name, one, ground.logs).is_empty());
            erasure.held = kept.map(|one| (one.section, one.handle)).collect();
        }
    }

    fn gather_gone(&self, heard: &Heard<'_>) -> BTreeMap<Section, BTreeMap<SecretId, BTreeSet<Order>>> {
        let mut gone: BTreeMap<Section, BTreeMap<SecretId, BTreeSet<Order>>> = BTreeMap::new();
        for (name, erasure) in &self.erasures {
            // Until it was whole anybody wrote as before, whether or not they had heard of it.
            let signed = Heard::all(&heard.confirms, name).iter().min_by_key(|voice| voice.signed);
            let Some(voice) = signed.or_else(|| heard.said.get(name)) else { continue };
            let (log, sequence) = (voice.placed.log, voice.placed.sequence);
            let order = Order { until_ms: erasure.until_ms, log, sequence };
            for one in erasure.free() {
                let of_section = gone.entry(one.section).or_default();
                for id in &one.secrets {
                    of_section.entry(*id).or_default().insert(order);
                }
            }
        }
        gone
    }

    /// Whether a secret is not to be sent, taken or written under any more.
    pub(crate) fn is_gone(&self, section: &Section, secret: &SecretId) -> bool {
        self.gone.get(section).is_some_and(|gone| gone.contains_key(secret))
    }

    /// Whether anything of a section is.
    pub(crate) fn is_any_gone(&self, section: &Section) -> bool {
        self.gone.contains_key(section)
    }

    /// The sections of which anything is.
    pub(crate) fn sections_with_gone(&self) -> impl Iterator<Item = &Section> {
        self.gone.keys()
    }

    /// The secrets of a section that are, each with the orders that name it.
    pub(crate) fn gone_in(&self, section: &Section) -> impl Iterator<Item = (&SecretId, &BTreeSet<Order>)> {
        self.gone.get(section).into_iter().flatten()
    }

    /// The orders that a secret is to be destroyed on.
    pub(crate) fn orders_of(&self, section: &Section, secret: &SecretId) -> impl Iterator<Item = &Order> {
        self.gone.get(section).and_then(|gone| gone.get(secret)).into_iter().flatten()
    }

    /// Whether a hold that was not released keeps a document, by its name or by one of its secrets.
    pub(crate) fn is_held(&self, one: &Keyed) -> bool {
        let standing = self.holds.values().filter(|hold| hold.released.is_none()).flat_map(|hold| &hold.documents);
        let shares = |held: &Keyed| held.handle == one.handle || held.secrets.iter().any(|id| one.secrets.contains(id));
        { standing }.any(|held| held.section == one.section && shares(held))
    }

    /// The sections of which something is gone here or in another, and not the same.
    pub(crate) fn differ_from(&self, other: &Self) -> BTreeSet<Section> {
        let sections = self.gone.keys().chain(other.gone.keys());
        sections.filter(|section| self.gone.get(section) != other.gone.get(section)).copied().collect()
    }
}

/// Whether grants let a device keep, or post, what an erasure is of.
fn keeps_any(grants: &[&Standing], erasure: &Erasure) -> bool {
    let places: BTreeSet<Compartment> = erasure.documents.iter().map(|one| one.section.compartment).collect();
    let kept = [Right::Hold, Right::Read, Right::Write];
    places.iter().any(|place| grants.iter().any(|one| kept.iter().any(|right| one.gives(*right, place))))
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
        // Nobody decides on a role that had ended by the time they claim themselves.
        let in_time = author.person.is_none() || !standing.has_ended(moment);
        let signed = Signed { at: moment, entry: *name, act: act_id, person: author.person, device: author.device };
        (counts && in_time).then_some(Voice { signed, standing, placed, act })
    }

    fn erases(&self, voice: &Voice<'_>, section: &Section) -> bool {
        may_erase(voice.standing, &section.compartment, self.rules)
    }
}

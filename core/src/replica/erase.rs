//! Erasing: what people and the program say and ask about it.
//!
//! From the moment an erasure stands, its documents' secrets are neither sent nor taken here, and nothing new is written
//! under them. Seven days after this device heard of it, and seven days after whoever signed says they did, the device
//! destroys them ([`carry_out`]); what was written elsewhere meanwhile by somebody who had not heard of it is saved
//! first ([`late`]).
//!
//! What is left is ciphertext in the logs. Not here: who may (`authority/erasures.rs`), what it was called in words.

mod carry_out;
mod late;

use super::commit::Piece;
use super::records::{Change, RecordsError, Written};
use super::store::Store;
use super::{Context, Replica};
use crate::authority::capability::Right;
use crate::authority::erasure::{ErasureAct, Keyed};
use crate::authority::erasures::{Erasure, Erasures, Hold, may_erase, may_hold_back};
use crate::authority::statement::Statement;
use crate::authority::view::{Ends, Standing};
use crate::document::payload::handle;
use crate::id::{DeviceId, DocumentId, EntryHash, Handle, SeatId, SecretId, Section};
use crate::limits;
use crate::time::Moment;
use std::collections::{BTreeMap, BTreeSet};

pub(super) use carry_out::Erasing;

/// Documents that are to be erased, or to be held.
#[derive(Clone, Debug)]
pub struct Order<'a> {
    /// Which.
    pub documents: &'a [DocumentId],
    /// On which ground: the embedder's number.
    pub ground: u16,
    /// Written in the same act, to say in words what and why.
    pub changes: Vec<Change>,
}

/// How far an erasure is on its way, as one device has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// When this device destroys what it has, in milliseconds since 1970 UTC; `None` while the erasure does not stand.
    pub due_ms: Option<i64>,
    /// Devices that have confirmed, with when by their clocks.
    pub done: BTreeMap<DeviceId, Moment>,
    /// Devices of the school that keep records of these places and have not.
    pub awaited: BTreeSet<DeviceId>,
    /// Devices that might keep them, were taken out of the school, and did not confirm before.
    pub taken_out: BTreeSet<DeviceId>,
    /// Documents of it that were written on elsewhere under a secret that it does not name: to be erased once more.
    pub written_on: BTreeSet<(Section, Handle)>,
    /// This device keeps it beyond its day, until somebody who reads these records signs in on it: what was written here
    /// by somebody who had not heard of the order is to be saved first.
    pub waits: bool,
}

impl<S: Store> Replica<S> {
    /// Every erasure that its author might order, and every hold.
    pub fn erasures(&self) -> &Erasures {
        &self.erasing.now
    }

    /// The name by which erasures and holds know a document.
    pub fn handle_of(&self, document: &DocumentId) -> Handle {
        handle(&self.school, document)
    }

    /// Whether a seat may have documents of a section erased now.
    pub fn may_erase(&self, seat: &SeatId, section: &Section, now: Moment) -> bool {
        self.view
            .grants_of_seat(seat, Ends::NotBy(now))
            .any(|(_, grant)| may_erase(grant, &section.compartment, &self.rules))
    }

    /// A document as an act names it, with its secrets as far as they are open here.
    fn keyed(&mut self, id: &DocumentId) -> Result<Keyed, RecordsError> {
        self.open_section_secrets(&id.section);
        let handle = handle(&self.school, id);
        let secrets: Vec<SecretId> = self.ring.secrets_of(&id.section, &handle).copied().collect();
        if secrets.len() > limits::SECRETS_OF_ERASED {
            return Err(RecordsError::TooMuch {
                what: "the number of keys of one document",
                most: limits::SECRETS_OF_ERASED,
            });
        }
        Ok(Keyed { section: id.section, handle, secrets })
    }

    /// Documents in the order in which an act names them.
    fn all_keyed(&mut self, documents: &[DocumentId]) -> Result<Vec<Keyed>, RecordsError> {
        let all: Result<BTreeSet<Keyed>, _> = documents.iter().map(|id| self.keyed(id)).collect();
        Ok(all?.into_iter().collect())
    }

    /// Has documents erased after seven days, as a seat that is signed in. Those of which nothing is held are left out.
    ///
    /// # Errors
    /// When the seat may not erase one of them or cannot read it, a hold keeps one, there are more than
    /// [`limits::ERASED_AT_ONCE`] or none is held.
    pub fn erase(&mut self, by: &SeatId, order: Order<'_>, context: &mut Context<'_>) -> Result<Written, RecordsError> {
        let Order { documents, ground, changes } = order;
        let mut doomed = self.all_keyed(documents)?;
        doomed.retain(|one| !one.secrets.is_empty());
        if doomed.is_empty() {
            return Err(RecordsError::NotAllowed("there is nothing here of what is to be erased".into()));
        }
        if doomed.iter().any(|one| self.erasing.now.is_held(one)) {
            return Err(RecordsError::NotAllowed(
                "a hold keeps some of these records: it has to be lifted first".into(),
            ));
        }
        let mut until_ms = context.now.utc_ms;
        for id in documents {
            let facts = self.facts_of(id)?;
            let written = facts.iter().flat_map(|facts| facts.iter()).map(|held| held.origin.at.utc_ms);
            until_ms = until_ms.max(written.max().unwrap_or(until_ms));
        }
        let asks = Asks::ToErase(sections_of(&doomed));
        self.say(by, ErasureAct::Erase { documents: doomed, ground, until_ms }, &asks, changes, context)
    }

    /// Signs an erasure as a second person.
    ///
    /// # Errors
    /// When the seat may not, is the same person's, or there is nothing to sign.
    pub fn confirm_erasure(
        &mut self,
        by: &SeatId,
        erasure: EntryHash,
        context: &mut Context<'_>,
    ) -> Result<Written, RecordsError> {
        let of = self.an_erasure(&erasure)?;
        if self.view.author(by).and_then(|author| author.person) == of.by.person {
            return Err(RecordsError::NotAllowed("somebody else has to sign this: whoever asked for it did".into()));
        }
        let sections = sections_of(&of.documents);
        self.say(by, ErasureAct::Confirm { erasure }, &Asks::ToErase(sections), Vec::new(), context)
    }

    /// Ends an erasure before its seven days are over.
    ///
    /// # Errors
    /// When the seat may not, or this device has carried it out.
    pub fn undo_erasure(
        &mut self,
        by: &SeatId,
        erasure: EntryHash,
        context: &mut Context<'_>,
    ) -> Result<Written, RecordsError> {
        let of = self.an_erasure(&erasure)?;
        if self.has_carried_out(&erasure) || !of.done.is_empty() {
            return Err(RecordsError::NotAllowed("the seven days are over: these records are destroyed".into()));
        }
        let own = self.view.author(by).and_then(|author| author.person) == of.by.person;
        let asks = if own { Asks::Nothing } else { Asks::ToEraseOne(sections_of(&of.documents)) };
        self.say(by, ErasureAct::Undo { erasure }, &asks, Vec::new(), context)
    }

    /// Keeps documents from being erased, those too that somebody has already ordered to be.
    ///
    /// # Errors
    /// When the seat may not.
    pub fn hold(&mut self, by: &SeatId, order: Order<'_>, context: &mut Context<'_>) -> Result<Written, RecordsError> {
        let Order { documents, ground, changes } = order;
        let documents = self.all_keyed(documents)?;
        let asks = Asks::ToHold(sections_of(&documents));
        self.say(by, ErasureAct::Hold { documents, ground }, &asks, changes, context)
    }

    /// Ends a hold. What it kept from an erasure stays: that has to be ordered anew.
    ///
    /// # Errors
    /// When the seat may not.
    pub fn release(
        &mut self,
        by: &SeatId,
        hold: EntryHash,
        context: &mut Context<'_>,
    ) -> Result<Written, RecordsError> {
        let of = self.erasing.now.holds.get(&hold).filter(|hold| hold.released.is_none());
        let of: &Hold = of.ok_or_else(|| RecordsError::NotAllowed("there is no such hold, or it was lifted".into()))?;
        let own = self.view.author(by).and_then(|author| author.person) == of.by.person;
        let asks = if own { Asks::Nothing } else { Asks::ToErase(sections_of(&of.documents)) };
        self.say(by, ErasureAct::Release { hold }, &asks, Vec::new(), context)
    }

    fn an_erasure(&self, name: &EntryHash) -> Result<&Erasure, RecordsError> {
        let found = self.erasing.now.erasures.get(name).filter(|one| one.undone.is_none());
        found.ok_or_else(|| RecordsError::NotAllowed("there is no such erasure, or it was undone".into()))
    }

    fn say(
        &mut self,
        by: &SeatId,
        act: ErasureAct,
        asks: &Asks,
        changes: Vec<Change>,
        context: &mut Context<'_>,
    ) -> Result<Written, RecordsError> {
        if !act.is_legal() {
            return Err(RecordsError::TooMuch { what: "the number of records at once", most: limits::ERASED_AT_ONCE });
        }
        let may = |grant: &Standing, section: &Section| may_erase(grant, &section.compartment, &self.rules);
        let fits = |grant: &Standing| match asks {
            Asks::Nothing => true,
            Asks::ToErase(sections) => sections.iter().all(|section| may(grant, section)),
            Asks::ToEraseOne(sections) => sections.iter().any(|section| may(grant, section)),
            Asks::ToHold(sections) => sections.iter().all(|section| may_hold_back(grant, &section.compartment)),
        };
        let able = self.view.grants_of_seat(by, Ends::NotBy(context.now)).filter(|(_, grant)| fits(grant));
        let stands_on = able.min_by_key(|(id, grant)| (grant.rank, **id)).map(|(id, _)| *id).ok_or_else(|| {
            RecordsError::NotAllowed(
                "your role does not decide about erasing these records: ask the head or an administrator".into(),
            )
        })?;
        let keys = self.seat_keys(by)?;
        let piece = Piece::Statement(Box::new(Statement::Erasure(act)), stands_on);
        let pieces = [piece].into_iter().chain(changes.into_iter().map(Piece::Facts)).collect();
        let written = self.commit(&keys, pieces, context)?;
        // Should that not be kept now, the next piece of work does it.
        drop(self.note_heard(context.now));
        Ok(written)
    }

    /// How far an erasure is, as this device knows.
    pub fn erasure_progress(&self, name: &EntryHash) -> Option<Progress> {
        let one = self.erasing.now.erasures.get(name)?;
        let devices: BTreeSet<DeviceId> = self
            .view
            .devices()
            .filter(|device| self.keeps_any(device, one) || self.view.suspended.contains(device))
            .collect();
        let open = |doc: &&Keyed| {
            let mut secrets = self.ring.secrets_of(&doc.section, &doc.handle);
            secrets.any(|id| !doc.secrets.contains(id))
        };
        let given = self.view.ever_given();
        let places: BTreeSet<_> = one.documents.iter().map(|doc| doc.section.compartment).collect();
        let kept = |device: &DeviceId| {
            let mut grants = given.get(device).into_iter().flatten();
            let gives = |right, standing: &Standing| places.iter().any(|place| standing.gives(right, place));
            grants.any(|standing| gives(Right::Hold, standing) || gives(Right::Read, standing))
        };
        let out = self.view.former_devices().filter(|device| !one.done.contains_key(device) && kept(device));
        Some(Progress {
            due_ms: self.due(name, one),
            done: one.done.clone(),
            awaited: devices.into_iter().filter(|device| !one.done.contains_key(device)).collect(),
            taken_out: out.collect(),
            written_on: one.free().filter(open).map(|doc| (doc.section, doc.handle)).collect(),
            waits: self.is_waited_for(name, one),
        })
    }
}
/// What an act needs a grant for.
enum Asks {
    /// The act is on one's own.
    Nothing,
    /// To erase in all of these.
    ToErase(Vec<Section>),
    /// To erase in one of these.
    ToEraseOne(Vec<Section>),
    /// To hold in all of these.
    ToHold(Vec<Section>),
}

fn sections_of(documents: &[Keyed]) -> Vec<Section> {
    documents.iter().map(|one| one.section).collect()
}

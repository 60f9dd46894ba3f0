//! Erasing: the acts, and what a device does when their time has come.
//!
//! From the moment an erasure stands, its documents' secrets are neither sent nor taken here, and nothing new is written
//! under them. Seven days after this device heard of it, and seven days after whoever signed says they did, the device
//! destroys them: the file of sealed records is rewritten without them, and durable, before what was kept of the
//! documents goes. What was kept was sealed under those secrets too, so that nothing a disk still has of it opens. Then
//! the device says so, signed, in the authority area.
//!
//! Whoever comes late need not wait again: a device that said it had done so does it at once (it was put back, or
//! restored), and so does one that hears it from a device on which the erasure was not signed.
//!
//! What is left is ciphertext in the logs. Not here: who may (`authority/erasures.rs`), what it was called in words.

use super::commit::Piece;
use super::documents::{self, Under};
use super::records::{Change, RecordsError, Written};
use super::store::{Batch, Store, Table};
use super::{Context, Replica, rows};
use crate::authority::erasure::{Doomed, ErasureAct};
use crate::authority::erasures::{Erasure, Erasures, Ground, Hold, may_erase, may_hold_back};
use crate::authority::statement::Statement;
use crate::authority::view::{Ends, Holder, Standing};
use crate::codec;
use crate::document::payload::handle;
use crate::id::{DeviceId, DocumentId, EntryHash, GrantId, Handle, SeatId, SecretId, Section};
use crate::keys::record::{Record, RecordId};
use crate::limits;
use crate::time::Moment;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What a device knows of erasures beside the acts.
#[derive(Debug, Default)]
pub(super) struct Erasing {
    pub(super) now: Erasures,
    kept: Kept,
    /// Secrets that were destroyed here, or are being.
    destroyed: BTreeMap<Section, BTreeSet<SecretId>>,
    /// What was carried out since the program started, or the acts changed.
    done: BTreeSet<EntryHash>,
    /// How often something was carried out since the program started.
    times: u64,
}

/// What of it is kept in the store.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Kept {
    /// When this device first knew an erasure that stands, in milliseconds by its own clock.
    heard: BTreeMap<EntryHash, i64>,
    /// Erasures of which nothing is kept here any more: of them only keys that came back are destroyed again.
    carried: BTreeSet<EntryHash>,
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
    /// Devices that kept them, were taken out of the school, and did not confirm before.
    pub taken_out: BTreeSet<DeviceId>,
    /// Documents of it that were written on elsewhere under a secret that it does not name: to be erased once more.
    pub written_on: BTreeSet<(Section, Handle)>,
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

    /// Has documents erased after seven days, as a seat that is signed in; `changes` are written in the same act, to say
    /// in words what and why. Documents of which nothing is held are left out.
    ///
    /// # Errors
    /// When the seat may not erase one of them or cannot read it, a hold keeps one, there are more than
    /// [`limits::ERASED_AT_ONCE`] or none is held.
    pub fn erase(
        &mut self,
        by: &SeatId,
        documents: &[DocumentId],
        ground: u16,
        changes: Vec<Change>,
        context: &mut Context<'_>,
    ) -> Result<Written, RecordsError> {
        let mut doomed = BTreeMap::new();
        for id in documents {
            let name = (id.section, handle(&self.school, id));
            self.open_section_secrets(&id.section);
            let secrets: Vec<SecretId> = self.ring.secrets_of(&name.0, &name.1).copied().collect();
            if secrets.len() > limits::SECRETS_OF_ERASED {
                return Err(RecordsError::TooMuch {
                    what: "the number of keys of one document",
                    most: limits::SECRETS_OF_ERASED,
                });
            }
            if !secrets.is_empty() {
                doomed.insert(name, Doomed { section: name.0, handle: name.1, secrets });
            }
        }
        if doomed.is_empty() {
            return Err(RecordsError::NotAllowed("there is nothing here of what is to be erased".into()));
        }
        let held = self.erasing.now.holds.values().filter(|hold| hold.released.is_none());
        if held.flat_map(|hold| &hold.documents).any(|one| doomed.contains_key(one)) {
            return Err(RecordsError::NotAllowed(
                "a hold keeps some of these records: it has to be lifted first".into(),
            ));
        }
        let sections: Vec<Section> = doomed.keys().map(|(section, _)| *section).collect();
        let documents: Vec<Doomed> = doomed.into_values().collect();
        self.say(by, ErasureAct::Erase { documents, ground }, &Asks::ToErase(sections), changes, context)
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
        let sections = sections_of(of);
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
        if self.erasing.done.contains(&erasure) || !of.done.is_empty() {
            return Err(RecordsError::NotAllowed("the seven days are over: these records are destroyed".into()));
        }
        let own = self.view.author(by).and_then(|author| author.person) == of.by.person;
        let asks = if own { Asks::Nothing } else { Asks::ToEraseOne(sections_of(of)) };
        self.say(by, ErasureAct::Undo { erasure }, &asks, Vec::new(), context)
    }

    /// Keeps documents from being erased, those too that somebody has already ordered to be.
    ///
    /// # Errors
    /// When the seat may not.
    pub fn hold(
        &mut self,
        by: &SeatId,
        documents: &[DocumentId],
        ground: u16,
        changes: Vec<Change>,
        context: &mut Context<'_>,
    ) -> Result<Written, RecordsError> {
        let named: BTreeSet<_> = documents.iter().map(|id| (id.section, handle(&self.school, id))).collect();
        let sections = named.iter().map(|(section, _)| *section).collect();
        let documents = named.into_iter().collect();
        self.say(by, ErasureAct::Hold { documents, ground }, &Asks::ToHold(sections), changes, context)
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
        let sections = of.documents.iter().map(|(section, _)| *section).collect();
        let asks = if own { Asks::Nothing } else { Asks::ToErase(sections) };
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

    /// Works out again what is to be erased, after the statements changed.
    pub(super) fn evaluate_erasures(&mut self) {
        let ground = Ground { view: &self.view, logs: &self.held(), rules: &self.rules };
        let now = Erasures::of(&self.statements, ground);
        let differ = now.differ_from(&self.erasing.now);
        for section in &differ {
            self.digests.forget(section);
            // What was refused so far may come, and the other way round.
            self.retried.remove(section);
        }
        // What this device destroyed and may be read again is worked out afresh from the logs.
        let destroyed = |section: &Section| self.erasing.destroyed.get(section).into_iter().flatten();
        let back: Vec<Section> =
            differ.iter().filter(|section| destroyed(section).any(|id| !now.is_gone(section, id))).copied().collect();
        if !differ.is_empty() {
            self.erasing.done.clear();
            self.erasing.destroyed.clear();
        }
        self.erasing.now = now;
        self.rejudge.extend(&back);
        self.behind.extend(&back);
    }

    /// Whether a sealed record is of a secret that is to be erased: it is neither sent nor taken.
    pub(crate) fn is_refused(&self, section: &Section, record: &Record) -> bool {
        match record {
            Record::Secret { id, .. } | Record::Case { id, .. } => self.erasing.now.is_gone(section, id),
            _ => false,
        }
    }

    /// Whether any record of a section may be refused: where none is, nobody need look at each.
    pub(crate) fn refuses_some(&self, section: &Section) -> bool {
        self.erasing.now.gone_of(section).is_some()
    }

    /// Whether nothing new is written under a secret.
    pub(super) fn is_doomed(&self, section: &Section, secret: &SecretId) -> bool {
        self.erasing.now.is_gone(section, secret)
    }

    /// Whether a secret was destroyed here.
    pub(super) fn destroyed_secrets(&self, section: &Section) -> Option<&BTreeSet<SecretId>> {
        self.erasing.destroyed.get(section)
    }

    /// The records of a section whose secrets are to be destroyed now.
    pub(super) fn destroyed_in(&self, section: &Section) -> Vec<RecordId> {
        let Some(gone) = self.erasing.destroyed.get(section) else { return Vec::new() };
        let of_gone = |record: &Record| match record {
            Record::Secret { id, .. } | Record::Case { id, .. } => gone.contains(id),
            _ => false,
        };
        self.sealed.section(section).filter(|(_, record)| of_gone(record)).map(|(id, _)| *id).collect()
    }

    pub(super) fn load_erasing(&mut self) -> Result<(), RecordsError> {
        let row = self.store.get(Table::Meta, rows::META_ERASURES)?;
        self.erasing.kept = row.and_then(|row| codec::decode(&row).ok()).unwrap_or_default();
        Ok(())
    }

    /// Carries out the erasures whose time has come, and says so. Cheap where none has. Says how many it carried out.
    ///
    /// # Errors
    /// When the store fails: what was not carried out is tried again.
    pub fn carry_out_erasures(&mut self, context: &mut Context<'_>) -> Result<usize, RecordsError> {
        self.note_heard(context.now)?;
        let ripe: Vec<EntryHash> = self
            .erasing
            .now
            .erasures
            .iter()
            .filter(|(name, one)| !self.erasing.done.contains(*name) && self.is_ripe(name, one, context.now))
            .map(|(name, _)| *name)
            .collect();
        if ripe.is_empty() {
            return Ok(0);
        }
        let of = |names: &[EntryHash]| -> Vec<Doomed> {
            let free = names.iter().filter_map(|name| self.erasing.now.erasures.get(name)).flat_map(Erasure::free);
            free.cloned().collect()
        };
        let (all, fresh): (Vec<Doomed>, Vec<EntryHash>) =
            (of(&ripe), ripe.iter().copied().filter(|name| !self.erasing.kept.carried.contains(name)).collect());
        let new = of(&fresh);
        for one in &all {
            self.erasing.destroyed.entry(one.section).or_default().extend(&one.secrets);
        }
        // First the keys: should the power fail now, what is left of the documents opens with nothing.
        let touched: BTreeSet<Section> = all.iter().map(|one| one.section).collect();
        let touched: BTreeSet<Section> =
            touched.into_iter().filter(|section| !self.destroyed_in(section).is_empty()).collect();
        // Of what was carried out before, nothing is kept unless its keys came back.
        let again = all.into_iter().filter(|one| touched.contains(&one.section) && !new.contains(one));
        let doomed: Vec<Doomed> = again.chain(new.iter().cloned()).collect();
        let keys_went = !touched.is_empty();
        self.keep_less(touched)?;
        let kept_went = self.destroy_kept(&doomed, &fresh)?;
        // Before it is said: a disk too full for the word must not leave what is kept beside the records.
        if keys_went || kept_went {
            self.erasing.times += 1;
        }
        let told: Vec<EntryHash> = ripe.iter().copied().filter(|name| self.owes_word(name)).collect();
        self.say_done(told, context)?;
        self.erasing.done.extend(&ripe);
        Ok(ripe.len())
    }

    /// Another number whenever something was carried out: whoever keeps anything beside the records lets go of it then.
    pub fn erased_times(&self) -> u64 {
        self.erasing.times
    }

    /// Whether this device has carried an erasure out.
    pub fn has_carried_out(&self, erasure: &EntryHash) -> bool {
        self.erasing.done.contains(erasure)
    }

    fn note_heard(&mut self, now: Moment) -> Result<(), RecordsError> {
        let standing = self.erasing.now.erasures.iter().filter(|(_, one)| one.stands());
        let fresh: Vec<EntryHash> =
            standing.map(|(name, _)| *name).filter(|name| !self.erasing.kept.heard.contains_key(name)).collect();
        if fresh.is_empty() {
            return Ok(());
        }
        let mut kept = self.erasing.kept.clone();
        kept.heard.extend(fresh.into_iter().map(|name| (name, now.utc_ms)));
        self.keep_erasing(kept, Batch::default())
    }

    fn keep_erasing(&mut self, kept: Kept, mut batch: Batch) -> Result<(), RecordsError> {
        batch.put(Table::Meta, rows::META_ERASURES, codec::encode(&kept));
        self.store.commit(batch)?;
        self.erasing.kept = kept;
        Ok(())
    }

    /// When this device carries an erasure out; `None` while it does not stand.
    fn due(&self, name: &EntryHash, erasure: &Erasure) -> Option<i64> {
        if !erasure.stands() {
            return None;
        }
        let claimed = erasure.whole_at().utc_ms.saturating_add(limits::ERASED_AFTER_MS);
        let signed_on = erasure.signed_on();
        let me = self.device();
        if erasure.done.keys().any(|device| *device == me || !signed_on.contains(device)) {
            return Some(claimed);
        }
        let heard = self.erasing.kept.heard.get(name)?.saturating_add(limits::ERASED_AFTER_MS);
        Some(claimed.max(heard))
    }

    fn is_ripe(&self, name: &EntryHash, erasure: &Erasure, now: Moment) -> bool {
        self.due(name, erasure).is_some_and(|due| due <= now.utc_ms)
    }

    /// Destroys what is kept of documents in memory and in the store, beside the logs, and notes that it is gone. Says
    /// whether there was anything.
    fn destroy_kept(&mut self, doomed: &[Doomed], carried: &[EntryHash]) -> Result<bool, RecordsError> {
        let (mut batch, mut mixed, mut any) = (Batch::default(), BTreeSet::new(), false);
        for one in doomed {
            self.ring.destroy(&one.section, &one.handle, &one.secrets);
            let key = rows::document(&one.section, &one.handle);
            for table in [Table::Documents, Table::Kept] {
                let Some(row) = self.store.get(table, &key)? else { continue };
                any = true;
                batch.delete(table, key.clone());
                let alone = match documents::under(&row) {
                    Some(Under::Secrets(of) | Under::Both(_, of)) => of.iter().all(|id| one.secrets.contains(id)),
                    Some(Under::Epochs(_)) | None => false,
                };
                if table == Table::Documents && !alone {
                    mixed.insert(one.section);
                }
            }
        }
        for section in &mixed {
            // What was written under another secret is shown by itself, made afresh by whoever opens it, though nobody
            // does now.
            self.rebuild(section)?;
        }
        let mut kept = self.erasing.kept.clone();
        kept.carried.extend(carried);
        self.keep_erasing(kept, batch)?;
        for section in doomed.iter().map(|one| one.section).collect::<BTreeSet<_>>() {
            self.cache.forget_section(&section);
        }
        Ok(any)
    }

    /// Whether this device keeps what an erasure is of, and has not said that it carried it out.
    fn owes_word(&self, name: &EntryHash) -> bool {
        let me = self.device();
        let erasure = self.erasing.now.erasures.get(name);
        erasure.is_some_and(|one| !one.done.contains_key(&me) && self.keeps_any(&me, one))
    }

    fn keeps_any(&self, device: &DeviceId, erasure: &Erasure) -> bool {
        let mut free = erasure.free().map(|one| one.section.compartment);
        free.any(|compartment| self.view.may_hold(device, &compartment) || self.view.may_post(device, &compartment))
    }

    fn say_done(&mut self, mut erasures: Vec<EntryHash>, context: &mut Context<'_>) -> Result<(), RecordsError> {
        erasures.sort_unstable();
        let seat = self.device.seat.clone();
        let holder = Holder::Device(self.device());
        let stands_on: Option<GrantId> = self.view.grants_of(&holder).map(|(id, _)| *id).next();
        let Some(stands_on) = stands_on.filter(|_| !self.is_past(&seat.seat)) else { return Ok(()) };
        for some in erasures.chunks(limits::ERASED_AT_ONCE) {
            let said = Statement::Erasure(ErasureAct::Done { erasures: some.to_vec() });
            self.commit(&seat, vec![Piece::Statement(Box::new(said), stands_on)], context)?;
        }
        Ok(())
    }

    /// How far an erasure is, as this device knows.
    pub fn erasure_progress(&self, name: &EntryHash) -> Option<Progress> {
        let one = self.erasing.now.erasures.get(name)?;
        let devices: BTreeSet<DeviceId> = self
            .view
            .devices()
            .filter(|device| self.keeps_any(device, one) || self.view.suspended.contains(device))
            .collect();
        let open = |doc: &&Doomed| {
            let mut secrets = self.ring.secrets_of(&doc.section, &doc.handle);
            secrets.any(|id| !doc.secrets.contains(id))
        };
        Some(Progress {
            due_ms: self.due(name, one),
            done: one.done.clone(),
            awaited: devices.into_iter().filter(|device| !one.done.contains_key(device)).collect(),
            taken_out: self.view.former_devices().filter(|device| !one.done.contains_key(device)).collect(),
            written_on: one.free().filter(open).map(|doc| (doc.section, doc.handle)).collect(),
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

fn sections_of(erasure: &Erasure) -> Vec<Section> {
    erasure.documents.iter().map(|one| one.section).collect()
}

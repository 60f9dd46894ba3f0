//! Carrying out what is to be erased, here: when, in which order, and that it is said.
//!
//! Keys first: the file of sealed records is rewritten without the documents' secrets, and durable, before what was kept
//! of the documents goes. What was kept was sealed under those secrets too, so that nothing a disk still has of it opens
//! (but for rows that a program of before there was erasure wrote). Then the device says so, signed, in the authority
//! area. Which secrets were destroyed is kept, so that a restart destroys nothing twice, and what a removal gives back
//! is worked out afresh from the logs.
//!
//! Whoever comes late need not wait again: a device that said it had done so does it at once (it was put back, or
//! restored), and so does one that hears it from a device on which the erasure was not signed.

use super::super::commit::Piece;
use super::super::documents::{self, Under};
use super::super::records::RecordsError;
use super::super::store::{Batch, Store, Table};
use super::super::{Context, Replica, rows};
use crate::authority::erasure::{ErasureAct, Keyed};
use crate::authority::erasures::{Erasure, Erasures, Ground};
use crate::authority::statement::Statement;
use crate::authority::view::Holder;
use crate::codec;
use crate::id::{Compartment, DeviceId, DocumentId, EntryHash, FrontierId, GrantId, PersonId, SecretId, Section};
use crate::keys::record::{Record, RecordId};
use crate::limits;
use crate::time::Moment;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Secrets, by section.
type Secrets = BTreeMap<Section, BTreeSet<SecretId>>;

/// What a device knows of erasures beside the acts.
#[derive(Debug, Default)]
pub(in crate::replica) struct Erasing {
    pub(super) now: Erasures,
    pub(super) kept: Kept,
    /// Secrets that were destroyed here, or are being, of what is to be erased.
    destroyed: Secrets,
    /// What was carried out since the program started, or the acts changed.
    done: BTreeSet<EntryHash>,
    /// How often something was carried out since the program started.
    times: u64,
    /// By what was said, and for whom keys are open, it was last looked for what is to be saved before.
    pub(super) looked: Option<(FrontierId, Vec<PersonId>)>,
    /// The sections in which something of this device's own is to be saved, and nobody at hand reads it.
    pub(super) waits: BTreeSet<Section>,
}

/// What of it is kept in the store.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Kept {
    /// When this device first knew an erasure that stands, in milliseconds by its own clock.
    heard: BTreeMap<EntryHash, i64>,
    /// Secrets of which nothing is kept here any more: only keys that came back are destroyed again.
    destroyed: Secrets,
}

impl Kept {
    /// Whether a secret was destroyed here, with all that was kept under it.
    pub(super) fn has_destroyed(&self, section: &Section, secret: &SecretId) -> bool {
        self.destroyed.get(section).is_some_and(|of| of.contains(secret))
    }

    fn has_destroyed_all(&self, one: &Keyed) -> bool {
        one.secrets.iter().all(|id| self.has_destroyed(&one.section, id))
    }
}

impl<S: Store> Replica<S> {
    /// Works out again what is to be erased, after the statements changed.
    pub(in crate::replica) fn evaluate_erasures(&mut self) {
        let ground = Ground { view: &self.view, logs: &self.held(), rules: &self.rules };
        let now = Erasures::of(&self.statements, ground);
        let differ = now.differ_from(&self.erasing.now);
        for section in &differ {
            self.digests.forget(section);
            // What was refused so far may come, and the other way round.
            self.retried.remove(section);
        }
        self.erasing.now = now;
        if !differ.is_empty() {
            self.erasing.done.clear();
            self.erasing.looked = None;
            self.forget_what_stays();
        }
    }

    /// A secret that is not to be destroyed any more may come back.
    fn forget_what_stays(&mut self) {
        let Erasing { now, destroyed, .. } = &mut self.erasing;
        destroyed.iter_mut().for_each(|(section, of)| of.retain(|id| now.is_gone(section, id)));
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
        self.erasing.now.is_any_gone(section)
    }

    /// Whether nothing new is written under a secret.
    pub(in crate::replica) fn is_doomed(&self, section: &Section, secret: &SecretId) -> bool {
        self.erasing.now.is_gone(section, secret)
    }

    /// The secrets of a section that were destroyed here.
    pub(in crate::replica) fn destroyed_secrets(&self, section: &Section) -> Option<&BTreeSet<SecretId>> {
        self.erasing.destroyed.get(section)
    }

    /// The records of a section whose secrets are to be destroyed now.
    pub(in crate::replica) fn destroyed_in(&self, section: &Section) -> Vec<RecordId> {
        let Some(gone) = self.erasing.destroyed.get(section) else { return Vec::new() };
        let of_gone = |record: &Record| match record {
            Record::Secret { id, .. } | Record::Case { id, .. } => gone.contains(id),
            _ => false,
        };
        self.sealed.section(section).filter(|(_, record)| of_gone(record)).map(|(id, _)| *id).collect()
    }

    pub(in crate::replica) fn load_erasing(&mut self) -> Result<(), RecordsError> {
        let row = self.store.get(Table::Meta, rows::META_ERASURES)?;
        self.erasing.kept = row.and_then(|row| codec::decode(&row).ok()).unwrap_or_default();
        self.erasing.destroyed = self.erasing.kept.destroyed.clone();
        self.forget_what_stays();
        Ok(())
    }

    /// Carries out the erasures whose time has come, and says so. Cheap where none has. Says how many it carried out.
    ///
    /// # Errors
    /// When the store fails: what was not carried out is tried again.
    pub fn carry_out_erasures(&mut self, context: &mut Context<'_>) -> Result<usize, RecordsError> {
        self.note_heard(context.now)?;
        // What cannot be saved keeps its own documents, and no others.
        let saved = self.save_unheard(context);
        let all = self.erasing.now.erasures.iter();
        let ripe: Vec<EntryHash> = all
            .filter(|(name, one)| !self.erasing.done.contains(*name) && self.is_ripe(name, one, context.now))
            .filter(|(name, one)| !self.is_waited_for(name, one))
            .map(|(name, _)| *name)
            .collect();
        if !ripe.is_empty() {
            self.carry_out(&ripe, context)?;
        }
        saved.map(|()| ripe.len())
    }

    fn carry_out(&mut self, ripe: &[EntryHash], context: &mut Context<'_>) -> Result<(), RecordsError> {
        let free = ripe.iter().filter_map(|name| self.erasing.now.erasures.get(name)).flat_map(Erasure::free);
        let all: Vec<Keyed> = free.cloned().collect();
        for one in &all {
            self.erasing.destroyed.entry(one.section).or_default().extend(&one.secrets);
        }
        // First the keys: should the power fail now, what is left of the documents opens with nothing.
        let sections: BTreeSet<Section> = all.iter().map(|one| one.section).collect();
        let touched: BTreeSet<Section> =
            sections.into_iter().filter(|section| !self.destroyed_in(section).is_empty()).collect();
        let keys_went = !touched.is_empty();
        // Of what was carried out before, nothing is kept unless its keys came back.
        let due = |one: &Keyed| !self.erasing.kept.has_destroyed_all(one) || touched.contains(&one.section);
        let doomed: Vec<Keyed> = all.into_iter().filter(due).collect();
        self.keep_less(touched)?;
        let kept_went = self.destroy_kept(&doomed)?;
        // Before it is said: a disk too full for the word must not leave what is kept beside the records.
        if keys_went || kept_went {
            self.erasing.times += 1;
        }
        let told: Vec<EntryHash> = ripe.iter().copied().filter(|name| self.owes_word(name)).collect();
        self.say_done(told, context)?;
        self.erasing.done.extend(ripe);
        Ok(())
    }

    /// Another number whenever something was carried out: whoever keeps anything beside the records lets go of it then.
    pub fn erased_times(&self) -> u64 {
        self.erasing.times
    }

    /// Whether this device has carried an erasure out.
    pub fn has_carried_out(&self, erasure: &EntryHash) -> bool {
        let one = self.erasing.now.erasures.get(erasure).filter(|one| one.stands());
        one.is_some_and(|one| one.free().all(|doc| self.erasing.kept.has_destroyed_all(doc)))
    }

    /// Whether this device has destroyed what an erasure named of a document.
    pub fn is_erased_here(&self, document: &DocumentId) -> bool {
        let handle = self.handle_of(document);
        let mut doomed = self.erasing.now.erasures.values().flat_map(Erasure::free);
        doomed.any(|one| {
            (one.section, one.handle) == (document.section, handle) && self.erasing.kept.has_destroyed_all(one)
        })
    }

    /// Notes what is heard of first, and makes afresh what is to be read again after all.
    pub(super) fn note_heard(&mut self, now: Moment) -> Result<(), RecordsError> {
        let standing = self.erasing.now.erasures.iter().filter(|(_, one)| one.stands());
        let fresh: Vec<EntryHash> =
            standing.map(|(name, _)| *name).filter(|name| !self.erasing.kept.heard.contains_key(name)).collect();
        let stays = |section: &Section, id: &SecretId| !self.erasing.now.is_gone(section, id);
        let destroyed = self.erasing.kept.destroyed.iter();
        let back: Vec<Section> = destroyed
            .filter(|(section, of)| of.iter().any(|id| stays(section, id)))
            .map(|(section, _)| *section)
            .collect();
        if fresh.is_empty() && back.is_empty() {
            return Ok(());
        }
        for section in &back {
            self.rebuild(section)?;
        }
        let mut kept = self.erasing.kept.clone();
        kept.heard.extend(fresh.into_iter().map(|name| (name, now.utc_ms)));
        kept.destroyed.iter_mut().for_each(|(section, of)| of.retain(|id| self.erasing.now.is_gone(section, id)));
        self.keep_erasing(kept, Batch::default())
    }

    fn keep_erasing(&mut self, kept: Kept, mut batch: Batch) -> Result<(), RecordsError> {
        batch.put(Table::Meta, rows::META_ERASURES, codec::encode(&kept));
        self.store.commit(batch)?;
        self.erasing.kept = kept;
        Ok(())
    }

    /// When this device carries an erasure out; `None` while it does not stand.
    pub(super) fn due(&self, name: &EntryHash, erasure: &Erasure) -> Option<i64> {
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
    fn destroy_kept(&mut self, doomed: &[Keyed]) -> Result<bool, RecordsError> {
        let (mut batch, mut any) = (Batch::default(), false);
        let mut mixed = self.sections_with_unheard(doomed)?;
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
        for one in doomed {
            kept.destroyed.entry(one.section).or_default().extend(&one.secrets);
        }
        if !batch.is_empty() || kept.destroyed != self.erasing.kept.destroyed {
            self.keep_erasing(kept, batch)?;
        }
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

    pub(super) fn keeps_any(&self, device: &DeviceId, erasure: &Erasure) -> bool {
        let places: BTreeSet<Compartment> = erasure.free().map(|one| one.section.compartment).collect();
        places
            .into_iter()
            .any(|compartment| self.view.may_hold(device, &compartment) || self.view.may_post(device, &compartment))
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
}

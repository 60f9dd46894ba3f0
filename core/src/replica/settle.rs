//! Keys that are owed: sealed records kept, epochs opened, newcomers topped up.

use super::journal::Fresh;
use super::records::RecordsError;
use super::store::{Store, StoreError};
use super::{Context, Replica, rows};
use crate::authority::view::Ends;
use crate::codec;
use crate::crypto::hash::hash16;
use crate::crypto::secret::same;
use crate::crypto::wrap::{PublicAgree, RecipientId};
use crate::founding::PersonKeys;
use crate::id::{EpochId, PersonId, SeatId, Section};
use crate::keys::bundle::{Opened, SeatKeys};
use crate::keys::epoch::{EpochKind, Purpose};
use crate::keys::record::{Record, RecordId, Records as SealedRecords};
use crate::limits;
use std::collections::{BTreeMap, BTreeSet};

/// A person who is signed in: whose seat it is, and its keys.
#[derive(Debug)]
pub(super) struct SignedIn {
    pub(super) person: PersonId,
    pub(super) keys: SeatKeys,
}

/// The wraps that a section's epochs owe, and which epochs are complete with them, for whom.
type Owed = (Vec<Record>, Vec<(EpochId, [u8; 16])>);

/// Who reads a compartment, and a hash of that.
type Readers = (BTreeMap<RecipientId, PublicAgree>, [u8; 16]);

impl<S: Store> Replica<S> {
    /// Adds sealed records of our own making and makes them durable, before anything that uses them.
    ///
    /// # Errors
    /// When a key file cannot be replaced, or a section is full: then none was added.
    pub(crate) fn add_own_records(&mut self, records: Vec<(Section, Record)>) -> Result<(), RecordsError> {
        let mut more: BTreeMap<Section, (usize, usize)> = BTreeMap::new();
        for (section, record) in &records {
            let (count, bytes) = more.entry(*section).or_default();
            (*count, *bytes) = (*count + 1, *bytes + record.bytes());
        }
        for (section, (count, bytes)) in more {
            let (known, before) = self.sealed.size(&section);
            for (what, all, most) in [
                ("the number of sealed keys of one area and year", known + count, limits::RECORDS_PER_SECTION),
                ("the size of the sealed keys of one area and year", before + bytes, limits::RECORDS_BYTES),
            ] {
                if all > most {
                    return Err(RecordsError::TooMuch { what, most });
                }
            }
        }
        self.keep_records(records, BTreeSet::new()).map(drop)
    }

    /// Adds sealed records that somebody sent, and makes them durable. Some room is kept for our own. Says how
    /// many were new, and how many more there was no room for.
    ///
    /// # Errors
    /// When a key file cannot be replaced: then none was added.
    pub(crate) fn add_records(&mut self, records: Vec<(Section, Record)>) -> Result<(usize, usize), RecordsError> {
        let records = self.fit_checkpoints(records);
        let mut records = self.fit_deliveries(records);
        let mut more: BTreeMap<Section, (usize, usize)> = BTreeMap::new();
        let mut ahead = None;
        let mut left = 0;
        records.retain(|(section, record)| {
            if self.is_refused(section, record) || self.sealed.get(section, &record.id()).is_some() {
                return false;
            }
            let (known, before) = self.sealed.size(section);
            let (count, bytes) = more.get(section).copied().unwrap_or_default();
            let is_new = known + count == 0 && !self.has_entries_of(section);
            let known_ahead = || self.sealed.sections().filter(|section| !self.has_entries_of(section)).count();
            let ahead = if is_new { ahead.get_or_insert_with(known_ahead) } else { &mut 0 };
            let fits = known + count < limits::RECORDS_PER_SECTION - limits::RECORDS_OF_OUR_OWN
                && before + bytes + record.bytes() <= limits::RECORDS_BYTES - limits::RECORDS_BYTES_OF_OUR_OWN
                && (!is_new || *ahead < limits::SECTIONS_AHEAD);
            if fits {
                *ahead += usize::from(is_new);
                more.insert(*section, (count + 1, bytes + record.bytes()));
            } else {
                left += 1;
            }
            fits
        });
        Ok((self.keep_records(records, BTreeSet::new())?, left))
    }

    /// Forgets the records of some sections that are not kept any more.
    pub(super) fn keep_less(&mut self, sections: BTreeSet<Section>) -> Result<(), RecordsError> {
        self.keep_records(Vec::new(), sections).map(drop)
    }

    fn keep_records(
        &mut self,
        records: Vec<(Section, Record)>,
        mut touched: BTreeSet<Section>,
    ) -> Result<usize, RecordsError> {
        let known: BTreeSet<Section> = self.sealed.sections().copied().collect();
        let mut fresh: Vec<(Section, RecordId)> = Vec::new();
        for (section, record) in records {
            let id = record.id();
            if let Record::Dropped(said) = &record {
                if !self.says_itself(&section, said) {
                    continue;
                }
                // Whom a day's key may be given to may be another question now.
                self.settled.retain(|epoch, _| self.epochs.get(epoch).is_none_or(|info| info.section != section));
                self.keys_owed = true;
            }
            if self.sealed.insert(section, record, usize::MAX) {
                fresh.push((section, id));
            }
        }
        self.keepers.owed |= fresh.iter().any(|(section, _)| *section == Section::AUTHORITY);
        touched.extend(fresh.iter().map(|(section, _)| *section));
        let mut gone: Vec<(Section, Record)> = Vec::new();
        for section in touched {
            for id in self.gone_from(&section) {
                let record = self.sealed.get(&section, &id).cloned();
                self.sealed.remove(&section, &id);
                match fresh.iter().position(|one| *one == (section, id)) {
                    // It came and went: nothing changed.
                    Some(at) => drop(fresh.swap_remove(at)),
                    None => gone.extend(record.map(|record| (section, record))),
                }
            }
        }
        let changed = fresh.iter().map(|(section, _)| *section).chain(gone.iter().map(|(section, _)| *section));
        if let Err(error) = self.write_key_files(&changed.collect(), &known) {
            fresh.iter().for_each(|(section, id)| self.sealed.remove(section, id));
            for (section, record) in gone {
                self.sealed.insert(section, record, usize::MAX);
            }
            return Err(error.into());
        }
        for (section, _) in &gone {
            self.digests.forget(section);
        }
        if !fresh.is_empty() {
            self.ring.look_again();
        }
        for (section, id) in &fresh {
            self.digests.forget(section);
            self.journal.push(Fresh::Record { section: *section, id: *id });
            if !section.compartment.area.is_of_checkpoints() {
                self.behind.insert(*section);
            }
        }
        Ok(fresh.len())
    }

    /// The records of a section that others have taken the place of, and those of what was erased.
    fn gone_from(&self, section: &Section) -> Vec<RecordId> {
        let gone = self.dropped_in(section).into_iter().chain(self.gone_deliveries(section));
        gone.chain(self.gone_checkpoints(section)).chain(self.destroyed_in(section)).collect()
    }

    /// A file a section, so that a new key costs no more as the years go by, and a file that lists them.
    fn write_key_files(&mut self, changed: &BTreeSet<Section>, known: &BTreeSet<Section>) -> Result<(), StoreError> {
        for section in changed {
            self.store.put_file(&rows::key_file(section), &self.sealed.encode(section))?;
        }
        if !changed.is_subset(known) {
            let all: Vec<Section> = self.sealed.sections().copied().collect();
            self.store.put_file(rows::KEYS_FILE, &codec::encode(&all))?;
        }
        Ok(())
    }

    /// A person signs in: the keys come onto the ring, and what the person may read is caught up by
    /// [`Replica::work`].
    pub fn sign_in(&mut self, opened: &Opened) {
        let PersonKeys { person, agree, .. } = &opened.person;
        self.ring.add_person(*person, [agree.clone()].into_iter().chain(opened.before.clone()));
        self.signed_in.insert(opened.seat.seat, SignedIn { person: *person, keys: opened.seat.clone() });
        self.cache.look_again();
        self.keys_owed = true;
        self.behind.extend(self.logs.values().map(|state| state.descriptor.section));
        self.behind.remove(&Section::AUTHORITY);
    }

    /// A person signs out or the device locks: their keys, and all that was opened, leave memory.
    pub fn sign_out(&mut self, seat: &SeatId) {
        let Some(SignedIn { person, .. }) = self.signed_in.remove(seat) else { return };
        self.cache.forget_all();
        if self.signed_in.values().all(|other| other.person != person) {
            self.ring.remove_person(&person);
        }
    }

    /// How many epoch keys and document secrets are open in memory now.
    pub fn open_keys(&self) -> usize {
        self.ring.open_keys()
    }

    /// Whether any key at hand opens an epoch of a section.
    pub(crate) fn opens(&mut self, section: &Section) -> bool {
        self.sealed.epochs(section).iter().any(|id| self.ring.epoch(section, id, &self.sealed).is_some())
    }

    pub(crate) fn open_section_secrets(&mut self, section: &Section) {
        let leads: Vec<(EpochId, PublicAgree)> = self
            .epochs
            .values()
            .filter(|info| info.section == *section)
            .filter_map(|info| match info.statement.kind {
                EpochKind::Leads(public) => Some((info.statement.epoch, public)),
                _ => None,
            })
            .collect();
        for epoch in self.sealed.epochs(section) {
            self.ring.open_secrets(section, &epoch, &self.sealed);
            self.ring.open_cases(section, &epoch, &leads, &self.sealed);
        }
    }

    /// Wraps every epoch that is open here to readers it is not wrapped to yet: people and devices that were
    /// granted the right after it was minted. An epoch once seen to be complete for its readers is not looked at
    /// again until they change.
    pub(crate) fn settle_keys(&mut self, context: &mut Context<'_>) -> Result<(), RecordsError> {
        self.drop_days(context)?;
        let mut owed: BTreeMap<Section, Owed> = BTreeMap::new();
        let mut readers: BTreeMap<(crate::id::Compartment, Purpose), Readers> = BTreeMap::new();
        let epochs: Vec<(EpochId, Section, Purpose)> =
            self.epochs.iter().map(|(id, info)| (*id, info.section, info.purpose())).collect();
        for (epoch, section, purpose) in epochs {
            // Those of one day are those of every day.
            let alike = if let Purpose::Day(_) | Purpose::Post(_) = purpose { Purpose::Day(0) } else { purpose };
            let (readers, name) = readers.entry((section.compartment, alike)).or_insert_with(|| {
                let readers = purpose.recipients(&self.view, &section.compartment, Ends::NotBy(context.now));
                let name = hash16("muster 1 readers", &[&codec::encode(&readers.keys().collect::<Vec<_>>())]);
                (readers, name)
            });
            if self.settled.get(&epoch) == Some(name) {
                continue;
            }
            let Some(key) = self.ring.epoch(&section, &epoch, &self.sealed) else { continue };
            if self.ring.is_under_newer(&section, &epoch, &self.sealed) {
                // Newcomers get the newer one, and this with it.
                continue;
            }
            let not_for = match purpose {
                Purpose::Day(day) | Purpose::Post(day) => self.not_for_devices(&section, day, context.now.civil_day()),
                _ => BTreeSet::new(),
            };
            let (owed, complete) = owed.entry(section).or_default();
            for (recipient, reader) in readers.iter().filter(|(recipient, _)| !not_for.contains(recipient)) {
                let mut wraps = self.sealed.wraps(&section, &epoch, recipient);
                if !wraps.any(|(wrapped, proof)| same(&key.wrap_proof(recipient, wrapped), proof)) {
                    owed.extend(key.wrap_to(reader, epoch, context.random));
                }
            }
            complete.push((epoch, *name));
        }
        // What does not fit of one section keeps no other waiting.
        let mut done = Ok(());
        for (section, (owed, complete)) in owed {
            match self.add_own_records(owed.into_iter().map(|record| (section, record)).collect()) {
                Ok(()) => self.settled.extend(complete),
                Err(error) => done = Err(error),
            }
        }
        self.settle_cases(context)?;
        done?;
        self.keys_owed = false;
        Ok(())
    }

    /// Reads the key files of a store.
    pub(super) fn read_key_files(store: &S) -> Result<Option<SealedRecords>, StoreError> {
        let mut sealed = SealedRecords::default();
        let Some(list) = store.file(rows::KEYS_FILE)? else { return Ok(Some(sealed)) };
        let Ok(sections) = codec::decode::<Vec<Section>>(&list) else { return Ok(None) };
        for section in sections {
            let Some(bytes) = store.file(&rows::key_file(&section))? else { return Ok(None) };
            if sealed.decode(section, &bytes).is_err() {
                return Ok(None);
            }
        }
        Ok(Some(sealed))
    }
}

//! Keys that are owed: sealed records kept, epochs opened, newcomers topped up.

use super::journal::Fresh;
use super::records::RecordsError;
use super::store::Store;
use super::{Replica, rows};
use crate::founding::PersonKeys;
use crate::id::{EpochId, SeatId, Section};
use crate::keys::bundle::Opened;
use crate::keys::record::Record;
use rand_core::CryptoRng;

impl<S: Store> Replica<S> {
    /// Adds sealed records and makes them durable, before anything that uses them. Says how many were new.
    ///
    /// # Errors
    /// When the key file cannot be replaced: then none was added.
    pub(crate) fn add_records(&mut self, records: Vec<(Section, Record)>) -> Result<usize, RecordsError> {
        let mut grown = self.sealed.clone();
        let fresh: Vec<(Section, Record)> =
            records.into_iter().filter(|(section, record)| grown.insert(*section, record.clone())).collect();
        if fresh.is_empty() {
            return Ok(0);
        }
        self.store.put_file(rows::KEYS_FILE, &grown.encode())?;
        self.sealed = grown;
        self.ring.look_again();
        for (section, record) in &fresh {
            self.digests.remove(section);
            self.journal.push(Fresh::Record { section: *section, id: record.id() });
            self.behind.insert(*section);
        }
        Ok(fresh.len())
    }

    /// A person signs in: the keys come onto the ring, and what the person may read is caught up by
    /// [`Replica::work`].
    pub fn sign_in(&mut self, opened: &Opened) {
        let PersonKeys { person, agree, .. } = &opened.person;
        self.ring.add_person(*person, agree.clone());
        self.signed_in.insert(opened.seat.seat, opened.seat.clone());
        self.keys_owed = true;
        self.behind.extend(self.logs.values().map(|state| state.descriptor.section));
        self.behind.remove(&Section::AUTHORITY);
    }

    /// A person signs out or the device locks: their keys, and all that was opened, leave memory.
    pub fn sign_out(&mut self, seat: &SeatId) {
        if self.signed_in.remove(seat).is_some()
            && let Some((person, _)) = self.view.seats.get(seat).and_then(|seated| seated.person)
        {
            self.ring.remove_person(&person);
            self.cache.forget_all();
        }
    }

    /// Whether any key at hand opens an epoch of a section.
    pub(crate) fn opens(&mut self, section: &Section) -> bool {
        let of_section = self.epochs.iter().filter(|(_, info)| info.section == *section);
        let (ring, sealed) = (&mut self.ring, &self.sealed);
        of_section.into_iter().any(|(id, info)| ring.epoch(id, info, sealed).is_some())
    }

    pub(crate) fn open_section_secrets(&mut self, section: &Section) {
        for (id, info) in self.epochs.iter().filter(|(_, info)| info.section == *section) {
            self.ring.open_secrets(id, info, &self.sealed);
        }
    }

    /// Wraps every epoch that is open here to readers it is not wrapped to yet: people and devices that were
    /// granted the right after it was minted.
    pub(crate) fn settle_keys(&mut self, random: &mut dyn CryptoRng) -> Result<(), RecordsError> {
        let mut owed = Vec::new();
        let epochs: Vec<EpochId> = self.epochs.keys().copied().collect();
        for epoch in epochs {
            let Some(info) = self.epochs.get(&epoch) else { continue };
            let section = info.section;
            let readers = self.view.readers(&section.compartment, self.rule(section.compartment.area));
            let lacking: Vec<_> =
                readers.iter().filter(|(recipient, _)| !self.sealed.is_wrapped_to(&epoch, recipient)).collect();
            if lacking.is_empty() {
                continue;
            }
            let Some(key) = self.ring.epoch(&epoch, info, &self.sealed) else { continue };
            for (_, reader) in lacking {
                owed.extend(key.wrap_to(reader, epoch, random).map(|record| (section, record)));
            }
        }
        self.add_records(owed)?;
        self.keys_owed = false;
        Ok(())
    }
}

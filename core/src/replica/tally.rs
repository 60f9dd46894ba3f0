//! What is held, counted by area, and which keys there are to it: read without opening anything, so that it can be asked
//! of a backup with nobody signed in.
//!
//! Not here: whether what is held is whole ([`Replica::verify`]).

use super::records::RecordsError;
use super::store::{Store, Table};
use super::{Replica, rows};
use crate::id::{Area, EpochId, LogId, PersonId, SecretId, Section};
use crate::keys::record::Record;
use crate::replica::LogState;
use crate::time::Moment;
use std::collections::{BTreeMap, BTreeSet};

/// What is held of one area.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Entries, those of all branches of a fork counted.
    pub entries: u64,
    /// Documents that there are keys of, sealed as they are: one that two devices began apart counts twice.
    pub documents: u32,
    /// Documents that were opened and are kept ready here.
    pub opened: u32,
    /// The latest time that the newest entry of any log claims.
    pub newest: Option<Moment>,
}

/// Which keys are held, each still sealed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeysHeld {
    /// Epochs that entries announce.
    pub noted: BTreeSet<(Section, EpochId)>,
    /// Of those, the ones that two recovery cards open, or a key that took their place.
    pub recoverable: BTreeSet<(Section, EpochId)>,
    /// Sections with more entries than announce epochs.
    pub written: BTreeSet<Section>,
    /// Sections with secrets of documents.
    pub secrets: BTreeSet<Section>,
    /// Who has a seat on this device.
    pub seated: BTreeSet<PersonId>,
    /// Whose own keys lie here.
    pub people: BTreeSet<PersonId>,
}

/// What one lacks of keys that another holds, of what both know of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeysLacking {
    /// Keys of sections that nobody could open with cards.
    pub epochs: usize,
    /// Sections in which something was written and no document's key is there.
    pub sections: usize,
    /// People who work at this device and whose own keys are not there.
    pub people: usize,
}

impl KeysLacking {
    /// Nothing is.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

impl KeysHeld {
    /// How many people could sign in.
    pub fn people(&self) -> usize {
        self.people.len()
    }

    /// What is lacking here of what another has, which may have gone on since.
    pub fn lacking(&self, of: &Self) -> KeysLacking {
        let epochs = of.recoverable.iter().filter(|one| self.noted.contains(one) && !self.recoverable.contains(one));
        let sections = of.secrets.iter().filter(|one| self.written.contains(one) && !self.secrets.contains(one));
        let people = of.people.iter().filter(|one| self.seated.contains(one) && !self.people.contains(one));
        KeysLacking { epochs: epochs.count(), sections: sections.count(), people: people.count() }
    }
}

impl<S: Store> Replica<S> {
    /// What is held, by area.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn tally(&self) -> Result<BTreeMap<Area, Tally>, RecordsError> {
        let mut all: BTreeMap<Area, Tally> = BTreeMap::new();
        for (log, state) in &self.logs {
            let newest = self.newest_of(log, state)?;
            let tally = all.entry(state.descriptor.section.compartment.area).or_default();
            tally.entries += state.heads.iter().map(|head| head.length).sum::<u64>();
            tally.newest = tally.newest.max(newest);
        }
        let mut secrets: BTreeSet<(Area, SecretId)> = BTreeSet::new();
        for section in self.sealed.sections() {
            let ids = self.sealed.section(section).filter_map(|(_, record)| match record {
                Record::Secret { id, .. } | Record::Case { id, .. } => Some(*id),
                _ => None,
            });
            secrets.extend(ids.map(|id| (section.compartment.area, id)));
        }
        for (area, _) in secrets {
            all.entry(area).or_default().documents += 1;
        }
        let mut from = Vec::new();
        loop {
            let found = self.store.range(Table::Documents, &from, None, 256)?;
            let Some((last, _)) = found.last() else { return Ok(all) };
            from = [last.as_slice(), &[0]].concat();
            for (section, _) in found.iter().filter_map(|(key, _)| rows::read_section(key)) {
                all.entry(section.compartment.area).or_default().opened += 1;
            }
        }
    }

    /// What the newest entries of a log claim; nothing of those that are damaged.
    fn newest_of(&self, log: &LogId, state: &LogState) -> Result<Option<Moment>, RecordsError> {
        let mut newest = None;
        for head in &state.heads {
            let Some(place) = head.length.checked_sub(1) else { continue };
            let row = self.store.get(Table::Entries, &rows::entry(log, place, &head.hash))?.unwrap_or_default();
            let at = super::logs::whole(log, place, &head.hash, &row).map(|(entry, _)| entry.header().at);
            newest = newest.max(at);
        }
        Ok(newest)
    }

    /// Which keys are held.
    pub fn keys_held(&self) -> KeysHeld {
        let mut held = KeysHeld::default();
        let cards = self.view.recovery().map(|key| key.recipient());
        for (epoch, info) in &self.epochs {
            let (section, one) = (info.section, (info.section, *epoch));
            held.noted.insert(one);
            let by_cards = self.sealed.recipients(&section, epoch).any(|to| Some(*to) == cards);
            if by_cards || self.sealed.under_newer(&section, epoch).next().is_some() {
                held.recoverable.insert(one);
            }
        }
        let mut entries: BTreeMap<Section, u64> = BTreeMap::new();
        for state in self.logs.values().filter(|state| state.descriptor.section != Section::AUTHORITY) {
            *entries.entry(state.descriptor.section).or_default() += state.length();
        }
        for (section, _) in &held.noted {
            entries.entry(*section).and_modify(|count| *count = count.saturating_sub(1));
        }
        held.written = entries.into_iter().filter(|(_, count)| *count > 0).map(|(section, _)| section).collect();
        let of_document = |record: &Record| matches!(record, Record::Secret { .. } | Record::Case { .. });
        let sections = self.sealed.sections();
        let with = sections.filter(|section| self.sealed.section(section).any(|(_, record)| of_document(record)));
        held.secrets = with.copied().collect();
        let here = self.device();
        let seats = self.view.seats.values().filter(|seated| seated.device == here);
        held.seated = seats.filter_map(|seated| seated.person).map(|(person, _)| person).collect();
        held.people = self.keys_here().map(|(person, _)| person).collect();
        held
    }
}

//! Daily keys on a device: the two latest days that it *held*, however long it is alone, and no more.
//!
//! A device that holds a later day says, signed, that it has dropped the days before its two latest. Who hears
//! that drops the wraps of those days for that device too, takes none back, and makes none: so all who have the
//! same statements, logs and records hold the same records, and the device cannot get them back from anybody. What it
//! says later takes the place of what it said before, whichever day that names: a clock that was wrong once shuts
//! nobody out for good.
//!
//! A day later than the device's own date counts for nothing here: it displaces none and is not displaced. Persons
//! keep every day. What is written is under the key of the writer's date, or of the day after where somebody has begun
//! that: clocks a day ahead and a day behind are three dates, of which a device keeps two.

use super::records::RecordsError;
use super::store::Store;
use super::{Context, Replica};
use crate::authority::view::Holder;
use crate::crypto::sign::PublicSign;
use crate::crypto::wrap::RecipientId;
use crate::id::{Compartment, DeviceId, Section};
use crate::keys::record::{Dropped, Record, RecordId};
use std::collections::{BTreeMap, BTreeSet};

/// Days whose keys a device keeps.
const DAYS_KEPT: usize = 2;

impl<S: Store> Replica<S> {
    /// Drops this device's keys of days before its two latest, and says so.
    pub(super) fn drop_days(&mut self, context: &mut Context<'_>) -> Result<(), RecordsError> {
        let mut by_place: BTreeMap<Compartment, Vec<Section>> = BTreeMap::new();
        for section in self.sealed.sections().filter(|section| self.is_daily(section)) {
            by_place.entry(section.compartment).or_default().push(*section);
        }
        let today = context.now.civil_day();
        let mut owed = Vec::new();
        for sections in by_place.values() {
            let mut held = BTreeSet::new();
            for section in sections {
                held.extend(self.days_held(section));
            }
            let latest = held.range(..=today).rev().nth(DAYS_KEPT - 1).copied();
            for section in sections {
                owed.extend(self.to_drop(section, latest, today));
            }
        }
        if owed.is_empty() {
            return self.keep_less(by_place.into_values().flatten().collect());
        }
        self.add_own_records(owed)?;
        // What was opened with a key that is gone leaves memory with it, and so that nothing is missed, all of it.
        self.ring.forget_opened();
        self.cache.forget_all();
        Ok(())
    }

    /// What this device is to say of a section, if it has said something else or nothing.
    fn to_drop(&self, section: &Section, latest: Option<i32>, today: i32) -> Option<(Section, Record)> {
        let recipient = self.device.public_agree().recipient();
        let said = self.sealed.dropped(section, &recipient);
        let days = self.days_wrapped(section, &recipient);
        let before = match said {
            // By a clock that was ahead then.
            Some((_, before)) if before > today => latest.unwrap_or(today - 1),
            _ => latest.filter(|latest| days.iter().any(|day| day < latest))?,
        };
        let version = said.map_or(0, |(version, _)| version.saturating_add(1));
        let dropped = Dropped::make(&self.school, section, &self.device.sign, recipient, version, before);
        Some((*section, Record::Dropped(dropped)))
    }

    /// The days of a section whose keys this device opens by itself.
    fn days_held(&self, section: &Section) -> BTreeSet<i32> {
        let epochs = self.epochs.values().filter(|info| info.section == *section);
        let days = epochs.filter_map(|info| Some((info.statement.kind.day()?, info.statement.epoch)));
        days.filter(|(_, epoch)| self.ring.device_opens(section, epoch, &self.sealed)).map(|(day, _)| day).collect()
    }

    /// The days of a section that somebody is wrapped to.
    fn days_wrapped(&self, section: &Section, recipient: &RecipientId) -> BTreeSet<i32> {
        let epochs = self.sealed.wrapped_to(section, recipient);
        epochs.filter_map(|epoch| self.day_of(epoch)).collect()
    }

    fn day_of(&self, epoch: &crate::id::EpochId) -> Option<i32> {
        self.epochs.get(epoch)?.statement.kind.day()
    }

    /// Whether a device says of itself what a record says it does.
    pub(super) fn says_itself(&self, section: &Section, dropped: &Dropped) -> bool {
        let DeviceId(key) = dropped.device;
        let holder = Holder::Device(dropped.device);
        let mut grants = self.view.grants.values().chain(self.view.past.values());
        let theirs = grants.any(|grant| {
            grant.holder == holder && grant.agree.is_some_and(|agree| agree.recipient() == dropped.recipient)
        });
        theirs && dropped.holds(&self.school, section, &PublicSign(key))
    }

    /// The records of a section that are not kept any more: wraps of days that their device dropped, and what it
    /// said before it said something else.
    pub(super) fn dropped_in(&self, section: &Section) -> Vec<RecordId> {
        if !self.is_daily(section) {
            return Vec::new();
        }
        let mut gone = self.sealed.said_before(section);
        for (recipient, before) in self.sealed.droppers(section) {
            let epochs = self.sealed.wrapped_to(section, &recipient);
            let old: Vec<_> = epochs.filter(|epoch| self.day_of(epoch).is_some_and(|day| day < before)).collect();
            gone.extend(old.into_iter().flat_map(|epoch| self.sealed.wrap_ids(section, epoch, &recipient)));
        }
        gone
    }

    /// The devices that a day's key is not given to any more: they dropped the day, or it is not among the two
    /// latest known here up to today.
    pub(super) fn not_for_devices(&self, section: &Section, day: i32, today: i32) -> BTreeSet<RecipientId> {
        let days: BTreeSet<i32> = self
            .epochs
            .values()
            .filter(|info| info.section.compartment == section.compartment)
            .filter_map(|info| self.day_of(&info.statement.epoch))
            .collect();
        let is_old = days.range(..=today).rev().nth(DAYS_KEPT - 1).is_some_and(|latest| day < *latest);
        let devices = self.view.grants.values().filter(|grant| matches!(grant.holder, Holder::Device(_)));
        let devices = devices.filter_map(|grant| grant.agree).map(|agree| agree.recipient());
        devices
            .filter(|device| is_old || self.sealed.dropped(section, device).is_some_and(|(_, before)| day < before))
            .collect()
    }
}

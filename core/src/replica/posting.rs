//! Posting: how a device that may write somewhere and not read, as one that signs people in at a door, gets its words
//! to those who read, and nothing of theirs.
//!
//! It mints a key of its own for the day ([`EpochKind::Post`]), for exactly the readers that the authority heads give
//! and itself. Only its own entries are taken under such a key, and nobody else writes under it, nor under a document's
//! secret that came with it; so it opens what it wrote itself that day, and nothing of anybody's. It keeps no more of
//! the section than its own logs and what belongs to its own keys, and devices that hold the section compare and
//! exchange just that with it.
//!
//! [`EpochKind::Post`]: crate::keys::epoch::EpochKind::Post

use super::Replica;
use super::store::Store;
use crate::authority::capability::Right;
use crate::authority::view::{Ends, Holder, View};
use crate::id::{Area, Compartment, DeviceId, EpochId, SeatId, SecretId, Section};
use crate::keys::epoch::{EpochInfo, Purpose};
use crate::keys::record::{Record, RecordId};
use crate::keys::rule::KeyRule;
use crate::limits;
use crate::log::header::Descriptor;
use std::collections::BTreeSet;

/// What of a section this device and another exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Share {
    /// All of it.
    All,
    /// What this device posted.
    PostedBy(DeviceId),
}

impl View {
    /// Whether a device may write in a compartment, and neither read nor hold it.
    pub fn may_post(&self, device: &DeviceId, compartment: &Compartment) -> bool {
        let writes = match compartment.area {
            // What it says of its own logs, as of what it posts.
            Area::PARTS => self.has_any_at(device, &[Right::Write], &compartment.place),
            _ => self.has(&Holder::Device(*device), Right::Write, compartment, Ends::Whenever),
        };
        self.is_enrolled(device) && writes && !self.may_hold(device, compartment)
    }
}

impl<S: Store> Replica<S> {
    /// Whether a seat is that of this device, and writes in a compartment under a key of its own alone.
    pub(super) fn posts(&self, seat: &SeatId, compartment: &Compartment) -> bool {
        *seat == self.device_seat() && self.view.may_post(&self.device(), compartment)
    }

    /// Whether an epoch is one that another seat posts under: what stands under it is that seat's, or nobody's.
    pub(super) fn is_anothers_post(&self, epoch: &EpochId, seat: &SeatId) -> bool {
        self.epochs.get(epoch).is_some_and(|info| matches!(info.purpose(), Purpose::Post(_)) && info.by != *seat)
    }

    /// Whether a document's secret came with what another seat posted: that seat has it.
    pub(super) fn is_anothers_secret(&self, section: &Section, secret: &SecretId, seat: &SeatId) -> bool {
        let posted = self.epochs.values().filter(|info| info.section == *section);
        posted
            .filter(|info| matches!(info.purpose(), Purpose::Post(_)) && info.by != *seat)
            .any(|info| self.ring.is_under(&info.statement.epoch, secret))
    }

    /// What of a section this device and another exchange, if anything.
    pub(crate) fn share(&self, peer: &DeviceId, section: &Section) -> Option<Share> {
        if *section == Section::AUTHORITY {
            return Some(Share::All);
        }
        let (me, compartment) = (self.device(), &section.compartment);
        // A device that was removed hands over what it holds.
        let mine = self.view.may_hold(&me, compartment) || !self.view.is_enrolled(&me);
        let posts = |device| (self.is_daily(section) || section.is_part()) && self.view.may_post(device, compartment);
        match (mine, self.view.may_hold(peer, compartment)) {
            (true, true) => Some(Share::All),
            (true, false) if posts(peer) => Some(Share::PostedBy(*peer)),
            (false, true) if posts(&me) => Some(Share::PostedBy(me)),
            _ => None,
        }
    }

    /// Whether a log is of what is shared of its section.
    pub(crate) fn is_shared(&self, share: Share, descriptor: &Descriptor) -> bool {
        match share {
            Share::All => true,
            Share::PostedBy(device) => {
                self.view.seats.get(&descriptor.seat).is_some_and(|seated| seated.device == device)
            }
        }
    }

    /// The names of the sealed records that are shared of a section, sorted.
    pub(crate) fn records_shared(&self, share: Share, section: &Section) -> Vec<RecordId> {
        match share {
            Share::All if !self.refuses_some(section) => self.sealed.section(section).map(|(id, _)| *id).collect(),
            Share::All => {
                let kept = self.sealed.section(section).filter(|(_, record)| !self.is_refused(section, record));
                kept.map(|(id, _)| *id).collect()
            }
            Share::PostedBy(_) if section.is_part() => {
                let held = self.sealed.section(section);
                held.filter(|(_, one)| self.is_record_shared(share, section, one)).map(|(id, _)| *id).collect()
            }
            Share::PostedBy(device) => {
                let of_section = self.epochs.values().filter(|info| info.section == *section);
                let posted = of_section.filter(|info| self.is_post_of(info, &device));
                let of_epochs = posted.flat_map(|info| self.sealed.of_epoch(section, &info.statement.epoch));
                let mut all: BTreeSet<RecordId> = of_epochs.chain(self.sealed.said_of_days(section)).collect();
                if self.refuses_some(section) {
                    let refused =
                        |id: &RecordId| self.sealed.get(section, id).is_some_and(|one| self.is_refused(section, one));
                    all.retain(|id| !refused(id));
                }
                all.into_iter().collect()
            }
        }
    }

    /// Whether a sealed record may be among what is shared of a section: of an epoch that is not known yet, it may.
    pub(crate) fn is_record_shared(&self, share: Share, section: &Section, record: &Record) -> bool {
        match (share, record.epoch()) {
            (Share::All, _) => true,
            (Share::PostedBy(device), Some(epoch)) => match self.epochs.get(&epoch) {
                Some(info) => info.section == *section && self.is_post_of(info, &device),
                None => true,
            },
            (Share::PostedBy(device), None) if section.is_part() => {
                matches!(record, Record::Checkpoint(one) if self.device_of(&one.said.seat) == Some(device))
            }
            // Who dropped which days: by it, both sides let go of the same wraps.
            (Share::PostedBy(_), None) => matches!(record, Record::Dropped(_)),
        }
    }

    /// How many more sealed records of epochs that nobody announced yet are taken from a device that posts: it has no
    /// other, and they come just before what announces them.
    pub(crate) fn room_for_posted(&self, section: &Section) -> usize {
        let unknown = self.sealed.epochs(section).into_iter().filter(|epoch| !self.epochs.contains_key(epoch));
        let held: usize = unknown.map(|epoch| self.sealed.of_epoch(section, &epoch).len()).sum();
        limits::POSTED_AHEAD.saturating_sub(held)
    }

    fn is_post_of(&self, info: &EpochInfo, device: &DeviceId) -> bool {
        matches!(info.purpose(), Purpose::Post(_))
            && self.view.seats.get(&info.by).is_some_and(|seated| seated.device == *device)
    }

    pub(super) fn is_daily(&self, section: &Section) -> bool {
        self.rule(section.compartment.area) == KeyRule::Daily
    }
}

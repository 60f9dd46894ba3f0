//! Where an author's line ends: whether one entry counts, given what was taken away and where logs forked.
//!
//! An entry past a cut, or on a branch of a fork that no cut names, does not count until somebody above adopts it.
//! Of two cuts, only what stands before both counts: on one chain that is the lower, on two it is the fork point.

use super::capability::{Capability, Right};
use super::grant::RANK_HEAD;
use super::reduction::{Cuts, EntryName};
use super::view::{Standing, View};
use crate::id::{Area, Compartment, DeviceId, EntryHash, FrontierId, LogId, SeatId};
use crate::log::frontier::Head;
use serde::Serialize;
use std::sync::Arc;

/// What must be known of the logs to place an entry. Answers come from what is held, never from a clock.
pub trait Logs {
    /// Whether the entry at this place of a log lies under a list of authority heads; `false` when the list is not
    /// held.
    fn covers(&self, frontier: &FrontierId, log: &LogId, sequence: u64) -> bool;

    /// The first place of a log at which two entries stand.
    fn forked_at(&self, log: &LogId) -> Option<u64>;

    /// Whether an entry is the one that a cut names, or comes before it on its chain. Of a log that is not held up
    /// to the cut yet, whatever stands below its length, if the log has not forked.
    fn is_under(&self, entry: &EntryName, cut: &Head) -> bool;
}

/// An entry, as far as its place matters.
#[derive(Clone, Copy, Debug)]
pub struct At {
    /// Its name.
    pub entry: EntryName,
    /// Whose log it is in.
    pub seat: SeatId,
    /// Of which compartment.
    pub compartment: Compartment,
}

/// What stands of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Line {
    /// It counts.
    Counts,
    /// Its author's line was cut before it.
    Cut,
    /// It stands at or after the fork of its log.
    Forked,
}

/// A device held back or removed, by whom and where its logs end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeviceCut {
    /// The rank of whoever said it: what stands on stronger grants is not cut.
    pub rank: u8,
    /// What they may enrol devices for; `None` for the cards, who may everything.
    pub within: Option<Arc<Vec<Capability>>>,
    /// The statement that said it.
    pub by: EntryHash,
    /// Whether it is for good.
    pub removed: bool,
    /// Where the logs end.
    pub cuts: Arc<Cuts>,
}

impl DeviceCut {
    /// Whether it reaches entries of a compartment. The authority area is everybody's who may enrol anything.
    pub(super) fn reaches(&self, compartment: &Compartment) -> bool {
        self.within.as_ref().is_none_or(|held| {
            compartment.area == Area::AUTHORITY || held.iter().any(|one| one.gives(Right::Enrol, compartment))
        })
    }

    /// Whether it reaches a device that keeps these compartments.
    pub(crate) fn reaches_device(&self, holds: &[Capability]) -> bool {
        self.within.as_ref().is_none_or(|held| {
            let touches = |one: &Capability, other: &Capability| {
                let area = one.area.covers(&other.area) || other.area.covers(&one.area);
                area && (one.place.covers(&other.place) || other.place.covers(&one.place))
            };
            let enrols = held.iter().filter(|one| one.right == Right::Enrol);
            enrols.into_iter().any(|one| holds.iter().any(|other| touches(one, other)))
        })
    }
}

impl View {
    /// Whether an entry that stands on a grant counts, as far as cuts, forks and adoptions go. Whether its author
    /// holds the grant is another question.
    pub fn line(&self, at: &At, standing: &Standing, logs: &dyn Logs) -> Line {
        self.line_under(at, standing, logs, standing.rank)
    }

    /// As [`View::line`], with the device cuts of these ranks and stronger only.
    pub(super) fn line_under(&self, at: &At, standing: &Standing, logs: &dyn Logs, weakest: u8) -> Line {
        let taken = standing.cuts.iter();
        let former = standing.former.iter().filter(|(key, _)| self.signs_with(&at.seat) == Some(*key));
        let device = self.seats.get(&at.seat).map(|seated| seated.device);
        let on_device = device.and_then(|device| self.device_cuts.get(&device)).into_iter().flatten();
        let on_device = on_device.filter(|cut| cut.rank <= weakest && cut.reaches(&at.compartment));
        let mut cut_somewhere = false;
        for cuts in taken.chain(former.map(|(_, cuts)| cuts)).chain(on_device.map(|cut| &cut.cuts)) {
            cut_somewhere = true;
            let end = cuts.of(&at.entry.log);
            if at.entry.sequence >= end.length || !logs.is_under(&at.entry, &end) {
                return if self.is_adopted(at, standing.rank) { Line::Counts } else { Line::Cut };
            }
        }
        let disputed = logs.forked_at(&at.entry.log).is_some_and(|fork| at.entry.sequence >= fork);
        // A cut says which branch is the author's.
        if disputed && !cut_somewhere && !self.is_adopted(at, standing.rank) { Line::Forked } else { Line::Counts }
    }

    /// Whether somebody who may has adopted an entry that stands on a grant of this rank: somebody above, or a head
    /// what a head wrote outside the authority area.
    fn is_adopted(&self, at: &At, rank: u8) -> bool {
        self.adopted.get(&at.entry).into_iter().flatten().any(|adopter| {
            let above = adopter.rank < rank
                || (adopter.rank == RANK_HEAD && rank == RANK_HEAD && at.compartment.area != Area::AUTHORITY);
            above && adopter.within.as_ref().is_none_or(|held| gives_there(held, &at.compartment))
        })
    }

    /// The device's state: held back, and until when its entries count.
    pub fn device_cuts(&self, device: &DeviceId) -> &[DeviceCut] {
        self.device_cuts.get(device).map_or(&[], Vec::as_slice)
    }
}

/// Whether somebody who may grant these may decide about a compartment; the authority area is every officer's.
fn gives_there(held: &[Capability], compartment: &Compartment) -> bool {
    let mut grants = held.iter().filter(|one| one.right == Right::Grant);
    grants.any(|one| compartment.area == Area::AUTHORITY || one.gives(Right::Grant, compartment))
}

/// Somebody who adopted an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Adopter {
    /// Of what rank.
    pub rank: u8,
    /// What they may grant; `None` for the cards.
    pub within: Option<Arc<Vec<Capability>>>,
}

//! Incarnations: a device whose records were restored, copied or set back goes on under new seats.
//!
//! A log has one writer. A copy of a device's records would be a second, and a restored backup one that writes other
//! entries where others already hold some. So whoever restores, or opens records that were copied, begins a new
//! incarnation before anything is written: the seats so far are past, and none of them ever writes again. Where nobody
//! knew, the records say so: entries of our own seat that come from elsewhere are entries that we lost, or another
//! copy's. They are taken as any others, and in the same transaction that seat is past. If both wrote, the log has
//! forked: both tails stay, and an officer adopts.
//!
//! Not here: how a program notices that its folder was copied; forks (`ingest`, `verdict`).

use super::records::RecordsError;
use super::seating;
use super::store::{Batch, Store, StoreError, Table};
use super::{Context, LogState, Replica, rows};
use crate::authority::evaluate::seated;
use crate::authority::statement::Statement;
use crate::codec;
use crate::id::{LogId, PersonId, SeatId};
use crate::log::entry::Entry;
use crate::time::Moment;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Why a device began anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum WhyAnew {
    /// It was restored from a backup.
    Restored,
    /// Its records were copied to where they are.
    Copied,
    /// Others held entries of its own that it did not: it was set back, or a copy of it went on.
    WentOnElsewhere,
}

/// Which seats of this device are past, and whether it is to begin anew.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Incarnation {
    past: BTreeSet<SeatId>,
    owed: Option<WhyAnew>,
    begun: Option<(Moment, WhyAnew)>,
}

impl Incarnation {
    pub(super) fn load<S: Store>(store: &S) -> Result<Self, StoreError> {
        let row = store.get(Table::Meta, rows::META_INCARNATION)?;
        // A damaged one is as none: what it would say is said again by whoever holds more of our entries.
        Ok(row.and_then(|row| codec::decode(&row).ok()).unwrap_or_default())
    }

    fn row(&self, batch: &mut Batch) {
        batch.put(Table::Meta, rows::META_INCARNATION, codec::encode(self));
    }
}

impl<S: Store> Replica<S> {
    /// Whether a seat of this device is past: it never writes again.
    pub fn is_past(&self, seat: &SeatId) -> bool {
        self.incarnation.past.contains(seat)
    }

    /// When this device last began anew, and why.
    pub fn begun_anew(&self) -> Option<(Moment, WhyAnew)> {
        self.incarnation.begun
    }

    /// Begins a new incarnation: all seats of this device so far are past, and it has a new one of its own. People get
    /// theirs when they next sign in; whoever is signed in takes a new seat ([`Replica::take_seat`]) before they write.
    /// If the program ends in between, the next [`Replica::work`] goes on with it.
    ///
    /// # Errors
    /// When the store fails. The seats are past all the same as long as this program runs, and for good once there is
    /// room.
    pub fn new_incarnation(&mut self, why: WhyAnew, context: &mut Context<'_>) -> Result<(), RecordsError> {
        let this = self.device();
        let mut anew = self.incarnation.clone();
        anew.owed = Some(why);
        anew.past.insert(self.device_seat());
        anew.past.extend(self.view.seats.iter().filter(|(_, seated)| seated.device == this).map(|(seat, _)| *seat));
        // In memory first: on a disk that is full no old seat writes either, and it is gone on with once there is room.
        self.incarnation = anew;
        self.begin_owed(context)
    }

    /// Goes on with a new incarnation that is owed; nothing where none is.
    pub(super) fn begin_owed(&mut self, context: &mut Context<'_>) -> Result<(), RecordsError> {
        let Some(why) = self.incarnation.owed.filter(|_| !self.is_wiped()) else { return Ok(()) };
        if Incarnation::load(&self.store)? != self.incarnation {
            self.keep_incarnation(self.incarnation.clone())?;
            // A seat that was made and not announced yet is in no view: its file goes, but for one that was made since.
            let made = self.signed_in.iter().filter(|(seat, _)| !self.is_past(seat)).map(|(_, one)| one.person);
            let made: BTreeSet<PersonId> = made.collect();
            let kept = self.keepers.kept.keys().map(|(person, _)| person);
            let people: BTreeSet<PersonId> = kept.chain(self.view.persons.keys()).copied().collect();
            for person in people.difference(&made) {
                self.store.remove_file(&seating::file(person))?;
            }
        }
        if self.is_past(&self.device_seat()) {
            let device = self.device.seated_anew(self.school, context.random);
            self.store.put_file(super::device::DEVICE_FILE, &device.encode())?;
            self.device = device;
        }
        if !self.view.seats.contains_key(&self.device_seat()) {
            self.seat_device(context)?;
        }
        let begun = Some((context.now, why));
        self.keep_incarnation(Incarnation { owed: None, begun, ..self.incarnation.clone() })
    }

    fn keep_incarnation(&mut self, anew: Incarnation) -> Result<(), RecordsError> {
        let mut batch = Batch::default();
        anew.row(&mut batch);
        self.store.commit(batch)?;
        self.incarnation = anew;
        Ok(())
    }

    /// What the incarnation is once these logs, which grew by what came from elsewhere, are taken; `None` where none of
    /// them is our own. It goes into the same transaction.
    pub(super) fn after_own_from_elsewhere(
        &self,
        grown: &BTreeMap<LogId, (u64, LogState)>,
        authority: &[(LogState, Entry)],
        batch: &mut Batch,
    ) -> Option<Incarnation> {
        let this = self.device();
        let mut anew = self.incarnation.clone();
        for (_, state) in grown.values() {
            let seat = state.descriptor.seat;
            let known = self.view.seats.get(&seat).map(|seated| seated.device);
            let certified = || {
                let mut of_seat = authority.iter().filter(|(of, _)| of.descriptor.seat == seat);
                of_seat.find_map(|(_, entry)| match Statement::decode(entry.body()).ok()? {
                    Statement::Seat(certificate) => Some(seated(&certificate, &seat)?.device),
                    _ => None,
                })
            };
            if known.or_else(certified) == Some(this) && anew.past.insert(seat) && known.is_some() {
                anew.owed = Some(WhyAnew::WentOnElsewhere);
            }
        }
        if anew == self.incarnation {
            return None;
        }
        if anew.owed.is_some() {
            // Whatever of ours is lacking in one log may be lacking in all.
            anew.past.insert(self.device_seat());
            let own = self.view.seats.iter().filter(|(_, seated)| seated.device == this);
            anew.past.extend(own.map(|(seat, _)| *seat));
        }
        anew.row(batch);
        Some(anew)
    }

    pub(super) fn must_not_be_past(&self, seat: &SeatId) -> Result<(), RecordsError> {
        if !self.is_past(seat) {
            return Ok(());
        }
        Err(RecordsError::NotAllowed(
            "these records were restored or copied, and went on elsewhere: sign out and in again, and go on from there"
                .into(),
        ))
    }
}

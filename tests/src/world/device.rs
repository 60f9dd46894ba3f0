//! One device of the world: a replica on a disk in memory, who is signed in, and a clock of its own.

use super::backups::Backup;
use crate::disk::{Disk, Hands};
use muster_core::crypto::stretch::Cost;
use muster_core::id::{DeviceId, PersonId, PlaceId, SeatId};
use muster_core::keys::rule::AreaRule;
use muster_core::replica::records::RecordsError;
use muster_core::replica::store::StoreError;
use muster_core::replica::{Context, Passphrase, Replica, SignInError};
use muster_school::areas;
use muster_school::known::Known;
use muster_school::roles::Role;

/// Everybody's.
pub(crate) const PASSPHRASE: Passphrase<'_> = Passphrase { text: "three kind words", cost: Cost::TEST };

#[derive(Debug)]
pub(crate) struct Device {
    pub(crate) name: String,
    pub(crate) id: DeviceId,
    pub(crate) site: PlaceId,
    /// Taken out only while the device restarts.
    pub(crate) replica: Option<Replica<Disk>>,
    pub(crate) hands: Hands,
    /// The kinds of records that its program knows.
    pub(crate) rules: Vec<AreaRule>,
    pub(crate) backup: Option<Backup>,
    pub(crate) known: Known,
    /// Whose keys are on the device.
    pub(crate) person: Option<PersonId>,
    /// In which role.
    pub(crate) role: Role,
    pub(crate) signed_in: Option<SeatId>,
    pub(crate) skew_ms: i64,
    /// Who let it in: known to it before anything of the school has come.
    pub(crate) inviter: Option<DeviceId>,
    /// It was taken out of the school, whether or not it has heard of it.
    pub(crate) gone: bool,
}

impl Device {
    pub(crate) fn new(name: &str, site: PlaceId, replica: Replica<Disk>, hands: Hands) -> Self {
        Self {
            name: name.to_owned(),
            id: replica.device(),
            site,
            replica: Some(replica),
            hands,
            rules: areas::rules(),
            backup: None,
            known: Known::default(),
            person: None,
            role: Role::CoreStaff,
            signed_in: None,
            skew_ms: 0,
            inviter: None,
            gone: false,
        }
    }

    pub(crate) fn replica(&mut self) -> &mut Replica<Disk> {
        self.replica.as_mut().unwrap()
    }

    pub(crate) fn shown(&self) -> &Replica<Disk> {
        self.replica.as_ref().unwrap()
    }

    /// Whoever is signed in, or the device itself.
    pub(crate) fn seat(&self) -> SeatId {
        self.signed_in.unwrap_or_else(|| self.shown().device_seat())
    }

    /// Whether nothing can be written here now.
    pub(crate) fn is_full(&self) -> bool {
        self.hands.left.get() == Some(0) || self.hands.is_off()
    }

    /// Whether this device would talk to another: it knows it as one of the school, or was let in by it.
    pub(crate) fn knows(&self, other: DeviceId) -> bool {
        self.inviter == Some(other) || self.shown().view().was_enrolled(&other)
    }

    pub(crate) fn sign_in(&mut self, context: &mut Context<'_>) {
        if self.person.is_none() || self.signed_in.is_some() {
            return;
        }
        let person = self.person.expect("somebody's keys are here");
        let opened =
            match self.replica().sign_in_with(person, PASSPHRASE.text, context) {
                // It has heard that it was taken out.
                Err(SignInError::NotHere) if self.gone => return,
                // A new seat, after the device began anew, finds no room.
                Err(
                    SignInError::Store(StoreError::Full) | SignInError::Records(RecordsError::Store(StoreError::Full)),
                ) if self.is_full() => return,
                opened => opened.unwrap(),
            };
        self.signed_in = Some(opened.seat.seat);
        self.known = Known::default();
    }

    pub(crate) fn lock(&mut self) {
        if let Some(seat) = self.signed_in.take() {
            self.replica().sign_out(&seat);
            self.known = Known::default();
        }
    }

    /// Everything in memory is gone; what was on the disk is there, and what reached it of a write that was cut.
    pub(crate) fn restart(&mut self) {
        self.hands.power_returns();
        if let Some(backup) = &mut self.backup {
            backup.is_cut_short();
        }
        let disk = self.replica.take().unwrap().into_store();
        self.replica = Some(Replica::open(disk, &self.rules).expect("a store that was there opens again"));
        self.signed_in = None;
        self.known = Known::default();
    }
}

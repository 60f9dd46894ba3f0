//! A whole school from one seed. Start at [`School::seeded`]; [`School::at`] is a device, and its methods are
//! sentences; [`School::settle`] lets everybody talk until nothing is left to say; [`School::agrees`] is what must
//! hold then.
//!
//! Everything runs in one thread, with the clock and the randomness of the world, so that a seed always plays the
//! same.

mod at;
mod backups;
mod certificate;
mod device;
mod evacuation;
mod faults;
mod ledger;
mod marking;
mod network;
mod oracle;
mod outage;
mod paper;
mod plans;
mod removed;
mod rot;
mod said;
mod set_back;
mod set_up;
mod signs;
mod soak;
mod story;
mod terms;
mod trail;
mod versions;
mod views;
mod wander;
mod withheld;

pub use at::At;
pub use evacuation::{Evacuation, Happened};
pub use faults::Faults;
pub use ledger::Ledger;
pub use set_up::{GROUPS, PUPILS, TEACHERS};
pub use soak::{Played, a_day, a_large_world};
pub use terms::Pace;
pub use trail::Told;

use crate::disk::Disk;
use device::Device;
use ledger::Report;
use muster_core::id::{DeviceId, PlaceId};
use muster_core::replica::Context;
use muster_core::replica::act::Writer;
use muster_core::replica::records::{RecordsError, Written};
use muster_core::replica::store::StoreError;
use muster_core::time::Moment;
use muster_school::calendar::{self, Day, parse_clock};
use muster_school::ids::{GroupId, PupilId, Who};
use muster_school::office::{CallKey, Office, OfficeError};
use network::Network;
use paper::Paper;
use rand_chacha::ChaCha20Rng;
use rot::Rotted;
use std::collections::{BTreeMap, BTreeSet};
use story::Story;

/// A school, its devices and what lies between them. See the module.
#[derive(Debug)]
pub struct School {
    story: Story,
    random: ChaCha20Rng,
    now_ms: i64,
    site: PlaceId,
    groups: BTreeMap<String, GroupId>,
    pupils: BTreeMap<String, PupilId>,
    visitors: Vec<muster_school::ids::VisitId>,
    calls: Vec<CallKey>,
    devices: Vec<Device>,
    network: Network,
    ledger: Ledger,
    paper: Paper,
    /// Rows of entries that rotted.
    rotted: Vec<Rotted>,
    /// Devices whose disk became an older one, or of which there are two.
    older: BTreeSet<DeviceId>,
    /// Devices that may show fewer entries than they said: those restored from a backup do until they have met somebody,
    /// and seed 1079 has one that ran an older program do so, which is a fault not found yet.
    shows_fewer: BTreeSet<DeviceId>,
}

/// An office on a device of the world.
pub(crate) type WorldOffice<'a, 'b> = Office<'a, Writer<'b, Disk>>;

impl School {
    /// The seed, for a test that wants to name it.
    pub fn seed(&self) -> u64 {
        self.story.seed
    }

    /// What went wrong on purpose so far, by kind.
    pub fn faults(&self) -> &Faults {
        &self.network.faults
    }

    /// What was acknowledged so far.
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Sets the world's clock to a time of the day that it is, such as `08:52`, for every device.
    pub fn clock(&mut self, time: &str) {
        let minute = parse_clock(time).unwrap_or_else(|| panic!("{time} is no time of day"));
        self.now_ms = calendar::moment(self.today(), minute).utc_ms;
        self.tell(|_| format!("it is {time}"));
    }

    /// The next school day, at 08:30.
    pub fn next_day(&mut self) {
        let mut day = self.today().plus(1);
        while day.is_weekend() {
            day = day.plus(1);
        }
        self.now_ms = calendar::moment(day, 8 * 60 + 30).utc_ms;
        self.tell(|_| day.long());
    }

    /// Moves one device's clock to be wrong by so many minutes.
    pub fn clock_wrong_by(&mut self, name: &str, minutes: i64) {
        let device = self.index(name);
        self.devices[device].skew_ms = minutes * 60_000;
        self.tell(|_| format!("the clock of {name} is wrong by {minutes} minutes"));
    }

    /// The day in the world.
    pub fn today(&self) -> Day {
        calendar::local(Moment::utc(self.now_ms)).day
    }

    /// A device, by name: what it does reads on from here.
    pub fn at(&mut self, name: &str) -> At<'_> {
        let device = self.index(name);
        At { school: self, device }
    }

    /// The roll call begun last.
    pub fn call(&self) -> CallKey {
        *self.calls.last().expect("a roll call was begun")
    }

    /// Anybody by their forename.
    pub fn who(&self, forename: &str) -> Who {
        Who::Pupil(self.pupil(forename))
    }

    /// A pupil by their forename.
    pub fn pupil(&self, forename: &str) -> PupilId {
        *self.pupils.get(forename).unwrap_or_else(|| panic!("nobody is called {forename}"))
    }

    /// A group by its name.
    pub fn group(&self, name: &str) -> GroupId {
        *self.groups.get(name).unwrap_or_else(|| panic!("there is no group {name}"))
    }

    pub(crate) fn index(&self, name: &str) -> usize {
        self.devices.iter().position(|device| device.name == name).unwrap_or_else(|| panic!("no device {name}"))
    }

    pub(crate) fn tell(&mut self, line: impl FnOnce(&Self) -> String) {
        let line = line(self);
        self.story.lines.push(line);
    }

    /// The moment by one device's clock; a second passes.
    pub(crate) fn tick(&mut self, device: usize) -> Moment {
        self.now_ms += 1_000;
        self.moment(device)
    }

    pub(crate) fn moment(&self, device: usize) -> Moment {
        let utc_ms = self.now_ms + self.devices[device].skew_ms;
        let local = calendar::local(Moment::utc(utc_ms));
        Moment { utc_ms, offset_minutes: calendar::moment(local.day, local.minute).offset_minutes }
    }

    /// Does something in the office of a device, as whoever is signed in there or as the device.
    pub(crate) fn office<T>(&mut self, device: usize, does: impl FnOnce(&mut WorldOffice<'_, '_>) -> T) -> T {
        let now = self.tick(device);
        let at = &mut self.devices[device];
        let seat = at.seat();
        let Device { replica, known, .. } = at;
        let context = Context { now, random: &mut self.random };
        let mut writer = replica.as_mut().unwrap().writer(seat, context).expect("the seat is signed in");
        known.refresh(&mut writer).unwrap();
        does(&mut Office::new(&mut writer, known))
    }

    /// One act, told and, when it is acknowledged, kept in the ledger.
    pub(crate) fn act<T>(
        &mut self,
        device: usize,
        sentence: &str,
        does: impl FnOnce(&mut WorldOffice<'_, '_>) -> Result<(Vec<Written>, T), OfficeError>,
    ) -> Result<T, OfficeError> {
        let result = self.office(device, does);
        let name = self.devices[device].name.clone();
        let time = calendar::clock(calendar::local(self.moment(device)).minute);
        match result {
            Ok((written, done)) => {
                self.story.lines.push(format!("{time} {name}: {sentence}"));
                self.ledger.acknowledge(&name, sentence, &written);
                Ok(done)
            }
            Err(error) => {
                self.story.lines.push(format!("{time} {name}: {sentence} -- not done: {error}"));
                Err(error)
            }
        }
    }

    /// What a full disk refuses is done later; any other refusal of the records is a fault.
    pub(crate) fn unless_full<T>(&self, device: usize, done: Result<T, RecordsError>) -> Option<T> {
        match done {
            Ok(done) => Some(done),
            Err(RecordsError::Store(StoreError::Full)) if self.devices[device].is_full() => None,
            Err(error) => panic!("{}: {error}", self.devices[device].name),
        }
    }

    pub(crate) fn reports(&mut self) -> &mut Vec<Report> {
        &mut self.ledger.reports
    }
}

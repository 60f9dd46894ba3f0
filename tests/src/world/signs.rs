//! Signs of life: each device says what it holds, the others cosign it, and what they say is believed of nobody who did
//! not say it.

use super::School;
use muster_core::checkpoint::Checkpoint;
use muster_core::id::{DeviceId, Section};
use muster_core::replica::{Alarm, Context};
use std::collections::BTreeSet;

/// Milliseconds of a day and an hour: every device has something to say by then.
const A_DAY_ON: i64 = 25 * 60 * 60 * 1_000;

impl School {
    /// A device says what it holds, where that is due. Says whether it did.
    pub(crate) fn gives_a_sign(&mut self, device: usize) -> bool {
        let now = self.moment(device);
        let context = &mut Context { now, random: &mut self.random };
        let done = self.devices[device].replica.as_mut().unwrap().checkpoint(context);
        self.unless_full(device, done).unwrap_or(false)
    }

    /// Nothing that anybody says they wrote is lacking anywhere, and nobody is suspected, but of a device whose disk
    /// became an older one, or of which there are two.
    pub(crate) fn nobody_is_suspected(&self) {
        for device in self.here() {
            let (name, replica) = (&self.devices[device].name, self.devices[device].shown());
            let lacking: Vec<_> = replica.lacking().into_iter().filter(|one| !self.older.contains(&one.of)).collect();
            assert!(lacking.is_empty(), "{name} lacks what is on no older disk: {lacking:?}");
            let now = self.moment(device);
            let alarms = replica.alarms(now).into_iter().filter(|alarm| !self.is_of_an_older_disk(device, alarm));
            let alarms: Vec<_> = alarms.collect();
            let names: Vec<_> = self.devices.iter().map(|one| (&one.name, one.id)).collect();
            assert!(alarms.is_empty(), "{name} raises false alarms: {alarms:?} of {names:?}");
        }
    }

    fn is_of_an_older_disk(&self, device: usize, alarm: &Alarm) -> bool {
        match alarm {
            Alarm::Lacking(lacking) => self.older.contains(&lacking.of),
            Alarm::Shortened { device, of, .. } => {
                [device, of].iter().any(|one| self.older.contains(one) || self.shows_fewer.contains(one))
            }
            Alarm::Copied { device, .. } => self.older.contains(device),
            Alarm::PutBack { .. } => self.older.contains(&self.devices[device].id),
        }
    }

    /// Days on, after [`School::agrees`]: everybody has said that they are there, everybody has heard it, each says of each
    /// other that it holds all that the other wrote; two that are one are told of, and nobody else is suspected.
    pub fn days_on_all_are_heard_of(&mut self) {
        self.now_ms += A_DAY_ON;
        self.settle();
        self.now_ms += A_DAY_ON;
        self.settle();
        let here = self.here();
        let today = self.moment(0).civil_day();
        for device in &here {
            let (name, replica) = (self.devices[*device].name.clone(), self.devices[*device].shown());
            for other in &here {
                let said = replica.last_said(&self.devices[*other].id).map(|at| at.civil_day());
                assert_eq!(said, Some(today), "{name} has not heard of {}", self.devices[*other].name);
            }
        }
        let part = Section::part(self.site);
        for device in here.iter().filter(|device| !self.older.contains(&self.devices[**device].id)) {
            let signed = self.cosigned_by(*device, part);
            for other in here.iter().map(|other| self.devices[*other].id).filter(|id| !self.older.contains(id)) {
                let itself = other == self.devices[*device].id;
                assert!(itself || signed.contains(&other), "{} does not cosign {other:?}", self.devices[*device].name);
            }
        }
        self.copies_are_told_of();
        self.nobody_is_suspected();
    }

    fn cosigned_by(&self, device: usize, part: Section) -> BTreeSet<DeviceId> {
        let replica = self.devices[device].shown();
        let own = |(of, one): &(Section, &Checkpoint)| *of == part && one.said.seat == replica.device_seat();
        let said = replica.checkpoints().find(own).map(|(_, one)| one);
        let seats = said.into_iter().flat_map(|one| &one.said.cosigned).map(|one| one.seat);
        seats.filter_map(|seat| replica.view().author(&seat)).map(|author| author.device).collect()
    }

    /// Two devices that are one another's copies are told of once both have spoken, or go on as two writers.
    fn copies_are_told_of(&self) {
        for (place, one) in self.devices.iter().enumerate() {
            for other in self.devices.iter().skip(place + 1).filter(|other| other.id == one.id) {
                if one.gone || other.gone || one.shown().device_seat() != other.shown().device_seat() {
                    continue;
                }
                let now = self.moment(0);
                let told = self.devices[0].shown().alarms(now);
                let named = told.iter().any(|alarm| matches!(alarm, Alarm::Copied { device, .. } if *device == one.id));
                assert!(named, "nobody is told that {} is there twice: {told:?}", one.name);
            }
        }
    }

    /// No log has a second writer but where a disk became an older one or was copied, and nobody knew.
    pub(crate) fn only_what_was_copied_has_forked(&self) {
        if self.network.faults.set_back + self.network.faults.copied > 0 {
            return;
        }
        for device in &self.devices {
            let forked = device.shown().logs().values().filter(|state| state.forked_at.is_some()).count();
            assert_eq!(forked, 0, "{} has a log with two writers, and nothing was copied", device.name);
        }
    }
}

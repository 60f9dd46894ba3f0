//! What a locked device shows, and the record of use: who is expected, the fire list file, sign-ins and openings.

use super::Device;
use crate::fire_file;
use anyhow::Context as _;
use muster_core::id::PlaceId;
use muster_core::replica::Context;
use muster_core::replica::records::RecordsError;
use muster_school::areas;
use muster_school::calendar::Day;
use muster_school::facts::access::Event;
use muster_school::fire::{presence, saved};
use muster_school::office::OfficeError;
use muster_school::rights;
use muster_school::roles::DeviceKind;
use std::collections::BTreeSet;

impl Device {
    /// Refreshes what is known and what the lock screen will say, and writes today's list of who is expected.
    pub(super) fn after_sign_in(&mut self) -> anyhow::Result<()> {
        let person = self.person();
        let device = self.replica.device();
        let mut local = self.local.clone();
        let mut name = None;
        self.refresh()?;
        let site = self.office(|office| {
            let school = office.known().school();
            local.school = school.name.clone();
            if let Some(here) = school.devices.get(&device) {
                local.device = here.name.clone();
                local.site = here.site.map(|site| (site, office.known().site_name(site).to_owned()));
            }
            if local.site.is_none() {
                local.site =
                    school.sites.values().min_by(|a, b| a.code.cmp(&b.code)).map(|site| (site.id, site.name.clone()));
            }
            for (id, other) in &school.devices {
                local.peers.entry(*id).or_default().name = other.name.clone();
            }
            if let Some(person) = person {
                local.last = Some(person);
                let known = office.known().school().staff.contains_key(&person);
                name = known.then(|| (person, office.known().staff_name(person)));
            }
            Ok(local.site.as_ref().map(|(site, _)| *site))
        })?;
        self.local = local;
        if let Some((person, name)) = name {
            not_now(self.replica.share_keys(&person, &name, &mut rand::rng()).map_err(Into::into));
        }
        not_now(self.keep_local());
        if let Some(site) = site {
            self.write_expected(site)?;
        }
        not_now(self.seal_care());
        not_now(self.keep_fire_list());
        Ok(())
    }

    /// Writes today's list of who is expected at a site, where the seat knows it and nobody has written it yet.
    ///
    /// # Errors
    /// When the store fails. A seat that may not read pupils writes nothing, and that is no error.
    pub fn write_expected(&mut self, site: PlaceId) -> anyhow::Result<()> {
        match self.office(|office| Ok(office.write_expected(site)?)) {
            Ok(_) => Ok(()),
            Err(error) if is_refusal(&error) => Ok(()),
            Err(error) if matches!(error.downcast_ref(), Some(OfficeError::Unknown(_))) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Writes the newest lists that this device can read by itself on into today, where neither today nor the day
    /// before has any: what it holds of earlier days it drops once it hears of two later ones.
    ///
    /// # Errors
    /// When the store fails. A device that may not write the roll, or has no lists, writes nothing.
    pub fn carry_lists(&mut self) -> anyhow::Result<()> {
        let Some(site) = self.site() else { return Ok(()) };
        match self.office_of_device(|office| Ok(office.carry_lists(site)?)) {
            Err(error) if is_refusal(&error) => Ok(()),
            done => done,
        }
    }

    /// Refreshes what is known of school and pupils after something changed.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub fn refresh(&mut self) -> anyhow::Result<()> {
        if self.opened.is_none() {
            return Ok(());
        }
        let mut random = rand::rng();
        let context = Context { now: self.clock.now(), random: &mut random };
        let seat = self.seat();
        let mut writer = self.replica.writer(seat, context).context("nobody is signed in: sign in first")?;
        Ok(self.known.refresh(&mut writer)?)
    }

    /// Keeps what this device remembers for itself.
    ///
    /// # Errors
    /// When the file cannot be replaced.
    pub fn keep_local(&mut self) -> anyhow::Result<()> {
        Ok(self.local.clone().keep(&mut self.replica, &mut rand::rng())?)
    }

    /// Whether this device is a sign-in kiosk: it writes who comes and goes, and shows nobody anything.
    pub fn is_kiosk(&self) -> bool {
        self.device_is(self.replica.device()).is_some_and(|(kind, _)| kind == DeviceKind::Kiosk)
    }

    /// Works the fire list of this device's site out again and keeps it, if it changed.
    ///
    /// # Errors
    /// When the store fails.
    pub fn keep_fire_list(&mut self) -> anyhow::Result<()> {
        // A kiosk shows nobody, so it keeps no list that anybody could look at.
        if self.replica.is_wiped() || self.is_kiosk() {
            return Ok(());
        }
        if self.local.site.is_none() {
            self.take_a_site()?;
        }
        let Some(site) = self.site() else { return Ok(()) };
        let list = self.office_of_device(|office| Ok(presence::list(office.records(), site)?))?;
        let Some(list) = list else { return Ok(()) };
        let bytes = zeroize::Zeroizing::new(saved::encode(&list)?);
        let hash = muster_core::crypto::hash::hash("muster 1 kept fire list", &[&bytes]);
        if self.fire_kept != Some(hash) {
            self.replica.put_sealed_file(fire_file::FILE, &bytes, &mut rand::rng())?;
            self.fire_kept = Some(hash);
        }
        Ok(())
    }

    /// A device that was let in and on which nobody has signed in yet knows no site of its own: it takes the one
    /// with the newest and longest list of who is expected, so that it has a fire register at once.
    fn take_a_site(&mut self) -> anyhow::Result<()> {
        let logs = self.replica.logs().values().map(|state| state.descriptor.section.compartment);
        let rolls = logs.filter(|compartment| compartment.area == areas::ROLL);
        let sites: BTreeSet<PlaceId> = rolls.map(|compartment| compartment.place).collect();
        let mut best: Option<((Day, usize), PlaceId, String)> = None;
        for site in sites {
            let list = self.office_of_device(|office| Ok(presence::list(office.records(), site)?))?;
            let Some(list) = list else { continue };
            let rank = (list.day, list.people.len());
            if !list.people.is_empty() && best.as_ref().is_none_or(|(most, ..)| rank > *most) {
                best = Some((rank, site, list.site));
            }
        }
        if let Some((_, site, name)) = best {
            self.local.site = Some((site, name));
            self.keep_local()?;
        }
        Ok(())
    }

    /// The site at whose door this device stands: its own, or, for a kiosk, which reads nothing, the one it was let in
    /// for.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub fn door_site(&mut self) -> anyhow::Result<Option<PlaceId>> {
        if let Some(site) = self.site() {
            return Ok(Some(site));
        }
        let own = self.replica.device();
        self.with_records(|records, _| {
            let mine = rights::of_devices(records).into_iter().find(|(device, _)| *device == own);
            Ok(mine.and_then(|(_, rights)| match rights.sites() {
                [site] => Some(*site),
                _ => None,
            }))
        })
    }

    /// Writes down that something was opened, signed in to or tried: as whoever is signed in, or as the device.
    ///
    /// # Errors
    /// When the store fails. A device that knows no site yet, or has not received its rights yet, has nowhere to
    /// write it, and that is no error.
    pub fn note(&mut self, event: Event) -> anyhow::Result<()> {
        self.wrote_down(event).map(drop)
    }

    /// As [`Device::note`], and says whether there was anywhere to write it.
    ///
    /// # Errors
    /// As there.
    pub fn wrote_down(&mut self, event: Event) -> anyhow::Result<bool> {
        let Some(site) = self.site() else { return Ok(false) };
        // Whose rights are over writes nothing more, and is named by the device.
        let named = match (&event, self.person()) {
            (Event::Refused(why), Some(person)) => Event::RefusedAs(person, *why),
            (Event::Ended(why), Some(person)) => Event::EndedAs(person, *why),
            _ => event.clone(),
        };
        let mut tries = vec![(self.replica.device_seat(), named)];
        if self.opened.is_some() {
            tries.insert(0, (self.seat(), event));
        }
        for (seat, event) in tries {
            let noted = self.office_as(seat, |office| Ok(office.note_access(site, event).map(drop)?));
            match noted {
                Err(error) if is_refusal(&error) => {}
                other => return other.map(|()| true),
            }
        }
        tracing::warn!("this device may not write the record of use yet");
        Ok(false)
    }

    /// After much has changed at once: what is known, what the lock screen says, the list of who is expected.
    ///
    /// # Errors
    /// When the store fails.
    pub fn settle_in(&mut self) -> anyhow::Result<()> {
        self.after_sign_in()
    }
}

/// What is kept beside the records can be made again, and is, at the next sign-in: a disk that has no room for it keeps
/// nobody from their records.
fn not_now(done: anyhow::Result<()>) {
    if let Err(error) = done {
        tracing::warn!("kept at the next sign-in: {error}");
    }
}

/// Whether the records said that a seat has no right, or no key yet.
pub(super) fn is_refusal(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(OfficeError::Records(RecordsError::NotAllowed(_))))
}

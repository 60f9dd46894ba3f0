//! A device that hears that it was held back or taken out: it signs everybody out, forgets what opens anything where
//! it is lost or taken out, and says so on one screen.
//!
//! What it wrote stays, sealed, and is handed over as soon as it meets another device. A wiped device opens nothing
//! again, also when it is found: it is let in anew, as another.

use super::Device;
use crate::backup::leftovers;
use crate::fire_file;
use anyhow::bail;
use muster_core::id::PersonId;
use muster_core::replica::Context;
use muster_school::calendar;
use muster_school::known::Known;
use muster_school::view::lost::ShutView;
use std::collections::BTreeSet;

/// The small files of one person, without the person's id.
const OF_A_PERSON: [&str; 4] = ["bundle", "seat", "drafts", "factor"];

impl Device {
    /// Does what the school has said of this device, as far as it has heard. Called whenever the authority area may
    /// have changed; does nothing where this device goes on.
    ///
    /// # Errors
    /// When the disk fails: it is tried again with the next call.
    pub fn obey(&mut self) -> anyhow::Result<()> {
        let Some(away) = self.replica.away(&self.replica.device()) else { return Ok(()) };
        if self.opened.is_some() {
            // What is written down of it counts nowhere any more, but the keys leave memory.
            let _ = self.sign_out();
        }
        self.pin = None;
        if !away.must_wipe() {
            return Ok(());
        }
        if !self.replica.is_wiped() {
            let mut random = rand::rng();
            self.replica.wipe(&mut Context { now: self.clock.now(), random: &mut random })?;
            self.known = Known::default();
            self.local.last = None;
            self.keep_local()?;
        }
        // Nothing opens these any more; they go all the same.
        let view = self.replica.view();
        let seated = view.seats.values().filter_map(|seated| seated.person).map(|(person, _)| person);
        let people: BTreeSet<PersonId> = seated.chain(view.persons.keys().copied()).collect();
        for person in people {
            for of in OF_A_PERSON {
                self.replica.remove_file(&format!("{of}-{person}"))?;
            }
        }
        self.fire_kept = None;
        leftovers::remove_all(&self.folder, self.replica.device())?;
        Ok(self.replica.remove_file(fire_file::FILE)?)
    }

    /// What this device shows in place of everything else; `None` where it goes on.
    pub fn shut(&self) -> Option<ShutView> {
        let away = self.replica.away(&self.replica.device());
        let wiped = self.replica.is_wiped();
        let at = |ms| {
            let local = calendar::local(muster_core::time::Moment::utc(ms));
            format!("{} at {}", local.day.long(), calendar::clock(local.minute))
        };
        const GONE: &str =
            "Nothing on it opens any more: everybody’s keys and the fire list are gone. Use another device.";
        let (title, mut words) = match away {
            Some(away) if away.for_good => (
                "This device was taken out of the school by the office.",
                vec![format!("That was on {}. Bring it back.", at(away.at.utc_ms)), GONE.to_owned()],
            ),
            Some(away) if wiped => (
                "This device was reported lost, and the office holds it back.",
                vec![format!("That was on {}. Bring it back.", at(away.at.utc_ms)), GONE.to_owned()],
            ),
            Some(away) => (
                "The office holds this device back.",
                vec![
                    format!("That was on {}. Nobody can sign in on it until the office lets it go on.", at(away.at.utc_ms)),
                    "Bring it to the office.".to_owned(),
                ],
            ),
            None if wiped => (
                "This device was found, and has to be let in again.",
                vec![
                    "Its keys were wiped while it was lost. The office lets it in anew, as another device, with its records in another folder.".to_owned(),
                ],
            ),
            None => return None,
        };
        words.push(
            "A worry about a child? Add the concern on another device, or tell a safeguarding lead yourself, now."
                .to_owned(),
        );
        match self.replica.only_here() {
            0 => {}
            1 => words.push("1 change was made here that no other device is known to have. Keep this device on near another one of the school: it hands it over.".to_owned()),
            some => words.push(format!("{some} changes were made here that no other device is known to have. Keep this device on near another one of the school: it hands them over.")),
        }
        let device = [&self.local.device, &self.local.school].map(String::as_str);
        let device = device.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
        Some(ShutView { title: title.to_owned(), words, device })
    }

    /// Refuses where this device is not to be used.
    ///
    /// # Errors
    /// What the screen would say.
    pub fn must_go_on(&self) -> anyhow::Result<()> {
        match self.shut() {
            Some(shut) => bail!("{} {}", shut.title, shut.words.join(" ")),
            None => Ok(()),
        }
    }
}

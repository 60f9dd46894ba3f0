//! The marshal's PIN of this device's site: setting it, sealing the day's care lines for it, opening them with it.
//!
//! Wrong PINs are counted as wrong passphrases are, for the PIN as if it were a person of its own; each opening and each
//! wrong one is an entry. What is opened lies in memory only.

use super::Device;
use anyhow::{Context as _, bail};
use muster_core::codec;
use muster_core::crypto::hash::hash;
use muster_core::crypto::stretch::Cost;
use muster_core::id::{PersonId, PlaceId};
use muster_core::keys::marshal::MarshalLock;
use muster_school::areas;
use muster_school::calendar::{self, Day};
use muster_school::facts::access::Event;
use muster_school::fire::care::CareBook;
use muster_school::rights::{self, Places, Reach};
use muster_school::step_up::Guarded;
use serde::{Deserialize, Serialize};

/// Under which wrong tries of the PIN are counted: nobody's id.
const NOBODY: PersonId = PersonId(*b"the marshal\'s PI");
/// The name of the small file that says what was sealed last.
const FILE: &str = "sealed-care";

/// What was sealed last.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct SealedLast {
    day: Option<Day>,
    /// A hash of lines and lock, under this device's own key.
    of: [u8; 32],
}

impl Device {
    /// Sets the marshal's PIN of this device's site, or another one.
    ///
    /// # Errors
    /// When no code holds, the digits will not do, or whoever is signed in may not write the school's document.
    pub fn set_marshal_pin(&mut self, pin: &str) -> anyhow::Result<()> {
        self.need(Guarded::Administer)?;
        let site = self.site().context("this device knows no site yet")?;
        let lock = MarshalLock::make(pin, Cost::NORMAL, &mut rand::rng())?.encode();
        self.office(|office| Ok(office.set_marshal_lock(site, lock).map(drop)?))?;
        self.refresh()?;
        self.seal_care()
    }

    /// Whether whoever is signed in reads care at a site.
    pub fn reads_care(&mut self, site: PlaceId) -> anyhow::Result<bool> {
        let Some(person) = self.person() else { return Ok(false) };
        self.with_records(|records, _| {
            let mine = rights::of_persons(records).into_iter().find(|(of, _)| *of == person);
            let places = mine.map(|(_, rights)| rights.in_area(areas::CARE)).unwrap_or_default();
            Ok(places.iter().any(|(reach, places)| {
                let here = match places {
                    Places::Sites(sites) => sites.contains(&site),
                    Places::Every | Places::School => true,
                };
                here && matches!(reach, Reach::Reads | Reach::Writes)
            }))
        })
    }

    /// Seals today's care lines of this device's site into the roll, where there is a PIN for them, whoever is signed in
    /// may read them, and they are not there already.
    ///
    /// # Errors
    /// When the records refuse.
    pub fn seal_care(&mut self) -> anyhow::Result<()> {
        let Some(site) = self.site().filter(|_| self.opened.is_some()) else { return Ok(()) };
        let Some(lock) = self.known.school().marshal_locks.get(&site).cloned() else { return Ok(()) };
        if !self.reads_care(site)? {
            return Ok(());
        }
        let book = self.office(|office| Ok(office.care_book(site)?))?;
        let text = zeroize::Zeroizing::new(book.encode().context("these are too many care lines to seal")?);
        let today = calendar::local(self.clock.now()).day;
        let of = hash("muster 1 sealed care", &[&lock, &text]);
        let wanted = SealedLast { day: Some(today), of };
        let held = self.office(|office| Ok(office.sealed_care(site)?))?;
        if held.is_some_and(|held| held.lock == lock) && self.sealed_last() == wanted {
            return Ok(());
        }
        let opened = MarshalLock::decode(&lock).context("the marshal’s PIN is of a newer version: set it again")?;
        let sealed = opened.seal(&text, &mut rand::rng()).context("the care lines could not be sealed")?;
        self.office(|office| Ok(office.write_sealed_care(site, lock, sealed).map(drop)?))?;
        Ok(self.replica.put_sealed_file(FILE, &codec::encode(&wanted), &mut rand::rng())?)
    }

    fn sealed_last(&self) -> SealedLast {
        let bytes = self.replica.sealed_file(FILE).ok().flatten();
        bytes.and_then(|bytes| codec::decode(&bytes).ok()).unwrap_or_default()
    }

    /// Whether there are care lines here that the PIN opens.
    pub fn has_sealed_care(&mut self) -> anyhow::Result<bool> {
        let Some(site) = self.site() else { return Ok(false) };
        Ok(self.office_of_device(|office| Ok(office.sealed_care(site)?))?.is_some())
    }

    /// How long until the next try of the PIN is taken, in seconds.
    pub fn marshal_wait_secs(&self) -> u32 {
        self.wait_secs(NOBODY)
    }

    /// Opens the care lines with the marshal's PIN.
    ///
    /// # Errors
    /// When there are none, it is another PIN, or too soon after a wrong one.
    pub fn open_care(&mut self, pin: &str) -> anyhow::Result<CareBook> {
        let site = self.site().context("this device knows no site yet")?;
        let held = self.office_of_device(|office| Ok(office.sealed_care(site)?))?;
        let held =
            held.context("there are no care details here yet: they come when somebody who may read them signs in")?;
        let lock =
            MarshalLock::decode(&held.lock).context("these care details are of a newer version of the program")?;
        let wait = self.marshal_wait_secs();
        if wait > 0 {
            bail!("there were wrong PINs: wait {wait} s before the next try; the list itself is open");
        }
        match lock.open(pin.trim(), &held.sealed) {
            Some(text) => {
                self.tries.was_right(&mut self.replica, NOBODY)?;
                // Nothing is shown that is not in the trail.
                self.note(Event::OpenedCare)?;
                CareBook::decode(&text).context("these care details are of a newer version of the program")
            }
            None => {
                self.tries.was_wrong(&mut self.replica, &self.clock, NOBODY)?;
                self.note(Event::FailedMarshalPin(1))?;
                bail!("that is not the marshal’s PIN of today: try again, or sign in")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use std::path::Path;

    const PASSPHRASE: &str = "five kind words for this";

    /// A head at work, on the first device of a school with a site and Leila, who has epilepsy.
    fn office(folder: &Path) -> Device {
        let clock = Clock::starting_at(1_795_424_400_000);
        let mut device =
            Device::found(folder, "Harbour Primary", "Helen Marsh", "Office", PASSPHRASE, clock, &mut |_| Ok(()))
                .unwrap();
        device
            .office(|office| {
                let site = office.add_site("S1", "Harbour", &[])?;
                let group = office.add_group(site, "Beech", None)?;
                office.add_pupil(&muster_school::office::NewPupil {
                    identity: muster_school::facts::pupil::Identity {
                        admission_no: "1".into(),
                        upn: String::new(),
                        surname: "Hassan".into(),
                        forename: "Leila".into(),
                        preferred: "Leila".into(),
                        sex: String::new(),
                        born: None,
                    },
                    site,
                    group: Some(group),
                    year: "4".into(),
                    starting: Day::parse("2026-09-01").ok(),
                    medical: vec![muster_school::facts::care::Medical {
                        condition: "Epilepsy".into(),
                        action: "rescue medicine in the office".into(),
                    }],
                    evacuation: None,
                })?;
                Ok(())
            })
            .unwrap();
        device.settle_in().unwrap();
        device
    }

    #[test]
    fn care_lines_sealed_by_whoever_reads_care_open_with_the_pin_on_a_device_with_nobody_signed_in() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path().join("records");
        let mut device = office(&at);
        assert!(device.open_care("904417").is_err(), "there is no PIN yet");
        device.set_marshal_pin("904417").unwrap();
        let entries = |device: &Device| device.replica.logs().values().map(|log| log.heads.len()).sum::<usize>();
        let before = entries(&device);
        device.seal_care().unwrap();
        assert_eq!(entries(&device), before, "what is sealed already is not sealed again");
        device.sign_out().unwrap();
        let book = device.open_care("904417").unwrap();
        assert!(!book.is_empty());
        assert!(format!("{book:?}").contains("Epilepsy: rescue medicine"), "{book:?}");
    }

    #[test]
    fn a_wrong_marshals_pin_makes_the_next_wait_and_is_written_down() {
        let folder = tempfile::tempdir().unwrap();
        let mut device = office(&folder.path().join("records"));
        device.set_marshal_pin("904417").unwrap();
        for _ in 0..2 {
            assert!(device.open_care("904418").unwrap_err().to_string().contains("not the marshal’s PIN"));
        }
        let said = device.open_care("904417").unwrap_err().to_string();
        assert!(said.contains("wait 1 s before the next try"), "{said}");
        let told = device.audit(&muster_school::story::Wanted::default()).unwrap();
        let words: Vec<String> =
            told.iter().map(|one| one.what.iter().map(|span| span.text.as_str()).collect()).collect();
        let wrong = words.iter().filter(|words| words.contains("gave a wrong marshal’s PIN")).count();
        assert_eq!(wrong, 2, "{words:?}");
    }
}

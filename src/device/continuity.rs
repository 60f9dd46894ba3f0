//! Backups and requests to have something back, as whoever is at this device does them.

use super::Device;
use crate::backup::kept::Backups;
use crate::backup::place;
use anyhow::{Context as _, bail};
use muster_core::id::SeatId;
use muster_core::replica::records::RecordsError;
use muster_core::replica::store::{StoreError, Untouched};
use muster_core::replica::{Context, Replica, WhyAnew};
use muster_school::areas;
use muster_school::calendar::{self, Day};
use muster_school::continuity::{self, Age, Request};
use muster_school::facts::continuity::Stage;
use muster_school::step_up::Guarded;
use muster_storage::RedbStore;
use std::path::Path;

impl Device {
    /// What the device of a folder remembers of its backups, with nothing changed there.
    ///
    /// # Errors
    /// When its records cannot be read, or are open in another Muster.
    pub fn look(folder: &Path) -> anyhow::Result<Backups> {
        let replica = Replica::open(Untouched::over(RedbStore::open(folder)?), &areas::rules())?;
        Ok(Backups::load(&replica)?)
    }

    /// Begins anew where the records were copied to this folder, and remembers where they are.
    pub(super) fn know_the_place(&mut self) -> anyhow::Result<()> {
        let folder = self.folder.clone();
        if place::was_copied(&self.replica, &folder) {
            let mut random = rand::rng();
            let mut context = Context { now: self.clock.now(), random: &mut random };
            match self.replica.new_incarnation(WhyAnew::Copied, &mut context) {
                // Until there is room nothing is written from the seats so far.
                Err(RecordsError::Store(StoreError::Full)) => return Ok(()),
                done => done?,
            }
            tracing::warn!("these records were copied here: this device goes on as a new writer");
        }
        if let Err(error) = place::note(&mut self.replica, &folder, &mut rand::rng()) {
            tracing::warn!("where these records are was not noted: {error}");
        }
        Ok(())
    }

    /// Gives whoever is signed in a new seat, where theirs is past: these records were set back, or went on elsewhere.
    ///
    /// # Errors
    /// When it cannot be made durable.
    pub fn keep_seat(&mut self) -> anyhow::Result<()> {
        let Some(opened) = self.opened.as_ref().filter(|opened| self.replica.is_past(&opened.seat.seat)) else {
            return Ok(());
        };
        let (past, own) = (opened.seat.seat, opened.own());
        let mut random = rand::rng();
        let mut context = Context { now: self.clock.now(), random: &mut random };
        let anew = self.replica.take_seat(own, &mut context)?;
        self.replica.sign_in(&anew);
        self.replica.sign_out(&past);
        self.opened = Some(anew);
        Ok(())
    }

    /// Why and when this device last began anew, in words.
    pub fn begun_anew_words(&self) -> Option<String> {
        let (at, why) = self.replica.begun_anew()?;
        let why = match why {
            WhyAnew::Restored => "was restored from a backup",
            WhyAnew::Copied => "found its records copied to where they are",
            WhyAnew::WentOnElsewhere => {
                "found that its records had gone on elsewhere: it was set back, or a copy of it writes too"
            }
        };
        Some(format!("On {} this device {why}. It goes on as a new writer.", crate::backup::words::when(at.utc_ms)))
    }

    /// Sets where and when this device backs up by itself; `None` for only by hand.
    ///
    /// # Errors
    /// When whoever is signed in does not administer, must give a code first, or the file cannot be replaced.
    pub fn set_backups(&mut self, folder: Option<&Path>, minute: u16) -> anyhow::Result<()> {
        self.must_run_it()?;
        let folder = folder.map(|folder| folder.display().to_string()).unwrap_or_default();
        let today = calendar::local(self.clock.now()).day;
        self.keep_backups(|kept| {
            // The first is the next that comes; today's, where it has come already.
            kept.tried = Some(Day(today.0.saturating_sub(1)));
            kept.minute = (!folder.is_empty()).then_some(minute);
            kept.folder = folder;
        })
    }

    /// How backups stand, by every certificate that whoever is signed in can read, and this device's own memory.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub fn backup_age(&mut self) -> anyhow::Result<Age> {
        let now = self.clock.now();
        let own = crate::backup::words::age(&self.backups()?, now);
        let filed = self.with_records(|records, _| Ok(continuity::certificates(records)?))?;
        let filed = continuity::age(&filed, now);
        Ok(match (own, filed) {
            (Age::Never, filed) => filed,
            (own, Age::Never) => own,
            (Age::Failed, _) | (_, Age::Failed) => Age::Failed,
            (Age::Days(own) | Age::Overdue(own), Age::Days(filed) | Age::Overdue(filed)) => {
                let days = own.min(filed);
                if days > continuity::OVERDUE_DAYS { Age::Overdue(days) } else { Age::Days(days) }
            }
        })
    }

    /// What was asked to have back, as far as whoever is signed in may read it.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub fn restore_requests(&mut self) -> anyhow::Result<Vec<Request>> {
        self.with_records(|records, _| Ok(continuity::requests(records)?))
    }

    /// Asks to have something back.
    ///
    /// # Errors
    /// When nobody is signed in, nothing is asked for, or the records refuse.
    pub fn ask_to_restore(&mut self, what: &str, when: &str) -> anyhow::Result<[u8; 16]> {
        let site = self.site().context("this device knows no site yet: sign in once on it first")?;
        self.office(|office| Ok(office.ask_to_restore(site, what, when)?))
    }

    /// Says how far a request is.
    ///
    /// # Errors
    /// When whoever is signed in does not administer or must give a code first, the request is over, or the records
    /// refuse.
    pub fn answer_restore_request(&mut self, id: [u8; 16], stage: Stage, words: &str) -> anyhow::Result<()> {
        self.must_run_it()?;
        self.office(|office| Ok(office.answer_request(id, stage, words).map(drop)?))
    }

    fn must_run_it(&self) -> anyhow::Result<()> {
        self.need(Guarded::Administer)?;
        if !self.may_enrol() {
            bail!("this is for whoever lets devices in: ask an administrator or the head");
        }
        Ok(())
    }

    /// Whose a seat is, in words.
    pub fn writer_words(&self, seat: &SeatId) -> String {
        let seated = self.replica.view().seats.get(seat);
        match seated.and_then(|seated| seated.person) {
            Some((person, _)) => self.known.staff_name(person),
            None => {
                let device = seated.and_then(|seated| self.local.peers.get(&seated.device));
                device.map_or_else(|| "a device".to_owned(), |peer| peer.name.clone())
            }
        }
    }
}

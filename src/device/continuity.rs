//! Backups and requests to have something back, as whoever is at this device does them.

use super::Device;
use crate::backup::kept::Backups;
use crate::backup::place;
use anyhow::{Context as _, bail};
use muster_core::id::{PersonId, SeatId};
use muster_core::replica::records::RecordsError;
use muster_core::replica::store::{StoreError, Untouched};
use muster_core::replica::{Context, Replica, WhyAnew};
use muster_school::areas;
use muster_school::calendar::{self, Day};
use muster_school::continuity::{self, Age, Request};
use muster_school::facts::continuity::{BackupsSet, Stage};
use muster_school::step_up::Guarded;
use muster_school::view::duties::{ToDoLine, ToDoPart};
use muster_school::view::status::Status;
use muster_school::view::today::Link;
use muster_storage::RedbStore;
use std::path::Path;

/// How backups stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupAge {
    /// On the device on which it is worst.
    pub age: Age,
    /// That device's name, where another than this one backs up.
    pub of: Option<String>,
}

impl BackupAge {
    /// In words, as *Backup of Office proven 3 days ago*.
    pub fn words(&self) -> String {
        self.age.words(self.of.as_deref())
    }
}

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
        let daily = !folder.is_empty();
        self.keep_backups(|kept| {
            // The first is the next that comes; today's, where it has come already.
            kept.tried = Some(Day(today.0.saturating_sub(1)));
            kept.minute = daily.then_some(minute);
            kept.folder = folder;
        })?;
        // The others learn by it whether this device is waited for.
        let Some(site) = self.site() else { return Ok(()) };
        let filed = self.office_of_device(|office| Ok(office.file_continuity(site, BackupsSet { daily }).map(drop)?));
        filed.context("it is set, and the other devices do not learn of it")
    }

    /// How backups stand: of all devices that back up the one that matters most, by the certificates that whoever is
    /// signed in can read, and for this device by its own memory, too.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub fn backup_age(&mut self) -> anyhow::Result<BackupAge> {
        let now = self.clock.now();
        let kept = self.backups()?;
        let here = self.replica.device();
        let filed = self.with_records(|records, _| Ok(continuity::filed(records)?))?;
        let view = self.replica.view();
        // What a person's seat says of a drill was said by no device.
        let of_device = |seat: &SeatId| {
            let seated = view.seats.get(seat).filter(|seated| seated.person.is_none());
            seated.map(|seated| seated.device).filter(|device| view.is_enrolled(device))
        };
        let mut all = continuity::by_device(&filed, of_device, now);
        let own = match (crate::backup::words::age(&kept, now), all.get(&here)) {
            // A proof that is in the records and not in a memory that was restored.
            (Age::Never, Some(filed)) => *filed,
            (Age::Overdue(own) | Age::Days(own), Some(Age::Overdue(filed) | Age::Days(filed))) => {
                Age::of_days(own.min(*filed))
            }
            (own, _) => own,
        };
        if kept.made.is_some() || kept.minute.is_some() {
            all.insert(here, own);
        }
        let worst = all.iter().max_by_key(|(_, age)| **age).map(|(device, age)| (*device, *age));
        let (device, age) = worst.unwrap_or((here, Age::Never));
        let others = all.keys().any(|device| *device != here);
        let name = match device == here {
            true => self.local.device.clone(),
            false => self.device_name(device),
        };
        Ok(BackupAge { age, of: others.then_some(name).filter(|name| !name.is_empty()) })
    }

    /// What was asked to have back, as far as whoever is signed in may read it.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub fn restore_requests(&mut self) -> anyhow::Result<Vec<Request>> {
        self.with_records(|records, _| Ok(continuity::requests(records)?))
    }

    /// What was asked to have back and is open, as a part of what there is to do: for whoever answers it.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub fn requests_part(&mut self) -> anyhow::Result<Option<ToDoPart>> {
        if !self.may_enrol() {
            return Ok(None);
        }
        let now = self.clock.now();
        let open = self.restore_requests()?.into_iter().filter(|request| !request.is_over());
        let lines: Vec<ToDoLine> = open
            .map(|request| ToDoLine {
                status: Some(Status::Check),
                name: request.asked.what.clone(),
                about: self.writer_words(&request.by),
                detail: request
                    .waited(now)
                    .map(|waited| format!("{}, {waited} ago", request.state()))
                    .unwrap_or_default(),
                link: Some(Link::Devices),
            })
            .collect();
        Ok((!lines.is_empty()).then(|| ToDoPart {
            title: "things asked to have back".to_owned(),
            rule:
                "Staff ask here for what was lost or is wrong. Take it up, and say what was done: Backups… on Devices."
                    .to_owned(),
            lines,
            calls: false,
        }))
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

    /// Whose a seat is; `None` for a device's own.
    pub fn person_at(&self, seat: &SeatId) -> Option<PersonId> {
        self.replica.view().seats.get(seat).and_then(|seated| seated.person).map(|(person, _)| person)
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

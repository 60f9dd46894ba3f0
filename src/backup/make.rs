//! Making a backup: which archive it goes to, and the steps between the records and the disk.
//!
//! Looking at the archives and writing to them may be slow and is done away from the records; reading the records is a
//! step for each file. By hand both are one loop.

use super::due;
use super::kept::{Backups, Known, Made};
use crate::clock::Clock;
use crate::device::Device;
use crate::limits;
use anyhow::{Context as _, bail};
use muster_core::backup::form::HEAD;
use muster_core::backup::read::{Archive, Inventory, head};
use muster_core::backup::write::{Made as File, Progress, Run};
use muster_core::backup::{BackupError, BackupKey, Shelf as _};
use muster_core::replica::Context;
use muster_storage::{ArchiveFolder, Archives, small_files};
use std::path::Path;

/// Small files that are of this place or process only.
const NOT_BACKED_UP: [&str; 2] = [super::place::FILE, "opened-"];

/// What is in the chosen folder.
#[derive(Debug)]
pub struct Survey {
    archives: Archives,
    /// The archive to go on with.
    open: Option<(u32, BackupKey, Inventory)>,
    /// The number of a new one.
    next: u32,
}

/// Looks which archive the next run goes to: the newest, unless it is old, damaged or somebody else's.
///
/// # Errors
/// When the folder is not there or cannot be read; or it should hold archives of ours and holds none.
pub fn survey(chosen: &Path, device: &Of, kept: &Backups, clock: Clock) -> anyhow::Result<Survey> {
    if !chosen.is_dir() {
        bail!("there is no folder {}: is the stick in?", chosen.display());
    }
    let archives = Archives::of(chosen, &device.school, &device.device);
    let numbers = archives.numbers()?;
    let next = numbers.last().map_or(1, |last| last.saturating_add(1));
    let now = clock.now();
    let mut open = None;
    if let Some(number) = numbers.last() {
        let folder = archives.archive(*number);
        // One whose head is damaged, or that is of keys not known here, is left as it is.
        let key = head(&folder).ok().and_then(|head| kept.keys.iter().find(|known| head.is_opened_by(&known.key)));
        if let Some(known) = key.filter(|known| due::is_gone_on_with(kept, known, now)) {
            match Archive::open(&folder, &known.key).and_then(|archive| archive.inventory()) {
                // One that is full is as one that is too old.
                Ok(inventory) if inventory.is_full() => {}
                Ok(inventory) => open = Some((*number, known.key.clone(), inventory)),
                Err(BackupError::Damaged(_)) => {}
                Err(other) => return Err(other.into()),
            }
        }
    }
    Ok(Survey { archives, open, next })
}

/// Of which school and device.
#[derive(Clone, Copy, Debug)]
pub struct Of {
    /// The school.
    pub school: muster_core::id::SchoolId,
    /// The device.
    pub device: muster_core::id::DeviceId,
}

/// A run that was begun: what to ask of the records, and where its files go.
#[derive(Debug)]
pub struct Begun {
    /// What the records are asked for.
    pub run: Run,
    /// Where the files go.
    pub writing: Writing,
}

/// The disk's half of a run.
#[derive(Debug)]
pub struct Writing {
    archives: Archives,
    number: u32,
    head: Option<Vec<u8>>,
    obsolete: Vec<String>,
    open: Option<ArchiveFolder>,
}

impl Writing {
    /// Puts the next file.
    ///
    /// # Errors
    /// When the disk refuses: what was there before stays whole, and the next run goes on from there.
    pub fn put(&mut self, file: &File) -> anyhow::Result<()> {
        if self.open.is_none() {
            let mut folder = match self.head.take() {
                None => self.archives.archive(self.number),
                Some(head) => {
                    let mut folder = self.archives.begin(self.number)?;
                    folder.put(HEAD, &head)?;
                    folder
                }
            };
            for name in &self.obsolete {
                folder.remove(name)?;
            }
            self.open = Some(folder);
        }
        let folder = self.open.as_mut().context("the backup's folder was not opened")?;
        Ok(folder.put(&file.name, &file.bytes)?)
    }
}

impl Device {
    /// What this device remembers of its backups.
    ///
    /// # Errors
    /// When it is there and cannot be read.
    pub fn backups(&self) -> anyhow::Result<Backups> {
        Backups::load(&self.replica).context("what this device remembers of its backups cannot be read just now")
    }

    /// Changes what this device remembers of its backups.
    ///
    /// # Errors
    /// When the file cannot be read, so that it would be replaced by less; or not be replaced.
    pub fn keep_backups(&mut self, change: impl FnOnce(&mut Backups)) -> anyhow::Result<()> {
        let mut kept = self.backups()?;
        change(&mut kept);
        Ok(kept.keep(&mut self.replica, &mut rand::rng())?)
    }

    /// Whose backups these would be.
    pub fn backup_of(&self) -> Of {
        Of { school: self.replica.school(), device: self.replica.device() }
    }

    /// Begins a run. A new archive's key is durable here before anything is sealed with it.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn begin_backup(&mut self, chosen: &Path, survey: Survey) -> anyhow::Result<Begun> {
        let Survey { archives, open, next } = survey;
        let (number, key, inventory, head) = match open {
            Some((number, key, inventory)) => (number, key, inventory, None),
            None => {
                let key = BackupKey::random(&mut rand::rng());
                let begun_ms = self.clock.now().utc_ms;
                let known = Known { key: key.clone(), begun_ms, folder: chosen.display().to_string() };
                self.keep_backups(|kept| kept.remember(known))?;
                let secrets = self.replica.device_secrets();
                let head = key.head(self.replica.founding(), secrets, &mut rand::rng())?;
                (next, key, Inventory::empty(), Some(head))
            }
        };
        let obsolete = inventory.obsolete.clone();
        let run = Run::begin(&self.replica, key, inventory)?;
        Ok(Begun { run, writing: Writing { archives, number, head, obsolete, open: None } })
    }

    /// The next file of a run; `None` when it is finished.
    ///
    /// # Errors
    /// When the records cannot be read. What is damaged and could not be left out is looked over then.
    pub fn backup_step(&mut self, run: &mut Run) -> anyhow::Result<Option<File>> {
        let mut random = rand::rng();
        let mut context = Context { now: self.clock.now(), random: &mut random };
        let mut files = || {
            let mut all = small_files(self.folder(), "", limits::SMALL_FILES)?;
            all.retain(|name| !NOT_BACKED_UP.iter().any(|not| name.starts_with(not)));
            Ok(all)
        };
        let next = run.next(&self.replica, &mut files, &mut context);
        if let Some(log) = run.suspect() {
            self.replica.suspect(log);
        }
        Ok(next?)
    }

    /// Remembers how a run went.
    ///
    /// # Errors
    /// When the file cannot be replaced.
    pub fn backup_ended(&mut self, chosen: &Path, ended: &Result<Progress, String>) -> anyhow::Result<()> {
        let at_ms = self.clock.now().utc_ms;
        let entries = self.replica.logs().values().map(muster_core::replica::LogState::length).sum();
        let folder = chosen.display().to_string();
        self.keep_backups(|kept| match ended {
            Ok(progress) => {
                kept.tried_into(&folder, None);
                kept.made = Some(Made { at_ms, entries, bytes: progress.bytes, folder });
                kept.left_out = progress.left_out;
            }
            Err(why) => kept.tried_into(&folder, Some((at_ms, why.clone()))),
        })
    }

    /// Backs up into a folder, from beginning to end. `progress` is told after each file.
    ///
    /// # Errors
    /// When the folder or the records refuse: what was written by then is gone on with the next time.
    pub fn back_up(&mut self, chosen: &Path, progress: &mut dyn FnMut(Progress)) -> anyhow::Result<Progress> {
        let ended = self.back_up_to(chosen, progress);
        let said = ended.as_ref().map(|progress| *progress).map_err(|error| format!("{error:#}"));
        self.backup_ended(chosen, &said)?;
        ended
    }

    fn back_up_to(&mut self, chosen: &Path, progress: &mut dyn FnMut(Progress)) -> anyhow::Result<Progress> {
        let found = survey(chosen, &self.backup_of(), &self.backups()?, self.clock)?;
        let Begun { mut run, mut writing } = self.begin_backup(chosen, found)?;
        while let Some(file) = self.backup_step(&mut run)? {
            writing.put(&file)?;
            progress(run.progress());
        }
        self.replica.note_left_out(run.left_out())?;
        Ok(run.progress())
    }

    /// Removes the archives in a folder that are older than one that was proven: what was erased since is in none then.
    /// One that has, or may have, what is not in the records here stays; gives the numbers of those.
    ///
    /// # Errors
    /// When one could not be looked at or removed.
    pub fn drop_backups_before(&mut self, chosen: &Path, number: u32) -> anyhow::Result<Vec<u32>> {
        let of = self.backup_of();
        let archives = Archives::of(chosen, &of.school, &of.device);
        let older: Vec<u32> = archives.numbers()?.into_iter().filter(|one| *one < number).collect();
        let keys = self.backups()?.keys;
        let (mut gone, mut stay) = (Vec::new(), Vec::new());
        for number in older {
            let folder = archives.archive(number);
            if !self.has_all_of(&folder, &keys)? {
                stay.push(number);
                continue;
            }
            gone.extend(head(&folder).ok().map(|head| head.generation));
            archives.remove(number)?;
        }
        if !gone.is_empty() {
            self.keep_backups(|kept| kept.keys.retain(|known| !gone.contains(&known.key.generation)))?;
        }
        Ok(stay)
    }

    /// Whether all that could be restored from an archive is in the records here.
    fn has_all_of(&self, folder: &ArchiveFolder, keys: &[Known]) -> anyhow::Result<bool> {
        if folder.names()?.is_empty() {
            return Ok(true);
        }
        let Ok(head) = head(folder) else { return Ok(false) };
        let Some(known) = keys.iter().find(|known| head.is_opened_by(&known.key)) else { return Ok(false) };
        let archive = Archive::open(folder, &known.key)?;
        let manifest = match archive.newest() {
            Ok((manifest, false)) => manifest,
            Err(BackupError::Unfinished) => return Ok(true),
            _ => return Ok(false),
        };
        for (log, heads) in &manifest.logs {
            for head in heads {
                let copy = |(place, hash)| !manifest.left_out.contains(&(*log, place, hash));
                // What is damaged here and whole there may be nowhere else any more.
                if !self.replica.holds(log, head)? || self.replica.damaged_under(log, head).any(copy) {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }
}

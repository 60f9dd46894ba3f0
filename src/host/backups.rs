//! Backups and drills beside the records: begun at the set time or when somebody asks, and never in anybody's way.
//!
//! What is slow happens on a thread of its own: looking at the stick, writing to it, and the whole of a drill, which
//! works on its own copy. Here is only what needs the records: a file of the backup a tick, and what is remembered.

use super::Host;
use crate::backup::drill::{Drilled, NotTried, drill_newest};
use crate::backup::due;
use crate::backup::make::{Begun, Survey, survey};
use crate::backup::restore::{self, Counted, OpenBy, Stop, Unpacked, find, unpack};
use crate::backup::words;
use crate::limits;
use anyhow::Context as _;
use muster_core::backup::write::{Made as File, Progress, Run};
use muster_school::calendar;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, TrySendError, sync_channel};

/// What goes on beside the records.
#[derive(Debug, Default)]
pub(super) enum Backing {
    #[default]
    Idle,
    /// The stick is looked at.
    Looking { into: PathBuf, answer: Receiver<anyhow::Result<Survey>> },
    /// Files are made here and written there.
    Writing(Box<Writing>),
    /// A drill is on.
    Drilling(Drilling),
    /// A restore is rehearsed: the number of the archive, what is in it, and where it lies until it was compared.
    Rehearsing { from: PathBuf, answer: Receiver<anyhow::Result<Rehearsal>>, stop: Stop },
}

/// What a rehearsal unpacked.
type Rehearsal = (u32, Unpacked, tempfile::TempDir);

#[derive(Debug)]
pub(super) struct Drilling {
    from: PathBuf,
    answer: Receiver<anyhow::Result<Drilled>>,
    stop: Stop,
    /// Nobody is told where there was nothing to drill.
    quiet: bool,
}

#[derive(Debug)]
pub(super) struct Writing {
    into: PathBuf,
    run: Run,
    /// `None` once all files were made.
    files: Option<SyncSender<File>>,
    waiting: Option<File>,
    answer: Receiver<anyhow::Result<()>>,
}

/// What is going on, for a screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BackupState {
    /// Nothing.
    Idle,
    /// A backup is made: so far.
    Making(Progress),
    /// A drill is on.
    Drilling,
    /// A restore is rehearsed.
    Rehearsing,
}

impl Host {
    /// What is going on.
    pub fn backup_state(&self) -> BackupState {
        match &self.backing {
            Backing::Idle => BackupState::Idle,
            Backing::Looking { .. } => BackupState::Making(Progress::default()),
            Backing::Writing(writing) => BackupState::Making(writing.run.progress()),
            Backing::Drilling(_) => BackupState::Drilling,
            Backing::Rehearsing { .. } => BackupState::Rehearsing,
        }
    }

    /// What became of backups and drills since this was asked last: words, and whether somebody has to do something.
    pub fn take_backup_news(&mut self) -> Vec<(String, bool)> {
        std::mem::take(&mut self.backup_news)
    }

    fn backup_says(&mut self, words: String, is_problem: bool) {
        if is_problem {
            tracing::warn!("a backup or its drill failed: see muster status");
        }
        // Nobody may be there to read: the newest are enough.
        let over = self.backup_news.len().saturating_sub(limits::TROUBLES);
        self.backup_news.drain(..over);
        self.backup_news.push((words, is_problem));
    }

    /// Begins a backup into a folder, unless something goes on already.
    ///
    /// # Errors
    /// When no thread can be had.
    pub fn begin_backup(&mut self, into: &Path) -> anyhow::Result<()> {
        if !matches!(self.backing, Backing::Idle) {
            return Ok(());
        }
        let (of, kept, clock) = (self.device.backup_of(), self.device.backups()?, self.device.clock);
        let into = into.to_owned();
        let chosen = into.clone();
        let answer = beside(move || survey(&chosen, &of, &kept, clock))?;
        self.backing = Backing::Looking { into, answer };
        self.moved = true;
        Ok(())
    }

    /// Begins a drill of the newest backup in a folder, unless something goes on already.
    ///
    /// # Errors
    /// When no thread can be had.
    pub fn begin_drill(&mut self, from: &Path) -> anyhow::Result<()> {
        self.drill_in(from, false)
    }

    fn drill_in(&mut self, from: &Path, quiet: bool) -> anyhow::Result<()> {
        if !matches!(self.backing, Backing::Idle) {
            return Ok(());
        }
        let keys = self.device.backup_keys()?;
        let (folder, from) = (self.device.folder().to_owned(), from.to_owned());
        let chosen = from.clone();
        let stop = Stop::default();
        let told = stop.clone();
        let answer = beside(move || drill_newest(&chosen, &keys, &folder, &told))?;
        self.backing = Backing::Drilling(Drilling { from, answer, stop, quiet });
        self.moved = true;
        Ok(())
    }

    /// Begins to rehearse a restore of the newest backup in a folder, unless something goes on already: it is unpacked
    /// beside these records, compared with them and removed again. Nothing is changed.
    ///
    /// # Errors
    /// When no thread can be had.
    pub fn begin_rehearsal(&mut self, from: &Path) -> anyhow::Result<()> {
        if !matches!(self.backing, Backing::Idle) {
            return Ok(());
        }
        let keys = self.device.backup_keys()?;
        let (folder, from) = (self.device.folder().to_owned(), from.to_owned());
        let (chosen, stop) = (from.clone(), Stop::default());
        let told = stop.clone();
        let answer = beside(move || {
            let mut source = find(&chosen, OpenBy::Keys(&keys), None)?;
            source.stop = told;
            let place = restore::beside(&folder)?;
            let unpacked = unpack(&source, &place.path().join("records"), &mut |_, _| {})?;
            Ok((source.number, unpacked, place))
        })?;
        self.rehearsed.clear();
        self.backing = Backing::Rehearsing { from, answer, stop };
        self.moved = true;
        Ok(())
    }

    /// What the last rehearsal of a restore found, a sentence a line.
    pub fn rehearsed(&self) -> &[String] {
        &self.rehearsed
    }

    /// Holds what was unpacked against the records here, and removes it.
    fn rehearsal_ended(&mut self, from: &Path, (number, unpacked, place): Rehearsal) -> anyhow::Result<()> {
        let here = (unpacked.compare_with(&self.device.replica)?, Counted::of(&self.device.replica)?);
        let mut said = words::of_rehearsal(&unpacked, number, Some(here))?;
        said.extend(unpacked.verified.says().into_iter().take(1));
        said.push("This was a rehearsal: nothing was changed.".to_owned());
        said.push(format!("To restore it, close Muster and type: muster restore --from \"{}\"", from.display()));
        drop(unpacked.folder());
        place.close().context("what was unpacked beside the records could not be removed")?;
        self.rehearsed = said;
        Ok(())
    }

    /// Ends a drill that is on, and waits until nothing of it is left beside the records.
    pub(super) fn end_drill(&mut self) {
        match std::mem::take(&mut self.backing) {
            Backing::Drilling(Drilling { answer, stop, .. }) => {
                stop.tell();
                let _ = answer.recv();
            }
            Backing::Rehearsing { answer, stop, .. } => {
                stop.tell();
                let _ = answer.recv();
            }
            _ => {}
        }
    }

    /// Goes on with what is on, and begins what is due.
    pub(super) fn mind_backups(&mut self) {
        if let Err(error) = self.go_on_with_backups() {
            self.trouble(&error);
        }
    }

    fn go_on_with_backups(&mut self) -> anyhow::Result<()> {
        match std::mem::take(&mut self.backing) {
            Backing::Idle => return self.begin_what_is_due(),
            Backing::Looking { into, answer } => match answer.try_recv() {
                Err(TryRecvError::Empty) => self.backing = Backing::Looking { into, answer },
                looked => {
                    let looked = looked.map_err(anyhow::Error::from).and_then(|looked| looked);
                    let begun = looked.and_then(|survey| self.device.begin_backup(&into, survey));
                    match begun {
                        Ok(begun) => self.backing = Backing::Writing(Box::new(write(into, begun)?)),
                        Err(error) => self.backup_ended(&into, &Err(format!("{error:#}")))?,
                    }
                }
            },
            Backing::Writing(writing) => self.write_on(*writing)?,
            Backing::Rehearsing { from, answer, stop } => match answer.try_recv() {
                Err(TryRecvError::Empty) => self.backing = Backing::Rehearsing { from, answer, stop },
                done => {
                    self.moved = true;
                    let done = done.map_err(anyhow::Error::from).and_then(|done| done);
                    if let Err(error) = done.and_then(|done| self.rehearsal_ended(&from, done)) {
                        self.backup_says(format!("The restore could not be rehearsed: {error:#}"), true);
                    }
                }
            },
            Backing::Drilling(drilling) => match drilling.answer.try_recv() {
                Err(TryRecvError::Empty) => self.backing = Backing::Drilling(drilling),
                drilled => {
                    self.moved = true;
                    let drilled = drilled.map_err(anyhow::Error::from).and_then(|drilled| drilled);
                    match drilled {
                        Ok(drilled) => {
                            let done = self.device.certify(&drilling.from, &drilled)?;
                            self.backup_says(words::of_drill(&done).join(" "), done.is_owed());
                        }
                        Err(error) => {
                            let said = self.device.drill_broke(&error)?;
                            if !(drilling.quiet && error.is::<NotTried>()) {
                                self.backup_says(said, true);
                            }
                        }
                    }
                }
            },
        }
        Ok(())
    }

    /// As many files as there is room for.
    fn write_on(&mut self, mut writing: Writing) -> anyhow::Result<()> {
        self.moved = true;
        while let Some(files) = &writing.files {
            let next = match writing.waiting.take() {
                Some(file) => Some(file),
                None => match self.device.backup_step(&mut writing.run) {
                    Ok(next) => next,
                    Err(error) => return self.backup_ended(&writing.into, &Err(format!("{error:#}"))),
                },
            };
            match next.map(|file| files.try_send(file)) {
                None => writing.files = None,
                Some(Ok(())) => {}
                Some(Err(TrySendError::Full(file))) => {
                    writing.waiting = Some(file);
                    break;
                }
                // Its answer says why.
                Some(Err(TrySendError::Disconnected(_))) => writing.files = None,
            }
        }
        match writing.answer.try_recv() {
            Err(TryRecvError::Empty) => self.backing = Backing::Writing(Box::new(writing)),
            Ok(Ok(())) => {
                self.device.replica.note_left_out(writing.run.left_out())?;
                self.backup_ended(&writing.into, &Ok(writing.run.progress()))?;
            }
            Ok(Err(error)) => self.backup_ended(&writing.into, &Err(format!("{error:#}")))?,
            Err(TryRecvError::Disconnected) => {
                self.backup_ended(&writing.into, &Err("it ended before it was done".to_owned()))?;
            }
        }
        Ok(())
    }

    fn backup_ended(&mut self, into: &Path, ended: &Result<Progress, String>) -> anyhow::Result<()> {
        self.moved = true;
        match ended {
            Ok(progress) => {
                self.backup_says(format!("Backed up: {}", words::backed_up(progress)), progress.left_out > 0);
            }
            Err(why) => self.backup_says(format!("The backup FAILED: {why}"), true),
        }
        // A drill may be due now.
        self.looked_to_back_up = None;
        self.device.backup_ended(into, ended)
    }

    /// Once a minute: some entries are looked over for damage. The day's backup is made from its set time on, or as soon as
    /// the machine is on again; a drill follows a backup every week.
    fn begin_what_is_due(&mut self) -> anyhow::Result<()> {
        let moment = self.device.clock.now();
        let now = calendar::local(moment);
        if self.looked_to_back_up == Some(now) {
            return Ok(());
        }
        self.looked_to_back_up = Some(now);
        if self.device.replica.is_wiped() {
            return Ok(());
        }
        self.device.replica.look_over(limits::LOOKED_OVER)?;
        let kept = self.device.backups()?;
        if let Some((day, folder)) = due::backup_owed(&kept, moment).zip(kept.set_folder()) {
            self.device.keep_backups(|kept| kept.tried = Some(day))?;
            return self.begin_backup(&folder);
        }
        if let Some(folder) = kept.drill_folder().filter(|_| due::drill_owed(&kept, moment)) {
            self.device.keep_backups(|kept| kept.drill_tried_ms = Some(moment.utc_ms))?;
            // A stick that is made by hand is in a drawer most of the week: that is no news.
            return self.drill_in(&folder, kept.set_folder().is_none());
        }
        Ok(())
    }
}

fn write(into: PathBuf, begun: Begun) -> anyhow::Result<Writing> {
    let Begun { run, mut writing } = begun;
    let (files, made) = sync_channel::<File>(limits::BACKUP_AHEAD);
    let answer = beside(move || {
        for file in made {
            writing.put(&file)?;
        }
        Ok(())
    })?;
    Ok(Writing { into, run, files: Some(files), waiting: None, answer })
}

/// Does something on a thread of its own; its answer comes some time.
fn beside<T: Send + 'static>(
    work: impl FnOnce() -> anyhow::Result<T> + Send + 'static,
) -> anyhow::Result<Receiver<anyhow::Result<T>>> {
    let (answer, wait) = sync_channel(1);
    std::thread::Builder::new().name("muster-backup".to_owned()).spawn(move || drop(answer.send(work())))?;
    Ok(wait)
}

//! Backups and drills beside the records: begun at the set time or when somebody asks, and never in anybody's way.
//!
//! What is slow happens on a thread of its own: looking at the stick, writing to it, and the whole of a drill, which
//! works on its own copy. Here is only what needs the records: a file of the backup a tick, and what is remembered.

use super::Host;
use crate::backup::drill::{Drilled, drill_newest};
use crate::backup::make::{Begun, Survey, survey};
use crate::backup::restore::Stop;
use crate::backup::words;
use crate::limits;
use muster_core::backup::write::{Made as File, Progress, Run};
use muster_school::calendar::{self, Day};
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
    Drilling { from: PathBuf, answer: Receiver<anyhow::Result<Drilled>>, stop: Stop },
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
}

impl Host {
    /// What is going on.
    pub fn backup_state(&self) -> BackupState {
        match &self.backing {
            Backing::Idle => BackupState::Idle,
            Backing::Looking { .. } => BackupState::Making(Progress::default()),
            Backing::Writing(writing) => BackupState::Making(writing.run.progress()),
            Backing::Drilling { .. } => BackupState::Drilling,
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
        if !matches!(self.backing, Backing::Idle) {
            return Ok(());
        }
        let keys = self.device.backup_keys()?;
        let (folder, clock, from) = (self.device.folder().to_owned(), self.device.clock, from.to_owned());
        let chosen = from.clone();
        let stop = Stop::default();
        let told = stop.clone();
        let answer = beside(move || drill_newest(&chosen, &keys, &folder, clock, &told))?;
        self.backing = Backing::Drilling { from, answer, stop };
        self.moved = true;
        Ok(())
    }

    /// Ends a drill that is on, and waits until nothing of it is left beside the records.
    pub(super) fn end_drill(&mut self) {
        if let Backing::Drilling { answer, stop, .. } = std::mem::take(&mut self.backing) {
            stop.tell();
            let _ = answer.recv();
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
            Backing::Drilling { from, answer, stop } => match answer.try_recv() {
                Err(TryRecvError::Empty) => self.backing = Backing::Drilling { from, answer, stop },
                drilled => {
                    self.moved = true;
                    let drilled = drilled.map_err(anyhow::Error::from).and_then(|drilled| drilled);
                    match drilled {
                        Ok(drilled) => {
                            let done = self.device.certify(&from, &drilled)?;
                            let mut said = words::certificate(&done.proven);
                            said.extend(words::of_older(&done.stay));
                            self.backup_says(said.join(" "), !done.proven.sound || !done.stay.is_empty());
                        }
                        Err(error) => {
                            let said = self.device.drill_broke(&error)?;
                            self.backup_says(said, true);
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

    /// Once a minute: some entries are looked over for damage; the day's backup from its set time on, or as soon as the machine is on again, and a drill every week after a backup.
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
        let (Some(folder), Some(minute)) = (kept.set_folder(), kept.minute) else { return Ok(()) };
        let long_ago = |ms: i64, ago: i64| moment.utc_ms.saturating_sub(ms) >= ago;
        let failed_just_now = kept.failed.as_ref().is_some_and(|(ms, _)| !long_ago(*ms, limits::BACKUP_AGAIN_MS));
        let owed = set_day_owed(kept.tried.filter(|_| kept.failed.is_none()), (now.day, now.minute), minute);
        if let Some(day) = owed.filter(|_| !failed_just_now) {
            self.device.keep_backups(|kept| kept.tried = Some(day))?;
            return self.begin_backup(&folder);
        }
        let drill_due = kept.made.is_some()
            && kept.proven_ms.is_none_or(|ms| long_ago(ms, limits::DRILL_EVERY_MS))
            && kept.drill_tried_ms.is_none_or(|ms| long_ago(ms, limits::BACKUP_AGAIN_MS))
            && kept.drill_failed.as_ref().is_none_or(|(ms, _)| kept.made.as_ref().is_some_and(|made| made.at_ms > *ms));
        if drill_due {
            self.device.keep_backups(|kept| kept.drill_tried_ms = Some(moment.utc_ms))?;
            return self.begin_drill(&folder);
        }
        Ok(())
    }
}

/// The day on which the set time last came, where nothing was tried since: a machine that was off then makes up for it
/// when it is on again.
pub(crate) fn set_day_owed(tried: Option<Day>, (day, minute): (Day, u16), set: u16) -> Option<Day> {
    let last = if minute >= set { day } else { Day(day.0.saturating_sub(1)) };
    // One that was tried in days to come was tried by a wrong clock.
    tried.is_none_or(|tried| tried < last || tried > day).then_some(last)
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

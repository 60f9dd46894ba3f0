//! Restoring: first a rehearsal that changes nothing, then a fresh folder beside the old one, and a swap by rename.
//!
//! The folder that was there is kept under another name, never deleted. A restored device begins a new incarnation before
//! anything is written, and before it takes the old one's place.

use super::{leftovers, place};
use crate::clock::Clock;
use crate::device::Device;
use crate::local::Local;
use anyhow::{Context as _, bail};
use muster_core::audit::Verified;
use muster_core::authority::grant::RANK_HEAD;
use muster_core::authority::view::{Holder, View};
use muster_core::backup::form::Manifest;
use muster_core::backup::read::{Archive, head};
use muster_core::backup::{BackupError, BackupKey, Shelf};
use muster_core::id::{DeviceId, LogId, PersonId};
use muster_core::keys::recovery::Card;
use muster_core::log::frontier::Head;
use muster_core::replica::store::{Store, StoreError, Untouched};
use muster_core::replica::{Context, Replica, WhyAnew};
use muster_school::areas;
use muster_school::calendar;
use muster_school::facts::continuity::Restored;
use muster_storage::{ArchiveFolder, Archives, RedbStore, Replacing};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Who runs a school: whoever stands so high or higher may restore without cards.
const RANK_RESTORES: u8 = RANK_HEAD + 1;

/// An archive that was found, and what opens it.
#[derive(Clone, Debug)]
pub struct Source {
    /// Where it lies.
    pub folder: ArchiveFolder,
    /// Its number among those of its device.
    pub number: u32,
    /// Whose it is.
    pub device: DeviceId,
    /// What opens it.
    pub key: BackupKey,
    /// The numbers of those before it.
    pub older: Vec<u32>,
    /// Ends the reading of it.
    pub stop: Stop,
}

impl Source {
    /// Says with what went wrong that there are older ones, where there are.
    pub fn or_an_older(&self, error: anyhow::Error) -> anyhow::Error {
        or_an_older(error, &self.older)
    }
}

fn or_an_older(error: anyhow::Error, older: &[u32]) -> anyhow::Error {
    if older.is_empty() {
        return error;
    }
    let older: Vec<String> = older.iter().map(u32::to_string).collect();
    error.context(format!("older archives are there too ({}): muster restore --archive N takes one", older.join(", ")))
}

/// What opens backups.
#[derive(Clone, Copy, Debug)]
pub enum OpenBy<'a> {
    /// The keys that a device remembers.
    Keys(&'a [BackupKey]),
    /// Two recovery cards.
    Cards([&'a Card; 2]),
}

/// The newest backup in a folder that was finished and can be opened; or the one of a number, where one is given.
///
/// # Errors
/// When there is none, several devices' can be opened, or it is damaged.
pub fn find(from: &Path, by: OpenBy<'_>, only: Option<u32>) -> anyhow::Result<Source> {
    if !from.is_dir() {
        bail!("there is no folder {}: is the stick in?", from.display());
    }
    let mut found: Vec<Source> = Vec::new();
    let mut shut = None;
    for archives in Archives::found(from)? {
        match newest(&archives, by, only) {
            Ok(source) => found.push(source),
            Err(why) => shut = Some(why),
        }
    }
    match (found.pop(), found.is_empty()) {
        (Some(source), true) => Ok(source),
        (Some(_), false) => bail!(
            "there are backups of several devices in {}: name the folder of one of them, which begins with muster-backup-",
            from.display()
        ),
        (None, _) => Err(shut.unwrap_or_else(|| BackupError::None.into())),
    }
}

fn newest(archives: &Archives, by: OpenBy<'_>, only: Option<u32>) -> anyhow::Result<Source> {
    let mut shut = BackupError::None;
    let numbers = archives.numbers()?;
    for number in numbers.iter().copied().rev().filter(|number| only.is_none_or(|only| only == *number)) {
        let folder = archives.archive(number);
        let older: Vec<u32> = numbers.iter().copied().filter(|one| *one < number).collect();
        match open(&folder, by) {
            Ok((device, key)) => return Ok(Source { folder, number, device, key, older, stop: Stop::default() }),
            // The newest was only begun: the one before it is whole.
            Err(BackupError::Unfinished) => shut = BackupError::Unfinished,
            // A damaged one is not passed over in silence.
            Err(other) => return Err(or_an_older(other.into(), &older)),
        }
    }
    Err(shut.into())
}

fn open(folder: &ArchiveFolder, by: OpenBy<'_>) -> Result<(DeviceId, BackupKey), BackupError> {
    // The stick was pulled between the folder and its first file.
    if folder.names()?.is_empty() {
        return Err(BackupError::Unfinished);
    }
    let head = head(folder)?;
    let key = match by {
        OpenBy::Keys(keys) => keys.iter().find(|key| head.is_opened_by(key)).cloned().ok_or(BackupError::OtherKey)?,
        OpenBy::Cards([left, right]) => BackupKey::by_cards(&head, left, right)?,
    };
    Archive::open(folder, &key)?.newest()?;
    Ok((head.device, key))
}

/// A backup that was unpacked and checked whole, in a folder that nobody uses yet.
#[derive(Debug)]
pub struct Unpacked {
    /// What is in it.
    pub replica: Replica<RedbStore>,
    /// Its list.
    pub manifest: Manifest,
    /// A newer list is there and is damaged.
    pub newer_is_damaged: bool,
    /// What the check of everything found.
    pub verified: Verified,
    folder: PathBuf,
}

/// Unpacks a backup into a new folder and checks all of it. Nothing is begun: the records are as they were.
///
/// # Errors
/// When a file of it is missing or damaged, its device was never of the school, or the disk fails.
pub fn unpack(source: &Source, into: &Path, progress: &mut dyn FnMut(usize, usize)) -> anyhow::Result<Unpacked> {
    let folder = Until(&source.folder, &source.stop);
    let archive = Archive::open(&folder, &source.key)?;
    let (manifest, newer_is_damaged) = archive.newest()?;
    let manifest = manifest.clone();
    let mut store = RedbStore::create(into)?;
    archive.unpack(&mut store, progress)?;
    let replica = Replica::open(store, &areas::rules())?;
    let device = source.device;
    let of_school = replica.view().was_enrolled(&device) && replica.device() == device;
    if !of_school || replica.school() != archive.head().school() {
        bail!("this backup is not of a device of its school: somebody made it up. Use another");
    }
    source.stop.go_on()?;
    let verified = replica.verify(&mut |_, _| {})?;
    Ok(Unpacked { replica, manifest, newer_is_damaged, verified, folder: into.to_owned() })
}

/// What a backup has and lacks, beside what is in the folder now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// Entries that are here and not in the backup.
    pub lacks: u64,
    /// Of those, how many no other device is known to hold.
    pub only_here: u64,
    /// Entries in the backup that are not here.
    pub brings: u64,
}

/// What there is of records in numbers that somebody at the school can judge by. Nothing is opened for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// Files of pupils.
    pub pupils: u32,
    /// Registers: a class's week each.
    pub registers: u32,
    /// When the last mark was entered, by the clock of whoever did, in milliseconds since 1970 UTC.
    pub last_mark_ms: Option<i64>,
    /// Concerns and cases.
    pub concerns: u32,
}

impl Counted {
    /// Of records that are open.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn of<S: Store>(replica: &Replica<S>) -> anyhow::Result<Self> {
        let tally = replica.tally()?;
        let of = |area| tally.get(&area).copied().unwrap_or_default();
        let registers = of(areas::REGISTER);
        Ok(Self {
            pupils: of(areas::PUPIL).documents,
            registers: registers.documents,
            last_mark_ms: registers.newest.map(|at| at.utc_ms),
            concerns: of(areas::SAFEGUARDING).documents,
        })
    }
}

/// The entries of one that another has not, or not whole: of which log, and the place.
fn beside_each_other<S: Store, T: Store>(one: &Replica<S>, other: &Replica<T>) -> anyhow::Result<Vec<(LogId, u64)>> {
    let mut lacking = Vec::new();
    for log in one.logs().keys() {
        let known = other.logs().get(log).and_then(|state| match state.heads.as_slice() {
            [head] => Some(head),
            _ => None,
        });
        // An end that both have stands for all before it, where that is whole in both.
        let from = match known {
            Some(head) if one.holds(log, head)? && !damaged(one, log, head) && !damaged(other, log, head) => {
                head.length
            }
            _ => 0,
        };
        for (place, hash) in one.whole_from(log, from)? {
            if !other.has_whole(log, place, &hash)? {
                lacking.push((*log, place));
            }
        }
    }
    Ok(lacking)
}

fn damaged<S: Store>(replica: &Replica<S>, log: &LogId, head: &Head) -> bool {
    replica.damaged_under(log, head).next().is_some()
}

impl Unpacked {
    /// The school's name; as on its cards where the device never learnt it.
    pub fn school(&self) -> String {
        let name = Local::load(&self.replica).school;
        if name.is_empty() { muster_core::keys::recovery::fingerprint(&self.replica.school()) } else { name }
    }

    /// Lets go of the records, and says where they are.
    pub fn folder(self) -> PathBuf {
        let Self { replica, folder, .. } = self;
        drop(replica);
        folder
    }

    /// Compares it with the records of a folder, which are looked at only.
    ///
    /// # Errors
    /// When those cannot be read: they are damaged, gone, or open in another Muster.
    pub fn compare(&self, folder: &Path) -> anyhow::Result<(Compared, Counted)> {
        let now = Replica::open(Untouched::over(RedbStore::open(folder)?), &areas::rules())?;
        Ok((self.compare_with(&now)?, Counted::of(&now)?))
    }

    /// As [`Unpacked::compare`], with records that are open.
    ///
    /// # Errors
    /// When they are of another school, or cannot be read.
    pub fn compare_with<S: Store>(&self, now: &Replica<S>) -> anyhow::Result<Compared> {
        if now.school() != self.replica.school() {
            bail!("the records here are of another school");
        }
        let lacks = beside_each_other(now, &self.replica)?;
        let only_here = lacks.iter().filter(|(log, place)| now.copies(log, *place) == 0).count() as u64;
        let brings = beside_each_other(&self.replica, now)?.len() as u64;
        Ok(Compared { lacks: lacks.len() as u64, only_here, brings })
    }

    /// What is in it, in numbers.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn counted(&self) -> anyhow::Result<Counted> {
        Counted::of(&self.replica)
    }

    /// Those who may restore without cards: whoever has keys in the backup and runs the school, by the backup and by the
    /// records in a folder as they are now, so that nobody comes back by a backup of before they were removed.
    ///
    /// # Errors
    /// When the records in the folder do not open, or say that this device is held back or out: then it takes two cards.
    pub fn who_restores(&self, folder: &Path) -> anyhow::Result<Vec<(PersonId, String)>> {
        let now = Replica::open(Untouched::over(RedbStore::open(folder)?), &areas::rules())?;
        if !now.view().is_enrolled(&now.device()) {
            bail!("this device is held back or out of the school: two recovery cards restore it, with --with-cards");
        }
        let runs = |view: &View, person| view.rank(&Holder::Person(person)).is_some_and(|rank| rank <= RANK_RESTORES);
        let both = |person| runs(self.replica.view(), person) && runs(now.view(), person);
        let named = self.replica.keys_here().filter(|(person, _)| both(*person));
        Ok(named.map(|(id, name)| (id, name.to_owned())).collect())
    }

    /// Lets somebody restore who runs the school: by their passphrase of now, and by a code where they have set up a
    /// second factor, which is asked for then. Says whether the passphrase is that of the backup, too.
    ///
    /// # Errors
    /// When one of them is wrong.
    pub fn admits(
        &self,
        person: PersonId,
        passphrase: &str,
        folder: &Path,
        clock: Clock,
        ask: &mut dyn FnMut() -> anyhow::Result<String>,
    ) -> anyhow::Result<bool> {
        let own = {
            let now = Replica::open(Untouched::over(RedbStore::open(folder)?), &areas::rules())?;
            now.open_keys_of(person, passphrase)?
        };
        if let Some(factor) = own.second_factor {
            factor.check(&ask()?, clock.now(), None).context("that code is not the one: nothing was changed")?;
        }
        Ok(self.replica.open_keys_of(person, passphrase).is_ok())
    }

    /// Puts it in the place of a folder that nobody can open meanwhile: a new incarnation first, then the swap. Gives
    /// where the folder that was there is now.
    ///
    /// # Errors
    /// When the disk fails. Until the swap the old folder stays where it is.
    pub fn take_the_place_of(
        mut self,
        folder: &Path,
        _nobody_opens_it: &Replacing,
        by_cards: bool,
        clock: Clock,
    ) -> anyhow::Result<Option<PathBuf>> {
        if !self.verified.holds_together() {
            bail!("the backup does not hold together: nothing was changed. Use an earlier one");
        }
        let mut random = rand::rng();
        let mut context = Context { now: clock.now(), random: &mut random };
        self.replica.new_incarnation(WhyAnew::Restored, &mut context)?;
        place::note(&mut self.replica, &self.folder, &mut rand::rng())?;
        let restored = Restored { taken_ms: self.manifest.at.utc_ms, entries: self.manifest.entries(), by_cards };
        let mut device = Device::over(self.replica, &self.folder, clock);
        device.catch_up()?;
        if let Some(site) = device.site()
            && let Err(error) = device.office_of_device(|office| Ok(office.file_continuity(site, restored)?))
        {
            // Its first meeting brings the rights and keys that it lacks.
            tracing::warn!("that this device was restored is not in the records: {error}");
        }
        drop(device);
        let aside = set_aside(folder, clock)?;
        if let Err(error) = fs::rename(&self.folder, folder) {
            // What was there goes back to where it was.
            if let Some(aside) = &aside {
                fs::rename(aside, folder).with_context(|| format!("it is in {}", aside.display()))?;
            }
            return Err(error).with_context(|| format!("{} cannot take its place", self.folder.display()));
        }
        sync_names(folder);
        Ok(aside)
    }
}

/// Renames the folder that is there. An empty one is in nobody's way.
fn set_aside(folder: &Path, clock: Clock) -> anyhow::Result<Option<PathBuf>> {
    if !folder.exists() || fs::remove_dir(folder).is_ok() {
        return Ok(None);
    }
    let now = calendar::local(clock.now());
    let at = format!("{}-{}", now.day.iso(), calendar::clock(now.minute).replace(':', ""));
    let mut aside = leftovers::aside(folder, &at);
    for again in 2..=100 {
        if !aside.exists() {
            break;
        }
        aside = leftovers::aside(folder, &format!("{at}-{again}"));
    }
    fs::rename(folder, &aside).with_context(|| format!("{} cannot be put aside", folder.display()))?;
    Ok(Some(aside))
}

/// Makes a new name durable, where the system can be asked to.
fn sync_names(folder: &Path) {
    let above = folder.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if let Err(error) = fs::File::open(above).and_then(|above| above.sync_all()) {
        tracing::warn!("the new folder's name may not survive a power cut just now: {error}");
    }
}

/// A new folder beside another, on the same disk, so that it can take its place by a rename.
///
/// # Errors
/// When it cannot be made.
pub fn beside(folder: &Path) -> anyhow::Result<tempfile::TempDir> {
    leftovers::for_restore(folder)
}

/// Tells a drill that is on, on another thread, not to go on. Clones tell the same one.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Tells it.
    pub fn tell(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it was told.
    pub fn is_told(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Ends what is on where it was told.
    ///
    /// # Errors
    /// When it was.
    pub fn go_on(&self) -> Result<(), StoreError> {
        if !self.is_told() {
            return Ok(());
        }
        let detail = "Muster was closed meanwhile".to_owned();
        Err(StoreError::Failed { doing: "go on", place: "the backup".to_owned(), detail })
    }
}

/// An archive that is read until somebody says stop.
struct Until<'a>(&'a ArchiveFolder, &'a Stop);

impl Shelf for Until<'_> {
    fn names(&self) -> Result<Vec<String>, StoreError> {
        self.0.names()
    }

    fn get(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.1.go_on()?;
        self.0.get(name)
    }

    fn put(&mut self, _: &str, _: &[u8]) -> Result<(), StoreError> {
        Err(only_read(self.0))
    }

    fn remove(&mut self, _: &str) -> Result<(), StoreError> {
        Err(only_read(self.0))
    }
}

fn only_read(folder: &ArchiveFolder) -> StoreError {
    let detail = "it is only read".to_owned();
    StoreError::Failed { doing: "write", place: folder.path().display().to_string(), detail }
}

//! A school on this device: its records opened, and whoever is signed in.
//!
//! Founding and opening are here, and doing things as a seat; `people` signs in and out, `lists` keeps what a locked
//! device shows and the record of use, `step_up` is about second factors.

mod admission;
pub mod carry;
mod change;
mod continuity;
pub mod drafts;
mod erase;
mod export;
pub mod extract;
mod lists;
mod lost;
mod marshal;
mod odd;
pub mod opened;
pub mod passphrase;
mod people;
mod pin;
mod policy;
mod print;
mod recovery;
mod rehearsal;
mod renew;
mod reset;
mod review;
mod roll_calls;
mod shut;
mod staff;
mod step_up;
mod tries;
mod watch;
mod who;

pub use admission::NotNow;
pub use erase::UNDONE;
pub use step_up::{NO_SECOND_FACTOR, StepUpNeeded};

use crate::clock::Clock;
use crate::local::Local;
use anyhow::{Context as _, bail};
use muster_core::crypto::stretch::Cost;
use muster_core::founding::Founding;
use muster_core::id::{PersonId, PlaceId, SeatId};
use muster_core::keys::bundle::Opened;
use muster_core::keys::recovery::Card;
use muster_core::replica::act::Writer;
use muster_core::replica::{Context, DeviceSecrets, Passphrase, Replica};
use muster_school::known::Known;
use muster_school::limits::NAME_CHARS;
use muster_school::office::Office;
use muster_school::{areas, roles};
use muster_storage::{Processors, RedbStore};
use std::path::{Path, PathBuf};

/// The records of this device, and who is at it.
#[derive(Debug)]
pub struct Device {
    /// What it holds.
    pub replica: Replica<RedbStore>,
    /// What is known of the school, decoded.
    pub known: Known,
    /// What it remembers for itself.
    pub local: Local,
    /// Its clock.
    pub clock: Clock,
    /// Who is signed in.
    pub opened: Option<Opened>,
    /// Until when a code holds.
    raised: Option<step_up::Raised>,
    /// How they were let in.
    admission: admission::Admission,
    folder: PathBuf,
    /// The command for which somebody signs in, and no longer: then one entry says so.
    command: Option<String>,
    /// When they signed in.
    since: Option<pin::Since>,
    /// Wrong passphrases so far.
    tries: tries::Tries,
    /// What unlocks again within their sign-in.
    pin: Option<pin::Pin>,
    /// What the new keys of whoever signed in are to be said with, once.
    renewed: Option<String>,
    /// A hash of the fire list as this process last kept it.
    fire_kept: Option<[u8; 32]>,
    /// What was last found of the recovery cards.
    cards_looked: rehearsal::Looked,
    /// How often the records had carried out an erasure when this device last let go of its own copies.
    erased_seen: Option<u64>,
    /// Fields whose unsaved text was let go of, as it was about a pupil whose file was erased.
    dropped: Vec<String>,
}

/// An office at this device: what a user can do.
pub type DeviceOffice<'a, 'b> = Office<'a, Writer<'b, RedbStore>>;

/// Where records are kept when nothing else is said.
pub fn default_folder() -> PathBuf {
    if let Some(folder) = std::env::var_os("MUSTER_FOLDER") {
        return folder.into();
    }
    let data = std::env::var_os("XDG_DATA_HOME").map(PathBuf::from).or_else(|| {
        let home = std::env::var_os("HOME").or_else(|| std::env::var_os("USERPROFILE"))?;
        Some(PathBuf::from(home).join(".local").join("share"))
    });
    data.unwrap_or_else(|| PathBuf::from(".")).join("muster")
}

impl Device {
    /// Founds a school in a folder: its records, its head, and the three recovery cards, which exist nowhere else:
    /// `keep_cards` is given them before there is anything that they could open.
    ///
    /// # Errors
    /// When a school is there already, a name or the passphrase will not do, the cards cannot be kept, or the disk
    /// fails.
    pub fn found(
        folder: &Path,
        school: &str,
        head: &str,
        device: &str,
        passphrase: &str,
        clock: Clock,
        keep_cards: &mut dyn FnMut(&[Card]) -> anyhow::Result<()>,
    ) -> anyhow::Result<Self> {
        for (what, name) in [("the school", school), ("the head", head), ("this device", device)] {
            check_name(what, name)?;
        }
        passphrase::check(passphrase, &[school, head])?;
        must_be_empty(folder)?;
        let mut random = rand::rng();
        let (founding, head_keys, secrets, cards) =
            Founding::new(&mut random).context("the cards could not be made")?;
        let store = RedbStore::create(folder)?;
        keep_cards(&cards)?;
        let mut context = Context { now: clock.now(), random: &mut random };
        let rights = roles::DeviceKind::Laptop.capabilities(&[]);
        let kept = Passphrase { text: passphrase, cost: Cost::NORMAL };
        let rules = areas::rules();
        let founded =
            Replica::found_with(store, &founding, head_keys, secrets, rights, &rules, Some(&kept), &mut context)?;
        let mut this = Self::over(founded.replica, folder, clock);
        this.opened = Some(founded.head);
        let device_id = this.replica.device();
        let head_id = this.replica.founding().head;
        this.office(|office| {
            office.name_school(school)?;
            office.name_device(device_id, device, None)?;
            office.add_person(Some(head_id), &recovery::head_named(head, "HEAD"))?;
            Ok(())
        })?;
        this.local.device = device.to_owned();
        this.since_now();
        this.after_sign_in()?;
        this.know_the_place()?;
        Ok(this)
    }

    /// Begins on a device that has just been let in.
    ///
    /// # Errors
    /// When a school is there already, or the disk fails.
    pub fn join(
        folder: &Path,
        founding: &Founding,
        secrets: DeviceSecrets,
        name: &str,
        clock: Clock,
    ) -> anyhow::Result<Self> {
        let store = RedbStore::create(folder)?;
        let mut random = rand::rng();
        let mut context = Context { now: clock.now(), random: &mut random };
        let replica = Replica::join(store, founding, secrets, &areas::rules(), &mut context)?;
        let mut this = Self::over(replica, folder, clock);
        this.local.device = name.to_owned();
        this.keep_local()?;
        this.know_the_place()?;
        Ok(this)
    }

    /// Opens the records of a folder, with nobody signed in.
    ///
    /// # Errors
    /// When there are none, another process has them open, or they are damaged.
    pub fn open(folder: &Path, clock: Clock) -> anyhow::Result<Self> {
        if !RedbStore::exists(folder) {
            return Err(muster_core::replica::OpenError::Empty.into());
        }
        let mut this = Self::over(Replica::open(RedbStore::open(folder)?, &areas::rules())?, folder, clock);
        crate::backup::leftovers::remove_unfinished(folder);
        this.know_the_place()?;
        this.obey()?;
        this.write_openings_down();
        Ok(this)
    }

    pub(crate) fn over(mut replica: Replica<RedbStore>, folder: &Path, clock: Clock) -> Self {
        replica.share_work(&Processors);
        let local = Local::load(&replica);
        let folder = folder.to_owned();
        let tries = tries::Tries::load(&replica);
        Self {
            replica,
            known: Known::default(),
            local,
            clock,
            opened: None,
            raised: None,
            admission: admission::Admission::default(),
            folder,
            command: None,
            since: None,
            tries,
            pin: None,
            renewed: None,
            fire_kept: None,
            cards_looked: None,
            erased_seen: None,
            dropped: Vec::new(),
        }
    }

    /// Where its records are.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The seat that acts: the person's who is signed in, or the device's own.
    pub fn seat(&self) -> SeatId {
        self.opened.as_ref().map_or_else(|| self.replica.device_seat(), |opened| opened.seat.seat)
    }

    /// Who is signed in.
    pub fn person(&self) -> Option<PersonId> {
        self.opened.as_ref().map(|opened| opened.person.person)
    }

    /// Does something as whoever is signed in, or as the device.
    ///
    /// # Errors
    /// What the act itself says.
    pub fn office<T>(&mut self, act: impl FnOnce(&mut DeviceOffice<'_, '_>) -> anyhow::Result<T>) -> anyhow::Result<T> {
        self.office_as(self.seat(), act)
    }

    /// Does something as the device itself, whoever is signed in.
    ///
    /// # Errors
    /// What the act itself says.
    pub fn office_of_device<T>(
        &mut self,
        act: impl FnOnce(&mut DeviceOffice<'_, '_>) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        self.office_as(self.replica.device_seat(), act)
    }

    fn office_as<T>(
        &mut self,
        seat: SeatId,
        act: impl FnOnce(&mut DeviceOffice<'_, '_>) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        let mut random = rand::rng();
        let context = Context { now: self.clock.now(), random: &mut random };
        let mut writer = self.replica.writer(seat, context).context("nobody is signed in: sign in first")?;
        act(&mut Office::new(&mut writer, &mut self.known))
    }

    /// Applies what waits, as far as the keys at hand allow.
    ///
    /// # Errors
    /// When the store fails.
    pub fn catch_up(&mut self) -> anyhow::Result<()> {
        let mut random = rand::rng();
        let mut context = Context { now: self.clock.now(), random: &mut random };
        while self.replica.work(&mut context)?.1 {}
        self.tend_erasures()?;
        self.keep_seat()
    }

    /// The site whose fire list this device shows: its own, or the first it reads the roll of.
    pub fn site(&self) -> Option<PlaceId> {
        let own = self.local.site.as_ref().map(|(site, _)| *site);
        own.or_else(|| {
            let mut sections = self.replica.logs().values().map(|state| state.descriptor.section.compartment);
            sections.find(|compartment| compartment.area == areas::ROLL).map(|compartment| compartment.place)
        })
    }

    /// Imports what was read from files, as whoever is signed in.
    ///
    /// # Errors
    /// When nobody is signed in, they are neither a senior leader nor a data handler, staff are among it and a code must
    /// come first, or the records refuse.
    pub fn import(
        &mut self,
        parsed: muster_school::import::Parsed,
        options: muster_school::import::Options,
    ) -> anyhow::Result<muster_school::import::ImportReport> {
        if !self.with_records(|writer, _| Ok(muster_school::rights::may_upload(writer)))? {
            bail!("files are brought in by senior leaders and data handlers, such as the office: ask them");
        }
        if parsed.changes_staff() {
            // A role in a file gives rights, as one in a form does.
            self.need(muster_school::step_up::Guarded::Administer)?;
        }
        self.with_records(|writer, known| Ok(muster_school::import::apply(writer, known, parsed, options)?))
    }

    /// Who did what, as far as whoever is signed in may read it; newest first.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub fn audit(&mut self, wanted: &muster_school::story::Wanted) -> anyhow::Result<Vec<muster_school::story::Told>> {
        self.with_records(|writer, known| Ok(muster_school::story::tell(writer, known, wanted)?))
    }

    /// As [`Device::audit`], the newest only: at most so many lines.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub fn newest_audit(
        &mut self,
        wanted: &muster_school::story::Wanted,
        most: usize,
    ) -> anyhow::Result<muster_school::story::Newest> {
        self.with_records(|writer, known| Ok(muster_school::story::newest(writer, known, wanted, most)?))
    }

    /// A register, as it shows.
    ///
    /// # Errors
    /// When the group is not known, or the records cannot be read.
    pub fn register(
        &mut self,
        group: muster_school::ids::GroupId,
        session: muster_school::calendar::Session,
    ) -> anyhow::Result<muster_school::view::register::RegisterView> {
        let key = muster_school::show::register_key(group, session);
        self.with_records(|writer, known| Ok(muster_school::show::register(writer, known, &key)?))
    }

    /// Reads or writes as whoever is signed in, or as the device, with what is known beside.
    ///
    /// # Errors
    /// What the work itself says.
    pub fn with_records<T>(
        &mut self,
        work: impl FnOnce(&mut Writer<'_, RedbStore>, &mut Known) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        let seat = self.seat();
        let mut random = rand::rng();
        let context = Context { now: self.clock.now(), random: &mut random };
        let mut writer = self.replica.writer(seat, context).context("nobody is signed in: sign in first")?;
        work(&mut writer, &mut self.known)
    }
}

impl Drop for Device {
    /// Closing is signing out, and it is written down. A command that has done its work closes.
    fn drop(&mut self) {
        if let Err(error) = self.sign_out() {
            tracing::warn!("the sign-out was not written down: {error}");
        }
    }
}

/// Whether a name can be given to a school, a person or a device.
fn check_name(what: &str, name: &str) -> anyhow::Result<()> {
    if name.trim().is_empty() {
        bail!("{what} needs a name: give one");
    }
    if name.chars().count() > NAME_CHARS || name.chars().any(char::is_control) {
        bail!("the name of {what} must be one line of at most {NAME_CHARS} characters: shorten it");
    }
    Ok(())
}

/// Whether a school can begin in a folder.
///
/// # Errors
/// When one is there already.
pub fn must_be_empty(folder: &Path) -> anyhow::Result<()> {
    if RedbStore::exists(folder) {
        bail!("there is a school in {} already: use another folder", folder.display());
    }
    Ok(())
}

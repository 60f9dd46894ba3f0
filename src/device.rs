//! A school on this device: its records opened, and whoever is signed in.

use crate::clock::Clock;
use crate::fire_file;
use crate::local::Local;
use anyhow::{Context as _, bail};
use muster_core::crypto::stretch::Cost;
use muster_core::founding::Founding;
use muster_core::id::{PersonId, PlaceId, SeatId};
use muster_core::keys::bundle::{self, Opened};
use muster_core::keys::recovery::Card;
use muster_core::replica::act::Writer;
use muster_core::replica::records::{Records as _, RecordsError};
use muster_core::replica::{Context, DeviceSecrets, Replica};
use muster_school::facts::access::Event;
use muster_school::facts::person::PersonFact;
use muster_school::facts::{self, documents};
use muster_school::fire::{presence, saved};
use muster_school::known::Known;
use muster_school::office::{Office, OfficeError};
use muster_school::{areas, roles};
use muster_storage::RedbStore;
use std::path::{Path, PathBuf};

/// The least length of a chosen passphrase, in characters. Generated words are offered first.
const PASSPHRASE_CHARS: usize = 12;

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
    folder: PathBuf,
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
    /// Founds a school in a folder: its records, its head, and the three recovery cards, which exist nowhere else.
    ///
    /// # Errors
    /// When a school is there already, the passphrase is too weak, or the disk fails.
    pub fn found(
        folder: &Path,
        school: &str,
        head: &str,
        device: &str,
        passphrase: &str,
        clock: Clock,
    ) -> anyhow::Result<(Self, Vec<Card>)> {
        check_passphrase(passphrase)?;
        must_be_empty(folder)?;
        let mut random = rand::rng();
        let (founding, head_keys, cards) = Founding::new(&mut random).context("the cards could not be made")?;
        let store = RedbStore::create(folder)?;
        let secrets = DeviceSecrets::random(founding.school(), &mut random);
        let mut context = Context { now: clock.now(), random: &mut random };
        let rights = roles::device_capabilities(&[]);
        let founded = Replica::found(store, &founding, head_keys, secrets, rights, &areas::rules(), &mut context)?;
        let mut this = Self::over(founded.replica, folder, clock);
        this.keep_bundle(&founded.head, passphrase)?;
        this.opened = Some(founded.head);
        let device_id = this.replica.device();
        let head_id = this.replica.founding().head;
        this.office(|office| {
            office.name_school(school)?;
            office.name_device(device_id, device, None)?;
            let (forename, surname) = head.trim().split_once(' ').unwrap_or(("", head.trim()));
            let person = muster_school::office::NewPerson {
                staff_code: "HEAD".into(),
                title: String::new(),
                forename: forename.into(),
                surname: surname.into(),
                job: "Head".into(),
                role: roles::Role::SeniorLeader,
                sites: Vec::new(),
                email: String::new(),
            };
            office.add_person(Some(head_id), &person)?;
            Ok(())
        })?;
        this.local.device = device.to_owned();
        this.after_sign_in()?;
        Ok((this, cards.into_iter().collect()))
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
        Ok(Self::over(Replica::open(RedbStore::open(folder)?, &areas::rules())?, folder, clock))
    }

    fn over(replica: Replica<RedbStore>, folder: &Path, clock: Clock) -> Self {
        let local = Local::load(&replica);
        Self { replica, known: Known::default(), local, clock, opened: None, folder: folder.to_owned() }
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

    /// Signs a person in with their passphrase.
    ///
    /// # Errors
    /// When the person has no keys on this device, or the passphrase is not theirs. A wrong try is an entry.
    pub fn sign_in(&mut self, person: PersonId, passphrase: &str) -> anyhow::Result<()> {
        let bytes = self.replica.file(&bundle_file(&person))?;
        let bytes =
            bytes.context("this person has no keys on this device: activate them here with one-time words first")?;
        match bundle::open(&bytes, passphrase, &self.replica.device_secrets().local) {
            Ok(opened) => {
                self.sign_out()?;
                self.replica.sign_in(&opened);
                self.opened = Some(opened);
                self.catch_up()?;
                self.after_sign_in()?;
                self.note(Event::SignedIn)
            }
            Err(error) => {
                self.note(Event::FailedTries(1))?;
                Err(error.into())
            }
        }
    }

    /// Signs out whoever is signed in: their keys leave memory.
    ///
    /// # Errors
    /// When the sign-out cannot be written down; the keys are gone all the same.
    pub fn sign_out(&mut self) -> anyhow::Result<()> {
        if self.opened.is_none() {
            return Ok(());
        }
        let noted = self.note(Event::SignedOut);
        if let Some(opened) = self.opened.take() {
            self.replica.sign_out(&opened.seat.seat);
        }
        self.known = Known::default();
        noted
    }

    /// A person's first sign-in here: one-time words from an officer, keys made on the spot.
    ///
    /// # Errors
    /// When no grant heard of here has these words, or the passphrase is too weak.
    pub fn activate(&mut self, words: &str, passphrase: &str) -> anyhow::Result<PersonId> {
        check_passphrase(passphrase)?;
        self.sign_out()?;
        let mut random = rand::rng();
        let mut context = Context { now: self.clock.now(), random: &mut random };
        let opened = self.replica.activate(words, &mut context)?;
        self.keep_bundle(&opened, passphrase)?;
        let person = opened.person.person;
        self.opened = Some(opened);
        self.catch_up()?;
        self.after_sign_in()?;
        self.note(Event::SignedIn)?;
        Ok(person)
    }

    fn keep_bundle(&mut self, opened: &Opened, passphrase: &str) -> anyhow::Result<()> {
        let mut random = rand::rng();
        let sealed = bundle::seal(opened, passphrase, Cost::NORMAL, &self.replica.device_secrets().local, &mut random);
        let sealed = sealed.context(
            "this device has too little memory free to protect the keys: close other programs and try again",
        )?;
        Ok(self.replica.put_file(&bundle_file(&opened.person.person), &sealed)?)
    }

    /// Applies what waits, as far as the keys at hand allow.
    ///
    /// # Errors
    /// When the store fails.
    pub fn catch_up(&mut self) -> anyhow::Result<()> {
        let mut random = rand::rng();
        let mut context = Context { now: self.clock.now(), random: &mut random };
        while self.replica.work(&mut context)?.1 {}
        Ok(())
    }

    /// Refreshes what is known and what the lock screen will say, and writes today's list of who is expected.
    fn after_sign_in(&mut self) -> anyhow::Result<()> {
        let person = self.person();
        let device = self.replica.device();
        let mut local = self.local.clone();
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
                let name = office.known().staff_name(person);
                local.people.retain(|(known, _)| *known != person);
                local.people.push((person, name));
                local.people.sort_by(|a, b| a.1.cmp(&b.1));
                local.last = Some(person);
            }
            Ok(local.site.as_ref().map(|(site, _)| *site))
        })?;
        self.local = local;
        self.keep_local()?;
        if let Some(site) = site {
            self.write_expected(site)?;
        }
        self.keep_fire_list()
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

    /// The site whose fire list this device shows: its own, or the first it reads the roll of.
    pub fn site(&self) -> Option<PlaceId> {
        let own = self.local.site.as_ref().map(|(site, _)| *site);
        own.or_else(|| {
            let mut sections = self.replica.logs().values().map(|state| state.descriptor.section.compartment);
            sections.find(|compartment| compartment.area == areas::ROLL).map(|compartment| compartment.place)
        })
    }

    /// Works the fire list of this device's site out again and keeps it, if it changed.
    ///
    /// # Errors
    /// When the store fails.
    pub fn keep_fire_list(&mut self) -> anyhow::Result<()> {
        let Some(site) = self.site() else { return Ok(()) };
        let list = self.office_of_device(|office| Ok(presence::list(office.records(), site)?))?;
        let Some(list) = list else { return Ok(()) };
        Ok(self.replica.put_sealed_file(fire_file::FILE, &saved::encode(&list)?, &mut rand::rng())?)
    }

    /// Writes down that something was opened, signed in to or tried: as whoever is signed in, or as the device.
    ///
    /// # Errors
    /// When the store fails. A device that knows no site yet, or has not received its rights yet, has nowhere to
    /// write it, and that is no error.
    pub fn note(&mut self, event: Event) -> anyhow::Result<()> {
        let Some(site) = self.site() else { return Ok(()) };
        let mut seats = vec![self.replica.device_seat()];
        if self.opened.is_some() {
            seats.insert(0, self.seat());
        }
        for seat in seats {
            let noted = self.office_as(seat, |office| Ok(office.note_access(site, event.clone()).map(drop)?));
            match noted {
                Err(error) if is_refusal(&error) => {}
                other => return other,
            }
        }
        tracing::warn!("this device may not write the trail of use yet");
        Ok(())
    }
}

/// Whether the records said that a seat has no right, or no key yet.
fn is_refusal(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(OfficeError::Records(RecordsError::NotAllowed(_))))
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

/// Whether a passphrase is long enough to be chosen.
///
/// # Errors
/// When it is not; the text says what would be.
pub fn check_passphrase(passphrase: &str) -> anyhow::Result<()> {
    if passphrase.chars().count() < PASSPHRASE_CHARS {
        bail!("a passphrase needs at least {PASSPHRASE_CHARS} characters: four or five words are easy to remember");
    }
    Ok(())
}

/// The file of a person's keys on this device.
fn bundle_file(person: &PersonId) -> String {
    format!("bundle-{person}")
}

impl Device {
    /// Whether a person has keys on this device.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn has_keys_of(&self, person: &PersonId) -> anyhow::Result<bool> {
        Ok(self.replica.file(&bundle_file(person))?.is_some())
    }
}

impl Device {
    /// Imports what was read from files, as whoever is signed in.
    ///
    /// # Errors
    /// When nobody is signed in, or the records refuse.
    pub fn import(
        &mut self,
        parsed: muster_school::import::Parsed,
        options: muster_school::import::Options,
    ) -> anyhow::Result<muster_school::import::ImportReport> {
        self.with_records(|writer, known| Ok(muster_school::import::apply(writer, known, parsed, options)?))
    }

    /// Who did what, as far as whoever is signed in may read it; newest first.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub fn audit(&mut self, wanted: &muster_school::story::Wanted) -> anyhow::Result<Vec<muster_school::story::Told>> {
        self.with_records(|writer, known| Ok(muster_school::story::tell(writer, known, wanted)?))
    }

    /// Each pupil of a register: name, code, and the mark in words.
    ///
    /// # Errors
    /// When the group is not known, or the records cannot be read.
    pub fn register_lines(
        &mut self,
        group: muster_school::ids::GroupId,
        session: muster_school::calendar::Session,
    ) -> anyhow::Result<Vec<(String, String, String)>> {
        let key = muster_school::show::register_key(group, session);
        let view = self.with_records(|writer, known| Ok(muster_school::show::register(writer, known, &key)?))?;
        let line = |row: muster_school::view::register::RegisterRow| match row.mark {
            Some(mark) if row.versions.len() > 1 => (row.name, mark.code, format!("{}; two marks differ", mark.words)),
            Some(mark) => (row.name, mark.code, mark.words),
            None => (row.name, String::new(), "Not yet marked".to_owned()),
        };
        Ok(view.rows.into_iter().map(line).collect())
    }

    /// Makes one-time words for a member of staff, with the rights of their role at their sites.
    ///
    /// # Errors
    /// When whoever is signed in may not give them, or the person has keys already.
    pub fn one_time_words(&mut self, person: PersonId) -> anyhow::Result<zeroize::Zeroizing<String>> {
        let staff = self.known.school().staff.get(&person).context("that person is not in the staff directory")?;
        if self.replica.view().persons.contains_key(&person) {
            bail!("this person has signed in before: their passphrase works on the devices where they did");
        }
        let sites = staff.sites.clone();
        let role = self
            .role_of(person)?
            .context("this person's post is not on this device, so nobody knows which rights they have")?;
        let (rank, rights) = (role.rank(), role.capabilities(&sites));
        let words = zeroize::Zeroizing::new(muster_core::crypto::words::random_words(
            muster_core::crypto::words::ONE_TIME_WORDS,
            &mut rand::rng(),
        ));
        let seat = self.seat();
        let mut random = rand::rng();
        let mut context = Context { now: self.clock.now(), random: &mut random };
        self.replica.grant_by_words(&seat, person, rank, rights, &words, Cost::NORMAL, &mut context)?;
        Ok(words)
    }

    /// The role of a member of staff, where whoever is signed in may read it.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub fn role_of(&mut self, person: PersonId) -> anyhow::Result<Option<roles::Role>> {
        self.with_records(|records, _| {
            let held = records.facts(&documents::person(person))?;
            let roles =
                held.iter().flat_map(|held| facts::current::<PersonFact>(held)).filter_map(|read| match read.value {
                    PersonFact::Post(post) => Some(post.role),
                    _ => None,
                });
            Ok(roles.last())
        })
    }

    /// After much has changed at once: what is known, what the lock screen says, the list of who is expected.
    ///
    /// # Errors
    /// When the store fails.
    pub fn settle_in(&mut self) -> anyhow::Result<()> {
        self.after_sign_in()
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

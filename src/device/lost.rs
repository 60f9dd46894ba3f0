//! A lost device, seen from a device that is not: holding it back, letting it go on, taking it out, adopting what it
//! wrote; and in words what it held.

use super::Device;
use super::export::{new_file, write};
use anyhow::Context as _;
use muster_core::authority::capability::Right;
use muster_core::authority::reduction::{EntryName, Reason, Target};
use muster_core::authority::view::Ends;
use muster_core::id::{Area, DeviceId, PersonId, PlaceId, Section, Year};
use muster_core::replica::records::Statement;
use muster_core::replica::{Away, Context, Quarantined, Touched, Verdict};
use muster_core::time::Moment;
use muster_school::areas;
use muster_school::calendar::{self, Day};
use muster_school::extract::held;
use muster_school::facts::access::Event;
use muster_school::step_up::Guarded;
use muster_school::story;
use muster_school::view::lost::{HeldLine, Kept, LostView, WaitingLine};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

impl Device {
    /// A device is lost: it is held back at once, and what it wrote that is not here yet waits. No code is asked for:
    /// this takes nothing that cannot be given back, and nobody should look for a telephone first.
    ///
    /// # Errors
    /// When whoever is signed in may not hold it back, or this device does not keep all that it may have written.
    pub fn lose(&mut self, device: DeviceId) -> anyhow::Result<()> {
        let seat = self.seat();
        self.with_context(|replica, context| replica.suspend(&seat, device, Reason::Lost, context))?;
        self.catch_up()
    }

    /// A device was found: it goes on, if everybody who held it back is the one who is signed in or below them. Says
    /// whether it does.
    ///
    /// # Errors
    /// When whoever is signed in may lift nothing.
    pub fn find(&mut self, device: DeviceId) -> anyhow::Result<bool> {
        self.need(Guarded::Administer)?;
        if self.kept(&device) == Kept::TakenOut {
            anyhow::bail!(
                "that device was taken out for good: it can only come back as another, with a new invitation"
            );
        }
        let seat = self.seat();
        let free = self.with_context(|replica, context| replica.lift(&seat, device, context))?;
        self.catch_up()?;
        Ok(free)
    }

    /// Takes a device out for good: lost, where that was said of it, or not used any more.
    ///
    /// # Errors
    /// When whoever is signed in may take nothing of it.
    pub fn take_out(&mut self, device: DeviceId) -> anyhow::Result<Touched> {
        self.need(Guarded::Administer)?;
        let lost = self.replica.away(&device).is_some_and(|away| away.reason == Reason::Lost);
        let reason = if lost { Reason::Lost } else { Reason::Retired };
        let seat = self.seat();
        let touched =
            self.with_context(|replica, context| replica.remove(&seat, Target::Device(device), reason, context))?;
        self.catch_up()?;
        Ok(touched)
    }

    /// Adopts entries that wait, as they are. Says how many of them count now.
    ///
    /// # Errors
    /// When whoever is signed in may adopt nothing.
    pub fn adopt(&mut self, entries: &[EntryName]) -> anyhow::Result<usize> {
        self.need(Guarded::Administer)?;
        let seat = self.seat();
        let adopted = self.with_context(|replica, context| replica.adopt(&seat, entries, context))?;
        self.catch_up()?;
        Ok(adopted)
    }

    fn with_context<T, E: Into<anyhow::Error>>(
        &mut self,
        act: impl FnOnce(&mut muster_core::replica::Replica<muster_storage::RedbStore>, &mut Context<'_>) -> Result<T, E>,
    ) -> anyhow::Result<T> {
        let mut random = rand::rng();
        let mut context = Context { now: self.clock.now(), random: &mut random };
        act(&mut self.replica, &mut context).map_err(Into::into)
    }

    /// What the school calls a device.
    pub fn device_name(&self, device: DeviceId) -> String {
        if let Some(known) = self.known.school().devices.get(&device).filter(|known| !known.name.is_empty()) {
            return known.name.clone();
        }
        let named = self.local.peers.get(&device).map(|peer| peer.name.clone()).filter(|name| !name.is_empty());
        named.unwrap_or_else(|| format!("Device {device:?}"))
    }

    /// Every other device that is or was of the school, by name, and how far the school has gone with each.
    pub fn devices(&self) -> Vec<(DeviceId, String, Kept)> {
        let (me, view) = (self.replica.device(), self.replica.view());
        let all: BTreeSet<DeviceId> = view.devices().chain(view.former_devices()).collect();
        let others = all.into_iter().filter(|device| *device != me);
        let mut devices: Vec<_> = others.map(|device| (device, self.device_name(device), self.kept(&device))).collect();
        devices.sort_by(|left, right| (left.2 == Kept::TakenOut, &left.1).cmp(&(right.2 == Kept::TakenOut, &right.1)));
        devices
    }

    /// How far the school has gone with a device.
    pub fn kept(&self, device: &DeviceId) -> Kept {
        match self.replica.away(device) {
            None => Kept::Fine,
            Some(Away { for_good: false, .. }) => Kept::HeldBack,
            Some(Away { for_good: true, .. }) => Kept::TakenOut,
        }
    }

    /// When a device was last heard from.
    pub fn heard(&self, device: &DeviceId) -> String {
        self.heard_at(device).map_or_else(|| "never".to_owned(), |at| self.moment_words(at))
    }

    /// A moment in words: its time, and its date where that is not today.
    pub(crate) fn moment_words(&self, at: Moment) -> String {
        let local = calendar::local(at);
        let clock = calendar::clock(local.minute);
        if local.day == calendar::local(self.clock.now()).day { clock } else { format!("{} {clock}", local.day.long()) }
    }

    /// Whether whoever is signed in may let devices in, and so hold them back.
    pub fn may_enrol(&self) -> bool {
        let seat = self.seat();
        let mut grants = self.replica.view().grants_of_seat(&seat, Ends::NotBy(self.clock.now()));
        self.opened.is_some() && grants.any(|(_, grant)| grant.capabilities.iter().any(|one| one.right == Right::Enrol))
    }

    /// All that is to be known of a device before and after it is held back.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub fn lost_view(&self, device: DeviceId) -> anyhow::Result<LostView> {
        let replica = &self.replica;
        let away = replica.away(&device);
        let kept = self.kept(&device);
        let outstanding: Vec<PersonId> =
            replica.outstanding().into_iter().filter(|one| one.device == device).map(|one| one.person).collect();
        let outstanding = self.names(outstanding);
        let people = self.names(replica.signed_in_on(&device));
        let (still, never) = self.what_it_reads(device, &self.names(replica.keys_lay_on(&device)))?;
        Ok(LostView {
            device,
            name: self.device_name(device),
            kept,
            since: away.map(|away| self.since_words(&away)).unwrap_or_default(),
            heard: self.heard(&device),
            about: self.about_device(device),
            is: self.device_is(device),
            holds: self.held_lines(device)?,
            until_then: Self::until_then(&outstanding),
            people,
            still,
            never,
            outstanding,
            may_act: self.may_enrol(),
        })
    }

    fn names(&self, persons: impl IntoIterator<Item = PersonId>) -> Vec<String> {
        let mut names: Vec<String> = persons.into_iter().map(|person| self.known.staff_name(person)).collect();
        names.sort();
        names
    }

    fn since_words(&self, away: &Away) -> String {
        let by = match self.replica.view().author(&away.by).and_then(|author| author.person) {
            Some(person) => format!(" by {}", self.known.staff_name(person)),
            None => String::new(),
        };
        let done = if away.for_good { "Taken out" } else { "Held back" };
        let why = match away.reason {
            Reason::Lost => ": it is lost",
            Reason::Retired => ": it is not used any more",
            Reason::Mistake => ": it was let in by mistake",
            _ => "",
        };
        format!("{done} {}{by}{why}.", self.moment_words(away.at))
    }

    /// A line for each kind of records, with its sites and years.
    fn held_lines(&self, device: DeviceId) -> anyhow::Result<Vec<HeldLine>> {
        #[derive(Default)]
        struct OfArea {
            places: BTreeSet<PlaceId>,
            years: BTreeSet<Year>,
            documents: usize,
            known: u64,
            entries: u64,
        }
        let mut by_area: BTreeMap<Area, OfArea> = BTreeMap::new();
        for kept in self.replica.kept_by(&device)? {
            let of = by_area.entry(kept.section.compartment.area).or_default();
            of.places.insert(kept.section.compartment.place);
            of.years.insert(kept.section.year);
            of.documents += kept.documents;
            of.known += kept.known;
            of.entries += kept.entries;
        }
        let line = |area: Area| {
            let OfArea { places, years, documents: count, known, entries } = by_area.get(&area)?;
            let sites = places.iter().filter(|place| **place != PlaceId::ZERO);
            let sites: Vec<String> = sites.map(|place| self.known.site_name(*place).to_owned()).collect();
            let years: Vec<String> =
                years.iter().filter(|year| **year != Year::NONE).map(|year| year_words(*year)).collect();
            let parts = [crate::fire_file::joined(&sites), crate::fire_file::joined(&years)];
            let from = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ");
            let records = if *count == 1 { "record" } else { "records" };
            // What cannot be opened here cannot be counted here.
            let count = if *count == 0 { "not counted".to_owned() } else { format!("{count} {records}") };
            let known = if known >= entries {
                "all of it".to_owned()
            } else {
                format!("at least {known} of {entries} entries")
            };
            Some(HeldLine { what: areas::words(area).0.to_owned(), from, count, known })
        };
        Ok(areas::SHOWN.into_iter().filter_map(line).collect())
    }

    /// What whoever has a device can still read, and what they cannot.
    fn what_it_reads(&self, device: DeviceId, people: &[String]) -> anyhow::Result<(Vec<String>, Vec<String>)> {
        let mut still = Vec::new();
        let mut days: BTreeMap<Area, BTreeSet<i32>> = BTreeMap::new();
        for (section, of) in self.replica.days_of(&device) {
            days.entry(section.compartment.area).or_default().extend(of);
        }
        for (area, days) in &days {
            let (Some(first), Some(last)) = (days.first(), days.last()) else { continue };
            let what = areas::words(*area).0.to_lowercase();
            let span = if first == last {
                Day(*first).long()
            } else {
                format!("at most {} days from {} to {}", days.len(), Day(*first).long(), Day(*last).long())
            };
            still.push(format!("With nobody signed in: the {what} of {span}."));
        }
        if people.is_empty() {
            still.push("Nobody’s keys were on it, so no passphrase opens anything there.".to_owned());
        } else {
            let who = crate::fire_file::joined(people);
            let whose = if people.len() == 1 { "their passphrase" } else { "a passphrase of theirs" };
            still.push(format!("All that {who} could read until now, if whoever has it knows or guesses {whose}."));
        }
        let never = vec![
            "Any other record it holds: those are sealed, and nothing on it opens them.".to_owned(),
            match people {
                [] => "Whatever is written from now on.".to_owned(),
                [one] => {
                    format!("Whatever is written once {one} has signed in on another device, which gives new keys.")
                }
                _ => "Whatever is written once all of them have signed in on another device, which gives new keys."
                    .to_owned(),
            },
        ];
        Ok((still, never))
    }

    fn until_then(outstanding: &[String]) -> String {
        let have = match outstanding {
            [] => return String::new(),
            [_] => "has",
            _ => "have",
        };
        let who = crate::fire_file::joined(outstanding);
        format!("It reads nothing that is written once {who} {have} signed in on another device.")
    }

    /// What waits to be adopted, each with its name.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn waiting(&mut self) -> anyhow::Result<Vec<(EntryName, WaitingLine)>> {
        let mut waiting = self.replica.quarantined()?;
        waiting.sort_by_key(|one| (one.at.utc_ms, one.entry));
        let mut lines = Vec::with_capacity(waiting.len());
        for one in waiting {
            let says = self.with_records(|records, known| {
                let found = records.look_into(&one.entry)?;
                Ok(found.map(|(document, facts)| story::of_waiting(known, &document, &facts)).unwrap_or_default())
            })?;
            lines.push((one.entry, WaitingLine { says, entry: Some(one.entry), ..self.waiting_line(&one) }));
        }
        Ok(lines)
    }

    /// What a device is, whose records it may hold, who let it in and when.
    pub fn about_device(&self, device: DeviceId) -> Vec<String> {
        let mut said = Vec::new();
        if let Some((kind, sites)) = self.device_is(device) {
            let names: Vec<String> = sites.iter().map(|site| self.known.site_name(*site).to_owned()).collect();
            let of = if names.is_empty() { "every site".to_owned() } else { crate::fire_file::joined(&names) };
            said.push(format!("{}, of {of}.", kind.name()));
        }
        let let_in = self.replica.stated().into_iter().find(|stated| stated.says == Statement::Enrolled(device));
        if let Some(stated) = let_in {
            let by = self.replica.view().author(&stated.origin.seat).and_then(|author| author.person);
            let by = by.map(|person| format!(" by {}", self.known.staff_name(person))).unwrap_or_default();
            said.push(format!("Let in {}{by}.", self.moment_words(stated.origin.at)));
        }
        said
    }

    /// Writes the list of the records that a device held, each by name, into a folder. Gives the file and how many
    /// people it names.
    ///
    /// # Errors
    /// When no code holds, it is not said for whom, or it cannot be written.
    pub fn write_held_list(&mut self, device: DeviceId, to: &str, folder: &Path) -> anyhow::Result<(PathBuf, u32)> {
        self.need(Guarded::Export)?;
        if to.trim().is_empty() {
            anyhow::bail!("say for whom it is: that stands in the audit");
        }
        let name = self.device_name(device);
        let sections: Vec<Section> = self.replica.kept_by(&device)?.into_iter().map(|kept| kept.section).collect();
        let table = self.with_records(|records, known| Ok(held::table(records, known, &name, &sections)?))?;
        let day = calendar::local(self.clock.now()).day.iso();
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let path = folder.join(format!("{}-{day}.csv", table.stem));
        let file = new_file(&path)?;
        // Nothing leaves that is not in the trail.
        let what = format!("the list of what {name} held");
        let event = Event::Exported { what, to: to.trim().to_owned(), people: table.people };
        let bytes = table.csv()?;
        if let Err(error) = self.note(event).and_then(|()| write(file, &path, &bytes)) {
            drop(std::fs::remove_file(&path));
            return Err(error);
        }
        Ok((path, table.people))
    }

    fn waiting_line(&self, one: &Quarantined) -> WaitingLine {
        let author = self.replica.view().author(&one.seat);
        let device = author.map(|author| self.device_name(author.device)).unwrap_or_default();
        let who = match author.and_then(|author| author.person) {
            Some(person) => format!("{} on {device}", self.known.staff_name(person)),
            None => format!("{device}, nobody signed in"),
        };
        let place = one.section.compartment.place;
        let site = if place == PlaceId::ZERO { String::new() } else { format!(", {}", self.known.site_name(place)) };
        let held = author.and_then(|author| self.replica.away(&author.device)).is_some();
        let why = match (one.why, held) {
            (Verdict::Forked, _) => "Two copies of one device wrote at the same place",
            (_, true) => "Not heard of before its device was held back or taken out",
            (_, false) => "Not heard of before its author lost the right, or went on with new keys",
        };
        WaitingLine {
            who,
            when: self.moment_words(one.at),
            of: format!("{}{site}", areas::words(one.section.compartment.area).0),
            why: why.to_owned(),
            ..WaitingLine::default()
        }
    }

    /// A device by its name or part of it, among those that are or were of the school.
    ///
    /// # Errors
    /// When there is none, or there are several.
    pub fn device_named(&self, wanted: &str) -> anyhow::Result<DeviceId> {
        let folded = muster_school::names::fold(wanted);
        let all = self.devices();
        let exact = all.iter().filter(|(_, name, _)| muster_school::names::fold(name) == folded);
        let part = all.iter().filter(|(_, name, _)| muster_school::names::fold(name).contains(&folded));
        let exact: Vec<_> = exact.collect();
        let found = if exact.is_empty() { part.collect() } else { exact };
        match found.as_slice() {
            [(device, ..)] => Ok(*device),
            [] => anyhow::bail!("no other device has {wanted} in its name: `muster devices` lists them"),
            several => anyhow::bail!("{} devices have {wanted} in their name: give more of it", several.len()),
        }
    }
}

/// `2026/27`.
fn year_words(year: Year) -> String {
    format!("{}/{:02}", year.0, (year.0 + 1) % 100)
}

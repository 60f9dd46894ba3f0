//! Paper: registers on demand and at set times, and the quick reference.
//!
//! Printed registers leave encryption, so the first of them asks for a code and each is in the audit; the folder for
//! those at set times is of this device, and setting it asks for a code. With nobody signed in the fire list is printed
//! there all the same, as the device itself reads it, and no register: what was due then is printed as soon as somebody
//! signs in.

use super::Device;
use super::export::{new_file, write};
use crate::paper::{guide, register};
use anyhow::Context as _;
use muster_core::codec;
use muster_core::id::PlaceId;
use muster_school::calendar::{self, Day, Local};
use muster_school::facts::access::Event;
use muster_school::fire::presence;
use muster_school::ids::GroupId;
use muster_school::known::Pupil;
use muster_school::show;
use muster_school::step_up::Guarded;
use muster_school::view::guide::GuideView;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The name of the small file.
const FILE: &str = "print";

/// The name of the small file of the fire list.
const LIST: &str = "print-list";

/// When this device prints the fire list, for whoever is not signed in then, and when it did last.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct PrintedList {
    /// Minutes since midnight.
    times: Vec<u16>,
    /// The day and the set minute that were printed last.
    last: Option<(Day, u16)>,
}

/// Where this device prints at set times, and what it printed last.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Printing {
    /// Into this folder; empty for nowhere.
    folder: String,
    /// The day and the set minute that were printed last.
    last: Option<(Day, u16)>,
}

impl Device {
    /// Prints the registers of a day into a new file in a folder, a group after the other. Gives the file and how many
    /// pupils it names.
    ///
    /// # Errors
    /// When no code holds, nobody is signed in, there is no such group, or the file cannot be written.
    pub fn print_registers(
        &mut self,
        day: Day,
        site: Option<PlaceId>,
        group: Option<GroupId>,
        folder: &Path,
    ) -> anyhow::Result<(PathBuf, u32)> {
        self.need(Guarded::Export)?;
        self.print_into(day, site, group, folder, "paper, on demand")
    }

    fn print_into(
        &mut self,
        day: Day,
        site: Option<PlaceId>,
        group: Option<GroupId>,
        folder: &Path,
        why: &str,
    ) -> anyhow::Result<(PathBuf, u32)> {
        let now = calendar::local(self.clock.now());
        let (groups, people) = self.on_paper(day, site, group)?;
        let about = register::About {
            school: self.known.school().name.clone(),
            day: dated(day),
            as_of: format!("{} on {}", calendar::clock(now.minute), dated(now.day)),
            device: self.local.device.clone(),
        };
        let pdf = register::draw(&about, &groups)?;
        let what = match groups.as_slice() {
            [one] if group.is_some() => one.name.clone(),
            _ => "all-classes".to_owned(),
        };
        let class: String = what.chars().map(|one| if one.is_ascii_alphanumeric() { one } else { '-' }).collect();
        let minute = calendar::clock(now.minute).replace(':', "");
        let name = format!("register-{}-{class}-as-of-{}-{minute}.pdf", day.iso(), now.day.iso());
        std::fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        let path = folder.join(name);
        let event = Event::Exported { what: format!("the registers of {}", dated(day)), to: why.to_owned(), people };
        self.let_out(&[(&path, &pdf)], event)?;
        Ok((path, people))
    }

    fn on_paper(
        &mut self,
        day: Day,
        site: Option<PlaceId>,
        wanted: Option<GroupId>,
    ) -> anyhow::Result<(Vec<register::Group>, u32)> {
        let board = self.with_records(|records, known| Ok(known.board(records, day)?))?;
        let school = self.known.school();
        let mut people = BTreeSet::new();
        let mut groups = Vec::new();
        for place in school.sites.values().filter(|place| site.is_none_or(|site| site == place.id)) {
            for group in school.groups_of(place.id) {
                let members = self.known.members(group.id, day);
                if wanted.is_some_and(|wanted| wanted != group.id) || (members.is_empty() && wanted.is_none()) {
                    continue;
                }
                people.extend(members.iter().map(|pupil| pupil.id));
                let rows = members.iter().map(|pupil| show::on_paper(&self.known, &board, pupil, day)).collect();
                let closed = school.closed_to(place.id, group.id, day);
                let closed = closed.map(|why| format!(" (closed: {why})")).unwrap_or_default();
                groups.push(register::Group { name: format!("{}, {}{closed}", group.name, place.name), rows });
            }
            // Whoever is in no class is in no other register of these.
            let without = |pupil: &&std::sync::Arc<Pupil>| {
                self.known.is_without_class(pupil, day) && self.known.site_on(pupil, day) == place.id
            };
            let mut without: Vec<_> = self.known.pupils().filter(without).filter(|_| wanted.is_none()).collect();
            without.sort_by(|a, b| (&a.sort, a.id).cmp(&(&b.sort, b.id)));
            if !without.is_empty() {
                people.extend(without.iter().map(|pupil| pupil.id));
                let rows = without.iter().map(|pupil| show::on_paper(&self.known, &board, pupil, day)).collect();
                groups.push(register::Group { name: format!("In no class, {}", place.name), rows });
            }
        }
        if groups.is_empty() {
            anyhow::bail!("there is no class to print");
        }
        Ok((groups, u32::try_from(people.len()).unwrap_or(u32::MAX)))
    }

    /// The quick reference of a site, or of this device's own.
    ///
    /// # Errors
    /// When no site is known.
    pub fn guide(&self, site: Option<PlaceId>) -> anyhow::Result<GuideView> {
        let site = site.or_else(|| self.site()).or_else(|| self.known.school().sites.keys().next().copied());
        let site = site.context("no site is known here yet")?;
        Ok(show::guide(&self.known, site, calendar::local(self.clock.now()).day))
    }

    /// Prints the quick reference into a new file in a folder. It names no pupil.
    ///
    /// # Errors
    /// When no site is known, or the file cannot be written.
    pub fn print_guide(&self, site: Option<PlaceId>, folder: &Path) -> anyhow::Result<PathBuf> {
        let today = calendar::local(self.clock.now()).day;
        let pdf = guide::draw(&self.guide(site)?, &format!("As of {}.", dated(today)))?;
        std::fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        let path = folder.join(format!("taking-the-register-as-of-{}.pdf", today.iso()));
        write(new_file(&path)?, &path, &pdf)?;
        Ok(path)
    }

    /// Sets the folder into which this device prints at the set times; `None` for none.
    ///
    /// # Errors
    /// When no code holds, or the folder cannot be kept.
    pub fn print_at_set_times(&mut self, folder: Option<&Path>) -> anyhow::Result<()> {
        self.need(Guarded::Export)?;
        let folder = folder.map(|folder| folder.display().to_string()).unwrap_or_default();
        self.keep_printing(&Printing { folder, last: None })?;
        let times = self.site().map(|site| self.known.school().printed_at(site).to_vec()).unwrap_or_default();
        self.keep_small(LIST, &PrintedList { times, last: None })
    }

    /// The folder in which this device prints at set times; empty for none.
    pub fn prints_into(&self) -> String {
        self.printing().folder
    }

    /// Prints what is due by the set times of this device's site: the fire list, whoever is there, and the registers if
    /// somebody is signed in. Gives the file of these.
    ///
    /// # Errors
    /// When the file cannot be written. It is tried again until it can be.
    pub fn print_what_is_due(&mut self, now: Local) -> anyhow::Result<Option<PathBuf>> {
        let printing = self.printing();
        let Some(site) = self.site().filter(|_| !printing.folder.is_empty()) else { return Ok(None) };
        let list = self.print_list_due(site, now, Path::new(&printing.folder));
        let printed = self.print_registers_due(site, now, printing);
        list?;
        printed
    }

    /// The fire list, if it is due: by then the morning's registers are in, or the list says which are not.
    fn print_list_due(&mut self, site: PlaceId, now: Local, folder: &Path) -> anyhow::Result<()> {
        let mut printed: PrintedList = self.small(LIST);
        if self.opened.is_some() && self.known.school().printed_at(site) != printed.times.as_slice() {
            printed.times = self.known.school().printed_at(site).to_vec();
            self.keep_small(LIST, &printed)?;
        }
        let Some(due) = printed.times.iter().copied().filter(|minute| *minute <= now.minute).max() else {
            return Ok(());
        };
        if printed.last.is_some_and(|last| last >= (now.day, due)) {
            return Ok(());
        }
        let list = self.with_records(|records, _| Ok(presence::list(records, site)?))?;
        // On a day closed to pupils, too: staff, contractors and boarders may be there.
        if list.is_none() {
            return Ok(());
        }
        let why = format!("paper, at the set time {}", calendar::clock(due));
        self.fire_list_into(Some(site), folder, &why)?;
        self.keep_small(LIST, &PrintedList { last: Some((now.day, due)), ..printed })
    }

    fn print_registers_due(
        &mut self,
        site: PlaceId,
        now: Local,
        printing: Printing,
    ) -> anyhow::Result<Option<PathBuf>> {
        if self.opened.is_none() {
            return Ok(None);
        }
        let school = self.known.school();
        let due = school.printed_at(site).iter().copied().filter(|minute| *minute <= now.minute).max();
        let Some(due) = due.filter(|_| school.closed(site, now.day).is_none()) else { return Ok(None) };
        if printing.last.is_some_and(|last| last >= (now.day, due)) {
            return Ok(None);
        }
        let folder = PathBuf::from(&printing.folder);
        let why = format!("paper, at the set time {}", calendar::clock(due));
        let (path, _) = self.print_into(now.day, Some(site), None, &folder, &why)?;
        self.keep_printing(&Printing { last: Some((now.day, due)), ..printing })?;
        Ok(Some(path))
    }

    fn printing(&self) -> Printing {
        self.small(FILE)
    }

    fn keep_printing(&mut self, printing: &Printing) -> anyhow::Result<()> {
        self.keep_small(FILE, printing)
    }

    fn small<T: serde::de::DeserializeOwned + Serialize + Default>(&self, file: &str) -> T {
        let bytes = self.replica.sealed_file(file).ok().flatten();
        bytes.and_then(|bytes| codec::decode(&bytes).ok()).unwrap_or_default()
    }

    fn keep_small(&mut self, file: &'static str, what: &impl Serialize) -> anyhow::Result<()> {
        Ok(self.replica.put_sealed_file(file, &codec::encode(what), &mut rand::rng())?)
    }
}

fn dated(day: Day) -> String {
    format!("{} {}", day.long(), day.date().year())
}

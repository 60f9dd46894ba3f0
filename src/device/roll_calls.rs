//! What a roll call leaves behind: its report as a PDF and a table, and a certificate that anybody can check; the fire
//! list on paper; a visitor's badge.
//!
//! All of it leaves encryption, so the first of it asks for a code and each is in the audit; a fire list on paper is
//! printed by whoever is signed in, with no code: nobody looks for an authenticator while the alarm goes.

use super::Device;
use super::export::{new_file, write};
use super::extract::Purpose;
use crate::paper::{badge, call_report, fire_list};
use anyhow::{Context as _, bail};
use muster_core::id::PlaceId;
use muster_school::areas;
use muster_school::calendar::{self, Day};
use muster_school::extract::{self, Table};
use muster_school::facts::access::Event;
use muster_school::fire::presence;
use muster_school::office::CallKey;
use muster_school::show;
use muster_school::step_up::Guarded;
use muster_school::view::EventId;
use muster_school::view::call::CallReport;
use muster_school::view::reception::Badge;
use std::path::{Path, PathBuf};

impl Device {
    /// The report of a roll call of this device's site that is over.
    ///
    /// # Errors
    /// When none of that name is over here.
    pub fn call_report(&mut self, event: EventId) -> anyhow::Result<(CallKey, CallReport)> {
        let site = self.site().context("this device knows no site yet")?;
        let found = self.with_records(|records, known| {
            let view = show::drills(records, known, site, Some(event))?;
            let key =
                show::calls_held(records, site)?.into_iter().map(|held| held.key).find(|key| key.event.0 == event.0);
            Ok(key.zip(view.report))
        })?;
        found.context("this roll call is not over, or not on this device: end it first")
    }

    /// Writes the report of a roll call as a PDF and a CSV table into a folder. Gives the two files.
    ///
    /// # Errors
    /// When no code holds, the roll call is not over, or a file is there already or cannot be written.
    pub fn save_report(&mut self, event: EventId, folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
        self.need(Guarded::Export)?;
        let (key, report) = self.call_report(event)?;
        let now = calendar::local(self.clock.now());
        let table = self.report_table(key, &report);
        let as_of = format!("{} on {}, from {}", calendar::clock(now.minute), dated(now.day), self.local.device);
        let pdf = call_report::draw(&self.known.school().name, &report, &as_of)?;
        let csv = table.csv()?;
        let stem = table.file_stem(now);
        let paths = [folder.join(format!("{stem}.pdf")), folder.join(format!("{stem}.csv"))];
        std::fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        let [first, second] = &paths;
        let file = new_file(first)?;
        let beside = new_file(second).inspect_err(|_| drop(std::fs::remove_file(first)))?;
        // Nothing leaves that is not in the trail.
        let event = Event::Exported { what: table.what.clone(), to: "a report".to_owned(), people: table.people };
        self.note(event)?;
        write(file, first, &pdf)?;
        write(beside, second, &csv)?;
        Ok(paths.to_vec())
    }

    /// Writes the certificate of a roll call: a signed table that `muster verify` checks, with the table as CSV and as a
    /// spreadsheet beside it. Gives the files.
    ///
    /// # Errors
    /// As [`Device::write_extract`], or when the roll call is not over.
    pub fn certify_call(&mut self, event: EventId, purpose: &Purpose, folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
        let (key, report) = self.call_report(event)?;
        let mut table = self.report_table(key, &report);
        table.stem = format!("certificate-{}", table.stem);
        self.write_extract_of(&table, purpose, folder, &[areas::ROLL, areas::ACCESS], None)
    }

    fn report_table(&self, key: CallKey, report: &CallReport) -> Table {
        extract::call(report, self.known.site_name(key.site), key.day)
    }

    /// Prints the fire list of a site into a new file in a folder, in large type, by assembly point and group. Gives the
    /// file and how many people it names.
    ///
    /// # Errors
    /// When nobody is signed in and the school has set no such folder for this device, there is no list, or the file
    /// cannot be written.
    pub fn print_fire_list(&mut self, site: Option<PlaceId>, folder: &Path) -> anyhow::Result<(PathBuf, u32)> {
        if self.opened.is_none() && (site.is_some() || folder != Path::new(&self.prints_into())) {
            bail!("nobody is signed in: sign in first. Without it, the list shows on the screen");
        }
        self.fire_list_into(site, folder, "paper, on demand")
    }

    pub(super) fn fire_list_into(
        &mut self,
        site: Option<PlaceId>,
        folder: &Path,
        why: &str,
    ) -> anyhow::Result<(PathBuf, u32)> {
        let site = site.or_else(|| self.site()).context("this device knows no site yet")?;
        let list = self.with_records(|records, _| Ok(presence::list(records, site)?))?;
        let list = list.context("this device holds no list of this site yet")?;
        let pdf = fire_list::draw(&self.local.school, &list, &self.local.device)?;
        let now = list.now;
        let people = u32::try_from(list.to_call().count()).unwrap_or(u32::MAX);
        let place: String = list.site.chars().map(|one| if one.is_ascii_alphanumeric() { one } else { '-' }).collect();
        let minute = calendar::clock(now.minute).replace(':', "");
        let path = folder.join(format!("fire-list-{place}-as-of-{}-{minute}.pdf", now.day.iso()));
        std::fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        let what = Event::Exported { what: "the fire list".to_owned(), to: why.to_owned(), people };
        self.let_out(&[(&path, &pdf)], what)?;
        Ok((path, people))
    }

    /// Prints a visitor's badge into a new file in a folder.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn print_badge(&mut self, one: &Badge, folder: &Path) -> anyhow::Result<PathBuf> {
        let now = calendar::local(self.clock.now());
        let pdf = badge::draw(&self.known.school().name, one)?;
        let minute = calendar::clock(now.minute).replace(':', "");
        let number: String = one.number.chars().filter(char::is_ascii_alphanumeric).collect();
        let name = if number.is_empty() { "badge".to_owned() } else { format!("badge-{number}") };
        std::fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        let path = folder.join(format!("{name}-{}-{minute}.pdf", now.day.iso()));
        let what = Event::Exported { what: "a visitor’s badge".to_owned(), to: "the visitor".to_owned(), people: 1 };
        self.let_out(&[(&path, &pdf)], what)?;
        Ok(path)
    }
}

fn dated(day: Day) -> String {
    format!("{} {}", day.long(), day.date().year())
}

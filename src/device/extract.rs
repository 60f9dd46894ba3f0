//! Tables for somebody outside, as three files: CSV, a spreadsheet, and a signed extract that proves the two.
//!
//! What leaves is written down first, and for whom; what is about to leave is told before anything is written.

use super::Device;
use crate::paper::for_parent;
use crate::sheet;
use anyhow::Context as _;
use muster_core::extract::Wanted;
use muster_core::id::{Area, Section};
use muster_core::limits::EXTRACT_BYTES;
use muster_core::replica::records::Records as _;
use muster_school::areas;
use muster_school::calendar;
use muster_school::extract::Table;
use muster_school::extract::for_parent::ForParent;
use muster_school::facts::access::Event;
use muster_school::limits::NAME_CHARS;
use muster_school::step_up::Guarded;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// For whom a table is, and what for.
#[derive(Clone, Debug)]
pub struct Purpose {
    /// For whom.
    pub to: String,
    /// What for.
    pub why: String,
}

impl Device {
    /// What is about to leave, in sentences.
    pub fn before_extract(&self, table: &Table, purpose: &Purpose) -> Vec<String> {
        let people = if table.people == 1 { "1 pupil is".to_owned() } else { format!("{} pupils are", table.people) };
        let mut said = vec![
            format!("{}, for {}: {}.", table.what, purpose.to, purpose.why),
            format!("{people} named in it, in {} lines.", table.rows.len()),
            "It leaves encryption: whoever has the files can read them. Send them by a safe way, and delete them here."
                .to_owned(),
        ];
        said.extend(table.notes.iter().cloned());
        said
    }

    /// Writes a table into a folder, as CSV, as a spreadsheet and as a signed extract. Gives the three files.
    ///
    /// # Errors
    /// When no code holds, recipient or purpose are missing, a file is there already or cannot be written, or
    /// the records refuse.
    pub fn write_extract(&mut self, table: &Table, purpose: &Purpose, folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
        self.write_extract_of(
            table,
            purpose,
            folder,
            &[areas::REGISTER, areas::PUPIL, areas::SCHOOL, areas::FAMILY],
            None,
        )
    }

    /// Writes a pupil's session attendance for a parent into a folder: as a page on paper, and as
    /// [`Device::write_extract`] does.
    ///
    /// # Errors
    /// As there.
    pub fn write_for_parent(
        &mut self,
        page: &ForParent,
        purpose: &Purpose,
        folder: &Path,
    ) -> anyhow::Result<Vec<PathBuf>> {
        let now = calendar::local(self.clock.now());
        let as_of = format!(
            "{} on {} {}, from {}",
            calendar::clock(now.minute),
            now.day.long(),
            now.day.date().year(),
            self.local.device
        );
        let paper = for_parent::draw(&self.known.school().name, page, purpose.to.trim(), &as_of)?;
        let of = [areas::REGISTER, areas::PUPIL, areas::SCHOOL];
        self.write_extract_of(&page.table, purpose, folder, &of, Some(&paper))
    }

    /// As [`Device::write_extract`], of a table that was made from the records of these areas, and beside it on paper
    /// where that was drawn.
    ///
    /// # Errors
    /// As there.
    pub(super) fn write_extract_of(
        &mut self,
        table: &Table,
        purpose: &Purpose,
        folder: &Path,
        of: &[Area],
        paper: Option<&[u8]>,
    ) -> anyhow::Result<Vec<PathBuf>> {
        self.need(Guarded::Export)?;
        let (to, why) = (purpose.to.trim(), purpose.why.trim());
        if to.is_empty() || why.is_empty() {
            anyhow::bail!("say for whom it is and what for: both stand in the extract and in the audit");
        }
        let addressed = format!("{to}: {why}");
        if addressed.chars().count() > NAME_CHARS {
            anyhow::bail!("say in fewer words for whom it is and what for: both stand in one line of the audit");
        }
        let now = self.clock.now();
        let person = self.person().context("nobody is signed in: sign in first")?;
        let csv = table.csv()?;
        let wanted = Wanted {
            school_name: self.known.school().name.clone(),
            what: table.what.clone(),
            to: to.to_owned(),
            purpose: why.to_owned(),
            by: self.known.staff_name(person),
            rows: u32::try_from(table.rows.len()).unwrap_or(u32::MAX),
            people: table.people,
            notes: table.notes.clone(),
            table: csv.clone(),
        };
        // What lies here unread is no source of it.
        let readable: BTreeSet<Section> =
            self.with_records(|records, _| Ok(of.iter().flat_map(|area| records.sections(*area)).collect()))?;
        let school = self.known.school();
        let devices = self.replica.view().devices();
        let heard: BTreeMap<_, _> = devices.filter_map(|device| Some((device, self.heard_at(&device)?))).collect();
        let extract = self.replica.extract(
            &self.seat(),
            wanted,
            now,
            |section| readable.contains(section),
            |device| (school.device_name(*device), heard.get(device).copied()),
        )?;
        let stem = table.file_stem(calendar::local(now));
        let about = vec![
            ("What".to_owned(), table.what.clone()),
            ("School".to_owned(), school.name.clone()),
            ("For".to_owned(), to.to_owned()),
            ("What for, and nothing else".to_owned(), why.to_owned()),
            (
                "As of".to_owned(),
                format!("{} {}", calendar::local(now).day.iso(), calendar::clock(calendar::local(now).minute)),
            ),
            ("Not in it".to_owned(), table.notes.join("; ")),
            ("Proof".to_owned(), format!("{stem}.muster: check it with muster verify")),
        ];
        let proof = extract.encode();
        if proof.len() > EXTRACT_BYTES {
            anyhow::bail!("this is more than an extract can hold: take fewer days, or one site at a time");
        }
        let mut files = vec![
            (folder.join(format!("{stem}.csv")), csv),
            (folder.join(format!("{stem}.xlsx")), sheet::xlsx(table, &about)?),
            (folder.join(format!("{stem}.muster")), proof),
        ];
        files.extend(paper.map(|paper| (folder.join(format!("{stem}.pdf")), paper.to_vec())));
        std::fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        let what: String = table.what.chars().take(NAME_CHARS).collect();
        let what = Event::Exported { what, to: addressed, people: table.people };
        let leaving: Vec<(&Path, &[u8])> =
            files.iter().map(|(path, bytes)| (path.as_path(), bytes.as_slice())).collect();
        self.let_out(&leaving, what)?;
        Ok(files.into_iter().map(|(path, _)| path).collect())
    }
}

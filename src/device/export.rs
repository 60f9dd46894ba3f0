//! Records that leave the program: written down before they do, and for whom.

use super::Device;
use anyhow::Context as _;
use muster_school::extract::Table;
use muster_school::facts::access::Event;
use muster_school::step_up::Guarded;
use muster_school::story::{Wanted, export};
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::Path;

impl Device {
    /// Writes the audit into a new file, as far as whoever is signed in may read it. Gives how many people it names.
    ///
    /// # Errors
    /// When no code holds, the file is there already or cannot be written, or the records cannot be read.
    pub fn export_audit(&mut self, wanted: &Wanted, to: &str, path: &Path) -> anyhow::Result<u32> {
        self.may_export_audit(to)?;
        let told = self.audit(wanted)?;
        let (table, people) = (export::csv(&told, &self.known)?, export::people(&told));
        let what = Event::Exported { what: "the audit".to_owned(), to: to.trim().to_owned(), people };
        self.let_out(&[(path, &table)], what)?;
        Ok(people)
    }
}

impl Device {
    /// Whether the audit may leave now, for somebody.
    ///
    /// # Errors
    /// When no code holds, or it is not said for whom.
    pub fn may_export_audit(&self, to: &str) -> anyhow::Result<()> {
        self.need(Guarded::ExportAudit)?;
        if to.trim().is_empty() {
            anyhow::bail!("say for whom it is: that stands in the audit");
        }
        Ok(())
    }

    /// Figures as a table for a spreadsheet, for somebody. Gives its bytes: they are on their way out.
    ///
    /// # Errors
    /// When no code holds, it is not said for whom, or it cannot be written down.
    pub fn export_figures(&mut self, table: &Table, to: &str) -> anyhow::Result<Vec<u8>> {
        self.need(Guarded::Export)?;
        if to.trim().is_empty() {
            anyhow::bail!("say for whom it is: that stands in the audit");
        }
        let bytes = table.csv()?;
        // Nothing leaves that is not in the trail.
        let what = format!("attendance figures, {}", table.what);
        self.note(Event::Exported { what, to: to.trim().to_owned(), people: table.people })?;
        Ok(bytes)
    }
}

impl Device {
    /// Writes new files that leave the program, once it is written down. Where any of it fails no file stays: the next
    /// try would find an empty one in its way.
    ///
    /// # Errors
    /// When a file is there already or cannot be written, or it cannot be written down.
    pub(super) fn let_out(&mut self, files: &[(&Path, &[u8])], what: Event) -> anyhow::Result<()> {
        let mut open = Vec::new();
        let result = files
            .iter()
            .try_for_each(|(path, bytes)| new_file(path).map(|file| open.push((file, *path, *bytes))))
            // Nothing leaves that is not in the trail.
            .and_then(|()| self.note(what));
        let made: Vec<&Path> = open.iter().map(|(_, path, _)| *path).collect();
        let result =
            result.and_then(|()| open.into_iter().try_for_each(|(file, path, bytes)| write(file, path, bytes)));
        if result.is_err() {
            made.into_iter().for_each(|path| drop(std::fs::remove_file(path)));
        }
        result
    }
}

/// Makes a new file that only this user can read.
///
/// # Errors
/// When it is there already, or cannot be made.
pub(super) fn new_file(path: &Path) -> anyhow::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).with_context(|| refused(path))
}

/// Writes the whole of it to the disk.
///
/// # Errors
/// When the disk refuses.
pub(super) fn write(mut file: File, path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    file.write_all(bytes).and_then(|()| file.sync_all()).with_context(|| refused(path))
}

fn refused(path: &Path) -> String {
    format!("{} cannot be written: give the name of a new file", path.display())
}

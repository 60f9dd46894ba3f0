//! Records that leave the program: written down before they do, and for whom.

use super::Device;
use anyhow::Context as _;
use muster_school::facts::access::Event;
use muster_school::step_up::Guarded;
use muster_school::story::{Wanted, export};
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;

impl Device {
    /// Writes the audit into a new file, as far as whoever is signed in may read it. Gives how many people it names.
    ///
    /// # Errors
    /// When access is not raised, the file is there already or cannot be written, or the records cannot be read.
    pub fn export_audit(&mut self, wanted: &Wanted, to: &str, path: &Path) -> anyhow::Result<u32> {
        self.need(Guarded::ExportAudit)?;
        let told = self.audit(wanted)?;
        let (table, people) = (export::csv(&told, &self.known)?, export::people(&told));
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let refused = || format!("{} cannot be written: give the name of a new file", path.display());
        let mut file = options.open(path).with_context(refused)?;
        // Nothing leaves that is not in the trail.
        self.note(Event::Exported { what: "the audit".to_owned(), to: to.trim().to_owned(), people })?;
        file.write_all(&table).and_then(|()| file.sync_all()).with_context(refused)?;
        Ok(people)
    }
}

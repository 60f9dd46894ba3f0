//! `muster import DIR`: brings a school in from the CSV files of the system it has today.

use super::Common;
use super::ask::Who;
use crate::device::Device;
use crate::limits;
use anyhow::{Context as _, bail};
use clap::Args;
use muster_school::facts::access::Event;
use muster_school::import::{self, CODES, Count, FILES, ImportReport, Options, RejectedFile};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Bring in sites, staff, pupils, contacts, attendance and visitors from CSV files
#[derive(Debug, Args)]
pub(super) struct Import {
    /// A folder with sites.csv, staff.csv, pupils.csv, contacts.csv, attendance.csv, visitors.csv, or some of them.
    /// A codes.csv beside them has the codes of the system that the marks come from, where those are not the law's
    dir: PathBuf,
    /// All or nothing: with one rejected row, nothing goes in
    #[arg(long)]
    strict: bool,
    /// Where rejected rows are written, to be mended and imported again
    #[arg(long, value_name = "DIR", default_value = "rejected")]
    rejected: PathBuf,
    #[command(flatten)]
    who: Who,
}

impl Import {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<ExitCode> {
        let files = read_folder(&self.dir)?;
        let mut device = self.who.open(common)?;
        let report = import_into(&mut device, files, Options { strict: self.strict })?;
        print_report(&report);
        if report.rejects.is_empty() {
            return Ok(ExitCode::SUCCESS);
        }
        if report.refused {
            eprintln!("Nothing was imported, because --strict was asked for.");
            eprintln!(
                "{} rows are not right: mend them in {}, and import it again.",
                report.rejects.len(),
                self.dir.display()
            );
            return Ok(ExitCode::from(2));
        }
        let rows: usize = report.rejected.values().map(|file| file.rows.len()).sum();
        if rows > 0 {
            write_rejected(&self.rejected, &report.rejected)?;
            let place = self.rejected.display();
            eprintln!("{rows} rows did not go in. They are in {place}: mend them there and import that folder.");
        }
        let whole = report.rejects.iter().filter(|one| !report.rejected.contains_key(&one.file)).map(|one| &one.file);
        let files: BTreeSet<_> = whole.collect();
        if !files.is_empty() {
            eprintln!("{} files were not read: mend them in {}, and import it again.", files.len(), self.dir.display());
        }
        Ok(ExitCode::from(2))
    }
}

/// Reads the files of a folder that an import knows.
///
/// # Errors
/// When the folder cannot be read, has none of them, or one is far too large.
pub(crate) fn read_folder(dir: &Path) -> anyhow::Result<BTreeMap<String, Vec<u8>>> {
    let mut files = BTreeMap::new();
    if !dir.is_dir() {
        bail!("{} is not a folder: give the one with the CSV files", dir.display());
    }
    for name in FILES.into_iter().chain([CODES]) {
        let path = dir.join(name);
        let Ok(about) = path.metadata() else { continue };
        if about.len() > limits::IMPORT_BYTES {
            bail!("{} is larger than {} MB: split it", path.display(), limits::IMPORT_BYTES / 1024 / 1024);
        }
        files.insert(name.to_owned(), std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?);
    }
    if files.is_empty() {
        bail!("{} has none of the files that are imported: {}", dir.display(), FILES.join(", "));
    }
    Ok(files)
}

/// Imports files as whoever is signed in.
///
/// # Errors
/// When the records refuse.
pub(crate) fn import_into(
    device: &mut Device,
    files: BTreeMap<String, Vec<u8>>,
    options: Options,
) -> anyhow::Result<ImportReport> {
    let parsed = import::read(files, device.known.school().codes());
    let report = device.import(parsed, options)?;
    let rows = [report.sites, report.staff, report.pupils, report.contacts, report.marks, report.visits]
        .iter()
        .map(Count::rows)
        .sum();
    device.settle_in()?;
    if !report.refused && report.acts > 0 {
        let rejected = u32::try_from(report.rejects.len()).unwrap_or(u32::MAX);
        device.note(Event::Imported { rows, rejected })?;
    }
    Ok(report)
}

fn print_report(report: &ImportReport) {
    for reject in &report.rejects {
        say!("{reject}");
    }
    for warning in &report.warnings {
        eprintln!("{warning}");
    }
    let lines = [
        ("sites", report.sites),
        ("staff", report.staff),
        ("pupils", report.pupils),
        ("contacts", report.contacts),
        ("marks", report.marks),
        ("visits", report.visits),
    ];
    for (what, count) in lines.into_iter().filter(|(_, count)| count.rows() > 0) {
        eprintln!("{what:>9}: {} new, {} changed, {} as they were", count.added, count.changed, count.same);
    }
}

fn write_rejected(folder: &Path, files: &BTreeMap<String, RejectedFile>) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    for (name, file) in files {
        let path = folder.join(name);
        let cannot = || format!("cannot write {}", path.display());
        // Names and addresses: made anew, so that only this user reads it whoever could read what was there.
        let unfinished = folder.join(format!("{name}.new"));
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        drop(std::fs::remove_file(&unfinished));
        let mut to = options.open(&unfinished).with_context(cannot)?;
        to.write_all(file.to_csv().as_ref()).and_then(|()| to.sync_all()).with_context(cannot)?;
        std::fs::rename(&unfinished, &path).with_context(cannot)?;
    }
    Ok(())
}

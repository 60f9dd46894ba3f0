//! The synthetic school that all of Muster is measured on: `../shared/tools/make_school.py`, run for a size.
//!
//! Where the generator or Python is missing a bench says so in its line, and measures nothing in its place.

use crate::Failure;
use muster_school::calendar::Day;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// Beside the project.
const GENERATOR: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/tools/make_school.py");
/// School weeks of a year.
pub const WEEKS_A_YEAR: u32 = 39;
/// An import takes two million rows and 64 MiB: a million of these are 27 MB.
const ROWS_AT_ONCE: usize = 1_000_000;

/// A school as its old system exports it.
#[derive(Debug)]
pub struct Made {
    /// Sites, staff, pupils and their contacts.
    pub people: BTreeMap<String, Vec<u8>>,
    /// Marks, as many to a file as an import takes.
    pub marks: Vec<Vec<u8>>,
    /// How many marks there are.
    pub mark_count: usize,
    /// The Monday after the last of them.
    pub today: Day,
}

/// What a line of JSON says where there is no generator.
pub const MISSING: &str = "no ../shared/tools/make_school.py beside the project, or no python3";

/// A school of so many sites and pupils, with the marks of so many school weeks (39 a year); `None` where it cannot be made here.
///
/// # Errors
/// When the generator fails, or what it made cannot be read.
pub fn school(sites: u32, pupils: u32, weeks: u32) -> Result<Option<Made>, Failure> {
    if !Path::new(GENERATOR).is_file() {
        return Ok(None);
    }
    let folder = tempfile::tempdir()?;
    let mut command = Command::new("python3");
    command.arg(GENERATOR).arg(folder.path());
    for (name, value) in
        [("--pupils", pupils), ("--weeks", weeks), ("--staff", pupils.div_ceil(10)), ("--sites", sites)]
    {
        command.arg(name).arg(value.to_string());
    }
    let Ok(said) = command.output() else { return Ok(None) };
    if !said.status.success() {
        return Err(String::from_utf8_lossy(&said.stderr).into());
    }
    let mut people = BTreeMap::new();
    for name in ["sites.csv", "staff.csv", "pupils.csv", "contacts.csv"] {
        people.insert(name.to_owned(), std::fs::read(folder.path().join(name))?);
    }
    let all = std::fs::read_to_string(folder.path().join("attendance.csv"))?;
    let (header, rows) = all.split_once('\n').ok_or("no marks")?;
    let rows: Vec<&str> = rows.lines().collect();
    let last = rows.last().and_then(|row| row.split(',').nth(1)).ok_or("no mark")?;
    let file = |some: &[&str]| [header, &some.join("\n"), ""].join("\n").into_bytes();
    Ok(Some(Made {
        people,
        marks: rows.chunks(ROWS_AT_ONCE).map(file).collect(),
        mark_count: rows.len(),
        today: Day::parse(last)?.plus(3),
    }))
}

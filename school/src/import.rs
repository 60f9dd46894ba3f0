//! Bringing a school's records in from CSV exports of the system it has today.
//!
//! [`read`] takes the files apart and judges each row by itself; [`apply`] compares with what is held and writes the
//! rest, in acts of bounded size. A row that cannot go in is listed as `file:line: reason` and kept as it stood, so
//! that it can be mended and imported again; the good rows go in, unless `strict` asks for all or nothing.
//! Importing the same files twice changes nothing.
//!
//! Not here: reading files from a disk, and writing the rejected rows to one.

mod hands;
mod marks;
mod people;
mod plan;
mod rows;
mod table;

pub use plan::apply;

use crate::codes::{BadRow, CodeInfo, Codes};
use rows::{ContactRow, MarkRow, PupilRow, SiteRow, StaffRow, VisitRow};
use std::collections::BTreeMap;

/// The files that are imported, in the order in which they build on each other.
pub const FILES: [&str; 6] = ["sites.csv", "staff.csv", "pupils.csv", "contacts.csv", "attendance.csv", "visitors.csv"];

/// The list of codes of the system that the marks come from; without it they are read by the school's own.
pub const CODES: &str = "codes.csv";

/// A row that did not go in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reject {
    /// The file.
    pub file: String,
    /// The line its row begins on, from 1.
    pub line: u64,
    /// Why, and what would be right.
    pub reason: String,
}

impl std::fmt::Display for Reject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.reason)
    }
}

/// The rejected rows of one file, as they stood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RejectedFile {
    /// The header of the file.
    pub header: Vec<String>,
    /// The rows, by line.
    pub rows: BTreeMap<u64, Vec<String>>,
}

impl RejectedFile {
    /// As a CSV file with the same header, to be mended and imported again.
    pub fn to_csv(&self) -> Vec<u8> {
        let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
        for row in std::iter::once(&self.header).chain(self.rows.values()) {
            if writer.write_record(row).is_err() {
                break;
            }
        }
        writer.into_inner().unwrap_or_default()
    }
}

/// A row that reads well by itself, and where it stood.
#[derive(Clone, Debug)]
pub(crate) struct Row<T> {
    pub(crate) line: u64,
    pub(crate) raw: Vec<String>,
    pub(crate) value: T,
}

/// The files taken apart.
#[derive(Clone, Debug, Default)]
pub struct Parsed {
    pub(crate) sites: Vec<Row<SiteRow>>,
    pub(crate) staff: Vec<Row<StaffRow>>,
    pub(crate) pupils: Vec<Row<PupilRow>>,
    pub(crate) contacts: Vec<Row<ContactRow>>,
    pub(crate) marks: Vec<Row<MarkRow>>,
    pub(crate) visits: Vec<Row<VisitRow>>,
    /// The codes by which marks are read.
    pub(crate) codes: Codes,
    /// Rows of the list of codes that came with the files.
    pub(crate) own_codes: Vec<CodeInfo>,
    pub(crate) rejects: Rejects,
    /// What was kept out or looked odd without costing a row.
    pub warnings: Vec<String>,
}

impl Parsed {
    /// Whether there are staff among it, who get a role each.
    pub fn changes_staff(&self) -> bool {
        !self.staff.is_empty()
    }
}

impl Parsed {
    /// A list of codes of which any row is wrong is not used: half a list would misread marks.
    fn read_codes(&mut self, bytes: &[u8]) {
        match Codes::read(&String::from_utf8_lossy(bytes)) {
            Ok(rows) => {
                self.codes = self.codes.with(&rows);
                self.own_codes = rows;
            }
            Err(wrong) => {
                // Without their rows: the file is mended where it is, and read whole.
                let reject = |row: BadRow| Reject { file: CODES.to_owned(), line: row.line, reason: row.why };
                self.rejects.list.extend(wrong.into_iter().map(reject));
            }
        }
    }

    /// Rows rejected so far.
    pub fn rejects(&self) -> &[Reject] {
        &self.rejects.list
    }
}

/// What was rejected, and the rows themselves.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rejects {
    pub(crate) list: Vec<Reject>,
    pub(crate) files: BTreeMap<String, RejectedFile>,
}

impl Rejects {
    pub(crate) fn add(&mut self, file: &str, line: u64, raw: &[String], reason: impl Into<String>) {
        self.list.push(Reject { file: file.to_owned(), line, reason: reason.into() });
        self.files.entry(file.to_owned()).or_default().rows.insert(line, raw.to_vec());
    }
}

/// How an import is done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// All or nothing: with one rejected row, nothing is written.
    pub strict: bool,
}

/// How many of one kind of record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// New.
    pub added: u32,
    /// Held already, and changed.
    pub changed: u32,
    /// Held already, the same.
    pub same: u32,
}

impl Count {
    /// All rows that are in now.
    pub fn rows(&self) -> u32 {
        self.added + self.changed + self.same
    }
}

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// Sites.
    pub sites: Count,
    /// Staff.
    pub staff: Count,
    /// Pupils.
    pub pupils: Count,
    /// Contacts.
    pub contacts: Count,
    /// Marks.
    pub marks: Count,
    /// Visits.
    pub visits: Count,
    /// Rows that did not go in, by file and line.
    pub rejects: Vec<Reject>,
    /// The same rows as they stood, by file.
    pub rejected: BTreeMap<String, RejectedFile>,
    /// What was kept out or looked odd without costing a row.
    pub warnings: Vec<String>,
    /// Acts written.
    pub acts: u32,
    /// Entries written.
    pub entries: u32,
    /// Nothing was written because a row was rejected and `strict` was asked for.
    pub refused: bool,
}

/// Takes files apart. `files` maps a file's name without folders to its bytes. Marks are read by `codes`, and over
/// them by a `codes.csv` of the system they come from, in the shape of `data/attendance_codes.csv`.
pub fn read(files: BTreeMap<String, Vec<u8>>, codes: &Codes) -> Parsed {
    let mut parsed = Parsed { codes: codes.clone(), ..Parsed::default() };
    if let Some(bytes) = files.get(CODES) {
        parsed.read_codes(bytes);
    }
    for name in files.keys().filter(|name| !FILES.contains(&name.as_str()) && *name != CODES) {
        parsed.warnings.push(format!("{name}: not a file that is imported; it was left alone"));
    }
    for file in FILES {
        if let Some(bytes) = files.get(file) {
            rows::read_file(file, bytes, &mut parsed);
        }
    }
    parsed
}

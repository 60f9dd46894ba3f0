//! Tables that leave the program: the day's registers, and the returns to the authority.
//!
//! A table holds what its purpose needs and no more. A session without a mark gives no line: a blank is never data.
//! No cell can begin a formula. File names say class, date and as of when, and never a pupil's name.
//!
//! Not here: files, signatures, who may (see the program), and the audit as a table (see `story::export`).

mod call;
pub mod for_parent;
pub mod held;
mod register;
mod returns;
mod sendings;

pub use call::call;
pub use register::{register, with_amendments};
pub use returns::{Which, returns};
pub use sendings::{Sending, sendings};

use crate::calendar::{self, Day, Local};

/// A table and what to say of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// What it is, as in `The register of Monday 23 November 2026, Harbour`.
    pub what: String,
    /// The beginning of its file's name: kind, date and class.
    pub stem: String,
    /// Headings.
    pub headings: Vec<&'static str>,
    /// Lines, each as long as the headings.
    pub rows: Vec<Vec<String>>,
    /// How many people it names.
    pub people: u32,
    /// What is not in it, and why.
    pub notes: Vec<String>,
}

impl Table {
    /// As a file for a spreadsheet, in which no cell begins a formula.
    ///
    /// # Errors
    /// Never in practice: the table is made in memory.
    pub fn csv(&self) -> Result<Vec<u8>, csv::Error> {
        let mut table = csv::Writer::from_writer(Vec::new());
        table.write_record(&self.headings)?;
        for row in &self.rows {
            table.write_record(row.iter().map(|cell| plain(cell)))?;
        }
        table.into_inner().map_err(|error| error.into_error().into())
    }

    /// The file's name without its ending: what it is, and as of when.
    pub fn file_stem(&self, now: Local) -> String {
        format!("{}-as-of-{}-{}", self.stem, now.day.iso(), calendar::clock(now.minute).replace(':', ""))
    }
}

/// A cell that spreadsheets take for a text: one that would begin a formula is given an apostrophe, which they hide.
pub(crate) fn plain(cell: &str) -> String {
    let formula = cell.trim_start().starts_with(['=', '+', '-', '@']) || cell.starts_with(['\t', '\r', '\n']);
    if formula { format!("'{cell}") } else { cell.to_owned() }
}

/// A name as part of a file's: letters and digits, everything else a hyphen.
fn in_file(name: &str) -> String {
    let plain: String = name.chars().map(|one| if one.is_ascii_alphanumeric() { one } else { '-' }).collect();
    plain.trim_matches('-').to_owned()
}

/// An address with the word that it is confidential, and from whom it is kept: whoever gets the table must know.
fn with_care(address: Option<String>, kept_from: Option<&[String]>) -> String {
    let Some(address) = address.filter(|address| !address.is_empty()) else { return String::new() };
    match kept_from {
        None => address,
        Some([]) => format!("{address} (CONFIDENTIAL: not to be passed on)"),
        Some(names) => format!("{address} (CONFIDENTIAL: not to be passed on to {})", names.join(", ")),
    }
}

fn dated(day: Day) -> String {
    format!("{} {}", day.long(), day.date().year())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_of_an_export_begins_a_formula() {
        for typed in ["=1+1", "+44 20", "-2", "@SUM(A1)", " =1", "\t=1"] {
            assert!(plain(typed).starts_with('\''), "{typed}");
        }
        assert_eq!(plain("marked 2 pupils"), "marked 2 pupils");
    }
}

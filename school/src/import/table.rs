//! One CSV file as rows with named fields, whatever its encoding, line ends, order of columns or byte-order mark.

use super::Rejects;
use crate::limits::{IMPORT_FILE_BYTES, IMPORT_ROWS};
use std::borrow::Cow;

/// A column that is understood: the names exports give it, folded to letters and digits.
pub(super) struct Column {
    pub(super) names: &'static [&'static str],
    pub(super) required: bool,
}

/// A column that must be there.
pub(super) const fn needed(names: &'static [&'static str]) -> Column {
    Column { names, required: true }
}

/// A column that may be missing.
pub(super) const fn maybe(names: &'static [&'static str]) -> Column {
    Column { names, required: false }
}

/// A row with its fields in the order of the columns asked for; missing ones are empty.
pub(super) struct Fields<'a> {
    record: &'a csv::StringRecord,
    places: &'a [Option<usize>],
}

impl Fields<'_> {
    /// A field without the spaces around it.
    pub(super) fn get(&self, column: usize) -> &str {
        let place = self.places.get(column).copied().flatten();
        place.and_then(|at| self.record.get(at)).map_or("", str::trim)
    }

    /// The row as it stood.
    pub(super) fn raw(&self) -> Vec<String> {
        self.record.iter().map(str::to_owned).collect()
    }

    /// A field as an owned text, line breaks as spaces.
    pub(super) fn text(&self, column: usize) -> String {
        self.get(column).split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

fn fold(header: &str) -> String {
    header.chars().filter(|symbol| symbol.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn decode(bytes: &[u8]) -> (Cow<'_, str>, bool) {
    // A byte-order mark decides; without one, what is not UTF-8 is Windows-1252, as old exports are.
    if let Some((encoding, skip)) = encoding_rs::Encoding::for_bom(bytes) {
        let (text, _) = encoding.decode_without_bom_handling(bytes.get(skip..).unwrap_or_default());
        return (text, false);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => (Cow::Borrowed(text), false),
        Err(_) => (encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0, true),
    }
}

/// Reads a file, hands each row to `row`, and collects what it rejects.
pub(super) fn read(
    file: &str,
    bytes: &[u8],
    columns: &[Column],
    rejects: &mut Rejects,
    warnings: &mut Vec<String>,
    mut row: impl FnMut(u64, &Fields<'_>) -> Result<(), String>,
) {
    if bytes.len() > IMPORT_FILE_BYTES {
        rejects.list.push(whole(file, format!("is larger than {} MiB: cut it in two", IMPORT_FILE_BYTES / 1_048_576)));
        return;
    }
    let (text, old) = decode(bytes);
    if old {
        warnings.push(format!("{file}: is not UTF-8; read as Windows-1252"));
    }
    // A code may be `#` or `\`: neither begins a comment nor escapes.
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .comment(None)
        .escape(None)
        .from_reader(text.as_bytes());
    let mut records = reader.records();
    let header = match records.next() {
        Some(Ok(header)) => header,
        Some(Err(error)) => {
            rejects.list.push(whole(file, format!("the header cannot be read: {error}")));
            return;
        }
        None => {
            rejects.list.push(whole(file, "is empty: a header row is needed".to_owned()));
            return;
        }
    };
    let folded: Vec<_> = header.iter().map(fold).collect();
    let place = |names: &[&str]| names.iter().find_map(|name| folded.iter().position(|held| held == name));
    let places: Vec<_> = columns.iter().map(|column| place(column.names)).collect();
    for (column, at) in columns.iter().zip(&places) {
        if column.required && at.is_none() {
            let name = column.names.first().copied().unwrap_or_default();
            rejects.list.push(whole(file, format!("the column {name} is missing: nothing of this file was read")));
            return;
        }
    }
    for (at, name) in header.iter().enumerate() {
        if !places.contains(&Some(at)) {
            warnings.push(format!("{file}: the column \"{name}\" is not known and was kept out"));
        }
    }
    rejects.files.entry(file.to_owned()).or_default().header = header.iter().map(str::to_owned).collect();
    let mut lines = Lines { text: &text, at: 0, line: 1 };
    for (count, record) in records.enumerate() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = lines.of(error.position());
                rejects.add(file, line, &[], format!("the row cannot be read: {error}"));
                continue;
            }
        };
        let line = lines.of(record.position());
        let raw = || record.iter().map(str::to_owned).collect::<Vec<_>>();
        if count >= IMPORT_ROWS {
            rejects.add(file, line, &raw(), format!("more than {IMPORT_ROWS} rows: cut the file in two"));
            return;
        }
        if record.iter().all(|field| field.trim().is_empty()) {
            continue;
        }
        if record.len() != header.len() {
            let reason = format!(
                "the row has {} fields, the header {}: look for a missing or stray comma or quote",
                record.len(),
                header.len()
            );
            rejects.add(file, line, &raw(), reason);
            continue;
        }
        if let Err(reason) = row(line, &Fields { record: &record, places: &places }) {
            rejects.add(file, line, &raw(), reason);
        }
    }
}

/// Counts lines as an editor does. The reader of CSV counts a row with the line end before it as begun there where
/// line ends are Windows', and where empty lines come between.
struct Lines<'a> {
    text: &'a str,
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line, from 1, of a row further on than those before.
    fn of(&mut self, position: Option<&csv::Position>) -> u64 {
        let bytes = self.text.as_bytes();
        let begins = position.and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or(self.at);
        let is_end = |byte: &&u8| matches!(byte, b'\r' | b'\n');
        let ends = bytes.get(begins..).unwrap_or_default().iter().take_while(is_end).count();
        let to = begins + ends;
        let passed = bytes.get(self.at..to).unwrap_or_default();
        let passed = passed.iter().filter(|byte| **byte == b'\n').count();
        self.line = self.line.saturating_add(u64::try_from(passed).unwrap_or(u64::MAX));
        self.at = self.at.max(to);
        self.line
    }
}

fn whole(file: &str, reason: String) -> super::Reject {
    super::Reject { file: file.to_owned(), line: 1, reason }
}

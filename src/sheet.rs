//! A table as a spreadsheet file.
//!
//! Every cell is written as a text, so that none is a formula and no number is changed: a UPN or a date stays as it
//! is.

use muster_school::extract::Table;
use rust_xlsxwriter::{DocProperties, Format, Workbook, XlsxError};

/// The file's bytes. The second sheet says what it is, for whom, what for, and what is not in it.
///
/// # Errors
/// When a cell is longer than a spreadsheet takes.
pub(crate) fn xlsx(table: &Table, about: &[(String, String)]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // Neither user nor device: the program writes nothing into a file that nobody sees.
    book.set_properties(&DocProperties::new().set_title(&table.what));
    let bold = Format::new().set_bold();
    let sheet = book.add_worksheet().set_name("Table")?;
    sheet.set_freeze_panes(1, 0)?;
    for (heading, column) in table.headings.iter().zip(0_u16..) {
        sheet.write_string_with_format(0, column, *heading, &bold)?;
    }
    for (row, line) in table.rows.iter().zip(1_u32..) {
        for (cell, column) in row.iter().zip(0_u16..) {
            sheet.write_string(line, column, cell)?;
        }
    }
    sheet.autofit();
    let sheet = book.add_worksheet().set_name("About")?;
    for ((what, words), line) in about.iter().zip(0_u32..) {
        sheet.write_string_with_format(line, 0, what, &bold)?;
        sheet.write_string(line, 1, words)?;
    }
    sheet.autofit();
    book.save_to_buffer()
}

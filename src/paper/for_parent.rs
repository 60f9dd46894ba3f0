//! One pupil's session attendance on paper, for a parent: what it came to, then a line for each session.

use super::{Column, INNER, MARGIN, Style, sheets};
use muster_school::extract::for_parent::ForParent;
use zeroize::Zeroizing;

/// Lines of one sheet.
const ROWS: usize = 44;
const SIZE: f32 = 9.5;
const COLUMNS: [Column; 5] = [
    Column { at: 0.0, wide: 70.0, head: "Date" },
    Column { at: 72.0, wide: 60.0, head: "Session" },
    Column { at: 134.0, wide: 34.0, head: "Code" },
    Column { at: 170.0, wide: 243.0, head: "In words" },
    Column { at: 415.0, wide: 68.0, head: "Minutes late" },
];
/// Lines of comments on one sheet: some take two.
const COMMENTS: usize = 24;

/// Draws it. `school` stands over it, `to` is for whom it is, and `as_of` says when and from which device.
///
/// # Errors
/// When it cannot be drawn: a fault of this program.
pub(crate) fn draw(school: &str, page: &ForParent, to: &str, as_of: &str) -> anyhow::Result<Zeroizing<Vec<u8>>> {
    let table = &page.table;
    let place = |head: &str| table.headings.iter().position(|heading| *heading == head);
    let (minutes, comment) = (place("Minutes late"), place("Comment"));
    let columns = if minutes.is_some() { &COLUMNS[..] } else { COLUMNS.get(..4).unwrap_or(&COLUMNS) };
    let cell = |row: &[String], at: usize| row.get(at).cloned().unwrap_or_default();
    let rows: Vec<Vec<String>> =
        table.rows.iter().map(|row| (0..4).chain(minutes).map(|at| cell(row, at)).collect()).collect();
    // A comment is never cut: they stand below, each in full.
    let said = table.rows.iter().filter_map(|row| {
        let words = cell(row, comment?);
        (!words.is_empty()).then(|| format!("{}, {}: {words}", cell(row, 0), cell(row, 1).to_lowercase()))
    });
    let said: Vec<String> = said.collect();
    let first = rows.len().min(ROWS - 8);
    let (head, rest) = rows.split_at(first);
    let mut pages: Vec<&[Vec<String>]> = vec![head];
    pages.extend(rest.chunks(ROWS));
    let notes: Vec<&[String]> = said.chunks(COMMENTS).collect();
    let many = pages.len() + notes.len();
    let title = format!("Session attendance of {}", page.whose);
    sheets(&title, many, |pen, number| {
        let mut y = 72.0;
        if number == 0 {
            pen.heading(MARGIN, y, 1, Style::bold(16.0), &title);
            y = pen.paragraph(MARGIN, y + 20.0, INNER, Style::plain(10.5), &format!("{school}. {}.", page.when));
            y = pen.paragraph(MARGIN, y, INNER, Style::plain(10.5), &format!("For {to}, and for nobody else."));
            for line in &page.summary {
                y = pen.paragraph(MARGIN, y, INNER, Style::plain(10.5), line);
            }
            for note in &table.notes {
                y = pen.paragraph(MARGIN, y, INNER, Style::plain(10.5), &format!("{note}."));
            }
            y += 10.0;
        }
        if let Some(rows) = pages.get(number) {
            if rows.is_empty() {
                pen.paragraph(MARGIN, y, INNER, Style::plain(10.5), "No session of these days has a mark.");
            } else {
                pen.table(MARGIN, y, columns, SIZE, rows);
            }
        } else if let Some(said) = number.checked_sub(pages.len()).and_then(|at| notes.get(at)) {
            pen.heading(MARGIN, y, 2, Style::bold(12.0), "Comments");
            y += 18.0;
            for line in *said {
                y = pen.paragraph(MARGIN, y, INNER, Style::plain(9.5), line) + 3.0;
            }
        }
        let foot = format!("Sheet {} of {many}. As of {as_of}.", number + 1);
        pen.paragraph(MARGIN, 806.0, INNER, Style::plain(9.0), &foot);
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use muster_school::extract::Table;

    #[test]
    fn a_parents_page_is_tagged_and_takes_as_many_sheets_as_the_marks_need() {
        for (marks, sheets) in [(0, 1), (30, 2), (120, 4)] {
            let row = |at: usize| {
                let words =
                    if at == 0 { "Came by taxi, in tears, and was calm by ten. ".repeat(3) } else { String::new() };
                ["2026-11-23", "Morning", "L", "Late, before the register closed", "12", words.as_str()]
                    .map(str::to_owned)
                    .to_vec()
            };
            let table = Table {
                what: "Session attendance".into(),
                stem: "for-parent".into(),
                headings: vec!["Date", "Session", "Code", "In words", "Minutes late", "Comment"],
                rows: (0..marks).map(row).collect(),
                people: 1,
                notes: vec!["2 sessions without a mark yet".into()],
            };
            let page = ForParent {
                table,
                whose: "Ada Byrne, 4B".into(),
                when: "Monday 23 November 2026".into(),
                summary: vec!["Attendance 93.7 %".into()],
            };
            let pdf = draw("Alder Fen School", &page, "Grace Byrne", "09:14 on Monday 23 November 2026").unwrap();
            let holds = |words: &str| pdf.windows(words.len()).any(|found| found == words.as_bytes());
            assert!(holds("/StructTreeRoot") && holds("pdfuaid:part"));
            assert!(holds(&format!("/Count {sheets}")), "{sheets} sheets for {marks} marks");
        }
    }
}

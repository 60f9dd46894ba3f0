//! The quick reference for taking the register, on one sheet: the site's own times, the steps, the codes in use.

use super::{Column, INNER, MARGIN, Style, sheets};
use muster_school::view::guide::GuideView;
use zeroize::Zeroizing;

/// Two columns of codes: code and meaning, twice.
const COLUMNS: [Column; 4] = [
    Column { at: 0.0, wide: 30.0, head: "Code" },
    Column { at: 30.0, wide: 211.0, head: "Meaning" },
    Column { at: 241.0, wide: 30.0, head: "Code" },
    Column { at: 271.0, wide: 211.0, head: "Meaning" },
];

/// Draws it.
///
/// # Errors
/// When it cannot be drawn: a fault of this program.
pub(crate) fn draw(guide: &GuideView, as_of: &str) -> anyhow::Result<Zeroizing<Vec<u8>>> {
    sheets(&guide.title, 1, |pen, _| {
        pen.heading(MARGIN, 72.0, 1, Style::bold(21.0), &guide.title);
        let mut y = 92.0;
        for line in &guide.times {
            y = pen.paragraph(MARGIN, y, INNER, Style::plain(11.0), line);
        }
        pen.heading(MARGIN, y + 12.0, 2, Style::bold(13.0), "Steps");
        y += 30.0;
        for (number, step) in (1..).zip(&guide.steps) {
            y = pen.paragraph(MARGIN, y, INNER, Style::plain(10.0), &format!("{number}. {step}")) + 1.5;
        }
        pen.heading(MARGIN, y + 10.0, 2, Style::bold(13.0), "Codes in use");
        let half = guide.codes.len().div_ceil(2);
        let (left, right) = guide.codes.split_at(half);
        let rows: Vec<Vec<String>> = left
            .iter()
            .enumerate()
            .map(|(at, (code, meaning))| {
                let (other, means) = right.get(at).cloned().unwrap_or_default();
                vec![code.clone(), meaning.clone(), other, means]
            })
            .collect();
        y = pen.table(MARGIN, y + 26.0, &COLUMNS, 9.0, &rows);
        pen.heading(MARGIN, y + 6.0, 2, Style::bold(13.0), "Whom to ask");
        y += 22.0;
        for line in &guide.ask {
            y = pen.paragraph(MARGIN, y, INNER, Style::plain(10.5), line);
        }
        pen.paragraph(MARGIN, 806.0, INNER, Style::plain(9.0), as_of);
    })
}

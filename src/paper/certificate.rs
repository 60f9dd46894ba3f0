//! The certificate of destruction on one sheet.

use super::{INNER, MARGIN, Style, sheet};
use zeroize::Zeroizing;

/// Draws it: `said` is a sentence a line, the first what was destroyed.
///
/// # Errors
/// When it cannot be drawn: a fault of this program.
pub(crate) fn draw(school: &str, said: &[String], as_of: &str) -> anyhow::Result<Zeroizing<Vec<u8>>> {
    let title = "Certificate of destruction";
    sheet(title, |pen| {
        pen.heading(MARGIN, 72.0, 1, Style::bold(16.0), title);
        let mut y = pen.paragraph(MARGIN, 94.0, INNER, Style::plain(10.5), school) + 8.0;
        for (number, sentence) in said.iter().enumerate() {
            let style = if number == 0 { Style::bold(12.0) } else { Style::plain(10.0) };
            y = pen.paragraph(MARGIN, y, INNER, style, sentence) + 4.0;
        }
        pen.paragraph(MARGIN, 800.0, INNER, Style::plain(9.0), &format!("As of {as_of}."));
    })
}

//! A visitor's badge: kind and name so large that they are read across a corridor.

use super::{MARGIN, Style, sheet};
use muster_school::view::reception::Badge;
use zeroize::Zeroizing;

/// The badge's width and height: what fits in a usual holder, cut out along the frame.
const WIDE: f32 = 255.0;
const HIGH: f32 = 155.0;

/// Draws it in the upper left corner of a sheet.
///
/// # Errors
/// When it cannot be drawn: a fault of this program.
pub(crate) fn draw(school: &str, badge: &Badge) -> anyhow::Result<Zeroizing<Vec<u8>>> {
    let title = format!("{}, badge", badge.kind);
    sheet(&title, |pen| {
        let (x, inner) = (MARGIN + 12.0, WIDE - 24.0);
        pen.frame(MARGIN, MARGIN, MARGIN + WIDE, MARGIN + HIGH);
        pen.heading(x, MARGIN + 28.0, 1, Style::bold(20.0), &badge.kind.to_uppercase());
        let mut y = pen.paragraph(x, MARGIN + 58.0, inner, Style::bold(22.0), &badge.name);
        for words in [&badge.about, &badge.when] {
            if !words.is_empty() {
                y = pen.paragraph(x, y, inner, Style::plain(10.5), words);
            }
        }
        if !badge.number.is_empty() {
            y = pen.paragraph(x, y, inner, Style::bold(10.5), &format!("Badge {}", badge.number));
        }
        pen.paragraph(x, y, inner, Style::plain(9.0), &format!("{school}. Give this back when you sign out."));
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_badge_is_a_sheet_that_a_screen_reader_reads_out() {
        let badge =
            Badge { name: "Carol Abbott".into(), kind: "Visitor".into(), number: "14".into(), ..Badge::default() };
        let pdf = draw("Alder Fen School", &badge).unwrap();
        let holds = |words: &str| pdf.windows(words.len()).any(|found| found == words.as_bytes());
        assert!(pdf.starts_with(b"%PDF") && holds("/StructTreeRoot") && holds("pdfuaid:part"));
    }
}

//! The registers of a day on paper, a group after the other: what to go by when no screen works.
//!
//! A blank is a session that nobody has marked yet, to be written in by hand. Date, as of when and which device stand
//! on each sheet.

use super::{Column, INNER, MARGIN, Style, sheets};
use zeroize::Zeroizing;

/// Lines of one sheet: a class of thirty, with room for two visitors by hand.
const ROWS: usize = 30;
/// Name, born, morning, afternoon, and what is written by hand.
const COLUMNS: [Column; 5] = [
    Column { at: 0.0, wide: 190.0, head: "Name" },
    Column { at: 190.0, wide: 80.0, head: "Born" },
    Column { at: 270.0, wide: 60.0, head: "Morning" },
    Column { at: 330.0, wide: 60.0, head: "Afternoon" },
    Column { at: 390.0, wide: 93.0, head: "By hand" },
];
/// The size of the lines: large enough to write beside.
const SIZE: f32 = 12.5;

/// A group's register of a day.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    /// `Beech, Harbour`.
    pub(crate) name: String,
    /// A line for each pupil: name, born, morning, afternoon.
    pub(crate) rows: Vec<[String; 4]>,
}

/// What stands on each sheet.
#[derive(Clone, Debug)]
pub(crate) struct About {
    /// The school.
    pub(crate) school: String,
    /// `Monday 23 November 2026`.
    pub(crate) day: String,
    /// `09:14 on Monday 23 November 2026`.
    pub(crate) as_of: String,
    /// The device.
    pub(crate) device: String,
}

/// Draws them.
///
/// # Errors
/// When they cannot be drawn: a fault of this program.
pub(crate) fn draw(about: &About, groups: &[Group]) -> anyhow::Result<Zeroizing<Vec<u8>>> {
    let mut pages: Vec<(&Group, usize, Vec<Vec<String>>)> = Vec::new();
    for group in groups {
        let mut chunks: Vec<Vec<Vec<String>>> = group
            .rows
            .chunks(ROWS)
            .map(|rows| rows.iter().map(|row| row.iter().cloned().chain([String::new()]).collect()).collect())
            .collect();
        if chunks.is_empty() {
            chunks.push(Vec::new());
        }
        pages.extend(chunks.into_iter().enumerate().map(|(part, rows)| (group, part, rows)));
    }
    let many = pages.len();
    let title = format!("Registers, {}", about.day);
    sheets(&title, many.max(1), |pen, number| {
        let Some((group, part, rows)) = pages.get(number) else {
            pen.heading(MARGIN, 80.0, 1, Style::bold(22.0), &title);
            return;
        };
        let on = if *part == 0 { String::new() } else { " (continued)".to_owned() };
        let level = if number == 0 { 1 } else { 2 };
        pen.heading(MARGIN, 72.0, level, Style::bold(20.0), &format!("{}{on}", group.name));
        let words = format!("{}. {}. As of {}, from {}.", about.day, about.school, about.as_of, about.device);
        let y = pen.paragraph(MARGIN, 94.0, INNER, Style::plain(10.5), &words);
        pen.table(MARGIN, y + 14.0, &COLUMNS, SIZE, rows);
        let foot = format!(
            "Sheet {} of {many}. A blank is not marked yet, # is a day closed to pupils, ? two marks that differ, * amended after the close: what stood there before, why and by whom is in the program. Bring what is written by hand back into the program, and then shred this.",
            number + 1
        );
        pen.paragraph(MARGIN, 790.0, INNER, Style::plain(9.0), &foot);
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(pupils: usize) -> Group {
        let row = |at: usize| [format!("Jankowski-Łukaszewicz, Kuba {at}"), String::new(), "/".into(), String::new()];
        Group { name: "Beech, Harbour".into(), rows: (0..pupils).map(row).collect() }
    }

    fn about() -> About {
        About {
            school: "Alder Fen School".into(),
            day: "Monday 23 November 2026".into(),
            as_of: "09:14 on Monday 23 November 2026".into(),
            device: "Office laptop".into(),
        }
    }

    #[test]
    fn a_printed_register_is_one_that_a_screen_reader_reads_out_with_a_sheet_for_each_thirty() {
        for (groups, sheets) in [(vec![group(0)], 1), (vec![group(30)], 1), (vec![group(31), group(3)], 3)] {
            let pdf = draw(&about(), &groups).unwrap();
            let holds = |words: &str| pdf.windows(words.len()).any(|found| found == words.as_bytes());
            assert!(pdf.starts_with(b"%PDF") && holds("/StructTreeRoot") && holds("pdfuaid:part"));
            assert!(holds(&format!("/Count {sheets}")), "{sheets} sheets");
            assert!(groups[0].rows.is_empty() || (holds("/Table") && holds("/TH")), "a table, and its headings");
        }
    }
}

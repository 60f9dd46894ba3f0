//! The weekly attendance review on one sheet: the whole school and each site, then the pupils who matter most.

use super::{Column, INNER, MARGIN, Style, sheet};
use muster_school::review::{Part, RULE, Review};
use zeroize::Zeroizing;

/// Where the columns begin, how wide they are, and their heads.
const SCHOOL: [Column; 5] = [
    Column { at: 0.0, wide: 118.0, head: "Of" },
    Column { at: 118.0, wide: 106.0, head: "This week" },
    Column { at: 226.0, wide: 106.0, head: "Last week" },
    Column { at: 334.0, wide: 36.0, head: "Change" },
    Column { at: 374.0, wide: 106.0, head: "Year so far" },
];
const DETAIL: [Column; 6] = [
    Column { at: 0.0, wide: 118.0, head: "This week" },
    Column { at: 118.0, wide: 70.0, head: "With leave" },
    Column { at: 190.0, wide: 80.0, head: "Without leave" },
    Column { at: 272.0, wide: 64.0, head: "Late" },
    Column { at: 338.0, wide: 72.0, head: "After close" },
    Column { at: 412.0, wide: 70.0, head: "No mark" },
];
const PUPIL: [Column; 6] = [
    Column { at: 0.0, wide: 118.0, head: "Pupil" },
    Column { at: 118.0, wide: 50.0, head: "Class" },
    Column { at: 170.0, wide: 74.0, head: "Absent" },
    Column { at: 246.0, wide: 74.0, head: "Last week" },
    Column { at: 322.0, wide: 92.0, head: "Year so far" },
    Column { at: 416.0, wide: 67.0, head: "Note" },
];

/// Draws the page.
///
/// # Errors
/// When it cannot be drawn: a fault of this program.
pub(crate) fn draw(review: &Review) -> anyhow::Result<Zeroizing<Vec<u8>>> {
    sheet(&review.title, |pen| {
        pen.heading(MARGIN, 72.0, 1, Style::bold(16.0), &review.title);
        let mut y = pen.paragraph(MARGIN, 92.0, INNER, Style::plain(10.0), &review.made);
        y += 10.0;
        pen.heading(MARGIN, y, 2, Style::bold(12.0), "Attendance");
        let rows: Vec<Vec<String>> = review.parts.iter().map(attendance).collect();
        y = pen.table(MARGIN, y + 16.0, &SCHOOL, 9.0, &rows) + 10.0;
        pen.heading(MARGIN, y, 2, Style::bold(12.0), "Absence and lateness this week, in sessions");
        let rows: Vec<Vec<String>> = review.parts.iter().map(detail).collect();
        y = pen.table(MARGIN, y + 16.0, &DETAIL, 9.0, &rows) + 10.0;
        pen.heading(MARGIN, y, 2, Style::bold(12.0), "Pupils");
        y = pen.paragraph(MARGIN, y + 14.0, INNER, Style::plain(9.0), RULE) + 4.0;
        let rows: Vec<Vec<String>> = review.pupils.iter().map(pupil).collect();
        if rows.is_empty() {
            y = pen.paragraph(MARGIN, y + 4.0, INNER, Style::plain(9.0), "No pupil fits the rule.");
        } else {
            y = pen.table(MARGIN, y + 6.0, &PUPIL, 9.0, &rows);
        }
        for note in &review.notes {
            y = pen.paragraph(MARGIN, y + 8.0, INNER, Style::plain(9.0), note);
        }
    })
}

fn attendance(part: &Part) -> Vec<String> {
    let share = |tally: &muster_school::figures::Tally| tally.attendance().to_string();
    vec![part.name.clone(), share(&part.week), share(&part.before), part.change(), share(&part.year)]
}

fn detail(part: &Part) -> Vec<String> {
    let week = &part.week;
    let counts = [week.authorised, week.unauthorised, week.late_before_close, week.late_after_close, week.unfilled];
    std::iter::once(part.name.clone()).chain(counts.map(|count| count.to_string())).collect()
}

fn pupil(part: &Part) -> Vec<String> {
    let absent = |tally: &muster_school::figures::Tally| match tally.possible() {
        0 => "–".to_owned(),
        possible => format!("{} of {possible}", tally.absent()),
    };
    vec![
        part.name.clone(),
        part.about.clone(),
        absent(&part.week),
        absent(&part.before),
        part.year.absence().to_string(),
        part.note(),
    ]
}

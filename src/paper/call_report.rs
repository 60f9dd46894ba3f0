//! The report of a roll call on paper: what it came to, the times, what was learned, and who said what of whom.

use super::{Column, INNER, MARGIN, Style, sheets};
use muster_school::view::call::CallReport;
use zeroize::Zeroizing;

/// Lines of one sheet of people.
const ROWS: usize = 42;
const SIZE: f32 = 9.5;
/// Settled contradictions that fit on the first sheet beside what else stands there.
const SETTLED: usize = 6;
const TIMES: [Column; 2] =
    [Column { at: 0.0, wide: 180.0, head: "What" }, Column { at: 180.0, wide: 120.0, head: "When" }];
const ACTIONS: [Column; 3] = [
    Column { at: 0.0, wide: 250.0, head: "To do" },
    Column { at: 252.0, wide: 120.0, head: "By whom" },
    Column { at: 374.0, wide: 109.0, head: "By when" },
];
const PEOPLE: [Column; 4] = [
    Column { at: 0.0, wide: 130.0, head: "Name" },
    Column { at: 132.0, wide: 60.0, head: "Group" },
    Column { at: 194.0, wide: 94.0, head: "Outcome" },
    Column { at: 290.0, wide: 193.0, head: "Who said what" },
];

/// Draws it. `as_of` says when and from which device.
///
/// # Errors
/// When it cannot be drawn: a fault of this program.
pub(crate) fn draw(school: &str, report: &CallReport, as_of: &str) -> anyhow::Result<Zeroizing<Vec<u8>>> {
    let people: Vec<Vec<String>> = report
        .marks
        .iter()
        .map(|mark| vec![mark.name.clone(), mark.group.clone(), mark.outcome.clone(), mark.words.clone()])
        .collect();
    let pages: Vec<&[Vec<String>]> = people.chunks(ROWS).collect();
    let many = pages.len() + 1;
    let title = report.title.clone();
    sheets(&title, many, |pen, number| {
        if let Some(rows) = number.checked_sub(1).and_then(|at| pages.get(at)) {
            pen.heading(MARGIN, 72.0, 2, Style::bold(14.0), "Who said what of whom");
            pen.table(MARGIN, 96.0, &PEOPLE, SIZE, rows);
        } else {
            first(pen, school, report);
        }
        let foot = format!("Sheet {} of {many}. As of {as_of}.", number + 1);
        pen.paragraph(MARGIN, 800.0, INNER, Style::plain(9.0), &foot);
    })
}

fn first(pen: &mut super::Pen<'_>, school: &str, report: &CallReport) {
    let body = Style::plain(10.5);
    pen.heading(MARGIN, 72.0, 1, Style::bold(16.0), &report.title);
    let mut y = pen.paragraph(MARGIN, 94.0, INNER, body, school);
    y = pen.paragraph(MARGIN, y + 4.0, INNER, Style::bold(14.0), &format!("{}.", report.outcome));
    for line in &report.lines {
        y = pen.paragraph(MARGIN, y, INNER, body, line);
    }
    if !report.never_found.is_empty() {
        y = pen.paragraph(
            MARGIN,
            y,
            INNER,
            Style::bold(10.5),
            &format!("Never found: {}.", short(&report.never_found)),
        );
    }
    for one in report.settled.iter().take(SETTLED) {
        y = pen.paragraph(MARGIN, y, INNER, body, &format!("Said differently, and settled: {one}."));
    }
    if let Some(more) = report.settled.len().checked_sub(SETTLED).filter(|more| *more > 0) {
        y = pen.paragraph(MARGIN, y, INNER, body, &format!("{more} more were settled: the table has them all."));
    }
    pen.heading(MARGIN, y + 14.0, 2, Style::bold(12.0), "Times");
    let row = |(what, at): &(String, String)| {
        vec![what.clone(), if at.is_empty() { "not said".to_owned() } else { at.clone() }]
    };
    let rows: Vec<Vec<String>> = report.times.iter().map(row).collect();
    y = pen.table(MARGIN, y + 30.0, &TIMES, SIZE, &rows) + 12.0;
    if !report.opened.is_empty() {
        pen.heading(MARGIN, y, 2, Style::bold(12.0), "Who opened the list");
        y = pen.paragraph(MARGIN, y + 16.0, INNER, body, &format!("{}.", short(&report.opened))) + 8.0;
    }
    pen.heading(MARGIN, y, 2, Style::bold(12.0), "What was seen and learned");
    y += 16.0;
    let written = &report.written;
    for (what, words) in [
        ("Weather", &written.weather),
        ("Exits blocked", &written.exits),
        ("Problems", &written.problems),
        ("Learned", &written.learned),
    ] {
        let said = if words.is_empty() { "nothing was written" } else { words };
        y = pen.paragraph(MARGIN, y, INNER, body, &format!("{what}: {}", said.replace('\n', " ")));
    }
    if !written.actions.is_empty() {
        let row =
            |one: &muster_school::view::call::ReportAction| vec![one.what.clone(), one.owner.clone(), one.due.clone()];
        let rows: Vec<Vec<String>> = written.actions.iter().map(row).collect();
        y = pen.table(MARGIN, y + 8.0, &ACTIONS, SIZE, &rows);
    }
    for signed in &report.signed {
        y = pen.paragraph(MARGIN, y + 8.0, INNER, Style::bold(10.5), &format!("{signed}."));
    }
    if report.signed.is_empty() {
        pen.paragraph(MARGIN, y + 8.0, INNER, body, "Not signed yet.");
    }
}

/// As many as fit on the sheet: all of them stand on the sheets that follow.
fn short(names: &[String]) -> String {
    const MOST: usize = 24;
    match names.len().checked_sub(MOST) {
        Some(rest) if rest > 0 => {
            let some: Vec<&str> = names.iter().take(MOST).map(String::as_str).collect();
            format!("{} and {rest} more", some.join(", "))
        }
        _ => names.join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use muster_school::view::call::{ReportAnswers, ReportMark};

    #[test]
    fn a_report_on_paper_is_read_out_by_a_screen_reader_with_sheets_for_all_people() {
        let mark = |at: usize| ReportMark {
            name: format!("Byrne{at}, Ada"),
            group: "Beech".into(),
            outcome: "Found".into(),
            words: "Found by T. Okafor 09:18, Front car park".into(),
        };
        for (people, sheets) in [(0, 1), (42, 2), (431, 12)] {
            let report = CallReport {
                title: "Drill, Monday 23 November 2026, 09:17 to 09:31, Harbour".into(),
                outcome: "Everybody accounted for after 11 minutes".into(),
                times: vec![("Alarm".into(), "09:17".into()), ("All clear".into(), String::new())],
                settled: (0..people / 50).map(|at| format!("Byrne{at}, Ada, Beech: settled")).collect(),
                never_found: (0..people / 4).map(|at| format!("Ada Byrne{at}")).collect(),
                marks: (0..people).map(mark).collect(),
                written: ReportAnswers { learned: "Beech leaves\nby the kitchen".into(), ..ReportAnswers::default() },
                ..CallReport::default()
            };
            let pdf = draw("Alder Fen School", &report, "10:12").unwrap();
            let holds = |words: &str| pdf.windows(words.len()).any(|found| found == words.as_bytes());
            assert!(pdf.starts_with(b"%PDF") && holds("/StructTreeRoot") && holds("pdfuaid:part"));
            assert!(holds(&format!("/Count {sheets}")), "{people} people: {sheets} sheets");
        }
    }
}

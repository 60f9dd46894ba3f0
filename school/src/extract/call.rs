//! A roll call that is over, as a table: who said what of whom, after the times.

use super::{Table, in_file};
use crate::calendar::Day;
use crate::view::call::CallReport;

const HEADINGS: [&str; 4] = ["Name", "Group", "Outcome", "Who said what"];

/// The report of a roll call that began on a day at a site. Times, counts and what was learned stand beside the table.
pub fn call(report: &CallReport, site: &str, day: Day) -> Table {
    let rows: Vec<Vec<String>> = report
        .marks
        .iter()
        .map(|mark| vec![mark.name.clone(), mark.group.clone(), mark.outcome.clone(), mark.words.clone()])
        .collect();
    let mut notes: Vec<String> = report
        .times
        .iter()
        .map(|(what, at)| format!("{what}: {}", if at.is_empty() { "not said" } else { at }))
        .collect();
    notes.push(report.outcome.clone());
    notes.extend(report.lines.iter().cloned());
    notes.extend(report.settled.iter().map(|words| format!("Settled: {words}")));
    let written = &report.written;
    for (what, words) in [
        ("Weather", &written.weather),
        ("Exits blocked", &written.exits),
        ("Problems", &written.problems),
        ("Learned", &written.learned),
    ] {
        if !words.is_empty() {
            notes.push(format!("{what}: {words}"));
        }
    }
    notes.extend(written.actions.iter().map(|one| format!("To do: {}, {}, by {}", one.what, one.owner, one.due)));
    notes.extend(report.opened.iter().map(|words| format!("List opened by {words}")));
    notes.extend(report.signed.iter().cloned());
    Table {
        what: report.title.clone(),
        stem: format!("roll-call-{}-{}", day.iso(), in_file(site)),
        headings: HEADINGS.to_vec(),
        people: u32::try_from(rows.len()).unwrap_or(u32::MAX),
        rows,
        notes,
    }
}

//! The fire list on paper, because it always works: in large type, a group after the other, with a box to tick, and the
//! assembly points on each sheet.
//!
//! Those of whom nothing is certain come first, of whatever group; off-site trips stand last and apart.

use super::{Column, INNER, MARGIN, Style, sheets};
use muster_school::calendar;
use muster_school::fire::presence::{Believed, FireList, State};
use std::collections::BTreeMap;
use zeroize::Zeroizing;

/// Lines of one sheet in large type.
const ROWS: usize = 24;
const SIZE: f32 = 15.0;
/// Name, where and from what source, help, and a place to tick in.
const COLUMNS: [Column; 4] = [
    Column { at: 0.0, wide: 168.0, head: "Name" },
    Column { at: 170.0, wide: 168.0, head: "Last known" },
    Column { at: 340.0, wide: 96.0, head: "Help to leave" },
    Column { at: 438.0, wide: 45.0, head: "Here" },
];

/// One sheet's lines, under a heading.
struct Sheet {
    head: String,
    /// The assembly point of its group; empty where it has none of its own.
    meets: String,
    rows: Vec<Vec<String>>,
}

/// Draws it.
///
/// # Errors
/// When it cannot be drawn: a fault of this program.
pub(crate) fn draw(school: &str, list: &FireList, device: &str) -> anyhow::Result<Zeroizing<Vec<u8>>> {
    let pages = pages(list);
    let many = pages.len();
    let day = format!("{} {}", list.now.day.long(), list.now.day.date().year());
    let title = format!("Fire list, {}, {day}", list.site);
    let as_of = format!("As of {} on {day}, from {device}. {school}.", calendar::clock(list.now.minute));
    let called = list.to_call().count();
    let points = match list.points.as_slice() {
        [] => "Assembly point: ____________________".to_owned(),
        points => format!("Assembly points: {}. Ring the one where you stand.", points.join("  |  ")),
    };
    let meets = |page: &Sheet| match page.meets.as_str() {
        "" => points.clone(),
        point => format!("Meets at: {point}"),
    };
    sheets(&title, many, |pen, number| {
        let Some(page) = pages.get(number) else { return };
        let level = if number == 0 { 1 } else { 2 };
        pen.heading(MARGIN, 72.0, level, Style::bold(22.0), &page.head);
        let mut y = pen.paragraph(MARGIN, 94.0, INNER, Style::plain(10.5), &format!("{as_of} {called} to call."));
        let gaps = list.gaps();
        if !gaps.is_empty() {
            y = pen.paragraph(MARGIN, y, INNER, Style::bold(10.5), &format!("{gaps}."));
        }
        y = pen.paragraph(MARGIN, y + 2.0, INNER, Style::bold(12.0), &meets(page));
        pen.table(MARGIN, y + 14.0, &COLUMNS, SIZE, &page.rows);
        let foot = format!(
            "Sheet {} of {many}. It says where people were believed to be then: whoever came or went since is not on it. Shred it when the next is printed.",
            number + 1
        );
        pen.paragraph(MARGIN, 790.0, INNER, Style::plain(9.0), &foot);
    })
}

fn pages(list: &FireList) -> Vec<Sheet> {
    // Sheets of one assembly point lie together, to be handed to whoever stands there.
    let mut groups: BTreeMap<(u8, String, String), Vec<&Believed>> = BTreeMap::new();
    for one in list.to_call() {
        let (place, name) = match (one.state, one.group.as_str()) {
            (State::MustCall, _) => (0, "Must be called first"),
            (_, "Staff") => (2, "Staff"),
            (_, group) if matches!(one.who, muster_school::ids::Who::Visitor(_)) => (3, group),
            (_, group) => (1, group),
        };
        let meets = list.meets.get(name).filter(|_| place == 1).cloned().unwrap_or_default();
        groups.entry((place, meets, name.to_owned())).or_default().push(one);
    }
    let mut pages = Vec::new();
    for ((place, meets, name), mut people) in groups {
        people.sort_by_cached_key(|one| muster_school::names::sort_key(&one.surname, &one.forename));
        let row = |one: &&Believed| {
            let of = if place == 0 { format!("{}: {}", one.group, one.line) } else { one.line.clone() };
            vec![one.listed(), of, one.help.join("; "), "[   ]".to_owned()]
        };
        for (part, chunk) in people.chunks(ROWS).enumerate() {
            let on = if part == 0 { String::new() } else { " (continued)".to_owned() };
            let rows = chunk.iter().map(row).collect();
            pages.push(Sheet { head: format!("{name}{on}, {}", people.len()), meets: meets.clone(), rows });
        }
    }
    let away: Vec<Vec<String>> = list
        .trips
        .iter()
        .filter(|trip| trip.back.is_none())
        .map(|trip| {
            let due = format!("{}, due back {}", trip.leader_name, trip.due_words(list.now.day));
            vec![trip.title.clone(), due, format!("{} people", trip.people.len()), String::new()]
        })
        .collect();
    if !away.is_empty() {
        let head = "Off site: not to be found here".to_owned();
        pages.push(Sheet { head, meets: String::new(), rows: away });
    }
    if pages.is_empty() {
        let head = "Nobody is on this list".to_owned();
        pages.push(Sheet { head, meets: String::new(), rows: Vec::new() });
    }
    pages
}

#[cfg(test)]
mod tests {
    use super::*;
    use muster_school::calendar::{Day, Half, Local};
    use muster_school::ids::{PupilId, Who};

    fn list(people: usize) -> FireList {
        let day = Day::parse("2026-11-23").unwrap();
        let person = |at: usize| Believed {
            who: Who::Pupil(PupilId([u8::try_from(at).unwrap(); 16])),
            surname: format!("Byrne{at}"),
            forename: "Ada".into(),
            group: if at.is_multiple_of(2) { "Beech".into() } else { "Rowan".into() },
            state: if at == 0 { State::MustCall } else { State::OnSite },
            line: "Present, Register Beech, 08:52".into(),
            help: vec!["Evac chair".into()],
            duties: Vec::new(),
        };
        FireList {
            day,
            now: Local { day, minute: 575 },
            site: "Harbour".into(),
            points: vec!["Front car park".into(), "Playing field gate".into()],
            meets: BTreeMap::new(),
            people: (0..people).map(person).collect(),
            missing: vec!["7B".into()],
            as_of_ms: None,
            heard_from: Vec::new(),
            half: Half::Am,
            pm_start: 780,
            trips: Vec::new(),
            closed: String::new(),
            unmatched: Vec::new(),
        }
    }

    #[test]
    fn a_printed_fire_list_is_read_out_by_a_screen_reader_with_sheets_by_group() {
        for (people, sheets) in [(0, 1), (1, 1), (11, 3), (61, 5)] {
            let pdf = draw("Alder Fen School", &list(people), "Office laptop").unwrap();
            let holds = |words: &str| pdf.windows(words.len()).any(|found| found == words.as_bytes());
            assert!(pdf.starts_with(b"%PDF") && holds("/StructTreeRoot") && holds("pdfuaid:part"));
            assert!(holds(&format!("/Count {sheets}")), "{people} people: {sheets} sheets");
        }
    }

    #[test]
    fn sheets_of_one_assembly_point_lie_together_and_say_where_the_group_meets() {
        let mut held = list(5);
        held.meets = [("Beech".to_owned(), "Playing field gate".to_owned())].into();
        let told = |held: &FireList| -> Vec<(String, String)> {
            pages(held).into_iter().map(|page| (page.head, page.meets)).collect()
        };
        let named = |head: &str, meets: &str| (head.to_owned(), meets.to_owned());
        let first = named("Must be called first, 1", "");
        // Those without a point of their own come first: they ring where they stand.
        assert_eq!(told(&held), [first.clone(), named("Rowan, 2", ""), named("Beech, 2", "Playing field gate")]);
        held.meets.insert("Rowan".to_owned(), "Front car park".to_owned());
        let both = [first, named("Rowan, 2", "Front car park"), named("Beech, 2", "Playing field gate")];
        assert_eq!(told(&held), both);
    }

    #[test]
    fn whoever_must_be_called_stands_on_the_first_sheet_and_trips_on_the_last() {
        let mut held = list(5);
        held.trips.push(muster_school::fire::presence::TripLine {
            id: [1; 16],
            title: "Swimming".into(),
            leader: None,
            leader_name: "T. Okafor".into(),
            phone: String::new(),
            out: 600,
            due: 735,
            out_day: held.day,
            due_day: held.day,
            back: None,
            people: vec!["Byrne, Ada".into()],
        });
        let heads: Vec<String> = pages(&held).into_iter().map(|page| page.head).collect();
        assert_eq!(heads, ["Must be called first, 1", "Beech, 2", "Rowan, 2", "Off site: not to be found here"]);
    }
}

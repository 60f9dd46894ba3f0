//! The figures once more, slowly: rows as in a spreadsheet, plain loops, days as plain numbers, a code table read by
//! splitting lines. It uses nothing of what it is compared with.

use std::collections::BTreeMap;
use std::sync::OnceLock;

/// One cell of the spreadsheet: what stands for a pupil in a session. Two codes are two marks that nobody settled.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    pub(super) pupil: usize,
    pub(super) day: i32,
    pub(super) afternoon: bool,
    pub(super) codes: Vec<(String, u32)>,
}

/// A pupil: on roll from and to, and the group from a day on, in order.
#[derive(Clone, Debug, Default)]
pub(super) struct Child {
    pub(super) starting: Option<i32>,
    pub(super) last: Option<i32>,
    pub(super) groups: Vec<(i32, usize)>,
    /// Boards: no mark is due.
    pub(super) boards: bool,
}

/// What a day is, whatever term or weekend says.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Odd {
    Closed,
    Open,
    OpenTo(usize),
    Lost,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Spreadsheet {
    pub(super) rows: Vec<Row>,
    pub(super) children: Vec<Child>,
    /// The site of each group.
    pub(super) sites: Vec<usize>,
    /// Site (or all), first and last day.
    pub(super) closures: Vec<(Option<usize>, i32, i32)>,
    /// First and last day of each term; none where none is set.
    pub(super) terms: Vec<(i32, i32)>,
    /// Site (or all), day, and what it is. No two are of one day.
    pub(super) odd: Vec<(Option<usize>, i32, Odd)>,
    /// Day and minute.
    pub(super) now: (i32, u32),
}

/// Counts by name, for a pupil in a group.
pub(super) type Counts = BTreeMap<(usize, usize), BTreeMap<String, u32>>;

/// Days since 1 January 1970, counted year by year.
pub(super) fn day_number(text: &str) -> i32 {
    let parts: Vec<i32> = text.split('-').map(|part| part.parse().unwrap()).collect();
    let leap = |year: i32| (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let mut days = 0;
    for year in 1970..parts[0] {
        days += if leap(year) { 366 } else { 365 };
    }
    for month in 1..parts[1] {
        days += match month {
            2 if leap(parts[0]) => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
    }
    days + parts[2] - 1
}

/// Category of a code on a day, by the lines of the table. Commas inside quotation marks are no borders.
fn category(code: &str, day: i32) -> Option<&'static str> {
    static TABLE: OnceLock<Vec<[String; 4]>> = OnceLock::new();
    let table = TABLE.get_or_init(table);
    for [of, kind, from, to] in table {
        let after = from.is_empty() || day_number(from) <= day;
        let before = to.is_empty() || day <= day_number(to);
        if of == code && after && before {
            return Some(kind);
        }
    }
    None
}

/// Code, category, first and last day.
fn table() -> Vec<[String; 4]> {
    let text = include_str!("../../../data/attendance_codes.csv");
    let head: Vec<&str> = text.lines().next().unwrap().split(',').collect();
    let mut table = Vec::new();
    for line in text.lines().skip(1) {
        let mut cells = vec![String::new()];
        let mut quoted = false;
        for letter in line.chars() {
            match letter {
                '"' => quoted = !quoted,
                ',' if !quoted => cells.push(String::new()),
                other => cells.last_mut().unwrap().push(other),
            }
        }
        table.push(
            ["code", "class", "valid_from", "valid_to"]
                .map(|name| cells[head.iter().position(|one| *one == name).unwrap()].clone()),
        );
    }
    table
}

impl Spreadsheet {
    fn closed(&self, site: usize, group: usize, day: i32) -> bool {
        for (at, on, what) in &self.odd {
            if *on == day && at.is_none_or(|at| at == site) {
                return match what {
                    Odd::Closed => true,
                    Odd::Open | Odd::Lost => false,
                    Odd::OpenTo(only) => *only != group,
                };
            }
        }
        if !self.terms.is_empty() && !self.terms.iter().any(|(first, last)| *first <= day && day <= *last) {
            return true;
        }
        // 1 January 1970 was a Thursday.
        let weekday = (day + 3).rem_euclid(7);
        weekday >= 5
            || self
                .closures
                .iter()
                .any(|(at, first, last)| at.is_none_or(|at| at == site) && *first <= day && day <= *last)
    }

    pub(super) fn count(&self, from: i32, to: i32, site: Option<usize>, group: Option<usize>) -> Counts {
        let mut counts = Counts::new();
        for day in from..=to.min(self.now.0) {
            for afternoon in [false, true] {
                for (number, child) in self.children.iter().enumerate() {
                    if child.starting.is_some_and(|starting| day < starting)
                        || child.last.is_some_and(|last| last < day)
                    {
                        continue;
                    }
                    let mut in_group = child.groups[0].1;
                    for (since, other) in &child.groups {
                        if *since <= day {
                            in_group = *other;
                        }
                    }
                    let at = self.sites[in_group];
                    if site.is_some_and(|site| site != at) || group.is_some_and(|group| group != in_group) {
                        continue;
                    }
                    let found: Vec<&Row> = self
                        .rows
                        .iter()
                        .filter(|row| row.pupil == number && row.day == day && row.afternoon == afternoon)
                        .collect();
                    let mut add = |what: &str, by: u32| {
                        *counts.entry((number, in_group)).or_default().entry(what.to_owned()).or_default() += by;
                    };
                    let codes = found.first().map_or(&[][..], |row| &row.codes);
                    match codes {
                        [] => {
                            let deadline = if afternoon { 13 * 60 + 30 } else { 9 * 60 + 30 };
                            if !child.boards && !self.closed(at, in_group, day) && (day, deadline) <= self.now {
                                add("unfilled", 1);
                            }
                        }
                        [(code, minutes)] => {
                            add(&format!("code {code}"), 1);
                            let kind = category(code, day).unwrap_or("unknown");
                            let counted = match kind {
                                "attending" | "approved_educational_activity" => "attended",
                                "authorised_absence" => "authorised",
                                "unauthorised_absence" => "unauthorised",
                                "not_possible_attendance" => "not possible",
                                "not_collected" => "not collected",
                                _ => "unknown",
                            };
                            add(counted, 1);
                            match code.as_str() {
                                "L" => add("late before close", 1),
                                "U" => add("late after close", 1),
                                _ => {}
                            }
                            if matches!(code.as_str(), "L" | "U") && *minutes > 0 {
                                add("minutes", *minutes);
                            }
                        }
                        _ => add("unsettled", 1),
                    }
                }
            }
        }
        counts
    }
}

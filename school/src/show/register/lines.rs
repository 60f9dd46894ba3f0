//! The lines of a register that need no more than the marks and the code table: its title, its counts, the codes that
//! may be typed, and what stood in a session before.

use super::super::words;
use crate::calendar::{Day, Session};
use crate::codes::{Class, Code, CodeError, Codes, Needs};
use crate::ids::PupilId;
use crate::register::current::Board;
use crate::view;
use crate::view::register::{CodeLine, PastMark, RegisterRow};
use crate::view::status::Status;
use std::collections::{BTreeMap, BTreeSet};

/// Codes in the list of keys beside the grid.
const COMMON: [&str; 6] = ["/", "\\", "L", "I", "M", "N"];

pub(super) fn title(name: &str, years: &BTreeSet<String>) -> String {
    let mut years: Vec<String> = years.iter().filter(|year| !year.is_empty()).cloned().collect();
    years.sort_by_key(|year| crate::known::natural(year));
    match years.as_slice() {
        [] => name.to_owned(),
        [one] => format!("{name}, Year {one}"),
        _ => format!("{name}, Years {}", words::list(&years)),
    }
}

pub(super) fn past_mark(codes: &Codes, board: &Board, pupil: PupilId, session: Session) -> PastMark {
    let current = board.current(pupil, session);
    let code = current.code();
    let settled = !current.is_conflict();
    let info = code.and_then(|code| codes.ever(code, session.day));
    PastMark {
        code: code.map_or_else(String::new, |code| code.to_string()),
        status: if settled { info.map_or(Status::NotMarked, words::status) } else { Status::Check },
        session: format!("{} {}", session.day.weekday_word(), session.half.word()),
    }
}

pub(super) fn tallies(rows: &[&RegisterRow], codes: &Codes, day: Day) -> Vec<view::Tally> {
    // In law these are no absences: they are in no denominator.
    let could_not = |code: &str| {
        let info = Code::new(code).and_then(|code| codes.ever(code, day));
        info.is_some_and(|info| info.class == Class::NotPossible)
    };
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for row in rows {
        let key = match &row.mark {
            None => "Not yet marked",
            Some(mark) if mark.status == Status::Check => "To settle",
            Some(mark) if mark.code == "N" => "No reason yet",
            Some(mark) if could_not(&mark.code) => "Could not attend",
            Some(mark) => match mark.status {
                Status::Present => "Present",
                Status::Late => "Late",
                Status::AbsentAuthorised => "Absent, authorised",
                Status::OffSite => "Off site",
                _ => "Absent, unauthorised",
            },
        };
        *counts.entry(key).or_default() += 1;
    }
    let line = |status, words: &str| view::Tally {
        status: Some(status),
        words: words.to_owned(),
        count: counts.get(words).copied().unwrap_or(0),
    };
    let mut lines = vec![
        line(Status::Present, "Present"),
        line(Status::Late, "Late"),
        line(Status::AbsentAuthorised, "Absent, authorised"),
        line(Status::AbsentUnauthorised, "No reason yet"),
        line(Status::OffSite, "Off site"),
        line(Status::Check, "To settle"),
        line(Status::NotMarked, "Not yet marked"),
    ];
    let others =
        [line(Status::AbsentUnauthorised, "Absent, unauthorised"), line(Status::AbsentAuthorised, "Could not attend")];
    for other in others.into_iter().filter(|other| other.count > 0) {
        lines.insert(4, other);
    }
    lines
}

/// The codes that cannot stand in a session, whoever they are typed for, each with what would be right.
pub(super) fn not_here(codes: &Codes, session: Session) -> Vec<(String, String)> {
    let all: BTreeSet<Code> = codes.rows().map(|info| info.code).collect();
    let why = |code: &Code| match codes.resolve(code.as_str(), session) {
        Err(CodeError::NeedsNumber(..)) => None,
        Err(error) => Some(error.to_string()),
        Ok(info) if info.class == Class::NotCollected => Some(CodeError::NotByHand(info.code).to_string()),
        Ok(_) => None,
    };
    all.iter().filter_map(|code| Some((code.to_string(), why(code)?))).collect()
}

/// Every code that may be typed in a session, and the beginnings of longer ones.
pub(super) fn code_lines(codes: &Codes, session: Session) -> Vec<CodeLine> {
    let mut lines = Vec::new();
    let mut begun = BTreeSet::new();
    for info in codes.in_use(session.day) {
        let text = info.code.to_string();
        if info.half.is_some_and(|half| half != session.half) || info.class == Class::NotCollected {
            continue;
        }
        if let Some(first) = text.get(..1).filter(|first| first.len() < text.len())
            && let Some(code) = Code::new(first)
            && codes.on(code, session.day).is_none()
            && begun.insert(code)
        {
            let needs = codes.resolve(first, session).err().map_or_else(String::new, |error| error.to_string());
            lines.push(CodeLine {
                code: first.to_owned(),
                words: "then a number".to_owned(),
                status: None,
                complete: false,
                grows: true,
                needs,
                minutes: false,
                note: false,
                common: true,
                rule: String::new(),
            });
        }
        lines.push(CodeLine {
            grows: codes.could_grow(info.code, session.day) && text.len() == 1,
            words: info.short.clone(),
            status: Some(words::status(info)),
            complete: true,
            needs: String::new(),
            minutes: info.needs == Needs::Minutes,
            note: info.needs == Needs::Text,
            common: COMMON.contains(&text.as_str()) || text == "V" || text == "C",
            rule: codes.rule(info.code, session.day).to_owned(),
            code: text,
        });
    }
    lines
}

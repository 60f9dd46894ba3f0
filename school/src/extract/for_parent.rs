//! Session attendance for a parent: one pupil's marks in words, with minutes late, and comments where wanted.
//!
//! Parents have no accounts: this is what a parent is handed, on paper or as a file. It says nothing that is sensitive
//! beyond what a register says aloud, no address and no other child, and it is for nobody whom an order keeps away.
//!
//! Not here: paper and files (see the program), and who may ask for it.

use super::{Table, dated};
use crate::areas;
use crate::calendar::{Day, Half, Local, Session};
use crate::codes::Code;
use crate::figures::{Cut, Period, Share, count};
use crate::ids::PupilId;
use crate::known::Known;
use crate::known::family::{Barred, Family, full, same_person};
use crate::register::current::Board;
use crate::show;
use muster_core::replica::records::{Records, RecordsError};
use std::collections::BTreeSet;

/// The most days that one page tells of: a school year.
const DAYS_AT_ONCE: i32 = 366;

/// Headings; those that the school leaves out are not in the table.
const HEADINGS: [&str; 4] = ["Date", "Session", "Code", "In words"];

/// What of it a parent is given, beside date, session and mark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Given {
    /// Minutes late.
    pub minutes: bool,
    /// Comments of the register.
    pub comments: bool,
}

/// A page for a parent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForParent {
    /// The marks as a table.
    pub table: Table,
    /// Whose: `Ada Byrne, Beech`.
    pub whose: String,
    /// `7 September 2026 to 23 November 2026`.
    pub when: String,
    /// Sentences above the table: attendance with its denominator, and what it was lost to.
    pub summary: Vec<String>,
}

/// The page of a pupil for some days.
///
/// # Errors
/// When the pupil is not known here, the days are the wrong way round or more than a year, the registers cannot be read
/// here, or the records fail.
pub fn for_parent(
    records: &mut impl Records,
    known: &mut Known,
    pupil: PupilId,
    days: (Day, Day),
    given: Given,
    now: Local,
) -> Result<Result<ForParent, String>, RecordsError> {
    let (first, last) = (days.0, days.1.min(now.day));
    if last < first {
        return Ok(Err("give a first day and a last one, in that order, of days that have come".to_owned()));
    }
    if last.0 - first.0 >= DAYS_AT_ONCE {
        return Ok(Err("a page tells of a year at most: give fewer days".to_owned()));
    }
    let Some(pupil) = known.pupil(pupil).cloned() else { return Ok(Err("this pupil is not known here".to_owned())) };
    if pupil.provisional.is_some() {
        return Ok(Err("this child is on no list yet: match them with a pupil first".to_owned()));
    }
    let at = known.site_on(&pupil, last);
    let read: BTreeSet<_> =
        records.sections(areas::REGISTER).into_iter().map(|section| section.compartment.place).collect();
    if !read.contains(&at) {
        return Ok(Err("the registers of this pupil cannot be read here".to_owned()));
    }
    let period = Period { from: first, to: last };
    // Of a pupil who came from another site the days there may be none of this device's.
    let unread: Vec<String> = known
        .sites_in(&pupil, period)
        .into_iter()
        .filter(|site| !read.contains(site))
        .map(|site| known.site_name(site).to_owned())
        .collect();
    known.read_ledger(records, period, usize::MAX)?;
    let figures = count(known, period, Cut { pupil: Some(pupil.id), ..Cut::default() }, now);
    let total = figures.total();
    let mut rows = Vec::new();
    let mut unsettled = 0_usize;
    let mut board: Option<(Day, Board)> = None;
    for day in period.days().filter(|day| pupil.is_on_roll(*day)) {
        if board.as_ref().is_none_or(|(of, _)| of.week() != day.week() || of.year() != day.year()) {
            board = Some((day, known.board(records, day)?));
        }
        let Some((_, board)) = &board else { continue };
        for half in [Half::Am, Half::Pm] {
            let session = Session { day, half };
            let current = board.current(pupil.id, session);
            let Some((shown, code)) = current.shown().and_then(|shown| Some((shown, shown.code()?))) else { continue };
            // Which of two marks stands is for the school to say first.
            if current.is_conflict() {
                unsettled += 1;
                continue;
            }
            let info = known.school().codes().ever(code, day);
            let sensitive = code == Code::SENSITIVE;
            let words = info.map(|info| if sensitive { &info.short } else { &info.meaning }).cloned();
            let mut row = vec![
                day.iso(),
                if half == Half::Am { "Morning" } else { "Afternoon" }.to_owned(),
                code.to_string(),
                words.unwrap_or_default(),
            ];
            if given.minutes {
                row.push(shown.minutes().map(|minutes| minutes.to_string()).unwrap_or_default());
            }
            if given.comments {
                row.push(if sensitive { String::new() } else { pupil.noted(session) });
            }
            rows.push(row);
        }
    }
    let mut headings = HEADINGS.to_vec();
    headings.extend(given.minutes.then_some("Minutes late"));
    headings.extend(given.comments.then_some("Comment"));
    let sessions = |count: u32, words: &str| match count {
        1 => format!("1 session {words}"),
        many => format!("{many} sessions {words}"),
    };
    let mut notes = Vec::new();
    if unsettled > 0 {
        notes.push(format!(
            "{}: two marks differ, and the school has not yet said which stands",
            sessions(u32::try_from(unsettled).unwrap_or(u32::MAX), "not told of")
        ));
    }
    if total.unfilled > 0 {
        notes.push(sessions(total.unfilled, "without a mark yet"));
    }
    let mut summary = vec![match total.possible() {
        0 => "No session in which the pupil could have attended.".to_owned(),
        possible => format!(
            "Attendance {}: {} of {} attended.",
            Share { part: total.attended, whole: possible }.percent(),
            total.attended,
            sessions(possible, "that could be attended")
        ),
    }];
    summary.push(format!(
        "Absent with leave {}, without leave {}; late before the register closed {}, after it {}.",
        total.authorised, total.unauthorised, total.late_before_close, total.late_after_close
    ));
    if !unread.is_empty() {
        let sites = show::list(&unread);
        summary.push(format!("The days at {sites} are not in this: ask there for them."));
    }
    let group = pupil.group_on(last).and_then(|group| known.school().groups.get(&group));
    let class = group.map(|group| format!(", {}", group.name)).unwrap_or_default();
    let when = if first == last { dated(first) } else { format!("{} to {}", dated(first), dated(last)) };
    Ok(Ok(ForParent {
        table: Table {
            what: format!("Session attendance of one pupil, {when}"),
            stem: format!("for-parent-{}-{}-to-{}", pupil.identity.admission_no, first.iso(), last.iso()),
            headings,
            rows,
            people: 1,
            notes,
        },
        whose: format!("{}{class}", pupil.spoken()),
        when,
        summary,
    }))
}

/// To whom of a family a page may be handed, the first first: never to somebody whom an order keeps away.
pub fn may_be_given(family: &Family, day: Day) -> Vec<String> {
    let parents = family.parents.iter().map(|parent| parent.full());
    let contacts = family.contacts.iter().filter(|contact| contact.responsible).map(full);
    let mut found: Vec<String> = Vec::new();
    for name in parents.chain(contacts) {
        let known = found.iter().any(|held| same_person(held, &name));
        if !name.is_empty() && !known && kept_away(family, &name, day).is_none() {
            found.push(name);
        }
    }
    found
}

/// Why a page is not handed to somebody of this name; `None` when nothing is against it.
pub fn kept_away(family: &Family, name: &str, day: Day) -> Option<String> {
    let barred = family.not_to_call(day).into_iter().chain(family.not_to_collect(day));
    let (name, why) = barred.into_iter().find(|(barred, _)| same_person(barred, name))?;
    Some(match why {
        Barred::By(order) => format!(
            "{name} is named in a court order ({}, from {}): it is not for them. Ask whoever leads safeguarding",
            order.kind.words(),
            order.from.long()
        ),
        Barred::Unread => {
            format!("a court order concerns {name}, and what it says was not entered: read it and enter it first")
        }
    })
}

//! Attendance in figures, as a screen and a command line show it.

use super::words;
use crate::areas;
use crate::calendar::{self, Day};
use crate::codes::Code;
use crate::figures::{Cut, Figures, Period, Tally, count};
use crate::ids::{GroupId, PupilId};
use crate::known::Known;
use crate::office::OfficeError;
use crate::view::attendance::{
    AttendanceChoices, AttendanceFilter, AttendanceLine, AttendanceView, By, CountLine, WeekBar,
};
use crate::view::status::Status;
use muster_core::authority::capability::Right;
use muster_core::authority::view::Holder;
use muster_core::id::{Compartment, PlaceId};
use muster_core::replica::records::Records;

/// What is shown: a period by name, and a part of the school.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The days.
    pub period: Period,
    /// The part.
    pub cut: Cut,
    /// What the lines are.
    pub by: By,
}

/// `1 September to 23 November 2026`.
pub fn period_words(period: Period) -> String {
    let date = |day: Day| day.long().split_once(' ').map_or_else(String::new, |(_, date)| date.to_owned());
    let year = |day: Day| day.date().year();
    let (from, to) = (period.from, period.to);
    if from == to {
        return format!("{} {}", from.long(), year(from));
    }
    let same_month = year(from) == year(to) && from.date().month() == to.date().month();
    let first = match (same_month, year(from) == year(to)) {
        (true, _) => from.date().day().to_string(),
        (false, true) => date(from),
        (false, false) => format!("{} {}", date(from), year(from)),
    };
    format!("{first} to {} {}", date(to), year(to))
}

/// The periods that a screen offers, the first of which it begins with.
pub fn periods(known: &Known, site: Option<PlaceId>, today: Day) -> Vec<(String, Period)> {
    let week = Period::week_of(today);
    let mut found = vec![("This school year".to_owned(), Period::year_to(today))];
    let terms =
        site.or_else(|| known.ledger().sites().first().copied()).map(|site| known.school().terms_of(site, today));
    for term in terms.unwrap_or_default().into_iter().filter(|term| term.first <= today) {
        found.push((term.name.clone(), Period { from: term.first, to: term.last.min(today) }));
    }
    found.push(("This week".to_owned(), Period { to: today, ..week }));
    found.push(("Last week".to_owned(), Period { from: week.from.plus(-7), to: week.to.plus(-7) }));
    let before = Period::year_to(today).from.plus(-1);
    found.push(("Last school year".to_owned(), Period::year_to(before)));
    found
}

/// Days that one figure can be of: ten years, and a few more.
const DAYS_MOST: i32 = 3_700;

/// The period between two days.
///
/// # Errors
/// In words, when they are the wrong way round or more than ten years apart.
pub fn between(from: Day, to: Day) -> Result<Period, String> {
    if to < from || to.0.saturating_sub(from.0) > DAYS_MOST {
        return Err("give a first day and a last one, in that order and at most ten years apart".to_owned());
    }
    Ok(Period { from, to })
}

/// Days as typed; nothing for the last means today.
fn own_days(first: &str, last: &str, today: Day) -> Result<Period, String> {
    let from = Day::parse(first).map_err(|error| format!("From: {error}"))?;
    let to = if last.trim().is_empty() { Ok(today) } else { Day::parse(last).map_err(|error| format!("To: {error}")) };
    between(from, to?)
}

/// Attendance as the filter wants it. Reads at most so many registers that are new or changed; the view says when
/// some are left.
///
/// # Errors
/// When the records cannot be read.
pub fn attendance(
    records: &mut impl Records,
    known: &mut Known,
    filter: &AttendanceFilter,
    most: usize,
) -> Result<AttendanceView, OfficeError> {
    if super::figures::reads_figures_only(records) {
        return Ok(super::figures::published(records, known, filter)?);
    }
    let now = calendar::local(records.now());
    let mut sites: Vec<_> = known.school().sites.values().cloned().collect();
    sites.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    let site = filter.site.and_then(|at| sites.get(at)).map(|site| site.id);
    let mut groups: Vec<_> =
        known.school().groups.values().filter(|group| site.is_none_or(|site| site == group.site)).cloned().collect();
    groups.sort_by_key(|group| (crate::known::natural(&group.name), group.id));
    let periods = periods(known, site, now.day);
    let named = periods.get(filter.period).or(periods.first()).map_or(Period::year_to(now.day), |(_, period)| *period);
    let own = filter.days.as_ref().map(|(first, last)| own_days(first, last, now.day)).transpose();
    let (period, problem) = match own {
        Ok(own) => (own.unwrap_or(named), String::new()),
        Err(problem) => (named, problem),
    };
    let group = filter.group.and_then(|at| groups.get(at)).map(|group| group.id);
    let cut = Cut { site, group, pupil: filter.pupil.map(PupilId::from) };
    let by = match filter.by {
        By::Class | By::Site | By::Persistent if cut.pupil.is_some() => By::Code,
        by => by,
    };
    let wanted = Wanted { period, cut, by };
    let (left, figures) = figures(records, known, &wanted, most)?;
    let opens = |line: &mut AttendanceLine, group: Option<GroupId>, pupil: Option<PupilId>| {
        let at = |id: GroupId| groups.iter().position(|one| one.id == id);
        line.opens = match (group.and_then(at), pupil) {
            (_, Some(pupil)) => Some(AttendanceFilter { pupil: Some(pupil.into()), by: By::Code, ..filter.clone() }),
            (Some(at), None) => Some(AttendanceFilter { group: Some(at), by: By::Pupil, ..filter.clone() }),
            (None, None) => None,
        };
    };
    let lines = lines(known, &figures, by, now.day);
    Ok(AttendanceView {
        title: format!("{}, {}", of_whom(known, cut), period_words(period)),
        summary: summary(&figures.total()),
        published: String::new(),
        problem,
        reading: reading(left),
        not_counted: not_counted(records, known, cut, period),
        choices: AttendanceChoices {
            periods: periods.into_iter().map(|(name, _)| name).collect(),
            sites: sites.iter().map(|site| site.name.clone()).collect(),
            groups: groups.iter().map(|group| group.name.clone()).collect(),
            pupil: cut.pupil.and_then(|pupil| known.pupil(pupil)).map(|pupil| pupil.spoken()).unwrap_or_default(),
        },
        counts: counts(&figures.total()),
        weeks: weeks(&figures),
        lines_are: head(by).to_owned(),
        lines: lines
            .into_iter()
            .map(|(group, pupil, mut line)| {
                opens(&mut line, group, pupil);
                line
            })
            .collect(),
        filter: AttendanceFilter { by, ..filter.clone() },
    })
}

/// Reads at most so many registers, and counts what was read. Gives how many are left.
///
/// # Errors
/// When the records cannot be read.
pub fn figures(
    records: &mut impl Records,
    known: &mut Known,
    wanted: &Wanted,
    most: usize,
) -> Result<(usize, Figures), OfficeError> {
    let now = calendar::local(records.now());
    let left = known.read_ledger(records, wanted.period, most)?;
    Ok((left, count(known, wanted.period, wanted.cut, now)))
}

/// The sites that figures leave out, and why; empty where they leave out none: `Not counted: Hill, no right to read`.
/// Of one pupil those at which they were on a school day of the period.
pub fn not_counted(records: &impl Records, known: &Known, cut: Cut, period: Period) -> String {
    let read = known.ledger().sites();
    let me = records
        .author(&records.seat())
        .map(|author| author.person.map_or(Holder::Device(author.device), Holder::Person));
    let rights = records.holders();
    let may = |site: PlaceId| {
        let compartment = Compartment { area: areas::REGISTER, place: site };
        let mine = rights.iter().filter(|held| held.live && Some(held.holder) == me);
        mine.flat_map(|held| &held.capabilities).any(|one| one.gives(Right::Read, &compartment))
    };
    let school = known.school();
    let of = cut.group.and_then(|group| school.groups.get(&group)).map(|group| group.site).or(cut.site);
    let today = calendar::local(records.now()).day;
    let pupil = cut.pupil.and_then(|pupil| known.pupil(pupil));
    let at = pupil.map(|pupil| known.sites_in(pupil, Period { to: period.to.min(today), ..period }));
    let wanted = school.sites.values().filter(|site| match &at {
        Some(at) => at.contains(&site.id),
        None => cut.pupil.is_none() && of.is_none_or(|of| of == site.id),
    });
    let left_out = wanted.filter(|site| !read.contains(&site.id) && !school.groups_of(site.id).is_empty());
    let mut words: Vec<String> = left_out
        .map(|site| match may(site.id) {
            false => format!("{}, no right to read", site.name),
            true => format!("{}, no register is here yet", site.name),
        })
        .collect();
    words.sort();
    if words.is_empty() { String::new() } else { format!("Not counted: {}", words.join("; ")) }
}

/// That registers are left to be read; empty when none is.
pub(super) fn reading(left: usize) -> String {
    match left {
        0 => String::new(),
        1 => "One register is still to be read: these figures are not all".to_owned(),
        left => format!("{left} registers are still to be read: these figures are not all"),
    }
}

/// `Whole school`, a site, a class, a pupil.
pub fn of_whom(known: &Known, cut: Cut) -> String {
    if let Some(pupil) = cut.pupil.and_then(|pupil| known.pupil(pupil)) {
        return pupil.spoken();
    }
    if let Some(group) = cut.group.and_then(|group| known.school().groups.get(&group)) {
        return group.name.clone();
    }
    cut.site.map_or_else(|| "Whole school".to_owned(), |site| known.site_name(site).to_owned())
}

/// `Attendance 93.7 %, 178 of 190 sessions`.
pub fn summary(tally: &Tally) -> String {
    match tally.possible() {
        0 => "No session in which anybody could have attended".to_owned(),
        _ => format!("Attendance {} sessions", tally.attendance()),
    }
}

/// How many of what, those that are always of interest and others where there are any.
pub fn counts(tally: &Tally) -> Vec<CountLine> {
    let possible = tally.possible();
    let share = |part| crate::figures::Share { part, whole: possible }.percent();
    let line = |status, words: &str, count, share| CountLine { status, words: words.to_owned(), count, share };
    let of = |status, words: &str, count: u32| line(Some(status), words, count, share(count));
    let mut found = vec![
        of(Status::Present, "Attended", tally.attended),
        of(Status::AbsentAuthorised, "Absent with leave", tally.authorised),
        of(Status::AbsentUnauthorised, "Absent without leave", tally.unauthorised),
        of(Status::Late, "Late, before the close", tally.late_before_close),
        of(Status::Late, "Late, after the close", tally.late_after_close),
        line(None, "Possible sessions", possible, String::new()),
        line(Some(Status::NotMarked), "Without a mark", tally.unfilled, String::new()),
    ];
    let more = [
        (Some(Status::Check), "Two marks to settle", tally.unsettled),
        (None, "Could not have attended", tally.not_possible),
        (None, "Not collected", tally.not_collected),
        (Some(Status::Check), "A code that was not in use", tally.unknown),
    ];
    let more = more.into_iter().filter(|(.., count)| *count > 0);
    found.extend(more.map(|(status, words, count)| line(status, words, count, String::new())));
    found
}

/// A week a bar.
pub fn weeks(figures: &Figures) -> Vec<WeekBar> {
    let bar = |(monday, tally): (&Day, &Tally)| WeekBar {
        week: monday.long().split_once(' ').map_or_else(String::new, |(_, date)| date.to_owned()),
        attended: tally.attended,
        authorised: tally.authorised,
        unauthorised: tally.unauthorised,
        share: tally.attendance().to_string(),
    };
    figures.weeks.iter().map(bar).collect()
}

/// The head of the first column.
pub fn head(by: By) -> &'static str {
    match by {
        By::Class => "Class",
        By::Pupil | By::Persistent => "Pupil",
        By::Site => "Site",
        By::Code => "Code",
    }
}

/// The lines of a table, each with the class or pupil it is of.
pub fn lines(
    known: &Known,
    figures: &Figures,
    by: By,
    today: Day,
) -> Vec<(Option<GroupId>, Option<PupilId>, AttendanceLine)> {
    match by {
        By::Class => {
            let name = |group: Option<GroupId>| {
                let held = group.and_then(|group| known.school().groups.get(&group));
                held.map_or_else(|| "No class".to_owned(), |group| group.name.clone())
            };
            let mut found: Vec<_> = figures.by_group().into_iter().map(|(id, tally)| (id, name(id), tally)).collect();
            found.sort_by_key(|(id, name, _)| (crate::known::natural(name), *id));
            let site = |id: Option<GroupId>| id.and_then(|id| known.school().groups.get(&id)).map(|group| group.site);
            let about = |id| site(id).map(|site| known.site_name(site).to_owned()).unwrap_or_default();
            found.into_iter().map(|(id, name, tally)| (id, None, line(name, about(id), &tally, false))).collect()
        }
        By::Site => {
            let line = |(id, tally)| (None, None, line(known.site_name(id).to_owned(), String::new(), &tally, false));
            figures.by_site().into_iter().map(line).collect()
        }
        By::Pupil | By::Persistent => {
            let mut found: Vec<_> = figures
                .by_pupil()
                .into_iter()
                .filter(|(_, tally)| by == By::Pupil || tally.is_persistent())
                .filter_map(|(id, tally)| Some((known.pupil(id)?, tally)))
                .collect();
            found.sort_by(|(a, _), (b, _)| (&a.sort, a.id).cmp(&(&b.sort, b.id)));
            if by == By::Persistent {
                // The severe first, then the most absent.
                found.sort_by_key(|(_, tally)| std::cmp::Reverse((tally.is_severe(), tally.absence().tenths())));
            }
            let group = |group: Option<GroupId>| group.and_then(|group| known.school().groups.get(&group));
            let line = |(pupil, tally): (&std::sync::Arc<crate::known::Pupil>, Tally)| {
                let about = group(pupil.group_on(today)).map(|group| group.name.clone()).unwrap_or_default();
                (None, Some(pupil.id), line(pupil.listed(), about, &tally, true))
            };
            found.into_iter().map(line).collect()
        }
        By::Code => {
            let total = figures.total();
            let codes = known.school().codes();
            let line = |(code, many): (&Code, &u32)| {
                let about = codes.ever(*code, today).map(|info| info.short.clone()).unwrap_or_default();
                let attendance = words::count(usize::try_from(*many).unwrap_or(usize::MAX), "mark");
                (None, None, AttendanceLine { name: code.to_string(), about, attendance, ..AttendanceLine::default() })
            };
            total.codes.iter().map(line).collect()
        }
    }
}

fn line(name: String, about: String, tally: &Tally, of_pupil: bool) -> AttendanceLine {
    AttendanceLine {
        name,
        about,
        attendance: tally.attendance().to_string(),
        authorised: tally.authorised,
        unauthorised: tally.unauthorised,
        late: tally.late_before_close,
        after_close: tally.late_after_close,
        unfilled: tally.unfilled,
        kept_back: false,
        // Persistent is said of a pupil, never of a class.
        note: if of_pupil { note(tally) } else { to_settle(tally) },
        opens: None,
    }
}

/// What is to be known beside the numbers of a pupil.
pub fn note(tally: &Tally) -> String {
    let mut parts = Vec::new();
    if tally.is_severe() {
        parts.push("severe".to_owned());
    } else if tally.is_persistent() {
        parts.push("persistent".to_owned());
    }
    if tally.has_agreed_plan() {
        parts.push("agreed plan".to_owned());
    }
    parts.push(to_settle(tally));
    parts.retain(|part| !part.is_empty());
    parts.join(", ")
}

fn to_settle(tally: &Tally) -> String {
    if tally.unsettled > 0 { format!("{} to settle", tally.unsettled) } else { String::new() }
}

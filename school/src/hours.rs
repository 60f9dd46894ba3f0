//! School hours: whether the records may be used now, by whose leave, and until when.
//!
//! A rule about signing in, and nothing else: the fire register, a roll call and opening a concern never ask it.
//! It holds once a senior leader has set hours, so that nobody is locked out of a school that is still being set up.
//! Time is what this device's clock says; who moves the clock gets round the rule, and every entry shows by how much.

use crate::calendar::{self, Day};
use crate::facts::policy::{Hours, Leave, Repeat, Whose};
use crate::known::{DayKind, School};
use muster_core::id::{PersonId, PlaceId};
use muster_core::time::Moment;

/// Whether somebody may use the records at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permit {
    /// The school has set no hours for this site: at any time.
    Always,
    /// In school hours, until then; leave that follows without a gap is counted in.
    Hours {
        /// The first moment at which it is over.
        until: Moment,
    },
    /// By leave, until then; hours that follow without a gap are counted in.
    Leave {
        /// The first moment at which it is over.
        until: Moment,
    },
    /// Not now.
    Not,
}

/// Stretches of hours and leave that are followed on from each other: more than a week of both in turn.
const STRETCHES: usize = 32;

/// Whether a person may use the records of a site now.
pub fn permit(school: &School, site: PlaceId, person: PersonId, now: Moment) -> Permit {
    let Some(hours) = school.hours(site) else { return Permit::Always };
    let mut until = now;
    let mut first = None;
    for _ in 0..STRETCHES {
        if let Some(end) = open_until(school, &hours, site, until) {
            first.get_or_insert(true);
            until = end;
        } else if let Some(end) = leave_until(school, site, person, until) {
            first.get_or_insert(false);
            until = end;
        } else {
            break;
        }
    }
    match first {
        Some(true) => Permit::Hours { until },
        Some(false) => Permit::Leave { until },
        None => Permit::Not,
    }
}

/// Until when the hours of a day last that a moment is in.
fn open_until(school: &School, hours: &Hours, site: PlaceId, at: Moment) -> Option<Moment> {
    let local = calendar::local(at);
    let open = is_day(school, hours, site, local.day) && (hours.opens..hours.closes).contains(&local.minute);
    let midnight = hours.closes >= 1_440;
    open.then(
        || {
            if midnight { calendar::moment(local.day.plus(1), 0) } else { calendar::moment(local.day, hours.closes) }
        },
    )
}

/// Whether a day has hours: of the week's days, and the site is not closed. A weekend that the school has named is one
/// of its days, and so is one on which it is open for once.
fn is_day(school: &School, hours: &Hours, site: PlaceId, day: Day) -> bool {
    let named = hours.days & (1 << day.weekday().min(6)) != 0;
    match school.day(site, day) {
        DayKind::Weekend => named,
        DayKind::Closed(_) => false,
        DayKind::Open | DayKind::OpenTo(..) | DayKind::Lost(_) | DayKind::Training(_) => named || day.is_weekend(),
    }
}

/// Until when the longest leave lasts that covers a moment.
fn leave_until(school: &School, site: PlaceId, person: PersonId, at: Moment) -> Option<Moment> {
    let its = school.leaves.values().filter(|leave| is_of(leave, site, person) && !leave.taken_back);
    let end = its.filter_map(|leave| match school.repeats.get(&leave.id) {
        None => (leave.from_ms <= at.utc_ms && at.utc_ms < leave.to_ms).then_some(leave.to_ms),
        Some(repeat) => time_of(leave, *repeat, at),
    });
    Some(Moment { utc_ms: end.max()?, ..at })
}

/// When leave that comes again ends, of the time that covers a moment: today's, or one that began yesterday.
fn time_of(leave: &Leave, repeat: Repeat, at: Moment) -> Option<i64> {
    let (from, to) = (calendar::local(Moment::utc(leave.from_ms)), calendar::local(Moment::utc(leave.to_ms)));
    let over_midnight = i32::from(to.day > from.day);
    let today = calendar::local(at).day;
    let times = [today, today.plus(-1)]
        .into_iter()
        .filter(|day| from.day <= *day && *day <= repeat.last && repeat.days & (1 << day.weekday().min(6)) != 0);
    let ends = times.filter_map(|day| {
        let begins = calendar::moment(day, from.minute).utc_ms;
        let ends = calendar::moment(day.plus(over_midnight), to.minute).utc_ms;
        (begins <= at.utc_ms && at.utc_ms < ends).then_some(ends)
    });
    ends.max()
}

/// When leave comes again, in words: `on Tuesdays and Fridays until Friday 18 December`.
pub fn again(repeat: Repeat) -> String {
    let days: Vec<String> = (0..7_i32)
        .filter(|day| repeat.days & (1 << day) != 0)
        .map(|day| format!("{}s", Day::MONDAY.plus(day).weekday_word()))
        .collect();
    let on = match (repeat.days, days.as_slice()) {
        (0b001_1111, _) => "on weekdays".to_owned(),
        (0b111_1111, _) => "every day".to_owned(),
        (_, [most @ .., last]) if !most.is_empty() => format!("on {} and {last}", most.join(", ")),
        _ => format!("on {}", days.concat()),
    };
    format!("{on} until {}", repeat.last.long())
}

fn is_of(leave: &Leave, site: PlaceId, person: PersonId) -> bool {
    match leave.whose {
        Whose::Person(whose) => whose == person,
        Whose::Everybody(at) => at.is_none_or(|at| at == site),
    }
}

//! School hours and leave, in words.

use crate::calendar::{self, Day, clock};
use crate::facts::policy::{Hours, Leave, Whose};
use crate::hours;
use crate::known::Known;
use crate::view::hours::{HoursRow, HoursView, LeaveRow};
use muster_core::time::Moment;

/// The page of hours and leave.
pub fn hours(known: &Known, now: Moment) -> HoursView {
    let school = known.school();
    let mut sites: Vec<_> = school.sites.values().collect();
    sites.sort_by(|left, right| left.code.cmp(&right.code));
    let every = school.hours_set(None);
    let own = sites.iter().map(|site| {
        let set = school.hours_set(Some(site.id));
        let words = set.map_or_else(|| "As every site".to_owned(), said);
        row(Some(site.id), &site.name, words, set.or(every))
    });
    let none = || "No hours: everybody may sign in at any time".to_owned();
    let first = row(None, "Every site", every.map_or_else(none, said), every);
    let mut people: Vec<_> = school.staff.keys().map(|person| (*person, known.staff_name(*person))).collect();
    people.sort_by(|left, right| left.1.cmp(&right.1));
    let code = school.step_up_minutes.map(|minutes| format!("A code that was given holds for {minutes} minutes."));
    HoursView {
        sites: std::iter::once(first).chain(own).collect(),
        leaves: leaves(known, now),
        people,
        code: code.unwrap_or_default(),
        minutes: school.step_up_minutes,
        may_change: false,
        problem: None,
    }
}

fn row(site: Option<muster_core::id::PlaceId>, name: &str, words: String, set: Option<&Hours>) -> HoursRow {
    let from = set.unwrap_or(&Hours::DEFAULT);
    HoursRow { site, name: name.to_owned(), words, days: from.days, from: clock(from.opens), to: clock(from.closes) }
}

fn said(hours: &Hours) -> String {
    if !hours.in_force {
        return "No hours: everybody may sign in at any time".to_owned();
    }
    let days = match hours.days {
        0b001_1111 => "Monday to Friday".to_owned(),
        0b011_1111 => "Monday to Saturday".to_owned(),
        0b111_1111 => "Every day".to_owned(),
        days => {
            let named = (0..7_i32).filter(|day| days & (1 << day) != 0);
            named.map(|day| Day::MONDAY.plus(day).weekday_word()).collect::<Vec<_>>().join(", ")
        }
    };
    format!("{days}, {} to {}", clock(hours.opens), clock(hours.closes))
}

/// Leave that is not over and was not taken back, the next first.
pub fn leaves(known: &Known, now: Moment) -> Vec<LeaveRow> {
    let school = known.school();
    let last = |leave: &Leave| {
        let again = school.repeats.get(&leave.id).map(|repeat| calendar::moment(repeat.last.plus(2), 0).utc_ms);
        again.unwrap_or(leave.to_ms)
    };
    let mut running: Vec<&Leave> =
        school.leaves.values().filter(|leave| !leave.taken_back && now.utc_ms < last(leave)).collect();
    running.sort_by_key(|leave| (leave.from_ms, leave.id));
    let row = |leave: &Leave| {
        let whose = match leave.whose {
            Whose::Person(person) => known.staff_name(person),
            Whose::Everybody(None) => "Everybody".to_owned(),
            Whose::Everybody(Some(site)) => format!("Everybody at {}", known.site_name(site)),
        };
        let again = school.repeats.get(&leave.id).map(|repeat| format!(", and again {}", hours::again(*repeat)));
        let when = format!("{}{}", times(leave), again.unwrap_or_default());
        LeaveRow { id: leave.id, whose, when, why: leave.why.clone() }
    };
    running.into_iter().map(row).collect()
}

/// `Monday 23 November 18:30 to 22:00`.
fn times(leave: &Leave) -> String {
    let (from, to) = (calendar::local(Moment::utc(leave.from_ms)), calendar::local(Moment::utc(leave.to_ms)));
    let begins = format!("{} {}", from.day.long(), clock(from.minute));
    if from.day == to.day {
        format!("{begins} to {}", clock(to.minute))
    } else {
        format!("{begins} to {} {}", to.day.long(), clock(to.minute))
    }
}

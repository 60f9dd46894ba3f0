//! A roll of a day that has not begun by this device's clock: either this clock is behind, or somebody else's is ahead.
//!
//! Each device votes with the newest day it has written of. So one clock that is ahead does not outvote a school, and
//! all who hold the same and whose clocks agree show the same; where nobody can tell, everybody on either list is called.

use super::{FireList, Roll, State, roll};
use crate::calendar::Day;
use crate::facts::documents;
use muster_core::id::{DeviceId, PlaceId, Year};
use muster_core::replica::records::{Records, RecordsError};
use std::collections::{BTreeMap, BTreeSet};

/// Days back of which a device must have written to have a vote for today: a week, so that a weekend silences nobody.
const DAYS_BACK: i32 = 7;
/// Days ahead at which a roll is looked at: a clock that fell back further than that has other signs.
const DAYS_AHEAD: i32 = 366;

/// The later roll that as many devices write of as of today and the days before, or more; `None` where there is none.
pub(super) fn believed(records: &mut impl Records, site: PlaceId, today: Day) -> Result<Option<Roll>, RecordsError> {
    let (first, last) = (today.plus(-DAYS_BACK), today.plus(DAYS_AHEAD));
    let mut days = BTreeSet::new();
    for year in first.year().0..=last.year().0 {
        let section = crate::areas::section(crate::areas::ROLL, site, Year(year));
        for document in records.documents(&section, documents::ROLL)? {
            days.extend(Day::from_key(&document.key).filter(|day| (first..=last).contains(day)));
        }
    }
    if days.iter().all(|day| *day <= today) {
        return Ok(None);
    }
    let mut newest: BTreeMap<DeviceId, Day> = BTreeMap::new();
    for day in days {
        let Some(held) = records.facts(&documents::roll(site, day))? else { continue };
        for author in held.iter().filter_map(|held| records.author(&held.origin.seat)) {
            newest.insert(author.device, day.max(today));
        }
    }
    let mut votes: BTreeMap<Day, usize> = BTreeMap::new();
    for day in newest.into_values() {
        *votes.entry(day).or_default() += 1;
    }
    let winner = votes.into_iter().max_by_key(|(day, count)| (*count, *day));
    winner.filter(|(day, _)| *day > today).map(|(day, _)| roll(records, site, day)).transpose()
}

/// The later list, with everybody on it and everybody of the other one to be called: of none of them is anything
/// certain.
pub(super) fn together(mut later: FireList, today: Option<FireList>) -> FireList {
    let doubt = |one: &mut super::Believed| {
        if one.is_called() {
            one.state = State::MustCall;
        }
    };
    later.people.iter_mut().for_each(doubt);
    for mut other in today.into_iter().flat_map(|list| list.people).filter(super::Believed::is_called) {
        doubt(&mut other);
        match later.people.iter_mut().find(|one| one.who == other.who) {
            Some(held) if held.is_called() => {}
            Some(held) => *held = other,
            None => later.people.push(other),
        }
    }
    later.people.sort_by_cached_key(|one| (one.state, crate::names::sort_key(&one.surname, &one.forename), one.who));
    later
}

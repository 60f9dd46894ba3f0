//! Which days are school days: terms, closures, training days and what overrides them, at a site and for a group.
//!
//! The nearer word holds: what a site says of its days stands over what the school says, and days out of the
//! ordinary stand over closures, closures over terms.

use super::sites::School;
use crate::calendar::Day;
use crate::facts::calendar::{Special, Term, Unusual};
use crate::ids::GroupId;
use muster_core::id::PlaceId;

/// What a day is at a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayKind<'a> {
    /// A school day.
    Open,
    /// A school day for some groups only, and why.
    OpenTo(&'a [GroupId], &'a str),
    /// Should have been one and could not be, and why.
    Lost(&'a str),
    /// Closed to pupils, staff are in.
    Training(&'a str),
    /// A Saturday or a Sunday.
    Weekend,
    /// None, and why.
    Closed(&'a str),
}

/// Looked at no further back than this for a number of school days: two years.
const FAR: i32 = 800;

impl School {
    /// What a day is at a site.
    pub fn day(&self, site: PlaceId, day: Day) -> DayKind<'_> {
        let covers = |first: Day, last: Day| first <= day && day <= last;
        let special = |at: Option<PlaceId>| {
            self.specials
                .iter()
                .filter(|one| one.site == at && covers(one.first, one.last) && one.what != Unusual::Nothing)
                .max_by_key(|one| one.first)
        };
        if let Some(Special { what, label, .. }) = special(Some(site)).or_else(|| special(None)) {
            let or = |words| if label.is_empty() { words } else { label.as_str() };
            return match what {
                Unusual::Nothing | Unusual::Open => DayKind::Open,
                Unusual::OpenTo(groups) => DayKind::OpenTo(groups, or("open to some groups only")),
                Unusual::Lost => DayKind::Lost(or("unexpectedly closed")),
                Unusual::Training => DayKind::Training(or("training day")),
            };
        }
        if day.is_weekend() {
            return DayKind::Weekend;
        }
        let closure = self.closures.iter().find(|one| {
            !one.label.is_empty() && covers(one.first, one.last) && one.site.is_none_or(|closed| closed == site)
        });
        if let Some(closure) = closure {
            return DayKind::Closed(&closure.label);
        }
        let terms = self.terms_of(site, day);
        if !terms.is_empty() && !terms.iter().any(|term| covers(term.first, term.last)) {
            return DayKind::Closed("school holiday");
        }
        DayKind::Open
    }

    /// The terms of a site in the academic year of a day: its own, or else the school's.
    pub fn terms_of(&self, site: PlaceId, day: Day) -> Vec<&Term> {
        let of = |at: Option<PlaceId>| -> Vec<&Term> {
            let mut found: Vec<_> = self
                .terms
                .iter()
                .filter(|term| term.site == at && !term.name.is_empty() && term.first.year() == day.year())
                .collect();
            found.sort_by_key(|term| term.first);
            found
        };
        let own = of(Some(site));
        if own.is_empty() { of(None) } else { own }
    }

    /// Why a site is closed to every pupil on a day; `None` when it is open to any, or should have been.
    pub fn closed(&self, site: PlaceId, day: Day) -> Option<&str> {
        match self.day(site, day) {
            DayKind::Weekend => Some("weekend"),
            DayKind::Closed(why) | DayKind::Training(why) => Some(why),
            DayKind::Open | DayKind::OpenTo(..) | DayKind::Lost(_) => None,
        }
    }

    /// Why a group has no school on a day; `None` when it has, or should have had.
    pub fn closed_to(&self, site: PlaceId, group: GroupId, day: Day) -> Option<&str> {
        match self.day(site, day) {
            DayKind::OpenTo(groups, why) if !groups.contains(&group) => Some(why),
            _ => self.closed(site, day),
        }
    }

    /// How many school days of a site lie after one day, up to and with another.
    pub fn school_days(&self, site: PlaceId, after: Day, until: Day) -> usize {
        let days = until.0.saturating_sub(after.0).clamp(0, FAR);
        (1..=days).filter(|days| self.closed(site, after.plus(*days)).is_none()).count()
    }

    /// The school day of a site so many school days before a day; `None` when there are not so many in two years.
    pub fn school_days_back(&self, site: PlaceId, from: Day, days: usize) -> Option<Day> {
        (1..=FAR).map(|back| from.plus(-back)).filter(|day| self.closed(site, *day).is_none()).nth(days.checked_sub(1)?)
    }
}

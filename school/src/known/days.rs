//! Which days are school days: terms, closures, training days and what overrides them, at a site and for a group.
//!
//! The nearer word holds: what a site says of its days stands over what the school says, and days out of the
//! ordinary stand over closures, closures over terms.

use super::sites::School;
use crate::calendar::Day;
use crate::facts::calendar::{Begun, Special, Term, Unusual};
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
        let special = |at: Option<PlaceId>| {
            let covers = |one: &&Special| one.first <= day && day <= one.last && one.what != Unusual::Nothing;
            self.specials.iter().filter(|one| one.site == at).filter(covers).max_by_key(|one| one.first)
        };
        let kind = self.ordinary(site, day);
        [None, Some(site)].into_iter().filter_map(special).fold(kind, |kind, one| out_of_the_ordinary(one, kind))
    }

    /// What a day is by weekday, closures and terms.
    fn ordinary(&self, site: PlaceId, day: Day) -> DayKind<'_> {
        let covers = |first: Day, last: Day| first <= day && day <= last;
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
        let set = terms.iter().any(|term| term.last.year() == day.year());
        if set && !terms.iter().any(|term| covers(term.first, term.last)) {
            return DayKind::Closed("school holiday");
        }
        DayKind::Open
    }

    /// The terms of a site that have days in the academic year of a day: its own, or else the school's. A term may
    /// begin in the last days of August, and belongs to the year in which it ends: it alone makes no other day of the
    /// year before a holiday.
    pub fn terms_of(&self, site: PlaceId, day: Day) -> Vec<&Term> {
        let of = |at: Option<PlaceId>| -> Vec<&Term> {
            let mut found: Vec<_> = self
                .terms
                .iter()
                .filter(|term| term.site == at && !term.name.is_empty())
                .filter(|term| term.first.year() <= day.year() && day.year() <= term.last.year())
                .collect();
            found.sort_by_key(|term| term.first);
            found
        };
        let own = of(Some(site));
        if own.is_empty() { of(None) } else { own }
    }

    /// What begins on a day, of a site or of the school, with its name: each is called off by itself.
    pub fn begun(&self, site: Option<PlaceId>, first: Day) -> Vec<(Begun, String)> {
        let here = |at: Option<PlaceId>, begins: Day| (at, begins) == (site, first);
        let terms = self.terms.iter().filter(|one| here(one.site, one.first) && !one.name.is_empty());
        let closures = self.closures.iter().filter(|one| here(one.site, one.first) && !one.label.is_empty());
        let specials = self.specials.iter().filter(|one| here(one.site, one.first) && one.what != Unusual::Nothing);
        let terms = terms.map(|one| (Begun::Term, one.name.clone()));
        let closures = closures.map(|one| (Begun::Closure, one.label.clone()));
        terms.chain(closures).chain(specials.map(|one| (Begun::Special, one.label.clone()))).collect()
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

    /// Whether a site had, or is to have, a session on a day for any group: a day that was lost is no school day.
    pub fn meets(&self, site: PlaceId, day: Day) -> bool {
        matches!(self.day(site, day), DayKind::Open | DayKind::OpenTo(..))
    }

    /// As [`School::meets`], for one group.
    pub fn meets_for(&self, site: PlaceId, group: Option<GroupId>, day: Day) -> bool {
        match self.day(site, day) {
            DayKind::Open => true,
            DayKind::OpenTo(groups, _) => group.is_none_or(|group| groups.contains(&group)),
            DayKind::Lost(_) | DayKind::Training(_) | DayKind::Weekend | DayKind::Closed(_) => false,
        }
    }

    /// How many school days of a site lie after one day, up to and with another.
    pub fn school_days(&self, site: PlaceId, after: Day, until: Day) -> usize {
        let days = until.0.saturating_sub(after.0).clamp(0, FAR);
        (1..=days).filter(|days| self.meets(site, after.plus(*days))).count()
    }

    /// The school day of a site so many school days before a day; `None` when there are not so many in two years.
    pub fn school_days_back(&self, site: PlaceId, from: Day, days: usize) -> Option<Day> {
        (1..=FAR).map(|back| from.plus(-back)).filter(|day| self.meets(site, *day)).nth(days.checked_sub(1)?)
    }
}

/// What days out of the ordinary make of one that else is of this kind. Days that were lost are those on which there
/// would have been school, and days open to some groups are weekdays, unless it is said of that one day.
fn out_of_the_ordinary<'a>(special: &'a Special, kind: DayKind<'a>) -> DayKind<'a> {
    let Special { what, label, first, last, .. } = special;
    let or = |words| if label.is_empty() { words } else { label.as_str() };
    match what {
        Unusual::Nothing | Unusual::Open => DayKind::Open,
        Unusual::OpenTo(_) if first < last && kind == DayKind::Weekend => kind,
        Unusual::OpenTo(groups) => DayKind::OpenTo(groups, or("open to some groups only")),
        Unusual::Lost if first < last && !matches!(kind, DayKind::Open | DayKind::OpenTo(..) | DayKind::Lost(_)) => {
            kind
        }
        Unusual::Lost => DayKind::Lost(or("unexpectedly closed")),
        Unusual::Training => DayKind::Training(or("training day")),
    }
}

//! What is published of a week: the school and each site, unless so few pupils are there that a count could be read
//! back to a child.
//!
//! A site with fewer than [`PUPILS_LEAST`] pupils has no figures of its own. As the whole school less the other sites
//! would tell them, the smallest sites are left out together, until those left out have that many pupils between them.

use super::{Cut, Figures, Period, count};
use crate::calendar::{Day, Local};
use crate::facts::published::{PUPILS_LEAST, Part, Sessions};
use crate::known::Known;
use muster_core::id::PlaceId;
use std::collections::{BTreeMap, BTreeSet};

/// The minute of Friday after which the week is over for publishing.
const WEEK_OVER: u16 = 16 * 60;

/// A day of the latest week that is over: this one from Friday afternoon on.
pub fn week_over(now: Local) -> Day {
    let (weekday, over) = (now.day.weekday(), now.minute >= WEEK_OVER);
    if weekday > 4 || (weekday == 4 && over) { now.day } else { now.day.plus(-7) }
}

/// The figures of a week by place, that of the whole school at no site. `None` where none are shown.
pub(crate) fn parts(known: &Known, monday: Day, now: Local) -> Vec<(PlaceId, Option<Part>)> {
    let week = Period::week_of(monday);
    let year = Period { to: week.to, ..Period::year_to(week.to) };
    let [week, year] = [week, year].map(|period| count(known, period, Cut::default(), now));
    let pupils = pupils(&week);
    let all: u32 = pupils.values().sum();
    let (of_week, of_year) = (week.by_site(), year.by_site());
    let whole = Part { pupils: all, week: (&week.total()).into(), year: (&year.total()).into() };
    let mut found = vec![(PlaceId::ZERO, (all >= PUPILS_LEAST).then_some(whole))];
    if of_year.len() < 2 {
        return found;
    }
    let sessions = |of: &BTreeMap<PlaceId, _>, site| of.get(site).map(Sessions::from).unwrap_or_default();
    let few = few(&pupils, of_year.keys().copied());
    for site in of_year.keys() {
        let many = pupils.get(site).copied().unwrap_or_default();
        let part = Part { pupils: many, week: sessions(&of_week, site), year: sessions(&of_year, site) };
        found.push((*site, (!few.contains(site)).then_some(part)));
    }
    found
}

/// Pupils with a session in the week, by site; one who changed sites counts at the first.
fn pupils(week: &Figures) -> BTreeMap<PlaceId, u32> {
    let mut seen = BTreeSet::new();
    let mut found = BTreeMap::new();
    for line in week.lines.iter().filter(|line| seen.insert(line.pupil)) {
        *found.entry(line.site).or_default() += 1;
    }
    found
}

/// The sites without figures of their own.
fn few(pupils: &BTreeMap<PlaceId, u32>, sites: impl Iterator<Item = PlaceId>) -> BTreeSet<PlaceId> {
    let mut by_size: Vec<(u32, PlaceId)> =
        sites.map(|site| (pupils.get(&site).copied().unwrap_or_default(), site)).collect();
    by_size.sort_unstable();
    let mut left_out = BTreeSet::new();
    let mut together = 0;
    for (many, site) in by_size {
        let hidden = !left_out.is_empty() && together < PUPILS_LEAST;
        if many >= PUPILS_LEAST && !hidden {
            break;
        }
        left_out.insert(site);
        together += many;
    }
    left_out
}

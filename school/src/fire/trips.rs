//! The trips of a day: those of its roll, and those over nights that set out before it.
//!
//! Somebody who was seen here on a day since a trip over nights set out is not taken to be with it any more: they came
//! back early, and nobody may be left off a list for want of a word about that.

use super::evidence::Roll;
use crate::calendar::{self, Day, Half};
use crate::facts::roll::{Seen, Trip, Way};
use crate::facts::trips::TripFact;
use crate::facts::{self, documents};
use crate::ids::Who;
use crate::limits::TRIP_DAYS;
use muster_core::document::fact::Origin;
use muster_core::id::PlaceId;
use muster_core::replica::records::{Records, RecordsError};
use std::collections::{BTreeMap, BTreeSet};

/// A trip, as it is held on one day.
#[derive(Clone, Debug, PartialEq)]
pub struct TripHeld {
    /// As it set out.
    pub trip: Trip,
    /// The day on which it set out.
    pub out_day: Day,
    /// The day on which it is due back.
    pub due_day: Day,
    /// When it was back; the earliest that anybody recorded.
    pub back: Option<u16>,
    /// Who recorded that it set out and when.
    pub origin: Origin,
    /// The names of its people, where it lasts over nights.
    pub names: BTreeMap<Who, String>,
    /// Those of its people who were seen here on an earlier day since it set out.
    pub came_back: BTreeSet<Who>,
}

impl TripHeld {
    /// One that is back on the day it sets out.
    pub(super) fn of_the_day(day: Day, trip: Trip, origin: Origin) -> Self {
        let (names, came_back) = (BTreeMap::new(), BTreeSet::new());
        Self { trip, out_day: day, due_day: day, back: None, origin, names, came_back }
    }

    /// Whether somebody is with it.
    pub fn has(&self, who: Who) -> bool {
        self.trip.people.contains(&who) && !self.came_back.contains(&who)
    }
}

/// Adds the trips over nights that are out on the day of a roll, or are back on it.
pub(super) fn add(records: &mut impl Records, site: PlaceId, roll: &mut Roll) -> Result<(), RecordsError> {
    let today = roll.day;
    let years: BTreeSet<_> = [today, today.plus(-TRIP_DAYS)].into_iter().map(Day::year).collect();
    let mut out: BTreeMap<[u8; 16], TripHeld> = BTreeMap::new();
    let mut back: BTreeMap<[u8; 16], (Day, u16)> = BTreeMap::new();
    for year in years {
        let document = documents::trips(site, year);
        let Some(held) = records.facts(&document)? else { continue };
        for read in facts::current::<TripFact>(&held) {
            match read.value {
                TripFact::LongTrip(one) => {
                    let people = one.people.iter().map(|(who, _)| *who).collect();
                    let trip = Trip {
                        id: one.id,
                        title: one.title,
                        leader: one.leader,
                        leader_name: one.leader_name,
                        phone: one.phone,
                        out: one.out.1,
                        due: one.due.1,
                        people,
                    };
                    let held = TripHeld::of_the_day(today, trip, *read.held.origin);
                    let names = one.people.into_iter().collect();
                    out.insert(one.id, TripHeld { out_day: one.out.0, due_day: one.due.0, names, ..held });
                }
                TripFact::LongTripBack(one) => {
                    let at = (one.day, one.minute);
                    back.entry(one.id).and_modify(|held| *held = (*held).min(at)).or_insert(at);
                }
                TripFact::Unknown { .. } => {}
            }
        }
    }
    for (id, mut held) in out {
        let back = back.get(&id);
        // Never beyond the day it was due: from then on everybody is called, and no word of a day far off is followed.
        let last = back.map_or(held.due_day, |(day, _)| held.due_day.min(*day));
        if !(held.out_day..=last).contains(&today) {
            continue;
        }
        held.back = back.filter(|(day, _)| *day == today).map(|(_, minute)| *minute);
        held.came_back = seen_since(records, site, &held, today)?;
        roll.trips.insert(id, held);
    }
    Ok(())
}

/// Who of a trip's people signed in here, or was marked as here, after it set out and before a day.
fn seen_since(
    records: &mut impl Records,
    site: PlaceId,
    held: &TripHeld,
    before: Day,
) -> Result<BTreeSet<Who>, RecordsError> {
    let mut seen = BTreeSet::new();
    let mut day = held.out_day;
    while day < before {
        let facts = records.facts(&documents::roll(site, day))?;
        let roll = Roll::from_facts(day, facts.as_deref(), None);
        let after = |minute: u16| day > held.out_day || minute > held.trip.out;
        for who in &held.trip.people {
            let signed =
                roll.signs.get(who).into_iter().flatten().any(|sign| sign.way == Way::In && after(sign.minute));
            let halves = [Half::Am, Half::Pm].into_iter();
            let marks = halves.filter_map(|half| match who {
                Who::Pupil(pupil) => roll.marks.get(&(*pupil, half)),
                _ => None,
            });
            let marked = marks.flatten().any(|mark| {
                matches!(mark.seen, Seen::Present | Seen::Late(_)) && after(calendar::local(mark.origin.at).minute)
            });
            if signed || marked {
                seen.insert(*who);
            }
        }
        day = day.plus(1);
    }
    Ok(seen)
}

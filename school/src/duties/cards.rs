//! The recovery cards are read once a year: when they were last, from the record of use, and whether it is time again.

use crate::areas;
use crate::calendar::{self, Day};
use crate::facts::Value as _;
use crate::facts::access::{AccessFact, Event};
use crate::facts::documents;
use muster_core::id::PlaceId;
use muster_core::replica::records::{Records, RecordsError};
use muster_core::time::Moment;
use std::collections::BTreeMap;

/// After how many days another rehearsal is due.
pub const REHEARSAL_DAYS: i64 = 365;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// When two cards last opened all that there was, as far as whoever is signed in may read the record of use. Reads the
/// newest weeks first, and no more than it needs.
///
/// # Errors
/// When the records cannot be read.
pub fn last_read(records: &mut impl Records) -> Result<Option<Moment>, RecordsError> {
    let mut sections = records.sections(areas::ACCESS);
    sections.sort_by_key(|section| std::cmp::Reverse(section.year));
    let mut newest: BTreeMap<PlaceId, Moment> = BTreeMap::new();
    for section in sections {
        if newest.contains_key(&section.compartment.place) {
            continue;
        }
        for document in records.documents(&section, documents::ACCESS)?.into_iter().rev() {
            let Some(facts) = records.facts(&document)? else { continue };
            let read =
                facts.iter().filter(|held| is_whole(held.fact.kind, &held.fact.value)).map(|held| held.origin.at);
            if let Some(at) = read.max_by_key(|at| at.utc_ms) {
                newest.insert(section.compartment.place, at);
                break;
            }
        }
    }
    Ok(newest.into_values().max_by_key(|at| at.utc_ms))
}

/// A rehearsal that opened everything.
fn is_whole(kind: u16, value: &[u8]) -> bool {
    let Ok(AccessFact::Access(access)) = AccessFact::decode(kind, value) else { return false };
    matches!(access.event, Event::RehearsedCards { opened, of } if opened >= of)
}

/// What is to be said of it: `None` while it is less than a year since the cards were read or, where they never were,
/// since the school was founded.
pub fn due(now: Moment, founded: Option<Moment>, last: Option<Moment>) -> Option<String> {
    let since = last.or(founded)?;
    if now.utc_ms.saturating_sub(since.utc_ms) <= REHEARSAL_DAYS * DAY_MS {
        return None;
    }
    let day = with_year(calendar::local(since).day);
    Some(match last {
        Some(_) => format!("The recovery cards were last read on {day}, more than a year ago"),
        None => format!("The recovery cards were not read since the school was founded on {day}"),
    })
}

fn with_year(day: Day) -> String {
    format!("{} {}", day.long(), day.date().year())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cards_are_due_a_year_after_they_were_read_and_not_before() {
        let at = |day: &str| calendar::moment(Day::parse(day).unwrap(), 9 * 60);
        let founded = Some(at("2026-03-02"));
        assert_eq!(due(at("2027-03-02"), founded, None), None);
        assert_eq!(
            due(at("2027-03-03"), founded, None).unwrap(),
            "The recovery cards were not read since the school was founded on Monday 2 March 2026"
        );
        assert_eq!(due(at("2027-03-03"), founded, Some(at("2026-09-01"))), None);
        assert_eq!(
            due(at("2027-09-02"), founded, Some(at("2026-09-01"))).unwrap(),
            "The recovery cards were last read on Tuesday 1 September 2026, more than a year ago"
        );
    }
}

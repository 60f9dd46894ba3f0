//! The documents of one event: a roll call, and those that were started apart and joined with it.

use super::{CallKey, OfficeError};
use crate::areas;
use crate::calendar::Day;
use crate::facts::documents;
use crate::fire::call::joined::{self, Event, Links};
use crate::fire::call::{self, Call};
use crate::ids::Who;
use crate::limits::CALLS_LOOKED_AT;
use muster_core::document::fact::{FactRef, Facts};
use muster_core::id::{PlaceId, SeatId};
use muster_core::replica::records::{Records, RecordsError};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// See the module. The one that is written to comes first.
#[derive(Clone, Debug)]
pub(crate) struct Documents {
    /// The one that was asked for.
    pub(crate) own: Arc<Facts>,
    key: CallKey,
    others: BTreeMap<Event, Arc<Facts>>,
}

impl Documents {
    /// Their facts.
    pub(crate) fn facts(&self) -> Vec<&Facts> {
        std::iter::once(&self.own).chain(self.others.values()).map(Arc::as_ref).collect()
    }

    /// What they say.
    pub(crate) fn call(&self) -> Result<Call, OfficeError> {
        call::evaluate_all(&self.facts()).ok_or(OfficeError::Unknown("roll call"))
    }

    /// Their names.
    pub(crate) fn keys(&self) -> Vec<CallKey> {
        let others = self.others.keys().map(|(day, event)| CallKey { day: *day, event: *event, ..self.key });
        std::iter::once(self.key).chain(others).collect()
    }

    /// Those that were joined with the one that was asked for.
    pub(crate) fn others(&self) -> impl Iterator<Item = (CallKey, &Facts)> {
        let key = |event: &Event| CallKey { day: event.0, event: event.1, ..self.key };
        self.others.iter().map(move |(event, held)| (key(event), held.as_ref()))
    }

    /// Each of them.
    pub(crate) fn each(&self) -> impl Iterator<Item = (CallKey, &Facts)> {
        std::iter::once((self.key, self.own.as_ref())).chain(self.others())
    }

    /// What the next sighting of a seat replaces.
    pub(crate) fn replaced_by_next(&self, seat: SeatId, who: Who) -> Vec<FactRef> {
        call::replaced_by_next(&self.facts(), seat, who)
    }

    /// The words of a seat about somebody that it has not replaced.
    pub(crate) fn own_words(&self, seat: SeatId, who: Who) -> Vec<FactRef> {
        call::own_words_among(&self.facts(), seat, who)
    }
}

/// The roll calls of a site that began between two days, both included, as far as they can be read: the newest days
/// first where there are very many.
pub(crate) fn held_between(
    records: &mut impl Records,
    site: PlaceId,
    from: Day,
    to: Day,
) -> Result<BTreeMap<Event, Arc<Facts>>, RecordsError> {
    let mut found = BTreeMap::new();
    let years: BTreeSet<_> = (from.year().0..=to.year().0).collect();
    let mut wanted = Vec::new();
    for year in years {
        let section = areas::section(areas::ROLL, site, muster_core::id::Year(year));
        for document in records.documents(&section, documents::ROLL_CALL)? {
            if let Some((day, event)) = documents::roll_call_key(&document).filter(|(day, _)| (from..=to).contains(day))
            {
                wanted.push(((day, event), document));
            }
        }
    }
    wanted.sort_by_key(|(event, _)| std::cmp::Reverse(*event));
    wanted.truncate(CALLS_LOOKED_AT);
    for (event, document) in wanted {
        if let Some(held) = records.facts(&document)? {
            found.insert(event, held);
        }
    }
    Ok(found)
}

/// The documents of one event.
pub(crate) fn documents_of(records: &mut impl Records, key: CallKey) -> Result<Documents, OfficeError> {
    let own = records.facts(&key.document())?.ok_or(OfficeError::Unknown("roll call"))?;
    let mut held = held_between(records, key.site, key.day.plus(-1), key.day.plus(1))?;
    held.insert((key.day, key.event), own);
    among(key, &held, &joined::all_links(&held))
}

fn among(key: CallKey, held: &BTreeMap<Event, Arc<Facts>>, links: &Links) -> Result<Documents, OfficeError> {
    let first = (key.day, key.event);
    let own = held.get(&first).map(Arc::clone).ok_or(OfficeError::Unknown("roll call"))?;
    let with = joined::with(first, links);
    let others = with.into_iter().filter(|event| *event != first);
    let others = others.filter_map(|event| Some((event, Arc::clone(held.get(&event)?)))).collect();
    Ok(Documents { own, key, others })
}

/// The roll calls of a site that began today or the day before, newest first. Each says what all say that were joined
/// with it.
///
/// # Errors
/// When the records cannot be read.
pub(crate) fn recent(
    records: &mut impl Records,
    site: PlaceId,
    today: Day,
) -> Result<Vec<(CallKey, Call)>, RecordsError> {
    let held = held_between(records, site, today.plus(-1), today.plus(1))?;
    let links = joined::all_links(&held);
    let mut found = Vec::new();
    for (day, event) in held.keys() {
        let key = CallKey { site, day: *day, event: *event };
        if let Some(call) = among(key, &held, &links).ok().and_then(|documents| documents.call().ok()) {
            found.push((key, call));
        }
    }
    found.sort_by_key(|(key, call)| std::cmp::Reverse((call.started.map(|origin| origin.at), *key)));
    Ok(found)
}

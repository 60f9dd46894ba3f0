//! Which roll calls are of one event.
//!
//! Two that were started apart are joined by a fact in both documents, each naming the other. One of the two is enough,
//! since the other may not have come yet; a parting counts for a joining that it replaces. Transitive, and a function of
//! the set of facts alone.

use crate::calendar::Day;
use crate::facts;
use crate::facts::roll_call::CallFact;
use crate::ids::EventId;
use muster_core::document::fact::{FactRef, Facts};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Names a roll call of a site.
pub type Event = (Day, EventId);

/// The roll calls that one names and that nobody has parted it from, with the facts that say so.
pub fn links(held: &Facts) -> BTreeMap<Event, Vec<FactRef>> {
    let mut found: BTreeMap<Event, Vec<FactRef>> = BTreeMap::new();
    for read in facts::current::<CallFact>(held) {
        if let CallFact::Joined(joined) = read.value {
            found.entry((joined.day, joined.event)).or_default().push(read.held.name);
        }
    }
    found
}

/// Which roll calls each of these names.
pub type Links = BTreeMap<Event, BTreeSet<Event>>;

/// Reads them once, for as many as are asked about.
pub fn all_links(documents: &BTreeMap<Event, Arc<Facts>>) -> Links {
    documents.iter().map(|(event, held)| (*event, links(held).into_keys().collect())).collect()
}

/// Of these documents, those that are of one event with the first, itself among them.
pub fn with(first: Event, links: &Links) -> BTreeSet<Event> {
    let mut found = BTreeSet::from([first]);
    let mut open = vec![first];
    while let Some(event) = open.pop() {
        let named = links.get(&event).into_iter().flatten().copied();
        let naming = links.iter().filter(|(_, names)| names.contains(&event)).map(|(other, _)| *other);
        for next in named.chain(naming) {
            if links.contains_key(&next) && found.insert(next) {
                open.push(next);
            }
        }
    }
    found
}

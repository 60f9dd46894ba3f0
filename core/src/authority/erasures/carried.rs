//! What was carried out stays carried out.
//!
//! A device that says that it destroyed what an order is of names the authority heads it had seen. What it had not seen
//! then, an undo, a hold, an earlier order by the same person, takes nothing of it back, whenever it arrives: else keys
//! that are nowhere any more on one device came back from another. What a device says is believed as far as it can be
//! so: the order stood by what it had seen, it keeps such records, and it says so seven days or more after the last
//! signature.
//!
//! Only a removal reaches further: it ends its target's line by the logs themselves, and an order past that end, or a
//! device's word past it, was never said.

use super::{Erasure, Erasures, Ground, Heard, Voice};
use crate::id::{EntryHash, LogId};
use crate::limits;
use std::collections::{BTreeMap, BTreeSet};

impl Erasures {
    /// Works out what of each order that does not stand whole by now was carried out before that could be heard.
    pub(super) fn keep_carried_out(&mut self, heard: &Heard<'_>, ground: Ground<'_>) {
        let disputed = |one: &&Erasure| !one.is_whole() || !one.held.is_empty();
        let names = self.erasures.iter().filter(|(_, one)| disputed(one)).map(|(name, _)| *name);
        for name in names.collect::<Vec<_>>() {
            // Of one log the first word: later ones had seen more.
            let mut words: BTreeMap<LogId, &Voice<'_>> = BTreeMap::new();
            for done in Heard::all(&heard.dones, &name) {
                let first = words.entry(done.placed.log).or_insert(done);
                if done.placed.sequence < first.placed.sequence {
                    *first = done;
                }
            }
            let Some(one) = self.erasures.get(&name) else { continue };
            let mut too_late = BTreeSet::new();
            for word in words.values().filter(|word| stood(&name, one, word, heard, ground)) {
                let kept = |voice: &&Voice<'_>| word.saw(voice, ground.logs);
                let free = |doc: &&_| !heard.holds_against(&name, doc, ground.logs).iter().any(kept);
                too_late.extend(one.documents.iter().filter(free).map(|doc| (doc.section, doc.handle)));
            }
            if let Some(one) = self.erasures.get_mut(&name) {
                one.held.retain(|held| !too_late.contains(held));
                one.too_late = too_late;
            }
        }
    }
}

/// Whether an order stood, and its seven days were over, by what a device had seen when it said that it carried it out.
fn stood(name: &EntryHash, one: &Erasure, word: &Voice<'_>, heard: &Heard<'_>, ground: Ground<'_>) -> bool {
    let saw = |voice: &&&Voice<'_>| word.saw(voice, ground.logs);
    let seen = |of: &BTreeMap<EntryHash, Vec<&Voice<'_>>>, name: &EntryHash| {
        of.get(name).is_some_and(|all| all.iter().any(|voice| saw(&voice)))
    };
    if !heard.said.get(name).is_some_and(|order| saw(&order)) || seen(&heard.undos, name) {
        return false;
    }
    let seconds = Heard::all(&heard.confirms, name).iter().filter(saw);
    let second = seconds.map(|voice| voice.signed.at.utc_ms).min();
    let went = |other: &EntryHash| {
        heard.said.get(other).is_some_and(|order| saw(&order))
            && !seen(&heard.confirms, other)
            && (!seen(&heard.undos, other) || seen(&heard.dones, other))
    };
    if second.is_none() && heard.alone(name, one, went) > limits::ERASED_ALONE {
        return false;
    }
    let whole = one.by.at.utc_ms.max(second.unwrap_or(i64::MIN));
    word.signed.at.utc_ms >= whole.saturating_add(limits::ERASED_AFTER_MS)
}

//! What was written after a roll call, and who signed it.

use crate::facts;
use crate::facts::roll_call::{CallFact, Learned};
use muster_core::document::fact::{FactRef, Facts, Origin};

/// What stands of a report.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// What was written last, by whom.
    pub learned: Option<(Origin, Learned)>,
    /// The facts that the next version replaces, in the first document.
    pub replaced: Vec<FactRef>,
    /// Who signed, and whether something came to it since.
    pub signed: Vec<(Origin, bool)>,
    /// How many facts there are that are no signature.
    pub facts: u32,
}

/// Reads it from the documents of one event; the one that is written to is the first.
pub fn read(documents: &[&Facts]) -> Report {
    let mut report = Report::default();
    let mut newest: Option<(Origin, FactRef)> = None;
    let mut signatures = Vec::new();
    for (place, held) in documents.iter().enumerate() {
        for read in facts::all::<CallFact>(held) {
            let (name, origin) = (read.held.name, *read.held.origin);
            match read.value {
                CallFact::Signed(signed) => {
                    signatures.push((origin, signed.facts));
                    continue;
                }
                CallFact::Learned(learned) if !held.is_superseded(&name) => {
                    if place == 0 {
                        report.replaced.push(name);
                    }
                    if newest.is_none_or(|(by, held)| (by.at, held) < (origin.at, name)) {
                        newest = Some((origin, name));
                        report.learned = Some((origin, learned));
                    }
                }
                _ => {}
            }
            report.facts = report.facts.saturating_add(1);
        }
    }
    report.replaced.truncate(muster_core::limits::SUPERSEDED_PER_FACT);
    signatures.sort_by_key(|(origin, _)| (origin.at, origin.seat));
    let facts = report.facts;
    report.signed = signatures.into_iter().map(|(origin, seen)| (origin, seen < facts)).collect();
    report
}

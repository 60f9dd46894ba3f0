//! What a check of everything found, in numbers and in plain words.
//!
//! [`crate::replica::Replica::verify`] reads every row of a store afresh, believing nothing that is in memory, and
//! answers with a [`Verified`]. It opens no encrypted body: whoever may not read a record can still prove that it
//! is the one its author sealed.
//!
//! Not here: proof towards somebody who has no replica, and repair.

use crate::id::{DeviceId, EpochId, SeatId};
use crate::replica::Verdict;
use crate::time::Moment;
use std::collections::BTreeMap;

/// Findings kept word for word. More are only counted: a store that is rubbish throughout needs no longer list.
pub const FINDINGS_KEPT: usize = 1_000;

/// What a check of everything found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// Logs.
    pub logs: u64,
    /// Entries, on all branches.
    pub entries: u64,
    /// Signatures over heads of logs, each checked.
    pub seals: u64,
    /// Seats whose certificates hold.
    pub seats: u64,
    /// Devices of the school.
    pub devices: u64,
    /// Persons who have keys.
    pub persons: u64,
    /// Statements about authority that count.
    pub statements: u64,
    /// Grants that stand.
    pub grants: u64,
    /// Entries outside the authority area, by what is to be done with them: whether the author had the right is
    /// worked out again from the statements.
    pub verdicts: BTreeMap<Verdict, u64>,
    /// Epochs (keys of a section) announced.
    pub epochs: u64,
    /// Those minted by a seat that could not, or for other people than could read by the statements that their
    /// entries lie over: nothing is written under them here.
    pub epochs_refused: Vec<(EpochId, SeatId)>,
    /// Wrapped keys and sealed document secrets held.
    pub sealed_records: u64,
    /// Logs in which two entries stand at one place.
    pub forks: u64,
    /// Entries that are held but not in the documents, by the reason noted when they were tried.
    pub waiting: BTreeMap<Verdict, u64>,
    /// Entries that nobody who signed in on this device could try to open yet.
    pub untried: u64,
    /// For each device of the school, the latest time that any entry of its seats claims; `None` for one of which
    /// nothing is held.
    pub last_claim: BTreeMap<DeviceId, Option<Moment>>,
    /// What follows from the statements, as every replica with the same statements has it.
    pub authority_state: [u8; 32],
    /// What does not hold, in plain words with shortened ids, the first [`FINDINGS_KEPT`] of them.
    pub findings: Vec<String>,
    /// How many findings there are.
    pub findings_count: u64,
    /// Entries that are damaged here, known for it, and to be fetched anew.
    pub lacking: u64,
}

impl Verified {
    /// Whether everything held is whole and was written by who it says.
    pub fn is_sound(&self) -> bool {
        self.holds_together() && self.lacking == 0
    }

    /// Whether all is whole but for what is known to be damaged and to be fetched anew.
    pub fn holds_together(&self) -> bool {
        self.findings_count == 0
    }

    pub(crate) fn find(&mut self, finding: String) {
        self.findings_count += 1;
        if self.findings.len() < FINDINGS_KEPT {
            self.findings.push(finding);
        }
    }

    /// What this proves and what it does not, a sentence each.
    pub fn says(&self) -> Vec<String> {
        let mut says = Vec::new();
        if self.lacking > 0 {
            says.push(format!(
                "{} damaged on this device, and comes back when it meets another that holds it.",
                counted(self.lacking, "entry is", "entries are")
            ));
        }
        if self.holds_together() {
            let all = if self.lacking > 0 { "Every other" } else { "Every" };
            says.push(format!(
                "{all} one of the {} held is whole: each is chained to the one before it, and each of the {} ends under a signature of the seat that wrote it.",
                counted(self.entries.saturating_sub(self.lacking), "entry", "entries"),
                counted(self.logs, "log", "logs"),
            ));
            says.push(format!(
                "Who may do what was worked out again from {}: {}, {} and {}, the same as this device goes by.",
                counted(self.statements, "statement", "statements"),
                counted(self.devices, "device", "devices"),
                counted(self.persons, "person with keys", "persons with keys"),
                counted(self.grants, "grant", "grants"),
            ));
        } else {
            says.push(format!(
                "Not everything held is whole: there are {}. What they name is not proven.",
                counted(self.findings_count, "finding", "findings")
            ));
            says.extend(self.findings.iter().map(|finding| format!("Finding: {finding}.")));
            let unsaid = self.findings_count.saturating_sub(self.findings.len() as u64);
            if unsaid > 0 {
                says.push(format!("And {}, not listed.", counted(unsaid, "more finding", "more findings")));
            }
        }
        let of = |verdict| self.verdicts.get(&verdict).copied().unwrap_or(0);
        says.push(format!(
            "{} written by somebody who had the right to, by a grant they had seen.",
            counted(of(Verdict::Apply), "entry was", "entries were")
        ));
        for (verdict, words) in [
            (Verdict::NoRight, "written without a right that is known here: kept, and not shown"),
            (Verdict::Newer, "of a kind that a newer Muster writes: kept and passed on, and not shown"),
            (Verdict::Forked, "past the place where a log forked: kept, and not shown until an officer adopts it"),
        ] {
            if of(verdict) > 0 {
                says.push(format!("{} {words}.", counted(of(verdict), "entry is", "entries are")));
            }
        }
        if self.forks > 0 {
            says.push(format!(
                "{}: two devices wrote with one seat's key, as a copied or restored device does. Both tails are kept.",
                counted(self.forks, "log forked", "logs forked")
            ));
        }
        let mut minters: BTreeMap<SeatId, u64> = BTreeMap::new();
        self.epochs_refused.iter().for_each(|(_, seat)| *minters.entry(*seat).or_default() += 1);
        for (seat, count) in minters {
            says.push(format!(
                "{} made for other people than could read then, by seat {seat:?}: nothing is written under what was made so, and what was is still read. Ask who it was.",
                counted(count, "key was", "keys were"),
            ));
        }
        self.says_of_reading(&mut says);
        self.says_of_limits(&mut says);
        says
    }

    fn says_of_reading(&self, says: &mut Vec<String>) {
        let of = |verdict| self.waiting.get(&verdict).copied().unwrap_or(0);
        let shut = of(Verdict::NoEpoch) + of(Verdict::NoSecret) + self.untried;
        if shut > 0 {
            says.push(format!(
                "{} whole but cannot be read with the keys of this device and whoever is signed in on it; that says nothing against them.",
                counted(shut, "entry is", "entries are")
            ));
        }
        if of(Verdict::Erased) > 0 {
            says.push(format!(
                "{} of a document that was erased: its key is destroyed, and nobody reads it any more.",
                counted(of(Verdict::Erased), "entry is", "entries are")
            ));
        }
        if of(Verdict::Unreadable) > 0 {
            says.push(format!(
                "{} sealed by its author but holds nothing legal inside: kept, and not shown.",
                counted(of(Verdict::Unreadable), "entry is", "entries are")
            ));
        }
    }

    fn says_of_limits(&self, says: &mut Vec<String>) {
        says.push(
            "This does not prove that nothing is missing: it is complete to the ends of the logs held here, and what another device wrote and has not yet passed on is not among them."
                .to_owned(),
        );
        let unheard: Vec<String> = self
            .last_claim
            .iter()
            .filter(|(_, claim)| claim.is_none())
            .map(|(device, _)| format!("{device:?}"))
            .collect();
        if !unheard.is_empty() {
            says.push(format!("Nothing written by these devices of the school is held here: {}.", unheard.join(", ")));
        }
        says.push(
            "Times are what the clocks of the devices said: a claim, which this does not prove. Order within one log is proven; order between logs is not, but where one entry names another."
                .to_owned(),
        );
        says.push(
            "It proves which keys signed, not whose hand held the device, and not that what was written is true."
                .to_owned(),
        );
    }
}

fn counted(number: u64, one: &str, more: &str) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{grouped} {}", if number == 1 { one } else { more })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_agree_with_their_nouns() {
        assert_eq!(counted(1, "entry", "entries"), "1 entry");
        assert_eq!(counted(40_000, "entry", "entries"), "40,000 entries");
        assert_eq!(counted(999, "entry", "entries"), "999 entries");
    }
}

//! What this device remembers of the recovery cards: never anything that is on one, only when they were made, read
//! back and rehearsed with here.

use muster_core::codec;
use muster_core::keys::recovery::CARDS;
use muster_core::replica::Replica;
use muster_core::replica::records::RecordsError;
use muster_core::replica::store::Store;
use muster_core::time::Moment;
use muster_school::calendar;
use rand::CryptoRng;
use serde::{Deserialize, Serialize};

/// The name of the small file.
const FILE: &str = "cards";
/// After how many days another rehearsal is due.
const REHEARSAL_DAYS: i64 = 365;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// See the module.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct KeptCards {
    /// Whether they were made on this device.
    pub(crate) made_here: bool,
    /// When each was last read back, in milliseconds since 1970 UTC.
    pub(crate) proven_ms: [Option<i64>; CARDS],
    /// When two were last rehearsed with.
    pub(crate) rehearsed_ms: Option<i64>,
}

impl KeptCards {
    /// Reads it; a damaged one is as none.
    pub(crate) fn load<S: Store>(replica: &Replica<S>) -> Self {
        let bytes = replica.sealed_file(FILE).ok().flatten();
        bytes.and_then(|bytes| codec::decode(&bytes).ok()).unwrap_or_default()
    }

    /// Keeps it.
    ///
    /// # Errors
    /// When the file cannot be replaced.
    pub(crate) fn keep<S: Store>(
        &self,
        replica: &mut Replica<S>,
        random: &mut dyn CryptoRng,
    ) -> Result<(), RecordsError> {
        replica.put_sealed_file(FILE, &codec::encode(self), random)
    }

    /// Notes that a card was read back.
    pub(crate) fn proven(&mut self, number: u8, now: Moment) {
        let at = usize::from(number).checked_sub(1);
        if let Some(proven) = at.and_then(|at| self.proven_ms.get_mut(at)) {
            *proven = Some(now.utc_ms);
        }
    }

    /// The cards that nobody has read back here, by number.
    pub(crate) fn unproven(&self) -> Vec<usize> {
        let cards = self.proven_ms.iter().zip(1..);
        cards.filter(|(proven, _)| proven.is_none()).map(|(_, number)| number).collect()
    }

    /// What there is to say of them at `now`, a sentence a line. Nothing on a device that has not seen any.
    pub(crate) fn sentences(&self, now: Moment) -> Vec<String> {
        let mut said = Vec::new();
        if self.made_here {
            let numbers: Vec<String> = self.unproven().iter().map(usize::to_string).collect();
            said.push(match numbers.as_slice() {
                [] => "Recovery cards: each was read back after it was made.".to_owned(),
                [one] => {
                    format!("Recovery card {one} is not proven: nobody has read it back. Use `muster cards check`.")
                }
                [first @ .., last] => format!(
                    "Recovery cards {} and {last} are not proven: nobody has read them back. Use `muster cards check`.",
                    first.join(", ")
                ),
            });
        }
        said.extend(self.rehearsal(now));
        said
    }

    /// When two cards were last rehearsed with here, and whether that is too long ago.
    pub(crate) fn rehearsal(&self, now: Moment) -> Option<String> {
        let Some(ms) = self.rehearsed_ms else {
            return self.made_here.then(|| {
                "Nobody has rehearsed with the recovery cards here yet: once a year, `muster cards rehearse`."
                    .to_owned()
            });
        };
        let day = day(Moment::utc(ms));
        let due = now.utc_ms.saturating_sub(ms) > REHEARSAL_DAYS * DAY_MS;
        let due = if due { ", more than a year ago: do it again with `muster cards rehearse`" } else { "" };
        Some(format!("Last rehearsed with two recovery cards on {day}{due}."))
    }
}

/// A day with its year: what is written on paper is read years later.
pub(crate) fn day(at: Moment) -> String {
    let day = calendar::local(at).day;
    format!("{} {}", day.long(), day.date().year())
}

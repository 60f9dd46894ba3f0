//! What the audit says beside a time that is not to be taken as it stands: when an entry came, and since when it can be.
//!
//! Not here: between when and when that was, which the engine works out from what this device saw.

use super::Told;
use super::sentences::spoken;
use crate::view::Span;
use muster_core::replica::Interval;
use muster_core::replica::records::Records;

/// Says beside each line that was long in coming when it came, and of a time that cannot be right between when and when
/// the entry was made.
pub(super) fn note(records: &impl Records, told: &mut [Told]) {
    for one in told {
        if let Some(interval) = records.interval(&one.entry) {
            say(one, interval);
        }
    }
}

fn say(told: &mut Told, interval: Interval) {
    let (claim, Interval { after, by }) = (told.origin.at, interval);
    let came = format!("it came here on {}", spoken(by.utc_ms));
    // What its author had heard of by the time that it says itself shows nothing more.
    let since = after.filter(|after| *after > claim).map(|after| format!(", made after {}", spoken(after.utc_ms)));
    let words = format!("{came}{}", since.unwrap_or_default());
    if interval.contradicts(claim) {
        let words = format!("The time cannot be right: {words}");
        told.attention.get_or_insert_with(|| vec![Span::plain(words)]);
    } else {
        told.what.push(Span::plain(format!("; {words}")));
    }
}

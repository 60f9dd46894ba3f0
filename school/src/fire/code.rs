//! The short code of a roll call: two screens that show the same one hold the same marks.
//!
//! Marshals who stand apart read it to each other, by radio or across a playground. It is worked out from the names of
//! the entries that a device holds of the call, each of which stands for its author, its time and every word in it, so
//! one mark more or less, or one of them different, gives another code on all but one of 4,194,304 occasions (two
//! words of 11 bits). Among ten devices that all differ the chance that some two show the same is 1 in 93,000.
//!
//! Advice for people, not a proof: somebody with a program of their own could try entries until a code fits. What
//! proves is sync itself, which compares the whole hashes, and the signed records behind them.

use muster_core::crypto::words;
use muster_core::document::fact::Facts;
use std::collections::BTreeSet;

/// Words of a code: short enough to call out, long enough that a false match is rarer than a slip of the tongue.
pub const CODE_WORDS: usize = 2;

/// The code of all that is held of a roll call, such as `amber river`; of several documents where calls were joined,
/// in whatever order they are given.
pub fn code<'a>(held: impl IntoIterator<Item = &'a Facts>) -> String {
    let entries: BTreeSet<_> = held.into_iter().flat_map(Facts::iter).map(|fact| fact.name.entry).collect();
    let bytes: Vec<u8> = entries.iter().flat_map(|entry| entry.0).collect();
    words::phrase_of(CODE_WORDS, &[b"muster roll call code 1".as_slice(), &bytes].concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use muster_core::document::fact::{Fact, Origin};
    use muster_core::id::{ActId, EntryHash, SeatId};
    use muster_core::time::Moment;

    fn held(entries: &[u8]) -> Facts {
        let mut facts = Facts::default();
        for entry in entries {
            let origin = Origin { seat: SeatId([1; 32]), sequence: 0, at: Moment::utc(0), act: ActId([2; 16]) };
            let said = || Fact { kind: 503, supersedes: vec![], value: vec![*entry] };
            facts.insert(EntryHash([*entry; 32]), origin, [said(), said()]);
        }
        facts
    }

    #[test]
    fn devices_with_the_same_marks_show_the_same_code_in_whatever_order_they_came() {
        assert_eq!(code([&held(&[1, 2, 3])]), code([&held(&[3, 1, 2, 1])]));
        assert_eq!(code([&held(&[1, 2]), &held(&[3])]), code([&held(&[3]), &held(&[2, 1])]), "two calls joined");
        let shown = code([&held(&[1, 2, 3])]);
        assert_eq!(shown.split(' ').filter(|word| word.len() > 2).count(), CODE_WORDS, "{shown}");
    }

    #[test]
    fn one_mark_more_or_another_in_its_place_shows_another_code() {
        let mut codes: Vec<String> = (0..100).map(|last| code([&held(&[101, 102, last])])).collect();
        codes.extend([code([&held(&[101, 102])]), code([&held(&[])])]);
        let different: BTreeSet<&String> = codes.iter().collect();
        assert_eq!(different.len(), codes.len());
    }
}

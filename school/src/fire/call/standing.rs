//! Which words about somebody stand, and what they come to.

use super::heard::Word;
use super::{Said, Settlement, Standing};
use crate::facts::roll_call::Statement;
use muster_core::document::fact::FactRef;
use muster_core::time::Moment;
use std::collections::{BTreeMap, BTreeSet};

/// All words about one person, and which of them answer which.
struct Weighed<'a> {
    by_name: BTreeMap<FactRef, &'a Word>,
    /// What its own seat took back, or spoke over. A settlement among it settles nothing any more: what it had named
    /// stands again, or a report that somebody is missing could go without anybody answering it.
    taken_back: BTreeSet<FactRef>,
}

impl<'a> Weighed<'a> {
    fn of(words: &'a [Word]) -> Self {
        let by_name = words.iter().map(|word| (word.name, word)).collect();
        let mut weighed = Self { by_name, taken_back: BTreeSet::new() };
        let spoken = words.iter().filter(|word| !word.settles);
        weighed.taken_back = spoken.flat_map(|word| weighed.honoured(word)).collect();
        weighed
    }

    /// Those that a word names and may replace.
    fn honoured(&self, word: &Word) -> Vec<FactRef> {
        let may = |target: &&FactRef| {
            self.by_name.get(target).is_some_and(|other| word.settles || word.origin.seat == other.origin.seat)
        };
        word.names.iter().filter(may).copied().collect()
    }

    /// In the order of their names. A settlement that was taken back counts for nothing.
    fn counting(&self) -> impl Iterator<Item = &'a Word> {
        self.by_name.values().copied().filter(|word| !(word.settles && self.taken_back.contains(&word.name)))
    }
}

/// The words about one person that nothing replaces, by the rules of the module.
pub(super) fn standing_words(words: &[Word]) -> Vec<Said> {
    let weighed = Weighed::of(words);
    let replaced: BTreeSet<FactRef> = weighed.counting().flat_map(|word| weighed.honoured(word)).collect();
    weighed.by_name.values().filter(|word| !replaced.contains(&word.name)).filter_map(|word| said(word)).collect()
}

/// What people settled about somebody, and what each of them answered with it; the first first. It is listed whether or
/// not somebody has spoken again since.
pub(super) fn settlements(words: &[Word]) -> Vec<Settlement> {
    let weighed = Weighed::of(words);
    let answered = |word: &Word| {
        let names = weighed.honoured(word);
        let mut over: Vec<Said> =
            names.iter().filter_map(|name| weighed.by_name.get(name)).filter_map(|word| said(word)).collect();
        over.sort_by_key(|said| (said.origin.at, said.name));
        over
    };
    let settled = weighed.counting().filter(|word| word.settles);
    let mut found: Vec<Settlement> =
        settled.filter_map(|word| Some(Settlement { by: said(word)?, over: answered(word) })).collect();
    found.sort_by_key(|one| (one.by.origin.at, one.by.name));
    found
}

/// Words of one person up to which the moment is worked out word by word; beyond, the newest word that stands counts.
const WORDS_WEIGHED: usize = 64;

/// Since when somebody is accounted for with nothing against it: the word that ended the last time they were to find,
/// missing or to check. `None` while they are. Sorts the words by time.
pub(super) fn accounted(words: &mut [Word]) -> Option<Moment> {
    let is_safe = |words: &[Word]| {
        matches!(standing(&standing_words(words)), Standing::Found | Standing::AtRefuge | Standing::NotHere)
    };
    words.sort_by_key(|word| (word.origin.at, word.origin.seat, word.origin.sequence, word.name));
    if !is_safe(words) {
        return None;
    }
    if words.len() > WORDS_WEIGHED {
        return standing_words(words).iter().map(|said| said.origin.at).max();
    }
    let mut since = words.last().map(|word| word.origin.at);
    for count in (1..=words.len()).rev() {
        let held = words.get(..count).unwrap_or_default();
        if !is_safe(held) {
            break;
        }
        since = held.last().map(|word| word.origin.at);
    }
    since
}

fn said(word: &Word) -> Option<Said> {
    Some(Said {
        name: word.name,
        says: word.says?,
        place: word.place.clone(),
        marshal: word.marshal.clone(),
        origin: word.origin,
        settles: word.settles,
    })
}

pub(super) fn standing(said: &[Said]) -> Standing {
    let has = |wanted: Statement| said.iter().any(|one| one.says == wanted);
    let located = has(Statement::Found) || has(Statement::AtRefuge);
    match (located, has(Statement::NotFound), has(Statement::NotHere)) {
        (false, false, false) => Standing::ToFind,
        (true, false, false) if has(Statement::AtRefuge) => Standing::AtRefuge,
        (true, false, false) => Standing::Found,
        (false, true, false) => Standing::NotFound,
        (false, false, true) => Standing::NotHere,
        _ => Standing::Check,
    }
}

//! Which words about somebody stand, and what they come to.

use super::heard::Word;
use super::{Said, Standing};
use crate::facts::roll_call::Statement;
use muster_core::document::fact::FactRef;
use std::collections::{BTreeMap, BTreeSet};

/// The words about one person that nothing replaces, by the rules of the module.
pub(super) fn standing_words(words: &[Word]) -> Vec<Said> {
    let by_name: BTreeMap<FactRef, &Word> = words.iter().map(|word| (word.name, word)).collect();
    let honoured = |word: &&Word, target: &FactRef| {
        by_name.get(target).is_some_and(|other| word.settles || word.origin.seat == other.origin.seat)
    };
    // A settlement that its own seat took back, or spoke over, settles nothing any more: what it had named stands
    // again, or a report that somebody is missing could go without anybody answering it.
    let mut taken_back = BTreeSet::new();
    for word in words.iter().filter(|word| !word.settles) {
        taken_back.extend(word.names.iter().filter(|target| honoured(&word, target)).copied());
    }
    let mut replaced = BTreeSet::new();
    for word in words {
        if word.settles && taken_back.contains(&word.name) {
            continue;
        }
        replaced.extend(word.names.iter().filter(|target| honoured(&word, target)).copied());
    }
    by_name
        .values()
        .filter(|word| !replaced.contains(&word.name))
        .filter_map(|word| {
            Some(Said {
                name: word.name,
                says: word.says?,
                place: word.place.clone(),
                marshal: word.marshal.clone(),
                origin: word.origin,
                settles: word.settles,
            })
        })
        .collect()
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

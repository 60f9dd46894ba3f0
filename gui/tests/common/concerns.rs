//! Concerns of the invented school.

use muster_school::safeguarding::CATEGORIES;
use muster_school::view::concern::{
    AddConcernView, ConcernEntry, ConcernFile, ConcernRow, ConcernState, ConcernsView, Named,
};
use muster_school::view::{ConcernId, SubjectId};
use std::sync::Arc;

fn named(number: u8, name: &str, apart: &str) -> Named {
    Named { id: SubjectId([number; 16]), name: name.into(), apart: apart.into() }
}

/// Two pupils of one name among them.
fn pupils() -> Arc<Vec<Named>> {
    Arc::new(vec![
        named(1, "Byrne, Ada", "4B"),
        named(2, "Hassan, Leila", "4B"),
        named(3, "Jankowski, Kuba", "4B"),
        named(4, "Patel, Arun", "4B"),
        named(5, "Patel, Arun", "7A"),
    ])
}

/// The page of a new concern, at ten past nine.
pub(crate) fn add_concern() -> AddConcernView {
    AddConcernView {
        pupils: pupils(),
        staff: Arc::new(vec![named(21, "Marsh, Helen", "Told in any case"), named(22, "Nair, Priya", "")]),
        leads: "Helen Marsh and Jo Ellis are told in any case.".into(),
        categories: CATEGORIES
            .iter()
            .map(|one| (one.name.to_owned(), one.kinds.iter().map(|kind| (*kind).to_owned()).collect()))
            .collect(),
        day: "23/11/2026".into(),
        time: "09:10".into(),
        words_most: 10_000,
        refused: None,
        problem: None,
        saved: None,
    }
}

/// Three concerns, the first of them open.
pub(crate) fn concerns() -> ConcernsView {
    let row = |number: u8, reference: &str, opened: &str, by: &str, state, added: &str| ConcernRow {
        concern: ConcernId([number; 16]),
        reference: reference.into(),
        opened: opened.into(),
        by: by.into(),
        state,
        added: added.into(),
    };
    let entry = |at: &str, who: &str, did: &str, words: &str| ConcernEntry {
        at: at.into(),
        who: who.into(),
        did: did.into(),
        words: words.into(),
        quiet: words.is_empty(),
        ..ConcernEntry::default()
    };
    let fact = |what: &str, of: &str| (what.to_owned(), of.to_owned());
    let first = ConcernEntry {
        facts: vec![
            fact("About", "Ada Byrne, 4B"),
            fact("Seen or said", "Monday 23 November 08:50"),
            fact("Category", "Neglect: Food"),
            fact("Told beside the leads", "Priya Nair"),
        ],
        ..entry(
            "08:55",
            "Tom Okafor",
            "opened this concern",
            "At the gate Ada said: “There was nothing for tea again, so I had the cat’s biscuits.”\nShe laughed. Her hands were cold and she had no coat.",
        )
    };
    ConcernsView {
        summary: "3 concerns that you can read, 2 to read.".into(),
        rows: vec![
            row(1, "4fa2 09c1", "08:55", "Tom Okafor", ConcernState::ToRead, "09:02"),
            row(2, "b07e 44d0", "Friday 15:22", "Priya Nair", ConcernState::Added, "Sunday 18:40"),
            row(3, "19ab e3f7", "12 November 11:05", "Helen Marsh", ConcernState::Own, ""),
        ],
        pupils: pupils(),
        file: Some(ConcernFile {
            concern: Some(ConcernId([1; 16])),
            title: "Concern 4fa2 09c1".into(),
            entries: vec![
                first,
                entry("09:01", "Helen Marsh", "opened it to read", ""),
                entry(
                    "09:02",
                    "Helen Marsh",
                    "took action",
                    "Breakfast at the club from today. Rang her mother: no answer.",
                ),
                entry("09:10", "Ruth Adeyemi", "opened it to read", ""),
            ],
            marked: None,
            pupils: vec![named(1, "Ada Byrne", "")],
        }),
    }
}

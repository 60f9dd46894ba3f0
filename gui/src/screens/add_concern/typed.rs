//! What is typed into the page of a new concern, and how it is kept as one draft.

use super::DRAFT;
use crate::draft;
use egui::Ui;
use muster_school::view::SubjectId;
use muster_school::view::concern::{AddConcernView, NewConcern};
use zeroize::Zeroizing;

/// Stands between the fields of a draft. No key types it, and none of it comes out of a clipboard.
const BETWEEN: char = '\u{1f}';

/// See the module. What says anything is overwritten when it is dropped, and nothing is printed.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Typed {
    pub(super) pupils: Vec<SubjectId>,
    pub(super) about: Zeroizing<String>,
    pub(super) day: String,
    pub(super) time: String,
    pub(super) words: Zeroizing<String>,
    pub(super) category: String,
    pub(super) kind: String,
    pub(super) told: Vec<SubjectId>,
    pub(super) left_out: Vec<SubjectId>,
}

impl std::fmt::Debug for Typed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Typed(***)")
    }
}

impl Typed {
    /// Nothing that somebody would miss.
    pub(super) fn is_empty(&self) -> bool {
        self.pupils.is_empty()
            && self.about.is_empty()
            && self.words.is_empty()
            && self.category.is_empty()
            && self.told.is_empty()
            && self.left_out.is_empty()
    }

    /// What is missing still, in words; empty when nothing is.
    pub(super) fn missing(&self, view: &AddConcernView) -> &'static str {
        if self.pupils.is_empty() && self.about.trim().is_empty() {
            return "Say whom it is about.";
        }
        if self.words.trim().is_empty() {
            return "Say what was seen or said.";
        }
        if self.category.is_empty() {
            return "Choose a category.";
        }
        if self.kind.is_empty() && !self.kinds(view).is_empty() {
            return "Choose its kind.";
        }
        ""
    }

    /// The kinds under the chosen category.
    pub(super) fn kinds<'a>(&self, view: &'a AddConcernView) -> &'a [String] {
        let chosen = view.categories.iter().find(|(name, _)| *name == self.category);
        chosen.map_or(&[], |(_, kinds)| kinds.as_slice())
    }

    /// Keeps what is typed as a draft, and takes back what was left. True while what stands there is what was left.
    pub(super) fn follow(&mut self, ui: &Ui, view: &AddConcernView) -> bool {
        for typed in [&mut self.about, &mut self.words] {
            if typed.contains(BETWEEN) {
                typed.retain(|letter| letter != BETWEEN);
            }
        }
        let mut packed = self.pack();
        let before = packed.clone();
        let back = draft::follow(ui, DRAFT, &mut packed);
        if *packed != *before {
            self.unpack(&packed);
        }
        if self.is_empty() && self.day.is_empty() && self.time.is_empty() {
            // Now, until somebody says otherwise.
            self.day.clone_from(&view.day);
            self.time.clone_from(&view.time);
        }
        back
    }

    fn pack(&self) -> Zeroizing<String> {
        if self.is_empty() {
            return Zeroizing::default();
        }
        let ids = |ids: &[SubjectId]| ids.iter().map(|id| draft::hex(&id.0)).collect::<Vec<_>>().join(" ");
        let (pupils, told, left_out) = (ids(&self.pupils), ids(&self.told), ids(&self.left_out));
        let fields = [&self.day, &self.time, &self.category, &self.kind, &pupils, &told, &left_out, &self.about];
        let mut packed = Zeroizing::new(String::new());
        for field in fields {
            packed.push_str(field);
            packed.push(BETWEEN);
        }
        packed.push_str(&self.words);
        packed
    }

    fn unpack(&mut self, packed: &str) {
        let fields: Vec<&str> = packed.split(BETWEEN).collect();
        let [day, time, category, kind, pupils, told, left_out, about, words] = fields.as_slice() else { return };
        let ids = |text: &str| text.split(' ').filter_map(draft::subject).collect();
        *self = Self {
            pupils: ids(pupils),
            about: (*about).to_owned().into(),
            day: (*day).to_owned(),
            time: (*time).to_owned(),
            words: (*words).to_owned().into(),
            category: (*category).to_owned(),
            kind: (*kind).to_owned(),
            told: ids(told),
            left_out: ids(left_out),
        };
    }
}

impl From<&Typed> for NewConcern {
    fn from(typed: &Typed) -> Self {
        Self {
            pupils: typed.pupils.clone(),
            about: typed.about.to_string(),
            day: typed.day.clone(),
            time: typed.time.clone(),
            words: typed.words.to_string(),
            category: typed.category.clone(),
            kind: typed.kind.clone(),
            told: typed.told.clone(),
            left_out: typed.left_out.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed() -> Typed {
        Typed {
            pupils: vec![SubjectId([1; 16]), SubjectId([0xfe; 16])],
            day: "23/11/2026".into(),
            time: "08:15".into(),
            words: "Nobody was home.\n“Again,” she said.".to_owned().into(),
            category: "Neglect".into(),
            told: vec![SubjectId([7; 16])],
            ..Typed::default()
        }
    }

    #[test]
    fn a_draft_comes_back_as_it_was_typed_and_a_damaged_one_changes_nothing() {
        let mut back = Typed::default();
        back.unpack(&typed().pack());
        assert_eq!(back, typed());
        back.unpack("something else");
        assert_eq!(back, typed());
        assert!(Typed { day: "23/11/2026".into(), ..Typed::default() }.pack().is_empty(), "the hour alone is no draft");
    }

    #[test]
    fn what_is_typed_is_in_no_line_of_debugging() {
        assert!(!format!("{:?}", typed()).contains("home"));
    }
}

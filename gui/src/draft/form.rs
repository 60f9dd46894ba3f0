//! A form of several fields as one draft: what differs from how it opens, in one text.
//!
//! A screen keeps a form that is open in an `Option`, and calls [`keep`] once a frame before it shows it, open or
//! not. Promises: what was left in a form opens it again, filled; closing it or sending it gives the draft up; what
//! nobody changed is as the form opens today, and not as it was then.
//!
//! What is chosen of a list is kept by what it is, and not by its place ([`Chosen`]): the list may be another by then.
//!
//! Does not: say that it is back (the form does, where [`keep`] answers true).

use super::{discard, follow, give_up, hex, unhex, waiting};
use egui::Ui;
use muster_core::id::{Area, PersonId, PlaceId};
use muster_school::ids::GroupId;
use muster_school::roles::Role;
use muster_school::view::SubjectId;
use muster_school::view::calendar::DaysKind;
use muster_school::view::hours::Whom;
use muster_school::view::reception::ComerKind;
use std::collections::{BTreeMap, BTreeSet};

/// Between the parts of a form, after the name of one, and inside one: nothing that a key can type.
const BETWEEN: char = '\u{1e}';
const AFTER_NAME: char = '\u{1f}';
const INSIDE: char = '\u{1d}';

/// What is typed, ticked or chosen, as a text and back. A text that fits nothing leaves it as it is.
pub(crate) trait Part {
    fn text(&self) -> String;
    fn put(&mut self, text: &str);
}

/// Something with fields to fill in.
pub(crate) trait Form {
    /// Which of its kind: `Days`, or whose. Forms of one kind stand open one at a time.
    fn which(&self) -> String {
        String::new()
    }

    /// Hands over each part by a name that is the same each time.
    fn parts(&mut self, each: &mut dyn FnMut(&str, &mut dyn Part));
}

/// Keeps what is typed in the form of a kind, and opens it again, filled, where something was left in one. Once a
/// frame, before it is shown or not shown. `opened` says how it opens, and nothing while it cannot. True while what
/// stands in it is what was left.
pub(crate) fn keep<F: Form>(ui: &Ui, kind: &str, open: &mut Option<F>, opened: impl Fn(&str) -> Option<F>) -> bool {
    let begins = format!("{kind}:");
    if open.is_none() {
        give_up(ui, &begins);
        *open = waiting(ui, &begins).iter().find_map(|field| opened(field.strip_prefix(&begins)?));
    }
    let Some(form) = open else { return false };
    let which = form.which();
    let Some(fresh) = opened(&which) else { return false };
    let name = format!("{begins}{which}");
    let before = pack(form, fresh);
    let mut text = before.clone();
    let back = follow(ui, &name, &mut text);
    if text != before {
        unpack(&text, form);
    }
    waiting(ui, &begins).iter().filter(|other| **other != name).for_each(|other| discard(ui, other));
    back
}

/// Whose form of this kind has something left in it, while none is open.
pub(crate) fn left(ui: &Ui, kind: &str) -> Option<String> {
    let begins = format!("{kind}:");
    give_up(ui, &begins);
    waiting(ui, &begins).first()?.strip_prefix(&begins).map(str::to_owned)
}

fn pack<F: Form>(form: &mut F, mut fresh: F) -> String {
    let mut opens = BTreeMap::new();
    fresh.parts(&mut |name, part| {
        opens.insert(name.to_owned(), part.text());
    });
    let mut packed = Vec::new();
    form.parts(&mut |name, part| {
        let text = part.text();
        if opens.get(name) != Some(&text) {
            packed.push(format!("{name}{AFTER_NAME}{}", text.replace([BETWEEN, AFTER_NAME], " ")));
        }
    });
    packed.join(&BETWEEN.to_string())
}

fn unpack<F: Form>(packed: &str, form: &mut F) {
    let kept: BTreeMap<&str, &str> = packed.split(BETWEEN).filter_map(|part| part.split_once(AFTER_NAME)).collect();
    form.parts(&mut |name, part| {
        if let Some(text) = kept.get(name) {
            part.put(text);
        }
    });
}

impl Part for String {
    fn text(&self) -> String {
        self.clone()
    }
    fn put(&mut self, text: &str) {
        text.clone_into(self);
    }
}

impl Part for bool {
    fn text(&self) -> String {
        self.to_string()
    }
    fn put(&mut self, text: &str) {
        *self = text.parse().unwrap_or(*self);
    }
}

impl Part for u8 {
    fn text(&self) -> String {
        self.to_string()
    }
    fn put(&mut self, text: &str) {
        *self = text.parse().unwrap_or(*self);
    }
}

/// What can be chosen of a list, as a text that says which it is, and back.
pub(crate) trait Chosen: Copy {
    fn mark(self) -> String;
    fn read(mark: &str) -> Option<Self>;
}

macro_rules! chosen_by_id {
    ($($id:ident),+) => {
        $(impl Chosen for $id {
            fn mark(self) -> String {
                hex(&self.0)
            }
            fn read(mark: &str) -> Option<Self> {
                unhex(mark).map(Self)
            }
        })+
    };
}

chosen_by_id!(SubjectId, PersonId, PlaceId, GroupId);

impl Chosen for Area {
    fn mark(self) -> String {
        self.0.to_string()
    }
    fn read(mark: &str) -> Option<Self> {
        mark.parse().ok().map(Self)
    }
}

impl Chosen for Role {
    fn mark(self) -> String {
        self.code().to_owned()
    }
    fn read(mark: &str) -> Option<Self> {
        Self::all().find(|role| role.code() == mark)
    }
}

impl Chosen for DaysKind {
    fn mark(self) -> String {
        format!("{self:?}")
    }
    fn read(mark: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.mark() == mark)
    }
}

impl Chosen for ComerKind {
    fn mark(self) -> String {
        format!("{self:?}")
    }
    fn read(mark: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.mark() == mark)
    }
}

impl Chosen for Whom {
    fn mark(self) -> String {
        match self {
            Self::Everybody => "everybody".to_owned(),
            Self::Person(person) => format!("person {}", person.mark()),
            Self::Role(role) => format!("role {}", role.mark()),
            Self::Site(site) => format!("site {}", site.mark()),
        }
    }
    fn read(mark: &str) -> Option<Self> {
        match mark.split_once(' ').unwrap_or((mark, "")) {
            ("everybody", "") => Some(Self::Everybody),
            ("person", of) => PersonId::read(of).map(Self::Person),
            ("role", of) => Role::read(of).map(Self::Role),
            ("site", of) => PlaceId::read(of).map(Self::Site),
            _ => None,
        }
    }
}

impl<T: Chosen> Part for Option<T> {
    fn text(&self) -> String {
        self.map(Chosen::mark).unwrap_or_default()
    }
    fn put(&mut self, text: &str) {
        *self = T::read(text);
    }
}

impl<T: Chosen + Ord> Part for BTreeSet<T> {
    fn text(&self) -> String {
        self.iter().copied().map(Chosen::mark).collect::<Vec<_>>().join(" ")
    }
    fn put(&mut self, text: &str) {
        *self = text.split(' ').filter_map(T::read).collect();
    }
}

impl Part for Option<(PersonId, String)> {
    fn text(&self) -> String {
        self.as_ref().map(|(id, name)| format!("{} {name}", hex(&id.0))).unwrap_or_default()
    }
    fn put(&mut self, text: &str) {
        *self = text.split_once(' ').and_then(|(id, name)| Some((PersonId(unhex(id)?), name.to_owned())));
    }
}

impl Part for Vec<(SubjectId, String)> {
    fn text(&self) -> String {
        let one = |(id, name): &(SubjectId, String)| format!("{} {}", hex(&id.0), name.replace(INSIDE, " "));
        self.iter().map(one).collect::<Vec<_>>().join(&INSIDE.to_string())
    }
    fn put(&mut self, text: &str) {
        let one =
            |part: &str| part.split_once(' ').and_then(|(id, name)| Some((SubjectId(unhex(id)?), name.to_owned())));
        *self = text.split(INSIDE).filter_map(one).collect();
    }
}

/// Answers, each to a question with an id of its own; empty ones are none.
impl Part for BTreeMap<[u8; 16], String> {
    fn text(&self) -> String {
        let typed = self.iter().filter(|(_, words)| !words.is_empty());
        let one = |(id, words): (&[u8; 16], &String)| format!("{} {}", hex(id), words.replace(INSIDE, " "));
        typed.map(one).collect::<Vec<_>>().join(&INSIDE.to_string())
    }
    fn put(&mut self, text: &str) {
        let one = |part: &str| part.split_once(' ').and_then(|(id, words)| Some((unhex(id)?, words.to_owned())));
        *self = text.split(INSIDE).filter_map(one).collect();
    }
}

/// One field alone.
impl Form for String {
    fn parts(&mut self, each: &mut dyn FnMut(&str, &mut dyn Part)) {
        each("typed", self);
    }
}

/// Some fields in a row.
impl<const N: usize> Form for [String; N] {
    fn parts(&mut self, each: &mut dyn FnMut(&str, &mut dyn Part)) {
        self.iter_mut().enumerate().for_each(|(at, typed)| each(&at.to_string(), typed));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Debug, Default, PartialEq)]
    struct Whole {
        words: String,
        on: bool,
        days: u8,
        role: Option<Role>,
        whom: Option<Whom>,
        kind: Option<DaysKind>,
        comer: Option<ComerKind>,
        sites: BTreeSet<PlaceId>,
        areas: BTreeSet<Area>,
        leader: Option<SubjectId>,
        person: Option<(PersonId, String)>,
        people: Vec<(SubjectId, String)>,
        answers: BTreeMap<[u8; 16], String>,
    }

    impl Form for Whole {
        fn parts(&mut self, each: &mut dyn FnMut(&str, &mut dyn Part)) {
            each("words", &mut self.words);
            each("on", &mut self.on);
            each("days", &mut self.days);
            each("role", &mut self.role);
            each("whom", &mut self.whom);
            each("kind", &mut self.kind);
            each("comer", &mut self.comer);
            each("sites", &mut self.sites);
            each("areas", &mut self.areas);
            each("leader", &mut self.leader);
            each("person", &mut self.person);
            each("people", &mut self.people);
            each("answers", &mut self.answers);
        }
    }

    #[test]
    fn whatever_is_filled_in_is_the_same_again() {
        let mut filled = Whole {
            words: "Boiler failed, again".into(),
            on: true,
            days: 21,
            role: Some(Role::SiteLead),
            whom: Some(Whom::Site(PlaceId([3; 16]))),
            kind: Some(DaysKind::Lost),
            comer: Some(ComerKind::Contractor),
            sites: [PlaceId([1; 16]), PlaceId([4; 16])].into(),
            areas: [Area(3), Area(5)].into(),
            leader: Some(SubjectId([7; 16])),
            person: Some((PersonId([8; 16]), "Tom Okafor".into())),
            people: vec![(SubjectId([9; 16]), "Ada Byrne".into()), (SubjectId([10; 16]), "Leila Hassan".into())],
            answers: [([1; 16], "From Friday’s backup".to_owned())].into(),
        };
        let packed = pack(&mut filled, Whole::default());
        let mut again = Whole::default();
        unpack(&packed, &mut again);
        assert_eq!(again, filled);
        assert_eq!(pack(&mut again, filled.clone()), "", "what is as it opened is no draft");
    }

    #[test]
    fn a_damaged_draft_fills_in_nothing_and_stops_nobody() {
        for damaged in ["", "words", "on\u{1f}perhaps\u{1e}days\u{1f}900\u{1e}leader\u{1f}x\u{1e}people\u{1f}\u{1d}"] {
            let mut form = Whole::default();
            unpack(damaged, &mut form);
            assert_eq!(form, Whole::default(), "{damaged}");
        }
    }
}

//! The form of somebody who comes: what is asked depends on what they are.

use super::{ReceptionState, Top};
use crate::draft::{self, form};
use crate::kit::choice::choice;
use crate::kit::field::Field;
use crate::kit::layer::{self, Inside};
use crate::kit::{Button, Type, Weight, look, size, text};
use egui::{Rect, Ui};
use muster_school::view::reception::{Comer, ComerKind, ReceptionAct, ReceptionView};

/// The longest answer, in characters.
pub(super) const LONGEST: usize = 110;

/// Something that is asked of whoever comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    Name,
    Organisation,
    Host,
    Working,
    Vehicle,
    Phone,
    Badge,
}

impl What {
    /// What is asked of this kind, in order.
    pub(super) fn of(kind: ComerKind) -> &'static [Self] {
        match kind {
            ComerKind::Staff | ComerKind::Pupil => &[Self::Name, Self::Organisation],
            ComerKind::Visitor | ComerKind::Volunteer => {
                &[Self::Name, Self::Organisation, Self::Host, Self::Vehicle, Self::Phone, Self::Badge]
            }
            ComerKind::Contractor | ComerKind::Agency => {
                &[Self::Name, Self::Organisation, Self::Host, Self::Working, Self::Vehicle, Self::Phone, Self::Badge]
            }
        }
    }

    /// What it is called.
    pub(super) fn words(self, kind: ComerKind) -> &'static str {
        match self {
            Self::Name => "Name",
            Self::Organisation => kind.asks(),
            Self::Host => "Whom they see",
            Self::Working => "Where they work today",
            Self::Vehicle => "Vehicle registration",
            Self::Phone => "Telephone",
            Self::Badge => "Badge number",
        }
    }

    /// Where it is kept.
    pub(super) fn slot(self, comer: &mut Comer) -> &mut String {
        match self {
            Self::Name => &mut comer.name,
            Self::Organisation => &mut comer.organisation,
            Self::Host => &mut comer.host_typed,
            Self::Working => &mut comer.working,
            Self::Vehicle => &mut comer.vehicle,
            Self::Phone => &mut comer.phone,
            Self::Badge => &mut comer.badge,
        }
    }
}

/// The form as it opens.
pub(super) fn opens(view: &ReceptionView) -> Comer {
    let kind = view.kinds.first().copied().unwrap_or(ComerKind::Visitor);
    Comer { kind, ..Comer::default() }
}

/// What is filled in of somebody who comes, for [`form::keep`].
pub(super) fn parts(comer: &mut Comer, each: &mut dyn FnMut(&str, &mut dyn form::Part)) {
    let mut kind = Some(comer.kind);
    each("kind", &mut kind);
    comer.kind = kind.unwrap_or(comer.kind);
    each("host", &mut comer.host);
    for (name, typed) in [
        ("name", &mut comer.name),
        ("organisation", &mut comer.organisation),
        ("seen", &mut comer.host_typed),
        ("badge", &mut comer.badge),
        ("vehicle", &mut comer.vehicle),
        ("working", &mut comer.working),
        ("phone", &mut comer.phone),
    ] {
        each(name, typed);
    }
}

/// A field for one of them. True on Enter.
pub(super) fn field(ui: &mut Ui, rect: Rect, label: &str, value: &mut String) -> egui::Response {
    Field::new(label).limit(LONGEST).show(ui, rect, value)
}

/// Words above the next field of a layer.
pub(super) fn over(ui: &mut Ui, inside: &Inside, words: &str) {
    let rect = inside.next(ui, 18.0);
    text::put(ui, rect, words, Type::Body, Weight::Strong, look(ui).tokens.text);
}

/// Which member of staff; `any` stands first and is nobody.
pub(super) fn staff_choice(
    ui: &mut Ui,
    rect: Rect,
    name: &str,
    any: &str,
    view: &ReceptionView,
    chosen: &mut Option<muster_school::view::SubjectId>,
) {
    let names: Vec<String> = view.staff.iter().map(|one| one.name.clone()).collect();
    let place = view.staff.iter().position(|one| Some(one.person) == *chosen);
    if let Some(made) = choice(ui, rect, name, Some(any), &names, place) {
        *chosen = made.and_then(|place| view.staff.get(place)).map(|one| one.person);
    }
}

/// Signing somebody in from behind the desk.
pub(super) fn arrive_ui(
    ui: &mut Ui,
    view: &ReceptionView,
    state: &mut ReceptionState,
    mut comer: Box<Comer>,
    back: bool,
) -> Option<ReceptionAct> {
    let kinds: Vec<ComerKind> =
        view.kinds.iter().copied().filter(|kind| !matches!(kind, ComerKind::Staff | ComerKind::Pupil)).collect();
    let ((go, stop), closed) = layer::show(ui, "arrive", "Sign somebody in", 560.0, |ui, inside| {
        let high = look(ui).control().max(40.0);
        let names: Vec<String> = kinds.iter().map(|kind| kind.word().to_owned()).collect();
        let place = kinds.iter().position(|kind| *kind == comer.kind);
        let rect = inside.next(ui, high);
        if let Some(Some(place)) = choice(ui, rect, "What they are", None, &names, place) {
            comer.kind = kinds.get(place).copied().unwrap_or_default();
        }
        let mut entered = false;
        for what in What::of(comer.kind) {
            let label = what.words(comer.kind);
            over(ui, inside, label);
            let rect = inside.next(ui, high);
            if *what == What::Host {
                staff_choice(ui, rect, label, "Choose a member of staff", view, &mut comer.host);
                continue;
            }
            let response = field(ui, rect, label, what.slot(&mut comer));
            if inside.fresh && *what == What::Name {
                response.request_focus();
            }
            entered |= response.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
        }
        if back {
            inside.words(ui, draft::BACK);
        }
        let ready = !comer.name.trim().is_empty();
        let rect = inside.next(ui, size::CONTROL_TOUCH);
        let go = Button::filled("Sign in").step(Type::Name).enabled(ready).show(ui, rect).clicked();
        let rect = inside.next(ui, size::CONTROL_TOUCH);
        let stop = Button::new("Not now").step(Type::Name).show(ui, rect).clicked();
        (ready && (go || entered), stop)
    });
    if go {
        return Some(ReceptionAct::Arrive(comer));
    }
    state.top = (!stop && !closed).then_some(Top::Arrive(comer));
    None
}

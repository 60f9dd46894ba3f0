//! Choosing people by name: part of a name is typed, those that fit stand below, and what was chosen can be taken
//! back one by one.
//!
//! Nobody is shown before something is typed: a list of everybody is no help, and is not for everybody to see.

use crate::kit::field::Field;
use crate::kit::look::focus_inside;
use crate::kit::text::{self, Type};
use crate::kit::{Button, Cut, Weight, look, search, size};
use egui::{Id, Key, Modifiers, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};
use muster_school::view::SubjectId;
use muster_school::view::concern::Named;

/// Names that stand below what is typed.
pub const FITS: usize = 6;

/// Whom there is to choose from.
pub struct Picker<'a> {
    /// What the field is called.
    pub name: &'a str,
    /// What to type.
    pub hint: &'a str,
    /// Everybody.
    pub people: &'a [Named],
}

/// What is typed, and which of those that fit is chosen with Enter.
#[derive(Clone, Debug, Default)]
pub struct PickerState {
    typed: String,
    place: usize,
}

impl PickerState {
    /// How many rows it takes: the field, and those that fit once something is typed.
    pub fn rows(&self) -> usize {
        if self.typed.trim().is_empty() { 1 } else { 1 + FITS }
    }
}

/// A name with what tells it apart, as it is spoken.
fn spoken(one: &Named) -> String {
    if one.apart.is_empty() { one.name.clone() } else { format!("{}, {}", one.name, one.apart) }
}

impl Picker<'_> {
    /// The id of the field, for whoever gives it the focus.
    pub fn id(&self) -> Id {
        Id::unique(("picker", self.name))
    }

    /// Shows the field and those that fit, from the top of `cut` on. Answers with whoever was taken.
    pub fn find_ui(&self, ui: &mut Ui, cut: &mut Cut, state: &mut PickerState) -> Option<SubjectId> {
        let high = look(ui).control();
        let mut fits: Vec<&Named> = Vec::new();
        if !state.typed.trim().is_empty() {
            fits.extend(self.people.iter().filter(|one| search::matches(&one.name, &state.typed)).take(FITS));
        }
        if ui.memory(|memory| memory.has_focus(self.id())) {
            let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
            if pressed(Key::ArrowDown) {
                state.place += 1;
            }
            if pressed(Key::ArrowUp) {
                state.place = state.place.saturating_sub(1);
            }
        }
        state.place = state.place.min(fits.len().saturating_sub(1));
        let field = Field::new(self.name).hint(self.hint).limit(60).id(self.id());
        let response = field.show(ui, cut.top(high), &mut state.typed);
        if response.changed() {
            state.place = 0;
        }
        let entered = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        let mut taken = fits.get(state.place).filter(|_| entered).map(|one| one.id);
        for (at, one) in fits.iter().enumerate() {
            if fit_ui(ui, cut.top(high), one, at == state.place) {
                taken = Some(one.id);
            }
        }
        if fits.is_empty() && !state.typed.trim().is_empty() {
            let spot = cut.top(high).shrink2(vec2(10.0, 0.0));
            text::put(ui, spot, "Nobody fits", Type::Body, Weight::Regular, look(ui).tokens.muted);
            text::say(ui, spot, "Nobody fits");
        }
        if taken.is_some() || entered {
            // The next name is typed where this one was.
            ui.memory_mut(|memory| memory.request_focus(self.id()));
        }
        if taken.is_some() {
            *state = PickerState::default();
        }
        taken
    }

    /// As [`Picker::find_ui`], for several people, with those chosen above it.
    pub fn show(&self, ui: &mut Ui, cut: &mut Cut, state: &mut PickerState, chosen: &mut Vec<SubjectId>) {
        let high = look(ui).control();
        let mut spot = cut.rest().min;
        let mut lines = 0;
        let mut gone = None;
        for id in chosen.iter() {
            let named = self.people.iter().find(|one| one.id == *id);
            let words = named.map_or_else(|| "Somebody".to_owned(), spoken);
            let button = Button::new(&words).shortcut("Remove").name(format!("{words}. Remove"));
            let wide = button.width(ui).min(cut.width());
            if lines == 0 || spot.x + wide > cut.rest().right() {
                lines += 1;
                let line = cut.top(high);
                cut.top(size::TOUCH_GAP);
                spot = line.min;
            }
            if button.show(ui, Rect::from_min_size(spot, vec2(wide, high))).clicked() {
                gone = Some(*id);
            }
            spot = pos2(spot.x + wide + size::TOUCH_GAP, spot.y);
        }
        chosen.retain(|id| Some(*id) != gone);
        if let Some(id) = self.find_ui(ui, cut, state).filter(|id| !chosen.contains(id)) {
            chosen.push(id);
        }
    }
}

fn fit_ui(ui: &mut Ui, rect: Rect, one: &Named, current: bool) -> bool {
    let tokens = look(ui).tokens;
    let response = text::node(ui, rect, Sense::click());
    let words = spoken(one);
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, current, &words));
    if current || response.hovered() {
        ui.painter().rect_filled(rect, size::RADIUS, tokens.selected);
    }
    let inner = rect.shrink2(vec2(10.0, 0.0));
    text::put_right(ui, inner, &one.apart, Type::Body, Weight::Regular, tokens.muted);
    text::put(ui, inner, &one.name, Type::Body, Weight::Regular, tokens.text);
    if response.has_focus() {
        focus_inside(ui, rect);
    }
    response.clicked()
}

//! Adding a safeguarding concern, in one page: who, when, what was seen or said, of what kind, and who is told.
//!
//! What is typed is a draft until the engine says that it is saved: a lock or a crash loses nothing of it. Once it is
//! saved it can be added to, and never changed.

mod typed;

use super::lock::over_ui;
use crate::draft;
use crate::intent::{ConcernAct, Intent, LockReason, Screen};
use crate::kit::choice::choice;
use crate::kit::field::Field;
use crate::kit::picker::{Picker, PickerState};
use crate::kit::text::{self, Type};
use crate::kit::{Button, Cut, Weight, chip, look, size};
use egui::{Align, Rect, ScrollArea, Ui, UiBuilder, pos2, vec2};
use muster_school::view::concern::{AddConcernView, NewConcern, SavedConcern};
use typed::Typed;

/// The name of the draft.
const DRAFT: &str = "form";

/// What the screen keeps between frames.
#[derive(Clone, Debug, Default)]
pub struct AddConcernState {
    typed: Typed,
    pupils: PickerState,
    told: PickerState,
    left_out: PickerState,
    begun: bool,
}

/// Shows the screen in the whole of `ui`. `only`: whoever is signed in may do nothing else.
pub fn add_concern_ui(ui: &mut Ui, view: &AddConcernView, only: bool, state: &mut AddConcernState) -> Vec<Intent> {
    let whole = ui.max_rect();
    let mut intents = Vec::new();
    let mut inner = ui.new_child(UiBuilder::new().id_salt("add concern").max_rect(whole));
    ScrollArea::vertical().id_salt("add concern scroll").auto_shrink(false).show(&mut inner, |ui| {
        let top = ui.max_rect().top();
        let wide = (whole.width() - 2.0 * size::MARGIN - 12.0).min(1_080.0);
        let area = Rect::from_min_size(pos2(whole.left() + size::MARGIN, top + 12.0), vec2(wide, 8_000.0));
        let mut cut = Cut(area);
        if let Some(saved) = &view.saved {
            draft::discard(ui, DRAFT);
            *state = AddConcernState::default();
            intents.extend(saved_ui(ui, &mut cut, saved, only));
        } else {
            intents.extend(form_ui(ui, &mut cut, view, state, only));
        }
        ui.set_height(cut.rest().top() - top + 24.0);
    });
    intents
}

fn words_ui(ui: &mut Ui, cut: &mut Cut, words: &str, step: Type, quiet: bool) {
    let tokens = look(ui).tokens;
    let colour = if quiet { tokens.muted } else { tokens.text };
    let galley = text::wrapped(ui, words, step, Weight::Regular, colour, cut.width());
    let high = galley.size().y;
    text::label(ui, cut.top(high), galley, Align::Min);
}

fn title_ui(ui: &mut Ui, cut: &mut Cut, words: &str) {
    let galley = text::wrapped(ui, words, Type::Title, Weight::Strong, look(ui).tokens.text, cut.width());
    let high = galley.size().y;
    text::label(ui, cut.top(high), galley, Align::Min);
    cut.top(4.0);
}

fn saved_ui(ui: &mut Ui, cut: &mut Cut, saved: &SavedConcern, only: bool) -> Vec<Intent> {
    title_ui(ui, cut, &format!("Concern {} is saved on this device", saved.reference));
    text::live(ui, "saved concern", &format!("Concern {} is saved on this device", saved.reference));
    words_ui(ui, cut, &saved.told, Type::Body, false);
    cut.top(4.0);
    words_ui(
        ui,
        cut,
        "It reaches them by itself as soon as this device meets others. Is a child in danger now? Tell a safeguarding lead in person as well.",
        Type::Body,
        false,
    );
    cut.top(16.0);
    let mut line = Cut(cut.top(look(ui).control().max(40.0)));
    let done = Button::filled(if only { "Sign out" } else { "Done" });
    let wide = done.width(ui).max(120.0);
    let spot = line.left(wide);
    line.left(12.0);
    let another = Button::new("Add another");
    let wide = another.width(ui);
    let seen = Intent::OfConcern(ConcernAct::SavedSeen);
    let mut intents = Vec::new();
    if done.show(ui, spot).clicked() {
        intents.push(seen.clone());
        intents.push(if only { Intent::Lock(LockReason::SignedOut) } else { Intent::Open(Screen::Today) });
    }
    if another.show(ui, line.left(wide)).clicked() {
        intents.push(seen);
    }
    intents
}

fn form_ui(ui: &mut Ui, cut: &mut Cut, view: &AddConcernView, state: &mut AddConcernState, only: bool) -> Vec<Intent> {
    title_ui(ui, cut, "Add a concern");
    if let Some(words) = &view.refused {
        let high = chip::problem(ui, cut.rest().min, cut.width(), words);
        cut.top(high);
        return Vec::new();
    }
    let back = state.typed.follow(ui, view);
    let about = "It is kept encrypted for those it is for, as you write it. It can be added to later, and never changed or deleted.";
    words_ui(ui, cut, about, Type::Body, true);
    if only {
        words_ui(ui, cut, "Outside school hours nothing else opens.", Type::Body, true);
    }
    if back {
        words_ui(ui, cut, draft::BACK, Type::Body, false);
    }
    cut.top(12.0);
    let mut right = *cut;
    let two = cut.width() > 700.0;
    let mut left = *cut;
    if two {
        right = Cut(left.right((cut.width() * 0.4).min(400.0)));
        left.right(2.0 * size::MARGIN);
    }
    what_ui(ui, &mut left, view, state);
    if !two {
        right = left;
        right.top(16.0);
    }
    let intents = whom_ui(ui, &mut right, view, state);
    *cut = if left.rest().top() > right.rest().top() { left } else { right };
    intents
}

/// Who, when, and in which words.
fn what_ui(ui: &mut Ui, cut: &mut Cut, view: &AddConcernView, state: &mut AddConcernState) {
    let high = look(ui).control();
    let typed = &mut state.typed;
    over_ui(ui, cut, "Who is it about?");
    let picker = Picker { name: "Pupil", hint: "Type part of a pupil’s name", people: &view.pupils };
    if !std::mem::replace(&mut state.begun, true) {
        ui.memory_mut(|memory| memory.request_focus(picker.id()));
    }
    picker.show(ui, cut, &mut state.pupils, &mut typed.pupils);
    cut.top(8.0);
    let field = Field::new("Somebody else").hint("Somebody else, in words: a visitor, a parent").limit(120);
    field.show(ui, cut.top(high), &mut typed.about);
    cut.top(16.0);
    over_ui(ui, cut, "When was it seen or said?");
    let mut line = Cut(cut.top(high));
    Field::new("Day").hint("23/11/2026").limit(10).show(ui, line.left(140.0), &mut typed.day);
    line.left(8.0);
    Field::new("Time").hint("09:14").limit(5).show(ui, line.left(124.0), &mut typed.time);
    cut.top(16.0);
    over_ui(ui, cut, "What was seen or said, in their words?");
    words_ui(ui, cut, "Keep what you saw and heard apart from what you think of it.", Type::Note, true);
    cut.top(4.0);
    let tall = Field::lines_height(ui, &typed.words, cut.width(), 9);
    let field = Field::new("What was seen or said").limit(view.words_most);
    field.show_lines(ui, cut.top(tall), &mut typed.words);
    let left = view.words_most.saturating_sub(typed.words.chars().count());
    if left < 500 {
        cut.top(4.0);
        let words = format!("Room for {left} more characters. What does not fit can be added afterwards.");
        words_ui(ui, cut, &words, Type::Note, false);
    }
}

/// Of what kind, who is told, and saving it.
fn whom_ui(ui: &mut Ui, cut: &mut Cut, view: &AddConcernView, state: &mut AddConcernState) -> Vec<Intent> {
    let high = look(ui).control();
    let typed = &mut state.typed;
    over_ui(ui, cut, "What kind of concern is it?");
    let names: Vec<String> = view.categories.iter().map(|(name, _)| name.clone()).collect();
    let chosen = names.iter().position(|name| *name == typed.category);
    if let Some(made) = choice(ui, cut.top(high), "Category", Some("Choose a category"), &names, chosen) {
        typed.category = made.and_then(|at| names.get(at)).cloned().unwrap_or_default();
        typed.kind.clear();
    }
    let kinds = typed.kinds(view);
    if !kinds.is_empty() {
        cut.top(8.0);
        let chosen = kinds.iter().position(|kind| *kind == typed.kind);
        if let Some(made) = choice(ui, cut.top(high), "Kind", Some("Choose its kind"), kinds, chosen) {
            typed.kind = made.and_then(|at| kinds.get(at)).cloned().unwrap_or_default();
        }
    }
    cut.top(16.0);
    over_ui(ui, cut, "Who is told?");
    words_ui(ui, cut, &view.leads, Type::Body, false);
    cut.top(6.0);
    let picker = Picker { name: "Tell somebody else too", hint: "Somebody else too", people: &view.staff };
    picker.show(ui, cut, &mut state.told, &mut typed.told);
    cut.top(16.0);
    over_ui(ui, cut, "Must somebody not read it?");
    words_ui(
        ui,
        cut,
        "Where it is about them. Then they are not told either, whatever their role is.",
        Type::Note,
        true,
    );
    cut.top(4.0);
    let picker = Picker { name: "Keep it from", hint: "Nobody", people: &view.staff };
    picker.show(ui, cut, &mut state.left_out, &mut typed.left_out);
    cut.top(20.0);
    if let Some(words) = &view.problem {
        let tall = chip::problem(ui, cut.rest().min, cut.width(), words);
        cut.top(tall + 8.0);
    }
    let missing = typed.missing(view);
    let save = Button::filled("Save the concern").step(Type::Name).enabled(missing.is_empty());
    let pressed = save.show(ui, cut.top(48.0)).clicked();
    cut.top(6.0);
    words_ui(ui, cut, missing, Type::Body, false);
    if !typed.is_empty() {
        let clear = Button::link("Clear the page");
        let wide = clear.width(ui);
        cut.top(4.0);
        if clear.show(ui, Cut(cut.top(high)).left(wide)).clicked() {
            draft::discard(ui, DRAFT);
            *state = AddConcernState::default();
            return Vec::new();
        }
    }
    if pressed { vec![Intent::OfConcern(ConcernAct::Add(Box::new(NewConcern::from(&*typed))))] } else { Vec::new() }
}

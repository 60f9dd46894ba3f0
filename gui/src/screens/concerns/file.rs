//! A concern that is read, or a chronology: all that was said and done, oldest first, and what can be added.

use crate::draft;
use crate::intent::{ConcernAct, Intent, Secret};
use crate::kit::field::Field;
use crate::kit::text::{self, Type};
use crate::kit::{Button, Cut, Weight, look, panel, size};
use egui::{Align, Key, Rect, ScrollArea, Ui, UiBuilder, pos2, vec2};
use muster_school::limits::ACCOUNT_CHARS;
use muster_school::view::ConcernId;
use muster_school::view::concern::{ConcernEntry, ConcernFile};
use zeroize::Zeroizing;

/// What is kept between frames.
#[derive(Clone, Default)]
pub(super) struct FileState {
    /// What is being added.
    words: Zeroizing<String>,
}

impl std::fmt::Debug for FileState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FileState(***)")
    }
}

fn of(act: ConcernAct) -> Vec<Intent> {
    vec![Intent::OfConcern(act)]
}

/// Shows it in a rectangle.
pub(super) fn file_ui(ui: &mut Ui, rect: Rect, file: &ConcernFile, state: &mut FileState) -> Vec<Intent> {
    panel::panel(ui, rect);
    let area = rect.shrink2(vec2(15.0, 12.0));
    let mut inner = ui.new_child(UiBuilder::new().id_salt(("file", file.concern)).max_rect(area));
    let mut intents = Vec::new();
    ScrollArea::vertical().id_salt(("file scroll", file.concern)).auto_shrink(false).show(&mut inner, |ui| {
        // Room for the focus ring of what stands at the edge.
        ui.set_clip_rect(ui.clip_rect().expand(6.0));
        let top = ui.max_rect().top();
        let size = vec2(area.width() - 14.0, 400_000.0);
        let mut cut = Cut(Rect::from_min_size(pos2(area.left(), top), size));
        intents.extend(head_ui(ui, &mut cut, file));
        for entry in &file.entries {
            entry_ui(ui, &mut cut, entry);
        }
        if let Some(concern) = file.concern {
            intents.extend(add_ui(ui, &mut cut, concern, state));
        }
        ui.set_height(cut.rest().top() - top + 12.0);
    });
    panel::outline(ui, rect);
    if intents.is_empty() && ui.input(|input| input.key_pressed(Key::Escape)) {
        return of(ConcernAct::Close);
    }
    intents
}

fn label(ui: &mut Ui, cut: &mut Cut, words: &str, step: Type, weight: Weight, quiet: bool) {
    let tokens = look(ui).tokens;
    let colour = if quiet { tokens.muted } else { tokens.text };
    let galley = text::wrapped(ui, words, step, weight, colour, cut.width());
    let high = galley.size().y;
    text::label(ui, cut.top(high), galley, Align::Min);
}

/// Buttons one after the other, over as many lines as they need; which of them was pressed.
fn buttons_ui(ui: &mut Ui, cut: &mut Cut, buttons: Vec<Button<'_>>) -> Option<usize> {
    let high = look(ui).control();
    let mut spot = cut.top(high).min;
    let mut pressed = None;
    for (place, button) in buttons.into_iter().enumerate() {
        let wide = button.width(ui).min(cut.width());
        if spot.x + wide > cut.rest().right() && spot.x > cut.rest().left() {
            cut.top(size::TOUCH_GAP);
            spot = cut.top(high).min;
        }
        if button.show(ui, Rect::from_min_size(spot, vec2(wide, high))).clicked() {
            pressed = Some(place);
        }
        spot.x += wide + size::TOUCH_GAP;
    }
    pressed
}

fn head_ui(ui: &mut Ui, cut: &mut Cut, file: &ConcernFile) -> Vec<Intent> {
    label(ui, cut, &file.title, Type::Name, Weight::Strong, false);
    cut.top(2.0);
    let words = match (file.concern, &file.marked) {
        (_, Some(marked)) => marked.as_str(),
        (Some(_), None) => "You have not marked this as read.",
        (None, None) if file.entries.is_empty() => "There is no concern about this pupil that you can read.",
        (None, None) => "All about this pupil that you can read. That you opened it is written into each concern.",
    };
    label(ui, cut, words, Type::Body, Weight::Regular, true);
    cut.top(8.0);
    let names: Vec<String> = file.pupils.iter().map(|pupil| format!("Chronology of {}", pupil.name)).collect();
    let mut buttons = Vec::new();
    let mut acts = Vec::new();
    if let Some(concern) = file.concern {
        buttons.push(Button::filled("Mark as read"));
        acts.push(ConcernAct::MarkRead(concern));
    }
    for (pupil, name) in file.pupils.iter().zip(&names) {
        buttons.push(Button::new(name));
        acts.push(ConcernAct::Chronology(pupil.id));
    }
    let close = format!("Close {}", file.title);
    buttons.push(Button::new("Close").name(close));
    acts.push(ConcernAct::Close);
    let pressed = buttons_ui(ui, cut, buttons);
    cut.top(4.0);
    pressed.and_then(|place| acts.into_iter().nth(place)).map(of).unwrap_or_default()
}

fn entry_ui(ui: &mut Ui, cut: &mut Cut, entry: &ConcernEntry) {
    cut.top(10.0);
    let rule = cut.top(1.0);
    panel::rule(ui, rule, rule.top());
    cut.top(8.0);
    let of = if entry.reference.is_empty() { String::new() } else { format!(" (concern {})", entry.reference) };
    let head = format!("{}  {} {}{of}", entry.at, entry.who, entry.did);
    let weight = if entry.quiet { Weight::Regular } else { Weight::Strong };
    label(ui, cut, &head, Type::Body, weight, entry.quiet);
    for (what, value) in &entry.facts {
        cut.top(3.0);
        let tokens = look(ui).tokens;
        let galley = text::wrapped(ui, value, Type::Body, Weight::Regular, tokens.text, cut.width() - 160.0);
        let spot = cut.top(galley.size().y);
        let mut line = Cut(spot);
        let over = Rect::from_min_size(line.left(160.0).min, vec2(156.0, Type::Body.line()));
        text::put(ui, over, what, Type::Note, Weight::Regular, tokens.muted);
        text::paint(ui.painter(), line.rest(), galley, Align::Min);
        text::say(ui, spot, &format!("{what}: {value}"));
    }
    if !entry.words.is_empty() {
        cut.top(6.0);
        label(ui, cut, &entry.words, Type::Body, Weight::Regular, false);
    }
}

fn add_ui(ui: &mut Ui, cut: &mut Cut, concern: ConcernId, state: &mut FileState) -> Vec<Intent> {
    cut.top(10.0);
    let rule = cut.top(1.0);
    panel::rule(ui, rule, rule.top());
    cut.top(12.0);
    let field = format!("add/{}", draft::hex(&concern.0));
    let back = draft::follow(ui, &field, &mut state.words);
    label(ui, cut, "Add to this concern", Type::Body, Weight::Strong, false);
    cut.top(4.0);
    let tall = Field::lines_height(ui, &state.words, cut.width(), 3);
    let hint = "What you know since, or what was done about it";
    let rect = cut.top(tall);
    Field::new("Add to this concern").hint(hint).limit(ACCOUNT_CHARS).show_lines(ui, rect, &mut state.words);
    cut.top(4.0);
    let note = if back { draft::BACK } else { "It can be added to, and never changed or deleted." };
    label(ui, cut, note, Type::Note, Weight::Regular, true);
    cut.top(8.0);
    let ready = !state.words.trim().is_empty();
    let buttons = vec![Button::new("Add a note").enabled(ready), Button::new("Add as action taken").enabled(ready)];
    let Some(place) = buttons_ui(ui, cut, buttons).filter(|_| ready) else { return Vec::new() };
    draft::discard(ui, &field);
    let words = Secret::new(std::mem::take(&mut *state.words));
    of(if place == 0 { ConcernAct::Note(concern, words) } else { ConcernAct::Action(concern, words) })
}

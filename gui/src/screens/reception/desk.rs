//! Behind the desk: a search that finds pupils and staff, beside it whoever is here, between sites or off site; in
//! their place the pupil who stands there.

use super::lists::{self, ROW, row_ui};
use super::{ReceptionState, Tab, Top, comer, go, pupil};
use crate::intent::Intent;
use crate::kit::column::column;
use crate::kit::field::Field;
use crate::kit::flow::flow;
use crate::kit::list::{self, ListState, Rows};
use crate::kit::text::{self, Type};
use crate::kit::{Button, Cut, Weight, cut, look, panel, size, status};
use egui::{Align, Id, Rect, Role, Ui, vec2};
use muster_school::view::Span;
use muster_school::view::reception::{ComerKind, Found, ReceptionAct, ReceptionView};
use muster_school::view::status::Status;

/// Shows the desk in the whole of `ui`.
pub(super) fn desk_ui(ui: &mut Ui, view: &ReceptionView, state: &mut ReceptionState) -> Vec<Intent> {
    let mut intents = Vec::new();
    let whole = ui.max_rect();
    let flat = whole.height() < 460.0;
    (state.found.flat, state.list.flat) = (flat, flat);
    if !flat {
        let mut cut = Cut(whole.shrink2(vec2(size::MARGIN, 12.0)));
        head_ui(ui, &mut cut, view, state, &mut intents);
        body_ui(ui, cut.rest(), view, state, &mut intents);
    } else {
        column(ui, whole, "desk", |ui, cut| {
            cut.top(12.0);
            head_ui(ui, cut, view, state, &mut intents);
            let high = (whole.height() - 24.0).max(body_height(view));
            body_ui(ui, cut.top(high), view, state, &mut intents);
            cut.top(12.0);
        });
    }
    intents
}

/// How high search and lists have to be to show all their rows; a pupil has a column of their own.
fn body_height(view: &ReceptionView) -> f32 {
    let longest = [view.found.len(), view.here.len(), view.moved.len(), view.trips.len(), view.to_match.len()];
    let rows = longest.into_iter().max().unwrap_or(0).max(2) as f32;
    rows * ROW + 160.0
}

fn head_ui(ui: &mut Ui, cut: &mut Cut, view: &ReceptionView, state: &mut ReceptionState, intents: &mut Vec<Intent>) {
    let tokens = look(ui).tokens;
    let high = look(ui).control();
    let buttons = [
        Button::filled("Sign somebody in…"),
        Button::new("Trip sets out…"),
        Button::new("Send to another site…").enabled(!view.sites.is_empty()),
    ];
    let wides = buttons.each_ref().map(|button| button.width(ui));
    let needed: f32 = wides.iter().sum::<f32>() + 2.0 * size::TOUCH_GAP;
    let title = text::line(ui, "Reception", Type::Title, Weight::Strong, tokens.text, cut.width());
    let beside = cut.width() > title.size().x + needed + 24.0;
    let mut line = Cut(cut.top(high.max(36.0)));
    let spots = if beside { line.right(needed) } else { Rect::NOTHING };
    text::label(ui, line.rest(), title, Align::Min);
    let (rects, tall) = match beside {
        true => flow(cut::middle(spots, high).min, needed, high, &wides),
        false => flow(cut.rest().min, cut.width(), high, &wides),
    };
    if !beside {
        cut.top(tall);
    }
    let mut pressed = [false; 3];
    for ((button, rect), pressed) in buttons.into_iter().zip(rects).zip(&mut pressed) {
        *pressed = button.show(ui, rect).clicked();
    }
    let [arrive, trip, send] = pressed;
    if arrive {
        state.top = Some(Top::Arrive(Box::new(comer::opens(view))));
    }
    if trip {
        state.top = Some(Top::TripOut(go::TripForm::default()));
    }
    if send {
        state.top = Some(Top::Move(go::MoveForm::opens(view)));
    }
    cut.top(10.0);
    said_ui(ui, cut, view, state, intents);
}

/// What was done last, with the badge that belongs to it.
fn said_ui(ui: &mut Ui, cut: &mut Cut, view: &ReceptionView, state: &mut ReceptionState, intents: &mut Vec<Intent>) {
    let said = state.said(view).map(str::to_owned);
    text::live(ui, "said", said.as_deref().unwrap_or_default());
    let Some(said) = said else { return };
    let high = look(ui).control();
    let done = Button::new("Done").name(format!("Done: {said}"));
    let badge = view.badge.as_ref().map(|badge| (badge.person, Button::new("Print badge…")));
    let parts = [Span::plain(said.clone())];
    let room = done.width(ui) + badge.as_ref().map_or(0.0, |(_, button)| button.width(ui) + 8.0) + 20.0;
    let tokens = look(ui).tokens;
    let galley = text::spans(ui, &parts, Type::Body, tokens.text, cut.width() - room - 44.0, 6);
    let rect = cut.top((galley.size().y + 12.0).max(high + 8.0));
    ui.painter().rect_filled(rect, size::RADIUS, tokens.selected);
    let mut line = Cut(rect);
    line.right(8.0);
    let spot = line.right(done.width(ui));
    let seen = done.show(ui, cut::middle(spot, high)).clicked();
    line.right(8.0);
    if let Some((person, button)) = badge {
        let spot = line.right(button.width(ui));
        if button.show(ui, cut::middle(spot, high)).clicked() {
            state.badge = Some((person, String::new()));
        }
    }
    let icon = line.left(40.0).left_center() + vec2(20.0, 0.0);
    status::paint(ui.painter(), icon, 18.0, Status::Present, tokens.status(Status::Present), tokens.selected);
    text::label(ui, line.rest(), galley, Align::Min);
    cut.top(8.0);
    if seen {
        intents.push(state.see(view));
    }
}

fn body_ui(ui: &mut Ui, rect: Rect, view: &ReceptionView, state: &mut ReceptionState, intents: &mut Vec<Intent>) {
    let mut cut = Cut(rect);
    let wide = cut.width() >= 760.0;
    if wide {
        let left = cut.left(cut.width() * 0.46);
        cut.left(size::GAP);
        find_ui(ui, left, view, state, intents);
    }
    if let Some(pupil) = &view.pupil {
        let act = pupil::pupil_ui(ui, cut.rest(), view, pupil, state);
        intents.extend(act.map(Intent::Reception));
        return;
    }
    let mut tabs = vec![Tab::Here, Tab::Moved, Tab::Trips, Tab::Match];
    if !wide {
        tabs.insert(0, Tab::Find);
    } else if state.tab == Tab::Find {
        state.tab = Tab::Here;
    }
    tabs_ui(ui, &mut cut, view, state, &tabs);
    if state.tab == Tab::Find {
        find_ui(ui, cut.rest(), view, state, intents);
    } else {
        intents.extend(lists::list_ui(ui, cut.rest(), view, state).map(Intent::Reception));
    }
}

fn tabs_ui(ui: &mut Ui, cut: &mut Cut, view: &ReceptionView, state: &mut ReceptionState, tabs: &[Tab]) {
    let high = look(ui).control();
    let words: Vec<String> = tabs.iter().map(|tab| lists::tab_words(*tab, view)).collect();
    let buttons: Vec<Button<'_>> = tabs
        .iter()
        .zip(&words)
        .map(|(tab, words)| {
            let spoken =
                if lists::needs_looking(*tab, view) { format!("{words}, to be looked at") } else { words.clone() };
            Button::new(words).step(Type::Body).chosen(state.tab == *tab).name(spoken)
        })
        .collect();
    let wides: Vec<f32> = buttons.iter().map(|button| button.width(ui)).collect();
    let (rects, tall) = flow(cut.rest().min, cut.width(), high, &wides);
    cut.top(tall + 8.0);
    for ((button, rect), tab) in buttons.into_iter().zip(rects).zip(tabs) {
        if button.show(ui, rect).clicked() && state.tab != *tab {
            state.tab = *tab;
            state.list = ListState::default();
        }
    }
}

/// What is typed, and who fits.
fn find_ui(ui: &mut Ui, rect: Rect, view: &ReceptionView, state: &mut ReceptionState, intents: &mut Vec<Intent>) {
    let mut cut = Cut(rect);
    let typed = state.typed.get_or_insert_with(|| view.typed.clone());
    let field = Field::new("Find a pupil or a member of staff").hint("Find a pupil or a member of staff").limit(60);
    if field.show(ui, cut.top(look(ui).control()), typed).changed() {
        intents.push(Intent::Reception(ReceptionAct::Search(typed.clone())));
        state.found = ListState::default();
    }
    let empty = if typed.trim().is_empty() { "Type part of a name" } else { "Nobody fits" };
    cut.top(8.0);
    let rect = cut.rest();
    panel::panel(ui, rect);
    let of = Rows {
        salt: "found at the desk",
        height: ROW,
        role: Role::Button,
        id: &|_, found: &Found| Id::unique(("found", found.person)),
        name: &|found| format!("{}: {}, {}, {}", does(found), found.name, found.group, found.line),
        empty,
    };
    let pressed = list::rows(ui, rect.shrink(1.0), &mut state.found, &view.found, &of, |ui, rect, found| {
        row_ui(ui, rect, None, &found.name, &found.group, &found.line, does(found));
    });
    panel::outline(ui, rect);
    intents.extend(pressed.map(|found| {
        Intent::Reception(match (found.kind, found.here) {
            (ComerKind::Pupil, _) => ReceptionAct::Look(found.person),
            (_, true) => ReceptionAct::SignOut(found.person),
            (_, false) => ReceptionAct::SignIn(found.person),
        })
    }));
}

/// What a press on somebody who was found does.
fn does(found: &Found) -> &'static str {
    match (found.kind, found.here) {
        (ComerKind::Pupil, _) => "Open…",
        (_, true) => "Sign out",
        (_, false) => "Sign in",
    }
}

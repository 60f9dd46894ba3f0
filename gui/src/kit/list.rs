//! Rows under one tab stop: arrows move, the row with the focus speaks, only rows in sight are made.
//!
//! One row can be reached with Tab; arrows, Home, End and the page keys move from there. Each row is one node with
//! its whole sentence as its name. Cost follows the rows in sight, so 2,000 people are as quick as 20.

use crate::kit::look::{focus_inside, look};
use crate::kit::text::{self, Type};
use crate::kit::{Weight, panel, size};
use egui::{
    Align, EventFilter, Id, Key, Modifiers, Rect, Role, ScrollArea, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};

/// Where the focus of a list stands, and how far it is scrolled.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListState {
    /// The row that Tab reaches.
    pub row: usize,
    /// Bring that row into sight in the next frame.
    pub reveal: bool,
    /// Give that row the keyboard focus, as soon as it may have it.
    pub grab: bool,
    /// How far a grid is scrolled sideways, in points. Names stay.
    pub sideways: f32,
    /// The list is as high as its rows and stands in something that scrolls: a finger on a row moves all of it.
    pub flat: bool,
    /// Height at the last frame: when it changes, the row with the focus stays in sight.
    height: f32,
    /// The row that had the focus at the last frame. When it is gone, the focus goes to what stands in its place.
    had: Option<Id>,
}

impl ListState {
    /// Moves to a row and shows it; the focus goes along if `grab`.
    pub fn go(&mut self, row: usize, grab: bool) {
        self.row = row;
        self.reveal = true;
        self.grab |= grab;
        self.had = None;
    }
}

/// What a list is made of.
pub struct List<'a> {
    /// Tells lists apart.
    pub salt: &'static str,
    /// How many rows.
    pub count: usize,
    /// Height of a row.
    pub height: f32,
    /// What a row is to readers that speak.
    pub role: Role,
    /// A stable id for each row.
    pub id: &'a dyn Fn(usize) -> Id,
    /// The row's whole sentence.
    pub name: &'a dyn Fn(usize) -> String,
    /// How far sideways the columns may go, in points; 0 for none.
    pub overhang: f32,
    /// A line is drawn below each row.
    pub ruled: bool,
    /// Esc belongs to the row, because something half typed can be cleared.
    pub escape: bool,
}

/// A row that is being painted.
pub struct Row {
    /// Which.
    pub index: usize,
    /// Where.
    pub rect: Rect,
    /// It has the keyboard focus.
    pub focused: bool,
    /// It is the row that Tab reaches.
    pub current: bool,
}

/// What happened in a list.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Happened {
    /// A row was pressed, by pointer, Enter, Space or a reader that speaks.
    pub pressed: Option<usize>,
    /// The focus is in the list.
    pub focused: bool,
}

/// Rows of one kind of thing: ruled, and as wide as the list.
pub struct Rows<'a, T> {
    /// Tells lists apart.
    pub salt: &'static str,
    /// Height of a row.
    pub height: f32,
    /// What a row is to readers that speak.
    pub role: Role,
    /// What tells rows apart, by place and thing.
    pub id: &'a dyn Fn(usize, &T) -> Id,
    /// The row's whole sentence.
    pub name: &'a dyn Fn(&T) -> String,
    /// What is said where there are none.
    pub empty: &'a str,
}

/// Shows rows of one kind; `paint` draws one. Answers with the thing that was pressed.
pub fn rows<'r, T>(
    ui: &mut Ui,
    rect: Rect,
    state: &mut ListState,
    things: &'r [T],
    of: &Rows<'_, T>,
    mut paint: impl FnMut(&mut Ui, Rect, &T),
) -> Option<&'r T> {
    if things.is_empty() {
        let galley =
            text::wrapped(ui, of.empty, Type::Body, Weight::Regular, look(ui).tokens.muted, rect.width() - 32.0);
        text::label(ui, rect.shrink(16.0), galley, Align::Center);
        return None;
    }
    let list = List {
        salt: of.salt,
        count: things.len(),
        height: of.height,
        role: of.role,
        id: &|index| things.get(index).map_or(Id::NULL, |thing| (of.id)(index, thing)),
        name: &|index| things.get(index).map(|thing| (of.name)(thing)).unwrap_or_default(),
        overhang: 0.0,
        ruled: true,
        escape: false,
    };
    let happened = show(ui, rect, state, &list, |ui, row| {
        if let Some(thing) = things.get(row.index) {
            paint(ui, row.rect, thing);
        }
    });
    happened.pressed.and_then(|index| things.get(index))
}

/// True if the list's current row has the keyboard focus just now.
pub fn has_focus(ui: &Ui, id: Id) -> bool {
    ui.memory(|memory| memory.focused()) == Some(id)
}

/// Shows the list in a rectangle; `paint` draws one row.
pub fn show(
    ui: &mut Ui,
    rect: Rect,
    state: &mut ListState,
    list: &List<'_>,
    mut paint: impl FnMut(&mut Ui, &Row),
) -> Happened {
    let mut happened = Happened::default();
    state.row = state.row.min(list.count.saturating_sub(1));
    if (state.height - rect.height()).abs() > 1.0 {
        state.height = rect.height();
        // A flat list is as high as its rows: with each that comes or goes nothing is to be scrolled under a finger.
        state.reveal |= !state.flat;
    }
    let here = (list.count > 0).then(|| (list.id)(state.row));
    if let Some(had) = state.had.filter(|had| here != Some(*had)) {
        // Rows came or went: the focus stays with its person, wherever they stand now.
        match (0..list.count).find(|index| (list.id)(*index) == had) {
            Some(index) => state.row = index,
            None => state.grab |= ui.memory(|memory| memory.focused()).is_none(),
        }
    }
    let focused_id = (list.count > 0).then(|| (list.id)(state.row));
    if focused_id.is_some_and(|id| has_focus(ui, id)) {
        keys(ui, state, list, (rect.height() / list.height) as usize);
    }
    state.sideways = state.sideways.clamp(0.0, list.overhang.max(0.0));
    let current = (list.count > 0).then(|| (list.id)(state.row));
    if let (true, Some(id)) = (state.grab, current) {
        // A layer that has just closed takes the focus back for a frame: ask until it is given.
        state.grab = !has_focus(ui, id);
        ui.memory_mut(|memory| memory.request_focus(id));
    }
    let ctx = ui.ctx().clone();
    let mut inner = ui.new_child(UiBuilder::new().id_salt(list.salt).max_rect(rect));
    inner.set_clip_rect(rect.intersect(ui.clip_rect()));
    let flat = state.flat;
    let mut body = |ui: &mut Ui, viewport: Rect| {
        let top = ui.max_rect().top();
        let place = |index: usize| {
            let y = top + list.height * index as f32;
            Rect::from_min_max(pos2(ui.max_rect().left(), y), pos2(rect.right(), y + list.height))
        };
        if state.reveal {
            ui.scroll_to_rect(place(state.row), None);
            state.reveal = false;
        }
        let first = ((viewport.top() / list.height).floor().max(0.0) as usize).min(list.count);
        let last = ((viewport.bottom() / list.height).ceil().max(0.0) as usize + 1).min(list.count);
        let rects: Vec<(usize, Rect)> = (first..last).map(|index| (index, place(index))).collect();
        let off_sight = (list.count > 0 && !(first..last).contains(&state.row)).then(|| (state.row, place(state.row)));
        for (index, row_rect) in rects.into_iter().chain(off_sight) {
            let id = (list.id)(index);
            let is_current = index == state.row;
            let response = ui.interact(row_rect, id, if is_current { Sense::click() } else { Sense::CLICK });
            let name = (list.name)(index);
            response.widget_info(|| WidgetInfo::labeled(list.role, true, &name));
            ctx.accesskit_node_builder(id, |node| {
                node.set_position_in_set(index + 1);
                node.set_size_of_set(list.count);
            });
            let focused = response.has_focus();
            if focused {
                happened.focused = true;
                let filter =
                    EventFilter { tab: false, horizontal_arrows: true, vertical_arrows: true, escape: list.escape };
                ui.memory_mut(|memory| memory.set_focus_lock_filter(id, filter));
            }
            if response.clicked() {
                happened.pressed = Some(index);
                state.row = index;
                ui.memory_mut(|memory| memory.request_focus(id));
            }
            if ui.is_rect_visible(row_rect) {
                paint(ui, &Row { index, rect: row_rect, focused, current: is_current });
                if list.ruled {
                    panel::rule(ui, row_rect, row_rect.bottom());
                }
                if focused {
                    focus_inside(ui, row_rect);
                }
            }
        }
    };
    if flat {
        let seen = inner.clip_rect().translate(-rect.min.to_vec2());
        body(&mut inner, seen);
    } else {
        let area = ScrollArea::vertical().id_salt((list.salt, "scroll")).auto_shrink(false).animated(false);
        area.show_viewport(&mut inner, |ui, viewport| {
            ui.set_height(list.height * list.count as f32);
            body(ui, viewport);
        });
    }
    let focused = ui.memory(|memory| memory.focused());
    state.had = if happened.focused { current } else { state.had.filter(|had| focused == Some(*had)) };
    sideways(ui, rect, state, list.overhang);
    happened
}

fn keys(ui: &Ui, state: &mut ListState, list: &List<'_>, page: usize) {
    let last = list.count.saturating_sub(1);
    let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    let before = state.row;
    if pressed(Key::ArrowDown) {
        state.row = (state.row + 1).min(last);
    }
    if pressed(Key::ArrowUp) {
        state.row = state.row.saturating_sub(1);
    }
    if pressed(Key::PageDown) {
        state.row = (state.row + page.max(1)).min(last);
    }
    if pressed(Key::PageUp) {
        state.row = state.row.saturating_sub(page.max(1));
    }
    if pressed(Key::Home) {
        state.row = 0;
    }
    if pressed(Key::End) {
        state.row = last;
    }
    if state.row != before {
        state.go(state.row, true);
    }
    if list.overhang > 0.0 {
        if pressed(Key::ArrowRight) {
            state.sideways += 80.0;
        }
        if pressed(Key::ArrowLeft) {
            state.sideways -= 80.0;
        }
    }
}

/// Wheel and a thin bar for what does not fit sideways.
fn sideways(ui: &Ui, rect: Rect, state: &mut ListState, overhang: f32) {
    if overhang <= 0.0 {
        return;
    }
    if ui.rect_contains_pointer(rect) {
        state.sideways -= ui.input(|input| input.smooth_scroll_delta().x);
    }
    state.sideways = state.sideways.clamp(0.0, overhang);
    let share = rect.width() / (rect.width() + overhang);
    let left = rect.left() + state.sideways / (rect.width() + overhang) * rect.width();
    let bar = Rect::from_min_size(pos2(left, rect.bottom() - 5.0), vec2(rect.width() * share, 4.0));
    ui.painter().rect_filled(bar, size::RADIUS, look(ui).tokens.edge);
}

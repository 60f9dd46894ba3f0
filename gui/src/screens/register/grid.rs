//! The keyboard grid: rows of 32, exceptions in colour, the explanation of a rejected code where the eye is.

use super::extra::Extra;
use super::typing::{self, Typing};
use super::{RegisterState, row_id};
use crate::intent::Intent;
use crate::kit::list::{self, List, Row};
use crate::kit::mark_cell::{self, Cell};
use crate::kit::text::{self, Type};
use crate::kit::{Cut, Weight, chip, look, panel, person_row, size, status};
use egui::{Align, Color32, Id, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};
use muster_school::view::register::{MarkView, RegisterRow, RegisterView};
use muster_school::view::status::Status;

/// Where the columns begin, in points from the left of the grid.
const NAME: f32 = 39.0;
const FLAGS: f32 = 223.0;
const PAST: f32 = 327.0;
const CODE: f32 = 455.0;
const WORDS: f32 = 533.0;
/// The grid is never drawn narrower than this; below it the columns after the name scroll sideways.
const WIDTH: f32 = 800.0;

/// The whole sentence of a row: `Ada Byrne, Seizure plan, present, 08:53, saved on this device`.
pub fn sentence(view: &RegisterView, row: &RegisterRow) -> String {
    let mut parts = vec![row.spoken.clone()];
    let extra = std::iter::once(row.apart.clone()).chain(row.flags.iter().cloned());
    parts.extend(extra.filter(|part| !part.is_empty()));
    let noted = (!row.note.is_empty()).then(|| format!("noted: {}", row.note));
    match &row.mark {
        Some(mark) => {
            parts.push(format!("{} {}", mark.code, mark_words(mark)));
            if mark.planned && !mark.note.is_empty() {
                parts.push(mark.note.clone());
            }
            parts.extend(noted);
            if let Some(before) = &mark.amended_from {
                parts.push(format!("was {before}"));
            }
            parts.push(if mark.planned { "planned, not confirmed".to_owned() } else { mark.at.clone() });
        }
        None => {
            parts.push("not yet marked".to_owned());
            parts.extend(noted);
        }
    }
    if row.versions.len() > 1 {
        parts.push(format!("{} marks differ, Enter to settle", row.versions.len()));
    }
    parts.extend(row.remarks.iter().cloned());
    if row.mark.is_some() {
        parts.push(if row.unsynced { "only on this device" } else { "saved on this device" }.to_owned());
    }
    if !view.may_mark {
        parts.push("for reading".to_owned());
    }
    parts.join(", ")
}

fn mark_words(mark: &MarkView) -> String {
    match mark.minutes {
        Some(minutes) => format!("{}, {minutes} minutes", mark.words),
        None => mark.words.clone(),
    }
}

/// Shows the grid.
pub fn grid_ui(ui: &mut Ui, rect: Rect, view: &RegisterView, state: &mut RegisterState) -> Vec<Intent> {
    let mut intents = if state.extra.is_none() { typing::keys(ui, view, state) } else { Vec::new() };
    panel::panel(ui, rect);
    let mut cut = Cut(rect);
    let head = cut.top(28.0);
    let body = cut.rest();
    let overhang = (WIDTH - rect.width()).max(0.0);
    let wide = rect.width().max(WIDTH);
    let mut list_state = std::mem::take(&mut state.list);
    let shift = list_state.sideways;
    head_ui(ui, head, view, shift, wide);
    let id = |index: usize| view.rows.get(index).map_or(Id::NULL, row_id);
    let name = |index: usize| view.rows.get(index).map(|row| sentence(view, row)).unwrap_or_default();
    let list = List {
        salt: "register",
        count: view.rows.len(),
        height: size::ROW,
        role: Role::Row,
        id: &id,
        name: &name,
        overhang,
        ruled: true,
        // With nothing half typed Esc has nothing to close, and the row keeps the focus.
        escape: true,
    };
    let mut badge = None;
    let before = list_state.row;
    let happened = list::show(ui, body, &mut list_state, &list, |ui, place| {
        if let Some(row) = view.rows.get(place.index) {
            badge = badge.or(row_ui(ui, place, row, view, &state.typing, shift, wide));
        }
    });
    panel::outline(ui, rect);
    let moved = list_state.row;
    state.list = list_state;
    let waits = matches!(state.typing, Typing::Minutes { .. } | Typing::Code { .. });
    let left = waits && (moved != before || (!happened.focused && !state.list.grab)) && state.extra.is_none();
    if left {
        state.list.row = before;
        intents.extend(typing::settle_pending(view, state));
        state.list.row = moved;
    }
    if let Some(pupil) = badge {
        state.extra = Some(Extra::Settle { pupil });
    }
    intents
}

fn head_ui(ui: &mut Ui, rect: Rect, view: &RegisterView, shift: f32, wide: f32) {
    panel::head(ui, rect);
    let tokens = look(ui).tokens;
    let put = |ui: &Ui, x: f32, width: f32, words: &str, frozen: bool| {
        let x = rect.left() + x - if frozen { 0.0 } else { shift };
        let place = Rect::from_min_size(pos2(x, rect.top()), vec2(width, rect.height()));
        text::put(ui, place, words, Type::Note, Weight::Regular, tokens.muted);
    };
    put(ui, NAME, 180.0, "Name", true);
    let clip = ui.clip_rect();
    ui.set_clip_rect(columns_clip(rect, shift).intersect(clip));
    put(ui, FLAGS, 100.0, "Flags", false);
    put(ui, PAST, 120.0, "Last five", false);
    put(ui, CODE, 60.0, "Code", false);
    put(ui, WORDS, 160.0, &view.column, false);
    let right = Rect::from_min_max(rect.min, pos2(rect.left() + wide - shift - 13.0, rect.bottom()));
    text::put_right(ui, right, "When", Type::Note, Weight::Regular, tokens.muted);
    ui.set_clip_rect(clip);
}

/// What the columns after the name may be painted in.
fn columns_clip(rect: Rect, shift: f32) -> Rect {
    if shift > 0.0 { Rect::from_min_max(pos2(rect.left() + FLAGS - 8.0, rect.top()), rect.max) } else { rect }
}

fn row_ui(
    ui: &mut Ui,
    place: &Row,
    row: &RegisterRow,
    view: &RegisterView,
    typing: &Typing,
    shift: f32,
    wide: f32,
) -> Option<muster_school::view::SubjectId> {
    let tokens = look(ui).tokens;
    let rect = place.rect;
    let typed = (typing.pupil() == Some(row.pupil)).then_some(typing);
    let needs = typed.and_then(|typing| explanation(view, typing));
    let ground = match (&needs, place.focused) {
        (Some(_), _) => tokens.warn,
        (None, true) => tokens.selected,
        _ => tokens.surface,
    };
    if ground != tokens.surface {
        ui.painter().rect_filled(rect.shrink2(vec2(1.0, 0.0)), 0.0, ground);
    }
    let at = |x: f32, width: f32| Rect::from_min_size(pos2(rect.left() + x, rect.top()), vec2(width, rect.height()));
    if row.unsynced {
        let own = tokens.status(Status::Unsynced);
        status::paint(ui.painter(), at(6.0, 28.0).center(), 13.0, Status::Unsynced, own, ground);
    }
    person_row::name(ui, at(NAME, FLAGS - NAME - 8.0), &row.name, &row.apart, Type::Body, Weight::Regular);
    let clip = ui.clip_rect();
    ui.set_clip_rect(columns_clip(rect, shift).intersect(clip));
    let rect = rect.translate(vec2(-shift, 0.0));
    let at = |x: f32, width: f32| Rect::from_min_size(pos2(rect.left() + x, rect.top()), vec2(width, rect.height()));
    // Where nobody has a mark of before, the room for those is the flags'.
    let end = if row.past.iter().all(|past| past.code.is_empty()) { CODE } else { PAST };
    flags_ui(ui, at(FLAGS, end - FLAGS - 6.0), &row.flags);
    past_ui(ui, at(PAST, CODE - PAST), row, ground);
    let mut pressed = None;
    let mut right = Cut(Rect::from_min_max(at(WORDS, 1.0).min, pos2(rect.left() + wide - 13.0, rect.bottom())));
    if row.versions.len() > 1 {
        let spot = right.right(24.0);
        let spot = Rect::from_center_size(spot.center(), vec2(24.0, 20.0));
        right.right(8.0);
        let touch = Rect::from_center_size(spot.center(), vec2(32.0, 30.0));
        let sense = if place.current { Sense::click() } else { Sense::CLICK };
        let response = ui.interact(touch, Id::unique(("settle", row.pupil)), sense);
        let versions: Vec<_> = row.versions.iter().map(|version| version.words.as_str()).collect();
        let name = format!("{} marks for {}: {}", row.versions.len(), row.spoken, versions.join(", "));
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
        chip::badge(ui, spot, &row.versions.len().to_string());
        if response.has_focus() {
            crate::kit::look::focus_inside(ui, touch);
        }
        if response.clicked() {
            pressed = Some(row.pupil);
        }
    } else {
        let words = match (&needs, &row.mark) {
            (Some(_), _) => "Esc clears".to_owned(),
            (None, _) if matches!(typed, Some(Typing::Minutes { .. })) => "Enter keeps".to_owned(),
            (None, Some(mark)) => mark.at.clone(),
            (None, None) => String::new(),
        };
        let planned = needs.is_none() && row.mark.as_ref().is_some_and(|mark| mark.planned);
        let weight = if planned { Weight::Italic } else { Weight::Regular };
        let wide = text::width(ui, &words, Type::Note, weight);
        let spot = right.right(wide.max(60.0));
        text::put_right(ui, spot, &words, Type::Note, weight, tokens.muted);
    }
    mark_ui(ui, at(CODE, 40.0), at(CODE + 50.0, 16.0), right.rest(), row, typed, needs.as_deref(), ground);
    ui.set_clip_rect(clip);
    pressed
}

/// Why what is typed is not a mark yet.
fn explanation(view: &RegisterView, typing: &Typing) -> Option<String> {
    match typing {
        Typing::Refused { words, .. } => Some(words.clone()),
        Typing::Code { text, .. } => {
            let line = view.codes.iter().find(|line| line.code == *text)?;
            (!line.complete).then(|| line.needs.clone())
        }
        _ => None,
    }
}

fn flags_ui(ui: &Ui, rect: Rect, flags: &[String]) {
    let tokens = look(ui).tokens;
    let mut x = rect.left();
    for (place, flag) in flags.iter().enumerate() {
        let wide = chip::tag_width(ui, flag, Type::Note, Weight::Regular);
        if x + wide > rect.right() {
            let more = format!("+{}", flags.len() - place);
            let rest = Rect::from_min_max(pos2(x, rect.top()), rect.max);
            text::put(ui, rest, &more, Type::Note, Weight::Regular, tokens.muted);
            return;
        }
        x = chip::tag(ui, pos2(x, rect.center().y), flag, Type::Note, Weight::Regular, 1.0) + 4.0;
    }
}

fn past_ui(ui: &Ui, rect: Rect, row: &RegisterRow, ground: Color32) {
    let tokens = look(ui).tokens;
    for (place, past) in row.past.iter().enumerate() {
        let centre = pos2(rect.left() + 12.0 + 24.0 * place as f32, rect.center().y);
        if past.code.is_empty() {
            continue;
        }
        if past.status == Status::Present {
            status::paint(ui.painter(), centre, 13.0, Status::Present, tokens.muted, ground);
        } else {
            let spot = Rect::from_center_size(centre, vec2(22.0, 20.0));
            text::put_centre(ui, spot, &past.code, Type::Note, Weight::Strong, tokens.status(past.status));
        }
    }
}

#[allow(clippy::too_many_arguments)] // One row's three places and what they show; a struct would only rename them.
fn mark_ui(
    ui: &Ui,
    cell: Rect,
    shape: Rect,
    words: Rect,
    row: &RegisterRow,
    typed: Option<&Typing>,
    needs: Option<&str>,
    ground: Color32,
) {
    let tokens = look(ui).tokens;
    let mark = row.mark.as_ref();
    let (code, minutes) = match typed {
        Some(Typing::Code { text, .. }) => (text.as_str(), None),
        Some(Typing::Refused { code, .. }) => (code.as_str(), None),
        Some(Typing::Minutes { code, text, .. }) => (code.as_str(), Some(text.as_str())),
        _ => (mark.map_or("", |mark| mark.code.as_str()), None),
    };
    let half_typed = typed.is_some();
    let planned = !half_typed && mark.is_some_and(|mark| mark.planned);
    let beside = mark.is_some_and(|mark| !mark.note.is_empty() || mark.minutes.is_some());
    let corner = !half_typed && (beside || !row.note.is_empty());
    let open = half_typed || mark.is_none();
    let cell = Rect::from_center_size(cell.center(), vec2(cell.width(), 24.0));
    mark_cell::paint(ui, cell, Cell { code, planned, corner, open });
    let which = match (typed, mark) {
        (Some(Typing::Minutes { .. }), _) => Status::Late,
        (Some(_), _) | (None, None) => Status::NotMarked,
        _ if row.versions.len() > 1 => Status::Check,
        (None, Some(mark)) => mark.status,
    };
    person_row::shape(ui, shape, 16.0, which, ground);
    if let Some(needs) = needs {
        text::put(ui, words, needs, Type::Body, Weight::Strong, tokens.status(Status::Check));
    } else if let Some(minutes) = minutes {
        let end = text::put(ui, words, "Minutes late", Type::Body, Weight::Regular, tokens.text);
        let field = Rect::from_min_size(pos2(end + 8.0, cell.top()), vec2(44.0, 24.0));
        mark_cell::paint(ui, field, Cell { code: minutes, planned: false, corner: false, open: true });
    } else if let Some(Typing::Code { .. }) = typed {
        text::put(ui, words, "a number, or Enter", Type::Body, Weight::Regular, tokens.muted);
    } else {
        said_ui(ui, words, row);
    }
}

/// What a mark says, in words.
fn said_ui(ui: &Ui, rect: Rect, row: &RegisterRow) {
    let tokens = look(ui).tokens;
    let Some(mark) = &row.mark else {
        let words = if row.note.is_empty() { "Not yet marked" } else { &row.note };
        let words = text::line(ui, words, Type::Body, Weight::Regular, tokens.muted, rect.width());
        text::paint(ui.painter(), rect, words, Align::Min);
        return;
    };
    let after = |end: f32| Rect::from_min_max(pos2(end, rect.top()), rect.max);
    if row.versions.len() > 1 {
        let end = text::put(ui, rect, &mark.words, Type::Body, Weight::Regular, tokens.text);
        let other = row.versions.iter().find(|version| version.code != mark.code);
        let word = other.map_or("another", |other| other.status.word()).to_lowercase();
        let words = format!(" or {word}: two marks differ");
        text::put(ui, after(end), &words, Type::Body, Weight::Regular, tokens.muted);
        return;
    }
    let weight = if mark.planned { Weight::Italic } else { Weight::Regular };
    let before = mark.amended_from.as_ref().map(|before| format!("was {before}, now ")).unwrap_or_default();
    let start = text::put(ui, rect, &before, Type::Body, weight, tokens.muted);
    match mark.minutes {
        Some(minutes) => {
            let end = text::put(ui, after(start), &format!("{}, ", mark.words), Type::Body, weight, tokens.text);
            let number = minutes.to_string();
            let end = text::put(ui, after(end), &number, Type::Body, Weight::Strong, tokens.text);
            text::put(ui, after(end), " minutes", Type::Body, weight, tokens.text);
        }
        None => {
            let end = text::put(ui, after(start), &mark.words, Type::Body, weight, tokens.text);
            remark_ui(ui, after(end), row);
        }
    }
}

/// The first thing that is worth a word beside a mark; the rest is in the layer of the mark's history.
fn remark_ui(ui: &Ui, rect: Rect, row: &RegisterRow) {
    let tokens = look(ui).tokens;
    let Some(first) = row.remarks.first() else { return };
    let spot = pos2(rect.left() + 16.0, rect.center().y);
    status::paint(ui.painter(), spot, 13.0, Status::Check, tokens.status(Status::Check), tokens.surface);
    let words = Rect::from_min_max(pos2(rect.left() + 28.0, rect.top()), rect.max);
    text::put(ui, words, first, Type::Note, Weight::Regular, tokens.muted);
}

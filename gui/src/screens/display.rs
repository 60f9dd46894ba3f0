//! A wall or reception display: how many are on site, to be read from across a hall, and how old that is. No names.

use super::call::band::grounds;
use super::fire::as_of_words;
use crate::intent::{Intent, Screen};
use crate::kit::text::{self, Type};
use crate::kit::{Button, Cut, Weight, cut, look, size, status};
use egui::text::{LayoutJob, TextFormat};
use egui::{Align, Color32, FontId, Key, Modifiers, Rect, Ui, vec2};
use muster_school::view::display::{DisplayCall, DisplayView};
use muster_school::view::status::Status;
use muster_school::view::{AsOf, FrameView, Span};

/// The smallest a count gets, in points.
const LEAST: f32 = 28.0;
/// How high a call's band is, as a share of the screen.
const BAND: f32 = 0.3;

/// Shows the display in the whole of `ui`.
pub fn display_ui(ui: &mut Ui, frame: &FrameView, view: &DisplayView) -> Vec<Intent> {
    let tokens = look(ui).tokens;
    let whole = ui.max_rect();
    let mut cut = Cut(whole);
    let left = head_ui(ui, cut.top(size::HEADER_TOUCH), view);
    if let Some(call) = &view.call {
        let high = (whole.height() * BAND).max(120.0);
        call_ui(ui, cut.top(high), call);
    }
    let mut cut = Cut(cut.rest().shrink2(vec2(size::MARGIN, 12.0)));
    foot_ui(ui, &mut cut, view);
    let high = cut.height();
    let main = cut.top(high * 0.62);
    let number = text::thousands(view.on_site);
    let side = (main.height() * 0.86).min(main.width() * 0.28).max(LEAST);
    let galley = large(ui, &number, side, tokens.text);
    let words = large(ui, "on site", (side * 0.3).max(LEAST), tokens.text);
    let total = galley.size().x + words.size().x + side * 0.15;
    let mut line = Cut(Rect::from_center_size(main.center(), vec2(total.min(main.width()), main.height())));
    let wide = galley.size().x + side * 0.15;
    text::paint(ui.painter(), line.left(wide), galley, Align::Min);
    text::paint(ui.painter(), line.rest(), words, Align::Min);
    text::say(ui, main, &format!("{number} on site"));
    parts_ui(ui, cut.rest(), view);
    let escape = ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape));
    if left || escape {
        return vec![Intent::Open(if frame.person.is_some() { Screen::Today } else { Screen::Lock })];
    }
    Vec::new()
}

/// Words of a size that the scale of a desk does not have.
fn large(ui: &Ui, words: &str, side: f32, colour: Color32) -> std::sync::Arc<egui::Galley> {
    let mut job = LayoutJob::default();
    let font_id = FontId::new(side, Weight::Bold.family());
    job.append(words, 0.0, TextFormat { font_id, color: colour, ..TextFormat::default() });
    ui.painter().layout_job(job)
}

/// Where and when, and the way back in the corner.
fn head_ui(ui: &mut Ui, rect: Rect, view: &DisplayView) -> bool {
    let tokens = look(ui).tokens;
    let mut cut = Cut(rect.shrink2(vec2(size::MARGIN, 8.0)));
    let back = Button::new("Back").step(Type::Name);
    let spot = cut.right(back.width(ui));
    cut.right(24.0);
    let now = large(ui, &view.now, 32.0, tokens.text);
    let wide = now.size().x;
    text::label(ui, cut.right(wide), now, Align::Max);
    cut.right(24.0);
    let words = if view.day.is_empty() { view.site.clone() } else { format!("{}. {}", view.site, view.day) };
    let galley = text::line(ui, &words, Type::Title, Weight::Strong, tokens.text, cut.width());
    text::label(ui, cut.rest(), galley, Align::Min);
    back.show(ui, cut::middle(spot, size::CONTROL_TOUCH)).clicked()
}

/// A roll call that runs: its kind, how many are to find, and the code.
fn call_ui(ui: &mut Ui, rect: Rect, call: &DisplayCall) {
    let shape = call.kind.status();
    let (ground, ink) = grounds(ui, call.kind, call.silent);
    ui.painter().rect_filled(rect, 0.0, ground);
    let mut cut = Cut(rect.shrink2(vec2(size::MARGIN, 6.0)));
    let mut upper = Cut(cut.top((rect.height() * 0.3).max(34.0)));
    let spot = upper.left(44.0);
    status::paint(ui.painter(), spot.left_center() + vec2(16.0, 0.0), 32.0, shape, ink, ground);
    let mut shown = call.words.clone();
    if !call.code.is_empty() {
        let code = large(ui, &format!("Code {}", call.code), LEAST, ink);
        let wide = code.size().x;
        text::label(ui, upper.right(wide), code, Align::Max);
        upper.right(16.0);
    }
    let step =
        if text::width(ui, &shown, Type::Count, Weight::Strong) > upper.width() { Type::Title } else { Type::Count };
    let galley = text::line(ui, &shown, step, Weight::Strong, ink, upper.width());
    text::label(ui, upper.rest(), galley, Align::Min);
    shown = format!("{} to find. Found {} of {}", call.to_find, call.found, call.total);
    let side = (cut.height() * 0.8).max(LEAST);
    let mut galley = large(ui, &shown, side, ink);
    if galley.size().x > cut.width() {
        galley = large(ui, &shown, (side * cut.width() / galley.size().x).max(LEAST * 0.8), ink);
    }
    text::label(ui, cut.rest(), galley, Align::Min);
    if !call.silent {
        // Said when it changes, as a screen that hangs there says it to nobody in particular.
        text::live(ui, "display", &shown);
    }
}

/// Of whom the number is made, and what is not in it.
fn parts_ui(ui: &mut Ui, rect: Rect, view: &DisplayView) {
    let tokens = look(ui).tokens;
    let mut parts = vec![
        (view.pupils, "pupils", None),
        (view.staff, "staff", None),
        (view.visitors, "visitors", None),
        (view.must_call, "must be called", Some(Status::MustCall)),
        (view.on_trips, "on trips", Some(Status::OffSite)),
    ];
    if view.trips_overdue > 0 {
        parts.push((view.trips_overdue, "trips overdue", Some(Status::Check)));
    }
    let wide = rect.width() / parts.len() as f32;
    let mut line = Cut(rect);
    for (count, words, shape) in parts {
        let cell = line.left(wide);
        let mut cut = Cut(cell);
        let number = text::thousands(count);
        let side = (cell.height() * 0.5).min(wide * 0.42).max(LEAST);
        let galley = large(ui, &number, side, tokens.text);
        text::paint(ui.painter(), cut.top(cell.height() * 0.58), galley, Align::Center);
        let step = if wide > 170.0 { Type::Title } else { Type::Body };
        let room = text::width(ui, words, step, Weight::Regular);
        let icon = if shape.is_some() { 28.0 } else { 0.0 };
        let spot = Rect::from_center_size(cut.rest().center_top() + vec2(0.0, 18.0), vec2(room + icon, 32.0));
        let mut under = Cut(spot);
        if let Some(shape) = shape {
            let at = under.left(icon).left_center() + vec2(9.0, 0.0);
            status::paint(ui.painter(), at, 18.0, shape, tokens.status(shape), tokens.bg);
        }
        text::put(ui, under.rest(), words, step, Weight::Regular, tokens.text);
        text::say(ui, cell, &format!("{number} {words}"));
    }
}

/// How old it is: a plain line, a warning where it is old or where something is missing.
fn foot_ui(ui: &mut Ui, cut: &mut Cut, view: &DisplayView) {
    let tokens = look(ui).tokens;
    let closed = !view.closed.is_empty();
    let gaps = if closed { String::new() } else { view.as_of.gaps.clone() };
    let warns = view.as_of.stale || !gaps.is_empty();
    let mut words = as_of_words(&AsOf { gaps, ..view.as_of.clone() });
    if closed {
        words.push(Span::plain(format!(" {}.", view.closed)));
    }
    let galley = text::spans(ui, &words, Type::Title, tokens.text, cut.width() - 60.0, 3);
    let high = galley.size().y + 16.0;
    let rect = cut.bottom(high);
    cut.bottom(8.0);
    let shape = Status::MustCall;
    let mut line = Cut(rect);
    if warns {
        ui.painter().rect_filled(rect, size::RADIUS, tokens.warn);
        let spot = line.left(48.0).center() + vec2(2.0, 0.0);
        status::paint(ui.painter(), spot, 24.0, shape, tokens.status(shape), tokens.warn);
    }
    text::label(ui, line.rest(), galley, if warns { Align::Min } else { Align::Center });
}

//! The fire register: age and gaps first, then how many to call, then those who must be called, and why.
//!
//! Start needs a choice first and repeats it in words, so that Enter twice cannot start an event.

mod rows;
mod start;

use super::apart;
use super::care::{self, CareState};
use super::carry::{self, carry_ui};
use super::filter::{self, Filter};
use super::folder::{Asks, folder_ui};
use crate::command::Command;
use crate::intent::{Intent, LockReason, Screen};
use crate::kit::column::{column, column_within};
use crate::kit::flow::flow;
use crate::kit::list::ListState;
use crate::kit::text::{self, Type};
use crate::kit::{Button, Cut, Weight, chip, cut, look, panel, size};
use egui::{Align, Rect, Ui, vec2};
use muster_school::view::fire::{Care, EventKind, FireView};
use muster_school::view::status::Status;
use muster_school::view::{AsOf, FrameView, Span};
use rows::list_part;
use start::start_part;
pub use start::{event_words, kind_card};

/// What the screen keeps between frames.
#[derive(Clone, Debug, Default)]
pub struct FireState {
    /// What is chosen to start; nothing at first.
    pub chosen: Option<EventKind>,
    /// Letters, class, search.
    pub filter: Filter,
    /// Focus and scrolling.
    pub list: ListState,
    /// Care details and numbers.
    pub care: CareState,
    /// Those who are off site or at another site are shown.
    apart: bool,
    /// One runs already, and another was asked for: of which kind.
    beside: Option<EventKind>,
    /// Carrying by hand is open, and the folder as typed.
    carry: Option<String>,
    /// The folder to print into, while it is asked for.
    folder: Option<String>,
}

/// Age and gaps in a sentence: `As of 09:14, heard from office; 7B has sent no register.`
pub fn as_of_words(as_of: &AsOf) -> Vec<Span> {
    let mut parts = vec![Span::strong(format!("As of {}", as_of.at))];
    if !as_of.from.is_empty() {
        parts.push(Span::plain(format!(", {}", as_of.from)));
    }
    if as_of.gaps.is_empty() {
        parts.push(Span::plain("."));
    } else {
        parts.push(Span::plain("; "));
        parts.push(Span::strong(format!("{}.", as_of.gaps)));
    }
    parts
}

/// Shows the fire register in the whole of `ui`.
pub fn fire_ui(ui: &mut Ui, frame: &FrameView, view: &FireView, state: &mut FireState) -> Vec<Intent> {
    let mut intents = Vec::new();
    let mut cut = Cut(ui.max_rect());
    let header = cut.top(size::HEADER_TOUCH);
    header_ui(ui, header, frame, view, &mut intents);
    let rest = cut.rest();
    state.list.flat = rest.width() < 820.0 || rest.height() < 420.0;
    if !state.list.flat {
        let mut cut = Cut(rest.shrink2(vec2(size::MARGIN, size::GAP)));
        let side = cut.right(292.0);
        cut.right(size::MARGIN);
        head_part(ui, &mut cut, view);
        list_part(ui, cut.rest(), view, state);
        // Room beside it for the focus ring and the bar.
        let side = side.expand2(vec2(12.0, 0.0));
        column_within(ui, side, "fire side", 12.0, |ui, cut| {
            intents.extend(start_part(ui, cut, view, state, false));
            more_part(ui, cut, frame, view, state, &mut intents);
        });
    } else {
        column(ui, rest, "fire", |ui, cut| {
            cut.top(8.0);
            head_part(ui, cut, view);
            intents.extend(start_part(ui, cut, view, state, true));
            more_part(ui, cut, frame, view, state, &mut intents);
            cut.top(size::MARGIN);
            let high = rows::height(ui, cut.width(), view, state);
            list_part(ui, cut.top(high), view, state);
            cut.top(size::MARGIN);
        });
    }
    intents.extend(care::layers_ui(ui, &view.care, &mut state.care));
    if state.apart && apart::layer_ui(ui, &view.trips, &view.elsewhere) {
        state.apart = false;
    }
    intents.extend(start::beside_ui(ui, view, state));
    intents.extend(carry_ui(ui, frame, &mut state.carry));
    let asks = Asks {
        title: "Print the fire list",
        words: "By class and by assembly point, in large type. It names everybody on site, and is not encrypted.",
        button: "Print into this folder",
    };
    let folder = folder_ui(ui, "print fire list", &asks, &mut state.folder);
    intents.extend(folder.map(|folder| Intent::PrintFireList { folder }));
    intents
}

fn header_ui(ui: &mut Ui, rect: Rect, frame: &FrameView, view: &FireView, intents: &mut Vec<Intent>) {
    let look = look(ui);
    let tokens = look.tokens;
    ui.painter().rect_filled(rect, 0.0, tokens.surface);
    panel::rule(ui, rect, rect.bottom());
    let mut cut = Cut(rect.shrink2(vec2(size::MARGIN, 8.0)));
    let title = text::line(ui, "Fire register", Type::Title, Weight::Strong, tokens.text, cut.width());
    let wide = title.size().x;
    text::label(ui, cut.left(wide), title, Align::Min);
    let back = if frame.person.is_some() { "Back to Today" } else { "Back to lock" };
    let button = Button::new(back).step(Type::Name);
    let spot = cut.right(button.width(ui) + 8.0);
    cut.right(8.0);
    let hide = Button::new("Hide").step(Type::Name).name(Command::Hide.words());
    let hide_spot = cut.right(hide.width(ui) + 8.0);
    cut.right(16.0);
    let who = match &frame.person {
        Some(person) => format!("{}, {person}", frame.device),
        None => format!("{}, nobody signed in", frame.device),
    };
    let who_wide = text::width(ui, &who, Type::Body, Weight::Regular);
    let chip_wide = chip::sync_width(ui, &frame.sync);
    if cut.width() > chip_wide + who_wide + 24.0 {
        let who = text::line(ui, &who, Type::Body, Weight::Regular, tokens.muted, who_wide + 2.0);
        text::label(ui, cut.right(who_wide + 2.0), who, Align::Max);
        cut.right(14.0);
        chip::sync(ui, cut::middle(cut.right(chip_wide), 32.0), &frame.sync);
        cut.left(16.0);
        text::put(ui, cut.rest(), &view.site, Type::Body, Weight::Regular, tokens.muted);
    } else {
        cut.left(16.0);
        let mut lines = Cut(cut.rest());
        let upper = text::line(ui, &frame.sync.words, Type::Note, Weight::Regular, tokens.text, lines.width());
        let high = lines.height() / 2.0;
        text::label(ui, lines.top(high), upper, Align::Min);
        let lower = text::line(ui, &who, Type::Note, Weight::Regular, tokens.muted, lines.width());
        text::label(ui, lines.rest(), lower, Align::Min);
    }
    if hide.show(ui, cut::middle(hide_spot, 48.0)).clicked() {
        intents.push(Intent::Lock(LockReason::Hidden));
    }
    if button.show(ui, cut::middle(spot, 48.0)).clicked() {
        intents.push(Intent::Open(if frame.person.is_some() { Screen::Today } else { Screen::Lock }));
    }
}

/// What is known and how old it is, who should be back, then how many to call.
fn head_part(ui: &mut Ui, cut: &mut Cut, view: &FireView) {
    let tokens = look(ui).tokens;
    // A closed site has sent no registers because nobody takes any.
    let closed = !view.closed.is_empty();
    let gaps = if closed { String::new() } else { view.as_of.gaps.clone() };
    let mut words = as_of_words(&AsOf { gaps, ..view.as_of.clone() });
    if closed {
        words.push(Span::plain(format!(" {}.", view.closed)));
    }
    let high = chip::warning_height(ui, &words, cut.width());
    if view.as_of.stale || !view.as_of.gaps.is_empty() && !closed {
        chip::warning(ui, cut.top(high), Status::MustCall, &words);
    } else {
        let galley = text::spans(ui, &words, Type::Body, tokens.text, cut.width(), 3);
        text::label(ui, cut.top(high), galley, Align::Min);
    }
    if let Some(words) = apart::overdue(&view.trips) {
        cut.top(4.0);
        let high = chip::warning_height(ui, &words, cut.width());
        chip::warning(ui, cut.top(high), Status::Check, &words);
    }
    cut.top(8.0);
    count_ui(ui, cut, view);
    cut.top(8.0);
}

/// Who is not called here, care details, printing, and what was written down of this opening.
fn more_part(
    ui: &mut Ui,
    cut: &mut Cut,
    frame: &FrameView,
    view: &FireView,
    state: &mut FireState,
    intents: &mut Vec<Intent>,
) {
    let tokens = look(ui).tokens;
    let apart = apart::words(&view.trips, &view.elsewhere);
    let apart_button = Button::new(&apart).step(Type::Name).name(format!("{apart}. Not called here"));
    let care_button = care::button(&view.care);
    let print_button = Button::new("Print…").step(Type::Name);
    let carry_button = Button::new(carry::OPENS).step(Type::Name);
    let mut wides = Vec::new();
    wides.extend((!apart.is_empty()).then(|| apart_button.width(ui)));
    wides.extend(care_button.as_ref().map(|button| button.width(ui)));
    // With nobody signed in it is printed where the school has set, and nowhere else.
    let prints = frame.person.is_some() || !view.prints_into.is_empty();
    wides.extend(prints.then(|| print_button.width(ui)));
    wides.push(carry_button.width(ui));
    cut.top(size::GAP);
    let (rects, high) = flow(cut.rest().min, cut.width(), size::CONTROL_TOUCH, &wides);
    cut.top(high);
    let mut rects = rects.into_iter();
    let mut next = || rects.next().unwrap_or(Rect::NOTHING);
    if !apart.is_empty() && apart_button.show(ui, next()).clicked() {
        state.apart = true;
    }
    if let Some(button) = care_button
        && button.show(ui, next()).clicked()
    {
        intents.extend(care::pressed(&view.care, &mut state.care));
    }
    if prints && print_button.show(ui, next()).clicked() {
        match frame.person {
            Some(_) => state.folder = Some(String::new()),
            None => intents.push(Intent::PrintFireList { folder: String::new() }),
        }
    }
    if carry_button.show(ui, next()).clicked() {
        state.carry = Some(String::new());
    }
    let care = if let Care::Open { words, .. } = &view.care { words.as_str() } else { "" };
    for words in [care, view.opened.as_str()].into_iter().filter(|words| !words.is_empty()) {
        cut.top(8.0);
        let galley = text::wrapped(ui, words, Type::Note, Weight::Regular, tokens.muted, cut.width());
        let high = galley.size().y;
        text::label(ui, cut.top(high), galley, Align::Min);
    }
}

fn count_ui(ui: &mut Ui, cut: &mut Cut, view: &FireView) {
    let tokens = look(ui).tokens;
    let mut line = Cut(cut.top(44.0));
    let number = view.to_call.to_string();
    let wide = text::digits_width(ui, &number, Type::Count, Weight::Strong);
    let spot = line.left(wide);
    text::digits(ui, spot.left_center(), &number, Type::Count, Weight::Strong, tokens.text);
    let words = text::line(ui, " to call", Type::Count, Weight::Strong, tokens.text, 200.0);
    let spot = line.left(words.size().x + 16.0);
    text::paint(ui.painter(), spot, words, Align::Min);
    text::say(ui, spot, &format!("{number} to call"));
    let half = line.height() / 2.0;
    let counted = |count: u32, one: &str, many: &str| format!("{count} {}", if count == 1 { one } else { many });
    let upper = format!(
        "{}, {} staff, {}.",
        counted(view.pupils, "pupil", "pupils"),
        view.staff,
        counted(view.visitors, "visitor", "visitors")
    );
    let galley = text::line(ui, &upper, Type::Body, Weight::Regular, tokens.muted, line.width());
    text::label(ui, line.top(half), galley, Align::Min);
    if view.must_call > 0 {
        let parts = [
            Span::strong(format!("{} must be called: ", view.must_call)),
            Span::plain("we are not certain of them, so they come first."),
        ];
        let galley = text::spans(ui, &parts, Type::Body, tokens.text, line.width(), 1);
        text::label(ui, line.rest(), galley, Align::Min);
    }
}

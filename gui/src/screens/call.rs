//! A roll call: the band that stays, how many are to find, and one full-width row a person.
//!
//! The whole row means *Found*; on a row to check it opens *Settle*. No row moves while somebody works on the list: a
//! found one stays where it is, ticked (see `order`).

pub(crate) mod band;
mod counts;
mod event;
mod layers;
mod order;
mod person;
pub mod row;
mod rows;
mod strips;

use super::care::CareState;
use super::filter::{self, Filter};
use super::report::{self, ReportState};
use crate::command::Command;
use crate::intent::{Intent, LockReason, Screen};
use crate::kit::column::column_within;
use crate::kit::list::ListState;
use crate::kit::text::{self, Type};
use crate::kit::{Button, Cut, Weight, panel, size};
use egui::{Align, Ui, pos2, vec2};
use muster_school::view::call::{CallReport, CallView};
use muster_school::view::{EventId, FrameView, SubjectId};
use order::Order;

/// The count is read out at most this often, in seconds.
const READ_OUT_SECS: f64 = 5.0;

/// What is on top of a roll call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Top {
    /// Two marshals disagree about somebody.
    Settle(SubjectId),
    /// Where somebody was looked for.
    Looked {
        /// Whom.
        person: SubjectId,
        /// A place typed.
        place: String,
    },
    /// Everything that may be said of somebody.
    Person(SubjectId),
    /// At which refuge point somebody waits.
    Refuge {
        /// Who.
        person: SubjectId,
        /// A place typed.
        place: String,
    },
    /// Who says that somebody is not here today.
    NotHere {
        /// Who is not here.
        person: SubjectId,
        /// A name typed.
        by: String,
    },
    /// Where this device's marshal stands.
    Stand,
    /// What belongs to the whole event.
    Event,
    /// Those who are not called here.
    Apart,
    /// Those who came after the start.
    Since,
    /// Those who are to find, by the place where they were last known.
    Missing,
    /// Carrying by hand, with the folder as typed.
    Carry(String),
    /// Somebody who is not on the list.
    Add(String),
    /// Ending the event.
    End,
    /// Ending one that is no drill while people are to find: asked once more.
    EndForAll,
    /// Another device ended it.
    Over,
    /// With nobody signed in: whose marks these are.
    Claim(String),
}

/// Which of those who are found are shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FoundAt {
    /// At an assembly point; empty for none named.
    Point(String),
    /// At a refuge point, waiting for help.
    Waiting,
    /// Not here today.
    NotHere,
}

/// What the screen keeps between frames.
#[derive(Clone, Debug, Default)]
pub struct CallState {
    /// Letters, class, search.
    pub filter: Filter,
    /// Show those who are found.
    pub show_found: bool,
    /// Of the found only these.
    pub shown_at: Option<FoundAt>,
    /// Focus and scrolling.
    pub list: ListState,
    /// What is on top.
    pub top: Option<Top>,
    /// Care details and numbers.
    pub care: CareState,
    /// The report, once the event is over.
    pub report: ReportState,
    event: Option<EventId>,
    order: Order,
    /// The event was ended here, by this press: nobody needs to be told.
    ended_here: bool,
    /// It was seen running on this device.
    ran: bool,
    read_out: String,
    read_at: f64,
}

impl CallState {
    /// Notes what came since the last frame.
    fn follow(&mut self, ui: &Ui, view: &CallView, now: f64) {
        if self.event != Some(view.event) {
            let asked = view.here.is_empty() && !view.silent && event::points(view).next().is_some();
            let top = layers::left_open(ui, view).or(asked.then_some(Top::Stand)).filter(|_| view.report.is_none());
            *self = Self { event: Some(view.event), read_at: f64::MIN, top, ..Self::default() };
        }
        match view.report {
            None if self.top == Some(Top::Over) => (self.top, self.ran) = (None, true),
            None => self.ran = true,
            Some(_) if std::mem::take(&mut self.ran) => {
                // Somebody else ended it: whoever works on the list is asked, not thrown out of it.
                self.top = if std::mem::take(&mut self.ended_here) { None } else { Some(Top::Over) };
            }
            Some(_) => {}
        }
        self.order.follow(ui, view, now);
        let words = counts_words(view);
        if words != self.read_out && now - self.read_at >= READ_OUT_SECS {
            self.read_out = words;
            self.read_at = now;
        }
    }
}

/// The counts in a sentence: `19 to find, 1 to check. Found 412 of 431`.
pub fn counts_words(view: &CallView) -> String {
    let check = if view.to_check > 0 { format!(", {} to check", view.to_check) } else { String::new() };
    format!("{} to find{check}. Found {} of {}", view.to_find, view.found, view.total)
}

/// Shows a roll call in the whole of `ui`.
pub fn call_ui(ui: &mut Ui, frame: &FrameView, view: &CallView, state: &mut CallState) -> Vec<Intent> {
    let mut intents = Vec::new();
    let now = ui.input(|input| input.time);
    state.follow(ui, view, now);
    if let Some(over) = view.report.as_ref().filter(|_| state.top != Some(Top::Over)) {
        return over_ui(ui, frame, view, over, state);
    }
    rows::keep(ui, view, state, now);
    let mut cut = Cut(ui.max_rect());
    band::band_ui(ui, cut.top(size::BAND), frame, view, state, &mut intents);
    let rest = cut.rest();
    state.list.flat = rest.height() < 380.0;
    if !state.list.flat {
        let foot = cut.bottom(32.0);
        above_ui(ui, &mut cut, view, state, &mut intents);
        rows::rows_ui(ui, cut.rest(), view, state, now, &mut intents);
        rows::foot_ui(ui, foot, frame, view, state);
    } else {
        // At double size on a small tablet only the band stays; the rest scrolls under it.
        column_within(ui, rest, "call", 0.0, |ui, cut| {
            above_ui(ui, cut, view, state, &mut intents);
            let high = rows::height(view, state);
            rows::rows_ui(ui, cut.top(high), view, state, now, &mut intents);
            rows::foot_ui(ui, cut.top(32.0), frame, view, state);
        });
    }
    intents.extend(layers::layer_ui(ui, frame, view, state));
    let open = state.top.is_some() || state.care.is_open();
    state.order.under(open, now);
    if !view.silent {
        text::live(ui, "call", &state.read_out);
    }
    intents
}

/// What stands above the rows: the counts, what may be done, what is not to be overlooked, and the filters.
fn above_ui(ui: &mut Ui, cut: &mut Cut, view: &CallView, state: &mut CallState, intents: &mut Vec<Intent>) {
    counts::counts_ui(ui, cut, view, state, intents);
    strips::strips_ui(ui, cut, view, state, intents);
    if state.show_found {
        strips::found_at_ui(ui, cut, view, state);
    }
    let width = cut.width() - 2.0 * size::MARGIN;
    let bar = cut.top(filter::height(ui, width, &view.letters) + 16.0);
    panel::rule(ui, bar, bar.bottom());
    let at = pos2(bar.left() + size::MARGIN, bar.top() + 8.0);
    filter::filter_ui(ui, at, width, &view.letters, &view.classes, &mut state.filter);
}

/// The event is over: what is left of it.
fn over_ui(ui: &mut Ui, frame: &FrameView, view: &CallView, over: &CallReport, state: &mut CallState) -> Vec<Intent> {
    let mut cut = Cut(ui.max_rect());
    let (ground, ink) = band::grounds(ui, view.kind, view.silent);
    let band = cut.top(size::BAND);
    ui.painter().rect_filled(band, 0.0, ground);
    let mut bar = Cut(band.shrink2(vec2(size::MARGIN, 4.0)));
    let hide = Button::new("Hide").step(Type::Name).name(Command::Hide.words());
    let hide_spot = bar.right(hide.width(ui));
    bar.right(12.0);
    let go_on = Button::new("Go on calling").step(Type::Name);
    let go_on_spot = bar.right(go_on.width(ui));
    bar.right(12.0);
    let words = text::line(ui, &over.title, Type::Name, Weight::Strong, ink, bar.width());
    text::label(ui, bar.rest(), words, Align::Min);
    let goes_on = go_on.show(ui, go_on_spot).clicked();
    let hidden = hide.show(ui, hide_spot).clicked();
    let (mut intents, closed) = report::report_ui(ui, cut.rest(), over, &mut state.report, "Close the report");
    if hidden {
        intents.push(Intent::Lock(LockReason::Hidden));
    }
    if goes_on {
        intents.push(layers::go_on(view));
    }
    if closed {
        intents.push(Intent::Open(if frame.person.is_some() { Screen::Today } else { Screen::Lock }));
    }
    intents
}

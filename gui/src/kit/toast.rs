//! Notices: a sentence for some seconds at the bottom left, with *Undo* where there is something to take back,
//! and a list of all of them with their time.
//!
//! Promises: a notice stays at least 6 seconds, 10 with an *Undo*; the pointer or the focus on it stops its time;
//! it is read out; the words of a problem are never here alone, they stay in the list.

use crate::kit::text::{self, Type};
use crate::kit::{Button, Cut, Weight, look, size, status};
use egui::{Align, Id, Order, Rect, StrokeKind, Ui, vec2};
use muster_school::view::status::Status;
use muster_school::view::{Notice, UndoKey};
use std::collections::VecDeque;

/// How long a notice stays, in seconds.
const STAY_SECS: f64 = 6.0;
/// How long one with an *Undo* stays, in seconds.
const STAY_UNDO_SECS: f64 = 10.0;
/// How many are kept in the list: a long day's worth.
const KEPT: usize = 500;

/// The notices of a session.
#[derive(Clone, Debug, Default)]
pub struct Toasts {
    all: VecDeque<Notice>,
    shown: Option<Shown>,
}

#[derive(Clone, Debug)]
struct Shown {
    notice: Notice,
    left_secs: f64,
    last: Option<f64>,
}

impl Toasts {
    /// Shows a notice and keeps it in the list.
    pub fn push(&mut self, notice: Notice) {
        let left_secs = if notice.undo.is_some() { STAY_UNDO_SECS } else { STAY_SECS };
        self.all.push_front(notice.clone());
        self.all.truncate(KEPT);
        self.shown = Some(Shown { notice, left_secs, last: None });
    }

    /// All notices, newest first.
    pub fn all(&self) -> impl Iterator<Item = &Notice> {
        self.all.iter()
    }

    /// The act that *Undo* (Ctrl+Z) would take back: that of the newest notice that has one.
    pub fn undo(&self) -> Option<UndoKey> {
        self.all.iter().find_map(|notice| notice.undo)
    }

    /// Takes the *Undo* away once it was asked for.
    pub fn undone(&mut self, key: UndoKey) {
        for notice in self.all.iter_mut().filter(|notice| notice.undo == Some(key)) {
            notice.undo = None;
        }
        self.shown = self.shown.take().filter(|shown| shown.notice.undo != Some(key));
    }

    /// Shows the current notice with its lower left corner at a place. Returns what *Undo* asked for.
    pub fn show(&mut self, ui: &mut Ui, bottom_left: egui::Pos2, width: f32) -> Option<UndoKey> {
        let now = ui.input(|input| input.time);
        let words = self.shown.as_ref().map(|shown| shown.notice.words.clone()).unwrap_or_default();
        text::live(ui, "notice", &words);
        let shown = self.shown.as_mut()?;
        let area =
            egui::Area::new(Id::unique("toast")).order(Order::Foreground).fixed_pos(bottom_left - vec2(0.0, 52.0));
        let mut undo = None;
        let notice = &shown.notice;
        let held = area
            .show(ui.ctx(), |ui| {
                let tokens = look(ui).tokens;
                let control = look(ui).control();
                let button = Button::new("Undo").shortcut("Ctrl+Z");
                let room = if notice.undo.is_some() { button.width(ui) + 12.0 } else { 0.0 };
                let wanted = text::width(ui, &notice.words, Type::Body, Weight::Regular) + room + 150.0;
                let (rect, _) = ui.allocate_exact_size(vec2(wanted.min(width), control + 12.0), egui::Sense::hover());
                ui.painter().rect(rect, size::RADIUS, tokens.surface, look(ui).outline(), StrokeKind::Inside);
                let mut cut = Cut(rect.shrink2(vec2(12.0, 6.0)));
                if notice.problem {
                    let spot = cut.left(26.0);
                    let ground = tokens.surface;
                    let colour = tokens.status(Status::Check);
                    status::paint(
                        ui.painter(),
                        spot.left_center() + vec2(8.0, 0.0),
                        16.0,
                        Status::Check,
                        colour,
                        ground,
                    );
                }
                let left = format!("{} s", shown.left_secs.ceil().max(0.0));
                text::put_right(ui, cut.right(38.0), &left, Type::Note, Weight::Regular, tokens.muted);
                let mut held = ui.rect_contains_pointer(rect);
                if let Some(key) = notice.undo {
                    let response = button.name("Undo the last change").show(ui, cut.right(room - 12.0));
                    cut.right(12.0);
                    held |= response.has_focus();
                    if response.clicked() {
                        undo = Some(key);
                    }
                }
                let galley = text::line(ui, &notice.words, Type::Body, Weight::Regular, tokens.text, cut.width());
                text::paint(ui.painter(), cut.rest(), galley, Align::Min);
                held
            })
            .inner;
        if let (Some(last), false) = (shown.last, held) {
            shown.left_secs -= now - last;
        }
        shown.last = Some(now);
        if shown.left_secs <= 0.0 {
            self.shown = None;
        }
        ui.ctx().request_repaint_after_secs(0.5);
        undo
    }

    /// The list of all notices, in a rectangle.
    pub fn history_ui(&self, ui: &mut Ui, rect: Rect) {
        let tokens = look(ui).tokens;
        let mut cut = Cut(rect);
        if self.all.is_empty() {
            let galley = text::line(ui, "Nothing yet", Type::Body, Weight::Regular, tokens.muted, cut.width());
            text::label(ui, cut.top(24.0), galley, Align::Min);
        }
        for notice in &self.all {
            if cut.height() < 24.0 {
                break;
            }
            let words = format!("{}  {}", notice.at, notice.words).trim().to_owned();
            let galley = text::wrapped(ui, &words, Type::Body, Weight::Regular, tokens.text, cut.width());
            let high = galley.size().y + 8.0;
            text::label(ui, cut.top(high), galley, Align::Min);
        }
    }
}

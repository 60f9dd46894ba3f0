//! The registers of this session: one's own first, then those not taken.

use super::pupils::doings_ui;
use super::steps;
use crate::intent::{Intent, Screen};
use crate::kit::list::{self, ListState, Rows};
use crate::kit::text::{self, Type};
use crate::kit::{Cut, Weight, chip, look, panel, person_row, size};
use egui::{Align, Id, Rect, Role, Ui, vec2};
use muster_school::view::status::Status;
use muster_school::view::today::{RegisterLine, RegistersView};

/// Shows the list in the whole of `ui`.
pub fn registers_ui(ui: &mut Ui, view: &RegistersView, state: &mut ListState) -> Vec<Intent> {
    let look = look(ui);
    let tokens = look.tokens;
    let mut cut = Cut(ui.max_rect().shrink2(vec2(size::MARGIN, 12.0)));
    let (before, after) = (view.before.as_ref(), view.after.as_ref());
    let wide = steps::width(ui, before, after);
    let mut head = Cut(cut.top(48.0));
    let gone = steps::steps_ui(ui, head.right(wide), before, after);
    let title = text::line(ui, "Registers", Type::Title, Weight::Strong, tokens.text, head.width());
    text::label(ui, head.top(28.0), title, Align::Min);
    let words = format!("{}. {}", view.session, view.summary);
    let summary = text::line(ui, &words, Type::Body, Weight::Regular, tokens.muted, head.width());
    text::label(ui, head.top(20.0), summary, Align::Min);
    cut.top(12.0);
    if view.as_of.stale {
        let words = super::fire::as_of_words(&view.as_of);
        let high = chip::warning_height(ui, &words, cut.width());
        chip::warning(ui, cut.top(high), Status::Check, &words);
        cut.top(8.0);
    }
    let asked = doings_ui(ui, &mut cut, &view.may);
    let body = cut.rest();
    panel::panel(ui, body);
    let of = Rows {
        salt: "registers",
        height: if look.touch { size::CONTROL_TOUCH } else { size::ROW_DEVICE },
        role: Role::Button,
        id: &|_, row: &RegisterLine| Id::unique(("register line", row.key)),
        name: &sentence,
        empty: "No group has a register in this session",
    };
    let pressed = list::rows(ui, body.shrink(1.0), state, &view.rows, &of, |ui, place, row| row_ui(ui, place, row));
    panel::outline(ui, body);
    let opened = pressed.map(|row| Intent::Open(Screen::Register(row.key)));
    opened.or(gone.map(Intent::ListRegisters)).or(asked).into_iter().collect()
}

fn sentence(row: &RegisterLine) -> String {
    let own = if row.own { ", yours" } else { "" };
    format!("{}, {}, {}{own}", row.group, row.teacher, row.state)
}

fn row_ui(ui: &Ui, rect: Rect, row: &RegisterLine) {
    let tokens = look(ui).tokens;
    let mut cut = Cut(rect);
    let icon = cut.left(46.0);
    if let Some(which) = row.status {
        person_row::shape(ui, icon, 16.0, which, tokens.surface);
    }
    let third = cut.width() / 3.0;
    person_row::name(ui, cut.left(third), &row.group, if row.own { "yours" } else { "" }, Type::Body, Weight::Strong);
    text::put(ui, cut.left(third), &row.teacher, Type::Body, Weight::Regular, tokens.text);
    text::put(ui, cut.rest(), &row.state, Type::Body, Weight::Regular, tokens.muted);
}

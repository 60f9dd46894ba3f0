//! To the session before and the one after, by button and by key: in a register, and in the list of registers.

use crate::command::Command;
use crate::kit::{Button, Cut, look};
use egui::{Rect, Ui};
use muster_school::view::RegisterKey;
use muster_school::view::register::Step;

/// How wide both buttons are, with what is between and after them; nothing where there is nowhere to step to.
pub(crate) fn width(ui: &Ui, before: Option<&Step>, after: Option<&Step>) -> f32 {
    if before.is_none() && after.is_none() {
        return 0.0;
    }
    Button::new("Earlier").width(ui) + Button::new("Later").width(ui) + 8.0 + 16.0
}

/// Shows both at the left of `rect`, and answers with where somebody goes.
pub(crate) fn steps_ui(ui: &mut Ui, rect: Rect, before: Option<&Step>, after: Option<&Step>) -> Option<RegisterKey> {
    if before.is_none() && after.is_none() {
        return None;
    }
    let mut cut = Cut(crate::kit::cut::middle(rect, look(ui).control()));
    let mut gone = None;
    for (words, command, to) in [("Earlier", Command::SessionBefore, before), ("Later", Command::SessionAfter, after)] {
        let name = to.map_or_else(|| words.to_owned(), |to| format!("{words}: {}", to.words));
        let button = Button::new(words).name(name).enabled(to.is_some());
        let wide = button.width(ui);
        let clicked = button.show(ui, cut.left(wide)).clicked();
        cut.left(8.0);
        if let Some(to) = to
            && (clicked || command.pressed(ui))
        {
            gone = Some(to.key);
        }
    }
    gone
}

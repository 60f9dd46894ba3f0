//! Bringing a device in: a layer over the screen of devices.

use super::DevicesState;
use crate::intent::Intent;
use crate::kit::qr::qr;
use crate::kit::text::{self, Type};
use crate::kit::{Button, Weight, copy, layer, look};
use crate::screens::join::phrase_ui;
use egui::{Align, Rect, Ui, vec2};
use muster_school::view::devices::{DevicesView, InviteView};

/// The side of the picture of a code, in points: a camera reads it from half a metre.
const QR: f32 = 220.0;

/// How long the code still works, counted down here: the view says it once in a while.
fn left_words(ui: &Ui, invite: &InviteView, state: &mut DevicesState) -> String {
    let InviteView::Open { left_secs, .. } = invite else {
        state.ends = None;
        return String::new();
    };
    let now = ui.input(|input| input.time);
    if state.ends.is_none_or(|(said, _)| said != *left_secs) {
        state.ends = Some((*left_secs, now + f64::from(*left_secs)));
    }
    let left = state.ends.map_or(0.0, |(_, until)| (until - now).max(0.0));
    let (minutes, secs) = ((left / 60.0).floor(), (left % 60.0).floor());
    format!("{minutes:.0} min {secs:.0} s left.")
}

/// Shows the invitation in progress, if there is one.
pub fn invite_ui(ui: &mut Ui, view: &DevicesView, state: &mut DevicesState) -> Vec<Intent> {
    let Some(invite) = &view.invite else {
        state.ends = None;
        return Vec::new();
    };
    let left = left_words(ui, invite, state);
    let mut again = false;
    let high = look(ui).control();
    let tokens = look(ui).tokens;
    let title = match invite {
        InviteView::Open { .. } => "Add a device",
        InviteView::Compare { .. } => "Is it the same phrase?",
        InviteView::Done { .. } => "The device is in",
        InviteView::Failed { .. } => "The device is not in",
    };
    let (intents, closed) = layer::show(ui, "invite", title, 560.0, |ui, inside| {
        let mut intents = Vec::new();
        let button = |ui: &mut Ui, words: &str, filled: bool, first: bool| {
            let rect = inside.next(ui, high);
            let button = if filled { Button::filled(words) } else { Button::new(words) };
            let wide = button.width(ui);
            let response = button.show(ui, Rect::from_min_size(rect.min, vec2(wide, high)));
            if first && inside.fresh {
                response.request_focus();
            }
            response.clicked()
        };
        match invite {
            InviteView::Open { words, code, expires, .. } => {
                inside.words(
                    ui,
                    "On the new device, open Muster and type these six words. Both have to be on the same network.",
                );
                let rect = inside.next(ui, 96.0);
                phrase_ui(ui, rect, &words.join(" "));
                inside.words(ui, &format!("{expires}. {left}"));
                inside.words(ui, "Where the two do not find each other, paste the whole code there; it also says where this device is.");
                let rect = inside.next(ui, QR);
                let _drawn = qr(ui, rect, code, "The code as a picture for a camera");
                let galley = text::wrapped(ui, code, Type::Note, Weight::Regular, tokens.muted, inside.width);
                let rect = inside.next(ui, galley.size().y);
                text::label(ui, rect, galley, Align::Min);
                if button(ui, copy::words(ui, "code", "Copy the whole code"), true, true) {
                    copy::copy(ui, "code", code.clone());
                }
                if button(ui, "Stop", false, false) {
                    intents.push(Intent::CancelInvite);
                }
            }
            InviteView::Compare { device, phrase, twice } => {
                inside.words(ui, &format!("{device} shows a phrase. Let it in only if it is this one."));
                twice.iter().for_each(|words| inside.words(ui, words));
                let rect = inside.next(ui, 96.0);
                phrase_ui(ui, rect, phrase);
                if button(ui, "It is the same: let it in", true, false) {
                    intents.push(Intent::ConfirmInvite);
                }
                if button(ui, "It is different: stop", false, true) {
                    intents.push(Intent::CancelInvite);
                }
            }
            InviteView::Done { device } => {
                inside.words(ui, &format!("{device} is in, and receives the school’s records now."));
                if button(ui, "Close", true, true) {
                    intents.push(Intent::CancelInvite);
                }
            }
            InviteView::Failed { words } => {
                inside.words(ui, words);
                if button(ui, "Make a new code", true, true) {
                    again = true;
                }
                if button(ui, "Close", false, false) {
                    intents.push(Intent::CancelInvite);
                }
            }
        }
        intents
    });
    if again {
        state.enrol = Some(super::enrol::Enrol::default());
        return vec![Intent::CancelInvite];
    }
    // A click beside the panel is no answer while a device waits; Esc and the buttons are.
    let escape = ui.input(|input| input.key_pressed(egui::Key::Escape));
    if closed && intents.is_empty() && (escape || !matches!(invite, InviteView::Compare { .. })) {
        return vec![Intent::CancelInvite];
    }
    intents
}

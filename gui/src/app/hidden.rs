//! *Hide the screen now*: the picture goes in the frame of the press, and whoever was signed in is signed out.
//!
//! Promises: works on every screen and over every layer; a hidden screen says nothing of the school or of anybody;
//! the press that brings it back does nothing else; the fire register is two actions away, as from the lock screen.
//! A roll call is not lost: it goes on with nobody signed in, and is what comes back.

use super::App;
use crate::command::Command;
use crate::intent::{Intent, LockReason, Screen};
use crate::kit::text::{self, Type};
use crate::kit::{Button, Kind, Weight, look};
use egui::{Align, Event, Id, Rect, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};
use muster_school::view::call::CallView;

impl App {
    /// The roll call that shows, over or not.
    pub(super) fn call(&self) -> Option<&CallView> {
        self.views.call.as_deref().filter(|call| self.screen == Screen::Call(call.event))
    }

    /// True in a roll call that has not ended. One that does not show yet, or was never here, keeps nobody.
    pub(super) fn in_call(&self) -> bool {
        self.call().is_some_and(|call| call.report.is_none())
    }

    /// Takes the picture away and has the device locked.
    pub(super) fn hide(&mut self) {
        if std::mem::replace(&mut self.hidden, true) {
            return;
        }
        self.hand_over();
        self.menu = false;
        self.layer = None;
        if self.in_call() {
            let was_signed_in = self.signed_in();
            self.forget_person();
            if was_signed_in {
                self.engine.send(Intent::Lock(LockReason::HiddenInCall));
            } else if let Screen::Call(event) = self.screen {
                // Whoever takes the tablet up next may be another marshal.
                self.engine.send(Intent::ClaimMarshal { event, name: String::new() });
            }
        } else if !matches!(self.screen, Screen::Join | Screen::Shut) {
            self.go(Screen::Lock);
            self.engine.send(Intent::Lock(LockReason::Hidden));
        }
    }

    /// Shows the hidden screen in `rect`, until somebody presses a key or touches it.
    pub(super) fn hidden_ui(&mut self, ui: &mut Ui, rect: Rect) {
        let tokens = look(ui).tokens;
        let mut inner = ui.new_child(UiBuilder::new().id_salt("hidden").max_rect(rect));
        let ui = &mut inner;
        ui.painter().rect_filled(rect, 0.0, tokens.bg);
        let (title, words) = match self.screen {
            Screen::Call(_) => {
                ("The screen is hidden. The roll call goes on", "Press any key, or touch the screen, to go back to it.")
            }
            Screen::Lock => ("The screen is hidden", "Press any key, or touch the screen, to sign in."),
            _ => ("The screen is hidden", "Press any key, or touch the screen, to go on."),
        };
        let back = ui.interact(rect, Id::unique("hidden screen"), Sense::click());
        back.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("{title}. {words}")));
        let wide = (rect.width() - 64.0).min(560.0);
        let title = text::wrapped(ui, title, Type::Title, Weight::Strong, tokens.muted, wide);
        let words = text::wrapped(ui, words, Type::Body, Weight::Regular, tokens.muted, wide);
        let mut top = rect.center().y - title.size().y - 40.0;
        for galley in [title, words] {
            let high = galley.size().y;
            let spot = Rect::from_min_size(pos2(rect.center().x - wide / 2.0, top), vec2(wide, high));
            text::paint(ui.painter(), spot, galley, Align::Center);
            top += high + 8.0;
        }
        let fire_keys = Command::GoFire.keys();
        let fire = Button::new("Fire register").kind(Kind::Emergency).step(Type::Name).shortcut(&fire_keys);
        let spot = Rect::from_center_size(pos2(rect.center().x, top + 48.0), vec2(fire.width(ui).max(220.0), 56.0));
        let fire = self.screen == Screen::Lock && fire.show(ui, spot).clicked() | Command::GoFire.pressed(ui);
        if fire {
            self.states.lock.ask();
        }
        let key = |event: &Event| match event {
            Event::Key { key, pressed, .. } => *pressed && *key != egui::Key::F12,
            event => matches!(event, Event::Text(_) | Event::Paste(_)),
        };
        let pressed = ui.input_mut(|input| std::mem::take(&mut input.events).iter().any(key));
        if fire || pressed || back.clicked() {
            self.hidden = false;
            ui.ctx().request_repaint();
        }
    }
}

//! Which screen is drawn, and what frames it.

use super::{App, layers};
use crate::intent::{Intent, Screen};
use crate::kit::text::{self, Type};
use crate::kit::{Button, Cut, Weight, chip, look, size};
use crate::screens::activation::activation_ui;
use crate::screens::add_concern::add_concern_ui;
use crate::screens::attendance::attendance_ui;
use crate::screens::audit::audit_ui;
use crate::screens::calendar::calendar_ui;
use crate::screens::call::call_ui;
use crate::screens::concerns::concerns_ui;
use crate::screens::devices::devices_ui;
use crate::screens::display::display_ui;
use crate::screens::drills::drills_ui;
use crate::screens::fire::fire_ui;
use crate::screens::join::join_ui;
use crate::screens::lock::lock_ui;
use crate::screens::own::own_ui;
use crate::screens::people::people_ui;
use crate::screens::pupils::form::form_ui;
use crate::screens::pupils::pupils_ui;
use crate::screens::reception::reception_ui;
use crate::screens::register::register_ui;
use crate::screens::registers::registers_ui;
use crate::screens::roles::roles_ui;
use crate::screens::running::running_ui;
use crate::screens::shut::shut_ui;
use crate::screens::to_do::to_do_ui;
use crate::screens::today::today_ui;
use crate::screens::{frame, today};
use egui::{Align, Rect, Ui, UiBuilder, vec2};
use muster_school::view::FrameView;
use muster_school::view::status::Status;

impl App {
    pub(super) fn screen_ui(&mut self, ui: &mut Ui) -> Vec<Intent> {
        let (views, states) = (&self.views, &mut self.states);
        // A kiosk is the form at the door, and nothing else.
        let door = views.frame.kiosk && !matches!(self.screen, Screen::Join | Screen::Shut);
        match if door { Screen::Reception } else { self.screen } {
            Screen::Lock => {
                let mut cut = Cut(ui.max_rect());
                let mut intents = running_ui(ui, &mut cut, &views.frame.running);
                warning_ui(ui, &mut cut, &views.frame);
                let mut rest = ui.new_child(UiBuilder::new().id_salt("lock").max_rect(cut.rest()));
                let (asked, choice) = lock_ui(&mut rest, &views.frame, &views.lock, &mut states.lock);
                intents.extend(asked);
                if let Some(choice) = choice {
                    // `Open` resets the screen: the choice is set once it is open.
                    self.go(Screen::Fire);
                    self.states.fire.chosen = choice.0;
                }
                intents
            }
            Screen::Activation(_) => activation_ui(ui, &views.frame, &views.activation, &mut states.activation),
            Screen::Join => join_ui(ui, &views.frame, &views.join, &mut states.join),
            Screen::Shut => {
                shut_ui(ui, &views.shut);
                Vec::new()
            }
            Screen::Fire => match &views.fire {
                Some(view) => under_warning(ui, &views.frame, |ui| fire_ui(ui, &views.frame, view, &mut states.fire)),
                None => waiting_back_ui(ui, "Opening the list", &views.frame),
            },
            Screen::Call(event) => match views.call.as_ref().filter(|view| view.event == event) {
                Some(view) => under_warning(ui, &views.frame, |ui| call_ui(ui, &views.frame, view, &mut states.call)),
                None => waiting_back_ui(ui, "Opening the roll call", &views.frame),
            },
            Screen::Display => match &views.display {
                Some(view) => under_warning(ui, &views.frame, |ui| display_ui(ui, &views.frame, view)),
                None => waiting_back_ui(ui, "Counting", &views.frame),
            },
            Screen::Reception if door || views.frame.person.is_none() => match &views.reception {
                Some(view) => {
                    under_warning(ui, &views.frame, |ui| reception_ui(ui, &views.frame, view, &mut states.reception))
                }
                None => waiting_back_ui(ui, "Opening the reception", &views.frame),
            },
            _ => self.framed_ui(ui),
        }
    }

    fn framed_ui(&mut self, ui: &mut Ui) -> Vec<Intent> {
        let mut intents = Vec::new();
        let narrow = ui.max_rect().width() < size::NARROW || look(ui).touch;
        let mut cut = Cut(ui.max_rect());
        let header = cut.top(frame::header_height(ui, narrow));
        // Outside school hours there is one page, and nowhere else to go.
        let only = self.views.frame.concern_only;
        let menu = (narrow && !only).then_some(&mut self.menu);
        intents.extend(frame::header_ui(ui, header, &self.views.frame, menu));
        if !only {
            intents.extend(running_ui(ui, &mut cut, &self.views.frame.running));
        }
        warning_ui(ui, &mut cut, &self.views.frame);
        if only {
            self.menu = false;
        } else if !narrow {
            let spot = cut.left(size::NAVIGATION);
            intents.extend(frame::navigation_ui(ui, spot, &self.views.frame, self.screen));
        } else if self.menu {
            intents.extend(layers::menu_ui(ui, &mut self.menu, self.screen));
        }
        let mut content = ui.new_child(UiBuilder::new().id_salt("content").max_rect(cut.rest()));
        let ui = &mut content;
        ui.set_clip_rect(cut.rest().intersect(ui.clip_rect()));
        let (views, states) = (&self.views, &mut self.states);
        intents.extend(
            match self.screen {
                Screen::Today => views.today.as_ref().map(|view| today_ui(ui, view)),
                Screen::Registers => views.registers.as_ref().map(|view| registers_ui(ui, view, &mut states.registers)),
                Screen::Register(key) => {
                    let view = views.register.as_ref().filter(|view| view.key == key);
                    view.map(|view| register_ui(ui, view, &mut states.register))
                }
                Screen::AddConcern => {
                    let view = views.add_concern.as_ref();
                    view.map(|view| add_concern_ui(ui, view, only, &mut states.add_concern))
                }
                Screen::Concerns => views.concerns.as_ref().map(|view| concerns_ui(ui, view, &mut states.concerns)),
                Screen::Audit => views.audit.as_ref().map(|view| audit_ui(ui, view, &mut states.audit)),
                Screen::Own => views.own.as_ref().map(|view| own_ui(ui, view, &mut states.own)),
                Screen::Devices => {
                    views.devices.as_ref().map(|view| devices_ui(ui, &views.frame, view, &mut states.devices))
                }
                Screen::People => views.people.as_ref().map(|view| people_ui(ui, view, &mut states.people)),
                Screen::Pupils => views.pupils.as_ref().map(|view| pupils_ui(ui, view, &mut states.pupils)),
                Screen::Roles => views.roles.as_ref().map(|view| roles_ui(ui, view, &mut states.roles)),
                Screen::Calendar => views.calendar.as_ref().map(|view| calendar_ui(ui, view, &mut states.calendar)),
                Screen::Attendance => {
                    views.attendance.as_ref().map(|view| attendance_ui(ui, view, &mut states.attendance))
                }
                Screen::Reception => {
                    let view = views.reception.as_ref();
                    view.map(|view| reception_ui(ui, &views.frame, view, &mut states.reception))
                }
                Screen::Drills => views.drills.as_ref().map(|view| drills_ui(ui, view, &mut states.drills)),
                Screen::ToDo => views.to_do.as_ref().map(|view| to_do_ui(ui, view, &mut states.to_do)),
                _ => None,
            }
            .unwrap_or_else(|| waiting_ui(ui, "Reading the records")),
        );
        if matches!(self.screen, Screen::Registers | Screen::Calendar | Screen::ToDo) {
            intents.extend(form_ui(ui, views.form.as_ref(), &mut states.form).map(Intent::Pupils));
        }
        intents
    }
}

/// What is wrong with this device and concerns every screen.
fn warning_ui(ui: &mut Ui, cut: &mut Cut, frame: &FrameView) {
    let Some(words) = &frame.warning else { return };
    let parts = today::sentence(words);
    let high = chip::warning_height(ui, &parts, cut.width());
    chip::warning(ui, cut.top(high), Status::Check, &parts);
}

/// A screen without a frame, under what is wrong with this device.
fn under_warning(ui: &mut Ui, frame: &FrameView, show: impl FnOnce(&mut Ui) -> Vec<Intent>) -> Vec<Intent> {
    if frame.warning.is_none() {
        return show(ui);
    }
    let mut cut = Cut(ui.max_rect());
    warning_ui(ui, &mut cut, frame);
    let mut rest = ui.new_child(UiBuilder::new().id_salt("under a warning").max_rect(cut.rest()));
    show(&mut rest)
}

/// What shows until the engine has answered: a sentence, no spinner.
fn waiting_ui(ui: &mut Ui, words: &str) -> Vec<Intent> {
    let rect = ui.max_rect().shrink(size::MARGIN);
    let words = format!("{words}, a moment");
    let galley = text::line(ui, &words, Type::Body, Weight::Regular, look(ui).tokens.muted, rect.width());
    text::label(ui, rect, galley, Align::Center);
    Vec::new()
}

/// As [`waiting_ui`], on a screen that has no frame around it: with a way back, should no answer come.
fn waiting_back_ui(ui: &mut Ui, words: &str, frame: &FrameView) -> Vec<Intent> {
    let mut intents = waiting_ui(ui, words);
    let back = Button::new("Back").step(Type::Name);
    let rect = ui.max_rect();
    let spot = Rect::from_center_size(rect.center() + vec2(0.0, 64.0), vec2(back.width(ui), size::CONTROL_TOUCH));
    if back.show(ui, spot).clicked() {
        let to = if frame.person.is_some() { Screen::Today } else { Screen::Lock };
        intents.push(Intent::Open(to));
    }
    intents
}

//! What the keys and the palette lead to.

use super::App;
use super::layers::Layer;
use crate::command::{Command, Reach};
use crate::intent::{Intent, LockReason, Screen};
use egui::Ui;

impl App {
    pub(super) fn shortcuts(&mut self, ui: &Ui) -> Vec<Intent> {
        let mut intents = Vec::new();
        for command in Command::ALL {
            let here = match command.reach() {
                Reach::Always => !matches!(self.screen, Screen::Join | Screen::Shut),
                Reach::SignedIn if self.views.frame.concern_only => command.serves_concern_only(),
                Reach::SignedIn => self.signed_in() && self.screen != Screen::Lock && self.call().is_none(),
                Reach::Registers | Reach::Register => false,
            };
            if here && command.pressed(ui) {
                intents.extend(self.command(command));
            }
        }
        intents
    }

    /// Does what a command says; what the screens do themselves is handed on to them.
    fn command(&mut self, command: Command) -> Option<Intent> {
        match command {
            Command::GoToday => Some(Intent::Open(Screen::Today)),
            Command::GoRegisters => Some(Intent::Open(Screen::Registers)),
            Command::GoAudit => Some(Intent::Open(Screen::Audit)),
            Command::GoDevices => Some(Intent::Open(Screen::Devices)),
            Command::GoOwn => Some(Intent::Open(Screen::Own)),
            Command::GoPeople => Some(Intent::Open(Screen::People)),
            Command::GoConcerns => Some(Intent::Open(Screen::Concerns)),
            Command::AddConcern => match self.screen {
                Screen::Lock => Some(Intent::ForConcern(true)),
                Screen::AddConcern => None,
                Screen::Call(_) if self.call().is_some() => None,
                _ => self.signed_in().then_some(Intent::Open(Screen::AddConcern)),
            },
            Command::GoRoles => Some(Intent::Open(Screen::Roles)),
            Command::GoCalendar => Some(Intent::Open(Screen::Calendar)),
            Command::GoAttendance => Some(Intent::Open(Screen::Attendance)),
            Command::GoToDo => Some(Intent::Open(Screen::ToDo)),
            Command::GoReception => Some(Intent::Open(Screen::Reception)),
            Command::GoDrills => Some(Intent::Open(Screen::Drills)),
            Command::GoDisplay => Some(Intent::Open(Screen::Display)),
            Command::GoPupils => Some(Intent::Open(Screen::Pupils)),
            Command::GoFire => match self.screen {
                Screen::Lock => {
                    self.states.lock.ask();
                    None
                }
                Screen::Fire => None,
                Screen::Call(_) if self.call().is_some() => None,
                _ => Some(Intent::Open(Screen::Fire)),
            },
            Command::Lock => Some(Intent::Lock(LockReason::Asked)),
            Command::Hide => Some(Intent::Lock(LockReason::Hidden)),
            Command::RaiseAccess => Some(Intent::StepUp),
            Command::Undo => Some(self.toasts.undo().map_or(Intent::UndoLast, Intent::Undo)),
            Command::Palette => {
                self.layer = Some(Layer::Palette { typed: String::new(), place: 0 });
                None
            }
            Command::Help => {
                self.layer = Some(Layer::Help);
                None
            }
            Command::Notices => {
                self.layer = Some(Layer::Notices);
                None
            }
            Command::Settings => {
                self.layer = Some(Layer::Settings);
                None
            }
            Command::SessionBefore
            | Command::SessionAfter
            | Command::FindName
            | Command::MarkRemaining
            | Command::Finish
            | Command::AboutMark
            | Command::Comment
            | Command::AddUnlisted => None,
        }
    }
}

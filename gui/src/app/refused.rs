//! What was typed and the engine did not accept: it stands in its form again, so that nobody types it twice.
//!
//! The intent holds all of it. What somebody has opened meanwhile is left alone.

use super::App;
use crate::intent::{Intent, Screen, Sighting};
use crate::screens::call::Top;

impl App {
    /// Opens the form of an intent again, where its screen still shows.
    pub(super) fn refused(&mut self, intent: Intent, words: &str) {
        let screen = self.screen;
        let (views, states) = (&self.views, &mut self.states);
        match intent {
            Intent::GiveRole(given) if screen == Screen::People => {
                if let Some(view) = &views.people {
                    states.people.give_again(view, given, words);
                }
            }
            Intent::Mark { register, .. } | Intent::ClearMark { register, .. } | Intent::Comment { register, .. }
                if screen == Screen::Register(register) =>
            {
                states.register.ask_again(intent);
            }
            Intent::Connect { address } if screen == Screen::Devices => {
                states.devices.address.get_or_insert(address);
                words.clone_into(&mut states.devices.address_problem);
            }
            Intent::AddUnlisted { .. } if matches!(screen, Screen::Register(_)) => states.register.ask_again(intent),
            Intent::Sight { event, person, sighting: Sighting::NotFound { place } }
                if screen == Screen::Call(event) && !place.is_empty() =>
            {
                states.call.top.get_or_insert(Top::Looked { person, place });
            }
            Intent::AddStranger { event, name } if screen == Screen::Call(event) => {
                states.call.top.get_or_insert(Top::Add(name));
            }
            Intent::LogCall(made) if screen == Screen::ToDo => {
                if let Some(view) = &views.to_do {
                    states.to_do.give_again(view, made, words);
                }
            }
            Intent::Reception(act) if screen == Screen::Reception => {
                if let Some(view) = &views.reception {
                    states.reception.give_again(view, act, words);
                }
            }
            _ => {}
        }
    }
}

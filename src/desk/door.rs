//! The way into a school, for a device that is in none yet.

use super::kept;
use super::shared::Shared;
use super::{State, serve};
use crate::commands::Common;
use crate::join::{Said, join};
use crate::limits;
use muster_gui::{Intent, Screen, Update};
use muster_school::view::devices::JoinView;
use std::sync::{Arc, Mutex};

/// See the module.
#[derive(Default)]
pub(super) struct Door {
    /// What the person here says to the join that is going on.
    said: Option<Arc<Mutex<Said>>>,
}

impl Door {
    pub(super) fn serve(&mut self, intent: Intent, common: &Common, shared: &Arc<Shared>, state: &Arc<Mutex<State>>) {
        match intent {
            Intent::Join { code, device } => {
                let said = Arc::new(Mutex::new(Said::Nothing));
                self.said = Some(said.clone());
                shared.push(Update::Join(JoinView::Calling {
                    words: "Looking for the other device, at most half a minute".to_owned(),
                }));
                let (common, shared, state) = (common.clone(), shared.clone(), state.clone());
                std::thread::spawn(move || go(&common, code.expose(), &device, &said, &shared, &state));
            }
            Intent::CancelJoin => {
                self.say(Said::Stop);
                self.said = None;
                shared.push(Update::Join(JoinView::default()));
            }
            Intent::ConfirmJoin => {
                self.say(Said::Same);
                shared.push(Update::Join(JoinView::Calling {
                    words: format!(
                        "Waiting until it is confirmed on the other device, at most {} minutes",
                        limits::INVITATION.as_secs() / 60
                    ),
                }));
            }
            Intent::Open(Screen::Join) => shared.push(Update::Join(JoinView::default())),
            Intent::Keep(settings) => kept::keep_or_say(&common.folder(), &settings, shared),
            _ => {}
        }
    }

    fn say(&self, what: Said) {
        if let Some(mut said) = self.said.as_ref().and_then(|said| said.lock().ok()) {
            *said = what;
        }
    }
}

fn go(common: &Common, code: &str, name: &str, said: &Mutex<Said>, shared: &Arc<Shared>, state: &Arc<Mutex<State>>) {
    let mut on_phrase = |phrase: &str| {
        shared.push(Update::Join(JoinView::Compare { phrase: phrase.to_owned() }));
    };
    let done = join(&common.folder(), code, name, &common.reach(), common.clock(), &mut on_phrase, &|| {
        said.lock().map_or(Said::Stop, |said| *said)
    })
    .and_then(|joined| {
        let host = serve(joined.device, common, shared)?;
        // What comes is counted here until whoever looks goes on, or all of it is there.
        if let Some(Ok(mut clerk)) = shared.clerk().as_ref().map(|clerk| clerk.lock()) {
            clerk.screen = Screen::Join;
        }
        host.call(move |host| host.expect(joined.inviter, joined.addresses))?;
        Ok(host)
    });
    match done {
        Ok(host) => {
            let clerk = shared.clerk();
            let counted = host.post(move |host| {
                if let Some(Ok(mut clerk)) = clerk.as_ref().map(|clerk| clerk.lock()) {
                    clerk.refresh(host);
                }
            });
            if let Err(error) = counted {
                shared.say(&error.to_string());
            }
            if let Ok(mut state) = state.lock() {
                *state = State::Open(host);
            }
        }
        // Whoever stopped it sees the form already, or another join by now.
        Err(_) if said.lock().is_ok_and(|said| *said == Said::Stop) => {}
        Err(error) => shared.push(Update::Join(JoinView::Ask { problem: Some(error.to_string()) })),
    }
}

//! The way into a school, for a device that is in none yet.

use super::shared::Shared;
use super::{State, serve};
use crate::commands::Common;
use crate::join::join;
use muster_gui::{Intent, Screen, Update};
use muster_school::view::devices::JoinView;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

/// See the module.
#[derive(Default)]
pub(super) struct Door {
    cancelled: Option<Arc<AtomicBool>>,
}

impl Door {
    pub(super) fn serve(&mut self, intent: Intent, common: &Common, shared: &Arc<Shared>, state: &Arc<Mutex<State>>) {
        match intent {
            Intent::Join { code, device } => {
                let cancelled = Arc::new(AtomicBool::new(false));
                self.cancelled = Some(cancelled.clone());
                shared.push(Update::Join(JoinView::Calling {
                    words: "Calling the other device, at most 10 seconds".to_owned(),
                }));
                let (common, shared, state) = (common.clone(), shared.clone(), state.clone());
                std::thread::spawn(move || go(&common, code.expose(), &device, &cancelled, &shared, &state));
            }
            Intent::CancelJoin => {
                if let Some(cancelled) = self.cancelled.take() {
                    cancelled.store(true, Ordering::Release);
                }
                shared.push(Update::Join(JoinView::default()));
            }
            Intent::Open(Screen::Join) => shared.push(Update::Join(JoinView::default())),
            _ => {}
        }
    }
}

fn go(
    common: &Common,
    code: &str,
    name: &str,
    cancelled: &AtomicBool,
    shared: &Arc<Shared>,
    state: &Arc<Mutex<State>>,
) {
    let mut on_phrase = |phrase: &str| {
        shared.push(Update::Join(JoinView::Compare { phrase: phrase.to_owned(), school: String::new() }));
    };
    let done = join(&common.folder(), code, name, &common.reach(), common.clock(), &mut on_phrase, &|| {
        cancelled.load(Ordering::Acquire)
    })
    .and_then(|joined| {
        shared.push(Update::Join(JoinView::Receiving {
            words: "Let in. Receiving what this device may hold".to_owned(),
        }));
        let host = serve(joined.device, common, shared)?;
        host.call(move |host| host.expect(joined.inviter, joined.addresses))?;
        Ok(host)
    });
    match done {
        Ok(host) => {
            if let Ok(mut state) = state.lock() {
                *state = State::Open(host);
            }
            shared.push(Update::Join(JoinView::Done { school: String::new() }));
            shared.push(Update::Go(Screen::Lock));
        }
        Err(error) => shared.push(Update::Join(JoinView::Ask { problem: Some(error.to_string()) })),
    }
}

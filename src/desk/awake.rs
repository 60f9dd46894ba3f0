//! Keeps the machine's own screen from going dark while a roll call is on it, where the system can be asked to.
//!
//! Promises: asking never holds anything up, and a system that cannot be asked (no desktop, no session) changes nothing:
//! then only the power plan that the school has set helps.

use std::sync::mpsc::{SyncSender, sync_channel};

/// Changes of mind that may wait: the last one counts, and asking takes some milliseconds.
const WAITING: usize = 4;

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Awake {
    wanted: bool,
    tell: Option<SyncSender<bool>>,
}

impl Awake {
    /// Whether the screen is to stay on.
    pub(super) fn set(&mut self, wanted: bool) {
        if self.wanted == wanted {
            return;
        }
        let tell = self.tell.get_or_insert_with(begin);
        // Told again with the next look when it is too busy to hear it now.
        if tell.try_send(wanted).is_ok() {
            self.wanted = wanted;
        }
    }

    #[cfg(test)]
    pub(super) fn is_wanted(&self) -> bool {
        self.wanted
    }
}

/// A thread of its own, since the system's answer may take its time; it ends with what tells it.
fn begin() -> SyncSender<bool> {
    let (tell, told) = sync_channel(WAITING);
    let keep = move || {
        let mut held = None;
        while let Ok(wanted) = told.recv() {
            held = if wanted { held.or_else(ask) } else { None };
        }
    };
    if let Err(error) = std::thread::Builder::new().name("muster-awake".to_owned()).spawn(keep) {
        tracing::warn!(%error, "the screen may go dark in a roll call");
    }
    tell
}

fn ask() -> Option<keepawake::KeepAwake> {
    let asked = keepawake::Builder::default()
        .display(true)
        .reason("A roll call")
        .app_name("Muster")
        .app_reverse_domain("school.muster")
        .create();
    asked.inspect_err(|error| tracing::info!(%error, "the screen may go dark in a roll call")).ok()
}

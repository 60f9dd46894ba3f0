//! What the client's thread and the host's share: updates on their way, and a way to wake the client.

use super::clerk::Clerk;
use muster_gui::Update;
use muster_school::view::Notice;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

type Wake = Box<dyn Fn() + Send + Sync>;

/// Updates kept for a client that does not poll, such as a window that is hidden. Views replace each other; of the rest
/// the oldest notice goes first, and never the last word on which screen is open.
const UPDATES_MOST: usize = 256;

/// See the module.
#[derive(Default)]
pub(super) struct Shared {
    updates: Mutex<VecDeque<Update>>,
    wake: Mutex<Option<Wake>>,
    clerk: Mutex<Option<Arc<Mutex<Clerk>>>>,
}

impl Shared {
    pub(super) fn push(&self, update: Update) {
        if let Ok(mut updates) = self.updates.lock() {
            let same = |held: &Update| std::mem::discriminant(held) == std::mem::discriminant(&update);
            if is_view(&update) {
                updates.retain(|held| !same(held));
            }
            if updates.len() >= UPDATES_MOST {
                let notice = updates.iter().position(|held| matches!(held, Update::Notice(_)));
                updates.remove(notice.unwrap_or(0));
            }
            updates.push_back(update);
        }
        if let Ok(wake) = self.wake.lock()
            && let Some(wake) = wake.as_ref()
        {
            wake();
        }
    }

    /// Shows that something did not work.
    pub(super) fn say(&self, words: &str) {
        self.push(Update::Notice(Notice { at: String::new(), words: words.to_owned(), undo: None, problem: true }));
    }

    pub(super) fn take(&self) -> Vec<Update> {
        self.updates.lock().map(|mut updates| updates.drain(..).collect()).unwrap_or_default()
    }

    pub(super) fn wake_with(&self, wake: Wake) {
        if let Ok(mut held) = self.wake.lock() {
            *held = Some(wake);
        }
    }

    pub(super) fn set_clerk(&self, clerk: Arc<Mutex<Clerk>>) {
        if let Ok(mut held) = self.clerk.lock() {
            *held = Some(clerk);
        }
    }

    pub(super) fn clerk(&self) -> Option<Arc<Mutex<Clerk>>> {
        self.clerk.lock().ok().and_then(|held| held.clone())
    }
}

/// Whether a newer one replaces an older one whole.
fn is_view(update: &Update) -> bool {
    !matches!(
        update,
        Update::Notice(_)
            | Update::Go(_)
            | Update::MarkRefused { .. }
            | Update::Refused { .. }
            | Update::Drafts(_)
            | Update::DraftsGone(_)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use muster_gui::Screen;

    #[test]
    fn a_window_that_was_away_hears_that_the_device_locked_however_much_else_happened() {
        let shared = Shared::default();
        shared.push(Update::Go(Screen::Today));
        for number in 0..300 {
            shared.say(&format!("trouble {number}"));
        }
        shared.push(Update::Go(Screen::Lock));
        let taken = shared.take();
        assert_eq!(taken.last(), Some(&Update::Go(Screen::Lock)));
        assert_eq!(taken.first(), Some(&Update::Go(Screen::Today)), "of all these, notices are let go first");
        assert_eq!(taken.len(), UPDATES_MOST);
    }
}

//! Records that do not open keep nobody from the fire list: it is a file of its own.
//!
//! Shows the lock screen and the fire list as often as they are asked for, and says of everything else why it cannot
//! be done. That the list was opened waits beside the records until they open; the list says so.

use super::kept;
use super::shared::Shared;
use crate::commands::Common;
use crate::device::opened;
use crate::fire_file;
use muster_gui::{Intent, Screen, Update};
use muster_school::calendar;
use muster_school::view::fire::FireView;
use muster_school::view::lock::LockView;
use muster_school::view::{FrameView, SyncChip};

const CANNOT: &str = "The records on this device are not open, so only the fire list can be shown";

/// Said where a roll call would be started, before anybody presses there.
const NO_START: &str = "No roll call can be held on this device: its records did not open. Use another device, or call from this list on paper.";

/// See the module.
pub(super) struct ListOnly {
    /// The list as it was last read: should the file be gone the next time, it still shows.
    last: FireView,
    why: String,
}

impl ListOnly {
    /// Shows the list, where there is one.
    ///
    /// # Errors
    /// Why the records did not open, where no list was kept either.
    pub(super) fn begin(common: &Common, shared: &Shared, error: &anyhow::Error) -> anyhow::Result<Self> {
        let Ok(last) = read(common) else { anyhow::bail!("{error:#}") };
        let this = Self { last, why: format!("{error:#}") };
        leave_word(common, shared);
        shared.push(Update::Go(Screen::Fire));
        this.show(common, shared);
        shared.say(&this.why);
        Ok(this)
    }

    /// Answers what a user asks.
    pub(super) fn serve(&mut self, intent: &Intent, common: &Common, shared: &Shared) {
        match intent {
            Intent::Open(Screen::Fire) => leave_word(common, shared),
            Intent::Open(Screen::Lock) | Intent::Lock(_) => {}
            Intent::Keep(settings) => kept::keep_or_say(&common.folder(), settings, shared),
            Intent::Open(_) => {
                shared.push(Update::Go(Screen::Lock));
                shared.say(CANNOT);
            }
            _ => shared.say(CANNOT),
        }
        if let Ok(view) = read(common) {
            self.last = view;
        }
        self.show(common, shared);
    }

    /// What both screens show.
    fn show(&self, common: &Common, shared: &Shared) {
        let now = common.clock().now();
        shared.push(Update::Frame(FrameView {
            device: "This device".to_owned(),
            now: calendar::clock(calendar::local(now).minute),
            sync: SyncChip { words: "The records did not open".to_owned(), shared: false },
            warning: Some(self.why.clone()),
            ..FrameView::default()
        }));
        shared.push(Update::Lock(LockView {
            note: self.why.clone(),
            fire: Some(self.last.as_of.clone()),
            ..LockView::default()
        }));
        shared.push(Update::Fire(self.last.clone()));
    }
}

fn leave_word(common: &Common, shared: &Shared) {
    if let Err(error) = opened::leave(&common.folder(), common.clock().now()) {
        shared.say(&format!("This opening could not be written down: {error:#}"));
    }
}

fn read(common: &Common) -> anyhow::Result<FireView> {
    let now = common.clock().now();
    let list = fire_file::read(&common.folder(), now)?;
    let opened = "The records did not open: this opening goes into the audit when they do.";
    Ok(FireView { no_start: NO_START.to_owned(), ..muster_school::show::fire_of_saved(&list, now, opened) })
}

//! The desk: what the client talks to. It turns what a user asks into jobs for the host, and what the host holds
//! into views.
//!
//! The client's thread only puts intents into a queue and takes updates from another; everything else happens on
//! the host's thread, in a clerk that knows which screen is open.

mod acts;
mod audit;
mod clerk;
mod devices;
mod door;
mod drafts;
mod frame;
mod kept;
mod lost;
mod own;
mod people;
mod shared;
mod step_up;

use crate::commands::Common;
use crate::device::Device;
use crate::fire_file;
use crate::host::Handle;
use clerk::Clerk;
use muster_gui::{Engine, Intent, Options, Update};
use muster_school::view::{FrameView, SyncChip};
use muster_storage::RedbStore;
use shared::Shared;
use std::sync::{Arc, Mutex};

/// Opens the client on this device's records, or on the way into a school where there are none.
///
/// # Errors
/// When there is no display, or the records are open elsewhere or damaged.
pub fn open(common: &Common) -> anyhow::Result<()> {
    if !muster_gui::run::has_display() {
        return Err(muster_gui::RunError::NoDisplay.into());
    }
    let shared = Arc::new(Shared::default());
    let mut title = String::new();
    let state = if RedbStore::exists(&common.folder()) {
        match Device::open(&common.folder(), common.clock()) {
            Ok(device) => {
                title.clone_from(&device.local.school);
                State::Open(serve(device, common, &shared)?)
            }
            Err(error) => {
                show_kept_list(common, &shared, &error)?;
                State::ListOnly
            }
        }
    } else {
        shared.push(Update::Go(muster_gui::Screen::Join));
        shared.push(Update::Join(Default::default()));
        State::Outside(door::Door::default())
    };
    let desk = Desk { common: common.clone(), shared, state: Arc::new(Mutex::new(state)) };
    let settings = kept::load(&common.folder());
    muster_gui::run(Box::new(desk), Options { settings, title })?;
    Ok(())
}

/// Starts the host of a device and has the screens filled from it.
fn serve(device: Device, common: &Common, shared: &Arc<Shared>) -> anyhow::Result<Handle> {
    let host = Handle::start(device, &common.reach())?;
    let clerk = Arc::new(Mutex::new(Clerk::new(shared.clone())));
    shared.set_clerk(clerk.clone());
    host.post(move |host| {
        host.watch(Box::new(move |host| {
            if let Ok(mut clerk) = clerk.lock() {
                clerk.refresh(host);
            }
        }));
    })?;
    Ok(host)
}

/// Records that do not open keep nobody from the fire list: it is a file of its own.
fn show_kept_list(common: &Common, shared: &Arc<Shared>, error: &anyhow::Error) -> anyhow::Result<()> {
    let now = common.clock().now();
    let Ok(list) = fire_file::read(&common.folder(), now) else { anyhow::bail!("{error:#}") };
    let view = muster_school::show::fire_of_saved(
        &list,
        now,
        "The records did not open, so this opening is not in the audit.",
    );
    let frame = FrameView {
        device: "This device".to_owned(),
        now: muster_school::calendar::clock(muster_school::calendar::local(now).minute),
        sync: SyncChip { words: "The records did not open".to_owned(), shared: false },
        warning: Some(format!("{error:#}")),
        ..FrameView::default()
    };
    shared.push(Update::Frame(frame));
    shared.push(Update::Go(muster_gui::Screen::Fire));
    shared.push(Update::Fire(view));
    shared.say(&format!("{error:#}"));
    Ok(())
}

/// Whether this device is in a school yet.
enum State {
    Open(Handle),
    /// The records did not open: the kept fire list is shown, and nothing else can be done.
    ListOnly,
    Outside(door::Door),
}

/// See the module.
struct Desk {
    common: Common,
    shared: Arc<Shared>,
    state: Arc<Mutex<State>>,
}

impl Engine for Desk {
    fn send(&mut self, intent: Intent) {
        let Ok(mut state) = self.state.lock() else { return };
        match &mut *state {
            State::Open(host) => {
                let Some(clerk) = self.shared.clerk() else { return };
                let posted = host.post(move |host| {
                    if let Ok(mut clerk) = clerk.lock() {
                        clerk.serve(host, intent);
                    }
                });
                if let Err(error) = posted {
                    self.shared.say(&error.to_string());
                }
            }
            State::ListOnly => {
                self.shared.say("The records on this device are not open, so only the fire list can be shown")
            }
            State::Outside(door) => door.serve(intent, &self.common, &self.shared, &self.state),
        }
    }

    fn poll(&mut self) -> Vec<Update> {
        self.shared.take()
    }

    fn wake_with(&mut self, wake: Box<dyn Fn() + Send + Sync>) {
        self.shared.wake_with(wake);
    }
}

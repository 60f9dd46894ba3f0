//! The desk: what the client talks to. It turns what a user asks into jobs for the host, and what the host holds
//! into views.
//!
//! The client's thread only puts intents into a queue and takes updates from another; everything else happens on
//! the host's thread, in a clerk that knows which screen is open.

mod acts;
mod attendance;
mod audit;
mod awake;
mod backups;
mod calendar;
mod calls;
mod carry;
mod clerk;
mod concerns;
mod devices;
mod door;
mod drafts;
mod drills;
mod erase;
mod frame;
mod hours;
mod kept;
mod list_only;
mod lost;
mod marks;
mod own;
mod people;
mod pupils;
mod receiving;
mod reception;
mod shared;
mod site_forms;
mod step_up;
#[cfg(test)]
mod tests;

pub(crate) use calls::learned;

use crate::commands::Common;
use crate::device::Device;
use crate::host::{Handle, Reach};
use clerk::Clerk;
use muster_gui::{Engine, Intent, Options, Update};
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
            Err(error) => State::ListOnly(Box::new(list_only::ListOnly::begin(common, &shared, &error)?)),
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
    let folder = device.folder().to_owned();
    let host = Handle::start(device, &common.reach()).or_else(|error| {
        // A network that cannot be opened keeps nobody from the records, nor from the fire list.
        let device = Device::open(&folder, common.clock())?;
        shared.say(&format!("This device reaches no other now ({error}). Open Muster again to try once more."));
        Handle::start(device, &Reach { offline: true, ..Reach::default() })
    })?;
    attend(&host, shared)?;
    Ok(host)
}

/// Has the screens filled from a host.
fn attend(host: &Handle, shared: &Arc<Shared>) -> anyhow::Result<()> {
    let clerk = Arc::new(Mutex::new(Clerk::new(shared.clone())));
    shared.set_clerk(clerk.clone());
    host.post(move |host| {
        host.watch(Box::new(move |host| {
            if let Ok(mut clerk) = clerk.lock() {
                clerk.refresh(host);
            }
        }));
    })
}

/// Whether this device is in a school yet.
enum State {
    Open(Handle),
    /// The records did not open: the kept fire list is shown, and nothing else can be done.
    ListOnly(Box<list_only::ListOnly>),
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
            State::ListOnly(list) => list.serve(&intent, &self.common, &self.shared),
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

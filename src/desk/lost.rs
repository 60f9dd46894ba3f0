//! A lost device on the screen: looking at it, holding it back, letting it go on, taking it out, adopting what it
//! wrote; and what this device shows when it is the lost one.

use super::clerk::Clerk;
use crate::host::Host;
use muster_core::authority::reduction::EntryName;
use muster_core::id::DeviceId;
use muster_gui::{DeviceAct, Screen, Update};
use muster_school::view::lost::{LostView, WaitingLine};
use std::path::Path;

/// What is looked at.
#[derive(Default)]
pub(super) struct Looking {
    device: Option<DeviceId>,
    /// The entries that waited when the screen was last filled: what came since is not adopted with them.
    shown: Vec<EntryName>,
}

impl Clerk {
    pub(super) fn of_device(&mut self, host: &mut Host, act: DeviceAct) -> anyhow::Result<()> {
        match act {
            DeviceAct::Look(device) => self.lost.device = Some(device),
            DeviceAct::Leave => self.lost.device = None,
            DeviceAct::Lose(device) => {
                host.device.lose(device)?;
                host.heard_of_authority();
            }
            DeviceAct::Find(device) => {
                let free = host.device.find(device)?;
                host.heard_of_authority();
                let name = host.device.device_name(device);
                if free {
                    self.lost.device = None;
                    self.notice(host, format!("{name} goes on"), None);
                } else {
                    self.problem(host, &format!("Somebody else holds {name} back too: they can let it go on"));
                }
            }
            DeviceAct::TakeOut(device) => {
                let left = host.device.take_out(device)?.left;
                host.heard_of_authority();
                if !left.is_empty() {
                    let name = host.device.device_name(device);
                    self.problem(host, &format!("Part of what {name} may do is for the head to take away"));
                }
            }
            DeviceAct::Change { device, kind, sites } => {
                host.device.change_device(device, kind, sites)?;
                host.heard_of_authority();
                let name = host.device.device_name(device);
                self.notice(host, format!("{name} hears of it when it next meets another device"), None);
            }
            DeviceAct::WriteList { device, to, folder } => {
                let (path, people) = host.device.write_held_list(device, &to, Path::new(folder.trim()))?;
                let words =
                    format!("Written to {}: {people} people are named, and it is not encrypted", path.display());
                self.notice(host, words, None);
            }
            DeviceAct::Adopt(chosen) => {
                // What was not shown to anybody is adopted by nobody.
                let chosen: Vec<EntryName> =
                    chosen.into_iter().filter(|entry| self.lost.shown.contains(entry)).collect();
                let adopted = host.device.adopt(&chosen)?;
                let words =
                    if adopted == 1 { "1 entry counts now".to_owned() } else { format!("{adopted} entries count now") };
                self.notice(host, words, None);
            }
        }
        Ok(())
    }

    pub(super) fn lost_view(&self, host: &Host) -> anyhow::Result<Option<Box<LostView>>> {
        self.lost.device.map(|device| host.device.lost_view(device).map(Box::new)).transpose()
    }

    pub(super) fn waiting(&mut self, host: &mut Host) -> anyhow::Result<Vec<WaitingLine>> {
        let (shown, lines) = host.device.waiting()?.into_iter().unzip();
        self.lost.shown = shown;
        Ok(lines)
    }

    /// A device that was held back or taken out shows that and nothing else, from the moment it hears; one that is
    /// let go on goes back to the lock screen.
    pub(super) fn look_whether_shut(&mut self, host: &Host) -> anyhow::Result<()> {
        match host.device.shut() {
            Some(view) => {
                if self.screen != Screen::Shut {
                    self.forget_everybody();
                    self.go(Screen::Shut);
                }
                self.shared.push(Update::Shut(view));
            }
            None if self.screen == Screen::Shut => self.go(Screen::Lock),
            None => {}
        }
        Ok(())
    }
}

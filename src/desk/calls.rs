//! A roll call beyond who was seen: where this marshal stands, its moments, joining two, care lines by PIN, its report.

use super::clerk::Clerk;
use crate::host::Host;
use anyhow::bail;
use muster_school::view::EventId;
use muster_school::view::call::{CallAct, ReportAct};
use std::collections::BTreeMap;

/// See the module.
#[derive(Default)]
pub(super) struct Calls {
    /// At which assembly point this device's marshal stands, by event.
    here: BTreeMap<EventId, String>,
}

impl Calls {
    /// Where this device's marshal stands; empty where they did not say.
    pub(super) fn here(&self, event: EventId) -> String {
        self.here.get(&event).cloned().unwrap_or_default()
    }

    pub(super) fn close_care(&mut self) {}
}

impl Clerk {
    pub(super) fn of_call(&mut self, _host: &mut Host, event: EventId, act: CallAct) -> anyhow::Result<()> {
        match act {
            CallAct::StandAt(point) => {
                self.calls.here.insert(event, point.trim().to_owned());
                Ok(())
            }
            CallAct::Now(_) | CallAct::JoinWith(_) | CallAct::PartFrom(_) => bail!("this cannot be done here yet"),
        }
    }

    pub(super) fn of_report(&mut self, _host: &mut Host, _event: EventId, _act: ReportAct) -> anyhow::Result<()> {
        bail!("this cannot be done here yet")
    }

    pub(super) fn open_care(&mut self, _host: &mut Host, _pin: &str) -> anyhow::Result<()> {
        bail!("this cannot be done here yet")
    }

    pub(super) fn set_marshal_pin(&mut self, _host: &mut Host, _pin: &str) -> anyhow::Result<()> {
        bail!("this cannot be done here yet")
    }

    pub(super) fn print_fire_list(&mut self, _host: &mut Host, _folder: &str) -> anyhow::Result<()> {
        bail!("this cannot be done here yet")
    }
}

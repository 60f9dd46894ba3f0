//! `muster serve --blind`: a small machine that is always on, or off site, keeps a copy that it cannot read and passes
//! it on.

use super::{Common, run};
use crate::device::Device;
use anyhow::bail;
use clap::Args;
use muster_core::replica::LogState;
use muster_school::roles::DeviceKind;
use std::net::SocketAddr;

/// Keep a copy of the school that this device cannot read, and pass it on, until stopped
#[derive(Debug, Args)]
pub(super) struct Serve {
    /// Refuse to serve on a device that may read anything
    #[arg(long, required = true)]
    blind: bool,
    /// Also look for a device at this address
    #[arg(long, value_name = "ADDR:PORT")]
    at: Vec<SocketAddr>,
}

impl Serve {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        let device = Device::open(&common.folder(), common.clock())?;
        let own = device.replica.device();
        if device.device_is(own).is_none_or(|(kind, _)| kind != DeviceKind::Blind) {
            bail!(
                "this device was let in for more than keeping a copy: whoever takes it could try to read it. Let a machine in for that alone: muster invite --kind blind"
            );
        }
        say!("Keeps a copy that it cannot read: {}", held(&device));
        let host = run::begin(device, common, self.at)?;
        run::until_stopped(&host, None)?;
        let kept = host.call(|host| held(&host.device))?;
        host.stop();
        say!("Stopped. Kept: {kept}");
        Ok(())
    }
}

fn held(device: &Device) -> String {
    let logs = device.replica.logs();
    let entries: u64 = logs.values().map(LogState::length).sum();
    format!("{entries} entries of {} logs, in {}", logs.len(), device.folder().display())
}

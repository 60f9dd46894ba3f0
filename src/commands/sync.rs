//! `muster sync`: meets other devices once.

use super::Common;
use crate::device::Device;
use crate::host::Handle;
use anyhow::bail;
use clap::Args;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// Meet other devices once, until both sides hold the same
#[derive(Debug, Args)]
pub(super) struct Sync {
    /// An address at which a device of the school answers [default: where they answered before, and the local network]
    address: Vec<SocketAddr>,
    /// Give up after so many seconds
    #[arg(long, default_value_t = 60, value_name = "SECONDS")]
    wait: u64,
}

/// How long a device that was held back or taken out hands over what it wrote before it says so.
const HANDS_OVER: Duration = Duration::from_secs(5);

impl Sync {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        let device = Device::open(&common.folder(), common.clock())?;
        let host = Handle::start(device, &common.reach())?;
        let addresses = self.address;
        let before = host.call(move |host| {
            addresses.into_iter().for_each(|address| host.try_address(address));
            host.entries()
        })?;
        let until = Instant::now() + Duration::from_secs(self.wait);
        let mut shut_since = None;
        while Instant::now() < until {
            std::thread::sleep(Duration::from_millis(100));
            // A device that was taken out is never up to date; it hands over what it wrote, and says why.
            if let Some(shut) = host.call(|host| host.device.shut())?
                && shut_since.get_or_insert_with(Instant::now).elapsed() > HANDS_OVER
            {
                host.stop();
                bail!("{} {}", shut.title, shut.words.join(" "));
            }
            let (done, entries, clock) = host.call(|host| (host.is_in_step(), host.entries(), host.clock_warning()))?;
            if done {
                if let Some(words) = clock {
                    eprintln!("{words}");
                }
                say!(
                    "Up to date with every device that answered: {} new entries here.",
                    entries.saturating_sub(before)
                );
                host.stop();
                return Ok(());
            }
        }
        let failed = host.call(|host| host.peers().into_values().find_map(|peer| peer.failed))?;
        host.stop();
        match failed {
            Some(why) => bail!("no device was met in {} seconds: {why}", self.wait),
            None => bail!(
                "no device was met in {} seconds: is another one running Muster on this network? Try its address",
                self.wait
            ),
        }
    }
}

//! `muster run`: stays connected to the school's other devices.

use super::Common;
use super::ask::Who;
use crate::device::Device;
use crate::host::{Handle, Host, PeerState};
use crate::stop::Stop;
use clap::Args;
use muster_core::id::DeviceId;
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// How often it is looked what is new, and whether to stop.
const LOOK: Duration = Duration::from_millis(200);

/// Stay connected to the school's other devices until stopped
#[derive(Debug, Args)]
pub(super) struct Run {
    /// Also look for a device at this address
    #[arg(long, value_name = "ADDR:PORT")]
    at: Vec<SocketAddr>,
    /// Stop after so many seconds
    #[arg(long, value_name = "SECONDS")]
    seconds: Option<u64>,
    /// Sign in first, so that what this person may read is kept ready
    #[arg(long)]
    sign_in: bool,
    #[command(flatten)]
    who: Who,
}

impl Run {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        let mut device = Device::open(&common.folder(), common.clock())?;
        if self.sign_in {
            self.who.sign_in(&mut device)?;
        }
        let host = begin(device, common, self.at)?;
        until_stopped(&host, self.seconds)?;
        host.stop();
        Ok(())
    }
}

/// Says what becomes of the other devices, and of backups, until somebody asks it to stop, or so many seconds are over.
pub(super) fn until_stopped(host: &Handle, seconds: Option<u64>) -> anyhow::Result<()> {
    let stop = Stop::listen()?;
    let until = seconds.map(|seconds| Instant::now() + Duration::from_secs(seconds));
    let mut before = BTreeMap::new();
    let mut alarmed = BTreeSet::new();
    while !stop.is_asked() && until.is_none_or(|until| Instant::now() < until) {
        std::thread::sleep(LOOK);
        let (now, news) = host.call(|host| (met(host), host.take_backup_news()))?;
        news.iter().for_each(|(words, _)| say!("{words}"));
        for (device, said) in &now {
            if before.get(device) != Some(said) {
                say!("{said}");
            }
        }
        before = now;
        for sentence in host.call(|host| host.device.alarm_sentences())? {
            if alarmed.insert(sentence.clone()) {
                say!("Look at this: {sentence}");
            }
        }
    }
    Ok(())
}

/// Starts a host that looks for devices at these addresses, too, and says where it listens itself.
pub(super) fn begin(device: Device, common: &Common, at: Vec<SocketAddr>) -> anyhow::Result<Handle> {
    let host = Handle::start(device, &common.reach())?;
    let addresses = host.call(move |host| {
        at.into_iter().for_each(|address| host.try_address(address));
        host.addresses()
    })?;
    for address in addresses {
        eprintln!("listening on {address}");
    }
    Ok(host)
}

/// How it stands with each of the school's other devices: name and words.
pub(super) fn met(host: &Host) -> BTreeMap<DeviceId, String> {
    let names = &host.device.local.peers;
    let said = |(device, peer): (DeviceId, PeerState)| {
        let name = names.get(&device).map(|one| one.name.clone()).filter(|name| !name.is_empty());
        let name = name.unwrap_or_else(|| format!("device {device:?}"));
        (device, format!("{name}: {}", words(peer.session.is_some(), peer.same, peer.failed.as_deref())))
    };
    host.peers().into_iter().map(said).collect()
}

fn words(connected: bool, same: bool, failed: Option<&str>) -> String {
    match (connected, same) {
        (true, true) => "up to date with each other".to_owned(),
        (true, false) => "connected, catching up".to_owned(),
        (false, _) => failed.map_or_else(|| "not connected".to_owned(), |why| format!("not reached: {why}")),
    }
}

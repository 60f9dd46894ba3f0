//! `muster status`: what this device holds, and how many others hold it too.

use super::Common;
use crate::device::Device;
use crate::kept_cards::KeptCards;
use clap::Args;
use muster_school::calendar;

/// What this device holds, and how many others hold it too
#[derive(Debug, Args)]
pub(super) struct Status {}

impl Status {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        let device = Device::open(&common.folder(), common.clock())?;
        let replica = &device.replica;
        let entries: u64 = replica.logs().values().map(muster_core::replica::LogState::length).sum();
        let or = |name: &str, none: &str| if name.is_empty() { none.to_owned() } else { name.to_owned() };
        say!(
            "{}{}",
            or(&device.local.school, "A school whose name this device learns when somebody signs in"),
            device.local.site.as_ref().map(|(_, site)| format!(", {site}")).unwrap_or_default()
        );
        say!("This device: {} ({:?})", or(&device.local.device, "no name known"), replica.device());
        say!("School {}, as on its recovery cards", muster_core::keys::recovery::fingerprint(&replica.school()));
        say!("Held: {entries} entries in {} logs, in {}", replica.logs().len(), device.folder().display());
        match replica.only_here() {
            0 => say!("Everything written here is on another device too."),
            1 => say!("1 change only on this device."),
            some => say!("{some} changes only on this device."),
        }
        let spread = device.spread();
        say!(
            "Written here: {} on 3 devices or more, {} on 2 devices, {} on this device alone.",
            spread.on_more,
            spread.on_two,
            spread.only_here
        );
        if let Some(at) = replica.last_said(&replica.device()) {
            let at = calendar::local(at);
            let by = match replica.cosigners(&replica.device()).len() {
                0 => "no other device has confirmed all of it yet".to_owned(),
                1 => "1 other device holds the same".to_owned(),
                more => format!("{more} other devices hold the same"),
            };
            say!(
                "Said what it holds (but for what some device of the same site may not keep) {} {}: {by}.",
                at.day.long(),
                calendar::clock(at.minute)
            );
        }
        for sentence in device.alarm_sentences() {
            say!("Look at this: {sentence}");
        }
        let forked = replica.logs().values().filter(|state| state.forked_at.is_some()).count();
        if forked > 0 {
            say!("{forked} logs were written by two copies of one device: both are kept, an officer has to look.");
        }
        if let Some(words) = device.begun_anew_words() {
            say!("{words}");
        }
        match device.backups() {
            Ok(kept) => {
                for sentence in crate::backup::words::sentences(&kept, device.clock.now()) {
                    say!("{sentence}");
                }
            }
            Err(error) => say!("Look at this: {error:#}."),
        }
        for sentence in KeptCards::load(replica).sentences(device.clock.now()) {
            say!("{sentence}");
        }
        for other in replica.view().devices().filter(|other| *other != replica.device()) {
            let peer = device.local.peers.get(&other);
            let name = peer
                .map(|peer| peer.name.clone())
                .filter(|name| !name.is_empty())
                .unwrap_or_else(|| format!("device {other:?}"));
            let heard = device.heard_at(&other).zip(device.heard_ago(&other)).map_or_else(
                || "not heard from yet".to_owned(),
                |(at, ago)| {
                    let at = calendar::local(at);
                    format!("last heard from {} {} ({ago})", at.day.long(), calendar::clock(at.minute))
                },
            );
            say!("  {name}: {heard}");
        }
        Ok(())
    }
}

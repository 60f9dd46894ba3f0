//! `muster join CODE`: joins a school with the code that another device shows.

use super::Common;
use crate::host::Handle;
use crate::join::{Said, join};
use anyhow::bail;
use clap::Args;
use std::time::{Duration, Instant};

/// Join a school with the code another device shows
#[derive(Debug, Args)]
pub(super) struct Join {
    /// The six words that the other device shows, where both are on one network; else the whole code
    #[arg(required = true, num_args = 1..)]
    code: Vec<String>,
    /// What to call this device
    #[arg(long, default_value = "New device")]
    device: String,
}

const LOOK: Duration = Duration::from_millis(100);
/// How long nothing may come before the other device is taken to have gone.
const PATIENCE: Duration = Duration::from_secs(30);

impl Join {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        let mut on_phrase = |phrase: &str| {
            say!("Both screens must show the same phrase; say yes on the other device if they do:");
            say!();
            say!("  {phrase}");
            say!();
        };
        let joined = join(
            &common.folder(),
            &self.code.join(" "),
            &self.device,
            &common.reach(),
            common.clock(),
            &mut on_phrase,
            &|| {
                // It is compared by whoever says yes on the other device.
                Said::Same
            },
        )?;
        say!("Let in. Receiving what this device may hold…");
        let host = Handle::start(joined.device, &common.reach())?;
        let (inviter, addresses) = (joined.inviter, joined.addresses);
        host.call(move |host| host.expect(inviter, addresses))?;
        let (mut before, mut quiet_since) = (0, Instant::now());
        while quiet_since.elapsed() < PATIENCE {
            std::thread::sleep(LOOK);
            let (done, entries) = host.call(move |host| {
                let done = host.peers().get(&inviter).is_some_and(|peer| peer.was_same);
                (done, host.entries())
            })?;
            if done {
                say!("This device holds all that it may: {entries} entries.");
                say!("Next: muster activate WORDS, with one-time words from the other device");
                return Ok(());
            }
            if entries > before {
                if entries / 1_000 > before / 1_000 {
                    say!("{entries} entries so far");
                }
                (before, quiet_since) = (entries, Instant::now());
            }
        }
        bail!("the other device went away before everything was received: run `muster run` here, and again there")
    }
}

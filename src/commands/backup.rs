//! `muster backup`: this device's records into a folder or onto a stick, now or every day; and what there is of them.

use super::Common;
use super::ask::Who;
use crate::backup::words;
use crate::device::Device;
use anyhow::{Context as _, bail};
use clap::Args;
use muster_school::calendar::{self, parse_clock};
use std::path::PathBuf;

/// Back this device's records up, sealed, into a folder or onto a stick
///
/// With nothing given, says when the last backup was made and when one was last proven.
#[derive(Debug, Args)]
pub(super) struct Backup {
    /// Into this folder, now
    #[arg(long, value_name = "DIR", conflicts_with = "daily")]
    to: Option<PathBuf>,
    /// Into this folder every day, while `muster run` or the client runs
    #[arg(long, value_name = "DIR", conflicts_with = "never")]
    daily: Option<PathBuf>,
    /// At which time of the day
    #[arg(long, value_name = "HH:MM", requires = "daily", default_value = "18:00")]
    at: String,
    /// No more every day
    #[arg(long)]
    never: bool,
    #[command(flatten)]
    who: Who,
}

impl Backup {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        if let Some(folder) = &self.to {
            let folder = std::path::absolute(folder)?;
            let mut device = Device::open(&common.folder(), common.clock())?;
            let mut said = 0;
            let done = device.back_up(&folder, &mut |progress| {
                let now = progress.bytes >> 24;
                if now > said {
                    said = now;
                    eprintln!("{} of {} entries, {}", progress.entries, progress.of, words::size(progress.bytes));
                }
            })?;
            say!("Backed up into {}: {}", folder.display(), words::backed_up(&done));
            say!("It opens on this device, and elsewhere with two recovery cards. Try it: muster drill");
            return Ok(());
        }
        if self.never || self.daily.is_some() {
            return self.set(common);
        }
        let device = Device::open(&common.folder(), common.clock())?;
        for sentence in words::sentences(&device.backups()?, device.clock.now()) {
            say!("{sentence}");
        }
        Ok(())
    }

    fn set(self, common: &Common) -> anyhow::Result<()> {
        let mut device = self.who.open_to_administer(common)?;
        let minute = parse_clock(&self.at).with_context(|| format!("\"{}\" is no time: write 18:00", self.at))?;
        let folder = self.daily.map(std::path::absolute).transpose()?;
        if folder.as_ref().is_some_and(|folder| !folder.is_dir()) {
            bail!("there is no such folder: make it first, or put the stick in");
        }
        device.set_backups(folder.as_deref(), minute)?;
        match folder {
            Some(folder) => say!(
                "Every day at {} this device backs up into {}, and proves one every week, while Muster runs.",
                calendar::clock(minute),
                folder.display()
            ),
            None => say!("This device backs up by hand only. What was backed up stays where it is."),
        }
        Ok(())
    }
}

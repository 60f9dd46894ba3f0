//! `muster drill`: restores the newest backup into a place of its own, and proves it.

use super::Common;
use crate::backup::{drill, words};
use crate::device::Device;
use anyhow::{Context as _, bail};
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;

/// Prove the newest backup: restore it into a place of its own, check all of it, and file a certificate
///
/// Opens no connection, and needs no card and nobody signed in.
#[derive(Debug, Args)]
pub(super) struct Drill {
    /// The folder that backups go to [default: where the last one went]
    #[arg(long, value_name = "DIR")]
    from: Option<PathBuf>,
}

impl Drill {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<ExitCode> {
        let mut device = Device::open(&common.folder(), common.clock())?;
        let last = || Some(PathBuf::from(device.backups().made?.folder));
        let from = self.from.or_else(last).context("no backup has been made yet: muster backup --to DIR")?;
        let found =
            device.backup_to_drill(&from).and_then(|source| drill::drill(&source, device.folder(), device.clock));
        let drilled = match found {
            Ok(drilled) => drilled,
            Err(error) => {
                device.drill_broke(&format!("{error:#}"))?;
                bail!("the drill FAILED: {error:#}");
            }
        };
        let (proven, filed) = device.certify(&from, &drilled)?;
        for sentence in words::certificate(&proven) {
            say!("{sentence}");
        }
        for finding in drilled.findings.iter().take(20) {
            say!("Finding: {finding}.");
        }
        if filed {
            say!("The certificate is in the records, signed by this device.");
        } else {
            say!(
                "The certificate is not in the records: this device has no place to file it yet. It remembers it itself."
            );
        }
        Ok(if proven.sound { ExitCode::SUCCESS } else { ExitCode::from(1) })
    }
}

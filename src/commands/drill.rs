//! `muster drill`: restores the newest backup into a place of its own, and proves it.

use super::Common;
use crate::backup::drill::Certified;
use crate::backup::restore::Stop;
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
        let last = device.backups()?.made.map(|made| PathBuf::from(made.folder));
        let from = self.from.or(last).context("no backup has been made yet: muster backup --to DIR")?;
        let found = drill::drill_newest(&from, &device.backup_keys()?, device.folder(), device.clock, &Stop::default());
        let drilled = match found {
            Ok(drilled) => drilled,
            Err(error) => bail!("{}", device.drill_broke(&error)?),
        };
        let Certified { proven, filed, stay } = device.certify(&from, &drilled)?;
        for sentence in words::certificate(&proven).into_iter().chain(words::of_older(&stay)) {
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

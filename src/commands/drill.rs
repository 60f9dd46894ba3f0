//! `muster drill`: restores the newest backup into a place of its own, and proves it.

use super::Common;
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
    /// The folder that backups go to [default: the folder of the set time, else where the last one went]
    #[arg(long, value_name = "DIR")]
    from: Option<PathBuf>,
}

impl Drill {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<ExitCode> {
        let mut device = Device::open(&common.folder(), common.clock())?;
        let newest = device.backups()?.drill_folder();
        let from = self.from.or(newest).context("no backup has been made yet: muster backup --to DIR")?;
        let found = drill::drill_newest(&from, &device.backup_keys()?, device.folder(), &Stop::default());
        let drilled = match found {
            Ok(drilled) => drilled,
            Err(error) => bail!("{}", device.drill_broke(&error)?),
        };
        let done = device.certify(&from, &drilled)?;
        for sentence in words::of_drill(&done) {
            say!("{sentence}");
        }
        for finding in done.findings.iter().take(20) {
            say!("Finding: {finding}.");
        }
        if done.filed.is_ok() {
            say!("The certificate is in the records, signed by this device.");
        }
        Ok(if done.proven.sound { ExitCode::SUCCESS } else { ExitCode::from(1) })
    }
}

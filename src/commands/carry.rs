//! `muster carry`: sync by hand, with a file on a stick. Needs no sign-in.

use super::Common;
use crate::device::Device;
use crate::device::carry::{Amount, words};
use crate::limits;
use clap::{Args, Subcommand};
use muster_core::replica::store::StoreError;
use std::path::PathBuf;
use std::process::ExitCode;

/// Sync by hand, with a file on a stick; needs no sign-in
#[derive(Debug, Subcommand)]
pub(super) enum Carry {
    /// Write what this device holds into a file, to be carried to other devices of the school
    Out(Out),
    /// Take what another device wrote into a file
    In(In),
}

#[derive(Debug, Args)]
pub(super) struct Out {
    /// The file, or a folder such as a stick's
    to: PathBuf,
    /// All that this device holds, instead of the last days' rolls, roll calls and registers
    #[arg(long)]
    all: bool,
    /// How many days back, where it is not all
    #[arg(long, default_value_t = limits::CARRY_DAYS, value_name = "DAYS", conflicts_with = "all")]
    days: u16,
    /// Only what another device lacked when it wrote this file
    #[arg(long = "for", value_name = "FILE")]
    held: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct In {
    /// The file, or a folder such as a stick's: then every carried file in it
    from: PathBuf,
}

impl Carry {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<ExitCode> {
        let mut device = Device::open(&common.folder(), common.clock()).map_err(busy)?;
        match self {
            Self::Out(Out { to, all, days, held }) => {
                let amount = if all { Amount::Everything } else { Amount::Days(days) };
                let (path, done) = device.carry_out(&to, amount, held.as_deref())?;
                say!("{}", path.display());
                say!("{}", words::out(&done));
                Ok(ExitCode::SUCCESS)
            }
            Self::In(In { from }) => {
                let all = device.carry_in(&from)?;
                let (mut partly, mut ours) = (false, false);
                for (path, done) in &all {
                    let (words, problem) = words::one_in(done);
                    say!("{}", path.display());
                    say!("{words}");
                    partly |= problem;
                    ours |= done.is_ours();
                }
                Ok(match (ours, partly) {
                    (true, false) => ExitCode::SUCCESS,
                    (true, true) => ExitCode::from(2),
                    (false, _) => ExitCode::from(1),
                })
            }
        }
    }
}

/// Two processes cannot write the same records.
fn busy(error: anyhow::Error) -> anyhow::Error {
    match error.downcast_ref() {
        Some(StoreError::InUse { .. }) => {
            error.context("Muster is open on this device: close it, carry, and open it again")
        }
        _ => error,
    }
}

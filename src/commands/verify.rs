//! `muster verify`: checks everything that can be checked, and says what that proves.

use super::Common;
use crate::device::Device;
use clap::Args;
use std::process::ExitCode;

/// Check every chain, hash, seal and authority claim, and say what that proves
#[derive(Debug, Args)]
pub(super) struct Verify {}

impl Verify {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<ExitCode> {
        let device = Device::open(&common.folder(), common.clock())?;
        let verified = device.replica.verify(&mut |_, _| {})?;
        for line in verified.says() {
            say!("{line}");
        }
        Ok(if verified.is_sound() { ExitCode::SUCCESS } else { ExitCode::from(1) })
    }
}

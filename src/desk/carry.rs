//! Carrying by hand, asked for on a screen: what came of it is a notice.

use super::clerk::Clerk;
use crate::device::carry::{Amount, words};
use crate::host::Host;
use crate::limits;
use std::path::Path;

impl Clerk {
    /// Writes what this device holds of the last days into a folder, such as a stick's.
    pub(super) fn carry_out(&self, host: &mut Host, folder: &str) -> anyhow::Result<()> {
        let (path, done) = host.device.carry_out(Path::new(folder.trim()), Amount::Days(limits::CARRY_DAYS), None)?;
        self.notice(host, format!("{}: {}", path.display(), words::out(&done)), None);
        Ok(())
    }

    /// Takes every carried file of a folder.
    pub(super) fn carry_in(&self, host: &mut Host, folder: &str) -> anyhow::Result<()> {
        let all = host.carry_in(Path::new(folder.trim()))?;
        let (words, is_problem) = words::all_in(all.iter().map(|(_, done)| done));
        if is_problem {
            self.problem(host, &words);
        } else {
            self.notice(host, words, None);
        }
        Ok(())
    }
}

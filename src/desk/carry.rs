//! Carrying by hand, asked for on a screen: what came of it stands there to be read.

use super::calls::folder_of;
use super::clerk::Clerk;
use crate::device::carry::{Amount, words};
use crate::host::Host;
use crate::limits;
use std::path::PathBuf;

impl Clerk {
    /// Writes what this device holds of the last days into a folder, such as a stick's.
    pub(super) fn carry_out(&mut self, host: &mut Host, folder: &str) -> anyhow::Result<()> {
        let folder = self.carries(host, folder)?;
        let done = host.device.carry_out(&folder, Amount::Days(limits::CARRY_DAYS), None);
        self.carried(host, done.map(|(path, done)| (format!("{}: {}", path.display(), words::out(&done)), false)))
    }

    /// Takes every carried file of a folder.
    pub(super) fn carry_in(&mut self, host: &mut Host, folder: &str) -> anyhow::Result<()> {
        let folder = self.carries(host, folder)?;
        let done = host.carry_in(&folder);
        self.carried(host, done.map(|all| words::all_in(all.iter().map(|(_, done)| done))))
    }

    /// The folder that is meant: as typed, or the one used before.
    fn carries(&mut self, host: &Host, typed: &str) -> anyhow::Result<PathBuf> {
        if !typed.trim().is_empty() {
            typed.trim().clone_into(&mut self.carried_at);
        }
        let folder = folder_of(&self.carried_at).and_then(|folder| {
            anyhow::ensure!(folder.is_dir(), "{} is no folder: look whether the stick is in", folder.display());
            Ok(folder)
        });
        folder.inspect_err(|error| self.carried = format!("{} Not done: {error}.", Self::clock(host)))
    }

    fn carried(&mut self, host: &Host, done: anyhow::Result<(String, bool)>) -> anyhow::Result<()> {
        let at = Self::clock(host);
        match done {
            Ok((words, is_problem)) => {
                self.carried = format!("{at} {words}");
                if is_problem {
                    self.problem(host, &words);
                } else {
                    self.notice(host, words, None);
                }
                Ok(())
            }
            Err(error) => {
                self.carried = format!("{at} Not done: {error}.");
                Err(error)
            }
        }
    }
}

//! Records carried by hand: into a file on a stick, and out of one. Needs nobody signed in, as it opens nothing.
//!
//! A file has no name of a person in it or on it: it is called after this device's id, so that a folder holds the
//! latest of each device. It is written beside its place, synced, and then given its name: whoever pulls the stick out
//! too soon has the file from before, or none.

pub mod words;

use super::Device;
use crate::limits;
use anyhow::{Context as _, bail};
use muster_core::replica::Context;
use muster_core::sync::carry::give::{CarriedOut, CarryOut};
use muster_core::sync::carry::held::Held;
use muster_core::sync::carry::take::{CarriedIn, CarryIn};
use muster_core::sync::carry::{Extent, Scope};
use muster_core::time::Moment;
use muster_school::areas;
use std::fs::{self, File};
use std::io::{BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};

/// How the name of a carried file ends.
pub const ENDING: &str = "carry";

/// How much is carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// Who is on site, roll calls, registers and the record of use of so many days, with what they rest on: who may do
    /// what, and the school's own records.
    Days(u16),
    /// All that this device holds.
    Everything,
}

impl Device {
    /// Writes what this device holds into a file, or into a folder under this device's own name. With `held`, a file
    /// that another device wrote, only what that lacked then. Gives where it is.
    ///
    /// # Errors
    /// When the file cannot be written or the one from the other device cannot be read: then nothing is left there
    /// half written.
    pub fn carry_out(
        &mut self,
        to: &Path,
        amount: Amount,
        held: Option<&Path>,
    ) -> anyhow::Result<(PathBuf, CarriedOut)> {
        let path = if to.is_dir() { to.join(self.carried_name()) } else { to.to_owned() };
        let held = held.map(|path| self.held_by(path)).transpose()?;
        let name = path.file_name().with_context(|| format!("{} is no name of a file", path.display()))?;
        let beside = path.with_file_name(format!(".{}.new", name.to_string_lossy()));
        match self.carry_into(&beside, amount, held) {
            Ok(done) => {
                fs::rename(&beside, &path).with_context(|| refused(&path))?;
                // Where a folder cannot be synced, as on some sticks, the system does it in its own time.
                if let Some(Ok(folder)) = path.parent().map(File::open) {
                    let _ = folder.sync_all();
                }
                Ok((path, done))
            }
            Err(error) => {
                let _ = fs::remove_file(&beside);
                Err(error)
            }
        }
    }

    fn carry_into(&mut self, path: &Path, amount: Amount, held: Option<Held>) -> anyhow::Result<CarriedOut> {
        let now = self.clock.now();
        let mut random = rand::rng();
        let mut context = Context { now, random: &mut random };
        let mut carry = CarryOut::start(&self.replica, scope(amount, now), held, &mut context);
        let mut file = File::create(path).with_context(|| refused(path))?;
        while let Some(bytes) = carry.next(&self.replica)? {
            file.write_all(&bytes).with_context(|| refused(path))?;
        }
        file.sync_all().with_context(|| refused(path))?;
        Ok(carry.done())
    }

    fn held_by(&self, path: &Path) -> anyhow::Result<Held> {
        let school = self.replica.school();
        let mut held = Held::default();
        each_piece(path, |bytes| {
            held.read(&school, bytes);
            Ok(())
        })?;
        if held.by().is_none() {
            bail!("{} was not carried from a device of this school: give the file that it wrote", path.display());
        }
        Ok(held)
    }

    /// Takes a file, or every carried file of a folder but this device's own, each with what became of it. What was
    /// taken stays, should a later one fail.
    ///
    /// # Errors
    /// When there is none, one cannot be read, or this device's own disk refuses: then the same file may be taken again.
    pub fn carry_in(&mut self, from: &Path) -> anyhow::Result<Vec<(PathBuf, CarriedIn)>> {
        let paths = if from.is_dir() { self.carried_in_folder(from)? } else { vec![from.to_owned()] };
        let mut all = Vec::new();
        for path in paths {
            let done = self.carry_from(&path)?;
            all.push((path, done));
        }
        self.obey()?;
        // What cannot be caught up or kept now is, later: the entries are here.
        if let Err(error) = self.catch_up().and_then(|()| self.keep_fire_list()) {
            tracing::warn!("what was carried in is not shown everywhere yet: {error}");
        }
        Ok(all)
    }

    fn carried_in_folder(&self, folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
        let own = self.carried_name();
        let refused = || format!("{} cannot be read: put the stick in again, or name the file", folder.display());
        let mut paths = Vec::new();
        for entry in fs::read_dir(folder).with_context(refused)?.take(limits::CARRY_LOOKED_AT) {
            let path = entry.with_context(refused)?.path();
            let carried = path.extension().is_some_and(|ending| ending == ENDING);
            if carried && path.file_name().is_some_and(|name| *name != *own) {
                paths.push(path);
            }
        }
        paths.sort();
        if paths.is_empty() {
            bail!("{} holds no file from another device: write one there first, on the other device", folder.display());
        }
        Ok(paths)
    }

    fn carry_from(&mut self, path: &Path) -> anyhow::Result<CarriedIn> {
        let now = self.clock.now();
        let mut random = rand::rng();
        let mut carry = CarryIn::default();
        each_piece(path, |bytes| {
            let mut context = Context { now, random: &mut random };
            Ok(carry.take(&mut self.replica, bytes, &mut context)?)
        })?;
        let mut random = rand::rng();
        let done = carry.end(&mut self.replica, &mut Context { now, random: &mut random })?;
        self.replica.keep_acknowledgements()?;
        Ok(done)
    }

    /// What this device's own file is called.
    fn carried_name(&self) -> String {
        format!("muster-{:?}.{ENDING}", self.replica.device())
    }
}

fn scope(amount: Amount, now: Moment) -> Scope {
    let Amount::Days(days) = amount else { return Scope::Everything };
    let since = Moment { utc_ms: now.utc_ms.saturating_sub(i64::from(days) * 24 * 60 * 60 * 1_000), ..now };
    let since = Extent::Since(since);
    let areas =
        [(areas::SCHOOL, Extent::Whole), (areas::ROLL, since), (areas::REGISTER, since), (areas::ACCESS, since)];
    Scope::Areas(areas.into())
}

/// Reads a file a piece at a time, so that memory stays bounded however long it is.
fn each_piece(path: &Path, mut take: impl FnMut(&[u8]) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let refused = || format!("{} cannot be read: is the stick still in?", path.display());
    let mut file = BufReader::new(File::open(path).with_context(refused)?);
    let mut piece = vec![0; limits::CARRY_PIECE];
    loop {
        match file.read(&mut piece).with_context(refused)? {
            0 => return Ok(()),
            count => take(piece.get(..count).unwrap_or_default())?,
        }
    }
}

fn refused(path: &Path) -> String {
    format!("{} cannot be written: is there room on the stick, and may you write there?", path.display())
}

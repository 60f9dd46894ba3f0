//! The drill: a backup is restored into a place of its own and proves itself. It opens no socket, needs no card and no
//! person, and leaves nothing behind but its certificate.

use super::leftovers;
use super::restore::{OpenBy, Source, Stop, find, unpack};
use crate::clock::Clock;
use crate::device::Device;
use anyhow::Context as _;
use muster_core::backup::{BackupError, BackupKey};
use muster_core::id::LogId;
use muster_core::log::frontier::Head;
use muster_core::replica::store::{Store as _, StoreError, Table};
use muster_school::facts::continuity::Proven;
use muster_school::fire::presence;
use std::path::Path;
use std::time::Instant;

/// What a drill found, before it is held against the live records.
#[derive(Clone, Debug)]
pub struct Drilled {
    /// Which archive.
    pub number: u32,
    found: Proven,
    /// The heads of every log that was restored.
    logs: Vec<(LogId, Vec<Head>)>,
    /// What did not hold, in words.
    pub findings: Vec<String>,
}

/// What came of a drill.
#[derive(Clone, Debug)]
pub struct Certified {
    /// The certificate.
    pub proven: Proven,
    /// It is in the records.
    pub filed: bool,
    /// The numbers of older archives that stay, because they have, or may have, what is not in the records here.
    pub stay: Vec<u32>,
}

/// A drill that says nothing of the backup: the stick is out, it is another device's, or there is no room.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("it could not be tried")]
pub struct NotTried;

/// Drills the newest backup in a folder that one of these keys opens.
///
/// # Errors
/// With [`NotTried`] where nothing was found out of the backup; any other is a failed drill.
pub fn drill_newest(
    chosen: &Path,
    keys: &[BackupKey],
    records: &Path,
    clock: Clock,
    stop: &Stop,
) -> anyhow::Result<Drilled> {
    let of_backup = |error: &anyhow::Error| matches!(error.downcast_ref(), Some(BackupError::Damaged(_)));
    let no_room = |error: &anyhow::Error| error.chain().any(|why| matches!(why.downcast_ref(), Some(StoreError::Full)));
    let mut source = find(chosen, OpenBy::Keys(keys), None)
        .map_err(|error| if of_backup(&error) { error } else { error.context(NotTried) })?;
    source.stop = stop.clone();
    drill(&source, records, clock).map_err(|error| {
        let was_pulled = !source.folder.path().is_dir();
        if was_pulled || no_room(&error) || stop.is_told() { error.context(NotTried) } else { error }
    })
}

/// Restores a backup beside the records' folder, checks all of it, reads the fire register from it, and removes it.
///
/// # Errors
/// When it cannot be restored at all, which is a failed drill.
pub fn drill(source: &Source, records: &Path, clock: Clock) -> anyhow::Result<Drilled> {
    let begun = Instant::now();
    let since = || u32::try_from(begun.elapsed().as_millis()).unwrap_or(u32::MAX);
    leftovers::remove_unfinished(records);
    let place = leftovers::for_drill(records)?;
    let unpacked = unpack(source, &place.path().join(leftovers::RECORDS), &mut |_, _| {})?;
    let restore_ms = since();
    let (manifest, verified) = (unpacked.manifest, unpacked.verified);
    let mut findings: Vec<String> = verified.findings.clone();
    let logs: Vec<(LogId, Vec<Head>)> =
        unpacked.replica.logs().iter().map(|(log, state)| (*log, state.heads.clone())).collect();
    if logs != manifest.logs {
        findings.push("what was restored does not end where the backup says".to_owned());
    }
    if unpacked.newer_is_damaged {
        findings.push("the newest run of the backup is damaged".to_owned());
    }
    let mut device = Device::over(unpacked.replica, place.path(), clock);
    source.stop.go_on()?;
    device.catch_up()?;
    source.stop.go_on()?;
    let fire_ms = match device.site() {
        Some(site) => {
            let list = device.office_of_device(|office| Ok(presence::list(office.records(), site)?))?;
            list.map(|_| since())
        }
        None => None,
    };
    let documents = device.replica.store().range(Table::Documents, &[], None, usize::MAX)?.len();
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let found = Proven {
        taken_ms: manifest.at.utc_ms,
        run: manifest.run,
        entries: manifest.entries(),
        logs: count(logs.len()),
        agreed: 0,
        findings: count(findings.len()).max(u32::try_from(verified.findings_count).unwrap_or(u32::MAX)),
        documents: count(documents),
        restore_ms,
        fire_ms,
        whole_ms: since(),
        sound: false,
    };
    drop(device);
    place.close().context("the drill's place could not be removed")?;
    Ok(Drilled { number: source.number, found, logs, findings })
}

impl Device {
    /// Holds a drill against the records here and files its certificate. Archives older than a proven one go, but for
    /// those that have what is not here.
    ///
    /// # Errors
    /// When the outcome cannot be remembered, or an old archive cannot be removed.
    pub fn certify(&mut self, chosen: &Path, drilled: &Drilled) -> anyhow::Result<Certified> {
        let mut agreed = 0;
        for (log, heads) in &drilled.logs {
            let mut all = true;
            for head in heads {
                all &= self.replica.holds(log, head)?;
            }
            agreed += u32::from(all);
        }
        let mut proven = Proven { agreed, ..drilled.found };
        proven.sound = proven.findings == 0 && proven.agreed == proven.logs && proven.entries > 0;
        let now = self.clock.now().utc_ms;
        let why = drilled.findings.first().cloned().unwrap_or_else(|| {
            format!("{} of {} logs end where this device's records say", proven.agreed, proven.logs)
        });
        self.keep_backups(|kept| {
            if proven.sound {
                (kept.proven_ms, kept.drill_failed) = (Some(now), None);
                kept.proven_taken_ms = Some(proven.taken_ms);
            } else {
                kept.drill_failed = Some((now, why));
            }
        })?;
        let stay = if proven.sound { self.drop_backups_before(chosen, drilled.number)? } else { Vec::new() };
        // A device that reads nothing of a site has nowhere to file it; it remembers it itself.
        let filed = self.file_proof(proven).is_ok();
        Ok(Certified { proven, filed, stay })
    }

    /// Remembers that a drill could not even restore, and gives the words for it. One that could not be tried is no
    /// failure of the backup, which is gone on with.
    ///
    /// # Errors
    /// When that cannot be kept.
    pub fn drill_broke(&mut self, error: &anyhow::Error) -> anyhow::Result<String> {
        if error.is::<NotTried>() {
            return Ok(format!("The backup was not drilled: {error:#}"));
        }
        let (now, why) = (self.clock.now().utc_ms, format!("{error:#}"));
        let said = format!("The backup drill FAILED: {why}");
        self.keep_backups(|kept| kept.drill_failed = Some((now, why)))?;
        Ok(said)
    }

    fn file_proof(&mut self, proven: Proven) -> anyhow::Result<()> {
        let site = self.site().context("this device knows no site yet, so the certificate was not filed")?;
        self.office_of_device(|office| Ok(office.file_continuity(site, proven).map(drop)?))
    }

    /// The keys of the archives that this device can open by itself.
    ///
    /// # Errors
    /// When what it remembers cannot be read.
    pub fn backup_keys(&self) -> anyhow::Result<Vec<BackupKey>> {
        Ok(self.backups()?.keys.into_iter().map(|known| known.key).collect())
    }
}

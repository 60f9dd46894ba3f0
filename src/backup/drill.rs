//! The drill: a backup is restored into a place of its own and proves itself. It opens no socket, needs no card and no
//! person, and leaves nothing behind but its certificate.

use super::restore::{OpenBy, Source, Stop, find, unpack};
use super::{leftovers, words};
use crate::clock::Clock;
use crate::device::Device;
use anyhow::Context as _;
use muster_core::backup::{BackupError, BackupKey};
use muster_core::id::{Area, LogId};
use muster_core::keys::rule::KeyRule;
use muster_core::log::frontier::Head;
use muster_core::replica::store::StoreError;
use muster_core::replica::{KeysHeld, Tally};
use muster_school::areas;
use muster_school::facts::continuity::{Opened, OpenedArea, Proven};
use muster_school::fire::presence;
use std::path::Path;
use std::time::Instant;

/// What a drill found, before it is held against the live records.
#[derive(Clone, Debug)]
pub struct Drilled {
    /// Which archive.
    pub number: u32,
    pub(super) found: Proven,
    pub(super) opened: Opened,
    /// The heads of every log that was restored.
    logs: Vec<(LogId, Vec<Head>)>,
    pub(super) keys: KeysHeld,
    /// What did not hold, in words.
    findings: Vec<String>,
}

/// What came of a drill.
#[derive(Clone, Debug)]
pub struct Certified {
    /// The certificate.
    pub proven: Proven,
    /// What was opened.
    pub opened: Opened,
    /// What did not hold, in words.
    pub findings: Vec<String>,
    /// What the backup lacks, in words, where what is in it is whole.
    pub lacks: Option<String>,
    /// It is in the records; else why not.
    pub filed: Result<(), String>,
    /// The numbers of older archives that stay, because they have, or may have, what is not in the records here.
    pub stay: Vec<u32>,
}

impl Certified {
    /// Whether somebody has to do something.
    pub fn is_owed(&self) -> bool {
        !self.proven.sound || !self.stay.is_empty() || self.filed.is_err()
    }
}

/// A drill that says nothing of the backup: the stick is out, it is another device's, or there is no room.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("it could not be tried")]
pub struct NotTried;

/// Drills the newest backup in a folder that one of these keys opens.
///
/// # Errors
/// With [`NotTried`] where nothing was found out of the backup; any other is a failed drill.
pub fn drill_newest(chosen: &Path, keys: &[BackupKey], records: &Path, stop: &Stop) -> anyhow::Result<Drilled> {
    let of_backup = |error: &anyhow::Error| matches!(error.downcast_ref(), Some(BackupError::Damaged(_)));
    let no_room = |error: &anyhow::Error| error.chain().any(|why| matches!(why.downcast_ref(), Some(StoreError::Full)));
    let mut source = find(chosen, OpenBy::Keys(keys), None)
        .map_err(|error| if of_backup(&error) { error } else { error.context(NotTried) })?;
    source.stop = stop.clone();
    drill(&source, records).map_err(|error| {
        let was_pulled = !source.folder.path().is_dir();
        if was_pulled || no_room(&error) || stop.is_told() { error.context(NotTried) } else { error }
    })
}

/// Restores a backup beside the records' folder, checks all of it, reads the fire register from it, and removes it.
///
/// # Errors
/// When it cannot be restored at all, which is a failed drill.
pub fn drill(source: &Source, records: &Path) -> anyhow::Result<Drilled> {
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
    // As it was when it was taken: a device lets the keys of earlier days go.
    let mut device = Device::over(unpacked.replica, place.path(), Clock::starting_at(manifest.at.utc_ms));
    source.stop.go_on()?;
    device.catch_up()?;
    source.stop.go_on()?;
    let people_on_fire = device.people_on_fire_register()?;
    let fire_ms = people_on_fire.map(|_| since());
    let tally = device.replica.tally()?;
    let documents = tally.values().map(|area| area.opened).sum();
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let left_out = (manifest.left_out.len() as u64).max(verified.lacking);
    let area = |(area, tally): (&Area, &Tally)| OpenedArea {
        area: area.0,
        entries: tally.entries,
        sealed: tally.documents,
        opened: tally.opened,
    };
    let keys = device.replica.keys_held();
    let opened = Opened {
        left_out,
        people_on_fire: count(people_on_fire.unwrap_or(0)),
        people_with_keys: count(keys.people()),
        areas: tally.iter().map(area).collect(),
    };
    let found = Proven {
        taken_ms: manifest.at.utc_ms,
        run: manifest.run,
        entries: manifest.entries(),
        logs: count(logs.len()),
        agreed: 0,
        findings: count(findings.len()).max(u32::try_from(verified.findings_count).unwrap_or(u32::MAX)),
        documents,
        restore_ms,
        fire_ms,
        whole_ms: since(),
        sound: false,
    };
    drop(device);
    place.close().context("the drill's place could not be removed")?;
    Ok(Drilled { number: source.number, found, opened, logs, keys, findings })
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
        let here = self.people_on_fire_register()?.unwrap_or(0);
        let mut findings = drilled.findings.clone();
        let found = self.against(drilled, here)?;
        let more = u32::try_from(found.len()).unwrap_or(u32::MAX);
        findings.extend(found);
        let mut proven = Proven { agreed, ..drilled.found };
        proven.findings = proven.findings.saturating_add(more);
        let lacks = words::lacks(&drilled.opened, here).filter(|_| proven.holds());
        proven.sound = proven.holds() && lacks.is_none() && proven.entries > 0;
        let now = self.clock.now().utc_ms;
        let why = lacks.clone().or_else(|| findings.first().cloned()).unwrap_or_else(|| {
            format!("{} of {} logs end where this device's records say", proven.agreed, proven.logs)
        });
        self.keep_backups(|kept| {
            if proven.sound {
                (kept.proven_ms, kept.drill_failed) = (Some(now), None);
                kept.proven_taken_ms = Some(proven.taken_ms);
            } else {
                kept.drill_failed = Some((now, why));
            }
            kept.drill_found_whole = lacks.is_some();
        })?;
        let stay = if proven.sound { self.drop_backups_before(chosen, drilled.number)? } else { Vec::new() };
        let opened = drilled.opened.clone();
        // A device that reads nothing of a site has nowhere to file it; it remembers it itself.
        let filed = self.file_proof(proven, opened.clone()).map_err(|error| format!("{error:#}"));
        Ok(Certified { proven, opened, findings, lacks, filed, stay })
    }

    /// What this device opens of its records by itself and could not open of the backup, where that has any of it.
    fn against(&self, drilled: &Drilled, on_fire_here: usize) -> anyhow::Result<Vec<String>> {
        let mut found = Vec::new();
        let rules = areas::rules();
        let by_itself: Vec<Area> =
            rules.iter().filter(|rule| rule.keys == KeyRule::Daily).map(|rule| rule.area).collect();
        let opens_here = self.replica.tally()?.iter().any(|(area, tally)| by_itself.contains(area) && tally.opened > 0);
        let has = |wanted: &[Area]| {
            drilled.opened.areas.iter().any(|area| wanted.contains(&Area(area.area)) && area.entries > 0)
        };
        if drilled.found.documents == 0 && opens_here && has(&by_itself) {
            found.push("nothing in the backup could be opened with this device's own keys".to_owned());
        }
        if drilled.found.fire_ms.is_none() && on_fire_here > 0 && has(&[areas::ROLL]) {
            found.push(format!(
                "there is no fire register in the backup, and the one of the records here has {on_fire_here} people"
            ));
        }
        let lacking = drilled.keys.lacking(&self.replica.keys_held());
        if !lacking.is_none() {
            found.push(format!(
                "keys are lacking in the backup: of {} sections to the recovery cards, of the documents of {} sections, and of {} people who work here",
                lacking.epochs, lacking.sections, lacking.people
            ));
        }
        Ok(found)
    }

    /// How many people the fire register of this device's site has, as far as it can be read with nobody signed in;
    /// `None` where there is none.
    ///
    /// # Errors
    /// When the records cannot be read.
    fn people_on_fire_register(&mut self) -> anyhow::Result<Option<usize>> {
        let Some(site) = self.site() else { return Ok(None) };
        let list = self.office_of_device(|office| Ok(presence::list(office.records(), site)?))?;
        Ok(list.map(|list| list.people.len()))
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
        self.keep_backups(|kept| {
            kept.drill_failed = Some((now, why));
            kept.drill_found_whole = false;
        })?;
        Ok(said)
    }

    fn file_proof(&mut self, proven: Proven, opened: Opened) -> anyhow::Result<()> {
        let site = self.site().context("this device knows no site yet")?;
        self.office_of_device(|office| Ok(office.file_certificate(site, proven, opened).map(drop)?))
    }

    /// The keys of the archives that this device can open by itself.
    ///
    /// # Errors
    /// When what it remembers cannot be read.
    pub fn backup_keys(&self) -> anyhow::Result<Vec<BackupKey>> {
        Ok(self.backups()?.keys.into_iter().map(|known| known.key).collect())
    }
}

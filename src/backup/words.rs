//! Backups in words: what `muster status`, `muster backup` and the client say of them.

use super::drill::Certified;
use super::kept::Backups;
use super::restore::{Compared, Counted, Unpacked};
use crate::kept_cards::day;
use muster_core::backup::write::Progress;
use muster_core::id::Area;
use muster_core::time::Moment;
use muster_school::continuity::{Age, Proof};
use muster_school::facts::continuity::{Opened, OpenedArea};
use muster_school::{areas, calendar};

/// For how long no backup was made before those that fail are on Today: one night is a stick that was out.
const FAILS_FOR_MS: i64 = 2 * 24 * 60 * 60 * 1000;

/// `Monday 23 November 2026 18:45`.
pub fn when(ms: i64) -> String {
    let at = Moment::utc(ms);
    format!("{} {}", day(at), calendar::clock(calendar::local(at).minute))
}

/// `12 KiB`, `3.4 MiB`.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..10_240 => format!("{bytes} bytes"),
        10_240..1_048_576 => format!("{} KiB", bytes / 1_024),
        _ => format!("{}.{} MiB", bytes / 1_048_576, bytes % 1_048_576 * 10 / 1_048_576),
    }
}

/// How old the last proof on this device is.
pub fn age(kept: &Backups, now: Moment) -> Age {
    let proof = kept.proven_ms.zip(kept.proven_taken_ms);
    let proof = proof.map(|(drilled_ms, taken_ms)| Proof { drilled_ms, taken_ms });
    match Age::of(proof, kept.drill_failed.as_ref().map(|(ms, _)| *ms), now) {
        Age::Failed if kept.drill_found_whole => Age::Incomplete,
        age => age,
    }
}

/// Everything there is to say, a sentence a line.
pub fn sentences(kept: &Backups, now: Moment) -> Vec<String> {
    let mut said = of_backups(kept);
    if kept.made.is_some() || kept.set_folder().is_some() {
        said.push(format!("{}.", age(kept, now).words(None)));
    }
    said
}

/// What there is to say of them apart from the age of the last proof.
pub fn of_backups(kept: &Backups) -> Vec<String> {
    let mut said = Vec::new();
    match (&kept.made, kept.set_folder()) {
        (None, None) => said.push("This device makes no backups.".to_owned()),
        (None, Some(folder)) => said.push(format!("No backup has been made yet into {}.", folder.display())),
        (Some(made), _) => {
            let but = left_out(kept.left_out).map(|but| format!(", {but}")).unwrap_or_default();
            said.push(format!(
                "Last backup: {}, {} entries, into {}{but}.",
                when(made.at_ms),
                made.entries,
                made.folder
            ))
        }
    }
    if let Some((ms, why)) = &kept.failed {
        said.push(format!("The backup of {} FAILED: {why}", when(*ms)));
    }
    if let Some((_, why)) = &kept.drill_failed.as_ref().filter(|_| kept.drill_found_whole) {
        said.push(format!("What is in the newest backup that was drilled is whole. But {why}."));
    } else if let Some((_, why)) = &kept.drill_failed {
        said.push(format!("Why it failed: {why}. Make a new backup, and drill it."));
    }
    if let (Some(minute), Some(folder)) = (kept.minute, kept.set_folder()) {
        said.push(format!("Every day at {}, into {}.", calendar::clock(minute), folder.display()));
    }
    said
}

/// That backups fail every night, where the set time is and none was made there for two days.
pub fn failing(kept: &Backups, now: Moment) -> Option<String> {
    let (ms, why) = kept.failed.as_ref().filter(|_| kept.minute.is_some() && kept.failed_in == kept.folder)?;
    let made = kept.made.as_ref().filter(|made| made.folder == kept.folder).map(|made| made.at_ms);
    let lately = made.is_some_and(|made| (0..FAILS_FOR_MS).contains(&now.utc_ms.saturating_sub(made)));
    (!lately).then(|| format!("The backup of {} FAILED, as those before it: {why}", when(*ms)))
}

/// What a backup lacks, `None` where it lacks nothing.
pub fn left_out(entries: u64) -> Option<String> {
    match entries {
        0 => None,
        1 => Some("but for 1 entry that is damaged on this device".to_owned()),
        some => Some(format!("but for {some} entries that are damaged on this device")),
    }
}

/// That a backup was made.
pub fn backed_up(progress: &Progress) -> String {
    let but = left_out(progress.left_out).map(|but| format!(", {but}: let it meet another device that holds them"));
    let (entries, size) = (progress.entries, size(progress.bytes));
    format!("{entries} entries new, {size} written{}.", but.unwrap_or_default())
}

/// Of older archives that a drill left where they are.
pub fn of_older(stay: &[u32]) -> Option<String> {
    let numbers: Vec<String> = stay.iter().map(u32::to_string).collect();
    (!stay.is_empty()).then(|| {
        let numbers = numbers.join(", ");
        format!(
            "Kept, because they may have what is not in the records here: older archives {numbers}. Look at each with muster restore --archive N --rehearse."
        )
    })
}

/// What a backup lacks beside the records here, where the fire register of those has so many people; `None` where it
/// lacks nothing.
pub fn lacks(opened: &Opened, on_fire_here: usize) -> Option<String> {
    let on_fire = usize::try_from(opened.people_on_fire).unwrap_or(usize::MAX);
    match opened.left_out {
        0 if on_fire.saturating_mul(2) < on_fire_here => Some(format!(
            "its fire register has {on_fire} people and the one of the records here {on_fire_here}: make a new backup"
        )),
        0 => None,
        1 => Some(
            "1 entry is not in it, which is damaged on this device: let it meet another device that holds it, and make a new backup"
                .to_owned(),
        ),
        some => Some(format!(
            "{some} entries are not in it, which are damaged on this device: let it meet another device that holds them, and make a new backup"
        )),
    }
}

/// All there is to say of a drill, a sentence a line.
pub fn of_drill(done: &Certified) -> Vec<String> {
    let mut said = certificate(done);
    said.extend(of_older(&done.stay));
    if let Err(why) = &done.filed {
        said.push(format!(
            "The certificate is not in the records, and no other device learns of it: {why}. This device remembers it itself."
        ));
    }
    said
}

fn certificate(done: &Certified) -> Vec<String> {
    let Certified { proven, opened, .. } = done;
    let seconds = |ms: u32| format!("{}.{} s", ms / 1_000, ms % 1_000 / 100);
    let fire = proven.fire_ms.map_or_else(
        || "no fire register in it".to_owned(),
        |ms| format!("first fire register after {}, with {} people", seconds(ms), opened.people_on_fire),
    );
    let by = |of: &dyn Fn(&OpenedArea) -> u32| {
        let some = opened.areas.iter().filter(|area| of(area) > 0);
        let all: Vec<String> = some.map(|area| format!("{} {}", areas::name(Area(area.area)), of(area))).collect();
        if all.is_empty() { "none".to_owned() } else { all.join(", ") }
    };
    vec![
        format!("Backup of {}: {} entries in {} logs.", when(proven.taken_ms), proven.entries, proven.logs),
        format!("Restored in {}; {fire}; all checked after {}.", seconds(proven.restore_ms), seconds(proven.whole_ms)),
        format!("{} of {} logs end where this device's records say.", proven.agreed, proven.logs),
        format!(
            "Decrypted with this device's own keys, nobody signed in: {} documents ({}).",
            proven.documents,
            by(&|area| area.opened)
        ),
        format!(
            "Not opened, as that needs a person: the keys are there of documents by area ({}), and of {} people who sign in.",
            by(&|area| area.sealed),
            opened.people_with_keys
        ),
        match &done.lacks {
            _ if proven.sound => "PROVEN.".to_owned(),
            Some(lacks) => format!("NOT COMPLETE: what is in it is whole, but {lacks}."),
            None => format!("FAILED: {} things did not hold.", proven.findings),
        },
    ]
}

/// What a backup is, and what restoring it would bring and cost beside the records here: the words of a rehearsal.
///
/// # Errors
/// When it cannot be read.
pub fn of_rehearsal(
    unpacked: &Unpacked,
    number: u32,
    here: Option<(Compared, Counted)>,
) -> anyhow::Result<Vec<String>> {
    let manifest = &unpacked.manifest;
    let mut said = vec![
        format!("{}: backup of {}, archive {number}.", unpacked.school(), when(manifest.at.utc_ms)),
        format!("{} entries in {} logs, {} small files.", manifest.entries(), manifest.logs.len(), manifest.files),
    ];
    if let Some(but) = left_out(manifest.left_out.len() as u64) {
        said.push(format!("It is whole {but}, when it was made."));
    }
    if unpacked.newer_is_damaged {
        said.push("A NEWER RUN OF IT IS DAMAGED: this is the newest that is whole.".to_owned());
    }
    said.push(format!("In the backup: {}.", counted(&unpacked.counted()?)));
    if let Some((compared, now)) = here {
        said.push(format!("Here now: {}.", counted(&now)));
        said.push(format!("Here now and not in the backup: {} entries.", compared.lacks));
        if compared.only_here > 0 {
            said.push(format!(
                "Of those, {} are on no other device: they stay only in the folder that is put aside.",
                compared.only_here
            ));
        }
        said.push(format!("In the backup and not here now: {} entries.", compared.brings));
    }
    Ok(said)
}

fn counted(counted: &Counted) -> String {
    let some = |count: u32, one: &str, more: &str| format!("{count} {}", if count == 1 { one } else { more });
    let last = counted.last_mark_ms.map_or_else(|| "no mark".to_owned(), |ms| format!("the last mark of {}", when(ms)));
    format!(
        "{}, {} (a class's week each), {last}, {}",
        some(counted.pupils, "file of a pupil", "files of pupils"),
        some(counted.registers, "register", "registers"),
        some(counted.concerns, "concern or case", "concerns and cases")
    )
}

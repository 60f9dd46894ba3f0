//! Backups in words: what `muster status`, `muster backup` and the client say of them.

use super::kept::Backups;
use crate::kept_cards::day;
use muster_core::backup::write::Progress;
use muster_core::time::Moment;
use muster_school::calendar;
use muster_school::continuity::{Age, Proof};
use muster_school::facts::continuity::Proven;

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
    Age::of(proof, kept.drill_failed.as_ref().map(|(ms, _)| *ms), now)
}

/// Everything there is to say, a sentence a line.
pub fn sentences(kept: &Backups, now: Moment) -> Vec<String> {
    let mut said = of_backups(kept);
    if kept.made.is_some() || kept.set_folder().is_some() {
        said.push(format!("{}.", age(kept, now).words()));
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
    if let Some((_, why)) = &kept.drill_failed {
        said.push(format!("Why it failed: {why}. Make a new backup, and drill it."));
    }
    if let (Some(minute), Some(folder)) = (kept.minute, kept.set_folder()) {
        said.push(format!("Every day at {}, into {}.", calendar::clock(minute), folder.display()));
    }
    said
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

/// A certificate, a sentence a line.
pub fn certificate(proven: &Proven) -> Vec<String> {
    let seconds = |ms: u32| format!("{}.{} s", ms / 1_000, ms % 1_000 / 100);
    let fire = proven
        .fire_ms
        .map_or_else(|| "no fire register in it".to_owned(), |ms| format!("first fire register after {}", seconds(ms)));
    vec![
        format!("Backup of {}: {} entries in {} logs.", when(proven.taken_ms), proven.entries, proven.logs),
        format!("Restored in {}; {fire}; all checked after {}.", seconds(proven.restore_ms), seconds(proven.whole_ms)),
        format!("{} of {} logs end where this device's records say.", proven.agreed, proven.logs),
        format!("Decrypted with this device's own keys, nobody signed in: {} documents.", proven.documents),
        if proven.sound { "PROVEN.".to_owned() } else { format!("FAILED: {} things did not hold.", proven.findings) },
    ]
}

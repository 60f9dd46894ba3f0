//! `muster verify`: checks everything that can be checked, and says what that proves: of this device's records, or of
//! a signed extract, with no record or key of the school at hand.

use super::Common;
use crate::device::Device;
use anyhow::{Context as _, bail};
use clap::Args;
use muster_core::extract::chain::{Proof, Proven, ProvenAuthor};
use muster_core::extract::{Extract, Source, Standing};
use muster_core::keys::recovery::fingerprint;
use muster_core::limits::EXTRACT_BYTES;
use muster_core::time::Moment;
use muster_school::calendar;
use muster_storage::RedbStore;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Check every chain, hash, seal and authority claim, and say what that proves
#[derive(Debug, Args)]
pub(super) struct Verify {
    /// A signed extract to check instead: needs nothing of the school's
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
}

impl Verify {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<ExitCode> {
        if let Some(file) = &self.file {
            return extract(file, common);
        }
        let mut device = Device::open(&common.folder(), common.clock())?;
        let verified = device.replica.verify(&mut |_, _| {})?;
        for line in verified.says().into_iter().chain(device.alarm_sentences()) {
            say!("{line}");
        }
        if !verified.holds_together() {
            // What is damaged is fetched anew from here on.
            device.replica.look_over_all()?;
            if let Some(words) = device.damage_words() {
                say!("This device: {words}.");
            }
        }
        Ok(if verified.is_sound() { ExitCode::SUCCESS } else { ExitCode::from(1) })
    }
}

fn extract(file: &Path, common: &Common) -> anyhow::Result<ExitCode> {
    if !file.is_file() {
        bail!("{} cannot be read: there is no file of that name", file.display());
    }
    let unreadable = || format!("{} cannot be read", file.display());
    let about = file.metadata().with_context(unreadable)?;
    if about.len() > EXTRACT_BYTES as u64 {
        bail!("{} is larger than any extract", file.display());
    }
    let bytes = std::fs::read(file).with_context(unreadable)?;
    if !Extract::is_one(&bytes) {
        bail!("{} is no signed extract: give the file that ends in .muster", file.display());
    }
    let Ok(extract) = Extract::decode(&bytes) else {
        say!("NOT SOUND: the file is damaged, or was changed.");
        return Ok(ExitCode::from(1));
    };
    if let Err(broken) = extract.verify() {
        say!("NOT SOUND: {broken}.");
        return Ok(ExitCode::from(1));
    }
    let standing = RedbStore::exists(&common.folder())
        .then(|| Device::open(&common.folder(), common.clock()).map(|device| device.replica.standing_of(&extract)));
    let proven = extract.proven();
    for line in says(&extract, &proven, standing.and_then(Result::ok)) {
        say!("{line}");
    }
    let table = file.with_extension("csv");
    if let Ok(beside) = std::fs::read(&table) {
        if beside != extract.table {
            say!("NOT SOUND: {} is not the table that was signed.", table.display());
            return Ok(ExitCode::from(1));
        }
        say!("{} is the table that was signed, byte for byte.", table.display());
    }
    Ok(if is_whole(&extract, &proven) { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// What a sound extract proves, in sentences.
fn says(extract: &Extract, proven: &Proven, standing: Option<Standing>) -> Vec<String> {
    let claim = &extract.claim;
    let mut said = vec![
        format!("{}.", claim.what),
        format!("From {}, made by {} on {}.", claim.school_name, claim.by, when(claim.at)),
        format!("For {}: {}. For nobody and nothing else.", claim.to, claim.purpose),
        format!("{} lines, {} people.", claim.rows, claim.people),
        "Proven: table, recipient, purpose and the list below are as they were signed.".to_owned(),
        match standing {
            Some(Standing::Known) => "Proven: the signer belongs to the school whose records are here.".to_owned(),
            Some(Standing::Unknown) => {
                "NOT proven: the school whose records are here does not know this signer, or has not heard of them yet."
                    .to_owned()
            }
            Some(Standing::OtherSchool) | None => format!(
                "Not proven here: that this is the school it says it is. Its number is {}: ask the school for its own, by another way.",
                fingerprint(&claim.school)
            ),
        },
    ];
    said.extend(rights(extract, proven));
    said.extend([
        format!(
            "NOT proven by this file: that the table is what the records say. {} signed it and answers for that; whoever holds the records can compare.",
            if claim.by.is_empty() { "Whoever" } else { &claim.by }
        ),
        "Not proven: that what people marked was true, and the clocks.".to_owned(),
        "Complete to these device heads, which is all that each device had handed over:".to_owned(),
    ]);
    said.extend(claim.sources.iter().map(|source| format!("  {}", source_words(source, claim.at))));
    if !claim.notes.is_empty() {
        said.push("Not in it:".to_owned());
        said.extend(claim.notes.iter().map(|note| format!("  {note}")));
    }
    said
}

/// Whether the chain of grants proves everybody's right.
fn is_whole(extract: &Extract, proven: &Proven) -> bool {
    proven.signer == Proof::Proven
        && extract.unnamed() == 0
        && proven.authors.iter().all(|author| author.proof == Proof::Proven)
}

/// What the chain of grants proves, and of whom it does not.
fn rights(extract: &Extract, proven: &Proven) -> Vec<String> {
    let mut said = vec![match proven.signer {
        Proof::Proven => {
            "Proven, from the school’s founding on: whoever signed it could read these records.".to_owned()
        }
        Proof::NoSeat => "NOT proven: that whoever signed it belongs to the school.".to_owned(),
        Proof::NoRight | Proof::NotSealed => "NOT proven: that whoever signed it could read these records.".to_owned(),
    }];
    let all = proven.authors.len();
    let rest: Vec<&ProvenAuthor> = proven.authors.iter().filter(|author| author.proof != Proof::Proven).collect();
    let held = all - rest.len();
    said.push(match (held, rest.is_empty()) {
        (held, true) => {
            format!("Proven, from the founding on: all {held} who wrote what it was made from had the right to.")
        }
        (held, false) => {
            format!("Proven of {held} of the {all} who wrote what it was made from: they had the right to.")
        }
    });
    said.extend(rest.iter().map(|author| format!("  {}", unproven(extract, author))));
    match extract.unnamed() {
        0 => {}
        logs => said.push(format!("NOT proven: who wrote {logs} of the records it was made from.")),
    }
    if proven.void > 0 {
        said.push(format!("{} statements of rights in the file do not hold, and count for nothing.", proven.void));
    }
    said
}

fn unproven(extract: &Extract, author: &ProvenAuthor) -> String {
    let device = author.device.and_then(|device| extract.claim.sources.iter().find(|one| one.device == device));
    let on = device.map_or_else(|| "an unknown device".to_owned(), |device| device.name.clone());
    let seat: String = author.seat.to_string().chars().take(8).collect();
    let why = match author.proof {
        Proof::NoSeat => "no certificate leads back to the school",
        Proof::NoRight => "nobody gave them the right to write these records",
        Proof::NotSealed | Proof::Proven => "they did not sign what it was made from",
    };
    format!("NOT proven of sign-in {seat} on {on}: {why}")
}

fn source_words(source: &Source, at: Moment) -> String {
    let entries: u64 = source.heads.iter().flat_map(|(_, heads)| heads.iter().map(|head| head.length).max()).sum();
    let name = &source.name;
    let held = match entries {
        0 => "nothing written".to_owned(),
        1 => "1 entry".to_owned(),
        entries => format!("{entries} entries"),
    };
    let head = source.heads.iter().flat_map(|(_, heads)| heads).max_by_key(|head| head.length);
    let head = head.map(|head| format!(", the last {:?}", head.hash)).unwrap_or_default();
    let heard = match source.heard {
        _ if source.own => "made this extract".to_owned(),
        None => "never heard from by the device that made this: what it holds may be missing".to_owned(),
        Some(heard) if calendar::local(heard).day == calendar::local(at).day => {
            format!("last heard {}", calendar::clock(calendar::local(heard).minute))
        }
        Some(heard) => format!("unheard since {}: what it holds since then may be missing", when(heard)),
    };
    format!("{name}: {held}{head}; {heard}")
}

fn when(at: Moment) -> String {
    let at = calendar::local(at);
    format!("{} {} at {}", at.day.long(), at.day.date().year(), calendar::clock(at.minute))
}

#[cfg(test)]
mod tests {
    use super::*;
    use muster_core::id::DeviceId;

    #[test]
    fn an_extract_says_of_each_device_how_far_it_is_complete_and_since_when_one_was_not_heard() {
        // 09:00 on Monday 23 November 2026.
        let now = Moment::utc(1_795_424_400_000);
        let said = |own, heard| {
            let device = DeviceId([1; 32]);
            source_words(&Source { device, name: "hall-tablet".into(), heads: Vec::new(), heard, own }, now)
        };
        assert_eq!(said(true, None), "hall-tablet: nothing written; made this extract");
        assert!(
            said(false, None).ends_with("never heard from by the device that made this: what it holds may be missing")
        );
        let friday = Moment::utc(now.utc_ms - 3 * 24 * 60 * 60 * 1000);
        assert!(
            said(false, Some(friday))
                .contains("unheard since Friday 20 November 2026 at 09:00: what it holds since then")
        );
        assert!(said(false, Some(now)).ends_with("last heard 09:00"));
    }
}

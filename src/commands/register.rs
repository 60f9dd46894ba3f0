//! `muster register`: shows a register, or takes it, without the client.

use super::Common;
use super::ask::Who;
use anyhow::{Context as _, bail};
use clap::Args;
use muster_school::calendar::{self, Day, Half, Session};
use muster_school::names;
use muster_school::office::MarkEntry;
use std::io::Write as _;

/// Show a register, or take it
#[derive(Debug, Args)]
pub(super) struct Register {
    /// The group's name
    group: String,
    /// am or pm [default: by the clock]
    #[arg(long)]
    session: Option<String>,
    /// The day, as 2026-11-23 [default: today]
    #[arg(long)]
    day: Option<String>,
    /// A mark: part of the pupil's name, the code, and minutes for a late one, as "Byrne=L:12"
    #[arg(long = "mark", value_name = "NAME=CODE")]
    marks: Vec<String>,
    /// Mark everybody present who has no mark yet
    #[arg(long)]
    rest_present: bool,
    /// Why a mark changes, once the register is closed
    #[arg(long)]
    reason: Option<String>,
    #[command(flatten)]
    who: Who,
}

impl Register {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        let mut device = self.who.open(common)?;
        let now = calendar::local(common.clock().now());
        let day = self.day.as_deref().map(Day::parse).transpose().map_err(anyhow::Error::msg)?.unwrap_or(now.day);
        let half = match self.session.as_deref().map(str::to_ascii_lowercase).as_deref() {
            Some("am") => Half::Am,
            Some("pm") => Half::Pm,
            None if now.minute < 12 * 60 => Half::Am,
            None => Half::Pm,
            Some(other) => bail!("a session is am or pm, not {other}"),
        };
        let session = Session { day, half };
        let wanted = names::fold(&self.group);
        let groups: Vec<_> = device
            .known
            .school()
            .groups
            .values()
            .filter(|group| names::fold(&group.name) == wanted)
            .map(|group| group.id)
            .collect();
        let [group] = groups.as_slice() else {
            bail!("{} groups are called {}: give the name as the register shows it", groups.len(), self.group);
        };
        let group = *group;
        let entries =
            self.marks.iter().map(|mark| entry(&device, group, day, mark)).collect::<anyhow::Result<Vec<_>>>()?;
        let marked = device.office(|office| {
            let mut marked = 0;
            if !entries.is_empty() {
                match &self.reason {
                    None => marked += office.take(group, session, &entries, false)?.marked,
                    Some(reason) => {
                        for one in &entries {
                            marked += office.amend(one.pupil, session, Some(&one.code), one.minutes, reason)?.marked;
                        }
                    }
                }
            }
            if self.rest_present {
                marked += office.mark_remaining_present(group, session)?.marked;
            }
            Ok(marked)
        })?;
        if marked > 0 {
            device.keep_fire_list()?;
            eprintln!("Marked {marked}. Saved on this device.");
        }
        let mut out = std::io::stdout().lock();
        writeln!(out, "{}, {}", self.group, session.long())?;
        let lines = device.register_lines(group, session)?;
        for (name, code, said) in lines {
            writeln!(out, "  {name:<28} {code:<3} {said}")?;
        }
        Ok(())
    }
}

fn entry(
    device: &crate::device::Device,
    group: muster_school::ids::GroupId,
    day: Day,
    typed: &str,
) -> anyhow::Result<MarkEntry> {
    let (name, mark) = typed.split_once('=').with_context(|| format!("a mark is written NAME=CODE, not {typed}"))?;
    let (code, minutes) = match mark.split_once(':') {
        Some((code, minutes)) => {
            (code, Some(minutes.parse().with_context(|| format!("{minutes} is not a number of minutes"))?))
        }
        None => (mark, None),
    };
    let wanted = names::fold(name);
    let found: Vec<_> = device
        .known
        .members(group, day)
        .into_iter()
        .filter(|pupil| names::fold(&pupil.listed()).contains(&wanted))
        .collect();
    match found.as_slice() {
        [pupil] => Ok(MarkEntry { pupil: pupil.id, code: code.to_owned(), minutes, note: None }),
        [] => bail!("nobody in this group has {name} in their name"),
        several => bail!("{} pupils of this group have {name} in their name: give more of it", several.len()),
    }
}

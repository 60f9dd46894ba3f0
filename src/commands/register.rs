//! `muster register`: shows a register, or takes it, without the client.

use super::Common;
use super::ask::Who;
use anyhow::{Context as _, bail};
use clap::Args;
use muster_core::document::fact::FactRef;
use muster_core::id::PlaceId;
use muster_school::calendar::{self, Day, Half, Session};
use muster_school::ids::{GroupId, PupilId};
use muster_school::names;
use muster_school::office::MarkEntry;
use muster_school::view::register::{MarkVersion, RegisterRow};
use std::io::Write as _;

/// Show a register, or take it
#[derive(Debug, Args)]
pub(super) struct Register {
    /// The group's name
    group: String,
    /// The site, by code, where several have a group of that name [default: this device's]
    #[arg(long, value_name = "CODE")]
    site: Option<String>,
    /// am or pm [default: by the clock]
    #[arg(long)]
    session: Option<String>,
    /// The day, as 2026-11-23 [default: today]
    #[arg(long)]
    day: Option<String>,
    /// A mark: part of the pupil's name or the admission number, the code, and minutes for a late one, as "Byrne=L:12"
    #[arg(long = "mark", value_name = "NAME=CODE")]
    marks: Vec<String>,
    /// Mark everybody present who has no mark yet
    #[arg(long)]
    rest_present: bool,
    /// Which of two marks that differ stands: part of the pupil's name and the code that stands, as "Byrne=L:12"
    #[arg(long = "settle", value_name = "NAME=CODE")]
    settled: Vec<String>,
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
        let group = group(&device, &self.group, self.site.as_deref())?;
        let entries =
            self.marks.iter().map(|mark| entry(&device, group, day, mark)).collect::<anyhow::Result<Vec<_>>>()?;
        let chosen = match self.settled.as_slice() {
            [] => Vec::new(),
            settled => {
                let rows = device.register(group, session)?.rows;
                let one = |typed: &String| chosen(&rows, &entry(&device, group, day, typed)?);
                settled.iter().map(one).collect::<anyhow::Result<Vec<_>>>()?
            }
        };
        let marked = device.office(|office| {
            let mut marked = 0;
            for (pupil, fact, shown) in &chosen {
                marked += office.settle_mark(*pupil, session, *fact, shown)?.marked;
            }
            if !entries.is_empty() {
                match &self.reason {
                    None => marked += office.take(group, session, &entries, false)?.marked,
                    Some(reason) => {
                        for one in &entries {
                            marked +=
                                office.amend(one.pupil, session, (Some(&one.code), one.minutes), reason, None)?.marked;
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
        let rows = device.register(group, session)?.rows;
        let wide = rows.iter().map(|row| row.apart.chars().count()).max().unwrap_or(0);
        for row in &rows {
            let RegisterRow { name, apart, .. } = row;
            let (code, words) = said(row);
            match wide {
                0 => writeln!(out, "  {name:<28} {code:<3} {words}")?,
                _ => writeln!(out, "  {name:<28} {apart:<wide$} {code:<3} {words}")?,
            }
        }
        Ok(())
    }
}

/// A row's code and words; where marks differ, each of them, and by whom.
fn said(row: &RegisterRow) -> (&str, String) {
    match &row.mark {
        Some(mark) if row.versions.len() > 1 => (&mark.code, format!("two marks differ: {}", versions(row))),
        Some(mark) => (&mark.code, mark.words.clone()),
        None => ("", "Not yet marked".to_owned()),
    }
}

fn versions(row: &RegisterRow) -> String {
    row.versions.iter().map(|version| version.words.as_str()).collect::<Vec<_>>().join("; ")
}

/// Which of a pupil's marks that differ was chosen, and those it was chosen among.
fn chosen(rows: &[RegisterRow], wanted: &MarkEntry) -> anyhow::Result<(PupilId, FactRef, Vec<FactRef>)> {
    let row = rows.iter().find(|row| row.pupil == wanted.pupil.into()).context("this pupil is not in this register")?;
    if row.versions.is_empty() {
        bail!("no two marks differ for {}: change the mark with --mark, or --mark and --reason", row.spoken);
    }
    let fits = |version: &&MarkVersion| {
        version.code == wanted.code && (wanted.minutes.is_none() || version.minutes == wanted.minutes)
    };
    let mut fitting = row.versions.iter().filter(fits);
    match (fitting.next(), fitting.next()) {
        (Some(one), None) => Ok((wanted.pupil, one.fact, row.shown.clone())),
        (Some(_), Some(_)) => {
            bail!("two marks of {} have that code: give the minutes, too: {}", row.spoken, versions(row))
        }
        (None, _) => bail!("no mark of {} has that code: choose one of {}", row.spoken, versions(row)),
    }
}

/// The group of that name: at the site that is named, or at this device's own, or anywhere if there is but one.
pub(super) fn group(device: &crate::device::Device, name: &str, site: Option<&str>) -> anyhow::Result<GroupId> {
    let wanted = names::fold(name);
    let school = device.known.school();
    let at = super::invite::place(device, site)?;
    let mut found: Vec<_> = school.groups.values().filter(|group| names::fold(&group.name) == wanted).collect();
    if let Some(at) = at {
        found.retain(|group| group.site == at);
    } else if found.len() > 1
        && let Some(here) = device.site()
        && found.iter().any(|group| group.site == here)
    {
        found.retain(|group| group.site == here);
    }
    let site =
        school.sites.values().find(|site| names::fold(&site.name) == wanted || names::fold(&site.code) == wanted);
    match (found.as_slice(), site) {
        ([group], _) => Ok(group.id),
        // A whole site, by its name or code.
        ([], Some(site)) => Ok(GroupId(site.id.0)),
        ([], None) => bail!("no group is called {name}: give its name as the register shows it, such as 4B"),
        (several, _) => bail!("{} groups are called {name}: say which with --site CODE", several.len()),
    }
}

fn entry(device: &crate::device::Device, group: GroupId, day: Day, typed: &str) -> anyhow::Result<MarkEntry> {
    let (name, mark) = typed.split_once('=').with_context(|| format!("a mark is written NAME=CODE, not {typed}"))?;
    let (code, minutes) = match mark.split_once(':') {
        Some((code, minutes)) => {
            let Ok(minutes) = minutes.parse() else {
                bail!("\u{201c}{minutes}\u{201d} is not a number of minutes: a late mark is written NAME=L:12")
            };
            (code, Some(minutes))
        }
        None => (mark, None),
    };
    let wanted = names::fold(name);
    if wanted.trim().is_empty() || code.is_empty() {
        bail!("a mark is written NAME=CODE, not {typed}");
    }
    let school = device.known.school();
    let groups = match school.groups.contains_key(&group) {
        true => vec![group],
        false => school.groups_of(PlaceId(group.0)).into_iter().map(|group| group.id).collect(),
    };
    let found: Vec<_> = groups
        .into_iter()
        .flat_map(|group| device.known.members(group, day))
        .filter(|pupil| pupil.identity.admission_no == name || names::fold(&pupil.listed()).contains(&wanted))
        .collect();
    match found.as_slice() {
        [pupil] => Ok(MarkEntry { pupil: pupil.id, code: code.to_owned(), minutes, note: None, among: None }),
        [] => bail!("nobody in this group has {name} in their name"),
        several => bail!(
            "{} pupils of this group have {name} in their name: give more of it, or the admission number",
            several.len()
        ),
    }
}

//! `muster people` and `muster roles`: accounts, and who can read and write what, in plain words.

use super::Common;
use super::ask::Who;
use super::words::find_staff;
use crate::device::Device;
use clap::{Args, Subcommand};
use muster_core::id::PersonId;
use muster_school::areas;
use muster_school::show;
use muster_school::view::roles::{RolesChosen, RolesDetail};
use std::io::Write as _;

/// Who may sign in: role, sites, since when, on which devices
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct People {
    /// Only this member of staff, in full: staff code, or part of the name
    name: Option<String>,
    #[command(flatten)]
    who: Who,
    #[command(subcommand)]
    act: Option<Act>,
}

/// What is done to an account.
#[derive(Debug, Subcommand)]
enum Act {
    /// For somebody who has lost their passphrase: ends their sign-in everywhere, and makes one-time words
    Reset(Reset),
}

#[derive(Debug, Args)]
struct Reset {
    /// The member of staff: staff code, or part of the name
    staff: String,
    #[command(flatten)]
    who: Who,
}

/// Who can read and write what, and why
#[derive(Debug, Args)]
pub(super) struct Roles {
    /// Only this member of staff, or this area, in full
    name: Option<String>,
    #[command(flatten)]
    who: Who,
}

impl People {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        if let Some(Act::Reset(reset)) = self.act {
            return reset.run(common);
        }
        let mut device = self.who.open(common)?;
        let person = self.name.map(|name| find_staff(&device, &name)).transpose()?;
        let me = device.person();
        let view = device.with_records(|records, known| Ok(show::people(records, known, me, person)?))?;
        let mut out = std::io::stdout().lock();
        if let Some(detail) = view.detail {
            writeln!(out, "{}", detail.name)?;
            for (what, of) in detail.lines {
                writeln!(out, "  {what}: {of}")?;
            }
            return Ok(());
        }
        writeln!(out, "{}", view.summary)?;
        for row in view.rows {
            let role = if row.role.is_empty() { String::new() } else { format!("{}, {}; ", row.role, row.sites) };
            let since = if row.activated.is_empty() { String::new() } else { format!(" since {}", row.activated) };
            let state = row.state.word().to_lowercase();
            writeln!(out, "{}: {role}{state}{since}; last sign-in {}", row.name, row.last)?;
        }
        Ok(())
    }
}

impl Reset {
    fn run(self, common: &Common) -> anyhow::Result<()> {
        let mut device = self.who.open_to_administer(common)?;
        let person = find_staff(&device, &self.staff)?;
        let name = device.known.staff_name(person);
        let words = device.reset(person)?;
        say!("The passphrase of {name} opens nothing any more, on every device that hears of it.");
        say!("New one-time words, to be read to {name} and to nobody else, over the telephone if need be:");
        say!();
        say!("  {}", words.as_str());
        say!();
        say!(
            "They work once, on a device of their sites that has met this one since: muster activate \"{}\"",
            words.as_str()
        );
        Ok(())
    }
}

impl Roles {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        let mut device = self.who.open(common)?;
        let chosen = self.name.map(|name| chosen(&device, &name)).transpose()?;
        let view = device.with_records(|records, known| Ok(show::roles(records, known, chosen)?))?;
        let mut out = std::io::stdout().lock();
        if chosen.is_some() {
            return match view.detail {
                Some(detail) => say_detail(&mut out, &detail),
                None => Ok(writeln!(out, "No rights now.")?),
            };
        }
        writeln!(out, "{}", view.summary)?;
        for row in &view.people {
            writeln!(out, "{}: {}", row.name, row.role)?;
            let reached = view.areas.iter().zip(&row.reaches).filter(|(_, reach)| !reach.word().is_empty());
            let words: Vec<String> = reached.map(|(area, reach)| format!("{} {}", reach.word(), area.name)).collect();
            writeln!(out, "  {}", words.join(", "))?;
        }
        Ok(())
    }
}

/// An area by its heading, or a member of staff.
fn chosen(device: &Device, wanted: &str) -> anyhow::Result<RolesChosen> {
    let folded = muster_school::names::fold(wanted);
    let area = areas::SHOWN.into_iter().find(|area| {
        let (heading, _) = areas::words(*area);
        muster_school::names::fold(heading) == folded || areas::name(*area) == folded
    });
    match area {
        Some(area) => Ok(RolesChosen::Area(area)),
        None => find_staff(device, wanted).map(|person: PersonId| RolesChosen::Person(person)),
    }
}

fn say_detail(out: &mut impl std::io::Write, detail: &RolesDetail) -> anyhow::Result<()> {
    writeln!(out, "{}\n{}", detail.title, detail.about)?;
    for block in &detail.blocks {
        writeln!(out, "{}. {}", block.title, block.why)?;
        for (what, of) in &block.lines {
            writeln!(out, "  {what}: {of}")?;
        }
    }
    for note in &detail.notes {
        writeln!(out, "{note}")?;
    }
    Ok(())
}

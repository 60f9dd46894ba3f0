//! `muster people` and `muster roles`: accounts, and who can read and write what, in plain words.

use super::Common;
use super::ask::Who;
use super::words::find_staff;
use crate::device::Device;
use anyhow::bail;
use clap::{Args, Subcommand};
use muster_core::id::{Area, PersonId};
use muster_core::time::Moment;
use muster_school::limits::VISITOR_DAYS;
use muster_school::roles::Role;
use muster_school::show;
use muster_school::view::people::RoleGiven;
use muster_school::view::roles::{RolesChosen, RolesDetail};
use muster_school::{areas, calendar};
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
    /// Give somebody new a role and one-time words: an inspector or an officer of the authority for some hours, too
    Invite(Invite),
}

#[derive(Debug, Args)]
struct Invite {
    /// Forename
    forename: String,
    /// Surname
    surname: String,
    /// The role, by its code, such as inspector, authority_officer, agency or core_staff
    #[arg(long, value_name = "CODE", value_parser = role)]
    role: Role,
    /// At which sites, by code; several times for several [default: every site]
    #[arg(long = "site", value_name = "CODE")]
    sites: Vec<String>,
    /// What a visitor may read there, such as register; several times for several. Other roles have their own areas
    #[arg(long = "area", value_name = "AREA", value_parser = area)]
    areas: Vec<Area>,
    /// For so many hours from now; the sign-in then ends by itself, and is refused afterwards
    #[arg(long, value_name = "HOURS", conflicts_with = "until", value_parser = clap::value_parser!(i64).range(1..=VISITOR_DAYS * 24))]
    hours: Option<i64>,
    /// Until when, as 2026-11-27 for that day's end or 2026-11-27T16:00. A visitor's role needs this or --hours
    #[arg(long, value_name = "WHEN")]
    until: Option<String>,
    #[command(flatten)]
    who: Who,
}

fn role(code: &str) -> Result<Role, String> {
    let codes: Vec<&str> = Role::all().map(Role::code).collect();
    Role::from_code(code).ok_or_else(|| format!("say one of {}", codes.join(", ")))
}

fn area(name: &str) -> Result<Area, String> {
    let found = areas::SHOWN.into_iter().find(|area| areas::name(*area) == name);
    found.ok_or_else(|| format!("say one of {}", areas::SHOWN.map(areas::name).join(", ")))
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
        match self.act {
            Some(Act::Reset(reset)) => return reset.run(common),
            Some(Act::Invite(invite)) => return invite.run(common),
            None => {}
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

impl Invite {
    fn run(self, common: &Common) -> anyhow::Result<()> {
        let mut device = self.who.open_to_administer(common)?;
        let not_its = self.areas.iter().find(|area| !self.role.nameable().contains(area));
        if let Some(area) = not_its {
            let of: Vec<&str> = self.role.nameable().iter().map(|area| areas::name(*area)).collect();
            let may = if of.is_empty() { "its areas are fixed".to_owned() } else { format!("name {}", of.join(", ")) };
            bail!("{} cannot be named for this role: {may}", areas::name(*area));
        }
        let last_day = match self.hours {
            Some(hours) => {
                let now = device.clock.now();
                let end = calendar::local(Moment { utc_ms: now.utc_ms.saturating_add(hours * 3_600_000), ..now });
                format!("{}T{}", end.day.iso(), calendar::clock(end.minute))
            }
            None => self.until.unwrap_or_default(),
        };
        let sites = super::invite::places(&device, &self.sites)?;
        let (forename, surname) = (self.forename, self.surname);
        let name = format!("{forename} {surname}");
        let given = device.give_role(&RoleGiven {
            person: None,
            forename,
            surname,
            job: String::new(),
            role: self.role,
            sites,
            areas: self.areas,
            last_day: last_day.clone(),
        })?;
        let until = if last_day.is_empty() { String::new() } else { format!(", until {}", last_day.replace('T', " ")) };
        say!("{name} is {} now{until}.", self.role.name());
        let Some(words) = given.words else { return Ok(()) };
        say!("One-time words for the first sign-in, to be given to {name} and to nobody else:");
        say!();
        say!("  {}", words.as_str());
        say!();
        say!(
            "They work once, on a device of those sites that has met this one since: muster activate \"{}\"",
            words.as_str()
        );
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
        say!(
            "No network between the two? Send a file that opens on your school's devices alone: muster carry out FILE here, muster carry in FILE there."
        );
        say!("A second factor went with the old sign-in: {name} sets up another, on any telephone.");
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

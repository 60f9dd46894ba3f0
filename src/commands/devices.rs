//! `muster devices`: every other device and its state; what to do when one is lost.

use super::Common;
use super::ask::{self, SignedIn};
use crate::device::Device;
use anyhow::bail;
use clap::{Args, Subcommand};
use muster_core::id::DeviceId;
use muster_school::roles::DeviceKind;
use muster_school::view::lost::{Kept, LostView};
use std::path::PathBuf;

/// The school's other devices; what to do when one is lost
pub(super) type Devices = SignedIn<What>;

#[derive(Debug, Subcommand)]
pub(super) enum What {
    /// A device is lost: hold it back, and say what it held and who has to sign in again
    Lost(Named),
    /// A device was found: let it go on
    Found(Named),
    /// Take a device out of the school for good
    Remove(Named),
    /// A device is not used any more: take it out for good, with nobody's keys made anew
    Retire(Named),
    /// Have a device be of another kind, or hold other sites
    Change(Change),
    /// What a device is, holds and can still read, who let it in and who signed in on it
    Show(Named),
    /// Write the list of the records that a device held, each by name, for a report about it
    List(List),
}

#[derive(Debug, Args)]
pub(super) struct Named {
    /// The device: its name, or part of it
    name: String,
    /// Do not ask for the device's name again
    #[arg(long)]
    yes: bool,
}

#[derive(Debug, Args)]
pub(super) struct Change {
    /// The device: its name, or part of it
    name: String,
    /// What it is for from now on: tablet, laptop (leaders and leads may sign in, too) or blind [default: as before]
    #[arg(long, value_name = "KIND", value_parser = super::invite::kind)]
    kind: Option<DeviceKind>,
    /// The sites whose records it may hold from now on, by code; several times for several [default: as before]
    #[arg(long = "site", value_name = "CODE")]
    sites: Vec<String>,
    /// It may hold the records of every site
    #[arg(long, conflicts_with = "sites")]
    every_site: bool,
}

#[derive(Debug, Args)]
pub(super) struct List {
    /// The device: its name, or part of it
    name: String,
    /// Into this folder
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// For whom, as in "Information Commissioner"; written down with the export
    #[arg(long = "for", value_name = "WHOM")]
    to: String,
}

impl Devices {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        match &self.what {
            None => list(&self.who.open(common)?),
            Some(What::Show(named)) => {
                let device = self.who.open(common)?;
                show(&device.lost_view(device.device_named(&named.name)?)?);
            }
            Some(What::Change(change)) => {
                let mut device = self.who.open_to_administer(common)?;
                change.run(&mut device)?;
            }
            Some(What::List(list)) => {
                let mut device = self.who.open(common)?;
                let lost = device.device_named(&list.name)?;
                let (path, people) = device.write_held_list(lost, &list.to, &list.out)?;
                say!("Written to {}: {people} people are named in it, and it is not encrypted.", path.display());
                say!("That it was written, and for whom, is in the audit.");
            }
            Some(What::Retire(named)) => {
                let mut device = self.who.open_to_administer(common)?;
                let (retired, name) = pick(&device, named)?;
                if device.kept(&retired) != Kept::Fine {
                    bail!(
                        "{name} is held back or out already: `muster devices found` lets it go on, `muster devices remove` takes it out"
                    );
                }
                show(&device.lost_view(retired)?);
                say!();
                named.confirm(
                    &name,
                    "Only where it is in your hands: it is taken out for good, and nobody gets new keys for it.",
                )?;
                if !device.take_out(retired)?.left.is_empty() {
                    bail!("part of what {name} may do was given by somebody above you: ask the head to retire it");
                }
                say!(
                    "{name} is retired. When it next meets another device it wipes its keys: let it do that, or erase it."
                );
            }
            Some(What::Lost(named)) => {
                let mut device = self.who.open(common)?;
                let (lost, name) = pick(&device, named)?;
                show(&device.lost_view(lost)?);
                say!();
                named.confirm(&name, "It is held back at once, on every device that hears of it.")?;
                device.lose(lost)?;
                say!("{name} is held back. When it meets another device it locks, and its keys are wiped.");
                outstanding(&device.lost_view(lost)?);
                say!(
                    "If it turns up: muster devices found \"{name}\". If it does not: muster devices remove \"{name}\"."
                );
            }
            Some(What::Found(named)) => {
                let mut device = self.who.open_to_administer(common)?;
                let (found, name) = pick(&device, named)?;
                named.confirm(&name, "It goes on as a device of the school.")?;
                if !device.find(found)? {
                    bail!("{name} is still held back by somebody else: they, or somebody above them, can let it go on");
                }
                say!(
                    "{name} goes on. If it had heard that it was lost, its keys are gone: let it in again as another."
                );
            }
            Some(What::Remove(named)) => {
                let mut device = self.who.open_to_administer(common)?;
                let (removed, name) = pick(&device, named)?;
                named.confirm(&name, "It is taken out for good, and can only come back as another device.")?;
                if !device.take_out(removed)?.left.is_empty() {
                    bail!("part of what {name} may do was given by somebody above you: ask the head to take it out");
                }
                say!("{name} was taken out of the school.");
                outstanding(&device.lost_view(removed)?);
            }
        }
        Ok(())
    }
}

impl Change {
    fn run(&self, device: &mut Device) -> anyhow::Result<()> {
        let changed = device.device_named(&self.name)?;
        let (was, before) = device.device_is(changed).unzip();
        let Some(kind) = self.kind.or(was) else {
            bail!("its rights are those of no kind: say which it is to be, with --kind");
        };
        let sites = match (self.every_site, self.sites.is_empty()) {
            (true, _) => Vec::new(),
            (false, true) => before.unwrap_or_default(),
            (false, false) => super::invite::places(device, &self.sites)?,
        };
        device.change_device(changed, kind, sites)?;
        say!("{} from now on:", device.device_name(changed));
        device.about_device(changed).iter().take(1).for_each(|about| say!("  {about}"));
        say!("It hears of that when it next meets another device. What it holds already stays on it, sealed.");
        Ok(())
    }
}

impl Named {
    /// Asks for the device's name, so that nobody takes out the wrong one.
    fn confirm(&self, name: &str, what: &str) -> anyhow::Result<()> {
        if self.yes || ask::line(&format!("{what} Type its name, {name}, to go on: "))?.trim() == name {
            return Ok(());
        }
        bail!("that is not its name: nothing was done")
    }
}

fn pick(device: &Device, named: &Named) -> anyhow::Result<(DeviceId, String)> {
    let found = device.device_named(&named.name)?;
    Ok((found, device.device_name(found)))
}

fn list(device: &Device) {
    let devices = device.devices();
    if devices.is_empty() {
        say!("There is no other device: let one in with `muster invite`.");
    }
    for (id, name, kept) in devices {
        say!("{name}: {}, last heard from {}", kept.word(), device.heard(&id));
        device.about_device(id).iter().for_each(|about| say!("  {about}"));
        if kept != Kept::TakenOut {
            device.odd_about(&id).iter().for_each(|odd| say!("  {odd}"));
        }
    }
}

fn show(view: &LostView) {
    say!("{}: {}, last heard from {}", view.name, view.kept.word(), view.heard);
    view.about.iter().for_each(|about| say!("{about}"));
    if !view.since.is_empty() {
        say!("{}", view.since);
    }
    say!();
    say!("What it held");
    for line in &view.holds {
        let of = if line.from.is_empty() { String::new() } else { format!(", {}", line.from) };
        say!("  {}{of}: {}, known to have {}", line.what, line.count, line.known);
    }
    say!("Who signed in on it");
    if view.people.is_empty() {
        say!("  Nobody");
    }
    view.people.iter().for_each(|name| say!("  {name}"));
    say!("What it can still read");
    view.still.iter().for_each(|words| say!("  {words}"));
    say!("What it cannot");
    view.never.iter().for_each(|words| say!("  {words}"));
    outstanding(view);
}

fn outstanding(view: &LostView) {
    if view.kept != Kept::Fine && !view.until_then.is_empty() {
        say!("{}", view.until_then);
    }
}

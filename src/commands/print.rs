//! `muster print`: registers on paper, now and at set times, and the quick reference for taking the register.

use super::Common;
use super::ask::Who;
use crate::device::Device;
use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use muster_core::id::PlaceId;
use muster_school::calendar::{self, Day, parse_clock};
use muster_school::facts::returns::{Fallback, Guide};
use muster_school::names;
use std::path::PathBuf;

/// Registers on paper, now and at set times, and the quick reference for taking them
#[derive(Debug, Args)]
pub(super) struct Print {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// The registers of a day, by class, as a PDF
    Register {
        /// The day, as 2026-11-23 [default: today]
        #[arg(long)]
        day: Option<String>,
        /// Only this class
        #[arg(long)]
        group: Option<String>,
        /// Of one site, by code [default: every site]
        #[arg(long, value_name = "CODE")]
        site: Option<String>,
        /// Into this folder
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        #[command(flatten)]
        who: Who,
    },
    /// The quick reference for taking the register, on one sheet
    Guide {
        /// Of one site, by code [default: this device's]
        #[arg(long, value_name = "CODE")]
        site: Option<String>,
        /// Into this folder
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        /// Say on it whom to ask, from now on
        #[arg(long, value_name = "WORDS")]
        ask: Option<String>,
        #[command(flatten)]
        who: Who,
    },
    /// At which times the registers are printed by themselves, by the devices that have a folder for it
    Times {
        /// A time, as 09:35; may be given again. None means never
        #[arg(long, value_name = "HH:MM")]
        at: Vec<String>,
        /// At one site, by code [default: every site]
        #[arg(long, value_name = "CODE")]
        site: Option<String>,
        #[command(flatten)]
        who: Who,
    },
    /// Into which folder this device prints at those times
    Into {
        /// The folder [default: none any more]
        #[arg(value_name = "DIR")]
        into: Option<PathBuf>,
        #[command(flatten)]
        who: Who,
    },
}

impl Print {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        match self.what {
            What::Register { day, group, site, out, who } => {
                let mut device = who.open(common)?;
                let today = calendar::local(common.clock().now()).day;
                let day = day.as_deref().map(Day::parse).transpose().map_err(anyhow::Error::msg)?.unwrap_or(today);
                let site = super::invite::place(&device, site.as_deref())?;
                let group = group.map(|name| class(&device, site, &name)).transpose()?;
                let (file, people) = device.print_registers(day, site, group, &out)?;
                say!("Written to {}: {people} pupils are named in it, and it is not encrypted.", file.display());
                say!("That it was written is in the audit.");
                Ok(())
            }
            What::Guide { site, out, ask, who } => {
                let mut device = who.open(common)?;
                let site = super::invite::place(&device, site.as_deref())?;
                if let Some(ask) = ask {
                    let note = site.and_then(|site| device.known.school().guide(site).map(|own| own.note.clone()));
                    let guide = Guide { site, ask, note: note.unwrap_or_default() };
                    device.office(|office| Ok(office.set_guide(guide).map(drop)?))?;
                }
                say!("Written to {}.", device.print_guide(site, &out)?.display());
                Ok(())
            }
            What::Times { at, site, who } => {
                let mut device = who.open(common)?;
                let site = super::invite::place(&device, site.as_deref())?;
                let minutes = at
                    .iter()
                    .map(|time| parse_clock(time).with_context(|| format!("\"{time}\" is no time: write 09:35")));
                let at = minutes.collect::<anyhow::Result<Vec<u16>>>()?;
                let never = at.is_empty();
                device.office(|office| Ok(office.set_printing(Fallback { site, at }).map(drop)?))?;
                if never {
                    say!("Registers are not printed by themselves any more.");
                } else {
                    say!("Set. Each device that is to print needs a folder: muster print into DIR");
                }
                Ok(())
            }
            What::Into { into, who } => {
                let mut device = who.open(common)?;
                let folder = into.map(std::path::absolute).transpose()?;
                device.print_at_set_times(folder.as_deref())?;
                match folder {
                    Some(folder) => say!(
                        "At the set times this device prints into {}, while somebody is signed in. The files are not encrypted.",
                        folder.display()
                    ),
                    None => say!("This device prints nothing by itself."),
                }
                Ok(())
            }
        }
    }
}

fn class(device: &Device, site: Option<PlaceId>, name: &str) -> anyhow::Result<muster_school::ids::GroupId> {
    let wanted = names::fold(name);
    let school = device.known.school();
    let here = |group: &&muster_school::facts::school::Group| site.is_none_or(|site| site == group.site);
    let found: Vec<_> = school.groups.values().filter(here).filter(|one| names::fold(&one.name) == wanted).collect();
    match found.as_slice() {
        [one] => Ok(one.id),
        [] => bail!("there is no class {name}"),
        _ => bail!("several sites have a class {name}: say which with --site"),
    }
}

//! `muster fire`: the fire register of this device's site, with nobody signed in and nothing else working.

use super::Common;
use super::fire_more::More;
use crate::device::{Device, opened};
use crate::fire_file::{self, FireFile};
use clap::Args;
use muster_school::calendar;
use muster_school::facts::access::Event;
use std::io::Write as _;

/// The fire register of this device's site; needs no sign-in
#[derive(Debug, Args)]
pub(super) struct Fire {
    #[command(subcommand)]
    more: Option<More>,
    /// One JSON object instead of a list to read
    #[arg(long)]
    json: bool,
}

impl Fire {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        if let Some(more) = self.more {
            super::start_log();
            return more.run(common);
        }
        let folder = common.folder();
        let now = common.clock().now();
        let kept = fire_file::read(&folder, now).or_else(|error| {
            // No list was kept, or it is damaged: the records may still have it.
            Device::open(&folder, common.clock())
                .and_then(|mut device| device.keep_fire_list())
                .and_then(|()| fire_file::read(&folder, now))
                .map_err(|_| error)
        })?;
        let list = FireFile::of(&kept);
        let shown = Self::show(self.json, &list, calendar::local(common.clock().now()).day);
        // The list is out, or its reader has gone; only now may anything slow or broken have its say.
        record(common);
        Ok(shown?)
    }

    fn show(json: bool, list: &FireFile, today: calendar::Day) -> std::io::Result<()> {
        let mut out = std::io::stdout().lock();
        if json {
            serde_json::to_writer(&mut out, list)?;
            writeln!(out)?;
        } else {
            print(&mut out, list, today)?;
        }
        out.flush()
    }
}

/// Writes down that the list was opened: in the records, or, where another process holds them or they do not open, in a
/// file beside them, for whoever opens them or has them open.
fn record(common: &Common) {
    let recorded = Device::open(&common.folder(), common.clock())
        .and_then(|mut device| device.note(Event::OpenedFire { locked: true }));
    let recorded = recorded.or_else(|_| opened::leave(&common.folder(), common.clock().now()));
    if let Err(error) = recorded {
        eprintln!("This opening could not be written down: {error:#}");
    }
}

/// Prints the list as it would be read out.
pub(crate) fn print(out: &mut impl std::io::Write, list: &FireFile, today: calendar::Day) -> std::io::Result<()> {
    writeln!(out, "FIRE REGISTER  {}", list.site)?;
    writeln!(out, "{}", list.as_of(today))?;
    if !list.assembly_points.is_empty() {
        writeln!(out, "Assembly points: {}", list.assembly_points.join("; "))?;
    }
    let to_call = list.to_call().count();
    if !list.closed.is_empty() {
        writeln!(out, "Closed today: {}", list.closed)?;
    }
    writeln!(out, "{to_call} to call, {} of them must be called because nothing is certain", list.must_call())?;
    writeln!(out)?;
    for person in list.to_call() {
        let sign = if person.state == "must be called" { "?" } else { " " };
        let help = if person.help.is_empty() { String::new() } else { format!("  [{}]", person.help.join("; ")) };
        let duties = if person.duties.is_empty() { String::new() } else { format!("  ({})", person.duties.join(", ")) };
        writeln!(out, "{sign} {:<28} {:<12} {}{help}{duties}", person.name, person.group, person.evidence)?;
    }
    print_apart(out, list)?;
    Ok(())
}

/// Who is not to be found here: trips with leader and return, and people at another site.
fn print_apart(out: &mut impl std::io::Write, list: &FireFile) -> std::io::Result<()> {
    if !list.trips.is_empty() {
        writeln!(out)?;
        writeln!(out, "Off site, not to be found here:")?;
    }
    for trip in &list.trips {
        let overdue = if trip.overdue { "  OVERDUE" } else { "" };
        writeln!(
            out,
            "  {:<28} {:<12} due back {}, {} people{overdue}",
            trip.title,
            trip.leader,
            trip.due,
            trip.people.len()
        )?;
    }
    let elsewhere: Vec<_> = list.people.iter().filter(|person| person.state == "at another site").collect();
    if !elsewhere.is_empty() {
        writeln!(out)?;
        writeln!(out, "At another site, on its list:")?;
    }
    for person in elsewhere {
        writeln!(out, "  {:<28} {:<12} {}", person.name, person.group, person.evidence)?;
    }
    Ok(())
}

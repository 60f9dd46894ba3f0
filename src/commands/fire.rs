//! `muster fire`: the fire register of this device's site, with nobody signed in and nothing else working.

use super::Common;
use crate::device::Device;
use crate::fire_file::{self, FireFile};
use clap::Args;
use muster_school::calendar;
use muster_school::facts::access::Event;
use std::io::Write as _;

/// The fire register of this device's site; needs no sign-in
#[derive(Debug, Args)]
pub(super) struct Fire {
    /// One JSON object instead of a list to read
    #[arg(long)]
    json: bool,
    /// Do not write down that the list was opened: for measuring how fast it opens
    #[arg(long, hide = true)]
    unrecorded: bool,
}

impl Fire {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
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
        let shown = self.show(&list, calendar::local(common.clock().now()).day);
        if !self.unrecorded {
            // The list is out, or its reader has gone; only now may anything slow or broken have its say.
            record(common);
        }
        Ok(shown?)
    }

    fn show(&self, list: &FireFile, today: calendar::Day) -> std::io::Result<()> {
        let mut out = std::io::stdout().lock();
        if self.json {
            serde_json::to_writer(&mut out, list)?;
            writeln!(out)?;
        } else {
            print(&mut out, list, today)?;
        }
        out.flush()
    }
}

fn record(common: &Common) {
    let recorded = Device::open(&common.folder(), common.clock())
        .and_then(|mut device| device.note(Event::OpenedFire { locked: true }));
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
    writeln!(out, "{to_call} to call, {} of them must be called because nothing is certain", list.must_call())?;
    writeln!(out)?;
    for person in list.to_call() {
        let sign = if person.state == "must be called" { "?" } else { " " };
        let help = if person.help.is_empty() { String::new() } else { format!("  [{}]", person.help.join("; ")) };
        writeln!(out, "{sign} {:<28} {:<12} {}{help}", person.name, person.group, person.evidence)?;
    }
    Ok(())
}

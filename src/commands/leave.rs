//! `muster leave`: school hours, and leave to use the records outside them.

use super::Common;
use super::ask::Who;
use super::words::find_staff;
use crate::device::Device;
use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use muster_core::time::Moment;
use muster_school::calendar;
use muster_school::facts::policy::{Hours, Whose};
use muster_school::roles::Role;

/// School hours, and leave to use the records outside them
#[derive(Debug, Args)]
pub(super) struct Leave {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Set school hours; until this is done nobody needs leave
    Hours(SetHours),
    /// Give leave beforehand: for a trip, or a duty
    Give(Give),
    /// List leave that is not over
    List(List),
    /// Take leave back
    Back(Back),
}

#[derive(Debug, Args)]
struct SetHours {
    /// At this site, by code [default: every site]
    #[arg(long, value_name = "CODE")]
    site: Option<String>,
    /// From when on, as 07:00
    #[arg(long, default_value = "07:00", value_name = "HH:MM")]
    from: String,
    /// Until when, as 18:30
    #[arg(long, default_value = "18:30", value_name = "HH:MM")]
    to: String,
    /// Saturdays too
    #[arg(long)]
    saturday: bool,
    /// Lift the hours: nobody needs leave any more
    #[arg(long)]
    off: bool,
    #[command(flatten)]
    who: Who,
}

#[derive(Debug, Args)]
struct Give {
    /// Whose: staff code or part of the name; with --role or --everybody nobody
    staff: Option<String>,
    /// Everybody who has this role now, such as core_staff
    #[arg(long, conflicts_with = "staff")]
    role: Option<String>,
    /// Everybody who signs in at the site of this device
    #[arg(long, conflicts_with_all = ["staff", "role"])]
    everybody: bool,
    /// From when on, as 2026-11-24T18:00
    #[arg(long, value_name = "DAYTHH:MM")]
    from: String,
    /// Until when, as 2026-11-24T22:00
    #[arg(long, value_name = "DAYTHH:MM")]
    to: String,
    /// What for, as in "Trip to the coast"; all staff can read it
    #[arg(long)]
    why: String,
    #[command(flatten)]
    who: Who,
}

#[derive(Debug, Args)]
struct List {
    #[command(flatten)]
    who: Who,
}

#[derive(Debug, Args)]
struct Back {
    /// Its name, as listed
    leave: String,
    #[command(flatten)]
    who: Who,
}

impl Leave {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        match self.what {
            What::Hours(hours) => hours.run(common),
            What::Give(give) => give.run(common),
            What::List(list) => list_leave(&list.who.open(common)?),
            What::Back(back) => back.run(common),
        }
    }
}

/// Signs in somebody who may give leave.
fn senior_leader(who: &Who, common: &Common) -> anyhow::Result<Device> {
    let mut device = who.open(common)?;
    if !device.gives_leave()? {
        bail!("school hours and leave are for a senior leader to set and give");
    }
    Ok(device)
}

impl SetHours {
    fn run(self, common: &Common) -> anyhow::Result<()> {
        let mut device = senior_leader(&self.who, common)?;
        let site = super::invite::place(&device, self.site.as_deref())?;
        let days = Hours::DEFAULT.days | if self.saturday { 1 << 5 } else { 0 };
        let hours = Hours { site, days, opens: clock(&self.from)?, closes: clock(&self.to)?, in_force: !self.off };
        if hours.opens >= hours.closes {
            bail!("school hours must begin before they end: look at --from and --to");
        }
        device.office(|office| Ok(office.set_hours(hours).map(drop)?))?;
        if self.off {
            say!("Nobody needs leave any more.");
        } else {
            say!("School hours are {} to {}. Outside them a sign-in needs leave.", self.from, self.to);
            say!("The fire register, roll calls and opening a concern are open at any time.");
        }
        Ok(())
    }
}

impl Give {
    fn run(self, common: &Common) -> anyhow::Result<()> {
        let mut device = senior_leader(&self.who, common)?;
        let moment = |text: &str| calendar::parse_moment(text).map_err(anyhow::Error::msg);
        let (from, to) = (moment(&self.from)?, moment(&self.to)?);
        let whose = match (&self.staff, &self.role) {
            (Some(staff), _) => vec![Whose::Person(find_staff(&device, staff)?)],
            (None, Some(code)) => with_role(&mut device, code)?,
            (None, None) if self.everybody => vec![Whose::Everybody(device.site())],
            (None, None) => bail!("say whose leave it is: a name, --role or --everybody"),
        };
        let why = self.why;
        let given = device.office(|office| Ok(office.give_leave(&whose, from, to, &why)?))?;
        let people = if given.len() == 1 { "Leave is given".to_owned() } else { format!("Leave for {}", given.len()) };
        say!("{people}: {} to {}.", self.from, self.to);
        Ok(())
    }
}

impl Back {
    fn run(self, common: &Common) -> anyhow::Result<()> {
        let mut device = senior_leader(&self.who, common)?;
        let wanted = self.leave.to_lowercase();
        let found: Vec<[u8; 16]> =
            device.known.school().leaves.keys().filter(|id| short(id) == wanted).copied().collect();
        let [id] = found.as_slice() else { bail!("there is no such leave: look at `muster leave list`") };
        device.office(|office| Ok(office.take_leave_back(*id).map(drop)?))?;
        say!("Taken back.");
        Ok(())
    }
}

/// A role is looked up now: whoever gets it later needs leave of their own.
fn with_role(device: &mut Device, code: &str) -> anyhow::Result<Vec<Whose>> {
    let role =
        Role::from_code(code).with_context(|| format!("there is no role {code}: use a code of the staff file"))?;
    let staff: Vec<_> = device.known.school().staff.keys().copied().collect();
    let mut whose = Vec::new();
    for person in staff {
        if device.role_of(person)? == Some(role) {
            whose.push(Whose::Person(person));
        }
    }
    if whose.is_empty() {
        bail!("nobody has the role {code}");
    }
    Ok(whose)
}

fn list_leave(device: &Device) -> anyhow::Result<()> {
    let now = device.clock.now().utc_ms;
    let mut running: Vec<_> =
        device.known.school().leaves.values().filter(|leave| !leave.taken_back && now < leave.to_ms).collect();
    running.sort_by_key(|leave| (leave.from_ms, leave.id));
    for leave in running {
        let whose = match leave.whose {
            Whose::Person(person) => device.known.staff_name(person),
            Whose::Everybody(_) => "Everybody".to_owned(),
        };
        say!("{}  {} to {}  {whose}: {}", short(&leave.id), spoken(leave.from_ms), spoken(leave.to_ms), leave.why);
    }
    Ok(())
}

fn short(id: &[u8; 16]) -> String {
    id.iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

fn spoken(utc_ms: i64) -> String {
    let at = calendar::local(Moment::utc(utc_ms));
    format!("{} {}", at.day.iso(), calendar::clock(at.minute))
}

fn clock(text: &str) -> anyhow::Result<u16> {
    calendar::parse_clock(text).with_context(|| format!("{text} is not a time of the day: write it as 18:30"))
}

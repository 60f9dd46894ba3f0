//! `muster leave`: school hours, and leave to use the records outside them.

use super::Common;
use super::ask::Who;
use super::words::find_staff;
use crate::device::Device;
use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use muster_school::calendar;
use muster_school::facts::policy::{Hours, Repeat, Whose};
use muster_school::hours;
use muster_school::roles::Role;
use muster_school::show;

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
    /// Again at the same times on these days of the week, as in tue,fri
    #[arg(long, value_name = "DAYS", default_value = "", requires = "until")]
    again: String,
    /// Until this day, itself counted, where it comes again
    #[arg(long, value_name = "DAY", requires = "again")]
    until: Option<String>,
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

impl SetHours {
    fn run(self, common: &Common) -> anyhow::Result<()> {
        let mut device = self.who.open_to_administer(common)?;
        let site = super::invite::place(&device, self.site.as_deref())?;
        let days = Hours::DEFAULT.days | if self.saturday { 1 << 5 } else { 0 };
        let hours = Hours { site, days, opens: clock(&self.from)?, closes: clock(&self.to)?, in_force: !self.off };
        device.set_hours(hours)?;
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
        let mut device = self.who.open_to_administer(common)?;
        let moment = |text: &str| calendar::parse_moment(text).map_err(anyhow::Error::msg);
        let (from, to) = (moment(&self.from)?, moment(&self.to)?);
        let whose = match (&self.staff, &self.role) {
            (Some(staff), _) => vec![Whose::Person(find_staff(&device, staff)?)],
            (None, Some(code)) => {
                let role = Role::from_code(code)
                    .with_context(|| format!("there is no role {code}: use a code of the staff file"))?;
                device.with_role(role)?
            }
            (None, None) if self.everybody => vec![Whose::Everybody(device.site())],
            (None, None) => bail!("say whose leave it is: a name, --role or --everybody"),
        };
        let repeat = self.repeat()?;
        let given = device.give_leave(&whose, (from, to), repeat, &self.why)?;
        let people = if given == 1 { "Leave is given".to_owned() } else { format!("Leave for {given}") };
        let again = repeat.map(|repeat| format!(", and again {}", hours::again(repeat))).unwrap_or_default();
        say!("{people}: {} to {}{again}.", self.from, self.to);
        Ok(())
    }
}

impl Give {
    /// On which days it comes again.
    fn repeat(&self) -> anyhow::Result<Option<Repeat>> {
        let Some(last) = &self.until else { return Ok(None) };
        let last = calendar::Day::parse(last).map_err(anyhow::Error::msg)?;
        let days = calendar::days_of_week(&self.again).map_err(anyhow::Error::msg)?;
        Ok(Some(Repeat { days, last }))
    }
}

impl Back {
    fn run(self, common: &Common) -> anyhow::Result<()> {
        let mut device = self.who.open_to_administer(common)?;
        let wanted = self.leave.to_lowercase();
        let found: Vec<[u8; 16]> =
            device.known.school().leaves.keys().filter(|id| short(id) == wanted).copied().collect();
        let [id] = found.as_slice() else { bail!("there is no such leave: look at `muster leave list`") };
        device.take_leave_back(*id)?;
        say!("Taken back.");
        Ok(())
    }
}

fn list_leave(device: &Device) -> anyhow::Result<()> {
    let now = device.clock.now();
    for leave in show::leaves(&device.known, now) {
        say!("{}  {}  {}: {}", short(&leave.id), leave.when, leave.whose, leave.why);
    }
    Ok(())
}

fn short(id: &[u8; 16]) -> String {
    id.iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

fn clock(text: &str) -> anyhow::Result<u16> {
    calendar::parse_clock(text).with_context(|| format!("{text} is not a time of the day: write it as 18:30"))
}

//! `muster plan`: an absence that is known beforehand; `muster timetable`: sessions of the week on which a pupil is
//! agreed not to be due; `muster change-class` and `muster change-site`: to another
//! class or site; and `muster match`: children who turned up on no list.

use super::Common;
use super::ask::Who;
use super::words::find_pupil;
use anyhow::{Context as _, bail};
use clap::Args;
use muster_school::calendar::{self, Day, Half};
use muster_school::codes::Code;
use muster_school::facts::pupil::Timetable;
use muster_school::known::Pupil;

/// Agree sessions of the week on which a pupil is not due
#[derive(Debug, Args)]
pub(super) struct SetTimetable {
    /// Part of the pupil's name, or the admission number
    pupil: String,
    /// The sessions, as "mon pm, wed, fri am"; none calls the timetable off
    #[arg(default_value = "")]
    off: String,
    /// What stands then: C2 for a part-time timetable, D for another school, X outside compulsory age
    #[arg(long, default_value = "C2", value_name = "CODE")]
    stands: String,
    /// First day
    #[arg(long)]
    first: String,
    /// Last day
    #[arg(long)]
    last: String,
    /// The day on which it is looked at again
    #[arg(long)]
    review: Option<String>,
    /// The day on which the parent agreed
    #[arg(long)]
    agreed: Option<String>,
    /// The plan it belongs to, and why
    #[arg(long, default_value = "")]
    note: String,
    #[command(flatten)]
    who: Who,
}

/// Move a pupil to another site, with all that is recorded of them
#[derive(Debug, Args)]
pub(super) struct ChangeSite {
    /// Part of the pupil's name, or the admission number
    pupil: String,
    /// The code of the site they go to
    #[arg(long, value_name = "CODE")]
    to: String,
    /// Their class there [default: none yet]
    #[arg(long)]
    group: Option<String>,
    /// First day there [default: today]
    #[arg(long)]
    from: Option<String>,
    #[command(flatten)]
    who: Who,
}

/// Put a pupil into another class, or another year group
#[derive(Debug, Args)]
pub(super) struct ChangeClass {
    /// Part of the pupil's name, or the admission number
    pupil: String,
    /// The class
    #[arg(long, value_name = "CLASS")]
    to: String,
    /// The code of its site, where several have a class of that name
    #[arg(long, value_name = "CODE")]
    site: Option<String>,
    /// The year group [default: as it is]
    #[arg(long, default_value = "")]
    year: String,
    /// First day in it [default: today]
    #[arg(long)]
    from: Option<String>,
    #[command(flatten)]
    who: Who,
}

impl ChangeClass {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        let mut device = self.who.open(common)?;
        let pupil = find_pupil(&device, &self.pupil)?;
        let group = super::register::group(&device, &self.to, self.site.as_deref())?;
        let from = self.from.as_deref().map(day).transpose()?;
        let from = from.unwrap_or_else(|| calendar::local(common.clock().now()).day);
        device.office(|office| Ok(office.change_class(pupil, group, &self.year, from).map(drop)?))?;
        say!("In {} from {}.", self.to, from.long());
        Ok(())
    }
}

/// Plan an absence or an activity: filled in on registers until somebody confirms it
#[derive(Debug, Args)]
pub(super) struct Plan {
    /// Part of the pupil's name, or the admission number
    pupil: String,
    /// The code that stands then, such as M
    #[arg(value_name = "CODE", required_unless_present = "off")]
    stands: Option<String>,
    /// Call off the plan that begins on that day
    #[arg(long, conflicts_with = "stands")]
    off: bool,
    /// First day
    #[arg(long)]
    first: String,
    /// Last day [default: the first]
    #[arg(long)]
    last: Option<String>,
    /// am or pm [default: both]
    #[arg(long)]
    half: Option<String>,
    /// Why, in a few words
    #[arg(long, default_value = "")]
    note: String,
    #[command(flatten)]
    who: Who,
}

/// Children who were written down on no list, or match one with a pupil
#[derive(Debug, Args)]
pub(super) struct Match {
    /// The child, as they were written down; without it, all are listed
    child: Option<String>,
    /// The pupil they are: part of the name, or the admission number
    #[arg(requires = "child")]
    pupil: Option<String>,
    /// The child is no pupil of the school and has gone: what became of them
    #[arg(long, value_name = "WORDS", requires = "child", conflicts_with = "pupil")]
    gone: Option<String>,
    #[command(flatten)]
    who: Who,
}

fn day(text: &str) -> anyhow::Result<Day> {
    Day::parse(text).map_err(anyhow::Error::msg)
}

impl SetTimetable {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        let mut device = self.who.open(common)?;
        let pupil = find_pupil(&device, &self.pupil)?;
        let off = calendar::sessions_of_week(&self.off).map_err(anyhow::Error::msg)?;
        let code = Code::new(&self.stands).with_context(|| format!("{} is no code", self.stands))?;
        let table = Timetable {
            first: day(&self.first)?,
            last: day(&self.last)?,
            review: self.review.as_deref().map(day).transpose()?,
            code: (!off.is_empty()).then_some(code),
            off,
            agreed: self.agreed.as_deref().map(day).transpose()?,
            note: self.note,
        };
        let sessions = table.off.len();
        device.office(|office| Ok(office.set_timetable(pupil, table).map(drop)?))?;
        if sessions == 0 {
            say!("The timetable is called off.");
        } else {
            say!("{code} is filled in on {sessions} sessions a week, until somebody confirms it.");
        }
        Ok(())
    }
}

impl Plan {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        let mut device = self.who.open(common)?;
        let pupil = find_pupil(&device, &self.pupil)?;
        let first = day(&self.first)?;
        let last = self.last.as_deref().map(day).transpose()?.unwrap_or(first);
        let half = match self.half.as_deref().map(str::to_ascii_lowercase).as_deref() {
            None => None,
            Some("am") => Some(Half::Am),
            Some("pm") => Some(Half::Pm),
            Some(other) => bail!("a session is am or pm, not {other}"),
        };
        let Some(stands) = self.stands else {
            device.office(|office| Ok(office.call_off_plan(pupil, first, half).map(drop)?))?;
            say!("The plan is called off. Marks that were made stand.");
            return Ok(());
        };
        device.office(|office| Ok(office.plan(pupil, (first, last), half, &stands, &self.note).map(drop)?))?;
        say!("{} is filled in, until somebody confirms it.", stands.to_uppercase());
        Ok(())
    }
}

impl ChangeSite {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        let mut device = self.who.open(common)?;
        let pupil = find_pupil(&device, &self.pupil)?;
        let to = super::invite::place(&device, Some(&self.to))?.context("say which site, by its code")?;
        let group = self.group.as_deref().map(|name| super::register::group(&device, name, Some(&self.to)));
        let from = self.from.as_deref().map(day).transpose()?;
        let from = from.unwrap_or_else(|| calendar::local(common.clock().now()).day);
        let group = group.transpose()?;
        device.office(|office| Ok(office.move_pupil(pupil, to, group, from).map(drop)?))?;
        say!("Moved to {} from {}. What is recorded went along, and the history stays.", self.to, from.long());
        Ok(())
    }
}

impl Match {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        let mut device = self.who.open(common)?;
        let waiting: Vec<_> = device.known.pupils().filter(|pupil| is_waiting(pupil)).cloned().collect();
        let Some(child) = &self.child else {
            for pupil in &waiting {
                let words = pupil.provisional.as_deref().unwrap_or_default();
                let since = pupil.on_roll.starting.map_or_else(String::new, Day::long);
                say!("{}  since {since}  {words}", pupil.spoken());
            }
            if waiting.is_empty() {
                say!("Nobody waits to be matched.");
            }
            return Ok(());
        };
        let wanted = muster_school::names::fold(child);
        let mut fits = waiting.iter().filter(|pupil| muster_school::names::matches(&wanted, &pupil.folded));
        let (Some(found), None) = (fits.next(), fits.next()) else {
            bail!("one child on no list must have {child} in their name: look at `muster match`");
        };
        if let Some(words) = &self.gone {
            device.office(|office| Ok(office.has_gone(found.id, words).map(drop)?))?;
            say!("On no list from tomorrow on. What was marked stays.");
            return Ok(());
        }
        let pupil = self.pupil.as_deref();
        let pupil = pupil.context("say who the child is: a pupil's name or admission number, or --gone and why")?;
        let to = find_pupil(&device, pupil)?;
        device.office(|office| Ok(office.match_pupil(found.id, Some(to)).map(drop)?))?;
        say!("Matched. The marks of the one are the other's.");
        Ok(())
    }
}

fn is_waiting(pupil: &Pupil) -> bool {
    pupil.provisional.is_some() && pupil.matched.is_none() && pupil.on_roll.last.is_none()
}

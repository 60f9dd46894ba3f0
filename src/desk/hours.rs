//! School hours, leave and the minutes for which a code holds, as they were typed on the calendar's screen.

use super::clerk::Clerk;
use crate::device::StepUpNeeded;
use crate::host::Host;
use anyhow::{Context as _, bail};
use muster_school::calendar::{self, Day};
use muster_school::facts::policy::{Hours, Repeat, Whose};
use muster_school::view::hours::{HoursAct, Whom};

impl Clerk {
    /// Changes them; what is wrong with what was typed is said in the form.
    pub(super) fn change_hours(&mut self, host: &mut Host, act: &HoursAct) -> anyhow::Result<()> {
        self.hours_problem = None;
        match change(host, act) {
            Ok(words) => {
                self.warn_unguarded(host);
                self.notice(host, words, None);
                Ok(())
            }
            // A code comes first: that is asked, and this is done after it.
            Err(error) if error.is::<StepUpNeeded>() => Err(error),
            Err(error) => {
                self.hours_problem = Some(error.to_string());
                Ok(())
            }
        }
    }
}

fn change(host: &mut Host, act: &HoursAct) -> anyhow::Result<String> {
    let device = &mut host.device;
    Ok(match act {
        HoursAct::Set { site, days, from, to, in_force } => {
            let (opens, closes) = (clock(from)?, clock(to)?);
            if *days == 0 && *in_force {
                bail!("choose the days on which the school is open, or lift the hours");
            }
            device.set_hours(Hours { site: *site, days: *days, opens, closes, in_force: *in_force })?;
            if *in_force { "School hours are set" } else { "School hours are lifted" }.to_owned()
        }
        HoursAct::Give { whom, day, from, to, again, last, why } => {
            let (day, from, to) = (typed(day)?, clock(from)?, clock(to)?);
            let ends = if to <= from { day.plus(1) } else { day };
            let times = (calendar::moment(day, from), calendar::moment(ends, to));
            let repeat = match *again {
                0 => None,
                days => Some(Repeat { days, last: typed(last)? }),
            };
            let whose = match *whom {
                Whom::Person(person) => vec![Whose::Person(person)],
                Whom::Role(role) => device.with_role(role)?,
                Whom::Site(site) => vec![Whose::Everybody(Some(site))],
                Whom::Everybody => vec![Whose::Everybody(None)],
            };
            match device.give_leave(&whose, times, repeat, why)? {
                1 => "Leave is given".to_owned(),
                many => format!("Leave is given to {many} people"),
            }
        }
        HoursAct::TakeBack(id) => {
            device.take_leave_back(*id)?;
            "Leave is taken back".to_owned()
        }
        HoursAct::Minutes(minutes) => {
            device.set_step_up(*minutes)?;
            format!("A code holds for {minutes} minutes from now on")
        }
    })
}

fn typed(day: &str) -> anyhow::Result<Day> {
    Day::parse(day).map_err(anyhow::Error::msg)
}

fn clock(text: &str) -> anyhow::Result<u16> {
    calendar::parse_clock(text.trim()).with_context(|| format!("{text} is not a time of the day: write it as 18:30"))
}

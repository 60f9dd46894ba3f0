//! `muster calendar`: terms, days out of the ordinary, session times, cover; and `muster codes`: the list of
//! attendance codes.

use super::Common;
use super::ask::Who;
use super::words::find_staff;
use crate::device::Device;
use anyhow::{Context as _, bail};
use clap::{Args, Subcommand, ValueEnum};
use muster_core::id::PlaceId;
use muster_school::calendar::{self, Day};
use muster_school::codes::Codes;
use muster_school::facts::calendar::Begun;
use muster_school::show;
use muster_school::view::calendar::{CalendarAct, DaysKind};
use std::path::PathBuf;

/// Show or set terms, closures, session times, cover
#[derive(Debug, Args)]
pub(super) struct Calendar {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Show the calendar of a site
    Show(Where),
    /// Set a term: outside its terms a site is on holiday
    Term(Term),
    /// Days on which the school is closed to pupils
    Closed(Days),
    /// Days on which staff are in and pupils are not
    Training(Days),
    /// Days that are school days whatever else says otherwise
    Open(Days),
    /// Days that should have been school days and could not be: registers are filled in with Y4
    Lost(Days),
    /// Call off one thing that begins on a day
    CallOff(CallOff),
    /// When sessions begin, when registers close, when they are due
    Times(Times),
    /// Who takes a group's register for some days
    Cover(Cover),
}

#[derive(Debug, Args)]
struct Where {
    /// At this site only, by code [default: every site; to show, this device's]
    #[arg(long, value_name = "CODE")]
    site: Option<String>,
    #[command(flatten)]
    who: Who,
}

#[derive(Debug, Args)]
struct Term {
    /// Its name, as in Autumn
    name: String,
    /// First school day, as 2026-09-02
    first: String,
    /// Last school day
    last: String,
    #[command(flatten)]
    at: Where,
}

#[derive(Debug, Args)]
struct Days {
    /// First day, as 2026-10-26
    first: String,
    /// Last day [default: the first]
    last: Option<String>,
    /// Why, as in "Half term"
    #[arg(value_name = "WHY")]
    said: Option<String>,
    /// Why, where there is one day alone
    #[arg(long, conflicts_with = "said")]
    why: Option<String>,
    #[command(flatten)]
    at: Where,
}

/// What may begin on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Begins {
    /// A term
    Term,
    /// Days closed to pupils
    Closed,
    /// A training day, days opened or lost
    Special,
}

impl From<Begins> for Begun {
    fn from(what: Begins) -> Self {
        match what {
            Begins::Term => Self::Term,
            Begins::Closed => Self::Closure,
            Begins::Special => Self::Special,
        }
    }
}

#[derive(Debug, Args)]
struct CallOff {
    /// The day on which it begins
    first: String,
    /// Which, where several begin on that day
    #[arg(long, value_enum)]
    what: Option<Begins>,
    #[command(flatten)]
    at: Where,
}

#[derive(Debug, Args)]
struct Times {
    /// Morning: begins, closes, due by, as 08:50,09:20,09:30
    #[arg(long, value_name = "TIMES")]
    am: Option<String>,
    /// Afternoon, the same
    #[arg(long, value_name = "TIMES")]
    pm: Option<String>,
    #[command(flatten)]
    at: Where,
}

#[derive(Debug, Args)]
struct Cover {
    /// The group's name
    group: String,
    /// Staff code or part of the name; nobody calls the cover off
    staff: Option<String>,
    /// First day
    #[arg(long)]
    first: String,
    /// Last day [default: the first]
    #[arg(long)]
    last: Option<String>,
    #[command(flatten)]
    at: Where,
}

impl Where {
    fn open(&self, common: &Common) -> anyhow::Result<(Device, Option<PlaceId>)> {
        let device = self.who.open(common)?;
        let site = super::invite::place(&device, self.site.as_deref())?;
        Ok((device, site))
    }
}

impl Calendar {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        let days = |kind, days: Days| {
            let why = days.said.or(days.why).unwrap_or_default();
            (days.at, kind, why, days.first, days.last.unwrap_or_default())
        };
        let (at, kind, label, first, last) = match self.what {
            What::Show(at) => return show_calendar(&at, common),
            What::Term(Term { name, first, last, at }) => {
                return change(&at, common, |_, site| Ok(CalendarAct::Term { site, name, first, last }));
            }
            What::CallOff(CallOff { first, what, at }) => {
                let first = Day::parse(&first).map_err(anyhow::Error::msg)?;
                return change(&at, common, |device, site| call_off(device, site, first, what.map(Begun::from)));
            }
            What::Times(times) => return set_times(times, common),
            What::Cover(cover) => return set_cover(cover, common),
            What::Closed(given) => days(DaysKind::Closed, given),
            What::Training(given) => days(DaysKind::Training, given),
            What::Open(given) => days(DaysKind::Open, given),
            What::Lost(given) => days(DaysKind::Lost, given),
        };
        change(&at, common, |_, site| Ok(CalendarAct::Days { site, kind, groups: Vec::new(), label, first, last }))
    }
}

fn change(
    at: &Where,
    common: &Common,
    act: impl FnOnce(&Device, Option<PlaceId>) -> anyhow::Result<CalendarAct>,
) -> anyhow::Result<()> {
    let (mut device, site) = at.open(common)?;
    let act = act(&device, site)?;
    device.office(|office| Ok(office.change_calendar(&act).map(drop)?))?;
    say!("The calendar is changed. Saved on this device.");
    Ok(())
}

fn call_off(device: &Device, site: Option<PlaceId>, first: Day, what: Option<Begun>) -> anyhow::Result<CalendarAct> {
    let begun = device.known.school().begun(site, first);
    let what = match (what, begun.as_slice()) {
        (Some(what), _) => what,
        (None, []) => bail!("nothing begins on that day here: look at `muster calendar show`"),
        (None, [(only, _)]) => *only,
        (None, several) => {
            let named = several.iter().map(|(what, name)| match what {
                Begun::Term => format!("--what term ({name})"),
                Begun::Closure => format!("--what closed ({name})"),
                Begun::Special if name.is_empty() => "--what special".to_owned(),
                Begun::Special => format!("--what special ({name})"),
            });
            let named: Vec<_> = named.collect();
            bail!("several things begin on that day: say which with {}", named.join(", or "))
        }
    };
    Ok(CalendarAct::CallOff { site, first, what })
}

fn show_calendar(at: &Where, common: &Common) -> anyhow::Result<()> {
    let (mut device, site) = at.open(common)?;
    let site = site.or(device.site()).context("this device stands at no site: say which with --site CODE")?;
    let view = device.with_records(|records, known| Ok(show::calendar(records, known, site)))?;
    say!("{}: {}", view.site_name, view.today);
    for (half, [start, close, deadline]) in ["Morning", "Afternoon"].iter().zip(&view.times) {
        say!("{half}: begins {start}, register closes {close}, due by {deadline}");
    }
    for row in &view.rows {
        say!("{}  {}  ({})", row.when, row.what, row.place);
    }
    Ok(())
}

fn set_times(times: Times, common: &Common) -> anyhow::Result<()> {
    let split = |typed: &str| -> anyhow::Result<[String; 3]> {
        let parts: Vec<String> = typed.split(',').map(|part| part.trim().to_owned()).collect();
        parts.try_into().ok().context("three times are needed, as 08:50,09:20,09:30")
    };
    if times.am.is_none() && times.pm.is_none() {
        bail!("say --am or --pm, or both");
    }
    change(&times.at, common, |device, site| {
        let here = site.or(device.site()).unwrap_or(PlaceId::ZERO);
        let held = device.known.school().times(here);
        let now = [held.am, held.pm].map(|half| [half.start, half.close, half.deadline].map(calendar::clock));
        let [am, pm] = now;
        let am = times.am.as_deref().map(split).transpose()?.unwrap_or(am);
        let pm = times.pm.as_deref().map(split).transpose()?.unwrap_or(pm);
        Ok(CalendarAct::Times { site, times: [am, pm] })
    })
}

fn set_cover(cover: Cover, common: &Common) -> anyhow::Result<()> {
    let (staff, last) = (cover.staff, cover.last.unwrap_or_default());
    let (group, code, first) = (cover.group, cover.at.site.clone(), cover.first);
    change(&cover.at, common, |device, _| {
        let group = super::register::group(device, &group, code.as_deref())?;
        let person = staff.as_deref().map(|staff| find_staff(device, staff)).transpose()?;
        Ok(CalendarAct::Cover { group, person, first, last })
    })
}

/// The list of attendance codes, or a newer one from a file
#[derive(Debug, Args)]
pub(super) struct ListOfCodes {
    /// Read in a newer list: CSV with the columns code, meaning, class, on_site, and as needed short, session, needs,
    /// age, agreed, longest_days, valid_from, valid_to, otherwise
    #[arg(long, value_name = "FILE")]
    read: Option<PathBuf>,
    /// The codes of this day [default: today]
    #[arg(long)]
    on: Option<String>,
    #[command(flatten)]
    who: Who,
}

impl ListOfCodes {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        let mut device = self.who.open(common)?;
        if let Some(path) = &self.read {
            let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
            let rows = Codes::read(&text).map_err(|wrong| {
                let lines: Vec<_> = wrong.iter().map(ToString::to_string).collect();
                anyhow::anyhow!("the list is not used: mend these rows first\n{}", lines.join("\n"))
            })?;
            let new = device.office(|office| Ok(office.read_codes(rows)?))?;
            say!("{new} rows are new. Each counts from its first day.");
            return Ok(());
        }
        let today = calendar::local(common.clock().now()).day;
        let day = self.on.as_deref().map(Day::parse).transpose().map_err(anyhow::Error::msg)?.unwrap_or(today);
        for info in device.known.school().codes().in_use(day) {
            let counts = match (info.class.is_attended(), info.class.is_possible()) {
                (true, _) => "attended",
                (false, true) => "absent",
                (false, false) => "not counted",
            };
            say!("{:<3} {:<34} {:<12} {}", info.code.as_str(), info.short, counts, info.meaning);
        }
        Ok(())
    }
}

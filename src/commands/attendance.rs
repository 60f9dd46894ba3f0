//! `muster attendance`, `muster duties` and `muster review`: figures, what is owed, and the page for Friday.

use super::Common;
use super::ask::Who;
use crate::device::Device;
use clap::{Args, ValueEnum};
use muster_school::calendar::{self, Day};
use muster_school::extract::Table;
use muster_school::figures::{Cut, Period};
use muster_school::retention;
use muster_school::show;
use muster_school::show::attendance as told;
use muster_school::view::attendance::{AttendanceFilter, AttendanceLine, By};
use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::PathBuf;

/// Attendance in figures
#[derive(Debug, Args)]
pub(super) struct Attendance {
    /// From this day on, as 2026-09-01 [default: the beginning of the school year]
    #[arg(long)]
    from: Option<String>,
    /// Up to and with this day [default: today]
    #[arg(long)]
    to: Option<String>,
    /// Of one site, by code
    #[arg(long, value_name = "CODE")]
    site: Option<String>,
    /// Of one class, by name
    #[arg(long, value_name = "NAME")]
    group: Option<String>,
    /// Of one pupil, by part of the name
    #[arg(long, value_name = "NAME")]
    pupil: Option<String>,
    /// What the lines are [default: class; pupil for a class; code for a pupil]
    #[arg(long, value_enum)]
    by: Option<Lines>,
    /// As a table for a spreadsheet; asks for a code, and is written down
    #[arg(long, requires = "to_whom")]
    csv: bool,
    /// For whom the table is, as in "Governors"; written down with it
    #[arg(long = "for", value_name = "WHOM", id = "to_whom")]
    to_whom: Option<String>,
    #[command(flatten)]
    who: Who,
}

/// What the lines of a table are.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Lines {
    Class,
    Pupil,
    Site,
    Code,
    /// Pupils who are persistently or severely absent
    Persistent,
}

impl From<Lines> for By {
    fn from(lines: Lines) -> Self {
        match lines {
            Lines::Class => Self::Class,
            Lines::Pupil => Self::Pupil,
            Lines::Site => Self::Site,
            Lines::Code => Self::Code,
            Lines::Persistent => Self::Persistent,
        }
    }
}

impl Attendance {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        let mut device = self.who.open(common)?;
        if device.with_records(|records, _| Ok(show::figures::reads_figures_only(records)))? {
            return published(&mut device);
        }
        let today = calendar::local(common.clock().now()).day;
        let day = |text: &Option<String>| text.as_deref().map(Day::parse).transpose().map_err(anyhow::Error::msg);
        let to = day(&self.to)?.unwrap_or(today);
        let from = day(&self.from)?.unwrap_or(Period::year_to(to).from);
        let period = told::between(from, to).map_err(anyhow::Error::msg)?;
        let cut = Cut {
            site: super::invite::place(&device, self.site.as_deref())?,
            group: match &self.group {
                Some(name) => Some(super::register::group(&device, name, self.site.as_deref())?),
                None => None,
            },
            pupil: match &self.pupil {
                Some(name) => Some(super::words::find_pupil(&device, name)?),
                None => None,
            },
        };
        let by = self.by.map_or_else(
            || match cut {
                Cut { pupil: Some(_), .. } => By::Code,
                Cut { group: Some(_), .. } => By::Pupil,
                _ => By::Class,
            },
            By::from,
        );
        let wanted = told::Wanted { period, cut, by };
        let figures = device.with_records(|records, known| Ok(told::figures(records, known, &wanted, usize::MAX)?))?.1;
        let lines = told::lines(&device.known, &figures, by, to);
        let title = format!("{}, {}", told::of_whom(&device.known, cut), told::period_words(period));
        let not_counted = device.with_records(|records, known| Ok(told::not_counted(records, known, cut, period)))?;
        let mut out = std::io::stdout().lock();
        if self.csv {
            let named: BTreeSet<_> = lines.iter().filter_map(|(_, pupil, _)| *pupil).chain(cut.pupil).collect();
            let number = |count: u32| count.to_string();
            let rows = lines.iter().map(|(_, _, line)| {
                let numbers = [line.authorised, line.unauthorised, line.late, line.after_close, line.unfilled];
                let words = [line.name.clone(), line.about.clone(), line.attendance.clone()];
                words.into_iter().chain(numbers.map(number)).chain([line.note.clone()]).collect()
            });
            let table = Table {
                what: title,
                stem: "attendance".to_owned(),
                headings: vec![
                    told::head(by),
                    "About",
                    "Attendance",
                    "Absent with leave",
                    "Absent without leave",
                    "Late before close",
                    "Late after close",
                    "Without a mark",
                    "Note",
                ],
                rows: rows.collect(),
                people: u32::try_from(named.len()).unwrap_or(u32::MAX),
                notes: Vec::new(),
            };
            let bytes = device.export_figures(&table, self.to_whom.as_deref().unwrap_or_default())?;
            if !not_counted.is_empty() {
                eprintln!("{not_counted}.");
            }
            return Ok(out.write_all(&bytes)?);
        }
        let total = figures.total();
        writeln!(out, "{title}")?;
        writeln!(out, "{}", told::summary(&total))?;
        if !not_counted.is_empty() {
            writeln!(out, "{not_counted}")?;
        }
        for line in told::counts(&total) {
            writeln!(out, "  {:<26} {:>8}  {}", line.words, line.count, line.share)?;
        }
        writeln!(out)?;
        for (_, _, line) in &lines {
            if by == By::Code {
                writeln!(out, "  {:<4} {:<32} {}", line.name, line.about, line.attendance)?;
                continue;
            }
            write_line(&mut out, line)?;
        }
        Ok(())
    }
}

/// What was published, for whoever reads figures and no register.
fn published(device: &mut Device) -> anyhow::Result<()> {
    let filter = AttendanceFilter::default();
    let view = device.with_records(|records, known| Ok(show::figures::published(records, known, &filter)?))?;
    let mut out = std::io::stdout().lock();
    for words in [&view.title, &view.summary, &view.published] {
        writeln!(out, "{words}")?;
    }
    for line in &view.lines {
        write_line(&mut out, line)?;
    }
    for week in &view.weeks {
        writeln!(out, "  Week of {:<20} {}", week.week, week.share)?;
    }
    Ok(())
}

fn write_line(out: &mut impl std::io::Write, line: &AttendanceLine) -> std::io::Result<()> {
    if line.kept_back {
        return writeln!(out, "  {:<28} {}", line.name, line.note);
    }
    writeln!(
        out,
        "  {:<28} {:<12} {:<24} with leave {:>4}, without {:>4}, late {:>3}, after close {:>3}, no mark {:>3}  {}",
        line.name,
        line.about,
        line.attendance,
        line.authorised,
        line.unauthorised,
        line.late,
        line.after_close,
        line.unfilled,
        line.note
    )
}

/// What the school owes: registers, reasons, calls, returns
#[derive(Debug, Args)]
pub(super) struct Duties {
    /// Of one site, by code [default: every site that you may read]
    #[arg(long, value_name = "CODE")]
    site: Option<String>,
    /// Every line, however many
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    who: Who,
}

/// Lines of one kind that are printed without being asked for more: what is owed today comes first in each.
const LINES: usize = 20;

impl Duties {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        let mut device = self.who.open(common)?;
        let site = super::invite::place(&device, self.site.as_deref())?;
        let today = calendar::local(common.clock().now()).day;
        let mut view = device.with_records(|records, known| {
            let old = match retention::may_be_due(known.school(), today) {
                true => retention::entries(records, known.school(), today)?,
                false => Vec::new(),
            };
            Ok(show::duties::to_do(records, known, site, usize::MAX, &old)?)
        })?;
        view.parts.extend(device.cards_part()?);
        view.parts.extend(device.requests_part()?);
        let mut out = std::io::stdout().lock();
        writeln!(out, "{}", view.title)?;
        for part in &view.parts {
            writeln!(out, "\n{} {}", part.lines.len(), part.title)?;
            writeln!(out, "  {}", part.rule)?;
            let most = if self.all { usize::MAX } else { LINES };
            for line in part.lines.iter().take(most) {
                writeln!(out, "  {:<28} {:<20} {}", line.name, line.about, line.detail)?;
            }
            if part.lines.len() > most {
                writeln!(out, "  and {} more: muster duties --all", part.lines.len() - most)?;
            }
            for call in view.calls.iter().filter(|_| part.calls) {
                writeln!(out, "  {}:", call.name)?;
                for number in &call.numbers {
                    writeln!(out, "    {}  {}", number.number, number.whom)?;
                }
                let said = call.barred.iter().chain(Some(&call.no_number)).chain(&call.calls);
                for words in said.filter(|words| !words.is_empty()) {
                    writeln!(out, "    {words}")?;
                }
            }
        }
        Ok(())
    }
}

/// The weekly attendance review, one page to print
#[derive(Debug, Args)]
pub(super) struct Review {
    /// Into this folder
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Of the week of this day, as 2026-11-27 [default: this week]
    #[arg(long, value_name = "DATE")]
    week: Option<String>,
    #[command(flatten)]
    who: Who,
}

impl Review {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        let mut device = self.who.open(common)?;
        let day = self.week.as_deref().map(Day::parse).transpose().map_err(anyhow::Error::msg)?;
        let day = day.unwrap_or(calendar::local(common.clock().now()).day);
        say!("{}.", device.write_review(day, &self.out)?.words());
        say!("That it was written is in the audit.");
        Ok(())
    }
}

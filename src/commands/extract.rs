//! `muster extract`: registers and returns for somebody outside, as CSV, a spreadsheet and a signed extract.

use super::Common;
use super::ask::{Who, yes};
use crate::device::Device;
use crate::device::extract::Purpose;
use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use muster_school::calendar::{self, Day};
use muster_school::extract::for_parent::{self, Given};
use muster_school::extract::{self, Sending, Table};
use muster_school::facts::returns::ReturnKind;
use muster_school::figures::Period;
use muster_school::ids::PupilId;
use muster_school::names;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// Registers and returns for somebody outside
#[derive(Debug, Args)]
pub(super) struct Extract {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// The registers of a day, or of days up to another
    Register {
        /// The day, as 2026-11-23 [default: today]
        #[arg(long)]
        day: Option<String>,
        /// Up to and with this day
        #[arg(long)]
        until: Option<String>,
        /// Of one site, by code [default: every site]
        #[arg(long, value_name = "CODE")]
        site: Option<String>,
        /// Only the sessions that this pupil missed, by admission number; may be given again. For an attendance or a
        /// sickness return
        #[arg(long = "missed-by", value_name = "NUMBER")]
        missed_by: Vec<String>,
        /// With what stood before each amendment, its reason, and who made it: for an inspection
        #[arg(long, conflicts_with = "missed_by")]
        amendments: bool,
        #[command(flatten)]
        out: Out,
    },
    /// One pupil's session attendance for a parent, in words: on paper as a PDF, and as files
    Pupil {
        /// Whose, by admission number
        number: String,
        /// From this day on, as 2026-09-01 [default: the beginning of the school year]
        #[arg(long)]
        from: Option<String>,
        /// Up to and with this day [default: today]
        #[arg(long)]
        until: Option<String>,
        /// With the comments of the register
        #[arg(long)]
        comments: bool,
        /// Without minutes late
        #[arg(long)]
        no_minutes: bool,
        #[command(flatten)]
        out: Out,
    },
    /// Pupils to tell the authority of: absent without leave for ten school days running, with the sessions missed
    Absent {
        /// Those too who do not attend regularly (absent for a tenth of their sessions this year), at the intervals
        /// agreed with the authority
        #[arg(long)]
        asked: bool,
        /// Write down that they were sent
        #[arg(long)]
        sent: bool,
        #[command(flatten)]
        out: Out,
    },
    /// Pupils to tell the authority of: ill for fifteen school days this year or likely to be, with the sessions missed
    Sick {
        /// Write down that they were sent
        #[arg(long)]
        sent: bool,
        #[command(flatten)]
        out: Out,
    },
    /// The new-pupil returns that are due
    NewPupils {
        /// Write down that they were sent
        #[arg(long)]
        sent: bool,
        /// Those too that are needed only if the authority asks
        #[arg(long)]
        asked: bool,
        #[command(flatten)]
        out: Out,
    },
    /// The deletion returns that are due
    Deletions {
        /// Write down that they were sent
        #[arg(long)]
        sent: bool,
        /// Those too that are needed only if the authority asks
        #[arg(long)]
        asked: bool,
        #[command(flatten)]
        out: Out,
    },
}

#[derive(Debug, Args)]
struct Out {
    /// For whom, as in "Hertfordshire County Council" [default, of returns: the authority set for each site]
    #[arg(long)]
    to: Option<String>,
    /// What for, as in "daily attendance"; it is for nothing else
    #[arg(long, value_name = "WORDS")]
    purpose: String,
    /// Into this folder
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Do not ask before writing
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    who: Who,
}

impl Extract {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        match self.what {
            What::Register { day, until, site, missed_by, amendments, out } => {
                let mut device = out.who.open(common)?;
                let today = calendar::local(common.clock().now()).day;
                let first = parse(day.as_deref())?.unwrap_or(today);
                let last = parse(until.as_deref())?.unwrap_or(first);
                if last < first {
                    bail!("the last day is before the first");
                }
                let site = super::invite::place(&device, site.as_deref())?;
                let only =
                    missed_by.iter().map(|number| pupil(&device, number)).collect::<anyhow::Result<BTreeSet<_>>>()?;
                let only = (!only.is_empty()).then_some(only);
                let table = device.with_records(|records, known| {
                    Ok(match amendments {
                        true => extract::with_amendments(records, known, (first, last), site)?,
                        false => extract::register(records, known, (first, last), site, only.as_ref())?,
                    })
                })?;
                let to = out.to.clone().context("say for whom it is: --to \"Hertfordshire County Council\"")?;
                write(&mut device, &table, to, &out).map(drop)
            }
            What::Pupil { number, from, until, comments, no_minutes, out } => {
                let given = Given { minutes: !no_minutes, comments };
                for_a_parent(common, &number, (from.as_deref(), until.as_deref()), given, &out)
            }
            What::Absent { asked, sent, out } => send(common, ReturnKind::Attendance, sent, asked, &out),
            What::Sick { sent, out } => send(common, ReturnKind::Sickness, sent, false, &out),
            What::NewPupils { sent, asked, out } => send(common, ReturnKind::NewPupil, sent, asked, &out),
            What::Deletions { sent, asked, out } => send(common, ReturnKind::Deletion, sent, asked, &out),
        }
    }
}

/// One pupil's page for a parent: never for somebody whom an order keeps away.
fn for_a_parent(
    common: &Common,
    number: &str,
    days: (Option<&str>, Option<&str>),
    given: Given,
    out: &Out,
) -> anyhow::Result<()> {
    let mut device = out.who.open(common)?;
    let now = calendar::local(common.clock().now());
    let last = parse(days.1)?.unwrap_or(now.day);
    let first = parse(days.0)?.unwrap_or(Period::year_to(last).from);
    let to = out.to.clone().context("say for whom it is: --to \"Grace Byrne\"")?;
    let pupil = pupil(&device, number)?;
    let page = device.with_records(|records, known| {
        let family = known.family(records, pupil)?.unwrap_or_default();
        if let Some(why) = for_parent::kept_away(&family, &to, now.day) {
            bail!("{why}");
        }
        for_parent::for_parent(records, known, pupil, (first, last), given, now)?.map_err(anyhow::Error::msg)
    })?;
    let purpose = Purpose { to, why: out.purpose.clone() };
    if said_yes(&device, &page.table, &purpose, out)? {
        written(&device.write_for_parent(&page, &purpose, &out.out)?);
    }
    Ok(())
}

/// The returns of one kind that are due, a table for each site to its own authority, and noted as sent where wanted.
fn send(common: &Common, kind: ReturnKind, sent: bool, asked: bool, out: &Out) -> anyhow::Result<()> {
    let mut device = out.who.open(common)?;
    let now = calendar::local(common.clock().now());
    let mut leaving = device.with_records(|records, known| Ok(extract::sendings(records, known, kind, asked, now)?))?;
    if let Some(to) = &out.to {
        // Of several authorities, the one that was named; where none is set, whoever was named.
        let named = |sending: &Sending| sending.to.as_ref().is_none_or(|set| names::fold(&set.name) == names::fold(to));
        leaving.retain(named);
    }
    if leaving.is_empty() {
        say!("None is due.");
        return Ok(());
    }
    let mut addressed = Vec::new();
    for sending in leaving {
        let set = sending.to.as_ref().map(|set| set.name.clone()).or_else(|| out.to.clone());
        let to = set.with_context(|| {
            let site = device.known.site_name(sending.site);
            format!("the authority of {site} is not set: say for whom with --to, or set it with muster authority")
        })?;
        addressed.push((sending, to));
    }
    for (sending, to) in addressed {
        if write(&mut device, &sending.table, to.clone(), out)? && sent {
            device.office(|office| Ok(office.returns_sent(sending.kind, &sending.told, &to)?))?;
            say!("Noted as sent to {to}.");
        }
    }
    Ok(())
}

/// Says what would leave, asks, and writes. Gives whether it was written.
fn write(device: &mut Device, table: &Table, to: String, out: &Out) -> anyhow::Result<bool> {
    let purpose = Purpose { to, why: out.purpose.clone() };
    if table.rows.is_empty() {
        bail!("there is nothing to write: {}", table.what);
    }
    if !said_yes(device, table, &purpose, out)? {
        return Ok(false);
    }
    written(&device.write_extract(table, &purpose, &out.out)?);
    Ok(true)
}

/// Says what would leave, and asks.
fn said_yes(device: &Device, table: &Table, purpose: &Purpose, out: &Out) -> anyhow::Result<bool> {
    for line in device.before_extract(table, purpose) {
        say!("{line}");
    }
    if !out.yes && !yes("Write it?")? {
        say!("Nothing was written.");
        return Ok(false);
    }
    Ok(true)
}

fn written(files: &[PathBuf]) {
    for file in files {
        say!("Written: {}", file.display());
    }
    say!("That it was written, for whom and what for, is in the audit.");
}

fn parse(day: Option<&str>) -> anyhow::Result<Option<Day>> {
    day.map(Day::parse).transpose().map_err(anyhow::Error::msg)
}

fn pupil(device: &Device, number: &str) -> anyhow::Result<PupilId> {
    let found = device.known.pupils().find(|pupil| pupil.identity.admission_no == number).map(|pupil| pupil.id);
    found.with_context(|| format!("no pupil has admission number {number}"))
}

//! `muster extract`: registers and returns for somebody outside, as CSV, a spreadsheet and a signed extract.

use super::Common;
use super::ask::{Who, yes};
use crate::device::Device;
use crate::device::extract::Purpose;
use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use muster_school::calendar::{self, Day};
use muster_school::duties::{self, Kind};
use muster_school::extract::{self, Table, Which};
use muster_school::facts::returns::ReturnKind;
use muster_school::figures::Period;
use muster_school::ids::PupilId;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// Registers read in one step: a few hundred milliseconds.
const LEDGER_STEP: usize = 1_000;

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
        #[command(flatten)]
        out: Out,
    },
    /// Pupils to tell the authority of: absent without leave for ten school days running, with the sessions missed
    Absent {
        #[command(flatten)]
        out: Out,
    },
    /// Pupils to tell the authority of: ill for fifteen school days this year, with the sessions missed
    Sick {
        #[command(flatten)]
        out: Out,
    },
    /// The new-pupil returns that are due
    NewPupils {
        /// Write down that they were sent
        #[arg(long)]
        sent: bool,
        #[command(flatten)]
        out: Out,
    },
    /// The deletion returns that are due
    Deletions {
        /// Write down that they were sent
        #[arg(long)]
        sent: bool,
        #[command(flatten)]
        out: Out,
    },
}

#[derive(Debug, Args)]
struct Out {
    /// For whom, as in "Hertfordshire County Council"
    #[arg(long)]
    to: String,
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
            What::Register { day, until, site, missed_by, out } => {
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
                    Ok(extract::register(records, known, (first, last), site, only.as_ref())?)
                })?;
                write(&mut device, &table, out).map(drop)
            }
            What::Absent { out } => of_duty(common, Kind::Running, out),
            What::Sick { out } => of_duty(common, Kind::Sickness, out),
            What::NewPupils { sent, out } => due(common, Which::NewPupils, ReturnKind::NewPupil, sent, out),
            What::Deletions { sent, out } => due(common, Which::Deletions, ReturnKind::Deletion, sent, out),
        }
    }
}

/// The sessions that pupils missed this school year, of whom a duty says that the authority is told.
fn of_duty(common: &Common, kind: Kind, out: Out) -> anyhow::Result<()> {
    let mut device = out.who.open(common)?;
    let now = calendar::local(common.clock().now());
    let only: BTreeSet<PupilId> = device.with_records(|records, known| {
        while known.read_ledger(records, duties::period(now), LEDGER_STEP)? > 0 {}
        let of_kind = duties::duties(known, None, now).into_iter().find(|duty| duty.kind == kind);
        Ok(of_kind.into_iter().flat_map(|duty| duty.items).filter_map(|item| item.pupil).collect())
    })?;
    if only.is_empty() {
        say!("Nobody.");
        return Ok(());
    }
    let year = Period::year_to(now.day);
    let table = device.with_records(|records, known| {
        Ok(extract::register(records, known, (year.from, now.day), None, Some(&only))?)
    })?;
    write(&mut device, &table, out).map(drop)
}

/// The returns of one kind that are due, written and, where wanted, noted as sent.
fn due(common: &Common, which: Which, kind: ReturnKind, sent: bool, out: Out) -> anyhow::Result<()> {
    let mut device = out.who.open(common)?;
    let today = calendar::local(common.clock().now()).day;
    let due = device.office(|office| Ok(office.returns_due()))?;
    if !due.iter().any(|one| one.kind == kind) {
        say!("None is due.");
        return Ok(());
    }
    let table = device.with_records(|records, known| Ok(extract::returns(records, known, which, &due, today)?))?;
    let to = out.to.clone();
    if write(&mut device, &table, out)? && sent {
        device.office(|office| {
            for one in due.iter().filter(|one| one.kind == kind) {
                office.return_sent(one.pupil, one.kind, one.about, &to)?;
            }
            Ok(())
        })?;
        say!("Noted as sent to {to}.");
    }
    Ok(())
}

/// Says what would leave, asks, and writes. Gives whether it was written.
fn write(device: &mut Device, table: &Table, out: Out) -> anyhow::Result<bool> {
    let purpose = Purpose { to: out.to, why: out.purpose };
    if table.rows.is_empty() {
        bail!("there is nothing to write: {}", table.what);
    }
    for line in device.before_extract(table, &purpose) {
        say!("{line}");
    }
    if !out.yes && !yes("Write it?")? {
        say!("Nothing was written.");
        return Ok(false);
    }
    for file in device.write_extract(table, &purpose, &out.out)? {
        say!("Written: {}", file.display());
    }
    say!("That it was written, for whom and what for, is in the audit.");
    Ok(true)
}

fn parse(day: Option<&str>) -> anyhow::Result<Option<Day>> {
    day.map(Day::parse).transpose().map_err(anyhow::Error::msg)
}

fn pupil(device: &Device, number: &str) -> anyhow::Result<PupilId> {
    let found = device.known.pupils().find(|pupil| pupil.identity.admission_no == number).map(|pupil| pupil.id);
    found.with_context(|| format!("no pupil has admission number {number}"))
}

//! `muster bench`: how fast this device is, on a school of invented people in a folder of its own.

use super::Common;
use crate::clock::Clock;
use crate::device::Device;
use crate::fire_file;
use anyhow::Context as _;
use clap::Args;
use muster_school::calendar::{Day, Session, moment};
use muster_school::import::{self, Options};
use muster_school::office::MarkEntry;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

const GROUPS: usize = 50;
const PUPILS_A_GROUP: usize = 30;
const MARKS: usize = 200;
const RUNS: usize = 20;
/// Signing in is made slow on purpose, so that nobody can guess: a few are enough.
const SIGN_INS: usize = 5;
const PASSPHRASE: &str = "five words that nobody knows";

/// How fast this device is, measured on invented pupils in a folder of its own that is gone again at the end
#[derive(Debug, Args)]
pub(super) struct Bench {
    /// Where to measure: a folder on the disk that matters [default: beside this device's records]
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// One JSON object instead of words
    #[arg(long)]
    json: bool,
}

/// Milliseconds.
#[derive(Clone, Copy, Debug, Serialize)]
struct Times {
    /// Half of them were quicker.
    p50_ms: f64,
    /// Nineteen of twenty were.
    p95_ms: f64,
}

#[derive(Debug, Serialize)]
struct Figures {
    version: &'static str,
    optimised: bool,
    pupils: usize,
    marks: usize,
    /// A mark, from the key press on, until it is safe on the disk.
    mark: Times,
    /// Four kilobytes written to a file and made safe: the disk alone.
    disk: Times,
    /// The fire list, with nobody signed in and the records closed.
    fire_list: Times,
    /// Signing in with a passphrase.
    sign_in: Times,
    /// Opening the records.
    open: Times,
}

impl Bench {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        let place = self.dir.clone().unwrap_or_else(|| beside(&common.folder()));
        let scratch = tempfile::Builder::new().prefix("muster-bench-").tempdir_in(&place);
        let scratch = scratch.with_context(|| {
            format!("nothing can be written in {}: give another folder with --dir", place.display())
        })?;
        let figures = measure(scratch.path())?;
        scratch.close().with_context(|| format!("the scratch folder in {} could not be removed", place.display()))?;
        if self.json {
            say!("{}", serde_json::to_string(&figures)?);
        } else {
            tell(&figures, &place);
        }
        Ok(())
    }
}

/// The nearest folder above the records that is there: on the same disk, and none of theirs.
fn beside(records: &Path) -> PathBuf {
    let above = records.ancestors().skip(1).find(|folder| folder.is_dir());
    above.map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

fn tell(figures: &Figures, place: &Path) {
    say!(
        "Measured just now in {}, on {} invented pupils; this device's own records were not touched.",
        place.display(),
        figures.pupils
    );
    if !figures.optimised {
        say!("This is a program built for finding mistakes: a school's own is some ten times quicker.");
    }
    say!("");
    let line = |what: &str, times: Times| {
        say!("{what:<48} {:>8.1} ms   (19 of 20 within {:.1} ms)", times.p50_ms, times.p95_ms);
    };
    line("A mark, until it is safe on this disk", figures.mark);
    line("  of that, this disk alone", figures.disk);
    line("The fire list, with nobody signed in", figures.fire_list);
    line("Signing in with a passphrase", figures.sign_in);
    line("Opening the records", figures.open);
}

fn measure(scratch: &Path) -> anyhow::Result<Figures> {
    let folder = scratch.join("records");
    let day = Day::parse("2026-11-23").map_err(anyhow::Error::msg)?;
    let clock = || Clock::starting_at(moment(day, 8 * 60 + 50).utc_ms);
    let mut device =
        Device::found(&folder, "Scratch school", "Ines Costa", "This device", PASSPHRASE, clock(), &mut |_| Ok(()))?;
    let codes = device.with_records(|_, known| Ok(import::read(school(), known.school().codes())))?;
    device.import(codes, Options::default())?;
    let mark = times(marks(&mut device, day)?);
    device.refresh()?;
    device.keep_fire_list()?;
    let (person, _) = device.people().into_iter().next().context("nobody can sign in")?;
    let mut sign_in = Vec::new();
    for _ in 0..SIGN_INS {
        device.sign_out()?;
        sign_in.push(timed(|| device.sign_in(person, PASSPHRASE))?);
    }
    drop(device);
    let (mut fire_list, mut open, mut disk) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..RUNS {
        fire_list.push(timed(|| fire_file::read(&folder, clock().now()))?);
        open.push(timed(|| Device::open(&folder, clock()))?);
        disk.push(timed(|| {
            let mut file = std::fs::File::create(scratch.join("plain"))?;
            file.write_all(&[7; 4_096])?;
            Ok(file.sync_all()?)
        })?);
    }
    Ok(Figures {
        version: env!("CARGO_PKG_VERSION"),
        optimised: !cfg!(debug_assertions),
        pupils: GROUPS * PUPILS_A_GROUP,
        marks: MARKS,
        mark,
        disk: times(disk),
        fire_list: times(fire_list),
        sign_in: times(sign_in),
        open: times(open),
    })
}

/// Marks of one morning, one at a time, in one class after the other, as they are taken.
fn marks(device: &mut Device, day: Day) -> anyhow::Result<Vec<f64>> {
    let groups: Vec<_> = device.with_records(|_, known| Ok(known.school().groups.keys().copied().collect()))?;
    let mut took = Vec::new();
    for group in groups {
        let pupils =
            device.register(group, Session::am(day))?.rows.into_iter().map(|row| row.pupil).collect::<Vec<_>>();
        for pupil in pupils {
            if took.len() == MARKS {
                return Ok(took);
            }
            let mark = MarkEntry { pupil: pupil.into(), code: "/".to_owned(), minutes: None, note: None, among: None };
            took.push(timed(|| {
                device.office(|office| Ok(office.take(group, Session::am(day), std::slice::from_ref(&mark), false)?))
            })?);
        }
    }
    Ok(took)
}

/// A school of one site, as files that an import takes.
fn school() -> BTreeMap<String, Vec<u8>> {
    let mut pupils = "Admission No,Legal Surname,Legal Forename,Year,Reg Group,Site,Date of Admission\n".to_owned();
    for number in 0..GROUPS * PUPILS_A_GROUP {
        let group = number / PUPILS_A_GROUP;
        let _ = writeln!(pupils, "{number:06},Surname{number},Ada,8,{group}K,S1,01/09/2015");
    }
    let sites = "code,name,assembly_points\nS1,Harbour,Playground\n".to_owned();
    BTreeMap::from([("sites.csv".to_owned(), sites.into_bytes()), ("pupils.csv".to_owned(), pupils.into_bytes())])
}

/// How long something took, in milliseconds.
fn timed<T>(work: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<f64> {
    let began = Instant::now();
    let done = work()?;
    let took = began.elapsed().as_secs_f64() * 1_000.0;
    drop(done); // Closing is not part of it.
    Ok(took)
}

fn times(mut took: Vec<f64>) -> Times {
    took.sort_by(f64::total_cmp);
    let at = |share: usize| {
        let place = took.len().saturating_sub(1) * share / 100;
        (took.get(place).copied().unwrap_or(0.0) * 1_000.0).round() / 1_000.0
    };
    Times { p50_ms: at(50), p95_ms: at(95) }
}

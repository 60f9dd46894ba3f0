//! The demonstration: the whole story by itself, with two devices as two processes, over real connections on
//! loopback.
//!
//! The narrator below only asks; what is said is what the devices answered. The clock of both shows a school
//! morning, so that the story can be told at any hour.

mod child;
mod device;
mod small_school;
mod state;
mod talk;
mod work;

pub use device::DemoDevice;

use crate::commands::Common;
use anyhow::{Context as _, bail};
use child::Device;
use clap::Args;
use muster_core::id::EntryHash;
use muster_school::calendar::{self, Day};
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};
use talk::{Answer, Ask, State, Tally};

/// How long the devices may take to hold the same. A term of four sites takes a second or two.
const PATIENCE: Duration = Duration::from_secs(50);
/// How often they are asked.
const LOOK: Duration = Duration::from_millis(20);

/// Tell the whole story with two devices, by itself
#[derive(Debug, Args)]
pub struct Demo {
    /// A folder of CSV files to use instead of the small school it makes itself
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Where the two devices keep their records [default: a new temporary folder, named at the end]
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// One JSON object on standard output, and nothing else there
    #[arg(long)]
    json: bool,
    /// Open the client on the first device afterwards
    #[arg(long)]
    open: bool,
}

#[derive(Debug, Serialize)]
struct Outcome {
    pupils: u64,
    devices: u64,
    entries: u64,
    marks: u64,
    converged: bool,
    state: [String; 2],
    roll_call: Tally,
    verified: bool,
    offline_marks: u64,
    lost: u64,
}

/// Says what happens: on standard output, or on standard error where a JSON object is wanted there.
struct Narrator {
    json: bool,
    step: u32,
    began: Instant,
}

impl Narrator {
    fn step(&mut self, words: &str) {
        self.step += 1;
        let line = format!("[{:>4.1} s] {:>2}. {words}", self.began.elapsed().as_secs_f32(), self.step);
        self.put(&line);
    }

    fn detail(&self, words: &str) {
        self.put(&format!("              {words}"));
    }

    fn put(&self, line: &str) {
        if self.json { eprintln!("{line}") } else { say!("{line}") }
    }
}

impl Demo {
    /// Tells the story.
    ///
    /// # Errors
    /// When a device does not answer, or a folder cannot be written.
    pub fn run(self, common: &Common) -> anyhow::Result<ExitCode> {
        let (dir, temporary) = match &self.dir {
            Some(dir) => (dir.clone(), false),
            None => (tempfile::Builder::new().prefix("muster-demo-").tempdir()?.keep(), true),
        };
        let passphrase = muster_core::crypto::words::random_words(5, &mut rand::rng());
        let clock_ms = school_morning(common);
        let mut narrator = Narrator { json: self.json, step: 0, began: Instant::now() };
        let (outcome, list) = self.tell(&mut narrator, &dir, &passphrase, clock_ms)?;
        let good = outcome.converged && outcome.verified && outcome.lost == 0;
        if self.json {
            say!("{}", serde_json::to_string(&outcome)?);
        } else {
            say!();
            say!("{list}");
            say!("The two devices' records are in {}.", dir.display());
            if temporary {
                say!("It is a temporary folder: delete it when you have looked.");
            }
            say!("Look at the first device: muster --folder {} --clock-ms {clock_ms}", dir.join("office").display());
            say!("Sign in as the head with the passphrase {passphrase}");
        }
        if self.open {
            crate::desk::open(&common.at(dir.join("office"), clock_ms))?;
        }
        Ok(if good { ExitCode::SUCCESS } else { ExitCode::from(1) })
    }

    fn tell(
        &self,
        narrator: &mut Narrator,
        dir: &Path,
        passphrase: &str,
        clock_ms: i64,
    ) -> anyhow::Result<(Outcome, String)> {
        std::fs::create_dir_all(dir).with_context(|| format!("cannot make {}", dir.display()))?;
        let data = match &self.data {
            Some(data) => data.clone(),
            None => small_school::write(&dir.join("small-school"), day_of(clock_ms))?,
        };
        let mut office = Device::start("the office laptop", &dir.join("office"), clock_ms)?;
        let mut hall = Device::start("the hall tablet", &dir.join("hall"), clock_ms)?;
        let mut acknowledged: Vec<EntryHash> = Vec::new();
        narrator.step(&format!(
            "Two devices: processes {} and {}, each with its own records, no server.",
            office.pid(),
            hall.pid()
        ));

        self.begin(narrator, &mut office, &data, passphrase)?;
        enrol(narrator, &mut office, &mut hall, passphrase)?;
        let registers = both(
            &mut office,
            &mut hall,
            &Ask::Registers { part: 0, elsewhere: true },
            &Ask::Registers { part: 1, elsewhere: false },
            &mut acknowledged,
        )?;
        narrator.step(&format!(
            "This morning's registers were taken on both: {} marks on the laptop, {} on the tablet.",
            registers[0], registers[1]
        ));
        until_in_step(&mut office, &mut hall)?;
        narrator.detail("Each has the other's marks.");

        acts(office.ask(&Ask::StartCall)?, &mut acknowledged)?;
        until_in_step(&mut office, &mut hall)?;
        acts(hall.ask(&Ask::JoinCall)?, &mut acknowledged)?;
        until_in_step(&mut office, &mut hall)?;
        narrator.step("A fire drill: a roll call was started on the laptop and joined on the tablet.");

        both(&mut office, &mut hall, &Ask::Cut(true), &Ask::Cut(true), &mut acknowledged)?;
        narrator.step("The link between them is cut.");
        let offline =
            both(&mut office, &mut hall, &Ask::Marshal { part: 0 }, &Ask::Marshal { part: 1 }, &mut acknowledged)?;
        let apart = [state(&mut office)?, state(&mut hall)?];
        narrator.step(&format!(
            "Cut off from each other, two marshals call the roll: {} marks on the laptop, {} on the tablet.",
            offline[0], offline[1]
        ));
        narrator.detail(&format!("What they hold differs now: {}… and {}…", short(&apart[0]), short(&apart[1])));

        both(&mut office, &mut hall, &Ask::Cut(false), &Ask::Cut(false), &mut acknowledged)?;
        until_in_step(&mut office, &mut hall)?;
        let held = [state(&mut office)?, state(&mut hall)?];
        narrator.step("The link is back, and the two lists have become one.");
        narrator.detail(&format!("What they hold: {}… and {}…", short(&held[0]), short(&held[1])));

        let lost = lost(&mut office, &mut hall, &acknowledged)?;
        narrator.step(&format!("Of {} acknowledged entries, {lost} are missing.", acknowledged.len()));
        let verified = verify(narrator, &mut office, "laptop")? & verify(narrator, &mut hall, "tablet")?;
        let Answer::Text(list) = office.ask(&Ask::Fire)? else { bail!("the laptop showed no fire register") };

        let [first, second] = held;
        let roll_call = first.call.context("the laptop holds no roll call")?;
        narrator.step(&format!(
            "Roll call: {} found, {} to find, {} to check because two marshals disagree, of {}.",
            roll_call.found, roll_call.not_found, roll_call.check, roll_call.total
        ));
        let outcome = Outcome {
            pupils: first.pupils,
            devices: 2,
            entries: first.entries,
            marks: first.marks,
            converged: first.hash == second.hash && first.call == second.call,
            state: [first.hash, second.hash],
            roll_call,
            verified,
            offline_marks: offline.iter().sum(),
            lost,
        };
        Ok((outcome, list))
    }

    fn begin(&self, narrator: &mut Narrator, office: &mut Device, data: &Path, passphrase: &str) -> anyhow::Result<()> {
        office.ask(&Ask::Found {
            school: "Alder Fen School".into(),
            head: "Ruth Adeyemi".into(),
            passphrase: passphrase.into(),
        })?;
        narrator.step("Alder Fen School was founded on the office laptop, with three recovery cards.");
        let Answer::Imported { pupils, sites, staff, marks, rejected } = office.ask(&Ask::Import(data.to_owned()))?
        else {
            bail!("the laptop imported nothing")
        };
        if pupils == 0 {
            bail!("{} has no pupil that could be imported: there is no story to tell", data.display());
        }
        narrator.step(&format!("Imported {sites} sites, {staff} staff, {pupils} pupils, {marks} marks of past weeks; {rejected} rows rejected."));
        Ok(())
    }
}

/// Lets the tablet in, and signs a site lead in on it.
fn enrol(narrator: &mut Narrator, office: &mut Device, hall: &mut Device, passphrase: &str) -> anyhow::Result<()> {
    let Answer::Text(code) = office.ask(&Ask::Invite)? else { bail!("the laptop showed no code") };
    let Answer::Text(there) = hall.ask(&Ask::Join { code, name: "Hall tablet".into() })? else {
        bail!("the tablet showed no phrase")
    };
    let here = until(|| match office.ask(&Ask::Phrase)? {
        Answer::Text(phrase) => Ok(Some(phrase)),
        _ => Ok(None),
    })?;
    if here != there {
        bail!("the two screens show different phrases: somebody may be in between");
    }
    office.ask(&Ask::Confirm)?;
    hall.ask(&Ask::FinishJoin)?;
    narrator.step(&format!("The hall tablet was let in: both screens showed \u{201c}{here}\u{201d}."));
    until_in_step(office, hall)?;
    let Answer::Text(words) = office.ask(&Ask::Words)? else { bail!("the laptop made no one-time words") };
    until_in_step(office, hall)?;
    let Answer::Text(name) = hall.ask(&Ask::Activate { words, passphrase: passphrase.into() })? else {
        bail!("nobody signed in on the tablet")
    };
    until_in_step(office, hall)?;
    narrator.step(&format!("{name} signed in on the tablet with one-time words; the keys were made there."));
    Ok(())
}

fn acts(answer: Answer, acknowledged: &mut Vec<EntryHash>) -> anyhow::Result<u64> {
    match answer {
        Answer::Acts { entries, marks } => {
            acknowledged.extend(entries);
            Ok(marks)
        }
        Answer::Done => Ok(0),
        other => bail!("an unexpected answer: {other:?}"),
    }
}

/// Asks both at once, so that they work at the same time.
fn both(
    office: &mut Device,
    hall: &mut Device,
    first: &Ask,
    second: &Ask,
    acknowledged: &mut Vec<EntryHash>,
) -> anyhow::Result<[u64; 2]> {
    office.say(first)?;
    hall.say(second)?;
    Ok([acts(office.hear()?, acknowledged)?, acts(hall.hear()?, acknowledged)?])
}

fn until<T>(mut ready: impl FnMut() -> anyhow::Result<Option<T>>) -> anyhow::Result<T> {
    let began = Instant::now();
    loop {
        if let Some(done) = ready()? {
            return Ok(done);
        }
        if began.elapsed() > PATIENCE {
            bail!("the devices took longer than {} seconds: this machine may be very busy", PATIENCE.as_secs());
        }
        std::thread::sleep(LOOK);
    }
}

fn until_in_step(office: &mut Device, hall: &mut Device) -> anyhow::Result<()> {
    until(|| match (office.ask(&Ask::InStep)?, hall.ask(&Ask::InStep)?) {
        (Answer::Text(here), Answer::Text(there)) if here == there => Ok(Some(())),
        _ => Ok(None),
    })
}

fn state(device: &mut Device) -> anyhow::Result<State> {
    match device.ask(&Ask::State)? {
        Answer::State(state) => Ok(state),
        other => bail!("an unexpected answer: {other:?}"),
    }
}

fn short(state: &State) -> String {
    state.hash.chars().take(12).collect()
}

/// Counts what was acknowledged and is on neither device any more, or not on the laptop, which may read everything.
fn lost(office: &mut Device, hall: &mut Device, acknowledged: &[EntryHash]) -> anyhow::Result<u64> {
    let Answer::Missing(in_office) = office.ask(&Ask::Missing(acknowledged.to_vec()))? else {
        bail!("the laptop did not look")
    };
    let shared: Vec<EntryHash> = shared(office, acknowledged)?;
    let Answer::Missing(in_hall) = hall.ask(&Ask::Missing(shared))? else { bail!("the tablet did not look") };
    let mut all: Vec<EntryHash> = in_office.into_iter().chain(in_hall).collect();
    all.sort_unstable();
    all.dedup();
    Ok(all.len() as u64)
}

fn shared(office: &mut Device, acknowledged: &[EntryHash]) -> anyhow::Result<Vec<EntryHash>> {
    match office.ask(&Ask::Shared(acknowledged.to_vec()))? {
        Answer::Missing(entries) => Ok(entries),
        other => bail!("an unexpected answer: {other:?}"),
    }
}

fn verify(narrator: &mut Narrator, device: &mut Device, name: &str) -> anyhow::Result<bool> {
    let Answer::Verified { holds, says } = device.ask(&Ask::Verify)? else { bail!("the {name} did not verify") };
    narrator.step(&format!(
        "The {name} checked everything it holds: {}.",
        if holds { "all of it holds" } else { "not all of it holds" }
    ));
    for line in says {
        narrator.detail(&line);
    }
    Ok(holds)
}

/// Five past nine on this weekday, or the next one, in school time.
fn school_morning(common: &Common) -> i64 {
    let mut day = calendar::local(common.clock().now()).day;
    while day.is_weekend() {
        day = day.plus(1);
    }
    calendar::moment(day, 9 * 60 + 5).utc_ms
}

fn day_of(clock_ms: i64) -> Day {
    calendar::local(muster_core::time::Moment::utc(clock_ms)).day
}

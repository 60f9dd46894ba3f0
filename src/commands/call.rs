//! `muster call`: a roll call at a command line, for a device without a screen; and `muster drills`: those that were.

mod live;

use super::Common;
use super::ask::Who as Signed;
use crate::device::Device;
use anyhow::{Context as _, bail};
use clap::{Args, Subcommand, ValueEnum};
use muster_core::id::PlaceId;
use muster_school::calendar;
use muster_school::facts::access::Event;
use muster_school::facts::roll_call::{Kind, Statement};
use muster_school::names;
use muster_school::office::CallKey;
use muster_school::show;
use muster_school::view::call::CallView;
use muster_school::view::fire::RunningCall;

/// What kind of event.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum What {
    /// A practice
    Drill,
    /// A fire or other evacuation
    Real,
    /// Everybody stays in
    Inside,
    /// Everybody stays in, doors locked
    Lockdown,
}

/// What is said of somebody.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Says {
    /// Seen safe
    Found,
    /// Looked for in vain
    Missing,
    /// At a refuge point
    Refuge,
    /// Not here today
    Away,
}

/// A roll call: start it, say who was seen, end it; needs no sign-in
#[derive(Debug, Args)]
pub(super) struct Call {
    #[command(subcommand)]
    what: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Start a roll call; where one runs already, say whether to join it
    Start {
        /// What kind
        kind: What,
        /// Where one runs already: work on its list
        #[arg(long, conflicts_with = "apart")]
        join: bool,
        /// Where one runs already: begin another beside it, with marks of its own
        #[arg(long)]
        apart: bool,
    },
    /// Say that somebody was found, or not
    Say {
        /// Part of the name
        name: String,
        /// What
        says: Says,
        /// Where they were found or looked for, or who says that they are not here
        #[arg(long, default_value = "")]
        at: String,
        /// Your name, as nobody is signed in
        #[arg(long, default_value = "")]
        marshal: String,
    },
    /// How far it is: counts, and who is to find
    Show,
    /// Join the two that run: they were started apart for one event
    Join,
    /// Stay in the roll call and connected: type who was seen, and see what others say
    Live(live::Live),
    /// End it
    End,
    /// Go on with the one that was ended last
    Resume,
}

impl Call {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        let mut device = Device::open(&common.folder(), common.clock())?;
        let site = device.site().context("this device knows no site yet")?;
        match self.what {
            Act::Live(live) => return live.run(common, device, site),
            Act::Start { join: true, .. } if !runs(&mut device, site)?.is_empty() => {
                say!("{}", joined(&mut device, site)?);
            }
            Act::Start { kind, apart, .. } => {
                if !apart {
                    is_the_only_one(&mut device, site, "--join", "--apart")?;
                }
                let key = started(&mut device, site, kind)?;
                say!("{} started: {}.", kind.kind().word(), key.event);
            }
            Act::Say { name, says, at, marshal } => {
                sighted(&mut device, site, &name, says, (&at, &marshal))?;
            }
            Act::Show => {
                let view = shown(&mut device, site)?;
                opened(&mut device);
                say!("{}", summary(&view));
                say!("A device that shows the same code has heard the same.");
                for row in view.rows.iter().filter(|row| row.status != muster_school::view::status::Status::Found) {
                    let said = if row.said.is_empty() { row.evidence.as_str() } else { row.said.as_str() };
                    say!("  {:<28} {:<12} {said} {}", row.name, row.group, row.hint);
                }
            }
            Act::Join => {
                let calls: Vec<CallKey> = all_running(&mut device, site)?;
                let [one, other] = calls.as_slice() else {
                    bail!("{} roll calls run here: two can be joined", calls.len())
                };
                let (one, other) = (*one, *other);
                device.office_of_device(|office| Ok(office.join_calls(one, other).map(drop)?))?;
                say!("Joined. Nothing of either is lost.");
            }
            Act::End => {
                let key = running(&mut device, site)?;
                device.office_of_device(|office| Ok(office.end_call(key, "").map(drop)?))?;
                say!("Ended. Its report: muster fire report --out DIR");
            }
            Act::Resume => {
                let calls = device.office_of_device(|office| Ok(office.calls(site)?))?;
                let over = calls.into_iter().filter(|(_, call)| call.ended.is_some());
                let last = over.max_by_key(|(_, call)| call.ended.as_ref().map(|(origin, _)| origin.at));
                let (key, _) = last.context("no roll call of today or yesterday was ended here")?;
                device.office_of_device(|office| Ok(office.resume_call(key).map(drop)?))?;
                say!("It goes on. Every device that hears of it is told.");
            }
        }
        // What was said is safe by now: on a full disk it must not be told as refused.
        if let Err(error) = device.keep_fire_list() {
            eprintln!("It is saved. The fire list that opens with nobody signed in could not be made anew: {error:#}");
        }
        Ok(())
    }
}

/// Writes down that everybody on the list was shown with nobody signed in. It is shown whether or not.
fn opened(device: &mut Device) {
    if let Err(error) = device.note(Event::OpenedFire { locked: true }) {
        eprintln!("This opening could not be written down: {error:#}");
    }
}

impl What {
    fn kind(self) -> Kind {
        match self {
            Self::Drill => Kind::Drill,
            Self::Real => Kind::Real,
            Self::Inside => Kind::KeptInside,
            Self::Lockdown => Kind::Lockdown,
        }
    }
}

/// The roll calls that run at the site, in words.
fn runs(device: &mut Device, site: PlaceId) -> anyhow::Result<Vec<RunningCall>> {
    device.with_records(|records, _| Ok(show::running(records, site)?))
}

/// Two of one event find half of the people each: says that one runs, who began it and when, and what may be given.
fn is_the_only_one(device: &mut Device, site: PlaceId, join: &str, apart: &str) -> anyhow::Result<()> {
    let running = runs(device, site)?;
    let words: Vec<&str> = running.iter().map(|one| one.words.as_str()).collect();
    anyhow::ensure!(
        words.is_empty(),
        "a roll call runs already: {}. Give {join} to work on its list, or {apart} for another beside it, with marks of \
         its own",
        words.join("; ")
    );
    Ok(())
}

/// Works on the list of the roll call that runs; says which.
fn joined(device: &mut Device, site: PlaceId) -> anyhow::Result<String> {
    let running = runs(device, site)?.into_iter().next().context("no roll call runs here")?;
    let event = running.event;
    let key = device.with_records(|records, _| Ok(show::call_key(records, site, event)?))?;
    let key = key.context("this roll call is not on this device")?;
    device.office_of_device(|office| Ok(office.join_call(key).map(drop)?))?;
    Ok(format!("Joined: {}.", running.words))
}

fn started(device: &mut Device, site: PlaceId, what: What) -> anyhow::Result<CallKey> {
    device.office_of_device(|office| Ok(office.start_call(site, what.kind())?))
}

/// Says of whom part of the name fits what was seen, at a place and by a marshal.
fn sighted(
    device: &mut Device,
    site: PlaceId,
    name: &str,
    says: Says,
    (at, marshal): (&str, &str),
) -> anyhow::Result<()> {
    let key = running(device, site)?;
    let call = device.office_of_device(|office| Ok(office.call(key)?))?;
    let wanted = names::fold(name);
    let fits = |one: &&muster_school::fire::call::Called| {
        names::fold(&format!("{} {}", one.listed.forename, one.listed.surname)).contains(&wanted)
    };
    let found: Vec<_> = call.people.iter().filter(fits).collect();
    let [person] = found.as_slice() else { bail!("{} people on the list fit that: give more of it", found.len()) };
    let says = match says {
        Says::Found => Statement::Found,
        Says::Missing => Statement::NotFound,
        Says::Refuge => Statement::AtRefuge,
        Says::Away => Statement::NotHere,
    };
    device.office_of_device(|office| Ok(office.sight(key, person.who, says, at, marshal).map(drop)?))
}

fn shown(device: &mut Device, site: PlaceId) -> anyhow::Result<CallView> {
    let key = running(device, site)?;
    device.office_of_device(|office| Ok(show::call(office.records(), None, key, None)?))
}

/// `Real: since 10:15. Found 2 of 3, 1 to find. Code: maple otter.`
fn summary(view: &CallView) -> String {
    format!(
        "{} {}. Found {} of {}, {} to find. Code: {}.",
        view.kind.status().word(),
        view.started,
        view.found,
        view.total,
        view.to_find,
        view.code
    )
}

fn all_running(device: &mut Device, site: PlaceId) -> anyhow::Result<Vec<CallKey>> {
    let calls = device.office_of_device(|office| Ok(office.calls(site)?))?;
    Ok(calls.into_iter().filter(|(_, call)| call.ended.is_none()).map(|(key, _)| key).collect())
}

fn running(device: &mut Device, site: PlaceId) -> anyhow::Result<CallKey> {
    all_running(device, site)?.first().copied().context("no roll call runs here: muster call start drill")
}

/// Drills and other roll calls that were, by term, and the next drill that is due
#[derive(Debug, Args)]
pub(super) struct Drills {
    /// At one site, by code [default: this device's]
    #[arg(long, value_name = "CODE")]
    site: Option<String>,
    #[command(flatten)]
    who: Signed,
}

impl Drills {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        let mut device = self.who.open(common)?;
        let named = super::invite::place(&device, self.site.as_deref())?;
        let site = named.or_else(|| device.site()).context("this device knows no site yet")?;
        let view = device.with_records(|records, known| Ok(show::drills(records, known, site, None)?))?;
        say!("{}.", view.next);
        for term in &view.terms {
            say!();
            say!("{}: {}", term.name, term.summary);
            for row in &term.rows {
                say!("  {}, {}: {}", row.kind.status().word(), row.when, row.outcome);
                for words in [&row.learned, &row.signed].into_iter().filter(|words| !words.is_empty()) {
                    say!("    {words}");
                }
            }
        }
        let today = calendar::local(common.clock().now()).day;
        say!();
        say!("As of {}.", today.long());
        Ok(())
    }
}

//! The fire list as a small sealed file of its own, so that it opens in milliseconds even when the records are
//! damaged, being checked, locked by another process, or ten years old.
//!
//! It is of this device's own site only: names, group, last place and source, and who needs help to leave. Care
//! lines are not in it.

use anyhow::Context as _;
use muster_core::replica::DeviceSecrets;
use muster_core::time::Moment;
use muster_school::calendar::{self, Day};
use muster_school::fire::presence::{FireList, State};
use muster_school::fire::saved;
use serde::Serialize;
use std::path::Path;

/// The name of the small file.
pub const FILE: &str = "fire-list";
const DEVICE_FILE: &str = "device";

/// Reads the list from a device's folder without opening the records, as it is to be read at this moment: on another
/// day, or in the afternoon, less is certain than when it was kept.
///
/// # Errors
/// When there is no school on this device, no list yet, or a file is damaged.
pub fn read(folder: &Path, now: Moment) -> anyhow::Result<FireList> {
    let device = device(folder)?;
    let sealed = muster_storage::read_file(folder, FILE)?.context(
        "this device holds no fire list yet: it comes with the first sign-in of the day, or from another device",
    )?;
    let bytes = device
        .open_file(FILE, &sealed)
        .context("the fire list on this device is damaged: open Muster, which makes it again")?;
    Ok(saved::reopen(saved::decode(&bytes)?, calendar::local(now)))
}

/// This device's own keys, read without opening the records.
///
/// # Errors
/// When there is no school on this device, or the file is damaged.
pub(crate) fn device(folder: &Path) -> anyhow::Result<DeviceSecrets> {
    let device = muster_storage::read_file(folder, DEVICE_FILE)?.context(
        "there is no school on this device yet: found one with `muster init`, or join one with `muster join CODE`",
    )?;
    DeviceSecrets::decode(&zeroize::Zeroizing::new(device))
        .context("this device's own keys are damaged: keep the folder as it is and add the device again")
}

/// A list as one JSON object, and as it is printed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FireFile {
    /// The site's name.
    pub site: String,
    /// The day of the roll it is made of, `2026-11-23`.
    pub day: String,
    /// The newest evidence, in milliseconds since 1970 UTC.
    pub as_of_ms: Option<i64>,
    /// Devices heard from that day.
    pub heard_from: Vec<String>,
    /// What is known to be missing, as in `7B has sent no register`.
    pub gaps: String,
    /// Assembly points.
    pub assembly_points: Vec<String>,
    /// Everybody, those who must be called first.
    pub people: Vec<Person>,
    /// Trips that are out: their people are not to be found here.
    pub trips: Vec<Trip>,
    /// Why the site is closed to pupils; empty when it is not.
    pub closed: String,
}

/// A trip that is out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Trip {
    /// As in `Swimming`.
    pub title: String,
    /// Who leads it.
    pub leader: String,
    /// When it is due back, as `12:15`; with the day where it is another.
    pub due: String,
    /// It should be back.
    pub overdue: bool,
    /// Who is with it, surname first.
    pub people: Vec<String>,
}

/// One person of the list.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Person {
    /// Surname first.
    pub name: String,
    /// Class, `Staff` or `Visitor`.
    pub group: String,
    /// `must be called`, `on site`, `off site` or `away`.
    pub state: String,
    /// Last known place and its source.
    pub evidence: String,
    /// Help needed to leave.
    pub help: Vec<String>,
    /// `Fire marshal`, `First aid`.
    pub duties: Vec<String>,
}

impl FireFile {
    /// From a list just worked out.
    pub fn of(list: &FireList) -> Self {
        Self {
            site: list.site.clone(),
            day: list.day.iso(),
            as_of_ms: list.as_of_ms,
            heard_from: list.heard_from.clone(),
            gaps: list.gaps(),
            assembly_points: list.points.clone(),
            people: list
                .people
                .iter()
                .map(|person| Person {
                    name: person.listed(),
                    group: person.group.clone(),
                    state: state_words(person.state).to_owned(),
                    evidence: person.line.clone(),
                    help: person.help.clone(),
                    duties: person.duties.clone(),
                })
                .collect(),
            trips: list
                .trips
                .iter()
                .filter(|trip| trip.back.is_none())
                .map(|trip| Trip {
                    title: trip.title.clone(),
                    leader: trip.leader_name.clone(),
                    due: trip.due_words(list.now.day),
                    overdue: trip.is_overdue(list.now),
                    people: trip.people.clone(),
                })
                .collect(),
            closed: list.closed.clone(),
        }
    }

    /// Whether somebody stands on the list to call.
    pub fn to_call(&self) -> impl Iterator<Item = &Person> {
        self.people
            .iter()
            .filter(|person| person.state == state_words(State::MustCall) || person.state == state_words(State::OnSite))
    }

    /// How many must be called because nothing certain is known of them.
    pub fn must_call(&self) -> usize {
        self.people.iter().filter(|person| person.state == state_words(State::MustCall)).count()
    }

    /// `As of 09:14, heard from office and hall tablet; 7B has sent no register`. On another day than `today` with
    /// the day.
    pub fn as_of(&self, today: Day) -> String {
        let time = self.as_of_ms.map(|ms| {
            let local = calendar::local(Moment::utc(ms));
            let clock = calendar::clock(local.minute);
            if local.day == today { clock } else { format!("{} {clock}", local.day.long()) }
        });
        let mut words = time.map_or_else(|| "No evidence yet".to_owned(), |time| format!("As of {time}"));
        if !self.heard_from.is_empty() {
            words.push_str(", heard from ");
            words.push_str(&joined(&self.heard_from));
        }
        if !self.gaps.is_empty() {
            words.push_str("; ");
            words.push_str(&self.gaps);
        }
        words
    }
}

fn state_words(state: State) -> &'static str {
    match state {
        State::MustCall => "must be called",
        State::OnSite => "on site",
        State::OffSite => "off site",
        State::Away => "away",
        State::OnTrip => "on a trip",
        State::Elsewhere => "at another site",
    }
}

/// `a, b and c`.
pub fn joined(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

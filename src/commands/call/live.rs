//! `muster call live`: one process that stays in a roll call, for a device without a screen.
//!
//! What is typed is written at once, and what other devices say shows as it comes. Not here: what a word means
//! (`super`), who is dialled (`crate::host`).

use super::{Says, What, is_the_only_one, joined, opened, running, shown, sighted, started, summary};
use crate::commands::Common;
use crate::commands::run::{begin, met};
use crate::device::Device;
use crate::host::Host;
use anyhow::{Context as _, bail};
use clap::{Args, ValueEnum as _};
use muster_core::id::PlaceId;
use std::collections::BTreeMap;
use std::io::BufRead as _;
use std::net::SocketAddr;
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::Duration;

/// How often it is looked whether others said anything: each look works the whole roll call out. What is typed here is
/// done at once.
const LOOK: Duration = Duration::from_millis(500);
/// Lines typed ahead that wait; more make the typist wait.
const TYPED_AHEAD: usize = 64;
/// Longer than a name, a place and a word; the rest of such a line is not read as a name.
const LINE_CHARS: usize = 400;

const HELP: &str = "Type: start drill|real|inside|lockdown, found NAME, missing NAME, refuge NAME, away NAME (each with \
                    \" @ PLACE\" where you like), who, end. Ctrl+D leaves; the roll call goes on.";

/// A roll call that one stays in.
#[derive(Debug, Args)]
pub(in crate::commands) struct Live {
    /// Also look for a device at this address
    #[arg(long, value_name = "ADDR:PORT")]
    at: Vec<SocketAddr>,
    /// Your name, as nobody is signed in
    #[arg(long, default_value = "")]
    marshal: String,
}

impl Live {
    pub(super) fn run(self, common: &Common, device: Device, site: PlaceId) -> anyhow::Result<()> {
        let host = begin(device, common, self.at)?;
        eprintln!("{HELP}");
        let (typed, lines) = sync_channel(TYPED_AHEAD);
        std::thread::spawn(move || {
            for line in std::io::stdin().lock().lines().map_while(Result::ok) {
                if typed.send(line).is_err() {
                    break;
                }
            }
        });
        let (mut before, mut noted) = ((String::new(), BTreeMap::new()), false);
        loop {
            // Looked at before each line that is typed: nobody is shown before the opening is written down.
            let (counts, met) = host.call(move |host| (counts(host, site, noted), met(host)))?;
            for (device, said) in &met {
                if before.1.get(device) != Some(said) {
                    say!("{said}");
                }
            }
            noted |= counts.is_ok();
            let words = counts.unwrap_or_else(|error| format!("{error:#}"));
            if words != before.0 {
                say!("{words}");
            }
            before = (words, met);
            let line = match lines.recv_timeout(LOOK) {
                Ok(line) => Some(line),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => break,
            };
            if let Some(line) = line.filter(|line| !line.trim().is_empty()) {
                let marshal = self.marshal.clone();
                match host.call(move |host| obey(host, site, &line, &marshal))? {
                    Ok(said) if said.is_empty() => {}
                    Ok(said) => say!("{said}"),
                    Err(error) => eprintln!("{error:#}"),
                }
            }
        }
        host.stop();
        Ok(())
    }
}

/// How far the roll call is, in one line. The first time that one shows is an opening.
fn counts(host: &mut Host, site: PlaceId, noted: bool) -> anyhow::Result<String> {
    let view = shown(&mut host.device, site)?;
    if !noted {
        opened(&mut host.device);
    }
    Ok(summary(&view))
}

/// Does what one line says; what it answers, if anything.
fn obey(host: &mut Host, site: PlaceId, line: &str, marshal: &str) -> anyhow::Result<String> {
    if line.chars().count() > LINE_CHARS {
        bail!("this line is too long: one name a line");
    }
    let device = &mut host.device;
    let (word, rest) = line.trim().split_once(' ').unwrap_or((line.trim(), ""));
    let (name, at) = rest.split_once('@').unwrap_or((rest, ""));
    let (name, at) = (name.trim(), at.trim());
    match word.to_lowercase().as_str() {
        "start" => {
            let (kind, how) = name.split_once(' ').unwrap_or((name, ""));
            let what = What::from_str(kind, true).ok().context("start drill, real, inside or lockdown")?;
            match how.trim() {
                "join" => return joined(device, site),
                "apart" => {}
                _ => is_the_only_one(device, site, "`start KIND join`", "`start KIND apart`")?,
            }
            started(device, site, what)?;
        }
        "end" => {
            let key = running(device, site)?;
            device.office_of_device(|office| Ok(office.end_call(key, "").map(drop)?))?;
        }
        "who" => {
            let found = muster_school::view::status::Status::Found;
            let view = shown(device, site)?;
            let left = view.rows.iter().filter(|row| row.status != found);
            return Ok(left
                .map(|row| format!("  {}, {}: {}", row.name, row.group, row.said))
                .collect::<Vec<_>>()
                .join("\n"));
        }
        word => {
            let says = Says::from_str(word, true).ok().context(HELP)?;
            if name.is_empty() {
                bail!("say whom: {word} NAME");
            }
            sighted(device, site, name, says, (at, marshal))?;
        }
    }
    Ok(String::new())
}

//! Spoilt bytes for every decoder, for as long as it is told to: see `muster_tests::fuzz`.
//!
//! `fuzz [--seconds N] [--seed S] [--only TARGET] [--keep yes]`. With `--keep yes` some of what was taken goes into the
//! corpus. Prints a line a target, and ends with 1 where one was brought down or
//! needed more memory than it may.

use muster_tests::fuzz::{Runner, corpus, targets};
use std::process::ExitCode;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Runs of the cheapest target in one go.
const AT_ONCE: usize = 512;
/// Kilobytes that all of it may need at the most: a device of a school has four times that.
const MEMORY_KB: u64 = 1024 * 1024;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (mut seconds, mut seed, mut only, mut keep) = (60_u64, None, None, false);
    while let Some(name) = arguments.next() {
        let value = arguments.next();
        match (name.as_str(), value) {
            ("--seconds", Some(value)) => seconds = value.parse().unwrap_or(seconds),
            ("--seed", Some(value)) => seed = value.parse().ok(),
            ("--only", Some(value)) => only = Some(value),
            ("--keep", Some(value)) => keep = value == "yes",
            _ => {
                eprintln!("fuzz [--seconds N] [--seed S] [--only TARGET] [--keep yes]");
                return ExitCode::from(2);
            }
        }
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |since| since.as_secs());
    let seed = seed.unwrap_or(now);
    println!(
        "seed {seed}; again with: cargo run --release -p muster-tests --bin fuzz -- --seconds {seconds} --seed {seed}"
    );
    // What a target says when it is brought down is told below.
    std::panic::set_hook(Box::new(|_| ()));
    let all = targets::all().into_iter().filter(|target| only.as_ref().is_none_or(|only| only == target.name));
    let mut runners: Vec<Runner> = all.map(|target| Runner::new(target, seed, &corpus())).collect();
    let until = Instant::now() + Duration::from_secs(seconds);
    let mut crashes = Vec::new();
    for runner in &mut runners {
        crashes.extend(runner.begin().err());
    }
    while Instant::now() < until && crashes.is_empty() {
        for runner in &mut runners {
            crashes.extend(runner.spoil((AT_ONCE / runner.cost()).max(1)).err());
        }
    }
    let mut executions = 0;
    for runner in &mut runners {
        if crashes.is_empty() {
            runner.end();
        }
        if keep && let Err(error) = runner.keep() {
            println!("{}: nothing could be kept: {error}", runner.name());
        }
        executions += runner.tally.executions;
        println!(
            "{:<16} {:>10} executions, {:>10} refused",
            runner.name(),
            runner.tally.executions,
            runner.tally.refused
        );
    }
    println!("{executions} executions of {} targets; {} brought down", runners.len(), crashes.len());
    for crash in &crashes {
        println!("BROUGHT DOWN {}: {} ({})", crash.target, crash.why, crash.kept.display());
    }
    let most = peak_kb();
    println!("memory at its peak: {} MB", most / 1024);
    if crashes.is_empty() && most <= MEMORY_KB { ExitCode::SUCCESS } else { ExitCode::from(1) }
}

/// The most memory this process ever had, where the system tells.
fn peak_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

//! What people would use instead, on the work that Muster's own measurements do: `muster-peers` prints a line of JSON for each.
//!
//! None of these signs, chains or audits what it keeps; only SQLCipher encrypts, the whole file under one key. Their lines say
//! so in `lacks`. Each runs in a process of its own, so that its peak of memory is its own.

mod automerge_sync;
mod backlog;
mod durable;
mod fire;
mod samod_sync;

use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

/// Why a measurement could not be made.
type Failure = Box<dyn std::error::Error + Send + Sync>;
type Measurement = fn() -> Result<serde_json::Value, Failure>;

const ALL: [(&str, Measurement); 6] = [
    ("durable", durable::measure),
    ("batches", durable::batches),
    ("fire", fire::measure),
    ("automerge", automerge_sync::measure),
    ("samod-memory", samod_sync::in_memory),
    ("samod-files", samod_sync::on_files),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let told = match arguments.split_first() {
        None => ALL.iter().try_for_each(|(name, _)| apart(name)),
        Some((name, rest)) if name == "fire-query" => fire::query(rest),
        Some((name, _)) => match ALL.iter().find(|(known, _)| known == name) {
            Some((_, measurement)) => measurement().map(|mut line| {
                line["memory_peak_mb"] = (peak_kb() / 1024).into();
                println!("{line}");
            }),
            None => Err(format!("no such measurement: {name}").into()),
        },
    };
    match told {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(1)
        }
    }
}

fn apart(name: &str) -> Result<(), Failure> {
    let status = Command::new(std::env::current_exe()?).arg(name).stdin(Stdio::null()).status()?;
    if status.success() { Ok(()) } else { Err(format!("{name} ended badly").into()) }
}

/// The most memory this process ever had, where the system tells.
fn peak_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

fn quantile(samples: &[f64], share: f64) -> f64 {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().saturating_sub(1) as f64;
    sorted.get((last * share).round() as usize).copied().unwrap_or(0.0)
}

fn rounded(value: f64) -> f64 {
    let digits = if value.abs() >= 100.0 { 0 } else { 3 };
    let shift = 10_f64.powi(digits);
    (value * shift).round() / shift
}

fn pair(samples: &[f64]) -> serde_json::Value {
    serde_json::json!({ "p50_ms": rounded(quantile(samples, 0.5)), "p95_ms": rounded(quantile(samples, 0.95)) })
}

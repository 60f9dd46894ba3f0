//! From the start of the process to the fire list: `muster fire --json` on a school of 1,500 pupils, beside the
//! start of a process that does nothing, in turns.
//!
//! It runs the release program beside this one (`cargo build --release` makes it). Output goes through a pipe and is
//! read to the end of the list. The records are opened only after that, so their age and size are not in the figure.

use muster_benches::Failure;
use muster_benches::figures::{is_debug, is_trial, median, millis, quantile, rounded};
use muster_school::calendar::{Day, moment};
use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Instant;

const GROUPS: usize = 50;
const PUPILS_A_GROUP: usize = 30;
const NOTHING: &str = "/bin/true";

fn main() -> Result<(), Failure> {
    let Some(program) = program() else {
        println!(
            "{}",
            serde_json::json!({ "bench": "fire_start", "skipped": "no muster beside this program: cargo build --release" })
        );
        return Ok(());
    };
    let runs = if is_trial() { 2 } else { 100 };
    let folder = tempfile::tempdir()?;
    let records = folder.path().join("records");
    make_school(&program, folder.path(), &records)?;
    let file_bytes = std::fs::metadata(records.join("files").join("fire-list"))?.len();
    let (mut fire_ms, mut nothing_ms, mut version_ms, mut killed_ms) = (vec![], vec![], vec![], vec![]);
    let mut people = 0;
    for _ in 0..runs {
        let (fire, list, took) = fire_list(&program, &records)?;
        fire_ms.push(took);
        good(fire.wait_with_output()?)?;
        // The next is killed while it has the records open to write that down, and then the power is back.
        let (mut killed, ..) = fire_list(&program, &records)?;
        killed.kill()?;
        killed.wait()?;
        let (again, _, took) = fire_list(&program, &records)?;
        killed_ms.push(took);
        good(again.wait_with_output()?)?;
        let list: serde_json::Value = serde_json::from_str(&list)?;
        people = list["people"].as_array().map_or(0, Vec::len);
        let began = Instant::now();
        good(Command::new(&program).arg("--version").output()?)?;
        version_ms.push(millis(began.elapsed()));
        if Path::new(NOTHING).exists() {
            let began = Instant::now();
            good(Command::new(NOTHING).output()?)?;
            nothing_ms.push(millis(began.elapsed()));
        }
    }
    let pair = |samples: &[f64]| serde_json::json!({ "p50_ms": rounded(median(samples)), "p95_ms": rounded(quantile(samples, 0.95)) });
    println!(
        "{}",
        serde_json::json!({
            "bench": "fire_start", "debug": is_debug(), "runs": runs,
            "pupils": GROUPS * PUPILS_A_GROUP, "people_listed": people, "fire_file_bytes": file_bytes,
            "fire": pair(&fire_ms), "fire_after_a_kill": pair(&killed_ms), "version_only": pair(&version_ms), "process_that_does_nothing": pair(&nothing_ms),
            "ratio_to_nothing_p50": rounded(median(&fire_ms) / median(&nothing_ms)),
        })
    );
    Ok(())
}

/// Starts the program; its list, and the milliseconds until all of it had come.
fn fire_list(program: &Path, records: &Path) -> Result<(Child, String, f64), Failure> {
    let began = Instant::now();
    let mut fire =
        muster(program, records).args(["fire", "--json"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    // To the end of its one line: that it was opened is written down only after that.
    let mut list = String::new();
    BufReader::new(fire.stdout.take().ok_or("no output")?).read_line(&mut list)?;
    Ok((fire, list, millis(began.elapsed())))
}

/// `target/PROFILE/muster`, from `target/PROFILE/deps/fire_start-…`.
fn program() -> Option<PathBuf> {
    let here = std::env::current_exe().ok()?;
    let found = here.parent()?.parent()?.join("muster");
    found.is_file().then_some(found)
}

fn muster(program: &Path, records: &Path) -> Command {
    let mut command = Command::new(program);
    let morning = Day::parse("2026-11-23").map(|day| moment(day, 8 * 60 + 30).utc_ms).unwrap_or_default();
    command.arg("--folder").arg(records).arg("--no-discovery").args(["--bind", "127.0.0.1:0"]);
    command.args(["--clock-ms", &morning.to_string()]);
    command.env("MUSTER_PASSPHRASE", "five words that nobody knows").stdin(Stdio::null());
    command
}

fn good(output: Output) -> Result<Output, Failure> {
    if output.status.success() { Ok(output) } else { Err(String::from_utf8_lossy(&output.stderr).into()) }
}

fn make_school(program: &Path, folder: &Path, records: &Path) -> Result<(), Failure> {
    let data = folder.join("data");
    std::fs::create_dir_all(&data)?;
    std::fs::write(data.join("sites.csv"), "code,name,assembly_points\nS1,Harbour,Front car park\n")?;
    let mut pupils = String::from(
        "Admission No,Legal Surname,Legal Forename,Preferred Forename,Year,Reg Group,Site,Date of Admission\n",
    );
    for number in 0..GROUPS * PUPILS_A_GROUP {
        let group = number / PUPILS_A_GROUP;
        writeln!(pupils, "{number:06},Surname{number},Ada,Ada,{},{}K,S1,01/09/2026", group % 7 + 7, group + 1)?;
    }
    std::fs::write(data.join("pupils.csv"), pupils)?;
    let init = ["init", "--school", "Alderfen", "--head", "Ines Costa", "--cards"];
    good(muster(program, records).args(init).arg(folder.join("cards")).output()?)?;
    good(muster(program, records).arg("import").arg(&data).arg("--rejected").arg(folder.join("rejected")).output()?)?;
    Ok(())
}

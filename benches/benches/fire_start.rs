//! From the start of the process to the fire list: `muster fire --json` on schools of one site with 240 pupils and a year,
//! 1,500 and five years, 10,000 and a year, beside the start of a process that does nothing, in turns.
//!
//! It runs the release program beside this one (`cargo build --release` makes it). Output goes through a pipe and is
//! read to the end of the list. The records are opened only after that.

use muster_benches::Failure;
use muster_benches::figures::{is_debug, is_trial, median, millis, quantile, rounded};
use muster_benches::made::{self, Made, WEEKS_A_YEAR};
use muster_school::calendar::{Day, moment};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Instant;

const NOTHING: &str = "/bin/true";

fn main() -> Result<(), Failure> {
    let Some(program) = program() else {
        println!(
            "{}",
            serde_json::json!({ "bench": "fire_start", "skipped": "no muster beside this program: cargo build --release" })
        );
        return Ok(());
    };
    let sizes: &[(u32, u32)] =
        if is_trial() { &[(24, 1)] } else { &[(240, WEEKS_A_YEAR), (1_500, 5 * WEEKS_A_YEAR), (10_000, WEEKS_A_YEAR)] };
    for (pupils, weeks) in sizes {
        match made::school(1, *pupils, *weeks)? {
            Some(school) => measure(&program, *pupils, *weeks, &school)?,
            None => println!("{}", serde_json::json!({ "bench": "fire_start", "skipped": made::MISSING })),
        }
    }
    Ok(())
}

fn measure(program: &Path, pupils: u32, weeks: u32, school: &Made) -> Result<(), Failure> {
    let runs = if is_trial() { 2 } else { 60 };
    let folder = tempfile::tempdir()?;
    let records = folder.path().join("records");
    make_school(program, school, folder.path(), &records)?;
    let muster = || muster(program, &records, school.today);
    let file_bytes = std::fs::metadata(records.join("files").join("fire-list"))?.len();
    let records_bytes = std::fs::metadata(records.join("records.redb"))?.len();
    let (mut fire_ms, mut nothing_ms, mut version_ms, mut killed_ms) = (vec![], vec![], vec![], vec![]);
    let mut people = 0;
    for _ in 0..runs {
        let (fire, list, took) = fire_list(muster())?;
        fire_ms.push(took);
        good(fire.wait_with_output()?)?;
        // The next is killed while it has the records open to write that down, and then the power is back.
        let (mut killed, ..) = fire_list(muster())?;
        killed.kill()?;
        killed.wait()?;
        let (again, _, took) = fire_list(muster())?;
        killed_ms.push(took);
        good(again.wait_with_output()?)?;
        let list: serde_json::Value = serde_json::from_str(&list)?;
        people = list["people"].as_array().map_or(0, Vec::len);
        let began = Instant::now();
        good(Command::new(program).arg("--version").output()?)?;
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
            "pupils": pupils, "weeks": weeks, "records_bytes": records_bytes, "people_listed": people, "fire_file_bytes": file_bytes,
            "fire": pair(&fire_ms), "fire_after_a_kill": pair(&killed_ms), "version_only": pair(&version_ms), "process_that_does_nothing": pair(&nothing_ms),
            "ratio_to_nothing_p50": rounded(median(&fire_ms) / median(&nothing_ms)),
        })
    );
    Ok(())
}

/// Starts the program; its list, and the milliseconds until all of it had come.
fn fire_list(mut muster: Command) -> Result<(Child, String, f64), Failure> {
    let began = Instant::now();
    let mut fire = muster.args(["fire", "--json"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
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

fn muster(program: &Path, records: &Path, today: Day) -> Command {
    let mut command = Command::new(program);
    let morning = moment(today, 8 * 60 + 30).utc_ms;
    command.arg("--folder").arg(records).arg("--no-discovery").args(["--bind", "127.0.0.1:0"]);
    command.args(["--clock-ms", &morning.to_string()]);
    command.env("MUSTER_PASSPHRASE", "five words that nobody knows").stdin(Stdio::null());
    command
}

fn good(output: Output) -> Result<Output, Failure> {
    if output.status.success() { Ok(output) } else { Err(String::from_utf8_lossy(&output.stderr).into()) }
}

/// The people, then the marks in as many parts as there are, each in a folder of its own.
fn make_school(program: &Path, school: &Made, folder: &Path, records: &Path) -> Result<(), Failure> {
    let init = ["init", "--school", "Alderfen", "--head", "Ines Costa", "--cards"];
    good(muster(program, records, school.today).args(init).arg(folder.join("cards")).output()?)?;
    let marks = school.marks.iter().map(|some| vec![("attendance.csv", some)]);
    let people = school.people.iter().map(|(name, file)| (name.as_str(), file)).collect();
    for (number, files) in std::iter::once(people).chain(marks).enumerate() {
        let (data, rejected) = (folder.join(format!("data-{number}")), folder.join(format!("rejected-{number}")));
        std::fs::create_dir_all(&data)?;
        for (name, file) in files {
            std::fs::write(data.join(name), file)?;
        }
        let mut import = muster(program, records, school.today);
        good(import.arg("import").arg(&data).arg("--rejected").arg(rejected).output()?)?;
    }
    Ok(())
}

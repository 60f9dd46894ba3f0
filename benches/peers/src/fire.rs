//! The fire list out of a database: from the start of a process until every name of a site has been read from a pipe, with
//! five school years of marks held, as `muster fire --json` is measured. And what those years take on the disk.

use crate::durable::{RAW_KEY, open};
use crate::{Failure, millis, pair, rounded};
use rusqlite::Connection;
use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

const PUPILS: usize = 1_500;
const DAYS: usize = 5 * 190;
const PASSPHRASE: &str = "five words that nobody knows";
const QUERY: &str = "SELECT pupil.surname, pupil.forename, pupil.class, mark.code FROM pupil \
    LEFT JOIN mark ON mark.day = ?1 AND mark.session = 0 AND mark.pupil = pupil.id ORDER BY pupil.surname, pupil.forename";

pub fn measure() -> Result<serde_json::Value, Failure> {
    let folder = tempfile::tempdir()?;
    let place = |name: &str| folder.path().join(name);
    fill(&place("plain"), None)?;
    let has_cipher = fill(&place("raw"), Some(RAW_KEY)).is_ok();
    if has_cipher {
        fill(&place("stretched"), Some(PASSPHRASE))?;
    }
    let bytes = std::fs::metadata(place("plain"))?.len();
    let (mut plain, mut raw, mut stretched, mut nothing) = (vec![], vec![], vec![], vec![]);
    for run in 0..40 {
        plain.push(start(&place("plain"), None)?);
        if has_cipher {
            raw.push(start(&place("raw"), Some(RAW_KEY))?);
            if run < 10 {
                stretched.push(start(&place("stretched"), Some(PASSPHRASE))?);
            }
        }
        let began = Instant::now();
        Command::new("/bin/true").status()?;
        nothing.push(millis(began.elapsed()));
    }
    let crashed = after_a_kill(&place("plain"))?;
    Ok(serde_json::json!({
        "bench": "peer_fire_list", "pupils": PUPILS, "days": DAYS, "marks": PUPILS * DAYS * 2,
        "sqlite": pair(&plain), "sqlcipher_raw_key": has_cipher.then(|| pair(&raw)),
        "sqlcipher_passphrase": has_cipher.then(|| pair(&stretched)),
        "sqlite_after_a_kill_ms": rounded(crashed), "process_that_does_nothing": pair(&nothing),
        "sqlite_bytes_a_pupil_year": rounded(bytes as f64 / PUPILS as f64 / 5.0),
        "lacks": "one table of names and one of marks: no visitors, staff, evidence, care lines or roll calls; no history, no audit",
    }))
}

fn fill(file: &Path, key: Option<&str>) -> Result<(), Failure> {
    let mut connection = open(file, key)?;
    connection.execute_batch(
        "CREATE TABLE pupil (id INTEGER PRIMARY KEY, surname TEXT, forename TEXT, class TEXT);
         CREATE TABLE mark (day INTEGER, session INTEGER, pupil INTEGER, code TEXT, minutes INTEGER,
             PRIMARY KEY (day, session, pupil)) WITHOUT ROWID;",
    )?;
    let transaction = connection.transaction()?;
    {
        let mut pupil = transaction.prepare("INSERT INTO pupil VALUES (?1, ?2, 'Ada', ?3)")?;
        for number in 0..PUPILS {
            pupil.execute((number as i64, format!("Surname{number}"), format!("{}K", number / 30)))?;
        }
        let mut mark = transaction.prepare("INSERT INTO mark VALUES (?1, ?2, ?3, ?4, NULL)")?;
        for day in 0..DAYS {
            for session in 0..2 {
                for number in 0..PUPILS {
                    let code = if (number + day * 7) % 100 < 8 { "I" } else { "/" };
                    mark.execute((day as i64, session, number as i64, code))?;
                }
            }
        }
    }
    transaction.commit()?;
    connection.pragma_update(None, "wal_checkpoint", "TRUNCATE")?;
    Ok(())
}

/// Milliseconds from the start of a process until its list has come.
fn start(file: &Path, key: Option<&str>) -> Result<f64, Failure> {
    let began = Instant::now();
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("fire-query").arg(file).args(key).stdout(Stdio::piped());
    let mut child = command.spawn()?;
    let mut list = String::new();
    child.stdout.take().ok_or("no output")?.read_to_string(&mut list)?;
    let took = millis(began.elapsed());
    child.wait()?;
    if list.lines().count() == PUPILS { Ok(took) } else { Err("not the whole list".into()) }
}

/// The same once a process that was writing has been killed, its log not folded in.
fn after_a_kill(file: &Path) -> Result<f64, Failure> {
    let mut command = Command::new(std::env::current_exe()?);
    let mut child = command.arg("fire-query").arg(file).arg("--write").stdout(Stdio::piped()).spawn()?;
    let mut byte = [0];
    child.stdout.take().ok_or("no output")?.read_exact(&mut byte)?;
    child.kill()?;
    child.wait()?;
    start(file, None)
}

/// The process that is measured: opens, asks, prints. With `--write` it writes until it is killed.
pub fn query(arguments: &[String]) -> Result<(), Failure> {
    let [file, rest @ ..] = arguments else { return Err("which file?".into()) };
    let connection = Connection::open(file)?;
    match rest.first().map(String::as_str) {
        Some("--write") => {
            for number in 0_i64.. {
                connection.execute("INSERT INTO mark VALUES (?1, 0, 0, '/', NULL)", [1_000_000 + number])?;
                if number == 200 {
                    println!("x");
                }
            }
        }
        Some(key) => connection.pragma_update(None, "key", key)?,
        None => {}
    }
    let mut statement = connection.prepare(QUERY)?;
    let mut rows = statement.query([DAYS as i64 - 1])?;
    let mut list = String::new();
    while let Some(row) = rows.next()? {
        let cell = |at: usize| row.get_ref(at).ok().and_then(|cell| cell.as_str().ok()).unwrap_or("");
        list.push_str(&[cell(0), cell(1), cell(2), cell(3)].join("\t"));
        list.push('\n');
    }
    use std::io::Write as _;
    Ok(std::io::stdout().write_all(list.as_bytes())?)
}

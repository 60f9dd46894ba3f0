//! A durable commit of one act's bytes, and the backlog's rows in batches: SQLite, SQLCipher, redb.

use crate::backlog::ENTRIES;
use crate::{Failure, pair, quantile, rounded};
use redb::{Database, Durability, TableDefinition};
use rusqlite::Connection;
use std::path::Path;
use std::time::Instant;

/// A raw key, so that no passphrase is stretched.
pub const RAW_KEY: &str = "x'2dd29ca851e7b56e4697b0e1f08507293d761a05ce4d1b628663f411a8086d99'";
const ACTS: usize = 1_500;
/// Bytes of a row of an act: about what an entry of one fact is.
const ROW_BYTES: usize = 300;
/// Entries of one frame, which Muster commits together.
const FRAME: usize = 512;
const ROWS: TableDefinition<&[u8], &[u8]> = TableDefinition::new("rows");

/// Opens a file, durable at each commit: a write-ahead log, synced.
pub fn open(file: &Path, key: Option<&str>) -> Result<Connection, Failure> {
    let connection = Connection::open(file)?;
    if let Some(key) = key {
        connection.pragma_update(None, "key", key)?;
        let cipher: Option<String> = connection.query_row("PRAGMA cipher_version", [], |row| row.get(0)).ok();
        cipher.ok_or("this was built without SQLCipher")?;
    }
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    Ok(connection)
}

fn redb_commit(database: &Database, rows: &[(Vec<u8>, Vec<u8>)]) -> Result<(), Failure> {
    let mut transaction = database.begin_write()?;
    transaction.set_durability(Durability::Immediate)?;
    {
        let mut table = transaction.open_table(ROWS)?;
        for (key, value) in rows {
            table.insert(key.as_slice(), value.as_slice())?;
        }
    }
    Ok(transaction.commit()?)
}

fn sqlite_commit(connection: &mut Connection, rows: &[(Vec<u8>, Vec<u8>)]) -> Result<(), Failure> {
    let transaction = connection.transaction()?;
    {
        let mut insert = transaction.prepare_cached("INSERT INTO rows (key, value) VALUES (?1, ?2)")?;
        for (key, value) in rows {
            insert.execute((key, value))?;
        }
    }
    Ok(transaction.commit()?)
}

/// The row of an entry, from its number: a key of 72 bytes as Muster's, whose bytes are in no order, as hashes are.
fn row(number: usize, bytes: usize) -> (Vec<u8>, Vec<u8>) {
    let mut state = number as u64 + 1;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as u8
    };
    let mut key = vec![7; 32];
    key.extend((number as u64).to_be_bytes());
    key.extend((0..32).map(|_| next()));
    (key, (0..bytes).map(|_| next()).collect())
}

struct Files {
    folder: tempfile::TempDir,
}

impl Files {
    fn sqlite(&self, name: &str, key: Option<&str>) -> Result<Connection, Failure> {
        let connection = open(&self.folder.path().join(name), key)?;
        connection.execute_batch("CREATE TABLE rows (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID")?;
        Ok(connection)
    }
}

/// One act at a time.
pub fn measure() -> Result<serde_json::Value, Failure> {
    let files = Files { folder: tempfile::tempdir()? };
    let mut sqlite = files.sqlite("plain", None)?;
    let mut cipher = files.sqlite("cipher", Some(RAW_KEY)).ok();
    let database = Database::create(files.folder.path().join("redb"))?;
    let mut samples = [vec![], vec![], vec![]];
    for number in 0..ACTS {
        let rows = [row(number, ROW_BYTES)];
        let mut timed = |which: usize, act: &mut dyn FnMut() -> Result<(), Failure>| {
            let began = Instant::now();
            act()?;
            samples[which].push(crate::millis(began.elapsed()));
            Ok::<_, Failure>(())
        };
        timed(0, &mut || sqlite_commit(&mut sqlite, &rows))?;
        if let Some(cipher) = &mut cipher {
            timed(1, &mut || sqlite_commit(cipher, &rows))?;
        }
        timed(2, &mut || redb_commit(&database, &rows))?;
    }
    Ok(serde_json::json!({
        "bench": "peer_durable_commit", "acts": ACTS, "row_bytes": ROW_BYTES,
        "sqlite": pair(&samples[0]), "sqlcipher": cipher.map(|_| pair(&samples[1])), "redb": pair(&samples[2]),
        "lacks": "one row of random bytes a commit: nothing encrypted (but by SQLCipher), signed, chained or worked out",
    }))
}

/// As many rows as the backlog has entries, a frame's at a time.
pub fn batches() -> Result<serde_json::Value, Failure> {
    let rows: Vec<_> =
        (0..ENTRIES).map(|number| row(number, if number.is_multiple_of(3) { 600 } else { 280 })).collect();
    let mut samples = [vec![], vec![], vec![]];
    for _ in 0..3 {
        let files = Files { folder: tempfile::tempdir()? };
        let mut sqlite = files.sqlite("plain", None)?;
        let mut cipher = files.sqlite("cipher", Some(RAW_KEY)).ok();
        let database = Database::create(files.folder.path().join("redb"))?;
        let began = Instant::now();
        rows.chunks(FRAME).try_for_each(|some| sqlite_commit(&mut sqlite, some))?;
        samples[0].push(ENTRIES as f64 / began.elapsed().as_secs_f64());
        if let Some(cipher) = &mut cipher {
            let began = Instant::now();
            rows.chunks(FRAME).try_for_each(|some| sqlite_commit(cipher, some))?;
            samples[1].push(ENTRIES as f64 / began.elapsed().as_secs_f64());
        }
        let began = Instant::now();
        rows.chunks(FRAME).try_for_each(|some| redb_commit(&database, some))?;
        samples[2].push(ENTRIES as f64 / began.elapsed().as_secs_f64());
    }
    let rate = |which: usize| quantile(&samples[which], 0.5).round();
    Ok(serde_json::json!({
        "bench": "peer_batches", "unit": "rows/s", "rows": ENTRIES, "rows_a_commit": FRAME,
        "sqlite": rate(0), "sqlcipher": if samples[1].is_empty() { None } else { Some(rate(1)) }, "redb": rate(2),
        "bytes_a_row": rounded(rows.iter().map(|(key, value)| key.len() + value.len()).sum::<usize>() as f64 / ENTRIES as f64),
        "lacks": "rows of random bytes: nothing verified, signed or chained",
    }))
}

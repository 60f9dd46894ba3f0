//! Spoilt bytes for every decoder and every place where a peer's bytes come in, on stable Rust and from one seed.
//!
//! A target answers for some bytes that it refuses them, or takes them; what it can write again must be the same bytes.
//! It never panics, and it never needs more memory than a school's device has to spare. A run begins with good samples
//! and with what is kept under `tests/corpus/TARGET` (`--keep` writes it), spoils them, joins them, and goes on from whatever was taken. Bytes
//! that bring a target down are written there as `crash-…` and stay: every later run begins with them.
//!
//! `cargo run --release -p muster-tests --bin fuzz -- --seconds 60` prints what was run. Not here: what the targets are
//! (`targets`).

pub mod facts;
mod hostile;
mod invent;
pub mod samples;
pub mod targets;
pub mod variants;
mod within;

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha20Rng;
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

/// What a target made of some bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// They are not what they should be.
    Refused,
    /// They are, and this is what they are written as again, where there is one way to write them.
    Taken(Option<Vec<u8>>),
}

/// What is done with bytes.
pub type Run = Box<dyn FnMut(&[u8]) -> Outcome>;

/// Something that is given bytes.
pub struct Target {
    /// Its name: a folder of the corpus.
    pub name: &'static str,
    /// Good ones.
    pub samples: Vec<Vec<u8>>,
    /// How many others cost as much as one of it: stretching a passphrase is dearer than reading a number.
    pub cost: usize,
    /// What is done with bytes.
    pub run: Run,
    /// What must hold after all of it.
    pub end: Box<dyn FnMut()>,
}

impl std::fmt::Debug for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "target {}", self.name)
    }
}

/// How often a target was run, and what it said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Times.
    pub executions: u64,
    /// Of those, refused.
    pub refused: u64,
}

/// Bytes that a target did not bear.
#[derive(Clone, Debug)]
pub struct Crash {
    /// Which target.
    pub target: &'static str,
    /// What happened.
    pub why: String,
    /// Where the bytes are kept.
    pub kept: PathBuf,
}

/// Inputs that a run of one target goes on from, at most.
const POOL: usize = 512;
/// The file of a target's corpus that holds what was taken and was new.
const TAKEN: &str = "taken";
/// How many are kept of each target, and bytes of each at most: a corpus that is small enough to be looked at.
const KEPT: (usize, usize) = (12, 2_048);

/// One target while it is run.
#[derive(Debug)]
pub struct Runner {
    target: Target,
    pool: Vec<Vec<u8>>,
    /// How many of them were made, and not found.
    made: usize,
    known: BTreeSet<[u8; 8]>,
    random: ChaCha20Rng,
    corpus: PathBuf,
    /// What came of it so far.
    pub tally: Tally,
}

/// Where corpora are kept.
pub fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

impl Runner {
    /// Begins with the samples and the corpus.
    pub fn new(target: Target, seed: u64, corpus: &Path) -> Self {
        let folder = corpus.join(target.name);
        let mut kept: Vec<PathBuf> =
            std::fs::read_dir(&folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
        kept.sort();
        let mut pool = target.samples.clone();
        let made = pool.len();
        for (path, bytes) in kept.iter().filter_map(|path| Some((path, std::fs::read(path).ok()?))) {
            match path.ends_with(TAKEN) {
                true => pool.extend(muster_core::codec::decode::<Vec<Vec<u8>>>(&bytes).unwrap_or_default()),
                false => pool.push(bytes),
            }
        }
        assert!(!pool.is_empty(), "{}: no sample", target.name);
        let random = ChaCha20Rng::seed_from_u64(seed);
        Self { target, pool, made, known: BTreeSet::new(), random, corpus: folder, tally: Tally::default() }
    }

    /// The target's name.
    pub fn name(&self) -> &'static str {
        self.target.name
    }

    /// How much one run of it costs.
    pub fn cost(&self) -> usize {
        self.target.cost
    }

    /// Gives it every sample and everything kept, as it is. Good samples are taken.
    ///
    /// # Errors
    /// With what it did not bear.
    pub fn begin(&mut self) -> Result<(), Crash> {
        let (good, all) = (self.target.samples.len(), self.pool.clone());
        for (at, bytes) in all.into_iter().enumerate() {
            let refused = self.tally.refused;
            self.give(&bytes)?;
            assert!(at >= good || self.tally.refused == refused, "{}: a good sample is refused", self.target.name);
        }
        Ok(())
    }

    /// Gives it this many spoilt ones.
    ///
    /// # Errors
    /// With what it did not bear.
    pub fn spoil(&mut self, times: usize) -> Result<(), Crash> {
        for _ in 0..times {
            let bytes = spoilt(&self.pool, &mut self.random);
            let refused = self.tally.refused;
            self.give(&bytes)?;
            let mut name = [0; 8];
            name.copy_from_slice(&muster_core::crypto::hash::plain(&bytes)[..8]);
            if self.tally.refused == refused && self.pool.len() < POOL && self.known.insert(name) {
                self.pool.push(bytes);
            }
        }
        Ok(())
    }

    /// Keeps some of what was taken and is no sample, for later runs to begin with: short ones, each of another length.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn keep(&self) -> std::io::Result<usize> {
        let found = self.pool[self.made..].iter().filter(|bytes| bytes.len() <= KEPT.1);
        let by_length: std::collections::BTreeMap<usize, &Vec<u8>> = found.map(|bytes| (bytes.len(), bytes)).collect();
        let step = by_length.len().div_ceil(KEPT.0).max(1);
        let some: Vec<&Vec<u8>> = by_length.into_values().step_by(step).collect();
        if !some.is_empty() {
            std::fs::create_dir_all(&self.corpus)?;
            std::fs::write(self.corpus.join(TAKEN), muster_core::codec::encode(&some))?;
        }
        Ok(some.len())
    }

    /// Looks at what must hold after all of it.
    pub fn end(&mut self) {
        (self.target.end)();
    }

    fn give(&mut self, bytes: &[u8]) -> Result<(), Crash> {
        self.tally.executions += 1;
        let run = &mut self.target.run;
        let why = match catch_unwind(AssertUnwindSafe(|| run(bytes))) {
            Ok(Outcome::Refused) => {
                self.tally.refused += 1;
                return Ok(());
            }
            Ok(Outcome::Taken(None)) => return Ok(()),
            Ok(Outcome::Taken(Some(again))) if again == bytes => return Ok(()),
            Ok(Outcome::Taken(Some(_))) => "there are two ways to write one thing".to_owned(),
            Err(panic) => {
                let text = panic.downcast_ref::<String>().cloned();
                text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default()
            }
        };
        let name: String =
            muster_core::crypto::hash::plain(bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        let kept = self.corpus.join(format!("crash-{name}"));
        let _ = std::fs::create_dir_all(&self.corpus);
        let _ = std::fs::write(&kept, bytes);
        Err(Crash { target: self.target.name, why, kept })
    }
}

/// Flips, cuts, repeats, inserts, joins with another, and overwrites with numbers that matter.
fn spoilt(pool: &[Vec<u8>], random: &mut ChaCha20Rng) -> Vec<u8> {
    let mut below = |most: usize| usize::try_from(random.next_u64() % most.max(1) as u64).unwrap_or(0);
    let mut bytes = pool[below(pool.len())].clone();
    for _ in 0..1 + below(4) {
        let at = below(bytes.len());
        match below(9) {
            0 | 1 if !bytes.is_empty() => bytes[at] ^= 1 << below(8),
            2 => bytes.truncate(at),
            3 => bytes.insert(at, [0x00, 0x01, 0x7f, 0x80, 0xff][below(5)]),
            // A length of four thousand million.
            4 => drop(bytes.splice(at..at, [0xff, 0xff, 0xff, 0xff, 0x0f])),
            5 if !bytes.is_empty() => bytes[at] = u8::try_from(below(256)).unwrap_or(0),
            6 => {
                let other = &pool[below(pool.len())];
                let from = below(other.len());
                bytes.truncate(at);
                bytes.extend_from_slice(&other[from..]);
            }
            7 => {
                let end = (at + below(16)).min(bytes.len());
                bytes.drain(at..end);
            }
            _ => {
                let end = (at + below(64)).min(bytes.len());
                let piece = bytes[at..end].to_vec();
                bytes.splice(at..at, piece);
            }
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::{Outcome, Runner, Target};

    #[test]
    fn what_a_run_kept_and_what_brought_a_target_down_begins_the_next_run() {
        let folder = tempfile::tempdir().unwrap();
        let even = |name| Target {
            name,
            samples: vec![b"four".to_vec()],
            cost: 1,
            run: Box::new(|bytes| {
                assert!(bytes != b"bad!", "this one is not borne");
                if bytes.len().is_multiple_of(2) { Outcome::Taken(None) } else { Outcome::Refused }
            }),
            end: Box::new(|| ()),
        };
        let mut runner = Runner::new(even("even"), 1, folder.path());
        runner.begin().unwrap();
        runner.spoil(500).unwrap();
        let kept = runner.keep().unwrap();
        assert!((2..=super::KEPT.0).contains(&kept), "{kept} are kept");
        let mut next = Runner::new(even("even"), 2, folder.path());
        next.begin().unwrap();
        assert_eq!(next.tally.executions, 1 + kept as u64, "the sample, and each of them");
        std::fs::write(folder.path().join("even/crash-0"), b"bad!").unwrap();
        let why = Runner::new(even("even"), 3, folder.path()).begin().unwrap_err().why;
        assert!(why.contains("not borne"), "{why}");
    }
}

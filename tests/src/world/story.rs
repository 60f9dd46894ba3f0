//! What happened, told when a test fails, with the command that plays it again.

use std::path::Path;

/// Lines of the story told at a failure: the end of it.
const TOLD_MOST: usize = 120;

/// The lines so far, and the seed.
#[derive(Debug)]
pub(crate) struct Story {
    pub(crate) seed: u64,
    pub(crate) lines: Vec<String>,
}

impl Story {
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed, lines: Vec::new() }
    }

    /// The command that plays this seed again.
    fn command(&self) -> String {
        let binary = std::env::args().next().unwrap_or_default();
        let stem = Path::new(&binary).file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
        let target = stem.rsplit_once('-').map_or(stem.clone(), |(name, _)| name.to_owned());
        if target == "soak" {
            return format!("cargo run --release -p muster-tests --bin soak -- --seed {}", self.seed);
        }
        let thread = std::thread::current();
        // With one test thread the tests run on the main one, which has no test's name.
        let test = thread.name().filter(|name| *name != "main").unwrap_or_default();
        format!("MUSTER_SEED={} cargo test -p muster-tests --test {target} {test}", self.seed)
    }
}

impl Drop for Story {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let from = self.lines.len().saturating_sub(TOLD_MOST);
            eprintln!("\nThe story, from its line {}:", from + 1);
            self.lines.iter().skip(from).for_each(|line| eprintln!("  {line}"));
            eprintln!("\nThis was seed {}. Play it again with:\n  {}\n", self.seed, self.command());
        }
    }
}

/// The seed to play: the one asked for in `MUSTER_SEED`, or the test's own.
pub(crate) fn asked_for() -> Option<u64> {
    let asked = std::env::var("MUSTER_SEED").ok()?;
    Some(asked.trim().parse().unwrap_or_else(|_| panic!("MUSTER_SEED={asked} is not a number")))
}

//! Plays large worlds, one seed after the other, until it is told to stop or the time is up:
//!
//! `cargo run --release -p muster-tests --bin soak -- --minutes 60`, or `--seed 17` for one of them again.
//!
//! Ends with 1 at the first world in which something did not hold, having said which seed that was.

#![allow(clippy::unwrap_used, reason = "a test program")]

use muster_tests::world::{Faults, a_large_world};
use std::collections::BTreeMap;
use std::process::ExitCode;
use std::time::{Duration, Instant};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    let given = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        Some(
            arguments
                .get(at + 1)
                .and_then(|text| text.parse::<u64>().ok())
                .expect("a number behind --seed and --minutes"),
        )
    };
    let one = given("--seed");
    let until = given("--minutes").map(|minutes| Instant::now() + Duration::from_secs(minutes * 60));
    let (mut played, mut acts, mut faults): (BTreeMap<&str, u32>, usize, Faults) = Default::default();
    loop {
        let seed = one.unwrap_or_else(rand::random::<u64>);
        let begun = Instant::now();
        let Ok((what, done)) = std::panic::catch_unwind(|| a_large_world(seed)) else {
            println!("FAILED: seed {seed}. Again: cargo run --release -p muster-tests --bin soak -- --seed {seed}");
            return ExitCode::FAILURE;
        };
        *played.entry(what).or_default() += 1;
        acts += done.acts;
        faults += done.faults;
        println!("seed {seed}: {what}, {} acts, {:.0} s", done.acts, begun.elapsed().as_secs_f64());
        if one.is_some() || until.is_some_and(|until| Instant::now() > until) {
            break;
        }
    }
    println!("{played:?}: {acts} acts acknowledged, 0 lost, {faults:?}");
    ExitCode::SUCCESS
}

//! Spoilt bytes for every decoder, a bounded number of them, from one seed; and all that ever brought one down.

use muster_tests::fuzz::{Runner, corpus, targets};

/// Runs of the cheapest target. `cargo run -p muster-tests --bin fuzz` runs as long as it is told to.
const EXECUTIONS: usize = 3_000;

#[test]
fn no_spoilt_bytes_bring_a_decoder_or_a_session_down_and_nothing_is_written_in_two_ways() {
    let mut executions = 0;
    for target in targets::all() {
        let mut runner = Runner::new(target, 0x5EED, &corpus());
        let done = runner.begin().and_then(|()| runner.spoil((EXECUTIONS / runner.cost()).max(20)));
        if let Err(crash) = done {
            panic!("{}: {}\nthe bytes are in {}", crash.target, crash.why, crash.kept.display());
        }
        runner.end();
        assert!(runner.tally.executions > 20, "{}: {:?}", runner.name(), runner.tally);
        executions += runner.tally.executions;
    }
    println!("{executions} executions");
}

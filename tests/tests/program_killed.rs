//! The real program is killed at any moment: what it had said was saved is there, and it goes on.

#![allow(clippy::unwrap_used)]

use muster_tests::program::{Program, text};
use rand::RngExt as _;
use std::time::{Duration, Instant};

/// Times that a command is killed. `MUSTER_KILLS=500` asks for more.
const ROUNDS: u32 = 20;

fn rounds() -> u32 {
    std::env::var("MUSTER_KILLS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(ROUNDS)
}

#[test]
fn a_mark_that_the_program_said_is_saved_is_there_whenever_it_was_killed() {
    let place = tempfile::tempdir().unwrap();
    let program = Program::at(&place.path().join("office"));
    program.found();
    program.run(&["import", program.export().to_str().unwrap()]);
    let begun = Instant::now();
    let mut expected = program.register();
    let whole = begun.elapsed();
    assert_eq!(expected, [""; 6], "six pupils, none marked");
    let mut random = rand::rng();
    let (mut saved, mut killed) = (0, 0);
    for round in 0..rounds() {
        let pupil = usize::try_from(round % 6).unwrap();
        let code = ["/", "N", "I", "V", "M"][usize::try_from(round / 6 % 5).unwrap()];
        let mut marking = program.begin(&["register", "4B", "--mark", &format!("Surname{}={code}", pupil + 1)]);
        std::thread::sleep(whole.mul_f64(random.random_range(0.0..1.4)));
        killed += u32::from(marking.try_wait().unwrap().is_none());
        // On Unix this is SIGKILL; a process that has ended by itself does not mind.
        let _ = marking.kill();
        let output = marking.wait_with_output().unwrap();
        let said = text(&output).contains("Saved on this device");
        assert!(said || !output.status.success(), "round {round}: it ended well and said nothing: {}", text(&output));
        saved += u32::from(said);
        let shown = program.register();
        if said {
            expected[pupil] = code.to_owned();
        } else if shown[pupil] == code {
            // Killed between the disk and the screen: kept, and nobody was told.
            expected[pupil] = code.to_owned();
        }
        assert_eq!(shown, expected, "round {round}, killed within {whole:?}");
        program.run(&["verify"]);
    }
    println!("{} commands, {killed} of them killed, {saved} marks said to be saved, 0 lost", rounds());
}

#[test]
fn an_import_that_was_killed_is_finished_by_importing_again() {
    let place = tempfile::tempdir().unwrap();
    let program = Program::at(&place.path().join("office"));
    program.found();
    let export = program.export();
    let mut random = rand::rng();
    for _ in 0..3 {
        let mut import = program.begin(&["import", export.to_str().unwrap()]);
        std::thread::sleep(Duration::from_millis(random.random_range(100..500)));
        let _ = import.kill();
        import.wait().unwrap();
    }
    program.run(&["import", export.to_str().unwrap()]);
    assert_eq!(program.register(), [""; 6], "each pupil once");
    program.run(&["verify"]);
}

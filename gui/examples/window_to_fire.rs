//! From the start of a process to the fire register in a window, painted:
//! `xvfb-run -a cargo run --release -p muster-gui --example window_to_fire`, or on any display.
//!
//! A list of 1,500 people is handed in with the first frame, as the program hands in what it read from its sealed file
//! (which `muster fire` measures). Painted is what the display was given before the frame after it began. Five
//! processes, one after the other; prints one line of JSON.

#[allow(dead_code)] // The tests use the rest.
#[path = "../tests/common/sample.rs"]
mod sample;

use muster_gui::{Engine, Intent, Options, Screen, Update};
use muster_school::view::SubjectId;
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

const PEOPLE: u32 = 1_500;
const RUNS: usize = 5;
/// The first frame lays out with guesses; what it settles on is painted with the second.
const FRAMES_TO_SETTLE: u32 = 3;

/// Gives the list, and ends the process once it is on the display.
struct Once {
    frames: u32,
    wake: Box<dyn Fn() + Send + Sync>,
}

impl Engine for Once {
    fn send(&mut self, _intent: Intent) {}

    fn poll(&mut self) -> Vec<Update> {
        self.frames += 1;
        (self.wake)();
        match self.frames {
            1 => vec![Update::Frame(sample::hall()), Update::Fire(list()), Update::Go(Screen::Fire)],
            frames if frames > FRAMES_TO_SETTLE => std::process::exit(0),
            _ => Vec::new(),
        }
    }

    fn wake_with(&mut self, wake: Box<dyn Fn() + Send + Sync>) {
        self.wake = wake;
    }
}

fn list() -> muster_school::view::fire::FireView {
    let mut fire = sample::fire();
    let pattern = fire.rows.clone();
    fire.rows = (0..PEOPLE)
        .map(|number| {
            let mut row = pattern[number as usize % pattern.len()].clone();
            let mut name = [0; 16];
            name[..4].copy_from_slice(&number.to_be_bytes());
            row.person = SubjectId(name);
            row
        })
        .collect();
    fire
}

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some("once") {
        let engine = Once { frames: 0, wake: Box::new(|| {}) };
        let ended = muster_gui::run(Box::new(engine), Options::default());
        return if ended.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    let mut took: Vec<f64> = Vec::new();
    for _ in 0..RUNS {
        let began = Instant::now();
        let once = std::env::current_exe()
            .and_then(|program| Command::new(program).arg("once").stderr(Stdio::null()).status());
        if !once.is_ok_and(|status| status.success()) {
            println!("{{\"bench\":\"window\",\"skipped\":\"no window opens here: xvfb-run gives a display\"}}");
            return ExitCode::SUCCESS;
        }
        took.push(began.elapsed().as_secs_f64() * 1_000.0);
    }
    took.sort_by(f64::total_cmp);
    println!(
        "{{\"bench\":\"window\",\"debug\":{},\"people\":{PEOPLE},\"runs\":{RUNS},\"p50_ms\":{:.0},\"most_ms\":{:.0}}}",
        cfg!(debug_assertions),
        took[RUNS / 2],
        took[RUNS - 1]
    );
    ExitCode::SUCCESS
}

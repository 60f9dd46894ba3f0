//! What a frame costs with 2,000 people: `cargo run --release -p muster-gui --example frame_cost`
//!
//! Prints the median and the slowest of 200 frames a screen, laying out and answering, without painting.

#[allow(dead_code)] // The tests use the rest.
#[path = "../tests/common/sample.rs"]
mod sample;

use egui_kittest::Harness;
use muster_gui::{App, Screen, ScriptedEngine, Settings, Update, kit};
use muster_school::view::{EventId, SubjectId};
use std::time::{Duration, Instant};

/// How many people are on the list: the limit of one school's largest site.
const PEOPLE: u32 = 2_000;
/// How many frames are measured.
const FRAMES: usize = 200;

fn subject(number: u32) -> SubjectId {
    let mut bytes = [0; 16];
    bytes[..4].copy_from_slice(&number.to_be_bytes());
    SubjectId(bytes)
}

fn many<T: Clone>(pattern: &[T], name: impl Fn(&mut T, SubjectId)) -> Vec<T> {
    let row = |number: u32| {
        let mut row = pattern[number as usize % pattern.len()].clone();
        name(&mut row, subject(number));
        row
    };
    // A list with nothing in it has no pattern to repeat.
    let most = if pattern.is_empty() { 0 } else { PEOPLE };
    (0..most).map(row).collect()
}

fn measure(name: &str, updates: Vec<Update>) {
    let app = App::new(Box::new(ScriptedEngine::new(updates)), Settings::default());
    let mut harness = Harness::builder()
        .with_size([1280.0, 800.0])
        .with_context_setup(kit::look::install_fonts)
        .build_ui_state(|ui, app: &mut App| app.show(ui), app);
    harness.run_steps(5);
    let mut costs: Vec<Duration> = (0..FRAMES)
        .map(|_| {
            let begun = Instant::now();
            harness.run_steps(1);
            begun.elapsed()
        })
        .collect();
    costs.sort();
    let (median, slowest) = (costs[FRAMES / 2], costs[FRAMES - 1]);
    println!("{name}: median {:.2} ms, slowest {:.2} ms", ms(median), ms(slowest));
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

fn main() {
    let mut fire = sample::fire();
    fire.rows = many(&fire.rows, |row, person| row.person = person);
    measure("fire register", vec![Update::Frame(sample::hall()), Update::Fire(fire), Update::Go(Screen::Fire)]);
    let mut call = sample::call();
    call.rows = many(&call.rows, |row, person| row.person = person);
    let go = Update::Go(Screen::Call(EventId([5; 16])));
    measure("roll call", vec![Update::Frame(sample::hall()), Update::Call(Box::new(call)), go]);
    let mut audit = sample::audit();
    let pattern = audit.rows.clone();
    audit.rows = (0..PEOPLE)
        .map(|number| {
            let mut row = pattern[number as usize % pattern.len()].clone();
            row.entry.0[..4].copy_from_slice(&number.to_be_bytes());
            row
        })
        .collect();
    let updates = vec![Update::Frame(sample::office()), Update::Audit(audit), Update::Go(Screen::Audit)];
    measure("audit", updates);
    let register = Update::Register(sample::register());
    let go = Update::Go(Screen::Register(sample::key()));
    measure("register", vec![Update::Frame(sample::office()), register, go]);
    whole_school();
}

/// The screens of the office, each with 2,000 lines, whatever it is given at most.
fn whole_school() {
    let measure = |name: &str, update: Update, screen: Screen| {
        measure(name, vec![Update::Frame(sample::office()), update, Update::Go(screen)]);
    };
    let mut site = sample::register();
    site.rows = many(&site.rows, |row, person| row.pupil = person);
    measure("register of a whole site", Update::Register(site), Screen::Register(sample::key()));
    let mut pupils = sample::pupils();
    pupils.rows = many(&pupils.rows, |row, person| row.pupil = person);
    pupils.due = vec![pupils.due[0].clone(); 300];
    measure("pupils", Update::Pupils(Box::new(pupils)), Screen::Pupils);
    measure("a pupil in full", Update::Pupils(Box::new(sample::pupil())), Screen::Pupils);
    measure("a pupil’s form", Update::Pupils(Box::new(sample::contact_form())), Screen::Pupils);
    let mut attendance = sample::attendance();
    attendance.lines = many(&attendance.lines, |_, _| {});
    attendance.weeks = (0..200).map(|week| attendance.weeks[week % attendance.weeks.len()].clone()).collect();
    measure("attendance", Update::Attendance(attendance), Screen::Attendance);
    let mut to_do = sample::to_do();
    for part in &mut to_do.parts {
        part.lines = many(&part.lines, |_, _| {});
    }
    to_do.calls = many(&to_do.calls, |call, person| call.pupil = person);
    measure("to do", Update::ToDo(to_do), Screen::ToDo);
    let mut calendar = sample::calendar();
    calendar.rows = many(&calendar.rows, |_, _| {});
    measure("calendar", Update::Calendar(calendar), Screen::Calendar);
    let mut concerns = sample::concerns();
    concerns.rows = many(&concerns.rows, |row, person| row.concern.0[..4].copy_from_slice(&person.0[..4]));
    measure("concerns", Update::Concerns(concerns), Screen::Concerns);
}

//! The client in a window, on an invented school that answers nothing: `cargo run -p muster-gui --example preview`

#[allow(dead_code)] // The tests use the rest.
#[path = "../tests/common/sample.rs"]
mod sample;

use muster_gui::{Options, RunError, Screen, ScriptedEngine, Update};

fn main() -> Result<(), RunError> {
    let engine = ScriptedEngine::new([
        Update::Frame(sample::office()),
        Update::Lock(sample::lock()),
        Update::Today(sample::today()),
        Update::Registers(sample::registers()),
        Update::Register(sample::register()),
        Update::Fire(sample::fire()),
        Update::Call(Box::new(sample::call())),
        Update::Audit(sample::audit()),
        Update::Devices(sample::devices()),
        Update::Go(Screen::Today),
    ]);
    muster_gui::run(Box::new(engine), Options { title: "an invented school".to_owned(), ..Options::default() })
}

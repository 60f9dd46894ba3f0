//! The client: screens as pure functions of a view to intents.
//!
//! A screen takes the view that the school's rules have filled, its own small state (what is typed, where the focus
//! stands) and returns what the user asks for. [`App`] holds the latest views, hands intents to an [`Engine`] and
//! takes its updates. [`run()`] opens the window.
//!
//! Promises: nothing here waits, touches disk or network, or decides a rule; every action can be reached with the
//! keyboard; every status is a shape and a word before it is a colour.
//!
//! Not here: what a code means, who must be called, who may do what (see `muster-school`).

#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod app;
pub mod command;
pub mod draft;
pub mod engine;
pub mod intent;
pub mod kit;
pub mod run;
pub mod screens;
pub mod settings;

pub use app::App;
pub use engine::{Engine, ScriptedEngine, Update};
pub use intent::{BackupAct, ConcernAct, DeviceAct, EraseAct, Intent, LockReason, Screen, Secret, Sighting};
pub use run::{Options, RunError, run};
pub use settings::{Settings, ThemeChoice};

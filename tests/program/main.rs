//! The program as it is used: real processes, real files, real connections on loopback.
//!
//! Every command of these tests is a process of its own, with a folder of its own, an end to its patience, and no
//! life beyond its test. What is expected is what a person would read: words, exit codes, what is there afterwards.
//!
//! Not here: what needs a whole school and bad luck (`tests/tests`), what needs a display (`gui`).

#![allow(clippy::unwrap_used, reason = "tests say what went wrong by panicking")]

mod attendance;
mod backup;
mod bench;
#[cfg(unix)]
mod blind;
mod calendar;
mod cards;
mod carry;
mod clocks;
mod concerns;
mod damage;
mod demo;
mod devices;
mod erasure;
mod extract;
mod fire_after;
mod fire_day;
mod founding;
mod full_disk;
mod hours;
mod import;
mod import_codes;
mod import_odd;
mod invitations;
mod lost;
mod nearby;
mod people;
mod print;
mod recovery;
mod retention;
mod sign_in;
mod step_up;
mod support;
mod taint;
mod two_devices;
mod unwelcome;
mod visitors;
mod watch;

//! The program: a school on one device, its commands, and what puts the packages together.
//!
//! Everything here is glue: [`device`] opens the records of a folder and signs people in, [`host`] runs them on a
//! thread of their own with the network beside them, [`commands`] are what a person types, [`desk`] is what the
//! client talks to, and [`demo`] tells the whole story with two processes.
//!
//! Not here: any rule of a school (`muster-school`), any verification (`muster-core`).

#![cfg_attr(test, allow(clippy::unwrap_used))]

/// Prints a line on standard output. A reader that has gone away, such as `head`, is no reason to stop.
macro_rules! say {
    ($($words:tt)*) => {{
        use std::io::Write as _;
        let _ = writeln!(std::io::stdout(), $($words)*);
    }};
}

pub mod backup;
pub mod clock;
pub mod commands;
pub mod demo;
pub mod desk;
pub mod device;
pub mod fire_file;
pub mod host;
pub mod join;
mod kept_cards;
pub mod limits;
pub mod local;
mod paper;
mod sheet;
mod stop;

//! The fire register and the roll call.
//!
//! [`presence`] works out who is believed on site, from the roll alone, so that a device with nobody signed in can
//! show it; [`saved`]
//! keeps that list as a few bytes that open without anything else; [`call`] works out what a roll call says, whatever
//! the order in which its marks came; [`code`] is what two screens that hold the same marks both show.
//!
//! Not here: attendance. Presence is not attendance.

pub mod call;
pub mod care;
pub mod code;
pub mod door;
pub mod drills;
pub mod evidence;
pub mod places;
pub mod presence;
pub mod saved;
pub mod trips;

/// What stands for a name that is not known here.
pub const NAMELESS: &str = "Somebody whose name has not reached this device";

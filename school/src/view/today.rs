//! Today: the questions an office asks in the morning, and the list of registers.

use super::register::Step;
use super::{AsOf, EventId, RegisterKey, SubjectId};
use crate::view::pupils::Doing;
use crate::view::status::Status;
use muster_core::id::EntryHash;

/// One screen of panels; the left are acted on, in order, and the right are watched.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TodayView {
    /// `Monday 23 November`.
    pub day: String,
    /// `Morning session. Good morning, Ruth.`
    pub greeting: String,
    /// What is done next: registers not taken, absent without a reason, late arrivals.
    pub to_do: Vec<TodayPanel>,
    /// What is watched: on site now, alerts, devices not heard from.
    pub to_watch: Vec<TodayPanel>,
}

/// A number, what it counts, and the first of the list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TodayPanel {
    /// How many.
    pub count: u32,
    /// What of, after the number: `registers not taken`.
    pub title: String,
    /// The list behind the number.
    pub link: Option<Link>,
    /// How old it is.
    pub as_of: AsOf,
    /// The first lines.
    pub rows: Vec<TodayRow>,
    /// A sentence below, as in `22 of 25 taken. Registers close at 09:20, in 6 minutes.` May be empty.
    pub note: String,
}

/// One line of a panel.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TodayRow {
    /// Its shape; `None` leaves the place empty.
    pub status: Option<Status>,
    /// Who or what.
    pub name: String,
    /// The group or teacher; may be empty.
    pub group: String,
    /// What to know, as in `Begun 09:04, 2 of 8`; may be empty.
    pub detail: String,
    /// A number at the right, instead of the detail.
    pub count: Option<u32>,
    /// Where the line leads.
    pub link: Option<Link>,
}

/// Where a number or a line leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// Today.
    Today,
    /// The list of registers.
    Registers,
    /// One register.
    Register(RegisterKey),
    /// The choice between the marks of one pupil that differ, in a register.
    Settle(RegisterKey, SubjectId),
    /// The fire register.
    Fire,
    /// A roll call.
    Call(EventId),
    /// The audit.
    Audit,
    /// One entry of the audit.
    Entry(EntryHash),
    /// The concerns that may be read.
    Concerns,
    /// Devices and sync, with the conflicts.
    Devices,
    /// Attendance in figures.
    Attendance,
    /// What is owed.
    ToDo,
    /// A pupil’s page.
    Pupil(SubjectId),
    /// The school's calendar.
    Calendar,
}

/// The registers of the day.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RegistersView {
    /// `Monday 23 November, morning`.
    pub session: String,
    /// How far they are: `22 of 25 taken. Registers close at 09:20, in 6 minutes.`
    pub summary: String,
    /// How old this is.
    pub as_of: AsOf,
    /// Those of whoever is signed in first, then those not taken, then the rest, by name.
    pub rows: Vec<RegisterLine>,
    /// The session before.
    pub before: Option<Step>,
    /// The session after, if it has come.
    pub after: Option<Step>,
    /// What whoever is signed in may do here beside taking registers.
    pub may: Vec<Doing>,
}

/// One register in the list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RegisterLine {
    /// Which.
    pub key: RegisterKey,
    /// The group's name.
    pub group: String,
    /// Who teaches it.
    pub teacher: String,
    /// `Nothing sent today`, `Begun 09:04, 2 of 8`, `Finished 09:02`.
    pub state: String,
    /// Its shape: not yet marked, present when finished, check when two marks differ.
    pub status: Option<Status>,
    /// It is one of the signed-in person's own groups.
    pub own: bool,
}

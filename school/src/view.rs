//! What each screen shows: plain data, filled by the rules of this package and drawn by the client.
//!
//! A view is a finished answer. Whoever draws it decides nothing: which code may grow, who must be called and what
//! counts as old are already worked out here. Words are those a user reads, in British English; times are already
//! written as `09:14` or `Friday 15:22`.
//!
//! Promises: cloning a view is cheap enough for one a second with 2,000 people; lists are in the order to show.
//!
//! Not here: how a view is worked out, and colours or sizes.

pub mod attendance;
pub mod audit;
pub mod backups;
pub mod calendar;
pub mod call;
pub mod concern;
pub mod devices;
pub mod display;
pub mod drills;
pub mod duties;
pub mod erasure;
pub mod fire;
pub mod guide;
pub mod hours;
pub mod lock;
pub mod lost;
pub mod people;
pub mod pupils;
pub mod reception;
pub mod register;
pub mod roles;
pub mod status;
pub mod step_up;
pub mod today;

use crate::view::status::Status;
use jiff::civil::Date;

/// Anybody who can stand on a list: a pupil, a member of staff, a visitor, or somebody added in a roll call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SubjectId(pub [u8; 16]);

/// A group that has a register: a class, a house, a set. In a register's key it may be a site's id: then every group
/// of the site is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupId(pub [u8; 16]);

/// A fire event: a drill, a real one, or keeping everybody inside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId(pub [u8; 16]);

/// A safeguarding concern.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConcernId(pub [u8; 16]);

/// Which register: a group in one session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RegisterKey {
    /// The group.
    pub group: GroupId,
    /// The civil date of the session.
    pub date: Date,
    /// False for the morning session, true for the afternoon's.
    pub afternoon: bool,
}

/// Since when something is known, and from whom: every group of facts that can be old carries one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AsOf {
    /// `09:14`, or `Friday 15:22` when not today.
    pub at: String,
    /// Whom it was heard from, as in `heard from office and hall tablet`. Empty when it is this device alone.
    pub from: String,
    /// What is known to be missing, as in `7B has sent no register`. Empty when nothing is.
    pub gaps: String,
    /// Older than this screen's limit: to be shown as a plain warning line.
    pub stale: bool,
}

/// The sync sentence of the header.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SyncChip {
    /// `Up to date 10:42`, `7 changes only on this device` or `Alone since 08:55`.
    pub words: String,
    /// True shows the shape of *on other devices*, false that of *only on this device*.
    pub shared: bool,
}

/// What frames every screen: who, which device, how far the changes got.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FrameView {
    /// The school's name.
    pub school: String,
    /// The site this device stands at, as in `Harbour site`.
    pub site: String,
    /// This device's name.
    pub device: String,
    /// Who is signed in, in full; `None` on a locked device.
    pub person: Option<String>,
    /// While a code holds: `Code holds until 10:42`.
    pub raised: Option<String>,
    /// The sync sentence.
    pub sync: SyncChip,
    /// The time now, `09:16`.
    pub now: String,
    /// Signed in outside school hours and without leave, to add a concern and for nothing else.
    pub concern_only: bool,
    /// Registers still to take, beside the navigation's word; 0 shows nothing.
    pub registers_left: u32,
    /// Devices or conflicts that need a look, beside the navigation's word; 0 shows nothing.
    pub devices_attention: u32,
    /// Roll calls that run at this site: every screen leads to them.
    pub running: Vec<fire::RunningCall>,
    /// A warning that concerns every screen, as in `The disk is full. New marks are still saved; changes from other
    /// devices wait`.
    pub warning: Option<String>,
    /// What came of carrying by hand last, as in `09:31 Written to /media/stick: 37 changes written.` Empty before that.
    pub carried: String,
    /// This device is a sign-in kiosk: the form at the door, and nothing else.
    pub kiosk: bool,
}

/// Something that happened and is worth a sentence: shown for some seconds, and kept in a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notice {
    /// When, `09:14`.
    pub at: String,
    /// The sentence, as in `Marked 5 as present`.
    pub words: String,
    /// The act that *Undo* would take back, if it can be.
    pub undo: Option<UndoKey>,
    /// It concerns a problem: stays in the list as *to read*, and carries the shape of *check*.
    pub problem: bool,
}

/// Names an act of this device that may still be taken back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UndoKey(pub [u8; 16]);

/// A piece of a sentence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// The words.
    pub text: String,
    /// Set in the heavier weight: the one thing that matters in the sentence.
    pub strong: bool,
}

impl Span {
    /// Words in the ordinary weight.
    pub fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), strong: false }
    }

    /// Words in the heavier weight.
    pub fn strong(text: impl Into<String>) -> Self {
        Self { text: text.into(), strong: true }
    }
}

/// A status with a count, as in *So far*.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// The shape; `None` leaves its place empty.
    pub status: Option<Status>,
    /// The words beside it.
    pub words: String,
    /// How many.
    pub count: u32,
}

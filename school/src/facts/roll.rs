//! What a roll holds: who is expected at a site on a day, and evidence of who is there.
//!
//! A device reads its site's rolls with nobody signed in: names, groups and who needs help to leave are in here,
//! and nothing else about anybody. Codes are not: evidence says where the body is, never why somebody is away.

pub use super::movement::{Closed, Duties, Moved, Places, SealedCare, Trip, TripBack};

use super::{Sound, is_line, is_minute, values};
use crate::calendar::Half;
use crate::ids::PupilId;
use crate::ids::{GroupId, Who};
use crate::limits::{MINUTES_LATE, PEOPLE_PER_FACT};
use muster_core::document::fact::FactRef;
use muster_core::id::DeviceId;
use muster_core::limits::DEVICES;
use serde::{Deserialize, Serialize};

/// The site itself, so that a locked device can name it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Its name.
    pub name: String,
    /// Assembly points.
    pub points: Vec<String>,
    /// Minutes since midnight at which the sessions begin.
    pub am_start: u16,
    /// The same for the afternoon.
    pub pm_start: u16,
    /// What the school's devices are called.
    pub devices: Vec<(DeviceId, String)>,
}

/// Which list of people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum List {
    /// The pupils of a group.
    Group(GroupId),
    /// The staff of the site.
    Staff,
    /// Staff who work at every site: here only when something says so.
    StaffOfAllSites,
    /// People added by hand during the day, such as a pupil of another site.
    Added,
    /// Pupils of the site whom nobody has given a class.
    NoClass,
}

/// Somebody expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Who.
    pub who: Who,
    /// Surname.
    pub surname: String,
    /// The forename they go by.
    pub forename: String,
    /// Help they need to leave, a short line each.
    pub help: Vec<String>,
    /// Planned to be away in the morning, the afternoon, with which meaning.
    pub planned: [Option<Seen>; 2],
}

/// The people of a group who are expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expected {
    /// Which list.
    pub list: List,
    /// Its name.
    pub name: String,
    /// Part of a longer list, from 0.
    pub part: u8,
    /// Its people, in the order of the list.
    pub people: Vec<Person>,
}

/// What a mark says about where the body is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Seen {
    /// In the room.
    Present,
    /// Came late, so many minutes after the session began.
    Late(u16),
    /// Not there, and nobody knows why.
    NoReason,
    /// Off site with the school's knowledge: a visit, sport, a placement.
    OffSite,
    /// Away.
    Away,
    /// The mark was taken back: says nothing.
    Cleared,
}

/// Evidence from a register, several pupils in one fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marks {
    /// The group.
    pub group: GroupId,
    /// The session.
    pub half: Half,
    /// The whole register is taken with this.
    pub complete: bool,
    /// Who, and what was seen.
    pub seen: Vec<(PupilId, Seen)>,
    /// Earlier evidence that this replaces, *for the pupils named here alone*. (The engine's own supersession is by
    /// fact, and would hide the other pupils of an earlier fact.)
    pub replaces: Vec<FactRef>,
}

/// Evidence from a register in its short form: states by place in an [`Expected`] list of the same roll, so that
/// no id is written twice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// The list.
    pub list: FactRef,
    /// The session.
    pub half: Half,
    /// The whole register is taken with this.
    pub complete: bool,
    /// For each place of the list from the first, what was seen; `None` for nothing said.
    pub seen: Vec<Option<Seen>>,
}

/// In or out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Way {
    /// Came.
    In,
    /// Went.
    Out,
}

/// Somebody signed in or out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sign {
    /// Who.
    pub who: Who,
    /// Which way.
    pub way: Way,
    /// Minutes since midnight, by the clock of the device.
    pub minute: u16,
    /// A short word, such as `dentist`. Never care or safeguarding.
    pub note: String,
}

values! {
    /// A fact of a roll.
    RollFact {
        /// The site.
        301 => Place,
        /// Who is expected.
        302 => Expected,
        /// Evidence from a register.
        303 => Marks,
        /// A sign-in or sign-out.
        304 => Sign,
        /// Evidence from a register, short.
        305 => Row,
        /// Somebody set out for another site; in both rolls.
        306 => Moved,
        /// A trip set out.
        307 => Trip,
        /// A trip is back.
        308 => TripBack,
        /// Who is a fire marshal, who gives first aid.
        309 => Duties,
        /// The site is closed to pupils.
        310 => Closed,
        /// Care lines and numbers of the day, sealed.
        311 => SealedCare,
        /// Rooms and refuge points.
        312 => Places,
    }
}

impl Sound for Place {
    fn is_sound(&self) -> bool {
        is_line(&self.name)
            && self.points.len() <= 32
            && self.points.iter().all(|point| is_line(point))
            && is_minute(self.am_start)
            && is_minute(self.pm_start)
            && self.devices.len() <= DEVICES
            && self.devices.iter().all(|(_, name)| is_line(name))
    }
}

impl Sound for Expected {
    fn is_sound(&self) -> bool {
        is_line(&self.name)
            && self.people.len() <= PEOPLE_PER_FACT
            && self.people.iter().all(|person| {
                is_line(&person.surname)
                    && is_line(&person.forename)
                    && person.help.len() <= 8
                    && person.help.iter().all(|line| is_line(line))
            })
    }
}

fn seen_sound(seen: Seen) -> bool {
    !matches!(seen, Seen::Late(minutes) if minutes > MINUTES_LATE)
}

impl Sound for Marks {
    fn is_sound(&self) -> bool {
        self.seen.len() <= 4 * PEOPLE_PER_FACT
            && self.replaces.len() <= 4 * PEOPLE_PER_FACT
            && self.seen.iter().all(|(_, seen)| seen_sound(*seen))
    }
}

impl Sound for Row {
    fn is_sound(&self) -> bool {
        self.seen.len() <= PEOPLE_PER_FACT && self.seen.iter().flatten().all(|seen| seen_sound(*seen))
    }
}

impl Sound for Sign {
    fn is_sound(&self) -> bool {
        is_minute(self.minute) && is_line(&self.note)
    }
}

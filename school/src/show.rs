//! Fills the screens' views from the records: every rule about what a screen says is here or below, none is in the
//! client.
//!
//! Each function reads records and answers with a finished view. Not here: what only the network knows (which
//! devices were heard from), which the program adds.

pub mod ask;
pub mod attendance;
mod audit;
mod calendar;
mod call;
mod concerns;
pub mod deletion_form;
mod drills;
pub mod duties;
pub mod family_forms;
pub mod figures;
mod fire;
pub mod fire_forms;
mod guide;
mod hours;
pub mod meanwhile;
pub mod office_forms;
mod on_paper;
mod people;
pub mod plan_forms;
pub mod pupil_forms;
mod pupils;
mod reception;
mod register;
mod roles;
mod settle;
mod steps;
mod today;
mod words;

pub(crate) use words::{Names, count, list};

pub use audit::audit;
pub use calendar::calendar;
pub use call::{Around, call, call_with};
pub use concerns::{Opened as OpenedConcerns, add_concern, concerns, concerns_to_read, reference};
pub use drills::{drills, held as calls_held};
pub use fire::{as_of as fire_as_of, display, fire, fire_of_saved, fire_with, running};
pub use guide::guide;
pub use hours::{hours, leaves};
pub use on_paper::on_paper;
pub use people::people;
pub use pupils::pupils;
pub use reception::reception;
pub use register::register;
pub use roles::roles;
pub use settle::to_settle;
pub use today::{alerts_title, registers, registers_in, today};

use crate::calendar::{Day, Half, Session};
use crate::facts::roll_call::Kind;
use crate::fire::call::Call;
use crate::ids::{EventId, GroupId, PupilId, Who};
use crate::office::{CallKey, OfficeError};
use crate::view;
use muster_core::id::{PersonId, PlaceId};
use muster_core::replica::records::Records;

impl From<GroupId> for view::GroupId {
    fn from(group: GroupId) -> Self {
        Self(group.0)
    }
}

impl From<view::GroupId> for GroupId {
    fn from(group: view::GroupId) -> Self {
        Self(group.0)
    }
}

impl From<PersonId> for view::SubjectId {
    fn from(person: PersonId) -> Self {
        Self(person.0)
    }
}

impl From<EventId> for view::EventId {
    fn from(event: EventId) -> Self {
        Self(event.0)
    }
}

impl From<PupilId> for view::SubjectId {
    fn from(pupil: PupilId) -> Self {
        Self(pupil.0)
    }
}

impl From<view::SubjectId> for PupilId {
    fn from(subject: view::SubjectId) -> Self {
        Self(subject.0)
    }
}

impl From<Who> for view::SubjectId {
    fn from(who: Who) -> Self {
        match who {
            Who::Pupil(id) => Self(id.0),
            Who::Staff(id) => Self(id.0),
            Who::Visitor(id) => Self(id.0),
            Who::Stranger(id) => Self(id.0),
        }
    }
}

impl From<view::fire::EventKind> for Kind {
    fn from(kind: view::fire::EventKind) -> Self {
        match kind {
            view::fire::EventKind::Real => Self::Real,
            view::fire::EventKind::Drill => Self::Drill,
            view::fire::EventKind::KeepInside => Self::KeptInside,
            view::fire::EventKind::Lockdown => Self::Lockdown,
        }
    }
}

/// The key of a group's register.
pub fn register_key(group: GroupId, session: Session) -> view::RegisterKey {
    view::RegisterKey { group: group.into(), date: session.day.date(), afternoon: session.half == Half::Pm }
}

/// Group and session of a register's key. `None` for a date outside the calendar.
pub fn register_of(key: &view::RegisterKey) -> Option<(GroupId, Session)> {
    let day = Day::new(key.date.year(), key.date.month(), key.date.day())?;
    let half = if key.afternoon { Half::Pm } else { Half::Am };
    Some((key.group.into(), Session { day, half }))
}

/// Who in a roll call a view means.
pub fn who_in_call(call: &Call, subject: view::SubjectId) -> Option<Who> {
    call.people.iter().map(|person| person.who).find(|who| view::SubjectId::from(*who) == subject)
}

/// Which roll call of a site a view means: one of today's or yesterday's.
///
/// # Errors
/// When the records cannot be read.
pub fn call_key(
    records: &mut impl Records,
    site: PlaceId,
    event: view::EventId,
) -> Result<Option<CallKey>, OfficeError> {
    let today = crate::calendar::local(records.now()).day;
    let calls = crate::office::recent_calls(records, site, today)?;
    Ok(calls.into_iter().map(|(key, _)| key).find(|key| key.event.0 == event.0))
}

//! Roles: what a school calls them, how strong they are, and the rights they bring at a site.
//!
//! A role at one site gives nothing at another. A role without a site (a head, an administrator) is for every
//! site, those founded later included. The engine sees only the capabilities that [`Role::capabilities`] gives;
//! what each role reads, keeps and gives is one row of the table in `roles/table.rs`.
//!
//! Promises: nobody but the safeguarding lead and deputies reads the safeguarding area, and nobody but the lead can
//! let anybody into it (beside the founding head, who may everything); every member of staff may open a case.
//!
//! Not here: who has which role (the staff file and the grants say), and who is let in where (the engine).

mod device;
mod table;

pub use device::DeviceKind;

use crate::areas::{self, ACCESS, REGISTER, ROLL, SAFEGUARDING, SCHOOL};
use crate::calendar;
use crate::limits::VISITOR_DAYS;
use muster_core::authority::capability::{Capability, Right, Which};
use muster_core::id::{Area, PlaceId};
use muster_core::time::Moment;
use serde::{Deserialize, Serialize};
use table::{Row, SHOWN_TO_OFFICERS, SHOWN_TO_VISITORS, TABLE};

/// A role of a member of staff, or of a visitor to the records. Stored by its place in this list: add at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Role {
    /// Executive head, head of teaching and learning, deputies.
    SeniorLeader,
    /// Leads one site.
    SiteLead,
    /// Admissions, census, the office.
    Administrator,
    /// Teachers, tutors, teaching assistants, operations managers.
    CoreStaff,
    /// Designated safeguarding lead.
    SafeguardingLead,
    /// SEN coordinator.
    SenCoordinator,
    /// The business team.
    Business,
    /// Exams officer.
    ExamsOfficer,
    /// Timetabler.
    Timetabler,
    /// Technician, super user.
    Technician,
    /// Deputy of the safeguarding lead.
    DeputySafeguardingLead,
    /// Assistant SEN coordinator.
    AssistantSenCoordinator,
    /// Finance, bursar.
    Finance,
    /// Behaviour lead.
    BehaviourLead,
    /// Designated teacher of looked-after children.
    DesignatedTeacher,
    /// Speech, occupational therapy, psychology.
    Therapist,
    /// Nurse.
    Nurse,
    /// Reception.
    Reception,
    /// Fire marshal.
    FireMarshal,
    /// Somebody of an agency, for a day.
    AgencyStaff,
    /// Proprietor or governor.
    Governor,
    /// Inspector.
    Inspector,
    /// Officer of the local authority, social worker.
    AuthorityOfficer,
}

/// The levels of access that a school speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Level 1: all areas.
    Senior,
    /// Level 2: what the job needs.
    Core,
    /// Level 3: the areas of the role.
    DataHandler,
    /// A named function.
    Function,
    /// Not on the staff.
    Visitor,
}

impl Level {
    /// As a heading.
    pub fn name(self) -> &'static str {
        match self {
            Self::Senior => "Senior leaders",
            Self::Core => "Core staff",
            Self::DataHandler => "Data handlers",
            Self::Function => "Named functions",
            Self::Visitor => "Visitors to the records",
        }
    }
}

/// What everybody of a kind may do, whatever the role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Reads the school's document, registers and rolls of their sites; writes rolls (a roll call has any number of
    /// marshals); notes their own access; may open a safeguarding case.
    Staff,
    /// Reads the school's document; notes their own access; may open a safeguarding case.
    Governor,
    /// Reads the school's document; notes their own access.
    Visitor,
}

/// When a role ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ends {
    /// When its holder is removed, or on a day that is named.
    WhenRemoved,
    /// With the day on which it is given.
    WithTheDay,
    /// On a day that has to be named, at most [`VISITOR_DAYS`] ahead.
    OnANamedDay,
}

/// Why a role cannot be given like this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RoleError {
    /// A visitor's role without an end.
    #[error("say until which day: this role always ends")]
    NeedsEnd,
    /// An end that is too far away.
    #[error("at most {VISITOR_DAYS} days at a time: choose an earlier day, and give it again when it has ended")]
    TooLong,
    /// An end in the past.
    #[error("that day is over: choose a later one")]
    Over,
}

impl Role {
    /// Every role, in the order of a choice.
    pub fn all() -> impl ExactSizeIterator<Item = Self> {
        TABLE.iter().map(|row| row.role)
    }

    fn row(self) -> Option<&'static Row> {
        TABLE.iter().find(|row| row.role == self)
    }

    /// From a role code as a staff file has it, such as `site_lead`.
    pub fn from_code(code: &str) -> Option<Self> {
        TABLE.iter().find(|row| row.code == code).map(|row| row.role)
    }

    /// The code that a staff file has for it.
    pub fn code(self) -> &'static str {
        self.row().map_or("technician", |row| row.code)
    }

    /// What people call it, as in `Site lead`.
    pub fn name(self) -> &'static str {
        self.row().map_or("", |row| row.name)
    }

    /// What it is for, in a sentence.
    pub fn purpose(self) -> &'static str {
        self.row().map_or("", |row| row.purpose)
    }

    /// The level of access that a school counts it under.
    pub fn level(self) -> Level {
        self.row().map_or(Level::Function, |row| row.level)
    }

    /// Whether files of another system are brought in by it, as the levels of access say: by senior leaders, and by data
    /// handlers for the areas of their role.
    pub fn may_upload(self) -> bool {
        matches!(self.level(), Level::Senior | Level::DataHandler)
    }

    /// How strong: 2 to 4, lower is stronger. The founding head alone is 1.
    pub fn rank(self) -> u8 {
        self.row().map_or(4, |row| row.rank)
    }

    /// When it ends.
    pub fn ends(self) -> Ends {
        self.row().map_or(Ends::WhenRemoved, |row| row.ends)
    }

    /// Whether its holder may take and amend registers.
    pub fn takes_registers(self) -> bool {
        self.row().is_some_and(|row| row.keeps.contains(&REGISTER))
    }

    /// The areas of which some may be named when the role is given, and which are not its own otherwise. Empty for
    /// every role but a visitor's.
    pub fn nameable(self) -> &'static [Area] {
        match self {
            Self::AuthorityOfficer => SHOWN_TO_OFFICERS,
            _ if self.row().is_some_and(|row| row.kind == Kind::Visitor) => SHOWN_TO_VISITORS,
            _ => &[],
        }
    }

    /// Until when the role holds that is given now, for somebody who asked for `asked`.
    ///
    /// # Errors
    /// When the role must end and no end is named, or it is over or too far away.
    pub fn until(self, asked: Option<Moment>, now: Moment) -> Result<Option<Moment>, RoleError> {
        let asked = match asked {
            Some(asked) if asked.utc_ms <= now.utc_ms => return Err(RoleError::Over),
            asked => asked,
        };
        match self.ends() {
            Ends::WhenRemoved => Ok(asked),
            Ends::WithTheDay => {
                let end = end_of_day(now);
                Ok(Some(asked.filter(|asked| asked.utc_ms < end.utc_ms).unwrap_or(end)))
            }
            Ends::OnANamedDay => {
                let asked = asked.ok_or(RoleError::NeedsEnd)?;
                let most = now.utc_ms.saturating_add(VISITOR_DAYS * 24 * 60 * 60 * 1_000);
                if asked.utc_ms > most { Err(RoleError::TooLong) } else { Ok(Some(asked)) }
            }
        }
    }

    /// The rights of the role at these sites; no site means every site.
    pub fn capabilities(self, sites: &[PlaceId]) -> Vec<Capability> {
        self.capabilities_with(sites, &[])
    }

    /// As [`Role::capabilities`], with some areas of [`Role::nameable`] to read beside. Others are left out.
    pub fn capabilities_with(self, sites: &[PlaceId], named: &[Area]) -> Vec<Capability> {
        let Some(row) = self.row() else { return Vec::new() };
        let mut given = Vec::new();
        let mut give = |right, area| give(&mut given, right, area, sites);
        give(Right::Read, SCHOOL);
        give(Right::Write, ACCESS);
        if row.kind != Kind::Visitor {
            give(Right::Open, SAFEGUARDING);
        }
        if row.kind == Kind::Staff {
            give(Right::Read, REGISTER);
            give(Right::Read, ROLL);
            give(Right::Write, ROLL);
        }
        for area in row.keeps {
            give(Right::Read, *area);
            give(Right::Write, *area);
        }
        for area in row.reads.iter().chain(self.nameable().iter().filter(|area| named.contains(area))) {
            give(Right::Read, *area);
        }
        for area in row.gives {
            give(Right::Grant, *area);
        }
        if row.enrols {
            // A device holds the records of the school as a whole too.
            let whole = (!sites.is_empty()).then_some(Which::One(PlaceId::ZERO));
            let enrol = |place| Capability { right: Right::Enrol, area: Which::Any, place };
            given.extend(places(sites).chain(whole).map(enrol));
        }
        given.sort_unstable();
        given.dedup();
        given
    }

    /// The role whose rights these are, with its sites and the areas named; `None` for a list of rights that no role
    /// of this version has.
    pub fn of(rank: u8, given: &[Capability]) -> Option<(Self, Vec<PlaceId>, Vec<Area>)> {
        let sites = sites_of(given);
        let named: Vec<Area> = SHOWN_TO_VISITORS
            .iter()
            .filter(|area| given.iter().any(|one| one.right == Right::Read && one.area == Which::One(**area)))
            .copied()
            .collect();
        let role = Self::all().find(|role| role.rank() == rank && role.capabilities_with(&sites, &named) == given)?;
        let named = named.into_iter().filter(|area| role.nameable().contains(area)).collect();
        Some((role, sites, named))
    }
}

/// Where a right in an area is given: records of the school as a whole lie in one place, whatever the sites.
fn give(given: &mut Vec<Capability>, right: Right, area: Area, sites: &[PlaceId]) {
    let one = |place| Capability { right, area: Which::One(area), place };
    if areas::is_school_wide(area) {
        given.push(one(Which::One(PlaceId::ZERO)));
    } else {
        given.extend(places(sites).map(one));
    }
}

/// Sites as places; no site means every place.
fn places(sites: &[PlaceId]) -> impl Iterator<Item = Which<PlaceId>> + '_ {
    sites.is_empty().then_some(Which::Any).into_iter().chain(sites.iter().map(|site| Which::One(*site)))
}

/// The sites that rights speak of; none where they are for every site.
fn sites_of(given: &[Capability]) -> Vec<PlaceId> {
    let mut sites: Vec<PlaceId> = given
        .iter()
        .filter_map(|one| match one.place {
            Which::One(site) if site != PlaceId::ZERO => Some(site),
            _ => None,
        })
        .collect();
    sites.sort_unstable();
    sites.dedup();
    sites
}

fn end_of_day(now: Moment) -> Moment {
    calendar::moment(calendar::local(now).day, 23 * 60 + 59)
}

/// What a device may do with nobody signed in, where nothing is said about its kind: a tablet's rights.
pub fn device_capabilities(sites: &[PlaceId]) -> Vec<Capability> {
    DeviceKind::Tablet.capabilities(sites)
}

#[cfg(test)]
mod tests;

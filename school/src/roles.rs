//! Roles: what a school calls them, how strong they are, and the rights they bring at a site.
//!
//! A role at one site gives nothing at another. A role without a site (a head, an administrator) is for every
//! site, those founded later included. The engine sees only the capabilities that [`Role::capabilities`] gives.
//!
//! Not here: who has which role (the staff file and the grants say).

use crate::areas;
use muster_core::authority::capability::{Capability, Right, Which};
use muster_core::id::{Area, PlaceId};
use serde::{Deserialize, Serialize};

/// A role of a member of staff.
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
    /// Business and finance.
    Business,
    /// Exams officer.
    ExamsOfficer,
    /// Timetabler.
    Timetabler,
    /// Technician.
    Technician,
}

/// What one role may do beside what everybody on staff may.
struct RoleRow {
    role: Role,
    code: &'static str,
    rank: u8,
    /// Areas it reads and writes at its sites.
    keeps: &'static [Area],
    /// Areas it only reads at its sites.
    reads: &'static [Area],
    /// Writes the school's own document: sites, groups, directory.
    runs_school: bool,
    /// Grants weaker people rights, and enrols devices.
    officer: bool,
}

use areas::{ACCESS, CARE, FAMILY, LEARNING, PUPIL, REGISTER, ROLL, SAFEGUARDING, SCHOOL, STAFF};

#[rustfmt::skip]
const TABLE: [RoleRow; 10] = [
    RoleRow { role: Role::SeniorLeader, code: "senior_leader", rank: 2, keeps: &[REGISTER, PUPIL, CARE, FAMILY, LEARNING, STAFF], reads: &[ACCESS], runs_school: true, officer: true },
    RoleRow { role: Role::SiteLead, code: "site_lead", rank: 3, keeps: &[REGISTER, PUPIL, CARE, FAMILY, LEARNING], reads: &[STAFF, ACCESS], runs_school: false, officer: true },
    RoleRow { role: Role::Administrator, code: "administrator", rank: 2, keeps: &[REGISTER, PUPIL, CARE, FAMILY, STAFF], reads: &[ACCESS], runs_school: true, officer: true },
    RoleRow { role: Role::CoreStaff, code: "core_staff", rank: 4, keeps: &[REGISTER, PUPIL, FAMILY, LEARNING], reads: &[CARE], runs_school: false, officer: false },
    RoleRow { role: Role::SafeguardingLead, code: "safeguarding_lead", rank: 3, keeps: &[SAFEGUARDING], reads: &[PUPIL, CARE, FAMILY, LEARNING, ACCESS], runs_school: false, officer: false },
    RoleRow { role: Role::SenCoordinator, code: "sen_coordinator", rank: 3, keeps: &[LEARNING, CARE], reads: &[PUPIL, FAMILY], runs_school: false, officer: false },
    RoleRow { role: Role::Business, code: "business", rank: 4, keeps: &[], reads: &[PUPIL, FAMILY, STAFF], runs_school: false, officer: false },
    RoleRow { role: Role::ExamsOfficer, code: "exams_officer", rank: 4, keeps: &[], reads: &[PUPIL, LEARNING], runs_school: false, officer: false },
    RoleRow { role: Role::Timetabler, code: "timetabler", rank: 4, keeps: &[], reads: &[PUPIL], runs_school: false, officer: false },
    RoleRow { role: Role::Technician, code: "technician", rank: 4, keeps: &[], reads: &[], runs_school: false, officer: false },
];

impl Role {
    /// Every role.
    pub const ALL: [Self; 10] = [
        Self::SeniorLeader,
        Self::SiteLead,
        Self::Administrator,
        Self::CoreStaff,
        Self::SafeguardingLead,
        Self::SenCoordinator,
        Self::Business,
        Self::ExamsOfficer,
        Self::Timetabler,
        Self::Technician,
    ];

    fn row(self) -> Option<&'static RoleRow> {
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

    /// How strong: 2 to 4, lower is stronger. The founding head alone is 1.
    pub fn rank(self) -> u8 {
        self.row().map_or(4, |row| row.rank)
    }

    /// Whether its holder may take and amend registers.
    pub fn takes_registers(self) -> bool {
        self.row().is_some_and(|row| row.keeps.contains(&REGISTER))
    }

    /// The rights of the role at these sites; no site means every site.
    ///
    /// Everybody on staff reads the school's document with its staff directory, reads the registers and rolls of
    /// their sites, writes rolls (a roll call has any number of marshals), notes their own access, and may open
    /// a safeguarding case.
    pub fn capabilities(self, sites: &[PlaceId]) -> Vec<Capability> {
        let places: Vec<Which<PlaceId>> =
            if sites.is_empty() { vec![Which::Any] } else { sites.iter().map(|site| Which::One(*site)).collect() };
        let school = Which::One(PlaceId::ZERO);
        let mut given = Vec::new();
        let mut give = |right, area, place| given.push(Capability { right, area: Which::One(area), place });
        give(Right::Read, SCHOOL, school);
        for place in &places {
            give(Right::Read, REGISTER, *place);
            give(Right::Read, ROLL, *place);
            give(Right::Write, ROLL, *place);
            give(Right::Write, ACCESS, *place);
            give(Right::Write, SAFEGUARDING, *place);
        }
        let Some(row) = self.row() else { return given };
        if row.runs_school {
            give(Right::Write, SCHOOL, school);
        }
        for place in &places {
            for area in row.keeps {
                give(Right::Read, *area, *place);
                give(Right::Write, *area, *place);
            }
            for area in row.reads {
                give(Right::Read, *area, *place);
            }
        }
        if row.officer {
            for place in &places {
                given.push(Capability { right: Right::Grant, area: Which::Any, place: *place });
                given.push(Capability { right: Right::Enrol, area: Which::Any, place: *place });
            }
        }
        given.sort_unstable();
        given.dedup();
        given
    }
}

/// What the founding head may do: everything, everywhere, now and later.
pub fn head_capabilities() -> Vec<Capability> {
    [Right::Read, Right::Write, Right::Grant, Right::Enrol]
        .into_iter()
        .map(|right| Capability { right, area: Which::Any, place: Which::Any })
        .collect()
}

/// What a device may do with nobody signed in: keep and pass on everything of its sites and of the whole school;
/// read and write its sites' rolls; note access, for which it holds the key of the day. No site means every site.
pub fn device_capabilities(sites: &[PlaceId]) -> Vec<Capability> {
    if sites.is_empty() {
        return vec![
            Capability { right: Right::Read, area: Which::One(ACCESS), place: Which::Any },
            Capability { right: Right::Read, area: Which::One(ROLL), place: Which::Any },
            Capability { right: Right::Write, area: Which::One(ACCESS), place: Which::Any },
            Capability { right: Right::Write, area: Which::One(ROLL), place: Which::Any },
            Capability { right: Right::Hold, area: Which::Any, place: Which::Any },
        ];
    }
    let mut given = vec![Capability { right: Right::Hold, area: Which::Any, place: Which::One(PlaceId::ZERO) }];
    for site in sites {
        let place = Which::One(*site);
        given.push(Capability { right: Right::Hold, area: Which::Any, place });
        given.push(Capability { right: Right::Read, area: Which::One(ROLL), place });
        given.push(Capability { right: Right::Write, area: Which::One(ROLL), place });
        given.push(Capability { right: Right::Read, area: Which::One(ACCESS), place });
        given.push(Capability { right: Right::Write, area: Which::One(ACCESS), place });
    }
    given.sort_unstable();
    given.dedup();
    given
}

#[cfg(test)]
mod tests {
    use super::*;
    use muster_core::id::Compartment;
    use muster_core::limits::CAPABILITIES_PER_GRANT;

    const HARBOUR: PlaceId = PlaceId([1; 16]);
    const HILL: PlaceId = PlaceId([2; 16]);

    fn may(given: &[Capability], right: Right, area: Area, place: PlaceId) -> bool {
        given.iter().any(|one| one.gives(right, &Compartment { area, place }))
    }

    #[test]
    fn a_teacher_writes_registers_at_their_own_site_and_nowhere_else() {
        let teacher = Role::CoreStaff.capabilities(&[HARBOUR]);
        assert!(may(&teacher, Right::Write, REGISTER, HARBOUR));
        assert!(!may(&teacher, Right::Write, REGISTER, HILL));
        assert!(!may(&teacher, Right::Read, PUPIL, HILL));
        assert!(may(&teacher, Right::Read, SCHOOL, PlaceId::ZERO));
    }

    #[test]
    fn nobody_but_the_safeguarding_lead_reads_the_safeguarding_file_and_anybody_may_open_a_case() {
        for role in Role::ALL {
            let given = role.capabilities(&[HARBOUR]);
            assert!(may(&given, Right::Write, SAFEGUARDING, HARBOUR), "{role:?}");
            assert_eq!(may(&given, Right::Read, SAFEGUARDING, HARBOUR), role == Role::SafeguardingLead, "{role:?}");
        }
    }

    #[test]
    fn a_technician_reads_no_pupil_and_takes_no_register() {
        let given = Role::Technician.capabilities(&[]);
        assert!(!may(&given, Right::Read, PUPIL, HARBOUR) && !may(&given, Right::Write, REGISTER, HARBOUR));
        assert!(may(&given, Right::Read, ROLL, HILL), "works at every site");
    }

    #[test]
    fn a_device_alone_reads_only_the_roll_of_its_own_site() {
        let tablet = device_capabilities(&[HARBOUR]);
        assert!(may(&tablet, Right::Read, ROLL, HARBOUR) && may(&tablet, Right::Hold, PUPIL, HARBOUR));
        assert!(!may(&tablet, Right::Read, ROLL, HILL) && !may(&tablet, Right::Read, PUPIL, HARBOUR));
        assert!(!may(&tablet, Right::Read, SCHOOL, PlaceId::ZERO));
    }

    #[test]
    fn every_role_code_reads_back_and_the_widest_role_fits_a_grant_of_ninety_sites() {
        let sites: Vec<_> = (1..=90).map(|n| PlaceId([n; 16])).collect();
        for role in Role::ALL {
            assert_eq!(Role::from_code(role.code()), Some(role));
            assert!(role.capabilities(&sites).len() <= CAPABILITIES_PER_GRANT);
            assert!((2..=4).contains(&role.rank()));
        }
    }
}

//! The table of roles: what each reads, keeps and gives, beside what everybody of its kind may.
//!
//! One row a role, in the order in which a screen offers them. Adding a row is adding a role; the tests beside
//! [`Role::capabilities`] say what must hold of every row.
//!
//! Figures are an area of their own, without names: whoever is to see figures only reads that and the school's own
//! document.

use super::{Ends, Kind, Level, Role};
use crate::areas::{
    ACCESS, BEHAVIOUR, CARE, FAMILY, FIGURES, FINANCE, LEARNING, PUPIL, REGISTER, ROLL, SAFEGUARDING, SCHOOL, STAFF,
};
use muster_core::id::Area;

/// What one role may do.
pub(super) struct Row {
    pub(super) role: Role,
    pub(super) level: Level,
    /// As a staff file has it.
    pub(super) code: &'static str,
    /// As people say it.
    pub(super) name: &'static str,
    /// What it is for, in a sentence.
    pub(super) purpose: &'static str,
    /// 2 to 4, lower is stronger.
    pub(super) rank: u8,
    pub(super) kind: Kind,
    /// Areas it reads and writes at its sites.
    pub(super) keeps: &'static [Area],
    /// Areas it only reads at its sites.
    pub(super) reads: &'static [Area],
    /// Areas in which it gives rights to weaker people at its sites.
    pub(super) gives: &'static [Area],
    /// Lets devices of its sites in.
    pub(super) enrols: bool,
    pub(super) ends: Ends,
}

/// Every area but safeguarding: who is strong in the office does not thereby let anybody into that.
const EVERYDAY: &[Area] =
    &[SCHOOL, ACCESS, ROLL, REGISTER, PUPIL, CARE, FAMILY, LEARNING, BEHAVIOUR, STAFF, FINANCE, FIGURES];
/// What a deputy of the safeguarding lead gets, and so what the lead must be able to give.
const SAFEGUARDING_TEAM: &[Area] =
    &[SAFEGUARDING, SCHOOL, ACCESS, ROLL, REGISTER, PUPIL, CARE, FAMILY, LEARNING, BEHAVIOUR];
/// What an inspector or an officer of the authority may be shown, each named when leave is given.
pub(super) const SHOWN_TO_VISITORS: &[Area] =
    &[REGISTER, ROLL, PUPIL, CARE, FAMILY, LEARNING, BEHAVIOUR, STAFF, FIGURES, ACCESS];

/// What an officer of the local authority may be given, each named when leave is given: what an extract of the register
/// is made of. Nothing else is ever wrapped to them.
pub(super) const SHOWN_TO_OFFICERS: &[Area] = &[REGISTER, PUPIL, FIGURES];

const NONE: &[Area] = &[];

#[rustfmt::skip]
pub(super) const TABLE: &[Row] = &[
    Row { role: Role::SeniorLeader, level: Level::Senior, code: "senior_leader", name: "Senior leader",
        purpose: "Executive head, head of teaching and learning, deputies: every area but safeguarding files.",
        rank: 2, kind: Kind::Staff, keeps: &[SCHOOL, REGISTER, PUPIL, CARE, FAMILY, LEARNING, BEHAVIOUR, STAFF, FINANCE, FIGURES], reads: &[ACCESS], gives: EVERYDAY, enrols: true, ends: Ends::WhenRemoved },
    Row { role: Role::SiteLead, level: Level::Senior, code: "site_lead", name: "Site lead",
        purpose: "Leads a site: every area of that site but safeguarding files.",
        rank: 3, kind: Kind::Staff, keeps: &[REGISTER, PUPIL, CARE, FAMILY, LEARNING, BEHAVIOUR, FIGURES], reads: &[STAFF, FINANCE, ACCESS], gives: EVERYDAY, enrols: true, ends: Ends::WhenRemoved },
    Row { role: Role::Administrator, level: Level::DataHandler, code: "administrator", name: "Administrator",
        purpose: "Admissions, census, accounts: joiners, leavers and devices.",
        rank: 2, kind: Kind::Staff, keeps: &[SCHOOL, REGISTER, PUPIL, CARE, FAMILY, STAFF, FIGURES], reads: &[ACCESS], gives: EVERYDAY, enrols: true, ends: Ends::WhenRemoved },
    Row { role: Role::SafeguardingLead, level: Level::Function, code: "safeguarding_lead", name: "Safeguarding lead",
        purpose: "Designated safeguarding lead: reads and keeps safeguarding files, and names deputies.",
        rank: 3, kind: Kind::Staff, keeps: &[SAFEGUARDING], reads: &[PUPIL, CARE, FAMILY, LEARNING, BEHAVIOUR, ACCESS], gives: SAFEGUARDING_TEAM, enrols: false, ends: Ends::WhenRemoved },
    Row { role: Role::DeputySafeguardingLead, level: Level::Function, code: "deputy_safeguarding_lead", name: "Deputy safeguarding lead",
        purpose: "Reads and keeps safeguarding files beside the lead.",
        rank: 4, kind: Kind::Staff, keeps: &[SAFEGUARDING], reads: &[PUPIL, CARE, FAMILY, LEARNING, BEHAVIOUR, ACCESS], gives: NONE, enrols: false, ends: Ends::WhenRemoved },
    Row { role: Role::CoreStaff, level: Level::Core, code: "core_staff", name: "Core staff",
        purpose: "Teachers, tutors, teaching assistants, assistant operations managers: registers, contacts, daily logistics, risk assessments.",
        rank: 4, kind: Kind::Staff, keeps: &[REGISTER, PUPIL, CARE, FAMILY, LEARNING, BEHAVIOUR], reads: NONE, gives: NONE, enrols: false, ends: Ends::WhenRemoved },
    Row { role: Role::AgencyStaff, level: Level::Core, code: "agency", name: "Agency staff",
        purpose: "A day pass: takes registers, with comments and children on no list, and reads what is needed to look after a class.",
        rank: 4, kind: Kind::Staff, keeps: &[REGISTER, PUPIL], reads: &[CARE], gives: NONE, enrols: false, ends: Ends::WithTheDay },
    Row { role: Role::SenCoordinator, level: Level::DataHandler, code: "sen_coordinator", name: "SEN coordinator",
        purpose: "Special educational needs of a site: plans, reviews, care.",
        rank: 3, kind: Kind::Staff, keeps: &[LEARNING, CARE], reads: &[PUPIL, FAMILY, BEHAVIOUR], gives: NONE, enrols: false, ends: Ends::WhenRemoved },
    Row { role: Role::AssistantSenCoordinator, level: Level::Function, code: "assistant_sen_coordinator", name: "Assistant SEN coordinator",
        purpose: "Plans and reviews beside the SEN coordinator.",
        rank: 4, kind: Kind::Staff, keeps: &[LEARNING], reads: &[PUPIL, CARE, FAMILY], gives: NONE, enrols: false, ends: Ends::WhenRemoved },
    Row { role: Role::Finance, level: Level::DataHandler, code: "finance", name: "Finance",
        purpose: "Bursar: fees, meals and accounts, posts of staff, and whom a pupil's fees concern.",
        rank: 4, kind: Kind::Staff, keeps: &[STAFF, FINANCE], reads: &[PUPIL, FAMILY], gives: NONE, enrols: false, ends: Ends::WhenRemoved },
    Row { role: Role::Business, level: Level::Function, code: "business", name: "Business team",
        purpose: "Runs the school's business: reads pupils, families, posts, finance and figures.",
        rank: 4, kind: Kind::Staff, keeps: NONE, reads: &[PUPIL, FAMILY, STAFF, FINANCE, FIGURES], gives: NONE, enrols: false, ends: Ends::WhenRemoved },
    Row { role: Role::ExamsOfficer, level: Level::Function, code: "exams_officer", name: "Exams officer",
        purpose: "Entries and arrangements for examinations.",
        rank: 4, kind: Kind::Staff, keeps: NONE, reads: &[PUPIL, LEARNING], gives: NONE, enrols: false, ends: Ends::WhenRemoved },
    Row { role: Role::Timetabler, level: Level::Function, code: "timetabler", name: "Timetabler",
        purpose: "Who is taught where and when.",
        rank: 4, kind: Kind::Staff, keeps: NONE, reads: &[PUPIL], gives: NONE, enrols: false, ends: Ends::WhenRemoved },
    Row { role: Role::Technician, level: Level::Function, code: "technician", name: "Technician",
        purpose: "Super user of a site: helps with devices, and reads no pupil's record.",
        rank: 4, kind: Kind::Staff, keeps: NONE, reads: NONE, gives: NONE, enrols: false, ends: Ends::WhenRemoved },
    Row { role: Role::BehaviourLead, level: Level::Function, code: "behaviour_lead", name: "Behaviour lead",
        purpose: "Behaviour: what happened, plans and what goes with them.",
        rank: 4, kind: Kind::Staff, keeps: &[BEHAVIOUR, LEARNING, CARE], reads: &[PUPIL, FAMILY], gives: NONE, enrols: false, ends: Ends::WhenRemoved },
    Row { role: Role::DesignatedTeacher, level: Level::Function, code: "designated_teacher", name: "Designated teacher",
        purpose: "Looked-after children: their plans and contacts.",
        rank: 4, kind: Kind::Staff, keeps: &[LEARNING], reads: &[PUPIL, CARE, FAMILY, BEHAVIOUR], gives: NONE, enrols: false, ends: Ends::WhenRemoved },
    Row { role: Role::Therapist, level: Level::Function, code: "therapist", name: "Therapist",
        purpose: "Speech, occupational therapy, psychology: what a plan provides and how it goes.",
        rank: 4, kind: Kind::Staff, keeps: &[LEARNING], reads: &[PUPIL, CARE], gives: NONE, enrols: false, ends: Ends::WhenRemoved },
    Row { role: Role::Nurse, level: Level::Function, code: "nurse", name: "Nurse",
        purpose: "Medical lines, allergies, care plans.",
        rank: 4, kind: Kind::Staff, keeps: &[CARE], reads: &[PUPIL, FAMILY], gives: NONE, enrols: false, ends: Ends::WhenRemoved },
    Row { role: Role::Reception, level: Level::Function, code: "reception", name: "Reception",
        purpose: "Who comes and goes, absence calls, whom to ring.",
        rank: 4, kind: Kind::Staff, keeps: &[REGISTER, PUPIL], reads: &[FAMILY], gives: NONE, enrols: false, ends: Ends::WhenRemoved },
    Row { role: Role::FireMarshal, level: Level::Function, code: "fire_marshal", name: "Fire marshal",
        purpose: "Runs a roll call, and reads who needs help to leave.",
        rank: 4, kind: Kind::Staff, keeps: NONE, reads: &[CARE], gives: NONE, enrols: false, ends: Ends::WhenRemoved },
    Row { role: Role::Governor, level: Level::Visitor, code: "governor", name: "Proprietor or governor",
        purpose: "Figures only, without names, and the school's own document.",
        rank: 4, kind: Kind::Governor, keeps: NONE, reads: &[FIGURES], gives: NONE, enrols: false, ends: Ends::WhenRemoved },
    Row { role: Role::Inspector, level: Level::Visitor, code: "inspector", name: "Inspector",
        purpose: "Reads the areas that are named, until the day that is named, and writes nothing.",
        rank: 4, kind: Kind::Visitor, keeps: NONE, reads: NONE, gives: NONE, enrols: false, ends: Ends::OnANamedDay },
    Row { role: Role::AuthorityOfficer, level: Level::Visitor, code: "authority_officer", name: "Authority officer or social worker",
        purpose: "Takes away extracts of the register, with names where those are named, until the day that is named. Reads nothing else and writes nothing.",
        rank: 4, kind: Kind::Visitor, keeps: NONE, reads: NONE, gives: NONE, enrols: false, ends: Ends::OnANamedDay },
];

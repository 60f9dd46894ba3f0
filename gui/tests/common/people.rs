//! Staff and roles of the invented school.

use muster_core::id::{PersonId, PlaceId};
use muster_school::areas::{self, SHOWN};
use muster_school::rights::Reach;
use muster_school::roles::{Ends, Role};
use muster_school::view::people::{
    AccountDetail, AccountRow, AccountState, FireDutyForm, PeopleView, Removal, RoleChoice,
};
use muster_school::view::roles::{AreaRow, PersonRow, RolesBlock, RolesChosen, RolesDetail, RolesView};

/// Harbour.
pub(crate) const HARBOUR: PlaceId = PlaceId([1; 16]);

/// Everybody of the invented school, as their roles have it.
const STAFF: [(&str, Option<Role>, &str); 12] = [
    ("Head, Anna", None, "every site"),
    ("Abbott, Carol", Some(Role::Administrator), "every site"),
    ("Ellis, Jo", Some(Role::SafeguardingLead), "every site"),
    ("Marsh, Helen", Some(Role::SiteLead), "Harbour"),
    ("Nair, Priya", Some(Role::CoreStaff), "Harbour"),
    ("Okafor, Tom", Some(Role::CoreStaff), "Harbour and Hill"),
    ("Osei, Abena", Some(Role::Nurse), "Harbour"),
    ("Pryce-Llewellyn, Bartholomew", Some(Role::AssistantSenCoordinator), "Harbour, Hill and Quarry"),
    ("Reid, Sam", Some(Role::AgencyStaff), "Hill"),
    ("Shah, Imran", Some(Role::Technician), "every site"),
    ("Upton, Grace", Some(Role::Inspector), "Harbour"),
    ("Wood, Ali", Some(Role::Governor), "every site"),
];

fn id(number: usize) -> PersonId {
    PersonId([u8::try_from(number + 1).unwrap_or(0); 16])
}

/// How far a role gets in each area, by the table of roles itself.
fn reaches(role: Option<Role>) -> Vec<Reach> {
    use muster_core::authority::capability::Right;
    use muster_core::id::Compartment;
    let Some(role) = role else { return vec![Reach::Writes; SHOWN.len()] };
    let given = role.capabilities_with(&[HARBOUR], role.nameable().get(..2).unwrap_or_default());
    let has = |right, area| {
        let place = if areas::is_school_wide(area) { PlaceId::ZERO } else { HARBOUR };
        given.iter().any(|one| one.gives(right, &Compartment { area, place }))
    };
    let reach = |area| match (has(Right::Read, area), has(Right::Write, area), has(Right::Open, area)) {
        (true, true, _) => Reach::Writes,
        (true, false, _) => Reach::Reads,
        (false, true, _) => Reach::Adds,
        (false, false, true) => Reach::Opens,
        (false, false, false) => Reach::Nothing,
    };
    SHOWN.into_iter().map(reach).collect()
}

/// Who can read and write what; Tom Okafor is explained.
pub(crate) fn roles() -> RolesView {
    let people: Vec<PersonRow> = STAFF
        .iter()
        .enumerate()
        .map(|(at, (name, role, sites))| PersonRow {
            person: id(at),
            name: (*name).into(),
            role: format!("{}, {sites}", role.map_or("Head", Role::name)),
            reaches: reaches(*role),
        })
        .collect();
    let count =
        |at: usize, fits: &dyn Fn(Reach) -> bool| people.iter().filter(|row| fits(row.reaches[at])).count() as u32;
    let areas = SHOWN
        .iter()
        .enumerate()
        .map(|(at, area)| {
            let (name, about) = areas::words(*area);
            let readers = count(at, &|reach| reach >= Reach::Reads);
            let writers = count(at, &|reach| matches!(reach, Reach::Adds | Reach::Writes));
            AreaRow { area: *area, name: name.into(), about: about.into(), readers, writers }
        })
        .collect();
    let fact = |what: &str, of: &str| (what.to_owned(), of.to_owned());
    RolesView {
        summary: "12 people have rights. 2 of them read safeguarding files.".into(),
        areas,
        people,
        chosen: Some(RolesChosen::Person(id(5))),
        detail: Some(RolesDetail {
            title: "Tom Okafor".into(),
            about: Role::CoreStaff.purpose().into(),
            blocks: vec![RolesBlock {
                title: "Core staff, Harbour and Hill".into(),
                why: "Given by Carol Abbott on Thursday 3 September. No end is set.".into(),
                lines: vec![
                    fact(
                        "Reads and writes",
                        "On-site lists, Registers, Pupils, Care, Family and Learning at Harbour and Hill",
                    ),
                    fact("Reads", "School for the whole school"),
                    fact("Adds, without reading", "Record of use at Harbour and Hill"),
                    fact("Opens a case", "Safeguarding at Harbour and Hill"),
                ],
            }],
            notes: vec!["A role at one site gives nothing at another.".into()],
        }),
    }
}

/// Accounts; Tom Okafor's is explained.
pub(crate) fn people() -> PeopleView {
    let rows = STAFF
        .iter()
        .enumerate()
        .map(|(at, (name, role, sites))| {
            let (state, activated, last) = match at {
                4 => (AccountState::Invited, "", "never"),
                8 => (AccountState::Ended, "Friday 08:02, Hill tablet", "Friday 15:40"),
                9 => (AccountState::Removed, "12 January 2026 08:40, Office laptop", "20 November 16:02"),
                _ => (AccountState::Active, "3 September 08:40, Office laptop", "08:12"),
            };
            AccountRow {
                person: id(at),
                name: (*name).into(),
                role: role.map_or("Head", Role::name).into(),
                sites: (*sites).into(),
                state,
                activated: activated.into(),
                last: last.into(),
            }
        })
        .collect();
    let fact = |what: &str, of: &str| (what.to_owned(), of.to_owned());
    let wanted = [Role::SiteLead, Role::CoreStaff, Role::AgencyStaff, Role::Nurse, Role::Inspector];
    PeopleView {
        summary: "12 people: 9 active, 1 invited, 1 ended, 1 removed.".into(),
        rows,
        detail: Some(AccountDetail {
            person: id(5),
            name: "Tom Okafor".into(),
            lines: vec![
                fact("State", "Active"),
                fact(
                    "Core staff, Harbour and Hill",
                    "Given by Carol Abbott on Thursday 3 September. No end is set.",
                ),
                fact("Activated", "on Thursday 3 September, on Office laptop, with words from Carol Abbott"),
                fact("Has signed in on", "4B tablet and Office laptop"),
                fact("Last sign-in", "08:12"),
                fact("May sign in on", "4B tablet, 7B tablet, Hall tablet, Hill tablet and Office laptop"),
            ],
            duty: Some(FireDutyForm { marshal: true, first_aid: false, phone: "07700 900456".into() }),
            may_invite: false,
            may_reset: true,
            may_add: true,
            removal: Some(Removal {
                ends: vec![
                    "Tom Okafor cannot sign in on a device that has heard of this.".into(),
                    "What this person wrote stays as it is, and keeps their name.".into(),
                ],
                stays: vec![
                    "Up to now, on 4B tablet and Office laptop: Care, Family, Learning, On-site lists, Pupils, Registers and School can be read there with this person’s passphrase until that device has heard of this. Let it meet this one, or take it back.".into(),
                    "Anything already printed, photographed or exported.".into(),
                ],
            }),
        }),
        may_add_people: true,
        roles: wanted
            .into_iter()
            .map(|role| RoleChoice {
                role,
                name: role.name().into(),
                purpose: role.purpose().into(),
                needs_end: role.ends() == Ends::OnANamedDay,
                areas: role.nameable().iter().map(|area| (*area, areas::words(*area).0.to_owned())).collect(),
            })
            .collect(),
        sites: vec![(HARBOUR, "Harbour".into()), (PlaceId([2; 16]), "Hill".into())],
        made: None,
    }
}

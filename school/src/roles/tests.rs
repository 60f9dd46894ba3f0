use super::*;
use crate::areas::{BEHAVIOUR, CARE, FAMILY, FIGURES, FINANCE, LEARNING, PUPIL, SHOWN, STAFF};
use crate::calendar::Day;
use muster_core::authority::evaluate::allows;
use muster_core::authority::grant::{Grant, Grantee, RANK_DEVICE, RANK_HEAD};
use muster_core::authority::view::{Holder, Standing};
use muster_core::crypto::sign::PublicSign;
use muster_core::crypto::wrap::PublicAgree;
use muster_core::founding::PersonPublic;
use muster_core::id::{Compartment, DeviceId, PersonId};
use muster_core::limits::CAPABILITIES_PER_GRANT;

const HARBOUR: PlaceId = PlaceId([1; 16]);
const HILL: PlaceId = PlaceId([2; 16]);

fn may(given: &[Capability], right: Right, area: Area, place: PlaceId) -> bool {
    given.iter().any(|one| one.gives(right, &Compartment { area, place }))
}

fn reads(role: Role) -> Vec<Area> {
    let given = role.capabilities(&[HARBOUR]);
    let place = |area| if areas::is_school_wide(area) { PlaceId::ZERO } else { HARBOUR };
    SHOWN.into_iter().filter(|area| may(&given, Right::Read, *area, place(*area))).collect()
}

fn writes(role: Role, area: Area) -> bool {
    let place = if areas::is_school_wide(area) { PlaceId::ZERO } else { HARBOUR };
    may(&role.capabilities(&[HARBOUR]), Right::Write, area, place)
}

/// Somebody who holds these rights.
fn holding(rank: u8, capabilities: Vec<Capability>) -> Standing {
    Standing::of(Holder::Person(PersonId::ZERO), rank, capabilities)
}

fn head() -> Standing {
    let everywhere = |right| Capability { right, area: Which::Any, place: Which::Any };
    holding(RANK_HEAD, [Right::Read, Right::Write, Right::Grant, Right::Enrol].map(everywhere).to_vec())
}

fn of(role: Role, sites: &[PlaceId]) -> Standing {
    holding(role.rank(), role.capabilities(sites))
}

fn to_person(rank: u8, capabilities: Vec<Capability>) -> Grant {
    let keys = PersonPublic { sign: PublicSign([0; 32]), agree: PublicAgree([0; 32]) };
    Grant { to: Grantee::Person { person: PersonId::ZERO, keys }, rank, capabilities, until: None }
}

fn gives(giver: &Standing, role: Role, sites: &[PlaceId]) -> bool {
    allows(giver, &to_person(role.rank(), role.capabilities(sites)))
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
fn core_staff_may_update_contacts_daily_logistics_and_risk_assessments_and_read_no_post() {
    for area in [FAMILY, ROLL, REGISTER, CARE] {
        assert!(writes(Role::CoreStaff, area), "{}", areas::name(area));
    }
    assert!(!reads(Role::CoreStaff).contains(&STAFF) && !reads(Role::CoreStaff).contains(&ACCESS));
}

#[test]
fn senior_leaders_see_every_area_but_safeguarding_and_update_all_but_the_trail_of_use() {
    for role in [Role::SeniorLeader, Role::SiteLead] {
        let missing: Vec<_> = SHOWN.into_iter().filter(|area| !reads(role).contains(area)).collect();
        assert_eq!(missing, [SAFEGUARDING], "{role:?}");
    }
    let updates = |area: &Area| writes(Role::SeniorLeader, *area);
    assert!(
        [SCHOOL, ROLL, REGISTER, PUPIL, CARE, FAMILY, LEARNING, BEHAVIOUR, STAFF, FINANCE, FIGURES].iter().all(updates)
    );
}

#[test]
fn data_handlers_read_the_areas_of_their_role_and_no_others() {
    assert!(!reads(Role::Administrator).contains(&LEARNING));
    assert_eq!(reads(Role::SenCoordinator), [SCHOOL, ROLL, REGISTER, PUPIL, CARE, FAMILY, LEARNING, BEHAVIOUR]);
    assert_eq!(reads(Role::Finance), [SCHOOL, ROLL, REGISTER, PUPIL, FAMILY, STAFF, FINANCE]);
    assert!(writes(Role::Finance, FINANCE) && writes(Role::BehaviourLead, BEHAVIOUR));
}

#[test]
fn senior_leaders_and_data_handlers_upload_and_core_staff_functions_and_visitors_do_not() {
    for role in Role::all() {
        let level = role.level();
        assert_eq!(role.may_upload(), matches!(level, Level::Senior | Level::DataHandler), "{}", role.name());
    }
    let upload: Vec<Role> = Role::all().filter(|role| role.may_upload()).collect();
    assert_eq!(
        upload,
        [Role::SeniorLeader, Role::SiteLead, Role::Administrator, Role::SenCoordinator, Role::Finance],
        "what goes in is what their role writes"
    );
}

#[test]
fn nobody_but_the_safeguarding_lead_and_deputies_reads_the_safeguarding_file() {
    let readers: Vec<_> = Role::all().filter(|role| reads(*role).contains(&SAFEGUARDING)).collect();
    assert_eq!(readers, [Role::SafeguardingLead, Role::DeputySafeguardingLead]);
}

#[test]
fn everybody_on_the_staff_may_open_a_safeguarding_case_and_no_visitor() {
    for role in Role::all() {
        let given = role.capabilities(&[HARBOUR]);
        assert_eq!(may(&given, Right::Open, SAFEGUARDING, HARBOUR), role.nameable().is_empty(), "{role:?}");
    }
}

#[test]
fn an_administrator_lets_nobody_into_safeguarding_and_neither_does_a_senior_leader() {
    for giver in [Role::Administrator, Role::SeniorLeader, Role::SiteLead] {
        let giver = of(giver, &[]);
        for right in [Right::Read, Right::Write, Right::Grant] {
            for area in [Which::One(SAFEGUARDING), Which::Any] {
                for place in [Which::One(HARBOUR), Which::Any] {
                    let wanted = to_person(4, vec![Capability { right, area, place }]);
                    assert!(!allows(&giver, &wanted), "{right:?} in {area:?}");
                }
            }
        }
        for role in [Role::SafeguardingLead, Role::DeputySafeguardingLead] {
            assert!(!gives(&giver, role, &[HARBOUR]), "{role:?}");
        }
    }
}

#[test]
fn the_safeguarding_lead_names_deputies_at_their_own_sites_and_the_head_names_the_lead() {
    let lead = of(Role::SafeguardingLead, &[HARBOUR]);
    assert!(gives(&lead, Role::DeputySafeguardingLead, &[HARBOUR]));
    assert!(!gives(&lead, Role::DeputySafeguardingLead, &[HILL]));
    assert!(!gives(&lead, Role::SafeguardingLead, &[HARBOUR]), "nobody makes their equal");
    assert!(gives(&head(), Role::SafeguardingLead, &[HARBOUR]) && gives(&head(), Role::SafeguardingLead, &[]));
}

#[test]
fn an_administrator_brings_in_teachers_who_may_open_a_case_though_the_administrator_gives_no_safeguarding() {
    let administrator = of(Role::Administrator, &[]);
    assert!(gives(&administrator, Role::CoreStaff, &[HARBOUR]));
    assert!(gives(&administrator, Role::SiteLead, &[HARBOUR]));
    assert!(!gives(&administrator, Role::SeniorLeader, &[HARBOUR]), "nobody makes their equal");
}

#[test]
fn a_site_lead_brings_in_staff_at_their_own_site_only() {
    let lead = of(Role::SiteLead, &[HARBOUR]);
    for role in [Role::CoreStaff, Role::AgencyStaff, Role::Nurse, Role::FireMarshal, Role::Inspector] {
        assert!(gives(&lead, role, &[HARBOUR]), "{role:?}");
        assert!(!gives(&lead, role, &[HILL]) && !gives(&lead, role, &[HARBOUR, HILL]) && !gives(&lead, role, &[]));
    }
}

#[test]
fn no_role_is_given_by_its_equal_or_by_anybody_weaker_and_each_is_given_by_somebody_stronger() {
    for role in Role::all() {
        for giver in Role::all().filter(|giver| giver.rank() >= role.rank()) {
            assert!(!gives(&of(giver, &[]), role, &[HARBOUR]), "{giver:?} gave {role:?}");
        }
        let stronger = Role::all().filter(|giver| giver.rank() < role.rank());
        let givers: Vec<_> = stronger.filter(|giver| gives(&of(*giver, &[HARBOUR]), role, &[HARBOUR])).collect();
        assert!(gives(&head(), role, &[HARBOUR]), "the head gives {role:?}");
        if role.rank() == 4 {
            assert!(!givers.is_empty(), "somebody beside the head gives {role:?}");
        }
    }
}

#[test]
fn a_chain_from_the_head_downwards_never_ends_with_more_than_each_step_may_give() {
    // Whoever is given a role by somebody of the table can give only what that somebody could have given too, so
    // passing rights on gains nothing. Enrolling devices is an act of its own, given with the role.
    for giver in Role::all() {
        let above = of(giver, &[HARBOUR]);
        for role in Role::all().filter(|role| gives(&above, *role, &[HARBOUR])) {
            let below = of(role, &[HARBOUR]);
            for last in Role::all().filter(|last| gives(&below, *last, &[HARBOUR])) {
                assert!(gives(&above, last, &[HARBOUR]), "{giver:?} made {role:?}, who made {last:?}");
            }
        }
    }
}

#[test]
fn a_technician_reads_no_pupil_and_takes_no_register() {
    assert_eq!(reads(Role::Technician), [SCHOOL, ROLL, REGISTER]);
    assert!(!Role::Technician.takes_registers());
    assert!(may(&Role::Technician.capabilities(&[]), Right::Read, ROLL, HILL), "works at every site");
}

#[test]
fn a_governor_reads_figures_and_the_schools_own_document_and_no_record_of_anybody() {
    assert_eq!(reads(Role::Governor), [SCHOOL, FIGURES]);
    assert!(!writes(Role::Governor, FIGURES));
}

#[test]
fn an_inspector_reads_what_is_named_and_writes_nothing_but_their_own_trail() {
    let given = Role::Inspector.capabilities_with(&[HARBOUR], &[REGISTER, SAFEGUARDING]);
    assert!(may(&given, Right::Read, REGISTER, HARBOUR) && !may(&given, Right::Read, PUPIL, HARBOUR));
    assert!(!may(&given, Right::Read, SAFEGUARDING, HARBOUR), "that file is shown by the safeguarding lead");
    let wrote: Vec<_> = given.iter().filter(|one| one.right != Right::Read).collect();
    assert_eq!(wrote, [&Capability { right: Right::Write, area: Which::One(ACCESS), place: Which::One(HARBOUR) }]);
}

#[test]
fn an_officer_of_the_authority_is_given_what_an_extract_of_the_register_is_made_of_and_nothing_else_by_any_name() {
    let given = Role::AuthorityOfficer.capabilities_with(&[HARBOUR], &SHOWN);
    let read: Vec<_> = SHOWN.into_iter().filter(|area| may(&given, Right::Read, *area, HARBOUR)).collect();
    assert_eq!(read, [REGISTER, PUPIL, FIGURES]);
    assert!(given.iter().all(|one| one.right == Right::Read || one.area == Which::One(ACCESS)));
}

#[test]
fn a_teacher_cannot_be_given_an_area_by_naming_it() {
    let plain = Role::CoreStaff.capabilities(&[HARBOUR]);
    assert_eq!(Role::CoreStaff.capabilities_with(&[HARBOUR], &[STAFF, ACCESS]), plain);
}

#[test]
fn a_day_pass_ends_with_the_day_and_a_visitor_needs_an_end_within_the_month() {
    let at = |day: &str, minute| calendar::moment(Day::parse(day).unwrap(), minute);
    let now = at("2026-11-23", 8 * 60);
    assert_eq!(Role::AgencyStaff.until(None, now), Ok(Some(at("2026-11-23", 23 * 60 + 59))));
    assert_eq!(Role::AgencyStaff.until(Some(at("2026-12-01", 0)), now), Ok(Some(at("2026-11-23", 23 * 60 + 59))));
    assert_eq!(Role::AgencyStaff.until(Some(at("2026-11-23", 900)), now), Ok(Some(at("2026-11-23", 900))));
    assert_eq!(Role::Inspector.until(None, now), Err(RoleError::NeedsEnd));
    assert_eq!(Role::Inspector.until(Some(at("2027-11-23", 0)), now), Err(RoleError::TooLong));
    assert_eq!(Role::Inspector.until(Some(at("2026-11-20", 0)), now), Err(RoleError::Over));
    assert_eq!(Role::Inspector.until(Some(at("2026-11-27", 960)), now), Ok(Some(at("2026-11-27", 960))));
    assert_eq!(Role::CoreStaff.until(None, now), Ok(None));
}

#[test]
fn every_role_code_reads_back_and_the_widest_role_fits_a_grant_of_ninety_sites() {
    let sites: Vec<_> = (1..=90).map(|n| PlaceId([n; 16])).collect();
    for role in Role::all() {
        assert_eq!(Role::from_code(role.code()), Some(role));
        assert!(role.capabilities(&sites).len() <= CAPABILITIES_PER_GRANT, "{role:?}");
        assert!((2..=4).contains(&role.rank()));
        assert!(!role.name().is_empty() && role.purpose().ends_with('.'), "{role:?}");
    }
    let codes: std::collections::BTreeSet<_> = Role::all().map(Role::code).collect();
    let names: std::collections::BTreeSet<_> = Role::all().map(Role::name).collect();
    assert_eq!((codes.len(), names.len()), (23, 23));
}

#[test]
fn a_role_kept_in_a_post_keeps_its_place_whatever_is_added_later() {
    let stored: Vec<Vec<u8>> =
        [Role::SeniorLeader, Role::Technician, Role::DeputySafeguardingLead, Role::AuthorityOfficer]
            .iter()
            .map(muster_core::codec::encode)
            .collect();
    assert_eq!(stored, [vec![0], vec![9], vec![10], vec![22]]);
}

#[test]
fn a_list_of_rights_is_known_again_as_the_role_it_was_given_for() {
    for role in Role::all() {
        for sites in [vec![], vec![HARBOUR], vec![HARBOUR, HILL]] {
            let named = &role.nameable()[..role.nameable().len().min(2)];
            let given = role.capabilities_with(&sites, named);
            let (found, at, areas) = Role::of(role.rank(), &given).unwrap();
            assert_eq!(found.capabilities_with(&at, &areas), given);
            assert_eq!((at, areas.as_slice()), (sites, named), "{role:?}");
        }
    }
    assert_eq!(Role::of(4, &[Capability { right: Right::Read, area: Which::Any, place: Which::Any }]), None);
}

#[test]
fn a_device_alone_reads_only_the_roll_and_the_trail_of_its_own_site() {
    for kind in [DeviceKind::Tablet, DeviceKind::Laptop] {
        let given = kind.capabilities(&[HARBOUR]);
        assert!(may(&given, Right::Read, ROLL, HARBOUR) && may(&given, Right::Hold, PUPIL, HARBOUR));
        assert!(!may(&given, Right::Read, ROLL, HILL) && !may(&given, Right::Read, PUPIL, HARBOUR));
        assert!(!may(&given, Right::Hold, PUPIL, HILL) && may(&given, Right::Hold, SCHOOL, PlaceId::ZERO));
        assert!(!may(&given, Right::Read, SCHOOL, PlaceId::ZERO));
    }
}

#[test]
fn a_kiosk_and_a_store_read_nothing_and_only_a_laptop_keeps_leads_keys() {
    for kind in DeviceKind::ALL {
        let given = kind.capabilities(&[HARBOUR]);
        let has = |right| given.iter().any(|one| one.right == right);
        assert_eq!(has(Right::Read), matches!(kind, DeviceKind::Tablet | DeviceKind::Laptop), "{kind:?}");
        assert_eq!(has(Right::Write), kind != DeviceKind::Blind, "{kind:?}");
        assert_eq!(has(Right::Hold), kind != DeviceKind::Kiosk, "{kind:?}");
        assert_eq!(has(Right::KeepLeads), kind == DeviceKind::Laptop, "{kind:?}");
        assert_eq!(DeviceKind::from_code(kind.code()), Some(kind));
        assert_eq!(DeviceKind::of(&given), Some((kind, vec![HARBOUR])));
        assert_eq!(DeviceKind::of(&kind.capabilities(&[])), Some((kind, vec![])));
    }
}

#[test]
fn every_kind_of_device_is_let_in_by_the_lead_of_its_site_and_by_nobody_else_there() {
    for kind in DeviceKind::ALL {
        let to = Grantee::Device { device: DeviceId::ZERO, agree: PublicAgree([0; 32]) };
        let capabilities = kind.capabilities(&[HARBOUR]);
        let grant = Grant { to, rank: RANK_DEVICE, capabilities, until: None };
        let enrol: Vec<_> = Role::all().filter(|role| allows(&of(*role, &[HARBOUR]), &grant)).collect();
        assert_eq!(enrol, [Role::SeniorLeader, Role::SiteLead, Role::Administrator], "{kind:?}");
        assert!(!allows(&of(Role::SiteLead, &[HILL]), &grant), "{kind:?}");
    }
}

//! Who can read and write what, and why; accounts.

use super::*;
use crate::areas::{FAMILY, PUPIL, REGISTER, SAFEGUARDING, SHOWN, STAFF};
use crate::calendar;
use crate::facts::access::Event;
use crate::rights::{self, Reach};
use crate::roles::DeviceKind;
use crate::show;
use crate::view::people::AccountState;
use crate::view::roles::{RolesChosen, RolesView};
use muster_core::authority::grant::{RANK_DEVICE, RANK_HEAD};
use muster_core::authority::view::Holder;
use muster_core::document::fact::Origin;
use muster_core::id::{DeviceId, EntryHash, GrantId};
use muster_core::replica::records::{HeldRights, Stated, Statement};

const PRIYA: PersonId = PersonId([0xA3; 16]);
const SAM: PersonId = PersonId([0xA4; 16]);
const TABLET: DeviceId = DeviceId([0x55; 32]);

fn held(
    number: u8,
    holder: Holder,
    rank: u8,
    capabilities: Vec<muster_core::authority::capability::Capability>,
    given: Option<Origin>,
) -> HeldRights {
    HeldRights { grant: GrantId([number; 32]), holder, rank, capabilities, given, until: None, live: true }
}

fn staff(office: &mut Office<'_, MemoryRecords>, id: PersonId, forename: &str, surname: &str, site: PlaceId) {
    office.add_person(Some(id), &super::person(forename, surname, vec![site])).unwrap();
}

/// Helen is the head, Tom teaches, Priya is the safeguarding lead, Sam has a day pass of yesterday.
fn with_rights() -> Small {
    let mut small = small();
    let site = small.site;
    let mut office = small.desk.office();
    staff(&mut office, PRIYA, "Priya", "Nair", site);
    staff(&mut office, SAM, "Sam", "Reid", site);
    office.name_device(TABLET, "Hall tablet", Some(site)).unwrap();
    let device = small.desk.records.device();
    let records = &mut small.desk.records;
    let given = Some(Origin { at: calendar::moment(Day::parse("2026-09-03").unwrap(), 600), ..records.origin() });
    let person = |number, person, role: Role, sites: &[PlaceId]| {
        held(number, Holder::Person(person), role.rank(), role.capabilities(sites), given)
    };
    records.hold(held(1, Holder::Person(HELEN), RANK_HEAD, Vec::new(), None));
    records.hold(person(2, TOM, Role::CoreStaff, &[site]));
    records.hold(person(3, PRIYA, Role::SafeguardingLead, &[]));
    let over = calendar::moment(Day::parse("2026-11-22").unwrap(), 1_439);
    records.hold(HeldRights { until: Some(over), ..person(4, SAM, Role::AgencyStaff, &[site]) });
    let tablet = DeviceKind::Tablet.capabilities(&[site]);
    records.hold(held(5, Holder::Device(TABLET), RANK_DEVICE, tablet, given));
    records.hold(held(6, Holder::Device(device), RANK_DEVICE, DeviceKind::Laptop.capabilities(&[]), None));
    small
}

fn roles(small: &mut Small, chosen: RolesChosen) -> RolesView {
    show::roles(&small.desk.records, &small.desk.known, Some(chosen)).unwrap()
}

#[test]
fn the_page_says_of_each_person_how_far_they_get_in_each_area() {
    let mut small = with_rights();
    let view = roles(&mut small, RolesChosen::Person(TOM));
    assert_eq!(view.summary, "3 people have rights. 2 of them read safeguarding files.");
    let rows: Vec<_> = view.people.iter().map(|row| (row.name.as_str(), row.role.as_str())).collect();
    let expected = [
        ("Marsh, Helen", "Head, every site"),
        ("Nair, Priya", "Safeguarding lead, every site"),
        ("Okafor, Tom", "Core staff, Harbour"),
    ];
    assert_eq!(rows, expected);
    let reach = |row: usize, area| {
        let at = SHOWN.iter().position(|shown| *shown == area).unwrap();
        view.people[row].reaches[at]
    };
    assert!(SHOWN.iter().all(|area| reach(0, *area) == Reach::Writes), "the head gets everywhere");
    assert_eq!((reach(1, SAFEGUARDING), reach(1, STAFF)), (Reach::Writes, Reach::Nothing));
    assert_eq!((reach(2, REGISTER), reach(2, SAFEGUARDING)), (Reach::Writes, Reach::Opens));
}

#[test]
fn a_persons_rights_are_explained_by_role_giver_day_and_site() {
    let mut small = with_rights();
    let detail = roles(&mut small, RolesChosen::Person(TOM)).detail.unwrap();
    assert_eq!(detail.title, "Tom Okafor");
    let block = &detail.blocks[0];
    assert_eq!(block.title, "Core staff, Harbour");
    assert_eq!(block.why, "Given by Helen Marsh on Thursday 3 September. No end is set.");
    let line = |what: &str, of: &str| (what.to_owned(), of.to_owned());
    let expected = [
        line("Reads and writes", "On-site lists, Registers, Pupils, Care, Family, Learning and Behaviour at Harbour"),
        line("Reads", "School for the whole school"),
        line("Adds, without reading", "Record of use at Harbour"),
        line("Opens a case", "Safeguarding at Harbour"),
    ];
    assert_eq!(block.lines, expected);
    let lead = roles(&mut small, RolesChosen::Person(PRIYA)).detail.unwrap();
    assert!(lead.blocks[0].lines.iter().any(|(what, _)| what == "Gives roles"), "{:?}", lead.blocks[0].lines);
}

#[test]
fn an_area_says_who_gets_in_and_who_could_let_somebody_in() {
    let mut small = with_rights();
    let detail = roles(&mut small, RolesChosen::Area(SAFEGUARDING)).detail.unwrap();
    let first = |at: usize| (detail.blocks[at].title.as_str(), detail.blocks[at].lines[0].0.as_str());
    let who: Vec<_> = (0..detail.blocks.len()).map(first).collect();
    let expected =
        [("Marsh, Helen", "Reads and writes"), ("Nair, Priya", "Reads and writes"), ("Okafor, Tom", "Opens a case")];
    assert_eq!(who, expected);
    assert!(detail.notes.contains(&"Only the head and the safeguarding lead let anybody in.".to_owned()));
    let rolls = roles(&mut small, RolesChosen::Area(crate::areas::ROLL)).detail.unwrap();
    assert!(rolls.notes[0].starts_with("2 devices of the school open it with nobody signed in"), "{:?}", rolls.notes);
}

#[test]
fn whose_day_pass_is_over_can_do_nothing_and_whose_rights_were_taken_neither() {
    let mut small = with_rights();
    let records = &mut small.desk.records;
    let all = rights::of_persons(records);
    let sam = all.iter().find(|(person, _)| *person == SAM).unwrap();
    assert_eq!(sam.1.standing, rights::Standing::Ended);
    let taken = HeldRights { live: false, ..records.holders().remove(1) };
    records.hold(HeldRights { grant: GrantId([9; 32]), holder: Holder::Person(SAM), ..taken });
    let view = roles(&mut small, RolesChosen::Person(SAM));
    assert_eq!(view.detail, None);
    assert!(view.people.iter().all(|row| row.person != SAM));
}

fn say(records: &mut MemoryRecords, number: u8, says: Statement) {
    let (entry, origin) = (EntryHash([number; 32]), records.origin());
    records.state(Stated { entry, origin, says, by_cards: false });
}

#[test]
fn the_list_of_accounts_says_role_state_activation_and_last_sign_in_and_holds_no_secret() {
    let mut small = with_rights();
    let site = small.site;
    small.desk.at(clock(9, 14));
    small.desk.records.sign_in(TOM);
    say(&mut small.desk.records, 1, Statement::Activated(TOM));
    say(&mut small.desk.records, 2, Statement::Seated(TOM));
    small.desk.office().note_access(site, Event::SignedIn).unwrap();
    small.desk.records.sign_in(HELEN);
    let view = show::people(&mut small.desk.records, &small.desk.known, Some(HELEN), Some(TOM)).unwrap();
    assert_eq!(view.summary, "4 people: 2 active, 1 invited, 1 ended.");
    let row = |name: &str| view.rows.iter().find(|row| row.name == name).unwrap();
    let tom = row("Okafor, Tom");
    assert_eq!((tom.role.as_str(), tom.sites.as_str(), tom.state), ("Core staff", "Harbour", AccountState::Active));
    assert_eq!((tom.activated.as_str(), tom.last.as_str()), ("09:14, Office laptop", "09:14"));
    assert_eq!(row("Nair, Priya").state, AccountState::Invited);
    assert_eq!((row("Reid, Sam").state, row("Reid, Sam").last.as_str()), (AccountState::Ended, "never"));
    let detail = view.detail.unwrap();
    let said = |what: &str| detail.lines.iter().find(|(line, _)| line == what).map(|(_, of)| of.as_str());
    assert_eq!(said("Activated"), Some("today at 09:14, on Office laptop, with words from Helen Marsh"));
    assert_eq!(said("May sign in on"), Some("Hall tablet and Office laptop"));
    assert_eq!(said("Has signed in on"), Some("Office laptop"));
}

#[test]
fn before_a_leaver_is_removed_it_is_said_what_they_can_still_read_and_on_which_devices() {
    let mut small = with_rights();
    small.desk.records.sign_in(TOM);
    say(&mut small.desk.records, 1, Statement::Activated(TOM));
    say(&mut small.desk.records, 2, Statement::Seated(TOM));
    let view = show::people(&mut small.desk.records, &small.desk.known, Some(HELEN), Some(TOM)).unwrap();
    let removal = view.detail.unwrap().removal.unwrap();
    assert!(
        removal.stays[0]
            .starts_with("Up to now, on Office laptop: Behaviour, Care, Family, Learning, On-site lists, Pupils")
    );
    assert!(removal.ends[0].starts_with("Tom Okafor cannot sign in"));
    let of = |small: &mut Small, me, whom| {
        let view = show::people(&mut small.desk.records, &small.desk.known, Some(me), Some(whom)).unwrap();
        view.detail.unwrap()
    };
    assert_eq!(of(&mut small, TOM, PRIYA).removal, None, "a teacher removes nobody");
    assert_eq!(of(&mut small, HELEN, HELEN).removal, None, "nor the head herself");
    assert!(
        of(&mut small, HELEN, PRIYA).removal.unwrap().ends.contains(&"The one-time words stop working.".to_owned())
    );
}

#[test]
fn the_roles_offered_are_those_that_whoever_is_signed_in_may_give() {
    let mut small = with_rights();
    let mut offered = |me| {
        let view = show::people(&mut small.desk.records, &small.desk.known, Some(me), None).unwrap();
        view.roles.iter().map(|choice| choice.role).collect::<Vec<_>>()
    };
    assert_eq!(offered(HELEN), Role::all().collect::<Vec<_>>());
    let lead = offered(PRIYA);
    assert!(lead.contains(&Role::DeputySafeguardingLead) && !lead.contains(&Role::SafeguardingLead));
    assert!(lead.iter().all(|role| role.rank() == 4), "the safeguarding lead names staff, nobody of their own rank");
    assert!(offered(TOM).is_empty() && offered(SAM).is_empty());
    let mut adds =
        |me| show::people(&mut small.desk.records, &small.desk.known, Some(me), None).unwrap().may_add_people;
    assert!(adds(HELEN) && !adds(PRIYA), "the lead of an area adds nobody to the directory");
}

#[test]
fn leads_sign_in_on_laptops_for_leads_only_and_nobody_on_a_kiosk_or_a_store() {
    let mut small = with_rights();
    let site = small.site;
    let records = &mut small.desk.records;
    for (number, kind) in [(10, DeviceKind::Kiosk), (11, DeviceKind::Blind)] {
        let device = Holder::Device(DeviceId([number; 32]));
        records.hold(held(number, device, RANK_DEVICE, kind.capabilities(&[site]), None));
    }
    let deputy = Role::DeputySafeguardingLead;
    records.hold(held(12, Holder::Person(SAM), deputy.rank(), deputy.capabilities(&[site]), None));
    let devices = rights::of_devices(records);
    let may = |person| {
        let all = rights::of_persons(records);
        let all: Vec<_> = all.iter().filter(|(known, _)| *known == person).map(|(_, rights)| rights).collect();
        let on = |device: &rights::Rights| all.iter().any(|person| rights::may_sign_in_on(person, device));
        devices.iter().filter(|(_, rights)| on(rights)).count()
    };
    assert_eq!((may(TOM), may(HELEN), may(PRIYA)), (2, 1, 1));
    assert_eq!(may(SAM), 1, "a deputy reads safeguarding files, so only where leads do");
}

#[test]
fn rights_of_another_version_are_shown_as_they_are_and_named_as_such() {
    use muster_core::authority::capability::{Capability, Right, Which};
    let mut small = with_rights();
    let one = Capability { right: Right::Read, area: Which::One(REGISTER), place: Which::One(small.site) };
    small.desk.records.hold(held(20, Holder::Person(SAM), 4, vec![one], None));
    let detail = roles(&mut small, RolesChosen::Person(SAM)).detail.unwrap();
    assert_eq!(detail.blocks[0].title, "Rights given singly, see the areas");
    assert_eq!(detail.blocks[0].lines, [("Reads".to_owned(), "Registers at Harbour".to_owned())]);
}

#[test]
fn reception_and_agency_staff_write_what_a_register_and_a_call_about_an_absence_come_to() {
    let site = small().site;
    for role in [Role::Reception, Role::AgencyStaff, Role::CoreStaff] {
        let mut records = MemoryRecords::new(3);
        records.hold(held(1, Holder::Person(SAM), role.rank(), role.capabilities(&[site]), None));
        let mine = crate::rights::held_by(&records, Some(SAM));
        // The mark, and the comment, the call and the child on no list that stand with the pupil.
        for area in [REGISTER, PUPIL] {
            assert!(mine.iter().any(|rights| rights.reach(area) == Reach::Writes), "{role:?}, {area:?}");
        }
        let families = mine.iter().any(|rights| rights.reach(FAMILY) == Reach::Writes);
        assert_eq!(families, role == Role::CoreStaff, "{role:?} changes no family's entry");
    }
}

//! Figures for whoever reads no register: what is published, what is kept back, and who sees it.

use super::*;
use crate::areas;
use crate::codes::Code;
use crate::facts::published::{FiguresFact, PUPILS_LEAST, Part};
use crate::facts::register::{Imported, Mark, RegisterFact};
use crate::facts::{self, Value as _, documents};
use crate::office::NewPupil;
use crate::roles::Role;
use crate::show;
use crate::view::attendance::{AttendanceFilter, AttendanceView};
use muster_core::authority::view::Holder;
use muster_core::id::GrantId;
use muster_core::replica::records::{Change, HeldRights};

pub(super) fn holds(desk: &mut Desk, person: PersonId, role: Role, sites: &[PlaceId]) {
    let capabilities = role.capabilities_with(sites, &[]);
    let (holder, rank) = (Holder::Person(person), role.rank());
    let grant = GrantId([person.0[0]; 32]);
    desk.records.hold(HeldRights { grant, holder, rank, capabilities, given: None, until: None, live: true });
}

/// A school of sites with so many pupils each, all of them marked on Monday: the first of each site absent.
fn school(sizes: &[u8]) -> (Desk, Vec<PlaceId>, PersonId) {
    let mut desk = Desk { records: MemoryRecords::new(1), known: Known::default() };
    desk.at(clock(8, 30));
    let deputy = desk.office().add_person(None, &person("Dora", "Ives", vec![])).unwrap();
    holds(&mut desk, deputy, Role::SeniorLeader, &[]);
    desk.records.sign_in(deputy);
    let mut sites = Vec::new();
    for (number, size) in sizes.iter().enumerate() {
        let name = format!("Site {number}");
        let site = desk.office().add_site(&format!("S{number}"), &name, &[]).unwrap();
        let group = desk.office().add_group(site, "Beech", None).unwrap();
        let document = documents::register(site, group, monday());
        for child in 0..*size {
            let pupil = desk.office().add_pupil(&pupil_of(site, group, &format!("Child{child}"))).unwrap();
            let code = Code::new(if child == 0 { "I" } else { "/" }).unwrap();
            let mark = Mark { pupil, session: morning().in_week(), code, minutes: None };
            let fact = RegisterFact::from(Imported(mark)).fact().unwrap();
            desk.records.write(vec![Change { document: document.clone(), facts: vec![fact] }]).unwrap();
        }
        sites.push(site);
    }
    desk.records.set_clock(monday(), clock(16, 0));
    read(&mut desk);
    (desk, sites, deputy)
}

fn pupil_of(site: PlaceId, group: GroupId, forename: &str) -> NewPupil {
    let identity = Identity {
        admission_no: format!("{forename}{site}"),
        upn: String::new(),
        surname: "Byrne".to_owned(),
        forename: forename.to_owned(),
        preferred: forename.to_owned(),
        sex: String::new(),
        born: None,
    };
    NewPupil {
        identity,
        site,
        group: Some(group),
        year: "10".to_owned(),
        starting: Some(monday().plus(-30)),
        medical: Vec::new(),
        evacuation: None,
    }
}

fn read(desk: &mut Desk) {
    let Desk { records, known } = desk;
    known.refresh(records).unwrap();
    assert_eq!(known.read_ledger(records, crate::review::period(monday()), usize::MAX).unwrap(), 0);
}

fn published(desk: &mut Desk, place: PlaceId) -> Option<Part> {
    let held = desk.records.facts(&documents::figures(place, monday())).unwrap().expect("something was published");
    let all: Vec<_> = facts::current::<FiguresFact>(&held).collect();
    assert_eq!(all.len(), 1, "one stands");
    match &all[0].value {
        FiguresFact::Published(one) => one.part,
        FiguresFact::Unknown { .. } => panic!("not known"),
    }
}

/// What a governor sees.
fn seen(desk: &mut Desk, sites: &[PlaceId]) -> AttendanceView {
    let governor = PersonId([77; 16]);
    holds(desk, governor, Role::Governor, sites);
    desk.records.sign_in(governor);
    let Desk { records, known } = desk;
    show::attendance::attendance(records, known, &AttendanceFilter::default(), usize::MAX).unwrap()
}

#[test]
fn a_governor_sees_the_weeks_figures_as_published_by_whom_and_when_and_no_pupil() {
    let (mut desk, _, _) = school(&[12, 15]);
    assert!(desk.office().may_publish());
    assert!(desk.office().publish_figures(monday()).unwrap().is_some());
    let view = seen(&mut desk, &[]);
    assert_eq!(view.title, "Whole school, week of 23 November 2026");
    assert_eq!(view.summary, "Attendance 92.6 %, 25 of 27 sessions");
    assert!(view.published.starts_with("As published by Dora Ives on 23 November 2026, 16:00."), "{}", view.published);
    let lines: Vec<_> = view.lines.iter().map(|line| (line.name.as_str(), line.attendance.as_str())).collect();
    let week: Vec<_> = lines.iter().step_by(2).copied().collect();
    assert_eq!(
        week,
        [("Whole school", "92.6 %, 25 of 27"), ("Site 0", "91.7 %, 11 of 12"), ("Site 1", "93.3 %, 14 of 15")]
    );
    let all = format!("{view:?}");
    assert!(!all.contains("Byrne") && !all.contains("Child"), "{all}");
}

#[test]
fn fewer_than_ten_pupils_have_no_figures_of_their_own_and_no_sum_tells_them() {
    let (mut desk, sites, _) = school(&[4, 12, 30]);
    desk.office().publish_figures(monday()).unwrap();
    assert!(published(&mut desk, PlaceId::ZERO).is_some());
    assert_eq!(published(&mut desk, sites[0]), None, "too few");
    assert_eq!(published(&mut desk, sites[1]), None, "the school less the others would tell the first");
    assert_eq!(published(&mut desk, sites[2]).map(|part| part.pupils), Some(30));
    let view = seen(&mut desk, &[]);
    let kept: Vec<_> = view.lines.iter().filter(|line| line.kept_back).map(|line| line.name.as_str()).collect();
    assert_eq!(kept, ["Site 0", "Site 1"]);
    // Two small ones hide each other.
    let (mut desk, sites, _) = school(&[6, 7, 30]);
    desk.office().publish_figures(monday()).unwrap();
    assert_eq!([sites[0], sites[1]].map(|site| published(&mut desk, site)), [None, None]);
    assert!(published(&mut desk, sites[2]).is_some());
    // A school of nine has none at all.
    let (mut desk, ..) = school(&[9]);
    desk.office().publish_figures(monday()).unwrap();
    assert_eq!(published(&mut desk, PlaceId::ZERO), None);
    assert_eq!(seen(&mut desk, &[]).summary, "Too few pupils for a figure");
    assert_eq!(PUPILS_LEAST, 10);
}

#[test]
fn figures_that_have_not_changed_are_not_published_again_and_changed_ones_take_their_place() {
    let (mut desk, sites, _) = school(&[12]);
    assert!(desk.office().publish_figures(monday()).unwrap().is_some());
    desk.records.set_clock(monday(), clock(17, 0));
    assert!(desk.office().publish_figures(monday()).unwrap().is_none());
    let group = desk.known.school().groups.keys().next().copied().unwrap();
    let pupil = desk.known.members(group, monday())[0].id;
    let mark = Mark { pupil, session: afternoon().in_week(), code: Code::new("\\").unwrap(), minutes: None };
    let fact = RegisterFact::from(Imported(mark)).fact().unwrap();
    let document = documents::register(sites[0], group, monday());
    desk.records.write(vec![Change { document, facts: vec![fact] }]).unwrap();
    read(&mut desk);
    assert!(desk.office().publish_figures(monday()).unwrap().is_some());
    assert_eq!(published(&mut desk, PlaceId::ZERO).map(|part| part.week.attended), Some(12));
}

#[test]
fn figures_are_published_by_whoever_reads_every_register_and_writes_figures_and_by_nobody_else() {
    let (mut desk, sites, deputy) = school(&[12, 15]);
    let whoever = [
        (deputy, None, true),
        (PersonId([80; 16]), Some((Role::SiteLead, vec![sites[0]])), false),
        (PersonId([81; 16]), Some((Role::CoreStaff, vec![])), false),
        (PersonId([82; 16]), Some((Role::Governor, vec![])), false),
    ];
    for (who, role, may) in whoever {
        if let Some((role, sites)) = &role {
            holds(&mut desk, who, *role, sites);
        }
        desk.records.sign_in(who);
        assert_eq!(desk.office().may_publish(), may, "{role:?}");
    }
}

#[test]
fn before_anything_is_published_a_governor_is_told_so_and_a_teacher_sees_the_registers() {
    let (mut desk, ..) = school(&[12]);
    let view = seen(&mut desk, &[]);
    assert_eq!(view.summary, "No figures have been published yet");
    let teacher = PersonId([78; 16]);
    holds(&mut desk, teacher, Role::CoreStaff, &[]);
    desk.records.sign_in(teacher);
    let Desk { records, known } = &mut desk;
    let view = show::attendance::attendance(records, known, &AttendanceFilter::default(), usize::MAX).unwrap();
    assert_eq!((view.published.as_str(), view.title.starts_with("Whole school")), ("", true));
    assert!(!areas::is_school_wide(areas::FIGURES));
}

//! The screen of pupils: what it says to whom, and what its forms do.

use super::*;
use crate::facts::custody::{Confidential, Home, WhoseHome};
use crate::facts::family::{Address, Contact};
use crate::known::family::Family;
use crate::office::EntryChange;
use crate::show::family_forms::{self, Part, Read};
use crate::show::{self, pupil_forms};
use crate::view::pupils::{Answer, Answers, Ask, Doing, Form, PupilsView};
use muster_core::authority::grant::RANK_HEAD;
use muster_core::authority::view::Holder;
use muster_core::id::GrantId;
use muster_core::replica::records::HeldRights;

pub(super) fn with_rights() -> Small {
    let mut small = small();
    let held = |number, person, rank, capabilities| HeldRights {
        grant: GrantId([number; 32]),
        holder: Holder::Person(person),
        rank,
        capabilities,
        given: None,
        until: None,
        live: true,
    };
    let site = small.site;
    small.desk.records.hold(held(1, HELEN, RANK_HEAD, Vec::new()));
    small.desk.records.hold(held(2, TOM, Role::CoreStaff.rank(), Role::CoreStaff.capabilities(&[site])));
    small
}

pub(super) fn seen(small: &mut Small, who: PersonId, typed: &str, pupil: Option<PupilId>) -> PupilsView {
    let Desk { records, known } = &mut small.desk;
    show::pupils(records, known, Some(who), typed, pupil, true).unwrap()
}

#[test]
fn the_last_of_three_hundred_pupils_is_on_the_list_with_nothing_typed() {
    let mut small = with_rights();
    let (site, beech) = (small.site, small.beech);
    for number in 0..300 {
        let identity = crate::facts::pupil::Identity {
            admission_no: format!("{number}"),
            upn: String::new(),
            surname: format!("Zz{number:03}"),
            forename: "Ada".into(),
            preferred: "Ada".into(),
            sex: String::new(),
            born: None,
        };
        let new = crate::office::NewPupil {
            identity,
            site,
            group: Some(beech),
            year: "7".into(),
            starting: None,
            medical: Vec::new(),
            evacuation: None,
        };
        small.desk.office().add_pupil(&new).unwrap();
    }
    let view = seen(&mut small, HELEN, "", None);
    assert_eq!((view.rows.len(), view.more), (306, 0));
    assert_eq!(view.rows.last().unwrap().name, "Zz299, Ada");
}

/// The answers of a form as it opens, some of them changed.
pub(super) fn answered(form: &Form, typed: &[(&'static str, &str)]) -> Answers {
    let mut answers = Answers::default();
    for ask in &form.asks {
        match ask {
            Ask::Head(_) | Ask::Words(_) => None,
            Ask::Line { key, value, .. } => answers.0.insert(key, Answer::Line(value.clone())),
            Ask::Choice { key, chosen, .. } => answers.0.insert(key, Answer::Choice(*chosen)),
            Ask::Tick { key, on, .. } => answers.0.insert(key, Answer::Tick(*on)),
        };
    }
    for (key, value) in typed {
        assert!(answers.0.insert(key, Answer::Line((*value).to_owned())).is_some(), "the form asks for {key}");
    }
    answers
}

#[test]
fn a_pupil_is_found_by_any_part_of_a_name_and_twins_are_told_apart() {
    let mut small = with_rights();
    let view = seen(&mut small, HELEN, "pat", None);
    let rows: Vec<_> = view.rows.iter().map(|row| (row.name.as_str(), row.group.as_str(), row.note.as_str())).collect();
    assert_eq!(
        rows,
        [
            ("Patel, Arun", "Beech, Year 10", "Same name as another"),
            ("Patel, Arun", "Beech, Year 11", "Same name as another")
        ]
    );
    assert_eq!(view.summary, "6 pupils on the register.");
    assert!(view.may.contains(&Doing::Admit));
    assert!(seen(&mut small, TOM, "", None).may.is_empty(), "a teacher admits nobody");
}

#[test]
fn a_confidential_address_is_shown_to_leads_alone_and_says_from_whom_it_is_kept() {
    let mut small = with_rights();
    let ada = small.pupils[0];
    let address = Address { line: "3 Mill Lane".to_owned(), town: String::new(), postcode: String::new() };
    let kept = Confidential { of: WhoseHome::Pupil, from: vec!["Dan Byrne".to_owned()], holds: true };
    let family = vec![address.into(), kept.into()];
    small.desk.office().amend_entry(ada, &EntryChange { family, ..EntryChange::default() }, "").unwrap();
    let all = |view: PupilsView| format!("{:?}", view.detail.unwrap());
    let lead = all(seen(&mut small, HELEN, "", Some(ada)));
    assert!(lead.contains("3 Mill Lane (CONFIDENTIAL: kept from Dan Byrne)"), "{lead}");
    let teacher = all(seen(&mut small, TOM, "", Some(ada)));
    assert!(!teacher.contains("Mill Lane") && teacher.contains("Confidential: ask the office"), "{teacher}");
}

#[test]
fn an_order_entered_on_the_screen_takes_the_number_away_and_says_why() {
    let mut small = with_rights();
    let ada = small.pupils[0];
    let dan = Contact {
        id: Contact::listed(1),
        priority: 1,
        title: "Mr".to_owned(),
        forename: "Dan".to_owned(),
        surname: "Byrne".to_owned(),
        relationship: "Father".to_owned(),
        responsible: true,
        numbers: vec!["07700 900123".to_owned()],
        email: String::new(),
        home: Home::Unknown,
        lives_with: false,
        court_order: false,
        ended: None,
    };
    small
        .desk
        .office()
        .amend_entry(ada, &EntryChange { family: vec![dan.into()], ..EntryChange::default() }, "")
        .unwrap();
    let contacts = |small: &mut Small| {
        let right = seen(small, TOM, "", Some(ada)).detail.unwrap().right;
        right.into_iter().flat_map(|block| block.facts).map(|(what, of)| format!("{what}: {of}")).collect::<Vec<_>>()
    };
    assert_eq!(contacts(&mut small), ["1 Dan Byrne: Father. 07700 900123. May collect"]);
    let pupil = small.desk.known.pupil(ada).unwrap().clone();
    let family = small.desk.known.family(&mut small.desk.records, ada).unwrap().unwrap();
    let form = family_forms::form(Doing::Order, Part::New, &pupil, &family, monday());
    let mut answers = answered(&form, &[("words", "Paper seen 2/9")]);
    let read = |answers: &Answers, family: &Family| {
        family_forms::read((Doing::Order, Part::New), answers, family, monday(), [1; 16])
    };
    assert_eq!(read(&answers, &family).unwrap_err(), "Kind: choose which order it is");
    answers.0.insert("kind", Answer::Choice(Some(1)));
    answers.0.insert("whom", Answer::Choice(Some(0)));
    let Read::Write(change, reason) = read(&answers, &family).unwrap() else { panic!("nothing is left to ask") };
    small.desk.office().amend_entry(ada, &change, &reason).unwrap();
    let told = contacts(&mut small);
    assert!(told[0].starts_with("1 Dan Byrne: Father. DO NOT CALL: Non-molestation order"), "{told:?}");
    assert!(!told.join(" ").contains("07700"), "the number is not there to be called by mistake");
}

#[test]
fn a_pupil_is_admitted_from_the_form_and_a_wrong_field_is_named() {
    let mut small = with_rights();
    let form = pupil_forms::entry_form(&small.desk.known, None);
    let typed = [
        ("forename", "Mina"),
        ("surname", "Oyelaran"),
        ("born", "2/3/2015"),
        ("number", "0412"),
        ("year", "6"),
        ("starting", "23/11/2026"),
        ("p1 forenames", "Folake Ann"),
        ("p1 surname", "Oyelaran"),
        ("p1 first number", "07700 900111"),
    ];
    let mut answers = answered(&form, &typed);
    answers.0.insert("group", Answer::Choice(Some(0)));
    let mut wrong = answers.clone();
    wrong.0.insert("born", Answer::Line("31/02/2015".to_owned()));
    let problem = pupil_forms::read_entry(&wrong, None, || [9; 16]).unwrap_err();
    assert_eq!(problem, "Date of birth: there is no such date as \"31/02/2015\"");
    wrong = answers.clone();
    wrong.0.insert("upn", Answer::Line("B20700001604X".to_owned()));
    assert!(pupil_forms::read_entry(&wrong, None, || [9; 16]).unwrap_err().starts_with("UPN: "));
    let change = pupil_forms::read_entry(&answers, None, || [9; 16]).unwrap();
    let new = pupil_forms::read_new(&small.desk.known, &answers, &change).unwrap();
    let id = small.desk.office().admit(&new, &change).unwrap();
    let family = small.desk.known.family(&mut small.desk.records, id).unwrap().unwrap();
    assert_eq!(family.parents[0].full(), "Folake Ann Oyelaran");
    assert!(small.desk.known.members(small.beech, monday()).iter().any(|pupil| pupil.id == id));
    // Opened again and sent as it is, the form changes nothing.
    let pupil = small.desk.known.pupil(id).unwrap().clone();
    let form = pupil_forms::entry_form(&small.desk.known, Some((&pupil, &family)));
    let same = pupil_forms::read_entry(&answered(&form, &[]), Some((&pupil, &family)), || [8; 16]).unwrap();
    let again = small.desk.office().amend_entry(id, &same, "Nothing");
    assert!(matches!(again, Err(crate::office::OfficeError::Nothing(_))), "{again:?}");
    assert!(pupil_forms::entry_form(&small.desk.known, Some((&pupil, &Family::default()))).asks.len() > 40);
}

#[test]
fn an_absence_is_planned_and_a_timetable_agreed_on_the_pupils_page_by_whoever_writes_about_pupils() {
    use crate::show::plan_forms;
    let mut small = with_rights();
    let ada = small.pupils[0];
    let may = seen(&mut small, TOM, "", Some(ada)).detail.unwrap().may;
    assert_eq!(
        may,
        [Doing::Plan, Doing::Timetable, Doing::Leaving],
        "a teacher plans and writes care, and does not amend the admission register"
    );
    let pupil = small.desk.known.pupil(ada).cloned().unwrap();
    let form = plan_forms::plan_form(&small.desk.known, &pupil, monday());
    let mut answers = answered(&form, &[("note", "Dentist")]);
    assert!(plan_forms::read_plan(&small.desk.known, &answers, monday()).unwrap_err().contains("choose what"));
    let items = form.asks.iter().find_map(|ask| match ask {
        Ask::Choice { key: "code", items, .. } => Some(items.clone()),
        _ => None,
    });
    let items = items.unwrap();
    assert!(!items.iter().any(|item| item.starts_with('/') || item.starts_with('L')), "no presence is planned");
    let medical = items.iter().position(|item| item.starts_with("M ")).unwrap();
    answers.0.insert("code", Answer::Choice(Some(medical)));
    answers.0.insert("half", Answer::Choice(Some(2)));
    let plan = plan_forms::read_plan(&small.desk.known, &answers, monday()).unwrap();
    let code = plan.code.to_string();
    small.desk.office().plan(ada, plan.days, plan.half, &code, &plan.note).unwrap();
    let held = small.desk.known.pupil(ada).cloned().unwrap();
    assert!(held.plan(morning()).is_none());
    assert_eq!(held.plan(afternoon()).map(|plan| plan.code.to_string()).as_deref(), Some("M"));

    let form = plan_forms::timetable_form(&held, monday());
    let typed = [("off", "fri pm"), ("last", "18/12/2026"), ("agreed", "16/11/2026"), ("review", "04/12/2026")];
    let bare = plan_forms::read_timetable(&answered(&form, &typed)).unwrap();
    let said = small.desk.office().set_timetable(ada, bare).unwrap_err().to_string();
    assert!(said.contains("which parent agreed"), "{said}");
    let typed = [&typed[..], &[("note", "Pathway to Full-Time Plan, agreed with Grace Byrne")]].concat();
    let table = plan_forms::read_timetable(&answered(&form, &typed)).unwrap();
    small.desk.office().set_timetable(ada, table).unwrap();
    let held = small.desk.known.pupil(ada).cloned().unwrap();
    let friday = Session::pm(monday().plus(4));
    assert_eq!(held.plan(friday).map(|plan| plan.code.to_string()).as_deref(), Some("C2"));
    let again = plan_forms::timetable_form(&held, monday());
    let off = again.asks.iter().find_map(|ask| match ask {
        Ask::Line { key: "off", value, .. } => Some(value.clone()),
        _ => None,
    });
    assert_eq!(off.as_deref(), Some("fri pm"), "what stands is in the form");
    assert!(plan_forms::read_timetable(&answered(&form, &[("off", "someday")])).unwrap_err().contains("mon am"));
}

#[test]
fn a_child_on_no_list_is_matched_on_the_pupils_page_and_is_not_counted_on_the_register() {
    use crate::show::plan_forms;
    let mut small = with_rights();
    let before = seen(&mut small, HELEN, "", None).summary;
    let child = small.desk.office().add_unlisted(small.beech, "Ada Burn", "Says she starts today").unwrap();
    let view = seen(&mut small, HELEN, "burn", Some(child));
    assert_eq!((view.summary, view.rows[0].note.as_str()), (before, "Written down provisionally"));
    assert_eq!(view.detail.unwrap().may, [Doing::Match]);
    let held = small.desk.known.pupil(child).cloned().unwrap();
    let form = plan_forms::match_form(&held);
    let read =
        |small: &Small, typed: &str| plan_forms::read_match(&small.desk.known, &answered(&form, &[("pupil", typed)]));
    assert!(read(&small, "patel").unwrap_err().starts_with("2 pupils"));
    assert!(read(&small, "nobody").unwrap_err().contains("admit the child first"));
    assert_eq!(read(&small, "byrne"), Ok(plan_forms::Matching::Pupil(small.pupils[0])));
    let gone = answered(&form, &[("gone", "Her aunt fetched her")]);
    let gone = plan_forms::read_match(&small.desk.known, &gone).unwrap();
    assert_eq!(gone, plan_forms::Matching::Gone("Her aunt fetched her".to_owned()));
    let both = answered(&form, &[("pupil", "byrne"), ("gone", "Home")]);
    assert!(plan_forms::read_match(&small.desk.known, &both).is_err());
}

#[test]
fn a_day_the_calendar_closes_is_a_hash_on_a_pupils_page_and_a_mark_made_before_stands() {
    let mut small = with_rights();
    let ada = small.pupils[0];
    small.desk.at(clock(8, 50)).office().take(small.beech, morning(), &[entry(ada, "/")], false).unwrap();
    let closed =
        crate::facts::school::Closure { site: None, first: monday(), last: monday(), label: "Snow day".into() };
    small.desk.office().close(closed).unwrap();
    let weeks = seen(&mut small, HELEN, "byrne", Some(ada)).detail.unwrap().weeks;
    let week = weeks.last().unwrap();
    let codes: Vec<_> = week.cells.iter().map(|(code, _)| code.as_str()).collect();
    assert_eq!(codes[..3], ["/", "#", ""], "{codes:?}");
    assert!(week.spoken.contains("Monday afternoon school closed"), "{}", week.spoken);
}

#[test]
fn whoever_takes_a_register_that_nobody_was_said_to_take_covers_for_the_site_lead() {
    let mut small = with_rights();
    let (site, ada) = (small.site, small.pupils[0]);
    let oak = small.desk.office().add_group(site, "Oak", None).unwrap();
    small.desk.at(clock(8, 50)).office().place_pupil(ada, oak, monday()).unwrap();
    let cover = |desk: &mut Desk| {
        show::register(&mut desk.records, &mut desk.known, &show::register_key(oak, morning())).unwrap().cover
    };
    assert_eq!(cover(&mut small.desk), "", "a head leads there");
    let holders = muster_core::replica::records::Records::holders(&small.desk.records);
    let mut tablet = small.desk.another(2, Some(TOM));
    holders.into_iter().for_each(|held| tablet.records.hold(held));
    assert_eq!(cover(&mut tablet), "You cover for the site lead.");
    tablet.at(clock(8, 55)).office().take(oak, morning(), &[entry(ada, "/")], true).unwrap();
    small.desk.hear(&tablet);
    let wanted = crate::story::Wanted { day: Some(monday()), ..Default::default() };
    let Desk { records, known } = &mut small.desk;
    let told: Vec<_> = crate::story::tell(records, known, &wanted).unwrap().iter().map(|told| told.text()).collect();
    assert!(told.iter().any(|line| line.contains("in place of the site lead")), "{told:?}");
}

#[test]
fn what_two_people_apart_entered_differently_is_said_and_settled_by_an_amendment_or_a_reason() {
    use crate::facts::family::{Address, FamilyFact};
    use crate::office::EntryChange;
    let mut small = with_rights();
    let ada = small.pupils[0];
    let named = |small: &Small, surname: &str| {
        let held = small.desk.known.pupil(ada).unwrap().identity.clone();
        let at = Address { line: format!("3 {surname} Lane"), town: String::new(), postcode: String::new() };
        let identity = Some(crate::facts::pupil::Identity { surname: surname.to_owned(), ..held });
        EntryChange { identity, family: vec![FamilyFact::from(at)], ..EntryChange::default() }
    };
    let (here, there) = (named(&small, "Byrne-Hall"), named(&small, "Hall"));
    let mut other = small.desk.another(2, Some(TOM));
    small.desk.office().amend_entry(ada, &here, "Deed poll seen").unwrap();
    other.office().amend_entry(ada, &there, "She rang").unwrap();
    let warned = |small: &mut Small| {
        let warnings = seen(small, HELEN, "", Some(ada)).detail.unwrap().warnings;
        warnings.into_iter().find(|line| line.contains("Two people apart"))
    };
    assert_eq!(warned(&mut small), None);
    small.desk.hear(&other);
    let said = warned(&mut small).unwrap();
    assert!(said.contains("names and numbers; address"), "{said}");
    let shows = small.desk.known.pupil(ada).unwrap().identity.clone();
    let nothing = EntryChange::default();
    assert!(small.desk.office().amend_entry(ada, &nothing, "").is_err());
    small.desk.office().amend_entry(ada, &nothing, "Both papers looked at").unwrap();
    assert_eq!((warned(&mut small), &small.desk.known.pupil(ada).unwrap().identity), (None, &shows));
    assert!(small.desk.office().amend_entry(ada, &nothing, "Again").is_err(), "nothing is left to settle");
}

#[test]
fn what_kept_a_pupil_away_by_a_sensitive_code_is_for_leads_and_in_no_daily_extract() {
    let mut small = with_rights();
    let (ada, beech) = (small.pupils[0], small.beech);
    let mut mark = entry(ada, "Y5");
    mark.note = Some("Remanded".to_owned());
    small.desk.at(clock(9, 0)).office().take(beech, morning(), &[mark], false).unwrap();
    let row = |desk: &mut Desk| {
        let view = show::register(&mut desk.records, &mut desk.known, &show::register_key(beech, morning())).unwrap();
        view.rows.into_iter().find(|row| row.pupil == ada.into()).unwrap()
    };
    assert_eq!(row(&mut small.desk).note, "Remanded", "the head reads it");
    small.desk.records.sign_in(TOM);
    let shown = row(&mut small.desk);
    assert!(!format!("{shown:?}").contains("Remanded") && shown.notes.is_empty(), "{shown:?}");
    let Desk { records, known } = &mut small.desk;
    let table = crate::extract::register(records, known, (monday(), monday()), None, None).unwrap();
    assert!(!format!("{:?}", table.rows).to_lowercase().contains("detention"), "{:?}", table.rows);
}

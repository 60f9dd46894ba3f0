//! Forms of pupils at the desk: which opens, what it does, and how one that was left half filled opens again.

use super::{AtDesk, PASSPHRASE, school};
use muster_core::replica::records::Records;
use muster_gui::intent::PupilAct;
use muster_gui::{Intent, Screen, Secret, Update};
use muster_school::admission::Evidence;
use muster_school::calendar::{Day, Session};
use muster_school::facts::admission::Ground;
use muster_school::facts::pupil::Identity;
use muster_school::ids::PupilId;
use muster_school::office::{EntryChange, MarkEntry, NewPupil, Office, OfficeError};
use muster_school::view::pupils::{Answer, Answers, Ask, Doing, Form, PupilsView};

fn shown(updates: &[Update]) -> PupilsView {
    let found = updates.iter().rev().find_map(|update| match update {
        Update::Pupils(view) => Some((**view).clone()),
        _ => None,
    });
    found.expect("the screen of pupils")
}

pub(super) fn act(desk: &AtDesk, act: PupilAct) -> PupilsView {
    shown(&desk.ask(Intent::Pupils(act)))
}

/// The answers of a form as it opens, some of them typed over.
pub(super) fn filled(form: &Form, typed: &[(&'static str, &str)]) -> Answers {
    let mut answers = form.opened();
    for (key, value) in typed {
        assert!(answers.0.insert(key, Answer::Line((*value).to_owned())).is_some(), "the form asks for {key}");
    }
    answers
}

/// The head is signed in, with the screen of pupils open at Ada.
pub(super) fn at_ada(folder: &std::path::Path) -> (AtDesk, PupilId) {
    let (mut device, ..) = school(folder);
    let head = device.replica.founding().head;
    device.sign_in(head, PASSPHRASE).unwrap();
    let ada = device
        .office(|office| {
            let site = *office.known().school().sites.keys().next().unwrap();
            let identity = Identity {
                admission_no: "1".into(),
                upn: String::new(),
                surname: "Byrne".into(),
                forename: "Ada".into(),
                preferred: "Ada".into(),
                sex: "F".into(),
                born: None,
            };
            let new = NewPupil {
                identity,
                site,
                group: None,
                year: "6".into(),
                starting: Day::parse("2026-09-07").ok(),
                medical: Vec::new(),
                evacuation: None,
            };
            Ok(office.add_pupil(&new)?)
        })
        .unwrap();
    device.sign_out().unwrap();
    let desk = AtDesk::of(device);
    desk.ask(Intent::SignIn { person: head, passphrase: Secret::new(PASSPHRASE.to_owned()) });
    desk.ask(Intent::Open(Screen::Pupils));
    act(&desk, PupilAct::Look(ada.into()));
    (desk, ada)
}

#[test]
fn a_contact_is_entered_and_a_form_left_half_filled_opens_again_by_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let (desk, _) = at_ada(&folder.path().join("records"));
    let form = act(&desk, PupilAct::Ask(Doing::Contact)).form.expect("nobody is entered yet: a new one at once");
    assert_eq!(form.title, "A new contact of Ada Byrne");
    assert!(form.draft.starts_with("Contact/"), "{}", form.draft);
    let wrong = act(&desk, PupilAct::Answer(filled(&form, &[])));
    assert!(wrong.form.unwrap().problem.starts_with("Surname"));
    // Somebody locked: the screen is empty, and the client has the draft's name.
    act(&desk, PupilAct::Drop);
    act(&desk, PupilAct::Leave);
    let again = act(&desk, PupilAct::Resume(form.draft.clone()));
    assert_eq!(again.detail.unwrap().name, "Ada Byrne");
    let again = again.form.unwrap();
    assert_eq!((again.title.as_str(), &again.draft), ("A new contact of Ada Byrne", &form.draft));
    let typed = [("forename", "Grace"), ("surname", "Byrne"), ("number 1", "07700 900456")];
    let done = act(&desk, PupilAct::Answer(filled(&again, &typed)));
    assert!(done.form.is_none() && format!("{done:?}").contains("07700 900456"));
    // With somebody there the button asks whom first, and the choice itself is no draft.
    let choose = act(&desk, PupilAct::Ask(Doing::Contact)).form.unwrap();
    assert_eq!((choose.title.as_str(), choose.draft.as_str()), ("Contacts of Ada Byrne", ""));
    let mut answers = filled(&choose, &[]);
    answers.0.insert("part", Answer::Choice(Some(1)));
    let one = act(&desk, PupilAct::Answer(answers)).form.unwrap();
    assert_eq!(one.title, "Grace Byrne, contact of Ada Byrne");
    assert_eq!(act(&desk, PupilAct::Resume("rubbish".into())).form.map(|form| form.title), Some(one.title));
}

#[test]
fn amending_a_middle_name_leaves_a_surname_that_somebody_changed_meanwhile() {
    let folder = tempfile::tempdir().unwrap();
    let (desk, ada) = at_ada(&folder.path().join("records"));
    let elsewhere = |surname: &str| {
        let surname = surname.to_owned();
        let amended = desk.host.call(move |host| {
            host.device.office(|office| {
                let identity = office.known().pupil(ada).unwrap().identity.clone();
                let change = EntryChange { identity: Some(Identity { surname, ..identity }), ..EntryChange::default() };
                Ok(office.amend_entry(ada, &change, "deed poll seen")?)
            })
        });
        amended.unwrap().unwrap();
    };
    let form = act(&desk, PupilAct::Ask(Doing::Amend)).form.unwrap();
    elsewhere("Byrne-Cole");
    let done = act(&desk, PupilAct::Answer(filled(&form, &[("middle", "Jane"), ("reason", "certificate seen")])));
    assert!(done.form.is_none(), "{:?}", done.form);
    let under = done.detail.unwrap().under;
    assert!(under.contains("Ada Jane Byrne-Cole"), "{under}");
    let form = act(&desk, PupilAct::Ask(Doing::Amend)).form.unwrap();
    elsewhere("Cole");
    let clash = filled(&form, &[("surname", "Burn"), ("reason", "typing error")]);
    let said = act(&desk, PupilAct::Answer(clash.clone())).form.unwrap().problem;
    assert!(said.contains("Surname is now Cole"), "{said}");
    let done = act(&desk, PupilAct::Answer(clash));
    assert!(done.form.is_none() && format!("{:?}", done.detail).contains("Burn"), "{done:?}");
}

#[test]
fn a_form_of_a_pupil_who_is_not_here_any_more_opens_nothing_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let (desk, _) = at_ada(&folder.path().join("records"));
    act(&desk, PupilAct::Leave);
    let updates = desk.ask(Intent::Pupils(PupilAct::Resume(format!("Amend/{}/new", "ab".repeat(16)))));
    assert!(updates.iter().all(|update| !matches!(update, Update::Pupils(view) if view.form.is_some())));
}

#[test]
fn a_name_is_deleted_and_its_return_leaves_with_a_code_as_a_table_in_which_no_cell_begins_a_formula() {
    let folder = tempfile::tempdir().unwrap();
    let (desk, _) = at_ada(&folder.path().join("records"));
    let out = folder.path().join("out");
    let form = act(&desk, PupilAct::Ask(Doing::Delete)).form.unwrap();
    let typed = [("words", "=letter of 20/11"), ("agreed", "Helen Marsh, head"), ("day", "2026-11-30")];
    let mut answers = filled(&form, &typed);
    answers.0.insert("ground", Answer::Choice(Some(11)));
    let done = act(&desk, PupilAct::Answer(answers));
    assert!(done.form.is_none(), "{:?}", done.form);
    assert!(done.due.iter().any(|due| due.starts_with("Deletion return")), "{:?}", done.due);
    let give = |desk: &AtDesk| {
        let form = act(desk, PupilAct::Ask(Doing::Returns)).form.unwrap();
        let typed = [("to", "Hertfordshire"), ("purpose", "Returns"), ("folder", out.to_str().unwrap())];
        desk.ask(Intent::Pupils(PupilAct::Answer(filled(&form, &typed))))
    };
    let asked = give(&desk);
    assert!(asked.iter().any(|update| matches!(update, Update::StepUp(_))), "a code first: {asked:?}");
    act(&desk, PupilAct::Drop);
    desk.host
        .call(|host| {
            let factor = host.device.offer_factor().unwrap();
            let code = factor.code(host.clock().now());
            host.device.set_up_factor(factor, PASSPHRASE, &code).unwrap();
        })
        .unwrap();
    let said = shown(&give(&desk)).form.unwrap();
    assert_eq!(said.title, "This would leave the program");
    assert!(!out.exists(), "nothing is written before it is said yes to");
    // Before it is said yes to, another deletion arrives: it is in no file.
    let ben = desk.host.call(|host| host.device.office(|office| Ok(delete_another(office)?)).unwrap()).unwrap();
    act(&desk, PupilAct::Answer(Answers::default()));
    let due = desk.host.call(|host| host.device.office(|office| Ok(office.returns_due())).unwrap()).unwrap();
    assert_eq!(due.iter().map(|due| due.pupil).collect::<Vec<_>>(), [ben], "what was written is what is noted as sent");
    let tables = std::fs::read_dir(&out).unwrap().map(|file| file.unwrap().path());
    let table = tables.filter(|path| path.extension().is_some_and(|ending| ending == "csv"));
    let table =
        table.map(|path| std::fs::read_to_string(path).unwrap()).find(|table| table.contains("Ground")).unwrap();
    assert!(table.contains("Byrne") && table.contains("2026-11-30"), "{table}");
    let begins = |cell: &str| cell.trim_matches('"').trim_start().starts_with(['=', '+', '-', '@']);
    assert!(!table.lines().any(|line| line.split(',').any(begins)), "{table}");
}

/// Deletes a pupil who was here since September.
fn delete_another(office: &mut Office<'_, impl Records>) -> Result<PupilId, OfficeError> {
    let site = *office.known().school().sites.keys().next().unwrap();
    let identity = Identity {
        admission_no: "2".into(),
        upn: String::new(),
        surname: "Abbot".into(),
        forename: "Ben".into(),
        preferred: "Ben".into(),
        sex: "M".into(),
        born: None,
    };
    let new = NewPupil {
        identity,
        site,
        group: None,
        year: "6".into(),
        starting: Day::parse("2026-09-07").ok(),
        medical: Vec::new(),
        evacuation: None,
    };
    let ben = office.add_pupil(&new)?;
    let said = Evidence { words: "Notice".into(), agreed_by: "Helen Marsh, head".into(), ..Evidence::default() };
    office.delete_name(ben, Day::parse("2026-11-30").unwrap(), Ground::CeasedHere, &said)?;
    Ok(ben)
}

#[test]
fn an_authority_is_set_for_one_site_and_another_for_the_rest() {
    let folder = tempfile::tempdir().unwrap();
    let (desk, _) = at_ada(&folder.path().join("records"));
    let meadow =
        desk.host.call(|host| host.device.office(|office| Ok(office.add_site("S9", "Meadow", &[])?)).unwrap()).unwrap();
    let set = |name: &str, at: Option<&str>| {
        let form = act(&desk, PupilAct::Ask(Doing::Authority)).form.unwrap();
        let mut answers = filled(&form, &[("name", name), ("number", "919")]);
        let items = form.asks.iter().find_map(|ask| match ask {
            Ask::Choice { items, .. } => Some(items.clone()),
            _ => None,
        });
        let place = at.map_or(0, |at| items.unwrap().iter().position(|item| item == at).unwrap());
        answers.0.insert("site", Answer::Choice(Some(place)));
        assert!(act(&desk, PupilAct::Answer(answers)).form.is_none());
    };
    set("Hertfordshire", None);
    set("Essex", Some("Only Meadow"));
    let named = desk.host.call(move |host| {
        let school = host.device.known.school();
        school
            .sites
            .keys()
            .map(|site| (*site == meadow, school.authority(*site).unwrap().name.clone()))
            .collect::<Vec<_>>()
    });
    for (is_meadow, name) in named.unwrap() {
        assert_eq!(name, if is_meadow { "Essex" } else { "Hertfordshire" });
    }
}

#[test]
fn the_registers_of_a_day_leave_from_the_screen_once_it_was_said_what_leaves_and_for_whom() {
    let folder = tempfile::tempdir().unwrap();
    let (desk, ada) = at_ada(&folder.path().join("records"));
    let out = folder.path().join("out");
    desk.host
        .call(move |host| {
            let today = muster_school::calendar::local(host.clock().now()).day;
            let mark = MarkEntry { pupil: ada, code: "N".into(), minutes: None, note: None, among: None };
            let took = host.device.office(|office| {
                let site = *office.known().school().sites.keys().next().unwrap();
                let group = office.add_group(site, "9C", None)?;
                office.place_pupil(ada, group, today)?;
                Ok(office.take(group, Session::am(today), &[mark], false)?.marked)
            });
            assert_eq!(took.unwrap(), 1);
            let factor = host.device.offer_factor().unwrap();
            let code = factor.code(host.clock().now());
            host.device.set_up_factor(factor, PASSPHRASE, &code).unwrap();
        })
        .unwrap();
    let form = act(&desk, PupilAct::Ask(Doing::Extract)).form.unwrap();
    let into = out.to_str().unwrap();
    let nobody = act(&desk, PupilAct::Answer(filled(&form, &[("to", ""), ("folder", into)]))).form.unwrap();
    assert!(nobody.problem.contains("say for whom it is"), "{}", nobody.problem);
    let said = act(&desk, PupilAct::Answer(filled(&form, &[("to", "Hertfordshire"), ("folder", into)]))).form.unwrap();
    assert!(format!("{said:?}").contains("for Hertfordshire: Daily attendance"), "{said:?}");
    assert!(!out.exists(), "nothing is written before it is said yes to");
    assert!(act(&desk, PupilAct::Answer(Answers::default())).form.is_none());
    let files = std::fs::read_dir(&out).unwrap().map(|file| file.unwrap().path());
    let table = files.filter(|path| path.extension().is_some_and(|ending| ending == "csv")).last().unwrap();
    let table = std::fs::read_to_string(table).unwrap();
    assert!(table.contains("9C,Byrne,Ada") && table.contains(",N,"), "{table}");
}

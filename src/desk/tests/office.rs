//! Forms of the office at the desk: a parent's page, paper, next year's codes, old records; and what is not let out.

use super::pupils::{act, at_ada, filled};
use super::{AtDesk, NINE_MS, PASSPHRASE, school};
use crate::clock::Clock;
use crate::device::Device;
use muster_core::replica::Replica;
use muster_gui::intent::PupilAct;
use muster_gui::{Intent, Screen, Secret, Update};
use muster_school::calendar::{Session, local};
use muster_school::ids::PupilId;
use muster_school::office::MarkEntry;
use muster_school::view::pupils::{Answer, Answers, Doing, Form};
use muster_storage::{FaultyDisk, RedbStore};
use std::path::Path;

/// What the form beside a screen says by now.
fn form(updates: &[Update]) -> Option<Form> {
    let found = updates.iter().rev().find_map(|update| match update {
        Update::Form(form) => Some(form.clone()),
        _ => None,
    });
    found.expect("the screen has forms beside its own")
}

/// Ada is in 9C and was late today; the head has a second factor, and has given a code.
fn with_marks(folder: &Path) -> (AtDesk, PupilId) {
    let (desk, ada) = at_ada(folder);
    desk.host
        .call(move |host| {
            let today = local(host.clock().now()).day;
            let mark = MarkEntry { pupil: ada, code: "L".into(), minutes: Some(7), note: None, among: None };
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
    (desk, ada)
}

fn files(folder: &Path) -> Vec<String> {
    let Ok(read) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut names: Vec<String> = read.map(|file| file.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_parents_page_leaves_from_the_pupils_page_once_it_was_said_what_leaves_and_for_whom() {
    let folder = tempfile::tempdir().unwrap();
    let (desk, ada) = with_marks(&folder.path().join("records"));
    let out = folder.path().join("out");
    let into = out.to_str().unwrap();
    assert!(act(&desk, PupilAct::Look(ada.into())).detail.unwrap().may.contains(&Doing::ForParent));
    let asked = act(&desk, PupilAct::Ask(Doing::ForParent)).form.unwrap();
    let nobody = act(&desk, PupilAct::Answer(filled(&asked, &[("to", ""), ("folder", into)]))).form.unwrap();
    assert!(nobody.problem.contains("say for whom it is"), "{}", nobody.problem);
    let said = act(&desk, PupilAct::Answer(filled(&asked, &[("to", "Grace Byrne"), ("folder", into)]))).form.unwrap();
    let told = format!("{said:?}");
    assert!(told.contains("for Grace Byrne") && told.contains("1 pupil is named in it"), "{told}");
    assert!(files(&out).is_empty(), "nothing is written before it is said yes to");
    assert!(act(&desk, PupilAct::Answer(Answers::default())).form.is_none());
    let names = files(&out);
    let endings: Vec<&str> = names.iter().filter_map(|name| name.rsplit('.').next()).collect();
    assert_eq!(endings, ["csv", "muster", "pdf", "xlsx"]);
    assert!(names.iter().all(|name| !name.contains("Byrne")), "{names:?}");
    let table = std::fs::read_to_string(out.join(&names[0])).unwrap();
    assert!(table.contains(",L,") && table.contains(",7"), "{table}");
}

#[test]
fn todays_registers_and_the_help_sheet_are_printed_from_the_list_of_registers() {
    let folder = tempfile::tempdir().unwrap();
    let (desk, _) = with_marks(&folder.path().join("records"));
    let out = folder.path().join("paper");
    let into = out.to_str().unwrap();
    let updates = desk.ask(Intent::Open(Screen::Registers));
    let offered = updates
        .iter()
        .any(|update| matches!(update, Update::Registers(view) if view.may == [Doing::Print, Doing::Guide]));
    assert!(offered, "{updates:?}");
    let print = form(&desk.ask(Intent::Pupils(PupilAct::Ask(Doing::Print)))).unwrap();
    let nowhere = form(&desk.ask(Intent::Pupils(PupilAct::Answer(print.opened())))).unwrap();
    assert!(nowhere.problem.contains("into which folder"), "{}", nowhere.problem);
    let done = desk.ask(Intent::Pupils(PupilAct::Answer(filled(&print, &[("folder", into)]))));
    assert!(form(&done).is_none(), "{done:?}");
    let said = |updates: &[Update], words: &str| {
        updates.iter().any(|update| matches!(update, Update::Notice(notice) if notice.words.contains(words)))
    };
    assert!(said(&done, "named in it, and it is not encrypted"), "{done:?}");
    let guide = form(&desk.ask(Intent::Pupils(PupilAct::Ask(Doing::Guide)))).unwrap();
    let typed = [("ask", "Ruth Adeyemi, front office"), ("note", "Taxis are late"), ("folder", into)];
    let done = desk.ask(Intent::Pupils(PupilAct::Answer(filled(&guide, &typed))));
    assert!(said(&done, "The site’s own words are set. Written to"), "{done:?}");
    let names = files(&out);
    assert_eq!(names.len(), 2);
    assert!(names[0].starts_with("register-2026-11-23-all-classes") && names[1].starts_with("taking-the-register"));
    let updates = desk.ask(Intent::Open(Screen::Registers));
    let help = updates.iter().rev().find_map(|update| match update {
        Update::Guide(guide) => Some(guide.ask.clone()),
        _ => None,
    });
    assert_eq!(help.unwrap(), ["Ruth Adeyemi, front office", "Taxis are late"]);
}

#[test]
fn next_years_codes_are_shown_before_they_are_taken_in_and_a_wrong_list_is_refused_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let (desk, _) = at_ada(&folder.path().join("records"));
    desk.ask(Intent::Open(Screen::Calendar));
    let list = folder.path().join("codes.csv");
    let wrong = "code,meaning,class,on_site,valid_from\nT2,Something,no such class,no,2027-09-01\n";
    std::fs::write(&list, wrong).unwrap();
    let asked = form(&desk.ask(Intent::Pupils(PupilAct::Ask(Doing::Codes)))).unwrap();
    let answer = |file: &str| Intent::Pupils(PupilAct::Answer(filled(&asked, &[("file", file)])));
    let said = form(&desk.ask(answer(list.to_str().unwrap()))).unwrap().problem;
    assert!(said.contains("line 2"), "{said}");
    let said = form(&desk.ask(answer("/nowhere/codes.csv"))).unwrap().problem;
    assert!(said.contains("cannot be read"), "{said}");
    let right = "code,meaning,short,class,on_site,valid_from\nT2,A new kind of leave,New leave,authorised_absence,no,2027-09-01\n";
    std::fs::write(&list, right).unwrap();
    let preview = form(&desk.ask(answer(list.to_str().unwrap()))).unwrap();
    let told = format!("{preview:?}");
    assert!(
        told.contains("1 row would be taken in") && told.contains("T2  A new kind of leave, counts as absent"),
        "{told}"
    );
    let held = |desk: &AtDesk| {
        desk.host
            .call(|host| format!("{:?}", host.device.known.school().codes()))
            .unwrap()
            .contains("A new kind of leave")
    };
    assert!(!held(&desk), "a preview takes nothing in");
    assert!(form(&desk.ask(Intent::Pupils(PupilAct::Answer(Answers::default())))).is_none());
    assert!(held(&desk));
}

#[test]
fn records_of_six_years_ago_are_a_duty_until_somebody_has_written_down_what_was_decided() {
    let folder = tempfile::tempdir().unwrap();
    let records = folder.path().join("records");
    let (desk, _) = with_marks(&records);
    drop(desk);
    // 09:00 on 1 March 2033.
    let device = Device::open(&records, Clock::starting_at(1_993_280_400_000)).unwrap();
    let head = device.replica.founding().head;
    let desk = AtDesk::of(device);
    desk.ask(Intent::SignIn { person: head, passphrase: Secret::new(PASSPHRASE.to_owned()) });
    let to_do = |updates: &[Update]| {
        let found = updates.iter().rev().find_map(|update| match update {
            Update::ToDo(view) => Some(view.clone()),
            _ => None,
        });
        found.unwrap_or_else(|| panic!("{updates:?}"))
    };
    let lines = |updates: &[Update]| {
        let view = to_do(updates);
        let part = view.parts.iter().find(|part| part.title.contains("old records to review")).unwrap().clone();
        (part.lines, view.may)
    };
    let (due, may) = lines(&desk.ask(Intent::Open(Screen::ToDo)));
    assert!(
        due.iter().any(|line| line.name == "Attendance register" && line.detail.contains("entered in 2026: 1 of 1")),
        "{due:?}"
    );
    assert_eq!(may, [Doing::Review]);
    let asked = form(&desk.ask(Intent::Pupils(PupilAct::Ask(Doing::Review)))).unwrap();
    let attendance = asked.asks.iter().find_map(|ask| match ask {
        muster_school::view::pupils::Ask::Choice { key: "which", items, .. } => {
            items.iter().position(|item| item.starts_with("Attendance"))
        }
        _ => None,
    });
    let mut answers = filled(&asked, &[("until", "31/08/2034"), ("reason", "A claim is open")]);
    answers.0.insert("which", Answer::Choice(attendance));
    let undecided = form(&desk.ask(Intent::Pupils(PupilAct::Answer(answers.clone())))).unwrap();
    assert!(undecided.problem.contains("Decided"), "{}", undecided.problem);
    answers.0.insert("decision", Answer::Choice(Some(0)));
    let done = desk.ask(Intent::Pupils(PupilAct::Answer(answers)));
    assert!(form(&done).is_none(), "{done:?}");
    let (due, _) = lines(&done);
    assert!(due.iter().all(|line| line.name != "Attendance register"), "{due:?}");
    let again = form(&desk.ask(Intent::Pupils(PupilAct::Ask(Doing::Review)))).unwrap();
    let told = format!("{again:?}");
    assert!(told.contains("keep until") && told.contains("A claim is open") && told.contains("Helen Marsh"), "{told}");
}

#[test]
fn nothing_goes_out_if_it_cannot_be_written_down() {
    let folder = tempfile::tempdir().unwrap();
    let records = folder.path().join("records");
    drop(school(&records));
    let disk = FaultyDisk::holding(std::fs::read(records.join("records.redb")).unwrap());
    let store = RedbStore::with_backend(&records, disk.clone()).unwrap();
    let replica = Replica::open(store, &muster_school::areas::rules()).unwrap();
    let mut device = Device::over(replica, &records, Clock::starting_at(NINE_MS));
    let head = device.replica.founding().head;
    device.sign_in(head, PASSPHRASE).unwrap();
    let factor = device.offer_factor().unwrap();
    let code = factor.code(device.clock.now());
    device.set_up_factor(factor, PASSPHRASE, &code).unwrap();
    let out = folder.path().join("out");
    std::fs::create_dir_all(&out).unwrap();
    let path = out.join("audit.csv");
    let wanted = muster_school::story::Wanted::default();
    disk.fail_after(0, std::io::ErrorKind::StorageFull);
    assert!(device.export_audit(&wanted, "Ofsted", &path).is_err());
    assert!(files(&out).is_empty(), "no file, and no empty one in the way of the next try: {:?}", files(&out));
    disk.heal();
    device.replica.recover();
    let again = device.export_audit(&wanted, "Ofsted", &path);
    assert!(again.is_ok() && files(&out) == ["audit.csv"], "the disk takes it again, and so it goes out: {again:?}");
}

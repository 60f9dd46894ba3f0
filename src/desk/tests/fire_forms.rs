//! What is set beforehand for a fire and for paper, at the desk; and what is taken out after a roll call.

use super::*;
use muster_core::crypto::totp::Factor;
use muster_gui::intent::PupilAct;
use muster_gui::{LockReason, Sighting};
use muster_school::ids::PupilId;
use muster_school::view::calendar::{CalendarView, SiteAct, SiteForm};
use muster_school::view::call::{CallView, ReportAct};
use muster_school::view::fire::{EventKind, FireView};
use muster_school::view::pupils::{Answer, Answers, Doing, Form, PupilsView};
use muster_school::view::reception::{ReceptionAct, ReceptionView};

fn find<T>(updates: &[Update], of: impl Fn(&Update) -> Option<T>) -> T {
    updates.iter().rev().find_map(of).unwrap_or_else(|| panic!("{updates:?}"))
}

fn calendar(updates: &[Update]) -> CalendarView {
    find(updates, |update| if let Update::Calendar(view) = update { Some(view.clone()) } else { None })
}

fn call(updates: &[Update]) -> CallView {
    find(updates, |update| if let Update::Call(view) = update { Some(view.as_ref().clone()) } else { None })
}

fn fire(updates: &[Update]) -> FireView {
    find(updates, |update| if let Update::Fire(view) = update { Some(view.clone()) } else { None })
}

fn pupils(updates: &[Update]) -> PupilsView {
    find(updates, |update| if let Update::Pupils(view) = update { Some(view.as_ref().clone()) } else { None })
}

fn reception(updates: &[Update]) -> ReceptionView {
    find(updates, |update| if let Update::Reception(view) = update { Some(view.as_ref().clone()) } else { None })
}

fn filled(form: &Form, typed: &[(&'static str, Answer)]) -> Answers {
    let mut answers = form.opened();
    for (key, value) in typed {
        assert!(answers.0.insert(key, value.clone()).is_some(), "the form asks for {key}");
    }
    answers
}

fn line(words: &str) -> Answer {
    Answer::Line(words.to_owned())
}

/// The head is signed in, with a second factor; Ada is in Beech.
fn at_the_heads(folder: &Path) -> (AtDesk, PupilId) {
    let (mut device, ..) = school(folder);
    let head = device.replica.founding().head;
    device.sign_in(head, PASSPHRASE).unwrap();
    let ada = device
        .office(|office| {
            let site = *office.known().school().sites.keys().next().unwrap();
            let beech = office.add_group(site, "Beech", None)?;
            Ok(office.add_pupil(&pupil(site, Some(beech), ("Ada", "Byrne")))?)
        })
        .unwrap();
    device.settle_in().unwrap();
    device.sign_out().unwrap();
    let desk = AtDesk::of(device);
    desk.ask(Intent::SignIn { person: head, passphrase: Secret::new(PASSPHRASE.to_owned()) });
    (desk, ada)
}

/// The head sets up a second factor, which raises access.
fn raise(desk: &AtDesk) {
    desk.host
        .call(|host| {
            let factor: Factor = host.device.offer_factor().unwrap();
            let code = factor.code(host.clock().now());
            host.device.set_up_factor(factor, PASSPHRASE, &code).unwrap();
        })
        .unwrap();
}

#[test]
fn places_and_meeting_points_set_on_the_calendars_screen_are_what_a_locked_device_chooses_among() {
    let folder = tempfile::tempdir().unwrap();
    let (desk, _) = at_the_heads(&folder.path().join("records"));
    desk.ask(Intent::Open(Screen::Calendar));
    let form = calendar(&desk.ask(Intent::OfSite(SiteAct::Ask(SiteForm::Places)))).form.unwrap();
    assert_eq!(form.title, "Places in a fire, Harbour");
    let typed = [
        ("points", line("Front car park,  Playing field gate")),
        ("rooms", line("Art room, Hall")),
        ("refuges", line("Stair B")),
    ];
    let done = calendar(&desk.ask(Intent::OfSite(SiteAct::Answer(filled(&form, &typed)))));
    assert_eq!(done.form, None);
    let form = calendar(&desk.ask(Intent::OfSite(SiteAct::Ask(SiteForm::Meets)))).form.unwrap();
    let nobody = calendar(&desk.ask(Intent::OfSite(SiteAct::Answer(form.opened()))));
    assert!(nobody.form.unwrap().problem.starts_with("Class: choose one"));
    let chosen = [("group", Answer::Choice(Some(0))), ("point", Answer::Choice(Some(2)))];
    desk.ask(Intent::OfSite(SiteAct::Answer(filled(&form, &chosen))));
    let form = calendar(&desk.ask(Intent::OfSite(SiteAct::Ask(SiteForm::Meets)))).form.unwrap();
    assert!(format!("{form:?}").contains("Beech, now at Playing field gate"), "{form:?}");
    desk.ask(Intent::OfSite(SiteAct::Drop));
    // The places once more: which class meets where stays.
    let form = calendar(&desk.ask(Intent::OfSite(SiteAct::Ask(SiteForm::Places)))).form.unwrap();
    desk.ask(Intent::OfSite(SiteAct::Answer(filled(&form, &[("rooms", line("Art room"))]))));
    desk.ask(Intent::Lock(LockReason::SignedOut));
    desk.ask(Intent::Open(Screen::Fire));
    let view = call(&desk.ask(Intent::StartCall(EventKind::Drill)));
    assert_eq!((view.places, view.refuges), (vec!["Art room".to_owned()], vec!["Stair B".to_owned()]));
    let points: Vec<String> = view.points.into_iter().map(|point| point.name).collect();
    assert!(points.starts_with(&["Front car park".to_owned(), "Playing field gate".to_owned()]), "{points:?}");
    let meets = desk.host.call(|host| {
        let site = host.device.site().unwrap();
        let list = host
            .device
            .with_records(|records, _| Ok(muster_school::fire::presence::list(records, site)?.unwrap().meets));
        list.unwrap()
    });
    assert_eq!(meets.unwrap().get("Beech").map(String::as_str), Some("Playing field gate"));
}

#[test]
fn the_times_and_the_folder_of_printing_are_set_on_the_calendars_screen_with_a_code() {
    let folder = tempfile::tempdir().unwrap();
    let (desk, _) = at_the_heads(&folder.path().join("records"));
    desk.ask(Intent::Open(Screen::Calendar));
    let form = calendar(&desk.ask(Intent::OfSite(SiteAct::Ask(SiteForm::Printing)))).form.unwrap();
    let wrong = filled(&form, &[("times", line("09:35, soon"))]);
    let told = calendar(&desk.ask(Intent::OfSite(SiteAct::Answer(wrong)))).form.unwrap();
    assert!(told.problem.contains("soon is no time of the day"), "{}", told.problem);
    let paper = folder.path().join("paper");
    let typed = [("times", line("13:30, 09:05")), ("folder", line(&paper.display().to_string()))];
    let asked = desk.ask(Intent::OfSite(SiteAct::Answer(filled(&form, &typed))));
    assert!(asked.iter().any(|update| matches!(update, Update::StepUp(_))), "a code first: {asked:?}");
    assert!(calendar(&asked).form.is_some(), "the form stays meanwhile");
    raise(&desk);
    let done = calendar(&desk.ask(Intent::OfSite(SiteAct::Answer(filled(&form, &typed)))));
    assert_eq!(done.form, None);
    let set = desk.host.call(|host| {
        let site = host.device.site().unwrap();
        (host.device.known.school().printed_at(site).to_vec(), host.device.prints_into())
    });
    assert_eq!(set.unwrap(), (vec![545, 810], paper.display().to_string()));
    let again = calendar(&desk.ask(Intent::OfSite(SiteAct::Ask(SiteForm::Printing)))).form.unwrap();
    assert_eq!(again.opened().line("times"), "09:05, 13:30");
}

#[test]
fn what_to_know_of_a_pupil_in_a_fire_is_entered_and_shows_only_where_care_may_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let (desk, ada) = at_the_heads(&folder.path().join("records"));
    desk.ask(Intent::Open(Screen::Pupils));
    let seen = pupils(&desk.ask(Intent::Pupils(PupilAct::Look(ada.into()))));
    assert!(seen.detail.unwrap().may.contains(&Doing::Leaving));
    let form = pupils(&desk.ask(Intent::Pupils(PupilAct::Ask(Doing::Leaving)))).form.unwrap();
    let typed = [
        ("instruction", line("Evac chair")),
        ("one to one", line("Jo Malik")),
        ("hide", Answer::Tick(true)),
        ("abscond", Answer::Tick(true)),
    ];
    let done = pupils(&desk.ask(Intent::Pupils(PupilAct::Answer(filled(&form, &typed)))));
    let block = done.detail.unwrap().left.into_iter().find(|block| block.head == "To leave the building").unwrap();
    for words in ["Evac chair", "One-to-one: Jo Malik", "May hide from the alarm", "May run away"] {
        assert!(block.words.iter().any(|line| line.contains(words)), "{words}: {block:?}");
    }
    let row = |view: FireView| view.rows.into_iter().find(|row| row.name == "Byrne, Ada").unwrap();
    let open = row(fire(&desk.ask(Intent::Open(Screen::Fire))));
    assert!(open.care.iter().any(|line| line.contains("Jo Malik")), "{open:?}");
    desk.ask(Intent::Lock(LockReason::SignedOut));
    let locked = row(fire(&desk.ask(Intent::Open(Screen::Fire))));
    assert!(locked.help.iter().any(|line| line.contains("Evac chair")), "{locked:?}");
    assert!(!format!("{locked:?}").contains("Malik") && locked.care.is_empty(), "{locked:?}");
}

#[test]
fn the_report_of_a_roll_call_is_saved_and_certified_from_the_screen_once_a_code_was_given() {
    let folder = tempfile::tempdir().unwrap();
    let (desk, _) = at_the_heads(&folder.path().join("records"));
    desk.ask(Intent::Open(Screen::Fire));
    let view = call(&desk.ask(Intent::StartCall(EventKind::Drill)));
    let (event, person) = (view.event, view.rows[0].person);
    desk.ask(Intent::Sight { event, person, sighting: Sighting::Found });
    desk.ask(Intent::EndCall(event));
    let out = folder.path().join("out");
    let save = Intent::OfReport { event, act: ReportAct::Save { folder: out.display().to_string() } };
    let asked = desk.ask(save.clone());
    assert!(asked.iter().any(|update| matches!(update, Update::StepUp(_))), "{asked:?}");
    assert!(!out.exists());
    raise(&desk);
    desk.ask(save);
    let act = ReportAct::Certificate {
        folder: out.display().to_string(),
        to: "Fire authority".into(),
        purpose: "Inspection".into(),
    };
    desk.ask(Intent::OfReport { event, act });
    let mut kinds: Vec<String> = std::fs::read_dir(&out)
        .unwrap()
        .map(|file| file.unwrap().path().extension().unwrap().to_str().unwrap().to_owned())
        .collect();
    kinds.sort();
    kinds.dedup();
    for kind in ["csv", "muster", "pdf"] {
        assert!(kinds.iter().any(|held| held == kind), "{kinds:?}");
    }
}

#[test]
fn at_the_desk_a_pupil_comes_late_and_a_member_of_staff_signs_in_and_out() {
    let folder = tempfile::tempdir().unwrap();
    let (desk, ada) = at_the_heads(&folder.path().join("records"));
    desk.ask(Intent::Open(Screen::Reception));
    desk.ask(Intent::Reception(ReceptionAct::Look(ada.into())));
    let late = ReceptionAct::Late { pupil: ada.into(), note: "bus".into() };
    let view = reception(&desk.ask(Intent::Reception(late)));
    assert_eq!(view.said.as_deref(), Some("Written down as late at 09:00. The mark is unchanged"));
    let found = reception(&desk.ask(Intent::Reception(ReceptionAct::Search("okafor".into())))).found;
    let tom = found[0].person;
    let view = reception(&desk.ask(Intent::Reception(ReceptionAct::SignIn(tom))));
    assert_eq!(view.said.as_deref(), Some("Signed in: 09:00"));
    let evidence = |view: &FireView, name: &str| {
        let row = view.rows.iter().find(|row| row.name == name);
        row.map(|row| row.evidence.clone()).unwrap_or_default()
    };
    let list = fire(&desk.ask(Intent::Open(Screen::Fire)));
    assert!(evidence(&list, "Byrne, Ada").contains("09:00"), "{}", evidence(&list, "Byrne, Ada"));
    assert!(evidence(&list, "Okafor, Tom").starts_with("Signed in 09:00"), "{}", evidence(&list, "Okafor, Tom"));
    desk.ask(Intent::Open(Screen::Reception));
    desk.ask(Intent::Reception(ReceptionAct::SignOut(tom)));
    let list = fire(&desk.ask(Intent::Open(Screen::Fire)));
    let tom = list.rows.iter().find(|row| row.name == "Okafor, Tom").unwrap();
    assert_eq!(tom.evidence, "Signed in and out at 09:00", "in the same minute: nobody knows which came first");
}

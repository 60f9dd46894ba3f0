//! Concerns, resets and waits at the desk: what is asked goes in, and the views that come back are looked at.

use super::{AtDesk, NINE_MS, PASSPHRASE, went_to};
use crate::clock::Clock;
use crate::device::Device;
use crate::host::Host;
use muster_core::crypto::totp::Factor;
use muster_core::id::PersonId;
use muster_gui::draft::Draft;
use muster_gui::{ConcernAct, Intent, LockReason, Screen, Secret, Sighting, Update};
use muster_school::facts::policy::Hours;
use muster_school::view::call::{CallAct, Moment, ReportAct};
use muster_school::view::concern::{AddConcernView, ConcernState, ConcernsView, NewConcern};
use muster_school::view::fire::EventKind;
use muster_school::view::lock::LockView;
use muster_school::view::step_up::StepUpView;
use std::path::Path;

const HOUR_MS: i64 = 3_600_000;

/// A device that nobody has signed in on yet, in a school with hours, its head and a teacher.
struct Desk {
    at: AtDesk,
    head: PersonId,
    tom: PersonId,
    /// Kept for as long as the records are open.
    _folder: tempfile::TempDir,
}

/// The small school, with hours, and its teacher with keys on this device. Nobody is signed in.
fn school(folder: &Path) -> (Device, PersonId, PersonId) {
    let (mut device, tom, words) = super::school(folder);
    let head = device.replica.founding().head;
    device.sign_in(head, PASSPHRASE).unwrap();
    device.office(|office| Ok(office.set_hours(Hours::DEFAULT).map(drop)?)).unwrap();
    device.activate(&words, PASSPHRASE).unwrap();
    device.sign_out().unwrap();
    (device, head, tom)
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (device, head, tom) = school(&folder.path().join("records"));
        Self { at: AtDesk::of(device), head, tom, _folder: folder }
    }

    fn with<T: Send + 'static>(&self, work: impl FnOnce(&mut Host) -> T + Send + 'static) -> T {
        self.at.host.call(work).unwrap()
    }

    fn at(&self, after_nine_ms: i64) {
        self.with(move |host| host.device.clock = Clock::starting_at(NINE_MS + after_nine_ms));
    }

    fn ask(&self, intent: Intent) -> Vec<Update> {
        self.at.ask(intent)
    }

    fn sign_in(&self, person: PersonId, passphrase: &str) -> Vec<Update> {
        self.ask(Intent::SignIn { person, passphrase: Secret::new(passphrase.into()) })
    }

    /// Has the head set up a second factor, which raises access.
    fn raise(&self) {
        self.with(|host| {
            let factor: Factor = host.device.offer_factor().unwrap();
            let code = factor.code(host.clock().now());
            host.device.set_up_factor(factor, PASSPHRASE, &code).unwrap();
        });
    }

    fn add(&self, words: &str) -> AddConcernView {
        self.ask(Intent::Open(Screen::AddConcern));
        let new = NewConcern { words: words.into(), ..about_a_visitor() };
        add_view(&self.ask(Intent::OfConcern(ConcernAct::Add(Box::new(new)))))
    }
}

fn about_a_visitor() -> NewConcern {
    NewConcern {
        about: "A visitor at the gate".into(),
        day: "23/11/2026".into(),
        time: "08:15".into(),
        words: "He asked children for their names.".into(),
        category: "Radicalisation".into(),
        ..NewConcern::default()
    }
}

fn find<T>(updates: &[Update], of: impl Fn(&Update) -> Option<T>) -> T {
    updates.iter().rev().find_map(of).unwrap_or_else(|| panic!("{updates:?}"))
}

fn lock_view(updates: &[Update]) -> LockView {
    find(updates, |update| if let Update::Lock(view) = update { Some(view.clone()) } else { None })
}

fn add_view(updates: &[Update]) -> AddConcernView {
    find(updates, |update| if let Update::AddConcern(view) = update { Some(view.clone()) } else { None })
}

fn concerns(updates: &[Update]) -> ConcernsView {
    find(updates, |update| if let Update::Concerns(view) = update { Some(view.clone()) } else { None })
}

fn problem(updates: &[Update]) -> Option<&str> {
    updates.iter().rev().find_map(|update| match update {
        Update::Notice(notice) if notice.problem => Some(notice.words.as_str()),
        _ => None,
    })
}

#[test]
fn after_wrong_passphrases_the_lock_screen_says_how_long_that_person_waits_and_nobody_else() {
    let desk = Desk::new();
    let tom = desk.tom;
    desk.with(move |host| host.device.has_met_wrong_tries(tom, 9));
    let view = lock_view(&desk.ask(Intent::Open(Screen::Lock)));
    let wait = |person| view.people.iter().find(|one| one.person == Some(person)).unwrap().wait_secs;
    assert!((1..=60).contains(&wait(tom)), "{}", wait(tom));
    assert_eq!(wait(desk.head), 0);
}

#[test]
fn at_night_a_teacher_adds_a_concern_from_the_lock_screen_and_gets_nowhere_else() {
    let desk = Desk::new();
    desk.at(12 * HOUR_MS);
    assert!(lock_view(&desk.sign_in(desk.tom, PASSPHRASE)).problem.unwrap().contains("so does a concern"));
    assert!(lock_view(&desk.ask(Intent::ForConcern(true))).for_concern);
    let updates = desk.sign_in(desk.tom, PASSPHRASE);
    assert_eq!(went_to(&updates), Some(Screen::AddConcern));
    assert!(find(&updates, |update| if let Update::Frame(frame) = update { Some(frame.concern_only) } else { None }));
    for elsewhere in [Screen::Today, Screen::Registers, Screen::Concerns, Screen::Audit, Screen::Own] {
        assert_eq!(went_to(&desk.ask(Intent::Open(elsewhere))), Some(Screen::AddConcern), "{elsewhere:?}");
    }
    let refused = desk.ask(Intent::IssueActivation(desk.head));
    assert!(problem(&refused).unwrap().contains("for adding a concern only"));
    let saved = desk.add("He was there again.").saved.unwrap();
    assert!(saved.told.contains("Helen Marsh is told in any case."), "{}", saved.told);
    let updates = desk.ask(Intent::Lock(LockReason::SignedOut));
    assert!(!lock_view(&updates).for_concern, "the next person signs in as ever");
}

#[test]
fn a_concern_is_read_with_a_code_marked_as_read_by_name_and_nothing_of_it_shows_before() {
    let desk = Desk::new();
    desk.sign_in(desk.tom, PASSPHRASE);
    desk.add("He asked children for their names.");
    desk.ask(Intent::Lock(LockReason::SignedOut));
    let today = desk.sign_in(desk.head, PASSPHRASE);
    let told = find(&today, |update| if let Update::Today(view) = update { Some(view.to_watch.clone()) } else { None });
    assert_eq!((told[0].count, told[0].title.as_str()), (1, "concern to read"));
    let listed = concerns(&desk.ask(Intent::Open(Screen::Concerns)));
    let (row, none) = (listed.rows[0].clone(), listed.file.clone());
    assert_eq!((row.by.as_str(), row.state, none), ("Tom Okafor", ConcernState::ToRead, None));
    assert!(!format!("{listed:?}").contains("visitor"), "no name and no detail");
    let read = || Intent::OfConcern(ConcernAct::Read(row.concern));
    let asked = desk.ask(read());
    assert!(asked.iter().any(|update| matches!(update, Update::StepUp(StepUpView::SetUp { .. }))));
    assert!(concerns(&asked).file.is_none(), "nothing is read before the code");
    desk.raise();
    let file = concerns(&desk.ask(read())).file.unwrap();
    assert_eq!(file.entries[0].words, "He asked children for their names.");
    assert_eq!(file.marked, None);
    let marked = concerns(&desk.ask(Intent::OfConcern(ConcernAct::MarkRead(row.concern))));
    assert_eq!(marked.rows[0].state, ConcernState::Read);
    let did: Vec<_> = marked.file.unwrap().entries.iter().map(|one| format!("{} {}", one.who, one.did)).collect();
    let did: Vec<&str> = did.iter().map(String::as_str).collect();
    let all = ["Tom Okafor opened this concern", "Helen Marsh opened it to read", "Helen Marsh marked it as read"];
    assert_eq!(did, all);
    desk.ask(Intent::Open(Screen::Today));
    assert!(concerns(&desk.ask(Intent::Open(Screen::Concerns))).file.is_none(), "leaving the screen closes it");
    desk.ask(read());
    assert!(concerns(&desk.ask(Intent::Lower)).file.is_none(), "and so does ending what a code opened");
}

#[test]
fn a_file_that_is_open_closes_by_itself_when_raised_access_ends_and_nobody_touches_anything() {
    let desk = Desk::new();
    desk.sign_in(desk.tom, PASSPHRASE);
    desk.add("He asked children for their names.");
    desk.ask(Intent::Lock(LockReason::SignedOut));
    desk.sign_in(desk.head, PASSPHRASE);
    desk.raise();
    let listed = concerns(&desk.ask(Intent::Open(Screen::Concerns)));
    assert!(concerns(&desk.ask(Intent::OfConcern(ConcernAct::Read(listed.rows[0].concern)))).file.is_some());
    let look = |desk: &Desk| {
        let clerk = desk.at.clerk.clone();
        desk.with(move |host| clerk.lock().unwrap().refresh(host));
        concerns(&desk.at.shared.take()).file
    };
    desk.at(14 * 60_000);
    assert!(look(&desk).is_some(), "the fifteen minutes are not over");
    desk.at(16 * 60_000);
    assert_eq!(look(&desk), None);
}

#[test]
fn a_press_too_many_makes_one_concern_and_a_saved_one_leaves_no_draft() {
    let desk = Desk::new();
    desk.sign_in(desk.tom, PASSPHRASE);
    desk.add("He was there again.");
    desk.ask(Intent::OfConcern(ConcernAct::Add(Box::new(about_a_visitor()))));
    let late = Draft { field: "concern#form".into(), text: Secret::new("He was there again.".into()) };
    desk.ask(Intent::KeepDrafts(vec![late.clone()]));
    assert!(desk.with(|host| host.device.drafts().unwrap()).is_empty());
    assert_eq!(concerns(&desk.ask(Intent::Open(Screen::Concerns))).rows.len(), 1);
    desk.ask(Intent::KeepDrafts(vec![late]));
    assert_eq!(desk.with(|host| host.device.drafts().unwrap()).len(), 1, "a new one is kept as ever");
}

#[test]
fn what_cannot_be_saved_is_said_on_the_page_and_saved_once_it_is_mended() {
    let desk = Desk::new();
    desk.sign_in(desk.tom, PASSPHRASE);
    desk.ask(Intent::Open(Screen::AddConcern));
    let tomorrow = NewConcern { day: "24/11/2026".into(), ..about_a_visitor() };
    let view = add_view(&desk.ask(Intent::OfConcern(ConcernAct::Add(Box::new(tomorrow)))));
    assert!(view.problem.unwrap().contains("has not come yet") && view.saved.is_none());
    assert!(desk.add("He was there again.").saved.is_some());
}

#[test]
fn a_reset_from_the_page_of_staff_shows_one_time_words_once() {
    let desk = Desk::new();
    desk.sign_in(desk.head, PASSPHRASE);
    desk.ask(Intent::Open(Screen::People));
    let people = |updates: &[Update]| {
        find(updates, |update| if let Update::People(view) = update { Some(view.clone()) } else { None })
    };
    let account = people(&desk.ask(Intent::ExplainAccount(desk.tom)));
    assert!(account.detail.unwrap().may_reset);
    let made = people(&desk.ask(Intent::Reset(desk.tom))).made.unwrap();
    assert_eq!((made.name.as_str(), made.words.split(' ').count()), ("Tom Okafor", 6));
    assert!(people(&desk.ask(Intent::WordsSeen)).made.is_none());
    desk.ask(Intent::Lock(LockReason::SignedOut));
    let refused = lock_view(&desk.sign_in(desk.tom, PASSPHRASE));
    assert!(refused.problem.is_some(), "the passphrase so far opens nothing any more");
}

#[test]
fn a_wrong_passphrase_and_a_wrong_pin_say_whose_account_was_tried() {
    let desk = Desk::new();
    desk.sign_in(desk.tom, "not at all the one");
    desk.sign_in(desk.tom, PASSPHRASE);
    desk.ask(Intent::SetPin { pin: Secret::new("1357".into()) });
    desk.ask(Intent::Lock(LockReason::Idle));
    desk.ask(Intent::Unlock { pin: Secret::new("2468".into()) });
    desk.sign_in(desk.head, PASSPHRASE);
    let audit = format!("{:?}", desk.ask(Intent::Open(Screen::Audit)));
    assert!(audit.contains("met a wrong passphrase for Tom Okafor"), "{audit}");
    assert!(audit.contains("met a wrong PIN for Tom Okafor"), "{audit}");
    assert!(!audit.contains("for Helen Marsh"), "nobody tried hers: {audit}");
    assert!(audit.contains("was signed out, because nobody touched the device"), "{audit}");
}

#[test]
fn whoever_came_at_night_for_a_concern_does_all_in_a_fire_that_needs_nobody_signed_in() {
    let desk = Desk::new();
    desk.at(12 * HOUR_MS);
    desk.ask(Intent::ForConcern(true));
    desk.sign_in(desk.tom, PASSPHRASE);
    assert!(desk.with(|host| host.device.is_for_concern_only()));
    desk.ask(Intent::Open(Screen::Fire));
    let started = desk.ask(Intent::StartCall(EventKind::Real));
    let call = find(&started, |update| if let Update::Call(view) = update { Some(view.clone()) } else { None });
    let (event, person) = (call.event, call.rows[0].person);
    let folder = desk._folder.path().join("paper").display().to_string();
    let act = |act| Intent::OfCall { event, act };
    for asked in [
        Intent::ClaimMarshal { event, name: "S. Reid".into() },
        act(CallAct::StandAt("Front car park".into())),
        act(CallAct::Now(Moment::BuildingClear)),
        Intent::Sight { event, person, sighting: Sighting::Found },
        Intent::UndoCall(event),
        Intent::AddStranger { event, name: "A plumber".into() },
        Intent::OpenCare(Secret::new("904417".into())),
        Intent::CloseCare,
        Intent::PrintFireList { folder: folder.clone() },
        Intent::EndCall(event),
        Intent::OfReport { event, act: ReportAct::Write(Box::default()) },
        Intent::LookAtCall(None),
    ] {
        let updates = desk.ask(asked.clone());
        assert!(!format!("{updates:?}").contains("for adding a concern only"), "{asked:?}");
    }
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), 1, "the list is on paper");
    assert!(desk.with(|host| host.device.is_for_concern_only()), "and nothing else opened by it");
}

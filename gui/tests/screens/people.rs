//! Staff, their accounts, bringing people in, and leavers.

use crate::{Talk, Under, WIDE, fill, focused, press, sample, says, show};
use egui::Key;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use muster_core::id::PersonId;
use muster_gui::screens::people::{PeopleState, people_ui};
use muster_gui::{Intent, Screen, Settings, Update};
use muster_school::areas::{LEARNING, REGISTER};
use muster_school::roles::Role;
use muster_school::view::people::{FireDutyForm, MadeWords, PeopleView, RoleGiven};

fn open(view: PeopleView) -> Harness<'static, Under<PeopleState>> {
    show([1116.0, 752.0], false, PeopleState::default(), move |ui, state| people_ui(ui, &view, state))
}

fn press_on(harness: &mut Harness<'_, Under<PeopleState>>, name: &str) {
    harness.get_by_label(name).click();
    harness.run_steps(3);
}

#[test]
fn each_account_says_role_sites_state_activation_and_last_sign_in() {
    let mut harness = open(sample::people());
    assert!(says(
        &harness,
        "Marsh, Helen, Site lead, Harbour, active, activated 3 September 08:40, Office laptop, last sign-in 08:12"
    ));
    assert!(says(&harness, "Nair, Priya, Core staff, Harbour, invited, last sign-in never"));
    assert!(says(&harness, "Has signed in on: 4B tablet and Office laptop"));
    harness.get_by_label_contains("Reid, Sam, Agency staff").click();
    harness.run_steps(2);
    assert_eq!(harness.state().asked, [Intent::ExplainAccount(PersonId([9; 16]))]);
}

#[test]
fn somebody_new_is_brought_in_with_a_role_at_a_site() {
    let mut harness = open(sample::people());
    press_on(&mut harness, "Bring somebody in…");
    assert_eq!(focused(&harness), "Forename");
    assert!(says(&harness, "Choose a role."), "what is missing is said");
    fill(&mut harness, "Forename", "Maya");
    fill(&mut harness, "Surname", "Lindqvist");
    press_on(&mut harness, "Role: Choose a role");
    press_on(&mut harness, "Core staff");
    press_on(&mut harness, "Harbour");
    press_on(&mut harness, "Give the role");
    let given = RoleGiven {
        person: None,
        forename: "Maya".into(),
        surname: "Lindqvist".into(),
        job: String::new(),
        role: Role::CoreStaff,
        sites: vec![sample::HARBOUR],
        areas: vec![],
        last_day: String::new(),
    };
    assert_eq!(harness.state().asked, [Intent::GiveRole(given)]);
}

#[test]
fn an_inspector_needs_something_to_be_shown_and_a_last_day() {
    let mut harness = open(sample::people());
    press_on(&mut harness, "Give a role… to Tom Okafor");
    press_on(&mut harness, "Role: Choose a role");
    press_on(&mut harness, "Inspector");
    assert!(says(&harness, "Tick what is to be shown."));
    press_on(&mut harness, "Show Registers");
    press_on(&mut harness, "Show Learning");
    assert!(says(&harness, "Say the last day."));
    fill(&mut harness, "Last day", "27/11/2026");
    // The areas that he may be shown fill the screen: the button stands below them.
    harness.get_by_label("Give the role").click_accesskit();
    harness.run_steps(3);
    let Some(Intent::GiveRole(given)) = harness.state().asked.last() else { panic!("{:?}", harness.state().asked) };
    assert_eq!((given.areas.as_slice(), given.last_day.as_str()), ([REGISTER, LEARNING].as_slice(), "27/11/2026"));
    assert_eq!(given.person, Some(PersonId([6; 16])));
}

#[test]
fn a_visitor_is_let_in_until_an_hour_of_their_last_day_and_a_refused_form_keeps_it() {
    let mut harness = open(sample::people());
    press_on(&mut harness, "Give a role… to Tom Okafor");
    press_on(&mut harness, "Role: Choose a role");
    press_on(&mut harness, "Inspector");
    press_on(&mut harness, "Show Registers");
    fill(&mut harness, "Until", "16:00");
    assert!(says(&harness, "Say the last day."));
    fill(&mut harness, "Last day", "27/11/2026");
    harness.get_by_label("Give the role").click_accesskit();
    harness.run_steps(3);
    let Some(Intent::GiveRole(given)) = harness.state().asked.last().cloned() else { panic!("nothing was given") };
    assert_eq!(given.last_day, "27/11/2026T16:00");
    let view = sample::people();
    let mut state = PeopleState::default();
    state.give_again(&view, given, "that time is over: choose a later one");
    let harness = show([1116.0, 752.0], false, state, move |ui, state| people_ui(ui, &view, state));
    let value = |name: &str| {
        harness
            .get_by_role_and_label(egui::accesskit::Role::TextInput, name)
            .accesskit_node()
            .value()
            .unwrap_or_default()
    };
    assert_eq!((value("Last day"), value("Until")), ("27/11/2026".to_owned(), "16:00".to_owned()));
}

#[test]
fn removing_a_leaver_says_what_they_can_still_read_names_them_and_keeps_them_unless_told_otherwise() {
    let mut harness = open(sample::people());
    press_on(&mut harness, "Remove… Tom Okafor");
    assert!(says(&harness, "Remove Tom Okafor?"));
    assert!(says(&harness, "can be read there with this person’s passphrase until that device has heard of this"));
    assert_eq!(focused(&harness), "Keep", "Enter without reading removes nobody");
    press(&mut harness, Key::Enter);
    assert_eq!(harness.state().asked, []);
    press_on(&mut harness, "Remove… Tom Okafor");
    press_on(&mut harness, "Remove Tom Okafor");
    assert_eq!(harness.state().asked, [Intent::RemovePerson(PersonId([6; 16]))]);
}

#[test]
fn a_forgotten_passphrase_is_reset_from_the_account_once_it_is_said_what_that_does() {
    let mut harness = open(sample::people());
    press_on(&mut harness, "Reset sign-in… of Tom Okafor");
    assert!(says(&harness, "The passphrase so far opens nothing any more"));
    assert_eq!(focused(&harness), "Keep", "Enter without reading resets nobody");
    press(&mut harness, Key::Escape);
    assert_eq!(harness.state().asked, []);
    press_on(&mut harness, "Reset sign-in… of Tom Okafor");
    press_on(&mut harness, "Reset Tom Okafor");
    assert_eq!(harness.state().asked, [Intent::Reset(PersonId([6; 16]))]);
}

#[test]
fn one_time_words_are_shown_once_and_are_in_no_debugging_output() {
    let words = "amber bridge candle dune elm fog".to_owned();
    let made = MadeWords { name: "Maya Lindqvist".into(), words: words.clone(), note: "They work once.".into() };
    assert!(!format!("{made:?}").contains("amber"));
    let mut harness = open(PeopleView { made: Some(made), ..sample::people() });
    assert!(says(&harness, &words) && says(&harness, "They work once."));
    harness.get_by_label("Copy the words").click();
    harness.step();
    let copied =
        |command: &egui::OutputCommand| matches!(command, egui::OutputCommand::CopyText(text) if *text == words);
    assert!(harness.output().platform_output.commands.iter().any(copied));
    harness.run_steps(2);
    press_on(&mut harness, "They have the words");
    assert_eq!(harness.state().asked, [Intent::WordsSeen]);
}

#[test]
fn whoever_may_bring_nobody_in_is_offered_nothing() {
    let mut view = sample::people();
    view.roles.clear();
    view.may_add_people = false;
    if let Some(detail) = &mut view.detail {
        (detail.may_add, detail.removal) = (false, None);
    }
    let mut harness = open(view);
    press_on(&mut harness, "Bring somebody in…");
    assert!(!says(&harness, "Give the role") && !says(&harness, "Remove…"));
}

#[test]
fn a_role_that_is_not_given_stands_in_its_form_again_with_the_reason() {
    let view = sample::people();
    let given = muster_school::view::people::RoleGiven {
        person: None,
        forename: "Maya".into(),
        surname: "Lindqvist".into(),
        job: "Teacher".into(),
        role: view.roles[0].role,
        sites: vec![view.sites[0].0],
        areas: Vec::new(),
        last_day: "soon".into(),
    };
    let words = "soon is no day: write it as 27/11/2026";
    let updates = vec![Update::Frame(sample::office()), Update::People(view), Update::Go(Screen::People)];
    let mut talk = Talk::new(WIDE, Settings::default(), updates);
    talk.hear(vec![Update::Refused { intent: Box::new(Intent::GiveRole(given.clone())), words: words.into() }]);
    assert!(says(&talk.harness, words));
    talk.harness.get_by_label("Give the role").click();
    talk.harness.run_steps(2);
    assert!(talk.asked().contains(&Intent::GiveRole(given)), "nothing of it was lost");
}

#[test]
fn a_fire_marshal_and_a_first_aider_are_named_on_the_screen_of_staff_with_their_number() {
    let mut harness = open(sample::people());
    press_on(&mut harness, "In a fire… Tom Okafor");
    press_on(&mut harness, "First aid");
    press_on(&mut harness, "Save");
    let person = sample::people().detail.unwrap().person;
    let duty = FireDutyForm { marshal: true, first_aid: true, phone: "07700 900456".into() };
    assert_eq!(harness.state().asked, [Intent::SetFireDuty { person, duty }]);
}

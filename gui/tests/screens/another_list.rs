//! What was chosen in a form is the same person, class or site after a lock, though the list was another by then.

use crate::{Talk, WIDE, fill, press_with, sample};
use egui::accesskit::Role as Node;
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use muster_core::id::{PersonId, PlaceId};
use muster_gui::intent::PupilAct;
use muster_gui::{Intent, Screen, Settings, Update};
use muster_school::ids::GroupId;
use muster_school::roles::Role;
use muster_school::view::calendar::{CalendarAct, CalendarView};
use muster_school::view::duties::{CallMade, NumberLine};
use muster_school::view::hours::{HoursAct, HoursRow, Whom};
use muster_school::view::people::PeopleView;
use muster_school::view::pupils::{Answer, Ask, PupilsView};
use muster_school::view::reception::{ReceptionView, SiteChoice};

fn click(talk: &mut Talk, name: &str) {
    talk.harness.get_by_label(name).click_accesskit();
    talk.harness.run_steps(3);
}

fn choose(talk: &mut Talk, control: &str, item: &str) {
    click(talk, control);
    talk.harness.get_by_role_and_label(Node::MenuItem, item).click();
    talk.harness.run_steps(3);
}

fn signed_in() -> Talk {
    let updates = vec![Update::Frame(sample::office()), Update::Today(sample::today()), Update::Go(Screen::Today)];
    Talk::new(WIDE, Settings::default(), updates)
}

/// Fills in on a screen, locks, signs in again, and finds the screen with other lists.
fn after_a_lock(before: (Screen, Update), fill_in: impl FnOnce(&mut Talk), after: Update) -> Talk {
    let (screen, view) = before;
    let mut talk = signed_in();
    talk.hear(vec![Update::Go(screen), view]);
    fill_in(&mut talk);
    press_with(&mut talk.harness, Modifiers::COMMAND, Key::L);
    let kept = talk.asked().into_iter().rev().find_map(|intent| match intent {
        Intent::KeepDrafts(drafts) => Some(drafts),
        _ => None,
    });
    let mut talk = signed_in();
    talk.hear(vec![Update::Drafts(kept.expect("drafts"))]);
    assert_eq!(talk.asked(), [Intent::Open(screen)]);
    talk.hear(vec![Update::Go(screen), after]);
    talk
}

fn shows(talk: &Talk, control: &str) {
    assert!(talk.harness.query_by_label(control).is_some(), "{control}: {:?}", crate::names(&talk.harness));
}

fn cover_of_beech_by_tom(after: CalendarView) -> Talk {
    let fill_in = |talk: &mut Talk| {
        click(talk, "Set cover");
        choose(talk, "Register of: Choose a group", "Beech");
        choose(talk, "Taken by: Choose somebody", "Tom Okafor");
        fill(&mut talk.harness, "First day", "23/11/2026");
    };
    after_a_lock((Screen::Calendar, Update::Calendar(sample::calendar())), fill_in, Update::Calendar(after))
}

#[test]
fn cover_that_was_half_set_is_of_the_same_class_by_the_same_teacher_though_others_came() {
    let mut after = sample::calendar();
    after.groups.insert(0, (GroupId([1; 16]), "Ash".into()));
    after.staff.insert(0, (PersonId([1; 16]), "Anna Bell".into()));
    let mut talk = cover_of_beech_by_tom(after);
    shows(&talk, "Register of: Beech");
    shows(&talk, "Taken by: Tom Okafor");
    talk.asked();
    click(&mut talk, "Save");
    let wanted = CalendarAct::Cover {
        group: GroupId([5; 16]),
        person: Some(PersonId([3; 16])),
        first: "23/11/2026".into(),
        last: String::new(),
    };
    assert!(talk.asked().contains(&Intent::Calendar(wanted)));
}

#[test]
fn whoever_has_left_meanwhile_is_nobodys_cover_and_somebody_is_chosen_anew() {
    let mut after = sample::calendar();
    after.staff.pop();
    let mut talk = cover_of_beech_by_tom(after);
    shows(&talk, "Register of: Beech");
    shows(&talk, "Taken by: Choose somebody");
    talk.asked();
    click(&mut talk, "Save");
    assert!(!talk.asked().iter().any(|intent| matches!(intent, Intent::Calendar(_))), "nothing is set");
}

#[test]
fn what_was_half_set_for_one_site_alone_does_not_come_back_at_another() {
    let fill_in = |talk: &mut Talk| {
        click(talk, "Set a term");
        fill(&mut talk.harness, "Name", "Autumn");
        click(talk, "Only at Harbour site");
    };
    let hill = CalendarView { site: Some(PlaceId([2; 16])), site_name: "Hill site".into(), ..sample::calendar() };
    let talk = after_a_lock((Screen::Calendar, Update::Calendar(sample::calendar())), fill_in, Update::Calendar(hill));
    assert!(talk.harness.query_by_label("Only at Hill site").is_none());
    assert!(talk.harness.query_by_label("Save").is_none(), "{:?}", crate::names(&talk.harness));
}

/// The calendar of a school that has got a site since.
fn with_another_site() -> CalendarView {
    let mut after = sample::calendar();
    let new = HoursRow {
        site: Some(PlaceId([7; 16])),
        name: "Annexe".into(),
        words: "As every site".into(),
        days: 1,
        from: "09:00".into(),
        to: "10:00".into(),
    };
    after.hours.sites.insert(1, new);
    after
}

#[test]
fn hours_and_leave_that_were_half_given_at_one_site_are_not_of_another_that_is_new() {
    let fill_in = |talk: &mut Talk| {
        click(talk, "School hours…");
        choose(talk, "Where: Every site", "Harbour site");
        fill(&mut talk.harness, "Until", "5");
    };
    let before = || (Screen::Calendar, Update::Calendar(sample::calendar()));
    let mut talk = after_a_lock(before(), fill_in, Update::Calendar(with_another_site()));
    shows(&talk, "Where: Harbour site");
    talk.asked();
    click(&mut talk, "Save the hours");
    let asked = talk.asked();
    let set = |intent: &Intent| {
        matches!(intent, Intent::Hours(HoursAct::Set { site: Some(PlaceId([1, ..])), days: 0b001_1111, .. }))
    };
    assert!(asked.iter().any(set), "{asked:?}");

    let fill_in = |talk: &mut Talk| {
        click(talk, "Leave…");
        choose(talk, "Whose: Somebody by name", "Everybody at Harbour site");
        for (name, words) in [("Day", "24/11/2026"), ("From", "18:30"), ("Until", "22:00"), ("Why", "Governors")] {
            fill(&mut talk.harness, name, words);
        }
    };
    let mut talk = after_a_lock(before(), fill_in, Update::Calendar(with_another_site()));
    shows(&talk, "Whose: Everybody at Harbour site");
    talk.asked();
    click(&mut talk, "Give leave");
    let asked = talk.asked();
    let given =
        |intent: &Intent| matches!(intent, Intent::Hours(HoursAct::Give { whom: Whom::Site(PlaceId([1, ..])), .. }));
    assert!(asked.iter().any(given), "{asked:?}");
}

fn a_teacher_for_hill(after: PeopleView) -> Talk {
    let fill_in = |talk: &mut Talk| {
        click(talk, "Bring somebody in…");
        choose(talk, "Role: Choose a role", "Core staff");
        click(talk, "Hill");
        fill(&mut talk.harness, "Surname", "Bell");
    };
    after_a_lock((Screen::People, Update::People(sample::people())), fill_in, Update::People(after))
}

#[test]
fn a_role_that_was_half_given_is_the_same_role_at_the_same_site() {
    let mut after = sample::people();
    after.roles.reverse();
    after.sites.insert(0, (PlaceId([7; 16]), "Annexe".into()));
    let mut talk = a_teacher_for_hill(after);
    shows(&talk, "Role: Core staff");
    talk.asked();
    click(&mut talk, "Give the role");
    let given = talk.asked().into_iter().find_map(|intent| match intent {
        Intent::GiveRole(given) => Some(given),
        _ => None,
    });
    let given = given.unwrap();
    assert_eq!((given.role, given.sites, given.surname), (Role::CoreStaff, vec![PlaceId([2; 16])], "Bell".to_owned()));
}

#[test]
fn a_role_at_a_site_that_is_not_there_any_more_does_not_become_one_at_every_site() {
    let mut after = sample::people();
    after.sites.retain(|(_, name)| name != "Hill");
    let mut talk = a_teacher_for_hill(after);
    assert!(crate::says(&talk.harness, "The sites are not those of before: tick them again."));
    talk.asked();
    click(&mut talk, "Give the role");
    assert!(!talk.asked().iter().any(|intent| matches!(intent, Intent::GiveRole(_))));
    click(&mut talk, "Harbour");
    click(&mut talk, "Give the role");
    let asked = talk.asked();
    let at_harbour = |intent: &Intent| matches!(intent, Intent::GiveRole(given) if given.sites == [PlaceId([1; 16])]);
    assert!(asked.iter().any(at_harbour), "{asked:?}");
}

#[test]
fn people_who_were_to_be_sent_to_a_site_are_sent_to_no_other() {
    let two = |first: SiteChoice| {
        let mut view: ReceptionView = sample::reception();
        view.sites.insert(0, first);
        Update::Reception(Box::new(view))
    };
    let site = |id: u8, name: &str| SiteChoice { site: PlaceId([id; 16]), name: name.into() };
    let fill_in = |talk: &mut Talk| {
        click(talk, "Send to another site…");
        choose(talk, "Where to: Choose a site", "Meadow");
    };
    let mut after = sample::reception();
    after.sites.splice(0..0, [site(7, "Annexe"), site(8, "Hill")]);
    let after = Update::Reception(Box::new(after));
    let talk = after_a_lock((Screen::Reception, two(site(8, "Hill"))), fill_in, after);
    shows(&talk, "Where to: Meadow");
}

#[test]
fn a_call_that_was_half_written_down_was_to_the_same_person_with_the_same_outcome() {
    let at_calls = |talk: &mut Talk| {
        click(talk, "2 absent today without a reason");
    };
    let fill_in = |talk: &mut Talk| {
        at_calls(talk);
        click(talk, "Byrne, Ada, 4B, morning, 1 call");
        choose(talk, "Whom you called: Grace Byrne, mother", "Ivy Byrne, aunt");
        choose(talk, "What came of it: Choose what came of it", "Message left");
        choose(talk, "Reason: No reason yet: N stays", "M: Medical appointment");
        fill(&mut talk.harness, "What was said", "Back on Tuesday");
    };
    let changed = || {
        let mut after = sample::to_do();
        after.calls[0].numbers.insert(0, NumberLine { whom: "Joan Byrne, grandmother".into(), number: "1".into() });
        after.outcomes.insert(0, "Engaged".into());
        after.codes.insert(0, ("C".into(), "Leave".into()));
        after
    };
    let before = || (Screen::ToDo, Update::ToDo(sample::to_do()));
    let pupil = sample::to_do().calls[0].pupil;
    let made = CallMade {
        pupil,
        whom: "Ivy Byrne, aunt".into(),
        outcome: 2,
        words: "Back on Tuesday".into(),
        code: Some("M".into()),
    };
    let mut talk = after_a_lock(before(), fill_in, Update::ToDo(changed()));
    shows(&talk, "Whom you called: Ivy Byrne, aunt");
    talk.asked();
    click(&mut talk, "Log the call");
    assert!(talk.asked().contains(&Intent::LogCall(made.clone())));

    // Her number was taken off the pupil's file meanwhile: it was she who was called all the same.
    let mut after = changed();
    after.calls[0].numbers.retain(|number| !number.whom.starts_with("Ivy"));
    let mut talk = after_a_lock(before(), fill_in, Update::ToDo(after));
    shows(&talk, "Whom you called: Somebody else");
    talk.asked();
    click(&mut talk, "Log the call");
    assert!(talk.asked().contains(&Intent::LogCall(made)));
}

#[test]
fn an_answer_that_was_chosen_in_a_pupils_form_is_the_same_words_and_not_the_same_place() {
    let opened = || Update::Pupils(Box::new(sample::contact_form()));
    let mut closed = sample::contact_form();
    closed.form = None;
    let fill_in = |talk: &mut Talk| choose(talk, "Lives: Not known", "At the second address");
    let mut talk = after_a_lock((Screen::Pupils, opened()), fill_in, Update::Pupils(Box::new(closed)));
    assert!(matches!(talk.asked().as_slice(), [Intent::Pupils(PupilAct::Resume(_))]));
    let mut after: PupilsView = sample::contact_form();
    for ask in after.form.iter_mut().flat_map(|form| &mut form.asks) {
        if let Ask::Choice { items, .. } = ask {
            items.insert(1, "With a guardian".into());
        }
    }
    talk.hear(vec![Update::Pupils(Box::new(after))]);
    shows(&talk, "Lives: At the second address");
    click(&mut talk, "Add the contact");
    let asked = talk.asked();
    let answered = asked.iter().find_map(|intent| match intent {
        Intent::Pupils(PupilAct::Answer(answers)) => answers.0.get("home").cloned(),
        _ => None,
    });
    assert_eq!(answered, Some(Answer::Choice(Some(3))), "{asked:?}");
}

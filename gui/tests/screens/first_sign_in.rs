//! One-time words, a passphrase of words or of one's own, and what belongs to one's own sign-in.

use crate::{TABLET, Talk, WIDE, fill, focused, press, sample, says, type_text};
use egui::Key;
use egui::accesskit::Role;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use muster_core::id::PersonId;
use muster_gui::{Intent, LockReason, Screen, Secret, Settings, Update};
use muster_school::view::lock::{ActivationView, OwnView, Strength};

const TOM: PersonId = PersonId([2; 16]);
const WORDS: &str = "calm otter lantern velvet tundra";

fn view() -> ActivationView {
    ActivationView {
        suggested: WORDS.into(),
        advice: "Five words that do not belong together.".into(),
        ..ActivationView::default()
    }
}

fn first(size: [f32; 2], settings: Settings) -> Talk {
    let frame = Update::Frame(sample::hall());
    let go = Update::Go(Screen::Activation(TOM));
    Talk::new(size, settings, vec![frame, Update::Lock(sample::lock()), go, Update::Activation(view())])
}

fn click(talk: &mut Talk, name: &str) {
    talk.harness.get_by_role_and_label(Role::Button, name).click_accesskit();
    talk.harness.run_steps(3);
}

fn is_off(talk: &Talk, name: &str) -> bool {
    talk.harness.get_by_role_and_label(Role::Button, name).accesskit_node().is_disabled()
}

/// Types into a field of a passphrase.
fn again(talk: &mut Talk, name: &str, words: &str) {
    talk.harness.get_by_role_and_label(Role::PasswordInput, name).focus();
    talk.harness.run_steps(2);
    talk.harness.get_by_role_and_label(Role::PasswordInput, name).type_text(words);
    talk.harness.run_steps(3);
}

fn activate(words: &str, passphrase: &str) -> Intent {
    Intent::Activate { words: Secret::new(words.into()), passphrase: Secret::new(passphrase.into()) }
}

/// What was asked, but for a look at the words.
fn but_words(talk: &Talk) -> Vec<Intent> {
    talk.asked().into_iter().filter(|intent| !matches!(intent, Intent::CheckWords(_))).collect()
}

#[test]
fn a_first_sign_in_offers_words_that_were_made_and_asks_them_back_once() {
    for (size, settings) in
        [(WIDE, Settings::default()), (TABLET, Settings { size_percent: 200, ..Settings::default() })]
    {
        let mut talk = first(size, settings);
        assert_eq!(focused(&talk.harness), "One-time words");
        type_text(&mut talk.harness, "amber bridge");
        press(&mut talk.harness, Key::Enter);
        talk.harness.run_steps(3);
        assert!(says(&talk.harness, WORDS), "{:?}", crate::names(&talk.harness));
        click(&mut talk, "Go on");
        assert!(!says(&talk.harness, WORDS), "asked back from memory or from paper");
        assert!(is_off(&talk, "Sign in"));
        again(&mut talk, "The same once more", "calm otter");
        assert!(says(&talk.harness, "It is not the same yet.") && is_off(&talk, "Sign in"));
        again(&mut talk, "The same once more", " lantern velvet tundra");
        click(&mut talk, "Sign in");
        assert_eq!(but_words(&talk), [activate("amber bridge", WORDS)]);
    }
}

#[test]
fn a_passphrase_of_ones_own_is_judged_in_words_as_it_is_typed() {
    let mut talk = first(WIDE, Settings::default());
    fill(&mut talk.harness, "One-time words", "amber bridge");
    click(&mut talk, "Go on");
    click(&mut talk, "One of your own");
    assert!(says(&talk.harness, "Five words that do not belong together."));
    assert!(is_off(&talk, "Go on"));
    again(&mut talk, "Your passphrase from now on", "alder");
    let judged = talk.asked();
    assert_eq!(judged.last(), Some(&Intent::JudgePassphrase(Secret::new("alder".into()))));
    let weak = Strength { words: "Not strong enough yet: that passphrase could be guessed".into(), enough: false };
    talk.hear(vec![Update::Activation(ActivationView { strength: Some(weak), ..view() })]);
    assert!(says(&talk.harness, "Not strong enough yet") && is_off(&talk, "Go on"));
    again(&mut talk, "Your passphrase from now on", " sixty purple wagons sing");
    let strong = Strength { words: "Strong enough".into(), enough: true };
    talk.hear(vec![Update::Activation(ActivationView { strength: Some(strong), ..view() })]);
    click(&mut talk, "Go on");
    again(&mut talk, "The same once more", "alder sixty purple wagons sing");
    talk.asked();
    press(&mut talk.harness, Key::Enter);
    assert_eq!(talk.asked(), [activate("amber bridge", "alder sixty purple wagons sing")]);
}

#[test]
fn words_that_let_nobody_in_are_said_so_before_a_passphrase_is_chosen_for_them() {
    let mut talk = first(WIDE, Settings::default());
    fill(&mut talk.harness, "One-time words", "amber fridge");
    click(&mut talk, "Go on");
    assert_eq!(talk.asked(), [Intent::CheckWords(Secret::new("amber fridge".into()))]);
    assert!(says(&talk.harness, WORDS), "nobody waits for the answer");
    let problem = Some("the second word is none that Muster uses: look at it again".to_owned());
    talk.hear(vec![Update::Activation(ActivationView { problem, checked: 1, ..view() })]);
    assert!(says(&talk.harness, "the second word is none") && !says(&talk.harness, WORDS));
    assert_eq!(focused(&talk.harness), "One-time words");
    // What was wrong before is no answer to what is asked now.
    fill(&mut talk.harness, "One-time words", " no, bridge");
    click(&mut talk, "Go on");
    assert!(says(&talk.harness, WORDS));
    talk.hear(vec![Update::Activation(ActivationView { checked: 2, ..view() })]);
    assert!(says(&talk.harness, WORDS) && !says(&talk.harness, "the second word"));
}

#[test]
fn words_that_were_misheard_are_mended_without_choosing_a_passphrase_again() {
    let mut talk = first(WIDE, Settings::default());
    fill(&mut talk.harness, "One-time words", "amber fridge");
    click(&mut talk, "Go on");
    click(&mut talk, "Go on");
    again(&mut talk, "The same once more", WORDS);
    click(&mut talk, "Sign in");
    assert_eq!(but_words(&talk), [activate("amber fridge", WORDS)]);
    let problem = Some("no grant heard of here has these words: ask for them once more".to_owned());
    talk.hear(vec![Update::Activation(ActivationView { problem, ..view() })]);
    assert!(says(&talk.harness, "ask for them once more"));
    fill(&mut talk.harness, "One-time words", " no, bridge");
    click(&mut talk, "Sign in");
    assert_eq!(talk.asked(), [activate("amber fridge no, bridge", WORDS)]);
    talk.hear(vec![Update::Frame(sample::office()), Update::Today(sample::today()), Update::Go(Screen::Today)]);
    talk.hear(vec![Update::Frame(sample::hall()), Update::Go(Screen::Activation(TOM)), Update::Activation(view())]);
    assert!(!says(&talk.harness, "fridge") && is_off(&talk, "Go on"), "nothing of it is left for whoever comes next");
}

#[test]
fn other_words_are_one_press_away() {
    let mut talk = first(WIDE, Settings::default());
    fill(&mut talk.harness, "One-time words", "amber bridge");
    click(&mut talk, "Go on");
    talk.harness.get_by_label("Other words").click();
    talk.harness.run_steps(2);
    assert_eq!(but_words(&talk), [Intent::SuggestPassphrase]);
}

fn own(view: OwnView) -> Talk {
    Talk::new(
        WIDE,
        Settings::default(),
        vec![Update::Frame(sample::office()), Update::Own(view), Update::Go(Screen::Own)],
    )
}

#[test]
fn a_pin_for_this_sign_in_is_set_and_the_screen_says_until_when_it_unlocks() {
    let mut talk = own(OwnView::default());
    assert!(is_off(&talk, "Set a PIN for this sign-in"));
    again(&mut talk, "New PIN, 4 to 8 digits", "47x119");
    click(&mut talk, "Set a PIN for this sign-in");
    assert_eq!(talk.asked(), [Intent::SetPin { pin: Secret::new("47119".into()) }]);
    let done = Some("Your PIN is set".to_owned());
    talk.hear(vec![Update::Own(OwnView { pin: Some("until 13:05".into()), done, ..OwnView::default() })]);
    assert!(says(&talk.harness, "Your PIN is set") && says(&talk.harness, "until 13:05"));
    assert!(says(&talk.harness, "It ends when you sign out, after three wrong tries"));
}

#[test]
fn ones_passphrase_is_changed_with_the_old_one_and_signing_out_is_there_too() {
    let mut talk = own(OwnView { suggested: WORDS.into(), ..OwnView::default() });
    again(&mut talk, "Your passphrase so far", "three calm otters");
    click(&mut talk, "Go on");
    again(&mut talk, "The same once more", WORDS);
    click(&mut talk, "Change passphrase");
    let (old, new) = (Secret::new("three calm otters".into()), Secret::new(WORDS.into()));
    assert_eq!(talk.asked(), [Intent::ChangePassphrase { old, new }]);
    click(&mut talk, "Sign out");
    assert_eq!(talk.asked(), [Intent::Lock(LockReason::SignedOut)]);
    assert_eq!(talk.harness.state().screen(), Screen::Lock);
}

#[test]
fn the_name_in_the_header_leads_to_ones_own_sign_in() {
    let updates = vec![Update::Frame(sample::office()), Update::Today(sample::today()), Update::Go(Screen::Today)];
    let mut talk = Talk::new(WIDE, Settings::default(), updates);
    talk.harness.get_by_label("Ruth Adeyemi: Your sign-in").click();
    talk.harness.run_steps(2);
    assert_eq!(talk.asked(), [Intent::Open(Screen::Own)]);
}

#[test]
fn words_that_are_offered_or_made_for_somebody_are_never_printed() {
    let own = OwnView { suggested: WORDS.into(), ..OwnView::default() };
    let first = ActivationView { suggested: WORDS.into(), ..ActivationView::default() };
    let made =
        muster_school::view::people::MadeWords { name: "Tom Okafor".into(), words: WORDS.into(), note: String::new() };
    let invite = muster_school::view::devices::InviteView::Open {
        words: vec![WORDS.into()],
        code: WORDS.into(),
        expires: "Works once".into(),
        left_secs: 9,
    };
    let printed = format!("{own:?} {first:?} {made:?} {invite:?}");
    assert!(!printed.contains(WORDS), "{printed}");
}

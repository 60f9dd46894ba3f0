//! Point 38 of the screens: enrolling shows the words and a QR of them, both sides show the same short phrase before
//! trust, and the invitation expires visibly.

use crate::{Talk, WIDE, press, sample, says};
use egui::Key;
use egui::accesskit::Role;
use egui_kittest::kittest::Queryable as _;
use muster_core::id::PlaceId;
use muster_gui::{Intent, Screen, Settings, Update};
use muster_school::roles::DeviceKind;
use muster_school::view::devices::{DevicesView, InviteView, JoinView};

fn open() -> Talk {
    let updates =
        vec![Update::Frame(sample::office()), Update::Devices(sample::devices()), Update::Go(Screen::Devices)];
    Talk::new(WIDE, Settings::default(), updates)
}

fn at(invite: InviteView) -> Update {
    Update::Devices(DevicesView { invite: Some(invite), ..sample::devices() })
}

fn code(left_secs: u32) -> InviteView {
    let words = ["amber", "bridge", "candle", "dune", "elm", "fog"].map(str::to_owned).to_vec();
    let code = "amber-bridge-candle-dune-elm-fog@5f2c9be0".to_owned();
    InviteView::Open { words, code, expires: "Works once, until 09:40".into(), left_secs }
}

fn click(talk: &mut Talk, name: &str) {
    talk.harness.get_by_label(name).click_accesskit();
    talk.harness.run_steps(3);
}

#[test]
fn what_the_device_is_for_and_which_sites_it_may_hold_is_chosen_before_there_is_a_code() {
    let mut talk = open();
    click(&mut talk, "Add a device");
    assert_eq!(talk.asked(), [], "nothing is open yet");
    assert!(says(&talk.harness, DeviceKind::Tablet.purpose()), "the one with least is chosen first");
    click(&mut talk, "Leaders’ laptop");
    assert!(says(&talk.harness, "It may keep the keys of leads and heads"));
    click(&mut talk, "Hill");
    click(&mut talk, "Make the code");
    let sites = vec![PlaceId([1; 16])];
    assert_eq!(talk.asked(), [Intent::Invite { kind: DeviceKind::Laptop, sites }]);
}

#[test]
fn a_device_without_any_site_is_not_enrolled() {
    let mut talk = open();
    click(&mut talk, "Add a device");
    click(&mut talk, "Hill");
    click(&mut talk, "Harbour");
    assert!(says(&talk.harness, "Choose one site at least."));
    click(&mut talk, "Make the code");
    assert_eq!(talk.asked(), []);
}

#[test]
fn the_code_stands_in_words_as_a_picture_and_counts_down_to_its_end() {
    let mut talk = open();
    talk.hear(vec![at(code(125))]);
    assert!(says(&talk.harness, "amber bridge candle dune elm fog"));
    assert!(talk.harness.query_by_role_and_label(Role::Image, "The code as a picture for a camera").is_some());
    assert!(says(&talk.harness, "Works once, until 09:40."));
    let now = talk.harness.ctx.input(|input| input.time);
    talk.harness.input_mut().time = Some(now + 60.0);
    talk.harness.run_steps(1);
    let left = |secs: u32| says(&talk.harness, &format!("1 min {secs} s left."));
    assert!((0..=5).any(left), "{:?}", crate::names(&talk.harness));
    let words = "nobody answered the code in time: make a new one".to_owned();
    talk.hear(vec![at(InviteView::Failed { words: words.clone() })]);
    assert!(says(&talk.harness, &words) && !says(&talk.harness, "amber bridge"));
}

#[test]
fn both_sides_show_the_same_phrase_before_trust_and_enter_lets_nobody_in() {
    let phrase = "quiet otter, seven lanterns";
    let mut officer = open();
    officer.hear(vec![at(InviteView::Compare { device: "Hall tablet".into(), phrase: phrase.into(), twice: None })]);
    let compare = JoinView::Compare { phrase: phrase.into() };
    let updates = vec![Update::Join(compare), Update::Go(Screen::Join)];
    let joiner = Talk::new(WIDE, Settings::default(), updates);
    assert!(says(&officer.harness, phrase) && says(&joiner.harness, phrase));
    press(&mut officer.harness, Key::Enter);
    assert_eq!(officer.asked(), [Intent::CancelInvite], "without looking");
    officer.hear(vec![at(InviteView::Compare { device: "Hall tablet".into(), phrase: phrase.into(), twice: None })]);
    click(&mut officer, "It is the same: let it in");
    assert_eq!(officer.asked(), [Intent::ConfirmInvite]);
}

#[test]
fn while_a_new_device_receives_it_counts_what_has_come_and_nobody_has_to_wait_for_the_rest() {
    let updates = vec![Update::Join(sample::receiving()), Update::Go(Screen::Join)];
    let mut talk = Talk::new(WIDE, Settings::default(), updates);
    assert!(says(&talk.harness, "Receiving what this device may hold: 1800 changes to come"));
    assert!(says(&talk.harness, "Who may do what: 34 changes, all here"));
    assert!(says(&talk.harness, "Everything else: nothing yet"));
    click(&mut talk, "Go to sign-in");
    assert_eq!(talk.asked(), [Intent::Open(Screen::Lock)]);
}

#[test]
fn a_device_that_has_just_joined_says_what_is_here_and_how_much_is_on_its_way() {
    let note = "Today’s fire list is here. Earlier records follow: 12 parts to go.";
    let frame = sample::frame("Hall tablet", None, "Receiving, 12 parts to go", false);
    let lock = muster_school::view::lock::LockView { note: note.into(), ..sample::lock() };
    let talk = Talk::new(WIDE, Settings::default(), vec![Update::Frame(frame), Update::Lock(lock)]);
    assert!(says(&talk.harness, note) && says(&talk.harness, "Receiving, 12 parts to go"));
    assert!(talk.harness.query_by_label("Fire register").is_some(), "and its fire register opens");
}

//! Each screen by accessible name, as a head teacher would ask of it. No graphics are needed.

#![allow(clippy::unwrap_used)] // Tests stop at the first surprise.

#[path = "../common/finger.rs"]
mod finger;
#[path = "../common/sample.rs"]
mod sample;

mod another_list;
mod app;
mod attendance;
mod audit;
mod by_touch;
mod calendar;
mod call;
mod devices;
mod drafts;
mod event;
mod every_form;
mod everywhere;
mod fire;
mod first_sign_in;
mod hidden;
mod hours;
mod idle;
mod lock;
mod lost;
mod people;
mod pictures;
mod point_14;
mod point_15;
mod point_16;
mod point_33;
mod point_34;
mod point_38;
mod pupils;
mod register;
mod roles;
mod running;
mod secrets;
mod states;
mod step_up;
mod to_do;
mod today;
mod tree;
mod unseen;

use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use muster_gui::kit::look::{Look, install_fonts};
use muster_gui::kit::tokens::Theme;
use muster_gui::{Intent, Screen, ScriptedEngine, Settings, Update};
use muster_school::view::call::CallView;
use muster_school::view::drills::DrillsView;
use muster_school::view::reception::ReceptionView;
use std::sync::{Arc, Mutex};

pub(crate) const WIDE: [f32; 2] = [1280.0, 800.0];
pub(crate) const TABLET: [f32; 2] = [1024.0, 600.0];

/// What a screen under test keeps: its own state, and what was asked for.
pub(crate) struct Under<S> {
    pub(crate) state: S,
    pub(crate) asked: Vec<Intent>,
}

/// Shows one screen in a window of a size.
pub(crate) fn show<S: 'static>(
    size: [f32; 2],
    touch: bool,
    state: S,
    mut screen: impl FnMut(&mut egui::Ui, &mut S) -> Vec<Intent> + 'static,
) -> Harness<'static, Under<S>> {
    let mut harness =
        Harness::builder().with_size(size).with_max_steps(12).with_context_setup(install_fonts).build_ui_state(
            move |ui, under: &mut Under<S>| {
                let ctx = ui.ctx().clone();
                Look::new(Theme::Light, touch, true).apply(&ctx);
                let mut whole = ui.new_child(egui::UiBuilder::new().max_rect(ctx.content_rect()));
                whole.set_clip_rect(ctx.content_rect());
                under.asked.extend(screen(&mut whole, &mut under.state));
            },
            Under { state, asked: Vec::new() },
        );
    harness.run_steps(3);
    harness
}

/// The whole client on an engine that answers from a list.
pub(crate) fn client(
    size: [f32; 2],
    settings: Settings,
    updates: Vec<Update>,
) -> (Harness<'static, muster_gui::App>, Arc<Mutex<Vec<Intent>>>) {
    let talk = Talk::new(size, settings, updates);
    (talk.harness, talk.asked)
}

/// The whole client on an engine that goes on answering.
pub(crate) struct Talk {
    pub(crate) harness: Harness<'static, muster_gui::App>,
    asked: Arc<Mutex<Vec<Intent>>>,
    updates: Arc<Mutex<std::collections::VecDeque<Update>>>,
}

impl Talk {
    pub(crate) fn new(size: [f32; 2], settings: Settings, updates: Vec<Update>) -> Self {
        let engine = ScriptedEngine::new(updates);
        let (asked, updates) = (engine.asked.clone(), engine.updates.clone());
        let app = muster_gui::App::new(Box::new(engine), settings);
        let mut harness = Harness::builder()
            .with_size(size)
            .with_max_steps(12)
            .with_context_setup(install_fonts)
            .build_ui_state(|ui, app: &mut muster_gui::App| app.show(ui), app);
        harness.run_steps(4);
        Self { harness, asked, updates }
    }

    /// What was asked since this was last called.
    pub(crate) fn asked(&self) -> Vec<Intent> {
        std::mem::take(&mut *self.asked.lock().unwrap())
    }

    /// The engine says more, and nobody has looked yet.
    pub(crate) fn say(&mut self, updates: Vec<Update>) {
        self.updates.lock().unwrap().extend(updates);
    }

    /// The engine says more.
    pub(crate) fn hear(&mut self, updates: Vec<Update>) {
        self.updates.lock().unwrap().extend(updates);
        self.harness.run_steps(4);
    }
}

/// Types into a field of this name.
pub(crate) fn fill<S>(harness: &mut Harness<'_, S>, name: &str, words: &str) {
    let role = egui::accesskit::Role::TextInput;
    harness.get_by_role_and_label(role, name).focus();
    harness.run_steps(2);
    harness.get_by_role_and_label(role, name).type_text(words);
    harness.run_steps(3);
}

/// Types letters, one frame each.
pub(crate) fn type_text<S>(harness: &mut Harness<'_, S>, words: &str) {
    for letter in words.chars() {
        if letter == ' ' {
            press(harness, Key::Space);
            continue;
        }
        harness.event(egui::Event::Text(letter.to_string()));
        harness.run_steps(2);
    }
}

/// Presses a key, as a keyboard does.
pub(crate) fn press<S>(harness: &mut Harness<'_, S>, key: Key) {
    press_with(harness, Modifiers::NONE, key);
}

/// Presses a key with others held.
pub(crate) fn press_with<S>(harness: &mut Harness<'_, S>, modifiers: Modifiers, key: Key) {
    let event = |pressed| egui::Event::Key { key, physical_key: None, pressed, repeat: false, modifiers };
    harness.event(event(true));
    if key == Key::Space && modifiers.is_none() {
        harness.event(egui::Event::Text(" ".to_owned()));
    }
    harness.run_steps(1);
    harness.event(event(false));
    harness.run_steps(2);
}

/// What has the focus, by name.
pub(crate) fn focused<S>(harness: &Harness<'_, S>) -> String {
    use egui_kittest::kittest::NodeT as _;
    let named = |node: egui_kittest::Node<'_>| {
        let node = node.accesskit_node();
        node.is_focused().then(|| node.label().or(node.value()).unwrap_or_default())
    };
    harness.root().children_recursive().find_map(named).unwrap_or_default()
}

/// Every name on the screen.
pub(crate) fn names<S>(harness: &Harness<'_, S>) -> Vec<String> {
    use egui_kittest::kittest::NodeT as _;
    let name = |node: egui_kittest::Node<'_>| {
        let node = node.accesskit_node();
        node.label().or(node.value())
    };
    harness.root().children_recursive().filter_map(name).filter(|name| !name.is_empty()).collect()
}

/// True when some name on the screen has these words in it.
pub(crate) fn says<S>(harness: &Harness<'_, S>, words: &str) -> bool {
    harness.query_all_by_label_contains(words).next().is_some()
        || names(harness).iter().any(|name| name.contains(words))
}

/// Every screen of the client, ready to be opened.
pub(crate) fn every_screen() -> Vec<(&'static str, Vec<Update>)> {
    let office = |update, screen| vec![Update::Frame(sample::office()), update, Update::Go(screen)];
    let event = muster_school::view::EventId([5; 16]);
    let in_call = |view: CallView| {
        vec![Update::Frame(sample::hall()), Update::Call(Box::new(view)), Update::Go(Screen::Call(event))]
    };
    let at_the_door = |view: ReceptionView| {
        vec![Update::Frame(sample::hall()), Update::Go(Screen::Reception), Update::Reception(Box::new(view))]
    };
    let drills_report = DrillsView { report: Some(sample::report()), ..sample::drills() };
    vec![
        ("lock", vec![Update::Frame(sample::hall()), Update::Lock(sample::lock())]),
        ("today", office(Update::Today(sample::today()), Screen::Today)),
        ("registers", office(Update::Registers(sample::registers()), Screen::Registers)),
        ("register", office(Update::Register(sample::register()), Screen::Register(sample::key()))),
        ("fire", vec![Update::Frame(sample::hall()), Update::Fire(sample::fire()), Update::Go(Screen::Fire)]),
        (
            "call",
            vec![
                Update::Frame(sample::hall()),
                Update::Call(Box::new(sample::call())),
                Update::Go(Screen::Call(event)),
            ],
        ),
        ("add concern", office(Update::AddConcern(sample::add_concern()), Screen::AddConcern)),
        (
            "concerns",
            vec![Update::Frame(sample::office()), Update::Go(Screen::Concerns), Update::Concerns(sample::concerns())],
        ),
        ("audit", office(Update::Audit(sample::audit()), Screen::Audit)),
        ("devices", office(Update::Devices(sample::devices()), Screen::Devices)),
        ("own", office(Update::Own(sample::own()), Screen::Own)),
        ("people", office(Update::People(sample::people()), Screen::People)),
        ("attendance", office(Update::Attendance(sample::attendance()), Screen::Attendance)),
        ("to_do", office(Update::ToDo(sample::to_do()), Screen::ToDo)),
        ("pupils", office(Update::Pupils(Box::new(sample::pupils())), Screen::Pupils)),
        ("pupil", office(Update::Pupils(Box::new(sample::pupil())), Screen::Pupils)),
        ("roles", office(Update::Roles(sample::roles()), Screen::Roles)),
        ("calendar", office(Update::Calendar(sample::calendar()), Screen::Calendar)),
        ("fire full", vec![Update::Frame(sample::hall()), Update::Fire(sample::fire_full()), Update::Go(Screen::Fire)]),
        ("call full", in_call(sample::call_full())),
        ("call care", in_call(sample::call_care())),
        ("call silent", in_call(sample::call_silent())),
        ("call over", in_call(sample::call_over())),
        ("reception", office(Update::Reception(Box::new(sample::reception())), Screen::Reception)),
        ("reception pupil", office(Update::Reception(Box::new(sample::reception_with_pupil())), Screen::Reception)),
        ("kiosk", at_the_door(ReceptionView { said: None, ..sample::kiosk() })),
        ("kiosk said", at_the_door(sample::kiosk())),
        ("display", office(Update::Display(sample::display()), Screen::Display)),
        ("display in call", office(Update::Display(sample::display_in_call()), Screen::Display)),
        ("drills", office(Update::Drills(Box::new(sample::drills())), Screen::Drills)),
        ("drills report", office(Update::Drills(Box::new(drills_report)), Screen::Drills)),
    ]
}

//! Renders every screen to PNG, of an invented school. `cargo run -p muster-gui --example pictures -- docs/pictures`
//!
//! Needs Vulkan; software rendering does (Debian: `apt-get install mesa-vulkan-drivers libvulkan1`).

// long because: one list of pictures, a few lines each, which nothing else uses.

#[allow(dead_code)] // The tests use the rest.
#[path = "../tests/common/sample.rs"]
mod sample;

use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use muster_core::id::PersonId;
use muster_gui::{App, Screen, ScriptedEngine, Settings, ThemeChoice, Update, kit};
use muster_school::view::calendar::CalendarView;
use muster_school::view::devices::{DevicesView, InviteView};
use muster_school::view::drills::DrillsView;
use muster_school::view::lock::{ActivationView, LockView, PinChoice, Strength};
use muster_school::view::lost::Kept;
use muster_school::view::reception::ReceptionView;
use muster_school::view::step_up::StepUpView;
use muster_school::view::{EventId, Notice, UndoKey};

const WIDE: [f32; 2] = [1280.0, 800.0];
const TABLET: [f32; 2] = [1024.0, 600.0];

/// The third argument shows a picture otherwise: `dark`, `contrast`, `double`.
fn settings(theme: ThemeChoice, touch: bool) -> Settings {
    let plain = Settings { theme, touch, reduce_motion: true, ..Settings::default() };
    match std::env::args().nth(3).as_deref() {
        Some("dark") => Settings { theme: ThemeChoice::Dark, ..plain },
        Some("contrast") => Settings { theme: ThemeChoice::HighContrast, ..plain },
        Some("double") => Settings { size_percent: 200, ..plain },
        _ => plain,
    }
}

fn open(size: [f32; 2], settings: Settings, updates: Vec<Update>) -> Harness<'static, App> {
    let app = App::new(Box::new(ScriptedEngine::new(updates)), settings);
    let mut harness = Harness::builder()
        .with_size(size)
        .with_max_steps(8)
        .with_render_cursor(false)
        .with_context_setup(kit::look::install_fonts)
        .wgpu()
        .build_ui_state(|ui, app: &mut App| app.show(ui), app);
    harness.run_steps(4);
    harness
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "docs/pictures".to_owned());
    std::fs::create_dir_all(&folder)?;
    let only = std::env::args().nth(2);
    let light = || settings(ThemeChoice::Light, false);
    let beech = || sample::frame("Beech laptop", Some("Helen Marsh"), "3 changes only on this device", false);
    let register = || {
        vec![Update::Frame(beech()), Update::Register(sample::register()), Update::Go(Screen::Register(sample::key()))]
    };
    let call = || {
        vec![
            Update::Frame(sample::hall()),
            Update::Call(Box::new(sample::call())),
            Update::Go(Screen::Call(EventId([5; 16]))),
        ]
    };
    let office = |update, screen| vec![Update::Frame(sample::office()), update, Update::Go(screen)];
    let lock = || vec![Update::Frame(sample::hall()), Update::Lock(sample::lock())];
    let tablet = || {
        vec![
            Update::Frame(sample::frame("4B tablet", Some("Priya Nair"), "Up to date 09:14", true)),
            Update::Register(sample::touch_register()),
            Update::Go(Screen::Register(sample::key())),
        ]
    };
    let type_j = |harness: &mut Harness<'_, App>| {
        harness.event(egui::Event::Text("j".to_owned()));
        harness.run_steps(2);
    };
    let mut pictures: Vec<(&str, Harness<'_, App>)> = Vec::new();
    let wanted = |name: &str| only.as_deref().is_none_or(|only| only == name);
    if wanted("lock") {
        pictures.push(("lock", open(WIDE, light(), lock())));
    }
    let pin = Some(PinChoice { person: PersonId([1; 16]), tries_left: 3 });
    if wanted("lock-pin") {
        let view = LockView { pin, ..sample::lock() };
        pictures.push(("lock-pin", open(WIDE, light(), vec![Update::Frame(sample::hall()), Update::Lock(view)])));
    }
    if wanted("lock-wait") {
        let problem = Some("That is not the passphrase of this person. Try again, or ask the office.".to_owned());
        let view = LockView { problem, ..sample::lock_waiting(25) };
        pictures.push(("lock-wait", open(WIDE, light(), vec![Update::Frame(sample::hall()), Update::Lock(view)])));
    }
    if wanted("lock-forgotten") {
        let mut harness = open(WIDE, light(), lock());
        harness.get_by_label("I have forgotten my passphrase").click();
        harness.run_steps(4);
        pictures.push(("lock-forgotten", harness));
    }
    if wanted("own") {
        pictures.push(("own", open(WIDE, light(), office(Update::Own(sample::own()), Screen::Own))));
    }
    for (name, own) in [("first-sign-in", false), ("first-sign-in-own", true)] {
        if wanted(name) {
            let strength = Some(Strength { words: "Strong enough".to_owned(), enough: true });
            let suggested = sample::own().suggested;
            let view = ActivationView { suggested, strength, ..ActivationView::default() };
            let go = Update::Go(Screen::Activation(PersonId([2; 16])));
            let mut harness = open(WIDE, light(), vec![Update::Frame(sample::hall()), go, Update::Activation(view)]);
            harness.get_by_role_and_label(egui::accesskit::Role::TextInput, "One-time words").type_text("amber bridge");
            harness.run_steps(2);
            harness.get_by_label("Go on").click();
            harness.run_steps(3);
            if own {
                harness.get_by_label("One of your own").click();
                harness.run_steps(3);
                harness.get_by_role(egui::accesskit::Role::PasswordInput).type_text("alder sixty purple wagons sing");
                harness.run_steps(3);
            }
            pictures.push((name, harness));
        }
    }
    if wanted("devices-enrol") {
        let mut harness = open(WIDE, light(), office(Update::Devices(sample::devices()), Screen::Devices));
        harness.get_by_label("Add a device").click();
        harness.run_steps(4);
        pictures.push(("devices-enrol", harness));
    }
    if wanted("lock-fire-choice") {
        let mut harness = open(WIDE, light(), lock());
        harness.get_by_label("Fire register").click();
        harness.run_steps(4);
        pictures.push(("lock-fire-choice", harness));
    }
    for (name, updates, size) in
        [("hidden", office(Update::Today(sample::today()), Screen::Today), WIDE), ("hidden-call", call(), TABLET)]
    {
        if wanted(name) {
            let mut harness = open(size, light(), updates);
            harness.key_press(egui::Key::F12);
            harness.run_steps(3);
            pictures.push((name, harness));
        }
    }
    if wanted("calendar") {
        pictures
            .push(("calendar", open(WIDE, light(), office(Update::Calendar(sample::calendar()), Screen::Calendar))));
    }
    if wanted("calendar-day") {
        let mut harness = open(WIDE, light(), office(Update::Calendar(sample::calendar()), Screen::Calendar));
        harness.get_by_label("Set a day").click();
        harness.run_steps(4);
        pictures.push(("calendar-day", harness));
    }
    for (name, key) in [("register-remarks", None), ("register-about", Some(egui::Key::F2))] {
        if wanted(name) {
            let mut view = sample::register();
            view.cover = "You cover for Helen Marsh.".to_owned();
            for (place, row) in view.rows.iter_mut().enumerate().filter(|(_, row)| row.versions.is_empty()) {
                match place % 5 {
                    1 => row.remarks = vec!["No part-time timetable covers this session".to_owned()],
                    3 => row.apart = "Beech".to_owned(),
                    _ => {}
                }
                row.history = vec![
                    "09:02 Helen Marsh, Teacher: /, present".to_owned(),
                    "10:15 Ruth Adeyemi, Administrator: M, medical appointment. Reason: letter from the hospital"
                        .to_owned(),
                ];
            }
            let updates =
                vec![Update::Frame(beech()), Update::Register(view), Update::Go(Screen::Register(sample::key()))];
            let mut harness = open(WIDE, light(), updates);
            if let Some(key) = key {
                harness.key_press(key);
                harness.run_steps(4);
            }
            pictures.push((name, harness));
        }
    }
    if wanted("today") {
        pictures.push(("today", open(WIDE, light(), office(Update::Today(sample::today()), Screen::Today))));
    }
    if wanted("registers") {
        pictures.push((
            "registers",
            open(WIDE, light(), office(Update::Registers(sample::registers()), Screen::Registers)),
        ));
    }
    if wanted("register") {
        let mut harness = open(WIDE, light(), register());
        type_j(&mut harness);
        pictures.push(("register", harness));
    }
    if wanted("register-dark") {
        let mut harness = open(WIDE, settings(ThemeChoice::Dark, false), register());
        type_j(&mut harness);
        pictures.push(("register-dark", harness));
    }
    if wanted("register-double") {
        let large = Settings { size_percent: 200, ..light() };
        pictures.push(("register-double", open(WIDE, large, register())));
    }
    if wanted("register-touch") {
        pictures.push(("register-touch", open(TABLET, settings(ThemeChoice::Light, true), tablet())));
    }
    if wanted("fire-register") {
        let updates = vec![Update::Frame(sample::hall()), Update::Go(Screen::Fire), Update::Fire(sample::fire())];
        let mut harness = open(TABLET, settings(ThemeChoice::Light, true), updates);
        harness.get_by_label("Drill. Reported as a drill").click();
        harness.run_steps(4);
        pictures.push(("fire-register", harness));
    }
    if wanted("roll-call") {
        pictures.push(("roll-call", open(TABLET, settings(ThemeChoice::Light, true), call())));
    }
    if wanted("roll-call-high-contrast") {
        let contrast = settings(ThemeChoice::HighContrast, true);
        pictures.push(("roll-call-high-contrast", open(TABLET, contrast, call())));
    }
    if wanted("step-up") {
        let mut updates = office(Update::Devices(sample::devices()), Screen::Devices);
        updates.push(Update::StepUp(sample::set_up()));
        pictures.push(("step-up", open(WIDE, light(), updates)));
    }
    if wanted("raised") {
        let raised =
            muster_school::view::FrameView { raised: Some("Code holds until 09:31".into()), ..sample::office() };
        let view = Update::Devices(sample::devices());
        pictures.push(("raised", open(WIDE, light(), vec![Update::Frame(raised), view, Update::Go(Screen::Devices)])));
    }
    if wanted("audit") {
        pictures.push(("audit", open(WIDE, light(), office(Update::Audit(sample::audit()), Screen::Audit))));
    }
    if wanted("devices") {
        let updates = office(Update::Devices(sample::devices()), Screen::Devices);
        pictures.push(("devices", open(WIDE, light(), updates)));
    }
    for (name, theme, percent) in [
        ("people", ThemeChoice::Light, 100),
        ("people-dark", ThemeChoice::Dark, 100),
        ("people-double", ThemeChoice::Light, 200),
    ] {
        if wanted(name) {
            let large = Settings { size_percent: percent, ..settings(theme, false) };
            pictures.push((name, open(WIDE, large, office(Update::People(sample::people()), Screen::People))));
        }
    }
    for (name, theme, percent, size) in [
        ("concern", ThemeChoice::Light, 100, WIDE),
        ("concern-small", ThemeChoice::Light, 100, TABLET),
        ("concern-dark", ThemeChoice::Dark, 100, WIDE),
        ("concern-double", ThemeChoice::Light, 200, WIDE),
    ] {
        if wanted(name) {
            let large = Settings { size_percent: percent, ..settings(theme, false) };
            let mut harness = open(size, large, office(Update::AddConcern(sample::add_concern()), Screen::AddConcern));
            for typed in ["pat", "\n", "by"] {
                let event = match typed {
                    "\n" => egui::Event::Key {
                        key: egui::Key::Enter,
                        physical_key: None,
                        pressed: true,
                        repeat: false,
                        modifiers: egui::Modifiers::NONE,
                    },
                    typed => egui::Event::Text(typed.to_owned()),
                };
                harness.event(event);
                harness.run_steps(3);
            }
            pictures.push((name, harness));
        }
    }
    for (name, theme, percent) in [
        ("concerns", ThemeChoice::Light, 100),
        ("concerns-dark", ThemeChoice::Dark, 100),
        ("concerns-double", ThemeChoice::Light, 200),
    ] {
        if wanted(name) {
            let large = Settings { size_percent: percent, ..settings(theme, false) };
            let mut updates = office(Update::Concerns(sample::concerns()), Screen::Concerns);
            updates.push(Update::Concerns(sample::concerns()));
            pictures.push((name, open(WIDE, large, updates)));
        }
    }
    if wanted("concerns-list") {
        let mut view = sample::concerns();
        view.file = None;
        let mut updates = office(Update::Concerns(sample::concerns()), Screen::Concerns);
        updates.push(Update::Concerns(view));
        pictures.push(("concerns-list", open(WIDE, light(), updates)));
    }
    for (name, view) in [
        ("pupils", sample::pupils()),
        ("pupil", sample::pupil()),
        ("pupil-history", sample::pupil_history()),
        ("pupil-form", sample::pupil_form()),
        ("pupil-contact", sample::contact_form()),
    ] {
        if wanted(name) {
            pictures.push((name, open(WIDE, light(), office(Update::Pupils(Box::new(view)), Screen::Pupils))));
        }
    }
    if wanted("people-reset") {
        let mut harness = open(WIDE, light(), office(Update::People(sample::people()), Screen::People));
        harness.get_by_label("Reset sign-in… of Tom Okafor").click();
        harness.run_steps(4);
        pictures.push(("people-reset", harness));
    }
    if wanted("people-remove") {
        let mut harness = open(WIDE, light(), office(Update::People(sample::people()), Screen::People));
        harness.get_by_label("Remove… Tom Okafor").click();
        harness.run_steps(4);
        pictures.push(("people-remove", harness));
    }
    if wanted("people-bring-in") {
        let mut harness = open(WIDE, light(), office(Update::People(sample::people()), Screen::People));
        harness.get_by_label("Bring somebody in…").click();
        harness.run_steps(4);
        pictures.push(("people-bring-in", harness));
    }
    for (name, theme, percent) in [
        ("roles", ThemeChoice::Light, 100),
        ("roles-dark", ThemeChoice::Dark, 100),
        ("roles-double", ThemeChoice::Light, 200),
    ] {
        if wanted(name) {
            let large = Settings { size_percent: percent, ..settings(theme, false) };
            let mut view = sample::roles();
            if percent > 100 {
                (view.chosen, view.detail) = (None, None);
            }
            pictures.push((name, open(WIDE, large, office(Update::Roles(view), Screen::Roles))));
        }
    }
    for (name, theme) in [("attendance", ThemeChoice::Light), ("attendance-dark", ThemeChoice::Dark)] {
        if wanted(name) {
            let updates = office(Update::Attendance(sample::attendance()), Screen::Attendance);
            pictures.push((name, open(WIDE, settings(theme, false), updates)));
        }
    }
    if wanted("to-do") {
        let updates = office(Update::ToDo(sample::to_do()), Screen::ToDo);
        let mut harness = open(WIDE, settings(ThemeChoice::Light, false), updates);
        harness.get_by_label("2 absent today without a reason").click();
        harness.run_steps(4);
        harness.get_by_label("Byrne, Ada, 4B, morning, 1 call").click();
        harness.run_steps(4);
        pictures.push(("to-do", harness));
    }
    if wanted("roll-call-settle") {
        let mut harness = open(TABLET, settings(ThemeChoice::Light, true), call());
        harness.get_by_label_contains("Settle, Leila Hassan").click();
        harness.run_steps(4);
        pictures.push(("roll-call-settle", harness));
    }
    if wanted("roll-call-looked") {
        let mut harness = open(TABLET, settings(ThemeChoice::Light, true), call());
        harness.get_by_label("Other… Carol Abbott").click();
        harness.run_steps(4);
        harness.get_by_label("Not found…").click();
        harness.run_steps(4);
        pictures.push(("roll-call-looked", harness));
    }
    if wanted("roll-call-double") {
        let large = Settings { size_percent: 200, ..light() };
        pictures.push(("roll-call-double", open(TABLET, large, call())));
    }
    if wanted("fire-register-double") {
        let large = Settings { size_percent: 200, ..light() };
        let updates = vec![Update::Frame(sample::hall()), Update::Fire(sample::fire()), Update::Go(Screen::Fire)];
        pictures.push(("fire-register-double", open(WIDE, large, updates)));
    }
    let silent = || {
        let event = Screen::Call(EventId([5; 16]));
        vec![Update::Frame(sample::hall()), Update::Call(Box::new(sample::call_silent())), Update::Go(event)]
    };
    let of_call = |view| {
        let event = Screen::Call(EventId([5; 16]));
        vec![Update::Frame(sample::hall()), Update::Call(Box::new(view)), Update::Go(event)]
    };
    let touch = || settings(ThemeChoice::Light, true);
    let plain = || settings(ThemeChoice::Light, false);
    let at_the_door =
        |view| vec![Update::Frame(sample::hall()), Update::Go(Screen::Reception), Update::Reception(Box::new(view))];
    let over = |look: Settings| {
        let view = DrillsView { report: Some(sample::report()), ..sample::drills() };
        open(WIDE, look, office(Update::Drills(Box::new(view)), Screen::Drills))
    };
    let looked_at = |look: Settings| {
        let view = DevicesView { lost: Some(Box::new(sample::lost(Kept::Fine))), ..sample::devices() };
        open(WIDE, look, office(Update::Devices(view), Screen::Devices))
    };
    let code_asked = |look: Settings| {
        let mut updates = office(Update::Devices(sample::devices()), Screen::Devices);
        let why = "To let a device in, show that it is you.".to_owned();
        updates.push(Update::StepUp(StepUpView::Ask { why, problem: None }));
        open(WIDE, look, updates)
    };
    let printing = |look: Settings| {
        let view = CalendarView { form: Some(sample::printing_form()), ..sample::calendar() };
        open(WIDE, look, office(Update::Calendar(view), Screen::Calendar))
    };
    let hours = |look: Settings| open(WIDE, look, office(Update::Calendar(sample::calendar()), Screen::Calendar));
    type Opened<'a> = Box<dyn Fn() -> Harness<'static, App> + 'a>;
    let event: Vec<(&str, Vec<&str>, Opened<'_>)> = vec![
        ("call-full", vec![], Box::new(|| open(TABLET, touch(), of_call(sample::call_full())))),
        ("call-care", vec![], Box::new(|| open(TABLET, touch(), of_call(sample::call_care())))),
        ("call-silent", vec![], Box::new(|| open(TABLET, touch(), silent()))),
        ("call-stand", vec![], Box::new(|| open(TABLET, touch(), of_call(sample::call_fresh())))),
        ("call-found", vec!["Show found"], Box::new(|| open(TABLET, touch(), of_call(sample::call_full())))),
        (
            "call-more",
            vec!["More… of this roll call"],
            Box::new(|| open(TABLET, touch(), of_call(sample::call_full()))),
        ),
        (
            "call-missing",
            vec!["More… of this roll call", "Who is missing…"],
            Box::new(|| open(TABLET, touch(), of_call(sample::call_full()))),
        ),
        (
            "call-carry",
            vec!["More… of this roll call", "Carry by stick…"],
            Box::new(|| open(TABLET, touch(), of_call(sample::call_full()))),
        ),
        ("call-end", vec!["End the roll call"], Box::new(|| open(TABLET, touch(), of_call(sample::call_full())))),
        ("call-add", vec!["Add a person"], Box::new(|| open(TABLET, touch(), call()))),
        ("call-person", vec!["Other… Tyler Green"], Box::new(|| open(TABLET, touch(), of_call(sample::call_care())))),
        (
            "call-looked",
            vec!["Other… Tyler Green", "Not found…"],
            Box::new(|| open(TABLET, touch(), of_call(sample::call_care()))),
        ),
        (
            "call-refuge",
            vec!["Other… Tyler Green", "At a refuge point…"],
            Box::new(|| open(TABLET, touch(), of_call(sample::call_care()))),
        ),
        ("calendar-printing", vec![], Box::new(|| printing(plain()))),
        (
            "people-fire",
            vec!["In a fire… Tom Okafor"],
            Box::new(|| open(WIDE, plain(), office(Update::People(sample::people()), Screen::People))),
        ),
        ("call-over", vec![], Box::new(|| open(TABLET, touch(), of_call(sample::call_over())))),
        (
            "fire-full",
            vec![],
            Box::new(|| {
                let view = Update::Fire(sample::fire_full());
                open(TABLET, touch(), vec![Update::Frame(sample::hall()), Update::Go(Screen::Fire), view])
            }),
        ),
        (
            "fire-pin",
            vec!["Care details…"],
            Box::new(|| {
                let view = Update::Fire(sample::fire());
                open(TABLET, touch(), vec![Update::Frame(sample::hall()), Update::Go(Screen::Fire), view])
            }),
        ),
        (
            "fire-apart",
            vec!["4 off site, 2 at another site. Not called here"],
            Box::new(|| {
                let view = Update::Fire(sample::fire_full());
                open(TABLET, touch(), vec![Update::Frame(sample::hall()), Update::Go(Screen::Fire), view])
            }),
        ),
        (
            "reception",
            vec![],
            Box::new(|| {
                open(WIDE, plain(), office(Update::Reception(Box::new(sample::reception())), Screen::Reception))
            }),
        ),
        (
            "reception-touch",
            vec![],
            Box::new(|| {
                open(TABLET, touch(), office(Update::Reception(Box::new(sample::reception())), Screen::Reception))
            }),
        ),
        (
            "reception-pupil",
            vec![],
            Box::new(|| {
                let view = sample::reception_with_pupil();
                open(WIDE, plain(), office(Update::Reception(Box::new(view)), Screen::Reception))
            }),
        ),
        (
            "reception-arrive",
            vec!["Sign somebody in…"],
            Box::new(|| {
                open(WIDE, plain(), office(Update::Reception(Box::new(sample::reception())), Screen::Reception))
            }),
        ),
        (
            "kiosk",
            vec![],
            Box::new(|| open(TABLET, touch(), at_the_door(ReceptionView { said: None, ..sample::kiosk() }))),
        ),
        (
            "kiosk-form",
            vec!["Contractor"],
            Box::new(|| open(TABLET, touch(), at_the_door(ReceptionView { said: None, ..sample::kiosk() }))),
        ),
        ("kiosk-said", vec![], Box::new(|| open(TABLET, touch(), at_the_door(sample::kiosk())))),
        (
            "display",
            vec![],
            Box::new(|| open(WIDE, plain(), office(Update::Display(sample::display()), Screen::Display))),
        ),
        (
            "display-call",
            vec![],
            Box::new(|| open(WIDE, plain(), office(Update::Display(sample::display_in_call()), Screen::Display))),
        ),
        (
            "drills",
            vec![],
            Box::new(|| open(WIDE, plain(), office(Update::Drills(Box::new(sample::drills())), Screen::Drills))),
        ),
        (
            "join-receiving",
            vec![],
            Box::new(|| {
                let view = Update::Join(sample::receiving());
                open(TABLET, touch(), vec![Update::Frame(sample::hall()), view, Update::Go(Screen::Join)])
            }),
        ),
        ("device-change", vec!["Change what it is for, or its sites…"], Box::new(|| looked_at(plain()))),
        (
            "devices-backups",
            vec!["Backups…"],
            Box::new(|| open(WIDE, plain(), office(Update::Devices(sample::devices()), Screen::Devices))),
        ),
        ("step-up-lost", vec!["My telephone is lost or new"], Box::new(|| code_asked(plain()))),
        ("step-up-code", vec![], Box::new(|| code_asked(plain()))),
        ("hours", vec!["School hours…"], Box::new(|| hours(plain()))),
        ("leave", vec!["Leave…"], Box::new(|| hours(plain()))),
        ("leave-whose", vec!["Leave…", "Whose: Somebody by name"], Box::new(|| hours(plain()))),
        (
            "audit-export",
            vec!["Write to a file…"],
            Box::new(|| open(WIDE, plain(), office(Update::Audit(sample::audit()), Screen::Audit))),
        ),
        (
            "people-role",
            vec!["Give a role… to Tom Okafor", "Role: Choose a role"],
            Box::new(|| open(WIDE, plain(), office(Update::People(sample::people()), Screen::People))),
        ),
        ("drills-report", vec![], Box::new(|| over(plain()))),
        ("drills-write", vec!["Change what is written…"], Box::new(|| over(plain()))),
    ];
    for (name, presses, make) in event {
        if !wanted(name) {
            continue;
        }
        let mut harness = make();
        for press in presses {
            harness.get_by_label(press).click();
            harness.run_steps(4);
        }
        pictures.push((name, harness));
    }
    if wanted("register-more") {
        let mut harness = open(TABLET, settings(ThemeChoice::Light, true), tablet());
        harness.get_by_label("More codes for Maisie Holt").click();
        harness.run_steps(4);
        pictures.push(("register-more", harness));
    }
    for (name, kept) in [("devices-lost", Kept::Fine), ("devices-held-back", Kept::HeldBack)] {
        if wanted(name) {
            let devices = DevicesView { lost: Some(Box::new(sample::lost(kept))), ..sample::devices() };
            pictures.push((name, open(WIDE, light(), office(Update::Devices(devices), Screen::Devices))));
        }
    }
    if wanted("devices-waiting") {
        let devices = DevicesView { waiting: sample::waiting(), ..sample::devices() };
        pictures.push(("devices-waiting", open(WIDE, light(), office(Update::Devices(devices), Screen::Devices))));
    }
    if wanted("taken-out") {
        let updates = vec![Update::Frame(sample::hall()), Update::Shut(sample::shut()), Update::Go(Screen::Shut)];
        pictures.push(("taken-out", open(TABLET, settings(ThemeChoice::Light, true), updates)));
    }
    if wanted("devices-invite") {
        let words = ["amber", "bridge", "candle", "dune", "elm", "fog"].map(str::to_owned).to_vec();
        let code = "amber-bridge-candle-dune-elm-fog-5f2c9be0".to_owned();
        let invite =
            Some(InviteView::Open { words, code, expires: "Works once, until 09:40".to_owned(), left_secs: 872 });
        let devices = DevicesView { invite, ..sample::devices() };
        pictures.push(("devices-invite", open(WIDE, light(), office(Update::Devices(devices), Screen::Devices))));
    }
    if wanted("notice") {
        let mut updates = office(Update::Today(sample::today()), Screen::Today);
        let undo = Some(UndoKey([1; 16]));
        let words = "Marked 5 as present".to_owned();
        updates.push(Update::Notice(Notice { at: "09:14".to_owned(), words, undo, problem: false }));
        pictures.push(("notice", open(WIDE, light(), updates)));
    }
    for (name, mut harness) in pictures {
        let path = format!("{folder}/{name}.png");
        harness.render()?.save(&path)?;
        println!("{path}");
    }
    Ok(())
}

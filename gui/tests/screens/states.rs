//! What holds on every screen holds in its states, too: its layers, a register by touch, one that is closed, a call
//! that is being made, a form. Names, the Tab key, sizes, 200 %, and the text that readers that speak are given.

use crate::everywhere::{pressable, targets};
use crate::tree::tree;
use crate::{TABLET, WIDE, client, focused, press, press_with, sample, type_text};
use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use muster_gui::{App, Screen, Settings, Update};
use muster_school::view::register::RegisterView;
use std::collections::BTreeSet;

type Client = Harness<'static, App>;

/// A state of a screen: what comes in, and what is pressed then.
struct State {
    name: &'static str,
    touch: bool,
    updates: Vec<Update>,
    /// Opens it. A layer then stands over the screen, which is told apart by what was there before.
    layer: Option<fn(&mut Client)>,
    /// What must not be lost at 200 %, where it is no layer.
    keeps: &'static [&'static str],
}

fn settle(harness: &mut Client) {
    harness.run_steps(4);
}

fn click(harness: &mut Client, name: &str) {
    harness.get_by_label(name).click();
    settle(harness);
}

fn register(view: RegisterView) -> Vec<Update> {
    vec![Update::Frame(sample::office()), Update::Register(view), Update::Go(Screen::Register(sample::key()))]
}

fn whole_site() -> RegisterView {
    let group = "Harbour".to_owned();
    RegisterView { title: "Harbour, every group".into(), group, whole_site: true, ..sample::register() }
}

/// With what a row has to tell, for the layer about it.
fn told() -> RegisterView {
    let mut view = sample::register();
    if let Some(row) = view.rows.iter_mut().find(|row| row.mark.is_none()) {
        row.history = vec![
            "09:02 Helen Marsh, Teacher: /, present".into(),
            "10:15 Ruth Adeyemi, Administrator: M, medical appointment. Reason: letter".into(),
        ];
        row.remarks = vec!["Add a note: what K is here".into()];
    }
    view
}

fn states() -> Vec<State> {
    let of = |name, updates, layer: Option<fn(&mut Client)>| State { name, touch: false, updates, layer, keeps: &[] };
    let office = |update, screen| vec![Update::Frame(sample::office()), update, Update::Go(screen)];
    let pupils = |view| office(Update::Pupils(Box::new(view)), Screen::Pupils);
    let calendar = || office(Update::Calendar(sample::calendar()), Screen::Calendar);
    vec![
        State {
            touch: true,
            keeps: &["Menu", "Finish", "Undo the last change", "Mark remaining 3 present"],
            ..of("register by touch", register(sample::touch_register()), None)
        },
        State {
            touch: true,
            ..of(
                "register codes of a card",
                register(sample::touch_register()),
                Some(|harness| click(harness, "More codes for Amelia Osei")),
            )
        },
        State {
            keeps: &["Menu", "Find a name", "Finish register", "Undo the last change"],
            ..of("register closed", register(sample::closed(sample::register())), None)
        },
        State {
            keeps: &["Menu", "Find a name", "Finish register", "Undo the last change"],
            ..of("register of a whole site", register(whole_site()), None)
        },
        of(
            "register amendment",
            register(sample::closed(sample::register())),
            Some(|harness| {
                type_text(harness, "i");
                settle(harness);
            }),
        ),
        of(
            "register settle",
            register(sample::register()),
            Some(|harness| {
                press(harness, Key::ArrowUp);
                press(harness, Key::Enter);
                settle(harness);
            }),
        ),
        of("register history", register(told()), Some(|harness| press(harness, Key::F2))),
        of("register comment", register(sample::register()), Some(|harness| press(harness, Key::F3))),
        of("register child on no list", register(sample::register()), Some(|harness| press(harness, Key::F4))),
        of("register keys", register(sample::register()), Some(|harness| press(harness, Key::F1))),
        State {
            keeps: &["Menu", "Log the call", "Close", "What was said"],
            ..of("to do with a call", office(Update::ToDo(sample::to_do()), Screen::ToDo), None)
        },
        State { keeps: &["Menu", "Back Rhys Davies"], ..of("pupil history", pupils(sample::pupil_history()), None) },
        of("pupil form", pupils(sample::pupil_form()), Some(settle)),
        of("pupil contact", pupils(sample::contact_form()), Some(settle)),
        of("calendar term", calendar(), Some(|harness| click(harness, "Set a term"))),
        of("calendar day", calendar(), Some(|harness| click(harness, "Set a day"))),
        of("calendar times", calendar(), Some(|harness| click(harness, "Set times"))),
        of("calendar cover", calendar(), Some(|harness| click(harness, "Set cover"))),
        of(
            "palette",
            office(Update::Today(sample::today()), Screen::Today),
            Some(|harness| {
                press_with(harness, Modifiers::COMMAND, Key::K);
                settle(harness);
            }),
        ),
        of(
            "settings",
            office(Update::Today(sample::today()), Screen::Today),
            Some(|harness| {
                press_with(harness, Modifiers::COMMAND, Key::Comma);
                settle(harness);
            }),
        ),
    ]
}

/// The state in a window, and what stood there before its layer opened.
fn open(state: State, size: [f32; 2], size_percent: u16) -> (Client, BTreeSet<String>) {
    let settings = Settings { touch: state.touch, size_percent, reduce_motion: true, ..Settings::default() };
    let forms = state.name.starts_with("pupil ");
    let mut before = BTreeSet::new();
    if let (true, Some(_)) = (forms, state.layer) {
        let bare = state.updates.iter().map(|update| match update {
            Update::Pupils(view) => {
                let mut view = view.clone();
                view.form = None;
                Update::Pupils(view)
            }
            other => other.clone(),
        });
        let (harness, _) = client(size, settings.clone(), bare.collect());
        before = targets(&harness).into_iter().map(|(label, _)| label).collect();
    }
    let (mut harness, _) = client(size, settings, state.updates);
    if state.name == "to do with a call" {
        let view = sample::to_do();
        let part = view.parts.iter().find(|part| part.calls).unwrap();
        let kind = format!("{} {}", part.lines.len(), part.title);
        if harness.query_by_label(&kind).is_none() {
            let first = &view.parts[0];
            click(&mut harness, &format!("Duty: {} {}", first.lines.len(), first.title));
        }
        click(&mut harness, &kind);
        click(&mut harness, "Byrne, Ada, 4B, morning, 1 call");
    }
    if let Some(layer) = state.layer {
        if !forms {
            before = targets(&harness).into_iter().map(|(label, _)| label).collect();
        }
        layer(&mut harness);
        settle(&mut harness);
    }
    (harness, before)
}

/// What can be pressed in the state: all of it, or what its layer brought.
fn here(harness: &Client, before: &BTreeSet<String>) -> Vec<(String, egui::Rect)> {
    targets(harness).into_iter().filter(|(label, _)| !before.contains(label)).collect()
}

#[test]
fn everything_in_a_state_has_a_name_and_a_size_for_its_pointer_or_finger() {
    for state in states() {
        let (name, touch, layered) = (state.name, state.touch, state.layer.is_some());
        let (harness, before) = open(state, if touch { TABLET } else { WIDE }, 100);
        harness.check_accessibility();
        let found = here(&harness, &before);
        assert!(!found.is_empty(), "{name}: nothing can be pressed");
        assert!(!layered || found.len() < 80, "{name}: its layer is not told apart");
        for (label, rect) in found {
            assert!(!label.trim().is_empty(), "{name}: nothing names {rect:?}");
            let text = rect.height() <= 26.0 && rect.width() > 100.0; // The line inside a field, not the field.
            let floor = if touch { 44.0 } else { 24.0 };
            assert!(text || rect.height() >= floor && rect.width() >= 24.0, "{name}: {label} is {:?}", rect.size());
        }
    }
}

#[test]
fn every_action_of_a_state_is_reached_with_the_keyboard() {
    for state in states() {
        let (name, touch) = (state.name, state.touch);
        let (mut harness, before) = open(state, if touch { TABLET } else { WIDE }, 100);
        let mut seen = BTreeSet::new();
        let wanted = here(&harness, &before);
        for _ in 0..90 {
            if wanted.iter().all(|(label, _)| seen.contains(label)) {
                break;
            }
            press(&mut harness, Key::Tab);
            if seen.insert(focused(&harness)) && name.starts_with("to do") {
                crate::everywhere::down(&mut harness, &mut seen);
            }
        }
        for (label, _) in here(&harness, &before) {
            let off = harness.root().children_recursive().any(|node| {
                let node = node.accesskit_node();
                node.label().as_deref() == Some(label.as_str()) && node.is_disabled() && pressable(node.role())
            });
            // One row of a grid is a stop: Enter opens what its badge opens.
            let badge = label.contains(" marks for ");
            assert!(off || badge || seen.contains(&label), "{name}: no key reaches {label}; {seen:?}");
        }
    }
}

#[test]
fn at_double_size_and_on_a_small_tablet_no_state_loses_a_control() {
    for place in 0..states().len() {
        let at = |size, percent| {
            let state = states().remove(place);
            let (name, layered, keeps) = (state.name, state.layer.is_some(), state.keeps);
            let (harness, before) = open(state, size, percent);
            let found = if layered { here(&harness, &before) } else { targets(&harness) };
            (name, layered, keeps, found)
        };
        let (name, layered, keeps, plain) = at(WIDE, 100);
        let wanted: Vec<String> = match layered {
            // The size itself is another, of course.
            true => plain.into_iter().map(|(label, _)| label).filter(|label| !label.starts_with("Size: ")).collect(),
            false => keeps.iter().map(|label| (*label).to_owned()).collect(),
        };
        for size in [WIDE, TABLET] {
            let (.., found) = at(size, 200);
            for label in &wanted {
                let Some((_, rect)) = found.iter().find(|(found, _)| found == label) else {
                    let there: Vec<_> = found.iter().map(|target| &target.0).collect();
                    panic!("{name} at 200 % in {size:?} lost {label}; there is {there:?}")
                };
                assert!(rect.left() >= -1.0 && rect.right() <= size[0] + 1.0, "{name}: {label} is cut: {rect:?}");
                assert!(rect.width() >= 24.0 && rect.height() >= 18.0, "{name}: {label} is squeezed: {rect:?}");
            }
        }
    }
}

#[test]
fn each_state_reads_as_it_did() {
    for state in states() {
        let (name, touch) = (state.name, state.touch);
        let (harness, _) = open(state, if touch { TABLET } else { WIDE }, 100);
        insta::assert_snapshot!(name, tree(&harness));
    }
}

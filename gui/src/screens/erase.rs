//! Erasing records for good, and holding them: what was ordered and how far it is, signing, undoing, certificates.

use crate::intent::{EraseAct, Intent};
use crate::kit::choice::choice;
use crate::kit::field::Field;
use crate::kit::layer::{self, Inside};
use crate::kit::{Button, Type, size};
use egui::Ui;
use muster_school::erasure::{Ground, Why};
use muster_school::view::erasure::{ErasureLine, ErasuresView, Stage};

/// What opens it.
pub const OPENS: &str = "Erase or hold records…";

/// What is typed and chosen while it is open.
#[derive(Clone, Debug, Default)]
pub struct EraseState {
    pupil: String,
    asked_by: String,
    folder: String,
    ground: Option<Ground>,
    why: Option<Why>,
}

/// Shows it for as long as `open` holds something.
pub fn erase_ui(ui: &mut Ui, view: &ErasuresView, open: &mut Option<EraseState>) -> Vec<Intent> {
    let Some(mut state) = open.take() else { return Vec::new() };
    let mut acts = Vec::new();
    let (stop, closed) = layer::show(ui, "erase", "Erase or hold records", 640.0, |ui, inside| {
        inside.words(
            ui,
            "Erased records are gone for good, on every device, seven days after it was ordered. Until then it can be \
             undone. Nothing is erased by itself.",
        );
        orders_ui(ui, inside, view, &mut state, &mut acts);
        holds_ui(ui, inside, view, &mut acts);
        new_ui(ui, inside, view, &mut state, &mut acts);
        let rect = inside.next(ui, size::CONTROL_TOUCH);
        let close = Button::new("Close").step(Type::Name).show(ui, rect);
        if inside.fresh {
            close.request_focus();
        }
        close.clicked()
    });
    *open = (!stop && !closed).then_some(state);
    acts.into_iter().map(Intent::OfErasure).collect()
}

fn orders_ui(ui: &mut Ui, inside: &Inside, view: &ErasuresView, state: &mut EraseState, acts: &mut Vec<EraseAct>) {
    if view.orders.is_empty() {
        inside.words(ui, "Nothing was ordered to be erased.");
    }
    let certified = |line: &&ErasureLine| matches!(line.stage, Stage::Destroyed | Stage::Confirmed);
    if view.may_order && view.orders.iter().any(|line| certified(&line)) {
        let rect = inside.next(ui, size::CONTROL_TOUCH);
        Field::new("Folder for certificates").hint("Folder for certificates").limit(400).show(
            ui,
            rect,
            &mut state.folder,
        );
    }
    for line in &view.orders {
        inside.words(ui, &format!("{}: {}.", line.what, line.state));
        line.whose.iter().for_each(|whose| inside.words(ui, &format!("It is that of {whose}.")));
        line.story.iter().for_each(|words| inside.words(ui, words));
        let folder = state.folder.trim().to_owned();
        let certificate = EraseAct::Certificate { order: line.id, folder: folder.clone() };
        let offered = [
            ("Sign as the second person", line.may_sign, true, EraseAct::Sign(line.id)),
            ("Undo it", line.may_undo, true, EraseAct::Undo(line.id)),
            ("Write the certificate", view.may_order && certified(&line), !folder.is_empty(), certificate),
        ];
        for (words, shown, enabled, act) in offered {
            if !shown {
                continue;
            }
            let rect = inside.next(ui, size::CONTROL_TOUCH);
            let name = format!("{words}: {}", line.what);
            if Button::new(words).name(&name).enabled(enabled).show(ui, rect).clicked() {
                acts.push(act);
            }
        }
    }
}

fn holds_ui(ui: &mut Ui, inside: &Inside, view: &ErasuresView, acts: &mut Vec<EraseAct>) {
    for hold in &view.holds {
        inside.words(ui, &format!("Hold: {}.", hold.what));
        hold.whose.iter().for_each(|whose| inside.words(ui, &format!("It is that of {whose}.")));
        hold.story.iter().for_each(|words| inside.words(ui, &format!("{words}.")));
        if !hold.may_lift {
            continue;
        }
        let rect = inside.next(ui, size::CONTROL_TOUCH);
        let name = format!("Lift the hold: {}", hold.what);
        if Button::new("Lift the hold").name(&name).show(ui, rect).clicked() {
            acts.push(EraseAct::Lift(hold.id));
        }
    }
}

fn new_ui(ui: &mut Ui, inside: &Inside, view: &ErasuresView, state: &mut EraseState, acts: &mut Vec<EraseAct>) {
    if !view.may_order {
        inside.words(ui, "The head and senior leaders order it. Ask one of them.");
        return;
    }
    let rect = inside.next(ui, size::CONTROL_TOUCH);
    let typed = "Pupil’s name or admission number";
    Field::new(typed).hint(typed).limit(100).show(ui, rect, &mut state.pupil);
    let rect = inside.next(ui, size::CONTROL_TOUCH);
    let pupil = state.pupil.trim().to_owned();
    if Button::new("Find the file").enabled(!pupil.is_empty()).show(ui, rect).clicked() {
        acts.push(EraseAct::Find(pupil.clone()));
    }
    // What was found for another text is not what is typed now.
    let found = view.found.as_ref().filter(|found| found.typed == pupil);
    match found {
        Some(found) => inside.words(ui, &format!("Found: {}.", found.whose)),
        None => inside.words(ui, "Find the file first, and look whose it is."),
    };
    let rect = inside.next(ui, size::CONTROL_TOUCH);
    let who = "Who asked, by what they are and not by name";
    Field::new(who).hint(who).limit(100).show(ui, rect, &mut state.asked_by);
    let asked_by = state.asked_by.trim().to_owned();
    let ready = found.filter(|_| !asked_by.is_empty()).map(|found| found.pupil);
    let rect = inside.next(ui, size::CONTROL_TOUCH);
    let names: Vec<String> = Ground::ALL.iter().map(|ground| ground.name().to_owned()).collect();
    let at = state.ground.and_then(|ground| Ground::ALL.iter().position(|one| *one == ground));
    if let Some(new) = choice(ui, rect, "Ground for erasing", Some("Why it is to be erased"), &names, at) {
        state.ground = new.and_then(|at| Ground::ALL.get(at)).copied();
    }
    let rect = inside.next(ui, 48.0);
    let order = Button::new("Order that this file is erased")
        .step(Type::Name)
        .enabled(ready.is_some() && state.ground.is_some());
    if order.show(ui, rect).clicked()
        && let (Some(pupil), Some(ground)) = (ready, state.ground)
    {
        acts.push(EraseAct::File { pupil, ground, asked_by: asked_by.clone() });
    }
    let rect = inside.next(ui, size::CONTROL_TOUCH);
    let names: Vec<String> = Why::ALL.iter().map(|why| why.name().to_owned()).collect();
    let at = state.why.and_then(|why| Why::ALL.iter().position(|one| *one == why));
    if let Some(new) = choice(ui, rect, "Reason for a hold", Some("Why it is to be held"), &names, at) {
        state.why = new.and_then(|at| Why::ALL.get(at)).copied();
    }
    let rect = inside.next(ui, size::CONTROL_TOUCH);
    let hold = Button::new("Hold this file").enabled(ready.is_some() && state.why.is_some());
    if hold.show(ui, rect).clicked()
        && let (Some(pupil), Some(why)) = (ready, state.why)
    {
        acts.push(EraseAct::Hold { pupil, why, asked_by: asked_by.clone() });
    }
    let Some((site, name)) = &view.site else { return };
    let rect = inside.next(ui, size::CONTROL_TOUCH);
    let words = format!("Order that reviewed registers of {name} are erased");
    if Button::new(&words).enabled(!asked_by.is_empty()).show(ui, rect).clicked() {
        acts.push(EraseAct::Registers { site: *site, asked_by });
    }
}

//! Backups: the last one and the last that was proven, making and proving one now; and asking to have something back.

use crate::draft::{self, form};
use crate::intent::{BackupAct, Intent};
use crate::kit::field::Field;
use crate::kit::layer::{self, Inside};
use crate::kit::{Button, Cut, Type, size};
use egui::{Rect, Ui};
use muster_school::facts::continuity::Stage;
use muster_school::view::backups::BackupsView;
use std::collections::BTreeMap;

/// What opens it.
pub const OPENS: &str = "Backups…";

/// What is typed while it is open.
#[derive(Clone, Debug, Default)]
pub struct BackupsState {
    folder: String,
    at: String,
    what: String,
    when: String,
    answers: BTreeMap<[u8; 16], String>,
}

impl BackupsState {
    /// As it opens.
    pub fn of(view: &BackupsView) -> Self {
        Self { folder: view.folder.clone(), at: "18:00".to_owned(), ..Self::default() }
    }
}

impl form::Form for BackupsState {
    fn parts(&mut self, each: &mut dyn FnMut(&str, &mut dyn form::Part)) {
        each("folder", &mut self.folder);
        each("at", &mut self.at);
        each("what", &mut self.what);
        each("when", &mut self.when);
        each("answers", &mut self.answers);
    }
}

/// Shows it for as long as `open` holds something.
pub fn backups_ui(ui: &mut Ui, view: &BackupsView, open: &mut Option<BackupsState>) -> Vec<Intent> {
    let back = form::keep(ui, "backups", open, |_| Some(BackupsState::of(view)));
    let Some(mut state) = open.take() else { return Vec::new() };
    let mut acts = Vec::new();
    let (stop, closed) = layer::show(ui, "backups", "Backups", 640.0, |ui, inside| {
        inside.words(ui, &format!("{}.", view.age));
        view.lines.iter().for_each(|line| inside.words(ui, line));
        if let Some(running) = &view.running {
            inside.words(ui, running);
        }
        if back {
            inside.words(ui, draft::BACK);
        }
        make_ui(ui, inside, view, &mut state, &mut acts);
        requests_ui(ui, inside, view, &mut state, &mut acts);
        let rect = inside.next(ui, size::CONTROL_TOUCH);
        Button::new("Close").step(Type::Name).show(ui, rect).clicked()
    });
    *open = (!stop && !closed).then_some(state);
    acts.into_iter().map(Intent::OfBackup).collect()
}

fn make_ui(ui: &mut Ui, inside: &Inside, view: &BackupsView, state: &mut BackupsState, acts: &mut Vec<BackupAct>) {
    let rect = inside.next(ui, size::CONTROL_TOUCH);
    let field = Field::new("Folder or stick for backups").hint("Folder or stick").limit(400);
    let response = field.show(ui, rect, &mut state.folder);
    if inside.fresh {
        response.request_focus();
    }
    let folder = state.folder.trim().to_owned();
    let ready = view.running.is_none() && !folder.is_empty();
    let (now, prove) = two(inside.next(ui, 48.0), 0.5);
    if Button::filled("Back up now").step(Type::Name).enabled(ready).show(ui, now).clicked() {
        acts.push(BackupAct::Now { folder: folder.clone() });
    }
    if Button::new("Prove the newest backup now").step(Type::Name).enabled(ready).show(ui, prove).clicked() {
        acts.push(BackupAct::Drill { folder: folder.clone() });
    }
    if view.may_set {
        let rect = inside.next(ui, size::CONTROL_TOUCH);
        if Button::new("Rehearse a restore: changes nothing").step(Type::Name).enabled(ready).show(ui, rect).clicked() {
            acts.push(BackupAct::Rehearse { folder: folder.clone() });
        }
        view.rehearsed.iter().for_each(|line| inside.words(ui, line));
        let (at, set) = two(inside.next(ui, size::CONTROL_TOUCH), 0.25);
        Field::new("Every day at").hint("18:00").limit(5).show(ui, at, &mut state.at);
        let words = if folder.is_empty() { "Back up by hand only" } else { "Back up there every day at this time" };
        if Button::new(words).step(Type::Name).show(ui, set).clicked() {
            acts.push(BackupAct::Daily { folder, at: state.at.trim().to_owned() });
        }
    }
}

/// Two beside each other, the left one with this share.
fn two(rect: Rect, share: f32) -> (Rect, Rect) {
    let (left, right) = rect.split_left_right_at_fraction(share);
    (left.with_max_x(left.right() - 4.0), right.with_min_x(right.left() + 4.0))
}

fn requests_ui(ui: &mut Ui, inside: &Inside, view: &BackupsView, state: &mut BackupsState, acts: &mut Vec<BackupAct>) {
    inside.words(
        ui,
        "Something is lost or wrong? Ask to have it back. All staff of the site can read this: tell no pupil’s story.",
    );
    let rect = inside.next(ui, size::CONTROL_TOUCH);
    Field::new("What is to come back").hint("What is to come back").limit(400).show(ui, rect, &mut state.what);
    let rect = inside.next(ui, size::CONTROL_TOUCH);
    Field::new("As it was when").hint("As it was when, such as Friday at noon").limit(100).show(
        ui,
        rect,
        &mut state.when,
    );
    let rect = inside.next(ui, 48.0);
    let asks = Button::new("Ask for it").step(Type::Name).enabled(!state.what.trim().is_empty());
    if asks.show(ui, rect).clicked() {
        let (what, when) = (std::mem::take(&mut state.what), std::mem::take(&mut state.when));
        acts.push(BackupAct::Ask { what, when });
    }
    let open = |stage: Option<Stage>| stage.is_none_or(|stage| stage == Stage::InHand);
    for request in &view.requests {
        inside.words(ui, &request.what);
        request.story.iter().for_each(|line| inside.words(ui, line));
        if !view.may_set || !open(request.stage) {
            continue;
        }
        let answer = state.answers.entry(request.id).or_default();
        let name = format!("What was done, or why not: {}", request.what);
        let rect = inside.next(ui, size::CONTROL_TOUCH);
        Field::new(&name).hint("What was done, or why not").limit(400).show(ui, rect, answer);
        let said = !answer.trim().is_empty();
        let offered = [
            ("Take it up", Stage::InHand, request.stage.is_none()),
            ("It is done", Stage::Done, said),
            ("It is not done", Stage::NotDone, said),
        ];
        let mut cut = Cut(inside.next(ui, size::CONTROL_TOUCH));
        let wide = (cut.width() - 2.0 * size::TOUCH_GAP) / 3.0;
        for (words, stage, enabled) in offered {
            let name = format!("{words}: {}", request.what);
            if Button::new(words).name(&name).enabled(enabled).show(ui, cut.left(wide)).clicked() {
                let words = state.answers.remove(&request.id).unwrap_or_default();
                acts.push(BackupAct::Answer { request: request.id, stage, words });
            }
            cut.left(size::TOUCH_GAP);
        }
    }
}

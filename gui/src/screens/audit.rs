//! The audit in sentences: who, did what, on which device, how well proven. One entry is explained at the side.

use crate::draft::{self, form};
use crate::intent::Intent;
use crate::kit::choice::choice;
use crate::kit::field::Field;
use crate::kit::layer;
use crate::kit::list::{self, ListState, Rows};
use crate::kit::text::{self, Type};
use crate::kit::{Button, Cut, Weight, chip, cut, look, panel, person_row, size};
use egui::{Align, Id, Rect, Role, ScrollArea, Ui, UiBuilder, pos2, vec2};
use muster_school::view::audit::{AuditDetail, AuditRow, AuditView};
use muster_school::view::status::Status;

/// What the screen keeps between frames.
#[derive(Clone, Debug, Default)]
pub struct AuditState {
    /// Focus and scrolling.
    pub list: ListState,
    /// What is typed into the pupil filter.
    pub pupil: String,
    /// For whom and into which folder it is to be written; nothing while that is not asked.
    export: Option<[String; 2]>,
}

/// Shows the audit in the whole of `ui`.
pub fn audit_ui(ui: &mut Ui, view: &AuditView, state: &mut AuditState) -> Vec<Intent> {
    let tokens = look(ui).tokens;
    let mut intents = Vec::new();
    let mut cut = Cut(ui.max_rect().shrink2(vec2(size::MARGIN, 12.0)));
    let high = look(ui).control();
    let mut head = Cut(cut.top(high.max(34.0)));
    let export = Button::new("Write to a file…");
    let wide = export.width(ui);
    let spot = cut::middle(head.right(wide), high);
    let title = text::line(ui, "Audit", Type::Title, Weight::Strong, tokens.text, head.width());
    text::label(ui, head.rest(), title, Align::Min);
    if export.show(ui, spot).clicked() {
        state.export = Some(Default::default());
    }
    filters_ui(ui, &mut cut, view, state, &mut intents);
    cut.top(12.0);
    let mut side = None;
    if view.detail.is_some() && cut.width() > 760.0 {
        side = Some(cut.right(size::DETAIL));
        cut.right(12.0);
    } else if view.detail.is_some() {
        let high = (cut.height() * 0.45).max(120.0);
        side = Some(cut.bottom(high));
        cut.bottom(8.0);
    }
    if view.more > 0 {
        let line = cut.bottom(look(ui).control() + 8.0);
        let words = format!("Show more, {} left", view.more);
        let button = Button::new(&words);
        let wide = button.width(ui);
        let spot = Rect::from_min_size(line.min + vec2(0.0, 8.0), vec2(wide, look(ui).control()));
        rows_ui(ui, cut.rest(), view, state, &mut intents);
        if button.show(ui, spot).clicked() {
            intents.push(Intent::AuditMore);
        }
    } else {
        rows_ui(ui, cut.rest(), view, state, &mut intents);
    }
    if let (Some(rect), Some(detail)) = (side, &view.detail) {
        intents.extend(detail_ui(ui, rect, detail));
    }
    intents.extend(export_ui(ui, state));
    intents
}

/// For whom and where to, before anything leaves.
fn export_ui(ui: &mut Ui, state: &mut AuditState) -> Option<Intent> {
    let back = form::keep(ui, "export", &mut state.export, |_| Some(<[String; 2]>::default()));
    let [mut to, mut folder] = state.export.clone()?;
    let (pressed, closed) = layer::show(ui, "audit export", "Write the audit to a file", 520.0, |ui, inside| {
        inside.words(ui, "What the filters let through, as a table that is not encrypted. That it was written, and for whom, is in the audit. It needs a code.");
        let high = look(ui).control();
        let rect = inside.next(ui, high);
        let first = Field::new("For whom").hint("For whom, as in Ofsted").limit(100).show(ui, rect, &mut to);
        if inside.fresh {
            first.request_focus();
        }
        let rect = inside.next(ui, high);
        Field::new("Folder").hint("Folder to write it into").limit(500).show(ui, rect, &mut folder);
        if back {
            inside.words(ui, draft::BACK);
        }
        let mut line = Cut(inside.next(ui, high));
        let write = Button::filled("Write it").enabled(!to.trim().is_empty() && !folder.trim().is_empty());
        let wide = write.width(ui);
        let write = write.show(ui, line.left(wide)).clicked();
        line.left(8.0);
        let close = Button::new("Cancel");
        let wide = close.width(ui);
        (write, close.show(ui, line.left(wide)).clicked())
    });
    let (write, stop) = pressed;
    state.export = (!closed && !stop && !write).then(|| [to.clone(), folder.clone()]);
    write.then(|| Intent::ExportAudit { to: to.trim().to_owned(), folder: folder.trim().to_owned() })
}

/// Chooses one of these by its name. True when another was chosen.
fn one_of<T: Copy + PartialEq>(
    ui: &mut Ui,
    rect: Rect,
    name: &str,
    any: &str,
    items: &[(T, String)],
    chosen: &mut Option<T>,
) -> bool {
    let names: Vec<String> = items.iter().map(|(_, name)| name.clone()).collect();
    let at = chosen.and_then(|chosen| items.iter().position(|(one, _)| *one == chosen));
    let Some(new) = choice(ui, rect, name, Some(any), &names, at) else { return false };
    *chosen = new.and_then(|at| items.get(at)).map(|(one, _)| *one);
    true
}

fn filters_ui(ui: &mut Ui, cut: &mut Cut, view: &AuditView, state: &mut AuditState, intents: &mut Vec<Intent>) {
    let tokens = look(ui).tokens;
    let high = look(ui).control();
    let narrow = cut.width() < 700.0;
    let columns = if narrow { 2 } else { 4 };
    let room = (cut.width() - 330.0).max(480.0);
    let wide = |column: usize| match (narrow, column) {
        (true, _) => (cut.0.width() - 12.0) / 2.0,
        (false, 3) => room * 0.28,
        (false, _) => room * 0.24,
    };
    let wides = [wide(0), wide(1), wide(2), wide(3)];
    let area = cut.top((high + 22.0) * if narrow { 2.0 } else { 1.0 } + if narrow { 8.0 } else { 0.0 });
    let place = |at: usize| {
        let (column, line) = (at % columns, at / columns);
        let left = area.left() + (0..column).map(|before| wides[before] + 12.0).sum::<f32>();
        Rect::from_min_size(pos2(left, area.top() + line as f32 * (high + 30.0)), vec2(wides[column], high + 22.0))
    };
    let mut filter = view.filter.clone();
    let mut made = false;
    let choices = &view.choices;
    for (at, name) in ["Person", "Pupil", "Device", "Day"].into_iter().enumerate() {
        let mut spot = Cut(place(at));
        let (over, field) = (spot.top(20.0), spot.bottom(high));
        text::put(ui, over, name, Type::Note, Weight::Regular, tokens.muted);
        made |= match at {
            0 => one_of(ui, field, name, "Everyone", &choices.people, &mut filter.person),
            1 => {
                let response = Field::new(name).hint("Any pupil").limit(60).show(ui, field, &mut state.pupil);
                filter.pupil.clone_from(&state.pupil);
                response.changed()
            }
            2 => one_of(ui, field, name, "All devices", &choices.devices, &mut filter.device),
            _ => one_of(ui, field, name, "All days", &choices.days, &mut filter.day),
        };
    }
    if made {
        intents.push(Intent::Audit(filter));
    }
    let summary = if narrow {
        let galley = text::wrapped(ui, &view.summary, Type::Note, Weight::Regular, tokens.muted, cut.width());
        let high = galley.size().y + 4.0;
        text::label(ui, cut.top(high), galley, Align::Min);
        return;
    } else {
        Rect::from_min_max(pos2(area.left() + wides.iter().map(|wide| wide + 12.0).sum::<f32>(), area.top()), area.max)
    };
    let galley = text::wrapped(ui, &view.summary, Type::Note, Weight::Regular, tokens.muted, summary.width());
    text::label(ui, cut::middle(summary, 40.0), galley, Align::Max);
}

fn sentence(row: &AuditRow) -> String {
    format!("{} {} {}, {}, {}", row.time, row.who, text::plain(&row.what), row.device, row.proof)
}

/// Widths of the columns: time, who, what takes the rest, device, proof.
fn columns(width: f32) -> (f32, f32, f32, f32) {
    if width > 620.0 { (56.0, 126.0, 126.0, 140.0) } else { (56.0, 110.0, 0.0, 0.0) }
}

fn rows_ui(ui: &mut Ui, rect: Rect, view: &AuditView, state: &mut AuditState, intents: &mut Vec<Intent>) {
    let tokens = look(ui).tokens;
    panel::panel(ui, rect);
    let mut cut = Cut(rect);
    let head = cut.top(28.0);
    panel::head(ui, head);
    let (time, who, device, proof) = columns(rect.width());
    let mut line = Cut(head);
    line.left(14.0);
    let put = |ui: &Ui, rect: Rect, words: &str| {
        text::put(ui, rect, words, Type::Note, Weight::Regular, tokens.muted);
    };
    put(ui, line.left(time), "Time");
    put(ui, line.left(who), "Who");
    put(ui, line.right(proof), "Proof");
    line.right(14.0);
    put(ui, line.right(device), "Device");
    put(ui, line.rest(), "Did what");
    let body = cut.rest();
    let chosen = view.detail.as_ref().map(|detail| detail.entry);
    // One entry may be told in more than one sentence.
    let place = |index: usize| {
        let entry = view.rows.get(index).map(|row| row.entry);
        view.rows.iter().take(index).rev().take_while(|row| Some(row.entry) == entry).count()
    };
    let of = Rows {
        salt: "audit",
        height: size::ROW_TALL,
        role: Role::Row,
        id: &|index, row: &AuditRow| Id::unique(("entry", row.entry, place(index))),
        name: &sentence,
        empty: "No entry fits",
    };
    let pressed = list::rows(ui, body, &mut state.list, &view.rows, &of, |ui, place, row| {
        row_ui(ui, place, row, chosen == Some(row.entry), columns(rect.width()));
    });
    panel::outline(ui, rect);
    intents.extend(pressed.map(|row| Intent::AuditEntry(row.entry)));
}

fn row_ui(ui: &Ui, rect: Rect, row: &AuditRow, chosen: bool, (time, who, device, proof): (f32, f32, f32, f32)) {
    let tokens = look(ui).tokens;
    let ground = if chosen { tokens.selected } else { tokens.surface };
    if chosen {
        ui.painter().rect_filled(rect, 0.0, ground);
    }
    let mut line = Cut(rect);
    line.left(14.0);
    text::put(ui, line.left(time), &row.time, Type::Body, Weight::Regular, tokens.muted);
    text::put(ui, line.left(who - 6.0), &row.who, Type::Body, Weight::Regular, tokens.text);
    line.left(6.0);
    if proof > 0.0 {
        let spot = line.right(proof);
        let colour = if row.attention { tokens.text } else { tokens.muted };
        let galley = text::wrapped(ui, &row.proof, Type::Note, Weight::Regular, colour, proof - 6.0);
        text::paint(ui.painter(), spot, galley, Align::Min);
        let icon = line.right(30.0);
        if row.attention {
            person_row::shape(ui, icon, 16.0, Status::Check, ground);
        }
        text::put(ui, line.right(device - 16.0), &row.device, Type::Note, Weight::Regular, tokens.muted);
        line.right(10.0);
    } else if row.attention {
        person_row::shape(ui, line.right(30.0), 16.0, Status::Check, ground);
    }
    let galley = text::spans(ui, &row.what, Type::Body, tokens.text, line.width(), 2);
    text::paint(ui.painter(), line.rest(), galley, Align::Min);
}

fn detail_ui(ui: &mut Ui, rect: Rect, detail: &AuditDetail) -> Vec<Intent> {
    let tokens = look(ui).tokens;
    panel::panel(ui, rect);
    let area = rect.shrink2(vec2(15.0, 12.0));
    let mut inner = ui.new_child(UiBuilder::new().id_salt("detail").max_rect(area));
    let mut intents = Vec::new();
    ScrollArea::vertical().id_salt("detail scroll").auto_shrink(false).show(&mut inner, |ui| {
        ui.spacing_mut().item_spacing.y = 8.0;
        let wide = area.width() - 12.0;
        let block = |ui: &mut Ui, galley: std::sync::Arc<egui::Galley>| {
            let (rect, _) = ui.allocate_exact_size(vec2(wide, galley.size().y), egui::Sense::hover());
            text::label(ui, rect, galley, Align::Min);
        };
        let head = text::line(ui, "This entry", Type::Name, Weight::Strong, tokens.text, wide);
        block(ui, head);
        let galley = text::spans(ui, &detail.sentence, Type::Body, tokens.text, wide, 12);
        block(ui, galley);
        if let Some(words) = &detail.warning {
            let high = chip::warning_height(ui, words, wide);
            let (rect, _) = ui.allocate_exact_size(vec2(wide, high), egui::Sense::hover());
            chip::warning(ui, rect, Status::Check, words);
        }
        let head = text::line(ui, "What is proven", Type::Name, Weight::Strong, tokens.text, wide);
        block(ui, head);
        for line in &detail.proven {
            let galley = text::wrapped(ui, &line.words, Type::Body, Weight::Regular, tokens.text, wide - 60.0);
            let (rect, _) = ui.allocate_exact_size(vec2(wide, galley.size().y), egui::Sense::hover());
            let mut cut = Cut(rect);
            let first = Rect::from_min_size(rect.min, vec2(56.0, 20.0));
            text::put(ui, first, &line.answer, Type::Body, Weight::Strong, tokens.text);
            cut.left(60.0);
            text::paint(ui.painter(), cut.rest(), galley, Align::Min);
            text::say(ui, rect, &format!("{}: {}", line.answer, line.words));
        }
        if let Some((words, link)) = &detail.link {
            let button = Button::new(words);
            let size = vec2(button.width(ui).min(wide), look(ui).control());
            let (rect, _) = ui.allocate_exact_size(size, egui::Sense::hover());
            if button.show(ui, rect).clicked() {
                intents.push(Intent::from(*link));
            }
        }
        let galley = text::wrapped(ui, &detail.clock, Type::Note, Weight::Regular, tokens.muted, wide);
        block(ui, galley);
    });
    intents
}

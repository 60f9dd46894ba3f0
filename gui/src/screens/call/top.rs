//! The band, the counts, and what opens on top of a roll call.

use super::{CallState, Top, ask_field, counts_words};
use crate::command::Command;
use crate::draft;
use crate::intent::{Intent, LockReason, Sighting};
use crate::kit::text::{self, Type};
use crate::kit::{Button, Cut, Weight, cut, layer, look, panel, size, status};
use egui::{Align, Rect, Ui, pos2, vec2};
use muster_school::view::FrameView;
use muster_school::view::call::CallView;
use muster_school::view::fire::EventKind;

/// The field of a name to add, as drafts know it.
const ADD: &str = "add";

/// The band: what kind of event, since when, from which list. It stays for the whole event.
pub fn band_ui(
    ui: &mut Ui,
    rect: Rect,
    frame: &FrameView,
    view: &CallView,
    state: &mut CallState,
    intents: &mut Vec<Intent>,
) {
    let tokens = look(ui).tokens;
    let ground = tokens.status(view.kind.status());
    ui.painter().rect_filled(rect, 0.0, ground);
    let mut cut = Cut(rect.shrink2(vec2(size::MARGIN, 4.0)));
    let spot = cut.left(38.0).left_center() + vec2(13.0, 0.0);
    status::paint(ui.painter(), spot, 26.0, view.kind.status(), tokens.on, ground);
    let kind = match view.kind {
        EventKind::Real => "REAL",
        EventKind::Drill => "DRILL",
        EventKind::KeepInside => "KEEP INSIDE",
        EventKind::Lockdown => "LOCKDOWN",
    };
    let galley = text::line(ui, kind, Type::Title, Weight::Bold, tokens.on, cut.width());
    let wide = galley.size().x + 12.0;
    text::label(ui, cut.left(wide), galley, Align::Min);
    let end = Button::new("End").step(Type::Name);
    let wide = end.width(ui).max(64.0);
    let end_spot = cut.right(wide);
    cut.right(12.0);
    let lock = frame.person.is_some().then(|| {
        let lock = Button::new("Lock").step(Type::Name);
        let spot = cut.right(lock.width(ui));
        cut.right(12.0);
        (lock, spot)
    });
    let hide = Button::new("Hide").step(Type::Name).name(Command::Hide.words());
    let hide_spot = cut.right(hide.width(ui));
    cut.right(12.0);
    let started = text::line(ui, &view.started, Type::Name, Weight::Strong, tokens.on, cut.width());
    let room = started.size().x + 16.0;
    let left = cut.width() - room;
    if left > 160.0 {
        text::label(ui, cut.left(room), started, Align::Min);
        age_ui(ui, cut.rest(), view, Align::Max);
    } else {
        let mut lines = Cut(cut.rest());
        let half = lines.height() / 2.0;
        let started = text::line(ui, &view.started, Type::Note, Weight::Strong, tokens.on, lines.width());
        text::label(ui, lines.top(half), started, Align::Min);
        let words = format!("List as of {}. {}", view.as_of.at, view.as_of.gaps);
        let age = text::line(ui, &words, Type::Note, Weight::Regular, tokens.on, lines.width());
        text::label(ui, lines.rest(), age, Align::Min);
    }
    if hide.show(ui, hide_spot).clicked() {
        intents.push(Intent::Lock(LockReason::Hidden));
    }
    let lock_asked = lock.is_some_and(|(lock, spot)| lock.show(ui, spot).clicked() || Command::Lock.pressed(ui));
    if lock_asked {
        intents.push(Intent::Lock(LockReason::Asked));
    }
    if end.name("End the roll call").show(ui, end_spot).clicked() {
        state.top = Some(Top::End);
    }
}

fn age_ui(ui: &mut Ui, rect: Rect, view: &CallView, align: Align) {
    let tokens = look(ui).tokens;
    let from = if view.as_of.from.is_empty() { String::new() } else { format!(", {}", view.as_of.from) };
    let first = format!("List as of {}{from}", view.as_of.at);
    let mut lines = Cut(rect);
    if view.as_of.gaps.is_empty() {
        let galley = text::line(ui, &first, Type::Body, Weight::Regular, tokens.on, rect.width());
        text::label(ui, rect, galley, align);
        return;
    }
    let half = lines.height() / 2.0;
    let first = text::line(ui, &first, Type::Body, Weight::Regular, tokens.on, rect.width());
    let upper = lines.top(half);
    text::label(ui, upper.translate(vec2(0.0, 3.0)), first, align);
    let gaps = text::line(ui, &view.as_of.gaps, Type::Body, Weight::Regular, tokens.on, rect.width());
    text::label(ui, lines.rest().translate(vec2(0.0, -3.0)), gaps, align);
}

/// How many are to find: the largest thing on the screen. Beside it what may be done.
pub fn counts_ui(ui: &mut Ui, cut: &mut Cut, view: &CallView, state: &mut CallState, intents: &mut Vec<Intent>) {
    let tokens = look(ui).tokens;
    let shown = if state.show_found { "Show to find" } else { "Show found" };
    let undo = Button::new("Undo").step(Type::Name).enabled(view.undo.is_some());
    let undo = undo.name(view.undo.as_ref().map_or("Undo".to_owned(), |what| format!("Undo: {what}")));
    let show = Button::new(shown).step(Type::Name);
    let add = Button::new("Add a person").step(Type::Name);
    let wides = [undo.width(ui), show.width(ui), add.width(ui)];
    let buttons: f32 = wides.iter().sum::<f32>() + 16.0;
    let number = view.to_find.to_string();
    let big = text::digits_width(ui, &number, Type::Big, Weight::Bold);
    let found = format!("Found {} of {}", view.found, view.total);
    let found_wide = text::digits_width(ui, &found, Type::Count, Weight::Strong);
    let two_lines = big + 160.0 + found_wide + buttons + 2.0 * size::MARGIN > cut.width();
    let band = cut.top(if two_lines { 132.0 } else { 76.0 });
    ui.painter().rect_filled(band, 0.0, tokens.surface);
    panel::rule(ui, band, band.bottom());
    let mut area = Cut(band.shrink2(vec2(size::MARGIN, 8.0)));
    let mut line = Cut(area.top(60.0));
    let mut keys = if two_lines { area.bottom(48.0) } else { line.right(buttons) };
    if two_lines {
        keys = Rect::from_min_size(keys.min, vec2(buttons.min(keys.width()), 48.0));
    }

    text::say(ui, line.rest(), &counts_words(view));
    let spot = line.left(big + 10.0);
    text::digits(ui, spot.left_center(), &number, Type::Big, Weight::Bold, tokens.text);
    let words = match view.to_check {
        0 => "to find".to_owned(),
        check => format!("to find,\n{check} to check"),
    };
    let galley = text_block(ui, &words);
    let wide = galley.size().x + 32.0;
    text::paint(ui.painter(), line.left(wide), galley, Align::Min);
    if line.width() >= found_wide {
        text::digits(ui, line.rest().left_center(), &found, Type::Count, Weight::Strong, tokens.text);
    }

    let scale = (keys.width() - 16.0) / (buttons - 16.0);
    let mut row = Cut(cut::middle(keys, 48.0));
    let [first, second, third] = wides.map(|wide| wide * scale.min(1.0));
    let undo_key = state.top.is_none() && view.undo.is_some() && Command::Undo.pressed(ui);
    if undo.show(ui, row.left(first)).clicked() || undo_key {
        intents.push(Intent::UndoCall(view.event));
    }
    row.left(8.0);
    if show.show(ui, row.left(second)).clicked() {
        state.show_found = !state.show_found;
    }
    row.left(8.0);
    if add.show(ui, row.left(third)).clicked() {
        let typed = std::mem::take(&mut state.filter.search);
        state.top = Some(Top::Add(typed));
    }
}

fn text_block(ui: &Ui, words: &str) -> std::sync::Arc<egui::Galley> {
    use egui::text::{LayoutJob, TextFormat};
    let mut job = LayoutJob::default();
    let font_id = text::font(Type::Title, Weight::Strong);
    let color = look(ui).tokens.text;
    job.append(words, 0.0, TextFormat { font_id, color, line_height: Some(22.0), ..TextFormat::default() });
    ui.painter().layout_job(job)
}

/// What is on top, if anything is.
pub fn layer_ui(ui: &mut Ui, view: &CallView, state: &mut CallState) -> Vec<Intent> {
    match state.top.clone() {
        None => Vec::new(),
        Some(Top::Settle(person)) => settle_ui(ui, view, state, person),
        Some(Top::Looked { person, place }) => looked_ui(ui, view, state, person, place),
        Some(Top::Add(name)) => named_ui(ui, view, state, name, true),
        Some(Top::Claim(name)) => named_ui(ui, view, state, name, false),
        Some(Top::End) => end_ui(ui, view, state),
    }
}

fn settle_ui(
    ui: &mut Ui,
    view: &CallView,
    state: &mut CallState,
    person: muster_school::view::SubjectId,
) -> Vec<Intent> {
    let Some(row) = view.rows.iter().find(|row| row.person == person && row.marks.len() > 1) else {
        state.top = None;
        return Vec::new();
    };
    let (answer, closed) = layer::show(ui, "settle call", &row.spoken, 480.0, |ui, inside| {
        inside.words(ui, &row.said);
        inside.words(ui, "Which is right? Settle it once somebody has looked. Both are kept.");
        let mut answer = None;
        for (words, found) in [("Found", true), ("Not found", false)] {
            let rect = inside.next(ui, 56.0);
            let response = Button::new(words).step(Type::Name).show(ui, rect);
            if response.clicked() {
                answer = Some(Some(found));
            }
        }
        let rect = inside.next(ui, 48.0);
        let not_now = Button::new("Not now").step(Type::Name).show(ui, rect);
        if inside.fresh {
            not_now.request_focus();
        }
        if not_now.clicked() {
            answer = Some(None);
        }
        answer
    });
    if closed || answer.is_some() {
        state.top = None;
        state.list.grab = true;
    }
    let Some(Some(found)) = answer else { return Vec::new() };
    vec![Intent::SettleCall { event: view.event, person, found, among: row.marks.clone() }]
}

/// The layer in which something was typed and not saved, if there is one.
pub(super) fn left_open(ui: &Ui, view: &CallView) -> Option<Top> {
    let known = |person| view.rows.iter().any(|row| row.person == person);
    draft::waiting(ui, "").iter().find_map(|field| match field.strip_prefix("looked/") {
        Some(person) => draft::subject(person)
            .filter(|person| known(*person))
            .map(|person| Top::Looked { person, place: String::new() }),
        None => (field == ADD).then(|| Top::Add(String::new())),
    })
}

fn looked_ui(
    ui: &mut Ui,
    view: &CallView,
    state: &mut CallState,
    person: muster_school::view::SubjectId,
    mut place: String,
) -> Vec<Intent> {
    let spoken = view.rows.iter().find(|row| row.person == person).map(|row| row.spoken.clone());
    let title = format!("Looked for {}, not found", spoken.unwrap_or_default());
    let field = format!("looked/{}", draft::hex(&person.0));
    let back = draft::follow(ui, &field, &mut place);
    let (answer, closed) = layer::show(ui, "looked", &title, 560.0, |ui, inside| {
        inside.words(ui, "Where did you look?");
        let mut answer = None;
        for pair in view.places.chunks(2) {
            let rect = inside.next(ui, 48.0);
            let wide = (rect.width() - 8.0) / 2.0;
            for (at, words) in pair.iter().enumerate() {
                let left = rect.left() + at as f32 * (wide + 8.0);
                let spot = Rect::from_min_max(pos2(left, rect.top()), pos2(left + wide, rect.bottom()));
                if Button::new(words).step(Type::Name).show(ui, spot).clicked() {
                    answer = Some(words.clone());
                }
            }
        }
        if ask_field(ui, inside, "Another place, or leave empty", &mut place) {
            answer = Some(place.trim().to_owned());
        }
        if back {
            inside.words(ui, draft::BACK);
        }
        let rect = inside.next(ui, 48.0);
        if Button::filled("Not found").step(Type::Name).show(ui, rect).clicked() {
            answer = Some(place.trim().to_owned());
        }
        answer
    });
    if closed || answer.is_some() {
        draft::discard(ui, &field);
        state.top = None;
        state.list.grab = true;
    } else {
        state.top = Some(Top::Looked { person, place });
    }
    let Some(place) = answer else { return Vec::new() };
    vec![Intent::Sight { event: view.event, person, sighting: Sighting::NotFound { place } }]
}

fn named_ui(ui: &mut Ui, view: &CallView, state: &mut CallState, mut name: String, add: bool) -> Vec<Intent> {
    let title = if add { "Add a person who is here" } else { "Who are you?" };
    let back = add && draft::follow(ui, ADD, &mut name);
    let (done, closed) = layer::show(ui, title, title, 480.0, |ui, inside| {
        let note = if add {
            "Somebody who is safe and not on the list. The name is enough."
        } else {
            "With nobody signed in, your marks carry the name you give, and say that it was claimed."
        };
        inside.words(ui, note);
        let entered = ask_field(ui, inside, "Name", &mut name);
        if back {
            inside.words(ui, draft::BACK);
        }
        let rect = inside.next(ui, 48.0);
        let words = if add { "Add as found" } else { "Use this name" };
        let save = Button::filled(words).step(Type::Name).enabled(!name.trim().is_empty());
        save.show(ui, rect).clicked() || entered
    });
    let done = done && !name.trim().is_empty();
    if closed || done {
        draft::discard(ui, ADD);
        state.top = None;
    } else {
        let kept = name.clone();
        state.top = Some(if add { Top::Add(kept) } else { Top::Claim(kept) });
    }
    if !done {
        return Vec::new();
    }
    let (event, name) = (view.event, name.trim().to_owned());
    vec![if add { Intent::AddStranger { event, name } } else { Intent::ClaimMarshal { event, name } }]
}

fn end_ui(ui: &mut Ui, view: &CallView, state: &mut CallState) -> Vec<Intent> {
    let (answer, closed) = layer::show(ui, "end", "End the roll call?", 480.0, |ui, inside| {
        let left = match view.to_find {
            0 => "Everybody is found.".to_owned(),
            1 => "1 person is not yet found.".to_owned(),
            many => format!("{many} people are not yet found."),
        };
        inside.words(ui, &left);
        inside.words(ui, "Ending makes the report: times, who marked whom, who was never found.");
        let mut answer = None;
        let rect = inside.next(ui, 48.0);
        let keep = Button::new("Keep going").step(Type::Name).show(ui, rect);
        if inside.fresh {
            keep.request_focus();
        }
        if keep.clicked() {
            answer = Some(false);
        }
        let rect = inside.next(ui, 56.0);
        if Button::filled("End and make the report").step(Type::Name).show(ui, rect).clicked() {
            answer = Some(true);
        }
        answer
    });
    if closed || answer.is_some() {
        state.top = None;
    }
    if answer == Some(true) { vec![Intent::EndCall(view.event)] } else { Vec::new() }
}

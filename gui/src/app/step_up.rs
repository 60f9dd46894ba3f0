//! A code: the question for it, and setting up a second factor.

use super::App;
use crate::intent::{Intent, Secret};
use crate::kit::field::Field;
use crate::kit::text::{self, Type};
use crate::kit::typed::Typed;
use crate::kit::{Button, Cut, Weight, chip, layer, look, qr};
use crate::screens::lock::{forget, passphrase_ui};
use egui::{Align, Id, Key, Ui};
use muster_school::view::step_up::StepUpView;

/// Digits of a code.
const DIGITS: usize = 6;

/// For whoever has the telephone no more, a paragraph each.
const WITHOUT: [&str; 3] = [
    "A new telephone, and the old one still at hand? Give one more code of the old one; then Ctrl+U sets up another.",
    "Is it gone? Ask the office, or your site lead, in person or by telephone, to press Reset sign-in beside your name on the Staff screen. They read you one-time words. You choose a passphrase again and set up another second factor; nothing that you wrote is lost.",
    "Are you the head, and nobody above you? Two of the three recovery cards let you back: muster cards new-head with your own name, on any device of the school. The old second factor ends with that.",
];

/// What is being typed.
#[derive(Clone, Debug, Default)]
pub(super) struct StepUpState {
    code: Typed,
    passphrase: Typed,
    shown: bool,
    /// What to do without the telephone is asked.
    without: bool,
}

fn code_id() -> Id {
    Id::unique("code of the second factor")
}

fn passphrase_id() -> Id {
    Id::unique("passphrase for the second factor")
}

/// Shows what is asked, if anything is.
pub(super) fn step_up_ui(ui: &mut Ui, app: &mut App) -> Vec<Intent> {
    let view = app.views.step_up.clone();
    let (answer, closed) = match &view {
        StepUpView::Closed => {
            if !app.states.step_up.code.is_empty() || !app.states.step_up.passphrase.is_empty() {
                forget_typed(ui, app);
            }
            return Vec::new();
        }
        StepUpView::Ask { why, problem } => {
            let state = &mut app.states.step_up;
            layer::show(ui, "step up", "Confirm with a code", 440.0, |ui, inside| {
                if state.without {
                    return without_ui(ui, inside, state);
                }
                if !why.is_empty() {
                    inside.words(ui, why);
                }
                inside.words(ui, "The six digits that your authenticator shows now:");
                let entered = code_ui(ui, inside, state, inside.fresh);
                problem_ui(ui, inside, problem.as_deref());
                let pressed = buttons_ui(ui, inside, "Confirm", is_code(&state.code));
                let rect = inside.next(ui, look(ui).control());
                let lost = Button::link("My telephone is lost or new").step(Type::Body);
                let wide = lost.width(ui);
                state.without = lost.show(ui, Cut(rect).left(wide)).clicked();
                (pressed == Some(true) || (entered && is_code(&state.code)), pressed == Some(false))
            })
        }
        StepUpView::SetUp { why, uri, groups, problem } => {
            let state = &mut app.states.step_up;
            layer::show(ui, "set up second factor", "Set up a second factor", 520.0, |ui, inside| {
                if !why.is_empty() {
                    inside.words(ui, why);
                }
                inside.words(ui, "Point an authenticator on your telephone at this. No network is needed.");
                let rect = inside.next(ui, 216.0);
                qr::qr(ui, rect, uri.expose(), "Picture for an authenticator");
                inside.words(ui, "Or type this into it:");
                let galley =
                    text::wrapped(ui, groups.expose(), Type::Body, Weight::Strong, look(ui).tokens.text, inside.width);
                let rect = inside.next(ui, galley.size().y);
                text::label(ui, rect, galley, Align::Min);
                inside.words(ui, "The six digits that it shows then:");
                code_ui(ui, inside, state, inside.fresh);
                inside.words(ui, "Your passphrase, so that nobody else can do this for you:");
                let rect = inside.next(ui, look(ui).control().max(40.0));
                let (value, shown) = (&mut state.passphrase, &mut state.shown);
                let entered = passphrase_ui(ui, rect, "Your passphrase", value, shown, passphrase_id());
                problem_ui(ui, inside, problem.as_deref());
                let ready = is_code(&state.code) && !state.passphrase.is_empty();
                let pressed = buttons_ui(ui, inside, "Set it up", ready);
                (pressed == Some(true) || (entered && ready), pressed == Some(false))
            })
        }
    };
    let (go, no) = answer;
    if closed || no {
        app.views.step_up = StepUpView::Closed;
        forget_typed(ui, app);
        return vec![Intent::LeaveStepUp];
    }
    if !go {
        return Vec::new();
    }
    let code = app.states.step_up.code.take();
    forget(ui, code_id());
    if matches!(view, StepUpView::Ask { .. }) {
        return vec![Intent::GiveCode(code)];
    }
    // The passphrase stays for another try: a code that came too late is no reason to type it again.
    vec![Intent::SetUpFactor { passphrase: Secret::new(app.states.step_up.passphrase.to_string()), code }]
}

/// What somebody does who has their telephone no more. Answers as the question does: go on, or leave it.
fn without_ui(ui: &mut Ui, inside: &layer::Inside, state: &mut StepUpState) -> (bool, bool) {
    state.code.forget();
    forget(ui, code_id());
    for words in WITHOUT {
        inside.words(ui, words);
    }
    let rect = inside.next(ui, look(ui).control().max(40.0));
    let mut line = Cut(rect);
    let back = Button::new("Back to the code");
    let wide = back.width(ui);
    let spot = line.left(wide);
    line.left(12.0);
    let response = back.show(ui, spot);
    if inside.fresh {
        response.request_focus();
    }
    if response.clicked() {
        state.without = false;
    }
    (false, Button::new("Close").show(ui, line.rest()).clicked())
}

fn forget_typed(ui: &Ui, app: &mut App) {
    app.states.step_up = StepUpState::default();
    forget(ui, code_id());
    forget(ui, passphrase_id());
}

fn is_code(typed: &str) -> bool {
    let digits = typed.chars().filter(|letter| !letter.is_whitespace());
    digits.clone().count() == DIGITS && digits.into_iter().all(|letter| letter.is_ascii_digit())
}

fn code_ui(ui: &mut Ui, inside: &layer::Inside, state: &mut StepUpState, fresh: bool) -> bool {
    let rect = inside.next(ui, look(ui).control().max(40.0));
    // Room for a space in the middle, as telephones show it.
    let response =
        Field::new("Code").secret().hint("123 456").limit(DIGITS + 2).id(code_id()).show(ui, rect, &mut state.code);
    if fresh {
        response.request_focus();
    }
    response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter))
}

fn problem_ui(ui: &mut Ui, inside: &layer::Inside, problem: Option<&str>) {
    if let Some(words) = problem {
        let at = ui.cursor().min;
        let high = chip::problem(ui, at, inside.width, words);
        inside.next(ui, high);
    }
}

/// The two buttons: `Some(true)` for yes, `Some(false)` for not now.
fn buttons_ui(ui: &mut Ui, inside: &layer::Inside, yes: &str, ready: bool) -> Option<bool> {
    let rect = inside.next(ui, look(ui).control().max(40.0));
    let mut line = Cut(rect);
    let not_now = Button::new("Not now");
    let wide = not_now.width(ui);
    let spot = line.left(wide);
    line.left(12.0);
    let no = not_now.show(ui, spot).clicked();
    let go = Button::filled(yes).enabled(ready).show(ui, line.rest()).clicked();
    if go && ready {
        Some(true)
    } else if no {
        Some(false)
    } else {
        None
    }
}

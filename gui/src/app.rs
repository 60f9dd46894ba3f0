//! The app: the latest views, the small state of each screen, and the way of intents to the engine.
//!
//! Promises: a frame never waits; a screen is a function of its view; what the app cannot answer itself (going to a
//! screen, settings, notices) goes to the engine as it is; ten minutes without input lock, after a warning.

mod draw;
mod guides;
mod hidden;
pub mod idle;
mod keys;
pub mod layers;
mod refused;
mod step_up;
mod views;

use crate::command::Command;
use crate::draft::Drafts;
use crate::engine::Engine;
use crate::intent::{Intent, LockReason, Screen};
use crate::kit::look::Look;
use crate::kit::toast::Toasts;
use crate::kit::tokens::Theme;
use crate::kit::{Cut, layer, look, size};
use crate::settings::Settings;
use egui::{Context, Ui, UiBuilder, pos2};
use idle::Idle;
use layers::Layer;
use views::{States, Views};

/// The client.
pub struct App {
    engine: Box<dyn Engine>,
    settings: Settings,
    screen: Screen,
    views: Views,
    states: States,
    toasts: Toasts,
    layer: Option<Layer>,
    menu: bool,
    hidden: bool,
    drafts: Drafts,
    /// What egui remembers of fields is to be forgotten.
    forget: bool,
    idle: Idle,
}

impl App {
    /// A client on the lock screen, with the settings this device had.
    pub fn new(engine: Box<dyn Engine>, settings: Settings) -> Self {
        Self {
            engine,
            settings,
            screen: Screen::Lock,
            views: Views::default(),
            states: States::default(),
            toasts: Toasts::default(),
            layer: None,
            menu: false,
            hidden: false,
            drafts: Drafts::default(),
            forget: false,
            idle: Idle::default(),
        }
    }

    /// The screen that shows.
    pub fn screen(&self) -> Screen {
        self.screen
    }

    /// Takes what is new from the engine.
    fn poll(&mut self) {
        for update in self.engine.poll() {
            self.take(update);
        }
    }

    /// Hands over what was typed and not saved, before whoever typed it is signed out.
    fn hand_over(&mut self) {
        if let Some(drafts) = self.drafts.rest()
            && self.signed_in()
        {
            self.engine.send(Intent::KeepDrafts(drafts));
        }
    }

    fn send(&mut self, intent: Intent) {
        if let Intent::OpenToSettle { register, pupil } = intent {
            self.send(Intent::Open(Screen::Register(register)));
            return self.states.register.settle_on_opening(register, pupil);
        }
        if matches!(intent, Intent::Lock(_)) {
            self.hand_over();
        }
        match &intent {
            Intent::Lock(LockReason::Hidden) => return self.hide(),
            Intent::Open(screen) => self.go(*screen),
            Intent::Undo(key) => self.toasts.undone(*key),
            // What is on the screen goes at once; a roll call goes on with nobody signed in, and the engine says so.
            Intent::Lock(_) if !self.in_call() => self.go(Screen::Lock),
            _ => {}
        }
        self.engine.send(intent);
    }

    fn look(&self, ctx: &Context) -> Look {
        let dark = ctx.input(|input| input.raw.system_theme) == Some(egui::Theme::Dark);
        let mut theme = self.settings.theme.theme(dark);
        let silent = self.silent();
        if silent {
            // Keep inside is dim whatever is set: a bright window can be seen through a door.
            theme = Theme::Dark;
        }
        Look { quiet: silent, ..Look::new(theme, self.settings.touch, self.settings.reduce_motion) }
    }

    /// True where an event shows in which whoever must not be found must not be heard or seen.
    fn silent(&self) -> bool {
        let views = &self.views;
        match self.screen {
            Screen::Call(_) => views.call.as_ref().is_some_and(|call| call.silent),
            Screen::Fire => views.fire.iter().flat_map(|fire| &fire.running).any(|running| running.kind.is_silent()),
            Screen::Display => views.display.iter().filter_map(|shown| shown.call.as_ref()).any(|call| call.silent),
            _ => false,
        }
    }

    /// Shows the whole client in `ui`.
    pub fn show(&mut self, ui: &mut Ui) {
        self.poll();
        let ctx = ui.ctx().clone();
        self.watch(&ctx);
        self.look(&ctx).apply(&ctx);
        if (ctx.zoom_factor() - self.settings.zoom()).abs() > 0.001 {
            ctx.set_zoom_factor(self.settings.zoom());
        }
        let whole = ctx.content_rect();
        // Before anything is drawn: the picture goes in this frame.
        if Command::Hide.pressed(ui) {
            self.hide();
        }
        if std::mem::take(&mut self.forget) {
            // What fields remember for their own undo, and where they stood.
            ctx.memory_mut(|memory| memory.data.clear());
            self.look(&ctx).apply(&ctx);
        }
        if self.hidden {
            self.hidden_ui(ui, whole);
            ctx.request_repaint_after_secs(1.0);
            return;
        }
        self.drafts.begin(&ctx, self.screen);
        let mut cut = Cut(whole);
        self.warning_ui(ui, &mut cut);
        let rest = cut.rest();
        let mut inner = ui.new_child(UiBuilder::new().id_salt("screen").max_rect(rest));
        inner.set_clip_rect(whole);
        inner.painter().rect_filled(whole, 0.0, look(ui).tokens.bg);
        layer::give_back(&inner);
        let mut intents = self.shortcuts(&inner);
        intents.extend(self.screen_ui(&mut inner));
        intents.extend(layers::layer_ui(&mut inner, self));
        intents.extend(step_up::step_up_ui(&mut inner, self));
        if !matches!(self.screen, Screen::Lock | Screen::Join | Screen::Shut) {
            let left = if whole.width() < size::NARROW { 0.0 } else { size::NAVIGATION };
            // Never over the buttons of a layer, which stand at its foot.
            let layer = ctx.memory(|memory| memory.top_modal_layer().is_some());
            let bottom = if layer { whole.top() + size::CONTROL + 68.0 } else { rest.bottom() - 56.0 };
            let at = pos2(whole.left() + left + size::MARGIN, bottom);
            let undo = self.toasts.show(&mut inner, at, whole.width() - left - 2.0 * size::MARGIN);
            intents.extend(undo.map(Intent::Undo));
        }
        for intent in intents {
            self.send(intent);
        }
        if self.signed_in()
            && let Some(drafts) = self.drafts.due(ctx.input(|input| input.time))
        {
            self.engine.send(Intent::KeepDrafts(drafts));
        }
        // The header's clock and "4 minutes ago" move on without anybody pressing a key.
        ctx.request_repaint_after_secs(1.0);
    }

    fn signed_in(&self) -> bool {
        self.views.frame.person.is_some()
    }
}

impl eframe::App for App {
    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        self.show(ui);
    }

    fn raw_input_hook(&mut self, _ctx: &Context, input: &mut egui::RawInput) {
        self.idle.hear(input);
    }

    /// A hidden window draws nothing, and locks all the same.
    fn logic(&mut self, ctx: &Context, _frame: &mut eframe::Frame) {
        self.poll();
        self.watch(ctx);
        self.wake_hidden(ctx);
    }

    fn on_exit(&mut self) {
        self.hand_over();
    }

    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        visuals.panel_fill.to_normalized_gamma_f32()
    }

    fn persist_egui_memory(&self) -> bool {
        // egui would keep what was typed, passphrases included.
        false
    }
}

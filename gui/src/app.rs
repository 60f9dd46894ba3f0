//! The app: the latest views, the small state of each screen, and the way of intents to the engine.
//!
//! Promises: a frame never waits; a screen is a function of its view; what the app cannot answer itself (going to a
//! screen, settings, notices) goes to the engine as it is; ten minutes without input lock, after a warning.

mod hidden;
pub mod idle;
pub mod layers;
mod step_up;

use crate::command::{Command, Reach};
use crate::draft::{self, Draft, Drafts};
use crate::engine::{Engine, Update};
use crate::intent::{Intent, LockReason, Screen};
use crate::kit::list::ListState;
use crate::kit::look::Look;
use crate::kit::text::{self, Type};
use crate::kit::toast::Toasts;
use crate::kit::tokens::Theme;
use crate::kit::{Button, Cut, Weight, chip, layer, look, size};
use crate::screens::activation::{ActivationState, activation_ui};
use crate::screens::audit::{AuditState, audit_ui};
use crate::screens::call::{CallState, call_ui};
use crate::screens::devices::{DevicesState, devices_ui};
use crate::screens::fire::{FireState, fire_ui};
use crate::screens::join::{JoinState, join_ui};
use crate::screens::lock::{LockState, lock_ui};
use crate::screens::own::{OwnState, own_ui};
use crate::screens::people::{PeopleState, people_ui};
use crate::screens::register::{RegisterState, register_ui};
use crate::screens::registers::registers_ui;
use crate::screens::roles::{RolesState, roles_ui};
use crate::screens::shut::shut_ui;
use crate::screens::today::today_ui;
use crate::screens::{frame, today};
use crate::settings::Settings;
use egui::{Align, Context, Rect, Ui, UiBuilder, pos2, vec2};
use idle::Idle;
use layers::Layer;
use muster_school::view::audit::AuditView;
use muster_school::view::call::CallView;
use muster_school::view::devices::{DevicesView, JoinView};
use muster_school::view::fire::{EventKind, FireView};
use muster_school::view::lock::{ActivationView, LockView, OwnView};
use muster_school::view::lost::ShutView;
use muster_school::view::people::PeopleView;
use muster_school::view::register::RegisterView;
use muster_school::view::roles::RolesView;
use muster_school::view::status::Status;
use muster_school::view::step_up::StepUpView;
use muster_school::view::today::{RegistersView, TodayView};
use muster_school::view::{FrameView, Notice};

/// The latest view of each screen; `None` until the engine has answered.
#[derive(Default)]
struct Views {
    frame: FrameView,
    lock: LockView,
    activation: ActivationView,
    join: JoinView,
    shut: ShutView,
    today: Option<TodayView>,
    registers: Option<RegistersView>,
    register: Option<RegisterView>,
    fire: Option<FireView>,
    call: Option<CallView>,
    audit: Option<AuditView>,
    devices: Option<DevicesView>,
    step_up: StepUpView,
    own: Option<OwnView>,
    people: Option<PeopleView>,
    roles: Option<RolesView>,
}

/// The small state of each screen.
#[derive(Default)]
struct States {
    lock: LockState,
    activation: ActivationState,
    join: JoinState,
    registers: ListState,
    register: RegisterState,
    fire: FireState,
    call: CallState,
    audit: AuditState,
    devices: DevicesState,
    step_up: step_up::StepUpState,
    own: OwnState,
    people: PeopleState,
    roles: RolesState,
}

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
    closing: bool,
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
            closing: false,
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

    fn take(&mut self, update: Update) {
        let views = &mut self.views;
        match update {
            Update::Frame(view) => views.frame = view,
            Update::Go(screen) => {
                if matches!(self.screen, Screen::Call(_)) && self.call().is_none() {
                    // It is not there any more, and must not lead there again.
                    self.drafts.give_up(self.screen);
                }
                self.go(screen);
            }
            Update::Lock(view) => views.lock = view,
            Update::Activation(view) => views.activation = view,
            Update::Join(view) => views.join = view,
            Update::Shut(view) => views.shut = view,
            Update::Today(view) => views.today = Some(view),
            Update::Registers(view) => views.registers = Some(view),
            Update::Register(view) => views.register = Some(view),
            Update::MarkRefused { register, pupil, code, words } => {
                match views.register.as_ref().filter(|view| view.key == register) {
                    Some(view) => self.states.register.refuse(view, pupil, &code, &words),
                    None => self.toasts.push(Notice { words, problem: true, ..Notice::default() }),
                }
            }
            Update::Fire(view) => views.fire = Some(view),
            Update::Call(view) => views.call = Some(view),
            Update::Audit(view) => views.audit = Some(view),
            Update::Devices(view) => views.devices = Some(view),
            Update::People(view) => views.people = Some(view),
            Update::Roles(view) => views.roles = Some(view),
            Update::StepUp(view) => views.step_up = view,
            Update::Own(view) => views.own = Some(view),
            Update::Notice(notice) => self.toasts.push(notice),
            Update::Drafts(drafts) => self.give_back(drafts),
            Update::Settings(settings) => self.settings = settings,
            Update::Close => self.closing = true,
        }
    }

    /// Goes to a screen, leaving nothing of a person behind on the lock screen.
    fn go(&mut self, screen: Screen) {
        // Views that were on their way when the device locked must not stay either, so this is done each time.
        if self.screen == screen && !matches!(screen, Screen::Lock | Screen::Join | Screen::Shut) {
            return;
        }
        let came = self.screen != screen;
        if came {
            // Passphrases that were being chosen stay nowhere.
            self.states.activation = ActivationState::default();
            self.states.own = OwnState::default();
        }
        self.screen = screen;
        self.menu = false;
        self.layer = None;
        if !came {
            self.forget_views();
            return;
        }
        if matches!(screen, Screen::Lock | Screen::Join | Screen::Shut) {
            self.forget_views();
            self.states = States::default();
            self.toasts = Toasts::default();
            self.drafts.clear();
            self.forget = true;
        }
        match screen {
            Screen::Fire => self.states.fire = FireState::default(),
            Screen::Register(_) => self.states.register = RegisterState::default(),
            _ => {}
        }
    }

    /// Keeps only what a locked device shows.
    fn forget_views(&mut self) {
        let kept = std::mem::take(&mut self.views);
        self.views = Views { frame: kept.frame, lock: kept.lock, join: kept.join, shut: kept.shut, ..Views::default() };
        self.views.frame.person = None;
        self.views.frame.raised = None;
    }

    /// Keeps a roll call, and nothing else of whoever was signed in.
    fn forget_person(&mut self) {
        let (call, state) = (self.views.call.take(), std::mem::take(&mut self.states.call));
        self.forget_views();
        self.views.call = call;
        self.states = States { call: state, ..States::default() };
        self.toasts = Toasts::default();
        self.drafts.clear();
        self.forget = true;
    }

    /// Hands over what was typed and not saved, before whoever typed it is signed out.
    fn hand_over(&mut self) {
        if let Some(drafts) = self.drafts.rest()
            && self.signed_in()
        {
            self.engine.send(Intent::KeepDrafts(drafts));
        }
    }

    /// Goes to where somebody was typing when they were locked out.
    fn give_back(&mut self, drafts: Vec<Draft>) {
        let many = drafts.len();
        let last = self.drafts.take(drafts);
        let words = match many {
            0 => return,
            1 => draft::BACK.to_owned(),
            _ => format!("What you were typing is back, in {many} places."),
        };
        self.toasts.push(Notice { at: self.views.frame.now.clone(), words, ..Notice::default() });
        if let Some(screen) = last.filter(|screen| *screen != self.screen) {
            self.send(Intent::Open(screen));
        }
    }

    fn send(&mut self, intent: Intent) {
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
        let inside = self.views.call.as_ref().is_some_and(|call| call.kind == EventKind::KeepInside);
        if inside && matches!(self.screen, Screen::Call(_)) {
            // Keep inside is dim whatever is set: a bright window can be seen through a door.
            theme = Theme::Dark;
        }
        Look::new(theme, self.settings.touch, self.settings.reduce_motion)
    }

    /// Shows the whole client in `ui`.
    pub fn show(&mut self, ui: &mut Ui) {
        self.poll();
        let ctx = ui.ctx().clone();
        self.watch(&ctx);
        if self.closing {
            ctx.send_viewport_cmd(egui::ViewportCommand::Close);
        }
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
            let at = pos2(whole.left() + left + size::MARGIN, rest.bottom() - 56.0);
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

    fn shortcuts(&mut self, ui: &Ui) -> Vec<Intent> {
        let mut intents = Vec::new();
        for command in Command::ALL {
            let here = match command.reach() {
                Reach::Always => !matches!(self.screen, Screen::Join | Screen::Shut),
                Reach::SignedIn => self.signed_in() && self.screen != Screen::Lock && self.call().is_none(),
                Reach::Register => false,
            };
            if here && command.pressed(ui) {
                intents.extend(self.command(command));
            }
        }
        intents
    }

    /// Does what a command says; what the screens do themselves is handed on to them.
    fn command(&mut self, command: Command) -> Option<Intent> {
        match command {
            Command::GoToday => Some(Intent::Open(Screen::Today)),
            Command::GoRegisters => Some(Intent::Open(Screen::Registers)),
            Command::GoAudit => Some(Intent::Open(Screen::Audit)),
            Command::GoDevices => Some(Intent::Open(Screen::Devices)),
            Command::GoOwn => Some(Intent::Open(Screen::Own)),
            Command::GoPeople => Some(Intent::Open(Screen::People)),
            Command::GoRoles => Some(Intent::Open(Screen::Roles)),
            Command::GoFire => match self.screen {
                Screen::Lock => {
                    self.states.lock.ask();
                    None
                }
                Screen::Fire => None,
                Screen::Call(_) if self.call().is_some() => None,
                _ => Some(Intent::Open(Screen::Fire)),
            },
            Command::Lock => Some(Intent::Lock(LockReason::Asked)),
            Command::Hide => Some(Intent::Lock(LockReason::Hidden)),
            Command::RaiseAccess => Some(Intent::StepUp),
            Command::Undo => Some(self.toasts.undo().map_or(Intent::UndoLast, Intent::Undo)),
            Command::Palette => {
                self.layer = Some(Layer::Palette { typed: String::new(), place: 0 });
                None
            }
            Command::Help => {
                self.layer = Some(Layer::Help);
                None
            }
            Command::Notices => {
                self.layer = Some(Layer::Notices);
                None
            }
            Command::Settings => {
                self.layer = Some(Layer::Settings);
                None
            }
            Command::FindName | Command::MarkRemaining | Command::Finish => None,
        }
    }

    fn screen_ui(&mut self, ui: &mut Ui) -> Vec<Intent> {
        let (views, states) = (&self.views, &mut self.states);
        match self.screen {
            Screen::Lock => {
                let (intents, choice) = lock_ui(ui, &views.frame, &views.lock, &mut states.lock);
                if let Some(choice) = choice {
                    // `Open` resets the screen: the choice is set once it is open.
                    self.go(Screen::Fire);
                    self.states.fire.chosen = choice.0;
                }
                intents
            }
            Screen::Activation(person) => {
                activation_ui(ui, &views.frame, person, &views.activation, &mut states.activation)
            }
            Screen::Join => join_ui(ui, &views.frame, &views.join, &mut states.join),
            Screen::Shut => {
                shut_ui(ui, &views.shut);
                Vec::new()
            }
            Screen::Fire => match &views.fire {
                Some(view) => fire_ui(ui, &views.frame, view, &mut states.fire),
                None => waiting_back_ui(ui, "Opening the list", &views.frame),
            },
            Screen::Call(event) => match views.call.as_ref().filter(|view| view.event == event) {
                Some(view) => call_ui(ui, &views.frame, view, &mut states.call),
                None => waiting_back_ui(ui, "Opening the roll call", &views.frame),
            },
            _ => self.framed_ui(ui),
        }
    }

    fn framed_ui(&mut self, ui: &mut Ui) -> Vec<Intent> {
        let mut intents = Vec::new();
        let narrow = ui.max_rect().width() < size::NARROW || look(ui).touch;
        let mut cut = Cut(ui.max_rect());
        let header = cut.top(frame::header_height(ui, narrow));
        let menu = narrow.then_some(&mut self.menu);
        intents.extend(frame::header_ui(ui, header, &self.views.frame, menu));
        if let Some(words) = &self.views.frame.warning {
            let parts = today::sentence(words);
            let high = chip::warning_height(ui, &parts, cut.width());
            chip::warning(ui, cut.top(high), Status::Check, &parts);
        }
        if !narrow {
            let spot = cut.left(size::NAVIGATION);
            intents.extend(frame::navigation_ui(ui, spot, &self.views.frame, self.screen));
        } else if self.menu {
            intents.extend(layers::menu_ui(ui, &mut self.menu, self.screen));
        }
        let mut content = ui.new_child(UiBuilder::new().id_salt("content").max_rect(cut.rest()));
        let ui = &mut content;
        ui.set_clip_rect(cut.rest().intersect(ui.clip_rect()));
        let (views, states) = (&self.views, &mut self.states);
        intents.extend(
            match self.screen {
                Screen::Today => views.today.as_ref().map(|view| today_ui(ui, view)),
                Screen::Registers => views.registers.as_ref().map(|view| registers_ui(ui, view, &mut states.registers)),
                Screen::Register(key) => {
                    let view = views.register.as_ref().filter(|view| view.key == key);
                    view.map(|view| register_ui(ui, view, &mut states.register))
                }
                Screen::Audit => views.audit.as_ref().map(|view| audit_ui(ui, view, &mut states.audit)),
                Screen::Own => views.own.as_ref().map(|view| own_ui(ui, view, &mut states.own)),
                Screen::Devices => views.devices.as_ref().map(|view| devices_ui(ui, view, &mut states.devices)),
                Screen::People => views.people.as_ref().map(|view| people_ui(ui, view, &mut states.people)),
                Screen::Roles => views.roles.as_ref().map(|view| roles_ui(ui, view, &mut states.roles)),
                _ => None,
            }
            .unwrap_or_else(|| waiting_ui(ui, "Reading the records")),
        );
        intents
    }
}

/// What shows until the engine has answered: a sentence, no spinner.
fn waiting_ui(ui: &mut Ui, words: &str) -> Vec<Intent> {
    let rect = ui.max_rect().shrink(size::MARGIN);
    let words = format!("{words}, a moment");
    let galley = text::line(ui, &words, Type::Body, Weight::Regular, look(ui).tokens.muted, rect.width());
    text::label(ui, rect, galley, Align::Center);
    Vec::new()
}

/// As [`waiting_ui`], on a screen that has no frame around it: with a way back, should no answer come.
fn waiting_back_ui(ui: &mut Ui, words: &str, frame: &FrameView) -> Vec<Intent> {
    let mut intents = waiting_ui(ui, words);
    let back = Button::new("Back").step(Type::Name);
    let rect = ui.max_rect();
    let spot = Rect::from_center_size(rect.center() + vec2(0.0, 64.0), vec2(back.width(ui), size::CONTROL_TOUCH));
    if back.show(ui, spot).clicked() {
        let to = if frame.person.is_some() { Screen::Today } else { Screen::Lock };
        intents.push(Intent::Open(to));
    }
    intents
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

//! The latest views and the small state of each screen: what comes from the engine goes in here, and what is a
//! person's goes out again when a device locks.

use super::App;
use super::step_up::StepUpState;
use crate::draft::{self, Draft};
use crate::engine::Update;
use crate::intent::{Intent, Screen};
use crate::kit::list::ListState;
use crate::kit::toast::Toasts;
use crate::screens::activation::ActivationState;
use crate::screens::add_concern::AddConcernState;
use crate::screens::attendance::AttendanceState;
use crate::screens::audit::AuditState;
use crate::screens::calendar::CalendarState;
use crate::screens::call::CallState;
use crate::screens::concerns::ConcernsState;
use crate::screens::devices::DevicesState;
use crate::screens::drills::DrillsState;
use crate::screens::fire::FireState;
use crate::screens::join::JoinState;
use crate::screens::lock::LockState;
use crate::screens::own::OwnState;
use crate::screens::people::PeopleState;
use crate::screens::pupils::PupilsState;
use crate::screens::pupils::form::FormState;
use crate::screens::reception::ReceptionState;
use crate::screens::register::RegisterState;
use crate::screens::roles::RolesState;
use crate::screens::to_do::ToDoState;
use muster_school::view::attendance::AttendanceView;
use muster_school::view::audit::AuditView;
use muster_school::view::calendar::CalendarView;
use muster_school::view::call::CallView;
use muster_school::view::concern::{AddConcernView, ConcernsView};
use muster_school::view::devices::{DevicesView, JoinView};
use muster_school::view::display::DisplayView;
use muster_school::view::drills::DrillsView;
use muster_school::view::duties::ToDoView;
use muster_school::view::fire::FireView;
use muster_school::view::guide::GuideView;
use muster_school::view::lock::{ActivationView, LockView, OwnView};
use muster_school::view::lost::ShutView;
use muster_school::view::people::PeopleView;
use muster_school::view::pupils::{Form, PupilsView};
use muster_school::view::reception::ReceptionView;
use muster_school::view::register::RegisterView;
use muster_school::view::roles::RolesView;
use muster_school::view::step_up::StepUpView;
use muster_school::view::today::{RegistersView, TodayView};
use muster_school::view::{FrameView, Notice};

/// The latest view of each screen; `None` until the engine has answered.
#[derive(Default)]
pub(super) struct Views {
    pub(super) frame: FrameView,
    pub(super) lock: LockView,
    pub(super) activation: ActivationView,
    pub(super) join: JoinView,
    pub(super) shut: ShutView,
    pub(super) today: Option<TodayView>,
    pub(super) registers: Option<RegistersView>,
    pub(super) register: Option<RegisterView>,
    pub(super) fire: Option<FireView>,
    pub(super) call: Option<Box<CallView>>,
    pub(super) reception: Option<Box<ReceptionView>>,
    pub(super) display: Option<DisplayView>,
    pub(super) drills: Option<Box<DrillsView>>,
    pub(super) add_concern: Option<AddConcernView>,
    pub(super) concerns: Option<ConcernsView>,
    pub(super) audit: Option<AuditView>,
    pub(super) devices: Option<DevicesView>,
    pub(super) step_up: StepUpView,
    pub(super) own: Option<OwnView>,
    pub(super) people: Option<PeopleView>,
    pub(super) pupils: Option<Box<PupilsView>>,
    /// How the register is taken at this site: a part of help.
    pub(super) guide: Option<GuideView>,
    /// A form beside a screen's own.
    pub(super) form: Option<Form>,
    pub(super) roles: Option<RolesView>,
    pub(super) calendar: Option<CalendarView>,
    pub(super) attendance: Option<AttendanceView>,
    pub(super) to_do: Option<ToDoView>,
}

/// The small state of each screen.
#[derive(Default)]
pub(super) struct States {
    pub(super) lock: LockState,
    pub(super) activation: ActivationState,
    pub(super) join: JoinState,
    pub(super) registers: ListState,
    pub(super) register: RegisterState,
    pub(super) fire: FireState,
    pub(super) call: CallState,
    pub(super) reception: ReceptionState,
    pub(super) drills: DrillsState,
    pub(super) add_concern: AddConcernState,
    pub(super) concerns: ConcernsState,
    pub(super) audit: AuditState,
    pub(super) devices: DevicesState,
    pub(super) step_up: StepUpState,
    pub(super) own: OwnState,
    pub(super) people: PeopleState,
    pub(super) pupils: PupilsState,
    pub(super) roles: RolesState,
    pub(super) calendar: CalendarState,
    pub(super) attendance: AttendanceState,
    pub(super) to_do: ToDoState,
    pub(super) form: FormState,
}

impl App {
    pub(super) fn take(&mut self, update: Update) {
        let views = &mut self.views;
        match update {
            Update::Frame(view) => views.frame = view,
            Update::Go(screen) => {
                let left = screen != self.screen && matches!(self.screen, Screen::Call(_));
                if left && self.call().is_none() {
                    // It is not there any more, and must not lead there again.
                    self.drafts.give_up(self.screen);
                }
                self.go(screen);
            }
            Update::Lock(view) => {
                views.lock = view;
                self.states.lock.hear();
            }
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
            Update::Reception(view) => views.reception = Some(view),
            Update::Display(view) => views.display = Some(view),
            Update::Drills(view) => views.drills = Some(view),
            Update::AddConcern(view) => views.add_concern = Some(view),
            Update::Concerns(view) => views.concerns = Some(view),
            Update::Audit(view) => views.audit = Some(view),
            Update::Devices(view) => views.devices = Some(view),
            Update::People(view) => views.people = Some(view),
            Update::Guide(view) => views.guide = Some(view),
            Update::Form(form) => views.form = form,
            Update::Pupils(view) => views.pupils = Some(view),
            Update::Roles(view) => views.roles = Some(view),
            Update::Calendar(view) => views.calendar = Some(view),
            Update::Attendance(view) => views.attendance = Some(view),
            Update::ToDo(view) => views.to_do = Some(view),
            Update::StepUp(view) => views.step_up = view,
            Update::Own(view) => views.own = Some(view),
            Update::Refused { intent, words } => self.refused(*intent, &words),
            Update::Notice(notice) => self.toasts.push(notice),
            Update::Drafts(drafts) => self.give_back(drafts),
            Update::DraftsGone(fields) => self.drafts.let_go(&fields),
        }
    }

    /// Goes to a screen, leaving nothing of a person behind on the lock screen.
    pub(super) fn go(&mut self, screen: Screen) {
        // Views that were on their way when the device locked must not stay either, so this is done each time.
        if self.screen == screen && !matches!(screen, Screen::Lock | Screen::Join | Screen::Shut) {
            return;
        }
        let came = self.screen != screen;
        if came {
            // Passphrases that were being chosen stay nowhere.
            self.states.activation = ActivationState::default();
            self.states.own = OwnState::default();
            // What was read of a concern stays on the screen where it was read.
            self.views.concerns = None;
            self.states.concerns = ConcernsState::default();
        }
        if came {
            // A form stands on the screen where it was asked for.
            self.views.form = None;
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
            Screen::Reception => self.states.reception = ReceptionState::default(),
            Screen::Drills => self.states.drills = DrillsState::default(),
            _ => {}
        }
    }

    /// Keeps only what a locked device shows.
    pub(super) fn forget_views(&mut self) {
        let kept = std::mem::take(&mut self.views);
        self.views = Views { frame: kept.frame, lock: kept.lock, join: kept.join, shut: kept.shut, ..Views::default() };
        self.views.frame.person = None;
        self.views.frame.raised = None;
    }

    /// Keeps a roll call, and nothing else of whoever was signed in.
    pub(super) fn forget_person(&mut self) {
        let (call, state) = (self.views.call.take(), std::mem::take(&mut self.states.call));
        self.forget_views();
        self.views.call = call;
        self.states = States { call: state, ..States::default() };
        self.toasts = Toasts::default();
        self.drafts.clear();
        self.forget = true;
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
        // Whoever came to add a concern is not led away from it.
        let stay = self.screen == Screen::AddConcern;
        if let Some(screen) = last.filter(|screen| !stay && *screen != self.screen) {
            self.send(Intent::Open(screen));
        }
    }
}

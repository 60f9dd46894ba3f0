//! What the client asks of the rest of the program, and what it hears back.
//!
//! The program implements [`Engine`] with channels to its worker. Neither call may wait: a frame is never blocked.

use crate::draft::Draft;
use crate::intent::{Intent, Screen};
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
use muster_school::view::{FrameView, Notice, RegisterKey, SubjectId};
use std::collections::VecDeque;

/// Something new to show. A view replaces the one before it whole.
#[derive(Clone, Debug, PartialEq)]
pub enum Update {
    /// Header and counts.
    Frame(FrameView),
    /// Go to this screen: after a sign-in, a lock, a start of a roll call.
    Go(Screen),
    /// Sign-in.
    Lock(LockView),
    /// First sign-in.
    Activation(ActivationView),
    /// One's own sign-in.
    Own(OwnView),
    /// A device in no school.
    Join(JoinView),
    /// Today.
    Today(TodayView),
    /// The list of registers.
    Registers(RegistersView),
    /// One register.
    Register(RegisterView),
    /// A mark was not accepted: keep the focus there and say why in the row.
    MarkRefused {
        /// In which register.
        register: RegisterKey,
        /// Whose.
        pupil: SubjectId,
        /// What was typed.
        code: String,
        /// Why, and what to do.
        words: String,
    },
    /// The fire register.
    Fire(FireView),
    /// A roll call.
    Call(Box<CallView>),
    /// Who comes and goes.
    Reception(Box<ReceptionView>),
    /// Counts for a wall.
    Display(DisplayView),
    /// Roll calls that were.
    Drills(Box<DrillsView>),
    /// Adding a concern.
    AddConcern(AddConcernView),
    /// The concerns that may be read.
    Concerns(ConcernsView),
    /// The audit.
    Audit(AuditView),
    /// Devices and sync.
    Devices(DevicesView),
    /// This device was held back or taken out.
    Shut(ShutView),
    /// What is asked for a code.
    StepUp(StepUpView),
    /// Staff and their accounts.
    People(PeopleView),
    /// How the register is taken at this site.
    Guide(GuideView),
    /// The form that is open on a screen that has others beside its own; `None`: none is.
    Form(Option<Form>),
    /// Pupils.
    Pupils(Box<PupilsView>),
    /// Who can read and write what.
    Roles(RolesView),
    /// The school's calendar.
    Calendar(CalendarView),
    /// Attendance in figures.
    Attendance(AttendanceView),
    /// What is owed.
    ToDo(ToDoView),
    /// Something that somebody typed was not accepted. A notice says so, too.
    Refused {
        /// What was asked.
        intent: Box<Intent>,
        /// Why, and what to do.
        words: String,
    },
    /// Something happened.
    Notice(Notice),
    /// What whoever has just signed in had typed and not saved. After the screen that a sign-in leads to.
    Drafts(Vec<Draft>),
    /// Fields whose text is kept no longer: they are about a pupil whose file was erased.
    DraftsGone(Vec<String>),
}

/// The rest of the program, seen from the client.
pub trait Engine {
    /// Hands over what a user asked. Must return at once.
    fn send(&mut self, intent: Intent);

    /// Takes what is new, in order. Must return at once, with nothing if there is nothing.
    fn poll(&mut self) -> Vec<Update>;

    /// Is given a way to wake the client when there is something to poll. Called once, before the first frame.
    fn wake_with(&mut self, _wake: Box<dyn Fn() + Send + Sync>) {}
}

/// An engine that answers from a list and remembers what it was asked: for tests and pictures.
#[derive(Debug, Default)]
pub struct ScriptedEngine {
    /// What was asked, in order.
    pub asked: std::sync::Arc<std::sync::Mutex<Vec<Intent>>>,
    /// What it answers, and whoever keeps a clone may add to.
    pub updates: std::sync::Arc<std::sync::Mutex<VecDeque<Update>>>,
}

impl ScriptedEngine {
    /// Answers with these, once.
    pub fn new(updates: impl IntoIterator<Item = Update>) -> Self {
        Self {
            asked: Default::default(),
            updates: std::sync::Arc::new(std::sync::Mutex::new(updates.into_iter().collect())),
        }
    }
}

impl Engine for ScriptedEngine {
    fn send(&mut self, intent: Intent) {
        if let Ok(mut asked) = self.asked.lock() {
            asked.push(intent);
        }
    }

    fn poll(&mut self) -> Vec<Update> {
        self.updates.lock().map(|mut updates| updates.drain(..).collect()).unwrap_or_default()
    }
}

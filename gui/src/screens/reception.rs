//! The reception: who comes and goes. With nobody signed in it is a form and nothing to browse; signed in it finds
//! people, lets pupils go with whoever may collect them, and keeps movements and trips.

mod comer;
mod desk;
mod go;
mod kiosk;
mod lists;
mod pupil;

use super::folder::{Asks, folder_ui};
use crate::draft::form;
use crate::intent::Intent;
use crate::kit::list::ListState;
use egui::Ui;
use muster_school::view::reception::{Comer, Leaving, ReceptionAct, ReceptionView, TripId};
use muster_school::view::{FrameView, SubjectId};

/// Which list shows beside, or in place of, what was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Tab {
    /// What was typed, and who was found: where there is no room for it beside the others.
    Find,
    /// Who is here by a sign-in.
    #[default]
    Here,
    /// Between sites.
    Moved,
    /// Off site.
    Trips,
    /// Lines of the kiosk that are nobody's yet.
    Match,
}

/// What is on top.
#[derive(Clone, Debug, PartialEq)]
enum Top {
    /// Somebody signs in.
    Arrive(Box<Comer>),
    /// One of those who are here.
    Here(SubjectId),
    /// A trip.
    Trip(TripId),
    /// A line of the kiosk.
    Line(SubjectId),
    /// People set out for another site.
    Move(go::MoveForm),
    /// A trip sets out.
    TripOut(go::TripForm),
    /// A pupil was not let go: why, and whether they are all the same.
    Despite(Box<Leaving>, String),
}

impl form::Form for Top {
    fn which(&self) -> String {
        match self {
            Self::Arrive(_) => ARRIVE.to_owned(),
            Self::Move(_) => MOVE.to_owned(),
            Self::TripOut(_) => TRIP.to_owned(),
            _ => String::new(),
        }
    }

    fn parts(&mut self, each: &mut dyn FnMut(&str, &mut dyn form::Part)) {
        match self {
            Self::Arrive(comer) => comer::parts(comer, each),
            Self::Move(form) => form::Form::parts(form, each),
            Self::TripOut(form) => form::Form::parts(form, each),
            _ => {}
        }
    }
}

/// Forms on top, as drafts know them.
const ARRIVE: &str = "arrive";
const MOVE: &str = "move";
const TRIP: &str = "trip out";

impl Top {
    /// A form as it opens.
    fn opens(which: &str, view: &ReceptionView) -> Option<Self> {
        match which {
            ARRIVE => Some(Self::Arrive(Box::new(comer::opens(view)))),
            MOVE => Some(Self::Move(go::MoveForm::opens(view))),
            TRIP => Some(Self::TripOut(go::TripForm::default())),
            _ => None,
        }
    }
}

/// What the screen keeps between frames.
#[derive(Clone, Debug, Default)]
pub struct ReceptionState {
    typed: Option<String>,
    tab: Tab,
    found: ListState,
    list: ListState,
    top: Option<Top>,
    pupil: pupil::PupilState,
    kiosk: kiosk::KioskState,
    /// Whose badge is to be printed, and the folder as typed.
    badge: Option<(SubjectId, String)>,
    /// What was said and read: it shows no more, until something else was said.
    seen: Option<String>,
}

impl ReceptionState {
    /// Something was not accepted: it stands there again, with the words why.
    pub fn give_again(&mut self, view: &ReceptionView, act: ReceptionAct, words: &str) {
        if view.kiosk {
            return;
        }
        match act {
            ReceptionAct::Collect(leaving) => self.top = Some(Top::Despite(leaving, words.to_owned())),
            ReceptionAct::Arrive(comer) => {
                self.top.get_or_insert(Top::Arrive(comer));
            }
            _ => {}
        }
    }

    /// What was said last, until it was read.
    fn said<'v>(&mut self, view: &'v ReceptionView) -> Option<&'v str> {
        if view.said.is_none() {
            self.seen = None;
        }
        view.said.as_deref().filter(|said| self.seen.as_deref() != Some(*said))
    }

    /// It was read.
    fn see(&mut self, view: &ReceptionView) -> Intent {
        self.seen.clone_from(&view.said);
        Intent::Reception(ReceptionAct::Seen)
    }
}

/// Shows the reception in the whole of `ui`: the form alone wherever nobody is signed in, whatever the view holds.
pub fn reception_ui(ui: &mut Ui, frame: &FrameView, view: &ReceptionView, state: &mut ReceptionState) -> Vec<Intent> {
    if view.kiosk || frame.person.is_none() {
        return kiosk::kiosk_ui(ui, frame, view, state);
    }
    let mut intents = desk::desk_ui(ui, view, state);
    intents.extend(top_ui(ui, view, state));
    if let Some((person, folder)) = state.badge.take() {
        let (mut name, mut about) = (String::from("The badge"), String::new());
        if let Some(row) = view.here.iter().find(|row| row.person == person) {
            name = format!("Badge of {}", row.name);
        }
        if let Some(badge) = view.badge.as_ref().filter(|badge| badge.person == person) {
            name = format!("Badge of {}", badge.name);
            about = format!("{}. {}. {}. ", badge.kind, badge.about, badge.when);
        }
        let words = format!("{about}A page to print. It is not encrypted.");
        let asks = Asks { title: &name, words: &words, button: "Print into this folder" };
        let mut folder = Some(folder);
        if let Some(folder) = folder_ui(ui, "badge", &asks, &mut folder) {
            intents.push(Intent::Reception(ReceptionAct::PrintBadge { person, folder }));
        }
        state.badge = folder.map(|folder| (person, folder));
    }
    intents
}

fn top_ui(ui: &mut Ui, view: &ReceptionView, state: &mut ReceptionState) -> Vec<Intent> {
    let back = form::keep(ui, "top", &mut state.top, |which| Top::opens(which, view));
    let Some(top) = state.top.take() else { return Vec::new() };
    let act = match top {
        Top::Arrive(comer) => comer::arrive_ui(ui, view, state, comer, back),
        Top::Here(person) => lists::here_ui(ui, view, state, person),
        Top::Trip(trip) => lists::trip_ui(ui, view, state, trip),
        Top::Line(line) => lists::line_ui(ui, view, state, line),
        Top::Move(form) => go::move_ui(ui, view, state, form, back),
        Top::TripOut(form) => go::trip_out_ui(ui, view, state, form, back),
        Top::Despite(leaving, words) => pupil::despite_ui(ui, state, leaving, words),
    };
    act.map(Intent::Reception).into_iter().collect()
}

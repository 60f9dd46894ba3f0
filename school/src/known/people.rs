//! Pupils and their care, decoded.

use super::Newest;
use crate::calendar::{Day, Session};
use crate::codes::Code;
use crate::facts;
use crate::facts::admission::{Deleted, Entry, LastSchool, NextSchool, Placement};
use crate::facts::called::Called;
use crate::facts::care::{CareFact, Evacuation, FireNote, Medical};
use crate::facts::collected::Collected;
use crate::facts::pupil::{Identity, MovedSite, OnRoll, Placing, Plan, PupilFact, Timetable};
use crate::ids::{GroupId, PupilId};
use crate::names;
use muster_core::document::fact::{FactRef, Facts, Origin};
use muster_core::id::PlaceId;
use muster_core::time::Moment;
use std::collections::BTreeMap;

/// A pupil.
#[derive(Debug)]
pub struct Pupil {
    /// Who.
    pub id: PupilId,
    /// At which site their document is.
    pub site: PlaceId,
    /// Names and numbers.
    pub identity: Identity,
    /// Time on roll.
    pub on_roll: OnRoll,
    /// Groups, earliest first.
    pub placings: Vec<Placing>,
    /// Notes beside marks, the earliest first; those that were replaced too.
    pub notes: BTreeMap<Session, Vec<Noted>>,
    /// Plans, each with its name.
    pub plans: Vec<Plan>,
    /// Agreed timetables.
    pub timetables: Vec<Timetable>,
    /// Written down provisionally, and what was said of them.
    pub provisional: Option<String>,
    /// The pupil whom a provisional one was matched with.
    pub matched: Option<PupilId>,
    /// What the admission register holds beside names and dates; `None` until it is entered.
    pub entry: Option<Entry>,
    /// The school before; `None` until it is entered.
    pub last_school: Option<LastSchool>,
    /// The authority that placed them; `None` until it is entered.
    pub placement: Option<Placement>,
    /// The school after, once notified.
    pub next_school: Option<NextSchool>,
    /// The name is deleted from the admission register.
    pub deleted: Option<Deleted>,
    /// Where the pupil went from this site, as far as this document says: only those see it who read nothing of the
    /// new site.
    pub moved_to: Option<PlaceId>,
    /// When the document was begun by a move, the newest one.
    pub(crate) arrived: Option<(Moment, FactRef)>,
    /// Calls about absences, in no order.
    pub calls: Vec<Called>,
    /// When they left early, and with whom, in no order.
    pub collections: Vec<Collected>,
    /// Surname and forename, folded: the order of lists.
    pub sort: (String, String),
    /// Every name, folded: what search looks in.
    pub folded: String,
    names: BTreeMap<About, Vec<FactRef>>,
    /// Parts of the entry of which people apart said different things, with what shows.
    torn: BTreeMap<About, PupilFact>,
}

/// What a fact of a pupil is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum About {
    /// Names and numbers.
    Identity,
    /// Time on roll.
    OnRoll,
    /// Group from a day.
    Placing(Day),
    /// A note.
    Note(Session),
    /// A plan, by first day and half.
    Plan(Day, Option<crate::calendar::Half>),
    /// A timetable, by first day.
    Timetable(Day),
    /// Provisional, and what was said.
    Provisional,
    /// Matched.
    Matched,
    /// What the admission register holds beside names and dates.
    Entry,
    /// The school before.
    LastSchool,
    /// The placing authority.
    Placement,
    /// The school after.
    NextSchool,
    /// Deletion, or its undoing.
    Deletion,
}

impl About {
    /// Whether it is a part of the admission register that an amendment can settle.
    fn is_of_entry(&self) -> bool {
        use About::{Entry, Identity, LastSchool, NextSchool, OnRoll, Placement, Placing};
        matches!(self, Identity | OnRoll | Placing(_) | Entry | LastSchool | Placement | NextSchool)
    }

    /// What it is called in a sentence, where it is a part of the admission register.
    pub fn words(&self) -> &'static str {
        match self {
            Self::Identity => "names and numbers",
            Self::OnRoll => "starting or last day",
            Self::Placing(_) => "class",
            Self::Entry => "boarder or day, other names",
            Self::LastSchool => "last school",
            Self::Placement => "placing authority",
            Self::NextSchool => "next school",
            _ => "something else",
        }
    }
}

/// A note beside a mark.
#[derive(Clone, Debug, PartialEq)]
pub struct Noted {
    /// Its name.
    pub name: FactRef,
    /// The words.
    pub text: String,
    /// Who and when.
    pub origin: Origin,
    /// Nothing replaces it.
    pub stands: bool,
}

/// A code that is filled in for a session until somebody confirms it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Planned<'a> {
    /// The code.
    pub code: Code,
    /// Why, in a few words.
    pub note: &'a str,
}

impl Pupil {
    pub(super) fn from_facts(id: PupilId, site: PlaceId, held: &Facts) -> Self {
        let mut newest = Newest::new();
        let mut calls = Vec::new();
        let mut collections = Vec::new();
        let mut gone: Option<(Moment, FactRef, MovedSite)> = None;
        let mut arrived = None;
        for read in facts::current::<PupilFact>(held) {
            if let PupilFact::Collected(one) = read.value {
                collections.push(one);
                continue;
            }
            if let PupilFact::Called(call) = read.value {
                calls.push(call);
                continue;
            }
            if let PupilFact::MovedSite(moved) = read.value {
                let at = (read.held.origin.at, read.held.name);
                if moved.to == site {
                    arrived = arrived.max(Some(at));
                } else if gone.as_ref().is_none_or(|(when, name, _)| (*when, *name) < at) {
                    gone = Some((at.0, at.1, moved));
                }
                continue;
            }
            let about = match &read.value {
                PupilFact::Identity(_) => About::Identity,
                PupilFact::OnRoll(_) => About::OnRoll,
                PupilFact::Placing(placing) => About::Placing(placing.from),
                PupilFact::Note(note) => About::Note(Session { day: note.day, half: note.half }),
                PupilFact::Plan(plan) => About::Plan(plan.first, plan.half),
                PupilFact::Timetable(table) => About::Timetable(table.first),
                PupilFact::Provisional(_) => About::Provisional,
                PupilFact::Matched(_) => About::Matched,
                PupilFact::Entry(_) => About::Entry,
                PupilFact::LastSchool(_) => About::LastSchool,
                PupilFact::Placement(_) => About::Placement,
                PupilFact::NextSchool(_) => About::NextSchool,
                PupilFact::Deleted(_) | PupilFact::Restored(_) => About::Deletion,
                // It says why something else changed, and is read with the history.
                PupilFact::Amended(_)
                | PupilFact::MovedSite(_)
                | PupilFact::Called(_)
                | PupilFact::Collected(_)
                | PupilFact::Unknown { .. } => {
                    continue;
                }
            };
            newest.add(held, read.held.name, about, read.value);
        }
        let mut torn = newest.torn();
        torn.retain(|about, _| about.is_of_entry());
        let (values, names) = newest.into_parts();
        let notes = notes(held, &names);
        let mut pupil = Self {
            id,
            site,
            identity: Identity {
                admission_no: String::new(),
                upn: String::new(),
                surname: String::new(),
                forename: String::new(),
                preferred: String::new(),
                sex: String::new(),
                born: None,
            },
            on_roll: OnRoll { starting: None, last: None },
            placings: Vec::new(),
            notes,
            plans: Vec::new(),
            timetables: Vec::new(),
            provisional: None,
            matched: None,
            entry: None,
            last_school: None,
            placement: None,
            next_school: None,
            deleted: None,
            moved_to: None,
            arrived,
            calls,
            collections,
            sort: (String::new(), String::new()),
            folded: String::new(),
            names,
            torn,
        };
        for value in values.into_values() {
            match value {
                PupilFact::Identity(identity) => pupil.identity = identity,
                PupilFact::OnRoll(on_roll) => pupil.on_roll = on_roll,
                PupilFact::Placing(placing) => pupil.placings.push(placing),
                PupilFact::Plan(plan) => pupil.plans.push(plan),
                PupilFact::Timetable(table) => pupil.timetables.push(table),
                PupilFact::Provisional(one) => pupil.provisional = Some(one.words),
                PupilFact::Matched(one) => pupil.matched = one.to,
                PupilFact::Entry(entry) => pupil.entry = Some(entry),
                PupilFact::LastSchool(school) => pupil.last_school = Some(school),
                PupilFact::Placement(placement) => pupil.placement = Some(placement),
                PupilFact::NextSchool(school) => pupil.next_school = Some(school),
                PupilFact::Deleted(deleted) => pupil.deleted = Some(deleted),
                PupilFact::Note(_)
                | PupilFact::Restored(_)
                | PupilFact::Amended(_)
                | PupilFact::MovedSite(_)
                | PupilFact::Called(_)
                | PupilFact::Collected(_)
                | PupilFact::Unknown { .. } => {}
            }
        }
        // Two people apart may have set the end of a name's time, and changed something else of it: it stays over.
        if let Some(deleted) = &pupil.deleted {
            pupil.on_roll.last = Some(pupil.on_roll.last.map_or(deleted.day, |last| last.min(deleted.day)));
        }
        if let Some((.., moved)) = gone {
            let before = moved.day.plus(-1);
            pupil.on_roll.last = Some(pupil.on_roll.last.map_or(before, |last| last.min(before)));
            pupil.moved_to = Some(moved.to);
        }
        pupil.placings.sort_by_key(|placing| placing.from);
        let identity = &pupil.identity;
        pupil.sort = names::sort_key(&identity.surname, &identity.preferred);
        pupil.folded = names::fold(&format!("{} {} {}", identity.preferred, identity.surname, identity.forename));
        pupil
    }

    /// Parts of the entry of which people apart said different things and nobody has since chosen, with what shows.
    pub fn torn(&self) -> &BTreeMap<About, PupilFact> {
        &self.torn
    }

    /// The facts that a new one about the same thing replaces.
    pub fn replaced_by(&self, about: About) -> Vec<FactRef> {
        let mut names = self.names.get(&about).cloned().unwrap_or_default();
        names.truncate(muster_core::limits::SUPERSEDED_PER_FACT);
        names
    }

    /// The group on a day. Before the first placing it is the first: exports give only today's group.
    pub fn group_on(&self, day: Day) -> Option<GroupId> {
        self.placing_on(day).and_then(|placing| placing.group)
    }

    /// The placing that holds on a day; before the first it is the first.
    pub fn placing_on(&self, day: Day) -> Option<&Placing> {
        self.placings.iter().rfind(|placing| placing.from <= day).or_else(|| self.placings.first())
    }

    /// Whether the pupil came to this site from another.
    pub fn has_moved(&self) -> bool {
        self.arrived.is_some()
    }

    /// The year group on a day.
    pub fn year_on(&self, day: Day) -> &str {
        self.placing_on(day).map_or("", |placing| &placing.year)
    }

    /// Whether the pupil is on roll on a day, or written down provisionally since then and not matched yet.
    pub fn is_on_roll(&self, day: Day) -> bool {
        self.matched.is_none()
            && self.on_roll.starting.is_none_or(|starting| starting <= day)
            && self.on_roll.last.is_none_or(|last| day <= last)
    }

    /// What is planned for a session: a plan of days, the latest begun first, or else an agreed timetable.
    pub fn plan(&self, session: Session) -> Option<Planned<'_>> {
        let plan = self.plans.iter().filter(|plan| plan.covers(session)).max_by_key(|plan| plan.first);
        let plan = plan.and_then(|plan| Some(Planned { code: plan.code?, note: &plan.note }));
        plan.or_else(|| self.timetable(session))
    }

    /// What an agreed timetable fills in for a session.
    pub fn timetable(&self, session: Session) -> Option<Planned<'_>> {
        let table = self.timetables.iter().filter(|table| table.covers(session)).max_by_key(|table| table.first)?;
        Some(Planned { code: table.code?, note: &table.note })
    }

    /// What is noted beside the mark of a session: every note that stands, the earliest first. Empty for none.
    pub fn noted(&self, session: Session) -> String {
        let notes = self.notes.get(&session).into_iter().flatten().filter(|note| note.stands);
        notes.map(|note| note.text.as_str()).collect::<Vec<_>>().join("; ")
    }

    /// `Byrne, Ada`.
    pub fn listed(&self) -> String {
        format!("{}, {}", self.identity.surname, self.identity.preferred)
    }

    /// `Ada Byrne`.
    pub fn spoken(&self) -> String {
        format!("{} {}", self.identity.preferred, self.identity.surname)
    }
}

fn notes(held: &Facts, standing: &BTreeMap<About, Vec<FactRef>>) -> BTreeMap<Session, Vec<Noted>> {
    let mut found: BTreeMap<Session, Vec<Noted>> = BTreeMap::new();
    if !standing.keys().any(|about| matches!(about, About::Note(_))) {
        return found;
    }
    for read in facts::all::<PupilFact>(held) {
        let PupilFact::Note(note) = read.value else { continue };
        let (session, name) = (Session { day: note.day, half: note.half }, read.held.name);
        let stands = standing.get(&About::Note(session)).is_some_and(|names| names.contains(&name));
        found.entry(session).or_default().push(Noted { name, text: note.text, origin: *read.held.origin, stands });
    }
    for notes in found.values_mut() {
        notes.sort_by_key(|note| (note.origin.at, note.name));
    }
    found
}

/// A pupil's care.
#[derive(Debug)]
pub struct Care {
    /// Whose.
    pub pupil: PupilId,
    /// Conditions.
    pub medical: Vec<Medical>,
    /// The evacuation plan.
    pub evacuation: Option<Evacuation>,
    /// What a new evacuation plan replaces.
    pub evacuation_names: Vec<FactRef>,
    /// What to know when leaving the building.
    pub fire_note: Option<FireNote>,
    /// What a new one replaces.
    pub fire_note_names: Vec<FactRef>,
}

impl Care {
    pub(super) fn from_facts(pupil: PupilId, held: &Facts) -> Self {
        let mut medical = Vec::new();
        let (mut newest, mut notes) = (Newest::new(), Newest::new());
        for read in facts::current::<CareFact>(held) {
            match read.value {
                CareFact::Medical(one) => medical.push(one),
                CareFact::Evacuation(plan) => newest.add(held, read.held.name, (), plan),
                CareFact::FireNote(note) => notes.add(held, read.held.name, (), note),
                CareFact::Unknown { .. } => {}
            }
        }
        let (mut plans, mut names) = newest.into_parts();
        let (mut noted, mut noted_names) = notes.into_parts();
        Self {
            pupil,
            medical,
            evacuation: plans.remove(&()),
            evacuation_names: names.remove(&()).unwrap_or_default(),
            fire_note: noted.remove(&()),
            fire_note_names: noted_names.remove(&()).unwrap_or_default(),
        }
    }

    /// What whoever leads them out must know, a short line each: never on a device with nobody signed in.
    pub fn lines(&self) -> Vec<String> {
        let medical = self.medical.iter().map(|one| match one.action.is_empty() {
            true => one.condition.clone(),
            false => format!("{}: {}", one.condition, one.action),
        });
        let short = |line: String| line.replace('\n', " ").chars().take(crate::limits::NAME_CHARS).collect();
        medical.chain(self.fire_lines()).map(short).collect()
    }

    /// Who is with them one to one, and whether they may hide or run away.
    pub fn fire_lines(&self) -> Vec<String> {
        let Some(note) = &self.fire_note else { return Vec::new() };
        let one_to_one = (!note.one_to_one.is_empty()).then(|| format!("One-to-one: {}", note.one_to_one));
        let hides = note.may_hide.then(|| "May hide from the alarm".to_owned());
        let runs = note.may_abscond.then(|| "May run away".to_owned());
        [one_to_one, hides, runs].into_iter().flatten().collect()
    }

    /// What a fire list says: whether help is needed, and the short instruction.
    pub fn help(&self) -> Vec<String> {
        let Some(plan) = self.evacuation.as_ref().filter(|plan| plan.needs_help) else { return Vec::new() };
        let line = if plan.instruction.is_empty() { "Needs help to leave" } else { &plan.instruction };
        vec![line.chars().take(crate::limits::NAME_CHARS).collect()]
    }
}

//! One act after the other, in words: what each fact says. `telling` gathers an act's facts into sentences.

mod continuity;
mod event;
mod pupil;
mod school;
mod telling;

use super::site;
use crate::calendar::{Session, clock, local};
use crate::facts::access::{AccessFact, Event, OutOfHours, Refusal};
use crate::facts::register::RegisterFact;
use crate::facts::roll::{RollFact, Sign, Way};
use crate::facts::roll_call::{CallFact, Statement};
use crate::facts::visits::VisitFact;
use crate::facts::{Value, care, case, documents, family, learning, person, published};
use crate::ids::{GroupId, PupilId, StrangerId, VisitId, Who};
use crate::known::Known;
use crate::register::current::WeekMarks;
use crate::view::Span;
use muster_core::document::fact::{FactRef, Facts, Held, Origin};
use muster_core::id::{DocumentId, EntryHash, PlaceId};
use muster_core::time::Moment;
use std::collections::{BTreeMap, BTreeSet};

/// More notes than this in one act are told together.
const NOTES: usize = 3;

/// A fact of a kind or version that is not known here.
const NEWER: Words =
    ("wrote something that a newer version understands", "wrote # things that a newer version understands");

/// A sentence in the making.
#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    pub(super) what: Vec<Span>,
    pub(super) about: String,
    pub(super) attention: Option<Vec<Span>>,
    pub(super) register: Option<(GroupId, Session)>,
}

/// Something an act did, before marks are gathered.
struct Mark {
    entry: EntryHash,
    origin: Origin,
    pupil: PupilId,
    group: GroupId,
    session: Session,
    fact: RegisterFact,
    before: Option<RegisterFact>,
    disagrees: bool,
}

/// What is said of one, and of many: `#` stands for how many.
type Words = (&'static str, &'static str);

/// What one act did.
#[derive(Default)]
pub(super) struct Draft {
    marks: Vec<Mark>,
    imported: BTreeMap<PlaceId, (EntryHash, Origin, usize)>,
    counted: BTreeMap<Words, (EntryHash, Origin, usize, Vec<String>)>,
    notes: Vec<(EntryHash, Origin, Line)>,
    /// Whose register it was that somebody took, by the entry that says so.
    covers: BTreeMap<EntryHash, String>,
    lines: Vec<(EntryHash, Origin, Line)>,
    /// A move to another site: all else that the act wrote is what stood, written anew.
    moved: Option<(EntryHash, Origin, Line)>,
}

/// Knows the names.
pub(super) struct Teller<'a> {
    known: &'a Known,
    visitors: BTreeMap<VisitId, String>,
    strangers: BTreeMap<StrangerId, String>,
    listed: BTreeMap<Who, String>,
    conflicts: BTreeMap<DocumentId, BTreeSet<FactRef>>,
}

impl<'a> Teller<'a> {
    pub(super) fn new(known: &'a Known) -> Self {
        Self {
            known,
            visitors: BTreeMap::new(),
            strangers: BTreeMap::new(),
            listed: BTreeMap::new(),
            conflicts: BTreeMap::new(),
        }
    }

    fn pupil(&self, id: PupilId) -> String {
        self.known.pupil(id).map_or_else(|| "a pupil".to_owned(), |pupil| pupil.spoken())
    }

    fn who(&self, who: Who) -> String {
        match who {
            Who::Pupil(id) if self.known.pupil(id).is_some() => self.pupil(id),
            Who::Staff(id) if self.known.school().staff.contains_key(&id) => self.known.staff_name(id),
            Who::Visitor(id) if self.visitors.contains_key(&id) => {
                format!("visitor {}", self.visitors.get(&id).map_or("", String::as_str))
            }
            Who::Stranger(id) => self.strangers.get(&id).cloned().unwrap_or_else(|| "somebody".to_owned()),
            _ => self.listed.get(&who).cloned().unwrap_or_else(|| "somebody".to_owned()),
        }
    }

    /// Takes one fact into its act's draft.
    pub(super) fn read(&mut self, draft: &mut Draft, document: &DocumentId, facts: &Facts, held: Held<'_>) {
        let (kind, value) = (held.fact.kind, held.fact.value.as_slice());
        let told = match document.kind {
            documents::REGISTER => self.read_register(draft, document, facts, held),
            documents::SCHOOL => self.read_school(draft, held),
            documents::ROLL => self.read_roll(draft, document, held),
            documents::VISITS => self.read_visit(draft, document, held),
            documents::ROLL_CALL => self.read_call(draft, document, held),
            documents::TRIPS => self.read_trip(draft, document, held),
            documents::PUPIL => self.read_pupil(draft, document, held),
            documents::CASE => self.read_case(draft, held),
            documents::ACCESS => self.read_access(draft, document, held),
            documents::CONTINUITY => self.read_continuity(draft, held),
            documents::RESTORE_REQUEST => self.read_request(draft, held),
            documents::CARE => care::CareFact::decode(kind, value).ok().and_then(|fact| match fact {
                care::CareFact::Unknown { .. } => None,
                _ => self.about_pupil(
                    draft,
                    document,
                    held,
                    ("wrote down the care of", "wrote down the care of # pupils"),
                ),
            }),
            documents::FAMILY => family::FamilyFact::decode(kind, value).ok().and_then(|fact| match fact {
                family::FamilyFact::Unknown { .. } => None,
                _ => self.about_pupil(
                    draft,
                    document,
                    held,
                    ("wrote down contacts or address of", "wrote down contacts or addresses of # pupils"),
                ),
            }),
            documents::LEARNING => learning::LearningFact::decode(kind, value).ok().and_then(|fact| match fact {
                learning::LearningFact::Unknown { .. } => None,
                _ => self.about_pupil(
                    draft,
                    document,
                    held,
                    ("wrote down the needs of", "wrote down the needs of # pupils"),
                ),
            }),
            documents::FIGURES => published::FiguresFact::decode(kind, value).ok().and_then(|fact| match fact {
                published::FiguresFact::Unknown { .. } => None,
                published::FiguresFact::Published(_) => {
                    self.tally(
                        draft,
                        held,
                        ("published a week’s attendance figures", "published a week’s attendance figures"),
                        String::new(),
                    );
                    Some(())
                }
            }),
            documents::PERSON => person::PersonFact::decode(kind, value).ok().and_then(|fact| match fact {
                person::PersonFact::Unknown { .. } => None,
                // The directory's fact of the same act tells it.
                person::PersonFact::Post(_) => Some(()),
            }),
            _ => None,
        };
        if told.is_none() {
            self.tally(draft, held, NEWER, String::new());
        }
    }

    fn tally(&self, draft: &mut Draft, held: Held<'_>, what: Words, name: String) {
        let entry = draft.counted.entry(what).or_insert_with(|| (held.name.entry, *held.origin, 0, Vec::new()));
        if name.is_empty() || !entry.3.contains(&name) {
            entry.2 += 1;
            entry.3.push(name);
        }
    }

    /// One sentence for a pupil, or for as many as one act was about.
    fn about_pupil(&self, draft: &mut Draft, document: &DocumentId, held: Held<'_>, what: Words) -> Option<()> {
        let id = PupilId::from_slice(&document.key)?;
        self.tally(draft, held, what, format!("{}\u{1f}{id}", self.pupil(id)));
        Some(())
    }

    fn say(&self, draft: &mut Draft, held: Held<'_>, what: Vec<Span>, about: &str) {
        let line = Line { what, about: crate::names::fold(about), attention: None, register: None };
        draft.lines.push((held.name.entry, *held.origin, line));
    }

    fn read_register(&mut self, draft: &mut Draft, document: &DocumentId, facts: &Facts, held: Held<'_>) -> Option<()> {
        let fact = RegisterFact::decode(held.fact.kind, &held.fact.value).ok()?;
        let (group, _) = documents::register_key(document)?;
        match &fact {
            RegisterFact::Unknown { .. } => return None,
            RegisterFact::Imported(_) => {
                let place = document.section.compartment.place;
                draft.imported.entry(place).or_insert((held.name.entry, *held.origin, 0)).2 += 1;
                return Some(());
            }
            RegisterFact::Finished(end) => {
                let session = documents::register_session(document, end.session)?;
                let name = self.group(group);
                let what = vec![Span::plain(format!("finished the register of {name}, {}", session.long()))];
                let line = Line { what, register: Some((group, session)), ..Line::default() };
                draft.lines.push((held.name.entry, *held.origin, line));
                return Some(());
            }
            RegisterFact::Covered(cover) => {
                draft.covers.insert(held.name.entry, self.known.staff_name(cover.instead_of));
                return Some(());
            }
            _ => {}
        }
        let (pupil, place) = fact.about()?;
        let session = documents::register_session(document, place)?;
        let before = held
            .fact
            .supersedes
            .iter()
            .find_map(|name| RegisterFact::decode(facts.get(name)?.fact.kind, &facts.get(name)?.fact.value).ok());
        let torn = self.conflicts.entry(document.clone()).or_insert_with(|| torn(document, facts));
        let disagrees = torn.contains(&held.name);
        let (entry, origin) = (held.name.entry, *held.origin);
        draft.marks.push(Mark { entry, origin, pupil, group, session, fact, before, disagrees });
        Some(())
    }

    fn group(&self, group: GroupId) -> String {
        self.known.school().groups.get(&group).map_or_else(|| "a group".to_owned(), |group| group.name.clone())
    }

    fn read_roll(&mut self, draft: &mut Draft, document: &DocumentId, held: Held<'_>) -> Option<()> {
        match RollFact::decode(held.fact.kind, &held.fact.value).ok()? {
            RollFact::Place(_) => {}
            RollFact::Expected(list) => {
                for person in &list.people {
                    self.listed.insert(person.who, format!("{} {}", person.forename, person.surname));
                }
                let what = ("wrote the list of who is expected at", "wrote the lists of who is expected at # sites");
                self.tally(draft, held, what, site(self.known, document).to_owned());
            }
            // Told with the marks of the same act.
            RollFact::Marks(_) | RollFact::Row(_) => {}
            RollFact::Sign(Sign { who, way, note, .. }) => {
                let name = self.who(who);
                let way = if way == Way::In { "in" } else { "out" };
                let note = if note.is_empty() { String::new() } else { format!(": {note}") };
                let what = vec![
                    Span::plain("signed "),
                    Span::strong(name.clone()),
                    Span::plain(format!(" {way} at {}{note}", site(self.known, document))),
                ];
                self.say(draft, held, what, &name);
            }
            // Told in the roll that they set out from; the other is of the same act.
            RollFact::Moved(moved) if moved.to.0 == document.section.compartment.place => {}
            other => return self.read_movement(draft, document, held, other),
        }
        Some(())
    }

    fn read_visit(&mut self, draft: &mut Draft, document: &DocumentId, held: Held<'_>) -> Option<()> {
        match VisitFact::decode(held.fact.kind, &held.fact.value).ok()? {
            VisitFact::Arrived(visit) => {
                self.visitors.insert(visit.visit, visit.name.clone());
                if let Some(day) = past_day(document, held.origin) {
                    let what = vec![
                        Span::plain("recorded that visitor "),
                        Span::strong(visit.name.clone()),
                        Span::plain(format!(" came to {} on {}", site(self.known, document), day.long())),
                    ];
                    self.say(draft, held, what, &visit.name);
                    return Some(());
                }
                let badge = if visit.badge.is_empty() { String::new() } else { format!(", badge {}", visit.badge) };
                let what = vec![
                    Span::plain("signed in visitor "),
                    Span::strong(visit.name.clone()),
                    Span::plain(format!("{badge}, at {}", site(self.known, document))),
                ];
                self.say(draft, held, what, &visit.name);
            }
            // Told with the arrival.
            VisitFact::Left(_) if past_day(document, held.origin).is_some() => {}
            VisitFact::Left(left) => {
                let name = self.visitors.get(&left.visit).cloned().unwrap_or_else(|| "a visitor".to_owned());
                let what = vec![Span::plain("signed out visitor "), Span::strong(name.clone())];
                self.say(draft, held, what, &name);
            }
            // Told with the arrival.
            VisitFact::Details(_) => {}
            VisitFact::TypedOut(out) => {
                let what = vec![Span::plain("wrote down that somebody signed out as "), Span::strong(out.name.clone())];
                self.say(draft, held, what, &out.name);
            }
            VisitFact::Matched(matched) => {
                let typed = self.visitors.get(&matched.visit).cloned().unwrap_or_else(|| "somebody".to_owned());
                let name = self.who(matched.who);
                let what = vec![Span::plain(format!("said that {typed} at the kiosk is ")), Span::strong(name.clone())];
                self.say(draft, held, what, &name);
            }
            VisitFact::Unknown { .. } => return None,
        }
        Some(())
    }

    fn read_call(&mut self, draft: &mut Draft, document: &DocumentId, held: Held<'_>) -> Option<()> {
        let place = site(self.known, document).to_owned();
        let (before, who, after) = match CallFact::decode(held.fact.kind, &held.fact.value).ok()? {
            CallFact::Started(start) => {
                let kind = match start.kind {
                    crate::facts::roll_call::Kind::Drill => "a drill",
                    crate::facts::roll_call::Kind::Real => "a real roll call",
                    crate::facts::roll_call::Kind::KeptInside => "keeping everybody inside",
                    crate::facts::roll_call::Kind::Lockdown => "a lockdown",
                };
                let place = if place == "the school" { start.site } else { place };
                self.say(
                    draft,
                    held,
                    vec![Span::plain("started "), Span::strong(kind), Span::plain(format!(" at {place}"))],
                    "",
                );
                return Some(());
            }
            CallFact::Snapshot(snapshot) => {
                for person in &snapshot.people {
                    let name = format!("{} {}", person.forename, person.surname).trim().to_owned();
                    self.listed.insert(person.who, name);
                }
                let count = snapshot.people.len();
                let what = format!("took part in a roll call with a list of {count} to call");
                self.say(draft, held, vec![Span::plain(what)], "");
                return Some(());
            }
            CallFact::Sighting(one) => {
                let claimed = claimed(&one.marshal);
                match one.says {
                    Statement::Found => ("found ", one.who, claimed),
                    Statement::NotFound if one.place.is_empty() => ("looked for and did not find ", one.who, claimed),
                    Statement::NotFound => {
                        ("looked for and did not find ", one.who, format!(", {}{claimed}", one.place))
                    }
                    Statement::AtRefuge => ("found at a refuge point ", one.who, claimed),
                    Statement::NotHere => ("said not here today: ", one.who, claimed),
                }
            }
            CallFact::Settled(one) => {
                let says = match one.says {
                    Statement::Found => "found",
                    Statement::NotFound => "not found",
                    Statement::AtRefuge => "at a refuge point",
                    Statement::NotHere => "not here today",
                };
                let note = if one.note.is_empty() { String::new() } else { format!(". {}", one.note) };
                ("settled that ", one.who, format!(" is {says}{note}{}", claimed(&one.marshal)))
            }
            CallFact::Withdrawn(one) => ("took back a mark of ", one.who, String::new()),
            CallFact::Stranger(one) => {
                self.strangers.insert(one.id, one.name.clone());
                ("added to the roll call ", Who::Stranger(one.id), claimed(&one.marshal))
            }
            CallFact::Ended(end) => {
                let note = if end.note.is_empty() { String::new() } else { format!(". {}", end.note) };
                self.say(draft, held, vec![Span::plain(format!("ended the roll call at {place}{note}"))], "");
                return Some(());
            }
            other => return self.read_event(draft, held, &other, &place),
        };
        let name = self.who(who);
        let what = vec![Span::plain(before), Span::strong(name.clone()), Span::plain(after)];
        self.say(draft, held, what, &name);
        Some(())
    }

    /// No child and no detail: the file itself is read after a code, and that is an entry.
    fn read_case(&self, draft: &mut Draft, held: Held<'_>) -> Option<()> {
        let what = match case::CaseFact::decode(held.fact.kind, &held.fact.value).ok()? {
            case::CaseFact::Concern(_) => "opened a safeguarding concern",
            case::CaseFact::Note(_) => "added to a safeguarding concern",
            case::CaseFact::Action(_) => "took action on a safeguarding concern",
            case::CaseFact::Reading(_) => "read a safeguarding concern",
            case::CaseFact::MarkedRead(_) => "marked a safeguarding concern as read",
            case::CaseFact::Unknown { .. } => return None,
        };
        self.say(draft, held, vec![Span::plain(what)], "");
        Some(())
    }

    fn read_access(&self, draft: &mut Draft, document: &DocumentId, held: Held<'_>) -> Option<()> {
        let AccessFact::Access(access) = AccessFact::decode(held.fact.kind, &held.fact.value).ok()? else {
            return None;
        };
        let place = site(self.known, document);
        let what = match access.event {
            Event::SignedIn => "signed in".to_owned(),
            Event::SignedOut => "signed out".to_owned(),
            Event::Command(command) if command.is_empty() => "signed in for one command".to_owned(),
            Event::Command(command) => format!("signed in for one command: muster {command}"),
            Event::FailedTries(1) => "met a wrong passphrase".to_owned(),
            Event::FailedTries(tries) => format!("met {tries} wrong passphrases"),
            Event::OpenedFire { locked: true } => {
                format!("opened the fire register of {place} from the lock screen")
            }
            Event::OpenedFire { locked: false } => format!("opened the fire register of {place}"),
            Event::Exported { what, to, people } => {
                let people = if people == 1 { "1 person".to_owned() } else { format!("{people} people") };
                format!("exported {what}, {people}, for {to}")
            }
            Event::Imported { rows, rejected: 0 } => format!("imported {rows} rows from another system"),
            Event::Imported { rows, rejected } => {
                format!("imported {rows} rows from another system; {rejected} were rejected")
            }
            Event::SetUpSecondFactor => "set up a second factor".to_owned(),
            Event::Raised(minutes) => format!("gave a code, which holds for {minutes} minutes"),
            Event::Lowered => "ended what a code had opened".to_owned(),
            Event::FailedCodes(1) => "gave a wrong code".to_owned(),
            Event::FailedCodes(codes) => format!("gave {codes} wrong codes"),
            Event::Refused(Refusal::Hours) => "was not let in: outside school hours, without leave".to_owned(),
            Event::Refused(Refusal::Visit) => "was not let in: the stated time is over".to_owned(),
            Event::Refused(Refusal::Keys) => "let nobody in with keys that had been taken away or replaced".to_owned(),
            Event::OutOfHours(OutOfHours::GivesLeave) => {
                "signed in outside school hours, as one who gives leave".to_owned()
            }
            Event::OutOfHours(OutOfHours::Leave) => "signed in outside school hours, by leave".to_owned(),
            // Not what for: who opens a concern is not for everybody who reads this.
            Event::OutOfHours(OutOfHours::Concern) => "signed in outside school hours".to_owned(),
            Event::Ended(Refusal::Hours) => "was signed out: school hours had ended".to_owned(),
            Event::Ended(Refusal::Visit) => "was signed out: the stated time was over".to_owned(),
            // The device may be the one who says so: whoever it was has no rights left.
            Event::Ended(Refusal::Keys) => "ended a sign-in: its keys had been taken away or replaced".to_owned(),
            Event::TimedOut => "was signed out, because nobody touched the device".to_owned(),
            Event::Hid => "hid the screen and was signed out".to_owned(),
            Event::Unlocked => "unlocked with their PIN".to_owned(),
            Event::FailedPin => "met a wrong PIN".to_owned(),
            Event::ChangedPassphrase => "changed their passphrase".to_owned(),
            Event::OpenedCare => "opened the care details of the fire register with the marshal’s PIN".to_owned(),
            Event::FailedMarshalPin(1) => "gave a wrong marshal’s PIN".to_owned(),
            Event::FailedMarshalPin(count) => format!("gave wrong marshal’s PINs, {count} in a row"),
            Event::RehearsedCards { opened, of } => {
                format!("rehearsed with two recovery cards: {opened} of {of} keys open")
            }
            Event::FailedTryAs(person) => format!("met a wrong passphrase for {}", self.known.staff_name(person)),
            Event::FailedPinAs(person) => format!("met a wrong PIN for {}", self.known.staff_name(person)),
            Event::RefusedAs(person, why) => {
                let why = match why {
                    Refusal::Hours => "outside school hours, without leave",
                    Refusal::Visit => "the stated time is over",
                    Refusal::Keys => "keys that had been taken away or replaced",
                };
                format!("refused {}: {why}", self.known.staff_name(person))
            }
            Event::EndedAs(person, why) => {
                let why = match why {
                    Refusal::Hours => "school hours had ended",
                    Refusal::Visit => "the stated time was over",
                    Refusal::Keys => "their keys had been taken away or replaced",
                };
                format!("ended the sign-in of {}: {why}", self.known.staff_name(person))
            }
            Event::FailedWords => "met one-time words that let nobody in".to_owned(),
            Event::FailedInvitation => "met wrong words for an invitation of a device".to_owned(),
            Event::OpenedFireAt { utc_ms } => {
                format!("opened the fire register of {place} from a command line, on {}", spoken(utc_ms))
            }
        };
        self.say(draft, held, vec![Span::plain(what)], "");
        Some(())
    }
}

/// The day that a visitors' document is about, where it is not the day of writing.
fn past_day(document: &DocumentId, origin: &Origin) -> Option<crate::calendar::Day> {
    let day = crate::calendar::Day::from_key(&document.key)?;
    (day != crate::calendar::local(origin.at).day).then_some(day)
}

/// `Monday 23 November 18:45`.
pub(super) fn spoken(utc_ms: i64) -> String {
    let at = local(Moment::utc(utc_ms));
    format!("{} {}", at.day.long(), clock(at.minute))
}

fn claimed(marshal: &str) -> String {
    if marshal.is_empty() { String::new() } else { format!(" (by {marshal}, a claimed name)") }
}

/// The marks of a document that stand and differ from another that stands.
fn torn(document: &DocumentId, facts: &Facts) -> BTreeSet<FactRef> {
    let mut found = BTreeSet::new();
    for (_, versions) in WeekMarks::from_facts(document, facts).iter() {
        let standing: Vec<_> = versions.iter().filter(|version| version.stands && version.code().is_some()).collect();
        let first = standing.first().map(|version| crate::known::said(&version.fact));
        if standing.iter().any(|version| Some(crate::known::said(&version.fact)) != first) {
            found.extend(standing.iter().map(|version| version.name));
        }
    }
    found
}

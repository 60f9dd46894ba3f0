//! The roll of a site and day, decoded: who is expected, and what evidence stands about whom.

use super::trips::TripHeld;
use crate::calendar::{Day, Half};
use crate::facts::roll::{List, Moved, Person, Place, Places, RollFact, SealedCare, Seen, Way};
use crate::facts::visits::{Arrived, Details, TypedOut, VisitFact};
use crate::facts::{self};
use crate::ids::{GroupId, PupilId, VisitId, Who};
use muster_core::document::fact::{FactRef, Facts, Origin};
use muster_core::id::{PersonId, PlaceId};
use std::collections::{BTreeMap, BTreeSet};

/// Somebody expected, and on which list.
#[derive(Clone, Debug, PartialEq)]
pub struct Expected {
    /// Names and help.
    pub person: Person,
    /// Which list.
    pub list: List,
    /// The list's name.
    pub group: String,
}

/// One register's word on where a pupil is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MarkSeen {
    /// The fact it is in.
    pub name: FactRef,
    /// What was seen.
    pub seen: Seen,
    /// In which group's register.
    pub group: GroupId,
    /// Who and when.
    pub origin: Origin,
}

/// One sign-in or sign-out.
#[derive(Clone, Debug, PartialEq)]
pub struct Signed {
    /// Which way.
    pub way: Way,
    /// Minutes since midnight.
    pub minute: u16,
    /// A short word.
    pub note: String,
    /// Who recorded it and when.
    pub origin: Origin,
}

/// A visit.
#[derive(Clone, Debug, PartialEq)]
pub struct Visit {
    /// As it began.
    pub arrived: Arrived,
    /// When it ended; the earliest that anybody recorded.
    pub left: Option<u16>,
    /// Who recorded the arrival and when.
    pub origin: Origin,
    /// What more is known of them.
    pub details: Details,
}

/// The roll of a site and day.
#[derive(Clone, Debug)]
pub struct Roll {
    /// The day.
    pub day: Day,
    /// The site; `None` until somebody wrote it.
    pub place: Option<Place>,
    /// Everybody expected.
    pub expected: BTreeMap<Who, Expected>,
    /// The lists of groups, with their names.
    pub groups: BTreeMap<GroupId, String>,
    /// The lists that stand, with what they say: for writing short evidence and newer lists.
    pub lists: BTreeMap<(List, u8), Vec<(FactRef, facts::roll::Expected)>>,
    /// The facts that describe the site.
    pub place_names: Vec<FactRef>,
    /// Evidence from registers that nothing replaces, by pupil and half.
    pub marks: BTreeMap<(PupilId, Half), Vec<MarkSeen>>,
    /// Sign-ins and sign-outs, in the order of their minutes.
    pub signs: BTreeMap<Who, Vec<Signed>>,
    /// Visits.
    pub visits: BTreeMap<VisitId, Visit>,
    /// Visits that somebody ended here, those of another day's page too.
    pub ended: BTreeSet<VisitId>,
    /// Registers begun.
    pub begun: BTreeSet<(GroupId, Half)>,
    /// Registers said to be complete.
    pub complete: BTreeSet<(GroupId, Half)>,
    /// The newest fact's time, in milliseconds since 1970 UTC.
    pub newest_ms: Option<i64>,
    /// Who wrote evidence, and when first: seats of people are evidence of themselves.
    pub writers: BTreeMap<muster_core::id::SeatId, Vec<Origin>>,
    /// The site; `None` where nobody said which this is the roll of.
    pub site: Option<PlaceId>,
    /// Movements between sites, in the order of their minutes.
    pub moves: BTreeMap<Who, Vec<(Moved, Origin)>>,
    /// Trips of the day, and those over nights that are out on it.
    pub trips: BTreeMap<[u8; 16], TripHeld>,
    /// Fire marshals and first-aiders.
    pub duties: BTreeMap<PersonId, (bool, bool)>,
    /// What the lists of them are replaced with.
    pub duty_names: Vec<FactRef>,
    /// Rooms to look in and refuge points; the newest.
    pub places: Option<Places>,
    /// What they are replaced with.
    pub places_names: Vec<FactRef>,
    /// The site is closed to pupils, and why: everybody who wrote of it says so.
    pub closed: Option<String>,
    /// What that is replaced with.
    pub closed_names: Vec<FactRef>,
    /// The day's care lines, sealed; the newest.
    pub sealed: Option<(Origin, SealedCare)>,
    /// What they are replaced with.
    pub sealed_names: Vec<FactRef>,
    /// Who signed out by typed name.
    pub typed_out: BTreeMap<VisitId, (TypedOut, Origin)>,
    /// Who signed in on a device of the site that day, and when last: no proof of where they are, and a reason to call
    /// them.
    pub on_devices: BTreeMap<PersonId, Origin>,
    /// Who lines from a kiosk are, as somebody said.
    pub matched: BTreeMap<VisitId, Who>,
}

struct Statement {
    name: FactRef,
    pupil: PupilId,
    half: Half,
    seen: Seen,
    group: GroupId,
    origin: Origin,
}

impl Roll {
    /// Decodes the roll and the visitors of a day; either may be missing.
    pub fn from_facts(day: Day, roll: Option<&Facts>, visits: Option<&Facts>) -> Self {
        let mut made = Self {
            day,
            place: None,
            expected: BTreeMap::new(),
            groups: BTreeMap::new(),
            lists: BTreeMap::new(),
            place_names: Vec::new(),
            marks: BTreeMap::new(),
            signs: BTreeMap::new(),
            visits: BTreeMap::new(),
            ended: BTreeSet::new(),
            begun: BTreeSet::new(),
            complete: BTreeSet::new(),
            newest_ms: None,
            writers: BTreeMap::new(),
            site: None,
            moves: BTreeMap::new(),
            trips: BTreeMap::new(),
            duties: BTreeMap::new(),
            duty_names: Vec::new(),
            places: None,
            places_names: Vec::new(),
            closed: None,
            closed_names: Vec::new(),
            sealed: None,
            sealed_names: Vec::new(),
            typed_out: BTreeMap::new(),
            on_devices: BTreeMap::new(),
            matched: BTreeMap::new(),
        };
        if let Some(roll) = roll {
            made.read_roll(roll);
        }
        if let Some(visits) = visits {
            made.read_visits(visits);
        }
        made
    }

    fn heard(&mut self, origin: &Origin) {
        self.newest_ms = self.newest_ms.max(Some(origin.at.utc_ms));
    }

    fn read_roll(&mut self, roll: &Facts) {
        let mut statements = Vec::new();
        let mut said_closed = Vec::new();
        let mut back: BTreeMap<[u8; 16], u16> = BTreeMap::new();
        let mut replaced: BTreeSet<(FactRef, PupilId)> = BTreeSet::new();
        for read in facts::all::<RollFact>(roll) {
            let (name, origin) = (read.held.name, *read.held.origin);
            let stands = !roll.is_superseded(&name);
            match read.value {
                RollFact::Place(place) if stands => {
                    self.place = Some(place);
                    self.place_names.push(name);
                    self.heard(&origin);
                }
                RollFact::Expected(list) if stands => {
                    self.heard(&origin);
                    self.read_list(name, list);
                }
                RollFact::Marks(marks) => {
                    self.heard(&origin);
                    self.note_register(marks.group, marks.half, marks.complete, &origin);
                    for (pupil, seen) in marks.seen {
                        replaced.extend(marks.replaces.iter().map(|earlier| (*earlier, pupil)));
                        let (half, group) = (marks.half, marks.group);
                        statements.push(Statement { name, pupil, half, seen, group, origin });
                    }
                }
                RollFact::Row(row) => {
                    self.heard(&origin);
                    // The list may be superseded since, or not have come yet: then the evidence waits for it.
                    let list = roll.get(&row.list).and_then(facts::read::<RollFact>).map(|list| list.value);
                    let Some(RollFact::Expected(list)) = list else { continue };
                    let List::Group(group) = list.list else { continue };
                    self.note_register(group, row.half, row.complete, &origin);
                    for (person, seen) in list.people.iter().zip(&row.seen) {
                        if let (Who::Pupil(pupil), Some(seen)) = (person.who, *seen) {
                            statements.push(Statement { name, pupil, half: row.half, seen, group, origin });
                        }
                    }
                }
                RollFact::Sign(sign) if stands => {
                    self.heard(&origin);
                    let (way, minute, note) = (sign.way, sign.minute, sign.note);
                    self.signs.entry(sign.who).or_default().push(Signed { way, minute, note, origin });
                }
                RollFact::Moved(moved) if stands => {
                    self.heard(&origin);
                    self.moves.entry(moved.person.who).or_default().push((moved, origin));
                }
                RollFact::Trip(trip) if stands => {
                    self.heard(&origin);
                    self.trips.insert(trip.id, TripHeld::of_the_day(self.day, trip, origin));
                }
                RollFact::TripBack(one) if stands => {
                    self.heard(&origin);
                    back.entry(one.id).and_modify(|held| *held = (*held).min(one.minute)).or_insert(one.minute);
                }
                RollFact::Duties(duties) if stands => {
                    self.duty_names.push(name);
                    for person in duties.marshals {
                        self.duties.entry(person).or_default().0 = true;
                    }
                    for person in duties.first_aiders {
                        self.duties.entry(person).or_default().1 = true;
                    }
                }
                RollFact::Places(places) if stands => {
                    self.places_names.push(name);
                    self.places = Some(places);
                }
                RollFact::Closed(closed) if stands => {
                    self.closed_names.push(name);
                    said_closed.push(closed.label);
                }
                RollFact::SealedCare(sealed) if stands => {
                    self.sealed_names.push(name);
                    if self.sealed.as_ref().is_none_or(|(held, _)| (held.at, held.seat) < (origin.at, origin.seat)) {
                        self.sealed = Some((origin, sealed));
                    }
                }
                _ => {}
            }
        }
        // Whoever says that it is open expects pupils: then they are called.
        if said_closed.iter().all(|label| !label.is_empty()) {
            self.closed = said_closed.pop();
        }
        for (id, minute) in back {
            if let Some(trip) = self.trips.get_mut(&id) {
                trip.back = Some(minute);
            }
        }
        for moves in self.moves.values_mut() {
            moves.sort_by_key(|(moved, origin)| (moved.minute, origin.at, origin.seat, origin.sequence));
        }
        for one in statements {
            if !replaced.contains(&(one.name, one.pupil)) {
                let mark = MarkSeen { name: one.name, seen: one.seen, group: one.group, origin: one.origin };
                self.marks.entry((one.pupil, one.half)).or_default().push(mark);
            }
        }
        for signs in self.signs.values_mut() {
            signs.sort_by_key(|sign| (sign.minute, sign.origin.at, sign.way));
        }
    }

    fn read_list(&mut self, name: FactRef, list: facts::roll::Expected) {
        if let List::Group(group) = list.list {
            self.groups.insert(group, list.name.clone());
        }
        for person in &list.people {
            let one = Expected { person: person.clone(), list: list.list, group: list.name.clone() };
            match self.expected.entry(person.who) {
                std::collections::btree_map::Entry::Vacant(free) => _ = free.insert(one),
                // A group's list says more of a pupil than a list of people added by hand, or without a class.
                std::collections::btree_map::Entry::Occupied(mut held)
                    if matches!(held.get().list, List::Added | List::NoClass) =>
                {
                    held.insert(one);
                }
                std::collections::btree_map::Entry::Occupied(_) => {}
            }
        }
        self.lists.entry((list.list, list.part)).or_default().push((name, list));
    }

    fn note_register(&mut self, group: GroupId, half: Half, complete: bool, origin: &Origin) {
        self.begun.insert((group, half));
        if complete {
            self.complete.insert((group, half));
        }
        self.writers.entry(origin.seat).or_default().push(*origin);
    }

    fn read_visits(&mut self, visits: &Facts) {
        let mut left: BTreeMap<VisitId, u16> = BTreeMap::new();
        let mut details = Vec::new();
        for read in facts::current::<VisitFact>(visits) {
            let origin = *read.held.origin;
            self.heard(&origin);
            match read.value {
                VisitFact::Arrived(arrived) => {
                    let details = Details { visit: arrived.visit, ..Details::default() };
                    self.visits.insert(arrived.visit, Visit { arrived, left: None, origin, details });
                }
                VisitFact::Left(end) => {
                    left.entry(end.visit).and_modify(|held| *held = (*held).min(end.minute)).or_insert(end.minute);
                }
                VisitFact::Details(more) => details.push(more),
                VisitFact::TypedOut(out) => _ = self.typed_out.insert(out.visit, (out, origin)),
                VisitFact::Matched(one) => _ = self.matched.insert(one.visit, one.who),
                VisitFact::Unknown { .. } => {}
            }
        }
        for more in details {
            if let Some(visit) = self.visits.get_mut(&more.visit) {
                visit.details = more;
            }
        }
        for (visit, minute) in left {
            self.ended.insert(visit);
            if let Some(visit) = self.visits.get_mut(&visit) {
                visit.left = Some(minute);
            }
        }
    }

    /// When the afternoon begins, in minutes since midnight.
    pub fn pm_start(&self) -> u16 {
        self.place.as_ref().map_or(crate::facts::school::Times::DEFAULT.pm.start, |place| place.pm_start)
    }

    /// The half that a minute is in.
    pub fn half_at(&self, minute: u16) -> Half {
        if minute >= self.pm_start() { Half::Pm } else { Half::Am }
    }
}

//! Who is believed on site, and why.
//!
//! Worked out from evidence, each with its source: sign-ins and sign-outs, visits, marks with their meaning for the
//! body, and what was expected. Where evidence contradicts itself, comes from a clock that cannot be right, or is
//! missing, the person *must be called*: nobody is left off a list for want of knowledge.

mod beside;
mod elsewhere;
mod judge;
mod later;

pub use elsewhere::TripLine;
pub use judge::WORKING;

use self::judge::{Judge, SignIn};
use super::door::{self, Door};
use super::evidence::{Expected, Roll};
use crate::calendar::{self, Day, Half, Local};
use crate::facts::access::{AccessFact, Event};
use crate::facts::documents;
use crate::facts::roll::List;
use crate::ids::{GroupId, Who};
use muster_core::document::fact::{Facts, Origin};
use muster_core::id::{DeviceId, PersonId, PlaceId};
use muster_core::replica::records::{Records, RecordsError};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What is believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum State {
    /// Nothing certain: must be called.
    MustCall,
    /// On site.
    OnSite,
    /// Away with the school's staff or knowledge: a visit, a placement.
    OffSite,
    /// Not here.
    Away,
    /// Off site with a leader.
    OnTrip,
    /// At another site of the school, and on its list.
    Elsewhere,
}

/// One person, what is believed and from what source.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Believed {
    /// Who.
    pub who: Who,
    /// Surname, or a visitor's whole name.
    pub surname: String,
    /// Forename; empty for a visitor.
    pub forename: String,
    /// Class, `Staff` or `Visitor`.
    pub group: String,
    /// What is believed.
    pub state: State,
    /// Why, with its source: `Present, Register Beech, 08:52`.
    pub line: String,
    /// Help needed to leave.
    pub help: Vec<String>,
    /// `Fire marshal`, `First aid`.
    pub duties: Vec<String>,
}

impl Believed {
    /// Surname first.
    pub fn listed(&self) -> String {
        if self.forename.is_empty() { self.surname.clone() } else { format!("{}, {}", self.surname, self.forename) }
    }

    /// First name first.
    pub fn spoken(&self) -> String {
        format!("{} {}", self.forename, self.surname).trim().to_owned()
    }

    /// Whether the person stands on the list to call.
    pub fn is_called(&self) -> bool {
        matches!(self.state, State::MustCall | State::OnSite)
    }
}

/// The list of a site.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FireList {
    /// The day of the roll it is made of; older than today when nothing newer is held.
    pub day: Day,
    /// Today, by this device's clock.
    pub now: Local,
    /// The site's name.
    pub site: String,
    /// Assembly points.
    pub points: Vec<String>,
    /// At which of them a group meets, by its name, for those that have one of their own.
    pub meets: BTreeMap<String, String>,
    /// Everybody: those who must be called first, then those on site, then the others; by name.
    pub people: Vec<Believed>,
    /// Groups that have sent no register for the session now.
    pub missing: Vec<String>,
    /// The newest evidence, in milliseconds since 1970 UTC.
    pub as_of_ms: Option<i64>,
    /// The devices heard from on that day, by name.
    pub heard_from: Vec<String>,
    /// Session of the moment.
    pub half: Half,
    /// When the afternoon begins, in minutes since midnight.
    pub pm_start: u16,
    /// Trips of the day: shown apart, nobody of them in the number to call.
    pub trips: Vec<TripLine>,
    /// Why the site is closed to pupils; empty when it is not.
    pub closed: String,
    /// What somebody typed at a kiosk who went, and fits nobody.
    pub unmatched: Vec<String>,
}

impl FireList {
    /// Those to call, in order.
    pub fn to_call(&self) -> impl Iterator<Item = &Believed> {
        self.people.iter().filter(|person| person.is_called())
    }

    /// How old the list is and what is missing, as in `7B has sent no register`.
    pub fn gaps(&self) -> String {
        if self.day > self.now.day {
            return format!(
                "other devices write of {}, and this device’s clock says {}: everybody on either list is called; set the clock",
                self.day.long(),
                self.now.day.long()
            );
        }
        if self.day < self.now.day {
            return format!("the newest list held is of {}", self.day.long());
        }
        match self.missing.as_slice() {
            [] => String::new(),
            [one] => format!("{one} has sent no register"),
            [one, two] => format!("{one} and {two} have sent no register"),
            [one, two, rest @ ..] => format!("{one}, {two} and {} more have sent no register", rest.len()),
        }
    }
}

/// Makes the list of a site, from the newest roll held of today or before; from a later one, where other devices have
/// written it and this device's clock is behind theirs.
///
/// # Errors
/// When the records cannot be read.
pub fn list(records: &mut impl Records, site: PlaceId) -> Result<Option<FireList>, RecordsError> {
    let now = calendar::local(records.now());
    let (roll, before) = rolls(records, site, now.day)?;
    let list = roll.as_ref().map(|roll| evaluate(records, roll, before.as_ref(), now));
    let later = later::believed(records, site, now.day)?;
    let list = match &later {
        Some(later) => Some(later::together(evaluate(records, later, roll.as_ref(), now), list)),
        None => list,
    };
    let Some(mut list) = list else { return only_beside(records, site, now) };
    let held: Vec<&Roll> = [&before, &roll, &later].into_iter().flatten().collect();
    beside::add(records, site, &mut list, &held)?;
    Ok(Some(list))
}

/// The list where no page of today or before is held: who came by the page of another day, if anybody did.
fn only_beside(records: &mut impl Records, site: PlaceId, now: Local) -> Result<Option<FireList>, RecordsError> {
    let empty = Roll { site: Some(site), ..Roll::from_facts(now.day, None, None) };
    let mut list = evaluate(records, &empty, None, now);
    beside::add(records, site, &mut list, &[])?;
    Ok(Some(list).filter(|list| !list.people.is_empty()))
}

/// The newest roll of today or before, and the one before it that has lists of who is expected.
///
/// # Errors
/// When the records cannot be read.
pub fn rolls(
    records: &mut impl Records,
    site: PlaceId,
    today: Day,
) -> Result<(Option<Roll>, Option<Roll>), RecordsError> {
    let mut days = BTreeSet::new();
    for year in [today.year().0, today.year().0.saturating_sub(1)] {
        let section = crate::areas::section(crate::areas::ROLL, site, muster_core::id::Year(year));
        for document in records.documents(&section, documents::ROLL)? {
            days.extend(Day::from_key(&document.key).filter(|day| *day <= today));
        }
        for document in records.documents(&section, documents::VISITS)? {
            days.extend(Day::from_key(&document.key).filter(|day| *day == today));
        }
    }
    let mut newest = days.into_iter().rev();
    let first = newest.next().map(|day| roll(records, site, day)).transpose()?;
    // The one before is the newest for which somebody wrote lists: a day on which only a visitor signed in, at a
    // weekend say, does not know who is expected.
    let mut second: Option<Roll> = None;
    for day in newest.take(DAYS_WITHOUT_LISTS) {
        let held = roll(records, site, day)?;
        let has_lists = held.lists.keys().any(|(list, _)| *list != List::Added);
        if has_lists || second.is_none() {
            second = Some(held);
        }
        if has_lists {
            break;
        }
    }
    Ok((first, second))
}

/// The days up to today on which anything was written about who is on a site, as far as it can be read.
///
/// # Errors
/// When the records cannot be read.
pub fn days_held(records: &mut impl Records, site: PlaceId, today: Day) -> Result<BTreeSet<Day>, RecordsError> {
    let mut days = BTreeSet::new();
    for year in [today.year().0, today.year().0.saturating_sub(1)] {
        let section = crate::areas::section(crate::areas::ROLL, site, muster_core::id::Year(year));
        for kind in [documents::ROLL, documents::VISITS, documents::ROLL_CALL] {
            let held = records.documents(&section, kind)?;
            // Every key of these begins with the day.
            days.extend(held.iter().filter_map(|document| Day::from_key(document.key.get(..4)?)));
        }
    }
    days.retain(|day| *day <= today);
    Ok(days)
}

/// Days in a row on which people came and nobody wrote who is expected: more than a summer holiday.
const DAYS_WITHOUT_LISTS: usize = 64;

/// The roll of a site and day.
///
/// # Errors
/// When the records cannot be read.
pub fn roll(records: &mut impl Records, site: PlaceId, day: Day) -> Result<Roll, RecordsError> {
    let roll = records.facts(&documents::roll(site, day))?;
    let visits = records.facts(&documents::visits(site, day))?;
    let access = records.facts(&documents::access(site, day))?;
    let on_devices = access.map(|held| signed_in(records, &held, day)).unwrap_or_default();
    let mut roll = Roll { site: Some(site), on_devices, ..Roll::from_facts(day, roll.as_deref(), visits.as_deref()) };
    super::trips::add(records, site, &mut roll)?;
    Ok(roll)
}

/// Who signed in on a day, by the record of use.
fn signed_in(records: &impl Records, held: &Facts, day: Day) -> BTreeMap<PersonId, Origin> {
    let mut found: BTreeMap<PersonId, Origin> = BTreeMap::new();
    for read in crate::facts::all::<AccessFact>(held) {
        let AccessFact::Access(access) = &read.value else { continue };
        let origin = *read.held.origin;
        let person = records.author(&origin.seat).and_then(|author| author.person);
        let came = matches!(access.event, Event::SignedIn | Event::Unlocked | Event::Command(_));
        let here = came && calendar::local(origin.at).day == day;
        if let Some(person) = person.filter(|_| here) {
            let last = found.entry(person).or_insert(origin);
            if last.at < origin.at {
                *last = origin;
            }
        }
    }
    found
}

/// Everybody expected on a day: by its own lists, or, before these are written, by those of the day before.
pub fn expected(roll: &Roll, before: Option<&Roll>) -> BTreeMap<Who, Expected> {
    let mut expected = roll.expected.clone();
    if let Some(before) = before.filter(|_| !has_lists(roll)) {
        for (who, one) in &before.expected {
            expected.entry(*who).or_insert_with(|| one.clone());
        }
    }
    expected
}

fn has_lists(roll: &Roll) -> bool {
    roll.lists.keys().any(|(list, _)| *list != List::Added)
}

/// Works out what is believed of everybody on a roll.
pub fn evaluate(records: &impl Records, roll: &Roll, before: Option<&Roll>, now: Local) -> FireList {
    let current = roll.day == now.day;
    let half = if current { roll.half_at(now.minute) } else { Half::Am };
    let expected = expected(roll, before);
    let mut groups = roll.groups.clone();
    if let Some(before) = before.filter(|_| !has_lists(roll)) {
        groups.extend(before.groups.iter().map(|(group, name)| (*group, name.clone())));
    }
    let Door { signs: signed, visits, doubts, unmatched } = door::open(roll, &expected);
    let view = Judge { roll, before, current, half, now, groups: &groups };
    let mut at_work = staff_at_work(records, roll);
    let sign_in = SignIn::of(before, &expected, &signed);
    let mut subjects: BTreeSet<Who> = expected.keys().copied().collect();
    subjects.extend(roll.marks.keys().map(|(pupil, _)| Who::Pupil(*pupil)));
    subjects.extend(signed.keys().copied());
    subjects.extend(roll.moves.keys().copied());
    subjects.extend(visits.keys().map(|visit| Who::Visitor(*visit)));
    let mut people = Vec::new();
    for who in subjects {
        let person = expected.get(&who);
        let signs = signed.get(&who).map_or(&[][..], Vec::as_slice);
        let (state, line) = match who {
            Who::Pupil(pupil) => view.pupil(pupil, signs, person.and_then(|one| one.person.planned[half_index(half)])),
            Who::Staff(staff) => {
                let everywhere = person.is_some_and(|one| one.list == List::StaffOfAllSites);
                view.staff(staff, signs, at_work.remove(&staff), sign_in, everywhere)
            }
            Who::Visitor(visit) => match visits.get(&visit) {
                Some(visit) => view.visitor(visit),
                None => continue,
            },
            Who::Stranger(_) => continue,
        };
        let (state, line) = view.elsewhere(who, signs, (state, line));
        let (state, line) = match doubts.get(&who) {
            Some(words) if state == State::OnSite => (State::MustCall, format!("{line}. {words}, not confirmed")),
            _ => (state, line),
        };
        let moved = roll.moves.get(&who).and_then(|moves| moves.last()).map(|(moved, _)| moved);
        let visitor = match who {
            Who::Visitor(visit) => visits.get(&visit),
            _ => None,
        };
        let group = match (person, who, moved) {
            (_, Who::Visitor(_), _) => visitor.map_or_else(String::new, |visit| visitor_group(visit, &groups)),
            (_, Who::Staff(_), _) => "Staff".to_owned(),
            (Some(one), ..) => one.group.clone(),
            (None, _, Some(moved)) => moved.group.clone(),
            (None, Who::Pupil(pupil), _) => view.group_of(pupil),
            (None, Who::Stranger(_), _) => String::new(),
        };
        let known = person.map(|one| &one.person).or_else(|| moved.map(|moved| &moved.person));
        let (surname, forename, help) = match (visitor, known) {
            (Some(visit), _) => visitor_name(&visit.arrived.name),
            (None, Some(one)) => (one.surname.clone(), one.forename.clone(), one.help.clone()),
            (None, None) => (super::NAMELESS.to_owned(), String::new(), Vec::new()),
        };
        let duties = duties_of(roll, before, who);
        people.push(Believed { who, surname, forename, group, state, line, help, duties });
    }
    people.sort_by_cached_key(|one| (one.state, crate::names::sort_key(&one.surname, &one.forename), one.who));
    let missing = if current && roll.closed.is_none() {
        let begun = |group: &GroupId| roll.begun.contains(&(*group, half));
        let mut names: Vec<_> =
            groups.iter().filter(|(group, _)| !begun(group)).map(|(_, name)| name.clone()).collect();
        names.sort_by_key(|name| crate::known::natural(name));
        names
    } else {
        Vec::new()
    };
    FireList {
        day: roll.day,
        now,
        site: place_of(roll, before).map_or_else(String::new, |place| place.name.clone()),
        points: place_of(roll, before).map_or_else(Vec::new, |place| place.points.clone()),
        meets: meets(roll, before),
        people,
        missing,
        as_of_ms: roll.newest_ms,
        heard_from: heard_from(records, roll, before),
        half,
        pm_start: roll.pm_start(),
        // A trip of a day that is over was back, or its day's device would say so: everybody is called here. On a page of
        // a day ahead it stands, too: then this device's clock is the one that is behind.
        trips: if roll.day >= now.day { elsewhere::trips(roll, &expected) } else { Vec::new() },
        closed: roll.closed.clone().filter(|_| current).unwrap_or_default(),
        unmatched: unmatched.into_iter().filter(|(id, _)| !visits.contains_key(id)).map(|(_, words)| words).collect(),
    }
}

impl SignIn {
    fn of(
        before: Option<&Roll>,
        expected: &BTreeMap<Who, Expected>,
        signed: &BTreeMap<Who, Vec<super::evidence::Signed>>,
    ) -> Self {
        let most = |expected: &BTreeMap<Who, Expected>, signed: &BTreeMap<Who, Vec<super::evidence::Signed>>| {
            let staff: Vec<_> =
                expected.iter().filter(|(_, one)| one.list == List::Staff).map(|(who, _)| who).collect();
            staff.iter().filter(|who| signed.contains_key(who)).count() * 2 > staff.len()
        };
        if !signed.keys().any(|who| matches!(who, Who::Staff(_))) {
            return Self::Unused;
        }
        let habit = before.is_some_and(|before| most(&before.expected, &door::open(before, &before.expected).signs));
        if habit && most(expected, signed) { Self::Habit } else { Self::Some }
    }
}

/// Where groups meet that have a point of their own, by their names on the list; before today's are written, as on the
/// day before.
fn meets(roll: &Roll, before: Option<&Roll>) -> BTreeMap<String, String> {
    let of = |roll: &Roll| {
        let places = roll.places.as_ref()?;
        let lists = if has_lists(roll) { &roll.lists } else { &before.unwrap_or(roll).lists };
        let name = |group: &GroupId| {
            let stands = lists.get(&(List::Group(*group), 0))?;
            stands.first().map(|(_, said)| said.name.clone())
        };
        let named = places.meets.iter().filter_map(|(group, point)| Some((name(group)?, point.clone())));
        Some(named.collect::<BTreeMap<_, _>>())
    };
    of(roll).or_else(|| before.and_then(of)).unwrap_or_default()
}

/// What a member of staff does in a fire; before today's are written, as on the day before.
fn duties_of(roll: &Roll, before: Option<&Roll>, who: Who) -> Vec<String> {
    let Who::Staff(person) = who else { return Vec::new() };
    let of = match before.filter(|_| roll.duty_names.is_empty()) {
        Some(before) => &before.duties,
        None => &roll.duties,
    };
    let (marshal, first_aid) = of.get(&person).copied().unwrap_or_default();
    let words = [(marshal, "Fire marshal"), (first_aid, "First aid")];
    words.into_iter().filter(|(does, _)| *does).map(|(_, words)| words.to_owned()).collect()
}

/// A visitor's kind; the class of a pupil who signed in at a kiosk, where there is one of that name.
fn visitor_group(visit: &super::evidence::Visit, groups: &BTreeMap<GroupId, String>) -> String {
    let typed = crate::names::fold(&visit.arrived.organisation);
    let class = groups.values().find(|name| visit.details.typed && crate::names::fold(name) == typed);
    class.cloned().unwrap_or_else(|| visit.details.kind.word().to_owned())
}

fn place_of<'a>(roll: &'a Roll, before: Option<&'a Roll>) -> Option<&'a crate::facts::roll::Place> {
    roll.place.as_ref().or_else(|| before.and_then(|before| before.place.as_ref()))
}

fn visitor_name(name: &str) -> (String, String, Vec<String>) {
    match name.rsplit_once(' ') {
        Some((forename, surname)) => (surname.to_owned(), forename.to_owned(), Vec::new()),
        None => (name.to_owned(), String::new(), Vec::new()),
    }
}

fn half_index(half: Half) -> usize {
    usize::from(half == Half::Pm)
}

/// Staff who took a register here today: their own act says that they are here. The last such act.
fn staff_at_work(records: &impl Records, roll: &Roll) -> BTreeMap<PersonId, Origin> {
    let mut found = BTreeMap::new();
    for (seat, origins) in &roll.writers {
        if let (Some(person), Some(last)) =
            (records.author(seat).and_then(|author| author.person), origins.iter().max_by_key(|origin| origin.at))
        {
            found.insert(person, *last);
        }
    }
    found
}

fn heard_from(records: &impl Records, roll: &Roll, before: Option<&Roll>) -> Vec<String> {
    let names: BTreeMap<DeviceId, &str> = place_of(roll, before)
        .map(|place| place.devices.iter().map(|(device, name)| (*device, name.as_str())).collect())
        .unwrap_or_default();
    let seats = roll.writers.keys().copied();
    let signed = roll.signs.values().flatten().map(|sign| sign.origin.seat);
    let visits = roll.visits.values().map(|visit| visit.origin.seat);
    let devices: BTreeSet<DeviceId> =
        seats.chain(signed).chain(visits).filter_map(|seat| records.author(&seat)).map(|by| by.device).collect();
    let mut heard: Vec<String> = devices
        .into_iter()
        .map(|device| names.get(&device).map_or_else(|| format!("device {device:?}"), |name| (*name).to_owned()))
        .collect();
    heard.sort();
    heard
}

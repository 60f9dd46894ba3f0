//! The school's own document, decoded.

use super::Newest;
use crate::calendar::{Day, Half, Session, local};
use crate::codes::{Code, CodeInfo, Codes};
use crate::facts::calendar::{Cover, Special, Term};
use crate::facts::fire::{FireDuty, SitePlaces};
use crate::facts::policy::{Hours, Leave, Repeat, StepUp, WeeklyLeave};
use crate::facts::retention::{Class, Reviewed};
use crate::facts::returns::{Authority, Fallback, Guide, ReturnKind, Sent};
use crate::facts::school::{Closure, Device, Directory, Group, HalfTimes, SchoolFact, Site, Times};
use crate::facts::{self};
use crate::ids::{GroupId, PupilId};
use crate::rights;
use muster_core::document::fact::{FactRef, Facts, Origin};
use muster_core::id::{ActId, DeviceId, PersonId, PlaceId};
use muster_core::replica::records::Records;
use muster_core::time::Moment;
use std::collections::{BTreeMap, BTreeSet};

/// Stands for the site lead, whoever that is: theirs is each register that nobody was said to take.
pub const SITE_LEAD: PersonId = PersonId::ZERO;

/// What a fact of the school is about: two about the same thing replace each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum About {
    /// The name.
    Name,
    /// A site.
    Site(PlaceId),
    /// A group.
    Group(GroupId),
    /// Who takes a group's register.
    Taker(GroupId),
    /// Times at a site, or everywhere.
    Times(Option<PlaceId>),
    /// A closure, by site and first day.
    Closure(Option<PlaceId>, Day),
    /// A term, by site and first day.
    Term(Option<PlaceId>, Day),
    /// Days out of the ordinary, by site and first day.
    Special(Option<PlaceId>, Day),
    /// Cover of a group's register, by first day.
    Cover(GroupId, Day),
    /// A row of the list of codes, by code and first day.
    Code(Code, Option<Day>),
    /// What the law asks of it.
    CodeRule(Code, Option<Day>),
    /// The review of a week, by its Monday.
    WeekReviewed(Day),
    /// A member of staff.
    Staff(PersonId),
    /// A device.
    Device(DeviceId),
    /// Second factors.
    StepUp,
    /// Hours at a site, or everywhere.
    Hours(Option<PlaceId>),
    /// One leave.
    Leave([u8; 16]),
    /// The authority of a site, or of every site.
    Authority(Option<PlaceId>),
    /// One return: about whom, which, for which day.
    Sent(PupilId, ReturnKind, Day),
    /// Printing at a site, or everywhere.
    Fallback(Option<PlaceId>),
    /// Help at a site, or everywhere.
    Guide(Option<PlaceId>),
    /// A review of old records: of a site, which, entered in which year.
    Reviewed(PlaceId, Class, i16),
    /// Duties in a fire.
    FireDuty(PersonId),
    /// What the marshal's PIN opens.
    MarshalLock(PlaceId),
    /// Rooms and refuge points.
    SitePlaces(PlaceId),
}

/// The school.
#[derive(Debug, Default)]
pub struct School {
    /// Its name; empty until founded.
    pub name: String,
    /// Its sites.
    pub sites: BTreeMap<PlaceId, Site>,
    /// Its groups.
    pub groups: BTreeMap<GroupId, Group>,
    /// Who takes which register.
    pub takers: BTreeMap<GroupId, PersonId>,
    /// Its staff, as everybody may know them.
    pub staff: BTreeMap<PersonId, Directory>,
    /// What position each had from when on, the earliest first.
    positions: BTreeMap<PersonId, Vec<(Moment, String)>>,
    /// What its devices are called.
    pub devices: BTreeMap<DeviceId, Device>,
    /// When it is closed.
    pub closures: Vec<Closure>,
    /// Its terms.
    pub terms: Vec<Term>,
    /// Days out of the ordinary.
    pub specials: Vec<Special>,
    /// Who takes another's registers, and when.
    pub covers: Vec<Cover>,
    codes: Codes,
    /// Leave to use the records outside school hours, by its name.
    pub leaves: BTreeMap<[u8; 16], Leave>,
    /// On which days some of it comes again, by its name.
    pub repeats: BTreeMap<[u8; 16], Repeat>,
    /// Minutes that a code raises access for; `None` while the school does not use second factors.
    pub step_up_minutes: Option<u16>,
    /// Returns that were sent, by pupil, which, and the day they are about.
    pub sent: BTreeMap<(PupilId, ReturnKind, Day), Sent>,
    /// Duties of staff in a fire, and their numbers.
    pub duties: BTreeMap<PersonId, FireDuty>,
    /// What the marshal's PIN of a site opens; none where there is no PIN.
    pub marshal_locks: BTreeMap<PlaceId, Vec<u8>>,
    /// Where people of a site are looked for, and where they wait for help.
    pub places: BTreeMap<PlaceId, SitePlaces>,
    /// Reviews of old records, the newest of each kind and year, with who made it and when.
    pub reviews: BTreeMap<(PlaceId, Class, i16), (Reviewed, Origin)>,
    /// The day of the first entry of the school's own document: nothing here was entered before.
    pub since: Option<Day>,
    /// The Mondays of the weeks whose attendance review was written.
    pub weeks_reviewed: BTreeSet<Day>,
    authorities: BTreeMap<Option<PlaceId>, Authority>,
    fallbacks: BTreeMap<Option<PlaceId>, Fallback>,
    guides: BTreeMap<Option<PlaceId>, Guide>,
    hours: BTreeMap<Option<PlaceId>, Hours>,
    times: BTreeMap<Option<PlaceId>, Times>,
    /// All that were ever set, with the moment, the earliest first: a register closed by those of its own day.
    times_set: Vec<(Moment, Times)>,
    /// Acts that brought what an export of another system says.
    pub imports: BTreeSet<ActId>,
    names: BTreeMap<About, Vec<FactRef>>,
    /// What people apart set differently, and nobody has set since: all of it, with who and when.
    torn: BTreeMap<About, Vec<(SchoolFact, Origin)>>,
}

impl About {
    /// What a fact is about; `None` for a note about an act, and for a fact of a newer version.
    fn of(fact: &SchoolFact) -> Option<Self> {
        Some(match fact {
            SchoolFact::Name(_) => Self::Name,
            SchoolFact::Site(site) => Self::Site(site.id),
            SchoolFact::Group(group) => Self::Group(group.id),
            SchoolFact::Taker(taker) => Self::Taker(taker.group),
            SchoolFact::Times(times) => Self::Times(times.site),
            SchoolFact::Closure(closure) => Self::Closure(closure.site, closure.first),
            SchoolFact::Term(term) => Self::Term(term.site, term.first),
            SchoolFact::Special(special) => Self::Special(special.site, special.first),
            SchoolFact::Cover(cover) => Self::Cover(cover.group, cover.first),
            SchoolFact::CodeInfo(info) => Self::Code(info.code, info.from),
            SchoolFact::CodeRule(rule) => Self::CodeRule(rule.code, rule.from),
            SchoolFact::WeekReviewed(week) => Self::WeekReviewed(week.monday),
            SchoolFact::Directory(staff) => Self::Staff(staff.person),
            SchoolFact::Device(device) => Self::Device(device.device),
            SchoolFact::StepUp(_) => Self::StepUp,
            SchoolFact::Hours(hours) => Self::Hours(hours.site),
            SchoolFact::Leave(leave) | SchoolFact::WeeklyLeave(WeeklyLeave { leave, .. }) => Self::Leave(leave.id),
            SchoolFact::Authority(authority) => Self::Authority(authority.site),
            SchoolFact::Sent(sent) => Self::Sent(sent.pupil, sent.kind, sent.about),
            SchoolFact::Fallback(fallback) => Self::Fallback(fallback.site),
            SchoolFact::Guide(guide) => Self::Guide(guide.site),
            SchoolFact::Reviewed(one) => Self::Reviewed(one.site, one.class, one.year),
            SchoolFact::FireDuty(duty) => Self::FireDuty(duty.person),
            SchoolFact::MarshalLock(lock) => Self::MarshalLock(lock.site),
            SchoolFact::SitePlaces(places) => Self::SitePlaces(places.site),
            SchoolFact::ByImport(_) | SchoolFact::Unknown { .. } => return None,
        })
    }
}

impl School {
    pub(super) fn from_facts(held: &Facts) -> Self {
        let mut newest = Newest::new();
        let mut imports = BTreeSet::new();
        let (mut reviews, mut since) = (Vec::new(), None);
        let (mut directory, mut timed) = (None, None);
        for read in facts::current::<SchoolFact>(held) {
            let Some(about) = About::of(&read.value) else {
                if matches!(read.value, SchoolFact::ByImport(_)) {
                    imports.insert(read.held.origin.act);
                }
                continue;
            };
            if let SchoolFact::Reviewed(one) = &read.value {
                reviews.push((one.clone(), *read.held.origin));
            }
            match &read.value {
                SchoolFact::Directory(_) => directory = Some(read.held.fact.kind),
                SchoolFact::Times(_) => timed = Some(read.held.fact.kind),
                _ => {}
            }
            let entered = local(read.held.origin.at).day;
            since = Some(since.map_or(entered, |since: Day| since.min(entered)));
            newest.add(held, read.held.name, about, read.value);
        }
        let torn = newest.torn();
        let (values, names) = newest.into_parts();
        let mut school = Self { names, imports, since, ..Self::default() };
        // Those that were replaced too: whoever did something did it in the position of that time.
        for one in held.iter().filter(|one| [directory, timed].contains(&Some(one.fact.kind))) {
            let at = one.origin.at;
            match facts::read(one).map(|read| read.value) {
                Some(SchoolFact::Directory(staff)) => {
                    school.positions.entry(staff.person).or_default().push((at, staff.job));
                }
                Some(SchoolFact::Times(times)) => school.times_set.push((at, times)),
                _ => {}
            }
        }
        school.times_set.sort_by_key(|(at, times)| (*at, times.site));
        for held in school.positions.values_mut() {
            held.sort();
        }
        if !torn.is_empty() {
            for read in facts::current::<SchoolFact>(held) {
                if let Some(about) = About::of(&read.value).filter(|about| torn.contains_key(about)) {
                    school.torn.entry(about).or_default().push((read.value, *read.held.origin));
                }
            }
        }
        let mut codes: Vec<CodeInfo> = Vec::new();
        let mut rules: BTreeMap<(Code, Option<Day>), String> = BTreeMap::new();
        for value in values.into_values() {
            match value {
                SchoolFact::Name(name) => school.name = name.name,
                SchoolFact::Site(site) => _ = school.sites.insert(site.id, site),
                SchoolFact::Group(group) => _ = school.groups.insert(group.id, group),
                SchoolFact::Taker(taker) => _ = school.takers.insert(taker.group, taker.person),
                SchoolFact::Times(times) => _ = school.times.insert(times.site, times),
                SchoolFact::Closure(closure) => school.closures.push(closure),
                SchoolFact::Term(term) => school.terms.push(term),
                SchoolFact::Special(special) => school.specials.push(special),
                SchoolFact::Cover(cover) => school.covers.push(cover),
                SchoolFact::CodeInfo(info) => codes.push(info),
                SchoolFact::CodeRule(one) => _ = rules.insert((one.code, one.from), one.rule),
                SchoolFact::WeekReviewed(week) => _ = school.weeks_reviewed.insert(week.monday),
                SchoolFact::Directory(staff) => _ = school.staff.insert(staff.person, staff),
                SchoolFact::Device(device) => _ = school.devices.insert(device.device, device),
                SchoolFact::StepUp(StepUp { minutes }) => school.step_up_minutes = Some(minutes),
                SchoolFact::Hours(hours) => _ = school.hours.insert(hours.site, hours),
                SchoolFact::Leave(leave) => _ = school.leaves.insert(leave.id, leave),
                SchoolFact::WeeklyLeave(WeeklyLeave { leave, repeat }) => {
                    school.repeats.insert(leave.id, repeat);
                    school.leaves.insert(leave.id, leave);
                }
                SchoolFact::Authority(one) => _ = school.authorities.insert(one.site, one),
                SchoolFact::Sent(sent) => _ = school.sent.insert((sent.pupil, sent.kind, sent.about), sent),
                SchoolFact::Fallback(one) => _ = school.fallbacks.insert(one.site, one),
                SchoolFact::Guide(guide) => _ = school.guides.insert(guide.site, guide),
                SchoolFact::Reviewed(one) => {
                    let made = reviews
                        .iter()
                        .filter(|(review, _)| *review == one)
                        .map(|(_, origin)| *origin)
                        .max_by_key(|origin| origin.at);
                    if let Some(origin) = made {
                        school.reviews.insert((one.site, one.class, one.year), (one, origin));
                    }
                }
                SchoolFact::FireDuty(duty) => _ = school.duties.insert(duty.person, duty),
                SchoolFact::MarshalLock(one) if one.lock.is_empty() => {}
                SchoolFact::SitePlaces(one) => _ = school.places.insert(one.site, one),
                SchoolFact::MarshalLock(one) => _ = school.marshal_locks.insert(one.site, one.lock),
                SchoolFact::ByImport(_) | SchoolFact::Unknown { .. } => {}
            }
        }
        if !codes.is_empty() {
            for row in &mut codes {
                row.rule = rules.remove(&(row.code, row.from)).unwrap_or_default();
            }
            codes.sort_by_key(|row| row.from);
            school.codes = school.codes.with(&codes);
        }
        school
    }

    /// What people apart set differently and nobody has set since, each with all that was set. A new fact about the
    /// same thing settles it.
    pub fn torn(&self) -> &BTreeMap<About, Vec<(SchoolFact, Origin)>> {
        &self.torn
    }

    /// What position somebody had at a moment, as far as it was entered by then: the first that was, before that. `None`
    /// where none is known.
    pub fn position(&self, person: PersonId, at: Moment) -> Option<&str> {
        let held = self.positions.get(&person)?;
        let then = held.iter().rfind(|(from, _)| *from <= at).or_else(|| held.first());
        then.map(|(_, job)| job.as_str()).filter(|job| !job.is_empty())
    }

    /// The codes of attendance: the law's, and what the school read in over them.
    pub fn codes(&self) -> &Codes {
        &self.codes
    }

    /// Who takes a group's register on a day: whoever covers, or else its own.
    pub fn taker_on(&self, group: GroupId, day: Day) -> Option<PersonId> {
        let cover = self.covers.iter().filter(|one| one.group == group && one.first <= day && day <= one.last);
        let covering = cover.max_by_key(|one| one.first).and_then(|one| one.person);
        covering.or_else(|| self.takers.get(&group).copied())
    }

    /// Whose register a group's is, where it is not this person's: whoever was said to take it, or else the site lead.
    pub fn owes(&self, records: &impl Records, group: GroupId, person: PersonId) -> Option<PersonId> {
        match self.takers.get(&group) {
            Some(taker) => Some(*taker).filter(|taker| *taker != person),
            None => {
                let mine = rights::held_by(records, Some(person));
                let leads = mine.is_empty() || mine.iter().any(|held| held.rank <= rights::LEADS);
                (!leads).then_some(SITE_LEAD)
            }
        }
    }

    /// The facts that a new one about the same thing replaces.
    pub fn replaced_by(&self, about: About) -> Vec<FactRef> {
        let mut names = self.names.get(&about).cloned().unwrap_or_default();
        names.truncate(muster_core::limits::SUPERSEDED_PER_FACT);
        names
    }

    /// Session times at a site.
    pub fn times(&self, site: PlaceId) -> Times {
        self.times.get(&Some(site)).or_else(|| self.times.get(&None)).copied().unwrap_or(Times::DEFAULT)
    }

    /// The times of one session at a site as they were on its day: those set by then. Of days before the school began
    /// here, the first that were set.
    pub fn times_of(&self, site: PlaceId, session: Session) -> HalfTimes {
        let here = || self.times_set.iter().filter(|(_, times)| times.site.is_none_or(|at| at == site));
        let later = |(at, _): &(Moment, Times)| local(*at).day > session.day;
        if !here().any(later) {
            return self.times(site).of(session.half);
        }
        let then = |own: Option<PlaceId>| here().rfind(|set| set.1.site == own && !later(set));
        let brought_in = self.since.is_none_or(|since| session.day < since);
        let first = || here().next().filter(|_| brought_in);
        let set = then(Some(site)).or_else(|| then(None)).or_else(first);
        set.map_or(Times::DEFAULT, |(_, times)| *times).of(session.half)
    }

    /// The sites that have classes and are not among those that can be read: what is counted or listed over every site
    /// lacks them.
    pub fn sites_without(&self, read: &BTreeSet<PlaceId>) -> Vec<&Site> {
        let lacks = |site: &&Site| !read.contains(&site.id) && !self.groups_of(site.id).is_empty();
        self.sites.values().filter(lacks).collect()
    }

    /// Whether a site has session times of its own.
    pub fn has_own_times(&self, site: PlaceId) -> bool {
        self.times.contains_key(&Some(site))
    }

    /// The times of one session at a site.
    pub fn half_times(&self, site: PlaceId, half: Half) -> HalfTimes {
        self.times(site).of(half)
    }

    /// The hours of a site, while the rule holds there.
    pub fn hours(&self, site: PlaceId) -> Option<Hours> {
        let set = self.hours.get(&Some(site)).or_else(|| self.hours.get(&None));
        set.copied().filter(|hours| hours.in_force)
    }

    /// What was set for a site alone, or for every site: in force or lifted.
    pub fn hours_set(&self, site: Option<PlaceId>) -> Option<&Hours> {
        self.hours.get(&site)
    }

    /// The authority in whose area a site is: it gets the returns. `None` until it is set.
    pub fn authority(&self, site: PlaceId) -> Option<&Authority> {
        self.authorities()
            .find(|one| one.site == Some(site))
            .or_else(|| self.authorities().find(|one| one.site.is_none()))
    }

    /// The authorities that are set: the one of every site that has none of its own first.
    pub fn authorities(&self) -> impl Iterator<Item = &Authority> {
        self.authorities.values().filter(|one| !one.name.is_empty())
    }

    /// The minutes since midnight at which a site's registers are printed by themselves.
    pub fn printed_at(&self, site: PlaceId) -> &[u16] {
        let set = self.fallbacks.get(&Some(site)).or_else(|| self.fallbacks.get(&None));
        set.map_or(&[], |set| set.at.as_slice())
    }

    /// Whether a site has times of its own for that.
    pub fn prints_apart(&self, site: PlaceId) -> bool {
        self.fallbacks.contains_key(&Some(site))
    }

    /// What a site adds to the help for taking the register.
    pub fn guide(&self, site: PlaceId) -> Option<&Guide> {
        self.guides.get(&Some(site)).or_else(|| self.guides.get(&None))
    }

    /// The groups of a site, by name as people sort them.
    pub fn groups_of(&self, site: PlaceId) -> Vec<&Group> {
        let mut found: Vec<_> = self.groups.values().filter(|group| group.site == site).collect();
        found.sort_by_key(|group| (natural(&group.name), group.id));
        found
    }

    /// A site by its code in exports.
    pub fn site_by_code(&self, code: &str) -> Option<&Site> {
        self.sites.values().find(|site| site.code == code)
    }

    /// A device's name, or the beginning of its id.
    pub fn device_name(&self, device: DeviceId) -> String {
        match self.devices.get(&device) {
            Some(known) => known.name.clone(),
            None => format!("device {device:?}"),
        }
    }
}

/// A name in which numbers count as numbers: `S1-8A` before `S1-10A`.
pub(crate) fn natural(name: &str) -> Vec<(u32, String)> {
    let mut parts: Vec<(u32, String)> = Vec::new();
    let mut digits = String::new();
    let mut text = String::new();
    for symbol in crate::names::fold(name).chars() {
        if symbol.is_ascii_digit() {
            if !text.is_empty() {
                parts.push((0, std::mem::take(&mut text)));
            }
            digits.push(symbol);
        } else {
            if !digits.is_empty() {
                parts.push((digits.parse().unwrap_or(u32::MAX), String::new()));
                digits.clear();
            }
            text.push(symbol);
        }
    }
    if !digits.is_empty() {
        parts.push((digits.parse().unwrap_or(u32::MAX), String::new()));
    }
    if !text.is_empty() {
        parts.push((0, text));
    }
    parts
}

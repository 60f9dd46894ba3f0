//! Who signed in by the page of another day: of yesterday, because they stayed over midnight or nobody signed them out,
//! or because the clock at the door is a day behind; of tomorrow, because it is ahead.
//!
//! Nobody can tell these apart, and somebody who was told "you are signed in" may be in the building. So whoever is
//! signed in there and not out is to be called, in words that say the day. Pages further away are not looked at: a visit
//! that nobody ended is settled by signing the visitor out, in a roll call, or by the second midnight.

use super::{Believed, FireList, Roll, State, elsewhere, roll, visitor_group, visitor_name};
use crate::calendar::{self, Day};
use crate::facts::roll::Way;
use crate::fire::door::{self, Door};
use crate::fire::evidence::{Expected, Visit};
use crate::ids::{VisitId, Who};
use crate::names;
use muster_core::id::PlaceId;
use muster_core::replica::records::{Records, RecordsError};
use std::collections::{BTreeMap, BTreeSet};

/// Adds them to a list. `held` are rolls that were read already.
pub(super) fn add(
    records: &mut impl Records,
    site: PlaceId,
    list: &mut FireList,
    held: &[&Roll],
) -> Result<(), RecordsError> {
    let today = list.now.day;
    let mut read = |day: Day| match held.iter().find(|roll| roll.day == day) {
        Some(roll) => Ok((*roll).clone()),
        None => roll(records, site, day),
    };
    let (yesterday, now, tomorrow) = (read(today.plus(-1))?, read(today)?, read(today.plus(1))?);
    let mut expected = BTreeMap::new();
    for roll in held.iter().copied().chain([&yesterday, &now, &tomorrow]) {
        expected.extend(roll.expected.iter().map(|(who, one)| (*who, one.clone())));
    }
    let mut beside = Beside { today: door::open(&now, &expected), closed: BTreeSet::new(), expected, list };
    for roll in [&yesterday, &now, &tomorrow] {
        // One that ended before it began on its own page is torn, and stays open.
        let torn = |id: &&VisitId| roll.visits.get(id).is_some_and(is_torn);
        beside.closed.extend(roll.ended.iter().filter(|id| !torn(id)));
    }
    beside.typed_out(&now, &yesterday);
    for roll in [&yesterday, &tomorrow] {
        // Whoever stands on the page that the list is made of stands on the list already.
        if roll.day != beside.list.day {
            beside.visitors(roll, &now);
            beside.signed(roll, &now);
        }
    }
    list.people.sort_by_cached_key(|one| (one.state, names::sort_key(&one.surname, &one.forename), one.who));
    Ok(())
}

/// Ended before it began, by the clocks of two devices.
fn is_torn(visit: &Visit) -> bool {
    visit.left.is_some_and(|left| left < visit.arrived.minute)
}

/// Whether somebody who signed in at this minute of another page set out since, with a trip or for another site.
fn has_set_out(now: &Roll, who: Who, minute: u16) -> bool {
    elsewhere::set_out(now, who).is_some_and(|left| minute <= left)
}

struct Beside<'a> {
    /// What was signed by the page of today.
    today: Door,
    /// Visits that somebody ended, on whichever page.
    closed: BTreeSet<VisitId>,
    expected: BTreeMap<Who, Expected>,
    list: &'a mut FireList,
}

impl Beside<'_> {
    fn is_open(&self, visit: &Visit) -> bool {
        (visit.left.is_none() || is_torn(visit)) && !self.closed.contains(&visit.arrived.visit)
    }

    /// A visitor of yesterday's page who typed their name at the kiosk today when they went: where it fits one visit of
    /// their kind alone. A visit of tomorrow's page stays open: whoever came by a fast clock may have come since.
    fn typed_out(&mut self, now: &Roll, yesterday: &Roll) {
        for (id, (out, _)) in &now.typed_out {
            if !self.today.unmatched.iter().any(|(unmatched, _)| unmatched == id) {
                continue;
            }
            let typed = names::fold(&out.name);
            let fits = |one: &&Visit| one.details.kind == out.kind && names::fold(&one.arrived.name) == typed;
            let mut fits = yesterday.visits.values().filter(fits).filter(|one| self.is_open(one));
            if let (Some(one), None) = (fits.next(), fits.next()) {
                let closes = one.arrived.visit;
                self.closed.insert(closes);
                let words = self.today.unmatched.iter().find(|(unmatched, _)| unmatched == id);
                if let Some((_, words)) = words {
                    self.list.unmatched.retain(|held| held != words);
                }
            }
        }
    }

    fn visitors(&mut self, roll: &Roll, now: &Roll) {
        let ahead = roll.day > self.list.now.day;
        let open = door::open(roll, &self.expected).visits;
        for (id, visit) in &open {
            if !self.is_open(visit) || !ahead && has_set_out(now, Who::Visitor(*id), visit.arrived.minute) {
                continue;
            }
            let (surname, forename, help) = visitor_name(&visit.arrived.name);
            let group = visitor_group(visit, &roll.groups);
            let came = match visit.left.map(calendar::clock) {
                Some(left) => format!(
                    "Signed out {left} before signing in {} {}",
                    roll.day.weekday_word(),
                    calendar::clock(visit.arrived.minute)
                ),
                None => self.words(roll.day, visit.arrived.minute),
            };
            let line = format!("{came}{}", super::judge::about(visit));
            let (who, duties) = (Who::Visitor(*id), Vec::new());
            self.call(Believed { who, surname, forename, group, state: State::MustCall, line, help, duties });
        }
    }

    /// Members of staff, and pupils on no list of today: a register of today knows more of the others. Whoever set out
    /// with a trip or for another site since they signed in is not here, though they forgot to sign out yesterday.
    fn signed(&mut self, roll: &Roll, now: &Roll) {
        let ahead = roll.day > self.list.now.day;
        for (who, signs) in door::open(roll, &self.expected).signs {
            let Some(sign) = signs.last().filter(|sign| sign.way == Way::In) else { continue };
            let said_today = self.today.signs.contains_key(&who);
            let stands = self.list.people.iter().find(|one| one.who == who);
            let known_today = said_today || matches!(who, Who::Pupil(_)) && stands.is_some();
            let set_out = stands.is_some_and(|one| matches!(one.state, State::OnTrip | State::Elsewhere))
                && has_set_out(now, who, sign.minute);
            if stands.is_some_and(Believed::is_called) || !ahead && (known_today || set_out) {
                continue;
            }
            let line = self.words(roll.day, sign.minute);
            let person = match (stands, self.expected.get(&who)) {
                (Some(one), _) => {
                    Believed { state: State::MustCall, line: format!("{line}. {}", one.line), ..one.clone() }
                }
                (None, expected) => {
                    let named = expected.map(|one| (one.person.surname.clone(), one.person.forename.clone()));
                    let (surname, forename) =
                        named.unwrap_or_else(|| (crate::fire::NAMELESS.to_owned(), String::new()));
                    let group = match who {
                        Who::Staff(_) => "Staff".to_owned(),
                        _ => expected.map_or_else(String::new, |one| one.group.clone()),
                    };
                    let help = expected.map_or_else(Vec::new, |one| one.person.help.clone());
                    Believed { who, surname, forename, group, state: State::MustCall, line, help, duties: Vec::new() }
                }
            };
            self.call(person);
        }
    }

    fn words(&self, day: Day, minute: u16) -> String {
        let at = calendar::clock(minute);
        match day > self.list.now.day {
            true => format!("Signed in {at} by a clock that says {}", day.long()),
            false => format!("Signed in {} {at}, not signed out", day.weekday_word()),
        }
    }

    fn call(&mut self, person: Believed) {
        match self.list.people.iter_mut().find(|one| one.who == person.who) {
            Some(one) if one.is_called() => {}
            Some(one) => *one = person,
            None => self.list.people.push(person),
        }
    }
}

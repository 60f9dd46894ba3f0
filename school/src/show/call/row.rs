//! One person's row in a roll call, and who was heard of since it began.

use super::said_words;
use crate::calendar;
use crate::facts::roll::Way;
use crate::facts::roll_call::Statement;
use crate::fire::call::{Call, Called, Standing, urgency};
use crate::fire::care::CareBook;
use crate::fire::evidence::Roll;
use crate::fire::presence::{FireList, State};
use crate::ids::Who;
use crate::show::words::{self, Names};
use crate::view::call::{CallRow, Urgency};
use crate::view::fire::ElsewhereRow;
use crate::view::status::Status;
use muster_core::replica::records::Records;

/// Makes rows, one after the other.
pub(super) struct Maker<'a, R> {
    pub(super) records: &'a R,
    pub(super) names: &'a Names,
    pub(super) roll: &'a Roll,
    pub(super) call: &'a Call,
    /// What is believed now: later than what the call began with, and no answer in it.
    pub(super) list: Option<&'a FireList>,
    pub(super) book: Option<&'a CareBook>,
}

/// Where somebody was found, by the last word of it; may be empty.
pub(super) fn place(person: &Called) -> String {
    let found = person.said.iter().filter(|said| matches!(said.says, Statement::Found | Statement::AtRefuge));
    let last = found.filter(|said| !said.settles).max_by_key(|said| (said.origin.at, said.name));
    last.map_or_else(String::new, |said| said.place.clone())
}

impl<R: Records> Maker<'_, R> {
    pub(super) fn row(&self, person: &Called) -> CallRow {
        let listed = &person.listed;
        let looked = person.said.iter().find(|said| said.says == Statement::NotFound && !said.place.is_empty());
        // Where nobody can say for how long, nobody looks calm.
        let unsure = self.call.clocks_differ(self.records.now());
        let minutes = self.call.minutes(self.records.now()).max(if unsure { urgency::RAISED_AFTER } else { 0 });
        let urgency = match self.call.ended {
            Some(_) => Urgency::Calm,
            None => urgency::level(person.standing, minutes),
        };
        let now = self.list.and_then(|list| list.people.iter().find(|one| one.who == person.who));
        CallRow {
            person: person.who.into(),
            name: surname_first(&listed.surname, &listed.forename),
            spoken: format!("{} {}", listed.forename, listed.surname).trim().to_owned(),
            group: listed.group.clone(),
            status: match person.standing {
                Standing::Check => Status::Check,
                Standing::NotFound => Status::NotFound,
                Standing::ToFind => Status::ToFind,
                Standing::AtRefuge | Standing::Found | Standing::NotHere => Status::Found,
            },
            evidence: listed.line.clone(),
            said: said(self.records, self.names, person),
            looked: looked.map_or_else(String::new, |said| said.place.clone()),
            help: listed.help.clone(),
            marks: person.said.iter().map(|said| said.name).collect(),
            letter: words::letter(&listed.surname),
            urgency,
            waiting: match (urgency, minutes) {
                (Urgency::Calm, _) => String::new(),
                _ if unsure => "Not found".to_owned(),
                (_, 0) => "Not found".to_owned(),
                (_, 1) => "Not found for 1 minute".to_owned(),
                (_, minutes) => format!("Not found for {minutes} minutes"),
            },
            place: place(person),
            at_refuge: person.standing == Standing::AtRefuge,
            not_here: person.standing == Standing::NotHere,
            hint: self.hint(person),
            duties: now.map_or_else(Vec::new, |one| one.duties.clone()),
            care: self.book.map_or_else(Vec::new, |book| book.lines(person.who)),
            phones: self.book.map_or_else(Vec::new, |book| book.phones(person.who, self.roll)),
        }
    }

    /// A sign-out or another sign-in that the list did not know of when the call began: worth a word, and no answer.
    fn hint(&self, person: &Called) -> String {
        let Some(started) = self.call.started else { return String::new() };
        // Evidence of a day that is over is no word on today, nor is today's on a roll call that was left running: one
        // that is of today was begun or spoken in today, by some clock.
        let spoken = [Some(started.at), self.call.written.map(|(_, last)| last)];
        let of = |day| spoken.iter().flatten().any(|at| calendar::local(*at).day >= day);
        if self.list.is_none_or(|list| list.day < list.now.day || !of(list.day)) {
            return String::new();
        }
        let after = |at: muster_core::time::Moment| at.utc_ms >= started.at.utc_ms;
        let since = "heard after the start";
        if let Who::Visitor(visit) = person.who {
            let left = self.roll.visits.get(&visit).and_then(|visit| visit.left);
            return left.map_or_else(String::new, |left| format!("Signed out {}, {since}", calendar::clock(left)));
        }
        let sign = self.roll.signs.get(&person.who).and_then(|signs| signs.last());
        if let Some(sign) = sign {
            let at = calendar::clock(sign.minute);
            // Whoever had signed out before would not be on the list, unless something spoke against it.
            match sign.way {
                Way::Out if !person.listed.line.contains(&at) => return format!("Signed out {at}, {since}"),
                Way::In if after(sign.origin.at) => return format!("Signed in {at}, {since}"),
                Way::In | Way::Out => {}
            }
        }
        let now = self.list.and_then(|list| list.people.iter().find(|one| one.who == person.who));
        match now {
            Some(now) if matches!(now.state, State::OnTrip | State::Elsewhere) => format!("{}, {since}", now.line),
            _ => String::new(),
        }
    }

    /// Who is believed here now and was on nobody's list when the call began.
    pub(super) fn heard_since(&self) -> Vec<ElsewhereRow> {
        let Some(list) = self.list.filter(|_| self.call.ended.is_none()) else { return Vec::new() };
        let new = list.to_call().filter(|one| self.call.person(one.who).is_none());
        new.map(|one| ElsewhereRow {
            person: one.who.into(),
            name: one.listed(),
            group: one.group.clone(),
            line: one.line.clone(),
        })
        .collect()
    }
}

/// Surname first.
pub(super) fn surname_first(surname: &str, forename: &str) -> String {
    if forename.is_empty() { surname.to_owned() } else { format!("{surname}, {forename}") }
}

/// Everything that stands of somebody, in words.
pub(super) fn said(records: &impl Records, names: &Names, person: &Called) -> String {
    person.said.iter().map(|said| said_words(records, names, said)).collect::<Vec<_>>().join(". ")
}

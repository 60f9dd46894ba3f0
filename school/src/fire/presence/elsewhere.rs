//! Movements to another site and trips, weighed against what was seen here.

use super::State;
use super::judge::Judge;
use crate::calendar;
use crate::facts::roll::Seen;
use crate::fire::evidence::{Expected, Roll, Signed};
use crate::ids::Who;
use muster_core::document::fact::Origin;
use muster_core::id::PersonId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A trip of the day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TripLine {
    /// Its id.
    pub id: [u8; 16],
    /// As in `Swimming`.
    pub title: String,
    /// Who leads it.
    pub leader: Option<PersonId>,
    /// The leader's name.
    pub leader_name: String,
    /// The leader's number: shown only to whoever may see numbers.
    pub phone: String,
    /// Minutes since midnight at which it set out.
    pub out: u16,
    /// Minutes since midnight at which it is due back.
    pub due: u16,
    /// Minutes since midnight at which it was back.
    pub back: Option<u16>,
    /// Who is with it, surname first.
    pub people: Vec<String>,
}

impl TripLine {
    /// Should be back by a minute of the day, and is not.
    pub fn is_overdue(&self, minute: u16) -> bool {
        self.back.is_none() && minute > self.due
    }
}

/// The trips of a roll: those that are out first, by when they are due.
pub(super) fn trips(roll: &Roll, expected: &BTreeMap<Who, Expected>) -> Vec<TripLine> {
    let name = |who: &Who| match expected.get(who) {
        Some(one) => format!("{}, {}", one.person.surname, one.person.forename),
        None => crate::fire::NAMELESS.to_owned(),
    };
    let mut found: Vec<TripLine> = roll
        .trips
        .values()
        .map(|held| {
            let mut people: Vec<String> = held.trip.people.iter().map(name).collect();
            people.sort_by_cached_key(|name| crate::names::fold(name));
            TripLine {
                id: held.trip.id,
                title: held.trip.title.clone(),
                leader: held.trip.leader,
                leader_name: held.trip.leader_name.clone(),
                phone: held.trip.phone.clone(),
                out: held.trip.out,
                due: held.trip.due,
                back: held.back,
                people,
            }
        })
        .collect();
    found.sort_by_key(|trip| (trip.back.is_some(), trip.due, trip.id));
    found
}

/// The last thing that took somebody away from this site, or brought them to it.
enum Gone<'a> {
    /// Set out for another site.
    To(&'a str),
    /// Set out from another site for this one.
    From(&'a str),
    /// With a trip.
    Trip { title: &'a str, leader: &'a str, due: u16 },
    /// Back from one.
    Back(&'a str),
}

impl Judge<'_> {
    /// What is believed of somebody, given what was made of the other evidence about them. A sign-in or a mark that is
    /// newer than a movement speaks against it; nobody is off the list here while something says that they are here.
    pub(super) fn elsewhere(&self, who: Who, signs: &[Signed], here: (State, String)) -> (State, String) {
        if !self.current {
            return here;
        }
        let Some((minute, gone, origin)) = self.gone(who) else { return here };
        let at = calendar::clock(minute);
        let seen = self.last_word(who, signs).filter(|seen| *seen > minute);
        if self.is_suspect(origin) {
            return (State::MustCall, format!("{}. Set out at {at}, by a clock that is not right", here.1));
        }
        let doubt = |words: String| (State::MustCall, format!("{}. {words}", here.1));
        match (gone, seen) {
            (Gone::To(to), None) => (State::Elsewhere, format!("At {to} since {at}")),
            (Gone::To(to), Some(_)) if here.0 == State::MustCall => doubt(format!("Set out for {to} {at}")),
            (Gone::From(from), None) => (State::MustCall, format!("From {from} {at}, not seen here yet")),
            (Gone::Trip { title, leader, due }, None) => {
                let with = if leader.is_empty() { String::new() } else { format!(" with {leader}") };
                (State::OnTrip, format!("{title}{with} since {at}, due back {}", calendar::clock(due)))
            }
            (Gone::Trip { title, .. }, Some(_)) if matches!(here.0, State::OnSite | State::MustCall) => {
                doubt(format!("Out with {title} since {at}"))
            }
            (Gone::Trip { title, .. }, Some(_)) => (State::OnTrip, format!("{title} since {at}. {}", here.1)),
            (Gone::Back(title), None) => (State::OnSite, format!("Back {at} from {title}")),
            (Gone::To(_) | Gone::From(_) | Gone::Back(_), Some(_)) => here,
        }
    }

    fn gone(&self, who: Who) -> Option<(u16, Gone<'_>, &Origin)> {
        let moves = self.roll.moves.get(&who).and_then(|moves| moves.last()).map(|(moved, origin)| {
            let gone = match self.roll.site == Some(moved.from.0) {
                true => Gone::To(&moved.to.1),
                false => Gone::From(&moved.from.1),
            };
            (moved.minute, gone, origin)
        });
        let trips = self.roll.trips.values().filter(|held| held.trip.people.contains(&who)).map(|held| {
            let trip = &held.trip;
            match held.back {
                Some(back) => (back, Gone::Back(&trip.title), &held.origin),
                None => {
                    let gone = Gone::Trip { title: &trip.title, leader: &trip.leader_name, due: trip.due };
                    (trip.out, gone, &held.origin)
                }
            }
        });
        moves.into_iter().chain(trips).max_by_key(|(minute, ..)| *minute)
    }

    /// The minute of the newest sign-in, sign-out or mark.
    fn last_word(&self, who: Who, signs: &[Signed]) -> Option<u16> {
        let signed = signs.last().map(|sign| sign.minute);
        let Who::Pupil(pupil) = who else { return signed };
        let marks = [calendar::Half::Am, calendar::Half::Pm].into_iter();
        let marks = marks.filter_map(|half| self.roll.marks.get(&(pupil, half))).flatten();
        let marked = marks.filter(|mark| mark.seen != Seen::Cleared).map(|mark| calendar::local(mark.origin.at).minute);
        signed.into_iter().chain(marked).max()
    }
}

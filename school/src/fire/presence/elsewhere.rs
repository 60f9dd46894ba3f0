//! Movements to another site and trips, weighed against what was seen here.

use super::State;
use super::judge::Judge;
use crate::calendar::{self, Day, Local};
use crate::facts::roll::Seen;
use crate::fire::evidence::{Expected, Roll, Signed};
use crate::fire::trips::TripHeld;
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
    /// The day on which it set out.
    pub out_day: Day,
    /// The day on which it is due back.
    pub due_day: Day,
    /// Minutes since midnight at which it was back.
    pub back: Option<u16>,
    /// Who is with it, surname first.
    pub people: Vec<String>,
}

impl TripLine {
    /// Should be back by now, and is not.
    pub fn is_overdue(&self, now: Local) -> bool {
        self.back.is_none() && (now.day, now.minute) > (self.due_day, self.due)
    }

    /// When it is due back: `12:15`; with the day where that is not the day of the list.
    pub fn due_words(&self, today: Day) -> String {
        calendar::clock_of(self.due_day, self.due, today)
    }
}

/// The trips of a roll: those that are out first, by when they are due.
pub(super) fn trips(roll: &Roll, expected: &BTreeMap<Who, Expected>) -> Vec<TripLine> {
    let name = |held: &TripHeld, who: &Who| match (expected.get(who), held.names.get(who)) {
        (Some(one), _) => format!("{}, {}", one.person.surname, one.person.forename),
        (None, Some(name)) => name.clone(),
        (None, None) => crate::fire::NAMELESS.to_owned(),
    };
    let mut found: Vec<TripLine> = roll
        .trips
        .values()
        .map(|held| {
            let mut people: Vec<String> =
                held.trip.people.iter().filter(|who| held.has(**who)).map(|who| name(held, who)).collect();
            people.sort_by_cached_key(|name| crate::names::fold(name));
            TripLine {
                id: held.trip.id,
                title: held.trip.title.clone(),
                leader: held.trip.leader,
                leader_name: held.trip.leader_name.clone(),
                phone: held.trip.phone.clone(),
                out: held.trip.out,
                due: held.trip.due,
                out_day: held.out_day,
                due_day: held.due_day,
                back: held.back,
                people,
            }
        })
        .collect();
    found.sort_by_key(|trip| (trip.back.is_some(), trip.due_day, trip.due, trip.id));
    found
}

/// The last thing that took somebody away from this site, or brought them to it.
enum Gone<'a> {
    /// Set out for another site.
    To(&'a str),
    /// Set out from another site for this one.
    From(&'a str),
    /// With a trip.
    Trip(&'a TripHeld),
    /// Back from one.
    Back(&'a str),
}

/// The last of these of a day: its minute, and who wrote it where that was on the day itself. A trip that set out on an
/// earlier day counts from midnight.
fn gone(roll: &Roll, who: Who) -> Option<(u16, Gone<'_>, Option<&Origin>)> {
    let moves = roll.moves.get(&who).and_then(|moves| moves.last()).map(|(moved, origin)| {
        let gone = match roll.site == Some(moved.from.0) {
            true => Gone::To(&moved.to.1),
            false => Gone::From(&moved.from.1),
        };
        (moved.minute, gone, Some(origin))
    });
    let trips = roll.trips.values().filter(|held| held.has(who)).map(|held| {
        let of_today = held.out_day == roll.day;
        let origin = of_today.then_some(&held.origin);
        match held.back {
            Some(back) => (back, Gone::Back(&held.trip.title), origin),
            None => (if of_today { held.trip.out } else { 0 }, Gone::Trip(held), origin),
        }
    });
    moves.into_iter().chain(trips).max_by_key(|(minute, ..)| *minute)
}

/// The minute at which somebody set out who is on a trip or on the way to another site; of a trip that set out on an
/// earlier day the last of the day, because whoever was seen here since then is not with it.
pub(super) fn set_out(roll: &Roll, who: Who) -> Option<u16> {
    match gone(roll, who)? {
        (_, Gone::Trip(held), _) if held.out_day < roll.day => Some(u16::MAX),
        (minute, Gone::Trip(_) | Gone::To(_), _) => Some(minute),
        (_, Gone::From(_) | Gone::Back(_), _) => None,
    }
}

impl Judge<'_> {
    /// What is believed of somebody, given what was made of the other evidence about them. A sign-in or a mark that is
    /// newer than a movement speaks against it; nobody is off the list here while something says that they are here.
    pub(super) fn elsewhere(&self, who: Who, signs: &[Signed], here: (State, String)) -> (State, String) {
        if !self.current {
            return here;
        }
        let today = self.roll.day;
        let Some((minute, gone, origin)) = gone(self.roll, who) else { return here };
        let at = match gone {
            Gone::Trip(held) => calendar::clock_of(held.out_day, held.trip.out, today),
            _ => calendar::clock(minute),
        };
        let seen = self.last_word(who, signs).filter(|seen| *seen > minute);
        if origin.is_some_and(|origin| self.is_suspect(origin)) {
            return (State::MustCall, format!("{}. Set out at {at}, by a clock that is not right", here.1));
        }
        let doubt = |words: String| (State::MustCall, format!("{}. {words}", here.1));
        match (gone, seen) {
            (Gone::To(to), None) => (State::Elsewhere, format!("At {to} since {at}")),
            (Gone::To(to), Some(_)) if here.0 == State::MustCall => doubt(format!("Set out for {to} {at}")),
            (Gone::From(from), None) => (State::MustCall, format!("From {from} {at}, not seen here yet")),
            (Gone::Trip(held), None) => {
                let TripHeld { trip, due_day, .. } = held;
                let leader = &trip.leader_name;
                let with = if leader.is_empty() { String::new() } else { format!(" with {leader}") };
                let due = calendar::clock_of(*due_day, trip.due, today);
                (State::OnTrip, format!("{}{with} since {at}, due back {due}", trip.title))
            }
            (Gone::Trip(held), Some(_)) if matches!(here.0, State::OnSite | State::MustCall) => {
                doubt(format!("Out with {} since {at}", held.trip.title))
            }
            (Gone::Trip(held), Some(_)) => (State::OnTrip, format!("{} since {at}. {}", held.trip.title, here.1)),
            (Gone::Back(title), None) => (State::OnSite, format!("Back {at} from {title}")),
            (Gone::To(_) | Gone::From(_) | Gone::Back(_), Some(_)) => here,
        }
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

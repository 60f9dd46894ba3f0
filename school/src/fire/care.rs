//! The day's care lines and numbers of a site: what whoever may read care sees on the fire list, and what lies sealed in
//! the roll for whoever gives the marshal's PIN.
//!
//! Never in the list that a device shows with nobody signed in, never at a kiosk, and never a pupil's contacts.

use super::evidence::Roll;
use crate::facts::roll::Person;
use crate::ids::Who;
use crate::known::Known;
use crate::limits::{CARE_BYTES, NAME_CHARS};
use crate::view::fire::Phone;
use muster_core::id::PersonId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// See the module.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CareBook {
    /// Care lines, by person.
    lines: BTreeMap<Who, Vec<String>>,
    /// Numbers of staff, with their names.
    numbers: BTreeMap<PersonId, (String, String)>,
}

impl CareBook {
    /// What is known here of everybody on a roll.
    pub fn of(known: &Known, people: &BTreeMap<Who, super::evidence::Expected>, roll: &Roll) -> Self {
        let moved = roll.moves.values().flatten().map(|(moved, _)| &moved.person);
        let people: Vec<&Person> = people.values().map(|one| &one.person).chain(moved).collect();
        let mut book = Self::default();
        for person in people {
            if let Who::Pupil(pupil) = person.who {
                let lines = known.care(pupil).map(|care| care.lines()).unwrap_or_default();
                if !lines.is_empty() {
                    book.lines.insert(person.who, lines);
                }
            }
        }
        for duty in known.school().duties.values().filter(|duty| !duty.phone.is_empty()) {
            book.numbers.insert(duty.person, (known.staff_name(duty.person), duty.phone.clone()));
        }
        book
    }

    /// Its bytes, to be sealed; `None` where a site had more than a school has.
    pub fn encode(&self) -> Option<Vec<u8>> {
        let bytes = postcard::to_extend(self, Vec::new()).ok()?;
        (bytes.len() <= CARE_BYTES - 256).then_some(bytes)
    }

    /// Back from bytes; `None` when they are not a book.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        postcard::from_bytes(bytes).ok()
    }

    /// Somebody's care lines.
    pub fn lines(&self, who: Who) -> Vec<String> {
        self.lines.get(&who).cloned().unwrap_or_default()
    }

    /// The numbers on which somebody, or whoever knows where they are, can be called.
    pub(crate) fn phones(&self, who: Who, roll: &Roll) -> Vec<Phone> {
        let mut phones = Vec::new();
        let mut add = |person: PersonId, what: &str| {
            if let Some((name, number)) = self.numbers.get(&person) {
                let whose: String = format!("{name}{what}").chars().take(NAME_CHARS).collect();
                phones.push(Phone { whose, number: number.clone() });
            }
        };
        match who {
            Who::Staff(person) => add(person, ""),
            Who::Visitor(visit) => {
                let Some(visit) = roll.visits.get(&visit) else { return phones };
                if let Some(host) = visit.arrived.host {
                    add(host, ", host");
                }
                if !visit.details.phone.is_empty() {
                    phones.push(Phone { whose: visit.arrived.name.clone(), number: visit.details.phone.clone() });
                }
            }
            Who::Pupil(_) | Who::Stranger(_) => {}
        }
        for held in roll.trips.values().filter(|held| held.back.is_none() && held.has(who)) {
            if !held.trip.phone.is_empty() {
                let whose = format!("{}, leads {}", held.trip.leader_name, held.trip.title);
                phones.push(Phone { whose, number: held.trip.phone.clone() });
            }
        }
        phones
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.numbers.is_empty()
    }
}

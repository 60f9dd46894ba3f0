//! What a pupil's family document holds: addresses, contacts, consents.

use super::custody::{Confidential, Home, Move, NUMBERS, Order, Parent, SecondAddress};
use super::{Sound, is_line, values};
use crate::calendar::Day;
use serde::{Deserialize, Serialize};

/// Where the pupil lives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// House and street.
    pub line: String,
    /// Town.
    pub town: String,
    /// Postcode.
    pub postcode: String,
}

/// Somebody to call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Names it, so that it can be amended, whatever its place in the order.
    pub id: [u8; 16],
    /// In which order they are called, from 1; several may stand at one place.
    pub priority: u8,
    /// Title.
    pub title: String,
    /// Forename.
    pub forename: String,
    /// Surname.
    pub surname: String,
    /// What they are to the pupil.
    pub relationship: String,
    /// Has parental responsibility.
    pub responsible: bool,
    /// Telephones, the first to call first.
    pub numbers: Vec<String>,
    /// E-mail.
    pub email: String,
    /// Where they live.
    pub home: Home,
    /// The pupil lives with them.
    pub lives_with: bool,
    /// A court order concerns this contact: never to be called without reading it.
    pub court_order: bool,
    /// Since when they are nobody to call any more.
    pub ended: Option<Day>,
}

impl Contact {
    /// What names a contact of a list from elsewhere: its place there. Names made here are random.
    pub fn listed(place: u8) -> [u8; 16] {
        let mut id = [0; 16];
        if let Some(last) = id.last_mut() {
            *last = place;
        }
        id
    }

    /// Its place in the list from elsewhere; `None` for a contact that was entered here.
    pub fn place_elsewhere(&self) -> Option<u8> {
        let (place, rest) = self.id.split_last()?;
        rest.iter().all(|byte| *byte == 0).then_some(*place)
    }
}

/// A consent as the export had it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// For what.
    pub what: String,
    /// Given or refused.
    pub given: bool,
}

values! {
    /// A fact of a family document.
    FamilyFact {
        /// An address.
        801 => Address,
        /// A contact.
        802 => Contact,
        /// A consent.
        803 => Consent,
        /// A parent.
        804 => Parent,
        /// A second address of the pupil.
        805 => SecondAddress,
        /// An address is kept from somebody.
        806 => Confidential,
        /// A court order.
        807 => Order,
        /// A move that was notified.
        808 => Move,
    }
}

impl Sound for Address {
    fn is_sound(&self) -> bool {
        is_line(&self.line) && is_line(&self.town) && is_line(&self.postcode)
    }
}

impl Sound for Contact {
    fn is_sound(&self) -> bool {
        self.home.is_sound()
            && [&self.title, &self.forename, &self.surname, &self.relationship, &self.email]
                .iter()
                .all(|text| is_line(text))
            && self.numbers.len() <= NUMBERS
            && self.numbers.iter().all(|number| is_line(number))
    }
}

impl Sound for Consent {
    fn is_sound(&self) -> bool {
        is_line(&self.what)
    }
}

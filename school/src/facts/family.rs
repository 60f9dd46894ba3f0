//! What a pupil's family document holds: addresses, contacts, consents.

use super::custody::{Confidential, Move, Order, Parent, SecondAddress};
use super::{Sound, is_line, values};
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
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Contact {
    /// In which order, from 1.
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
    /// Telephone.
    pub mobile: String,
    /// E-mail.
    pub email: String,
    /// A court order concerns this contact: never to be called without reading it.
    pub court_order: bool,
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
        [&self.title, &self.forename, &self.surname, &self.relationship, &self.mobile, &self.email]
            .iter()
            .all(|text| is_line(text))
    }
}

impl Sound for Consent {
    fn is_sound(&self) -> bool {
        is_line(&self.what)
    }
}

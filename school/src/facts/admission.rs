//! What a pupil's document holds of the admission register: the entry, last and next school, deletion, and why
//! something was changed.
//!
//! Not here: names, sex, date of birth and starting day, which the pupil's other facts hold, and addresses, parents
//! and orders, which only those who read family records may read (see `custody`). The rules are in `admission`.

use super::{Sound, is_line, is_text};
use crate::calendar::Day;
use serde::{Deserialize, Serialize};

/// How the starting day came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Starting {
    /// The school and the person in control of attendance agreed it.
    Agreed,
    /// Nothing was agreed: the first day actually attended.
    FirstAttended,
}

/// What the admission register holds of a pupil beside their names and dates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Middle names; empty for none.
    pub middle: String,
    /// Any other name the pupil is or was known by; empty for none.
    pub other_names: String,
    /// Boards at the school.
    pub boarder: bool,
    /// Where the starting day comes from.
    pub starting: Starting,
}

/// A school the pupil was at before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastSchool {
    /// Its name; empty where the pupil was at none.
    pub name: String,
    /// Its address, in one line; empty where it is not known.
    pub address: String,
}

/// By whom a pupil was placed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placement {
    /// The authority's number, such as `919`; empty where no authority has to do with it.
    pub number: String,
    /// The authority's name.
    pub name: String,
    /// That authority arranged the place here: without its consent no deletion for education at home.
    pub arranged: bool,
    /// The pupil has an education, health and care plan.
    pub plan: bool,
}

/// A school the pupil goes on to, or also goes to, as notified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextSchool {
    /// Its name.
    pub name: String,
    /// Its address, in one line; empty where it is not known.
    pub address: String,
    /// The day the pupil starts there.
    pub from: Option<Day>,
}

/// The grounds on which a name may be deleted, by their letters in regulation 9.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Ground {
    /// a: a school attendance order was changed or revoked.
    OrderChanged,
    /// b: registered at another school.
    AnotherSchool,
    /// c: registered at two schools, has stopped attending here, the other agrees.
    DualEnded,
    /// d: a parent says in writing that the child is educated at home.
    EducatedAtHome,
    /// e: moved beyond reasonable distance.
    Moved,
    /// f: did not come back within ten school days of the end of leave.
    NotBackFromLeave,
    /// g: medically unfit until past compulsory age.
    Unfit,
    /// h: in custody for four months or more.
    Custody,
    /// i: absent for twenty school days running.
    AbsentTwenty,
    /// j: died.
    Died,
    /// k: past compulsory age and leaving.
    PastAge,
    /// l: has ceased to be a pupil of an independent school.
    CeasedHere,
    /// m: boarding fees unpaid, at some state boarding schools.
    FeesUnpaid,
    /// n: permanently excluded.
    Excluded,
}

/// Consent of the authority that placed a pupil.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// Who of the authority consented, and how: as in `A. Shah, letter 12/11`.
    pub by: String,
    /// When.
    pub day: Day,
}

/// A name is deleted from the admission register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deleted {
    /// The last day on the register: the name is deleted at its end.
    pub day: Day,
    /// On which ground.
    pub ground: Ground,
    /// What shows that the ground is met.
    pub words: String,
    /// The placing authority's consent, where the ground needs it.
    pub consent: Option<Consent>,
    /// Who agreed to the deletion: name and position.
    pub agreed_by: String,
}

/// Why something of a pupil's entry was changed: stands in the same act as the change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amended {
    /// The reason, in a few words.
    pub reason: String,
}

/// A deletion was a mistake: the name stands again as if it had not been made. The mistake stays in the history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restored {
    /// Who agreed: name and position.
    pub agreed_by: String,
}

impl Ground {
    /// Every ground, in the order of the letters.
    pub const ALL: [Self; 14] = [
        Self::OrderChanged,
        Self::AnotherSchool,
        Self::DualEnded,
        Self::EducatedAtHome,
        Self::Moved,
        Self::NotBackFromLeave,
        Self::Unfit,
        Self::Custody,
        Self::AbsentTwenty,
        Self::Died,
        Self::PastAge,
        Self::CeasedHere,
        Self::FeesUnpaid,
        Self::Excluded,
    ];

    /// Its letter.
    pub fn letter(self) -> char {
        match self {
            Self::OrderChanged => 'a',
            Self::AnotherSchool => 'b',
            Self::DualEnded => 'c',
            Self::EducatedAtHome => 'd',
            Self::Moved => 'e',
            Self::NotBackFromLeave => 'f',
            Self::Unfit => 'g',
            Self::Custody => 'h',
            Self::AbsentTwenty => 'i',
            Self::Died => 'j',
            Self::PastAge => 'k',
            Self::CeasedHere => 'l',
            Self::FeesUnpaid => 'm',
            Self::Excluded => 'n',
        }
    }
}

impl Sound for Entry {
    fn is_sound(&self) -> bool {
        is_line(&self.middle) && is_line(&self.other_names)
    }
}

impl Sound for LastSchool {
    fn is_sound(&self) -> bool {
        is_line(&self.name) && is_text(&self.address)
    }
}

impl Sound for Placement {
    fn is_sound(&self) -> bool {
        let digits = self.number.len() <= 3 && self.number.bytes().all(|byte| byte.is_ascii_digit());
        digits && is_line(&self.name)
    }
}

impl Sound for NextSchool {
    fn is_sound(&self) -> bool {
        is_line(&self.name) && is_text(&self.address)
    }
}

impl Sound for Deleted {
    fn is_sound(&self) -> bool {
        is_text(&self.words)
            && is_line(&self.agreed_by)
            && self.consent.as_ref().is_none_or(|consent| is_line(&consent.by))
    }
}

impl Sound for Amended {
    fn is_sound(&self) -> bool {
        is_text(&self.reason)
    }
}

impl Sound for Restored {
    fn is_sound(&self) -> bool {
        is_line(&self.agreed_by)
    }
}

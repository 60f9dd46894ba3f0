//! When a name may be deleted: only on a ground of regulation 9, and only where that ground's own conditions are met.
//!
//! What the records show is looked up; what only people know (that the school and the authority both looked for the
//! pupil) is asked for, and stands in the entry with the name of whoever agreed.
//!
//! Not here: the returns that a deletion makes due (see `returns`).

use crate::age;
use crate::calendar::Day;
use crate::facts::admission::{Consent, Ground};
use crate::known::{Pupil, School};
use muster_core::id::PlaceId;

/// School days of absence running that ground i needs.
pub const ABSENT_RUNNING: usize = 20;
/// School days after the end of leave that ground f needs.
pub const AFTER_LEAVE: usize = 10;

/// What somebody says, beside what the records show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// What shows that the ground is met, in words: a letter and its date, an order.
    pub words: String,
    /// Who agreed to the deletion: name and position.
    pub agreed_by: String,
    /// The placing authority's consent.
    pub consent: Option<Consent>,
    /// The day leave ended, for ground f.
    pub leave_ended: Option<Day>,
    /// The school and the authority both made reasonable enquiry: for grounds f and i.
    pub looked_for: bool,
    /// There is no reason to think that the pupil is ill or kept away unavoidably: for grounds f and i.
    pub no_good_reason: bool,
    /// How many school days up to today were all `G`, `N` or `O`: looked up, for ground i.
    pub absent_running: usize,
}

/// Why a name is not deleted. Each says what would be right.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Deleted already.
    #[error("this name is deleted from the register already")]
    Already,
    /// Not on the register.
    #[error("this name is not on the register before the starting day: change the starting day, or wait for it")]
    NotYet,
    /// In the past.
    #[error("no name is deleted for a day that is over: the earliest is {0}")]
    Retrospective(String),
    /// No words.
    #[error("say what shows that the ground is met, such as the letter and its date")]
    NoWords,
    /// Nobody agreed.
    #[error("say who agreed to the deletion: name and position")]
    NobodyAgreed,
    /// The special-school trap.
    #[error(
        "{0} placed this pupil here: at a special school no name is deleted for education at home without that authority's consent. Enter who consented, and when"
    )]
    Consent(String),
    /// The placing is not entered.
    #[error("enter first whether a local authority placed this pupil here: if one did, it must consent")]
    PlacementUnknown,
    /// Grounds b and c.
    #[error("enter the other school first, in the pupil's entry")]
    NoSchool,
    /// Ground e.
    #[error("this ground is not for boarders")]
    Boarder,
    /// Ground f.
    #[error("enter the day the leave ended")]
    NoLeave,
    /// Ground f.
    #[error("{0} school days are over since the leave ended: ten are needed")]
    TooSoon(usize),
    /// Grounds f and i.
    #[error(
        "the school and the authority must both have made reasonable enquiry, and found no reason such as sickness: confirm both"
    )]
    NotLookedFor,
    /// Ground i.
    #[error("the register shows {0} school days running of G, N or O up to now: twenty are needed")]
    NotTwenty(usize),
    /// Ground k.
    #[error("enter the date of birth first")]
    NoBirth,
    /// Ground k.
    #[error("this pupil is of compulsory school age until {0}: this ground holds after that")]
    StillCompulsory(String),
    /// The starting day of a name that stands is moved past today: that would take it off.
    #[error(
        "this name is on the register, and leaves it on a ground only: the starting day cannot be after {0}. Delete the name on its ground instead"
    )]
    Stands(String),
    /// The starting day is moved past a mark.
    #[error(
        "this pupil has a mark on {0}: the starting day cannot be after it. Look at that mark first, or delete the name on its ground"
    )]
    HasMark(String),
    /// Ground m.
    #[error("this ground is for state boarding schools: take ground l")]
    NotHere,
}

/// A ground in words: what must be so.
pub fn words(ground: Ground) -> &'static str {
    match ground {
        Ground::OrderChanged => "A school attendance order was changed or revoked",
        Ground::AnotherSchool => "Registered at another school",
        Ground::DualEnded => "Was registered at two schools, has stopped attending here, and the other agrees",
        Ground::EducatedAtHome => "A parent says in writing that the child is educated at home",
        Ground::Moved => "Moved beyond reasonable distance, and has stopped attending",
        Ground::NotBackFromLeave => "Not back within ten school days of the end of leave, and cannot be found",
        Ground::Unfit => "Medically unfit to attend until past compulsory age",
        Ground::Custody => "In custody for four months or more, and not expected back",
        Ground::AbsentTwenty => "Absent for twenty school days running (G, N or O), and cannot be found",
        Ground::Died => "Has died",
        Ground::PastAge => "Past compulsory age and leaving",
        Ground::CeasedHere => "Has ceased to be a pupil of this independent school",
        Ground::FeesUnpaid => "Boarding fees unpaid at a state boarding school",
        Ground::Excluded => "Permanently excluded",
    }
}

/// Whether a name may be deleted at the end of a day.
///
/// # Errors
/// Why not, in words that say what would be right.
pub fn check(
    pupil: &Pupil,
    school: &School,
    site: PlaceId,
    (today, day): (Day, Day),
    ground: Ground,
    said: &Evidence,
) -> Result<(), Refused> {
    if pupil.deleted.is_some() {
        return Err(Refused::Already);
    }
    if pupil.on_roll.starting.is_some_and(|starting| starting > today) {
        return Err(Refused::NotYet);
    }
    if day < today {
        return Err(Refused::Retrospective(today.long()));
    }
    if said.words.trim().is_empty() {
        return Err(Refused::NoWords);
    }
    if said.agreed_by.trim().is_empty() {
        return Err(Refused::NobodyAgreed);
    }
    let looked = || if said.looked_for && said.no_good_reason { Ok(()) } else { Err(Refused::NotLookedFor) };
    match ground {
        Ground::AnotherSchool | Ground::DualEnded => {
            let named = pupil.next_school.as_ref().is_some_and(|school| !school.name.trim().is_empty());
            named.then_some(()).ok_or(Refused::NoSchool)
        }
        Ground::EducatedAtHome => {
            let placement = pupil.placement.as_ref().ok_or(Refused::PlacementUnknown)?;
            let consented = said.consent.as_ref().is_some_and(|consent| !consent.by.trim().is_empty());
            if placement.arranged && !consented {
                let who = if placement.name.is_empty() { "A local authority" } else { &placement.name };
                return Err(Refused::Consent(who.to_owned()));
            }
            Ok(())
        }
        Ground::Moved if pupil.entry.as_ref().is_some_and(|entry| entry.boarder) => Err(Refused::Boarder),
        Ground::NotBackFromLeave => {
            let ended = said.leave_ended.ok_or(Refused::NoLeave)?;
            let days = school.school_days(site, ended, today);
            if days < AFTER_LEAVE {
                return Err(Refused::TooSoon(days));
            }
            looked()
        }
        Ground::AbsentTwenty => {
            if said.absent_running < ABSENT_RUNNING {
                return Err(Refused::NotTwenty(said.absent_running));
            }
            looked()
        }
        Ground::PastAge => {
            let born = pupil.identity.born.ok_or(Refused::NoBirth)?;
            let (_, ends) = age::compulsory(born);
            if day < ends {
                return Err(Refused::StillCompulsory(format!("{} {}", ends.long(), ends.date().year())));
            }
            Ok(())
        }
        Ground::FeesUnpaid => Err(Refused::NotHere),
        Ground::OrderChanged
        | Ground::Moved
        | Ground::Unfit
        | Ground::Custody
        | Ground::Died
        | Ground::CeasedHere
        | Ground::Excluded => Ok(()),
    }
}

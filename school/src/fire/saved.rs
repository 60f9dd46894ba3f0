//! The fire list as a few bytes of its own: opened when the store is damaged, busy, or not there at all.
//!
//! The program seals these bytes and replaces them at each change. A list that is opened later than it was made says
//! so: what it knew of the morning is no word on the afternoon, and what it knew of yesterday none on today.

use super::presence::{FireList, State};
use crate::calendar::{Half, Local};
use crate::ids::Who;

/// The version of the bytes.
const VERSION: u8 = 4;

/// Bytes of a list: 10,000 people of some 100 bytes. Beyond it is not a list of ours.
pub const LIST_BYTES: usize = 2 * 1024 * 1024;

/// Why saved bytes are not a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SavedError {
    /// Another version wrote them.
    #[error("the saved fire list is of another version: open the school's records to make a new one")]
    Version,
    /// They do not decode.
    #[error("the saved fire list cannot be read: open the school's records to make a new one")]
    Damaged,
    /// More people than a school has.
    #[error("the fire list is too large to save")]
    TooLarge,
}

/// The bytes of a list.
///
/// # Errors
/// When it is larger than [`LIST_BYTES`].
pub fn encode(list: &FireList) -> Result<Vec<u8>, SavedError> {
    let bytes = postcard::to_extend(list, vec![VERSION]).map_err(|_| SavedError::Damaged)?;
    if bytes.len() > LIST_BYTES { Err(SavedError::TooLarge) } else { Ok(bytes) }
}

/// Back from bytes, as it was when it was made.
///
/// # Errors
/// When they are not a list of this version.
pub fn decode(bytes: &[u8]) -> Result<FireList, SavedError> {
    if bytes.len() > LIST_BYTES {
        return Err(SavedError::TooLarge);
    }
    match bytes.split_first() {
        Some((&VERSION, body)) => postcard::from_bytes(body).map_err(|_| SavedError::Damaged),
        Some(_) => Err(SavedError::Version),
        None => Err(SavedError::Damaged),
    }
}

/// A saved list as it is to be read now.
#[must_use]
pub fn reopen(mut list: FireList, now: Local) -> FireList {
    let made = list.now;
    list.now = now;
    if now.day != made.day {
        for person in &mut list.people {
            // Somebody who was away or signed out then may be here now, visitors apart, who sign in anew.
            let visitor_left = matches!(person.who, Who::Visitor(_)) && !person.is_called();
            if !visitor_left {
                person.state = State::MustCall;
            }
            person.line = format!("{} on {}", person.line.trim_end_matches(" today"), made.day.long());
        }
        list.missing.clear();
        list.trips.clear();
        list.unmatched.clear();
        list.closed.clear();
    } else if list.half == Half::Am && now.minute >= list.pm_start {
        list.half = Half::Pm;
        for person in &mut list.people {
            if matches!((person.who, person.state), (Who::Pupil(_), State::Away | State::OffSite)) {
                person.state = State::MustCall;
                person.line = format!("No afternoon register yet. {}", person.line);
            }
        }
    }
    list.people.sort_by_cached_key(|one| (one.state, crate::names::sort_key(&one.surname, &one.forename), one.who));
    list
}

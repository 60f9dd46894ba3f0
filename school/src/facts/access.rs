//! What the access document of a site and week holds: who opened what. Who and when is the entry's own.

use super::{Sound, is_line, values};
use muster_core::id::PersonId;
use serde::{Deserialize, Serialize};

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// Somebody signed in.
    SignedIn,
    /// Somebody signed out, or locked the device.
    SignedOut,
    /// Wrong passphrases, so many in a row.
    FailedTries(u16),
    /// The fire register was opened.
    OpenedFire {
        /// With nobody signed in.
        locked: bool,
    },
    /// Something was exported: what, for whom, and how many people.
    Exported {
        /// What.
        what: String,
        /// For whom, as whoever exported it says.
        to: String,
        /// How many people it is about.
        people: u32,
    },
    /// A school's files were imported.
    Imported {
        /// Rows that went in.
        rows: u32,
        /// Rows that did not.
        rejected: u32,
    },
    /// Somebody set up their second factor.
    SetUpSecondFactor,
    /// Somebody raised their access with a code, for so many minutes.
    Raised(u16),
    /// Somebody lowered it again.
    Lowered,
    /// Wrong codes, so many in a row.
    FailedCodes(u16),
    /// Somebody was not let in, the passphrase being right.
    Refused(Refusal),
    /// Somebody signed in outside school hours, and how that was right.
    OutOfHours(OutOfHours),
    /// A sign-in came to its end by itself.
    Ended(Refusal),
    /// The device locked itself: nobody had touched it for a while.
    TimedOut,
    /// Somebody hid the screen at once, which signs out.
    Hid,
    /// Somebody unlocked with the PIN of their sign-in.
    Unlocked,
    /// A wrong PIN.
    FailedPin,
    /// Somebody changed their own passphrase.
    ChangedPassphrase,
    /// Two recovery cards were tried, and nothing was done with them.
    RehearsedCards {
        /// How many of the school's keys they opened.
        opened: u32,
        /// Of how many.
        of: u32,
    },
    /// The care lines of the fire list were opened with the marshal's PIN.
    OpenedCare,
    /// Wrong tries of the marshal's PIN, so many in a row.
    FailedMarshalPin(u16),
    /// A wrong passphrase was given as this person's.
    FailedTryAs(PersonId),
    /// A wrong PIN was given as this person's.
    FailedPinAs(PersonId),
    /// The fire register was opened with nobody signed in while the records were not open to write it down.
    OpenedFireAt {
        /// When, in milliseconds since 1970 UTC.
        utc_ms: i64,
    },
    /// One-time words that let nobody in.
    FailedWords,
    /// A device that wanted in had other words than the invitation.
    FailedInvitation,
    /// Somebody gave this command on the command line, and was signed in for as long as it took. Empty where what for
    /// is not for everybody who reads this.
    Command(String),
    /// As `Refused`, by the device for somebody whose rights are over.
    RefusedAs(PersonId, Refusal),
    /// As `Ended`, by the device for somebody whose rights are over.
    EndedAs(PersonId, Refusal),
}

/// Why somebody was not let in, or not for longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refusal {
    /// Outside school hours, without leave.
    Hours,
    /// The stated time of a visitor to the system is over.
    Visit,
    /// The keys they were signed in with are not theirs any more, or may not be kept on that device.
    Keys,
}

/// How a sign-in outside school hours was right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OutOfHours {
    /// They may give leave.
    GivesLeave,
    /// By leave that was given beforehand.
    Leave,
    /// To open a concern, and nothing else.
    Concern,
}

/// One event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Access {
    /// What happened.
    pub event: Event,
}

values! {
    /// A fact of an access document.
    AccessFact {
        /// An event.
        1001 => Access,
    }
}

impl Sound for Access {
    fn is_sound(&self) -> bool {
        match &self.event {
            Event::Exported { what, to, .. } => is_line(what) && is_line(to),
            Event::Command(command) => is_line(command),
            _ => true,
        }
    }
}

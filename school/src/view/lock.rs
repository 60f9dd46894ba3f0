//! The lock screen, first sign-in, and a device that is not yet in a school. None shows a pupil's name.

use super::AsOf;
use super::step_up::Shown;
use muster_core::id::PersonId;

/// Signing in, with the fire register beside it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LockView {
    /// Who may sign in on this device, by name.
    pub people: Vec<PersonChoice>,
    /// Who signed in last: chosen at the start.
    pub last: Option<PersonId>,
    /// Why it is locked and what is kept, as in `Locked at 09:12 after 10 minutes without input`. May be empty.
    pub note: String,
    /// Why the last try did not open, and what to do. `None` before a try.
    pub problem: Option<String>,
    /// The passphrase is being tried: the words to show while that lasts, as in `Opening, about 2 seconds`.
    pub waiting: Option<String>,
    /// Whoever signs in next does so to add a concern, and that is the screen they come to.
    pub for_concern: bool,
    /// Who can unlock with a PIN, because the device locked during their sign-in. `None` asks for a passphrase.
    pub pin: Option<PinChoice>,
    /// The age and the gaps of the fire register on this device. `None` when there is no list yet.
    pub fire: Option<AsOf>,
}

/// A PIN that still opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PinChoice {
    /// Whose.
    pub person: PersonId,
    /// How often it may still be typed wrong, at least once; then only the passphrase opens.
    pub tries_left: u8,
}

/// One's own sign-in: a PIN for a while, and another passphrase.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnView {
    /// Until when the PIN unlocks, as in `until 13:05`. `None` when none is set.
    pub pin: Option<String>,
    /// A passphrase made of words, offered as the default: to be shown once and asked back.
    pub suggested: Shown,
    /// What is wanted of a passphrase, in a sentence.
    pub advice: String,
    /// Why the last try to change something was refused, and what to do.
    pub problem: Option<String>,
    /// What was done, as in `Your passphrase is changed`.
    pub done: Option<String>,
    /// What is thought of the passphrase that is being typed. `None` before there is one.
    pub strength: Option<Strength>,
}

/// What is thought of a passphrase that somebody is making up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Strength {
    /// As in `Strong enough`, or what it lacks.
    pub words: String,
    /// It may be chosen.
    pub enough: bool,
}

/// A person who may sign in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PersonChoice {
    /// Who; `None` only in an empty list's placeholder.
    pub person: Option<PersonId>,
    /// Their name.
    pub name: String,
    /// Their keys have reached this device, so their passphrase opens. If not, they need one-time words first.
    pub activated: bool,
    /// After wrong passphrases: in how many seconds from now the next try of theirs is heard; 0 for at once.
    pub wait_secs: u32,
}

/// First sign-in on this device: one-time words, then a passphrase of one's own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ActivationView {
    /// A passphrase made of words, offered as the default. May be empty.
    pub suggested: Shown,
    /// What is wanted of a passphrase, in a sentence.
    pub advice: String,
    /// Why the last try was refused, and what to do.
    pub problem: Option<String>,
    /// How often one-time words were looked at.
    pub checked: u32,
    /// The words to show while keys are made and wrapped.
    pub waiting: Option<String>,
    /// What is thought of the passphrase that is being typed. `None` before there is one.
    pub strength: Option<Strength>,
}

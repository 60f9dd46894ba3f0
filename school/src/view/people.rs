//! Accounts: who may sign in, in which role, since when, by whom, and on which devices. No secrets.

use crate::roles::Role;
use muster_core::id::{Area, PersonId, PlaceId};

/// The list of accounts, and one of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PeopleView {
    /// `118 people: 112 active, 3 invited, 2 ended, 1 removed.`
    pub summary: String,
    /// Everybody in the directory, and everybody who has or had rights, by surname.
    pub rows: Vec<AccountRow>,
    /// The account that is explained.
    pub detail: Option<AccountDetail>,
    /// Whoever is signed in may add people to the directory.
    pub may_add_people: bool,
    /// The roles that whoever is signed in may give.
    pub roles: Vec<RoleChoice>,
    /// The sites to choose from.
    pub sites: Vec<(PlaceId, String)>,
    /// The one-time words just made, to be shown once.
    pub made: Option<MadeWords>,
}

/// How far an account is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AccountState {
    /// In the directory, with no rights yet.
    None,
    /// Has one-time words that nobody has used yet.
    Invited,
    /// Signs in.
    Active,
    /// The day until which the rights were given is over.
    Ended,
    /// The rights were taken away.
    Removed,
}

impl AccountState {
    /// In a word.
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "Not invited",
            Self::Invited => "Invited",
            Self::Active => "Active",
            Self::Ended => "Ended",
            Self::Removed => "Removed",
        }
    }
}

/// An account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRow {
    /// Whose.
    pub person: PersonId,
    /// `Marsh, Helen`.
    pub name: String,
    /// `Site lead`, or several; empty without rights.
    pub role: String,
    /// `Harbour`, `Every site`.
    pub sites: String,
    /// How far it is.
    pub state: AccountState,
    /// `3 September, Office laptop`; empty for one that was never activated.
    pub activated: String,
    /// `Monday 09:14`, `never`, `not known`.
    pub last: String,
}

/// An account, explained.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountDetail {
    /// Whose.
    pub person: PersonId,
    /// `Helen Marsh`.
    pub name: String,
    /// What there is to know: `Activated`, `on Thursday 3 September on Office laptop`.
    pub lines: Vec<(String, String)>,
    /// The person may be given one-time words.
    pub may_invite: bool,
    /// The person signs in, and may lose the passphrase for one-time words.
    pub may_reset: bool,
    /// The person may be given a role beside those they have.
    pub may_add: bool,
    /// What the person does in a fire; `None` where whoever is signed in may not set it.
    pub duty: Option<FireDutyForm>,
    /// What taking this person's access away does, and what it does not; `None` where there is nothing to take.
    pub removal: Option<Removal>,
}

/// What a member of staff does in a fire, and the number they carry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FireDutyForm {
    /// A fire marshal.
    pub marshal: bool,
    /// Gives first aid.
    pub first_aid: bool,
    /// The number they carry at work; may be empty.
    pub phone: String,
}

/// What somebody has to know before a leaver is removed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Removal {
    /// What ends.
    pub ends: Vec<String>,
    /// What can still be read on which devices.
    pub stays: Vec<String>,
}

/// A role that may be given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleChoice {
    /// Which.
    pub role: Role,
    /// `Site lead`.
    pub name: String,
    /// What it is for.
    pub purpose: String,
    /// It needs a last day.
    pub needs_end: bool,
    /// Areas of which some may be named.
    pub areas: Vec<(Area, String)>,
}

/// A role to be given: to somebody new, or to somebody in the directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleGiven {
    /// To whom; `None` for somebody who is not in the directory yet.
    pub person: Option<PersonId>,
    /// Forename of somebody new.
    pub forename: String,
    /// Surname of somebody new.
    pub surname: String,
    /// Job title of somebody new; may be empty.
    pub job: String,
    /// The role.
    pub role: Role,
    /// At which sites; none means every site.
    pub sites: Vec<PlaceId>,
    /// The areas named, for a role that has some to name.
    pub areas: Vec<Area>,
    /// The last day as typed, `2026-11-27`, or its end, `2026-11-27T16:00`; empty for none.
    pub last_day: String,
}

/// One-time words, made just now.
#[derive(Clone, PartialEq, Eq)]
pub struct MadeWords {
    /// For whom.
    pub name: String,
    /// The words.
    pub words: String,
    /// What to do with them.
    pub note: String,
}

impl std::fmt::Debug for MadeWords {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MadeWords").field("name", &self.name).field("words", &"***").finish_non_exhaustive()
    }
}

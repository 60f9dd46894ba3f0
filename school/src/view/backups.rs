//! Backups of this device, and what staff asked to have back.

use crate::facts::continuity::Stage;

/// What is to be said of backups.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BackupsView {
    /// How the last proof stands, as in `Backup proven 3 days ago`.
    pub age: String,
    /// Somebody has to do something about that.
    pub owed: bool,
    /// The last backup and where it went, what went wrong, what is set: a sentence a line.
    pub lines: Vec<String>,
    /// What restoring the newest backup would bring and cost, once that was asked: a sentence a line.
    pub rehearsed: Vec<String>,
    /// What is going on, as in `Backing up: 1,200 of 4,000 entries`.
    pub running: Option<String>,
    /// The folder used last or set; may be empty.
    pub folder: String,
    /// Whoever is signed in sets folder and time, and answers requests.
    pub may_set: bool,
    /// What was asked, the open ones first.
    pub requests: Vec<RequestLine>,
}

/// A request to have something back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestLine {
    /// Its name.
    pub id: [u8; 16],
    /// How far it is, and what was asked.
    pub what: String,
    /// Who asked and when, and what was done by whom.
    pub story: Vec<String>,
    /// How far it is; `None` when nobody has taken it up.
    pub stage: Option<Stage>,
}

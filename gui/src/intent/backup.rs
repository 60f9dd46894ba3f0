//! What a person asks about backups, and about having something back.

use muster_school::facts::continuity::Stage;

/// What is done about backups and requests to have something back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BackupAct {
    /// Back up now.
    Now {
        /// Into which folder, as typed.
        folder: String,
    },
    /// Prove the newest backup now.
    Drill {
        /// Of which folder, as typed.
        folder: String,
    },
    /// Say what restoring the newest backup would bring and cost, and change nothing.
    Rehearse {
        /// Of which folder, as typed.
        folder: String,
    },
    /// Back up every day; an empty folder is for no more.
    Daily {
        /// Into which folder, as typed.
        folder: String,
        /// At which time, as typed.
        at: String,
    },
    /// Ask to have something back.
    Ask {
        /// What.
        what: String,
        /// As it was when, in their words.
        when: String,
    },
    /// Say how far a request is.
    Answer {
        /// Which.
        request: [u8; 16],
        /// How far.
        stage: Stage,
        /// What was done, or why not.
        words: String,
    },
}

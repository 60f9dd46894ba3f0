//! What the demonstration and its two devices say to each other: one JSON object a line, a question and an answer.

use muster_core::id::{DeviceId, EntryHash};
use muster_school::fire::call::Counts;
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::path::PathBuf;

/// What a device is asked to do.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Ask {
    /// Found a school.
    Found {
        /// Its name.
        school: String,
        /// The head's name.
        head: String,
        /// The head's passphrase.
        passphrase: String,
    },
    /// Import a folder.
    Import(PathBuf),
    /// Show a code for a new device.
    Invite,
    /// The phrase that is shown, if a device has answered.
    Phrase,
    /// The phrases agree.
    Confirm,
    /// Join by a code.
    Join {
        /// The code.
        code: String,
        /// What to call the device.
        name: String,
    },
    /// Whoever waits for a yes gets it: finish joining, and connect.
    FinishJoin,
    /// One-time words for somebody who leads a site.
    Words,
    /// First sign-in.
    Activate {
        /// The words.
        words: String,
        /// The passphrase.
        passphrase: String,
    },
    /// Take this morning's register of some groups of a site.
    Registers {
        /// Part of two: 0 or 1.
        part: usize,
        /// Those of other sites too.
        elsewhere: bool,
    },
    /// Start a roll call at the site.
    StartCall,
    /// Take part in the roll call that was started.
    JoinCall,
    /// Cut the link, or restore it.
    Cut(bool),
    /// Say of some people of the roll call whether they were found.
    Marshal {
        /// 0 goes through the list from the front, 1 from the back.
        part: usize,
    },
    /// A digest of what both may hold, once nothing is being fetched.
    InStep,
    /// Which of these entries are not in the documents here.
    Missing(Vec<EntryHash>),
    /// Which of these entries are in documents that both devices may read.
    Shared(Vec<EntryHash>),
    /// What is held, worked out from the store.
    State,
    /// Check everything.
    Verify,
    /// The fire register, to be printed.
    Fire,
    /// End.
    Stop,
}

/// What it answers.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Answer {
    /// Done.
    Done,
    /// A text.
    Text(String),
    /// Nothing yet.
    NotYet,
    /// An act, or several: what was acknowledged as durable.
    Acts {
        /// Their entries.
        entries: Vec<EntryHash>,
        /// The marks in them.
        marks: u64,
    },
    /// An import.
    Imported {
        /// Pupils now held.
        pupils: u64,
        /// Sites.
        sites: u64,
        /// Staff.
        staff: u64,
        /// Marks of past weeks.
        marks: u64,
        /// Rows that did not go in.
        rejected: u64,
    },
    /// Where a device answers.
    Reach {
        /// Which.
        device: DeviceId,
        /// Where.
        addresses: Vec<SocketAddr>,
    },
    /// Entries that are missing.
    Missing(Vec<EntryHash>),
    /// What is held.
    State(State),
    /// Whether everything holds, and what that proves.
    Verified {
        /// Whether it holds.
        holds: bool,
        /// In sentences.
        says: Vec<String>,
    },
    /// It did not work, and why.
    Failed(String),
}

/// What a device holds, worked out from its own store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct State {
    /// The hash over authority, logs, facts and the roll call's result.
    pub hash: String,
    /// Entries held.
    pub entries: u64,
    /// Attendance marks held, changes of marks included.
    pub marks: u64,
    /// Pupils known.
    pub pupils: u64,
    /// The roll call: found, not found, check, total.
    pub call: Option<Tally>,
}

/// The counts of a roll call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Tally {
    /// Seen safe.
    pub found: u32,
    /// Looked for and not found, or not yet seen by anybody.
    pub not_found: u32,
    /// Statements disagree.
    pub check: u32,
    /// Everybody on the list.
    pub total: u32,
}

impl From<Counts> for Tally {
    fn from(counts: Counts) -> Self {
        Self {
            found: counts.found,
            not_found: counts.not_found + counts.unseen + counts.not_here,
            check: counts.check,
            total: counts.total,
        }
    }
}

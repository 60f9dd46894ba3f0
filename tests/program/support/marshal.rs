//! A marshal who stays in a roll call and types at it: a real process, for as long as the test likes.

use super::Running;
use std::io::Write as _;
use std::process::{ChildStdin, Command, Stdio};

/// `muster call live`. It is killed when this is dropped.
pub(crate) struct Marshal {
    running: Running,
    typed: ChildStdin,
}

impl Marshal {
    /// Stands there with the command for it.
    pub(crate) fn stands(mut command: Command, name: &str) -> Self {
        command.stdin(Stdio::piped());
        let (running, typed) = Running::begin_typing(command, format!("{name}: muster call live"));
        Self { running, typed }
    }

    pub(crate) fn types(&mut self, line: &str) {
        writeln!(self.typed, "{line}").unwrap();
    }

    /// Waits until the newest line of counts holds this; gives the code that it shows.
    #[track_caller]
    pub(crate) fn shows(&self, counts: &str) -> String {
        self.running.shows(counts, |said| {
            let newest = said.out.lines().rfind(|line| line.contains("Found "))?;
            newest.contains(counts).then(|| newest.split("Code: ").nth(1).unwrap_or_default().to_owned())
        })
    }

    /// Waits until the last that it said of another device is this.
    #[track_caller]
    pub(crate) fn says_of_the_other(&self, words: &str) {
        self.running.shows(words, |said| {
            let of_another = ["connected", "each other", "not reached"];
            let newest = said.out.lines().rfind(|line| of_another.iter().any(|one| line.contains(one)))?;
            newest.contains(words).then_some(())
        });
    }

    /// Leaves, as with Ctrl+D, and waits until that is done.
    #[track_caller]
    pub(crate) fn leaves(self) {
        drop(self.typed);
        self.running.end().done();
    }

    /// Waits until it has said this, in whatever line.
    #[track_caller]
    pub(crate) fn says(&self, words: &str) {
        self.running.shows(words, |said| (said.out.contains(words) || said.err.contains(words)).then_some(()));
    }
}

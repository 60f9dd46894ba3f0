//! `muster cards`: the three recovery cards. A card is a file that holds its text, or is typed in from the paper.

mod check;
mod read;
mod rehearse;
pub(super) mod write;

use super::Common;
use clap::Subcommand;

/// The three recovery cards: check them, rehearse with them, use them
#[derive(Debug, Subcommand)]
pub(super) enum Cards {
    /// Check recovery cards without using them
    Check(check::Check),
    /// Prove once a year that two cards would still open everything; changes nothing
    Rehearse(rehearse::Rehearse),
}

impl Cards {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        match self {
            Self::Check(command) => command.run(common),
            Self::Rehearse(command) => command.run(common),
        }
    }
}

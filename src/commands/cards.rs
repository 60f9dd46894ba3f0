//! `muster cards`: the three recovery cards. A card is a file that holds its text, or is typed in from the paper.

mod check;
mod find;
mod new_head;
pub(super) mod read;
mod rehearse;
mod remove;
mod says;
mod speak;
pub(super) mod write;

use super::Common;
use crate::device::Device;
use clap::Subcommand;

/// The three recovery cards: check them, rehearse with them, use them
#[derive(Debug, Subcommand)]
pub(super) enum Cards {
    /// Check recovery cards without using them
    Check(check::Check),
    /// Prove once a year that two cards would still open everything; changes nothing
    Rehearse(rehearse::Rehearse),
    /// Make somebody head, with two cards: a second one, or one who lost their passphrase
    NewHead(new_head::NewHead),
    /// Remove a person or a device from the school, with two cards: a head too
    Remove(remove::Remove),
    /// Let a device that somebody holds back work again, with two cards
    Lift(remove::Lift),
    /// Sign with another card what one has signed elsewhere, and have it said
    Sign(speak::Sign),
}

impl Cards {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        let mut device = Device::open(&common.folder(), common.clock())?;
        match self {
            Self::Check(command) => command.run(&mut device),
            Self::Rehearse(command) => command.run(&mut device),
            Self::NewHead(command) => command.run(&mut device),
            Self::Remove(command) => command.run(&mut device),
            Self::Lift(command) => command.run(&mut device),
            Self::Sign(command) => command.run(&mut device),
        }
    }
}

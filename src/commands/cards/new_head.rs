//! `muster cards new-head`: a second head, or the same one after everything was lost.

use super::find::{self, Names};
use super::read;
use super::speak::Given;
use crate::device::Device;
use clap::Args;
use muster_core::id::PersonId;

/// Make somebody head, with two cards: a second one, or one who lost their passphrase
#[derive(Debug, Args)]
pub(crate) struct NewHead {
    /// Their name. Of somebody known here, or new to the school
    name: String,
    #[command(flatten)]
    names: Names,
    #[command(flatten)]
    given: Given,
}

impl NewHead {
    pub(super) fn run(self, device: &mut Device) -> anyhow::Result<()> {
        self.names.learn(device)?;
        let known = find::person(device, &self.name)?;
        let (person, name) = known.clone().unwrap_or_else(|| (PersonId(rand::random()), self.name.clone()));
        let words = if self.given.half.is_some() {
            let (says, words) = device.head_for_cards(person)?;
            self.given.say(device, &says)?;
            words
        } else {
            let [left, right] = read::two(&self.given.cards)?;
            device.head_by_cards([&left, &right], person)?
        };
        match known {
            Some(_) => say!("One-time words for {name}, as head. Keys that they had until now hold nothing any more:"),
            None => say!("One-time words for {name}, who is new to the school, as head:"),
        }
        say!();
        say!("  {}", words.as_str());
        say!();
        let named = if known.is_some() { String::new() } else { format!(" --name \"{name}\"") };
        say!(
            "They work once, on this device or any that has met it since: muster activate \"{}\"{named}",
            words.as_str()
        );
        Ok(())
    }
}

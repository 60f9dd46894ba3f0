//! `muster waiting`: entries that count only when somebody adopts them.

use super::Common;
use super::ask::SignedIn;
use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use muster_core::authority::reduction::EntryName;

/// Entries that wait: written where their author's line had ended. Adopt them if they are good work
pub(super) type Waiting = SignedIn<What>;

#[derive(Debug, Subcommand)]
pub(super) enum What {
    /// Let entries count after all, as they are
    Adopt(Adopt),
}

#[derive(Debug, Args)]
pub(super) struct Adopt {
    /// Which, by their numbers in the list
    #[arg(value_name = "N", required_unless_present = "all")]
    numbers: Vec<usize>,
    /// All of them
    #[arg(long, conflicts_with = "numbers")]
    all: bool,
}

impl Waiting {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        let Some(What::Adopt(adopt)) = self.what else {
            let mut device = self.who.open(common)?;
            let waiting = device.waiting()?;
            if waiting.is_empty() {
                say!("Nothing waits.");
            }
            for (number, (_, line)) in (1..).zip(&waiting) {
                say!("{number}. {}, {}: {}. {}", line.when, line.who, line.of, line.why);
                line.says.iter().for_each(|says| say!("   {says}"));
            }
            return Ok(());
        };
        let mut device = self.who.open_to_administer(common)?;
        let waiting = device.waiting()?;
        let chosen: Vec<EntryName> = if adopt.all {
            waiting.iter().map(|(entry, _)| *entry).collect()
        } else {
            let entry = |number: &usize| {
                let at = number.checked_sub(1).and_then(|at| waiting.get(at));
                at.map(|(entry, _)| *entry)
                    .with_context(|| format!("there is no number {number}: look at `muster waiting`"))
            };
            adopt.numbers.iter().map(entry).collect::<anyhow::Result<_>>()?
        };
        let adopted = device.adopt(&chosen)?;
        if adopted < chosen.len() {
            bail!("{adopted} of {} count now; the others are for somebody above you", chosen.len());
        }
        say!("{adopted} of {} count now.", chosen.len());
        Ok(())
    }
}

//! `muster cards rehearse`: proves once a year that two cards would still do, and changes nothing.

use super::find::Names;
use super::read;
use crate::device::Device;
use crate::kept_cards::KeptCards;
use anyhow::bail;
use clap::Args;
use muster_core::replica::Context;
use muster_school::facts::access::Event;
use std::path::PathBuf;

/// Prove once a year that two cards would still open everything; changes nothing
#[derive(Debug, Args)]
pub(crate) struct Rehearse {
    /// Files that hold the text of two cards [default: typed in from the paper]
    #[arg(value_name = "CARD", num_args = 0..=2)]
    cards: Vec<PathBuf>,
    #[command(flatten)]
    names: Names,
}

impl Rehearse {
    pub(super) fn run(self, device: &mut Device) -> anyhow::Result<()> {
        self.names.learn(device)?;
        let mut kept = KeptCards::load(&device.replica);
        if let Some(last) = kept.rehearsal(device.clock.now()) {
            say!("{last}");
        }
        let [left, right] = read::two(&self.cards)?;
        let mut random = rand::rng();
        let mut context = Context { now: device.clock.now(), random: &mut random };
        let found = device.replica.rehearse(&left, &right, &mut context)?;
        let (left, right) = (left.number(), right.number());
        say!("Cards {left} and {right} both sign for this school, and together they give the recovery key.");
        say!("{} of {} keys held on this device open.", found.opened, found.keys);
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        device.note(Event::RehearsedCards { opened: count(found.opened), of: count(found.keys) })?;
        if found.opened < found.keys {
            bail!(
                "not all of them: records of {} areas and years could not be recovered from this device. Let it meet the other devices, rehearse again, and ask for help if it stays so",
                found.shut.len()
            );
        }
        kept.rehearsed_ms = Some(device.clock.now().utc_ms);
        // A card that was read from a file proves nothing of the paper.
        let typed = [left, right].into_iter().skip(self.cards.len());
        typed.for_each(|number| kept.proven(number, device.clock.now()));
        kept.keep(&mut device.replica, &mut rand::rng())?;
        say!("With these two cards this school can be recovered. Nothing was changed; put them back, apart.");
        Ok(())
    }
}

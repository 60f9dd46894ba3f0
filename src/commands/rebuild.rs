//! `muster rebuild`: a school again, on a new device, from what one other kept and two recovery cards.

use super::cards::read;
use super::{Common, ask};
use crate::device::{Device, must_be_empty};
use crate::kept_cards::KeptCards;
use clap::Args;
use muster_core::replica::LogState;
use std::path::PathBuf;

/// Rebuild a school on this device from another's records and two recovery cards
#[derive(Debug, Args)]
pub(super) struct Rebuild {
    /// The folder that another device kept, an off-site one that reads nothing included. It is left as it is
    #[arg(long, value_name = "DIR")]
    from: PathBuf,
    /// A file that holds the text of a card; twice [default: typed in from the paper]
    #[arg(long = "card", value_name = "CARD")]
    cards: Vec<PathBuf>,
    /// The name of the head from now on [default: whoever founded the school, with new keys]
    #[arg(long, value_name = "NAME")]
    head: Option<String>,
    /// What to call this device
    #[arg(long, default_value = "Office")]
    device: String,
}

impl Rebuild {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        let folder = common.folder();
        must_be_empty(&folder)?;
        let [left, right] = read::two(&self.cards)?;
        let passphrase = ask::new_passphrase(&self.head.as_deref().into_iter().collect::<Vec<_>>())?;
        let head = self.head.as_deref();
        let cards = [&left, &right];
        let mut device = Device::rebuild(&folder, &self.from, cards, head, &self.device, &passphrase, common.clock())?;
        let mut kept = KeptCards::load(&device.replica);
        // A card that was read from a file proves nothing of the paper.
        let typed = [left.number(), right.number()].into_iter().skip(self.cards.len());
        typed.for_each(|number| kept.proven(number, device.clock.now()));
        kept.keep(&mut device.replica, &mut rand::rng())?;
        let entries: u64 = device.replica.logs().values().map(LogState::length).sum();
        let person = device.person().map(|person| device.known.staff_name(person)).unwrap_or_default();
        say!("{} is on this device again, in {}: {entries} entries.", device.known.school().name, folder.display());
        say!("Signed in: {person}, as head.");
        say!("What the cards did is shown on every device. Put them back, apart.");
        say!();
        say!(
            "Next: muster verify; muster invite for each device that comes back; muster cards remove for each that does not."
        );
        Ok(())
    }
}

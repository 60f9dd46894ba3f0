//! `muster restore`: a rehearsal that changes nothing, then, once the school's name was typed, the restore.

use super::cards::read;
use super::{Common, ask};
use crate::backup::restore::{OpenBy, Source, Unpacked, beside, find, unpack};
use crate::backup::words;
use crate::device::{Device, must_be_empty};
use anyhow::{Context as _, bail};
use clap::Args;
use muster_core::backup::BackupKey;
use muster_core::id::PersonId;
use muster_core::keys::recovery::Card;
use muster_school::names;
use muster_storage::{RedbStore, Replacing};
use std::path::{Path, PathBuf};

/// Restore this device from a backup: a rehearsal first, then the restore once the school's name was typed
///
/// Without cards it opens with the key that this device remembers, and somebody who runs the school gives their
/// passphrase. With two recovery cards it opens on any machine.
#[derive(Debug, Args)]
pub(super) struct Restore {
    /// The folder or stick that the backup was written to
    #[arg(long, value_name = "DIR")]
    from: PathBuf,
    /// Open it with recovery cards: a file that holds the text of one; twice [default: this device's own key]
    #[arg(long = "card", value_name = "CARD")]
    cards: Vec<PathBuf>,
    /// Open it with recovery cards that are typed in from the paper
    #[arg(long)]
    with_cards: bool,
    /// Only rehearse: say what would be done, and change nothing
    #[arg(long)]
    rehearse: bool,
    /// The archive of this number: when the newest is damaged [default: the newest]
    #[arg(long, value_name = "N")]
    archive: Option<u32>,
    /// The school's name, to confirm without being asked: whoever puts this into a script has nobody look at the
    /// rehearsal [default: asked for]
    #[arg(long, value_name = "NAME")]
    confirm: Option<String>,
    /// As a new device of this name, let in by the two cards: for when the one that backed up is lost or somebody else's
    /// now. The head goes on with new keys
    #[arg(long, value_name = "NAME")]
    new_device: Option<String>,
    /// Confirm with this code from the authenticator, where a second factor is set up [default: asked for]
    #[arg(long, value_name = "123456")]
    code: Option<String>,
    /// Who restores: part of the name, without cards only
    #[arg(long = "as", value_name = "NAME")]
    person: Option<String>,
}

impl Restore {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        let folder = common.folder();
        let cards = match self.with_cards || !self.cards.is_empty() {
            true => Some(read::two(&self.cards)?),
            false => None,
        };
        if self.new_device.is_some() {
            // Before the minutes that unpacking takes.
            must_be_empty(&folder)?;
        }
        let source = self.source(&folder, cards.as_ref())?;
        let place = beside(&folder)?;
        let unpacked = unpack(&source, &place.path().join("records"), &mut |done, of| {
            if done % 64 == 0 {
                eprintln!("{done} of {of} files");
            }
        })
        .map_err(|error| source.or_an_older(error))?;
        let (here, why) = match unpacked.compare(&folder) {
            Ok(here) => (Some(here), None),
            Err(_) if !RedbStore::exists(&folder) => {
                (None, Some(format!("There are no records in {} now.", folder.display())))
            }
            Err(error) => (None, Some(format!("The records in {} cannot be compared: {error:#}.", folder.display()))),
        };
        for line in words::of_rehearsal(&unpacked, source.number, here)?.into_iter().chain(why) {
            say!("{line}");
        }
        for line in unpacked.verified.says() {
            say!("  {line}");
        }
        if !unpacked.verified.holds_together() {
            let why = anyhow::anyhow!("the backup does not hold together: it cannot be restored");
            return Err(source.or_an_older(why));
        }
        if self.rehearse {
            say!("This was a rehearsal: nothing was changed.");
            return Ok(());
        }
        if cards.is_none() {
            let people = unpacked.who_restores(&folder)?;
            self.admit(&unpacked, people, &folder, common)?;
        }
        // From here on nobody opens the records: what they wrote would be in what is put aside.
        let replacing = match self.new_device {
            None => Some(Replacing::begin(&folder)?),
            Some(_) => None,
        };
        let school = unpacked.school();
        let typed = match &self.confirm {
            Some(name) => name.clone(),
            None => ask::line(&format!("To restore, type the school's name ({school}): "))?,
        };
        if names::fold(&typed) != names::fold(&school) {
            bail!("that is not the school's name: nothing was changed");
        }
        if let Some(name) = &self.new_device {
            let [left, right] = cards.as_ref().context("a new device is let in by two recovery cards: --with-cards")?;
            return as_new_device(unpacked.folder(), &folder, [left, right], name, common);
        }
        let replacing = replacing.context("nothing was changed: the folder is not held")?;
        let aside = unpacked.take_the_place_of(&folder, &replacing, cards.is_some(), common.clock())?;
        say!("Restored into {}.", folder.display());
        if let Some(aside) = aside {
            say!("What was there before is in {}: keep it until the devices have met.", aside.display());
        }
        say!(
            "This device goes on as a new writer. Sign in, and let it meet another device: what was written since comes back."
        );
        Ok(())
    }

    fn source(&self, folder: &Path, cards: Option<&[Card; 2]>) -> anyhow::Result<Source> {
        if let Some([left, right]) = cards {
            return find(&self.from, OpenBy::Cards([left, right]), self.archive);
        }
        let keys: Vec<BackupKey> = match Device::look(folder) {
            Ok(kept) => kept.keys.into_iter().map(|known| known.key).collect(),
            Err(error) => {
                return Err(error.context(
                    "this device's key to its backups cannot be read: two recovery cards open them, with --with-cards",
                ));
            }
        };
        find(&self.from, OpenBy::Keys(&keys), self.archive)
    }

    fn admit(
        &self,
        unpacked: &Unpacked,
        mut people: Vec<(PersonId, String)>,
        folder: &Path,
        common: &Common,
    ) -> anyhow::Result<()> {
        if let Some(wanted) = self.person.as_ref().map(|name| names::fold(name)) {
            people.retain(|(_, name)| names::fold(name).contains(&wanted));
        }
        let (person, name) = match people.as_slice() {
            [one] => one.clone(),
            [] => bail!(
                "nobody of that name runs the school now and has keys in this backup: two recovery cards restore it, with --with-cards"
            ),
            _ => bail!("several people run this school: say who restores with --as NAME"),
        };
        let typed = ask::passphrase(&format!("Passphrase of {name}: "))?;
        let mut code = || match &self.code {
            Some(code) => Ok(code.clone()),
            None => ask::line("A restore needs a code from your authenticator (or two recovery cards): "),
        };
        let same = unpacked.admits(person, &typed, folder, common.clock(), &mut code);
        if !same.context("a restore needs somebody who runs the school, or two recovery cards")? {
            say!("Your passphrase was another when this backup was made: after the restore that one signs you in.");
        }
        Ok(())
    }
}

/// The school again on a device that is let in by the cards; what the backup's device wrote stays that one's.
fn as_new_device(kept: PathBuf, folder: &Path, cards: [&Card; 2], name: &str, common: &Common) -> anyhow::Result<()> {
    must_be_empty(folder)?;
    let passphrase = ask::new_passphrase(&[])?;
    let device = Device::rebuild(folder, &kept, cards, None, name, &passphrase, common.clock())?;
    say!("{} is on this device, in {}, as {name}.", device.known.school().name, folder.display());
    say!("Next: muster cards remove for the device that is lost; muster invite for each that comes back.");
    Ok(())
}

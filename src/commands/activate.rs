//! `muster activate WORDS`: a person's first sign-in on this device.

use super::{Common, ask};
use crate::device::Device;
use clap::Args;
use zeroize::Zeroizing;

/// Sign in for the first time on this device, with one-time words
#[derive(Debug, Args)]
pub(super) struct Activate {
    /// The six words
    words: Vec<String>,
    /// Your name, when recovery cards made you head and the staff directory does not have it yet
    #[arg(long)]
    name: Option<String>,
}

impl Activate {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        let mut device = Device::open(&common.folder(), common.clock())?;
        let words = Zeroizing::new(self.words.join(" "));
        let mut names = device.names_by_words(&words);
        names.extend(self.name.clone());
        let passphrase = ask::new_passphrase(&names.iter().map(String::as_str).collect::<Vec<_>>())?;
        let person = device.activate(&words, &passphrase)?;
        if let Some(name) = &self.name {
            device.put_head_in_directory(person, name)?;
        }
        say!("{} can sign in on this device now.", device.known.staff_name(person));
        Ok(())
    }
}

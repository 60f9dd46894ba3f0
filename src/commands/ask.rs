//! Asking the person at the keyboard.

use crate::commands::Common;
use crate::device::Device;
use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use muster_core::id::PersonId;
use muster_school::names;
use muster_school::step_up::{Answer, Guarded};
use std::io::{BufRead as _, IsTerminal as _, Write as _};
use zeroize::Zeroizing;

/// Who signs in for a command.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Who {
    /// Sign in as this person: part of the name [default: who signed in here last]
    #[arg(long = "as", global = true, value_name = "NAME")]
    pub(crate) person: Option<String>,
    /// Confirm with this code from the authenticator
    #[arg(long, global = true, value_name = "123456")]
    pub(crate) code: Option<String>,
}

/// A command that somebody signs in for, and what of it: with none, the list is asked for.
#[derive(Debug, Args)]
pub(crate) struct SignedIn<What: Subcommand> {
    #[command(subcommand)]
    pub(crate) what: Option<What>,
    #[command(flatten)]
    pub(crate) who: Who,
}

impl Who {
    /// Opens this device's records and signs in.
    pub(crate) fn open(&self, common: &Common) -> anyhow::Result<Device> {
        let mut device = for_command(common)?;
        self.sign_in(&mut device)?;
        Ok(device)
    }

    pub(crate) fn sign_in(&self, device: &mut Device) -> anyhow::Result<()> {
        device.must_go_on()?;
        let person = self.choose(device)?;
        device.sign_in(person, &passphrase("Passphrase: ")?)?;
        say_renewed(device);
        self.code.as_ref().map_or(Ok(()), |code| device.raise(code))
    }

    /// As [`Who::open`], outside school hours too: for opening a concern, and for nothing else.
    pub(crate) fn open_for_concern(&self, common: &Common) -> anyhow::Result<Device> {
        let mut device = for_command(common)?;
        let person = self.choose(&device)?;
        device.sign_in_for_concern(person, &passphrase("Passphrase: ")?)?;
        say_renewed(&mut device);
        Ok(device)
    }

    /// As [`Who::open`], for administration. Until the school uses second factors that asks for no code, and says so.
    pub(crate) fn open_to_administer(&self, common: &Common) -> anyhow::Result<Device> {
        let device = self.open(common)?;
        if device.step_up_answer(Guarded::Administer)? == Answer::Warn {
            eprintln!("{}", crate::device::NO_SECOND_FACTOR);
        }
        device.need(Guarded::Administer)?;
        Ok(device)
    }

    /// Opens this device's records and signs in with a passphrase that is given back, to be changed.
    pub(crate) fn open_with_passphrase(&self, common: &Common) -> anyhow::Result<(Device, Zeroizing<String>)> {
        let mut device = for_command(common)?;
        device.must_go_on()?;
        let person = self.choose(&device)?;
        let typed = passphrase("Passphrase so far: ")?;
        device.sign_in(person, &typed)?;
        say_renewed(&mut device);
        Ok((device, typed))
    }

    fn choose(&self, device: &Device) -> anyhow::Result<PersonId> {
        let people = device.people();
        let Some(wanted) = &self.person else {
            return device
                .local
                .last
                .or_else(|| people.first().map(|(person, _)| *person))
                .context("nobody's keys have reached this device yet: let it meet a device where they signed in with `muster run`, or use `muster activate WORDS` with one-time words");
        };
        let wanted = names::fold(wanted);
        let found: Vec<_> = people.iter().filter(|(_, name)| names::fold(name).contains(&wanted)).collect();
        match found.as_slice() {
            [(person, _)] => Ok(*person),
            [] => bail!(
                "nobody of that name can sign in on this device: their keys may not have reached it yet (`muster run` until it has met one where they signed in), it may be none of their sites', or, for leads and heads, not let in for that"
            ),
            several => bail!("{} people here have that in their name: give more of it", several.len()),
        }
    }
}

/// This device's records, for one command: that somebody signed in for it is one entry, not two. Who opens or reads a
/// concern is not for everybody who reads those.
fn for_command(common: &Common) -> anyhow::Result<Device> {
    let mut device = Device::open(&common.folder(), common.clock())?;
    let command = common.command.as_str();
    device.for_command(if command == "concern" || command.starts_with("concern ") { "" } else { command });
    Ok(device)
}

/// A passphrase: from MUSTER_PASSPHRASE, typed unseen, or the next line of standard input.
pub(crate) fn passphrase(prompt: &str) -> anyhow::Result<Zeroizing<String>> {
    passphrase_from("MUSTER_PASSPHRASE", prompt)
}

fn passphrase_from(variable: &str, prompt: &str) -> anyhow::Result<Zeroizing<String>> {
    if let Ok(given) = std::env::var(variable) {
        return Ok(Zeroizing::new(given));
    }
    if std::io::stdin().is_terminal() {
        return Ok(Zeroizing::new(rpassword::prompt_password(prompt)?));
    }
    let mut line = Zeroizing::new(String::new());
    std::io::stdin().lock().read_line(&mut line)?;
    if line.trim().is_empty() {
        bail!("a passphrase is needed: type it, pipe it in, or set {variable}");
    }
    Ok(Zeroizing::new(line.trim_end_matches(['\r', '\n']).to_owned()))
}

/// A marshal's PIN: from MUSTER_MARSHAL_PIN, or as a passphrase is asked for.
pub(crate) fn marshal_pin(prompt: &str) -> anyhow::Result<Zeroizing<String>> {
    passphrase_from("MUSTER_MARSHAL_PIN", prompt)
}

/// A new passphrase: where somebody types it, words are offered once and asked back, or their own is typed twice.
/// It is looked at with these names, of the school and of the person, as somebody who guesses would.
pub(crate) fn new_passphrase(names: &[&str]) -> anyhow::Result<Zeroizing<String>> {
    new_passphrase_from("MUSTER_PASSPHRASE", names)
}

/// As [`new_passphrase`], in place of one that there is: from MUSTER_NEW_PASSPHRASE where that is set.
pub(crate) fn another_passphrase(names: &[&str]) -> anyhow::Result<Zeroizing<String>> {
    new_passphrase_from("MUSTER_NEW_PASSPHRASE", names)
}

fn new_passphrase_from(variable: &str, names: &[&str]) -> anyhow::Result<Zeroizing<String>> {
    if std::env::var_os(variable).is_some() || !std::io::stdin().is_terminal() {
        let given = passphrase_from(variable, "")?;
        crate::device::passphrase::check(&given, names)?;
        return Ok(given);
    }
    let offered = crate::device::passphrase::generate();
    eprintln!("A passphrase for you, of random words. It is shown only this once:");
    eprintln!();
    eprintln!("  {}", offered.as_str());
    eprintln!();
    eprintln!("Type these words to take them, or a passphrase of your own.");
    loop {
        let first = passphrase_from(variable, "New passphrase: ")?;
        if *first == *offered {
            return Ok(first);
        }
        if let Err(weak) = crate::device::passphrase::check(&first, names) {
            eprintln!("{weak}");
        } else if *passphrase_from(variable, "The same again: ")? == *first {
            return Ok(first);
        } else {
            eprintln!("The two differ: type it again.");
        }
    }
}

/// One line, typed or piped in.
pub(crate) fn line(prompt: &str) -> anyhow::Result<String> {
    eprint!("{prompt}");
    std::io::stderr().flush()?;
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim().to_owned())
}

/// Says of new keys that were just made.
fn say_renewed(device: &mut Device) {
    if let Some(words) = device.take_renewed() {
        eprintln!("{words}");
    }
}

/// A yes or a no.
pub(crate) fn yes(question: &str) -> anyhow::Result<bool> {
    let line = line(&format!("{question} [y/N] "))?;
    Ok(matches!(line.to_ascii_lowercase().as_str(), "y" | "yes"))
}

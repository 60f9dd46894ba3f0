//! One of the two devices of the demonstration: a process of its own, with its own records.

use super::talk::{Answer, Ask};
use super::{state, work};
use crate::commands::Common;
use crate::device::Device;
use crate::host::{Handle, InviteState, Reach};
use crate::join::{Joined, Said, join};
use crate::limits;
use anyhow::{Context as _, bail};
use clap::Args;
use muster_core::keys::recovery::Card;
use muster_school::roles::DeviceKind;
use std::io::{BufRead as _, Write as _};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::JoinHandle;

/// One of the two devices of the demonstration
#[derive(Debug, Args)]
pub struct DemoDevice {}

/// What the process has so far.
struct Process {
    common: Common,
    folder: PathBuf,
    host: Option<Handle>,
    joining: Option<JoinHandle<anyhow::Result<Joined>>>,
}

impl DemoDevice {
    /// Answers until told to stop, or until nobody asks any more.
    ///
    /// # Errors
    /// When standard input or output fails.
    pub fn run(self, common: &Common) -> anyhow::Result<()> {
        let mut process = Process { common: common.clone(), folder: common.folder(), host: None, joining: None };
        for line in std::io::stdin().lock().lines() {
            let ask: Ask = serde_json::from_str(&line?)?;
            if matches!(ask, Ask::Stop) {
                break;
            }
            let answer = process.answer(ask).unwrap_or_else(|error| Answer::Failed(format!("{error:#}")));
            let mut out = std::io::stdout().lock();
            serde_json::to_writer(&mut out, &answer)?;
            writeln!(out)?;
            out.flush()?;
        }
        Ok(())
    }
}

impl Process {
    fn reach(&self) -> Reach {
        self.common.reach()
    }

    fn host(&self) -> anyhow::Result<&Handle> {
        self.host.as_ref().context("this device has no records yet")
    }

    fn answer(&mut self, ask: Ask) -> anyhow::Result<Answer> {
        match ask {
            Ask::Found { school, head, passphrase } => {
                let place = self.folder.with_file_name("recovery-cards");
                let mut keep = |cards: &[Card]| crate::commands::write_cards(&place, cards);
                let clock = self.common.clock();
                let device = Device::found(&self.folder, &school, &head, "Office", &passphrase, clock, &mut keep)?;
                self.host = Some(Handle::start(device, &self.reach())?);
                Ok(Answer::Done)
            }
            Ask::Import(dir) => {
                let files = crate::commands::read_folder(&dir)?;
                self.host()?.call(move |host| work::import(host, files))?
            }
            Ask::Invite => Ok(Answer::Text(
                self.host()?
                    .call(|host| host.open_invitation(DeviceKind::Laptop, Vec::new(), limits::INVITATION))??,
            )),
            Ask::Phrase => self.phrase(),
            Ask::Confirm => {
                self.host()?.call(crate::host::Host::confirm_invitation)??;
                Ok(Answer::Done)
            }
            Ask::Join { code, name } => self.join(code, name),
            Ask::FinishJoin => self.finish_join(),
            Ask::Words => self.host()?.call(work::words)?,
            Ask::Activate { words, passphrase } => {
                let person = self.host()?.call(move |host| {
                    let person = host.device.activate(&words, &passphrase)?;
                    anyhow::Ok(host.device.known.staff_name(person))
                })??;
                Ok(Answer::Text(person))
            }
            Ask::Registers { part, elsewhere } => {
                self.host()?.call(move |host| work::registers(host, part, elsewhere))?
            }
            Ask::StartCall => self.host()?.call(work::start_call)?,
            Ask::JoinCall => self.host()?.call(work::join_call)?,
            Ask::Cut(cut) => {
                self.host()?.call(move |host| host.cut(cut))?;
                Ok(Answer::Done)
            }
            Ask::Marshal { part } => self.host()?.call(move |host| work::marshal(host, part))?,
            Ask::InStep => self.host()?.call(state::in_step)?,
            Ask::Missing(entries) => self.host()?.call(move |host| state::missing(host, &entries))?,
            Ask::Shared(entries) => self.host()?.call(move |host| state::shared(host, &entries))?,
            Ask::State => self.host()?.call(state::state)?,
            Ask::Verify => self.host()?.call(state::verify)?,
            Ask::Fire => self.host()?.call(state::fire)?,
            Ask::Stop => bail!("stopped"),
        }
    }

    fn phrase(&self) -> anyhow::Result<Answer> {
        match self.host()?.call(|host| host.invite_state().clone())? {
            InviteState::Compare { phrase, .. } => Ok(Answer::Text(phrase)),
            InviteState::Failed(why) => bail!(why),
            _ => Ok(Answer::NotYet),
        }
    }

    /// Joins on a thread of its own, because the other device must be asked for its yes meanwhile.
    fn join(&mut self, code: String, name: String) -> anyhow::Result<Answer> {
        let (phrase, shown) = sync_channel(1);
        let (folder, reach, clock) = (self.folder.clone(), self.reach(), self.common.clock());
        self.joining = Some(std::thread::spawn(move || {
            let mut on_phrase = |words: &str| drop(phrase.send(words.to_owned()));
            join(&folder, &code, &name, &reach, clock, &mut on_phrase, &|| Said::Same)
        }));
        wait_for_phrase(&shown, &mut self.joining)
    }

    fn finish_join(&mut self) -> anyhow::Result<Answer> {
        let thread = self.joining.take().context("nothing is being joined")?;
        let joined = thread.join().ok().context("joining failed")??;
        let host = Handle::start(joined.device, &self.reach())?;
        host.call(move |host| host.expect(joined.inviter, joined.addresses))?;
        self.host = Some(host);
        Ok(Answer::Done)
    }
}

fn wait_for_phrase(
    shown: &Receiver<String>,
    joining: &mut Option<JoinHandle<anyhow::Result<Joined>>>,
) -> anyhow::Result<Answer> {
    match shown.recv() {
        Ok(phrase) => Ok(Answer::Text(phrase)),
        Err(_) => match joining.take().map(JoinHandle::join) {
            Some(Ok(Err(error))) => Err(error),
            _ => bail!("joining ended before the phrase was shown"),
        },
    }
}

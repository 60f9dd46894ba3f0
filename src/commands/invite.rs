//! `muster invite`: lets another device into the school.

use super::Common;
use super::ask::{self, Who};
use crate::host::{Handle, InviteState};
use crate::limits;
use anyhow::bail;
use clap::Args;
use muster_core::id::PlaceId;
use muster_school::roles::DeviceKind;
use std::time::{Duration, Instant};

/// Let another device into the school
#[derive(Debug, Args)]
pub(super) struct Invite {
    /// The sites whose records the device may hold, by code [default: every site]
    #[arg(long = "site", value_name = "CODE")]
    sites: Vec<String>,
    /// What the device is for: tablet, laptop (leaders and leads may sign in, too), kiosk or blind
    #[arg(long, value_name = "KIND", default_value = "tablet", value_parser = kind)]
    kind: DeviceKind,
    /// Let the device in without asking whether the phrases agree: only where nobody else is on the network
    #[arg(long)]
    yes: bool,
    /// How long the code works, at most the 15 minutes that are the default
    #[arg(long, value_name = "SECONDS", default_value_t = limits::INVITATION.as_secs(), value_parser = clap::value_parser!(u64).range(1..=limits::INVITATION.as_secs()))]
    seconds: u64,
    #[command(flatten)]
    who: Who,
}

pub(super) fn kind(word: &str) -> Result<DeviceKind, String> {
    let words: Vec<&str> = DeviceKind::ALL.iter().map(|kind| kind.code()).collect();
    DeviceKind::from_code(word).ok_or_else(|| format!("say one of {}", words.join(", ")))
}

/// How often the state of the invitation is looked at.
const LOOK: Duration = Duration::from_millis(100);
/// How long the first catch-up of a new device is waited for.
const CATCH_UP: Duration = Duration::from_secs(120);

impl Invite {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        let device = self.who.open_to_administer(common)?;
        let places = places(&device, &self.sites)?;
        let host = Handle::start(device, &common.reach())?;
        let code =
            host.call(move |host| host.open_invitation(self.kind, places, Duration::from_secs(self.seconds)))??;
        match self.seconds {
            seconds if seconds < 120 => say!("On the other device, within {seconds} seconds:"),
            seconds => say!("On the other device, within {} minutes:", seconds / 60),
        }
        say!();
        say!("  muster join {code}");
        say!();
        say!("On the same network the six words alone will do.");
        say!();
        loop {
            std::thread::sleep(LOOK);
            match host.call(|host| host.invite_state().clone())? {
                InviteState::None | InviteState::Open { .. } => {}
                InviteState::Compare { name, phrase, twice } => {
                    say!(
                        "{} answers. Both screens must show the same phrase:",
                        if name.is_empty() { "A device" } else { &name }
                    );
                    say!();
                    say!("  {phrase}");
                    say!();
                    if let Some((_, other)) = twice {
                        say!(
                            "A device called {other} is of the school already. If this is that one, retire the old one once this is in: muster devices retire \"{other}\"."
                        );
                    }
                    if !self.yes && !ask::yes("Does the other screen show exactly that?")? {
                        host.call(crate::host::Host::cancel_invitation)?;
                        bail!("the device was not let in: if the phrases differ, somebody may be in between");
                    }
                    host.call(crate::host::Host::confirm_invitation)??;
                }
                InviteState::Done { device, name, .. } => {
                    say!("{name} is in. Sending what it may hold…");
                    let until = Instant::now() + CATCH_UP;
                    while Instant::now() < until {
                        std::thread::sleep(LOOK);
                        if host.call(move |host| host.peers().get(&device).is_some_and(|peer| peer.was_same))? {
                            say!("{name} holds all that it may.");
                            return Ok(());
                        }
                    }
                    bail!(
                        "{name} is in, but has not received everything yet: keep both devices on the same network and run `muster run`"
                    );
                }
                InviteState::Failed(why) => bail!(why),
            }
        }
    }
}

/// The site of a code, where one is given.
///
/// # Errors
/// When there is none of that code: then all are named.
pub(super) fn place(device: &crate::device::Device, code: Option<&str>) -> anyhow::Result<Option<PlaceId>> {
    let codes: Vec<String> = code.map(str::to_owned).into_iter().collect();
    Ok(places(device, &codes)?.first().copied())
}

/// Sites by their codes.
pub(super) fn places(device: &crate::device::Device, codes: &[String]) -> anyhow::Result<Vec<PlaceId>> {
    let school = device.known.school();
    codes
        .iter()
        .map(|code| match school.site_by_code(code) {
            Some(site) => Ok(site.id),
            None => {
                let mut known: Vec<&str> = school.sites.values().map(|site| site.code.as_str()).collect();
                known.sort_unstable();
                bail!("there is no site {code}: the sites are {}", known.join(", "))
            }
        })
        .collect()
}

//! `muster factor`: sets up a second factor for whoever signs in.

use super::Common;
use super::ask::{self, Who};
use clap::Args;
use muster_school::step_up::MINUTES_MOST;
use qrcode::render::unicode::Dense1x2;

const LOST: &str = "Telephone lost or new?\n  \
    The old one is still at hand: muster factor --code CODE sets up another.\n  \
    It is gone: the office or your site lead runs muster people reset NAME and reads you one-time words; you choose a\n  \
    passphrase again and set up another second factor. Nothing that you wrote is lost.\n  \
    You are the head, with nobody above you: muster cards new-head NAME, with two of the three recovery cards.";

/// Set up a second factor: six digits from an authenticator, for what needs more than a passphrase
#[derive(Debug, Args)]
#[command(after_help = LOST)]
pub(super) struct Factor {
    /// Set for how many minutes a code holds, for everybody, and nothing else
    #[arg(long, value_name = "MINUTES", value_parser = clap::value_parser!(u16).range(1..=i64::from(MINUTES_MOST)))]
    minutes: Option<u16>,
    #[command(flatten)]
    who: Who,
}

impl Factor {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        let mut device = self.who.open(common)?;
        if let Some(minutes) = self.minutes {
            device.set_step_up(minutes)?;
            say!("From now on a code holds for {minutes} minutes.");
            return Ok(());
        }
        let factor = device.offer_factor()?;
        let uri = device.factor_uri(&factor)?;
        say!("Point an authenticator at this, with no network needed:");
        say!();
        if let Ok(picture) = qrcode::QrCode::new(uri.as_bytes()) {
            say!("{}", picture.render::<Dense1x2>().dark_color(Dense1x2::Light).light_color(Dense1x2::Dark).build());
        }
        say!("Or type this into it:");
        say!();
        say!("  {}", factor.groups().as_str());
        say!();
        say!("Whoever has read it can make your codes: clear this window when you are done.");
        let passphrase = ask::passphrase("Your passphrase again: ")?;
        let code = ask::line("The six digits that the authenticator shows now: ")?;
        device.set_up_factor(factor, &passphrase, &code)?;
        say!("Your second factor is set up on this device. From now on: muster COMMAND --code 123456");
        Ok(())
    }
}

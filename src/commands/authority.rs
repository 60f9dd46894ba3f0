//! `muster authority`: the local authority in whose area the school is, or one of its sites: it gets the returns.

use super::Common;
use super::ask::Who;
use clap::Args;
use muster_school::facts::returns;

/// The local authority that gets the returns, of every site or of one; without a name, those that are set are listed
#[derive(Debug, Args)]
pub(super) struct Authority {
    /// Its name, such as Hertfordshire; empty takes the setting away
    name: Option<String>,
    /// Its number, such as 919
    #[arg(long, default_value = "")]
    number: String,
    /// Who there gets the returns, and how
    #[arg(long, default_value = "", value_name = "WORDS")]
    returns_to: String,
    /// Of one site only, by code [default: every site that has none of its own]
    #[arg(long, value_name = "CODE")]
    site: Option<String>,
    #[command(flatten)]
    who: Who,
}

impl Authority {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        let mut device = self.who.open(common)?;
        let Some(name) = self.name else {
            let school = device.known.school();
            for one in school.authorities() {
                let site = one.site.map_or("Every site that has none of its own", |site| device.known.site_name(site));
                say!("{site}: {} {}  {}", one.number, one.name, one.returns_to);
            }
            if school.authorities().next().is_none() {
                say!("No authority is set.");
            }
            return Ok(());
        };
        let site = super::invite::place(&device, self.site.as_deref())?;
        let name = name.trim().to_owned();
        let said = if name.is_empty() { "Taken away.".to_owned() } else { format!("{name} gets the returns.") };
        let authority = returns::Authority { site, number: self.number, name, returns_to: self.returns_to };
        device.office(|office| Ok(office.set_authority(authority).map(drop)?))?;
        say!("{said}");
        Ok(())
    }
}

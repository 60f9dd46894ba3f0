//! `muster erase`: records that are to go for good, from the order to the certificate; and holds that keep them.

use super::Common;
use super::ask::{self, SignedIn};
use crate::device::{Device, UNDONE};
use anyhow::{Context as _, bail};
use clap::{Args, Subcommand, ValueEnum};
use muster_core::id::EntryHash;
use muster_school::erasure::{Ground, Why};
use muster_school::ids::PupilId;
use std::path::PathBuf;

/// Erase records for good, seven days after it was ordered; hold them; list what was ordered
pub(super) type Erase = SignedIn<What>;

#[derive(Debug, Subcommand)]
pub(super) enum What {
    /// Order that a pupil's file is erased: pupil, care, family and learning records
    Pupil {
        #[command(flatten)]
        whose: Whose,
        /// On which ground
        #[arg(long, value_enum)]
        ground: On,
        #[command(flatten)]
        asked: Asked,
    },
    /// Order that attendance registers are erased of which a review has said so (muster retention)
    Registers {
        /// Of one site, by code [default: the only one]
        #[arg(long, value_name = "CODE")]
        site: Option<String>,
        #[command(flatten)]
        asked: Asked,
    },
    /// Sign an order as the second person, where one is needed
    Sign {
        /// Its number in the list
        number: usize,
    },
    /// Undo an order within its seven days
    Undo {
        /// Its number in the list
        number: usize,
    },
    /// Hold a pupil's file: nobody erases it until the hold is lifted
    Hold {
        #[command(flatten)]
        whose: Whose,
        /// Why
        #[arg(long, value_enum)]
        because: Because,
        #[command(flatten)]
        asked: Asked,
    },
    /// Lift a hold. Orders that it beat have to be given anew
    Lift {
        /// Its number in the list of holds
        number: usize,
    },
    /// The certificate of an order that was carried out
    Certificate {
        /// Its number in the list
        number: usize,
        /// Into this new file, as a PDF [default: on the screen]
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
}

#[derive(Debug, Args)]
pub(super) struct Asked {
    /// Who asked, by what they are and not by name: "a parent", "the retention review of May"
    #[arg(long, value_name = "WHO")]
    asked_by: String,
    /// What else is to be known. Names nobody: it outlives the records
    #[arg(long, value_name = "WORDS", default_value = "")]
    note: String,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum On {
    /// Kept for as long as it is to be, and reviewed
    Retention,
    /// The person, or a parent, asked, and nothing asks to keep it
    Request,
    /// A court or the commissioner ordered it
    Order,
    /// It should never have been there
    Mistake,
}

/// Whose file.
#[derive(Debug, Args)]
pub(super) struct Whose {
    /// The admission number, or part of the name: then it is asked whether it is that pupil
    name: String,
    /// Do not ask
    #[arg(long)]
    yes: bool,
}

impl Whose {
    /// The pupil, once it is sure that it is that one.
    fn find(&self, device: &Device) -> anyhow::Result<PupilId> {
        let pupil = super::words::find_pupil(device, &self.name)?;
        let whose = device.whose_file(pupil).context("that pupil is not known here")?;
        say!("{whose}.");
        let number = device.known.pupil(pupil).map(|pupil| pupil.identity.admission_no.as_str());
        if !self.yes && number != Some(self.name.as_str()) && !ask::yes("Is it that pupil?")? {
            bail!("nothing was ordered: give the admission number of the pupil whose file it is");
        }
        Ok(pupil)
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Because {
    /// A claim is made or expected
    LegalClaim,
    /// There is a safeguarding matter
    Safeguarding,
    /// A public inquiry asked for records to be kept
    Inquiry,
    /// A complaint or an appeal is open
    Complaint,
}

impl Erase {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        let mut device = self.who.open(common)?;
        device.tend_erasures()?;
        match self.what {
            None => return list(&mut device),
            Some(What::Pupil { whose, ground, asked }) => {
                let pupil = whose.find(&device)?;
                let ground = match ground {
                    On::Retention => Ground::RetentionEnded,
                    On::Request => Ground::Request,
                    On::Order => Ground::Order,
                    On::Mistake => Ground::EnteredInError,
                };
                let order = device.erase_pupil(pupil, ground, &asked.asked_by, &asked.note)?;
                say_ordered(&mut device, order)?;
            }
            Some(What::Registers { site, asked }) => {
                let site = super::invite::place(&device, site.as_deref())?;
                let sites = &device.known.school().sites;
                let site = site.or_else(|| sites.keys().next().copied().filter(|_| sites.len() == 1));
                let site = site.context("the school has several sites: say of which with --site")?;
                let order = device.erase_registers(site, &asked.asked_by, &asked.note)?;
                say_ordered(&mut device, order)?;
            }
            Some(What::Sign { number }) => {
                let order = order(&mut device, number)?;
                device.sign_erasure(order)?;
                say_ordered(&mut device, order)?;
            }
            Some(What::Undo { number }) => {
                let order = order(&mut device, number)?;
                device.undo_erasure(order)?;
                say!("{UNDONE}.");
            }
            Some(What::Hold { whose, because, asked }) => {
                let pupil = whose.find(&device)?;
                let why = match because {
                    Because::LegalClaim => Why::LegalClaim,
                    Because::Safeguarding => Why::Safeguarding,
                    Because::Inquiry => Why::Inquiry,
                    Because::Complaint => Why::Complaint,
                };
                device.hold_pupil(pupil, why, &asked.asked_by, &asked.note)?;
                say!("Held: nobody erases this file until the hold is lifted.");
            }
            Some(What::Lift { number }) => {
                let all = device.erasures()?.holds;
                let at = number.checked_sub(1).and_then(|at| all.get(at));
                let hold = at.context("there is no hold of that number: see muster erase")?.id;
                device.lift_hold(hold)?;
                say!("Lifted. What it kept stays until somebody orders anew that it is erased.");
            }
            Some(What::Certificate { number, out }) => {
                let order = order(&mut device, number)?;
                let Some(path) = out else {
                    say!("Certificate of destruction");
                    device.destruction_certificate(order)?.iter().for_each(|line| say!("{line}"));
                    return Ok(());
                };
                device.save_certificate(order, &path)?;
                say!("Written into {}.", path.display());
            }
        }
        Ok(())
    }
}

fn order(device: &mut Device, number: usize) -> anyhow::Result<EntryHash> {
    let all = device.erasures()?.orders;
    match number.checked_sub(1).and_then(|at| all.get(at)) {
        Some(line) => Ok(line.id),
        None => bail!("there is no order of that number: see muster erase"),
    }
}

fn say_ordered(device: &mut Device, order: EntryHash) -> anyhow::Result<()> {
    let all = device.erasures()?.orders;
    let line = all.iter().find(|line| line.id == order).context("the order was not kept")?;
    line.whose.iter().for_each(|whose| say!("{whose}."));
    say!("{}: {}.", line.what, line.state);
    Ok(())
}

fn list(device: &mut Device) -> anyhow::Result<()> {
    let all = device.erasures()?;
    if all.orders.is_empty() {
        say!("Nobody has ordered anything to be erased.");
    }
    for (number, line) in all.orders.iter().enumerate() {
        say!("{}. {}: {}.", number + 1, line.what, line.state);
        line.whose.iter().for_each(|whose| say!("   It is that of {whose}."));
        line.story.iter().for_each(|words| say!("   {words}"));
    }
    if !all.holds.is_empty() {
        say!("Holds:");
    }
    for (number, line) in all.holds.iter().enumerate() {
        say!("{}. {}.", number + 1, line.what);
        line.whose.iter().for_each(|whose| say!("   It is that of {whose}."));
        line.story.iter().for_each(|words| say!("   {words}."));
    }
    Ok(())
}

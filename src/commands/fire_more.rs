//! `muster fire report`, `print`, `pin` and what else belongs to the fire register and needs somebody signed in.

use super::Common;
use super::ask::{Who as Signed, marshal_pin};
use super::reception::whom;
use super::words::{find_pupil, find_staff};
use crate::desk::learned;
use crate::device::Device;
use crate::device::extract::Purpose;
use anyhow::Context as _;
use clap::Subcommand;
use muster_school::calendar;
use muster_school::facts::care::FireNote;
use muster_school::facts::fire::{FireDuty, SitePlaces};
use muster_school::ids::Who;
use muster_school::office::CallKey;
use muster_school::show;
use muster_school::view::EventId;
use muster_school::view::call::{ReportAction, ReportAnswers};
use muster_school::view::fire::Care;
use std::path::PathBuf;

/// What else there is to do with the fire register.
#[derive(Debug, Subcommand)]
pub(super) enum More {
    /// The list on paper: a PDF in large type, by group, with the assembly points
    Print {
        /// Into this folder
        #[arg(value_name = "DIR")]
        into: PathBuf,
        /// Of one site, by code [default: this device's]
        #[arg(long, value_name = "CODE")]
        site: Option<String>,
        #[command(flatten)]
        who: Signed,
    },
    /// The report of the last roll call that is over: PDF and CSV
    Report {
        /// Into this folder
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        #[command(flatten)]
        who: Signed,
    },
    /// Write down what was seen and learned in the last roll call
    Learn {
        /// The weather
        #[arg(long, default_value = "")]
        weather: String,
        /// Exits that were blocked
        #[arg(long, default_value = "")]
        exits: String,
        /// What went wrong
        #[arg(long, default_value = "")]
        problems: String,
        /// What is to be done, as "Mend the door; Site manager; 2026-12-04"; may be given again
        #[arg(long, value_name = "WHAT; WHO; DAY")]
        action: Vec<String>,
        /// What was learned
        #[arg(long, default_value = "")]
        learned: String,
        #[command(flatten)]
        who: Signed,
    },
    /// Sign the report of the last roll call with your name
    Sign {
        #[command(flatten)]
        who: Signed,
    },
    /// A certificate of the last roll call, which `muster verify` checks
    Certificate {
        /// Into this folder
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        /// For whom
        #[arg(long)]
        to: String,
        /// What for
        #[arg(long)]
        purpose: String,
        #[command(flatten)]
        who: Signed,
    },
    /// Set the marshal's PIN of this site, asked for or from MUSTER_MARSHAL_PIN
    Pin {
        #[command(flatten)]
        who: Signed,
    },
    /// The list with care details, for whoever gives the marshal's PIN; needs no sign-in
    Care,
    /// What a member of staff does in a fire, and the number they carry
    Duty {
        /// Staff code or part of the name
        staff: String,
        /// A fire marshal
        #[arg(long)]
        marshal: bool,
        /// Gives first aid
        #[arg(long)]
        first_aid: bool,
        /// The number they carry at work
        #[arg(long, default_value = "")]
        phone: String,
        #[command(flatten)]
        who: Signed,
    },
    /// Where people of a site are looked for, and the refuge points where they wait for help
    Places {
        /// A room or place to look in; several times for several
        #[arg(long, value_name = "NAME")]
        room: Vec<String>,
        /// A refuge point; several times for several
        #[arg(long, value_name = "NAME")]
        refuge: Vec<String>,
        /// At one site, by code [default: this device's]
        #[arg(long, value_name = "CODE")]
        site: Option<String>,
        #[command(flatten)]
        who: Signed,
    },
    /// What to know of a pupil when leaving the building
    Note {
        /// Part of the pupil's name, or the admission number
        pupil: String,
        /// The adult who is with them one to one
        #[arg(long, default_value = "")]
        one_to_one: String,
        /// May hide from the alarm
        #[arg(long)]
        may_hide: bool,
        /// May run away
        #[arg(long)]
        may_abscond: bool,
        #[command(flatten)]
        who: Signed,
    },
    /// Where somebody is believed to be, and why
    Where {
        /// Part of the name of a pupil or a member of staff
        name: String,
        #[command(flatten)]
        who: Signed,
    },
}

impl More {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        match self {
            Self::Print { into, site, who } => {
                let mut device = who.open(common)?;
                let site = super::invite::place(&device, site.as_deref())?;
                let (file, people) = device.print_fire_list(site, &std::path::absolute(into)?)?;
                say!("Written to {}: {people} people, and it is not encrypted.", file.display());
            }
            Self::Report { out, who } => {
                let mut device = who.open(common)?;
                let key = last(&mut device)?;
                written(&device.save_report(EventId(key.event.0), &out)?);
            }
            Self::Learn { weather, exits, problems, action, learned: words, who } => {
                let mut device = who.open(common)?;
                let key = last(&mut device)?;
                let actions = action.iter().map(|typed| {
                    let mut parts = typed.split(';').map(|part| part.trim().to_owned());
                    let mut next = || parts.next().unwrap_or_default();
                    ReportAction { what: next(), owner: next(), due: next() }
                });
                let answers = ReportAnswers { weather, exits, problems, actions: actions.collect(), learned: words };
                let written = learned(answers, calendar::local(common.clock().now()).day)?;
                device.office(|office| Ok(office.write_report(key, written).map(drop)?))?;
                say!("Saved on this device.");
            }
            Self::Sign { who } => {
                let mut device = who.open(common)?;
                let key = last(&mut device)?;
                device.office(|office| Ok(office.sign_report(key).map(drop)?))?;
                say!("Signed with your name.");
            }
            Self::Certificate { out, to, purpose, who } => {
                let mut device = who.open(common)?;
                let key = last(&mut device)?;
                let purpose = Purpose { to, why: purpose };
                written(&device.certify_call(EventId(key.event.0), &purpose, &out)?);
                say!("Anybody can check the .muster file: muster verify FILE");
            }
            Self::Pin { who } => {
                let mut device = who.open_to_administer(common)?;
                device.set_marshal_pin(&marshal_pin("The marshal's PIN from now on: ")?)?;
                say!("Set. Tell it to those who may know care details anyway, and set another when a tablet is lost.");
            }
            Self::Care => care(common)?,
            Self::Duty { staff, marshal, first_aid, phone, who } => {
                let mut device = who.open(common)?;
                let person = find_staff(&device, &staff)?;
                device.office(|office| {
                    Ok(office.set_fire_duty(FireDuty { person, marshal, first_aid, phone }).map(drop)?)
                })?;
                device.settle_in()?;
                say!("Set.");
            }
            Self::Places { room: rooms, refuge: refuges, site, who } => {
                let mut device = who.open(common)?;
                let named = super::invite::place(&device, site.as_deref())?;
                let site = named.or_else(|| device.site()).context("this device knows no site yet")?;
                let meets = device.known.school().places.get(&site).map(|held| held.meets.clone()).unwrap_or_default();
                let places = SitePlaces { site, rooms, refuges, meets };
                device.office(|office| Ok(office.set_site_places(places).map(drop)?))?;
                device.settle_in()?;
                say!("Set.");
            }
            Self::Note { pupil, one_to_one, may_hide, may_abscond, who } => {
                let mut device = who.open(common)?;
                let pupil = find_pupil(&device, &pupil)?;
                let note = FireNote { one_to_one, may_hide, may_abscond };
                device.office(|office| Ok(office.set_fire_note(pupil, note).map(drop)?))?;
                device.settle_in()?;
                say!("Set.");
            }
            Self::Where { name, who } => {
                let mut device = who.open(common)?;
                let site = device.site().context("this device knows no site yet")?;
                let who: Who = whom(&device, &name)?;
                let list = device.with_records(|records, _| Ok(muster_school::fire::presence::list(records, site)?))?;
                let list = list.context("this device holds no list of this site yet")?;
                let one =
                    list.people.iter().find(|one| one.who == who).context("they are on no list of this site today")?;
                say!("{}: {}.", one.spoken(), one.line);
            }
        }
        Ok(())
    }
}

fn written(files: &[PathBuf]) {
    for file in files {
        say!("Written to {}.", file.display());
    }
    say!("They are not encrypted. That they were written is in the audit.");
}

/// The roll call that was last, and is over.
fn last(device: &mut Device) -> anyhow::Result<CallKey> {
    let site = device.site().context("this device knows no site yet")?;
    let held = device.with_records(|records, _| Ok(show::calls_held(records, site)?))?;
    let newest = held.into_iter().max_by_key(|held| held.call.started.map(|origin| origin.at));
    Ok(newest.context("no roll call of this site is over")?.key)
}

fn care(common: &Common) -> anyhow::Result<()> {
    let mut device = Device::open(&common.folder(), common.clock())?;
    let site = device.site().context("this device knows no site yet")?;
    let book = device.open_care(&marshal_pin("The marshal's PIN: ")?)?;
    let open = Care::Open { words: String::new(), by_pin: true };
    let view = device.office_of_device(|office| Ok(show::fire_with(office.records(), site, "", open, Some(&book))?))?;
    for row in view.rows.iter().filter(|row| !row.care.is_empty() || !row.phones.is_empty()) {
        let phones: Vec<String> = row.phones.iter().map(|phone| format!("{} {}", phone.whose, phone.number)).collect();
        say!("{:<28} {:<12} {}", row.name, row.group, [row.care.clone(), phones].concat().join("; "));
    }
    Ok(())
}

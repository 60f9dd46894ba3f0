//! `muster retention`: for how long each class of record is kept and on what ground, what is due for review, and what
//! reviews decided.

use super::Common;
use super::ask::Who;
use anyhow::{Context as _, bail};
use clap::{Args, ValueEnum};
use muster_school::calendar::{self, Day};
use muster_school::facts::retention::{Class, Decision, Reviewed};
use muster_school::retention::{self, rules::RULES};
use muster_school::show::office_forms;

/// How long records are kept, which are due for review, and what reviews decided
#[derive(Debug, Args)]
pub(super) struct Retention {
    /// Write down a review: of which records
    #[arg(long, value_enum, requires = "year", requires = "why")]
    reviewed: Option<Which>,
    /// Of what was entered in this year, of pupils born in it, or of it
    #[arg(long)]
    year: Option<i16>,
    /// Of one site, by code [default: the only one]
    #[arg(long, value_name = "CODE")]
    site: Option<String>,
    /// Decided: kept up to and with this day, and reviewed again
    #[arg(long, value_name = "DATE", conflicts_with = "destroy")]
    keep_until: Option<String>,
    /// Decided: due for destruction. Nothing is destroyed by saying so
    #[arg(long)]
    destroy: bool,
    /// Why
    #[arg(long, value_name = "WORDS")]
    why: Option<String>,
    #[command(flatten)]
    who: Who,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Which {
    Attendance,
    Admission,
    PupilFiles,
    SpecialNeeds,
    Medical,
    Visitors,
    Drills,
}

impl Retention {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        let mut device = self.who.open(common)?;
        let today = calendar::local(common.clock().now()).day;
        let found = device.with_records(|records, known| Ok(retention::entries(records, known.school(), today)?))?;
        if let Some(which) = self.reviewed {
            let class = match which {
                Which::Attendance => Class::Attendance,
                Which::Admission => Class::Admission,
                Which::PupilFiles => Class::PupilFile,
                Which::SpecialNeeds => Class::SpecialNeeds,
                Which::Medical => Class::Medical,
                Which::Visitors => Class::Visitors,
                Which::Drills => Class::Drills,
            };
            let site = super::invite::place(&device, self.site.as_deref())?;
            let year = self.year.context("say of which year: --year 2026")?;
            let mut of = found.iter().filter(|one| one.class == class && one.year == year && one.due > 0);
            let one = of
                .find(|one| site.is_none_or(|site| site == one.site))
                .context("nothing there of that year is due for review: muster retention says what is")?;
            if site.is_none() && of.next().is_some() {
                bail!("several sites have such records: say which with --site");
            }
            let decision = match (&self.keep_until, self.destroy) {
                (Some(day), _) => Decision::KeepUntil(Day::parse(day).map_err(anyhow::Error::msg)?),
                (None, true) => Decision::Destroy,
                (None, false) => bail!("say what was decided: --keep-until DATE, or --destroy"),
            };
            let reason = self.why.unwrap_or_default();
            let review = Reviewed { site: one.site, class, year, day: today, decision, reason };
            device.office(|office| Ok(office.review_records(review).map(drop)?))?;
            say!("Written down. Nothing is destroyed by it.");
            if decision == Decision::Destroy && class == Class::Attendance {
                say!("To have these registers erased: muster erase registers --asked-by \"the retention review\".");
            }
            return Ok(());
        }
        say!("Records are kept for so long, and then reviewed. None is dropped by itself.");
        for rule in RULES {
            say!("  {}: {} ({}).", rule.class.words(), rule.words(), rule.basis);
        }
        let several = device.known.school().sites.len() > 1;
        for one in &found {
            let due = match one.due {
                0 => format!("none due before {} {}", one.from.long(), one.from.date().year()),
                due => format!("{due} due for review"),
            };
            let due = if one.due == 0 && one.from < today { "reviewed".to_owned() } else { due };
            let destroy = match one.to_destroy {
                0 => String::new(),
                many => format!("; {many} to be destroyed, by a review"),
            };
            let site = if several { format!(" of {}", device.known.site_name(one.site)) } else { String::new() };
            let (what, many) = (one.class.words(), one.class.many(one.entries));
            say!("{what}{site}, {}: {many}, {due}{destroy}.", one.class.of_year(one.year));
        }
        if found.is_empty() {
            say!("Nothing is held that whoever is signed in may read.");
        }
        for said in device.with_records(|records, known| Ok(office_forms::reviewed(records, known)))? {
            say!("{said}");
        }
        Ok(())
    }
}

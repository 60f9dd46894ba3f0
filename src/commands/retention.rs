//! `muster retention`: how long entries of the registers have been kept, and which are due for review.

use super::Common;
use super::ask::Who;
use clap::Args;
use muster_school::calendar;
use muster_school::retention::{self, YEARS};

/// How long entries of the registers have been kept, and which are due for review
#[derive(Debug, Args)]
pub(super) struct Retention {
    #[command(flatten)]
    who: Who,
}

impl Retention {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        let mut device = self.who.open(common)?;
        let today = calendar::local(common.clock().now()).day;
        let found = device.with_records(|records, _| Ok(retention::entries(records, today)?))?;
        say!(
            "Each entry is kept for {YEARS} years from the day it was entered, and then reviewed. None is dropped by itself."
        );
        for one in &found {
            let due = match one.due {
                0 => format!("none due before {} {}", one.from.long(), one.from.date().year()),
                due => format!("{due} due for review"),
            };
            say!("{}, entered in {}: {} entries, {due}.", one.what, one.year, one.entries);
        }
        if found.is_empty() {
            say!("Nothing is held that whoever is signed in may read.");
        }
        Ok(())
    }
}

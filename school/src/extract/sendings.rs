//! What is sent to authorities: of each return a table for each site, to the authority in whose area that site is.
//!
//! A table knows whom it tells of and for which days, so that exactly that can be noted as sent, whatever has become
//! due since.

use super::{Table, Which, dated, in_file, register, returns};
use crate::admission::returns_due;
use crate::calendar::{Day, Local};
use crate::duties::{self, ToTell};
use crate::facts::returns::{Authority, ReturnKind};
use crate::figures::Period;
use crate::ids::PupilId;
use crate::known::Known;
use muster_core::id::PlaceId;
use muster_core::replica::records::{Records, RecordsError};
use std::collections::{BTreeMap, BTreeSet};

/// The longest span of sessions missed in one table, in days.
const DAYS: i32 = 365;

/// A table for one authority.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sending {
    /// Which return.
    pub kind: ReturnKind,
    /// Of which site.
    pub site: PlaceId,
    /// The authority set for that site; `None` until it is set.
    pub to: Option<Authority>,
    /// What it says.
    pub table: Table,
    /// Of whom it tells, and for which days.
    pub told: Vec<(PupilId, Day)>,
}

/// The returns of a kind that are due, a table for each site. Those that are needed only if the authority asks are in
/// them where it did (`asked`). For absence and illness the registers of [`duties::period`] are read first.
///
/// # Errors
/// When the records cannot be read.
pub fn sendings(
    records: &mut impl Records,
    known: &mut Known,
    kind: ReturnKind,
    asked: bool,
    now: Local,
) -> Result<Vec<Sending>, RecordsError> {
    let found = match kind {
        ReturnKind::NewPupil => entries(records, known, Which::NewPupils, asked, now.day)?,
        ReturnKind::Deletion => entries(records, known, Which::Deletions, asked, now.day)?,
        ReturnKind::Attendance | ReturnKind::Sickness => {
            known.read_ledger(records, duties::period(now), usize::MAX)?;
            missed(records, known, kind, asked, now)?
        }
    };
    let with = |(site, mut table, told): (PlaceId, Table, Vec<(PupilId, Day)>)| {
        let name = known.site_name(site);
        table.what = format!("{}, {name}", table.what);
        table.stem = format!("{}-{}", table.stem, in_file(name));
        Sending { kind, site, to: known.school().authority(site).cloned(), table, told }
    };
    Ok(found.into_iter().filter(|(_, table, _)| !table.rows.is_empty()).map(with).collect())
}

type Found = Vec<(PlaceId, Table, Vec<(PupilId, Day)>)>;

fn entries(
    records: &mut impl Records,
    known: &Known,
    which: Which,
    asked: bool,
    today: Day,
) -> Result<Found, RecordsError> {
    let mut by_site: BTreeMap<PlaceId, Vec<_>> = BTreeMap::new();
    for due in returns_due(known, today).into_iter().filter(|due| asked || !due.only_if_asked) {
        if due.kind == which.kind() {
            by_site.entry(due.site).or_default().push(due);
        }
    }
    let mut found = Vec::new();
    for (site, due) in by_site {
        let table = returns(records, known, which, &due, today)?;
        found.push((site, table, due.into_iter().map(|due| (due.pupil, due.about)).collect()));
    }
    Ok(found)
}

/// The sessions that pupils missed, of whom the authority is to be told.
fn missed(
    records: &mut impl Records,
    known: &mut Known,
    kind: ReturnKind,
    asked: bool,
    now: Local,
) -> Result<Found, RecordsError> {
    let mut by_site: BTreeMap<PlaceId, Vec<ToTell>> = BTreeMap::new();
    for one in duties::to_tell(known, kind, asked, now) {
        by_site.entry(one.site).or_default().push(one);
    }
    let (title, stem) = match kind {
        ReturnKind::Sickness => ("Ill for fifteen days", "sick"),
        _ if asked => ("Absent ten days running, or not attending regularly", "absent"),
        _ => ("Absent ten days running", "absent"),
    };
    let mut found = Vec::new();
    for (site, tell) in by_site {
        let only: BTreeSet<PupilId> = tell.iter().map(|one| one.pupil).collect();
        let began = tell.iter().flat_map(|one| one.about.iter().copied());
        let from = began.chain([Period::year_to(now.day).from]).min().unwrap_or(now.day).max(now.day.plus(-DAYS));
        // Of every site: somebody who came here this year missed sessions elsewhere, too.
        let mut table = register(records, known, (from, now.day), None, Some(&only))?;
        table.what = format!("{title}, sessions missed since {}", dated(from));
        table.stem = format!("{stem}-{}", now.day.iso());
        for one in tell.iter().filter(|one| !one.ahead.is_empty()) {
            let number = known.pupil(one.pupil).map(|pupil| pupil.identity.admission_no.clone()).unwrap_or_default();
            table.notes.push(format!("{number}: {}", one.ahead));
        }
        let told = tell.into_iter().flat_map(|one| one.about.into_iter().map(move |about| (one.pupil, about)));
        found.push((site, table, told.collect()));
    }
    Ok(found)
}

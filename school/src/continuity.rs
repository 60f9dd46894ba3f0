//! Backups in words, and requests to have something back: worked out from the facts of [`crate::facts::continuity`].
//!
//! Not here: making a backup, or trying one.

use crate::areas;
use crate::calendar::{self, Day};
use crate::facts::continuity::{Answered, Asked, ContinuityFact, Opened, Proven, RequestFact, Stage};
use crate::facts::{self, documents};
use muster_core::document::fact::Origin;
use muster_core::id::{DeviceId, PlaceId, SeatId};
use muster_core::replica::records::{Records, RecordsError};
use muster_core::time::Moment;
use std::collections::BTreeMap;

/// Age in days from which the newest backup that was proven is overdue: drills are weekly, and one may find a device switched off.
pub const OVERDUE_DAYS: i32 = 8;
const DAY_MS: i64 = 86_400_000;

/// A certificate, with who filed it and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// What it says.
    pub proven: Proven,
    /// What was opened; nothing where an earlier program filed it.
    pub opened: Option<Opened>,
    /// The device's seat that filed it.
    pub by: SeatId,
    /// When, by its clock.
    pub at: Moment,
}

/// What devices said of their backups, as far as it can be read here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filed {
    /// Certificates of drills, the newest first.
    pub certificates: Vec<Certificate>,
    /// When each was set to back up, the newest first: whether daily, by which seat, when.
    pub set: Vec<(bool, SeatId, Moment)>,
}

/// What devices said of their backups, as far as it can be read here.
///
/// # Errors
/// When the records cannot be read.
pub fn filed(records: &mut impl Records) -> Result<Filed, RecordsError> {
    let mut found = Filed::default();
    for section in records.sections(areas::ROLL) {
        for document in records.documents(&section, documents::CONTINUITY)? {
            let Some(held) = records.facts(&document)? else { continue };
            let opened: Vec<(Origin, Opened)> = facts::all::<ContinuityFact>(&held)
                .filter_map(|read| match read.value {
                    ContinuityFact::Opened(opened) => Some((*read.held.origin, opened)),
                    _ => None,
                })
                .collect();
            for read in facts::all::<ContinuityFact>(&held) {
                let origin = *read.held.origin;
                match read.value {
                    ContinuityFact::Proven(proven) => {
                        let opened = opened
                            .iter()
                            .find(|(of, _)| (of.seat, of.act) == (origin.seat, origin.act))
                            .map(|(_, opened)| opened.clone());
                        found.certificates.push(Certificate { proven, opened, by: origin.seat, at: origin.at });
                    }
                    ContinuityFact::BackupsSet(set) => found.set.push((set.daily, origin.seat, origin.at)),
                    _ => {}
                }
            }
        }
    }
    found.certificates.sort_by_key(|one| std::cmp::Reverse(one.at));
    found.set.sort_by_key(|(.., at)| std::cmp::Reverse(*at));
    Ok(found)
}

/// How the newest proof stands.
///
/// In the order of how much it matters: the last is the worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Age {
    /// Proven so many days ago.
    Days(i32),
    /// Proven, and so many days ago that it is overdue.
    Overdue(i32),
    /// No backup was ever proven.
    Never,
    /// What is in the newest that was tried is whole, and it lacks something.
    Incomplete,
    /// The newest proof failed, and nothing has been proven since.
    Failed,
}

impl Age {
    /// From the last proof and when a drill last failed, in milliseconds since 1970 UTC. A proof of an old backup is as
    /// old as that backup; what a clock says that was a day ahead or more is not believed.
    pub fn of(proof: Option<Proof>, failed_ms: Option<i64>, now: Moment) -> Self {
        let day = |ms| calendar::local(Moment::utc(ms)).day;
        match (proof.filter(|proof| !is_ahead(proof.drilled_ms, now)), failed_ms) {
            (proof, Some(failed)) if proof.is_none_or(|proof| proof.drilled_ms < failed) => Self::Failed,
            (None, _) => Self::Never,
            (Some(proof), _) => {
                Self::of_days(days_between(day(proof.taken_ms.min(proof.drilled_ms)), calendar::local(now).day))
            }
        }
    }

    /// Of a proof that is so many days old.
    pub fn of_days(days: i32) -> Self {
        if days > OVERDUE_DAYS { Self::Overdue(days) } else { Self::Days(days) }
    }

    /// Whether somebody has to do something.
    pub fn is_owed(self) -> bool {
        !matches!(self, Self::Days(_))
    }

    /// In words, as *Backup proven 3 days ago*; of a device, where one is to be named.
    pub fn words(self, of: Option<&str>) -> String {
        let of = of.map(|name| format!(" of {name}")).unwrap_or_default();
        match self {
            Self::Never => format!("No backup{of} has ever been proven"),
            Self::Failed => format!("The last backup drill{of} FAILED"),
            Self::Incomplete => format!("The newest backup{of} is not complete"),
            Self::Days(0) => format!("Backup{of} proven today"),
            Self::Days(1) => format!("Backup{of} proven yesterday"),
            Self::Days(days) => format!("Backup{of} proven {days} days ago"),
            Self::Overdue(days) => format!("Backup{of} overdue: the newest that is proven is {days} days old"),
        }
    }
}

/// A drill that proved a backup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proof {
    /// When it ran, in milliseconds since 1970 UTC.
    pub drilled_ms: i64,
    /// When the backup had been made.
    pub taken_ms: i64,
}

/// Whether a time, in milliseconds since 1970 UTC, is a day or more after now: then a clock was ahead when it was noted,
/// and when it was is not known.
pub fn is_ahead(ms: i64, now: Moment) -> bool {
    ms.saturating_sub(now.utc_ms) >= DAY_MS
}

fn days_between(from: Day, to: Day) -> i32 {
    to.0.saturating_sub(from.0).max(0)
}

/// How backups stand on each device that says so: those that filed a certificate or were set to back up every day, but
/// for those that were set to back up by hand since. What was filed by a seat that is of no device here is not believed.
pub fn by_device(
    filed: &Filed,
    device_of: impl Fn(&SeatId) -> Option<DeviceId>,
    now: Moment,
) -> BTreeMap<DeviceId, Age> {
    let mut of: BTreeMap<DeviceId, Vec<&Certificate>> = BTreeMap::new();
    for one in &filed.certificates {
        if let Some(device) = device_of(&one.by) {
            of.entry(device).or_default().push(one);
        }
    }
    let mut set: BTreeMap<DeviceId, (bool, Moment)> = BTreeMap::new();
    for (daily, seat, at) in &filed.set {
        if let Some(device) = device_of(seat) {
            set.entry(device).or_insert((*daily, *at));
        }
    }
    for (device, (daily, at)) in set {
        if daily {
            of.entry(device).or_default();
        } else if of.get(&device).and_then(|all| all.first()).is_some_and(|newest| newest.at <= at) {
            of.remove(&device);
        }
    }
    of.into_iter().map(|(device, all)| (device, age(&all, now))).collect()
}

fn age(certificates: &[&Certificate], now: Moment) -> Age {
    let mut believed = certificates.iter().filter(|one| !is_ahead(one.at.utc_ms, now)).copied();
    let proof = believed.clone().find(|one| one.proven.sound);
    let proof = proof.map(|one| Proof { drilled_ms: one.at.utc_ms, taken_ms: one.proven.taken_ms });
    let failed = believed.find(|one| !one.proven.sound);
    match Age::of(proof, failed.map(|one| one.at.utc_ms), now) {
        Age::Failed if failed.is_some_and(|one| one.proven.holds()) => Age::Incomplete,
        age => age,
    }
}

/// A request to have something back, as far as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Its name.
    pub id: [u8; 16],
    /// At which site.
    pub site: PlaceId,
    /// What was asked.
    pub asked: Asked,
    /// Who asked.
    pub by: SeatId,
    /// When.
    pub at: Moment,
    /// What was done, by whom and when, in order; differing words of two people both stand.
    pub answers: Vec<(Answered, SeatId, Moment)>,
}

impl Request {
    /// How far it is; `None` when nobody has taken it up.
    pub fn stage(&self) -> Option<Stage> {
        self.answers.last().map(|(answered, ..)| answered.stage)
    }

    /// Whether nothing more is to be done.
    pub fn is_over(&self) -> bool {
        self.stage().is_some_and(|stage| stage != Stage::InHand)
    }

    /// How long it has waited, or took until it was over, in words: `2 days`. Nothing where clocks contradict each other.
    pub fn waited(&self, now: Moment) -> Option<String> {
        let until = self.answers.last().filter(|_| self.is_over()).map_or(now, |(_, _, at)| *at);
        let minutes = until.utc_ms.checked_sub(self.at.utc_ms).filter(|ms| *ms >= 0)? / 60_000;
        Some(match minutes {
            0 => "less than a minute".to_owned(),
            1 => "1 minute".to_owned(),
            2..120 => format!("{minutes} minutes"),
            120..2_880 => format!("{} hours", minutes / 60),
            _ => format!("{} days", minutes / 1_440),
        })
    }

    /// How far it is, in words.
    pub fn state(&self) -> &'static str {
        match self.stage() {
            None => "Asked",
            Some(Stage::InHand) => "In hand",
            Some(Stage::Done) => "Done",
            Some(Stage::NotDone) => "Not done",
        }
    }
}

/// Every request that can be read here: those that are open first, each the newest first.
///
/// # Errors
/// When the records cannot be read.
pub fn requests(records: &mut impl Records) -> Result<Vec<Request>, RecordsError> {
    let mut found = Vec::new();
    for section in records.sections(areas::ROLL) {
        for document in records.documents(&section, documents::RESTORE_REQUEST)? {
            let Ok(id) = <[u8; 16]>::try_from(document.key.as_slice()) else { continue };
            let Some(held) = records.facts(&document)? else { continue };
            let (mut first, mut answers): (Option<(Asked, SeatId, Moment)>, _) = (None, Vec::new());
            for read in facts::all::<RequestFact>(&held) {
                let origin = read.held.origin;
                match read.value {
                    RequestFact::Asked(asked) if first.is_none() => first = Some((asked, origin.seat, origin.at)),
                    RequestFact::Answered(answered) => answers.push((answered, origin.seat, origin.at)),
                    _ => {}
                }
            }
            answers.sort_by_key(|(_, _, at)| *at);
            if let Some((asked, by, at)) = first {
                found.push(Request { id, site: section.compartment.place, asked, by, at, answers });
            }
        }
    }
    found.sort_by_key(|one| (one.is_over(), std::cmp::Reverse(one.at)));
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_age_of_the_last_proven_backup_is_said_in_words_and_a_failed_drill_is_loud() {
        let now = calendar::moment(Day(20_000), 9 * 60);
        let days_ago = |days: i32| Some(calendar::moment(Day(20_000 - days), 23 * 60).utc_ms);
        for (proven, failed, words) in [
            (None, None, "No backup has ever been proven"),
            (days_ago(0), None, "Backup proven today"),
            (days_ago(1), None, "Backup proven yesterday"),
            (days_ago(8), None, "Backup proven 8 days ago"),
            (days_ago(9), None, "Backup overdue: the newest that is proven is 9 days old"),
            (days_ago(3), days_ago(2), "The last backup drill FAILED"),
            (days_ago(2), days_ago(3), "Backup proven 2 days ago"),
            (None, days_ago(1), "The last backup drill FAILED"),
        ] {
            let proof = proven.map(|ms| Proof { drilled_ms: ms, taken_ms: ms });
            assert_eq!(Age::of(proof, failed, now).words(None), words);
        }
        let proof = |drilled: i32, taken: i32| {
            Some(Proof { drilled_ms: days_ago(drilled).unwrap(), taken_ms: days_ago(taken).unwrap() })
        };
        let old = Age::of(proof(1, 60), None, now);
        assert_eq!(
            old.words(Some("Office")),
            "Backup of Office overdue: the newest that is proven is 60 days old",
            "a drill makes no old backup new"
        );
        assert_eq!(Age::of(proof(-400, -400), None, now), Age::Never, "nor does a clock that is a year ahead");
    }
}

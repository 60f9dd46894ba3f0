//! Backups in words, and requests to have something back: worked out from the facts of [`crate::facts::continuity`].
//!
//! Not here: making a backup, or trying one.

use crate::areas;
use crate::calendar::{self, Day};
use crate::facts::continuity::{Answered, Asked, ContinuityFact, Proven, RequestFact, Stage};
use crate::facts::{self, documents};
use muster_core::id::{PlaceId, SeatId};
use muster_core::replica::records::{Records, RecordsError};
use muster_core::time::Moment;

/// Age in days from which the newest backup that was proven is overdue: drills are weekly, and one may find a device switched off.
pub const OVERDUE_DAYS: i32 = 8;
const DAY_MS: i64 = 86_400_000;

/// A certificate, with who filed it and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// What it says.
    pub proven: Proven,
    /// The device's seat that filed it.
    pub by: SeatId,
    /// When, by its clock.
    pub at: Moment,
}

/// The certificates that can be read here, the newest first.
///
/// # Errors
/// When the records cannot be read.
pub fn certificates(records: &mut impl Records) -> Result<Vec<Certificate>, RecordsError> {
    let mut found = Vec::new();
    for section in records.sections(areas::ROLL) {
        for document in records.documents(&section, documents::CONTINUITY)? {
            let Some(held) = records.facts(&document)? else { continue };
            for read in facts::all::<ContinuityFact>(&held) {
                if let ContinuityFact::Proven(proven) = read.value {
                    let origin = read.held.origin;
                    found.push(Certificate { proven, by: origin.seat, at: origin.at });
                }
            }
        }
    }
    found.sort_by_key(|one| std::cmp::Reverse(one.at));
    Ok(found)
}

/// How the newest proof stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Age {
    /// No backup was ever proven.
    Never,
    /// The newest proof failed, and nothing has been proven since.
    Failed,
    /// Proven so many days ago.
    Days(i32),
    /// Proven, and so many days ago that it is overdue.
    Overdue(i32),
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
                let days = days_between(day(proof.taken_ms.min(proof.drilled_ms)), calendar::local(now).day);
                if days > OVERDUE_DAYS { Self::Overdue(days) } else { Self::Days(days) }
            }
        }
    }

    /// Whether somebody has to do something.
    pub fn is_owed(self) -> bool {
        !matches!(self, Self::Days(_))
    }

    /// In words, as *Backup proven 3 days ago*.
    pub fn words(self) -> String {
        match self {
            Self::Never => "No backup has ever been proven".to_owned(),
            Self::Failed => "The last backup drill FAILED".to_owned(),
            Self::Days(0) => "Backup proven today".to_owned(),
            Self::Days(1) => "Backup proven yesterday".to_owned(),
            Self::Days(days) => format!("Backup proven {days} days ago"),
            Self::Overdue(days) => format!("Backup overdue: the newest that is proven is {days} days old"),
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

fn is_ahead(ms: i64, now: Moment) -> bool {
    ms.saturating_sub(now.utc_ms) >= DAY_MS
}

fn days_between(from: Day, to: Day) -> i32 {
    to.0.saturating_sub(from.0).max(0)
}

/// How backups stand, by the certificates that can be read here.
pub fn age(certificates: &[Certificate], now: Moment) -> Age {
    let newest = |sound| certificates.iter().find(|one| one.proven.sound == sound && !is_ahead(one.at.utc_ms, now));
    let proof = newest(true).map(|one| Proof { drilled_ms: one.at.utc_ms, taken_ms: one.proven.taken_ms });
    Age::of(proof, newest(false).map(|one| one.at.utc_ms), now)
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
            assert_eq!(Age::of(proof, failed, now).words(), words);
        }
        let proof = |drilled: i32, taken: i32| {
            Some(Proof { drilled_ms: days_ago(drilled).unwrap(), taken_ms: days_ago(taken).unwrap() })
        };
        let old = Age::of(proof(1, 60), None, now);
        assert_eq!(
            old.words(),
            "Backup overdue: the newest that is proven is 60 days old",
            "a drill makes no old backup new"
        );
        assert_eq!(Age::of(proof(-400, -400), None, now), Age::Never, "nor does a clock that is a year ahead");
    }
}

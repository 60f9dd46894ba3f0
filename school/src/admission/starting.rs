//! When a starting day may be amended.
//!
//! Promises: a name that stands on the register is never taken off it by another starting day, neither for days to come
//! nor for days on which the pupil was marked. It leaves on a ground of regulation 9 (see `grounds`), and on no other way.
//!
//! Not here: the reason and the history of the amendment, which are those of any other.

use super::grounds::Refused;
use crate::calendar::Day;
use crate::figures::Period;
use crate::known::{Known, Pupil};
use muster_core::replica::records::{Records, RecordsError};

/// Whether the starting day of a pupil may become another one. Reads the registers of the days that would be none on
/// the register any more.
///
/// # Errors
/// When the records cannot be read; within, why not, in words that say what would be right.
pub(crate) fn check(
    records: &mut impl Records,
    known: &mut Known,
    pupil: &Pupil,
    to: Day,
    today: Day,
) -> Result<Result<(), Refused>, RecordsError> {
    let held = pupil.on_roll.starting;
    if held.is_some_and(|held| held > today || to <= held) {
        return Ok(Ok(()));
    }
    let latest = pupil.on_roll.last.map_or(today, |last| last.min(today));
    if to > latest {
        return Ok(Err(Refused::Stands(latest.long())));
    }
    // Of whom no starting day was ever entered, every mark is looked at.
    let years = records.sections(crate::areas::REGISTER).into_iter().map(|section| section.year);
    let first = years.min().and_then(|year| Day::new(i16::try_from(year.0).ok()?, 9, 1));
    let period = Period { from: held.or(first).unwrap_or(to), to: to.plus(-1) };
    known.read_ledger(records, period, usize::MAX)?;
    let marked = known.marks(pupil.id, period).into_keys().next();
    Ok(marked.map_or(Ok(()), |session| Err(Refused::HasMark(session.day.long()))))
}

//! Whom to call about a pupil who is absent without a reason, and what calls were made.
//!
//! Nobody whom an order bars is ever among the numbers; that somebody is barred, and why, is said without a number.
//! Where the family's records cannot be read here, no number is given.

use super::{Item, Kind};
use crate::calendar::{Day, Half, Local};
use crate::facts::called::Called;
use crate::ids::PupilId;
use crate::known::Known;
use crate::known::family::{Barred, ToCall};
use muster_core::replica::records::{Records, RecordsError};

/// A pupil to call about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absent {
    /// Who.
    pub pupil: PupilId,
    /// The sessions of today that are marked `N`.
    pub halves: Vec<Half>,
    /// The line of the duty, of the first of them.
    pub item: Item,
    /// Whom to call, the first first; `None` where the family's records cannot be read here.
    pub numbers: Option<Vec<ToCall>>,
    /// Who must not be called, and why.
    pub barred: Vec<(String, String)>,
    /// Calls about today, the first first.
    pub calls: Vec<Called>,
}

/// The pupils of the lines of [`Kind::Call`], each once, with the numbers.
///
/// # Errors
/// When the records cannot be read.
pub fn absent(
    records: &mut impl Records,
    known: &Known,
    items: &[Item],
    now: Local,
) -> Result<Vec<Absent>, RecordsError> {
    let mut found: Vec<Absent> = Vec::new();
    for item in items {
        let Some(pupil) = item.pupil else { continue };
        if let Some(held) = found.iter_mut().find(|held| held.pupil == pupil) {
            held.halves.push(item.session.half);
            continue;
        }
        let family = known.family(records, pupil)?;
        let barred = family.as_ref().map(|family| family.not_to_call(now.day)).unwrap_or_default();
        found.push(Absent {
            pupil,
            halves: vec![item.session.half],
            item: item.clone(),
            numbers: family.as_ref().map(|family| family.to_call(now.day)),
            barred: barred.into_iter().map(|(name, why)| (name, words(why))).collect(),
            calls: calls(known, pupil, now.day),
        });
    }
    Ok(found)
}

/// The lines of the kind that calls are made for.
pub fn items(duties: &[super::Duty]) -> &[Item] {
    duties.iter().find(|duty| duty.kind == Kind::Call).map_or(&[], |duty| &duty.items)
}

fn words(why: Barred<'_>) -> String {
    match why {
        Barred::By(order) => {
            let until = order.to.map_or_else(|| "with no end".to_owned(), |to| format!("until {}", to.long()));
            format!("{}, from {}, {until}", order.kind.words(), order.from.long())
        }
        Barred::Unread => "a court order that has not been entered here: read it first".to_owned(),
    }
}

/// The calls that were made about a pupil's absence on a day, by the time they were made.
pub fn calls(known: &Known, pupil: PupilId, day: Day) -> Vec<Called> {
    let all = known.pupil(pupil).map_or(&[][..], |pupil| &pupil.calls);
    let mut found: Vec<Called> = all.iter().filter(|call| call.about == day).cloned().collect();
    found.sort_by_key(|call| (call.day, call.minute));
    found
}

//! Returns to the local authority where the school is: which are due, and by when.
//!
//! A new pupil's is due within five days of the starting day, a deletion's as soon as the ground is met and no later
//! than the deletion. Five days are counted as they come, weekends too: sooner than the law asks is never too late.
//!
//! Not here: attendance and sickness returns, which follow from figures.

use crate::calendar::Day;
use crate::facts::returns::{Authority, ReturnKind};
use crate::ids::PupilId;
use crate::known::{Known, Pupil};
use muster_core::id::PlaceId;

/// Days after the starting day by which a new pupil's return is due.
pub const NEW_PUPIL_DAYS: i32 = 5;
/// A starting day that an import brought makes a return due for so long: it was made in the old system, or is soon
/// found missing. An entry made here is due until it is sent.
const IMPORTED_DAYS: i32 = 28;

/// A return that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnDue {
    /// About whom.
    pub pupil: PupilId,
    /// Which.
    pub kind: ReturnKind,
    /// The starting day or the day of deletion.
    pub about: Day,
    /// The last day to send it.
    pub deadline: Day,
    /// The pupil's site.
    pub site: PlaceId,
    /// The authority that gets it, as set for the site; `None` until it is set.
    pub to: Option<Authority>,
    /// It is needed only if the authority asks: the youngest class on the first day of the year, the oldest class
    /// after the last term.
    pub only_if_asked: bool,
}

impl ReturnDue {
    /// What is due, in words: `New pupil return`.
    pub fn name(&self) -> &'static str {
        name(self.kind)
    }

    /// Whether the deadline is over.
    pub fn is_late(&self, today: Day) -> bool {
        today > self.deadline
    }
}

/// A kind of return in words.
pub fn name(kind: ReturnKind) -> &'static str {
    match kind {
        ReturnKind::NewPupil => "New pupil return",
        ReturnKind::Deletion => "Deletion return",
        ReturnKind::Attendance => "Attendance return",
        ReturnKind::Sickness => "Sickness return",
    }
}

/// The returns of new pupils and deletions that are due and were not sent, the nearest deadline first. Children on no
/// list have none: they are not on the admission register.
pub fn returns_due(known: &Known, today: Day) -> Vec<ReturnDue> {
    let on_register = known.pupils().filter(|pupil| pupil.provisional.is_none());
    let mut due: Vec<ReturnDue> = on_register.flat_map(|pupil| of_pupil(known, pupil, today)).collect();
    due.sort_by_key(|one| (one.deadline, one.kind, one.pupil));
    due
}

fn of_pupil(known: &Known, pupil: &Pupil, today: Day) -> Vec<ReturnDue> {
    let school = known.school();
    let site = known.site_on(pupil, today);
    // Asked first: what is only needed on request takes a look at every pupil.
    let is_open = |kind, about| !school.sent.contains_key(&(pupil.id, kind, about));
    let make = |kind, about, deadline, only_if_asked| {
        let to = school.authority(site).cloned();
        ReturnDue { pupil: pupil.id, kind, about, deadline, site, to, only_if_asked }
    };
    let mut due = Vec::new();
    if let Some(starting) = pupil.on_roll.starting
        && starting <= today
        && (pupil.entry.is_some() || starting.plus(IMPORTED_DAYS) >= today)
        && is_open(ReturnKind::NewPupil, starting)
    {
        let asked = first_day_of_year(known, site, starting) && is_at_end(known, pupil, starting, true);
        due.push(make(ReturnKind::NewPupil, starting, starting.plus(NEW_PUPIL_DAYS), asked));
    }
    if let Some(deleted) = &pupil.deleted
        && is_open(ReturnKind::Deletion, deleted.day)
    {
        let asked = matches!(deleted.day.date().month(), 7 | 8) && is_at_end(known, pupil, deleted.day, false);
        due.push(make(ReturnKind::Deletion, deleted.day, deleted.day, asked));
    }
    due
}

/// Whether a day is the first of its school year on which a site is open.
fn first_day_of_year(known: &Known, site: PlaceId, day: Day) -> bool {
    let year = i16::try_from(day.year().0).ok().and_then(|year| Day::new(year, 9, 1));
    let Some(first) = year else { return false };
    (first.0..day.0).take(366).all(|earlier| known.school().closed(site, Day(earlier)).is_some())
}

/// Whether a pupil is in the youngest year group of those on roll that day, or in the oldest.
fn is_at_end(known: &Known, pupil: &Pupil, day: Day, youngest: bool) -> bool {
    let Some(own) = rank(pupil.year_on(day)) else { return false };
    known
        .pupils()
        .filter(|other| other.is_on_roll(day))
        .filter_map(|other| rank(other.year_on(day)))
        .all(|other| if youngest { own <= other } else { own >= other })
}

/// Year groups in order: nursery, reception, 1 to 14. `None` for what is none.
fn rank(year: &str) -> Option<u8> {
    match year.trim().to_ascii_uppercase().as_str() {
        "N1" => Some(0),
        "N2" | "N" => Some(1),
        "R" => Some(2),
        year => year.parse::<u8>().ok().filter(|year| *year <= 14).map(|year| year + 2),
    }
}

//! When a backup or a drill is due by itself, and which archive is gone on with.
//!
//! A time that is a day or more ahead was noted by a clock that was wrong, and counts as none: nothing waits until then.

use super::kept::{Backups, Known};
use crate::limits;
use muster_core::time::Moment;
use muster_school::calendar::{self, Day};
use muster_school::continuity::is_ahead;

/// The day whose backup is to be made now.
pub(crate) fn backup_owed(kept: &Backups, now: Moment) -> Option<Day> {
    let (set, folder) = (kept.minute?, kept.set_folder()?);
    // What failed by hand, elsewhere, says nothing of the set one.
    let failed = kept.failed.as_ref().filter(|_| folder.as_os_str() == kept.failed_in.as_str());
    if failed.is_some_and(|(ms, _)| is_within(*ms, limits::BACKUP_AGAIN_MS, now)) {
        return None;
    }
    let local = calendar::local(now);
    set_day_owed(kept.tried.filter(|_| failed.is_none()), (local.day, local.minute), set)
}

/// Whether the newest backup is to be drilled now: every week; one that failed once there is another; and one that
/// lacked something once it lacks nothing.
pub(crate) fn drill_owed(kept: &Backups, now: Moment) -> bool {
    let Some(made) = &kept.made else { return false };
    if kept.drill_tried_ms.is_some_and(|ms| is_within(ms, limits::BACKUP_AGAIN_MS, now)) {
        return false;
    }
    match kept.drill_failed.as_ref().filter(|(ms, _)| !is_ahead(*ms, now)) {
        Some((ms, _)) if kept.drill_found_whole => {
            kept.left_out == 0 && is_since(made.at_ms, *ms, now) || !is_within(*ms, limits::DRILL_EVERY_MS, now)
        }
        Some((ms, _)) => is_since(made.at_ms, *ms, now),
        None => {
            let doubted = kept.drill_failed.is_some();
            doubted || !kept.proven_ms.is_some_and(|ms| is_within(ms, limits::DRILL_EVERY_MS, now))
        }
    }
}

/// Whether the next backup goes on with an archive: not with one that failed a drill, as what is damaged in it would be
/// damaged in every run to come, and not for ever with the same.
pub(crate) fn is_gone_on_with(kept: &Backups, known: &Known, now: Moment) -> bool {
    let failed = kept.drill_failed.as_ref().filter(|(ms, _)| !kept.drill_found_whole && !is_ahead(*ms, now));
    let is_distrusted = failed.is_some_and(|(ms, _)| *ms >= known.begun_ms);
    !is_distrusted && is_within(known.begun_ms, limits::BACKUP_CYCLE_MS, now)
}

fn is_within(ms: i64, ago: i64, now: Moment) -> bool {
    !is_ahead(ms, now) && now.utc_ms.saturating_sub(ms) <= ago
}

fn is_since(ms: i64, then: i64, now: Moment) -> bool {
    !is_ahead(ms, now) && ms > then
}

/// The day on which the set time last came, where nothing was tried since: a machine that was off then makes up for it
/// when it is on again.
fn set_day_owed(tried: Option<Day>, (day, minute): (Day, u16), set: u16) -> Option<Day> {
    let last = if minute >= set { day } else { Day(day.0.saturating_sub(1)) };
    // One that was tried in days to come was tried by a wrong clock.
    tried.is_none_or(|tried| tried < last || tried > day).then_some(last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backup::kept::Made;
    use muster_core::backup::BackupKey;

    const DAY_MS: i64 = 24 * 60 * 60 * 1000;
    const SIX: u16 = 18 * 60;

    fn now() -> Moment {
        calendar::moment(Day(20_000), SIX + 30)
    }

    /// So many days ago; or, below nothing, ahead.
    fn ago(days: i64) -> i64 {
        now().utc_ms - days * DAY_MS
    }

    /// A device that backs up daily and made and proved one yesterday.
    fn kept() -> Backups {
        let made = Made { at_ms: ago(1), entries: 10, bytes: 10, folder: "nas".to_owned() };
        let tried = Some(calendar::local(Moment::utc(ago(1))).day);
        let proven_ms = Some(ago(1));
        let made = Some(made);
        Backups { folder: "nas".to_owned(), minute: Some(SIX), made, tried, proven_ms, ..Backups::default() }
    }

    fn failed(days: i64) -> Option<(i64, String)> {
        Some((ago(days), "the stick was out".to_owned()))
    }

    fn begun(days: i64) -> Known {
        let key = BackupKey::random(&mut rand::rng());
        Known { key, begun_ms: ago(days), folder: String::new() }
    }

    #[test]
    fn a_machine_that_was_off_at_the_set_time_makes_its_backup_up_when_it_is_on_again() {
        let morning = 8 * 60 + 30;
        let owed = |tried, day, minute| set_day_owed(Some(Day(tried)), (Day(day), minute), SIX);
        assert_eq!(owed(99, 100, SIX), Some(Day(100)));
        assert_eq!(owed(100, 100, SIX + 60), None, "once a day");
        assert_eq!(owed(98, 100, morning), Some(Day(99)), "yesterday evening's, which it makes up for");
        assert_eq!(owed(99, 100, morning), None);
        assert_eq!(owed(99, 100, SIX), Some(Day(100)), "and this evening's is made all the same");
        assert_eq!(owed(9_000, 100, SIX), Some(Day(100)), "whatever a clock once said");
    }

    #[test]
    fn a_backup_that_failed_is_tried_again_after_an_hour_and_one_that_failed_in_a_year_to_come_at_once() {
        let today = Some(Day(20_000));
        assert_eq!(backup_owed(&kept(), now()), today);
        let of = |failed, failed_in: &str| Backups { failed, failed_in: failed_in.to_owned(), ..kept() };
        assert_eq!(backup_owed(&of(failed(0), "nas"), now()), None, "just now");
        assert_eq!(backup_owed(&of(failed(0), "stick"), now()), today, "another one, by hand");
        assert_eq!(backup_owed(&of(failed(-1_500), "nas"), now()), today, "when the clock was ahead");
        let done = Backups { tried: today, ..kept() };
        assert_eq!(backup_owed(&done, now()), None);
        let after = Backups { failed: failed(-1_500), failed_in: "nas".to_owned(), ..done };
        assert_eq!(backup_owed(&after, now()), today);
    }

    #[test]
    fn a_drill_is_due_every_week_and_whatever_a_clock_that_was_ahead_has_noted() {
        let due = |kept: Backups| drill_owed(&kept, now());
        assert!(!due(kept()) && due(Backups { proven_ms: Some(ago(8)), ..kept() }));
        assert!(!due(Backups { made: None, proven_ms: None, ..kept() }), "there is none");
        assert!(due(Backups { proven_ms: Some(ago(-1_500)), ..kept() }), "none was proven in a year to come");
        let week = || Backups { proven_ms: Some(ago(8)), ..kept() };
        assert!(!due(Backups { drill_tried_ms: Some(ago(0)), ..week() }));
        assert!(due(Backups { drill_tried_ms: Some(ago(-1_500)), ..week() }), "nor tried");
        assert!(!due(Backups { drill_failed: failed(0), ..kept() }), "until another is made");
        assert!(due(Backups { drill_failed: failed(2), ..kept() }), "which it was yesterday");
        assert!(due(Backups { drill_failed: failed(-1_500), ..kept() }), "what failed then is looked at again");
        let ahead = Made { at_ms: ago(-1_500), entries: 1, bytes: 1, folder: "nas".to_owned() };
        assert!(!due(Backups { drill_failed: failed(0), made: Some(ahead), ..kept() }), "nor is that a newer one");
    }

    #[test]
    fn a_backup_that_lacked_something_is_drilled_again_once_it_lacks_nothing_and_weekly_until_then() {
        let short = |days, left_out| {
            let kept = Backups { drill_failed: failed(days), drill_found_whole: true, left_out, ..kept() };
            drill_owed(&kept, now())
        };
        assert!(!short(2, 1) && short(8, 1));
        assert!(short(2, 0), "the one of yesterday has it all");
        assert!(!short(0, 0));
    }

    #[test]
    fn an_archive_is_gone_on_with_for_four_weeks_and_not_after_it_failed_a_drill_or_was_begun_in_a_year_to_come() {
        let goes = |kept: Backups, days| is_gone_on_with(&kept, &begun(days), now());
        assert!(goes(kept(), 27) && !goes(kept(), 29));
        assert!(!goes(kept(), -1_500), "nor for years, where the clock was ahead when it was begun");
        assert!(!goes(Backups { drill_failed: failed(1), ..kept() }, 3));
        assert!(goes(Backups { drill_failed: failed(4), ..kept() }, 3), "it was begun since");
        assert!(goes(Backups { drill_failed: failed(1), drill_found_whole: true, ..kept() }, 3), "it is whole");
        assert!(goes(Backups { drill_failed: failed(-1_500), ..kept() }, 3), "no whole archive a day until then");
    }
}

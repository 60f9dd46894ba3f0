//! Step-up: which acts ask for a second factor, for how long it raises access, and how long a wrong code waits.
//!
//! Rules only, each a function of what it is given. Who has a second factor and who is raised is the program's to
//! know, and so is enforcing it: nothing here keeps a changed program from anything.

use std::time::Duration;

/// Minutes that a code raises access for, where the school has set nothing else: long enough to read a file or let
/// a device in, short enough that a laptop left open is soon an ordinary one.
pub const MINUTES: u16 = 15;
/// The most that a school may set: after an hour a code is no step any more.
pub const MINUTES_MOST: u16 = 60;

/// Wrong codes that cost no waiting: fingers slip.
const FREE_TRIES: u16 = 3;
/// The first wait, doubled with each wrong code that follows.
const FIRST_WAIT: Duration = Duration::from_secs(30);
/// The longest wait. With it a guesser has some 100 tries a day at one of a million codes.
const LONGEST_WAIT: Duration = Duration::from_secs(15 * 60);

/// An act that is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Guarded {
    /// Opening a concern. Never asks: nothing may stand between a member of staff and that.
    OpenConcern,
    /// Reading a safeguarding file.
    ReadConcern,
    /// Letting in, removing or resetting people and devices, and changing roles.
    Administer,
    /// Taking the audit out of the program.
    ExportAudit,
    /// Taking registers, returns or other records of pupils out of the program.
    Export,
}

/// How somebody stands who is about to do it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// A code raised their access, and its time has not run out.
    pub raised: bool,
    /// They have set up a second factor.
    pub enrolled: bool,
    /// The school uses second factors: somebody who runs it has set one up.
    pub in_use: bool,
}

/// What has to come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Nothing.
    Go,
    /// Nothing yet, and a plain warning: the school does not use second factors so far.
    Warn,
    /// A code.
    Raise,
    /// Setting up a second factor, and then a code.
    SetUp,
}

/// What an act asks of somebody.
///
/// Administration waits for nobody until the school uses second factors, that is, until the first of those who run
/// it has set one up: else a new school could let nobody in on its first evening. Reading a safeguarding file and
/// taking the audit out ask from the first day: both can wait for five minutes and a telephone.
pub fn answer(act: Guarded, standing: Standing) -> Answer {
    match (act, standing) {
        (Guarded::OpenConcern, _) | (_, Standing { raised: true, .. }) => Answer::Go,
        (_, Standing { enrolled: true, .. }) => Answer::Raise,
        (Guarded::Administer, Standing { in_use: false, .. }) => Answer::Warn,
        _ => Answer::SetUp,
    }
}

/// How long after the last of so many wrong codes in a row the next is heard. Never for good: a lock-out would be a
/// gift to whoever wants a lead kept from a file.
pub fn wait_after(wrong: u16) -> Duration {
    match wrong.checked_sub(FREE_TRIES) {
        None | Some(0) => Duration::ZERO,
        Some(more) => FIRST_WAIT.saturating_mul(1 << u32::from(more - 1).min(16)).min(LONGEST_WAIT),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVERY: [Guarded; 5] =
        [Guarded::OpenConcern, Guarded::ReadConcern, Guarded::Administer, Guarded::ExportAudit, Guarded::Export];

    #[test]
    fn a_concern_is_opened_without_a_code_and_read_only_with_one() {
        for (raised, enrolled, in_use) in [(false, false, false), (false, true, true), (false, false, true)] {
            let standing = Standing { raised, enrolled, in_use };
            assert_eq!(answer(Guarded::OpenConcern, standing), Answer::Go);
            assert!(matches!(answer(Guarded::ReadConcern, standing), Answer::Raise | Answer::SetUp));
        }
    }

    #[test]
    fn a_raised_access_opens_everything_that_asks_for_it() {
        let raised = Standing { raised: true, enrolled: true, in_use: true };
        assert!(EVERY.into_iter().all(|act| answer(act, raised) == Answer::Go));
    }

    #[test]
    fn a_new_school_lets_people_in_before_anybody_has_a_second_factor_and_not_after() {
        assert_eq!(answer(Guarded::Administer, Standing::default()), Answer::Warn);
        let in_use = Standing { in_use: true, ..Standing::default() };
        assert_eq!(answer(Guarded::Administer, in_use), Answer::SetUp);
        assert_eq!(answer(Guarded::Administer, Standing { enrolled: true, ..in_use }), Answer::Raise);
    }

    #[test]
    fn the_audit_and_pupils_records_leave_the_program_with_a_code_only_from_the_first_day() {
        for act in [Guarded::ExportAudit, Guarded::Export] {
            assert_eq!(answer(act, Standing::default()), Answer::SetUp);
        }
    }

    #[test]
    fn wrong_codes_wait_longer_and_longer_and_never_for_good() {
        let waits: Vec<u64> = (0..12).map(|wrong| wait_after(wrong).as_secs()).collect();
        assert_eq!(waits, [0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900, 900]);
        assert_eq!(wait_after(u16::MAX).as_secs(), 900);
    }
}

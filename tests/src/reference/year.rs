//! A school's calendar the plain way: a list of what was said of which days, looked through from the end.

use muster_school::calendar::Day;

/// What somebody said of some days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// They are a term.
    Term,
    /// They are closed to pupils.
    Closed,
    /// Staff are in, pupils are not.
    Training,
    /// They could not be school days, and should have been.
    Lost,
    /// What was said of days out of the ordinary with this beginning is called off.
    CalledOff,
}

/// What was said, in order, of one site's days.
#[derive(Clone, Debug, Default)]
pub struct Year {
    said: Vec<(Said, Day, Day)>,
}

impl Year {
    /// Somebody says something of some days.
    pub fn says(&mut self, what: Said, first: Day, last: Day) {
        self.said.push((what, first, last));
    }

    fn holds(&self, what: Said, day: Day) -> bool {
        self.said.iter().enumerate().any(|(at, (said, first, last))| {
            let off = |(later, begins, _): &(Said, Day, Day)| *later == Said::CalledOff && begins == first;
            *said == what && *first <= day && day <= *last && !self.said[at..].iter().any(off)
        })
    }

    /// Whether registers are taken on a day: lost days are school days that nobody could come to.
    pub fn is_school_day(&self, day: Day) -> bool {
        if self.holds(Said::Training, day) {
            return false;
        }
        if self.holds(Said::Lost, day) {
            return true;
        }
        !day.is_weekend() && !self.holds(Said::Closed, day) && self.holds(Said::Term, day)
    }

    /// Whether a day was lost.
    pub fn is_lost(&self, day: Day) -> bool {
        self.holds(Said::Lost, day)
    }
}

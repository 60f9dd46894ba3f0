//! The weekly review: one page for Friday, of the whole school, each site and the pupils who matter most, with last
//! week and the year so far beside it.
//!
//! Not here: the page itself (the program draws it), and reading registers: whoever makes a review has read
//! [`period`] first.

use crate::calendar::{Day, Local};
use crate::figures::{Cut, Figures, Period, Tally, count};
use crate::ids::PupilId;
use crate::known::Known;
use crate::show::attendance::{note, period_words};
use std::collections::BTreeMap;

/// Lines on the page, so that it stays one: the school and each site stand on it twice.
const LINES: usize = 30;
/// Sites on the page.
const SITES: usize = 8;

/// Which pupils are on the page, in words.
pub const RULE: &str = "Pupils absent this week who are persistently absent this year, and pupils absent this week \
                        without leave; the most sessions absent this week first.";

/// A review.
#[derive(Clone, Debug, PartialEq)]
pub struct Review {
    /// `Weekly attendance review, 23 to 27 November 2026`.
    pub title: String,
    /// The school's name, and as of when.
    pub made: String,
    /// The whole school, then each site where there is more than one.
    pub parts: Vec<Part>,
    /// The pupils of [`RULE`].
    pub pupils: Vec<Part>,
    /// What is to be known beside the figures.
    pub notes: Vec<String>,
}

/// A line: this week, the week before, the year so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// Of what or whom.
    pub name: String,
    /// The class of a pupil.
    pub about: String,
    /// This week.
    pub week: Tally,
    /// The week before.
    pub before: Tally,
    /// From 1 September to the end of this week.
    pub year: Tally,
}

impl Part {
    /// How the share attended changed since last week, in tenths of a percentage point, as in `+0.4`; a dash where
    /// either week has none.
    pub fn change(&self) -> String {
        let tenths = |tally: &Tally| tally.attendance().tenths().map(i64::from);
        match tenths(&self.week).zip(tenths(&self.before)) {
            None => "–".to_owned(),
            Some((now, before)) => {
                let change = now - before;
                let sign = match change {
                    0 => "",
                    1.. => "+",
                    _ => "−",
                };
                format!("{sign}{}.{}", change.abs() / 10, change.abs() % 10)
            }
        }
    }

    /// What is to be known beside the year's figures: `severe, agreed plan`.
    pub fn note(&self) -> String {
        note(&self.year)
    }
}

/// The days of the week of a day that count, and the week before and the year with it.
fn periods(day: Day) -> (Period, Period, Period) {
    let week = Period::week_of(day);
    let before = Period { from: week.from.plus(-7), to: week.to.plus(-7) };
    (week, before, Period { to: week.to, ..Period::year_to(week.to) })
}

/// What has to be read of the registers before a [`review`] of the week of a day is complete.
pub fn period(day: Day) -> Period {
    let (_, before, year) = periods(day);
    Period { from: before.from.min(year.from), to: year.to }
}

/// The review of the week of a day, as of now.
pub fn review(known: &Known, day: Day, now: Local) -> Review {
    let (week, before, year) = periods(day);
    let figures = [week, before, year].map(|period| count(known, period, Cut::default(), now));
    let [this, last, so_far] = &figures;
    let part = |name: String, of: &dyn Fn(&Figures) -> Tally| Part {
        name,
        about: String::new(),
        week: of(this),
        before: of(last),
        year: of(so_far),
    };
    let lacking = known.school().sites_without(&known.ledger().sites());
    let whole = if lacking.is_empty() { "Whole school" } else { "Sites read here" };
    let mut parts = vec![part(whole.to_owned(), &Figures::total)];
    let sites = so_far.by_site();
    if sites.len() > 1 {
        let of = |id| move |figures: &Figures| figures.by_site().remove(&id).unwrap_or_default();
        parts.extend(sites.keys().take(SITES).map(|id| part(known.site_name(*id).to_owned(), &of(*id))));
    }
    let total = &this.total();
    let left_out: Vec<&str> = sites.keys().skip(SITES).map(|id| known.site_name(*id)).collect();
    let mut notes: Vec<String> = lacking
        .iter()
        .map(|site| format!("{} has no register that can be read here, and is not on this page.", site.name))
        .collect();
    if !left_out.is_empty() {
        let names = left_out.join(", ");
        notes
            .push(format!("{SITES} sites fit on this page; counted in the first line and not by themselves: {names}."));
    }
    if total.unfilled > 0 {
        notes.push(format!("{} sessions of this week have no mark and are in no figure.", total.unfilled));
    }
    if total.unsettled > 0 {
        notes.push(format!(
            "{} sessions have two marks that differ and are in no figure until settled.",
            total.unsettled
        ));
    }
    let (pupils, more) = pupils(known, [this, last, so_far], week, LINES.saturating_sub(2 * parts.len()));
    if more > 0 {
        let fit = if more == 1 { "1 more pupil fits".to_owned() } else { format!("{more} more pupils fit") };
        notes.push(format!("{fit} the rule and are not on this page: Attendance lists all."));
    }
    let friday = week.from.plus(4);
    Review {
        title: format!("Weekly attendance review, {}", period_words(Period { to: friday, ..week })),
        made: format!(
            "{}. As of {}, {}.",
            known.school().name,
            period_words(Period { from: now.day, to: now.day }),
            crate::calendar::clock(now.minute)
        ),
        parts,
        pupils,
        notes,
    }
}

fn pupils(known: &Known, [this, last, so_far]: [&Figures; 3], week: Period, most: usize) -> (Vec<Part>, usize) {
    let (mut before, mut year) = (last.by_pupil(), so_far.by_pupil());
    let take = |from: &mut BTreeMap<PupilId, Tally>, id| from.remove(&id).unwrap_or_default();
    let mut found: Vec<_> = this
        .by_pupil()
        .into_iter()
        .filter(|(_, tally)| tally.absent() > 0)
        .filter_map(|(id, tally)| {
            let pupil = known.pupil(id)?;
            let group = pupil.group_on(week.to).and_then(|group| known.school().groups.get(&group));
            let part = Part {
                name: pupil.listed(),
                about: group.map(|group| group.name.clone()).unwrap_or_default(),
                week: tally,
                before: take(&mut before, id),
                year: take(&mut year, id),
            };
            let key = part.year.is_persistent() || part.week.unauthorised > 0;
            key.then(|| (std::cmp::Reverse(part.week.absent()), pupil.sort.clone(), id, part))
        })
        .collect();
    found.sort_by(|a, b| (a.0, &a.1, a.2).cmp(&(b.0, &b.1, b.2)));
    let more = found.len().saturating_sub(most);
    (found.into_iter().take(most).map(|(.., part)| part).collect(), more)
}

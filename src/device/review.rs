//! The weekly review as a page on paper, and its figures for those who read no register.

use super::Device;
use crate::paper::review::draw;
use muster_school::calendar::{self, Day};
use muster_school::facts::access::Event;
use muster_school::figures::Cut;
use muster_school::review;
use muster_school::show::attendance::not_counted;
use muster_school::step_up::Guarded;
use std::path::{Path, PathBuf};

/// A review that was written.
#[derive(Debug)]
pub struct WrittenReview {
    /// Where.
    pub path: PathBuf,
    /// How many pupils it names.
    pub people: u32,
    /// Whether the week's figures were published with it.
    pub published: bool,
}

impl WrittenReview {
    /// What to say of it.
    pub fn words(&self) -> String {
        let named = if self.people == 1 { "1 pupil is".to_owned() } else { format!("{} pupils are", self.people) };
        let published = match self.published {
            true => ". The week’s figures, with no pupil in them, are published for those who read figures only",
            false => "",
        };
        format!("Written to {}: {named} named in it, and it is not encrypted{published}", self.path.display())
    }
}

impl Device {
    /// Writes the review of the week of a day as a PDF into a folder, which is made if need be, publishes the
    /// week's figures, and notes that it was written.
    ///
    /// # Errors
    /// When no code holds, the file is there already or cannot be written, or the records cannot be read.
    pub fn write_review(&mut self, day: Day, folder: &Path) -> anyhow::Result<WrittenReview> {
        self.need(Guarded::Export)?;
        let now = calendar::local(self.clock.now());
        let read = review::period(day);
        self.with_records(|records, known| Ok(known.read_ledger(records, read, usize::MAX)?))?;
        let mut review = review::review(&self.known, day, now);
        let left_out = self.with_records(|records, known| Ok(not_counted(records, known, Cut::default(), read)))?;
        review.notes.extend((!left_out.is_empty()).then_some(left_out));
        let people = u32::try_from(review.pupils.len()).unwrap_or(u32::MAX);
        let page = draw(&review)?;
        std::fs::create_dir_all(folder)?;
        let friday = day.plus(4 - i32::from(day.weekday()));
        let as_of = format!("{}-{}", now.day.iso(), calendar::clock(now.minute).replace(':', ""));
        let path = folder.join(format!("weekly-review-{}-as-of-{as_of}.pdf", friday.iso()));
        let what =
            Event::Exported { what: "the weekly review".to_owned(), to: "the senior leaders".to_owned(), people };
        self.let_out(&[(&path, &page)], what)?;
        let published = self.publish_figures(day)?;
        self.office(|office| Ok(office.reviewed_week(day)?))?;
        Ok(WrittenReview { path, people, published })
    }

    /// Whether whoever is signed in may publish figures for those who read no register.
    pub(crate) fn may_publish_figures(&mut self) -> bool {
        self.office(|office| Ok(office.may_publish())).unwrap_or(false)
    }

    /// Publishes the figures of the week of a day for those who read no register, where whoever is signed in may and
    /// something is new. Says whether anything was.
    ///
    /// # Errors
    /// When the records cannot be read or written.
    pub(crate) fn publish_figures(&mut self, day: Day) -> anyhow::Result<bool> {
        if !self.may_publish_figures() {
            return Ok(false);
        }
        let read = review::period(day);
        self.with_records(|records, known| Ok(known.read_ledger(records, read, usize::MAX)?))?;
        Ok(self.office(|office| Ok(office.publish_figures(day)?))?.is_some())
    }
}

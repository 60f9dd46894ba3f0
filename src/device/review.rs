//! The weekly review as a page on paper.

use super::Device;
use super::export::{new_file, write};
use crate::paper::review::draw;
use muster_school::calendar::{self, Day};
use muster_school::facts::access::Event;
use muster_school::figures::Cut;
use muster_school::review;
use muster_school::show::attendance::not_counted;
use muster_school::step_up::Guarded;
use std::path::{Path, PathBuf};

impl Device {
    /// Writes the review of the week of a day as a PDF into a folder, which is made if need be. Gives where it is and
    /// how many pupils it names.
    ///
    /// # Errors
    /// When access is not raised, the file is there already or cannot be written, or the records cannot be read.
    pub fn write_review(&mut self, day: Day, folder: &Path) -> anyhow::Result<(PathBuf, u32)> {
        self.need(Guarded::Export)?;
        let now = calendar::local(self.clock.now());
        let read = review::period(day);
        self.with_records(|records, known| Ok(known.read_ledger(records, read, usize::MAX)?))?;
        let mut review = review::review(&self.known, day, now);
        let left_out = self.with_records(|records, known| Ok(not_counted(records, known, Cut::default())))?;
        review.notes.extend((!left_out.is_empty()).then_some(left_out));
        let people = u32::try_from(review.pupils.len()).unwrap_or(u32::MAX);
        let page = draw(&review)?;
        std::fs::create_dir_all(folder)?;
        let friday = day.plus(4 - i32::from(day.weekday()));
        let as_of = format!("{}-{}", now.day.iso(), calendar::clock(now.minute).replace(':', ""));
        let path = folder.join(format!("weekly-review-{}-as-of-{as_of}.pdf", friday.iso()));
        let file = new_file(&path)?;
        // Nothing leaves that is not in the trail.
        self.note(Event::Exported {
            what: "the weekly review".to_owned(),
            to: "the senior leaders".to_owned(),
            people,
        })?;
        write(file, &path, &page)?;
        Ok((path, people))
    }
}

//! Publishing a week's attendance for whoever reads figures and no register.

use super::{Office, OfficeError};
use crate::areas;
use crate::calendar::Day;
use crate::facts::published::{FiguresFact, Published};
use crate::facts::school::WeekReviewed;
use crate::facts::{self, Value as _, documents};
use crate::figures::Period;
use crate::figures::published::parts;
use crate::known::About;
use crate::rights::{self, Reach};
use muster_core::document::fact::FactRef;
use muster_core::id::PlaceId;
use muster_core::replica::records::{Change, Records, RecordsError, Written};

impl<R: Records> Office<'_, R> {
    /// Whether whoever acts may publish figures: they write the area of figures and read the registers of every site.
    pub fn may_publish(&mut self) -> bool {
        let mine = rights::of_actor(self.records);
        let reads = |site: &PlaceId| mine.iter().any(|one| one.reads_at(areas::REGISTER, *site));
        mine.iter().any(|one| one.reach(areas::FIGURES) == Reach::Writes) && self.known.school().sites.keys().all(reads)
    }

    /// Publishes the figures of the week of a day as they are now, for the school and each site: what was published of
    /// that week before and is the same is left as it is. `None` when nothing is new. Whoever asks has read the
    /// registers of [`crate::review::period`].
    ///
    /// # Errors
    /// When the records refuse or cannot be read.
    pub fn publish_figures(&mut self, day: Day) -> Result<Option<Written>, OfficeError> {
        let now = self.now();
        let monday = day.plus(-i32::from(day.weekday()));
        let me = self.records.author(&self.records.seat()).and_then(|author| author.person);
        let by = me.map(|person| self.known.staff_name(person)).unwrap_or_default();
        let mut changes = Vec::new();
        for (place, part) in parts(self.known, monday, now) {
            let document = documents::figures(place, monday);
            let (held, replaces) = self.published(place, monday)?;
            if held.as_ref().is_some_and(|held| held.part == part) {
                continue;
            }
            let fact = FiguresFact::from(Published { monday, by: by.clone(), day: now.day, minute: now.minute, part });
            changes.push(Change { document, facts: vec![fact.replacing(replaces)?] });
        }
        if changes.is_empty() {
            return Ok(None);
        }
        Ok(Some(self.records.write(changes)?))
    }

    /// Notes that the attendance review of the week of a day was written, so that nobody is asked for it any more. `None`
    /// where that is noted already, or whoever acts writes nothing about the school.
    ///
    /// # Errors
    /// When the records refuse.
    pub fn reviewed_week(&mut self, day: Day) -> Result<Option<Written>, OfficeError> {
        let monday = Period::week_of(day).from;
        let mine = rights::of_actor(self.records);
        let writes = mine.iter().any(|one| one.reach(areas::SCHOOL) == Reach::Writes);
        if !writes || self.known.school().weeks_reviewed.contains(&monday) {
            return Ok(None);
        }
        Ok(Some(self.put_school(vec![(About::WeekReviewed(monday), WeekReviewed { monday }.into())])?))
    }

    fn published(&mut self, place: PlaceId, monday: Day) -> Result<(Option<Published>, Vec<FactRef>), RecordsError> {
        let Some(held) = self.records.facts(&documents::figures(place, monday))? else { return Ok((None, Vec::new())) };
        let mut replaces = Vec::new();
        let mut newest = None;
        for read in facts::current::<FiguresFact>(&held) {
            if let FiguresFact::Published(one) = read.value {
                replaces.push(read.held.name);
                let at = (read.held.origin.at, read.held.name);
                if newest.as_ref().is_none_or(|(known, _)| *known < at) {
                    newest = Some((at, one));
                }
            }
        }
        // Two that were published apart become one.
        let newest = newest.filter(|_| replaces.len() < 2);
        Ok((newest.map(|(_, one)| one), replaces))
    }
}

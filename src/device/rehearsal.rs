//! The yearly rehearsal with the recovery cards: whoever runs the school is told when it is time.

use super::Device;
use muster_core::authority::grant::RANK_LEAD;
use muster_core::authority::view::Holder;
use muster_core::time::Moment;
use muster_school::calendar::{self, Day};
use muster_school::duties::cards;
use muster_school::view::duties::{ToDoLine, ToDoPart};
use muster_school::view::status::Status;

/// What was found when it was last looked: for whom and on which day, and what was to be said.
pub(super) type Looked = Option<(muster_core::id::PersonId, Day, Option<String>)>;

/// What to do, beside it.
const HOW: &str = "Bring two of the three together: muster cards rehearse. It changes nothing";

impl Device {
    /// What is to be said of the recovery cards to whoever is signed in: nothing to those who do not run the school, and
    /// nothing for a year after they were read. Looked up once a day.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub fn cards_due(&mut self) -> anyhow::Result<Option<String>> {
        let Some(person) = self.person() else { return Ok(None) };
        if self.replica.view().rank(&Holder::Person(person)).is_none_or(|rank| rank >= RANK_LEAD) {
            return Ok(None);
        }
        let now = self.clock.now();
        let today = calendar::local(now).day;
        if let Some((of, on, words)) = &self.cards_looked
            && (*of, *on) == (person, today)
        {
            return Ok(words.clone());
        }
        let founded =
            self.replica.stated().into_iter().map(|stated| stated.origin.at).min_by_key(|at: &Moment| at.utc_ms);
        let last = self.with_records(|records, _| Ok(cards::last_read(records)?))?;
        let words = cards::due(now, founded, last);
        self.cards_looked = Some((person, today, words.clone()));
        Ok(words)
    }

    /// The same as a part of what there is to do.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub fn cards_part(&mut self) -> anyhow::Result<Option<ToDoPart>> {
        Ok(self.cards_due()?.map(|words| ToDoPart {
            title: "recovery cards to read".to_owned(),
            rule: "Once a year two recovery cards are brought together and read, so that it is known that they would bring the school back."
                .to_owned(),
            lines: vec![ToDoLine {
                status: Some(Status::Check),
                name: "Recovery cards".to_owned(),
                detail: format!("{words}. {HOW}."),
                ..ToDoLine::default()
            }],
            calls: false,
        }))
    }
}

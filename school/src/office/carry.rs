//! Carrying the lists of who is expected on to a day on which nobody has written them.
//!
//! A device alone opens the rolls of the two latest days that it held. A day on which somebody signed in and nobody
//! wrote lists is such a day; after two of them the lists would be shut to every locked device, and the fire list
//! empty. So whoever writes the first thing of a day writes on the newest lists they can read, should the day before
//! have none. Whoever may read more writes better ones when they come. A device with nobody at it does so by itself when
//! a day begins: one that holds no lists may write something on each of two days, and would shut the lists of before to
//! every device that hears of both.

use super::{Office, OfficeError};
use crate::facts::roll::{Expected, List, RollFact};
use crate::facts::{Value as _, documents};
use crate::fire::evidence::Roll;
use crate::fire::presence;
use muster_core::id::PlaceId;
use muster_core::replica::records::Records;

/// Days in a row on which nobody wrote lists: more than a summer holiday.
const DAYS_WITHOUT_LISTS: usize = 64;

impl<R: Records> Office<'_, R> {
    /// Writes the newest lists held on into today's roll, where neither it nor the day before has any.
    ///
    /// # Errors
    /// When the records refuse.
    pub fn carry_lists(&mut self, site: PlaceId) -> Result<(), OfficeError> {
        let today = self.now().day;
        let days = presence::days_held(self.records, site, today)?;
        let mut before = days.into_iter().rev().filter(|day| *day < today).take(DAYS_WITHOUT_LISTS);
        let Some(latest) = before.next() else { return Ok(()) };
        for day in [today, latest] {
            if has_lists(&presence::roll(self.records, site, day)?) {
                return Ok(());
            }
        }
        for day in before {
            let held = presence::roll(self.records, site, day)?;
            if has_lists(&held) {
                return self.carry(site, held);
            }
        }
        Ok(())
    }

    fn carry(&mut self, site: PlaceId, held: Roll) -> Result<(), OfficeError> {
        let mut facts = Vec::new();
        if let Some(place) = held.place {
            facts.push(RollFact::from(place).fact()?);
        }
        for ((list, _), mut stands) in held.lists {
            if let Some((_, said)) = stands.pop().filter(|_| list != List::Added) {
                // Who planned to be away then is not away now.
                let people =
                    said.people.into_iter().map(|one| crate::facts::roll::Person { planned: [None; 2], ..one });
                facts.push(RollFact::from(Expected { people: people.collect(), ..said }).fact()?);
            }
        }
        let today = self.now().day;
        self.write_split(documents::roll(site, today), facts)?;
        Ok(())
    }
}

fn has_lists(roll: &Roll) -> bool {
    roll.lists
        .iter()
        .any(|((list, _), stands)| *list != List::Added && stands.iter().any(|(_, said)| !said.people.is_empty()))
}

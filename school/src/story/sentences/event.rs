//! What was done in a roll call beyond saying who was seen, and movements and trips, in words.

use super::{Draft, Teller, site};
use crate::calendar;
use crate::facts::Value as _;
use crate::facts::roll::RollFact;
use crate::facts::roll_call::{CallFact, Point};
use crate::facts::trips::TripFact;
use crate::view::Span;
use muster_core::document::fact::Held;
use muster_core::id::DocumentId;

impl Teller<'_> {
    pub(super) fn read_event(&self, draft: &mut Draft, held: Held<'_>, fact: &CallFact, place: &str) -> Option<()> {
        let what = match fact {
            CallFact::Joined(_) => format!("joined two roll calls at {place} that were started apart"),
            CallFact::Parted(_) => format!("parted two roll calls at {place} again"),
            CallFact::Timed(timed) => {
                let what = match timed.what {
                    Point::Alarm => "said when the alarm went",
                    Point::BuildingClear => "said that the building is clear",
                    Point::AllClear => "said that all is clear",
                };
                let claimed =
                    if timed.marshal.is_empty() { String::new() } else { format!(", as {} (claimed)", timed.marshal) };
                format!("{what} at {place}{claimed}")
            }
            CallFact::Resumed(_) => format!("went on with the roll call at {place} after it was ended"),
            CallFact::Learned(_) => format!("wrote what was learned from the roll call at {place}"),
            CallFact::Signed(_) => format!("signed the report of the roll call at {place}"),
            _ => return None,
        };
        self.say(draft, held, vec![Span::plain(what)], "");
        Some(())
    }

    pub(super) fn read_movement(
        &mut self,
        draft: &mut Draft,
        document: &DocumentId,
        held: Held<'_>,
        fact: RollFact,
    ) -> Option<()> {
        let place = site(self.known, document).to_owned();
        match fact {
            RollFact::Moved(moved) => {
                let name = format!("{} {}", moved.person.forename, moved.person.surname).trim().to_owned();
                self.listed.insert(moved.person.who, name.clone());
                let what = vec![
                    Span::plain("sent "),
                    Span::strong(name.clone()),
                    Span::plain(format!(" from {} to {}", moved.from.1, moved.to.1)),
                ];
                self.say(draft, held, what, &name);
            }
            RollFact::Trip(trip) => {
                self.sent_out(draft, held, &place, (&trip.title, trip.people.len(), calendar::clock(trip.due)));
            }
            RollFact::TripBack(_) => self.came_back(draft, held, &place),
            RollFact::SealedCare(_) => {
                let what = format!("sealed the day’s care details for marshals at {place}");
                self.say(draft, held, vec![Span::plain(what)], "");
            }
            // What the school's document says already.
            RollFact::Duties(_) | RollFact::Closed(_) | RollFact::Places(_) => {}
            _ => return None,
        }
        Some(())
    }

    pub(super) fn read_trip(&self, draft: &mut Draft, document: &DocumentId, held: Held<'_>) -> Option<()> {
        let place = site(self.known, document).to_owned();
        match TripFact::decode(held.fact.kind, &held.fact.value).ok()? {
            TripFact::LongTrip(trip) => {
                let due = format!("{} {}", trip.due.0.long(), calendar::clock(trip.due.1));
                self.sent_out(draft, held, &place, (&trip.title, trip.people.len(), due));
            }
            TripFact::LongTripBack(_) => self.came_back(draft, held, &place),
            TripFact::Unknown { .. } => return None,
        }
        Some(())
    }

    fn came_back(&self, draft: &mut Draft, held: Held<'_>, place: &str) {
        self.say(draft, held, vec![Span::plain(format!("said that a trip is back at {place}"))], "");
    }

    fn sent_out(&self, draft: &mut Draft, held: Held<'_>, place: &str, trip: (&str, usize, String)) {
        let (title, people, due) = trip;
        let people = crate::show::count(people, "person").replace("persons", "people");
        let what = vec![
            Span::plain("sent "),
            Span::strong(title.to_owned()),
            Span::plain(format!(" out from {place} with {people}, due back {due}")),
        ];
        self.say(draft, held, what, "");
    }
}

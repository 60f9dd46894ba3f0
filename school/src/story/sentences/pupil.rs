//! What was written of a pupil, in words.

use super::{Draft, Line, Teller};
use crate::calendar::Session;
use crate::facts::{Value as _, pupil};
use crate::ids::PupilId;
use crate::view::Span;
use muster_core::document::fact::Held;
use muster_core::id::DocumentId;

impl Teller<'_> {
    pub(super) fn read_pupil(&self, draft: &mut Draft, document: &DocumentId, held: Held<'_>) -> Option<()> {
        let id = PupilId::from_slice(&document.key)?;
        let name = self.pupil(id);
        let fresh = held.fact.supersedes.is_empty();
        let tagged = format!("{name}\u{1f}{id}");
        match pupil::PupilFact::decode(held.fact.kind, &held.fact.value).ok()? {
            pupil::PupilFact::Identity(_) if fresh => {
                self.tally(draft, held, ("added pupil", "added # pupils"), tagged)
            }
            pupil::PupilFact::Identity(_) => {
                self.tally(draft, held, ("changed names or numbers of", "changed names or numbers of # pupils"), tagged)
            }
            // Told with the pupil's being added.
            pupil::PupilFact::Placing(_) | pupil::PupilFact::OnRoll(_) if fresh => {}
            pupil::PupilFact::Placing(_) => {
                self.tally(draft, held, ("changed the group of", "changed the groups of # pupils"), tagged)
            }
            pupil::PupilFact::OnRoll(_) => self.tally(
                draft,
                held,
                ("changed the dates on roll of", "changed the dates on roll of # pupils"),
                tagged,
            ),
            pupil::PupilFact::Note(note) => {
                let session = Session { day: note.day, half: note.half };
                let what = vec![
                    Span::plain("added a note to "),
                    Span::strong(name.clone()),
                    Span::plain(format!(", {}", session.long())),
                ];
                let line = Line { what, about: crate::names::fold(&name), ..Line::default() };
                draft.notes.push((held.name.entry, *held.origin, line));
            }
            pupil::PupilFact::Plan(plan) => {
                let code = plan.code.map_or_else(|| "nothing".to_owned(), |code| code.to_string());
                let what = vec![
                    Span::plain("planned "),
                    Span::strong(name.clone()),
                    Span::plain(format!(": {code}, {} to {}", plan.first.long(), plan.last.long())),
                ];
                self.say(draft, held, what, &name);
            }
            pupil::PupilFact::Timetable(table) => {
                let code = table.code.map_or_else(|| "no timetable".to_owned(), |code| code.to_string());
                let sessions = crate::show::count(table.off.len(), "session");
                let (first, last) = (table.first.long(), table.last.long());
                let what = vec![
                    Span::plain("set a timetable of "),
                    Span::strong(name.clone()),
                    Span::plain(format!(": {code} on {sessions} a week, {first} to {last}")),
                ];
                self.say(draft, held, what, &name);
            }
            pupil::PupilFact::Provisional(_) => {
                self.tally(draft, held, ("wrote down provisionally", "wrote down # children provisionally"), tagged)
            }
            pupil::PupilFact::Matched(matched) => {
                let to = matched.to.map_or_else(|| "nobody".to_owned(), |to| self.pupil(to));
                let what = vec![
                    Span::plain("matched "),
                    Span::strong(name.clone()),
                    Span::plain(format!(", who was on no list, with {to}")),
                ];
                self.say(draft, held, what, &name);
            }
            pupil::PupilFact::Called(call) => {
                let outcome = call.outcome.words().to_lowercase();
                let what = vec![
                    Span::plain("called about "),
                    Span::strong(name.clone()),
                    Span::plain(format!(", absent {}: {}, {outcome}", call.about.long(), call.whom)),
                ];
                self.say(draft, held, what, &name);
            }
            pupil::PupilFact::Collected(one) => {
                let with = if one.by.is_empty() { "by themselves".to_owned() } else { format!("with {}", one.by) };
                let despite = if one.despite.is_empty() { String::new() } else { format!(". Seen: {}", one.despite) };
                let what = vec![
                    Span::plain("let "),
                    Span::strong(name.clone()),
                    Span::plain(format!(
                        " leave early {with}, released by {}{despite}",
                        self.known.staff_name(one.released_by)
                    )),
                ];
                self.say(draft, held, what, &name);
            }
            pupil::PupilFact::Entry(_)
            | pupil::PupilFact::LastSchool(_)
            | pupil::PupilFact::Placement(_)
            | pupil::PupilFact::NextSchool(_) => self.tally(
                draft,
                held,
                ("wrote in the admission register about", "wrote in the admission register about # pupils"),
                tagged,
            ),
            pupil::PupilFact::Deleted(deleted) => {
                let what = vec![
                    Span::plain("deleted "),
                    Span::strong(name.clone()),
                    Span::plain(format!(
                        " from the admission register after {}, on ground {}",
                        deleted.day.long(),
                        deleted.ground.letter()
                    )),
                ];
                self.say(draft, held, what, &name);
            }
            pupil::PupilFact::Restored(_) => {
                let what = vec![
                    Span::plain("put "),
                    Span::strong(name.clone()),
                    Span::plain(" back on the admission register: the deletion was a mistake"),
                ];
                self.say(draft, held, what, &name);
            }
            pupil::PupilFact::MovedSite(moved) => {
                let to = self.known.site_name(moved.to).to_owned();
                let what = vec![Span::plain("moved "), Span::strong(name.clone()), Span::plain(format!(" to {to}"))];
                let line = Line { what, about: crate::names::fold(&name), ..Line::default() };
                draft.moved = Some((held.name.entry, *held.origin, line));
            }
            // Told by the change it is the reason of.
            pupil::PupilFact::Amended(_) => {}
            pupil::PupilFact::Unknown { .. } => return None,
        }
        Some(())
    }
}

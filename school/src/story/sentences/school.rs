//! What was written in the school's own document, in words.

use super::{Draft, Teller, spoken};
use crate::calendar::clock;
use crate::facts::Value as _;
use crate::facts::calendar::Unusual;
use crate::facts::policy::{Leave, WeeklyLeave, Whose};
use crate::facts::retention::Decision;
use crate::facts::returns::ReturnKind;
use crate::facts::school::SchoolFact;
use crate::hours;
use crate::view::Span;
use muster_core::document::fact::Held;

impl Teller<'_> {
    /// Leave that was given or taken back, and how it comes again.
    fn say_leave(&self, draft: &mut Draft, held: Held<'_>, leave: &Leave, again: &str) {
        let (name, about) = match leave.whose {
            Whose::Person(person) => (self.known.staff_name(person), self.known.staff_name(person)),
            Whose::Everybody(_) => ("everybody".to_owned(), String::new()),
        };
        let gave = if leave.taken_back { "took back the leave of " } else { "gave leave outside hours to " };
        let times = format!(", {} to {}{again}: {}", spoken(leave.from_ms), spoken(leave.to_ms), leave.why);
        self.say(draft, held, vec![Span::plain(gave), Span::strong(name), Span::plain(times)], &about);
    }

    pub(super) fn read_school(&self, draft: &mut Draft, held: Held<'_>) -> Option<()> {
        let changed = if held.fact.supersedes.is_empty() { "added" } else { "changed" };
        let (what, name, about) = match SchoolFact::decode(held.fact.kind, &held.fact.value).ok()? {
            SchoolFact::Name(name) => ("named the school ".to_owned(), name.name, String::new()),
            SchoolFact::Site(site) => (format!("{changed} the site "), site.name, String::new()),
            SchoolFact::Group(group) => {
                self.tally(draft, held, ("added the group", "added # groups"), group.name);
                return Some(());
            }
            SchoolFact::Taker(taker) => {
                let name = self.known.staff_name(taker.person);
                (format!("gave the register of {} to ", self.group(taker.group)), name.clone(), name)
            }
            SchoolFact::Times(_) => ("set the times of sessions".to_owned(), String::new(), String::new()),
            SchoolFact::Closure(closure) if closure.label.is_empty() => {
                (format!("called off the closure of {}", closure.first.long()), String::new(), String::new())
            }
            SchoolFact::Closure(closure) => ("set a closure: ".to_owned(), closure.label, String::new()),
            SchoolFact::Term(term) if term.name.is_empty() => {
                (format!("called off the term from {}", term.first.long()), String::new(), String::new())
            }
            SchoolFact::Term(term) => {
                (format!("set a term, {} to {}: ", term.first.long(), term.last.long()), term.name, String::new())
            }
            SchoolFact::Special(special) => {
                let days = if special.first == special.last {
                    special.first.long()
                } else {
                    format!("{} to {}", special.first.long(), special.last.long())
                };
                let what = match special.what {
                    Unusual::Nothing => "called off what was said of",
                    Unusual::Training => "set a training day on",
                    Unusual::Open => "opened school on",
                    Unusual::OpenTo(_) => "opened school to some groups on",
                    Unusual::Lost => "recorded school as unexpectedly closed on",
                };
                let colon = if special.label.is_empty() { "" } else { ": " };
                (format!("{what} {days}{colon}"), special.label, String::new())
            }
            SchoolFact::CodeInfo(info) => {
                self.tally(draft, held, ("read in the code", "read in # codes"), info.code.to_string());
                return Some(());
            }
            // The row says it.
            SchoolFact::CodeRule(_) => return Some(()),
            SchoolFact::WeekReviewed(week) => (
                format!("wrote the attendance review of the week from {}", week.monday.long()),
                String::new(),
                String::new(),
            ),
            SchoolFact::Cover(cover) => {
                let name = cover.person.map_or_else(|| "nobody".to_owned(), |person| self.known.staff_name(person));
                let days = format!("from {} to {}", cover.first.long(), cover.last.long());
                (format!("set cover of {} {days}: ", self.group(cover.group)), name.clone(), name)
            }
            SchoolFact::Directory(staff) => {
                let name = format!("{} {}", staff.forename, staff.surname);
                let what = if changed == "added" {
                    ("added to the staff", "added # people to the staff")
                } else {
                    ("changed the staff entry of", "changed the staff entries of # people")
                };
                self.tally(draft, held, what, name);
                return Some(());
            }
            SchoolFact::Device(device) => ("named a device ".to_owned(), device.name, String::new()),
            SchoolFact::StepUp(policy) => {
                let words = format!("set that a code holds for {} minutes", policy.minutes);
                (words, String::new(), String::new())
            }
            SchoolFact::Hours(hours) if !hours.in_force => {
                ("lifted school hours: everybody may sign in at any time".to_owned(), String::new(), String::new())
            }
            SchoolFact::Hours(hours) => {
                let (opens, closes) = (clock(hours.opens), clock(hours.closes));
                (format!("set school hours from {opens} to {closes}"), String::new(), String::new())
            }
            SchoolFact::WeeklyLeave(WeeklyLeave { leave, repeat }) => {
                self.say_leave(draft, held, &leave, &format!(", and again {}", hours::again(repeat)));
                return Some(());
            }
            SchoolFact::Leave(leave) => {
                self.say_leave(draft, held, &leave, "");
                return Some(());
            }
            SchoolFact::Authority(authority) => {
                ("set the authority that gets the returns: ".to_owned(), authority.name, String::new())
            }
            SchoolFact::Sent(sent) => {
                let name = self.pupil(sent.pupil);
                let which = match sent.kind {
                    ReturnKind::NewPupil => "a new pupil return",
                    ReturnKind::Deletion => "a deletion return",
                    ReturnKind::Attendance => "an attendance return",
                    ReturnKind::Sickness => "a sickness return",
                };
                let what = vec![
                    Span::plain(format!("sent {which} about ")),
                    Span::strong(name.clone()),
                    Span::plain(format!(" to {}", sent.to)),
                ];
                self.say(draft, held, what, &name);
                return Some(());
            }
            SchoolFact::Fallback(_) => {
                ("set when registers are printed by themselves".to_owned(), String::new(), String::new())
            }
            SchoolFact::Guide(_) => {
                ("changed the help for taking the register".to_owned(), String::new(), String::new())
            }
            SchoolFact::Reviewed(one) => {
                let what = format!(
                    "reviewed the {} of {}, {}: ",
                    one.class.words().to_lowercase(),
                    self.known.site_name(one.site),
                    one.class.of_year(one.year)
                );
                let decided = match one.decision {
                    Decision::KeepUntil(until) => format!("keep until {} {}", until.long(), until.date().year()),
                    Decision::Destroy => "due for destruction".to_owned(),
                };
                (what, format!("{decided}. {}", one.reason), String::new())
            }
            SchoolFact::FireDuty(duty) => {
                let name = self.known.staff_name(duty.person);
                ("set duties in a fire of ".to_owned(), name.clone(), name)
            }
            SchoolFact::SitePlaces(places) => (
                "set the rooms, refuge points and meeting points of ".to_owned(),
                self.known.site_name(places.site).to_owned(),
                String::new(),
            ),
            SchoolFact::MarshalLock(lock) if lock.lock.is_empty() => (
                "took the marshal’s PIN away at ".to_owned(),
                self.known.site_name(lock.site).to_owned(),
                String::new(),
            ),
            SchoolFact::MarshalLock(lock) => {
                ("set the marshal’s PIN at ".to_owned(), self.known.site_name(lock.site).to_owned(), String::new())
            }
            // It says of everything else in its act where that came from.
            SchoolFact::ByImport(_) => return Some(()),
            SchoolFact::Unknown { .. } => return None,
        };
        self.say(draft, held, vec![Span::plain(what), Span::strong(name)], &about);
        Some(())
    }
}

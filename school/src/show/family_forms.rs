//! The forms of a pupil's family: whom to call, court orders, where the pupil lives and who must not learn it.
//!
//! Each is opened by a button and first asks what about, where there is more than one thing: a new contact or one of
//! those there are. Nothing is overwritten: what a form changes stands in the history beside what it said before.
//!
//! Not here: the act itself (see `office::admission`), and which form is open (the program knows).

mod address;
mod contact;
mod order;

use super::ask::choice;
use crate::calendar::Day;
use crate::facts::family::{Contact, FamilyFact};
use crate::known::Pupil;
use crate::known::family::{Family, full};
use crate::office::EntryChange;
use crate::view::pupils::{Answers, Doing, Form};

/// Which of the forms behind one button.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// What it is to be about.
    Choose,
    /// Something new.
    New,
    /// What there is already: a contact, an order.
    One([u8; 16]),
    /// Keeping an address from somebody.
    Secret,
}

/// What the answers to one of the forms mean.
#[derive(Clone, Debug, PartialEq)]
pub enum Read {
    /// Ask this next.
    Next(Part),
    /// Write this, for this reason.
    Write(Box<EntryChange>, String),
}

/// What a button leads to: its parts, with the words of a choice.
fn parts(doing: Doing, family: &Family, today: Day) -> Vec<(Part, String)> {
    match doing {
        Doing::Contact => {
            let mut found = vec![(Part::New, "Somebody new".to_owned())];
            let listed = |one: &Contact| (format!("{} {}", one.priority, full(one)), one.id);
            found.extend(family.contacts.iter().map(listed).map(|(words, id)| (Part::One(id), words)));
            let former =
                family.former.iter().map(|one| (Part::One(one.id), format!("{}, no longer called", full(one))));
            found.extend(former);
            found
        }
        Doing::Order => {
            let mut found = vec![(Part::New, "A new order".to_owned())];
            let standing = family.orders.iter().filter(|order| !order.withdrawn);
            found.extend(standing.map(|one| {
                let state = if one.holds(today) { "" } else { ", not in force" };
                (Part::One(one.id), format!("The end of: {}{state}", order::words(one)))
            }));
            found
        }
        _ => vec![
            (Part::New, "A new address, or a move that was notified".to_owned()),
            (Part::Secret, "An address that is confidential, or no longer".to_owned()),
        ],
    }
}

/// The form behind one of the family's buttons.
pub fn form(doing: Doing, part: Part, pupil: &Pupil, family: &Family, today: Day) -> Form {
    let parts = parts(doing, family, today);
    match (doing, part) {
        (_, Part::Choose) if parts.len() > 1 => {
            let (about, label) = match doing {
                Doing::Contact => ("Contacts", "Whom"),
                Doing::Order => ("Court orders about", "Which"),
                _ => ("Addresses", "What"),
            };
            let title = match doing {
                Doing::Order => format!("{about} {}", pupil.spoken()),
                _ => format!("{about} of {}", pupil.spoken()),
            };
            let items = parts.into_iter().map(|(_, words)| words).collect();
            let asks = vec![choice("part", label, items, None)];
            Form { title, asks, done: "Go on".to_owned(), ..Form::default() }
        }
        (Doing::Contact, part) => contact::form(part, pupil, family),
        (Doing::Order, Part::One(id)) => order::end_form(id, pupil, family, today),
        (Doing::Order, _) => order::form(pupil, family, today),
        (_, Part::Secret) => address::secret_form(pupil, family),
        _ => address::form(pupil, family, today),
    }
}

/// The first part that is asked: the choice, where there is one.
pub fn first(doing: Doing, family: &Family, today: Day) -> Part {
    if parts(doing, family, today).len() > 1 { Part::Choose } else { Part::New }
}

/// What the answers to [`form`] mean. `id` names what is new.
///
/// # Errors
/// In words that say which field, and what would be right.
pub fn read(
    (doing, part): (Doing, Part),
    answers: &Answers,
    family: &Family,
    today: Day,
    id: [u8; 16],
) -> Result<Read, String> {
    let (change, reason) = match (doing, part) {
        (_, Part::Choose) => {
            let chosen = answers.choice("part").and_then(|at| parts(doing, family, today).into_iter().nth(at));
            return match chosen {
                Some((part, _)) => Ok(Read::Next(part)),
                None => Err("choose one".to_owned()),
            };
        }
        (Doing::Contact, part) => contact::read(part, answers, family, today, id)?,
        (Doing::Order, Part::One(of)) => order::read_end(of, answers, family, today)?,
        (Doing::Order, _) => (order::read(answers, family, id)?, "Court order entered".to_owned()),
        (_, Part::Secret) => address::read_secret(answers, family)?,
        _ => address::read(answers, family, today)?,
    };
    Ok(Read::Write(Box::new(change), reason))
}

fn of_family(facts: Vec<FamilyFact>) -> EntryChange {
    EntryChange { family: facts, ..EntryChange::default() }
}

/// Everybody whom an order could bar: contacts and parents, by full name.
pub fn barrable(family: &Family) -> Vec<String> {
    let mut names: Vec<String> = family.contacts.iter().chain(&family.former).map(full).collect();
    names.extend(
        family.parents.iter().map(|parent| format!("{} {}", parent.forenames, parent.surname).trim().to_owned()),
    );
    names.retain(|name| !name.is_empty());
    let mut seen = std::collections::BTreeSet::new();
    names.retain(|name| seen.insert(name.clone()));
    names
}

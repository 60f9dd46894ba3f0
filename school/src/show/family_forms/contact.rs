//! Somebody to call: entering one, changing what stands, and noting that they are nobody to call any more.

use super::super::ask::{address, choice, head, line, names, read_address, tick, words};
use super::{Part, of_family};
use crate::calendar::Day;
use crate::facts::custody::{Confidential, Home, WhoseHome};
use crate::facts::family::{Contact, FamilyFact};
use crate::known::Pupil;
use crate::known::family::{Family, full};
use crate::office::EntryChange;
use crate::view::pupils::{Answers, Form};

const NUMBERS: [&str; 3] = ["number 1", "number 2", "number 3"];
const ADDRESS: [&str; 3] = ["line", "town", "postcode"];
/// Where a contact may live, as the choice has it.
const HOMES: [&str; 4] = ["Not known", "With the pupil", "At the second address", "At another address"];

fn held(part: Part, family: &Family) -> Option<&Contact> {
    let Part::One(id) = part else { return None };
    family.contacts.iter().chain(&family.former).find(|one| one.id == id)
}

/// The place after the last.
fn last_place(family: &Family) -> u8 {
    family.contacts.iter().map(|one| one.priority).max().unwrap_or_default().saturating_add(1)
}

pub(super) fn form(part: Part, pupil: &Pupil, family: &Family) -> Form {
    let held = held(part, family);
    let of = |pick: fn(&Contact) -> &String| held.map(pick).cloned().unwrap_or_default();
    let number = |at: usize| held.and_then(|held| held.numbers.get(at)).cloned().unwrap_or_default();
    let place = held.map_or_else(|| last_place(family), |held| held.priority);
    let (home, elsewhere) = match held.map(|held| &held.home) {
        None | Some(Home::Unknown) => (0, None),
        Some(Home::WithPupil) => (1, None),
        Some(Home::AtSecond) => (2, None),
        Some(Home::At(address)) => (3, Some(address)),
    };
    let kept = held.and_then(|held| family.kept_from(WhoseHome::Parent(held.id)));
    let mut asks = Vec::new();
    if held.is_some() {
        asks.push(line("reason", "Reason for the change", "As in: mother rang, new number", ""));
    }
    asks.extend([
        line("title", "Title", "", &of(|held| &held.title)),
        line("forename", "Forename", "", &of(|held| &held.forename)),
        line("surname", "Surname", "", &of(|held| &held.surname)),
        line("relationship", "Relationship", "Grandmother", &of(|held| &held.relationship)),
        line("place", "Place in the order to ring", "1 is called first", &place.to_string()),
        tick("responsible", "Has parental responsibility", held.is_some_and(|held| held.responsible)),
        tick("lives", "The pupil lives with them", held.is_some_and(|held| held.lives_with)),
        line(NUMBERS[0], "Telephone", "The first to call", &number(0)),
        line(NUMBERS[1], "Another", "Work, home", &number(1)),
        line(NUMBERS[2], "And another", "", &number(2)),
        line("email", "E-mail", "", &of(|held| &held.email)),
        choice("home", "Lives", HOMES.map(str::to_owned).to_vec(), Some(home)),
    ]);
    asks.extend(address(ADDRESS, elsewhere));
    asks.extend([
        tick("secret", "Their own address is confidential", kept.is_some()),
        line(
            "secret from",
            "Kept from",
            "Full names, or nothing for everybody but the office",
            &kept.unwrap_or_default().join(", "),
        ),
    ]);
    if let Some(held) = held {
        asks.extend([
            head("If they are not to be called any more"),
            words("They stay in the history, and what a court order says of them goes on."),
            tick("ended", "Take them off the list", held.ended.is_some()),
        ]);
    }
    let (title, done) = match held {
        Some(held) => (format!("{}, contact of {}", full(held), pupil.spoken()), "Save the contact"),
        None => (format!("A new contact of {}", pupil.spoken()), "Add the contact"),
    };
    Form { title, asks, done: done.to_owned(), ..Form::default() }
}

pub(super) fn read(
    part: Part,
    answers: &Answers,
    family: &Family,
    today: Day,
    id: [u8; 16],
) -> Result<(EntryChange, String), String> {
    let held = held(part, family);
    let surname = answers.line("surname");
    if surname.is_empty() {
        return Err("Surname: the full name is needed".to_owned());
    }
    let place = answers.line("place").parse().ok().filter(|place| (1..=99).contains(place));
    let Some(priority) = place else {
        return Err("Place in the order to ring: write a number from 1 to 99".to_owned());
    };
    let typed = NUMBERS.iter().map(|key| answers.line(key)).filter(|number| !number.is_empty());
    if let Some(odd) = typed.clone().find(|number| !number.chars().any(|one| one.is_ascii_digit())) {
        return Err(format!("Telephone: \"{odd}\" has no digits"));
    }
    // Numbers beyond those that are asked for stay as they are.
    let more = held.map(|held| held.numbers.iter().skip(NUMBERS.len()).cloned().collect::<Vec<_>>());
    let email = answers.line("email");
    if !email.is_empty() && !email.contains('@') {
        return Err("E-mail: an address has an @ in it".to_owned());
    }
    let home = match answers.choice("home") {
        Some(1) => Home::WithPupil,
        Some(2) if family.second.is_some() => Home::AtSecond,
        Some(2) => return Err("Lives: the pupil has no second address".to_owned()),
        Some(3) => match read_address(answers, ADDRESS) {
            Some(address) => Home::At(address),
            None => return Err("House and street: write the address, or choose that it is not known".to_owned()),
        },
        _ => Home::Unknown,
    };
    let contact = Contact {
        id: held.map_or(id, |held| held.id),
        priority,
        title: answers.line("title"),
        forename: answers.line("forename"),
        surname,
        relationship: answers.line("relationship"),
        responsible: answers.tick("responsible"),
        numbers: typed.chain(more.unwrap_or_default()).collect(),
        email,
        home,
        lives_with: answers.tick("lives"),
        court_order: held.is_some_and(|held| held.court_order),
        ended: answers.tick("ended").then(|| held.and_then(|held| held.ended).unwrap_or(today)),
    };
    let of = WhoseHome::Parent(contact.id);
    let mut facts = vec![FamilyFact::from(contact)];
    let holds = answers.tick("secret");
    if holds || family.kept_from(of).is_some() {
        facts.push(Confidential { of, from: names(&answers.line("secret from")), holds }.into());
    }
    Ok((of_family(facts), answers.line("reason")))
}

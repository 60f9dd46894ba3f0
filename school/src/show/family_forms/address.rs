//! Where the pupil lives: a new address, a move that was notified, and an address that is kept from somebody.
//!
//! The admission register holds the future address, the parent and the day once a move is notified, and the day on
//! which the school was told. Once that day has come the same form makes it the address.

use super::super::ask::{address, choice, day, iso, line, names, read_address, tick, words};
use super::of_family;
use crate::admission::entry;
use crate::calendar::Day;
use crate::facts::custody::{Confidential, Home, Move, SecondAddress, WhoseHome};
use crate::facts::family::FamilyFact;
use crate::known::Pupil;
use crate::known::family::{Family, full};
use crate::office::EntryChange;
use crate::view::pupils::{Answers, Form};

const ADDRESS: [&str; 3] = ["line", "town", "postcode"];

pub(super) fn form(pupil: &Pupil, family: &Family, today: Day) -> Form {
    let moving = family.moving.as_ref();
    let lived_with = || family.parents.iter().find(|parent| parent.lives_with).map(|parent| parent.full());
    let parent = moving.map_or_else(|| lived_with().unwrap_or_default(), |moving| moving.parent.clone());
    let mut asks = vec![words(
        "With a first day that is still to come, or none yet, it stands in the entry as a notified move. With one \
         that has come it is the address from now on, and the old one stays in the history.",
    )];
    asks.extend(moving.map(|moving| words(&notified(moving))));
    asks.extend([
        line("told", "The school was told on", "23/11/2026", &today.iso()),
        line("by", "By whom", "The parent’s name; a letter", ""),
        choice("which", "It is", vec!["The pupil’s address".to_owned(), "The second address".to_owned()], Some(0)),
    ]);
    asks.extend(address(ADDRESS, moving.map(|moving| &moving.address)));
    asks.extend([
        line("from", "The pupil lives there from", "23/11/2026", &iso(moving.and_then(|moving| moving.from))),
        line("with", "With which parent", "The full name", &parent),
    ]);
    asks.extend(moving.map(|_| tick("off", "The move that was notified is off", false)));
    let title = format!("A new address or a move of {}", pupil.spoken());
    Form { title, asks, done: "Enter it".to_owned(), ..Form::default() }
}

/// `Notified on Monday 2 November: to 4 Mill Lane, from Tuesday 1 December`.
fn notified(moving: &Move) -> String {
    let from = moving.from.map_or_else(|| "no day yet".to_owned(), |from| format!("from {}", from.long()));
    format!("Notified on {}: to {}, {from}.", moving.told.long(), entry::line(&moving.address))
}

pub(super) fn read(answers: &Answers, family: &Family, today: Day) -> Result<(EntryChange, String), String> {
    let label = "The school was told on";
    let told = day(answers, "told", label)?.ok_or("The school was told on: write the day")?;
    if told > today {
        return Err(format!("{label}: {} is still to come", told.long()));
    }
    let by = answers.line("by");
    if by.is_empty() {
        return Err("By whom: say who told the school, or which letter".to_owned());
    }
    let reason = format!("Told on {} {} by {by}", told.long(), told.date().year());
    let over = family.moving.clone().map(|held| FamilyFact::from(Move { withdrawn: true, ..held }));
    if answers.tick("off") {
        return Ok((of_family(over.into_iter().collect()), format!("{reason}: the move is off")));
    }
    let Some(address) = read_address(answers, ADDRESS) else {
        return Err("House and street: write the new address".to_owned());
    };
    let from = day(answers, "from", "The pupil lives there from")?;
    if from.is_none_or(|from| from > today) {
        let parent = answers.line("with");
        if parent.is_empty() {
            return Err("With which parent: write the full name".to_owned());
        }
        let moving = Move { address, parent, from, told, withdrawn: false };
        return Ok((of_family(vec![moving.into()]), reason));
    }
    let mut facts: Vec<FamilyFact> = match answers.choice("which") {
        Some(1) => vec![SecondAddress { address: Some(address) }.into()],
        _ => vec![address.into()],
    };
    facts.extend(over);
    Ok((of_family(facts), reason))
}

/// Addresses that can be kept from somebody: the pupil's, and those of parents and contacts who live elsewhere.
fn homes(family: &Family) -> Vec<(WhoseHome, String)> {
    let mut found = vec![(WhoseHome::Pupil, "The pupil’s address".to_owned())];
    found.extend(family.second.as_ref().map(|_| (WhoseHome::Second, "The second address".to_owned())));
    let elsewhere = |home: &Home| matches!(home, Home::At(_));
    let parents = family.parents.iter().filter(|one| elsewhere(&one.home));
    found.extend(parents.map(|one| (WhoseHome::Parent(one.id), format!("The address of {}", one.full()))));
    let contacts = family.contacts.iter().filter(|one| elsewhere(&one.home));
    found.extend(contacts.map(|one| (WhoseHome::Parent(one.id), format!("The address of {}", full(one)))));
    found
}

pub(super) fn secret_form(pupil: &Pupil, family: &Family) -> Form {
    let homes = homes(family);
    let kept: Vec<String> = homes
        .iter()
        .filter_map(|(of, words)| {
            let from = family.kept_from(*of)?;
            let from = if from.is_empty() { "everybody but the office".to_owned() } else { from.join(", ") };
            Some(format!("{words} is kept from {from}."))
        })
        .collect();
    let now = family.kept_from(WhoseHome::Pupil);
    let mut asks = vec![words("Screens, paper and letters leave it out, but for the office and safeguarding leads.")];
    asks.extend(kept.iter().map(|kept| words(kept)));
    asks.extend([
        choice("whose", "Which", homes.into_iter().map(|(_, words)| words).collect(), Some(0)),
        tick("holds", "It is confidential", true),
        line(
            "from",
            "Kept from",
            "Full names, or nothing for everybody but the office",
            &now.unwrap_or_default().join(", "),
        ),
        line("reason", "Why", "What was said or seen", ""),
    ]);
    let title = format!("A confidential address of {}", pupil.spoken());
    Form { title, asks, done: "Save".to_owned(), ..Form::default() }
}

pub(super) fn read_secret(answers: &Answers, family: &Family) -> Result<(EntryChange, String), String> {
    let chosen = answers.choice("whose").and_then(|at| homes(family).into_iter().nth(at));
    let Some((of, _)) = chosen else { return Err("Which: choose an address".to_owned()) };
    let reason = answers.line("reason");
    if reason.is_empty() {
        return Err("Why: say what was said or seen".to_owned());
    }
    let kept = Confidential { of, from: names(&answers.line("from")), holds: answers.tick("holds") };
    if !kept.holds && family.kept_from(of).is_none() {
        return Err("This address is not confidential".to_owned());
    }
    Ok((of_family(vec![kept.into()]), reason))
}

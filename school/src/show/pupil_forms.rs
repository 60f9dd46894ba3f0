//! The form of an entry in the admission register: what it asks, filled with what stands, and what its answers mean.
//!
//! Not here: the acts (see `office::admission`), and which form is open (the program knows).

use super::ask::{address, choice, day, head, iso, line, names, read_address, tick};
use crate::facts::admission::{Entry, LastSchool, NextSchool, Placement, Starting};
use crate::facts::custody::{Confidential, Home, Parent, SecondAddress, WhoseHome};
use crate::facts::family::FamilyFact;
use crate::facts::pupil::Identity;
use crate::ids::GroupId;
use crate::known::family::Family;
use crate::known::{Known, Pupil};
use crate::office::{EntryChange, NewPupil};
use crate::view::pupils::{Answers, Ask, Form};
use muster_core::id::PlaceId;

/// Keys of a parent's questions.
struct ParentKeys {
    title: &'static str,
    forenames: &'static str,
    surname: &'static str,
    relationship: &'static str,
    home: &'static str,
    line: &'static str,
    town: &'static str,
    postcode: &'static str,
    lives: &'static str,
    numbers: [&'static str; 2],
}

const PARENTS: [ParentKeys; 2] = [
    ParentKeys {
        title: "p1 title",
        forenames: "p1 forenames",
        surname: "p1 surname",
        relationship: "p1 relationship",
        home: "p1 home",
        line: "p1 line",
        town: "p1 town",
        postcode: "p1 postcode",
        lives: "p1 lives",
        numbers: ["p1 first number", "p1 second number"],
    },
    ParentKeys {
        title: "p2 title",
        forenames: "p2 forenames",
        surname: "p2 surname",
        relationship: "p2 relationship",
        home: "p2 home",
        line: "p2 line",
        town: "p2 town",
        postcode: "p2 postcode",
        lives: "p2 lives",
        numbers: ["p2 first number", "p2 second number"],
    },
];

/// The groups of every site, as a choice: name, site, and which.
pub fn groups(known: &Known) -> Vec<(String, PlaceId, GroupId)> {
    let school = known.school();
    let mut found = Vec::new();
    for site in school.sites.values() {
        for group in school.groups_of(site.id) {
            let name =
                if school.sites.len() > 1 { format!("{}, {}", group.name, site.name) } else { group.name.clone() };
            found.push((name, site.id, group.id));
        }
    }
    found
}

/// The form that admits a pupil, or amends the entry of one.
pub fn entry_form(known: &Known, pupil: Option<(&Pupil, &Family)>) -> Form {
    let none = Family::default();
    let family = pupil.map_or(&none, |(_, family)| family);
    let pupil = pupil.map(|(pupil, _)| pupil);
    let identity = pupil.map(|pupil| pupil.identity.clone()).unwrap_or_else(empty_identity);
    let entry = pupil.and_then(|pupil| pupil.entry.as_ref());
    let words = |text: Option<&String>| text.cloned().unwrap_or_default();
    let mut asks = Vec::new();
    if pupil.is_some() {
        asks.push(line(
            "reason",
            "Reason for the change",
            "Needed where something is changed, as in: deed poll seen",
            "",
        ));
    }
    asks.extend([
        head("The pupil"),
        line("forename", "Forename", "", &identity.forename),
        line("middle", "Middle names", "", &words(entry.map(|entry| &entry.middle))),
        line("surname", "Surname", "", &identity.surname),
        line("preferred", "Known as", "Where it is not the forename", &known_as(&identity)),
        line("other", "Any other name", "", &words(entry.map(|entry| &entry.other_names))),
        line("sex", "Sex", "F or M", &identity.sex),
        line("born", "Date of birth", "23/11/2015", &iso(identity.born)),
        line("number", "Admission number", "", &identity.admission_no),
        line("upn", "UPN", "13 characters, or nothing", &identity.upn),
    ]);
    if pupil.is_none() {
        let items = groups(known).into_iter().map(|(name, ..)| name).collect();
        asks.extend([choice("group", "Class", items, None), line("year", "Year group", "6", "")]);
    }
    let basis = entry.map_or(0, |entry| usize::from(entry.starting == Starting::FirstAttended));
    let basis_items = vec!["As agreed".to_owned(), "First day attended".to_owned()];
    asks.extend([
        line("starting", "Starting day", "23/11/2026", &iso(pupil.and_then(|pupil| pupil.on_roll.starting))),
        choice("basis", "The starting day is", basis_items, Some(basis)),
        tick("boarder", "Boards at the school", entry.is_some_and(|entry| entry.boarder)),
        head("Where the pupil lives"),
    ]);
    asks.extend(address(["line", "town", "postcode"], family.address.as_ref()));
    asks.push(tick("secret", "This address is confidential", family.kept_from(WhoseHome::Pupil).is_some()));
    let from = family.kept_from(WhoseHome::Pupil).unwrap_or_default().join(", ");
    asks.push(line("secret from", "Kept from", "Full names, or nothing for everybody but the office", &from));
    asks.push(head("Second address, if there is one"));
    asks.extend(address(["line 2", "town 2", "postcode 2"], family.second.as_ref()));
    for (at, keys) in PARENTS.iter().enumerate() {
        parent_asks(&mut asks, keys, at, family.parents.get(at));
    }
    let last = pupil.and_then(|pupil| pupil.last_school.as_ref());
    let placement = pupil.and_then(|pupil| pupil.placement.as_ref());
    asks.extend([
        head("School before"),
        tick("no school", "There was none", last.is_some_and(|last| last.name.is_empty())),
        line("last school", "Its name", "", &words(last.map(|last| &last.name))),
        line("last address", "Its address", "", &words(last.map(|last| &last.address))),
        head("Placing"),
        Ask::Words(
            "A pupil whom a local authority placed here is not deleted for home education without its consent."
                .to_owned(),
        ),
        choice(
            "placed",
            "Placed by",
            vec!["No authority".to_owned(), "A local authority".to_owned()],
            placement.map(|placement| usize::from(placement.arranged)),
        ),
        line("la number", "Authority number", "919", &words(placement.map(|placement| &placement.number))),
        line("la name", "Authority", "Hertfordshire", &words(placement.map(|placement| &placement.name))),
        tick("plan", "Has an education, health and care plan", placement.is_some_and(|placement| placement.plan)),
    ]);
    if let Some(pupil) = pupil {
        let next = pupil.next_school.as_ref();
        asks.extend([
            head("School after, once notified"),
            line("next school", "Its name", "", &words(next.map(|next| &next.name))),
            line("next address", "Its address", "", &words(next.map(|next| &next.address))),
            line("next from", "Starts there", "23/11/2026", &iso(next.and_then(|next| next.from))),
        ]);
    }
    let title =
        pupil.map_or_else(|| "Admit a pupil".to_owned(), |pupil| format!("Amend the entry of {}", pupil.spoken()));
    let done = if pupil.is_some() { "Amend the entry" } else { "Admit" }.to_owned();
    Form { title, asks, done, ..Form::default() }
}

fn empty_identity() -> Identity {
    Identity {
        admission_no: String::new(),
        upn: String::new(),
        surname: String::new(),
        forename: String::new(),
        preferred: String::new(),
        sex: String::new(),
        born: None,
    }
}

fn known_as(identity: &Identity) -> String {
    if identity.preferred == identity.forename { String::new() } else { identity.preferred.clone() }
}

fn parent_asks(asks: &mut Vec<Ask>, keys: &ParentKeys, at: usize, held: Option<&Parent>) {
    let of = |text: Option<&String>| text.cloned().unwrap_or_default();
    let homes = ["Not known", "With the pupil", "At the second address", "At another address"];
    let (home, elsewhere) = match held.map(|held| &held.home) {
        None => (1, None),
        Some(Home::Unknown) => (0, None),
        Some(Home::WithPupil) => (1, None),
        Some(Home::AtSecond) => (2, None),
        Some(Home::At(address)) => (3, Some(address)),
    };
    let number = |at: usize| held.and_then(|held| held.numbers.get(at)).cloned().unwrap_or_default();
    let [first, second] = keys.numbers;
    asks.extend([
        head(if at == 0 { "First parent" } else { "Second parent" }),
        line(keys.title, "Title", "", &of(held.map(|held| &held.title))),
        line(keys.forenames, "Every forename", "", &of(held.map(|held| &held.forenames))),
        line(keys.surname, "Surname", "", &of(held.map(|held| &held.surname))),
        line(keys.relationship, "Relationship", "Mother", &of(held.map(|held| &held.relationship))),
        choice(keys.home, "Lives", homes.map(str::to_owned).to_vec(), Some(home)),
    ]);
    asks.extend(address([keys.line, keys.town, keys.postcode], elsewhere));
    asks.extend([
        tick(keys.lives, "The pupil normally lives with this parent", held.map_or(at == 0, |held| held.lives_with)),
        line(first, "Emergency number", "The first to call", &number(0)),
        line(second, "Another number", "", &number(1)),
    ]);
}

/// What the answers to [`entry_form`] mean. `id` makes ids for parents who have none yet.
///
/// # Errors
/// In words that say which field, and what would be right.
pub fn read_entry(
    answers: &Answers,
    held: Option<(&Pupil, &Family)>,
    mut id: impl FnMut() -> [u8; 16],
) -> Result<EntryChange, String> {
    let none = Family::default();
    let family = held.map_or(&none, |(_, family)| family);
    let pupil = held.map(|(pupil, _)| pupil);
    let upn = answers.line("upn").to_ascii_uppercase();
    if !upn.is_empty() && pupil.is_none_or(|pupil| pupil.identity.upn != upn) {
        crate::upn::check(&upn).map_err(|error| format!("UPN: {error}"))?;
    }
    let preferred = answers.line("preferred");
    let identity = Identity {
        admission_no: answers.line("number"),
        upn,
        surname: answers.line("surname"),
        forename: answers.line("forename"),
        preferred: if preferred.is_empty() { answers.line("forename") } else { preferred },
        sex: answers.line("sex"),
        born: day(answers, "born", "Date of birth")?,
    };
    let starting = if answers.choice("basis") == Some(1) { Starting::FirstAttended } else { Starting::Agreed };
    let entry = Entry {
        middle: answers.line("middle"),
        other_names: answers.line("other"),
        boarder: answers.tick("boarder"),
        starting,
    };
    let school = LastSchool { name: answers.line("last school"), address: answers.line("last address") };
    let last_school = (answers.tick("no school") || !school.name.is_empty()).then_some(school);
    let placement = answers.choice("placed").map(|placed| Placement {
        number: answers.line("la number"),
        name: answers.line("la name"),
        arranged: placed == 1,
        plan: answers.tick("plan"),
    });
    if placement.as_ref().is_some_and(|placement| placement.arranged && placement.name.is_empty()) {
        return Err("Authority: say which local authority placed the pupil here".to_owned());
    }
    let next = NextSchool {
        name: answers.line("next school"),
        address: answers.line("next address"),
        from: day(answers, "next from", "Starts there")?,
    };
    let mut facts: Vec<FamilyFact> = Vec::new();
    let home = read_address(answers, ["line", "town", "postcode"]);
    facts.extend(home.map(FamilyFact::from));
    let second = read_address(answers, ["line 2", "town 2", "postcode 2"]);
    if second.is_some() || family.second.is_some() {
        facts.push(SecondAddress { address: second }.into());
    }
    let holds = answers.tick("secret");
    if holds || family.kept_from(WhoseHome::Pupil).is_some() {
        let from = names(&answers.line("secret from"));
        facts.push(Confidential { of: WhoseHome::Pupil, from, holds }.into());
    }
    for (at, keys) in PARENTS.iter().enumerate() {
        facts.extend(read_parent(answers, keys, family.parents.get(at), &mut id).map(FamilyFact::from));
    }
    Ok(EntryChange {
        identity: Some(identity),
        entry: Some(entry),
        starting: day(answers, "starting", "Starting day")?,
        last_school,
        placement,
        next_school: (!next.name.is_empty() || pupil.is_some_and(|pupil| pupil.next_school.is_some())).then_some(next),
        family: facts,
    })
}

/// The new pupil that the answers to [`entry_form`] describe.
///
/// # Errors
/// In words that say what is missing.
pub fn read_new(known: &Known, answers: &Answers, change: &EntryChange) -> Result<NewPupil, String> {
    let chosen = answers.choice("group").and_then(|at| groups(known).into_iter().nth(at));
    let Some((_, site, group)) = chosen else { return Err("Class: choose the pupil’s class".to_owned()) };
    let Some(starting) = change.starting else {
        return Err("Starting day: write the day that was agreed, as 23/11/2026".to_owned());
    };
    let identity = change.identity.clone().unwrap_or_else(empty_identity);
    if identity.surname.is_empty() || identity.forename.is_empty() {
        return Err("Forename and surname: the full name is needed".to_owned());
    }
    let year = answers.line("year");
    Ok(NewPupil {
        identity,
        site,
        group: Some(group),
        year,
        starting: Some(starting),
        medical: Vec::new(),
        evacuation: None,
    })
}

fn read_parent(
    answers: &Answers,
    keys: &ParentKeys,
    held: Option<&Parent>,
    id: &mut impl FnMut() -> [u8; 16],
) -> Option<Parent> {
    let (forenames, surname) = (answers.line(keys.forenames), answers.line(keys.surname));
    if forenames.is_empty() && surname.is_empty() {
        // Rubbed out: entered in error.
        return held.map(|held| Parent { withdrawn: true, ..held.clone() });
    }
    let home = match answers.choice(keys.home) {
        Some(1) => Home::WithPupil,
        Some(2) => Home::AtSecond,
        Some(3) => read_address(answers, [keys.line, keys.town, keys.postcode]).map_or(Home::Unknown, Home::At),
        _ => Home::Unknown,
    };
    // Numbers beyond the two that are asked for stay as they are.
    let more = held.map(|held| held.numbers.iter().skip(keys.numbers.len()).cloned().collect()).unwrap_or_default();
    let numbers: Vec<String> = keys.numbers.iter().map(|key| answers.line(key)).chain::<Vec<String>>(more).collect();
    Some(Parent {
        id: held.map_or_else(id, |held| held.id),
        title: answers.line(keys.title),
        forenames,
        surname,
        relationship: answers.line(keys.relationship),
        home,
        lives_with: answers.tick(keys.lives),
        numbers: numbers.into_iter().filter(|number| !number.is_empty()).collect(),
        withdrawn: false,
    })
}

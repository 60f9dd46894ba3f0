//! The forms of the screen of pupils: what each asks, filled with what stands, and what its answers mean.
//!
//! Not here: the acts (see `office::admission`), and which form is open (the program knows).

use crate::admission::{Evidence, grounds};
use crate::calendar::Day;
use crate::facts::admission::{Consent, Entry, Ground, LastSchool, NextSchool, Placement, Starting};
use crate::facts::custody::{Confidential, Home, Order, OrderKind, Parent, SecondAddress, WhoseHome};
use crate::facts::family::{Address, FamilyFact};
use crate::facts::pupil::Identity;
use crate::ids::GroupId;
use crate::known::family::{Family, full};
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

/// Makes one question a line.
pub(super) fn line(key: &'static str, label: &str, hint: &str, value: &str) -> Ask {
    Ask::Line { key, label: label.to_owned(), hint: hint.to_owned(), value: value.to_owned() }
}

fn tick(key: &'static str, label: &str, on: bool) -> Ask {
    Ask::Tick { key, label: label.to_owned(), on }
}

pub(super) fn choice(key: &'static str, label: &str, items: Vec<String>, chosen: Option<usize>) -> Ask {
    Ask::Choice { key, label: label.to_owned(), items, chosen }
}

fn head(words: &str) -> Ask {
    Ask::Head(words.to_owned())
}

fn iso(day: Option<Day>) -> String {
    day.map(Day::iso).unwrap_or_default()
}

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

fn address(keys: [&'static str; 3], held: Option<&Address>) -> [Ask; 3] {
    let [first, town, postcode] = keys;
    let of = |text: Option<&String>| text.cloned().unwrap_or_default();
    [
        line(first, "House and street", "", &of(held.map(|held| &held.line))),
        line(town, "Town", "", &of(held.map(|held| &held.town))),
        line(postcode, "Postcode", "", &of(held.map(|held| &held.postcode))),
    ]
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

/// A day that was typed; nothing for nothing.
///
/// # Errors
/// In words that say which field, and what would be right.
pub fn day(answers: &Answers, key: &str, label: &str) -> Result<Option<Day>, String> {
    let typed = answers.line(key);
    if typed.is_empty() {
        return Ok(None);
    }
    Day::parse(&typed).map(Some).map_err(|error| format!("{label}: {error}"))
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
        let from = answers.line("secret from");
        let from = from.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect();
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

fn read_address(answers: &Answers, [first, town, postcode]: [&str; 3]) -> Option<Address> {
    let found = Address {
        line: answers.line(first),
        town: answers.line(town),
        postcode: answers.line(postcode).to_uppercase(),
    };
    let empty = found.line.is_empty() && found.town.is_empty() && found.postcode.is_empty();
    (!empty).then_some(found)
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

/// Everybody whom an order could bar: contacts and parents, by full name.
pub fn barrable(family: &Family) -> Vec<String> {
    let mut names: Vec<String> = family.contacts.iter().map(full).collect();
    names.extend(
        family.parents.iter().map(|parent| format!("{} {}", parent.forenames, parent.surname).trim().to_owned()),
    );
    names.retain(|name| !name.is_empty());
    let mut seen = std::collections::BTreeSet::new();
    names.retain(|name| seen.insert(name.clone()));
    names
}

/// The form of a court order.
pub fn order_form(pupil: &Pupil, family: &Family, today: Day) -> Form {
    let kinds = OrderKind::ALL.iter().map(|kind| kind.words().to_owned()).collect();
    let asks = vec![
        choice("kind", "Kind", kinds, None),
        line("words", "What it says", "And which paper the school has seen", ""),
        line("from", "From", "23/11/2026", &today.iso()),
        line("to", "To", "23/11/2027, or nothing until further order", ""),
        choice("whom", "Whom it bars", barrable(family), None),
        line("name", "Or somebody else", "The full name as the order has it", ""),
        tick("calling", "They may not be called or written to", true),
        tick("collecting", "They may not collect the pupil", true),
        tick("secret", "Keep the pupil’s address from them", true),
    ];
    let title = format!("A court order about {}", pupil.spoken());
    Form { title, asks, done: "Enter the order".to_owned(), ..Form::default() }
}

/// What the answers to [`order_form`] mean.
///
/// # Errors
/// In words that say what is missing.
pub fn read_order(answers: &Answers, family: &Family, id: [u8; 16]) -> Result<EntryChange, String> {
    let kind = answers.choice("kind").and_then(|at| OrderKind::ALL.get(at)).copied();
    let Some(kind) = kind else { return Err("Kind: choose which order it is".to_owned()) };
    let Some(from) = day(answers, "from", "From")? else { return Err("From: write the first day".to_owned()) };
    let chosen = answers.choice("whom").and_then(|at| barrable(family).into_iter().nth(at));
    let bars: Vec<String> =
        chosen.into_iter().chain(Some(answers.line("name")).filter(|name| !name.is_empty())).collect();
    if bars.is_empty() && (answers.tick("calling") || answers.tick("collecting")) {
        return Err("Whom it bars: choose somebody, or write the name".to_owned());
    }
    let to = day(answers, "to", "To")?;
    if to.is_some_and(|to| to < from) {
        return Err("To: the last day is before the first".to_owned());
    }
    let order = Order {
        id,
        kind,
        words: answers.line("words"),
        from,
        to,
        bars: bars.clone(),
        calling: answers.tick("calling"),
        collecting: answers.tick("collecting"),
        withdrawn: false,
    };
    let mut facts = vec![FamilyFact::from(order)];
    if answers.tick("secret") && !bars.is_empty() {
        let mut from = family.kept_from(WhoseHome::Pupil).unwrap_or_default().to_vec();
        from.extend(
            bars.into_iter().filter(|name| !family.kept_from(WhoseHome::Pupil).unwrap_or_default().contains(name)),
        );
        facts.push(Confidential { of: WhoseHome::Pupil, from, holds: true }.into());
    }
    Ok(EntryChange { family: facts, ..EntryChange::default() })
}

/// The form that deletes a name.
pub fn delete_form(pupil: &Pupil, today: Day) -> Form {
    let items = Ground::ALL.iter().map(|ground| format!("{}: {}", ground.letter(), grounds::words(*ground))).collect();
    let placed = pupil.placement.as_ref().filter(|placement| placement.arranged);
    let mut asks = vec![
        Ask::Words("A name is deleted only on a ground of regulation 9, never for a day that is over. The deletion return is due before it.".to_owned()),
        choice("ground", "Ground", items, None),
        line("day", "Last day on the register", "23/11/2026", &today.iso()),
        line("words", "What shows it", "The letter and its date, the order", ""),
        line("agreed", "Agreed by", "Name and position", ""),
        head("Where the ground asks for it"),
    ];
    if let Some(placed) = placed {
        asks.push(Ask::Words(format!("{} placed this pupil here: for ground d it must consent.", placed.name)));
    }
    asks.extend([
        line("consent", "Consent of the authority", "Who consented, and how", ""),
        line("consent day", "Day of the consent", "23/11/2026", ""),
        line("leave", "Leave ended (ground f)", "23/11/2026", ""),
        tick("looked", "The school and the authority both made reasonable enquiry (f, i)", false),
        tick("no reason", "There is no reason to think of sickness or an unavoidable cause (f, i)", false),
    ]);
    let title = format!("Delete {} from the admission register", pupil.spoken());
    Form { title, asks, done: "Delete the name".to_owned(), ..Form::default() }
}

/// What the answers to [`delete_form`] mean.
///
/// # Errors
/// In words that say what is missing.
pub fn read_deletion(answers: &Answers, today: Day) -> Result<(Day, Ground, Evidence), String> {
    let ground = answers.choice("ground").and_then(|at| Ground::ALL.get(at)).copied();
    let Some(ground) = ground else { return Err("Ground: choose one".to_owned()) };
    let by = answers.line("consent");
    let consent = match day(answers, "consent day", "Day of the consent")? {
        _ if by.is_empty() => None,
        Some(day) => Some(Consent { by, day }),
        None => return Err("Day of the consent: write the day".to_owned()),
    };
    let said = Evidence {
        words: answers.line("words"),
        agreed_by: answers.line("agreed"),
        consent,
        leave_ended: day(answers, "leave", "Leave ended")?,
        looked_for: answers.tick("looked"),
        no_good_reason: answers.tick("no reason"),
        absent_running: 0,
    };
    Ok((day(answers, "day", "Last day on the register")?.unwrap_or(today), ground, said))
}

//! Who is to find, by the place where they were last known: for whoever goes into the building, and for the report.

use crate::facts::roll_call::Statement;
use crate::fire::call::{Call, Called, Standing};
use crate::view::call::MissingPlace;
use std::collections::BTreeMap;

/// Where somebody was last known, by the words of their line.
pub(super) fn place(line: &str) -> String {
    let words = |begin: &str| line.split(['.', ',']).map(str::trim).find(|part| part.starts_with(begin));
    let at =
        line.split_once(crate::fire::presence::WORKING).map(|(_, after)| after.split(". ").next().unwrap_or(after));
    match (at, words("Register ")) {
        (Some(at), _) => at.trim_end_matches('.').to_owned(),
        (None, Some(register)) => register.to_owned(),
        (None, None) if line.starts_with("Signed in") => "Signed in".to_owned(),
        (None, None) => "Not known".to_owned(),
    }
}

fn is_missing(person: &&Called) -> bool {
    matches!(person.standing, Standing::Check | Standing::NotFound | Standing::ToFind)
}

/// One of them in a sentence: `Tyler Green, Beech. No reason yet, mark N, Register Beech, 08:54. Looked for: yard`.
pub(super) fn sentence(person: &Called) -> String {
    let listed = &person.listed;
    let name = format!("{} {}", listed.forename, listed.surname);
    let group = if listed.group.is_empty() { String::new() } else { format!(", {}", listed.group) };
    let mut words = format!("{}{group}. {}", name.trim(), listed.line);
    let looked = person.said.iter().filter(|said| said.says == Statement::NotFound && !said.place.is_empty());
    let looked: Vec<&str> = looked.map(|said| said.place.as_str()).collect();
    if !looked.is_empty() {
        words += &format!(". Looked for: {}", looked.join(", "));
    }
    if !listed.help.is_empty() {
        words += &format!(". Needs: {}", listed.help.join(", "));
    }
    words
}

/// All of them, the place with most of them first.
pub(super) fn by_place(call: &Call) -> Vec<MissingPlace> {
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for person in call.people.iter().filter(is_missing) {
        places.entry(place(&person.listed.line)).or_default().push(sentence(person));
    }
    let mut places: Vec<_> = places.into_iter().map(|(place, people)| MissingPlace { place, people }).collect();
    places.sort_by(|one, other| other.people.len().cmp(&one.people.len()).then_with(|| one.place.cmp(&other.place)));
    places
}

/// Those who wait at a refuge point, by the point: they are found, and somebody must bring them out.
pub(super) fn to_fetch(call: &Call) -> Vec<MissingPlace> {
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for person in call.people.iter().filter(|person| person.standing == Standing::AtRefuge) {
        let place = match super::row::place(person) {
            place if place.is_empty() => "To be brought out from a refuge point".to_owned(),
            place => format!("To be brought out from a refuge point: {place}"),
        };
        places.entry(place).or_default().push(sentence(person));
    }
    places.into_iter().map(|(place, people)| MissingPlace { place, people }).collect()
}

/// How many of each group are accounted for: `Beech 7 of 8, Staff 4 of 4`.
pub(super) fn by_group(call: &Call) -> String {
    let mut groups: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for person in &call.people {
        let group = if person.listed.group.is_empty() { "No group" } else { person.listed.group.as_str() };
        let (found, all) = groups.entry(group).or_default();
        *all += 1;
        *found += usize::from(!is_missing(&person));
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|(name, _)| crate::known::natural(name));
    groups.iter().map(|(name, (found, all))| format!("{name} {found} of {all}")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_known_place_is_the_register_the_work_or_the_door() {
        assert_eq!(place("No reason yet, mark N, Register Beech, 08:54"), "Register Beech");
        assert_eq!(place("No register yet. Present on Monday, Register 4B"), "Register 4B");
        assert_eq!(place("Signed in 08:41, seeing R. Adeyemi"), "Signed in");
        assert_eq!(
            place("Signed in 08:55, Acme Lifts, working: plant room, roof. Vehicle AB12 CDE"),
            "plant room, roof"
        );
        assert_eq!(place("No list of today"), "Not known");
    }
}

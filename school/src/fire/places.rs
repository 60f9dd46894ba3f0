//! Where somebody is looked for, and where they wait for help: the places that a school has named, or these words.

/// Where to look, at a site that has named no rooms.
pub const ROOMS: [&str; 6] = ["Toilets", "Classroom", "Hall", "Corridor", "Playground", "Office"];
/// Where to wait for help to leave, at a site that has named no refuge points.
pub const REFUGES: [&str; 4] = ["Refuge point", "Stairs", "By the lift", "Classroom"];

/// The places named, or the words in their place.
pub fn or_words(named: &[String], words: &[&str]) -> Vec<String> {
    if named.is_empty() { words.iter().map(|word| (*word).to_owned()).collect() } else { named.to_vec() }
}

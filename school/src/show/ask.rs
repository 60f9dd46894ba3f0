//! Questions of forms, and what was typed in answer, as every form of the screens asks and reads them.

use crate::calendar::Day;
use crate::facts::family::Address;
use crate::view::pupils::{Answers, Ask};

/// A line to type.
pub fn line(key: &'static str, label: &str, hint: &str, value: &str) -> Ask {
    Ask::Line { key, label: label.to_owned(), hint: hint.to_owned(), value: value.to_owned() }
}

/// On or off.
pub fn tick(key: &'static str, label: &str, on: bool) -> Ask {
    Ask::Tick { key, label: label.to_owned(), on }
}

/// One of several.
pub fn choice(key: &'static str, label: &str, items: Vec<String>, chosen: Option<usize>) -> Ask {
    Ask::Choice { key, label: label.to_owned(), items, chosen }
}

/// A heading.
pub fn head(words: &str) -> Ask {
    Ask::Head(words.to_owned())
}

/// A sentence.
pub fn words(words: &str) -> Ask {
    Ask::Words(words.to_owned())
}

/// A day as a form has it; empty for none.
pub(super) fn iso(day: Option<Day>) -> String {
    day.map(Day::iso).unwrap_or_default()
}

/// The three lines of an address.
pub(super) fn address(keys: [&'static str; 3], held: Option<&Address>) -> [Ask; 3] {
    let [first, town, postcode] = keys;
    let of = |text: Option<&String>| text.cloned().unwrap_or_default();
    [
        line(first, "House and street", "", &of(held.map(|held| &held.line))),
        line(town, "Town", "", &of(held.map(|held| &held.town))),
        line(postcode, "Postcode", "", &of(held.map(|held| &held.postcode))),
    ]
}

/// What was typed into the three lines of an address; `None` when all are empty.
pub(super) fn read_address(answers: &Answers, [first, town, postcode]: [&str; 3]) -> Option<Address> {
    let found = Address {
        line: answers.line(first),
        town: answers.line(town),
        postcode: answers.line(postcode).to_uppercase(),
    };
    let empty = found.line.is_empty() && found.town.is_empty() && found.postcode.is_empty();
    (!empty).then_some(found)
}

/// Names parted by commas.
pub(super) fn names(typed: &str) -> Vec<String> {
    typed.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
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

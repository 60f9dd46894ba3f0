//! A form that was open while somebody else changed what it shows.
//!
//! Promises: what was not touched in a form stays as it is now, not as it was when the form opened; what was touched,
//! and changed meanwhile too, is refused once in words that say what stands now, and written where it is sent again.
//! A choice means the thing that was chosen, wherever it stands in the list by now.
//!
//! Not here: the form itself, and what its answers do.

use crate::view::pupils::{Answer, Answers, Ask, Form};
use std::collections::BTreeSet;

/// Lines that say one thing together: taken from one person, never half from each.
const TOGETHER: [&[&str]; 2] = [&["line", "town", "postcode"], &["line 2", "town 2", "postcode 2"]];
/// The questions about a parent begin so. A parent stands in a list that others change.
const PARENTS: [&str; 2] = ["p1 ", "p2 "];

fn belong_together(a: &str, b: &str) -> bool {
    a == b
        || TOGETHER.iter().any(|keys| keys.contains(&a) && keys.contains(&b))
        || PARENTS.iter().any(|begins| a.starts_with(begins) && b.starts_with(begins))
}

fn of<'f>(form: &'f Form, wanted: &str) -> Option<&'f Ask> {
    form.asks.iter().find(|ask| ask.key() == Some(wanted))
}

/// What an answer says, for somebody to read.
fn words(ask: &Ask) -> String {
    match ask {
        Ask::Line { value, .. } if value.is_empty() => "nothing".to_owned(),
        Ask::Line { value, .. } => value.clone(),
        Ask::Choice { items, chosen, .. } => {
            chosen.and_then(|at| items.get(at)).cloned().unwrap_or_else(|| "nothing".to_owned())
        }
        Ask::Tick { on, .. } => if *on { "yes" } else { "no" }.to_owned(),
        Ask::Head(_) | Ask::Words(_) => String::new(),
    }
}

/// The answer to a choice of `then`, as a place in the list of `now`.
fn moved(answer: &Answer, then: &Ask, now: &Ask) -> Option<Answer> {
    let (Answer::Choice(Some(at)), Ask::Choice { items: then, .. }, Ask::Choice { items: now, .. }) =
        (answer, then, now)
    else {
        return Some(answer.clone());
    };
    let chosen = then.get(*at)?;
    Some(Answer::Choice(Some(now.iter().position(|item| item == chosen)?)))
}

/// What was answered in the form `then`, laid over the same form as it would open `now`. What differs in both is
/// written into `then` as it stands now, so that sending it again writes what was typed.
///
/// # Errors
/// In words: what changed meanwhile and what it says now, or that a thing that was chosen is not there any more.
pub fn merged(then: &mut Form, now: &Form, typed: &Answers) -> Result<Answers, String> {
    let (opened, stands) = (then.opened(), now.opened());
    let mut answers = stands.clone();
    let mut differ: BTreeSet<&'static str> = BTreeSet::new();
    let touched: Vec<&'static str> =
        typed.0.iter().filter(|(key, answer)| opened.0.get(*key) != Some(*answer)).map(|(key, _)| *key).collect();
    for (key, answer) in &typed.0 {
        if !touched.iter().any(|other| belong_together(key, other)) {
            continue;
        }
        let (Some(asked), Some(asks)) = (of(then, key), of(now, key)) else {
            return Err("This form is another by now: close it and open it again".to_owned());
        };
        let label = || asks.label().unwrap_or_default();
        let gone = || format!("{}: what you chose is not there any more. Choose again", label());
        let answer = moved(answer, asked, asks).ok_or_else(gone)?;
        let before = opened.0.get(key).and_then(|answer| moved(answer, asked, asks));
        if before.as_ref() != stands.0.get(key) && stands.0.get(key) != Some(&answer) {
            differ.insert(key);
        }
        answers.0.insert(key, answer);
    }
    if differ.is_empty() {
        return Ok(answers);
    }
    let said: Vec<String> = (now.asks.iter().filter(|ask| ask.key().is_some_and(|key| differ.contains(key))))
        .map(|ask| format!("{} is now {}", ask.label().unwrap_or_default(), words(ask)))
        .collect();
    for ask in &mut then.asks {
        if let Some(stands) = ask.key().filter(|key| differ.contains(key)).and_then(|key| of(now, key)) {
            *ask = stands.clone();
        }
    }
    Err(format!(
        "Somebody changed this while the form was open: {}. Send it again to write what you typed, or cancel",
        said.join("; ")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::show::ask::{choice, line};

    fn form(surname: &str, town: &str, whom: &[&str]) -> Form {
        let items = whom.iter().map(|one| (*one).to_owned()).collect();
        let asks = vec![
            line("surname", "Surname", "", surname),
            line("middle", "Middle names", "", ""),
            line("line", "House and street", "", "1 High Street"),
            line("town", "Town", "", town),
            choice("part", "Whom", items, None),
        ];
        Form { asks, ..Form::default() }
    }

    fn typed(form: &Form, changes: &[(&'static str, &str)]) -> Answers {
        let mut answers = form.opened();
        for (key, value) in changes {
            answers.0.insert(key, Answer::Line((*value).to_owned()));
        }
        answers
    }

    #[test]
    fn what_nobody_touched_in_the_form_stays_as_somebody_else_made_it_meanwhile() {
        let (mut then, now) = (form("Byrne", "Ely", &[]), form("Fraser", "Cambridge", &[]));
        let sent = typed(&then, &[("middle", "Jane")]);
        let read = merged(&mut then, &now, &sent).unwrap();
        assert_eq!([read.line("surname"), read.line("middle"), read.line("town")], ["Fraser", "Jane", "Cambridge"]);
    }

    #[test]
    fn what_both_changed_is_refused_with_what_stands_and_written_when_it_is_sent_again() {
        let (mut then, now) = (form("Byrne", "Ely", &[]), form("Fraser", "Ely", &[]));
        let sent = typed(&then, &[("surname", "Byrne-Cole")]);
        let said = merged(&mut then, &now, &sent).unwrap_err();
        assert!(said.contains("Surname is now Fraser"), "{said}");
        assert_eq!(merged(&mut then, &now, &sent).unwrap().line("surname"), "Byrne-Cole");
    }

    #[test]
    fn an_address_is_never_half_of_one_person_and_half_of_another() {
        let (mut then, now) = (form("Byrne", "Ely", &[]), form("Byrne", "Cambridge", &[]));
        let sent = typed(&then, &[("line", "2 High Street")]);
        let said = merged(&mut then, &now, &sent).unwrap_err();
        assert!(said.contains("Town is now Cambridge"), "{said}");
        let read = merged(&mut then, &now, &sent).unwrap();
        assert_eq!([read.line("line"), read.line("town")], ["2 High Street", "Ely"]);
    }

    #[test]
    fn a_choice_means_what_was_chosen_wherever_it_stands_by_now() {
        let (mut then, now) = (form("", "", &["Grace", "Dan"]), form("", "", &["Agnes", "Grace", "Dan"]));
        let mut sent = then.opened();
        sent.0.insert("part", Answer::Choice(Some(1)));
        assert_eq!(merged(&mut then, &now, &sent).unwrap().choice("part"), Some(2));
        let said = merged(&mut then, &form("", "", &["Agnes"]), &sent).unwrap_err();
        assert!(said.contains("not there any more"), "{said}");
    }
}

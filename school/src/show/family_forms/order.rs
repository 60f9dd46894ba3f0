//! Court orders and like papers: entering one, and its end.

use super::super::ask::{choice, day, line, tick, words as sentence};
use super::{barrable, of_family};
use crate::calendar::Day;
use crate::facts::custody::{Confidential, Order, OrderKind, WhoseHome};
use crate::facts::family::FamilyFact;
use crate::known::Pupil;
use crate::known::family::Family;
use crate::office::EntryChange;
use crate::view::pupils::{Answers, Form};

/// `Non-molestation order from Wednesday 2 September against Dan Byrne`.
pub(super) fn words(order: &Order) -> String {
    let bars = if order.bars.is_empty() { String::new() } else { format!(" against {}", order.bars.join(", ")) };
    format!("{} from {} {}{bars}", order.kind.words(), order.from.long(), order.from.date().year())
}

pub(super) fn form(pupil: &Pupil, family: &Family, today: Day) -> Form {
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

pub(super) fn read(answers: &Answers, family: &Family, id: [u8; 16]) -> Result<EntryChange, String> {
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
        match family.kept_from(WhoseHome::Pupil) {
            // Kept from everybody but the office already, and so from them.
            Some([]) => {}
            held => {
                let mut from = held.unwrap_or_default().to_vec();
                let new: Vec<String> = bars.into_iter().filter(|name| !from.contains(name)).collect();
                from.extend(new);
                facts.push(Confidential { of: WhoseHome::Pupil, from, holds: true }.into());
            }
        }
    }
    Ok(of_family(facts))
}

pub(super) fn end_form(id: [u8; 16], pupil: &Pupil, family: &Family, today: Day) -> Form {
    let held = family.orders.iter().find(|order| order.id == id);
    let mut asks =
        vec![sentence("The order stays in the history. Whom it barred may be called again after its last day.")];
    asks.extend(held.map(|order| sentence(&format!("{}. {}", words(order), order.words))));
    asks.extend([
        line("last", "Its last day", "23/11/2026", &held.and_then(|order| order.to).unwrap_or(today).iso()),
        tick("error", "It was entered in error", false),
        tick("open", "The pupil’s address is no longer kept from them", false),
        line("reason", "What shows it", "The discharge, and which paper the school has seen", ""),
    ]);
    let title = format!("The end of a court order about {}", pupil.spoken());
    Form { title, asks, done: "Enter the end".to_owned(), ..Form::default() }
}

pub(super) fn read_end(
    id: [u8; 16],
    answers: &Answers,
    family: &Family,
    today: Day,
) -> Result<(EntryChange, String), String> {
    let held = family.orders.iter().find(|order| order.id == id && !order.withdrawn);
    let Some(held) = held else { return Err("this order is not there any more: look again".to_owned()) };
    let reason = answers.line("reason");
    if reason.is_empty() {
        return Err("What shows it: say which paper the school has seen, or who said so".to_owned());
    }
    let error = answers.tick("error");
    let to = match day(answers, "last", "Its last day")? {
        _ if error => held.to,
        None => return Err("Its last day: write the day".to_owned()),
        Some(last) if last < held.from => {
            let from = held.from.long();
            return Err(format!("Its last day: the order began on {from}; if it never held, it was entered in error"));
        }
        last => last,
    };
    let mut facts = vec![FamilyFact::from(Order { to, withdrawn: error, ..held.clone() })];
    let over = error || to.is_some_and(|to| to <= today);
    if answers.tick("open") {
        if !over {
            return Err("The order goes on for now: its address can be opened once it is over".to_owned());
        }
        // Nobody named means everybody: that was somebody's own decision, and stays.
        let kept = family.kept_from(WhoseHome::Pupil).unwrap_or_default();
        let from: Vec<String> = kept.iter().filter(|name| !held.bars.contains(name)).cloned().collect();
        if from.len() < kept.len() {
            facts.push(Confidential { of: WhoseHome::Pupil, holds: !from.is_empty(), from }.into());
        }
    }
    Ok((of_family(facts), reason))
}

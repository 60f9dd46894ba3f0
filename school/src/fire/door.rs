//! Who the lines of a kiosk mean. A kiosk holds no names: somebody types their own, and a device that reads the roll
//! looks for whom it fits.
//!
//! A whole name that fits one person of the list, and their class where one was typed, is that person. Anything less is
//! a line of its own, to be called, until somebody says who it is. Nobody leaves the list by a name that fits two; a
//! pupil never leaves it by a typed name at all.

use super::evidence::{Expected, Roll, Signed, Visit};
use crate::calendar;
use crate::facts::roll::Way;
use crate::facts::visits::{ComerKind, TypedOut};
use crate::ids::{VisitId, Who};
use crate::names;
use std::collections::BTreeMap;

/// The roll's sign-ins and visits, with what was typed at a kiosk in its place.
#[derive(Clone, Debug, Default)]
pub struct Door {
    /// Sign-ins and sign-outs, in the order of their minutes.
    pub signs: BTreeMap<Who, Vec<Signed>>,
    /// Visits, those left out that are somebody of a list.
    pub visits: BTreeMap<VisitId, Visit>,
    /// Pupils of whom somebody typed that they go: not confirmed by anybody.
    pub doubts: BTreeMap<Who, String>,
    /// Lines that fit nobody, or more than one: with the words for them.
    pub unmatched: Vec<(VisitId, String)>,
}

/// Works it out, for a roll and everybody expected on it.
pub fn open(roll: &Roll, expected: &BTreeMap<Who, Expected>) -> Door {
    let mut door = Door { signs: roll.signs.clone(), visits: roll.visits.clone(), ..Door::default() };
    for (id, visit) in &roll.visits {
        if !visit.details.typed || !is_of_a_list(visit.details.kind) {
            continue;
        }
        let arrived = &visit.arrived;
        let fits = roll.matched.get(id).copied();
        match fits.or_else(|| one(expected, visit.details.kind, &arrived.name, &arrived.organisation)) {
            Some(who) => {
                door.visits.remove(id);
                let note = "at the kiosk".to_owned();
                let sign = Signed { way: Way::In, minute: arrived.minute, note, origin: visit.origin };
                door.signs.entry(who).or_default().push(sign);
            }
            None => door.unmatched.push((*id, words_in(visit))),
        }
    }
    for (id, (out, origin)) in &roll.typed_out {
        let fits = roll.matched.get(id).copied().or_else(|| match is_of_a_list(out.kind) {
            true => one(expected, out.kind, &out.name, &out.organisation),
            false => one_visit(&door.visits, &out.name),
        });
        match fits {
            Some(who @ Who::Pupil(_)) => _ = door.doubts.insert(who, words_out(out)),
            Some(who @ Who::Staff(_)) => {
                let note = "at the kiosk".to_owned();
                let sign = Signed { way: Way::Out, minute: out.minute, note, origin: *origin };
                door.signs.entry(who).or_default().push(sign);
            }
            Some(Who::Visitor(visit)) => {
                if let Some(visit) = door.visits.get_mut(&visit) {
                    visit.left = visit.left.or(Some(out.minute));
                }
            }
            Some(Who::Stranger(_)) | None => door.unmatched.push((*id, words_out(out))),
        }
    }
    for signs in door.signs.values_mut() {
        signs.sort_by_key(|sign| (sign.minute, sign.origin.at, sign.way));
    }
    door
}

fn is_of_a_list(kind: ComerKind) -> bool {
    matches!(kind, ComerKind::Staff | ComerKind::Pupil)
}

/// `Signed in at the kiosk 09:41 as Rhys D, 4B`.
pub fn words_in(visit: &Visit) -> String {
    let of =
        if visit.arrived.organisation.is_empty() { String::new() } else { format!(", {}", visit.arrived.organisation) };
    format!("Signed in at the kiosk {} as {}{of}", calendar::clock(visit.arrived.minute), visit.arrived.name)
}

fn words_out(out: &TypedOut) -> String {
    let of = if out.organisation.is_empty() { String::new() } else { format!(", {}", out.organisation) };
    format!("Signed out at the kiosk {} as {}{of}", calendar::clock(out.minute), out.name)
}

/// The one person of a list whose whole name was typed.
fn one(expected: &BTreeMap<Who, Expected>, kind: ComerKind, name: &str, class: &str) -> Option<Who> {
    let (typed, class) = (names::fold(name), names::fold(class));
    let mut found = expected.iter().filter(|(who, person)| {
        let right_list = match kind {
            ComerKind::Pupil => matches!(who, Who::Pupil(_)),
            _ => matches!(who, Who::Staff(_)),
        };
        let (first, last) = (&person.person.forename, &person.person.surname);
        let whole = [format!("{first} {last}"), format!("{last} {first}")].iter().any(|one| names::fold(one) == typed);
        let in_class = kind != ComerKind::Pupil || class.is_empty() || names::fold(&person.group) == class;
        right_list && whole && in_class
    });
    match (found.next(), found.next()) {
        (Some((who, _)), None) => Some(*who),
        _ => None,
    }
}

fn one_visit(visits: &BTreeMap<VisitId, Visit>, name: &str) -> Option<Who> {
    let typed = names::fold(name);
    let mut found =
        visits.iter().filter(|(_, visit)| visit.left.is_none() && names::fold(&visit.arrived.name) == typed);
    match (found.next(), found.next()) {
        (Some((id, _)), None) => Some(Who::Visitor(*id)),
        _ => None,
    }
}

/// Whom a typed line may mean, the likeliest first: everybody of whom each word typed is a part of the name.
pub fn candidates(expected: &BTreeMap<Who, Expected>, kind: ComerKind, name: &str) -> Vec<(Who, String)> {
    let typed = names::fold(name);
    let mut found: Vec<_> = expected
        .iter()
        .filter(|(who, _)| match kind {
            ComerKind::Pupil => matches!(who, Who::Pupil(_)),
            ComerKind::Staff => matches!(who, Who::Staff(_)),
            _ => false,
        })
        .filter(|(_, one)| {
            let whole = names::fold(&format!("{} {}", one.person.forename, one.person.surname));
            names::matches(&typed, &whole) || typed.split(' ').next().is_some_and(|first| names::matches(first, &whole))
        })
        .map(|(who, one)| (*who, format!("{}, {}, {}", one.person.surname, one.person.forename, one.group)))
        .collect();
    found.sort_by_cached_key(|(who, name)| (names::fold(name), *who));
    found.truncate(CANDIDATES);
    found
}

/// Names offered for one line: what fits on a screen.
const CANDIDATES: usize = 8;

//! A pupil's family, decoded: addresses, contacts, parents, orders, and who may be called.
//!
//! An order bars by name, and it is better that a name too many is barred: a contact whose name fits what the order
//! says is not called until somebody has read it. A number that a barred person shares is nobody's to call.
//!
//! Not here: which seat may read it, and what a screen leaves out (see `show`).

use super::Newest;
use crate::calendar::Day;
use crate::facts;
use crate::facts::custody::{Confidential, Move, Order, Parent, WhoseHome};
use crate::facts::family::{Address, Consent, Contact, FamilyFact};
use crate::names;
use muster_core::document::fact::{FactRef, Facts};
use std::collections::BTreeMap;

/// What a fact of a family is about: two about the same thing replace each other.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum About {
    /// The pupil's address.
    Address,
    /// A contact.
    Contact([u8; 16]),
    /// A consent, by what for.
    Consent(String),
    /// A parent.
    Parent([u8; 16]),
    /// The pupil's second address.
    Second,
    /// An address kept from somebody.
    Confidential(WhoseHome),
    /// An order.
    Order([u8; 16]),
    /// A move.
    Move,
}

impl About {
    /// What a fact is about; `None` for one of a newer version.
    pub fn of(fact: &FamilyFact) -> Option<Self> {
        Some(match fact {
            FamilyFact::Address(_) => Self::Address,
            FamilyFact::Contact(contact) => Self::Contact(contact.id),
            FamilyFact::Consent(consent) => Self::Consent(consent.what.clone()),
            FamilyFact::Parent(parent) => Self::Parent(parent.id),
            FamilyFact::SecondAddress(_) => Self::Second,
            FamilyFact::Confidential(kept) => Self::Confidential(kept.of),
            FamilyFact::Order(order) => Self::Order(order.id),
            FamilyFact::Move(_) => Self::Move,
            FamilyFact::Unknown { .. } => return None,
        })
    }
}

impl About {
    /// What it is called in a sentence.
    pub fn words(&self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Contact(_) => "a contact",
            Self::Consent(_) => "a consent",
            Self::Parent(_) => "a parent",
            Self::Second => "second address",
            Self::Confidential(_) => "from whom an address is kept",
            Self::Order(_) => "a court order",
            Self::Move => "the move",
        }
    }
}

/// A family.
#[derive(Clone, Debug, Default)]
pub struct Family {
    /// The pupil's address.
    pub address: Option<Address>,
    /// The second, of a pupil who lives at two.
    pub second: Option<Address>,
    /// Whom to call, the first first.
    pub contacts: Vec<Contact>,
    /// Whom to call no more, by name.
    pub former: Vec<Contact>,
    /// Consents.
    pub consents: Vec<Consent>,
    /// Known parents, those the pupil lives with first.
    pub parents: Vec<Parent>,
    /// Orders, past ones too, the newest first.
    pub orders: Vec<Order>,
    /// A move that was notified and is still to come.
    pub moving: Option<Move>,
    confidential: BTreeMap<WhoseHome, Confidential>,
    names: BTreeMap<About, Vec<FactRef>>,
    torn: BTreeMap<About, FamilyFact>,
}

/// Why somebody may not be called, or not collect.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Barred<'a> {
    /// This order says so.
    By(&'a Order),
    /// An order concerns them, and what it says was not entered here.
    Unread,
}

/// A number to call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToCall {
    /// Whose, as in `Grace Byrne`.
    pub name: String,
    /// What they are to the pupil.
    pub relationship: String,
    /// The number.
    pub number: String,
}

impl Family {
    /// Decodes a document.
    pub fn from_facts(held: &Facts) -> Self {
        let mut newest = Newest::new();
        for read in facts::current::<FamilyFact>(held) {
            let Some(about) = About::of(&read.value) else { continue };
            newest.add(held, read.held.name, about, read.value);
        }
        let torn = newest.torn();
        let (values, names) = newest.into_parts();
        let mut family = Self { names, torn, ..Self::default() };
        for value in values.into_values() {
            match value {
                FamilyFact::Address(address) => family.address = Some(address),
                FamilyFact::Contact(contact) if contact.ended.is_some() => family.former.push(contact),
                FamilyFact::Contact(contact) => family.contacts.push(contact),
                FamilyFact::Consent(consent) => family.consents.push(consent),
                FamilyFact::Parent(parent) if parent.withdrawn => {}
                FamilyFact::Parent(parent) => family.parents.push(parent),
                FamilyFact::SecondAddress(second) => family.second = second.address,
                FamilyFact::Confidential(kept) => _ = family.confidential.insert(kept.of, kept),
                FamilyFact::Order(order) => family.orders.push(order),
                FamilyFact::Move(moving) if moving.withdrawn => {}
                FamilyFact::Move(moving) => family.moving = Some(moving),
                FamilyFact::Unknown { .. } => {}
            }
        }
        family.contacts.sort_by_key(|contact| (contact.priority, contact.id));
        family.former.sort_by_key(full);
        family.parents.sort_by(|a, b| b.lives_with.cmp(&a.lives_with).then_with(|| a.full().cmp(&b.full())));
        family.orders.sort_by_key(|order| std::cmp::Reverse((order.from, order.id)));
        family
    }

    /// Of what people apart said different things and nobody has since chosen, with what shows.
    pub fn torn(&self) -> &BTreeMap<About, FamilyFact> {
        &self.torn
    }

    /// The facts that a new one about the same thing replaces.
    pub fn replaced_by(&self, about: &About) -> Vec<FactRef> {
        let mut names = self.names.get(about).cloned().unwrap_or_default();
        names.truncate(muster_core::limits::SUPERSEDED_PER_FACT);
        names
    }

    /// From whom an address is kept, while it is.
    pub fn kept_from(&self, of: WhoseHome) -> Option<&[String]> {
        self.confidential.get(&of).filter(|kept| kept.holds).map(|kept| kept.from.as_slice())
    }

    /// The orders in force on a day.
    pub fn in_force(&self, day: Day) -> impl Iterator<Item = &Order> {
        self.orders.iter().filter(move |order| order.holds(day))
    }

    /// Why a contact may not be called on a day; `None` when nothing is against it.
    pub fn bars_calling(&self, contact: &Contact, day: Day) -> Option<Barred<'_>> {
        self.bars(contact, day, |order| order.calling)
    }

    /// Why a contact may not collect the pupil on a day; `None` when nothing is against it.
    pub fn bars_collecting(&self, contact: &Contact, day: Day) -> Option<Barred<'_>> {
        self.bars(contact, day, |order| order.collecting)
    }

    fn bars(&self, contact: &Contact, day: Day, what: impl Fn(&Order) -> bool) -> Option<Barred<'_>> {
        let name = full(contact);
        if let Some(order) = self.in_force(day).find(|order| what(order) && names_whom(order, &name)) {
            return Some(Barred::By(order));
        }
        // The flag came with an import: until the order itself is entered, nobody knows what it bars.
        let entered = self.orders.iter().any(|order| names_whom(order, &name));
        (contact.court_order && !entered).then_some(Barred::Unread)
    }

    /// Whom to call on a day, the first first: never somebody whom an order bars, nor on a number they share.
    pub fn to_call(&self, day: Day) -> Vec<ToCall> {
        let people = self.contacts.iter().map(|contact| {
            (
                full(contact),
                contact.relationship.clone(),
                contact.numbers.clone(),
                self.bars_calling(contact, day).is_some(),
            )
        });
        let parents = self.parents.iter().map(|parent| {
            let name = format!("{} {}", parent.forenames, parent.surname).trim().to_owned();
            // Also where somebody was taken off the list of contacts: the flag is about the person.
            let flagged = self.contacts.iter().chain(&self.former).any(|contact| {
                same_person(&full(contact), &name) && self.bars_calling(contact, day) == Some(Barred::Unread)
            });
            let barred = flagged || self.in_force(day).any(|order| order.calling && names_whom(order, &name));
            (name, parent.relationship.clone(), parent.numbers.clone(), barred)
        });
        let people: Vec<_> = people.chain(parents).collect();
        let barred = people.iter().filter(|(.., barred)| *barred);
        let mut taken: Vec<String> = barred.flat_map(|(_, _, numbers, _)| numbers).map(|one| digits(one)).collect();
        let mut found = Vec::new();
        for (name, relationship, numbers, barred) in people {
            for number in numbers {
                let plain = digits(&number);
                if !barred && !plain.is_empty() && !taken.contains(&plain) {
                    taken.push(plain);
                    found.push(ToCall { name: name.clone(), relationship: relationship.clone(), number });
                }
            }
        }
        found
    }

    /// Whom an order bars from being called on a day, with the order, so that a list can say why they are not on it.
    pub fn not_to_call(&self, day: Day) -> Vec<(String, Barred<'_>)> {
        let barred = |contact: &Contact| self.bars_calling(contact, day).map(|why| (full(contact), why));
        let mut found: Vec<_> = self.contacts.iter().filter_map(barred).collect();
        for order in self.in_force(day).filter(|order| order.calling) {
            for name in &order.bars {
                if !found.iter().any(|(known, _)| same_person(known, name)) {
                    found.push((name.clone(), Barred::By(order)));
                }
            }
        }
        found
    }
}

impl Family {
    /// Whom an order bars from collecting on a day, with the order; contacts and others by name.
    pub fn not_to_collect(&self, day: Day) -> Vec<(String, Barred<'_>)> {
        let barred = |contact: &Contact| self.bars_collecting(contact, day).map(|why| (full(contact), why));
        let mut found: Vec<_> = self.contacts.iter().filter_map(barred).collect();
        for order in self.in_force(day).filter(|order| order.collecting) {
            for name in &order.bars {
                if !found.iter().any(|(known, _)| same_person(known, name)) {
                    found.push((name.clone(), Barred::By(order)));
                }
            }
        }
        found
    }

    /// Who may collect on a day, the first first, with what they are to the pupil.
    pub fn collectors(&self, day: Day) -> Vec<(String, String)> {
        let barred = self.not_to_collect(day);
        let parents = self.parents.iter().map(|parent| {
            (format!("{} {}", parent.forenames, parent.surname).trim().to_owned(), parent.relationship.clone())
        });
        let contacts = self.contacts.iter().map(|contact| (full(contact), contact.relationship.clone()));
        let mut found: Vec<(String, String)> = Vec::new();
        for (name, relationship) in contacts.chain(parents) {
            let is_barred = barred.iter().any(|(barred, _)| same_person(barred, &name));
            if !name.is_empty() && !is_barred && !found.iter().any(|(known, _)| same_person(known, &name)) {
                found.push((name, relationship));
            }
        }
        found
    }
}

/// `Grace Byrne`.
pub fn full(contact: &Contact) -> String {
    format!("{} {}", contact.forename, contact.surname).trim().to_owned()
}

fn names_whom(order: &Order, name: &str) -> bool {
    order.bars.iter().any(|barred| same_person(barred, name))
}

/// Whether two names may be the same person's: each word of the shorter begins one of the longer.
pub(crate) fn same_person(one: &str, other: &str) -> bool {
    let (one, other) = (names::fold(one), names::fold(other));
    !one.is_empty() && !other.is_empty() && (names::matches(&one, &other) || names::matches(&other, &one))
}

/// A number as far as it can be compared: the digits, the country's own prefix left out.
fn digits(number: &str) -> String {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let plain = digits.strip_prefix("0044").or_else(|| digits.strip_prefix("44")).unwrap_or(&digits);
    plain.trim_start_matches('0').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::custody::{Home, OrderKind};

    fn contact(priority: u8, forename: &str, mobile: &str) -> Contact {
        Contact {
            id: Contact::listed(priority),
            priority,
            title: "Mr".to_owned(),
            forename: forename.to_owned(),
            surname: "Byrne".to_owned(),
            relationship: "Parent".to_owned(),
            responsible: true,
            numbers: vec![mobile.to_owned()],
            email: String::new(),
            home: Home::Unknown,
            lives_with: false,
            court_order: false,
            ended: None,
        }
    }

    fn order(name: &str, from: &str, to: Option<&str>) -> Order {
        let day = |text: &str| Day::parse(text).unwrap();
        Order {
            id: [1; 16],
            kind: OrderKind::NonMolestation,
            words: "Seen 2/9".to_owned(),
            from: day(from),
            to: to.map(day),
            bars: vec![name.to_owned()],
            calling: true,
            collecting: true,
            withdrawn: false,
        }
    }

    fn called(family: &Family, on: &str) -> Vec<String> {
        family.to_call(Day::parse(on).unwrap()).into_iter().map(|one| one.name).collect()
    }

    fn two() -> Family {
        let contacts = vec![contact(1, "Dan", "07700 900123"), contact(2, "Grace", "07700 900456")];
        Family { contacts, ..Family::default() }
    }

    #[test]
    fn a_father_barred_by_an_order_is_not_called_while_it_holds() {
        let mut family = two();
        family.orders = vec![order("Daniel John Byrne", "2026-09-02", Some("2026-12-01"))];
        assert_eq!(called(&family, "2026-11-23"), ["Grace Byrne"], "by the name he goes by, too");
        assert_eq!(called(&family, "2026-12-02"), ["Dan Byrne", "Grace Byrne"], "it is over");
        assert_eq!(called(&family, "2026-09-01"), ["Dan Byrne", "Grace Byrne"], "it had not begun");
        let barred = family.not_to_call(Day::parse("2026-11-23").unwrap());
        assert!(matches!(barred.as_slice(), [(name, Barred::By(_))] if name == "Dan Byrne"));
        family.orders.iter_mut().for_each(|order| order.withdrawn = true);
        assert_eq!(called(&family, "2026-11-23").len(), 2);
    }

    #[test]
    fn a_contact_flagged_by_an_import_is_not_called_until_the_order_is_entered() {
        let mut family = two();
        family.contacts[0].court_order = true;
        assert_eq!(called(&family, "2026-11-23"), ["Grace Byrne"]);
        let mut only_collecting = order("Dan Byrne", "2026-09-02", None);
        only_collecting.calling = false;
        family.orders = vec![only_collecting];
        assert_eq!(called(&family, "2026-11-23").len(), 2, "the order says that he may be called");
        let father = family.contacts[0].clone();
        assert!(family.bars_collecting(&father, Day::parse("2026-11-23").unwrap()).is_some());
    }

    #[test]
    fn a_number_that_a_barred_person_shares_is_not_called_for_somebody_else() {
        let mut family = two();
        family.contacts[1].numbers = vec!["+44 7700 900123".to_owned()];
        family.orders = vec![order("Dan Byrne", "2026-09-02", None)];
        assert!(called(&family, "2026-11-23").is_empty());
    }
}

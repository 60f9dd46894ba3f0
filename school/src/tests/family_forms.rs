//! The forms of a pupil's family: whom to call, orders, addresses and moves.

use super::pupils::{answered, seen, with_rights};
use super::*;
use crate::admission::history;
use crate::known::family::Family;
use crate::office::EntryChange;
use crate::show::family_forms::{self, Part, Read};
use crate::view::pupils::{Answer, Answers, Doing, Form};

const SOMEBODY: [u8; 16] = [9; 16];

struct Filled<'a> {
    small: &'a mut Small,
    pupil: PupilId,
}

impl Filled<'_> {
    fn family(&mut self) -> Family {
        let Desk { records, known } = &mut self.small.desk;
        known.family(records, self.pupil).unwrap().unwrap_or_default()
    }

    fn form(&mut self, doing: Doing, part: Part) -> Form {
        let family = self.family();
        let pupil = self.small.desk.known.pupil(self.pupil).unwrap().clone();
        family_forms::form(doing, part, &pupil, &family, monday())
    }

    fn read(&mut self, doing: Doing, part: Part, answers: &Answers) -> Result<(EntryChange, String), String> {
        let family = self.family();
        match family_forms::read((doing, part), answers, &family, monday(), SOMEBODY)? {
            Read::Write(change, reason) => Ok((*change, reason)),
            Read::Next(part) => Err(format!("{part:?}")),
        }
    }

    /// Fills a form in and writes what it means.
    fn write(&mut self, doing: Doing, part: Part, typed: &[(&'static str, &str)], other: &[(&'static str, Answer)]) {
        let form = self.form(doing, part);
        let mut answers = answered(&form, typed);
        answers.0.extend(other.iter().cloned());
        let (change, reason) = self.read(doing, part, &answers).unwrap();
        self.small.desk.office().amend_entry(self.pupil, &change, &reason).unwrap();
    }

    fn history(&mut self) -> String {
        let Desk { records, known } = &mut self.small.desk;
        format!("{:?}", history::of(records, known.pupil(self.pupil).unwrap()).unwrap())
    }

    fn shown(&mut self, who: PersonId) -> String {
        format!("{:?}", seen(self.small, who, "", Some(self.pupil)).detail.unwrap())
    }
}

fn ada(small: &mut Small) -> Filled<'_> {
    let pupil = small.pupils[0];
    Filled { small, pupil }
}

const NAN: [(&str, &str); 4] =
    [("forename", "Nan"), ("surname", "Rees"), ("relationship", "Grandmother"), ("number 1", "07700 900777")];

#[test]
fn a_contact_is_added_changed_and_taken_off_and_the_history_has_it_all() {
    let mut small = with_rights();
    let mut ada = ada(&mut small);
    ada.write(Doing::Contact, Part::New, &NAN, &[("responsible", Answer::Tick(true))]);
    assert!(ada.shown(TOM).contains("Grandmother. 07700 900777. May collect"), "{}", ada.shown(TOM));

    let one = Part::One(SOMEBODY);
    let number = [("number 1", "07700 900778"), ("number 2", "01632 960001"), ("reason", "She rang"), ("place", "2")];
    ada.write(Doing::Contact, one, &number, &[]);
    let family = ada.family();
    assert_eq!(family.contacts.len(), 1, "the same person, whatever their place in the order");
    assert_eq!((family.contacts[0].priority, family.contacts[0].numbers.len()), (2, 2));
    assert!(ada.history().contains("original: \"07700 900777\", amended: \"07700 900778, 01632 960001\""));

    let form = ada.form(Doing::Contact, one);
    let mut answers = answered(&form, &[]);
    answers.0.insert("ended", Answer::Tick(true));
    let (change, reason) = ada.read(Doing::Contact, one, &answers).unwrap();
    let pupil = ada.pupil;
    let refused = ada.small.desk.office().amend_entry(pupil, &change, &reason).unwrap_err();
    assert!(refused.to_string().contains("say why"), "{refused}");
    ada.write(Doing::Contact, one, &[("reason", "Moved abroad")], &[("ended", Answer::Tick(true))]);
    assert!(ada.family().contacts.is_empty() && ada.family().to_call(monday()).is_empty());
    assert!(ada.history().contains("no longer since 2026-11-23") && ada.history().contains("Moved abroad"));
    // A mistake is put right in the same form.
    ada.write(Doing::Contact, one, &[("reason", "By mistake")], &[("ended", Answer::Tick(false))]);
    assert_eq!(ada.family().to_call(monday()).len(), 2);
}

#[test]
fn two_people_who_each_add_a_contact_apart_lose_neither() {
    let mut small = with_rights();
    let mut ada = ada(&mut small);
    ada.write(Doing::Contact, Part::New, &NAN, &[]);
    // Entered elsewhere at the same time: both stand at the first place.
    let form = ada.form(Doing::Contact, Part::New);
    let answers = answered(&form, &[("surname", "Okafor"), ("place", "1")]);
    let family = ada.family();
    let read = family_forms::read((Doing::Contact, Part::New), &answers, &family, monday(), [8; 16]).unwrap();
    let Read::Write(change, _) = read else { panic!("nothing is left to ask") };
    let pupil = ada.pupil;
    ada.small.desk.office().amend_entry(pupil, &change, "").unwrap();
    assert_eq!(ada.family().contacts.len(), 2);
}

#[test]
fn a_contact_with_a_wrong_field_is_told_which() {
    let mut small = with_rights();
    let mut ada = ada(&mut small);
    let form = ada.form(Doing::Contact, Part::New);
    for (typed, said) in [
        (("surname", ""), "Surname"),
        (("place", "first"), "Place in the order to ring: write a number"),
        (("number 1", "ask her"), "Telephone"),
        (("email", "nan at home"), "E-mail"),
    ] {
        let mut answers = answered(&form, &NAN);
        answers.0.insert(typed.0, Answer::Line(typed.1.to_owned()));
        assert!(ada.read(Doing::Contact, Part::New, &answers).unwrap_err().starts_with(said), "{typed:?}");
    }
    let mut answers = answered(&form, &NAN);
    answers.0.insert("home", Answer::Choice(Some(2)));
    assert_eq!(ada.read(Doing::Contact, Part::New, &answers).unwrap_err(), "Lives: the pupil has no second address");
}

#[test]
fn the_own_address_of_a_contact_is_kept_from_those_it_is_kept_from() {
    let mut small = with_rights();
    let mut ada = ada(&mut small);
    let typed = [NAN.as_slice(), &[("line", "9 Hidden Row"), ("secret from", "Dan Byrne")]].concat();
    let other = [("home", Answer::Choice(Some(3))), ("secret", Answer::Tick(true))];
    ada.write(Doing::Contact, Part::New, &typed, &other);
    assert!(ada.shown(HELEN).contains("9 Hidden Row (CONFIDENTIAL: kept from Dan Byrne)"));
    assert!(!ada.shown(TOM).contains("Hidden Row"));
}

const TOLD: [(&str, &str); 4] =
    [("told", "2026-11-20"), ("by", "Grace Byrne"), ("line", "4 Mill Lane"), ("with", "Grace Byrne")];

#[test]
fn a_move_that_is_notified_stands_in_the_entry_with_the_day_it_was_told_until_it_has_happened() {
    let mut small = with_rights();
    let mut ada = ada(&mut small);
    ada.write(Doing::Address, Part::New, &[("line", "3 Mill Lane"), ("by", "A letter"), ("from", "2026-09-01")], &[]);
    ada.write(Doing::Address, Part::New, &[TOLD.as_slice(), &[("from", "2026-12-01")]].concat(), &[]);
    let shown = ada.shown(HELEN);
    let words = "4 Mill Lane, with Grace Byrne, from 1 December 2026; told on 20 November 2026";
    assert!(shown.contains(words) && shown.contains("3 Mill Lane"), "{shown}");
    assert!(ada.history().contains("Told on Friday 20 November 2026 by Grace Byrne"), "{}", ada.history());

    ada.small.desk.records.set_clock(Day::parse("2026-12-02").unwrap(), 9 * 60);
    assert!(ada.shown(HELEN).contains("The move notified for 1 December 2026 is due"));
    assert!(!ada.shown(TOM).contains("is due"), "a teacher cannot enter it");
    let family = ada.family();
    let pupil = ada.small.desk.known.pupil(ada.pupil).unwrap().clone();
    let today = Day::parse("2026-12-02").unwrap();
    let form = family_forms::form(Doing::Address, Part::New, &pupil, &family, today);
    let answers = answered(&form, &[("by", "Grace Byrne")]);
    let read = family_forms::read((Doing::Address, Part::New), &answers, &family, today, SOMEBODY).unwrap();
    let Read::Write(change, reason) = read else { panic!("nothing is left to ask") };
    let id = ada.pupil;
    ada.small.desk.office().amend_entry(id, &change, &reason).unwrap();
    let after = ada.family();
    assert_eq!(after.address.unwrap().line, "4 Mill Lane");
    assert!(after.moving.is_none());
    assert!(ada.history().contains("original: \"3 Mill Lane\", amended: \"4 Mill Lane\""), "the old one is kept");
}

#[test]
fn a_move_that_is_off_goes_and_what_was_told_stays_in_the_history() {
    let mut small = with_rights();
    let mut ada = ada(&mut small);
    ada.write(Doing::Address, Part::New, &TOLD, &[]);
    assert!(ada.shown(HELEN).contains("no day yet"));
    ada.write(Doing::Address, Part::New, &[("by", "Grace Byrne")], &[("off", Answer::Tick(true))]);
    assert!(ada.family().moving.is_none() && ada.family().address.is_none());
    assert!(ada.history().contains("original: \"4 Mill Lane\", amended: \"\""), "{}", ada.history());
    let form = ada.form(Doing::Address, Part::New);
    let early = answered(&form, &[("told", "2026-11-24"), ("by", "Somebody")]);
    assert!(ada.read(Doing::Address, Part::New, &early).unwrap_err().contains("still to come"));
}

#[test]
fn an_order_that_ends_gives_the_number_back_after_its_last_day_and_not_before() {
    let mut small = with_rights();
    let mut ada = ada(&mut small);
    let dan = [("forename", "Dan"), ("surname", "Byrne"), ("number 1", "07700 900123")];
    ada.write(Doing::Contact, Part::New, &dan, &[]);
    let order = [("kind", Answer::Choice(Some(1))), ("whom", Answer::Choice(Some(0)))];
    ada.write(Doing::Order, Part::New, &[("words", "Paper seen 2/9"), ("from", "2026-09-02")], &order);
    assert!(ada.family().to_call(monday()).is_empty());
    assert!(ada.family().kept_from(crate::facts::custody::WhoseHome::Pupil).is_some());

    let first = family_forms::first(Doing::Order, &ada.family(), monday());
    assert_eq!(first, Part::Choose, "a new order, or the end of this one");
    let choose = answered(&ada.form(Doing::Order, Part::Choose), &[]);
    assert_eq!(ada.read(Doing::Order, Part::Choose, &choose).unwrap_err(), "choose one");
    let end = Part::One(SOMEBODY);
    let early = answered(&ada.form(Doing::Order, end), &[("last", "2026-09-01"), ("reason", "Discharge seen")]);
    assert!(ada.read(Doing::Order, end, &early).unwrap_err().contains("entered in error"));
    let unproven = answered(&ada.form(Doing::Order, end), &[]);
    assert!(ada.read(Doing::Order, end, &unproven).unwrap_err().starts_with("What shows it"));
    ada.write(
        Doing::Order,
        end,
        &[("last", "2026-11-23"), ("reason", "Discharge of 20/11 seen")],
        &[("open", Answer::Tick(true))],
    );
    let family = ada.family();
    assert!(family.to_call(monday()).is_empty(), "it holds on its last day");
    assert_eq!(family.to_call(monday().plus(1)).len(), 1);
    assert!(family.kept_from(crate::facts::custody::WhoseHome::Pupil).is_none());
    assert_eq!(family.orders.len(), 1, "it stays, past");
    assert!(ada.history().contains("Discharge of 20/11 seen"));
}

#[test]
fn an_address_is_made_confidential_and_open_again_each_with_its_reason() {
    let mut small = with_rights();
    let mut ada = ada(&mut small);
    ada.write(Doing::Address, Part::New, &[("line", "3 Mill Lane"), ("by", "A letter"), ("from", "2026-09-01")], &[]);
    ada.write(Doing::Address, Part::Secret, &[("reason", "Grace asked, 20/11")], &[]);
    assert!(!ada.shown(TOM).contains("Mill Lane") && ada.shown(HELEN).contains("everybody but the office"));
    ada.write(Doing::Address, Part::Secret, &[("reason", "Over")], &[("holds", Answer::Tick(false))]);
    assert!(ada.shown(TOM).contains("3 Mill Lane"));
    assert!(ada.history().contains("Grace asked, 20/11") && ada.history().contains("Over"));
}

#[test]
fn an_order_never_narrows_an_address_that_is_kept_from_everybody() {
    use crate::facts::custody::{Confidential, WhoseHome};
    let mut small = with_rights();
    let mut ada = ada(&mut small);
    ada.write(Doing::Contact, Part::New, &NAN, &[]);
    let kept = Confidential { of: WhoseHome::Pupil, from: Vec::new(), holds: true };
    let change = EntryChange { family: vec![kept.into()], ..EntryChange::default() };
    ada.small.desk.office().amend_entry(ada.pupil, &change, "Refuge").unwrap();
    let order = [("kind", Answer::Choice(Some(1))), ("whom", Answer::Choice(Some(0))), ("secret", Answer::Tick(true))];
    ada.write(Doing::Order, Part::New, &[("words", "Paper seen 2/9"), ("from", "2026-09-02")], &order);
    let nobody: &[String] = &[];
    assert_eq!(ada.family().kept_from(WhoseHome::Pupil), Some(nobody), "from everybody but the office, as before");
}

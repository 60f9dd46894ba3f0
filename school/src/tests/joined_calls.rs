//! Roll calls that were started apart for one event.

use super::*;
use crate::calendar::Day;
use crate::facts::roll_call::{Kind, Point, Statement};
use crate::fire::call::joined::{self, Event};
use crate::fire::call::{Standing, evaluate_all};
use crate::ids::Who;
use crate::office::CallKey;
use crate::show;
use crate::view::call::Urgency;
use muster_core::document::fact::Facts;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Two devices that could not reach each other: each has begun a roll call of its own.
fn apart() -> (Small, Desk, CallKey, CallKey) {
    let mut small = small();
    let mut tablet = small.desk.another(2, Some(TOM));
    let one = small.desk.at(clock(9, 17)).office().start_call(small.site, Kind::Drill).unwrap();
    let other = tablet.at(clock(9, 18)).office().start_call(small.site, Kind::Drill).unwrap();
    (small, tablet, one, other)
}

fn standing(desk: &mut Desk, key: CallKey, who: Who) -> Standing {
    desk.office().call(key).unwrap().person(who).unwrap().standing
}

#[test]
fn two_roll_calls_started_apart_become_one_with_nothing_lost() {
    let (Small { mut desk, pupils, .. }, mut tablet, one, other) = apart();
    let (ada, leila, kuba) = (Who::Pupil(pupils[0]), Who::Pupil(pupils[1]), Who::Pupil(pupils[2]));
    desk.office().sight(one, ada, Statement::Found, "", "").unwrap();
    desk.office().sight(one, leila, Statement::Found, "", "").unwrap();
    tablet.office().sight(other, leila, Statement::NotFound, "yard", "").unwrap();
    tablet.office().sight(other, kuba, Statement::Found, "", "").unwrap();
    desk.hear(&tablet);
    let view = show::call(&mut desk.records, Some(&desk.known), one, None).unwrap();
    assert_eq!(view.joinable.iter().map(|call| call.event).collect::<Vec<_>>(), [other.event.into()]);
    desk.at(clock(9, 19)).office().join_calls(one, other).unwrap();
    for key in [one, other] {
        assert_eq!(standing(&mut desk, key, ada), Standing::Found);
        assert_eq!(standing(&mut desk, key, kuba), Standing::Found);
        assert_eq!(standing(&mut desk, key, leila), Standing::Check, "found here and not found there");
    }
    let view = show::call(&mut desk.records, Some(&desk.known), one, None).unwrap();
    assert_eq!((view.joinable.len(), view.joined.len(), view.to_check), (0, 1, 1));
    assert!(view.marshals.contains("T. Okafor") && view.marshals.contains("H. Marsh"), "{}", view.marshals);
}

#[test]
fn a_settlement_in_one_answers_reports_of_both_and_a_word_of_ones_own_is_replaced_in_either() {
    let (Small { mut desk, pupils, .. }, mut tablet, one, other) = apart();
    let leila = Who::Pupil(pupils[1]);
    desk.office().sight(one, leila, Statement::Found, "", "").unwrap();
    tablet.office().sight(other, leila, Statement::NotFound, "", "").unwrap();
    desk.hear(&tablet);
    desk.office().join_calls(one, other).unwrap();
    desk.office().settle(one, leila, Statement::Found, "seen at the gate", "").unwrap();
    assert_eq!(standing(&mut desk, other, leila), Standing::Found);
    tablet.hear(&desk);
    tablet.office().sight(other, leila, Statement::NotFound, "hall", "").unwrap();
    assert_eq!(standing(&mut tablet, one, leila), Standing::Check, "a newer report is not settled by an older word");
    let (_, undo) = desk.office().sight(other, leila, Statement::NotFound, "", "").unwrap();
    let call = desk.office().call(one).unwrap();
    let own = call.person(leila).unwrap().said.iter().filter(|said| said.origin.seat == desk.records.origin().seat);
    assert_eq!(own.count(), 1, "what the seat said before, in the other document, is replaced");
    desk.office().undo(&undo).unwrap();
}

#[test]
fn parted_again_each_has_all_that_was_said_in_it() {
    let (Small { mut desk, pupils, .. }, mut tablet, one, other) = apart();
    let (ada, leila) = (Who::Pupil(pupils[0]), Who::Pupil(pupils[1]));
    desk.office().sight(one, ada, Statement::Found, "", "").unwrap();
    tablet.office().sight(other, leila, Statement::NotFound, "", "").unwrap();
    desk.hear(&tablet);
    desk.office().join_calls(one, other).unwrap();
    desk.office().settle(one, leila, Statement::Found, "", "").unwrap();
    assert!(desk.office().join_calls(one, other).is_err(), "they are one already");
    desk.office().part_calls(other, one).unwrap();
    assert_eq!(standing(&mut desk, one, ada), Standing::Found);
    assert_eq!(standing(&mut desk, other, ada), Standing::ToFind);
    assert_eq!(standing(&mut desk, other, leila), Standing::NotFound, "the report that was settled elsewhere stands");
    desk.office().join_calls(one, other).unwrap();
    assert_eq!(standing(&mut desk, other, leila), Standing::Found, "and they may be joined again");
}

#[test]
fn the_end_of_one_is_not_the_end_of_the_other_until_somebody_ends_them_together() {
    let (Small { mut desk, .. }, mut tablet, one, other) = apart();
    desk.office().end_call(one, "").unwrap();
    tablet.hear(&desk);
    tablet.office().join_calls(one, other).unwrap();
    assert!(tablet.office().call(one).unwrap().ended.is_none(), "the other still runs");
    tablet.at(clock(9, 30)).office().end_call(one, "").unwrap();
    assert!(tablet.office().call(other).unwrap().ended.is_some());
    assert!(tablet.office().call(one).unwrap().ended.is_some());
}

#[test]
fn the_alarm_the_empty_building_and_the_all_clear_have_their_times() {
    let (Small { mut desk, pupils, tyler, .. }, _, one, _) = apart();
    let all: Vec<_> = pupils.iter().map(|id| Who::Pupil(*id)).chain([tyler].map(Who::Pupil)).collect();
    for (number, who) in all.into_iter().chain([Who::Staff(HELEN), Who::Staff(TOM)]).enumerate() {
        let minute = clock(9, 18) + u16::try_from(number).unwrap();
        desk.at(minute).office().sight(one, who, Statement::Found, "Front car park", "").unwrap();
    }
    desk.at(clock(9, 24)).office().time_call(one, Point::BuildingClear, "").unwrap();
    desk.at(clock(9, 31)).office().time_call(one, Point::AllClear, "").unwrap();
    let view = show::call(&mut desk.records, Some(&desk.known), one, None).unwrap();
    let at: Vec<_> = view.times.iter().map(|time| (time.moment.words(), time.at.as_str(), time.may_set)).collect();
    assert_eq!(
        at,
        [
            ("Alarm", "09:17", true),
            ("Building clear", "09:24, by H. Marsh", true),
            ("All accounted for", "09:25", false),
            ("All clear", "09:31, by H. Marsh", true)
        ]
    );
    assert_eq!(desk.office().call(one).unwrap().minutes_to_all(), Some(8));
    desk.at(clock(9, 33)).office().time_call(one, Point::AllClear, "").unwrap();
    let view = show::call(&mut desk.records, Some(&desk.known), one, None).unwrap();
    assert_eq!(view.times[3].at, "09:33, by H. Marsh", "said too early, it is said again");
}

#[test]
fn each_assembly_point_counts_those_who_were_found_there() {
    let (Small { mut desk, pupils, tyler, .. }, _, one, _) = apart();
    desk.office().sight(one, Who::Pupil(pupils[0]), Statement::Found, "front car park", "").unwrap();
    desk.office().sight(one, Who::Pupil(pupils[1]), Statement::Found, "Playing field gate", "").unwrap();
    desk.office().sight(one, Who::Pupil(tyler), Statement::AtRefuge, "Playing field gate", "").unwrap();
    desk.office().sight(one, Who::Pupil(pupils[2]), Statement::Found, "", "").unwrap();
    let view = show::call(&mut desk.records, Some(&desk.known), one, None).unwrap();
    let counts: Vec<_> = view.points.iter().map(|one| (one.name.as_str(), one.found, one.at_refuge)).collect();
    assert_eq!(counts, [("Front car park", 1, 0), ("Playing field gate", 2, 1), ("", 1, 0)]);
    let tyler = view.rows.iter().find(|row| row.at_refuge).unwrap();
    assert_eq!((tyler.spoken.as_str(), tyler.place.as_str()), ("Tyler Green", "Playing field gate"));
}

#[test]
fn whoever_is_not_found_stands_out_after_some_minutes_and_the_line_says_for_how_long() {
    let (Small { mut desk, pupils, .. }, _, one, _) = apart();
    desk.at(clock(9, 24));
    let view = show::call(&mut desk.records, Some(&desk.known), one, None).unwrap();
    let row = view.rows.iter().find(|row| row.person == Who::Pupil(pupils[0]).into()).unwrap();
    assert_eq!((row.urgency, row.waiting.as_str(), view.minutes), (Urgency::High, "Not found for 7 minutes", 7));
}

#[test]
fn a_sign_out_that_is_heard_after_the_start_is_a_hint_and_no_answer() {
    let (Small { mut desk, site, pupils, .. }, mut tablet, one, _) = apart();
    let ada = Who::Pupil(pupils[0]);
    tablet.at(clock(9, 10)).office().sign(site, ada, crate::facts::roll::Way::Out, "dentist").unwrap();
    desk.at(clock(9, 20)).hear(&tablet);
    let view = show::call(&mut desk.records, Some(&desk.known), one, None).unwrap();
    let row = view.rows.iter().find(|row| row.person == ada.into()).unwrap();
    assert_eq!(row.hint, "Signed out 09:10, heard after the start");
    assert_eq!(standing(&mut desk, one, ada), Standing::ToFind);
}

#[test]
fn somebody_heard_of_after_the_start_is_shown_and_can_be_found_under_their_name() {
    let (Small { mut desk, site, .. }, mut tablet, one, _) = apart();
    let carol = crate::office::NewVisit { name: "Carol Abbott".to_owned(), ..Default::default() };
    let visit = tablet.at(clock(9, 16)).office().visitor_in(site, &carol).unwrap();
    desk.at(clock(9, 20)).hear(&tablet);
    let view = show::call(&mut desk.records, Some(&desk.known), one, None).unwrap();
    assert_eq!(view.heard_since.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["Abbott, Carol"]);
    desk.office().sight(one, Who::Visitor(visit), Statement::Found, "", "").unwrap();
    let view = show::call(&mut desk.records, Some(&desk.known), one, None).unwrap();
    assert!(view.heard_since.is_empty());
    let row = view.rows.iter().find(|row| row.person == Who::Visitor(visit).into()).unwrap();
    assert_eq!((row.name.as_str(), row.evidence.as_str()), ("Abbott, Carol", "Signed in 09:16"));
}

/// Five roll calls of one morning, with some joined and some parted, on a device that has all of it.
fn many(acts: &[(u8, u8, u8)]) -> (Desk, Vec<CallKey>) {
    let Small { mut desk, site, pupils, .. } = small();
    desk.at(clock(9, 0));
    let keys: Vec<CallKey> = (0..5).map(|_| desk.office().start_call(site, Kind::Drill).unwrap()).collect();
    for (number, (what, one, other)) in acts.iter().enumerate() {
        desk.at(clock(9, 1) + u16::try_from(number).unwrap());
        let (one, other) = (keys[usize::from(one % 5)], keys[usize::from(other % 5)]);
        let who = Who::Pupil(pupils[usize::from(what % 5)]);
        match what % 4 {
            0 | 1 => drop(desk.office().join_calls(one, other)),
            2 => drop(desk.office().part_calls(one, other)),
            _ => drop(desk.office().sight(one, who, Statement::NotFound, "", "").unwrap()),
        }
    }
    (desk, keys)
}

fn documents(desk: &Desk, keys: &[CallKey], order: impl Fn(usize) -> usize) -> BTreeMap<Event, Arc<Facts>> {
    let mut held: BTreeMap<Event, Arc<Facts>> = BTreeMap::new();
    let mut entries: Vec<_> = desk.records.entries().iter().collect();
    let count = entries.len();
    entries.sort_by_key(|(hash, _)| order(usize::from(hash.0[0]) + count));
    for (hash, entry) in entries {
        let Some(key) = keys.iter().find(|key| key.document() == entry.document) else { continue };
        let facts = held.entry((key.day, key.event)).or_default();
        Arc::make_mut(facts).insert(*hash, entry.origin, entry.facts.clone());
    }
    held
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn which_are_one_event_and_what_it_says_depend_on_the_set_of_facts_alone(
        acts in proptest::collection::vec((any::<u8>(), any::<u8>(), any::<u8>()), 0..14),
        salt in 1_usize..257,
    ) {
        let (desk, keys) = many(&acts);
        let one = documents(&desk, &keys, |number| number);
        let other = documents(&desk, &keys, |number| number.wrapping_mul(salt) % 257);
        for key in &keys {
            let event: Event = (key.day, key.event);
            let links = joined::all_links(&one);
            let with = joined::with(event, &links);
            prop_assert_eq!(&with, &joined::with(event, &joined::all_links(&other)));
            for mate in &with {
                prop_assert_eq!(&joined::with(*mate, &links), &with, "all of an event say the same");
            }
            let call = |held: &BTreeMap<Event, Arc<Facts>>, of: Vec<Event>| {
                evaluate_all(&of.iter().filter_map(|event| held.get(event).map(Arc::as_ref)).collect::<Vec<_>>())
            };
            let forward = call(&one, with.iter().copied().collect());
            prop_assert_eq!(&forward, &call(&other, with.iter().rev().copied().collect()));
            // Nothing is lost: whoever is reported missing in one of them is missing in the whole, or in check.
            let whole = forward.unwrap();
            for event in &with {
                for person in call(&one, vec![*event]).unwrap().people {
                    let standing = whole.person(person.who).unwrap().standing;
                    if person.standing == Standing::NotFound {
                        prop_assert!(matches!(standing, Standing::NotFound | Standing::Check));
                    }
                }
            }
        }
        let events: BTreeSet<(Day, crate::ids::EventId)> = keys.iter().map(|key| (key.day, key.event)).collect();
        prop_assert_eq!(one.keys().copied().collect::<BTreeSet<_>>(), events);
    }
}

//! Roll calls: apart, together, in any order.

use super::*;
use crate::areas;
use crate::facts::roll_call::{Kind, Statement};
use crate::fire::call::{Standing, evaluate};
use crate::ids::Who;
use crate::office::CallKey;
use crate::show;
use crate::testing::Entry;
use muster_core::document::fact::{FactRef, Facts};
use muster_core::id::EntryHash;
use proptest::prelude::*;
use std::collections::BTreeSet;

fn standing(desk: &mut Desk, key: CallKey, who: Who) -> Standing {
    desk.office().call(key).unwrap().person(who).unwrap().standing
}

fn drill() -> (Small, CallKey) {
    let mut small = small();
    let key = small.desk.at(clock(9, 17)).office().start_call(small.site, Kind::Drill).unwrap();
    (small, key)
}

#[test]
fn found_against_not_found_shows_as_check_sorted_first_and_counted_as_not_found() {
    let (Small { mut desk, pupils, .. }, key) = drill();
    let leila = Who::Pupil(pupils[1]);
    let mut tablet = desk.another(2, Some(TOM));
    tablet.at(clock(9, 19)).office().sight(key, leila, Statement::Found, "", "").unwrap();
    desk.at(clock(9, 20)).office().sight(key, leila, Statement::NotFound, "yard", "").unwrap();
    desk.hear(&tablet);
    let call = desk.office().call(key).unwrap();
    assert_eq!(call.people[0].who, leila);
    let counts = call.counts();
    assert_eq!((counts.total, counts.found, counts.check, counts.to_find()), (8, 0, 1, 8));
    let view = show::call(&mut desk.records, Some(&desk.known), key, None).unwrap();
    assert_eq!(view.rows[0].said.matches("Found by T. Okafor 09:19").count(), 1, "{}", view.rows[0].said);
    assert!(view.rows[0].said.contains("Not found by H. Marsh 09:20, yard"), "{}", view.rows[0].said);
    assert_eq!(view.started, "started 09:17, 3 minutes ago");
    let (_, undo) = desk.office().settle(key, leila, Statement::Found, "seen at the gate", "").unwrap();
    assert_eq!(standing(&mut desk, key, leila), Standing::Found);
    desk.office().undo(&undo).unwrap();
    assert_eq!(standing(&mut desk, key, leila), Standing::Check, "a settlement taken back settles nothing");
}

#[test]
fn a_report_that_arrives_after_the_settlement_shows_as_check_again() {
    let (Small { mut desk, pupils, .. }, key) = drill();
    let leila = Who::Pupil(pupils[1]);
    let mut tablet = desk.another(2, Some(TOM));
    let mut phone = desk.another(3, None);
    desk.office().sight(key, leila, Statement::NotFound, "", "").unwrap();
    tablet.office().sight(key, leila, Statement::Found, "", "").unwrap();
    phone.office().sight(key, leila, Statement::NotFound, "toilets", "Sam Reid").unwrap();
    desk.hear(&tablet);
    desk.office().settle(key, leila, Statement::Found, "", "").unwrap();
    assert_eq!(standing(&mut desk, key, leila), Standing::Found);
    desk.hear(&phone);
    assert_eq!(standing(&mut desk, key, leila), Standing::Check);
    let view = show::call(&mut desk.records, Some(&desk.known), key, None).unwrap();
    assert!(view.marshals.contains("Sam Reid (claimed)"), "{}", view.marshals);
}

#[test]
fn a_report_that_came_while_somebody_settled_is_not_settled_unseen() {
    let (Small { mut desk, pupils, .. }, key) = drill();
    let leila = Who::Pupil(pupils[1]);
    let mut tablet = desk.another(2, Some(TOM));
    let mut phone = desk.another(3, None);
    desk.office().sight(key, leila, Statement::NotFound, "", "").unwrap();
    tablet.office().sight(key, leila, Statement::Found, "", "").unwrap();
    desk.hear(&tablet);
    let call = desk.office().call(key).unwrap();
    let seen: Vec<_> = call.person(leila).unwrap().said.iter().map(|said| said.name).collect();
    phone.office().sight(key, leila, Statement::NotFound, "toilets", "Sam Reid").unwrap();
    desk.hear(&phone);
    desk.office().settle_among(key, leila, Statement::Found, "", "", Some(&seen)).unwrap();
    assert_eq!(standing(&mut desk, key, leila), Standing::Check);
    let again = desk.office().settle_among(key, leila, Statement::Found, "", "", Some(&seen));
    assert!(again.unwrap_err().to_string().contains("look again"));
}

#[test]
fn a_claimed_name_comes_back_with_what_was_said_under_it() {
    let (Small { mut desk, pupils, .. }, key) = drill();
    let ada = Who::Pupil(pupils[0]);
    desk.office().sight(key, ada, Statement::NotFound, "yard", "Sam Reid").unwrap();
    let (_, undo) = desk.office().sight(key, ada, Statement::Found, "", "").unwrap();
    desk.office().undo(&undo).unwrap();
    let call = desk.office().call(key).unwrap();
    let said = &call.person(ada).unwrap().said;
    assert_eq!(said.iter().map(|one| one.marshal.as_str()).collect::<Vec<_>>(), ["Sam Reid"]);
}

#[test]
fn a_marshal_replaces_only_their_own_word_and_undo_puts_the_one_before_back() {
    let (Small { mut desk, pupils, .. }, key) = drill();
    let ada = Who::Pupil(pupils[0]);
    desk.office().sight(key, ada, Statement::NotFound, "yard", "").unwrap();
    let (_, undo) = desk.office().sight(key, ada, Statement::Found, "", "").unwrap();
    assert_eq!(standing(&mut desk, key, ada), Standing::Found);
    desk.office().undo(&undo).unwrap();
    assert_eq!(standing(&mut desk, key, ada), Standing::NotFound);
    let (_, first) = desk.office().sight(key, Who::Pupil(pupils[2]), Statement::Found, "", "").unwrap();
    desk.office().undo(&first).unwrap();
    assert_eq!(standing(&mut desk, key, Who::Pupil(pupils[2])), Standing::ToFind);
}

#[test]
fn a_marshal_who_speaks_over_their_own_settlement_reopens_it() {
    let (Small { mut desk, pupils, .. }, key) = drill();
    let ada = Who::Pupil(pupils[0]);
    let mut tablet = desk.another(2, Some(TOM));
    tablet.office().sight(key, ada, Statement::NotFound, "", "").unwrap();
    desk.office().sight(key, ada, Statement::Found, "", "").unwrap();
    desk.hear(&tablet);
    desk.office().settle(key, ada, Statement::NotFound, "looked again", "").unwrap();
    assert_eq!(standing(&mut desk, key, ada), Standing::NotFound);
    desk.office().sight(key, ada, Statement::Found, "", "").unwrap();
    assert_eq!(standing(&mut desk, key, ada), Standing::Check, "Tom's report was never answered");
}

#[test]
fn not_here_today_against_not_found_is_a_contradiction_too() {
    let (Small { mut desk, pupils, .. }, key) = drill();
    let ada = Who::Pupil(pupils[0]);
    let mut tablet = desk.another(2, Some(TOM));
    desk.office().sight(key, ada, Statement::NotFound, "", "").unwrap();
    tablet.office().sight(key, ada, Statement::NotHere, "", "").unwrap();
    desk.hear(&tablet);
    assert_eq!(standing(&mut desk, key, ada), Standing::Check);
}

#[test]
fn the_list_to_call_is_the_union_of_the_participants_lists_and_a_later_sign_out_changes_nothing() {
    let Small { mut desk, site, pupils, tyler, .. } = small();
    desk.at(clock(9, 0));
    let mut tablet = desk.another(2, Some(TOM));
    // The office knows that Tyler went home; the tablet does not.
    desk.office().sign(site, Who::Pupil(tyler), crate::facts::roll::Way::Out, "").unwrap();
    let key = desk.at(clock(9, 17)).office().start_call(site, Kind::Real).unwrap();
    assert!(desk.office().call(key).unwrap().person(Who::Pupil(tyler)).is_none());
    tablet.records.merge_some(&desk.records, |hash| {
        desk.records.entries().get(hash).is_some_and(|entry| entry.document == key.document())
    });
    tablet.at(clock(9, 18)).office().join_call(key).unwrap();
    assert_eq!(tablet.office().join_call(key).unwrap(), None, "once is enough");
    desk.hear(&tablet);
    assert_eq!(standing(&mut desk, key, Who::Pupil(tyler)), Standing::ToFind);
    desk.office().sign(site, Who::Pupil(pupils[0]), crate::facts::roll::Way::Out, "").unwrap();
    assert_eq!(standing(&mut desk, key, Who::Pupil(pupils[0])), Standing::ToFind);
}

#[test]
fn a_locked_device_runs_a_roll_call_adds_a_stranger_and_ends_it_with_a_report() {
    let Small { mut desk, site, pupils, .. } = small();
    let mut tablet = desk.another(2, None);
    tablet.known = Known::default();
    tablet.records.lock([areas::ROLL]);
    let key = tablet.at(clock(9, 17)).office().start_call(site, Kind::Drill).unwrap();
    tablet.office().sight(key, Who::Pupil(pupils[0]), Statement::Found, "", "Sam Reid").unwrap();
    tablet.office().sight(key, Who::Pupil(pupils[1]), Statement::AtRefuge, "Stair 2", "Sam Reid").unwrap();
    let plumber = tablet.office().add_stranger(key, "Plumber in blue", "Sam Reid").unwrap();
    assert_eq!(standing(&mut tablet, key, plumber), Standing::Found);
    let running = show::fire(&mut tablet.records, site, "").unwrap().running;
    assert_eq!(running.len(), 1);
    assert_eq!(show::call_key(&mut tablet.records, site, running[0].event).unwrap(), Some(key));
    tablet.at(clock(9, 31)).office().end_call(key, "").unwrap();
    let view = show::call(&mut tablet.records, None, key, None).unwrap();
    assert_eq!((view.found, view.total, view.to_find), (3, 9, 6));
    let report = view.report.unwrap();
    assert_eq!(report.title, "Drill, Monday 23 November 2026, 09:17 to 09:31, Harbour");
    assert!(
        report.never_found.iter().any(|words| words.starts_with("Tyler Green, Rowan. No register yet")),
        "{report:?}"
    );
    let by_group = report.lines.iter().find(|line| line.starts_with("By group: ")).unwrap();
    assert!(by_group.contains("Added 1 of 1") && by_group.contains("Beech "), "{by_group}");
    assert!(show::fire(&mut tablet.records, site, "").unwrap().running.is_empty());
    desk.hear(&tablet);
    assert_eq!(desk.office().call(key).unwrap().counts(), tablet.office().call(key).unwrap().counts());
}

#[test]
fn a_roll_call_that_somebody_ended_goes_on_where_people_are_to_find_and_ends_again() {
    let (Small { mut desk, site, pupils, .. }, key) = drill();
    let mut tablet = desk.another(2, None);
    let (ada, kuba) = (Who::Pupil(pupils[0]), Who::Pupil(pupils[2]));
    tablet.at(clock(9, 20)).office().end_call(key, "").unwrap();
    desk.hear(&tablet);
    let over = |desk: &mut Desk| show::call(&mut desk.records, Some(&desk.known), key, None).unwrap().report;
    let told = over(&mut desk).expect("the report").ended;
    assert!(told.starts_with("Ended by ") && told.ends_with(" at 09:20"), "{told}");
    desk.at(clock(9, 21)).office().sight(key, ada, Statement::Found, "", "").unwrap();
    let late = over(&mut desk).unwrap().marks;
    assert!(late.iter().any(|mark| mark.words.ends_with("09:21, after the end")), "{late:?}");
    desk.at(clock(9, 22)).office().resume_call(key).unwrap();
    assert!(over(&mut desk).is_none(), "nobody is thrown out of the list");
    assert_eq!(show::fire(&mut desk.records, site, "").unwrap().running.len(), 1);
    assert!(desk.office().resume_call(key).is_err(), "it goes on already");
    tablet.hear(&desk);
    tablet.at(clock(9, 25)).office().sight(key, kuba, Statement::Found, "", "").unwrap();
    tablet.at(clock(9, 31)).office().end_call(key, "").unwrap();
    desk.hear(&tablet);
    let report = over(&mut desk).expect("the report of the second end");
    assert_eq!(report.title, "Drill, Monday 23 November 2026, 09:17 to 09:31, Harbour");
    assert!(report.marks.iter().all(|mark| !mark.words.contains("after the end")), "{:?}", report.marks);
    assert_eq!(standing(&mut desk, key, ada), Standing::Found);
    assert_eq!(standing(&mut desk, key, kuba), Standing::Found);
}

#[test]
fn an_end_that_was_not_heard_of_when_somebody_went_on_ends_the_roll_call_again() {
    let (Small { mut desk, .. }, key) = drill();
    let (mut tablet, mut phone) = (desk.another(2, None), desk.another(3, None));
    tablet.at(clock(9, 20)).office().end_call(key, "").unwrap();
    phone.at(clock(9, 20)).office().end_call(key, "").unwrap();
    desk.hear(&tablet);
    desk.at(clock(9, 21)).office().resume_call(key).unwrap();
    assert!(desk.office().call(key).unwrap().ended.is_none());
    desk.hear(&phone);
    assert!(desk.office().call(key).unwrap().ended.is_some(), "somebody else ended it, too: they are asked again");
}

#[test]
fn a_forged_sighting_that_names_another_marshals_report_replaces_nothing() {
    use crate::facts::Value as _;
    use crate::facts::roll_call::{CallFact, Sighting, Withdrawn};
    use muster_core::replica::records::Change;
    let (Small { mut desk, pupils, .. }, key) = drill();
    let ada = Who::Pupil(pupils[0]);
    desk.office().sight(key, ada, Statement::NotFound, "", "").unwrap();
    let report = desk.office().call(key).unwrap().person(ada).unwrap().said[0].name;
    let mut forger = desk.another(2, Some(TOM));
    let sighting = Sighting { who: ada, says: Statement::Found, place: String::new(), marshal: String::new() };
    let facts = vec![
        CallFact::from(sighting).replacing(vec![report]).unwrap(),
        CallFact::from(Withdrawn { who: ada }).replacing(vec![report]).unwrap(),
    ];
    forger.records.write(vec![Change { document: key.document(), facts }]).unwrap();
    desk.hear(&forger);
    assert_eq!(standing(&mut desk, key, ada), Standing::Check);
}

#[test]
fn a_device_whose_clock_is_absurd_stops_no_screen() {
    use muster_core::time::Moment;
    for at in [i64::MIN, -1, i64::MAX / 2, i64::MAX] {
        let (Small { mut desk, site, beech, pupils, .. }, key) = drill();
        let mut broken = desk.another(2, Some(TOM));
        broken.records.set_now(Moment { utc_ms: at, offset_minutes: i16::MIN });
        broken.office().sight(key, Who::Pupil(pupils[0]), Statement::NotFound, "", "").unwrap();
        broken.office().join_call(key).unwrap();
        let _ = broken.office().sign(site, Who::Pupil(pupils[1]), crate::facts::roll::Way::In, "");
        let _ = broken.office().take(beech, morning(), &[entry(pupils[0], "/")], false);
        let _ = broken.office().start_call(site, Kind::Real);
        desk.hear(&broken);
        for one in [&mut desk, &mut broken] {
            let (records, known) = (&mut one.records, &mut one.known);
            show::fire(records, site, "").unwrap();
            show::call(records, Some(known), key, None).unwrap();
            show::today(records, known, site).unwrap();
            show::register(records, known, &show::register_key(beech, morning())).unwrap();
            show::audit(records, known, &crate::view::audit::AuditFilter::default(), None, 1).unwrap();
        }
    }
}

/// What one marshal does.
#[derive(Clone, Copy, Debug)]
enum Act {
    Say(usize, usize, Statement),
    Settle(usize, usize, Statement),
    Undo(usize),
    Meet(usize, usize),
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let says = prop_oneof![
        Just(Statement::Found),
        Just(Statement::NotFound),
        Just(Statement::AtRefuge),
        Just(Statement::NotHere)
    ];
    let one = prop_oneof![
        4 => (0..3_usize, 0..3_usize, says.clone()).prop_map(|(d, p, s)| Act::Say(d, p, s)),
        2 => (0..3_usize, 0..3_usize, says).prop_map(|(d, p, s)| Act::Settle(d, p, s)),
        1 => (0..3_usize).prop_map(Act::Undo),
        3 => (0..3_usize, 0..3_usize).prop_map(|(a, b)| Act::Meet(a, b)),
    ];
    proptest::collection::vec(one, 1..40)
}

/// Plays the acts on three devices and gives all entries of the call.
fn play(acts: &[Act]) -> (Vec<Desk>, CallKey, Vec<Who>) {
    let (Small { desk, pupils, .. }, key) = drill();
    let people: Vec<Who> = pupils.iter().take(3).map(|pupil| Who::Pupil(*pupil)).collect();
    let mut desks = vec![desk.another(2, Some(TOM)), desk.another(3, None)];
    desks.insert(0, desk);
    let mut undos = [None, None, None];
    for act in acts {
        match *act {
            Act::Say(at, who, says) => {
                undos[at] = Some(desks[at].office().sight(key, people[who], says, "", "").unwrap().1);
            }
            Act::Settle(at, who, says) => {
                if let Ok((_, undo)) = desks[at].office().settle(key, people[who], says, "", "") {
                    undos[at] = Some(undo);
                }
            }
            Act::Undo(at) => {
                if let Some(undo) = undos[at].take() {
                    desks[at].office().undo(&undo).unwrap();
                }
            }
            Act::Meet(one, other) if one != other => {
                let theirs = desks[other].records.clone();
                desks[one].records.merge_from(&theirs);
            }
            Act::Meet(..) => {}
        }
    }
    (desks, key, people)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_roll_call_says_the_same_in_whatever_order_and_however_often_its_marks_come(
        acts in acts(),
        order in proptest::collection::vec(any::<prop::sample::Index>(), 1..120),
    ) {
        let (mut desks, key, _) = play(&acts);
        let mut all: Vec<(EntryHash, Entry)> = Vec::new();
        for desk in &desks {
            let of_call = |entry: &Entry| entry.document == key.document();
            all.extend(desk.records.entries().iter().filter(|(_, e)| of_call(e)).map(|(h, e)| (*h, e.clone())));
        }
        let mut shuffled = Facts::default();
        for at in &order {
            let (hash, entry) = at.get(&all);
            shuffled.insert(*hash, entry.origin, entry.facts.clone());
        }
        for (hash, entry) in all.iter().rev() {
            shuffled.insert(*hash, entry.origin, entry.facts.clone());
        }
        let once = desks.clone_records();
        for theirs in &once {
            desks[0].records.merge_from(theirs);
        }
        prop_assert_eq!(evaluate(&shuffled), Some(desks[0].office().call(key).unwrap()));
    }

    #[test]
    fn nobody_reported_missing_by_anyone_silently_becomes_found(acts in acts()) {
        use crate::facts::roll_call::CallFact;
        let (mut desks, key, people) = play(&acts);
        let once = desks.clone_records();
        for theirs in &once {
            desks[0].records.merge_from(theirs);
        }
        let facts = desks[0].records.facts(&key.document()).unwrap().unwrap();
        let call = desks[0].office().call(key).unwrap();
        for who in people {
            let reads: Vec<_> = crate::facts::all::<CallFact>(&facts).collect();
            // A report of missing is answered by its own author, or by a settlement that names it.
            let mut answered: BTreeSet<FactRef> = BTreeSet::new();
            let mut reports = Vec::new();
            for read in &reads {
                let names = read.held.fact.supersedes.iter();
                match &read.value {
                    // A settlement that its author took back, or spoke over, answers nothing.
                    CallFact::Settled(one) if one.who == who => {
                        let over = |other: &crate::facts::Read<'_, CallFact>| {
                            other.held.origin.seat == read.held.origin.seat
                                && other.held.fact.supersedes.contains(&read.held.name)
                                && !matches!(other.value, CallFact::Settled(_))
                        };
                        if !reads.iter().any(over) {
                            answered.extend(names.copied());
                        }
                    }
                    CallFact::Sighting(one) if one.who == who && one.says == Statement::NotFound => {
                        reports.push((read.held.name, read.held.origin.seat));
                    }
                    _ => {}
                }
            }
            let by_author = |report: &FactRef, seat| reads.iter().any(|read| {
                read.held.origin.seat == seat && read.held.fact.supersedes.contains(report)
            });
            let open = reports.iter().any(|(report, seat)| !answered.contains(report) && !by_author(report, *seat));
            let person = call.person(who).unwrap();
            if open {
                prop_assert!(
                    matches!(person.standing, Standing::Check | Standing::NotFound),
                    "{:?} with {:?}", person.standing, person.said
                );
            }
        }
    }
}

trait CloneRecords {
    fn clone_records(&self) -> Vec<MemoryRecords>;
}

impl CloneRecords for Vec<Desk> {
    fn clone_records(&self) -> Vec<MemoryRecords> {
        self.iter().map(|desk| desk.records.clone()).collect()
    }
}

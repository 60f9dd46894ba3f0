//! What was written after an order by somebody who had not heard of it is kept, and nothing that stood before.

use super::world::*;
use super::*;

const CARER: u8 = 51;

/// A tablet that is away with somebody at it, whose device has not heard of the order; and then a week passes.
fn away_for_a_week(school: &mut School) -> (Device, Opened, EntryHash) {
    let mut away = school.world.let_in(&mut school.office, &school.head);
    let rights = [(Right::Read, REGISTER), (Right::Write, REGISTER)];
    let carer = school.world.person((&mut school.office, &school.head), &mut away, CARER, &rights);
    school.world.meet(&mut school.office, &mut away);
    let seat = Some(carer.seat.seat);
    assert_eq!(school.world.read(&mut away, seat, &file("Ada")), ada());
    school.world.write(&mut away, seat, &file("Ada"), &["before the order"]);
    school.meet();
    let erasure = school.erase(&[file("Ada")]).unwrap();
    school.meet();
    school.world.write(&mut away, seat, &file("Ada"), &["she fell, and was seen to"]);
    school.world.write(&mut away, seat, &file("Ben"), &["well"]);
    school.pass_a_week();
    school.meet();
    assert_eq!(secrets_named(&school.office, &file("Ada")), 0);
    (away, carer, erasure)
}

fn kept() -> Vec<String> {
    vec!["she fell, and was seen to".to_owned()]
}

#[test]
fn a_note_by_somebody_who_had_not_heard_of_the_order_is_on_every_device_and_nothing_older_is() {
    let mut school = school(30);
    let (mut away, carer, erasure) = away_for_a_week(&mut school);
    school.world.meet(&mut away, &mut school.office);
    work(&mut school.world, &mut away);
    assert_eq!(secrets_named(&away, &file("Ada")), 0, "it destroys the old key as soon as it hears");
    for _ in 0..2 {
        school.world.meet(&mut away, &mut school.office);
        school.meet();
    }
    assert_eq!(school.world.read(&mut away, Some(carer.seat.seat), &file("Ada")), kept());
    assert_eq!(school.reads(&file("Ada")), (kept(), kept()));
    let progress = school.office.erasure_progress(&erasure).unwrap();
    assert!(progress.awaited.is_empty(), "{progress:?}");
    assert_eq!(progress.written_on.len(), 1, "somebody is to look at it");
    // And it can be erased too, as anything else.
    school.erase(&[file("Ada")]).unwrap();
    school.meet();
    school.world.meet(&mut away, &mut school.office);
    school.pass_a_week();
    work(&mut school.world, &mut away);
    assert_eq!(school.world.read(&mut away, Some(carer.seat.seat), &file("Ada")), Vec::<String>::new());
    assert_eq!(school.reads(&file("Ada")), (vec![], vec![]));
}

#[test]
fn a_locked_tablet_keeps_the_key_until_somebody_signs_in_and_what_was_written_on_it_is_saved() {
    let mut school = school(31);
    let (mut away, carer, erasure) = away_for_a_week(&mut school);
    away.sign_out(&carer.seat.seat);
    school.world.meet(&mut away, &mut school.office);
    for _ in 0..2 {
        away = Replica::open(away.into_store(), &RULES).unwrap();
        work(&mut school.world, &mut away);
    }
    assert_eq!(secrets_named(&away, &file("Ada")), 1, "nobody there can save what was written");
    assert!(away.erasure_progress(&erasure).unwrap().waits);
    assert!(school.office.erasure_progress(&erasure).unwrap().awaited.contains(&away.device()), "and that is listed");
    assert_eq!(secrets_named(&school.office, &file("Ada")), 0, "it gives the key to nobody");
    away.sign_in(&carer);
    work(&mut school.world, &mut away);
    assert_eq!(secrets_named(&away, &file("Ada")), 0);
    assert!(!away.erasure_progress(&erasure).unwrap().waits);
    school.world.meet(&mut away, &mut school.office);
    school.meet();
    assert_eq!(school.world.read(&mut away, Some(carer.seat.seat), &file("Ada")), kept());
    assert_eq!(school.reads(&file("Ada")), (kept(), kept()));
    assert!(school.office.erasure_progress(&erasure).unwrap().awaited.is_empty());
    let afresh = Replica::open(away.store().clone(), &RULES).unwrap();
    assert_eq!(secrets_named(&afresh, &file("Ada")), 0);
}

#[test]
fn a_note_that_reached_another_device_is_saved_there_too_though_its_own_tablet_is_lost() {
    let mut school = school(32);
    let mut away = school.world.let_in(&mut school.office, &school.head);
    let rights = [(Right::Read, REGISTER), (Right::Write, REGISTER)];
    let carer = school.world.person((&mut school.office, &school.head), &mut away, CARER, &rights);
    school.world.meet(&mut school.office, &mut away);
    school.erase(&[file("Ada")]).unwrap();
    school.world.write(&mut away, Some(carer.seat.seat), &file("Ada"), &["she fell, and was seen to"]);
    // The hall hears the note, and nothing of the order.
    school.world.meet(&mut away, &mut school.hall);
    drop(away);
    school.meet();
    school.pass_a_week();
    school.meet();
    school.meet();
    assert_eq!(school.reads(&file("Ada")), (kept(), kept()));
}

#[test]
fn what_is_written_while_an_order_waits_for_its_second_signature_stays() {
    let mut school = school(33);
    let head = school.head.seat.seat;
    let many: Vec<DocumentId> = (0..=ERASED_ALONE).map(|number| file(&format!("pupil {number}"))).collect();
    for document in &many {
        school.world.write(&mut school.office, Some(head), document, &["a page"]);
    }
    let erasure = school.erase(&many).unwrap();
    school.meet();
    let by = school.officer.seat.seat;
    school.world.write(&mut school.hall, Some(by), &many[0], &["a word of today"]);
    school.hall.confirm_erasure(&by, erasure, &mut school.world.context()).unwrap();
    school.meet();
    school.pass_a_week();
    school.meet();
    let left = vec!["a word of today".to_owned()];
    assert_eq!(school.reads(&many[0]), (left.clone(), left), "whoever ordered it did not know of it");
    assert_eq!(school.reads(&many[1]), (vec![], vec![]));
}

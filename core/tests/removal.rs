//! What is taken away, held back and given again: on real devices, apart and together.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

#[path = "common/world.rs"]
mod world;
use muster_core::authority::reduction::{Cuts, Reason, Removal, Target};
use muster_core::authority::statement::Statement;
use muster_core::authority::view::Holder;
use muster_core::keys::bundle::Own;
use muster_core::log::frontier::Head;
use muster_core::replica::records::RecordsError;
use muster_core::replica::{Quarantined, Verdict, by_words};
use world::*;

/// A head at the office, and a teacher signed in on a tablet in the hall, who has written once.
struct School {
    world: World,
    office: Device,
    head: Opened,
    hall: Device,
    teacher: Opened,
    register: DocumentId,
}

fn teachers_rights() -> Vec<Capability> {
    [Right::Read, Right::Write]
        .map(|right| Capability { right, area: Which::One(REGISTER), place: Which::One(SITE) })
        .to_vec()
}

fn school(seed: u64) -> School {
    let mut world = World::new(seed);
    let (mut office, head) = world.found();
    let mut hall = world.let_in(&mut office, &head);
    let words = words::random_words(6, &mut world.random);
    let (person, rights) = (PersonId([3; 16]), teachers_rights());
    office.grant_by_words(&head.seat.seat, person, 4, rights, &words, Cost::TEST, &mut world.context()).unwrap();
    let register = document(REGISTER, "4B week 48");
    world.write(&mut office, Some(head.seat.seat), &register, &["from the head"]);
    world.meet(&mut office, &mut hall);
    let teacher = hall.activate(&words, &mut world.context()).unwrap();
    world.write(&mut hall, Some(teacher.seat.seat), &register, &["from the teacher"]);
    world.meet(&mut office, &mut hall);
    School { world, office, head, hall, teacher, register }
}

impl School {
    fn keys(&self) -> Target {
        Target::Keys(self.teacher.person.person, self.teacher.person.sign.public())
    }

    fn remove(&mut self, of: Target) {
        let head = self.head.seat.seat;
        self.office.remove(&head, of, Reason::Left, &mut self.world.context()).unwrap();
    }

    /// Meets a device that was taken out: it hands over what it wrote and hears what happened.
    fn hand_over(&mut self) {
        let (office, hall) = (&mut self.office, &mut self.hall);
        let mut a = Conversation::start(office, hall.device(), Moment::utc(self.world.now));
        let mut b = Conversation::start(hall, office.device(), Moment::utc(self.world.now));
        self.world.talk(office, &mut a, hall, &mut b);
    }

    fn shown(&mut self) -> Vec<String> {
        let head = self.head.seat.seat;
        self.world.read(&mut self.office, Some(head), &self.register)
    }

    fn waiting(&self) -> Vec<Quarantined> {
        self.office.quarantined().unwrap()
    }
}

#[test]
fn what_a_removed_teacher_wrote_before_stays_and_what_they_write_after_waits_for_an_officer() {
    let mut school = school(1);
    school.remove(school.keys());
    assert_eq!(school.shown(), ["from the head", "from the teacher"], "what was written in right stays");
    // The tablet was away, and has heard of nothing.
    let seat = school.teacher.seat.seat;
    school.world.write(&mut school.hall, Some(seat), &school.register, &["too late"]);
    school.world.meet(&mut school.office, &mut school.hall);
    assert_eq!(school.shown(), ["from the head", "from the teacher"]);
    let waiting = school.waiting();
    assert_eq!(waiting.iter().map(|one| (one.why, one.seat)).collect::<Vec<_>>(), [(Verdict::Cut, seat)]);
    assert!(school.hall.writer(seat, school.world.context()).is_none_or(|mut writer| {
        writer.write(vec![Change { document: school.register.clone(), facts: vec![] }]).is_err()
    }));
    // It was good work: the head adopts it as it is.
    let head = school.head.seat.seat;
    let adopted = school.office.adopt(&head, &[waiting[0].entry], &mut school.world.context()).unwrap();
    assert_eq!(adopted, 1);
    assert_eq!(school.shown(), ["from the head", "from the teacher", "too late"]);
    let store = std::mem::replace(&mut school.office, school.world.found().0).into_store();
    school.office = Replica::open(store, &RULES).unwrap();
    school.office.sign_in(&school.head);
    assert_eq!(school.shown(), ["from the head", "from the teacher", "too late"], "and after a restart");
    assert!(school.office.verify(&mut |_, _| {}).unwrap().is_sound());
}

#[test]
fn a_removal_that_is_heard_late_takes_back_what_was_shown_in_the_meantime_and_again_after_a_restart() {
    let mut school = school(2);
    // Somebody else heard the late entry before the removal.
    let mut other = school.world.let_in(&mut school.office, &school.head);
    school.world.meet(&mut school.office, &mut other);
    school.remove(school.keys());
    let seat = school.teacher.seat.seat;
    school.world.write(&mut school.hall, Some(seat), &school.register, &["too late"]);
    school.world.meet(&mut school.hall, &mut other);
    other.sign_in(&school.head);
    let head = school.head.seat.seat;
    assert!(school.world.read(&mut other, Some(head), &school.register).contains(&"too late".to_owned()));
    school.world.meet(&mut school.office, &mut other);
    for _ in 0..2 {
        assert_eq!(school.world.read(&mut other, Some(head), &school.register), ["from the head", "from the teacher"]);
        other = Replica::open(other.into_store(), &RULES).unwrap();
        other.sign_in(&school.head);
    }
    assert_eq!(other.view().state_hash(), school.office.view().state_hash());
}

#[test]
fn a_device_that_was_taken_out_hears_it_gets_nothing_more_and_hands_over_what_it_wrote() {
    let mut school = school(3);
    let seat = school.teacher.seat.seat;
    school.world.write(&mut school.hall, Some(seat), &school.register, &["written alone"]);
    let hall = school.hall.device();
    school.remove(Target::Device(hall));
    assert!(!school.office.view().is_enrolled(&hall) && school.office.view().was_enrolled(&hall));
    let head = school.head.seat.seat;
    school.world.write(&mut school.office, Some(head), &school.register, &["not for the tablet"]);
    let entries = |device: &Device| {
        let logs = device.logs().values().filter(|log| log.descriptor.section != Section::AUTHORITY);
        logs.map(|log| log.length()).sum::<u64>()
    };
    let before = entries(&school.hall);
    school.hand_over();
    assert_eq!(entries(&school.hall), before, "it got nothing of the records");
    assert!(!school.hall.view().is_enrolled(&hall), "and knows that it was taken out");
    assert_eq!(school.shown(), ["from the head", "from the teacher", "not for the tablet"]);
    let waiting: Vec<_> = school.waiting().into_iter().map(|one| one.entry).collect();
    assert_eq!(waiting.len(), 1, "what was written alone is not lost");
    school.office.adopt(&head, &waiting, &mut school.world.context()).unwrap();
    assert_eq!(school.shown(), ["from the head", "from the teacher", "not for the tablet", "written alone"]);
}

#[test]
fn a_device_held_back_and_let_go_on_is_as_if_nothing_had_been() {
    let mut school = school(4);
    let (head, hall, seat) = (school.head.seat.seat, school.hall.device(), school.teacher.seat.seat);
    school.office.suspend(&head, hall, Reason::Lost, &mut school.world.context()).unwrap();
    school.world.write(&mut school.hall, Some(seat), &school.register, &["found under the sofa"]);
    school.hand_over();
    assert!(!school.office.view().is_enrolled(&hall));
    assert_eq!(school.shown(), ["from the head", "from the teacher"]);
    assert!(school.office.lift(&head, hall, &mut school.world.context()).unwrap());
    school.world.meet(&mut school.office, &mut school.hall);
    assert_eq!(school.shown(), ["found under the sofa", "from the head", "from the teacher"]);
    assert!(school.waiting().is_empty());
    assert!(school.office.lift(&head, hall, &mut school.world.context()).is_err(), "nothing left to lift");
}

#[test]
fn a_stolen_key_that_writes_another_past_reaches_nothing_the_cut_does_not_name() {
    let mut school = school(5);
    // The thief has the tablet as it was, and writes another continuation from an earlier place.
    let stolen = school.hall.store().clone();
    let seat = school.teacher.seat.seat;
    school.world.write(&mut school.hall, Some(seat), &school.register, &["honest work"]);
    school.world.meet(&mut school.office, &mut school.hall);
    school.remove(school.keys());
    let mut thief = Replica::open(stolen, &RULES).unwrap();
    thief.sign_in(&school.teacher);
    school.world.write(&mut thief, Some(seat), &school.register, &["forged"]);
    std::mem::swap(&mut school.hall, &mut thief);
    school.hand_over();
    assert_eq!(school.shown(), ["from the head", "from the teacher", "honest work"], "the fork hides nothing honest");
    assert!(school.waiting().iter().all(|one| one.why == Verdict::Cut), "{:?}", school.waiting());
}

#[test]
fn a_cloned_tablet_is_proven_nobody_is_held_back_by_it_and_both_tails_are_kept_until_an_officer_chooses() {
    let mut school = school(6);
    let image = school.hall.store().clone();
    let seat = school.teacher.seat.seat;
    school.world.write(&mut school.hall, Some(seat), &school.register, &["first tail"]);
    school.world.meet(&mut school.office, &mut school.hall);
    let mut clone = Replica::open(image, &RULES).unwrap();
    clone.sign_in(&school.teacher);
    school.world.write(&mut clone, Some(seat), &school.register, &["second tail"]);
    school.world.meet(&mut school.office, &mut clone);
    assert_eq!(school.shown(), ["from the head", "from the teacher"], "nothing past the fork counts by itself");
    let waiting = school.waiting();
    assert_eq!(waiting.iter().map(|one| one.why).collect::<Vec<_>>(), [Verdict::Forked, Verdict::Forked]);
    assert!(school.office.view().is_enrolled(&school.hall.device()), "nobody is held back");
    let entries: Vec<_> = waiting.iter().map(|one| one.entry).collect();
    let head = school.head.seat.seat;
    assert_eq!(school.office.adopt(&head, &entries, &mut school.world.context()).unwrap(), 2);
    assert_eq!(school.shown(), ["first tail", "from the head", "from the teacher", "second tail"]);
    school.world.meet(&mut school.office, &mut clone);
    let by_clone = school.world.read(&mut clone, Some(seat), &school.register);
    assert_eq!(by_clone, ["first tail", "from the head", "from the teacher", "second tail"], "on every device");
}

#[test]
fn a_forged_cut_by_somebody_who_stands_above_hides_but_loses_nothing_and_by_anybody_else_does_nothing() {
    let mut school = school(7);
    let authority = school.office.view().clone();
    // The teacher would take the head away.
    let keys = school.head.person.sign.public();
    let of = Target::Keys(school.head.person.person, keys);
    let seat = school.teacher.seat.seat;
    assert!(school.hall.remove(&seat, of, Reason::Left, &mut school.world.context()).is_err());
    assert_eq!(authority.state_hash(), school.hall.view().state_hash());
    // Two cards name ends that the teacher's logs never had.
    let mut ends: Vec<(LogId, Head)> = Vec::new();
    for (log, state) in school.office.logs().iter().filter(|(_, state)| state.descriptor.seat == seat) {
        ends.push((*log, Head { length: state.length(), hash: EntryHash([9; 32]) }));
    }
    let of = school.keys();
    let said = Statement::Removal(Removal { of, reason: Reason::Left, cuts: Cuts(ends) });
    let cards = school.world.cards.clone();
    school.office.by_cards([&cards[2], &cards[0]], &[said], &mut school.world.context()).unwrap();
    assert_eq!(school.shown(), ["from the head"], "no end that is not there lets anything through");
    let waiting: Vec<_> = school.waiting().into_iter().map(|one| one.entry).collect();
    assert!(!waiting.is_empty(), "and nothing is lost");
    let head = school.head.seat.seat;
    school.office.adopt(&head, &waiting, &mut school.world.context()).unwrap();
    assert_eq!(school.shown(), ["from the head", "from the teacher"]);
}

#[test]
fn cuts_out_of_order_are_not_the_one_legal_form() {
    let end = |log: u8| (LogId([log; 32]), Head { length: 1, hash: EntryHash([log; 32]) });
    let removal =
        |cuts| Statement::Removal(Removal { of: Target::Device(DeviceId([1; 32])), reason: Reason::Lost, cuts });
    let good = removal(Cuts(vec![end(1), end(2)]));
    assert_eq!(Statement::decode(&good.encode()).unwrap(), good);
    for bad in [vec![end(2), end(1)], vec![end(1), end(1)]] {
        assert!(Statement::decode(&removal(Cuts(bad)).encode()).is_err());
    }
}

#[test]
fn two_cards_put_a_new_head_in_place_of_a_lost_one_and_one_card_does_nothing() {
    let mut school = school(12);
    let (person, words) = (PersonId([6; 16]), words::random_words(6, &mut school.world.random));
    let head = (school.head.person.person, school.head.person.sign.public());
    let removal = school.office.removal_for_cards(Target::Keys(head.0, head.1), Reason::Left).unwrap();
    let cards = school.world.cards.clone();
    let one =
        school.office.by_cards([&cards[0], &cards[0]], std::slice::from_ref(&removal), &mut school.world.context());
    assert!(one.is_err());
    assert_eq!(school.office.view().rank(&Holder::Person(head.0)), Some(1));
    let all = |right| Capability { right, area: Which::Any, place: Which::Any };
    let rights = [Right::Read, Right::Write, Right::Grant, Right::Enrol].map(all).to_vec();
    let name = school.office.school();
    let grant = by_words(&name, person, 1, rights, &words, Cost::TEST).unwrap();
    let says = [removal, Statement::Grant(grant)];
    school.office.by_cards([&cards[0], &cards[1]], &says, &mut school.world.context()).unwrap();
    school.world.meet(&mut school.office, &mut school.hall);
    let new = school.hall.activate(&words, &mut school.world.context()).unwrap();
    assert_eq!(school.hall.view().rank(&Holder::Person(person)), Some(1));
    assert_eq!(school.hall.view().rank(&Holder::Person(head.0)), None, "the old head is out");
    let keys = school.keys();
    school.hall.remove(&new.seat.seat, keys, Reason::Left, &mut school.world.context()).unwrap();
}

#[test]
fn with_new_keys_a_person_goes_on_and_the_old_keys_write_nothing_more() {
    let mut school = school(8);
    let stolen = school.hall.store().clone();
    // The teacher signs in at the office, where the keys lie too, and gets new ones.
    let own = Own::of(school.teacher.person.clone());
    let here = school.office.take_seat(own, &mut school.world.context()).unwrap();
    school.office.sign_in(&here);
    let mut kept = None;
    let renewed = school
        .office
        .new_keys(
            &here,
            &mut |_, opened, _| {
                kept = Some(opened.clone());
                Ok(())
            },
            &mut school.world.context(),
        )
        .unwrap();
    assert_eq!(kept.unwrap().person.sign.public(), renewed.person.sign.public(), "kept before it was said");
    let person = renewed.person.person;
    assert_eq!(school.office.view().persons[&person], renewed.person.public());
    school.world.write(&mut school.office, Some(renewed.seat.seat), &school.register, &["with new keys"]);
    assert_eq!(school.shown(), ["from the head", "from the teacher", "with new keys"]);
    let read = school.world.read(&mut school.office, Some(renewed.seat.seat), &school.register);
    assert_eq!(read, ["from the head", "from the teacher", "with new keys"], "they read all that was");
    let mut thief = Replica::open(stolen, &RULES).unwrap();
    thief.sign_in(&school.teacher);
    school.world.write(&mut thief, Some(school.teacher.seat.seat), &school.register, &["with old keys"]);
    std::mem::swap(&mut school.hall, &mut thief);
    school.hand_over();
    assert_eq!(school.shown(), ["from the head", "from the teacher", "with new keys"]);
    assert!(school.waiting().iter().any(|one| one.why == Verdict::Cut && one.seat == school.teacher.seat.seat));
}

#[test]
fn what_the_old_keys_wrote_past_their_end_shows_nowhere_in_whatever_order_it_is_heard() {
    let mut school = school(14);
    let mut other = school.world.let_in(&mut school.office, &school.head);
    school.world.meet(&mut school.office, &mut other);
    let mut thief = Replica::open(school.hall.store().clone(), &RULES).unwrap();
    thief.sign_in(&school.teacher);
    let own = Own::of(school.teacher.person.clone());
    let here = school.office.take_seat(own, &mut school.world.context()).unwrap();
    school.office.sign_in(&here);
    let mut keep = |_: &mut Device, _: &Opened, _: &mut dyn rand::CryptoRng| Ok(());
    school.office.new_keys(&here, &mut keep, &mut school.world.context()).unwrap();
    // Another device hears what the thief writes before it hears of the new keys.
    school.world.write(&mut thief, Some(school.teacher.seat.seat), &school.register, &["with old keys"]);
    school.world.meet(&mut thief, &mut other);
    other.sign_in(&school.head);
    let head = Some(school.head.seat.seat);
    assert!(school.world.read(&mut other, head, &school.register).contains(&"with old keys".to_owned()));
    school.world.meet(&mut school.office, &mut other);
    let expected = ["from the head", "from the teacher"];
    assert_eq!(school.shown(), expected);
    for _ in 0..2 {
        assert_eq!(school.world.read(&mut other, head, &school.register), expected);
        other = Replica::open(other.into_store(), &RULES).unwrap();
        other.sign_in(&school.head);
    }
}

#[test]
fn whoever_once_had_new_keys_and_leaves_keeps_all_they_wrote_and_gave_with_the_old() {
    let mut school = school(13);
    let all = |right| Capability { right, area: Which::Any, place: Which::Any };
    let rights = [Right::Read, Right::Write, Right::Grant, Right::Enrol].map(all).to_vec();
    let (head, officer, colleague) = (school.head.seat.seat, PersonId([7; 16]), PersonId([8; 16]));
    let mut words = || words::random_words(6, &mut school.world.random);
    let (first, second) = (words(), words());
    let (office, world) = (&mut school.office, &mut school.world);
    office.grant_by_words(&head, officer, 2, rights, &first, Cost::TEST, &mut world.context()).unwrap();
    let officer = office.activate(&first, &mut world.context()).unwrap();
    let by = officer.seat.seat;
    let given =
        office.grant_by_words(&by, colleague, 4, teachers_rights(), &second, Cost::TEST, &mut world.context()).unwrap();
    let mut keep = |_: &mut Device, _: &Opened, _: &mut dyn rand::CryptoRng| Ok(());
    let officer = office.new_keys(&officer, &mut keep, &mut world.context()).unwrap();
    let own = Own::of(school.teacher.person.clone());
    let here = office.take_seat(own, &mut world.context()).unwrap();
    office.sign_in(&here);
    let teacher = office.new_keys(&here, &mut keep, &mut world.context()).unwrap();
    world.write(office, Some(teacher.seat.seat), &school.register, &["with new keys"]);
    for gone in [&officer, &teacher] {
        school.remove(Target::Keys(gone.person.person, gone.person.sign.public()));
    }
    assert_eq!(school.shown(), ["from the head", "from the teacher", "with new keys"]);
    assert!(school.office.view().grants.contains_key(&given), "and what they gave stands");
    assert_eq!(school.office.view().rank(&Holder::Person(officer.person.person)), None);
}

#[test]
fn a_removed_person_comes_back_only_with_new_keys_and_what_was_granted_anew() {
    let mut school = school(9);
    school.remove(school.keys());
    let (head, person) = (school.head.seat.seat, school.teacher.person.person);
    // Further rights for the old keys, given by somebody who had not heard: taken away all the same.
    let to = Grantee::Person { person, keys: school.teacher.person.public() };
    let again = Grant { to, rank: 4, capabilities: teachers_rights(), until: None };
    school.office.grant(&head, again, &mut school.world.context()).unwrap();
    assert_eq!(school.office.view().rank(&Holder::Person(person)), None);
    let words = words::random_words(6, &mut school.world.random);
    let rights = teachers_rights();
    school.office.grant_by_words(&head, person, 4, rights, &words, Cost::TEST, &mut school.world.context()).unwrap();
    let back = school.office.activate(&words, &mut school.world.context()).unwrap();
    school.world.write(&mut school.office, Some(back.seat.seat), &school.register, &["back again"]);
    assert_eq!(school.shown(), ["back again", "from the head", "from the teacher"]);
}

#[test]
fn one_time_words_that_were_taken_back_open_nothing_even_on_a_device_that_has_not_heard() {
    let mut school = school(10);
    let (head, person) = (school.head.seat.seat, PersonId([5; 16]));
    let words = words::random_words(6, &mut school.world.random);
    let rights = teachers_rights();
    let grant = school
        .office
        .grant_by_words(&head, person, 4, rights, &words, Cost::TEST, &mut school.world.context())
        .unwrap();
    school.world.meet(&mut school.office, &mut school.hall);
    school.remove(Target::Grant(grant));
    let thief = school.hall.activate(&words, &mut school.world.context()).unwrap();
    school.world.write(&mut school.hall, Some(thief.seat.seat), &school.register, &["by found words"]);
    school.world.meet(&mut school.office, &mut school.hall);
    assert_eq!(school.office.view().rank(&Holder::Person(person)), None);
    assert_eq!(school.shown(), ["from the head", "from the teacher"]);
}

#[test]
fn a_device_that_does_not_keep_every_site_refuses_a_removal_that_would_hide_work_there() {
    let mut school = school(11);
    let here = |right, area| Capability { right, area, place: Which::One(SITE) };
    let small = vec![here(Right::Hold, Which::Any), here(Right::Read, Which::One(ROLL))];
    let mut tablet = school.world.let_in_with(&mut school.office, &school.head, small);
    school.world.meet(&mut school.office, &mut tablet);
    tablet.sign_in(&school.head);
    let own = Own::of(school.head.person.clone());
    let head = tablet.take_seat(own, &mut school.world.context()).unwrap();
    tablet.sign_in(&head);
    let hall = Target::Device(school.hall.device());
    let refused = tablet.remove(&head.seat.seat, hall, Reason::Lost, &mut school.world.context()).unwrap_err();
    assert!(matches!(&refused, RecordsError::NotAllowed(why) if why.contains("every site")), "{refused}");
    assert!(tablet.view().is_enrolled(&school.hall.device()));
    let keys = school.keys();
    tablet.remove(&head.seat.seat, keys, Reason::Left, &mut school.world.context()).unwrap();
}

//! Two devices of a school, in memory: founding, letting in, writing apart, meeting.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

#[path = "common/world.rs"]
mod world;
use world::*;

#[test]
fn a_second_device_is_let_in_and_a_mark_made_apart_on_each_is_kept_on_both() {
    let mut world = World::new(1);
    let (mut office, head) = world.found();
    let roll = document(ROLL, "day 1");
    world.write(&mut office, None, &roll, &["before"]);
    let mut hall = world.let_in(&mut office, &head);
    world.meet(&mut office, &mut hall);
    assert_eq!(world.read(&mut hall, None, &roll), ["before"], "readable with nobody signed in");
    world.write(&mut office, None, &roll, &["from the office"]);
    world.write(&mut hall, None, &roll, &["from the hall", "also"]);
    world.meet(&mut hall, &mut office);
    let expected = ["also", "before", "from the hall", "from the office"];
    assert_eq!(world.read(&mut office, None, &roll), expected);
    assert_eq!(world.read(&mut hall, None, &roll), expected);
    assert_eq!(world.meet(&mut office, &mut hall), 2, "equal devices say hello and no more");
    assert_eq!(office.view().state_hash(), hall.view().state_hash());
}

#[test]
fn two_devices_that_were_apart_have_one_list_after_two_and_a_half_round_trips() {
    let mut world = World::new(4);
    let (mut office, head) = world.found();
    let mut hall = world.let_in(&mut office, &head);
    let call = document(ROLL, "roll call");
    world.write(&mut office, None, &call, &["begun"]);
    world.meet(&mut office, &mut hall);
    let mut all = vec!["begun".to_owned()];
    for number in 0..20 {
        let (here, there) = (format!("office {number:02}"), format!("hall {number:02}"));
        world.write(&mut office, None, &call, &[&here]);
        world.write(&mut hall, None, &call, &[&there]);
        all.extend([here, there]);
    }
    all.sort();
    let a = Conversation::start(&mut office, hall.device(), Moment::utc(0));
    let b = Conversation::start(&mut hall, office.device(), Moment::utc(0));
    let mut sides = [a, b];
    // Both speak at once, and what they say passes on the way: half of a round trip at a time.
    let mut halves = 0;
    while [&mut office, &mut hall].map(|device| world.read(device, None, &call)).iter().any(|held| *held != all) {
        halves += 1;
        assert!(halves <= 5, "greeting, what differs, what is held, what is wanted, entries: and not one more");
        let mut on_the_way: [Vec<Vec<u8>>; 2] = Default::default();
        for ((device, side), out) in [&mut office, &mut hall].into_iter().zip(&mut sides).zip(&mut on_the_way) {
            while let Some(frame) = side.next(device).unwrap() {
                out.push(frame);
            }
        }
        let [from_office, from_hall] = on_the_way;
        let came = [from_hall, from_office];
        for ((device, side), frames) in [&mut office, &mut hall].into_iter().zip(&mut sides).zip(came) {
            for frame in frames {
                side.receive(device, &frame, &mut world.context()).unwrap();
            }
            while device.work(&mut world.context()).unwrap().1 {}
        }
    }
}

#[test]
fn what_is_written_while_connected_arrives_at_once_and_is_known_to_be_on_two_devices() {
    let mut world = World::new(2);
    let (mut office, head) = world.found();
    let mut hall = world.let_in(&mut office, &head);
    world.meet(&mut office, &mut hall);
    let mut a = Conversation::start(&mut office, hall.device(), Moment::utc(0));
    let mut b = Conversation::start(&mut hall, office.device(), Moment::utc(0));
    world.talk(&mut office, &mut a, &mut hall, &mut b);
    let before = office.only_here();
    let roll = document(ROLL, "day 1");
    world.write(&mut office, None, &roll, &["live"]);
    assert!(office.only_here() > before);
    world.talk(&mut office, &mut a, &mut hall, &mut b);
    assert_eq!(world.read(&mut hall, None, &roll), ["live"]);
    assert_eq!(office.only_here(), before);
}

#[test]
fn a_person_activated_by_words_on_another_device_reads_and_writes_there_and_a_locked_device_does_not() {
    let mut world = World::new(3);
    let (mut office, head) = world.found();
    let mut hall = world.let_in(&mut office, &head);
    let register = document(REGISTER, "4B week 48");
    world.write(&mut office, Some(head.seat.seat), &register, &["present"]);
    let words = words::random_words(6, &mut world.random);
    let rights = [Right::Read, Right::Write].map(|right| Capability {
        right,
        area: Which::One(REGISTER),
        place: Which::One(SITE),
    });
    office
        .grant_by_words(
            &head.seat.seat,
            PersonId([9; 16]),
            4,
            rights.to_vec(),
            &words,
            Cost::TEST,
            &mut world.context(),
        )
        .unwrap();
    world.meet(&mut office, &mut hall);
    assert!(world.read(&mut hall, None, &register).is_empty(), "the device alone reads no register");
    assert!(hall.activate("wrong words are these not right", &mut world.context()).is_err());
    let teacher = hall.activate(&words, &mut world.context()).unwrap();
    assert_eq!(world.read(&mut hall, Some(teacher.seat.seat), &register), ["present"], "readable at once, offline");
    let roll = document(ROLL, "day 1");
    world.write(&mut hall, None, &roll, &["on site"]);
    assert!(world.read(&mut hall, Some(teacher.seat.seat), &roll).is_empty(), "what only the device may read");
    world.write(&mut hall, Some(teacher.seat.seat), &register, &["late"]);
    hall.sign_out(&teacher.seat.seat);
    assert!(world.read(&mut hall, None, &register).is_empty(), "locked again");
    world.meet(&mut hall, &mut office);
    assert_eq!(world.read(&mut office, Some(head.seat.seat), &register), ["late", "present"]);
    assert!(hall.activate(&words, &mut world.context()).is_err(), "the words are used up");
}

#[test]
fn a_replica_opened_again_from_its_store_is_as_it_was() {
    let mut world = World::new(4);
    let (mut office, head) = world.found();
    let register = document(REGISTER, "4B week 48");
    world.write(&mut office, Some(head.seat.seat), &register, &["present", "absent"]);
    let state = office.view().state_hash();
    let mut again = Replica::open(office.into_store(), &RULES).unwrap();
    assert_eq!(again.view().state_hash(), state);
    assert!(world.read(&mut again, None, &register).is_empty());
    again.sign_in(&head);
    assert_eq!(world.read(&mut again, Some(head.seat.seat), &register), ["absent", "present"]);
    let section = register.section;
    again.rebuild(&section).unwrap();
    assert_eq!(
        world.read(&mut again, Some(head.seat.seat), &register),
        ["absent", "present"],
        "worked out again from the log"
    );
}

#[test]
fn a_cloned_device_is_seen_at_the_first_meeting_and_both_its_tails_are_kept() {
    let mut world = World::new(5);
    let (mut office, head) = world.found();
    let mut hall = world.let_in(&mut office, &head);
    let roll = document(ROLL, "day 1");
    world.meet(&mut office, &mut hall);
    world.write(&mut hall, None, &roll, &["common"]);
    world.meet(&mut office, &mut hall);
    let image = hall.into_store();
    let mut hall = Replica::open(image.clone(), &RULES).unwrap();
    let mut clone = Replica::open(image, &RULES).unwrap();
    world.write(&mut hall, None, &roll, &["from the tablet", "twice"]);
    world.write(&mut clone, None, &roll, &["from the clone"]);
    world.meet(&mut office, &mut hall);
    world.meet(&mut office, &mut clone);
    world.meet(&mut office, &mut hall);
    let forked: Vec<_> = office.logs().values().filter(|state| state.forked_at.is_some()).collect();
    assert_eq!(forked.len(), 1, "that log only");
    assert_eq!(forked[0].heads.len(), 2, "both tails are kept");
    for device in [&mut office, &mut hall] {
        assert_eq!(world.read(device, None, &roll), ["common"], "nothing past the fork is applied");
    }
}

#[test]
fn a_device_of_no_school_gets_nothing_and_a_wrong_word_opens_no_door() {
    let mut world = World::new(6);
    let (mut office, _) = world.found();
    let code = Code::new(office.device(), vec!["127.0.0.1:1".into()], &mut world.random);
    let whole = TypedCode::from_text(&code.to_text()).unwrap();
    assert_eq!(whole.device, Some(office.device()));
    let mut typed = whole.of(office.device());
    assert_eq!(typed, code);
    let words = TypedCode::from_text(&code.words.replace('-', "  ")).unwrap();
    assert_eq!((words.device, words.of(office.device()).words), (None, code.words.clone()), "the words alone will do");
    typed.words = zeroize_words("abandon-abandon-abandon-abandon-abandon-abandon");
    let mut invitation = Invitation::open(code, Cost::TEST).unwrap();
    let agree = AgreeKey::random(&mut world.random);
    for _ in 0..3 {
        let (_, request) =
            Joiner::start(&typed, DeviceId([5; 32]), agree.public(), "hall tablet", [1; 32], Cost::TEST).unwrap();
        assert!(invitation.receive(office.founding(), DeviceId([5; 32]), [1; 32], &request).is_err());
    }
    assert!(invitation.is_used_up());
    let (mut stranger, _) = world.found();
    let mut a = Conversation::start(&mut office, stranger.device(), Moment::utc(0));
    let mut b = Conversation::start(&mut stranger, office.device(), Moment::utc(0));
    let hello = b.next(&mut stranger).unwrap().unwrap();
    assert!(a.receive(&mut office, &hello, &mut world.context()).is_err());
}

fn zeroize_words(words: &str) -> zeroize::Zeroizing<String> {
    zeroize::Zeroizing::new(words.to_owned())
}

#[test]
fn what_is_written_before_anybody_hears_that_words_were_taken_up_is_readable_all_the_same() {
    let mut world = World::new(7);
    let (mut office, head) = world.found();
    let mut hall = world.let_in(&mut office, &head);
    let words = words::random_words(6, &mut world.random);
    let rights = [Right::Read, Right::Write].map(|right| Capability {
        right,
        area: Which::One(REGISTER),
        place: Which::One(SITE),
    });
    let person = PersonId([9; 16]);
    office
        .grant_by_words(&head.seat.seat, person, 4, rights.to_vec(), &words, Cost::TEST, &mut world.context())
        .unwrap();
    world.meet(&mut office, &mut hall);
    // Apart: the words are taken up on one, and the first register of the year is taken on the other.
    let teacher = hall.activate(&words, &mut world.context()).unwrap();
    let register = document(REGISTER, "4B week 48");
    world.write(&mut office, Some(head.seat.seat), &register, &["present"]);
    hall.sign_out(&teacher.seat.seat);
    office.sign_out(&head.seat.seat);
    world.meet(&mut office, &mut hall);
    hall.sign_in(&teacher);
    assert_eq!(world.read(&mut hall, Some(teacher.seat.seat), &register), ["present"]);
}

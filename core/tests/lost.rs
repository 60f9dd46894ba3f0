//! A lost tablet: what it held, whose keys lay on it, and what is left of it once it hears.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

#[path = "common/world.rs"]
mod world;
use muster_core::authority::reduction::{Reason, Target};
use muster_core::keys::bundle::Own;
use muster_core::replica::Outstanding;
use std::collections::BTreeSet;
use world::*;

/// A head at the office; a teacher signed in on a tablet, who wrote there, and whom the office could sign in too.
struct School {
    world: World,
    office: Device,
    head: Opened,
    tablet: Device,
    teacher: Opened,
    register: DocumentId,
    roll: DocumentId,
}

fn school(seed: u64) -> School {
    let mut world = World::new(seed);
    let (mut office, head) = world.found();
    let mut tablet = world.let_in(&mut office, &head);
    let rights = [(Right::Read, REGISTER), (Right::Write, REGISTER)];
    let teacher = world.person((&mut office, &head), &mut tablet, 3, &rights);
    let (register, roll) = (document(REGISTER, "4B week 48"), document(ROLL, "day 1"));
    world.write(&mut office, Some(head.seat.seat), &register, &["from the head"]);
    world.write(&mut tablet, None, &roll, &["at the gate"]);
    world.meet(&mut office, &mut tablet);
    world.write(&mut tablet, Some(teacher.seat.seat), &register, &["from the teacher"]);
    world.meet(&mut office, &mut tablet);
    School { world, office, head, tablet, teacher, register, roll }
}

impl School {
    fn lose(&mut self) {
        let (head, tablet) = (self.head.seat.seat, self.tablet.device());
        self.office.suspend(&head, tablet, Reason::Lost, &mut self.world.context()).unwrap();
    }

    /// The tablet connects: it hears what happened and hands over what it wrote.
    fn contact(&mut self) {
        let (office, tablet) = (&mut self.office, &mut self.tablet);
        let mut a = Conversation::start(office, tablet.device(), Moment::utc(self.world.now));
        let mut b = Conversation::start(tablet, office.device(), Moment::utc(self.world.now));
        self.world.talk(office, &mut a, tablet, &mut b);
    }

    fn missing(&self) -> BTreeSet<Outstanding> {
        self.office.outstanding()
    }

    fn shown(&mut self) -> Vec<String> {
        let head = self.head.seat.seat;
        self.world.read(&mut self.office, Some(head), &self.register)
    }
}

#[test]
fn a_lost_tablets_records_days_and_people_are_listed() {
    let mut school = school(1);
    school.lose();
    let tablet = school.tablet.device();
    let kept = school.office.kept_by(&tablet).unwrap();
    let listed: Vec<_> = kept.iter().map(|kept| (kept.section.compartment.area, kept.documents)).collect();
    assert_eq!(listed, [(ROLL, 1), (REGISTER, 1)]);
    assert!(kept.iter().all(|kept| kept.known == kept.entries), "it had all of them: {kept:?}");
    let days = school.office.days_of(&tablet);
    assert_eq!(days.keys().map(|section| section.compartment.area).collect::<Vec<_>>(), [ROLL], "and no register");
    assert_eq!(days.values().map(BTreeSet::len).collect::<Vec<_>>(), [1]);
    let people = school.office.signed_in_on(&tablet);
    assert_eq!(people.into_iter().collect::<Vec<_>>(), [school.teacher.person.person]);
}

#[test]
fn until_the_people_who_signed_in_on_a_lost_tablet_have_new_keys_they_are_outstanding() {
    let mut school = school(2);
    assert!(school.missing().is_empty());
    school.lose();
    let (person, device) = (school.teacher.person.person, school.tablet.device());
    assert_eq!(school.missing().into_iter().collect::<Vec<_>>(), [Outstanding { person, device }]);
    assert!(school.office.needs_new_keys(&person));
    assert!(!school.office.needs_new_keys(&school.head.person.person), "the head never signed in there");
    // The teacher signs in at the office.
    let own = Own::of(school.teacher.person.clone());
    let here = school.office.take_seat(own, &mut school.world.context()).unwrap();
    school.office.sign_in(&here);
    let renewed = school.office.new_keys(&here, &mut |_, _, _| Ok(()), &mut school.world.context()).unwrap();
    assert!(school.missing().is_empty());
    // Taken out for good later, nobody is asked again.
    let head = school.head.seat.seat;
    school.office.remove(&head, Target::Device(device), Reason::Lost, &mut school.world.context()).unwrap();
    assert!(school.missing().is_empty());
    assert!(school.office.view().persons.contains_key(&renewed.person.person));
}

#[test]
fn a_device_held_back_for_another_reason_or_found_again_makes_nobody_outstanding() {
    let mut school = school(3);
    let (head, tablet) = (school.head.seat.seat, school.tablet.device());
    school.office.suspend(&head, tablet, Reason::Changed, &mut school.world.context()).unwrap();
    assert!(school.missing().is_empty());
    assert!(!school.office.away(&tablet).unwrap().must_wipe(), "and it need not forget anything");
    assert!(school.office.lift(&head, tablet, &mut school.world.context()).unwrap());
    school.lose();
    assert_eq!(school.missing().len(), 1);
    let away = school.office.away(&tablet).unwrap();
    assert!(away.must_wipe() && !away.for_good && away.by == head);
    assert!(school.office.lift(&head, tablet, &mut school.world.context()).unwrap());
    assert!(school.missing().is_empty() && school.office.away(&tablet).is_none());
}

#[test]
fn a_lost_tablet_hears_it_wipes_itself_and_what_it_wrote_alone_is_still_handed_over() {
    let mut school = school(4);
    let seat = school.teacher.seat.seat;
    let (register, roll) = (school.register.clone(), school.roll.clone());
    school.world.write(&mut school.tablet, Some(seat), &register, &["written alone"]);
    assert!(school.tablet.wipe(&mut school.world.context()).is_err(), "nothing is wiped by mistake");
    school.lose();
    let head = school.head.seat.seat;
    school.world.write(&mut school.office, Some(head), &register, &["written since"]);
    // It hears of it and wipes itself before anything was handed over.
    let (office, tablet) = (&mut school.office, &mut school.tablet);
    let mut a = Conversation::start(office, tablet.device(), Moment::utc(school.world.now));
    let mut b = Conversation::start(tablet, office.device(), Moment::utc(school.world.now));
    while tablet.away(&tablet.device()).is_none() {
        while let Some(frame) = b.next(tablet).unwrap() {
            a.receive(office, &frame, &mut school.world.context()).unwrap();
        }
        let frame = a.next(office).unwrap().unwrap();
        b.receive(tablet, &frame, &mut school.world.context()).unwrap();
    }
    tablet.wipe(&mut school.world.context()).unwrap();
    assert!(tablet.is_wiped() && tablet.signed_in().next().is_none() && tablet.open_keys() == 0);
    school.world.talk(office, &mut a, tablet, &mut b);
    let waiting: Vec<_> = school.office.quarantined().unwrap().into_iter().map(|one| one.entry).collect();
    assert_eq!(school.office.adopt(&head, &waiting, &mut school.world.context()).unwrap(), waiting.len());
    assert_eq!(school.shown(), ["from the head", "from the teacher", "written alone", "written since"]);
    // Whoever takes it apart, with the teacher's own keys in hand, opens nothing of the roll with the device's.
    let mut opened = Replica::open(school.tablet.into_store(), &RULES).unwrap();
    assert!(opened.is_wiped() && opened.verify(&mut |_, _| {}).unwrap().is_sound());
    assert!(school.world.read(&mut opened, None, &roll).is_empty(), "not even the roll it wrote");
    assert_eq!(opened.readable_facts(&roll.section).unwrap(), []);
}

#[test]
fn a_wiped_tablet_that_is_found_again_stays_shut_until_it_is_let_in_as_another() {
    let mut school = school(5);
    school.lose();
    school.contact();
    school.tablet.wipe(&mut school.world.context()).unwrap();
    let (head, tablet) = (school.head.seat.seat, school.tablet.device());
    assert!(school.office.lift(&head, tablet, &mut school.world.context()).unwrap());
    school.world.write(&mut school.office, None, &school.roll, &["after it was found"]);
    school.world.meet(&mut school.office, &mut school.tablet);
    assert!(school.tablet.away(&tablet).is_none(), "the school lets it go on");
    assert!(school.tablet.is_wiped(), "and it knows that its keys are gone");
    assert!(school.world.read(&mut school.tablet, None, &school.roll).is_empty());
}

#[test]
fn a_lost_tablet_that_never_hears_reads_nothing_written_once_its_people_have_new_keys() {
    let mut school = school(6);
    // A third device, which the tablet's finder may have met since.
    let mut other = school.world.let_in(&mut school.office, &school.head);
    school.world.meet(&mut school.office, &mut other);
    school.lose();
    let own = Own::of(school.teacher.person.clone());
    let here = school.office.take_seat(own, &mut school.world.context()).unwrap();
    school.office.sign_in(&here);
    school.office.new_keys(&here, &mut |_, _, _| Ok(()), &mut school.world.context()).unwrap();
    let head = school.head.seat.seat;
    let (register, roll) = (school.register.clone(), school.roll.clone());
    school.world.now += 24 * 3_600_000;
    school.world.write(&mut school.office, Some(head), &register, &["of the new year"]);
    school.world.write(&mut school.office, None, &roll, &["the day after"]);
    assert!(school.missing().is_empty());
    // The finder puts everything of the school onto it, as it lies on the office's disk, and has every passphrase.
    let stolen = school.tablet.device_secrets().clone();
    let mut store = school.office.into_store();
    muster_core::replica::store::Store::put_file(&mut store, "device", &stolen.encode()).unwrap();
    let mut finder = Replica::open(store, &RULES).unwrap();
    finder.sign_in(&school.teacher);
    for document in [&register, &roll] {
        finder.rebuild(&document.section).unwrap();
    }
    while finder.work(&mut school.world.context()).unwrap().1 {}
    let texts: Vec<String> = [&register, &roll]
        .into_iter()
        .flat_map(|document| finder.readable_facts(&document.section).unwrap())
        .map(|(_, _, bytes)| String::from_utf8_lossy(&bytes).into_owned())
        .collect();
    assert!(texts.iter().any(|text| text.contains("from the teacher")), "what it held, it reads: {texts:?}");
    assert!(texts.iter().any(|text| text.contains("at the gate")), "{texts:?}");
    assert!(!texts.iter().any(|text| text.contains("the day after")), "{texts:?}");
    assert!(!texts.iter().any(|text| text.contains("of the new year")), "{texts:?}");
}

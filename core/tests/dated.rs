//! Times are claims: what came late or is dated as it cannot be is told with when it came and since when it can be.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

#[path = "common/world.rs"]
mod world;
use muster_core::replica::Interval;
use world::*;

const DAY: i64 = 24 * 60 * 60 * 1_000;

/// Two meetings: in the first the keys of days that are past may still be let go of.
fn meet(world: &mut World, left: &mut Device, right: &mut Device) {
    for _ in 0..2 {
        let mut a = Conversation::start(left, right.device(), Moment::utc(world.now));
        let mut b = Conversation::start(right, left.device(), Moment::utc(world.now));
        world.talk(left, &mut a, right, &mut b);
    }
}

/// Office, hall and gate of one school that have met, and a register of the head's on all of them.
struct School {
    world: World,
    office: Device,
    head: Opened,
    hall: Device,
    gate: Device,
}

impl School {
    fn new(seed: u64) -> Self {
        let (mut world, mut office, head, mut hall) = small_school(seed);
        let mut gate = world.let_in(&mut office, &head);
        world.meet(&mut office, &mut gate);
        world.meet(&mut office, &mut hall);
        Self { world, office, head, hall, gate }
    }

    fn wait(&mut self, days: i64) {
        self.world.now += days * DAY;
    }

    /// Something that the hall tablet writes in the roll; the name of its entry.
    fn hall_writes(&mut self, what: &str) -> EntryHash {
        let roll = document(ROLL, &format!("day {}", self.world.now / DAY));
        self.world.write(&mut self.hall, None, &roll, &[what]);
        let seat = self.hall.device_seat();
        let mut writer = self.hall.writer(seat, self.world.context()).unwrap();
        let facts = writer.facts(&roll).unwrap().unwrap();
        let newest = facts.iter().max_by_key(|held| held.origin.sequence).unwrap();
        newest.name.entry
    }

    fn seen_at_the_office(&self, entry: &EntryHash) -> Option<Interval> {
        self.office.interval(entry)
    }
}

#[test]
fn what_comes_within_a_day_of_what_it_says_is_told_nothing_of() {
    let mut school = School::new(1);
    for _ in 0..3 {
        school.wait(1);
        let entry = school.hall_writes("in");
        meet(&mut school.world, &mut school.office, &mut school.hall);
        assert_eq!(school.seen_at_the_office(&entry), None);
    }
}

#[test]
fn what_was_kept_back_for_days_is_told_with_when_it_came_and_after_a_restart_too() {
    let mut school = School::new(2);
    let entry = school.hall_writes("kept back");
    let written = school.world.now;
    for _ in 0..5 {
        school.wait(1);
        meet(&mut school.world, &mut school.office, &mut school.gate);
    }
    meet(&mut school.world, &mut school.office, &mut school.hall);
    let interval = school.seen_at_the_office(&entry).expect("it came five days late");
    assert!(interval.by.utc_ms >= written + 5 * DAY, "{interval:?}");
    assert!(!interval.contradicts(Moment::utc(written)), "late, and as far as anybody knows written when it says");
    let again = Replica::open(school.office.store().clone(), &RULES).unwrap();
    assert_eq!(again.interval(&entry), Some(interval));
}

#[test]
fn a_back_dated_entry_is_told_with_what_its_author_had_heard_of_by_then() {
    let mut school = School::new(3);
    school.wait(10);
    // The head says something on the tenth day, the hall hears of it, and its clock is then put back.
    let words = words::random_words(6, &mut school.world.random);
    let rights = vec![Capability { right: Right::Read, area: Which::One(ROLL), place: Which::One(SITE) }];
    let (by, person) = (school.head.seat.seat, PersonId([9; 16]));
    let mut context = school.world.context();
    school.office.grant_by_words(&by, person, 4, rights, &words, Cost::TEST, &mut context).unwrap();
    let said = school.world.now;
    meet(&mut school.world, &mut school.office, &mut school.hall);
    meet(&mut school.world, &mut school.office, &mut school.gate);
    school.world.now -= 8 * DAY;
    let claim = school.world.now;
    let entry = school.hall_writes("as if a week ago");
    school.world.now = said + DAY;
    meet(&mut school.world, &mut school.office, &mut school.hall);
    let interval = school.seen_at_the_office(&entry).expect("it says that it was here all the time");
    assert!(interval.contradicts(Moment::utc(claim)));
    assert_eq!(interval.after.unwrap().utc_ms, said, "its author had heard of what the head said then");
    assert!(interval.by.utc_ms >= said + DAY);
}

#[test]
fn an_entry_dated_later_than_it_came_cannot_be_right() {
    let mut school = School::new(4);
    school.wait(1);
    let now = school.world.now;
    school.world.now += 30 * DAY;
    let claim = school.world.now;
    let entry = school.hall_writes("as if next month");
    school.world.now = now;
    meet(&mut school.world, &mut school.office, &mut school.hall);
    let interval = school.seen_at_the_office(&entry).expect("it is dated next month");
    assert!(interval.contradicts(Moment::utc(claim)));
    assert!(interval.by.utc_ms < now + DAY);
}

#[test]
fn a_device_that_was_away_itself_and_one_that_is_new_call_nobody_late() {
    let mut school = School::new(5);
    let mut entries = Vec::new();
    for _ in 0..6 {
        school.wait(2);
        entries.push(school.hall_writes("in"));
        meet(&mut school.world, &mut school.office, &mut school.hall);
    }
    // The gate was in a drawer for twelve days, and somebody brings a new tablet.
    meet(&mut school.world, &mut school.office, &mut school.gate);
    let mut new = school.world.let_in(&mut school.office, &school.head);
    meet(&mut school.world, &mut school.office, &mut new);
    for entry in &entries {
        assert_eq!(school.gate.interval(entry), None);
        assert_eq!(new.interval(entry), None);
    }
}

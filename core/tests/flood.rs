//! A device that writes without end: what the others keep of it, and what goes on meanwhile.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

#[path = "common/world.rs"]
mod world;
use muster_core::replica::DailyLimit;
use world::*;

const DAY_MS: i64 = 86_400_000;
/// Small, so that a flood is quickly written.
const LIMIT: DailyLimit = DailyLimit { entries: 10, bytes: 1 << 20, days: 1 };

/// An office, a hall's tablet, and a tablet with a teacher on it that is going to run wild; all have met.
struct Flood {
    world: World,
    office: Device,
    head: Opened,
    hall: Device,
    wild: Device,
    teacher: Opened,
}

impl Flood {
    fn new(seed: u64) -> Self {
        let mut world = World::new(seed);
        let (mut office, head) = world.found();
        let mut wild = world.let_in(&mut office, &head);
        let mut hall = world.let_in(&mut office, &head);
        let writes = [(Right::Read, REGISTER), (Right::Write, REGISTER)];
        let teacher = world.person((&mut office, &head), &mut wild, 5, &writes);
        world.meet(&mut office, &mut wild);
        world.meet(&mut office, &mut hall);
        office.limit_daily(Some(LIMIT));
        Self { world, office, head, hall, wild, teacher }
    }

    /// The wild one writes into the roll.
    fn writes(&mut self, entries: usize) {
        let roll = document(ROLL, "day 1");
        for number in 0..entries {
            self.world.write(&mut self.wild, None, &roll, &[&format!("{number}")]);
        }
    }

    /// The wild one meets the office; gives how many of its entries the office keeps.
    fn meets(&mut self) -> u64 {
        let Self { world, office, wild, .. } = self;
        let mut a = Conversation::start(office, wild.device(), Moment::utc(world.now));
        let mut b = Conversation::start(wild, office.device(), Moment::utc(world.now));
        world.talk(office, &mut a, wild, &mut b);
        let seat = wild.device_seat();
        let its = office
            .logs()
            .values()
            .filter(|state| state.descriptor.seat == seat && state.descriptor.section.compartment.area == ROLL);
        its.map(|state| state.length()).sum()
    }
}

#[test]
fn a_device_that_writes_without_end_has_others_keep_a_days_worth_and_the_rest_is_counted_and_comes_later() {
    let mut school = Flood::new(1);
    school.writes(6);
    let first = school.meets();
    assert!((6..=7).contains(&first), "with the day's key: {first}");
    assert_eq!(school.office.over_limit(&school.wild.device()), 0);
    school.writes(8);
    assert_eq!(school.meets(), first, "they were too many for the day, and the session came to its end");
    assert_eq!(school.office.over_limit(&school.wild.device()), 8);
    // Starting anew begins no new count.
    let store = school.office.store().clone();
    school.office = Replica::open(store, &RULES).unwrap();
    school.office.limit_daily(Some(LIMIT));
    assert_eq!(school.meets(), first);
    assert_eq!(school.office.over_limit(&school.wild.device()), 8);
    school.world.now += DAY_MS;
    assert_eq!(school.meets(), first + 8, "the next day all of it is there");
    assert_eq!(school.office.over_limit(&school.wild.device()), 0);
}

#[test]
fn a_flood_from_one_device_keeps_no_register_waiting_neither_another_devices_nor_its_own() {
    let mut school = Flood::new(2);
    school.writes(9);
    let kept = school.meets();
    school.writes(9);
    assert_eq!(school.meets(), kept);
    let (register, roll) = (document(REGISTER, "4B week 48"), document(ROLL, "day 1"));
    let Flood { world, office, hall, wild, teacher, .. } = &mut school;
    // A teacher takes a register on the very device that floods the roll.
    world.write(wild, Some(teacher.seat.seat), &register, &["Ada present"]);
    world.write(hall, None, &roll, &["seen in the hall"]);
    world.meet(hall, office);
    assert_eq!(office.over_limit(&hall.device()), 0);
    assert_eq!(school.meets(), kept, "no more of the flood");
    let Flood { world, office, head, .. } = &mut school;
    assert_eq!(world.read(office, Some(head.seat.seat), &register), ["Ada present"]);
    assert!(world.read(office, None, &roll).contains(&"seen in the hall".to_owned()));
}

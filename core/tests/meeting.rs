//! Replicas that meet, part and meet again, over connections that are lost, repeat and mix up what they carry.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

#[path = "common/world.rs"]
mod world;
use proptest::prelude::*;
use std::collections::VecDeque;
use world::*;

struct Link {
    ends: [usize; 2],
    sides: [Conversation; 2],
    queues: [VecDeque<Vec<u8>>; 2],
}

struct School {
    world: World,
    devices: Vec<Option<Device>>,
    head: Opened,
    links: Vec<Link>,
    /// What was acknowledged to its writer: document and value.
    written: Vec<(DocumentId, String)>,
}

impl School {
    fn new(seed: u64, count: usize) -> Self {
        let mut world = World::new(seed);
        let (mut office, head) = world.found();
        let mut devices = Vec::new();
        for _ in 1..count {
            devices.push(Some(world.let_in(&mut office, &head)));
        }
        devices.insert(0, Some(office));
        Self { world, devices, head, links: Vec::new(), written: Vec::new() }
    }

    fn device(&mut self, at: usize) -> &mut Device {
        self.devices[at].as_mut().unwrap()
    }

    fn pick(&mut self, of: usize) -> usize {
        self.world.random.random_range(0..of)
    }

    fn write(&mut self) {
        let at = self.pick(self.devices.len());
        let day = self.pick(3);
        let roll = document(ROLL, &format!("day {day}"));
        let values: Vec<String> =
            (0..1 + self.pick(3)).map(|_| format!("{}", self.world.random.random::<u64>())).collect();
        let texts: Vec<&str> = values.iter().map(String::as_str).collect();
        if at == 0 && self.pick(2) == 0 {
            let register = document(REGISTER, &format!("class {day}"));
            let seat = self.head.seat.seat;
            self.world.write(self.devices[0].as_mut().unwrap(), Some(seat), &register, &texts);
            self.written.extend(values.into_iter().map(|value| (register.clone(), value)));
        } else if self.devices[at].as_ref().unwrap().view().is_enrolled(&self.devices[at].as_ref().unwrap().device()) {
            self.world.write(self.devices[at].as_mut().unwrap(), None, &roll, &texts);
            self.written.extend(values.into_iter().map(|value| (roll.clone(), value)));
        }
    }

    fn connect(&mut self) {
        let (a, b) = (self.pick(self.devices.len()), self.pick(self.devices.len()));
        if a != b && !self.links.iter().any(|link| link.ends.contains(&a) && link.ends.contains(&b)) {
            self.link(a, b);
        }
    }

    fn link(&mut self, a: usize, b: usize) {
        let now = Moment::utc(self.world.now);
        let (ia, ib) = (self.device(a).device(), self.device(b).device());
        let side_a = Conversation::start(self.device(a), ib, now);
        let side_b = Conversation::start(self.device(b), ia, now);
        self.links.push(Link { ends: [a, b], sides: [side_a, side_b], queues: Default::default() });
    }

    /// One step of one link: a frame is made, or one is delivered. Says whether anything happened. A fault ends
    /// the link.
    fn step(&mut self, at: usize, rough: bool) -> bool {
        let mut link = self.links.remove(at);
        let mut moved = false;
        let mut alive = true;
        for side in 0..2 {
            let device = self.devices[link.ends[side]].as_mut().unwrap();
            if let Some(frame) = link.sides[side].next(device).unwrap() {
                assert!(frame.len() <= muster_core::limits::FRAME_BYTES, "a frame that no peer takes");
                link.queues[1 - side].push_back(frame);
                moved = true;
            }
            let queue = &mut link.queues[side];
            if rough && queue.len() > 1 && self.world.random.random_range(0..40) == 0 {
                queue.swap(0, 1);
            }
            if let Some(frame) = queue.pop_front() {
                moved = true;
                if rough && self.world.random.random_range(0..40) == 0 {
                    queue.push_front(frame.clone());
                }
                let device = self.devices[link.ends[side]].as_mut().unwrap();
                let taken = link.sides[side].receive(device, &frame, &mut self.world.context());
                alive &= taken.is_ok();
                assert!(rough || taken.is_ok(), "an honest peer is never refused: {taken:?}");
            }
        }
        if alive {
            self.links.insert(at, link);
        }
        moved
    }

    fn work(&mut self) {
        for device in self.devices.iter_mut().flatten() {
            while device.work(&mut self.world.context()).unwrap().1 {}
        }
    }

    fn restart(&mut self) {
        let at = self.pick(self.devices.len());
        self.links.retain(|link| !link.ends.contains(&at));
        let store = self.devices[at].take().unwrap().into_store();
        let mut again = Replica::open(store, &RULES).unwrap();
        if at == 0 {
            again.sign_in(&self.head);
        }
        self.devices[at] = Some(again);
    }

    /// Everybody meets everybody, until nothing moves.
    fn heal(&mut self) {
        self.links.clear();
        for a in 0..self.devices.len() {
            for b in 0..a {
                self.link(a, b);
            }
        }
        let mut steps = 0;
        let mut moved = true;
        while moved {
            moved = false;
            for at in 0..self.links.len() {
                moved |= self.step(at, false);
            }
            self.work();
            steps += 1;
            assert!(steps < 5_000, "they talk without end");
        }
    }

    fn is_whole(&mut self) {
        for link in &self.links {
            assert!(link.sides.iter().all(Conversation::is_same), "both ends of each link know that they agree");
        }
        let ids: Vec<DeviceId> = self.devices.iter().flatten().map(|device| device.device()).collect();
        for a in 0..ids.len() {
            for b in 0..ids.len() {
                let (left, right) = (self.device(a).root_digest(&ids[b]), self.device(b).root_digest(&ids[a]));
                assert_eq!(left, right, "equal digests");
                assert_eq!(
                    self.device(a).shared_heads(&ids[b]),
                    self.devices[b].as_ref().unwrap().shared_heads(&ids[a])
                );
            }
        }
        let section = document(ROLL, "").section;
        let facts: Vec<_> = (0..ids.len()).map(|at| self.device(at).readable_facts(&section).unwrap()).collect();
        assert!(facts.windows(2).all(|pair| pair[0] == pair[1]), "equal facts");
        let mut lost = Vec::new();
        for (document, value) in self.written.clone() {
            let seat = (document.section.compartment.area == REGISTER).then_some(self.head.seat.seat);
            let mut world = World::new(0);
            if !world.read(self.device(0), seat, &document).contains(&value) {
                lost.push(value);
            }
        }
        assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
        for device in self.devices.iter().flatten() {
            let found = device.verify(&mut |_, _| {}).unwrap();
            assert!(found.is_sound(), "{:?}", found.findings);
            assert_eq!(device.only_here(), 0, "every entry is known to be elsewhere too");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 0, ..ProptestConfig::default() })]

    #[test]
    fn whatever_connections_do_devices_that_meet_at_last_hold_the_same_and_nothing_written_is_lost(
        seed in any::<u64>(), count in 2_usize..5, steps in 20_usize..160,
    ) {
        let mut school = School::new(seed, count);
        for _ in 0..steps {
            match school.pick(12) {
                0..4 => school.write(),
                4 => school.connect(),
                5 if !school.links.is_empty() => {
                    let at = school.pick(school.links.len());
                    school.links.remove(at);
                }
                6 if school.pick(4) == 0 => school.restart(),
                7 => school.work(),
                _ => {
                    for _ in 0..1 + school.pick(20) {
                        if !school.links.is_empty() {
                            let at = school.pick(school.links.len());
                            school.step(at, true);
                        }
                    }
                }
            }
        }
        school.heal();
        school.is_whole();
    }
}

#[test]
fn a_mark_passes_through_a_third_device_while_all_are_connected() {
    let mut school = School::new(7, 3);
    school.heal();
    school.links.clear();
    school.link(0, 1);
    school.link(1, 2);
    for round in 0..3 {
        school.write();
        let mut moved = true;
        while moved {
            moved = school.step(0, false) | school.step(1, false);
            school.work();
        }
        let ids: Vec<DeviceId> = school.devices.iter().flatten().map(|device| device.device()).collect();
        assert_eq!(school.device(0).root_digest(&ids[2]), school.device(2).root_digest(&ids[0]), "round {round}");
    }
    school.heal();
    school.is_whole();
}

#[test]
fn a_device_granted_more_while_connected_gets_what_was_written_before() {
    let mut world = World::new(8);
    let (mut office, head) = world.found();
    let mut hall = world.let_in_with(
        &mut office,
        &head,
        vec![Capability { right: Right::Hold, area: Which::One(ROLL), place: Which::Any }],
    );
    let register = document(REGISTER, "4B");
    world.write(&mut office, Some(head.seat.seat), &register, &["early"]);
    let mut a = Conversation::start(&mut office, hall.device(), Moment::utc(0));
    let mut b = Conversation::start(&mut hall, office.device(), Moment::utc(0));
    world.talk(&mut office, &mut a, &mut hall, &mut b);
    assert!(a.is_same() && b.is_same());
    assert!(!hall.logs().values().any(|log| log.descriptor.section == register.section), "not entitled");
    let to = Grantee::Device { device: hall.device(), agree: hall.device_secrets().public_agree() };
    let grant = Grant { to, rank: RANK_DEVICE, capabilities: device_rights(), until: None };
    office.grant(&head.seat.seat, grant, &mut world.context()).unwrap();
    world.talk(&mut office, &mut a, &mut hall, &mut b);
    assert!(hall.logs().values().any(|log| log.descriptor.section == register.section), "it came at once");
    assert!(a.is_same() && b.is_same());
}

#[test]
fn a_clone_that_wrote_more_than_the_first_is_taken_in_and_everybody_keeps_talking() {
    for (first, second) in [(1, 90), (90, 1), (70, 70), (1, 530)] {
        let mut world = World::new(9);
        let (mut office, head) = world.found();
        let mut hall = world.let_in(&mut office, &head);
        let roll = document(ROLL, "day 1");
        world.meet(&mut office, &mut hall);
        world.write(&mut hall, None, &roll, &["common"]);
        world.meet(&mut office, &mut hall);
        let image = hall.into_store();
        let mut hall = Replica::open(image.clone(), &RULES).unwrap();
        let mut clone = Replica::open(image, &RULES).unwrap();
        for (device, count) in [(&mut hall, first), (&mut clone, second)] {
            for number in 0..count {
                world.write(device, None, &roll, &[&format!("{number}")]);
            }
        }
        world.meet(&mut office, &mut hall);
        world.meet(&mut office, &mut clone);
        world.meet(&mut office, &mut hall);
        let mut fourth = world.let_in(&mut office, &head);
        world.meet(&mut fourth, &mut office);
        for device in [&mut office, &mut hall, &mut clone, &mut fourth] {
            let forked = device.logs().values().filter(|log| log.forked_at.is_some()).count();
            assert_eq!(forked, 1, "{first} and {second}");
            assert!(device.verify(&mut |_, _| {}).unwrap().is_sound());
        }
        world.write(&mut office, None, &roll, &["honest"]);
        world.meet(&mut office, &mut fourth);
        assert_eq!(world.read(&mut fourth, None, &roll), ["common", "honest"]);
    }
}

#[test]
fn a_lost_connection_in_the_middle_of_a_long_catch_up_costs_nothing_but_time() {
    let mut world = World::new(10);
    let (mut office, head) = world.found();
    let mut hall = world.let_in(&mut office, &head);
    let large = "x".repeat(150_000);
    for number in 0..700 {
        let roll = document(ROLL, &format!("day {}", number % 40));
        world.write(&mut office, None, &roll, &[&format!("{number}")]);
    }
    // Noise, so that it does not compress.
    for number in 0..4 {
        let noise: String = (0..150_000).map(|_| char::from(world.random.random_range(33..127_u8))).collect();
        world.write(&mut office, None, &document(ROLL, &format!("large {number}")), &[&noise]);
    }
    world.write(&mut office, None, &document(ROLL, "plain"), &[&large]);
    let mut before = 0;
    for frames in [3, 6, 9, 12, 15] {
        let mut a = Conversation::start(&mut office, hall.device(), Moment::utc(0));
        let mut b = Conversation::start(&mut hall, office.device(), Moment::utc(0));
        for _ in 0..frames {
            for _ in 0..2 {
                if let Some(frame) = a.next(&mut office).unwrap() {
                    assert!(frame.len() <= muster_core::limits::FRAME_BYTES);
                    b.receive(&mut hall, &frame, &mut world.context()).unwrap();
                }
            }
            if let Some(frame) = b.next(&mut hall).unwrap() {
                a.receive(&mut office, &frame, &mut world.context()).unwrap();
            }
        }
        let held: u64 = hall.logs().values().map(|log| log.length()).sum();
        assert!(held >= before, "what was durable stays");
        before = held;
        hall = Replica::open(hall.into_store(), &RULES).unwrap();
    }
    world.meet(&mut office, &mut hall);
    let section = document(ROLL, "").section;
    assert_eq!(office.readable_facts(&section).unwrap(), hall.readable_facts(&section).unwrap());
    assert_eq!(office.readable_facts(&section).unwrap().len(), 705);
}

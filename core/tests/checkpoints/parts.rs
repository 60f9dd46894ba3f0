//! A school of two sites with a kiosk and a blind store: what is kept back is noticed where it belongs, and nobody else is
//! told who writes there.

use super::*;

/// What a laptop of one site may keep, as the school's own kinds of device have it.
fn laptop_of(site: PlaceId) -> Vec<Capability> {
    let place = Which::One(site);
    let of = |right, area| Capability { right, area, place };
    vec![
        of(Right::Hold, Which::Any),
        Capability { place: Which::One(PlaceId::ZERO), ..of(Right::Hold, Which::Any) },
        of(Right::Read, Which::One(ROLL)),
        of(Right::Write, Which::One(ROLL)),
    ]
}

/// What a device at a door may do: it writes the roll, and keeps nothing.
fn kiosk_of(site: PlaceId) -> Vec<Capability> {
    vec![Capability { right: Right::Write, area: Which::One(ROLL), place: Which::One(site) }]
}

/// A store that keeps everything and reads nothing.
fn blind() -> Vec<Capability> {
    vec![Capability { right: Right::Hold, area: Which::Any, place: Which::Any }]
}

/// A school of two sites with a kiosk and a blind store, all of which have met the office.
struct TwoSites {
    world: World,
    office: Device,
    head: Opened,
    hall: Device,
    far: Device,
    kiosk: Device,
    store: Device,
}

impl TwoSites {
    fn new(seed: u64) -> Self {
        let mut world = World::new(seed);
        let (mut office, head) = world.found();
        let [mut hall, mut far, mut kiosk, mut store] =
            [laptop_of(SITE), laptop_of(ELSEWHERE), kiosk_of(SITE), blind()]
                .map(|rights| world.let_in_with(&mut office, &head, rights));
        for _ in 0..2 {
            for device in [&mut hall, &mut far, &mut kiosk, &mut store] {
                world.meet(&mut office, device);
            }
        }
        Self { world, office, head, hall, far, kiosk, store }
    }

    /// A register and a roll of the first site, by the office.
    fn write_at_the_office(&mut self, what: &str) {
        self.world.write(&mut self.office, Some(self.head.seat.seat), &document(REGISTER, "4B week 48"), &[what]);
        self.world.write(&mut self.office, None, &document(ROLL, "day 1"), &[what]);
    }
}

/// A device in between passes on what is said, and for more than a day no entry; what follows from it.
fn keeps_entries_back(world: &mut World, between: &mut Device, to: &mut Device) -> Vec<Alarm> {
    meet_with_loss(world, between, to, |message| matches!(message, Message::Batch(_)));
    assert!(!to.lacking().is_empty());
    assert_eq!(alarms(world, to), vec![], "it may be on its way");
    wait(world, DAY + HOUR);
    let mut side = Conversation::start(to, between.device(), Moment::utc(world.now));
    let hello = Message::Hello {
        version: muster_core::sync::message::VERSION,
        school: to.school(),
        root: to.root_digest(&between.device()),
        authority: to.authority_heads(),
        now: Moment::utc(world.now),
    };
    side.receive(to, &hello.encode(), &mut world.context()).unwrap();
    alarms(world, to)
}

fn lacking_in(found: &[Alarm]) -> Vec<(DeviceId, u64, Vec<DeviceId>)> {
    let lacking = found.iter().filter_map(|one| if let Alarm::Lacking(one) = one { Some(one) } else { None });
    lacking.map(|one| (one.of, one.entries, one.holders.clone())).collect()
}

#[test]
fn a_register_and_a_roll_kept_back_are_noticed_at_their_site_though_there_is_another_site_and_a_kiosk() {
    let mut school = TwoSites::new(21);
    school.write_at_the_office("present");
    say(&mut school.world, &mut school.office);
    let told: Vec<Area> =
        own_checkpoint(&school.office).said.held.iter().map(|one| one.section.compartment.area).collect();
    assert_eq!(told, [ROLL, REGISTER], "neither the kiosk nor the other site's laptop keeps that from being said");
    school.world.meet(&mut school.office, &mut school.store);
    say(&mut school.world, &mut school.store);
    let written = |area| {
        let logs = school.office.logs().values();
        logs.filter(|state| state.descriptor.section.compartment == Compartment { area, place: SITE })
            .map(muster_core::replica::LogState::length)
            .sum::<u64>()
    };
    let written = written(ROLL) + written(REGISTER);
    let found = keeps_entries_back(&mut school.world, &mut school.store, &mut school.hall);
    assert_eq!(
        lacking_in(&found),
        [(school.office.device(), written, vec![school.store.device()])],
        "all of both, and who holds it is named"
    );
    let (of_office, by_store) = (school.office.device(), school.store.device());
    let shortened =
        |one: &Alarm| matches!(one, Alarm::Shortened { device, of, .. } if *device == by_store && *of == of_office);
    assert!(found.iter().any(shortened), "{found:?}");
    school.world.meet(&mut school.office, &mut school.hall);
    assert_eq!(lacking_in(&alarms(&school.world, &school.hall)), []);
}

#[test]
fn a_laptop_put_back_in_a_school_of_two_sites_with_a_kiosk_is_told_so() {
    let mut school = TwoSites::new(22);
    let TwoSites { world, office, hall, .. } = &mut school;
    let image = hall.store().clone();
    wait(world, 2 * HOUR);
    write(world, hall, "after the backup");
    say(world, hall);
    world.meet(hall, office);
    wait(world, HOUR);
    let mut back = Replica::open(image, &RULES).unwrap();
    world.meet(&mut back, office);
    assert!(alarms(world, &back).iter().any(|one| matches!(one, Alarm::PutBack { .. })));
    let shorter =
        |one: &Alarm| matches!(one, Alarm::Shortened { device, of, .. } if device == of && *device == hall.device());
    assert!(alarms(world, office).iter().any(shorter), "its log is shorter than it said");
}

/// The frames that `to` is sent while two devices meet.
fn overheard(world: &mut World, from: &mut Device, to: &mut Device) -> Vec<Vec<u8>> {
    let mut a = Conversation::start(from, to.device(), Moment::utc(world.now));
    let mut b = Conversation::start(to, from.device(), Moment::utc(world.now));
    let mut frames = Vec::new();
    for _ in 0..200 {
        while let Some(frame) = a.next(from).unwrap() {
            b.receive(to, &frame, &mut world.context()).unwrap();
            frames.push(frame);
        }
        while let Some(frame) = b.next(to).unwrap() {
            a.receive(from, &frame, &mut world.context()).unwrap();
        }
    }
    frames
}

#[test]
fn a_laptop_of_another_site_and_a_kiosk_are_told_nothing_of_a_sites_logs() {
    let mut school = TwoSites::new(23);
    // What shows a log of the first site: its name, or where it ends.
    let mut marks: Vec<[u8; 32]> = Vec::new();
    let mut sent: [Vec<Vec<u8>>; 3] = Default::default();
    for _ in 0..3 {
        wait(&mut school.world, 2 * HOUR);
        school.write_at_the_office("present");
        for device in [&mut school.office, &mut school.hall, &mut school.store, &mut school.kiosk, &mut school.far] {
            say(&mut school.world, device);
        }
        for (log, state) in school.office.logs() {
            if state.descriptor.section.compartment.place == SITE {
                marks.push(log.0);
                marks.extend(state.heads.iter().map(|head| head.hash.0));
            }
        }
        let TwoSites { world, office, hall, far, kiosk, store, .. } = &mut school;
        for (to, sent) in [hall, far, kiosk].into_iter().zip(&mut sent) {
            sent.extend(overheard(world, office, to));
            sent.extend(overheard(world, store, to));
        }
    }
    let shows = |frames: &[Vec<u8>]| {
        frames.iter().any(|frame| marks.iter().any(|mark| frame.windows(32).any(|bytes| bytes == mark)))
    };
    let [to_hall, to_far, to_kiosk] = &sent;
    assert!(shows(to_hall), "a device of the site is told");
    assert!(!shows(to_far) && !shows(to_kiosk));
    let parts = |device: &Device| device.checkpoints().map(|(part, _)| part).collect::<Vec<_>>();
    assert!(parts(&school.hall).contains(&PART) && !parts(&school.far).contains(&PART));
    assert_eq!(parts(&school.kiosk), [Section::CHECKPOINTS; 5], "a kiosk hears who is there, and no more");
    for device in [&school.office, &school.hall, &school.far] {
        assert!(device.last_said(&school.kiosk.device()).is_some(), "and is heard from by everybody");
    }
}

#[test]
fn what_a_kiosk_wrote_and_somebody_keeps_back_is_noticed_by_those_who_keep_the_roll() {
    let mut school = TwoSites::new(24);
    write(&mut school.world, &mut school.kiosk, "a visitor");
    say(&mut school.world, &mut school.kiosk);
    assert!(own_part(&school.kiosk, PART).is_some(), "it says where its own logs end");
    school.world.meet(&mut school.kiosk, &mut school.store);
    let found = keeps_entries_back(&mut school.world, &mut school.store, &mut school.hall);
    let of: Vec<DeviceId> = lacking_in(&found).into_iter().map(|(of, ..)| of).collect();
    assert_eq!(of, [school.kiosk.device()]);
    assert_eq!(school.kiosk.checkpoints().filter(|(part, _)| *part == PART).count(), 1, "its own alone");
}

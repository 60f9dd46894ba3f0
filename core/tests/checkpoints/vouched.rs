//! Removals that would hide what another device vouches for.

use super::*;

/// A school with an administrator in the office, a site lead, and a tablet that wrote what the gate alone holds.
fn school() -> (World, Device, [Opened; 3], Device) {
    let mut world = World::new(31);
    let (mut office, head) = world.found();
    let mut hall = world.let_in(&mut office, &head);
    let mut gate = world.let_in(&mut office, &head);
    let everything = |rights: &[Right]| -> Vec<Capability> {
        rights.iter().map(|right| Capability { right: *right, area: Which::Any, place: Which::Any }).collect()
    };
    let mut people = vec![head];
    for (name, rank) in [(2, 2), (3, 3)] {
        let words = words::random_words(6, &mut world.random);
        let rights = everything(&[Right::Read, Right::Write, Right::Grant, Right::Enrol, Right::Hold]);
        let (by, person) = (people[0].seat.seat, PersonId([name; 16]));
        office.grant_by_words(&by, person, rank, rights, &words, Cost::TEST, &mut world.context()).unwrap();
        people.push(office.activate(&words, &mut world.context()).unwrap());
    }
    for device in [&mut hall, &mut gate] {
        world.meet(&mut office, device);
    }
    write(&mut world, &mut hall, "known to all");
    world.meet(&mut office, &mut hall);
    // The gate takes what the hall wrote since, and says so; word of that reaches the office, the entries do not.
    write(&mut world, &mut hall, "known to the gate");
    say(&mut world, &mut hall);
    world.meet(&mut hall, &mut gate);
    wait(&mut world, HOUR);
    say(&mut world, &mut gate);
    let no_entries = |message: &Message| matches!(message, Message::Batch(_));
    meet_with_loss(&mut world, &mut gate, &mut office, no_entries);
    let people: [Opened; 3] = people.try_into().unwrap_or_else(|_| panic!("three"));
    (world, office, people, hall)
}

#[test]
fn an_administrator_takes_no_device_away_below_what_another_vouches_for_and_a_head_does() {
    let (mut world, mut office, [head, administrator, _], hall) = school();
    let hall = Target::Device(hall.device());
    let refused = office.remove(&administrator.seat.seat, hall, Reason::Retired, &mut world.context()).unwrap_err();
    assert!(refused.to_string().contains("let the two meet first"), "{refused}");
    assert!(office.view().has_device(&match hall {
        Target::Device(device) => device,
        _ => unreachable!(),
    }));
    office.remove(&head.seat.seat, hall, Reason::Retired, &mut world.context()).unwrap();
}

#[test]
fn whoever_leads_the_area_may_and_a_lost_tablet_is_held_back_by_anybody_at_once() {
    let (mut world, mut office, [_, administrator, lead], hall) = school();
    office.suspend(&administrator.seat.seat, hall.device(), Reason::Lost, &mut world.context()).unwrap();
    assert!(!office.view().is_enrolled(&hall.device()));
    let hall = Target::Device(hall.device());
    office.remove(&lead.seat.seat, hall, Reason::Lost, &mut world.context()).unwrap();
}

#[test]
fn once_the_two_have_met_the_administrator_may() {
    let (mut world, mut office, [_, administrator, _], mut hall) = school();
    speak(&mut world, &mut office, &mut hall);
    let hall = Target::Device(hall.device());
    office.remove(&administrator.seat.seat, hall, Reason::Retired, &mut world.context()).unwrap();
}

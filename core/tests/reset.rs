//! A forgotten passphrase while the office is away: who at the site may end the sign-in and let its owner back, how
//! that travels to the tablet in front of them, and what the office finds afterwards.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

#[path = "common/world.rs"]
mod world;
use muster_core::authority::reduction::{Reason, Target};
use muster_core::authority::view::Holder;
use muster_core::replica::{Passphrase, SignInError};
use muster_core::sync::carry::Scope;
use muster_core::sync::carry::give::CarryOut;
use muster_core::sync::carry::take::CarryIn;
use world::*;

const TEACHER: PersonId = PersonId([9; 16]);
const LEAD: PersonId = PersonId([8; 16]);
const ELSEWHERE: PlaceId = PlaceId([5; 16]);
const OLD: Passphrase<'_> = Passphrase { text: "four quiet generated words", cost: Cost::TEST };
const NEW: Passphrase<'_> = Passphrase { text: "other words that nobody knows", cost: Cost::TEST };

fn at(right: Right, area: Which<Area>, place: PlaceId) -> Capability {
    Capability { right, area, place: Which::One(place) }
}

/// A device of one site; the one at the lead's desk may keep the keys of leads.
fn device_of(place: PlaceId, for_leads: bool) -> Vec<Capability> {
    let mut given = vec![
        at(Right::Hold, Which::Any, place),
        at(Right::Hold, Which::Any, PlaceId::ZERO),
        at(Right::Read, Which::One(ROLL), place),
        at(Right::Write, Which::One(ROLL), place),
    ];
    given.extend(for_leads.then_some(at(Right::KeepLeads, Which::Any, place)));
    given
}

fn takes_registers(place: PlaceId) -> Vec<Capability> {
    [Right::Read, Right::Write].map(|right| at(right, Which::One(REGISTER), place)).to_vec()
}

/// What whoever leads a site may do there: as a teacher, and let others in.
fn leads(place: PlaceId) -> Vec<Capability> {
    let mut given = takes_registers(place);
    given.extend([at(Right::Grant, Which::One(REGISTER), place), at(Right::Enrol, Which::Any, place)]);
    given
}

fn settle(world: &mut World, device: &mut Device) {
    while device.work(&mut world.context()).unwrap().1 {}
}

/// Somebody is let in by the head, and takes the words up on a device of the site.
fn let_in(
    world: &mut World,
    (office, head): (&mut Device, &Opened),
    on: &mut Device,
    (person, rank, rights): (PersonId, u8, Vec<Capability>),
) -> Opened {
    let words = words::random_words(6, &mut world.random);
    office.grant_by_words(&head.seat.seat, person, rank, rights, &words, Cost::TEST, &mut world.context()).unwrap();
    world.meet(office, on);
    let opened = on.activate_with(&words, &OLD, &mut world.context()).unwrap();
    on.share_keys(&person, "of the site", &mut world.random).unwrap();
    settle(world, on);
    world.meet(on, office);
    opened
}

struct School {
    world: World,
    office: Device,
    head: Opened,
    /// At the desk of whoever leads the site.
    laptop: Device,
    lead: Opened,
    /// In the teacher's classroom.
    tablet: Device,
    register: DocumentId,
}

/// An office elsewhere, and at the site a lead's laptop and a tablet on which a teacher works.
fn school(seed: u64) -> School {
    let mut world = World::new(seed);
    let (mut office, head) = world.found();
    let mut laptop = world.let_in_with(&mut office, &head, device_of(SITE, true));
    let mut tablet = world.let_in_with(&mut office, &head, device_of(SITE, false));
    let lead = let_in(&mut world, (&mut office, &head), &mut laptop, (LEAD, 3, leads(SITE)));
    let teacher = let_in(&mut world, (&mut office, &head), &mut tablet, (TEACHER, 4, takes_registers(SITE)));
    let register = document(REGISTER, "4B week 48");
    world.write(&mut tablet, Some(teacher.seat.seat), &register, &["before"]);
    tablet.sign_out(&teacher.seat.seat);
    world.meet(&mut tablet, &mut office);
    world.meet(&mut tablet, &mut laptop);
    world.meet(&mut office, &mut laptop);
    School { world, office, head, laptop, lead, tablet, register }
}

/// What an officer does for somebody who forgot: the old keys end, and words bring the same rights again.
fn reset(world: &mut World, on: &mut Device, officer: &Opened) -> String {
    let (seat, keys) = (officer.seat.seat, on.view().persons[&TEACHER]);
    on.remove(&seat, Target::Keys(TEACHER, keys.sign), Reason::Reset, &mut world.context()).unwrap();
    let words = words::random_words(6, &mut world.random);
    let rights = takes_registers(SITE);
    on.grant_by_words(&seat, TEACHER, 4, rights, &words, Cost::TEST, &mut world.context()).unwrap();
    settle(world, on);
    words.to_string()
}

fn carry(world: &mut World, from: &Device, to: &mut Device) {
    let mut file = CarryOut::start(from, Scope::Everything, None, &mut world.context());
    let mut bytes = Vec::new();
    while let Some(more) = file.next(from).unwrap() {
        bytes.extend(more);
    }
    let mut taking = CarryIn::default();
    taking.take(to, &bytes, &mut world.context()).unwrap();
    taking.end(to, &mut world.context()).unwrap();
    settle(world, to);
}

fn opens(world: &mut World, device: &mut Device, passphrase: &Passphrase<'_>) -> Result<Opened, SignInError> {
    device.open_with(TEACHER, passphrase.text, &mut world.context())
}

#[test]
fn while_the_office_is_away_the_lead_of_the_site_lets_a_teacher_back_who_forgot_their_passphrase() {
    let School { mut world, mut office, head, mut laptop, lead, mut tablet, register } = school(1);
    // The line to the office is down from here on.
    let words = reset(&mut world, &mut laptop, &lead);
    assert!(tablet.activate_with(&words, &NEW, &mut world.context()).is_err(), "the tablet has not heard of them yet");
    assert!(opens(&mut world, &mut tablet, &OLD).is_ok(), "and until it has, nothing has changed there");
    world.meet(&mut laptop, &mut tablet);
    assert!(opens(&mut world, &mut tablet, &OLD).is_err(), "the old passphrase ends with the first meeting");
    let back = tablet.activate_with(&words, &NEW, &mut world.context()).unwrap();
    tablet.share_keys(&TEACHER, "of the site", &mut world.random).unwrap();
    settle(&mut world, &mut tablet);
    assert_eq!(world.read(&mut tablet, Some(back.seat.seat), &register), ["before"], "at once, with no office");
    world.write(&mut tablet, Some(back.seat.seat), &register, &["after"]);
    world.meet(&mut tablet, &mut laptop);
    assert!(opens(&mut world, &mut laptop, &NEW).is_ok() && opens(&mut world, &mut laptop, &OLD).is_err());
    // The office hears of it when the line is back: nothing that was written is lost, and all agree.
    world.meet(&mut office, &mut laptop);
    assert_eq!(world.read(&mut office, Some(head.seat.seat), &register), ["after", "before"]);
    assert!(opens(&mut world, &mut office, &OLD).is_err());
    world.meet(&mut laptop, &mut tablet);
    assert_eq!(office.view().state_hash(), tablet.view().state_hash());
}

#[test]
fn an_office_that_no_network_reaches_lets_a_teacher_back_by_words_on_the_telephone_and_a_file_that_was_sent() {
    let School { mut world, mut office, head, laptop, mut tablet, register, .. } = school(2);
    drop(laptop);
    let words = reset(&mut world, &mut office, &head);
    carry(&mut world, &office, &mut tablet);
    assert!(opens(&mut world, &mut tablet, &OLD).is_err());
    let back = tablet.activate_with(&words, &NEW, &mut world.context()).unwrap();
    settle(&mut world, &mut tablet);
    assert_eq!(world.read(&mut tablet, Some(back.seat.seat), &register), ["before"]);
    world.write(&mut tablet, Some(back.seat.seat), &register, &["after"]);
    carry(&mut world, &tablet, &mut office);
    assert_eq!(world.read(&mut office, Some(head.seat.seat), &register), ["after", "before"]);
}

#[test]
fn whoever_leads_another_site_ends_nobodys_sign_in_here() {
    let School { mut world, mut office, head, laptop, mut tablet, .. } = school(3);
    drop(laptop);
    let mut other = world.let_in_with(&mut office, &head, device_of(ELSEWHERE, true));
    let stranger = PersonId([7; 16]);
    let stranger = let_in(&mut world, (&mut office, &head), &mut other, (stranger, 3, leads(ELSEWHERE)));
    let keys = other.view().persons[&TEACHER];
    let _ = other.remove(&stranger.seat.seat, Target::Keys(TEACHER, keys.sign), Reason::Reset, &mut world.context());
    world.meet(&mut other, &mut office);
    world.meet(&mut office, &mut tablet);
    assert_eq!(tablet.view().grants_of(&Holder::Person(TEACHER)).count(), 1, "the teacher holds what they held");
    assert!(opens(&mut world, &mut tablet, &OLD).is_ok());
}

#[test]
fn a_lead_at_the_site_and_an_officer_elsewhere_who_both_reset_somebody_leave_words_of_both_that_let_them_back() {
    let School { mut world, mut office, head, mut laptop, lead, mut tablet, register } = school(4);
    let here = reset(&mut world, &mut laptop, &lead);
    reset(&mut world, &mut office, &head);
    world.meet(&mut office, &mut laptop);
    world.meet(&mut laptop, &mut tablet);
    assert!(opens(&mut world, &mut tablet, &OLD).is_err());
    let back = tablet.activate_with(&here, &NEW, &mut world.context()).unwrap();
    settle(&mut world, &mut tablet);
    assert_eq!(world.read(&mut tablet, Some(back.seat.seat), &register), ["before"]);
}

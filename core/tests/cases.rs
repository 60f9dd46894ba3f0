//! Cases: documents that are read one by one, on devices that are apart and meet in any order.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

#[path = "common/world.rs"]
mod world;
use muster_core::keys::record::Records as Sealed;
use muster_core::keys::ring::Ring;
use muster_core::replica::records::{Circle, RecordsError};
use world::*;

const ASSISTANT: u8 = 21;
const OTHER: u8 = 22;
const LEAD: u8 = 31;
const DEPUTY: u8 = 32;

/// An office with the head, and a staff room with two teaching assistants, a lead and a deputy lead, each of whom
/// has signed in there once.
struct Staff {
    world: World,
    office: Device,
    head: Opened,
    room: Device,
    assistant: Opened,
    other: Opened,
    lead: Opened,
    deputy: Opened,
}

impl Staff {
    fn new(seed: u64) -> Self {
        let mut world = World::new(seed);
        let (mut office, head) = world.found();
        let mut room = world.let_in(&mut office, &head);
        let opens = [(Right::Open, CASES)];
        let leads = [(Right::Read, CASES), (Right::Write, CASES)];
        let mut come = |name, rights: &[(Right, Area)]| {
            let person = world.person((&mut office, &head), &mut room, name, rights);
            room.sign_out(&person.seat.seat);
            person
        };
        let (assistant, other) = (come(ASSISTANT, &opens), come(OTHER, &opens));
        let (lead, deputy) = (come(LEAD, &leads), come(DEPUTY, &leads));
        world.meet(&mut office, &mut room);
        Self { world, office, head, room, assistant, other, lead, deputy }
    }

    fn opens(&mut self, who: &Opened, case: &DocumentId, alerted: &[u8], left_out: &[PersonId], text: &str) {
        self.room.sign_in(who);
        self.says(who, case, alerted, left_out, &[text]).unwrap();
        self.room.sign_out(&who.seat.seat);
    }

    fn says(
        &mut self,
        who: &Opened,
        case: &DocumentId,
        alerted: &[u8],
        left_out: &[PersonId],
        texts: &[&str],
    ) -> Result<(), RecordsError> {
        let circle = Circle {
            document: case.clone(),
            alerted: alerted.iter().map(|name| PersonId([*name; 16])).collect(),
            left_out: left_out.to_vec(),
        };
        let fact = |text: &&str| Fact { kind: 1, supersedes: vec![], value: text.as_bytes().to_vec() };
        let changes = match texts {
            [] => vec![],
            texts => vec![Change { document: case.clone(), facts: texts.iter().map(fact).collect() }],
        };
        let context = self.world.context();
        self.room.writer(who.seat.seat, context).unwrap().write_cases(vec![circle], changes).map(drop)
    }

    /// What a person finds in a case in the staff room, and whether it is on their list.
    fn finds(&mut self, who: &Opened, case: &DocumentId) -> Vec<String> {
        self.room.sign_in(who);
        let found = read_as(&mut self.world, &mut self.room, who, case);
        self.room.sign_out(&who.seat.seat);
        found
    }
}

fn read_as(world: &mut World, device: &mut Device, who: &Opened, case: &DocumentId) -> Vec<String> {
    let found = world.read(device, Some(who.seat.seat), case);
    let listed = device.writer(who.seat.seat, world.context()).unwrap().documents(&case.section, 1).unwrap();
    assert_eq!(listed.contains(case), !found.is_empty(), "listed if and only if it can be read");
    found
}

/// Whether somebody's keys open anything of a case's secrets in all that a device holds.
fn opens_any(device: &Device, who: &Opened, case: &DocumentId) -> bool {
    opened(device, who, case) > 0
}

/// How many of a case's secrets somebody's keys open in all that a device holds.
fn opened(device: &Device, who: &Opened, case: &DocumentId) -> usize {
    let school = device.school();
    let handle = muster_core::document::payload::handle(&school, case);
    let mut ring = Ring::new(school, who.person.agree.clone());
    ring.add_person(who.person.person, [who.person.agree.clone()]);
    device.epochs().values().for_each(|info| ring.note(info));
    let mut sealed = Sealed::default();
    for record in device.sealed_records(&case.section) {
        sealed.insert(case.section, record.clone(), usize::MAX);
    }
    let leads: Vec<_> = device
        .epochs()
        .values()
        .filter_map(|info| match info.statement.kind {
            muster_core::keys::epoch::EpochKind::Leads(public) => Some((info.statement.epoch, public)),
            _ => None,
        })
        .collect();
    for epoch in sealed.epochs(&case.section) {
        ring.open_cases(&case.section, &epoch, &leads, &sealed);
    }
    ring.secrets_of(&case.section, &handle).count()
}

#[test]
fn a_teaching_assistant_opens_a_case_and_reads_it_again_and_another_assistant_does_not() {
    let mut staff = Staff::new(1);
    let case = document(CASES, "case 1");
    let (assistant, other, lead) = (staff.assistant.clone(), staff.other.clone(), staff.lead.clone());
    staff.opens(&assistant, &case, &[], &[], "a bruise");
    assert_eq!(staff.finds(&assistant, &case), ["a bruise"]);
    assert!(staff.finds(&other, &case).is_empty());
    assert_eq!(staff.finds(&lead, &case), ["a bruise"], "with no meeting in between: they share the staff room");
    assert!(world_read_alone(&mut staff, &case).is_empty(), "nobody signed in");
    assert!(opens_any(&staff.room, &assistant, &case) && opens_any(&staff.room, &lead, &case));
    assert!(!opens_any(&staff.room, &other, &case));
    // The lead writes, which makes the leads' key; the assistant adds to the case, and to another.
    staff.opens(&lead, &case, &[], &[], "spoke to the parents");
    staff.opens(&assistant, &case, &[], &[], "another bruise");
    assert_eq!(staff.finds(&assistant, &case), ["a bruise", "another bruise", "spoke to the parents"]);
    let second = document(CASES, "case 2");
    staff.opens(&assistant, &second, &[], &[], "came hungry");
    assert_eq!(staff.finds(&lead, &second), ["came hungry"]);
    assert!(staff.finds(&other, &second).is_empty());
}

fn world_read_alone(staff: &mut Staff, case: &DocumentId) -> Vec<String> {
    staff.world.read(&mut staff.room, None, case)
}

#[test]
fn two_people_signed_in_on_one_device_each_see_their_own_cases_only() {
    let mut staff = Staff::new(2);
    let (one, two) = (document(CASES, "case 1"), document(CASES, "case 2"));
    let (assistant, other) = (staff.assistant.clone(), staff.other.clone());
    staff.opens(&assistant, &one, &[], &[], "a bruise");
    staff.opens(&other, &two, &[], &[], "came hungry");
    staff.room.sign_in(&assistant);
    staff.room.sign_in(&other);
    let Staff { world, room, .. } = &mut staff;
    assert_eq!(read_as(world, room, &assistant, &one), ["a bruise"]);
    assert!(read_as(world, room, &assistant, &two).is_empty());
    assert_eq!(read_as(world, room, &other, &two), ["came hungry"]);
    assert!(read_as(world, room, &other, &one).is_empty());
}

#[test]
fn a_person_alerted_reads_the_case_and_one_alerted_later_reads_it_from_then_on() {
    let mut staff = Staff::new(3);
    let case = document(CASES, "case 1");
    let (assistant, other, lead) = (staff.assistant.clone(), staff.other.clone(), staff.lead.clone());
    staff.opens(&assistant, &case, &[], &[], "a bruise");
    assert!(staff.finds(&other, &case).is_empty());
    staff.room.sign_in(&lead);
    staff.says(&lead, &case, &[OTHER], &[], &[]).unwrap();
    staff.room.sign_out(&lead.seat.seat);
    assert_eq!(staff.finds(&other, &case), ["a bruise"]);
    let told = document(CASES, "case 2");
    staff.opens(&assistant, &told, &[OTHER], &[], "came hungry");
    assert_eq!(staff.finds(&other, &told), ["came hungry"]);
}

#[test]
fn an_allegation_against_the_lead_leaves_the_lead_out_and_the_head_out_who_is_named_too() {
    let mut staff = Staff::new(4);
    let case = document(CASES, "allegation");
    let (assistant, lead, deputy) = (staff.assistant.clone(), staff.lead.clone(), staff.deputy.clone());
    // The leads have a key of their own by now.
    staff.opens(&lead, &document(CASES, "an older case"), &[], &[], "older");
    let head = staff.head.clone();
    staff.opens(&assistant, &case, &[], &[lead.person.person, head.person.person], "what was seen");
    let Staff { world, office, room, .. } = &mut staff;
    world.meet(office, room);
    assert!(read_as(world, office, &head, &case).is_empty(), "the head is left out");
    assert!(staff.finds(&lead, &case).is_empty(), "the lead is left out");
    assert_eq!(staff.finds(&deputy, &case), ["what was seen"]);
    assert_eq!(staff.finds(&assistant, &case), ["what was seen"]);
    for left_out in [&lead, &head] {
        assert!(!opens_any(&staff.room, left_out, &case) && !opens_any(&staff.office, left_out, &case));
    }
    assert!(opens_any(&staff.room, &deputy, &case));
    // The deputy goes on with it, on another device and after a restart: still nobody who is left out.
    staff.opens(&deputy, &case, &[], &[], "reported to the authority");
    assert!(staff.finds(&lead, &case).is_empty());
    assert_eq!(staff.finds(&assistant, &case).len(), 2);
    assert!(!opens_any(&staff.room, &lead, &case));
    staff.room.sign_in(&deputy);
    assert!(staff.says(&deputy, &case, &[LEAD], &[], &[]).is_err(), "told and left out at once");
    assert!(staff.says(&deputy, &case, &[], &[PersonId([OTHER; 16])], &["x"]).is_err(), "left out too late");
}

#[test]
fn a_lead_who_comes_later_reads_the_cases_there_are_but_not_those_that_leave_them_out() {
    let mut staff = Staff::new(5);
    let (open, shut) = (document(CASES, "case 1"), document(CASES, "allegation"));
    let (assistant, deputy) = (staff.assistant.clone(), staff.deputy.clone());
    let new = PersonId([41; 16]);
    staff.opens(&assistant, &open, &[], &[], "a bruise");
    staff.opens(&assistant, &shut, &[], &[new], "what was seen");
    let Staff { world, office, head, room, .. } = &mut staff;
    let leads = [(Right::Read, CASES), (Right::Write, CASES)];
    let came = world.person((office, head), room, 41, &leads);
    world.meet(office, room);
    room.sign_out(&came.seat.seat);
    // A lead who has the cases signs in: nobody else can give them on.
    room.sign_in(&deputy);
    while room.work(&mut world.context()).unwrap().1 {}
    room.sign_out(&deputy.seat.seat);
    assert_eq!(staff.finds(&came, &open), ["a bruise"]);
    assert!(staff.finds(&came, &shut).is_empty());
    assert!(!opens_any(&staff.room, &came, &shut));
}

#[test]
fn cases_opened_apart_and_offline_meet_in_any_order_and_every_lead_reads_all_of_them() {
    for order in 0..6 {
        let mut staff = Staff::new(10 + order);
        let Staff { world, office, head, room, assistant, lead, .. } = &mut staff;
        let mut far = world.let_in(office, head);
        world.meet(office, &mut far);
        // Each mints a cover of its own, and the two leads a key of their own.
        let (here, there, hers) = (document(CASES, "here"), document(CASES, "there"), document(CASES, "hers"));
        room.sign_in(assistant);
        world.write(room, Some(assistant.seat.seat), &here, &["written here"]);
        world.write(office, Some(head.seat.seat), &there, &["written there"]);
        room.sign_in(lead);
        world.write(room, Some(lead.seat.seat), &hers, &["written by the lead"]);
        // Through a device that reads nothing, one way round and the other.
        for step in [[0, 1, 0], [1, 0, 1], [0, 0, 1], [1, 1, 0], [0, 1, 1], [1, 0, 0]][usize::try_from(order).unwrap()]
        {
            if step == 0 {
                world.meet(office, &mut far)
            } else {
                world.meet(&mut far, room)
            };
        }
        world.meet(office, room);
        world.meet(office, room);
        for case in [&here, &there, &hers] {
            assert_eq!(read_as(world, room, lead, case).len(), 1, "the lead, order {order}");
            assert_eq!(read_as(world, office, head, case).len(), 1, "the head, order {order}");
            assert!(world.read(&mut far, None, case).is_empty(), "a device alone");
        }
        assert_eq!(read_as(world, room, assistant, &here), ["written here"]);
        assert!(read_as(world, room, assistant, &there).is_empty());
        assert!(room.verify(&mut |_, _| {}).unwrap().is_sound());
    }
}

#[test]
fn a_case_is_not_opened_by_a_device_alone_nor_by_somebody_without_the_right_nor_told_to_one_who_could_not_read_it() {
    let mut staff = Staff::new(20);
    let case = document(CASES, "case 1");
    let assistant = staff.assistant.clone();
    let seat = staff.room.device_seat();
    let circle = Circle { document: case.clone(), alerted: vec![PersonId([99; 16])], left_out: vec![] };
    let context = staff.world.context();
    assert!(staff.room.writer(seat, context).unwrap().write_cases(vec![circle.clone()], vec![]).is_err());
    staff.room.sign_in(&assistant);
    let context = staff.world.context();
    let refused = staff.room.writer(assistant.seat.seat, context).unwrap().write_cases(vec![circle], vec![]);
    assert!(refused.is_err(), "a stranger cannot be told");
    let names_self = staff.says(&assistant, &case, &[], &[assistant.person.person], &["x"]);
    assert!(names_self.is_err(), "nobody leaves themselves out");
    assert!(read_as(&mut staff.world, &mut staff.room, &assistant, &case).is_empty(), "nothing was written");
    assert_eq!(staff.room.epochs().values().filter(|info| info.section == case.section).count(), 0);
}

#[test]
fn a_case_reads_the_same_after_a_restart_and_made_afresh_from_the_log() {
    let mut staff = Staff::new(21);
    let case = document(CASES, "case 1");
    let (assistant, other) = (staff.assistant.clone(), staff.other.clone());
    staff.opens(&assistant, &case, &[], &[], "a bruise");
    staff.room = Replica::open(staff.room.into_store(), &RULES).unwrap();
    assert_eq!(staff.finds(&assistant, &case), ["a bruise"]);
    assert!(staff.finds(&other, &case).is_empty());
    staff.room.rebuild(&case.section).unwrap();
    assert!(staff.finds(&other, &case).is_empty(), "passed over by one who cannot read it");
    assert_eq!(staff.finds(&assistant, &case), ["a bruise"], "and found again by one who can");
}

#[test]
fn who_is_a_lead_no_more_reads_nothing_of_what_is_written_since_in_old_cases_or_new_ones() {
    const HOUR_MS: i64 = 60 * 60 * 1_000;
    let mut staff = Staff::new(22);
    let (old, new) = (document(CASES, "an old case"), document(CASES, "a new case"));
    let (assistant, lead, stand_in) = (staff.assistant.clone(), staff.lead.clone(), staff.other.clone());
    // The other assistant stands in for the lead for an hour.
    let Staff { world, office, head, room, .. } = &mut staff;
    let capability = Capability { right: Right::Read, area: Which::One(CASES), place: Which::One(SITE) };
    let to = Grantee::Person { person: stand_in.person.person, keys: stand_in.person.public() };
    let until = Some(Moment::utc(world.now + HOUR_MS));
    let grant = Grant { to, rank: 4, capabilities: vec![capability], until };
    office.grant(&head.seat.seat, grant, &mut world.context()).unwrap();
    world.meet(office, room);
    staff.opens(&lead, &document(CASES, "another"), &[], &[], "makes the leads' key");
    staff.opens(&assistant, &old, &[], &[], "a bruise");
    assert_eq!((opened(&staff.room, &stand_in, &old), opened(&staff.room, &lead, &old)), (1, 1));
    assert_eq!(staff.finds(&stand_in, &old), ["a bruise"]);
    staff.world.now += 2 * HOUR_MS;
    assert!(staff.finds(&stand_in, &old).is_empty(), "the hour is over, though the keys are there");
    staff.opens(&assistant, &old, &[], &[], "another bruise");
    staff.opens(&assistant, &new, &[], &[], "came hungry");
    assert_eq!((opened(&staff.room, &stand_in, &old), opened(&staff.room, &lead, &old)), (1, 2), "a new secret");
    assert_eq!((opened(&staff.room, &stand_in, &new), opened(&staff.room, &lead, &new)), (0, 1));
    assert_eq!(staff.finds(&lead, &old), ["a bruise", "another bruise"]);
    assert_eq!(staff.finds(&assistant, &old), ["a bruise", "another bruise"]);
    // The lead writes: the leads have a new key, and what is opened after goes to that.
    staff.opens(&lead, &old, &[], &[], "spoke to the parents");
    staff.opens(&assistant, &document(CASES, "a third"), &[], &[], "late again");
    assert!(!opens_any(&staff.room, &stand_in, &document(CASES, "a third")));
    assert_eq!(staff.finds(&assistant, &old).len(), 3);
}

#[test]
fn whoever_gives_rights_anew_under_somebodys_name_comes_by_none_of_their_cases_while_they_are_signed_in() {
    let mut staff = Staff::new(40);
    let case = document(CASES, "told to the assistant");
    let assistant = staff.assistant.clone();
    staff.room.sign_in(&assistant);
    staff.says(&assistant, &case, &[], &[], &["in confidence"]).unwrap();
    // Some officer gives the same person rights by words that they keep, and makes keys with them.
    let words = words::random_words(6, &mut staff.world.random);
    let opens = Capability { right: Right::Open, area: Which::One(CASES), place: Which::One(SITE) };
    let (person, by) = (PersonId([ASSISTANT; 16]), staff.head.seat.seat);
    let context = &mut staff.world.context();
    staff.office.grant_by_words(&by, person, 3, vec![opens], &words, Cost::TEST, context).unwrap();
    let false_one = staff.office.activate(&words, &mut staff.world.context()).unwrap();
    for _ in 0..2 {
        staff.world.meet(&mut staff.office, &mut staff.room);
    }
    assert!(staff.room.signed_in().any(|seat| *seat == assistant.seat.seat), "who was at work all the time");
    assert!(!opens_any(&staff.office, &false_one, &case));
    assert!(read_as(&mut staff.world, &mut staff.office, &false_one, &case).is_empty());
    // Nor by signing in beside them, on the device where the case is open.
    staff.room.sign_in(&false_one);
    assert!(!opens_any(&staff.room, &false_one, &case));
    staff.room.sign_out(&assistant.seat.seat);
    // Whose keys go on, by their own word, keeps theirs.
    staff.room.sign_out(&false_one.seat.seat);
    staff.room.sign_in(&assistant);
    let mut keep = |_: &mut Device, _: &Opened, _: &mut dyn rand::CryptoRng| Ok(());
    let anew = staff.room.new_keys(&assistant, &mut keep, &mut staff.world.context()).unwrap();
    assert_eq!(read_as(&mut staff.world, &mut staff.room, &anew, &case), ["in confidence"]);
    let alone = Opened { before: None, ..anew };
    assert!(opens_any(&staff.room, &alone, &case), "it is wrapped to the new keys");
}

#[test]
fn a_lead_whose_key_is_none_keeps_nobody_from_writing_a_case_and_no_device_from_its_work() {
    use muster_core::crypto::wrap::PublicAgree;
    use muster_core::founding::PersonPublic;
    let mut staff = Staff::new(41);
    let sign = SignKey::random(&mut staff.world.random).public();
    let keys = PersonPublic { sign, agree: PublicAgree([0; 32]) };
    let to = Grantee::Person { person: PersonId([99; 16]), keys };
    let reads = Capability { right: Right::Read, area: Which::One(CASES), place: Which::One(SITE) };
    let grant = Grant { to, rank: 4, capabilities: vec![reads], until: None };
    staff.office.grant(&staff.head.seat.seat, grant, &mut staff.world.context()).unwrap();
    staff.world.meet(&mut staff.office, &mut staff.room);
    let case = document(CASES, "an allegation");
    let (head, lead, deputy) = (staff.head.person.person, staff.lead.clone(), staff.deputy.clone());
    staff.opens(&lead, &case, &[], &[head], "written down");
    staff.room.sign_in(&lead);
    while staff.room.work(&mut staff.world.context()).unwrap().1 {}
    staff.room.sign_out(&lead.seat.seat);
    assert_eq!(staff.finds(&deputy, &case), ["written down"]);
}

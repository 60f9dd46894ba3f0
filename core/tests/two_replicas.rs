//! Two devices of a school, in memory: founding, letting in, writing apart, meeting.

use muster_core::authority::capability::{Capability, Right, Which};
use muster_core::authority::statement::{Grant, Grantee, RANK_DEVICE};
use muster_core::crypto::sign::SignKey;
use muster_core::crypto::stretch::Cost;
use muster_core::crypto::words;
use muster_core::crypto::wrap::AgreeKey;
use muster_core::document::fact::Fact;
use muster_core::founding::Founding;
use muster_core::id::*;
use muster_core::keys::bundle::Opened;
use muster_core::keys::rule::{AreaRule, KeyRule};
use muster_core::replica::records::{Change, Records as _};
use muster_core::replica::store::MemoryStore;
use muster_core::replica::{Context, DeviceSecrets, Replica};
use muster_core::sync::conversation::Conversation;
use muster_core::sync::join::{Code, Invitation, JoinStep, Joiner, welcome};
use muster_core::time::Moment;
use rand::SeedableRng as _;
use rand_chacha::ChaCha20Rng;

const ROLL: Area = Area(3);
const REGISTER: Area = Area(4);
const SITE: PlaceId = PlaceId([7; 16]);
const RULES: [AreaRule; 2] = [
    AreaRule { area: ROLL, keys: KeyRule::Daily, order: 0 },
    AreaRule { area: REGISTER, keys: KeyRule::Yearly, order: 1 },
];

type Device = Replica<MemoryStore>;

struct World {
    random: ChaCha20Rng,
    now: i64,
}

impl World {
    fn new(seed: u64) -> Self {
        Self { random: ChaCha20Rng::seed_from_u64(seed), now: 1_790_000_000_000 }
    }

    fn context(&mut self) -> Context<'_> {
        self.now += 1_000;
        Context { now: Moment::utc(self.now), random: &mut self.random }
    }

    fn found(&mut self) -> (Device, Opened) {
        let (founding, head, _) = Founding::new(&mut self.random).unwrap();
        let device = DeviceSecrets::random(founding.school(), &mut self.random);
        let founded = Replica::found(
            MemoryStore::default(),
            &founding,
            head,
            device,
            device_rights(),
            &RULES,
            &mut self.context(),
        )
        .unwrap();
        (founded.replica, founded.head)
    }

    fn let_in(&mut self, office: &mut Device, officer: &Opened) -> Device {
        let code = Code::new(office.device(), vec![], &mut self.random);
        let typed = Code::from_text(&code.to_text()).unwrap();
        let mut invitation = Invitation::open(code, Cost::TEST).unwrap();
        let (sign, agree) = (SignKey::random(&mut self.random), AgreeKey::random(&mut self.random));
        let this = DeviceId(sign.public().0);
        let (mut joiner, request) = Joiner::start(&typed, this, agree.public(), "hall tablet", [1; 32], Cost::TEST).unwrap();
        let candidate = invitation.receive(office.founding(), this, [1; 32], &request).unwrap();
        assert_eq!(joiner.receive(&candidate.answer).unwrap(), JoinStep::Phrase(candidate.phrase.clone()));
        let to = Grantee::Device { device: candidate.device, agree: candidate.agree };
        let grant = Grant { to, rank: RANK_DEVICE, capabilities: device_rights() };
        office.grant(&officer.seat.seat, grant, &mut self.context()).unwrap();
        let JoinStep::Welcome(founding) = joiner.receive(&welcome()).unwrap() else { panic!("not welcome") };
        let secrets = DeviceSecrets::with_keys(sign, agree, founding.school(), &mut self.random);
        Replica::join(MemoryStore::default(), &founding, secrets, &RULES, &mut self.context()).unwrap()
    }

    fn meet(&mut self, left: &mut Device, right: &mut Device) -> usize {
        let mut a = Conversation::start(left, right.device(), Moment::utc(self.now));
        let mut b = Conversation::start(right, left.device(), Moment::utc(self.now));
        let frames = self.talk(left, &mut a, right, &mut b);
        assert!(a.is_same() && b.is_same(), "both sides know that they agree");
        frames
    }

    fn talk(&mut self, left: &mut Device, a: &mut Conversation, right: &mut Device, b: &mut Conversation) -> usize {
        let mut frames = 0;
        loop {
            let mut quiet = true;
            while let Some(frame) = a.next(left).unwrap() {
                b.receive(right, &frame, &mut self.context()).unwrap();
                (quiet, frames) = (false, frames + 1);
            }
            while let Some(frame) = b.next(right).unwrap() {
                a.receive(left, &frame, &mut self.context()).unwrap();
                (quiet, frames) = (false, frames + 1);
            }
            assert!(frames < 10_000, "two devices talk without end");
            if quiet {
                break;
            }
        }
        for device in [left, right] {
            while device.work(&mut self.context()).unwrap().1 {}
        }
        frames
    }

    fn write(&mut self, device: &mut Device, seat: Option<SeatId>, document: &DocumentId, values: &[&str]) {
        let facts =
            values.iter().map(|value| Fact { kind: 1, supersedes: vec![], value: value.as_bytes().to_vec() }).collect();
        let seat = seat.unwrap_or_else(|| device.device_seat());
        let mut writer = device.writer(seat, self.context()).unwrap();
        writer.write(vec![Change { document: document.clone(), facts }]).unwrap();
    }

    fn read(&mut self, device: &mut Device, seat: Option<SeatId>, document: &DocumentId) -> Vec<String> {
        let seat = seat.unwrap_or_else(|| device.device_seat());
        let mut writer = device.writer(seat, self.context()).unwrap();
        let facts = writer.facts(document).unwrap();
        let mut values: Vec<String> = facts
            .iter()
            .flat_map(|facts| facts.iter())
            .map(|held| String::from_utf8(held.fact.value.clone()).unwrap())
            .collect();
        values.sort();
        values
    }
}

fn device_rights() -> Vec<Capability> {
    let all = |right| Capability { right, area: Which::Any, place: Which::Any };
    vec![
        all(Right::Hold),
        Capability { area: Which::One(ROLL), ..all(Right::Read) },
        Capability { area: Which::One(ROLL), ..all(Right::Write) },
    ]
}

fn document(area: Area, key: &str) -> DocumentId {
    let section = Section { compartment: Compartment { area, place: SITE }, year: Year(2026) };
    DocumentId { section, kind: 1, key: key.as_bytes().to_vec() }
}

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
    let mut typed = Code::from_text(&code.to_text()).unwrap();
    assert_eq!(typed, code);
    typed.words = zeroize_words("abandon-abandon-abandon-abandon-abandon-abandon");
    let mut invitation = Invitation::open(code, Cost::TEST).unwrap();
    let agree = AgreeKey::random(&mut world.random);
    for _ in 0..3 {
        let (_, request) = Joiner::start(&typed, DeviceId([5; 32]), agree.public(), "hall tablet", [1; 32], Cost::TEST).unwrap();
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

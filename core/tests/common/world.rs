//! A school in memory: devices that are founded, let in, write apart and meet.

#![allow(
    clippy::unwrap_used,
    dead_code,
    unused_imports,
    unreachable_pub,
    missing_docs,
    reason = "shared by several test programs"
)]

pub use muster_core::authority::capability::{Capability, Right, Which};
pub use muster_core::authority::grant::{Grant, Grantee, RANK_DEVICE};
pub use muster_core::crypto::sign::SignKey;
pub use muster_core::crypto::stretch::Cost;
pub use muster_core::crypto::words;
pub use muster_core::crypto::wrap::AgreeKey;
pub use muster_core::document::fact::Fact;
pub use muster_core::founding::Founding;
pub use muster_core::id::*;
pub use muster_core::keys::bundle::Opened;
pub use muster_core::keys::recovery::Card;
pub use muster_core::keys::rule::{AreaRule, KeyRule};
pub use muster_core::replica::records::{Change, Records as _};
pub use muster_core::replica::store::MemoryStore;
pub use muster_core::replica::{Context, DeviceSecrets, Replica};
pub use muster_core::sync::conversation::Conversation;
pub use muster_core::sync::join::{Code, Invitation, JoinStep, Joiner, TypedCode, welcome};
pub use muster_core::time::Moment;
pub use rand::SeedableRng as _;
pub use rand_chacha::ChaCha20Rng;

pub const ROLL: Area = Area(3);
pub const REGISTER: Area = Area(4);
pub const SITE: PlaceId = PlaceId([7; 16]);
pub const CASES: Area = Area(9);
pub const RULES: [AreaRule; 3] = [
    AreaRule { area: ROLL, keys: KeyRule::Daily, order: 0 },
    AreaRule { area: REGISTER, keys: KeyRule::Yearly, order: 1 },
    AreaRule { area: CASES, keys: KeyRule::Case, order: 2 },
];

pub type Device = Replica<MemoryStore>;

pub struct World {
    pub random: ChaCha20Rng,
    pub now: i64,
    /// Of the school founded last.
    pub cards: Vec<Card>,
    /// The words of every invitation.
    pub invited: Vec<String>,
    /// What was said while devices were let in.
    pub overheard: Vec<Vec<u8>>,
}

impl World {
    pub fn new(seed: u64) -> Self {
        Self {
            random: ChaCha20Rng::seed_from_u64(seed),
            now: 1_790_000_000_000,
            cards: vec![],
            invited: vec![],
            overheard: vec![],
        }
    }

    pub fn context(&mut self) -> Context<'_> {
        self.now += 1_000;
        Context { now: Moment::utc(self.now), random: &mut self.random }
    }

    pub fn found(&mut self) -> (Device, Opened) {
        let (founding, head, device, cards) = Founding::new(&mut self.random).unwrap();
        self.cards = cards.to_vec();
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

    pub fn let_in(&mut self, office: &mut Device, officer: &Opened) -> Device {
        self.let_in_with(office, officer, device_rights())
    }

    pub fn let_in_with(&mut self, office: &mut Device, officer: &Opened, capabilities: Vec<Capability>) -> Device {
        let code = Code::new(office.device(), vec![], &mut self.random);
        let typed = TypedCode::from_text(&code.to_text()).unwrap().of(office.device());
        self.invited.push(code.words.to_string());
        let mut invitation = Invitation::open(code, Cost::TEST).unwrap();
        let (sign, agree) = (SignKey::random(&mut self.random), AgreeKey::random(&mut self.random));
        let this = DeviceId(sign.public().0);
        let (mut joiner, request) =
            Joiner::start(&typed, this, agree.public(), "hall tablet", [1; 32], Cost::TEST).unwrap();
        let candidate = invitation.receive(office.founding(), this, [1; 32], &request).unwrap();
        self.overheard.extend([request, candidate.answer.clone()]);
        assert_eq!(joiner.receive(&candidate.answer).unwrap(), JoinStep::Phrase(candidate.phrase.clone()));
        let to = Grantee::Device { device: candidate.device, agree: candidate.agree };
        let grant = Grant { to, rank: RANK_DEVICE, capabilities, until: None };
        office.grant(&officer.seat.seat, grant, &mut self.context()).unwrap();
        let JoinStep::Welcome(founding) = joiner.receive(&welcome()).unwrap() else { panic!("not welcome") };
        let secrets = DeviceSecrets::with_keys(sign, agree, founding.school(), &mut self.random);
        Replica::join(MemoryStore::default(), &founding, secrets, &RULES, &mut self.context()).unwrap()
    }

    pub fn meet(&mut self, left: &mut Device, right: &mut Device) -> usize {
        let mut a = Conversation::start(left, right.device(), Moment::utc(self.now));
        let mut b = Conversation::start(right, left.device(), Moment::utc(self.now));
        let frames = self.talk(left, &mut a, right, &mut b);
        assert!(a.is_same() && b.is_same(), "both sides know that they agree");
        frames
    }

    pub fn talk(&mut self, left: &mut Device, a: &mut Conversation, right: &mut Device, b: &mut Conversation) -> usize {
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

    /// A person who takes up a right in an area on a device that has heard of it.
    pub fn person(
        &mut self,
        (office, officer): (&mut Device, &Opened),
        on: &mut Device,
        name: u8,
        rights: &[(Right, Area)],
    ) -> Opened {
        let words = words::random_words(6, &mut self.random);
        let place = Which::One(SITE);
        let rights = rights.iter().map(|(right, area)| Capability { right: *right, area: Which::One(*area), place });
        let person = PersonId([name; 16]);
        let (rights, by) = (rights.collect(), officer.seat.seat);
        office.grant_by_words(&by, person, 4, rights, &words, Cost::TEST, &mut self.context()).unwrap();
        self.meet(office, on);
        on.activate(&words, &mut self.context()).unwrap()
    }

    pub fn write(&mut self, device: &mut Device, seat: Option<SeatId>, document: &DocumentId, values: &[&str]) {
        let facts =
            values.iter().map(|value| Fact { kind: 1, supersedes: vec![], value: value.as_bytes().to_vec() }).collect();
        let seat = seat.unwrap_or_else(|| device.device_seat());
        let mut writer = device.writer(seat, self.context()).unwrap();
        writer.write(vec![Change { document: document.clone(), facts }]).unwrap();
    }

    pub fn read(&mut self, device: &mut Device, seat: Option<SeatId>, document: &DocumentId) -> Vec<String> {
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

pub fn device_rights() -> Vec<Capability> {
    let all = |right| Capability { right, area: Which::Any, place: Which::Any };
    vec![
        all(Right::Hold),
        Capability { area: Which::One(ROLL), ..all(Right::Read) },
        Capability { area: Which::One(ROLL), ..all(Right::Write) },
    ]
}

pub fn document(area: Area, key: &str) -> DocumentId {
    let section = Section { compartment: Compartment { area, place: SITE }, year: Year(2026) };
    DocumentId { section, kind: 1, key: key.as_bytes().to_vec() }
}

/// Two devices of one school that have met, a teacher's register and a roll on both.
pub fn small_school(seed: u64) -> (World, Device, Opened, Device) {
    let mut world = World::new(seed);
    let (mut office, head) = world.found();
    let mut hall = world.let_in(&mut office, &head);
    world.write(&mut office, Some(head.seat.seat), &document(REGISTER, "4B week 48"), &["present", "absent"]);
    world.write(&mut office, None, &document(ROLL, "day 1"), &["in"]);
    world.meet(&mut office, &mut hall);
    world.write(&mut hall, None, &document(ROLL, "day 1"), &["from the hall"]);
    world.write(&mut office, Some(head.seat.seat), &document(REGISTER, "4B week 48"), &["late"]);
    world.meet(&mut office, &mut hall);
    (world, office, head, hall)
}

//! A random school's statements: some in right, some not, in the logs of several seats, without any replica.

#![allow(dead_code, unreachable_pub, reason = "each test uses its part")]

use super::world::*;
use muster_core::authority::cards::CardsStatement;
use muster_core::authority::evaluate::{Placed, Statements, evaluate};
use muster_core::authority::grant::Registration;
use muster_core::authority::line::Logs;
use muster_core::authority::reduction::{
    Adoption, Cuts, EntryName, Lift, NewKeys, Reason, Removal, Suspension, Target,
};
use muster_core::authority::seat::{SeatCertificate, SeatClaim};
use muster_core::authority::statement::Statement;
use muster_core::authority::view::View;
use muster_core::founding::PersonKeys;
use muster_core::keys::recovery::Card;
use muster_core::log::frontier::Head;
use rand::Rng as _;
use std::collections::BTreeMap;

/// Logs without forks, in which every list of heads covers as many entries of each log as its name says.
pub struct Straight;

impl Logs for Straight {
    fn covers(&self, frontier: &FrontierId, _: &LogId, sequence: u64) -> bool {
        frontier.0.first_chunk::<8>().is_some_and(|seen| u64::from_le_bytes(*seen) > sequence)
    }

    fn forked_at(&self, _: &LogId) -> Option<u64> {
        None
    }

    fn is_under(&self, entry: &EntryName, cut: &Head) -> bool {
        entry.sequence < cut.length
    }
}

/// Somebody who writes: a seat with its log, on a device, and the person's keys.
#[derive(Clone)]
pub struct Writer {
    pub seat: SeatId,
    pub log: LogId,
    pub device: DeviceId,
    pub keys: Option<PersonKeys>,
}

pub struct Draft {
    pub random: ChaCha20Rng,
    pub founding: Founding,
    pub cards: [Card; 3],
    pub statements: Statements,
    pub writers: Vec<Writer>,
    pub grants: Vec<(GrantId, Grantee)>,
    /// Who may speak on which grant, as far as this draft knows.
    pub voices: Vec<(usize, GrantId, u8)>,
    waiting: Vec<(GrantId, PersonId, SignKey, u8)>,
    suspensions: Vec<EntryHash>,
    lengths: BTreeMap<LogId, u64>,
    /// Where each log ends: once, unless somebody with a stolen key wrote another past.
    ends: BTreeMap<LogId, Vec<Head>>,
    stolen: bool,
    /// Whether the cards let every device in, before anybody says anything.
    cards_let_in: bool,
}

impl Draft {
    pub fn new(seed: u64) -> Self {
        let mut random = ChaCha20Rng::seed_from_u64(seed);
        let (founding, head, device, cards) = Founding::new(&mut random).unwrap();
        let mut draft = Self {
            random,
            cards,
            statements: Statements::new(),
            writers: vec![],
            grants: vec![],
            voices: vec![],
            waiting: vec![],
            suspensions: vec![],
            lengths: BTreeMap::new(),
            ends: BTreeMap::new(),
            stolen: false,
            cards_let_in: false,
            founding,
        };
        let head = draft.seat_on(&device.sign, Some(&head), None);
        draft.voices.push((head, draft.founding.head_grant(), 1));
        draft
    }

    pub fn below(&mut self, most: usize) -> usize {
        (self.random.next_u64() % most as u64) as usize
    }

    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.random.fill_bytes(&mut bytes);
        bytes
    }

    pub fn view(&self) -> View {
        evaluate(&self.founding, &self.statements, &Straight)
    }

    pub fn say(&mut self, writer: usize, grant: GrantId, statement: Statement) -> EntryHash {
        // The name of the heads says how many entries of every log they cover: enough for a test.
        let seen: u64 = if self.below(12) == 0 { 0 } else { 1_000 };
        self.say_seeing(writer, grant, statement, seen)
    }

    pub fn say_seeing(&mut self, writer: usize, grant: GrantId, statement: Statement, seen: u64) -> EntryHash {
        let Writer { seat, log, .. } = self.writers[writer];
        let after = self.goes_on_from(&log);
        let hash = EntryHash(self.bytes());
        let end = Head { length: after.length + 1, hash };
        let ends = self.ends.entry(log).or_default();
        ends.retain(|end| *end != after);
        ends.push(end);
        let length = self.lengths.entry(log).or_insert(0);
        *length = end.length.max(*length);
        let (sequence, previous) = (after.length, after.hash);
        let mut authority = FrontierId::ZERO;
        authority.0[..8].copy_from_slice(&seen.to_le_bytes());
        let act = (ActId::ZERO, Moment::utc(0));
        self.statements.insert(hash, Placed { seat, log, sequence, previous, act, grant, authority, statement });
        hash
    }

    /// Behind which entry the next one stands: the last, or, with a stolen key, now and then an earlier one.
    fn goes_on_from(&mut self, log: &LogId) -> Head {
        let ends = self.ends.get(log).cloned().unwrap_or_default();
        match ends.as_slice() {
            [] => Head { length: 0, hash: EntryHash::ZERO },
            [only] if !self.stolen => *only,
            _ if self.below(8) == 0 => {
                let mine = self.statements.values().filter(|placed| placed.log == *log);
                let before = mine.map(|placed| Head { length: placed.sequence, hash: placed.previous });
                let before: Vec<Head> = before.collect();
                before[self.below(before.len())]
            }
            all => all[self.below(all.len())],
        }
    }

    /// A seat on a new device that the head let in.
    pub fn seat(&mut self, person: Option<&PersonKeys>, registration: Option<Registration>) -> usize {
        self.seat_let_in_by(self.head(), person, registration)
    }

    pub fn seat_let_in_by(
        &mut self,
        by: (usize, GrantId),
        person: Option<&PersonKeys>,
        registration: Option<Registration>,
    ) -> usize {
        let device = SignKey::random(&mut self.random);
        self.let_in(by, DeviceId(device.public().0));
        self.seat_on(&device, person, registration)
    }

    /// A school in which the cards let every device in, so that no device falls with whoever let it in.
    pub fn with_devices_by_cards(seed: u64) -> Self {
        Self { cards_let_in: true, ..Self::new(seed) }
    }

    /// A school in which whoever has a copy of a key writes another past now and then.
    pub fn with_stolen_keys(seed: u64) -> Self {
        Self { stolen: true, ..Self::new(seed) }
    }

    /// A seat on a new device: mostly let in by somebody, now and then by nobody.
    fn seat_somewhere(&mut self, person: &PersonKeys, registration: Option<Registration>) -> usize {
        if self.cards_let_in {
            let device = SignKey::random(&mut self.random);
            let admits = self.admits(DeviceId(device.public().0));
            self.by_cards([0, 1], &[Statement::Grant(admits)]);
            return self.seat_on(&device, Some(person), registration);
        }
        match self.below(8) {
            0 => {
                let device = SignKey::random(&mut self.random);
                self.seat_on(&device, Some(person), registration)
            }
            1..=3 => {
                let at = self.below(self.voices.len());
                let (writer, grant, _) = self.voices[at];
                self.seat_let_in_by((writer, grant), Some(person), registration)
            }
            _ => self.seat(Some(person), registration),
        }
    }

    pub fn let_in(&mut self, (writer, on): (usize, GrantId), device: DeviceId) -> EntryHash {
        let grant = self.admits(device);
        self.say_seeing(writer, on, Statement::Grant(grant), 1_000)
    }

    fn admits(&mut self, device: DeviceId) -> Grant {
        let to = Grantee::Device { device, agree: AgreeKey::random(&mut self.random).public() };
        let hold = Capability { right: Right::Hold, area: Which::Any, place: Which::Any };
        Grant { to, rank: RANK_DEVICE, capabilities: vec![hold], until: None }
    }

    pub fn seat_on(
        &mut self,
        device: &SignKey,
        person: Option<&PersonKeys>,
        registration: Option<Registration>,
    ) -> usize {
        let claim = SeatClaim {
            school: self.founding.school(),
            device: DeviceId(device.public().0),
            person: person.map(|keys| (keys.person, keys.sign.public())),
            key: SignKey::random(&mut self.random).public(),
            incarnation: self.bytes(),
        };
        let log = LogId(self.bytes());
        let writer = Writer { seat: claim.seat(), log, device: claim.device, keys: person.cloned() };
        self.writers.push(writer);
        let at = self.writers.len() - 1;
        self.say(at, GrantId::ZERO, Statement::Seat(SeatCertificate::make(claim, device, person)));
        if let Some(registration) = registration {
            self.say_seeing(at, registration.grant, Statement::Registration(registration), 1_000);
        }
        at
    }

    fn capabilities(&mut self) -> Vec<Capability> {
        let rights = [Right::Read, Right::Write, Right::Grant, Right::Enrol, Right::Hold, Right::Open];
        (0..1 + self.below(4))
            .map(|_| Capability {
                right: rights[self.below(6)],
                area: if self.below(3) == 0 { Which::Any } else { Which::One(Area(self.below(3) as u16)) },
                place: if self.below(3) == 0 { Which::Any } else { Which::One(PlaceId([self.below(3) as u8; 16])) },
            })
            .collect()
    }

    /// An officer's rights: enough to do things with.
    pub fn everything() -> Vec<Capability> {
        let all = |right| Capability { right, area: Which::Any, place: Which::Any };
        [Right::Read, Right::Write, Right::Grant, Right::Enrol].map(all).to_vec()
    }

    pub fn cuts(&mut self) -> Cuts {
        let mut cuts: Vec<(LogId, Head)> = Vec::new();
        for (log, length) in self.lengths.clone() {
            if self.stolen {
                // As it is held by whoever cuts: an end of a branch, or an entry on the way to it.
                let mine = self.statements.iter().filter(|(_, placed)| placed.log == log);
                let all: Vec<Head> =
                    mine.map(|(hash, placed)| Head { length: placed.sequence + 1, hash: *hash }).collect();
                let ends = if self.below(4) == 0 { all } else { self.ends[&log].clone() };
                if self.below(5) > 0 {
                    cuts.push((log, ends[self.below(ends.len())]));
                }
                continue;
            }
            let length = if self.below(4) == 0 { self.below(length as usize + 1) as u64 } else { length };
            if length > 0 && self.below(5) > 0 {
                cuts.push((log, Head { length, hash: EntryHash(self.bytes()) }));
            }
        }
        Cuts(cuts)
    }

    pub fn target(&mut self) -> Target {
        if self.grants.is_empty() || self.below(4) == 0 {
            let at = self.below(self.writers.len());
            let writer = self.writers[at].clone();
            return match writer.keys {
                Some(keys) if self.below(2) == 0 => Target::Keys(keys.person, keys.sign.public()),
                _ => Target::Device(writer.device),
            };
        }
        let at = self.below(self.grants.len());
        match &self.grants[at] {
            (_, Grantee::Device { device, .. }) => Target::Device(*device),
            (id, _) => Target::Grant(*id),
        }
    }

    /// Gives a person rights by one-time words, and takes them up; says who they are and on what they stand.
    pub fn officer(&mut self, by: (usize, GrantId), rank: u8, capabilities: Vec<Capability>) -> (usize, GrantId) {
        let person = PersonId(self.bytes());
        let words = PersonKeys::random(person, &mut self.random);
        let to = Grantee::Activation { person, keys: words.public(), salt: [0; 16], cost: Cost::TEST };
        let grant = Statement::Grant(Grant { to: to.clone(), rank, capabilities, until: None });
        let id = GrantId(self.say_seeing(by.0, by.1, grant, 1_000).0);
        self.grants.push((id, to));
        let keys = PersonKeys::random(person, &mut self.random);
        let at = self.seat(Some(&keys), Some(Registration::make(id, keys.public(), &words.sign)));
        self.voices.push((at, id, rank));
        (at, id)
    }

    pub fn head(&self) -> (usize, GrantId) {
        (0, self.founding.head_grant())
    }

    pub fn by_cards(&mut self, which: [usize; 2], says: &[Statement]) -> EntryHash {
        let nonce = self.bytes();
        let mut said = CardsStatement::draft(self.founding.school(), nonce, says);
        which.into_iter().for_each(|card| said.sign(&self.cards[card]));
        let carrier = self.below(self.writers.len());
        self.say(carrier, GrantId::ZERO, Statement::Cards(Box::new(said)))
    }

    pub fn step(&mut self) {
        if self.below(3) == 0 && !self.waiting.is_empty() {
            let at = self.below(self.waiting.len());
            let (grant, person, activation, rank) = self.waiting[at].clone();
            let keys = PersonKeys::random(person, &mut self.random);
            let registration = Registration::make(grant, keys.public(), &activation);
            let writer = self.seat_somewhere(&keys, Some(registration));
            self.voices.push((writer, grant, rank));
            return;
        }
        // Mostly somebody who may speak; now and then anybody on anything.
        let at = self.below(self.voices.len());
        let (mut writer, grant, rank) = self.voices[at];
        if self.below(6) == 0 {
            writer = self.below(self.writers.len());
        }
        match self.below(13) {
            0 | 1 => {
                let (of, cuts) = (self.target(), self.cuts());
                self.say(writer, grant, Statement::Removal(Removal { of, reason: Reason::Left, cuts }));
            }
            2 => {
                let at = self.below(self.writers.len());
                let (device, cuts) = (self.writers[at].device, self.cuts());
                let said = Statement::Suspension(Suspension { device, reason: Reason::Lost, cuts });
                let name = self.say(writer, grant, said);
                self.suspensions.push(name);
            }
            3 if !self.suspensions.is_empty() => {
                let at = self.below(self.suspensions.len());
                let suspension = self.suspensions[at];
                self.say(writer, grant, Statement::Lift(Lift { suspension }));
            }
            4 => {
                let at = self.below(self.statements.len());
                let (hash, placed) = self.statements.iter().nth(at).unwrap();
                let entry = EntryName { log: placed.log, sequence: placed.sequence, hash: *hash };
                self.say(writer, grant, Statement::Adoption(Adoption { entries: vec![entry] }));
            }
            5 => self.renew(writer, grant, rank),
            6 => self.cards_say_something(),
            _ => self.give(writer, grant, rank),
        }
    }

    /// Two cards, or now and then one alone that signs twice, take or give something.
    fn cards_say_something(&mut self) {
        let first = self.below(3);
        let second = if self.below(4) == 0 { first } else { (first + 1) % 3 };
        let person = PersonId(self.bytes());
        let words = PersonKeys::random(person, &mut self.random);
        let rank = 1 + self.below(3) as u8;
        let said = match self.below(6) {
            0 | 1 => {
                let (of, cuts) = (self.target(), self.cuts());
                Statement::Removal(Removal { of, reason: Reason::Left, cuts })
            }
            2 => {
                let at = self.below(self.writers.len());
                let (device, cuts) = (self.writers[at].device, self.cuts());
                Statement::Suspension(Suspension { device, reason: Reason::Lost, cuts })
            }
            3 if !self.suspensions.is_empty() => {
                let at = self.below(self.suspensions.len());
                Statement::Lift(Lift { suspension: self.suspensions[at] })
            }
            _ => {
                let to = Grantee::Activation { person, keys: words.public(), salt: [0; 16], cost: Cost::TEST };
                Statement::Grant(Grant { to, rank, capabilities: Self::everything(), until: None })
            }
        };
        let carried = self.by_cards([first, second], std::slice::from_ref(&said));
        let Statement::Cards(cards) = &self.statements[&carried].statement else { panic!("not of the cards") };
        let Some((name, _)) = cards.says().next() else { return };
        match said {
            Statement::Grant(grant) => {
                self.waiting.push((GrantId(name.0), person, words.sign, rank));
                self.grants.push((GrantId(name.0), grant.to));
            }
            Statement::Suspension(_) => self.suspensions.push(name),
            _ => {}
        }
    }

    /// What two cards said so far, each by its name.
    pub fn said_by_cards(&self) -> BTreeMap<EntryHash, Statement> {
        let cards = self.statements.values().filter_map(|placed| match &placed.statement {
            Statement::Cards(cards) if cards.holds(&self.founding) => Some(cards.says()),
            _ => None,
        });
        cards.flatten().collect()
    }

    fn renew(&mut self, writer: usize, grant: GrantId, rank: u8) {
        let Some(old) = self.writers[writer].keys.clone() else { return };
        let keys = PersonKeys::random(old.person, &mut self.random);
        let cuts = self.cuts();
        let new = (&keys.sign, keys.public());
        let said = NewKeys::make(&self.founding.school(), old.person, &old.sign, new, cuts);
        self.say(writer, grant, Statement::NewKeys(said));
        let at = self.seat_somewhere(&keys, None);
        self.voices.push((at, grant, rank));
    }

    fn give(&mut self, writer: usize, grant: GrantId, rank: u8) {
        let rank = if self.below(5) == 0 { self.below(7) as u8 } else { (rank + 1 + self.below(2) as u8).min(5) };
        let capabilities = if self.below(2) == 0 { Self::everything() } else { self.capabilities() };
        let person = PersonId(self.bytes());
        let activation = PersonKeys::random(person, &mut self.random);
        let known: Vec<PersonKeys> = self.writers.iter().filter_map(|writer| writer.keys.clone()).collect();
        let to = match self.below(4) {
            0 => {
                let at = self.below(self.writers.len());
                Grantee::Device { device: self.writers[at].device, agree: activation.agree.public() }
            }
            1 => {
                let keys = &known[self.below(known.len())];
                Grantee::Person { person: keys.person, keys: keys.public() }
            }
            _ => Grantee::Activation { person, keys: activation.public(), salt: [0; 16], cost: Cost::TEST },
        };
        let rank = if matches!(to, Grantee::Device { .. }) { 5 } else { rank };
        let said = Statement::Grant(Grant { to: to.clone(), rank, capabilities, until: None });
        let id = GrantId(self.say(writer, grant, said).0);
        match &to {
            Grantee::Activation { .. } => self.waiting.push((id, person, activation.sign, rank)),
            Grantee::Person { person, .. } => {
                let theirs = |writer: &Writer| writer.keys.as_ref().is_some_and(|keys| keys.person == *person);
                if let Some(at) = self.writers.iter().position(theirs) {
                    self.voices.push((at, id, rank));
                }
            }
            Grantee::Device { .. } => {}
        }
        self.grants.push((id, to));
    }
}

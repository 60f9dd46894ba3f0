//! A school's statements of who may do what, drawn from a seed: officers who let each other in, and people who come and go.

use crate::Failure;
use muster_core::authority::capability::{Capability, Right, Which};
use muster_core::authority::evaluate::{Placed, Statements};
use muster_core::authority::grant::{Grant, Grantee, RANK_DEVICE, Registration};
use muster_core::authority::line::Logs;
use muster_core::authority::reduction::{Cuts, EntryName, Reason, Removal, Target};
use muster_core::authority::seat::{SeatCertificate, SeatClaim};
use muster_core::authority::statement::Statement;
use muster_core::crypto::sign::SignKey;
use muster_core::crypto::stretch::Cost;
use muster_core::crypto::wrap::AgreeKey;
use muster_core::founding::{Founding, PersonKeys};
use muster_core::id::{ActId, DeviceId, EntryHash, FrontierId, GrantId, LogId, PersonId, SeatId};
use muster_core::log::frontier::Head;
use muster_core::time::Moment;
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha20Rng;

/// Logs without forks, of which everybody has seen all.
#[derive(Debug)]
pub struct Straight;

impl Logs for Straight {
    fn covers(&self, _: &FrontierId, _: &LogId, _: u64) -> bool {
        true
    }

    fn forked_at(&self, _: &LogId) -> Option<u64> {
        None
    }

    fn is_under(&self, entry: &EntryName, cut: &Head) -> bool {
        entry.sequence < cut.length
    }
}

/// A school, and what was said in it.
#[derive(Debug)]
pub struct Draft {
    random: ChaCha20Rng,
    /// The school.
    pub founding: Founding,
    /// All that was said.
    pub statements: Statements,
}

/// Who writes: a seat, its log, and how long that is.
struct Seat {
    seat: SeatId,
    log: LogId,
    length: u64,
}

impl Draft {
    fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.random.fill_bytes(&mut bytes);
        bytes
    }

    fn say(&mut self, by: &mut Seat, grant: GrantId, statement: Statement) -> GrantId {
        let hash = EntryHash(self.bytes());
        let (seat, log, sequence) = (by.seat, by.log, by.length);
        by.length += 1;
        let (previous, authority, act) = (EntryHash::ZERO, FrontierId::ZERO, (ActId::ZERO, Moment::utc(0)));
        self.statements.insert(hash, Placed { seat, log, sequence, previous, act, grant, authority, statement });
        GrantId(hash.0)
    }

    /// A seat on one of the devices that were let in.
    fn seat(&mut self, device: &SignKey, keys: &PersonKeys) -> Seat {
        let claim = SeatClaim {
            school: self.founding.school(),
            device: DeviceId(device.public().0),
            person: Some((keys.person, keys.sign.public())),
            key: SignKey::random(&mut self.random).public(),
            incarnation: self.bytes(),
        };
        let mut seat = Seat { seat: claim.seat(), log: LogId(self.bytes()), length: 0 };
        let certificate = SeatCertificate::make(claim, device, Some(keys));
        self.say(&mut seat, GrantId::ZERO, Statement::Seat(certificate));
        seat
    }

    /// A laptop is let in.
    fn laptop(&mut self, by: &mut Seat, on: GrantId) -> SignKey {
        let device = SignKey::random(&mut self.random);
        let agree = AgreeKey::random(&mut self.random).public();
        let to = Grantee::Device { device: DeviceId(device.public().0), agree };
        let capabilities = vec![Capability { right: Right::Hold, area: Which::Any, place: Which::Any }];
        self.say(by, on, Statement::Grant(Grant { to, rank: RANK_DEVICE, capabilities, until: None }));
        device
    }

    /// Somebody is let in and takes it up: three statements.
    fn person(
        &mut self,
        (by, on): (&mut Seat, GrantId),
        device: &SignKey,
        rank: u8,
        rights: &[Capability],
    ) -> (Seat, GrantId, PersonKeys) {
        let person = PersonId(self.bytes());
        let words = PersonKeys::random(person, &mut self.random);
        let to = Grantee::Activation { person, keys: words.public(), salt: [0; 16], cost: Cost::TEST };
        let grant = Grant { to, rank, capabilities: rights.to_vec(), until: None };
        let id = self.say(by, on, Statement::Grant(grant));
        let keys = PersonKeys::random(person, &mut self.random);
        let mut seat = self.seat(device, &keys);
        let registration = Registration::make(id, keys.public(), &words.sign);
        self.say(&mut seat, id, Statement::Registration(registration));
        (seat, id, keys)
    }
}

/// A school of so many statements or a few more.
///
/// # Errors
/// When a school cannot be founded.
pub fn school(seed: u64, most: usize) -> Result<Draft, Failure> {
    let mut random = ChaCha20Rng::seed_from_u64(seed);
    let (founding, head, founded_on, _) = Founding::new(&mut random).ok_or("no school")?;
    let mut draft = Draft { random, founding, statements: Statements::new() };
    let everything: Vec<Capability> = [Right::Read, Right::Write, Right::Grant, Right::Enrol]
        .map(|right| Capability { right, area: Which::Any, place: Which::Any })
        .to_vec();
    let mut device = founded_on.sign;
    let mut of_head = draft.seat(&device, &head);
    let on = draft.founding.head_grant();
    while draft.statements.len() < most {
        // An officer, on the laptop that the one before let in, lets in another and twenty people; two of them leave.
        let (mut officer, office, _) = draft.person((&mut of_head, on), &device, 2, &everything);
        device = draft.laptop(&mut officer, office);
        for number in 0..20 {
            let (seat, _, keys) = draft.person((&mut officer, office), &device, 4, &everything[..2]);
            if number % 10 == 0 {
                let of = Target::Keys(keys.person, keys.sign.public());
                let cuts = Cuts(vec![(seat.log, Head { length: seat.length, hash: EntryHash(draft.bytes()) })]);
                draft.say(&mut officer, office, Statement::Removal(Removal { of, reason: Reason::Left, cuts }));
            }
        }
    }
    Ok(draft)
}

//! Devices of a school in one thread: founded, let in, and meeting without a network.

use crate::Failure;
use muster_core::authority::capability::Capability;
use muster_core::authority::grant::{Grant, Grantee, RANK_DEVICE};
use muster_core::crypto::sign::SignKey;
use muster_core::crypto::wrap::AgreeKey;
use muster_core::founding::Founding;
use muster_core::keys::bundle::Opened;
use muster_core::keys::rule::AreaRule;
use muster_core::replica::store::Store;
use muster_core::replica::{Context, DeviceSecrets, Passphrase, Replica};
use muster_core::sync::conversation::Conversation;
use muster_core::time::Moment;
use muster_school::areas;
use rand::SeedableRng as _;
use rand_chacha::ChaCha20Rng;

/// A clock and randomness, the same in each run.
#[derive(Debug)]
pub struct World {
    /// Milliseconds since 1970 UTC; a second passes at each look.
    pub now_ms: i64,
    random: ChaCha20Rng,
    rules: Vec<AreaRule>,
}

/// What went over the wire between two devices: the bytes of the frames, without what the transport adds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Carried {
    /// Bytes from the first to the second.
    pub there: usize,
    /// Bytes back.
    pub back: usize,
    /// Frames, both ways.
    pub frames: usize,
    /// Changes of direction: how often one side had to wait for the other.
    pub turns: usize,
}

/// Two sides of one session.
#[derive(Debug)]
pub struct Session {
    left: Conversation,
    right: Conversation,
}

impl World {
    /// Begins at a moment.
    pub fn at(now: Moment) -> Self {
        Self { now_ms: now.utc_ms, random: ChaCha20Rng::seed_from_u64(23), rules: areas::rules() }
    }

    /// For the next call.
    pub fn context(&mut self) -> Context<'_> {
        self.now_ms += 1_000;
        Context { now: Moment::utc(self.now_ms), random: &mut self.random }
    }

    /// The first device of a school, its head signed in.
    ///
    /// # Errors
    /// When the store fails.
    pub fn found<S: Store>(&mut self, store: S, rights: Vec<Capability>) -> Result<(Replica<S>, Opened), Failure> {
        self.found_under(store, rights, None)
    }

    /// The same, with the head's keys kept on the device under a passphrase.
    ///
    /// # Errors
    /// When the store fails.
    pub fn found_under<S: Store>(
        &mut self,
        store: S,
        rights: Vec<Capability>,
        passphrase: Option<&Passphrase<'_>>,
    ) -> Result<(Replica<S>, Opened), Failure> {
        let (founding, head, device, _cards) = Founding::new(&mut self.random).ok_or("no cards")?;
        let rules = self.rules.clone();
        let founded =
            Replica::found_with(store, &founding, head, device, rights, &rules, passphrase, &mut self.context())?;
        Ok((founded.replica, founded.head))
    }

    /// Another device, granted rights by the head; it holds nothing yet.
    ///
    /// # Errors
    /// When a store fails.
    pub fn let_in<S: Store, T: Store>(
        &mut self,
        office: &mut Replica<S>,
        head: &Opened,
        store: T,
        rights: Vec<Capability>,
    ) -> Result<Replica<T>, Failure> {
        let (sign, agree) = (SignKey::random(&mut self.random), AgreeKey::random(&mut self.random));
        let founding = office.founding().clone();
        let secrets = DeviceSecrets::with_keys(sign, agree, founding.school(), &mut self.random);
        let to = Grantee::Device { device: secrets.id(), agree: secrets.public_agree() };
        let grant = Grant { to, rank: RANK_DEVICE, capabilities: rights, until: None };
        office.grant(&head.seat.seat, grant, &mut self.context())?;
        let rules = self.rules.clone();
        Ok(Replica::join(store, &founding, secrets, &rules, &mut self.context())?)
    }

    /// Opens a session between two devices; nothing is said yet.
    pub fn session<S: Store, T: Store>(&self, left: &mut Replica<S>, right: &mut Replica<T>) -> Session {
        let now = Moment::utc(self.now_ms);
        let (here, there) = (left.device(), right.device());
        Session { left: Conversation::start(left, there, now), right: Conversation::start(right, here, now) }
    }

    /// Lets two devices talk until neither has anything to say, then applies what came.
    ///
    /// # Errors
    /// When a session ends badly: then the measurement would mean nothing.
    pub fn talk<S: Store, T: Store>(
        &mut self,
        session: &mut Session,
        left: &mut Replica<S>,
        right: &mut Replica<T>,
    ) -> Result<Carried, Failure> {
        let mut carried = Carried::default();
        loop {
            let before = carried.frames;
            let mut said = false;
            while let Some(frame) = session.left.next(left)? {
                carried.there += frame.len();
                (carried.frames, said) = (carried.frames + 1, true);
                session.right.receive(right, &frame, &mut self.context())?;
            }
            carried.turns += usize::from(std::mem::take(&mut said));
            while let Some(frame) = session.right.next(right)? {
                carried.back += frame.len();
                (carried.frames, said) = (carried.frames + 1, true);
                session.left.receive(left, &frame, &mut self.context())?;
            }
            carried.turns += usize::from(said);
            if carried.frames == before {
                break;
            }
        }
        while left.work(&mut self.context())?.1 {}
        while right.work(&mut self.context())?.1 {}
        Ok(carried)
    }

    /// Two devices meet and come to hold the same.
    ///
    /// # Errors
    /// When they do not.
    pub fn meet<S: Store, T: Store>(
        &mut self,
        left: &mut Replica<S>,
        right: &mut Replica<T>,
    ) -> Result<Carried, Failure> {
        let mut session = self.session(left, right);
        let carried = self.talk(&mut session, left, right)?;
        if session.left.is_same() && session.right.is_same() {
            Ok(carried)
        } else {
            Err("the two devices do not hold the same".into())
        }
    }
}

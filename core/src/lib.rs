//! A local-first, encrypted, signed sync engine for records of any kind.
//!
//! Every device holds what it may, works with nothing else in reach, and meets others when it can. There is no
//! server and no device that is needed. The engine is a library without a clock, a disk, a network or randomness
//! of its own: the moment, randomness, a [`replica::store::Store`] and the frames of a
//! [`sync::conversation::Conversation`] are handed in, so that a whole school of devices runs in one thread from
//! one seed.
//!
//! # What it promises
//!
//! - **Nothing acknowledged is lost.** What a device wrote is durable before [`replica::records::Records::write`]
//!   returns and before anybody hears of it; what came from elsewhere is durable before it is acknowledged.
//! - **All agree.** A document is the set of the entries that were applied, and whether an entry is applied follows
//!   from its bytes and the *set* of statements about authority. Devices that hold the same show the same, in
//!   whatever order it came.
//! - **Nobody overwrites.** A fact may supersede others; two that nothing supersedes are a conflict, and both stay.
//! - **Who wrote is proven.** Every entry is chained to the one before it and lies under a signature; a device that
//!   was copied is seen at the first meeting and costs no record. [`replica::Replica::verify`] checks all of it
//!   afresh and says in words what it proves, and what not.
//! - **Only readers read.** Bodies are encrypted in two layers, with keys wrapped to those who may read. A device
//!   may keep and pass on what it cannot open.
//! - **A peer can break nothing.** Whatever an enrolled device sends, the worst is that the session with it ends.
//!
//! What it does *not* promise is in `core/MODEL.md`, with the model of keys and authority: no forward secrecy for
//! what is kept, sizes and times that a blind replica sees, time as no more than a claim.
//!
//! # The words
//!
//! A **seat** writes: a person on a device, or a device. Its **entries** about one **section** (an area at a place in
//! a year) form a **log**; a **seal** signs a log's end. An **act** is what a user did: entries written together. A
//! **document** is made of **facts**, each of a kind and with a value that the engine does not look into.
//!
//! # A first record
//!
//! ```
//! use muster_core::authority::capability::{Capability, Right, Which};
//! use muster_core::document::fact::Fact;
//! use muster_core::founding::Founding;
//! use muster_core::id::{Area, Compartment, DocumentId, PlaceId, Section, Year};
//! use muster_core::keys::rule::{AreaRule, KeyRule};
//! use muster_core::replica::records::{Change, Records as _};
//! use muster_core::replica::store::MemoryStore;
//! use muster_core::replica::{Context, DeviceSecrets, Replica};
//! use muster_core::time::Moment;
//! use rand::SeedableRng as _;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // A program takes randomness from the operating system; a test takes a seed.
//! let mut random = rand_chacha::ChaCha20Rng::seed_from_u64(1);
//! let register = Area(4);
//! let rules = [AreaRule { area: register, keys: KeyRule::Yearly, order: 1 }];
//!
//! // Found a school: its first device, its head, and three recovery cards, of which any two open everything.
//! let (founding, head, device, _cards) = Founding::new(&mut random).ok_or("no randomness")?;
//! let hold = Capability { right: Right::Hold, area: Which::Any, place: Which::Any };
//! let mut context = Context { now: Moment::utc(1_790_000_000_000), random: &mut random };
//! let founded =
//!     Replica::found(MemoryStore::default(), &founding, head, device, vec![hold], &rules, &mut context)?;
//! let (mut replica, head) = (founded.replica, founded.head);
//!
//! // Write a fact, as the head.
//! let section =
//!     Section { compartment: Compartment { area: register, place: PlaceId([1; 16]) }, year: Year(2026) };
//! let document = DocumentId { section, kind: 1, key: b"4B week 48".to_vec() };
//! let fact = Fact { kind: 1, supersedes: vec![], value: b"present".to_vec() };
//! let mut writer = replica.writer(head.seat.seat, context).ok_or("not signed in")?;
//! writer.write(vec![Change { document: document.clone(), facts: vec![fact] }])?;
//!
//! // Read it.
//! let facts = writer.facts(&document)?.ok_or("nothing there")?;
//! assert_eq!(facts.current().next().map(|held| held.fact.value.as_slice()), Some(&b"present"[..]));
//!
//! // Check everything.
//! assert!(replica.verify(&mut |_, _| {})?.is_sound());
//! # Ok(())
//! # }
//! ```
//!
//! To let a second device in, see [`sync::join`]; to meet it, [`sync::conversation`]; to keep records on a disk,
//! implement [`replica::store::Store`].

pub mod audit;
pub mod authority;
pub mod backup;
pub mod checkpoint;
pub mod codec;
pub mod crypto;
pub mod document;
pub mod extract;
pub mod founding;
pub mod id;
pub mod keys;
pub mod limits;
pub mod log;
pub mod replica;
pub mod sync;
pub mod time;

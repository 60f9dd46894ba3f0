//! A signed extract: a table for somebody outside, with a proof that needs none of the school's keys.
//!
//! The seat that made it signs the table, for whom and what for it is, and the heads of the logs it was made from,
//! device by device. So it proves that nothing in the table changed since, and to which point it claims to be
//! complete; an entry that a device had not handed over by then cannot be in it, and the extract says which devices
//! were not heard from. A chain of grants from the founding on proves who had which right (see [`chain`]); that the
//! founding is this school's is proven to whoever compares the school's number, or holds the school's records (see
//! [`Standing`]).
//!
//! Not here: what is in the table, and the words (see the program).

pub mod chain;

use crate::authority::seat::SeatCertificate;
use crate::codec::{self, Malformed};
use crate::crypto::hash::hash;
use crate::crypto::sign::{SignKey, Signature};
use crate::id::{DeviceId, LogId, SchoolId, Section};
use crate::limits;
use crate::log::frontier::Head;
use crate::replica::Replica;
use crate::replica::records::RecordsError;
use crate::replica::store::Store;
use crate::time::Moment;
use chain::Chain;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What an extract's file begins with.
const MAGIC: &[u8] = b"muster extract 1\n";
const CONTEXT: &str = "extract 1";
const TABLE: &str = "muster 1 extract table";

/// What one device had handed over when the extract was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Which device wrote it.
    pub device: DeviceId,
    /// What the school calls it.
    pub name: String,
    /// The ends of its logs that the extract was made from; none where nothing of it is held.
    pub heads: Vec<(LogId, Vec<Head>)>,
    /// When the device that made the extract last heard from it; `None` for itself, and for one never heard from.
    pub heard: Option<Moment>,
    /// It made the extract.
    pub own: bool,
}

/// What is signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Of which school.
    pub school: SchoolId,
    /// The school's name.
    pub school_name: String,
    /// What it is, as in `The register of Monday 23 November 2026, Harbour`.
    pub what: String,
    /// For whom.
    pub to: String,
    /// What for. It is for nothing else.
    pub purpose: String,
    /// Who made it, as the school names them.
    pub by: String,
    /// When, by the clock of the device that made it.
    pub at: Moment,
    /// Lines of the table, headings left out.
    pub rows: u32,
    /// How many people it names.
    pub people: u32,
    /// What is not in it, and why.
    pub notes: Vec<String>,
    /// The devices of the school.
    pub sources: Vec<Source>,
    /// The table's hash.
    pub table: [u8; 32],
    /// The chain's.
    pub chain: [u8; 32],
}

/// A signed extract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extract {
    /// What is signed.
    pub claim: Claim,
    /// The seat that signed, certified by its device and its person.
    pub certificate: SeatCertificate,
    /// The table's bytes.
    pub table: Vec<u8>,
    /// Who had which right.
    pub chain: Chain,
    /// By the seat, over the claim.
    pub signature: Signature,
}

/// Why an extract proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// The table.
    #[error("the table was changed after it was signed")]
    Table,
    /// The chain of grants.
    #[error("the chain of grants was changed after it was signed")]
    Chain,
    /// The signature.
    #[error("the signature does not hold: for whom, what for, or what it claims to be complete to was changed")]
    Signature,
    /// The certificate.
    #[error("the signer’s certificate does not hold")]
    Certificate,
}

/// How the signer stands with the school whose records are here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The school knows this seat.
    Known,
    /// It does not: made by nobody of this school, or not heard of here yet.
    Unknown,
    /// These are another school's records.
    OtherSchool,
}

impl Extract {
    /// The file's bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend(codec::encode(self));
        bytes
    }

    /// Back from a file's bytes.
    ///
    /// # Errors
    /// When they are not an extract in its one legal form, or beyond [`limits::EXTRACT_BYTES`].
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        if bytes.len() > limits::EXTRACT_BYTES {
            return Err(Malformed);
        }
        let body = bytes.strip_prefix(MAGIC).ok_or(Malformed)?;
        let extract: Self = codec::decode(body)?;
        if extract.claim.sources.len() > limits::DEVICES || !extract.chain.is_within_limits() {
            return Err(Malformed);
        }
        Ok(extract)
    }

    /// Whether a file begins as an extract does.
    pub fn is_one(bytes: &[u8]) -> bool {
        bytes.starts_with(MAGIC)
    }

    /// Checks everything that can be checked without any key or record of the school.
    ///
    /// # Errors
    /// Says what does not hold.
    pub fn verify(&self) -> Result<(), Broken> {
        if table_hash(&self.table) != self.claim.table {
            return Err(Broken::Table);
        }
        if self.chain.hash() != self.claim.chain {
            return Err(Broken::Chain);
        }
        if !self.certificate.holds(&self.claim.school) {
            return Err(Broken::Certificate);
        }
        let signed = codec::encode(&self.claim);
        if !self.certificate.claim.key.verify(CONTEXT, &signed, &self.signature) {
            return Err(Broken::Signature);
        }
        Ok(())
    }

    /// As whoever has the seat's key would sign it: what it says of table and chain is brought up to date first. What
    /// the chain proves is another question.
    #[must_use]
    pub fn signed_with(self, key: &SignKey) -> Self {
        let claim = Claim { table: table_hash(&self.table), chain: self.chain.hash(), ..self.claim };
        let signature = key.sign(CONTEXT, &codec::encode(&claim));
        Self { claim, signature, ..self }
    }
}

fn table_hash(table: &[u8]) -> [u8; 32] {
    hash(TABLE, &[table])
}

/// What the maker of an extract says; the rest is looked up.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// The school's name.
    pub school_name: String,
    /// What it is.
    pub what: String,
    /// For whom.
    pub to: String,
    /// What for.
    pub purpose: String,
    /// Who makes it.
    pub by: String,
    /// Lines of the table.
    pub rows: u32,
    /// People in it.
    pub people: u32,
    /// What is not in it.
    pub notes: Vec<String>,
    /// The table.
    pub table: Vec<u8>,
}

impl<S: Store> Replica<S> {
    /// Makes an extract as whoever is signed in on a seat. `from` says which sections it was made from; `peer` gives
    /// a device's name and when it was last heard from.
    ///
    /// # Errors
    /// When nobody is signed in there, or the seat's certificate is not held.
    pub fn extract(
        &self,
        seat: &crate::id::SeatId,
        wanted: Wanted,
        at: Moment,
        from: impl Fn(&Section) -> bool,
        peer: impl Fn(&DeviceId) -> (String, Option<Moment>),
    ) -> Result<Extract, RecordsError> {
        let keys = self.seat_keys(seat)?;
        let certificate = self
            .certificate_of(seat)
            .ok_or_else(|| RecordsError::NotAllowed("this sign-in is not certified yet: sign in again".into()))?;
        let own = self.device();
        let mut heads: BTreeMap<DeviceId, Vec<(LogId, Vec<Head>)>> =
            self.view().devices().map(|device| (device, Vec::new())).collect();
        // Who may do what is the chain's to tell.
        let from = |section: &Section| *section != Section::AUTHORITY && from(section);
        let chain = self.chain(seat, from)?;
        for (log, state) in self.logs().iter().filter(|(_, state)| from(&state.descriptor.section)) {
            let Some(seated) = self.view().seats.get(&state.descriptor.seat) else { continue };
            heads.entry(seated.device).or_default().push((*log, state.heads.clone()));
        }
        let sources = heads.into_iter().map(|(device, heads)| {
            let (name, heard) = peer(&device);
            Source { device, name, heads, heard: heard.filter(|_| device != own), own: device == own }
        });
        let Wanted { school_name, what, to, purpose, by, rows, people, notes, table } = wanted;
        let claim = Claim {
            school: self.school(),
            school_name,
            what,
            to,
            purpose,
            by,
            at,
            rows,
            people,
            notes,
            sources: sources.collect(),
            table: table_hash(&table),
            chain: chain.hash(),
        };
        let signature = keys.sign.sign(CONTEXT, &codec::encode(&claim));
        Ok(Extract { claim, certificate, table, chain, signature })
    }

    /// How the signer of an extract stands with the school whose records these are.
    pub fn standing_of(&self, extract: &Extract) -> Standing {
        if extract.claim.school != self.school() {
            return Standing::OtherSchool;
        }
        let claim = &extract.certificate.claim;
        let known = self.view().seats.get(&claim.seat());
        if known.is_some_and(|seated| seated.key == claim.key) { Standing::Known } else { Standing::Unknown }
    }
}

//! The parts of taking a backlog over, each done alone: what no way of putting them together can go below on one core.

use crate::Failure;
use crate::backlog::{Apply, Backlog, ENTRIES_A_DOCUMENT};
use crate::disk::Recording;
use crate::figures::{median, millis};
use muster_core::crypto::sign::{PublicSign, SignKey};
use muster_core::document::body;
use muster_core::document::fact::Origin;
use muster_core::document::payload::Payload;
use muster_core::document::rebuild::{Contribution, Document};
use muster_core::id::{ActId, DocumentId, Handle, LogId, SeatId};
use muster_core::keys::epoch::{DocumentSecret, EpochKey};
use muster_core::log::entry::Entry;
use muster_core::log::seal::Seal;
use muster_core::replica::store::{MemoryStore, Table};
use muster_core::time::Moment;
use rand::SeedableRng as _;
use rand_chacha::ChaCha20Rng;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::time::Instant;

/// What the parts work on, and their times so far.
#[derive(Debug)]
pub struct Parts {
    /// The entries as they were kept, in order.
    entries: Vec<Entry>,
    /// Bodies of the same sizes, under keys at hand.
    bodies: Vec<Vec<u8>>,
    epoch: EpochKey,
    secret: DocumentSecret,
    seal: (PublicSign, LogId, Vec<Seal>),
    documents: Vec<(DocumentId, Handle, Vec<Contribution>)>,
    times: [Vec<f64>; 4],
}

/// Medians in milliseconds for all the entries.
#[derive(Clone, Copy, Debug)]
pub struct Told {
    /// Each entry's two hashes, and a seal a frame.
    pub verify_ms: f64,
    /// Two layers opened, unpacked and decoded.
    pub decrypt_ms: f64,
    /// Automerge's changes built and applied, a document at once, and the documents saved.
    pub apply_ms: f64,
    /// The frames' bytes through a connection over loopback.
    pub wire_ms: f64,
}

/// Entries under one seal, as frames are.
const SEALED: usize = 512;

impl Parts {
    /// From what a receiver keeps of a backlog.
    ///
    /// # Errors
    /// When the backlog cannot be taken over.
    pub fn of(backlog: &mut Backlog) -> Result<Self, Failure> {
        let (store, written) = Recording::over(MemoryStore::default());
        let mut receiver = backlog.newcomer(store, false)?;
        backlog.hand_over(&mut receiver, Apply::Never)?;
        let mut entries = Vec::new();
        for (table, _, value) in written.take().into_iter().flat_map(|batch| batch.changes) {
            if let (Table::Entries, Some(value)) = (table, value) {
                entries.push(Entry::decode(&value).map_err(|_| "an entry that does not decode")?.0);
            }
        }
        let mut random = ChaCha20Rng::seed_from_u64(5);
        let (epoch, handle) = (EpochKey::random(&mut random), Handle([4; 16]));
        let secret = DocumentSecret::random(handle, &mut random);
        let key = SignKey::random(&mut random);
        let origin = Origin { seat: SeatId([2; 32]), sequence: 0, at: Moment::utc(0), act: ActId::ZERO };
        let log = LogId([3; 32]);
        let (mut bodies, mut documents, mut seals) =
            (Vec::new(), Vec::<(DocumentId, Handle, Vec<_>)>::new(), Vec::new());
        for (number, entry) in entries.iter().enumerate() {
            let fact = |at: u8| muster_core::document::fact::Fact { kind: 1, supersedes: vec![], value: vec![at; 20] };
            let facts: Vec<_> = (0..if number.is_multiple_of(3) { 30 } else { 1 }).map(fact).collect();
            let payload = Payload { kind: 1, key: vec![0; 4], facts: facts.clone() };
            let payload = payload.encode().map_err(|_| "a payload that does not encode")?;
            let nonce = [u8::try_from(number % 251)?; 24];
            bodies.push(body::seal(entry.header(), &epoch, &secret, &payload, nonce).ok_or("no body")?);
            if number.is_multiple_of(ENTRIES_A_DOCUMENT) {
                let key = u64::try_from(number)?.to_le_bytes().to_vec();
                let id = DocumentId { section: backlog.section, kind: 1, key };
                documents.push((id, Handle([u8::try_from(number % 251)?; 16]), Vec::new()));
            }
            if let Some((_, _, brought)) = documents.last_mut() {
                brought.push(Contribution { entry: entry.hash(), origin, facts });
            }
            if number.is_multiple_of(SEALED) {
                seals.push(Seal::make(&key, &log, 1, &entry.hash()));
            }
        }
        let seal = (key.public(), log, seals);
        Ok(Self { entries, bodies, epoch, secret, seal, documents, times: Default::default() })
    }

    /// Times each part once more.
    ///
    /// # Errors
    /// When a part does not do its work.
    pub fn time(&mut self, wire_bytes: usize) -> Result<(), Failure> {
        let copies: Vec<_> = self.entries.iter().map(|entry| (entry.header().clone(), entry.body().to_vec())).collect();
        let began = Instant::now();
        let again: Vec<Entry> = copies.into_iter().map(|(header, body)| Entry::new(header, body)).collect();
        let (key, log, seals) = &self.seal;
        let sealed = self.entries.iter().step_by(SEALED).zip(seals);
        let good = sealed.filter(|(entry, seal)| seal.holds(key, log, 1, &entry.hash())).count();
        let verified = millis(began.elapsed());
        if good != seals.len() || again.iter().zip(&self.entries).any(|(one, other)| one.hash() != other.hash()) {
            return Err("what was verified does not hold".into());
        }
        let began = Instant::now();
        for (entry, body) in self.entries.iter().zip(&self.bodies) {
            let outer = body::open_outer(entry.header(), &self.epoch, body).ok_or("an outer layer did not open")?;
            let inner = body::open_inner(entry.header(), &outer, &self.secret).ok_or("an inner layer did not open")?;
            Payload::decode(&inner).map_err(|_| "a payload that does not decode")?;
        }
        let decrypted = millis(began.elapsed());
        let documents = self.documents.clone();
        let began = Instant::now();
        let mut saved = 0;
        for (id, handle, brought) in documents {
            let mut document = Document::empty(id);
            document.apply(&handle, brought)?;
            saved += document.save().len();
        }
        let applied = millis(began.elapsed());
        if saved == 0 {
            return Err("nothing was saved".into());
        }
        let sent = millis(send(wire_bytes)?);
        for (times, took) in self.times.iter_mut().zip([verified, decrypted, applied, sent]) {
            times.push(took);
        }
        Ok(())
    }

    /// Medians.
    pub fn told(&self) -> Told {
        let [verify, decrypt, apply, wire] = &self.times;
        let (verify_ms, decrypt_ms) = (median(verify), median(decrypt));
        Told { verify_ms, decrypt_ms, apply_ms: median(apply), wire_ms: median(wire) }
    }
}

/// So many bytes through a TCP connection over loopback, read to the end.
fn send(bytes: usize) -> Result<std::time::Duration, Failure> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let began = Instant::now();
    let writer = std::thread::spawn(move || {
        let mut stream = TcpStream::connect(address)?;
        let chunk = vec![7; 256 * 1024];
        let mut left = bytes;
        while left > 0 {
            let some = left.min(chunk.len());
            stream.write_all(&chunk[..some])?;
            left -= some;
        }
        std::io::Result::Ok(())
    });
    let (mut stream, _) = listener.accept()?;
    let mut buffer = vec![0; 256 * 1024];
    let mut got = 0;
    while got < bytes {
        match stream.read(&mut buffer)? {
            0 => return Err("the connection ended early".into()),
            some => got += some,
        }
    }
    let took = began.elapsed();
    writer.join().map_err(|_| "the writer ended badly")??;
    Ok(took)
}

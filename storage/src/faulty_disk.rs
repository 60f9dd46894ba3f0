//! A disk for tests: in memory, failing when told to, and able to show what a power cut would have left.
//!
//! It keeps what was last synced, and each change since. [`FaultyDisk::after_power_cut`] puts together an image
//! from these: all of the changes, none, or some, some of them torn within a write at the edges of sectors.

use redb::StorageBackend;
use std::io::{self, ErrorKind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Bytes that a disk writes at once, or not at all.
const SECTOR_BYTES: usize = 512;

/// What a power cut does to the changes made since the last sync.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PowerCut {
    /// All of them had reached the disk.
    KeepsAll,
    /// None of them had.
    LosesUnsynced,
    /// Any of them had, whole or in part, as this seed decides.
    Tears(u64),
}

/// A disk in memory. Clones are the same disk.
#[derive(Clone, Debug, Default)]
pub struct FaultyDisk {
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    live: Vec<u8>,
    synced: Vec<u8>,
    unsynced: Vec<Change>,
    operations: u64,
    fault: Option<Fault>,
}

#[derive(Clone, Debug)]
enum Change {
    Write(usize, Vec<u8>),
    Length(usize),
}

#[derive(Clone, Copy, Debug)]
struct Fault {
    from: u64,
    kind: ErrorKind,
}

impl FaultyDisk {
    /// An empty disk without faults.
    pub fn new() -> Self {
        Self::default()
    }

    /// Changes (writes, lengths, syncs) asked for so far, refused ones included.
    pub fn operations(&self) -> u64 {
        self.state().operations
    }

    /// Lets `operations` more changes through and refuses all after them. A write that is refused is done in half.
    pub fn fail_after(&self, operations: u64, kind: ErrorKind) {
        let mut state = self.state();
        state.fault = Some(Fault { from: state.operations.saturating_add(operations), kind });
    }

    /// Refuses nothing any more.
    pub fn heal(&self) {
        self.state().fault = None;
    }

    /// Flips every bit of `bytes` bytes from `offset` on; beyond the end, nothing happens.
    pub fn damage(&self, offset: usize, bytes: usize) {
        let mut state = self.state();
        let State { live, synced, .. } = &mut *state;
        for image in [live, synced] {
            image.iter_mut().skip(offset).take(bytes).for_each(|byte| *byte = !*byte);
        }
    }

    /// What is on it now.
    pub fn bytes(&self) -> Vec<u8> {
        self.state().live.clone()
    }

    /// A healthy disk holding these bytes.
    pub fn holding(bytes: Vec<u8>) -> Self {
        let state = State { live: bytes.clone(), synced: bytes, ..State::default() };
        Self { state: Arc::new(Mutex::new(state)) }
    }

    /// The disk as it would be found if the power had gone now.
    pub fn after_power_cut(&self, cut: PowerCut) -> Self {
        let state = self.state();
        let mut image = state.synced.clone();
        match cut {
            PowerCut::KeepsAll => image.clone_from(&state.live),
            PowerCut::LosesUnsynced => {}
            PowerCut::Tears(seed) => {
                let mut dice = Dice(seed);
                for change in &state.unsynced {
                    tear(&mut image, change, &mut dice);
                }
            }
        }
        Self::holding(image)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Counts a change; an error if it is to be refused.
    fn count(&mut self) -> io::Result<()> {
        let number = self.operations;
        self.operations = number.saturating_add(1);
        match self.fault {
            Some(fault) if number >= fault.from => Err(io::Error::from(fault.kind)),
            _ => Ok(()),
        }
    }

    fn write(&mut self, offset: usize, bytes: &[u8]) {
        put(&mut self.live, offset, bytes);
        self.unsynced.push(Change::Write(offset, bytes.to_vec()));
    }
}

/// Does a change whole, in part, or not.
fn tear(image: &mut Vec<u8>, change: &Change, dice: &mut Dice) {
    match (dice.roll() % 4, change) {
        (0, _) => {}
        (1, Change::Write(offset, bytes)) => {
            for (index, sector) in bytes.chunks(SECTOR_BYTES).enumerate() {
                if dice.roll().is_multiple_of(2) {
                    put(image, offset.saturating_add(index.saturating_mul(SECTOR_BYTES)), sector);
                }
            }
        }
        (_, Change::Write(offset, bytes)) => put(image, *offset, bytes),
        (_, Change::Length(length)) => image.resize(*length, 0),
    }
}

/// Puts bytes into an image, which grows as a file does.
fn put(image: &mut Vec<u8>, offset: usize, bytes: &[u8]) {
    let end = offset.saturating_add(bytes.len());
    if image.len() < end {
        image.resize(end, 0);
    }
    if let Some(place) = image.get_mut(offset..end) {
        place.copy_from_slice(bytes);
    }
}

fn index(number: u64) -> io::Result<usize> {
    usize::try_from(number).map_err(|_| io::Error::from(ErrorKind::InvalidInput))
}

/// Numbers that look random and depend on the seed alone (splitmix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}

impl StorageBackend for FaultyDisk {
    fn len(&self) -> io::Result<u64> {
        Ok(self.state().live.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let start = index(offset)?;
        let state = self.state();
        let bytes = state.live.get(start..start.saturating_add(out.len()));
        out.copy_from_slice(bytes.ok_or_else(|| io::Error::from(ErrorKind::UnexpectedEof))?);
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let len = index(len)?;
        let mut state = self.state();
        state.count()?;
        state.live.resize(len, 0);
        state.unsynced.push(Change::Length(len));
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        let mut state = self.state();
        state.count()?;
        let State { live, synced, unsynced, .. } = &mut *state;
        for change in unsynced.drain(..) {
            match change {
                Change::Write(offset, bytes) => put(synced, offset, &bytes),
                Change::Length(length) => synced.resize(length, 0),
            }
        }
        debug_assert_eq!(live.len(), synced.len());
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let offset = index(offset)?;
        let mut state = self.state();
        if let Err(error) = state.count() {
            let (half, _) = data.split_at(data.len() / 2);
            state.write(offset, half);
            return Err(error);
        }
        state.write(offset, data);
        Ok(())
    }
}

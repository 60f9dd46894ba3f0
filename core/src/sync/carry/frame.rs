//! Frames in a file: found again after damage, each signed by the device that wrote it.
//!
//! marker (8), school (32), device (32), file (16), number (4, little endian), length (4), signature (64), payload.
//! The signature is over all of that but marker and length. A byte that is not as it was written costs its frame: the
//! search goes on behind the marker for the next one that verifies.

use super::Carried;
use crate::codec;
use crate::crypto::hash::hash;
use crate::crypto::sign::{PublicSign, SignKey, Signature};
use crate::id::{DeviceId, SchoolId};
use crate::limits;

const MARKER: [u8; 8] = *b"\x8bMUSTER\n";
const HEAD_BYTES: usize = 8 + 32 + 32 + 16 + 4 + 4 + 64;
/// Bytes of a payload: a frame and what is around it.
const PAYLOAD_MOST: usize = limits::FRAME_BYTES + 64;
const SIGNED: &str = "carried frame 1";

/// Which file a frame is of: random.
pub(super) type FileId = [u8; 16];

/// A frame that its device signed.
#[derive(Debug)]
pub(super) struct Framed {
    pub(super) school: SchoolId,
    pub(super) device: DeviceId,
    pub(super) file: FileId,
    /// Its place among the frames of its file, from 0.
    pub(super) number: u32,
    pub(super) carried: Carried,
}

fn signed(school: &SchoolId, device: &DeviceId, file: &FileId, number: u32, payload: &[u8]) -> [u8; 32] {
    hash("muster 1 carried frame", &[&school.0, &device.0, file, &number.to_le_bytes(), payload])
}

/// A frame as bytes.
pub(super) fn write(school: &SchoolId, key: &SignKey, file: &FileId, number: u32, carried: &Carried) -> Vec<u8> {
    let device = DeviceId(key.public().0);
    let payload = codec::encode(carried);
    let signature = key.sign(SIGNED, &signed(school, &device, file, number, &payload));
    let length = u32::try_from(payload.len()).unwrap_or(u32::MAX);
    let parts: [&[u8]; 8] =
        [&MARKER, &school.0, &device.0, file, &number.to_le_bytes(), &length.to_le_bytes(), &signature.0, &payload];
    parts.concat()
}

/// What comes next in a file.
#[derive(Debug)]
pub(super) enum Next {
    /// A whole frame.
    Frame(Box<Framed>),
    /// More bytes are needed, or there are none.
    More,
}

/// Finds frames in bytes as they come, and counts the places where something was damaged.
#[derive(Debug, Default)]
pub(super) struct Finder {
    bytes: Vec<u8>,
    at: usize,
    /// Places where bytes were passed over.
    pub(super) damaged: usize,
    /// Whether what comes now is passed over.
    passing: bool,
    tried: usize,
}

impl Finder {
    /// More bytes of the file.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.bytes.drain(..self.at);
        self.at = 0;
        self.bytes.extend_from_slice(bytes);
    }

    /// Whether so much is damaged that nobody looks further.
    pub(super) fn gives_up(&self) -> bool {
        self.tried > limits::CARRY_DAMAGED
    }

    /// The next frame. `last` when no more bytes will come.
    pub(super) fn next(&mut self, last: bool) -> Next {
        loop {
            if self.gives_up() {
                return Next::More;
            }
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            if !rest.starts_with(&MARKER) {
                if rest.len() < MARKER.len() && !last {
                    return Next::More;
                }
                if rest.is_empty() {
                    return Next::More;
                }
                self.pass_to_marker(last);
                continue;
            }
            let Some(head) = rest.get(..HEAD_BYTES) else {
                if !last {
                    return Next::More;
                }
                self.fail();
                continue;
            };
            let Some((framed, signature, length)) = read_head(head).filter(|(.., length)| *length <= PAYLOAD_MOST)
            else {
                self.fail();
                continue;
            };
            let Some(payload) = rest.get(HEAD_BYTES..HEAD_BYTES + length) else {
                if !last {
                    return Next::More;
                }
                self.fail();
                continue;
            };
            let (school, device, file, number) = framed;
            let holds =
                PublicSign(device.0).verify(SIGNED, &signed(&school, &device, &file, number, payload), &signature);
            match codec::decode::<Carried>(payload) {
                Ok(carried) if holds => {
                    self.at += HEAD_BYTES + length;
                    self.passing = false;
                    return Next::Frame(Box::new(Framed { school, device, file, number, carried }));
                }
                _ => self.fail(),
            }
        }
    }

    /// What seemed to be a frame is none.
    fn fail(&mut self) {
        self.tried += 1;
        self.pass(1);
    }

    fn pass(&mut self, bytes: usize) {
        self.damaged += usize::from(!std::mem::replace(&mut self.passing, true));
        self.at += bytes;
    }

    /// Goes on to what may be the next marker.
    fn pass_to_marker(&mut self, last: bool) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let found = rest.windows(MARKER.len()).position(|window| window == MARKER);
        // The beginning of a marker may be at the end of what is here.
        let keep = if last { 0 } else { MARKER.len() - 1 };
        let passed = found.unwrap_or_else(|| rest.len().saturating_sub(keep));
        self.pass(passed.max(1));
    }
}

type Head = ((SchoolId, DeviceId, FileId, u32), Signature, usize);

fn read_head(head: &[u8]) -> Option<Head> {
    let (_, rest) = head.split_first_chunk::<8>()?;
    let (school, rest) = rest.split_first_chunk::<32>()?;
    let (device, rest) = rest.split_first_chunk::<32>()?;
    let (file, rest) = rest.split_first_chunk::<16>()?;
    let (number, rest) = rest.split_first_chunk::<4>()?;
    let (length, rest) = rest.split_first_chunk::<4>()?;
    let (signature, _) = rest.split_first_chunk::<64>()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    let named = (SchoolId(*school), DeviceId(*device), *file, u32::from_le_bytes(*number));
    Some((named, Signature(*signature), length))
}

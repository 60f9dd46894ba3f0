//! Letting a new device in: an officer's device shows a code, the new device proves the words in it.
//!
//! The code is six words (66 bits), the officer's device id and its addresses. Both sides stretch the words with
//! Argon2id and prove them by a keyed hash over both device ids and what only this channel's two ends know, so
//! that nobody in between can pass for either. Both then show the same short phrase. The words are used up by
//! the first proof that holds, and by a few that do not.
//!
//! Not here: the connection, the clock that ends an invitation, and the grant that the officer's device writes.

use crate::codec::{self, Malformed};
use crate::crypto::hash::hash;
use crate::crypto::secret::{Secret, same};
use crate::crypto::stretch::{Cost, stretch};
use crate::crypto::words::{self, ONE_TIME_WORDS};
use crate::crypto::wrap::PublicAgree;
use crate::founding::Founding;
use crate::id::DeviceId;
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// Wrong proofs that use an invitation up. Typing errors are told before anything is sent.
pub const WRONG_PROOFS_MOST: u32 = 3;

/// What a code carries.
#[derive(Clone, PartialEq, Eq)]
pub struct Code {
    /// The six words, joined by hyphens.
    pub words: Zeroizing<String>,
    /// The officer's device.
    pub device: DeviceId,
    /// Where it can be reached, as `address:port`, if discovery does not find it.
    pub addresses: Vec<String>,
}

impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "code of {:?} ***", self.device)
    }
}

/// Why a code was not taken.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CodeError {
    /// Not six words of the list.
    #[error("a code begins with six words of Muster's own list, and {0}")]
    Words(String),
    /// The part after the words is damaged.
    #[error(
        "the part of the code after the words is not complete: type the six words alone, or copy the whole code from the other screen"
    )]
    Device,
}

impl Code {
    /// A new code for this device, with fresh words.
    pub fn new(device: DeviceId, addresses: Vec<String>, random: &mut dyn CryptoRng) -> Self {
        Self { words: Zeroizing::new(words::random_words(ONE_TIME_WORDS, random)), device, addresses }
    }

    /// As it is shown, copied and typed: `words@device@address,address`.
    pub fn to_text(&self) -> Zeroizing<String> {
        Zeroizing::new(format!("{}@{}@{}", *self.words, self.device, self.addresses.join(",")))
    }

    fn key(&self, cost: Cost) -> Option<Secret> {
        let salt = crate::crypto::hash::hash16("muster 1 invitation salt", &[&self.device.0]);
        stretch(&self.words, &salt, cost)
    }
}

/// A code as it was typed: the words alone, where the officer's device is looked for nearby, or all of it.
#[derive(Clone, PartialEq, Eq)]
pub struct TypedCode {
    words: Zeroizing<String>,
    /// The officer's device, if the whole code was typed.
    pub device: Option<DeviceId>,
    /// Where it can be reached, as `address:port`.
    pub addresses: Vec<String>,
}

impl std::fmt::Debug for TypedCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "typed code of {:?} ***", self.device)
    }
}

impl TypedCode {
    /// From typed or pasted text.
    ///
    /// # Errors
    /// When a part is not right; the text says which.
    pub fn from_text(text: &str) -> Result<Self, CodeError> {
        let mut parts = text.trim().splitn(3, '@');
        let typed = parts.next().unwrap_or_default();
        let words = words::normalise(typed, ONE_TIME_WORDS)
            .ok_or_else(|| CodeError::Words(words::what_is_wrong(typed, ONE_TIME_WORDS)))?;
        let device = parts.next().map(|id| DeviceId::from_hex(id.trim()).ok_or(CodeError::Device)).transpose()?;
        let addresses = parts.next().unwrap_or_default().split(',').map(|one| one.trim().to_owned());
        Ok(Self { words: Zeroizing::new(words), device, addresses: addresses.filter(|one| !one.is_empty()).collect() })
    }

    /// The code, taken to be of this device: its words hold with the one that made them, and with no other.
    pub fn of(&self, device: DeviceId) -> Code {
        Code { words: self.words.clone(), device, addresses: self.addresses.clone() }
    }
}

/// What the new device says first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Request {
    version: u16,
    agree: PublicAgree,
    name: String,
    proof: [u8; 32],
}

/// Characters of the name a new device gives itself: a line on a screen.
const NAME_CHARS: usize = 60;

/// What the officer's device answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Answer {
    /// The words hold: the school, and the proof that the officer's device knows them too.
    School { founding: Box<Founding>, proof: [u8; 32] },
    /// The grant is written.
    Welcome,
    /// No, and why, in words for the screen.
    Refused(String),
}

/// Why joining ended.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JoinError {
    /// What came is not a message of this protocol.
    #[error("the other device sent something that is not Muster's form")]
    Malformed,
    /// The words do not match.
    #[error("those are not the words of an open invitation: ask for a new code")]
    WrongWords,
    /// The other side said no.
    #[error("{0}")]
    Refused(String),
    /// Nobody could do the arithmetic: the device is out of memory.
    #[error("this device has too little memory free to check the code: close other programs and try again")]
    Memory,
}

impl From<Malformed> for JoinError {
    fn from(_: Malformed) -> Self {
        Self::Malformed
    }
}

struct Channel {
    key: Secret,
    joiner: DeviceId,
    inviter: DeviceId,
    binding: [u8; 32],
}

impl Channel {
    fn proof(&self, who: &str, said: &[u8]) -> [u8; 32] {
        hash(
            "muster 1 invitation proof",
            &[self.key.expose(), who.as_bytes(), &self.joiner.0, &self.inviter.0, &self.binding, said],
        )
    }

    fn request(&self, agree: &PublicAgree, name: &str) -> [u8; 32] {
        self.proof("joiner", &codec::encode(&(agree, name)))
    }

    fn phrase(&self, founding: &Founding, agree: &PublicAgree) -> String {
        words::phrase(&self.proof("phrase", &codec::encode(&(founding, agree))))
    }
}

/// The new device's side.
pub struct Joiner {
    channel: Channel,
    agree: PublicAgree,
    founding: Option<Founding>,
}

impl std::fmt::Debug for Joiner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("joiner ***")
    }
}

/// How far the new device is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JoinStep {
    /// Show this phrase: the officer compares it with the one on the other screen.
    Phrase(String),
    /// Let in, to this school.
    Welcome(Box<Founding>),
}

impl Joiner {
    /// Begins; the bytes are the first frame. `name` is what this device is to be called, `binding` is what only the two ends of this channel know.
    ///
    /// # Errors
    /// When the device has too little memory for the stretching.
    pub fn start(
        code: &Code,
        this: DeviceId,
        agree: PublicAgree,
        name: &str,
        binding: [u8; 32],
        cost: Cost,
    ) -> Result<(Self, Vec<u8>), JoinError> {
        let key = code.key(cost).ok_or(JoinError::Memory)?;
        let channel = Channel { key, joiner: this, inviter: code.device, binding };
        let name: String = name.chars().take(NAME_CHARS).collect();
        let request = Request { version: 1, agree, proof: channel.request(&agree, &name), name };
        Ok((Self { channel, agree, founding: None }, codec::encode(&request)))
    }

    /// Takes a frame.
    ///
    /// # Errors
    /// When the other side refuses, or does not know the words itself.
    pub fn receive(&mut self, frame: &[u8]) -> Result<JoinStep, JoinError> {
        match codec::decode(frame)? {
            Answer::School { founding, proof } => {
                if !same(&proof, &self.channel.proof("inviter", &codec::encode(&(&*founding, &self.agree)))) {
                    return Err(JoinError::WrongWords);
                }
                let phrase = self.channel.phrase(&founding, &self.agree);
                self.founding = Some(*founding);
                Ok(JoinStep::Phrase(phrase))
            }
            Answer::Welcome => {
                self.founding.take().map(|founding| JoinStep::Welcome(Box::new(founding))).ok_or(JoinError::Malformed)
            }
            Answer::Refused(why) => Err(JoinError::Refused(why.chars().take(300).collect())),
        }
    }
}

/// An open invitation on the officer's device.
pub struct Invitation {
    code: Code,
    key: Secret,
    wrong: u32,
}

impl std::fmt::Debug for Invitation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("invitation ***")
    }
}

/// A new device that has proven the words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The device.
    pub device: DeviceId,
    /// What secrets will be wrapped to.
    pub agree: PublicAgree,
    /// What it calls itself; at most 60 characters.
    pub name: String,
    /// Shown on both screens.
    pub phrase: String,
    /// The frame to answer with now.
    pub answer: Vec<u8>,
}

impl Invitation {
    /// Opens one.
    ///
    /// # Errors
    /// When the device has too little memory for the stretching.
    pub fn open(code: Code, cost: Cost) -> Result<Self, JoinError> {
        let key = code.key(cost).ok_or(JoinError::Memory)?;
        Ok(Self { code, key, wrong: 0 })
    }

    /// The code to show.
    pub fn code(&self) -> &Code {
        &self.code
    }

    /// Whether too many wrong proofs have used it up.
    pub fn is_used_up(&self) -> bool {
        self.wrong >= WRONG_PROOFS_MOST
    }

    /// Checks the first frame of a device that wants in. The caller asks the officer whether the phrases agree,
    /// writes the grant, closes the invitation and sends [`welcome`].
    ///
    /// # Errors
    /// When the words are wrong or the invitation is used up; send [`refusal`] then.
    pub fn receive(
        &mut self,
        founding: &Founding,
        from: DeviceId,
        binding: [u8; 32],
        frame: &[u8],
    ) -> Result<Candidate, JoinError> {
        if self.is_used_up() {
            return Err(JoinError::WrongWords);
        }
        let request: Request = codec::decode(frame)?;
        let channel = Channel { key: self.key.clone(), joiner: from, inviter: self.code.device, binding };
        if request.version != 1 || !same(&request.proof, &channel.request(&request.agree, &request.name)) {
            self.wrong += 1;
            return Err(JoinError::WrongWords);
        }
        let said = codec::encode(&(founding, &request.agree));
        let answer = Answer::School { founding: Box::new(founding.clone()), proof: channel.proof("inviter", &said) };
        Ok(Candidate {
            device: from,
            agree: request.agree,
            name: request.name.chars().take(NAME_CHARS).filter(|c| !c.is_control()).collect(),
            phrase: channel.phrase(founding, &request.agree),
            answer: codec::encode(&answer),
        })
    }
}

/// The frame that says the grant is written.
pub fn welcome() -> Vec<u8> {
    codec::encode(&Answer::Welcome)
}

/// The frame that says no.
pub fn refusal(why: &str) -> Vec<u8> {
    codec::encode(&Answer::Refused(why.to_owned()))
}

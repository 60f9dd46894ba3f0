//! Cases: the secret of one document, wrapped to persons singly.
//!
//! A record holds eight wraps, filled up with some that are nobody's, all of it under the cover epoch. A wrap is
//! found by a tag that only its maker and its recipient can work out, so that whoever may open cases and looks at
//! the records of others sees how many records there are, and neither who reads a case nor who is left out.
//! Whoever can read a case also learns from the record who else was wrapped to and who must never be.
//!
//! Not here: whom a case is for (see `replica::cases`).

use super::epoch::{DocumentSecret, EpochKey};
use super::record::Record;
use crate::codec;
use crate::crypto::aead::{open_framed, seal_framed};
use crate::crypto::hash::hash16;
use crate::crypto::secret::{Secret, same};
use crate::crypto::wrap::{AgreeKey, PublicAgree, RecipientId, Wrapped, wrap};
use crate::id::{EpochId, Handle, PersonId, SecretId};
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};

/// Wraps in one record, those of nobody counted: the author, the leads and recovery leave room for five people.
pub const WRAPS: usize = 8;
/// People left out of one case, at most: an allegation names one or two.
pub const LEFT_OUT_MOST: usize = 8;
/// Bytes that [`About`] is filled up to: a handle, eight persons, eight recipients and two lengths are 274.
const ABOUT_BYTES: usize = 288;

/// A tag, and what is wrapped.
type Tagged = ([u8; 16], Wrapped);

#[derive(Serialize, Deserialize)]
struct Inside {
    from: PublicAgree,
    wraps: Vec<Tagged>,
    about: Vec<u8>,
}

/// What the readers of a case know of it, besides its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// The document.
    pub handle: Handle,
    /// Who must never be wrapped to.
    pub left_out: Vec<PersonId>,
    /// Whom this record is for.
    pub recipients: Vec<RecipientId>,
}

/// Seals a case's secret to at most [`WRAPS`] recipients. `None` for more, or for keys that are none.
pub fn seal(
    secret: &DocumentSecret,
    cover: (EpochId, &EpochKey),
    from: &AgreeKey,
    to: &[PublicAgree],
    left_out: &[PersonId],
    random: &mut dyn CryptoRng,
) -> Option<Record> {
    if to.len() > WRAPS || left_out.len() > LEFT_OUT_MOST {
        return None;
    }
    let (epoch, key) = cover;
    let id = secret.id();
    let mut wraps: Vec<Tagged> = Vec::with_capacity(WRAPS);
    for public in to {
        let tag = tag(&from.in_common(public), &id, public);
        wraps.push((tag, wrap(public, &info(&id), secret.bare(), random)?));
    }
    while wraps.len() < WRAPS {
        let mut tag = [0; 16];
        random.fill_bytes(&mut tag);
        let nobody = AgreeKey::random(random).public();
        wraps.push((tag, wrap(&nobody, &info(&id), &Secret::random(random), random)?));
    }
    // Tags are as good as random: in their order, the wraps say nothing by their places.
    wraps.sort_by_key(|(tag, _)| *tag);
    let mut recipients: Vec<RecipientId> = to.iter().map(PublicAgree::recipient).collect();
    recipients.sort_unstable();
    let about = About { handle: secret.handle, left_out: left_out.to_vec(), recipients };
    let about = seal_framed(&about_key(secret.bare()), &id.0, &filled_up(&about)?, random)?;
    let text = zeroize::Zeroizing::new(codec::encode(&Inside { from: from.public(), wraps, about }));
    let sealed = seal_framed(&key.cases(), &associated(&id, &epoch), &text, random)?;
    Some(Record::Case { id, epoch, sealed })
}

/// A record of a case whose cover is open.
#[derive(Debug)]
pub struct Covered {
    id: SecretId,
    inside: Inside,
}

impl std::fmt::Debug for Inside {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} wraps ***", self.wraps.len())
    }
}

impl Covered {
    /// Opens the cover; `None` when the key or a bit is not right.
    pub fn open(id: &SecretId, epoch: &EpochId, key: &EpochKey, sealed: &[u8]) -> Option<Self> {
        let text = zeroize::Zeroizing::new(open_framed(&key.cases(), &associated(id, epoch), sealed)?);
        let inside: Inside = codec::decode(&text).ok()?;
        (inside.wraps.len() == WRAPS).then_some(Self { id: *id, inside })
    }

    /// Who made the record.
    pub fn from(&self) -> &PublicAgree {
        &self.inside.from
    }

    /// Opens the secret with a key and what that key has in common with the maker's, if it is wrapped to it.
    pub fn open_with(&self, key: &AgreeKey, public: &PublicAgree, common: &Secret) -> Option<(DocumentSecret, About)> {
        let mine = tag(common, &self.id, public);
        let (_, wrapped) = self.inside.wraps.iter().find(|(tag, _)| same(tag, &mine))?;
        let bare = key.open(&info(&self.id), wrapped)?;
        let about = self.about(&bare)?;
        let secret = DocumentSecret::of_name(&self.id, about.handle, bare)?;
        Some((secret, about))
    }

    fn about(&self, bare: &Secret) -> Option<About> {
        let key = about_key(bare);
        let text = open_framed(&key, &self.id.0, &self.inside.about)?;
        let (length, rest) = text.split_first_chunk::<2>()?;
        let (about, fill) = rest.split_at_checked(usize::from(u16::from_le_bytes(*length)))?;
        let legal = text.len() == ABOUT_BYTES && fill.iter().all(|byte| *byte == 0);
        codec::decode(about).ok().filter(|_| legal)
    }
}

fn filled_up(about: &About) -> Option<Vec<u8>> {
    let encoded = codec::encode(about);
    let mut text = u16::try_from(encoded.len()).ok()?.to_le_bytes().to_vec();
    text.extend(encoded);
    (text.len() <= ABOUT_BYTES).then(|| {
        text.resize(ABOUT_BYTES, 0);
        text
    })
}

/// The key of what the readers of a case know of each other.
fn about_key(bare: &Secret) -> Secret {
    bare.derive("muster 1 case about", &[])
}

fn tag(common: &Secret, id: &SecretId, to: &PublicAgree) -> [u8; 16] {
    hash16("muster 1 case tag", &[common.expose(), &id.0, &to.0])
}

fn info(id: &SecretId) -> Vec<u8> {
    [b"muster 1 case wrap".as_slice(), &id.0].concat()
}

fn associated(id: &SecretId, epoch: &EpochId) -> Vec<u8> {
    [id.0.as_slice(), epoch.0.as_slice()].concat()
}

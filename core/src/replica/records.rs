//! What an embedder sees of a replica: documents as facts, and acts.
//!
//! The engine implements this for a replica together with a seat that is signed in; a test may implement it on
//! a map. Nothing here shows logs, keys or peers.

use crate::authority::capability::Capability;
use crate::authority::reduction::Reason;
use crate::authority::view::Holder;
use crate::document::fact::{Fact, FactRef, Facts, Origin};
use crate::id::{ActId, Area, DeviceId, DocumentId, EntryHash, GrantId, PersonId, SeatId, Section};
use crate::replica::Interval;
use crate::time::Moment;
use std::sync::Arc;

/// Facts for one document. Becomes one entry.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Which document; it comes into being with its first fact.
    pub document: DocumentId,
    /// At least one, at most [`crate::limits::FACTS_PER_ENTRY`].
    pub facts: Vec<Fact>,
}

/// For whom a case is, besides its author and those who read every case of its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Circle {
    /// Which document.
    pub document: DocumentId,
    /// Who is told of it now, and can read it from now on.
    pub alerted: Vec<PersonId>,
    /// Who must never read it, whatever their right: said when a case is opened, and only then. At most
    /// [`crate::keys::case::LEFT_OUT_MOST`].
    pub left_out: Vec<PersonId>,
}

impl Circle {
    /// With nobody told and nobody left out.
    pub fn of(document: DocumentId) -> Self {
        Self { document, alerted: Vec::new(), left_out: Vec::new() }
    }
}

/// What an act wrote: the entry of each of its changes, in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The act.
    pub act: ActId,
    /// One entry a change.
    pub entries: Vec<EntryHash>,
}

impl Written {
    /// The name of a fact just written: `change` and `index` count from 0.
    pub fn fact(&self, change: usize, index: u16) -> Option<FactRef> {
        self.entries.get(change).map(|entry| FactRef { entry: *entry, index })
    }
}

/// Who is behind a seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Author {
    /// The device.
    pub device: DeviceId,
    /// The person; `None` when the device wrote with nobody signed in.
    pub person: Option<PersonId>,
}

/// Something the authority area says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Statement {
    /// A device was let in.
    Enrolled(DeviceId),
    /// A person was given rights, to be taken up with one-time words.
    Invited(PersonId),
    /// A person was given further rights.
    Granted(PersonId),
    /// A person signed in for the first time, and made their keys.
    Activated(PersonId),
    /// A person took a seat on a device.
    Seated(PersonId),
    /// A person's keys were taken out of the school, for this reason.
    PersonRemoved(PersonId, Reason),
    /// Some of a person's rights were taken away.
    RightsTaken(PersonId),
    /// A device of the school was given other rights, or some of its rights were taken away.
    DeviceChanged(DeviceId),
    /// A device was taken out of the school.
    DeviceRemoved(DeviceId),
    /// A device is held back.
    Suspended(DeviceId),
    /// A device is no longer held back.
    Freed(DeviceId),
    /// This many entries count after all.
    Adopted(usize),
    /// A person goes on with new keys.
    Renewed(PersonId),
    /// So many documents are to be erased.
    EraseOrdered(usize),
    /// An order to erase was signed by a second person.
    EraseSigned,
    /// An order to erase was undone.
    EraseUndone,
    /// So many documents are held: nobody erases them.
    Held(usize),
    /// A hold was lifted.
    HoldLifted,
    /// A device destroyed what so many orders to erase are of.
    Erased(usize),
}

/// A statement, and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stated {
    /// Its entry.
    pub entry: EntryHash,
    /// Who and when.
    pub origin: Origin,
    /// What.
    pub says: Statement,
    /// Whether two recovery cards said it: then the seat is only the device they were used on.
    pub by_cards: bool,
}

/// Rights that somebody holds or held, as one grant gives them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldRights {
    /// The grant.
    pub grant: GrantId,
    /// Who holds it.
    pub holder: Holder,
    /// 1 head, 2 administrator, 3 area lead, 4 staff, 5 device.
    pub rank: u8,
    /// What it gives.
    pub capabilities: Vec<Capability>,
    /// Who gave it, and when by their clock; `None` for the founding head's, which the founding gave.
    pub given: Option<Origin>,
    /// Until when, by the clocks of those who honour it.
    pub until: Option<Moment>,
    /// Whether it stands: nobody took it away. It may have ended all the same.
    pub live: bool,
}

/// Why records could not be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RecordsError {
    /// The seat has no right to do this.
    #[error("{0}")]
    NotAllowed(String),
    /// Beyond a limit of the engine.
    #[error("{what} is more than the {most} that fit: split it")]
    TooMuch {
        /// What there is too much of.
        what: &'static str,
        /// The limit.
        most: usize,
    },
    /// The disk.
    #[error(transparent)]
    Store(#[from] super::store::StoreError),
    /// What is held does not decode or decrypt; the text says what to do.
    #[error("{0}")]
    Broken(String),
}

/// What became different in a section: see [`Records::changed_since`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Since {
    /// To be given the next time. Means nothing to another program or after a restart.
    pub at: u64,
    /// The documents that may be different, new ones among them; `None` when any may be, or have gone.
    pub documents: Option<Vec<DocumentId>>,
}

/// A document, and what was kept beside it.
pub type WithKept = (DocumentId, Option<Vec<u8>>);

/// What was worked out from one document, to be kept beside it: see [`Records::keep`].
#[derive(Clone, Debug)]
pub struct Worked {
    /// Which document.
    pub document: DocumentId,
    /// The facts it was worked out from, as [`Records::facts`] gave them.
    pub from: Arc<Facts>,
    /// What came of it.
    pub value: Vec<u8>,
}

/// Documents and acts, as one seat may see and write them.
pub trait Records {
    /// The facts of a document; `None` when nothing of it is held, or nothing that this seat can read.
    ///
    /// # Errors
    /// When the store fails.
    fn facts(&mut self, document: &DocumentId) -> Result<Option<Arc<Facts>>, RecordsError>;

    /// The readable documents of one kind in a section, sorted by key.
    ///
    /// # Errors
    /// When the store fails.
    fn documents(&mut self, section: &Section, kind: u16) -> Result<Vec<DocumentId>, RecordsError>;

    /// What may have changed among the documents of one kind in a section since an earlier answer. For whoever keeps
    /// what was worked out from many documents, so that it need not look at each of them again.
    ///
    /// # Errors
    /// When the store fails.
    fn changed_since(&mut self, section: &Section, kind: u16, since: Option<u64>) -> Result<Since, RecordsError>;

    /// As [`Records::documents`], each with the value that was kept of it under the number `what`; `None` where none
    /// was kept, or the document is not the same any more. Without loading a document whose value still holds.
    ///
    /// # Errors
    /// When the store fails.
    fn documents_with(&mut self, section: &Section, kind: u16, _what: u16) -> Result<Vec<WithKept>, RecordsError> {
        Ok(self.documents(section, kind)?.into_iter().map(|document| (document, None)).collect())
    }

    /// Keeps what was worked out from documents under the number `what`, one for each document, sealed as they are.
    /// It may be lost at any time: it is only ever quicker to have it. Meant for a few hundred at once, soon after
    /// their facts were read.
    ///
    /// # Errors
    /// When the store fails. What was worked out is as good as before.
    fn keep(&mut self, _what: u16, _values: &[Worked]) -> Result<(), RecordsError> {
        Ok(())
    }

    /// The sections of an area of which anything is held and readable, sorted.
    fn sections(&self, area: Area) -> Vec<Section>;

    /// Writes one act as this seat: durable when it returns.
    ///
    /// # Errors
    /// When the seat may not, a limit is passed, or the store fails. Nothing is written then.
    fn write(&mut self, changes: Vec<Change>) -> Result<Written, RecordsError>;

    /// As [`Records::write`], and says for whom cases are that the act opens, or tells more people of cases that
    /// this seat can read. An act may do that and write nothing.
    ///
    /// # Errors
    /// As [`Records::write`]; and when a person to be told has no right to open cases there, or somebody is to be
    /// left out of a case that is open already.
    fn write_cases(&mut self, circles: Vec<Circle>, changes: Vec<Change>) -> Result<Written, RecordsError> {
        if circles.is_empty() {
            return self.write(changes);
        }
        Err(RecordsError::NotAllowed("cases are not kept here".into()))
    }

    /// Who wrote, as the authority area knows it.
    fn author(&self, seat: &SeatId) -> Option<Author>;

    /// What the authority area says that stands, in the order of the entries' names: who let whom in.
    fn stated(&self) -> Vec<Stated> {
        Vec::new()
    }

    /// Between when and when an entry must have been made, where its own time is not to be taken as it stands.
    fn interval(&self, _entry: &EntryHash) -> Option<Interval> {
        None
    }

    /// Who holds which rights, by the names of their grants.
    fn holders(&self) -> Vec<HeldRights> {
        Vec::new()
    }

    /// The seat that [`Records::write`] writes as.
    fn seat(&self) -> SeatId;

    /// On how many other devices what has this origin, in this section, is known to be durable.
    fn copies(&self, section: &Section, origin: &Origin) -> u32;

    /// What the clock says.
    fn now(&self) -> Moment;

    /// Fills with randomness fit for keys and ids.
    fn random(&mut self, bytes: &mut [u8]);
}

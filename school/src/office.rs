//! Everything that somebody can do, in one place. Each method is one act, unless it says otherwise.
//!
//! Who acts is the seat of the records, and when is their clock: nothing here takes either as an argument. What a
//! method answers with `Ok` is durable.
//!
//! Not here: who may (the engine refuses what a seat has no right to), and what screens show (see `show`).

mod absences;
mod admission;
mod amendments;
mod calls;
mod carry;
mod cases;
mod continuity;
mod days;
mod duties;
mod event_acts;
mod events;
mod figures;
mod marks;
mod moves;
mod policy;
mod pupils;
mod reception;
mod registers;
mod retention;
mod rolls;
mod set_up;

pub use admission::EntryChange;
pub use calls::CallKey;
pub use cases::Said;
pub(crate) use cases::{Standing as CaseStanding, said as said_in_case};
pub(crate) use days::code_facts;
pub(crate) use events::{
    Documents as EventDocuments, documents_of as event_documents, held_between as calls_between, recent as recent_calls,
};
pub(crate) use moves::in_pieces;
pub(crate) use reception::against as against_collecting;
pub use reception::{EarlyLeaver, NewTrip};
pub use registers::{MarkEntry, Taken};
pub use rolls::NewVisit;
pub use set_up::{NewPerson, NewPupil};

use crate::calendar::{self, Local, Session};
use crate::codes::{Code, CodeError};
use crate::facts::FactError;
use crate::facts::roll_call::Sighting;
use crate::ids::{GroupId, PupilId, Who};
use crate::known::Known;
use muster_core::document::fact::Fact;
use muster_core::id::{ActId, DocumentId};
use muster_core::replica::records::{Change, Records, RecordsError, Written};

/// Why something was not done. Nothing was written then.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OfficeError {
    /// A code, or what stands beside it.
    #[error(transparent)]
    Code(#[from] CodeError),
    /// The register is closed, or a mark would be changed across its close.
    #[error("the register is closed: say why the mark changes")]
    NeedsReason,
    /// Two marks that differ stand there.
    #[error("two marks differ there: look at both in the register and settle which stands first")]
    Unsettled,
    /// An amendment without a reason.
    #[error("say why in a few words")]
    EmptyReason,
    /// The pupil has not started on that day.
    #[error("this pupil starts on {0}: no mark before that")]
    NotYetOnRoll(String),
    /// The pupil has left by that day.
    #[error("this pupil left on {0}: no mark after that")]
    HasLeft(String),
    /// The site is closed to pupils.
    #[error("no register on {0}: {1}. Where the site was open all the same, enter that in the calendar first")]
    ClosedDay(String, String),
    /// A session of today that has not begun: nobody can have been seen in it.
    #[error("{0} has not begun: mark who is here when it has, or plan an absence")]
    NotBegun(String),
    /// A session still to come.
    #[error("{0} has not come yet: plan an absence instead")]
    Future(String),
    /// Something named is not known here, or may not be read.
    #[error("this device knows no such {0}: let it meet another device, or look whether it is for this site")]
    Unknown(&'static str),
    /// Nothing to do.
    #[error("{0}")]
    Nothing(&'static str),
    /// What was typed is no day or time.
    #[error("{0}")]
    Typed(String),
    /// A name is missing.
    #[error("a name is needed")]
    NoName,
    /// A name is not deleted from the admission register.
    #[error(transparent)]
    Deletion(#[from] crate::admission::Refused),
    /// Somebody like that is on the register already.
    #[error("{0} is on the register already{1}: look there first")]
    LikeAnother(String, &'static str),
    /// What would be written is not sound.
    #[error(transparent)]
    Fact(#[from] FactError),
    /// The records.
    #[error(transparent)]
    Records(#[from] RecordsError),
}

/// A pupil, and the code and minutes they had; `None` for no mark.
pub type Before = (PupilId, Option<(Code, Option<u16>)>);

/// The same, by group.
pub type BeforeByGroup = Vec<(GroupId, Vec<Before>)>;

/// What takes an act back. Undoing is itself an act, and recorded.
#[derive(Clone, Debug, PartialEq)]
pub enum Undo {
    /// Marks of a register: what each pupil had before.
    Marks {
        /// The act that is taken back.
        act: ActId,
        /// The session.
        session: Session,
        /// By group, code and minutes before; `None` for no mark.
        before: BeforeByGroup,
    },
    /// A statement in a roll call: what the same seat said before.
    Sighting {
        /// The roll call.
        call: CallKey,
        /// About whom.
        who: Who,
        /// What was said before, by whatever name; `None` for nothing.
        before: Option<Sighting>,
    },
    /// Somebody added to a roll call by hand.
    Stranger {
        /// The roll call.
        call: CallKey,
        /// Whom.
        who: Who,
    },
}

/// See the module.
#[derive(Debug)]
pub struct Office<'a, R: Records> {
    records: &'a mut R,
    known: &'a mut Known,
}

impl<'a, R: Records> Office<'a, R> {
    /// An office over these records. `known` is kept between calls, so that nothing is decoded twice.
    pub fn new(records: &'a mut R, known: &'a mut Known) -> Self {
        Self { records, known }
    }

    /// The records.
    pub fn records(&mut self) -> &mut R {
        self.records
    }

    /// What is known.
    pub fn known(&self) -> &Known {
        self.known
    }

    /// Now, in the school.
    pub fn now(&self) -> Local {
        calendar::local(self.records.now())
    }

    fn random_id(&mut self) -> [u8; 16] {
        let mut id = [0; 16];
        self.records.random(&mut id);
        id
    }

    fn write_one(&mut self, document: DocumentId, facts: Vec<Fact>) -> Result<Written, OfficeError> {
        Ok(self.records.write(vec![Change { document, facts }])?)
    }

    /// Takes an act back.
    ///
    /// # Errors
    /// As the act itself.
    pub fn undo(&mut self, undo: &Undo) -> Result<Written, OfficeError> {
        match undo {
            Undo::Marks { act, session, before } => self.undo_marks(*act, *session, before),
            Undo::Stranger { call, who } => self.undo_stranger(*call, *who),
            Undo::Sighting { call, who, before } => self.undo_sighting(*call, *who, before.as_ref()),
        }
    }
}

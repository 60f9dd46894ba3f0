//! Taking a file that somebody carried: see [`super`].

use super::Carried;
use super::frame::{FileId, Finder, Framed, Next};
use crate::id::{DeviceId, Section};
use crate::replica::records::RecordsError;
use crate::replica::store::Store;
use crate::replica::{Context, Problem, Replica};
use crate::sync::conversation::{Conversation, Fault};
use crate::sync::message::Message;
use std::collections::{BTreeMap, BTreeSet};

/// What became of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CarriedIn {
    /// Entries that are new here.
    pub entries: usize,
    /// Entries that were here already.
    pub known: usize,
    /// Sealed records that are new here: keys under keys.
    pub records: usize,
    /// The devices that wrote the new entries.
    pub devices: BTreeSet<DeviceId>,
    /// Entries that were not taken, and sealed records there was no room for, by the reason.
    pub refused: BTreeMap<Reason, usize>,
    /// The devices that wrote the files.
    pub from: BTreeSet<DeviceId>,
    /// Frames of another school.
    pub of_another_school: usize,
    /// Frames of devices that were never let into this school.
    pub of_strangers: usize,
    /// Places where something is damaged.
    pub damaged: usize,
    /// Frames that were written and are not here, as far as can be seen.
    pub missing: usize,
    /// The file has no end: it was shortened.
    pub is_shortened: bool,
    /// Whoever wrote it had more than fits one file.
    pub is_cut_off: bool,
    /// So much is damaged that the rest was not looked at.
    pub given_up: bool,
}

/// Why something was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// What comes before it is not here.
    Gap,
    /// This device may not hold it.
    NotHeld,
    /// Who wrote it, or by what right, is not known here.
    Unknown,
    /// It is beyond a limit; the same file may be taken another day.
    TooMuch,
    /// It does not hold: no honest device writes that.
    Forged,
}

impl From<Problem> for Reason {
    fn from(problem: Problem) -> Self {
        match problem {
            Problem::Gap(_) => Self::Gap,
            Problem::NotHeld => Self::NotHeld,
            Problem::UnknownSeat | Problem::UnknownHeads(_) => Self::Unknown,
            Problem::Forged => Self::Forged,
            Problem::TooManyBranches | Problem::TooManyLogs | Problem::TooMuchToday | Problem::TooManyKeys => {
                Self::TooMuch
            }
        }
    }
}

impl CarriedIn {
    /// Whether there was anything of this school in it.
    pub fn is_ours(&self) -> bool {
        !self.from.is_empty()
    }

    /// Whether all that was written is here, whole.
    pub fn is_whole(&self) -> bool {
        self.damaged == 0 && self.missing == 0 && !self.is_shortened && !self.given_up
    }

    /// How many entries and sealed records were not taken.
    pub fn refused(&self) -> usize {
        self.refused.values().sum()
    }
}

/// One file of one device, as far as it has come.
#[derive(Debug)]
struct Part {
    conversation: Conversation,
    frames: BTreeSet<u32>,
    /// How many frames it had, by its end.
    of: Option<u32>,
}

/// A file being taken, or several one after another. See the module.
#[derive(Debug, Default)]
pub struct CarryIn {
    finder: Finder,
    parts: BTreeMap<(DeviceId, FileId), Part>,
    done: CarriedIn,
}

/// Files whose frames are told apart: more are in none that anybody wrote.
const PARTS_MOST: usize = 64;

impl CarryIn {
    /// Takes more bytes. What was taken is durable when this returns.
    ///
    /// # Errors
    /// When this device's own store fails: take the file again once it does not.
    pub fn take<S: Store>(
        &mut self,
        replica: &mut Replica<S>,
        bytes: &[u8],
        context: &mut Context<'_>,
    ) -> Result<(), RecordsError> {
        self.finder.push(bytes);
        self.take_frames(replica, false, context)
    }

    /// There are no more bytes: what became of them all.
    ///
    /// # Errors
    /// As [`CarryIn::take`].
    pub fn end<S: Store>(
        mut self,
        replica: &mut Replica<S>,
        context: &mut Context<'_>,
    ) -> Result<CarriedIn, RecordsError> {
        self.take_frames(replica, true, context)?;
        let mut done = self.done;
        done.damaged = self.finder.damaged;
        done.given_up |= self.finder.gives_up();
        for part in self.parts.values() {
            let came = part.frames.len();
            let last = part.frames.last().map_or(0, |last| usize::try_from(*last).unwrap_or(usize::MAX));
            let of = part.of.map_or(last + 1, |of| usize::try_from(of).unwrap_or(usize::MAX));
            done.missing += of.saturating_sub(came);
            done.is_shortened |= part.of.is_none();
        }
        Ok(done)
    }

    fn take_frames<S: Store>(
        &mut self,
        replica: &mut Replica<S>,
        last: bool,
        context: &mut Context<'_>,
    ) -> Result<(), RecordsError> {
        while let Next::Frame(framed) = self.finder.next(last) {
            self.take_frame(replica, *framed, context)?;
        }
        Ok(())
    }

    fn take_frame<S: Store>(
        &mut self,
        replica: &mut Replica<S>,
        framed: Framed,
        context: &mut Context<'_>,
    ) -> Result<(), RecordsError> {
        let Framed { school, device, file, number, carried } = framed;
        if school != replica.school() {
            self.done.of_another_school += 1;
            return Ok(());
        }
        if self.parts.len() >= PARTS_MOST && !self.parts.contains_key(&(device, file)) {
            self.done.given_up = true;
            return Ok(());
        }
        let part = self.parts.entry((device, file)).or_insert_with(|| Part {
            conversation: Conversation::start(replica, device, context.now),
            frames: BTreeSet::new(),
            of: None,
        });
        match carried {
            Carried::End { frames, cut_off } => {
                part.of = Some(frames);
                self.done.is_cut_off |= cut_off;
                Ok(())
            }
            Carried::Message(message) => {
                part.frames.insert(number);
                self.take_message(replica, (device, file), &message, context)
            }
        }
    }

    fn take_message<S: Store>(
        &mut self,
        replica: &mut Replica<S>,
        (device, file): (DeviceId, FileId),
        frame: &[u8],
        context: &mut Context<'_>,
    ) -> Result<(), RecordsError> {
        let Ok(message) = Message::decode(frame) else {
            *self.done.refused.entry(Reason::Forged).or_default() += 1;
            return Ok(());
        };
        // Who may write a file for this school is in the authority area, which stands first and proves itself.
        if !replica.view().was_enrolled(&device) && !is_of_authority(&message) {
            self.done.of_strangers += 1;
            return Ok(());
        }
        let entries = match &message {
            Message::Frontier { logs, .. } => {
                // What it shows it held then: so many devices hold it.
                for (descriptor, heads) in logs {
                    let log = descriptor.id(&replica.school());
                    for head in heads {
                        if replica.has_head(&log, head)? {
                            replica.acknowledge(device, log, head.length);
                        }
                    }
                }
                self.note_from(replica, device);
                return Ok(());
            }
            Message::Batch(parts) => parts.iter().map(|part| part.entries.len()).sum(),
            Message::Records(..) | Message::Authority { .. } => 0,
            // Nobody answers a file.
            _ => return Ok(()),
        };
        let Some(part) = self.parts.get_mut(&(device, file)) else { return Ok(()) };
        let received = match part.conversation.receive(replica, frame, context) {
            Ok(received) => received,
            Err(Fault::Records(error)) => return Err(error),
            Err(_) => {
                *self.done.refused.entry(Reason::Forged).or_default() += entries.max(1);
                // What comes after stands by itself.
                part.conversation = Conversation::start(replica, device, context.now);
                return Ok(());
            }
        };
        part.conversation.forget_answers();
        let refused: usize = received.refused.iter().map(|(_, count)| count).sum();
        self.done.entries += received.new_entries;
        self.done.known += entries.saturating_sub(received.new_entries + refused);
        self.done.records += received.new_records;
        self.done.devices.extend(received.devices);
        for (problem, count) in received.refused {
            *self.done.refused.entry(problem.into()).or_default() += count;
        }
        self.note_from(replica, device);
        Ok(())
    }

    fn note_from<S: Store>(&mut self, replica: &Replica<S>, device: DeviceId) {
        if replica.view().was_enrolled(&device) {
            self.done.from.insert(device);
        }
    }
}

/// Whether a message is of the authority area alone.
fn is_of_authority(message: &Message) -> bool {
    match message {
        Message::Authority { .. } => true,
        Message::Frontier { section, .. } => *section == Section::AUTHORITY,
        Message::Batch(parts) => {
            parts.iter().all(|part| part.descriptor.is_some_and(|descriptor| descriptor.section == Section::AUTHORITY))
        }
        _ => false,
    }
}

//! Messages waiting to be sent, bounded in number and in bytes: whoever asks without listening fills no memory.

use crate::id::FrontierId;
use crate::keys::record::Record;
use crate::sync::message::Message;
use std::collections::{BTreeSet, VecDeque};

/// Messages waiting. An honest peer listens while it asks.
const MESSAGES_MOST: usize = 65_536;
/// Bytes of them, roughly: all that the largest school shows of what it holds is half of this.
const BYTES_MOST: usize = 128 * 1024 * 1024;
/// Lists of authority heads asked for and not sent yet: each is asked for once, as an entry names it.
const LISTS_MOST: usize = 4_096;

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    messages: VecDeque<Message>,
    bytes: usize,
    /// Lists of authority heads to send, by name: they are made when there is nothing else to send.
    lists: VecDeque<FrontierId>,
    asked: BTreeSet<FrontierId>,
}

impl Outbox {
    pub(super) fn push_back(&mut self, message: Message) {
        self.bytes += weight(&message);
        self.messages.push_back(message);
    }

    pub(super) fn extend(&mut self, messages: impl IntoIterator<Item = Message>) {
        messages.into_iter().for_each(|message| self.push_back(message));
    }

    pub(super) fn pop_front(&mut self) -> Option<Message> {
        let message = self.messages.pop_front()?;
        self.bytes = self.bytes.saturating_sub(weight(&message));
        Some(message)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }

    /// A list of authority heads is asked for.
    pub(super) fn ask(&mut self, list: FrontierId) {
        if self.asked.insert(list) {
            self.lists.push_back(list);
        }
    }

    /// The next list to send.
    pub(super) fn next_list(&mut self) -> Option<FrontierId> {
        let list = self.lists.pop_front()?;
        self.asked.remove(&list);
        Some(list)
    }

    /// Whether more waits than anybody has waiting who listens.
    pub(super) fn is_too_much(&self) -> bool {
        self.messages.len() > MESSAGES_MOST || self.bytes > BYTES_MOST || self.lists.len() > LISTS_MOST
    }
}

/// Bytes of what may be long in a message, roughly.
fn weight(message: &Message) -> usize {
    64 + match message {
        Message::Digests { digests, .. } => digests.len() * 64,
        Message::Frontier { logs, records, .. } => logs.len() * 128 + records.len() * 8,
        Message::Want(ranges) => ranges.len() * 40,
        Message::WantRecords(_, names) | Message::NoRecords(_, names) => names.len() * 8,
        Message::Records(_, records) => records.iter().map(Record::bytes).sum(),
        Message::Authority { changed, .. } => changed.0.len() * 96,
        Message::Ack(lengths) => lengths.len() * 16,
        // One at a time, made when there is nothing else to send.
        Message::Batch(_) => crate::limits::FRAME_BYTES,
        _ => 0,
    }
}

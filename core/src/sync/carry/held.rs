//! What another device held when it wrote a file: read from the file, so that the next one holds only what it lacks.

use super::Carried;
use super::frame::{Finder, Next};
use crate::id::{DeviceId, LogId, SchoolId, Section};
use crate::limits;
use crate::log::frontier::Head;
use crate::sync::message::{Message, ShortRecord};
use std::collections::{BTreeMap, BTreeSet};

/// See the module. Fill it with [`Held::read`].
#[derive(Debug, Default)]
pub struct Held {
    finder: Finder,
    by: BTreeSet<DeviceId>,
    pub(super) logs: BTreeMap<LogId, Vec<Head>>,
    pub(super) records: BTreeSet<(Section, ShortRecord)>,
}

impl Held {
    /// Reads more bytes of a file; whatever is damaged, of another school or beyond all limits is as if it were not
    /// held. Only what one device says counts: the first whose frames come.
    pub fn read(&mut self, school: &SchoolId, bytes: &[u8]) {
        self.finder.push(bytes);
        while let Next::Frame(framed) = self.finder.next(false) {
            if framed.school != *school || self.by.first().is_some_and(|by| *by != framed.device) {
                continue;
            }
            self.by.insert(framed.device);
            let Carried::Message(message) = framed.carried else { continue };
            let Ok(Message::Frontier { section, logs, records, .. }) = Message::decode(&message) else { continue };
            for (descriptor, heads) in logs {
                if self.logs.len() < limits::LOGS {
                    self.logs.insert(descriptor.id(school), heads);
                }
            }
            if self.records.len() < 4 * limits::RECORDS_PER_SECTION {
                self.records.extend(records.into_iter().map(|record| (section, record)));
            }
        }
    }

    /// Whose it is; `None` where nothing of the school was found.
    pub fn by(&self) -> Option<DeviceId> {
        self.by.first().copied()
    }
}

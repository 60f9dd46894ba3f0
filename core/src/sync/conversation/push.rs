//! Sending on what became new here since the last look.

use super::Conversation;
use crate::id::{LogId, Section};
use crate::keys::record::Record;
use crate::replica::store::Store;
use crate::replica::{Fresh, Replica};
use crate::sync::message::short;
use crate::sync::serve::{is_open_to, records_in_frames};
use std::collections::BTreeMap;

impl Conversation {
    /// Queues what became new here since the last look, but for what the peer has already.
    pub(super) fn push_fresh<S: Store>(&mut self, replica: &mut Replica<S>) {
        let mut records: BTreeMap<Section, Vec<Record>> = BTreeMap::new();
        loop {
            match replica.journal_at(self.cursor) {
                Err(()) => {
                    // Too far behind to go through it all: compare again.
                    self.cursor = replica.journal_end();
                    self.same = false;
                    self.send_digests(replica);
                    break;
                }
                Ok(None) => break,
                Ok(Some(fresh)) => {
                    self.cursor += 1;
                    match fresh {
                        Fresh::Record { section, id } => {
                            if !self.peer_records.contains(&short(&id)) {
                                let record = replica.sealed_record(&section, &id);
                                let record = record.filter(|record| replica.may_go_to(&self.peer, &section, record));
                                records.entry(section).or_default().extend(record.cloned());
                            }
                        }
                        Fresh::Log { log, from, to } => self.push_log(replica, log, from, to),
                    }
                }
            }
        }
        // The peer's own, of before, have gone by now.
        self.peer_records.clear();
        for (section, records) in records {
            self.out.extend(records_in_frames(section, records));
        }
    }

    fn push_log<S: Store>(&mut self, replica: &Replica<S>, log: LogId, from: u64, to: u64) {
        let Some(state) = replica.logs().get(&log) else { return };
        if !is_open_to(replica, &self.peer, &state.descriptor) {
            return;
        }
        let has = self.peer_has.get(&log).copied().unwrap_or(0);
        match state.forked_at {
            Some(at) => self.server.add(replica, log, at.min(from), false),
            None if has < to => self.server.add(replica, log, from.max(has), false),
            None => {}
        }
    }
}

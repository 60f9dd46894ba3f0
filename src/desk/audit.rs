//! The audit screen's state: the filter, how much is shown, which entry is explained.

use crate::host::Host;
use muster_core::id::EntryHash;
use muster_school::show;
use muster_school::view::audit::{AuditFilter, AuditView};

/// See the module.
pub(super) struct Audit {
    filter: AuditFilter,
    pages: usize,
    chosen: Option<EntryHash>,
}

impl Default for Audit {
    fn default() -> Self {
        Self { filter: AuditFilter::default(), pages: 1, chosen: None }
    }
}

impl Audit {
    pub(super) fn filter(&mut self, filter: AuditFilter) {
        (self.filter, self.pages) = (filter, 1);
    }

    pub(super) fn more(&mut self) {
        self.pages += 1;
    }

    pub(super) fn choose(&mut self, entry: EntryHash) {
        self.chosen = Some(entry);
    }

    pub(super) fn view(&self, host: &mut Host) -> anyhow::Result<AuditView> {
        host.device
            .with_records(|records, known| Ok(show::audit(records, known, &self.filter, self.chosen, self.pages)?))
    }
}

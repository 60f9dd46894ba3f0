//! The audit screen's state: the filter, how much is shown, which entry is explained.

use super::clerk::Clerk;
use crate::host::Host;
use anyhow::Context as _;
use muster_core::id::EntryHash;
use muster_school::calendar;
use muster_school::show;
use muster_school::story::Wanted;
use muster_school::view::audit::{AuditFilter, AuditView};
use std::path::Path;

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
        let mut view = host
            .device
            .with_records(|records, known| Ok(show::audit(records, known, &self.filter, self.chosen, self.pages)?))?;
        for sentence in host.device.alarm_sentences() {
            view.summary = format!("{} {sentence}", view.summary);
        }
        Ok(view)
    }
}

impl Clerk {
    /// Writes what the filter lets through into a new file in a folder. A code comes first.
    pub(super) fn export_audit(&mut self, host: &mut Host, to: &str, folder: &str) -> anyhow::Result<()> {
        let AuditFilter { person, pupil, device, day } = self.audit.filter.clone();
        let wanted = Wanted { day, person, device, about: pupil };
        let folder = Path::new(folder.trim());
        let now = calendar::local(host.clock().now());
        let path = folder.join(format!("audit-{}-{}.csv", now.day.iso(), calendar::clock(now.minute).replace(':', "")));
        host.device.may_export_audit(to)?;
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let people = host.device.export_audit(&wanted, to, &path)?;
        let words = format!("Written to {}: {people} people are named in it, and it is not encrypted", path.display());
        self.notice(host, words, None);
        Ok(())
    }
}

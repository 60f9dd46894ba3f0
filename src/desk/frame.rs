//! What frames every screen: who, which device, how far the changes got.

use super::clerk::Clerk;
use crate::host::Host;
use crate::limits;
use muster_core::replica::records::RecordsError;
use muster_core::replica::store::StoreError;
use muster_core::time::Moment;
use muster_school::facts::access::Refusal;
use muster_school::office::OfficeError;
use muster_school::view::status::Status;
use muster_school::view::{FrameView, SyncChip};
use muster_school::{calendar, show};

impl Clerk {
    pub(super) fn frame(&mut self, host: &mut Host) -> anyhow::Result<FrameView> {
        let registers_left = self.registers_left(host)?;
        let to_settle = if host.device.opened.is_some() && !host.device.is_for_concern_only() {
            self.to_settle(host)?.len()
        } else {
            0
        };
        let local = &host.device.local;
        let forked = host.device.replica.logs().values().filter(|state| state.forked_at.is_some()).count();
        let alarms = host.device.replica.alarms(host.clock().now()).len();
        let devices_attention = forked + alarms + to_settle;
        let site = local.site.as_ref().map(|(site, _)| *site);
        // A list that cannot be read just now is no reason to show nothing.
        let running = site.map(|site| host.device.with_records(|records, _| Ok(show::running(records, site)?)));
        let running = running.and_then(Result::ok).unwrap_or_default();
        let local = &host.device.local;
        Ok(FrameView {
            school: local.school.clone(),
            site: local.site.as_ref().map(|(_, name)| format!("{name} site")).unwrap_or_default(),
            device: local.device.clone(),
            person: host.device.person().map(|person| host.device.known.staff_name(person)),
            raised: super::step_up::chip(host),
            sync: chip(host),
            now: Self::clock(host),
            concern_only: host.device.is_for_concern_only(),
            registers_left,
            running,
            devices_attention: u32::try_from(devices_attention).unwrap_or(u32::MAX),
            carried: self.carried.clone(),
            kiosk: host.device.is_kiosk(),
            warning: self.full_disk().or_else(|| ends_soon(host)).or_else(|| host.clock_warning()),
        })
    }

    /// What stands while the disk takes nothing.
    fn full_disk(&self) -> Option<String> {
        self.disk_full.then(|| {
            "The disk of this device is full: what is entered here now is not saved. Free some space, or use another device. Nothing that was saved is lost.".to_owned()
        })
    }

    /// Notes whether the disk took what was asked. `before` is how many entries were held before it was.
    pub(super) fn note_disk(&mut self, host: &Host, before: u64, done: &anyhow::Result<()>) {
        if done.as_ref().err().is_some_and(is_full) {
            self.disk_full = true;
        } else if host.entries() > before {
            self.disk_full = false;
        }
    }

    fn registers_left(&mut self, host: &mut Host) -> anyhow::Result<u32> {
        let works = host.device.opened.is_some() && !host.device.is_for_concern_only();
        let Some(site) = host.device.site().filter(|_| works) else { return Ok(0) };
        let view = host.device.with_records(|records, known| Ok(show::registers(records, known, site)?))?;
        // The whole site is a line too, of no status of its own.
        let left = view.rows.iter().filter(|row| row.status.is_some_and(|status| status != Status::Present)).count();
        Ok(u32::try_from(left).unwrap_or(u32::MAX))
    }
}

/// Whether the disk has no room, however that was said.
fn is_full(error: &anyhow::Error) -> bool {
    let store = error.downcast_ref::<StoreError>();
    let records = error.downcast_ref::<RecordsError>();
    let office = error.downcast_ref::<OfficeError>();
    let full = |error: &RecordsError| matches!(error, RecordsError::Store(StoreError::Full));
    matches!(store, Some(StoreError::Full))
        || records.is_some_and(full)
        || matches!(office, Some(OfficeError::Records(error)) if full(error))
}

/// What everybody is told whose sign-in will soon end by itself.
fn ends_soon(host: &Host) -> Option<String> {
    host.device.opened.as_ref()?;
    let (end, why) = host.device.sign_in_ends()?;
    let soon = i64::try_from(limits::END_WARNED.as_millis()).unwrap_or(i64::MAX);
    if end.utc_ms.saturating_sub(host.clock().now().utc_ms) > soon {
        return None;
    }
    let at = calendar::clock(calendar::local(end).minute);
    Some(match why {
        Refusal::Hours => {
            format!("School hours end at {at}, and with them this sign-in. A senior leader can give leave.")
        }
        Refusal::Visit => format!("Your time with these records ends at {at}, and with it this sign-in."),
        // At once, and not soon.
        Refusal::Keys => return None,
    })
}

/// The sync sentence.
pub(super) fn chip(host: &Host) -> SyncChip {
    let at = |ms| host.device.moment_words(Moment::utc(ms));
    let here = host.device.replica.only_here();
    let view = host.device.replica.view();
    if view.devices().all(|device| device == host.device.replica.device()) {
        // Everything is only here, and no number of changes says so better.
        return SyncChip { words: "The only device so far".to_owned(), shared: false };
    }
    if here > 0 {
        let words = if here == 1 {
            "1 change only on this device".to_owned()
        } else {
            format!("{here} changes only on this device")
        };
        return SyncChip { words, shared: false };
    }
    let coming: usize = host.peers().values().map(|peer| peer.fetching).sum();
    if coming > 0 {
        return SyncChip { words: format!("Receiving, {coming} parts to go"), shared: false };
    }
    match (host.alone_since_ms(), host.in_step_ms()) {
        (Some(since), _) => SyncChip { words: format!("Alone since {}", at(since)), shared: false },
        (None, Some(ms)) => SyncChip { words: format!("Up to date {}", at(ms)), shared: true },
        (None, None) => SyncChip { words: "Meeting other devices".to_owned(), shared: false },
    }
}

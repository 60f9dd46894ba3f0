//! Erasing and holding records from the screen.

use super::clerk::Clerk;
use crate::commands::find_pupil;
use crate::host::Host;
use anyhow::Context as _;
use muster_core::id::EntryHash;
use muster_gui::EraseAct;
use muster_school::view::erasure::{ErasuresView, FoundFile, Stage};
use muster_school::view::status::Status;
use muster_school::view::today::{Link, TodayRow};

impl Clerk {
    pub(super) fn of_erasure(&mut self, host: &mut Host, act: EraseAct) -> anyhow::Result<()> {
        let words = match act {
            EraseAct::Find(typed) => {
                self.file_found = None;
                let pupil = find_pupil(&host.device, &typed)?;
                let whose = host.device.whose_file(pupil).context("that pupil is not known here")?;
                self.file_found = Some(FoundFile { typed, pupil, whose });
                return Ok(());
            }
            EraseAct::File { pupil, ground, asked_by } => {
                let whose = host.device.whose_file(pupil).context("that pupil is not known here")?;
                let order = host.device.erase_pupil(pupil, ground, &asked_by, "")?;
                self.file_found = None;
                format!("{whose}. {}", how_far(host, order)?)
            }
            EraseAct::Registers { site, asked_by } => {
                let order = host.device.erase_registers(site, &asked_by, "")?;
                let name = host.device.known.site_name(site).to_owned();
                format!("{name}. {}", how_far(host, order)?)
            }
            EraseAct::Hold { pupil, why, asked_by } => {
                let whose = host.device.whose_file(pupil).context("that pupil is not known here")?;
                host.device.hold_pupil(pupil, why, &asked_by, "")?;
                self.file_found = None;
                format!("{whose}. Held: nobody erases this file until the hold is lifted")
            }
            EraseAct::Sign(order) => {
                host.device.sign_erasure(order)?;
                format!("Signed. {}", how_far(host, order)?)
            }
            EraseAct::Undo(order) => {
                host.device.undo_erasure(order)?;
                crate::device::UNDONE.to_owned()
            }
            EraseAct::Lift(hold) => {
                host.device.lift_hold(hold)?;
                "Lifted: what it kept stays until it is ordered anew".to_owned()
            }
            EraseAct::Certificate { order, folder } => {
                let folder = super::calls::folder_of(&folder)?;
                let short: String = order.to_string().chars().take(8).collect();
                let path = folder.join(format!("certificate-of-destruction-{short}.pdf"));
                host.device.save_certificate(order, &path)?;
                format!("Written to {}", path.display())
            }
        };
        self.notice(host, words, None);
        Ok(())
    }

    /// All orders and holds, and whose file was looked for.
    pub(super) fn erasures(&self, host: &mut Host) -> anyhow::Result<ErasuresView> {
        Ok(ErasuresView { found: self.file_found.clone(), ..host.device.erasures()? })
    }

    /// For the Today screen: orders that wait for whoever is signed in to sign them.
    pub(super) fn orders_to_sign(&self, host: &mut Host) -> anyhow::Result<Option<TodayRow>> {
        let view = host.device.erasures()?;
        let waiting = view.orders.iter().filter(|line| line.stage == Stage::Unsigned && line.may_sign).count();
        let detail = match waiting {
            0 => return Ok(None),
            1 => "1 order waits for a second person to sign it".to_owned(),
            many => format!("{many} orders wait for a second person to sign them"),
        };
        Ok(Some(TodayRow {
            status: Some(Status::Check),
            name: "Erasing records".to_owned(),
            detail,
            link: Some(Link::Audit),
            ..TodayRow::default()
        }))
    }
}

/// How far an order is, as its line says.
fn how_far(host: &mut Host, order: EntryHash) -> anyhow::Result<String> {
    let all = host.device.erasures()?.orders;
    Ok(all.into_iter().find(|line| line.id == order).context("the order was not kept")?.state)
}

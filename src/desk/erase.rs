//! Erasing and holding records from the screen.

use super::clerk::Clerk;
use crate::commands::find_pupil;
use crate::host::Host;
use anyhow::Context as _;
use muster_gui::EraseAct;
use muster_school::view::erasure::Stage;
use muster_school::view::status::Status;
use muster_school::view::today::{Link, TodayRow};

impl Clerk {
    pub(super) fn of_erasure(&mut self, host: &mut Host, act: EraseAct) -> anyhow::Result<()> {
        let words = match act {
            EraseAct::File { pupil, ground, asked_by } => {
                let pupil = find_pupil(&host.device, &pupil)?;
                host.device.erase_pupil(pupil, ground, &asked_by, "")?;
                "Ordered: it can be undone for seven days".to_owned()
            }
            EraseAct::Registers { asked_by } => {
                let site = host.device.site().context("this device knows no site yet: sign in once on it first")?;
                host.device.erase_registers(site, &asked_by, "")?;
                "Ordered: it can be undone for seven days".to_owned()
            }
            EraseAct::Hold { pupil, why, asked_by } => {
                let pupil = find_pupil(&host.device, &pupil)?;
                host.device.hold_pupil(pupil, why, &asked_by, "")?;
                "Held: nobody erases this file until the hold is lifted".to_owned()
            }
            EraseAct::Sign(order) => {
                host.device.sign_erasure(order)?;
                "Signed: it can be undone for seven days".to_owned()
            }
            EraseAct::Undo(order) => {
                host.device.undo_erasure(order)?;
                "Undone: these records stay".to_owned()
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

//! Drills and other roll calls that were, and the wall display.

use super::clerk::Clerk;
use crate::host::Host;
use muster_school::show;
use muster_school::view::EventId;
use muster_school::view::display::DisplayView;
use muster_school::view::drills::DrillsView;

/// Which one is shown in full.
#[derive(Default)]
pub(super) struct Drills {
    chosen: Option<EventId>,
}

impl Drills {
    pub(super) fn look(&mut self, event: Option<EventId>) {
        self.chosen = event;
    }
}

impl Clerk {
    pub(super) fn drills_view(&mut self, host: &mut Host) -> anyhow::Result<DrillsView> {
        let Some(site) = host.device.site() else { return Ok(DrillsView::default()) };
        let chosen = self.drills.chosen;
        host.device.with_records(|records, known| Ok(show::drills(records, known, site, chosen)?))
    }

    pub(super) fn display(&mut self, host: &mut Host) -> anyhow::Result<DisplayView> {
        let Some(site) = host.device.site() else { return Ok(DisplayView::default()) };
        host.device.office_of_device(|office| Ok(show::display(office.records(), site)?))
    }
}

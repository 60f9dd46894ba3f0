//! Drills and other roll calls that were, and the wall display.

use super::clerk::Clerk;
use crate::host::Host;
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
    pub(super) fn drills_view(&mut self, _host: &mut Host) -> anyhow::Result<DrillsView> {
        Ok(DrillsView::default())
    }

    pub(super) fn display(&mut self, host: &mut Host) -> anyhow::Result<DisplayView> {
        let fire = self.fire(host)?;
        Ok(DisplayView {
            site: fire.site,
            now: Self::clock(host),
            on_site: fire.to_call,
            pupils: fire.pupils,
            staff: fire.staff,
            visitors: fire.visitors,
            must_call: fire.must_call,
            as_of: fire.as_of,
            ..DisplayView::default()
        })
    }
}

//! The calendar's screen: what is set, and changes as they were typed.

use super::clerk::Clerk;
use crate::host::Host;
use muster_core::authority::capability::Right;
use muster_core::authority::view::{Ends, Holder};
use muster_core::id::{Compartment, PlaceId};
use muster_school::office::OfficeError;
use muster_school::view::calendar::{CalendarAct, CalendarView};
use muster_school::{areas, show};

impl Clerk {
    /// The calendar of this device's site.
    pub(super) fn calendar(&self, host: &mut Host) -> anyhow::Result<CalendarView> {
        let Some(site) = host.device.site() else { return Ok(CalendarView::default()) };
        let mut view = host.device.with_records(|records, known| Ok(show::calendar(records, known, site)))?;
        let school = Compartment { area: areas::SCHOOL, place: PlaceId::ZERO };
        let me = host.device.person();
        view.may_change = me.is_some_and(|me| {
            host.device.replica.view().has(
                &Holder::Person(me),
                Right::Write,
                &school,
                Ends::NotBy(host.device.clock.now()),
            )
        });
        view.problem.clone_from(&self.calendar_problem);
        view.hours.may_change = host.device.gives_leave()?;
        view.hours.problem.clone_from(&self.hours_problem);
        view.form = self.site_forms.form();
        Ok(view)
    }

    /// Changes it; what is wrong with what was typed is said on the screen.
    pub(super) fn change_calendar(&mut self, host: &mut Host, act: &CalendarAct) -> anyhow::Result<()> {
        let done = host.device.office(|office| Ok(office.change_calendar(act)))?;
        match done {
            Ok(_) => {
                self.calendar_problem = None;
                self.notice(host, "The calendar is changed. Saved on this device".to_owned(), None);
                Ok(())
            }
            Err(OfficeError::Records(error)) => Err(error.into()),
            Err(error) => {
                self.calendar_problem = Some(error.to_string());
                Ok(())
            }
        }
    }
}

//! Attendance in figures and what is owed, on the client's screens.
//!
//! Registers are read some at a time, so that nobody waits for years of them: the view says what is left, and the
//! clerk comes back to it.

use super::clerk::Clerk;
use crate::host::Host;
use anyhow::Context as _;
use muster_core::id::PersonId;
use muster_school::calendar::{self, Day, Local};
use muster_school::duties::{self, Kind};
use muster_school::facts::called::{Called, Outcome};
use muster_school::figures::published::week_over;
use muster_school::retention::{self, Entered, Scan};
use muster_school::review;
use muster_school::show;
use muster_school::show::office_forms;
use muster_school::view::attendance::{AttendanceFilter, AttendanceView};
use muster_school::view::duties::{CallMade, ToDoView};
use muster_school::view::pupils::Doing;
use muster_school::view::status::Status;
use muster_school::view::today::{Link, TodayRow};
use std::path::Path;

/// Registers read before a view is shown: some 40 ms, so that a key press is not kept waiting.
const AT_ONCE: usize = 100;

/// See the module.
#[derive(Default)]
pub(super) struct Attendance {
    filter: AttendanceFilter,
    /// What is owed, as Today shows it, and when that was worked out: it takes too long for every refreshment.
    owed: Option<(Local, Vec<TodayRow>)>,
    /// What is kept of old records, as far as it was looked through today.
    kept: Option<(Day, Scan)>,
    /// For whom and on which day it was last looked whether figures are to be published.
    looked: Option<(PersonId, Day)>,
}

impl Attendance {
    pub(super) fn filter(&mut self, filter: AttendanceFilter) {
        self.filter = filter;
    }

    pub(super) fn view(&mut self, host: &mut Host) -> anyhow::Result<AttendanceView> {
        let filter = &self.filter;
        let view = host
            .device
            .with_records(|records, known| Ok(show::attendance::attendance(records, known, filter, AT_ONCE)?))?;
        if !view.reading.is_empty() {
            host.watch_on();
        } else if let Err(error) = self.publish(host) {
            // Whoever looks at attendance came for that: the next look tries again.
            tracing::warn!("the figures of the week were not published: {error}");
        }
        Ok(view)
    }

    /// Once a day, where whoever looks at attendance may: publishes the latest week that is over, for those who read no
    /// register.
    fn publish(&mut self, host: &mut Host) -> anyhow::Result<()> {
        let now = calendar::local(host.clock().now());
        let Some(person) = host.device.person() else { return Ok(()) };
        if self.looked == Some((person, now.day)) || !host.device.may_publish_figures() {
            return Ok(());
        }
        let week = week_over(now);
        let read = review::period(week);
        if host.device.with_records(|records, known| Ok(known.read_ledger(records, read, AT_ONCE)?))? > 0 {
            host.watch_on();
            return Ok(());
        }
        host.device.publish_figures(week)?;
        self.looked = Some((person, now.day));
        Ok(())
    }

    pub(super) fn duties(&mut self, host: &mut Host) -> anyhow::Result<ToDoView> {
        let (site, me) = (host.device.site(), host.device.person());
        let old = self.old(host)?;
        let mut view =
            host.device.with_records(|records, known| Ok(show::duties::to_do(records, known, site, AT_ONCE, &old)?))?;
        if !view.reading.is_empty() {
            host.watch_on();
        }
        let leads = host.device.with_records(|records, _| Ok(office_forms::leads(records, me)))?;
        view.may.extend((leads && old.iter().any(|one| one.due > 0)).then_some(Doing::Review));
        view.parts.extend(host.device.cards_part()?);
        view.parts.extend(host.device.requests_part()?);
        Ok(view)
    }

    /// What is kept of old records: nothing until a year after the school began here; then some documents at a time,
    /// once a day.
    pub(super) fn old(&mut self, host: &mut Host) -> anyhow::Result<Vec<Entered>> {
        let today = calendar::local(host.clock().now()).day;
        if !retention::may_be_due(host.device.known.school(), today) {
            return Ok(Vec::new());
        }
        let mut scan = match self.kept.take().filter(|(day, _)| *day == today) {
            Some((_, scan)) => scan,
            None => host
                .device
                .with_records(|records, known| Ok(Scan::of_what_may_be_due(records, known.school(), today)?))?,
        };
        let left = host.device.with_records(|records, _| Ok(scan.read(records, AT_ONCE)?))?;
        if left > 0 {
            host.watch_on();
        }
        let found = scan.entered(host.device.known.school(), today);
        self.kept = Some((today, scan));
        Ok(found)
    }

    /// What is owed beside today's registers and calls: a line for each kind. Worked out once a minute.
    pub(super) fn owed(&mut self, host: &mut Host) -> anyhow::Result<Vec<TodayRow>> {
        let now = calendar::local(host.clock().now());
        if let Some((at, rows)) = &self.owed
            && *at == now
        {
            return Ok(rows.clone());
        }
        let site = host.device.site();
        let left = host
            .device
            .with_records(|records, known| Ok(known.read_ledger(records, duties::period(now), AT_ONCE)?))?;
        if left > 0 {
            host.watch_on();
            return Ok(Vec::new());
        }
        let all = duties::duties(&host.device.known, site, now);
        let told = [Kind::Unsettled, Kind::NoReason, Kind::Sickness, Kind::Running, Kind::TenInTen, Kind::WeeklyReview];
        let rows = all.iter().filter(|duty| told.contains(&duty.kind) && !duty.items.is_empty()).map(|duty| TodayRow {
            status: Some(Status::Check),
            name: format!("{} {}", duty.items.len(), duty.kind.title(duty.items.len())),
            link: Some(Link::ToDo),
            ..TodayRow::default()
        });
        let mut rows: Vec<TodayRow> = rows.collect();
        rows.extend(host.device.cards_due()?.map(|name| TodayRow {
            status: Some(Status::Check),
            name,
            link: Some(Link::ToDo),
            ..TodayRow::default()
        }));
        self.owed = Some((now, rows.clone()));
        Ok(rows)
    }
}

impl Clerk {
    pub(super) fn write_review(&mut self, host: &mut Host, folder: &str) -> anyhow::Result<()> {
        let today = calendar::local(host.clock().now()).day;
        let words = host.device.write_review(today, Path::new(folder))?.words();
        self.notice(host, words, None);
        Ok(())
    }

    pub(super) fn log_call(&mut self, host: &mut Host, made: &CallMade) -> anyhow::Result<()> {
        let now = calendar::local(host.clock().now());
        let outcome = Outcome::ALL.get(made.outcome).copied().context("say what came of the call")?;
        let call = Called {
            about: now.day,
            day: now.day,
            minute: now.minute,
            whom: made.whom.clone(),
            outcome,
            words: made.words.clone(),
            code: None,
        };
        host.device.office(|office| Ok(office.log_call(made.pupil.into(), call, made.code.as_deref())?))?;
        let words = match &made.code {
            Some(code) => format!("Call logged, and the reason entered as {code}"),
            None => "Call logged".to_owned(),
        };
        self.notice(host, words, None);
        Ok(())
    }
}

//! Today: what the office does next and what it watches, and the list of registers.

use super::words;
use crate::calendar::{self, Half, Local, Session};
use crate::codes::{Code, OnSite};
use crate::facts::documents;
use crate::facts::school::Group;
use crate::fire::presence::{self, State};
use crate::ids::{GroupId, PupilId, Who};
use crate::known::Known;
use crate::office::OfficeError;
use crate::register::current::{Board, Version};
use crate::view::status::Status;
use crate::view::today::{Link, RegisterLine, RegistersView, TodayPanel, TodayRow, TodayView};
use crate::view::{AsOf, RegisterKey};
use muster_core::document::fact::Origin;
use muster_core::id::PlaceId;
use muster_core::replica::records::Records;

/// Rows that a panel shows before *more*.
const ROWS: usize = 5;

struct Progress {
    group: Group,
    marked: usize,
    members: usize,
    first: Option<Origin>,
    finished: Option<Origin>,
    /// Whose marks differ, by name.
    conflicts: Vec<PupilId>,
    /// Of a day before today.
    earlier: bool,
}

impl Progress {
    fn is_taken(&self) -> bool {
        self.finished.is_some() || self.marked >= self.members
    }

    fn words(&self) -> String {
        let at = |origin: &Origin| calendar::clock(calendar::local(origin.at).minute);
        match (&self.finished, &self.first) {
            (Some(end), _) if self.marked < self.members => {
                format!("Finished {}, {} not marked", at(end), self.members - self.marked)
            }
            (Some(end), _) => format!("Finished {}", at(end)),
            (None, None) if self.members == 0 => "Boarders only: no mark is due".to_owned(),
            (None, None) if self.earlier => "Nothing sent".to_owned(),
            (None, None) => "Nothing sent today".to_owned(),
            (None, Some(first)) => format!("Begun {}, {} of {}", at(first), self.marked, self.members),
        }
    }
}

struct Screen<'a, R: Records> {
    records: &'a mut R,
    known: &'a mut Known,
    site: PlaceId,
    now: Local,
    session: Session,
    board: Board,
}

impl<'a, R: Records> Screen<'a, R> {
    fn new(records: &'a mut R, known: &'a mut Known, site: PlaceId) -> Result<Self, OfficeError> {
        let now = calendar::local(records.now());
        let pm = known.school().half_times(site, Half::Pm).start;
        let half = if now.minute >= pm { Half::Pm } else { Half::Am };
        Self::of(records, known, site, Session { day: now.day, half })
    }

    fn of(records: &'a mut R, known: &'a mut Known, site: PlaceId, session: Session) -> Result<Self, OfficeError> {
        let now = calendar::local(records.now());
        let board = known.board(records, session.day)?;
        Ok(Self { records, known, site, now, session, board })
    }

    fn progress(&self) -> Vec<Progress> {
        let mut found = Vec::new();
        if self.known.school().closed(self.site, self.session.day).is_some() {
            return found;
        }
        for group in self.known.school().groups_of(self.site) {
            let members = self.known.members(group.id, self.session.day);
            let shut = self.known.school().closed_to(self.site, group.id, self.session.day).is_some();
            if members.is_empty() || shut {
                continue;
            }
            let own = documents::register(self.site, group.id, self.session.day);
            let week = self.board.weeks().iter().find(|week| week.document == own);
            let mut first: Option<Origin> = None;
            let (mut marked, mut conflicts) = (0, Vec::new());
            for pupil in &members {
                let current = self.board.current(pupil.id, self.session);
                marked += usize::from(current.shown().is_some() && Known::is_mark_due(pupil));
                conflicts.extend(current.is_conflict().then_some(pupil.id));
                for version in &current.standing {
                    if first.is_none_or(|held| version.origin.at < held.at) {
                        first = Some(version.origin);
                    }
                }
            }
            let finished = week.and_then(|week| week.finished(self.session).iter().min_by_key(|o| o.at)).copied();
            let due = members.iter().filter(|pupil| Known::is_mark_due(pupil)).count();
            let (group, members) = (group.clone(), due);
            let earlier = self.session.day < self.now.day;
            found.push(Progress { group, marked, members, first, finished, conflicts, earlier });
        }
        found
    }

    fn as_of(&self) -> AsOf {
        AsOf { at: calendar::clock(self.now.minute), ..AsOf::default() }
    }

    fn taker(&self, group: &Group) -> String {
        let day = self.session.day;
        self.known.school().taker_on(group.id, day).map_or_else(String::new, |person| self.known.staff_name(person))
    }

    fn closes(&self, progress: &[Progress]) -> String {
        if let Some(why) = self.known.school().closed(self.site, self.session.day) {
            let when = if self.session.day == self.now.day { "today" } else { "on that day" };
            return format!("No registers {when}: {why}.");
        }
        let taken = progress.iter().filter(|one| one.is_taken()).count();
        let close = self.known.school().times_of(self.site, self.session).close;
        let when = match close.checked_sub(self.now.minute) {
            _ if self.session.day < self.now.day => format!("Registers closed at {}.", calendar::clock(close)),
            Some(0) | None => format!("Registers closed at {}.", calendar::clock(close)),
            Some(left) => format!(
                "Registers close at {}, in {}.",
                calendar::clock(close),
                words::count(usize::from(left), "minute")
            ),
        };
        format!("{taken} of {} taken. {when}", progress.len())
    }

    fn not_taken(&self, progress: &[Progress]) -> TodayPanel {
        let open: Vec<_> = progress.iter().filter(|one| !one.is_taken()).collect();
        let count = open.len();
        TodayPanel {
            count: words::number(count),
            title: if count == 1 { "register not taken" } else { "registers not taken" }.to_owned(),
            link: Some(Link::Registers),
            as_of: self.as_of(),
            rows: open
                .into_iter()
                .take(ROWS)
                .map(|one| TodayRow {
                    status: Some(Status::NotMarked),
                    name: one.group.name.clone(),
                    group: self.taker(&one.group),
                    detail: one.words(),
                    count: None,
                    link: Some(Link::Register(super::register_key(one.group.id, self.session))),
                })
                .collect(),
            note: self.closes(progress),
        }
    }

    /// Pupils of the site whose mark passes, with group name, by surname.
    fn marked(&self, wanted: impl Fn(&Version) -> bool) -> Vec<(String, Group, Version)> {
        let mut found = Vec::new();
        for group in self.known.school().groups_of(self.site) {
            for pupil in self.known.members(group.id, self.session.day) {
                let current = self.board.current(pupil.id, self.session);
                if let Some(version) = current.shown().filter(|version| wanted(version)) {
                    found.push((pupil.sort.clone(), (pupil.listed(), group.clone(), version.clone())));
                }
            }
        }
        found.sort_by(|a, b| a.0.cmp(&b.0));
        found.into_iter().map(|(_, row)| row).collect()
    }

    fn people(
        &self,
        title: [&str; 2],
        status: Status,
        found: Vec<(String, Group, Version)>,
        detail: impl Fn(&Version) -> String,
    ) -> TodayPanel {
        let count = found.len();
        TodayPanel {
            count: words::number(count),
            title: title[usize::from(count != 1)].to_owned(),
            link: Some(Link::Registers),
            as_of: self.as_of(),
            rows: found
                .iter()
                .take(ROWS)
                .map(|(name, group, version)| TodayRow {
                    status: Some(status),
                    name: name.clone(),
                    group: group.name.clone(),
                    detail: detail(version),
                    count: None,
                    link: Some(Link::Register(super::register_key(group.id, self.session))),
                })
                .collect(),
            note: if count > ROWS { format!("{} more", count - ROWS) } else { String::new() },
        }
    }

    fn on_site(&mut self) -> Result<TodayPanel, OfficeError> {
        let now = self.records.now();
        let Some(list) = presence::list(self.records, self.site)? else {
            return Ok(TodayPanel {
                title: "on site now".to_owned(),
                link: Some(Link::Fire),
                as_of: self.as_of(),
                note: "No list of today yet".to_owned(),
                ..TodayPanel::default()
            });
        };
        let of = |state: State, wanted: fn(&Who) -> bool| {
            words::number(list.people.iter().filter(|one| one.state == state && wanted(&one.who)).count())
        };
        let row = |status, name: &str, count| TodayRow {
            status,
            name: name.to_owned(),
            count: Some(count),
            link: Some(Link::Fire),
            ..TodayRow::default()
        };
        let as_of = super::fire::as_of(&list, now);
        let mut letters = as_of.from.chars();
        let from: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
        let note =
            [from, as_of.gaps.clone()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ");
        Ok(TodayPanel {
            count: of(State::OnSite, |_| true),
            title: "on site now".to_owned(),
            link: Some(Link::Fire),
            rows: vec![
                row(None, "Pupils", of(State::OnSite, |who| matches!(who, Who::Pupil(_)))),
                row(None, "Staff", of(State::OnSite, |who| matches!(who, Who::Staff(_)))),
                row(None, "Visitors", of(State::OnSite, |who| matches!(who, Who::Visitor(_)))),
                row(Some(Status::MustCall), "Must also be called", of(State::MustCall, |_| true)),
                row(Some(Status::OffSite), "Off site with staff", of(State::OffSite, |_| true)),
            ],
            note: if note.is_empty() { note } else { format!("{note}.") },
            as_of,
        })
    }

    fn alerts(&self, progress: &[Progress]) -> TodayPanel {
        let torn: Vec<_> = progress.iter().filter(|one| !one.conflicts.is_empty()).collect();
        TodayPanel {
            count: words::number(torn.len()),
            title: alerts_title(words::number(torn.len())),
            link: Some(Link::Registers),
            as_of: self.as_of(),
            rows: torn
                .into_iter()
                .map(|one| TodayRow {
                    status: Some(Status::Check),
                    name: match one.conflicts.len() {
                        1 => format!("Two marks to settle, {}", one.group.name),
                        more => format!("{more} marks to settle, {}", one.group.name),
                    },
                    link: one
                        .conflicts
                        .first()
                        .map(|pupil| Link::Settle(super::register_key(one.group.id, self.session), (*pupil).into())),
                    ..TodayRow::default()
                })
                .collect(),
            note: String::new(),
        }
    }
}

/// What stands beside the number of alerts.
pub fn alerts_title(count: u32) -> String {
    if count == 1 { "alert for me" } else { "alerts for me" }.to_owned()
}

/// Today at a site. The panel of devices not heard from is the program's to add.
///
/// # Errors
/// When the records cannot be read.
pub fn today(records: &mut impl Records, known: &mut Known, site: PlaceId) -> Result<TodayView, OfficeError> {
    let mut screen = Screen::new(records, known, site)?;
    let progress = screen.progress();
    let day = screen.session.day;
    let no_reason = screen.marked(|version| version.code() == Some(Code::NO_REASON));
    let codes = screen.known.school().codes().clone();
    let mut late = screen.marked(|version| {
        version.code().and_then(|code| codes.ever(code, day)).is_some_and(|info| info.on_site == OnSite::Arrival)
    });
    late.sort_by_key(|(_, _, version)| std::cmp::Reverse(version.origin.at));
    let time = |version: &Version| calendar::clock(calendar::local(version.origin.at).minute);
    let mut to_do = vec![
        screen.not_taken(&progress),
        screen.people(["absent without a reason"; 2], Status::AbsentUnauthorised, no_reason, |version| {
            format!("Marked {}", time(version))
        }),
        screen.people(["late arrival", "late arrivals"], Status::Late, late, |version| match version.minutes() {
            Some(minutes) => format!("{}, {}", time(version), words::count(usize::from(minutes), "minute")),
            None => time(version),
        }),
    ];
    if let Some(calls) = to_do.get_mut(1) {
        calls.link = Some(Link::ToDo);
    }
    let to_watch = vec![screen.on_site()?, screen.alerts(&progress)];
    let person = screen.records.author(&screen.records.seat()).and_then(|author| author.person);
    let first = person
        .and_then(|person| screen.known.school().staff.get(&person))
        .map_or_else(String::new, |staff| format!(", {}", staff.forename));
    let half = screen.session.half.word();
    let session = match screen.known.school().closed(site, day) {
        Some(why) => format!("Closed: {why}."),
        None => format!("{} session.", if screen.session.half == Half::Am { "Morning" } else { "Afternoon" }),
    };
    Ok(TodayView { day: day.long(), greeting: format!("{session} Good {half}{first}."), to_do, to_watch })
}

/// The registers of a site in the session of the moment.
///
/// # Errors
/// When the records cannot be read.
pub fn registers(records: &mut impl Records, known: &mut Known, site: PlaceId) -> Result<RegistersView, OfficeError> {
    listed(&Screen::new(records, known, site)?)
}

/// The registers of a site in another session: `key` is that of any register there.
///
/// # Errors
/// When there is no such session, or the records cannot be read.
pub fn registers_in(
    records: &mut impl Records,
    known: &mut Known,
    site: PlaceId,
    key: &RegisterKey,
) -> Result<RegistersView, OfficeError> {
    let (_, session) = super::register_of(key).ok_or(OfficeError::Unknown("session"))?;
    listed(&Screen::of(records, known, site, session)?)
}

fn listed(screen: &Screen<'_, impl Records>) -> Result<RegistersView, OfficeError> {
    let (progress, site) = (screen.progress(), screen.site);
    let me = screen.records.author(&screen.records.seat()).and_then(|author| author.person);
    let whole = (progress.len() > 1).then(|| RegisterLine {
        key: super::register_key(GroupId(site.0), screen.session),
        group: "Whole site".to_owned(),
        teacher: screen.known.site_name(site).to_owned(),
        state: format!("{} of {} taken", progress.iter().filter(|one| one.is_taken()).count(), progress.len()),
        status: None,
        own: false,
    });
    let mut rows: Vec<_> = progress
        .iter()
        .map(|one| {
            let own = me.is_some() && screen.known.school().taker_on(one.group.id, screen.session.day) == me;
            let line = RegisterLine {
                key: super::register_key(one.group.id, screen.session),
                group: one.group.name.clone(),
                teacher: screen.taker(&one.group),
                state: one.words(),
                status: Some(match (one.conflicts.len(), one.is_taken()) {
                    (0, true) => Status::Present,
                    (0, false) => Status::NotMarked,
                    _ => Status::Check,
                }),
                own,
            };
            ((!own, one.is_taken(), crate::known::natural(&one.group.name)), line)
        })
        .collect();
    rows.sort_by(|a, b| a.0.cmp(&b.0));
    let which = GroupId(site.0);
    let [before, after] = super::steps::around(screen.known.school(), site, which, screen.session, screen.now.day);
    Ok(RegistersView {
        before,
        after,
        session: screen.session.long(),
        summary: screen.closes(&progress),
        as_of: screen.as_of(),
        rows: rows.into_iter().map(|(_, line)| line).chain(whole).collect(),
        may: Vec::new(),
    })
}

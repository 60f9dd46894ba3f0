//! The register of a group in one session.

mod lines;
mod marks;

use super::words::{self, Names};
use crate::calendar::{self, Half, Session};
use crate::codes::{Code, CodeInfo, Codes, OnSite};
use crate::facts::documents;
use crate::facts::school::Group;
use crate::ids::{GroupId, PupilId};
use crate::known::{Known, Pupil};
use crate::office::{Office, OfficeError};
use crate::register::current::{Board, Current, Version};
use crate::register::remarks;
use crate::rights;
use crate::view;
use crate::view::register::{RegisterRow, RegisterView};
use lines::{code_lines, not_here, past_mark, tallies, title};
use muster_core::document::fact::Origin;
use muster_core::id::{DocumentId, PersonId, PlaceId};
use muster_core::replica::records::{Records, RecordsError};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How many sessions before this one a row shows.
const PAST: usize = 5;

/// How many half days before this one they are looked for in: four months, longer than any holiday.
const PAST_HALF_DAYS: usize = 240;

/// Minutes for which somebody who made a mark is still at it: whoever marks a class makes the next one sooner.
const MARKING_MINUTES: u16 = 3;

struct Screen<'a, R: Records> {
    records: &'a mut R,
    known: &'a mut Known,
    names: Names,
    /// One, or those of a whole site, in the order in which people sort them.
    groups: Vec<GroupId>,
    whole_site: bool,
    site: PlaceId,
    session: Session,
    board: Board,
}

/// The register of a group, or of every group of a site, in one session.
///
/// # Errors
/// When the group is not known, or the records cannot be read.
pub fn register(
    records: &mut impl Records,
    known: &mut Known,
    key: &view::RegisterKey,
) -> Result<RegisterView, OfficeError> {
    let (which, session) = super::register_of(key).ok_or(OfficeError::Unknown("register"))?;
    let school = known.school();
    let (site, name, groups, whole_site) = match school.groups.get(&which) {
        Some(group) => (group.site, group.name.clone(), vec![which], false),
        None => {
            let site = school.sites.get(&PlaceId(which.0)).ok_or(OfficeError::Unknown("group"))?;
            let open = |group: &&Group| school.closed_to(site.id, group.id, session.day).is_none();
            let groups = school.groups_of(site.id).into_iter().filter(open).map(|group| group.id).collect();
            (site.id, site.name.clone(), groups, true)
        }
    };
    let board = known.board(records, session.day)?;
    let names = Names::new(Some(known), None);
    let mut screen = Screen { records, known, names, groups, whole_site, site, session, board };
    screen.fill(key, &name)
}

impl<R: Records> Screen<'_, R> {
    fn fill(&mut self, key: &view::RegisterKey, name: &str) -> Result<RegisterView, OfficeError> {
        let closed = Office::new(self.records, self.known).is_closed(self.site, self.session);
        let pupils = self.pupils();
        let past = self.past_sessions();
        let boards = self.past_boards(&past)?;
        let mut same_name: BTreeMap<(String, String), u32> = BTreeMap::new();
        for pupil in &pupils {
            *same_name.entry(pupil.sort.clone()).or_default() += 1;
        }
        let mut rows: Vec<RegisterRow> = pupils
            .iter()
            .map(|pupil| {
                let twin = same_name.get(&pupil.sort).is_some_and(|count| *count > 1);
                self.row(pupil, (twin, closed), &past, &boards)
            })
            .collect();
        for (pupil, row) in pupils.iter().zip(&mut rows) {
            row.remarks.extend(self.runs_too_long(pupil)?);
        }
        let now = calendar::local(self.records.now());
        let times = self.known.school().times_of(self.site, self.session);
        let since = if self.session.day == now.day { now.minute.saturating_sub(times.start) } else { 0 };
        let due: Vec<&RegisterRow> = pupils
            .iter()
            .zip(&rows)
            .filter(|(pupil, row)| row.mark.is_some() || Known::is_mark_due(pupil))
            .map(|(_, row)| row)
            .collect();
        let blanks = due.iter().filter(|row| row.mark.is_none() && !row.needs_reason).count();
        let tallies = tallies(&due, self.codes(), self.session.day);
        let unsynced = rows.iter().filter(|row| row.unsynced).count();
        let years: BTreeSet<_> = pupils.iter().map(|pupil| pupil.year_on(self.session.day).to_owned()).collect();
        let signed_in = self.me().is_some() && self.session.day <= now.day;
        let which = super::register_of(key).map_or(GroupId(self.site.0), |(which, _)| which);
        let [before, after] = super::steps::around(self.known.school(), self.site, which, self.session, now.day);
        Ok(RegisterView {
            key: *key,
            title: if self.whole_site { format!("{name}, every group") } else { title(name, &years) },
            group: name.to_owned(),
            whole_site: self.whole_site,
            cover: self.cover(),
            session: self.sentence(closed, times.close, now),
            others: self.others(now),
            warning: self.warning(now),
            column: match (self.session.day == now.day, self.session.half) {
                (true, Half::Am) => "This morning".to_owned(),
                (true, Half::Pm) => "This afternoon".to_owned(),
                (false, half) => format!("{} {}", self.session.day.weekday_word(), half.word()),
            },
            tallies,
            codes: code_lines(self.codes(), self.session),
            not_here: not_here(self.codes(), self.session),
            present_code: Code::present(self.session.half).to_string(),
            absent_code: Code::NO_REASON.to_string(),
            minutes_late: since.clamp(1, 240),
            blanks: words::number(blanks),
            saved: match unsynced {
                0 if rows.iter().all(|row| row.mark.as_ref().is_none_or(|mark| mark.planned)) => String::new(),
                0 => "Saved on this device and on others.".to_owned(),
                1 => "Saved on this device. 1 mark not yet on another.".to_owned(),
                more => format!("Saved on this device. {more} marks not yet on another."),
            },
            needs_reason: closed,
            finished: self.finished(),
            may_mark: signed_in && self.closed().is_none(),
            shut: self.shut(now),
            may_put_right: signed_in,
            before,
            after,
            rows,
        })
    }

    /// Why there is no register on the day of the session; `None` when there is one.
    fn closed(&self) -> Option<&str> {
        let school = self.known.school();
        match self.groups.as_slice() {
            [group] if !self.whole_site => school.closed_to(self.site, *group, self.session.day),
            _ => school.closed(self.site, self.session.day),
        }
    }

    /// What is said to whoever types where no mark can be made.
    fn shut(&self, now: calendar::Local) -> String {
        let closed = |why: &str| OfficeError::ClosedDay(self.session.day.long(), why.to_owned());
        let future = || (self.session.day > now.day).then(|| OfficeError::Future(self.session.long()));
        self.closed().map(closed).or_else(future).map_or_else(String::new, |why| why.to_string())
    }

    /// Said before somebody takes a register that is another's.
    fn cover(&self) -> String {
        let (Some(me), [group]) = (self.me(), self.groups.as_slice()) else { return String::new() };
        match self.known.school().owes(self.records, *group, me) {
            Some(taker) if !self.whole_site => {
                format!("You cover for {}.", self.known.staff_name(taker))
            }
            _ => String::new(),
        }
    }

    fn me(&self) -> Option<PersonId> {
        self.records.author(&self.records.seat()).and_then(|author| author.person)
    }

    /// Whether a document is a register of one of the groups, in the session's week.
    fn is_own(&self, document: &DocumentId) -> bool {
        self.groups.iter().any(|group| *document == documents::register(self.site, *group, self.session.day))
    }

    /// Members of the groups, and others whom their registers have a mark of.
    fn pupils(&self) -> Vec<Arc<Pupil>> {
        let mut found: Vec<Arc<Pupil>> = Vec::new();
        for group in &self.groups {
            found.extend(self.known.members(*group, self.session.day).into_iter().map(Arc::clone));
        }
        let here: BTreeSet<PupilId> = found.iter().map(|pupil| pupil.id).collect();
        let guests: BTreeSet<PupilId> = self
            .board
            .weeks()
            .iter()
            .filter(|week| self.is_own(&week.document))
            .flat_map(|week| week.marked(self.session))
            .filter(|pupil| !here.contains(pupil))
            .collect();
        let guests = guests.into_iter().filter_map(|pupil| self.known.pupil(pupil).cloned());
        found.extend(guests.filter(|pupil| pupil.matched.is_none()));
        if self.whole_site {
            // Group by group, as they come in; within one by name, which they have already.
            return found;
        }
        found.sort_by(|a, b| (&a.sort, a.id).cmp(&(&b.sort, b.id)));
        found
    }

    fn runs_too_long(&mut self, pupil: &Pupil) -> Result<Option<String>, RecordsError> {
        let current = self.board.current(pupil.id, self.session);
        let Some(info) = current.shown().and_then(|shown| self.info(shown)).cloned() else { return Ok(None) };
        remarks::runs_too_long(self.records, self.known, pupil, self.session, &info)
    }

    /// The last sessions on which the site was open, oldest first.
    fn past_sessions(&self) -> Vec<Session> {
        let mut sessions = Vec::new();
        let mut at = self.session;
        // A summer is some ninety half days, and a term may end early and begin late.
        for _ in 0..PAST_HALF_DAYS {
            at = at.before();
            if self.known.school().closed(self.site, at.day).is_none() {
                sessions.push(at);
            }
            if sessions.len() == PAST {
                break;
            }
        }
        sessions.reverse();
        sessions
    }

    fn past_boards(&mut self, past: &[Session]) -> Result<Vec<Board>, RecordsError> {
        let mut boards: Vec<Board> = Vec::new();
        for (place, session) in past.iter().enumerate() {
            let before = place.checked_sub(1).and_then(|place| Some((past.get(place)?, boards.get(place)?)));
            let same = before
                .filter(|(last, _)| (last.day.week(), last.day.year()) == (session.day.week(), session.day.year()));
            let board = match same {
                Some((_, board)) => board.clone(),
                None => self.known.board(self.records, session.day)?,
            };
            boards.push(board);
        }
        Ok(boards)
    }

    fn row(&self, pupil: &Pupil, (twin, closed): (bool, bool), past: &[Session], boards: &[Board]) -> RegisterRow {
        let current = self.board.current(pupil.id, self.session);
        let mut flags: Vec<String> = Vec::new();
        if let Some(care) = self.known.care(pupil.id) {
            flags.extend(care.medical.iter().map(|one| one.condition.clone()).filter(|line| !line.is_empty()));
            if care.evacuation.as_ref().is_some_and(|plan| plan.needs_help) {
                flags.push("Needs help to leave".to_owned());
            }
        }
        if Known::is_boarder(pupil) {
            flags.push("Boarder: no mark is due".to_owned());
        }
        if twin {
            flags.push("Same name".to_owned());
        }
        if pupil.provisional.is_some() {
            flags.push("On no list".to_owned());
        }
        let mark = current.shown().map(|shown| self.mark(pupil, shown, &current)).or_else(|| self.planned(pupil));
        let info = current.shown().and_then(|shown| self.info(shown));
        let amended = current.standing.iter().any(Version::is_amendment);
        let notes = pupil.notes.get(&self.session).into_iter().flatten().filter(|note| note.stands);
        let notes = notes.filter(|_| !self.is_kept_back(&current));
        RegisterRow {
            shown: current.standing.iter().map(|version| version.name).collect(),
            needs_reason: amended || (closed && current.shown().is_some()),
            note: self.noted(pupil, &current),
            notes: notes.map(|note| note.name).collect(),
            pupil: pupil.id.into(),
            group: self.group_of(pupil).into(),
            name: pupil.listed(),
            spoken: pupil.spoken(),
            apart: self.apart(pupil, twin),
            flags,
            past: past
                .iter()
                .zip(boards)
                .map(|(session, board)| past_mark(self.codes(), board, pupil.id, *session))
                .collect(),
            unsynced: current.standing.iter().any(|version| self.is_here_alone(version)),
            versions: if current.is_conflict() {
                current.standing.iter().map(|version| self.version(version)).collect()
            } else {
                Vec::new()
            },
            remarks: info.map_or_else(Vec::new, |info| remarks::remarks(pupil, self.session, info, self.came(pupil))),
            history: self.history(pupil),
            mark,
        }
    }

    /// Whether what is noted beside a mark is for leads alone.
    fn is_kept_back(&self, current: &Current) -> bool {
        let sensitive = current.standing.iter().any(|version| version.code() == Some(Code::SENSITIVE));
        sensitive && !rights::held_by(self.records, self.me()).iter().any(|held| held.rank <= rights::LEADS)
    }

    /// What is noted beside a mark, as far as whoever is signed in may read it.
    fn noted(&self, pupil: &Pupil, current: &Current) -> String {
        if self.is_kept_back(current) { String::new() } else { pupil.noted(self.session) }
    }

    /// Whether a mark that was replaced had a pupil in the building.
    fn came(&self, pupil: &Pupil) -> bool {
        let here = |info: &CodeInfo| matches!(info.on_site, OnSite::Yes | OnSite::Arrival);
        let history = self.board.history(pupil.id, self.session);
        history.iter().any(|version| !version.stands && self.info(version).is_some_and(here))
    }

    /// The group in whose register a pupil is marked here.
    fn group_of(&self, pupil: &Pupil) -> GroupId {
        let own = pupil.group_on(self.session.day).filter(|own| self.groups.contains(own));
        own.or_else(|| self.groups.first().copied()).unwrap_or(GroupId([0; 16]))
    }

    fn apart(&self, pupil: &Pupil, twin: bool) -> String {
        let year = if twin { format!("Year {}", pupil.year_on(self.session.day)) } else { String::new() };
        if !self.whole_site {
            return year;
        }
        let group = self.known.school().groups.get(&self.group_of(pupil));
        let group = group.map_or_else(String::new, |group| group.name.clone());
        if year.is_empty() { group } else { format!("{group}, {year}") }
    }

    fn codes(&self) -> &Codes {
        self.known.school().codes()
    }

    fn is_here_alone(&self, version: &Version) -> bool {
        let mine = |seat| self.records.author(seat).map(|author| author.device);
        self.records.copies(&version.document.section, &version.origin) == 0
            && mine(&version.origin.seat) == mine(&self.records.seat())
    }

    fn info(&self, version: &Version) -> Option<&CodeInfo> {
        self.codes().ever(version.code()?, self.session.day)
    }

    fn sentence(&self, closed: bool, close: u16, now: calendar::Local) -> String {
        let session = self.session.long();
        if let Some(why) = self.closed() {
            return format!("{session}. Closed: {why}.");
        }
        if self.session.day > now.day {
            return format!("{session}. Not yet begun.");
        }
        if closed {
            return format!("{session}. Closed at {}; a change asks for a reason.", calendar::clock(close));
        }
        let left = close.saturating_sub(now.minute);
        format!("{session}. Open until {}, {} left.", calendar::clock(close), words::count(usize::from(left), "minute"))
    }

    /// Others who marked this register in the last minutes.
    fn others(&self, now: calendar::Local) -> String {
        if self.session.day != now.day {
            return String::new();
        }
        let me = self.records.seat();
        let mut found = BTreeSet::new();
        let weeks = self.board.weeks().iter().filter(|week| self.is_own(&week.document));
        for week in weeks {
            let ended = week.finished(self.session);
            let is_done = |origin: &Origin| ended.iter().any(|end| end.seat == origin.seat && end.at >= origin.at);
            let marks = week.iter().filter(|((_, session), _)| *session == self.session);
            for version in marks.flat_map(|(_, versions)| versions) {
                let at = calendar::local(version.origin.at);
                let now_and_then = at.day == now.day && now.minute.abs_diff(at.minute) < MARKING_MINUTES;
                if now_and_then && version.origin.seat != me && !is_done(&version.origin) {
                    found.insert(self.names.full(self.records, &version.origin));
                }
            }
        }
        match found.len() {
            0 => String::new(),
            1 => format!("{} is marking too.", words::list(&found.into_iter().collect::<Vec<_>>())),
            _ => format!("{} are marking too.", words::list(&found.into_iter().collect::<Vec<_>>())),
        }
    }

    fn warning(&self, now: calendar::Local) -> Option<String> {
        (self.session.day < now.day && self.board.weeks().is_empty())
            .then(|| "This device holds no register of that week: others may".to_owned())
    }

    /// Who finished it and when; of a whole site, once every group is finished, the last.
    fn finished(&self) -> Option<String> {
        let mut ends: Vec<Origin> = Vec::new();
        for group in &self.groups {
            let own = documents::register(self.site, *group, self.session.day);
            let week = self.board.weeks().iter().find(|week| week.document == own);
            match week.and_then(|week| week.finished(self.session).iter().min_by_key(|origin| origin.at)) {
                Some(first) => ends.push(*first),
                None if self.whole_site && self.known.members(*group, self.session.day).is_empty() => {}
                None => return None,
            }
        }
        let first = ends.iter().max_by_key(|origin| origin.at)?;
        let today = calendar::local(self.records.now()).day;
        let by = self.names.full(self.records, first);
        Some(format!("Finished by {by} {}", words::when(first.at, today)))
    }
}

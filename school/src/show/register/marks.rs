//! One pupil's marks in a session, in words: what shows, what was planned, what two people said, and all there ever was.

use super::super::words;
use super::Screen;
use crate::calendar;
use crate::facts::register::RegisterFact;
use crate::ids::PupilId;
use crate::known::Pupil;
use crate::register::current::{Current, Version};
use crate::view::register::{MarkVersion, MarkView};
use crate::view::status::Status;
use muster_core::document::fact::Origin;
use muster_core::replica::records::Records;

impl<R: Records> Screen<'_, R> {
    /// Every mark there ever was, with name and position of its author, once there is more to say than the row does.
    pub(super) fn history(&self, pupil: &Pupil) -> Vec<String> {
        let mut all = self.board.history(pupil.id, self.session);
        if all.len() < 2 && !all.iter().any(Version::is_amendment) {
            all.clear();
        }
        let today = calendar::local(self.records.now()).day;
        let notes = pupil.notes.get(&self.session).filter(|notes| notes.len() > 1).into_iter().flatten();
        let kept_back = self.is_kept_back(&self.board.current(pupil.id, self.session));
        let notes = notes.filter(|_| !kept_back);
        let notes = notes.map(|note| {
            format!("{} {} noted: {}", words::when(note.origin.at, today), self.author(&note.origin), note.text)
        });
        all.iter()
            .map(|version| {
                let what = self.info(version).map_or_else(|| "taken back".to_owned(), |info| info.short.to_lowercase());
                let code = version.code().map_or_else(String::new, |code| format!("{code}, "));
                let minutes = version.minutes().map_or_else(String::new, |minutes| format!(", {minutes} minutes"));
                let reason = match &version.fact {
                    RegisterFact::Amendment(amendment) => format!(". Reason: {}", amendment.reason),
                    _ => String::new(),
                };
                let (at, by) = (words::when(version.origin.at, today), self.author(&version.origin));
                format!("{at} {by}: {code}{what}{minutes}{reason}")
            })
            .chain(notes)
            .collect()
    }

    /// Name and position, as in `Helen Marsh, Teacher`.
    fn author(&self, origin: &Origin) -> String {
        self.names.with_position(self.records, self.known, origin)
    }

    pub(super) fn mark(&self, pupil: &Pupil, shown: &Version, current: &Current) -> MarkView {
        let info = self.info(shown);
        let today = calendar::local(self.records.now()).day;
        let amended_from = shown.is_amendment().then(|| self.replaced_code(pupil.id, shown)).flatten();
        MarkView {
            code: shown.code().map_or_else(String::new, |code| code.to_string()),
            words: info.map_or("Another code", |info| &info.short).to_owned(),
            status: if current.is_conflict() { Status::Check } else { info.map_or(Status::Check, words::status) },
            minutes: shown.minutes(),
            note: self.noted(pupil, current),
            planned: false,
            at: words::when(shown.origin.at, today),
            by: self.names.full(self.records, &shown.origin),
            amended_from,
        }
    }

    fn replaced_code(&self, pupil: PupilId, shown: &Version) -> Option<String> {
        let history = self.board.history(pupil, self.session);
        let before = history.iter().find(|version| shown.replaced.contains(&version.name))?;
        before.code().map(|code| code.to_string())
    }

    pub(super) fn planned(&self, pupil: &Pupil) -> Option<MarkView> {
        let plan = self.known.planned(pupil, self.session)?;
        let info = self.codes().ever(plan.code, self.session.day)?;
        Some(MarkView {
            code: info.code.to_string(),
            words: info.short.clone(),
            status: words::status(info),
            minutes: None,
            note: plan.note.to_owned(),
            planned: true,
            at: "planned".to_owned(),
            by: String::new(),
            amended_from: None,
        })
    }

    pub(super) fn version(&self, version: &Version) -> MarkVersion {
        let info = self.info(version);
        let what = info.map_or_else(|| "taken back".to_owned(), |info| info.short.to_lowercase());
        let minutes = version.minutes().map_or_else(String::new, |minutes| format!(", {minutes} minutes"));
        let today = calendar::local(self.records.now()).day;
        let by = self.names.full(self.records, &version.origin);
        MarkVersion {
            fact: version.name,
            code: version.code().map_or_else(String::new, |code| code.to_string()),
            minutes: version.minutes(),
            status: info.map_or(Status::NotMarked, words::status),
            words: format!("{what}{minutes} by {by} {}", words::when(version.origin.at, today)),
        }
    }
}

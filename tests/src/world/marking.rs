//! What somebody does with marks at one device, kept on paper.

use super::WorldOffice;
use super::at::{At, Done};
use super::paper::{As, Asked};
use muster_school::calendar::Session;
use muster_school::codes::Code;
use muster_school::ids::{GroupId, PupilId};
use muster_school::office::{MarkEntry, OfficeError, Taken, Undo};
use muster_school::register::current::Version;

impl At<'_> {
    pub(crate) fn takes(
        &mut self,
        which: GroupId,
        session: Session,
        entries: &[MarkEntry],
        finish: bool,
    ) -> Done<Taken> {
        let marks = entries.iter().map(|one| (one.pupil, Code::new(&one.code), one.minutes)).collect();
        let told: Vec<_> = entries.iter().map(|one| (self.school.forename(one.pupil), one.code.as_str())).collect();
        let sentence = format!("{} {told:?}", session.long());
        let asked = Asked::Marks(marks);
        let take = |office: &mut WorldOffice<'_, '_>| office.take(which, session, entries, finish);
        self.school.on_paper(self.device, &sentence, session, (&asked, As::Marks), take)
    }

    pub(crate) fn present(&mut self, which: GroupId, session: Session) -> Done<Taken> {
        let sentence = format!("{} the others are present", session.long());
        let present = |office: &mut WorldOffice<'_, '_>| office.mark_remaining_present(which, session);
        self.school.on_paper(self.device, &sentence, session, (&Asked::Present, As::Marks), present)
    }

    pub(crate) fn amends_mark(
        &mut self,
        pupil: PupilId,
        session: Session,
        code: Option<&str>,
        minutes: Option<u16>,
        reason: &str,
    ) -> Done<Taken> {
        let sentence = format!("{} amends {} to {code:?}: {reason}", session.long(), self.school.forename(pupil));
        let asked = Asked::Marks(vec![(pupil, code.and_then(Code::new), minutes)]);
        let amend = |office: &mut WorldOffice<'_, '_>| office.amend(pupil, session, (code, minutes), reason, None);
        self.school.on_paper(self.device, &sentence, session, (&asked, As::Amendments(reason)), amend)
    }

    pub(crate) fn chooses(&mut self, pupil: PupilId, session: Session, chosen: &Version) -> Done<Taken> {
        let sentence = format!("{} settles the marks of {}", session.long(), self.school.forename(pupil));
        let asked = Asked::Marks(vec![(pupil, chosen.code(), chosen.minutes())]);
        let settle = |office: &mut WorldOffice<'_, '_>| {
            let standing = office.board(session)?.current(pupil, session).standing;
            let among: Vec<_> = standing.iter().map(|version| version.name).collect();
            office.settle_mark(pupil, session, chosen.name, &among)
        };
        let manner = As::Amendments("Two marks settled");
        self.school.on_paper(self.device, &sentence, session, (&asked, manner), settle)
    }

    pub(crate) fn clears(&mut self, pupil: PupilId, session: Session) -> Done<Taken> {
        let sentence = format!("{} clears the mark of {}", session.long(), self.school.forename(pupil));
        let asked = Asked::Marks(vec![(pupil, None, None)]);
        let clear = |office: &mut WorldOffice<'_, '_>| office.clear(pupil, session, None);
        self.school.on_paper(self.device, &sentence, session, (&asked, As::Undoing), clear)
    }

    pub(crate) fn undoes(&mut self, undo: &Undo) -> Done<Taken> {
        let Undo::Marks { session, before, .. } = undo else { return Err(OfficeError::Nothing("no marks")) };
        let all = before.iter().flat_map(|(_, before)| before);
        let marks =
            all.map(|(pupil, mark)| (*pupil, mark.map(|(code, _)| code), mark.and_then(|(_, minutes)| minutes)));
        let asked = Asked::Marks(marks.collect());
        let back =
            |office: &mut WorldOffice<'_, '_>| Ok(Taken { written: Some(office.undo(undo)?), marked: 1, undo: None });
        self.school.on_paper(self.device, "takes marks back", *session, (&asked, As::Undoing), back)
    }
}

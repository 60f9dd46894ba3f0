//! What somebody does at one device, as sentences.
//!
//! Each comes twice: as a sentence that must succeed (`marks`), and as one that may be refused (`try_marks`) for
//! tests that try at random.

use super::School;
use muster_core::replica::records::{Records as _, RecordsError, Written};
use muster_core::replica::store::StoreError;
use muster_school::calendar::{self, Half, Session};
use muster_school::facts::roll::Way;
use muster_school::facts::roll_call::{Kind, Statement};
use muster_school::fire::call;
use muster_school::ids::{GroupId, PupilId, Who};
use muster_school::office::{CallKey, MarkEntry, NewTrip, NewVisit, OfficeError, Taken, Undo};

/// A device of the school, and whoever is at it. Made by [`School::at`].
#[derive(Debug)]
pub struct At<'a> {
    pub(crate) school: &'a mut School,
    pub(crate) device: usize,
}

/// Whether it was done, or why not.
pub(crate) type Done<T = ()> = Result<T, OfficeError>;

impl At<'_> {
    /// The teacher whose keys are on the device signs in.
    pub fn signs_in(&mut self) -> &mut Self {
        self.school.sign_in(self.device);
        while self.school.work(self.device) {}
        self.school.tell(|school| format!("somebody signs in at {}", school.devices[self.device].name));
        self
    }

    /// Nobody is signed in any more.
    pub fn locks(&mut self) -> &mut Self {
        self.school.devices[self.device].lock();
        self.school.tell(|school| format!("{} is locked", school.devices[self.device].name));
        self
    }

    /// The session that it is by this device's clock.
    pub fn session(&self) -> Session {
        let local = calendar::local(self.school.moment(self.device));
        Session { day: local.day, half: if local.minute < 12 * 60 { Half::Am } else { Half::Pm } }
    }

    /// Marks pupils by forename: `("Ada", "/")`, `("Ben", "L12")` with the minutes behind the code.
    pub fn marks(&mut self, group: &str, marks: &[(&str, &str)]) -> &mut Self {
        let group_id = self.school.group(group);
        let session = self.session();
        let entries: Vec<_> = marks.iter().map(|(name, code)| entry(self.school.pupil(name), code)).collect();
        let sentence = format!("{group} {marks:?}");
        self.try_marks(&sentence, group_id, session, &entries, false).unwrap();
        self
    }

    /// Marks all of a group who have no mark yet present, and finishes the register.
    pub fn marks_the_others_present(&mut self, group: &str) -> &mut Self {
        let group_id = self.school.group(group);
        let session = self.session();
        self.try_remaining(group_id, session).unwrap();
        self
    }

    /// Changes a mark after the register closed.
    pub fn amends(&mut self, forename: &str, code: &str, reason: &str) -> &mut Self {
        let (pupil, session) = (self.school.pupil(forename), self.session());
        let one = entry(pupil, code);
        self.try_amend(pupil, session, Some(&one.code), one.minutes, reason).unwrap();
        self
    }

    /// Tries to mark one pupil; whether it was acknowledged.
    ///
    /// # Panics
    /// When it is refused for another reason than a full disk.
    pub fn tries_to_mark(&mut self, group: &str, forename: &str, code: &str) -> bool {
        let (group, one, session) =
            (self.school.group(group), entry(self.school.pupil(forename), code), self.session());
        let sentence = format!("{forename} {code}");
        acknowledged(self.try_marks(&sentence, group, session, &[one], false))
    }

    /// Tries to sign a visitor in; whether it was acknowledged.
    ///
    /// # Panics
    /// When it is refused for another reason than a full disk.
    pub fn tries_to_sign_a_visitor_in(&mut self) -> bool {
        acknowledged(self.try_visit())
    }

    /// Tries to start a roll call; whether it was acknowledged.
    ///
    /// # Panics
    /// When it is refused for another reason than a full disk.
    pub fn tries_to_start(&mut self, kind: Kind) -> bool {
        acknowledged(self.try_start(kind))
    }

    /// Signs a pupil in or out at the door.
    pub fn signs(&mut self, forename: &str, way: Way) -> &mut Self {
        let who = self.school.who(forename);
        self.try_sign(who, way).unwrap();
        self
    }

    /// Sends a pupil to the school's other site; whether that was taken.
    ///
    /// # Panics
    /// When there is no other site.
    pub fn sends_to_the_other_site(&mut self, forename: &str) -> bool {
        let (who, from) = (self.school.who(forename), self.school.site);
        let sent = self.act(&format!("sends {forename} to the other site"), |office| {
            let to = office.known().school().sites.keys().copied().find(|site| *site != from);
            Ok((vec![office.send_to(from, to.expect("there is another site"), &[who], "")?], ()))
        });
        sent.is_ok()
    }

    /// A pupil sets out on a trip that is due back so many days later, at three in the afternoon.
    pub fn sends_on_a_trip(&mut self, forename: &str, days: i32) -> &mut Self {
        let (who, site) = (self.school.who(forename), self.school.site);
        let until = calendar::local(self.school.moment(self.device)).day.plus(days);
        let new = NewTrip {
            title: "Ski week".to_owned(),
            leader: None,
            phone: String::new(),
            due: 15 * 60,
            until: Some(until),
            people: vec![who],
        };
        let sentence = format!("{forename} sets out on a trip of {days} days");
        self.act(&sentence, |office| office.trip_out(site, &new).map(|id| (Vec::new(), id))).unwrap();
        self
    }

    /// Starts a roll call.
    pub fn starts(&mut self, kind: Kind) -> &mut Self {
        self.try_start(kind).unwrap();
        self
    }

    /// Found, in the roll call begun last.
    pub fn found(&mut self, forename: &str) -> &mut Self {
        self.says(forename, Statement::Found)
    }

    /// Looked for and not found.
    pub fn not_found(&mut self, forename: &str) -> &mut Self {
        self.says(forename, Statement::NotFound)
    }

    /// Says something of somebody in the roll call begun last.
    pub fn says(&mut self, forename: &str, says: Statement) -> &mut Self {
        let (call, who) = (self.school.call(), self.school.who(forename));
        self.try_says(call, who, says).unwrap();
        self
    }

    /// Settles what disagrees.
    pub fn settles(&mut self, forename: &str, says: Statement) -> &mut Self {
        let (call, who) = (self.school.call(), self.school.who(forename));
        self.try_settles(call, who, says).unwrap();
        self
    }

    pub(crate) fn try_marks(
        &mut self,
        sentence: &str,
        group: GroupId,
        session: Session,
        entries: &[MarkEntry],
        finish: bool,
    ) -> Done<Option<Undo>> {
        self.act(sentence, |office| office.take(group, session, entries, finish).map(taken))
    }

    pub(crate) fn try_remaining(&mut self, group: GroupId, session: Session) -> Done<Option<Undo>> {
        self.act("marks the others present", |office| office.mark_remaining_present(group, session).map(taken))
    }

    pub(crate) fn try_amend(
        &mut self,
        pupil: PupilId,
        session: Session,
        code: Option<&str>,
        minutes: Option<u16>,
        reason: &str,
    ) -> Done<Option<Undo>> {
        let sentence = format!("amends {} to {code:?}: {reason}", self.school.name_of(Who::Pupil(pupil)));
        self.act(&sentence, |office| {
            let current = office.board(session)?.current(pupil, session);
            let shown: Vec<_> = current.standing.iter().map(|version| version.name).collect();
            office.amend(pupil, session, (code, minutes), reason, Some(&shown)).map(taken)
        })
    }

    pub(crate) fn try_settle_mark(&mut self, pupil: PupilId, session: Session) -> Done<Option<Undo>> {
        let sentence = format!("settles the marks of {}", self.school.name_of(Who::Pupil(pupil)));
        self.act(&sentence, |office| {
            let current = office.board(session)?.current(pupil, session);
            let last = current.standing.last().ok_or(OfficeError::Nothing("there is no mark"))?;
            let among: Vec<_> = current.standing.iter().map(|version| version.name).collect();
            office.settle_mark(pupil, session, last.name, &among).map(taken)
        })
    }

    pub(crate) fn try_undo(&mut self, undo: &Undo) -> Done {
        if let Undo::Sighting { call, who, .. } = undo {
            let (call, who) = (*call, *who);
            let seat = self.school.devices[self.device].seat();
            self.act("takes a word back", |office| Ok((vec![office.undo(undo)?], ())))?;
            self.school.ledger.speaks_again(call, who, seat);
            return Ok(());
        }
        self.act("takes marks back", |office| Ok((vec![office.undo(undo)?], ())))
    }

    pub(crate) fn try_start(&mut self, kind: Kind) -> Done {
        let site = self.school.site;
        let key = self.act("starts a roll call", |office| Ok((Vec::new(), office.start_call(site, kind)?)))?;
        self.school.calls.push(key);
        Ok(())
    }

    pub(crate) fn try_join(&mut self, call: CallKey) -> Done {
        self.act("joins the roll call", |office| Ok((office.join_call(call)?.into_iter().collect(), ())))
    }

    pub(crate) fn try_says(&mut self, call: CallKey, who: Who, says: Statement) -> Done<Undo> {
        let seat = self.school.devices[self.device].seat();
        let sentence = format!("{} is {says:?}", self.school.name_of(who));
        let (undo, fact) = self.act(&sentence, |office| {
            let (written, undo) = office.sight(call, who, says, "Playground", "")?;
            let held = office.records().facts(&call.document())?.ok_or(OfficeError::Unknown("roll call"))?;
            Ok((vec![written], (undo, call::own_words(&held, seat, who))))
        })?;
        self.school.ledger.speaks_again(call, who, seat);
        if says == Statement::NotFound {
            let [fact] = fact.as_slice() else { panic!("one word of this seat stands, not {fact:?}") };
            let (fact, sentence) = (*fact, format!("{}: {sentence}", self.school.devices[self.device].name));
            let report = super::ledger::Report { call, who, seat, fact, answered: false, sentence };
            self.school.reports().push(report);
        }
        Ok(undo)
    }

    pub(crate) fn try_settles(&mut self, call: CallKey, who: Who, says: Statement) -> Done {
        let sentence = format!("settles that {} is {says:?}", self.school.name_of(who));
        let seen = self.act(&sentence, |office| {
            let seen = office.call(call)?.person(who).map(|person| person.said.iter().map(|said| said.name).collect());
            let (written, _) = office.settle(call, who, says, "looked again", "")?;
            Ok((vec![written], seen))
        })?;
        let seen: Vec<_> = seen.unwrap_or_default();
        self.school.ledger.settled(&seen);
        Ok(())
    }

    pub(crate) fn try_stranger(&mut self, call: CallKey) -> Done {
        self.act("adds somebody nobody knows", |office| {
            office.add_stranger(call, "Man in a green coat", "")?;
            Ok((Vec::new(), ()))
        })
    }

    pub(crate) fn try_end(&mut self, call: CallKey) -> Done {
        self.act("ends the roll call", |office| Ok((vec![office.end_call(call, "")?], ())))
    }

    pub(crate) fn try_sign(&mut self, who: Who, way: Way) -> Done {
        let site = self.school.site;
        let sentence = format!("signs {} {way:?}", self.school.name_of(who));
        self.act(&sentence, |office| Ok((vec![office.sign(site, who, way, "dentist")?], ())))
    }

    pub(crate) fn try_visit(&mut self) -> Done {
        let site = self.school.site;
        let visit = NewVisit { name: "Vera Plumberstone".to_owned(), ..NewVisit::default() };
        let id = self.act("signs a visitor in", |office| Ok((Vec::new(), office.visitor_in(site, &visit)?)))?;
        self.school.visitors.push(id);
        Ok(())
    }

    pub(crate) fn try_visit_ends(&mut self) -> Done {
        let site = self.school.site;
        let Some(visit) = self.school.visitors.last().copied() else { return Ok(()) };
        self.act("signs the visitor out", |office| Ok((vec![office.visitor_out(site, visit)?], ())))
    }

    pub(crate) fn try_expected(&mut self) -> Done {
        let site = self.school.site;
        self.act("writes who is expected", |office| Ok((office.write_expected(site)?.into_iter().collect(), ())))
    }

    fn act<T>(
        &mut self,
        sentence: &str,
        does: impl FnOnce(&mut super::WorldOffice<'_, '_>) -> Done<(Vec<Written>, T)>,
    ) -> Done<T> {
        self.school.act(self.device, sentence, does)
    }
}

fn acknowledged<T>(done: Done<T>) -> bool {
    match done {
        Ok(_) => true,
        Err(OfficeError::Records(RecordsError::Store(StoreError::Full))) => false,
        Err(error) => panic!("{error}"),
    }
}

fn taken(taken: Taken) -> (Vec<Written>, Option<Undo>) {
    (taken.written.into_iter().collect(), taken.undo)
}

/// A code with the minutes behind it, such as `L12`.
pub(crate) fn entry(pupil: PupilId, text: &str) -> MarkEntry {
    let letters = text.trim_end_matches(|symbol: char| symbol.is_ascii_digit());
    let (code, minutes) = match letters {
        "L" | "U" => (letters, text.get(letters.len()..).and_then(|digits| digits.parse().ok())),
        _ => (text, None),
    };
    MarkEntry { pupil, code: code.to_owned(), minutes, note: None, among: None }
}

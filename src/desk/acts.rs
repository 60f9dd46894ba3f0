//! What a user asks, done with the office.

use super::clerk::{Clerk, Done};
use super::concerns::is_open_to_concern_only;
use super::marks::Typed;
use crate::device::{DeviceOffice, NotNow};
use crate::host::Host;
use crate::limits;
use anyhow::{Context as _, bail};
use muster_core::id::PlaceId;
use muster_gui::{Intent, LockReason, Screen, Sighting, Update};
use muster_school::calendar::Session;
use muster_school::facts::access::{Event, Refusal};
use muster_school::facts::roll_call::{Kind, Statement};
use muster_school::ids::{GroupId, Who};
use muster_school::office::{CallKey, Undo};
use muster_school::show;
use muster_school::view::fire::EventKind;
use muster_school::view::{EventId, RegisterKey, SubjectId};

const NOTHING_TO_UNDO: &str = "there is nothing to take back of what was done in this sign-in";

impl Clerk {
    pub(super) fn act(&mut self, host: &mut Host, intent: Intent) -> anyhow::Result<()> {
        if host.device.is_for_concern_only() && !is_open_to_concern_only(&intent) {
            bail!("outside school hours this sign-in is for adding a concern only: a senior leader can give leave");
        }
        match intent {
            Intent::Open(screen) => self.open(host, screen),
            Intent::SignIn { person, passphrase } => self.sign_in(host, person, passphrase.expose()),
            Intent::Activate { words, passphrase } => self.activate(host, words.expose(), passphrase.expose()),
            Intent::Lock(reason) => self.lock_up(host, reason),
            Intent::Unlock { pin } => self.unlock(host, pin.expose()),
            Intent::SetPin { pin } => {
                self.own.set_pin(host, pin.expose());
                Ok(())
            }
            Intent::ChangePassphrase { old, new } => {
                self.own.change_passphrase(host, old.expose(), new.expose());
                Ok(())
            }
            Intent::CheckWords(words) => {
                self.words_checked += 1;
                self.activation_problem = host.device.words_problem(words.expose());
                Ok(())
            }
            Intent::JudgePassphrase(passphrase) => {
                self.own.judge(host, passphrase.expose());
                Ok(())
            }
            Intent::ForConcern(wanted) => {
                self.for_concern = wanted && host.device.opened.is_none();
                Ok(())
            }
            Intent::OfConcern(act) => self.of_concern(host, act),
            Intent::SuggestPassphrase => {
                self.own.suggest();
                Ok(())
            }
            Intent::Mark { register, pupil, code, minutes, note, reason, among } => {
                let typed = Typed { code, minutes, note, among };
                self.mark(host, register, pupil, typed, reason.as_deref())
            }
            Intent::Comment { register, pupil, words, among } => {
                let (_, session) = register_of(&register)?;
                host.device
                    .office(|office| Ok(office.comment(pupil.into(), session, &words, Some(&among)).map(drop)?))
            }
            Intent::AddUnlisted { register, name, words } => self.add_unlisted(host, register, &name, &words),
            Intent::ClearMark { register, pupil, reason, among } => {
                self.clear(host, register, pupil, reason.as_deref(), &among)
            }
            Intent::ListRegisters(session) => {
                self.open(host, Screen::Registers)?;
                self.listed = Some(session);
                Ok(())
            }
            Intent::MarkRemainingPresent { register } => self.mark_remaining(host, register),
            Intent::SettleMark { register, pupil, keep, among } => {
                let (_, session) = register_of(&register)?;
                let taken =
                    host.device.office(|office| Ok(office.settle_mark(pupil.into(), session, keep, &among)?))?;
                self.remember("Settled a mark", taken.undo);
                Ok(())
            }
            Intent::FinishRegister { register } => {
                let (group, session) = register_of(&register)?;
                host.device.office(|office| Ok(office.take(group, session, &[], true)?))?;
                self.notice(host, "Register finished".to_owned(), None);
                self.go(Screen::Registers);
                Ok(())
            }
            Intent::Undo(key) => self.undo(host, |done| done.key == key),
            Intent::UndoLast => self.undo(host, |_| true),
            Intent::StartCall(kind) => self.start_call(host, kind),
            Intent::JoinCall(event) => {
                let key = call_key(host, event)?;
                host.device.office(|office| Ok(office.join_call(key).map(drop)?))?;
                self.go(Screen::Call(event));
                Ok(())
            }
            Intent::Sight { event, person, sighting } => self.sight(host, event, person, &sighting),
            Intent::SettleCall { event, person, found, among } => {
                let (key, who, name) = whom(host, event, person)?;
                let says = if found { Statement::Found } else { Statement::NotFound };
                let marshal = self.marshal.clone();
                let settle = |office: &mut DeviceOffice<'_, '_>| {
                    Ok(office.settle_among(key, who, says, "", &marshal, Some(&among))?)
                };
                let (_, undo) = host.device.office(settle)?;
                self.remember(&format!("Settled {name}"), Some(undo));
                Ok(())
            }
            Intent::AddStranger { event, name } => {
                let key = call_key(host, event)?;
                let marshal = self.marshal.clone();
                host.device.office(|office| Ok(office.add_stranger(key, &name, &marshal).map(drop)?))
            }
            Intent::ClaimMarshal { name, .. } => {
                self.marshal = name.trim().to_owned();
                if self.marshal.is_empty() {
                    // Hidden: whoever takes the device up next has not given the PIN.
                    self.calls.close_care();
                }
                Ok(())
            }
            Intent::UndoCall(event) => {
                let key = self.undo_of_call(event).map(|done| done.key).context(NOTHING_TO_UNDO)?;
                self.undo(host, |done| done.key == key)
            }
            Intent::EndCall(event) => {
                let key = call_key(host, event)?;
                host.device.office(|office| Ok(office.end_call(key, "").map(drop)?))
            }
            Intent::OfCall { event, act } => self.of_call(host, event, act),
            Intent::OfReport { event, act } => self.of_report(host, event, act),
            Intent::LookAtCall(event) => {
                self.drills.look(event);
                Ok(())
            }
            Intent::OpenCare(pin) => self.open_care(host, pin.expose()),
            Intent::CloseCare => {
                self.calls.close_care();
                Ok(())
            }
            Intent::SetMarshalPin { pin } => self.set_marshal_pin(host, pin.expose()),
            Intent::PrintFireList { folder } => self.print_fire_list(host, &folder),
            Intent::Reception(act) => self.at_reception(host, act),
            Intent::Attendance(filter) => {
                self.attendance.filter(filter);
                Ok(())
            }
            Intent::WriteReview { folder } => self.write_review(host, &folder),
            Intent::LogCall(call) => self.log_call(host, &call),
            Intent::Audit(filter) => {
                self.audit.filter(filter);
                Ok(())
            }
            Intent::AuditMore => {
                self.audit.more();
                Ok(())
            }
            Intent::AuditEntry(entry) => {
                self.audit.choose(entry);
                Ok(())
            }
            Intent::StepUp => self.begin_step_up(host),
            Intent::GiveCode(code) => self.give_code(host, code.expose()),
            Intent::SetUpFactor { passphrase, code } => self.set_up_factor(host, passphrase.expose(), code.expose()),
            Intent::LeaveStepUp => {
                self.leave_step_up();
                Ok(())
            }
            Intent::Lower => host.device.lower(),
            Intent::Invite { kind, sites } => {
                host.open_invitation(kind, sites, limits::INVITATION)?;
                self.warn_unguarded(host);
                Ok(())
            }
            Intent::ConfirmInvite => host.confirm_invitation().map(drop),
            Intent::CancelInvite => {
                host.cancel_invitation();
                Ok(())
            }
            Intent::IssueActivation(person) => {
                let words = host.device.one_time_words(person)?;
                self.words_made(host, person, &words);
                Ok(())
            }
            Intent::Reset(person) => {
                let words = host.device.reset(person)?;
                self.words_made(host, person, &words);
                Ok(())
            }
            Intent::Calendar(act) => self.change_calendar(host, &act),
            Intent::Hours(act) => self.change_hours(host, &act),
            Intent::OfSite(act) => self.of_site(host, &act),
            Intent::ExportAudit { to, folder } => self.export_audit(host, &to, &folder),
            Intent::LeaveCalendarForm => {
                (self.calendar_problem, self.hours_problem) = (None, None);
                Ok(())
            }
            Intent::ExplainRoles(chosen) => {
                self.people.explain_roles(chosen);
                Ok(())
            }
            Intent::ExplainAccount(person) => {
                self.people.explain_account(person);
                Ok(())
            }
            Intent::GiveRole(given) => self.give_role(host, &given),
            Intent::RemovePerson(person) => self.remove_person(host, person),
            Intent::SetFireDuty { person, duty } => self.set_fire_duty(host, person, duty),
            Intent::WordsSeen => {
                self.people.words_seen();
                Ok(())
            }
            Intent::Pupils(act) => self.of_pupils(host, act),
            Intent::OfDevice(act) => self.of_device(host, act),
            Intent::OfBackup(act) => self.of_backup(host, act),
            Intent::Connect { address } => {
                let at = address
                    .trim()
                    .parse()
                    .with_context(|| format!("{address} is not an address: write it as 192.168.1.20:4433"))?;
                host.try_address(at);
                self.notice(host, format!("Looking for a device at {address}"), None);
                Ok(())
            }
            Intent::CarryOut { folder } => self.carry_out(host, &folder),
            Intent::CarryIn { folder } => self.carry_in(host, &folder),
            Intent::KeepDrafts(drafts) => self.keep_drafts(host, &drafts),
            Intent::Keep(settings) => {
                let (name, bytes) = super::kept::bytes(&settings);
                Ok(host.device.replica.put_file(name, &bytes)?)
            }
            // The app opens the register itself.
            Intent::OpenToSettle { .. } | Intent::Join { .. } | Intent::ConfirmJoin | Intent::CancelJoin => Ok(()),
        }
    }

    fn words_made(&mut self, host: &mut Host, person: muster_core::id::PersonId, words: &str) {
        self.warn_unguarded(host);
        self.people.show_words(host, person, words);
        if self.screen != Screen::People {
            self.go(Screen::People);
        }
    }

    fn open(&mut self, host: &mut Host, screen: Screen) -> anyhow::Result<()> {
        if host.device.shut().is_some() {
            return Ok(());
        }
        // A kiosk is the form at the door, and nothing else.
        let screen = if host.device.is_kiosk() { Screen::Reception } else { screen };
        let locked = host.device.opened.is_none();
        let free =
            matches!(screen, Screen::Lock | Screen::Activation(_) | Screen::Fire | Screen::Call(_) | Screen::Join)
                || matches!(screen, Screen::Reception | Screen::Display);
        if locked && !free {
            self.go(Screen::Lock);
            return Ok(());
        }
        let kept_to = matches!(screen, Screen::AddConcern | Screen::Fire | Screen::Call(_));
        if host.device.is_for_concern_only() && !kept_to {
            self.go(Screen::AddConcern);
            return Ok(());
        }
        if !matches!(screen, Screen::Fire | Screen::Call(_)) {
            self.calls.close_care();
        }
        self.concerns.goes_to(screen);
        let from = std::mem::replace(&mut self.screen, screen);
        if !matches!(screen, Screen::Register(_)) {
            self.listed = None;
        }
        if screen == Screen::Fire && from != Screen::Fire && !matches!(from, Screen::Call(_)) {
            self.opens_fire(host, locked);
        }
        if matches!(screen, Screen::Activation(_)) && from != screen {
            // What somebody else tried before is nobody's business here.
            self.activation_problem = None;
            self.own = super::own::Own::default();
        }
        if matches!(screen, Screen::Registers | Screen::Register(_))
            && let Ok(guide) = host.device.guide(None)
        {
            self.shared.push(Update::Guide(guide));
        }
        Ok(())
    }

    /// Writes down that the fire register was opened, where that can be done. The list shows whether or not.
    fn opens_fire(&mut self, host: &mut Host, locked: bool) {
        let written = host.device.wrote_down(Event::OpenedFire { locked });
        let kept = match written {
            Ok(true) => "This opening is in the audit.",
            Ok(false) => "This device may not write in the audit yet, so this opening is not written down.",
            Err(_) => "This opening could not be written down.",
        };
        let by = if locked { "from the lock screen" } else { "by whoever is signed in" };
        self.opened_fire = format!("Opened {} {by}. {kept}", Self::clock(host));
        if let Err(error) = written {
            self.problem(host, &format!("This opening could not be written down: {error}"));
        }
    }

    fn sign_in(&mut self, host: &mut Host, person: muster_core::id::PersonId, passphrase: &str) -> anyhow::Result<()> {
        let tried = match self.for_concern {
            true => host.device.sign_in_for_concern(person, passphrase),
            false => host.device.sign_in(person, passphrase),
        };
        match tried {
            Ok(()) => {
                self.let_in();
                if let Some(words) = host.device.take_renewed() {
                    self.notice(host, words, None);
                }
            }
            Err(error) => self.sign_in_problem = Some(error.to_string()),
        }
        Ok(())
    }

    /// Somebody has signed in: to what they came for.
    fn let_in(&mut self) {
        self.sign_in_problem = None;
        let concern = std::mem::take(&mut self.for_concern);
        self.go(if concern { Screen::AddConcern } else { Screen::Today });
    }

    fn unlock(&mut self, host: &mut Host, pin: &str) -> anyhow::Result<()> {
        let tried = match self.for_concern {
            true => host.device.unlock_for_concern(pin),
            false => host.device.unlock(pin),
        };
        match tried {
            Ok(()) => self.let_in(),
            Err(error) => self.sign_in_problem = Some(error.to_string()),
        }
        Ok(())
    }

    fn activate(&mut self, host: &mut Host, words: &str, passphrase: &str) -> anyhow::Result<()> {
        let tried = match self.for_concern {
            true => host.device.activate_for_concern(words, passphrase),
            false => host.device.activate(words, passphrase),
        };
        match tried {
            Ok(_) => {
                self.activation_problem = None;
                // The words on offer are somebody's passphrase now.
                self.own = super::own::Own::default();
                self.let_in();
            }
            // The words are used up: what is asked for from now on is the passphrase.
            Err(error) if error.is::<NotNow>() => {
                self.own = super::own::Own::default();
                self.activation_problem = None;
                self.go(Screen::Lock);
                self.sign_in_problem = Some(error.to_string());
            }
            Err(error) => self.activation_problem = Some(error.to_string()),
        }
        Ok(())
    }

    /// A sign-in has ended by itself: nothing of it stays on the screen. A roll call goes on with nobody signed in.
    pub(super) fn ended(&mut self, host: &mut Host, why: Refusal) {
        let in_call = matches!(self.screen, Screen::Call(_));
        let reason = if in_call { LockReason::HiddenInCall } else { LockReason::Asked };
        if let Err(error) = self.lock_up(host, reason) {
            self.problem(host, &error.to_string());
        }
        let at = Self::clock(host);
        self.locked_note = match why {
            Refusal::Hours => format!("Signed out at {at}: school hours have ended."),
            Refusal::Visit => format!("Signed out at {at}: the stated time is over."),
            Refusal::Keys => {
                format!("Signed out at {at}: this sign-in was ended from another device. The office can say why.")
            }
        } + &self.drafts_note();
    }

    /// Nothing of whoever was signed in stays here.
    pub(super) fn forget_everybody(&mut self) {
        self.undo.clear();
        self.people = super::people::People::default();
        self.pupils = super::pupils::Pupils::default();
        self.site_forms.close();
        self.concerns = super::concerns::Concerns::default();
        self.for_concern = false;
        self.leave_step_up();
        self.marshal.clear();
        self.calls = super::calls::Calls::default();
        self.drills = super::drills::Drills::default();
        self.reception = super::reception::Reception::default();
        self.audit = super::audit::Audit::default();
        self.attendance = super::attendance::Attendance::default();
        self.own = super::own::Own::default();
        self.sign_in_problem = None;
        self.lost = super::lost::Looking::default();
    }

    fn lock_up(&mut self, host: &mut Host, reason: LockReason) -> anyhow::Result<()> {
        let at = Self::clock(host);
        let (event, note) = match (reason, host.device.person()) {
            (_, None) => (Event::SignedOut, String::new()),
            (LockReason::Asked, Some(person)) => {
                (Event::SignedOut, format!("Locked at {at} by {}.", host.device.known.staff_name(person)))
            }
            (LockReason::SignedOut, _) => (Event::SignedOut, format!("Signed out at {at}.")),
            (LockReason::Idle, _) => (Event::TimedOut, format!("Locked at {at} after 10 minutes without input.")),
            (LockReason::Hidden | LockReason::HiddenInCall, _) => (Event::Hid, format!("Hidden at {at}.")),
        };
        // A PIN opens again after a lock, and not after a sign-out.
        let done = match reason {
            LockReason::SignedOut => host.device.sign_out_as(event),
            _ => host.device.lock(event),
        };
        if !note.is_empty() {
            self.locked_note = note + &self.drafts_note();
        }
        // Nobody is there to compare phrases any more.
        host.cancel_invitation();
        self.forget_everybody();
        // A roll call goes on with nobody signed in.
        if reason != LockReason::HiddenInCall {
            self.go(Screen::Lock);
        }
        done
    }

    /// Takes back the newest act that fits, of those of this sign-in: nobody takes back what somebody else did here.
    fn undo(&mut self, host: &mut Host, which: impl Fn(&Done) -> bool) -> anyhow::Result<()> {
        let own = |done: &Done| done.sign_in == self.sign_in && which(done);
        let at = self.undo.iter().rposition(own).context(NOTHING_TO_UNDO)?;
        let Done { words, undo, .. } = self.undo.get(at).cloned().context(NOTHING_TO_UNDO)?;
        let done = host.device.office(|office| Ok(office.undo(&undo).map(drop)?));
        // What cannot be taken back any more stands in nobody's way.
        let never = |error: &anyhow::Error| {
            matches!(error.downcast_ref(), Some(muster_school::office::OfficeError::Nothing(_)))
        };
        if done.as_ref().err().is_none_or(never) {
            self.undo.remove(at);
        }
        done?;
        self.notice(host, format!("Taken back: {words}"), None);
        Ok(())
    }

    pub(super) fn undo_of_call(&self, event: EventId) -> Option<&Done> {
        let of_call = |undo: &Undo| matches!(undo, Undo::Sighting { call, .. } if call.event.0 == event.0);
        self.undo.iter().rev().find(|done| done.sign_in == self.sign_in && of_call(&done.undo))
    }

    fn start_call(&mut self, host: &mut Host, kind: EventKind) -> anyhow::Result<()> {
        let site = site(host)?;
        let key = host.device.office(|office| Ok(office.start_call(site, Kind::from(kind))?))?;
        self.go(Screen::Call(key.event.into()));
        Ok(())
    }

    fn sight(&mut self, host: &mut Host, event: EventId, person: SubjectId, sighting: &Sighting) -> anyhow::Result<()> {
        let (key, who, name) = whom(host, event, person)?;
        let (marshal, here) = (self.marshal.clone(), self.calls.here(event));
        let (says, place, words) = match sighting {
            Sighting::Found => (Statement::Found, here.as_str(), format!("Found {name}")),
            Sighting::NotFound { place } => (Statement::NotFound, place.as_str(), format!("Not found: {name}")),
            Sighting::AtRefuge { place } => (Statement::AtRefuge, place.as_str(), format!("At a refuge point: {name}")),
            Sighting::NotHere { by } => (Statement::NotHere, by.as_str(), format!("Not here today: {name}")),
            Sighting::Withdrawn => {
                let undo = Undo::Sighting { call: key, who, before: None };
                return host.device.office(|office| Ok(office.undo(&undo).map(drop)?));
            }
        };
        let (_, undo) = host.device.office(|office| Ok(office.sight(key, who, says, place, &marshal)?))?;
        self.remember(&words, Some(undo));
        Ok(())
    }
}

pub(super) fn register_of(key: &RegisterKey) -> anyhow::Result<(GroupId, Session)> {
    show::register_of(key).context("there is no such register")
}

pub(super) fn site(host: &Host) -> anyhow::Result<PlaceId> {
    host.device.site().context("this device does not know yet at which site it stands: let somebody sign in here once")
}

pub(super) fn call_key(host: &mut Host, event: EventId) -> anyhow::Result<CallKey> {
    let site = site(host)?;
    let key = host.device.with_records(|records, _| Ok(show::call_key(records, site, event)?))?;
    key.context("this roll call is not on this device")
}

fn whom(host: &mut Host, event: EventId, person: SubjectId) -> anyhow::Result<(CallKey, Who, String)> {
    let key = call_key(host, event)?;
    let call = host.device.office(|office| Ok(office.call(key)?))?;
    let Some(who) = show::who_in_call(&call, person) else { bail!("that person is not in this roll call") };
    let name = call
        .person(who)
        .map(|called| format!("{} {}", called.listed.forename, called.listed.surname).trim().to_owned())
        .unwrap_or_default();
    Ok((key, who, name))
}

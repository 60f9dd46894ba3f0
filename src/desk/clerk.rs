//! The clerk: on the host's thread, knows which screen is open and keeps its view fresh.

use super::shared::Shared;
use crate::device::passphrase;
use crate::fire_file;
use crate::host::Host;
use muster_core::id::PersonId;
use muster_gui::{Intent, Screen, Update};
use muster_school::calendar;
use muster_school::office::Undo;
use muster_school::show;
use muster_school::show::office_forms;
use muster_school::view::RegisterKey;
use muster_school::view::erasure::FoundFile;
use muster_school::view::lock::{ActivationView, LockView, PersonChoice};
use muster_school::view::today::{Link, RegistersView, TodayPanel};
use muster_school::view::{Notice, UndoKey};
use std::sync::Arc;

/// Acts that can be taken back from the client: a morning's work, and no more memory than that.
const UNDO_MOST: usize = 200;

/// On a device that has just joined: what is here, and how much is on its way.
fn arriving(host: &Host, list: bool) -> Option<String> {
    let coming = host.peers().values().map(|peer| peer.fetching).sum();
    arriving_words(coming, host.in_step_ms().is_some(), list)
}

/// What is said while so many parts are on their way to a device that was never up to date; `list`: the fire list is
/// here.
pub(super) fn arriving_words(coming: usize, was_up_to_date: bool, list: bool) -> Option<String> {
    if coming == 0 || was_up_to_date {
        return None;
    }
    Some(match list {
        true => format!("Today’s fire list is here. Earlier records follow: {coming} parts to go."),
        false => format!("The school’s records are on their way, today’s first: {coming} parts to go."),
    })
}

/// That there is something to read, and nothing of what it is.
fn concerns_to_read(count: u32) -> TodayPanel {
    let title = if count == 1 { "concern to read" } else { "concerns to read" };
    TodayPanel { count, title: title.to_owned(), link: Some(Link::Concerns), ..TodayPanel::default() }
}

/// An act that can be taken back.
#[derive(Clone)]
pub(super) struct Done {
    pub(super) key: UndoKey,
    /// What is taken back, in words.
    pub(super) words: String,
    pub(super) undo: Undo,
    /// In which sign-in it was done.
    pub(super) sign_in: u64,
}

/// See the module.
pub(super) struct Clerk {
    pub(super) shared: Arc<Shared>,
    pub(super) screen: Screen,
    pub(super) undo: Vec<Done>,
    undo_made: u128,
    /// Counts sign-ins, and the times with nobody signed in between them.
    pub(super) sign_in: u64,
    pub(super) marshal: String,
    pub(super) opened_fire: String,
    /// The session whose registers are listed, by a register of it; `None` for that of the moment.
    pub(super) listed: Option<RegisterKey>,
    pub(super) calls: super::calls::Calls,
    pub(super) awake: super::awake::Awake,
    pub(super) drills: super::drills::Drills,
    pub(super) reception: super::reception::Reception,
    pub(super) attendance: super::attendance::Attendance,
    pub(super) audit: super::audit::Audit,
    pub(super) people: super::people::People,
    pub(super) pupils: super::pupils::Pupils,
    pub(super) concerns: super::concerns::Concerns,
    pub(super) step_up: super::step_up::StepUp,
    pub(super) locked_note: String,
    /// Whoever signs in next does so to add a concern.
    pub(super) for_concern: bool,
    pub(super) sign_in_problem: Option<String>,
    pub(super) activation_problem: Option<String>,
    /// How often one-time words were looked at.
    pub(super) words_checked: u32,
    pub(super) own: super::own::Own,
    pub(super) lost: super::lost::Looking,
    /// Why the last change of the calendar was not made.
    pub(super) calendar_problem: Option<String>,
    /// And why hours or leave were not changed.
    pub(super) hours_problem: Option<String>,
    /// Whose file was looked for, to be erased or held.
    pub(super) file_found: Option<FoundFile>,
    pub(super) site_forms: super::site_forms::SiteForms,
    /// How many fields of whoever is signed in hold unsaved text, as last handed over.
    pub(super) unsaved: usize,
    /// What came of carrying by hand last, in words.
    pub(super) carried: String,
    /// Where it was carried to or from.
    pub(super) carried_at: String,
    /// The disk had no room for what was asked last.
    pub(super) disk_full: bool,
}

impl Clerk {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self {
            shared,
            screen: Screen::Lock,
            undo: Vec::new(),
            undo_made: 0,
            sign_in: 0,
            marshal: String::new(),
            opened_fire: String::new(),
            listed: None,
            calls: super::calls::Calls::default(),
            awake: super::awake::Awake::default(),
            drills: super::drills::Drills::default(),
            reception: super::reception::Reception::default(),
            attendance: super::attendance::Attendance::default(),
            audit: super::audit::Audit::default(),
            people: super::people::People::default(),
            pupils: super::pupils::Pupils::default(),
            concerns: super::concerns::Concerns::default(),
            step_up: super::step_up::StepUp::default(),
            locked_note: String::new(),
            for_concern: false,
            sign_in_problem: None,
            activation_problem: None,
            words_checked: 0,
            own: super::own::Own::default(),
            lost: super::lost::Looking::default(),
            calendar_problem: None,
            hours_problem: None,
            file_found: None,
            site_forms: super::site_forms::SiteForms::default(),
            unsaved: 0,
            carried: String::new(),
            carried_at: String::new(),
            disk_full: false,
        }
    }

    /// Does what a user asked, and shows what came of it.
    pub(super) fn serve(&mut self, host: &mut Host, intent: Intent) {
        // Whoever's time is over does nothing more, however soon after it they press.
        host.end_what_is_over();
        if let Some(why) = host.take_ended() {
            self.ended(host, why);
        }
        let before = host.device.person();
        let held = host.entries();
        let again = intent.clone();
        let done = match self.act(host, intent) {
            Err(error) => match error.downcast_ref() {
                Some(needed) => self.ask_step_up(host, again.clone(), *needed),
                None => Err(error),
            },
            done => done,
        };
        self.note_disk(host, held, &done);
        if let Err(error) = done {
            self.refused(host, again, &error);
        }
        if before != host.device.person() {
            self.sign_in += 1;
            self.file_found = None;
        }
        if host.device.person().is_some_and(|person| before != Some(person)) {
            // A name that somebody gave with nobody signed in is not theirs.
            self.marshal.clear();
            self.give_drafts_back(host);
        }
        self.refresh(host);
    }

    pub(super) fn clock(host: &Host) -> String {
        calendar::clock(calendar::local(host.clock().now()).minute)
    }

    pub(super) fn problem(&self, host: &Host, words: &str) {
        let notice = Notice { at: Self::clock(host), words: words.to_owned(), undo: None, problem: true };
        self.shared.push(Update::Notice(notice));
    }

    /// Something was not done: says so, and what was typed for it goes back to where it was typed.
    pub(super) fn refused(&self, host: &Host, intent: Intent, error: &anyhow::Error) {
        let words = error.to_string();
        self.problem(host, &words);
        self.shared.push(Update::Refused { intent: Box::new(intent), words });
    }

    pub(super) fn notice(&self, host: &Host, words: String, undo: Option<UndoKey>) {
        self.shared.push(Update::Notice(Notice { at: Self::clock(host), words, undo, problem: false }));
    }

    /// Remembers how an act is taken back.
    pub(super) fn remember(&mut self, words: &str, undo: Option<Undo>) -> Option<UndoKey> {
        let undo = undo?;
        self.undo_made += 1;
        let key = UndoKey(self.undo_made.to_be_bytes());
        self.undo.push(Done { key, words: words.to_owned(), undo, sign_in: self.sign_in });
        if self.undo.len() > UNDO_MOST {
            self.undo.remove(0);
        }
        Some(key)
    }

    pub(super) fn go(&mut self, screen: Screen) {
        self.concerns.goes_to(screen);
        self.screen = screen;
        self.shared.push(Update::Go(screen));
    }

    /// Sends the views of the frame and of the open screen.
    pub(super) fn refresh(&mut self, host: &mut Host) {
        if let Some(why) = host.take_ended() {
            self.ended(host, why);
        }
        if let Some(problem) = host.take_problem() {
            self.problem(host, &problem);
        }
        self.drop_drafts(host);
        // What became of a backup at night waits for somebody to be there.
        if host.device.opened.is_some() {
            for (words, is_problem) in host.take_backup_news() {
                if is_problem { self.problem(host, &words) } else { self.notice(host, words, None) }
            }
        }
        let shown = self.show(host);
        if let Err(error) = shown {
            tracing::warn!("a view could not be made: {error}");
            host.fill_again_soon();
        }
    }

    fn show(&mut self, host: &mut Host) -> anyhow::Result<()> {
        self.look_whether_shut(host)?;
        if host.device.is_kiosk() && !matches!(self.screen, Screen::Reception | Screen::Shut) {
            self.go(Screen::Reception);
        }
        // The header reads far more than the fire register does, and must not stand between anybody and that.
        let frame = self.frame(host).map(|frame| self.shared.push(Update::Frame(frame)));
        let update = match self.screen {
            Screen::Shut => None,
            Screen::Join => Some(self.receiving(host)),
            Screen::Lock => Some(Update::Lock(self.lock(host)?)),
            Screen::Activation(_) => Some(Update::Activation(self.activation())),
            Screen::Fire => Some(Update::Fire(self.fire(host)?)),
            Screen::Call(event) => match self.call(host, event)? {
                Some(view) => Some(Update::Call(Box::new(view))),
                None => return self.leave_call(host),
            },
            Screen::Reception => Some(Update::Reception(Box::new(self.reception_view(host)?))),
            Screen::Display => Some(Update::Display(self.display(host)?)),
            _ if host.device.opened.is_none() => None,
            Screen::Drills => Some(Update::Drills(Box::new(self.drills_view(host)?))),
            Screen::Today => Some(Update::Today(self.today(host)?)),
            Screen::Registers => {
                let site = host.device.site();
                let listed = self.listed;
                let view = host.device.with_records(|records, known| {
                    let Some(site) = site else { return Ok(None) };
                    Ok(Some(match &listed {
                        Some(key) => show::registers_in(records, known, site, key)?,
                        None => show::registers(records, known, site)?,
                    }))
                })?;
                let me = host.device.person();
                let may = host.device.with_records(|records, _| Ok(office_forms::with_registers(records, me)))?;
                view.map(|view| Update::Registers(RegistersView { may, ..view }))
            }
            Screen::Register(key) => {
                let view = host.device.with_records(|records, known| Ok(show::register(records, known, &key)?))?;
                Some(Update::Register(view))
            }
            Screen::AddConcern => Some(Update::AddConcern(self.add_concern_view(host)?)),
            Screen::Concerns => Some(Update::Concerns(self.concerns_view(host)?)),
            Screen::Audit => {
                let mut view = self.audit.view(host)?;
                view.erasures = self.erasures(host)?;
                Some(Update::Audit(view))
            }
            Screen::Devices => Some(Update::Devices(self.devices(host)?)),
            Screen::People => Some(Update::People(self.people.people(host)?)),
            Screen::Pupils => Some(Update::Pupils(Box::new(self.pupils.view(host)?))),
            Screen::Roles => Some(Update::Roles(self.people.roles(host)?)),
            Screen::Calendar => Some(Update::Calendar(self.calendar(host)?)),
            Screen::Attendance => Some(Update::Attendance(self.attendance.view(host)?)),
            Screen::ToDo => Some(Update::ToDo(self.attendance.duties(host)?)),
            Screen::Own => Some(Update::Own(self.own.view(host))),
        };
        // Until its report is made: then whoever reads it has time to touch the screen. A wall is there to be looked at.
        let kept = match &update {
            Some(Update::Call(view)) => view.report.is_none(),
            Some(Update::Display(_)) => true,
            _ => false,
        };
        self.awake.set(kept);
        if let Some(update) = update {
            self.shared.push(update);
        }
        if matches!(self.screen, Screen::Registers | Screen::Calendar | Screen::ToDo) {
            self.shared.push(Update::Form(self.pupils.form_on(self.screen)));
        }
        frame
    }

    /// A roll call that is over for days, or was never here, shows nothing: nobody is left standing before it.
    fn leave_call(&mut self, host: &mut Host) -> anyhow::Result<()> {
        self.problem(host, "That roll call is not on this device any more");
        self.go(if host.device.opened.is_some() { Screen::Today } else { Screen::Lock });
        self.show(host)
    }

    fn today(&mut self, host: &mut Host) -> anyhow::Result<muster_school::view::today::TodayView> {
        let site = host.device.site();
        let mut view = host.device.with_records(|records, known| {
            Ok(site.map(|site| show::today(records, known, site)).transpose()?.unwrap_or_default())
        })?;
        let me = host.device.person();
        let to_read = host.device.with_records(|records, _| Ok(show::concerns_to_read(records, me)?))?;
        if to_read > 0 {
            view.to_watch.insert(0, concerns_to_read(to_read));
        }
        let owed = self.attendance.owed(host)?;
        if let Some(alerts) = view.to_watch.last_mut() {
            alerts.count = alerts.count.saturating_add(u32::try_from(owed.len()).unwrap_or(u32::MAX));
            alerts.title = show::alerts_title(alerts.count);
            alerts.rows.extend(owed);
        }
        let to_sign = self.orders_to_sign(host)?;
        if let (Some(alerts), Some(row)) = (view.to_watch.last_mut(), to_sign) {
            alerts.count = alerts.count.saturating_add(1);
            alerts.title = show::alerts_title(alerts.count);
            alerts.rows.push(row);
        }
        let (note, mut rows) = self.backup_on_today(host)?;
        let mut devices = self.silent_devices(host);
        devices.note = note;
        rows.append(&mut devices.rows);
        devices.rows = rows;
        view.to_watch.push(devices);
        Ok(view)
    }

    fn lock(&mut self, host: &mut Host) -> anyhow::Result<LockView> {
        let mut people: Vec<PersonChoice> = host
            .device
            .people()
            .into_iter()
            .map(|(person, name)| PersonChoice {
                person: Some(person),
                name,
                activated: true,
                wait_secs: host.device.wait_secs(person),
            })
            .collect();
        // Words name the person, so nobody has to be chosen for them.
        people.push(PersonChoice {
            person: Some(PersonId::ZERO),
            name: "Somebody new, with one-time words".to_owned(),
            activated: false,
            wait_secs: 0,
        });
        let fire = self.fire(host)?;
        let fire = (!fire.site.is_empty() || !fire.rows.is_empty()).then_some(fire.as_of);
        Ok(LockView {
            people,
            last: host.device.local.last,
            note: arriving(host, fire.is_some()).unwrap_or_else(|| self.locked_note.clone()),
            problem: self.sign_in_problem.clone(),
            waiting: None,
            for_concern: self.for_concern,
            pin: host.device.pin_choice(),
            fire,
        })
    }

    fn activation(&mut self) -> ActivationView {
        ActivationView {
            suggested: self.own.suggested(),
            advice: passphrase::ADVICE.to_owned(),
            problem: self.activation_problem.clone(),
            checked: self.words_checked,
            waiting: None,
            strength: self.own.strength(),
        }
    }

    pub(super) fn fire(&mut self, host: &mut Host) -> anyhow::Result<muster_school::view::fire::FireView> {
        let Some(site) = host.device.site() else { return Ok(Default::default()) };
        let opened = self.opened_fire.clone();
        let (care, book) = self.care(host).unwrap_or_default();
        let prints_into = host.device.prints_into();
        let view = host
            .device
            .office_of_device(|office| Ok(show::fire_with(office.records(), site, &opened, care, book.as_ref())?))
            .map(|view| muster_school::view::fire::FireView { prints_into, ..view });
        view.or_else(|error| {
            // A disk that refuses may refuse to be read as well; the list is kept beside the records, too.
            let now = host.clock().now();
            let kept = fire_file::read(host.device.folder(), now).map_err(|_| error)?;
            Ok(show::fire_of_saved(&kept, now, &opened))
        })
    }

    fn call(
        &mut self,
        host: &mut Host,
        event: muster_school::view::EventId,
    ) -> anyhow::Result<Option<muster_school::view::call::CallView>> {
        let Some(site) = host.device.site() else { return Ok(None) };
        let undo = self.undo_of_call(event).map(|done| done.words.clone());
        let signed_in = host.device.opened.is_some();
        let (care, book) = self.care(host).unwrap_or_default();
        let here = self.calls.here(event);
        host.device.with_records(|records, known| {
            let Some(key) = show::call_key(records, site, event)? else { return Ok(None) };
            let around = show::Around { undo, here, care, book: book.as_ref() };
            Ok(Some(show::call_with(records, signed_in.then_some(&*known), key, around)?))
        })
    }
}

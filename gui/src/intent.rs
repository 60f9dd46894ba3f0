//! Everything a user can ask for, in one list.
//!
//! Screens return intents; the app hands those it cannot answer itself to the engine. An intent says what was
//! wanted, never how it is done, and holds no rule.

mod backup;
mod erase;

pub use backup::BackupAct;
pub use erase::EraseAct;

use crate::draft::Draft;
use crate::settings::Settings;
use muster_core::authority::reduction::EntryName;
use muster_core::crypto::secret::same;
use muster_core::document::fact::FactRef;
use muster_core::id::{DeviceId, EntryHash, PersonId, PlaceId};
use muster_school::roles::DeviceKind;
use muster_school::view::attendance::AttendanceFilter;
use muster_school::view::audit::AuditFilter;
use muster_school::view::calendar::{CalendarAct, SiteAct};
use muster_school::view::call::{CallAct, ReportAct};
use muster_school::view::concern::NewConcern;
use muster_school::view::duties::CallMade;
use muster_school::view::fire::EventKind;
use muster_school::view::hours::HoursAct;
use muster_school::view::people::{FireDutyForm, RoleGiven};
use muster_school::view::pupils::{Answers, Doing};
use muster_school::view::reception::ReceptionAct;
use muster_school::view::roles::RolesChosen;
use muster_school::view::today::Link;
use muster_school::view::{ConcernId, EventId, RegisterKey, SubjectId, UndoKey};
use zeroize::Zeroize as _;

/// A screen, as the engine has to know it: it fills the view of the one that is open.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Screen {
    /// A device that is in no school yet.
    Join,
    /// Sign-in.
    #[default]
    Lock,
    /// First sign-in of a person on this device.
    Activation(PersonId),
    /// Today.
    Today,
    /// The list of registers.
    Registers,
    /// One register.
    Register(RegisterKey),
    /// The fire register.
    Fire,
    /// A roll call.
    Call(EventId),
    /// Who comes and goes: with nobody signed in a form only.
    Reception,
    /// A wall display: counts only. With nobody signed in, too.
    Display,
    /// Drills and other roll calls that were.
    Drills,
    /// The audit.
    Audit,
    /// Adding a safeguarding concern.
    AddConcern,
    /// The concerns that may be read.
    Concerns,
    /// Devices and sync.
    Devices,
    /// Staff and their accounts.
    People,
    /// Who can read and write what.
    Roles,
    /// The school's calendar.
    Calendar,
    /// Attendance in figures.
    Attendance,
    /// What is owed.
    ToDo,
    /// Pupils and their entries in the admission register.
    Pupils,
    /// One's own sign-in: PIN and passphrase.
    Own,
    /// This device was held back or taken out: nothing else is shown.
    Shut,
}

impl From<Link> for Screen {
    fn from(link: Link) -> Self {
        match link {
            Link::Today => Self::Today,
            Link::Registers => Self::Registers,
            Link::Register(key) | Link::Settle(key, _) => Self::Register(key),
            Link::Fire => Self::Fire,
            Link::Call(event) => Self::Call(event),
            Link::Audit | Link::Entry(_) => Self::Audit,
            Link::Concerns => Self::Concerns,
            Link::Devices => Self::Devices,
            Link::Attendance => Self::Attendance,
            Link::ToDo => Self::ToDo,
            Link::Pupil(_) => Self::Pupils,
            Link::Calendar => Self::Calendar,
        }
    }
}

/// A passphrase or one-time words on their way to the engine. Never shown by `Debug`, overwritten when dropped.
#[derive(Clone, Default)]
pub struct Secret(String);

impl Secret {
    /// Takes what was typed.
    pub fn new(typed: String) -> Self {
        Self(typed)
    }

    /// What was typed, for the one who opens with it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        same(self.0.as_bytes(), other.0.as_bytes())
    }
}

impl Eq for Secret {}

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

/// Why a device locks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LockReason {
    /// Somebody pressed *Lock*.
    Asked,
    /// Somebody signed out: their PIN ends, too.
    SignedOut,
    /// Nobody touched anything for a while.
    Idle,
    /// Somebody hid the screen at once.
    Hidden,
    /// The same in a roll call, which goes on with nobody signed in.
    HiddenInCall,
}

/// What a marshal says of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sighting {
    /// Seen safe.
    Found,
    /// Looked for and not found; where, if said.
    NotFound {
        /// As in `yard`; may be empty.
        place: String,
    },
    /// At a refuge point, waiting for help to leave; which, if said.
    AtRefuge {
        /// As in `North stair`; may be empty.
        place: String,
    },
    /// Not here today.
    NotHere {
        /// Who says so, as in `mother, by telephone`; may be empty.
        by: String,
    },
    /// Called back: the marshal takes their own *found* back.
    Withdrawn,
}

/// What is done with another device, or with what it wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeviceAct {
    /// Show what it holds and who signed in on it.
    Look(DeviceId),
    /// Look at it no longer.
    Leave,
    /// It is lost: hold it back.
    Lose(DeviceId),
    /// It was found: let it go on.
    Find(DeviceId),
    /// Take it out for good.
    TakeOut(DeviceId),
    /// Have it be of another kind, or hold other sites.
    Change {
        /// Which device.
        device: DeviceId,
        /// What it is for from now on.
        kind: DeviceKind,
        /// The sites whose records it may hold from now on; none means every site.
        sites: Vec<PlaceId>,
    },
    /// Write the list of the records it held into a folder.
    WriteList {
        /// Which device.
        device: DeviceId,
        /// For whom, as in `Information Commissioner`.
        to: String,
        /// Which folder, as typed.
        folder: String,
    },
    /// Adopt these of the entries that wait and were shown.
    Adopt(Vec<EntryName>),
}

/// What is done with safeguarding concerns.
#[derive(Clone, Debug, PartialEq)]
pub enum ConcernAct {
    /// Save a new one.
    Add(Box<NewConcern>),
    /// It was seen that it is saved: offer an empty page again.
    SavedSeen,
    /// Open one to read it. An entry.
    Read(ConcernId),
    /// Open all about a pupil that may be read. An entry in each.
    Chronology(SubjectId),
    /// Say that the open one was read.
    MarkRead(ConcernId),
    /// Add words to the open one.
    Note(ConcernId, Secret),
    /// Say what was done about the open one.
    Action(ConcernId, Secret),
    /// Have nothing open any more.
    Close,
}

/// What is done on the screen of pupils.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PupilAct {
    /// Find pupils by this.
    Search(String),
    /// Show one in full.
    Look(SubjectId),
    /// Look at the list again.
    Leave,
    /// Show the history of the entry, or hide it.
    History(bool),
    /// Open a form.
    Ask(Doing),
    /// Open the form again in which something was left: what [`muster_school::view::pupils::Form::draft`] said.
    Resume(String),
    /// Do what the form that is open says.
    Answer(Answers),
    /// Close the form, and forget it.
    Drop,
}

impl From<Link> for Intent {
    fn from(link: Link) -> Self {
        match link {
            Link::Settle(register, pupil) => Self::OpenToSettle { register, pupil },
            Link::Pupil(pupil) => Self::Pupils(PupilAct::Look(pupil)),
            _ => Self::Open(Screen::from(link)),
        }
    }
}

/// What a user asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Intent {
    /// Show this screen and keep its view up to date. A fire register asked for is an opening, and is logged.
    Open(Screen),
    /// Open a register with the choice between one pupil's marks that differ. The app makes an [`Intent::Open`] of it.
    OpenToSettle {
        /// Which register.
        register: RegisterKey,
        /// Whose marks.
        pupil: SubjectId,
    },
    /// Sign in.
    SignIn {
        /// Who.
        person: PersonId,
        /// Their passphrase.
        passphrase: Secret,
    },
    /// First sign-in on this device: one-time words from another device, and a passphrase of one's own.
    Activate {
        /// The one-time words, which name the person.
        words: Secret,
        /// The passphrase from now on.
        passphrase: Secret,
    },
    /// Lock this device: the keys of whoever is signed in leave memory. Unless it was asked for as a sign-out, the PIN
    /// of this sign-in opens again.
    Lock(LockReason),
    /// Unlock again with the PIN set in this sign-in: see `LockView::pin`.
    Unlock {
        /// Its digits.
        pin: Secret,
    },
    /// Set a PIN for this sign-in, or another one.
    SetPin {
        /// Four to eight digits.
        pin: Secret,
    },
    /// Change one's own passphrase.
    ChangePassphrase {
        /// The one so far.
        old: Secret,
        /// The one from now on.
        new: Secret,
    },
    /// Look at one-time words before a passphrase is chosen for them: `problem` in the view says what is wrong.
    CheckWords(Secret),
    /// Say how strong the passphrase is that is being typed: `Strength` in the view of the open screen.
    JudgePassphrase(Secret),
    /// Whoever signs in next does so to add a concern, and comes to that screen; or as ever.
    ForConcern(bool),
    /// Something about safeguarding concerns: see [`ConcernAct`].
    OfConcern(ConcernAct),
    /// Somebody has lost their passphrase: end their sign-in everywhere and make one-time words.
    Reset(PersonId),
    /// Suggest another passphrase of words, on first sign-in or for a change.
    SuggestPassphrase,
    /// Mark one pupil.
    Mark {
        /// In which register.
        register: RegisterKey,
        /// Whom.
        pupil: SubjectId,
        /// With which code, as typed, upper case.
        code: String,
        /// Minutes late as typed, or the time of arrival as `9:02`, where the code asks for it.
        minutes: Option<String>,
        /// A note, where the code asks for one.
        note: Option<String>,
        /// Why, where the register is closed or the mark was amended.
        reason: Option<String>,
        /// The marks that were shown: it takes the place of these alone.
        among: Vec<FactRef>,
    },
    /// Clear one pupil's mark.
    ClearMark {
        /// In which register.
        register: RegisterKey,
        /// Whose.
        pupil: SubjectId,
        /// Why, where the register is closed or the mark was amended.
        reason: Option<String>,
        /// The marks that were shown: it takes the place of these alone.
        among: Vec<FactRef>,
    },
    /// Put a comment beside a pupil's mark.
    Comment {
        /// In which register.
        register: RegisterKey,
        /// Whose.
        pupil: SubjectId,
        /// The words.
        words: String,
        /// The comments that were shown: it takes the place of these alone.
        among: Vec<FactRef>,
    },
    /// Write down a child who turned up and is on no list.
    AddUnlisted {
        /// Into which register.
        register: RegisterKey,
        /// Their name as given.
        name: String,
        /// What was said of them; may be empty.
        words: String,
    },
    /// List the registers of the session of this one.
    ListRegisters(RegisterKey),
    /// Mark everybody present who has neither a mark nor a plan.
    MarkRemainingPresent {
        /// In which register.
        register: RegisterKey,
    },
    /// Choose one of several marks for one pupil.
    SettleMark {
        /// In which register.
        register: RegisterKey,
        /// Whose.
        pupil: SubjectId,
        /// The mark that stands.
        keep: FactRef,
        /// All marks that were shown: the settlement names them.
        among: Vec<FactRef>,
    },
    /// The register is complete.
    FinishRegister {
        /// Which.
        register: RegisterKey,
    },
    /// Take an act back.
    Undo(UndoKey),
    /// Take back the newest act of this seat that still can be.
    UndoLast,
    /// Start a roll call.
    StartCall(EventKind),
    /// Take part in a roll call that somebody else has begun.
    JoinCall(EventId),
    /// Say something of a person in a roll call.
    Sight {
        /// Which event.
        event: EventId,
        /// Whom.
        person: SubjectId,
        /// What.
        sighting: Sighting,
    },
    /// Two marshals disagree: settle it, naming what was shown.
    SettleCall {
        /// Which event.
        event: EventId,
        /// Whom.
        person: SubjectId,
        /// Found, or not.
        found: bool,
        /// The marks that were shown.
        among: Vec<FactRef>,
    },
    /// Somebody who is not on the list is here.
    AddStranger {
        /// Which event.
        event: EventId,
        /// Their name as given.
        name: String,
    },
    /// With nobody signed in: the name the marshal gives.
    ClaimMarshal {
        /// Which event.
        event: EventId,
        /// As in `S. Reid`.
        name: String,
    },
    /// Take back this device's last mark in a roll call.
    UndoCall(EventId),
    /// End the event and make its report.
    EndCall(EventId),
    /// Something in a roll call beyond saying who was seen: see [`CallAct`].
    OfCall {
        /// Which event.
        event: EventId,
        /// What.
        act: CallAct,
    },
    /// Something about the report of an event: see [`ReportAct`].
    OfReport {
        /// Which event.
        event: EventId,
        /// What.
        act: ReportAct,
    },
    /// On the screen of drills: show one in full, or none.
    LookAtCall(Option<EventId>),
    /// The marshal's PIN, for care lines and numbers on the fire list and in a roll call.
    OpenCare(Secret),
    /// Show care lines and numbers no more.
    CloseCare,
    /// Set the marshal's PIN of this site, or another one.
    SetMarshalPin {
        /// Six to twelve digits.
        pin: Secret,
    },
    /// Print the fire list of this site into a folder.
    PrintFireList {
        /// Which folder, as typed.
        folder: String,
    },
    /// Something at the reception: see [`ReceptionAct`].
    Reception(ReceptionAct),
    /// Show another part of the audit.
    Audit(AuditFilter),
    /// Show more of it.
    AuditMore,
    /// Write the part of it that is chosen into a file. Needs a code.
    ExportAudit {
        /// For whom.
        to: String,
        /// Into which folder, as typed.
        folder: String,
    },
    /// Explain one entry.
    AuditEntry(EntryHash),
    /// Show attendance of another part of the school, or another time.
    Attendance(AttendanceFilter),
    /// Write this week's attendance review into a folder.
    WriteReview {
        /// Which, as typed.
        folder: String,
    },
    /// Write down a call about an absence, and the reason that it gave.
    LogCall(CallMade),
    /// Open the door for a new device.
    Invite {
        /// What it is for: that says what it may do with nobody signed in, and whose keys it may keep.
        kind: DeviceKind,
        /// The sites whose records it may hold; none means every site.
        sites: Vec<PlaceId>,
    },
    /// Both screens show the same phrase: let the device in.
    ConfirmInvite,
    /// The phrases differ, or it is not wanted any more.
    CancelInvite,
    /// Make one-time words for a person to sign in on another device.
    IssueActivation(PersonId),
    /// Change the calendar.
    Calendar(CalendarAct),
    /// A form of what is set beforehand for a fire and for paper.
    OfSite(SiteAct),
    /// Change school hours, leave or the minutes for which a code holds.
    Hours(HoursAct),
    /// Leave a change of the calendar or of hours, and what was said of it.
    LeaveCalendarForm,
    /// Explain how far a person gets, or who gets into an area.
    ExplainRoles(RolesChosen),
    /// Explain an account.
    ExplainAccount(PersonId),
    /// Give somebody a role, and one-time words where they have no keys yet.
    GiveRole(RoleGiven),
    /// Something on the screen of pupils: see [`PupilAct`].
    Pupils(PupilAct),
    /// Take all of a person's rights away: they have left.
    RemovePerson(PersonId),
    /// Set what a member of staff does in a fire.
    SetFireDuty {
        /// Who.
        person: PersonId,
        /// What.
        duty: FireDutyForm,
    },
    /// The one-time words were read: show them no more.
    WordsSeen,
    /// Ask to be let into a school.
    Join {
        /// The code: words, and where to find the other device.
        code: Secret,
        /// What to call this device.
        device: String,
    },
    /// Both screens show the same phrase.
    ConfirmJoin,
    /// Stop joining.
    CancelJoin,
    /// Something about another device: see [`DeviceAct`].
    OfDevice(DeviceAct),
    /// Something about backups: see [`BackupAct`].
    OfBackup(BackupAct),
    /// Something about erasing and holding records: see [`EraseAct`].
    OfErasure(EraseAct),
    /// Write what this device holds of the last days into a file, to be carried to others by hand. Needs nobody signed
    /// in.
    CarryOut {
        /// A folder such as a stick's, as typed.
        folder: String,
    },
    /// Take the files that other devices wrote into a folder. Needs nobody signed in.
    CarryIn {
        /// Which, as typed.
        folder: String,
    },
    /// Try to reach another device at a typed address.
    Connect {
        /// As in `192.168.1.20:4433`.
        address: String,
    },
    /// Keep what is typed and not saved, in place of what was kept before; none means that nothing is unsaved.
    KeepDrafts(Vec<Draft>),
    /// Raise access, or set up what it needs.
    StepUp,
    /// The code that was asked for.
    GiveCode(Secret),
    /// Keep the second factor that is shown.
    SetUpFactor {
        /// The passphrase of whoever is signed in.
        passphrase: Secret,
        /// The first code.
        code: Secret,
    },
    /// Give no code, and leave what waited for it.
    LeaveStepUp,
    /// Lower access again.
    Lower,
    /// Keep these settings.
    Keep(Settings),
}

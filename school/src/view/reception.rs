//! The reception: who comes and goes, by touch; movements and trips; on a kiosk a form and nothing to browse.

use super::SubjectId;
use muster_core::id::PlaceId;

pub use crate::facts::visits::ComerKind;

/// The reception of a site. On a kiosk every list is empty, for good: it writes and reads nothing back.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReceptionView {
    /// `Harbour site`.
    pub site: String,
    /// `09:16`.
    pub now: String,
    /// A kiosk, or nobody is signed in: a form only, with nobody's name to choose.
    pub kiosk: bool,
    /// What can be signed in here, in order.
    pub kinds: Vec<ComerKind>,
    /// Members of staff, as hosts and as those who release a pupil.
    pub staff: Vec<Choice>,
    /// Who was found by what was typed: pupils and staff.
    pub found: Vec<Found>,
    /// What was typed.
    pub typed: String,
    /// A pupil who comes or goes.
    pub pupil: Option<PupilAtDesk>,
    /// Who is here by a sign-in and may be signed out: visitors first, then staff.
    pub here: Vec<HereRow>,
    /// Sign-ins at the kiosk that fit nobody, or more than one.
    pub to_match: Vec<DoorLine>,
    /// Movements between sites today, the newest first.
    pub moved: Vec<MovedRow>,
    /// Trips of today: those that are overdue first, then those that are out, then those that are back.
    pub trips: Vec<TripRow>,
    /// The other sites, for a movement.
    pub sites: Vec<SiteChoice>,
    /// What was done last, said to whoever stands at the screen: `Welcome, Carol. You are signed in: 09:41`.
    pub said: Option<String>,
    /// Whose badge can be printed now.
    pub badge: Option<Badge>,
}

/// A name to choose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// Who.
    pub person: SubjectId,
    /// `Adeyemi, Ruth`.
    pub name: String,
}

/// A site to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteChoice {
    /// Which.
    pub site: PlaceId,
    /// `Meadow`.
    pub name: String,
}

/// Somebody found by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Who.
    pub person: SubjectId,
    /// A pupil or a member of staff.
    pub kind: ComerKind,
    /// `Byrne, Ada`.
    pub name: String,
    /// `Beech`; `Staff`.
    pub group: String,
    /// Where they are believed to be: `Present, Register Beech, 08:52`.
    pub line: String,
    /// Believed on site: *sign out* is what is offered first.
    pub here: bool,
}

/// A pupil who stands at the reception.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PupilAtDesk {
    /// Who.
    pub pupil: SubjectId,
    /// `Ada Byrne`.
    pub name: String,
    /// `Beech, Year 10`.
    pub group: String,
    /// `Present, Register Beech, 08:52`.
    pub line: String,
    /// Believed on site.
    pub here: bool,
    /// Said above everything else, and to be shown as a warning: `Dan Byrne must not collect: court order`.
    pub barred: Vec<String>,
    /// Who may collect, the first first; those who may not stand in `barred`.
    pub collectors: Vec<Collector>,
    /// Why the family cannot be read here; then nobody is offered and a name is typed. Empty when it can.
    pub unread: String,
}

/// Somebody who may collect a pupil.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Collector {
    /// `Grace Byrne`.
    pub name: String,
    /// `Mother`.
    pub relationship: String,
}

/// Somebody who signed in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HereRow {
    /// Who.
    pub person: SubjectId,
    /// What they are.
    pub kind: ComerKind,
    /// `Abbott, Carol`.
    pub name: String,
    /// `Signed in 08:41, seeing R. Adeyemi. Badge 14`.
    pub line: String,
    /// Whether a badge can be printed.
    pub badge: bool,
}

/// A sign-in or sign-out at the kiosk that is nobody's yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DoorLine {
    /// Which.
    pub person: SubjectId,
    /// `Signed in at the kiosk 09:41 as Rhys D, 4B`.
    pub words: String,
    /// Whom it may mean, the likeliest first.
    pub candidates: Vec<Choice>,
}

/// Somebody on the way to another site, or there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MovedRow {
    /// Who.
    pub person: SubjectId,
    /// `Byrne, Ada`.
    pub name: String,
    /// `To Meadow 10:05`, `From Meadow 10:05, seen 10:20`.
    pub line: String,
    /// On the way to this site and not seen yet: *Arrived* is offered.
    pub arriving: bool,
}

/// A trip off site.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TripRow {
    /// Which.
    pub trip: TripId,
    /// `Swimming`.
    pub title: String,
    /// `R. Adeyemi`.
    pub leader: String,
    /// The leader's number; shown only when signed in or with the marshal's PIN, else empty.
    pub phone: String,
    /// `Out 10:05, back 12:15`; `Out 10:05, due back 12:15, 20 minutes ago`; `Back 12:20`.
    pub line: String,
    /// Who is with it, surname first.
    pub people: Vec<String>,
    /// Should be back and is not.
    pub overdue: bool,
    /// Came back.
    pub back: bool,
}

/// A trip.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TripId(pub [u8; 16]);

/// What stands on a badge.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Badge {
    /// Whose.
    pub person: SubjectId,
    /// `Carol Abbott`.
    pub name: String,
    /// `Visitor`.
    pub kind: String,
    /// `Acme Lifts. Seeing R. Adeyemi`.
    pub about: String,
    /// `14`; may be empty.
    pub number: String,
    /// `Monday 23 November 2026, 08:41`.
    pub when: String,
}

/// Somebody who comes, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comer {
    /// What they are.
    pub kind: ComerKind,
    /// Their name.
    pub name: String,
    /// Firm, agency, class or job; may be empty.
    pub organisation: String,
    /// Whom they see, where one was chosen.
    pub host: Option<SubjectId>,
    /// Whom they see, as typed at a kiosk; may be empty.
    pub host_typed: String,
    /// The badge's number; may be empty.
    pub badge: String,
    /// Vehicle registration; may be empty.
    pub vehicle: String,
    /// Where they work; may be empty.
    pub working: String,
    /// A number to call them on; may be empty. Kept with the visit.
    pub phone: String,
}

/// Who takes a pupil home early.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Leaving {
    /// The pupil.
    pub pupil: SubjectId,
    /// Who collects them: a name chosen or typed; empty when they leave by themselves.
    pub by: String,
    /// The member of staff who releases them.
    pub released_by: Option<SubjectId>,
    /// A short word, such as `dentist`; may be empty.
    pub note: String,
    /// Whoever releases them has seen that the collector is barred, or unknown, and says so.
    pub despite: bool,
}

/// A trip as it sets out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TripOut {
    /// `Swimming`.
    pub title: String,
    /// Who leads it.
    pub leader: Option<SubjectId>,
    /// The leader's number.
    pub phone: String,
    /// When it is due back, as `12:15`.
    pub back: String,
    /// On which day, as `27/11/2026`; empty for today.
    pub back_on: String,
    /// Who goes.
    pub people: Vec<SubjectId>,
}

/// What is done at the reception.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReceptionAct {
    /// Somebody signs in. On a kiosk staff and pupils too, by typed name.
    Arrive(Box<Comer>),
    /// Somebody signs out by typed name: a kiosk has no list to choose from.
    LeaveByName(Box<Comer>),
    /// Sign out one of those who are here, or a member of staff found by name.
    SignOut(SubjectId),
    /// Sign in a member of staff found by name, or a pupil who comes back.
    SignIn(SubjectId),
    /// Find pupils and staff.
    Search(String),
    /// A pupil stands at the desk: show who may collect.
    Look(SubjectId),
    /// Nobody does any more.
    Close,
    /// A pupil comes late: written down without touching the mark.
    Late {
        /// Who.
        pupil: SubjectId,
        /// A short word; may be empty.
        note: String,
    },
    /// A pupil leaves early.
    Collect(Box<Leaving>),
    /// Say who a line at the kiosk is.
    Match {
        /// The line.
        line: SubjectId,
        /// The pupil or member of staff it is.
        person: SubjectId,
    },
    /// Print a badge into a folder.
    PrintBadge {
        /// Whose.
        person: SubjectId,
        /// The folder, as typed; empty for the one that was used before.
        folder: String,
    },
    /// People set out for another site.
    Move {
        /// Who.
        people: Vec<SubjectId>,
        /// Where to.
        to: PlaceId,
        /// A short word; may be empty.
        note: String,
    },
    /// Somebody who was on the way here has come.
    Arrived(SubjectId),
    /// A trip sets out.
    TripOut(Box<TripOut>),
    /// A trip is back, whole.
    TripBack(TripId),
    /// What was said was read: show it no more.
    Seen,
}

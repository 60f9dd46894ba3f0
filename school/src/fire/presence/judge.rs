//! What the evidence about one person comes to, and the words for it.

use super::super::evidence::{MarkSeen, Roll, Signed, Visit};
use super::State;
use crate::calendar::{self, Half, Local};
use crate::facts::roll::{List, Seen, Way};
use crate::facts::visits::ComerKind;
use crate::ids::{GroupId, PupilId, Who};
use crate::limits::CLOCK_AHEAD_MINUTES;
use muster_core::document::fact::Origin;
use muster_core::id::PersonId;
use std::collections::BTreeMap;

/// Judges the evidence about one person after the other.
pub(super) struct Judge<'a> {
    /// The roll.
    pub(super) roll: &'a Roll,
    /// The roll before it, for where somebody was last seen.
    pub(super) before: Option<&'a Roll>,
    /// The roll is of today.
    pub(super) current: bool,
    /// The session of the moment.
    pub(super) half: Half,
    /// Now.
    pub(super) now: Local,
    /// The names of groups.
    pub(super) groups: &'a BTreeMap<GroupId, String>,
}

/// What it says of a member of staff today that nobody signed them in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SignIn {
    /// Nothing: nobody of the staff has signed in.
    Unused,
    /// Little: fewer than half have, today or on the last day before, so that those who have not may well be here.
    Some,
    /// That they are not here: most have, today and on the last day before.
    Habit,
}

/// A mark as evidence.
enum Word<'a> {
    None,
    One(&'a MarkSeen),
    Torn(&'a MarkSeen, &'a MarkSeen),
}

impl Judge<'_> {
    fn group_name(&self, group: GroupId) -> &str {
        self.groups.get(&group).map_or("of another group", String::as_str)
    }

    pub(super) fn group_of(&self, pupil: PupilId) -> String {
        let mark = [Half::Am, Half::Pm].iter().find_map(|half| self.roll.marks.get(&(pupil, *half))?.first());
        mark.map_or_else(String::new, |mark| self.group_name(mark.group).to_owned())
    }

    fn word(&self, pupil: PupilId, half: Half) -> Word<'_> {
        let Some(marks) = self.roll.marks.get(&(pupil, half)) else { return Word::None };
        let mut said: Vec<&MarkSeen> = marks.iter().filter(|mark| mark.seen != Seen::Cleared).collect();
        said.sort_by_key(|mark| (mark.origin.at, mark.name));
        match said.as_slice() {
            [] => Word::None,
            [.., last] => match said.iter().find(|mark| body(mark.seen) != body(last.seen)) {
                Some(other) => Word::Torn(other, last),
                None => Word::One(last),
            },
        }
    }

    /// A clock that cannot be right: another day's, or ahead of ours by more than drift.
    pub(super) fn is_suspect(&self, origin: &Origin) -> bool {
        let at = calendar::local(origin.at);
        at.day != self.roll.day
            || (self.current && i64::from(at.minute) > i64::from(self.now.minute) + CLOCK_AHEAD_MINUTES)
    }

    fn source(&self, mark: &MarkSeen) -> String {
        format!("Register {}, {}", self.group_name(mark.group), time(&mark.origin))
    }

    pub(super) fn pupil(&self, pupil: PupilId, signs: &[Signed], planned: Option<Seen>) -> (State, String) {
        if !self.current {
            return (State::MustCall, self.last_seen(pupil).unwrap_or_else(|| "No list of today".to_owned()));
        }
        let mark = match self.word(pupil, self.half) {
            Word::Torn(one, other) => return self.torn(one, other),
            Word::One(mark) => Some(mark),
            Word::None if self.half == Half::Pm => match self.word(pupil, Half::Am) {
                Word::Torn(one, other) => return self.torn(one, other),
                Word::One(mark) if body(mark.seen) == Body::Here => Some(mark),
                Word::One(mark) if signs.is_empty() => {
                    let line = format!("No afternoon register yet. {}, {}", words(mark.seen), self.source(mark));
                    return (State::MustCall, line);
                }
                Word::One(_) | Word::None => None,
            },
            Word::None => None,
        };
        match (signs.last(), mark) {
            (Some(sign), _) if self.is_suspect(&sign.origin) => {
                (State::MustCall, format!("Signed {} at {}, by a clock that is not right", way(sign.way), clock(sign)))
            }
            (_, Some(mark)) if self.is_suspect(&mark.origin) => {
                (State::MustCall, format!("{}, {}, by a clock that is not right", words(mark.seen), self.source(mark)))
            }
            (Some(sign), mark) if contradicts_itself(signs) => {
                let also = mark.map_or_else(String::new, |mark| format!(". {}", self.source(mark)));
                (State::MustCall, format!("Signed in and out at {}{also}", clock(sign)))
            }
            (Some(sign), Some(mark)) if minute(&mark.origin) > sign.minute => self.mark_after_sign(sign, mark),
            (Some(sign), _) => self.by_sign(sign),
            (None, Some(mark)) => self.by_mark(mark),
            (None, None) => self.by_nothing(pupil, planned),
        }
    }

    fn torn(&self, one: &MarkSeen, other: &MarkSeen) -> (State, String) {
        let line = format!(
            "Two marks differ: {} {}, {} {}",
            words(one.seen),
            self.source(one),
            words(other.seen),
            self.source(other)
        );
        (State::MustCall, line)
    }

    fn mark_after_sign(&self, sign: &Signed, mark: &MarkSeen) -> (State, String) {
        match (sign.way, body(mark.seen)) {
            (Way::In, Body::Here | Body::Unknown) if body(mark.seen) == Body::Here => self.by_mark(mark),
            (Way::In, _) => (
                State::MustCall,
                format!("Signed in {}, then {}, {}", clock(sign), words(mark.seen).to_lowercase(), self.source(mark)),
            ),
            (Way::Out, _) => self.by_mark(mark),
        }
    }

    fn by_sign(&self, sign: &Signed) -> (State, String) {
        let note = if sign.note.is_empty() { String::new() } else { format!(", {}", sign.note) };
        match sign.way {
            Way::In => (State::OnSite, format!("Signed in {}{note}", clock(sign))),
            Way::Out => (State::Away, format!("Signed out {}{note}", clock(sign))),
        }
    }

    fn by_mark(&self, mark: &MarkSeen) -> (State, String) {
        let line = format!("{}, {}", words(mark.seen), self.source(mark));
        match body(mark.seen) {
            Body::Here => (State::OnSite, line),
            Body::Away => (State::Away, line),
            Body::OffSite => (State::OffSite, line),
            Body::Unknown => (State::MustCall, line),
        }
    }

    fn by_nothing(&self, pupil: PupilId, planned: Option<Seen>) -> (State, String) {
        if let Some(why) = &self.roll.closed {
            return (State::Away, format!("Not expected: {why}"));
        }
        let line = match planned.map(body) {
            Some(Body::OffSite) => "Visit planned, not confirmed".to_owned(),
            Some(Body::Away) => "Absence planned, not confirmed".to_owned(),
            _ => {
                let last = self.last_seen(pupil).map_or_else(String::new, |seen| format!(". {seen}"));
                let begun = self.roll.expected.get(&Who::Pupil(pupil)).is_some_and(|one| match one.list {
                    List::Group(group) => self.roll.begun.contains(&(group, self.half)),
                    _ => false,
                });
                let classless = self.roll.expected.get(&Who::Pupil(pupil)).is_some_and(|one| one.list == List::NoClass);
                let why = match (classless, begun) {
                    (true, _) => "In no class, so no register tells",
                    (false, true) => "Not yet marked",
                    (false, false) => "No register yet",
                };
                format!("{why}{last}")
            }
        };
        (State::MustCall, line)
    }

    /// `Present on Friday, Register 7B`, from the roll before, or the newest one where none of today is held.
    fn last_seen(&self, pupil: PupilId) -> Option<String> {
        let roll = if self.current { self.before? } else { self.roll };
        [Half::Pm, Half::Am].iter().find_map(|half| {
            let mark = roll.marks.get(&(pupil, *half))?.iter().rfind(|mark| mark.seen != Seen::Cleared)?;
            let group = roll.groups.get(&mark.group).map_or("", String::as_str);
            Some(format!("{} on {}, Register {group}", words(mark.seen), roll.day.weekday_word()))
        })
    }

    pub(super) fn staff(
        &self,
        staff: PersonId,
        signs: &[Signed],
        at_work: Option<Origin>,
        sign_in: SignIn,
        everywhere: bool,
    ) -> (State, String) {
        if !self.current {
            return match signs.last() {
                Some(sign) if sign.way == Way::In => {
                    let line = format!("Signed in {} {}, not signed out", self.roll.day.weekday_word(), clock(sign));
                    (State::MustCall, line)
                }
                _ => (if everywhere { State::Away } else { State::MustCall }, "No list of today".to_owned()),
            };
        }
        match (signs.last(), at_work) {
            (Some(sign), _) if self.is_suspect(&sign.origin) => {
                (State::MustCall, format!("Signed {} at {}, by a clock that is not right", way(sign.way), clock(sign)))
            }
            (Some(sign), _) if contradicts_itself(signs) => {
                (State::MustCall, format!("Signed in and out at {}", clock(sign)))
            }
            (Some(sign), Some(origin)) if sign.way == Way::Out && minute(&origin) > sign.minute => {
                (State::OnSite, format!("Took a register {}, after signing out", time(&origin)))
            }
            (Some(sign), _) => self.by_sign(sign),
            (None, Some(origin)) if self.is_suspect(&origin) => {
                (State::MustCall, format!("Took a register {}, by a clock that is not right", time(&origin)))
            }
            (None, Some(origin)) => (State::OnSite, format!("Took a register {}", time(&origin))),
            (None, None) => match (self.roll.on_devices.get(&staff), sign_in) {
                (Some(origin), _) if everywhere || sign_in != SignIn::Unused => {
                    (State::MustCall, format!("Not signed in at the door. On a device here {}", time(origin)))
                }
                (None, _) if everywhere => (State::Away, "Not signed in".to_owned()),
                (None, SignIn::Habit) => (State::Away, "Not signed in".to_owned()),
                (_, SignIn::Unused) => (State::MustCall, "No staff sign-in today".to_owned()),
                (..) => (State::MustCall, "Not signed in, and not everybody signs in here".to_owned()),
            },
        }
    }

    pub(super) fn visitor(&self, visit: &Visit) -> (State, String) {
        let arrived = calendar::clock(visit.arrived.minute);
        let host = seeing(visit);
        let when = if self.current { arrived.clone() } else { format!("{} {arrived}", self.roll.day.weekday_word()) };
        if !self.current && visit.left.is_none() {
            return (State::MustCall, format!("Signed in {when}{host}{}", more(visit)));
        }
        match visit.left {
            Some(left) if left >= visit.arrived.minute => {
                (State::Away, format!("Signed out {}", calendar::clock(left)))
            }
            Some(left) => {
                (State::MustCall, format!("Signed out {} before signing in {when}{host}", calendar::clock(left)))
            }
            // A pupil or a member of staff whom nobody has told apart yet.
            None if visit.details.typed && is_of_a_list(visit) => (State::MustCall, crate::fire::door::words_in(visit)),
            None => (State::OnSite, format!("Signed in {arrived}{host}{}", more(visit))),
        }
    }
}

fn is_of_a_list(visit: &Visit) -> bool {
    matches!(visit.details.kind, ComerKind::Staff | ComerKind::Pupil)
}

/// What stands in a visitor's line before the place where they work.
pub const WORKING: &str = ", working: ";

/// Whom they see, and the rest of [`more`].
pub(super) fn about(visit: &Visit) -> String {
    format!("{}{}", seeing(visit), more(visit))
}

fn seeing(visit: &Visit) -> String {
    match visit.arrived.host_name.as_str() {
        "" => String::new(),
        host => format!(", seeing {host}"),
    }
}

/// Firm, where they work, their badge and their vehicle.
fn more(visit: &Visit) -> String {
    let (firm, details) = (&visit.arrived.organisation, &visit.details);
    let mut words = String::new();
    if !firm.is_empty() {
        words.push_str(&format!(", {firm}"));
    }
    if !details.working.is_empty() {
        words.push_str(&format!("{WORKING}{}", details.working));
    }
    if !visit.arrived.badge.is_empty() {
        words.push_str(&format!(". Badge {}", visit.arrived.badge));
    }
    if !details.vehicle.is_empty() {
        words.push_str(&format!(". Vehicle {}", details.vehicle));
    }
    words
}

/// Where a mark puts the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Body {
    Here,
    Away,
    OffSite,
    Unknown,
}

fn body(seen: Seen) -> Body {
    match seen {
        Seen::Present | Seen::Late(_) => Body::Here,
        Seen::Away => Body::Away,
        Seen::OffSite => Body::OffSite,
        Seen::NoReason | Seen::Cleared => Body::Unknown,
    }
}

fn words(seen: Seen) -> String {
    match seen {
        Seen::Present => "Present".to_owned(),
        Seen::Late(0) => "Late".to_owned(),
        Seen::Late(1) => "Late, 1 minute".to_owned(),
        Seen::Late(minutes) => format!("Late, {minutes} minutes"),
        Seen::NoReason => "No reason yet, mark N".to_owned(),
        Seen::OffSite => "Off site".to_owned(),
        Seen::Away => "Away".to_owned(),
        Seen::Cleared => "Not marked".to_owned(),
    }
}

fn way(way: Way) -> &'static str {
    match way {
        Way::In => "in",
        Way::Out => "out",
    }
}

fn clock(sign: &Signed) -> String {
    calendar::clock(sign.minute)
}

fn minute(origin: &Origin) -> u16 {
    calendar::local(origin.at).minute
}

fn time(origin: &Origin) -> String {
    calendar::clock(minute(origin))
}

/// The last two say in and out at the same minute.
fn contradicts_itself(signs: &[Signed]) -> bool {
    match signs {
        [.., one, other] => one.minute == other.minute && one.way != other.way,
        _ => false,
    }
}

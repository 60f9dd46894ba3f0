//! What is refused beside a code: minutes, a text, an age, a time of arrival. The texts are shown in the row.
//!
//! Only what is wrong whatever a person meant is refused. What is merely unlikely is a remark (see `register`).

use super::{Age, Class, Code, CodeInfo, Needs, OnSite};
use crate::calendar::{self, Day};
use crate::facts::school::HalfTimes;
use crate::limits::MINUTES_LATE;

/// Why a code cannot stand there. The texts are shown in the row.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CodeError {
    /// The code is the beginning of longer ones only.
    #[error("{0} needs a number: {1}")]
    NeedsNumber(String, String),
    /// No such code.
    #[error("there is no code {0}")]
    Unknown(String),
    /// The code was not, or is no longer, valid on the day.
    #[error("{code} was not in use on that day: {hint}")]
    OtherTimes {
        /// The code.
        code: Code,
        /// What would be right.
        hint: String,
    },
    /// `/` in an afternoon, `\` in a morning.
    #[error("{code} is for the {only} only: use {instead}")]
    OtherHalf {
        /// The code.
        code: Code,
        /// The half it is for.
        only: &'static str,
        /// What would be right.
        instead: Code,
    },
    /// A late mark without minutes.
    #[error("{0} needs the minutes late")]
    NeedsMinutes(Code),
    /// Minutes beyond a session, or none at all.
    #[error("{0} minutes late cannot be right: 1 to {MINUTES_LATE}")]
    Minutes(u16),
    /// Minutes beside a code that has none.
    #[error("{0} takes no minutes")]
    NoMinutes(Code),
    /// A code that asks for a text, without one.
    #[error("{0} needs the cause in words")]
    NeedsText(Code),
    /// Set by the calendar or before the pupil is on roll, never by hand.
    #[error("{0} is set by the calendar, not by hand")]
    NotByHand(Code),
    /// A code for pupils outside compulsory school age, for one who is within it.
    #[error("{0} is for pupils outside compulsory school age: use C2 with an agreed part-time timetable, or C")]
    CompulsoryAge(Code),
    /// Late before the register closed, with minutes beyond its close.
    #[error("the register closed at {closed}: whoever comes later is U, or another code that fits better")]
    AfterClose {
        /// When it closed, `09:20`.
        closed: String,
    },
    /// Late after the register closed, with minutes before its close.
    #[error("the register was open until {closed}: whoever comes before that is L")]
    BeforeClose {
        /// When it closed, `09:20`.
        closed: String,
    },
    /// A time of arrival before the session began.
    #[error("{0} is before the session began: whoever is there then is present, not late")]
    BeforeSession(String),
    /// What was typed is neither minutes nor a time.
    #[error("\"{0}\" is neither minutes nor a time: type 12 or 9:02")]
    NoTime(String),
}

/// Checks what stands beside a code that somebody marks by hand.
///
/// # Errors
/// Says what is missing or too much.
pub fn check_beside(info: &CodeInfo, minutes: Option<u16>, text: Option<&str>) -> Result<(), CodeError> {
    if info.class == Class::NotCollected {
        return Err(CodeError::NotByHand(info.code));
    }
    match (info.needs, minutes) {
        (Needs::Minutes, None) => return Err(CodeError::NeedsMinutes(info.code)),
        (Needs::Minutes, Some(minutes)) if minutes == 0 || minutes > MINUTES_LATE => {
            return Err(CodeError::Minutes(minutes));
        }
        (Needs::Minutes, Some(_)) => {}
        (_, Some(_)) => return Err(CodeError::NoMinutes(info.code)),
        (_, None) => {}
    }
    if info.needs == Needs::Text && text.is_none_or(|text| text.trim().is_empty()) {
        return Err(CodeError::NeedsText(info.code));
    }
    Ok(())
}

/// Checks minutes late against the times of the session: `L` until the register closes, from then on `U`.
///
/// # Errors
/// Says which of the two would be right.
pub fn check_close(info: &CodeInfo, minutes: Option<u16>, times: HalfTimes) -> Result<(), CodeError> {
    let Some(minutes) = minutes.filter(|_| info.on_site == OnSite::Arrival) else { return Ok(()) };
    let open = times.start.saturating_add(minutes) < times.close;
    let closed = calendar::clock(times.close);
    match info.class {
        Class::Attending if !open => Err(CodeError::AfterClose { closed }),
        Class::Unauthorised if open => Err(CodeError::BeforeClose { closed }),
        _ => Ok(()),
    }
}

/// Checks a code against a pupil's age on a day. Where the date of birth is not known, nothing is refused.
///
/// # Errors
/// When the code is only for pupils outside compulsory school age, and the pupil is within it.
pub fn check_age(info: &CodeInfo, born: Option<Day>, day: Day) -> Result<(), CodeError> {
    let within = born.is_some_and(|born| crate::age::is_compulsory(born, day));
    if info.age == Age::Outside && within { Err(CodeError::CompulsoryAge(info.code)) } else { Ok(()) }
}

/// Minutes late from what was typed: minutes, or the time of arrival as `9:02`.
///
/// # Errors
/// When it is neither, or a time before the session began.
pub fn arrival(typed: &str, times: HalfTimes) -> Result<u16, CodeError> {
    let typed = typed.trim();
    if let Ok(minutes) = typed.parse::<u16>() {
        return Ok(minutes);
    }
    let at = calendar::parse_clock(typed).ok_or_else(|| CodeError::NoTime(typed.chars().take(8).collect()))?;
    match at.checked_sub(times.start) {
        Some(minutes) if minutes > 0 => Ok(minutes),
        _ => Err(CodeError::BeforeSession(calendar::clock(at))),
    }
}

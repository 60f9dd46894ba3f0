//! A pupil's line of a printed register.

use crate::calendar::{Day, Half, Session};
use crate::codes::Code;
use crate::known::{Known, Pupil};
use crate::register::current::{Board, Version};

/// Name, born, morning, afternoon. A blank is not marked yet; `#` is a day closed to the pupil, `?` two marks that
/// differ, a star an amendment.
pub fn on_paper(known: &Known, board: &Board, pupil: &Pupil, day: Day) -> [String; 4] {
    let closed = known.closed_to(pupil, day).is_some();
    let mark = |half| {
        let current = board.current(pupil.id, Session { day, half });
        let amended = if current.standing.first().is_some_and(Version::is_amendment) { " *" } else { "" };
        let Some(shown) = current.shown() else {
            // What was taken back with a reason leaves its star.
            let code = if closed { Code::CLOSED.to_string() } else { String::new() };
            return format!("{code}{amended}").trim_start().to_owned();
        };
        let code = shown.code().map(|code| code.to_string()).unwrap_or_default();
        let minutes = shown.minutes().map(|minutes| format!(" {minutes} min")).unwrap_or_default();
        let twice = if current.is_conflict() { " ?" } else { "" };
        format!("{code}{minutes}{twice}{amended}")
    };
    let born = pupil.identity.born.map(Day::iso).unwrap_or_default();
    let boards = if Known::is_boarder(pupil) { ", boarder" } else { "" };
    [format!("{}{boards}", pupil.listed()), born, mark(Half::Am), mark(Half::Pm)]
}

//! One line of what several lists say of the same person.
//!
//! The newest list says where they were last known: a tablet that was off since Friday adds people, and takes no fresher
//! word away. Help that any list knows of stays; a name that reached any list is shown. It depends on the set alone.

use super::heard::Line;
use crate::calendar::{self, Day};
use crate::facts::roll_call::Listed;
use crate::fire::NAMELESS;
use muster_core::time::Moment;

/// The line, and whether the person was added by hand; `None` for no line at all. `begun` is the day of the start: what
/// a list of that day doubts stays in doubt, whichever day a newer list is of by a clock that is ahead.
pub(super) fn together(mut lines: Vec<Line>, begun: Option<Day>) -> Option<(Listed, bool)> {
    // The newest first; of the same age an uncertain word first, then the smaller name.
    lines.sort_by_key(|line| (std::cmp::Reverse(line.as_of_ms), line.listed.certain, line.name));
    let newest = lines.first()?;
    let (mut listed, added) = (newest.listed.clone(), newest.added.is_some());
    if let Some(named) = lines.iter().map(|line| &line.listed).find(|one| one.surname != NAMELESS) {
        listed.surname.clone_from(&named.surname);
        listed.forename.clone_from(&named.forename);
        listed.group.clone_from(&named.group);
    }
    for need in lines.iter().flat_map(|line| &line.listed.help) {
        if !listed.help.contains(need) {
            listed.help.push(need.clone());
        }
    }
    let day = |line: &Line| calendar::local(Moment::utc(line.as_of_ms)).day;
    let of_the_day = |line: &Line| day(line) == day(newest) || Some(day(line)) == begun;
    let doubt = lines.iter().find(|line| !line.listed.certain && of_the_day(line));
    if let Some(doubt) = doubt.filter(|_| listed.certain) {
        listed.certain = false;
        listed.line = format!("{}. On another list: {}", listed.line, doubt.listed.line);
    }
    Some((listed, added))
}

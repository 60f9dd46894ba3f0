//! The sessions before and after one, as the register and the list of registers step through them: those of days on
//! which there is school, up to today's.

use crate::calendar::{Day, Half, Session};
use crate::ids::GroupId;
use crate::known::School;
use crate::view::register::Step;
use muster_core::id::PlaceId;

/// Days looked through for a session: a summer holiday is some forty-five.
const FAR: i32 = 100;

/// The session before and the one after, of a group or of a whole site (where `group` holds the site's id).
pub(super) fn around(
    school: &School,
    site: PlaceId,
    group: GroupId,
    session: Session,
    today: Day,
) -> [Option<Step>; 2] {
    let open = |day: Day| match school.groups.contains_key(&group) {
        true => school.closed_to(site, group, day).is_none(),
        false => school.closed(site, day).is_none(),
    };
    let step = |day: Day, half| {
        let at = Session { day, half };
        Step { key: super::register_key(group, at), words: at.long() }
    };
    let before = (0..FAR).map(|back| session.day.plus(-back)).filter(|day| open(*day)).find_map(|day| {
        match (day == session.day, session.half) {
            (true, Half::Am) => None,
            (true, Half::Pm) => Some(step(day, Half::Am)),
            (false, _) => Some(step(day, Half::Pm)),
        }
    });
    let days = (0..FAR).map(|ahead| session.day.plus(ahead)).take_while(|day| *day <= today);
    let after = days.filter(|day| open(*day)).find_map(|day| match (day == session.day, session.half) {
        (true, Half::Pm) => None,
        (true, Half::Am) => Some(step(day, Half::Pm)),
        (false, _) => Some(step(day, Half::Am)),
    });
    [before, after]
}

//! What two people said differently and nobody has settled: marks of today, and statements in roll calls.

use super::words::{self, Names};
use crate::calendar::{self, Half, Session};
use crate::facts::documents;
use crate::fire::call::Standing;
use crate::known::Known;
use crate::office::OfficeError;
use crate::register::current::Version;
use crate::view::devices::SettleLine;
use crate::view::today::Link;
use muster_core::id::PlaceId;
use muster_core::replica::records::Records;

/// The list for a site: roll calls that still run first, then today's registers, by name.
///
/// # Errors
/// When the records cannot be read.
pub fn to_settle(records: &mut impl Records, known: &mut Known, site: PlaceId) -> Result<Vec<SettleLine>, OfficeError> {
    let day = calendar::local(records.now()).day;
    let board = known.board(records, day)?;
    let names = Names::new(Some(known), None);
    let mut lines = in_calls(records, &names, site, day)?;
    for half in [Half::Am, Half::Pm] {
        let session = Session { day, half };
        for pupil in board.conflicts(session) {
            let Some(held) = known.pupil(pupil).filter(|held| known.site_on(held, day) == site) else { continue };
            let current = board.current(pupil, session);
            let marked = || documents::register_key(&current.standing.first()?.document).map(|(group, _)| group);
            let Some(group) = held.group_on(day).or_else(marked) else { continue };
            let said: Vec<String> =
                current.standing.iter().map(|version| said(records, known, &names, version, session)).collect();
            lines.push(SettleLine {
                what: format!("{}, this {}", held.spoken(), half.word()),
                between: said.join(", "),
                link: Link::Settle(super::register_key(group, session), pupil.into()),
            });
        }
    }
    Ok(lines)
}

fn in_calls(
    records: &mut impl Records,
    names: &Names,
    site: PlaceId,
    today: calendar::Day,
) -> Result<Vec<SettleLine>, OfficeError> {
    let mut lines = Vec::new();
    for (key, call) in crate::office::recent_calls(records, site, today)? {
        if call.ended.is_some() {
            continue;
        }
        for person in call.people.iter().filter(|person| person.standing == Standing::Check) {
            let said = person.said.iter().map(|one| super::call::said_words(records, names, one));
            let kind = match words::kind(call.kind) {
                crate::view::fire::EventKind::Real => "roll call",
                crate::view::fire::EventKind::Drill => "drill",
                crate::view::fire::EventKind::KeepInside => "keep inside",
                crate::view::fire::EventKind::Lockdown => "lockdown",
            };
            let name = format!("{} {}", person.listed.forename, person.listed.surname);
            lines.push(SettleLine {
                what: format!("{}, {kind}", name.trim()),
                between: said.collect::<Vec<_>>().join(". "),
                link: Link::Call(key.event.into()),
            });
        }
    }
    Ok(lines)
}

fn said(records: &impl Records, known: &Known, names: &Names, version: &Version, session: Session) -> String {
    let info = version.code().and_then(|code| known.school().codes().ever(code, session.day));
    let what = info.map_or_else(|| "taken back".to_owned(), |info| info.short.to_lowercase());
    format!("{what} by {}", names.full(records, &version.origin))
}

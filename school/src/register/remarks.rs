//! What is worth a word beside a mark, though it may stand: a note that is missing, an agreement nobody wrote down, an
//! age it does not fit, a suspension that runs too long.
//!
//! Worked out from what stands, each time: a remark goes when its cause does. Not here: what is refused (see
//! `codes::check_beside`).

use super::current::Board;
use crate::age;
use crate::calendar::Session;
use crate::codes::{Age, Code, CodeInfo, Needs};
use crate::known::{Known, Pupil};
use muster_core::replica::records::{Records, RecordsError};

/// The remarks about a mark of a pupil, in the order of their weight.
///
/// `came`: an earlier mark of this session, since replaced, had the pupil in the building.
pub fn remarks(pupil: &Pupil, session: Session, info: &CodeInfo, came: bool) -> Vec<String> {
    let mut found = Vec::new();
    let code = info.code;
    let within = pupil.identity.born.map(|born| age::is_compulsory(born, session.day));
    if !info.agreed.is_empty() && pupil.timetable(session).is_none_or(|agreed| agreed.code != code) {
        found.push(format!("No {} covers this session", info.agreed));
    }
    if code == Code::MEDICAL && came {
        let present = Code::present(session.half);
        found.push(format!(
            "Marked as here before: whoever was registered and left later keeps {present}, and is signed out"
        ));
    }
    if !info.agreed.is_empty() && info.age == Age::Within && pupil.placement.as_ref().is_some_and(|held| held.plan) {
        found.push("Has an EHC plan: tell the authority of a part-time timetable".to_owned());
    }
    if info.age == Age::Within && within == Some(false) {
        found.push(format!("{code} is for pupils of compulsory school age: X may be right"));
    }
    if info.age == Age::Outside && within.is_none() {
        found.push(format!("No date of birth is entered: whether {code} is right cannot be told"));
    }
    if info.needs == Needs::Note && !pupil.notes.contains_key(&session) {
        found.push(format!("Add a note: what {code} is here"));
    }
    if pupil.provisional.is_some() {
        found.push("On no list: to be matched by the office".to_owned());
    }
    found
}

/// Whether a pupil has had a code for more school days running than it allows, up to and with a session's day.
///
/// # Errors
/// When the records cannot be read.
pub fn runs_too_long(
    records: &mut impl Records,
    known: &mut Known,
    pupil: &Pupil,
    session: Session,
    info: &CodeInfo,
) -> Result<Option<String>, RecordsError> {
    let Some(most) = info.longest_days else { return Ok(None) };
    let (mut day, mut days) = (session.day, 0_usize);
    let mut board: Option<(crate::calendar::Week, Board)> = None;
    for _ in 0..=most {
        if board.as_ref().is_none_or(|(week, _)| *week != day.week()) {
            board = Some((day.week(), known.board(records, day)?));
        }
        let Some((_, board)) = &board else { break };
        let has = [Session::am(day), Session::pm(day)]
            .into_iter()
            .any(|at| board.current(pupil.id, at).code() == Some(info.code));
        if !has {
            break;
        }
        days += 1;
        let Some(before) = known.school().school_days_back(pupil.site, day, 1) else { break };
        day = before;
    }
    let too_long = days > usize::from(most);
    Ok(too_long.then(|| {
        format!("More than {most} school days running: from the next day provision is due, so K, B or D as it fits")
    }))
}

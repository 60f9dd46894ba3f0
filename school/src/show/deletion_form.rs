//! The form that deletes a name from the admission register, and what its answers mean.
//!
//! Not here: whether the ground holds (see `admission::grounds`).

use super::ask::{choice, day, head, line, tick};
use crate::admission::{Evidence, grounds};
use crate::calendar::Day;
use crate::facts::admission::{Consent, Ground};
use crate::known::Pupil;
use crate::view::pupils::{Answers, Ask, Form};

/// The form that deletes a name.
pub fn delete_form(pupil: &Pupil, today: Day) -> Form {
    let items = Ground::ALL.iter().map(|ground| format!("{}: {}", ground.letter(), grounds::words(*ground))).collect();
    let placed = pupil.placement.as_ref().filter(|placement| placement.arranged);
    let mut asks = vec![
        Ask::Words("A name is deleted only on a ground of regulation 9, never for a day that is over. The deletion return is due before it.".to_owned()),
        choice("ground", "Ground", items, None),
        line("day", "Last day on the register", "23/11/2026", &today.iso()),
        line("words", "What shows it", "The letter and its date, the order", ""),
        line("agreed", "Agreed by", "Name and position", ""),
        head("Where the ground asks for it"),
    ];
    if let Some(placed) = placed {
        asks.push(Ask::Words(format!("{} placed this pupil here: for ground d it must consent. On any other ground but a and j, ask it before, and enter what it said.", placed.name)));
    }
    asks.extend([
        line("consent", "Consent of the authority", "Who consented, and how", ""),
        line("consent day", "Day of the consent", "23/11/2026", ""),
        line("leave", "Leave ended (ground f)", "23/11/2026", ""),
        tick("looked", "The school and the authority both made reasonable enquiry (f, i)", false),
        tick("no reason", "There is no reason to think of sickness or an unavoidable cause (f, i)", false),
    ]);
    let title = format!("Delete {} from the admission register", pupil.spoken());
    Form { title, asks, done: "Delete the name".to_owned(), ..Form::default() }
}

/// What the answers to [`delete_form`] mean.
///
/// # Errors
/// In words that say what is missing.
pub fn read_deletion(answers: &Answers, today: Day) -> Result<(Day, Ground, Evidence), String> {
    let ground = answers.choice("ground").and_then(|at| Ground::ALL.get(at)).copied();
    let Some(ground) = ground else { return Err("Ground: choose one".to_owned()) };
    let by = answers.line("consent");
    let consent = match day(answers, "consent day", "Day of the consent")? {
        _ if by.is_empty() => None,
        Some(day) => Some(Consent { by, day }),
        None => return Err("Day of the consent: write the day".to_owned()),
    };
    let said = Evidence {
        words: answers.line("words"),
        agreed_by: answers.line("agreed"),
        consent,
        leave_ended: day(answers, "leave", "Leave ended")?,
        looked_for: answers.tick("looked"),
        no_good_reason: answers.tick("no reason"),
        absent_running: 0,
    };
    Ok((day(answers, "day", "Last day on the register")?.unwrap_or(today), ground, said))
}

//! To do: every duty with its rule in words, and the calls about absences.

use super::SubjectId;
use crate::view::pupils::Doing;
use crate::view::status::Status;
use crate::view::today::Link;

/// Everything that is owed at a site.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ToDoView {
    /// `Harbour, Monday 23 November, 09:41`.
    pub title: String,
    /// Registers are still being read, so that this is not all; empty when it is.
    pub reading: String,
    /// Each kind, those without a line too.
    pub parts: Vec<ToDoPart>,
    /// Who is to be called about, with the numbers.
    pub calls: Vec<CallLine>,
    /// What may come of a call, in the order of a form.
    pub outcomes: Vec<String>,
    /// Codes that a reason may come to, with their meaning: `I` and `Ill`.
    pub codes: Vec<(String, String)>,
    /// What whoever is signed in may do here beside logging calls.
    pub may: Vec<Doing>,
}

/// A kind of duty.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ToDoPart {
    /// What is counted: `registers with marks missing`.
    pub title: String,
    /// The rule, in words.
    pub rule: String,
    /// Its lines.
    pub lines: Vec<ToDoLine>,
    /// Its lines are pupils to call about, who are in [`ToDoView::calls`].
    pub calls: bool,
}

/// One line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ToDoLine {
    /// Its shape.
    pub status: Option<Status>,
    /// A pupil, or a class.
    pub name: String,
    /// The pupil's class; who owes the register.
    pub about: String,
    /// By what it came to be one.
    pub detail: String,
    /// Where it can be put right.
    pub link: Option<Link>,
}

/// A pupil to call about.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CallLine {
    /// Whom it is about.
    pub pupil: SubjectId,
    /// `Byrne, Ada`.
    pub name: String,
    /// The class.
    pub group: String,
    /// `Morning and afternoon`.
    pub sessions: String,
    /// Whom to call, the first first.
    pub numbers: Vec<NumberLine>,
    /// Who must not be called, and why; without a number.
    pub barred: Vec<String>,
    /// Why there is no number, when there is none.
    pub no_number: String,
    /// The calls of today: `09:41 Grace Byrne, mother: no answer`.
    pub calls: Vec<String>,
}

/// A number to call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NumberLine {
    /// `Grace Byrne, mother`.
    pub whom: String,
    /// The number.
    pub number: String,
}

/// A call that somebody made, as the form has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallMade {
    /// About whom.
    pub pupil: SubjectId,
    /// Whom.
    pub whom: String,
    /// What came of it, by place in [`ToDoView::outcomes`].
    pub outcome: usize,
    /// What was said.
    pub words: String,
    /// The code that the reason comes to; `None` leaves the marks as they are.
    pub code: Option<String>,
}

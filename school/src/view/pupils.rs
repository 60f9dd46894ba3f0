//! Pupils: who is found, and one pupil in full; forms, and what is asked before something leaves the program.

use super::SubjectId;
use super::status::Status;
use std::collections::BTreeMap;

/// The screen of pupils.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PupilsView {
    /// `214 pupils on the register.`
    pub summary: String,
    /// What was searched for.
    pub typed: String,
    /// Who was found, by name.
    pub rows: Vec<PupilLine>,
    /// How many more there are.
    pub more: u32,
    /// Returns that are due, in words; shown above the list.
    pub due: Vec<String>,
    /// What whoever is signed in may do here.
    pub may: Vec<Doing>,
    /// One pupil in full.
    pub detail: Option<PupilDetail>,
    /// A form that is open.
    pub form: Option<Form>,
}

/// A pupil as found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PupilLine {
    /// Who.
    pub pupil: SubjectId,
    /// `AB`: in place of a picture.
    pub initials: String,
    /// `Byrne, Ada`.
    pub name: String,
    /// `Beech, Year 10`.
    pub group: String,
    /// `4 March 2011`; empty where it is not known.
    pub born: String,
    /// `Same name as another`, `Starts 4 January`, `Deleted after 23 November`; may be empty.
    pub note: String,
}

/// Something that can be done with a pupil, or with all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Doing {
    /// Admit a pupil.
    Admit,
    /// Amend an entry.
    Amend,
    /// Enter whom to call, or change it.
    Contact,
    /// Enter a court order, or its end.
    Order,
    /// Enter a new address or a move, or keep an address from somebody.
    Address,
    /// Delete a name from the register.
    Delete,
    /// Put a name back that was deleted by mistake.
    Restore,
    /// Write the registers of a day into files.
    Extract,
    /// Write the returns that are due into files.
    Returns,
    /// Set the authority where the school is.
    Authority,
    /// Plan an absence.
    Plan,
    /// Agree sessions of the week on which a pupil is not due.
    Timetable,
    /// Say who a child on no list is.
    Match,
    /// Choose a class and a year group.
    Class,
    /// Say what help is needed to leave the building, and what else to know of a pupil then.
    Leaving,
    /// Call off what was planned.
    CallOff,
    /// Session attendance on paper and as files, for a parent.
    ForParent,
    /// The registers of a day on paper.
    Print,
    /// The one-page help for taking the register: its own words, and on paper.
    Guide,
    /// Take in a newer list of attendance codes.
    Codes,
    /// Write down a review of old records.
    Review,
}

impl Doing {
    /// Everything that can be done, each once.
    pub const ALL: [Self; 21] = [
        Self::Admit,
        Self::Amend,
        Self::Contact,
        Self::Order,
        Self::Address,
        Self::Delete,
        Self::Restore,
        Self::Extract,
        Self::Returns,
        Self::Authority,
        Self::Plan,
        Self::Timetable,
        Self::Match,
        Self::Class,
        Self::Leaving,
        Self::CallOff,
        Self::ForParent,
        Self::Print,
        Self::Guide,
        Self::Codes,
        Self::Review,
    ];

    /// What its button says.
    pub fn words(self) -> &'static str {
        match self {
            Self::Admit => "Admit a pupil…",
            Self::Amend => "Amend…",
            Self::Contact => "Contacts…",
            Self::Order => "Court orders…",
            Self::Address => "Addresses…",
            Self::Delete => "Delete from the register…",
            Self::Restore => "Put back…",
            Self::Extract => "Give out registers…",
            Self::Returns => "Returns…",
            Self::Authority => "Authority…",
            Self::Plan => "Plan an absence…",
            Self::Timetable => "Agreed timetable…",
            Self::Match => "Match with a pupil…",
            Self::Class => "Class…",
            Self::Leaving => "In a fire…",
            Self::CallOff => "Call off a plan…",
            Self::ForParent => "For a parent…",
            Self::Print => "Print registers…",
            Self::Guide => "Help sheet…",
            Self::Codes => "Attendance codes…",
            Self::Review => "Review old records…",
        }
    }
}

/// A pupil in full, as far as whoever is signed in may read it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PupilDetail {
    /// Who.
    pub pupil: SubjectId,
    /// `Ada Byrne`.
    pub name: String,
    /// `Legal name Ada Jane Byrne. Beech, Year 10. Born 4 March 2011, aged 15`.
    pub under: String,
    /// `Present, morning`; empty without a mark today.
    pub now: String,
    /// What is missing in the entry, or must be known first.
    pub warnings: Vec<String>,
    /// Left: leaving the building, medical, the entry.
    pub left: Vec<Block>,
    /// Right: whom to call, orders, attendance.
    pub right: Vec<Block>,
    /// The marks of the last weeks, the oldest first.
    pub weeks: Vec<WeekStrip>,
    /// What can be done with this pupil.
    pub may: Vec<Doing>,
    /// The history of the entry, the newest first.
    pub history: Vec<Block>,
}

/// A heading and what stands below it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block {
    /// The heading.
    pub head: String,
    /// Sentences.
    pub words: Vec<String>,
    /// What, and what of it.
    pub facts: Vec<(String, String)>,
}

/// The marks of one week.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WeekStrip {
    /// `Week of 2 November`.
    pub label: String,
    /// Monday morning, Monday afternoon, and so on to Friday: the code, and its shape; no code where there is none.
    pub cells: Vec<(String, Status)>,
    /// The same as a sentence.
    pub spoken: String,
}

/// A form to fill in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Form {
    /// Counts up with each form that opens, so that what was typed into one does not stand in the next.
    pub number: u64,
    /// Names what is filled in, the same each time: what was half typed when the program locked is found by it.
    /// Empty for a form that nothing is kept of.
    pub draft: String,
    /// `Admit a pupil`.
    pub title: String,
    /// What is asked, in order.
    pub asks: Vec<Ask>,
    /// What the button says: `Admit`.
    pub done: String,
    /// Why it was not done.
    pub problem: String,
}

impl Form {
    /// The answers as the form opens.
    pub fn opened(&self) -> Answers {
        let answers = self.asks.iter().filter_map(|ask| match ask {
            Ask::Head(_) | Ask::Words(_) => None,
            Ask::Line { key, value, .. } => Some((*key, Answer::Line(value.clone()))),
            Ask::Choice { key, chosen, .. } => Some((*key, Answer::Choice(*chosen))),
            Ask::Tick { key, on, .. } => Some((*key, Answer::Tick(*on))),
        });
        Answers(answers.collect())
    }
}

/// One thing in a form.
#[derive(Clone, Debug, PartialEq)]
pub enum Ask {
    /// A heading.
    Head(String),
    /// A sentence.
    Words(String),
    /// A line to type.
    Line {
        /// Names it to whoever reads the answers.
        key: &'static str,
        /// What it is called.
        label: String,
        /// What to write, while it is empty.
        hint: String,
        /// What stands there.
        value: String,
    },
    /// One of several.
    Choice {
        /// Names it.
        key: &'static str,
        /// What it is called.
        label: String,
        /// What there is.
        items: Vec<String>,
        /// Which stands there.
        chosen: Option<usize>,
    },
    /// On or off.
    Tick {
        /// Names it.
        key: &'static str,
        /// Its words.
        label: String,
        /// Whether it is on.
        on: bool,
    },
}

impl Ask {
    /// What names it to whoever reads the answers; nothing for what only stands there.
    pub fn key(&self) -> Option<&'static str> {
        match self {
            Self::Head(_) | Self::Words(_) => None,
            Self::Line { key, .. } | Self::Choice { key, .. } | Self::Tick { key, .. } => Some(key),
        }
    }

    /// What it is called on the screen; nothing for what only stands there.
    pub fn label(&self) -> Option<&str> {
        match self {
            Self::Head(_) | Self::Words(_) => None,
            Self::Line { label, .. } | Self::Choice { label, .. } | Self::Tick { label, .. } => Some(label),
        }
    }
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// What was typed.
    Line(String),
    /// Which was chosen.
    Choice(Option<usize>),
    /// Whether it is on.
    Tick(bool),
}

/// The answers to a form, by key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers(pub BTreeMap<&'static str, Answer>);

impl Answers {
    /// What was typed, without the space around it; empty for nothing.
    pub fn line(&self, key: &str) -> String {
        match self.0.get(key) {
            Some(Answer::Line(typed)) => typed.trim().to_owned(),
            _ => String::new(),
        }
    }

    /// Which was chosen.
    pub fn choice(&self, key: &str) -> Option<usize> {
        match self.0.get(key) {
            Some(Answer::Choice(chosen)) => *chosen,
            _ => None,
        }
    }

    /// Whether it is on.
    pub fn tick(&self, key: &str) -> bool {
        matches!(self.0.get(key), Some(Answer::Tick(true)))
    }
}

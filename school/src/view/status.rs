//! The sixteen statuses: each has one shape, one word and one colour on every screen.

/// What a shape stands for. A shape keeps its one meaning everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// In the room, or believed on site.
    Present,
    /// Arrived after the register began.
    Late,
    /// Away with leave.
    AbsentAuthorised,
    /// Away without leave, or with no reason yet.
    AbsentUnauthorised,
    /// Learning elsewhere with the school's approval.
    OffSite,
    /// No mark.
    NotMarked,
    /// The evidence before an event is not certain.
    MustCall,
    /// Two statements disagree.
    Check,
    /// Seen safe in a roll call.
    Found,
    /// Nobody has found them yet.
    ToFind,
    /// Somebody looked and did not find them.
    NotFound,
    /// A practice event.
    Drill,
    /// A real event.
    Real,
    /// Everybody stays in.
    KeptInside,
    /// Held by other devices too.
    Synced,
    /// Held by this device alone.
    Unsynced,
}

impl Status {
    /// All sixteen, in the order of the legend.
    pub const ALL: [Self; 16] = [
        Self::Present,
        Self::Late,
        Self::AbsentAuthorised,
        Self::AbsentUnauthorised,
        Self::OffSite,
        Self::NotMarked,
        Self::MustCall,
        Self::Check,
        Self::Found,
        Self::ToFind,
        Self::NotFound,
        Self::Drill,
        Self::Real,
        Self::KeptInside,
        Self::Synced,
        Self::Unsynced,
    ];

    /// The word that stands beside the shape.
    pub fn word(self) -> &'static str {
        match self {
            Self::Present => "Present",
            Self::Late => "Late",
            Self::AbsentAuthorised => "Absent, authorised",
            Self::AbsentUnauthorised => "Absent, unauthorised",
            Self::OffSite => "Off site, educational",
            Self::NotMarked => "Not yet marked",
            Self::MustCall => "Must be called",
            Self::Check => "Check",
            Self::Found => "Found",
            Self::ToFind => "Not yet found",
            Self::NotFound => "Not found (looked for)",
            Self::Drill => "Drill",
            Self::Real => "Real",
            Self::KeptInside => "Kept inside",
            Self::Synced => "On other devices",
            Self::Unsynced => "Only on this device",
        }
    }
}

//! A wall or reception display: how many are on site, and how old that is. No names.

use super::AsOf;
use super::fire::EventKind;

/// What hangs on the wall.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DisplayView {
    /// `Harbour site`.
    pub site: String,
    /// `09:16`.
    pub now: String,
    /// `Monday 23 November`.
    pub day: String,
    /// On the list to call.
    pub on_site: u32,
    /// Of them pupils.
    pub pupils: u32,
    /// Of them staff.
    pub staff: u32,
    /// Of them visitors, contractors, agency and volunteers.
    pub visitors: u32,
    /// Of all: nothing certain is known of them.
    pub must_call: u32,
    /// Off site with a trip.
    pub on_trips: u32,
    /// Trips that should be back.
    pub trips_overdue: u32,
    /// Age and gaps; groups are named in it, people never.
    pub as_of: AsOf,
    /// The site is closed today: `Closed: Training day`. Empty when it is not.
    pub closed: String,
    /// A roll call that runs.
    pub call: Option<DisplayCall>,
}

/// A roll call, in numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct DisplayCall {
    /// What kind.
    pub kind: EventKind,
    /// `Drill, started 09:17, 4 minutes ago`.
    pub words: String,
    /// Not yet found.
    pub to_find: u32,
    /// Found.
    pub found: u32,
    /// Everybody.
    pub total: u32,
    /// To be shown dim, with nothing read aloud.
    pub silent: bool,
    /// The short code, to compare with other screens.
    pub code: String,
}

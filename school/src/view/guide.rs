//! The quick reference for taking the register: one page, for a screen and for paper.

/// The quick reference.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GuideView {
    /// `Taking the register at Harbour`.
    pub title: String,
    /// The times of the two sessions.
    pub times: Vec<String>,
    /// What to do, in order.
    pub steps: Vec<String>,
    /// The codes that are marked by hand, each with its meaning in a few words.
    pub codes: Vec<(String, String)>,
    /// Whom to ask, and anything of the site's own.
    pub ask: Vec<String>,
}

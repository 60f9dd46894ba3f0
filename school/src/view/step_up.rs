//! What is asked for a code: a code, or setting up a second factor first.

use muster_core::crypto::secret::same;
use zeroize::Zeroizing;

/// Something that is shown once to its owner and to nobody else: `***` in a log, overwritten when dropped.
#[derive(Clone, Default)]
pub struct Shown(Zeroizing<String>);

impl Shown {
    /// What is to be shown.
    pub fn new(text: Zeroizing<String>) -> Self {
        Self(text)
    }

    /// For the one who draws it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl PartialEq for Shown {
    fn eq(&self, other: &Self) -> bool {
        same(self.0.as_bytes(), other.0.as_bytes())
    }
}

impl Eq for Shown {}

impl From<&str> for Shown {
    fn from(text: &str) -> Self {
        Self(Zeroizing::new(text.to_owned()))
    }
}

impl std::fmt::Debug for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

/// What is asked of whoever is signed in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum StepUpView {
    /// Nothing.
    #[default]
    Closed,
    /// A code, which goes on with what was asked for.
    Ask {
        /// What for, as in `To enrol a device`.
        why: String,
        /// Why the last code was not taken, and what to do.
        problem: Option<String>,
    },
    /// To set up a second factor, which raises access too.
    SetUp {
        /// What for; empty when nothing waits for it.
        why: String,
        /// What an authenticator reads as a picture.
        uri: Shown,
        /// The same to be typed, in groups of four.
        groups: Shown,
        /// Why the last try was refused, and what to do.
        problem: Option<String>,
    },
}

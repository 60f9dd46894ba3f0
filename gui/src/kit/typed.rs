//! A secret while it is being typed: a passphrase, a PIN, a code, one-time words.
//!
//! Overwritten when dropped or taken, and never shown by `Debug`. It is given room at once for all that may be typed,
//! so that growing leaves no copies behind. What the toolkit keeps for drawing a frame is not in its hands.

use crate::intent::Secret;
use muster_core::crypto::secret::same;
use std::fmt;
use std::ops::{Deref, DerefMut};
use zeroize::{Zeroize as _, Zeroizing};

/// What has been typed so far.
#[derive(Clone, Default)]
pub struct Typed(Zeroizing<String>);

impl Typed {
    /// Hands it over and keeps nothing.
    pub fn take(&mut self) -> Secret {
        Secret::new(std::mem::take(&mut *self.0))
    }

    /// Keeps nothing.
    pub fn forget(&mut self) {
        self.0 = Zeroizing::default();
    }
}

/// Makes room for so many letters before anything is typed.
pub(crate) fn make_room(value: &mut String, letters: usize) {
    let wanted = letters.saturating_mul(4);
    if value.capacity() < wanted {
        let mut roomy = String::with_capacity(wanted);
        roomy.push_str(value);
        std::mem::replace(value, roomy).zeroize();
    }
}

impl Deref for Typed {
    type Target = String;

    fn deref(&self) -> &String {
        &self.0
    }
}

impl DerefMut for Typed {
    fn deref_mut(&mut self) -> &mut String {
        &mut self.0
    }
}

impl PartialEq for Typed {
    fn eq(&self, other: &Self) -> bool {
        same(self.0.as_bytes(), other.0.as_bytes())
    }
}

impl Eq for Typed {}

impl From<String> for Typed {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl fmt::Debug for Typed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_not_printed_grows_in_place_and_is_gone_once_it_is_taken() {
        let mut typed = Typed::default();
        make_room(&mut typed, 8);
        let place = typed.as_ptr();
        typed.push_str("12345678");
        make_room(&mut typed, 8);
        assert_eq!(typed.as_ptr(), place, "it was never copied");
        assert_eq!(format!("{typed:?}"), "***");
        assert_eq!(typed.take(), Secret::new("12345678".to_owned()));
        assert!(typed.is_empty() && typed.capacity() == 0);
    }
}

//! Reviews of records that were kept for as long as the law asks: written down by whoever leads, and never automatic.

use super::{Office, OfficeError};
use crate::facts::retention::{Class, Decision, Reviewed};
use crate::known::About;
use muster_core::replica::records::{Records, Written};

impl<R: Records> Office<'_, R> {
    /// Writes down what a review of old records decided. Nothing is destroyed by it.
    ///
    /// # Errors
    /// When the site is not known, no reason is given, the day to keep to has passed, or the records refuse.
    pub fn review_records(&mut self, review: Reviewed) -> Result<Written, OfficeError> {
        if !self.known.school().sites.contains_key(&review.site) {
            return Err(OfficeError::Unknown("site"));
        }
        if review.class == Class::ChildProtection {
            // Everybody on staff reads what is written here, and may not learn that there was a concern.
            return Err(OfficeError::Nothing(
                "review a safeguarding file in that file: add a note that says what was decided",
            ));
        }
        if review.reason.trim().is_empty() {
            return Err(OfficeError::Nothing("say why: the reason stands beside the decision"));
        }
        if matches!(review.decision, Decision::KeepUntil(until) if until <= review.day) {
            return Err(OfficeError::Nothing("give a day to come up to which they are kept"));
        }
        let about = About::Reviewed(review.site, review.class, review.year);
        self.put_school(vec![(about, review.into())])
    }
}

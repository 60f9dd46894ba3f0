//! How much somebody who is not found asks to be looked at, by the minutes since the start.

use super::Standing;
use crate::view::call::Urgency;

/// Minutes after which whoever is not found stands out: by then a class has walked out and been counted.
pub const RAISED_AFTER: i64 = 3;

/// Minutes after which they stand out most: the fire service asks who is missing when it comes.
pub const HIGH_AFTER: i64 = 6;

/// The level of one person. Somebody who was looked for in vain, or of whom marshals disagree, asks sooner.
pub fn level(standing: Standing, minutes: i64) -> Urgency {
    let known_missing = match standing {
        Standing::Check | Standing::NotFound => true,
        Standing::ToFind => false,
        Standing::AtRefuge | Standing::Found | Standing::NotHere => return Urgency::Calm,
    };
    match minutes {
        minutes if minutes >= HIGH_AFTER => Urgency::High,
        minutes if minutes >= RAISED_AFTER && known_missing => Urgency::High,
        minutes if minutes >= RAISED_AFTER || known_missing => Urgency::Raised,
        _ => Urgency::Calm,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_is_not_found_stands_out_more_with_each_minute_and_whoever_was_looked_for_sooner() {
        let levels = |standing| [0, 2, 3, 5, 6, 600].map(|minutes| level(standing, minutes));
        use Urgency::{Calm, High, Raised};
        assert_eq!(levels(Standing::ToFind), [Calm, Calm, Raised, Raised, High, High]);
        assert_eq!(levels(Standing::NotFound), [Raised, Raised, High, High, High, High]);
        assert_eq!(levels(Standing::Check), levels(Standing::NotFound));
        for calm in [Standing::Found, Standing::AtRefuge, Standing::NotHere] {
            assert_eq!(levels(calm), [Calm; 6]);
        }
    }
}

//! Unique pupil numbers: a check letter, twelve digits, the last of them a letter in a temporary one.
//!
//! No meaning may be read from a number: nothing here looks at which authority or school issued it.

/// The check letters: no I, O or S.
const LETTERS: &[u8; 23] = b"ABCDEFGHJKLMNPQRTUVWXYZ";

/// Why a number is not a unique pupil number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UpnError {
    /// Not thirteen characters.
    #[error("a UPN has 13 characters, this has {0}")]
    Length(usize),
    /// A character that cannot stand where it does.
    #[error("character {0} of the UPN cannot be right: it should be {1}")]
    Character(usize, &'static str),
    /// The first letter does not match the rest.
    #[error("the UPN's check letter is wrong: the digits give {expected}; look for a mistyped digit")]
    CheckLetter {
        /// What the digits give.
        expected: char,
    },
}

/// Checks a number as it would be kept: upper case, no spaces.
///
/// # Errors
/// When the length, a character or the check letter is wrong.
pub fn check(upn: &str) -> Result<(), UpnError> {
    let count = upn.chars().count();
    if count != 13 || upn.len() != 13 {
        return Err(UpnError::Length(count));
    }
    let mut sum = 0;
    for (at, byte) in upn.bytes().enumerate() {
        let value = match (at, byte) {
            (0, _) => {
                letter_value(byte).ok_or(UpnError::Character(1, "a letter other than I, O and S"))?;
                continue;
            }
            (_, b'0'..=b'9') => usize::from(byte - b'0'),
            (12, _) => {
                letter_value(byte).ok_or(UpnError::Character(13, "a digit, or a letter other than I, O and S"))?
            }
            _ => return Err(UpnError::Character(at + 1, "a digit")),
        };
        sum += value * (at + 1);
    }
    let expected = LETTERS.get(sum % LETTERS.len()).copied().unwrap_or(b'A');
    if upn.as_bytes().first() == Some(&expected) {
        Ok(())
    } else {
        Err(UpnError::CheckLetter { expected: char::from(expected) })
    }
}

fn letter_value(byte: u8) -> Option<usize> {
    LETTERS.iter().position(|letter| *letter == byte)
}

/// Whether a valid number is a temporary one.
pub fn is_temporary(upn: &str) -> bool {
    upn.as_bytes().get(12).is_some_and(u8::is_ascii_uppercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_number_is_judged_as_the_vectors_say() {
        let mut reader = csv::Reader::from_reader(include_str!("../data/upn_vectors.csv").as_bytes());
        let mut seen = 0;
        for row in reader.records() {
            let row = row.unwrap();
            let valid = row.get(1) == Some("true");
            assert_eq!(check(row.get(0).unwrap()).is_ok(), valid, "{row:?}");
            seen += 1;
        }
        assert_eq!(seen, 51);
    }

    #[test]
    fn a_wrong_check_letter_names_the_right_one() {
        assert_eq!(check("A801200005001"), Err(UpnError::CheckLetter { expected: 'B' }));
        assert!(is_temporary("W91960002401A") && !is_temporary("B801200005001"));
    }
}

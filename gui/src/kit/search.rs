//! Finding a name by any part of it, whatever its accents and apostrophes.

use unicode_normalization::UnicodeNormalization as _;

/// A name or a query, reduced to what is compared: lower case, no accents, no apostrophes, hyphens as spaces.
pub fn fold(words: &str) -> String {
    words
        .nfd()
        .filter(|letter| !unicode_normalization::char::is_combining_mark(*letter))
        .filter(|letter| !matches!(letter, '\'' | '’' | '‘' | '`' | ','))
        .map(|letter| if letter == '-' { ' ' } else { letter })
        .flat_map(char::to_lowercase)
        .collect()
}

/// True when every word of the query begins some word of the name. An empty query is in every name.
pub fn matches(name: &str, query: &str) -> bool {
    let name = fold(name);
    fold(query).split_whitespace().all(|part| name.split_whitespace().any(|word| word.starts_with(part)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_by_first_or_last_name_whatever_its_accents() {
        assert!(matches("O’Brien, Zoë", "obr"));
        assert!(matches("O’Brien, Zoë", "zoe"));
        assert!(matches("Evans-Cole, Noah", "cole noah"));
        assert!(!matches("Evans-Cole, Noah", "ada"));
    }
}

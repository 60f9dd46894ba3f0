//! Kinds of safeguarding concern: categories, and what stands under each. Data, and nothing else.
//!
//! A concern keeps the words it was given, not a place in this table: next year's table changes no old concern.

/// A category, and the kinds that stand under it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Category {
    /// As in `Online safety`.
    pub name: &'static str,
    /// As in `Images shared`; none where there is nothing to tell apart.
    pub kinds: &'static [&'static str],
}

/// All categories, in the order of a choice: harm first, then what is watched, then what is good.
pub const CATEGORIES: [Category; 22] = [
    Category { name: "Physical abuse", kinds: &["Injury seen", "Told by the child", "Told by somebody else"] },
    Category { name: "Emotional abuse", kinds: &["Seen", "Told by the child", "Told by somebody else"] },
    Category { name: "Sexual abuse", kinds: &["Told by the child", "Told by somebody else", "Behaviour"] },
    Category { name: "Neglect", kinds: &["Food", "Clothing and hygiene", "Supervision", "Medical care", "Housing"] },
    Category { name: "Domestic abuse", kinds: &["Police notification", "Told by the child", "Told by somebody else"] },
    Category { name: "Child-on-child abuse", kinds: &["Physical", "Sexual", "Hazing or initiation", "Relationship"] },
    Category {
        name: "Bullying",
        kinds: &["Race", "Religion or belief", "Disability", "Sex", "Sexual orientation", "Gender", "Other"],
    },
    Category { name: "Online safety", kinds: &["Content", "Contact", "Images shared", "Scams and money"] },
    Category { name: "Self-harm or suicide", kinds: &["Seen", "Talked of", "Attempted"] },
    Category { name: "Mental health", kinds: &["Worry", "Low mood", "Eating", "Trauma"] },
    Category { name: "Exploitation", kinds: &["Criminal", "Sexual", "Financial"] },
    Category { name: "Radicalisation", kinds: &[] },
    Category { name: "Honour-based abuse", kinds: &["FGM", "Forced marriage", "Breast ironing", "Other"] },
    Category { name: "Missing or absconding", kinds: &["From school", "From home or care"] },
    Category { name: "Physical intervention", kinds: &["Restraint", "Seclusion"] },
    Category { name: "Medical", kinds: &["Medicine", "Injury", "Health"] },
    Category { name: "Attendance", kinds: &["Pattern of absence", "Lateness", "Not collected"] },
    Category { name: "Behaviour", kinds: &["Out of character", "Substances", "Weapons"] },
    Category { name: "Disclosure", kinds: &["About now", "About the past"] },
    Category { name: "Home contact", kinds: &["Visit", "Telephone", "Meeting"] },
    Category { name: "SEN meeting", kinds: &[] },
    Category { name: "Positive note", kinds: &[] },
];

/// Whether a concern may be filed so: a category of the table, and one of its kinds where it has any.
pub fn is_filed(category: &str, kind: &str) -> bool {
    let found = CATEGORIES.iter().find(|one| one.name == category);
    found.is_some_and(|one| if one.kinds.is_empty() { kind.is_empty() } else { one.kinds.contains(&kind) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_category_is_told_from_the_others_and_fits_on_a_line() {
        let names: BTreeSet<_> = CATEGORIES.iter().map(|one| one.name).collect();
        assert_eq!(names.len(), CATEGORIES.len());
        for one in CATEGORIES {
            let kinds: BTreeSet<_> = one.kinds.iter().collect();
            assert_eq!(kinds.len(), one.kinds.len(), "{}", one.name);
            assert!(one.kinds.iter().chain([&one.name]).all(|words| crate::facts::is_line(words)));
        }
    }

    #[test]
    fn a_kind_is_asked_for_where_its_category_has_any() {
        assert!(is_filed("Neglect", "Food") && is_filed("Radicalisation", ""));
        assert!(!is_filed("Neglect", "") && !is_filed("Neglect", "FGM") && !is_filed("", ""));
    }
}

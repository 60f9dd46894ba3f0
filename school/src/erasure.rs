//! What may be erased when, and in which words: grounds, holds, which documents a pupil's file is, which registers a
//! review has said are to be destroyed.
//!
//! Nothing here destroys anything, and nothing is ever due by itself: a person orders it. What is told of an order holds
//! nobody's name.
//!
//! Not here: who may, seconds, the seven days and receipts (the engine).

use crate::areas;
use crate::calendar::{self, Day};
use crate::facts::erasure::{ErasureFact, Told};
use crate::facts::retention::{Class, Decision};
use crate::facts::{self, documents};
use crate::ids::PupilId;
use crate::known::Pupil;
use crate::known::School;
use crate::retention::{kept_until, rules};
use muster_core::id::{ActId, Area, DocumentId, PlaceId};
use muster_core::replica::records::{Records, RecordsError};
use std::collections::BTreeMap;

/// The areas that hold a pupil's file: whoever erases one reads all of them.
pub const FILE: [Area; 4] = [areas::PUPIL, areas::CARE, areas::FAMILY, areas::LEARNING];

/// On which ground records are erased. Stored by number: add at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ground {
    /// They were kept for as long as they are to be, and reviewed.
    RetentionEnded,
    /// The person whom they are about, or a parent, asked, and nothing asks to keep them.
    Request,
    /// A court or the commissioner ordered it.
    Order,
    /// They should never have been there.
    EnteredInError,
}

impl Ground {
    /// All, in the order of a list.
    pub const ALL: [Self; 4] = [Self::RetentionEnded, Self::Request, Self::Order, Self::EnteredInError];

    /// As it is stored.
    pub fn number(self) -> u16 {
        match self {
            Self::RetentionEnded => 1,
            Self::Request => 2,
            Self::Order => 3,
            Self::EnteredInError => 4,
        }
    }

    /// As in a list to choose from.
    pub fn name(self) -> &'static str {
        match self {
            Self::RetentionEnded => "Kept for long enough, and reviewed",
            Self::Request => "Asked for, with nothing that asks to keep it",
            Self::Order => "Ordered by a court or the commissioner",
            Self::EnteredInError => "Entered by mistake",
        }
    }

    /// As on a certificate.
    pub fn words(number: u16) -> &'static str {
        let found = Self::ALL.into_iter().find(|ground| ground.number() == number);
        match found {
            Some(Self::RetentionEnded) => "Kept for as long as it is to be, and reviewed (UK GDPR Article 5(1)(e))",
            Some(Self::Request) => "Asked for, with nothing that asks to keep it (UK GDPR Article 17(1))",
            Some(Self::Order) => "Ordered by a court or the Information Commissioner (UK GDPR Article 17(1)(e))",
            Some(Self::EnteredInError) => {
                "Entered by mistake: there was never a ground to hold it (UK GDPR Article 17(1)(d))"
            }
            None => "On a ground that a newer Muster knows",
        }
    }
}

/// Why records are held. Stored by number: add at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// A claim is made or expected.
    LegalClaim,
    /// There is a safeguarding matter.
    Safeguarding,
    /// A public inquiry asked for records to be kept, as the one into child sexual abuse did.
    Inquiry,
    /// A complaint or an appeal is open.
    Complaint,
}

impl Why {
    /// All, in the order of a list.
    pub const ALL: [Self; 4] = [Self::LegalClaim, Self::Safeguarding, Self::Inquiry, Self::Complaint];

    /// As it is stored.
    pub fn number(self) -> u16 {
        match self {
            Self::LegalClaim => 1,
            Self::Safeguarding => 2,
            Self::Inquiry => 3,
            Self::Complaint => 4,
        }
    }

    /// As in a list to choose from.
    pub fn name(self) -> &'static str {
        match self {
            Self::LegalClaim => "A legal claim",
            Self::Safeguarding => "Safeguarding",
            Self::Inquiry => "A public inquiry",
            Self::Complaint => "A complaint or an appeal",
        }
    }

    /// As in a sentence.
    pub fn words(number: u16) -> &'static str {
        let found = Self::ALL.into_iter().find(|why| why.number() == number);
        match found {
            Some(Self::LegalClaim) => "a legal claim",
            Some(Self::Safeguarding) => "safeguarding",
            Some(Self::Inquiry) => "a public inquiry",
            Some(Self::Complaint) => "a complaint or an appeal",
            None => "a reason that a newer Muster knows",
        }
    }
}

/// The documents of a pupil's file that can be read here, at every site and of every year.
///
/// # Errors
/// When the records cannot be read.
pub fn file_of(records: &mut impl Records, pupil: PupilId) -> Result<Vec<DocumentId>, RecordsError> {
    let kinds = [documents::PUPIL, documents::CARE, documents::FAMILY, documents::LEARNING];
    let mut found = Vec::new();
    for (area, kind) in FILE.into_iter().zip(kinds) {
        for section in records.sections(area) {
            let all = records.documents(&section, kind)?;
            found.extend(all.into_iter().filter(|document| document.key == pupil.0));
        }
    }
    Ok(found)
}

/// Why a pupil's file is not to be erased on this ground yet; `None` where nothing is known against it.
///
/// # Errors
/// When the records cannot be read.
pub fn against(
    records: &mut impl Records,
    pupil: &Pupil,
    file: &[DocumentId],
    ground: Ground,
    today: Day,
) -> Result<Option<String>, RecordsError> {
    if ground == Ground::Order {
        return Ok(None);
    }
    if pupil.on_roll.last.is_none_or(|last| last >= today) {
        return Ok(Some(
            "the pupil is on the roll: their record is kept. A name leaves the register on a ground first".to_owned(),
        ));
    }
    if ground == Ground::EnteredInError {
        return Ok(None);
    }
    // As the review of old records counts them.
    let register = [documents::PUPIL, documents::FAMILY];
    for document in file.iter().filter(|document| register.contains(&document.kind)) {
        let Some(held) = records.facts(document)? else { continue };
        let entered = held.iter().map(|one| kept_until(calendar::local(one.origin.at).day)).max();
        if let Some(until) = entered.filter(|until| *until >= today) {
            return Ok(Some(format!(
                "the law asks for entries of the admission register for six years: until {} {}",
                until.long(),
                until.date().year()
            )));
        }
    }
    if ground == Ground::RetentionEnded {
        let needs = file.iter().any(|document| document.kind == documents::LEARNING);
        let rule = rules::of(if needs { Class::SpecialNeeds } else { Class::PupilFile });
        let Some(born) = pupil.identity.born else {
            return Ok(Some("no date of birth is recorded, so nobody can say how long it is kept".to_owned()));
        };
        if let Some(until) = rule.kept_until(born).filter(|until| today <= *until) {
            let (years, until) = (rule.years, until.date().year());
            return Ok(Some(format!("it is kept until the pupil is {years}, and reviewed after {until}")));
        }
    }
    Ok(None)
}

/// A pupil's file in words that name nobody.
pub fn file_words(pupil: &Pupil, documents: usize) -> String {
    let born = pupil.identity.born.map_or_else(String::new, |day| format!(" born in {}", day.date().year()));
    let left = pupil.on_roll.last.map_or_else(String::new, |day| format!(", on roll until {}", day.date().year()));
    let many = if documents == 1 { "1 record".to_owned() } else { format!("{documents} records") };
    format!("The file of a pupil{born}{left}: {many}")
}

/// Whose file it is, for whoever may read it, to be looked at before it is ordered or signed.
pub fn whose(pupil: &Pupil, site: &str) -> String {
    let Pupil { identity, on_roll, .. } = pupil;
    let number = match identity.admission_no.as_str() {
        "" => "no admission number".to_owned(),
        number => format!("admission number {number}"),
    };
    let day = |day: Day| format!("{} {}", day.long(), day.date().year());
    let born = identity.born.map_or_else(|| "no date of birth".to_owned(), |born| format!("born {}", day(born)));
    let roll = on_roll.last.map_or_else(|| "on the roll".to_owned(), |last| format!("on roll until {}", day(last)));
    format!("{}, {number}, {born}, {site}, {roll}", pupil.spoken())
}

/// The attendance registers of a site of which every entry is due and a review has said that it is to be destroyed, and
/// from which years.
///
/// # Errors
/// When the records cannot be read.
pub fn registers_due(
    records: &mut impl Records,
    school: &School,
    site: PlaceId,
    today: Day,
) -> Result<(Vec<DocumentId>, BTreeMap<i16, u64>), RecordsError> {
    let (mut found, mut years) = (Vec::new(), BTreeMap::new());
    for section in records.sections(areas::REGISTER) {
        if section.compartment.place != site {
            continue;
        }
        for document in records.documents(&section, documents::REGISTER)? {
            let Some(held) = records.facts(&document)? else { continue };
            let days: Vec<Day> = held.iter().map(|one| calendar::local(one.origin.at).day).collect();
            let goes = |day: &Day| {
                let review = school.reviews.get(&(site, Class::Attendance, day.date().year()));
                let until = kept_until(*day);
                until < today && review.is_some_and(|(one, _)| until < one.day && one.decision == Decision::Destroy)
            };
            if !days.is_empty() && days.iter().all(goes) {
                days.iter().for_each(|day| *years.entry(day.date().year()).or_insert(0) += 1);
                found.push(document);
            }
        }
    }
    Ok((found, years))
}

/// What was told of orders and holds, by the act each was written in, as far as it can be read here.
///
/// # Errors
/// When the records cannot be read.
pub fn told(records: &mut impl Records) -> Result<BTreeMap<ActId, Told>, RecordsError> {
    let mut found = BTreeMap::new();
    for area in areas::SHOWN {
        for section in records.sections(area) {
            for document in records.documents(&section, documents::ERASURE)? {
                let Some(held) = records.facts(&document)? else { continue };
                for read in facts::all::<ErasureFact>(&held) {
                    if let ErasureFact::Told(told) = read.value {
                        found.insert(read.held.origin.act, told);
                    }
                }
            }
        }
    }
    Ok(found)
}

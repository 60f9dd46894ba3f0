//! Returns of new pupils and deletions as tables: what regulation 13 asks for, to the authority where the school is.
//!
//! A confidential address goes with the return, since the law asks for it, and the line says from whom it is kept.

use super::{Table, with_care};
use crate::admission::{ReturnDue, entry, grounds};
use crate::calendar::Day;
use crate::facts::custody::WhoseHome;
use crate::facts::returns::ReturnKind;
use crate::known::Known;
use crate::known::family::Family;
use muster_core::replica::records::{Records, RecordsError};

/// Which return a table is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// New pupils: the whole entry.
    NewPupils,
    /// Deletions.
    Deletions,
}

impl Which {
    pub(super) fn kind(self) -> ReturnKind {
        match self {
            Self::NewPupils => ReturnKind::NewPupil,
            Self::Deletions => ReturnKind::Deletion,
        }
    }
}

/// The returns that are due, as a table.
///
/// # Errors
/// When the records cannot be read.
pub fn returns(
    records: &mut impl Records,
    known: &Known,
    which: Which,
    due: &[ReturnDue],
    today: Day,
) -> Result<Table, RecordsError> {
    let due: Vec<&ReturnDue> = due.iter().filter(|one| one.kind == which.kind()).collect();
    let (what, stem, headings) = match which {
        Which::NewPupils => ("New pupils", "new-pupils", NEW.to_vec()),
        Which::Deletions => ("Deletions from the admission register", "deletions", DELETED.to_vec()),
    };
    let mut table = Table {
        what: format!("{what}, {}", super::dated(today)),
        stem: format!("{stem}-{}", today.iso()),
        headings,
        rows: Vec::new(),
        people: u32::try_from(due.len()).unwrap_or(u32::MAX),
        notes: Vec::new(),
    };
    for one in due {
        let Some(pupil) = known.pupil(one.pupil) else { continue };
        let family = known.family(records, one.pupil)?;
        let lacking = entry::missing(pupil, family.as_ref());
        if !lacking.is_empty() && which == Which::NewPupils {
            table.notes.push(format!("{}: not entered: {}", pupil.identity.admission_no, lacking.join("; ")));
        }
        let family = family.unwrap_or_default();
        let identity = &pupil.identity;
        let placement = pupil.placement.as_ref().filter(|placement| placement.arranged);
        let mut row = vec![
            identity.surname.clone(),
            identity.forename.clone(),
            pupil.entry.as_ref().map(|entry| entry.middle.clone()).unwrap_or_default(),
            names(pupil),
            identity.sex.clone(),
            identity.born.map(Day::iso).unwrap_or_default(),
            identity.upn.clone(),
            with_care(family.address.as_ref().map(entry::line), family.kept_from(WhoseHome::Pupil)),
            with_care(family.second.as_ref().map(entry::line), family.kept_from(WhoseHome::Second)),
            parents(&family, which == Which::Deletions),
        ];
        match which {
            Which::NewPupils => row.extend([
                pupil.on_roll.starting.map(Day::iso).unwrap_or_default(),
                pupil.last_school.as_ref().map(|school| school.name.clone()).unwrap_or_default(),
                pupil.last_school.as_ref().map(|school| school.address.clone()).unwrap_or_default(),
                pupil.entry.as_ref().map_or("", |one| if one.boarder { "Boarder" } else { "Day" }).to_owned(),
            ]),
            Which::Deletions => {
                let next = pupil.next_school.as_ref();
                let gone = pupil.deleted.as_ref();
                let moving = family.moving.as_ref();
                row.extend([
                    gone.map(|gone| gone.day.iso()).unwrap_or_default(),
                    gone.map(|gone| format!("{}: {}", gone.ground.letter(), grounds::words(gone.ground)))
                        .unwrap_or_default(),
                    next.map(|next| next.name.clone()).unwrap_or_default(),
                    next.map(|next| next.address.clone()).unwrap_or_default(),
                    next.and_then(|next| next.from).map(Day::iso).unwrap_or_default(),
                    with_care(moving.map(|moving| entry::line(&moving.address)), family.kept_from(WhoseHome::Pupil)),
                    moving.map(|moving| moving.parent.clone()).unwrap_or_default(),
                    moving.and_then(|moving| moving.from).map(Day::iso).unwrap_or_default(),
                ]);
            }
        }
        row.extend([
            placement.map(|one| one.number.clone()).unwrap_or_default(),
            placement.map(|one| one.name.clone()).unwrap_or_default(),
        ]);
        table.rows.push(row);
    }
    Ok(table)
}

fn names(pupil: &crate::known::Pupil) -> String {
    let identity = &pupil.identity;
    let other = pupil.entry.as_ref().map(|entry| entry.other_names.clone()).unwrap_or_default();
    let known_as = if identity.preferred == identity.forename { String::new() } else { identity.preferred.clone() };
    [known_as, other].into_iter().filter(|name| !name.is_empty()).collect::<Vec<_>>().join("; ")
}

/// Each parent in one cell: name, address, whether the pupil lives with them, numbers.
fn parents(family: &Family, only_lived_with: bool) -> String {
    let told = family.parents.iter().filter(|parent| parent.lives_with || !only_lived_with).map(|parent| {
        let whose = WhoseHome::of(&parent.home, parent.id);
        let home = with_care(Some(entry::home_of(parent, family)), family.kept_from(whose));
        let lives = if parent.lives_with { ", pupil lives with them" } else { "" };
        format!("{}{lives}: {home}; {}", parent.full(), parent.numbers.join(", "))
    });
    told.collect::<Vec<_>>().join(" | ")
}

const NEW: [&str; 16] = [
    "Surname",
    "Forename",
    "Middle names",
    "Other names",
    "Sex",
    "Date of birth",
    "UPN",
    "Address",
    "Second address",
    "Parents",
    "Starting day",
    "Last school",
    "Last school’s address",
    "Boarder or day",
    "Placing authority number",
    "Placing authority",
];

const DELETED: [&str; 20] = [
    "Surname",
    "Forename",
    "Middle names",
    "Other names",
    "Sex",
    "Date of birth",
    "UPN",
    "Address",
    "Second address",
    "Parents",
    "Deleted after",
    "Ground",
    "Next school",
    "Next school’s address",
    "Starts there",
    "Future address",
    "With",
    "From",
    "Placing authority number",
    "Placing authority",
];

//! `muster words STAFF`: one-time words for a member of staff.

use super::Common;
use super::ask::Who;
use crate::device::Device;
use anyhow::bail;
use clap::Args;
use muster_school::ids::PupilId;
use muster_school::names;

/// Make one-time words for a member of staff to sign in for the first time
#[derive(Debug, Args)]
pub(super) struct Words {
    /// The member of staff: staff code, or part of the name
    staff: String,
    #[command(flatten)]
    who: Who,
}

impl Words {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        let mut device = self.who.open_to_administer(common)?;
        let person = find_staff(&device, &self.staff)?;
        let name = device.known.staff_name(person);
        let words = device.one_time_words(person)?;
        say!("One-time words for {name}:");
        say!();
        say!("  {}", words.as_str());
        say!();
        say!(
            "They work once, on any of the school's devices that has met this one since: muster activate \"{}\"",
            words.as_str()
        );
        Ok(())
    }
}

/// A member of staff by code or part of a name.
pub(crate) fn find_staff(device: &crate::device::Device, wanted: &str) -> anyhow::Result<muster_core::id::PersonId> {
    let staff = &device.known.school().staff;
    if let Some((person, _)) = staff.iter().find(|(_, one)| one.staff_code.eq_ignore_ascii_case(wanted)) {
        return Ok(*person);
    }
    let folded = muster_school::names::fold(wanted);
    let found: Vec<_> = staff
        .keys()
        .filter(|person| muster_school::names::fold(&device.known.staff_name(**person)).contains(&folded))
        .collect();
    match found.as_slice() {
        [person] => Ok(**person),
        [] => bail!("no member of staff has that code or name: look at staff.csv, or the list in the client"),
        several => {
            let named = several.iter().map(|person| {
                let code = staff.get(person).map_or("no code", |one| one.staff_code.as_str());
                format!("{} ({code})", device.known.staff_name(**person))
            });
            bail!("{} members of staff have that in their name: give the code of one of {}", several.len(), some(named))
        }
    }
}

/// The first of many, as in `A, B, C and 4 more`.
fn some(words: impl ExactSizeIterator<Item = String>) -> String {
    let more = words.len().saturating_sub(NAMED_MOST);
    let named: Vec<String> = words.take(NAMED_MOST).collect();
    if more == 0 { named.join(", ") } else { format!("{} and {more} more", named.join(", ")) }
}

/// So many are named where a name fits several: a screen's width or two.
const NAMED_MOST: usize = 8;

/// The one pupil who has a text in their name, or that admission number.
///
/// # Errors
/// When nobody has, or several.
pub(crate) fn find_pupil(device: &Device, name: &str) -> anyhow::Result<PupilId> {
    let folded = names::fold(name);
    let on_register = device.known.pupils().filter(|pupil| pupil.provisional.is_none());
    let found: Vec<_> = on_register
        .filter(|pupil| pupil.identity.admission_no == name || names::matches(&folded, &pupil.folded))
        .collect();
    match found.as_slice() {
        [pupil] => Ok(pupil.id),
        [] => bail!("no pupil that you may read has {name} in their name"),
        several => {
            let numbers = several.iter().map(|pupil| pupil.identity.admission_no.clone());
            bail!(
                "{} pupils have {name} in their name: give more of it, or an admission number: {}",
                several.len(),
                some(numbers)
            )
        }
    }
}

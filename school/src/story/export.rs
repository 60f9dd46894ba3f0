//! The audit as a table for a spreadsheet.
//!
//! No cell can begin a formula (see `extract`).

use super::Told;
use crate::areas;
use crate::calendar;
use crate::extract::plain;
use crate::known::Known;
use std::collections::BTreeSet;

/// The rows, in the order given, with a line of headings.
///
/// # Errors
/// Never in practice: the table is made in memory.
pub fn csv(told: &[Told], known: &Known) -> Result<Vec<u8>, csv::Error> {
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(["Day", "Time", "Who", "Did what", "Device", "Area", "To look at"])?;
    for one in told {
        let at = calendar::local(one.origin.at);
        let who = one.person.map_or_else(|| "Nobody signed in".to_owned(), |person| known.staff_name(person));
        let device = one.device.map(|device| known.school().device_name(device)).unwrap_or_default();
        let look: String = one.attention.iter().flatten().map(|span| span.text.as_str()).collect();
        let area = areas::name(one.section.compartment.area);
        let time = calendar::clock(at.minute);
        let row = [at.day.iso(), time, who, one.text(), device, area.to_owned(), look];
        table.write_record(row.iter().map(|cell| plain(cell)))?;
    }
    table.into_inner().map_err(|error| error.into_error().into())
}

/// How many people the rows name, those who did something and those it was about.
pub fn people(told: &[Told]) -> u32 {
    let who: BTreeSet<_> = told.iter().filter_map(|one| one.person).collect();
    let about: BTreeSet<&str> = told.iter().flat_map(|one| one.about.lines()).collect();
    u32::try_from(who.len() + about.len()).unwrap_or(u32::MAX)
}

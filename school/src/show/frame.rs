//! What frames every screen of somebody signed in.

use super::words::Names;
use crate::calendar;
use crate::known::Known;
use crate::office::OfficeError;
use crate::view::FrameView;
use crate::view::status::Status;
use muster_core::id::PlaceId;
use muster_core::replica::records::Records;

/// School, site, device and person, the time and the registers still to take. The sync sentence, the devices to
/// look at and any warning are the program's to add.
///
/// # Errors
/// When the records cannot be read.
pub fn frame(records: &mut impl Records, known: &mut Known, site: PlaceId) -> Result<FrameView, OfficeError> {
    let author = records.author(&records.seat());
    let left =
        super::registers(records, known, site)?.rows.iter().filter(|row| row.status != Some(Status::Present)).count();
    let now = calendar::local(records.now());
    let closed = known.school().closed(site, now.day).is_some();
    Ok(FrameView {
        school: known.school().name.clone(),
        site: super::fire::site_words(known.site_name(site)),
        device: author.map_or_else(String::new, |author| Names::new(Some(known), None).device(author.device)),
        person: author.and_then(|author| author.person).map(|person| known.staff_name(person)),
        now: calendar::clock(now.minute),
        registers_left: if closed { 0 } else { super::words::number(left) },
        ..FrameView::default()
    })
}

//! Bytes of frames on the wire: one correction, a class register of thirty, an idle reconnect.
//!
//! Two devices of a school of one group of thirty, on the real office, replicas and conversations; the marks are
//! pushed over a session that is open. What the transport adds (a length, QUIC and IP around each frame) is not
//! counted. Bytes are the same in each run: nothing here is timed.

use muster_benches::Failure;
use muster_benches::figures::is_debug;
use muster_benches::school::{Carried, World};
use muster_core::id::SeatId;
use muster_core::replica::Replica;
use muster_core::replica::act::Writer;
use muster_core::replica::store::MemoryStore;
use muster_school::calendar::{Day, Session as Lesson, moment};
use muster_school::facts::pupil::Identity;
use muster_school::ids::{GroupId, PupilId};
use muster_school::known::Known;
use muster_school::office::{MarkEntry, NewPupil, Office, OfficeError};
use muster_school::roles::device_capabilities;

const PUPILS: usize = 30;

struct Desk {
    world: World,
    office: Replica<MemoryStore>,
    known: Known,
    seat: SeatId,
}

fn main() -> Result<(), Failure> {
    let day = Day::parse("2026-11-23")?;
    let mut world = World::at(moment(day, 8 * 60));
    let (office, head) = world.found(MemoryStore::default(), device_capabilities(&[]))?;
    let mut desk = Desk { world, office, known: Known::default(), seat: head.seat.seat };
    let (group, pupils) = desk.set_up()?;
    let mut hall = desk.world.let_in(&mut desk.office, &head, MemoryStore::default(), device_capabilities(&[]))?;
    desk.world.meet(&mut desk.office, &mut hall)?;
    let mut session = desk.world.session(&mut desk.office, &mut hall);
    desk.world.talk(&mut session, &mut desk.office, &mut hall)?;

    desk.world.now_ms = moment(day, 8 * 60 + 50).utc_ms;
    desk.office(|office| office.mark_remaining_present(group, Lesson::am(day)))?;
    let first = desk.world.talk(&mut session, &mut desk.office, &mut hall)?;
    let late = MarkEntry { pupil: pupils[7], code: "L".to_owned(), minutes: Some(12), note: None, among: None };
    desk.office(|office| office.take(group, Lesson::am(day), &[late], false))?;
    let correction = desk.world.talk(&mut session, &mut desk.office, &mut hall)?;
    desk.world.now_ms = moment(day, 13 * 60).utc_ms;
    desk.office(|office| office.mark_remaining_present(group, Lesson::pm(day)))?;
    let second = desk.world.talk(&mut session, &mut desk.office, &mut hall)?;
    let idle = desk.world.meet(&mut desk.office, &mut hall)?;
    println!(
        "{}",
        serde_json::json!({
            "bench": "wire", "debug": is_debug(), "unit": "bytes of frames", "pupils": PUPILS,
            "correction_with_roll_evidence": told(correction),
            "register_of_30_with_roll_evidence": told(second),
            "first_register_of_the_week": told(first),
            "idle_reconnect": { "bytes": idle.there + idle.back, "frames": idle.frames, "turns": idle.turns },
        })
    );
    Ok(())
}

fn told(carried: Carried) -> serde_json::Value {
    serde_json::json!({ "sent": carried.there, "acknowledgement": carried.back, "frames": carried.frames })
}

impl Desk {
    fn office<T>(
        &mut self,
        act: impl FnOnce(&mut Office<'_, Writer<'_, MemoryStore>>) -> Result<T, OfficeError>,
    ) -> Result<T, Failure> {
        let mut writer = self.office.writer(self.seat, self.world.context()).ok_or("nobody is signed in")?;
        Ok(act(&mut Office::new(&mut writer, &mut self.known))?)
    }

    /// One site, one group of thirty, and today's list of who is expected.
    fn set_up(&mut self) -> Result<(GroupId, Vec<PupilId>), Failure> {
        self.office(|office| office.name_school("Alderfen"))?;
        let site = self.office(|office| office.add_site("S1", "Harbour", &["Front car park"]))?;
        let group = self.office(|office| office.add_group(site, "4B", None))?;
        let mut pupils = Vec::new();
        for number in 0..PUPILS {
            let identity = Identity {
                admission_no: format!("{number:06}"),
                upn: String::new(),
                surname: format!("Surname{number}"),
                forename: "Ada".to_owned(),
                preferred: "Ada".to_owned(),
                sex: String::new(),
                born: None,
            };
            let new = NewPupil {
                identity,
                site,
                group: Some(group),
                year: "4".to_owned(),
                starting: Day::new(2026, 9, 1),
                medical: Vec::new(),
                evacuation: None,
            };
            pupils.push(self.office(|office| office.add_pupil(&new))?);
        }
        self.office(|office| office.write_expected(site))?;
        Ok((group, pupils))
    }
}

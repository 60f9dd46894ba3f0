//! A roll call on a device with nobody signed in, while no process has its records open.

use super::Device;
use muster::clock::Clock;
use muster_core::replica::records::Records as _;
use muster_school::facts::roll_call::{Kind, Statement};
use muster_school::fire::call::Standing;
use muster_school::fire::code;
use muster_school::office::CallKey;

/// The name that whoever has the device gives.
pub(crate) const MARSHAL: &str = "S. Reid";

/// What a device with nobody signed in does in its newest roll call, or in one that it starts: who is what.
pub(crate) fn calls(device: &Device<'_>, at_ms: i64, says: &[(&str, Statement)]) -> CallKey {
    let mut opened = muster::device::Device::open(device.folder(), Clock::starting_at(at_ms)).unwrap();
    let site = opened.site().unwrap();
    opened
        .office_of_device(|office| {
            let known = office.calls(site)?.into_iter().next().map(|(key, _)| key);
            let key = known.map_or_else(|| office.start_call(site, Kind::Real), Ok)?;
            office.join_call(key)?;
            for (name, says) in says {
                let call = office.call(key)?;
                let person = call.people.iter().find(|person| person.listed.surname == *name).unwrap();
                office.sight(key, person.who, *says, "Playground", MARSHAL)?;
            }
            Ok(key)
        })
        .unwrap()
}

/// What a device's roll call shows: each name and how it stands, and the short code.
pub(crate) fn shows(device: &Device<'_>, at_ms: i64, key: CallKey) -> (Vec<(String, Standing)>, String) {
    let mut opened = muster::device::Device::open(device.folder(), Clock::starting_at(at_ms)).unwrap();
    opened
        .office_of_device(|office| {
            let call = office.call(key)?;
            let people = call.people.into_iter().map(|one| (one.listed.surname, one.standing)).collect();
            let held = office.records().facts(&key.document())?.unwrap();
            Ok((people, code::code([&*held])))
        })
        .unwrap()
}

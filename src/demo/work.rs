//! What the devices of the demonstration do: the same calls that the client makes.

use super::talk::Answer;
use crate::host::Host;
use anyhow::Context as _;
use muster_core::id::{EntryHash, PersonId, PlaceId};
use muster_core::replica::records::Written;
use muster_school::calendar::{self, Session};
use muster_school::facts::roll_call::{Kind, Statement};
use muster_school::import::{self, Options};
use muster_school::office::{CallKey, MarkEntry, NewPerson};
use muster_school::roles::Role;
use std::collections::BTreeMap;

pub(super) fn import(host: &mut Host, files: BTreeMap<String, Vec<u8>>) -> anyhow::Result<Answer> {
    let report = host.device.import(import::read(files, &muster_school::codes::Codes::of_law()), Options::default())?;
    host.device.settle_in()?;
    Ok(Answer::Imported {
        pupils: host.device.known.pupils().count() as u64,
        sites: host.device.known.school().sites.len() as u64,
        staff: host.device.known.school().staff.len() as u64,
        marks: u64::from(report.marks.rows()),
        rejected: report.rejects.len() as u64,
    })
}

/// The site that the story plays at: the one with the most pupils.
fn site(host: &Host) -> anyhow::Result<PlaceId> {
    let known = &host.device.known;
    let pupils = |site: &PlaceId| known.pupils().filter(|pupil| pupil.site == *site).count();
    known
        .school()
        .sites
        .values()
        .max_by_key(|site| (pupils(&site.id), std::cmp::Reverse(site.code.clone())))
        .map(|site| site.id)
        .context("the school has no site")
}

/// One-time words for whoever leads the site; somebody is added if the data names nobody.
pub(super) fn words(host: &mut Host) -> anyhow::Result<Answer> {
    let site = site(host)?;
    let staff = host.device.known.school().staff.values();
    let staff: Vec<PersonId> = staff.filter(|one| one.sites == [site]).map(|one| one.person).collect();
    let mut leads = None;
    for person in staff {
        if leads.is_none() && host.device.role_of(person)? == Some(Role::SiteLead) {
            leads = Some(person);
        }
    }
    let person: PersonId = match leads {
        Some(person) => person,
        None => host.device.office(|office| {
            let lead = NewPerson {
                staff_code: "LEAD".into(),
                title: String::new(),
                forename: "Helen".into(),
                surname: "Marsh".into(),
                job: "Site lead".into(),
                role: Role::SiteLead,
                sites: vec![site],
                email: String::new(),
            };
            Ok(office.add_person(None, &lead)?)
        })?,
    };
    Ok(Answer::Text(host.device.one_time_words(person)?.to_string()))
}

/// Takes this morning's register of every second group of the site, with a few who are late, ill or not here.
pub(super) fn registers(host: &mut Host, part: usize, elsewhere: bool) -> anyhow::Result<Answer> {
    host.device.refresh()?;
    let here = site(host)?;
    let session = Session::am(calendar::local(host.clock().now()).day);
    let groups: Vec<_> = host.device.known.school().groups.values().map(|group| (group.id, group.site)).collect();
    let at_site: Vec<_> = groups.iter().filter(|(_, site)| *site == here).map(|(id, _)| *id).collect();
    let mut mine: Vec<_> = at_site.into_iter().enumerate().filter(|(at, _)| at % 2 == part).map(|(_, id)| id).collect();
    if elsewhere {
        mine.extend(groups.iter().filter(|(_, site)| *site != here).map(|(id, _)| *id));
    }
    let (mut entries, mut marks, mut count) = (Vec::new(), 0, 0_usize);
    for group in mine {
        let members: Vec<_> = host.device.known.members(group, session.day).iter().map(|pupil| pupil.id).collect();
        if members.is_empty() {
            continue;
        }
        let exceptions: Vec<MarkEntry> = members
            .iter()
            .filter_map(|pupil| {
                count += 1;
                let (code, minutes) = match count % 19 {
                    4 => ("L", Some(5)),
                    9 => ("I", None),
                    14 => ("N", None),
                    _ => return None,
                };
                Some(MarkEntry { pupil: *pupil, code: code.into(), minutes, note: None, among: None })
            })
            .collect();
        let taken = host.device.office(|office| {
            let some = office.take(group, session, &exceptions, false)?;
            let rest = office.mark_remaining_present(group, session)?;
            Ok([some, rest])
        })?;
        for one in taken {
            marks += one.marked as u64;
            entries.extend(one.written.map(|written| written.entries).unwrap_or_default());
        }
    }
    Ok(Answer::Acts { entries, marks })
}

pub(super) fn start_call(host: &mut Host) -> anyhow::Result<Answer> {
    let site = host.device.site().context("this device stands at no site")?;
    let key = host.device.office(|office| Ok(office.start_call(site, Kind::Drill)?))?;
    let entries = entries_of(host, key)?;
    Ok(Answer::Acts { entries, marks: 0 })
}

pub(super) fn join_call(host: &mut Host) -> anyhow::Result<Answer> {
    let Some(key) = newest_call(host)? else { return Ok(Answer::NotYet) };
    let written = host.device.office(|office| Ok(office.join_call(key)?))?;
    Ok(Answer::Acts { entries: written.map(|written: Written| written.entries).unwrap_or_default(), marks: 0 })
}

/// Goes through two thirds of the list, from the front or from the back, so that the middle third is seen twice; of
/// the people in it, every seventh is found by one marshal and not by the other.
pub(super) fn marshal(host: &mut Host, part: usize) -> anyhow::Result<Answer> {
    let key = newest_call(host)?.context("no roll call has been started")?;
    let mut people: Vec<_> =
        host.device.office(|office| Ok(office.call(key)?))?.people.iter().map(|person| person.who).collect();
    people.sort();
    let third = people.len().div_ceil(3);
    let mine: Vec<_> =
        if part == 0 { people.iter().take(2 * third).collect() } else { people.iter().skip(third).collect() };
    let (mut entries, mut marks) = (Vec::new(), 0);
    for (at, who) in people.iter().enumerate().filter(|(_, who)| mine.contains(who)) {
        let (says, place) = match (part, at % 7) {
            (1, 3) => (Statement::NotFound, "yard"),
            _ if at % 29 == 11 => (Statement::NotFound, "corridor"),
            _ => (Statement::Found, ""),
        };
        let (written, _) = host.device.office(|office| Ok(office.sight(key, *who, says, place, "")?))?;
        entries.extend(written.entries);
        marks += 1;
    }
    Ok(Answer::Acts { entries, marks })
}

pub(super) fn newest_call(host: &mut Host) -> anyhow::Result<Option<CallKey>> {
    let sites: Vec<PlaceId> = host.device.known.school().sites.keys().copied().collect();
    host.device.office(|office| {
        for site in sites {
            if let Some((key, _)) = office.calls(site)?.first() {
                return Ok(Some(*key));
            }
        }
        Ok(None)
    })
}

fn entries_of(host: &mut Host, key: CallKey) -> anyhow::Result<Vec<EntryHash>> {
    use muster_core::replica::records::Records as _;
    let facts = host.device.with_records(|records, _| Ok(records.facts(&key.document())?))?;
    Ok(facts.iter().flat_map(|facts| facts.iter()).map(|held| held.name.entry).collect())
}

//! What a device of the demonstration holds, worked out from its own store.

use super::talk::{Answer, State, Tally};
use super::work;
use crate::fire_file::{self, FireFile};
use crate::host::Host;
use anyhow::Context as _;
use muster_core::authority::capability::Right;
use muster_core::authority::view::{Ends, Holder};
use muster_core::codec;
use muster_core::crypto::hash::hash;
use muster_core::id::{EntryHash, SchoolId, Section};
use muster_core::replica::records::Records as _;
use muster_school::facts::register::RegisterFact;
use muster_school::facts::{self, documents};
use muster_school::{areas, calendar};
use std::collections::BTreeSet;

/// The sections that every person who has keys in the school may read: with the head and one site lead, those that
/// both may.
fn shared_sections(host: &Host) -> Vec<Section> {
    let view = host.device.replica.view();
    let sections: BTreeSet<Section> =
        host.device.replica.logs().values().map(|state| state.descriptor.section).collect();
    sections
        .into_iter()
        .filter(|section| {
            *section != Section::AUTHORITY
                && view
                    .persons
                    .keys()
                    .all(|person| view.has(&Holder::Person(*person), Right::Read, &section.compartment, Ends::Whenever))
        })
        .collect()
}

pub(super) fn state(host: &mut Host) -> anyhow::Result<Answer> {
    host.device.catch_up()?;
    host.device.refresh()?;
    let call = match work::newest_call(host)? {
        Some(key) => Some(host.device.office(|office| Ok(office.call(key)?))?),
        None => None,
    };
    let standing: Vec<_> = call
        .iter()
        .flat_map(|call| &call.people)
        .map(|person| (person.who, format!("{:?}", person.standing)))
        .collect();
    let sections = shared_sections(host);
    let replica = &mut host.device.replica;
    let mut logs = Vec::new();
    for (id, log) in replica.logs() {
        if sections.contains(&log.descriptor.section) {
            logs.push((*id, log.heads.clone()));
        }
    }
    let mut facts = Vec::new();
    for section in &sections {
        facts.extend(replica.readable_facts(section)?);
    }
    facts.sort();
    let parts = [codec::encode(&logs), codec::encode(&facts), codec::encode(&standing)];
    let hash = hash("muster 1 demo state", &[&replica.view().state_hash(), &parts[0], &parts[1], &parts[2]]);
    Ok(Answer::State(State {
        hash: SchoolId(hash).to_string(),
        entries: host.entries(),
        marks: marks(host)?,
        pupils: host.device.known.pupils().count() as u64,
        call: call.map(|call| Tally::from(call.counts())),
    }))
}

/// Attendance marks in the registers that both devices may read, changes of marks included.
fn marks(host: &mut Host) -> anyhow::Result<u64> {
    let shared = shared_sections(host);
    let registers: Vec<Section> =
        shared.into_iter().filter(|section| section.compartment.area == areas::REGISTER).collect();
    host.device.with_records(|records, _| {
        let mut marks = 0;
        for section in registers {
            for document in records.documents(&section, documents::REGISTER)? {
                let Some(held) = records.facts(&document)? else { continue };
                marks += facts::all::<RegisterFact>(&held).filter(|read| read.value.about().is_some()).count() as u64;
            }
        }
        Ok(marks)
    })
}

/// Which entries are not in the documents that can be read here, of those that should be.
pub(super) fn missing(host: &mut Host, entries: &[EntryHash]) -> anyhow::Result<Answer> {
    host.device.catch_up()?;
    let sections: BTreeSet<Section> =
        host.device.replica.logs().values().map(|state| state.descriptor.section).collect();
    let mut there = BTreeSet::new();
    for section in sections.iter().filter(|section| **section != Section::AUTHORITY) {
        there.extend(host.device.replica.readable_facts(section)?.into_iter().map(|(_, name, _)| name.entry));
    }
    Ok(Answer::Missing(entries.iter().filter(|entry| !there.contains(entry)).copied().collect()))
}

/// One digest over all that both may hold, once neither is fetching anything.
pub(super) fn in_step(host: &mut Host) -> anyhow::Result<Answer> {
    let peer = host.peers().into_iter().find(|(_, peer)| peer.session.is_some() && peer.same);
    Ok(match peer {
        Some((device, _)) => Answer::Text(SchoolId(host.device.replica.root_digest(&device)).to_string()),
        None => Answer::NotYet,
    })
}

/// Which of these entries are in documents that both devices may read.
pub(super) fn shared(host: &mut Host, entries: &[EntryHash]) -> anyhow::Result<Answer> {
    let mut both = BTreeSet::new();
    for section in shared_sections(host) {
        both.extend(host.device.replica.readable_facts(&section)?.into_iter().map(|(_, name, _)| name.entry));
    }
    Ok(Answer::Missing(entries.iter().filter(|entry| both.contains(entry)).copied().collect()))
}

pub(super) fn verify(host: &mut Host) -> anyhow::Result<Answer> {
    let verified = host.device.replica.verify(&mut |_, _| {})?;
    Ok(Answer::Verified { holds: verified.is_sound(), says: verified.says() })
}

pub(super) fn fire(host: &mut Host) -> anyhow::Result<Answer> {
    host.device.keep_fire_list()?;
    let list = fire_file::read(host.device.folder(), host.clock().now()).context("no fire list was kept")?;
    let mut text = Vec::new();
    crate::commands::print_fire(&mut text, &FireFile::of(&list), calendar::local(host.clock().now()).day)?;
    Ok(Answer::Text(String::from_utf8(text)?))
}

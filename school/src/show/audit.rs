//! The audit screen: sentences, filters, and one entry explained.

use super::words::{self, Names};
use crate::calendar::{self, Day};
use crate::known::Known;
use crate::office::OfficeError;
use crate::story::{self, Newest, Told, Wanted};
use crate::view::Span;
use crate::view::audit::{AuditChoices, AuditDetail, AuditFilter, AuditRow, AuditView, ProofLine};
use crate::view::erasure::ErasuresView;
use crate::view::today::Link;
use muster_core::id::EntryHash;
use muster_core::replica::records::Records;
use std::collections::BTreeSet;

/// Entries on one page.
const PAGE: usize = 200;

/// The audit, filtered, with as many pages as asked for (at least one). `chosen` is the entry to explain.
///
/// What `proof` says is what the records say by handing an entry over: the engine verified it. Whether it arrived
/// late, or from a removed device, is for the program to add.
///
/// # Errors
/// When the records cannot be read.
pub fn audit(
    records: &mut impl Records,
    known: &mut Known,
    filter: &AuditFilter,
    chosen: Option<EntryHash>,
    pages: usize,
) -> Result<AuditView, OfficeError> {
    let wanted = Wanted { day: filter.day, person: filter.person, device: filter.device, about: filter.pupil.clone() };
    let most = PAGE.saturating_mul(pages.max(1));
    let found = story::newest(records, known, &wanted, most)?;
    let detail = match chosen {
        Some(entry) => match found.told.iter().find(|told| told.entry == entry) {
            Some(told) => Some(told.clone()),
            None => story::of_entry(records, known, entry)?,
        },
        None => None,
    };
    let of_authority = story::told_of_authority(records, known, &Wanted::default(), "");
    let names = Names::new(Some(known), None);
    let authors = known.trail().seats().filter_map(|seat| records.author(seat));
    let authors: Vec<_> = authors.map(|author| (author.person, Some(author.device))).collect();
    let authors = || authors.iter().copied().chain(of_authority.iter().map(|told| (told.person, told.device)));
    let people = unique(authors().filter_map(|(person, _)| person), |person| known.staff_name(*person));
    let devices = unique(authors().filter_map(|(_, device)| device), |device| names.device(*device));
    let days: BTreeSet<Day> = known.trail().days().chain(of_authority.iter().map(day)).collect();
    let today = calendar::local(records.now()).day;
    let rows: Vec<AuditRow> = found.told.iter().map(|told| row(records, &names, told, today)).collect();
    let detail = detail.map(|told| explain(records, &names, &told, today));
    Ok(AuditView {
        summary: summary(&found, filter.day, today),
        filter: filter.clone(),
        choices: AuditChoices { people, devices, days: days.into_iter().rev().map(|day| (day, day.long())).collect() },
        rows,
        more: words::number(found.left),
        detail,
        // Who orders what is the program's to say.
        erasures: ErasuresView::default(),
    })
}

fn day(told: &Told) -> Day {
    calendar::local(told.origin.at).day
}

fn unique<T: Ord + Copy>(all: impl Iterator<Item = T>, name: impl Fn(&T) -> String) -> Vec<(T, String)> {
    let all: BTreeSet<T> = all.collect();
    let mut named: Vec<_> = all.into_iter().map(|one| (one, name(&one))).collect();
    named.sort_by(|a, b| (&a.1, a.0).cmp(&(&b.1, b.0)));
    named
}

fn summary(found: &Newest, wanted: Option<Day>, today: Day) -> String {
    let when = match wanted {
        Some(day) if day == today => " today".to_owned(),
        Some(day) => format!(" on {}", day.long()),
        None => String::new(),
    };
    let many = found.told.len();
    let entries = match found.left {
        0 if many == 1 => "1 entry".to_owned(),
        0 => format!("{many} entries"),
        _ => format!("The newest {many} entries"),
    };
    let disagree = found.told.iter().filter(|told| told.attention.is_some()).count();
    let look = if disagree == 0 { String::new() } else { format!(" {disagree} to look at.") };
    format!("{entries}{when}, all checked.{look}")
}

fn proof(told: &Told) -> &'static str {
    if told.person.is_some() { "Signature checked" } else { "Signed by the device only" }
}

fn who(records: &impl Records, names: &Names, told: &Told) -> String {
    if told.person.is_some() { names.full(records, &told.origin) } else { "Nobody signed in".to_owned() }
}

fn device(names: &Names, told: &Told) -> String {
    told.device.map_or_else(|| "an unknown device".to_owned(), |device| names.device(device))
}

fn row(records: &impl Records, names: &Names, told: &Told, today: Day) -> AuditRow {
    AuditRow {
        entry: told.entry,
        time: words::when(told.origin.at, today),
        who: who(records, names, told),
        what: told.what.clone(),
        device: device(names, told),
        proof: proof(told).to_owned(),
        attention: told.attention.is_some(),
    }
}

fn explain(records: &impl Records, names: &Names, told: &Told, today: Day) -> AuditDetail {
    let mut sentence = vec![Span::plain(format!("{} ", who(records, names, told)))];
    sentence.extend(told.what.iter().cloned());
    sentence.push(Span::plain("."));
    let device = device(names, told);
    let by = match told.person {
        Some(_) => format!("Signed by {} on {device}", names.full(records, &told.origin)),
        None => format!("Signed by {device}, with nobody signed in"),
    };
    let copies = records.copies(&told.section, &told.origin);
    let yes = |words: String| ProofLine { answer: "Yes".to_owned(), words };
    let held = match copies {
        0 => ProofLine { answer: "Not yet".to_owned(), words: "known to be on another device".to_owned() },
        copies => yes(format!("Held by {} devices", copies + 1)),
    };
    AuditDetail {
        entry: told.entry,
        sentence,
        warning: told.attention.clone(),
        proven: vec![yes(by), yes("Nothing before it in its log is missing or changed".to_owned()), held],
        clock: format!("The time, {}, is the clock of {device}.", words::when(told.origin.at, today)),
        link: told.register.map(|(group, session)| {
            ("Open the register".to_owned(), Link::Register(super::register_key(group, session)))
        }),
    }
}

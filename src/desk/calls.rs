//! A roll call beyond who was seen: where this marshal stands, its moments, joining two, care lines by PIN, its report.

use super::acts::{call_key, site};
use super::clerk::Clerk;
use crate::device::extract::Purpose;
use crate::host::Host;
use anyhow::Context as _;
use muster_school::calendar::{self, Day};
use muster_school::facts::roll_call::{Action, Learned, Point};
use muster_school::fire::care::CareBook;
use muster_school::office::CallKey;
use muster_school::show;
use muster_school::view::EventId;
use muster_school::view::call::{CallAct, Moment, ReportAct, ReportAnswers};
use muster_school::view::fire::Care;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// See the module.
#[derive(Default)]
pub(super) struct Calls {
    /// At which assembly point this device's marshal stands, by event.
    here: BTreeMap<EventId, String>,
    /// Care lines that the marshal's PIN opened, and when.
    opened: Option<(String, CareBook)>,
    /// Why the last PIN did not.
    problem: Option<String>,
}

impl Calls {
    /// Where this device's marshal stands; empty where they did not say.
    pub(super) fn here(&self, event: EventId) -> String {
        self.here.get(&event).cloned().unwrap_or_default()
    }

    /// Shows care lines no more.
    pub(super) fn close_care(&mut self) {
        self.opened = None;
        self.problem = None;
    }
}

impl Clerk {
    pub(super) fn of_call(&mut self, host: &mut Host, event: EventId, act: CallAct) -> anyhow::Result<()> {
        let key = call_key(host, event)?;
        let marshal = self.marshal.clone();
        match act {
            CallAct::StandAt(point) => {
                self.calls.here.insert(event, point.trim().to_owned());
                Ok(())
            }
            CallAct::Now(moment) => {
                let what = match moment {
                    Moment::Alarm => Point::Alarm,
                    Moment::BuildingClear => Point::BuildingClear,
                    Moment::AllClear => Point::AllClear,
                    Moment::AllAccounted => anyhow::bail!("that everybody is accounted for is worked out, not set"),
                };
                host.device.office(|office| Ok(office.time_call(key, what, &marshal).map(drop)?))
            }
            CallAct::GoOn => {
                host.device.office(|office| Ok(office.resume_call(key).map(drop)?))?;
                self.notice(host, "The roll call goes on. Every device that hears of it is told".to_owned(), None);
                Ok(())
            }
            CallAct::JoinWith(other) => {
                let other = call_key(host, other)?;
                host.device.office(|office| Ok(office.join_calls(key, other).map(drop)?))?;
                self.notice(host, "The two roll calls are one. Nothing of either is lost".to_owned(), None);
                Ok(())
            }
            CallAct::PartFrom(other) => {
                let other = call_key(host, other)?;
                host.device.office(|office| Ok(office.part_calls(key, other).map(drop)?))?;
                self.notice(host, "The two roll calls are apart again".to_owned(), None);
                Ok(())
            }
        }
    }

    /// Whether care lines are shown on this device now, and they.
    pub(super) fn care(&mut self, host: &mut Host) -> anyhow::Result<(Care, Option<CareBook>)> {
        let Some(site) = host.device.site() else { return Ok((Care::Closed, None)) };
        if let Some(person) = host.device.person()
            && host.device.reads_care(site)?
        {
            let book = host.device.office(|office| Ok(office.care_book(site)?))?;
            let words = format!("Care details are shown to {}", host.device.known.staff_name(person));
            return Ok((Care::Open { words, by_pin: false }, Some(book)));
        }
        if let Some((at, book)) = &self.calls.opened {
            let words = format!("Care details were opened with the marshal’s PIN at {at}");
            return Ok((Care::Open { words, by_pin: true }, Some(book.clone())));
        }
        if !host.device.has_sealed_care()? {
            return Ok((Care::Closed, None));
        }
        let (problem, wait_secs) = (self.calls.problem.clone(), host.device.marshal_wait_secs());
        Ok((Care::AskPin { problem, wait_secs }, None))
    }

    pub(super) fn open_care(&mut self, host: &mut Host, pin: &str) -> anyhow::Result<()> {
        match host.device.open_care(pin) {
            Ok(book) => {
                self.calls.problem = None;
                self.calls.opened = Some((Self::clock(host), book));
            }
            Err(error) => self.calls.problem = Some(error.to_string()),
        }
        Ok(())
    }

    pub(super) fn set_marshal_pin(&mut self, host: &mut Host, pin: &str) -> anyhow::Result<()> {
        host.device.set_marshal_pin(pin)?;
        self.notice(
            host,
            "The marshal’s PIN is set. Tell it to those who may know care details anyway".to_owned(),
            None,
        );
        Ok(())
    }

    pub(super) fn print_fire_list(&mut self, host: &mut Host, folder: &str) -> anyhow::Result<()> {
        // With nobody signed in it goes where this school has it printed, and nowhere else.
        let set = host.device.prints_into();
        let folder = if folder.trim().is_empty() && !set.is_empty() { PathBuf::from(set) } else { folder_of(folder)? };
        let (path, people) = host.device.print_fire_list(None, &folder)?;
        self.notice(host, format!("Written to {}: {people} people. It is not encrypted", path.display()), None);
        Ok(())
    }

    pub(super) fn of_report(&mut self, host: &mut Host, event: EventId, act: ReportAct) -> anyhow::Result<()> {
        let key = held_key(host, event)?;
        match act {
            ReportAct::Write(answers) => {
                let today = calendar::local(host.device.clock.now()).day;
                let learned = learned(*answers, today)?;
                host.device.office(|office| Ok(office.write_report(key, learned).map(drop)?))?;
                self.notice(host, "Saved on this device".to_owned(), None);
            }
            ReportAct::Sign => {
                signed_in(host)?;
                host.device.office(|office| Ok(office.sign_report(key).map(drop)?))?;
                self.notice(host, "Signed with your name".to_owned(), None);
            }
            ReportAct::Save { folder } => {
                let files = host.device.save_report(event, &folder_of(&folder)?)?;
                self.notice(host, written(&files), None);
            }
            ReportAct::Certificate { folder, to, purpose } => {
                let purpose = Purpose { to, why: purpose };
                let files = host.device.certify_call(event, &purpose, &folder_of(&folder)?)?;
                self.notice(host, format!("{}. The .muster file is the certificate: anybody with Muster can check it, with no school’s records", written(&files)), None);
            }
        }
        Ok(())
    }
}

fn written(files: &[PathBuf]) -> String {
    let names: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
    format!("Written to {}. They are not encrypted", names.join(" and "))
}

/// A folder as typed, from the root.
pub(super) fn folder_of(typed: &str) -> anyhow::Result<PathBuf> {
    anyhow::ensure!(!typed.trim().is_empty(), "give the folder to write into");
    Ok(std::path::absolute(typed.trim())?)
}

/// Only a person writes and signs a report.
fn signed_in(host: &Host) -> anyhow::Result<()> {
    anyhow::ensure!(host.device.opened.is_some(), "sign in first: a report is signed with a name");
    Ok(())
}

/// A roll call of any day, by its event.
fn held_key(host: &mut Host, event: EventId) -> anyhow::Result<CallKey> {
    signed_in(host)?;
    let site = site(host)?;
    let held = host.device.with_records(|records, _| Ok(show::calls_held(records, site)?))?;
    held.into_iter().map(|held| held.key).find(|key| key.event.0 == event.0).context("this roll call is not over yet")
}

/// What was typed into the report, as it is kept.
pub(crate) fn learned(answers: ReportAnswers, today: Day) -> anyhow::Result<Learned> {
    let mut actions = Vec::new();
    for action in answers.actions.into_iter().filter(|action| !action.what.trim().is_empty()) {
        let due = match action.due.trim() {
            "" => None,
            typed => Some(
                day_of(typed, today).with_context(|| format!("{typed} is no day: write 4 December or 2026-12-04"))?,
            ),
        };
        actions.push(Action { what: action.what.trim().to_owned(), owner: action.owner.trim().to_owned(), due });
    }
    let trimmed = |text: String| text.trim().to_owned();
    Ok(Learned {
        weather: trimmed(answers.weather),
        exits: trimmed(answers.exits),
        problems: trimmed(answers.problems),
        actions,
        learned: trimmed(answers.learned),
    })
}

/// A day as typed: `2026-12-04`, or `4 December` of this year or the next, with or without the weekday and the year as
/// a screen shows them.
fn day_of(typed: &str, today: Day) -> Option<Day> {
    if let Ok(day) = Day::parse(typed) {
        return Some(day);
    }
    let year = typed.rsplit(' ').next().filter(|word| word.len() == 4 && word.chars().all(|one| one.is_ascii_digit()));
    let plain = year.map_or(typed, |year| typed.trim_end_matches(year)).trim().to_lowercase();
    let from = match year.and_then(|year| year.parse().ok()) {
        Some(year) => Day::new(year, 1, 1)?,
        None => today,
    };
    (0..366).map(|days| from.plus(days)).find(|day| {
        let long = day.long().to_lowercase();
        long == plain || long.split_once(' ').is_some_and(|(_, date)| date == plain)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_to_do_something_by_is_typed_as_people_write_it_and_read_back_as_it_is_shown() {
        let today = Day::parse("2026-11-23").unwrap();
        let wanted = Day::parse("2026-12-04").ok();
        for typed in ["2026-12-04", "4 December", "4 december", "Friday 4 December", "Friday 4 December 2026"] {
            assert_eq!(day_of(typed, today), wanted, "{typed}");
        }
        assert_eq!(day_of("4 November", today), Day::parse("2027-11-04").ok(), "a day that is to come");
        assert_eq!(day_of("soon", today), None);
    }
}

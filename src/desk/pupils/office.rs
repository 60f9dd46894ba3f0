//! Forms of the office beside those of a pupil's entry: a parent's page, paper, a newer list of codes, old records.

use super::super::clerk::Clerk;
use super::chosen;
use crate::host::Host;
use anyhow::Context as _;
use muster_gui::Screen;
use muster_school::calendar;
use muster_school::codes::{CodeInfo, Codes};
use muster_school::limits::CODE_LIST_BYTES;
use muster_school::show::family_forms::Part;
use muster_school::show::office_forms;
use muster_school::view::pupils::{Answers, Doing, Form};
use std::path::Path;

/// The screen on which a form stands.
pub(super) fn stands_on(doing: Doing) -> Screen {
    match doing {
        Doing::Print | Doing::Guide => Screen::Registers,
        Doing::Codes => Screen::Calendar,
        Doing::Review => Screen::ToDo,
        _ => Screen::Pupils,
    }
}

/// The form that opens for one of these.
pub(super) fn form(clerk: &mut Clerk, host: &mut Host, doing: Doing) -> anyhow::Result<Form> {
    let today = calendar::local(host.device.clock.now()).day;
    let (site, me) = (host.device.site(), host.device.person());
    Ok(match doing {
        Doing::ForParent => {
            let (pupil, family) = chosen(host, clerk.pupils.chosen)?;
            office_forms::parent_form(&pupil, &family, today)
        }
        Doing::Print => office_forms::print_form(&host.device.known, site, today),
        Doing::Guide => {
            let site = super::super::acts::site(host)?;
            let leads = host.device.with_records(|records, _| Ok(office_forms::leads(records, me)))?;
            office_forms::guide_form(&host.device.known, site, leads)
        }
        Doing::Codes => match &clerk.pupils.codes {
            None => office_forms::codes_form(),
            Some(rows) => office_forms::codes_preview(host.device.known.school().codes(), rows),
        },
        _ => {
            let old = clerk.attendance.old(host)?;
            host.device.with_records(|records, known| Ok(office_forms::review_form(records, known, &old)))?
        }
    })
}

/// Does what one of these says. `None`: a next form is open.
pub(super) fn done(
    clerk: &mut Clerk,
    host: &mut Host,
    doing: Doing,
    answers: &Answers,
) -> anyhow::Result<Option<String>> {
    let today = calendar::local(host.device.clock.now()).day;
    match doing {
        Doing::Print => {
            let folder = folder(answers).context("say into which folder")?;
            let site = host.device.site();
            let (day, group) =
                office_forms::read_print(&host.device.known, site, answers, today).map_err(anyhow::Error::msg)?;
            let (file, people) = host.device.print_registers(day, site, group, Path::new(&folder))?;
            let named = if people == 1 { "1 pupil is".to_owned() } else { format!("{people} pupils are") };
            Ok(Some(format!("Written to {}: {named} named in it, and it is not encrypted", file.display())))
        }
        Doing::Guide => {
            let site = super::super::acts::site(host)?;
            let asked = answers.0.contains_key("ask");
            let new = office_forms::read_guide(&host.device.known, site, answers).filter(|_| asked);
            let folder = folder(answers);
            if new.is_none() && folder.is_none() {
                anyhow::bail!("nothing is changed: say into which folder the sheet is to be written");
            }
            let mut said = Vec::new();
            if let Some(guide) = new {
                host.device.office(|office| Ok(office.set_guide(guide).map(drop)?))?;
                said.push("The site’s own words are set".to_owned());
            }
            if let Some(folder) = folder {
                let file = host.device.print_guide(Some(site), Path::new(&folder))?;
                said.push(format!("Written to {}", file.display()));
            }
            Ok(Some(said.join(". ")))
        }
        Doing::Codes => match clerk.pupils.codes.take() {
            None => {
                clerk.pupils.codes = Some(read_list(&answers.line("file"))?);
                let form = form(clerk, host, doing)?;
                clerk.pupils.open(doing, Part::New, form);
                Ok(None)
            }
            Some(rows) => {
                let new = host.device.office(|office| Ok(office.read_codes(rows)?))?;
                Ok(Some(match new {
                    0 => "Nothing was new".to_owned(),
                    1 => "1 row is taken in. It counts from its first day".to_owned(),
                    new => format!("{new} rows are taken in. Each counts from its first day"),
                }))
            }
        },
        _ => {
            let old = clerk.attendance.old(host)?;
            let review = office_forms::read_review(&old, answers, today).map_err(anyhow::Error::msg)?;
            host.device.office(|office| Ok(office.review_records(review).map(drop)?))?;
            Ok(Some("The review is written down".to_owned()))
        }
    }
}

fn folder(answers: &Answers) -> Option<String> {
    Some(answers.line("folder")).filter(|folder| !folder.is_empty())
}

/// The rows of a list of codes in a file.
fn read_list(path: &str) -> anyhow::Result<Vec<CodeInfo>> {
    if path.is_empty() {
        anyhow::bail!("say which file");
    }
    let size = std::fs::metadata(path).with_context(|| format!("{path} cannot be read"))?.len();
    if size > CODE_LIST_BYTES {
        anyhow::bail!("{path} is too large for a list of codes");
    }
    let text = std::fs::read_to_string(path).with_context(|| format!("{path} cannot be read"))?;
    Codes::read(&text).map_err(|wrong| {
        let lines: Vec<_> = wrong.iter().take(5).map(ToString::to_string).collect();
        anyhow::anyhow!("the list is not used: mend these rows first. {}", lines.join(". "))
    })
}

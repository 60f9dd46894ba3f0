//! What leaves the program from the screen of pupils: registers of a day and returns. First it is said what would go,
//! to whom and what for; only when that is answered are the files written.

use super::super::clerk::Clerk;
use crate::device::extract::Purpose;
use crate::host::Host;
use muster_school::calendar::Day;
use muster_school::extract::{self, Table, Which};
use muster_school::facts::returns::ReturnKind;
use muster_school::show::ask;
use muster_school::show::family_forms::Part;
use muster_school::view::pupils::{Answers, Ask, Doing, Form};
use std::path::PathBuf;

/// Tables that are about to be written, and the returns that are sent with them.
pub(super) struct Leaving {
    tables: Vec<(Table, Option<ReturnKind>)>,
    purpose: Purpose,
    folder: PathBuf,
    sent: bool,
}

impl Clerk {
    /// First says what would leave the program; then, when that is answered, writes it.
    pub(super) fn give_out(
        &mut self,
        host: &mut Host,
        doing: Doing,
        answers: &Answers,
        today: Day,
    ) -> anyhow::Result<Option<String>> {
        host.device.need(muster_school::step_up::Guarded::Export)?;
        if let Some(leaving) = &self.pupils.leaving {
            let mut files = 0;
            for (table, _) in &leaving.tables {
                files += host.device.write_extract(table, &leaving.purpose, &leaving.folder)?.len();
            }
            if leaving.sent {
                let kinds: Vec<ReturnKind> = leaving.tables.iter().filter_map(|(_, kind)| *kind).collect();
                host.device.office(|office| {
                    for one in office.returns_due().into_iter().filter(|one| kinds.contains(&one.kind)) {
                        office.return_sent(one.pupil, one.kind, one.about, &leaving.purpose.to)?;
                    }
                    Ok(())
                })?;
            }
            return Ok(Some(format!("{files} files are in {}. It is in the audit", leaving.folder.display())));
        }
        let purpose = Purpose { to: answers.line("to"), why: answers.line("purpose") };
        if purpose.to.is_empty() || purpose.why.is_empty() {
            anyhow::bail!("say for whom it is and what for: both stand in the files and in the audit");
        }
        let folder = answers.line("folder");
        if folder.is_empty() {
            anyhow::bail!("say into which folder");
        }
        let tables = tables(host, doing, answers, today)?;
        let mut asks = Vec::new();
        for (table, _) in &tables {
            asks.extend(host.device.before_extract(table, &purpose).into_iter().map(Ask::Words));
        }
        asks.push(Ask::Words(format!("Into {folder}.")));
        let sent = answers.tick("sent");
        self.pupils.leaving = Some(Leaving { tables, purpose, folder: PathBuf::from(folder), sent });
        let form = Form {
            title: "This would leave the program".to_owned(),
            asks,
            done: "Write it".to_owned(),
            ..Form::default()
        };
        self.pupils.open(doing, Part::New, form);
        Ok(None)
    }
}

pub(super) fn leaving_form(host: &Host, doing: Doing, today: Day) -> Form {
    let authority = host.device.site().and_then(|site| host.device.known.school().authority(site));
    let to = authority.map(|one| one.name.clone()).unwrap_or_default();
    let mut asks = Vec::new();
    let (title, purpose) = match doing {
        Doing::Returns => ("Returns that are due", "Returns of new pupils and deletions"),
        _ => ("Give out the registers of a day", "Daily attendance"),
    };
    if doing == Doing::Extract {
        asks.push(ask::line("day", "Day", "23/11/2026", &today.iso()));
        let mut items = vec!["Every site".to_owned()];
        items.extend(host.device.known.school().sites.values().map(|site| site.name.clone()));
        asks.push(ask::choice("site", "Site", items, Some(0)));
    }
    asks.push(ask::line("to", "For whom", "Hertfordshire", &to));
    asks.push(ask::line("purpose", "What for", "And nothing else", purpose));
    asks.push(ask::line("folder", "Into the folder", "Documents/returns", ""));
    if doing == Doing::Returns {
        asks.push(ask::tick("sent", "Note them as sent", true));
    }
    Form { title: title.to_owned(), asks, done: "Go on".to_owned(), ..Form::default() }
}

fn tables(
    host: &mut Host,
    doing: Doing,
    answers: &Answers,
    today: Day,
) -> anyhow::Result<Vec<(Table, Option<ReturnKind>)>> {
    if doing == Doing::Extract {
        let day = ask::day(answers, "day", "Day").map_err(anyhow::Error::msg)?.unwrap_or(today);
        let at = answers.choice("site").and_then(|at| at.checked_sub(1));
        let site = at.and_then(|at| host.device.known.school().sites.keys().nth(at).copied());
        let table = host
            .device
            .with_records(|records, known| Ok(extract::register(records, known, (day, day), site, None)?))?;
        if table.rows.is_empty() {
            anyhow::bail!("there are no marks on {}", day.long());
        }
        return Ok(vec![(table, None)]);
    }
    let due = host.device.office(|office| Ok(office.returns_due()))?;
    let mut tables = Vec::new();
    for (which, kind) in [(Which::NewPupils, ReturnKind::NewPupil), (Which::Deletions, ReturnKind::Deletion)] {
        let table =
            host.device.with_records(|records, known| Ok(extract::returns(records, known, which, &due, today)?))?;
        if !table.rows.is_empty() {
            tables.push((table, Some(kind)));
        }
    }
    if tables.is_empty() {
        anyhow::bail!("no return is due");
    }
    Ok(tables)
}

//! The screen of pupils: what was searched, who is shown, and which form is open; what its answers do.

use super::clerk::Clerk;
use crate::device::extract::Purpose;
use crate::host::Host;
use anyhow::Context as _;
use muster_gui::intent::PupilAct;
use muster_school::calendar::{self, Day};
use muster_school::extract::{self, Table, Which};
use muster_school::facts::returns::{Authority, ReturnKind};
use muster_school::ids::PupilId;
use muster_school::known::Pupil;
use muster_school::known::family::Family;
use muster_school::show::{self, plan_forms, pupil_forms};
use muster_school::view::pupils::{Answers, Ask, Doing, Form, PupilsView};
use std::path::PathBuf;
use std::sync::Arc;

/// See the module.
#[derive(Default)]
pub(super) struct Pupils {
    typed: String,
    chosen: Option<PupilId>,
    history: bool,
    open: Option<(Doing, Form)>,
    /// What would leave the program, once that is said yes to.
    leaving: Option<Leaving>,
    forms: u64,
}

/// Tables that are about to be written, and the returns that are sent with them.
struct Leaving {
    tables: Vec<(Table, Option<ReturnKind>)>,
    purpose: Purpose,
    folder: PathBuf,
    sent: bool,
}

impl Pupils {
    pub(super) fn view(&self, host: &mut Host) -> anyhow::Result<PupilsView> {
        let me = host.device.person();
        let view = host.device.with_records(|records, known| {
            Ok(show::pupils(records, known, me, &self.typed, self.chosen, self.history)?)
        })?;
        Ok(PupilsView { form: self.open.as_ref().map(|(_, form)| form.clone()), ..view })
    }

    fn open(&mut self, doing: Doing, form: Form) {
        self.forms += 1;
        self.open = Some((doing, Form { number: self.forms, ..form }));
    }

    fn close(&mut self) {
        self.open = None;
        self.leaving = None;
    }
}

fn chosen(host: &mut Host, id: Option<PupilId>) -> anyhow::Result<(Arc<Pupil>, Family)> {
    let id = id.context("choose a pupil first")?;
    host.device.with_records(|records, known| {
        let pupil = known.pupil(id).cloned().context("this pupil is not known here")?;
        Ok((pupil, known.family(records, id)?.unwrap_or_default()))
    })
}

fn line(key: &'static str, label: &str, hint: &str, value: &str) -> Ask {
    Ask::Line { key, label: label.to_owned(), hint: hint.to_owned(), value: value.to_owned() }
}

impl Clerk {
    /// Does what was asked on the screen of pupils.
    pub(super) fn of_pupils(&mut self, host: &mut Host, act: PupilAct) -> anyhow::Result<()> {
        match act {
            PupilAct::Search(typed) => self.pupils.typed = typed,
            PupilAct::Look(pupil) => (self.pupils.chosen, self.pupils.history) = (Some(pupil.into()), false),
            PupilAct::Leave => (self.pupils.chosen, self.pupils.history) = (None, false),
            PupilAct::History(shown) => self.pupils.history = shown,
            PupilAct::Drop => self.pupils.close(),
            PupilAct::Ask(doing) => {
                let form = self.form(host, doing)?;
                self.pupils.open(doing, form);
            }
            PupilAct::Answer(answers) => return self.answer(host, &answers),
        }
        Ok(())
    }

    fn form(&self, host: &mut Host, doing: Doing) -> anyhow::Result<Form> {
        let today = calendar::local(host.device.clock.now()).day;
        let id = self.pupils.chosen;
        Ok(match doing {
            Doing::Admit => pupil_forms::entry_form(&host.device.known, None),
            Doing::Amend => {
                let (pupil, family) = chosen(host, id)?;
                pupil_forms::entry_form(&host.device.known, Some((&pupil, &family)))
            }
            Doing::Order => {
                let (pupil, family) = chosen(host, id)?;
                pupil_forms::order_form(&pupil, &family, today)
            }
            Doing::Delete => pupil_forms::delete_form(&chosen(host, id)?.0, today),
            Doing::Plan => {
                let pupil = chosen(host, id)?.0;
                plan_forms::plan_form(&host.device.known, &pupil, today)
            }
            Doing::Timetable => plan_forms::timetable_form(&chosen(host, id)?.0, today),
            Doing::Match => plan_forms::match_form(&chosen(host, id)?.0),
            Doing::Restore => Form {
                title: format!("Put {} back on the register", chosen(host, id)?.0.spoken()),
                asks: vec![
                    Ask::Words("The deletion was a mistake. It stays in the history.".to_owned()),
                    line("reason", "Reason", "", ""),
                    line("agreed", "Agreed by", "Name and position", ""),
                ],
                done: "Put back".to_owned(),
                ..Form::default()
            },
            Doing::Authority => {
                let held = host.device.site().and_then(|site| host.device.known.school().authority(site).cloned());
                let of = |pick: fn(&Authority) -> &String| held.as_ref().map(pick).cloned().unwrap_or_default();
                Form {
                    title: "The local authority where the school is".to_owned(),
                    asks: vec![
                        Ask::Words("It gets the returns, whichever authority placed a pupil here.".to_owned()),
                        line("number", "Its number", "919", &of(|one| &one.number)),
                        line("name", "Its name", "Hertfordshire", &of(|one| &one.name)),
                        line("returns", "Returns go to", "An address there", &of(|one| &one.returns_to)),
                    ],
                    done: "Set".to_owned(),
                    ..Form::default()
                }
            }
            Doing::Extract | Doing::Returns => leaving_form(host, doing, today),
        })
    }

    fn answer(&mut self, host: &mut Host, answers: &Answers) -> anyhow::Result<()> {
        let Some((doing, _)) = self.pupils.open else { return Ok(()) };
        match self.do_form(host, doing, answers) {
            Ok(()) => Ok(()),
            // A code first: the form stays, and goes on by itself once access is raised.
            Err(error) if error.is::<crate::device::StepUpNeeded>() => Err(error),
            Err(error) => {
                if let Some((_, form)) = &mut self.pupils.open {
                    form.problem = error.to_string();
                }
                Ok(())
            }
        }
    }

    fn do_form(&mut self, host: &mut Host, doing: Doing, answers: &Answers) -> anyhow::Result<()> {
        let today = calendar::local(host.device.clock.now()).day;
        let id = self.pupils.chosen;
        let said = match doing {
            Doing::Admit => {
                let (new, change) = host.device.with_records(|records, known| {
                    let change =
                        pupil_forms::read_entry(answers, None, || fresh(records)).map_err(anyhow::Error::msg)?;
                    let new = pupil_forms::read_new(known, answers, &change).map_err(anyhow::Error::msg)?;
                    Ok((new, change))
                })?;
                let pupil = host.device.office(|office| Ok(office.admit(&new, &change)?))?;
                self.pupils.chosen = Some(pupil);
                format!("{} {} is admitted", new.identity.forename, new.identity.surname)
            }
            Doing::Amend | Doing::Order => {
                let (pupil, family) = chosen(host, id)?;
                let change = host.device.with_records(|records, _| {
                    let read = match doing {
                        Doing::Order => pupil_forms::read_order(answers, &family, fresh(records)),
                        _ => pupil_forms::read_entry(answers, Some((&pupil, &family)), || fresh(records)),
                    };
                    read.map_err(anyhow::Error::msg)
                })?;
                let reason = match doing {
                    Doing::Order => "Court order entered".to_owned(),
                    _ => answers.line("reason"),
                };
                host.device.office(|office| Ok(office.amend_entry(pupil.id, &change, &reason)?))?;
                format!("The entry of {} is amended", pupil.spoken())
            }
            Doing::Delete => {
                let pupil = chosen(host, id)?.0;
                let (day, ground, said) = pupil_forms::read_deletion(answers, today).map_err(anyhow::Error::msg)?;
                host.device.office(|office| Ok(office.delete_name(pupil.id, day, ground, &said)?))?;
                format!(
                    "{} is deleted from the register after {}. Send the deletion return",
                    pupil.spoken(),
                    day.long()
                )
            }
            Doing::Restore => {
                let pupil = chosen(host, id)?.0;
                let (agreed, reason) = (answers.line("agreed"), answers.line("reason"));
                host.device.office(|office| Ok(office.restore_name(pupil.id, &agreed, &reason)?))?;
                format!("{} is back on the register", pupil.spoken())
            }
            Doing::Authority => {
                let authority = Authority {
                    site: None,
                    number: answers.line("number"),
                    name: answers.line("name"),
                    returns_to: answers.line("returns"),
                };
                host.device.office(|office| Ok(office.set_authority(authority)?))?;
                "The authority is set".to_owned()
            }
            Doing::Plan => {
                let pupil = chosen(host, id)?.0;
                let plan = plan_forms::read_plan(&host.device.known, answers, today).map_err(anyhow::Error::msg)?;
                let (days, half, code) = (plan.days, plan.half, plan.code.to_string());
                host.device.office(|office| Ok(office.plan(pupil.id, days, half, &code, &plan.note)?))?;
                format!("{code} is planned for {}", pupil.spoken())
            }
            Doing::Timetable => {
                let pupil = chosen(host, id)?.0;
                let table = plan_forms::read_timetable(answers).map_err(anyhow::Error::msg)?;
                host.device.office(|office| Ok(office.set_timetable(pupil.id, table)?))?;
                format!("The timetable of {} is set", pupil.spoken())
            }
            Doing::Match => {
                let child = chosen(host, id)?.0;
                let to = plan_forms::read_match(&host.device.known, answers).map_err(anyhow::Error::msg)?;
                host.device.office(|office| Ok(office.match_pupil(child.id, Some(to))?))?;
                self.pupils.chosen = Some(to);
                format!("{} is matched", child.spoken())
            }
            Doing::Extract | Doing::Returns => match self.give_out(host, doing, answers, today)? {
                Some(said) => said,
                None => return Ok(()),
            },
        };
        self.pupils.close();
        self.notice(host, format!("{said}. Saved on this device"), None);
        Ok(())
    }

    /// First says what would leave the program; then, when that is answered, writes it.
    fn give_out(
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
        self.pupils.open(doing, form);
        Ok(None)
    }
}

/// Sixteen random bytes for something new.
fn fresh(records: &mut impl muster_core::replica::records::Records) -> [u8; 16] {
    let mut id = [0; 16];
    records.random(&mut id);
    id
}

fn leaving_form(host: &Host, doing: Doing, today: Day) -> Form {
    let authority = host.device.site().and_then(|site| host.device.known.school().authority(site));
    let to = authority.map(|one| one.name.clone()).unwrap_or_default();
    let mut asks = Vec::new();
    let (title, purpose) = match doing {
        Doing::Returns => ("Returns that are due", "Returns of new pupils and deletions"),
        _ => ("Give out the registers of a day", "Daily attendance"),
    };
    if doing == Doing::Extract {
        asks.push(line("day", "Day", "23/11/2026", &today.iso()));
        let mut items = vec!["Every site".to_owned()];
        items.extend(host.device.known.school().sites.values().map(|site| site.name.clone()));
        asks.push(Ask::Choice { key: "site", label: "Site".to_owned(), items, chosen: Some(0) });
    }
    asks.push(line("to", "For whom", "Hertfordshire", &to));
    asks.push(line("purpose", "What for", "And nothing else", purpose));
    asks.push(line("folder", "Into the folder", "Documents/returns", ""));
    if doing == Doing::Returns {
        asks.push(Ask::Tick { key: "sent", label: "Note them as sent".to_owned(), on: true });
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
        let day = pupil_forms::day(answers, "day", "Day").map_err(anyhow::Error::msg)?.unwrap_or(today);
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

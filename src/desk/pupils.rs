//! The screen of pupils: what was searched, who is shown, and which form is open; what its answers do.

mod give_out;
mod office;

use super::clerk::Clerk;
use crate::host::Host;
use anyhow::Context as _;
use give_out::Leaving;
use muster_gui::Screen;
use muster_gui::intent::PupilAct;
use muster_school::calendar;
use muster_school::codes::CodeInfo;
use muster_school::ids::PupilId;
use muster_school::known::Pupil;
use muster_school::known::family::Family;
use muster_school::show::ask::{line, words};
use muster_school::show::family_forms::{self, Part, Read};
use muster_school::show::plan_forms::Matching;
use muster_school::show::{self, deletion_form, fire_forms, meanwhile, plan_forms, pupil_forms};
use muster_school::view::pupils::{Answers, Doing, Form, PupilsView};
use std::sync::Arc;

/// See the module.
#[derive(Default)]
pub(super) struct Pupils {
    typed: String,
    chosen: Option<PupilId>,
    history: bool,
    open: Option<Open>,
    /// What would leave the program, once that is said yes to.
    leaving: Option<Leaving>,
    /// A list of codes that was read, and is shown before it is taken in.
    codes: Option<Vec<CodeInfo>>,
    forms: u64,
}

/// The form that is open.
struct Open {
    doing: Doing,
    /// Which of the forms behind one button, where there are several.
    part: Part,
    form: Form,
}

impl Pupils {
    pub(super) fn view(&self, host: &mut Host) -> anyhow::Result<PupilsView> {
        let me = host.device.person();
        let view = host.device.with_records(|records, known| {
            Ok(show::pupils(records, known, me, &self.typed, self.chosen, self.history)?)
        })?;
        Ok(PupilsView { form: self.form_on(Screen::Pupils), ..view })
    }

    /// The form that is open, where it stands on this screen.
    pub(super) fn form_on(&self, screen: Screen) -> Option<Form> {
        self.open.as_ref().filter(|open| office::stands_on(open.doing) == screen).map(|open| open.form.clone())
    }

    fn open(&mut self, doing: Doing, part: Part, form: Form) {
        self.forms += 1;
        let draft = draft_name(doing, self.chosen, part);
        self.open = Some(Open { doing, part, form: Form { number: self.forms, draft, ..form } });
    }

    fn close(&mut self) {
        self.open = None;
        self.leaving = None;
        self.codes = None;
    }
}

/// Names a form by what it is about, for what is half typed in it. Empty where nothing is kept: a choice, and what
/// is asked before something leaves the program.
fn draft_name(doing: Doing, pupil: Option<PupilId>, part: Part) -> String {
    let about = match part {
        Part::Choose => return String::new(),
        Part::New => "new".to_owned(),
        Part::Secret => "secret".to_owned(),
        Part::One(id) => muster_gui::draft::hex(&id),
    };
    match (doing, pupil) {
        (Doing::Extract | Doing::Returns | Doing::Authority | Doing::ForParent, _)
        | (Doing::Print | Doing::Guide | Doing::Codes | Doing::Review, _) => String::new(),
        (Doing::Admit, _) => format!("{doing:?}//{about}"),
        (_, Some(pupil)) => format!("{doing:?}/{}/{about}", muster_gui::draft::hex(&pupil.0)),
        (_, None) => String::new(),
    }
}

/// What [`draft_name`] was made of.
fn named(draft: &str) -> Option<(Doing, Option<PupilId>, Part)> {
    let mut parts = draft.split('/');
    let doing = parts.next().and_then(|name| Doing::ALL.into_iter().find(|doing| format!("{doing:?}") == name))?;
    let pupil = parts.next().and_then(muster_gui::draft::unhex).map(PupilId);
    let part = match parts.next()? {
        "new" => Part::New,
        "secret" => Part::Secret,
        id => Part::One(muster_gui::draft::unhex(id)?),
    };
    Some((doing, pupil, part))
}

fn chosen(host: &mut Host, id: Option<PupilId>) -> anyhow::Result<(Arc<Pupil>, Family)> {
    let id = id.context("choose a pupil first")?;
    host.device.with_records(|records, known| {
        let pupil = known.pupil(id).cloned().context("this pupil is not known here")?;
        Ok((pupil, known.family(records, id)?.unwrap_or_default()))
    })
}

impl Clerk {
    /// Does what was asked on the screen of pupils.
    pub(super) fn of_pupils(&mut self, host: &mut Host, act: PupilAct) -> anyhow::Result<()> {
        match act {
            PupilAct::Search(typed) => self.pupils.typed = typed,
            PupilAct::Look(pupil) => {
                (self.pupils.chosen, self.pupils.history) = (Some(pupil.into()), false);
                if self.screen != Screen::Pupils {
                    self.go(Screen::Pupils);
                }
            }
            PupilAct::Leave => (self.pupils.chosen, self.pupils.history) = (None, false),
            PupilAct::History(shown) => self.pupils.history = shown,
            PupilAct::Drop => self.pupils.close(),
            PupilAct::Ask(doing) => {
                self.pupils.codes = None;
                let part = self.first_part(host, doing)?;
                let form = self.form(host, doing, part)?;
                self.pupils.open(doing, part, form);
            }
            PupilAct::Resume(draft) => {
                if let Some((doing, pupil, part)) = named(&draft).filter(|_| self.pupils.open.is_none()) {
                    self.pupils.chosen = pupil.or(self.pupils.chosen);
                    let form = self.form(host, doing, part)?;
                    self.pupils.open(doing, part, form);
                }
            }
            PupilAct::Answer(answers) => return self.answer(host, &answers),
        }
        Ok(())
    }

    /// Which of the forms behind a button comes first.
    fn first_part(&self, host: &mut Host, doing: Doing) -> anyhow::Result<Part> {
        if !matches!(doing, Doing::Contact | Doing::Order | Doing::Address) {
            return Ok(Part::New);
        }
        let today = calendar::local(host.device.clock.now()).day;
        let (_, family) = chosen(host, self.pupils.chosen)?;
        Ok(family_forms::first(doing, &family, today))
    }

    fn form(&mut self, host: &mut Host, doing: Doing, part: Part) -> anyhow::Result<Form> {
        let today = calendar::local(host.device.clock.now()).day;
        let id = self.pupils.chosen;
        Ok(match doing {
            Doing::Admit => pupil_forms::entry_form(&host.device.known, None),
            Doing::Amend => {
                let (pupil, family) = chosen(host, id)?;
                pupil_forms::entry_form(&host.device.known, Some((&pupil, &family)))
            }
            Doing::Contact | Doing::Order | Doing::Address => {
                let (pupil, family) = chosen(host, id)?;
                family_forms::form(doing, part, &pupil, &family, today)
            }
            Doing::Delete => deletion_form::delete_form(&chosen(host, id)?.0, today),
            Doing::Plan => {
                let pupil = chosen(host, id)?.0;
                plan_forms::plan_form(&host.device.known, &pupil, today)
            }
            Doing::Timetable => plan_forms::timetable_form(&chosen(host, id)?.0, today),
            Doing::Class => {
                let pupil = chosen(host, id)?.0;
                plan_forms::class_form(&host.device.known, &pupil, today)
            }
            Doing::Leaving => {
                let pupil = chosen(host, id)?.0;
                fire_forms::leaving_form(&pupil, host.device.known.care(pupil.id).map(|care| &**care))
            }
            Doing::CallOff => plan_forms::call_off_form(&chosen(host, id)?.0, today),
            Doing::Match => plan_forms::match_form(&chosen(host, id)?.0),
            Doing::Restore => Form {
                title: format!("Put {} back on the register", chosen(host, id)?.0.spoken()),
                asks: vec![
                    words("The deletion was a mistake. It stays in the history."),
                    line("reason", "Reason", "", ""),
                    line("agreed", "Agreed by", "Name and position", ""),
                ],
                done: "Put back".to_owned(),
                ..Form::default()
            },
            Doing::Authority => give_out::authority_form(host),
            Doing::Extract | Doing::Returns => give_out::leaving_form(host, doing, today),
            Doing::ForParent | Doing::Print | Doing::Guide | Doing::Codes | Doing::Review => {
                return office::form(self, host, doing);
            }
        })
    }

    fn answer(&mut self, host: &mut Host, answers: &Answers) -> anyhow::Result<()> {
        let Some(Open { doing, part, .. }) = self.pupils.open else { return Ok(()) };
        let done = self.up_to_date(host, doing, part, answers);
        match done.and_then(|answers| self.do_form(host, doing, part, &answers)) {
            Ok(()) => Ok(()),
            // A code first: the form stays, and goes on by itself once it was given.
            Err(error) if error.is::<crate::device::StepUpNeeded>() => Err(error),
            Err(error) => {
                if let Some(open) = &mut self.pupils.open {
                    open.form.problem = error.to_string();
                }
                Ok(())
            }
        }
    }

    /// The answers over what stands now, where the form is about something that others may have changed meanwhile.
    fn up_to_date(&mut self, host: &mut Host, doing: Doing, part: Part, answers: &Answers) -> anyhow::Result<Answers> {
        // Of what is only written out, and of a list that was read, the form itself says what was asked.
        if matches!(doing, Doing::Extract | Doing::Returns | Doing::ForParent | Doing::Print | Doing::Codes) {
            return Ok(answers.clone());
        }
        let now = self.form(host, doing, part)?;
        let Some(open) = &mut self.pupils.open else { return Ok(answers.clone()) };
        meanwhile::merged(&mut open.form, &now, answers).map_err(anyhow::Error::msg)
    }

    fn do_form(&mut self, host: &mut Host, doing: Doing, part: Part, answers: &Answers) -> anyhow::Result<()> {
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
            Doing::Amend => {
                let (pupil, family) = chosen(host, id)?;
                let change = host.device.with_records(|records, _| {
                    let held = Some((&*pupil, &family));
                    pupil_forms::read_entry(answers, held, || fresh(records)).map_err(anyhow::Error::msg)
                })?;
                let reason = answers.line("reason");
                host.device.office(|office| Ok(office.amend_entry(pupil.id, &change, &reason)?))?;
                format!("The entry of {} is amended", pupil.spoken())
            }
            Doing::Contact | Doing::Order | Doing::Address => {
                let (pupil, family) = chosen(host, id)?;
                let new = host.device.with_records(|records, _| Ok(fresh(records)))?;
                match family_forms::read((doing, part), answers, &family, today, new).map_err(anyhow::Error::msg)? {
                    Read::Next(part) => {
                        let form = self.form(host, doing, part)?;
                        self.pupils.open(doing, part, form);
                        return Ok(());
                    }
                    Read::Write(change, reason) => {
                        host.device.office(|office| Ok(office.amend_entry(pupil.id, &change, &reason)?))?;
                        format!("The entry of {} is amended", pupil.spoken())
                    }
                }
            }
            Doing::Delete => {
                let pupil = chosen(host, id)?.0;
                let (day, ground, said) = deletion_form::read_deletion(answers, today).map_err(anyhow::Error::msg)?;
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
                let authority = give_out::read_authority(host, answers);
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
            Doing::Class => {
                let pupil = chosen(host, id)?.0;
                let (group, year, from) =
                    plan_forms::read_class(&host.device.known, &pupil, answers).map_err(anyhow::Error::msg)?;
                host.device.office(|office| Ok(office.change_class(pupil.id, group, &year, from)?))?;
                format!("The class of {} is changed", pupil.spoken())
            }
            Doing::Leaving => {
                let pupil = chosen(host, id)?.0;
                let (plan, note) = fire_forms::read_leaving(answers);
                host.device.office(|office| Ok(office.set_leaving(pupil.id, plan, note).map(drop)?))?;
                // Today's roll says who needs help to devices with nobody signed in.
                host.device.settle_in()?;
                format!("What to know of {} in a fire is set", pupil.spoken())
            }
            Doing::CallOff => {
                let pupil = chosen(host, id)?.0;
                let plan = plan_forms::read_call_off(&pupil, answers, today).map_err(anyhow::Error::msg)?;
                host.device.office(|office| Ok(office.call_off_plan(pupil.id, plan.first, plan.half)?))?;
                format!("The plan for {} is called off", pupil.spoken())
            }
            Doing::Match => {
                let child = chosen(host, id)?.0;
                match plan_forms::read_match(&host.device.known, answers).map_err(anyhow::Error::msg)? {
                    Matching::Pupil(to) => {
                        host.device.office(|office| Ok(office.match_pupil(child.id, Some(to))?))?;
                        self.pupils.chosen = Some(to);
                        format!("{} is matched", child.spoken())
                    }
                    Matching::Gone(words) => {
                        host.device.office(|office| Ok(office.has_gone(child.id, &words)?))?;
                        format!("{} is on no list from tomorrow on", child.spoken())
                    }
                }
            }
            Doing::Extract | Doing::Returns | Doing::ForParent => match self.give_out(host, doing, answers, today)? {
                Some(said) => said,
                None => return Ok(()),
            },
            Doing::Print | Doing::Guide | Doing::Codes | Doing::Review => {
                match office::done(self, host, doing, answers)? {
                    Some(said) => said,
                    None => return Ok(()),
                }
            }
        };
        self.pupils.close();
        // What was written into a file is there, and not in the records.
        let written = matches!(doing, Doing::Print | Doing::Guide | Doing::ForParent);
        let saved = if written { said } else { format!("{said}. Saved on this device") };
        self.notice(host, saved, None);
        Ok(())
    }
}

/// Sixteen random bytes for something new.
fn fresh(records: &mut impl muster_core::replica::records::Records) -> [u8; 16] {
    let mut id = [0; 16];
    records.random(&mut id);
    id
}

//! `muster concern`: opens a safeguarding concern at any time, lists those of one's own, reads one with a code.

use super::Common;
use super::ask::{self, Who};
use super::words::find_staff;
use crate::device::Device;
use anyhow::Context as _;
use clap::{Args, Subcommand};
use muster_core::id::{DocumentId, PersonId};
use muster_core::replica::records::Author;
use muster_core::time::Moment;
use muster_school::calendar;
use muster_school::facts::case::{CaseFact, Concern as Case};
use muster_school::step_up::Guarded;

/// Open a safeguarding concern, or read one
#[derive(Debug, Args)]
pub(super) struct Concern {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Open a concern: at any hour, and with no code
    Open(Open),
    /// List the concerns that you can read, without what they say
    List(Only),
    /// Read one. Needs a code, and is written into it
    Show(Show),
    /// Add to one
    Add(Add),
}

#[derive(Debug, Args)]
struct Open {
    /// A pupil it is about: part of the name; may be given several times
    #[arg(long, value_name = "NAME")]
    pupil: Vec<String>,
    /// Whom it is about, where it is not a pupil
    #[arg(long, default_value = "")]
    about: String,
    /// Of what kind, as in "Neglect"
    #[arg(long, default_value = "")]
    category: String,
    /// Which kind of it, as in "Food"
    #[arg(long, default_value = "")]
    kind: String,
    /// Who else is told, beside the safeguarding leads: staff code or part of the name
    #[arg(long, value_name = "STAFF")]
    tell: Vec<String>,
    /// Who must not read it, whatever their role
    #[arg(long, value_name = "STAFF")]
    leave_out: Vec<String>,
    #[command(flatten)]
    who: Who,
}

#[derive(Debug, Args)]
struct Only {
    #[command(flatten)]
    who: Who,
}

#[derive(Debug, Args)]
struct Show {
    /// Its name, as listed
    concern: String,
    #[command(flatten)]
    who: Who,
}

#[derive(Debug, Args)]
struct Add {
    /// Its name, as listed
    concern: String,
    #[command(flatten)]
    who: Who,
}

impl Concern {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        match self.what {
            What::Open(open) => open.run(common),
            What::List(only) => {
                let mut device = only.who.open(common)?;
                for concern in device.office(|office| Ok(office.concerns()?))? {
                    say!("{}", short(&concern));
                }
                Ok(())
            }
            What::Show(show) => show.run(common),
            What::Add(add) => {
                let mut device = add.who.open(common)?;
                let concern = find(&mut device, &add.concern)?;
                let words = ask::line("What is to be added: ")?;
                device.office(|office| Ok(office.add_to_concern(&concern, &words)?))?;
                say!("Added.");
                Ok(())
            }
        }
    }
}

impl Open {
    fn run(self, common: &Common) -> anyhow::Result<()> {
        let mut device = self.who.open_for_concern(common)?;
        let site = device.site().context("this device does not know yet at which site it stands")?;
        let pupils =
            self.pupil.iter().map(|name| super::words::find_pupil(&device, name)).collect::<anyhow::Result<_>>()?;
        let staff = |wanted: &[String]| -> anyhow::Result<Vec<PersonId>> {
            wanted.iter().map(|name| find_staff(&device, name)).collect()
        };
        let (told, left_out) = (staff(&self.tell)?, staff(&self.leave_out)?);
        // On standard input, so that a child's name is in no list of commands.
        let words = ask::line("What was seen or said, in their words: ")?;
        let seen_ms = device.clock.now().utc_ms;
        let (about, category, kind) = (self.about, self.category, self.kind);
        let case = Case { pupils, about, seen_ms, words, category, kind, told, left_out };
        let opened = device.office(|office| Ok(office.open_concern(site, case)?))?;
        say!("Concern {} is open. The safeguarding leads can read it, you, and those you told.", short(&opened));
        Ok(())
    }
}

impl Show {
    fn run(self, common: &Common) -> anyhow::Result<()> {
        let mut device = self.who.open(common)?;
        device.need(Guarded::ReadConcern)?;
        let concern = find(&mut device, &self.concern)?;
        let said = device.office(|office| Ok(office.read_concern(&concern)?))?;
        for one in said {
            let at = calendar::local(one.origin.at);
            let author = device.replica.view().author(&one.origin.seat);
            let who = author.and_then(|Author { person, .. }| person);
            let who = who.map_or_else(|| "Somebody".to_owned(), |person| device.known.staff_name(person));
            say!("{} {}  {who} {}", at.day.iso(), calendar::clock(at.minute), told(&device, &one.what));
        }
        Ok(())
    }
}

fn told(device: &Device, what: &CaseFact) -> String {
    match what {
        CaseFact::Concern(case) => {
            let mut about: Vec<String> = case
                .pupils
                .iter()
                .map(|id| device.known.pupil(*id).map_or_else(|| "a pupil".to_owned(), |pupil| pupil.spoken()))
                .collect();
            about.extend((!case.about.is_empty()).then(|| case.about.clone()));
            let filed = [&case.category, &case.kind].into_iter().filter(|words| !words.is_empty());
            let kind: String = filed.map(|words| format!(", {words}")).collect();
            let seen = calendar::local(Moment::utc(case.seen_ms));
            let seen = format!("{} {}", seen.day.long(), calendar::clock(seen.minute));
            format!("opened a concern about {}{kind}, seen {seen}: {}", about.join(", "), case.words)
        }
        CaseFact::Note(note) => format!("added: {}", note.words),
        CaseFact::Action(action) => format!("took action: {}", action.words),
        CaseFact::Reading(_) => "read it".to_owned(),
        CaseFact::MarkedRead(_) => "marked it as read".to_owned(),
        CaseFact::Unknown { .. } => "wrote something that a newer version understands".to_owned(),
    }
}

fn find(device: &mut Device, name: &str) -> anyhow::Result<DocumentId> {
    let found = device.office(|office| Ok(office.concerns()?))?;
    let mut fits = found.into_iter().filter(|concern| short(concern) == name.to_lowercase());
    fits.next().context("there is no concern of that name that you can read: look at `muster concern list`")
}

fn short(concern: &DocumentId) -> String {
    concern.key.iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

//! What leaves the program from the screen of pupils: registers of a day and returns. First it is said what would go,
//! to whom and what for; only when that is answered are the files written.

use super::super::clerk::Clerk;
use crate::device::extract::Purpose;
use crate::host::Host;
use muster_school::calendar::{self, Day};
use muster_school::extract::for_parent::ForParent;
use muster_school::extract::{self, Table};
use muster_school::facts::returns::{Authority, ReturnKind};
use muster_school::ids::PupilId;
use muster_school::show::ask;
use muster_school::show::family_forms::Part;
use muster_school::show::office_forms;
use muster_school::view::pupils::{Answers, Ask, Doing, Form};
use std::path::PathBuf;

/// A table that is about to be written, and for whom.
struct Piece {
    table: Table,
    purpose: Purpose,
    /// The page of a parent, to be written on paper too.
    page: Option<ForParent>,
    /// Of a return: of whom it tells, and for which days.
    told: Option<(ReturnKind, Vec<(PupilId, Day)>)>,
}

/// What is about to leave.
pub(super) struct Leaving {
    pieces: Vec<Piece>,
    folder: PathBuf,
    /// To be noted as sent.
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
        if let Some(leaving) = &mut self.pupils.leaving {
            let mut files = 0;
            while let Some(Piece { table, purpose, page, told }) = leaving.pieces.first() {
                files += match page {
                    Some(page) => host.device.write_for_parent(page, purpose, &leaving.folder)?.len(),
                    None => host.device.write_extract(table, purpose, &leaving.folder)?.len(),
                };
                // What is in the file is what was sent: not what has become due since it was made.
                if let Some((kind, told)) = told.as_ref().filter(|_| leaving.sent) {
                    host.device.office(|office| Ok(office.returns_sent(*kind, told, &purpose.to)?))?;
                }
                leaving.pieces.remove(0);
            }
            return Ok(Some(format!("{files} files are in {}. It is in the audit", leaving.folder.display())));
        }
        let folder = answers.line("folder");
        if folder.is_empty() {
            anyhow::bail!("say into which folder");
        }
        let pieces = match doing {
            Doing::ForParent => vec![for_parent(host, self.pupils.chosen, answers, today)?],
            _ => pieces(host, doing, answers, today)?,
        };
        let mut asks = Vec::new();
        for piece in &pieces {
            asks.extend(host.device.before_extract(&piece.table, &piece.purpose).into_iter().map(Ask::Words));
        }
        asks.push(Ask::Words(format!("Into {folder}.")));
        let sent = answers.tick("sent");
        self.pupils.leaving = Some(Leaving { pieces, folder: PathBuf::from(folder), sent });
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

/// The returns that can be chosen, and which kinds each is.
const RETURNS: [(&str, &[ReturnKind]); 3] = [
    ("New pupils and deletions", &[ReturnKind::NewPupil, ReturnKind::Deletion]),
    ("Absent without leave for ten school days running", &[ReturnKind::Attendance]),
    ("Ill for fifteen school days, or likely to be", &[ReturnKind::Sickness]),
];

pub(super) fn leaving_form(host: &Host, doing: Doing, today: Day) -> Form {
    let school = host.device.known.school();
    let own = host.device.site().and_then(|site| school.authority(site));
    let to = own.map(|one| one.name.clone()).unwrap_or_default();
    let mut asks = Vec::new();
    let title = match doing {
        Doing::Returns => "Returns that are due",
        _ => "Give out the registers of a day",
    };
    if doing == Doing::Extract {
        asks.push(ask::line("day", "Day", "23/11/2026", &today.iso()));
        let mut items = vec!["Every site".to_owned()];
        items.extend(school.sites.values().map(|site| site.name.clone()));
        asks.push(ask::choice("site", "Site", items, Some(0)));
        asks.push(ask::line("to", "For whom", "Hertfordshire", &to));
        asks.push(ask::line("purpose", "What for", "And nothing else", "Daily attendance"));
        let words = "With what stood before each amendment, why and by whom: for an inspection";
        asks.push(ask::tick("amendments", words, false));
    } else {
        let items = RETURNS.iter().map(|(words, _)| (*words).to_owned()).collect();
        asks.push(ask::choice("which", "Which", items, Some(0)));
        asks.push(ask::words("Each site’s returns go to the authority that is set for it, in a file of their own."));
        if school.sites.keys().any(|site| school.authority(*site).is_none()) {
            asks.push(ask::line("to", "For whom, where no authority is set", "Hertfordshire", &to));
        }
        asks.push(ask::line("purpose", "What for", "And nothing else", "Returns to the authority"));
        asks.push(ask::tick(
            "asked",
            "Those too that are needed only if the authority asks, as of pupils who do not attend regularly",
            false,
        ));
    }
    asks.push(ask::line("folder", "Into the folder", "Documents/returns", ""));
    if doing == Doing::Returns {
        asks.push(ask::tick("sent", "Note them as sent", true));
    }
    Form { title: title.to_owned(), asks, done: "Go on".to_owned(), ..Form::default() }
}

fn purpose(to: String, answers: &Answers) -> anyhow::Result<Purpose> {
    let why = answers.line("purpose");
    if to.is_empty() || why.is_empty() {
        anyhow::bail!("say for whom it is and what for: both stand in the files and in the audit");
    }
    Ok(Purpose { to, why })
}

fn pieces(host: &mut Host, doing: Doing, answers: &Answers, today: Day) -> anyhow::Result<Vec<Piece>> {
    if doing == Doing::Extract {
        let purpose = purpose(answers.line("to"), answers)?;
        let day = ask::day(answers, "day", "Day").map_err(anyhow::Error::msg)?.unwrap_or(today);
        let at = answers.choice("site").and_then(|at| at.checked_sub(1));
        let site = at.and_then(|at| host.device.known.school().sites.keys().nth(at).copied());
        let amendments = answers.tick("amendments");
        let table = host.device.with_records(|records, known| {
            Ok(match amendments {
                true => extract::with_amendments(records, known, (day, day), site)?,
                false => extract::register(records, known, (day, day), site, None)?,
            })
        })?;
        if table.rows.is_empty() {
            anyhow::bail!("there are no marks on {}", day.long());
        }
        return Ok(vec![Piece { table, purpose, page: None, told: None }]);
    }
    let kinds = answers.choice("which").and_then(|at| RETURNS.get(at)).map_or(&[][..], |(_, kinds)| kinds);
    let (asked, now) = (answers.tick("asked"), calendar::local(host.device.clock.now()));
    let mut found = Vec::new();
    for kind in kinds {
        let sendings =
            host.device.with_records(|records, known| Ok(extract::sendings(records, known, *kind, asked, now)?))?;
        for sending in sendings {
            let to = sending.to.map_or_else(|| answers.line("to"), |set| set.name);
            let told = Some((sending.kind, sending.told));
            found.push(Piece { table: sending.table, purpose: purpose(to, answers)?, page: None, told });
        }
    }
    if found.is_empty() {
        anyhow::bail!("no return is due");
    }
    Ok(found)
}

/// A parent's page of the pupil who is shown.
fn for_parent(host: &mut Host, id: Option<PupilId>, answers: &Answers, today: Day) -> anyhow::Result<Piece> {
    let purpose = purpose(answers.line("to"), answers)?;
    let (pupil, family) = super::chosen(host, id)?;
    let (days, given) = office_forms::read_parent(answers, &family, today).map_err(anyhow::Error::msg)?;
    let now = calendar::local(host.device.clock.now());
    let page = host.device.with_records(|records, known| {
        extract::for_parent::for_parent(records, known, pupil.id, days, given, now)?.map_err(anyhow::Error::msg)
    })?;
    Ok(Piece { table: page.table.clone(), purpose, page: Some(page), told: None })
}

/// The authority of every site, or of one.
pub(super) fn authority_form(host: &Host) -> Form {
    let school = host.device.known.school();
    let own = host.device.site().and_then(|site| school.authority(site));
    let of = |pick: fn(&Authority) -> &String| own.map(pick).cloned().unwrap_or_default();
    let mut asks = vec![ask::words("It gets the returns, whichever authority placed a pupil here.")];
    if school.sites.len() > 1 {
        for one in school.authorities() {
            let site = one.site.map_or("Every site that has none of its own", |site| host.device.known.site_name(site));
            asks.push(ask::words(&format!("{site}: {}.", one.name)));
        }
        let mut items = vec!["Every site that has none of its own".to_owned()];
        items.extend(school.sites.values().map(|site| format!("Only {}", site.name)));
        let place = own.and_then(|one| one.site).and_then(|site| school.sites.keys().position(|held| *held == site));
        asks.push(ask::choice("site", "Of which site", items, Some(place.map_or(0, |place| place + 1))));
    }
    asks.extend([
        ask::line("number", "Its number", "919", &of(|one| &one.number)),
        ask::line("name", "Its name", "Hertfordshire", &of(|one| &one.name)),
        ask::line("returns", "Returns go to", "An address there", &of(|one| &one.returns_to)),
    ]);
    let title = "The local authority where the school is".to_owned();
    Form { title, asks, done: "Set".to_owned(), ..Form::default() }
}

pub(super) fn read_authority(host: &Host, answers: &Answers) -> Authority {
    let at = answers.choice("site").and_then(|at| at.checked_sub(1));
    Authority {
        site: at.and_then(|at| host.device.known.school().sites.keys().nth(at).copied()),
        number: answers.line("number"),
        name: answers.line("name"),
        returns_to: answers.line("returns"),
    }
}

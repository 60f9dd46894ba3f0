//! To do: every duty of a site, and the list of calls.

use crate::calendar::{self, Half};

use crate::duties::{self, Duty, Item, Kind, calling};
use crate::facts::called::{Called, Outcome};
use crate::known::Known;
use crate::office::OfficeError;
use crate::retention::Entered;
use crate::view::duties::{CallLine, NumberLine, ToDoLine, ToDoPart, ToDoView};
use crate::view::status::Status;
use crate::view::today::Link;
use muster_core::id::PlaceId;
use muster_core::replica::records::Records;

/// Codes that the reason for an absence comes to most often, in the order of a form.
const REASONS: [&str; 8] = ["I", "M", "C", "O", "G", "Y1", "R", "B"];

/// To do at a site, or everywhere. Reads at most so many registers that are new or changed; the view says when some
/// are left.
///
/// # Errors
/// When the records cannot be read.
pub fn to_do(
    records: &mut impl Records,
    known: &mut Known,
    site: Option<PlaceId>,
    most: usize,
    old: &[Entered],
) -> Result<ToDoView, OfficeError> {
    let now = calendar::local(records.now());
    let left = known.read_ledger(records, duties::period(now), most)?;
    let duties = duties::duties(known, site, now);
    let calls = calling::absent(records, known, calling::items(&duties), now)?;
    let of = site.map_or("Whole school", |site| known.site_name(site));
    let codes = known.school().codes();
    let reasons = REASONS.iter().filter_map(|text| codes.on(crate::codes::Code::new(text)?, now.day));
    Ok(ToDoView {
        title: format!("{of}, {}, {}", now.day.long(), calendar::clock(now.minute)),
        reading: super::attendance::reading(left),
        parts: duties
            .iter()
            .map(|duty| match duty.kind {
                Kind::Retention => retention(known, site, old),
                _ => part(known, duty),
            })
            .collect(),
        calls: calls.iter().map(|one| call(known, one)).collect(),
        outcomes: Outcome::ALL.iter().map(|outcome| outcome.words().to_owned()).collect(),
        codes: reasons.map(|info| (info.code.to_string(), info.short.clone())).collect(),
        may: Vec::new(),
    })
}

/// One kind with its lines.
pub fn part(known: &Known, duty: &Duty) -> ToDoPart {
    ToDoPart {
        title: duty.kind.title(duty.items.len()).to_owned(),
        rule: duty.kind.rule().to_owned(),
        lines: duty.items.iter().map(|item| line(known, duty.kind, item)).collect(),
        calls: duty.kind == Kind::Call,
    }
}

/// Old records that are due for review, a line for each class, site and year.
fn retention(known: &Known, site: Option<PlaceId>, old: &[Entered]) -> ToDoPart {
    let due = old.iter().filter(|one| one.due > 0 && site.is_none_or(|site| site == one.site));
    let lines = due.map(|one| ToDoLine {
        status: Some(Status::Check),
        name: one.class.words().to_owned(),
        about: known.site_name(one.site).to_owned(),
        detail: format!(
            "{}: {} of {} are due for review, the first since {} {}",
            one.class.of_year(one.year),
            one.due,
            one.class.many(one.entries),
            one.from.plus(1).long(),
            one.from.plus(1).date().year()
        ),
        link: None,
    });
    let lines: Vec<_> = lines.collect();
    let kind = Kind::Retention;
    ToDoPart { title: kind.title(lines.len()).to_owned(), rule: kind.rule().to_owned(), lines, calls: false }
}

fn line(known: &Known, kind: Kind, item: &Item) -> ToDoLine {
    let group = item.group.and_then(|group| known.school().groups.get(&group));
    let group_name = group.map(|group| group.name.clone()).unwrap_or_default();
    let pupil = item.pupil.and_then(|pupil| known.pupil(pupil));
    let (name, about) = match pupil {
        None if kind == Kind::WeeklyReview => ("Weekly attendance review".to_owned(), String::new()),
        Some(pupil) => (pupil.listed(), group_name),
        None if item.group.is_none() => (known.site_name(item.site).to_owned(), String::new()),
        None => (group_name, item.owed_by.clone()),
    };
    ToDoLine {
        status: Some(match kind {
            Kind::Register | Kind::NoClass | Kind::Unlisted => Status::NotMarked,
            Kind::Sickness => Status::AbsentAuthorised,
            Kind::NoReason | Kind::Call | Kind::Running | Kind::TenInTen => Status::AbsentUnauthorised,
            Kind::NoTerm
            | Kind::Unsettled
            | Kind::Return
            | Kind::Severe
            | Kind::Persistent
            | Kind::Timetable
            | Kind::WeeklyReview
            | Kind::Retention => Status::Check,
        }),
        name,
        about,
        detail: item.detail.clone(),
        link: match (kind, item.pupil, item.group) {
            (Kind::NoTerm, ..) => Some(Link::Calendar),
            // What is missing stands on the pupil’s page, and in no register.
            (Kind::NoClass | Kind::Unlisted | Kind::Timetable | Kind::Return, Some(pupil), _) => {
                Some(Link::Pupil(pupil.into()))
            }
            (Kind::Unsettled, Some(pupil), Some(group)) => {
                Some(Link::Settle(super::register_key(group, item.session), pupil.into()))
            }
            (_, _, group) => group.map(|group| Link::Register(super::register_key(group, item.session))),
        },
    }
}

fn call(known: &Known, one: &calling::Absent) -> CallLine {
    let pupil = known.pupil(one.pupil);
    let group = one.item.group.and_then(|group| known.school().groups.get(&group));
    let has = |half| one.halves.contains(&half);
    CallLine {
        pupil: one.pupil.into(),
        name: pupil.map(|pupil| pupil.listed()).unwrap_or_default(),
        group: group.map(|group| group.name.clone()).unwrap_or_default(),
        sessions: match (has(Half::Am), has(Half::Pm)) {
            (true, true) => "Morning and afternoon",
            (true, false) => "Morning",
            _ => "Afternoon",
        }
        .to_owned(),
        numbers: one
            .numbers
            .iter()
            .flatten()
            .map(|number| NumberLine {
                whom: match number.relationship.is_empty() {
                    true => number.name.clone(),
                    false => format!("{}, {}", number.name, number.relationship.to_lowercase()),
                },
                number: number.number.clone(),
            })
            .collect(),
        barred: one.barred.iter().map(|(name, why)| format!("Do not call {name}: {why}")).collect(),
        no_number: match &one.numbers {
            None => "Your role cannot read this family’s numbers: the office calls".to_owned(),
            Some(numbers) if numbers.is_empty() => "No number is recorded that may be called".to_owned(),
            Some(_) => String::new(),
        },
        calls: one.calls.iter().map(called).collect(),
    }
}

/// `09:41 Grace Byrne, mother: no answer`.
pub fn called(call: &Called) -> String {
    let said = if call.words.is_empty() { String::new() } else { format!(". {}", call.words) };
    let code = call.code.map_or_else(String::new, |code| format!("; entered as {code}"));
    let outcome = call.outcome.words().to_lowercase();
    format!("{} {}: {outcome}{said}{code}", calendar::clock(call.minute), call.whom)
}

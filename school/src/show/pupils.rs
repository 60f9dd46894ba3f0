//! The screen of pupils: who is found, and one pupil in full, as far as whoever is signed in may read it.
//!
//! What may not be read is left out, or said to be restricted where its existence may be known. Acts on the admission
//! register are offered to those who lead or run the school or a site; the engine decides about each.

use super::words::{count, number, status};
use crate::admission::{entry, history, returns};
use crate::age;
use crate::areas;
use crate::calendar::{Day, Half, Session};
use crate::codes::Code;
use crate::facts::custody::{Home, WhoseHome};
use crate::facts::family::Contact;
use crate::ids::PupilId;
use crate::known::family::{Barred, Family, full};
use crate::known::{Known, Pupil};
use crate::office::OfficeError;
use crate::register::current::Board;
use crate::rights::{self, Reach};
use crate::view::pupils::{Block, Doing, PupilDetail, PupilLine, PupilsView, WeekStrip};
use crate::view::status::Status;
use muster_core::id::PersonId;
use muster_core::replica::records::Records;
use std::collections::BTreeMap;

/// Pupils listed at once: more than any school here has, so that the last of the alphabet is reached by scrolling.
const ROWS: usize = 5_000;
/// Weeks of marks that a pupil's screen shows.
const WEEKS: i32 = 3;

/// What somebody may do and see here.
#[derive(Clone, Copy, Debug)]
struct Sees {
    leads: bool,
    writes: bool,
    /// Reads families: who has a day pass does not, and plans nothing.
    families: bool,
    /// Reads safeguarding files: confidential addresses, too.
    safeguarding: bool,
    /// Writes care.
    cares: bool,
}

impl Sees {
    fn of(records: &impl Records, me: Option<PersonId>) -> Self {
        let mine = rights::held_by(records, me);
        Self {
            leads: mine.iter().any(|rights| rights.rank <= rights::LEADS),
            writes: mine.iter().any(|rights| rights.reach(areas::PUPIL) == Reach::Writes),
            families: mine.iter().any(|rights| rights.reach(areas::FAMILY) >= Reach::Reads),
            safeguarding: mine.iter().any(|rights| rights.reach(areas::SAFEGUARDING) >= Reach::Reads),
            cares: mine.iter().any(|rights| rights.reach(areas::CARE) == Reach::Writes),
        }
    }

    fn admits(self) -> bool {
        self.leads && self.writes
    }
}

/// The screen: who is found by what was typed, with one in full and its history where that is asked for.
///
/// # Errors
/// When the records cannot be read.
pub fn pupils(
    records: &mut impl Records,
    known: &mut Known,
    me: Option<PersonId>,
    typed: &str,
    chosen: Option<PupilId>,
    with_history: bool,
) -> Result<PupilsView, OfficeError> {
    let today = crate::calendar::local(records.now()).day;
    let sees = Sees::of(records, me);
    let mut twins: BTreeMap<&(String, String), usize> = BTreeMap::new();
    for pupil in known.pupils() {
        *twins.entry(&pupil.sort).or_default() += 1;
    }
    let found = known.search(typed, usize::MAX);
    let rows = found.iter().take(ROWS).map(|pupil| {
        let twin = twins.get(&pupil.sort).is_some_and(|many| *many > 1);
        line(known, pupil, twin, today)
    });
    let rows: Vec<PupilLine> = rows.collect();
    let more = number(found.len() - rows.len());
    let on_register = |pupil: &&std::sync::Arc<Pupil>| pupil.is_on_roll(today) && pupil.provisional.is_none();
    let on_roll = known.pupils().filter(on_register).count();
    let (mut may, mut due) = (Vec::new(), Vec::new());
    if sees.admits() {
        may.extend([Doing::Admit, Doing::Extract]);
        due = due_words(known, today);
        may.push(Doing::Returns);
        may.push(Doing::Authority);
    }
    let chosen = chosen.and_then(|id| known.pupil(id)).cloned();
    let detail = match chosen {
        Some(pupil) => Some(detail(records, known, &pupil, sees, today, with_history)?),
        None => None,
    };
    let summary = format!("{} on the register.", count(on_roll, "pupil"));
    Ok(PupilsView { summary, typed: typed.to_owned(), rows, more, due, may, detail, form: None })
}

fn due_words(known: &Known, today: Day) -> Vec<String> {
    let due = returns::returns_due(known, today);
    let words = due.iter().map(|one| {
        let name = known.pupil(one.pupil).map(|pupil| pupil.spoken()).unwrap_or_default();
        let to = one.to.as_ref().map_or_else(|| "authority not set".to_owned(), |to| to.name.clone());
        let late = if one.is_late(today) { ", overdue" } else { "" };
        let asked = if one.only_if_asked { ", only if the authority asks" } else { "" };
        format!("{}: {name}, by {}{late}{asked}, to {to}", one.name(), one.deadline.long())
    });
    words.collect()
}

fn place(known: &Known, pupil: &Pupil, today: Day) -> String {
    let group = pupil.group_on(today).and_then(|group| known.school().groups.get(&group));
    let group = group.map_or("No class", |group| group.name.as_str());
    let year = pupil.year_on(today);
    if year.is_empty() { group.to_owned() } else { format!("{group}, Year {year}") }
}

fn line(known: &Known, pupil: &Pupil, twin: bool, today: Day) -> PupilLine {
    let identity = &pupil.identity;
    let first = |name: &str| name.chars().next().map(String::from).unwrap_or_default();
    let mut notes = Vec::new();
    if let Some(site) = pupil.moved_to {
        notes.push(format!("Moved to {}", known.site_name(site)));
    } else if let Some(deleted) = &pupil.deleted {
        notes.push(format!("Deleted after {}", written(deleted.day)));
    } else if let Some(last) = pupil.on_roll.last.filter(|last| *last < today) {
        notes.push(format!("Left {}", written(last)));
    } else if let Some(starting) = pupil.on_roll.starting.filter(|starting| *starting > today) {
        notes.push(format!("Starts {}", written(starting)));
    }
    if twin {
        notes.push("Same name as another".to_owned());
    }
    if pupil.provisional.is_some() && pupil.matched.is_none() {
        notes.push("Written down provisionally".to_owned());
    }
    PupilLine {
        pupil: pupil.id.into(),
        initials: format!("{}{}", first(&identity.preferred), first(&identity.surname)),
        name: pupil.listed(),
        group: place(known, pupil, today),
        born: identity.born.map(written).unwrap_or_default(),
        note: notes.join(". "),
    }
}

/// `4 March 2011`.
fn written(day: Day) -> String {
    let long = day.long();
    let date = long.split_once(' ').map_or(long.as_str(), |(_, date)| date);
    format!("{date} {}", day.date().year())
}

fn detail(
    records: &mut impl Records,
    known: &mut Known,
    pupil: &Pupil,
    sees: Sees,
    today: Day,
    with_history: bool,
) -> Result<PupilDetail, OfficeError> {
    let family = known.family(records, pupil.id)?;
    let reads_family = !records.sections(areas::FAMILY).is_empty();
    let mut right = Vec::new();
    if let Some(family) = &family {
        right.push(contacts(family, sees, today));
        let orders = orders(family, today);
        right.extend((!orders.facts.is_empty()).then_some(orders));
    } else if reads_family {
        right.push(Block { head: CONTACTS.to_owned(), words: vec!["None entered.".to_owned()], facts: Vec::new() });
    }
    let lacking = if sees.admits() && pupil.provisional.is_none() {
        let none = Family::default();
        entry::missing(pupil, reads_family.then_some(family.as_ref().unwrap_or(&none)))
    } else {
        Vec::new()
    };
    let mut warnings = Vec::new();
    for site in known.left_behind(records, pupil)? {
        warnings.push(format!(
            "Something was written at {} after the move to {}: look at the history, and enter it here",
            known.site_name(site),
            known.site_name(pupil.site)
        ));
    }
    let torn = pupil.torn().keys().map(|about| about.words());
    let torn_family = family.iter().flat_map(|family| family.torn().keys()).map(|about| about.words());
    let torn: Vec<&str> = torn.chain(torn_family).collect();
    if !torn.is_empty() {
        warnings.push(format!(
            "Two people apart entered different things, and one of the two shows: {}. Look at the history. Amend \
             it, or keep what shows with Amend… and a reason alone.",
            torn.join("; ")
        ));
    }
    if !lacking.is_empty() && pupil.deleted.is_none() {
        warnings.push(format!("Missing in the admission register: {}.", lacking.join("; ")));
    }
    let moving = family.as_ref().and_then(|family| family.moving.as_ref());
    if let Some(from) = moving.and_then(|moving| moving.from).filter(|from| sees.admits() && *from <= today) {
        warnings.push(format!(
            "The move notified for {} is due: enter the new address, or that the move is off.",
            written(from)
        ));
    }
    let mut boards = Vec::new();
    for back in (0..WEEKS).rev() {
        let day = today.plus(-7 * back);
        boards.push((day, known.board(records, day)?));
    }
    let weeks = boards.iter().map(|(day, board)| week(known, board, pupil.id, *day)).collect();
    let now = boards.last().map(|(_, board)| now(known, board, pupil.id, today)).unwrap_or_default();
    let mut may = Vec::new();
    if pupil.provisional.is_some() {
        may.extend(sees.admits().then_some(Doing::Match));
    } else if sees.writes && sees.families && pupil.deleted.is_none() {
        may.push(Doing::Plan);
        may.extend((!super::plan_forms::standing(pupil, today).is_empty()).then_some(Doing::CallOff));
        may.push(Doing::Timetable);
    }
    if sees.cares && pupil.provisional.is_none() && pupil.deleted.is_none() {
        may.push(Doing::Leaving);
    }
    if sees.admits() && pupil.provisional.is_none() {
        may.push(Doing::Amend);
        may.extend(pupil.deleted.is_none().then_some(Doing::Class));
        may.push(Doing::ForParent);
        may.extend(reads_family.then_some([Doing::Contact, Doing::Order, Doing::Address]).into_iter().flatten());
        may.push(if pupil.deleted.is_some() { Doing::Restore } else { Doing::Delete });
    }
    let history = if with_history && sees.admits() { told(records, known, pupil)? } else { Vec::new() };
    Ok(PupilDetail {
        pupil: pupil.id.into(),
        name: pupil.spoken(),
        under: under(known, pupil, today),
        now,
        warnings,
        left: left(records, known, pupil, family.as_ref(), sees),
        right,
        weeks,
        may,
        history,
    })
}

fn under(known: &Known, pupil: &Pupil, today: Day) -> String {
    let identity = &pupil.identity;
    let middle = pupil.entry.as_ref().map(|entry| entry.middle.as_str()).unwrap_or_default();
    let legal: Vec<&str> =
        [identity.forename.as_str(), middle, &identity.surname].into_iter().filter(|part| !part.is_empty()).collect();
    let legal = legal.join(" ");
    let mut parts = Vec::new();
    if legal != pupil.spoken() {
        parts.push(format!("Legal name {legal}"));
    }
    parts.push(place(known, pupil, today));
    if let Some(born) = identity.born {
        let compulsory = if age::is_compulsory(born, today) { "" } else { ", not of compulsory school age" };
        parts.push(format!("Born {}, aged {}{compulsory}", written(born), years(born, today)));
    }
    parts.join(". ")
}

fn years(born: Day, today: Day) -> i16 {
    let (born, today) = (born.date(), today.date());
    let full = today.year() - born.year();
    if (today.month(), today.day()) < (born.month(), born.day()) { full - 1 } else { full }
}

fn left(records: &impl Records, known: &Known, pupil: &Pupil, family: Option<&Family>, sees: Sees) -> Vec<Block> {
    let mut blocks = Vec::new();
    if let Some(care) = known.care(pupil.id) {
        let mut help = care.help();
        help.extend(care.fire_lines());
        if !help.is_empty() {
            blocks.push(Block { head: "To leave the building".to_owned(), words: help, facts: Vec::new() });
        }
        let facts: Vec<(String, String)> =
            care.medical.iter().map(|one| (one.condition.clone(), or_dash(&one.action))).collect();
        let words = if facts.is_empty() { vec!["Nothing recorded.".to_owned()] } else { Vec::new() };
        blocks.push(Block { head: "Medical and diet".to_owned(), words, facts });
    } else if !records.sections(areas::CARE).is_empty() {
        let words = vec!["Nothing recorded.".to_owned()];
        blocks.push(Block { head: "Medical and diet".to_owned(), words, facts: Vec::new() });
    }
    let entered = entry::of_pupil(pupil).into_iter().filter(|(_, of)| !of.is_empty());
    let mut facts: Vec<(String, String)> = entered.map(|(what, of)| (what.to_owned(), of)).collect();
    if let Some(family) = family {
        let shown = |of: WhoseHome, address: String| shown(family, sees, of, address);
        if let Some(address) = &family.address {
            facts.push(("Address".to_owned(), shown(WhoseHome::Pupil, entry::line(address))));
        }
        if let Some(second) = &family.second {
            facts.push(("Second address".to_owned(), shown(WhoseHome::Second, entry::line(second))));
        }
        if let Some(moving) = &family.moving {
            let from = moving.from.map_or_else(|| "no day yet".to_owned(), |from| format!("from {}", written(from)));
            let words = format!(
                "{}, with {}, {from}; told on {}",
                entry::line(&moving.address),
                moving.parent,
                written(moving.told)
            );
            facts.push(("Future address".to_owned(), shown(WhoseHome::Pupil, words)));
        }
        for parent in &family.parents {
            let lives = if parent.lives_with { ". The pupil lives with them" } else { "" };
            let home = entry::home_of(parent, family);
            let home = if home.is_empty() { "address not known".to_owned() } else { home };
            let of = format!("{}{lives}. {}", parent.full(), shown(WhoseHome::of(&parent.home, parent.id), home));
            facts.push((
                if parent.relationship.is_empty() { "Parent".to_owned() } else { parent.relationship.clone() },
                of,
            ));
        }
    }
    blocks.push(Block { head: "Admission register".to_owned(), words: Vec::new(), facts });
    if !sees.safeguarding {
        let words = vec!["Safeguarding is restricted: ask the safeguarding lead.".to_owned()];
        blocks.push(Block { head: "Restricted".to_owned(), words, facts: Vec::new() });
    }
    blocks
}

/// An address as far as it may be shown to whoever is signed in.
fn shown(family: &Family, sees: Sees, of: WhoseHome, address: String) -> String {
    match family.kept_from(of) {
        None => address,
        Some(from) if sees.leads || sees.safeguarding => {
            let from = if from.is_empty() { "everybody but the office".to_owned() } else { from.join(", ") };
            format!("{address} (CONFIDENTIAL: kept from {from})")
        }
        Some(_) => "Confidential: ask the office or the safeguarding lead".to_owned(),
    }
}

const CONTACTS: &str = "Contacts, in the order to ring";

fn or_dash(words: &str) -> String {
    if words.is_empty() { "–".to_owned() } else { words.to_owned() }
}

fn contacts(family: &Family, sees: Sees, today: Day) -> Block {
    let mut facts: Vec<(String, String)> = family
        .contacts
        .iter()
        .map(|one| (format!("{} {}", one.priority, full(one)), contact(family, one, sees, today)))
        .collect();
    // Parents' own numbers that no contact has.
    let listed: Vec<String> = family.contacts.iter().map(full).collect();
    for more in family.to_call(today).into_iter().filter(|more| !listed.contains(&more.name)) {
        facts.push((more.name, format!("{}. {}", or_dash(&more.relationship), more.number)));
    }
    let words = if facts.is_empty() { vec!["None entered.".to_owned()] } else { Vec::new() };
    Block { head: CONTACTS.to_owned(), words, facts }
}

fn contact(family: &Family, one: &Contact, sees: Sees, today: Day) -> String {
    let relationship = or_dash(&one.relationship);
    match family.bars_calling(one, today) {
        Some(Barred::By(order)) => {
            return format!("{relationship}. DO NOT CALL: {}", order_words(order));
        }
        Some(Barred::Unread) => {
            return format!(
                "{relationship}. DO NOT CALL: a court order concerns them, and is not entered here. Ask the office"
            );
        }
        None => {}
    }
    let collect = match family.bars_collecting(one, today) {
        Some(Barred::By(order)) => format!("MUST NOT COLLECT: {}", order_words(order)),
        Some(Barred::Unread) => "Ask before they collect".to_owned(),
        None if one.responsible => "May collect".to_owned(),
        None => "Ask the office before they collect".to_owned(),
    };
    let mut words = vec![relationship, or_dash(&one.numbers.join(", "))];
    words.extend((!one.email.is_empty()).then(|| one.email.clone()));
    words.push(collect);
    words.extend(one.lives_with.then(|| "The pupil lives with them".to_owned()));
    if let Home::At(address) = &one.home {
        words.push(shown(family, sees, WhoseHome::of(&one.home, one.id), entry::line(address)));
    }
    words.join(". ")
}

fn order_words(order: &crate::facts::custody::Order) -> String {
    let to = order.to.map_or_else(|| "until further order".to_owned(), |to| format!("to {}", written(to)));
    format!("{} from {} {to}", order.kind.words(), written(order.from))
}

fn orders(family: &Family, today: Day) -> Block {
    let facts = family.orders.iter().map(|order| {
        let state = if order.holds(today) { "" } else { ", not in force" };
        let what = match (order.calling, order.collecting) {
            (true, true) => "not to be called, must not collect",
            (true, false) => "not to be called",
            (false, true) => "must not collect",
            (false, false) => "named",
        };
        let who = if order.bars.is_empty() {
            "nobody barred".to_owned()
        } else {
            format!("{}: {what}", order.bars.join(", "))
        };
        (format!("{}{state}", order_words(order)), format!("{who}. {}", order.words))
    });
    Block { head: "Orders".to_owned(), words: Vec::new(), facts: facts.collect() }
}

fn week(known: &Known, board: &Board, pupil: PupilId, day: Day) -> WeekStrip {
    let monday = day.week().monday().unwrap_or(day);
    let mut cells = Vec::new();
    let mut spoken = Vec::new();
    for ahead in 0..5 {
        for half in [Half::Am, Half::Pm] {
            let session = Session { day: monday.plus(ahead), half };
            let current = board.current(pupil, session);
            let code = current.code();
            let info = code.and_then(|code| known.school().codes().ever(code, session.day));
            let differ = current.is_conflict();
            // A planned closure is every pupil's, and nobody marks it.
            let held = known.pupil(pupil).filter(|held| code.is_none() && !differ && held.is_on_roll(session.day));
            if held.is_some_and(|held| known.closed_to(held, session.day).is_some()) {
                cells.push((Code::CLOSED.to_string(), Status::NotMarked));
                spoken.push(format!("{} {} school closed", session.day.weekday_word(), half.word()));
                continue;
            }
            let shape = if differ { Status::Check } else { info.map_or(Status::NotMarked, status) };
            cells.push((code.map(|code| code.to_string()).unwrap_or_default(), shape));
            if differ {
                spoken.push(format!("{} {} two marks differ", session.day.weekday_word(), half.word()));
            } else if let Some(info) = info {
                spoken.push(format!("{} {} {}", session.day.weekday_word(), half.word(), info.short));
            }
        }
    }
    let label = format!("Week of {}", written(monday));
    let spoken =
        if spoken.is_empty() { format!("{label}: no marks") } else { format!("{label}: {}", spoken.join(", ")) };
    WeekStrip { label, cells, spoken }
}

fn now(known: &Known, board: &Board, pupil: PupilId, today: Day) -> String {
    let latest = [Half::Pm, Half::Am].into_iter().find_map(|half| {
        let session = Session { day: today, half };
        let current = board.current(pupil, session);
        if current.is_conflict() {
            return Some(format!("Two marks differ, this {}", half.word()));
        }
        let info = known.school().codes().ever(current.code()?, today)?;
        Some(format!("{}, this {}", info.short, half.word()))
    });
    latest.unwrap_or_else(|| "No mark today yet".to_owned())
}

fn told(records: &mut impl Records, known: &Known, pupil: &Pupil) -> Result<Vec<Block>, OfficeError> {
    let names = super::words::Names::new(Some(known), None);
    let told = history::of(records, pupil)?;
    let blocks = told.into_iter().map(|one| {
        let at = crate::calendar::local(one.origin.at);
        let who = names.with_position(records, known, &one.origin);
        let head = format!("{} {}: {who}", written(at.day), crate::calendar::clock(at.minute));
        let words = if one.reason.is_empty() { Vec::new() } else { vec![format!("Reason: {}", one.reason)] };
        let facts = one.changed.into_iter().map(|changed| {
            let amended = if changed.amended.is_empty() { "nothing".to_owned() } else { changed.amended };
            let first = changed.original.is_empty();
            (changed.field, if first { amended } else { format!("was {}, now {amended}", changed.original) })
        });
        Block { head, words, facts: facts.collect() }
    });
    Ok(blocks.collect())
}

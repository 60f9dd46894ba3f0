//! Forms of what is set beforehand for a fire: what to know of a pupil, the places of a site, where a class meets, and when
//! lists and registers are printed by themselves.
//!
//! Not here: the acts themselves (see `office::duties`), and which form is open (the program knows).

use super::ask::{choice, line, names, tick, words};
use crate::calendar::{clock, parse_clock};
use crate::facts::care::{Evacuation, FireNote};
use crate::facts::fire::SitePlaces;
use crate::facts::returns::Fallback;
use crate::ids::GroupId;
use crate::known::{Care, Known, Pupil};
use crate::view::pupils::{Answers, Form};
use muster_core::id::PlaceId;

/// What to know of a pupil when everybody leaves.
pub fn leaving_form(pupil: &Pupil, care: Option<&Care>) -> Form {
    let plan = care.and_then(|care| care.evacuation.as_ref());
    let note = care.and_then(|care| care.fire_note.clone()).unwrap_or_default();
    let asks = vec![
        tick("help", "Needs help to leave the building", plan.is_some_and(|plan| plan.needs_help)),
        line("instruction", "What help", "Evac chair, two adults", plan.map_or("", |plan| &plan.instruction)),
        words(
            "That, and nothing below, stands on the fire list of every device of the site, with nobody signed in. The rest \
             shows with a sign-in or the marshal’s PIN.",
        ),
        line("one to one", "One-to-one adult", "Who is with them all day", &note.one_to_one),
        tick("hide", "May hide from the alarm", note.may_hide),
        tick("abscond", "May run away", note.may_abscond),
    ];
    Form { title: format!("{} in a fire", pupil.spoken()), asks, done: "Save".to_owned(), ..Form::default() }
}

/// What the answers to [`leaving_form`] mean.
pub fn read_leaving(answers: &Answers) -> (Evacuation, FireNote) {
    let instruction = answers.line("instruction");
    // Whoever says what help is needed says that it is.
    let needs_help = answers.tick("help") || !instruction.is_empty();
    let (may_hide, may_abscond) = (answers.tick("hide"), answers.tick("abscond"));
    (Evacuation { needs_help, instruction }, FireNote { one_to_one: answers.line("one to one"), may_hide, may_abscond })
}

/// Where people of a site meet, are looked for and wait for help.
pub fn places_form(known: &Known, site: PlaceId) -> Form {
    let school = known.school();
    let points = school.sites.get(&site).map(|site| site.points.join(", ")).unwrap_or_default();
    let held = school.places.get(&site);
    let joined = |of: fn(&SitePlaces) -> &Vec<String>| held.map(|held| of(held).join(", ")).unwrap_or_default();
    let asks = vec![
        words("Names as people say them, with a comma between. A marshal chooses among them with a finger."),
        line("points", "Assembly points", "Front car park, Playing field gate", &points),
        line("rooms", "Places to look in", "Toilets, Hall, Library", &joined(|held| &held.rooms)),
        line("refuges", "Refuge points", "Stairs by the hall", &joined(|held| &held.refuges)),
    ];
    let title = format!("Places in a fire, {}", known.site_name(site));
    Form { title, asks, done: "Save".to_owned(), ..Form::default() }
}

/// The assembly points and the places that the answers to [`places_form`] mean.
///
/// # Errors
/// In words, when there are too many of them or a name is too long.
pub fn read_places(known: &Known, site: PlaceId, answers: &Answers) -> Result<(Vec<String>, SitePlaces), String> {
    let most = crate::limits::PLACES;
    let read = |key: &str, label: &str| {
        let found = names(&answers.line(key));
        if found.len() > most {
            return Err(format!("{label}: {most} at most, so that one is found quickly; these are {}", found.len()));
        }
        match found.iter().find(|name| !crate::facts::is_line(name)) {
            Some(long) => Err(format!("{label}: “{long}” is too long")),
            None => Ok(found),
        }
    };
    let (points, rooms) = (read("points", "Assembly points")?, read("rooms", "Places to look in")?);
    let refuges = read("refuges", "Refuge points")?;
    let meets = known.school().places.get(&site).map(|held| held.meets.clone()).unwrap_or_default();
    Ok((points, SitePlaces { site, rooms, refuges, meets }))
}

/// At which assembly point a class meets.
pub fn meets_form(known: &Known, site: PlaceId) -> Form {
    let school = known.school();
    let meets = school.places.get(&site).map(|held| held.meets.as_slice()).unwrap_or_default();
    let own = |group: GroupId| meets.iter().find(|(of, _)| *of == group).map(|(_, point)| point.as_str());
    let groups = school.groups_of(site);
    let listed = groups.iter().map(|group| match own(group.id) {
        Some(point) => format!("{}, now at {point}", group.name),
        None => group.name.clone(),
    });
    let asks = vec![
        words("The fire list on paper has the sheets of one assembly point together, and says where the class meets."),
        choice("group", "Class", listed.collect(), None),
        choice("point", "Meets at", meeting_points(known, site), None),
    ];
    let title = format!("Where classes meet, {}", known.site_name(site));
    Form { title, asks, done: "Save".to_owned(), ..Form::default() }
}

fn meeting_points(known: &Known, site: PlaceId) -> Vec<String> {
    let points = known.school().sites.get(&site).map(|site| site.points.clone()).unwrap_or_default();
    std::iter::once("No point of its own".to_owned()).chain(points).collect()
}

/// The class and the point, empty for none of its own, that the answers to [`meets_form`] mean.
///
/// # Errors
/// In words that say what is missing.
pub fn read_meets(known: &Known, site: PlaceId, answers: &Answers) -> Result<(GroupId, String), String> {
    let groups = known.school().groups_of(site);
    let group = answers.choice("group").and_then(|at| groups.get(at)).ok_or("Class: choose one")?;
    let point = answers.choice("point").ok_or("Meets at: choose a point, or none of its own")?;
    let named = meeting_points(known, site).into_iter().nth(point).filter(|_| point > 0).unwrap_or_default();
    Ok((group.id, named))
}

/// When lists and registers are printed by themselves, and into which folder of this device.
pub fn printing_form(known: &Known, site: PlaceId, device: &str, folder: &str) -> Form {
    let times: Vec<String> = known.school().printed_at(site).iter().map(|minute| clock(*minute)).collect();
    let asks = vec![
        words(
            "At these times every device that has a folder writes the fire list and today’s registers into it, as PDF. \
             The fire list needs nobody there; the registers need somebody signed in. Files are not encrypted: choose a \
             folder that only the office opens, or one that prints what it is given.",
        ),
        line("times", "Times", "09:35, 13:30; nothing for never", &times.join(", ")),
        tick("here", &format!("Only at {}", known.site_name(site)), known.school().prints_apart(site)),
        line("folder", "Folder", "Of this device; nothing for none", folder),
        words(&format!("The folder is {device}’s own; each device that prints needs one.")),
    ];
    Form { title: "Printing at set times".to_owned(), asks, done: "Save".to_owned(), ..Form::default() }
}

/// What the answers to [`printing_form`] mean: the times, and the folder as typed. `None` where the times stand as they
/// are.
///
/// # Errors
/// In words that name what is no time.
pub fn read_printing(known: &Known, site: PlaceId, answers: &Answers) -> Result<(Option<Fallback>, String), String> {
    let mut at = names(&answers.line("times"))
        .iter()
        .map(|typed| parse_clock(typed).ok_or_else(|| format!("Times: {typed} is no time of the day: write 09:35")))
        .collect::<Result<Vec<u16>, String>>()?;
    at.sort_unstable();
    at.dedup();
    let here = answers.tick("here");
    let school = known.school();
    let as_it_is = school.printed_at(site) == at.as_slice() && school.prints_apart(site) == here;
    Ok(((!as_it_is).then_some(Fallback { site: here.then_some(site), at }), answers.line("folder")))
}

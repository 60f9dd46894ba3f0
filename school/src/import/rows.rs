//! The rows of each file, judged by themselves.

use super::table::{self, Column, Fields, maybe, needed};
use super::{Parsed, Row};
use crate::calendar::{Day, Half, Session, parse_clock};
use crate::codes::{Code, Codes, Needs};
use crate::facts::custody::Home;
use crate::facts::family::{Address, Consent, Contact};
use crate::limits::{MINUTES_LATE, NAME_CHARS, TEXT_CHARS};
use crate::roles::Role;
use crate::upn;
use std::collections::BTreeMap;

#[derive(Clone, Debug)]
pub(crate) struct SiteRow {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) points: Vec<String>,
    pub(crate) rooms: Vec<String>,
    pub(crate) refuges: Vec<String>,
    /// Classes by name, each with the assembly point that is its own.
    pub(crate) meets: Vec<(String, String)>,
}

#[derive(Clone, Debug)]
pub(crate) struct StaffRow {
    pub(crate) code: String,
    pub(crate) title: String,
    pub(crate) forename: String,
    pub(crate) surname: String,
    pub(crate) job: String,
    pub(crate) role: Role,
    pub(crate) sites: Vec<String>,
    pub(crate) email: String,
}

#[derive(Clone, Debug)]
pub(crate) struct PupilRow {
    pub(crate) upn: String,
    pub(crate) admission_no: String,
    pub(crate) surname: String,
    pub(crate) forename: String,
    pub(crate) preferred: String,
    pub(crate) sex: String,
    pub(crate) born: Option<Day>,
    pub(crate) year: String,
    pub(crate) group: String,
    pub(crate) site: String,
    pub(crate) starting: Option<Day>,
    /// The last day on the register of somebody who had left before.
    pub(crate) leaving: Option<Day>,
    pub(crate) sen: (String, String),
    pub(crate) medical: (String, String),
    pub(crate) needs_help: Option<bool>,
    pub(crate) consents: Vec<Consent>,
    pub(crate) address: Option<Address>,
}

#[derive(Clone, Debug)]
pub(crate) struct ContactRow {
    pub(crate) admission_no: String,
    pub(crate) contact: Contact,
}

#[derive(Clone, Debug)]
pub(crate) struct MarkRow {
    pub(crate) admission_no: String,
    pub(crate) session: Session,
    pub(crate) code: Code,
    pub(crate) minutes: Option<u16>,
    pub(crate) comment: String,
}

#[derive(Clone, Debug)]
pub(crate) struct VisitRow {
    pub(crate) day: Day,
    pub(crate) arrived: u16,
    pub(crate) left: Option<u16>,
    pub(crate) name: String,
    pub(crate) organisation: String,
    pub(crate) visiting: String,
    pub(crate) site: String,
    pub(crate) badge: String,
}

const SITES: [Column; 6] = [
    needed(&["code", "sitecode"]),
    needed(&["name", "sitename"]),
    maybe(&["assemblypoints"]),
    maybe(&["rooms"]),
    maybe(&["refugepoints"]),
    maybe(&["classpoints", "classassemblypoints"]),
];

const STAFF: [Column; 8] = [
    needed(&["staffcode", "code"]),
    maybe(&["title"]),
    needed(&["forename", "firstname"]),
    needed(&["surname", "lastname"]),
    maybe(&["jobtitle", "job", "post"]),
    needed(&["role"]),
    maybe(&["site", "sites"]),
    maybe(&["email"]),
];

const PUPILS: [Column; 22] = [
    maybe(&["upn"]),
    needed(&["admissionno", "admissionnumber", "adno"]),
    needed(&["legalsurname", "surname"]),
    needed(&["legalforename", "forename"]),
    maybe(&["preferredforename", "preferredname", "knownas"]),
    maybe(&["sex", "gender"]),
    maybe(&["dateofbirth", "dob"]),
    maybe(&["year", "yeargroup", "ncyear"]),
    maybe(&["reggroup", "registrationgroup", "group", "class"]),
    needed(&["site", "sitecode"]),
    maybe(&["dateofadmission", "startingday", "admissiondate"]),
    maybe(&["senprovision"]),
    maybe(&["senneed"]),
    maybe(&["medicalcondition"]),
    maybe(&["carenote"]),
    maybe(&["peep"]),
    maybe(&["photoconsent"]),
    maybe(&["tripconsent"]),
    maybe(&["addressline1", "address"]),
    maybe(&["town"]),
    maybe(&["postcode"]),
    maybe(&["dateofleaving", "leavingdate", "leavingday", "dol"]),
];

const CONTACTS: [Column; 10] = [
    needed(&["admissionno", "admissionnumber", "adno"]),
    needed(&["priority"]),
    maybe(&["title"]),
    maybe(&["forename", "firstname"]),
    needed(&["surname", "lastname"]),
    maybe(&["relationship"]),
    maybe(&["parentalresponsibility"]),
    maybe(&["mobile", "telephone", "phone"]),
    maybe(&["email"]),
    maybe(&["courtorder"]),
];

const MARKS: [Column; 6] = [
    needed(&["admissionno", "admissionnumber", "adno"]),
    needed(&["date"]),
    needed(&["session"]),
    needed(&["code", "mark"]),
    maybe(&["minuteslate", "minutes"]),
    maybe(&["comment", "note"]),
];

const VISITS: [Column; 8] = [
    needed(&["date"]),
    needed(&["arrived"]),
    maybe(&["left"]),
    needed(&["name"]),
    maybe(&["organisation", "organization", "firm"]),
    maybe(&["visiting", "host"]),
    needed(&["site", "sitecode"]),
    maybe(&["badge"]),
];

/// Reads one of the known files into its rows.
pub(super) fn read_file(file: &str, bytes: &[u8], parsed: &mut Parsed) {
    match file {
        "sites.csv" => parsed.sites = rows(file, bytes, &SITES, parsed, site, |row| row.code.clone(), "site"),
        "staff.csv" => parsed.staff = rows(file, bytes, &STAFF, parsed, staff, |row| row.code.clone(), "staff code"),
        "pupils.csv" => {
            let key = |row: &PupilRow| row.admission_no.clone();
            parsed.pupils = rows(file, bytes, &PUPILS, parsed, pupil, key, "admission number");
        }
        "contacts.csv" => {
            let key = |row: &ContactRow| (row.admission_no.clone(), row.contact.priority);
            parsed.contacts = rows(file, bytes, &CONTACTS, parsed, contact, key, "contact of this pupil and priority");
        }
        "attendance.csv" => {
            let key = |row: &MarkRow| (row.admission_no.clone(), row.session);
            let codes = parsed.codes.clone();
            let mark = |fields: &Fields<'_>| mark(fields, &codes);
            parsed.marks = rows(file, bytes, &MARKS, parsed, mark, key, "mark of this pupil and session");
        }
        "visitors.csv" => {
            let key = |row: &VisitRow| (row.site.clone(), row.day, row.arrived, row.name.clone());
            parsed.visits = rows(file, bytes, &VISITS, parsed, visit, key, "visit");
        }
        _ => {}
    }
}

fn rows<T, K: Ord>(
    file: &str,
    bytes: &[u8],
    columns: &[Column],
    parsed: &mut Parsed,
    parse: impl Fn(&Fields<'_>) -> Result<T, String>,
    key: impl Fn(&T) -> K,
    what: &str,
) -> Vec<Row<T>> {
    let mut found = Vec::new();
    let mut seen: BTreeMap<K, u64> = BTreeMap::new();
    let (rejects, warnings) = (&mut parsed.rejects, &mut parsed.warnings);
    table::read(file, bytes, columns, rejects, warnings, |line, fields| {
        let value = parse(fields)?;
        if let Some(first) = seen.get(&key(&value)) {
            return Err(format!("the same {what} is already on line {first}: keep one of the two"));
        }
        seen.insert(key(&value), line);
        found.push(Row { line, raw: fields.raw(), value });
        Ok(())
    });
    found
}

fn line(fields: &Fields<'_>, column: usize, what: &str) -> Result<String, String> {
    let text = fields.text(column);
    if text.chars().count() > NAME_CHARS {
        return Err(format!("the {what} is longer than {NAME_CHARS} characters: shorten it"));
    }
    if text.chars().any(char::is_control) {
        return Err(format!("the {what} holds a character that cannot be shown"));
    }
    Ok(text)
}

fn must(fields: &Fields<'_>, column: usize, what: &str) -> Result<String, String> {
    let text = line(fields, column, what)?;
    if text.is_empty() { Err(format!("the {what} is missing")) } else { Ok(text) }
}

fn long(fields: &Fields<'_>, column: usize, what: &str) -> Result<String, String> {
    let text = fields.text(column);
    if text.chars().count() > TEXT_CHARS {
        return Err(format!("the {what} is longer than {TEXT_CHARS} characters: shorten it"));
    }
    Ok(text.chars().filter(|symbol| !symbol.is_control()).collect())
}

fn yes(fields: &Fields<'_>, column: usize, what: &str) -> Result<Option<bool>, String> {
    match fields.get(column).to_ascii_lowercase().as_str() {
        "" => Ok(None),
        "y" | "yes" | "true" | "1" => Ok(Some(true)),
        "n" | "no" | "false" | "0" => Ok(Some(false)),
        other => Err(format!("{what} is \"{other}\": write Y or N")),
    }
}

fn date(fields: &Fields<'_>, column: usize) -> Result<Option<Day>, String> {
    match fields.get(column) {
        "" => Ok(None),
        text => Day::parse(text).map(Some),
    }
}

fn site(fields: &Fields<'_>) -> Result<SiteRow, String> {
    let several = |column, what| -> Result<Vec<String>, String> {
        let typed = line(fields, column, what)?;
        let parts = typed.split(';').map(|part| part.trim().to_owned()).filter(|part| !part.is_empty());
        Ok(parts.take(crate::limits::PLACES).collect())
    };
    Ok(SiteRow {
        code: must(fields, 0, "site code")?,
        name: must(fields, 1, "site's name")?,
        points: several(2, "list of assembly points")?,
        rooms: several(3, "list of rooms")?,
        refuges: several(4, "list of refuge points")?,
        meets: fields
            .text(5)
            .split(';')
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(class_point)
            .collect::<Result<_, _>>()?,
    })
}

/// A class and where it meets, as in `Beech: Front car park`.
fn class_point(part: &str) -> Result<(String, String), String> {
    let sound =
        |text: &str| !text.is_empty() && text.chars().count() <= NAME_CHARS && !text.chars().any(char::is_control);
    match part.split_once(':').map(|(class, point)| (class.trim(), point.trim())) {
        Some((class, point)) if sound(class) && sound(point) => Ok((class.to_owned(), point.to_owned())),
        _ => Err("the classes and their assembly points are written as Beech: Front car park; Oak: Gate".to_owned()),
    }
}

fn staff(fields: &Fields<'_>) -> Result<StaffRow, String> {
    let role = fields.get(5);
    let known = Role::from_code(role).ok_or_else(|| {
        let codes: Vec<_> = Role::all().map(Role::code).collect();
        format!("there is no role \"{role}\": use one of {}", codes.join(", "))
    })?;
    let sites = line(fields, 6, "list of sites")?;
    Ok(StaffRow {
        code: must(fields, 0, "staff code")?,
        title: line(fields, 1, "title")?,
        forename: line(fields, 2, "forename")?,
        surname: must(fields, 3, "surname")?,
        job: line(fields, 4, "job title")?,
        role: known,
        sites: sites.split(';').map(|code| code.trim().to_owned()).filter(|code| !code.is_empty()).collect(),
        email: line(fields, 7, "e-mail")?,
    })
}

fn pupil(fields: &Fields<'_>) -> Result<PupilRow, String> {
    let number = fields.get(0).to_ascii_uppercase();
    if !number.is_empty() {
        upn::check(&number).map_err(|error| error.to_string())?;
    }
    let born = date(fields, 6)?;
    let starting = date(fields, 10)?;
    if let (Some(born), Some(starting)) = (born, starting)
        && born >= starting
    {
        return Err("the date of birth is not before the starting day: one of the two is wrong".to_owned());
    }
    let leaving = date(fields, 21)?;
    if let (Some(starting), Some(leaving)) = (starting, leaving)
        && leaving < starting
    {
        return Err("the day of leaving is before the starting day: one of the two is wrong".to_owned());
    }
    let forename = line(fields, 3, "forename")?;
    let preferred = line(fields, 4, "preferred forename")?;
    let mut consents = Vec::new();
    for (column, what) in [(16, "Photograph"), (17, "Local trips")] {
        if let Some(given) = yes(fields, column, "the consent")? {
            consents.push(Consent { what: what.to_owned(), given });
        }
    }
    let address = Address {
        line: line(fields, 18, "address")?,
        town: line(fields, 19, "town")?,
        postcode: line(fields, 20, "postcode")?,
    };
    let has_address = !(address.line.is_empty() && address.town.is_empty() && address.postcode.is_empty());
    Ok(PupilRow {
        upn: number,
        admission_no: must(fields, 1, "admission number")?,
        surname: must(fields, 2, "surname")?,
        preferred,
        forename,
        sex: line(fields, 5, "sex")?,
        born,
        year: line(fields, 7, "year")?,
        group: line(fields, 8, "group")?,
        site: must(fields, 9, "site")?,
        starting,
        leaving,
        sen: (line(fields, 11, "SEN provision")?, line(fields, 12, "SEN need")?),
        medical: (long(fields, 13, "medical condition")?, long(fields, 14, "care note")?),
        needs_help: yes(fields, 15, "PEEP")?,
        consents,
        address: has_address.then_some(address),
    })
}

fn contact(fields: &Fields<'_>) -> Result<ContactRow, String> {
    let priority = fields.get(1);
    let priority: u8 = priority
        .parse()
        .ok()
        .filter(|number| (1..=99).contains(number))
        .ok_or_else(|| format!("the priority is \"{priority}\": write a number from 1"))?;
    Ok(ContactRow {
        admission_no: must(fields, 0, "admission number")?,
        contact: Contact {
            id: Contact::listed(priority),
            priority,
            title: line(fields, 2, "title")?,
            forename: line(fields, 3, "forename")?,
            surname: must(fields, 4, "surname")?,
            relationship: line(fields, 5, "relationship")?,
            responsible: yes(fields, 6, "parental responsibility")?.unwrap_or(false),
            numbers: Some(line(fields, 7, "telephone number")?)
                .filter(|number| !number.is_empty())
                .into_iter()
                .collect(),
            email: line(fields, 8, "e-mail")?,
            // Where the export says nothing of an order, nothing is known of one.
            home: Home::Unknown,
            lives_with: false,
            court_order: yes(fields, 9, "the court order")?.unwrap_or(false),
            ended: None,
        },
    })
}

fn mark(fields: &Fields<'_>, codes: &Codes) -> Result<MarkRow, String> {
    let day = date(fields, 1)?.ok_or("the date is missing")?;
    let half = match fields.get(2).to_ascii_uppercase().as_str() {
        "AM" => Half::Am,
        "PM" => Half::Pm,
        other => return Err(format!("the session is \"{other}\": write AM or PM")),
    };
    let session = Session { day, half };
    let text = fields.get(3);
    if text.is_empty() || text == "-" {
        return Err("there is no mark: leave the row out".to_owned());
    }
    let info = codes.resolve(text, session).map_err(|error| error.to_string())?;
    let minutes = match fields.get(4) {
        "" => None,
        text => Some(
            text.parse::<u16>()
                .ok()
                .filter(|minutes| *minutes <= MINUTES_LATE)
                .ok_or_else(|| format!("\"{text}\" minutes late cannot be right: 1 to {MINUTES_LATE}"))?,
        ),
    };
    if minutes.is_some() && info.needs != Needs::Minutes {
        return Err(format!("{} takes no minutes", info.code));
    }
    Ok(MarkRow {
        admission_no: must(fields, 0, "admission number")?,
        session,
        code: info.code,
        minutes,
        comment: long(fields, 5, "comment")?,
    })
}

fn visit(fields: &Fields<'_>) -> Result<VisitRow, String> {
    let clock = |column, what: &str| {
        let text = fields.get(column);
        parse_clock(text).ok_or_else(|| format!("{what} at \"{text}\" is no time: write 09:05"))
    };
    let left = if fields.get(2).is_empty() { None } else { Some(clock(2, "left")?) };
    let arrived = clock(1, "arrived")?;
    if left.is_some_and(|left| left < arrived) {
        return Err("left before arriving: one of the two times is wrong".to_owned());
    }
    Ok(VisitRow {
        day: date(fields, 0)?.ok_or("the date is missing")?,
        arrived,
        left,
        name: must(fields, 3, "name")?,
        organisation: line(fields, 4, "organisation")?,
        visiting: line(fields, 5, "host")?,
        site: must(fields, 6, "site")?,
        badge: line(fields, 7, "badge")?,
    })
}

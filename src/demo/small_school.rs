//! A small school of invented people, as the CSV files that an import takes: two sites, four groups, one week of
//! past marks.

use anyhow::Context as _;
use muster_school::calendar::Day;
use muster_school::upn;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

const FORENAMES: [&str; 24] = [
    "Ada", "Amelia", "Aoife", "Arjun", "Björn", "Caleb", "Chloe", "Ciarán", "Elsie", "Esmé", "Ezra", "Fatima", "Grace",
    "Hamza", "Imran", "José", "Kayleigh", "Leila", "Maya", "Niamh", "Noah", "Poppy", "Rhys", "Zoë",
];
const SURNAMES: [&str; 16] = [
    "Abbott",
    "Byrne",
    "Chaudhry",
    "Davies",
    "Evans-Cole",
    "Fernandes",
    "Green",
    "Hassan",
    "Iqbal",
    "Jankowski",
    "Kaur",
    "McGrath",
    "Nguyễn",
    "O'Brien",
    "Patel",
    "Whitfield",
];
const GROUPS: [(&str, &str, u8); 4] = [("S1", "Beech", 10), ("S1", "4B", 4), ("S2", "Oak", 8), ("S2", "7B", 7)];
const PUPILS_A_GROUP: usize = 12;
const CARE: [(&str, &str, &str); 4] = [
    ("Nut allergy", "Two adrenaline auto-injectors, red bag", "N"),
    ("Hypermobility", "Walking frame; do not use stairs in an evacuation without the PEEP", "Y"),
    ("Hearing loss", "Does not hear the alarm: visual beacon and buddy", "Y"),
    ("Asthma", "Blue inhaler in medical room", "N"),
];

/// Writes the files into a folder, with past marks for the week before `today`.
pub(super) fn write(folder: &Path, today: Day) -> anyhow::Result<PathBuf> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let put = |name: &str, text: String| {
        let path = folder.join(name);
        std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
    };
    put(
        "sites.csv",
        "code,name,assembly_points\nS1,Harbour,Front car park; Playing field gate\nS2,Hill,Lower yard\n".into(),
    )?;
    put("staff.csv", staff())?;
    put("pupils.csv", pupils(today))?;
    put("contacts.csv", contacts())?;
    put("attendance.csv", attendance(today))?;
    let visitor = format!(
        "date,arrived,left,name,organisation,visiting,site,badge\n{},08:41,,Carol Abbott,Speech therapy,T0002,S1,V001\n",
        today.iso()
    );
    put("visitors.csv", visitor)?;
    Ok(folder.to_owned())
}

fn staff() -> String {
    let mut text = String::from("staff_code,title,forename,surname,job_title,role,site,email\n");
    let people = [
        ("T0001", "Ms", "Ines", "Costa", "Administrator", "administrator", ""),
        ("T0002", "Ms", "Helen", "Marsh", "Deputy Head", "site_lead", "S1"),
        ("T0003", "Mr", "Tom", "Okafor", "Deputy Head", "site_lead", "S2"),
        ("T0004", "Mr", "Samir", "Reid", "Teacher", "core_staff", "S1"),
        ("T0005", "Mrs", "Joan", "Dunn", "Teaching Assistant", "core_staff", "S1"),
        ("T0006", "Dr", "Piotr", "Nowak", "Teacher", "core_staff", "S2"),
    ];
    for (code, title, forename, surname, job, role, site) in people {
        let _ = writeln!(
            text,
            "{code},{title},{forename},{surname},{job},{role},{site},{}@alderfen.example",
            code.to_lowercase()
        );
    }
    text
}

/// Group, place in it, and admission number of each pupil.
fn everybody() -> impl Iterator<Item = (usize, usize, usize)> {
    (0..GROUPS.len())
        .flat_map(|group| (0..PUPILS_A_GROUP).map(move |place| (group, place, group * PUPILS_A_GROUP + place + 1)))
}

fn name(number: usize) -> (&'static str, &'static str) {
    (FORENAMES[number * 7 % FORENAMES.len()], SURNAMES[number * 5 % SURNAMES.len()])
}

fn pupils(today: Day) -> String {
    let mut text = String::from(
        "UPN,Admission No,Legal Surname,Legal Forename,Preferred Forename,Sex,Date of Birth,Year,Reg Group,Site,Date of Admission,SEN Provision,SEN Need,Medical Condition,Care Note,PEEP,Photo Consent,Trip Consent,Address Line 1,Town,Postcode\n",
    );
    let school_year = i32::from(today.year().0);
    for (group, _, number) in everybody() {
        let (site, group, year) = GROUPS[group];
        let (forename, surname) = name(number);
        let (condition, note, plan) = if number % 6 == 2 { CARE[number / 6 % CARE.len()] } else { ("", "", "N") };
        let digits = format!("8836001{:02}{number:03}", (school_year - 1) % 100);
        let numbers = ('A'..='Z').map(|letter| format!("{letter}{digits}"));
        let number_text = numbers.into_iter().find(|upn| upn::check(upn).is_ok()).unwrap_or_default();
        let born = school_year - i32::from(year) - 5;
        let _ = writeln!(
            text,
            "{number_text},{number:06},{surname},{forename},{forename},{},{:02}/{:02}/{born},{year},{group},{site},01/09/{},E,ASD,{condition},\"{note}\",{plan},Y,Y,{number} Mill Close,Grays,RM16 2AB",
            if number % 2 == 0 { "F" } else { "M" },
            number % 28 + 1,
            number % 8 + 1,
            school_year,
        );
    }
    text
}

fn contacts() -> String {
    let mut text = String::from(
        "admission_no,priority,title,forename,surname,relationship,parental_responsibility,mobile,email,court_order\n",
    );
    for (_, _, number) in everybody() {
        let (_, surname) = name(number);
        let _ = writeln!(
            text,
            "{number:06},1,Ms,{},{surname},Mother,Y,07700 900{number:03},home{number}@families.example,N",
            FORENAMES[number % FORENAMES.len()]
        );
    }
    text
}

fn attendance(today: Day) -> String {
    let mut text = String::from("admission_no,date,session,code,minutes_late,comment\n");
    let mut day = today;
    for _ in 0..5 {
        day = day.weekday_before();
        for (_, _, number) in everybody() {
            let odd = number * 31 + usize::try_from(day.0).unwrap_or(0) * 17;
            let (am, minutes) = match odd % 23 {
                3 => ("L", "7"),
                9 => ("I", ""),
                _ => ("/", ""),
            };
            let pm = if am == "I" { "I" } else { "\\" };
            let _ = writeln!(text, "{number:06},{},AM,{am},{minutes},", day.iso());
            let _ = writeln!(text, "{number:06},{},PM,{pm},,", day.iso());
        }
    }
    text
}

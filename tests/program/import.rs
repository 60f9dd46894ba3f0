//! Importing: good rows go in, every other is listed with its place and its reason, and can be mended.

use crate::support::{Device, Place, as_text, enrol, squeezed};
use std::fs;
use std::path::{Path, PathBuf};

const SITES: &[u8] = b"code,name,assembly_points\nS1,Harbour,Playground\n";

const STAFF: &[u8] = b"staff_code,title,forename,surname,job_title,role,site,email\n\
    T1,Ms,Priya,Blackthorne,Deputy,site_lead,S1,\n\
    T2,Mr,Tom,Okafor,Teacher,wizard,S1,\n\
    T3,Mr,Samir,Reid,Teacher,core_staff,S7,\n";

/// Six good rows and seven others; the good name on lines 4 and 5 has a line break in it.
const PUPILS: &[u8] =
    "UPN,Admission No,Legal Surname,Legal Forename,Date of Birth,Year,Reg Group,Site,Date of Admission\n\
    F883600023001,000001,Byrne,Ada,18/08/2014,8,4B,S1,01/09/2023\n\
    ,000002,Kaur,Zoe,27/09/2014,8,4B,S1,01/09/2023\n\
    ,000003,\"van der\n Berg\",Noah,27/09/2014,8,4B,S1,01/09/2023\n\
    ,000001,Twice,Rhys,27/09/2014,8,4B,S1,01/09/2023\n\
    M883600023001,000004,Wrong,Letter,27/09/2014,8,4B,S1,01/09/2023\n\
    ,000005,Never,Born,31/02/2015,8,4B,S1,01/09/2023\n\
    ,000006,Nowhere,Nell,27/09/2014,8,4B,S9,01/09/2023\n\
    ,,Numberless,Nat,27/09/2014,8,4B,S1,01/09/2023\n\
    ,000007,Short,Row\n\
    F883600023001,000008,Same,Upn,27/09/2014,8,4B,S1,01/09/2023\n\
    ,000009,Later,Lena,27/09/2014,8,4B,S1,01/09/2026\n"
        .as_bytes();

const CONTACTS: &[u8] = b"admission_no,priority,forename,surname,relationship,parental_responsibility,mobile\n\
    000001,1,Mona,Byrne,Mother,Y,07700 900001\n\
    000404,1,Nobody,Known,Aunt,N,07700 900002\n\
    000002,1,Maya,Kaur,Mother,perhaps,07700 900003\n";

const ATTENDANCE: &[u8] = b"admission_no,date,session,code,minutes_late,comment\n\
    000001,2026-11-20,AM,/,,\n\
    000002,2026-11-20,AM,L,7,bus\n\
    000001,2026-11-20,PM,QQ,,\n\
    000404,2026-11-20,AM,/,,\n\
    000009,2026-06-01,AM,/,,\n\
    000001,2026-02-30,AM,/,,\n\
    000002,2026-11-20,AM,/,,\n\
    000001,2026-11-20,NIGHT,/,,\n\
    000001,2027-03-01,AM,/,,\n";

const VISITORS: &[u8] = b"date,arrived,left,name,organisation,visiting,site,badge\n\
    2026-11-20,10:51,15:10,Carol Abbott,Speech therapy,T1,S1,V001\n\
    2026-11-20,10:51,15:10,Lost Visitor,Ofsted,T1,S9,V002\n\
    2026-11-20,25:00,,Odd Hours,Ofsted,T1,S1,V003\n";

/// Every row above that cannot go in: its place, and what must be said of it.
const REJECTED: [(&str, &str); 20] = [
    ("attendance.csv:4", "QQ"),
    ("attendance.csv:5", "no pupil has admission number \"000404\""),
    ("attendance.csv:6", "was not on roll on 2026-06-01"),
    ("attendance.csv:7", "2026-02-30"),
    ("attendance.csv:8", "is already on line 3"),
    ("attendance.csv:9", "write AM or PM"),
    ("attendance.csv:10", "has not come yet"),
    ("contacts.csv:3", "no pupil has admission number \"000404\""),
    ("contacts.csv:4", "write Y or N"),
    ("pupils.csv:6", "the same admission number is already on line 2"),
    ("pupils.csv:7", "check letter"),
    ("pupils.csv:8", "31/02/2015"),
    ("pupils.csv:9", "there is no site \"S9\""),
    ("pupils.csv:10", "the admission number is missing"),
    ("pupils.csv:11", "the row has 4 fields, the header 9"),
    ("pupils.csv:12", "UPN"),
    ("staff.csv:3", "there is no role \"wizard\""),
    ("staff.csv:4", "there is no site \"S7\""),
    ("visitors.csv:3", "there is no site \"S9\""),
    ("visitors.csv:4", "write 09:05"),
];

fn dirty(place: &Place) -> PathBuf {
    let files = [
        ("sites.csv", SITES),
        ("staff.csv", STAFF),
        ("pupils.csv", PUPILS),
        ("contacts.csv", CONTACTS),
        ("attendance.csv", ATTENDANCE),
        ("visitors.csv", VISITORS),
    ];
    place.folder("export", &files)
}

/// How many entries a command adds beyond what the sign-in for it does.
pub(crate) fn entries_of(device: &Device<'_>, arguments: &[&str], code: i32) -> u64 {
    let before = device.entries();
    device.run(&["audit"]).done();
    let between = device.entries();
    device.run(arguments).ended(code, &[]);
    device.entries() - between - (between - before)
}

fn mend(folder: &Path, file: &str, wrong: &[(&str, &str)]) {
    let path = folder.join(file);
    let mut text = fs::read_to_string(&path).unwrap();
    for (was, is) in wrong {
        assert!(text.contains(was), "{was} is not in {file}:\n{text}");
        text = text.replace(was, is);
    }
    fs::write(path, text).unwrap();
}

#[test]
fn each_bad_row_is_listed_with_its_place_and_its_reason_and_the_good_ones_go_in() {
    let place = Place::new();
    let office = place.founded("office");
    let export = dirty(&place);
    let said = office.run(&["import", as_text(&export)]).ended(2, &["20 rows did not go in", "mend them there"]);
    let lines: Vec<&str> = said.out.lines().collect();
    assert_eq!(lines.len(), REJECTED.len(), "{said}");
    for (at, reason) in REJECTED {
        let line = lines.iter().find(|line| line.starts_with(&format!("{at}: ")));
        assert!(line.is_some_and(|line| line.contains(reason)), "{at} because of {reason}\n{said}");
    }
    let counts: Vec<String> = said.err.lines().map(squeezed).collect();
    for count in [
        "sites: 1 new, 0 changed, 0 as they were",
        "staff: 1 new, 0 changed, 0 as they were",
        "pupils: 4 new, 0 changed, 0 as they were",
        "contacts: 1 new, 0 changed, 0 as they were",
        "marks: 2 new, 0 changed, 0 as they were",
        "visits: 1 new, 0 changed, 0 as they were",
    ] {
        assert!(counts.contains(&count.to_owned()), "{count}\n{said}");
    }
    assert_eq!(
        office.register(),
        [
            "Byrne, Ada Not yet marked",
            "Kaur, Zoe Not yet marked",
            "Later, Lena Not yet marked",
            "van der Berg, Noah Not yet marked"
        ]
    );
    let friday = office.run(&["register", "4B", "--day", "2026-11-20", "--session", "am"]).done();
    let friday: Vec<String> = friday.out.lines().map(squeezed).collect();
    assert!(friday.iter().any(|line| line.starts_with("Byrne, Ada / Present")), "{friday:?}");
    assert!(friday.iter().any(|line| line.starts_with("Kaur, Zoe L Late")), "{friday:?}");
}

#[test]
fn rejected_rows_can_be_mended_where_they_were_put_and_imported_from_there() {
    let place = Place::new();
    let office = place.founded("office");
    office.run(&["import", as_text(&dirty(&place))]).ended(2, &[]);
    let rejected = place.path("rejected");
    mend(&rejected, "staff.csv", &[("wizard", "core_staff"), ("S7", "S1")]);
    let pupils = [
        (",000001,Twice", ",000011,Twice"),
        ("M883600023001", ""),
        ("31/02/2015", "28/02/2015"),
        ("S9", "S1"),
        (",,Numberless", ",000012,Numberless"),
        (",000007,Short,Row", ",000007,Short,Row,27/09/2014,8,4B,S1,01/09/2023"),
        ("F883600023001,000008", ",000008"),
    ];
    mend(&rejected, "pupils.csv", &pupils);
    mend(&rejected, "contacts.csv", &[("000404", "000011"), ("perhaps", "Y")]);
    let marks = [
        ("QQ", "\\"),
        ("000404", "000011"),
        ("000009,2026-06-01", "000009,2026-11-20"),
        ("2026-02-30", "2026-11-19"),
        ("000002,2026-11-20,AM,/", "000002,2026-11-20,PM,\\"),
        ("000001,2026-11-20,NIGHT,/", "000001,2026-11-19,PM,\\"),
        ("2027-03-01", "2026-11-18"),
    ];
    mend(&rejected, "attendance.csv", &marks);
    mend(&rejected, "visitors.csv", &[("S9", "S1"), ("25:00", "15:00")]);
    let said = office.run(&["import", "rejected"]).done();
    assert_eq!(said.out, "", "nothing is rejected any more\n{said}");
    let counts: Vec<String> = said.err.lines().map(squeezed).collect();
    for count in ["staff: 2 new", "pupils: 7 new", "contacts: 2 new", "marks: 7 new", "visits: 2 new"] {
        assert!(counts.iter().any(|line| line.starts_with(count)), "{count}\n{said}");
    }
    assert_eq!(office.register().len(), 11, "everybody is in 4B now");
}

#[test]
fn with_strict_one_bad_row_keeps_everything_out() {
    let place = Place::new();
    let office = place.founded("office");
    let export = dirty(&place);
    let said = office.run(&["import", "--strict", as_text(&export)]);
    let said = said.ended(2, &["pupils.csv:7: ", "Nothing was imported, because --strict was asked for."]);
    assert!(said.err.contains("20 rows are not right: mend them in"), "{said}");
    assert!(!place.path("rejected").exists(), "what is left to import is all of it, not some rows");
    assert_eq!(said.out.lines().count(), REJECTED.len(), "{said}");
    office.run(&["register", "4B"]).refused(&["no group is called 4B"]);
    assert_eq!(entries_of(&office, &["import", "--strict", as_text(&export)], 2), 0, "nothing was written");
}

#[test]
fn importing_the_same_folder_twice_changes_nothing() {
    let place = Place::new();
    let office = place.founded("office");
    let export = dirty(&place);
    office.run(&["import", as_text(&export)]).ended(2, &[]);
    let shown = office.register();
    assert_eq!(entries_of(&office, &["import", as_text(&export)], 2), 0, "not one entry more");
    let said = office.run(&["import", as_text(&export)]).ended(2, &[]);
    let counts: Vec<String> = said.err.lines().map(squeezed).filter(|line| line.contains(" new, ")).collect();
    assert_eq!(counts.len(), 6, "{said}");
    for count in counts {
        assert!(count.contains(": 0 new, 0 changed, "), "{count}\n{said}");
    }
    assert_eq!(office.register(), shown);
}

#[test]
fn a_folder_with_nothing_to_import_says_what_is_looked_for() {
    let place = Place::new();
    let office = place.founded("office");
    let empty = place.folder("empty", &[("holiday.csv", b"a,b\n1,2\n")]);
    let words = ["none of the files that are imported", "sites.csv, staff.csv, pupils.csv"];
    office.run(&["import", as_text(&empty)]).refused(&words);
    office.run(&["import", as_text(&place.path("missing"))]).refused(&["is not a folder"]);
    office.run(&["import", as_text(&empty.join("holiday.csv"))]).refused(&["is not a folder"]);
}

#[test]
fn a_teacher_brings_no_files_in_though_they_may_write_what_stands_in_them() {
    let place = Place::new();
    let (office, hall) = (place.school("office"), place.device("hall"));
    enrol(&office, &hall);
    let invited = office.run(&["people", "invite", "Tom", "Reid", "--role", "core_staff", "--site", "S1"]).done();
    let words = invited.out.lines().find_map(|line| line.strip_prefix("  ")).unwrap_or_else(|| panic!("{invited}"));
    let (running, address) = office.serve_with(&["run", "--sign-in"]);
    hall.run(&["sync", &address]).done();
    hall.run(&["activate", words]).done();
    hall.run(&["sync", &address]).done();
    drop(running);
    hall.run(&["register", "4B", "--as", "Tom"]).done();
    let marks = b"admission_no,date,session,code\n000001,2026-11-23,AM,/\n";
    let export = place.folder("marks", &[("attendance.csv", marks)]);
    let refused = ["senior leaders and data handlers"];
    hall.run(&["import", as_text(&export), "--as", "Tom"]).refused(&refused);
    assert!(!hall.run(&["register", "4B", "--as", "Tom"]).done().out.contains("/ Present"));
}

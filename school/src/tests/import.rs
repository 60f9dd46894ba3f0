//! Bringing records in from CSV.

use super::*;
use crate::import::{self, ImportReport, Options};
use crate::show;
use std::collections::BTreeMap;

const SITES: &str = "code,name,assembly_points\nS1,Ash House,Front car park; Playing field gate\nS2,Beech Lodge,\n";
const STAFF: &str = "staff_code,title,forename,surname,job_title,role,site,email\n\
    T1,Ms,Helen,Marsh,Teacher,core_staff,S1,h@x.example\nT2,Mr,Tom,Okafor,Head,senior_leader,,t@x.example\n";
const PUPILS: &str = "UPN,Admission No,Legal Surname,Legal Forename,Preferred Forename,Date of Birth,Year,Reg Group,Site,\
    Date of Admission,Medical Condition,Care Note,PEEP\n\
    B801200005001,000001,Hall,Zoë,Zoë,18/08/2014,8,S1-8A,S1,01/09/2023,Hypermobility,Do not use stairs,Y\n\
    ,000002,Novák,Jakub,Jo,27/09/2013,9,,S1,01/09/2023,Asthma,Blue inhaler,N\n";
const CONTACTS: &str = "admission_no,priority,title,forename,surname,relationship,parental_responsibility,mobile,email,court_order\n\
    000001,1,Ms,Ann,Hall,Mother,Y,07700 900876,a@x.example,N\n000001,2,Mr,Bob,Hall,Father,Y,07700 900877,b@x.example,Y\n";
const MARKS: &str = "admission_no,date,session,code,minutes_late,comment\n\
    000001,2026-11-16,AM,/,,\n000001,2026-11-16,PM,\\,,\n000001,2026-11-17,AM,L,12,\n000002,2026-11-16,AM,Y7,,Burst main\n";
const VISITORS: &str = "date,arrived,left,name,organisation,visiting,site,badge\n\
    2026-11-16,10:51,15:10,Priya Brown,Local authority,T1,S1,V001\n";

fn files(changed: &[(&str, &[u8])]) -> BTreeMap<String, Vec<u8>> {
    let mut files: BTreeMap<String, Vec<u8>> = [
        ("sites.csv", SITES),
        ("staff.csv", STAFF),
        ("pupils.csv", PUPILS),
        ("contacts.csv", CONTACTS),
        ("attendance.csv", MARKS),
        ("visitors.csv", VISITORS),
    ]
    .into_iter()
    .map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec()))
    .collect();
    for (name, bytes) in changed {
        files.insert((*name).to_owned(), bytes.to_vec());
    }
    files
}

fn empty() -> Desk {
    let mut records = MemoryRecords::new(9);
    records.sign_in(HELEN);
    let mut desk = Desk { records, known: Known::default() };
    desk.at(clock(8, 0));
    desk
}

fn run(desk: &mut Desk, files: BTreeMap<String, Vec<u8>>, strict: bool) -> ImportReport {
    import::apply(
        &mut desk.records,
        &mut desk.known,
        import::read(files, &crate::codes::Codes::of_law()),
        Options { strict },
    )
    .unwrap()
}

fn said(report: &ImportReport) -> Vec<String> {
    report.rejects.iter().map(ToString::to_string).collect()
}

/// The reasons for which a changed file's rows are rejected.
fn rejected(name: &str, text: &[u8]) -> Vec<String> {
    said(&run(&mut empty(), files(&[(name, text)]), false))
}

#[test]
fn a_school_comes_in_whole_and_importing_it_twice_changes_nothing() {
    let mut desk = empty();
    let first = run(&mut desk, files(&[]), false);
    assert_eq!(said(&first), Vec::<String>::new());
    let added =
        [first.sites, first.staff, first.pupils, first.contacts, first.marks, first.visits].map(|count| count.added);
    assert_eq!(added, [2, 2, 2, 2, 4, 1]);
    let entries = desk.records.entries().clone();
    let second = run(&mut desk, files(&[]), false);
    assert_eq!((second.acts, second.entries), (0, 0));
    let same = [second.sites, second.staff, second.pupils, second.contacts, second.marks, second.visits];
    assert_eq!(same.map(|count| count.same), [2, 2, 2, 2, 4, 1]);
    assert_eq!(desk.records.entries(), &entries);
    let zoe = desk.known.search("zoe", 5).first().map(|pupil| pupil.id).unwrap();
    assert_eq!(desk.known.care(zoe).unwrap().help(), ["Do not use stairs"]);
    let head = desk.known.school().staff.values().find(|staff| staff.staff_code == "T2").unwrap().person;
    let post = desk.office().post(head).unwrap().unwrap();
    assert_eq!((post.role, post.sites), (crate::roles::Role::SeniorLeader, Vec::new()), "his rights follow from this");
}

#[test]
fn imported_marks_show_in_the_register_and_those_without_a_group_in_one_made_for_them() {
    let mut desk = empty();
    run(&mut desk, files(&[]), false);
    let names: Vec<_> = desk.known.school().groups.values().map(|group| group.name.clone()).collect();
    assert!(names.contains(&"S1-8A".to_owned()) && names.contains(&"Imported, no group".to_owned()), "{names:?}");
    let day = Day::parse("2026-11-17").unwrap();
    let group = desk.known.school().groups.values().find(|group| group.name == "S1-8A").unwrap().id;
    let view =
        show::register(&mut desk.records, &mut desk.known, &show::register_key(group, Session::am(day))).unwrap();
    assert_eq!(view.rows[0].mark.as_ref().unwrap().words, "Late");
    assert_eq!(view.rows[0].mark.as_ref().unwrap().minutes, Some(12));
    let past: Vec<_> = view.rows[0].past.iter().map(|past| past.code.as_str()).collect();
    assert_eq!(past[3..], ["/", "\\"]);
    let jakub = desk.known.search("novak", 1)[0].clone();
    let session = Session::am(Day::parse("2026-11-16").unwrap());
    assert_eq!(jakub.noted(session), "Burst main");
    assert_eq!(desk.office().board(session).unwrap().current(jakub.id, session).code().unwrap().as_str(), "Y7");
    let rolls: Vec<_> =
        desk.records.entries().values().filter(|entry| entry.document.kind == crate::facts::documents::ROLL).collect();
    assert!(rolls.is_empty(), "past days are no evidence of today");
}

#[test]
fn byte_order_marks_crlf_old_encodings_quoted_line_breaks_and_any_order_of_columns_are_read() {
    let mut desk = empty();
    let mut sites = b"\xEF\xBB\xBF".to_vec();
    sites.extend(SITES.replace('\n', "\r\n").as_bytes());
    // Windows-1252, columns in another order, one unknown, a line break in quotes.
    let pupils =
        b"Site,Shoe size,Legal Forename,Legal Surname,Admission No\r\nS1,38,Zo\xEB,\"Smith\r\nJones\",000001\r\n";
    let report = run(&mut desk, files(&[("sites.csv", &sites), ("pupils.csv", pupils), ("attendance.csv", b"admission_no,date,session,code\n000001,16/11/2026,am,\\\n000001,16/11/2026,PM,\\\n000001,2026-11-17,AM,#\n")]), false);
    assert_eq!(said(&report), ["attendance.csv:2: \\ is for the afternoon only: use /"]);
    assert!(report.warnings.iter().any(|line| line.contains("\"Shoe size\" is not known")), "{:?}", report.warnings);
    assert!(report.warnings.iter().any(|line| line.contains("Windows-1252")), "{:?}", report.warnings);
    assert_eq!(desk.known.search("zoe smith jones", 2).len(), 1);
    assert_eq!(report.marks.added, 2, "# is a code and no comment, \\ no escape");
}

#[test]
fn a_bad_row_is_named_by_the_line_that_an_editor_shows_whatever_the_line_ends_and_empty_lines() {
    let rows = "Admission No,Legal Surname,Legal Forename,Site\n000001,\"Hall\nPark\",Ann,S1\n\n000002,Novak,Jo,S9\n000003,Ali,Leo,S9\n";
    for ends in ["\n", "\r\n"] {
        let mut desk = empty();
        let pupils = rows.replace('\n', ends);
        let report = run(&mut desk, files(&[("pupils.csv", pupils.as_bytes())]), false);
        let said = said(&report).join("; ");
        for line in ["pupils.csv:5: there is no site", "pupils.csv:6: there is no site"] {
            assert!(said.contains(line), "{ends:?}: {said}");
        }
    }
}

#[test]
fn every_kind_of_bad_row_is_named_by_file_line_and_reason() {
    let pupils = |rows: &str| {
        format!("UPN,Admission No,Legal Surname,Legal Forename,Date of Birth,Site,Date of Admission\n{rows}")
    };
    let marks = |rows: &str| format!("admission_no,date,session,code,minutes_late\n{rows}");
    let cases: &[(&str, String, &[&str])] = &[
        (
            "pupils.csv",
            pupils(",000001,Hall,Ann,,S1,\n,000001,Hall,Bea,,S1,\n,000002,Novak,Jo,,S1,\n"),
            &["pupils.csv:3: the same admission number is already on line 2: keep one of the two"],
        ),
        (
            "pupils.csv",
            pupils("A801200005001,000001,Hall,Ann,,S1,\n,000002,Novak,Jo,,S1,\n"),
            &[
                "attendance.csv:2: no pupil has admission number \"000001\": add them to pupils.csv, or mend the number",
                "pupils.csv:2: the UPN's check letter is wrong: the digits give B; look for a mistyped digit",
            ],
        ),
        (
            "pupils.csv",
            pupils(",000001,Hall,Ann,31/02/2014,S1,\n,000002,Novak,Jo,,S9,\n"),
            &["pupils.csv:2: there is no such date as \"31/02/2014\"", "pupils.csv:3: there is no site \"S9\""],
        ),
        ("attendance.csv", marks("000001,2026-11-16,AM,QQ,\n"), &["attendance.csv:2: there is no code QQ"]),
        ("attendance.csv", marks("000001,2026-11-16,AM,J,\n"), &["attendance.csv:2: J needs a number: J1"]),
        (
            "attendance.csv",
            marks("000001,2023-08-31,AM,/,\n"),
            &["attendance.csv:2: the pupil was not on roll on 2023-08-31"],
        ),
        (
            "attendance.csv",
            marks("000001,2027-01-11,AM,/,\n"),
            &["attendance.csv:2: Monday 11 January, morning has not come"],
        ),
        ("attendance.csv", marks("000001,2026-11-16,AM,/,5\n"), &["attendance.csv:2: / takes no minutes"]),
        (
            "attendance.csv",
            marks("000001,2026-11-16,noon,/,\n"),
            &["attendance.csv:2: the session is \"NOON\": write AM or PM"],
        ),
        ("attendance.csv", marks("000001,2026-11-16,AM\n"), &["attendance.csv:2: the row has 3 fields, the header 5"]),
        ("attendance.csv", "admission_no,date,session\n".to_owned(), &["attendance.csv:1: the column code is missing"]),
        ("attendance.csv", String::new(), &["attendance.csv:1: is empty"]),
        (
            "staff.csv",
            "staff_code,forename,surname,role,site\nT1,A,B,wizard,\nT1,A,B,core_staff,S7\n".to_owned(),
            &["staff.csv:2: there is no role \"wizard\"", "staff.csv:3: there is no site \"S7\""],
        ),
    ];
    for (file, text, wanted) in cases {
        let found = rejected(file, text.as_bytes());
        for line in *wanted {
            assert!(found.iter().any(|said| said.starts_with(line)), "wanted {line}\ngot {found:#?}");
        }
    }
}

#[test]
fn rejected_rows_can_be_mended_and_imported_again() {
    let mut desk = empty();
    let marks = "admission_no,date,session,code,minutes_late,comment\n000001,2026-11-16,AM,/,,\n\
        000001,2026-11-16,PM,J,,\"a, b\"\n000009,2026-11-16,PM,/,,\n";
    let report = run(&mut desk, files(&[("attendance.csv", marks.as_bytes())]), false);
    assert_eq!((report.marks.added, report.rejects.len()), (1, 2), "good rows go in");
    let file = String::from_utf8(report.rejected.get("attendance.csv").unwrap().to_csv()).unwrap();
    assert_eq!(
        file,
        "admission_no,date,session,code,minutes_late,comment\n000001,2026-11-16,PM,J,,\"a, b\"\n000009,2026-11-16,PM,/,,\n"
    );
    let mended = file.replace(",J,", ",J1,").replace("000009,2026-11-16,PM,/", "000002,2026-11-16,PM,\\");
    let report = run(&mut desk, BTreeMap::from([("attendance.csv".to_owned(), mended.into_bytes())]), false);
    assert_eq!((report.marks.added, report.rejects.len()), (2, 0));
}

#[test]
fn strict_takes_all_or_nothing() {
    let mut desk = empty();
    let marks = b"admission_no,date,session,code\n000001,2026-11-16,AM,/\n000001,2026-11-16,PM,?\n";
    let report = run(&mut desk, files(&[("attendance.csv", marks)]), true);
    assert!(report.refused && report.rejects.len() == 1);
    assert!(desk.records.entries().is_empty());
    assert!(!run(&mut desk, files(&[]), true).refused);
}

#[test]
fn an_import_never_overrides_what_staff_marked_and_leaves_an_amended_mark_alone() {
    let mut desk = empty();
    run(&mut desk, files(&[]), false);
    let zoe = desk.known.search("zoe", 1)[0].id;
    let session = Session::am(Day::parse("2026-11-16").unwrap());
    desk.office().amend(zoe, session, (Some("I"), None), "was ill", None).unwrap();
    let again = run(&mut desk, files(&[]), false);
    assert_eq!((again.acts, again.rejects.len()), (0, 0));
    assert_eq!(desk.office().board(session).unwrap().current(zoe, session).code().unwrap().as_str(), "I");
    let other = b"admission_no,date,session,code\n000001,2026-11-16,AM,G\n";
    let report = run(&mut desk, files(&[("attendance.csv", other)]), false);
    assert!(said(&report)[0].contains("marked by staff"), "{:?}", said(&report));
}

#[test]
fn an_import_stopped_in_the_middle_goes_on_where_it_stopped() {
    let mut whole = empty();
    let acts = run(&mut whole, files(&[]), false).acts;
    for stop in 0..u64::from(acts) {
        let mut desk = empty();
        desk.records.fail_after(Some(stop));
        let parsed = import::read(files(&[]), &crate::codes::Codes::of_law());
        assert!(import::apply(&mut desk.records, &mut desk.known, parsed, Options::default()).is_err());
        desk.records.fail_after(None);
        run(&mut desk, files(&[]), false);
        let third = run(&mut desk, files(&[]), false);
        assert_eq!(third.acts, 0, "stopped after {stop}");
        assert_eq!(desk.known.pupils().count(), 2);
        assert_eq!(desk.known.school().staff.len(), 2);
    }
}

proptest::proptest! {
    #[test]
    fn no_file_whatever_its_bytes_stops_an_import(name in 0..6_usize, bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..300)) {
        let mut changed = files(&[]);
        changed.insert(import::FILES[name].to_owned(), bytes);
        let mut desk = empty();
        run(&mut desk, changed.clone(), false);
        let entries = desk.records.entries().len();
        run(&mut desk, changed, false);
        proptest::prop_assert_eq!(desk.records.entries().len(), entries);
    }
}

#[test]
fn a_row_that_says_another_site_moves_the_pupil_with_all_that_is_recorded() {
    let mut desk = empty();
    run(&mut desk, files(&[]), false);
    let find =
        |desk: &Desk| desk.known.pupils().find(|pupil| pupil.identity.admission_no == "000001").cloned().unwrap();
    let before = find(&desk);
    let elsewhere = PUPILS.replace("8,S1-8A,S1,", "8,S2-8A,S2,");
    run(&mut desk, files(&[("pupils.csv", elsewhere.as_bytes())]), false);
    let after = find(&desk);
    let meadow = desk.known.school().site_by_code("S2").unwrap().id;
    assert_eq!((after.id, after.site, desk.known.site_on(&after, monday())), (before.id, meadow, meadow));
    assert!(desk.known.care(after.id).unwrap().evacuation.as_ref().unwrap().needs_help);
    let family = desk.known.family(&mut desk.records, after.id).unwrap().unwrap();
    assert_eq!(family.contacts.len(), 2);
    let acts = desk.records.acts();
    run(&mut desk, files(&[("pupils.csv", elsewhere.as_bytes())]), false);
    assert_eq!(desk.records.acts(), acts, "importing it again changes nothing");
}

/// A school of an import, whose pupil 000001 staff moved to Meadow.
fn moved_by_staff() -> (Desk, PlaceId) {
    let mut desk = empty();
    run(&mut desk, files(&[]), false);
    let zoe = of_number(&desk, "000001");
    let meadow = desk.known.school().site_by_code("S2").unwrap().id;
    let today = calendar_day(&desk);
    desk.office().move_pupil(zoe.id, meadow, None, today).unwrap();
    (desk, meadow)
}

#[test]
fn what_an_import_brought_of_a_pupil_who_moved_is_not_taken_for_the_entry_of_staff() {
    let (mut desk, meadow) = moved_by_staff();
    let elsewhere = PUPILS.replace("8,S1-8A,S1,", "8,,S2,");
    let report = run(&mut desk, files(&[("pupils.csv", elsewhere.as_bytes())]), false);
    assert_eq!(said(&report), Vec::<String>::new(), "the export has caught up, and says nothing new");
    let married = elsewhere.replace("Hall,Zoë", "Hall-Ito,Zoë");
    let contacts = CONTACTS.replace("07700 900876", "07700 900777");
    assert_ne!(contacts, CONTACTS);
    let changed: &[(&str, &[u8])] = &[("pupils.csv", married.as_bytes()), ("contacts.csv", contacts.as_bytes())];
    let report = run(&mut desk, files(changed), false);
    assert_eq!((said(&report), report.pupils.changed), (Vec::new(), 1));
    let zoe = of_number(&desk, "000001");
    assert_eq!((zoe.site, zoe.identity.surname.as_str()), (meadow, "Hall-Ito"));
}

#[test]
fn what_staff_entered_before_a_pupil_moved_stays_theirs_afterwards_whoever_moved_them() {
    use crate::office::EntryChange;
    for by_staff in [true, false] {
        let mut desk = empty();
        run(&mut desk, files(&[]), false);
        let zoe = of_number(&desk, "000001");
        let identity = Identity { surname: "Ito".to_owned(), ..zoe.identity.clone() };
        let change = EntryChange { identity: Some(identity), ..EntryChange::default() };
        desk.office().amend_entry(zoe.id, &change, "Deed poll seen").unwrap();
        let meadow = desk.known.school().site_by_code("S2").unwrap().id;
        let elsewhere = PUPILS.replace("8,S1-8A,S1,", "8,,S2,");
        if by_staff {
            let today = calendar_day(&desk);
            desk.office().move_pupil(zoe.id, meadow, None, today).unwrap();
        } else {
            let agrees = elsewhere.replace("Hall,Zoë", "Ito,Zoë");
            run(&mut desk, files(&[("pupils.csv", agrees.as_bytes())]), false);
            assert_eq!(of_number(&desk, "000001").site, meadow);
        }
        let said = said(&run(&mut desk, files(&[("pupils.csv", elsewhere.as_bytes())]), false)).join("; ");
        assert!(said.contains("staff entered something else here (names and numbers)"), "{by_staff}: {said}");
        assert_eq!(of_number(&desk, "000001").identity.surname, "Ito");
    }
}

#[test]
fn a_pupil_whom_an_import_moved_is_moved_on_by_the_next_and_one_whom_staff_moved_is_not() {
    let mut desk = empty();
    run(&mut desk, files(&[]), false);
    let elsewhere = PUPILS.replace("8,S1-8A,S1,", "8,,S2,");
    run(&mut desk, files(&[("pupils.csv", elsewhere.as_bytes())]), false);
    let harbour = desk.known.school().site_by_code("S1").unwrap().id;
    let report = run(&mut desk, files(&[]), false);
    assert_eq!((said(&report), of_number(&desk, "000001").site), (Vec::new(), harbour));
    let (mut desk, meadow) = moved_by_staff();
    let refused = said(&run(&mut desk, files(&[]), false)).join("; ");
    assert!(refused.contains("(site"), "{refused}");
    assert_eq!(of_number(&desk, "000001").site, meadow);
}

/// The pupil of an admission number.
fn of_number(desk: &Desk, number: &str) -> std::sync::Arc<crate::known::Pupil> {
    desk.known.pupils().find(|pupil| pupil.identity.admission_no == number).cloned().unwrap()
}

#[test]
fn an_import_never_overrides_an_entry_that_staff_amended() {
    use crate::facts::family::Address;
    use crate::office::EntryChange;
    let mut desk = empty();
    let address = |street: &str| {
        PUPILS.replace(",PEEP\n", ",PEEP,Address\n").replace(",Y\n", &format!(",Y,{street}\n")).replace(",N\n", ",N,\n")
    };
    run(&mut desk, files(&[("pupils.csv", address("3 Mill Lane").as_bytes())]), false);
    let zoe = of_number(&desk, "000001");
    let here = Address { line: "9 Safe Street".to_owned(), town: String::new(), postcode: String::new() };
    let change = EntryChange {
        identity: Some(Identity { surname: "Hall-Ito".to_owned(), ..zoe.identity.clone() }),
        starting: Some(Day::parse("2023-09-04").unwrap()),
        family: vec![here.clone().into()],
        ..EntryChange::default()
    };
    desk.office().amend_entry(zoe.id, &change, "Deed poll seen").unwrap();
    // The old system knows nothing of it, and has a new class besides.
    let old = address("3 Mill Lane").replace("S1-8A", "S1-8B");
    let report = run(&mut desk, files(&[("pupils.csv", old.as_bytes())]), false);
    let said = said(&report);
    assert_eq!(said.len(), 1, "{said:?}");
    for part in ["pupils.csv:2: staff entered something else here", "names and numbers", "starting day", "address"] {
        assert!(said[0].contains(part), "{part}: {said:?}");
    }
    let held = of_number(&desk, "000001");
    assert_eq!(held.identity.surname, "Hall-Ito");
    assert_eq!(held.on_roll.starting, Day::parse("2023-09-04").ok());
    let family = desk.known.family(&mut desk.records, held.id).unwrap().unwrap();
    assert_eq!(family.address, Some(here));
    assert_eq!(family.contacts.len(), 2);
    assert!(!desk.known.school().groups.values().any(|group| group.name == "S1-8B"), "nothing of the row is written");
}

#[test]
fn an_import_goes_on_to_change_what_an_import_brought_and_the_history_says_so() {
    let mut desk = empty();
    run(&mut desk, files(&[]), false);
    let married = PUPILS.replace("Novák,Jakub", "Novotný,Jakub");
    let report = run(&mut desk, files(&[("pupils.csv", married.as_bytes())]), false);
    assert_eq!((report.pupils.changed, report.rejects.len()), (1, 0));
    let held = of_number(&desk, "000002");
    assert_eq!(held.identity.surname, "Novotný");
    let told = crate::admission::history::of(&mut desk.records, &held).unwrap();
    assert_eq!(told[0].reason, "Imported");
    assert!(told[0].changed.iter().any(|one| one.original == "Novák" && one.amended == "Novotný"), "{told:?}");
}

#[test]
fn an_empty_cell_changes_nothing_that_is_known() {
    let mut desk = empty();
    run(&mut desk, files(&[]), false);
    let bare = "UPN,Admission No,Legal Surname,Legal Forename,Preferred Forename,Date of Birth,Year,Reg Group,Site,\
        Date of Admission,Medical Condition,Care Note,PEEP\n,000001,Hall,Zoë,,,,,S1,,,,\n,000002,Novák,Jakub,,,,,S1,,,,\n";
    let (zoe, jakub) = (of_number(&desk, "000001"), of_number(&desk, "000002"));
    let report = run(&mut desk, files(&[("pupils.csv", bare.as_bytes())]), false);
    assert_eq!((report.pupils.same, said(&report)), (2, Vec::new()));
    for (before, after) in [(&zoe, of_number(&desk, "000001")), (&jakub, of_number(&desk, "000002"))] {
        assert_eq!((&after.identity, &after.on_roll), (&before.identity, &before.on_roll));
        assert_eq!(after.placings, before.placings);
    }
    assert!(desk.known.care(zoe.id).unwrap().evacuation.as_ref().unwrap().needs_help);
}

#[test]
fn a_class_or_a_contact_that_was_changed_here_stays() {
    let mut desk = empty();
    run(&mut desk, files(&[]), false);
    let zoe = of_number(&desk, "000001");
    let today = calendar_day(&desk);
    let oak = desk.office().add_group(zoe.site, "Oak", None).unwrap();
    desk.office().place_pupil(zoe.id, oak, today).unwrap();
    let family = desk.known.family(&mut desk.records, zoe.id).unwrap().unwrap();
    let ann = family.contacts.iter().find(|one| one.forename == "Ann").unwrap().clone();
    let new = crate::facts::family::Contact { numbers: vec!["07700 900999".to_owned()], ..ann };
    let change = crate::office::EntryChange { family: vec![new.into()], ..Default::default() };
    desk.office().amend_entry(zoe.id, &change, "She rang").unwrap();
    let report = run(&mut desk, files(&[]), false);
    let said = said(&report).join("; ");
    assert!(said.contains("contacts.csv:2: staff changed this contact here"), "{said}");
    assert!(said.contains("pupils.csv:2: staff entered something else here (class and year)"), "{said}");
    assert_eq!(of_number(&desk, "000001").group_on(today), Some(oak));
}

fn calendar_day(desk: &Desk) -> Day {
    crate::calendar::local(muster_core::replica::records::Records::now(&desk.records)).day
}

const LEAVERS: &str = "Admission No,Legal Surname,Legal Forename,UPN,Year,Reg Group,Site,Date of Admission,Date of Leaving\n\
    000009,Gone,Gus,B801200005001,11,S1-8A,S1,01/09/2023,17/11/2026\n";

#[test]
fn whoever_had_left_comes_in_with_their_marks_and_stands_on_no_list_of_today() {
    let marks = "admission_no,date,session,code\n000009,2026-11-16,AM,/\n000009,2026-11-18,AM,/\n";
    let mut desk = empty();
    let report =
        run(&mut desk, files(&[("pupils.csv", LEAVERS.as_bytes()), ("attendance.csv", marks.as_bytes())]), false);
    let why = said(&report).join("\n");
    assert!(why.contains("attendance.csv:3: the pupil was not on roll any more on 2026-11-18"), "{why}");
    assert!(!why.lines().any(|why| why.starts_with("pupils.csv")) && report.marks.added == 1, "{why}");
    let gus = of_number(&desk, "000009");
    let day = |text| Day::parse(text).unwrap();
    assert!(gus.is_on_roll(day("2026-11-17")) && !gus.is_on_roll(day("2026-11-18")));
    let group = gus.group_on(monday()).unwrap();
    assert!(desk.known.members(group, monday()).is_empty(), "no mark is due, and no fire list has him");
    assert!(crate::admission::returns_due(&desk.known, monday()).iter().all(|due| due.pupil != gus.id));
    let again = run(&mut desk, files(&[("pupils.csv", LEAVERS.as_bytes()), ("attendance.csv", b"")]), false);
    assert_eq!((again.pupils.same, again.pupils.changed), (1, 0));
    desk.office().restore_name(gus.id, "Helen Marsh, head", "Another Gus had left").unwrap();
    assert!(of_number(&desk, "000009").is_on_roll(monday()));
}

#[test]
fn the_number_of_a_leaver_is_free_for_the_same_child_come_back() {
    let back = format!("{LEAVERS}000010,Gone,Gus,B801200005001,12,S1-8A,S1,19/11/2026,\n");
    assert_eq!(rejected("pupils.csv", back.as_bytes()).iter().filter(|why| why.contains("UPN")).count(), 0);
}

#[test]
fn no_row_takes_a_name_off_the_register_that_stands_here() {
    let mut desk = empty();
    run(&mut desk, files(&[]), false);
    let row = |starting: &str, leaving: &str| {
        format!(
            "Admission No,Legal Surname,Legal Forename,Date of Birth,Year,Reg Group,Site,Date of Admission,Date of Leaving\n\
             000001,Hall,Zoë,18/08/2014,8,S1-8A,S1,{starting},{leaving}\n"
        )
    };
    let mut why = |starting: &str, leaving: &str| {
        let text = row(starting, leaving);
        let report = run(&mut desk, files(&[("pupils.csv", text.as_bytes())]), false);
        said(&report).into_iter().filter(|why| why.starts_with("pupils.csv")).collect::<Vec<_>>().join("\n")
    };
    assert!(why("01/09/2023", "20/11/2026").contains("on a ground only"));
    assert!(why("01/09/2027", "").contains("on a ground only"), "nor by another starting day");
    assert!(why("17/11/2026", "").contains("a mark on Monday 16 November"));
    assert!(why("19/11/2026", "18/11/2026").contains("the day of leaving is before the starting day"));
    assert_eq!(why("01/09/2022", ""), "", "an earlier one may come in");
    assert!(of_number(&desk, "000001").is_on_roll(monday()));
    let new = row("01/09/2023", "30/11/2026").replace("000001", "000031");
    let why = rejected("pupils.csv", new.as_bytes()).join("\n");
    assert!(
        why.contains("pupils.csv:2: this name stands on the register, and leaves it on a ground only"),
        "a day to come is no leaving yet: {why}"
    );
}

#[test]
fn marks_of_a_day_without_school_are_taken_in_as_history_and_said_to_be() {
    let marks = MARKS.replace("2026-11-16,AM,/", "2026-11-14,AM,/");
    let report = run(&mut empty(), files(&[("attendance.csv", marks.as_bytes())]), false);
    assert_eq!(said(&report), Vec::<String>::new());
    let warned: Vec<_> = report.warnings.iter().filter(|words| words.contains("without school")).collect();
    assert_eq!(warned.len(), 1, "{:?}", report.warnings);
    assert!(
        warned[0].contains("1 mark stands") && warned[0].contains("Saturday 14 November 2026, weekend"),
        "{warned:?}"
    );
    let report = run(&mut empty(), files(&[]), false);
    assert!(report.warnings.iter().all(|words| !words.contains("without school")), "{:?}", report.warnings);
}

#[test]
fn where_each_class_meets_comes_in_with_its_site_and_a_class_that_is_not_there_is_named() {
    let sites = "code,name,assembly_points,class_points\n\
        S1,Ash House,Front car park; Playing field gate,S1-8A: Playing field gate\nS2,Beech Lodge,,\n";
    let mut desk = empty();
    let report = run(&mut desk, files(&[("sites.csv", sites.as_bytes())]), false);
    assert_eq!(said(&report), Vec::<String>::new());
    let (site, group) = {
        let school = desk.known.school();
        let group = school.groups.values().find(|group| group.name == "S1-8A").unwrap();
        (group.site, group.id)
    };
    let meets = |desk: &Desk| desk.known.school().places[&site].meets.clone();
    assert_eq!(meets(&desk), [(group, "Playing field gate".to_owned())]);
    let acts = desk.records.acts();
    run(&mut desk, files(&[("sites.csv", sites.as_bytes())]), false);
    assert_eq!(desk.records.acts(), acts, "importing it again changes nothing");
    run(&mut desk, files(&[]), false);
    assert_eq!(meets(&desk).len(), 1, "a file without the column leaves it alone");
    for (cell, words) in [
        ("S1-9Z: Front car park", "the site has no class \"S1-9Z\""),
        ("S1-8A: The moon", "\"The moon\" is none of the assembly points"),
        ("S1-8A", "are written as Beech: Front car park; Oak: Gate"),
    ] {
        let wrong = sites.replace("S1-8A: Playing field gate", cell);
        let said = said(&run(&mut desk, files(&[("sites.csv", wrong.as_bytes())]), false)).join("; ");
        assert!(said.starts_with("sites.csv:2: ") && said.contains(words), "{said}");
        assert_eq!(meets(&desk).len(), 1);
    }
}

#[test]
fn a_misspelt_class_leaves_where_the_others_meet_and_what_staff_set_is_not_gone_over() {
    let of = |cell: &str| {
        format!(
            "code,name,assembly_points,class_points\nS1,Ash House,Front car park; Playing field gate,{cell}\nS2,Beech Lodge,,\n"
        )
    };
    let mut desk = empty();
    let pupils = PUPILS.replace(",9,,S1,", ",9,S1-9A,S1,");
    let first = of("S1-8A: Playing field gate; S1-9A: Playing field gate");
    assert_eq!(
        said(&run(&mut desk, files(&[("sites.csv", first.as_bytes()), ("pupils.csv", pupils.as_bytes())]), false)),
        Vec::<String>::new()
    );
    let group = |desk: &Desk, name: &str| desk.known.school().groups.values().find(|one| one.name == name).unwrap().id;
    let (a, b) = (group(&desk, "S1-8A"), group(&desk, "S1-9A"));
    let site = desk.known.school().groups[&a].site;
    let meets = |desk: &Desk, group| {
        let places = &desk.known.school().places[&site];
        places.meets.iter().find(|(of, _)| *of == group).map(|(_, point)| point.clone())
    };
    let misspelt = of("S1-8A: Front car park; S1-9Aa: Front car park");
    let told =
        said(&run(&mut desk, files(&[("sites.csv", misspelt.as_bytes()), ("pupils.csv", pupils.as_bytes())]), false))
            .join("; ");
    assert!(told.contains("the site has no class \"S1-9Aa\""), "{told}");
    assert_eq!(meets(&desk, a).as_deref(), Some("Front car park"), "the rest of the row is taken in");
    assert_eq!(meets(&desk, b).as_deref(), Some("Playing field gate"), "and nobody loses their point");
    let mut places = desk.known.school().places[&site].clone();
    places.meets.iter_mut().for_each(|(_, point)| *point = "Playing field gate".to_owned());
    desk.office().set_site_places(places).unwrap();
    let told =
        said(&run(&mut desk, files(&[("sites.csv", misspelt.as_bytes()), ("pupils.csv", pupils.as_bytes())]), false))
            .join("; ");
    assert!(told.contains("where S1-8A meets was set on the School calendar here"), "{told}");
    assert_eq!(meets(&desk, a).as_deref(), Some("Playing field gate"));
}

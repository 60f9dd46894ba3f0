//! Files as old programs and people write them: other letters, other line ends, other columns.

use crate::support::{Place, as_text};

#[test]
fn files_from_other_programs_are_read_as_they_are() {
    let place = Place::new();
    let office = place.founded("office");
    // A byte-order mark, CRLF, a line break inside quotes.
    let sites = "\u{feff}code,name,assembly_points\r\nS1,Harbour,\"Front car park;\r\nPlaying field gate\"\r\n";
    // Windows-1252, with a column that nobody asked for.
    let staff =
        b"staff_code,title,forename,surname,shoe_size,role,site\r\nT1,Ms,Zo\xeb,Fran\xe7ois,38,site_lead,S1\r\n";
    // Columns in another order, some with another name, most missing; UTF-16, as a spreadsheet saves it.
    let pupils = "Site,Class,Favourite Colour,Forename,Surname,Admission Number\r\n\
                  S1,4B,blue,Amélie,Nguyễn,A-1\r\nS1,4B,\"red, mostly\",\"Jo \"\"JJ\"\"\",O’Neill,A-2\r\n";
    let utf16: Vec<u8> =
        std::iter::once(0xfeff).chain(pupils.encode_utf16()).flat_map(|unit| unit.to_le_bytes()).collect();
    // Old Macintosh and Unix line ends with blank lines between, and spaces around fields.
    let marks = "admission_no , date,session,code\n\n A-1 , 2026-11-20 , am , / \n\n\nA-2,20/11/2026,PM,\\\n";
    let export = place.folder(
        "export",
        &[
            ("sites.csv", sites.as_bytes()),
            ("staff.csv", staff),
            ("pupils.csv", &utf16),
            ("attendance.csv", marks.as_bytes()),
        ],
    );
    let said = office.run(&["import", as_text(&export)]).done();
    for told in [
        "staff.csv: is not UTF-8; read as Windows-1252",
        "staff.csv: the column \"shoe_size\" is not known and was kept out",
        "pupils.csv: the column \"Favourite Colour\" is not known and was kept out",
    ] {
        assert!(said.err.contains(told), "{told}\n{said}");
    }
    assert_eq!(office.register(), ["Nguyễn, Amélie Not yet marked", "O’Neill, Jo \"JJ\" Not yet marked"]);
    let friday = office.run(&["register", "4B", "--day", "2026-11-20", "--session", "pm"]).done();
    assert!(friday.out.contains("\\   Present"), "{friday}");
    let fire = office.run(&["fire"]).done();
    assert!(fire.out.contains("Assembly points: Front car park; Playing field gate"), "{fire}");
    assert!(fire.out.contains("François, Zoë"), "{fire}");
}

#[test]
fn a_file_without_a_column_that_is_needed_is_told_by_the_columns_name() {
    let place = Place::new();
    let office = place.founded("office");
    let export = place.folder(
        "export",
        &[
            ("sites.csv", b"code,name\nS1,Harbour\n"),
            ("pupils.csv", b"Legal Surname,Legal Forename,Reg Group,Site\nByrne,Ada,4B,S1\n"),
            ("attendance.csv", b""),
        ],
    );
    let said = office.run(&["import", as_text(&export)]);
    let said = said
        .ended(2, &["pupils.csv:1: the column admissionno is missing", "attendance.csv:1: is empty", "sites: 1 new"]);
    assert!(said.err.contains("2 files were not read: mend them in"), "{said}");
    assert!(!place.path("rejected").exists(), "there is nothing to mend elsewhere");
    office.run(&["register", "4B"]).refused(&["no group is called 4B"]);
}

#[test]
fn what_is_not_a_csv_file_at_all_is_turned_away_row_by_row_and_stops_nothing() {
    let place = Place::new();
    let office = place.founded("office");
    let noise: Vec<u8> = (0..20_000_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let mut pupils = b"Admission No,Legal Surname,Legal Forename,Reg Group,Site\nA-1,Byrne,Ada,4B,S1\n".to_vec();
    pupils.extend(b"A-2,\"never closed,Zoe,4B,S1\n");
    pupils.extend(&noise);
    let export = place.folder(
        "export",
        &[("sites.csv", b"code,name\nS1,Harbour\n"), ("pupils.csv", &pupils), ("contacts.csv", &noise)],
    );
    let said = office.run(&["import", as_text(&export)]).ended(2, &["pupils.csv:3: ", "contacts.csv:1: "]);
    assert!(said.err.contains("sites: 1 new"), "{said}");
    assert_eq!(office.register(), ["Byrne, Ada Not yet marked"]);
    office.run(&["verify"]).done();
}

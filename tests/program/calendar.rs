//! The school's calendar, its list of codes and the register of a whole site, as somebody types them.

use crate::support::{Device, Place, as_text, squeezed};

fn calendar(office: &Device<'_>) -> Vec<String> {
    office.run(&["calendar", "show", "--site", "S1"]).done().out.lines().map(squeezed).collect()
}

#[track_caller]
fn shows(office: &Device<'_>, line: &str) {
    let shown = calendar(office);
    assert!(shown.iter().any(|held| held == line), "not shown: {line}\n{shown:#?}");
}

#[track_caller]
fn does(office: &Device<'_>, command: &[&str]) {
    let said = office.run(&[&["calendar"], command].concat()).done();
    assert_eq!(said.out, "The calendar is changed. Saved on this device.\n");
}

#[track_caller]
fn refuses(office: &Device<'_>, command: &[&str], words: &str) {
    office.run(&[&["calendar"], command].concat()).refused(&[words]);
}

#[test]
fn outside_its_terms_a_school_is_on_holiday_and_no_register_is_taken() {
    let place = Place::new();
    let office = place.school("office");
    does(&office, &["term", "Autumn", "2026-09-02", "18/12/2026"]);
    shows(&office, "Wednesday 2 September to Friday 18 December Term: Autumn (Every site)");
    shows(&office, "Harbour: Monday 23 November is a school day.");
    let holiday = ["register", "4B", "--day", "2026-09-01", "--session", "am", "--mark", "Byrne=/"];
    office.run(&holiday).refused(&["no register on Tuesday 1 September: school holiday"]);
    refuses(&office, &["term", "Winter", "2026-12-10", "2027-02-12"], "another term has some of these days");
    refuses(&office, &["term", "Spring", "2027-03-26", "2027-01-04"], "the term ends before it begins");
    refuses(&office, &["term", "Spring", "next year", "2027-03-26"], "\"next year\" is not a date");
    does(&office, &["call-off", "2026-09-02"]);
    assert!(!calendar(&office).iter().any(|line| line.contains("Autumn")));
    refuses(&office, &["call-off", "2026-09-02"], "nothing begins on that day here");
}

#[test]
fn a_training_day_takes_no_register_until_it_is_called_off() {
    let place = Place::new();
    let office = place.school("office");
    does(&office, &["training", "2026-11-20"]);
    shows(&office, "Friday 20 November Training day (Every site)");
    let friday = ["register", "4B", "--day", "2026-11-20", "--session", "am", "--mark", "Byrne=/"];
    office.run(&friday).refused(&["no register on Friday 20 November: training day"]);
    does(&office, &["call-off", "2026-11-20"]);
    assert!(office.run(&friday).done().out.contains("Byrne, Ada"));
    refuses(&office, &["training", "2026-11-27", "2026-11-26"], "the last day is before the first");
    refuses(&office, &["closed", "2026-12-01"], "say why in a few words");
    does(&office, &["closed", "2026-12-21", "2027-01-03", "--why", "Christmas", "--site", "S1"]);
    shows(&office, "Monday 21 December to Sunday 3 January Closed: Christmas (Harbour)");
    refuses(&office, &["closed", "2026-12-01", "--why", "Flood", "--site", "S9"], "S9");
    does(&office, &["training", "2026-12-07"]);
    does(&office, &["open", "2026-12-07", "--site", "S1"]);
    shows(&office, "Monday 7 December Open (Harbour)");
}

#[test]
fn a_day_that_was_lost_is_filled_in_with_y4_and_nobody_is_marked_present_by_the_way() {
    let place = Place::new();
    let office = place.school("office");
    does(&office, &["lost", "2026-11-23", "--why", "Boiler failed"]);
    shows(&office, "Harbour: Monday 23 November is a school day that was lost: Boiler failed.");
    let said = office.run(&["register", "4B", "--rest-present"]).done();
    assert!(!said.err.contains("Marked"), "{said}");
    for line in office.register() {
        assert!(line.contains(" Y4 "), "{line}");
    }
}

#[test]
fn the_times_of_a_session_are_three_and_a_register_is_open_for_thirty_minutes_at_most() {
    let place = Place::new();
    let office = place.school("office");
    shows(&office, "Morning: begins 08:50, register closes 09:20, due by 09:30");
    does(&office, &["times", "--am", "08:35,09:05,09:15"]);
    shows(&office, "Morning: begins 08:35, register closes 09:05, due by 09:15");
    shows(&office, "Afternoon: begins 13:00, register closes 13:30, due by 13:30");
    refuses(&office, &["times", "--am", "08:30,09:01,09:30"], "open for 30 minutes at most");
    refuses(&office, &["times", "--pm", "13:00,13:20"], "three times are needed, as 08:50,09:20,09:30");
    refuses(&office, &["times", "--pm", "13:00,noon,14:00"], "\"noon\" is no time: write 08:50");
    refuses(&office, &["times", "--pm", "13:00,12:50,14:00"], "after the session begins");
    refuses(&office, &["times"], "say --am or --pm, or both");
}

#[test]
fn cover_says_who_takes_a_register_and_is_called_off_again() {
    let place = Place::new();
    let office = place.school("office");
    does(&office, &["cover", "4B", "T1", "--first", "2026-11-23", "--last", "2026-11-27"]);
    shows(&office, "Monday 23 November to Friday 27 November Cover: Priya Blackthorne takes 4B (Harbour)");
    refuses(&office, &["cover", "9Z", "T1", "--first", "2026-11-23"], "no group is called 9Z");
    refuses(&office, &["cover", "4B", "T9", "--first", "2026-11-23"], "no member of staff has that code or name");
    refuses(&office, &["cover", "4B", "T1", "--first", "2026-11-23", "--last", "2026-11-20"], "before the first");
    does(&office, &["cover", "4B", "--first", "2026-11-23"]);
    assert!(!calendar(&office).iter().any(|line| line.contains("Cover")));
}

#[test]
fn a_newer_list_of_codes_is_a_file_and_each_row_counts_from_its_first_day() {
    let place = Place::new();
    let office = place.school("office");
    let list = "code,meaning,short,class,on_site,valid_from,otherwise\n\
        HB,Working from the library hub,Library hub,approved_educational_activity,no,2026-11-23,before it was B\n";
    let folder = place.folder("newer", &[("codes.csv", list.as_bytes()), ("bad.csv", b"code,meaning\nHB,Hub\n")]);
    office.run(&["register", "4B", "--mark", "Byrne=HB"]).refused(&["HB"]);
    let read = |file: &str| office.run(&["codes", "--read", as_text(&folder.join(file))]);
    assert_eq!(read("codes.csv").done().out, "1 rows are new. Each counts from its first day.\n");
    assert_eq!(read("codes.csv").done().out, "0 rows are new. Each counts from its first day.\n");
    office.run(&["register", "4B", "--mark", "Byrne=HB"]).done();
    assert!(office.register()[0].starts_with("Byrne, Ada HB Library hub"), "{:?}", office.register());
    let friday = ["register", "4B", "--day", "2026-11-20", "--session", "am", "--mark", "Byrne=HB"];
    office.run(&friday).refused(&["before it was B"]);
    read("bad.csv").refused(&["the list is not used: mend these rows first", "class, on_site are missing"]);
    read("none.csv").refused(&["cannot read"]);
    let listed = office.run(&["codes"]).done().out;
    assert!(listed.lines().map(squeezed).any(|line| line.starts_with("HB Library hub attended")), "{listed}");
    assert!(!office.run(&["codes", "--on", "2026-11-20"]).done().out.contains("Library hub"));
    office.run(&["codes", "--on", "someday"]).refused(&["\"someday\" is not a date"]);
}

#[test]
fn the_register_of_a_whole_site_is_taken_by_its_code_or_its_name() {
    let place = Place::new();
    let office = place.school("office");
    let more = b"Admission No,Legal Surname,Legal Forename,Reg Group,Site,Date of Admission\n\
        000004,Archer,Finn,5K,S1,01/09/2023\n\
        000005,Byrne,Joan,5K,S1,01/09/2023\n";
    office.run(&["import", as_text(&place.folder("more", &[("pupils.csv", more)]))]).done();
    let shown = office.run(&["register", "S1"]).done();
    let line = |name: &str| shown.out.lines().find(|line| line.contains(name)).map(squeezed);
    assert_eq!(line("Archer, Finn").as_deref(), Some("Archer, Finn 5K Not yet marked"), "the class of each: {shown}");
    let said = office.run(&["register", "S1", "--mark", "Archer=L:12", "--mark", "Kaur=I", "--rest-present"]).done();
    assert!(said.err.contains("Marked 5. Saved on this device."), "{said}");
    let shown: Vec<String> = said.out.lines().map(squeezed).collect();
    let has = |line: &str| assert!(shown.iter().any(|held| held.starts_with(line)), "{line}\n{shown:#?}");
    ["Archer, Finn 5K L", "Kaur, Zoe 4B I", "Byrne, Ada 4B /", "Byrne, Joan 5K /", "Patel, Noah 4B /"]
        .iter()
        .for_each(|line| has(line));
    assert_eq!(office.register().len(), 3, "the class's own register has its own three");
    office.run(&["register", "harbour", "--mark", "Byrne=I"]).refused(&["2 pupils", "give more of it"]);
    office.run(&["register", "Harbour", "--mark", "Nobody=/"]).refused(&["nobody", "Nobody"]);
    office.run(&["register", "Lighthouse"]).refused(&["no group is called Lighthouse"]);
    office.run(&["register", "S1", "--day", "2026-11-24", "--mark", "Kaur=/"]).refused(&["has not come yet"]);
    place.later(30 * 60_000);
    let late = ["register", "S1", "--mark", "Kaur=/"];
    office.run(&late).refused(&["the register is closed: say why the mark changes"]);
    office.run(&[&late[..], &["--reason", "seen in class"]].concat()).done();
    assert!(office.register()[1].starts_with("Kaur, Zoe /"), "{:?}", office.register());
}

#[test]
fn a_class_is_changed_and_a_plan_is_called_off_by_command() {
    let place = Place::new();
    let office = place.school("office");
    let pupils = "Admission No,Legal Surname,Legal Forename,Reg Group,Site,Date of Admission\n\
        000004,Olsen,Ida,5A,S1,01/09/2023\n000005,Wu,Lin,,S1,01/09/2023\n";
    office.run(&["import", as_text(&place.folder("more", &[("pupils.csv", pupils.as_bytes())]))]).done();
    let said = office.run(&["duties"]).done();
    assert!(said.out.contains("1 pupil in no class") && said.out.contains("Wu, Lin"), "{said}");
    let said = office.run(&["change-class", "Wu", "--to", "5A", "--year", "6"]).done();
    assert!(said.out.contains("In 5A from Monday 23 November."), "{said}");
    assert!(office.run(&["duties"]).done().out.contains("0 pupils in no class"));
    office.run(&["change-class", "Wu", "--to", "5A"]).refused(&["in that class already"]);
    office.run(&["plan", "Byrne", "M", "--first", "2026-11-24"]).done();
    let tuesday = ["register", "4B", "--day", "2026-11-24"];
    assert!(office.run(&tuesday).done().out.contains("Medical"), "{}", office.run(&tuesday));
    let said = office.run(&["plan", "Byrne", "--off", "--first", "2026-11-24"]).done();
    assert!(said.out.contains("called off"), "{said}");
    assert!(!office.run(&tuesday).done().out.contains("Medical"));
    office.run(&["plan", "Byrne", "--off", "--first", "2026-11-24"]).refused(&["no such plan stands"]);
}

//! Years of marks from another system, with the codes of their time and the codes of that system alone.

use crate::import::entries_of;
use crate::support::{Device, Place, as_text, squeezed};
use std::path::PathBuf;

/// Two codes that the law's list never had, both retired when the law's list changed.
const CODES: &str = "code,meaning,short,class,on_site,valid_from,valid_to,otherwise\n\
    HE,Learning at home as the school agreed,Home learning,approved_educational_activity,no,2020-09-01,2024-08-18,use B or K\n\
    ZB,Bus did not come,No bus,not_possible_attendance,no,,2024-08-18,use Y1\n";

/// Before and after August 2024, when `J` ended and `J1` began.
const ATTENDANCE: &str = "admission_no,date,session,code,minutes_late,comment\n\
    000001,2024-03-04,AM,J,,\n\
    000002,2024-03-04,AM,HE,,\n\
    000003,2024-03-04,AM,ZB,,\n\
    000001,2024-03-04,PM,J1,,\n\
    000001,2026-11-20,AM,J,,\n\
    000002,2026-11-20,AM,HE,,\n\
    000003,2026-11-20,AM,J1,,\n\
    000003,2026-11-20,PM,Y,,\n";

fn history(place: &Place, name: &str, codes: &str) -> PathBuf {
    place.folder(name, &[("codes.csv", codes.as_bytes()), ("attendance.csv", ATTENDANCE.as_bytes())])
}

fn register(office: &Device<'_>, day: &str) -> Vec<String> {
    let shown = office.run(&["register", "4B", "--day", day, "--session", "am"]).done().out;
    shown.lines().filter(|line| line.starts_with("  ")).map(squeezed).collect()
}

#[test]
fn a_mark_is_read_by_the_codes_of_its_own_day_and_by_those_of_the_system_it_comes_from() {
    let place = Place::new();
    let office = place.school("office");
    let folder = history(&place, "history", CODES);
    let said = office.run(&["import", as_text(&folder)]).ended(2, &["4 rows did not go in"]);
    let lines: Vec<&str> = said.out.lines().collect();
    let refused = [
        ("attendance.csv:5", "J1"),
        ("attendance.csv:6", "J1"),
        ("attendance.csv:7", "use B or K"),
        ("attendance.csv:9", "Y1"),
    ];
    assert_eq!(lines.len(), refused.len(), "{said}");
    for (at, right) in refused {
        let line = lines.iter().find(|line| line.starts_with(&format!("{at}: ")));
        assert!(line.is_some_and(|line| line.contains(right)), "{at} with what would be right, {right}\n{said}");
    }
    let then = register(&office, "2024-03-04");
    assert!(then[0].starts_with("Byrne, Ada J Interview"), "{then:?}");
    assert!(then[1].starts_with("Kaur, Zoe HE Home learning"), "{then:?}");
    assert!(then[2].starts_with("Patel, Noah ZB No bus"), "{then:?}");
    let now = register(&office, "2026-11-20");
    assert!(now[0].ends_with("Not yet marked") && now[1].ends_with("Not yet marked"), "{now:?}");
    assert!(now[2].starts_with("Patel, Noah J1"), "{now:?}");
}

#[test]
fn the_other_systems_codes_stay_with_the_school_and_count_on_their_days_alone() {
    let place = Place::new();
    let office = place.school("office");
    office.run(&["import", as_text(&history(&place, "history", CODES))]).ended(2, &[]);
    let on = |day: &str| office.run(&["codes", "--on", day]).done().out;
    let then = on("2024-03-04");
    let home = then.lines().map(squeezed).find(|line| line.starts_with("HE ")).unwrap_or_else(|| panic!("{then}"));
    assert_eq!(home, "HE Home learning attended Learning at home as the school agreed");
    assert!(then.lines().any(|line| line.starts_with("J ")) && !then.contains("J1"), "{then}");
    let now = on("2026-11-20");
    assert!(!now.contains("Home learning") && now.lines().any(|line| line.starts_with("J1 ")), "{now}");
    let folder = place.path("history");
    assert_eq!(entries_of(&office, &["import", as_text(&folder)], 2), 0, "not one entry more");
    let again = office.run(&["import", as_text(&folder)]).ended(2, &[]);
    assert!(again.err.lines().map(squeezed).any(|line| line == "marks: 0 new, 0 changed, 4 as they were"), "{again}");
}

#[test]
fn a_list_of_codes_with_a_row_that_is_wrong_is_not_used_at_all_and_says_which_row() {
    let place = Place::new();
    let office = place.school("office");
    let wrong = CODES.replace("not_possible_attendance", "perhaps");
    let folder = history(&place, "history", &wrong);
    let said = office.run(&["import", as_text(&folder)]);
    let said =
        said.ended(2, &["codes.csv:3: the column class has \"perhaps\": write attending", "1 files were not read"]);
    assert!(said.out.lines().any(|line| line.starts_with("attendance.csv:3: ") && line.contains("HE")), "{said}");
    assert!(!place.path("rejected").join("codes.csv").exists(), "it is mended where it is, not row by row");
    assert!(!office.run(&["codes", "--on", "2024-03-04"]).done().out.contains("Home learning"));
    history(&place, "history", CODES);
    office.run(&["import", as_text(&folder)]).ended(2, &[]);
    assert!(register(&office, "2024-03-04")[1].starts_with("Kaur, Zoe HE Home learning"));
}

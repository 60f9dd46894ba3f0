//! What the law's table says, and what is refused beside a code.

use super::*;
use crate::calendar::Session;

fn today() -> Day {
    Day::parse("2026-11-23").unwrap()
}

fn info(code: &str) -> CodeInfo {
    Codes::of_law().on(Code::new(code).unwrap(), today()).unwrap().clone()
}

fn resolve(code: &str, session: Session) -> Result<Code, CodeError> {
    Codes::of_law().resolve(code, session).map(|info| info.code)
}

#[test]
fn the_table_holds_all_thirty_four_codes_of_today_and_the_four_retired_ones() {
    let codes = Codes::of_law();
    assert_eq!(codes.in_use(today()).len(), 34);
    assert_eq!(codes.rows().count(), 38);
}

#[test]
fn a_newer_list_ends_the_older_row_and_leaves_the_days_before_alone() {
    let text = "code,meaning,short,class,on_site,valid_from\n\
        C2,Part-time timetable agreed with the authority,Part-time,authorised_absence,no,2027-09-01\n\
        W1,Work experience abroad,Work abroad,approved_educational_activity,no,2027-09-01\n";
    let codes = Codes::of_law().with(&Codes::read(text).unwrap());
    let of = |code: &str, day: &str| codes.on(Code::new(code).unwrap(), Day::parse(day).unwrap()).map(|row| &row.short);
    assert_eq!(of("C2", "2027-08-31").unwrap(), "Part-time timetable");
    assert_eq!(of("C2", "2027-09-01").unwrap(), "Part-time");
    assert_eq!((of("W1", "2027-08-31"), of("W1", "2027-09-01").unwrap().as_str()), (None, "Work abroad"));
    assert!(codes.could_grow(Code::new("W").unwrap(), Day::parse("2027-09-01").unwrap()));
    assert_eq!(codes.with(&Codes::read(text).unwrap()), codes, "reading a list twice changes nothing");
}

#[test]
fn a_list_of_codes_with_a_wrong_row_is_refused_row_by_row_in_words() {
    let text = "code,meaning,class,on_site,valid_from,valid_to\n\
        ABC,Too long,attending,yes,,\nQ1,Odd,present,yes,,\nQ2,Odd,attending,yes,2027-09-01,2026-09-01\n";
    let said: Vec<_> = Codes::read(text).unwrap_err().iter().map(ToString::to_string).collect();
    assert_eq!(said.len(), 3);
    assert!(said[0].starts_with("line 2: \"ABC\" is no code") && said[1].contains("write attending"), "{said:?}");
    assert_eq!(said[2], "line 4: Q2 ends before it begins");
    assert_eq!(Codes::read("a,b\n").unwrap_err()[0].why, "the columns code, meaning, class, on_site are missing");
}

#[test]
fn a_row_cut_in_two_by_a_comma_is_refused_and_says_what_to_do() {
    let text =
        "code,meaning,class,on_site\nT2,Leave, of a new kind,authorised_absence,no\nT3,Leave,authorised_absence\n";
    let said: Vec<_> = Codes::read(text).unwrap_err().iter().map(ToString::to_string).collect();
    assert_eq!(said.len(), 2, "too many and too few: {said:?}");
    assert!(said[0].starts_with("line 2: this row has 5 fields where the first line has 4"), "{said:?}");
    assert!(said[0].contains("quotation marks"), "{said:?}");
}

#[test]
fn every_code_of_which_the_table_says_a_rule_shows_it() {
    let text = include_str!("../../data/attendance_codes.csv");
    let mut reader = csv::ReaderBuilder::new().comment(None).escape(None).flexible(true).from_reader(text.as_bytes());
    let mut shown = 0;
    for row in reader.records().map(Result::unwrap) {
        let code = Code::new(&row[0]).unwrap();
        let day = row[11].parse::<String>().ok().and_then(|to| Day::parse(&to).ok()).unwrap_or_else(today);
        let notes: Vec<_> = row.iter().skip(13).filter(|text| !text.is_empty()).collect();
        assert_eq!(Codes::of_law().rule(code, day), notes.join(","), "{code}");
        shown += usize::from(!notes.is_empty());
    }
    assert!(shown > 30, "{shown}");
    assert!(Codes::of_law().rule(Code::new("/").unwrap(), today()).contains("whoever leaves later is signed out"));
}

#[test]
fn not_required_is_refused_for_a_pupil_of_compulsory_age_and_says_what_would_be_right() {
    let born = |text| Some(Day::parse(text).unwrap());
    let said = check_age(&info("X"), born("2015-05-05"), today()).unwrap_err().to_string();
    assert!(said.contains("use C2"), "{said}");
    assert_eq!(check_age(&info("X"), born("2022-05-05"), today()), Ok(()));
    assert_eq!(check_age(&info("X"), None, today()), Ok(()), "what is not known refuses nothing");
    assert_eq!(check_age(&info("C2"), born("2015-05-05"), today()), Ok(()));
}

#[test]
fn late_turns_from_l_to_u_at_the_close_of_the_register() {
    let times = crate::facts::school::Times::DEFAULT.am;
    assert_eq!(check_close(&info("L"), Some(29), times), Ok(()));
    assert!(check_close(&info("L"), Some(30), times).unwrap_err().to_string().contains("closed at 09:20"));
    assert!(check_close(&info("U"), Some(29), times).unwrap_err().to_string().contains("open until 09:20"));
    assert_eq!(check_close(&info("U"), Some(30), times), Ok(()));
}

#[test]
fn a_time_of_arrival_is_as_good_as_minutes_and_one_before_the_session_is_refused() {
    let times = crate::facts::school::Times::DEFAULT.am;
    assert_eq!((arrival("12", times), arrival(" 9:02", times)), (Ok(12), Ok(12)));
    assert!(arrival("8:45", times).unwrap_err().to_string().contains("before the session began"));
    assert!(arrival("ten", times).is_err());
}

#[test]
fn the_table_agrees_with_the_law_in_short() {
    let law = Codes::of_law();
    let codes = |class| {
        let mut found: Vec<_> =
            law.in_use(today()).into_iter().filter(|row| row.class == class).map(|row| row.code.to_string()).collect();
        found.sort();
        found.join(" ")
    };
    assert_eq!(codes(Class::Attending), "/ L \\");
    assert_eq!(codes(Class::ApprovedActivity), "B K P V W");
    assert_eq!(codes(Class::Authorised), "C C1 C2 E I J1 M R S T");
    assert_eq!(codes(Class::Unauthorised), "G N O U");
    assert_eq!(codes(Class::NotPossible), "D Q X Y1 Y2 Y3 Y4 Y5 Y6 Y7");
    assert_eq!(codes(Class::NotCollected), "# Z");
}

#[test]
fn where_the_body_is_agrees_with_the_law_for_every_code() {
    let law = Codes::of_law();
    let codes = |on_site| {
        let here = law.in_use(today()).into_iter().filter(|row| row.on_site == on_site);
        let mut found: Vec<_> = here.map(|row| row.code.to_string()).collect();
        found.sort();
        found.join(" ")
    };
    assert_eq!(codes(OnSite::Yes), "/ \\");
    assert_eq!(codes(OnSite::Arrival), "L U");
    assert_eq!(codes(OnSite::Unknown), "N");
    let away = "# B C C1 C2 D E G I J1 K M O P Q R S T V W X Y1 Y2 Y3 Y4 Y5 Y6 Y7 Z";
    assert_eq!(codes(OnSite::No), away);
    for row in law.in_use(today()) {
        let possible = !matches!(row.class, Class::NotPossible | Class::NotCollected);
        let attended = matches!(row.class, Class::Attending | Class::ApprovedActivity);
        assert_eq!((row.class.is_possible(), row.class.is_attended()), (possible, attended), "{}", row.code);
    }
}

#[test]
fn a_pupil_coded_u_is_absent_in_the_figures_and_in_the_building() {
    assert_eq!((info("U").class.is_attended(), info("U").on_site), (false, OnSite::Arrival));
    assert_eq!((info("V").class.is_attended(), info("V").on_site), (true, OnSite::No));
    assert_eq!(info("N").on_site, OnSite::Unknown);
}

#[test]
fn an_interview_of_march_2024_still_counts_as_attended() {
    let then = Day::parse("2024-03-11").unwrap();
    assert!(Codes::of_law().on(Code::new("J").unwrap(), then).unwrap().class.is_attended());
    assert!(!info("J1").class.is_attended());
    assert!(resolve("C2", Session::am(then)).is_err());
}

#[test]
fn a_rejected_code_says_what_would_be_right() {
    let say = |code: &str, session| resolve(code, session).unwrap_err().to_string();
    let (am, pm) = (Session::am(today()), Session::pm(today()));
    assert_eq!(say("J", am), "J needs a number: J1");
    assert_eq!(say("Y", am), "Y needs a number: Y1 to Y7");
    assert_eq!(say("/", pm), "/ is for the morning only: use \\");
    assert_eq!(say("\\", am), "\\ is for the afternoon only: use /");
    assert_eq!(say("?", am), "there is no code ?");
    assert!(say("H", am).contains("use C"));
    assert!(resolve("c", am).is_ok() && resolve("#", am).is_ok());
    let codes = Codes::of_law();
    assert!(codes.could_grow(Code::new("C").unwrap(), today()) && !codes.could_grow(Code::LATE, today()));
}

#[test]
fn late_needs_minutes_and_an_unavoidable_cause_needs_words() {
    assert_eq!(check_beside(&info("L"), None, None), Err(CodeError::NeedsMinutes(Code::LATE)));
    assert!(check_beside(&info("L"), Some(12), None).is_ok());
    assert!(check_beside(&info("/"), Some(12), None).is_err());
    assert!(check_beside(&info("L"), Some(0), None).is_err());
    assert!(check_beside(&info("Y7"), None, Some(" ")).is_err());
    assert!(check_beside(&info("#"), None, None).is_err());
}

//! What leaves the program, as tables.

use super::*;
use crate::admission::Evidence;
use crate::extract::{self, Which};
use crate::facts::admission::{Ground, Placement};
use crate::facts::custody::{Confidential, WhoseHome};
use crate::facts::family::Address;
use crate::office::EntryChange;

fn placed() -> EntryChange {
    let placement = Placement { number: "881".to_owned(), name: "Essex".to_owned(), arranged: true, plan: true };
    EntryChange { placement: Some(placement), ..EntryChange::default() }
}

#[test]
fn the_days_register_has_a_line_a_mark_names_the_placing_authority_and_never_a_blank() {
    let mut small = small();
    let (ada, leila, beech) = (small.pupils[0], small.pupils[1], small.beech);
    small.desk.office().amend_entry(ada, &placed(), "").unwrap();
    small.desk.at(clock(9, 5));
    small.desk.office().take(beech, morning(), &[late(ada, 12), entry(leila, "C1")], false).unwrap();
    let Desk { records, known } = &mut small.desk;
    let table = extract::register(records, known, (monday(), monday()), Some(small.site), None).unwrap();
    assert_eq!(table.stem, "register-2026-11-23-Harbour-all-classes");
    assert_eq!((table.rows.len(), table.people), (2, 2));
    let csv = String::from_utf8(table.csv().unwrap()).unwrap();
    let lines: Vec<&str> = csv.lines().collect();
    assert!(lines[1].starts_with("2026-11-23,AM,Harbour,Beech,Byrne,Ada,"), "{csv}");
    assert!(lines[1].contains(",L,") && lines[1].contains(",12,") && lines[1].ends_with(",881,Essex"), "{csv}");
    assert!(lines[2].contains(",C1,"), "two characters: {csv}");
    assert_eq!(
        table.notes,
        [
            "Monday 23 November, morning: 4 pupils have no mark yet and are not in it",
            "Monday 23 November, afternoon: 6 pupils have no mark yet and are not in it"
        ]
    );
}

#[test]
fn marks_of_a_day_that_was_entered_as_closed_afterwards_are_told_and_said_to_be() {
    let mut small = small();
    let (ada, beech) = (small.pupils[0], small.beech);
    small.desk.at(clock(9, 5)).office().take(beech, morning(), &[entry(ada, "/")], false).unwrap();
    let boiler =
        crate::facts::school::Closure { site: None, first: monday(), last: monday(), label: "Boiler".to_owned() };
    small.desk.at(clock(12, 0)).office().close(boiler).unwrap();
    let Desk { records, known } = &mut small.desk;
    let table = extract::register(records, known, (monday(), monday()), None, None).unwrap();
    assert_eq!((table.rows.len(), table.people), (1, 1), "figures count it, and so does the extract");
    assert_eq!(
        table.notes,
        ["Monday 23 November, morning: entered as closed (Boiler). 1 mark stands all the same, and is in it"]
    );
}

#[test]
fn whoever_inspects_the_register_is_given_what_stood_before_each_amendment_and_nobody_else_is() {
    let mut small = small();
    let (ada, leila, beech) = (small.pupils[0], small.pupils[1], small.beech);
    small.desk.at(clock(9, 5)).office().take(beech, morning(), &[entry(ada, "N"), entry(leila, "/")], false).unwrap();
    let mut office = small.desk.at(clock(10, 30)).office();
    office.amend(ada, morning(), (Some("I"), None), "Mother rang", None).unwrap();
    office.amend(leila, morning(), (Some("Y5"), None), "Held by the police", None).unwrap();
    let Desk { records, known } = &mut small.desk;
    let days = (monday(), monday());
    let plain = extract::register(records, known, days, None, None).unwrap();
    assert!(!plain.headings.contains(&"Reason") && !plain.rows[0].join(",").contains("Mother"), "{plain:?}");
    let table = extract::with_amendments(records, known, days, None).unwrap();
    assert_eq!(table.headings[16..], ["Was", "Reason", "Amended by", "Amended at"]);
    assert_eq!(table.rows[0][16..], ["N", "Mother rang", "Helen Marsh, Teacher", "2026-11-23 10:30"]);
    assert_eq!(table.rows[1][16..18], ["/", "kept back"], "what is sensitive stays here");
    assert_eq!(table.stem, "register-amendments-2026-11-23-all-sites-all-classes");
    // A mark that says something else since tells nobody what kept the pupil away before.
    let mut office = small.desk.at(clock(11, 0)).office();
    office.amend(leila, morning(), (Some("I"), None), "Entered for the wrong child", None).unwrap();
    let Desk { records, known } = &mut small.desk;
    let table = extract::with_amendments(records, known, days, None).unwrap();
    assert_eq!(table.rows[1][16], "/; kept back");
    assert!(!table.rows[1].join(",").contains("Y5"), "{:?}", table.rows[1]);
}

#[test]
fn a_return_of_sessions_missed_has_the_address_and_only_the_sessions_missed() {
    let mut small = small();
    let (ada, leila, beech) = (small.pupils[0], small.pupils[1], small.beech);
    let address = Address { line: "3 Mill Lane".to_owned(), town: String::new(), postcode: "AB1 2CD".to_owned() };
    let change = EntryChange { family: vec![address.into()], ..EntryChange::default() };
    small.desk.office().amend_entry(leila, &change, "").unwrap();
    small.desk.at(clock(14, 0));
    small.desk.office().take(beech, morning(), &[entry(ada, "/"), entry(leila, "I")], false).unwrap();
    let only = [ada, leila].into();
    let Desk { records, known } = &mut small.desk;
    let table = extract::register(records, known, (monday(), monday()), None, Some(&only)).unwrap();
    assert_eq!((table.rows.len(), table.people, table.notes.len()), (1, 1, 0));
    assert!(table.rows[0].contains(&"3 Mill Lane, AB1 2CD".to_owned()) && table.rows[0].contains(&"I".to_owned()));
}

#[test]
fn sessions_in_which_nobody_could_attend_are_not_told_as_missed() {
    let mut small = small();
    let (ada, leila, beech) = (small.pupils[0], small.pupils[1], small.beech);
    small.desk.at(clock(9, 5));
    small.desk.office().take(beech, morning(), &[entry(ada, "Y5"), entry(leila, "O")], false).unwrap();
    let only = [ada, leila].into();
    let Desk { records, known } = &mut small.desk;
    let table = extract::register(records, known, (monday(), monday()), None, Some(&only)).unwrap();
    let codes: Vec<_> = table.rows.iter().map(|row| row[9].as_str()).collect();
    assert_eq!(codes, ["O"]);
}

#[test]
fn a_deletion_return_gives_ground_and_address_and_says_from_whom_it_is_kept() {
    let mut small = small();
    let ada = small.pupils[0];
    let address = Address { line: "3 Mill Lane".to_owned(), town: String::new(), postcode: String::new() };
    let kept = Confidential { of: WhoseHome::Pupil, from: vec!["Dan Byrne".to_owned()], holds: true };
    let change = EntryChange { family: vec![address.into(), kept.into()], ..placed() };
    let mut office = small.desk.office();
    office.amend_entry(ada, &change, "").unwrap();
    let said = Evidence { words: "Notice".to_owned(), agreed_by: "H. Marsh, head".to_owned(), ..Evidence::default() };
    office.delete_name(ada, monday(), Ground::CeasedHere, &said).unwrap();
    let due = office.returns_due();
    let Desk { records, known } = &mut small.desk;
    let table = extract::returns(records, known, Which::Deletions, &due, monday()).unwrap();
    let row = table.rows[0].join("\n");
    assert!(row.contains("3 Mill Lane (CONFIDENTIAL: not to be passed on to Dan Byrne)"), "{row}");
    assert!(row.contains("l: Has ceased to be a pupil") && row.contains("881\nEssex"), "{row}");
    assert_eq!(table.headings.len(), table.rows[0].len());
    assert!(!table.stem.contains("Byrne"));
    let new = extract::returns(records, known, Which::NewPupils, &due, monday()).unwrap();
    assert!(new.rows.is_empty());
}

#[test]
fn an_extract_names_the_sites_that_are_in_it_and_says_which_cannot_be_read() {
    let mut small = small();
    let meadow = small.desk.office().add_site("S2", "Meadow", &[]).unwrap();
    let oak = small.desk.office().add_group(meadow, "Oak", None).unwrap();
    small.desk.office().place_pupil(small.tyler, oak, monday()).unwrap();
    small.desk.at(clock(9, 5)).office().take(small.beech, morning(), &[entry(small.pupils[0], "/")], false).unwrap();
    small.desk.office().take(oak, morning(), &[entry(small.tyler, "I")], false).unwrap();
    let Desk { records, known } = &mut small.desk;
    let all = extract::register(records, known, (monday(), monday()), None, None).unwrap();
    assert!(all.what.ends_with("all sites") && all.rows.len() == 2, "{}", all.what);

    // A site lead's laptop holds the records of Harbour alone.
    let mut lead = MemoryRecords::new(7);
    let entries = records.entries().clone();
    let of = |place: PlaceId| place == small.site || place == PlaceId::ZERO;
    lead.merge_some(records, |hash| of(entries[hash].document.section.compartment.place));
    lead.set_now(records.now());
    lead.sign_in(HELEN);
    let mut known = Known::default();
    known.refresh(&mut lead).unwrap();
    let own = extract::register(&mut lead, &mut known, (monday(), monday()), None, None).unwrap();
    assert!(own.what.ends_with(", Harbour"), "{}", own.what);
    assert!(own.notes.contains(&"Meadow has no register that can be read here, and is not in it".to_owned()));
    let now = crate::calendar::local(lead.now());
    known.read_ledger(&mut lead, crate::review::period(now.day), usize::MAX).unwrap();
    let page = crate::review::review(&known, now.day, now);
    assert_eq!(page.parts[0].name, "Sites read here");
    assert!(page.notes[0].starts_with("Meadow has no register that can be read here"), "{:?}", page.notes);
}

#[test]
fn two_years_are_no_extract_and_never_one_that_ends_early() {
    let mut small = small();
    let Desk { records, known } = &mut small.desk;
    let (first, last) = (monday().plus(-700), monday());
    let refused = extract::register(records, known, (first, last), None, None).unwrap_err();
    assert!(refused.to_string().contains("366"), "{refused}");
    assert!(extract::register(records, known, (monday().plus(-365), last), None, None).is_ok());
}

#[test]
fn a_confidential_address_is_called_so_in_every_cell_that_has_it() {
    use crate::facts::custody::{Home, Parent};
    let mut small = small();
    let (ada, beech) = (small.pupils[0], small.beech);
    let address = Address { line: "9 Safe Street".to_owned(), town: String::new(), postcode: String::new() };
    let mother = Parent {
        id: [1; 16],
        title: String::new(),
        forenames: "Grace".to_owned(),
        surname: "Byrne".to_owned(),
        relationship: "Mother".to_owned(),
        home: Home::WithPupil,
        lives_with: true,
        numbers: Vec::new(),
        withdrawn: false,
    };
    let kept = Confidential { of: WhoseHome::Pupil, from: Vec::new(), holds: true };
    let change = EntryChange { family: vec![address.into(), mother.into(), kept.into()], ..placed() };
    small.desk.at(clock(9, 5));
    let mut office = small.desk.office();
    office.amend_entry(ada, &change, "").unwrap();
    office.take(beech, morning(), &[entry(ada, "O")], false).unwrap();
    let said = Evidence { words: "Notice".to_owned(), agreed_by: "H. Marsh, head".to_owned(), ..Evidence::default() };
    office.delete_name(ada, monday(), Ground::CeasedHere, &said).unwrap();
    let due = office.returns_due();
    let Desk { records, known } = &mut small.desk;
    let only = [ada].into();
    let missed = extract::register(records, known, (monday(), monday()), None, Some(&only)).unwrap();
    let deleted = extract::returns(records, known, Which::Deletions, &due, monday()).unwrap();
    let cells: Vec<&String> = missed.rows.iter().chain(&deleted.rows).flatten().collect();
    let with: Vec<_> = cells.iter().filter(|cell| cell.contains("9 Safe Street")).collect();
    assert_eq!(with.len(), 3, "the address twice, and the parent who lives there: {with:?}");
    assert!(with.iter().all(|cell| cell.contains("CONFIDENTIAL: not to be passed on")), "{with:?}");
}

fn authority(site: Option<PlaceId>, name: &str) -> crate::facts::returns::Authority {
    crate::facts::returns::Authority { site, number: "919".into(), name: name.into(), returns_to: String::new() }
}

fn begins(small: &mut Small, site: PlaceId, forename: &str, starting: Day) -> PupilId {
    let identity = Identity {
        admission_no: forename.to_owned(),
        upn: String::new(),
        surname: "Newcomer".to_owned(),
        forename: forename.to_owned(),
        preferred: forename.to_owned(),
        sex: String::new(),
        born: None,
    };
    let new = NewPupil {
        identity,
        site,
        group: None,
        year: "6".to_owned(),
        starting: Some(starting),
        medical: Vec::new(),
        evacuation: None,
    };
    let day_pupil = crate::facts::admission::Entry {
        middle: String::new(),
        other_names: String::new(),
        boarder: false,
        starting: crate::facts::admission::Starting::Agreed,
    };
    let entry = EntryChange { entry: Some(day_pupil), ..EntryChange::default() };
    small.desk.office().admit(&new, &entry).unwrap()
}

fn sent_of(small: &mut Small, kind: crate::facts::returns::ReturnKind, asked: bool) -> Vec<extract::Sending> {
    let Desk { records, known } = &mut small.desk;
    let now = crate::calendar::local(records.now());
    extract::sendings(records, known, kind, asked, now).unwrap()
}

#[test]
fn each_authority_gets_the_returns_of_its_own_sites_and_what_is_noted_is_what_the_file_says() {
    use crate::facts::returns::ReturnKind;
    let mut small = small();
    let meadow = small.desk.office().add_site("S2", "Meadow", &[]).unwrap();
    small.desk.office().set_authority(authority(None, "Hertfordshire")).unwrap();
    small.desk.office().set_authority(authority(Some(meadow), "Essex")).unwrap();
    let harbour = small.site;
    begins(&mut small, harbour, "Hana", monday());
    begins(&mut small, meadow, "Mel", monday());
    let files = sent_of(&mut small, ReturnKind::NewPupil, false);
    let of = |name: &str| files.iter().find(|one| one.to.as_ref().unwrap().name == name).unwrap();
    let named = |one: &extract::Sending| one.table.rows.iter().map(|row| row[1].clone()).collect::<Vec<_>>();
    assert_eq!(
        (files.len(), named(of("Hertfordshire")), named(of("Essex"))),
        (2, vec!["Hana".into()], vec!["Mel".into()])
    );
    assert!(of("Essex").table.what.ends_with(", Meadow") && of("Essex").table.stem.ends_with("-Meadow"));
    // Between the making of the file and its sending somebody else is admitted there.
    let late = begins(&mut small, meadow, "Lou", monday());
    let (kind, told) = (of("Essex").kind, of("Essex").told.clone());
    small.desk.office().returns_sent(kind, &told, "Essex").unwrap();
    let due: Vec<_> = small.desk.office().returns_due().into_iter().filter(|due| due.site == meadow).collect();
    assert_eq!(due.iter().map(|due| due.pupil).collect::<Vec<_>>(), [late], "in no file, and so still due");
    small.desk.office().set_authority(authority(Some(meadow), "")).unwrap();
    assert_eq!(small.desk.known.school().authority(meadow).unwrap().name, "Hertfordshire", "taken away again");
}

#[test]
fn a_return_that_is_needed_only_on_request_is_in_no_file_until_the_authority_asks() {
    use crate::facts::returns::ReturnKind;
    let mut small = small();
    let site = small.site;
    begins(&mut small, site, "Yan", Day::parse("2026-09-01").unwrap());
    assert!(
        small.desk.office().returns_due().iter().any(|due| due.only_if_asked),
        "the youngest class, on the first day"
    );
    assert!(sent_of(&mut small, ReturnKind::NewPupil, false).is_empty());
    assert_eq!(sent_of(&mut small, ReturnKind::NewPupil, true).len(), 1);
}

mod for_a_parent {
    use super::*;
    use crate::calendar::local;
    use crate::extract::for_parent::{ForParent, Given, for_parent, kept_away, may_be_given};
    use crate::facts::custody::{Order, OrderKind, Parent};

    fn page(desk: &mut Desk, pupil: PupilId, given: Given) -> ForParent {
        let now = local(desk.records.now());
        let days = (monday().plus(-3), monday());
        for_parent(&mut desk.records, &mut desk.known, pupil, days, given, now).unwrap().unwrap()
    }

    #[test]
    fn a_parent_is_given_each_session_in_words_with_minutes_late_and_comments_only_where_the_school_says_so() {
        let mut small = small();
        let (ada, leila, beech) = (small.pupils[0], small.pupils[1], small.beech);
        let friday = Session::am(monday().plus(-3));
        small.desk.records.set_clock(friday.day, clock(9, 5));
        small.desk.office().take(beech, friday, &[late(ada, 12), entry(leila, "/")], false).unwrap();
        small.desk.office().comment(ada, friday, "Taxi did not come", None).unwrap();
        small.desk.at(clock(14, 0));
        small.desk.office().take(beech, morning(), &[entry(ada, "I"), entry(leila, "/")], false).unwrap();
        let all = page(&mut small.desk, ada, Given { minutes: true, comments: true });
        assert_eq!(all.table.headings, ["Date", "Session", "Code", "In words", "Minutes late", "Comment"]);
        assert_eq!(all.table.rows[0][..3], ["2026-11-20", "Morning", "L"]);
        assert_eq!(all.table.rows[0][4..], ["12", "Taxi did not come"]);
        assert_eq!(all.table.rows[1][..3], ["2026-11-23", "Morning", "I"]);
        assert!(!all.table.rows[1][3].is_empty(), "what the code means, in words");
        assert_eq!((all.table.rows.len(), all.table.people), (2, 1), "nobody else, and no blank");
        assert!(all.summary[0].starts_with("Attendance 50.0 %: 1 of 2 sessions"), "{:?}", all.summary);
        assert_eq!(all.whose, "Ada Byrne, Beech");
        assert!(!all.table.stem.contains(' ') && !all.table.what.contains("Byrne"), "no name in what is in the audit");
        let least = page(&mut small.desk, ada, Given::default());
        assert_eq!(least.table.headings, ["Date", "Session", "Code", "In words"]);
        assert!(!format!("{least:?}").contains("Taxi"));
    }

    #[test]
    fn a_parents_page_tells_nothing_of_a_detention_and_nothing_that_is_still_to_be_settled() {
        let mut small = small();
        let (ada, beech) = (small.pupils[0], small.beech);
        small.desk.at(clock(9, 5));
        let mut apart = small.desk.another(9, Some(TOM));
        small.desk.office().take(beech, morning(), &[entry(ada, "/")], false).unwrap();
        apart.office().take(beech, morning(), &[entry(ada, "N")], false).unwrap();
        small.desk.hear(&apart);
        small.desk.at(clock(13, 5)).office().take(beech, afternoon(), &[entry(ada, "Y5")], false).unwrap();
        small.desk.office().comment(ada, afternoon(), "Youth detention", None).unwrap();
        let page = page(&mut small.desk, ada, Given { minutes: true, comments: true });
        assert_eq!(page.table.rows.len(), 1);
        let told = format!("{page:?}").to_lowercase();
        assert!(!told.contains("detention") && !told.contains("criminal"), "{told}");
        assert!(told.contains("unable to attend") && told.contains("two marks differ"), "{told}");
    }

    #[test]
    fn a_page_is_never_for_somebody_whom_an_order_keeps_away() {
        let mut small = small();
        let ada = small.pupils[0];
        let parent = |id, forenames: &str| Parent {
            id: [id; 16],
            title: "Mr".to_owned(),
            forenames: forenames.to_owned(),
            surname: "Byrne".to_owned(),
            relationship: "Parent".to_owned(),
            home: crate::facts::custody::Home::Unknown,
            lives_with: false,
            numbers: Vec::new(),
            withdrawn: false,
        };
        let order = Order {
            id: [7; 16],
            kind: OrderKind::NonMolestation,
            words: "Seen".to_owned(),
            from: monday().plus(-30),
            to: None,
            bars: vec!["Dan Byrne".to_owned()],
            calling: true,
            collecting: true,
            withdrawn: false,
        };
        let family = vec![parent(1, "Dan").into(), parent(2, "Grace").into(), order.into()];
        small.desk.office().amend_entry(ada, &EntryChange { family, ..EntryChange::default() }, "Seen").unwrap();
        let family = small.desk.known.family(&mut small.desk.records, ada).unwrap().unwrap();
        assert_eq!(may_be_given(&family, monday()), ["Mr Grace Byrne"]);
        assert!(kept_away(&family, "Dan Byrne", monday()).unwrap().contains("court order"));
        assert!(kept_away(&family, "Grace Byrne", monday()).is_none());
    }
}

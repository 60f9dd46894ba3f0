//! A pupil who goes to another site is on its lists, and nothing of what was is lost.

use super::*;
use crate::admission::history;
use crate::facts::family::{Address, FamilyFact};
use crate::office::EntryChange;
use crate::show;
use crate::story::{self, Wanted};

/// What a device that holds the records of one site alone has.
fn device_of(from: &Desk, seed: u8, site: PlaceId) -> Desk {
    let mut records = MemoryRecords::new(seed);
    let entries = from.records.entries().clone();
    let of = |place: PlaceId| place == site || place == PlaceId::ZERO;
    records.merge_some(&from.records, |hash| of(entries[hash].document.section.compartment.place));
    records.set_now(from.records.now());
    records.sign_in(TOM);
    let mut known = Known::default();
    known.refresh(&mut records).unwrap();
    Desk { records, known }
}

struct Moved {
    small: Small,
    meadow: PlaceId,
    oak: GroupId,
}

/// Tyler, who needs help to leave, goes to Meadow on Monday.
fn moved() -> Moved {
    let mut small = small();
    let mut office = small.desk.office();
    let meadow = office.add_site("S2", "Meadow", &[]).unwrap();
    let oak = office.add_group(meadow, "Oak", Some(TOM)).unwrap();
    let address = Address { line: "3 Mill Lane".to_owned(), town: String::new(), postcode: String::new() };
    let change = EntryChange { family: vec![FamilyFact::from(address)], ..EntryChange::default() };
    office.amend_entry(small.tyler, &change, "").unwrap();
    let friday = Session::am(monday().plus(-3));
    small.desk.records.set_clock(friday.day, clock(8, 55));
    small.desk.office().take(small.rowan, friday, &[entry(small.tyler, "N")], false).unwrap();
    small.desk.office().comment(small.tyler, friday, "Taxi did not come", None).unwrap();
    small.desk.at(clock(8, 30)).office().move_pupil(small.tyler, meadow, Some(oak), monday()).unwrap();
    Moved { small, meadow, oak }
}

#[test]
fn the_new_sites_tablet_lists_a_pupil_who_moved_there_locked_too_and_the_old_site_does_not() {
    let Moved { small, meadow, oak } = moved();
    let Small { desk, site, rowan, tyler, .. } = small;
    let mut tablet = device_of(&desk, 5, meadow);
    assert_eq!(tablet.known.members(oak, monday()).len(), 1);
    assert!(!tablet.known.care(tyler).unwrap().help().is_empty(), "and that he needs help to leave");
    let family = tablet.known.family(&mut tablet.records, tyler).unwrap().unwrap();
    assert_eq!(family.address.unwrap().line, "3 Mill Lane");
    tablet.office().write_expected(meadow).unwrap();
    tablet.records.lock([crate::areas::ROLL, crate::areas::SCHOOL]);
    let fire = show::fire(&mut tablet.records, meadow, "").unwrap();
    assert!(fire.rows.iter().any(|row| row.name.contains("Green")), "{:?}", fire.rows);

    let old = device_of(&desk, 6, site);
    assert!(old.known.members(rowan, monday()).is_empty());
    assert_eq!(old.known.members(rowan, monday().plus(-3)).len(), 1, "Friday's register still has him");
    let held = old.known.pupil(tyler).unwrap();
    assert!(!held.is_on_roll(monday()) && held.moved_to == Some(meadow));
}

#[test]
fn nothing_of_the_history_is_lost_by_a_move_and_it_is_told_as_one_thing() {
    let Moved { mut small, meadow, .. } = moved();
    let (desk, tyler) = (&mut small.desk, small.tyler);
    let held = desk.known.pupil(tyler).cloned().unwrap();
    assert_eq!((held.site, held.noted(Session::am(monday().plus(-3))).as_str()), (meadow, "Taxi did not come"));
    let told = history::of(&mut desk.records, &held).unwrap();
    assert!(told.iter().any(|act| act.changed.iter().any(|one| one.field == "Address")), "as it was entered: {told:?}");
    assert_eq!(told[0].changed[0].field, "Site");
    assert_eq!(told.iter().flat_map(|act| &act.changed).filter(|one| one.field == "Surname").count(), 1, "{told:?}");
    let wanted = Wanted { about: "green".to_owned(), day: Some(monday()), ..Wanted::default() };
    let lines: Vec<_> =
        story::tell(&mut desk.records, &mut desk.known, &wanted).unwrap().iter().map(|told| told.text()).collect();
    assert!(lines.iter().any(|line| line.ends_with("moved Tyler Green to Meadow")), "{lines:?}");
    let friday = Session::am(monday().plus(-3));
    assert_eq!(desk.office().board(friday).unwrap().current(tyler, friday).code().unwrap().as_str(), "N");
}

#[test]
fn whoever_comes_back_is_there_as_they_are_by_then() {
    let Moved { mut small, .. } = moved();
    let (site, rowan, tyler) = (small.site, small.rowan, small.tyler);
    let tuesday = monday().plus(1);
    small.desk.records.set_clock(tuesday, clock(9, 0));
    small.desk.office().comment(tyler, Session::am(tuesday), "Settling in", None).unwrap();
    small.desk.office().place_pupil(tyler, rowan, tuesday.plus(1)).unwrap();
    let old = device_of(&small.desk, 7, site);
    let held = old.known.pupil(tyler).unwrap();
    assert_eq!((held.moved_to, held.noted(Session::am(tuesday)).as_str()), (None, "Settling in"));
    assert!(old.known.members(rowan, tuesday).is_empty() && old.known.members(rowan, tuesday.plus(1)).len() == 1);
    assert!(!old.known.care(tyler).unwrap().help().is_empty());
}

#[test]
fn what_somebody_apart_wrote_at_the_old_site_is_not_hidden() {
    let Moved { mut small, .. } = moved();
    let mut apart = small.desk.another(8, Some(TOM));
    let document = crate::facts::documents::pupil(small.site, small.tyler);
    let text =
        crate::facts::pupil::Note { day: monday(), half: crate::calendar::Half::Am, text: "Feels sick".to_owned() };
    let fact = crate::facts::Value::fact(&crate::facts::pupil::PupilFact::from(text)).unwrap();
    let change = muster_core::replica::records::Change { document, facts: vec![fact] };
    apart.records.write(vec![change]).unwrap();
    small.desk.hear(&apart);
    let held = small.desk.known.pupil(small.tyler).cloned().unwrap();
    let found = small.desk.known.left_behind(&mut small.desk.records, &held).unwrap();
    assert_eq!(found, [small.site]);
}

#[test]
fn figures_duties_and_extracts_of_a_pupil_who_moved_have_both_sites_and_each_session_once() {
    use crate::duties::{Kind, duties, period};
    use crate::extract;
    use crate::figures::{Cut, Period, count};
    let Moved { mut small, meadow, oak } = moved();
    let (tyler, site) = (small.tyler, small.site);
    small.desk.at(clock(9, 40)).office().take(oak, morning(), &[entry(tyler, "/")], false).unwrap();
    let Desk { records, known } = &mut small.desk;
    let now = crate::calendar::local(muster_core::replica::records::Records::now(records));
    known.read_ledger(records, period(now), usize::MAX).unwrap();
    let figures = count(known, Period::year_to(now.day), Cut::default(), now);
    assert_eq!(figures.by_pupil()[&tyler].attendance().to_string(), "50.0 %, 1 of 2");
    let of = |site| figures.by_site()[&site].attendance().to_string();
    assert_eq!((of(site), of(meadow)), ("0.0 %, 0 of 1".to_owned(), "100.0 %, 1 of 1".to_owned()));
    let owed = duties(known, None, now);
    let lines = |kind| owed.iter().find(|duty| duty.kind == kind).unwrap().items.clone();
    assert!(lines(Kind::NoClass).is_empty());
    let table = extract::register(records, known, (monday().plus(-3), monday()), None, None).unwrap();
    let told: Vec<_> = table
        .rows
        .iter()
        .filter(|row| row[4] == "Green")
        .map(|row| [&row[0], &row[1], &row[2], &row[3], &row[9]].map(String::as_str).join(" "))
        .collect();
    assert_eq!(told, ["2026-11-20 AM Harbour Rowan N", "2026-11-23 AM Meadow Oak /"]);
}

#[test]
fn a_parents_page_and_a_pupils_figures_say_which_sites_days_they_lack() {
    let Moved { mut small, meadow, oak } = moved();
    let tyler = small.tyler;
    small.desk.at(clock(9, 0)).office().take(oak, morning(), &[entry(tyler, "/")], false).unwrap();
    let period = crate::figures::Period::year_to(monday());
    let cut = crate::figures::Cut { pupil: Some(tyler), ..Default::default() };
    let lacks = |desk: &mut Desk, from: Day| {
        let now = crate::calendar::local(desk.records.now());
        let Desk { records, known } = desk;
        let given = crate::extract::for_parent::Given::default();
        let page = crate::extract::for_parent::for_parent(records, known, tyler, (from, now.day), given, now)
            .unwrap()
            .unwrap();
        let period = crate::figures::Period { from, ..period };
        known.read_ledger(records, period, usize::MAX).unwrap();
        (page.summary.join(" "), show::attendance::not_counted(records, known, cut, period))
    };
    let mut own = device_of(&small.desk, 5, meadow);
    let (page, figures) = lacks(&mut own, period.from);
    assert!(page.contains("The days at Harbour are not in this: ask there for them."), "{page}");
    assert!(figures.starts_with("Not counted: Harbour"), "{figures}");
    for (desk, from) in [(&mut own, monday()), (&mut small.desk, period.from)] {
        let (page, figures) = lacks(desk, from);
        assert!(!page.contains("Harbour") && figures.is_empty(), "{page} {figures}");
    }
}

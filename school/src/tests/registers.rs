//! Taking registers, amending, disagreeing, undoing.

// long because: one register, each thing that can happen to a mark tried on the same small school.

use super::*;
use crate::office::OfficeError;
use crate::show;
use crate::view::register::RegisterView;
use crate::view::status::Status;

fn view(desk: &mut Desk, group: GroupId, session: Session) -> RegisterView {
    show::register(&mut desk.records, &mut desk.known, &show::register_key(group, session)).unwrap()
}

fn shown(view: &RegisterView) -> Vec<String> {
    view.rows.iter().map(|row| row.mark.as_ref().map_or("-".to_owned(), |mark| mark.code.clone())).collect()
}

#[test]
fn a_class_is_taken_in_one_act_and_mark_remaining_present_touches_blanks_only() {
    let Small { mut desk, beech, pupils, .. } = small();
    desk.at(clock(8, 55));
    desk.office().plan(pupils[2], (monday(), monday()), None, "M", "Dentist").unwrap();
    let acts = desk.records.acts();
    desk.office().take(beech, morning(), &[entry(pupils[0], "I"), late(pupils[1], 5)], false).unwrap();
    assert_eq!(desk.records.acts(), acts + 1);
    let taken = desk.office().mark_remaining_present(beech, morning()).unwrap();
    assert_eq!(taken.marked, 2, "neither the ill, the late nor the planned one");
    let view = view(&mut desk, beech, morning());
    assert_eq!(shown(&view), ["I", "L", "M", "/", "/"]);
    let planned: Vec<_> = view.rows.iter().map(|row| row.mark.as_ref().unwrap().planned).collect();
    assert_eq!(planned, [false, false, true, false, false]);
    assert_eq!(view.title, "Beech, Years 10 and 11");
    assert_eq!(view.session, "Monday 23 November, morning. Open until 09:20, 25 minutes left.");
    assert_eq!(view.rows[3].apart, "Year 10");
    assert!(view.rows[3].flags.contains(&"Same name".to_owned()));
    assert_eq!(desk.office().mark_remaining_present(beech, morning()).unwrap().written, None, "nothing left to mark");
}

#[test]
fn a_wrong_code_is_refused_with_what_would_be_right_and_nothing_is_written() {
    let Small { mut desk, beech, pupils, .. } = small();
    desk.at(clock(8, 55));
    let acts = desk.records.acts();
    let refused = |desk: &mut Desk, mark: MarkEntry, session| {
        desk.office().take(beech, session, &[entry(pupils[1], "N"), mark], false).unwrap_err().to_string()
    };
    assert_eq!(refused(&mut desk, entry(pupils[0], "J"), morning()), "J needs a number: J1");
    assert_eq!(refused(&mut desk, entry(pupils[0], "L"), morning()), "L needs the minutes late");
    assert_eq!(refused(&mut desk, entry(pupils[0], "\\"), morning()), "\\ is for the afternoon only: use /");
    assert_eq!(refused(&mut desk, entry(pupils[0], "#"), morning()), "# is set by the calendar, not by hand");
    let sunday = Session::am(monday().plus(-1));
    assert!(refused(&mut desk, entry(pupils[0], "/"), sunday).contains("weekend"));
    let tomorrow = Session::am(monday().plus(1));
    assert!(refused(&mut desk, entry(pupils[0], "/"), tomorrow).contains("not come yet"));
    assert_eq!(desk.records.acts(), acts);
}

#[test]
fn after_the_register_closed_a_change_asks_for_a_reason_and_shows_the_original() {
    let Small { mut desk, beech, pupils, .. } = small();
    desk.at(clock(8, 55));
    desk.office().take(beech, morning(), &[entry(pupils[0], "N")], false).unwrap();
    desk.at(clock(9, 20));
    let refused = desk.office().take(beech, morning(), &[entry(pupils[0], "I")], false);
    assert!(matches!(refused, Err(OfficeError::NeedsReason)));
    assert!(matches!(
        desk.office().amend(pupils[0], morning(), (Some("I"), None), " ", None),
        Err(OfficeError::EmptyReason)
    ));
    desk.office().amend(pupils[0], morning(), (Some("I"), None), "mother rang", None).unwrap();
    let after = view(&mut desk, beech, morning());
    let mark = after.rows[0].mark.as_ref().unwrap();
    assert_eq!((mark.code.as_str(), mark.amended_from.as_deref()), ("I", Some("N")));
    assert!(after.needs_reason);
    let history = desk.office().board(morning()).unwrap().history(pupils[0], morning());
    assert_eq!(history.len(), 2, "the original entry is there for ever");
    assert!(desk.office().take(beech, morning(), &[entry(pupils[1], "/")], false).is_ok(), "a first mark needs none");
}

#[test]
fn an_amendment_names_the_position_that_its_author_had_then() {
    let Small { mut desk, site, beech, pupils, .. } = small();
    desk.at(clock(8, 55)).office().take(beech, morning(), &[entry(pupils[0], "N")], false).unwrap();
    desk.at(clock(9, 30)).office().amend(pupils[0], morning(), (Some("I"), None), "mother rang", None).unwrap();
    let deputy =
        crate::office::NewPerson { job: "Deputy head".to_owned(), ..super::person("Helen", "Marsh", vec![site]) };
    desk.records.set_clock(monday().plus(1), clock(8, 0));
    desk.office().add_person(Some(HELEN), &deputy).unwrap();
    desk.office().amend(pupils[0], morning(), (Some("M"), None), "it was the dentist", None).unwrap();
    let history = view(&mut desk, beech, morning()).rows[0].history.clone();
    assert!(history[1].contains("Helen Marsh, Teacher: I"), "{history:?}");
    assert!(history[2].contains("Helen Marsh, Deputy head: M"), "{history:?}");
}

#[test]
fn two_people_marking_one_class_keep_both_marks_and_a_person_settles_them() {
    let Small { mut desk, beech, pupils, .. } = small();
    desk.at(clock(8, 55));
    let mut tablet = desk.another(2, Some(TOM));
    desk.office().take(beech, morning(), &[entry(pupils[1], "/"), entry(pupils[0], "/")], false).unwrap();
    tablet.office().take(beech, morning(), &[late(pupils[1], 20), entry(pupils[2], "/")], false).unwrap();
    desk.hear(&tablet);
    tablet.hear(&desk);
    let (here, there) = (view(&mut desk, beech, morning()), view(&mut tablet, beech, morning()));
    assert_eq!(shown(&here), shown(&there), "the same mark shows on both");
    let row = &here.rows[1];
    assert_eq!(row.mark.as_ref().unwrap().status, Status::Check);
    assert_eq!(row.versions.len(), 2);
    let words: Vec<_> = row.versions.iter().map(|version| version.words.as_str()).collect();
    assert!(words.contains(&"present by Helen Marsh 08:55"), "{words:?}");
    assert!(words.contains(&"late, 20 minutes by Tom Okafor 08:55"), "{words:?}");
    assert!(here.rows[0].versions.is_empty() && here.rows[2].versions.is_empty(), "the others merged by pupil");
    let late = row.versions.iter().find(|version| version.code == "L").unwrap().fact;
    let among: Vec<_> = row.versions.iter().map(|version| version.fact).collect();
    let unseen = tablet.office().settle_mark(pupils[1], morning(), late, &[late]).unwrap_err().to_string();
    assert!(unseen.contains("another mark came meanwhile"), "nothing is settled that nobody saw");
    tablet.office().settle_mark(pupils[1], morning(), late, &among).unwrap();
    desk.hear(&tablet);
    let settled = view(&mut desk, beech, morning());
    assert_eq!(settled.rows[1].mark.as_ref().unwrap().code, "L");
    assert!(settled.rows[1].versions.is_empty());
}

#[test]
fn an_office_amendment_stands_over_a_later_mark_of_the_class_and_both_are_shown() {
    let Small { mut desk, beech, pupils, .. } = small();
    desk.at(clock(8, 55));
    desk.office().take(beech, morning(), &[entry(pupils[0], "N")], false).unwrap();
    let mut tablet = desk.another(2, Some(TOM));
    tablet.at(clock(9, 0)).office().take(beech, morning(), &[late(pupils[0], 10)], false).unwrap();
    desk.at(clock(9, 30)).office().amend(pupils[0], morning(), (Some("M"), None), "letter", None).unwrap();
    desk.hear(&tablet);
    let row = view(&mut desk, beech, morning()).rows.remove(0);
    assert_eq!(row.mark.unwrap().code, "M");
    assert_eq!(row.versions.iter().map(|version| version.code.as_str()).collect::<Vec<_>>(), ["M", "L"]);
}

#[test]
fn a_pupil_who_changed_group_has_one_mark() {
    let Small { mut desk, beech, rowan, pupils, .. } = small();
    desk.at(clock(8, 55));
    desk.office().take(beech, morning(), &[entry(pupils[0], "N")], false).unwrap();
    desk.office().place_pupil(pupils[0], rowan, monday()).unwrap();
    desk.office().take(rowan, morning(), &[entry(pupils[0], "/")], false).unwrap();
    let current = desk.office().board(morning()).unwrap().current(pupils[0], morning());
    assert_eq!(current.code().unwrap().as_str(), "/");
    assert!(!current.is_conflict());
    assert_eq!(view(&mut desk, rowan, morning()).rows[0].spoken, "Ada Byrne");
}

#[test]
fn undo_puts_back_what_was_there_and_is_itself_recorded() {
    let Small { mut desk, beech, pupils, .. } = small();
    desk.at(clock(8, 55));
    desk.office().take(beech, morning(), &[entry(pupils[0], "N")], false).unwrap();
    let taken = desk.office().take(beech, morning(), &[late(pupils[0], 3), entry(pupils[1], "/")], false).unwrap();
    desk.office().undo(&taken.undo.unwrap()).unwrap();
    assert_eq!(shown(&view(&mut desk, beech, morning()))[..2], ["N".to_owned(), "-".to_owned()]);
    assert_eq!(desk.office().board(morning()).unwrap().history(pupils[0], morning()).len(), 3);
}

#[test]
fn a_mark_by_a_hostile_device_cannot_hide_another_pupils_mark() {
    use crate::facts::register::{Mark, RegisterFact};
    use crate::facts::{Value as _, documents};
    use muster_core::replica::records::Change;
    let Small { mut desk, site, beech, pupils, .. } = small();
    desk.at(clock(8, 55));
    desk.office().take(beech, morning(), &[entry(pupils[0], "N")], false).unwrap();
    let victim = desk.office().board(morning()).unwrap().current(pupils[0], morning()).standing[0].name;
    let mark =
        Mark { pupil: pupils[1], session: morning().in_week(), code: crate::codes::Code::PRESENT_AM, minutes: None };
    let fact = RegisterFact::from(mark).replacing(vec![victim]).unwrap();
    let document = documents::register(site, beech, monday());
    desk.records.write(vec![Change { document, facts: vec![fact] }]).unwrap();
    assert_eq!(shown(&view(&mut desk, beech, morning()))[..2], ["N".to_owned(), "/".to_owned()]);
}

#[test]
fn a_full_disk_writes_nothing_and_says_so() {
    let Small { mut desk, beech, pupils, .. } = small();
    desk.at(clock(8, 55));
    desk.records.fail_after(Some(0));
    let error = desk.office().take(beech, morning(), &[entry(pupils[0], "/")], false).unwrap_err();
    assert!(error.to_string().contains("disk is full"));
    assert_eq!(shown(&view(&mut desk, beech, morning())), ["-"; 5]);
}

#[test]
fn today_counts_registers_not_taken_absences_without_reason_and_late_arrivals() {
    let Small { mut desk, site, beech, rowan, pupils, .. } = small();
    desk.at(clock(8, 55));
    desk.office().take(beech, morning(), &[entry(pupils[0], "N"), late(pupils[1], 5)], false).unwrap();
    let today = show::today(&mut desk.records, &mut desk.known, site).unwrap();
    assert_eq!(today.day, "Monday 23 November");
    assert_eq!(today.greeting, "Morning session. Good morning, Helen.");
    let counts: Vec<_> = today.to_do.iter().map(|panel| (panel.count, panel.title.as_str())).collect();
    assert_eq!(
        counts,
        [(2, "registers not taken"), (1, "absent without a reason"), (1, "late arrivals")]
            .map(|(n, t)| { (n, if n == 1 && t == "late arrivals" { "late arrival" } else { t }) })
    );
    assert_eq!(today.to_do[0].rows[0].detail, "Begun 08:55, 2 of 5");
    assert_eq!(today.to_do[0].rows[1].detail, "Nothing sent today");
    desk.office().mark_remaining_present(beech, morning()).unwrap();
    let list = show::registers(&mut desk.records, &mut desk.known, site).unwrap();
    assert!(list.summary.starts_with("1 of 2 taken."), "{}", list.summary);
    assert!(list.rows[0].own && list.rows[0].group == "Beech");
    desk.at(clock(9, 2)).office().take(rowan, morning(), &[], true).unwrap();
    let list = show::registers(&mut desk.records, &mut desk.known, site).unwrap();
    assert_eq!(list.rows[1].state, "Finished 09:02, 1 not marked");
}

#[test]
fn a_closed_day_owes_no_registers() {
    let Small { mut desk, site, beech, .. } = small();
    let closure = crate::facts::school::Closure {
        site: Some(site),
        first: monday(),
        last: monday().plus(1),
        label: "Burst main".to_owned(),
    };
    desk.at(clock(8, 45)).office().close(closure).unwrap();
    let list = show::registers(&mut desk.records, &mut desk.known, site).unwrap();
    assert_eq!((list.rows.len(), list.summary.as_str()), (0, "No registers today: Burst main."));
    let view = view(&mut desk, beech, morning());
    assert!(!view.may_mark && view.session.ends_with("Closed: Burst main."), "{}", view.session);
    assert!(desk.office().mark_remaining_present(beech, morning()).is_err());
    let wednesday = Session::am(monday().plus(2));
    desk.records.set_clock(wednesday.day, clock(8, 55));
    let past: Vec<_> = self::view(&mut desk, beech, wednesday).rows[0].past.iter().map(|p| p.session.clone()).collect();
    assert_eq!(past.last().map(String::as_str), Some("Friday afternoon"), "closed days are no gap");
}

#[test]
fn undo_leaves_a_mark_alone_that_somebody_else_changed_since() {
    let Small { mut desk, beech, pupils, .. } = small();
    let mut tablet = desk.another(2, Some(TOM));
    let taken = tablet.at(clock(8, 55)).office().take(beech, morning(), &[entry(pupils[0], "/")], false).unwrap();
    desk.hear(&tablet);
    desk.at(clock(9, 30)).office().amend(pupils[0], morning(), (Some("I"), None), "Rang in", None).unwrap();
    tablet.hear(&desk);
    let undone = tablet.at(clock(9, 31)).office().undo(&taken.undo.unwrap());
    assert!(undone.unwrap_err().to_string().contains("changed since by somebody"));
    assert_eq!(shown(&view(&mut tablet, beech, morning()))[0], "I");
}

#[test]
fn a_site_lead_takes_the_whole_site_on_one_screen_in_one_act() {
    let Small { mut desk, site, beech, rowan, pupils, tyler, .. } = small();
    desk.at(clock(8, 55));
    let whole = GroupId(site.0);
    desk.office().take(whole, morning(), &[entry(pupils[0], "N"), entry(tyler, "I")], false).unwrap();
    let taken = desk.office().mark_remaining_present(whole, morning()).unwrap();
    assert_eq!((taken.marked, taken.written.is_some()), (4, true));
    let seen = view(&mut desk, whole, morning());
    assert_eq!(seen.title, "Harbour, every group");
    assert_eq!(shown(&seen), ["N", "/", "/", "/", "/", "I"], "Beech by name, then Rowan");
    assert_eq!(seen.rows[5].apart, "Rowan");
    assert!(seen.finished.is_none());
    desk.office().take(whole, morning(), &[], true).unwrap();
    assert!(view(&mut desk, whole, morning()).finished.is_some());
    for group in [beech, rowan] {
        assert!(view(&mut desk, group, morning()).finished.is_some());
    }
    desk.office().undo(&taken.undo.unwrap()).unwrap();
    assert_eq!(shown(&view(&mut desk, whole, morning())), ["N", "-", "-", "-", "-", "I"]);
    let list = show::registers(&mut desk.records, &mut desk.known, site).unwrap();
    assert_eq!(list.rows.last().unwrap().group, "Whole site");
}

#[test]
fn whoever_takes_another_persons_register_is_recorded_as_cover_once() {
    let Small { desk, beech, pupils, .. } = small();
    let mut tablet = desk.another(2, Some(TOM));
    tablet.at(clock(8, 55));
    assert_eq!(view(&mut tablet, beech, morning()).cover, "You cover for Helen Marsh.");
    tablet.office().take(beech, morning(), &[entry(pupils[0], "/")], false).unwrap();
    tablet.office().take(beech, morning(), &[entry(pupils[1], "/")], true).unwrap();
    let board = tablet.office().board(morning()).unwrap();
    let covered: Vec<_> = board.weeks().iter().flat_map(|week| week.covered(morning())).collect();
    assert_eq!(covered.len(), 1);
    assert_eq!(covered[0].0, HELEN);
}

#[test]
fn a_child_on_no_list_is_written_down_marked_and_matched_later_with_nothing_lost() {
    let Small { mut desk, site, beech, pupils, .. } = small();
    let mut tablet = desk.another(2, Some(TOM));
    tablet.at(clock(8, 55));
    assert!(tablet.office().add_unlisted(beech, "  ", "").is_err());
    let child = tablet.office().add_unlisted(beech, "Ada Burn", "Says she starts today").unwrap();
    tablet.office().take(beech, morning(), &[entry(child, "/")], false).unwrap();
    let seen = view(&mut tablet, beech, morning());
    let row = seen.rows.iter().find(|row| row.name == "Burn, Ada").unwrap();
    assert_eq!(
        (row.flags.as_slice(), row.remarks[0].as_str()),
        (&["On no list".to_owned()][..], "On no list: to be matched by the office")
    );
    let fire = show::fire(&mut tablet.records, site, "").unwrap();
    assert!(fire.rows.iter().any(|row| row.name.contains("Burn")), "a marshal looks for her too");

    assert_eq!(crate::admission::returns::returns_due(&tablet.known, monday()), [], "she is on no admission register");

    // The office knows who she is: the mark is hers, and it contradicts one that the office made.
    desk.at(clock(9, 0)).office().take(beech, morning(), &[entry(pupils[0], "N")], false).unwrap();
    desk.hear(&tablet);
    desk.office().match_pupil(child, Some(pupils[0])).unwrap();
    let seen = view(&mut desk, beech, morning());
    assert!(!seen.rows.iter().any(|row| row.name == "Burn, Ada"));
    assert_eq!(seen.rows[0].versions.len(), 2, "both marks are shown, with who and when");
    let unseen = desk.at(clock(9, 40)).office().amend(pupils[0], morning(), (Some("/"), None), "She was there", None);
    assert!(matches!(unseen, Err(OfficeError::Unsettled)));
    let both = shown_to(&mut desk, pupils[0], morning());
    desk.office().amend(pupils[0], morning(), (Some("/"), None), "She was there", Some(&both)).unwrap();
    let seen = view(&mut desk, beech, morning());
    assert_eq!((seen.rows[0].versions.len(), seen.rows[0].mark.as_ref().unwrap().code.as_str()), (0, "/"));
    assert_eq!(seen.rows[0].history.len(), 4, "{:?}", seen.rows[0].history);
    assert!(desk.office().match_pupil(pupils[1], Some(pupils[0])).is_err(), "she is on roll");
}

#[test]
fn a_child_on_no_list_is_marked_by_whoever_sees_them_and_never_with_the_rest() {
    let Small { mut desk, beech, pupils, .. } = small();
    desk.at(clock(8, 55));
    let child = desk.office().add_unlisted(beech, "Ada Burn", "").unwrap();
    assert_eq!(view(&mut desk, beech, morning()).blanks, 5, "the button says whom it marks");
    desk.office().mark_remaining_present(beech, morning()).unwrap();
    let board = desk.office().board(morning()).unwrap();
    assert_eq!(
        (board.current(pupils[4], morning()).code().is_some(), board.current(child, morning()).code()),
        (true, None)
    );
}

#[test]
fn a_child_on_no_list_is_asked_after_until_somebody_says_that_they_have_gone() {
    use crate::duties::{Kind, duties};
    let Small { mut desk, site, beech, pupils, .. } = small();
    desk.at(clock(8, 55));
    let child = desk.office().add_unlisted(beech, "Ada Burn", "Says she starts today").unwrap();
    desk.office().take(beech, morning(), &[entry(child, "/")], false).unwrap();
    let asked = |desk: &Desk| {
        let now = crate::calendar::local(desk.records.now());
        let all = duties(&desk.known, Some(site), now);
        let items = all.into_iter().filter(|duty| duty.kind == Kind::Unlisted).flat_map(|duty| duty.items);
        items.map(|item| item.detail).collect::<Vec<_>>()
    };
    assert_eq!(
        asked(&desk),
        ["on no list since Mon 23 Nov (Says she starts today): say who it is, or that the child has gone"]
    );
    let Desk { records, known } = &mut desk;
    let table = crate::extract::register(records, known, (monday(), monday()), None, None).unwrap();
    assert!(table.notes.contains(&"1 child in it is on no list: not on the admission register".to_owned()));
    assert!(desk.office().has_gone(child, " ").is_err() && desk.office().has_gone(pupils[0], "x").is_err());
    desk.office().has_gone(child, "Her aunt fetched her at 09:40").unwrap();
    assert!(asked(&desk).is_empty() && desk.office().has_gone(child, "again").is_err());
    let here = |day: Day| desk.known.members(beech, day).iter().any(|pupil| pupil.id == child);
    assert!(here(monday()) && !here(monday().plus(1)), "she was here today");
    desk.office().match_pupil(child, Some(pupils[0])).unwrap();
    assert_eq!(desk.office().board(morning()).unwrap().current(pupils[0], morning()).code().unwrap().as_str(), "/");
}

#[test]
fn an_agreed_part_time_timetable_is_filled_in_and_a_session_outside_it_is_remarked_on() {
    use crate::facts::pupil::Timetable;
    let Small { mut desk, beech, pupils, .. } = small();
    desk.at(clock(8, 55));
    let table = Timetable {
        first: monday(),
        last: monday().plus(28),
        review: None,
        off: vec![afternoon().in_week()],
        code: crate::codes::Code::new("C2"),
        agreed: Some(monday().plus(-7)),
        note: "Pathway to Full-Time".to_owned(),
    };
    let refused = desk.office().set_timetable(pupils[0], table.clone()).unwrap_err().to_string();
    assert!(refused.contains("looked at again"), "{refused}");
    let year = (monday(), monday().plus(200));
    let planned = desk.office().plan(pupils[0], year, None, "C2", "").unwrap_err().to_string();
    assert!(planned.contains("a timetable that was agreed"), "{planned}");
    assert!(desk.office().plan(pupils[0], (monday(), monday().plus(500)), None, "I", "").is_err(), "a year at most");
    let table = Timetable { review: Some(monday().plus(14)), ..table };
    desk.office().set_timetable(pupils[0], table).unwrap();
    let mark = view(&mut desk, beech, afternoon()).rows[0].mark.clone().unwrap();
    assert_eq!((mark.code.as_str(), mark.planned), ("C2", true));
    desk.at(clock(13, 5)).office().mark_remaining_present(beech, afternoon()).unwrap();
    assert!(view(&mut desk, beech, afternoon()).rows[0].mark.clone().unwrap().planned, "never over a planned absence");
    desk.office().amend(pupils[1], morning(), (Some("C2"), None), "Sent home", None).unwrap();
    let seen = view(&mut desk, beech, morning());
    assert_eq!(seen.rows[1].remarks, ["No part-time timetable covers this session"]);
    assert_eq!(seen.rows[1].history, ["13:05 Helen Marsh, Teacher: C2, part-time timetable. Reason: Sent home"]);
}

#[test]
fn a_suspension_of_more_than_five_school_days_is_remarked_on() {
    let Small { mut desk, beech, pupils, .. } = small();
    let days: Vec<Day> = (0..8).map(|days| monday().plus(days)).filter(|day| !day.is_weekend()).collect();
    for day in &days {
        desk.records.set_clock(*day, clock(8, 55));
        desk.office().take(beech, Session::am(*day), &[entry(pupils[0], "E")], false).unwrap();
    }
    let said = |desk: &mut Desk, day: Day| view(desk, beech, Session::am(day)).rows[0].remarks.clone();
    assert!(said(&mut desk, days[4]).is_empty(), "the fifth day");
    assert!(said(&mut desk, days[5])[0].starts_with("More than 5 school days running"), "the sixth");
}

#[test]
fn marks_that_cannot_be_are_refused_with_words_that_say_what_would_be_right() {
    use crate::facts::pupil::{OnRoll, PupilFact};
    use crate::facts::{Value as _, documents};
    use crate::known::PupilAbout;
    use muster_core::replica::records::Change;
    let Small { mut desk, site, beech, pupils, .. } = small();
    let held = desk.known.pupil(pupils[4]).cloned().unwrap();
    let left = OnRoll { starting: held.on_roll.starting, last: Some(monday().plus(-3)) };
    let fact = PupilFact::from(left).replacing(held.replaced_by(PupilAbout::OnRoll)).unwrap();
    desk.records.write(vec![Change { document: documents::pupil(site, pupils[4]), facts: vec![fact] }]).unwrap();
    desk.known.refresh(&mut desk.records).unwrap();
    desk.at(clock(13, 5));
    let mut say = |pupil, code: &str, minutes, session| {
        let mark = MarkEntry { minutes, ..entry(pupil, code) };
        desk.office().take(beech, session, &[mark], false).unwrap_err().to_string()
    };
    assert_eq!(say(pupils[0], "/", None, afternoon()), "/ is for the morning only: use \\");
    assert_eq!(say(pupils[0], "Q9", None, morning()), "there is no code Q9");
    assert!(say(pupils[0], "L", Some(40), afternoon()).contains("closed at 13:30"));
    assert!(say(pupils[0], "U", Some(5), afternoon()).contains("open until 13:30"));
    assert!(say(pupils[4], "/", None, morning()).contains("left on Friday 20 November"));
    assert!(say(pupils[0], "/", None, Session::am(monday().plus(-1))).contains("weekend"));
    assert!(say(pupils[0], "/", None, Session::am(monday().plus(-122))).contains("starts on Tuesday 1 September"));
    assert!(say(pupils[0], "/", None, Session::am(monday().plus(1))).contains("has not come yet"));
    assert_eq!(say(pupils[0], "#", None, morning()), "# is set by the calendar, not by hand");
}

#[test]
fn of_a_boarder_no_mark_is_due_and_nobody_is_present_who_was_not_seen() {
    use crate::facts::admission::{Entry, Starting};
    use crate::office::EntryChange;
    let mut small = small();
    let (arun, beech) = (small.pupils[3], small.beech);
    let boards = Entry { middle: String::new(), other_names: String::new(), boarder: true, starting: Starting::Agreed };
    let change = EntryChange { entry: Some(boards), ..EntryChange::default() };
    small.desk.at(clock(9, 0)).office().amend_entry(arun, &change, "").unwrap();
    let taken = small.desk.office().mark_remaining_present(beech, morning()).unwrap();
    assert_eq!(taken.marked, 4, "four of five");
    let Desk { records, known } = &mut small.desk;
    assert!(known.board(records, monday()).unwrap().current(arun, morning()).shown().is_none());
    let view = show::register(records, known, &show::register_key(beech, morning())).unwrap();
    assert_eq!((view.blanks, view.rows.len()), (0, 5));
    let left = view.tallies.iter().find(|tally| tally.words == "Not yet marked").unwrap();
    assert_eq!(left.count, 0);
    let today = show::today(records, known, small.site).unwrap();
    let open: Vec<_> = today.to_do[0].rows.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(open, ["Rowan"], "Beech is taken");
    let table = crate::extract::register(records, known, (monday(), monday()), Some(small.site), None).unwrap();
    assert_eq!(table.notes[0], "Monday 23 November, morning: 1 pupil has no mark yet and is not in it");
}

#[test]
fn what_the_law_asks_of_a_code_stands_beside_it_and_a_mark_that_does_not_fit_is_remarked_on() {
    use crate::facts::admission::Placement;
    use crate::facts::pupil::Timetable;
    use crate::office::EntryChange;
    let mut small = small();
    let (ada, leila, beech) = (small.pupils[0], small.pupils[1], small.beech);
    small.desk.at(clock(8, 55)).office().take(beech, morning(), &[entry(ada, "/")], false).unwrap();
    small.desk.at(clock(9, 5)).office().take(beech, morning(), &[entry(ada, "M")], false).unwrap();
    let placement = Placement { number: "919".into(), name: "Hertfordshire".into(), arranged: true, plan: true };
    let change = EntryChange { placement: Some(placement), ..EntryChange::default() };
    small.desk.office().amend_entry(leila, &change, "").unwrap();
    let table = Timetable {
        first: monday(),
        last: monday().plus(20),
        review: Some(monday().plus(7)),
        off: vec![0],
        code: crate::codes::Code::new("C2"),
        agreed: Some(monday()),
        note: "Pathway".into(),
    };
    small.desk.office().set_timetable(leila, table).unwrap();
    small.desk.office().take(beech, morning(), &[entry(leila, "C2")], false).unwrap();
    let view = view(&mut small.desk, beech, morning());
    let remarks = |who: PupilId| view.rows.iter().find(|row| row.pupil == who.into()).unwrap().remarks.clone();
    assert_eq!(
        remarks(ada),
        ["Marked as here before: whoever was registered and left later keeps /, and is signed out"]
    );
    assert_eq!(remarks(leila), ["Has an EHC plan: tell the authority of a part-time timetable"]);
    let rule = |code: &str| view.codes.iter().find(|line| line.code == code).unwrap().rule.clone();
    assert!(
        rule("B").starts_with("Must be supervised in person") && rule("B").contains("remote learning"),
        "{}",
        rule("B")
    );
    assert!(rule("M").contains("Only if absent at registration"), "{}", rule("M"));
    assert!(view.codes.iter().all(|line| !line.rule.contains("(memory)")));
}

#[test]
fn a_code_that_does_not_fit_the_pupil_or_the_hour_is_refused_at_the_register() {
    let mut small = small();
    let (ada, beech) = (small.pupils[0], small.beech);
    let held = small.desk.known.pupil(ada).unwrap().identity.clone();
    let born = Identity { born: Day::parse("2012-03-02").ok(), ..held };
    let change = crate::office::EntryChange { identity: Some(born), ..Default::default() };
    small.desk.at(clock(9, 0)).office().amend_entry(ada, &change, "Certificate seen").unwrap();
    let mut office = small.desk.office();
    for refused in [
        office.take(beech, morning(), &[entry(ada, "X")], false).map(drop),
        office.plan(ada, (monday(), monday()), None, "X", "").map(drop),
        office.minutes_late(beech, morning(), "8:30").map(drop),
    ] {
        assert!(refused.is_err());
    }
    let said = office.take(beech, morning(), &[entry(ada, "X")], false).unwrap_err().to_string();
    assert!(said.contains("compulsory school age"), "{said}");
    let early = office.minutes_late(beech, morning(), "8:30").unwrap_err().to_string();
    assert!(early.contains("before"), "{early}");
}

#[test]
fn the_words_of_a_plan_stand_beside_the_mark_that_confirms_it_whatever_becomes_of_the_plan() {
    let mut small = small();
    let (ada, leila, beech) = (small.pupils[0], small.pupils[1], small.beech);
    let plan = |office: &mut crate::office::Office<'_, MemoryRecords>, whose, code| {
        office.plan(whose, (monday(), monday()), None, code, "College, Wednesdays").unwrap();
    };
    small.desk.at(clock(9, 0));
    plan(&mut small.desk.office(), ada, "B");
    plan(&mut small.desk.office(), leila, "B");
    small.desk.office().take(beech, morning(), &[entry(ada, "B"), entry(leila, "I")], false).unwrap();
    small.desk.office().call_off_plan(ada, monday(), None).unwrap();
    let rows = view(&mut small.desk, beech, morning()).rows;
    assert_eq!((rows[0].note.as_str(), rows[1].note.as_str()), ("College, Wednesdays", ""), "another code, no note");
    assert!(!rows[0].remarks.iter().any(|line| line.contains("Add a note")), "{:?}", rows[0].remarks);
    let own = MarkEntry { note: Some("Stables instead".to_owned()), ..entry(leila, "\\") };
    plan(&mut small.desk.office(), leila, "K");
    small.desk.at(clock(13, 5)).office().take(beech, afternoon(), &[own], false).unwrap();
    assert_eq!(view(&mut small.desk, beech, afternoon()).rows[1].note, "Stables instead");
}

#[test]
fn the_last_five_marks_of_july_are_there_in_september() {
    use crate::facts::calendar::Term;
    let mut small = small();
    for (first, last) in [("2026-04-13", "2026-07-17"), ("2026-09-07", "2026-12-18")] {
        let (first, last) = (Day::parse(first).unwrap(), Day::parse(last).unwrap());
        small.desk.office().set_term(Term { site: None, first, last, name: first.iso() }).unwrap();
    }
    let first = Day::parse("2026-09-07").unwrap();
    small.desk.records.set_clock(first, clock(8, 50));
    let past = &view(&mut small.desk, small.beech, Session::am(first)).rows[0].past;
    let sessions: Vec<_> = past.iter().map(|mark| mark.session.as_str()).collect();
    assert_eq!(sessions.len(), 5, "{sessions:?}");
    assert_eq!(sessions[4], "Friday afternoon");
}

#[test]
fn x_of_a_pupil_without_a_date_of_birth_is_remarked_on() {
    let mut small = small();
    let ada = small.pupils[0];
    small.desk.at(clock(9, 0)).office().take(small.beech, morning(), &[entry(ada, "X")], false).unwrap();
    let remarks = view(&mut small.desk, small.beech, morning()).rows[0].remarks.clone();
    assert!(
        remarks.contains(&"No date of birth is entered: whether X is right cannot be told".to_owned()),
        "{remarks:?}"
    );
}

#[test]
fn whoever_could_not_attend_is_not_tallied_as_absent() {
    let mut small = small();
    let marks = [entry(small.pupils[0], "Y1"), entry(small.pupils[1], "D"), entry(small.pupils[2], "I")];
    small.desk.at(clock(9, 0)).office().take(small.beech, morning(), &marks, false).unwrap();
    let tallies = view(&mut small.desk, small.beech, morning()).tallies;
    let of = |words: &str| tallies.iter().find(|line| line.words == words).map(|line| line.count);
    assert_eq!((of("Could not attend"), of("Absent, authorised")), (Some(2), Some(1)), "{tallies:?}");
}

#[test]
fn a_printed_register_tells_a_closed_day_from_a_blank_and_an_amendment_from_what_stood_first() {
    let mut small = small();
    let (ada, leila, beech) = (small.pupils[0], small.pupils[1], small.beech);
    small.desk.at(clock(9, 0)).office().take(beech, morning(), &[entry(ada, "N"), late(leila, 7)], false).unwrap();
    small.desk.at(clock(9, 40)).office().amend(ada, morning(), (Some("I"), None), "Mother rang", None).unwrap();
    small.desk.office().amend(leila, morning(), (None, None), "The other Leila", None).unwrap();
    let sheet = |small: &mut Small, day: Day| {
        let board = small.desk.office().board(Session::am(day)).unwrap();
        let known = &small.desk.known;
        let of = |id| show::on_paper(known, &board, known.pupil(id).unwrap(), day)[2..].join("|");
        [of(ada), of(leila)]
    };
    assert_eq!(sheet(&mut small, monday()), ["I *|", "*|"], "taken back with a reason");
    assert_eq!(sheet(&mut small, monday().plus(-1)), ["#|#", "#|#"], "a Sunday");
    let inset = crate::facts::school::Closure { site: None, first: monday(), last: monday(), label: "Closed".into() };
    small.desk.office().close(inset).unwrap();
    assert_eq!(sheet(&mut small, monday()), ["I *|#", "# *|#"]);
}

#[test]
fn n_is_not_planned() {
    let mut small = small();
    let said = small.desk.office().plan(small.pupils[0], (monday(), monday()), None, "N", "").unwrap_err().to_string();
    assert!(said.contains("not yet known"), "{said}");
}

#[test]
fn a_plan_that_is_called_off_fills_in_nothing_and_a_mark_that_was_made_stands() {
    use crate::show::plan_forms;
    let mut small = small();
    let (ada, beech) = (small.pupils[0], small.beech);
    small.desk.at(clock(9, 0)).office().plan(ada, (monday(), monday().plus(2)), None, "M", "Hospital").unwrap();
    small.desk.office().take(beech, morning(), &[entry(ada, "M")], false).unwrap();
    let held = small.desk.known.pupil(ada).unwrap().clone();
    let form = plan_forms::call_off_form(&held, monday());
    assert!(format!("{form:?}").contains("M, Monday 23 November to Wednesday 25 November: Hospital"), "{form:?}");
    small.desk.office().call_off_plan(ada, monday(), None).unwrap();
    assert!(small.desk.office().call_off_plan(ada, monday(), None).is_err(), "once");
    let held = small.desk.known.pupil(ada).unwrap().clone();
    assert!(plan_forms::standing(&held, monday()).is_empty());
    let afternoon = Session::pm(monday());
    let row = |desk: &mut Desk, session| view(desk, beech, session).rows[0].mark.clone();
    assert!(row(&mut small.desk, afternoon).is_none(), "blank again");
    assert_eq!(row(&mut small.desk, morning()).unwrap().code, "M");
}

#[test]
fn whoever_has_finished_a_register_or_made_one_mark_a_while_ago_is_not_said_to_be_marking() {
    let Small { mut desk, beech, pupils, .. } = small();
    let mut tablet = desk.another(2, Some(TOM));
    tablet.at(clock(9, 2)).office().take(beech, morning(), &[entry(pupils[0], "/")], false).unwrap();
    desk.at(clock(9, 3)).hear(&tablet);
    assert_eq!(view(&mut desk, beech, morning()).others, "Tom Okafor is marking too.");
    desk.at(clock(9, 7));
    assert_eq!(view(&mut desk, beech, morning()).others, "", "one mark, five minutes ago");
    tablet.at(clock(9, 7)).office().take(beech, morning(), &[entry(pupils[1], "/")], true).unwrap();
    desk.at(clock(9, 8)).hear(&tablet);
    let seen = view(&mut desk, beech, morning());
    assert_eq!((seen.others.as_str(), seen.finished.is_some()), ("", true), "he is done");
}

//! Taking a register: points 18, 19, 20, 22 and 9 of the screens.

use crate::{TABLET, Talk, Under, WIDE, focused, names, press, press_with, sample, says, show, type_text};
use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use muster_gui::screens::register::{RegisterState, register_ui};
use muster_gui::{Intent, Screen, Settings, Update};
use muster_school::view::register::RegisterView;

fn open(view: RegisterView) -> Harness<'static, Under<RegisterState>> {
    show([1116.0, 752.0], false, RegisterState::default(), move |ui, state| register_ui(ui, &view, state))
}

fn marks(harness: &Harness<'_, Under<RegisterState>>) -> Vec<(String, Option<String>)> {
    let mark = |intent: &Intent| match intent {
        Intent::Mark { code, minutes, .. } => Some((code.clone(), minutes.clone())),
        _ => None,
    };
    harness.state().asked.iter().filter_map(mark).collect()
}

#[test]
fn the_focus_starts_on_the_first_pupil_without_a_mark() {
    let harness = open(sample::register());
    assert!(focused(&harness).starts_with("Kuba Jankowski"), "{}", focused(&harness));
}

#[test]
fn a_complete_code_marks_and_moves_down() {
    let mut harness = open(sample::blank_class(30));
    type_text(&mut harness, "/i");
    assert_eq!(marks(&harness), [("/".to_owned(), None), ("I".to_owned(), None)]);
    assert!(focused(&harness).starts_with("02 Pupil"));
}

#[test]
fn a_class_of_thirty_takes_thirty_one_presses_code_by_code() {
    let mut harness = open(sample::blank_class(30));
    for _ in 0..30 {
        type_text(&mut harness, "/");
    }
    press_with(&mut harness, Modifiers::COMMAND, Key::Enter);
    assert_eq!(marks(&harness).len(), 30);
    assert!(matches!(harness.state().asked.last(), Some(Intent::FinishRegister { .. })));
}

#[test]
fn a_class_of_thirty_with_two_exceptions_takes_at_most_fifteen_presses() {
    let mut harness = open(sample::blank_class(30));
    let mut presses = 0;
    for _ in 0..4 {
        press(&mut harness, Key::ArrowDown);
        presses += 1;
    }
    type_text(&mut harness, "i");
    presses += 1;
    for _ in 0..3 {
        press(&mut harness, Key::ArrowDown);
        presses += 1;
    }
    type_text(&mut harness, "l");
    press(&mut harness, Key::Enter);
    press_with(&mut harness, Modifiers::COMMAND, Key::M);
    press_with(&mut harness, Modifiers::COMMAND, Key::Enter);
    presses += 4;
    assert!(presses <= 15, "{presses}");
    assert_eq!(marks(&harness), [("I".to_owned(), None), ("L".to_owned(), Some("14".to_owned()))]);
    let asked = &harness.state().asked;
    assert!(asked.iter().any(|intent| matches!(intent, Intent::MarkRemainingPresent { .. })));
    assert!(asked.iter().any(|intent| matches!(intent, Intent::FinishRegister { .. })));
}

#[test]
fn a_code_that_can_grow_waits_for_its_number_or_enter() {
    let mut harness = open(sample::blank_class(30));
    type_text(&mut harness, "c");
    assert!(marks(&harness).is_empty(), "c alone waits");
    type_text(&mut harness, "1");
    assert_eq!(marks(&harness), [("C1".to_owned(), None)]);
    type_text(&mut harness, "c");
    press(&mut harness, Key::Enter);
    assert_eq!(marks(&harness)[1].0, "C");
    type_text(&mut harness, "c/");
    let codes: Vec<_> = marks(&harness).into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, ["C1", "C", "C", "/"]);
}

#[test]
fn a_slip_for_another_number_is_refused_and_the_shorter_code_is_not_marked() {
    let mut harness = open(sample::blank_class(3));
    type_text(&mut harness, "c9");
    assert!(marks(&harness).is_empty(), "{:?}", marks(&harness));
    assert!(says(&harness, "C9 is not a code"));
    type_text(&mut harness, "c2");
    assert_eq!(marks(&harness), [("C2".to_owned(), None)]);
}

#[test]
fn esc_with_nothing_typed_keeps_the_row_and_a_lost_focus_comes_back_with_a_key() {
    let mut harness = open(sample::register());
    for _ in 0..3 {
        press(&mut harness, Key::Escape);
    }
    assert!(focused(&harness).starts_with("Kuba Jankowski"), "{}", focused(&harness));
    for key in [Key::ArrowDown, Key::ArrowUp] {
        let lost = harness.ctx.memory(|memory| memory.focused()).unwrap();
        harness.ctx.memory_mut(|memory| memory.surrender_focus(lost));
        harness.run_steps(1);
        assert_eq!(focused(&harness), "");
        press(&mut harness, key);
        assert!(focused(&harness).starts_with("Kuba Jankowski"), "{}", focused(&harness));
    }
    let lost = harness.ctx.memory(|memory| memory.focused()).unwrap();
    harness.ctx.memory_mut(|memory| memory.surrender_focus(lost));
    harness.run_steps(1);
    type_text(&mut harness, "i");
    assert!(marks(&harness).is_empty(), "the key that brings the focus back marks nobody");
    type_text(&mut harness, "i");
    assert_eq!(marks(&harness), [("I".to_owned(), None)]);
}

#[test]
fn a_duty_to_settle_two_marks_opens_the_choice_between_them() {
    use muster_school::view::today::{Link, TodayPanel, TodayRow, TodayView};
    let view = sample::register();
    let torn = view.rows.iter().find(|row| row.versions.len() > 1).unwrap().pupil;
    let row = TodayRow {
        name: "Two marks to settle, 7B".into(),
        link: Some(Link::Settle(sample::key(), torn)),
        ..TodayRow::default()
    };
    let panel = TodayPanel { rows: vec![row], ..TodayPanel::default() };
    let today = TodayView { to_do: vec![panel], ..sample::today() };
    let updates =
        vec![Update::Frame(sample::office()), Update::Today(today), Update::Register(view), Update::Go(Screen::Today)];
    let mut talk = Talk::new(WIDE, Settings::default(), updates);
    talk.harness.get_by_label_contains("Two marks to settle, 7B").click();
    talk.harness.run_steps(4);
    assert!(talk.asked().contains(&Intent::Open(Screen::Register(sample::key()))));
    assert!(says(&talk.harness, "Choose the one that stands. Both are kept in the audit."));
    press(&mut talk.harness, Key::Escape);
    talk.harness.run_steps(2);
    assert!(focused(&talk.harness).starts_with("Leila Hassan"), "{}", focused(&talk.harness));
}

#[test]
fn a_rejected_code_keeps_the_focus_and_explains_in_the_row() {
    let mut harness = open(sample::register());
    type_text(&mut harness, "j");
    press(&mut harness, Key::Enter);
    assert!(marks(&harness).is_empty());
    assert!(focused(&harness).starts_with("Kuba Jankowski"));
    assert!(says(&harness, "J needs a number: J1"), "it is announced");
    type_text(&mut harness, "j1");
    assert_eq!(marks(&harness), [("J1".to_owned(), None)]);
}

#[test]
fn a_letter_that_is_no_code_is_refused_in_words() {
    let mut harness = open(sample::register());
    type_text(&mut harness, "a");
    assert!(marks(&harness).is_empty());
    assert!(says(&harness, "A is not a code"));
    press(&mut harness, Key::Escape);
    assert!(!says(&harness, "A is not a code"));
    assert!(focused(&harness).starts_with("Kuba Jankowski"), "Esc clears and stays");
}

#[test]
fn late_asks_for_minutes_in_the_row_and_proposes_those_since_the_start() {
    let mut harness = open(sample::blank_class(3));
    type_text(&mut harness, "l");
    assert!(says(&harness, "14 minutes"));
    type_text(&mut harness, "12");
    press(&mut harness, Key::Enter);
    assert_eq!(marks(&harness), [("L".to_owned(), Some("12".to_owned()))]);
    type_text(&mut harness, "l/");
    assert_eq!(marks(&harness)[1..], [("L".to_owned(), Some("14".to_owned())), ("/".to_owned(), None)]);
}

#[test]
fn space_repeats_the_last_code_and_backspace_clears() {
    let mut harness = open(sample::blank_class(5));
    type_text(&mut harness, "i  ");
    let codes: Vec<_> = marks(&harness).into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, ["I", "I", "I"]);
    let mut harness = open(sample::register());
    press(&mut harness, Key::ArrowUp);
    press(&mut harness, Key::ArrowUp);
    press(&mut harness, Key::Backspace);
    assert!(matches!(harness.state().asked.last(), Some(Intent::ClearMark { .. })));
}

#[test]
fn ctrl_f_jumps_to_a_name_and_enter_returns_to_the_grid() {
    let mut harness = open(sample::register());
    press_with(&mut harness, Modifiers::COMMAND, Key::F);
    assert_eq!(focused(&harness), "Find a name");
    harness.get_by_label("Find a name").type_text("okoro");
    harness.run_steps(2);
    press(&mut harness, Key::Enter);
    assert!(focused(&harness).starts_with("Daniel Okoro"), "{}", focused(&harness));
}

#[test]
fn mark_remaining_says_how_many_and_asks_for_blanks_only() {
    let mut harness = open(sample::register());
    harness.get_by_label("Mark remaining 5 present").click();
    harness.run_steps(2);
    let key = sample::key();
    assert_eq!(harness.state().asked, [Intent::MarkRemainingPresent { register: key }]);
}

#[test]
fn a_planned_absence_is_confirmed_with_enter_and_reads_as_planned() {
    let mut harness = open(sample::register());
    assert!(says(&harness, "Imran Chaudhry, M Medical appointment, planned, not confirmed"));
    for _ in 0..7 {
        press(&mut harness, Key::ArrowUp);
    }
    press(&mut harness, Key::Enter);
    assert_eq!(marks(&harness), [("M".to_owned(), None)]);
}

#[test]
fn at_least_eighteen_pupils_of_a_class_stand_on_one_screen() {
    let (harness, _) = crate::client(
        WIDE,
        muster_gui::Settings::default(),
        vec![
            muster_gui::Update::Frame(sample::office()),
            muster_gui::Update::Register(sample::blank_class(32)),
            muster_gui::Update::Go(muster_gui::Screen::Register(sample::key())),
        ],
    );
    let bottom = harness.get_by_label("Finish register").rect().top();
    let rows = harness.get_all_by_role(egui::accesskit::Role::Row).filter(|row| row.rect().bottom() <= bottom).count();
    assert!(rows >= 18, "{rows}");
}

#[test]
fn two_marks_for_one_pupil_show_both_and_can_be_settled_by_key() {
    let mut harness = open(sample::register());
    let badge = "2 marks for Leila Hassan: present by Helen Marsh 09:13, late by Tom Okafor 09:12";
    assert!(harness.query_by_label(badge).is_some());
    press(&mut harness, Key::ArrowUp);
    press(&mut harness, Key::Enter);
    harness.get_by_label("L late by Tom Okafor 09:12").click();
    harness.run_steps(3);
    let among = vec![sample::fact(1), sample::fact(2)];
    let Some(Intent::SettleMark { keep, among: named, .. }) = harness.state().asked.last() else {
        panic!("{:?}", harness.state().asked)
    };
    assert_eq!((*keep, named), (sample::fact(2), &among));
    assert!(focused(&harness).starts_with("Leila Hassan"), "the focus returns");
}

#[test]
fn a_mark_on_this_device_alone_says_so_in_its_row() {
    let harness = open(sample::register());
    assert!(says(&harness, "Poppy Clarke, L Late, 12 minutes, 09:13, only on this device"));
    assert!(says(&harness, "Ada Byrne, Seizure plan, / Present, 08:53, saved on this device"));
    assert!(says(&harness, "Only on this device so far"), "the marker has a legend");
}

#[test]
fn a_change_after_the_register_closed_asks_why() {
    let mut harness = open(sample::closed(sample::register()));
    type_text(&mut harness, "i");
    assert!(marks(&harness).is_empty());
    harness.get_by_label("Why it changes").type_text("mother rang");
    harness.run_steps(2);
    harness.get_by_label("Save").click();
    harness.run_steps(3);
    let Some(Intent::Mark { code, reason, .. }) = harness.state().asked.last() else { panic!() };
    assert_eq!((code.as_str(), reason.as_deref()), ("I", Some("mother rang")));
}

/// Whether words are painted: what a row draws has one name for all of it.
fn is_drawn(harness: &Harness<'_, Under<RegisterState>>, words: &str) -> bool {
    fn has(shape: &egui::Shape, words: &str) -> bool {
        match shape {
            egui::Shape::Text(text) => text.galley.text().contains(words),
            egui::Shape::Vec(all) => all.iter().any(|one| has(one, words)),
            _ => false,
        }
    }
    harness.output().shapes.iter().any(|one| has(&one.shape, words))
}

#[test]
fn an_amended_mark_shows_what_it_was_beside_what_it_is_now() {
    let mut view = sample::closed(sample::register());
    view.rows[0].mark.as_mut().unwrap().amended_from = Some("N".to_owned());
    let harness = open(view);
    assert!(is_drawn(&harness, "was N, now"), "in the row");
    assert!(names(&harness).iter().any(|name| name.starts_with("Yusuf Abdi") && name.contains("was N")), "and spoken");
    assert!(!is_drawn(&harness, "was I, now"));
}

#[test]
fn a_flag_has_the_room_of_the_last_five_marks_while_there_are_none() {
    let mut view = sample::register();
    view.rows[0].flags = vec!["Hearing loss, sits in front".to_owned()];
    assert!(!is_drawn(&open(view.clone()), "Hearing loss, sits in front"), "beside five marks there is no room for it");
    for past in view.rows.iter_mut().flat_map(|row| &mut row.past) {
        past.code.clear();
    }
    assert!(is_drawn(&open(view), "Hearing loss, sits in front"));
}

#[test]
fn on_the_register_of_a_whole_site_typing_marks_the_row_and_f4_takes_its_group() {
    let mut view = sample::register();
    view.whole_site = true;
    // The first twelve are of one group, the others of another.
    for (number, row) in (0_u8..).zip(&mut view.rows) {
        row.group.0 = [1 + number / 12; 16];
    }
    let (site, kuba, simran) = (view.key, view.rows[11].clone(), view.rows[12].clone());
    let mut harness = open(view);
    assert!(focused(&harness).starts_with("Kuba Jankowski"), "{}", focused(&harness));
    type_text(&mut harness, "i");
    let marked = all_intents(&harness).into_iter().find_map(|one| match one {
        Intent::Mark { register, pupil, code, .. } => Some((register, pupil, code)),
        _ => None,
    });
    assert_eq!(marked, Some((site, kuba.pupil, "I".to_owned())), "one register of the site, whosever group it is");
    press(&mut harness, Key::F4);
    harness.run();
    harness.get_by_label("First name and surname").focus();
    harness.run();
    type_text(&mut harness, "Ada Burn");
    harness.get_by_label("Save").click();
    harness.run();
    let of = all_intents(&harness).into_iter().find_map(|one| match one {
        Intent::AddUnlisted { register, .. } => Some(register.group),
        _ => None,
    });
    assert_eq!(of, Some(simran.group), "the group of the row in focus, and not the site");
}

#[test]
fn a_tap_on_a_card_marks_present_and_a_second_absent() {
    let view = sample::touch_register();
    let mut harness = show(TABLET, true, RegisterState::default(), move |ui, state| register_ui(ui, &view, state));
    harness.get_by_label_contains("Hamza Iqbal, not yet marked").click();
    harness.run_steps(2);
    harness.get_by_label_contains("Ben Thornton, / Present").click();
    harness.run_steps(2);
    let codes: Vec<_> = marks(&harness).into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, ["/", "N"]);
    harness.get_by_label("More codes for Maisie Holt").click();
    harness.run_steps(3);
    harness.get_by_label("I  Ill").click();
    harness.run_steps(2);
    assert_eq!(marks(&harness)[2].0, "I");
}

#[test]
fn a_register_for_reading_takes_no_marks() {
    let mut harness = open(RegisterView { may_mark: false, ..sample::register() });
    type_text(&mut harness, "/");
    press_with(&mut harness, Modifiers::COMMAND, Key::Enter);
    assert!(harness.state().asked.is_empty());
    let finish = harness.get_by_label("Finish register");
    assert!(finish.accesskit_node().is_disabled());
}

#[test]
fn the_engine_can_refuse_a_mark_and_the_row_says_why() {
    let view = sample::register();
    let mut harness = open(view.clone());
    let pupil = view.rows[12].pupil;
    harness.state_mut().state.refuse(&view, pupil, "X", "X is never for a pupil of this age");
    harness.run_steps(3);
    assert!(focused(&harness).starts_with("Simran Kaur"));
    assert!(names(&harness).iter().any(|name| name == "X is never for a pupil of this age"));
}

fn all_intents(harness: &Harness<'_, Under<RegisterState>>) -> Vec<Intent> {
    harness.state().asked.clone()
}

#[test]
fn a_time_of_arrival_may_be_typed_in_place_of_minutes() {
    let mut harness = open(sample::register());
    type_text(&mut harness, "L9:04");
    press(&mut harness, Key::Enter);
    harness.run();
    assert_eq!(marks(&harness), [("L".to_owned(), Some("9:04".to_owned()))]);
}

#[test]
fn f2_shows_every_mark_there_was_with_name_position_and_reason_and_esc_goes_back_to_the_row() {
    let mut view = sample::register();
    let first = view.rows.iter().position(|row| row.mark.is_none()).unwrap();
    let row = &mut view.rows[first];
    row.mark = None;
    row.history = vec![
        "09:02 Helen Marsh, Teacher: /, present".into(),
        "10:15 Ruth Adeyemi, Administrator: M, medical appointment. Reason: letter".into(),
    ];
    row.remarks = vec!["Add a note: what K is here".into()];
    let mut harness = open(view);
    press(&mut harness, Key::F2);
    harness.run();
    assert!(says(&harness, "10:15 Ruth Adeyemi, Administrator: M, medical appointment. Reason: letter"));
    assert!(says(&harness, "Add a note: what K is here"));
    press(&mut harness, Key::Escape);
    harness.run();
    assert!(!says(&harness, "10:15 Ruth Adeyemi, Administrator: M, medical appointment. Reason: letter"));
    type_text(&mut harness, "I");
    assert_eq!(marks(&harness), [("I".to_owned(), None)], "the row has the focus again");
}

#[test]
fn f3_puts_a_comment_beside_the_mark_of_the_row() {
    let mut harness = open(sample::register());
    press(&mut harness, Key::F3);
    harness.run();
    type_text(&mut harness, "Taxi was late");
    press(&mut harness, Key::Enter);
    harness.run();
    let said = all_intents(&harness);
    assert!(
        said.iter().any(|one| matches!(one, Intent::Comment { words, .. } if words == "Taxi was late")),
        "{said:?}"
    );
}

#[test]
fn f4_writes_a_child_down_who_is_on_no_list_and_asks_for_a_name() {
    let mut harness = open(sample::register());
    press(&mut harness, Key::F4);
    harness.run();
    harness.get_by_label("Save").click();
    harness.run();
    assert!(says(&harness, "Give a name first, as well as you heard it."));
    harness.get_by_label("First name and surname").focus();
    harness.run();
    type_text(&mut harness, "Ada Burn");
    harness.get_by_label("Save").click();
    harness.run();
    let said = all_intents(&harness);
    assert!(said.iter().any(|one| matches!(one, Intent::AddUnlisted { name, .. } if name == "Ada Burn")), "{said:?}");
}

#[test]
fn what_needs_words_first_is_asked_for_and_the_register_is_not_finished_meanwhile() {
    let mut harness = open(sample::closed(sample::blank_class(30)));
    type_text(&mut harness, "l");
    press_with(&mut harness, Modifiers::COMMAND, Key::Enter);
    assert!(harness.state().asked.is_empty(), "{:?}", harness.state().asked);
    assert!(says(&harness, "Why it changes"));
}

#[test]
fn the_beginning_of_a_code_is_refused_in_words_and_not_dropped_when_the_register_is_finished() {
    let mut harness = open(sample::blank_class(30));
    type_text(&mut harness, "y");
    let begun = focused(&harness);
    for _ in 0..2 {
        press_with(&mut harness, Modifiers::COMMAND, Key::Enter);
        assert!(harness.state().asked.is_empty(), "{:?}", harness.state().asked);
    }
    assert_eq!(focused(&harness).split(',').next(), begun.split(',').next(), "the focus stays in the row");
    press(&mut harness, Key::Backspace);
    press_with(&mut harness, Modifiers::COMMAND, Key::Enter);
    assert!(matches!(harness.state().asked.as_slice(), [Intent::FinishRegister { .. }]));
}

#[test]
fn a_reason_that_was_not_accepted_stands_in_its_question_again() {
    let view = sample::closed(sample::register());
    let pupil = view.rows[0].pupil;
    let updates =
        vec![Update::Frame(sample::office()), Update::Register(view), Update::Go(Screen::Register(sample::key()))];
    let mut talk = Talk::new(WIDE, Settings::default(), updates);
    let (register, code, reason) = (sample::key(), "I".to_owned(), Some("mother rang".to_owned()));
    let intent =
        Intent::Mark { register, pupil, code, minutes: None, note: None, reason, among: vec![sample::fact(9)] };
    talk.hear(vec![Update::Refused { intent: Box::new(intent.clone()), words: "the disk is full".into() }]);
    talk.harness.get_by_label("Save").click();
    talk.harness.run_steps(3);
    assert!(talk.asked().contains(&intent));
}

#[test]
fn the_rule_of_a_code_is_read_where_the_code_is_chosen_and_beside_the_mark() {
    let mut view = sample::register();
    let rule = "Record what the provision is";
    for line in view.codes.iter_mut().filter(|line| line.code == "I") {
        line.rule = rule.into();
    }
    let mut harness = show(TABLET, true, RegisterState::default(), {
        let view = view.clone();
        move |ui, state| register_ui(ui, &view, state)
    });
    assert!(!says(&harness, rule));
    harness.get_by_label("More codes for Kuba Jankowski").click();
    harness.run_steps(3);
    assert!(says(&harness, rule), "among the codes of a card: {:?}", names(&harness));

    if let Some(mark) = view.rows[0].mark.as_mut() {
        mark.code = "I".into();
    }
    let mut harness = open(view);
    press(&mut harness, Key::Home);
    press(&mut harness, Key::F2);
    assert!(says(&harness, &format!("Rule of I: {rule}")), "at the history: {:?}", names(&harness));
}

#[test]
fn a_code_that_cannot_stand_in_this_session_says_what_would_be_right_and_a_shut_register_says_why() {
    let words = "\\ is for the afternoon only: use /";
    let mut harness = open(RegisterView { not_here: vec![("\\".into(), words.into())], ..sample::blank_class(3) });
    type_text(&mut harness, "\\");
    assert!(says(&harness, words));
    assert!(marks(&harness).is_empty());
    let shut = "no register on Saturday 21 November: weekend";
    let mut harness = open(RegisterView { may_mark: false, shut: shut.into(), ..sample::blank_class(3) });
    type_text(&mut harness, "i");
    assert!(says(&harness, shut) && marks(&harness).is_empty());
    press(&mut harness, Key::Escape);
    assert!(!says(&harness, shut));
}

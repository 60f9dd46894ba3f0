//! Who can read and write what, and why.

use crate::{Under, fill, press, sample, says, show};
use egui::Key;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use muster_core::id::PersonId;
use muster_gui::Intent;
use muster_gui::screens::roles::{RolesState, roles_ui};
use muster_school::areas::SAFEGUARDING;
use muster_school::view::roles::{RolesChosen, RolesView};

fn open(size: [f32; 2], view: RolesView) -> Harness<'static, Under<RolesState>> {
    show(size, false, RolesState::default(), move |ui, state| roles_ui(ui, &view, state))
}

const WIDE: [f32; 2] = [1116.0, 752.0];

#[test]
fn each_row_says_in_words_what_a_person_reads_and_writes_in_every_area() {
    let harness = open(WIDE, sample::roles());
    assert!(says(
        &harness,
        "Osei, Abena, Nurse, Harbour: School reads, On-site lists writes, Registers reads, Pupils reads, Care writes, Family reads, Safeguarding opens, Record of use adds"
    ));
    assert!(says(&harness, "Wood, Ali, Proprietor or governor, every site: School reads"));
    assert!(says(&harness, "Given by Carol Abbott on Thursday 3 September. No end is set."));
    assert!(says(
        &harness,
        "Reads and writes: On-site lists, Registers, Pupils, Care, Family and Learning at Harbour and Hill"
    ));
}

#[test]
fn a_person_is_found_as_their_name_or_role_is_typed_and_explained_when_pressed() {
    let mut harness = open(WIDE, sample::roles());
    fill(&mut harness, "Search a name or a role", "nurse");
    assert!(says(&harness, "Osei, Abena") && !says(&harness, "Marsh, Helen"));
    harness.get_by_label_contains("Osei, Abena, Nurse").click();
    harness.run_steps(2);
    assert_eq!(harness.state().asked, [Intent::ExplainRoles(RolesChosen::Person(PersonId([7; 16])))]);
}

#[test]
fn each_area_says_how_many_read_and_write_and_leads_to_who_they_are() {
    let mut harness = open(WIDE, sample::roles());
    harness.get_by_label("By area").click();
    harness.run_steps(3);
    harness.get_by_label("Safeguarding, Concerns and cases: 2 people read, 2 write").click();
    harness.run_steps(2);
    assert_eq!(harness.state().asked, [Intent::ExplainRoles(RolesChosen::Area(SAFEGUARDING))]);
}

#[test]
fn an_explanation_is_closed_with_escape_and_stays_closed() {
    let mut harness = open(WIDE, sample::roles());
    assert!(says(&harness, "Close Tom Okafor"));
    press(&mut harness, Key::Escape);
    assert!(!says(&harness, "Close Tom Okafor"));
}

#[test]
fn in_a_small_window_the_words_stand_below_the_name_and_nothing_is_lost() {
    let view = RolesView { chosen: None, detail: None, ..sample::roles() };
    let harness = open([640.0, 336.0], view);
    assert!(says(&harness, "Abbott, Carol, Administrator, every site: School writes"));
    let explained = open([640.0, 336.0], sample::roles());
    assert!(says(&explained, "Given by Carol Abbott") && says(&explained, "Close Tom Okafor"));
}

#[test]
fn no_heading_of_an_area_is_broken_within_a_word() {
    // With nobody explained at the side, there is room for a column for each area.
    let harness = open(WIDE, RolesView { chosen: None, detail: None, ..sample::roles() });
    let mut headings = 0;
    for shape in &harness.output().shapes {
        let egui::Shape::Text(text) = &shape.shape else { continue };
        let whole = text.galley.text();
        if !sample::roles().areas.iter().any(|area| area.name.replace("Safeguarding", "Safe- guarding") == whole) {
            continue;
        }
        headings += 1;
        let lines: Vec<String> = text.galley.rows.iter().map(|row| row.text().trim().to_owned()).collect();
        assert_eq!(lines.join(" "), whole, "as in Behaviou-r: {lines:?}");
    }
    assert!(headings >= sample::roles().areas.len(), "{headings} headings are drawn");
}

//! The audit in sentences.

use crate::{WIDE, fill, sample, says, show};
use egui_kittest::kittest::Queryable as _;
use muster_core::id::{EntryHash, PersonId};
use muster_gui::Intent;
use muster_gui::screens::audit::{AuditState, audit_ui};

#[test]
fn an_entry_reads_as_a_sentence_with_its_proof_and_can_be_explained() {
    let view = sample::audit();
    let mut harness = show([1116.0, 752.0], false, AuditState::default(), move |ui, state| audit_ui(ui, &view, state));
    let words = "09:12 Tom Okafor marked Leila Hassan late, 20 minutes, Beech, Hall tablet, Signature checked";
    harness.get_by_label(words).click();
    harness.run_steps(2);
    assert_eq!(harness.state().asked, [Intent::AuditEntry(EntryHash([3; 32]))]);
    assert!(says(&harness, "Not yet: in a checkpoint; the next is due at 12:00"), "what is not proven is said too");
}

#[test]
fn the_audit_is_filtered_by_person_pupil_device_and_day() {
    let view = sample::audit();
    let mut harness = show([1116.0, 752.0], false, AuditState::default(), move |ui, state| audit_ui(ui, &view, state));
    for name in ["Person: Everyone", "Pupil", "Device: All devices", "Day: Monday 23 November"] {
        assert!(harness.query_all_by_label(name).next().is_some(), "{name}");
    }
    harness.get_by_label("Person: Everyone").click();
    harness.run_steps(3);
    harness.get_by_label("Tom Okafor").click();
    harness.run_steps(3);
    let Some(Intent::Audit(filter)) = harness.state().asked.last() else { panic!("{:?}", harness.state().asked) };
    assert_eq!(filter.person, Some(PersonId([2; 16])));
    harness.get_by_label("Show more, 204 left").click();
    harness.run_steps(2);
    assert_eq!(harness.state().asked.last(), Some(&Intent::AuditMore));
}

#[test]
fn the_audit_is_written_to_a_file_for_somebody_and_into_a_folder() {
    let view = sample::audit();
    let mut harness = show(WIDE, false, AuditState::default(), move |ui, state| audit_ui(ui, &view, state));
    harness.get_by_label("Write to a file…").click();
    harness.run_steps(3);
    fill(&mut harness, "For whom", "Ofsted");
    harness.get_by_label("Write it").click_accesskit();
    harness.run_steps(2);
    assert!(harness.state().asked.is_empty(), "not before it is said where to");
    fill(&mut harness, "Folder", "/tmp/audit");
    harness.get_by_label("Write it").click_accesskit();
    harness.run_steps(2);
    let (to, folder) = ("Ofsted".into(), "/tmp/audit".into());
    assert_eq!(harness.state().asked, [Intent::ExportAudit { to, folder }]);
}

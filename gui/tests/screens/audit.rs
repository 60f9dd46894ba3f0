//! The audit in sentences.

use crate::{WIDE, fill, sample, says, show};
use egui_kittest::kittest::Queryable as _;
use muster_core::id::{EntryHash, PersonId, PlaceId};
use muster_gui::screens::audit::{AuditState, audit_ui};
use muster_gui::{EraseAct, Intent};
use muster_school::erasure::{Ground, Why};
use muster_school::ids::PupilId;

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

fn erasing() -> egui_kittest::Harness<'static, crate::Under<AuditState>> {
    let view = sample::audit();
    let mut harness = show(WIDE, false, AuditState::default(), move |ui, state| audit_ui(ui, &view, state));
    harness.get_by_label("Erase or hold records…").click();
    harness.run_steps(3);
    harness
}

#[test]
fn an_order_to_erase_is_signed_undone_and_certified_and_says_who_has_not_confirmed() {
    let mut harness = erasing();
    assert!(says(&harness, "Not confirmed by Hall tablet, last heard from 3 days ago."));
    assert!(says(&harness, "It is that of Omar Reed, admission number 000417"), "whoever may read it sees whose it is");
    let registers = "212 weeks of attendance registers, entered in 2019";
    let (one, two) = (EntryHash([4; 32]), EntryHash([5; 32]));
    for (button, wanted) in [
        (format!("Sign as the second person: {registers}"), EraseAct::Sign(one)),
        (format!("Undo it: {registers}"), EraseAct::Undo(one)),
        (
            "Lift the hold: The file of a pupil born in 2009: 4 records, for a public inquiry".to_owned(),
            EraseAct::Lift(EntryHash([6; 32])),
        ),
    ] {
        harness.state_mut().asked.clear();
        harness.get_by_label(&button).click_accesskit();
        harness.run_steps(2);
        assert_eq!(harness.state().asked, [Intent::OfErasure(wanted)]);
    }
    harness.state_mut().asked.clear();
    fill(&mut harness, "Folder for certificates", "/tmp/papers");
    harness.get_by_label_contains("Write the certificate: The file").click_accesskit();
    harness.run_steps(2);
    let certificate = EraseAct::Certificate { order: two, folder: "/tmp/papers".into() };
    assert_eq!(harness.state().asked, [Intent::OfErasure(certificate)]);
}

#[test]
fn a_file_is_ordered_to_be_erased_or_held_only_once_it_is_said_whose_why_and_who_asked() {
    let mut harness = erasing();
    let order = "Order that this file is erased";
    fill(&mut harness, "Pupil’s name or admission number", "Hass");
    harness.get_by_label("Find the file").click_accesskit();
    harness.run_steps(2);
    assert_eq!(harness.state().asked, [Intent::OfErasure(EraseAct::Find("Hass".into()))]);
    harness.state_mut().asked.clear();
    choose(&mut harness, "Ground for erasing: Why it is to be erased", "Asked for, with nothing that asks to keep it");
    assert!(!says(&harness, "Found: Leila Hassan"), "that was found for another text");
    fill(&mut harness, "Pupil’s name or admission number", "an");
    assert!(says(&harness, "Found: Leila Hassan, admission number 000512, born Monday 12 May 2014"));
    harness.get_by_label(order).click_accesskit();
    harness.run_steps(2);
    assert_eq!(harness.state().asked, [], "not before it is said who asked");
    fill(&mut harness, "Who asked, by what they are and not by name", "a parent");
    harness.get_by_label(order).click_accesskit();
    harness.run_steps(2);
    let (pupil, asked_by) = (PupilId([8; 16]), "a parent".to_owned());
    let file = EraseAct::File { pupil, ground: Ground::Request, asked_by: asked_by.clone() };
    assert_eq!(harness.state().asked, [Intent::OfErasure(file)]);
    harness.state_mut().asked.clear();
    choose(&mut harness, "Reason for a hold: Why it is to be held", "A public inquiry");
    harness.get_by_label("Hold this file").click_accesskit();
    harness.run_steps(2);
    let hold = EraseAct::Hold { pupil, why: Why::Inquiry, asked_by: asked_by.clone() };
    assert_eq!(harness.state().asked, [Intent::OfErasure(hold)]);
    harness.state_mut().asked.clear();
    harness.get_by_label("Order that reviewed registers of Harbour are erased").click_accesskit();
    harness.run_steps(2);
    let registers = EraseAct::Registers { site: PlaceId([1; 16]), asked_by };
    assert_eq!(harness.state().asked, [Intent::OfErasure(registers)]);
}

fn choose(harness: &mut egui_kittest::Harness<'static, crate::Under<AuditState>>, control: &str, name: &str) {
    harness.get_by_label(control).click_accesskit();
    harness.run_steps(3);
    harness.get_by_label(name).click_accesskit();
    harness.run_steps(3);
}

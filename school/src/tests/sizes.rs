//! What a register costs in bytes before compression.

use super::*;
use crate::facts::documents;

#[test]
fn a_class_register_of_thirty_with_its_evidence_stays_small() {
    let Small { mut desk, site, rowan, tyler, .. } = small();
    desk.at(clock(8, 50));
    for at in 0..29 {
        let identity = Identity {
            admission_no: format!("{at:06}"),
            upn: String::new(),
            surname: format!("Surname{at}"),
            forename: "Sam".to_owned(),
            preferred: "Sam".to_owned(),
            sex: String::new(),
            born: None,
        };
        let pupil = NewPupil {
            identity,
            site,
            group: Some(rowan),
            year: "7".to_owned(),
            starting: Day::parse("2026-09-01").ok(),
            medical: Vec::new(),
            evacuation: None,
        };
        desk.office().add_pupil(&pupil).unwrap();
    }
    desk.office().write_expected(site).unwrap();
    let bytes = |desk: &Desk, written: &muster_core::replica::records::Written, document| -> usize {
        let held = desk.records.entries();
        written
            .entries
            .iter()
            .filter_map(|hash| held.get(hash))
            .filter(|entry| entry.document == document)
            .flat_map(|entry| &entry.facts)
            .map(|fact| fact.value.len() + 4 + 34 * fact.supersedes.len())
            .sum()
    };
    let register = documents::register(site, rowan, monday());
    let roll = documents::roll(site, monday());
    let taken = desk.office().mark_remaining_present(rowan, morning()).unwrap().written.unwrap();
    let (marks, evidence) = (bytes(&desk, &taken, register.clone()), bytes(&desk, &taken, roll.clone()));
    let change = desk.office().take(rowan, morning(), &[late(tyler, 12)], false).unwrap().written.unwrap();
    let (mark, word) = (bytes(&desk, &change, register), bytes(&desk, &change, roll));
    println!("30 marks {marks} B and evidence {evidence} B; a correction {mark} B and evidence {word} B, all raw");
    assert!(marks <= 30 * 27, "{marks}");
    assert!(evidence <= 120, "{evidence}");
    assert!(mark <= 70 && word <= 100, "{mark} {word}");
}

//! Certificates of drills, and requests to have something back.

use super::*;
use crate::continuity::{self, Age};
use crate::facts::continuity::{Proven, Restored, Stage};
use crate::story::{self, Told, Wanted};

fn proven(sound: bool) -> Proven {
    Proven {
        taken_ms: crate::calendar::moment(monday(), clock(7, 0)).utc_ms,
        run: 3,
        entries: 1_200,
        logs: 40,
        agreed: if sound { 40 } else { 39 },
        findings: u32::from(!sound),
        documents: 12,
        restore_ms: 1_840,
        fire_ms: Some(2_100),
        whole_ms: 4_000,
        sound,
    }
}

#[test]
fn the_certificate_of_a_drill_is_read_on_every_device_of_the_site_and_told_in_the_audit() {
    let Small { mut desk, site, .. } = small();
    let now = crate::calendar::moment(monday(), clock(10, 0));
    assert_eq!(continuity::age(&continuity::certificates(&mut desk.records).unwrap(), now), Age::Never);
    desk.at(clock(9, 0)).office().file_continuity(site, proven(true)).unwrap();
    let mut other = desk.another(2, Some(TOM));
    let held = continuity::certificates(&mut other.records).unwrap();
    assert_eq!(continuity::age(&held, now), Age::Days(0));
    assert_eq!(held[0].proven, proven(true));
    desk.at(clock(9, 30)).office().file_continuity(site, proven(false)).unwrap();
    assert_eq!(continuity::age(&continuity::certificates(&mut desk.records).unwrap(), now), Age::Failed);
    let restored = Restored { taken_ms: proven(true).taken_ms, entries: 1_200, by_cards: true };
    desk.at(clock(9, 40)).office().file_continuity(site, restored).unwrap();
    let told: Vec<String> =
        story::tell(&mut desk.records, &mut desk.known, &Wanted::default()).unwrap().iter().map(Told::text).collect();
    assert_eq!(
        told[..3],
        [
            "was restored from the backup of Monday 23 November 07:00 with two recovery cards: 1200 entries",
            "tried the backup of Monday 23 November 07:00, and it FAILED the drill",
            "proved the backup of Monday 23 November 07:00: 1200 entries restored in 1.8 seconds, every chain checked",
        ]
    );
    let sound_with_findings = Proven { findings: 1, ..proven(true) };
    assert!(desk.office().file_continuity(site, sound_with_findings).is_err(), "no such certificate");
}

#[test]
fn a_member_of_staff_asks_to_have_something_back_and_sees_who_did_it() {
    let Small { mut desk, site, .. } = small();
    let mut teacher = desk.at(clock(9, 0)).another(2, Some(TOM));
    assert!(teacher.office().ask_to_restore(site, "  ", "").is_err());
    let id = teacher.at(clock(9, 1)).office().ask_to_restore(site, "The marks of 4B", "as on Friday").unwrap();
    desk.hear(&teacher);
    let open = continuity::requests(&mut desk.records).unwrap();
    assert_eq!((open.len(), open[0].state(), open[0].is_over()), (1, "Asked", false));
    desk.at(clock(9, 5)).office().answer_request(id, Stage::InHand, "").unwrap();
    assert!(desk.office().answer_request(id, Stage::Done, " ").is_err(), "done, but not what");
    desk.at(clock(9, 30)).office().answer_request(id, Stage::Done, "Entered again from Friday’s backup").unwrap();
    assert!(desk.office().answer_request(id, Stage::NotDone, "again").is_err(), "it is over");
    teacher.hear(&desk);
    let seen = continuity::requests(&mut teacher.records).unwrap();
    assert_eq!((seen[0].state(), seen[0].answers.len()), ("Done", 2));
    assert_eq!(seen[0].answers[1].0.words, "Entered again from Friday’s backup");
    let told: Vec<String> =
        story::tell(&mut desk.records, &mut desk.known, &Wanted::default()).unwrap().iter().map(Told::text).collect();
    assert_eq!(
        told[..3],
        [
            "did what a request to have something back asked: Entered again from Friday’s backup",
            "took up a request to have something back",
            "asked to have something back: The marks of 4B",
        ]
    );
}

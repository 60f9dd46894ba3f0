//! Certificates of drills, and requests to have something back.

use super::*;
use crate::continuity::{self, Age};
use crate::facts::continuity::{BackupsSet, Opened, OpenedArea, Proven, Restored, Stage};
use crate::story::{self, Told, Wanted};
use muster_core::id::{DeviceId, SeatId};

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

fn opened() -> Opened {
    let areas = vec![OpenedArea { area: 3, entries: 40, sealed: 12, opened: 12 }];
    Opened { left_out: 0, people_on_fire: 30, people_with_keys: 4, areas }
}

#[test]
fn each_device_that_backs_up_counts_by_itself_until_it_is_set_to_back_up_by_hand_and_the_worst_is_the_last() {
    let Small { mut desk, site, .. } = small();
    let mut hall = desk.at(clock(9, 0)).another(2, Some(TOM));
    let mut other = desk.another(3, Some(TOM));
    desk.office().file_certificate(site, proven(true), opened()).unwrap();
    hall.office().file_continuity(site, BackupsSet { daily: true }).unwrap();
    let short = Proven { sound: false, ..proven(true) };
    other.office().file_certificate(site, short, Opened { left_out: 2, ..opened() }).unwrap();
    desk.hear(&hall);
    desk.hear(&other);
    let (office, hall_seat, nobody) =
        (desk.records.origin().seat, hall.records.origin().seat, other.records.origin().seat);
    let now = crate::calendar::moment(monday(), clock(10, 0));
    let device_of = |seat: &SeatId| Some(DeviceId(seat.0));
    let of = |desk: &mut Desk| continuity::by_device(&continuity::filed(&mut desk.records).unwrap(), device_of, now);
    let found = of(&mut desk);
    assert_eq!(found[&DeviceId(office.0)], Age::Days(0), "the age of one says nothing of another");
    assert_eq!(found[&DeviceId(hall_seat.0)], Age::Never, "it was set to back up, and never proved one");
    assert_eq!(found[&DeviceId(nobody.0)], Age::Incomplete);
    assert_eq!(found.values().max(), Some(&Age::Incomplete));
    hall.at(clock(9, 30)).office().file_continuity(site, BackupsSet { daily: false }).unwrap();
    desk.hear(&hall);
    let filed = continuity::filed(&mut desk.records).unwrap();
    assert_eq!(of(&mut desk).len(), 2, "who backs up by hand only is not waited for");
    let believed = continuity::by_device(&filed, |seat| device_of(seat).filter(|_| *seat != nobody), now);
    assert!(believed.values().all(|age| *age != Age::Incomplete), "a seat of no device is not believed");
}

#[test]
fn the_certificate_of_a_drill_is_read_on_every_device_of_the_site_and_told_in_the_audit() {
    let Small { mut desk, site, .. } = small();
    let now = crate::calendar::moment(monday(), clock(10, 0));
    let of = |desk: &mut Desk| -> Vec<Age> {
        let filed = continuity::filed(&mut desk.records).unwrap();
        continuity::by_device(&filed, |seat| Some(DeviceId(seat.0)), now).into_values().collect()
    };
    assert_eq!(of(&mut desk), []);
    desk.at(clock(9, 0)).office().file_certificate(site, proven(true), opened()).unwrap();
    let mut other = desk.another(2, Some(TOM));
    let held = continuity::filed(&mut other.records).unwrap().certificates;
    assert_eq!((held[0].proven, held[0].opened.as_ref()), (proven(true), Some(&opened())));
    assert_eq!(of(&mut other), [Age::Days(0)]);
    desk.at(clock(9, 30)).office().file_continuity(site, proven(false)).unwrap();
    assert_eq!(of(&mut desk), [Age::Failed]);
    let restored = Restored { taken_ms: proven(true).taken_ms, entries: 1_200, by_cards: true };
    desk.at(clock(9, 40)).office().file_continuity(site, restored).unwrap();
    let told: Vec<String> =
        story::tell(&mut desk.records, &mut desk.known, &Wanted::default()).unwrap().iter().map(Told::text).collect();
    assert_eq!(
        told[..4],
        [
            "was restored from the backup of Monday 23 November 07:00 with two recovery cards: 1200 entries",
            "tried the backup of Monday 23 November 07:00, and it FAILED the drill",
            "proved the backup of Monday 23 November 07:00: 1200 entries restored in 1.8 seconds, every chain checked",
            "opened from it 12 documents, a fire register with 30 people, and the keys of 4 people",
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
    let later = crate::calendar::moment(monday(), clock(18, 0));
    assert_eq!(seen[0].waited(later).as_deref(), Some("29 minutes"), "until it was done");
    assert_eq!(open[0].waited(later).as_deref(), Some("8 hours"), "and still waiting");
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

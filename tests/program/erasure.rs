//! Records that are erased for good: ordered, carried out by each device, certified; and nothing of them is found again.

use crate::support::{Device, PASSPHRASE, Place, activate, as_text, enrol};
use muster_core::replica::records::Records as _;
use muster_core::replica::store::Untouched;
use muster_core::replica::{Context, Replica};
use muster_core::time::Moment;
use muster_school::areas;
use muster_storage::RedbStore;
use std::path::Path;

const PUPILS: &[u8] = b"Admission No,Legal Surname,Legal Forename,Reg Group,Site,Date of Admission\n\
    000009,Zebraquark,Ondine,4B,S1,01/09/2023\n";
const CONTACTS: &[u8] =
    b"admission_no,priority,forename,surname,relationship,parental_responsibility,mobile,email,court_order\n\
    000009,1,Quillfern,Zebraquark,Mother,Y,07700 900873,quillfern@example.org,N\n";
/// What stands in the pupil's own records and nowhere else.
const MARKS: [&str; 2] = ["Quillfern", "900873"];

fn holds(bytes: &[u8], mark: &str) -> bool {
    bytes.windows(mark.len()).any(|part| part == mark.as_bytes())
}

fn files(folder: &Path, look: &mut dyn FnMut(&Path, &[u8])) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, look) } else { look(&path, &std::fs::read(&path).unwrap()) }
    }
}

/// How often a mark is found in whatever a device's folder gives away: in any byte of any file, and in any fact of any
/// document that opens with the device's keys and those of everybody who signs in on it.
fn found(device: &Device<'_>, now_ms: i64) -> usize {
    let mut many = 0;
    files(device.folder(), &mut |_, bytes| many += MARKS.iter().filter(|mark| holds(bytes, mark)).count());
    let store = Untouched::over(RedbStore::open(device.folder()).unwrap());
    let mut replica = Replica::open(store, &areas::rules()).unwrap();
    let mut random = rand::rng();
    let mut seats = vec![replica.device_seat()];
    for person in replica.view().persons.keys().copied().collect::<Vec<_>>() {
        let mut context = Context { now: Moment::utc(now_ms), random: &mut random };
        if let Ok(opened) = replica.open_with(person, PASSPHRASE, &mut context) {
            replica.sign_in(&opened);
            seats.push(opened.seat.seat);
        }
    }
    assert!(seats.len() > 1, "somebody's keys open here");
    for seat in seats {
        let context = Context { now: Moment::utc(now_ms), random: &mut random };
        let mut writer = replica.writer(seat, context).unwrap();
        for area in areas::SHOWN {
            for section in writer.sections(area) {
                for kind in 0..64 {
                    for document in writer.documents(&section, kind).unwrap() {
                        let facts = writer.facts(&document).unwrap().unwrap();
                        let values = facts.iter().map(|held| &held.fact.value);
                        many += values.flat_map(|value| MARKS.iter().filter(|mark| holds(value, mark))).count();
                    }
                }
            }
        }
    }
    many
}

fn meets(device: &Device<'_>, other: &Device<'_>) {
    let (_running, address) = other.serve();
    device.run(&["sync", &address]).done();
}

const ORDER: [&str; 7] = ["erase", "pupil", "000009", "--ground", "order", "--asked-by", "the office"];

#[test]
fn a_file_that_is_erased_is_found_on_no_device_after_seven_days_and_a_backup_brings_nothing_back() {
    let place = Place::new();
    let (office, hall) = (place.school("office"), place.device("hall"));
    let more = place.folder("more", &[("pupils.csv", PUPILS), ("contacts.csv", CONTACTS)]);
    office.run(&["import", as_text(&more)]).done();
    enrol(&office, &hall);
    activate(&office, &hall, "T1");
    let stick = place.folder("stick", &[]);
    office.run(&["backup", "--to", as_text(&stick)]).done();
    assert!(found(&office, place.next_ms()) > 0 && found(&hall, place.next_ms()) > 0, "the search finds what is there");

    hall.run(&[&ORDER[..], &["--as", "Priya"]].concat()).refused(&["the head or a senior leader"]);
    let too_soon = ["erase", "pupil", "000009", "--ground", "request", "--asked-by", "a parent"];
    office.run(&too_soon).refused(&["on the roll"]);
    let mistake = ["erase", "pupil", "000009", "--ground", "mistake", "--asked-by", "the office"];
    office.run(&mistake).refused(&["A name leaves the register on a ground first"]);
    let by_name = ["erase", "pupil", "zebra", "--ground", "order", "--asked-by", "the office"];
    office.run(&by_name).refused(&["give the admission number"]);
    let ordered = office.run(&ORDER).done();
    for words in ["until then it can be undone", "Ondine Zebraquark, admission number 000009"] {
        assert!(ordered.out.contains(words), "{words}: {ordered}");
    }
    assert!(office.run(&["erase"]).done().out.contains("It is that of Ondine Zebraquark"), "while it can be read");
    office.run(&["erase", "certificate", "1"]).refused(&["nothing is destroyed yet"]);
    meets(&hall, &office);
    assert!(office.run(&["register", "4B"]).done().out.contains("Zebraquark"), "there for seven days");

    place.wait_days(7);
    let listed = office.run(&["erase"]).done();
    assert!(listed.out.contains("1 of 2 devices have confirmed it"), "{listed}");
    assert!(listed.out.contains("Not confirmed by Hall tablet"), "{listed}");
    assert!(!listed.out.contains("Zebraquark"), "{listed}");
    let certificate = office.run(&["erase", "certificate", "1"]).done();
    assert!(certificate.out.contains("Of the others nothing is known"), "{certificate}");
    assert_eq!(found(&office, place.next_ms()), 0, "nothing on the office's disk opens to it");
    assert!(found(&hall, place.next_ms()) > 0, "the hall has not woken yet");
    meets(&hall, &office);
    meets(&office, &hall);
    assert_eq!(found(&hall, place.next_ms()), 0);
    let certificate = office.run(&["erase", "certificate", "1"]).done();
    for words in [
        "Ordered by a court",
        "all 2 devices",
        "Asked for by the office",
        "by Monday 28 December 2026",
        "no device of the school has any more",
    ] {
        assert!(certificate.out.contains(words), "{words}: {certificate}");
    }
    assert!(!certificate.out.contains("Zebraquark"), "it names nobody");
    let pdf = place.path("certificate.pdf");
    office.run(&["erase", "certificate", "1", "--out", as_text(&pdf)]).done();
    assert!(std::fs::read(&pdf).unwrap().starts_with(b"%PDF"));
    office.run(&["erase", "undo", "1"]).refused(&["destroyed"]);

    // The backup of before brings the keys back, and the first meeting takes them away again.
    office.run(&["restore", "--from", as_text(&stick), "--confirm", "Harbour Primary"]).done();
    assert!(found(&office, place.next_ms()) > 0, "as it was then");
    meets(&office, &hall);
    assert_eq!(found(&office, place.next_ms()), 0, "erased again at once");
    assert_eq!(found(&hall, place.next_ms()), 0, "and nothing came back on the other");
    assert!(office.run(&["verify"]).done().out.contains("whole"));
}

#[test]
fn an_order_is_undone_or_held_before_its_day_and_the_file_stays() {
    let place = Place::new();
    let office = place.school("office");
    let more = place.folder("more", &[("pupils.csv", PUPILS), ("contacts.csv", CONTACTS)]);
    office.run(&["import", as_text(&more)]).done();
    office.run(&ORDER).done();
    office.run(&["erase", "undo", "1"]).done();
    office.run(&ORDER).done();
    let hold = ["erase", "hold", "Zebraquark", "--yes", "--because", "inquiry", "--asked-by", "the inquiry"];
    office.run(&hold).done();
    let listed = office.run(&["erase"]).done();
    for words in ["Kept: a hold beats it", "Undone by Helen Marsh", "for a public inquiry"] {
        assert!(listed.out.contains(words), "{words}: {listed}");
    }
    office.run(&ORDER).refused(&["a hold keeps"]);
    place.wait_days(8);
    office.run(&["erase"]).done();
    assert!(office.run(&["register", "4B"]).done().out.contains("Zebraquark"));
    office.run(&["erase", "lift", "1"]).done();
    office.run(&ORDER).done();
    place.wait_days(8);
    let gone = office.run(&["erase"]).done();
    assert!(gone.out.contains("Destroyed: the one device that kept it confirmed it"), "{gone}");
    assert_eq!(found(&office, place.next_ms()), 0);
}

//! A whole roll call with a finger alone, on the client and the desk as they ship: real records on a disk, the real
//! clerk, the real screens, on a small tablet and at twice the size. No key is pressed and nothing is typed.

use super::tablet::Tablet;
use super::*;
use muster_gui::Settings;
use muster_school::facts::roll_call::Statement;
use muster_school::fire::call::Standing;

impl Tablet {
    /// What the records say of somebody, once they have heard the last touch.
    fn says_of(&mut self, surname: &'static str, standing: Standing) {
        let found = self.at_the_records(move |host| {
            let site = host.device.site().unwrap();
            let (_, call) = host.device.office(|office| Ok(office.calls(site)?.remove(0))).unwrap();
            call.people.into_iter().find(|one| one.listed.surname == surname).map(|one| one.standing)
        });
        let names = self.hand().names();
        assert_eq!(found, Some(standing), "{surname}: {names:?}");
    }

    /// Somebody else's word, as another device would bring it: the head's own, said where she is signed in.
    fn the_head_says(&mut self, surname: &'static str, says: Statement) {
        self.at_the_records(move |host| {
            let (head, site) = (host.device.replica.founding().head, host.device.site().unwrap());
            host.device.sign_in(head, PASSPHRASE).unwrap();
            host.device
                .office(|office| {
                    let (key, call) = office.calls(site)?.remove(0);
                    let who = call.people.iter().find(|one| one.listed.surname == surname).unwrap().who;
                    Ok(office.sight(key, who, says, "", "").map(drop)?)
                })
                .unwrap();
            host.device.sign_out().unwrap();
        });
        self.shared.say("");
        self.until_the_desk_has_answered();
    }
}

/// The small school with a class of four, one of whom needs help to leave; two assembly points; nobody is signed in.
fn a_school_with_a_class(folder: &Path) -> Device {
    let (mut device, ..) = school(folder);
    let head = device.replica.founding().head;
    device.sign_in(head, PASSPHRASE).unwrap();
    device
        .office(|office| {
            let site = *office.known().school().sites.keys().next().unwrap();
            let beech = office.add_group(site, "Beech", None)?;
            for name in [("Ada", "Byrne"), ("Leila", "Hassan"), ("Kuba", "Jankowski"), ("Tyler", "Green")] {
                office.add_pupil(&pupil(site, Some(beech), name))?;
            }
            Ok(office.set_points(site, vec!["Front car park".into(), "Playing field gate".into()]).map(drop)?)
        })
        .unwrap();
    device.settle_in().unwrap();
    device.sign_out().unwrap();
    device
}

fn a_whole_roll_call(settings: Settings) {
    let folder = tempfile::tempdir().unwrap();
    let records = folder.path().join("records");
    let device = a_school_with_a_class(&records);
    let mut tablet = Tablet::of(device, &records, settings);
    tablet.sees("Fire register");
    tablet.touches(&["Fire register", "Drill. Reported as a drill"]);
    tablet.sees("Byrne");
    tablet.touches(&["Start drill", "Playing field gate"]);

    tablet.touches(&["Found, Ada Byrne"]);
    tablet.sees("Found 1 of 6");
    tablet.hand().scroll_up_all();
    tablet.touches(&["Undo"]);
    tablet.sees("Found 0 of 6");
    tablet.touches(&["Found, Ada Byrne"]);
    tablet.sees("Found 1 of 6");

    // Plain words: this school has named no places.
    tablet.touches(&["Other… Leila Hassan", "Not found…", "Toilets", "Not found: Toilets"]);
    tablet.says_of("Hassan", Standing::NotFound);
    tablet.touches(&["Other… Tyler Green", "At a refuge point…", "Stairs", "At a refuge point: Stairs"]);
    tablet.says_of("Green", Standing::AtRefuge);
    tablet.sees("Found 2 of 6");
    tablet.touches(&["Other… Tom Okafor", "Not here today…", "Parent or carer", "Not here today: Parent or carer"]);
    tablet.says_of("Okafor", Standing::NotHere);
    tablet.hand().scroll_up_all();
    tablet.touches(&["Add a person", "Unknown child"]);
    tablet.sees("of 7");

    tablet.the_head_says("Hassan", Statement::Found);
    tablet.says_of("Hassan", Standing::Check);
    tablet.hand().scroll_up_all();
    tablet.sees("Settle, Leila Hassan");
    tablet.touches(&["Settle, Leila Hassan", "Found"]);
    tablet.says_of("Hassan", Standing::Found);

    tablet.touches(&["End the roll call", "End and make the report"]);
    tablet.sees("Never found: ");
    for words in ["never accounted for", "Said differently, and settled"] {
        tablet.hand().slides_to(words);
    }
    assert!(tablet.hand().says("Kuba"), "who was never found, by name: {:?}", tablet.hand().names());
    tablet.touches(&["Close the report"]);
    tablet.sees("Fire register");
}

#[test]
fn a_whole_roll_call_is_held_on_the_clients_own_desk_with_a_finger_alone() {
    a_whole_roll_call(Settings { touch: true, reduce_motion: true, ..Settings::default() });
}

#[test]
fn a_whole_roll_call_is_held_on_the_clients_own_desk_at_twice_the_size_with_a_finger_alone() {
    a_whole_roll_call(Settings { size_percent: 200, touch: true, reduce_motion: true, ..Settings::default() });
}

/// A finger gives the focus to the field wherever in it comes down; the letters come from the system's own keys.
#[test]
fn a_passphrase_is_typed_on_a_tablet_at_any_size_with_a_finger_alone() {
    for size_percent in [100, 200] {
        let folder = tempfile::tempdir().unwrap();
        let records = folder.path().join("records");
        let device = a_school_with_a_class(&records);
        let mut tablet = Tablet::of(device, &records, Settings { size_percent, touch: true, ..Settings::default() });
        tablet.sees("Fire register");
        tablet.touches(&["Passphrase"]);
        assert_eq!(tablet.focused(), "Passphrase", "at {size_percent} %");
        tablet.types(PASSPHRASE);
        tablet.touches(&["Sign in"]);
        tablet.until("the day after the sign-in", |hand| hand.says("Good morning") || hand.says("Registers"));
    }
}

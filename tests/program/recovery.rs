//! What two recovery cards do: a head named, somebody removed, a school rebuilt.

use crate::support::{Device, Place, as_text, enrol, enrol_tablet};
use std::fs;
use std::path::Path;

/// The words that a command gave, to sign in with.
fn words(out: &str) -> String {
    out.lines().find_map(|line| line.strip_prefix("  ")).unwrap_or_else(|| panic!("{out}")).to_owned()
}

fn with_cards(place: &Place, device: &Device<'_>, arguments: &[&str], cards: [usize; 2]) -> String {
    let cards = cards.map(|number| place.card("office", number));
    let given = ["--card", as_text(&cards[0]), "--card", as_text(&cards[1])];
    device.run(&[arguments, &given[..]].concat()).done().out
}

/// Every file of a folder, by name, as it is.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut all: Vec<(String, Vec<u8>)> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .map(|path| (path.display().to_string(), fs::read(&path).unwrap()))
        .collect();
    all.sort();
    all
}

#[test]
fn a_school_is_rebuilt_from_two_cards_and_a_device_that_read_nothing() {
    let place = Place::new();
    let (office, store) = (place.school("office"), place.device("store"));
    office.run(&["register", "4B", "--mark", "Byrne=/", "--mark", "Kaur=L:12"]).done();
    enrol_tablet(&office, &store);
    let (register, fire) = (office.register(), office.run(&["fire"]).done().out);
    // The office burns down. What is left has nobody's keys.
    fs::remove_dir_all(office.folder()).unwrap();
    store.run(&["register", "4B"]).refused(&["nobody's keys have reached this device yet"]);
    let kept = files(store.folder());
    let new = place.device("new");
    let rebuild = ["rebuild", "--from", as_text(store.folder()), "--device", "New laptop"];
    let said = with_cards(&place, &new, &rebuild, [3, 1]);
    assert!(said.contains("Harbour Primary is on this device again"), "{said}");
    assert!(said.contains("Signed in: Helen Marsh, as head."), "{said}");
    assert_eq!(new.register(), register, "the registers are as they were");
    let again = new.run(&["fire"]).done().out;
    for name in ["Byrne, Ada", "Kaur, Zoe", "Patel, Noah"] {
        assert!(again.contains(name) && fire.contains(name), "{again}");
    }
    let after = files(store.folder());
    let names = |all: &[(String, Vec<u8>)]| all.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&after), names(&kept), "what was kept stays as it was");
    let verified = new.run(&["verify"]).done();
    assert!(verified.out.contains("whole"), "{verified}");
    let audit = new.audit();
    assert!(audit.contains("recovery cards"), "it shows: {audit}");
    // It is a working school.
    new.run(&["register", "4B", "--mark", "Patel=I"]).done();
    let hall = place.device("hall");
    enrol(&new, &hall);
    // The burned device is removed for good.
    let said = with_cards(&place, &new, &["cards", "remove", "Office", "--sign-in"], [1, 2]);
    assert!(said.contains("Two cards have said so"), "{said}");
}

#[test]
fn a_school_is_rebuilt_for_a_new_head() {
    let place = Place::new();
    let (office, store) = (place.school("office"), place.device("store"));
    office.run(&["register", "4B", "--mark", "Byrne=/"]).done();
    enrol(&office, &store);
    let register = office.register();
    let new = place.device("new");
    let rebuild = ["rebuild", "--from", as_text(store.folder()), "--head", "Nia Roberts"];
    let said = with_cards(&place, &new, &rebuild, [2, 3]);
    assert!(said.contains("Signed in: Nia Roberts, as head."), "{said}");
    assert_eq!(new.register(), register);
    let audit = new.audit();
    assert!(audit.contains("Nia Roberts"), "{audit}");
}

#[test]
fn a_school_is_not_rebuilt_with_one_card_or_over_another_or_from_nothing() {
    let place = Place::new();
    let (office, store) = (place.school("office"), place.device("store"));
    enrol(&office, &store);
    place.founded("other");
    let (one, other) = (place.card("office", 1), place.card("other", 2));
    let new = place.device("new");
    let from = ["rebuild", "--from", as_text(store.folder()), "--card", as_text(&one), "--card"];
    new.run(&[&from[..], &[as_text(&one)]].concat()).refused(&["both are card 1"]);
    new.run(&[&from[..], &[as_text(&other)]].concat()).refused(&["card 2 belongs to another school"]);
    let two = place.card("office", 2);
    office.run(&[&from[..], &[as_text(&two)]].concat()).refused(&["there is a school in", "already"]);
    let empty = place.folder("empty", &[]);
    let from = ["rebuild", "--from", as_text(&empty), "--card", as_text(&one), "--card", as_text(&two)];
    new.run(&from).refused(&["no device's records are in"]);
    let status = new.run(&["status"]);
    status.refused(&["there is no school on this device yet"]);
}

#[test]
fn a_head_who_forgot_everything_comes_back_with_two_cards_and_the_old_passphrase_holds_nothing() {
    let place = Place::new();
    let office = place.school("office");
    office.run(&["register", "4B", "--mark", "Byrne=/"]).done();
    let register = office.register();
    let said = with_cards(&place, &office, &["cards", "new-head", "Helen Marsh"], [1, 2]);
    assert!(said.contains("Keys that they had until now hold nothing any more"), "{said}");
    office.run(&["register", "4B", "--mark", "Kaur=/"]).refused(&["keys are not on this device"]);
    office.run_with(Some("six other kind words for this"), &["activate", &words(&said)]).done();
    let shown = office.run_with(Some("six other kind words for this"), &["register", "4B"]).done().out;
    assert!(shown.contains("Byrne, Ada") && register[0].starts_with("Byrne, Ada /"), "{shown}");
    office.run_with(Some("six other kind words for this"), &["register", "4B", "--mark", "Kaur=/"]).done();
}

#[test]
fn a_second_head_is_named_by_cards_that_sign_in_two_places() {
    let place = Place::new();
    let office = place.school("office");
    let (half, one, three) = (place.path("half"), place.card("office", 1), place.card("office", 3));
    let first = ["cards", "new-head", "Nia Roberts", "--half", as_text(&half), "--card", as_text(&one)];
    let said = office.run(&first).done().out;
    assert!(said.contains("One card has signed; nothing is said yet"), "{said}");
    let words = words(&said);
    let activate = ["activate", &words, "--name", "Nia Roberts"];
    office.run(&activate).refused(&["these words let nobody in"]);
    let shown = |said: &str| -> Vec<String> {
        let lines = said.lines().filter(|line| line.starts_with("It says: ") || line.starts_with("Its digits: "));
        lines.map(str::to_owned).collect()
    };
    let first = shown(&said);
    assert!(first[0].starts_with("It says: somebody whom this device does not know by name ("), "{said}");
    assert!(first[0].ends_with(") is head from now on.") && first.len() == 2, "{said}");
    let sign = |card: &Path| office.run(&["cards", "sign", as_text(&half), "--yes", "--card", as_text(card)]);
    sign(&one).refused(&["two different recovery cards"]);
    let said = sign(&three).done().out;
    assert_eq!(shown(&said), first, "both holders read the same");
    // Somebody who reads the records has met them.
    office.run(&["register", "4B", "--mark", "Byrne=/"]).done();
    office.run(&activate).done();
    let register = office.run(&["register", "4B", "--as", "Nia"]).done().out;
    assert!(register.contains("Byrne, Ada"), "{register}");
    let bad = place.folder("bad", &[("half", b"not a statement")]).join("half");
    office.run(&["cards", "sign", as_text(&bad), "--card", as_text(&one)]).refused(&["is not what a card has signed"]);
}

#[test]
fn the_holder_of_the_second_card_reads_what_it_says_and_is_asked() {
    let place = Place::new();
    let (office, tablet) = (place.school("office"), place.device("tablet"));
    enrol_tablet(&office, &tablet);
    let (half, one, two) = (place.path("half"), place.card("office", 1), place.card("office", 2));
    let remove = ["cards", "remove", "Hall tablet", "--half", as_text(&half), "--card", as_text(&one)];
    let first = office.run(&remove).done().out;
    let sign = ["cards", "sign", as_text(&half), "--card", as_text(&two)];
    let refused = office.run(&sign);
    assert!(
        refused.out.contains("Hall tablet") && refused.out.contains("is taken out of the school for good"),
        "{first}"
    );
    refused.refused(&["nothing was signed"]);
    let devices = office.run(&["devices"]).done().out;
    assert!(!devices.contains("taken out"), "nobody said yes, so nothing is said: {devices}");
    office.run(&[&sign[..], &["--yes"]].concat()).done();
    assert!(office.run(&["devices"]).done().out.contains("taken out"));
}

#[test]
fn two_cards_remove_the_head_and_one_removes_nobody() {
    let place = Place::new();
    let office = place.school("office");
    let one = place.card("office", 1);
    let alone = ["cards", "remove", "Helen Marsh", "--card", as_text(&one), "--card", as_text(&one)];
    office.run(&alone).refused(&["both are card 1"]);
    office.run(&["register", "4B", "--mark", "Byrne=/"]).done();
    with_cards(&place, &office, &["cards", "new-head", "Nia Roberts"], [1, 2]);
    with_cards(&place, &office, &["cards", "remove", "Helen Marsh"], [2, 3]);
    office.run(&["register", "4B", "--mark", "Kaur=/"]).refused(&["keys are not on this device"]);
    let (one, two) = (place.card("office", 1), place.card("office", 2));
    let nobody = ["cards", "remove", "Nobody At All", "--card", as_text(&one), "--card", as_text(&two)];
    office.run(&nobody).refused(&["nobody and no device here has that name"]);
}

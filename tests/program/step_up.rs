//! The second factor: set up with no network, asked for where a passphrase is not enough, and a trail of it.

use crate::support::{Authenticator, Place, as_text};

#[test]
fn until_somebody_has_a_second_factor_people_are_let_in_with_a_plain_warning() {
    let place = Place::new();
    let office = place.school("office");
    let said = office.run(&["words", "T1"]).done();
    assert!(said.err.contains("Nobody who runs this school has a second factor yet"), "{said}");
}

#[test]
fn once_the_head_has_a_second_factor_letting_anybody_in_needs_a_code_and_a_code_works_once() {
    let place = Place::new();
    let office = place.school("office");
    let head = Authenticator::set_up(&place, &office);
    office.run(&["words", "T1"]).refused(&["this needs a code from your authenticator: give it with --code"]);
    office.run(&["invite", "--yes", "--seconds", "1"]).refused(&["this needs a code"]);
    let code = head.code();
    let said = office.run(&["words", "T1", "--code", &code]).done();
    assert!(said.out.contains("One-time words for Priya Blackthorne") && !said.err.contains("second factor"), "{said}");
    office.run(&["words", "T1", "--code", &code]).refused(&["that code is not the one", "use each code once"]);
    office.run(&["words", "T1"]).refused(&["this needs a code"]);
    assert_eq!(office.register().len(), 3, "a register asks for nothing more than before");
    let audit = office.audit();
    for told in ["set up a second factor", "gave a code, which holds for 15 minutes", "gave a wrong code"] {
        assert!(audit.contains(&format!("Helen Marsh {told}")), "{told}\n{audit}");
    }
    assert!(!audit.contains(&code), "no code is ever written down");
}

#[test]
fn wrong_codes_wait_longer_and_longer_and_the_right_one_works_after_that() {
    let place = Place::new();
    let office = place.school("office");
    let head = Authenticator::set_up(&place, &office);
    place.later(30_000);
    for _ in 0..4 {
        office.run(&["words", "T1", "--code", &head.wrong_code()]).refused(&["that code is not the one"]);
    }
    let right = ["words", "T1", "--code", &head.code_now()];
    office.run(&right).refused(&["too many wrong codes: the next is heard in 2", " seconds"]);
    office.run(&["words", "T1", "--code", &head.code()]).done();
    assert!(office.audit().contains("gave 4 wrong codes"), "{}", office.audit());
}

#[test]
fn a_telephone_whose_clock_is_wrong_sets_nothing_up_and_says_so() {
    let place = Place::new();
    let office = place.school("office");
    let (_, said) = Authenticator::try_set_up(&place, &office, "Helen", 120_000);
    said.refused(&["that code does not fit"]);
    office.run(&["words", "T1"]).done();
}

#[test]
fn a_second_factor_is_changed_only_with_a_code_of_the_one_before() {
    let place = Place::new();
    let office = place.school("office");
    let head = Authenticator::set_up(&place, &office);
    office.run(&["factor"]).refused(&["you have a second factor: to change it, give a code of it first"]);
    office.run(&["factor", "--minutes", "5"]).refused(&["this needs a code"]);
    office.run(&["factor", "--minutes", "5", "--code", &head.code()]).done();
    office.run(&["factor", "--minutes", "61", "--code", &head.code()]).ended(2, &["61"]);
    office.run(&["words", "T1", "--code", &head.code()]).done();
    assert!(office.audit().contains("gave a code, which holds for 5 minutes"), "{}", office.audit());
    let said = office.run(&["factor", "--code", &head.code()]);
    assert!(said.out.contains("Or type this into it"), "{said}");
}

#[test]
fn the_audit_leaves_the_program_only_with_a_code_and_that_it_did_is_in_the_audit() {
    let place = Place::new();
    let office = place.school("office");
    let file = place.path("audit.csv");
    let file = as_text(&file);
    let export = ["audit", "--out", file, "--for", "Ofsted"];
    office.run(&export).refused(&["this needs a second factor, and you have none yet"]);
    let head = Authenticator::set_up(&place, &office);
    office.run(&export).refused(&["this needs a code"]);
    assert!(!std::path::Path::new(file).exists(), "nothing was written");
    let with_code = |code: &str| [&export[..], &["--code", code]].concat().join("\n");
    let said = office.run(&with_code(&head.code()).split('\n').collect::<Vec<_>>()).done();
    assert!(said.out.contains("it is not encrypted"), "{said}");
    let table = std::fs::read_to_string(file).unwrap();
    assert!(table.starts_with("Day,Time,Who,Did what"), "{table}");
    assert!(table.contains("Helen Marsh,set up a second factor"), "{table}");
    assert!(office.audit().contains("Helen Marsh exported the audit, "), "{}", office.audit());
    assert!(office.audit().contains(", for Ofsted"), "{}", office.audit());
    let again = office.run(&with_code(&head.code()).split('\n').collect::<Vec<_>>());
    again.refused(&["cannot be written: give the name of a new file"]);
    office.run(&["audit", "--out", file]).ended(2, &["--for"]);
}

fn words_in(said: &crate::support::Said) -> String {
    said.out.lines().find_map(|line| line.strip_prefix("  ")).unwrap_or_else(|| panic!("{said}")).to_owned()
}

#[test]
fn whoever_lost_their_telephone_is_reset_by_an_officer_and_the_old_codes_do_nothing_more() {
    let place = Place::new();
    let office = place.school("office");
    let words = words_in(&office.run(&["words", "T1"]).done());
    office.run(&["activate", &words]).done();
    office.run(&["register", "4B", "--mark", "Byrne=L:12", "--as", "Priya"]).done();
    let lost = Authenticator::set_up_as(&place, &office, "Priya");
    office.run(&["people", "invite", "Tom", "Reid", "--role", "core_staff", "--site", "S1", "--as", "Helen"]).done();
    let lets_in = ["words", "Tom", "--as", "Priya"];
    // A site lead's own factor guards nobody else yet; with the head's it guards all who run the school.
    let head = Authenticator::set_up(&place, &office);
    office.run(&lets_in).refused(&["this needs a code from your authenticator", "muster factor --help"]);
    let help = office.run(&["factor", "--help"]).done();
    assert!(help.out.contains("Telephone lost or new?") && help.out.contains("muster people reset NAME"), "{help}");

    let said = office.run(&["people", "reset", "T1", "--as", "Helen", "--code", &head.code()]).done();
    assert!(said.out.contains("A second factor went with the old sign-in"), "{said}");
    office.run(&["activate", &words_in(&said)]).done();
    let code = lost.code();
    let with_lost = [&lets_in[..], &["--code", &code]].concat();
    office.run(&with_lost).refused(&["this needs a second factor, and you have none yet"]);
    assert!(
        office.run(&["register", "4B", "--as", "Priya"]).done().out.contains("Byrne, Ada"),
        "nothing written is lost"
    );
    let again = Authenticator::set_up_as(&place, &office, "Priya");
    let code = again.code();
    office.run(&[&lets_in[..], &["--code", &code]].concat()).done();
}

#[test]
fn the_only_head_who_lost_their_telephone_comes_back_with_two_cards_and_sets_up_another() {
    let place = Place::new();
    let office = place.school("office");
    let lost = Authenticator::set_up(&place, &office);
    office.run(&["words", "T1"]).refused(&["this needs a code"]);
    let (one, three) = (place.card("office", 1), place.card("office", 3));
    let back = ["cards", "new-head", "Helen Marsh", "--card", as_text(&one), "--card", as_text(&three)];
    let said = office.run(&back).done();
    office.run(&["activate", &words_in(&said)]).done();
    office.run(&["words", "T1", "--code", &lost.code()]).refused(&["you have none yet"]);
    let again = Authenticator::set_up(&place, &office);
    office.run(&["words", "T1", "--code", &again.code()]).done();
    assert_eq!(office.register().len(), 3, "and the head reads what they read before");
}

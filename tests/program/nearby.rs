//! Joining with the six words alone, where two devices find each other by themselves.

#[path = "../../net/tests/peers/cable.rs"]
mod cable;

use crate::support::{Device, Marshal, Place, Running, code_of, enrol};
use cable::{Cable, skipped};
use std::process::{Command, Stdio};

/// A command at one end of the cable.
fn at_end(end: &str, plain: &Command) -> Command {
    let mut command = Command::new("ip");
    command.args(["netns", "exec", end]).arg(plain.get_program()).args(plain.get_args());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command
}

/// A command at one end of the cable, with discovery on.
fn begin_at(end: &str, device: &Device<'_>, arguments: &[&str]) -> Running {
    device.begin_this(at_end(end, &device.command_nearby(arguments)), arguments)
}

/// A marshal with a device at one end of the cable.
fn stands_at(end: &str, device: &Device<'_>, name: &str) -> Marshal {
    Marshal::stands(at_end(end, &device.command_nearby(&["call", "live", "--marshal", name])), name)
}

#[test]
#[ignore = "needs network namespaces and MUSTER_TEST_NETNS=1: .ci/run runs it"]
fn a_roll_call_goes_on_at_both_ends_of_a_pulled_cable_and_is_one_again_once_it_is_put_back() {
    let cable = match Cable::lay("r", true) {
        Ok(cable) => cable,
        Err(why) => return skipped(&why),
    };
    let place = Place::new();
    let (office, hall) = (place.school("office"), place.device("hall"));
    enrol(&office, &hall);
    let [here, there] = &cable.names;
    let mut reid = stands_at(here, &office, "S. Reid");
    let mut shah = stands_at(there, &hall, "A. Shah");
    reid.says_of_the_other("up to date with each other");
    reid.types("start real");
    let begun = shah.shows("Found 0 of 5, 5 to find");
    assert_eq!(reid.shows("Found 0 of 5, 5 to find"), begun);
    cable.pull().unwrap();
    // Each alone, and each sees their own at once.
    reid.types("found Byrne @ Playground");
    reid.types("found Kaur @ Playground");
    shah.types("missing Kaur @ Library");
    shah.types("found Patel @ Field");
    let (one, other) = (reid.shows("Found 2 of 5, 3 to find"), shah.shows("Found 1 of 5, 4 to find"));
    assert_ne!(one, other, "two codes say that these two have not heard the same");
    reid.says_of_the_other("not reached");
    cable.plug().unwrap();
    // Whoever was reported missing is not found by being found elsewhere: a person settles it.
    let both = shah.shows("Found 2 of 5, 3 to find");
    reid.shows(&format!("Found 2 of 5, 3 to find. Code: {both}"));
    for marshal in [&mut reid, &mut shah] {
        marshal.types("who");
        marshal.says("Kaur, Zoe");
    }
    drop(reid);
    drop(shah);
    let lists = [&office, &hall].map(|device| device.run(&["call", "show"]).done().out);
    assert_eq!(lists[0], lists[1]);
    assert!(lists[0].contains("Kaur, Zoe") && !lists[0].contains("Byrne, Ada"), "{}", lists[0]);
}

#[test]
#[ignore = "needs network namespaces and MUSTER_TEST_NETNS=1: .ci/run runs it"]
fn on_one_network_six_words_bring_a_tablet_in_and_other_words_do_not() {
    let cable = match Cable::lay("w", true) {
        Ok(cable) => cable,
        Err(why) => return skipped(&why),
    };
    let [here, there] = &cable.names;
    let place = Place::new();
    let (office, hall) = (place.founded("office"), place.device("hall"));
    let invitation = begin_at(here, &office, &["invite", "--yes"]);
    let code = code_of(&invitation);
    let words = code.split('@').next().unwrap().replace('-', " ");
    let mut others: Vec<&str> = words.split(' ').collect();
    others.rotate_left(1);
    let refused = begin_at(there, &hall, &["join", &others.join(" "), "--device", "Hall tablet"]).end();
    refused.refused(&["no device nearby waits for this one with these words"]);
    let joined = begin_at(there, &hall, &["join", &words, "--device", "Hall tablet"]).end().done();
    assert!(joined.out.contains("This device holds all that it may"), "{joined}");
    let invited = invitation.end().done();
    assert!(invited.out.contains("Hall tablet is in"), "{invited}");
}

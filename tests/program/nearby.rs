//! Joining with the six words alone, where two devices find each other by themselves.

#[path = "../../net/tests/peers/cable.rs"]
mod cable;

use crate::support::{Device, Place, Running, code_of};
use cable::{Cable, skipped};
use std::process::{Command, Stdio};

/// A command at one end of the cable, with discovery on.
fn begin_at(end: &str, device: &Device<'_>, arguments: &[&str]) -> Running {
    let plain = device.command_nearby(arguments);
    let mut command = Command::new("ip");
    command.args(["netns", "exec", end]).arg(plain.get_program()).args(plain.get_args());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))));
    device.begin_this(command, arguments)
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

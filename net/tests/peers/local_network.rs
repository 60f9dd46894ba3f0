//! Local discovery, between two network namespaces joined by a virtual cable.
//!
//! Needs Linux, root, `ip`, and the word: `MUSTER_TEST_NETNS=1`. Prints `skipped: ...` elsewhere.

use std::{
    io::{BufRead as _, BufReader},
    path::PathBuf,
    process::{Child, Command, Output, Stdio},
    sync::mpsc::{Receiver, sync_channel},
    time::{Duration, Instant},
};

use crate::{
    cable::{Cable, skipped},
    device::PATIENCE,
};

/// Runs the example at both ends at once.
fn find(cable: &Cable, program: &PathBuf) -> [Output; 2] {
    let start = |name: &String, own: &str, other: &str| {
        Command::new("ip")
            .args(["netns", "exec", name])
            .arg(program)
            .args([own, other])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    };
    let [a, b] = &cable.names;
    let (here, there) = (start(a, "1", "2"), start(b, "2", "1"));
    [here.wait_with_output().unwrap(), there.wait_with_output().unwrap()]
}

/// The example's program and a cable, or the reason why there is none.
fn laid(which: &str, multicast: bool) -> Result<(PathBuf, Cable), String> {
    let cable = Cable::lay(which, multicast)?;
    Ok((example("find")?, cable))
}

/// The program of an example.
fn example(name: &str) -> Result<PathBuf, String> {
    let here = std::env::current_exe().map_err(|error| error.to_string())?;
    let program = here.ancestors().nth(2).map(|folder| folder.join("examples").join(name)).filter(|path| path.exists());
    program.ok_or_else(|| format!("build it first: cargo build -p muster-net --example {name}"))
}

/// A device that stays in touch with the one at the other end; stopped when dropped.
struct Stays {
    child: Child,
    lines: Receiver<String>,
}

impl Stays {
    fn at(end: &str, program: &PathBuf, numbers: [&str; 2]) -> Self {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", end]).arg(program).args(numbers);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (said, lines) = sync_channel(256);
        let output = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || output.lines().map_while(Result::ok).try_for_each(|line| said.send(line)));
        Self { child, lines }
    }

    /// Waits until it says that it heard the other after silence.
    fn hears(&self) {
        let until = Instant::now() + PATIENCE;
        let mut before = Vec::new();
        while let Ok(line) = self.lines.recv_timeout(until.saturating_duration_since(Instant::now())) {
            if line.ends_with("heard again") {
                return;
            }
            before.push(line);
        }
        panic!("the other was not heard again; it said {before:?}");
    }
}

impl Drop for Stays {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
#[ignore = "needs network namespaces and MUSTER_TEST_NETNS=1: .ci/run runs it"]
fn two_devices_hear_each_other_again_soon_after_a_network_that_was_gone_is_back() {
    let laid = example("stay").and_then(|program| Ok((program, Cable::switched("q")?)));
    let (program, cable) = match laid {
        Ok(laid) => laid,
        Err(why) => return skipped(&why),
    };
    let [here, there] = &cable.names;
    let both = [Stays::at(here, &program, ["1", "2"]), Stays::at(there, &program, ["2", "1"])];
    both.iter().for_each(Stays::hears);
    // Once with the session alive at both ends, once with it given up and a dial under way.
    for gone in [10, 22] {
        cable.switch(false).unwrap();
        std::thread::sleep(Duration::from_secs(gone));
        cable.switch(true).unwrap();
        let back = Instant::now();
        both.iter().for_each(Stays::hears);
        println!("gone for {gone} s: both hear each other again after {} ms", back.elapsed().as_millis());
    }
}

#[test]
#[ignore = "needs network namespaces and MUSTER_TEST_NETNS=1: .ci/run runs it"]
fn two_devices_on_one_cable_find_each_other_by_id_alone() {
    let (program, cable) = match laid("r", true) {
        Ok(laid) => laid,
        Err(why) => return skipped(&why),
    };
    let start = Instant::now();
    let mut discovered = false;
    for output in find(&cable, &program) {
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
        assert!(said.contains("good morning"), "{said}");
        discovered |= said.contains("discovered");
    }
    // The one that is dialled may be connected before it hears the other's announcement.
    assert!(discovered, "neither heard the other's announcement");
    println!("found, greeted and closed in {} ms", start.elapsed().as_millis());
}

#[test]
#[ignore = "needs network namespaces and MUSTER_TEST_NETNS=1: .ci/run runs it"]
fn without_a_route_for_multicast_nobody_is_found_and_nothing_breaks() {
    let (program, cable) = match laid("n", false) {
        Ok(laid) => laid,
        Err(why) => return skipped(&why),
    };
    for output in find(&cable, &program) {
        assert_eq!(output.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&output.stdout).contains("found nobody"));
    }
}

//! Local discovery, between two network namespaces joined by a virtual cable.
//!
//! Needs Linux, root, `ip`, and the word: `MUSTER_TEST_NETNS=1`. Prints `skipped: ...` elsewhere.

use std::{
    path::PathBuf,
    process::{Command, Output, Stdio},
    time::Instant,
};

use crate::cable::{Cable, skipped};

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
    let here = std::env::current_exe().map_err(|error| error.to_string())?;
    let program = here.ancestors().nth(2).map(|folder| folder.join("examples/find")).filter(|path| path.exists());
    let program = program.ok_or("build it first: cargo build -p muster-net --example find")?;
    Ok((program, cable))
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

//! Local discovery, between two network namespaces joined by a virtual cable.
//!
//! Needs Linux, root, `ip`, and the word: `MUSTER_TEST_NETNS=1`. Prints `skipped: ...` elsewhere.

use std::{
    path::PathBuf,
    process::{Command, Output, Stdio},
    time::Instant,
};

/// Two namespaces and a cable between them; gone when dropped.
struct Cable {
    names: [String; 2],
}

fn ip(words: &str) -> Result<(), String> {
    let output = Command::new("ip").args(words.split(' ')).output().map_err(|error| format!("ip: {error}"))?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

impl Cable {
    fn lay(which: &str, multicast: bool) -> Result<Self, String> {
        let stem = format!("mu{}{which}", std::process::id() % 1_000_000);
        let cable = Self { names: [format!("{stem}a"), format!("{stem}b")] };
        let [a, b] = &cable.names;
        for name in [a, b] {
            ip(&format!("netns add {name}"))?;
            ip(&format!("-n {name} link set lo up"))?;
        }
        ip(&format!("link add {a} netns {a} type veth peer name {b} netns {b}"))?;
        for (number, name) in [a, b].into_iter().enumerate() {
            ip(&format!("-n {name} addr add 192.0.2.{}/24 dev {name}", number + 1))?;
            ip(&format!("-n {name} link set {name} up"))?;
            if multicast {
                ip(&format!("-n {name} route add 224.0.0.0/4 dev {name}"))?;
            }
        }
        Ok(cable)
    }

    /// Runs the example at both ends at once.
    fn find(&self, program: &PathBuf) -> [Output; 2] {
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
        let [a, b] = &self.names;
        let (here, there) = (start(a, "1", "2"), start(b, "2", "1"));
        [here.wait_with_output().unwrap(), there.wait_with_output().unwrap()]
    }
}

impl Drop for Cable {
    fn drop(&mut self) {
        for name in &self.names {
            let _ = ip(&format!("netns del {name}"));
        }
    }
}

/// The example's program and a cable, or the reason why there is none.
fn laid(which: &str, multicast: bool) -> Result<(PathBuf, Cable), String> {
    if std::env::var("MUSTER_TEST_NETNS").as_deref() != Ok("1") {
        return Err("needs network namespaces; as root, set MUSTER_TEST_NETNS=1".to_owned());
    }
    let here = std::env::current_exe().map_err(|error| error.to_string())?;
    let program = here.ancestors().nth(2).map(|folder| folder.join("examples/find")).filter(|path| path.exists());
    let program = program.ok_or("build it first: cargo build -p muster-net --example find")?;
    Ok((program, Cable::lay(which, multicast)?))
}

/// Past the test program's capture of printed lines, so that it is seen.
fn skipped(why: &str) {
    use std::io::Write as _;
    let name = std::thread::current().name().unwrap_or_default().to_owned();
    let _ = writeln!(std::io::stderr(), "skipped: {name}: {why}");
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
    for output in cable.find(&program) {
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
    for output in cable.find(&program) {
        assert_eq!(output.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&output.stdout).contains("found nobody"));
    }
}

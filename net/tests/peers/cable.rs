//! Two network namespaces joined by a virtual cable, for tests of what needs a network of its own.
//!
//! Needs Linux, root, `ip`, and the word: `MUSTER_TEST_NETNS=1`.

use std::process::Command;

/// Two namespaces and a cable between them; gone when dropped.
pub(crate) struct Cable {
    pub(crate) names: [String; 2],
    multicast: bool,
    /// The namespace of the switch in its middle, where there is one.
    switch: Option<String>,
}

fn ip(words: &str) -> Result<(), String> {
    let output = Command::new("ip").args(words.split(' ')).output().map_err(|error| format!("ip: {error}"))?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

impl Cable {
    /// Lays it, or says why not.
    pub(crate) fn lay(which: &str, multicast: bool) -> Result<Self, String> {
        if std::env::var("MUSTER_TEST_NETNS").as_deref() != Ok("1") {
            return Err("needs network namespaces; as root, set MUSTER_TEST_NETNS=1".to_owned());
        }
        let stem = format!("mu{}{which}", std::process::id() % 1_000_000);
        let cable = Self { names: [format!("{stem}a"), format!("{stem}b")], multicast, switch: None };
        let [a, b] = &cable.names;
        for name in [a, b] {
            ip(&format!("netns add {name}"))?;
            ip(&format!("-n {name} link set lo up"))?;
        }
        ip(&format!("link add {a} netns {a} type veth peer name {b} netns {b}"))?;
        for (number, name) in [a, b].into_iter().enumerate() {
            ip(&format!("-n {name} addr add 192.0.2.{}/24 dev {name}", number + 1))?;
        }
        cable.plug()?;
        Ok(cable)
    }

    /// Lays one with a switch in the middle: what is switched off there neither end notices by itself.
    #[allow(dead_code, reason = "not every test program has use for it")]
    pub(crate) fn switched(which: &str) -> Result<Self, String> {
        if std::env::var("MUSTER_TEST_NETNS").as_deref() != Ok("1") {
            return Err("needs network namespaces; as root, set MUSTER_TEST_NETNS=1".to_owned());
        }
        let stem = format!("mu{}{which}", std::process::id() % 1_000_000);
        let switch = format!("{stem}s");
        let cable = Self { names: [format!("{stem}a"), format!("{stem}b")], multicast: true, switch: Some(switch) };
        let middle = format!("{stem}s");
        ip(&format!("netns add {middle}"))?;
        ip(&format!("-n {middle} link add name sw0 type bridge"))?;
        for (number, name) in cable.names.iter().enumerate() {
            ip(&format!("netns add {name}"))?;
            ip(&format!("-n {name} link set lo up"))?;
            ip(&format!("link add name {name} netns {name} type veth peer name port{number} netns {middle}"))?;
            ip(&format!("-n {middle} link set port{number} master sw0 up"))?;
            ip(&format!("-n {name} addr add 192.0.2.{}/24 dev {name}", number + 1))?;
        }
        cable.switch(true)?;
        cable.plug()?;
        Ok(cable)
    }

    /// Switches the switch in the middle on or off.
    #[allow(dead_code, reason = "not every test program has use for it")]
    pub(crate) fn switch(&self, on: bool) -> Result<(), String> {
        let way = if on { "up" } else { "down" };
        self.switch.iter().try_for_each(|name| ip(&format!("-n {name} link set sw0 {way}")))
    }

    /// Pulls it out at both ends.
    #[allow(dead_code, reason = "not every test program pulls it")]
    pub(crate) fn pull(&self) -> Result<(), String> {
        self.names.iter().try_for_each(|name| ip(&format!("-n {name} link set {name} down")))
    }

    /// Puts it in at both ends.
    pub(crate) fn plug(&self) -> Result<(), String> {
        for name in &self.names {
            ip(&format!("-n {name} link set {name} up"))?;
            if self.multicast {
                ip(&format!("-n {name} route replace 224.0.0.0/4 dev {name}"))?;
            }
        }
        Ok(())
    }
}

impl Drop for Cable {
    fn drop(&mut self) {
        for name in self.names.iter().chain(&self.switch) {
            let _ = ip(&format!("netns del {name}"));
        }
    }
}

/// Asked for and not to be had: that is no pass.
pub(crate) fn skipped(why: &str) {
    let name = std::thread::current().name().unwrap_or_default().to_owned();
    panic!("skipped: {name}: {why}");
}

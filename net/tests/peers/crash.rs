//! A device whose process is killed, so that nobody says good-bye.

use std::{
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use muster_net::CloseReason;

use crate::device::{Device, PATIENCE, id_of};

/// Set for the child process only: where the office is.
const OFFICE: &str = "MUSTER_NET_TEST_OFFICE";

struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A device in a process of its own: this test program, asked for the test below.
fn hall_in_a_process_of_its_own(office: &Device) -> Killed {
    let address = office.node.addresses().first().unwrap().to_string();
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "crash::the_part_of_the_hall_in_the_test_beside"])
        .env(OFFICE, address)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    Killed(child)
}

#[test]
fn the_part_of_the_hall_in_the_test_beside() {
    let Ok(address) = std::env::var(OFFICE) else { return };
    let hall = Device::new(2);
    hall.node.set_enrolled([id_of(1)].into());
    hall.node.dial(id_of(1), vec![address.parse().unwrap()]);
    hall.connected();
    std::thread::sleep(3 * PATIENCE);
}

#[test]
fn a_killed_device_that_comes_back_is_let_in_at_once_and_one_that_does_not_is_missed() {
    let office = Device::new(1);
    office.node.set_enrolled([id_of(2)].into());
    let hall = hall_in_a_process_of_its_own(&office);
    let first = office.connected();
    drop(hall);

    let start = Instant::now();
    let hall = hall_in_a_process_of_its_own(&office);
    let second = office.connected();
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    assert_eq!(office.closed(first.session), (CloseReason::Duplicate, true));

    let start = Instant::now();
    drop(hall);
    assert_eq!(office.closed(second.session), (CloseReason::Lost, false));
    assert!(start.elapsed() < muster_net::defaults::IDLE_TIMEOUT + Duration::from_secs(4), "{:?}", start.elapsed());
}

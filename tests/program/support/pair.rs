//! A second device, let in as two people would do it.

use super::{Device, Running};

/// The code that an invitation shows.
pub(crate) fn code_of(invitation: &Running) -> String {
    invitation.shows("a code", |said| said.behind("muster join "))
}

/// Lets a device in, with everything it may hold, the keys of leads and heads among it.
pub(crate) fn enrol(office: &Device<'_>, hall: &Device<'_>) {
    let_in(office, hall, &["invite", "--yes", "--kind", "laptop"]);
}

/// Lets a device in that may keep the keys of staff only.
pub(crate) fn enrol_tablet(office: &Device<'_>, hall: &Device<'_>) {
    let_in(office, hall, &["invite", "--yes"]);
}

/// Lets a device in that writes who comes and goes, and reads nothing.
pub(crate) fn enrol_kiosk(office: &Device<'_>, hall: &Device<'_>) {
    let_in(office, hall, &["invite", "--yes", "--kind", "kiosk", "--site", "S1"]);
}

fn let_in(office: &Device<'_>, hall: &Device<'_>, invite: &[&str]) {
    let invitation = office.begin(invite);
    let joined = hall.run(&["join", &code_of(&invitation), "--device", "Hall tablet"]).done();
    let invited = invitation.end().done();
    let phrase =
        |text: &str| text.lines().find(|line| line.starts_with("  ") && !line.contains("muster")).map(String::from);
    assert!(phrase(&joined.out).is_some(), "{joined}");
    assert_eq!(phrase(&joined.out), phrase(&invited.out), "both show the same phrase\n{joined}\n{invited}");
    assert!(invited.out.contains(" holds all that it may."), "{invited}");
}

/// Signs a member of staff in on the second device with one-time words from the first, where the head then gives
/// them the keys to what is there already.
pub(crate) fn activate(office: &Device<'_>, hall: &Device<'_>, staff: &str) {
    let said = office.run(&["words", staff]).done();
    let words = said.out.lines().find_map(|line| line.strip_prefix("  ")).unwrap_or_else(|| panic!("{said}"));
    let (_running, address) = office.serve_with(&["run", "--sign-in"]);
    hall.run(&["sync", &address]).done();
    hall.run(&["activate", words]).done();
    hall.run(&["sync", &address]).done();
}

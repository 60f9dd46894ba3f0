//! Two devices that really talk, over loopback: being let in once, and what a new device says while records arrive.

use super::*;
use crate::join::{Said, join};
use crate::limits;
use muster_school::roles::DeviceKind;
use std::cell::RefCell;
use std::time::{Duration, Instant};

/// Far more than is needed, on a machine that is busy.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);

pub(super) fn loopback() -> Reach {
    Reach { bind: vec!["127.0.0.1:0".parse().unwrap()], discover: false, offline: false }
}

impl AtDesk {
    pub(super) fn reachable(device: Device) -> Self {
        let shared = Arc::new(Shared::default());
        let clerk = Arc::new(Mutex::new(Clerk::new(shared.clone())));
        Self { shared, clerk, host: Handle::start(device, &loopback()).unwrap() }
    }
}

fn lock_note(updates: &[Update]) -> String {
    let note = updates.iter().rev().find_map(|update| match update {
        Update::Lock(view) => Some(view.note.clone()),
        _ => None,
    });
    note.unwrap()
}

pub(super) fn chip(updates: &[Update]) -> String {
    let chip = updates.iter().rev().find_map(|update| match update {
        Update::Frame(frame) => Some(frame.sync.words.clone()),
        _ => None,
    });
    chip.unwrap()
}

#[test]
fn a_code_lets_one_device_in_and_no_second_one_while_the_inviting_device_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let (mut device, ..) = school(&folder.path().join("office"));
    let head = device.replica.founding().head;
    device.sign_in(head, PASSPHRASE).unwrap();
    let office = AtDesk::reachable(device);
    // Nothing is anywhere else, and a number of changes would only frighten.
    assert_eq!(chip(&office.ask(Intent::Open(Screen::Today))), "The only device so far");
    let code =
        office.host.call(|host| host.open_invitation(DeviceKind::Tablet, vec![], limits::INVITATION)).unwrap().unwrap();
    let phrases = RefCell::new(Vec::new());
    let knock = |name: &str| {
        let mut on_phrase = |phrase: &str| {
            phrases.borrow_mut().push(phrase.to_owned());
            office.host.call(crate::host::Host::confirm_invitation).unwrap().unwrap();
        };
        let clock = Clock::starting_at(NINE_MS);
        join(&folder.path().join(name), &code, name, &loopback(), clock, &mut on_phrase, &|| Said::Same)
    };
    let joined = knock("hall").unwrap();
    let refused = knock("stranger").unwrap_err().to_string();
    assert!(refused.contains("no invitation is open on the other device"), "{refused}");
    assert_eq!(phrases.borrow().len(), 1, "nothing was shown to the second");
    assert!(!folder.path().join("stranger").join("records.redb").exists());

    let (inviter, addresses) = (joined.inviter, joined.addresses);
    let hall = AtDesk::reachable(joined.device);
    hall.host.call(move |host| host.expect(inviter, addresses)).unwrap();
    let begun = Instant::now();
    loop {
        let updates = hall.ask(Intent::Open(Screen::Lock));
        if chip(&updates).starts_with("Up to date") {
            assert_eq!(lock_note(&updates), "", "and the note is gone");
            break;
        }
        assert!(begun.elapsed() < PATIENCE, "it never came up to date: {updates:?}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_device_that_has_joined_counts_down_what_is_to_come_and_says_nothing_of_it_once_it_is_there() {
    let say = crate::desk::clerk::arriving_words;
    assert_eq!(say(12, false, false).unwrap(), "The school’s records are on their way, today’s first: 12 parts to go.");
    assert_eq!(say(3, false, true).unwrap(), "Today’s fire list is here. Earlier records follow: 3 parts to go.");
    assert_eq!(say(0, false, true), None, "all of it is here");
    assert_eq!(say(2, true, true), None, "it was up to date before: this is the day's work");
}

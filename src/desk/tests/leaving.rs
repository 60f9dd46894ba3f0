//! How somebody leaves a device, and what is left of them on it.

use super::*;
use muster_gui::LockReason;
use muster_gui::draft::Draft;
use std::io::Write;
use std::sync::OnceLock;
use tracing_subscriber::fmt::MakeWriter;

fn sign_in(desk: &AtDesk, person: PersonId) -> Vec<Update> {
    desk.ask(Intent::SignIn { person, passphrase: Secret::new(PASSPHRASE.into()) })
}

/// What the audit tells, newest first, a sentence a line.
fn audit(desk: &AtDesk) -> Vec<String> {
    let updates = desk.ask(Intent::Open(Screen::Audit));
    let view = updates.into_iter().rev().find_map(|update| match update {
        Update::Audit(view) => Some(view),
        _ => None,
    });
    let say = |row: &muster_school::view::audit::AuditRow| {
        let what: Vec<&str> = row.what.iter().map(|span| span.text.as_str()).collect();
        format!("{} {}", row.who, what.concat())
    };
    view.unwrap().rows.iter().map(say).collect()
}

#[test]
fn locking_signing_out_an_idle_device_and_a_hidden_screen_are_each_an_entry() {
    let folder = tempfile::tempdir().unwrap();
    let (device, ..) = school(&folder.path().join("records"));
    let head = device.replica.founding().head;
    let desk = AtDesk::of(device);
    let ways = [
        (LockReason::Asked, "signed out"),
        (LockReason::SignedOut, "signed out"),
        (LockReason::Idle, "was signed out, because nobody touched the device"),
        (LockReason::Hidden, "hid the screen and was signed out"),
        (LockReason::HiddenInCall, "hid the screen and was signed out"),
    ];
    for (reason, sentence) in ways {
        sign_in(&desk, head);
        let whole = format!("Helen Marsh {sentence}");
        let before = audit(&desk).iter().filter(|line| **line == whole).count();
        desk.ask(Intent::Lock(reason));
        assert!(desk.host.call(|host| host.device.opened.is_none()).unwrap(), "{reason:?}");
        sign_in(&desk, head);
        let told = audit(&desk);
        assert_eq!(told.iter().filter(|line| **line == whole).count(), before + 1, "{reason:?}: {told:#?}");
        desk.ask(Intent::Lock(LockReason::SignedOut));
    }
}

/// Everything that this program logs, however much that is.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

fn log() -> &'static Log {
    static LOG: OnceLock<Log> = OnceLock::new();
    LOG.get_or_init(|| {
        let log = Log::default();
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(log.clone()).init();
        log
    })
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|part| part == text.as_bytes())
}

#[test]
fn no_file_and_no_log_line_of_the_client_shows_a_pin_a_passphrase_or_an_unsaved_word() {
    const PIN: &str = "70415533";
    const DRAFT: &str = "plumbottle said so in the corridor";
    const WRONG: &str = "wobblecroft under the stairs";
    const NEXT: &str = "quillfern lantern otter mostly gravel";
    let log = log();
    let folder = tempfile::tempdir().unwrap();
    let (device, tom, words) = school(&folder.path().join("records"));
    let head = device.replica.founding().head;
    let desk = AtDesk::of(device);
    desk.ask(Intent::SignIn { person: head, passphrase: Secret::new(WRONG.into()) });
    sign_in(&desk, head);
    desk.ask(Intent::SetPin { pin: Secret::new(PIN.into()) });
    let draft = Draft { field: "concern/words".into(), text: Secret::new(DRAFT.into()) };
    desk.ask(Intent::KeepDrafts(vec![draft.clone()]));
    desk.ask(Intent::Lock(LockReason::Idle));
    desk.ask(Intent::Unlock { pin: Secret::new(PIN.into()) });
    assert!(desk.host.call(|host| host.device.opened.is_some()).unwrap(), "the PIN opened");
    desk.ask(Intent::ChangePassphrase { old: Secret::new(PASSPHRASE.into()), new: Secret::new(NEXT.into()) });
    desk.ask(Intent::Lock(LockReason::SignedOut));
    let activate = Intent::Activate { words: Secret::new(words.clone()), passphrase: Secret::new(PASSPHRASE.into()) };
    desk.ask(activate);
    assert_eq!(desk.host.call(|host| host.device.person()).unwrap(), Some(tom));
    desk.ask(Intent::Lock(LockReason::SignedOut));
    let back = desk.ask(Intent::SignIn { person: head, passphrase: Secret::new(NEXT.into()) });
    let given = back.iter().any(|update| matches!(update, Update::Drafts(drafts) if drafts.contains(&draft)));
    assert!(given, "what was typed is on the disk: {back:?}");
    drop(desk);

    let logged = log.0.lock().unwrap().clone();
    assert!(logged.len() > 1_000, "the log is loud: {} bytes", logged.len());
    let mut files = Vec::new();
    let mut folders = vec![folder.path().to_owned()];
    while let Some(at) = folders.pop() {
        for entry in std::fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { files.push((path.clone(), std::fs::read(path).unwrap())) }
        }
    }
    assert!(files.len() > 3, "{} files", files.len());
    for secret in [PIN, DRAFT, "plumbottle", WRONG, NEXT, PASSPHRASE, words.as_str()] {
        assert!(!holds(&logged, secret), "a log line shows {secret}");
        for (path, bytes) in &files {
            assert!(!holds(bytes, secret), "{secret} stands in {}", path.display());
        }
    }
}

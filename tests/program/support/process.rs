//! One run of the program, which ends with the test at the latest.

use std::io::Read;
use std::process::{Child, ChildStdin, Command};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How long any one command, and anything it is to show, may take. Far more than is needed, on a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(90);
const LOOK: Duration = Duration::from_millis(10);

/// What a command said, and how it ended.
#[derive(Clone, Debug, Default)]
pub(crate) struct Said {
    pub(crate) what: String,
    /// The exit code; `None` while it runs, and when it was killed.
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl std::fmt::Display for Said {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} -> {:?}\n-- out:\n{}\n-- err:\n{}", self.what, self.code, self.out, self.err)
    }
}

impl Said {
    /// What stands behind these words at the beginning of a line, once the line is complete.
    pub(crate) fn behind(&self, words: &str) -> Option<String> {
        let mut lines = self.out.split_inclusive('\n').chain(self.err.split_inclusive('\n'));
        let line = lines.find(|line| line.ends_with('\n') && line.trim_start().starts_with(words))?;
        line.trim().strip_prefix(words).map(str::to_owned)
    }

    /// It did what it was asked to.
    #[track_caller]
    pub(crate) fn done(self) -> Self {
        assert_eq!(self.code, Some(0), "{self}");
        self
    }

    /// It did not, and said all of this.
    #[track_caller]
    pub(crate) fn refused(self, words: &[&str]) -> Self {
        self.ended(1, words)
    }

    /// It ended with this code and said all of this.
    #[track_caller]
    pub(crate) fn ended(self, code: i32, words: &[&str]) -> Self {
        assert_eq!(self.code, Some(code), "{self}");
        for words in words {
            assert!(self.err.contains(words) || self.out.contains(words), "not said: {words}\n{self}");
        }
        assert!(!self.err.contains("panicked"), "{self}");
        self
    }
}

/// A command that is running. It is killed when this is dropped.
pub(crate) struct Running {
    child: Child,
    what: String,
    heard: [Arc<Mutex<Vec<u8>>>; 2],
    listeners: Vec<JoinHandle<()>>,
}

impl Running {
    pub(crate) fn begin(mut command: Command, what: String) -> Self {
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{what}: {error}"));
        let heard = [Arc::default(), Arc::default()];
        let out = listen(child.stdout.take().unwrap(), &heard[0]);
        let err = listen(child.stderr.take().unwrap(), &heard[1]);
        Self { child, what, heard, listeners: vec![out, err] }
    }

    /// As [`Running::begin`], for a command that somebody types at.
    pub(crate) fn begin_typing(command: Command, what: String) -> (Self, ChildStdin) {
        let mut running = Self::begin(command, what);
        let typed = running.child.stdin.take().unwrap();
        (running, typed)
    }

    /// What it has said so far.
    pub(crate) fn said(&self) -> Said {
        let text = |at: usize| String::from_utf8_lossy(&self.heard[at].lock().unwrap()).into_owned();
        Said { what: self.what.clone(), code: None, out: text(0), err: text(1) }
    }

    /// Whether it still runs.
    pub(crate) fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// The memory that it takes up now, in KiB; `None` where `/proc` does not say.
    pub(crate) fn memory_kib(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?.trim().split(' ').next()?.parse().ok()
    }

    /// Waits until what it has said holds something.
    #[track_caller]
    pub(crate) fn shows<T>(&self, what: &str, wanted: impl Fn(&Said) -> Option<T>) -> T {
        let began = Instant::now();
        loop {
            let said = self.said();
            if let Some(found) = wanted(&said) {
                return found;
            }
            assert!(began.elapsed() < PATIENCE, "it never showed {what}\n{said}");
            std::thread::sleep(LOOK);
        }
    }

    /// Asks it to stop, as the system asks a service, and waits until it has.
    #[cfg(unix)]
    #[track_caller]
    pub(crate) fn asked_to_stop(self) -> Said {
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(asked.success());
        self.end()
    }

    /// Waits until it has ended by itself.
    #[track_caller]
    pub(crate) fn end(mut self) -> Said {
        let began = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(began.elapsed() < PATIENCE, "it has not ended after {PATIENCE:?}\n{}", self.said());
            std::thread::sleep(LOOK);
        };
        for listener in self.listeners.drain(..) {
            listener.join().unwrap();
        }
        Said { code: status.code(), ..self.said() }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn listen(mut from: impl Read + Send + 'static, heard: &Arc<Mutex<Vec<u8>>>) -> JoinHandle<()> {
    let heard = Arc::clone(heard);
    std::thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(read @ 1..) = from.read(&mut buffer) {
            heard.lock().unwrap().extend_from_slice(&buffer[..read]);
        }
    })
}

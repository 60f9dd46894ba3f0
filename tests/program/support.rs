//! A place for a test: a folder that goes away, a clock, devices, and the program run in them.

mod marshal;
mod pair;
mod process;
pub(crate) mod roll_call;
mod second_factor;

pub(crate) use marshal::Marshal;
pub(crate) use pair::{activate, code_of, enrol, enrol_kiosk, enrol_tablet};
pub(crate) use process::{Running, Said};
pub(crate) use second_factor::Authenticator;

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// 09:00 on Monday 23 November 2026, in milliseconds since 1970 UTC: morning registers are open.
const NINE_MS: i64 = 1_795_424_400_000;
/// Between two commands, so that the audit has an order.
const STEP_MS: i64 = 5_000;

/// Everybody's passphrase here.
pub(crate) const PASSPHRASE: &str = "five kind words for this";

/// Where a test happens. Everything in it goes away with it.
pub(crate) struct Place {
    dir: TempDir,
    now_ms: Cell<i64>,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap(), now_ms: Cell::new(NINE_MS) }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// The file of a recovery card of the school founded on a device, in text.
    pub(crate) fn card(&self, device: &str, number: usize) -> PathBuf {
        self.path(&format!("{device}-recovery-cards")).join(format!("recovery-card-{number}.txt"))
    }

    /// Time passes.
    pub(crate) fn wait_days(&self, days: i64) {
        self.now_ms.set(self.now_ms.get() + days * 24 * 60 * 60 * 1000);
    }

    /// Writes files into a folder; gives where.
    pub(crate) fn folder(&self, name: &str, files: &[(&str, &[u8])]) -> PathBuf {
        let folder = self.path(name);
        fs::create_dir_all(&folder).unwrap();
        for (file, bytes) in files {
            fs::write(folder.join(file), bytes).unwrap();
        }
        folder
    }

    /// A device that keeps its records in this folder, which need not be there yet.
    pub(crate) fn device(&self, name: &str) -> Device<'_> {
        Device { place: self, folder: self.path(name), name: name.to_owned() }
    }

    /// A device on which a school has been founded.
    pub(crate) fn founded(&self, name: &str) -> Device<'_> {
        let device = self.device(name);
        device.run(&["init", "--school", "Harbour Primary", "--head", "Helen Marsh", "--cards-as", "text"]).done();
        device
    }

    /// A device on which a school has been founded that has a class of three, 4B, and a deputy, Priya Blackthorne.
    pub(crate) fn school(&self, name: &str) -> Device<'_> {
        let device = self.founded(name);
        let export = self
            .folder(&format!("{name}-export"), &[("sites.csv", SITES), ("staff.csv", STAFF), ("pupils.csv", PUPILS)]);
        device.run(&["import", as_text(&export)]).done();
        device
    }

    /// Lets time go by until the next command.
    pub(crate) fn later(&self, ms: i64) {
        self.now_ms.set(self.now_ms.get() + ms);
    }

    /// What the clock shows the next command.
    pub(crate) fn next_ms(&self) -> i64 {
        self.now_ms.get() + STEP_MS
    }

    /// The program, with no device in mind.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_muster"));
        command.args(arguments).current_dir(self.dir.path());
        for unwanted in ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET", "MUSTER_FOLDER", "RUST_LOG"] {
            command.env_remove(unwanted);
        }
        command.env("MUSTER_PASSPHRASE", PASSPHRASE);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }
}

const SITES: &[u8] = b"code,name,assembly_points\nS1,Harbour,Playground\n";
const STAFF: &[u8] = b"staff_code,title,forename,surname,job_title,role,site,email\n\
    T1,Ms,Priya,Blackthorne,Deputy,site_lead,S1,\n";
const PUPILS: &[u8] = b"Admission No,Legal Surname,Legal Forename,Reg Group,Site,Date of Admission\n\
    000001,Byrne,Ada,4B,S1,01/09/2023\n\
    000002,Kaur,Zoe,4B,S1,01/09/2023\n\
    000003,Patel,Noah,4B,S1,01/09/2023\n";

/// A device: the program over one folder.
#[derive(Clone)]
pub(crate) struct Device<'a> {
    place: &'a Place,
    folder: PathBuf,
    name: String,
}

impl Device<'_> {
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The command, not begun. It listens on loopback only, on a port that the system chooses.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        self.command_bound(arguments, "127.0.0.1:0")
    }

    /// As [`Device::command`], listening there.
    pub(crate) fn command_bound(&self, arguments: &[&str], bind: &str) -> Command {
        let mut command = self.command_in_folder();
        command.args(["--bind", bind, "--no-discovery"]).args(arguments);
        command
    }

    /// As [`Device::command`], on whatever network there is, where devices find each other.
    pub(crate) fn command_nearby(&self, arguments: &[&str]) -> Command {
        let mut command = self.command_in_folder();
        command.args(arguments);
        command
    }

    fn command_in_folder(&self) -> Command {
        let now_ms = self.place.now_ms.get() + STEP_MS;
        self.place.now_ms.set(now_ms);
        let mut command = self.place.command(&[]);
        command.arg("--folder").arg(&self.folder).args(["--clock-ms", &now_ms.to_string()]);
        command
    }

    /// Runs a command to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Said {
        self.begin(arguments).end()
    }

    /// Runs a command to its end, with another passphrase or, with `None`, nobody to give one.
    pub(crate) fn run_with(&self, passphrase: Option<&str>, arguments: &[&str]) -> Said {
        let mut command = self.command(arguments);
        match passphrase {
            Some(passphrase) => command.env("MUSTER_PASSPHRASE", passphrase),
            None => command.env_remove("MUSTER_PASSPHRASE"),
        };
        self.begin_this(command, arguments).end()
    }

    /// Begins a command and lets it run.
    pub(crate) fn begin(&self, arguments: &[&str]) -> Running {
        self.begin_this(self.command(arguments), arguments)
    }

    pub(crate) fn begin_this(&self, command: Command, arguments: &[&str]) -> Running {
        Running::begin(command, format!("{}: muster {}", self.name, arguments.join(" ")))
    }

    /// Keeps the device running and reachable; gives where.
    pub(crate) fn serve(&self) -> (Running, String) {
        self.serve_with(&["run"])
    }

    /// As [`Device::serve`], in another way.
    pub(crate) fn serve_with(&self, arguments: &[&str]) -> (Running, String) {
        let running = self.begin(arguments);
        let address = running.shows("where it listens", |said| said.behind("listening on "));
        (running, address)
    }

    /// How many entries it holds.
    pub(crate) fn entries(&self) -> u64 {
        let status = self.run(&["status"]).done().out;
        let line = status.lines().find_map(|line| line.strip_prefix("Held: ")).unwrap_or_else(|| panic!("{status}"));
        line.split(' ').next().unwrap().parse().unwrap()
    }

    /// The register of 4B: each pupil, code and words as printed.
    pub(crate) fn register(&self) -> Vec<String> {
        let shown = self.run(&["register", "4B"]).done().out;
        shown.lines().filter(|line| line.starts_with("  ")).map(squeezed).collect()
    }

    /// Everything the audit tells, newest first.
    pub(crate) fn audit(&self) -> String {
        self.run(&["audit", "--last", "1000"]).done().out
    }
}

/// One space where there are several.
pub(crate) fn squeezed(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A folder and all that is in it, copied.
pub(crate) fn copied(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for file in fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        let (file, to) = (file.path(), to.join(file.file_name()));
        if file.is_dir() {
            copied(&file, &to);
        } else {
            fs::copy(file, to).unwrap();
        }
    }
}

pub(crate) fn as_text(path: &Path) -> &str {
    path.to_str().unwrap()
}

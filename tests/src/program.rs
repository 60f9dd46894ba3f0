//! The one program, built if need be, and a small school for it to keep.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

/// 09:00 on Monday 23 November 2026, in milliseconds since 1970 UTC: registers are open.
const NINE: &str = "1795424400000";
const PASSPHRASE: &str = "five kind words for this";

/// The program, and the folder of one device.
#[derive(Debug)]
pub struct Program {
    binary: PathBuf,
    folder: PathBuf,
}

impl Program {
    /// The program over a device's folder, which need not be there yet. Builds the program where the test was built,
    /// unless one is there that is newer than all its sources.
    ///
    /// # Panics
    /// When it cannot be built.
    pub fn at(folder: &Path) -> Self {
        let own = std::env::current_exe().unwrap();
        let place = own.ancestors().nth(2).expect("a test is in target/PROFILE/deps").to_owned();
        let binary = place.join(format!("muster{}", std::env::consts::EXE_SUFFIX));
        if !is_newer_than_its_sources(&binary) {
            build(&place);
        }
        Self { binary, folder: folder.to_owned() }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command.arg("--folder").arg(&self.folder).args(["--clock-ms", NINE]).args(arguments);
        command.env("MUSTER_PASSPHRASE", PASSPHRASE).current_dir(self.folder.parent().unwrap());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Begins a command.
    pub fn begin(&self, arguments: &[&str]) -> Child {
        self.command(arguments).spawn().unwrap()
    }

    /// Runs a command to its end; what it printed.
    ///
    /// # Panics
    /// When it says that it did not do it.
    pub fn run(&self, arguments: &[&str]) -> String {
        let output = self.command(arguments).output().unwrap();
        assert!(output.status.success(), "muster {arguments:?}: {}", text(&output));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Founds a school.
    pub fn found(&self) {
        self.run(&["init", "--school", "Harbour Primary", "--head", "Helen Marsh"]);
    }

    /// Writes the export of a school with one class of six beside the device's folder; gives where.
    pub fn export(&self) -> PathBuf {
        let place = self.folder.with_file_name("export");
        std::fs::create_dir_all(&place).unwrap();
        let mut pupils = "UPN,Admission No,Legal Surname,Legal Forename,Preferred Forename,Sex,Date of Birth,Year,\
                          Reg Group,Site,Date of Admission\n"
            .to_owned();
        for number in 1..=6 {
            pupils += &format!(",{number:06},Surname{number},Forename,Forename,F,18/08/2014,4,4B,S1,01/09/2023\n");
        }
        for (name, lines) in [
            ("sites.csv", "code,name,assembly_points\nS1,Harbour,Playground\n"),
            (
                "staff.csv",
                "staff_code,title,forename,surname,job_title,role,site,email\n\
                 T1,Ms,Priya,Blackthorne,Teacher,core_staff,S1,\n",
            ),
            ("pupils.csv", &pupils),
        ] {
            std::fs::write(place.join(name), lines).unwrap();
        }
        place
    }

    /// The register of the class: each pupil's code, in order; empty for none.
    pub fn register(&self) -> Vec<String> {
        let shown = self.run(&["register", "4B"]);
        let lines = shown.lines().filter(|line| line.trim_start().starts_with("Surname"));
        // `  Surname1, Forename           /   Present`: the code stands in a column of its own.
        lines.map(|line| line.chars().skip(31).take(3).collect::<String>().trim().to_owned()).collect()
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

fn is_newer_than_its_sources(binary: &Path) -> bool {
    let changed = |path: &Path| path.metadata().and_then(|about| about.modified()).ok();
    let Some(built) = changed(binary) else { return false };
    let mut left: Vec<PathBuf> = ["src", "core", "school", "storage", "net", "gui", "Cargo.toml", "Cargo.lock"]
        .into_iter()
        .map(|name| root().join(name))
        .collect();
    while let Some(path) = left.pop() {
        if path.is_dir() {
            left.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if changed(&path).is_some_and(|at| at > built) {
            return false;
        }
    }
    true
}

fn build(place: &Path) {
    eprintln!("building the program first: this may take a few minutes");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = Command::new(cargo);
    build.args(["build", "--quiet", "-p", "muster"]).env("CARGO_TARGET_DIR", place.parent().unwrap());
    if place.ends_with("release") {
        build.arg("--release");
    }
    let built = build.current_dir(root()).status().unwrap();
    assert!(built.success(), "the program cannot be built: run `cargo build -p muster` and mend what it says");
}

/// Everything a command printed.
pub fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

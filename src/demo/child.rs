//! A device of the demonstration, seen from outside: a process that is asked and answers.

use super::talk::{Answer, Ask};
use anyhow::{Context as _, bail};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// One of the two processes.
#[derive(Debug)]
pub(super) struct Device {
    name: &'static str,
    process: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

impl Device {
    /// Starts this very program as a device with records of its own.
    pub(super) fn start(name: &'static str, folder: &Path, clock_ms: i64) -> anyhow::Result<Self> {
        let program = std::env::current_exe().context("this program cannot find itself")?;
        let mut process = Command::new(program)
            .arg("demo-device")
            .args(["--bind", "127.0.0.1:0", "--no-discovery"])
            .args(["--clock-ms", &clock_ms.to_string()])
            .arg("--folder")
            .arg(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {name}"))?;
        let to = process.stdin.take().context("no way to speak to the device")?;
        let from = BufReader::new(process.stdout.take().context("no way to hear the device")?);
        Ok(Self { name, process, to, from })
    }

    /// The process's number.
    pub(super) fn pid(&self) -> u32 {
        self.process.id()
    }

    /// Asks, and waits for the answer.
    pub(super) fn ask(&mut self, ask: &Ask) -> anyhow::Result<Answer> {
        self.say(ask)?;
        self.hear()
    }

    /// Asks without waiting, so that both devices work at once.
    pub(super) fn say(&mut self, ask: &Ask) -> anyhow::Result<()> {
        let mut line = serde_json::to_string(ask)?;
        line.push('\n');
        self.to.write_all(line.as_bytes()).with_context(|| format!("{} has stopped", self.name))?;
        Ok(self.to.flush()?)
    }

    /// Waits for the answer to what was asked.
    pub(super) fn hear(&mut self) -> anyhow::Result<Answer> {
        let mut line = String::new();
        if self.from.read_line(&mut line)? == 0 {
            bail!("{} has stopped", self.name);
        }
        match serde_json::from_str(&line)? {
            Answer::Failed(why) => bail!("{}: {why}", self.name),
            answer => Ok(answer),
        }
    }
}

impl Drop for Device {
    fn drop(&mut self) {
        let _ = self.say(&Ask::Stop);
        let _ = self.process.wait();
    }
}

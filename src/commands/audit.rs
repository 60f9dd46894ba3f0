//! `muster audit`: who did what, in plain sentences.

use super::Common;
use super::ask::Who;
use clap::Args;
use muster_school::calendar::{self, Day};
use muster_school::story::Wanted;
use std::io::Write as _;
use std::path::PathBuf;

/// Who did what, in plain sentences
#[derive(Debug, Args)]
pub(super) struct Audit {
    /// Show at most this many, the newest
    #[arg(long, default_value_t = 50)]
    last: usize,
    /// Only what was done on this day, as 2026-11-23
    #[arg(long)]
    day: Option<String>,
    /// Only what is about somebody with this in their name
    #[arg(long, default_value = "")]
    about: String,
    /// Write all of it into this new file, as a table. Needs --for and a code
    #[arg(long, value_name = "FILE", requires = "to")]
    out: Option<PathBuf>,
    /// For whom the file is, as in "Ofsted"; written down with the export
    #[arg(long = "for", value_name = "WHOM", id = "to")]
    to: Option<String>,
    #[command(flatten)]
    who: Who,
}

impl Audit {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        let mut device = self.who.open(common)?;
        let day = self.day.as_deref().map(Day::parse).transpose().map_err(anyhow::Error::msg)?;
        let wanted = Wanted { day, about: self.about, ..Wanted::default() };
        if let (Some(path), Some(to)) = (&self.out, &self.to) {
            let people = device.export_audit(&wanted, to, path)?;
            say!("Written to {}: {people} people are named in it, and it is not encrypted.", path.display());
            say!("That it was written, and for whom, is in the audit.");
            return Ok(());
        }
        let newest = device.newest_audit(&wanted, self.last)?;
        let mut out = std::io::stdout().lock();
        for one in &newest.told {
            let at = calendar::local(one.origin.at);
            let who =
                one.person.map_or_else(|| "Nobody signed in".to_owned(), |person| device.known.staff_name(person));
            let on = one.device.map(|device_id| device.known.school().device_name(device_id)).unwrap_or_default();
            writeln!(out, "{} {}  {who} {} (on {on})", at.day.iso(), calendar::clock(at.minute), one.text())?;
            if let Some(attention) = &one.attention {
                let words: String = attention.iter().map(|span| span.text.as_str()).collect();
                writeln!(out, "                  {words}")?;
            }
        }
        for sentence in device.alarm_sentences() {
            writeln!(out, "Look at this: {sentence}")?;
        }
        if newest.left > 0 {
            writeln!(out, "… and {} earlier; a larger --last shows them", newest.left)?;
        }
        Ok(())
    }
}

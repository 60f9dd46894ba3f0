//! The commands, a file each.
//!
//! Results go to standard output, everything else to standard error. Exit codes: 0 done; 1 not done, and why;
//! 2 done in part (an import with rejected rows), or a command that was not understood.

mod activate;
mod ask;
mod attendance;
mod audit;
mod authority;
mod backup;
mod bench;
mod calendar;
mod call;
mod cards;
mod carry;
mod concern;
mod devices;
mod drill;
mod erase;
mod extract;
mod factor;
mod fire;
mod fire_more;
mod import;
mod init;
mod invite;
mod join;
mod leave;
mod passphrase;
mod people;
mod print;
mod rebuild;
mod reception;
mod register;
mod requests;
mod restore;
mod retention;
mod run;
mod serve;
mod status;
mod sync;
mod timetable;
mod verify;
mod waiting;
mod words;

use crate::clock::Clock;
use crate::device::default_folder;
use crate::host::Reach;
use clap::{ArgMatches, Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

/// A school's records on its own devices, with no server.
///
/// With no command it opens the client.
#[derive(Debug, Parser)]
#[command(name = "muster", version, arg_required_else_help = false)]
pub struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Option<Command>,
}

pub(crate) use cards::write::text as write_cards;
pub(crate) use fire::print as print_fire;
pub(crate) use import::read_folder;
pub(crate) use words::find_pupil;

/// Over the options that every command takes, apart from its own.
const EVERY: &str = "On every command";

/// What every command takes.
#[derive(Clone, Debug, Default, Args)]
pub struct Common {
    /// Where this device's records are [default: the user's data folder, or MUSTER_FOLDER]
    #[arg(long, global = true, value_name = "DIR", help_heading = EVERY)]
    folder: Option<PathBuf>,
    /// Listen on these addresses only, such as 127.0.0.1:0 [default: every interface]
    #[arg(long, global = true, value_name = "ADDR:PORT", help_heading = EVERY)]
    bind: Vec<SocketAddr>,
    /// Do not look for devices on the local network
    #[arg(long, global = true, help_heading = EVERY)]
    no_discovery: bool,
    /// Show this time instead of the system's, in milliseconds since 1970 UTC
    #[arg(long, global = true, hide = true, value_name = "MS")]
    clock_ms: Option<i64>,
    /// The command that was given, without what was given to it: `devices change`.
    #[arg(skip)]
    command: String,
}

impl Common {
    /// The folder of the records.
    pub fn folder(&self) -> PathBuf {
        self.folder.clone().unwrap_or_else(default_folder)
    }

    /// The clock.
    pub fn clock(&self) -> Clock {
        self.clock_ms.map_or_else(Clock::system, Clock::starting_at)
    }

    /// The same, for other records at another time.
    pub fn at(&self, folder: PathBuf, clock_ms: i64) -> Self {
        Self { folder: Some(folder), clock_ms: Some(clock_ms), ..self.clone() }
    }

    /// How other devices are reached.
    pub fn reach(&self) -> Reach {
        Reach { bind: self.bind.clone(), discover: !self.no_discovery, offline: false }
    }
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Found a school on this device
    Init(init::Init),
    /// Bring in sites, staff, pupils, contacts, attendance and visitors from CSV files
    Import(import::Import),
    /// Let another device into the school
    Invite(invite::Invite),
    /// Join a school with the code another device shows
    Join(join::Join),
    /// Make one-time words for a member of staff to sign in for the first time
    Words(words::Words),
    /// Change your own passphrase
    Passphrase(passphrase::Passphrase),
    /// Sign in for the first time on this device, with one-time words
    Activate(activate::Activate),
    /// Open a safeguarding concern, or read one
    Concern(concern::Concern),
    /// School hours, and leave to use the records outside them
    Leave(leave::Leave),
    /// Set up a second factor for whoever signs in
    Factor(factor::Factor),
    /// Stay connected to the school's other devices until stopped
    Run(run::Run),
    /// Keep a copy of the school that this device cannot read, and pass it on, until stopped
    Serve(serve::Serve),
    /// Meet other devices once, until both sides hold the same
    Sync(sync::Sync),
    /// The school's other devices; what to do when one is lost
    Devices(devices::Devices),
    /// Entries that wait to be adopted: written where their author's line had ended
    Waiting(waiting::Waiting),
    /// Show a register, or take it
    Register(register::Register),
    /// Terms, closed and training days, session times, cover
    Calendar(calendar::Calendar),
    /// The attendance codes of a day; or read in a newer list
    Codes(calendar::ListOfCodes),
    /// Put a pupil into another class, or another year group
    ChangeClass(timetable::ChangeClass),
    /// Move a pupil to another site
    ChangeSite(timetable::ChangeSite),
    /// Plan an absence or an activity of a pupil
    Plan(timetable::Plan),
    /// Agree sessions of the week on which a pupil is not due
    Timetable(timetable::SetTimetable),
    /// Children who turned up on no list: list them, or match one with a pupil
    Match(timetable::Match),
    /// The fire register of this device's site; needs no sign-in
    Fire(fire::Fire),
    /// A roll call: start it, say who was seen, end it; needs no sign-in
    Call(call::Call),
    /// Drills and other roll calls that were, by term, and the next drill that is due
    Drills(call::Drills),
    /// Who comes and goes: visitors, contractors, staff, late pupils, early leavers
    Reception(reception::Reception),
    /// People set out for another site: on its list from now on, flagged on this one's
    Move(reception::Move),
    /// Trips off site: apart on the fire list, with leader and return
    Trip(reception::Trip),
    /// Attendance in figures
    Attendance(attendance::Attendance),
    /// What the school owes: registers, reasons, calls, returns
    Duties(attendance::Duties),
    /// The weekly attendance review, one page to print
    Review(attendance::Review),
    /// Who did what, in plain sentences
    Audit(audit::Audit),
    /// Who may sign in: role, sites, since when, on which devices
    People(people::People),
    /// Who can read and write what, and why
    Roles(people::Roles),
    /// Registers and returns for somebody outside: CSV, a spreadsheet, and a signed extract
    Extract(extract::Extract),
    /// The local authority that gets the returns, of every site or of one
    Authority(authority::Authority),
    /// Registers on paper, now and at set times, and the quick reference for taking them
    Print(print::Print),
    /// How long entries of the registers have been kept, and which are due for review
    Retention(retention::Retention),
    /// Check every chain, hash, seal and authority claim, and say what that proves
    Verify(verify::Verify),
    #[command(subcommand)]
    Carry(carry::Carry),
    /// What this device holds, and how many others hold it too
    Status(status::Status),
    /// The three recovery cards: check them, rehearse with them, use them
    #[command(subcommand)]
    Cards(cards::Cards),
    /// Back this device's records up, sealed, into a folder or onto a stick
    Backup(backup::Backup),
    /// Prove the newest backup: restore it into a place of its own, check all of it, and file a certificate
    Drill(drill::Drill),
    /// Restore this device from a backup: a rehearsal first, then the restore once the school's name was typed
    Restore(restore::Restore),
    /// Erase records for good, seven days after it was ordered; hold them; list what was ordered
    Erase(erase::Erase),
    /// What staff asked to have back: list it, ask, take it up, say what was done
    Requests(requests::Requests),
    /// Rebuild a school on this device from another's records and two recovery cards
    Rebuild(rebuild::Rebuild),
    /// How fast this device is, measured on invented pupils in a folder of its own
    Bench(bench::Bench),
    /// Tell the whole story with two devices, by itself
    Demo(crate::demo::Demo),
    /// One of the two devices of the demonstration
    #[command(hide = true)]
    DemoDevice(crate::demo::DemoDevice),
}

/// Reads the command line, does what it says, and says how it went.
pub fn main() -> ExitCode {
    let read = Cli::command().try_get_matches().and_then(|mut given| {
        let command = words_of(&given);
        let mut cli = Cli::from_arg_matches_mut(&mut given)?;
        cli.common.command = command;
        Ok(cli)
    });
    let cli = match read {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    match run(cli) {
        Ok(code) => code,
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::from(1)
        }
    }
}

/// The words of a command, as in `devices change`, and nothing of what was given to it.
fn words_of(given: &ArgMatches) -> String {
    let (mut words, mut at) = (Vec::new(), given);
    while let Some((name, inner)) = at.subcommand() {
        words.push(name);
        at = inner;
    }
    words.join(" ")
}

/// Whoever reads the output has had enough, as `head` has.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}

fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let common = &cli.common;
    // The fire list first: nothing else may stand in its way.
    match cli.command {
        Some(Command::Fire(command)) => return command.run(common).map(done),
        command => {
            start_log();
            match command {
                None => crate::desk::open(common),
                Some(Command::Init(command)) => command.run(common),
                Some(Command::Import(command)) => return command.run(common),
                Some(Command::Invite(command)) => command.run(common),
                Some(Command::Join(command)) => command.run(common),
                Some(Command::Words(command)) => command.run(common),
                Some(Command::Passphrase(command)) => command.run(common),
                Some(Command::Activate(command)) => command.run(common),
                Some(Command::Concern(command)) => command.run(common),
                Some(Command::Leave(command)) => command.run(common),
                Some(Command::Calendar(command)) => command.run(common),
                Some(Command::Carry(command)) => return command.run(common),
                Some(Command::Codes(command)) => command.run(common),
                Some(Command::ChangeClass(command)) => command.run(common),
                Some(Command::ChangeSite(command)) => command.run(common),
                Some(Command::Plan(command)) => command.run(common),
                Some(Command::Timetable(command)) => command.run(common),
                Some(Command::Match(command)) => command.run(common),
                Some(Command::Factor(command)) => command.run(common),
                Some(Command::Run(command)) => command.run(common),
                Some(Command::Serve(command)) => command.run(common),
                Some(Command::Sync(command)) => command.run(common),
                Some(Command::Devices(command)) => command.run(common),
                Some(Command::Waiting(command)) => command.run(common),
                Some(Command::Register(command)) => command.run(common),
                Some(Command::Call(command)) => command.run(common),
                Some(Command::Drills(command)) => command.run(common),
                Some(Command::Reception(command)) => command.run(common),
                Some(Command::Move(command)) => command.run(common),
                Some(Command::Trip(command)) => command.run(common),
                Some(Command::Attendance(command)) => command.run(common),
                Some(Command::Duties(command)) => command.run(common),
                Some(Command::Review(command)) => command.run(common),
                Some(Command::Audit(command)) => command.run(common),
                Some(Command::People(command)) => command.run(common),
                Some(Command::Roles(command)) => command.run(common),
                Some(Command::Print(command)) => command.run(common),
                Some(Command::Retention(command)) => command.run(common),
                Some(Command::Extract(command)) => command.run(common),
                Some(Command::Authority(command)) => command.run(common),
                Some(Command::Verify(command)) => return command.run(common),
                Some(Command::Status(command)) => command.run(common),
                Some(Command::Cards(command)) => command.run(common),
                Some(Command::Backup(command)) => command.run(common),
                Some(Command::Drill(command)) => return command.run(common),
                Some(Command::Restore(command)) => command.run(common),
                Some(Command::Erase(command)) => command.run(common),
                Some(Command::Requests(command)) => command.run(common),
                Some(Command::Rebuild(command)) => command.run(common),
                Some(Command::Bench(command)) => command.run(common),
                Some(Command::Demo(command)) => return command.run(common),
                Some(Command::DemoDevice(command)) => command.run(common),
                Some(Command::Fire(_)) => Ok(()),
            }
        }
    }
    .map(done)
}

fn done(_: ()) -> ExitCode {
    ExitCode::SUCCESS
}

/// Warnings of our own on standard error; more with `RUST_LOG`. Log lines hold shortened ids and no names.
fn start_log() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("off,muster=warn,muster_core=warn,muster_net=warn"));
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_arguments_of_any_command_get_into_each_others_way() {
        Cli::command().debug_assert();
    }

    #[test]
    fn who_signs_in_and_the_code_may_stand_last_and_so_may_the_reason_of_a_closed_day() {
        for line in [
            "muster devices lost tablet --code 123456 --as Ines",
            "muster devices --code 123456 --as Ines lost tablet",
            "muster people reset Helen --code 123456",
            "muster calendar closed 2026-10-26 2026-10-30 \"Half term\" --as Ines",
        ] {
            let words = line.replace("\"Half term\"", "Half-term");
            assert!(Cli::try_parse_from(words.split(' ')).is_ok(), "{line}");
        }
    }
}

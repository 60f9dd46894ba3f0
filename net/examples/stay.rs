//! Two devices that stay in touch, however often the network goes away: what a pulled cable costs.
//!
//! ```text
//! cargo run -p muster-net --example stay -- 1 2     # on one machine
//! cargo run -p muster-net --example stay -- 2 1     # on another machine of the same network
//! ```
//!
//! The numbers are keys for trying out, as in `find`. Each says something to the other ten times a second, and prints a
//! line, with the time of day in milliseconds, whenever it hears the other after a second of silence. It ends when its
//! standard input does.

use std::{
    io::Read as _,
    process::ExitCode,
    sync::mpsc::{RecvTimeoutError, sync_channel},
    time::{Duration, Instant, SystemTime},
};

use muster_core::id::DeviceId;
use muster_net::{Discovery, Event, Node, Options, SessionId};
use zeroize::Zeroizing;

/// How often something is said.
const EVERY: Duration = Duration::from_millis(100);

/// What counts as silence: ten things were not heard.
const SILENCE: Duration = Duration::from_secs(1);

fn key(number: u8) -> Zeroizing<[u8; 32]> {
    Zeroizing::new([number; 32])
}

fn id(number: u8) -> DeviceId {
    DeviceId(*iroh::SecretKey::from_bytes(&key(number)).public().as_bytes())
}

fn main() -> ExitCode {
    let mut numbers = std::env::args().skip(1).map(|word| word.parse::<u8>());
    let (Some(Ok(own)), Some(Ok(other))) = (numbers.next(), numbers.next()) else {
        eprintln!("usage: stay OWN OTHER, two different numbers from 1 to 255");
        return ExitCode::from(2);
    };
    match stay(own, other) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn say(what: &str) {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    println!("{} {what}", since.as_millis());
}

fn stay(own: u8, other: u8) -> Result<(), Box<dyn std::error::Error>> {
    let (events, inbox) = sync_channel(64);
    let options = Options { secret_key: key(own), bind: vec![], discovery: Discovery::LocalNetwork, auto_dial: true };
    let node = Node::start(options, move |event| drop(events.send(event)))?;
    node.set_enrolled([id(other)].into());
    let (over, ended) = sync_channel::<()>(1);
    std::thread::spawn(move || {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        drop(over);
    });
    let mut session: Option<SessionId> = None;
    let (mut heard, mut said) = (Instant::now(), Instant::now());
    while !matches!(ended.try_recv(), Err(std::sync::mpsc::TryRecvError::Disconnected)) {
        match inbox.recv_timeout(EVERY) {
            Ok(Event::Frame { .. }) => {
                if heard.elapsed() >= SILENCE {
                    say("heard again");
                }
                heard = Instant::now();
            }
            Ok(Event::Connected { session: new, .. }) => {
                // However soon it came: the first thing heard in a session is news.
                heard = Instant::now().checked_sub(SILENCE).unwrap_or(heard);
                session = Some(new);
                say("connected");
            }
            Ok(Event::Closed { session: old, why, .. }) => {
                session = session.filter(|one| *one != old);
                say(&format!("closed: {why}"));
            }
            Ok(Event::DialFailed { why, .. }) => say(&format!("dial failed: {why}")),
            Ok(Event::Vanished { .. }) => say("vanished"),
            Ok(Event::Discovered { .. }) => say("discovered"),
            Ok(_) | Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
        if said.elapsed() >= EVERY
            && let Some(session) = session
        {
            said = Instant::now();
            // A full queue is a link that is out.
            let _ = node.send(session, b"here".to_vec());
        }
    }
    node.stop();
    Ok(())
}

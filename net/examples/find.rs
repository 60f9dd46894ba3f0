//! Two devices that find each other on the local network, by ids alone.
//!
//! ```text
//! cargo run -p muster-net --example find -- 1 2     # on one machine
//! cargo run -p muster-net --example find -- 2 1     # on another machine of the same network
//! ```
//!
//! The numbers stand for a device's own key and the other's: keys for trying out, worth nothing. It prints what is
//! discovered, connects, exchanges one frame, and ends. Where nothing is found it gives up after a while with exit
//! code 1: the usual reason is that the system has no route for 224.0.0.0/4 (`ip route add 224.0.0.0/4 dev eth0`).

use std::{
    process::ExitCode,
    sync::mpsc::sync_channel,
    time::{Duration, Instant},
};

use muster_core::id::DeviceId;
use muster_net::{CloseReason, Discovery, Event, Node, Options};
use zeroize::Zeroizing;

/// Discovery takes about half a second; a network that has not answered after this long passes no multicast.
const PATIENCE: Duration = Duration::from_secs(15);

fn key(number: u8) -> Zeroizing<[u8; 32]> {
    Zeroizing::new([number; 32])
}

fn id(number: u8) -> DeviceId {
    DeviceId(*iroh::SecretKey::from_bytes(&key(number)).public().as_bytes())
}

fn main() -> ExitCode {
    let mut numbers = std::env::args().skip(1).map(|word| word.parse::<u8>());
    let (Some(Ok(own)), Some(Ok(other))) = (numbers.next(), numbers.next()) else {
        eprintln!("usage: find OWN OTHER, two different numbers from 1 to 255");
        return ExitCode::from(2);
    };
    match find(own, other) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => {
            println!("found nobody in {} s", PATIENCE.as_secs());
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn find(own: u8, other: u8) -> Result<bool, Box<dyn std::error::Error>> {
    let start = Instant::now();
    let (events, inbox) = sync_channel(16);
    let options = Options { secret_key: key(own), bind: vec![], discovery: Discovery::LocalNetwork, auto_dial: true };
    let node = Node::start(options, move |event| drop(events.send(event)))?;
    println!("this is {:?} at {:?}", node.device_id(), node.addresses());
    node.set_enrolled([id(other)].into());

    let mut greeted = false;
    while let Ok(event) = inbox.recv_timeout(PATIENCE.saturating_sub(start.elapsed())) {
        let after = start.elapsed().as_millis();
        match event {
            Event::Discovered { peer, addresses } => println!("{after} ms: discovered {peer:?} at {addresses:?}"),
            Event::Connected { session, peer, path_address, .. } => {
                println!("{after} ms: connected to {peer:?} at {path_address:?}");
                node.send(session, b"good morning".to_vec())?;
            }
            Event::Frame { session, bytes } => {
                println!("{after} ms: heard {:?}", String::from_utf8_lossy(&bytes));
                greeted = true;
                // Both ends do the same; what is under way still arrives.
                node.stop_dialling(id(other));
                node.close(session, CloseReason::Done);
            }
            Event::Closed { why, .. } => {
                println!("{after} ms: closed, {why}");
                if greeted {
                    break;
                }
            }
            Event::DialFailed { why, .. } => println!("{after} ms: {why}"),
            other => println!("{after} ms: {other:?}"),
        }
    }
    node.stop();
    Ok(greeted)
}

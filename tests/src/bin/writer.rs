//! Writes until it is killed: see `muster_tests::power_cut`. `writer FOLDER`
//!
//! Prints `open` when it is ready, then one line an entry that was acknowledged.

use muster_tests::power_cut::Writer;
use std::io::Write as _;
use std::path::Path;

/// Acts after which it stops by itself, if nobody kills it: a test that forgot it leaves nothing running for long.
const ACTS_MOST: u32 = 20_000;

fn main() {
    let Some(folder) = std::env::args_os().nth(1) else {
        eprintln!("writer FOLDER");
        std::process::exit(2);
    };
    let folder = Path::new(&folder);
    let mut writer = if folder.join("founded").exists() { Writer::open(folder) } else { Writer::found(folder) };
    std::fs::write(folder.join("founded"), b"").expect("the folder can be written");
    let mut out = std::io::stdout().lock();
    let mut say = |line: &str| writeln!(out, "{line}").and_then(|()| out.flush()).is_ok();
    if !say("open") {
        return;
    }
    for _ in 0..ACTS_MOST {
        for entry in writer.act() {
            if !say(&entry.to_string()) {
                return;
            }
        }
    }
}

//! Five hot paths, each run once on the same input from a seed: `.ci/instructions` counts what they execute.
//!
//! `hot PATH`. Only what runs inside [`counted`] is meant to be counted; the rest makes the input ready. One thread, stores
//! in memory, no clock and no randomness but the seed's.

use muster_benches::Failure;
use muster_benches::backlog::{Apply, Backlog, Size};
use muster_benches::statements::{Straight, school};
use muster_core::authority::evaluate::{Checked, evaluate_again};
use muster_core::replica::store::MemoryStore;
use std::hint::black_box;
use std::process::ExitCode;

type Path = fn() -> Result<(), Failure>;

/// By name: what is counted of each is said at the function.
const PATHS: [(&str, Path); 5] =
    [("act", act), ("take", take), ("apply", apply), ("authority", authority), ("reconnect", reconnect)];
/// A backlog that valgrind gets through in seconds.
const SMALL: Size = Size { groups: 10, weeks: 2 };

fn main() -> ExitCode {
    let wanted = std::env::args().nth(1).unwrap_or_default();
    let Some((_, path)) = PATHS.iter().find(|(name, _)| *name == wanted) else {
        let names: Vec<&str> = PATHS.iter().map(|(name, _)| *name).collect();
        eprintln!("hot {}", names.join(" | "));
        return ExitCode::from(2);
    };
    match path() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(1)
        }
    }
}

/// The counter is on while this runs; its name is known to `.ci/instructions`.
#[inline(never)]
fn counted<T>(work: impl FnOnce() -> T) -> T {
    black_box(work())
}

/// A hundred acts, from the facts to the store's having them.
fn act() -> Result<(), Failure> {
    let mut backlog = Backlog::write(SMALL)?;
    counted(|| (0..100).try_for_each(|number| backlog.act(number % SMALL.groups)))
}

/// Five hundred entries taken over without a key: verified and stored, and the author's serving of them.
fn take() -> Result<(), Failure> {
    let mut backlog = Backlog::write(SMALL)?;
    let mut receiver = backlog.newcomer(MemoryStore::default(), false)?;
    counted(|| backlog.deliver(&mut receiver, Apply::Never))?;
    Ok(())
}

/// The same entries decrypted and applied.
fn apply() -> Result<(), Failure> {
    let mut backlog = Backlog::write(SMALL)?;
    let mut receiver = backlog.newcomer(MemoryStore::default(), true)?;
    backlog.deliver(&mut receiver, Apply::AtTheEnd)?;
    counted(|| {
        while receiver.work(&mut backlog.world.context())?.1 {}
        Ok(())
    })
}

/// Who may do what from some six hundred statements, their signatures checked before.
fn authority() -> Result<(), Failure> {
    let draft = school(7, 600)?;
    let mut checked = Checked::default();
    evaluate_again(&draft.founding, &draft.statements, &Straight, &mut checked);
    counted(|| evaluate_again(&draft.founding, &draft.statements, &Straight, &mut checked));
    Ok(())
}

/// Twenty times two devices that hold the same meet.
fn reconnect() -> Result<(), Failure> {
    let mut backlog = Backlog::write(SMALL)?;
    let mut other = backlog.newcomer(MemoryStore::default(), true)?;
    backlog.hand_over(&mut other, Apply::AtTheEnd)?;
    counted(|| (0..20).try_for_each(|_| backlog.deliver(&mut other, Apply::AtTheEnd).map(drop)))
}

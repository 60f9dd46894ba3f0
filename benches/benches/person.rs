//! What one person waits for at a device: signing in with a passphrase, beside the stretching of the passphrase alone, and
//! names found as they type, among 2,000 pupils.

use muster_benches::Failure;
use muster_benches::export;
use muster_benches::figures::{is_debug, is_trial, median, millis, quantile, rounded};
use muster_benches::school::World;
use muster_core::crypto::stretch::{Cost, stretch};
use muster_core::replica::Passphrase;
use muster_school::calendar::{Day, moment};
use muster_school::import::{self, Options};
use muster_school::known::Known;
use muster_school::roles::DeviceKind;
use muster_storage::RedbStore;
use std::hint::black_box;
use std::time::Instant;

const PASSPHRASE: &str = "five words that nobody knows";
/// What is typed, a key at a time.
const TYPED: [&str; 6] = ["s", "su", "surname1", "surname19", "ada surname1", "nobody"];

fn main() -> Result<(), Failure> {
    let (groups, runs) = if is_trial() { (2, 1) } else { (50, 15) };
    let folder = tempfile::tempdir()?;
    let mut world = World::at(moment(Day::parse("2026-11-23")?, 8 * 60));
    let rights = DeviceKind::Laptop.capabilities(&[]);
    let passphrase = Passphrase { text: PASSPHRASE, cost: Cost::NORMAL };
    let store = RedbStore::create(&folder.path().join("office"))?;
    let (mut office, head) = world.found_under(store, rights, Some(&passphrase))?;
    let person = head.person.person;
    let (mut sign_in, mut alone, mut search) = (vec![], vec![], vec![]);
    for _ in 0..runs {
        office.sign_out(&head.seat.seat);
        let began = Instant::now();
        office.sign_in_with(person, PASSPHRASE, &mut world.context())?;
        sign_in.push(millis(began.elapsed()));
        let began = Instant::now();
        black_box(stretch(PASSPHRASE, &[7; 16], Cost::NORMAL).ok_or("no memory")?);
        alone.push(millis(began.elapsed()));
    }
    let mut known = Known::default();
    let parsed = import::read(export::people(groups, 40), known.school().codes());
    let mut writer = office.writer(head.seat.seat, world.context()).ok_or("nobody is signed in")?;
    import::apply(&mut writer, &mut known, parsed, Options::default())?;
    for _ in 0..runs {
        for typed in TYPED {
            let began = Instant::now();
            black_box(known.search(typed, 50));
            search.push(millis(began.elapsed()));
        }
    }
    println!(
        "{}",
        serde_json::json!({
            "bench": "person", "debug": is_debug(), "pupils": groups * 40,
            "sign_in_p50_ms": rounded(median(&sign_in)), "stretch_alone_p50_ms": rounded(median(&alone)),
            "sign_in_over_stretch": rounded(median(&sign_in) / median(&alone)),
            "search_p50_ms": rounded(median(&search)), "search_most_ms": rounded(quantile(&search, 1.0)),
        })
    );
    Ok(())
}

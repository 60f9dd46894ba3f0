//! How long it takes to work out who may do what from 10,000 statements: with every signature still to be checked,
//! as once in a device's life with each, and with them checked before, as at every statement after that.

use muster_benches::Failure;
use muster_benches::figures::{is_debug, is_trial, median, millis, rounded};
use muster_benches::statements::{Straight, school};
use muster_core::authority::evaluate::{Checked, evaluate, evaluate_again};
use std::time::Instant;

fn main() -> Result<(), Failure> {
    let (most, runs) = if is_trial() { (300, 1) } else { (10_000, 15) };
    let draft = school(7, most)?;
    let mut checked = Checked::default();
    let began = Instant::now();
    let first = evaluate_again(&draft.founding, &draft.statements, &Straight, &mut checked);
    let cold = millis(began.elapsed());
    let mut warm = Vec::new();
    for _ in 0..runs {
        let mut checked = checked.clone();
        let began = Instant::now();
        let view = evaluate_again(&draft.founding, &draft.statements, &Straight, &mut checked);
        warm.push(millis(began.elapsed()));
        if view.state_hash() != first.state_hash() {
            return Err("two evaluations of one set differ".into());
        }
    }
    if evaluate(&draft.founding, &draft.statements, &Straight) != first {
        return Err("evaluating afresh differs".into());
    }
    println!(
        "{}",
        serde_json::json!({
            "bench": "authority",
            "debug": is_debug(),
            "statements": draft.statements.len(),
            "grants": first.grants.len(),
            "taken_away": first.past.len(),
            "signatures_checked_before_p50_ms": rounded(median(&warm)),
            "with_every_signature_ms": rounded(cold),
        })
    );
    Ok(())
}

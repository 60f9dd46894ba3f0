//! Medians and the one line that a measurement prints.

use std::time::Duration;

/// A quantile of samples, `share` from 0 to 1; 0 when there are none.
pub fn quantile(samples: &[f64], share: f64) -> f64 {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().saturating_sub(1) as f64;
    sorted.get((last * share).round() as usize).copied().unwrap_or(0.0)
}

/// The middle of samples.
pub fn median(samples: &[f64]) -> f64 {
    quantile(samples, 0.5)
}

/// In milliseconds.
pub fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

/// To three significant digits or so: more would be noise.
pub fn rounded(value: f64) -> f64 {
    let digits = if value.abs() >= 100.0 { 0 } else { 3 };
    let shift = 10_f64.powi(digits);
    (value * shift).round() / shift
}

/// Whether this was built without optimisation: then the figures mean nothing, and the line says so.
pub fn is_debug() -> bool {
    cfg!(debug_assertions)
}

/// Whether cargo only tries that the program runs (`cargo test` on a bench target): then it does very little.
pub fn is_trial() -> bool {
    std::env::args().any(|argument| argument == "--test") || !std::env::args().any(|argument| argument == "--bench")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_five_runs_is_the_third_whatever_their_order() {
        assert_eq!(median(&[5.0, 1.0, 9.0, 2.0, 3.0]), 3.0);
        assert_eq!(median(&[]), 0.0);
        assert_eq!(quantile(&[1.0, 2.0, 3.0, 4.0, 5.0], 0.95), 5.0);
    }
}

//! How much memory this process takes, where the system tells (Linux); 0 elsewhere.

/// Begins a measurement: the highest so far is forgotten. Gives megabytes held now.
pub fn begin() -> f64 {
    // Writing 5 resets the highest; where that is not allowed the figure is too high, never too low.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
    field("VmRSS:")
}

/// Megabytes by which the process was larger at most since.
pub fn peak_since(before: f64) -> f64 {
    (field("VmHWM:") - before).max(0.0).round()
}

fn field(name: &str) -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let kb = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kb.unwrap_or(0.0) / 1_024.0
}

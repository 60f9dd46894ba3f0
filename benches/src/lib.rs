//! Measurements against the targets

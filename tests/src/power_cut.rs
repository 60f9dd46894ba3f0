//! A device whose process is killed while it writes.

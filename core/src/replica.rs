//! The replica: what one device holds of a school.

pub mod records;
pub mod store;

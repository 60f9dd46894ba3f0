//! The client: screens as pure functions of state

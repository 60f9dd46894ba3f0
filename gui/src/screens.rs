//! The screens: each a function of its view and its small state to intents.

pub mod activation;
pub mod add_concern;
pub mod attendance;
pub mod audit;
pub mod calendar;
pub mod call;
mod choose;
pub mod concerns;
pub mod devices;
mod explained;
pub mod filter;
pub mod fire;
pub mod frame;
pub mod join;
pub mod lock;
pub mod lost;
pub mod own;
pub mod people;
pub mod pupils;
pub mod register;
pub mod registers;
pub mod roles;
pub mod running;
pub mod shut;
mod steps;
pub mod to_do;
pub mod today;

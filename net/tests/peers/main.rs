//! Real nodes on loopback: who gets in, what arrives, what happens when something goes wrong.
#![allow(clippy::unwrap_used)]

mod device;

mod binding;
mod cable;
mod crash;
mod cutting;
mod enrolment;
mod frames;
mod hurried;
mod local_network;
mod stranger;
mod together;

//! How replicas meet: what they say, and how one is let in.
//!
//! A [`conversation::Conversation`] is one side of one session. It has no socket: frames go in, frames come out,
//! over whatever carries them (iroh, memory, a file). What to send is decided from what the peer shows in this
//! session, never from memory of an earlier one.

pub mod carry;
pub mod conversation;
pub mod join;
pub mod message;
pub mod rebuild;
mod serve;
mod wire;

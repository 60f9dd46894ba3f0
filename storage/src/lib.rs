//! The engine's store on redb

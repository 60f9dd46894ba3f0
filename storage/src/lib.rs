//! The engine's store on a disk: one redb file for the records, and a few small files replaced whole.
//!
//! [`RedbStore`] is `muster_core`'s `Store`: ordered tables of bytes, changed by whole batches that are durable
//! when `commit` returns. [`read_file`] reads one small file without opening the records at all, even while
//! another process holds them; that is how the fire list opens in milliseconds.
//!
//! Promises, each held by a test: an acknowledged batch survives a power cut, and a batch is there whole or not at
//! all; a damaged file is an error, never a panic; a second opening is refused; a failed write leaves a store that
//! goes on working once the disk does, or that refuses everything until it is opened again, and never one that
//! says less than it holds.
//!
//! Never here: a key, a record in clear, what any byte means. The bytes are the caller's, encrypted or in no need
//! of it. `FORMAT.md` beside this source tells what is on the disk and what is valid when.
//!
//! Backups lie in folders of their own, see [`Archives`].
//!
//! Beside the disk, the machine's processors: [`Processors`].
//!
//! The main items: [`RedbStore`], [`WholeCheck`], [`LockedFolder`], [`read_file`]; for tests, [`FaultyDisk`].

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod archive;
mod faulty_disk;
mod folder;
pub mod limits;
mod redb_store;
mod replacing;
mod small_file;
mod workers;

pub use archive::{ArchiveFolder, Archives};
pub use faulty_disk::{FaultyDisk, PowerCut};
pub use folder::LockedFolder;
pub use redb_store::{FORMAT, RedbStore, WholeCheck};
pub use replacing::Replacing;
pub use small_file::{leave_file, read_file, small_files};
pub use workers::Processors;

//! Every limit of this package, with its reason.

/// Bytes of the records that redb may keep in memory. Its own default is 1 GiB, which a school's 4 GiB tablet
/// does not have to spare; a day's registers and rolls of a large site are under 10 MiB, so the working day
/// stays in memory and the years before it are read from the disk.
pub const CACHE_BYTES: usize = 64 * 1024 * 1024;

/// Bytes of a small file. The largest is the file of document secrets: 10,000 pupils with a dozen documents each,
/// at about 200 bytes a secret, is 24 MiB. Beyond this, the file is not one of ours.
pub const SMALL_FILE_BYTES: u64 = 64 * 1024 * 1024;

/// Bytes of a small file's name: far below what any file system takes.
pub const FILE_NAME_BYTES: usize = 64;

/// Rows for which room is made before a range is read, whatever limit the caller gives.
pub const ROWS_RESERVED: usize = 1_024;

/// Bytes of a file of a backup: a part is a mebibyte, and the list of as many logs as there may be some 18.
pub const ARCHIVE_FILE_BYTES: u64 = 24 * 1024 * 1024;

/// Devices whose backups are looked at in one folder: as many as a school may have.
pub const ARCHIVES: usize = 1_000;

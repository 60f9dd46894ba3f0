//! redb's refusals, and its panics, as the store says them.

use crate::small_file::system;
use muster_core::replica::store::StoreError;
use std::cell::Cell;
use std::io::ErrorKind;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::path::Path;
use std::sync::Once;
use std::thread;

/// The newest format of redb's own file that the redb we build with can read.
const REDB_FORMAT: u32 = 3;

/// How redb begins its refusal of a file of a later format. It has no variant for it; a test holds the words.
const REDB_LATER_FORMAT: &str = "Expected file format version <= ";

/// Runs one piece of work on redb. It trusts its file, and reading a damaged one may panic: that too is an answer.
pub(super) fn guarded<T>(
    place: &Path,
    doing: &'static str,
    work: impl FnOnce() -> Result<T, Box<redb::Error>>,
) -> Result<T, StoreError> {
    match quietly(work) {
        Ok(result) => result.map_err(|error| said(place, doing, *error)),
        Err(_) => Err(damaged(place, "reading it stopped half-way".to_owned())),
    }
}

thread_local! {
    /// Whether this thread is inside redb's work.
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// Catches a panic of the work, and keeps it from being printed: it is answered in words. Panics of everything
/// else are told as before.
fn quietly<T>(work: impl FnOnce() -> T) -> thread::Result<T> {
    static HOOKED: Once = Once::new();
    // A hook cannot be set while a panic is under way.
    if !thread::panicking() {
        HOOKED.call_once(|| {
            let before = take_hook();
            set_hook(Box::new(move |panic| {
                if !INSIDE.get() {
                    before(panic);
                }
            }));
        });
    }
    let outer = INSIDE.replace(true);
    let done = catch_unwind(AssertUnwindSafe(work));
    INSIDE.set(outer);
    done
}

/// Any of redb's errors, as its general one. Boxed: it is large, and rare.
pub(super) fn redb_error<E: Into<redb::Error>>(error: E) -> Box<redb::Error> {
    Box::new(error.into())
}

/// What was found in a damaged store.
pub(super) fn damaged(place: &Path, detail: String) -> StoreError {
    StoreError::Damaged { place: place.display().to_string(), detail }
}

fn said(place: &Path, doing: &'static str, error: redb::Error) -> StoreError {
    let in_place = || place.display().to_string();
    match error {
        redb::Error::DatabaseAlreadyOpen | redb::Error::LockProtocolMismatch => StoreError::InUse { place: in_place() },
        redb::Error::Io(error) => match error.kind() {
            ErrorKind::InvalidData | ErrorKind::UnexpectedEof => damaged(place, error.to_string()),
            _ => system(place, doing, &error),
        },
        redb::Error::Corrupted(detail) => match later_format(&detail) {
            Some(found) => StoreError::Newer { place: in_place(), found, known: REDB_FORMAT },
            None => damaged(place, detail),
        },
        redb::Error::LockPoisoned(_) => damaged(place, "an earlier reading stopped half-way".to_owned()),
        error @ (redb::Error::TableTypeMismatch { .. }
        | redb::Error::TableIsMultimap(_)
        | redb::Error::TypeDefinitionChanged { .. }
        | redb::Error::TableDoesNotExist(_)) => damaged(place, error.to_string()),
        error => StoreError::Failed { doing, place: in_place(), detail: error.to_string() },
    }
}

fn later_format(detail: &str) -> Option<u32> {
    detail.strip_prefix(REDB_LATER_FORMAT)?.rsplit(' ').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said_of(error: impl Into<redb::Error>) -> StoreError {
        said(Path::new("school"), "read a record", error.into())
    }

    #[test]
    fn each_kind_of_refusal_is_said_in_its_own_words() {
        assert!(matches!(said_of(redb::DatabaseError::DatabaseAlreadyOpen), StoreError::InUse { .. }));
        let full = std::io::Error::from(ErrorKind::StorageFull);
        assert!(matches!(said_of(redb::StorageError::Io(full)), StoreError::Full));
        let bad = redb::StorageError::Corrupted("checksum".to_owned());
        assert!(matches!(said_of(bad), StoreError::Damaged { .. }));
        assert!(matches!(said_of(redb::StorageError::PreviousIo), StoreError::Failed { .. }));
    }

    #[test]
    fn a_panic_half_way_is_damage_not_the_end_of_the_program() {
        let result: Result<(), _> = guarded(Path::new("school"), "read a record", || {
            panic!("a page that cannot be");
        });
        assert!(matches!(result, Err(StoreError::Damaged { .. })));
    }
}

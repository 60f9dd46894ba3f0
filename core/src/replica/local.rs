//! Small files of this device alone: bundles, the fire list, what is known of peers. Sealed where they say
//! anything of anybody, replaced whole, and never sent.

use super::Replica;
use super::records::RecordsError;
use super::store::{Store, StoreError};
use rand_core::CryptoRng;

impl<S: Store> Replica<S> {
    /// A small file as it is kept.
    ///
    /// # Errors
    /// When it is there and cannot be read.
    pub fn file(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.store.file(name)
    }

    /// Replaces a small file whole. The caller has sealed it.
    ///
    /// # Errors
    /// When it could not be replaced: the old one is still there.
    pub fn put_file(&mut self, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
        self.store.put_file(name, bytes)
    }

    /// Removes a small file; none is no error.
    ///
    /// # Errors
    /// When it is there and could not be removed.
    pub fn remove_file(&mut self, name: &str) -> Result<(), StoreError> {
        self.store.remove_file(name)
    }

    /// Replaces a small file, sealed for this device.
    ///
    /// # Errors
    /// When it could not be replaced: the old one is still there.
    pub fn put_sealed_file(&mut self, name: &str, text: &[u8], random: &mut dyn CryptoRng) -> Result<(), RecordsError> {
        let sealed = self
            .device
            .seal_file(name, text, random)
            .ok_or(RecordsError::TooMuch { what: "the size of a local file", most: crate::limits::FRAME_BYTES })?;
        Ok(self.store.put_file(name, &sealed)?)
    }

    /// Opens a small file that this device sealed; `None` when there is none, or none of this device.
    ///
    /// # Errors
    /// When it is there and cannot be read.
    pub fn sealed_file(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.store.file(name)?.and_then(|bytes| self.device.open_file(name, &bytes)))
    }
}

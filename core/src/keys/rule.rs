//! How an area's keys behave, as data from the embedder.

use crate::id::Area;

/// How often an area's epoch changes by itself, and who is a recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyRule {
    /// One epoch a section until a rotation is owed. Recipients are the persons with the right to read.
    Yearly,
    /// An epoch for each day of writing. Recipients are the persons and the *devices* with the right to read, and
    /// any device seat that may read may mint one.
    Daily,
    /// Documents that are read one by one. The outer layer is under a *cover* epoch, whose recipients are all who
    /// may open a case there, and any of them may mint it; each document's secret is wrapped to persons singly and
    /// to the key of the *leads*, the persons with the right to read.
    Case,
}

/// An area of the embedder's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AreaRule {
    /// Its number.
    pub area: Area,
    /// How its keys behave.
    pub keys: KeyRule,
    /// In which order areas are synced: low first. The authority area always comes before all.
    pub order: u8,
}

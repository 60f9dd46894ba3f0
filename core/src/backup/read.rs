//! Reading a backup: what is in it, whether all of it is whole, and a store made from it.
//!
//! Nothing of it is believed before its hash is the one that a manifest names which the device signed. Whether the
//! records in it hold together is for [`crate::replica::Replica::verify`], over the store that was made.

use super::form::{Content, Damaged, HEAD, Head, Item, Manifest, PartName, manifest_name, numbered, part_name};
use super::{BackupError, BackupKey, Shelf};
use crate::crypto::hash::plain;
use crate::id::LogId;
use crate::keys::recovery::Card;
use crate::limits;
use crate::log::frontier::Head as LogHead;
use crate::replica::rows;
use crate::replica::store::{Batch, Store, Table};
use std::collections::{BTreeMap, BTreeSet};

/// How far an archive is, for the next run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inventory {
    /// The number of the next run, from 1.
    pub run: u32,
    /// BLAKE3 of the newest manifest.
    pub before: [u8; 32],
    /// The number of the next part.
    pub next_part: u32,
    /// Parts of a run that was cut short, and is gone on with.
    pub parts: Vec<PartName>,
    /// How far each log is in the archive.
    pub covered: BTreeMap<LogId, Vec<LogHead>>,
    /// Entries that the newest run left out.
    pub left_out: Vec<Damaged>,
    /// Files that no run needs any more.
    pub obsolete: Vec<String>,
}

impl Inventory {
    /// Of an archive that has its head and nothing else.
    pub fn empty() -> Self {
        Self { run: 1, ..Self::default() }
    }

    /// Whether the archive has as many runs or parts as one may have.
    pub fn is_full(&self) -> bool {
        self.run >= limits::BACKUP_RUNS || self.next_part >= limits::BACKUP_PARTS
    }
}

/// An archive that is open.
#[derive(Debug)]
pub struct Archive<'a, H> {
    shelf: &'a H,
    head: Head,
    key: BackupKey,
    manifests: Vec<(Manifest, [u8; 32])>,
    /// A manifest that is there and does not open: what came from it on cannot be had.
    broken: Option<u32>,
}

/// Reads whose archive this is, without a key.
///
/// # Errors
/// When it is none.
pub fn head(shelf: &impl Shelf) -> Result<Head, BackupError> {
    Head::decode(&shelf.get(HEAD)?.ok_or(BackupError::None)?)
}

impl<'a, H: Shelf> Archive<'a, H> {
    /// Opens an archive with its key.
    ///
    /// # Errors
    /// When it is none, or the key is of another.
    pub fn open(shelf: &'a H, key: &BackupKey) -> Result<Self, BackupError> {
        let head = head(shelf)?;
        if !head.is_opened_by(key) {
            return Err(BackupError::OtherKey);
        }
        let runs: BTreeSet<u32> = shelf.names()?.iter().filter_map(|name| numbered(name, "manifest-")).collect();
        let (mut manifests, mut broken): (Vec<(Manifest, [u8; 32])>, _) = (Vec::new(), None);
        for run in 1..=runs.last().copied().unwrap_or(0) {
            let before = manifests.last().map_or([0; 32], |(_, hash)| *hash);
            let bytes = shelf.get(&manifest_name(run))?.unwrap_or_default();
            let read = Manifest::open(key, &head.device, run, &bytes).filter(|manifest| manifest.before == before);
            let Some(manifest) = read else {
                broken = Some(run);
                break;
            };
            manifests.push((manifest, plain(&bytes)));
        }
        Ok(Self { shelf, head, key: key.clone(), manifests, broken })
    }

    /// Opens an archive with two recovery cards.
    ///
    /// # Errors
    /// When it is none, or they are not two of its school's.
    pub fn open_by_cards(shelf: &'a H, left: &Card, right: &Card) -> Result<Self, BackupError> {
        let key = BackupKey::by_cards(&head(shelf)?, left, right)?;
        Self::open(shelf, &key)
    }

    /// Whose it is.
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// Its key.
    pub fn key(&self) -> &BackupKey {
        &self.key
    }

    /// The newest run that was finished, and whether a newer one is damaged.
    ///
    /// # Errors
    /// When none was finished.
    pub fn newest(&self) -> Result<(&Manifest, bool), BackupError> {
        let newest = self.manifests.last().map(|(manifest, _)| manifest);
        newest.map(|manifest| (manifest, self.broken.is_some())).ok_or(match self.broken {
            Some(_) => BackupError::Damaged("the list of what is in it cannot be read".to_owned()),
            None => BackupError::Unfinished,
        })
    }

    /// How far it is, for the next run. Reads the parts of a run that was cut short.
    ///
    /// # Errors
    /// When the newest run's list is damaged: begin another archive then.
    pub fn inventory(&self) -> Result<Inventory, BackupError> {
        if self.broken.is_some() {
            return Err(BackupError::Damaged("the list of what is in it cannot be read".to_owned()));
        }
        let mut found = Inventory::empty();
        let last = self.manifests.last();
        if let Some((newest, hash)) = last {
            found.run = newest.run.saturating_add(1);
            found.before = *hash;
            found.left_out.clone_from(&newest.left_out);
            found.covered = newest.logs.iter().cloned().collect();
        }
        let claimed = self.manifests.iter().flat_map(|(manifest, _)| &manifest.parts);
        let claimed: BTreeMap<u32, &PartName> = claimed.map(|part| (part.number, part)).collect();
        found.next_part = claimed.keys().next_back().map_or(0, |number| number.saturating_add(1));
        let there: BTreeSet<u32> = self.shelf.names()?.iter().filter_map(|name| numbered(name, "part-")).collect();
        let mut whole = true;
        for number in there.range(found.next_part..) {
            whole &= *number == found.next_part && self.take_up(&mut found, *number)?;
            if !whole {
                found.obsolete.push(part_name(*number));
            }
        }
        let older = self.manifests.iter().rev().skip(1).flat_map(|(manifest, _)| &manifest.parts);
        let older = older.filter(|part| part.beside && there.contains(&part.number));
        found.obsolete.extend(older.map(|part| part_name(part.number)));
        Ok(found)
    }

    /// Takes up a part of a run that was cut short; `false` when it is not whole, or is made anew.
    fn take_up(&self, found: &mut Inventory, number: u32) -> Result<bool, BackupError> {
        let bytes = self.shelf.get(&part_name(number))?.unwrap_or_default();
        let Some((run, Content::Entries(stretches))) = Content::open(&self.key, number, &bytes) else {
            return Ok(false);
        };
        if run != found.run {
            return Ok(false);
        }
        for stretch in stretches.into_iter().filter(|stretch| !stretch.covers.is_empty()) {
            found.covered.insert(stretch.log, stretch.covers);
        }
        found.parts.push(PartName::of(number, &bytes, false));
        found.next_part = number.saturating_add(1);
        Ok(true)
    }

    /// The parts that the newest run stands on: its own, and the entries of those before it.
    fn parts(&self) -> Result<Vec<&PartName>, BackupError> {
        let newest = self.newest()?.0.run;
        let all = self
            .manifests
            .iter()
            .flat_map(|(manifest, _)| manifest.parts.iter().filter(move |part| !part.beside || manifest.run == newest));
        Ok(all.collect())
    }

    /// Reads every file that the newest run stands on and holds it against its hash. `progress` is told how many are
    /// done, of how many.
    ///
    /// # Errors
    /// When one is missing or damaged.
    pub fn check(&self, progress: &mut dyn FnMut(usize, usize)) -> Result<(), BackupError> {
        let parts = self.parts()?;
        for (done, part) in parts.iter().enumerate() {
            self.part(part)?;
            progress(done + 1, parts.len());
        }
        Ok(())
    }

    fn part(&self, part: &PartName) -> Result<Content, BackupError> {
        let name = part_name(part.number);
        let bytes =
            self.shelf.get(&name)?.ok_or_else(|| BackupError::Damaged(format!("its file {name} is missing")))?;
        let opened = part.is(&bytes).then(|| Content::open(&self.key, part.number, &bytes)).flatten();
        opened.map(|(_, content)| content).ok_or_else(|| BackupError::Damaged(format!("its file {name} was changed")))
    }

    /// Puts all of it into an empty store: what says that a school is there goes last. `progress` is told how many
    /// files are done, of how many.
    ///
    /// # Errors
    /// When a file is missing or damaged, or the store fails.
    pub fn unpack(&self, store: &mut impl Store, progress: &mut dyn FnMut(usize, usize)) -> Result<(), BackupError> {
        let parts = self.parts()?;
        let (mut meta, mut file): (Batch, Option<(String, Vec<u8>)>) = (Batch::default(), None);
        for (done, part) in parts.iter().enumerate() {
            let mut batch = Batch::default();
            match self.part(part)? {
                Content::Entries(stretches) => {
                    for Stretched { log, place, hash, row } in stretched(stretches) {
                        batch.put(Table::Entries, rows::entry(&log, place, &hash), row);
                    }
                }
                Content::Beside(items) => {
                    for item in items {
                        match item {
                            Item::Row(table, key, value) => {
                                let table = Table::ALL.get(usize::from(table)).copied();
                                let table = table.ok_or_else(|| BackupError::Damaged("a table is none".to_owned()))?;
                                let batch = if table == Table::Meta { &mut meta } else { &mut batch };
                                batch.put(table, key, value);
                            }
                            Item::File(name, piece) => match &mut file {
                                Some((open, bytes)) if *open == name => bytes.extend(piece),
                                open => {
                                    if let Some((name, bytes)) = open.replace((name, piece)) {
                                        store.put_file(&name, &bytes)?;
                                    }
                                }
                            },
                        }
                    }
                }
            }
            store.commit(batch)?;
            progress(done + 1, parts.len());
        }
        if let Some((name, bytes)) = file {
            store.put_file(&name, &bytes)?;
        }
        Ok(store.commit(meta)?)
    }
}

struct Stretched {
    log: LogId,
    place: u64,
    hash: crate::id::EntryHash,
    row: Vec<u8>,
}

fn stretched(stretches: Vec<super::form::Stretch>) -> impl Iterator<Item = Stretched> {
    stretches.into_iter().flat_map(|stretch| {
        let log = stretch.log;
        stretch.rows.into_iter().map(move |(place, hash, row)| Stretched { log, place, hash, row })
    })
}

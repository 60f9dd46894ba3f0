//! Which facts of a pupil people entered here, and which an import brought: the next import goes over the second only.
//!
//! A move to another site copies what stands, in an act of its own. A copy is whoever's the original was, at the site
//! that the pupil came from; where that cannot be read it counts as entered here, so that nothing is gone over unseen.

use crate::facts::pupil::PupilFact;
use crate::facts::{self, documents};
use crate::known::Pupil;
use muster_core::document::fact::{FactRef, Facts, Held};
use muster_core::id::{ActId, DocumentId, PlaceId};
use muster_core::replica::records::{Records, RecordsError};
use std::collections::{BTreeMap, BTreeSet};

/// The acts that took a pupil from one site to another, with the site left.
#[derive(Default)]
pub(super) struct Moves(BTreeMap<ActId, PlaceId>);

impl Moves {
    /// Those of a pupil, wherever they went.
    pub(super) fn of(records: &mut impl Records, pupil: Option<&Pupil>) -> Result<Self, RecordsError> {
        let mut moves = BTreeMap::new();
        let Some(pupil) = pupil.filter(|pupil| pupil.has_moved()) else { return Ok(Self(moves)) };
        let mut at = vec![pupil.site];
        let mut seen = BTreeSet::new();
        while let Some(site) = at.pop() {
            if !seen.insert(site) {
                continue;
            }
            let Some(held) = records.facts(&documents::pupil(site, pupil.id))? else { continue };
            for read in facts::all::<PupilFact>(&held) {
                if let PupilFact::MovedSite(moved) = read.value {
                    moves.insert(read.held.origin.act, moved.from);
                    at.push(moved.from);
                }
            }
        }
        Ok(Self(moves))
    }

    /// The facts of a document that people entered.
    pub(super) fn entered(
        &self,
        records: &mut impl Records,
        imports: &BTreeSet<ActId>,
        document: &DocumentId,
    ) -> Result<BTreeSet<FactRef>, RecordsError> {
        let Some(held) = records.facts(document)? else { return Ok(BTreeSet::new()) };
        let mut left: BTreeMap<PlaceId, BTreeSet<Copied>> = BTreeMap::new();
        self.copied_from(records, imports, document, &held, &mut left)?;
        Ok(held.iter().filter(|one| !self.is_imported(imports, one, &left)).map(|one| one.name).collect())
    }

    fn is_imported(
        &self,
        imports: &BTreeSet<ActId>,
        one: &Held<'_>,
        left: &BTreeMap<PlaceId, BTreeSet<Copied>>,
    ) -> bool {
        match self.0.get(&one.origin.act).and_then(|from| left.get(from)).and_then(|there| find(there, one)) {
            Some(by_import) => by_import,
            None => imports.contains(&one.origin.act),
        }
    }

    /// Gathers what stood at each site that the copies in a document come from, the site left longest ago first.
    fn copied_from(
        &self,
        records: &mut impl Records,
        imports: &BTreeSet<ActId>,
        document: &DocumentId,
        held: &Facts,
        left: &mut BTreeMap<PlaceId, BTreeSet<Copied>>,
    ) -> Result<(), RecordsError> {
        let sites: BTreeSet<PlaceId> = held.iter().filter_map(|one| self.0.get(&one.origin.act).copied()).collect();
        for site in sites {
            if left.contains_key(&site) {
                continue;
            }
            left.insert(site, BTreeSet::new());
            let mut there = document.clone();
            there.section.compartment.place = site;
            let Some(facts) = records.facts(&there)? else { continue };
            self.copied_from(records, imports, &there, &facts, left)?;
            let stood = facts
                .iter()
                .map(|one| (one.fact.kind, one.fact.value.clone(), self.is_imported(imports, &one, left)))
                .collect();
            left.insert(site, stood);
        }
        Ok(())
    }
}

/// What a fact said: its kind and value, and whether an import brought it.
type Copied = (u16, Vec<u8>, bool);

/// Whether what a fact says was brought by an import; by people as well counts as by people.
fn find(there: &BTreeSet<Copied>, one: &Held<'_>) -> Option<bool> {
    let said = |by_import| there.contains(&(one.fact.kind, one.fact.value.clone(), by_import));
    if said(false) { Some(false) } else { said(true).then_some(true) }
}

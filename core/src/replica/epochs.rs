//! Which epoch is written under, and minting one where none serves.

use super::commit::Draft;
use super::records::RecordsError;
use super::store::Store;
use super::{Context, Replica};
use crate::authority::capability::Right;
use crate::authority::view::View;
use crate::codec;
use crate::crypto::wrap::{PublicAgree, RecipientId};
use crate::id::{Compartment, EpochId, Section};
use crate::keys::epoch::{EpochInfo, EpochKey, EpochKind, EpochStatement, Purpose};
use crate::keys::rule::KeyRule;
use crate::log::entry::Entry;
use crate::log::header::Kind;
use crate::time::Moment;
use std::collections::{BTreeMap, BTreeSet};

impl Purpose {
    /// The rights of which one lets a seat mint an epoch for this.
    pub(super) fn minters(self) -> &'static [Right] {
        match self {
            Self::Open | Self::Day(_) | Self::Leads => &[Right::Read],
            Self::Cover => &Right::OPENS_CASES,
        }
    }

    /// Whom an epoch for this is wrapped to.
    pub(super) fn recipients(self, view: &View, compartment: &Compartment) -> BTreeMap<RecipientId, PublicAgree> {
        match self {
            Self::Open | Self::Leads => view.readers(compartment, KeyRule::Yearly),
            Self::Day(_) => view.readers(compartment, KeyRule::Daily),
            Self::Cover => view.case_openers(compartment),
        }
    }
}

impl<S: Store> Replica<S> {
    /// What the outer layer of a section is written under at a moment.
    pub(super) fn purpose(&self, section: &Section, now: Moment) -> Purpose {
        match self.rule(section.compartment.area) {
            KeyRule::Yearly => Purpose::Open,
            KeyRule::Daily => Purpose::Day(now.civil_day()),
            KeyRule::Case => Purpose::Cover,
        }
    }

    /// The epoch to write under. Whoever may mint one does where none at hand serves.
    pub(super) fn writing_epoch(
        &mut self,
        draft: &mut Draft,
        section: &Section,
        purpose: Purpose,
        context: &mut Context<'_>,
    ) -> Result<(EpochId, EpochKey), RecordsError> {
        let drafted = draft.minted.iter().find(|(info, _)| info.section == *section && info.purpose() == purpose);
        if let Some((info, key)) = drafted {
            return Ok((info.statement.epoch, key.clone()));
        }
        let candidates: Vec<EpochId> = self.serving(section, purpose).map(|info| info.statement.epoch).collect();
        for epoch in candidates {
            if let Some(key) = self.ring.epoch(section, &epoch, &self.sealed) {
                return Ok((epoch, key));
            }
        }
        self.mint(draft, section, purpose, context)
    }

    /// The epochs for something that may be written under, best first.
    pub(super) fn serving(&self, section: &Section, purpose: Purpose) -> impl Iterator<Item = &EpochInfo> {
        let of_it = |info: &&EpochInfo| info.section == *section && info.purpose() == purpose;
        let minted = |info: &&EpochInfo| {
            purpose.minters().iter().any(|right| self.view.may(&info.by, *right, &info.section.compartment).is_some())
        };
        let known: Vec<&EpochInfo> = self.epochs.values().filter(of_it).filter(minted).collect();
        let superseded: BTreeSet<EpochId> = known.iter().flat_map(|info| &info.statement.supersedes).copied().collect();
        known.into_iter().filter(move |info| !superseded.contains(&info.statement.epoch))
    }

    fn mint(
        &self,
        draft: &mut Draft,
        section: &Section,
        purpose: Purpose,
        context: &mut Context<'_>,
    ) -> Result<(EpochId, EpochKey), RecordsError> {
        let mut grants = purpose.minters().iter();
        let grant = grants.find_map(|right| self.view.may(&draft.seat, *right, &section.compartment));
        let grant = grant.ok_or_else(|| {
            RecordsError::NotAllowed(
                "no key for these records is on this device yet: let it meet another device".into(),
            )
        })?;
        let key = EpochKey::random(context.random);
        let epoch = key.id(&self.school, section);
        let recipients = purpose.recipients(&self.view, &section.compartment);
        for recipient in recipients.values() {
            // A public key that cannot be wrapped to is its owner's trouble, and no reason for others to wait.
            draft.records.extend(key.wrap_to(recipient, epoch, context.random).map(|record| (*section, record)));
        }
        let kind = match purpose {
            Purpose::Open => EpochKind::Open,
            Purpose::Day(day) => EpochKind::Day(day),
            Purpose::Cover => EpochKind::Cover,
            Purpose::Leads => EpochKind::Leads(key.leads().public()),
        };
        let statement =
            EpochStatement { epoch, kind, supersedes: Vec::new(), recipients: recipients.into_keys().collect() };
        let header = self.next_header(draft, *section, Kind::EPOCH, grant)?;
        let authority = header.authority;
        let entry = Entry::new(header, codec::encode(&statement));
        let info = EpochInfo { section: *section, by: draft.seat, entry: entry.hash(), authority, statement };
        draft.minted.push((info, key.clone()));
        draft.push(entry, false);
        Ok((epoch, key))
    }
}

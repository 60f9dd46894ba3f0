//! Verdicts: may an entry be applied? They depend on its bytes and the authority *set* alone.

use super::Replica;
use super::store::Store;
use crate::authority::capability::Right;
use crate::authority::evaluate::{Covers, Placed};
use crate::authority::view::View;
use crate::id::{Area, EntryHash, FrontierId, GrantId, LogId, Section};
use crate::keys::rule::{AreaRule, KeyRule};
use crate::log::header::{Descriptor, Header, Kind, SUITE, VERSION};
use std::collections::BTreeMap;

/// What is to be done with an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Verdict {
    /// Apply it.
    Apply = 0,
    /// Its author has, as far as the statements held say, no right to it: kept, and judged again when they change.
    NoRight = 1,
    /// Of a version or kind not known here: kept and passed on.
    Newer = 2,
    /// No key here opens its epoch.
    NoEpoch = 3,
    /// No key here opens its document's secret.
    NoSecret = 4,
    /// What it holds is not legal. The same on every replica, and for good.
    Unreadable = 5,
    /// It stands past the place where its log forked: kept, and applied only if an officer adopts it.
    Forked = 6,
}

impl Verdict {
    pub(super) fn from_byte(byte: u8) -> Self {
        match byte {
            0 => Self::Apply,
            1 => Self::NoRight,
            2 => Self::Newer,
            3 => Self::NoEpoch,
            4 => Self::NoSecret,
            6 => Self::Forked,
            _ => Self::Unreadable,
        }
    }
}

/// What a verdict is made from, besides the entry itself.
pub(super) struct Judge<'a> {
    pub(super) view: &'a View,
    pub(super) statements: &'a BTreeMap<EntryHash, Placed>,
    pub(super) head_grant: GrantId,
    pub(super) covers: Covers<'a>,
    pub(super) rules: &'a BTreeMap<Area, AreaRule>,
}

/// The rights of which one lets a seat write facts in an area with this key rule.
pub(super) fn writing_rights(rule: KeyRule) -> &'static [Right] {
    match rule {
        KeyRule::Case => &[Right::Open, Right::Write],
        KeyRule::Yearly | KeyRule::Daily => &[Right::Write],
    }
}

impl Judge<'_> {
    /// Judges an entry of a section other than the authority area's.
    pub(super) fn judge(&self, descriptor: &Descriptor, header: &Header) -> Verdict {
        if header.version != VERSION || header.suite != SUITE {
            return Verdict::Newer;
        }
        let Section { compartment, .. } = descriptor.section;
        let rule = self.rules.get(&compartment.area).map_or(KeyRule::Yearly, |rule| rule.keys);
        let rights = match header.kind {
            Kind::FACTS => writing_rights(rule),
            Kind::EPOCH if rule == KeyRule::Case => &Right::OPENS_CASES,
            Kind::EPOCH => &[Right::Read],
            _ => return Verdict::Newer,
        };
        let device = self.view.seats.get(&descriptor.seat).map(|seated| seated.device);
        let belongs = device.is_some_and(|device| self.view.is_enrolled(&device));
        if belongs
            && self.has_seen_grant(header)
            && rights.iter().any(|right| self.view.stands_on(&descriptor.seat, &header.grant, *right, &compartment))
        {
            Verdict::Apply
        } else {
            Verdict::NoRight
        }
    }

    /// Whether the grant an entry stands on lies under the authority heads it names.
    fn has_seen_grant(&self, header: &Header) -> bool {
        if header.grant == self.head_grant {
            return true;
        }
        let placed = self.statements.get(&EntryHash(header.grant.0));
        placed.is_some_and(|placed| (self.covers)(&header.authority, &placed.log, placed.sequence))
    }
}

impl<S: Store> Replica<S> {
    /// Judges an entry of a section other than the authority area's.
    pub(crate) fn judge(&self, descriptor: &Descriptor, header: &Header) -> Verdict {
        let covers = |frontier: &FrontierId, log: &LogId, sequence: u64| self.frontiers.covers(frontier, log, sequence);
        let head_grant = self.head_grant;
        let (view, statements, rules) = (&self.view, &self.statements, &self.rules);
        Judge { view, statements, head_grant, covers: &covers, rules }.judge(descriptor, header)
    }
}

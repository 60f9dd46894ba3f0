//! Verdicts: may an entry be applied? They depend on its bytes and the authority *set* alone.

use super::Replica;
use super::store::Store;
use crate::authority::capability::Right;
use crate::authority::line::{At, Line, Logs};
use crate::authority::reduction::EntryName;
use crate::authority::view::View;
use crate::id::{Area, EntryHash, Section};
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
    /// It stands past the end of its author's line: the right was taken away, or the device is held back. Kept, and
    /// applied only if an officer adopts it.
    Cut = 7,
    /// Its document's secret was destroyed: nobody reads it any more.
    Erased = 8,
    /// It is damaged on this disk, and is fetched anew from another device.
    Damaged = 9,
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
            7 => Self::Cut,
            8 => Self::Erased,
            9 => Self::Damaged,
            _ => Self::Unreadable,
        }
    }
}

/// What a verdict is made from, besides the entry itself.
pub(super) struct Judge<'a> {
    pub(super) view: &'a View,
    pub(super) logs: &'a dyn Logs,
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
    pub(super) fn judge(&self, descriptor: &Descriptor, header: &Header, hash: EntryHash) -> Verdict {
        if header.version != VERSION || header.suite != SUITE {
            return Verdict::Newer;
        }
        let Section { compartment, .. } = descriptor.section;
        let rule = self.rules.get(&compartment.area).map_or(KeyRule::Yearly, |rule| rule.keys);
        let rights = match header.kind {
            Kind::FACTS => writing_rights(rule),
            Kind::EPOCH if rule == KeyRule::Case => &Right::OPENS_CASES,
            // Who may only write posts under a key of their own.
            Kind::EPOCH if rule == KeyRule::Daily => &[Right::Read, Right::Write],
            Kind::EPOCH => &[Right::Read],
            _ => return Verdict::Newer,
        };
        let device = self.view.seats.get(&descriptor.seat).map(|seated| seated.device);
        let Some(standing) = self.view.standing(&header.grant) else { return Verdict::NoRight };
        // The grant must lie under the authority heads that the entry names, if it stands in any log.
        let seen = standing.at.is_none_or(|(log, sequence)| self.logs.covers(&header.authority, &log, sequence));
        let belongs = device.is_some_and(|device| self.view.was_enrolled(&device));
        let held = self.view.is_held_by(standing, &descriptor.seat);
        let gives = rights.iter().any(|right| standing.gives(*right, &compartment));
        if !(seen && belongs && held && gives) {
            return Verdict::NoRight;
        }
        let entry = EntryName { log: header.log, sequence: header.sequence, hash };
        match self.view.line(&At { entry, seat: descriptor.seat, compartment }, standing, self.logs) {
            Line::Counts => Verdict::Apply,
            Line::Cut => Verdict::Cut,
            Line::Forked => Verdict::Forked,
        }
    }
}

impl<S: Store> Replica<S> {
    /// Judges an entry of a section other than the authority area's.
    pub(crate) fn judge(&self, descriptor: &Descriptor, header: &Header, hash: EntryHash) -> Verdict {
        Judge { view: &self.view, logs: &self.held(), rules: &self.rules }.judge(descriptor, header, hash)
    }
}

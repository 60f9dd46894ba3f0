//! Which epoch is written under, and minting one where none serves.
//!
//! An epoch serves if its recipients are exactly the readers that the authority heads named by its entry give, and
//! nobody who was ever wrapped to has lost the right since. One with other recipients is *refused*: nothing is
//! written under it here, though what others wrote under it is read by whoever can. Of several that serve, the one
//! that came after most others is written under, then the least by name: every device chooses alike. Where none
//! serves, the next who writes and may mint one does so, in the same act, for the readers there are then: rotation
//! is owed after a removal and paid like that, offline too.
//!
//! The keys of what a new epoch takes the place of go under it, so that whoever gets the new one alone reads what
//! came before. Never the other way round: the holder of an old key must not come by a new one.

use super::commit::Draft;
use super::records::RecordsError;
use super::store::Store;
use super::{Context, Replica, held};
use crate::authority::capability::Right;
use crate::authority::evaluate::{Checked, Statements, evaluate_again};
use crate::authority::line::Logs;
use crate::authority::view::{Ends, Standing, View};
use crate::codec;
use crate::crypto::secret::same;
use crate::crypto::wrap::{PublicAgree, RecipientId};
use crate::founding::Founding;
use crate::id::{Compartment, EpochId, FrontierId, SeatId, Section};
use crate::keys::epoch::{EpochInfo, EpochKey, EpochKind, EpochStatement, Purpose};
use crate::keys::rule::KeyRule;
use crate::limits;
use crate::log::entry::Entry;
use crate::log::header::Kind;
use crate::time::Moment;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How long a row of epochs that take each other's place is followed: one a week for ten years.
const DEPTH_MOST: usize = 512;

impl Purpose {
    /// The rights of which one lets a seat mint an epoch for this.
    fn rights(self) -> &'static [Right] {
        match self {
            Self::Open | Self::Day(_) | Self::Leads => &[Right::Read],
            Self::Cover => &Right::OPENS_CASES,
            Self::Post(_) => &[Right::Write],
        }
    }

    /// Whom an epoch for this is wrapped to; a posting device besides them to itself.
    pub(super) fn recipients(
        self,
        view: &View,
        compartment: &Compartment,
        ends: Ends,
    ) -> BTreeMap<RecipientId, PublicAgree> {
        match self {
            Self::Open | Self::Leads => view.readers(compartment, KeyRule::Yearly, ends),
            Self::Day(_) | Self::Post(_) => view.readers(compartment, KeyRule::Daily, ends),
            Self::Cover => view.case_openers(compartment, ends),
        }
    }

    /// Whose keys may be among the recipients of one that is still written under.
    fn entitled(self, view: &View, compartment: &Compartment, now: Moment) -> BTreeSet<RecipientId> {
        match self {
            Self::Day(_) | Self::Post(_) => view.entitled(&[Right::Read], compartment, true, now),
            Self::Open | Self::Cover | Self::Leads => view.entitled(self.rights(), compartment, false, now),
        }
    }
}

/// What is known of epochs and does not change: whether each was minted for whom it should be, and who could do
/// what at the heads looked at last.
#[derive(Debug, Default)]
pub(super) struct Judged {
    minted_in_right: BTreeMap<EpochId, bool>,
    at: Option<(FrontierId, Arc<View>)>,
    entitled: BTreeMap<(Compartment, Purpose), Arc<BTreeSet<RecipientId>>>,
    entitled_in: i64,
}

impl Judged {
    /// The statements changed.
    pub(super) fn look_again(&mut self) {
        self.entitled.clear();
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
        // Where clocks differ by a day, those behind write with those ahead: who is ahead no longer opens the day before.
        let begun = if let Purpose::Day(day) = purpose { Some(Purpose::Day(day.saturating_add(1))) } else { None };
        for purpose in begun.into_iter().chain([purpose]) {
            for epoch in self.serving(section, purpose, context.now) {
                if let Some(key) = self.ring.epoch(section, &epoch, &self.sealed) {
                    return Ok((epoch, key));
                }
            }
        }
        match purpose {
            Purpose::Day(day) if self.posts(&draft.seat, &section.compartment) => {
                self.writing_epoch(draft, section, Purpose::Post(day), context)
            }
            _ => self.mint(draft, section, purpose, context),
        }
    }

    /// The epochs for something that may be written under, best first. Of one whose key is not at hand the wraps
    /// that were added later are taken at their word.
    pub(super) fn serving(&mut self, section: &Section, purpose: Purpose, now: Moment) -> Vec<EpochId> {
        let entitled = self.entitled(section, purpose, now);
        let all: Vec<EpochId> = self.of_purpose(section, purpose).map(|info| info.statement.epoch).collect();
        let mut serving: Vec<(Reverse<usize>, EpochId)> = Vec::new();
        for epoch in all {
            if self.wrapped_to(section, &epoch).is_subset(&entitled) && self.is_minted_in_right(&epoch) {
                serving.push((Reverse(self.depth(&epoch)), epoch));
            }
        }
        serving.sort_unstable();
        serving.into_iter().map(|(_, epoch)| epoch).collect()
    }

    /// Whose keys an epoch may be wrapped to. Kept for a minute: to look through all grants costs more than to write.
    fn entitled(&mut self, section: &Section, purpose: Purpose, now: Moment) -> Arc<BTreeSet<RecipientId>> {
        let minute = now.utc_ms.div_euclid(60_000);
        if self.judged.entitled_in != minute {
            (self.judged.entitled_in, self.judged.entitled) = (minute, BTreeMap::new());
        }
        let known = self.judged.entitled.entry((section.compartment, purpose));
        let own = matches!(purpose, Purpose::Post(_)).then(|| self.device.public_agree().recipient());
        let all = known.or_insert_with(|| {
            Arc::new(purpose.entitled(&self.view, &section.compartment, now).into_iter().chain(own).collect())
        });
        Arc::clone(all)
    }

    fn of_purpose(&self, section: &Section, purpose: Purpose) -> impl Iterator<Item = &EpochInfo> {
        let of_purpose = self.epochs.values().filter(move |info| info.section == *section && info.purpose() == purpose);
        // What another device posts under is not for this one.
        of_purpose.filter(|info| !matches!(info.purpose(), Purpose::Post(_)) || info.by == self.device_seat())
    }

    /// Whom an epoch was minted for, and who was wrapped to since.
    fn wrapped_to(&mut self, section: &Section, epoch: &EpochId) -> BTreeSet<RecipientId> {
        let key = self.ring.epoch(section, epoch, &self.sealed);
        let minted = self.epochs.get(epoch).into_iter().flat_map(|info| info.statement.recipients.iter().copied());
        let added = self.sealed.recipients(section, epoch).filter(|recipient| {
            // A false wrap, filed under the name of somebody who has no right, makes nobody rotate.
            key.as_ref().is_none_or(|key| {
                let mut wraps = self.sealed.wraps(section, epoch, recipient);
                wraps.any(|(wrapped, proof)| same(&key.wrap_proof(recipient, wrapped), proof))
            })
        });
        minted.chain(added.copied()).collect()
    }

    /// How many epochs in a row came before this one.
    fn depth(&self, epoch: &EpochId) -> usize {
        let mut depth = 0;
        let mut level = BTreeSet::from([*epoch]);
        let mut seen = level.clone();
        while depth < DEPTH_MOST {
            let before = level.iter().filter_map(|epoch| self.epochs.get(epoch));
            let before: BTreeSet<EpochId> = before
                .flat_map(|info| &info.statement.supersedes)
                .filter(|epoch| self.epochs.contains_key(epoch) && seen.insert(**epoch))
                .copied()
                .collect();
            if before.is_empty() {
                break;
            }
            level = before;
            depth += 1;
        }
        depth
    }

    /// Whether an epoch was minted by somebody who could, for exactly those who could read, by the authority heads
    /// that its entry names. Grants that end may count or not: clocks differ.
    pub(super) fn is_minted_in_right(&mut self, epoch: &EpochId) -> bool {
        if let Some(known) = self.judged.minted_in_right.get(epoch) {
            return *known;
        }
        let Some(info) = self.epochs.get(epoch) else { return false };
        let (authority, info) = (info.authority, info.clone());
        // What its heads give is not known before all of it is here.
        let Some(view) = self.view_at(&authority) else { return false };
        let right = minted_in_right(&info, &view);
        self.judged.minted_in_right.insert(*epoch, right);
        right
    }

    /// What followed from the statements under some authority heads; `None` while any of them is missing.
    fn view_at(&mut self, heads: &FrontierId) -> Option<Arc<View>> {
        if let Some((_, view)) = self.judged.at.as_ref().filter(|(at, _)| at == heads) {
            return Some(Arc::clone(view));
        }
        if *heads == self.heads {
            let view = Arc::new(self.view.clone());
            self.judged.at = Some((*heads, Arc::clone(&view)));
            return Some(view);
        }
        let list = self.frontiers.get(heads)?;
        for (log, heads) in &list.0 {
            for head in heads {
                if !self.has_head(log, head).ok()? {
                    return None;
                }
            }
        }
        let held = held::Held {
            store: &self.store,
            frontiers: &self.frontiers,
            logs: &self.logs,
            statements: &self.statements,
        };
        let view = view_under(&self.founding, &self.statements, heads, &held, &mut self.checked);
        let view = Arc::new(view);
        self.judged.at = Some((*heads, Arc::clone(&view)));
        Some(view)
    }

    fn mint(
        &mut self,
        draft: &mut Draft,
        section: &Section,
        purpose: Purpose,
        context: &mut Context<'_>,
    ) -> Result<(EpochId, EpochKey), RecordsError> {
        let mut rights = purpose.rights().iter();
        let ends = Ends::NotBy(context.now);
        let grant = rights.find_map(|right| self.view.may(&draft.seat, *right, &section.compartment, ends));
        let grant = grant.ok_or_else(|| {
            RecordsError::NotAllowed(
                "no key for these records is on this device yet: let it meet another device".into(),
            )
        })?;
        if let Purpose::Day(_) | Purpose::Post(_) = purpose {
            // What this device said by a clock that was wrong must not keep its own key from it.
            self.drop_days(context)?;
        }
        let key = EpochKey::random(context.random);
        let mut recipients = purpose.recipients(&self.view, &section.compartment, Ends::NotBy(context.now));
        if let Purpose::Post(_) = purpose {
            let own = self.device.public_agree();
            recipients.insert(own.recipient(), own);
        }
        if !self.view.wraps_to_seat(&draft.seat).any(|id| recipients.contains_key(&id)) {
            return Err(RecordsError::NotAllowed("your right to these records has ended: ask the office".into()));
        }
        let before = self.current(section, purpose);
        let kind = match purpose {
            Purpose::Open => EpochKind::Open,
            Purpose::Day(day) => EpochKind::Day(day),
            Purpose::Cover => EpochKind::Cover,
            Purpose::Leads => EpochKind::Leads(key.leads().public()),
            Purpose::Post(day) => EpochKind::Post(day),
        };
        let statement = EpochStatement {
            epoch: EpochId::ZERO,
            key: key.commitment(&self.school, section),
            kind,
            supersedes: before.iter().map(|(old, _)| *old).collect(),
            recipients: recipients.keys().copied().collect(),
        };
        let statement = statement.named(&self.school, section, &draft.seat);
        let epoch = statement.epoch;
        for recipient in recipients.values() {
            // A public key that cannot be wrapped to is its owner's trouble, and no reason for others to wait.
            draft.records.extend(key.wrap_to(recipient, epoch, context.random).map(|record| (*section, record)));
        }
        for (old, old_key) in before {
            let record = key.seal_older(&epoch, &old, &old_key, context.random);
            draft.records.extend(record.map(|record| (*section, record)));
        }
        let header = self.next_header(draft, *section, Kind::EPOCH, grant)?;
        let authority = header.authority;
        let entry = Entry::new(header, codec::encode(&statement));
        let info = EpochInfo { section: *section, by: draft.seat, entry: entry.hash(), authority, statement };
        draft.minted.push((info, key.clone()));
        draft.push(entry, false);
        Ok((epoch, key))
    }

    /// The epochs for something whose keys are at hand and whose place none of the others takes.
    fn current(&mut self, section: &Section, purpose: Purpose) -> Vec<(EpochId, EpochKey)> {
        let all: Vec<EpochInfo> = self.of_purpose(section, purpose).cloned().collect();
        let superseded: BTreeSet<EpochId> = all.iter().flat_map(|info| &info.statement.supersedes).copied().collect();
        let current = all.iter().map(|info| info.statement.epoch).filter(|epoch| !superseded.contains(epoch));
        current
            .take(limits::SUPERSEDED_EPOCHS)
            .filter_map(|epoch| Some((epoch, self.ring.epoch(section, &epoch, &self.sealed)?)))
            .collect()
    }

    /// Takes note of an epoch that an entry announces.
    pub(super) fn note_epoch(&mut self, info: EpochInfo) {
        let epoch = info.statement.epoch;
        self.keys_owed |= info.statement.kind.day().is_some();
        self.ring.note(&info);
        if self.could_mint(&info) {
            self.ring.takes_the_place(&info.section, epoch, &info.statement.supersedes);
        }
        self.judged.minted_in_right.remove(&epoch);
        self.settled.remove(&epoch);
        self.epochs.insert(epoch, info);
    }
}

impl<S: Store> Replica<S> {
    /// Works out again which epochs take the place of which, as far as whoever minted them has or had the right:
    /// anybody with a seat can announce any number.
    pub(super) fn note_places(&mut self) {
        self.ring.forget_places();
        let mut could: BTreeMap<(SeatId, Compartment, Purpose), bool> = BTreeMap::new();
        for info in self.epochs.values().filter(|info| !info.statement.supersedes.is_empty()) {
            let who = (info.by, info.section.compartment, info.purpose());
            if *could.entry(who).or_insert_with(|| self.could_mint(info)) {
                self.ring.takes_the_place(&info.section, info.statement.epoch, &info.statement.supersedes);
            }
        }
    }

    /// Whether whoever minted an epoch has or had a right to.
    fn could_mint(&self, info: &EpochInfo) -> bool {
        let (rights, compartment) = (info.purpose().rights(), &info.section.compartment);
        let gives = |standing: &Standing| rights.iter().any(|right| standing.gives(*right, compartment));
        let theirs = |standing: &&Standing| self.view.is_held_by(standing, &info.by) && gives(standing);
        self.view.grants_of_seat(&info.by, Ends::Whenever).any(|(_, standing)| gives(standing))
            || self.view.past.values().any(|standing| theirs(&standing))
    }
}

/// What follows from those of some statements that lie under authority heads.
pub(super) fn view_under(
    founding: &Founding,
    statements: &Statements,
    heads: &FrontierId,
    logs: &dyn Logs,
    checked: &mut Checked,
) -> View {
    let under = statements.iter().filter(|(_, placed)| logs.covers(heads, &placed.log, placed.sequence));
    let under = under.map(|(hash, placed)| (*hash, placed.clone())).collect();
    evaluate_again(founding, &under, logs, checked)
}

/// Whether an epoch's minter could mint it, by the statements that its entry lies over, and it is for exactly those
/// who could read then, the minter among them.
pub(super) fn minted_in_right(info: &EpochInfo, then: &View) -> bool {
    let (compartment, purpose) = (&info.section.compartment, info.purpose());
    let could = purpose.rights().iter().any(|right| then.may(&info.by, *right, compartment, Ends::Whenever).is_some());
    let minted: BTreeSet<RecipientId> = info.statement.recipients.iter().copied().collect();
    let least = purpose.recipients(then, compartment, Ends::Never);
    let most = purpose.recipients(then, compartment, Ends::Whenever);
    // Whoever minted it has its key, and must be seen to: else nobody rotates when they leave.
    let minters = then.wraps_to_seat(&info.by).any(|id| minted.contains(&id));
    let posts = matches!(purpose, Purpose::Post(_));
    let own = |id: &RecipientId| posts && then.wraps_to_seat(&info.by).any(|one| one == *id);
    let may = |id: &RecipientId| most.contains_key(id) || own(id);
    could && minters && least.keys().all(|id| minted.contains(id)) && minted.iter().all(may)
}

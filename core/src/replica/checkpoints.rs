//! Making checkpoints, taking those of others, and what they show: see [`crate::checkpoint`].
//!
//! Each device's latest counts, on every replica and in whatever order they come; those before it are let go. A device
//! says something new once a day though nothing happened, and at most once an hour where its own logs grew, or where it
//! has come to hold all that another says it wrote: so two devices that met cosign each other by themselves.
//!
//! Every device of the school reads what is said: so nothing is said of cases, nor of a section that some device may
//! not hold. Who writes how much there is for its holders alone, and its ends are not watched.

use super::records::RecordsError;
use super::store::Store;
use super::{Context, LogState, Replica};
use crate::checkpoint::{Checkpoint, Cosigned, HeldSection, Said};
use crate::codec;
use crate::crypto::hash::hash;
use crate::crypto::sign::PublicSign;
use crate::id::{Area, DeviceId, LogId, SeatId, Section};
use crate::keys::record::{Record, RecordId};
use crate::keys::rule::KeyRule;
use crate::limits;
use crate::log::frontier::Head;
use crate::time::Moment;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Bytes for what is held: what the rest needs at most is left free.
const ROOM: usize = limits::CHECKPOINT_BYTES - limits::CHECKPOINT_COSIGNED * 64 - limits::CHECKPOINT_RECENT * 16 - 512;

/// A log, where it ends, and whether it was written on this device.
type Ends<'a> = (&'a LogId, &'a Vec<Head>, bool);

impl<S: Store> Replica<S> {
    /// The latest checkpoint of each seat that made one.
    pub fn checkpoints(&self) -> impl Iterator<Item = &Checkpoint> {
        self.sealed.section(&Section::CHECKPOINTS).filter_map(|(_, record)| match record {
            Record::Checkpoint(checkpoint) => Some(checkpoint.as_ref()),
            _ => None,
        })
    }

    /// When a device last said what it holds, by its own clock and as far as it has come here by whatever way.
    pub fn last_said(&self, device: &DeviceId) -> Option<Moment> {
        self.checkpoints_of(device).map(|one| one.said.at).max_by_key(|at| at.utc_ms)
    }

    /// Who cosigned the latest checkpoint of a device, and may hold each section that it names.
    pub fn cosigners(&self, device: &DeviceId) -> BTreeSet<DeviceId> {
        let named: BTreeMap<_, _> =
            self.checkpoints_of(device).map(|one| ((one.said.seat, one.name()), &one.said)).collect();
        let signs = |one: &Checkpoint| {
            let by = self.device_of(&one.said.seat)?;
            let mut said = one.said.cosigned.iter().filter_map(|it| named.get(&(it.seat, it.name)));
            said.any(|said| self.may_hold_all(&by, said)).then_some(by)
        };
        self.checkpoints().filter_map(signs).collect()
    }

    pub(super) fn checkpoints_of(&self, device: &DeviceId) -> impl Iterator<Item = &Checkpoint> {
        let device = *device;
        self.checkpoints().filter(move |one| self.device_of(&one.said.seat) == Some(device))
    }

    pub(super) fn checkpoint_of(&self, seat: &SeatId) -> Option<&Checkpoint> {
        self.checkpoints().find(|one| one.said.seat == *seat)
    }

    pub(super) fn device_of(&self, seat: &SeatId) -> Option<DeviceId> {
        self.view.seats.get(seat).map(|seated| seated.device)
    }

    /// Whether this device has something to say: it is another day, or an hour has passed and something changed.
    pub fn is_checkpoint_due(&self, now: Moment) -> bool {
        let seat = self.device_seat();
        if !self.view.is_enrolled(&self.device()) || !self.view.seats.contains_key(&seat) || self.is_past(&seat) {
            return false;
        }
        let Some(mine) = self.checkpoint_of(&seat) else { return true };
        let since = now.utc_ms.saturating_sub(mine.said.at.utc_ms).saturating_abs();
        if mine.said.at.civil_day() != now.civil_day() {
            return true;
        }
        since >= limits::CHECKPOINT_EVERY_MS && (self.own_grew(mine) || self.could_cosign_more(mine))
    }

    /// Says what this device holds, durably, if it [is due](Replica::is_checkpoint_due). Says whether it was.
    ///
    /// # Errors
    /// When the file cannot be replaced: then nothing was said.
    pub fn checkpoint(&mut self, context: &mut Context<'_>) -> Result<bool, RecordsError> {
        self.it_is(context.now);
        if !self.is_checkpoint_due(context.now) {
            return Ok(false);
        }
        let seat = self.device_seat();
        let mine = self.checkpoint_of(&seat);
        let before = mine.map(|one| (one.said.number, one.said.since));
        let recent = mine.iter().flat_map(|one| [one.name()].into_iter().chain(one.said.recent.iter().copied()));
        let recent = recent.take(limits::CHECKPOINT_RECENT).collect();
        let (cosigned, contents) = self.cosigns();
        let (held, rest) = self.held_now(ROOM);
        let number = before.map_or(0, |(number, _)| number).saturating_add(1);
        let since = before.map_or_else(|| self.first_since(context.now), |(_, since)| since);
        let said = Said { seat, number, at: context.now, since, recent, held, rest, cosigned };
        let checkpoint = Checkpoint::make(&self.school, said, &self.device.seat.sign);
        self.watch.name(&checkpoint);
        self.watch.cosigned.extend(contents);
        self.add_own_records(vec![(Section::CHECKPOINTS, Record::Checkpoint(Box::new(checkpoint)))])?;
        Ok(true)
    }

    /// Since when a new seat speaks: later than all that this device is known to have said by its seats so far, though
    /// the clock was ahead then. So the newest seat is the one that began last, and no two of them overlap.
    fn first_since(&self, now: Moment) -> Moment {
        let me = self.device();
        let so_far = self.checkpoints_of(&me).map(|one| one.said.at.utc_ms.max(one.said.since.utc_ms));
        let after = so_far.max().map_or(now.utc_ms, |last| last.saturating_add(1));
        Moment { utc_ms: now.utc_ms.max(after), ..now }
    }

    /// The sections of which something may be said: none of cases, and those that every device of the school may hold.
    fn told(&self) -> BTreeSet<Section> {
        let devices: Vec<DeviceId> = self.view.devices().filter(|device| self.view.is_enrolled(device)).collect();
        let mut told: BTreeSet<Section> = self.logs.values().map(|state| state.descriptor.section).collect();
        told.retain(|section| {
            self.rule(section.compartment.area) != KeyRule::Case
                && devices.iter().all(|device| self.view.may_hold(device, &section.compartment))
        });
        told
    }

    /// What this device holds of what is told: of each section a digest, and where its own logs end. What there is no
    /// room for lies under one digest.
    fn held_now(&self, room: usize) -> (Vec<HeldSection>, [u8; 32]) {
        let mut all: BTreeMap<Section, Vec<Ends<'_>>> = BTreeMap::new();
        let told = self.told();
        let is_told = |state: &LogState| !state.heads.is_empty() && told.contains(&state.descriptor.section);
        for (log, state) in self.logs.iter().filter(|(_, state)| is_told(state)) {
            let own = self.device_of(&state.descriptor.seat) == Some(self.device());
            all.entry(state.descriptor.section).or_default().push((log, &state.heads, own));
        }
        let mut sections: Vec<HeldSection> = all
            .into_iter()
            .map(|(section, logs)| {
                let heads: Vec<_> = logs.iter().map(|(log, heads, _)| (log, heads)).collect();
                let digest = hash("muster 1 frontier digest", &[&codec::encode(&heads)]);
                let own = logs.iter().filter(|(.., own)| *own);
                HeldSection { section, digest, own: own.map(|(log, heads, _)| (**log, (*heads).clone())).collect() }
            })
            .collect();
        // The newest years first, those with logs of this device before others.
        sections.sort_by_key(|held| (Reverse(held.section.year), held.own.is_empty(), held.section));
        let (mut bytes, mut named, mut rest) = (0, Vec::new(), Vec::new());
        for held in sections {
            bytes += codec::encode(&held).len();
            if bytes <= room { named.push(held) } else { rest.push((held.section, held.digest)) }
        }
        named.sort_by_key(|held| held.section);
        rest.sort_unstable();
        let rest = if rest.is_empty() { [0; 32] } else { hash("muster 1 frontier digest", &[&codec::encode(&rest)]) };
        (named, rest)
    }

    /// Whether a log of this device is longer than it said; where not all are named, whether anything is.
    fn own_grew(&self, mine: &Checkpoint) -> bool {
        if mine.said.rest != [0; 32] {
            let (held, rest) = self.held_now(ROOM);
            return (&held, &rest) != (&mine.said.held, &mine.said.rest);
        }
        let said: BTreeSet<(&LogId, &Head)> = mine.said.own().map(|(_, log, head)| (log, head)).collect();
        let told = self.told();
        let mut own = self.logs.iter().filter(|(_, state)| {
            told.contains(&state.descriptor.section) && self.device_of(&state.descriptor.seat) == Some(self.device())
        });
        own.any(|(log, state)| state.heads.iter().any(|head| !said.contains(&(log, head))))
    }

    /// Whether all is held here of what another says it wrote: nothing lacks, and there is nothing that may not be here.
    fn holds_all_of(&self, said: &Said) -> bool {
        self.may_hold_all(&self.device(), said)
            && self.lacking_of(said).next().is_none()
            && said.own().all(|(_, log, head)| !self.is_damaged_under(log, head))
    }

    fn may_hold_all(&self, device: &DeviceId, said: &Said) -> bool {
        said.own().all(|(section, ..)| self.view.may_hold(device, &section.compartment))
    }

    /// The ends that a checkpoint names of its own device's logs and that are not held here, though they may be.
    pub(super) fn lacking_of<'a>(&'a self, said: &'a Said) -> impl Iterator<Item = (&'a Section, &'a LogId, &'a Head)> {
        let me = self.device();
        let mine = move |section: &Section| self.view.may_hold(&me, &section.compartment);
        let lacks = |log: &LogId, head: &Head| !self.has_head(log, head).unwrap_or(true);
        said.own().filter(move |(section, ..)| mine(section)).filter(move |(_, log, head)| lacks(log, head))
    }

    /// The checkpoints of other devices that this one cosigns now, and what each of them said it held.
    fn cosigns(&self) -> (Vec<Cosigned>, Vec<(SeatId, [u8; 32])>) {
        let me = self.device();
        let others = self.checkpoints().filter(|one| self.device_of(&one.said.seat).is_some_and(|device| device != me));
        let whole: Vec<_> =
            others.filter(|one| self.holds_all_of(&one.said)).take(limits::CHECKPOINT_COSIGNED).collect();
        let cosign = |one: &&Checkpoint| Cosigned { seat: one.said.seat, number: one.said.number, name: one.name() };
        let mut cosigned: Vec<Cosigned> = whole.iter().map(cosign).collect();
        cosigned.sort_unstable();
        (cosigned, whole.iter().map(|one| (one.said.seat, one.said.content())).collect())
    }

    /// Whether another device said something new, beyond that it is alive, that this one did not cosign yet and can.
    fn could_cosign_more(&self, mine: &Checkpoint) -> bool {
        let (cosigned, contents) = self.cosigns();
        let done: BTreeSet<_> = mine.said.cosigned.iter().map(|one| one.name).collect();
        let contents: BTreeMap<SeatId, [u8; 32]> = contents.into_iter().collect();
        cosigned
            .iter()
            .any(|one| !done.contains(&one.name) && self.watch.cosigned.get(&one.seat) != contents.get(&one.seat))
    }

    /// Leaves out of what somebody sent what is no checkpoint of a device of the school, or not its latest; and notes
    /// what those that are show.
    pub(super) fn fit_checkpoints(&mut self, records: Vec<(Section, Record)>) -> Vec<(Section, Record)> {
        if !records.iter().any(|(section, record)| {
            section.compartment.area == Area::CHECKPOINTS || matches!(record, Record::Checkpoint(_))
        }) {
            return records;
        }
        let mut kept = Vec::new();
        let mut latest: BTreeMap<SeatId, Box<Checkpoint>> = BTreeMap::new();
        for (section, record) in records {
            match record {
                Record::Checkpoint(checkpoint) => {
                    if section != Section::CHECKPOINTS || !self.is_sound(&checkpoint) || !self.is_later(&checkpoint) {
                        continue;
                    }
                    let known = latest.entry(checkpoint.said.seat).or_insert_with(|| checkpoint.clone());
                    if known.order() < checkpoint.order() {
                        *known = checkpoint;
                    }
                }
                other if section.compartment.area != Area::CHECKPOINTS => kept.push((section, other)),
                _ => {}
            }
        }
        // Those of seats beyond the limit are as if they had never come, whoever sent how many.
        let held = self.checkpoints().filter(|one| !latest.contains_key(&one.said.seat));
        let seats = self.kept_seats(held.chain(latest.values().map(Box::as_ref)));
        latest.retain(|seat, _| seats.contains(seat));
        self.watch.keep_only(&seats);
        self.note_checkpoints(latest.values().map(Box::as_ref));
        kept.extend(latest.into_values().map(|one| (Section::CHECKPOINTS, Record::Checkpoint(one))));
        kept
    }

    fn is_sound(&self, checkpoint: &Checkpoint) -> bool {
        let seated = self.view.seats.get(&checkpoint.said.seat);
        let key = |seat: &crate::authority::view::Seated| -> Option<PublicSign> {
            (seat.person.is_none() && self.view.was_enrolled(&seat.device)).then_some(seat.key)
        };
        seated.and_then(key).is_some_and(|key| checkpoint.holds(&self.school, &key))
    }

    /// Whether a checkpoint that is sound is later than what is held of its seat; and whether one of them is a copy's.
    fn is_later(&mut self, checkpoint: &Checkpoint) -> bool {
        let Some(device) = self.device_of(&checkpoint.said.seat) else { return false };
        let known = self.checkpoint_of(&checkpoint.said.seat).cloned();
        self.look_for_a_copy(device, known.as_ref(), checkpoint);
        known.is_none_or(|known| known.order() < checkpoint.order())
    }

    /// Takes note of checkpoints, the latest of their seats.
    fn note_checkpoints<'a>(&mut self, latest: impl Iterator<Item = &'a Checkpoint>) {
        // Worked out once, however many come at once.
        let mut ours: Option<BTreeMap<Section, [u8; 32]>> = None;
        for checkpoint in latest {
            let Some(device) = self.device_of(&checkpoint.said.seat) else { continue };
            self.watch.name(checkpoint);
            let ours = ours.get_or_insert_with(|| {
                let (ours, _) = self.held_now(usize::MAX);
                ours.into_iter().map(|one| (one.section, one.digest)).collect()
            });
            self.count_holders(device, checkpoint, ours);
            self.note_lacking(checkpoint);
        }
    }

    /// What a checkpoint shows of what its device holds is as good as its acknowledgement: of its own logs, and of what
    /// it cosigns. That it names another's log shows nothing.
    fn count_holders(&mut self, device: DeviceId, checkpoint: &Checkpoint, ours: &BTreeMap<Section, [u8; 32]>) {
        let is_its_own = |log: &LogId, head: &Head| {
            let state = self.logs.get(log);
            state.is_some_and(|state| self.device_of(&state.descriptor.seat) == Some(device))
                && self.has_head(log, head).unwrap_or(false)
        };
        let own = checkpoint.said.own().filter(|(_, log, head)| is_its_own(log, head));
        let own: Vec<(LogId, u64)> = own.map(|(_, log, head)| (*log, head.length)).collect();
        let same = checkpoint.said.held.iter().filter(|held| ours.get(&held.section) == Some(&held.digest));
        let same: BTreeSet<Section> = same.map(|held| held.section).collect();
        let mut more = Vec::new();
        for cosigned in &checkpoint.said.cosigned {
            for (section, log, head) in self.watch.named(cosigned) {
                if self.view.may_hold(&device, &section.compartment) && self.has_head(log, head).unwrap_or(false) {
                    more.push((*log, head.length));
                }
            }
        }
        own.into_iter().chain(more).for_each(|(log, length)| self.acknowledge(device, log, length));
        self.acknowledge_sections(device, &same);
    }

    /// The checkpoints that a later one of their seat has taken the place of, and those of seats beyond the limit.
    pub(super) fn gone_checkpoints(&self, section: &Section) -> Vec<RecordId> {
        if *section != Section::CHECKPOINTS {
            return Vec::new();
        }
        let mut of: BTreeMap<SeatId, Vec<_>> = BTreeMap::new();
        for (id, record) in self.sealed.section(section) {
            let Record::Checkpoint(one) = record else { continue };
            if self.device_of(&one.said.seat).is_some() {
                of.entry(one.said.seat).or_default().push((one.order(), *id, one.as_ref()));
            }
        }
        let (mut gone, mut latest) = (Vec::new(), Vec::new());
        for mut said in of.into_values() {
            said.sort_unstable_by_key(|(order, ..)| *order);
            latest.extend(said.pop());
            gone.extend(said.into_iter().map(|(_, id, _)| id));
        }
        let kept = self.kept_seats(latest.iter().map(|(.., one)| *one));
        gone.extend(latest.iter().filter(|(.., one)| !kept.contains(&one.said.seat)).map(|(_, id, _)| *id));
        gone
    }

    /// Of seats with these checkpoints, those that are kept: of each device the few that began last. Since when a seat
    /// speaks does not change, so all devices keep the same.
    fn kept_seats<'a>(&self, latest: impl Iterator<Item = &'a Checkpoint>) -> BTreeSet<SeatId> {
        let mut of: BTreeMap<DeviceId, BTreeSet<Reverse<(i64, SeatId)>>> = BTreeMap::new();
        for Said { seat, since, .. } in latest.map(|one| &one.said) {
            if let Some(device) = self.device_of(seat) {
                of.entry(device).or_default().insert(Reverse((since.utc_ms, *seat)));
            }
        }
        let newest = of.into_values().flat_map(|seats| seats.into_iter().take(limits::CHECKPOINT_SEATS));
        newest.map(|Reverse((_, seat))| seat).collect()
    }
}

//! Making checkpoints, taking those of others, and what they show: see [`crate::checkpoint`].
//!
//! Each device's latest counts, on every replica and in whatever order they come; those before it are let go. A device
//! says something new once a day though nothing happened, and at most once an hour where its own logs grew, or where it
//! has come to hold all that another says it wrote: so two devices that met cosign each other by themselves.
//!
//! Each part is for certain devices ([`View::may_hold`](crate::authority::view::View::may_hold)), and whatever is said
//! in it each of them reads: so nothing is said of cases, nor of a section of the place that one of them may not hold.
//! Who writes how much there is for its holders alone, and its ends are not watched. A device that keeps nothing, as
//! one at a door, gives its sign of life, is told nothing, and narrows nothing; of what it posts it tells the ends to
//! those who keep it.

use super::records::RecordsError;
use super::store::Store;
use super::{Context, LogState, Replica};
use crate::checkpoint::{Checkpoint, Cosigned, HeldSection, Said};
use crate::codec;
use crate::crypto::hash::hash;
use crate::crypto::sign::PublicSign;
use crate::id::{DeviceId, LogId, SeatId, Section};
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
    /// The latest checkpoint of each seat that made one, of each part that is for this device, with the section that
    /// it is kept in.
    pub fn checkpoints(&self) -> impl Iterator<Item = (Section, &Checkpoint)> {
        let parts = self.sealed.sections().filter(|section| section.compartment.area.is_of_checkpoints());
        parts.flat_map(|part| self.checkpoints_in(part).map(move |one| (*part, one)))
    }

    fn checkpoints_in(&self, part: &Section) -> impl Iterator<Item = &Checkpoint> {
        self.sealed.section(part).filter_map(|(_, record)| match record {
            Record::Checkpoint(checkpoint) => Some(checkpoint.as_ref()),
            _ => None,
        })
    }

    /// When a device last said what it holds, by its own clock and as far as it has come here by whatever way.
    pub fn last_said(&self, device: &DeviceId) -> Option<Moment> {
        self.checkpoints_of(device).map(|(_, one)| one.said.at).max_by_key(|at| at.utc_ms)
    }

    /// Who cosigned all that a device says it holds: the latest of each of its places, each section of which they may
    /// hold. Of a device that says nothing of any place, who cosigned its sign of life.
    pub fn cosigners(&self, device: &DeviceId) -> BTreeSet<DeviceId> {
        let newest = self.checkpoints_of(device).max_by_key(|(_, one)| (one.said.since.utc_ms, one.said.seat));
        let Some(seat) = newest.map(|(_, one)| one.said.seat) else { return BTreeSet::new() };
        let said = self.checkpoints().filter(|(_, one)| one.said.seat == seat);
        let (of_places, of_life): (Vec<_>, Vec<_>) = said.partition(|(part, _)| part.is_part());
        let said = if of_places.is_empty() { of_life } else { of_places };
        let signers = said.into_iter().map(|(part, said)| {
            let by = self.signers_of(&part, said).filter_map(|one| self.device_of(&one.said.seat));
            by.filter(|by| self.may_hold_all(by, &said.said)).collect::<BTreeSet<DeviceId>>()
        });
        signers.reduce(|all, some| all.intersection(&some).copied().collect()).unwrap_or_default()
    }

    pub(super) fn checkpoints_of(&self, device: &DeviceId) -> impl Iterator<Item = (Section, &Checkpoint)> {
        let device = *device;
        self.checkpoints().filter(move |(_, one)| self.device_of(&one.said.seat) == Some(device))
    }

    pub(super) fn checkpoint_of(&self, part: &Section, seat: &SeatId) -> Option<&Checkpoint> {
        self.checkpoints_in(part).find(|one| one.said.seat == *seat)
    }

    /// Those of a part that cosign one of a seat.
    pub(super) fn signers_of(&self, part: &Section, of: &Checkpoint) -> impl Iterator<Item = &Checkpoint> {
        let (seat, name) = (of.said.seat, of.name());
        let signs = move |one: &&Checkpoint| one.said.cosigned.iter().any(|it| it.seat == seat && it.name == name);
        self.checkpoints_in(part).filter(signs)
    }

    pub(super) fn device_of(&self, seat: &SeatId) -> Option<DeviceId> {
        self.view.seats.get(seat).map(|seated| seated.device)
    }

    /// Whether this device has something to say: it is another day, or an hour has passed and something changed.
    pub fn is_checkpoint_due(&self, now: Moment) -> bool {
        let parts = self.own_parts();
        parts.iter().any(|part| self.is_part_due(part, now))
    }

    /// The parts in which this device has anything to say: that it is there, and what it holds of places.
    fn own_parts(&self) -> BTreeSet<Section> {
        let (me, seat) = (self.device(), self.device_seat());
        if !self.view.is_enrolled(&me) || !self.view.seats.contains_key(&seat) || self.is_past(&seat) {
            return BTreeSet::new();
        }
        let places = self.sections.iter().map(|section| Section::part(section.compartment.place));
        let said = self.checkpoints().filter(|(_, one)| one.said.seat == seat).map(|(part, _)| part);
        let mut parts: BTreeSet<Section> = places.chain(said).collect();
        parts.retain(|part| self.view.may_hold(&me, &part.compartment) || self.view.may_post(&me, &part.compartment));
        parts.insert(Section::CHECKPOINTS);
        parts
    }

    fn is_part_due(&self, part: &Section, now: Moment) -> bool {
        let Some(mine) = self.checkpoint_of(part, &self.device_seat()) else {
            // Of a place there is nothing to say before anything is there that may be told.
            return !part.is_part() || !self.held_now(part, ROOM).0.is_empty();
        };
        let since = now.utc_ms.saturating_sub(mine.said.at.utc_ms).saturating_abs();
        if mine.said.at.civil_day() != now.civil_day() {
            return true;
        }
        since >= limits::CHECKPOINT_EVERY_MS && (self.own_grew(part, mine) || self.could_cosign_more(part, mine))
    }

    /// Says what this device holds, durably, if it [is due](Replica::is_checkpoint_due). Says whether it was.
    ///
    /// # Errors
    /// When the file cannot be replaced: then nothing was said.
    pub fn checkpoint(&mut self, context: &mut Context<'_>) -> Result<bool, RecordsError> {
        self.it_is(context.now);
        let parts = self.own_parts();
        let due = parts.into_iter().filter(|part| self.is_part_due(part, context.now));
        let said: Vec<_> = due.map(|part| (part, self.say_of(&part, context.now))).collect();
        let record = |(part, (one, _)): &(Section, (Checkpoint, _))| (*part, Record::Checkpoint(Box::new(one.clone())));
        let records: Vec<(Section, Record)> = said.iter().map(record).collect();
        if records.is_empty() {
            return Ok(false);
        }
        self.add_own_records(records)?;
        for (part, (checkpoint, contents)) in said {
            self.watch.name(&part, &checkpoint);
            self.watch.cosigned.extend(contents.into_iter().map(|(seat, content)| ((part, seat), content)));
        }
        Ok(true)
    }

    /// What this device says now in a part, and what each of those said it held that it cosigns there.
    fn say_of(&self, part: &Section, now: Moment) -> (Checkpoint, Vec<(SeatId, [u8; 32])>) {
        let seat = self.device_seat();
        let mine = self.checkpoint_of(part, &seat);
        let before = mine.map(|one| (one.said.number, one.said.since));
        let recent = mine.iter().flat_map(|one| [one.name()].into_iter().chain(one.said.recent.iter().copied()));
        let recent = recent.take(limits::CHECKPOINT_RECENT).collect();
        let (cosigned, contents) = self.cosigns(part);
        let (held, rest) = self.held_now(part, ROOM);
        let number = before.map_or(0, |(number, _)| number).saturating_add(1);
        let since = before.map_or_else(|| self.first_since(now), |(_, since)| since);
        let said = Said { seat, number, at: now, since, recent, held, rest, cosigned };
        (Checkpoint::make(&self.school, part, said, &self.device.seat.sign), contents)
    }

    /// Since when a new seat speaks: later than all that this device is known to have said by its seats so far, though
    /// the clock was ahead then. So the newest seat is the one that began last, and no two of them overlap.
    fn first_since(&self, now: Moment) -> Moment {
        let me = self.device();
        let so_far = self.checkpoints_of(&me).map(|(_, one)| one.said.at.utc_ms.max(one.said.since.utc_ms));
        let after = so_far.max().map_or(now.utc_ms, |last| last.saturating_add(1));
        Moment { utc_ms: now.utc_ms.max(after), ..now }
    }

    /// The sections of which something is said in a part: to every device, the authority area; of a place, none of
    /// cases, and those that each device may hold that is told of the place.
    fn told(&self, part: &Section) -> BTreeSet<Section> {
        if !part.is_part() {
            return [Section::AUTHORITY].into();
        }
        let devices = self.view.devices().filter(|device| self.view.may_hold(device, &part.compartment));
        let devices: Vec<DeviceId> = devices.collect();
        let mut told = self.sections.clone();
        told.retain(|Section { compartment, .. }| {
            compartment.place == part.compartment.place
                && !compartment.area.is_reserved()
                && self.rule(compartment.area) != KeyRule::Case
                && devices.iter().all(|device| self.view.may_hold(device, compartment))
        });
        told
    }

    /// What this device holds of what is told in a part: of each section a digest, and where its own logs end. What there is no
    /// room for lies under one digest.
    fn held_now(&self, part: &Section, room: usize) -> (Vec<HeldSection>, [u8; 32]) {
        let mut all: BTreeMap<Section, Vec<Ends<'_>>> = BTreeMap::new();
        let told = self.told(part);
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
    fn own_grew(&self, part: &Section, mine: &Checkpoint) -> bool {
        if mine.said.rest != [0; 32] {
            let (held, rest) = self.held_now(part, ROOM);
            return (&held, &rest) != (&mine.said.held, &mine.said.rest);
        }
        let said: BTreeSet<(&LogId, &Head)> = mine.said.own().map(|(_, log, head)| (log, head)).collect();
        let told = self.told(part);
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

    /// The checkpoints of other devices that this one cosigns now in a part, and what each of them said it held.
    fn cosigns(&self, part: &Section) -> (Vec<Cosigned>, Vec<(SeatId, [u8; 32])>) {
        let me = self.device();
        let others = self.checkpoints_in(part);
        let others = others.filter(|one| self.device_of(&one.said.seat).is_some_and(|device| device != me));
        let whole: Vec<_> =
            others.filter(|one| self.holds_all_of(&one.said)).take(limits::CHECKPOINT_COSIGNED).collect();
        let cosign = |one: &&Checkpoint| Cosigned { seat: one.said.seat, number: one.said.number, name: one.name() };
        let mut cosigned: Vec<Cosigned> = whole.iter().map(cosign).collect();
        cosigned.sort_unstable();
        (cosigned, whole.iter().map(|one| (one.said.seat, one.said.content())).collect())
    }

    /// Whether another device said something new, beyond that it is alive, that this one did not cosign yet and can.
    fn could_cosign_more(&self, part: &Section, mine: &Checkpoint) -> bool {
        let (cosigned, contents) = self.cosigns(part);
        let done: BTreeSet<_> = mine.said.cosigned.iter().map(|one| one.name).collect();
        let contents: BTreeMap<SeatId, [u8; 32]> = contents.into_iter().collect();
        cosigned.iter().any(|one| {
            !done.contains(&one.name) && self.watch.cosigned.get(&(*part, one.seat)) != contents.get(&one.seat)
        })
    }

    /// Leaves out of what somebody sent what is no checkpoint of a device of the school, or not its latest; and notes
    /// what those that are show.
    pub(super) fn fit_checkpoints(&mut self, records: Vec<(Section, Record)>) -> Vec<(Section, Record)> {
        if !records.iter().any(|(section, record)| {
            section.compartment.area.is_of_checkpoints() || matches!(record, Record::Checkpoint(_))
        }) {
            return records;
        }
        let mut kept = Vec::new();
        let mut parts: BTreeMap<Section, BTreeMap<SeatId, Box<Checkpoint>>> = BTreeMap::new();
        for (section, record) in records {
            match record {
                Record::Checkpoint(checkpoint) => {
                    if !self.is_sound(&section, &checkpoint) || !self.is_later(&section, &checkpoint) {
                        continue;
                    }
                    let latest = parts.entry(section).or_default();
                    let known = latest.entry(checkpoint.said.seat).or_insert_with(|| checkpoint.clone());
                    if known.order() < checkpoint.order() {
                        *known = checkpoint;
                    }
                }
                other if !section.compartment.area.is_of_checkpoints() => kept.push((section, other)),
                _ => {}
            }
        }
        // Those of seats beyond the limit are as if they had never come, whoever sent how many.
        for (part, mut latest) in parts {
            let held = self.checkpoints_in(&part).filter(|one| !latest.contains_key(&one.said.seat));
            let seats = self.kept_seats(held.chain(latest.values().map(Box::as_ref)));
            latest.retain(|seat, _| seats.contains(seat));
            self.watch.keep_only(&part, &seats);
            self.note_checkpoints(&part, latest.values().map(Box::as_ref));
            kept.extend(latest.into_values().map(|one| (part, Record::Checkpoint(one))));
        }
        kept
    }

    fn is_sound(&self, part: &Section, checkpoint: &Checkpoint) -> bool {
        let seated = self.view.seats.get(&checkpoint.said.seat);
        let key = |seat: &crate::authority::view::Seated| -> Option<PublicSign> {
            (seat.person.is_none() && self.view.was_enrolled(&seat.device)).then_some(seat.key)
        };
        seated.and_then(key).is_some_and(|key| checkpoint.holds(&self.school, part, &key))
    }

    /// Whether a checkpoint that is sound is later than what is held of its seat; and whether one of them is a copy's.
    fn is_later(&mut self, part: &Section, checkpoint: &Checkpoint) -> bool {
        let Some(device) = self.device_of(&checkpoint.said.seat) else { return false };
        let known = self.checkpoint_of(part, &checkpoint.said.seat).cloned();
        self.look_for_a_copy(device, known.as_ref(), checkpoint);
        known.is_none_or(|known| known.order() < checkpoint.order())
    }

    /// Takes note of checkpoints of a part, the latest of their seats.
    fn note_checkpoints<'a>(&mut self, part: &Section, latest: impl Iterator<Item = &'a Checkpoint>) {
        // Worked out once, however many come at once.
        let mut ours: Option<BTreeMap<Section, [u8; 32]>> = None;
        for checkpoint in latest {
            let Some(device) = self.device_of(&checkpoint.said.seat) else { continue };
            self.watch.name(part, checkpoint);
            let ours = ours.get_or_insert_with(|| {
                let (ours, _) = self.held_now(part, usize::MAX);
                ours.into_iter().map(|one| (one.section, one.digest)).collect()
            });
            self.count_holders(part, device, checkpoint, ours);
            self.note_lacking(part, checkpoint);
        }
    }

    /// What a checkpoint shows of what its device holds is as good as its acknowledgement: of its own logs, and of what
    /// it cosigns. That it names another's log shows nothing.
    fn count_holders(
        &mut self,
        part: &Section,
        device: DeviceId,
        checkpoint: &Checkpoint,
        ours: &BTreeMap<Section, [u8; 32]>,
    ) {
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
            for (section, log, head) in self.watch.named(part, cosigned) {
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
        if !section.compartment.area.is_of_checkpoints() {
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

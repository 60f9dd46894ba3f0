//! What does not come, comes back shorter, or seems to be there twice: worked out from checkpoints and what is held.
//!
//! Nothing here holds anybody back or changes what counts. A device that was put away for a week raises no alarm: what
//! it wrote it also did not say. Times here are of this device's own clock, but where it says otherwise.

use super::Replica;
use super::store::{Store, StoreError};
use crate::checkpoint::{Checkpoint, CheckpointName, Cosigned};
use crate::codec;
use crate::id::{DeviceId, LogId, SeatId, Section};
use crate::limits;
use crate::log::frontier::Head;
use crate::log::header::Descriptor;
use crate::time::Moment;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// The file that keeps it: ids and times, in clear as the authority area is.
const FILE: &str = "watch";
/// Checkpoints of one seat whose ends are remembered, for those who cosign one that is no longer the latest.
const NAMED_MOST: usize = 4;
/// What clocks may differ by.
const DAY_MS: i64 = 86_400_000;

/// Entries that a device says it wrote, and that did not come here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lacking {
    /// Which device wrote them.
    pub of: DeviceId,
    /// How many.
    pub entries: u64,
    /// When it said so, by its clock.
    pub said: Moment,
    /// Since when that is known here.
    pub since: Moment,
    /// Who said that they hold them.
    pub holders: Vec<DeviceId>,
}

/// Something that whoever looks after devices should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Alarm {
    /// What a device wrote has not come for longer than it should take.
    Lacking(Lacking),
    /// A device said that it held entries of a device, itself or another, and shows fewer since.
    Shortened {
        /// Which.
        device: DeviceId,
        /// Of which device the entries are.
        of: DeviceId,
        /// When it said that it held them, by its clock.
        said: Moment,
        /// When that was found here.
        found: Moment,
    },
    /// A device seems to be there twice: it was copied, or put back to an earlier state and used on both.
    Copied {
        /// Which; it may be this one.
        device: DeviceId,
        /// When that was found here; by its own clock where its two halves show it.
        found: Moment,
    },
    /// This device is said to have written more than it knows of: it was put back to an earlier state, or copied.
    PutBack {
        /// When it said more, by its clock then.
        said: Moment,
        /// When that was found here.
        found: Moment,
    },
}

/// Something found, as it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Found {
    what: What,
    device: DeviceId,
    of: DeviceId,
    said: Moment,
    found: Moment,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum What {
    Shortened,
    Copied,
    PutBack,
}

/// The form of the file; another is read as none.
const FORM: u8 = 2;

/// Since when something of a seat is lacking, and when it was last asked of somebody who should have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Since {
    since: Moment,
    tried: Option<Moment>,
}

/// As it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    version: u8,
    lacking: BTreeMap<Of, Since>,
    found: Vec<Found>,
}

/// What a seat says in a part.
type Of = (Section, SeatId);

/// Where a checkpoint's own logs end.
type Ends = Vec<(Section, LogId, Head)>;

/// What a replica remembers of it.
#[derive(Debug, Default)]
pub(super) struct Watch {
    now: Option<Moment>,
    lacking: BTreeMap<Of, Since>,
    found: Vec<Found>,
    unwritten: bool,
    named: BTreeMap<Of, VecDeque<(CheckpointName, Ends)>>,
    /// What each said it held whose checkpoint this device cosigned last, since the program started.
    pub(super) cosigned: BTreeMap<Of, [u8; 32]>,
}

impl Watch {
    pub(super) fn it_is(&mut self, now: Moment) {
        self.now = Some(now);
    }

    /// Remembers what a checkpoint names.
    pub(super) fn name(&mut self, part: &Section, checkpoint: &Checkpoint) {
        let name = checkpoint.name();
        let known = self.named.entry((*part, checkpoint.said.seat)).or_default();
        if known.iter().all(|(other, _)| *other != name) {
            known.push_front((
                name,
                checkpoint.said.own().map(|(section, log, head)| (*section, *log, *head)).collect(),
            ));
            known.truncate(NAMED_MOST);
        }
    }

    /// What time it is here, once it was said.
    pub(super) fn now(&self) -> Option<Moment> {
        self.now
    }

    /// Where the logs ended that a cosigned checkpoint names, if that is remembered.
    pub(super) fn named(&self, part: &Section, cosigned: &Cosigned) -> &[(Section, LogId, Head)] {
        let of_seat = self.named.get(&(*part, cosigned.seat)).into_iter().flatten();
        let mut named = of_seat.filter(|(name, _)| *name == cosigned.name);
        named.next().map_or(&[], |(_, ends)| ends.as_slice())
    }

    /// Forgets what other seats than these said in a part: nothing is kept of them.
    pub(super) fn keep_only(&mut self, part: &Section, seats: &BTreeSet<SeatId>) {
        let before = self.lacking.len();
        let keeps = |(of, seat): &Of| of != part || seats.contains(seat);
        self.lacking.retain(|of, _| keeps(of));
        self.unwritten |= self.lacking.len() < before;
        self.named.retain(|of, _| keeps(of));
        self.cosigned.retain(|of, _| keeps(of));
    }

    fn find(&mut self, what: What, device: DeviceId, of: DeviceId, said: Moment) {
        let Some(found) = self.now else { return };
        let same = |one: &&mut Found| (one.what, one.device, one.of) == (what, device, of);
        match self.found.iter_mut().find(same) {
            // Since when is what was found first, as long as it stays.
            Some(known) if is_recent(known.found, found) => {
                self.unwritten |= known.said != said;
                known.said = said;
            }
            Some(known) => {
                *known = Found { what, device, of, said, found };
                self.unwritten = true;
            }
            None => {
                if self.found.len() >= limits::ALARMS {
                    self.found.remove(0);
                }
                self.found.push(Found { what, device, of, said, found });
                self.unwritten = true;
            }
        }
    }
}

/// Whether something that was found then is still to be said now.
fn is_recent(found: Moment, now: Moment) -> bool {
    now.civil_day().saturating_sub(found.civil_day()) < limits::ALARM_DAYS
}

impl<S: Store> Replica<S> {
    /// What whoever looks after devices should know at this moment, the latest found first.
    pub fn alarms(&self, now: Moment) -> Vec<Alarm> {
        let mut all: Vec<(i64, Alarm)> =
            self.late().into_iter().map(|one| (one.since.utc_ms, Alarm::Lacking(one))).collect();
        for Found { what, device, of, said, found } in &self.watch.found {
            if !is_recent(*found, now) {
                continue;
            }
            let (device, of, said, found) = (*device, *of, *said, *found);
            let alarm = match what {
                What::Shortened => Alarm::Shortened { device, of, said, found },
                What::Copied => Alarm::Copied { device, found },
                What::PutBack => Alarm::PutBack { said, found },
            };
            all.push((found.utc_ms, alarm));
        }
        let known: BTreeSet<DeviceId> = all.iter().filter_map(|(_, one)| copied(one)).collect();
        for (device, found) in self.two_at_once() {
            if !known.contains(&device) && is_recent(found, now) {
                all.push((found.utc_ms, Alarm::Copied { device, found }));
            }
        }
        all.sort_by_key(|(found, _)| std::cmp::Reverse(*found));
        all.into_iter().map(|(_, alarm)| alarm).collect()
    }

    /// A device is connected from two places at once, as whoever carries its frames sees.
    ///
    /// # Errors
    /// When that cannot be kept: it is known until the program ends.
    pub fn note_twice(&mut self, device: DeviceId, now: Moment) -> Result<(), StoreError> {
        self.it_is(now);
        self.watch.find(What::Copied, device, device, now);
        self.keep_watch()
    }

    /// What devices say they wrote and has not come, whether or not that is long ago.
    pub fn lacking(&self) -> Vec<Lacking> {
        self.watch.lacking.iter().filter_map(|(of, since)| self.lacking_by(of, since)).collect()
    }

    fn late(&self) -> Vec<Lacking> {
        let late = |since: &Since| {
            let tried = since.tried.map_or(i64::MIN, |tried| tried.utc_ms);
            tried.saturating_sub(since.since.utc_ms) >= limits::WITHHELD_AFTER_MS
        };
        let late = self.watch.lacking.iter().filter(|(_, since)| late(since));
        late.filter_map(|(of, since)| self.lacking_by(of, since)).collect()
    }

    fn lacking_by(&self, (part, seat): &Of, since: &Since) -> Option<Lacking> {
        let checkpoint = self.checkpoint_of(part, seat)?;
        let length = |log: &LogId| self.logs.get(log).map_or(0, super::LogState::length);
        // Of the same length and another: a fork's other branch, at least one entry.
        let each =
            self.lacking_of(&checkpoint.said).map(|(_, log, head)| head.length.saturating_sub(length(log)).max(1));
        let entries: u64 = each.sum();
        let of = self.device_of(seat)?;
        let signers = self.signers_of(part, checkpoint);
        let mut holders: Vec<DeviceId> = signers.filter_map(|one| self.device_of(&one.said.seat)).collect();
        holders.retain(|device| {
            self.lacking_of(&checkpoint.said).any(|(section, ..)| self.view.may_hold(device, &section.compartment))
        });
        (entries > 0).then_some(Lacking { of, entries, said: checkpoint.said.at, since: since.since, holders })
    }

    /// Devices of which two seats went on at once, and until when, by the device's clock. A device that was put back
    /// begins another seat and goes on with that alone.
    fn two_at_once(&self) -> Vec<(DeviceId, Moment)> {
        let mut found = Vec::new();
        let devices: BTreeSet<DeviceId> =
            self.checkpoints().filter_map(|(_, one)| self.device_of(&one.said.seat)).collect();
        for device in devices {
            // A clock that was ahead says nothing of when its seat ended: the next one begins before that.
            let past = |at: Moment| self.watch.now.is_none_or(|now| at.utc_ms <= now.utc_ms.saturating_add(DAY_MS));
            // From the first to the last that a seat says, in whatever part.
            let mut seats: BTreeMap<SeatId, (Moment, Moment)> = BTreeMap::new();
            for (_, Checkpoint { said, .. }) in self.checkpoints_of(&device).filter(|(_, one)| past(one.said.at)) {
                let (since, at) = seats.entry(said.seat).or_insert((said.since, said.at));
                *since = if said.since.utc_ms < since.utc_ms { said.since } else { *since };
                *at = if said.at.utc_ms > at.utc_ms { said.at } else { *at };
            }
            let said: Vec<_> = seats.into_values().collect();
            let pairs =
                said.iter().enumerate().flat_map(|(at, left)| said.iter().skip(at + 1).map(move |right| (left, right)));
            let both = pairs.filter(|((a, b), (c, d))| a.utc_ms < d.utc_ms && c.utc_ms < b.utc_ms);
            let until = both.map(|((_, b), (_, d))| if b.utc_ms < d.utc_ms { *b } else { *d });
            found.extend(until.max_by_key(|at| at.utc_ms).map(|at| (device, at)));
        }
        found
    }

    /// Notes what a checkpoint names and is not held here.
    pub(super) fn note_lacking(&mut self, part: &Section, checkpoint: &Checkpoint) {
        let of = (*part, checkpoint.said.seat);
        let lacks = self.lacking_of(&checkpoint.said).next().is_some();
        match (lacks, self.watch.now) {
            (true, Some(now)) => {
                if self.watch.lacking.len() < limits::LACKING && !self.watch.lacking.contains_key(&of) {
                    self.watch.lacking.insert(of, Since { since: now, tried: None });
                    self.watch.unwritten = true;
                }
            }
            (false, _) => self.watch.unwritten |= self.watch.lacking.remove(&of).is_some(),
            (true, None) => {}
        }
    }

    /// This device and another were seen to hold the same of all that both may hold: what the other said it held and is
    /// not here, it does not hold any more, or keeps back.
    pub(crate) fn agreed_with(&mut self, peer: &DeviceId) {
        if let Some(now) = self.watch.now {
            self.note_agreed(peer, now);
        }
        self.asked_of(peer);
        let mut shorter = Vec::new();
        for (part, seat) in self.watch.lacking.keys() {
            let (Some(checkpoint), Some(of)) = (self.checkpoint_of(part, seat), self.device_of(seat)) else { continue };
            let mut lacking = self.lacking_of(&checkpoint.said);
            if !lacking.any(|(section, ..)| self.view.may_hold(peer, &section.compartment)) {
                continue;
            }
            if of == *peer {
                shorter.push((of, checkpoint.said.at));
            }
            let signers = self.signers_of(part, checkpoint);
            let by_peer = signers.filter(|one| self.device_of(&one.said.seat) == Some(*peer));
            shorter.extend(by_peer.map(|one| (of, one.said.at)));
        }
        shorter.into_iter().for_each(|(of, said)| self.watch.find(What::Shortened, *peer, of, said));
    }

    /// A device that should have what is lacking was there, and nothing more came of it.
    pub(crate) fn asked_of(&mut self, peer: &DeviceId) {
        let Some(now) = self.watch.now else { return };
        let lacking: Vec<Of> = self.watch.lacking.keys().copied().collect();
        for key @ (part, seat) in lacking {
            let Some(checkpoint) = self.checkpoint_of(&part, &seat) else { continue };
            let (mut any, mut of_peer) = (false, false);
            for (section, ..) in self.lacking_of(&checkpoint.said) {
                any = true;
                of_peer |= self.view.may_hold(peer, &section.compartment);
            }
            if !any {
                self.watch.lacking.remove(&key);
                self.watch.unwritten = true;
            } else if of_peer && let Some(since) = self.watch.lacking.get_mut(&key) {
                since.tried = Some(now);
            }
        }
    }

    /// A device shows what it holds of a section: its own logs must reach as far as it said before this meeting.
    pub(crate) fn look_at_shown(
        &mut self,
        peer: &DeviceId,
        section: &Section,
        logs: &[(Descriptor, Vec<Head>)],
        met_at: Option<Moment>,
    ) {
        let Some(met_at) = met_at else { return };
        if !self.view.may_hold(peer, &section.compartment) || !self.view.may_hold(&self.device(), &section.compartment)
        {
            return;
        }
        let mut shorter = Vec::new();
        let mut shown: Option<BTreeMap<LogId, u64>> = None;
        for (_, checkpoint) in self.checkpoints_of(peer) {
            if checkpoint.said.at.utc_ms > met_at.utc_ms {
                continue;
            }
            let of_log = |(descriptor, heads): &(Descriptor, Vec<Head>)| {
                (descriptor.id(&self.school), heads.iter().map(|head| head.length).max().unwrap_or(0))
            };
            let said = checkpoint.said.own().filter(|(of, ..)| *of == section);
            for (_, log, head) in said {
                let shown = shown.get_or_insert_with(|| logs.iter().map(of_log).collect());
                if shown.get(log).is_none_or(|length| *length < head.length) {
                    shorter.push(checkpoint.said.at);
                    break;
                }
            }
        }
        shorter.into_iter().for_each(|said| self.watch.find(What::Shortened, *peer, *peer, said));
    }

    /// Two of one number, or one that the next does not go on from, were sealed by two copies of a device. One of this
    /// device that it did not make was made by what it was before it was put back, or by its copy.
    pub(super) fn look_for_a_copy(&mut self, device: DeviceId, known: Option<&Checkpoint>, new: &Checkpoint) {
        let own = new.said.seat == self.device_seat();
        let at = new.said.at;
        let Some(known) = known else {
            if own {
                self.watch.find(What::PutBack, device, device, at);
            }
            return;
        };
        let (older, newer) = if known.said.number < new.said.number { (known, new) } else { (new, known) };
        let apart = newer.said.number - older.said.number;
        let goes_on = match usize::try_from(apart).ok().and_then(|apart| apart.checked_sub(1)) {
            None => older.name() == newer.name(),
            // Further back than it names: nothing is shown.
            Some(back) => newer.said.recent.get(back).is_none_or(|name| *name == older.name()),
        };
        if !goes_on {
            self.watch.find(What::Copied, device, device, at);
        } else if own && new.said.number > known.said.number {
            self.watch.find(What::PutBack, device, device, at);
        }
    }

    pub(super) fn load_watch(&mut self) -> Result<(), StoreError> {
        // One that does not read is as none: it is found again.
        let kept = self.store.file(FILE)?.and_then(|bytes| codec::decode::<Kept>(&bytes).ok());
        if let Some(Kept { version: FORM, lacking, found }) = kept {
            (self.watch.lacking, self.watch.found) = (lacking, found);
        }
        let checkpoints: Vec<(Section, Checkpoint)> =
            self.checkpoints().map(|(part, one)| (part, one.clone())).collect();
        checkpoints.iter().for_each(|(part, one)| self.watch.name(part, one));
        self.watch.lacking.retain(|of, _| self.watch.named.contains_key(of));
        Ok(())
    }

    pub(super) fn keep_watch(&mut self) -> Result<(), StoreError> {
        if !self.watch.unwritten {
            return Ok(());
        }
        let kept = Kept { version: FORM, lacking: self.watch.lacking.clone(), found: self.watch.found.clone() };
        self.store.put_file(FILE, &codec::encode(&kept))?;
        self.watch.unwritten = false;
        Ok(())
    }
}

fn copied(alarm: &Alarm) -> Option<DeviceId> {
    if let Alarm::Copied { device, .. } = alarm { Some(*device) } else { None }
}

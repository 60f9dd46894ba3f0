//! How long a device waits that has just been let in, or was away for a term: until it knows who may do what, until it shows today's roll, until
//! somebody who signed in on it with one-time words reads today's register, and until all of a term has come.
//!
//! Schools of 240, 1,500 and 10,000 pupils with a term, a year or five years of two marks a day brought in from another
//! system, and this morning's registers taken by somebody else. Two stores on disk, no network, one side after the other:
//! the time of both is in each figure. The new device applies what came after each turn, as a connected device does.

use muster_benches::Failure;
use muster_benches::figures::{is_debug, is_trial, rounded};
use muster_benches::made::{self, Made, WEEKS_A_YEAR};
use muster_benches::memory;
use muster_benches::school::World;
use muster_core::authority::capability::{Capability, Right, Which};
use muster_core::crypto::stretch::Cost;
use muster_core::crypto::words;
use muster_core::id::{PersonId, SeatId};
use muster_core::keys::bundle::Opened;
use muster_core::replica::Replica;
use muster_core::replica::records::Records as _;
use muster_core::replica::store::Store;
use muster_core::sync::conversation::Conversation;
use muster_core::time::Moment;
use muster_school::areas;
use muster_school::calendar::{Day, Session, moment};
use muster_school::facts::documents;
use muster_school::ids::GroupId;
use muster_school::import::{self, Options};
use muster_school::known::Known;
use muster_school::office::Office;
use muster_storage::{Processors, RedbStore};
use rand::SeedableRng as _;
use std::time::Instant;

/// When each thing could be used, in seconds from the first frame.
#[derive(Default)]
struct Usable {
    authority: Option<f64>,
    roll: Option<f64>,
    signed_in: Option<f64>,
    register: Option<f64>,
    every_register: Option<f64>,
}

struct Bench {
    world: World,
    office: Replica<RedbStore>,
    head: Opened,
    known: Known,
    today: Day,
    words: String,
}

fn main() -> Result<(), Failure> {
    use Arrival::{Away, New};
    let sizes: &[(u32, u32, Arrival)] = if is_trial() {
        &[(24, 1, New), (24, 1, Away)]
    } else {
        &[
            (240, WEEKS_A_YEAR, New),
            (240, 5 * WEEKS_A_YEAR, New),
            (1_500, 13, New),
            (1_500, 13, Away),
            (1_500, 5 * WEEKS_A_YEAR, New),
            (10_000, WEEKS_A_YEAR, New),
        ]
    };
    for (pupils, weeks, arrival) in sizes {
        match made::school(if *pupils > 2_000 { 10 } else { 4 }, *pupils, *weeks)? {
            Some(school) => measure(*pupils, *weeks, *arrival, school)?,
            None => println!("{}", serde_json::json!({ "bench": "joining", "skipped": made::MISSING })),
        }
    }
    Ok(())
}

/// Where the device comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Arrival {
    /// It has just been let in and holds nothing.
    New,
    /// It held the school as it was before the first mark, and was away since.
    Away,
}

fn measure(pupils: u32, weeks: u32, arrival: Arrival, school: Made) -> Result<(), Failure> {
    let Made { people, marks, mark_count, today } = school;
    let folder = tempfile::tempdir()?;
    let mut world = World::at(moment(today, 8 * 60 + 50));
    let (office, head) = world.found(RedbStore::create(&folder.path().join("office"))?, rights(true))?;
    let mut random = rand_chacha::ChaCha20Rng::seed_from_u64(9);
    let words = words::random_words(6, &mut random).to_string();
    let taker_words = words::random_words(6, &mut random);
    let mut bench = Bench { world, office, head, known: Known::default(), today, words };
    let mut refused = bench.import(people)?;
    let place = folder.path().join("new");
    let mut away = None;
    if arrival == Arrival::Away {
        let mut device = bench.let_in(&place)?;
        bench.world.meet(&mut bench.office, &mut device)?;
        away = Some(device);
    }
    let held: u64 = away.iter().flat_map(|device| device.logs().values()).map(|log| log.length()).sum();
    // The old system's export comes in parts.
    for some in marks {
        refused += bench.import([("attendance.csv".to_owned(), some)].into())?;
    }
    bench.invite(PersonId([4; 16]), &taker_words)?;
    let words = bench.words.clone();
    bench.invite(PersonId([5; 16]), &words)?;
    bench.take_registers(&taker_words)?;
    let entries: u64 = bench.office.logs().values().map(|log| log.length()).sum();
    let mut new = match away {
        Some(device) => device,
        None => bench.let_in(&place)?,
    };
    let before = memory::begin();
    let (usable, all, (frames, wire)) = bench.join(&mut new)?;
    let memory_mb = memory::peak_since(before);
    drop(new);
    let disk = size_of(&place)?;
    let pupil_years = f64::from(pupils) * f64::from(weeks) / f64::from(WEEKS_A_YEAR);
    let shown = |at: Option<f64>| at.map(rounded);
    println!(
        "{}",
        serde_json::json!({
            "bench": "joining", "debug": is_debug(), "pupils": pupils, "weeks": weeks, "marks": mark_count, "rows_refused": refused,
            "was_away": arrival == Arrival::Away, "entries": entries - held,
            "frames": frames, "wire_bytes": wire, "memory_mb": memory_mb,
            "authority_s": shown(usable.authority), "roll_s": shown(usable.roll),
            "signed_in_s": shown(usable.signed_in), "a_register_s": shown(usable.register),
            "every_register_of_today_s": shown(usable.every_register), "all_s": rounded(all),
            "disk_bytes": disk, "disk_bytes_a_pupil_year": rounded(disk as f64 / pupil_years),
        })
    );
    let complete = usable.authority.and(usable.roll).and(usable.signed_in).and(usable.every_register);
    complete.map(drop).ok_or_else(|| "something never became usable".into())
}

/// Bytes of all files under a folder.
fn size_of(folder: &std::path::Path) -> Result<u64, Failure> {
    let mut bytes = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        bytes += if entry.file_type()?.is_dir() { size_of(&entry.path())? } else { entry.metadata()?.len() };
    }
    Ok(bytes)
}

fn rights(writes: bool) -> Vec<Capability> {
    let one = |right, area| Capability { right, area: Which::One(area), place: Which::Any };
    let mut given = vec![Capability { right: Right::Hold, area: Which::Any, place: Which::Any }];
    given.extend([one(Right::Read, areas::ROLL), one(Right::Write, areas::ROLL)]);
    if writes {
        given.push(Capability { right: Right::KeepLeads, area: Which::Any, place: Which::Any });
    }
    given.sort_unstable();
    given
}

impl Bench {
    /// Lets a device in that holds nothing yet.
    fn let_in(&mut self, place: &std::path::Path) -> Result<Replica<RedbStore>, Failure> {
        let store = RedbStore::create(place)?;
        let mut device = self.world.let_in(&mut self.office, &self.head, store, rights(false))?;
        device.share_work(&Processors);
        Ok(device)
    }

    /// Takes files in; how many rows were refused.
    fn import(&mut self, files: std::collections::BTreeMap<String, Vec<u8>>) -> Result<usize, Failure> {
        let parsed = import::read(files, self.known.school().codes());
        let seat = self.head.seat.seat;
        let mut writer = self.office.writer(seat, self.world.context()).ok_or("no seat")?;
        let report = import::apply(&mut writer, &mut self.known, parsed, Options::default())?;
        Ok(report.rejects.len())
    }

    fn invite(&mut self, person: PersonId, words: &str) -> Result<(), Failure> {
        let areas = [areas::SCHOOL, areas::PUPIL, areas::ROLL, areas::REGISTER];
        let one = |right, area| Capability { right, area: Which::One(area), place: Which::Any };
        let mut rights: Vec<Capability> = areas.iter().map(|area| one(Right::Read, *area)).collect();
        rights.extend([one(Right::Write, areas::ROLL), one(Right::Write, areas::REGISTER)]);
        rights.sort_unstable();
        let (by, mut context) = (self.head.seat.seat, self.world.context());
        self.office.grant_by_words(&by, person, 4, rights, words, Cost::TEST, &mut context)?;
        Ok(())
    }

    fn groups(&self) -> Vec<(muster_core::id::PlaceId, GroupId)> {
        self.known.school().groups.values().map(|group| (group.site, group.id)).collect()
    }

    /// This morning's registers, by somebody else.
    fn take_registers(&mut self, words: &str) -> Result<(), Failure> {
        let taker = self.office.activate(words, &mut self.world.context())?;
        for (_, group) in self.groups() {
            let mut writer = self.office.writer(taker.seat.seat, self.world.context()).ok_or("no seat")?;
            let mut office = Office::new(&mut writer, &mut self.known);
            office.mark_remaining_present(group, Session::am(self.today))?;
        }
        Ok(())
    }

    fn join(&mut self, new: &mut Replica<RedbStore>) -> Result<(Usable, f64, (usize, usize)), Failure> {
        let now = Moment::utc(self.world.now_ms);
        let mut left = Conversation::start(&mut self.office, new.device(), now);
        let mut right = Conversation::start(new, self.office.device(), now);
        let (mut usable, mut frames, mut wire, mut person) = (Usable::default(), 0, 0, None);
        let began = Instant::now();
        loop {
            let before = frames;
            while let Some(frame) = right.next(new)? {
                frames += 1;
                wire += frame.len();
                left.receive(&mut self.office, &frame, &mut self.world.context())?;
            }
            // A frame at a time, as they come over a network, and what came is applied at once.
            if let Some(frame) = left.next(&mut self.office)? {
                frames += 1;
                wire += frame.len();
                right.receive(new, &frame, &mut self.world.context())?;
            }
            let more = new.work(&mut self.world.context())?.1;
            self.look(new, &mut person, &mut usable, began)?;
            if frames == before && !more {
                break;
            }
        }
        let all = began.elapsed().as_secs_f64();
        if left.is_same() && right.is_same() {
            Ok((usable, all, (frames, wire)))
        } else {
            Err("the two devices do not hold the same".into())
        }
    }

    fn look(
        &mut self,
        new: &mut Replica<RedbStore>,
        person: &mut Option<SeatId>,
        usable: &mut Usable,
        began: Instant,
    ) -> Result<(), Failure> {
        let now = || Some(began.elapsed().as_secs_f64());
        if usable.authority.is_none() {
            if !new.view().is_enrolled(&new.device()) {
                return Ok(());
            }
            usable.authority = now();
        }
        let groups = self.groups();
        let device = new.device_seat();
        if usable.roll.is_none() {
            let Some((site, _)) = groups.first() else { return Ok(()) };
            if self.holds_as_much(new, device, &documents::roll(*site, self.today))? {
                usable.roll = now();
            }
        }
        if person.is_none()
            && let Ok(opened) = new.activate(&self.words, &mut self.world.context())
        {
            *person = Some(opened.seat.seat);
            usable.signed_in = now();
        }
        let Some(seat) = *person else { return Ok(()) };
        if usable.every_register.is_none() {
            let mut every = true;
            for (site, group) in groups {
                let there = self.holds_as_much(new, seat, &documents::register(site, group, self.today))?;
                if there && usable.register.is_none() {
                    usable.register = now();
                }
                every &= there;
                if !every {
                    break;
                }
            }
            if every {
                usable.every_register = now();
            }
        }
        Ok(())
    }

    /// Whether a document shows all that the office's shows.
    fn holds_as_much(
        &mut self,
        new: &mut Replica<RedbStore>,
        seat: SeatId,
        document: &muster_core::id::DocumentId,
    ) -> Result<bool, Failure> {
        let wanted = facts_of(&mut self.office, self.head.seat.seat, document, &mut self.world)?;
        Ok(wanted > 0 && facts_of(new, seat, document, &mut self.world)? == wanted)
    }
}

fn facts_of<S: Store>(
    device: &mut Replica<S>,
    seat: SeatId,
    document: &muster_core::id::DocumentId,
    world: &mut World,
) -> Result<usize, Failure> {
    let mut writer = device.writer(seat, world.context()).ok_or("no seat")?;
    Ok(writer.facts(document)?.map_or(0, |facts| facts.iter().count()))
}

//! How long figures take: 2,000 pupils in 200 groups, five school years of two marks a day, held by a device with a
//! store on disk. The registers are read for the first time, then everything is counted, then one mark changes; then
//! they are read as after a restart of the program, from what was kept of them.

use muster_benches::Failure;
use muster_benches::figures::{is_debug, is_trial, median, millis, rounded};
use muster_benches::school::World;
use muster_core::authority::capability::{Capability, Right, Which};
use muster_core::id::{PlaceId, SeatId};
use muster_core::replica::Replica;
use muster_core::replica::records::{Change, Records as _};
use muster_school::areas;
use muster_school::calendar::{self, Day, Half, Session, moment};
use muster_school::codes::Code;
use muster_school::facts::pupil::{Identity, OnRoll, Placing, PupilFact};
use muster_school::facts::register::{Imported, Mark, RegisterFact};
use muster_school::facts::school::{Group, SchoolFact, Site};
use muster_school::facts::{Value as _, documents};
use muster_school::figures::{Cut, Period, count};
use muster_school::ids::{GroupId, PupilId};
use muster_school::known::Known;
use muster_school::show;
use muster_storage::RedbStore;
use std::time::Instant;

const SITE: PlaceId = PlaceId([7; 16]);
const PUPILS_A_GROUP: u16 = 10;

struct Size {
    groups: u16,
    years: u16,
    weeks: u16,
}

struct Bench {
    world: World,
    device: Replica<RedbStore>,
    head: SeatId,
    size: Size,
}

fn main() -> Result<(), Failure> {
    let size =
        if is_trial() { Size { groups: 2, years: 2, weeks: 1 } } else { Size { groups: 200, years: 5, weeks: 39 } };
    let folder = tempfile::tempdir()?;
    let mut world = World::at(moment(Day::parse("2026-07-24")?, 16 * 60));
    let (device, head) = world.found(RedbStore::create(&folder.path().join("records"))?, rights())?;
    let mut bench = Bench { world, device, head: head.seat.seat, size };
    bench.people()?;
    let began = Instant::now();
    let marks = bench.marks()?;
    let written_s = began.elapsed().as_secs_f64();
    let today = Day::parse("2026-07-24")?;
    let year = Period::year_to(today);
    let five = Period { from: bench.first(0)?, to: today };
    let mut known = Known::default();
    bench.with(|records| Ok(known.refresh(records)?))?;
    let read_year_ms = bench.read(&mut known, year)?;
    let read_rest_ms = bench.read(&mut known, five)?;
    let now = calendar::local(moment(today, 16 * 60));
    let runs = if is_trial() { 1 } else { 9 };
    // A letter more with each key press, as somebody types.
    let typed = ["s", "su", "sur", "surn", "surname1", "surname19", "ada", "nobody"];
    let mut searches = Vec::new();
    for words in typed.iter().cycle().take(typed.len() * runs) {
        let began = Instant::now();
        let view = bench.with(|records| Ok(show::pupils(records, &mut known, None, words, None, false)?))?;
        searches.push(millis(began.elapsed()));
        if view.rows.is_empty() != (*words == "nobody") {
            return Err(format!("{words} found {} pupils", view.rows.len()).into());
        }
    }
    let slowest = searches.iter().copied().fold(0.0, f64::max);
    let time = |work: &mut dyn FnMut() -> Result<(), Failure>| -> Result<f64, Failure> {
        let mut each = Vec::new();
        for _ in 0..runs {
            let began = Instant::now();
            work()?;
            each.push(millis(began.elapsed()));
        }
        Ok(rounded(median(&each)))
    };
    let mut possible = 0;
    let year_ms = time(&mut || {
        let _ = count(&known, year, Cut::default(), now).total();
        Ok(())
    })?;
    let five_ms = time(&mut || {
        possible = count(&known, five, Cut::default(), now).total().possible();
        Ok(())
    })?;
    let pupil = Cut { pupil: Some(pupil_id(0, 0)), ..Cut::default() };
    let pupil_ms = time(&mut || {
        let _ = count(&known, five, pupil, now);
        Ok(())
    })?;
    if usize::try_from(possible)? != marks {
        return Err(format!("{possible} sessions were counted of {marks} marks").into());
    }
    let mut at = 0;
    let change_ms = time(&mut || {
        at += 1;
        bench.change(at)?;
        bench.read(&mut known, five).map(drop)
    })?;
    // All that is owed, as the screen To do shows it: the calls, the gaps and the patterns of every pupil.
    let mut lines = 0;
    let to_do_ms = time(&mut || {
        let view = bench.with(|records| Ok(show::duties::to_do(records, &mut known, None, usize::MAX, &[])?))?;
        lines = view.parts.iter().map(|part| part.lines.len()).sum();
        Ok(())
    })?;
    let nothing_ms = time(&mut || bench.read(&mut known, five).map(drop))?;
    let mut again = Known::default();
    bench.with(|records| Ok(again.refresh(records)?))?;
    let again_year_ms = bench.read(&mut again, year)?;
    let again_rest_ms = bench.read(&mut again, five)?;
    if count(&again, five, Cut::default(), now) != count(&known, five, Cut::default(), now) {
        return Err("what was kept says something else".into());
    }
    println!(
        "{}",
        serde_json::json!({
            "bench": "figures", "debug": is_debug(), "runs": runs,
            "pupils": u32::from(bench.size.groups) * u32::from(PUPILS_A_GROUP), "years": bench.size.years, "marks": marks,
            "written_s": rounded(written_s),
            "first_read_ms": { "this_year": rounded(read_year_ms), "the_years_before": rounded(read_rest_ms) },
            "read_after_a_restart_ms": { "this_year": rounded(again_year_ms), "the_years_before": rounded(again_rest_ms) },
            "search_as_typed_ms": { "median": rounded(median(&searches)), "slowest": rounded(slowest) },
            "count_ms": { "this_year": year_ms, "all_years": five_ms, "one_pupil_all_years": pupil_ms },
            "one_mark_written_and_read_again_ms": change_ms, "nothing_new_ms": nothing_ms,
            "to_do": { "median_ms": to_do_ms, "lines": lines },
        })
    );
    Ok(())
}

fn rights() -> Vec<Capability> {
    let areas = [areas::SCHOOL, areas::PUPIL, areas::REGISTER];
    let one = |right, area| Capability { right, area, place: Which::Any };
    let mut given = vec![one(Right::Hold, Which::Any)];
    for area in areas {
        given.extend([one(Right::Read, Which::One(area)), one(Right::Write, Which::One(area))]);
    }
    given.sort_unstable();
    given
}

fn group_id(group: u16) -> GroupId {
    let mut id = [1; 16];
    id[..2].copy_from_slice(&group.to_be_bytes());
    GroupId(id)
}

fn pupil_id(group: u16, place: u16) -> PupilId {
    let mut id = [2; 16];
    id[..2].copy_from_slice(&group.to_be_bytes());
    id[2..4].copy_from_slice(&place.to_be_bytes());
    PupilId(id)
}

impl Bench {
    fn with<T>(
        &mut self,
        work: impl FnOnce(&mut muster_core::replica::act::Writer<'_, RedbStore>) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let seat = self.head;
        // It stays the same second: nothing is measured over a day's end.
        self.world.now_ms -= 1_000;
        let context = self.world.context();
        work(&mut self.device.writer(seat, context).ok_or("no seat")?)
    }

    fn write(&mut self, changes: Vec<Change>) -> Result<(), Failure> {
        self.with(|records| Ok(records.write(changes).map(drop)?))
    }

    fn people(&mut self) -> Result<(), Failure> {
        let site = Site { id: SITE, code: "S1".into(), name: "Harbour".into(), points: Vec::new() };
        let mut facts = vec![SchoolFact::from(site).fact()?];
        for group in 0..self.size.groups {
            let one = Group { id: group_id(group), site: SITE, name: format!("{group}K"), for_import: false };
            facts.push(SchoolFact::from(one).fact()?);
        }
        self.write(vec![Change { document: documents::school(), facts }])?;
        let from = self.first(0)?;
        for group in 0..self.size.groups {
            let mut changes = Vec::new();
            for place in 0..PUPILS_A_GROUP {
                let identity = Identity {
                    admission_no: format!("{group}-{place}"),
                    upn: String::new(),
                    surname: format!("Surname{group}"),
                    forename: "Ada".into(),
                    preferred: "Ada".into(),
                    sex: String::new(),
                    born: None,
                };
                let placing = Placing { group: Some(group_id(group)), year: "8".into(), from };
                let facts = vec![
                    PupilFact::from(identity).fact()?,
                    PupilFact::from(placing).fact()?,
                    PupilFact::from(OnRoll { starting: Some(from), last: None }).fact()?,
                ];
                changes.push(Change { document: documents::pupil(SITE, pupil_id(group, place)), facts });
            }
            self.write(changes)?;
        }
        Ok(())
    }

    /// The Monday that a year begins with.
    fn first(&self, year: u16) -> Result<Day, Failure> {
        let starts = 2026 - i16::try_from(self.size.years)? + i16::try_from(year)?;
        let day = Day::new(starts, 9, 7).ok_or("no such day")?;
        Ok(day.plus(-i32::from(day.weekday())))
    }

    fn marks(&mut self) -> Result<usize, Failure> {
        let mut marks = 0;
        for year in 0..self.size.years {
            let first = self.first(year)?;
            for week in 0..self.size.weeks {
                let monday = first.plus(i32::from(week) * 7);
                let mut changes = Vec::new();
                for group in 0..self.size.groups {
                    let mut facts = Vec::new();
                    for place in 0..PUPILS_A_GROUP {
                        for session in 0..10 {
                            let half = if session % 2 == 0 { Half::Am } else { Half::Pm };
                            let ill = (usize::from(place) + marks / 97) % 17 == 0;
                            let code = if ill { Code::new("I").ok_or("no code")? } else { Code::present(half) };
                            let mark = Mark { pupil: pupil_id(group, place), session, code, minutes: None };
                            facts.push(RegisterFact::from(Imported(mark)).fact()?);
                            marks += 1;
                        }
                    }
                    changes.push(Change { document: documents::register(SITE, group_id(group), monday), facts });
                }
                self.write(changes)?;
            }
        }
        Ok(marks)
    }

    fn read(&mut self, known: &mut Known, period: Period) -> Result<f64, Failure> {
        let began = Instant::now();
        let left = self.with(|records| Ok(known.read_ledger(records, period, usize::MAX)?))?;
        if left == 0 { Ok(millis(began.elapsed())) } else { Err("registers were left".into()) }
    }

    /// One more mark in a register of the last year, on another day each time.
    fn change(&mut self, at: u16) -> Result<(), Failure> {
        let monday = self.first(self.size.years - 1)?;
        let session = Session::am(monday.plus(5)).in_week();
        let (group, place) = (at % self.size.groups, at % PUPILS_A_GROUP);
        let mark = Mark { pupil: pupil_id(group, place), session, code: Code::PRESENT_AM, minutes: None };
        let facts = vec![RegisterFact::from(mark).fact()?];
        self.write(vec![Change { document: documents::register(SITE, group_id(group), monday), facts }])
    }
}

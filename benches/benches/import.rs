//! How fast a school's history comes in: 1,500 pupils in 50 groups, five school years of two marks a day as CSV files
//! of a year each, a fiftieth of the marks by a code of the old system's own (`codes.csv`), into a store on disk. Then
//! the last year once more, which changes nothing.

use muster_benches::Failure;
use muster_benches::export;
use muster_benches::figures::{is_debug, is_trial, rounded};
use muster_benches::school::World;
use muster_core::authority::capability::{Capability, Right, Which};
use muster_core::id::SeatId;
use muster_core::replica::Replica;
use muster_school::areas;
use muster_school::calendar::{Day, moment};
use muster_school::import::{self, ImportReport, Options};
use muster_school::known::Known;
use muster_storage::RedbStore;
use std::collections::BTreeMap;
use std::time::Instant;

/// School days of a year.
const DAYS: i32 = 190;

struct Size {
    groups: u32,
    pupils_a_group: u32,
    years: i16,
    days: i32,
}

struct Bench {
    world: World,
    device: Replica<RedbStore>,
    head: SeatId,
    known: Known,
    size: Size,
}

/// Seconds of the two halves of an import, and what it did.
struct Took {
    read_s: f64,
    write_s: f64,
    report: ImportReport,
}

fn main() -> Result<(), Failure> {
    let size = if is_trial() {
        Size { groups: 2, pupils_a_group: 5, years: 2, days: 5 }
    } else {
        Size { groups: 50, pupils_a_group: 30, years: 5, days: DAYS }
    };
    let folder = tempfile::tempdir()?;
    let mut world = World::at(moment(Day::parse("2026-07-24")?, 16 * 60));
    let file = folder.path().join("records");
    let (device, head) = world.found(RedbStore::create(&file)?, rights())?;
    let head = head.seat.seat;
    let mut bench = Bench { world, device, head, known: Known::default(), size };
    bench.import(export::people(bench.size.groups, bench.size.pupils_a_group))?;
    let (mut each, mut marks, mut last) = (Vec::new(), 0, BTreeMap::new());
    for year in 0..bench.size.years {
        last = bench.history(year)?;
        let took = bench.import(last.clone())?;
        let rows = took.report.marks.added;
        if !took.report.rejects.is_empty() || rows != bench.marks_of_a_year()? {
            return Err(format!("{rows} marks went in, {} rows did not", took.report.rejects.len()).into());
        }
        marks += rows;
        each.push(serde_json::json!({
            "marks": rows, "read_s": rounded(took.read_s), "write_s": rounded(took.write_s),
            "marks_per_s": rounded(f64::from(rows) / (took.read_s + took.write_s)),
        }));
    }
    let again = bench.import(last)?;
    if again.report.acts > 0 || again.report.marks.same != bench.marks_of_a_year()? {
        return Err("a second import of the same changed something".into());
    }
    println!(
        "{}",
        serde_json::json!({
            "bench": "import", "debug": is_debug(), "pupils": bench.size.groups * bench.size.pupils_a_group,
            "years": bench.size.years, "marks": marks, "each_year": each,
            "the_last_again_s": rounded(again.read_s + again.write_s),
        })
    );
    Ok(())
}

fn rights() -> Vec<Capability> {
    let areas = [areas::SCHOOL, areas::REGISTER, areas::PUPIL, areas::CARE, areas::FAMILY, areas::LEARNING];
    let one = |right, area| Capability { right, area, place: Which::Any };
    let mut given = vec![one(Right::Hold, Which::Any)];
    for area in areas {
        given.extend([one(Right::Read, Which::One(area)), one(Right::Write, Which::One(area))]);
    }
    given.sort_unstable();
    given
}

impl Bench {
    fn import(&mut self, files: BTreeMap<String, Vec<u8>>) -> Result<Took, Failure> {
        let began = Instant::now();
        let parsed = import::read(files, self.known.school().codes());
        let read_s = began.elapsed().as_secs_f64();
        let began = Instant::now();
        let mut writer = self.device.writer(self.head, self.world.context()).ok_or("no seat")?;
        let report = import::apply(&mut writer, &mut self.known, parsed, Options::default())?;
        Ok(Took { read_s, write_s: began.elapsed().as_secs_f64(), report })
    }

    fn marks_of_a_year(&self) -> Result<u32, Failure> {
        Ok(self.size.groups * self.size.pupils_a_group * u32::try_from(self.size.days)? * 2)
    }

    fn history(&self, year: i16) -> Result<BTreeMap<String, Vec<u8>>, Failure> {
        let first = Day::new(2026 - self.size.years + year, 9, 1).ok_or("no such day")?;
        let days = export::school_days(first, self.size.days)?;
        let marks = export::marks(&days, self.size.groups * self.size.pupils_a_group);
        let files = [("codes.csv".to_owned(), export::CODES.as_bytes().to_vec()), ("attendance.csv".to_owned(), marks)];
        Ok(BTreeMap::from(files))
    }
}

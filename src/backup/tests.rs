//! Backups of a device on a disk: which archive is taken, gone on with, kept and removed.

use super::drill::drill_newest;
use super::kept::Known;
use super::leftovers;
use super::restore::{OpenBy, Source, Stop, find, unpack};
use crate::clock::Clock;
use crate::device::Device;
use crate::host::set_day_owed;
use muster_core::backup::BackupKey;
use muster_school::calendar::Day;
use muster_storage::{Archives, Replacing};
use std::fs;
use std::path::{Path, PathBuf};

const PASSPHRASE: &str = "five kind words for this";
/// 09:00 on Monday 23 November 2026.
const NINE_MS: i64 = 1_795_424_400_000;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

struct Desk {
    _place: tempfile::TempDir,
    folder: PathBuf,
    stick: PathBuf,
}

/// A school on a disk, and a stick.
fn desk() -> (Desk, Device) {
    let place = tempfile::tempdir().unwrap();
    let (folder, stick) = (place.path().join("records"), place.path().join("stick"));
    fs::create_dir(&stick).unwrap();
    let keep = &mut |_: &[_]| Ok(());
    let clock = Clock::starting_at(NINE_MS);
    let device = Device::found(&folder, "Harbour Primary", "Helen Marsh", "Office", PASSPHRASE, clock, keep).unwrap();
    (Desk { _place: place, folder, stick }, device)
}

impl Desk {
    /// The device again, so many days later.
    fn later(&self, device: Device, days: i64) -> Device {
        drop(device);
        let mut device = Device::open(&self.folder, Clock::starting_at(NINE_MS + days * DAY_MS)).unwrap();
        let head = device.replica.founding().head;
        device.sign_in(head, PASSPHRASE).unwrap();
        device
    }

    fn archives(&self, device: &Device) -> Archives {
        let of = device.backup_of();
        Archives::of(&self.stick, &of.school, &of.device)
    }

    fn found(&self, device: &Device, only: Option<u32>) -> anyhow::Result<Source> {
        find(&self.stick, OpenBy::Keys(&device.backup_keys().unwrap()), only)
    }
}

fn back_up(device: &mut Device, to: &Path) {
    device.back_up(to, &mut |_| {}).unwrap();
}

fn drilled(device: &mut Device, stick: &Path) -> anyhow::Result<super::drill::Drilled> {
    drill_newest(stick, &device.backup_keys().unwrap(), device.folder(), device.clock, &Stop::default())
}

#[test]
fn a_drill_keeps_an_older_archive_that_has_what_is_not_in_the_records() {
    let (desk, mut device) = desk();
    back_up(&mut device, &desk.stick);
    device.office(|office| Ok(office.add_site("S1", "Harbour", &[]).map(drop)?)).unwrap();
    let mut device = desk.later(device, 29);
    back_up(&mut device, &desk.stick);
    let archives = desk.archives(&device);
    assert_eq!(archives.numbers().unwrap(), [1, 2]);
    // The first is restored, by mistake: the second has what was entered since.
    let first = desk.found(&device, Some(1)).unwrap();
    drop(device);
    let clock = Clock::starting_at(NINE_MS + 30 * DAY_MS);
    let unpacked = unpack(&first, &desk.folder.with_file_name("fresh"), &mut |_, _| {}).unwrap();
    let replacing = Replacing::begin(&desk.folder).unwrap();
    let aside = unpacked.take_the_place_of(&desk.folder, &replacing, false, clock).unwrap().unwrap();
    drop(replacing);
    // What was put aside stays until the device is wiped, and goes then, as it has the device's keys.
    let mut device = Device::open(&desk.folder, clock).unwrap();
    back_up(&mut device, &desk.stick);
    let drilled = drilled(&mut device, &desk.stick).unwrap();
    assert_eq!(drilled.number, 3);
    let done = device.certify(&desk.stick, &drilled).unwrap();
    assert!(done.proven.sound);
    assert_eq!(done.stay, [2]);
    assert_eq!(archives.numbers().unwrap(), [2, 3], "and the first, all of which is here, is gone");
    assert!(aside.join("files").join("device").is_file());
    leftovers::remove_all(&desk.folder, muster_core::id::DeviceId([9; 32])).unwrap();
    assert!(aside.exists(), "another device's is not touched");
    leftovers::remove_all(&desk.folder, device.replica.device()).unwrap();
    assert!(!aside.exists());
}

#[test]
fn an_archive_that_was_only_begun_hides_none_and_for_a_damaged_one_an_older_can_be_taken() {
    let (desk, mut device) = desk();
    back_up(&mut device, &desk.stick);
    let archives = desk.archives(&device);
    archives.begin(2).unwrap();
    assert_eq!(desk.found(&device, None).unwrap().number, 1);
    fs::write(archives.archive(2).path().join("head"), b"coffee").unwrap();
    let said = format!("{:#}", desk.found(&device, None).unwrap_err());
    assert!(said.contains("older archives are there too (1)"), "{said}");
    assert_eq!(desk.found(&device, Some(1)).unwrap().number, 1);
    assert!(desk.found(&device, Some(3)).is_err());
}

#[test]
fn a_stick_that_is_out_at_a_drill_fails_no_backup_and_the_next_goes_on_with_the_same_archive() {
    let (desk, mut device) = desk();
    back_up(&mut device, &desk.stick);
    let away = desk.stick.with_file_name("drawer");
    fs::rename(&desk.stick, &away).unwrap();
    let error = drilled(&mut device, &desk.stick).unwrap_err();
    let said = device.drill_broke(&error).unwrap();
    assert!(said.contains("not drilled") && said.contains("is the stick in?"), "{said}");
    assert_eq!(device.backups().unwrap().drill_failed, None);
    fs::rename(&away, &desk.stick).unwrap();
    back_up(&mut device, &desk.stick);
    assert_eq!(desk.archives(&device).numbers().unwrap(), [1]);
    // One that is damaged has failed.
    let archive = desk.archives(&device).archive(1);
    fs::remove_file(archive.path().join("part-0000000000")).unwrap();
    let error = drilled(&mut device, &desk.stick).unwrap_err();
    assert!(device.drill_broke(&error).unwrap().contains("FAILED"));
    assert!(device.backups().unwrap().drill_failed.is_some());
}

#[test]
fn forty_tries_that_failed_leave_the_key_of_the_archive_that_was_finished() {
    let (desk, mut device) = desk();
    back_up(&mut device, &desk.stick);
    let made = device.backups().unwrap().made.unwrap().at_ms;
    device
        .keep_backups(|kept| {
            for number in 1..=40 {
                let key = BackupKey::random(&mut rand::rng());
                kept.remember(Known { key, begun_ms: made + number * 1_000, folder: "stick".to_owned() });
            }
        })
        .unwrap();
    assert_eq!(desk.found(&device, None).unwrap().number, 1);
}

#[test]
fn a_machine_that_was_off_at_the_set_time_makes_its_backup_up_when_it_is_on_again() {
    let (six, morning) = (18 * 60, 8 * 60 + 30);
    let owed = |tried, day, minute| set_day_owed(Some(Day(tried)), (Day(day), minute), six);
    assert_eq!(owed(99, 100, six), Some(Day(100)));
    assert_eq!(owed(100, 100, six + 60), None, "once a day");
    assert_eq!(owed(98, 100, morning), Some(Day(99)), "yesterday evening's, which it makes up for");
    assert_eq!(owed(99, 100, morning), None);
    assert_eq!(owed(99, 100, six), Some(Day(100)), "and this evening's is made all the same");
    assert_eq!(owed(9_000, 100, six), Some(Day(100)), "whatever a clock once said");
    let (desk, mut device) = desk();
    device.set_backups(Some(&desk.stick), six).unwrap();
    let today = muster_school::calendar::local(device.clock.now()).day;
    assert_eq!(device.backups().unwrap().tried, Some(Day(today.0 - 1)), "the first is this evening's");
}

#[test]
fn what_is_remembered_of_backups_is_not_replaced_while_it_cannot_be_read_and_an_earlier_form_is_read() {
    let (desk, mut device) = desk();
    back_up(&mut device, &desk.stick);
    let (file, away) = (desk.folder.join("files").join("backups"), desk.folder.join("away"));
    fs::rename(&file, &away).unwrap();
    // There is something of that name that cannot be read.
    fs::create_dir(&file).unwrap();
    assert!(device.backups().is_err());
    assert!(device.keep_backups(|kept| kept.minute = Some(5)).is_err());
    fs::remove_dir(&file).unwrap();
    fs::rename(&away, &file).unwrap();
    let kept = device.backups().unwrap();
    assert_eq!((kept.keys.len(), kept.minute), (1, None));
    assert_eq!(desk.found(&device, None).unwrap().number, 1);
    // As a program of before wrote it: nothing before it, and one field fewer.
    let whole = muster_core::codec::encode(&kept);
    let before = whole.strip_suffix(&[0]).unwrap();
    device.replica.put_sealed_file("backups", before, &mut rand::rng()).unwrap();
    assert_eq!(device.backups().unwrap(), kept);
}

#[test]
fn what_a_killed_drill_left_goes_when_the_records_are_opened_and_one_that_is_told_to_stop_leaves_nothing() {
    let (desk, mut device) = desk();
    back_up(&mut device, &desk.stick);
    let source = desk.found(&device, None).unwrap();
    let killed = leftovers::for_drill(&desk.folder).unwrap().keep();
    let unpacked = unpack(&source, &killed.join(leftovers::RECORDS), &mut |_, _| {}).unwrap();
    // While it goes on it is nobody else's to remove.
    leftovers::remove_unfinished(&desk.folder);
    assert!(killed.exists());
    drop(unpacked);
    let mut device = desk.later(device, 0);
    assert!(!killed.exists());
    let stop = Stop::default();
    stop.tell();
    let ended = drill_newest(&desk.stick, &device.backup_keys().unwrap(), &desk.folder, device.clock, &stop);
    let said = device.drill_broke(&ended.unwrap_err()).unwrap();
    assert!(said.contains("was not drilled") && device.backups().unwrap().drill_failed.is_none(), "{said}");
    let names = fs::read_dir(desk.folder.parent().unwrap()).unwrap().filter_map(Result::ok);
    let names: Vec<_> = names.map(|one| one.file_name().to_string_lossy().into_owned()).collect();
    assert!(names.iter().all(|name| !name.contains(".drill-")), "{names:?}");
}

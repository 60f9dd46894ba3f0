//! Backups of a device on a disk: which archive is taken, gone on with, kept and removed.

use super::drill::{Drilled, drill_newest};
use super::kept::Known;
use super::restore::{OpenBy, Source, Stop, find, unpack};
use super::{leftovers, words};
use crate::clock::Clock;
use crate::device::Device;
use muster_core::backup::BackupKey;
use muster_core::replica::LogState;
use muster_core::replica::store::{Batch, Store as _, Table};
use muster_school::areas;
use muster_school::calendar::Day;
use muster_school::continuity::Age;
use muster_storage::{Archives, RedbStore, Replacing};
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
    drill_newest(stick, &device.backup_keys().unwrap(), device.folder(), &Stop::default())
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
fn the_first_backup_after_a_time_is_set_is_the_next_that_comes() {
    let six = 18 * 60;
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
    // As programs of before wrote it: nothing before it, and fewer fields.
    let whole = muster_core::codec::encode(&kept);
    let before = whole.strip_suffix(&[0, 0, 0]).unwrap();
    let second = [b"KEPT\x02".as_slice(), before, &[0]].concat();
    for earlier in [before, &second] {
        device.replica.put_sealed_file("backups", earlier, &mut rand::rng()).unwrap();
        assert_eq!(device.backups().unwrap(), kept);
    }
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
    let ended = drill_newest(&desk.stick, &device.backup_keys().unwrap(), &desk.folder, &stop);
    let said = device.drill_broke(&ended.unwrap_err()).unwrap();
    assert!(said.contains("was not drilled") && device.backups().unwrap().drill_failed.is_none(), "{said}");
    let names = fs::read_dir(desk.folder.parent().unwrap()).unwrap().filter_map(Result::ok);
    let names: Vec<_> = names.map(|one| one.file_name().to_string_lossy().into_owned()).collect();
    assert!(names.iter().all(|name| !name.contains(".drill-")), "{names:?}");
}

/// Flips a bit of the newest entry of the school's own records, which no statement of rights is.
fn rot(folder: &Path) {
    let mut store = RedbStore::open(folder).unwrap();
    let logs = store.range(Table::Logs, &[], None, usize::MAX).unwrap();
    // A log's state begins with its seat and the number of its area.
    let log = logs.iter().find(|(_, state)| u16::from(state[32]) == areas::SCHOOL.0).unwrap().0.clone();
    let mut after = log.clone();
    *after.last_mut().unwrap() += 1;
    let (key, mut row) = store.range(Table::Entries, &log, Some(&after), usize::MAX).unwrap().pop().unwrap();
    let middle = row.len() / 2;
    row[middle] ^= 4;
    let mut batch = Batch::default();
    batch.put(Table::Entries, key, row);
    store.commit(batch).unwrap();
}

#[test]
fn an_older_archive_that_has_the_only_good_copy_of_a_damaged_entry_stays_and_the_new_one_is_not_proven_complete() {
    let (desk, mut device) = desk();
    device.office(|office| Ok(office.add_site("S1", "Harbour", &[]).map(drop)?)).unwrap();
    back_up(&mut device, &desk.stick);
    drop(device);
    rot(&desk.folder);
    let mut device = Device::open(&desk.folder, Clock::starting_at(NINE_MS + 29 * DAY_MS)).unwrap();
    back_up(&mut device, &desk.stick);
    let archives = desk.archives(&device);
    assert_eq!(archives.numbers().unwrap(), [1, 2]);
    let found = drilled(&mut device, &desk.stick).unwrap();
    let done = device.certify(&desk.stick, &found).unwrap();
    assert!(!done.proven.sound && done.proven.holds(), "{done:?}");
    assert_eq!(done.opened.left_out, 1, "and the certificate says what is not");
    let said = words::of_drill(&done).join(" ");
    assert!(said.contains("NOT COMPLETE") && !said.contains("PROVEN"), "{said}");
    let kept = device.backups().unwrap();
    assert_eq!(words::age(&kept, device.clock.now()), Age::Incomplete);
    // However it is asked for: the first has what is nowhere else.
    assert_eq!(device.drop_backups_before(&desk.stick, 2).unwrap(), [1]);
    assert_eq!(archives.numbers().unwrap(), [1, 2]);
    back_up(&mut device, &desk.stick);
    assert_eq!(archives.numbers().unwrap(), [1, 2], "one that lacks something is gone on with");
    // A third that lacks the same stands in no need of the second.
    device.keep_backups(|kept| kept.keys.last_mut().unwrap().begun_ms = 0).unwrap();
    back_up(&mut device, &desk.stick);
    assert_eq!(device.drop_backups_before(&desk.stick, 3).unwrap(), [1]);
    assert_eq!(archives.numbers().unwrap(), [1, 3]);
}

#[test]
fn a_backup_from_which_nothing_opens_or_that_lacks_the_fire_register_is_not_proven() {
    let (desk, mut device) = desk();
    device.office(|office| Ok(office.add_site("S1", "Harbour", &[]).map(drop)?)).unwrap();
    let mut device = desk.later(device, 0);
    back_up(&mut device, &desk.stick);
    let good = drilled(&mut device, &desk.stick).unwrap();
    let done = device.certify(&desk.stick, &good).unwrap();
    assert!(done.proven.sound && done.filed.is_ok() && !done.is_owed(), "{done:?}");
    assert!(done.opened.people_on_fire > 0 && done.proven.documents > 0, "{done:?}");
    let roll = done.opened.areas.iter().find(|area| area.area == areas::ROLL.0).unwrap();
    assert!(roll.opened > 0 && roll.sealed >= roll.opened, "{roll:?}");
    assert_eq!(done.opened.people_with_keys, 1);
    let mut tried = |spoil: &dyn Fn(&mut Drilled)| {
        let mut spoilt = good.clone();
        spoil(&mut spoilt);
        let done = device.certify(&desk.stick, &spoilt).unwrap();
        assert!(!done.proven.sound && done.is_owed());
        (done.proven.holds(), words::of_drill(&done).join(" "), done.findings.join(" "))
    };
    let (holds, said, why) = tried(&|drilled| drilled.found.documents = 0);
    assert!(!holds && said.contains("FAILED") && why.contains("nothing in the backup could be opened"), "{said} {why}");
    let (holds, said, _) = tried(&|drilled| drilled.opened.people_on_fire = 0);
    assert!(holds && said.contains("NOT COMPLETE") && said.contains("its fire register has 0 people"), "{said}");
    let (holds, said, why) = tried(&|drilled| drilled.found.fire_ms = None);
    assert!(!holds && said.contains("FAILED") && why.contains("no fire register in the backup"), "{said} {why}");
    let (holds, said, why) = tried(&|drilled| drilled.keys.recoverable.clear());
    assert!(!holds && said.contains("FAILED") && why.contains("to the recovery cards"), "{said} {why}");
    let (holds, said, why) = tried(&|drilled| drilled.keys.secrets.clear());
    assert!(!holds && said.contains("FAILED") && why.contains("of the documents of"), "{said} {why}");
    let (holds, said, why) = tried(&|drilled| drilled.keys.people.clear());
    assert!(!holds && said.contains("FAILED") && why.contains("of 1 people who work here"), "{said} {why}");
}

#[test]
fn a_certificate_that_could_not_be_filed_is_said() {
    // It knows no site, so there is nowhere to file it.
    let (desk, mut device) = desk();
    back_up(&mut device, &desk.stick);
    let found = drilled(&mut device, &desk.stick).unwrap();
    let done = device.certify(&desk.stick, &found).unwrap();
    assert!(done.proven.sound && done.filed.is_err() && done.is_owed(), "{done:?}");
    let said = words::of_drill(&done).join(" ");
    let words =
        "The certificate is not in the records, and no other device learns of it: this device knows no site yet";
    assert!(said.contains(words), "{said}");
}

#[test]
fn what_failed_in_the_set_folder_is_not_mended_by_a_backup_made_by_hand_elsewhere() {
    let (desk, mut device) = desk();
    let nas = desk.stick.with_file_name("nas");
    fs::create_dir(&nas).unwrap();
    device.set_backups(Some(&nas), 18 * 60).unwrap();
    fs::rename(&nas, nas.with_extension("away")).unwrap();
    device.back_up(&nas, &mut |_| {}).unwrap_err();
    back_up(&mut device, &desk.stick);
    let kept = device.backups().unwrap();
    assert!(kept.failed.is_some(), "the stick says nothing of it");
    assert_eq!(kept.drill_folder().as_deref(), Some(nas.as_path()), "and the set one is drilled, here and at night");
    let later = |days: i64| Clock::starting_at(NINE_MS + days * DAY_MS).now();
    let failing = words::failing(&kept, later(3)).unwrap();
    assert!(failing.contains("FAILED, as those before it: there is no folder"), "{failing}");
    fs::rename(nas.with_extension("away"), &nas).unwrap();
    back_up(&mut device, &nas);
    assert_eq!(device.backups().unwrap().failed, None);
    device.backup_ended(&nas, &Err("full".to_owned())).unwrap();
    let kept = device.backups().unwrap();
    assert_eq!(words::failing(&kept, later(1)), None, "a night is nothing");
    assert!(words::failing(&kept, later(3)).is_some());
}

#[test]
fn an_archive_begun_while_the_clock_was_ahead_is_not_gone_on_with_for_years() {
    let (desk, device) = desk();
    let mut device = desk.later(device, 1_500);
    back_up(&mut device, &desk.stick);
    let mut device = desk.later(device, 0);
    back_up(&mut device, &desk.stick);
    assert_eq!(desk.archives(&device).numbers().unwrap(), [1, 2]);
    device.keep_backups(|kept| kept.drill_failed = Some((NINE_MS + 1_500 * DAY_MS, "then".to_owned()))).unwrap();
    back_up(&mut device, &desk.stick);
    assert_eq!(desk.archives(&device).numbers().unwrap(), [1, 2], "nor is a whole one made every day until then");
}

#[test]
fn a_rehearsal_compares_what_is_in_the_logs_and_not_how_long_they_are() {
    let (desk, device) = desk();
    let site = |device: &mut Device, code: &str| {
        device.office(|office| Ok(office.add_site(code, "Harbour", &[]).map(drop)?)).unwrap();
    };
    drop(device);
    // An image of the disk, which writes as much as its original, and other things.
    let image = desk.folder.with_file_name("image");
    copied(&desk.folder, &image);
    fs::remove_file(image.join("files").join("place")).unwrap();
    let open = |folder: &Path| {
        let mut device = Device::open(folder, Clock::starting_at(NINE_MS)).unwrap();
        let head = device.replica.founding().head;
        device.sign_in(head, PASSPHRASE).unwrap();
        device
    };
    let mut there = open(&image);
    site(&mut there, "S1");
    back_up(&mut there, &desk.stick);
    let source = find(&desk.stick, OpenBy::Keys(&there.backup_keys().unwrap()), None).unwrap();
    drop(there);
    let mut here = open(&desk.folder);
    site(&mut here, "S2");
    let unpacked = unpack(&source, &desk.folder.with_file_name("fresh"), &mut |_, _| {}).unwrap();
    let lengths = |device: &Device| device.replica.logs().values().map(LogState::length).sum::<u64>();
    assert_eq!(lengths(&here), unpacked.manifest.entries(), "as long, or this shows nothing");
    let compared = unpacked.compare_with(&here.replica).unwrap();
    assert!(compared.lacks > 0 && compared.brings > 0, "{compared:?}");
    assert_eq!(compared.only_here, compared.lacks);
    let counted = unpacked.counted().unwrap();
    let said = words::of_rehearsal(&unpacked, 1, Some((compared, counted))).unwrap().join(" ");
    assert!(said.contains("0 files of pupils, 0 registers (a class's week each), no mark"), "{said}");
    // The same against itself.
    let own = Device::over(unpacked.replica, &desk.folder, Clock::starting_at(NINE_MS));
    let second = unpack(&source, &desk.folder.with_file_name("second"), &mut |_, _| {}).unwrap();
    let same = second.compare_with(&own.replica).unwrap();
    assert_eq!((same.lacks, same.brings), (0, 0));
}

/// Copies a folder and all in it.
fn copied(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (path, to) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copied(&path, &to);
        } else {
            fs::copy(&path, &to).unwrap();
        }
    }
}

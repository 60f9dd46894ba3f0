//! Backups that are made a few files at a time while the school goes on, and devices that are restored from them.

use super::School;
use super::device::Device;
use muster_core::backup::form::HEAD;
use muster_core::backup::read::Archive;
use muster_core::backup::shelf::{MemoryShelf, Shelf as _};
use muster_core::backup::write::Run;
use muster_core::backup::{BackupError, BackupKey};
use muster_core::replica::store::MemoryStore;
use muster_core::replica::{Context, WhyAnew};

/// A device's backup, and the run that is going on.
#[derive(Debug)]
pub(crate) struct Backup {
    shelf: MemoryShelf,
    key: BackupKey,
    run: Option<Run>,
}

impl Backup {
    /// A run that was going on is cut short where the program ends.
    pub(crate) fn is_cut_short(&mut self) {
        self.run = None;
    }
}

/// More files than a backup of a small school has.
const WHOLE: usize = 1_000;

impl School {
    /// A backup of a device is made, or the one that was going on is ended.
    pub fn is_backed_up(&mut self, name: &str) {
        let device = self.index(name);
        self.backs_up(device, WHOLE);
        self.tell(|_| format!("{name} is backed up"));
    }

    /// In a term, where all that was acknowledged is asked for: a device is restored once the office has all that it wrote.
    pub(crate) fn is_backed_up_or_restored(&mut self, device: usize) {
        let name = self.devices[device].name.clone();
        let hands_over = device != 0 && self.below(2) == 0;
        if !hands_over {
            return self.is_backed_up(&name);
        }
        let was_cut = self.is_cut((0, device));
        self.power_stays();
        [0, device].into_iter().for_each(|device| self.devices[device].hands.left.set(None));
        self.uncut((0, device));
        // What is sent may be noted in the middle of being let go: twice.
        (0..2).for_each(|_| self.meet((0, device), false));
        self.is_restored(&name);
        if was_cut {
            self.cut((0, device));
        }
    }

    /// Some more files of a device's backup are written. A run goes on where it was; one that was cut short by a restart is
    /// taken up again.
    pub(crate) fn backs_up(&mut self, device: usize, most: usize) {
        let now = self.moment(device);
        let Self { devices, random, network, .. } = self;
        let Device { replica, backup, hands, name, .. } = &mut devices[device];
        let replica = replica.as_mut().unwrap();
        let Backup { shelf, key, run } = backup.get_or_insert_with(|| {
            let key = BackupKey::random(random);
            let head = key.head(replica.founding(), replica.device_secrets(), random).unwrap();
            let mut shelf = MemoryShelf::default();
            shelf.put(HEAD, &head).unwrap();
            Backup { shelf, key, run: None }
        });
        let mut going = run.take().unwrap_or_else(|| {
            let inventory = Archive::open(shelf, key).unwrap().inventory().unwrap();
            inventory.obsolete.iter().for_each(|name| shelf.remove(name).unwrap());
            Run::begin(replica, key.clone(), inventory).unwrap()
        });
        for _ in 0..most {
            let mut names = || Ok(hands.image().file_names().map(str::to_owned).collect());
            match going.next(replica, &mut names, &mut Context { now, random }) {
                Ok(Some(made)) => shelf.put(&made.name, &made.bytes).unwrap(),
                Ok(None) => {
                    network.faults.backups += 1;
                    let left_out: Vec<_> = going.left_out().copied().collect();
                    let noted = replica.note_left_out(left_out.iter());
                    self.unless_full(device, noted);
                    return;
                }
                // What is damaged is looked for by the next work, and the run is begun again.
                Err(BackupError::Here(_)) => return,
                Err(error) => panic!("{name} cannot be backed up: {error}"),
            }
        }
        *run = Some(going);
    }

    /// A device is restored from its backup, if one was finished: it begins anew before it writes anything. What was written
    /// there since and nobody else has is gone; nothing else may be.
    pub fn is_restored(&mut self, name: &str) -> bool {
        let device = self.index(name);
        self.hands_over_what_it_alone_holds(device);
        let (before, now) = (self.devices[device].shown().device_seat(), self.moment(device));
        let Some(Backup { shelf, key, .. }) = &self.devices[device].backup else { return false };
        let archive = Archive::open(shelf, key).unwrap();
        if self.devices[device].gone || archive.newest().is_err() {
            return false;
        }
        archive.check(&mut |_, _| {}).unwrap();
        let mut store = MemoryStore::default();
        archive.unpack(&mut store, &mut |_, _| {}).unwrap();
        self.holds_from_now_on(device, store);
        let context = &mut Context { now, random: &mut self.random };
        self.devices[device].replica().new_incarnation(WhyAnew::Restored, context).unwrap();
        self.network.faults.restored += 1;
        self.shows_fewer.insert(self.devices[device].id);
        self.tell(|_| format!("{name} is restored from its backup"));
        let replica = self.devices[device].shown();
        assert!(replica.is_past(&before) || replica.view().author(&before).is_none(), "{name} goes on as it was");
        assert_ne!(replica.device_seat(), before, "{name} is another incarnation");
        assert_eq!(replica.begun_anew().map(|(_, why)| why), Some(WhyAnew::Restored));
        self.what_is_on_no_disk_is_owed_to_nobody();
        self.sign_in(device);
        true
    }
}

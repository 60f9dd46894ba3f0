//! A device that is taken out of the school while it is away, and goes on writing until it hears of it.

use super::School;
use muster_core::authority::reduction::{Reason, Target};
use muster_core::id::EntryHash;
use muster_core::replica::Context;
use muster_core::replica::records::RecordsError;
use std::collections::BTreeSet;

/// What is adopted may bring to light what rested on it; more often than this nothing should come.
const ADOPTIONS_MOST: usize = 8;

impl School {
    /// The head takes a device out, by what the first device holds at that moment.
    pub fn takes_out(&mut self, name: &str) {
        let device = self.index(name);
        assert!(self.take_out(device), "the head takes {name} out");
    }

    /// As [`School::takes_out`], if nothing stands in the way: a full disk, or something that the first device lacks.
    pub fn loses(&mut self, name: &str) {
        let device = self.index(name);
        self.take_out(device);
    }

    fn take_out(&mut self, device: usize) -> bool {
        if self.devices[0].is_full() || self.devices[device].gone {
            return false;
        }
        self.hands_over_what_it_alone_holds(device);
        self.power_stays();
        self.devices[0].hands.left.set(None);
        self.sign_in(0);
        let (now, id, seat) = (self.tick(0), self.devices[device].id, self.devices[0].seat());
        let context = &mut Context { now, random: &mut self.random };
        match self.devices[0].replica.as_mut().unwrap().remove(&seat, Target::Device(id), Reason::Lost, context) {
            Ok(_) => {}
            Err(RecordsError::NotAllowed(_)) => return false,
            Err(error) => panic!("the head cannot take a device out: {error}"),
        }
        self.devices[device].gone = true;
        self.network.faults.removed += 1;
        self.tell(|school| format!("{} is taken out of the school", school.devices[device].name));
        true
    }

    /// What was written past a cut shows nowhere and waits, each entry by name, with nothing else lost; and once the
    /// head adopts it, all of it is there.
    pub(crate) fn what_waits_is_adopted(&mut self) {
        for _ in 0..ADOPTIONS_MOST {
            let seat = self.devices[0].seat();
            let waiting = self.devices[0].shown().quarantined().unwrap();
            let named: BTreeSet<EntryHash> = waiting.iter().map(|one| one.entry.hash).collect();
            let read = self.everything(0, seat);
            let shown: BTreeSet<EntryHash> =
                read.values().flat_map(|facts| facts.iter()).map(|held| held.name.entry).collect();
            let both = shown.intersection(&named).count();
            assert_eq!(both, 0, "{both} entries past a cut are shown");
            if waiting.is_empty() {
                return;
            }
            let entries: Vec<_> = waiting.iter().map(|one| one.entry).collect();
            let now = self.tick(0);
            let context = &mut Context { now, random: &mut self.random };
            let replica = self.devices[0].replica.as_mut().unwrap();
            replica.adopt(&seat, &entries, context).unwrap();
            self.tell(|_| format!("the head adopts {} entries", entries.len()));
            self.settle();
        }
        let left = self.devices[0].shown().quarantined().unwrap();
        assert!(left.is_empty(), "{} entries wait however often they are adopted: {left:?}", left.len());
    }
}

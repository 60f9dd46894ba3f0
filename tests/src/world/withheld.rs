//! A device in between that keeps to itself what another wrote: it passes on what that one says it wrote, and not the
//! entries, and says that it holds no more than whom it meets.

use super::School;
use super::at::At;
use muster_core::id::DeviceId;
use muster_core::replica::{Alarm, Context};
use muster_core::sync::conversation::Conversation;
use muster_core::sync::message::{Message, VERSION};

/// Milliseconds: after this anybody may say something again.
const TWO_HOURS: i64 = 2 * 60 * 60 * 1_000;
/// Milliseconds of more than half a day.
const HALF_A_DAY: i64 = 13 * 60 * 60 * 1_000;
/// Rounds of frames to and fro.
const ROUNDS: usize = 60;

impl School {
    /// Of three devices one writes, one in between keeps that to itself, and the third, which meets nobody else, says who
    /// wrote what it lacks, and who has it: after a day, and not before. Once they all meet, nothing is said any more.
    pub fn a_withheld_tail_is_told_of(&mut self) -> bool {
        let mut here = self.here();
        here.retain(|device| !self.older.contains(&self.devices[*device].id));
        if here.len() < 3 {
            return false;
        }
        let [author, between, third] = [(); 3].map(|()| here.swap_remove(self.below(here.len())));
        self.settle();
        self.pairs().into_iter().for_each(|pair| self.cut(pair));
        self.now_ms += TWO_HOURS;
        At { school: self, device: author }.try_visit().unwrap();
        assert!(self.gives_a_sign(author), "it wrote, and two hours have passed");
        self.uncut((author.min(between), author.max(between)));
        self.settle();
        self.now_ms += TWO_HOURS;
        self.gives_a_sign(between);
        self.cut((author.min(between), author.max(between)));
        self.meet_but_for_entries(between, third);
        let of = self.devices[author].id;
        let lacks = |school: &Self| school.devices[third].shown().lacking().iter().any(|one| one.of == of);
        assert!(lacks(self), "it heard of entries that did not come");
        assert!(self.told_of_lacking(third).is_none(), "they may be on their way");
        for _ in 0..3 {
            self.now_ms += HALF_A_DAY;
            self.says_it_holds_the_same(between, third);
        }
        let (told, holders) = self.told_of_lacking(third).expect("what has not come for a day is an alarm");
        assert_eq!((told, holders), (of, vec![self.devices[between].id]), "whose they are, and who has them");
        let alarms = self.devices[third].shown().alarms(self.moment(third));
        let by = self.devices[between].id;
        let names = |alarm: &Alarm| matches!(alarm, Alarm::Shortened { device, of: whose, .. } if (*device, *whose) == (by, of));
        assert!(alarms.iter().any(names), "it said that it has them, and shows fewer: {alarms:?}");
        self.network.faults.withheld += 1;
        self.heal();
        assert!(!lacks(self) && self.told_of_lacking(third).is_none(), "all of it came");
        true
    }

    fn told_of_lacking(&self, device: usize) -> Option<(DeviceId, Vec<DeviceId>)> {
        let alarms = self.devices[device].shown().alarms(self.moment(device));
        alarms.into_iter().find_map(|alarm| match alarm {
            Alarm::Lacking(lacking) => Some((lacking.of, lacking.holders)),
            _ => None,
        })
    }

    /// Two devices talk, and no entry goes from the first to the second.
    fn meet_but_for_entries(&mut self, from: usize, to: usize) {
        let now = (self.moment(from), self.moment(to));
        let ids = (self.devices[from].id, self.devices[to].id);
        let mut ends = (
            Conversation::start(self.devices[from].replica(), ids.1, now.0),
            Conversation::start(self.devices[to].replica(), ids.0, now.1),
        );
        for _ in 0..ROUNDS {
            while let Some(frame) = ends.0.next(self.devices[from].replica()).unwrap() {
                if !matches!(Message::decode(&frame), Ok(Message::Batch(_))) {
                    let context = &mut Context { now: now.1, random: &mut self.random };
                    ends.1.receive(self.devices[to].replica.as_mut().unwrap(), &frame, context).unwrap();
                }
            }
            while let Some(frame) = ends.1.next(self.devices[to].replica()).unwrap() {
                let context = &mut Context { now: now.0, random: &mut self.random };
                ends.0.receive(self.devices[from].replica.as_mut().unwrap(), &frame, context).unwrap();
            }
        }
    }

    /// One device tells another that it holds just what that one does.
    fn says_it_holds_the_same(&mut self, from: usize, to: usize) {
        let (now, peer) = (self.moment(to), self.devices[from].id);
        let replica = self.devices[to].replica();
        let hello = Message::Hello {
            version: VERSION,
            school: replica.school(),
            root: replica.root_digest(&peer),
            authority: replica.authority_heads(),
            now,
        };
        let mut side = Conversation::start(replica, peer, now);
        let context = &mut Context { now, random: &mut self.random };
        side.receive(self.devices[to].replica.as_mut().unwrap(), &hello.encode(), context).unwrap();
    }
}

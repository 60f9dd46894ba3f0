//! What happens after each job: frames go out, documents catch up, the fire list is kept, the screen is told.

use super::{Host, Session};
use crate::limits;
use muster_core::id::Section;
use muster_core::replica::Context;
use muster_net::{CloseReason, SendError, SessionId};
use muster_school::{areas, show};
use std::time::Instant;

impl Host {
    /// One round. Says whether more waits to be done.
    pub(super) fn settle(&mut self) -> bool {
        self.push_frames();
        let more = self.work();
        self.push_frames();
        if !more {
            if std::mem::take(&mut self.known_due)
                && let Err(error) = self.device.refresh()
            {
                self.trouble(&error);
            }
            if self.fire_due && self.fire_kept.elapsed() >= limits::FIRE_LIST_EVERY {
                self.fire_due = false;
                self.fire_kept = Instant::now();
                if let Err(error) = self.device.keep_fire_list() {
                    self.trouble(&error);
                }
                self.hurry_while_people_are_called();
            }
            self.tell_watcher();
        }
        more
    }

    /// While a roll call runs here, other devices are looked for without pause: whoever comes back into reach has the
    /// same list at once.
    pub(super) fn hurry_while_people_are_called(&mut self) {
        let Some(site) = self.device.site() else { return };
        let running = self.device.with_records(|records, _| Ok(show::running(records, site)?));
        if let (Some(node), Ok(running)) = (&self.node, running) {
            node.hurry(!running.is_empty());
        }
    }

    /// Catches up the documents of one section.
    fn work(&mut self) -> bool {
        if self.trouble.must_wait(Instant::now()) {
            return false;
        }
        let heads = self.device.replica.authority_heads();
        let mut random = rand::rng();
        let mut context = Context { now: self.device.clock.now(), random: &mut random };
        match self.device.replica.work(&mut context) {
            Ok((changed, more)) => {
                if !changed.is_empty() {
                    (self.moved, self.known_due) = (true, true);
                    self.fire_due |= changed.iter().any(|document| is_roll(&document.section));
                }
                if heads != self.device.replica.authority_heads() {
                    self.heard_of_authority();
                }
                if let Err(error) = self.device.keep_seat() {
                    self.trouble(&error);
                }
                more
            }
            Err(error) => {
                self.trouble.wait(Instant::now());
                self.trouble(&error.into());
                false
            }
        }
    }

    pub(super) fn push_frames(&mut self) {
        let sessions: Vec<SessionId> = self.sessions.keys().copied().collect();
        for id in sessions {
            self.push_to(id);
        }
    }

    fn push_to(&mut self, id: SessionId) {
        let Some(node) = &self.node else { return };
        let Some(Session { conversation, waiting, .. }) = self.sessions.get_mut(&id) else { return };
        loop {
            let frame = match waiting.take() {
                Some(frame) => frame,
                None => match conversation.next(&mut self.device.replica) {
                    Ok(Some(frame)) => frame,
                    Ok(None) => return,
                    Err(error) => {
                        node.close(id, CloseReason::Leaving);
                        self.trouble(&error.into());
                        return;
                    }
                },
            };
            match node.send(id, frame.clone()) {
                Ok(()) => {}
                Err(SendError::Full) => {
                    *waiting = Some(frame);
                    return;
                }
                Err(_) => return,
            }
        }
    }

    fn tell_watcher(&mut self) {
        if self.watcher.is_none() {
            self.moved = false;
        }
        if self.moved
            && self.told.elapsed() >= limits::SCREEN_EVERY
            && let Some(mut watcher) = self.watcher.take()
        {
            self.moved = false;
            watcher(self);
            self.watcher.get_or_insert(watcher);
            self.told = Instant::now();
        }
    }
}

fn is_roll(section: &Section) -> bool {
    section.compartment.area == areas::ROLL
}

//! What other devices vouch for, and who may take away all the same: a removal that would hide it is for a head, or for
//! whoever leads the area.
//!
//! A removal ends its target's logs where they end on the device that says it. Where another device cosigned that there
//! is more, and that more is not here yet, the removal would hide work that somebody saw: then the two meet first, or a
//! head or the area's lead says it. That is this program's own care: a changed one can name any end, which hides and
//! loses nothing.
//!
//! Not so for a device that is held back, which must not wait and can be let go on as if nothing had been, nor for a
//! sign-in that is reset, whose owner stands before the door.

use super::Replica;
use super::records::RecordsError;
use super::store::Store;
use crate::authority::capability::{Capability, Right};
use crate::authority::grant::{RANK_HEAD, RANK_LEAD};
use crate::authority::view::{Ends, Standing};
use crate::id::{LogId, SeatId, Section};
use crate::log::header::Descriptor;
use crate::time::Moment;
use std::collections::BTreeSet;

impl<S: Store> Replica<S> {
    /// Whether `by` may end the logs of some seats where they end here.
    ///
    /// # Errors
    /// When another device vouches for more of them, and that is not for `by` to hide.
    pub(super) fn hides_nothing_vouched_for(
        &self,
        by: &SeatId,
        seats: &BTreeSet<SeatId>,
        now: Moment,
    ) -> Result<(), RecordsError> {
        let leads = |grant: &Standing, section: &Section| {
            let gives = |held: &Capability| held.gives(Right::Grant, &section.compartment);
            grant.rank <= RANK_HEAD || grant.rank == RANK_LEAD && grant.capabilities.iter().any(gives)
        };
        for section in self.vouched_for_elsewhere(seats) {
            if !self.view.grants_of_seat(by, Ends::NotBy(now)).any(|(_, grant)| leads(grant, &section)) {
                return Err(RecordsError::NotAllowed(
                    "another device holds more of what was written there than this one, and that would be hidden: let the two meet first, or ask the head".into(),
                ));
            }
        }
        Ok(())
    }

    /// The sections of which another device cosigned more of these seats' logs than is held here.
    fn vouched_for_elsewhere(&self, seats: &BTreeSet<SeatId>) -> BTreeSet<Section> {
        let mut more = BTreeSet::new();
        for (part, by) in self.checkpoints() {
            let signer = self.device_of(&by.said.seat);
            for cosigned in by.said.cosigned.iter().filter(|one| self.device_of(&one.seat) != signer) {
                let device = self.device_of(&cosigned.seat);
                // That a device names another's log shows nothing.
                let own = seats.iter().filter(|seat| self.device_of(seat) == device);
                for (section, log, head) in self.watch.named(&part, cosigned) {
                    if own.clone().any(|seat| self.log_of(seat, section) == *log)
                        && !self.has_head(log, head).unwrap_or(true)
                    {
                        more.insert(*section);
                    }
                }
            }
        }
        more
    }

    fn log_of(&self, seat: &SeatId, section: &Section) -> LogId {
        Descriptor { seat: *seat, section: *section }.id(&self.school)
    }
}

//! What the authority area says that counts, for an audit: who let whom in, and who took what away.

use super::Replica;
use super::records::{Stated, Statement};
use super::store::Store;
use crate::authority::erasure::ErasureAct;
use crate::authority::erasures::Second;
use crate::authority::evaluate::Placed;
use crate::authority::grant::Grantee;
use crate::authority::line::{At, Line};
use crate::authority::reduction::{EntryName, Target};
use crate::authority::statement::Statement as Said;
use crate::authority::view::Holder;
use crate::document::fact::Origin;
use crate::id::{Compartment, DeviceId, EntryHash, GrantId};

impl<S: Store> Replica<S> {
    /// Every statement that counts, by the names of their entries; what cards said once for each thing.
    pub fn stated(&self) -> Vec<Stated> {
        let mut all = Vec::new();
        for (entry, placed) in &self.statements {
            let (act, at) = placed.act;
            let origin = Origin { seat: placed.seat, sequence: placed.sequence, at, act };
            let mut add = |says, by_cards| all.push(Stated { entry: *entry, origin, says, by_cards });
            if let Said::Cards(cards) = &placed.statement {
                if cards.holds(&self.founding) {
                    let says = cards.says().filter_map(|(name, said)| self.says(&GrantId(name.0), &said));
                    says.for_each(|says| add(says, true));
                }
            } else if self.counts(entry, placed)
                && let Some(says) = self.says(&GrantId(entry.0), &placed.statement)
            {
                add(says, false);
            }
        }
        all
    }

    fn counts(&self, entry: &EntryHash, placed: &Placed) -> bool {
        if matches!(placed.statement, Said::Seat(_)) {
            return true;
        }
        let Some(standing) = self.view.standing(&placed.grant) else { return false };
        if let Said::NewKeys(new) = &placed.statement {
            // It stands past the end that it names itself for the keys it was said with.
            let was = |key| standing.former.iter().any(|(former, _)| *former == key);
            return was(new.old) && (standing.keys == Some(new.keys) || was(new.keys.sign));
        }
        let entry = EntryName { log: placed.log, sequence: placed.sequence, hash: *entry };
        let at = At { entry, seat: placed.seat, compartment: Compartment::AUTHORITY };
        self.view.line(&at, standing, &self.held()) == Line::Counts
    }

    /// Whether it was this grant that let a device in: the earliest, as those who gave them claim.
    fn is_first_of(&self, grant: &GrantId, device: &DeviceId) -> bool {
        let holder = Holder::Device(*device);
        let said_at = |id: &GrantId| self.statements.get(&EntryHash(id.0)).map(|placed| placed.act.1.utc_ms);
        let all = self.view.grants.iter().chain(&self.view.past).filter(|(_, standing)| standing.holder == holder);
        all.map(|(id, _)| (said_at(id), *id)).min().is_none_or(|(_, first)| first == *grant)
    }

    fn says_of_erasure(&self, name: &GrantId, act: &ErasureAct) -> Option<Statement> {
        let (known, name) = (self.erasures(), EntryHash(name.0));
        Some(match act {
            ErasureAct::Erase { documents, .. } => {
                known.erasures.get(&name)?;
                Statement::EraseOrdered(documents.len())
            }
            ErasureAct::Confirm { erasure } => match known.erasures.get(erasure)?.second {
                Second::By(second) if second.entry == name => Statement::EraseSigned,
                _ => return None,
            },
            ErasureAct::Undo { erasure } => {
                known.erasures.get(erasure)?.undone.filter(|undone| undone.entry == name)?;
                Statement::EraseUndone
            }
            ErasureAct::Hold { documents, .. } => {
                known.holds.get(&name)?;
                Statement::Held(documents.len())
            }
            ErasureAct::Release { hold } => {
                known.holds.get(hold)?.released.filter(|released| released.entry == name)?;
                Statement::HoldLifted
            }
            ErasureAct::Done { erasures } => Statement::Erased(erasures.len()),
        })
    }

    /// What a statement says; `None` for one that has no effect.
    fn says(&self, name: &GrantId, said: &Said) -> Option<Statement> {
        Some(match said {
            Said::Grant(grant) => {
                self.view.standing(name)?;
                match &grant.to {
                    Grantee::Device { device, .. } if self.is_first_of(name, device) => Statement::Enrolled(*device),
                    Grantee::Device { device, .. } => Statement::DeviceChanged(*device),
                    Grantee::Activation { person, .. } => Statement::Invited(*person),
                    Grantee::Person { person, .. } => Statement::Granted(*person),
                }
            }
            Said::Registration(registration) => {
                let standing = self.view.standing(&registration.grant)?;
                let own = standing.keys == Some(registration.keys)
                    || standing.former.iter().any(|(key, _)| *key == registration.keys.sign);
                match standing.holder {
                    Holder::Person(person) if own => Statement::Activated(person),
                    _ => return None,
                }
            }
            Said::Seat(certificate) => Statement::Seated(certificate.claim.person?.0),
            Said::Removal(removal) => match removal.of {
                Target::Device(device) => Statement::DeviceRemoved(device),
                Target::Keys(person, _) => Statement::PersonRemoved(person, removal.reason),
                Target::Grant(grant) => match self.view.standing(&grant)?.holder {
                    Holder::Person(person) => Statement::RightsTaken(person),
                    Holder::Device(device) if self.view.has_device(&device) => Statement::DeviceChanged(device),
                    Holder::Device(device) => Statement::DeviceRemoved(device),
                },
            },
            Said::Suspension(held) => Statement::Suspended(held.device),
            Said::Lift(lift) => match self.statements.get(&lift.suspension).map(|placed| &placed.statement) {
                Some(Said::Suspension(held)) => Statement::Freed(held.device),
                _ => return None,
            },
            Said::Adoption(adoption) => Statement::Adopted(adoption.entries.len()),
            Said::NewKeys(new) => Statement::Renewed(new.person),
            Said::Erasure(act) => return self.says_of_erasure(name, act),
            Said::Cards(_) | Said::Unknown(..) => return None,
        })
    }
}

//! Who holds which rights, for whoever shows them: each grant that stands, by whom it was given and when.

use super::Replica;
use super::records::HeldRights;
use super::store::Store;
use crate::authority::evaluate::Placed;
use crate::authority::statement::Statement;
use crate::authority::view::Standing;
use crate::document::fact::Origin;
use crate::id::{EntryHash, GrantId};

impl<S: Store> Replica<S> {
    /// Every grant that stands, by name.
    pub(super) fn holders(&self) -> Vec<HeldRights> {
        let statements = |id: &GrantId| self.statements.get(&EntryHash(id.0));
        self.view.grants.iter().map(|(id, standing)| held(*id, standing, statements(id))).collect()
    }
}

fn held(grant: GrantId, standing: &Standing, placed: Option<&Placed>) -> HeldRights {
    let given = placed.map(|placed| {
        let (act, at) = placed.act;
        Origin { seat: placed.seat, sequence: placed.sequence, at, act }
    });
    let until = match placed.map(|placed| &placed.statement) {
        Some(Statement::Grant(grant)) => grant.until,
        _ => None,
    };
    HeldRights {
        grant,
        holder: standing.holder,
        rank: standing.rank,
        capabilities: standing.capabilities.clone(),
        given,
        until,
        live: true,
    }
}

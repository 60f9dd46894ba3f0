//! Who holds or held which rights, for whoever shows them: by whom each grant was given and when.

use super::Replica;
use super::records::HeldRights;
use super::store::Store;
use crate::authority::evaluate::Placed;
use crate::authority::view::Standing;
use crate::document::fact::Origin;
use crate::id::{EntryHash, GrantId};

impl<S: Store> Replica<S> {
    /// Every grant that stands or stood, by name.
    pub(super) fn holders(&self) -> Vec<HeldRights> {
        let statements = |id: &GrantId| self.statements.get(&EntryHash(id.0));
        let live = self.view.grants.iter().map(|one| (one, true));
        let all = live.chain(self.view.past.iter().map(|one| (one, false)));
        all.map(|((id, standing), live)| held(*id, standing, statements(id), live)).collect()
    }
}

fn held(grant: GrantId, standing: &Standing, placed: Option<&Placed>, live: bool) -> HeldRights {
    let given = placed.map(|placed| {
        let (act, at) = placed.act;
        Origin { seat: placed.seat, sequence: placed.sequence, at, act }
    });
    HeldRights {
        grant,
        holder: standing.holder,
        rank: standing.rank,
        capabilities: standing.capabilities.to_vec(),
        given,
        until: standing.until,
        live,
    }
}

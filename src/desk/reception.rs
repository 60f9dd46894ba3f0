//! The reception: who comes and goes, movements between sites, trips.

use super::clerk::Clerk;
use crate::host::Host;
use anyhow::bail;
use muster_school::view::reception::{ComerKind, ReceptionAct, ReceptionView};

/// What the reception keeps between acts.
#[derive(Default)]
pub(super) struct Reception {
    typed: String,
}

impl Clerk {
    pub(super) fn reception_view(&mut self, host: &mut Host) -> anyhow::Result<ReceptionView> {
        Ok(ReceptionView {
            now: Self::clock(host),
            kiosk: host.device.opened.is_none(),
            kinds: ComerKind::ALL.to_vec(),
            typed: self.reception.typed.clone(),
            ..ReceptionView::default()
        })
    }

    pub(super) fn at_reception(&mut self, _host: &mut Host, act: ReceptionAct) -> anyhow::Result<()> {
        match act {
            ReceptionAct::Search(typed) => {
                self.reception.typed = typed;
                Ok(())
            }
            _ => bail!("this cannot be done here yet"),
        }
    }
}

//! What is typed and not saved: from the client to the device while somebody is signed in, and back after a lock.

use super::clerk::Clerk;
use crate::device::drafts::Draft;
use crate::host::Host;
use muster_gui::{Secret, Update, draft};
use zeroize::Zeroizing;

/// What the drafts of the page of a new concern begin with.
const CONCERN: &str = "concern#";

impl Clerk {
    pub(super) fn keep_drafts(&mut self, host: &mut Host, drafts: &[draft::Draft]) -> anyhow::Result<()> {
        let text = |draft: &draft::Draft| Draft {
            field: draft.field.clone(),
            text: Zeroizing::new(draft.text.expose().to_owned()),
        };
        // Handed over before the client had heard that the concern in it is saved.
        let drafts: Vec<_> =
            drafts.iter().filter(|draft| !(self.concerns.is_saved() && draft.field.starts_with(CONCERN))).collect();
        host.device.keep_drafts(&drafts.iter().copied().map(text).collect::<Vec<_>>())?;
        self.unsaved = drafts.len();
        Ok(())
    }

    /// What was typed about a pupil whose file was erased goes from the client as well.
    pub(super) fn drop_drafts(&mut self, host: &mut Host) {
        let gone = host.device.take_dropped_drafts();
        if !gone.is_empty() {
            self.unsaved = self.unsaved.saturating_sub(gone.len());
            self.shared.push(Update::DraftsGone(gone));
            self.notice(host, "What you were typing about a pupil is gone: their file was erased".to_owned(), None);
        }
    }

    /// Somebody has just signed in: what they had typed comes back.
    pub(super) fn give_drafts_back(&mut self, host: &mut Host) {
        let drafts = host.device.let_go_of_drafts().and_then(|()| host.device.drafts());
        let drafts = drafts.unwrap_or_else(|error| {
            self.problem(host, &format!("what you had typed could not be read: {error}"));
            Vec::new()
        });
        self.unsaved = drafts.len();
        if !drafts.is_empty() {
            let text =
                |draft: Draft| draft::Draft { field: draft.field, text: Secret::new(draft.text.as_str().to_owned()) };
            self.shared.push(Update::Drafts(drafts.into_iter().map(text).collect()));
        }
    }

    /// For the lock screen: what is kept, and what becomes of it.
    pub(super) fn drafts_note(&self) -> String {
        match self.unsaved {
            0 => String::new(),
            1 => " One unfinished text is kept, encrypted, and opens again after you sign in.".to_owned(),
            many => format!(" {many} unfinished texts are kept, encrypted, and open again after you sign in."),
        }
    }
}

//! Safeguarding concerns on the screen: adding one at any hour, and reading after a code.
//!
//! What is open is closed again when its screen is left, when the code holds no longer, and when the client says
//! that nobody has touched anything for a minute.

use super::clerk::Clerk;
use crate::host::Host;
use anyhow::Context as _;
use muster_core::id::DocumentId;
use muster_gui::{ConcernAct, Intent, Screen};
use muster_school::office::OfficeError;
use muster_school::show::{self, OpenedConcerns};
use muster_school::step_up::{Answer, Guarded};
use muster_school::view::ConcernId;
use muster_school::view::concern::{AddConcernView, ConcernsView, NewConcern, SavedConcern};

/// See the module.
#[derive(Default)]
pub(super) struct Concerns {
    opened: Option<OpenedConcerns>,
    saved: Option<SavedConcern>,
    problem: Option<String>,
}

impl Concerns {
    /// Another screen is shown: nothing stays open, and what was said of a new concern was seen.
    pub(super) fn goes_to(&mut self, screen: Screen) {
        if screen != Screen::Concerns {
            self.opened = None;
        }
        if screen != Screen::AddConcern {
            (self.saved, self.problem) = (None, None);
        }
    }

    /// A concern was saved and its page still says so: what a draft holds of it is not unsaved any more.
    pub(super) fn is_saved(&self) -> bool {
        self.saved.is_some()
    }
}

/// What somebody may do who signed in outside school hours to add a concern: that, and what nobody is kept from.
pub(super) fn is_open_to_concern_only(intent: &Intent) -> bool {
    matches!(
        intent,
        Intent::Open(_)
            | Intent::OfConcern(ConcernAct::Add(_) | ConcernAct::SavedSeen | ConcernAct::Close)
            | Intent::Lock(_)
            | Intent::KeepDrafts(_)
            | Intent::Keep(_)
    ) || is_of_fire(intent)
}

/// What is done in a fire: open with nobody signed in, and so to whoever is.
fn is_of_fire(intent: &Intent) -> bool {
    matches!(
        intent,
        Intent::StartCall(_)
            | Intent::JoinCall(_)
            | Intent::Sight { .. }
            | Intent::SettleCall { .. }
            | Intent::AddStranger { .. }
            | Intent::ClaimMarshal { .. }
            | Intent::UndoCall(_)
            | Intent::EndCall(_)
            | Intent::OfCall { .. }
            | Intent::OfReport { .. }
            | Intent::LookAtCall(_)
            | Intent::OpenCare(_)
            | Intent::CloseCare
            | Intent::PrintFireList { .. }
    )
}

impl Clerk {
    pub(super) fn of_concern(&mut self, host: &mut Host, act: ConcernAct) -> anyhow::Result<()> {
        match act {
            ConcernAct::Add(new) => self.add_concern(host, &new),
            ConcernAct::SavedSeen => self.concerns.saved = None,
            ConcernAct::Close => self.concerns.opened = None,
            ConcernAct::Read(concern) => {
                host.device.need(Guarded::ReadConcern)?;
                let document = find(host, concern)?;
                host.device.office(|office| Ok(office.read_concern(&document).map(drop)?))?;
                self.concerns.opened = Some(OpenedConcerns::Concern(document));
            }
            ConcernAct::Chronology(pupil) => {
                host.device.need(Guarded::ReadConcern)?;
                let found = host.device.office(|office| Ok(office.open_chronology(pupil.into())?))?;
                self.concerns.opened = Some(OpenedConcerns::Chronology(pupil.into(), found));
            }
            ConcernAct::MarkRead(concern) => {
                let document = find(host, concern)?;
                host.device.office(|office| Ok(office.mark_concern_read(&document)?))?;
                self.notice(host, "Marked as read. Saved on this device".to_owned(), None);
            }
            ConcernAct::Note(concern, words) => {
                let document = find(host, concern)?;
                host.device.office(|office| Ok(office.add_to_concern(&document, words.expose())?))?;
                self.notice(host, "Added. Saved on this device".to_owned(), None);
            }
            ConcernAct::Action(concern, words) => {
                let document = find(host, concern)?;
                host.device.office(|office| Ok(office.act_on_concern(&document, words.expose())?))?;
                self.notice(host, "Added as action taken. Saved on this device".to_owned(), None);
            }
        }
        Ok(())
    }

    /// Saves a new concern. What keeps it from being saved is said on its page, where the words still stand.
    fn add_concern(&mut self, host: &mut Host, new: &NewConcern) {
        if self.concerns.is_saved() {
            // Pressed twice: it is one concern.
            return;
        }
        match save(host, new) {
            Ok(saved) => (self.concerns.saved, self.concerns.problem) = (Some(saved), None),
            Err(error) => self.concerns.problem = Some(error.to_string()),
        }
    }

    pub(super) fn add_concern_view(&self, host: &mut Host) -> anyhow::Result<AddConcernView> {
        let (site, me) = (host.device.site(), host.device.person());
        let (saved, problem) = (self.concerns.saved.clone(), self.concerns.problem.clone());
        let view = host.device.with_records(|records, known| {
            Ok(site.map(|site| show::add_concern(records, known, site, me)).transpose()?)
        })?;
        let view = view.unwrap_or_else(|| AddConcernView { refused: Some(NO_SITE.to_owned()), ..Default::default() });
        Ok(AddConcernView { saved, problem, ..view })
    }

    pub(super) fn concerns_view(&mut self, host: &mut Host) -> anyhow::Result<ConcernsView> {
        if self.concerns.opened.is_some() && host.device.step_up_answer(Guarded::ReadConcern)? != Answer::Go {
            self.concerns.opened = None;
        }
        let me = host.device.person();
        let opened = self.concerns.opened.as_ref();
        host.device.with_records(|records, known| Ok(show::concerns(records, known, me, opened)?))
    }
}

/// Said where nobody knows whose leads would be told.
const NO_SITE: &str = "This device does not know yet at which site it stands: let it meet another one of the school. Tell a safeguarding lead yourself, now.";

fn save(host: &mut Host, new: &NewConcern) -> anyhow::Result<SavedConcern> {
    let site = host.device.site().context(NO_SITE)?;
    let document = host.device.office(|office| Ok(office.add_concern(site, new)?))?;
    let me = host.device.person();
    let leads = host.device.with_records(|records, known| Ok(show::add_concern(records, known, site, me)?.leads))?;
    let leads = match new.left_out.len() {
        0 => leads,
        _ => "The safeguarding leads are told, but for those you keep it from.".to_owned(),
    };
    let told = match new.told.len() {
        0 => format!("{leads} You can read it too."),
        _ => format!("{leads} You can read it too, and those you chose."),
    };
    Ok(SavedConcern { reference: show::reference(&document), told })
}

fn find(host: &mut Host, concern: ConcernId) -> anyhow::Result<DocumentId> {
    let found = host.device.office(|office| Ok(office.concerns()?))?;
    let found = found.into_iter().find(|document| document.key == concern.0);
    Ok(found.ok_or(OfficeError::Unknown("concern"))?)
}

//! What a user asks of a register, done with the office.

use super::acts::register_of;
use super::clerk::Clerk;
use crate::host::Host;
use muster_core::document::fact::FactRef;
use muster_gui::Update;
use muster_school::ids::PupilId;
use muster_school::office::{MarkEntry, OfficeError, Taken};
use muster_school::view::{RegisterKey, SubjectId};

/// A mark as it was typed.
pub(super) struct Typed {
    pub(super) code: String,
    pub(super) minutes: Option<String>,
    pub(super) note: Option<String>,
    /// The marks that were shown.
    pub(super) among: Vec<FactRef>,
}

impl Clerk {
    pub(super) fn mark(
        &mut self,
        host: &mut Host,
        register: RegisterKey,
        pupil: SubjectId,
        typed: Typed,
        reason: Option<&str>,
    ) -> anyhow::Result<()> {
        let (group, session) = register_of(&register)?;
        let with_words = typed.note.is_some() || reason.is_some();
        let taken = host.device.office(|office| {
            let minutes = match typed.minutes.as_deref().map(|late| office.minutes_late(group, session, late)) {
                None => None,
                Some(Ok(minutes)) => Some(minutes),
                Some(Err(wrong)) => return Ok(Err(wrong)),
            };
            let (pupil, code, note) = (pupil.into(), typed.code.clone(), typed.note);
            Ok(match reason {
                Some(reason) => office.amend(pupil, session, (Some(&code), minutes), reason, Some(&typed.among)),
                None => {
                    let entry = MarkEntry { pupil, code, minutes, note, among: Some(typed.among) };
                    office.take(group, session, &[entry], false)
                }
            })
        })?;
        match taken {
            // Words were typed for it: they go back where they were typed.
            Err(error) if with_words => Err(error.into()),
            taken => self.marked(host, register, pupil, &typed.code, taken),
        }
    }

    pub(super) fn clear(
        &mut self,
        host: &mut Host,
        register: RegisterKey,
        pupil: SubjectId,
        reason: Option<&str>,
        among: &[FactRef],
    ) -> anyhow::Result<()> {
        let (_, session) = register_of(&register)?;
        let id = PupilId::from(pupil);
        let taken = host.device.office(|office| {
            Ok(match reason {
                Some(reason) => office.amend(id, session, (None, None), reason, Some(among)),
                None => office.clear(id, session, Some(among)),
            })
        })?;
        self.marked(host, register, pupil, "", taken)
    }

    fn marked(
        &mut self,
        host: &Host,
        register: RegisterKey,
        pupil: SubjectId,
        code: &str,
        taken: Result<Taken, OfficeError>,
    ) -> anyhow::Result<()> {
        match taken {
            Ok(taken) => {
                let name = host.device.known.pupil(pupil.into()).map_or_else(String::new, |pupil| pupil.spoken());
                let did = if code.is_empty() { "mark cleared".to_owned() } else { format!("marked {code}") };
                self.remember(&format!("{name} {did}"), taken.undo);
                Ok(())
            }
            Err(OfficeError::Records(error)) => Err(error.into()),
            Err(error) => {
                let words = error.to_string();
                self.shared.push(Update::MarkRefused { register, pupil, code: code.to_owned(), words });
                Ok(())
            }
        }
    }

    pub(super) fn mark_remaining(&mut self, host: &mut Host, register: RegisterKey) -> anyhow::Result<()> {
        let (group, session) = register_of(&register)?;
        let taken = host.device.office(|office| Ok(office.mark_remaining_present(group, session)?))?;
        let words = format!("Marked {} as present", taken.marked);
        let key = self.remember(&words, taken.undo);
        self.notice(host, words, key);
        Ok(())
    }

    pub(super) fn add_unlisted(
        &mut self,
        host: &mut Host,
        register: RegisterKey,
        name: &str,
        words: &str,
    ) -> anyhow::Result<()> {
        let (group, _) = register_of(&register)?;
        host.device.office(|office| Ok(office.add_unlisted(group, name, words).map(drop)?))?;
        self.notice(host, format!("{name} is written down: mark them here. The office matches them later"), None);
        Ok(())
    }
}

//! Orders to erase and holds, as whoever is signed in sees them: how far each is, whose file it is of, who has not
//! confirmed.

use super::counted;
use crate::backup::words::when;
use crate::device::Device;
use muster_core::authority::erasures::{Erasure, Second, Signed};
use muster_core::id::{DeviceId, EntryHash, Handle, Section};
use muster_school::erasure::{self, Ground, Why};
use muster_school::facts::documents;
use muster_school::facts::erasure::Told;
use muster_school::ids::PupilId;
use muster_school::known::Pupil;
use muster_school::view::erasure::{ErasureLine, ErasuresView, HoldLine, Stage};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

impl Device {
    /// All orders and holds, in words.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub fn erasures(&mut self) -> anyhow::Result<ErasuresView> {
        let told = self.with_records(|records, _| Ok(erasure::told(records)?))?;
        let all = self.replica.erasures();
        let files = self.files_by_name();
        let words = |signed: &Signed| told.get(&signed.act);
        let mut orders: Vec<(Stage, i64, ErasureLine)> = all
            .erasures
            .iter()
            .map(|(id, one)| {
                let whose = one.documents.iter().find_map(|doc| files.get(&(doc.section, doc.handle)).cloned());
                let line = ErasureLine { whose, ..self.line_of(*id, one, words(&one.by)) };
                (line.stage, one.by.at.utc_ms, line)
            })
            .collect();
        let rank = |stage: Stage| match stage {
            Stage::Unsigned => 0,
            Stage::Cooling | Stage::Held => 1,
            Stage::Destroyed => 2,
            Stage::Confirmed | Stage::Undone => 3,
        };
        orders.sort_by_key(|(stage, at, line)| (rank(*stage), std::cmp::Reverse(*at), line.id));
        let (seat, now) = (self.seat(), self.clock.now());
        let mut holds: Vec<(bool, i64, HoldLine)> = Vec::new();
        for (id, hold) in &all.holds {
            let told = words(&hold.by);
            let what = told.map_or_else(|| many_records(hold.documents.len()), |told| told.what.clone());
            let mut story = vec![format!("Held by {}", self.signed_words(&hold.by))];
            story.extend(told.map(asked_words));
            story.extend(hold.released.map(|released| format!("Lifted by {}", self.signed_words(&released))));
            let own = hold.by.person.is_some() && hold.by.person == self.person();
            let may = hold.documents.iter().all(|one| self.replica.may_erase(&seat, &one.section, now));
            let line = HoldLine {
                id: *id,
                whose: hold.documents.iter().find_map(|doc| files.get(&(doc.section, doc.handle)).cloned()),
                what: format!("{what}, for {}", Why::words(hold.ground)),
                story,
                may_lift: hold.released.is_none() && (own || may),
            };
            holds.push((hold.released.is_some(), -hold.by.at.utc_ms, line));
        }
        holds.sort_by_key(|(lifted, at, line)| (*lifted, *at, line.id));
        let may_order = self.opened.is_some()
            && self.known.school().sites.keys().any(|site| {
                self.replica.may_erase(&seat, &muster_school::areas::standing(muster_school::areas::PUPIL, *site), now)
            });
        Ok(ErasuresView {
            orders: orders.into_iter().map(|(.., line)| line).collect(),
            holds: holds.into_iter().map(|(.., line)| line).collect(),
            may_order,
            found: None,
            site: self.site().map(|site| (site, self.known.site_name(site).to_owned())),
        })
    }

    /// Whose file it is, for whoever is signed in.
    pub fn whose_file(&self, pupil: PupilId) -> Option<String> {
        let pupil = self.known.pupil(pupil)?;
        Some(erasure::whose(pupil, self.known.site_name(pupil.site)))
    }

    /// Whose file each record is of that an order or a hold names and whoever is signed in may read. It is worked out
    /// here, and stands in no order.
    fn files_by_name(&self) -> BTreeMap<(Section, Handle), String> {
        let all = self.replica.erasures();
        let ordered = all.erasures.values().flat_map(|one| &one.documents);
        let named: BTreeSet<(Section, Handle)> = ordered
            .chain(all.holds.values().flat_map(|hold| &hold.documents))
            .map(|doc| (doc.section, doc.handle))
            .collect();
        if named.is_empty() || self.opened.is_none() {
            return BTreeMap::new();
        }
        let file = |pupil: &Arc<Pupil>| {
            let document = documents::pupil(pupil.site, pupil.id);
            let name = (document.section, self.replica.handle_of(&document));
            named.contains(&name).then(|| Some((name, self.whose_file(pupil.id)?)))?
        };
        self.known.pupils().filter_map(file).collect()
    }

    fn line_of(&self, id: EntryHash, one: &Erasure, told: Option<&Told>) -> ErasureLine {
        let progress = self.replica.erasure_progress(&id);
        let awaited: Vec<DeviceId> = progress.iter().flat_map(|known| known.awaited.iter().copied()).collect();
        let went = one.stands() && (!one.done.is_empty() || self.replica.has_carried_out(&id));
        let stage = match one.second {
            _ if went && awaited.is_empty() => Stage::Confirmed,
            _ if went => Stage::Destroyed,
            _ if one.undone.is_some() => Stage::Undone,
            Second::Awaited => Stage::Unsigned,
            _ if !one.stands() => Stage::Held,
            _ => Stage::Cooling,
        };
        let due = progress.as_ref().and_then(|known| known.due_ms);
        let due = due.map_or_else(|| "seven days after the second signature".to_owned(), when);
        let state = match (stage, one.undone) {
            (Stage::Unsigned, _) => "Waits for a second person to sign it".to_owned(),
            (Stage::Cooling, _) => format!("To be destroyed {due}: until then it can be undone"),
            (Stage::Held, _) => "Kept: a hold beats it".to_owned(),
            (Stage::Destroyed, _) => {
                format!("Destroyed; {} of {} devices have confirmed it", one.done.len(), one.done.len() + awaited.len())
            }
            (Stage::Confirmed, _) if one.done.len() == 1 => {
                "Destroyed: the one device that kept it confirmed it".to_owned()
            }
            (Stage::Confirmed, _) => format!("Destroyed: all {} devices that keep it confirmed it", one.done.len()),
            (Stage::Undone, Some(by)) => format!("Undone by {}", self.signed_words(&by)),
            (Stage::Undone, None) => "Undone".to_owned(),
        };
        let mut story = vec![format!("{}.", Ground::words(one.ground))];
        story.extend(told.map(|told| format!("{}.", asked_words(told))));
        story.extend(told.filter(|told| !told.note.is_empty()).map(|told| format!("{}.", told.note)));
        story.push(format!("Ordered by {}.", self.signed_words(&one.by)));
        if let Second::By(second) = one.second {
            story.push(format!("Signed by {} as the second person.", self.signed_words(&second)));
        }
        if !one.too_late.is_empty() {
            story.push(self.too_late_words(one));
        }
        let now = self.clock.now().utc_ms;
        if progress.as_ref().is_some_and(|known| known.waits && known.due_ms.is_some_and(|due| due <= now)) {
            story.push(
                "This device keeps it until somebody who reads these records signs in here: something was written on it \
                 before it heard of the order, and is saved first."
                    .to_owned(),
            );
        }
        if !one.held.is_empty() {
            story.push(format!("{} of it kept by a hold.", many_records(one.held.len())));
        }
        if matches!(stage, Stage::Destroyed | Stage::Confirmed) {
            story.extend(self.outstanding(&awaited, progress.iter().flat_map(|known| known.taken_out.iter())));
            if progress.as_ref().is_some_and(|known| !known.written_on.is_empty()) {
                story.push(
                    "Something was written in these records since: look at it, and erase it too, or keep it."
                        .to_owned(),
                );
            }
        }
        let (seat, now) = (self.seat(), self.clock.now());
        let signed_in = self.opened.is_some();
        let own = one.by.person == self.person();
        let erases = |section: &Section| self.replica.may_erase(&seat, section, now);
        ErasureLine {
            id,
            whose: None,
            what: told.map_or_else(|| many_records(one.documents.len()), |told| told.what.clone()),
            stage,
            state,
            story,
            may_sign: signed_in
                && stage == Stage::Unsigned
                && !own
                && one.documents.iter().all(|document| erases(&document.section)),
            may_undo: signed_in
                && matches!(stage, Stage::Unsigned | Stage::Cooling | Stage::Held)
                && (own || one.documents.iter().any(|document| erases(&document.section))),
        }
    }

    /// What was said against an order once it had been carried out where nobody had heard of that.
    fn too_late_words(&self, one: &Erasure) -> String {
        let what = match (one.undone, one.second) {
            (Some(by), _) => format!("Undone by {}", self.signed_words(&by)),
            (None, Second::Awaited) => "An earlier order by the same person, with which it needs a second".to_owned(),
            (None, _) => "A hold".to_owned(),
        };
        format!("{what}: too late. A device that had not heard of that had destroyed it, and nothing brings it back.")
    }

    /// The devices that have not confirmed, a sentence each.
    fn outstanding<'a>(&self, awaited: &[DeviceId], out: impl Iterator<Item = &'a DeviceId>) -> Vec<String> {
        let me = self.replica.device();
        let name = |device: &DeviceId| if *device == me { "This device".to_owned() } else { self.device_name(*device) };
        let heard = |device: &DeviceId| match self.heard_ago(device) {
            Some(ago) if *device != me => format!(", last heard from {ago}"),
            _ => String::new(),
        };
        let missing = awaited.iter().map(|device| format!("Not confirmed by {}{}.", name(device), heard(device)));
        let gone = out.map(|device| {
            format!(
                "{} was taken out of the school and has not confirmed: what it kept of this it has still, unless it was wiped.",
                name(device)
            )
        });
        missing.chain(gone).collect()
    }

    pub(super) fn signed_words(&self, signed: &Signed) -> String {
        let who = match signed.person {
            Some(person) => self.known.staff_name(person),
            None => self.device_name(signed.device),
        };
        format!("{who}, {}", when(signed.at.utc_ms))
    }
}

fn asked_words(told: &Told) -> String {
    format!("Asked for by {}", told.asked_by)
}

fn many_records(many: usize) -> String {
    counted(many, "record")
}

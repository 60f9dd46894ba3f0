//! Erasing records, as whoever is at this device orders, signs, undoes or holds it, and what became of it in words.
//!
//! Beside what the engine destroys, a device lets go here of what it keeps of its own: unsaved text about the pupils whose
//! files went (`drafts`), and the fire list, which is worked out anew. Once after each start too, where anything was ever
//! erased: the power may have failed in between.

mod shown;

use super::Device;
use crate::backup::words::when;
use crate::{limits, paper};
use anyhow::{Context as _, bail};
use muster_core::authority::capability::Right;
use muster_core::authority::view::Ends;
use muster_core::id::{DeviceId, DocumentId, EntryHash, PlaceId, Section};
use muster_core::limits::ERASED_AFTER_MS;
use muster_core::replica::records::Change;
use muster_core::replica::{Context, Order};
use muster_core::time::Moment;
use muster_school::calendar;
use muster_school::erasure::{self, Ground, Why};
use muster_school::facts::erasure::{ErasureFact, Told};
use muster_school::facts::{Value as _, documents};
use muster_school::ids::PupilId;
use muster_school::known::Known;
use muster_school::step_up::Guarded;
use muster_school::view::erasure::Stage;
use rand::RngExt as _;
use std::collections::BTreeMap;

/// What is said of an order that was undone.
pub const UNDONE: &str = "Undone: these records stay. A device that hears of that only after its seven days has destroyed \
     them all the same, and then they go everywhere";

impl Device {
    /// Carries out what is due, and lets go of what this device keeps beside the records. Cheap where nothing is.
    ///
    /// # Errors
    /// When the disk refuses: it is tried again.
    pub fn tend_erasures(&mut self) -> anyhow::Result<bool> {
        let mut random = rand::rng();
        let mut context = Context { now: self.clock.now(), random: &mut random };
        // A disk too full for the word of it keeps nothing beside the records either.
        let carried = self.replica.carry_out_erasures(&mut context);
        let times = self.replica.erased_times();
        let ever = || self.replica.erasures().erasures.keys().any(|order| self.replica.has_carried_out(order));
        let fresh = if let Some(seen) = self.erased_seen { seen != times } else { times > 0 || ever() };
        if fresh {
            if self.opened.is_some() {
                // What is known only grows by a refresh.
                self.known = Known::default();
            }
            self.refresh()?;
            self.let_go_of_drafts()?;
            self.keep_fire_list()?;
        }
        self.erased_seen = Some(times);
        carried?;
        Ok(fresh)
    }

    /// Orders that a pupil's file is erased after seven days. Gives the order's name.
    ///
    /// # Errors
    /// When whoever is signed in may not, does not read all of the file or must give a code first; when it is to be kept
    /// still, or held.
    pub fn erase_pupil(
        &mut self,
        pupil: PupilId,
        ground: Ground,
        asked_by: &str,
        note: &str,
    ) -> anyhow::Result<EntryHash> {
        self.need(Guarded::Administer)?;
        let (file, what) = self.file_to_go(pupil, Some(ground))?;
        self.order(&file, ground, &told(what, asked_by, note)?)
    }

    /// Orders that the attendance registers of a site are erased of which a review has said so. Gives the order's name.
    ///
    /// # Errors
    /// As [`Device::erase_pupil`]; and when no review has said so of any.
    pub fn erase_registers(&mut self, site: PlaceId, asked_by: &str, note: &str) -> anyhow::Result<EntryHash> {
        self.need(Guarded::Administer)?;
        let today = calendar::local(self.clock.now()).day;
        let (registers, years) =
            self.with_records(|records, known| Ok(erasure::registers_due(records, known.school(), site, today)?))?;
        if registers.is_empty() {
            bail!(
                "no register there has been kept for six years and reviewed as to be destroyed: see muster retention"
            );
        }
        // What fits one order; the rest is ordered after it.
        let some = registers.get(..muster_core::limits::ERASED_AT_ONCE).unwrap_or(&registers);
        let (from, to) = (years.keys().next().copied(), years.keys().next_back().copied());
        let (from, to) = (from.unwrap_or_default(), to.unwrap_or_default());
        let of = if from == to { format!("in {from}") } else { format!("from {from} to {to}") };
        let (many, name) = (counted(some.len(), "week"), self.known.site_name(site));
        let what = format!("{many} of attendance registers of {name}, entered {of}");
        self.order(some, Ground::RetentionEnded, &told(what, asked_by, note)?)
    }

    fn order(&mut self, documents: &[DocumentId], ground: Ground, told: &Told) -> anyhow::Result<EntryHash> {
        let changes = self.in_words(documents, told)?;
        let by = self.seat();
        let mut random = rand::rng();
        let mut context = Context { now: self.clock.now(), random: &mut random };
        let order = Order { documents, ground: ground.number(), changes };
        let written = self.replica.erase(&by, order, &mut context)?;
        written.entries.first().copied().context("nothing was written")
    }

    fn in_words(&self, documents: &[DocumentId], told: &Told) -> anyhow::Result<Vec<Change>> {
        let place = documents.first().context("there is nothing of that here")?.section.compartment;
        let day = calendar::local(self.clock.now()).day;
        let document = documents::erasure(place.area, place.place, day, rand::rng().random());
        Ok(vec![Change { document, facts: vec![ErasureFact::from(told.clone()).fact()?] }])
    }

    /// The documents of a pupil's file, and what to call it. With a ground, for erasing; else for a hold.
    fn file_to_go(&mut self, id: PupilId, ground: Option<Ground>) -> anyhow::Result<(Vec<DocumentId>, String)> {
        let pupil = self.known.pupil(id).cloned().context("that pupil is not known here")?;
        let today = calendar::local(self.clock.now()).day;
        let file = self.with_records(|records, _| Ok(erasure::file_of(records, id)?))?;
        if let Some(ground) = ground {
            let (seat, now) = (self.seat(), self.clock.now());
            let areas = muster_school::erasure::FILE.map(|area| muster_school::areas::standing(area, pupil.site));
            let may = |section: &Section| {
                let compartment = &section.compartment;
                let reads = self.replica.view().may(&seat, Right::Read, compartment, Ends::NotBy(now));
                reads.is_some() && self.replica.may_erase(&seat, section, now)
            };
            if !areas.iter().all(may) {
                bail!(
                    "a pupil's whole file is erased by the head or a senior leader, who read all of it: ask one of them"
                );
            }
            let against =
                self.with_records(|records, _| Ok(erasure::against(records, &pupil, &file, ground, today)?))?;
            if let Some(why) = against {
                bail!("{why}");
            }
        }
        let what = erasure::file_words(&pupil, file.len());
        Ok((file, what))
    }

    /// Signs an order as the second person.
    ///
    /// # Errors
    /// When whoever is signed in may not, or must give a code first.
    pub fn sign_erasure(&mut self, order: EntryHash) -> anyhow::Result<()> {
        self.need(Guarded::Administer)?;
        let by = self.seat();
        let mut random = rand::rng();
        let mut context = Context { now: self.clock.now(), random: &mut random };
        Ok(self.replica.confirm_erasure(&by, order, &mut context).map(drop)?)
    }

    /// Undoes an order within its seven days.
    ///
    /// # Errors
    /// When whoever is signed in may not, or the days are over.
    pub fn undo_erasure(&mut self, order: EntryHash) -> anyhow::Result<()> {
        let by = self.seat();
        let mut random = rand::rng();
        let mut context = Context { now: self.clock.now(), random: &mut random };
        Ok(self.replica.undo_erasure(&by, order, &mut context).map(drop)?)
    }

    /// Holds a pupil's file: nobody erases it until the hold is lifted.
    ///
    /// # Errors
    /// When whoever is signed in may not.
    pub fn hold_pupil(&mut self, pupil: PupilId, why: Why, asked_by: &str, note: &str) -> anyhow::Result<()> {
        let (file, what) = self.file_to_go(pupil, None)?;
        let changes = self.in_words(&file, &told(what, asked_by, note)?)?;
        let by = self.seat();
        let mut random = rand::rng();
        let mut context = Context { now: self.clock.now(), random: &mut random };
        let order = Order { documents: &file, ground: why.number(), changes };
        Ok(self.replica.hold(&by, order, &mut context).map(drop)?)
    }

    /// Lifts a hold.
    ///
    /// # Errors
    /// When whoever is signed in may not, or must give a code first.
    pub fn lift_hold(&mut self, hold: EntryHash) -> anyhow::Result<()> {
        self.need(Guarded::Administer)?;
        let by = self.seat();
        let mut random = rand::rng();
        let mut context = Context { now: self.clock.now(), random: &mut random };
        Ok(self.replica.release(&by, hold, &mut context).map(drop)?)
    }

    /// The certificate of an order that was carried out, a sentence a line: what, by whom, on which ground, who has
    /// confirmed, and what is left where.
    ///
    /// # Errors
    /// When there is no such order, it was not carried out yet, or the records cannot be read.
    pub fn destruction_certificate(&mut self, order: EntryHash) -> anyhow::Result<Vec<String>> {
        let view = self.erasures()?;
        let line = view.orders.into_iter().find(|line| line.id == order).context("there is no such order")?;
        if !matches!(line.stage, Stage::Destroyed | Stage::Confirmed) {
            bail!("nothing is destroyed yet, so there is nothing to certify: {}", line.state);
        }
        let one = self.replica.erasures().erasures.get(&order).context("there is no such order")?;
        let mut said = vec![format!("{}.", line.what), format!("{}.", line.state)];
        said.extend(line.story);
        let done: BTreeMap<i64, DeviceId> = one.done.iter().map(|(device, at)| (at.utc_ms, *device)).collect();
        let me = self.replica.device();
        for (device, at) in &one.done {
            let name = if *device == me { self.local.device.clone() } else { self.device_name(*device) };
            said.push(format!("Confirmed by {name}, {}, signed with its key.", when(at.utc_ms)));
        }
        let known = self.replica.erasure_progress(&order);
        let everywhere = line.stage == Stage::Confirmed
            && known.is_some_and(|known| known.taken_out.is_empty() && known.written_on.is_empty());
        let opened = if everywhere {
            "that no device of the school has any more"
        } else {
            "that the devices which have confirmed it no longer have. Of the others nothing is known"
        };
        said.push(format!(
            "What was destroyed is the keys of these records, what each device kept of them, and their copies in lists. \
             What devices and off-site copies still hold of them is encrypted under keys {opened}."
        ));
        let last = done.keys().next_back().copied().unwrap_or(one.whole_at().utc_ms + ERASED_AFTER_MS);
        said.push(format!(
            "Backups made before hold the keys, sealed, until they have gone their way: a device begins a new archive \
             every four weeks and removes those before it once the new one is proven. With drills kept up that is by {}. A \
             device that is restored from one erases these records again as soon as it hears of this order.",
            when(last.saturating_add(limits::BACKUP_CYCLE_MS))
        ));
        said.push(
            "Not covered: paper, files that were taken out of the program, and what registers of days, rolls and the \
             audit say of the same people, which have their own time."
                .to_owned(),
        );
        said.push(format!("The order’s name in the records is {order}; anybody can check it with muster verify."));
        Ok(said)
    }

    /// The certificate as a PDF.
    ///
    /// # Errors
    /// As [`Device::destruction_certificate`].
    pub fn destruction_certificate_pdf(&mut self, order: EntryHash) -> anyhow::Result<zeroize::Zeroizing<Vec<u8>>> {
        let said = self.destruction_certificate(order)?;
        let as_of = when(self.clock.now().utc_ms);
        paper::certificate::draw(&self.local.school, &said, &as_of)
    }

    /// Writes a certificate into a new file.
    ///
    /// # Errors
    /// As [`Device::destruction_certificate`]; and when the file cannot be written.
    pub fn save_certificate(&mut self, order: EntryHash, path: &std::path::Path) -> anyhow::Result<()> {
        let pdf = self.destruction_certificate_pdf(order)?;
        super::export::write(super::export::new_file(path)?, path, &pdf)
    }

    /// When an order is due here, in milliseconds since 1970 UTC.
    pub fn erasure_due(&self, order: &EntryHash) -> Option<Moment> {
        self.replica.erasure_progress(order)?.due_ms.map(Moment::utc)
    }
}

fn told(what: String, asked_by: &str, note: &str) -> anyhow::Result<Told> {
    if asked_by.trim().is_empty() {
        bail!("say who asked, by what they are: the pupil, a parent, a court");
    }
    Ok(Told { what, asked_by: asked_by.trim().to_owned(), note: note.trim().to_owned() })
}

fn counted(many: usize, one: &str) -> String {
    if many == 1 { format!("1 {one}") } else { format!("{many} {one}s") }
}

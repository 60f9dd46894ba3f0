//! Programs of two versions in one school. The older is built without the kinds of records that the newer one knows: it
//! keeps and passes on what it cannot read, and reads it after its upgrade.

use super::School;
use super::at::{At, Done};
use super::rot::is_whole;
use super::set_up::PUPILS;
use muster_core::document::fact::Fact;
use muster_core::id::{Area, DocumentId};
use muster_core::keys::rule::AreaRule;
use muster_core::replica::records::{Change, Records as _};
use muster_core::replica::store::Table;
use muster_school::areas;
use muster_school::facts::documents;

/// The areas that the older program does not know.
const NEWER_AREAS: [Area; 5] = [areas::FAMILY, areas::LEARNING, areas::BEHAVIOUR, areas::FINANCE, areas::FIGURES];
/// A kind of fact that no program of today knows.
const NEWER_KIND: u16 = 60_000;

fn older_rules() -> Vec<AreaRule> {
    areas::rules().into_iter().filter(|rule| !NEWER_AREAS.contains(&rule.area)).collect()
}

impl School {
    /// A device's program becomes an older one.
    pub fn runs_an_older_program(&mut self, name: &str) {
        let device = self.index(name);
        self.network.faults.older += 1;
        self.shows_fewer.insert(self.devices[device].id);
        self.devices[device].rules = older_rules();
        self.restart(name);
        self.tell(|_| format!("{name} runs an older program"));
        self.sign_in(device);
    }

    /// As somebody does whose program is new: writes what only it knows, so many times.
    pub fn writes_what_is_newer(&mut self, name: &str, times: usize) {
        let device = self.index(name);
        (0..times).for_each(|_| self.writes_newer(device));
    }

    /// Every device runs the program of today. Those that did not had kept all that they could not read.
    pub(crate) fn all_are_upgraded(&mut self) {
        let older = |device: &usize| self.devices[*device].rules.len() < areas::rules().len();
        for device in (0..self.devices.len()).filter(older).collect::<Vec<_>>() {
            if !self.devices[device].gone {
                self.has_kept_what_it_cannot_read(device);
            }
            self.end_sessions(device);
            let at = &mut self.devices[device];
            at.rules = areas::rules();
            at.restart();
            self.tell(|school| format!("{} is upgraded", school.devices[device].name));
        }
    }

    fn has_kept_what_it_cannot_read(&self, device: usize) {
        let (here, office) = (&self.devices[device], &self.devices[0]);
        for (log, state) in office.shown().logs() {
            let section = &state.descriptor.section;
            if NEWER_AREAS.contains(&section.compartment.area) && self.is_of_here(section) {
                let kept = here.shown().logs().get(log).map(|state| state.heads.clone());
                assert_eq!(kept.as_ref(), Some(&state.heads), "{} did not keep what it cannot read", here.name);
                let rows = here.hands.rows(Table::Entries).into_iter().filter(|(key, _)| key.starts_with(&log.0));
                assert!(rows.into_iter().all(|(key, row)| is_whole(&key, &row)), "on {}", here.name);
            }
        }
    }

    /// Somebody whose program is new writes what an older one does not know: in an area of its own, and facts of a kind
    /// that nobody knows in the roll.
    pub(crate) fn writes_newer(&mut self, device: usize) {
        let site = self.site;
        let pupil = self.any_pupil();
        let family = DocumentId {
            section: areas::standing(areas::FAMILY, site),
            kind: documents::FAMILY,
            key: pupil.0.to_vec(),
        };
        let roll = documents::roll(site, self.today());
        let document = if self.below(2) == 0 { family } else { roll };
        if areas::rules().len() > self.devices[device].rules.len() && document.kind == documents::FAMILY {
            return;
        }
        let value = format!("lives with {}", PUPILS[self.below(PUPILS.len())].2).into_bytes();
        let facts = vec![Fact { kind: NEWER_KIND, supersedes: Vec::new(), value }];
        let done = At { school: self, device }.tries_newer(Change { document, facts });
        self.allow(device, done);
    }
}

impl At<'_> {
    fn tries_newer(&mut self, change: Change) -> Done {
        self.school.act(self.device, "writes what only a newer program knows", |office| {
            Ok((vec![office.records().write(vec![change])?], ()))
        })
    }
}

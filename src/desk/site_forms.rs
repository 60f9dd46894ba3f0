//! The forms of what is set beforehand for a fire and for paper: which is open, and what its answers do.

use super::calls::folder_of;
use super::clerk::Clerk;
use crate::device::StepUpNeeded;
use crate::host::Host;
use muster_core::id::PlaceId;
use muster_school::show::{fire_forms, meanwhile};
use muster_school::view::calendar::{SiteAct, SiteForm};
use muster_school::view::pupils::{Answers, Form};

/// See the module.
#[derive(Default)]
pub(super) struct SiteForms {
    open: Option<(SiteForm, Form)>,
    forms: u64,
}

impl SiteForms {
    /// The form that is open.
    pub(super) fn form(&self) -> Option<Form> {
        self.open.as_ref().map(|(_, form)| form.clone())
    }

    pub(super) fn close(&mut self) {
        self.open = None;
    }
}

impl Clerk {
    /// Does what was asked with one of these forms; what is wrong with what was typed is said in it.
    pub(super) fn of_site(&mut self, host: &mut Host, act: &SiteAct) -> anyhow::Result<()> {
        let site = super::acts::site(host)?;
        match act {
            SiteAct::Ask(what) => {
                let form = form(host, site, *what);
                self.site_forms.forms += 1;
                let (number, draft) = (self.site_forms.forms, format!("site/{what:?}"));
                self.site_forms.open = Some((*what, Form { number, draft, ..form }));
                Ok(())
            }
            SiteAct::Drop => {
                self.site_forms.close();
                Ok(())
            }
            SiteAct::Answer(answers) => {
                let Some((what, open)) = &mut self.site_forms.open else { return Ok(()) };
                let now = form(host, site, *what);
                let merged = meanwhile::merged(open, &now, answers).map_err(anyhow::Error::msg);
                let what = *what;
                match merged.and_then(|answers| set(host, site, what, &answers)) {
                    Ok(words) => {
                        self.site_forms.close();
                        self.notice(host, words, None);
                        Ok(())
                    }
                    // A code first: the form stays, and goes on by itself once it was given.
                    Err(error) if error.is::<StepUpNeeded>() => Err(error),
                    Err(error) => {
                        if let Some((_, form)) = &mut self.site_forms.open {
                            form.problem = error.to_string();
                        }
                        Ok(())
                    }
                }
            }
        }
    }
}

fn form(host: &Host, site: PlaceId, what: SiteForm) -> Form {
    let known = &host.device.known;
    match what {
        SiteForm::Places => fire_forms::places_form(known, site),
        SiteForm::Meets => fire_forms::meets_form(known, site),
        SiteForm::Printing => {
            fire_forms::printing_form(known, site, &host.device.local.device, &host.device.prints_into())
        }
    }
}

fn set(host: &mut Host, site: PlaceId, what: SiteForm, answers: &Answers) -> anyhow::Result<String> {
    let device = &mut host.device;
    let words = match what {
        SiteForm::Places => {
            let (points, places) = fire_forms::read_places(&device.known, site, answers).map_err(anyhow::Error::msg)?;
            let school = device.known.school();
            let new_points = school.sites.get(&site).is_some_and(|held| held.points != points);
            let new_places = school.places.get(&site) != Some(&places);
            if new_points {
                device.office(|office| Ok(office.set_points(site, points).map(drop)?))?;
            }
            if new_places {
                device.office(|office| Ok(office.set_site_places(places).map(drop)?))?;
            }
            "Saved on this device. Marshals choose among these places"
        }
        SiteForm::Meets => {
            let (group, point) = fire_forms::read_meets(&device.known, site, answers).map_err(anyhow::Error::msg)?;
            device.office(|office| Ok(office.set_meeting_point(group, &point).map(drop)?))?;
            "Saved on this device. The fire list on paper says it"
        }
        SiteForm::Printing => {
            let (times, folder) =
                fire_forms::read_printing(&device.known, site, answers).map_err(anyhow::Error::msg)?;
            // The folder first: it may ask for a code, and then nothing has been done yet.
            if folder.trim() != device.prints_into() {
                let folder = if folder.trim().is_empty() { None } else { Some(folder_of(&folder)?) };
                device.print_at_set_times(folder.as_deref())?;
            }
            if let Some(times) = times {
                device.office(|office| Ok(office.set_printing(times).map(drop)?))?;
            }
            "Saved on this device. Each device that prints needs a folder"
        }
    };
    // Today's roll says it to devices with nobody signed in.
    device.settle_in()?;
    Ok(words.to_owned())
}

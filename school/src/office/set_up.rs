//! Setting up: the school, sites, groups, times, devices, staff, pupils.

use super::{Office, OfficeError};
use crate::calendar::{Day, Half};
use crate::codes::{Class, Code, OnSite};
use crate::facts::care::{Evacuation, Medical};
use crate::facts::person::{PersonFact, Post};
use crate::facts::pupil::{Identity, OnRoll, Placing, Plan, PupilFact};
use crate::facts::school::{Closure, Device, Directory, Group, Name, SchoolFact, Site, Taker, Times};
use crate::facts::{self, Value, care::CareFact, documents};
use crate::ids::{GroupId, PupilId};
use crate::known::{About, PupilAbout};
use crate::limits::PERIOD_DAYS;
use crate::roles::Role;
use muster_core::id::{DeviceId, PersonId, PlaceId};
use muster_core::replica::records::{Change, Records, Written};

/// A member of staff to be added.
#[derive(Clone, Debug)]
pub struct NewPerson {
    /// The code in exports; may be empty.
    pub staff_code: String,
    /// Title.
    pub title: String,
    /// Forename.
    pub forename: String,
    /// Surname.
    pub surname: String,
    /// Job title.
    pub job: String,
    /// Role.
    pub role: Role,
    /// Sites; none means all.
    pub sites: Vec<PlaceId>,
    /// E-mail at work; may be empty.
    pub email: String,
}

/// A pupil to be added.
#[derive(Clone, Debug)]
pub struct NewPupil {
    /// Names and numbers.
    pub identity: Identity,
    /// Site.
    pub site: PlaceId,
    /// Group.
    pub group: Option<GroupId>,
    /// Year group.
    pub year: String,
    /// Starting day; today when `None`.
    pub starting: Option<Day>,
    /// Conditions.
    pub medical: Vec<Medical>,
    /// Help needed to leave.
    pub evacuation: Option<Evacuation>,
}

impl<R: Records> Office<'_, R> {
    pub(super) fn put_school(&mut self, facts: Vec<(About, SchoolFact)>) -> Result<Written, OfficeError> {
        let facts: Result<Vec<_>, _> =
            facts.into_iter().map(|(about, fact)| fact.replacing(self.known.school().replaced_by(about))).collect();
        let written = self.write_one(documents::school(), facts?)?;
        self.known.refresh_school(self.records)?;
        Ok(written)
    }

    /// Names the school: the first act of a founding, or a change of name.
    ///
    /// # Errors
    /// When the name is empty or too long, or the records refuse.
    pub fn name_school(&mut self, name: &str) -> Result<Written, OfficeError> {
        self.put_school(vec![(About::Name, Name { name: name.to_owned() }.into())])
    }

    /// Adds a site.
    ///
    /// # Errors
    /// When the records refuse.
    pub fn add_site(&mut self, code: &str, name: &str, points: &[&str]) -> Result<PlaceId, OfficeError> {
        let id = PlaceId(self.random_id());
        let points = points.iter().map(|point| (*point).to_owned()).collect();
        let site = Site { id, code: code.to_owned(), name: name.to_owned(), points };
        self.put_school(vec![(About::Site(id), site.into())])?;
        Ok(id)
    }

    /// Adds a group to a site, with who takes its register.
    ///
    /// # Errors
    /// When the site is not known, or the records refuse.
    pub fn add_group(&mut self, site: PlaceId, name: &str, taker: Option<PersonId>) -> Result<GroupId, OfficeError> {
        if !self.known.school().sites.contains_key(&site) {
            return Err(OfficeError::Unknown("site"));
        }
        let id = GroupId(self.random_id());
        let group = Group { id, site, name: name.to_owned(), for_import: false };
        let mut facts = vec![(About::Group(id), group.into())];
        if let Some(person) = taker {
            facts.push((About::Taker(id), Taker { group: id, person }.into()));
        }
        self.put_school(facts)?;
        Ok(id)
    }

    /// Says who takes a group's register.
    ///
    /// # Errors
    /// When the records refuse.
    pub fn set_taker(&mut self, group: GroupId, person: PersonId) -> Result<Written, OfficeError> {
        self.put_school(vec![(About::Taker(group), Taker { group, person }.into())])
    }

    /// Sets session times.
    ///
    /// # Errors
    /// When a register would be open for more than 30 minutes, or the records refuse.
    pub fn set_times(&mut self, times: Times) -> Result<Written, OfficeError> {
        self.put_school(vec![(About::Times(times.site), times.into())])
    }

    /// Closes a site, or the school, for some days.
    ///
    /// # Errors
    /// When the last day is before the first, or the records refuse.
    pub fn close(&mut self, closure: Closure) -> Result<Written, OfficeError> {
        self.put_school(vec![(About::Closure(closure.site, closure.first), closure.into())])
    }

    /// Says what a device is called and where it stands.
    ///
    /// # Errors
    /// When the name is too long, or the records refuse.
    pub fn name_device(&mut self, device: DeviceId, name: &str, site: Option<PlaceId>) -> Result<Written, OfficeError> {
        let fact = Device { device, name: name.to_owned(), site };
        self.put_school(vec![(About::Device(device), fact.into())])
    }

    /// Adds a member of staff, under an id that the caller chose (the one that is granted rights), or a new one.
    ///
    /// # Errors
    /// When the records refuse.
    pub fn add_person(&mut self, id: Option<PersonId>, new: &NewPerson) -> Result<PersonId, OfficeError> {
        if new.surname.trim().is_empty() && new.forename.trim().is_empty() {
            return Err(OfficeError::NoName);
        }
        let id = match id {
            Some(id) => id,
            None => PersonId(self.random_id()),
        };
        let (directory, post) = new.facts(id);
        let replaces = self.known.school().replaced_by(About::Staff(id));
        self.records.write(vec![
            Change { document: documents::school(), facts: vec![SchoolFact::from(directory).replacing(replaces)?] },
            Change { document: documents::person(id), facts: vec![PersonFact::from(post).fact()?] },
        ])?;
        self.known.refresh_school(self.records)?;
        Ok(id)
    }

    /// The post of a member of staff, from which their rights follow (see [`Role::capabilities`]); `None` where it
    /// is not held or may not be read.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub fn post(&mut self, person: PersonId) -> Result<Option<Post>, OfficeError> {
        let Some(held) = self.records.facts(&documents::person(person))? else { return Ok(None) };
        let newest =
            facts::current::<PersonFact>(&held).max_by_key(|read| (held.depth(&read.held.name), read.held.name));
        Ok(newest.and_then(|read| match read.value {
            PersonFact::Post(post) => Some(post),
            PersonFact::Unknown { .. } => None,
        }))
    }

    /// Adds a pupil.
    ///
    /// # Errors
    /// When there is no name, the site or group is not known, or the records refuse.
    pub fn add_pupil(&mut self, new: &NewPupil) -> Result<PupilId, OfficeError> {
        let id = PupilId(self.random_id());
        let changes = self.new_pupil(id, new)?;
        self.records.write(changes)?;
        self.known.refresh(self.records)?;
        Ok(id)
    }

    /// What a new pupil's documents begin with.
    pub(super) fn new_pupil(&self, id: PupilId, new: &NewPupil) -> Result<Vec<Change>, OfficeError> {
        if new.identity.surname.trim().is_empty() && new.identity.forename.trim().is_empty() {
            return Err(OfficeError::NoName);
        }
        if !self.known.school().sites.contains_key(&new.site) {
            return Err(OfficeError::Unknown("site"));
        }
        let starting = new.starting.unwrap_or_else(|| self.now().day);
        let placing = Placing { group: new.group, year: new.year.clone(), from: starting };
        let facts = vec![
            PupilFact::from(new.identity.clone()).fact()?,
            PupilFact::from(placing).fact()?,
            PupilFact::from(OnRoll { starting: Some(starting), last: None }).fact()?,
        ];
        let mut changes = vec![Change { document: documents::pupil(new.site, id), facts }];
        let mut care = Vec::new();
        for medical in &new.medical {
            care.push(CareFact::from(medical.clone()).fact()?);
        }
        if let Some(plan) = &new.evacuation {
            care.push(CareFact::from(plan.clone()).fact()?);
        }
        if !care.is_empty() {
            changes.push(Change { document: documents::care(new.site, id), facts: care });
        }
        Ok(changes)
    }

    /// Moves a pupil to a group from a day on, at whichever site.
    ///
    /// # Errors
    /// When the pupil or the group is not known, or the records refuse.
    pub fn place_pupil(&mut self, pupil: PupilId, group: GroupId, from: Day) -> Result<Written, OfficeError> {
        self.change_class(pupil, group, "", from)
    }

    /// Moves a pupil to a class and a year group from a day on; an empty year leaves it as it is. A class at another
    /// site takes all that is recorded along, and leaves the year.
    ///
    /// # Errors
    /// When the pupil or the class is not known, they are in it already, or the records refuse.
    pub fn change_class(
        &mut self,
        pupil: PupilId,
        group: GroupId,
        year: &str,
        from: Day,
    ) -> Result<Written, OfficeError> {
        let held = self.known.pupil(pupil).cloned().ok_or(OfficeError::Unknown("pupil"))?;
        let to = self.site_of(group)?;
        if to != held.site {
            return self.move_pupil(pupil, to, Some(group), from);
        }
        let year = if year.trim().is_empty() { held.year_on(from) } else { year.trim() };
        if held.group_on(from) == Some(group) && held.year_on(from) == year {
            return Err(OfficeError::Nothing("this pupil is in that class already"));
        }
        let placing = Placing { group: Some(group), year: year.to_owned(), from };
        let fact = PupilFact::from(placing).replacing(held.replaced_by(PupilAbout::Placing(from)))?;
        let written = self.write_one(documents::pupil(held.site, pupil), vec![fact])?;
        self.known.refresh(self.records)?;
        Ok(written)
    }

    /// Calls a plan off: what it filled in and nobody confirmed is blank again. Marks that were made stand.
    ///
    /// # Errors
    /// When there is no such plan, or the records refuse.
    pub fn call_off_plan(&mut self, pupil: PupilId, first: Day, half: Option<Half>) -> Result<Written, OfficeError> {
        let held = self.known.pupil(pupil).cloned().ok_or(OfficeError::Unknown("pupil"))?;
        let stands = |plan: &&Plan| (plan.first, plan.half) == (first, half) && plan.code.is_some();
        let plan = held.plans.iter().find(stands).ok_or(OfficeError::Nothing("no such plan stands"))?;
        let off = Plan { code: None, ..plan.clone() };
        let fact = PupilFact::from(off).replacing(held.replaced_by(PupilAbout::Plan(first, half)))?;
        let written = self.write_one(documents::pupil(held.site, pupil), vec![fact])?;
        self.known.refresh(self.records)?;
        Ok(written)
    }

    /// Plans an absence or an activity: pre-filled in registers, unconfirmed until somebody marks it.
    ///
    /// # Errors
    /// When the code does not exist, the pupil is not known, or the records refuse.
    pub fn plan(
        &mut self,
        pupil: PupilId,
        (first, last): (Day, Day),
        half: Option<Half>,
        code: &str,
        note: &str,
    ) -> Result<Written, OfficeError> {
        let held = self.known.pupil(pupil).cloned().ok_or(OfficeError::Unknown("pupil"))?;
        if last < first {
            return Err(OfficeError::Nothing("the last day is before the first"));
        }
        let session = crate::calendar::Session { day: first, half: half.unwrap_or(Half::Am) };
        let info = self.known.school().codes().resolve(code, session)?;
        if info.class == Class::NotCollected || matches!(info.on_site, OnSite::Yes | OnSite::Arrival) {
            return Err(OfficeError::Nothing("plan only what keeps a pupil away: presence is for whoever sees them"));
        }
        if info.code == Code::NO_REASON {
            return Err(OfficeError::Nothing("a reason that is not yet known cannot be planned: choose the reason"));
        }
        if !info.agreed.is_empty() {
            return Err(OfficeError::Nothing(
                "this code needs a timetable that was agreed: enter that instead of a plan",
            ));
        }
        if last.0.saturating_sub(first.0) >= PERIOD_DAYS {
            return Err(OfficeError::Nothing("plan at most a year at once"));
        }
        crate::codes::check_age(info, held.identity.born, first)?;
        let code = info.code;
        let plan = Plan { first, last, half, code: Some(code), note: note.to_owned() };
        let fact = PupilFact::from(plan).replacing(held.replaced_by(PupilAbout::Plan(first, half)))?;
        let written = self.write_one(documents::pupil(held.site, pupil), vec![fact])?;
        self.known.refresh(self.records)?;
        Ok(written)
    }
}

impl NewPerson {
    /// The directory's fact and the person's own.
    pub(crate) fn facts(&self, person: PersonId) -> (Directory, Post) {
        let directory = Directory {
            person,
            staff_code: self.staff_code.clone(),
            title: self.title.clone(),
            forename: self.forename.clone(),
            surname: self.surname.clone(),
            job: self.job.clone(),
            sites: self.sites.clone(),
        };
        let post = Post {
            staff_code: self.staff_code.clone(),
            role: self.role,
            sites: self.sites.clone(),
            email: self.email.clone(),
        };
        (directory, post)
    }
}
